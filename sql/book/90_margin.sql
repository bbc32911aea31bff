-- section: tables
-- What margin is made with. All of it may be left out: then weights and correlations are estimated.

CREATE TABLE @book@.margin_setting (
	model text PRIMARY KEY REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	level float8 NOT NULL DEFAULT 0.99,
	holding_bars float8 NOT NULL DEFAULT 1,
	credit_share float8 NOT NULL DEFAULT 0.8,
	credited_verdicts text[] DEFAULT '{reliable}',
	adverse boolean NOT NULL DEFAULT false,
	CONSTRAINT level_is_between_one_half_and_1 CHECK (level > 0.5 AND level < 1),
	CONSTRAINT holding_bars_is_positive CHECK (holding_bars > 0 AND holding_bars <= 1e6),
	CONSTRAINT credit_share_is_from_0_to_1 CHECK (credit_share >= 0 AND credit_share <= 1),
	CONSTRAINT credited_verdicts_are_verdicts
		CHECK (array_to_string(credited_verdicts, ',', '?') ~ '^((reliable|weak|unstable|break_detected|insufficient)(,|$))*$')
);
COMMENT ON TABLE @book@.margin_setting IS 'How a model''s portfolios are margined. A model without a row has the defaults.';
COMMENT ON COLUMN @book@.margin_setting.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_setting.level IS 'An estimated risk weight is volatility x quantile of the normal distribution at this level x sqrt(holding_bars). A volatility of 0 gives none.';
COMMENT ON COLUMN @book@.margin_setting.holding_bars IS 'Bars that closing a position may take. The default is one bar, whatever a bar is: set it where bars are shorter than the days that rules ask for.';
COMMENT ON COLUMN @book@.margin_setting.credit_share IS 'Share of the credit, gross less net margin, that is granted. 0.8 is the most that Delegated Regulation (EU) 153/2013, article 27(4), allows in general.';
COMMENT ON COLUMN @book@.margin_setting.credited_verdicts IS 'A pair that offsets is credited if its verdict, in both directions, is one of these. A pair whose correlation broke has the one since the break where that offsets or diversifies less, unless break_detected is one of these. NULL: every pair, examined or not, as estimated.';
COMMENT ON COLUMN @book@.margin_setting.adverse IS 'What a pair that offsets without being credited has instead of its correlation. False: 0. True: the same turned around, so that it adds up.';

CREATE TABLE @book@.margin_weight (
	asset text PRIMARY KEY,
	weight float8 NOT NULL,
	CONSTRAINT weight_is_not_negative CHECK (weight >= 0 AND weight <= 1e50)
);
COMMENT ON TABLE @book@.margin_weight IS 'Risk weights of assets, instead of their bucket''s or of estimated ones. An asset that cannot be estimated is margined if it has one.';
COMMENT ON COLUMN @book@.margin_weight.asset IS 'The asset.';
COMMENT ON COLUMN @book@.margin_weight.weight IS 'Share of the notional that may be lost, under any model. Of an instrument whose own return_kind is difference, price units that may be lost of one unit.';

