/*
 * greeks.c
 *	  Options: published values, parity, every Greek against differences of prices, and implied
 *	  volatility over a random grid of 200,000 options.
 */
#include <float.h>

#include "greeks.h"
#include "random.h"
#include "tap.h"

static PhGreeks
greeks(bool call, double spot, double strike, double years, double volatility, double rate,
	   double yield)
{
	PhOption	o = {call, spot, strike, years, volatility, rate, yield};
	PhGreeks	g;

	ph_greeks(&o, &g);
	return g;
}

/* J. C. Hull, Options, Futures, and Other Derivatives, 9th edition. */
static void
test_published(void)
{
	PhOption	o = {true, 21, 20, 0.25, 0, 0.1, 0};
	PhGreeks	g;
	double		volatility = 0;

	near(greeks(true, 42, 40, 0.5, 0.2, 0.1, 0).price, 4.76, 0.005, "Hull, chapter 15: a call");
	near(greeks(false, 42, 40, 0.5, 0.2, 0.1, 0).price, 0.81, 0.005, "... and the put");
	near(greeks(true, 930, 900, 2 / 12.0, 0.2, 0.08, 0.03).price, 51.83, 0.005,
		 "Hull, chapter 17: a call on an index with a dividend yield");
	near(greeks(false, 20, 20, 4 / 12.0, 0.25, 0.09, 0.09).price, 1.12, 0.005,
		 "Hull, chapter 18: a put on futures, Black's model");
	ok(ph_implied_volatility(&o, 1.875, &volatility), "Hull, chapter 15: implied volatility");
	near(volatility, 0.235, 0.0005, "... is 23.5 %%");

	/* chapter 19: 20 weeks at 49, strike 50 */
	g = greeks(true, 49, 50, 20 / 52.0, 0.2, 0.05, 0);
	near(g.price, 2.40, 0.005, "Hull, chapter 19: price");
	near(g.delta, 0.522, 0.0005, "delta");
	near(g.theta, -4.31, 0.005, "theta");
	near(g.gamma, 0.066, 0.0005, "gamma");
	near(g.vega, 12.1, 0.05, "vega");
	near(g.rho, 8.91, 0.005, "rho");
}

static PhOption
random_option(void)
{
	PhOption	o;

	o.call = between(0, 1);
	o.spot = exp(3 * normal());
	o.years = exp(-5 + 7 * uniform());
	o.volatility = exp(-4 + 4.5 * uniform());
	o.rate = 0.1 * normal();
	o.yield = 0.1 * normal();
	o.strike = o.spot * exp((o.rate - o.yield) * o.years +
							3 * normal() * o.volatility * sqrt(o.years));
	return o;
}

static double
price_of(const PhOption *o)
{
	PhGreeks	g;

	ph_greeks(o, &g);
	return g.price;
}

static double
delta_of(const PhOption *o)
{
	PhGreeks	g;

	ph_greeks(o, &g);
	return g.delta;
}

/* The derivative by a member of o: differences, twice extrapolated (Richardson). */
static double
slope_member(PhOption o, size_t member, double step, double (*of) (const PhOption *))
{
	double		x = *(double *) ((char *) &o + member);
	double		d[3];

	for (int k = 0; k < 3; k++)
	{
		double		h = ldexp(step, -k);
		double		up;

		*(double *) ((char *) &o + member) = x + h;
		up = of(&o);
		*(double *) ((char *) &o + member) = x - h;
		d[k] = (up - of(&o)) / (2 * h);
	}
	d[0] = d[1] + (d[1] - d[0]) / 3;
	d[1] = d[2] + (d[2] - d[1]) / 3;
	return d[1] + (d[1] - d[0]) / 15;
}

