-- section: views
-- For charts: correlations as a table to colour, and as series in time.

CREATE OR REPLACE VIEW @book@.correlation WITH (security_invoker = true) AS
SELECT
	l.model,
	l.as_of,
	d.asset_y,
	d.asset_x,
	p.observations::integer AS observations,
	p.correlation,
	d.hedge_ratio
FROM @book@.latest_run AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = l.model
CROSS JOIN LATERAL hedge.pairs(r.matrix) AS p
CROSS JOIN LATERAL (VALUES
	(p.asset_y, p.asset_x, p.hedge_ratio),
	(p.asset_x, p.asset_y, p.correlation * p.volatility_x / nullif(p.volatility_y, 0))) AS d (asset_y, asset_x, hedge_ratio)
WHERE p.observations >= m.minimum_observations AND p.correlation IS NOT NULL;
COMMENT ON VIEW @book@.correlation IS 'Model x pair: correlations of each model''s latest run, as a heat map reads them. Each pair stands twice, once in each direction; pairs with fewer than minimum_observations common returns, or with a constant side, are left out.';
COMMENT ON COLUMN @book@.correlation.model IS 'The model.';
COMMENT ON COLUMN @book@.correlation.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.correlation.asset_y IS 'The asset held.';
COMMENT ON COLUMN @book@.correlation.asset_x IS 'The hedge.';
COMMENT ON COLUMN @book@.correlation.observations IS 'Returns that both have.';
COMMENT ON COLUMN @book@.correlation.correlation IS 'Correlation of their common returns, from -1 to 1.';
COMMENT ON COLUMN @book@.correlation.hedge_ratio IS 'Minimum-variance hedge ratio of asset_y by asset_x over these returns: exposure in asset_x to sell for each unit of exposure in asset_y. NULL: asset_x is constant.';

CREATE OR REPLACE VIEW @book@.rolling_correlation WITH (security_invoker = true) AS
SELECT
	l.model,
	y.asset AS asset_y,
	x.asset AS asset_x,
	s.bar AS time,
	s.correlation,
	(s.bounds).low AS correlation_low,
	(s.bounds).high AS correlation_high,
	s.hedge_ratio,
	(s.bar AT TIME ZONE m.time_zone)::date AS day
FROM @book@.latest_run AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = l.model
JOIN @book@.run_asset AS y ON y.run = r.run
JOIN @book@.run_asset AS x ON x.run = r.run AND x.asset <> y.asset
CROSS JOIN LATERAL (
	SELECT w.bar, hedge.corr(w.comoments) AS correlation, hedge.corr_interval(w.comoments, m.confidence_level) AS bounds,
		hedge.hedge_ratio(w.comoments) AS hedge_ratio
	FROM (
		SELECT c.bar,
			hedge.comoments(c.y, c.x) OVER (ORDER BY c.bar ROWS BETWEEN m.rolling_bars - 1 PRECEDING AND CURRENT ROW) AS comoments,
			row_number() OVER (ORDER BY c.bar) AS common
		FROM (
			SELECT t.bar, t.y, t.x
			FROM @book@.return_block AS b
			CROSS JOIN LATERAL (SELECT array_position(b.assets, y.asset) AS y, array_position(b.assets, x.asset) AS x) AS n
			CROSS JOIN LATERAL unnest(b.bars, b.returns[n.y:n.y][:], b.returns[n.x:n.x][:]) AS t (bar, y, x)
			WHERE b.block = ANY (r.blocks)) AS c
		WHERE c.bar >= r.window_start AND c.y IS NOT NULL AND c.x IS NOT NULL) AS w
	WHERE w.common >= m.rolling_bars
	OFFSET 0) AS s;
