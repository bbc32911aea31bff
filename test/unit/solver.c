/*
 * solver.c
 *	  The solver against closed forms, against every combination of what may rest where, and over
 *	  random problems of all kinds: with and without costs and bounds, singular and ill-conditioned.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "lapack.h"
#include "random.h"
#include "solver.h"
#include "tap.h"

#define MOST 60

static double a[MOST * MOST];
static double b[MOST];
static double cost[MOST];
static double held[MOST];
static double low[MOST];
static double high[MOST];
static double h[MOST];

static PhStatus
solve(PhSolver *p)
{
	void	   *work = malloc(ph_solver_workspace(p->n));
	PhStatus	status = ph_solver_begin(p, work);
	bool		done = false;

	while (status == PH_OK && !done)
		status = ph_solver_round(p, &done);
	free(work);
	return status;
}

static double
residual(const PhSolver *p)
{
	double		work[2 * MOST];

	return ph_solver_residual(p, work);
}

static double
value(const PhSolver *p, const double *x)
{
	double		f = 0;

	for (int i = 0; i < p->n; i++)
	{
		for (int j = 0; j < p->n; j++)
			f += x[i] * p->a[(size_t) j * p->n + i] * x[j] / 2;
		f -= p->b[i] * x[i];
		if (p->cost && p->cost[i] > 0)
			f += p->cost[i] * fabs(x[i] - p->held[i]);
	}
	return f;
}

/* ---------- closed forms ---------- */

static void
test_one_asset(void)
{
	PhSolver	p = {.n = 1,.a = a,.b = b,.cost = cost,.held = held,.low = low,.high = high,.h = h};
	bool		all = true;

	/* A = 4, b = 8: the minimum is at 2; with c = 2 nothing within 2 ± 0.5 is traded */
	a[0] = 4;
	b[0] = 8;
	cost[0] = 2;
	low[0] = -INFINITY;
	high[0] = INFINITY;
	for (int k = -100; k <= 100; k++)
	{
		double		want;

		held[0] = k / 16.0;
		h[0] = 7;
		want = held[0] < 1.5 ? 1.5 : held[0] > 2.5 ? 2.5 : held[0];
		if (solve(&p) != PH_OK || fabs(h[0] - want) > 1e-14 || p.residual > 1e-14 ||
			(held[0] > 1.5 && held[0] < 2.5 && h[0] != held[0]))
			all = false;
	}
	ok(all, "one asset: a trade goes to the edge of the no-trade band, and none is made within it");

	held[0] = 0;
	high[0] = 1;
	ok(solve(&p) == PH_OK && h[0] == 1 && p.residual == 0, "a bound before the edge");
	low[0] = -3;
	high[0] = -1;
	ok(solve(&p) == PH_OK && h[0] == -1, "what is held is out of bounds");
	low[0] = high[0] = 0.25;
	ok(solve(&p) == PH_OK && h[0] == 0.25 && p.residual == 0, "bounds that leave no choice");
	low[0] = -INFINITY;
	high[0] = INFINITY;
	held[0] = 0.7;
	cost[0] = INFINITY;
	ok(solve(&p) == PH_OK && h[0] == 0.7, "an infinite cost: not traded");
	cost[0] = 0;
	ok(solve(&p) == PH_OK && fabs(h[0] - 2) < 1e-14, "no cost: the minimum");
}

static void
test_ends(void)
{
	PhSolver	p = {.n = 2,.a = a,.b = b,.cost = cost,.held = held,.low = low,.high = high,.h = h};

	/* an instrument without risk */
	memset(a, 0, sizeof(a));
	memset(h, 0, sizeof(h));
	a[0] = 1;
	b[0] = 3;
	b[1] = 1;
	cost[0] = 1;
	cost[1] = 2;
	held[0] = 0;
	held[1] = 5;
	low[0] = low[1] = -10;
	high[0] = high[1] = 10;
	ok(solve(&p) == PH_OK && fabs(h[0] - 2) < 1e-14 && h[1] == 5, "without risk and gain: left as held");
	cost[1] = 0.5;
	ok(solve(&p) == PH_OK && h[1] == 10 && residual(&p) < 1e-14, "without risk: to the bound that gains");
	high[1] = INFINITY;
	ok(solve(&p) == PH_UNBOUNDED, "... which must be there");
	high[1] = 10;
	a[1] = a[2] = 0.5;
	ok(solve(&p) == PH_INDEFINITE, "no variance but a covariance");

	/* two of one kind: ½(h0 + h1)² − h0 − h1 with the second one dearer */
	a[0] = a[1] = a[2] = a[3] = 1;
	b[0] = b[1] = 2;
	cost[0] = 0.5;
	cost[1] = 0.75;
	held[0] = held[1] = 0;
	low[0] = low[1] = -INFINITY;
	high[0] = high[1] = INFINITY;
	h[0] = 0;
	h[1] = 3;
	ok(solve(&p) == PH_OK && fabs(h[0] - 1.5) < 1e-14 && h[1] == 0, "of two of one kind the cheaper");
	high[0] = 1;
	ok(solve(&p) == PH_OK && h[0] == 1 && fabs(h[1] - 0.25) < 1e-14, "and then the dearer");
	p.cost = p.low = p.high = NULL;
	ok(solve(&p) == PH_OK && fabs(h[0] + h[1] - 2) < 1e-13, "one of many minima");
	b[1] = 2.5;
	ok(solve(&p) == PH_UNBOUNDED, "the one bought and the other sold, for ever");
	b[1] = -2;
	a[1] = a[2] = -1;
	ok(solve(&p) == PH_OK && fabs(h[0] - h[1] - 2) < 1e-13, "perfectly against each other");
	a[1] = a[2] = 1.001;
	ok(solve(&p) == PH_INDEFINITE, "an indefinite matrix is refused");
	a[0] = -1;
	ok(solve(&p) == PH_INDEFINITE, "a negative variance, too");
}

