/*
 * allocation.c
 *	  Offsets without double counting: nothing consumed twice, the optimum proven by its dual and by
 *	  every vertex of small programs, never below greedy in any order.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "allocation.h"
#include "offsets.h"
#include "random.h"
#include "tap.h"

static double
total(const PhSpread *s, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += s[i].worth * s[i].x;
	return sum;
}

static PhStatus
solve(PhAllocation *p)
{
	void	   *work = malloc(ph_allocation_workspace(p->legs));
	PhStatus	status = PH_OK;
	bool		done = false;

	ph_allocation_begin(p, work);
	while (status == PH_OK && !done)
		status = ph_allocation_round(p, &done);
	/* the prices are asked for afterwards */
	static double price[1000];
	memcpy(price, p->price, p->legs * sizeof(double));
	p->price = price;
	free(work);
	return status;
}

/* Within exposures, without any allowance. */
static bool
within(const PhSpread *s, int n, const double *exposure, int legs)
{
	double		used[1000] = {0};

	for (int i = 0; i < n; i++)
	{
		if (!(s[i].x >= 0))
			return false;
		used[s[i].a] += s[i].x;
		used[s[i].b] += s[i].x * s[i].ratio;
	}
	for (int j = 0; j < legs; j++)
		if (used[j] > exposure[j] * (1 + 2 * DBL_EPSILON))
			return false;
	return true;
}

static int
random_book(PhSpread *s, int legs, double *exposure, double share, bool ties)
{
	double		sigma[1000];
	int			n = 0;

	for (int i = 0; i < legs; i++)
	{
		sigma[i] = ties ? 0.01 : exp(normal() - 4);
		exposure[i] = between(0, 19) == 0 ? 0 : ties ? 1e6 * between(1, 3) : exp(2 * normal() + 12);
	}
	for (int i = 0; i < legs; i++)
		for (int j = 0; j < i; j++)
		{
			double		corr = ties ? 0.5 : uniform();
			bool		first = exposure[i] * sigma[i] >= exposure[j] * sigma[j];

			if (uniform() > share)
				continue;
			s[n].a = first ? i : j;
			s[n].b = first ? j : i;
			s[n].ratio = corr * sigma[s[n].a] / sigma[s[n].b];
			s[n].worth = ph_spread_worth(sigma[s[n].a], sigma[s[n].b], corr, s[n].ratio);
			n++;
		}
	return n;
}

static void
test_worth(void)
{
	double		worst = 0;
	PhPairRisk	risk;

	random_seed(1);
	for (int t = 0; t < rounds(10000); t++)
	{
		double		a = exp(3 * normal());
		double		b = exp(3 * normal());
		double		r = uniform();
		double		k = exp(normal());

		ph_pair_risk(fmax(a, k * b), -fmin(a, k * b), r, &risk);
		worst = fmax(worst, fabs(ph_spread_worth(a, b, t % 2 ? r : -r, k) / risk.risk_offset - 1));
	}
	ok(worst < 1e-14, "a spread is worth the pair's risk_offset (%.1e)", worst);
	ok(ph_spread_worth(1, 1, 0, 1) == 0 && ph_spread_worth(0, 0, 1, 1) == 0, "nothing without risk or correlation");
	near(ph_spread_worth(1, 2, -1, 0.5), sqrt(2), 1e-15, "perfect correlation");
}

