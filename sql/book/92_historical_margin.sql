-- section: tables since 0.2.0
-- What historical margin is made with beside level and holding_bars of margin_setting. It may be left out.

CREATE TABLE @book@.historical_margin_setting (
	model text PRIMARY KEY REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	long_model text REFERENCES @book@.model ON UPDATE CASCADE,
	floor boolean NOT NULL DEFAULT true,
	stress_from timestamptz,
	stress_until timestamptz,
	stress_weight float8 NOT NULL DEFAULT 0.25,
	short_bars integer,
	largest_scale float8,
	CONSTRAINT long_model_is_another CHECK (long_model <> model),
	CONSTRAINT stress_ends_after_it_begins CHECK ((stress_from < stress_until) IS TRUE OR num_nulls(stress_from, stress_until) = 2),
	CONSTRAINT stress_weight_is_from_0_to_1 CHECK (stress_weight >= 0 AND stress_weight <= 1),
	CONSTRAINT short_bars_is_at_least_2 CHECK (short_bars >= 2),
	CONSTRAINT largest_scale_is_at_least_1 CHECK (largest_scale >= 1 AND largest_scale < 'infinity')
);
COMMENT ON TABLE @book@.historical_margin_setting IS 'What view historical_margin takes beside a model''s own window. A model without a row has its window only.';
COMMENT ON COLUMN @book@.historical_margin_setting.model IS 'The model.';
COMMENT ON COLUMN @book@.historical_margin_setting.long_model IS 'Model with a longer lookback and bars as long. NULL: none.';
COMMENT ON COLUMN @book@.historical_margin_setting.floor IS 'True: the margin never falls below the shortfall over the window of long_model.';
COMMENT ON COLUMN @book@.historical_margin_setting.stress_from IS 'Start of the first bar of a stress period, in the window of long_model (or, without one, of the model itself). NULL: none.';
COMMENT ON COLUMN @book@.historical_margin_setting.stress_until IS 'Start of its last bar.';
COMMENT ON COLUMN @book@.historical_margin_setting.stress_weight IS 'Weight of the shortfall over that period.';
COMMENT ON COLUMN @book@.historical_margin_setting.short_bars IS 'Last bars whose standard deviation scales the margin up while it is above that of the window. NULL: no scale.';
COMMENT ON COLUMN @book@.historical_margin_setting.largest_scale IS 'The most that they scale it up by. NULL: no bound.';

-- section: views
CREATE OR REPLACE VIEW @book@.historical_margin WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	l.positions,
	l.unmargined_positions,
	l.known_notional / nullif(l.known_notional + l.unknown_notional, 0) AS margin_coverage,
	k.value_at_risk,
	k.expected_shortfall,
	k.scale,
	k.stressed_shortfall,
	k.floor_shortfall,
	k.margin,
	k.binding,
	q.level,
	q.horizon,
	k.windows,
	k.missing_windows,
	k.stressed_windows,
	k.floor_windows,
	l.stale_positions
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
LEFT JOIN @book@.margin_setting AS s ON s.model = r.model
LEFT JOIN @book@.historical_margin_setting AS t ON t.model = r.model
LEFT JOIN @book@.model_run AS f ON f.model = t.long_model AND f.run = ANY (ARRAY(SELECT y.run::bigint FROM @book@.latest_run AS y))
CROSS JOIN LATERAL (SELECT coalesce(s.level, 0.99) AS level, ceil(coalesce(s.holding_bars, 1))::integer AS horizon) AS q
CROSS JOIN LATERAL (
	SELECT
		array_agg(e.asset) FILTER (WHERE w.known) AS assets,
		array_agg(e.exposure) FILTER (WHERE w.known) AS exposures,
		array_agg(e.return_kind) FILTER (WHERE w.known) AS return_kinds,
		sum(e.positions)::integer AS positions,
		-- a currency of funded holdings has no position of its own
		coalesce(sum(greatest(e.positions, 1)) FILTER (WHERE NOT w.known AND (e.positions > 0 OR e.exposure <> 0)), 0)::integer
			AS unmargined_positions,
		coalesce(sum(e.positions) FILTER (WHERE w.known AND e.stale), 0)::integer AS stale_positions,
		coalesce(sum(abs(e.delta_notional)) FILTER (WHERE w.known), 0) AS known_notional,
		coalesce(sum(abs(e.delta_notional)) FILTER (WHERE NOT w.known), 0) AS unknown_notional
	FROM hedge._exposures(@book_literal@::regnamespace, r.run, h.holdings) AS e
	CROSS JOIN LATERAL (SELECT e.exposure IS NOT NULL AND coalesce(e.volatility > 0, false) AS known) AS w) AS l
