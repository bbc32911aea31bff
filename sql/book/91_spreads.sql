-- section: tables
-- Spreads that earn a credit on outright margins. They may be left out.

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
COMMENT ON TABLE @book@.spread_leg IS 'Legs of spreads. A spread without a leg on each side is not formed, nor where a portfolio holds nothing of one of its legs: an asset whose name no price or position has leaves the whole spread without a credit.';
COMMENT ON COLUMN @book@.spread_leg.spread IS 'The spread.';
COMMENT ON COLUMN @book@.spread_leg.asset IS 'The asset.';
COMMENT ON COLUMN @book@.spread_leg.ratio IS 'Contracts of it in one spread.';
COMMENT ON COLUMN @book@.spread_leg.side IS 'A or B: legs on A are long where those on B are short, or the other way round.';
COMMENT ON COLUMN @book@.spread_leg.credit_rate IS 'Share of its outright margin that is credited.';

-- section: tables before 0.2.0
COMMENT ON TABLE @book@.spread_leg IS 'Legs of spreads. A spread without a leg on each side is not formed, nor where a portfolio holds nothing of one of its legs: an asset whose name no price or position has leaves the whole spread without a credit.';

-- section: views
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
	SELECT p.portfolio, p.model, p.as_of,
		array_agg(p.asset) FILTER (WHERE p.known) AS assets,
		array_agg(p.delta) FILTER (WHERE p.known) AS deltas,
		array_agg(p.rate) FILTER (WHERE p.known) AS rates,
		array_agg(p.asset) FILTER (WHERE NOT p.known) AS other_assets,
		array_agg(p.delta) FILTER (WHERE NOT p.known) AS other_deltas
	FROM (
		SELECT o.portfolio, r.model, r.as_of, e.asset, d.delta, w.rate, d.delta IS NOT NULL AND w.rate IS NOT NULL AS known
		FROM @book@._holding AS o
		CROSS JOIN @book@.latest_run AS r
		CROSS JOIN LATERAL hedge._exposures(@book_literal@::regnamespace, r.run, o.holdings) AS e
		LEFT JOIN (
			SELECT y.portfolio, y.asset, sum(y.delta_quantity) AS delta
			FROM @book@._position AS y
			GROUP BY y.portfolio, y.asset) AS q ON q.portfolio = o.portfolio AND q.asset = e.asset
		LEFT JOIN @book@._margin_asset AS a ON a.run = r.run AND a.asset = e.asset
		CROSS JOIN LATERAL (
			-- What funded holdings have of a currency, in its contracts.
			SELECT CASE
				WHEN NOT e.funds THEN CASE WHEN abs(q.delta) < 'infinity' THEN q.delta END
				WHEN abs(e.exposure) < 1e-100 THEN 0
				WHEN abs(a.unit_exposure) >= 1e-100 THEN e.exposure / a.unit_exposure END AS delta) AS d
		CROSS JOIN LATERAL (
			SELECT CASE WHEN least(abs(a.unit_exposure), a.weight) < 1e-100 THEN 0 * a.unit_exposure * a.weight
				ELSE abs(a.unit_exposure) * a.weight END AS rate) AS w
		WHERE e.positions > 0 OR e.exposure <> 0) AS p
	GROUP BY p.portfolio, p.model, p.as_of) AS h
CROSS JOIN (
	SELECT
		coalesce(array_agg(l.spread), '{}') AS spreads,
		coalesce(array_agg(l.asset), '{}') AS assets,
		coalesce(array_agg(l.ratio), '{}') AS ratios,
		coalesce(array_agg(l.side), '{}') AS sides,
		coalesce(array_agg(l.credit_rate), '{}') AS credit_rates,
		coalesce(array_agg(s.priority), '{}') AS priorities
	FROM (SELECT x.* FROM @book@.spread_leg AS x ORDER BY x.spread, x.asset) AS l
	JOIN @book@.spread AS s ON s.spread = l.spread
	WHERE l.spread IN (SELECT x.spread FROM @book@.spread_leg AS x GROUP BY x.spread HAVING count(DISTINCT x.side) = 2)) AS s
CROSS JOIN LATERAL (
	SELECT k.*
	FROM hedge.spread_margins(h.assets, h.deltas, h.rates, s.spreads, s.assets, s.ratios, s.sides, s.credit_rates, s.priorities) AS k
	UNION ALL
	SELECT u.asset, u.delta, NULL, NULL, NULL, NULL
	FROM unnest(h.other_assets, h.other_deltas) AS u (asset, delta)) AS m;
COMMENT ON VIEW @book@.spread_margin IS 'Portfolio x model x asset held, and currency of funded holdings: outright margin, and the credit of the spreads in table spread, formed by priority (hedge.spread_credits). The outright margin of a contract is its exposure x risk weight; what has not both has a row without a margin. A spread without a leg on each side is not formed.';
COMMENT ON COLUMN @book@.spread_margin.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.spread_margin.model IS 'The model.';
COMMENT ON COLUMN @book@.spread_margin.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.spread_margin.asset IS 'What is held, or the currency of funded holdings.';
COMMENT ON COLUMN @book@.spread_margin.delta IS 'Contracts x delta, net; of a currency with what funded holdings have of it, in its contracts. NULL: no number.';
COMMENT ON COLUMN @book@.spread_margin.remaining_delta IS 'Of those, in no spread.';
COMMENT ON COLUMN @book@.spread_margin.gross_margin IS 'Outright margin, in base currency. NULL, as credit and margin: it cannot be margined.';
COMMENT ON COLUMN @book@.spread_margin.credit IS 'Credit of the spreads it is a leg of. Not of correlations, as in portfolio_margin.';
COMMENT ON COLUMN @book@.spread_margin.margin IS 'gross_margin - credit.';
