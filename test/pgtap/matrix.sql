-- hedge.comoment_matrix: every pair against the pair aggregate, in every form and order, in parallel
-- and merged; accessors; special values; input and output without loss.
BEGIN;
SELECT no_plan();
SELECT setseed(0.4);
SET LOCAL extra_float_digits = 1;
SET LOCAL client_min_messages = warning;

CREATE FUNCTION near(a float8, b float8, tolerance float8) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE a = b OR abs(a - b) <= tolerance END
$$;

-- kinds of data: each complete, and with 15 % missing
CREATE TABLE cell AS
	SELECT kind, missing, asset, timestamptz '2020-01-01' + t * interval '1 day' AS ts,
		CASE kind WHEN 'returns' THEN 0.01 * v WHEN 'levels of 1e6' THEN 1e6 + 10 * v
			WHEN 'outliers' THEN CASE WHEN random() < 0.005 THEN 1e12 ELSE 1e3 + v END
			ELSE CASE WHEN a % 4 = 0 THEN 0.09 WHEN a % 4 = 1 THEN (t / 100)::float8 ELSE v END END AS value
	FROM (
		SELECT kind, missing, a, 'asset ' || chr(64 + a) AS asset, t, m + random() AS v, random() AS u
		FROM unnest('{returns,levels of 1e6,outliers,constants}'::text[]) kind, (VALUES (false), (true)) x(missing),
			(SELECT t, random() - 0.5 AS m FROM generate_series(1, 600) t) s, generate_series(1, 9) a
	) s
	WHERE NOT missing OR u > 0.15;

CREATE INDEX ON cell (kind, missing, ts, asset);
ANALYZE cell;
CREATE TABLE want AS
	SELECT kind, missing, a.asset AS y, b.asset AS x, hedge.comoments(a.value, b.value) AS c
	FROM cell a JOIN cell b USING (kind, missing, ts) GROUP BY 1, 2, 3, 4;

-- All that is wrong with a matrix that should hold the cells: a row a pair.
CREATE FUNCTION wrong_pairs(m hedge.comoment_matrix, of_kind text, of_missing boolean) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s %s: %s, not %s', y, x, p, c)
	FROM want, LATERAL (SELECT hedge.pair(m, y, x) AS p, hedge.volatility_y(c) AS sy, hedge.volatility_x(c) AS sx) v
	WHERE kind = of_kind AND missing = of_missing
		AND (hedge.observations(p) = hedge.observations(c) AND hedge.observations(m, y, x) = hedge.observations(c)
		AND near(hedge.covariance(p), hedge.covariance(c), 1e-13 * sy * sx)
		AND near(hedge.volatility_y(p), sy, 1e-13 * sy) AND near(hedge.volatility_x(p), sx, 1e-13 * sx)
		AND near(hedge.corr(p), hedge.corr(c), 1e-13)
		AND near(hedge.intercept(p), hedge.intercept(c), 1e-13 * (sy + abs(hedge.hedge_ratio(c)) * (sx + 1e6)))
		AND hedge.corr(m, y, x) IS NOT DISTINCT FROM hedge.corr(p)
		AND hedge.covariance(m, y, x) IS NOT DISTINCT FROM hedge.covariance(p)
		AND hedge.hedge_ratio(m, y, x) IS NOT DISTINCT FROM hedge.hedge_ratio(p)) IS NOT TRUE
	UNION ALL
	SELECT 'the pairs are not those of 9 assets' WHERE (SELECT count(*) FROM want WHERE kind = of_kind AND missing = of_missing) <> 81
$$;

CREATE TABLE wide AS
	SELECT kind, missing, ts, array_agg(asset ORDER BY random()) AS assets, NULL::float8[] AS observations FROM cell GROUP BY kind, missing, ts;
UPDATE wide SET observations = (SELECT array_agg(value ORDER BY k) FROM unnest(assets) WITH ORDINALITY u(asset, k) JOIN cell USING (asset)
	WHERE cell.kind = wide.kind AND cell.missing = wide.missing AND cell.ts = wide.ts) WHERE ts < '2020-02-01';