CREATE TABLE @book@.margin_bucket (
	bucket text PRIMARY KEY,
	weight float8,
	correlation float8,
	CONSTRAINT weight_is_not_negative CHECK (weight >= 0 AND weight <= 1e50),
	CONSTRAINT correlation_is_from_0_to_1 CHECK (correlation >= 0 AND correlation <= 1)
);
COMMENT ON TABLE @book@.margin_bucket IS 'Parameters of buckets: those that instrument names, and '''' for assets without one.';
COMMENT ON COLUMN @book@.margin_bucket.bucket IS 'The bucket.';
COMMENT ON COLUMN @book@.margin_bucket.weight IS 'Risk weight of its assets, as in margin_weight. NULL: each has its own, supplied or estimated.';
COMMENT ON COLUMN @book@.margin_bucket.correlation IS 'One correlation of any two of its assets. NULL: estimated.';

CREATE TABLE @book@.margin_bucket_pair (
	bucket_a text,
	bucket_b text,
	correlation float8 NOT NULL,
	PRIMARY KEY (bucket_a, bucket_b),
	CONSTRAINT buckets_are_two_in_byte_order CHECK (bucket_a COLLATE "C" < bucket_b),
	CONSTRAINT correlation_is_from_minus_1_to_1 CHECK (correlation >= -1 AND correlation <= 1)
);
COMMENT ON TABLE @book@.margin_bucket_pair IS 'Correlations of two buckets. Two without a row are correlated leg by leg, as estimated. Those that are those of no market (not positive semi-definite) are not used: view portfolio_margin says so, and its buckets add up.';
COMMENT ON COLUMN @book@.margin_bucket_pair.bucket_a IS 'One bucket, the first in byte order.';
COMMENT ON COLUMN @book@.margin_bucket_pair.bucket_b IS 'The other.';
COMMENT ON COLUMN @book@.margin_bucket_pair.correlation IS 'Their correlation.';

-- section: tables before 0.2.0
-- A level of 0.5 made weights of 0.
UPDATE @book@.margin_setting SET level = DEFAULT WHERE level = 0.5;
ALTER TABLE @book@.margin_setting DROP CONSTRAINT level_is_from_one_half_to_below_1,
	ADD CONSTRAINT level_is_between_one_half_and_1 CHECK (level > 0.5 AND level < 1);
COMMENT ON COLUMN @book@.margin_setting.level IS 'An estimated risk weight is volatility x quantile of the normal distribution at this level x sqrt(holding_bars). A volatility of 0 gives none.';
COMMENT ON COLUMN @book@.margin_setting.holding_bars IS 'Bars that closing a position may take. The default is one bar, whatever a bar is: set it where bars are shorter than the days that rules ask for.';
COMMENT ON COLUMN @book@.margin_setting.credited_verdicts IS 'A pair that offsets is credited if its verdict, in both directions, is one of these. A pair whose correlation broke has the one since the break where that offsets or diversifies less, unless break_detected is one of these. NULL: every pair, examined or not, as estimated.';
COMMENT ON COLUMN @book@.margin_weight.weight IS 'Share of the notional that may be lost, under any model. Of an instrument whose own return_kind is difference, price units that may be lost of one unit.';
COMMENT ON COLUMN @book@.margin_bucket.weight IS 'Risk weight of its assets, as in margin_weight. NULL: each has its own, supplied or estimated.';
COMMENT ON TABLE @book@.margin_bucket_pair IS 'Correlations of two buckets. Two without a row are correlated leg by leg, as estimated. Those that are those of no market (not positive semi-definite) are not used: view portfolio_margin says so, and its buckets add up.';

-- section: views
-- Margin of portfolios.

CREATE OR REPLACE VIEW @book@._margin_asset WITH (security_invoker = true) AS
SELECT
	u.run,
	u.asset,
	coalesce(u.bucket, '') AS bucket,
	coalesce(s.weight * s.unit, nullif(u.volatility, 0) * q.quantile) AS weight,
	u.unit_exposure
FROM @book@._unit AS u
JOIN @book@.model_run AS r ON r.run = u.run
LEFT JOIN @book@.margin_setting AS t ON t.model = r.model
LEFT JOIN @book@.margin_weight AS w ON w.asset = u.asset
LEFT JOIN @book@.margin_bucket AS b ON b.bucket = coalesce(u.bucket, '')
LEFT JOIN @book@.instrument AS i ON i.asset = u.asset
CROSS JOIN LATERAL (
	-- A weight is a share of the notional; exposures of difference returns are per unit of price.
	SELECT
		CASE WHEN v.weight < 1e-100 THEN 0 ELSE v.weight END AS weight,
		CASE WHEN u.return_kind <> 'difference' OR i.return_kind = 'difference' THEN 1
			ELSE least(CASE WHEN abs(u.price) < 1e-100 THEN 0 ELSE abs(u.price) END, 1e100) END AS unit
	FROM (SELECT coalesce(w.weight, b.weight) AS weight) AS v) AS s
CROSS JOIN LATERAL (
	SELECT hedge._normal_quantile(coalesce(t.level, 0.99)) * sqrt(coalesce(t.holding_bars, 1)) AS quantile) AS q;
COMMENT ON VIEW @book@._margin_asset IS 'Run and asset: bucket and risk weight, and what one contract exposes to. A step of portfolio_margin and spread_margin.';

CREATE OR REPLACE VIEW @book@._margin_parameters WITH (security_invoker = true) AS
SELECT
	a.run,
	a.weights,
	a.buckets,
	coalesce(s.credit_share, 0.8) AS credit_share,
	s.model IS NULL OR s.credited_verdicts IS NOT NULL AS gated,
	coalesce(s.adverse, false) AS adverse,
	m.minimum_observations,
	b.buckets AS bucket_names,
	b.correlations AS bucket_correlations,
	p.buckets_a,
	p.buckets_b,
	p.correlations AS buckets_correlations,
	c.assets_y AS credited_y,
	c.assets_x AS credited_x,
	d.assets_y AS broken_y,
	d.assets_x AS broken_x,
	d.correlations AS broken_correlations
FROM (
	SELECT x.run, array_agg(x.weight) AS weights, array_agg(x.bucket) AS buckets
	FROM (SELECT y.* FROM @book@._margin_asset AS y ORDER BY y.run, y.asset COLLATE "C") AS x
	GROUP BY x.run) AS a
JOIN @book@.model_run AS r ON r.run = a.run
JOIN @book@.model AS m ON m.model = r.model
LEFT JOIN @book@.margin_setting AS s ON s.model = r.model
CROSS JOIN LATERAL (
	SELECT coalesce(array_agg(x.bucket), '{}') AS buckets, coalesce(array_agg(x.correlation), '{}') AS correlations
	FROM @book@.margin_bucket AS x
	WHERE x.correlation IS NOT NULL) AS b
CROSS JOIN LATERAL (
	SELECT
		coalesce(array_agg(x.bucket_a), '{}') AS buckets_a,
		coalesce(array_agg(x.bucket_b), '{}') AS buckets_b,
		coalesce(array_agg(x.correlation), '{}') AS correlations
	FROM @book@.margin_bucket_pair AS x) AS p
CROSS JOIN LATERAL (
	SELECT coalesce(array_agg(x.asset_y), '{}') AS assets_y, coalesce(array_agg(x.asset_x), '{}') AS assets_x
	FROM @book@.pair_evidence AS x
	WHERE x.run = a.run
		AND x.verdict = ANY (CASE WHEN s.model IS NULL THEN ARRAY['reliable'] ELSE s.credited_verdicts END)) AS c
CROSS JOIN LATERAL (
	SELECT
		coalesce(array_agg(x.asset_y), '{}') AS assets_y,
		coalesce(array_agg(x.asset_x), '{}') AS assets_x,
		coalesce(array_agg(x.correlation_after_break), '{}') AS correlations
	FROM @book@.pair_evidence AS x
	WHERE x.run = a.run AND x.verdict = 'break_detected' AND x.correlation_after_break IS NOT NULL
		AND x.verdict <> ALL (CASE WHEN s.model IS NULL THEN ARRAY['reliable'] ELSE s.credited_verdicts END)) AS d;
COMMENT ON VIEW @book@._margin_parameters IS 'Run: what all its portfolios are margined with, assets in the order of _units. A step of portfolio_margin.';

CREATE OR REPLACE VIEW @book@._margin_seen WITH (security_invoker = true) AS
SELECT
	r.run,
	c.assets_y,
	c.assets_x,
	c.lowest,
	c.highest
FROM @book@.model_run AS r
CROSS JOIN LATERAL (
	SELECT
		coalesce(array_agg(x.asset_y), '{}') AS assets_y,
		coalesce(array_agg(x.asset_x), '{}') AS assets_x,
		coalesce(array_agg(x.rolling_minimum), '{}') AS lowest,
		coalesce(array_agg(x.rolling_maximum), '{}') AS highest
	FROM @book@.pair_evidence AS x
	WHERE x.run = r.run AND x.rolling_minimum IS NOT NULL AND x.rolling_maximum IS NOT NULL) AS c;
COMMENT ON VIEW @book@._margin_seen IS 'Run: the extremes that rolling correlations were seen at. A step of credit_at_risk.';

CREATE OR REPLACE VIEW @book@._margin_run WITH (security_invoker = true) AS
SELECT
	r.run,
	r.model,
	r.as_of,
	coalesce(r.psd_matrix, r.matrix) AS matrix,
	(SELECT x FROM @book@._margin_parameters AS x WHERE x.run = r.run) AS parameters,
	(SELECT x FROM @book@._margin_seen AS x WHERE x.run = r.run) AS seen,
	coalesce(s.level, 0.99) AS level,
	coalesce(s.holding_bars, 1) AS holding_bars
FROM @book@.model_run AS r
LEFT JOIN @book@.margin_setting AS s ON s.model = r.model
WHERE r.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x))
OFFSET 0;		-- so that a view reads parameters once a run, not once a portfolio
COMMENT ON VIEW @book@._margin_run IS 'Latest run of each model, and what all portfolios are margined with at it. A step of portfolio_margin and its sisters.';

CREATE OR REPLACE VIEW @book@.portfolio_margin WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	k.positions,
	k.unmargined_positions,
	k.legs,
	k.gross_margin,
	k.silo_margin,
	k.uncorrelated_margin,
	k.margin_low,
	k.margin_medium,
	k.margin_high,
	k.net_margin,
	k.scenario,
	k.credit,
	k.credit_share,
	k.margin,
	k.credit / nullif(k.gross_margin, 0) AS credit_of_gross,
	k.uncredited_pairs,
	k.credit_withheld,
	k.alternative,
	k.floored,
	k.indefinite,
	k.unmargined_notional,
	k.margin_coverage,
	k.stale_positions,
	k.gross_margin - k.margin AS credit_granted,
	r.level,
	r.holding_bars,
	k.unknown_pairs
FROM @book@._holding AS h
CROSS JOIN @book@._margin_run AS r
CROSS JOIN LATERAL hedge._holdings_margin(r.matrix, @book_literal@::regnamespace, r.run, r.parameters, h.holdings) AS k;
COMMENT ON VIEW @book@.portfolio_margin IS 'Portfolio x model: margin of the present positions at each model''s latest run, by weighted sensitivities (hedge.margin), live. Without any parameter: weights of estimated volatilities, correlations of the run, 80 % of the credit of reliable pairs. It is the margin of what can be margined: look at unmargined_positions and margin_coverage beside it. A filter on portfolio computes that portfolio alone.';
COMMENT ON COLUMN @book@.portfolio_margin.portfolio IS 'Who holds the positions.';
COMMENT ON COLUMN @book@.portfolio_margin.model IS 'The model.';
COMMENT ON COLUMN @book@.portfolio_margin.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.portfolio_margin.positions IS 'Rows of positions.';
COMMENT ON COLUMN @book@.portfolio_margin.unmargined_positions IS 'What no margin knows of: of those rows the ones without an exposure (view exposure says why) or a risk weight, and currencies of funded holdings without a weight. An estimated volatility of 0 is no weight: a price that never moved.';
COMMENT ON COLUMN @book@.portfolio_margin.legs IS 'Assets margined, currencies of funded holdings included.';
COMMENT ON COLUMN @book@.portfolio_margin.gross_margin IS 'Sum of weight x |exposure|, in base currency: nothing offsets or diversifies. NULL, as all margins: none of its positions can be margined. 0: nothing to margin.';
COMMENT ON COLUMN @book@.portfolio_margin.silo_margin IS 'Margins of the buckets added up, each in its worst scenario. Before credit_share, as gross and net margin are: silo_margin - net_margin is what pooling buckets saves; margin is after it.';
COMMENT ON COLUMN @book@.portfolio_margin.uncorrelated_margin IS 'Margin if every correlation were 0.';
COMMENT ON COLUMN @book@.portfolio_margin.margin_low IS 'Net margin at low correlations, max(2r - 1, 0.75r).';
COMMENT ON COLUMN @book@.portfolio_margin.margin_medium IS 'Net margin at the correlations as they are.';
COMMENT ON COLUMN @book@.portfolio_margin.margin_high IS 'Net margin at high correlations, min(1.25r, 1).';
COMMENT ON COLUMN @book@.portfolio_margin.net_margin IS 'The largest of the three.';
COMMENT ON COLUMN @book@.portfolio_margin.scenario IS 'Which it is: low, medium or high. NULL: no leg.';
COMMENT ON COLUMN @book@.portfolio_margin.credit IS 'gross_margin - net_margin: what offsets and diversification save, before credit_share. After it: credit_granted.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_share IS 'Share of it that is granted.';
COMMENT ON COLUMN @book@.portfolio_margin.margin IS 'Margin required: gross_margin - credit_share x credit.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_of_gross IS 'credit / gross_margin.';
COMMENT ON COLUMN @book@.portfolio_margin.uncredited_pairs IS 'Pairs that offset, but are not credited since their verdict does not allow it or the run did not examine them, and pairs counted at their correlation since a break. Pairs across buckets with a supplied correlation are not looked at.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_withheld IS 'How much less margin would be if every pair were credited, after credit_share.';
COMMENT ON COLUMN @book@.portfolio_margin.alternative IS 'True: the sum under the root was negative, and bucket sums are bounded (MAR21.4).';
COMMENT ON COLUMN @book@.portfolio_margin.floored IS 'True: some root had a negative number under it even so, and is 0.';
COMMENT ON COLUMN @book@.portfolio_margin.indefinite IS 'True: the correlations supplied for its buckets are those of no market (not positive semi-definite, with the others as its legs make them). They are not used: buckets add up, net is the sum of their margins. NULL: not looked at, for more than 1,000 buckets.';
COMMENT ON COLUMN @book@.portfolio_margin.unmargined_notional IS 'Sum of the sizes of delta-equivalent notionals, in base currency, that no margin knows of. Not in it is what has no price, no exchange rate or no number of contracts: only unmargined_positions counts that.';
COMMENT ON COLUMN @book@.portfolio_margin.margin_coverage IS 'Share of the delta-equivalent notional, as far as it is known, that is margined. Below 1: this is the margin of a part. 1 is no proof of the contrary: a position without a price has no notional, so look at unmargined_positions. NULL: none is known.';
COMMENT ON COLUMN @book@.portfolio_margin.stale_positions IS 'Rows of positions margined at a stale price, or a stale exchange rate; stale as in data_quality.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_granted IS 'gross_margin - margin: credit_share x credit. Column credit of credit_at_risk is what is left of this if correlations move.';
COMMENT ON COLUMN @book@.portfolio_margin.level IS 'Level of estimated weights.';
COMMENT ON COLUMN @book@.portfolio_margin.holding_bars IS 'Bars that estimated weights look ahead.';
COMMENT ON COLUMN @book@.portfolio_margin.unknown_pairs IS 'Pairs of legs that add up in full since their correlation is not known: fewer common returns than minimum_observations of the model, or no estimate at all. Pairs with a supplied correlation are not among them.';

CREATE OR REPLACE VIEW @book@.margin_steps WITH (security_invoker = true) AS
SELECT
	m.portfolio,
	m.model,
	m.as_of,
	s.step_number,
	s.step,
	(CASE WHEN s.step = 'margin' THEN round(s.total, 2) ELSE round(s.total, 2) - round(s.before, 2) END)::float8 AS amount,
	round(s.total, 2)::float8 AS running_total
FROM @book@.portfolio_margin AS m
CROSS JOIN LATERAL (
	VALUES
		(1, 'gross', 0::numeric, m.gross_margin::numeric),
		(2, 'diversification', m.gross_margin::numeric, m.uncorrelated_margin::numeric),
		(3, 'credit', m.uncorrelated_margin::numeric, m.net_margin::numeric),
		(4, 'cap', m.net_margin::numeric, m.margin::numeric),
		(5, 'margin', m.margin::numeric, m.margin::numeric)) AS s (step_number, step, before, total);
COMMENT ON VIEW @book@.margin_steps IS 'Portfolio x model x step from gross to required margin, for a waterfall: amounts of steps 1 to 4 add up to that of step 5, to the cent (amount::numeric adds without binary rounding).';
COMMENT ON COLUMN @book@.margin_steps.portfolio IS 'Who holds the positions.';
COMMENT ON COLUMN @book@.margin_steps.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_steps.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.margin_steps.step_number IS '1 to 5.';
COMMENT ON COLUMN @book@.margin_steps.step IS 'gross; diversification: what strangers would save, too; credit: what correlations save beyond that, positive where they add (diversification and credit together are the credit of portfolio_margin); cap: credit that is not granted; margin: what is required.';
COMMENT ON COLUMN @book@.margin_steps.amount IS 'Change of the margin by the step, in base currency, in cents; of margin the whole. NULL: none of its positions can be margined.';
COMMENT ON COLUMN @book@.margin_steps.running_total IS 'Margin after the step.';

CREATE OR REPLACE VIEW @book@.margin_contributions WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	k.asset,
	coalesce(i.bucket, '') AS bucket,
	k.weight,
	k.weighted_sensitivity,
	k.contribution,
	k.contribution_share,
	CASE WHEN w.asset IS NOT NULL THEN 'asset' WHEN b.weight IS NOT NULL THEN 'bucket' WHEN k.weight IS NOT NULL THEN 'estimated' END AS weight_source
FROM @book@._holding AS h
CROSS JOIN @book@._margin_run AS r
CROSS JOIN LATERAL hedge._leg_margin_contributions(r.matrix, @book_literal@::regnamespace, r.run, r.parameters, h.holdings) AS k
LEFT JOIN @book@.instrument AS i ON i.asset = k.asset
LEFT JOIN @book@.margin_weight AS w ON w.asset = k.asset
LEFT JOIN @book@.margin_bucket AS b ON b.bucket = coalesce(i.bucket, '');
COMMENT ON VIEW @book@.margin_contributions IS 'Portfolio x model x asset margined: what it adds to the margin of portfolio_margin, as it takes credit from others (Euler); contributions of a portfolio sum to its margin. What cannot be margined has a row without a contribution.';
COMMENT ON COLUMN @book@.margin_contributions.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.margin_contributions.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_contributions.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.margin_contributions.asset IS 'What is held, or the currency of funded holdings.';
COMMENT ON COLUMN @book@.margin_contributions.bucket IS 'Its bucket.';
COMMENT ON COLUMN @book@.margin_contributions.weight IS 'Its risk weight, supplied or estimated. NULL: it has none, or no price, without which a supplied one is of no use.';
COMMENT ON COLUMN @book@.margin_contributions.weighted_sensitivity IS 'weight x exposure, signed; without its sign the margin of the position alone.';
COMMENT ON COLUMN @book@.margin_contributions.contribution IS 'exposure x change of the margin per exposure, in base currency; negative for what reduces it. NULL: it is in no margin, for want of an exposure (basis in view exposure says why) or of a weight (too few returns, or a price that never moved).';
COMMENT ON COLUMN @book@.margin_contributions.contribution_share IS 'contribution / margin.';
COMMENT ON COLUMN @book@.margin_contributions.weight_source IS 'Where weight is from: asset (margin_weight), bucket (margin_bucket), estimated. NULL: there is none. estimated although you supplied one: it stands under another name.';

CREATE OR REPLACE VIEW @book@.credit_at_risk WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	k.scenario_number,
	k.scenario,
	k.margin,
	k.credit,
	k.credit_lost,
	k.shortfall,
	k.unseen_pairs,
	k.repaired,
	k.distance,
	k.alternative
FROM @book@._holding AS h
CROSS JOIN @book@._margin_run AS r
CROSS JOIN LATERAL hedge._holdings_credit_at_risk(r.matrix, @book_literal@::regnamespace, r.run, r.parameters, h.holdings, r.seen) AS k;
COMMENT ON VIEW @book@.credit_at_risk IS 'Portfolio x model x scenario: the margin of portfolio_margin if correlations moved, and the credit lost. Evidence withholds credit there, too; what is unknown adds up there, too. A portfolio without a margined leg has no row. A filter on portfolio computes that portfolio alone; the whole view repairs correlations of every portfolio, which takes far longer than portfolio_margin.';
COMMENT ON COLUMN @book@.credit_at_risk.portfolio IS 'Who holds the positions.';
COMMENT ON COLUMN @book@.credit_at_risk.model IS 'The model.';
COMMENT ON COLUMN @book@.credit_at_risk.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.credit_at_risk.scenario_number IS '1 to 6.';
COMMENT ON COLUMN @book@.credit_at_risk.scenario IS 'low, medium, high: as in hedge.correlation_scenario; evidence is looked at after that, so that a pair counted at its correlation since a break stays there, while margin_low and margin_high of portfolio_margin move that, too. zero: no correlation. flipped: every sign turned. worst_seen: each pair at the rolling correlation of the run''s evidence that offsets least; no row where nothing was examined.';
COMMENT ON COLUMN @book@.credit_at_risk.margin IS 'Margin required at these correlations, after credit_share, in base currency. Moved correlations that are those of no market are replaced by the nearest that are.';
COMMENT ON COLUMN @book@.credit_at_risk.credit IS 'gross_margin - margin: the credit that is left at these correlations, after credit_share; like credit_granted of portfolio_margin, unlike its credit.';
COMMENT ON COLUMN @book@.credit_at_risk.credit_lost IS 'Credit at medium - credit; negative where the portfolio would need less.';
COMMENT ON COLUMN @book@.credit_at_risk.shortfall IS 'How much more that is than the margin required now (portfolio_margin.margin, the worst of low, medium and high); 0 where it is covered.';
COMMENT ON COLUMN @book@.credit_at_risk.unseen_pairs IS 'Of worst_seen: pairs that stay at their estimate, since nothing was seen of them. NULL for other scenarios.';
COMMENT ON COLUMN @book@.credit_at_risk.repaired IS 'True: the moved correlations were those of no market. NULL: not looked at, for more than 1,000 legs together.';
COMMENT ON COLUMN @book@.credit_at_risk.distance IS 'How far away the nearest were, Frobenius norm. NULL as repaired.';
COMMENT ON COLUMN @book@.credit_at_risk.alternative IS 'True: the sum under the root was negative, and bucket sums are bounded.';

CREATE OR REPLACE VIEW @book@.margin_compartments WITH (security_invoker = true) AS
SELECT
	c.portfolio,
	r.model,
	r.as_of,
	c.divided_by,
	k.compartment,
	k.positions,
	k.unmargined_positions,
	k.legs,
	k.gross_margin,
	k.margin,
	k.margin_of_others,
	k.pooled_margin,
	k.wall_cost
FROM (
	SELECT g.portfolio, g.divided_by,
		array_agg(g.holdings ORDER BY g.compartment COLLATE "C") AS holdings,	-- one order of summation
		array_agg(g.compartment ORDER BY g.compartment COLLATE "C") AS compartments
	FROM (
		SELECT p.portfolio, 'bucket' AS divided_by, coalesce(i.bucket, '') AS compartment,
			hedge._holdings(p.asset, p.quantity, p.delta_quantity) AS holdings
		FROM @book@._position AS p
		LEFT JOIN @book@.instrument AS i ON i.asset = p.asset
		GROUP BY p.portfolio, coalesce(i.bucket, '')
		UNION ALL
		SELECT p.portfolio, 'currency', coalesce(i.currency, b.base_currency),
			hedge._holdings(p.asset, p.quantity, p.delta_quantity)
		FROM @book@._position AS p
		CROSS JOIN @book@.book AS b
		LEFT JOIN @book@.instrument AS i ON i.asset = p.asset
		GROUP BY p.portfolio, coalesce(i.currency, b.base_currency)
		UNION ALL
		SELECT NULL, 'portfolio', h.portfolio, h.holdings
		FROM @book@._holding AS h) AS g
	GROUP BY g.portfolio, g.divided_by) AS c
CROSS JOIN @book@._margin_run AS r
CROSS JOIN LATERAL hedge._holdings_compartments(r.matrix, @book_literal@::regnamespace, r.run, r.parameters, c.holdings, c.compartments) AS k;
COMMENT ON VIEW @book@.margin_compartments IS 'What walls cost: the same positions margined apart and pooled, as portfolio_margin does it. divided_by = bucket or currency: compartments of each portfolio. divided_by = portfolio: the book''s portfolios, of which the caller sees, as compartments of one, and portfolio is NULL. A filter on portfolio, or on divided_by, computes only that.';
COMMENT ON COLUMN @book@.margin_compartments.portfolio IS 'Who holds the positions. NULL: all portfolios together.';
COMMENT ON COLUMN @book@.margin_compartments.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_compartments.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.margin_compartments.divided_by IS 'What the walls stand between: bucket, currency (of the instrument) or portfolio.';
COMMENT ON COLUMN @book@.margin_compartments.compartment IS 'The bucket, the currency or the portfolio.';
COMMENT ON COLUMN @book@.margin_compartments.positions IS 'Rows of positions in it.';
COMMENT ON COLUMN @book@.margin_compartments.unmargined_positions IS 'What no margin knows of, as in portfolio_margin.';
COMMENT ON COLUMN @book@.margin_compartments.legs IS 'Assets margined in it, currencies of its funded holdings included.';
COMMENT ON COLUMN @book@.margin_compartments.gross_margin IS 'Sum of weight x |exposure| in it, in base currency. NULL: none of its positions can be margined.';
COMMENT ON COLUMN @book@.margin_compartments.margin IS 'Margin of this compartment alone. NULL as gross_margin.';
COMMENT ON COLUMN @book@.margin_compartments.margin_of_others IS 'Margin of all others, pooled. NULL, as pooled_margin: none of their positions can be margined.';
COMMENT ON COLUMN @book@.margin_compartments.pooled_margin IS 'Margin of all compartments, pooled.';
COMMENT ON COLUMN @book@.margin_compartments.wall_cost IS 'What the wall around it costs: margin + margin_of_others - pooled_margin, of what can be margined. All walls at once cost sum(margin) - pooled_margin. Between portfolios it is too low where pairs across the wall were not examined, as those that no one portfolio holds are not unless the model''s evidence is all: they earn no credit.';
