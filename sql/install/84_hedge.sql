-- Hedges: named instruments at least risk and cost, trades to neutral, positions scaled to a target.

CREATE FUNCTION hedge.minimum_variance_hedge(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	instruments text[],
	unit_exposures float8[] DEFAULT NULL,
	lot_sizes float8[] DEFAULT NULL,
	costs float8[] DEFAULT NULL,
	risk_aversion float8 DEFAULT NULL,
	low float8[] DEFAULT NULL,
	high float8[] DEFAULT NULL,
	costs_per_lot float8[] DEFAULT NULL,
	out_of_sample hedge.comoment_matrix DEFAULT NULL)
RETURNS TABLE (
	instrument text,
	held_exposure float8,
	hedge_ratio float8,
	target_exposure float8,
	trade_exposure float8,
	trade_contracts float8,
	exposure_after float8,
	cost float8,
	risk_before float8,
	risk_at_target float8,
	risk_after float8,
	total_cost float8,
	kkt_residual float8,
	risk_before_out_of_sample float8,
	risk_after_out_of_sample float8,
	risk_coverage float8)
AS 'MODULE_PATHNAME', 'pghedge_minimum_variance_hedge'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 10;

COMMENT ON FUNCTION hedge.minimum_variance_hedge(hedge.comoment_matrix, text[], float8[], text[], float8[], float8[], float8[], float8, float8[], float8[], float8[], hedge.comoment_matrix) IS
'How much of each instrument leaves a portfolio the least risk: a row an instrument, in the order given. assets and exposures (signed, money) are the portfolio, with what it holds of the instruments already; risk is that of hedge.portfolio_risk, one standard deviation of a bar in money.
target_exposure minimises risk_aversion / 2 * variance + sum of cost * |trade|, within low and high (of the exposure held in the instrument; null: none); cost is money per unit of exposure traded (0.0002: two basis points; null: 0), risk_aversion money per money squared: a unit of variance is worth half of it. Null risk_aversion: least variance, whatever it costs. A held exposure within the band in which a trade costs more than it gains stays as it is. hedge_ratio = -target_exposure / the exposure of all that is no instrument: of a single asset held, its regression coefficients; null where that is long and short.
unit_exposures, the money that one contract bought exposes to (negative only where its price is), make whole contracts, in multiples of lot_sizes (null: 1): trade_contracts (negative: sell), and trade_exposure = exposure_after - held_exposure, are those, and costs_per_lot, money for each lot traded, is paid on top of costs; without, the trade goes to the target. The rounding is searched from the target and from no trade, never to end worse than no trade: risk_after <= risk_before. Only bounds may force a trade that adds risk: what is held beyond them is brought within, and where no multiple of the lot is, as near as one comes. risk_*, total_cost and kkt_residual (of the solver, at most 1e-10; 0 is exact) are those of all instruments together, on each row.
out_of_sample, a matrix of other returns, such as those after the ones of matrix: what risk was there without and with the trades; null if it lacks an asset.
risk_coverage: the share of the exposures given, sizes added up, that risk is known of; positions without a volatility in the matrix are left out, as in hedge.portfolio_risk. An instrument without one, or whose held exposure is null, has nulls and is not used. No rows if one of the first four is null. Fails if arrays differ in length, an asset is there twice, a cost is negative, a cost per lot comes without a unit exposure, low is above high, or the covariances are not positive semi-definite (use hedge.nearest_psd).
Source: Johnson 1960, Ederington 1979; coordinate descent, Tseng 2001, Friedman, Hastie and Tibshirani 2010.';

CREATE FUNCTION hedge.neutral_trade(
	net float8,
	sensitivity float8 DEFAULT 1,
	band float8 DEFAULT 0,
	unit_exposure float8 DEFAULT NULL,
	lot_size float8 DEFAULT 1,
	OUT trade_exposure float8,
	OUT trade_contracts float8,
	OUT net_after float8)
AS 'MODULE_PATHNAME', 'pghedge_neutral_trade'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION hedge.neutral_trade(float8, float8, float8, float8, float8) IS
'The trade in one instrument that brings a net amount to the edge of a band around 0 (to 0 without one); nothing if it is within. sensitivity is what one unit of exposure traded adds to net. Dollar-neutral: net is the sum of exposures, sensitivity 1. Delta-neutral: the same of one underlying. Beta-neutral: net is the sum of beta * exposure, sensitivity the instrument''s beta (hedge.beta_exposure). With unit_exposure in whole contracts, multiples of lot_size: the fewest that reach the band, or else as near as they come, never further away than before.
Null without net or a sensitivity other than 0. Error 22023 for a negative band.';

CREATE FUNCTION hedge.beta_exposure(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	benchmark text)
RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN count(*) = count(t.exposure * t.beta) THEN sum(t.exposure * t.beta) END
	FROM (
		SELECT u.exposure, CASE
			WHEN u.asset = benchmark THEN 1
			WHEN u.asset = ANY (hedge.assets(matrix)) THEN hedge.hedge_ratio(matrix, u.asset, benchmark)
		END AS beta
		FROM unnest(assets, exposures) AS u (asset, exposure)
		WHERE u.exposure <> 0
	) AS t;