-- the others with all assets in one order, NULL where missing
UPDATE wide SET assets = list, observations = s.observations
FROM (SELECT kind, missing, ts, array_agg(asset ORDER BY asset) AS list, array_agg(value ORDER BY asset) AS observations
	FROM (SELECT DISTINCT kind, missing, ts FROM cell) t CROSS JOIN (SELECT DISTINCT asset FROM cell) a LEFT JOIN cell USING (kind, missing, ts, asset) GROUP BY 1, 2, 3) s
WHERE wide.ts >= '2020-02-01' AND s.kind = wide.kind AND s.missing = wide.missing AND s.ts = wide.ts;

-- blocks of 1 to 300 times: [asset][time]
ANALYZE wide;
CREATE TABLE block AS
	SELECT kind, missing, b, assets, array_agg(series ORDER BY asset) AS observations
	FROM (
		SELECT kind, missing, b, asset, array_agg(value ORDER BY ts) AS series
		FROM (SELECT DISTINCT kind, missing, ts, CASE WHEN ts < '2020-01-06' THEN ts::text WHEN ts < '2020-04-01' THEN 'x' ELSE 'y' END AS b FROM cell) t
			CROSS JOIN (SELECT DISTINCT asset FROM cell) a LEFT JOIN cell USING (kind, missing, ts, asset)
		GROUP BY kind, missing, b, asset
	) s, (SELECT array_agg(DISTINCT asset ORDER BY asset) AS assets FROM cell) a
	GROUP BY kind, missing, b, assets;

CREATE TABLE form (what text, kind text, missing boolean, m hedge.comoment_matrix);
INSERT INTO form
	SELECT 'long, by time', kind, missing, hedge.comoment_matrix(asset, ts, value ORDER BY ts, asset) FROM cell GROUP BY kind, missing
	UNION ALL SELECT 'long, by asset', kind, missing, hedge.comoment_matrix(asset, ts, value ORDER BY asset DESC, ts) FROM cell GROUP BY kind, missing
	UNION ALL SELECT 'long, in any order', kind, missing, hedge.comoment_matrix(asset, ts, value ORDER BY random()) FROM cell GROUP BY kind, missing
	UNION ALL SELECT 'long, with FILTER and NULLs', kind, missing, hedge.comoment_matrix(CASE WHEN n <> 2 THEN asset END,
			CASE WHEN n <> 3 THEN ts END, CASE WHEN n <> 4 THEN value END ORDER BY random()) FILTER (WHERE n <> 5) FROM cell, generate_series(1, 5) n GROUP BY kind, missing
	UNION ALL SELECT 'wide, by time', kind, missing, hedge.comoment_matrix(assets, observations ORDER BY ts) FROM wide GROUP BY kind, missing
	UNION ALL SELECT 'wide, in any order', kind, missing, hedge.comoment_matrix(assets, observations ORDER BY random()) FROM wide GROUP BY kind, missing
	UNION ALL SELECT 'blocks', kind, missing, hedge.comoment_matrix(assets, observations ORDER BY b) FROM block GROUP BY kind, missing
	UNION ALL SELECT 'blocks, in any order', kind, missing, hedge.comoment_matrix(assets, observations ORDER BY random()) FROM block GROUP BY kind, missing
	UNION ALL SELECT 'rollup of weeks', kind, missing, hedge.rollup(m ORDER BY random())
		FROM (SELECT kind, missing, hedge.comoment_matrix(asset, ts, value) AS m FROM cell GROUP BY kind, missing, date_trunc('week', ts)
			UNION ALL SELECT kind, missing, NULL::hedge.comoment_matrix FROM cell GROUP BY kind, missing) s GROUP BY kind, missing
	UNION ALL SELECT 'rollup of single times', kind, missing, hedge.rollup(m)
		FROM (SELECT kind, missing, hedge.comoment_matrix(assets, observations) AS m FROM wide GROUP BY kind, missing, ts) s GROUP BY kind, missing;
SELECT is((SELECT count(*) FROM wrong_pairs(m, kind, missing)), 0::bigint,
	format('%s of %s, %s: every pair agrees with the pair aggregate to 1e-13 of its scale', what, kind, CASE WHEN missing THEN '15 % missing' ELSE 'complete' END))
