/*
 * psd.c
 *	  The nearest positive semi-definite correlation matrix: published values, what must hold of
 *	  any result, that a result is its own nearest.
 */
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "lapack.h"
#include "psd.h"
#include "tap.h"

static double *
square(int n)
{
	double	   *p = malloc((size_t) n * n * sizeof(double));

	memset(p, 0xff, (size_t) n * n * sizeof(double));
	return p;
}

/* Eigenvalues of a, ascending; a stays. */
static void
eigenvalues(int n, const double *a, double *value)
{
	double	   *copy = square(n);
	void	   *work = malloc(ph_eigen_workspace(n, true));

	memcpy(copy, a, (size_t) n * n * sizeof(double));
	if (ph_eigen(n, copy, false, value, work) != PH_OK)
		value[0] = NAN;
	free(copy);
	free(work);
}

/* steps taken, or -1 */
static int
nearest(int n, const double *start, double *y, int most)
{
	PhNearest	p;
	int			steps = 0;

	p.n = n;
	p.start = start;
	p.y = y;
	p.correction = square(n);
	p.x = square(n);
	p.vectors = square(n);
	p.value = malloc(n * sizeof(double));
	p.work = malloc(ph_eigen_workspace(n, true));
	ph_nearest_begin(&p);
	do
	{
		if (ph_nearest_step(&p) != PH_OK)
			return -1;
		steps++;
	} while (p.change > PH_NEAREST_SETTLED && steps < most);
	if (ph_nearest_end(&p) != PH_OK)
		return -1;
	free(p.correction);
	free(p.x);
	free(p.vectors);
	free(p.value);
	free(p.work);
	return steps;
}

static double
distance(int n, const double *a, const double *b)
{
	double		sum = 0;

	for (int k = 0; k < n * n; k++)
		sum += (a[k] - b[k]) * (a[k] - b[k]);
	return sqrt(sum);
}

static void
test_published(void)
{
	/* Higham (2002), section 4; the zero is made small, since a zero stands for "unknown" here */
	double		a[] = {1, 1, 1e-9, 1, 1, 1, 1e-9, 1, 1};
	double		fixed[] = {1, 1, 0, 1, 1, 1, 0, 1, 1};
	double		y[9],
				value[3];

	ok(nearest(3, a, y, 1000) > 0, "Higham's example settles");
	near(y[1], 0.7607, 5e-5, "its first correlation as published");
	near(y[2], 0.1573, 5e-5, "and its second");
	ok(y[1] == y[3] && y[2] == y[6] && y[5] == y[7] && y[0] == 1 && y[4] == 1 && y[8] == 1,
	   "symmetric, with a unit diagonal");
	near(y[5], y[1], 1e-9, "and as symmetric as the example");
	near(distance(3, a, y), 0.5278, 5e-5, "at the published distance");

	/* with the zero held, the nearest matrix has 1/sqrt(2) on either side of it */
	ok(nearest(3, fixed, y, 1000) > 0, "with a correlation that does not exist");
	ok(y[2] == 0 && y[6] == 0, "which stays 0");
	near(y[1], 0.70710678118654752, 1e-8, "the others move to 1/sqrt(2)");
	eigenvalues(3, y, value);
	ok(value[0] >= 0 || ph_is_psd(3, value[0], value[2]), "and no eigenvalue is negative");
}

/* Correlations measured on other times each: R + noise, ones and all. */
static void
random_matrix(int n, double noise, double unknown, double *a)
{
	double	   *f = malloc(n * sizeof(double));

	for (int j = 0; j < n; j++)
		f[j] = 2 * random_unit() - 1;
	for (int j = 0; j < n; j++)
	{
		for (int i = 0; i < j; i++)
		{
			double		r = f[i] * f[j] + noise * random_normal();

			r = r > 1 ? 1 : r < -1 ? -1 : r;
			if (random_unit() < unknown)
				r = 0;
			a[j * n + i] = a[i * n + j] = r;
		}
		a[j * n + j] = 1;
	}
	free(f);
}

static void
test_random(void)
{
	int			negative = 0,
				wrong = 0,
				repaired = 0,
				slow = 0;
	double		again = 0,
				beaten = 0;

	for (int round = 0; round < 60; round++)
	{
		int			n = 2 + random_below(30);
		double	   *a = square(n),
				   *y = square(n),
				   *z = square(n),
				   *t = square(n),
				   *value = malloc(n * sizeof(double));
		double		smallest;
		int			steps;

		random_matrix(n, 0.4, round % 2 ? 0.1 : 0, a);
		eigenvalues(n, a, value);
		smallest = value[0];
		repaired += !ph_is_psd(n, value[0], value[n - 1]);
		steps = nearest(n, a, y, 200);
		slow += steps >= 200;
		wrong += steps < 0;
		eigenvalues(n, y, value);
		negative += !ph_is_psd(n, value[0], value[n - 1]);
		for (int j = 0; j < n; j++)
			for (int i = 0; i < n; i++)
			{
				double		r = y[j * n + i];

				wrong += r != y[i * n + j] || !(fabs(r) <= 1) || (i == j && r != 1) || (a[j * n + i] == 0 && r != 0);
			}
		/* a projection of a projection */
		nearest(n, y, z, 200);
		again = fmax(again, distance(n, y, z));
		/* moving to the identity until no eigenvalue is negative is never nearer */
		if (smallest < 0)
		{
			for (int k = 0; k < n * n; k++)
				t[k] = a[k] / (1 - smallest);
			for (int j = 0; j < n; j++)
				t[j * n + j] = 1;
			beaten = fmax(beaten, distance(n, a, y) - distance(n, a, t));
		}
		free(a);
		free(y);
		free(z);
		free(t);
		free(value);
	}
	printf("# %d of %d needed repair, %d of them more than 200 projections\n", repaired, 60, slow);
	ok(repaired > 40, "random matrices that need repair");
	ok(negative == 0, "have no negative eigenvalue afterwards");
	ok(wrong == 0, "are symmetric, within -1 and 1, 1 on the diagonal, 0 where there was none");
	ok(again < 1e-8, "are their own nearest (%.1e)", again);
	ok(beaten <= 0, "and nearer than a mere shrinkage");
}

static void
test_edges(void)
{
	double		one[] = {1};
	double		two[] = {1, -1, -1, 1};
	double		y[4],
				value[2];
	PhComoments pairs[3] = {
		{3, 3, 0, 0, 0, 0, 2, 2, 2},
		{3, 3, 0, 0, NAN, 0, 2, NAN, NAN},
		{3, 3, NAN, 0, NAN, 0, NAN, NAN, NAN}
	};
	PhMatrix	m;
	double		r[4];

	ok(nearest(1, one, y, 10) > 0 && y[0] == 1, "one asset");
	ok(nearest(2, two, y, 10) > 0 && fabs(y[1] + 1) < 1e-14, "a perfect pair");
	eigenvalues(2, two, value);
	ok(fabs(value[0]) < 1e-15 && fabs(value[1] - 2) < 1e-15, "with eigenvalues 0 and 2");
	ph_matrix_view(&m, 2, false, (const double *) pairs);
	ph_correlations(&m, r);
	ok(r[0] == 1 && r[1] == 0 && r[2] == 0 && r[3] == 1, "NaN counts as no correlation");
	ok(ph_is_psd(500, 0, 500) && ph_is_psd(500, -1e-11, 500) && !ph_is_psd(500, -1e-8, 500) && !ph_is_psd(2, -1e-8, 2),
	   "rounding is not a negative eigenvalue");
}

int
main(void)
{
	test_published();
	test_random();
	test_edges();
	return done();
}
