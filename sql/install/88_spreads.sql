-- Margin of spreads by priority, as futures are cleared.

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
