-- Margin of a portfolio, from weighted sensitivities and correlations; what offsets save and what of that is at risk.

CREATE FUNCTION hedge.margin(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false,
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
	OUT floored boolean)
AS 'MODULE_PATHNAME', 'pghedge_margin'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION hedge.margin(float8[], float8[], text[], float8[], text[], float8[], float8, boolean[], boolean) IS
'Margin of one portfolio by the sensitivities-based method (Basel Framework, MAR21.4(3) to (5), 21.6 and 21.7). One element a leg: exposures (signed, money) and risk weights from 0 on (null: 1, the exposures are weighted already); buckets (null: one bucket, called '''', as is that of a null element); correlations, a square of legs, read within buckets. bucket_names and bucket_correlations, a square of them, when there are several buckets.
WS = weight * exposure; within a bucket K = sqrt(max(0, sum of r * WS * WS)); net = sqrt(sum of K^2 + sum of g * S * S), S = sum of WS, or, where that sum is negative, max(min(sum of WS, K), -K): then alternative is true. margin_low, _medium, _high are net in the scenarios of hedge.correlation_scenario; net_margin is the largest, scenario which. gross_margin = sum of |WS|; silo_margin: buckets one by one, before credit_share as net; uncorrelated_margin: all correlations 0. credit = gross - net, before credit_share; margin = gross - credit_share * credit. floored: some root had a negative number under it, and is 0.
credited, a square of legs: pairs within a bucket that offset without being credited both ways (false or null) have correlation 0, or with adverse the same correlation turned around.
A correlation that is null is unknown: its two legs (or buckets, by their K) add up in full, in every scenario. Null arrays of exposures or correlations: null. Fails if lengths disagree, an exposure or weight is missing or not finite, credit_share is null or outside 0 to 1, a correlation is outside -1 to 1, a square not symmetric or not positive semi-definite (with nulls: the part without them, or where this portfolio shows it), a bucket has no parameters, or there are more than 1,000 legs in a bucket or 1,000 buckets.';

CREATE FUNCTION hedge.margin_contributions(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false)
RETURNS TABLE (
	leg integer,
	bucket text,
	weighted_sensitivity float8,
	contribution float8,
	contribution_share float8)
AS 'MODULE_PATHNAME', 'pghedge_margin_contributions'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 50;
COMMENT ON FUNCTION hedge.margin_contributions(float8[], float8[], text[], float8[], text[], float8[], float8, boolean[], boolean) IS
'What each leg contributes to the margin of hedge.margin, in the order given: exposure * change of margin per exposure (Euler); negative for what reduces it. Contributions sum to the margin, contribution_share to 1. With the alternative, the derivative is that of the bounded S; legs of a bucket whose K is floored have none through K; all of net are 0 where net is 0. Of two scenarios equally bad, the first of high, medium, low.';

CREATE FUNCTION hedge.margin_pairs(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false)
RETURNS TABLE (
	leg_a integer,
	leg_b integer,
	correlation float8,
	contribution float8)
AS 'MODULE_PATHNAME', 'pghedge_margin_pairs'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 1000;
COMMENT ON FUNCTION hedge.margin_pairs(float8[], float8[], text[], float8[], text[], float8[], float8, boolean[], boolean) IS
'The margin of hedge.margin by pairs of legs, leg_a < leg_b, and of each leg with itself: all sum to the margin. A pair has 2 * correlation * WS * WS / net, negative where it offsets; across buckets with the correlation of the buckets, and each leg''s part of S. correlation is that of the scenario that counts; null: two buckets without one. A leg''s contribution in hedge.margin_contributions is its own and half of its pairs.';

CREATE FUNCTION hedge.margin_compartments(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[],
	bucket_correlations float8[],
	credit_share float8,
	compartments text[],
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false)
RETURNS TABLE (
	compartment text,
	legs integer,
	gross_margin float8,
	margin float8,
	margin_of_others float8,
	pooled_margin float8,
	wall_cost float8)
AS 'MODULE_PATHNAME', 'pghedge_margin_compartments'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION hedge.margin_compartments(float8[], float8[], text[], float8[], text[], float8[], float8, text[], boolean[], boolean) IS
'The same legs margined apart and together: compartments has a label for each leg (account, bucket, currency, ...; null is ''''). A row a compartment: its margin alone, that of all others pooled, of everything pooled, and what the wall around it costs, margin + margin_of_others - pooled_margin; negative where the pooled margin is more than its parts. All walls at once cost sum(margin) - pooled_margin. Arguments as in hedge.margin.';

CREATE FUNCTION hedge.credit_at_risk(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	minimum float8[] DEFAULT NULL,
	maximum float8[] DEFAULT NULL,
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false)
RETURNS TABLE (
	scenario text,
	margin float8,
	credit float8,
	credit_lost float8,
	repaired boolean,
	distance float8,
	alternative boolean,
	shortfall float8)