static void
test_differences(void)
{
	double		worst[6] = {0};
	static const char *const name[6] = {"parity", "delta", "gamma", "vega", "theta", "rho"};

	random_seed(1);
	for (int t = 0; t < rounds(20000); t++)
	{
		PhOption	o = random_option();
		PhOption	other = o;
		PhGreeks	g;
		PhGreeks	p;
		double		s = o.volatility * sqrt(o.years);
		double		size = o.spot * exp(-o.yield * o.years) + o.strike * exp(-o.rate * o.years);
		double		error[6];

		ph_greeks(&o, &g);
		other.call = !o.call;
		ph_greeks(&other, &p);
		error[0] = fabs((g.price - p.price) * (o.call ? 1 : -1) -
						(o.spot * exp(-o.yield * o.years) - o.strike * exp(-o.rate * o.years)));
		error[1] = o.spot * fabs(g.delta - slope_member(o, offsetof(PhOption, spot),
														o.spot * s * 0.02, price_of));
		error[2] = o.spot * s * o.spot * fabs(g.gamma - slope_member(o, offsetof(PhOption, spot),
																	 o.spot * s * 0.02, delta_of));
		error[3] = o.volatility * fabs(g.vega - slope_member(o, offsetof(PhOption, volatility),
															 o.volatility * 0.01, price_of));
		/* T moves the forward, too: by little of s */
		error[4] = o.years *
			fabs(g.theta + slope_member(o, offsetof(PhOption, years), o.years * 0.01 *
										fmin(1, s / fabs((o.rate - o.yield) * o.years)), price_of));
		error[5] = fabs(g.rho - slope_member(o, offsetof(PhOption, rate),
											 0.01 * s / o.years, price_of)) * s / o.years;
		for (int k = 0; k < 6; k++)
			worst[k] = fmax(worst[k], error[k] / size);
	}
	for (int k = 0; k < 6; k++)
		ok(worst[k] < (k == 0 ? 1e-15 : 1e-9), "20,000 options: %s is off by at most %.1e", name[k],
		   worst[k]);
}

/* b against an integral in long double, in places where the plain formula has no digit left. */
static void
test_black(void)
{
	double		worst = 0;

	random_seed(2);
	for (int t = 0; t < rounds(4000); t++)
	{
		double		s = exp(-7 + 8 * uniform());
		double		x = t % 5 == 0 ? 0 : -s * 12 * uniform();
		long double sum = 0;

		/* ∫ over u from 0 to s of e^(−(x²/u² + u²/4)/2)/√(2π), with u = s/(1 + e^−y) */
		for (int k = -450; k <= 450; k++)
		{
			long double share = 1 / (1 + expl(-0.1L * k));
			long double u = s * share;

			sum += expl(-(x * x / (u * u) + u * u / 4) / 2) * u * (1 - share);
		}
		sum *= 0.1L * 0.39894228040143267794L;
		if (sum > 1e-290L)
			worst = fmax(worst, fabs((double) (ph_black(x, s) / sum - 1)));
	}
	ok(worst < 1e-12, "4,000 values out of the money against an integral: %.1e relative", worst);
}

static void
test_implied(void)
{
	double		worst = 0;
	double		worst_b = 0;
	int			none = 0;
	int			options = 0;

	random_seed(3);
	for (int t = 0; t < rounds(200000); t++)
	{
		double		s = exp(-9 + 11 * uniform());
		double		x = t % 50 == 0 ? 0 : t % 3 == 0 ? -exp(-20 + 22 * uniform()) :
			-s * 35 * uniform();
		double		b = ph_black(x, s);
		double		most = exp(x / 2);
		double		h = x / s;
		double		conditioning;
		double		found;

		if (!(b > 1e-300 && b < most))
			continue;
		found = ph_black_inverse(x, b);
		/* what half a unit in the last place of b, and of the limit it is near to, makes of s */
		conditioning = DBL_EPSILON * b / (0.39894228040143 * exp(-(h * h + s * s / 4) / 2));
		worst = fmax(worst, fabs(found - s) / (DBL_EPSILON * s + conditioning));
		worst_b = fmax(worst_b, fabs(ph_black(x, found) / b - 1) / (1 + h * h));
		options++;
	}
	ok(options > 150000 && worst < 64, "%d implied volatilities, off by %.0f times what a unit in the last place of the price does",
	   options, worst);
	ok(worst_b < 16 * DBL_EPSILON, "... and giving back their price to %.1e of it, times 1 + h^2", worst_b);

	worst = 0;
	for (int t = 0; t < rounds(200000); t++)
	{
		PhOption	o = random_option();
		PhGreeks	g;
		double		size;
		double		volatility;

		ph_greeks(&o, &g);
		size = fmax(o.spot * exp(-o.yield * o.years), o.strike * exp(-o.rate * o.years));
		if (g.vega * o.volatility < 1e-6 * size)
			continue;
		if (!ph_implied_volatility(&o, g.price, &volatility))
			none++;
		else
			worst = fmax(worst, fabs(volatility - o.volatility) /
						 (DBL_EPSILON * (size / g.vega + o.volatility)));
	}
	ok(none == 0 && worst < 16, "200,000 options in and out of the money: off by %.1f of their price's last place",
	   worst);
}

