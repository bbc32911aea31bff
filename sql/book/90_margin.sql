-- section: tables
-- What margin is made with. All of it may be left out: then weights and correlations are estimated.

CREATE TABLE @book@.margin_setting (
	model text PRIMARY KEY REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	level float8 NOT NULL DEFAULT 0.99,
	holding_bars float8 NOT NULL DEFAULT 1,
	credit_share float8 NOT NULL DEFAULT 0.8,
	credited_verdicts text[] DEFAULT '{reliable}',
	adverse boolean NOT NULL DEFAULT false,
	CONSTRAINT level_is_from_one_half_to_below_1 CHECK (level >= 0.5 AND level < 1),
	CONSTRAINT holding_bars_is_positive CHECK (holding_bars > 0 AND holding_bars <= 1e6),
	CONSTRAINT credit_share_is_from_0_to_1 CHECK (credit_share >= 0 AND credit_share <= 1),
	CONSTRAINT credited_verdicts_are_verdicts
		CHECK (array_to_string(credited_verdicts, ',', '?') ~ '^((reliable|weak|unstable|break_detected|insufficient)(,|$))*$')
);
COMMENT ON TABLE @book@.margin_setting IS 'How a model''s portfolios are margined. A model without a row has the defaults.';
COMMENT ON COLUMN @book@.margin_setting.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_setting.level IS 'An estimated risk weight is volatility x quantile of the normal distribution at this level x sqrt(holding_bars).';
COMMENT ON COLUMN @book@.margin_setting.holding_bars IS 'Bars that closing a position may take.';
COMMENT ON COLUMN @book@.margin_setting.credit_share IS 'Share of the credit, gross less net margin, that is granted. 0.8 is the most that Delegated Regulation (EU) 153/2013, article 27(4), allows in general.';
COMMENT ON COLUMN @book@.margin_setting.credited_verdicts IS 'A pair that offsets is credited if its verdict, in both directions, is one of these. NULL: every pair, examined or not.';
COMMENT ON COLUMN @book@.margin_setting.adverse IS 'What a pair that offsets without being credited has instead of its correlation. False: 0. True: the same turned around, so that it adds up.';

CREATE TABLE @book@.margin_weight (
	asset text PRIMARY KEY,
	weight float8 NOT NULL,
	CONSTRAINT weight_is_not_negative CHECK (weight >= 0 AND weight <= 1e50)
);
COMMENT ON TABLE @book@.margin_weight IS 'Risk weights of assets, instead of their bucket''s or of estimated ones. An asset that cannot be estimated is margined if it has one.';
COMMENT ON COLUMN @book@.margin_weight.asset IS 'The asset.';
COMMENT ON COLUMN @book@.margin_weight.weight IS 'Share of the exposure that may be lost; under difference returns in units of price.';