FROM form;
SELECT ok(bool_and((m::text LIKE 'v1 complete%') = NOT missing), 'the compact form is used when nothing is missing') FROM form;
SELECT ok(bool_and(hedge.assets(m) = ARRAY(SELECT 'asset ' || chr(64 + a) FROM generate_series(1, 9) a)), 'labels in byte order') FROM form;

-- more assets than a tile, more times than a block, against core
CREATE TABLE many AS
	SELECT lpad(a::text, 3, '0') AS asset, timestamptz '2020-01-01' + t * interval '1 minute' AS ts, m * (a % 7 - 3) + random() AS value
	FROM (SELECT t, random() - 0.5 AS m FROM generate_series(1, 300) t) s, generate_series(1, 150) a;
CREATE INDEX ON many (asset);
ANALYZE many;
CREATE TABLE many_result AS SELECT hedge.comoment_matrix(asset, ts, value) AS m FROM many;
INSERT INTO many_result SELECT hedge.comoment_matrix(asset, ts, value) FROM many WHERE asset <> '077' OR ts < '2020-01-01 04:00+00';
SELECT is(count(*), 2 * 11175::bigint, 'a row a pair') FROM many_result, hedge.pairs(m);
SELECT ok(count(*) = 120 AND bool_and(near(p.correlation, s.corr, 1e-13) AND near(p.covariance, s.cov, 1e-13) AND near(p.hedge_ratio, s.slope, 1e-13)
	AND near(p.volatility_y, s.sy, 1e-13) AND near(p.volatility_x, s.sx, 1e-13) AND p.observations = s.n), '150 assets against core')
FROM many_result, LATERAL (SELECT * FROM hedge.pairs(m) ORDER BY random() LIMIT 60) p, LATERAL (
	SELECT corr(y.value, x.value), covar_samp(y.value, x.value) AS cov, regr_slope(y.value, x.value) AS slope,
		stddev_samp(y.value) AS sy, stddev_samp(x.value) AS sx, count(*)::float8 AS n
	FROM many y JOIN many x USING (ts) WHERE y.asset = p.asset_y AND x.asset = p.asset_x AND (p.observations = 300 OR ts < '2020-01-01 04:00+00')
) s;

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
	k_kind text;
	k_missing boolean;
	launched int := 0;
	query text;
BEGIN
	FOR k IN 1 .. n LOOP
		k_kind := (ARRAY['returns', 'levels of 1e6', 'outliers', 'constants'])[1 + k % 4];
		k_missing := k / 4 % 2 = 1;
		EXECUTE 'DROP TABLE IF EXISTS shuffled';
		CREATE TABLE shuffled AS SELECT assets, observations, hedge.comoment_matrix_accum(NULL, assets, observations) AS part
			FROM wide WHERE kind = k_kind AND missing = k_missing ORDER BY random();
		EXECUTE format('ALTER TABLE shuffled SET (parallel_workers = %s)', (k - 1) % 4 + 1);
		FOREACH query IN ARRAY ARRAY['SELECT hedge.comoment_matrix(assets, observations) AS m FROM shuffled', 'SELECT hedge.rollup(part) AS m FROM shuffled'] LOOP
			launched := launched + workers(query);
			EXECUTE 'DROP TABLE IF EXISTS parallel_result';
			EXECUTE 'CREATE TABLE parallel_result AS ' || query;
			RETURN QUERY SELECT format('%s: %s', query, w) FROM parallel_result, wrong_pairs(m, k_kind, k_missing) w;
		END LOOP;
	END LOOP;
	IF launched < 2 * n THEN
		RETURN NEXT format('%s workers were started', launched);
	END IF;
END
$$;
SELECT is_empty($$ SELECT parallel_disagreements(8) $$, 'the same in parallel, whatever row falls to which of 1 to 4 workers');
SET LOCAL max_parallel_workers_per_gather = 0;

-- ---------- as a window ----------

