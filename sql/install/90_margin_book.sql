-- Margin of the portfolios of a book.

CREATE FUNCTION hedge._leg_margin(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	parameters record,
	holdings bytea,
	OUT gross_margin float8,
	OUT silo_margin float8,
	OUT uncorrelated_margin float8,
	OUT margin_low float8,
	OUT margin_medium float8,
	OUT margin_high float8,
	OUT net_margin float8,
	OUT scenario text,
	OUT credit float8,
	OUT margin float8,
	OUT alternative boolean,
	OUT floored boolean,
	OUT positions integer,
	OUT unmargined_positions integer,
	OUT legs integer,
	OUT credit_share float8,
	OUT uncredited_pairs integer,
	OUT credit_withheld float8)
AS 'MODULE_PATHNAME', 'pghedge_leg_margin'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION hedge._leg_margin(hedge.comoment_matrix, regnamespace, bigint, record, bytea) IS 'What views of books of 0.1.0 call: hedge._holdings_margin without its last columns. Private.';

CREATE FUNCTION hedge._holdings_margin(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	parameters record,
	holdings bytea,
	OUT gross_margin float8,
	OUT silo_margin float8,
	OUT uncorrelated_margin float8,
	OUT margin_low float8,
	OUT margin_medium float8,
	OUT margin_high float8,
	OUT net_margin float8,
	OUT scenario text,
	OUT credit float8,
	OUT margin float8,
	OUT alternative boolean,
	OUT floored boolean,
	OUT positions integer,
	OUT unmargined_positions integer,
	OUT legs integer,
	OUT credit_share float8,
	OUT uncredited_pairs integer,
	OUT credit_withheld float8,
	OUT indefinite boolean,
	OUT unmargined_notional float8,
	OUT margin_coverage float8,
	OUT stale_positions integer,
	OUT unknown_pairs integer)
AS 'MODULE_PATHNAME', 'pghedge_leg_margin'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION hedge._holdings_margin(hedge.comoment_matrix, regnamespace, bigint, record, bytea) IS 'hedge.margin of what hedge._exposures has of holdings, at the run whose matrix this is; parameters is the run''s row of the book''s view _margin_parameters, the same in all calls of a query. Buckets without a supplied correlation are correlated leg by leg. Private.';

CREATE FUNCTION hedge._leg_margin_contributions(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	parameters record,
	holdings bytea)
RETURNS TABLE (
	asset text,
	weight float8,
	weighted_sensitivity float8,
	contribution float8,
	contribution_share float8)
AS 'MODULE_PATHNAME', 'pghedge_leg_margin_contributions'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 50;
COMMENT ON FUNCTION hedge._leg_margin_contributions(hedge.comoment_matrix, regnamespace, bigint, record, bytea) IS 'hedge.margin_contributions of the same legs as hedge._leg_margin, by asset. Private.';

CREATE FUNCTION hedge._holdings_credit_at_risk(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	parameters record,
	holdings bytea,
	seen record)
RETURNS TABLE (
	scenario_number integer,
	scenario text,
	margin float8,
	credit float8,
	credit_lost float8,
	shortfall float8,
	unseen_pairs integer,
	repaired boolean,
	distance float8,
	alternative boolean)
AS 'MODULE_PATHNAME', 'pghedge_holdings_credit_at_risk'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 6;
COMMENT ON FUNCTION hedge._holdings_credit_at_risk(hedge.comoment_matrix, regnamespace, bigint, record, bytea, record) IS 'hedge.credit_at_risk of the same legs as hedge._holdings_margin; seen is the run''s row of the book''s view _margin_seen. Private.';

CREATE FUNCTION hedge._holdings_compartments(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	parameters record,
	holdings bytea[],
	compartments text[])
RETURNS TABLE (
	compartment text,
	positions integer,
	unmargined_positions integer,
	legs integer,
	gross_margin float8,
	margin float8,
	margin_of_others float8,
	pooled_margin float8,
	wall_cost float8)
AS 'MODULE_PATHNAME', 'pghedge_holdings_compartments'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION hedge._holdings_compartments(hedge.comoment_matrix, regnamespace, bigint, record, bytea[], text[]) IS 'hedge._holdings_margin of the holdings of each compartment alone, of all others and of all of them. Private.';

CREATE FUNCTION hedge.trade_margin(
	book text,
	portfolio text,
	assets text[],
	quantities float8[],
	deltas float8[] DEFAULT NULL)
