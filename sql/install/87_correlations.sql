-- Correlations to margin with: of assets, of buckets, supplied, in scenarios, and the nearest that are positive semi-definite.

CREATE FUNCTION hedge.correlation_scenario(correlation float8, scenario text) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT correlation BETWEEN -1 AND 1 THEN
		RAISE EXCEPTION 'correlation % is not from -1 to 1', correlation USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF scenario NOT IN ('low', 'medium', 'high') THEN
		RAISE EXCEPTION 'scenario "%" is not low, medium or high', scenario USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN CASE scenario
		WHEN 'low' THEN greatest(2 * correlation - 1, 0.75 * correlation)
		WHEN 'medium' THEN correlation
		WHEN 'high' THEN greatest(least(1.25 * correlation, 1), -1)
	END;
END
$function$;
COMMENT ON FUNCTION hedge.correlation_scenario(float8, text) IS
'A correlation in a scenario of the Basel Framework (MAR21.6): low max(2r - 1, 0.75r), medium r, high min(1.25r, 1) and not below -1. Fails outside -1 to 1, and for another scenario.';

CREATE FUNCTION hedge.correlations(matrix hedge.comoment_matrix, assets text[]) RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_correlations'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION hedge.correlations(hedge.comoment_matrix, text[]) IS
'Correlations of assets, in the order given, as a square for hedge.margin. Null for an asset that the matrix does not have, and where there is none: hedge.margin then counts the two as adding up. Of however few observations: say minimum_observations where some pairs have too few to rely on. Fails if an asset is given twice.';

CREATE FUNCTION hedge.correlations(matrix hedge.comoment_matrix, assets text[], minimum_observations integer) RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_correlations'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION hedge.correlations(hedge.comoment_matrix, text[], integer) IS
'The same; null, too, for two assets with fewer common observations, as a book''s margins count its model''s minimum_observations.';

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

CREATE FUNCTION hedge.nearest_correlations(correlations float8[]) RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_nearest_correlations'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION hedge.nearest_correlations(float8[]) IS
'The nearest positive semi-definite correlations, as hedge.nearest_psd has them for a matrix: a square as hedge.margin takes it, of at most 1,000; null and 0 become, or stay, 0. Fails if it is not square or symmetric, or has a number outside -1 to 1. Each of its steps, of which there may be 200, takes up to a second that cannot be cancelled.';
