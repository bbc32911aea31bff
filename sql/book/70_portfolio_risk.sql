-- section: views
-- The risk of a portfolio as a whole.

CREATE OR REPLACE VIEW @book@.portfolio_risk WITH (security_invoker = true) AS
SELECT
	l.portfolio,
	l.model,
	r.as_of,
	l.positions,
	l.unpriced_positions,
	l.unestimated_positions,
	l.stale_positions,
	l.unpriced_positions / nullif(l.positions, 0)::float8 AS unpriced_share,
	l.long_notional,
	l.short_notional,
	l.long_notional - l.short_notional AS gross_notional,
	l.long_notional + l.short_notional AS net_notional,
	k.gross_risk,
	k.uncorrelated_risk,
	k.net_risk,
	k.risk_offset,
	k.net_risk * sqrt(m.bars_per_year) AS net_risk_annual,
	r.repaired AS correlation_repaired,
	b.beta_exposure / nullif(b.gross, 0) + 0 AS beta,
	b.beta_exposure + 0 AS beta_exposure,
	l.net_delta,
	CASE WHEN h.windows >= m.minimum_observations AND h.enough
		THEN hedge.value_at_risk(h.profit_and_loss, m.risk_level, m.horizon) END AS value_at_risk,
	CASE WHEN h.windows >= m.minimum_observations AND h.enough
		THEN hedge.expected_shortfall(h.profit_and_loss, m.risk_level, m.horizon) END AS expected_shortfall,
	m.risk_level,
	m.horizon,
	h.windows AS historical_windows,
	k.largest_contributor,
	k.largest_contribution,
	k.largest_reducer,
	k.largest_reduction,
	k.net_risk * (i.volatility_low / i.volatility) AS net_risk_low,
	k.net_risk * (i.volatility_high / i.volatility) AS net_risk_high,
	(SELECT coalesce(sum(a.non_positive + a.not_finite + a.contradictory), 0)::integer
	 FROM @book@.run_asset AS a
	 WHERE a.run = l.run AND a.asset = ANY (l.assets)) AS bad_prices,
	l.unestimated_notional,
	l.known_notional / nullif(l.known_notional + l.unestimated_notional, 0) AS risk_coverage,
	b.gross / nullif(l.known_notional + l.unestimated_notional, 0) AS beta_coverage,
	(SELECT g.move
	 FROM unnest(l.assets, l.exposures) AS t (asset, exposure)
	 JOIN @book@.run_asset AS a ON a.run = l.run AND a.asset = t.asset
	 CROSS JOIN LATERAL (
		SELECT t.exposure * CASE a.return_kind
			WHEN 'log' THEN exp(least(a.largest_gap_move, 100)) - 1 ELSE a.largest_gap_move END + 0 AS move) AS g
	 WHERE abs(g.move) <= 1e200
	 ORDER BY abs(g.move) DESC, t.asset COLLATE "C"
	 LIMIT 1) AS largest_gap_move
FROM @book@._leg AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL hedge.portfolio_risk(coalesce(r.psd_matrix, r.matrix), l.assets, l.exposures) AS k
CROSS JOIN LATERAL (SELECT array_agg(DISTINCT x.benchmark) AS benchmarks FROM unnest(l.benchmarks) AS x (benchmark)) AS d
CROSS JOIN LATERAL (
	-- What is the benchmark of something else counts with itself.
	SELECT
		sum(CASE WHEN s.itself THEN t.delta_notional
			ELSE t.exposure * hedge.hedge_ratio(r.matrix, t.asset, t.benchmark) * t.benchmark_scale END) AS beta_exposure,
		sum(abs(t.delta_notional)) AS gross
	FROM unnest(l.assets, l.exposures, l.delta_notionals, l.benchmarks, l.benchmark_scales)
		AS t (asset, exposure, delta_notional, benchmark, benchmark_scale)
	CROSS JOIN LATERAL (SELECT coalesce(t.asset = ANY (d.benchmarks), false) AS itself) AS s
	WHERE CASE WHEN s.itself THEN true WHEN t.benchmark IS NOT NULL
		THEN hedge.observations(r.matrix, t.asset, t.benchmark) >= m.minimum_observations END) AS b