SELECT ok(bool_and(hedge.observations(m, 'A', 'B') = i AND near(hedge.covariance(m, 'A', 'B'), c, 1e-12 * c)), 'growing frames of the wide form')
FROM (SELECT i, hedge.comoment_matrix('{A,B}', ARRAY[i, sqrt(i)]) OVER (ORDER BY i) AS m, covar_samp(i, sqrt(i)) OVER (ORDER BY i) AS c
	FROM generate_series(1, 600) i) s WHERE i > 1;
SELECT ok(bool_and(hedge.observations(m, 'A', 'B') = i AND near(hedge.covariance(m, 'A', 'B'), c, 1e-12 * c)), 'growing frames of the long form')
FROM (SELECT i, k, hedge.comoment_matrix(chr(64 + k), timestamptz 'epoch' + i * interval '1 day', i ^ (1.0 / k)) OVER (ORDER BY i, k) AS m,
		covar_samp(i, sqrt(i)) FILTER (WHERE k = 2) OVER (ORDER BY i, k) AS c
	FROM generate_series(1, 300) i, generate_series(1, 2) k) s WHERE k = 2 AND i > 1;

-- ---------- assets that differ; arguments ----------

SELECT is(ARRAY[hedge.observations(m, 'a', 'b'), hedge.observations(m, 'a', 'c'), hedge.observations(m, 'c', 'b'), hedge.observations(m, 'c', 'c')],
	'{2,0,1,1}'::float8[], 'assets may differ from row to row')
FROM (SELECT hedge.comoment_matrix(assets, observations) AS m
	FROM (VALUES ('{a,b}'::text[], '{1,2}'::float8[]), ('{b,a}', '{3,4}'), ('{c,b}', '{5,6}'), (NULL, '{1}'), ('{a}', NULL), ('{}', '{}'), ('{a,c}', '{NULL,NULL}')) v(assets, observations)) s;
SELECT ok(hedge.pair(m, 'a', 'c') IS NULL AND hedge.corr(m, 'a', 'c') IS NULL AND hedge.observations(m, 'a', 'c') = 0, 'a pair never observed together')
FROM (SELECT hedge.comoment_matrix(assets, observations) AS m FROM (VALUES ('{a}'::text[], '{1}'::float8[]), ('{c}', '{2}')) v(assets, observations)) s;
SELECT ok(hedge.comoment_matrix(assets, observations) IS NULL, 'no rows: NULL') FROM wide WHERE false;
SELECT ok(hedge.comoment_matrix(asset, ts, value) IS NULL, 'no rows: NULL in the long form') FROM cell WHERE false;
SELECT ok(hedge.comoment_matrix(asset, ts, NULL) IS NULL, 'NULLs only: NULL in the long form') FROM cell;
SELECT ok(hedge.comoment_matrix('{}'::text[], '{}'::float8[]) IS NULL, 'no assets: NULL');
SELECT ok(hedge.rollup(m) IS NULL, 'rollup of NULLs is NULL') FROM (VALUES (NULL::hedge.comoment_matrix)) v(m);
SELECT is((SELECT row(p.*)::text FROM hedge.pairs(m) p), '(a,b,1,,,,,)', 'one row: no statistic') FROM hedge.comoment_matrix_accum(NULL, '{a,b}', '{1,2}') m;
SELECT is(hedge.correlation_matrix(hedge.comoment_matrix_accum(NULL, '{a,b}', '{1,2}')), '{{NULL,NULL},{NULL,NULL}}'::float8[], 'nor in the arrays');
SELECT is(hedge.assets(hedge.comoment_matrix_accum(NULL, '{é,z,"",Z,"a b",a}', '{1,2,3,4,5,6}')), '{"",Z,a,"a b",z,é}'::text[], 'labels of all kinds, in byte order');

-- ---------- NaN, infinities ----------

SELECT ok(bool_and(hedge.corr(m, 'a', 'c') = 'NaN' AND hedge.covariance(m, 'a', 'b') = 'NaN' AND hedge.volatility(m, 'a') = 'NaN'
		AND hedge.corr(m, 'b', 'c') BETWEEN -1 AND 1 AND hedge.volatility(m, 'b') > 0 AND hedge.observations(m, 'a', 'b') = 40)
	, 'NaN and infinities make NaN of their asset''s pairs alone')
