-- The snapshot takes positions to legs in one aggregate (hedge._legs), the live view through SQL (_exposure): both
-- must find the same pairs, whatever the book holds.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
SELECT setseed(0.29);

-- 40 assets of every kind: difference returns, also at a price of 0, inverse, funded in a foreign currency, a currency
-- that is held, a chain of currencies, absurd contract sizes, too few returns, no price.
CREATE TABLE px (asset text, ts timestamptz, price float8);
INSERT INTO px
SELECT 'a' || a, timestamptz '2024-01-01' + d * interval '1 day',
	CASE WHEN a IN (7, 8) THEN CASE WHEN d = 119 THEN (a - 7) * -3.5 ELSE 10 * (random() - 0.5) END
		WHEN a = 30 THEN 1e90 * (1 + random()) ELSE 50 * exp((random() - 0.5) / 10 + a * sin(d) / 900) END
FROM generate_series(1, 40) AS a, generate_series(0, 119) AS d
WHERE a <> 12 AND (a <> 13 OR d > 100);
CREATE TABLE holdings (portfolio varchar, asset varchar, quantity float8, delta float8);
SELECT hedge.create_book('s', positions => 'holdings', prices => 'px');
UPDATE s.model SET lookback = 100, minimum_observations = 60, calendar_quorum = 0.5, minimum_correlation = 0,
	pairs_kept = 1000000, evidence = 'none';
INSERT INTO s.instrument (asset, currency, contract_kind, contract_size, fx_asset, funded, return_kind) VALUES
	('a1', 'EUR', 'linear', 10, 'a20', true, NULL), ('a2', 'EUR', 'linear', 0.5, 'a20', false, NULL),
	('a3', 'EUR', 'inverse', 100, 'a20', true, NULL), ('a4', NULL, 'inverse', 7, NULL, false, NULL),
	('a5', 'XXX', 'linear', 1, NULL, true, NULL), ('a6', 'YYY', 'linear', 1, 'a12', true, NULL),
	('a7', NULL, 'linear', 5, NULL, false, 'difference'), ('a8', 'EUR', 'linear', 5, 'a20', true, 'difference'),
	('a9', 'DIF', 'linear', 2, 'a8', true, NULL), ('a10', 'ZER', 'linear', 2, 'a7', true, NULL),
	('a11', 'JPY', 'linear', 1, 'a13', true, NULL), ('a14', 'GBP', 'linear', 3, 'a1', true, NULL),
	('a30', NULL, 'linear', 1e49, NULL, false, NULL), ('a31', NULL, 'linear', 1e-49, NULL, false, NULL),
	('a8x', 'EUR', 'linear', 1, 'a20', true, NULL);

-- 300 portfolios, some of one position, some of thousands in few assets; sums are exact in any order.
INSERT INTO holdings
SELECT 'p' || p, 'a' || 1 + floor(power(random(), 1 + p % 3) * 42), round(2000 * (random() - 0.5)),
	CASE WHEN random() < 0.3 THEN round(8 * random() - 4) / 4 ELSE 1 END
FROM generate_series(1, 300) AS p, generate_series(1, CASE WHEN p % 50 = 0 THEN 3000 ELSE p % 60 END);
INSERT INTO holdings
SELECT 'odd ' || h % 9, 'a' || 1 + h % 35, q, d
FROM (VALUES ('NaN'::float8, 1::float8), (1, 'NaN'), ('Infinity', 1), ('-Infinity', 0), (1e60, 1), (1e50, 1e50), (NULL, 1), (1, NULL),
	(0, 5), ('-0', 1), (3, 0), (1e-160, 1e-160), (4, 2), (-5, 1), (1e50, -1), (7, 1), (9, -1)) AS v (q, d),
	generate_series(1, 200) AS h
WHERE random() < 0.2;
INSERT INTO holdings SELECT NULL, 'a' || a, a - 9, 1 FROM generate_series(1, 20) AS a;
INSERT INTO holdings VALUES ('p1', NULL, 1, 1), ('none', 'nowhere', 1, 1), ('', 'a1', 1, 1), ('', 'a2', -1, 1);
INSERT INTO holdings SELECT 'only currency', 'a' || a, CASE WHEN a = 1 THEN 1 ELSE -2 END, 1 FROM unnest(ARRAY[1, 16]) AS a;
CALL hedge.refresh('s', as_of => '2024-06-01');