END;

COMMENT ON FUNCTION hedge.beta_exposure(hedge.comoment_matrix, text[], float8[], text) IS
'Beta-weighted exposure of a portfolio: sum of exposure * beta, beta = covariance with the benchmark / its variance: the exposure in the benchmark that moves alike. In money, signed. Null if a position with an exposure has no beta, or there is no position; exposures that are null are left out. Fails for a benchmark that is not in the matrix.';

CREATE FUNCTION hedge.greek_hedge(
	greeks float8[],
	sensitivities float8[],
	weights float8[] DEFAULT NULL,
	costs float8[] DEFAULT NULL,
	risk_aversion float8 DEFAULT NULL,
	low float8[] DEFAULT NULL,
	high float8[] DEFAULT NULL,
	lot_sizes float8[] DEFAULT NULL)
RETURNS TABLE (
	instrument integer,
	quantity float8,
	kkt_residual float8,
	target_quantity float8,
	cost float8,
	greeks_after float8[])
AS 'MODULE_PATHNAME', 'pghedge_greek_hedge'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 5;

COMMENT ON FUNCTION hedge.greek_hedge(float8[], float8[], float8[], float8[], float8, float8[], float8[], float8[]) IS
'Quantities of instruments, numbered as given, that bring a position''s greeks (delta, gamma, vega ...) nearest to nothing: target_quantity minimises risk_aversion / 2 * sum of weight * (greek + sum of sensitivity * quantity)^2 + sum of cost * |quantity|, within low and high. sensitivities[greek][instrument] is what one unit of an instrument adds. weights say what a unit of each greek squared matters, such as the squared size of a usual move; null: 1 / the sum of the squares of its sensitivities, so that each greek is measured by what the instruments have of it, whatever its units. costs are per unit, and count only with a risk_aversion.
Without bounds and costs that count it is the least squares solution, of several the one with the least sum of squares of quantities, from which bounds that it obeys do not move it: with as many (different) instruments as greeks, or more, all greeks come to 0. Where a bound or a cost restrains it and several quantities do as well, it is one of them.
lot_sizes make whole multiples of them (an element null: any quantity): quantity is that, searched from the target and from no trade as in hedge.minimum_variance_hedge, seldom but sometimes not the best of all, and never worse than no trade; without, it is the target. greeks_after are the greeks that remain with all quantities, cost what the quantity costs; kkt_residual is that of the target.
No rows if greeks or sensitivities are null. Error 22023 for what is not finite, a negative weight or cost, a lot size not positive, or low above high; 54000 for more than 2,000 greeks or instruments.';

CREATE FUNCTION hedge.variance_scale(
	profit_and_loss float8[],
	target float8,
	cap float8 DEFAULT 1,
	decay float8 DEFAULT 0.94,
	OUT volatility float8,
	OUT decayed_volatility float8,
	OUT volatility_used float8,
	OUT scale float8)
AS 'MODULE_PATHNAME', 'pghedge_variance_scale'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.variance_scale(float8[], float8, float8, float8) IS
'The factor by which all positions are multiplied to bring a portfolio''s volatility per bar to a target (money), at most cap: min(cap, target / volatility_used). profit_and_loss is in order of time (hedge.profit_and_loss). volatility is the standard deviation of all of it; decayed_volatility that of recent bars, with exponential weights that fall by decay each bar (RiskMetrics 1996), about 0; volatility_used is the larger, so that a calm past does not hide a storm, nor a calm week a stormy year. Null elements are left out; null for fewer than two. Error 22023 for a negative target or cap, or decay outside (0, 1).';

CREATE FUNCTION hedge.scaled_positions(
	quantities float8[],
	scale float8,
	lot_sizes float8[] DEFAULT NULL)
RETURNS TABLE (
	place integer,
	quantity float8,
	target_quantity float8,
	trade float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT q.place::integer, q.quantity, t.quantity + 0, t.quantity - q.quantity + 0
	FROM unnest(quantities) WITH ORDINALITY AS q (quantity, place)
	LEFT JOIN unnest(lot_sizes) WITH ORDINALITY AS l (lot, place) ON l.place = q.place
	CROSS JOIN LATERAL (
		SELECT CASE WHEN lot_sizes IS NULL THEN q.quantity * scale
			ELSE q.quantity + round((q.quantity * scale - q.quantity) / nullif(coalesce(l.lot, 1), 0)) * coalesce(l.lot, 1) END
			AS quantity) AS t
	ORDER BY q.place;
END;

COMMENT ON FUNCTION hedge.scaled_positions(float8[], float8, float8[]) IS
'Positions multiplied by the scale of hedge.variance_scale: a row an element, in the order given. target_quantity = quantity * scale; with lot_sizes (a null element: 1) trade is the multiple of the lot nearest to that. Null where the quantity or the scale is.';