/* ---------- random problems ---------- */

enum
{
	COSTS = 1, BOUNDS = 2, HOLDINGS = 4, SINGULAR = 8, ILL = 16, UNITS = 32, FIXED = 64
};

/* A = XX' of factors, with b from its range, so that there is a minimum. */
static void
random_problem(PhSolver *p, int n, int kind)
{
	int			factors = kind & SINGULAR ? between(1, n) : n + between(0, n);
	static double x[MOST * 2 * MOST];
	static double y[2 * MOST];

	memset(p, 0, sizeof(*p));
	p->n = n;
	p->a = a;
	p->b = b;
	p->h = h;
	for (int k = 0; k < factors; k++)
		y[k] = normal();
	for (int i = 0; i < n; i++)
	{
		double		unit = kind & UNITS ? exp(8 * normal()) : 1;

		b[i] = 0;
		for (int k = 0; k < factors; k++)
		{
			/* ill-conditioned, to 1e14: each factor a fraction of the one before */
			x[i * factors + k] = unit * normal() * (kind & ILL ? pow(10, -7.0 * k / factors) : 1);
			b[i] += x[i * factors + k] * y[k];
		}
		held[i] = kind & HOLDINGS ? normal() / unit : 0;
		cost[i] = kind & COSTS && between(0, 4) ? unit * uniform() * 3 : 0;
		low[i] = kind & BOUNDS && between(0, 2) ? held[i] - uniform() / unit : -INFINITY;
		high[i] = kind & BOUNDS && between(0, 2) ? held[i] + uniform() / unit : INFINITY;
		if (kind & BOUNDS && between(0, 9) == 0)
			low[i] = fmax(low[i], held[i]), high[i] = fmax(high[i], low[i]);
		if (kind & FIXED && between(0, 3) == 0)
			low[i] = high[i] = held[i];
		h[i] = between(0, 1) ? held[i] : 0;
	}
	for (int j = 0; j < n; j++)
		for (int i = 0; i < n; i++)
		{
			double		sum = 0;

			for (int k = 0; k < factors; k++)
				sum += x[i * factors + k] * x[j * factors + k];
			a[(size_t) j * n + i] = sum;
		}
	if (kind & COSTS)
		p->cost = cost;
	if (kind & (COSTS | HOLDINGS))
		p->held = held;
	if (kind & (BOUNDS | FIXED))
	{
		p->low = low;
		p->high = high;
	}
}

/* Gauss with full pivoting; false if singular. */
static bool
gauss(int n, double m[5][6])
{
	for (int k = 0; k < n; k++)
	{
		int			at = k;

		for (int i = k + 1; i < n; i++)
			if (fabs(m[i][k]) > fabs(m[at][k]))
				at = i;
		if (fabs(m[at][k]) < 1e-11)
			return false;
		for (int j = 0; j <= n; j++)
		{
			double		swap = m[k][j];

			m[k][j] = m[at][j];
			m[at][j] = swap;
		}
		for (int i = 0; i < n; i++)
			if (i != k)
			{
				double		f = m[i][k] / m[k][k];

				for (int j = k; j <= n; j++)
					m[i][j] -= f * m[k][j];
			}
	}
	for (int k = 0; k < n; k++)
		m[k][n] /= m[k][k];
	return true;
}

