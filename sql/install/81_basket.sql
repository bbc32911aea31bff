-- Baskets of few legs that hedge one asset, and the spread that is left.

CREATE FUNCTION hedge.basket_hedge(
	assets text[],
	observations float8[],
	held text,
	legs text[] DEFAULT NULL,
	max_legs integer DEFAULT 5,
	in_sample float8 DEFAULT 0.7,
	exposure float8 DEFAULT NULL,
	unit_exposures float8[] DEFAULT NULL,
	lot_sizes float8[] DEFAULT NULL,
	costs float8[] DEFAULT NULL)
RETURNS TABLE (
	legs_used integer,
	asset text,
	hedge_ratio float8,
	tracking_error float8,
	tracking_error_out_of_sample float8,
	effectiveness float8,
	effectiveness_out_of_sample float8,
	z_score float8,
	half_life float8,
	bars_in_sample integer,
	bars_out_of_sample integer,
	dickey_fuller float8,
	trade_exposure float8,
	trade_contracts float8,
	cost float8,
	risk_after float8,
	risk_after_out_of_sample float8)
AS 'MODULE_PATHNAME', 'pghedge_basket_hedge'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 15;

COMMENT ON FUNCTION hedge.basket_hedge(text[], float8[], text, text[], integer, float8, float8, float8[], float8[], float8[]) IS
'Baskets of 1 to max_legs legs that hedge one asset held (an index, say), a row a leg of each basket. observations[asset][bar] are returns in order of time (hedge.return_panel); legs are those to choose from. Null: all others but those with which less than 80 % of the bars of the asset held would be left common, the sparsest left out first; a notice names them. Ratios are estimated on the first share in_sample of the bars at which all these assets have a return; the rest is out of sample, never looked at in choosing. The best of all baskets of each size, where looking at all is little work (up to 20 legs to choose from; 37 for baskets of up to 5, 57 for up to 4); with more, legs are added one at a time, the one that takes most off the variance left, then exchanged while another does better: seldom but sometimes not the best. Fewer than max_legs where no leg removes anything more.
hedge_ratio: exposure of the leg, sold, for one of the asset held. tracking_error: standard deviation per bar of asset - sum of hedge_ratio * leg; effectiveness = 1 - its variance / that of the asset. z_score, half_life (bars) and dickey_fuller are those of the sum of this difference over all bars (hedge.spread_statistics); a random walk has a z_score beyond 2, too, every fifth or sixth time, so half_life is null unless dickey_fuller is below its critical value at 5 % (-2.87 for 250 bars), and z_score means as much as that does.
exposure (money, signed) is what is held: then trade_exposure is that of each leg, in whole multiples of lot_sizes (null: 1) contracts where unit_exposures (of one contract) are given, trade_contracts, searched as in hedge.minimum_variance_hedge; risk_after in money what both leave per bar, in sample, and out of it. cost = costs (money per unit of exposure) * |trade_exposure|, which is told and does not restrain. These arrays have an element for each of assets; a null one: no lots, cost unknown.
No rows for fewer than three bars in sample or where an argument of the first three is null. Error 22023 for an unknown asset held or among legs, max_legs below 1, in_sample outside (0, 1].';

CREATE FUNCTION hedge.spread_statistics(
	spread float8[],
	OUT observations integer,
	OUT mean float8,
	OUT volatility float8,
	OUT z_score float8,
	OUT persistence float8,
	OUT half_life float8,
	OUT dickey_fuller float8)
AS 'MODULE_PATHNAME', 'pghedge_spread_statistics'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.spread_statistics(float8[]) IS
'A spread in order of time: mean, volatility (standard deviation of its level), z_score = (last - mean) / volatility, persistence = slope of each value on the one before, half_life = ln(0.5) / ln(persistence), the observations in which a deviation is expected to halve; null unless persistence is between 0 and 1. Least squares finds persistence too low in short series, so half-lives too short, and nearly every random walk has one: dickey_fuller = (persistence - 1) / its standard error says whether the spread comes back at all. Of random walks 5 % are below -2.87 for 250 values (-2.89 for 100, -2.86 for many); where ratios were fitted to the level of the spread itself, as in a regression of prices, below -3.34 with one leg, -3.74 with two, -4.10 with three (Dickey and Fuller 1979, Engle and Granger 1987, MacKinnon 2010). No lags: where changes of the spread go against the ones before (closes of two instants, bid and ask), it is too low.
Null elements are left out. Numbers are null for fewer than two values, or four, or a constant.';
