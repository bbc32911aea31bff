-- section: views
-- What to trade, and why or why not.

CREATE OR REPLACE VIEW @book@._instruments WITH (security_invoker = true) AS
SELECT
	v.run,
	bool_or(v.marked) AS marked,
	array_agg(v.asset) AS assets,
	array_agg(v.unit_exposure) AS unit_exposures,
	array_agg(v.unit_notional) AS unit_notionals,
	array_agg(v.lot_size) AS lot_sizes,
	array_agg(v.cost) AS costs,
	array_agg(v.cost_per_lot) AS costs_per_lot,
	array_agg(v.problem) AS problems,
	array_agg(v.funding_asset) AS funding_assets,
	array_agg(v.funding_unit) AS funding_units,
	array_agg(v.carry) AS carries,
	array_agg(v.minimum_holding) AS minimum_holdings,
	array_agg(v.maximum_holding) AS maximum_holdings,
	array_agg(v.stale) AS stale
FROM (
	SELECT
		c.run, c.marked, c.asset, u.unit_exposure, u.unit_notional, coalesce(i.lot_size, 1) AS lot_size, i.cost, i.cost_per_lot,
		CASE WHEN u.asset IS NULL THEN 'no price' ELSE u.problem END AS problem,
		u.funding_asset, u.unit_notional / f.funding_divisor AS funding_unit, i.carry, i.minimum_holding, i.maximum_holding, u.stale
	FROM (
		SELECT r.run, i.asset, true AS marked
		FROM @book@.latest_run AS r
		CROSS JOIN @book@.instrument AS i
		WHERE i.tradable
		UNION ALL
		SELECT a.run, a.asset, false
		FROM @book@.run_asset AS a
		WHERE a.run = ANY (ARRAY(SELECT y.run::bigint FROM @book@.latest_run AS y))
			AND NOT EXISTS (SELECT FROM @book@.instrument AS i WHERE i.tradable)) AS c
	LEFT JOIN (
		SELECT x.run, x.asset, x.unit_exposure, x.unit_notional, x.problem, x.funding_asset, x.stale
		FROM @book@._unit AS x
		WHERE x.run = ANY (ARRAY(SELECT y.run::bigint FROM @book@.latest_run AS y))) AS u ON u.run = c.run AND u.asset = c.asset
	LEFT JOIN (
		SELECT x.run, x.asset, x.funding_divisor
		FROM @book@._unit AS x
		WHERE x.run = ANY (ARRAY(SELECT y.run::bigint FROM @book@.latest_run AS y))) AS f ON f.run = c.run AND f.asset = u.funding_asset
	LEFT JOIN @book@.instrument AS i ON i.asset = c.asset
	ORDER BY c.run, c.asset COLLATE "C") AS v
GROUP BY v.run;
COMMENT ON VIEW @book@._instruments IS 'Latest run of each model: what may be traded to hedge, as arrays: the instruments marked as tradable, or all assets where none is. A step of hedge_recommendations.';

CREATE OR REPLACE VIEW @book@.hedge_recommendations WITH (security_invoker = true) AS
SELECT
	l.portfolio,
	l.model,
	r.as_of,
	t.instrument,
	t.action,
	t.quantity,
	t.exposure,
	t.target_exposure,
	t.trade_contracts,
	t.trade_exposure,
	t.exposure_after,
	t.band_low,
	t.band_high,
	t.cost,
	t.worth,
	t.variance_removed,
	t.variance_removed_per_cost,
	t.risk_before,
	t.risk_after,
	t.net_risk_after,
	t.total_cost,
	t.reason || CASE WHEN l.assets IS NOT NULL AND l.unpriced_positions + l.unestimated_positions > 0
		THEN '; positions not in these risks: ' || l.unpriced_positions + l.unestimated_positions ELSE '' END AS reason,
	t.carry,
	l.known_notional / nullif(l.known_notional + l.unestimated_notional, 0) AS risk_coverage,
	l.unpriced_positions + l.unestimated_positions AS unknown_positions
