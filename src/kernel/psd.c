/*
 * psd.c
 *	  The nearest positive semi-definite correlation matrix.  See psd.h.
 */
#include "psd.h"

#include <string.h>

#include "lapack.h"

void
ph_correlations(const PhMatrix *m, double *r)
{
	for (int j = 0; j < m->n; j++)
	{
		for (int i = 0; i < j; i++)
		{
			PhComoments c;
			double		rho;

			ph_matrix_pair(m, i, j, &c);
			if (!ph_corr(&c, &rho) || isnan(rho))
				rho = 0;
			r[(size_t) j * m->n + i] = r[(size_t) i * m->n + j] = rho;
		}
		r[(size_t) j * m->n + j] = 1;
	}
}

bool
ph_is_psd(int n, double smallest, double largest)
{
	return smallest >= -8 * n * DBL_EPSILON * largest;
}

void
ph_nearest_begin(PhNearest *p)
{
	size_t		bytes = (size_t) p->n * p->n * sizeof(double);

	memcpy(p->y, p->start, bytes);
	memset(p->correction, 0, bytes);
}

PhStatus
ph_nearest_step(PhNearest *p)
{
	int			n = p->n;
	size_t		all = (size_t) n * n;
	int			first = 0;
	bool		negative;
	double		moved = 0,
				size = 0;
	PhStatus	status;

	/* R = Y − correction, and its part with positive eigenvalues */
	for (size_t k = 0; k < all; k++)
		p->vectors[k] = p->x[k] = p->y[k] - p->correction[k];
	status = ph_eigen(n, p->vectors, true, p->value, p->work);
	if (status != PH_OK)
		return status;
	while (first < n && p->value[first] <= 0)
		first++;

	/*
	 * The correction is X − R = −V₋Λ₋V₋', or X = V₊Λ₊V₊' itself less R: whichever has fewer
	 * vectors, as one product of them scaled by √|λ|.
	 */
	negative = first <= n - first;
	for (int v = negative ? 0 : first; v < (negative ? first : n); v++)
	{
		double		root = sqrt(fabs(p->value[v]));

		for (int i = 0; i < n; i++)
			p->vectors[(size_t) v * n + i] *= root;
	}
	ph_blas_outer(n, negative ? first : n - first,
				  p->vectors + (negative ? 0 : (size_t) first * n), n, p->correction, n);
	for (int j = 0; j < n; j++)
		for (int i = 0; i <= j; i++)
		{
			double	   *upper = &p->correction[(size_t) j * n + i];

			if (!negative)
				*upper -= p->x[(size_t) j * n + i];
			p->correction[(size_t) i * n + j] = *upper;
		}

	/* Y = X with the diagonal and the entries without a correlation put back */
	for (int j = 0; j < n; j++)
		for (int i = 0; i < n; i++)
		{
			size_t		k = (size_t) j * n + i;
			double		y = i == j ? 1 : p->start[k] == 0 ? 0 : p->x[k] + p->correction[k];

			moved += (y - p->y[k]) * (y - p->y[k]);
			size += y * y;
			p->y[k] = y;
		}
	p->change = sqrt(moved / size);
	return PH_OK;
}

PhStatus
ph_nearest_end(PhNearest *p)
{
	size_t		all = (size_t) p->n * p->n;
	double		t;
	PhStatus	status;

	memcpy(p->vectors, p->y, all * sizeof(double));
	status = ph_eigen(p->n, p->vectors, false, p->value, p->work);
	if (status != PH_OK)
		return status;
	/* a rounding's worth beyond the smallest eigenvalue, so that what is stored passes the test */
	t = -p->value[0] + p->n * DBL_EPSILON * p->value[p->n - 1];
	if (t <= 0)
		return PH_OK;
	t = t / (1 + t);
	for (int j = 0; j < p->n; j++)
		for (int i = 0; i < p->n; i++)
			if (i != j)
				p->y[(size_t) j * p->n + i] *= 1 - t;
	return PH_OK;
}
