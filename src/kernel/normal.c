/*
 * normal.c
 *	  Quantiles of the standard normal distribution.
 *
 * A start from the rational approximation 26.2.23 of M. Abramowitz and I. A. Stegun, Handbook of
 * Mathematical Functions (1964), good to 4.5e-4, is brought to full precision by Halley's
 * iteration on Φ(z) = erfc(−z/√2) / 2, whose third order needs two steps from there; a third
 * makes sure.  The lower half is computed, where erfc has relative precision, and mirrored.
 */
#include "normal.h"

#include <math.h>

double
ph_normal_quantile(double p)
{
	double		q,
				t,
				z;

	if (!(p >= 0 && p <= 1))
		return NAN;
	q = p < 0.5 ? p : 1 - p;
	if (q == 0)
		return p < 0.5 ? -INFINITY : INFINITY;

	t = sqrt(-2 * log(q));
	z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) /
		  (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
	for (int i = 0; i < 3; i++)
	{
		/* error of Φ over the density: Newton's step; Halley's divides by 1 + z·step/2 */
		double		e = exp(z * z / 4); /* whose square alone is out of range for denormal q */
		double		step = (0.5 * erfc(-z * 0.70710678118654752440) - q) *
			2.50662827463100050242 * e * e;

		z -= step / (1 + z * step / 2);
	}
	return p < 0.5 ? z : -z;
}
