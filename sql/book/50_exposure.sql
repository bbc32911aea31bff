-- section: views
-- From positions to exposures. Views whose name begins with _ are steps of the others, for every
-- run; the others show the latest run of each model. They pick it by run = ANY (ARRAY(...)), which
-- the planner computes once; a filter on portfolio it pushes below the grouping of positions. What
-- is held becomes exposures in hedge._exposures (kernel/exposure.c), for all views alike.

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
	hedge._delta_quantity(@quantity@, @delta@) AS delta_quantity
FROM @positions@ AS p;
COMMENT ON VIEW @book@._position IS 'Positions with numbers that can be reckoned with: quantities up to 1e50 in magnitude, else NULL, and quantity x delta as hedge._delta_quantity has it. A step of exposure.';

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
		WHEN least(i.contract_size, abs(f.fx)) < 1e-100 OR i.contract_kind IS DISTINCT FROM 'inverse' AND abs(a.price) < 1e-100 THEN 0 * f.fx
		WHEN i.contract_kind = 'inverse' THEN i.contract_size * f.fx
		ELSE coalesce(i.contract_size, 1) * a.price * f.fx
	END AS unit_notional) AS n
CROSS JOIN LATERAL (
	SELECT CASE
		WHEN a.return_kind <> 'difference' OR a.price IS NULL THEN n.unit_notional
		WHEN least(i.contract_size, abs(f.fx)) < 1e-100 THEN 0 * f.fx
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
	array_agg(u.volatility) AS volatilities,
	array_agg(u.stale) AS stale,
	array_agg(u.return_kind) AS return_kinds,
	array_agg(u.price_time) AS price_times,
	array_agg(u.benchmark) AS benchmarks,
	array_agg(u.benchmark_scale) AS benchmark_scales
FROM (SELECT x.* FROM @book@._unit AS x ORDER BY x.run, x.asset COLLATE "C") AS u
GROUP BY u.run;
COMMENT ON VIEW @book@._units IS 'Run: what _unit says of its assets, as arrays in byte order of their names. Read by hedge._exposures, hedge._leg_pairs and hedge._evident_pairs, once a query.';

CREATE OR REPLACE VIEW @book@._holding WITH (security_invoker = true) AS
SELECT p.portfolio, hedge._holdings(p.asset, p.quantity, p.delta_quantity) AS holdings
FROM @book@._position AS p
GROUP BY p.portfolio;
COMMENT ON VIEW @book@._holding IS 'Portfolio: what it holds, as hedge._exposures and hedge._leg_pairs take it. The step from positions to all other views.';

CREATE OR REPLACE VIEW @book@.exposure WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	e.asset,
	e.quantity,
	u.price,
	u.price_time,
	u.currency,
	u.fx,
	e.notional,
	e.exposure,
	u.volatility,
	CASE WHEN u.volatility < 1e-100 THEN 0 ELSE u.volatility * sqrt(m.bars_per_year) END AS volatility_annual,
	CASE WHEN least(abs(e.exposure), u.volatility) < 1e-100 THEN 0 * e.exposure * u.volatility ELSE e.exposure * u.volatility END + 0 AS risk,		-- + 0: no number shows as -0
	u.observations,
	u.benchmark,
	u.bucket,
	CASE
		WHEN u.asset IS NULL THEN 'no price'
		WHEN u.problem IS NOT NULL THEN u.problem
		WHEN e.problem IS NOT NULL THEN e.problem
		WHEN e.positions = 0 THEN 'currency of funded holdings'
		WHEN e.funds THEN u.basis || ' + currency of funded holdings'
		ELSE u.basis
	END || coalesce('; ' || nullif(u.note, ''), '') AS basis
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL hedge._exposures(@book_literal@::regnamespace, r.run, h.holdings) AS e
LEFT JOIN @book@._unit AS u ON u.run = r.run AND u.asset = e.asset
WHERE r.run = ANY (ARRAY(SELECT l.run::bigint FROM @book@.latest_run AS l));
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