CROSS JOIN LATERAL (
	-- The blocks may begin before the window: its bars are the last ones.
	SELECT p.profit_and_loss, w.windows, w.windows * (1 - m.risk_level) >= 1 - 1e-9 AS enough
	FROM (
		SELECT (j.pnl)[cardinality(j.pnl) - r.bars + 1:] AS profit_and_loss
		FROM (
			SELECT hedge.concatenate(
				hedge.profit_and_loss(l.assets, l.exposures, c.assets, c.returns, l.return_kinds) ORDER BY c.first_bar) AS pnl
			FROM @book@.return_block AS c
			WHERE c.block = ANY (r.blocks) AND c.last_bar >= r.window_start) AS j
		OFFSET 0) AS p
	CROSS JOIN LATERAL (SELECT coalesce(hedge.observed_windows(p.profit_and_loss, m.horizon), 0) AS windows) AS w) AS h
CROSS JOIN LATERAL hedge.volatility_interval(
	CASE WHEN h.windows >= m.minimum_observations THEN h.profit_and_loss END, m.confidence_level) AS i
WHERE l.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.portfolio_risk IS 'Portfolio x model: risk of the whole, live: present positions at each model''s latest run. Risk, beta and historical losses cover the holdings whose price and volatility are known, as if the others were not held: look at risk_coverage and unpriced_share beside every one of them.';
COMMENT ON COLUMN @book@.portfolio_risk.portfolio IS 'The portfolio.';
COMMENT ON COLUMN @book@.portfolio_risk.model IS 'The model.';
COMMENT ON COLUMN @book@.portfolio_risk.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.portfolio_risk.positions IS 'Position rows.';
COMMENT ON COLUMN @book@.portfolio_risk.unpriced_positions IS 'Position rows without an exposure: no price, no exchange rate, a quantity or delta that is no number (NULL included) or out of range.';
COMMENT ON COLUMN @book@.portfolio_risk.unestimated_positions IS 'Position rows with an exposure but without a volatility: too few returns. No risk here knows of them; unestimated_notional says how large they are.';
COMMENT ON COLUMN @book@.portfolio_risk.stale_positions IS 'Position rows with an exposure at a stale price, or at a stale exchange rate; stale as in data_quality. They count in all sums.';
COMMENT ON COLUMN @book@.portfolio_risk.unpriced_share IS 'unpriced_positions / positions, from 0 to 1. NULL: no positions.';
COMMENT ON COLUMN @book@.portfolio_risk.long_notional IS 'Sum of the positive notionals of view exposure: without delta, in base currency: contracts held long, and at a negative price those held short. Positions without a price are not in it.';
COMMENT ON COLUMN @book@.portfolio_risk.short_notional IS 'Sum of the negative ones: contracts held short, or long at a negative price (a long position in oil at -37 stands here).';
COMMENT ON COLUMN @book@.portfolio_risk.gross_notional IS 'long_notional - short_notional.';
COMMENT ON COLUMN @book@.portfolio_risk.net_notional IS 'long_notional + short_notional.';
COMMENT ON COLUMN @book@.portfolio_risk.gross_risk IS 'Risks of all legs whose volatility is known added, in base currency per bar: no two offset each other. Without unpriced and unestimated positions, as all risks here: see risk_coverage.';
COMMENT ON COLUMN @book@.portfolio_risk.uncorrelated_risk IS 'Risk if every correlation were 0: root of the sum of squares, over the same legs as gross_risk.';
COMMENT ON COLUMN @book@.portfolio_risk.net_risk IS 'Risk with the correlations of the run, one standard deviation of profit and loss per bar, over the same legs as gross_risk: positions without a price or a volatility are left out as if they were not held (risk_coverage). NULL: no leg with a volatility.';
COMMENT ON COLUMN @book@.portfolio_risk.risk_offset IS 'uncorrelated_risk - net_risk: what the correlations remove; negative where they add.';
COMMENT ON COLUMN @book@.portfolio_risk.net_risk_annual IS 'net_risk x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.portfolio_risk.correlation_repaired IS 'True: the pairwise correlations were not positive semi-definite, and the nearest ones that are stand in for them here.';
COMMENT ON COLUMN @book@.portfolio_risk.beta IS 'beta_exposure per gross delta-equivalent notional of the holdings that are in it (beta_coverage). NULL: none is.';
COMMENT ON COLUMN @book@.portfolio_risk.beta_exposure IS 'Exposure to the benchmarks in base currency: sum of exposure x beta of each asset to its instrument''s benchmark; what is the benchmark of another holding has beta 1, to itself, whatever benchmark it names. Left out are holdings without a benchmark, and those without a volatility or with fewer than minimum_observations returns in common with it: beta_coverage is the share of the rest. NULL: none is left.';
COMMENT ON COLUMN @book@.portfolio_risk.net_delta IS 'Sum of all delta-equivalent notionals in base currency, those of currencies included: profit and loss per relative rise of every price at once. Money for every return kind: under difference returns, too, it is delta x notional, not the exposure per unit of price. So a funded foreign holding counts twice, in its price and in its currency, and what is held long at a negative price is negative: no measure of size.';
COMMENT ON COLUMN @book@.portfolio_risk.value_at_risk IS 'Loss over horizon bars that the window''s history exceeds in a share 1 - risk_level of its (overlapping) periods; a loss is positive, in base currency. NULL: fewer than minimum_observations periods on which every holding has its returns, or fewer than 1 / (1 - risk_level), of which not one would be in that share: the worst of all would stand for it. Only holdings behind net_risk.';
COMMENT ON COLUMN @book@.portfolio_risk.expected_shortfall IS 'Mean loss of the worst share 1 - risk_level of the periods (Acerbi and Tasche), at least value_at_risk; a loss is positive. NULL as value_at_risk.';
COMMENT ON COLUMN @book@.portfolio_risk.risk_level IS 'Level of value_at_risk and expected_shortfall.';
COMMENT ON COLUMN @book@.portfolio_risk.horizon IS 'Bars they look ahead.';
COMMENT ON COLUMN @book@.portfolio_risk.historical_windows IS 'Periods of the window on which every holding has its returns.';
COMMENT ON COLUMN @book@.portfolio_risk.largest_contributor IS 'Asset that adds most to net_risk. NULL: none adds.';
COMMENT ON COLUMN @book@.portfolio_risk.largest_contribution IS 'Its contribution (Euler): exposure x change of net_risk per exposure; all contributions sum to net_risk.';
COMMENT ON COLUMN @book@.portfolio_risk.largest_reducer IS 'Asset that takes most off net_risk at the margin: whose contribution is most negative. NULL: none is. That does not say that nothing offsets: without a position whose contribution is positive net_risk may be larger, too (see hedge.risk_contributions).';
COMMENT ON COLUMN @book@.portfolio_risk.largest_reduction IS 'Its contribution: negative.';
COMMENT ON COLUMN @book@.portfolio_risk.net_risk_low IS 'Lower end of the interval around net_risk at the model''s confidence_level, from how the portfolio''s own profit and loss varied in the window (Newey-West); wider where losses cluster or have heavy tails. NULL: fewer than minimum_observations periods, or profit and loss do not vary.';
COMMENT ON COLUMN @book@.portfolio_risk.net_risk_high IS 'Upper end of that interval.';
COMMENT ON COLUMN @book@.portfolio_risk.bad_prices IS 'Prices of the assets behind these risks that were left out in the window (data_quality says which: not positive, not finite or contradictory): moves that no risk here knows of.';
COMMENT ON COLUMN @book@.portfolio_risk.unestimated_notional IS 'Gross delta-equivalent notional, in base currency, of the unestimated_positions: held, but in no risk, beta or historical loss.';
COMMENT ON COLUMN @book@.portfolio_risk.risk_coverage IS 'Share of the gross delta-equivalent notional whose risk is known, from 0 to 1: below 1, net_risk and the others speak of a part of the portfolio. Unpriced positions have no notional and are in neither part: see unpriced_share. NULL: the notional is 0.';
COMMENT ON COLUMN @book@.portfolio_risk.beta_coverage IS 'Share of the same notional that beta_exposure covers. NULL: none is covered, or the notional is 0.';
COMMENT ON COLUMN @book@.portfolio_risk.largest_gap_move IS 'Profit (negative: loss), largest in size, that one holding, as it is now, would have made in a move over bars without its price (largest_gap_move of data_quality): a suspension, a holiday of its own, a bad price. No return holds it, so no risk, value_at_risk or expected_shortfall here knows of it. NULL: there is none.';
