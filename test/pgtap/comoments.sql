-- hedge.comoments: plain, grouped and parallel against core's aggregates, NIST's data and exact
-- arithmetic; rollup; accessors; special values; input and output without loss.
BEGIN;
SELECT no_plan();
SELECT setseed(0.2);
SET LOCAL extra_float_digits = 1;

-- ---------- agreement with core ----------

CREATE TABLE pair AS
	SELECT i, i % 7 AS g,
		CASE WHEN i % 11 <> 3 THEN m + e * 0.7 END AS y,
		CASE WHEN i % 13 <> 5 THEN 0.5 + m * 1.3 + f END AS x
	FROM (SELECT i, sqrt(-2 * ln(1 - random())) * cos(6.283185307179586 * random()) AS m,
			sqrt(-2 * ln(1 - random())) * cos(6.283185307179586 * random()) AS e,
			sqrt(-2 * ln(1 - random())) * cos(6.283185307179586 * random()) AS f
		FROM generate_series(1, 20000) i) s;
ANALYZE pair;

-- |a − b| ≤ tolerance · scale; two NULLs agree, NaN agrees with NaN
CREATE FUNCTION near(a float8, b float8, tolerance float8, scale float8 DEFAULT NULL) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL
		ELSE a = b OR abs(a - b) <= tolerance * coalesce(scale, abs(b)) END
$$;

SELECT ok(bool_and(near(hedge.corr(c), r, 1e-13) AND near(hedge.hedge_ratio(c), slope, 1e-13)
		AND near(hedge.covariance(c), cov, 1e-13) AND near(hedge.intercept(c), intercept, 1e-12)
		AND near(hedge.volatility_y(c), sy, 1e-13) AND near(hedge.volatility_x(c), sx, 1e-13)
		AND near(hedge.hedging_effectiveness(c), r2, 2e-13) AND hedge.observations(c) = n
		AND near(hedge.residual_volatility(c), sqrt((1 - r2) * sy * sy), 1e-12)
		AND near(rolling, hedge.corr(c), 0) AND near(rolling_cov, hedge.covariance(c), 0) AND near(rolling_h, hedge.hedge_ratio(c), 0)),
	'every accessor agrees with core, by groups and over all: ' || what)
FROM (
	SELECT what, hedge.comoments(y, x) FILTER (WHERE keep) AS c, corr(y, x) FILTER (WHERE keep) AS r,
		regr_slope(y, x) FILTER (WHERE keep) AS slope, covar_samp(y, x) FILTER (WHERE keep) AS cov,
		regr_intercept(y, x) FILTER (WHERE keep) AS intercept, regr_r2(y, x) FILTER (WHERE keep) AS r2,
		stddev_samp(y) FILTER (WHERE keep AND x IS NOT NULL) AS sy, stddev_samp(x) FILTER (WHERE keep AND y IS NOT NULL) AS sx,
		regr_count(y, x) FILTER (WHERE keep) AS n, hedge.rolling_corr(y, x) FILTER (WHERE keep) AS rolling,
		hedge.rolling_covariance(y, x) FILTER (WHERE keep) AS rolling_cov, hedge.rolling_hedge_ratio(y, x) FILTER (WHERE keep) AS rolling_h
	FROM pair, (VALUES ('all rows', 1), ('with a FILTER', 2)) w(what, k), LATERAL (SELECT k = 1 OR i % 3 = 0) f(keep)
	GROUP BY what, GROUPING SETS ((), (g))
) s
GROUP BY what ORDER BY what;

SELECT ok(near(hedge.rolling_corr(y, x), corr(y, x), 1e-13), 'rolling_corr as a plain aggregate') FROM pair;
SELECT ok(near(hedge.rolling_corr(DISTINCT y, x), corr(DISTINCT y, x), 1e-13), 'with DISTINCT') FROM pair WHERE i <= 500;

-- ---------- parallel ----------