CREATE TABLE @book@.margin_bucket (
	bucket text PRIMARY KEY,
	weight float8,
	correlation float8,
	CONSTRAINT weight_is_not_negative CHECK (weight >= 0 AND weight <= 1e50),
	CONSTRAINT correlation_is_from_0_to_1 CHECK (correlation >= 0 AND correlation <= 1)
);
COMMENT ON TABLE @book@.margin_bucket IS 'Parameters of buckets: those that instrument names, and '''' for assets without one.';
COMMENT ON COLUMN @book@.margin_bucket.bucket IS 'The bucket.';
COMMENT ON COLUMN @book@.margin_bucket.weight IS 'Risk weight of its assets. NULL: each has its own, supplied or estimated.';
COMMENT ON COLUMN @book@.margin_bucket.correlation IS 'One correlation of any two of its assets. NULL: estimated.';

CREATE TABLE @book@.margin_bucket_pair (
	bucket_a text,
	bucket_b text,
	correlation float8 NOT NULL,
	PRIMARY KEY (bucket_a, bucket_b),
	CONSTRAINT buckets_are_two_in_byte_order CHECK (bucket_a COLLATE "C" < bucket_b),
	CONSTRAINT correlation_is_from_minus_1_to_1 CHECK (correlation >= -1 AND correlation <= 1)
);
COMMENT ON TABLE @book@.margin_bucket_pair IS 'Correlations of two buckets. Two without a row have the mean of the estimated correlations of their assets.';
COMMENT ON COLUMN @book@.margin_bucket_pair.bucket_a IS 'One bucket, the first in byte order.';
COMMENT ON COLUMN @book@.margin_bucket_pair.bucket_b IS 'The other.';
COMMENT ON COLUMN @book@.margin_bucket_pair.correlation IS 'Their correlation.';

CREATE TABLE @book@.spread (
	spread text PRIMARY KEY,
	priority float8,
	CONSTRAINT priority_is_a_number CHECK (priority > '-infinity' AND priority < 'infinity')
);
COMMENT ON TABLE @book@.spread IS 'Spreads that earn a credit on outright margins, for view spread_margin.';
COMMENT ON COLUMN @book@.spread.spread IS 'Name of the spread.';
COMMENT ON COLUMN @book@.spread.priority IS 'The lowest is formed first. NULL: last.';

CREATE TABLE @book@.spread_leg (
	spread text REFERENCES @book@.spread ON UPDATE CASCADE ON DELETE CASCADE,
	asset text,
	ratio float8 NOT NULL,
	side text NOT NULL,
	credit_rate float8 NOT NULL,
	PRIMARY KEY (spread, asset),
	CONSTRAINT ratio_is_positive CHECK (ratio > 0 AND ratio < 'infinity'),
	CONSTRAINT side_is_a_or_b CHECK (side IN ('A', 'B')),
	CONSTRAINT credit_rate_is_from_0_to_1 CHECK (credit_rate >= 0 AND credit_rate <= 1)
);
COMMENT ON TABLE @book@.spread_leg IS 'Legs of spreads.';
COMMENT ON COLUMN @book@.spread_leg.spread IS 'The spread.';
COMMENT ON COLUMN @book@.spread_leg.asset IS 'The asset.';
COMMENT ON COLUMN @book@.spread_leg.ratio IS 'Contracts of it in one spread.';
COMMENT ON COLUMN @book@.spread_leg.side IS 'A or B: legs on A are long where those on B are short, or the other way round.';
COMMENT ON COLUMN @book@.spread_leg.credit_rate IS 'Share of its outright margin that is credited.';

-- section: views
-- Margin of portfolios.

CREATE OR REPLACE VIEW @book@._margin_asset WITH (security_invoker = true) AS
SELECT
	u.run,
	u.asset,
	coalesce(u.bucket, '') AS bucket,
	coalesce(w.weight, b.weight, u.volatility * q.quantile) AS weight,
	u.unit_exposure
FROM @book@._unit AS u
JOIN @book@.model_run AS r ON r.run = u.run
LEFT JOIN @book@.margin_setting AS s ON s.model = r.model
LEFT JOIN @book@.margin_weight AS w ON w.asset = u.asset
LEFT JOIN @book@.margin_bucket AS b ON b.bucket = coalesce(u.bucket, '')
CROSS JOIN LATERAL (
	SELECT hedge._normal_quantile(coalesce(s.level, 0.99)) * sqrt(coalesce(s.holding_bars, 1)) AS quantile) AS q;
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
	c.assets_x AS credited_x
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
		AND x.verdict = ANY (CASE WHEN s.model IS NULL THEN ARRAY['reliable'] ELSE s.credited_verdicts END)) AS c;
COMMENT ON VIEW @book@._margin_parameters IS 'Run: what all its portfolios are margined with, assets in the order of _units. A step of portfolio_margin.';

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
	k.floored
FROM @book@._holding AS h
CROSS JOIN (
	SELECT
		(SELECT x FROM @book@._margin_parameters AS x WHERE x.run = n.run) AS parameters,
		n.run, n.model, n.as_of, coalesce(n.psd_matrix, n.matrix) AS matrix
	FROM @book@.model_run AS n
	WHERE n.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x))
	OFFSET 0) AS r		-- once a run
CROSS JOIN LATERAL hedge._leg_margin(r.matrix, @book_literal@::regnamespace, r.run, r.parameters, h.holdings) AS k;
COMMENT ON VIEW @book@.portfolio_margin IS 'Portfolio x model: margin of the present positions at each model''s latest run, by weighted sensitivities (hedge.margin), live. Without any parameter: weights of estimated volatilities, correlations of the run, one bucket, 80 % of the credit of reliable pairs. A filter on portfolio computes that portfolio alone.';
COMMENT ON COLUMN @book@.portfolio_margin.portfolio IS 'Who holds the positions.';
COMMENT ON COLUMN @book@.portfolio_margin.model IS 'The model.';
COMMENT ON COLUMN @book@.portfolio_margin.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.portfolio_margin.positions IS 'Rows of positions.';
COMMENT ON COLUMN @book@.portfolio_margin.unmargined_positions IS 'Of those, rows that no margin knows of: without an exposure (view exposure says why) or a risk weight.';
COMMENT ON COLUMN @book@.portfolio_margin.legs IS 'Assets margined, currencies of funded holdings included.';
COMMENT ON COLUMN @book@.portfolio_margin.gross_margin IS 'Sum of weight x |exposure|, in base currency: nothing offsets or diversifies. NULL, as all margins: no leg.';
COMMENT ON COLUMN @book@.portfolio_margin.silo_margin IS 'Margins of the buckets added up, each in its worst scenario.';
COMMENT ON COLUMN @book@.portfolio_margin.uncorrelated_margin IS 'Margin if every correlation were 0.';
COMMENT ON COLUMN @book@.portfolio_margin.margin_low IS 'Net margin at low correlations, max(2r - 1, 0.75r).';
COMMENT ON COLUMN @book@.portfolio_margin.margin_medium IS 'Net margin at the correlations as they are.';
COMMENT ON COLUMN @book@.portfolio_margin.margin_high IS 'Net margin at high correlations, min(1.25r, 1).';
COMMENT ON COLUMN @book@.portfolio_margin.net_margin IS 'The largest of the three.';
COMMENT ON COLUMN @book@.portfolio_margin.scenario IS 'Which it is: low, medium or high.';
COMMENT ON COLUMN @book@.portfolio_margin.credit IS 'gross_margin - net_margin: what offsets and diversification save.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_share IS 'Share of it that is granted.';
COMMENT ON COLUMN @book@.portfolio_margin.margin IS 'Margin required: gross_margin - credit_share x credit.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_of_gross IS 'credit / gross_margin.';
COMMENT ON COLUMN @book@.portfolio_margin.uncredited_pairs IS 'Pairs within a bucket that offset, but are not credited since their verdict does not allow it or the run did not examine them.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_withheld IS 'How much less margin would be if every pair were credited, after credit_share.';
COMMENT ON COLUMN @book@.portfolio_margin.alternative IS 'True: the sum under the root was negative, and bucket sums are bounded (MAR21.4).';
COMMENT ON COLUMN @book@.portfolio_margin.floored IS 'True: some root had a negative number under it even so, and is 0: bucket correlations that are no correlations.';

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
COMMENT ON VIEW @book@.margin_steps IS 'Portfolio x model x step from gross to required margin, for a waterfall: amounts of steps 1 to 4 add up to that of step 5, to the cent.';
COMMENT ON COLUMN @book@.margin_steps.portfolio IS 'Who holds the positions.';
COMMENT ON COLUMN @book@.margin_steps.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_steps.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.margin_steps.step_number IS '1 to 5.';
COMMENT ON COLUMN @book@.margin_steps.step IS 'gross; diversification: what strangers would save, too; credit: what correlations save beyond that, positive where they add; cap: credit that is not granted; margin: what is required.';
COMMENT ON COLUMN @book@.margin_steps.amount IS 'Change of the margin by the step, in base currency, in cents; of margin the whole. NULL: no leg.';
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
	k.contribution_share
FROM @book@._holding AS h
CROSS JOIN (
	SELECT
		(SELECT x FROM @book@._margin_parameters AS x WHERE x.run = n.run) AS parameters,
		n.run, n.model, n.as_of, coalesce(n.psd_matrix, n.matrix) AS matrix
	FROM @book@.model_run AS n
	WHERE n.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x))
	OFFSET 0) AS r		-- once a run
CROSS JOIN LATERAL hedge._leg_margin_contributions(r.matrix, @book_literal@::regnamespace, r.run, r.parameters, h.holdings) AS k
LEFT JOIN @book@.instrument AS i ON i.asset = k.asset;
COMMENT ON VIEW @book@.margin_contributions IS 'Portfolio x model x asset margined: what it adds to the margin of portfolio_margin, as it takes credit from others (Euler); contributions of a portfolio sum to its margin.';
COMMENT ON COLUMN @book@.margin_contributions.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.margin_contributions.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_contributions.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.margin_contributions.asset IS 'What is held, or the currency of funded holdings.';
COMMENT ON COLUMN @book@.margin_contributions.bucket IS 'Its bucket.';
COMMENT ON COLUMN @book@.margin_contributions.weight IS 'Its risk weight, supplied or estimated.';
COMMENT ON COLUMN @book@.margin_contributions.weighted_sensitivity IS 'weight x exposure, signed; without its sign the margin of the position alone.';
COMMENT ON COLUMN @book@.margin_contributions.contribution IS 'exposure x change of the margin per exposure, in base currency; negative for what reduces it.';
COMMENT ON COLUMN @book@.margin_contributions.contribution_share IS 'contribution / margin.';

CREATE OR REPLACE VIEW @book@.spread_margin WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	h.model,
	h.as_of,
	m.asset,
	m.delta,
	m.remaining_delta,
	m.gross_margin,
	m.credit,
	m.margin
FROM (
	SELECT p.portfolio, r.run, r.model, r.as_of,
		array_agg(p.asset) AS assets,
		array_agg(p.delta) AS deltas,
		array_agg(p.rate) AS rates
	FROM (
		SELECT q.portfolio, x.run, q.asset, q.delta, abs(a.unit_exposure) * a.weight AS rate
		FROM (
			SELECT y.portfolio, y.asset, sum(y.delta_quantity) AS delta
			FROM @book@._position AS y
			GROUP BY y.portfolio, y.asset) AS q
		CROSS JOIN @book@.model_run AS x
		JOIN @book@._margin_asset AS a ON a.run = x.run AND a.asset = q.asset
		WHERE abs(q.delta) < 'infinity' AND a.unit_exposure IS NOT NULL AND a.weight IS NOT NULL) AS p
	JOIN @book@.model_run AS r ON r.run = p.run
	GROUP BY p.portfolio, r.run, r.model, r.as_of) AS h
CROSS JOIN (
	SELECT
		coalesce(array_agg(l.spread), '{}') AS spreads,
		coalesce(array_agg(l.asset), '{}') AS assets,
		coalesce(array_agg(l.ratio), '{}') AS ratios,
		coalesce(array_agg(l.side), '{}') AS sides,
		coalesce(array_agg(l.credit_rate), '{}') AS credit_rates,
		coalesce(array_agg(s.priority), '{}') AS priorities
	FROM (SELECT x.* FROM @book@.spread_leg AS x ORDER BY x.spread, x.asset) AS l
	JOIN @book@.spread AS s ON s.spread = l.spread) AS s
CROSS JOIN LATERAL hedge.spread_margins(h.assets, h.deltas, h.rates, s.spreads, s.assets, s.ratios, s.sides,
	s.credit_rates, s.priorities) AS m
WHERE h.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.spread_margin IS 'Portfolio x model x asset held: outright margin, and the credit of the spreads in table spread, formed by priority (hedge.spread_credits). The outright margin of a contract is its exposure x risk weight. Positions without either are left out.';
COMMENT ON COLUMN @book@.spread_margin.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.spread_margin.model IS 'The model.';
COMMENT ON COLUMN @book@.spread_margin.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.spread_margin.asset IS 'What is held.';
COMMENT ON COLUMN @book@.spread_margin.delta IS 'Contracts x delta, net.';
COMMENT ON COLUMN @book@.spread_margin.remaining_delta IS 'Of those, in no spread.';
COMMENT ON COLUMN @book@.spread_margin.gross_margin IS 'Outright margin, in base currency.';
COMMENT ON COLUMN @book@.spread_margin.credit IS 'Credit of the spreads it is a leg of.';
COMMENT ON COLUMN @book@.spread_margin.margin IS 'gross_margin - credit.';
