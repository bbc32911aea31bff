/*
 * exact.h
 *	  Observations that are integers times a power of two, and their correlation from sums
 *	  without any rounding; hard series of such observations; a seeded random generator.
 *
 *	n·Syy = n·Σy² − (Σy)², and so on, hold for integers exactly. 256 bits take all of them here.
 */
#ifndef EXACT_H
#define EXACT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

/* Two's complement, lowest limb first. */
typedef struct Wide
{
	uint64_t	limb[4];
} Wide;

static inline Wide
wide(Int128 v)
{
	uint64_t	sign = v < 0 ? UINT64_MAX : 0;
	Wide		r = {{(uint64_t) v, (uint64_t) (v >> 64), sign, sign}};

	return r;
}

static inline Wide
wide_add(Wide a, Wide b)
{
	UInt128		carry = 0;

	for (int i = 0; i < 4; i++)
	{
		carry += (UInt128) a.limb[i] + b.limb[i];
		a.limb[i] = (uint64_t) carry;
		carry >>= 64;
	}
	return a;
}

static inline Wide
wide_negative(Wide a)
{
	Wide		one = {{1, 0, 0, 0}};

	for (int i = 0; i < 4; i++)
		a.limb[i] = ~a.limb[i];
	return wide_add(a, one);
}

static inline Wide
wide_multiply(Wide a, Wide b)
{
	Wide		r = {{0, 0, 0, 0}};

	for (int i = 0; i < 4; i++)
	{
		UInt128		carry = 0;

		for (int j = 0; i + j < 4; j++)
		{
			carry += (UInt128) a.limb[i] * b.limb[j] + r.limb[i + j];
			r.limb[i + j] = (uint64_t) carry;
			carry >>= 64;
		}
	}
	return r;
}

static inline long double
wide_value(Wide a)
{
	bool		negative = a.limb[3] >> 63;
	long double v = 0;

	if (negative)
		a = wide_negative(a);
	for (int i = 3; i >= 0; i--)
		v = v * 18446744073709551616.0L + (long double) a.limb[i];
	return negative ? -v : v;
}

/* n·Syy, n·Sxx, n·Sxy of n observations, each rounded once or twice to long double. */
typedef struct Exact
{
	long double nsyy;
	long double nsxx;
	long double nsxy;
} Exact;

static inline Exact
exact_sums(const int64_t *y, const int64_t *x, int n)
{
	Int128		sy = 0,
				sx = 0;
	Wide		yy = wide(0),
				xx = wide(0),
				xy = wide(0);
	Exact		e;

	for (int i = 0; i < n; i++)
	{
		sy += y[i];
		sx += x[i];
		yy = wide_add(yy, wide((Int128) y[i] * y[i]));
		xx = wide_add(xx, wide((Int128) x[i] * x[i]));
		xy = wide_add(xy, wide((Int128) y[i] * x[i]));
	}
	yy = wide_add(wide_multiply(wide(n), yy), wide_negative(wide_multiply(wide(sy), wide(sy))));
	xx = wide_add(wide_multiply(wide(n), xx), wide_negative(wide_multiply(wide(sx), wide(sx))));
	xy = wide_add(wide_multiply(wide(n), xy), wide_negative(wide_multiply(wide(sy), wide(sx))));
	e.nsyy = wide_value(yy);
	e.nsxx = wide_value(xx);
	e.nsxy = wide_value(xy);
	return e;
}

/* The correlation; false when a side is constant. */
static inline bool
exact_corr(const int64_t *y, const int64_t *x, int n, long double *corr)
{
	Exact		e = exact_sums(y, x, n);

	if (e.nsyy == 0 || e.nsxx == 0)
		return false;
	*corr = e.nsxy / (sqrtl(e.nsyy) * sqrtl(e.nsxx));
	return true;
}

/* ---------- random numbers (xorshift64*, Vigna 2016) ---------- */

static uint64_t random_state = 88172645463325252u;

static inline uint64_t
random_bits(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 2685821657736338717u;
}

/* 0 .. n − 1 */
static inline int
random_below(int n)
{
	return (int) ((random_bits() >> 33) % (uint64_t) n);
}

/* [0, 1) */
static inline double
random_unit(void)
{
	return (double) (random_bits() >> 11) * 0x1p-53;
}

