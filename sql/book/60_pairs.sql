-- section: views
-- Pairs of positions: those that offset each other, those that add up, and what the last refresh kept.

CREATE OR REPLACE VIEW @book@._leg WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.run,
	l.*
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
CROSS JOIN LATERAL (
	SELECT
		array_agg(e.asset) FILTER (WHERE k.known) AS assets,
		array_agg(e.exposure) FILTER (WHERE k.known) AS exposures,
		array_agg(e.return_kind) FILTER (WHERE k.known) AS return_kinds,
		array_agg(e.delta_notional) FILTER (WHERE k.known) AS delta_notionals,
		array_agg(e.quantity) FILTER (WHERE k.known) AS quantities,
		array_agg(e.unit_exposure) FILTER (WHERE k.known) AS unit_exposures,
		array_agg(e.price_time) FILTER (WHERE k.known) AS price_times,
		array_agg(e.benchmark) FILTER (WHERE k.known) AS benchmarks,
		array_agg(e.benchmark_scale) FILTER (WHERE k.known) AS benchmark_scales,
		sum(e.positions)::integer AS positions,
		coalesce(sum(e.positions) FILTER (WHERE e.exposure IS NULL), 0)::integer AS unpriced_positions,
		coalesce(sum(e.positions) FILTER (WHERE e.exposure IS NOT NULL AND e.volatility IS NULL), 0)::integer
			AS unestimated_positions,
		coalesce(sum(e.positions) FILTER (WHERE e.exposure IS NOT NULL AND e.stale), 0)::integer AS stale_positions,
		coalesce(sum(e.notional) FILTER (WHERE e.notional > 0), 0) AS long_notional,
		coalesce(sum(e.notional) FILTER (WHERE e.notional < 0), 0) AS short_notional,
		coalesce(sum(e.delta_notional), 0) AS net_delta,
		coalesce(sum(abs(e.delta_notional)) FILTER (WHERE k.known), 0) AS known_notional,
		coalesce(sum(abs(e.delta_notional)) FILTER (WHERE e.exposure IS NOT NULL AND e.volatility IS NULL), 0) AS unestimated_notional
	FROM hedge._exposures(@book_literal@::regnamespace, r.run, h.holdings) AS e
	CROSS JOIN LATERAL (SELECT e.exposure IS NOT NULL AND e.volatility IS NOT NULL AS known) AS k) AS l;
COMMENT ON VIEW @book@._leg IS 'Portfolio and run: the legs whose risk is known as arrays, and sums over all holdings. A step of portfolio_risk.';

CREATE OR REPLACE VIEW @book@.offsetting_pairs WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	r.window_start,
	o.asset_a,
	o.asset_b,
	o.side_a,
	o.side_b,
	o.quantity_a,
	o.quantity_b,
	o.exposure_a,
	o.exposure_b,
	o.correlation,
	o.correlation_low,
	o.correlation_high,
	o.observations,
	o.volatility_a,
	o.volatility_b,
	o.volatility_a_annual,
	o.volatility_b_annual,
	o.hedge_ratio,
	o.actual_ratio,
	o.target_exposure_b,
	o.trade_b,
	o.trade_b_contracts,
	o.gross_risk,
	o.uncorrelated_risk,
	o.net_risk,
	o.diversification,
	o.risk_offset,
	o.risk_offset_share,
	o.residual_risk,
	o.price_time,
	o.robust_low,
	o.robust_high,
	o.conservative_correlation,
	o.risk_offset_conservative,
	o.net_risk_conservative,
	o.out_of_sample_effectiveness,
	o.held_effectiveness,
	o.break_even_correlation,
	o.break_even_confidence,
	o.break_time,
	o.verdict,
	o.reason
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL hedge._evident_pairs(
	matrix => r.matrix,
	book => @book_literal@::regnamespace,
	run => r.run,
	holdings => h.holdings,
	offsetting => true,
	minimum_correlation => m.minimum_correlation,
	minimum_observations => m.minimum_observations,
	bars_per_year => m.bars_per_year,
	level => m.confidence_level,
	max_pairs => NULL,
	unexamined => CASE WHEN r.settings ->> 'evidence' = 'none' THEN 'setting evidence of the model is none'
		ELSE 'the refresh did not examine it: its offset was too small to be kept, or the position is newer' END) AS o