static void
test_by_hand(void)
{
	/* greedy takes the best pair and leaves two legs alone; the optimum takes the two others */
	PhSpread	s[3] = {{0, 1, 1, 1.0, 0}, {0, 2, 1, 0.9, 0}, {1, 3, 1, 0.9, 0}};
	double		exposure[4] = {100, 100, 100, 100};
	double		left[4] = {100, 100, 100, 100};
	PhAllocation p = {.legs = 4,.n = 3,.spread = s,.exposure = exposure};

	ph_allocate_greedy(s, 3, left);
	ok(total(s, 3) == 100 && left[0] == 0 && left[1] == 0 && left[2] == 100, "greedy takes the largest first");
	ok(solve(&p) == PH_OK, "optimal");
	near(total(s, 3), 180, 1e-10, "and leaves it for two others");
	near(p.bound, 180, 1e-10, "proven");

	/* a triangle: half of each pair, which no choice of whole pairs attains */
	s[1] = (PhSpread) {1, 2, 1, 1, 0};
	s[2] = (PhSpread) {2, 0, 1, 1, 0};
	p.legs = 3;
	ok(solve(&p) == PH_OK && fabs(total(s, 3) - 150) < 1e-10 && fabs(s[0].x - 50) < 1e-10, "a triangle");

	/* exposures of very different size: a basis that is nearly singular */
	s[0] = (PhSpread) {0, 1, 1, 40.108974881288506, 0};
	s[1] = (PhSpread) {2, 0, 1, 1414213562.373095, 0};
	s[2] = (PhSpread) {1, 2, 1, 1414213562.373095, 0};
	exposure[0] = exposure[1] = 1e9;
	exposure[2] = 28.361328125;
	ok(solve(&p) == PH_OK, "a small leg beside large ones comes to an end");
	near(total(s, 3), s[0].worth * (1e9 - 28.361328125 / 2) + s[1].worth * 28.361328125, 10, "... which is the optimum, to ten digits of 8e10");

	p.n = 0;
	ok(solve(&p) == PH_OK && p.bound == 0, "no pair");
	p.legs = 0;
	ok(solve(&p) == PH_OK, "no leg");
}

/* Every basis of a small program. */
static double
best_vertex(const PhSpread *s, int n, const double *exposure, int legs)
{
	int			columns = n + legs;
	double		best = 0;

	for (int set = 0; set < 1 << columns; set++)
	{
		int			chosen[4];
		int			m = 0;
		double		a[4][5];
		bool		singular = false;
		double		sum = 0;

		for (int c = 0; c < columns; c++)
			if (set >> c & 1)
			{
				if (m == legs)
				{
					m++;
					break;
				}
				chosen[m++] = c;
			}
		if (m != legs)
			continue;
		for (int i = 0; i < legs; i++)
		{
			for (int k = 0; k < legs; k++)
			{
				int			c = chosen[k];

				a[i][k] = c >= n ? c - n == i : (s[c].a == i) + (s[c].b == i) * s[c].ratio;
			}
			a[i][legs] = exposure[i];
		}
		for (int k = 0; k < legs && !singular; k++)
		{
			int			at = k;

			for (int i = k; i < legs; i++)
				if (fabs(a[i][k]) > fabs(a[at][k]))
					at = i;
			singular = fabs(a[at][k]) < 1e-9;
			for (int j = 0; j <= legs; j++)
			{
				double		swap = a[k][j];

				a[k][j] = a[at][j];
				a[at][j] = swap;
			}
			for (int i = 0; i < legs && !singular; i++)
				if (i != k)
				{
					double		f = a[i][k] / a[k][k];

					for (int j = k; j <= legs; j++)
						a[i][j] -= f * a[k][j];
				}
		}
		for (int k = 0; k < legs && !singular; k++)
		{
			double		x = a[k][legs] / a[k][k];

			singular |= x < -1e-6;
			if (chosen[k] < n)
				sum += s[chosen[k]].worth * x;
		}
		if (!singular)
			best = fmax(best, sum);
	}
	return best;
}

static void
test_vertices(void)
{
	int			wrong = 0;

	random_seed(2);
	for (int t = 0; t < rounds(3000); t++)
	{
		PhSpread	s[6];
		double		exposure[4];
		int			legs = between(2, 4);
		int			n = random_book(s, legs, exposure, 0.8, t % 3 == 0);
		PhAllocation p = {.legs = legs,.n = n,.spread = s,.exposure = exposure};
		double		best = best_vertex(s, n, exposure, legs);

		wrong += solve(&p) != PH_OK || fabs(total(s, n) - best) > 1e-9 * (best + 1);
	}
	ok(wrong == 0, "3,000 small books: the best of all vertices (%d)", wrong);
}

