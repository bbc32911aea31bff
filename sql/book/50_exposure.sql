-- section: views
-- From positions to exposures. Views whose name begins with _ are steps of the others, for every
-- run; the others show the latest run of each model. They pick it by run = ANY (ARRAY(...)), which
-- the planner computes once and pushes below the grouping, as it does a filter on portfolio.

CREATE OR REPLACE VIEW @book@.latest_run WITH (security_invoker = true) AS
SELECT
	m.model,
	r.run::integer AS run,
	r.as_of,
	r.window_start,
	r.window_end,
	r.bars,
	r.assets,
	r.repaired AS correlation_repaired,
	r.created_at
FROM @book@.model AS m
CROSS JOIN LATERAL (
	SELECT x.run, x.as_of, x.window_start, x.window_end, x.bars, x.assets, x.repaired, x.created_at
	FROM @book@.model_run AS x
	WHERE x.model = m.model
	ORDER BY x.as_of DESC, x.run DESC
	LIMIT 1) AS r;
COMMENT ON VIEW @book@.latest_run IS 'The run of each model that the views show: the one with the latest as_of, of several the last made.';
COMMENT ON COLUMN @book@.latest_run.model IS 'The model.';
COMMENT ON COLUMN @book@.latest_run.run IS 'Number of the run.';
COMMENT ON COLUMN @book@.latest_run.as_of IS 'Prices after this instant were not read.';
COMMENT ON COLUMN @book@.latest_run.window_start IS 'Start of the first bar of the estimate.';
COMMENT ON COLUMN @book@.latest_run.window_end IS 'Start of the last bar of the estimate.';
COMMENT ON COLUMN @book@.latest_run.bars IS 'Bars of the estimate; fewer than lookback where history is short.';
COMMENT ON COLUMN @book@.latest_run.assets IS 'Assets in the estimate.';
COMMENT ON COLUMN @book@.latest_run.correlation_repaired IS 'True: portfolio_risk uses the nearest positive semi-definite correlations.';
COMMENT ON COLUMN @book@.latest_run.created_at IS 'When the run was made.';

CREATE OR REPLACE VIEW @book@._position WITH (security_invoker = true) AS
SELECT
	p.portfolio::text AS portfolio,
	p.asset::text AS asset,
	CASE WHEN abs(@quantity@) <= 1e50 THEN @quantity@ END AS quantity,
	CASE
		WHEN abs(@quantity@) <= 1e50 AND abs(@delta@) <= 1e50 THEN @quantity@ * @delta@
		WHEN abs(@quantity@) <= 'infinity' AND abs(@delta@) <= 'infinity' THEN 'infinity'
		ELSE 'NaN'
	END AS delta_quantity
FROM @positions@ AS p;
COMMENT ON VIEW @book@._position IS 'Positions with numbers that can be reckoned with: quantity x delta of magnitudes up to 1e50, so that no product made of them leaves the range of numbers; infinite where one is above, NaN where one is no number or NULL. A step of exposure.';

CREATE OR REPLACE VIEW @book@._unit WITH (security_invoker = true) AS
SELECT
	a.run,
	a.asset,
	a.return_kind,
	a.price,
	a.price_time,
	a.stale OR f.foreign_currency AND x.stale AS stale,
	a.volatility,
	a.observations,
	concat_ws('; ',
		CASE WHEN a.stale THEN 'stale price' END,
		CASE WHEN f.foreign_currency AND x.stale THEN 'stale price of fx_asset ' || i.fx_asset END,
		a.note) AS note,
	coalesce(i.currency, b.base_currency) AS currency,
	f.fx,
	CASE WHEN abs(n.unit_notional) <= 1e100 THEN n.unit_notional END AS unit_notional,
	CASE WHEN abs(e.unit_exposure) <= 1e100 THEN e.unit_exposure END AS unit_exposure,
	CASE WHEN f.foreign_currency AND i.funded THEN i.fx_asset END AS funding_asset,
	CASE WHEN t.volatility IS NOT NULL THEN i.benchmark END AS benchmark,
	CASE WHEN t.return_kind = 'difference' THEN t.price ELSE 1 END AS benchmark_scale,
	i.bucket,
	CASE
		WHEN a.price IS NULL THEN 'no price'
		WHEN f.foreign_currency AND i.fx_asset IS NULL THEN 'currency ' || i.currency || ' has no fx_asset'
		WHEN f.fx IS NULL THEN 'no price of fx_asset ' || i.fx_asset
		WHEN e.unit_exposure IS NULL THEN 'inverse contract at price 0'
		WHEN abs(n.unit_notional) > 1e100 OR abs(e.unit_exposure) > 1e100 THEN 'value of a contract is out of range'
	END AS problem,
	coalesce(i.contract_kind, 'linear')
		|| CASE WHEN a.return_kind = 'difference' THEN ', per unit of price' ELSE '' END AS basis,
	CASE WHEN a.return_kind <> 'difference' THEN 1 WHEN abs(a.price) >= 1e-100 THEN a.price END AS funding_divisor