FROM @book@._leg AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = r.model
LEFT JOIN @book@._instruments AS i ON i.run = l.run
CROSS JOIN LATERAL hedge._recommended_trades(
	matrix => coalesce(r.psd_matrix, r.matrix),
	assets => l.assets,
	exposures => l.exposures,
	quantities => l.quantities,
	marked => coalesce(i.marked, false),
	instruments => i.assets,
	unit_exposures => i.unit_exposures,
	unit_notionals => i.unit_notionals,
	lot_sizes => i.lot_sizes,
	costs => i.costs,
	costs_per_lot => i.costs_per_lot,
	problems => i.problems,
	risk_price => m.risk_price * sqrt(m.bars_per_year / 252),
	correlations => m.hedge_correlations,
	evidence => m.hedge_evidence,
	most_instruments => m.hedge_instruments,
	minimum_correlation => m.minimum_correlation,
	minimum_observations => m.minimum_observations,
	book => @book_literal@::regnamespace,
	run => r.run,
	funding_assets => i.funding_assets,
	funding_units => i.funding_units,
	carries => i.carries,
	minimum_holdings => i.minimum_holdings,
	maximum_holdings => i.maximum_holdings,
	stale => i.stale) AS t
WHERE l.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.hedge_recommendations IS 'Portfolio x model x instrument: what to trade to hedge what is held, live, with whole lots and costs; and why, or why not. A portfolio that nothing can be done for has one row without an instrument. Traded may be the instruments marked as tradable (table instrument), those among them left out that are themselves positions to be hedged; what is held of one as options on it, or as the currency of funded holdings, is a position that it hedges; with none marked, what a portfolio holds against a larger position that it offsets. Trades are those that are best together; they rely on correlations between positions and instruments as settings hedge_evidence and hedge_correlations of the model say.';
COMMENT ON COLUMN @book@.hedge_recommendations.portfolio IS 'The portfolio.';
COMMENT ON COLUMN @book@.hedge_recommendations.model IS 'The model.';
COMMENT ON COLUMN @book@.hedge_recommendations.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.hedge_recommendations.instrument IS 'What would be traded. NULL: nothing can be done for this portfolio, and reason says why.';
COMMENT ON COLUMN @book@.hedge_recommendations.action IS 'buy, sell or none.';
COMMENT ON COLUMN @book@.hedge_recommendations.quantity IS 'Contracts held now, which minimum_holding and maximum_holding (table instrument) are about: those in positions whose exposure is known. 0: none, as of a currency that only funded holdings expose to. NULL: it cannot be traded (reason).';
COMMENT ON COLUMN @book@.hedge_recommendations.exposure IS 'Exposure held in it now, as in view exposure.';
COMMENT ON COLUMN @book@.hedge_recommendations.target_exposure IS 'Best exposure, costs counted, were there no lots: where a band is left, its nearer edge. NULL: it is not used.';
COMMENT ON COLUMN @book@.hedge_recommendations.trade_contracts IS 'Contracts to trade, a whole multiple of the instrument''s lot_size; negative to sell, 0 for nothing.';
COMMENT ON COLUMN @book@.hedge_recommendations.trade_exposure IS 'Exposure of them.';
COMMENT ON COLUMN @book@.hedge_recommendations.exposure_after IS 'Exposure held after the trade.';
COMMENT ON COLUMN @book@.hedge_recommendations.band_low IS 'Lower edge of the no-trade band, all other trades made: within it, a trade costs more than it is worth. A point if it costs nothing. NULL: no trade down is ever worth its cost.';
COMMENT ON COLUMN @book@.hedge_recommendations.band_high IS 'Upper edge of it. NULL: no trade up is.';
COMMENT ON COLUMN @book@.hedge_recommendations.cost IS 'Cost of the trade in base currency: the instrument''s cost x notional traded + cost_per_lot x lots. Where both are unknown, it is that of the dearest instrument whose cost is known; else what is unknown counts as 0.';
COMMENT ON COLUMN @book@.hedge_recommendations.worth IS 'What it is worth that risk_after is lower by this trade: risk_price x the difference (of a day''s risk: x sqrt(bars_per_year / 252)). NULL: no trade.';
COMMENT ON COLUMN @book@.hedge_recommendations.variance_removed IS 'Variance (base currency squared, per bar) that would come back, as far as correlations are relied on, if this trade alone were left out. NULL: no trade.';
COMMENT ON COLUMN @book@.hedge_recommendations.variance_removed_per_cost IS 'variance_removed / cost. NULL: no trade, or it costs nothing.';
COMMENT ON COLUMN @book@.hedge_recommendations.risk_before IS 'Risk of the whole portfolio now, one standard deviation per bar in base currency: net_risk of view portfolio_risk.';
COMMENT ON COLUMN @book@.hedge_recommendations.risk_after IS 'Risk once all trades of the portfolio are made, as far as correlations are relied on: never more than before.';
COMMENT ON COLUMN @book@.hedge_recommendations.net_risk_after IS 'Risk once they are made, with all correlations as estimated: never more than risk_after.';
COMMENT ON COLUMN @book@.hedge_recommendations.total_cost IS 'Cost of all trades of the portfolio.';
COMMENT ON COLUMN @book@.hedge_recommendations.reason IS 'Why this trade, or why none, in words; after a semicolon, what else is to be known of it: that it closes what is held, a stale price, an unknown cost, positions whose risk is unknown.';
COMMENT ON COLUMN @book@.hedge_recommendations.carry IS 'What the trade adds to a year''s income, in base currency: carry (table instrument) x value traded. NULL: the instrument''s carry is not known.';
COMMENT ON COLUMN @book@.hedge_recommendations.risk_coverage IS 'Share of the gross delta-equivalent notional, where that is known, whose risk is known, as in view portfolio_risk: the rest is not hedged, and what hedges it looks like a position.';
COMMENT ON COLUMN @book@.hedge_recommendations.unknown_positions IS 'Positions that are in none of these risks: without a price, a delta, or enough returns.';

