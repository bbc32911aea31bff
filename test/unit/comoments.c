/*
 * comoments.c
 *	  Co-moments of a pair: any order of adding and merging, constants, exact arithmetic, values
 *	  that are not finite, overflow and underflow, statistics, validity.
 *
 *	  Prints the largest error of the correlation as "# max error ..." for docs/numerics.md.
 */
#include <stdlib.h>
#include <string.h>

#include "comoments.h"
#include "exact.h"
#include "tap.h"

#define MOST 5000

static int64_t ky[MOST],
			kx[MOST];
static double vy[MOST],
			vx[MOST];

static void
series_values(Series series, int n)
{
	int			shift;

	series_make(series, n, ky, kx, &shift);
	for (int i = 0; i < n; i++)
	{
		vy[i] = ldexp((double) ky[i], -shift);
		vx[i] = ldexp((double) kx[i], -shift);
	}
}

static PhStatus
add_all(PhComoments *c, const double *y, const double *x, int n)
{
	memset(c, 0, sizeof(*c));
	for (int i = 0; i < n; i++)
	{
		PhStatus	status = ph_comoments_add(c, y[i], x[i], 1);

		if (status != PH_OK)
			return status;
	}
	return PH_OK;
}

/* Merge a random tree over [from, to): leaves are runs of up to three observations, or none. */
static PhStatus
merge_tree(PhComoments *c, const double *y, const double *x, int from, int to)
{
	PhComoments left,
				right;
	int			cut;

	if (to - from <= 3 && random_below(2) == 0)
		return add_all(c, y + from, x + from, to - from);
	if (to - from < 2)
		return add_all(c, y + from, x + from, to - from);
	cut = from + random_below(to - from + 1);
	if (cut == from || cut == to)
		cut = from + (to - from) / 2;
	if (merge_tree(&left, y, x, from, cut) != PH_OK || merge_tree(&right, y, x, cut, to) != PH_OK)
		return PH_OVERFLOW;
	if (random_below(2))
		return ph_comoments_merge(c, &left, &right);
	/* the result may stand in an argument's place */
	if (random_below(2))
	{
		PhStatus	status = ph_comoments_merge(&left, &left, &right);

		*c = left;
		return status;
	}
	else
	{
		PhStatus	status = ph_comoments_merge(&right, &left, &right);

		*c = right;
		return status;
	}
}

static void
shuffle(int n)
{
	for (int i = n - 1; i > 0; i--)
	{
		int			j = random_below(i + 1);
		int64_t		k;
		double		v;

		k = ky[i], ky[i] = ky[j], ky[j] = k;
		k = kx[i], kx[i] = kx[j], kx[j] = k;
		v = vy[i], vy[i] = vy[j], vy[j] = v;
		v = vx[i], vx[i] = vx[j], vx[j] = v;
	}
}

/* Error of a summary's correlation against the exact one; constant must be said, in both ways. */
static double
corr_error(const PhComoments *c, bool defined, long double exact)
{
	double		r;

	if (!ph_corr(c, &r))
		return defined ? INFINITY : 0;
	if (!defined || !(r >= -1 && r <= 1))
		return INFINITY;
	return (double) fabsl(r - exact);
}

static void
test_exact(void)
{
	static const int sizes[] = {2, 3, 5, 30, 250};

	for (int s = 0; s < SERIES_COUNT; s++)
	{
		double		worst_add = 0,
					worst_tree = 0,
					worst_mean = 0;

		for (int round = 0; round < 400; round++)
		{
			int			n = sizes[random_below(5)];
			long double exact = 0,
						mean = 0;
			double		origin;
			bool		defined;
			PhComoments c;
			double		e;

			series_values((Series) s, n);
			defined = exact_corr(ky, kx, n, &exact);
			for (int again = 0; again < 2; again++)
			{
				add_all(&c, vy, vx, n);
				e = corr_error(&c, defined, exact);
				worst_add = e > worst_add ? e : worst_add;
				merge_tree(&c, vy, vx, 0, n);
				e = corr_error(&c, defined, exact);
				worst_tree = e > worst_tree ? e : worst_tree;
				shuffle(n);
			}
			/* the mean's error against the spread, from an origin among the values */
			origin = vy[0];
			for (int i = 0; i < n; i++)
				mean += (long double) (vy[i] - origin) / n;
			if (c.syy > 0)
			{
				e = (double) (fabsl((long double) (c.my - origin) + c.my_lo - mean) / sqrtl(c.syy / n));
				worst_mean = e > worst_mean ? e : worst_mean;
			}
		}
		printf("# max error %.1e added, %.1e merged: corr of up to 250 rows, %s\n",
			   worst_add, worst_tree, series_name[s]);
		ok(worst_add <= 2e-15, "adding is within 2e-15 of exact: %s", series_name[s]);
		ok(worst_tree <= 2e-15, "merging in any shape is within 2e-15 of exact: %s", series_name[s]);
		ok(worst_mean <= 1e-14, "the mean holds against the spread (%.1e): %s", worst_mean, series_name[s]);
	}
}