static int
by_worth(const void *a, const void *b)
{
	const PhSpread *x = a;
	const PhSpread *y = b;

	return (x->worth < y->worth) - (x->worth > y->worth);
}

static void
test_random(void)
{
	static PhSpread s[2000];
	static PhSpread g[2000];
	int			failed = 0;
	int			beyond = 0;
	int			below = 0;
	int			better = 0;
	double		gap = 0;
	double		infeasible = 0;

	random_seed(3);
	for (int t = 0; t < rounds(10000); t++)
	{
		double		exposure[60];
		double		left[60];
		int			legs = between(1, t % 20 == 0 ? 60 : 12);
		int			n = random_book(s, legs, exposure, uniform(), t % 4 == 0);
		PhAllocation p = {.legs = legs,.n = n,.spread = s,.exposure = exposure};
		double		greedy;

		if (t % 2)
			qsort(s, n, sizeof(PhSpread), by_worth);
		memcpy(left, exposure, legs * sizeof(double));
		memcpy(g, s, sizeof(PhSpread) * n);
		ph_allocate_greedy(g, n, left);
		greedy = total(g, n);
		beyond += !within(g, n, exposure, legs);
		failed += solve(&p) != PH_OK;
		beyond += !within(s, n, exposure, legs);
		below += total(s, n) < greedy * (1 - 1e-13);
		better += total(s, n) > greedy * 1.001;
		if (p.bound > 0)
			gap = fmax(gap, fabs(p.bound / total(s, n) - 1));
		for (int i = 0; i < n; i++)
			if (s[i].worth > 0 && exposure[s[i].a] > 0 && exposure[s[i].b] > 0)
				infeasible = fmax(infeasible, (s[i].worth - p.price[s[i].a] / exposure[s[i].a] -
											   s[i].ratio * p.price[s[i].b] / exposure[s[i].b]) *
								  fmin(exposure[s[i].a], exposure[s[i].b] / s[i].ratio) / p.bound);
		for (int j = 0; j < legs; j++)
			infeasible = fmax(infeasible, -p.price[j] / (p.bound + 1));
	}
	ok(failed == 0, "10,000 random books have an optimum (%d failed)", failed);
	ok(beyond == 0, "no allocation, greedy or optimal, passes an exposure (%d)", beyond);
	ok(below == 0 && better > 1000, "the optimum is never below greedy (%d), and above it in %d", below, better);
	ok(gap < 1e-11 && infeasible < 1e-11, "proven by prices of the legs (gap %.1e, %.1e)", gap, infeasible);
}

static void
test_large(void)
{
	int			legs = 500;
	PhSpread   *s = malloc(sizeof(PhSpread) * legs * legs);
	double		exposure[500];
	double		left[500];
	int			n;
	double		greedy;
	clock_t		start;
	PhStatus	status;

	random_seed(4);
	n = random_book(s, legs, exposure, 0.5, false);
	PhAllocation p = {.legs = legs,.n = n,.spread = s,.exposure = exposure};

	memcpy(left, exposure, sizeof(left));
	qsort(s, n, sizeof(PhSpread), by_worth);
	ph_allocate_greedy(s, n, left);
	greedy = total(s, n);
	start = clock();
	status = solve(&p);
	ok(status == PH_OK && fabs(p.bound / total(s, n) - 1) < 1e-10 && total(s, n) >= greedy,
	   "%d legs, %d pairs: optimal in %.1f s, %.1f %% above greedy", legs, n,
	   (double) (clock() - start) / CLOCKS_PER_SEC, 100 * (total(s, n) / greedy - 1));
	free(s);
}

int
main(void)
{
	test_worth();
	test_by_hand();
	test_vertices();
	test_random();
	test_large();
	return done();
}