CROSS JOIN LATERAL (
	SELECT
		max(p.profit_and_loss) FILTER (WHERE w.is_own) AS own,
		max(p.profit_and_loss) FILTER (WHERE NOT w.is_own) AS long,
		max(p.stress) FILTER (WHERE w.is_own = (t.long_model IS NULL)) AS stress
	FROM (VALUES
		(true, r.run, r.blocks, r.bars, r.window_start),
		(false, f.run, f.blocks, f.bars, f.window_start)) AS w (is_own, run, blocks, bars, window_start)
	CROSS JOIN LATERAL (
		SELECT
			array_agg(a.return_kind ORDER BY u.place) AS return_kinds,
			bool_and((a.return_kind = 'difference') = (u.return_kind = 'difference')) AS alike
		FROM unnest(l.assets, l.return_kinds) WITH ORDINALITY AS u (asset, return_kind, place)
		LEFT JOIN @book@.run_asset AS a ON a.run = w.run AND a.asset = u.asset) AS u
	CROSS JOIN LATERAL (
		-- The blocks may begin before the window: its bars are the last ones.
		SELECT
			j.profit_and_loss[cardinality(j.profit_and_loss) - w.bars + 1:] AS profit_and_loss,
			CASE WHEN t.stress_from >= w.window_start THEN j.stress END AS stress
		FROM (
			SELECT
				hedge.concatenate(b.profit_and_loss ORDER BY c.first_bar) AS profit_and_loss,
				hedge.concatenate(CASE WHEN t.stress_from IS NOT NULL THEN ARRAY(
					SELECT z.profit FROM unnest(b.profit_and_loss, c.bars) AS z (profit, bar)
					WHERE z.bar >= t.stress_from AND z.bar <= t.stress_until
					ORDER BY z.bar) END ORDER BY c.first_bar) AS stress
			FROM @book@.return_block AS c
			CROSS JOIN LATERAL hedge.profit_and_loss(l.assets, l.exposures, c.assets, c.returns, u.return_kinds) AS b (profit_and_loss)
			WHERE c.block = ANY (w.blocks) AND c.last_bar >= w.window_start) AS j
		OFFSET 0) AS p
	WHERE u.alike) AS p
CROSS JOIN LATERAL hedge.historical_margin(
	p.own,
	CASE WHEN t.stress_from IS NOT NULL THEN coalesce(p.stress, '{}') END,
	q.level, q.horizon, coalesce(t.stress_weight, 0.25), t.short_bars, t.largest_scale,
	CASE WHEN t.floor AND t.long_model IS NOT NULL THEN coalesce(p.long, '{}') END) AS k
WHERE r.run = ANY (ARRAY(SELECT y.run::bigint FROM @book@.latest_run AS y));
COMMENT ON VIEW @book@.historical_margin IS 'Portfolio x model: margin of the present positions from what they would have made in the window of each model''s latest run (hedge.historical_margin), live. Offsets count in full, as they were: there is neither evidence nor a share of credit, so it stands beside portfolio_margin and does not replace it. It is the margin of what can be margined: look at unmargined_positions and margin_coverage. A filter on portfolio computes that portfolio alone.';
COMMENT ON COLUMN @book@.historical_margin.portfolio IS 'Who holds the positions.';
COMMENT ON COLUMN @book@.historical_margin.model IS 'The model.';
COMMENT ON COLUMN @book@.historical_margin.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.historical_margin.positions IS 'Rows of positions.';
COMMENT ON COLUMN @book@.historical_margin.unmargined_positions IS 'What this margin does not know of: rows without an exposure (view exposure says why) or a volatility, or with one of 0 (a price that never moved), and currencies of funded holdings likewise.';
COMMENT ON COLUMN @book@.historical_margin.margin_coverage IS 'Share of the delta-equivalent notional, as far as it is known, that is margined. Below 1: this is the margin of a part. 1 is no proof of the contrary: a position without a price has no notional, so look at unmargined_positions. NULL: none is known.';
COMMENT ON COLUMN @book@.historical_margin.value_at_risk IS 'Loss over horizon bars that the window''s history exceeds in a share 1 - level of its periods; a loss is positive, in base currency.';
COMMENT ON COLUMN @book@.historical_margin.expected_shortfall IS 'Mean loss of the worst share 1 - level of the periods.';
COMMENT ON COLUMN @book@.historical_margin.scale IS 'What it is multiplied by while markets move more than in the window: 1 without short_bars. NULL: not known.';
COMMENT ON COLUMN @book@.historical_margin.stressed_shortfall IS 'The same over the stress period. NULL: none is set, or it begins before the window, or not once had every holding its return, of the same kind as now (difference or not).';
COMMENT ON COLUMN @book@.historical_margin.floor_shortfall IS 'The same over the window of long_model. NULL: none is set, or as stressed_shortfall.';
COMMENT ON COLUMN @book@.historical_margin.margin IS 'Margin required, in base currency: the largest of scale x expected_shortfall, of that mixed with stressed_shortfall, and of floor_shortfall; at least 0. NULL: something that it is made of is not known: fewer than 1 / (1 - level) windows, or floor_windows; no stressed_windows although a stress period is set; no scale. One holding that had no price in the stress period leaves none: load the prices of what stands for it, under its name.';
COMMENT ON COLUMN @book@.historical_margin.binding IS 'Which of them it is: history, stress or floor.';
COMMENT ON COLUMN @book@.historical_margin.level IS 'Level of the shortfalls: that of margin_setting.';
COMMENT ON COLUMN @book@.historical_margin.horizon IS 'Bars that they look ahead: holding_bars of margin_setting, rounded up.';
COMMENT ON COLUMN @book@.historical_margin.windows IS 'Periods of the window in which every holding has its returns.';
COMMENT ON COLUMN @book@.historical_margin.missing_windows IS 'Periods of the window in which some holding has none, left out: a suspension, say, on which losses may have been worst.';
COMMENT ON COLUMN @book@.historical_margin.stressed_windows IS 'Periods behind stressed_shortfall.';
COMMENT ON COLUMN @book@.historical_margin.floor_windows IS 'Periods behind floor_shortfall.';
COMMENT ON COLUMN @book@.historical_margin.stale_positions IS 'Rows of positions margined at a stale price, or a stale exchange rate; stale as in data_quality.';
