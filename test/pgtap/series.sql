-- Views for charts: against hedge.pairs and the evidence of the same run, and window aggregates over prices.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

-- 120 days of four walks; Gap lacks every seventh day, Flat never moves.
SELECT setseed(0.7);
CREATE TABLE px (asset text, ts timestamptz, price float8);
WITH number AS MATERIALIZED (SELECT d, random() - 0.5 AS f, random() - 0.5 AS g, random() - 0.5 AS h FROM generate_series(1, 120) AS d)
INSERT INTO px
SELECT v.asset, timestamptz '2024-01-01 12:00:00+00' + d * interval '1 day', 50 * exp(0.02 * sum(v.r) OVER (PARTITION BY v.asset ORDER BY d))
FROM number CROSS JOIN LATERAL (VALUES ('Base', f), ('Close', f + 0.4 * g), ('Gap', -f + 0.6 * h), ('Flat', 0)) AS v (asset, r);
DELETE FROM px WHERE asset = 'Gap' AND extract(doy FROM ts)::integer % 7 = 0;
CREATE TABLE held (portfolio text, asset text, quantity float8);
INSERT INTO held VALUES ('p', 'Base', 10), ('p', 'Close', -9), ('p', 'Gap', 8), ('q', 'Base', 5), ('q', 'Close', -7), ('q', 'Flat', 3);
SELECT hedge.create_book('c', positions => 'held', prices => 'px');
UPDATE c.model SET lookback = 90, minimum_observations = 40, calendar_quorum = 0.5, rolling_bars = 30;
CALL hedge.refresh('c', as_of => '2024-04-10');
CALL hedge.refresh('c', as_of => '2024-04-20');
CALL hedge.refresh('c', as_of => '2024-04-20');

-- ---------- correlation ----------

SELECT results_eq('SELECT asset_y, asset_x, correlation, hedge_ratio FROM c.correlation WHERE asset_y COLLATE "C" < asset_x ORDER BY 1, 2',
	$$SELECT p.asset_y, p.asset_x, p.correlation, p.hedge_ratio FROM c.latest_run JOIN c.model_run AS r USING (run) CROSS JOIN hedge.pairs(r.matrix) AS p
		WHERE p.correlation IS NOT NULL ORDER BY 1, 2$$, 'correlation has the pairs of the latest run');
SELECT ok((SELECT count(*) = 3 FROM c.correlation WHERE asset_y COLLATE "C" < asset_x), 'without those of a constant');
SELECT ok((SELECT bool_and(abs(v.hedge_ratio / hedge.hedge_ratio(r.matrix, v.asset_y, v.asset_x) - 1) < 1e-14) AND count(*) = 6
	FROM c.correlation AS v CROSS JOIN c.latest_run JOIN c.model_run AS r USING (run)), 'and the hedge ratio of each direction');
UPDATE c.model SET minimum_observations = 85;
SELECT is((SELECT string_agg(asset_y, ' ' ORDER BY asset_y) FROM c.correlation), 'Base Close', 'pairs with too few common returns are left out');
UPDATE c.model SET minimum_observations = 40;

-- ---------- rolling_correlation ----------

CREATE TEMP TABLE plain AS
SELECT y, x, bar, count(*) OVER w AS n, corr(ry, rx) OVER w AS correlation, regr_slope(ry, rx) OVER w AS slope
FROM (
	SELECT y.asset AS y, x.asset AS x, y.bar, y.r AS ry, x.r AS rx
	FROM (SELECT asset, ts::date AS bar, price / lag(price) OVER (PARTITION BY asset ORDER BY ts) - 1 AS r,
			ts - lag(ts) OVER (PARTITION BY asset ORDER BY ts) AS step FROM px) AS y
	JOIN (SELECT asset, ts::date AS bar, price / lag(price) OVER (PARTITION BY asset ORDER BY ts) - 1 AS r,
			ts - lag(ts) OVER (PARTITION BY asset ORDER BY ts) AS step FROM px) AS x USING (bar)
	WHERE y.asset <> x.asset AND y.step = '1 day' AND x.step = '1 day' AND bar >= (SELECT window_start::date FROM c.latest_run) AND bar < '2024-04-20') AS common
WINDOW w AS (PARTITION BY y, x ORDER BY bar ROWS 29 PRECEDING);
SELECT is_empty($$
	SELECT * FROM (SELECT * FROM c.rolling_correlation WHERE 'Flat' NOT IN (asset_y, asset_x)) AS v
	FULL JOIN (SELECT * FROM plain WHERE n = 30 AND 'Flat' NOT IN (y, x)) AS p ON (p.y, p.x, p.bar) = (v.asset_y, v.asset_x, v.time::date)
	WHERE (abs(v.correlation - p.correlation) < 1e-12 AND abs(v.hedge_ratio / p.slope - 1) < 1e-10) IS NOT TRUE$$,
	'rolling_correlation is corr and regr_slope over the same frames, bar by bar');
SELECT ok((SELECT count(*) > 200 FROM c.rolling_correlation), 'of which there are many');
SELECT ok((SELECT bool_and(correlation IS NULL AND correlation_low IS NULL) AND count(*) > 0 FROM c.rolling_correlation WHERE asset_x = 'Flat'),
	'NULL where a side is constant');
SELECT ok((SELECT bool_and(correlation_low < correlation AND correlation < correlation_high) FROM c.rolling_correlation
	WHERE 'Flat' NOT IN (asset_y, asset_x)), 'within its interval');
SELECT ok((SELECT count(*) = 2 AND bool_and(abs(v.correlation - s.rolling_latest) < 1e-12)
	FROM c.correlation_stability AS s
	JOIN LATERAL (SELECT r.correlation FROM c.rolling_correlation AS r WHERE (r.asset_y, r.asset_x) = (s.asset_y, s.asset_x)
		ORDER BY r.time DESC LIMIT 1) AS v ON true
	WHERE s.asset_y IN ('Base', 'Close') AND s.asset_x IN ('Base', 'Close')), 'its latest is that of the evidence');

-- ---------- time_series ----------

SELECT results_eq($$SELECT time, portfolio, asset_a, asset_b, value FROM c.time_series WHERE metric = 'risk_offset' ORDER BY 1, 2, 3, 4$$,
	$$SELECT r.as_of, o.portfolio, o.asset_a, o.asset_b, o.risk_offset FROM c.offset_snapshot AS o JOIN c.model_run AS r USING (run)
		WHERE run <> 2 ORDER BY 1, 2, 3, 4$$, 'time_series has the pairs of each time once');
SELECT results_eq($$SELECT metric, count(*)::integer FROM c.time_series GROUP BY 1 ORDER BY 1$$,
	$$SELECT m, CASE WHEN m IN ('price', 'volatility') THEN 8 ELSE (SELECT count(*)::integer FROM c.offset_snapshot WHERE run <> 2) END
		FROM unnest(ARRAY['correlation', 'hedge_ratio', 'net_risk', 'price', 'risk_offset', 'volatility']) AS m ORDER BY 1$$, 'in every metric');
UPDATE c.model SET time_zone = 'Asia/Tokyo';
SELECT ok((SELECT bool_and(day = (time + interval '9 hours')::date) FROM c.time_series)
	AND (SELECT bool_and(day = (time + interval '9 hours')::date) FROM c.rolling_correlation), 'with the day where the model is');
SELECT is((SELECT min(run) FROM c.model_run), 1::bigint, '(runs are 1 to 3)');

SELECT * FROM finish();
ROLLBACK;
