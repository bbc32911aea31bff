-- A portfolio's positions against a matrix: which pairs offset each other, and by how much.

CREATE FUNCTION hedge.portfolio_pairs(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	quantities float8[] DEFAULT NULL,
	unit_exposures float8[] DEFAULT NULL,
	price_times timestamptz[] DEFAULT NULL,
	offsetting boolean DEFAULT true,
	minimum_correlation float8 DEFAULT 0,
	minimum_observations integer DEFAULT 2,
	bars_per_year float8 DEFAULT NULL,
	level float8 DEFAULT 0.95,
	max_pairs integer DEFAULT NULL)
RETURNS TABLE (
	asset_a text,
	asset_b text,
	side_a text,
	side_b text,
	quantity_a float8,
	quantity_b float8,
	exposure_a float8,
	exposure_b float8,
	correlation float8,
	correlation_low float8,
	correlation_high float8,
	observations integer,
	volatility_a float8,
	volatility_b float8,
	volatility_a_annual float8,
	volatility_b_annual float8,
	hedge_ratio float8,
	actual_ratio float8,
	target_exposure_b float8,
	trade_b float8,
	trade_b_contracts float8,
	gross_risk float8,
	uncorrelated_risk float8,
	net_risk float8,
	diversification float8,
	risk_offset float8,
	risk_offset_share float8,
	residual_risk float8,
	price_time timestamptz)
AS 'MODULE_PATHNAME', 'pghedge_portfolio_pairs'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100;

COMMENT ON FUNCTION hedge.portfolio_pairs(hedge.comoment_matrix, text[], float8[], float8[], float8[], timestamptz[], boolean, float8, integer, float8, float8, integer) IS
'Pairs of a portfolio''s positions that offset each other (exposure_a * exposure_b * correlation < 0), or with offsetting => false those that add up (> 0), the largest |risk_offset| first, then by name; max_pairs keeps the first so many.
assets and exposures (signed, money) have one element a position, and so have, where given, quantities, unit_exposures (exposure of one contract) and price_times. A position forms no pair if its asset is not in the matrix or has no volatility or its exposure is null, zero or not finite; nor do pairs below minimum_correlation (of |correlation|) or minimum_observations.
With risk a = exposure * volatility: asset_a has the larger |a|. volatility is that of all of the asset''s own returns, correlation that of the times both were observed, with its Fisher interval at the level given. hedge_ratio = correlation * volatility_a / volatility_b (covariance / variance where nothing is missing); actual_ratio = -exposure_b / exposure_a; target_exposure_b = -hedge_ratio * exposure_a; trade_b = target_exposure_b - exposure_b, in money and in contracts.
gross_risk = |a| + |b|; uncorrelated_risk = sqrt(a^2 + b^2); net_risk = sqrt(a^2 + b^2 + 2ab * correlation), all per bar and in money; diversification = gross - uncorrelated; risk_offset = uncorrelated - net (negative for pairs that add up), risk_offset_share its share of uncorrelated_risk; residual_risk = |a| * sqrt(1 - correlation^2), what is left at the target. *_annual = per bar * sqrt(bars_per_year). price_time is the earlier of the two.
A null matrix, assets or exposures give no rows. Null where a number is not known or out of range, never NaN or infinity. Fails if lengths disagree, an asset is given twice, or a setting makes no sense.';

-- The same in a book: positions to holdings by an aggregate, those to exposures or to pairs at prices of a run.

CREATE FUNCTION hedge._delta_quantity(quantity float8, delta float8) RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_delta_quantity'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge._delta_quantity(float8, float8) IS 'quantity x delta of magnitudes up to 1e50, so that no product made of it leaves the range of numbers: 0 where one is below 1e-100, infinite where one is above 1e50, NaN where one is no number or NULL. Private.';

CREATE FUNCTION hedge._holdings_accum(state internal, asset text, quantity float8, delta_quantity float8) RETURNS internal
AS 'MODULE_PATHNAME', 'pghedge_holdings_accum'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge._holdings_accum(internal, text, float8, float8) IS 'Takes a position. Private.';

