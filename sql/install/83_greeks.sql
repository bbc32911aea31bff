-- Options: prices, Greeks, and the volatility that a price implies.

CREATE FUNCTION hedge.black_scholes(
	kind text,
	spot float8,
	strike float8,
	years float8,
	volatility float8,
	rate float8 DEFAULT 0,
	dividend_yield float8 DEFAULT 0,
	OUT price float8,
	OUT delta float8,
	OUT gamma float8,
	OUT vega float8,
	OUT theta float8,
	OUT rho float8)
AS 'MODULE_PATHNAME', 'pghedge_black_scholes'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.black_scholes(text, float8, float8, float8, float8, float8, float8) IS
'A European option by Black, Scholes and Merton (1973). kind is call or put; years to expiry; volatility, rate and dividend_yield (or the foreign rate of a currency) are annual, 0.2 for 20 %, rates compounded continuously. Results are of one option on one unit, long: price in money; delta per unit of spot, gamma per unit of spot squared; vega per 1.00 of volatility (a hundredth of it is for one point); theta per year (1/365 of it a day), negative where time costs; rho per 1.00 of rate. delta * quantity * contract_size is what a position has of the underlying: position.delta of a book.
With no time or volatility left the option is worth its forward''s discounted intrinsic value; at the money it then has no Greeks: null. Null where a number is out of range, never NaN or infinity. Error 22023 for spot or strike not positive, years or volatility negative, or an unknown kind.';

CREATE FUNCTION hedge.black_76(
	kind text,
	forward float8,
	strike float8,
	years float8,
	volatility float8,
	rate float8 DEFAULT 0,
	OUT price float8,
	OUT delta float8,
	OUT gamma float8,
	OUT vega float8,
	OUT theta float8,
	OUT rho float8)
AS 'MODULE_PATHNAME', 'pghedge_black_76'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.black_76(text, float8, float8, float8, float8, float8) IS
'A European option on a futures or forward price by Black (1976). delta and gamma are per unit of the futures price, discounted; rho at an unchanged futures price; all else as in hedge.black_scholes.';

CREATE FUNCTION hedge.inverse_option(
	kind text,
	forward float8,
	strike float8,
	years float8,
	volatility float8,
	OUT price float8,
	OUT price_in_money float8,
	OUT delta float8,
	OUT net_delta float8,
	OUT gamma float8,
	OUT vega float8,
	OUT theta float8)
AS 'MODULE_PATHNAME', 'pghedge_inverse_option'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.inverse_option(text, float8, float8, float8, float8) IS
'A coin-settled (inverse) European option on one coin, which pays max(forward - strike, 0) / forward coins (a put: max(strike - forward, 0) / forward). price in coins = price_in_money / forward, price_in_money undiscounted by Black (1976). delta is that of the value in money. net_delta = delta - price, in coins: the premium is held in coins and has an exposure of its own; net_delta is what a short futures position must offset where the coins paid for the option are still counted as held. (Deribit API documentation, delta_total: "Net Transaction Delta = Black Scholes Delta - Mark Price of Options"; derived by Alexander and Imeraj, arXiv:2107.12041.) gamma, vega and theta are of the value in money, as in hedge.black_scholes.
In a book such an option is a linear contract whose contract_size is its coins and whose delta is net_delta. Null and errors as in hedge.black_scholes.';

CREATE FUNCTION hedge.implied_volatility(
	kind text,
	price float8,
	spot float8,
	strike float8,
	years float8,
	rate float8 DEFAULT 0,
	dividend_yield float8 DEFAULT 0)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_implied_volatility'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.implied_volatility(text, float8, float8, float8, float8, float8, float8) IS
'The annual volatility at which hedge.black_scholes gives this price, as exactly as the price''s last digit tells it. Null outside the no-arbitrage bounds (below intrinsic value of the forward, discounted; at or above the price at infinite volatility) and where no time is left; 0 at intrinsic value itself. Error 22023 as in hedge.black_scholes.';

CREATE FUNCTION hedge.implied_volatility_76(
	kind text,
	price float8,
	forward float8,
	strike float8,
	years float8,
	rate float8 DEFAULT 0)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_implied_volatility_76'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.implied_volatility_76(text, float8, float8, float8, float8, float8) IS
'The annual volatility at which hedge.black_76 gives this price. Null and errors as in hedge.implied_volatility.';

CREATE FUNCTION hedge.implied_volatility_inverse(
	kind text,
	price float8,
	forward float8,
	strike float8,
	years float8)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_implied_volatility_inverse'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.implied_volatility_inverse(text, float8, float8, float8, float8) IS
'The annual volatility at which hedge.inverse_option gives this price in coins. Null and errors as in hedge.implied_volatility.';