static void
test_long(void)
{
	for (int s = 0; s < SERIES_COUNT; s++)
	{
		double		worst = 0;

		for (int round = 0; round < 20; round++)
		{
			long double exact = 0;
			bool		defined;
			PhComoments c;
			double		e;

			series_values((Series) s, MOST);
			defined = exact_corr(ky, kx, MOST, &exact);
			add_all(&c, vy, vx, MOST);
			e = corr_error(&c, defined, exact);
			worst = e > worst ? e : worst;
		}
		printf("# max error %.1e added: corr of 5000 rows, %s\n", worst, series_name[s]);
		ok(worst <= 1e-14, "5000 rows, one after the other, are within 1e-14: %s", series_name[s]);
	}
}

static void
test_constants(void)
{
	static const double levels[] = {
		0, 0.09, 0.1, 1.0 / 3, 1e9 + 1.0 / 3, -1e9 - 1.0 / 3, 1e-300, 0x1p-1074, DBL_MIN,
		DBL_MAX, -DBL_MAX, 1e300, 123456789.123456789, 3.14159e17
	};
	int			bad = 0,
				bad_corr = 0;
	const int	count = sizeof(levels) / sizeof(levels[0]);

	for (int l = 0; l < count; l++)
		for (int round = 0; round < 200; round++)
		{
			int			n = 1 + random_below(200);
			PhComoments c;
			double		r;

			for (int i = 0; i < n; i++)
			{
				vy[i] = levels[l];
				vx[i] = random_below(2) ? random_normal() : levels[random_below(5)];
			}
			if (merge_tree(&c, vy, vx, 0, n) != PH_OK || c.syy != 0 || c.sxy != 0 ||
				c.my != levels[l] || c.my_lo != 0)
				bad++;
			bad_corr += ph_corr(&c, &r);
			for (int i = 0; i < n; i++)
				vx[i] = levels[l];
			if (merge_tree(&c, vx, vy, 0, n) != PH_OK || c.sxx != 0 || c.mx != levels[l])
				bad++;
			bad_corr += ph_corr(&c, &r) || ph_hedge_ratio(&c, &r);
		}
	ok(bad == 0, "a constant side has sums of exactly 0 and its own value as mean, however merged");
	ok(bad_corr == 0, "and no correlation");
}

/* What a NaN or an infinity does to its side must not depend on when it came. */
static void
test_not_finite(void)
{
	static const double odd[] = {NAN, INFINITY, -INFINITY};
	int			bad = 0,
				spoilt = 0;

	for (int round = 0; round < 3000; round++)
	{
		int			n = 1 + random_below(20);
		bool		on_y = random_below(2),
					on_x = random_below(3) == 0;
		PhComoments c,
					clean;
		double		r;

		for (int i = 0; i < n; i++)
		{
			vy[i] = random_normal();
			vx[i] = random_normal();
		}
		merge_tree(&clean, vy, vx, 0, n);
		if (on_y)
			for (int k = random_below(3); k >= 0; k--)
				vy[random_below(n)] = odd[random_below(3)];
		if (on_x)
			for (int k = random_below(3); k >= 0; k--)
				vx[random_below(n)] = odd[random_below(3)];
		if (merge_tree(&c, vy, vx, 0, n) != PH_OK)
			bad++;
		bad += c.w != n || c.w2 != n;
		bad += on_y != (isnan(c.syy) && isnan(c.my) && c.my_lo == 0);
		bad += on_x != (isnan(c.sxx) && isnan(c.mx) && c.mx_lo == 0);
		bad += (on_y || on_x) != (bool) isnan(c.sxy);
		bad += on_y && (signbit(c.my) || signbit(c.syy) || signbit(c.sxy));
		bad += !ph_comoments_valid(&c);
		if (on_y && !on_x)
		{
			spoilt += !(fabs(c.mx + c.mx_lo - clean.mx - clean.mx_lo) <= 1e-14) ||
				!(fabs(c.sxx - clean.sxx) <= 1e-13 * n);
			/* one side is still known */
			if (n > 1)
				spoilt += !ph_volatility_x(&c, &r) || !isfinite(r) || !ph_volatility_y(&c, &r) ||
					!isnan(r);
		}
	}
	ok(bad == 0, "NaN and infinities make their side and the product NaN, in one spelling, in any order");
	ok(spoilt == 0, "and leave the other side alone");

	{
		PhComoments c;
		double		y[] = {1, INFINITY, 3};
		double		x[] = {5, 5, 5};
		double		r = 0;

		add_all(&c, y, x, 3);
		ok(!ph_corr(&c, &r) && !ph_hedge_ratio(&c, &r), "a constant side has no correlation whatever the other is");
		ok(ph_covariance(&c, &r) && isnan(r), "covariance with an infinity is NaN");
		ok(ph_corr_interval(&c, 0.95, &r, &r) == false, "and no interval");
	}
}

