/*
 * volatility.c
 *	  The interval around a volatility against R, its invariance, special values, and how often it
 *	  covers.
 */
#include "volatility.h"

#include <stdint.h>
#include <string.h>

#include "tap.h"

#define N 200

static double
uniform(void)
{
	static uint64_t state = 7;

	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return ((state >> 11) + 0.5) / 9007199254740992.0;
}

/* x_t = scale·(0.1·t + sin t²) + level, t = 1 … 200 */
static void
series(double *x, double scale, double level)
{
	for (int t = 1; t <= N; t++)
		x[t - 1] = scale * (0.1 * t + sin(t * t)) + level;
}

int
main(void)
{
	double		x[N];
	PhVolatilityInterval v,
				w;
	int			hit = 0;

	series(x, 1, 0);
	ok(ph_volatility_interval(x, N, 0.95, NULL, &v), "a series has an interval");
	near(v.volatility, 5.8612454798919513, 1e-13, "R: sd");
	near(v.low, 3.7342985294682487, 1e-12, "R: cosine-weighted averages, low");
	near(v.high, 9.1996390498661480, 1e-12, "R: cosine-weighted averages, high");

	series(x, -1e300, 1e301);
	ok(ph_volatility_interval(x, N, 0.95, NULL, &w), "near the end of the range");
	near(w.volatility / v.volatility / 1e300, 1, 1e-12, "scale and level: volatility scales");
	near(w.low / v.low / 1e300, 1, 1e-12, "low, too");
	near(w.high / v.high / 1e300, 1, 1e-12, "high, too");
	series(x, 1, 0);
	ph_volatility_interval(x, N, 0.5, NULL, &w);
	ok(w.low > v.low && w.high < v.high && w.low < w.high, "a lower level, a narrower interval");

	series(x, 1, 0);
	ok(!ph_volatility_interval(x, PH_VOLATILITY_LEAST - 1, 0.95, NULL, &w), "too few values");
	ok(ph_volatility_interval(x, PH_VOLATILITY_LEAST, 0.95, NULL, &w), "just enough");
	for (int t = 0; t < N; t++)
		x[t] = 0.1;
	ok(!ph_volatility_interval(x, N, 0.95, NULL, &w), "a constant");
	memset(x, 0, sizeof(x));
	ok(!ph_volatility_interval(x, N, 0.95, NULL, &w), "zeros");

	/* sums of 12 uniform numbers, of variance 1 */
	for (int k = 0; k < 4000; k++)
	{
		for (int t = 0; t < N; t++)
		{
			x[t] = -6;
			for (int i = 0; i < 12; i++)
				x[t] += uniform();
		}
		ph_volatility_interval(x, N, 0.95, NULL, &w);
		hit += w.low <= 1 && 1 <= w.high;
	}
	ok(hit >= 3740 && hit <= 3860, "covers 95 %% of nearly normal series (%d of 4000)", hit);
	return done();
}