FROM @book@.run_asset AS a
CROSS JOIN @book@.book AS b
LEFT JOIN @book@.instrument AS i ON i.asset = a.asset
LEFT JOIN @book@.run_asset AS x ON x.run = a.run AND x.asset = i.fx_asset
LEFT JOIN @book@.run_asset AS t ON t.run = a.run AND t.asset = i.benchmark
CROSS JOIN LATERAL (
	SELECT
		coalesce(i.currency <> b.base_currency, false) AS foreign_currency,
		CASE WHEN coalesce(i.currency <> b.base_currency, false) THEN x.price ELSE 1 END AS fx) AS f
CROSS JOIN LATERAL (
	SELECT CASE
		WHEN a.price IS NULL THEN NULL
		WHEN i.contract_kind = 'inverse' THEN i.contract_size * f.fx
		ELSE coalesce(i.contract_size, 1) * a.price * f.fx
	END AS unit_notional) AS n
CROSS JOIN LATERAL (
	SELECT CASE
		WHEN a.return_kind <> 'difference' OR a.price IS NULL THEN n.unit_notional
		WHEN i.contract_kind <> 'inverse' OR i.asset IS NULL THEN coalesce(i.contract_size, 1) * f.fx
		WHEN abs(a.price) >= 1e-100 THEN n.unit_notional / a.price
	END AS unit_exposure) AS e;
COMMENT ON VIEW @book@._unit IS 'Run and asset: what one contract of delta 1 is worth and exposes to, in the base currency. A step of exposure.';

CREATE OR REPLACE VIEW @book@._units WITH (security_invoker = true) AS
SELECT
	u.run,
	array_agg(u.asset) AS assets,
	array_agg(u.unit_notional) AS unit_notionals,
	array_agg(u.unit_exposure) AS unit_exposures,
	array_agg(u.funding_divisor) AS funding_divisors,
	array_agg(u.funding_asset) AS funding_assets,
	array_agg(u.price_time) AS price_times,
	array_agg(u.volatility IS NOT NULL) AS estimated
FROM (SELECT x.* FROM @book@._unit AS x ORDER BY x.run, x.asset COLLATE "C") AS u
GROUP BY u.run;
COMMENT ON VIEW @book@._units IS 'Run: what _unit says of its assets, as arrays in byte order of their names, for the aggregate hedge._legs. A step of the snapshot.';

-- hedge._legs has the same arithmetic (kernel/exposure.c); a test compares them.
CREATE OR REPLACE VIEW @book@._exposure WITH (security_invoker = true) AS
SELECT
	g.portfolio,
	g.model,
	g.run,
	g.asset,
	g.positions,
	CASE WHEN k.problem IS NULL THEN g.quantity + 0 END AS quantity,	-- + 0: no number shows as -0
	CASE WHEN k.problem IS NULL THEN g.quantity * u.unit_notional + 0 END AS notional,
	CASE WHEN abs(e.delta_notional) <= 1e100 THEN e.delta_notional + 0 END AS delta_notional,
	CASE WHEN abs(e.exposure) <= 1e100 THEN e.exposure + 0 END AS exposure,
	u.unit_exposure,
	u.currency,
	u.fx,
	u.price,
	u.price_time,
	u.stale,
	u.volatility,
	u.return_kind,
	u.observations,
	u.benchmark,
	u.benchmark_scale,
	u.bucket,
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
	SELECT s.portfolio, s.model, s.run, s.asset,
		sum(s.quantity) AS quantity,
		sum(s.delta_quantity) AS delta_quantity,
		sum(s.funded_value) AS funded_value,
		count(*) FILTER (WHERE s.held) AS positions,
		count(*) FILTER (WHERE NOT s.held) AS funded,
		count(*) FILTER (WHERE NOT s.held AND s.funded_value IS NULL) AS unpriced
	FROM (
		SELECT p.portfolio, r.model, r.run, p.asset, true AS held,
			p.quantity,
			p.delta_quantity,
			NULL::float8 AS funded_value
		FROM @book@._position AS p
		CROSS JOIN @book@.model_run AS r
		UNION ALL
		SELECT p.portfolio, r.model, r.run, u.funding_asset, false,
			NULL,
			NULL,
			p.delta_quantity * u.unit_notional
		FROM @book@._position AS p
		JOIN @book@.instrument AS i ON i.asset = p.asset AND i.funded
		JOIN @book@._unit AS u ON u.asset = i.asset
		JOIN @book@.model_run AS r ON r.run = u.run
		WHERE u.funding_asset IS NOT NULL) AS s
	GROUP BY s.portfolio, s.model, s.run, s.asset) AS g