CREATE OR REPLACE VIEW @book@._neutral WITH (security_invoker = true) AS
SELECT
	e.portfolio,
	e.model,
	e.run,
	array_agg(e.asset) AS assets,
	array_agg(e.exposure) AS exposures,
	array_agg(e.delta_notional) AS delta_notionals,
	array_agg(e.exposure IS NOT NULL AND e.volatility IS NOT NULL) AS known,
	array_agg(e.funded) AS funded,
	array_agg(e.carry) AS carries,
	array_agg(e.benchmark) AS benchmarks,
	array_agg(e.estimated) AS estimated,
	array_agg(e.benchmark_scale) AS benchmark_scales,
	array_agg(DISTINCT e.benchmark) FILTER (WHERE e.benchmark IS NOT NULL) AS among,
	sum(abs(e.delta_notional)) AS gross,
	coalesce(sum(abs(e.delta_notional)) FILTER (WHERE e.volatility IS NOT NULL), 0) AS known_gross,
	bool_or(num_nulls(e.exposure, e.delta_notional) > 0) AS any_unknown,
	min(e.asset COLLATE "C") FILTER (WHERE num_nulls(e.exposure, e.delta_notional) > 0) COLLATE "default" AS unknown
FROM (
	SELECT
		h.portfolio, r.model, r.run, x.asset, x.exposure, x.delta_notional, x.volatility, i.carry,
		u.funding_asset IS NOT NULL AS funded, i.benchmark, x.benchmark IS NOT NULL AS estimated, x.benchmark_scale
	FROM @book@._holding AS h
	CROSS JOIN @book@.model_run AS r
	CROSS JOIN LATERAL hedge._exposures(@book_literal@::regnamespace, r.run, h.holdings) AS x
	LEFT JOIN @book@._unit AS u ON u.run = r.run AND u.asset = x.asset
	LEFT JOIN @book@.instrument AS i ON i.asset = x.asset
	ORDER BY h.portfolio, r.model, r.run, x.asset COLLATE "C") AS e
GROUP BY e.portfolio, e.model, e.run;
COMMENT ON VIEW @book@._neutral IS 'Portfolio and run: all holdings as arrays, those without a risk or an exposure, too. A step of neutral_trades.';

CREATE OR REPLACE VIEW @book@.neutral_trades WITH (security_invoker = true) AS
SELECT
	l.portfolio,
	l.model,
	r.as_of,
	n.kind,
	n.asset,
	n.net + 0 AS net,
	t.trade_contracts,
	t.trade_exposure AS trade,
	t.net_after + 0 AS net_after,
	k.net_risk AS net_risk_after,
	c.carry + 0 AS carry,
	CASE WHEN k.net_risk > 0 AND NOT l.any_unknown AND l.known_gross = l.gross
		THEN c.carry / (k.net_risk * sqrt(m.bars_per_year)) + 0 END AS carry_per_risk,
	m.neutral_band * l.gross AS band,
	n.coverage,
	l.known_gross / nullif(l.gross, 0) AS risk_coverage,
	nullif(concat_ws('; ',
		CASE WHEN n.net IS NULL THEN n.problem END,
		CASE WHEN u.stale THEN 'stale price' END), '') AS note
