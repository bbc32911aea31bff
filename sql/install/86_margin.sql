-- Margin of a portfolio, from weighted sensitivities and correlations; what offsets save and what of that is at risk.

CREATE FUNCTION hedge.correlation_scenario(correlation float8, scenario text) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT correlation BETWEEN -1 AND 1 THEN
		RAISE EXCEPTION 'correlation % is not from -1 to 1', correlation USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN CASE scenario
		WHEN 'low' THEN greatest(2 * correlation - 1, 0.75 * correlation)
		WHEN 'medium' THEN correlation
		WHEN 'high' THEN greatest(least(1.25 * correlation, 1), -1)
	END;
END
$function$;
COMMENT ON FUNCTION hedge.correlation_scenario(float8, text) IS
'A correlation in a scenario of the Basel Framework (MAR21.6): low max(2r - 1, 0.75r), medium r, high min(1.25r, 1) and not below -1. Null for another scenario. Fails outside -1 to 1.';

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
WS = weight * exposure; within a bucket K = sqrt(max(0, sum of r * WS * WS)); net = sqrt(sum of K^2 + sum of g * S * S), S = sum of WS, or, where that sum is negative, max(min(sum of WS, K), -K): then alternative is true. margin_low, _medium, _high are net in the scenarios of hedge.correlation_scenario; net_margin is the largest, scenario which. gross_margin = sum of |WS|; silo_margin: buckets one by one, before credit_share as net; uncorrelated_margin: all correlations 0. credit = gross - net; margin = gross - credit_share * credit. floored: some root had a negative number under it, and is 0.
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
'Margin of one portfolio if correlations moved, a row each: low, medium and high as in hedge.correlation_scenario, zero, flipped (every sign turned), and, where minimum or maximum are given (squares of legs: the lowest and highest rolling correlation seen; null: not known), worst_seen: of each pair within a bucket the one that makes its legs offset least. What is unknown does not move: it adds up in every row. Correlations within each bucket, and those of the buckets, that are not positive semi-definite are replaced by the nearest that are (Higham): repaired, distance the Frobenius norm of the change. credit = gross - margin, after credit_share; credit_lost = credit at medium - credit; shortfall: what the margin required now, the worst of low, medium and high in hedge.margin, is short of this one, 0 where it covers it. Pairs that offset at the moved correlations without being credited have 0, or with adverse the moved correlation turned around: credit that is not granted cannot be lost. Other arguments, and errors, as in hedge.margin.';

CREATE FUNCTION hedge.nearest_correlations(correlations float8[]) RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_nearest_correlations'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION hedge.nearest_correlations(float8[]) IS
'The nearest positive semi-definite correlations, as hedge.nearest_psd has them for a matrix: a square as hedge.margin takes it, of at most 1,000; null and 0 become, or stay, 0. Fails if it is not square or symmetric, or has a number outside -1 to 1. Each of its steps, of which there may be 200, takes up to a second that cannot be cancelled.';

CREATE FUNCTION hedge.correlations(matrix hedge.comoment_matrix, assets text[]) RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_correlations'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION hedge.correlations(hedge.comoment_matrix, text[]) IS
'Correlations of assets, in the order given, as a square for hedge.margin. Null for an asset that the matrix does not have, and where there is none: hedge.margin then counts the two as adding up. Fails if an asset is given twice.';

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
'Risk weights estimated: volatility per bar x quantile of the normal distribution at level x sqrt(holding_bars). Null for an asset without a volatility, or with one of 0 (a price that never moved), which hedge.margin refuses. Fails unless level is above 0.5 and below 1.';

