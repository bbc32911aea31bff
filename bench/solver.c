/*
 * solver.c
 *	  The solver on a problem of N instruments with full covariance, costs and bounds, against one
 *	  dense Cholesky factor with its solve of the same matrix.  solver N SEED ROUNDS: a line a round,
 *	  milliseconds of Cholesky and of the solver from a cold start; at the end what it did.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lapack.h"
#include "random.h"
#include "solver.h"

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int
main(int argc, char **argv)
{
	int			n = argc > 1 ? atoi(argv[1]) : 500;
	int			rounds = argc > 3 ? atoi(argv[3]) : 5;
	int			days = 2 * n;
	int			factors = 10;
	size_t		all = (size_t) n * n;
	double	   *x = malloc(sizeof(double) * n * days);
	double	   *a = calloc(all, sizeof(double));
	double	   *copy = malloc(sizeof(double) * all);
	double	   *v = malloc(sizeof(double) * 8 * n);
	double	   *b = v,
			   *cost = v + n,
			   *held = v + 2 * n,
			   *low = v + 3 * n,
			   *high = v + 4 * n,
			   *h = v + 5 * n,
			   *work2 = v + 6 * n;
	void	   *work = malloc(ph_solver_workspace(n));
	double	   *loading = malloc(sizeof(double) * n * factors);
	PhSolver	p = {0};
	int			traded = 0;
	int			bound = 0;

	/* daily returns with ten common factors, volatilities from 0.5 to 4 % */
	random_seed(argc > 2 ? atoi(argv[2]) : 1);
	for (int i = 0; i < n * factors; i++)
		loading[i] = (i % factors == 0) + 0.5 * normal();
	for (int t = 0; t < days; t++)
	{
		double		f[10];

		for (int k = 0; k < factors; k++)
			f[k] = normal();
		for (int i = 0; i < n; i++)
		{
			double		r = normal();

			for (int k = 0; k < factors; k++)
				r += loading[i * factors + k] * f[k];
			x[(size_t) i * days + t] = r * (0.005 + 0.035 * i / n) / 3;
		}
	}
	ph_blas_syrk(n, days, x, days, a, n);
	for (int j = 0; j < n; j++)
		for (int i = 0; i <= j; i++)
			a[(size_t) i * n + j] = a[(size_t) j * n + i] = a[(size_t) j * n + i] / days;
	for (int i = 0; i < n; i++)
	{
		held[i] = normal();
		b[i] = 0;
	}
	/* what is to be hedged: a portfolio of the same assets */
	for (int j = 0; j < n; j++)
	{
		double		e = normal();

		for (int i = 0; i < n; i++)
			b[i] -= a[(size_t) j * n + i] * e;
	}
	for (int i = 0; i < n; i++)
	{
		cost[i] = uniform() * 2e-3 * sqrt(a[(size_t) i * n + i]);
		low[i] = -1.5 * uniform() - 0.2;
		high[i] = 1.5 * uniform() + 0.2;
	}

	p.n = n;
	p.a = a;
	p.b = b;
	p.cost = cost;
	p.held = held;
	p.low = low;
	p.high = high;
	p.h = h;
	for (int r = 0; r < rounds; r++)
	{
		double		start;
		double		factor;
		bool		done = false;
		PhStatus	status;

		memcpy(copy, a, all * sizeof(double));
		memcpy(h, b, n * sizeof(double));
		start = now();
		if (!ph_cholesky(n, copy, n))
			return 1;
		ph_cholesky_solve(n, copy, n, h);
		factor = now() - start;

		memset(h, 0, n * sizeof(double));
		start = now();
		status = ph_solver_begin(&p, work);
		while (status == PH_OK && !done)
			status = ph_solver_round(&p, &done);
		printf("%g %g\n", factor, now() - start);
		if (status != PH_OK)
			return 1;
	}
	for (int i = 0; i < n; i++)
	{
		bound += h[i] == low[i] || h[i] == high[i];
		traded += h[i] != held[i];
	}
	printf("%d of %d instruments traded, %d at a bound; KKT residual %.1e; %d sweeps, %d Cholesky factors\n",
		   traded, n, bound, ph_solver_residual(&p, work2), p.sweeps, p.factors);
	return 0;
}