CREATE FUNCTION hedge._holdings_final(state internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'pghedge_holdings_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge._holdings_final(internal) IS 'Holdings of the positions taken. Private.';

CREATE AGGREGATE hedge._holdings(asset text, quantity float8, delta_quantity float8) (
	SFUNC = hedge._holdings_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = hedge._holdings_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge._holdings(text, float8, float8) IS 'What a portfolio holds, of rows of a book''s _position: for each asset its positions, their quantity and delta. For functions that know prices, not to be kept. A group takes 16 bytes a position while it is made, 32 where delta is not 1, or up to 64 an asset. Private.';

CREATE FUNCTION hedge._exposures(book regnamespace, run bigint, holdings bytea)
RETURNS TABLE (
	asset text,
	positions integer,
	quantity float8,
	notional float8,
	delta_notional float8,
	exposure float8,
	funds boolean,
	problem text,
	volatility float8,
	unit_exposure float8,
	return_kind text,
	price_time timestamptz,
	stale boolean,
	benchmark text,
	benchmark_scale float8)
AS 'MODULE_PATHNAME', 'pghedge_exposures'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 50;
COMMENT ON FUNCTION hedge._exposures(regnamespace, bigint, bytea) IS 'What holdings expose to at prices of a run of a book, as the caller may read its view _units: a row an asset held, or currency of what is held (positions is 0 then; funds: it is one). Exposures as in view exposure; problem says why there is none, beside what _unit says; the other columns are those of _unit. In byte order of the assets that the run knows. Private.';

CREATE FUNCTION hedge._leg_pairs(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	holdings bytea,
	offsetting boolean,
	minimum_correlation float8,
	minimum_observations integer,
	bars_per_year float8,
	level float8,
	max_pairs integer)
RETURNS TABLE (
	asset_a text,
	asset_b text,
	side_a text,
	side_b text,
	quantity_a float8,
	quantity_b float8,
	exposure_a float8,
	exposure_b float8,
	correlation float8,
	correlation_low float8,
	correlation_high float8,
	observations integer,
	volatility_a float8,
	volatility_b float8,
	volatility_a_annual float8,
	volatility_b_annual float8,
	hedge_ratio float8,
	actual_ratio float8,
	target_exposure_b float8,
	trade_b float8,
	trade_b_contracts float8,
	gross_risk float8,
	uncorrelated_risk float8,
	net_risk float8,
	diversification float8,
	risk_offset float8,
	risk_offset_share float8,
	residual_risk float8,
	price_time timestamptz)
AS 'MODULE_PATHNAME', 'pghedge_leg_pairs'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 20;
COMMENT ON FUNCTION hedge._leg_pairs(hedge.comoment_matrix, regnamespace, bigint, bytea, boolean, float8, integer, float8, float8, integer) IS 'hedge.portfolio_pairs of what hedge._exposures has of holdings, at the run whose matrix this is. Private.';

-- With what a book knows of the pairs, for its live views.
CREATE FUNCTION hedge._evident_pairs(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	holdings bytea,
	offsetting boolean,
	minimum_correlation float8,
	minimum_observations integer,
	bars_per_year float8,
	level float8,
	max_pairs integer,
	unexamined text)
RETURNS TABLE (
	asset_a text,
	asset_b text,
	side_a text,
	side_b text,
	quantity_a float8,
	quantity_b float8,
	exposure_a float8,
	exposure_b float8,
	correlation float8,
	correlation_low float8,
	correlation_high float8,
	observations integer,
	volatility_a float8,
	volatility_b float8,
	volatility_a_annual float8,
	volatility_b_annual float8,
	hedge_ratio float8,
	actual_ratio float8,
	target_exposure_b float8,
	trade_b float8,
	trade_b_contracts float8,
	gross_risk float8,
	uncorrelated_risk float8,
	net_risk float8,
	diversification float8,
	risk_offset float8,
	risk_offset_share float8,
	residual_risk float8,
	price_time timestamptz,
	robust_low float8,
	robust_high float8,
	conservative_correlation float8,
	risk_offset_conservative float8,
	net_risk_conservative float8,
	out_of_sample_effectiveness float8,
	held_effectiveness float8,
	break_even_correlation float8,
	break_even_confidence float8,
	break_time timestamptz,
	verdict text,
	reason text)
AS 'MODULE_PATHNAME', 'pghedge_evident_pairs'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION hedge._evident_pairs(hedge.comoment_matrix, regnamespace, bigint, bytea, boolean, float8, integer, float8, float8, integer, text) IS 'hedge._leg_pairs, and of each pair what pair_evidence of the book has for the run, as the caller may read it, asset_b taken for the hedge: measures of these names, hedge.pair_risk at the conservative correlation, hedge.held_evidence at actual_ratio; for a pair without any, the verdict ''not examined'' and the reason given. Memory: 150 bytes and the reason a pair. Private.';
