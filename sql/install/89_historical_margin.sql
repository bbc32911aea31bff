-- Margin from history: shortfalls of the portfolio's own profits and losses, a stress period, a floor.

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