CREATE FUNCTION compare() RETURNS TABLE (live bigint, kept bigint, different bigint) LANGUAGE sql AS $$
	SELECT count(v.asset_a), count(m.asset_a), count(*) FILTER (WHERE
		v.asset_a IS NULL OR m.asset_a IS NULL
		OR (v.side_a, v.side_b, v.observations, v.price_time) IS DISTINCT FROM (m.side_a, m.side_b, m.observations, m.price_time)
		OR (v.quantity_a, v.quantity_b) IS DISTINCT FROM (m.quantity_a, m.quantity_b)
		OR abs(v.exposure_a - m.exposure_a) > 1e-13 * abs(v.exposure_a) OR abs(v.exposure_b - m.exposure_b) > 1e-13 * abs(v.exposure_b)
		OR v.correlation <> m.correlation OR (v.trade_b_contracts IS NULL) <> (m.trade_b_contracts IS NULL)
		OR abs(v.trade_b_contracts - m.trade_b_contracts) > 1e-12 * (abs(v.trade_b_contracts) + abs(v.exposure_b * v.trade_b_contracts / nullif(v.trade_b, 0)))
		OR (v.risk_offset IS NULL) <> (m.risk_offset IS NULL) OR abs(v.risk_offset - m.risk_offset) > 1e-12 * v.risk_offset)
	FROM s.offsetting_pairs AS v
	FULL JOIN s.materialized_offsets AS m ON m.portfolio IS NOT DISTINCT FROM v.portfolio AND m.model = v.model AND m.asset_a = v.asset_a AND m.asset_b = v.asset_b;
$$;
SELECT ok(live > 10000 AND kept = live AND different = 0, format('%s pairs live, %s in the snapshot, %s different', live, kept, different))
FROM compare();
SELECT ok((SELECT count(*) FILTER (WHERE portfolio IS NULL) > 20 AND count(*) FILTER (WHERE portfolio = '') > 0 FROM s.materialized_offsets),
	'a portfolio without a name, or of the empty one, too');
SELECT ok(count(*) FILTER (WHERE NOT funds) > 50 AND count(*) FILTER (WHERE funds) > 5
	AND bool_and(CASE WHEN funds THEN exposure IS NULL ELSE abs(exposure - delta_quantity * 5) < 1e-9 END),
	'under difference returns a price of 0 has an exposure, but what is funded in such a currency has none')
FROM (
	SELECT e.portfolio, e.exposure, bool_or(h.asset = 'a10') AS funds, sum(h.quantity * h.delta) FILTER (WHERE h.asset = 'a7') AS delta_quantity
	FROM s.exposure AS e JOIN holdings AS h ON h.portfolio = e.portfolio AND h.asset IN ('a7', 'a10')
	WHERE e.asset = 'a7' AND e.portfolio LIKE 'p%'
	GROUP BY e.portfolio, e.exposure) AS x;
SELECT is_empty($$SELECT portfolio FROM s.offset_snapshot GROUP BY portfolio HAVING max(pair_rank) <> count(*) OR min(pair_rank) <> 1
	OR array_agg(risk_offset ORDER BY pair_rank) <> array_agg(risk_offset ORDER BY risk_offset DESC)$$, 'pair_rank counts from the largest risk_offset');

-- Only the best, with gaps in the returns, where groups are made on disk.
CREATE TEMP TABLE everything AS SELECT portfolio, pair_rank, asset_a, asset_b, risk_offset FROM s.offset_snapshot;
UPDATE s.model SET pairs_kept = 7, retention = 1;
SET LOCAL work_mem = '64kB';
CALL hedge.refresh('s', as_of => '2024-06-01');
SELECT set_eq('SELECT portfolio, pair_rank, asset_a, asset_b, risk_offset FROM s.offset_snapshot',
	'SELECT * FROM everything WHERE pair_rank <= 7', 'pairs_kept keeps the first');
RESET work_mem;
UPDATE s.model SET pairs_kept = 1000000;
DELETE FROM px WHERE random() < 0.1 AND ts <> '2024-04-29';
CALL hedge.rebuild('s', as_of => '2024-06-01');
SELECT ok(live > 10000 AND kept = live AND different = 0, format('with gaps: %s pairs live, %s in the snapshot, %s different', live, kept, different))
FROM compare();

