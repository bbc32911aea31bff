-- Offsets without double counting: by hand, and over random portfolios as hedge.portfolio_pairs lists them.
BEGIN;
SELECT no_plan();
SELECT setseed(0.6);

-- by hand: volatilities 1, perfect correlations; greedy takes a against b, whose sum is largest
CREATE TABLE pair (asset_a text, asset_b text, exposure_a float8, exposure_b float8, correlation float8, hedge_ratio float8);
INSERT INTO pair VALUES ('a', 'b', 100, -100, 1, 1), ('a', 'c', 100, 99, -1, -1), ('d', 'b', 98, -100, 1, 1);
CREATE VIEW arrays AS
SELECT array_agg(asset_a) AS a, array_agg(asset_b) AS b, array_agg(exposure_a) AS ea, array_agg(exposure_b) AS eb,
	array_agg(1::float8) AS v, array_agg(correlation) AS r, array_agg(hedge_ratio) AS h FROM pair;
SELECT is(sum(risk_offset)::numeric(12, 6), (100 * sqrt(2))::numeric(12, 6), 'greedy: the first pair takes all') FROM arrays, hedge.allocate_offsets(a, b, ea, eb, v, v, r, h);
SELECT is(sum(optimal_risk_offset)::numeric(12, 6), (198 * sqrt(2))::numeric(12, 6), 'the optimum takes the others, too')
FROM arrays, hedge.allocate_offsets(a, b, ea, eb, v, v, r, h);
SELECT results_eq($$SELECT asset, exposure, consumed, remaining, round(optimal_consumed::numeric, 6), round(optimal_remaining::numeric, 6)
	FROM arrays, hedge.allocated_legs(a, b, ea, eb, v, v, r, h) WHERE asset IN ('a', 'b')$$,
	$$VALUES ('a', 100::float8, 100::float8, 0::float8, 100.000000, 0.000000), ('b', -100, -100, 0, -100, 0)$$, 'legs, signed');
SELECT is(array_agg(asset_a || asset_b ORDER BY rank), '{db,ac,ab}', 'priorities given')
FROM arrays, hedge.allocate_offsets(a, b, ea, eb, v, v, r, h, '{1,2,3}');
SELECT is(array_agg(asset_a || asset_b ORDER BY rank), '{ac,db,ab}', 'a null priority is the last')
FROM arrays, hedge.allocate_offsets(a, b, ea, eb, v, v, r, h, '{NULL,2,1}');
SELECT ok(count(*) = 3 AND count(optimal_risk_offset) = 0, 'without the optimum') FROM arrays, hedge.allocate_offsets(a, b, ea, eb, v, v, r, h, optimal => false);
SELECT is(sum(risk_offset), 0::float8, 'pairs that add up remove nothing') FROM arrays, hedge.allocate_offsets(a, b, ea, eb, v, v, '{-1,1,-1}', h);
SELECT is(sum(risk_offset), 0::float8, 'nor do those without a number') FROM arrays, hedge.allocate_offsets(a, b, ea, eb, v, v, r, '{NULL,0,NaN}');
SELECT is(count(*), 0::bigint, 'a null array') FROM arrays, hedge.allocate_offsets(a, b, NULL, eb, v, v, r, h);
SELECT is(count(*), 0::bigint, 'no pair') FROM hedge.allocate_offsets('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}');
SELECT throws_ok($$SELECT * FROM arrays, hedge.allocate_offsets(a, b, ea, '{1}', v, v, r, h)$$, '2202E', 'exposure_b has 1 elements, but asset_a has 3');
SELECT throws_ok($$SELECT * FROM arrays, hedge.allocate_offsets(a, b, '{100,101,98}', eb, v, v, r, h)$$, '22023',
	'asset "a" has an exposure of 100 in one pair and of 101 in another');
SELECT throws_ok($$SELECT * FROM arrays, hedge.allocate_offsets(a, b, ea, eb, v, v, '{2,1,1}', h)$$, '22023', 'correlation 2 is not from -1 to 1');
SELECT throws_ok($$SELECT * FROM arrays, hedge.allocate_offsets(a, b, ea, eb, '{-1,1,1}', v, r, h)$$, '22023', 'volatility -1 is negative');

