-- What a filter on one portfolio costs in a book of 10,000 portfolios of 50 positions, against the
-- same filter in a book that holds that portfolio alone. Least of seven interleaved rounds of 20
-- queries, each planned anew as an application's would be.
--   test/cluster psql -X -f bench/one_portfolio.sql     in a throw-away server
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pghedge;
SELECT setseed(0.5) \g /dev/null
SELECT hedge.create_book('many') \g /dev/null
INSERT INTO many.price
SELECT 'asset ' || a, timestamptz '2024-01-01 00:00:00+00' + d * interval '1 day',
	100 * exp(sum(random() - 0.5) OVER (PARTITION BY a ORDER BY d) / 50)
FROM generate_series(1, 500) AS a, generate_series(0, 279) AS d;
INSERT INTO many.position
SELECT 'portfolio ' || p, 'asset ' || (p * 7 + k * (1 + p % 9)) % 500 + 1, (k % 2 * 2 - 1) * (1 + random() * 100)
FROM generate_series(1, 10000) AS p, generate_series(1, 50) AS k;
SELECT hedge.create_book('one', prices => 'many.price') \g /dev/null
INSERT INTO one.position SELECT * FROM many.position WHERE portfolio = 'portfolio 77';
UPDATE many.model SET minimum_correlation = 0, pairs_kept = 20;
UPDATE one.model SET minimum_correlation = 0, pairs_kept = 20;
VACUUM ANALYZE many.position, many.price, one.position;
\echo
\echo 'Refresh of 10,000 portfolios x 50 positions, 500 assets x 250 days:'
\timing on
CALL hedge.refresh('many', as_of => '2025-01-01');
\timing off
CALL hedge.refresh('one', as_of => '2025-01-01');
ANALYZE;

CREATE TEMP TABLE spent (view text, book text, ms float8);
DO $$
DECLARE
	v text;
	b text;
	started timestamptz;
BEGIN
	FOR round IN 1..7 LOOP
		FOREACH v IN ARRAY ARRAY['exposure', 'offsetting_pairs', 'concentrating_pairs', 'portfolio_risk', 'materialized_offsets'] LOOP
			FOREACH b IN ARRAY ARRAY['many', 'one'] LOOP
				started := clock_timestamp();
				FOR i IN 1..20 LOOP
					EXECUTE format('SELECT count(x) FROM (SELECT * FROM %I.%I WHERE portfolio = %L OFFSET 0) AS x', b, v, 'portfolio 77');
				END LOOP;
				INSERT INTO spent VALUES (v, b, extract(epoch FROM clock_timestamp() - started) * 1000 / 20);
			END LOOP;
		END LOOP;
	END LOOP;
END $$;
\echo
\echo 'Milliseconds of one query for one portfolio, and their ratio:'
SELECT view, round(min(ms) FILTER (WHERE book = 'many')::numeric, 2) AS "among 10,000",
	round(min(ms) FILTER (WHERE book = 'one')::numeric, 2) AS alone,
	round((min(ms) FILTER (WHERE book = 'many') / min(ms) FILTER (WHERE book = 'one'))::numeric, 2) AS ratio
FROM spent GROUP BY view ORDER BY view;
\echo 'The plan of such a query, where it reads positions:'
EXPLAIN (COSTS OFF) SELECT * FROM many.offsetting_pairs WHERE portfolio = 'portfolio 77' \g (format=unaligned tuples_only=on) |grep -A1 -E 'on "position"|using position'