WHERE r.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.offsetting_pairs IS 'Portfolio x model x pair of positions that offset each other, live: present positions at each model''s latest run. A filter on portfolio computes that portfolio alone. Volatilities are the assets'' own, the correlation is that of their common returns. A pair is not here any more when its correlation falls below the model''s minimum_correlation, or changes its sign; if a refresh kept it before, correlation_stability goes on examining it for rolling_bars bars at least, and open_alerts tells of a break. ORDER BY risk_offset DESC for the largest first: the view itself promises no order, so that reading all of it need not sort.';
COMMENT ON COLUMN @book@.offsetting_pairs.portfolio IS 'Who holds both.';
COMMENT ON COLUMN @book@.offsetting_pairs.model IS 'The model.';
COMMENT ON COLUMN @book@.offsetting_pairs.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.offsetting_pairs.window_start IS 'Start of the first bar of the estimate.';
COMMENT ON COLUMN @book@.offsetting_pairs.asset_a IS 'The leg with the larger risk.';
COMMENT ON COLUMN @book@.offsetting_pairs.asset_b IS 'The other leg, which is taken for the hedge.';
COMMENT ON COLUMN @book@.offsetting_pairs.side_a IS 'long or short, the sign of exposure_a.';
COMMENT ON COLUMN @book@.offsetting_pairs.side_b IS 'long or short, the sign of exposure_b.';
COMMENT ON COLUMN @book@.offsetting_pairs.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';
COMMENT ON COLUMN @book@.offsetting_pairs.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';
COMMENT ON COLUMN @book@.offsetting_pairs.exposure_a IS 'Exposure to asset_a, as in view exposure.';
COMMENT ON COLUMN @book@.offsetting_pairs.exposure_b IS 'Exposure to asset_b, as in view exposure.';
COMMENT ON COLUMN @book@.offsetting_pairs.correlation IS 'Correlation of their returns, from -1 to 1.';
COMMENT ON COLUMN @book@.offsetting_pairs.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';
COMMENT ON COLUMN @book@.offsetting_pairs.correlation_high IS 'Upper end of that interval.';
COMMENT ON COLUMN @book@.offsetting_pairs.observations IS 'Bars on which both have a return.';
COMMENT ON COLUMN @book@.offsetting_pairs.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';
COMMENT ON COLUMN @book@.offsetting_pairs.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';
COMMENT ON COLUMN @book@.offsetting_pairs.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.offsetting_pairs.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.offsetting_pairs.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';
COMMENT ON COLUMN @book@.offsetting_pairs.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';
COMMENT ON COLUMN @book@.offsetting_pairs.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';
COMMENT ON COLUMN @book@.offsetting_pairs.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';
COMMENT ON COLUMN @book@.offsetting_pairs.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';
COMMENT ON COLUMN @book@.offsetting_pairs.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';
COMMENT ON COLUMN @book@.offsetting_pairs.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';
COMMENT ON COLUMN @book@.offsetting_pairs.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';
COMMENT ON COLUMN @book@.offsetting_pairs.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';
COMMENT ON COLUMN @book@.offsetting_pairs.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';
COMMENT ON COLUMN @book@.offsetting_pairs.risk_offset_share IS 'risk_offset / uncorrelated_risk.';
COMMENT ON COLUMN @book@.offsetting_pairs.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';
COMMENT ON COLUMN @book@.offsetting_pairs.price_time IS 'Instant of the older of the two prices.';
COMMENT ON COLUMN @book@.offsetting_pairs.robust_low IS 'Lower end of an interval around correlation that holds under heavy tails and serial dependence, too. NULL, as all that follow: the run did not examine the pair, or there is no answer.';
COMMENT ON COLUMN @book@.offsetting_pairs.robust_high IS 'Upper end of that interval.';
COMMENT ON COLUMN @book@.offsetting_pairs.conservative_correlation IS 'Its end on the side where the two legs offset less: robust_low of a long and a short, robust_high of two on one side; under verdict break_detected, the correlation after the break, if they offset less at that.';
COMMENT ON COLUMN @book@.offsetting_pairs.risk_offset_conservative IS 'risk_offset at conservative_correlation: what can be counted on; negative where the legs may as well add up.';
COMMENT ON COLUMN @book@.offsetting_pairs.net_risk_conservative IS 'net_risk at conservative_correlation.';
COMMENT ON COLUMN @book@.offsetting_pairs.out_of_sample_effectiveness IS 'Share of asset_a''s variance removed by hedging each return with asset_b at the ratio of the bars before it; negative where that added.';
COMMENT ON COLUMN @book@.offsetting_pairs.held_effectiveness IS 'Share of asset_a''s variance removed at actual_ratio; negative where it adds.';
COMMENT ON COLUMN @book@.offsetting_pairs.break_even_correlation IS 'Correlation at which actual_ratio neither removes nor adds variance; beyond 1 in size none suffices.';
COMMENT ON COLUMN @book@.offsetting_pairs.break_even_confidence IS 'Confidence that the true correlation is beyond that.';
COMMENT ON COLUMN @book@.offsetting_pairs.break_time IS 'Bar of the most likely change of the correlation in the window; it means something under verdict break_detected.';
COMMENT ON COLUMN @book@.offsetting_pairs.verdict IS 'reliable, weak, unstable, break_detected or insufficient: the evidence of the run on the pair, asset_b taken for the hedge; not examined where there is none, as reason says.';
COMMENT ON COLUMN @book@.offsetting_pairs.reason IS 'Why, in words; and that the ratio held adds variance, where held_effectiveness is negative: the verdict is of the pair, not of how much of each leg is held.';