RETURNS TABLE (
	model text,
	as_of timestamptz,
	margin_before float8,
	margin_after float8,
	margin_change float8,
	margin_of_trade float8,
	unmargined_positions integer,
	unmargined_trades integer,
	uncredited_pairs integer,
	credit_withheld float8)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 1
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._book(book);
BEGIN
	IF portfolio IS NULL THEN
		RAISE EXCEPTION 'no portfolio is given' USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the one that would trade; a new one has no positions yet.';
	ELSIF assets IS NULL OR quantities IS NULL THEN
		RAISE EXCEPTION 'no trade is given' USING ERRCODE = 'null_value_not_allowed', HINT = 'Give assets and quantities, an element each a trade.';
	ELSIF cardinality(assets) <> cardinality(quantities) OR cardinality(assets) <> cardinality(deltas) THEN
		RAISE EXCEPTION '% assets, % quantities, % deltas', cardinality(assets), cardinality(quantities), coalesce(cardinality(deltas)::text, 'no')
			USING ERRCODE = 'array_subscript_error', HINT = 'There is one of each a trade.';
	ELSIF EXISTS (SELECT FROM unnest(assets, quantities, coalesce(deltas, array_fill(1::float8, ARRAY[cardinality(assets)]))) AS t (asset, quantity, delta)
		WHERE (t.asset IS NOT NULL AND abs(t.quantity) <= 1e50 AND abs(t.delta) <= 1e50) IS NOT TRUE)
	THEN
		RAISE EXCEPTION 'an asset, quantity or delta is missing, not finite or above 1e50' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN QUERY EXECUTE format($query$
		SELECT r.model, r.as_of, b.margin, t.after, t.after - b.margin, t.margin, b.unmargined_positions, t.unmargined_positions, t.uncredited_pairs, t.credit_withheld
		FROM (
			SELECT (SELECT x FROM %1$s._margin_parameters AS x WHERE x.run = n.run) AS parameters,
				n.run, n.model, n.as_of, coalesce(n.psd_matrix, n.matrix) AS matrix
			FROM %1$s.model_run AS n
			WHERE n.run = ANY (ARRAY(SELECT x.run::bigint FROM %1$s.latest_run AS x))
			OFFSET 0) AS r
		CROSS JOIN (
			SELECT coalesce(hedge._holdings(u.asset, u.quantity, u.delta_quantity) FILTER (WHERE u.held), '') AS held,
				coalesce(hedge._holdings(u.asset, u.quantity, u.delta_quantity) FILTER (WHERE NOT u.held), '') AS traded,
				coalesce(hedge._holdings(u.asset, u.quantity, u.delta_quantity), '') AS both
			FROM (
				SELECT p.asset, p.quantity, p.delta_quantity, true AS held
				FROM %1$s._position AS p
				WHERE p.portfolio = $1
				UNION ALL
				SELECT x.asset, x.quantity, hedge._delta_quantity(x.quantity, coalesce(x.delta, 1)), false
				FROM unnest($2, $3, $4) AS x (asset, quantity, delta)) AS u) AS h
		CROSS JOIN LATERAL hedge._holdings_margin(r.matrix, %2$L::regnamespace, r.run, r.parameters, h.held) AS b
		CROSS JOIN LATERAL hedge._holdings_margin(r.matrix, %2$L::regnamespace, r.run, r.parameters, h.both) AS a
		CROSS JOIN LATERAL (
			SELECT k.margin, k.unmargined_positions, CASE WHEN k.unmargined_positions = 0 THEN a.margin END AS after,
				CASE WHEN k.unmargined_positions = 0 THEN a.uncredited_pairs END AS uncredited_pairs,
				CASE WHEN k.unmargined_positions = 0 THEN a.credit_withheld END AS credit_withheld
			FROM hedge._holdings_margin(r.matrix, %2$L::regnamespace, r.run, r.parameters, h.traded) AS k) AS t
		$query$, schema, schema::text) USING portfolio, assets, quantities, deltas;
END
$function$;
COMMENT ON FUNCTION hedge.trade_margin(text, text, text[], float8[], float8[]) IS
'Margin of a portfolio of a book without and with a proposed trade, a row a model, as view portfolio_margin has it. assets, quantities (contracts, negative to sell) and deltas (null: all 1) have an element for each leg of the trade; a portfolio that holds nothing, or none of that name, has margin 0 before. A model that was never refreshed has no row. margin_change is negative for a trade that releases margin; a pair with an asset that was not held at the last refresh was not examined, unless the model''s evidence is all, and earns no credit: a new hedge then seems to cost margin that the next refresh releases; margin_of_trade is that of the trade alone. unmargined_positions of the portfolio are in no margin; unmargined_trades, legs of the trade without an exposure or a weight, make margin_after and margin_change null. uncredited_pairs and credit_withheld are those of margin_after, as in portfolio_margin: how much less it would be if every pair were credited. Fails if there is no such book, no portfolio is given, lengths disagree, or a number is missing, not finite or above 1e50.';