CREATE FUNCTION workers(query text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, FORMAT json, TIMING off) ' || query INTO plan;
	RETURN coalesce((SELECT sum((p #>> '{}')::int) FROM jsonb_path_query(plan::jsonb, '$.**."Workers Launched"') p), 0);
END
$$;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 4;

CREATE FUNCTION parallel_disagreements(n int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	was record;
	now record;
	launched int := 0;
	expected_workers int;
	query text := 'SELECT hedge.comoments(y, x) AS c, hedge.rolling_corr(y, x) AS r, hedge.rolling_covariance(y, x) AS v,
		hedge.rolling_hedge_ratio(y, x) AS h, hedge.rollup(s) AS s FROM shuffled';
BEGIN
	FOR k IN 1 .. n LOOP
		-- another order of rows, another number of workers
		EXECUTE 'SET LOCAL client_min_messages = warning; DROP TABLE IF EXISTS shuffled';
		CREATE TABLE shuffled AS SELECT *, hedge.comoments_accum(NULL, y, x) AS s FROM pair ORDER BY random();
		expected_workers := (k - 1) % 4 + 1;
		EXECUTE format('ALTER TABLE shuffled SET (parallel_workers = %s)', expected_workers);
		launched := launched + workers(query);
		EXECUTE 'DROP TABLE IF EXISTS parallel_result';
		EXECUTE 'CREATE TABLE parallel_result AS ' || query;
		SELECT * INTO now FROM parallel_result;
		SELECT hedge.comoments(y, x) AS c INTO was FROM (SELECT * FROM pair ORDER BY i) s;
		IF NOT (near(hedge.corr(now.c), hedge.corr(was.c), 1e-13) AND near(now.r, hedge.corr(was.c), 1e-13)
				AND near(now.v, hedge.covariance(was.c), 1e-13) AND near(now.h, hedge.hedge_ratio(was.c), 1e-13)
				AND near(hedge.corr(now.s), hedge.corr(was.c), 1e-13) AND hedge.observations(now.s) = hedge.observations(was.c)
				AND hedge.observations(now.c) = hedge.observations(was.c)) THEN
			RETURN NEXT format('%s workers: %s', expected_workers, now);
		END IF;
	END LOOP;
	IF launched < n THEN
		RETURN NEXT format('%s workers were started', launched);
	END IF;
END
$$;
SELECT is_empty($$ SELECT parallel_disagreements(8) $$, 'the same in parallel, whatever row falls to which of 1 to 4 workers');
SET LOCAL max_parallel_workers_per_gather = 0;

-- ---------- NIST ----------

-- Data of the Statistical Reference Datasets (https://www.itl.nist.gov/div898/strd/, public domain).
-- The statistics are of the pair (y, one x), which NIST does not certify: from the decimal data in
-- rational arithmetic; the correlation of the data as rounded to double precision.
CREATE TABLE nist (name text, y float8[], x float8[], corr numeric, slope numeric, intercept numeric, covariance numeric);
INSERT INTO nist VALUES
	('Norris', '{0.1,338.8,118.1,888.0,9.2,228.1,668.5,998.5,449.1,778.9,559.2,0.3,0.1,778.1,668.8,339.3,448.9,10.8,557.7,228.3,998.0,888.8,119.6,0.3,0.6,557.6,339.3,888.0,998.5,778.9,10.2,117.6,228.9,668.4,449.2,0.2}',
		'{0.2,337.4,118.2,884.6,10.1,226.5,666.3,996.3,448.6,777.0,558.2,0.4,0.6,775.5,666.9,338.0,447.5,11.6,556.0,228.1,995.8,887.6,120.2,0.3,0.3,556.8,339.1,887.2,999.0,779.0,11.1,118.3,229.2,669.1,448.9,0.5}',
		0.999996872936966600858116, 1.00211681802045439894437244262, -0.262323073774029495282164116, 121341.83092063492063492063492),
	('Pontius', '{.11019,.21956,.32949,.43899,.54803,.65694,.76562,.87487,.98292,1.09146,1.20001,1.30822,1.41599,1.52399,1.63194,1.73947,1.84646,1.95392,2.06128,2.16844,.11052,.22018,.32939,.43886,.54798,.65739,.76596,.87474,.98300,1.09150,1.20004,1.30818,1.41613,1.52408,1.63159,1.73965,1.84696,1.95445,2.06177,2.16829}',
		'{150000,300000,450000,600000,750000,900000,1050000,1200000,1350000,1500000,1650000,1800000,1950000,2100000,2250000,2400000,2550000,2700000,2850000,3000000,150000,300000,450000,600000,750000,900000,1050000,1200000,1350000,1500000,1650000,1800000,1950000,2100000,2250000,2400000,2550000,2700000,2850000,3000000}',
		0.999994259541132987622450, 0.00000072210258145363408521303258, 0.0061496842105263157894736842, 554074.86538461538461538461538),
	('NoInt1', '{130,131,132,133,134,135,136,137,138,139,140}',
		'{60,61,62,63,64,65,66,67,68,69,70}',
		1.000000000000000000000000, 1.00000000000000000000000000000, 70.000000000000000000000000000, 11.000000000000000000000000000),
	('NoInt2', '{3,4,4}',
		'{4,5,6}',
		0.866025403784438646763723, 0.500000000000000000000000000000, 1.1666666666666666666666666666, 0.5000000000000000000000000000),
	('Longley x1', '{60323,61122,60171,61187,63221,63639,64989,63761,66019,67857,68169,66513,68655,69564,69331,70551}',
		'{83.0,88.5,88.2,89.5,96.2,98.1,99.0,100.0,101.2,104.6,108.4,110.8,112.6,114.2,115.7,116.9}',
		0.970898525061055826518148, 315.966086376911773703095868562, 33189.173379587639710152083214, 36796.660000000000000000000000),
	('Longley x2', '{60323,61122,60171,61187,63221,63639,64989,63761,66019,67857,68169,66513,68655,69564,69331,70551}',
		'{234289,259426,258054,284599,328975,346999,365385,363112,397469,419180,442769,444546,482704,502601,518173,554894}',
		0.983551611179669308436409, 0.0347522943476290462904163798525, 51843.589781884136923590398306, 343330206.33333333333333333333),
	('Longley x3', '{60323,61122,60171,61187,63221,63639,64989,63761,66019,67857,68169,66513,68655,69564,69331,70551}',
		'{2356,2325,3682,3351,2099,1932,1870,3578,2904,2822,2936,4681,3813,3931,4806,4007}',
		0.502498083875994133550379, 1.88852315637068506469442483227, 59286.355398222036749347984502, 1649102.6666666666666666666666),
	('Longley x4', '{60323,61122,60171,61187,63221,63639,64989,63761,66019,67857,68169,66513,68655,69564,69331,70551}',
		'{1590,1456,1616,1650,3099,3594,3547,3350,3048,2857,2798,2637,2552,2514,2572,2827}',
		0.457307399976481760362993, 2.30780841269469957593706426686, 59301.264658233885299149553788, 1117681.0666666666666666666666),
	('Longley x5', '{60323,61122,60171,61187,63221,63639,64989,63761,66019,67857,68169,66513,68655,69564,69331,70551}',
		'{107608,108632,109773,110929,112075,113270,115094,116219,117388,118734,120445,121950,123366,125368,127852,130081}',
		0.960390571594375495898577, 0.484878098315709337325216056405, 8380.6741833761467739238297926, 23461965.733333333333333333333),
	('Longley x6', '{60323,61122,60171,61187,63221,63639,64989,63761,66019,67857,68169,66513,68655,69564,69331,70551}',
		'{1947,1948,1949,1950,1951,1952,1953,1954,1955,1956,1957,1958,1959,1960,1961,1962}',
		0.971329459192118716979512, 716.511764705882352941176470588, -1335105.244117647058823529411, 16240.933333333333333333333333);
SELECT ok(abs(hedge.rolling_corr(u.y, u.x)::text::numeric - corr) <= 4e-16, 'NIST ' || name || ': corr to 4e-16')
	FROM nist n, unnest(n.y, n.x) u(y, x) GROUP BY name, corr ORDER BY name;
SELECT ok(passed, 'NIST ' || name || ': ' || what)
FROM (SELECT name, slope::float8, intercept::float8, covariance::float8, hedge.comoments(u.y, u.x) AS c, avg(abs(u.y)) AS my
		FROM nist n, unnest(n.y, n.x) u(y, x) GROUP BY name, slope, intercept, covariance ORDER BY name) s,
	LATERAL (VALUES ('hedge_ratio to 4e-15', near(hedge.hedge_ratio(c), slope, 4e-15)),
		('covariance to 4e-15', near(hedge.covariance(c), covariance, 4e-15)),
		-- an intercept is a difference of numbers as large as the means
		('intercept to 4e-15 of the means', near(hedge.intercept(c), intercept, 4e-15, greatest(abs(intercept), my)))) t(what, passed);

-- ---------- index levels ----------

-- walks at the levels and steps of European indices in the 1990s: y near 1600, x near 1700
CREATE TABLE index_level AS
	SELECT i, 1600 + sum(a) OVER (ORDER BY i) AS y, 1700 + sum(a * 0.8 + b) OVER (ORDER BY i) AS x
	FROM (SELECT i, round((random() * 40 - 20)::numeric, 2)::float8 AS a, round((random() * 30 - 15)::numeric, 2)::float8 AS b
		FROM generate_series(1, 1860) i) s;
SELECT ok(near(hedge.rolling_corr(y, x), corr(y, x), 1e-13), 'corr on levels of indices') FROM index_level;
SELECT ok(near(hedge.rolling_hedge_ratio(y, x), regr_slope(y, x), 1e-13), 'hedge_ratio on levels of indices') FROM index_level;
SELECT ok(near(hedge.rolling_covariance(y, x), covar_samp(y, x), 1e-13), 'covariance on levels of indices') FROM index_level;

-- ---------- constants ----------

SELECT ok(bool_and(r IS NULL AND h IS NULL AND sy = 0 AND c IS NULL AND v = 0), 'a constant side: volatility exactly 0, covariance 0, no correlation')
FROM (
	SELECT hedge.rolling_corr(level, x) AS r, hedge.rolling_hedge_ratio(x, level) AS h,
		hedge.volatility_y(hedge.comoments(level, x)) AS sy, hedge.corr(hedge.comoments(x, level)) AS c,
		hedge.rolling_covariance(level, x) AS v
	FROM (VALUES (0.09::float8), (0.1), (0), (1e9 + 1.0 / 3), (-1e300), (1e-300), (5e-324), (1.7976931348623157e308)) l(level), pair
	WHERE i <= 1000 GROUP BY level
) s;

-- ---------- rollup ----------

CREATE TABLE part AS SELECT i / 50 AS day, hedge.comoments(y, x) AS c FROM pair GROUP BY 1;
INSERT INTO part VALUES (-1, NULL), (1000000, NULL);
SELECT ok(near(hedge.corr(hedge.rollup(c)), (SELECT hedge.rolling_corr(y, x) FROM pair), 1e-13), 'rollup of parts is the whole: corr') FROM part;
SELECT ok(near(hedge.covariance(hedge.rollup(c)), (SELECT hedge.rolling_covariance(y, x) FROM pair), 1e-13), 'covariance') FROM part;
SELECT ok(near(hedge.intercept(hedge.rollup(c)), (SELECT hedge.intercept(hedge.comoments(y, x)) FROM pair), 1e-12), 'means') FROM part;
SELECT is(hedge.observations(hedge.rollup(c)), (SELECT regr_count(y, x) FROM pair)::float8, 'observations') FROM part;
SELECT ok(hedge.rollup(c) IS NULL, 'rollup of nothing, or of NULLs, is NULL') FROM part WHERE c IS NULL;
SELECT is(hedge.rollup(c)::text, max(c::text), 'rollup of one summary is that summary') FROM part WHERE day = 3;
SELECT ok(bool_and(near(hedge.corr(moving), plain, 1e-13) AND hedge.observations(moving) = n), 'moving rollup is the plain aggregate over the rows')
FROM (
	SELECT day, hedge.rollup(c) OVER (ORDER BY day ROWS 4 PRECEDING) AS moving FROM part WHERE day >= 0
) m, LATERAL (SELECT corr(y, x), regr_count(y, x) FROM pair WHERE i / 50 BETWEEN m.day - 4 AND m.day) p(plain, n)
WHERE day < 1000000;
SELECT is((SELECT pg_typeof(hedge.comoments_combine(c, c))::text FROM part WHERE day = 1), 'hedge.comoments', 'combining by hand');
SELECT ok(bool_and(a::text = b::text), 'combining by hand leaves its arguments alone')
FROM (SELECT c AS a, hedge.comoments_combine(c, c), hedge.comoments_accum(c, 1, 2), c AS b FROM part WHERE day BETWEEN 1 AND 9) s;
-- a growing frame hands out the state after each row, which goes on growing
SELECT ok(bool_and(hedge.observations(c) = i), 'a growing frame keeps each row''s summary apart')
FROM (SELECT i, hedge.comoments(i, i * i) OVER (ORDER BY i) AS c FROM generate_series(1, 500) i) s;

-- ---------- special values ----------

SELECT ok(hedge.comoments(y, x) IS NULL, 'no rows: NULL') FROM pair WHERE false;
SELECT is(hedge.rolling_corr(y, x), NULL, 'no rows: no correlation') FROM pair WHERE false;
SELECT ok(hedge.comoments(y, x) IS NULL, 'NULLs only: NULL') FROM (VALUES (1::float8, NULL::float8), (NULL, 2)) v(y, x);
SELECT is(ARRAY[hedge.corr(c), hedge.covariance(c), hedge.hedge_ratio(c), hedge.intercept(c), hedge.volatility_y(c), hedge.volatility_x(c),
		hedge.hedging_effectiveness(c), hedge.hedging_effectiveness(c, 1), hedge.residual_volatility(c), hedge.residual_volatility(c, 1)],
	array_fill(NULL::float8, ARRAY[10]), 'one row: no statistic')
	FROM hedge.comoments_accum(NULL, 3, 4) c;
SELECT is(hedge.observations(c), 1::float8, 'one row: one observation') FROM hedge.comoments_accum(NULL, 3, 4) c;
SELECT ok(low IS NULL AND high IS NULL, 'one row: no interval') FROM hedge.comoments_accum(NULL, 3, 4) c, hedge.corr_interval(c);
SELECT ok(bool_and(hedge.corr(c) = 'NaN' AND hedge.covariance(c) = 'NaN' AND hedge.volatility_y(c) = 'NaN' AND hedge.volatility_x(c) > 0
		AND hedge.intercept(c) = 'NaN' AND hedge.hedging_effectiveness(c) = 'NaN' AND hedge.residual_volatility(c, 0.5) = 'NaN'
		AND (hedge.corr_interval(c)).low IS NULL), 'NaN, infinity and -infinity make NaN, the other side stays')
FROM (SELECT odd, hedge.comoments(CASE WHEN i = at THEN odd ELSE i % 5 END, i % 7) AS c
	FROM generate_series(1, 30) i, unnest('{1,2,30}'::int[]) at, unnest('{NaN,Infinity,-Infinity}'::float8[]) odd GROUP BY at, odd) s;
SELECT ok(abs(low - 0.17043136511180012) < 1e-15 AND abs(high - 0.72895855638835552) < 1e-15, 'Fisher''s interval of 0.5 from 30 observations')
FROM hedge.corr_interval('v1 30 30 0 0 0 0 2 2 1');
SELECT ok(low < 0.17 AND high > 0.73 AND low > 0, 'wider at 0.99') FROM hedge.corr_interval('v1 30 30 0 0 0 0 2 2 1', 0.99);

-- ---------- input and output ----------

-- summaries of any magnitude, odd ones too
CREATE TABLE summary AS
	SELECT k, hedge.comoments(CASE WHEN k % 17 = 3 AND j = 2 THEN 'NaN' ELSE (random() - 0.3) * 10 ^ (k % 291 - 145) END,
		CASE WHEN k % 19 = 4 AND j = 3 THEN '-Infinity' ELSE 1e9 * (k % 2) + random() * 10 ^ (k % 41 - 20) END) AS c
	FROM generate_series(1, 1500) k, generate_series(1, 1 + k % 5) j GROUP BY k;
SELECT ok(bool_and(hedge.comoments_send(c) = hedge.comoments_send(c::text::hedge.comoments)), 'text loses no bit') FROM summary;
SET LOCAL extra_float_digits = -15;
SELECT ok(bool_and(hedge.comoments_send(c) = hedge.comoments_send(c::text::hedge.comoments)), 'nor with extra_float_digits = -15') FROM summary;
SET LOCAL extra_float_digits = 1;
SELECT is(count(DISTINCT pg_column_size(c)), 1::bigint, 'every value takes the same room') FROM summary;
SELECT is(max(pg_column_size(c)), 80, 'of 80 bytes') FROM summary;
SELECT ok(bool_and(length(hedge.comoments_send(c)) = 73), 'and 73 in binary') FROM summary;
-- in arrays, rows and variables it stays aligned
SELECT ok(bool_and(hedge.corr((ARRAY[c, c])[2]) IS NOT DISTINCT FROM hedge.corr(c)), 'in arrays') FROM summary;
CREATE TYPE flagged AS (flag boolean, c hedge.comoments);
SELECT ok(bool_and(hedge.corr((ROW(true, c)::flagged).c) IS NOT DISTINCT FROM hedge.corr(c)), 'in rows') FROM summary;

SELECT * FROM finish();
ROLLBACK;