FROM @book@._neutral AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL (
	SELECT 'dollar' AS kind, NULL::text AS asset,
		CASE WHEN NOT l.any_unknown THEN sum(h.value) - coalesce(sum(h.value) FILTER (WHERE h.funded), 0) END AS net,
		CASE WHEN NOT l.any_unknown THEN 1::float8 END AS coverage,
		coalesce(l.unknown, 'a position without an asset') || ' has no exposure' AS problem
	FROM unnest(l.delta_notionals, l.funded) AS h (value, funded)
	UNION ALL
	SELECT 'delta', h.asset, h.value, CASE WHEN h.value IS NOT NULL THEN 1 END, h.asset || ' has no exposure'
	FROM unnest(l.assets, l.delta_notionals) AS h (asset, value)
	WHERE h.asset IS NOT NULL
	UNION ALL
	SELECT 'beta', g.benchmark,
		CASE WHEN count(*) = count(g.value) THEN sum(g.beta_value) END,
		CASE WHEN count(*) = count(g.value) THEN sum(abs(g.value)) FILTER (WHERE g.beta_value IS NOT NULL) / nullif(sum(abs(g.value)), 0) END,
		coalesce(min(g.asset COLLATE "C") FILTER (WHERE g.value IS NULL) COLLATE "default" || ' has no exposure', 'nothing held has a beta to it')
	FROM (
		SELECT h.asset, b.benchmark, h.value, CASE
				WHEN h.asset = b.benchmark THEN h.value
				WHEN h.known AND h.estimated AND hedge.observations(r.matrix, h.asset, b.benchmark) >= m.minimum_observations
					THEN h.exposure * hedge.hedge_ratio(r.matrix, h.asset, b.benchmark) * h.scale
			END AS beta_value
		FROM unnest(l.assets, l.exposures, l.delta_notionals, l.known, l.benchmarks, l.estimated, l.benchmark_scales)
			AS h (asset, exposure, value, known, benchmark, estimated, scale)
		CROSS JOIN LATERAL (SELECT CASE WHEN h.asset = ANY (l.among) THEN h.asset ELSE h.benchmark END AS benchmark) AS b
		WHERE b.benchmark IS NOT NULL) AS g
	GROUP BY g.benchmark) AS n
LEFT JOIN @book@._unit AS u ON u.run = l.run AND u.asset = n.asset
LEFT JOIN @book@._unit AS f ON f.run = l.run AND f.asset = u.funding_asset
LEFT JOIN @book@.instrument AS i ON i.asset = n.asset
LEFT JOIN @book@.instrument AS j ON j.asset = u.funding_asset
CROSS JOIN LATERAL hedge.neutral_trade(
	CASE WHEN n.asset IS NOT NULL THEN n.net END, 1, m.neutral_band * l.gross, nullif(u.unit_notional, 0), coalesce(i.lot_size, 1)) AS t
CROSS JOIN LATERAL (
	SELECT array_agg(y.asset) AS assets, array_agg(y.exposure) AS exposures
	FROM (
		SELECT x.asset, sum(x.exposure) AS exposure
		FROM (
			SELECT h.asset, h.exposure FROM unnest(l.assets, l.exposures, l.known) AS h (asset, exposure, known) WHERE h.known
			UNION ALL
			SELECT n.asset, t.trade_contracts * u.unit_exposure WHERE t.trade_contracts <> 0
			UNION ALL
			SELECT u.funding_asset, t.trade_exposure / f.funding_divisor WHERE t.trade_contracts <> 0 AND u.funding_asset IS NOT NULL) AS x
		GROUP BY x.asset) AS y) AS w