/* The least value over every combination: each at a bound, as held, or free on either side. */
static double
brute_force(const PhSolver *p)
{
	int			n = p->n;
	int			combinations = (int) pow(5, n);
	double		least = INFINITY;

	for (int code = 0; code < combinations; code++)
	{
		int			state[5];
		int			free[5];
		int			m = 0;
		double		x[5];
		double		system[5][6];
		bool		possible = true;

		for (int i = 0, rest = code; i < n; i++, rest /= 5)
		{
			state[i] = rest % 5;
			x[i] = 0;
			if (state[i] == 0)
				x[i] = p->low ? p->low[i] : -INFINITY;
			else if (state[i] == 1)
				x[i] = p->high ? p->high[i] : INFINITY;
			else if (state[i] == 2)
				x[i] = held[i];
			else
				free[m++] = i;
			possible &= isfinite(x[i]);
		}
		if (!possible)
			continue;
		for (int k = 0; k < m; k++)
		{
			int			i = free[k];
			double		c = p->cost ? p->cost[i] : 0;

			system[k][m] = p->b[i] + (state[i] == 3 ? -c : c);
			for (int j = 0; j < n; j++)
				system[k][m] -= p->a[(size_t) j * n + i] * x[j];
			for (int l = 0; l < m; l++)
				system[k][l] = p->a[(size_t) free[l] * n + i];
		}
		if (!gauss(m, system))
			continue;
		for (int k = 0; k < m; k++)
			x[free[k]] = system[k][m];
		for (int i = 0; i < n; i++)
			possible &= !p->low || (x[i] >= p->low[i] && x[i] <= p->high[i]);
		if (possible)
			least = fmin(least, value(p, x));
	}
	return least;
}

static void
test_brute_force(void)
{
	int			problems = 0;
	int			wrong = 0;

	random_seed(1);
	for (int t = 0; t < rounds(3000); t++)
	{
		PhSolver	p;
		double		least;

		random_problem(&p, between(1, 4), (between(0, 7) | COSTS) & ~(t % 2 ? COSTS : 0));
		least = brute_force(&p);
		if (!isfinite(least))
			continue;
		problems++;
		if (solve(&p) != PH_OK || value(&p, h) > least + 1e-9 * (1 + fabs(least)))
			wrong++;
	}
	ok(problems > 2900 && wrong == 0,
	   "%d problems of one to four instruments: none lower among all combinations (%d)", problems,
	   wrong);
}

static void
test_random(void)
{
	double		worst = 0;
	int			failed = 0;
	int			out = 0;
	int			more = 0;
	int			sweeps = 0;
	int			factors = 0;

	random_seed(2);
	for (int t = 0; t < rounds(10000); t++)
	{
		PhSolver	p;
		PhStatus	status;
		double		at_start = INFINITY;
		bool		feasible = true;

		random_problem(&p, between(1, t % 10 == 0 ? MOST : 12), between(0, 127));
		for (int i = 0; i < p.n && p.low; i++)
			feasible &= h[i] >= p.low[i] && h[i] <= p.high[i];
		if (feasible)
			at_start = value(&p, h);
		status = solve(&p);
		if (status != PH_OK)
		{
			failed++;
			printf("# problem %d: status %d, n %d, residual %g, %d sweeps, %d factors\n", t, status,
				   p.n, p.residual, p.sweeps, p.factors);
			continue;
		}
		worst = fmax(worst, residual(&p));
		for (int i = 0; i < p.n && p.low; i++)
			out += !(h[i] >= p.low[i] && h[i] <= p.high[i]);
		more += value(&p, h) > at_start + 1e-9 * (fabs(at_start) + fabs(value(&p, h)));
		sweeps += p.sweeps;
		factors += p.factors;
	}
	ok(failed == 0, "10,000 random problems end certified (%d do not)", failed);
	ok(worst <= PH_SOLVER_CERTIFIED, "the largest KKT residual of 10,000 random problems is %.1e", worst);
	ok(out == 0, "no bound is passed");
	ok(more == 0, "none is above its start");
	printf("# %.1f sweeps, %.1f factors a problem\n", sweeps / 10000.0, factors / 10000.0);
}

