/*
 * greeks.c
 *	  European options: hedge.black_scholes, hedge.black_76, hedge.inverse_option, and the volatility
 *	  that a price implies.
 */
#include "results.h"

#include <math.h>

#include "utils/builtins.h"

#include "greeks.h"

/* Arguments kind, underlying, strike, years; at numbers the last three. */
static void
option_args(FunctionCallInfo fcinfo, int numbers, const char *underlying, PhOption *o)
{
	char	   *kind = text_to_cstring(PG_GETARG_TEXT_PP(0));

	memset(o, 0, sizeof(*o));
	if (strcmp(kind, "call") != 0 && strcmp(kind, "put") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown kind of option \"%s\"", kind),
				 errhint("Kinds are call and put.")));
	o->call = kind[0] == 'c';
	o->spot = PG_GETARG_FLOAT8(numbers);
	o->strike = PG_GETARG_FLOAT8(numbers + 1);
	o->years = PG_GETARG_FLOAT8(numbers + 2);
	if (!(o->spot > 0 && isfinite(o->spot)))
		pghedge_reject(underlying, o->spot, "positive and finite");
	if (!(o->strike > 0 && isfinite(o->strike)))
		pghedge_reject("strike", o->strike, "positive and finite");
	if (!(o->years >= 0 && isfinite(o->years)))
		pghedge_reject("years", o->years, "at least 0 and finite");
}

static double
volatility_arg(FunctionCallInfo fcinfo, int argno)
{
	double		volatility = PG_GETARG_FLOAT8(argno);

	if (!(volatility >= 0 && isfinite(volatility)))
		pghedge_reject("volatility", volatility, "at least 0 and finite");
	return volatility;
}

static double
rate_arg(FunctionCallInfo fcinfo, int argno, const char *name)
{
	double		rate = PG_GETARG_FLOAT8(argno);

	if (!isfinite(rate))
		pghedge_reject(name, rate, "finite");
	return rate;
}

/* What is not finite becomes NULL, and -0 becomes 0. */
static Datum
numbers_row(FunctionCallInfo fcinfo, const double *number, int n)
{
	Datum		values[8];
	bool		nulls[8];

	for (int i = 0; i < n; i++)
		pghedge_put(values, nulls, i, number[i]);
	return pghedge_row(fcinfo, values, nulls);
}

static Datum
greeks_row(FunctionCallInfo fcinfo, const PhGreeks *g)
{
	const double number[6] = {g->price, g->delta, g->gamma, g->vega, g->theta, g->rho};

	PG_RETURN_DATUM(numbers_row(fcinfo, number, 6));
}

/* black_scholes(kind, spot, strike, years, volatility, rate, dividend_yield) */
PGHEDGE_FUNCTION(pghedge_black_scholes);
Datum
pghedge_black_scholes(PG_FUNCTION_ARGS)
{
	PhOption	o;
	PhGreeks	g;

	option_args(fcinfo, 1, "spot", &o);
	o.volatility = volatility_arg(fcinfo, 4);
	o.rate = rate_arg(fcinfo, 5, "rate");
	o.yield = rate_arg(fcinfo, 6, "dividend yield");
	ph_greeks(&o, &g);
	return greeks_row(fcinfo, &g);
}

/* black_76(kind, forward, strike, years, volatility, rate) */
PGHEDGE_FUNCTION(pghedge_black_76);
Datum
pghedge_black_76(PG_FUNCTION_ARGS)
{
	PhOption	o;
	PhGreeks	g;

	option_args(fcinfo, 1, "forward", &o);
	o.volatility = volatility_arg(fcinfo, 4);
	o.rate = o.yield = rate_arg(fcinfo, 5, "rate");
	ph_greeks(&o, &g);
	g.rho = -o.years * g.price;	/* the forward stays where it is: only the discount changes */
	return greeks_row(fcinfo, &g);
}

/* inverse_option(kind, forward, strike, years, volatility) */
PGHEDGE_FUNCTION(pghedge_inverse_option);
Datum
pghedge_inverse_option(PG_FUNCTION_ARGS)
{
	PhOption	o;
	PhGreeks	g;
	double		number[7];

	option_args(fcinfo, 1, "forward", &o);
	o.volatility = volatility_arg(fcinfo, 4);
	ph_greeks(&o, &g);
	number[0] = g.price / o.spot;
	number[1] = g.price;
	number[2] = g.delta;
	number[3] = g.delta - number[0];
	number[4] = g.gamma;
	number[5] = g.vega;
	number[6] = g.theta;
	PG_RETURN_DATUM(numbers_row(fcinfo, number, 7));
}

static Datum
implied(FunctionCallInfo fcinfo, const PhOption *o, double price)
{
	double		volatility;

	if (!ph_implied_volatility(o, price, &volatility) || !isfinite(volatility))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(volatility);
}

/* implied_volatility(kind, price, spot, strike, years, rate, dividend_yield) */
PGHEDGE_FUNCTION(pghedge_implied_volatility);
Datum
pghedge_implied_volatility(PG_FUNCTION_ARGS)
{
	PhOption	o;

	option_args(fcinfo, 2, "spot", &o);
	o.rate = rate_arg(fcinfo, 5, "rate");
	o.yield = rate_arg(fcinfo, 6, "dividend yield");
	return implied(fcinfo, &o, PG_GETARG_FLOAT8(1));
}

/* implied_volatility_76(kind, price, forward, strike, years, rate) */
PGHEDGE_FUNCTION(pghedge_implied_volatility_76);
Datum
pghedge_implied_volatility_76(PG_FUNCTION_ARGS)
{
	PhOption	o;

	option_args(fcinfo, 2, "forward", &o);
	o.rate = o.yield = rate_arg(fcinfo, 5, "rate");
	return implied(fcinfo, &o, PG_GETARG_FLOAT8(1));
}

/* implied_volatility_inverse(kind, price, forward, strike, years) */
PGHEDGE_FUNCTION(pghedge_implied_volatility_inverse);
Datum
pghedge_implied_volatility_inverse(PG_FUNCTION_ARGS)
{
	PhOption	o;

	option_args(fcinfo, 2, "forward", &o);
	return implied(fcinfo, &o, PG_GETARG_FLOAT8(1) * o.spot);
}