-- Instruments as they are now, for a second model, too.
UPDATE s.instrument SET contract_size = 3 WHERE asset IN ('a1', 'a8');
INSERT INTO s.model (model, lookback, minimum_observations, calendar_quorum, minimum_correlation, pairs_kept, return_kind, evidence)
	VALUES ('log', 60, 30, 0.5, 0.1, 1000000, 'log', 'none');
UPDATE px SET price = 1e5 WHERE NOT price > 0;
CALL hedge.refresh('s', as_of => '2024-06-02');
SELECT ok(live > 10000 AND kept = live AND different = 0, format('two models: %s pairs live, %s in the snapshot, %s different', live, kept, different))
FROM compare();

-- What a policy hides from the book's owner is not in the snapshot.
CREATE ROLE legs_owner;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO legs_owner', current_database()); END $$;
ALTER TABLE holdings OWNER TO legs_owner;
ALTER TABLE px OWNER TO legs_owner;
ALTER TABLE holdings ENABLE ROW LEVEL SECURITY;
ALTER TABLE holdings FORCE ROW LEVEL SECURITY;
CREATE POLICY shown ON holdings USING (portfolio LIKE 'p%5');
GRANT USAGE, CREATE ON SCHEMA public TO legs_owner;
SET ROLE legs_owner;
SELECT hedge.create_book('t', positions => 'holdings', prices => 'px');
UPDATE t.model SET lookback = 100, minimum_observations = 60, calendar_quorum = 0.5, minimum_correlation = 0, evidence = 'none';
CALL hedge.refresh('t', as_of => '2024-06-01');
RESET ROLE;
SELECT ok(count(*) > 100 AND bool_and(portfolio LIKE 'p%5'), 'row-level security holds') FROM t.offset_snapshot;

-- Not for anyone else, but no harm in wrong hands.
CREATE VIEW one AS SELECT run, assets, unit_notionals, unit_exposures, funding_divisors, funding_assets, price_times, estimated
FROM s._units ORDER BY run LIMIT 1;
SELECT throws_ok($$SELECT hedge._legs(1, (SELECT u FROM one AS u), 'a1', 1, 1)$$, '22023', NULL, 'units of another run')
FROM one WHERE run <> 1;
SELECT throws_ok($$SELECT hedge._legs(1, ROW(1), 'a1', 1, 1)$$, '22023', NULL, 'no units');
SELECT throws_ok($$SELECT hedge._legs(NULL, NULL, 'a1', 1, 1)$$, '22023', NULL, 'nothing');
SELECT throws_ok($$SELECT hedge._legs(1, ROW(1::bigint, '{a,a}'::text[], '{1,1}'::float8[], '{1,1}'::float8[], '{1,1}'::float8[],
	'{NULL,b}'::text[], '{NULL,NULL}'::timestamptz[], '{t,t}'::boolean[]), 'a1', 1, 1)$$, '22023', NULL, 'an asset twice');
SELECT throws_ok($$SELECT hedge._legs(1, ROW(1::bigint, '{a,b}'::text[], '{1,1}'::float8[], '{1}'::float8[], '{1,1}'::float8[],
	'{NULL,b}'::text[], '{NULL,NULL}'::timestamptz[], '{t,t}'::boolean[]), 'a1', 1, 1)$$, '2202E', NULL, 'of different lengths');
SELECT throws_ok($$SELECT hedge._leg_pairs(r.matrix, r.run, u, '\x4000000000000000000000000000f03f000000000000f03f', true, 0, 2, 252, 0.95, 5)
	FROM s.model_run AS r JOIN s._units AS u USING (run)$$, '22023', NULL, 'a leg of no asset');
SELECT is_empty($$SELECT hedge._leg_pairs(r.matrix, r.run, u, l, true, 0, 2, 252, 0.95, 5)
	FROM s.model_run AS r JOIN s._units AS u USING (run), (VALUES (NULL::bytea), (''), ('\x01')) AS t (l)$$, 'no legs, no pairs');
SELECT * FROM finish();
ROLLBACK;