LEFT JOIN @book@._unit AS u ON u.run = g.run AND u.asset = g.asset
CROSS JOIN LATERAL (
	SELECT CASE
		WHEN g.delta_quantity = 'NaN' OR g.funded_value = 'NaN' THEN 'quantity or delta is not a number'
		WHEN abs(g.delta_quantity) = 'infinity' OR abs(g.funded_value) = 'infinity' THEN 'quantity or delta is out of range'
		WHEN g.unpriced > 0 THEN 'funded holdings in this currency without a price'
	END AS problem) AS k
CROSS JOIN LATERAL (
	SELECT
		CASE WHEN k.problem IS NULL THEN
			coalesce(g.delta_quantity, 0) * u.unit_notional + coalesce(g.funded_value, 0) END AS delta_notional,
		CASE WHEN k.problem IS NULL THEN
			coalesce(g.delta_quantity, 0) * u.unit_exposure
			+ CASE WHEN g.funded > 0 THEN g.funded_value / u.funding_divisor ELSE 0 END END AS exposure) AS e;
COMMENT ON VIEW @book@._exposure IS 'Portfolio, run and asset: exposures of all runs to the present positions. A step of exposure.';

CREATE OR REPLACE VIEW @book@.exposure WITH (security_invoker = true) AS
SELECT
	e.portfolio,
	e.model,
	r.as_of,
	e.asset,
	e.quantity,
	e.price,
	e.price_time,
	e.currency,
	e.fx,
	e.notional,
	e.exposure,
	e.volatility,
	e.volatility * sqrt(m.bars_per_year) AS volatility_annual,
	e.exposure * e.volatility + 0 AS risk,
	e.observations,
	e.benchmark,
	e.bucket,
	e.basis
FROM @book@._exposure AS e
JOIN @book@.model_run AS r ON r.run = e.run
JOIN @book@.model AS m ON m.model = r.model
WHERE e.run = ANY (ARRAY(SELECT l.run::bigint FROM @book@.latest_run AS l));
COMMENT ON VIEW @book@.exposure IS 'Portfolio x model x asset: what is held, at the price and volatility of each model''s latest run. A holding without a price or without enough returns stands here, too: basis says why.';
COMMENT ON COLUMN @book@.exposure.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.exposure.model IS 'The model.';
COMMENT ON COLUMN @book@.exposure.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.exposure.asset IS 'What is held, or the fx_asset of funded holdings in a foreign currency.';
COMMENT ON COLUMN @book@.exposure.quantity IS 'Contracts held, summed over the position rows; negative when short. NULL: nothing held of the asset itself, or a row is no number or above 1e50.';
COMMENT ON COLUMN @book@.exposure.price IS 'Last good price of the run, on the calendar or not, in currency. NULL: none.';
COMMENT ON COLUMN @book@.exposure.price_time IS 'Instant of price.';
COMMENT ON COLUMN @book@.exposure.currency IS 'The instrument''s currency.';
COMMENT ON COLUMN @book@.exposure.fx IS 'Base currency per unit of currency; 1 for the base currency. NULL: unknown.';
COMMENT ON COLUMN @book@.exposure.notional IS 'Value of the contracts held in base currency, without delta: quantity x contract_size x price x fx, of an inverse contract without the price; negative when short. NULL: unknown, or only funded holdings in this currency.';
COMMENT ON COLUMN @book@.exposure.exposure IS 'Signed delta-equivalent notional in base currency: profit and loss = exposure x return. Linear: quantity x contract_size x delta x price x fx; inverse: without the price; plus the value of funded holdings in this currency. Under difference returns all of it per unit of price. A delta that is NULL is unknown, as one that is no number; positions without a column delta have delta 1. NULL: unknown, see basis.';
COMMENT ON COLUMN @book@.exposure.volatility IS 'Standard deviation of the return, per bar; under difference returns in units of price. NULL: too few returns, or above 1e50.';
COMMENT ON COLUMN @book@.exposure.volatility_annual IS 'volatility x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.exposure.risk IS 'exposure x volatility: standard deviation of the leg''s profit and loss per bar, in base currency, with the sign of the exposure.';
COMMENT ON COLUMN @book@.exposure.observations IS 'Returns that volatility is made of.';
COMMENT ON COLUMN @book@.exposure.benchmark IS 'The instrument''s benchmark, where it can be estimated.';
COMMENT ON COLUMN @book@.exposure.bucket IS 'The instrument''s bucket.';
COMMENT ON COLUMN @book@.exposure.basis IS 'How exposure was made: linear, inverse, currency of funded holdings; or why there is none; after a semicolon, stale price (of it or of its fx_asset, as in data_quality), and why there is no volatility.';
