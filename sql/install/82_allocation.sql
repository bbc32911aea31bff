-- Offsets of a portfolio without double counting: each unit of exposure serves one pair only.

CREATE FUNCTION hedge.allocate_offsets(
	asset_a text[],
	asset_b text[],
	exposure_a float8[],
	exposure_b float8[],
	volatility_a float8[],
	volatility_b float8[],
	correlation float8[],
	hedge_ratio float8[],
	priority float8[] DEFAULT NULL,
	optimal boolean DEFAULT true)
RETURNS TABLE (
	rank integer,
	asset_a text,
	asset_b text,
	consumed_a float8,
	consumed_b float8,
	risk_offset float8,
	optimal_consumed_a float8,
	optimal_consumed_b float8,
	optimal_risk_offset float8)
AS 'MODULE_PATHNAME', 'pghedge_allocate_offsets'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100;

COMMENT ON FUNCTION hedge.allocate_offsets(text[], text[], float8[], float8[], float8[], float8[], float8[], float8[], float8[], boolean) IS
'Pairs of one portfolio (as hedge.portfolio_pairs and a book''s offsetting_pairs list them, an array element a pair), with what of each leg''s exposure is set against the other so that no unit of exposure serves twice. A pair consumes both legs in its hedge_ratio, |hedge_ratio| units of b for one of a (give others, such as a clearing house''s spread ratios, if those count), and removes what correlation takes off the risk of these amounts alone: sqrt(A^2 + B^2) - sqrt(A^2 + B^2 - 2 A B |correlation|), A and B the risks consumed.
consumed_* and risk_offset: greedy, by falling priority (null: the pair''s risk_offset at its whole exposures; a null element comes last), ties in the order given; rank is that order. optimal_*: the allocation with the largest total, the solution of a linear program; sum(optimal_risk_offset) - sum(risk_offset) is the gap, never negative. optimal => false leaves it out (null). consumed_* carry the exposure''s sign, in money; risk_offset is per bar, in money.
A pair that adds up (exposure_a * exposure_b * correlation >= 0), or lacks a number, gets nothing. No rows if an array is null. Fails if arrays differ in length, an asset has different exposures in two pairs, or a correlation or volatility is impossible.';

CREATE FUNCTION hedge.allocated_legs(
	asset_a text[],
	asset_b text[],
	exposure_a float8[],
	exposure_b float8[],
	volatility_a float8[],
	volatility_b float8[],
	correlation float8[],
	hedge_ratio float8[],
	priority float8[] DEFAULT NULL,
	optimal boolean DEFAULT true)
RETURNS TABLE (
	asset text,
	exposure float8,
	consumed float8,
	remaining float8,
	optimal_consumed float8,
	optimal_remaining float8)
AS 'MODULE_PATHNAME', 'pghedge_allocated_legs'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 50;

COMMENT ON FUNCTION hedge.allocated_legs(text[], text[], float8[], float8[], float8[], float8[], float8[], float8[], float8[], boolean) IS
'The legs of hedge.allocate_offsets, in byte order: exposure = consumed + remaining, signed, in money; greedy and optimal. Null where the exposure is not known.';