CREATE OR REPLACE VIEW @book@.concentrating_pairs WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	r.window_start,
	o.asset_a,
	o.asset_b,
	o.side_a,
	o.side_b,
	o.quantity_a,
	o.quantity_b,
	o.exposure_a,
	o.exposure_b,
	o.correlation,
	o.correlation_low,
	o.correlation_high,
	o.observations,
	o.volatility_a,
	o.volatility_b,
	o.volatility_a_annual,
	o.volatility_b_annual,
	o.hedge_ratio,
	o.actual_ratio,
	o.target_exposure_b,
	o.trade_b,
	o.trade_b_contracts,
	o.gross_risk,
	o.uncorrelated_risk,
	o.net_risk,
	o.diversification,
	o.risk_offset,
	o.risk_offset_share,
	o.residual_risk,
	o.price_time,
	o.robust_low,
	o.robust_high,
	o.break_time,
	o.verdict,
	o.reason
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL hedge._evident_pairs(
	matrix => r.matrix,
	book => @book_literal@::regnamespace,
	run => r.run,
	holdings => h.holdings,
	offsetting => false,
	minimum_correlation => m.minimum_correlation,
	minimum_observations => m.minimum_observations,
	bars_per_year => m.bars_per_year,
	level => m.confidence_level,
	max_pairs => NULL,
	unexamined => CASE WHEN r.settings ->> 'evidence' = 'none' THEN 'setting evidence of the model is none'
		ELSE 'of pairs that add up, only those are examined that are watched since they offset each other' END) AS o
WHERE r.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.concentrating_pairs IS 'Portfolio x model x pair, the other side of offsetting_pairs: pairs that add up; ORDER BY risk_offset for the worst first. A pair that offset until its correlation turned stands here, with its verdict.';

CREATE OR REPLACE VIEW @book@.materialized_offsets WITH (security_invoker = true) AS
SELECT
	o.portfolio,
	r.model,
	r.as_of,
	r.window_start,
	o.asset_a,
	o.asset_b,
	o.side_a,
	o.side_b,
	o.quantity_a,
	o.quantity_b,
	o.exposure_a,
	o.exposure_b,
	o.correlation,
	o.correlation_low,
	o.correlation_high,
	o.observations,
	o.volatility_a,
	o.volatility_b,
	o.volatility_a_annual,
	o.volatility_b_annual,
	o.hedge_ratio,
	o.actual_ratio,
	o.target_exposure_b,
	o.trade_b,
	o.trade_b_contracts,
	o.gross_risk,
	o.uncorrelated_risk,
	o.net_risk,
	o.diversification,
	o.risk_offset,
	o.risk_offset_share,
	o.residual_risk,
	o.price_time,
	e.robust_low,
	e.robust_high,
	c.conservative_correlation,
	k.risk_offset AS risk_offset_conservative,
	k.net_risk AS net_risk_conservative,
	e.out_of_sample_effectiveness,
	h.held_effectiveness,
	h.break_even_correlation,
	h.break_even_confidence,
	e.break_time,
	coalesce(e.verdict, 'not examined') AS verdict,
	coalesce(e.reason || CASE WHEN h.held_effectiveness < 0 AND o.actual_ratio * e.correlation > 0 THEN '; the ratio held adds variance' ELSE '' END,
		x.reason) AS reason,
	o.pair_rank
FROM @book@.offset_snapshot AS o
JOIN @book@.model_run AS r ON r.run = o.run
LEFT JOIN @book@.pair_evidence AS e ON e.run = o.run AND e.asset_y = o.asset_a AND e.asset_x = o.asset_b
CROSS JOIN LATERAL (
	SELECT CASE WHEN o.side_a <> o.side_b THEN least(e.robust_low, b.after) ELSE greatest(e.robust_high, b.after) END
		AS conservative_correlation
	FROM (SELECT CASE WHEN e.verdict = 'break_detected' THEN e.correlation_after_break END AS after) AS b) AS c
CROSS JOIN LATERAL hedge.pair_risk(o.exposure_a, o.volatility_a, o.exposure_b, o.volatility_b,
	c.conservative_correlation) AS k
CROSS JOIN LATERAL hedge.held_evidence(e.observations, e.correlation, e.volatility_y, e.volatility_x,
	e.standard_error, o.actual_ratio) AS h
CROSS JOIN LATERAL (
	SELECT CASE WHEN r.settings ->> 'evidence' = 'none' THEN 'setting evidence of the model is none'
		ELSE 'the evidence of this run is not kept' END AS reason) AS x
WHERE o.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.materialized_offsets IS 'Portfolio x model x pair: offsetting pairs as the refresh that made the latest run found them: positions of that time, pairs_kept of each portfolio. Fast to read in full, and the same to all readers.';
COMMENT ON COLUMN @book@.materialized_offsets.pair_rank IS '1 for the pair of the portfolio with the largest risk_offset.';

-- A column that offsetting_pairs has, too, means the same there.
SELECT hedge._comment_like(@book_literal@, @book_literal@ || '.offsetting_pairs',
	ARRAY['concentrating_pairs', 'materialized_offsets', 'offset_snapshot']);
