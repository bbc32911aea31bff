-- Risk of a whole portfolio.

CREATE FUNCTION hedge.portfolio_risk(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	OUT gross_risk float8,
	OUT uncorrelated_risk float8,
	OUT net_risk float8,
	OUT diversification float8,
	OUT risk_offset float8,
	OUT largest_contributor text,
	OUT largest_contribution float8,
	OUT largest_reducer text,
	OUT largest_reduction float8)
AS 'MODULE_PATHNAME', 'pghedge_portfolio_risk'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.portfolio_risk(hedge.comoment_matrix, text[], float8[]) IS
'Risk of a portfolio per bar, in money. With a = exposure * volatility: gross_risk = sum of |a|; uncorrelated_risk = sqrt(sum of a^2); net_risk = sqrt(a''Ra), R the correlations, 0 where one is undefined; diversification = gross - uncorrelated; risk_offset = uncorrelated - net, negative if correlations add risk. largest_contributor and largest_reducer have the largest and the most negative contribution to net_risk (see risk_contributions), null if none is positive, or negative.
assets and exposures (signed, money) have one element a position. Positions without a volatility in the matrix or with a null exposure are left out; all is null if none is left. net_risk and what depends on it is null if a''Ra is negative, which a matrix that is not positive semi-definite allows: use hedge.nearest_psd(matrix). Null also where a number is out of range.
Fails if lengths disagree or an asset is given twice.';

CREATE FUNCTION hedge.risk_contributions(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[])
RETURNS TABLE (
	asset text,
	exposure float8,
	volatility float8,
	risk float8,
	marginal_risk float8,
	contribution float8,
	contribution_share float8)
AS 'MODULE_PATHNAME', 'pghedge_risk_contributions'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 50;

COMMENT ON FUNCTION hedge.risk_contributions(hedge.comoment_matrix, text[], float8[]) IS
'What each position contributes to the net risk of hedge.portfolio_risk, a row a position in the order given. risk = exposure * volatility, signed; marginal_risk is the change of net risk with one more unit of exposure; contribution = exposure * marginal_risk, negative for what reduces risk: contributions sum to net risk, contribution_share to 1. They hold for small changes. Without the position at all, net risk is sqrt(net^2 - 2 * net * contribution + risk^2): as a whole it takes risk off where risk^2 is more than 2 * net * contribution, as a hedge larger than what it hedges may though its contribution is positive.
Numbers are null for a position without a volatility or exposure; marginal_risk and contributions are null where net risk is 0 or not known.';

CREATE FUNCTION hedge.profit_and_loss(
	assets text[],
	exposures float8[],
	block_assets text[],
	block_returns float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_profit_and_loss'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;

COMMENT ON FUNCTION hedge.profit_and_loss(text[], float8[], text[], float8[]) IS
'Profit (negative: loss) per bar that exposures would have made on the returns of a block of hedge.return_blocks: sum of exposure * return. Null at bars where a held asset (one with an exposure other than 0) has no return, so at all bars if the block does not have the asset. Positions with a null exposure are left out.
Fails if lengths disagree or an asset is given twice.';

CREATE FUNCTION hedge.profit_and_loss(
	assets text[],
	exposures float8[],
	block_assets text[],
	block_returns float8[],
	return_kinds text[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_profit_and_loss'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;

COMMENT ON FUNCTION hedge.profit_and_loss(text[], float8[], text[], float8[], text[]) IS
'The same where returns are not all linear in the price: for an asset whose element of return_kinds is log, exposure * (e^return - 1). Kinds are simple, log and difference; null is simple.';

CREATE FUNCTION hedge.value_at_risk(profit_and_loss float8[], level float8 DEFAULT 0.99, horizon integer DEFAULT 1)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_value_at_risk'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.value_at_risk(float8[], float8, integer) IS
'Historical value at risk: of the sums over each horizon consecutive bars (overlapping; those with a null left out), n of them, the loss of the k-th worst, k = max(1, ceil((1 - level) * n)): a sum that was made, of the inverse of the empirical distribution, nothing interpolated, fitted or weighted. Positive is a loss. Null if there is no sum. It says little of a level that (1 - level) * n sums bear out, and nothing where that is below 1: then it is the worst of all sums, whatever the level. Sums of more than one bar overlap, and so tell less than as many apart would.';

CREATE FUNCTION hedge.expected_shortfall(profit_and_loss float8[], level float8 DEFAULT 0.99, horizon integer DEFAULT 1)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_expected_shortfall'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.expected_shortfall(float8[], float8, integer) IS
'Historical expected shortfall: the mean loss of the worst share 1 - level of the sums of hedge.value_at_risk; of the last sum that is in it, the part that is (Acerbi and Tasche 2002). The worst sum, where that share is less than one. Positive is a loss. Null if there is no sum.';

CREATE FUNCTION hedge.observed_windows(profit_and_loss float8[], horizon integer DEFAULT 1)
RETURNS integer
AS 'MODULE_PATHNAME', 'pghedge_observed_windows'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;

COMMENT ON FUNCTION hedge.observed_windows(float8[], integer) IS
'How many sums over horizon consecutive bars hedge.value_at_risk and hedge.expected_shortfall have to look at.';

CREATE AGGREGATE hedge.concatenate(float8[]) (
	SFUNC = pg_catalog.array_cat,
	STYPE = float8[],
	PARALLEL = SAFE);

COMMENT ON AGGREGATE hedge.concatenate(float8[]) IS
'Joins arrays end to end, in the order of the aggregate''s ORDER BY: a profit and loss of one block after another. Nulls are left out; null if there is no array.';
