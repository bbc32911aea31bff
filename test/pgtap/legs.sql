-- Positions to exposures (hedge._holdings, hedge._exposures) against the same in plain SQL, whatever the book
-- holds; live pairs against those of the snapshot.
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
INSERT INTO holdings VALUES ('p1', NULL, 1, 1), ('nothing', 'nowhere', 1, 1), ('', 'a1', 1, 1), ('', 'a2', -1, 1);
INSERT INTO holdings SELECT 'only currency', 'a' || a, CASE WHEN a = 1 THEN 1 ELSE -2 END, 1 FROM unnest(ARRAY[1, 16]) AS a;
CALL hedge.refresh('s', as_of => '2024-06-01');

-- The same in plain SQL, a row a portfolio, run and asset.
CREATE VIEW plain AS
SELECT g.portfolio, g.run, g.asset, g.positions::integer, u.volatility, u.return_kind, u.unit_exposure, u.price_time, u.stale,
	u.benchmark, u.benchmark_scale,
	CASE WHEN k.problem IS NULL THEN g.quantity + 0 END AS quantity,
	CASE WHEN k.problem IS NULL THEN g.quantity * u.unit_notional + 0 END AS notional,
	CASE WHEN abs(e.delta_notional) <= 1e100 THEN e.delta_notional + 0 END AS delta_notional,
	CASE WHEN abs(e.exposure) <= 1e100 THEN e.exposure + 0 END AS exposure,
	CASE
		WHEN u.asset IS NULL THEN 'no price'
		WHEN u.problem IS NOT NULL THEN u.problem
		WHEN k.problem IS NOT NULL THEN k.problem
		WHEN abs(e.exposure) > 1e100 OR abs(e.delta_notional) > 1e100 THEN 'exposure is out of range'
		WHEN g.positions = 0 THEN 'currency of funded holdings'
		WHEN g.funded > 0 THEN u.basis || ' + currency of funded holdings'
		ELSE u.basis
	END || coalesce('; ' || nullif(u.note, ''), '') AS basis
FROM (
	SELECT s.portfolio, s.run, s.asset, sum(s.quantity) AS quantity, sum(s.delta_quantity) AS delta_quantity,
		sum(s.funded_value) AS funded_value, count(*) FILTER (WHERE s.held) AS positions, count(*) FILTER (WHERE NOT s.held) AS funded,
		count(*) FILTER (WHERE NOT s.held AND s.funded_value IS NULL) AS unpriced
	FROM (
		SELECT p.portfolio, r.run, p.asset, true AS held, p.quantity, p.delta_quantity, NULL::float8 AS funded_value
		FROM s._position AS p CROSS JOIN s.latest_run AS r
		UNION ALL
		SELECT p.portfolio, r.run, u.funding_asset, false, NULL, NULL, p.delta_quantity * u.unit_notional
		FROM s._position AS p JOIN s._unit AS u ON u.asset = p.asset JOIN s.latest_run AS r ON r.run = u.run
		WHERE u.funding_asset IS NOT NULL) AS s
	GROUP BY s.portfolio, s.run, s.asset) AS g
LEFT JOIN s._unit AS u ON u.run = g.run AND u.asset = g.asset
CROSS JOIN LATERAL (
	SELECT CASE
		WHEN g.delta_quantity = 'NaN' OR g.funded_value = 'NaN' THEN 'quantity or delta is not a number'
		WHEN abs(g.delta_quantity) = 'infinity' OR abs(g.funded_value) = 'infinity' THEN 'quantity or delta is out of range'
		WHEN g.unpriced > 0 THEN 'funded holdings in this currency without a price'
	END AS problem) AS k
CROSS JOIN LATERAL (
	SELECT
		CASE WHEN k.problem IS NULL THEN coalesce(g.delta_quantity, 0) * u.unit_notional + coalesce(g.funded_value, 0) END
			AS delta_notional,
		CASE WHEN k.problem IS NULL THEN coalesce(g.delta_quantity, 0) * u.unit_exposure
			+ CASE WHEN g.funded > 0 THEN g.funded_value / u.funding_divisor ELSE 0 END END AS exposure) AS e;
-- Equal but for the last bits of sums, which are made in another order.
CREATE FUNCTION same(a float8, b float8) RETURNS boolean LANGUAGE sql AS
	$$SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE a = b OR abs(a - b) <= 1e-13 * greatest(abs(a), abs(b)) END$$;
