/*
 * options.c
 *	  Fuzz target: price, Greeks and implied volatility of any option that SQL lets in.
 */
#include "fuzz.h"
#include "greeks.h"

static double
take_positive(Input *in)
{
	double		value = fabs(take_finite(in, DBL_MAX));

	return value > 0 ? value : 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};
	PhOption	o;
	PhGreeks	g;
	double		asset,
				money,
				most,
				volatility = -1;

	o.call = take_byte(&in) % 2;
	o.spot = take_positive(&in);
	o.strike = take_positive(&in);
	o.years = fabs(take_finite(&in, DBL_MAX));
	o.volatility = fabs(take_finite(&in, DBL_MAX));
	o.rate = take_finite(&in, DBL_MAX);
	o.yield = take_finite(&in, DBL_MAX);

	/* in halves, since a factor alone may be denormal */
	asset = o.spot * exp(-o.yield * o.years / 2) * exp(-o.yield * o.years / 2);
	money = o.strike * exp(-o.rate * o.years / 2) * exp(-o.rate * o.years / 2);
	most = o.call ? asset : money;
	ph_greeks(&o, &g);
	if (isfinite(asset) && isfinite(money) && asset > 0 && money > 0)
	{
		must(in_range(g.price, 0, most * (1 + 1e-12) + DBL_MIN));
		must(in_range(g.delta, -exp(-o.yield * o.years) * (1 + 1e-12), exp(-o.yield * o.years) * (1 + 1e-12)));
		must(o.call ? !(g.delta < 0) : !(g.delta > 0));
		must(!(g.gamma < 0) && !(g.vega < 0));
		/* what the price implies gives the price back */
		if (ph_implied_volatility(&o, g.price, &volatility))
		{
			PhOption	again = o;
			PhGreeks	h;

			must(volatility >= 0);
			again.volatility = volatility;
			if (isfinite(volatility))
			{
				ph_greeks(&again, &h);
				must(isnan(h.price) || fabs(h.price - g.price) <= 1e-9 * fmax(asset, money) + DBL_MIN);
			}
		}
	}
	/* and of any other price there is one or none */
	volatility = -1;
	if (ph_implied_volatility(&o, take_double(&in), &volatility))
		must(volatility >= 0);
	return 0;
}
