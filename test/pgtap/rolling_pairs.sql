-- rolling_pairs: the numbers of each pair against rolling_corr() on that pair.
BEGIN;
SELECT plan(15);

-- 20 assets over 400 times: plain ones, and one each with a level, an outlier, gaps, a constant
-- stretch, a NaN, an infinity, a huge value; deterministic noise.
SELECT setseed(0.25);
CREATE TEMP TABLE cell AS
SELECT a, t, CASE
	WHEN a = 3 THEN 1e9 + round((random() * 1000)::numeric) / 1024
	WHEN a = 5 AND t = 200 THEN 1e12
	WHEN a = 7 AND t % 9 = 0 THEN NULL
	WHEN a = 8 AND t BETWEEN 100 AND 190 THEN 0.09
	WHEN a = 9 AND t = 150 THEN 'NaN'
	WHEN a = 10 AND t = 250 THEN 'Infinity'
	WHEN a = 11 AND t = 260 THEN 1e145
	WHEN a = 12 THEN NULL
	WHEN a = 13 THEN 4.2
	ELSE random() - 0.5 + 0.3 * sin(t / 20.0) END::float8 AS v
FROM generate_series(1, 20) AS a, generate_series(1, 400) AS t;

CREATE TEMP TABLE panel AS
SELECT array_agg('A' || a ORDER BY a) AS assets, array_agg(r ORDER BY a) AS observations
FROM (SELECT a, array_agg(v ORDER BY t) AS r FROM cell GROUP BY a) AS s;

CREATE FUNCTION pg_temp.plain(bars integer)
RETURNS TABLE (asset_y text, asset_x text, windows integer, minimum float8, maximum float8, mean float8, sd float8,
	latest float8, sign_changes integer)
LANGUAGE sql AS $$
	WITH rolled AS (
		SELECT y.a AS y, x.a AS x, y.t, hedge.rolling_corr(y.v, x.v) OVER w AS r
		FROM cell AS y JOIN cell AS x ON x.t = y.t AND x.a > y.a
		WINDOW w AS (PARTITION BY y.a, x.a ORDER BY y.t ROWS BETWEEN bars - 1 PRECEDING AND CURRENT ROW)
	), counted AS (
		SELECT * FROM rolled WHERE t >= bars AND r <> 'NaN'
	), signs AS (
		SELECT y, x, count(*) FILTER (WHERE r * before < 0)::integer AS changes
		FROM (SELECT y, x, r, lag(r) OVER (PARTITION BY y, x ORDER BY t) AS before FROM counted WHERE r <> 0) AS s
		GROUP BY y, x
	)
	SELECT 'A' || p.y, 'A' || p.x, count(c.r)::integer, min(c.r), max(c.r), avg(c.r),
		coalesce(stddev_samp(c.r), CASE WHEN count(c.r) = 1 THEN 0 END),
		(SELECT nullif(l.r, 'NaN') FROM rolled AS l WHERE l.y = p.y AND l.x = p.x AND l.t = 400),
		CASE WHEN count(c.r) > 0 THEN coalesce((SELECT s.changes FROM signs AS s WHERE s.y = p.y AND s.x = p.x), 0) END
	FROM (SELECT DISTINCT y, x FROM rolled) AS p
	LEFT JOIN counted AS c ON c.y = p.y AND c.x = p.x
	GROUP BY p.y, p.x
$$;

CREATE FUNCTION pg_temp.differences(bars integer) RETURNS bigint
LANGUAGE sql AS $$
	SELECT count(*)
	FROM pg_temp.plain(bars) AS p
	FULL JOIN (SELECT r.* FROM panel, hedge.rolling_pairs(assets, observations, bars) AS r) AS r USING (asset_y, asset_x)
	WHERE p.windows IS DISTINCT FROM r.windows
		OR p.sign_changes IS DISTINCT FROM r.sign_changes
		OR coalesce(abs(p.minimum - r.minimum) > 1e-12, p.minimum IS DISTINCT FROM r.minimum)
		OR coalesce(abs(p.maximum - r.maximum) > 1e-12, p.maximum IS DISTINCT FROM r.maximum)
		OR coalesce(abs(p.mean - r.mean) > 1e-12, p.mean IS DISTINCT FROM r.mean)
		OR coalesce(abs(p.sd - r.standard_deviation) > 1e-12, p.sd IS DISTINCT FROM r.standard_deviation)
		OR coalesce(abs(p.latest - r.latest) > 1e-12, p.latest IS DISTINCT FROM r.latest)
$$;

SELECT is(pg_temp.differences(60), 0::bigint, 'windows of 60 bars, as rolling_corr has them');
SELECT is(pg_temp.differences(7), 0::bigint, 'windows of 7 bars');
SELECT is(pg_temp.differences(2), 0::bigint, 'windows of 2 bars, where every correlation is 1 or -1');
SELECT is(pg_temp.differences(128), 0::bigint, 'a window that is a power of two');
SELECT is(pg_temp.differences(399), 0::bigint, 'two windows');
SELECT is(pg_temp.differences(400), 0::bigint, 'one window');
SELECT is((SELECT count(*) FROM panel, hedge.rolling_pairs(assets, observations, 400)), 190::bigint, 'a row a pair');
SELECT is((SELECT count(*) FROM panel, hedge.rolling_pairs(assets, observations, 401)), 0::bigint,
	'no row without a full window');
SELECT is((SELECT count(*) FROM panel, hedge.rolling_pairs(assets, observations, 60) WHERE asset_x = 'A13' AND windows > 0),
	0::bigint, 'nothing correlates with a constant');
SELECT ok((SELECT bool_and(minimum >= -1 AND maximum <= 1) FROM panel, hedge.rolling_pairs(assets, observations, 2)),
	'correlations stay within [-1, 1]');
SELECT is((SELECT count(*) FROM hedge.rolling_pairs('{}', '{}', 5)), 0::bigint, 'no assets, no rows');
SELECT throws_ok('SELECT * FROM hedge.rolling_pairs(''{a,b}'', ''{{1,2,3},{1,2,4}}'', 1)', '22023',
	'a window of 1 bars has no correlation', 'a window too short');
SELECT throws_ok('SELECT * FROM hedge.rolling_pairs(''{a,b}'', ''{1,2}'', 2)', '2202E', NULL, 'an array of one dimension');
SELECT throws_ok('SELECT * FROM hedge.rolling_pairs(''{a,NULL}'', ''{{1,2},{3,4}}'', 2)', '22004', NULL, 'a NULL asset');
SELECT throws_ok('SELECT * FROM hedge.rolling_pairs(''{a,b,a}'', ''{{1,2},{3,4},{5,6}}'', 2)', '21000',
	'asset "a" is given twice', 'an asset twice');

SELECT * FROM finish();
ROLLBACK;