static void
test_range(void)
{
	PhComoments c,
				a,
				b;
	double		r,
				low,
				high;
	double		y[4] = {1e200, -1e200, 1e200, 0};
	double		x[4] = {1, 2, 3, 4};
	double		big[4] = {1e153, -1e153, 1e153, 5e152};
	double		small[4] = {1e-140, 2e-140, -3e-140, 0};
	double		lost[4] = {1e-170, 2e-170, -3e-170, 0};
	double		huge[2] = {DBL_MAX, -DBL_MAX};

	ok(add_all(&c, y, x, 4) == PH_OVERFLOW, "deviations of 1e200 overflow");
	ok(add_all(&c, x, y, 4) == PH_OVERFLOW, "on either side");
	ok(add_all(&c, huge, x, 2) == PH_OVERFLOW, "a difference that overflows is an overflow");
	add_all(&a, y, x, 1);
	add_all(&b, y + 1, x + 1, 1);
	ok(ph_comoments_merge(&c, &a, &b) == PH_OVERFLOW, "a merge overflows, too");
	y[0] = NAN;
	add_all(&c, y, x, 1);
	ok(ph_comoments_add(&c, 1e200, 1, 1) == PH_OK && isnan(c.syy),
	   "a side that is NaN already stays NaN");
	ok(ph_comoments_add(&c, 0, 1e200, 1) == PH_OVERFLOW, "the other side overflows all the same");

	ok(add_all(&c, big, big, 4) == PH_OK, "deviations of 1e153 do not overflow");
	ok(ph_corr(&c, &r) && r == 1, "and correlate");
	ok(ph_volatility_y(&c, &r) && isfinite(r), "and have a volatility");
	ok(add_all(&c, big, small, 4) == PH_OK && ph_corr(&c, &r) && fabs(r) <= 1,
	   "1e153 with 1e-140 correlates");
	near(r, -4 / sqrt(37.625), 2e-15, "rightly");
	ok(ph_hedge_ratio(&c, &r) && isfinite(r), "a hedge ratio is in range at the extremes, too");
	ok(ph_hedging_effectiveness_at(&c, -1e300, &r) && isinf(r), "the effect of a senseless ratio is not");
	ok(add_all(&c, small, big, 4) == PH_OK && ph_hedge_ratio(&c, &r) && r < 0 && r > -1e-290,
	   "and the other way round a small number");
	ok(add_all(&c, small, small, 4) == PH_OK && ph_corr(&c, &r) && r == 1,
	   "deviations of 1e-140 correlate");
	add_all(&c, lost, x, 4);
	ok(!ph_corr(&c, &r), "deviations of 1e-170 count as constant");
	ok(ph_volatility_y(&c, &r) && r == 0, "with volatility 0");
	ok(ph_comoments_valid(&c), "and are valid input");
	add_all(&c, lost, big, 4);
	ok(ph_comoments_valid(&c), "even beside deviations of 1e153");
	{
		int			inexact = 0;

		for (int round = 0; round < 2000; round++)
		{
			int			e = random_below(950) - 470;

			for (int i = 0; i < 5; i++)
				vy[i] = ldexp(random_normal(), e);
			inexact += add_all(&c, vy, vy, 5) != PH_OK || !ph_corr(&c, &r) || r != 1;
		}
		ok(inexact == 0, "a series with itself correlates by exactly 1 at any magnitude");
	}
	memset(&c, 0, sizeof(c));
	ok(!ph_corr(&c, &r) && !ph_covariance(&c, &r) && !ph_volatility_y(&c, &r) && !ph_intercept(&c, &r)
	   && !ph_hedging_effectiveness(&c, &r) && !ph_residual_volatility(&c, &r)
	   && !ph_residual_volatility_at(&c, 1, &r) && !ph_hedging_effectiveness_at(&c, 1, &r)
	   && !ph_corr_interval(&c, 0.9, &low, &high) && ph_observations(&c) == 0,
	   "no observation: no answer");
	add_all(&c, x, big, 1);
	ok(!ph_corr(&c, &r) && !ph_covariance(&c, &r) && !ph_volatility_y(&c, &r) && !ph_intercept(&c, &r)
	   && !ph_hedging_effectiveness(&c, &r) && !ph_residual_volatility(&c, &r)
	   && !ph_residual_volatility_at(&c, 1, &r) && !ph_hedging_effectiveness_at(&c, 1, &r)
	   && !ph_corr_interval(&c, 0.9, &low, &high) && ph_observations(&c) == 1,
	   "one observation: no answer");
}