CROSS JOIN LATERAL hedge.portfolio_risk(coalesce(r.psd_matrix, r.matrix), w.assets, w.exposures) AS k
CROSS JOIN LATERAL (
	SELECT CASE WHEN NOT l.any_unknown AND count(*) = count(x.value * x.carry) THEN sum(x.value * x.carry) END AS carry
	FROM (
		SELECT h.value, h.carry FROM unnest(l.delta_notionals, l.carries) AS h (value, carry)
		UNION ALL
		SELECT t.trade_exposure, i.carry WHERE t.trade_contracts <> 0
		UNION ALL
		SELECT t.trade_exposure, j.carry WHERE t.trade_contracts <> 0 AND u.funding_asset IS NOT NULL) AS x
	WHERE x.value <> 0) AS c
WHERE l.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.neutral_trades IS 'Portfolio x model x kind of neutrality: what is net, and the one trade, in whole lots, that brings it nearest to nothing, or to the edge of the band that the model leaves (neutral_band). dollar: all holdings together, long and short money alike; delta: each underlying, its options by their delta; beta: each benchmark, what moves with it. Each is neutral to one thing and to nothing else: net_risk_after says what is left. Once the trade is made and the position booked, nothing is left to trade.';
COMMENT ON COLUMN @book@.neutral_trades.portfolio IS 'The portfolio.';
COMMENT ON COLUMN @book@.neutral_trades.model IS 'The model.';
COMMENT ON COLUMN @book@.neutral_trades.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.neutral_trades.kind IS 'dollar, delta or beta.';
COMMENT ON COLUMN @book@.neutral_trades.asset IS 'The underlying, or the benchmark, which is what would be traded. NULL: dollar, which any trade of that money would do.';
COMMENT ON COLUMN @book@.neutral_trades.net IS 'In base currency. dollar: sum of the delta-equivalent notionals of all that is held; the currencies of funded foreign holdings do not count again. delta: delta-equivalent notional of the underlying; of a currency, funded holdings in it included. beta: sum of exposure x beta to the benchmark over the holdings whose instrument names it as theirs, and of the benchmark itself: what is the benchmark of another holding has beta 1 to itself and counts there, whatever benchmark it names. NULL: something that belongs to it has no exposure (note names it), or no beta is known.';
COMMENT ON COLUMN @book@.neutral_trades.trade_contracts IS 'Contracts of asset to trade, a whole multiple of lot_size; negative to sell; 0 where net is within the band or no lot comes nearer. NULL: dollar, net is NULL, or a contract has no value.';
COMMENT ON COLUMN @book@.neutral_trades.trade IS 'Their value in base currency.';
COMMENT ON COLUMN @book@.neutral_trades.net_after IS 'What is net then.';
COMMENT ON COLUMN @book@.neutral_trades.net_risk_after IS 'Risk of the whole portfolio after this trade alone, the currency that a funded foreign trade itself exposes to included; one standard deviation per bar in base currency, of the holdings whose risk is known (risk_coverage).';
COMMENT ON COLUMN @book@.neutral_trades.carry IS 'Income of a year, in base currency, after this trade: sum of carry (table instrument) x delta-equivalent notional over all holdings. A currency that funded holdings expose to earns its carry, too: give it 0 where the carry of the holdings is all that they earn. NULL: the carry or the notional of something held is not known.';
COMMENT ON COLUMN @book@.neutral_trades.carry_per_risk IS 'carry / (net_risk_after x sqrt(bars_per_year)): a year''s income for each unit of a year''s risk. NULL: carry is, or the risk of something held is not known (risk_coverage below 1), or there is no risk.';
COMMENT ON COLUMN @book@.neutral_trades.band IS 'What may stay net, in base currency: neutral_band of the model x gross delta-equivalent notional of the portfolio. A trade goes to the edge of it, or with whole lots as little within as they allow.';
COMMENT ON COLUMN @book@.neutral_trades.coverage IS 'beta: share of the gross delta-equivalent notional of the holdings that belong to this benchmark whose beta is known: what else belongs to it (too few returns in common) is not in net. 1 for the other kinds. NULL: net is, or the notional is 0.';
COMMENT ON COLUMN @book@.neutral_trades.risk_coverage IS 'Share of the portfolio''s gross delta-equivalent notional whose risk is known, as in portfolio_risk: below 1, net_risk_after leaves out the rest.';
COMMENT ON COLUMN @book@.neutral_trades.note IS 'Why net is NULL; and stale price where that of asset, or of its fx_asset, is. NULL: nothing to note.';