static void
test_bounds(void)
{
	PhOption	o = {true, 100, 90, 1, 0, 0.05, 0};
	double		intrinsic = 100 - 90 * exp(-0.05);
	double		v = -1;
	PhGreeks	g;

	ok(!ph_implied_volatility(&o, intrinsic - 0.01, &v), "a call below its intrinsic value");
	ok(ph_implied_volatility(&o, intrinsic, &v) && v == 0, "at it: no volatility");
	ok(!ph_implied_volatility(&o, 100, &v), "a call at the price of the asset");
	ok(ph_implied_volatility(&o, 99.999, &v) && v > 4, "just below");
	ok(!ph_implied_volatility(&o, NAN, &v), "no price");
	o.call = false;
	ok(!ph_implied_volatility(&o, -0.01, &v), "a put below 0");
	ok(!ph_implied_volatility(&o, 90 * exp(-0.05), &v), "a put at its discounted strike");
	o.years = 0;
	ok(!ph_implied_volatility(&o, 1, &v), "no time left");

	g = greeks(true, 100, 90, 0, 0.2, 0.05, 0.01);
	ok(g.price == 10 && g.delta == 1 && g.gamma == 0 && g.vega == 0 && g.rho == 0, "expired in the money");
	g = greeks(false, 100, 90, 0, 0.2, 0.05, 0.01);
	ok(g.price == 0 && g.delta == 0 && g.theta == 0, "expired out of the money");
	g = greeks(true, 100, 100, 0, 0.2, 0.05, 0.01);
	ok(g.price == 0 && isnan(g.delta) && isnan(g.gamma), "expired at the money: no delta");
	g = greeks(true, 100, 90, 1, 0, 0.05, 0);
	near(g.price, intrinsic, 1e-13, "no volatility: the forward's value");
	near(g.theta, -0.05 * 90 * exp(-0.05), 1e-13, "... and its theta");
	g = greeks(true, 100, 100, 1, 1e6, 0, 0);
	ok(g.price == 100 && g.delta == 1 && g.gamma == 0, "endless volatility: the asset itself");
	g = greeks(true, 1e-300, 1e300, 1, 0.5, 0, 0);
	ok(g.price == 0 && g.delta == 0 && g.gamma == 0 && g.vega == 0, "out of reach");
	g = greeks(true, 2.5714615538279958e-289, 6.213878712819194e+26, 6, 1e100, 0, 0);
	near(g.price / 2.5714615538279958e-289, 1, 1e-12, "the asset itself, where S/K has few digits");
	g = greeks(false, DBL_MAX, 0.23046875, 5e-324, 66, -DBL_MAX, DBL_MAX);
	near(g.price, 0, 1e-12, "a put out of reach, where r - q is out of range");
}

/* F·∂(C/F)/∂F = Δ − C/F, the exposure in coins of a coin-settled option. */
static double
coin_price(const PhOption *o)
{
	return price_of(o) / o->spot;
}

static void
test_inverse(void)
{
	double		worst = 0;

	random_seed(4);
	for (int t = 0; t < rounds(10000); t++)
	{
		PhOption	o = random_option();
		PhGreeks	g;
		double		s;

		o.rate = o.yield = 0;
		o.strike = o.spot * exp(2 * normal() * o.volatility * sqrt(o.years));
		s = o.volatility * sqrt(o.years);
		ph_greeks(&o, &g);
		worst = fmax(worst, fabs(g.delta - g.price / o.spot - o.spot *
								 slope_member(o, offsetof(PhOption, spot), 0.02 * fmin(s, 0.5) * o.spot, coin_price)) /
					 (1 + o.strike / o.spot));
	}
	ok(worst < 1e-9, "delta less the premium is the exposure in coins (%.1e)", worst);
}

int
main(void)
{
	test_published();
	test_differences();
	test_black();
	test_implied();
	test_bounds();
	test_inverse();
	return done();
}