static void
test_statistics(void)
{
	/* y = 1 .. 5 and x = 2 1 4 3 5: Syy = Sxx = 10, Sxy = 8 */
	double		y[] = {1, 2, 3, 4, 5};
	double		x[] = {2, 1, 4, 3, 5};
	PhComoments c,
				d;
	double		r,
				low,
				high;

	add_all(&c, y, x, 5);
	ok(c.w == 5 && c.w2 == 5 && c.my == 3 && c.mx == 3 && c.syy == 10 && c.sxx == 10, "sums of five rows");
	near(c.sxy, 8, 1e-14, "Sxy");
	ph_corr(&c, &r);
	near(r, 0.8, 2e-15, "corr");
	ph_covariance(&c, &r);
	near(r, 2, 1e-14, "covariance");
	ph_hedge_ratio(&c, &r);
	near(r, 0.8, 2e-15, "hedge ratio");
	ph_intercept(&c, &r);
	near(r, 0.6, 1e-14, "intercept");
	ph_volatility_y(&c, &r);
	near(r, 1.5811388300841898, 1e-15, "volatility");
	ph_hedging_effectiveness(&c, &r);
	near(r, 0.64, 4e-15, "effectiveness");
	ph_hedging_effectiveness_at(&c, 0.8, &r);
	near(r, 0.64, 4e-15, "the same at the best ratio");
	ph_hedging_effectiveness_at(&c, 1, &r);
	near(r, 0.6, 4e-15, "less at another");
	ph_hedging_effectiveness_at(&c, -1, &r);
	near(r, -2.6, 4e-15, "below zero on the wrong side");
	ph_residual_volatility(&c, &r);
	near(r, 0.94868329805051381, 4e-15, "residual volatility");
	ph_residual_volatility_at(&c, 0.8, &r);
	near(r, 0.94868329805051381, 4e-15, "the same at the best ratio");
	ph_residual_volatility_at(&c, 0, &r);
	near(r, 1.5811388300841898, 4e-15, "all of it without a hedge");
	d = c;
	ph_comoments_swap(&d);
	ok(d.my == c.mx && d.mx == c.my && d.syy == c.sxx && d.sxy == c.sxy, "swapped");
	add_all(&c, y, y, 5);
	ok(ph_corr(&c, &r) && r == 1, "a series with itself: exactly 1");
	ok(ph_residual_volatility(&c, &r) && r == 0, "and nothing is left of it");
	ok(ph_corr_interval(&c, 0.95, &low, &high) && low == 1 && high == 1, "its interval is 1 to 1");
	ok(ph_corr_interval(&c, 1 - DBL_EPSILON / 2, &low, &high) && low == 1 && high == 1,
	   "at a level next to 1, too");

	/* atanh(0.5) -+ z(0.975)/sqrt(27), computed with 40 digits */
	ok(ph_fisher_interval(0.5, 30, 1.959963984540054, &low, &high), "an interval from 30 observations");
	near(low, 0.17043136511180012292, 1e-15, "its low end");
	near(high, 0.72895855638835552364, 1e-15, "its high end");
	ok(!ph_fisher_interval(0.5, 3, 1.96, &low, &high), "none from three");
	ok(!ph_fisher_interval(NAN, 30, 1.96, &low, &high), "none for NaN");
	ok(ph_fisher_interval(-1, 30, INFINITY, &low, &high) && low == -1 && high == -1, "-1 stays -1 at any level");
	ok(ph_fisher_interval(0.5, 30, INFINITY, &low, &high) && low == -1 && high == 1, "certainty spans everything");
}