FROM (SELECT hedge.comoment_matrix('{a,b,c}', ARRAY[CASE WHEN i = at THEN odd ELSE i END, i % 7, i % 5]) AS m
	FROM generate_series(1, 40) i, unnest('{1,17,40}'::int[]) at, unnest('{NaN,Infinity,-Infinity}'::float8[]) odd GROUP BY at, odd) s;
SELECT ok(hedge.corr(m, 'a', 'b') = 'NaN' AND hedge.corr(m, 'a', 'c') BETWEEN -1 AND 1 AND hedge.volatility(m, 'a') = 'NaN',
	'beside missing cells only the pairs whose common times hold one')
FROM (SELECT hedge.comoment_matrix('{a,b,c}', ARRAY[CASE WHEN i = 9 THEN 'Infinity' ELSE sin(i) END, i % 7, CASE WHEN i <> 9 THEN i % 5 END]) AS m FROM generate_series(1, 40) i) s;
SELECT ok(abs(e[1] - 2) <= 1e-14 AND abs(e[2] - 1) <= 1e-14 AND abs(e[3]) <= 1e-14, 'eigenvalues despite NaN, which counts as no correlation')
FROM (SELECT hedge.eigenvalues(hedge.comoment_matrix('{a,b,c}', ARRAY[CASE WHEN i = 9 THEN 'NaN' ELSE i::float8 END, i, 2 * i])) AS e FROM generate_series(1, 10) i) s;

-- ---------- square arrays, eigenvalues, nearest ----------

SELECT ok(bool_and(array_dims(c) = '[1:9][1:9]' AND near(c[i][j], hedge.corr(m, names[i], names[j]), 0)
	AND near(v[i][j], hedge.covariance(m, names[i], names[j]), 0)), 'square arrays hold what the accessors say')
FROM (SELECT m, hedge.correlation_matrix(m) AS c, hedge.covariance_matrix(m) AS v, hedge.assets(m) AS names FROM form WHERE what IN ('blocks', 'rollup of weeks')) s,
	generate_series(1, 9) i, generate_series(1, 9) j;
SELECT ok(bool_and(c[i][i] = 1), 'with exactly 1 on the diagonal') FROM (SELECT hedge.correlation_matrix(m) AS c FROM form WHERE kind <> 'constants') s, generate_series(1, 9) i;
SELECT ok(bool_and(array_length(e, 1) = 9 AND abs(total - 9) < 1e-13 AND sorted = e), 'eigenvalues add up to the number of assets, largest first')
FROM (SELECT hedge.eigenvalues(m) AS e FROM form) s, LATERAL (SELECT sum(v) AS total, array_agg(v ORDER BY v DESC) AS sorted FROM unnest(e) v) t;

-- Higham (2002), section 4: correlations 1, 0, 1; the 0 is made small since 0 stands for "none"
CREATE TABLE higham (m hedge.comoment_matrix, near hedge.comoment_matrix);
INSERT INTO higham SELECT m, hedge.nearest_psd(m) FROM (SELECT ('v1 pairwise 3 "a" "b" "c" 9 9 0 0 0 0 4 4 4 9 9 0 0 0 0 4 4 4 9 9 0 0 0 0 4 4 4 '
	|| '7 7 0 0 0 0 4 1 2e-9 9 9 0 0 0 0 4 1 2 9 9 0 0 0 0 1 1 1')::hedge.comoment_matrix) v(m);
SELECT is(ARRAY[round(hedge.corr(near, 'a', 'b')::numeric, 4), round(hedge.corr(near, 'a', 'c')::numeric, 4), round(hedge.corr(near, 'b', 'c')::numeric, 4)],
	'{0.7607,0.1573,0.7607}', 'the nearest correlation matrix as published') FROM higham;