CREATE FUNCTION compare_exposures(message text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN NEXT ok(count(*) > 3000 AND count(DISTINCT p.basis) > 10 AND count(*) FILTER (WHERE p.portfolio IS NULL OR p.asset IS NULL) > 10
			AND bool_and(e.basis = p.basis AND same(e.quantity, p.quantity) AND same(e.notional, p.notional)
				AND same(e.exposure, p.exposure) AND same(e.volatility, p.volatility) AND same(e.risk, p.exposure * p.volatility)),
		format('%s: %s exposures with %s bases as in plain SQL', message, count(*), count(DISTINCT p.basis)))
	FROM (SELECT x.*, r.run FROM s.exposure AS x JOIN s.latest_run AS r USING (model)) AS e
	FULL JOIN plain AS p ON p.run = e.run AND coalesce(p.portfolio, 'none') = coalesce(e.portfolio, 'none')
		AND coalesce(p.asset, 'none') = coalesce(e.asset, 'none');
	RETURN NEXT ok(count(*) > 300 AND bool_and(
			(l.positions, l.unpriced_positions, l.unestimated_positions, l.stale_positions)
				= (p.positions, p.unpriced_positions, p.unestimated_positions, p.stale_positions)
			AND same(l.long_notional, p.long_notional) AND same(l.short_notional, p.short_notional)
			AND (same(l.net_delta, p.net_delta) OR abs(l.net_delta - p.net_delta) <= 1e-13 * p.size)
			AND (l.assets, l.return_kinds, l.unit_exposures, l.price_times, l.benchmarks, l.benchmark_scales)
				IS NOT DISTINCT FROM (p.assets, p.return_kinds, p.unit_exposures, p.price_times, p.benchmarks, p.benchmark_scales)
			AND cardinality(l.exposures) IS NOT DISTINCT FROM cardinality(p.exposures)
			AND (SELECT coalesce(bool_and(same(t.a, t.b) AND same(t.c, t.d) AND same(t.e, t.f)), true)
				FROM unnest(l.exposures, p.exposures, l.quantities, p.quantities, l.delta_notionals, p.delta_notionals)
					AS t (a, b, c, d, e, f))),
		format('%s: legs and sums of %s portfolios', message, count(*)))
	FROM (SELECT x.* FROM s._leg AS x JOIN s.latest_run AS r USING (run)) AS l
	FULL JOIN (
		SELECT o.portfolio, o.run,
			array_agg(o.asset) FILTER (WHERE o.known) AS assets, array_agg(o.exposure) FILTER (WHERE o.known) AS exposures,
			array_agg(o.return_kind) FILTER (WHERE o.known) AS return_kinds, array_agg(o.quantity) FILTER (WHERE o.known) AS quantities,
			array_agg(o.delta_notional) FILTER (WHERE o.known) AS delta_notionals,
			array_agg(o.unit_exposure) FILTER (WHERE o.known) AS unit_exposures, array_agg(o.price_time) FILTER (WHERE o.known) AS price_times,
			array_agg(o.benchmark) FILTER (WHERE o.known) AS benchmarks,
			array_agg(o.benchmark_scale) FILTER (WHERE o.known) AS benchmark_scales,
			sum(o.positions)::integer AS positions,
			coalesce(sum(o.positions) FILTER (WHERE o.exposure IS NULL), 0)::integer AS unpriced_positions,
			coalesce(sum(o.positions) FILTER (WHERE o.exposure IS NOT NULL AND o.volatility IS NULL), 0)::integer AS unestimated_positions,
			coalesce(sum(o.positions) FILTER (WHERE o.exposure IS NOT NULL AND o.stale), 0)::integer AS stale_positions,
			coalesce(sum(o.notional) FILTER (WHERE o.notional > 0), 0) AS long_notional,
			coalesce(sum(o.notional) FILTER (WHERE o.notional < 0), 0) AS short_notional,
			coalesce(sum(o.delta_notional), 0) AS net_delta, coalesce(sum(abs(o.delta_notional)), 0) AS size
		FROM (SELECT x.*, x.exposure IS NOT NULL AND x.volatility IS NOT NULL AS known FROM plain AS x ORDER BY x.portfolio, x.run, x.asset COLLATE "C") AS o
		GROUP BY o.portfolio, o.run) AS p ON p.run = l.run AND coalesce(p.portfolio, 'none') = coalesce(l.portfolio, 'none');
END $$;
SELECT compare_exposures('everything');

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
SELECT compare_exposures('with gaps');
SELECT ok(live > 10000 AND kept = live AND different = 0, format('with gaps: %s pairs live, %s in the snapshot, %s different', live, kept, different))
FROM compare();

-- Instruments as they are now, for a second model, too.
UPDATE s.instrument SET contract_size = 3 WHERE asset IN ('a1', 'a8');
INSERT INTO s.model (model, lookback, minimum_observations, calendar_quorum, minimum_correlation, pairs_kept, return_kind, evidence)
	VALUES ('log', 60, 30, 0.5, 0.1, 1000000, 'log', 'none');
UPDATE px SET price = 1e5 WHERE NOT price > 0;
CALL hedge.refresh('s', as_of => '2024-06-02');
SELECT compare_exposures('two models');
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

-- A filter on portfolio reaches the scan of positions, in every view.
CREATE INDEX ON holdings (portfolio);
SET LOCAL enable_seqscan = off;
CREATE FUNCTION plan(query text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	found json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO found;
	RETURN found;
END $$;
SELECT matches(plan(format('SELECT * FROM s.%I WHERE portfolio = %L', v, 'p1'))::text, $m$"Index Cond": "[^"]*portfolio[^"]*'p1'$m$,
	'a filter on portfolio reaches the positions of ' || v)
FROM unnest(ARRAY['exposure', 'offsetting_pairs', 'concentrating_pairs', 'portfolio_risk', '_leg']) AS v;

-- Not for anyone else, but no harm in wrong hands.
SELECT is_empty($$SELECT (hedge._exposures(b, r, h)).* FROM (VALUES (NULL::regnamespace, 1, ''::bytea), ('s', NULL, ''), ('s', 1, NULL), ('s', 1, ''))
	AS t (b, r, h)$$, 'nothing');
SELECT results_eq($$SELECT e.asset, e.positions, e.quantity, e.exposure, e.problem
	FROM (SELECT hedge._holdings(a, q, q) AS h FROM (VALUES ('a20', 1), (NULL, 2), (NULL, 3), ('', 4), ('elsewhere', 5)) AS v (a, q)) AS x
	CROSS JOIN LATERAL hedge._exposures('s', -1, x.h) AS e ORDER BY e.quantity$$,
	$$VALUES ('a20', 1, 1::float8, NULL::float8, NULL), ('', 1, 4, NULL, NULL), (NULL, 2, 5, NULL, NULL), ('elsewhere', 1, 5, NULL, NULL)$$,
	'a run that there is not knows no asset');
SELECT throws_ok($$SELECT hedge._exposures(987654321, 1, '')$$, '3F000', NULL, 'no such schema');
SELECT throws_ok($$SELECT hedge._exposures('public', 1, '')$$, '42P01', NULL, 'no book');
SELECT throws_ok(format('SELECT hedge._exposures(''s'', 1, %L)', h::bytea), '22023', 'holdings are not a result of hedge._holdings', h)
FROM unnest(ARRAY['\x01', '\x0100000001000000000000000000f03f000000000000f03f', '\xfeffffff01000000000000000000f03f000000000000f03f']) AS h;
SELECT throws_ok($$SELECT hedge._exposures('s', 1, '\x0100000001000000000000000000f03f000000000000f03fff')$$, '22021', NULL, 'no text');
CREATE SCHEMA odd;
CREATE TABLE odd._units AS SELECT 1 AS run, '{a,a}'::text[] AS assets, NULL::text[] AS funding_assets, '{1,1}'::float8[] AS unit_notionals,
	'{1,1}'::float8[] AS unit_exposures, '{1,1}'::float8[] AS funding_divisors, '{1,1}'::float8[] AS volatilities, '{f,f}'::boolean[] AS stale,
	'{simple,log}'::text[] AS return_kinds, '{NULL,NULL}'::timestamptz[] AS price_times, '{NULL,a}'::text[] AS benchmarks, '{1,1}'::float8[] AS benchmark_scales;
SELECT throws_ok($$SELECT hedge._exposures('odd', 1, '')$$, '2202E', NULL, 'units of different lengths');
UPDATE odd._units SET funding_assets = '{NULL,b}';
SELECT throws_ok($$SELECT hedge._exposures('odd', 1, '')$$, '22023', 'asset "a" is given twice', 'an asset twice');
UPDATE odd._units SET assets = '{NULL,b}';
SELECT throws_ok($$SELECT hedge._exposures('odd', 1, '')$$, '22023', NULL, 'an asset without a name');
UPDATE odd._units SET assets = '{a,b}';
INSERT INTO odd._units SELECT * FROM odd._units;
SELECT throws_ok($$SELECT hedge._exposures('odd', 1, '')$$, '21000', NULL, 'a run twice');
ALTER TABLE odd._units ALTER stale TYPE integer USING 1;
SELECT throws_ok($$SELECT hedge._exposures('odd', 1, '')$$, '42846', NULL, 'other types');
SELECT is_empty($$SELECT hedge._leg_pairs(r.matrix, 's', r.run, h, true, 0, 2, 252, 0.95, 5)
	FROM s.model_run AS r, (VALUES (NULL::bytea), ('')) AS t (h)$$, 'no holdings, no pairs');
SELECT throws_ok($$WITH holding AS MATERIALIZED (
		SELECT hedge._holdings(a.asset, 1, 1) AS h FROM s.run_asset AS a WHERE a.run = (SELECT min(run) FROM s.model_run)
	), matrix AS MATERIALIZED (
		SELECT run, matrix FROM s.model_run WHERE run = (SELECT min(run) FROM s.model_run)
		UNION ALL
		SELECT (SELECT min(run) FROM s.model_run), hedge.comoment_matrix('{a,b}'::text[], ARRAY[x, -x]) FROM generate_series(1, 9) AS x)
	SELECT count(p) FROM holding, matrix AS m, hedge._leg_pairs(m.matrix, 's', m.run, h, true, 0, 2, 252, 0.95, 5) AS p$$,
	'22023', NULL, 'a second matrix for the same run');
TRUNCATE odd._units;
ALTER TABLE odd._units ALTER stale TYPE boolean[] USING NULL;
INSERT INTO odd._units VALUES (1, '{a,b}', '{NULL,NULL}', '{1,1}', '{1,1}', '{1,1}', '{1,1}', '{f,f}', '{simple,simple}', '{NULL,NULL}', '{NULL,NULL}', '{1,1}');
CREATE FUNCTION evident(asset text, verdict text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE odd.pair_evidence AS SELECT 1::bigint AS run, v.y AS asset_y, %s AS asset_x, 5 AS observations,
		0.5::float8 AS correlation, 0.5::float8 AS volatility_y, 0.5::float8 AS volatility_x, 0.5::float8 AS standard_error,
		0.5::float8 AS robust_low, 0.5::float8 AS robust_high, 0.5::float8 AS correlation_after_break, 0.5::float8 AS out_of_sample_effectiveness, now() AS break_time,
		%s AS verdict, text ''r'' AS reason FROM (VALUES (text ''a'', text ''b''), (''b'', ''a'')) AS v (y, x)', asset, verdict);
	RETURN QUERY SELECT p.verdict
		FROM (SELECT hedge.comoment_matrix('{a,b}'::text[], ARRAY[x, -x]) AS m FROM generate_series(1, 9) AS x) AS c,
			(SELECT hedge._holdings(a, q, q) AS h FROM (VALUES ('a', 5), ('b', 4)) AS v (a, q)) AS h,
			hedge._evident_pairs(c.m, 'odd', 1, h.h, true, 0, 2, NULL, 0.95, NULL, '') AS p;
	DROP TABLE odd.pair_evidence;
END $$;
CREATE TABLE odd.evidence_run AS SELECT 1::bigint AS run, 1::bigint AS pairs;
SELECT throws_ok($$SELECT evident('v.x', 'text ''weak''')$$, '42804', 'evidence_run has no column pairs of type integer', 'a run that is not that of a book');
ALTER TABLE odd.evidence_run ALTER pairs TYPE integer;
SELECT is(evident('v.x', 'text ''weak'''), 'weak', 'evidence that is not that of a book');
SELECT throws_ok($$SELECT evident('v.x', '4611686018427387904')$$, '42804', 'pair_evidence has no column verdict of type text', 'of other types');
SELECT throws_ok($$SELECT evident('v.x', 'NULL::text')$$, '23502', NULL, 'without a verdict');
SELECT * FROM finish();
ROLLBACK;