-- random portfolios
CREATE TABLE matrix AS
SELECT hedge.comoment_matrix('asset ' || a, t * interval '1 day' + timestamptz '2020-01-01', f * (a % 3 - 1) + random() - 0.5) AS m
FROM (SELECT t, random() - 0.5 AS f FROM generate_series(1, 200) t) s, generate_series(1, 20) a;
CREATE TABLE portfolio AS
SELECT p, array_agg('asset ' || a) AS assets, array_agg((random() - 0.5) * 1e6) AS exposures
FROM generate_series(1, 50) p, generate_series(1, 20) a WHERE random() < 0.6 GROUP BY p;
CREATE TABLE pairs AS
SELECT p, array_agg(asset_a) AS a, array_agg(asset_b) AS b, array_agg(exposure_a) AS ea, array_agg(exposure_b) AS eb,
	array_agg(volatility_a) AS va, array_agg(volatility_b) AS vb, array_agg(correlation) AS r, array_agg(hedge_ratio) AS h,
	array_agg(o.risk_offset) AS whole
FROM portfolio, matrix, hedge.portfolio_pairs(m, assets, exposures) o GROUP BY p;
CREATE TABLE allocated AS SELECT p, o.* FROM pairs, hedge.allocate_offsets(a, b, ea, eb, va, vb, r, h) o;
CREATE TABLE legs AS SELECT p, o.* FROM pairs, hedge.allocated_legs(a, b, ea, eb, va, vb, r, h) o;

SELECT is(count(*), (SELECT sum(cardinality(a)) FROM pairs), 'a row a pair') FROM allocated;
SELECT ok(bool_and(optimal >= greedy) AND bool_or(optimal > 1.01 * greedy) AND count(*) > 40, 'optimum >= greedy')
FROM (SELECT sum(risk_offset) AS greedy, sum(optimal_risk_offset) AS optimal FROM allocated GROUP BY p) t;
SELECT ok(max(greedy / abs(exposure)) <= 1 + 1e-15 AND max(optimal / abs(exposure)) <= 1 + 1e-15, 'allocations never pass exposures')
FROM legs JOIN (SELECT p, asset, sum(abs(greedy)) AS greedy, sum(abs(optimal)) AS optimal
	FROM (SELECT p, asset_a AS asset, consumed_a AS greedy, optimal_consumed_a AS optimal FROM allocated
		UNION ALL SELECT p, asset_b, consumed_b, optimal_consumed_b FROM allocated) u GROUP BY p, asset) s USING (p, asset);
SELECT ok(max(abs(abs(consumed) - greedy)) < 1e-6 AND max(abs(abs(optimal_consumed) - optimal)) < 1e-6
	AND max(abs(consumed + remaining - exposure)) < 1e-6 AND bool_and(consumed * exposure >= 0 AND remaining * exposure >= 0), 'legs are the sums of their pairs')
FROM legs JOIN (SELECT p, asset, sum(abs(greedy)) AS greedy, sum(abs(optimal)) AS optimal
	FROM (SELECT p, asset_a AS asset, consumed_a AS greedy, optimal_consumed_a AS optimal FROM allocated
		UNION ALL SELECT p, asset_b, consumed_b, optimal_consumed_b FROM allocated) u GROUP BY p, asset) s USING (p, asset);
SELECT ok(max(abs(risk_offset - (sqrt(x * x + y * y) - sqrt(x * x + y * y - 2 * x * y * abs(corr))))) < 1e-6, 'a pair removes what its amounts say')
FROM (SELECT o.risk_offset, o.consumed_a * hedge.volatility(m, o.asset_a) AS x, o.consumed_b * hedge.volatility(m, o.asset_b) AS y0,
		abs(o.consumed_b * hedge.volatility(m, o.asset_b)) * sign(o.consumed_a) AS y, hedge.corr(m, o.asset_a, o.asset_b) AS corr
	FROM allocated o, matrix) t;
SELECT ok(bool_and(rank = place), 'the largest risk_offset first')
FROM (SELECT o.rank, row_number() OVER (PARTITION BY p ORDER BY whole DESC) AS place
	FROM allocated o JOIN (SELECT p, unnest(a) AS asset_a, unnest(b) AS asset_b, unnest(whole) AS whole FROM pairs) w USING (p, asset_a, asset_b)) t;

SELECT * FROM finish();
ROLLBACK;