CREATE FUNCTION hedge.bucket_correlations(correlations float8[], buckets text[], bucket_names text[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT array_agg(r.line ORDER BY r.b)
	FROM (
		SELECT b.place AS b, array_agg(CASE WHEN b.place = c.place THEN 1 ELSE m.mean END ORDER BY c.place) AS line
		FROM unnest(bucket_names) WITH ORDINALITY AS b (name, place)
		CROSS JOIN unnest(bucket_names) WITH ORDINALITY AS c (name, place)
		LEFT JOIN (
			-- Element by element: where some are null, each subscript of correlations would count from the beginning.
			-- Both triangles together, since sums in another order would not be the same to the last bit.
			SELECT least(e.b, e.c) AS b, greatest(e.b, e.c) AS c, avg(e.correlation) AS mean
			FROM (
				SELECT k.number[((t.place - 1) / k.width + 1)::integer] AS b, k.number[((t.place - 1) % k.width + 1)::integer] AS c,
					t.correlation
				FROM (
					SELECT array_agg(coalesce(array_position(array_replace(bucket_names, NULL, ''), coalesce(x.name, '')), 0)
							ORDER BY x.leg) AS number,
						array_length(correlations, 2) AS width
					FROM unnest(buckets) WITH ORDINALITY AS x (name, leg)) AS k
				CROSS JOIN unnest(correlations) WITH ORDINALITY AS t (correlation, place)) AS e
			GROUP BY 1, 2) AS m ON m.b = least(b.place, c.place) AND m.c = greatest(b.place, c.place)
		GROUP BY b.place) AS r;
$function$;
COMMENT ON FUNCTION hedge.bucket_correlations(float8[], text[], text[]) IS
'Correlations of buckets for hedge.margin, estimated: the mean of the correlations of the legs of one with those of the other. Nulls are left out, so that few known ones may speak for all; null where there is none. A mean says little of long and short legs in one bucket: a book''s portfolio_margin correlates leg by leg instead.';

CREATE FUNCTION hedge.uniform_correlations(buckets text[], bucket_names text[], within float8[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT coalesce(array_agg(r.line ORDER BY r.leg), '{}')
	FROM (
		SELECT x.leg, array_agg(CASE
				WHEN x.leg = y.leg THEN 1
				WHEN coalesce(x.name, '') = coalesce(y.name, '')
					THEN within[array_position(array_replace(bucket_names, NULL, ''), coalesce(x.name, ''))]
				ELSE 0 END ORDER BY y.leg) AS line
		FROM unnest(buckets) WITH ORDINALITY AS x (name, leg)
		CROSS JOIN unnest(buckets) WITH ORDINALITY AS y (name, leg)
		GROUP BY x.leg) AS r;
$function$;
COMMENT ON FUNCTION hedge.uniform_correlations(text[], text[], float8[]) IS
'A square for hedge.margin of one correlation a bucket: within has that of each of bucket_names. Null, so that legs add up, for a bucket that is not named.';

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

-- Spread credits, as futures are cleared.

CREATE FUNCTION hedge.spread_credits(
	assets text[],
	deltas float8[],
	rates float8[],
	spreads text[],
	legs text[],
	ratios float8[],
	sides text[],
	credit_rates float8[],
	priorities float8[] DEFAULT NULL,
	whole boolean DEFAULT false)
RETURNS TABLE (
	rank integer,
	spread text,
	formed float8,
	credit float8)
AS 'MODULE_PATHNAME', 'pghedge_spread_credits'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 20;
COMMENT ON FUNCTION hedge.spread_credits(text[], float8[], float8[], text[], text[], float8[], text[], float8[], float8[], boolean) IS
'Credits of spreads for one portfolio. assets, deltas (net, in contracts, signed) and rates (outright margin of one contract, money) have one element a holding. spreads, legs (assets), ratios (contracts of the leg in one spread, above 0), sides (A or B), credit_rates (0 to 1) and priorities (the lowest first, null last; ties in the order given) have one element for each leg of each spread.
A spread has legs on both sides. Spreads are formed by priority, each as often as what is left of its legs allows, if those on side A are on one side of the market and those on side B on the other; whole => true forms whole spreads only. The contracts used are gone for later ones. credit = formed * sum of ratio * rate * credit_rate. No rows if an array is null. Fails if lengths disagree, an element is null or out of its range, an asset is there twice, or a spread has legs on one side only.';

CREATE FUNCTION hedge.spread_margins(
	assets text[],
	deltas float8[],
	rates float8[],
	spreads text[],
	legs text[],
	ratios float8[],
	sides text[],
	credit_rates float8[],
	priorities float8[] DEFAULT NULL,
	whole boolean DEFAULT false)
RETURNS TABLE (
	asset text,
	delta float8,
	remaining_delta float8,
	gross_margin float8,
	credit float8,
	margin float8)
AS 'MODULE_PATHNAME', 'pghedge_spread_margins'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 50;
COMMENT ON FUNCTION hedge.spread_margins(text[], float8[], float8[], text[], text[], float8[], text[], float8[], float8[], boolean) IS
'The holdings of hedge.spread_credits, in the order given: delta that no spread used, outright margin |delta| * rate, credit of the spreads it is a leg of, and margin = gross_margin - credit.';

-- From history.

CREATE FUNCTION hedge.volatility_scale(profit_and_loss float8[], short_bars integer, largest float8 DEFAULT NULL) RETURNS float8
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	short_volatility float8;
	long_volatility float8;
BEGIN
	IF short_bars IS NULL OR short_bars < 2 THEN
		RAISE EXCEPTION 'short_bars % is not at least 2', short_bars USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT largest >= 1 THEN
		RAISE EXCEPTION 'largest scale % is not at least 1', largest USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT stddev_samp(t.x) FILTER (WHERE t.place > cardinality(profit_and_loss) - short_bars), stddev_samp(t.x)
	INTO short_volatility, long_volatility
	FROM unnest(profit_and_loss) WITH ORDINALITY AS t (x, place)
	WHERE t.x > '-infinity' AND t.x < 'infinity';
	RETURN CASE
		WHEN short_bars >= cardinality(profit_and_loss) THEN NULL
		WHEN long_volatility > 0 AND short_volatility IS NOT NULL
			THEN least(greatest(short_volatility / long_volatility, 1), largest)
		WHEN long_volatility = 0 THEN 1 END;
END
$function$;
COMMENT ON FUNCTION hedge.volatility_scale(float8[], integer, float8) IS
'What margins from the whole window are multiplied by while markets move more than in it: standard deviation of the last short_bars profits and losses / that of all, never below 1, nor above largest if given. Nulls are left out; null with fewer than two of either, or if there are no more than short_bars altogether. Fails if short_bars is below 2, or largest below 1.';

CREATE FUNCTION hedge.historical_margin(
	profit_and_loss float8[],
	stress float8[] DEFAULT NULL,
	level float8 DEFAULT 0.99,
	horizon integer DEFAULT 1,
	stress_weight float8 DEFAULT 0.25,
	short_bars integer DEFAULT NULL,
	largest_scale float8 DEFAULT NULL,
	long_history float8[] DEFAULT NULL,
	OUT value_at_risk float8,
	OUT expected_shortfall float8,
	OUT stressed_shortfall float8,
	OUT floor_shortfall float8,
	OUT scale float8,
	OUT margin float8,
	OUT binding text,
	OUT windows integer,
	OUT missing_windows integer,
	OUT stressed_windows integer,
	OUT floor_windows integer)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 3000
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF stress_weight IS NULL OR NOT (stress_weight >= 0 AND stress_weight <= 1) THEN
		RAISE EXCEPTION 'stress_weight % is not from 0 to 1', stress_weight USING ERRCODE = 'invalid_parameter_value';
	ELSIF ARRAY['infinity', '-infinity']::float8[] && (profit_and_loss || stress || long_history) THEN
		RAISE EXCEPTION 'a profit or loss is infinite'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'One that is not known is null; the sums that it is in are counted in missing_windows.';
	END IF;
	windows := hedge.observed_windows(profit_and_loss, horizon);
	missing_windows := greatest(cardinality(profit_and_loss) - horizon + 1, 0) - windows;
	stressed_windows := hedge.observed_windows(stress, horizon);
	floor_windows := hedge.observed_windows(long_history, horizon);
	value_at_risk := hedge.value_at_risk(profit_and_loss, level, horizon);
	expected_shortfall := hedge.expected_shortfall(profit_and_loss, level, horizon);
	stressed_shortfall := hedge.expected_shortfall(stress, level, horizon);
	floor_shortfall := hedge.expected_shortfall(long_history, level, horizon);
	scale := CASE WHEN short_bars IS NULL THEN 1 ELSE hedge.volatility_scale(profit_and_loss, short_bars, largest_scale) END;
	SELECT m.amount, m.name INTO margin, binding
	FROM (VALUES
		(1, 'history', greatest(scale * expected_shortfall, 0)),
		(2, 'stress', (1 - stress_weight) * greatest(scale * expected_shortfall, 0) + stress_weight * greatest(stressed_shortfall, 0)),
		(3, 'floor', floor_shortfall)) AS m (place, name, amount)
	-- What was asked for is not left out for being unknown.
	WHERE windows * (1 - level) >= 1 - 1e-9
		AND scale IS NOT NULL
		AND (stress IS NULL OR stressed_windows > 0)
		AND (long_history IS NULL OR floor_windows * (1 - level) >= 1 - 1e-9)
	ORDER BY m.amount DESC NULLS LAST, m.place
	LIMIT 1;
END
$function$;
COMMENT ON FUNCTION hedge.historical_margin(float8[], float8[], float8, integer, float8, integer, float8, float8[]) IS
'Margin from a portfolio''s own profits and losses (as hedge.profit_and_loss gives them): the largest of scale x expected shortfall (history); of that and the shortfall over a supplied stress period, mixed by stress_weight (stress); and of the shortfall over a long history that it must not fall below (floor), against margins that are low in calm times and jump in others, in the spirit of Delegated Regulation (EU) 153/2013, article 28(1)(b) and (c). binding says which it was. scale is hedge.volatility_scale over short_bars, 1 without. Offsets count in full, as they were: there is neither evidence nor a share of credit.
windows: sums over horizon bars that shortfalls are made of; missing_windows: those left out since a bar in them has no number, on which losses may have been worst; stressed_windows, floor_windows: of the other two. margin is null, and nothing is left out in silence, where windows or floor_windows are fewer than 1 / (1 - level), of which not one would be in the tail; where a stress period is given without a sum (of a short one the worst sum counts); where the scale is asked for and not known. Never below 0. Level, horizon and errors as in hedge.expected_shortfall; fails if a profit or loss is infinite.';

-- Of all portfolios of a book.

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
	OUT stale_positions integer)
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
	unmargined_trades integer)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 1
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._book(book);
BEGIN
	IF assets IS NULL OR quantities IS NULL THEN
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
		SELECT r.model, r.as_of, b.margin, t.after, t.after - b.margin, t.margin, b.unmargined_positions, t.unmargined_positions
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
				SELECT x.asset, x.quantity,
					CASE WHEN least(abs(x.quantity), abs(x.delta)) < 1e-100 THEN 0 ELSE x.quantity * x.delta END, false
				FROM (SELECT y.asset, y.quantity, coalesce(y.delta, 1) AS delta FROM unnest($2, $3, $4) AS y (asset, quantity, delta)) AS x) AS u) AS h
		CROSS JOIN LATERAL hedge._holdings_margin(r.matrix, %2$L::regnamespace, r.run, r.parameters, h.held) AS b
		CROSS JOIN LATERAL hedge._holdings_margin(r.matrix, %2$L::regnamespace, r.run, r.parameters, h.both) AS a
		CROSS JOIN LATERAL (
			SELECT k.margin, k.unmargined_positions, CASE WHEN k.unmargined_positions = 0 THEN a.margin END AS after
			FROM hedge._holdings_margin(r.matrix, %2$L::regnamespace, r.run, r.parameters, h.traded) AS k) AS t
		$query$, schema, schema::text) USING portfolio, assets, quantities, deltas;
END
$function$;
COMMENT ON FUNCTION hedge.trade_margin(text, text, text[], float8[], float8[]) IS
'Margin of a portfolio of a book without and with a proposed trade, a row a model, as view portfolio_margin has it. assets, quantities (contracts, negative to sell) and deltas (null: all 1) have an element for each leg of the trade; a portfolio that holds nothing, or none of that name, has margin 0 before. margin_change is negative for a trade that releases margin; margin_of_trade is that of the trade alone. unmargined_positions of the portfolio are in no margin; unmargined_trades, legs of the trade without an exposure or a weight, make margin_after and margin_change null. Fails if there is no such book, lengths disagree, or a number is missing, not finite or above 1e50.';