AS 'MODULE_PATHNAME', 'pghedge_credit_at_risk'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 6;
COMMENT ON FUNCTION hedge.credit_at_risk(float8[], float8[], text[], float8[], text[], float8[], float8, float8[], float8[], boolean[], boolean) IS
'Margin of one portfolio if correlations moved, a row each: low, medium and high as in hedge.correlation_scenario, zero, flipped (every sign turned), and, where minimum or maximum are given (squares of legs: the lowest and highest rolling correlation seen; null: not known), worst_seen: of each pair within a bucket the one that makes its legs offset least. What is unknown does not move: it adds up in every row. Correlations within each bucket, and those of the buckets, that are not positive semi-definite are replaced by the nearest that are (Higham): repaired, distance the Frobenius norm of the change. credit = gross - margin, after credit_share, unlike that of hedge.margin; credit_lost = credit at medium - credit; shortfall: what the margin required now, the worst of low, medium and high in hedge.margin, is short of this one, 0 where it covers it. Pairs that offset at the moved correlations without being credited have 0, or with adverse the moved correlation turned around: credit that is not granted cannot be lost. Other arguments, and errors, as in hedge.margin.';

CREATE FUNCTION hedge._normal_quantile(level float8) RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_normal_quantile'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge._normal_quantile(float8) IS 'Quantile of the standard normal distribution; fails unless level is from 0.5 to below 1. Private.';

CREATE FUNCTION hedge.margin_weights(
	matrix hedge.comoment_matrix,
	assets text[],
	level float8 DEFAULT 0.99,
	holding_bars float8 DEFAULT 1)
RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT (level > 0.5 AND level < 1) THEN
		RAISE EXCEPTION 'level % is not between 0.5 and 1', level USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT (holding_bars > 0 AND holding_bars < 'infinity') THEN
		RAISE EXCEPTION 'holding_bars % is not positive and finite', holding_bars USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN coalesce((
		SELECT array_agg(hedge._normal_quantile(level) * sqrt(holding_bars) *
			CASE WHEN k.asset IS NOT NULL THEN nullif(hedge.volatility(matrix, k.asset), 0) END ORDER BY a.place)
		FROM unnest(assets) WITH ORDINALITY AS a (asset, place)
		LEFT JOIN unnest(hedge.assets(matrix)) AS k (asset) ON k.asset = a.asset), '{}');
END
$function$;
COMMENT ON FUNCTION hedge.margin_weights(hedge.comoment_matrix, text[], float8, float8) IS
'Risk weights estimated: volatility per bar x quantile of the normal distribution at level x sqrt(holding_bars). Null for an asset without a volatility, or with one of 0 (a price that never moved), which hedge.margin refuses. Of however few observations: hedge.observations tells. Fails unless level is above 0.5 and below 1.';

CREATE FUNCTION hedge._sum_elements(a float8[], b float8[]) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF cardinality(a) <> cardinality(b) THEN
		RAISE EXCEPTION 'trade has % elements, but exposures has %', cardinality(b), cardinality(a)
			USING ERRCODE = 'array_subscript_error';
	END IF;
	RETURN coalesce((SELECT array_agg(t.x + t.y ORDER BY t.place) FROM unnest(a, b) WITH ORDINALITY AS t (x, y, place)), '{}');
END
$function$;
COMMENT ON FUNCTION hedge._sum_elements(float8[], float8[]) IS 'Sums of elements in the same place. Private.';

CREATE FUNCTION hedge.margin_impact(
	exposures float8[],
	trade float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false,
	OUT margin_before float8,
	OUT margin_after float8,
	OUT margin_change float8,
	OUT margin_of_trade float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2000
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT b.margin, a.margin, a.margin - b.margin, t.margin
	FROM (SELECT hedge._sum_elements(exposures, trade) AS both_exposures) AS s
	CROSS JOIN LATERAL hedge.margin(exposures, weights, buckets, correlations, bucket_names, bucket_correlations, credit_share, credited, adverse) AS b
	CROSS JOIN LATERAL hedge.margin(s.both_exposures, weights, buckets, correlations, bucket_names, bucket_correlations, credit_share, credited, adverse) AS a
	CROSS JOIN LATERAL hedge.margin(trade, weights, buckets, correlations, bucket_names, bucket_correlations, credit_share, credited, adverse) AS t;
$function$;
COMMENT ON FUNCTION hedge.margin_impact(float8[], float8[], float8[], text[], float8[], text[], float8[], float8, boolean[], boolean) IS
'Margin of a portfolio without and with a proposed trade, and of the trade alone. exposures and trade have one element for each leg of either, 0 where it has none. Other arguments, nulls and errors as in hedge.margin.';
