/*
 * volatility.h
 *	  The interval around the volatility of a series in order of time.
 *
 * Of n values with mean m and variance σ² (divisor n), the influence of value t on log σ is
 *
 *		φ_t = ½·((x_t − m)²/σ² − 1)
 *
 * (½·log of a mean of squares).  Squares of returns stay large or small for months, which a few lags do
 * not see; the slowest movements of φ do.  So the long-run variance is the mean square of their B
 * cosine-weighted averages
 *
 *		Λ_j = √(2/n)·Σ_t φ_t·cos(π·j·(t − ½)/n),	V = (1/B)·Σ_{j=1..B} Λ_j²,		t = 1 … n
 *
 * which orders of movement longer than n/B observations shape alone (U. K. Müller, "HAC corrections for strongly
 * autocorrelated time series", Journal of Business & Economic Statistics 32 (2014), 311-322; E. Lazarus, D. J. Lewis,
 * J. H. Stock, M. W. Watson, the same journal 36 (2018), 541-559).  For normal Λ_j the ratio (log σ̂ − log σ)/s, s =
 * √(V/(n − 1)), has Student's law with B degrees of freedom, and the interval is σ̂·exp(±t·s).  A small
 * B costs width (a quarter at B = 6 against all known), and pays where volatility comes in spells.
 */
#ifndef PH_VOLATILITY_H
#define PH_VOLATILITY_H

#include "kernel.h"

#define PH_VOLATILITY_COSINES 6	/* B */
#define PH_VOLATILITY_LEAST 10	/* fewer values have no interval */

typedef struct PhVolatilityInterval
{
	double		volatility;		/* divisor n − 1 */
	double		low;
	double		high;
} PhVolatilityInterval;

/*
 * x[n], all finite, is workspace afterwards.  False, and nothing said, for too few values or a
 * constant; 0 < level < 1.  pause may be NULL.
 */
extern bool ph_volatility_interval(double *x, int n, double level, PhPause pause,
								   PhVolatilityInterval *result);

#endif							/* PH_VOLATILITY_H */