/* Weights w and merged copies of a row must say the same. */
static void
test_weights(void)
{
	double		worst = 0;

	for (int round = 0; round < 200; round++)
	{
		PhComoments a = {0},
					b = {0};
		int			n = 2 + random_below(20);
		double		ra,
					rb;

		for (int i = 0; i < n; i++)
		{
			double		y = random_normal(),
						x = random_normal();
			int			w = 1 + random_below(4);

			ph_comoments_add(&a, y, x, w);
			for (int k = 0; k < w; k++)
				ph_comoments_add(&b, y, x, 1);
		}
		ph_corr(&a, &ra);
		ph_corr(&b, &rb);
		worst = fmax(worst, fabs(ra - rb));
		worst = fmax(worst, fabs(a.w - b.w));
		worst = fmax(worst, fabs(a.my - b.my));
		if (ph_observations(&a) > n * (1 + 1e-15) || !ph_comoments_valid(&a))
			worst = INFINITY;
	}
	ok(worst < 2e-15, "a weight of w is w equal rows (%.1e)", worst);
}

static void
test_valid(void)
{
	static const PhComoments bad[] = {
		{0, 0, 0, 0, 0, 0, 0, 0, 0},
		{-1, 1, 0, 0, 0, 0, 0, 0, 0},
		{INFINITY, 1, 0, 0, 0, 0, 0, 0, 0},
		{NAN, 1, 0, 0, 0, 0, 0, 0, 0},
		{2, 0, 0, 0, 0, 0, 1, 1, 0},
		{2, 5, 0, 0, 0, 0, 1, 1, 0},	/* Σw² above (Σw)² */
		{1, 5e-324, 1, 0, 1, 0, 0, 0, 0},	/* (Σw)²/Σw² is no number */
		{1e308, 1, 1, 0, 1, 0, 0, 0, 0},
		{2, 2, INFINITY, 0, 0, 0, NAN, 1, NAN},
		{2, 2, 1, 1e-10, 0, 0, 1, 1, 0},	/* the low word overlaps */
		{2, 2, 0, 0, 0, 0, -1, 1, 0},
		{2, 2, 0, 0, 0, 0, 1, INFINITY, 0},
		{2, 2, 0, 0, 0, 0, 1, 1, 1.1},	/* Cauchy and Schwarz */
		{2, 2, 0, 0, 0, 0, 1, 1, NAN},
		{2, 2, NAN, 0, 0, 0, 1, 1, NAN},
		{2, 2, NAN, 0, 0, 0, NAN, 1, 0},
		{2, 2, 0, 0, NAN, 1, 1, NAN, NAN},
	};
	int			refused = 0,
				accepted = 0;
	const int	count = sizeof(bad) / sizeof(bad[0]);

	for (int i = 0; i < count; i++)
		refused += !ph_comoments_valid(&bad[i]);
	ok(refused == count, "%d of %d impossible values are refused", refused, count);

	/* whatever comes from observations must be readable again */
	for (int round = 0; round < 20000; round++)
	{
		int			n = 1 + random_below(8);
		int			scale_y = random_below(600) - 450,
					scale_x = random_below(600) - 450;
		double		level_y = random_below(2) ? 0 : ldexp(random_unit(), random_below(600) - 450);
		PhComoments c;

		for (int i = 0; i < n; i++)
		{
			vy[i] = level_y + (double) random_sign() * ldexp(random_unit(), scale_y * 2 + random_below(80));
			vx[i] = random_below(4) ? ldexp(random_unit(), scale_x * 2) : vy[i];
		}
		if (merge_tree(&c, vy, vx, 0, n) != PH_OK)
			accepted++;			/* refused before it could be stored */
		else if (ph_comoments_valid(&c))
			accepted++;
		else if (accepted >= 0)
		{
			printf("# w %g my %.17g %.17g mx %.17g %.17g syy %.17g sxx %.17g sxy %.17g\n",
				   c.w, c.my, c.my_lo, c.mx, c.mx_lo, c.syy, c.sxx, c.sxy);
			accepted = -20001;
		}
	}
	ok(accepted == 20000, "whatever observations give is valid input, at any magnitude");
}

int
main(void)
{
	test_exact();
	test_long();
	test_constants();
	test_not_finite();
	test_range();
	test_statistics();
	test_weights();
	test_valid();
	return done();
}