SELECT ok((hedge.eigenvalues(m))[3] < -0.4 AND (hedge.eigenvalues(near))[3] > -1e-14, 'its smallest eigenvalue is not negative') FROM higham;
SELECT ok(hedge.observations(near, 'a', 'c') = 7 AND hedge.volatility(near, 'c') = hedge.volatility(m, 'c'), 'volatilities and observations stay') FROM higham;
SELECT ok(hedge.comoment_matrix_send(hedge.nearest_psd(near)) = hedge.comoment_matrix_send(near), 'the nearest of the nearest is itself') FROM higham;
SELECT ok(bool_and(hedge.comoment_matrix_send(hedge.nearest_psd(m)) = hedge.comoment_matrix_send(m)), 'what is positive semi-definite stays as it is')
FROM form WHERE NOT missing;
-- pairs measured on other times each
CREATE TABLE patchy AS SELECT k, hedge.comoment_matrix(chr(64 + a), timestamptz 'epoch' + t * interval '1 day', m * (a % 3 - 1) + random()) AS m
	FROM (SELECT k, t, random() * 3 AS m FROM generate_series(1, 30) k, generate_series(1, 12) t) s, generate_series(1, 12) a WHERE random() < 0.5 GROUP BY k;
SELECT ok(count(*) FILTER (WHERE (hedge.eigenvalues(m))[12] < -0.01) > 20, 'patchy matrices are mostly not positive semi-definite') FROM patchy;
SELECT ok(bool_and((hedge.eigenvalues(n))[12] > -1e-13), 'their nearest are') FROM (SELECT hedge.nearest_psd(m) AS n FROM patchy OFFSET 0) s;
SELECT ok(bool_and((p.correlation IS NULL) = (q.correlation IS NULL) AND coalesce(abs(q.correlation) <= 1, true) AND p.observations = q.observations
	AND p.volatility_y IS NOT DISTINCT FROM q.volatility_y), 'with the same gaps and volatilities')
FROM patchy, hedge.pairs(m) p JOIN LATERAL (SELECT * FROM hedge.pairs(hedge.nearest_psd(m))) q USING (asset_y, asset_x);

-- ---------- input and output, stored values ----------

CREATE TABLE stored (k serial, m hedge.comoment_matrix);
INSERT INTO stored (m) SELECT m FROM form UNION ALL SELECT m FROM patchy UNION ALL SELECT m FROM many_result UNION ALL SELECT near FROM higham;
INSERT INTO stored (m) SELECT hedge.comoment_matrix_accum(NULL, '{"q\"u\\o","",ö}', '{1e-300,NaN,1e300}') UNION ALL SELECT hedge.comoment_matrix_accum(NULL, '{x}', '{NULL}');
SELECT ok(bool_and(hedge.comoment_matrix_send(m) = hedge.comoment_matrix_send(m::text::hedge.comoment_matrix)), 'text loses no bit') FROM stored;
SET LOCAL extra_float_digits = -15;
SELECT ok(bool_and(hedge.comoment_matrix_send(m) = hedge.comoment_matrix_send(m::text::hedge.comoment_matrix)), 'nor with extra_float_digits = -15') FROM stored;
SET LOCAL extra_float_digits = 1;
SELECT ok(bool_or(pg_column_size(m) > 80000) AND bool_and(pg_column_size(m) >= 32), 'large ones are stored out of line') FROM stored;
-- one call site, many matrices in turn, large and small
SELECT ok(bool_and(n = cardinality(names) AND r = 1), 'a call site that meets matrix after matrix tells them apart')
FROM (SELECT cardinality(hedge.correlation_matrix(m)) AS c, cardinality(hedge.assets(m)) AS n, hedge.assets(m) AS names,
		coalesce(nullif(hedge.corr(m, (hedge.assets(m))[1], (hedge.assets(m))[1]), 'NaN'), 1) AS r
	FROM stored, generate_series(1, 3) ORDER BY random()) s WHERE c = n * n;
SELECT ok(bool_and(a = b), 'and agrees with itself in another order')
FROM (SELECT sum(hedge.observations(m, (hedge.assets(m))[1], (hedge.assets(m))[1])) AS a FROM (SELECT m FROM stored ORDER BY k) s) x,
	(SELECT sum(hedge.observations(m, (hedge.assets(m))[1], (hedge.assets(m))[1])) AS b FROM (SELECT m FROM stored ORDER BY k DESC) s) y;

SELECT * FROM finish();
ROLLBACK;