/* nearly normal: twelve uniform numbers */
static inline double
random_normal(void)
{
	double		s = -6;

	for (int i = 0; i < 12; i++)
		s += random_unit();
	return s;
}

static inline int
random_sign(void)
{
	return random_bits() >> 63 ? 1 : -1;
}

/* ---------- hard series ---------- */

typedef enum Series
{
	SERIES_LEVEL,				/* level 1e9, noise 1e-3 */
	SERIES_OUTLIERS,			/* level 1e9, noise 1, now and then 1e12 on one side or both */
	SERIES_OUTLIERS_LOW,		/* level 0, noise 1e-3, now and then 1e12 on one side or both */
	SERIES_RUNS,				/* long runs of 0.09 and 0.1 */
	SERIES_LINE,				/* y = 2x, but for the last bit */
	SERIES_WALK,				/* two walks from 100 in ticks of 1/1024 */
	SERIES_SCALES,				/* magnitudes from 1 to 2^52, either sign */
	SERIES_MIXED_LEVELS,		/* y at 1e9 with noise 1e-3, x at 0 with noise 1, correlated */
	SERIES_COUNT
} Series;

static const char *const series_name[SERIES_COUNT] = {
	"level 1e9, noise 1e-3",
	"level 1e9, noise 1, outliers of 1e12",
	"level 0, noise 1e-3, outliers of 1e12",
	"runs of constants 0.09 and 0.1",
	"y = 2x but for the last bit",
	"walks from 100 in ticks of 1/1024",
	"magnitudes from 1 to 2^52",
	"y at 1e9 with noise 1e-3, x at 0 with noise 1",
};

/* Observations are y[i]·2^-*shift and x[i]·2^-*shift, and doubles without rounding. */
static inline void
series_make(Series series, int n, int64_t *y, int64_t *x, int *shift)
{
	const int64_t level = (int64_t) 1000000000 << 20;
	const int64_t outlier = (int64_t) 1000000000000 << 20;
	double		walk_y = 102400,
				walk_x = 102400;
	double		run_y = 0.09,
				run_x = 0.1;

	*shift = series == SERIES_RUNS ? 56 : series == SERIES_WALK ? 10 :
		series == SERIES_LINE || series == SERIES_SCALES ? 0 : 20;
	for (int i = 0; i < n; i++)
	{
		double		common = random_normal();
		int			where = random_below(40);

		switch (series)
		{
			case SERIES_LEVEL:
				y[i] = level + (int64_t) (1048 * (common + random_normal()));
				x[i] = level + (int64_t) (1048 * (common + random_normal()));
				break;
			case SERIES_OUTLIERS:
			case SERIES_OUTLIERS_LOW:
				{
					double		noise = series == SERIES_OUTLIERS ? 1048576 : 1048;
					int64_t		base = series == SERIES_OUTLIERS ? level : 0;

					y[i] = base + (int64_t) (noise * (common + random_normal()));
					x[i] = base + (int64_t) (noise * (common - random_normal()));
					if (where == 0 || where == 1)
						y[i] = random_sign() * outlier;
					if (where == 1 || where == 2)
						x[i] = random_sign() * outlier;
				}
				break;
			case SERIES_RUNS:
				if (random_below(25) == 0)
					run_y = random_below(2) ? 0.09 : 0.1;
				if (random_below(25) == 0)
					run_x = random_below(2) ? 0.09 : 0.1;
				y[i] = (int64_t) ldexp(run_y, 56);
				x[i] = (int64_t) ldexp(run_x, 56);
				break;
			case SERIES_LINE:
				x[i] = (int64_t) (random_bits() >> 13);
				y[i] = 2 * x[i] + 2 * (random_below(3) - 1);
				break;
			case SERIES_WALK:
				walk_y += floor(1024 * (common + random_normal()));
				walk_x += floor(1024 * (common + random_normal()));
				y[i] = (int64_t) walk_y;
				x[i] = (int64_t) walk_x;
				break;
			case SERIES_SCALES:
				y[i] = random_sign() * ((int64_t) 1 << random_below(53));
				x[i] = random_sign() * ((int64_t) 1 << random_below(53));
				break;
			case SERIES_MIXED_LEVELS:
				y[i] = level + (int64_t) (1048 * common);
				x[i] = (int64_t) (1048576 * (common + random_normal()));
				break;
			case SERIES_COUNT:
				break;
		}
	}
}

#endif							/* EXACT_H */