COMMENT ON VIEW @book@.rolling_correlation IS 'Model x pair x bar: correlation over the last rolling_bars common returns, through the window of each model''s latest run. Computed when it is read, pair by pair: filter on asset_y and asset_x. Each pair stands twice, once in each direction.';
COMMENT ON COLUMN @book@.rolling_correlation.model IS 'The model.';
COMMENT ON COLUMN @book@.rolling_correlation.asset_y IS 'The asset held.';
COMMENT ON COLUMN @book@.rolling_correlation.asset_x IS 'The hedge.';
COMMENT ON COLUMN @book@.rolling_correlation.time IS 'Start of the last bar of the rolling_bars common returns.';
COMMENT ON COLUMN @book@.rolling_correlation.correlation IS 'Correlation of these returns, from -1 to 1; NULL: a side is constant.';
COMMENT ON COLUMN @book@.rolling_correlation.correlation_low IS 'Lower end of its interval at the model''s confidence_level (Fisher''s, for independent normal returns: too narrow where tails are heavy; correlation_stability has the robust one of the whole window).';
COMMENT ON COLUMN @book@.rolling_correlation.correlation_high IS 'Upper end of that interval.';
COMMENT ON COLUMN @book@.rolling_correlation.hedge_ratio IS 'Minimum-variance hedge ratio of asset_y by asset_x over these returns; NULL: asset_x is constant.';
COMMENT ON COLUMN @book@.rolling_correlation.day IS 'The day of time in the model''s time zone.';

CREATE OR REPLACE VIEW @book@.time_series WITH (security_invoker = true) AS
SELECT r.as_of AS time, v.metric, v.value, r.model, o.portfolio, o.asset_a, o.asset_b,
	(r.as_of AT TIME ZONE m.time_zone)::date AS day
FROM @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
JOIN @book@.offset_snapshot AS o ON o.run = r.run
CROSS JOIN LATERAL (VALUES
	('correlation', o.correlation),
	('hedge_ratio', o.hedge_ratio),
	('risk_offset', o.risk_offset),
	('net_risk', o.net_risk)) AS v (metric, value)
WHERE r.run = (SELECT max(k.run) FROM @book@.model_run AS k WHERE k.model = r.model AND k.as_of = r.as_of)
UNION ALL
SELECT r.as_of, v.metric, v.value, r.model, NULL, a.asset, NULL, (r.as_of AT TIME ZONE m.time_zone)::date
FROM @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
JOIN @book@.run_asset AS a ON a.run = r.run
CROSS JOIN LATERAL (VALUES
	('price', a.price),
	('volatility', a.volatility)) AS v (metric, value)
WHERE r.run = (SELECT max(k.run) FROM @book@.model_run AS k WHERE k.model = r.model AND k.as_of = r.as_of)
	AND v.value IS NOT NULL;
COMMENT ON VIEW @book@.time_series IS 'What refreshes found, in the long form that dashboards draw: a row is one value of one metric at the as_of of a run that is kept. Of pairs in the snapshot: correlation, hedge_ratio, risk_offset, net_risk. Of assets: price, volatility. Of several runs as of one time, the last.';
COMMENT ON COLUMN @book@.time_series.time IS 'Time of the estimate.';
COMMENT ON COLUMN @book@.time_series.metric IS 'What the value is: correlation, hedge_ratio, risk_offset, net_risk, price or volatility, each as in the column of this name of materialized_offsets or exposure.';
COMMENT ON COLUMN @book@.time_series.value IS 'The value: money for risk_offset and net_risk, per bar for volatility. NULL: no hedge_ratio.';
COMMENT ON COLUMN @book@.time_series.model IS 'The model.';
COMMENT ON COLUMN @book@.time_series.portfolio IS 'Who holds the pair; NULL: the value is of an asset.';
COMMENT ON COLUMN @book@.time_series.asset_a IS 'The leg with the larger risk, or the asset.';
COMMENT ON COLUMN @book@.time_series.asset_b IS 'The other leg; NULL: the value is of an asset.';
COMMENT ON COLUMN @book@.time_series.day IS 'The day of time in the model''s time zone.';