/* Gains without risk, for ever: a combination that nothing holds back, or a bound that ends it. */
static void
test_endless(void)
{
	int			missed = 0;
	int			problems = 0;

	random_seed(5);
	for (int t = 0; t < rounds(1000); t++)
	{
		PhSolver	p;
		int			n = between(2, 30);

		/* the same asset under several names, priced differently */
		random_problem(&p, n, UNITS * (t % 2));
		for (int i = 0; i < n - 1; i++)
			a[(size_t) i * n + n - 1] = a[(size_t) (n - 1) * n + i] = a[(size_t) i * n];
		a[(size_t) n * n - 1] = a[0];
		a[n - 1] = a[(size_t) (n - 1) * n] = a[0];
		b[n - 1] = b[0] + 0.1 * sqrt(a[0]);
		problems++;
		missed += solve(&p) != PH_UNBOUNDED;
		for (int i = 0; i < n; i++)
		{
			cost[i] = 0.06 * sqrt(a[0]) * (i == 0 || i == n - 1);
			held[i] = 0;
		}
		p.cost = cost;
		p.held = held;
		missed += solve(&p) != PH_OK;
		cost[0] /= 2;
		missed += solve(&p) != PH_UNBOUNDED;
		for (int i = 0; i < n; i++)
		{
			low[i] = i == 0 ? -100 / sqrt(a[0]) : -INFINITY;
			high[i] = INFINITY;
		}
		p.low = low;
		p.high = high;
		missed += solve(&p) != PH_OK || residual(&p) > PH_SOLVER_CERTIFIED || h[0] != low[0];
	}
	ok(missed == 0, "one asset under two names: no end, unless costs or a bound set one (%d of %d)",
	   missed, problems);
}

/* What was found is where the next search starts: it stays there. */
static void
test_warm_start(void)
{
	double		first[MOST];
	double		moved = 0;

	random_seed(3);
	for (int t = 0; t < 200; t++)
	{
		PhSolver	p;

		random_problem(&p, 20, COSTS | BOUNDS | HOLDINGS);
		(void) solve(&p);
		memcpy(first, h, sizeof(first));
		(void) solve(&p);
		for (int i = 0; i < p.n; i++)
			moved = fmax(moved, fabs(h[i] - first[i]));
	}
	ok(moved < 1e-9, "a minimum stays where it is (%.1e)", moved);
}

/* Other units of each instrument: the same problem, and the same residual. */
static void
test_units(void)
{
	double		first[MOST];
	double		worst = 0;

	random_seed(4);
	for (int t = 0; t < 200; t++)
	{
		PhSolver	p;
		double		r;
		double		x[MOST];

		random_problem(&p, 10, COSTS | BOUNDS | HOLDINGS);
		(void) solve(&p);
		memcpy(first, h, sizeof(first));
		for (int i = 0; i < p.n; i++)
			h[i] = x[i] = first[i] * (1 + 0.001 * normal());
		r = residual(&p);
		for (int i = 0; i < p.n; i++)
		{
			double		unit = ldexp(1, between(-200, 200));

			for (int j = 0; j < p.n; j++)
			{
				a[(size_t) j * p.n + i] *= unit;
				a[(size_t) i * p.n + j] *= unit;
			}
			b[i] *= unit;
			cost[i] *= unit;
			held[i] /= unit;
			low[i] /= unit;
			high[i] /= unit;
			h[i] /= unit;
			first[i] /= unit;
		}
		worst = fmax(worst, fabs(residual(&p) / r - 1));
		if (solve(&p) != PH_OK)
			worst = INFINITY;
		for (int i = 0; i < p.n; i++)
			worst = fmax(worst, fabs(h[i] - first[i]) / (1e-300 + fabs(first[i])) * (first[i] != 0));
	}
	ok(worst < 1e-9, "units change neither the minimum nor the residual (%.1e)", worst);
}

/* The Hilbert matrix, whose condition is 1.6e13 at 10 and beyond double at 14. */
static void
test_hilbert(void)
{
	bool		all = true;
	double		worst = 0;

	for (int n = 2; n <= 14; n++)
		for (int kind = 0; kind < 4; kind++)
		{
			PhSolver	p = {.n = n,.a = a,.b = b,.h = h};

			for (int j = 0; j < n; j++)
			{
				b[j] = 0;
				for (int i = 0; i < n; i++)
				{
					a[j * n + i] = 1.0 / (i + j + 1);
					b[j] += a[j * n + i];
				}
				h[j] = 0;
				held[j] = j % 3;
				cost[j] = 1e-3 * (j % 4);
				low[j] = -0.5;
				high[j] = 1.25;
			}
			if (kind & 1)
			{
				p.cost = cost;
				p.held = held;
			}
			if (kind & 2)
			{
				p.low = low;
				p.high = high;
			}
			all &= solve(&p) == PH_OK;
			worst = fmax(worst, residual(&p));
		}
	ok(all && worst <= 1e-12, "Hilbert matrices to 14 × 14: residual %.1e", worst);
}

int
main(void)
{
	test_one_asset();
	test_ends();
	test_brute_force();
	test_random();
	test_endless();
	test_warm_start();
	test_units();
	test_hilbert();
	return done();
}
