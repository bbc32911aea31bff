/*
 * volatility.c
 *	  The interval around the volatility of a series.  See volatility.h.
 */
#include "volatility.h"

#include <math.h>

#include "normal.h"
#include "tail.h"

bool
ph_volatility_interval(double *x, int n, double level, PhPause pause,
					   PhVolatilityInterval *result)
{
	const double pi = 3.14159265358979323846;
	double		sum[PH_VOLATILITY_COSINES] = {0};
	double		largest = 0,
				last,
				mean = 0,
				squares = 0,
				variance = 0,
				reach;

	if (n < PH_VOLATILITY_LEAST)
		return false;

	/*
	 * In units of the largest value, so that no sum overflows, and from the last one, so that equal
	 * values deviate by nothing at all.
	 */
	for (int t = 0; t < n; t++)
		largest = fmax(largest, fabs(x[t]));
	if (largest == 0)
		return false;
	last = x[n - 1] / largest;
	for (int t = 0; t < n; t++)
	{
		x[t] = x[t] / largest - last;
		mean += x[t] / n;
	}
	for (int t = 0; t < n; t++)
		squares += (x[t] - mean) * (x[t] - mean);
	if (!(squares > 0))
		return false;

	for (int t = 0; t < n; t++)
	{
		double		phi = 0.5 * ((x[t] - mean) * (x[t] - mean) * n / squares - 1);
		double		first = cos(pi * (t + 0.5) / n);
		double		before = 1;
		double		now = first;

		ph_pause(pause, t);
		/* cos((j + 1)·θ) = 2·cos θ·cos(j·θ) − cos((j − 1)·θ) */
		for (int j = 0; j < PH_VOLATILITY_COSINES; j++)
		{
			double		next = 2 * first * now - before;

			sum[j] += phi * now;
			before = now;
			now = next;
		}
	}
	for (int j = 0; j < PH_VOLATILITY_COSINES; j++)
		variance += 2.0 / n * sum[j] * sum[j] / PH_VOLATILITY_COSINES;

	reach = ph_student_quantile(ph_normal_quantile(0.5 + level / 2), PH_VOLATILITY_COSINES) *
		sqrt(variance / (n - 1));
	result->volatility = largest * sqrt(squares / (n - 1));
	result->low = result->volatility * exp(-reach);
	result->high = result->volatility * exp(reach);
	return true;
}
