/*
 * recommend.c
 *	  What recommend.h says.
 */
#include "recommend.h"

#include <math.h>

void
ph_recommend_hedges(int n, const double *a, const double *corr, const bool *tradable, bool marked,
					double minimum_corr, bool *hedge)
{
	for (int i = 0; i < n; i++)
		hedge[i] = tradable[i];
	/* Until its turn comes, what may be traded is no position. */
	for (int i = 0; i < n; i++)
	{
		bool		goes = false;

		if (!tradable[i])
			continue;
		for (int j = 0; j < n && !goes; j++)
		{
			double		rho = corr[(size_t) j * n + i];

			goes = !hedge[j] && a[j] != 0 && rho != 0 && fabs(rho) >= minimum_corr &&
				(marked || a[i] * rho * copysign(1, a[j]) < 0);
		}
		hedge[i] = goes;
	}
}

double
ph_relied(double corr, bool relied, bool conservative, double low, double high)
{
	if (!relied || isnan(corr))
		return 0;
	if (!conservative)
		return corr;
	if (!(low <= high))
		return 0;
	return corr > 0 ? fmax(fmin(corr, low), 0) : fmin(fmax(corr, high), 0);
}
