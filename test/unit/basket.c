/*
 * basket.c
 *	  Baskets against the regressions of every subset; spreads by hand and of an autoregression.
 */
#include <stdlib.h>
#include <string.h>

#include "basket.h"
#include "hedge.h"
#include "random.h"
#include "tap.h"

static double
variance(int m, const double *s, const double *x)
{
	double		sum = 0;

	for (int i = 0; i < m; i++)
		for (int j = 0; j < m; j++)
			sum += x[i] * s[i * m + j] * x[j];
	return sum;
}

/* Risk of the first asset, hedged with those whose bits are set, by the solver. */
static double
left(int m, const double *s, int set)
{
	double		e[10] = {1};
	double		answer[3][10];
	int			instrument[10];
	PhHedge		p = {.m = m,.s = s,.e = e,.instrument = instrument,.aversion = NAN,
		.target = answer[0],.after = answer[1],.lots = answer[2]};
	bool		done = false;
	void	   *work;

	for (int j = 1; j < m; j++)
		if (set >> (j - 1) & 1)
			instrument[p.n++] = j;
	work = malloc(ph_hedge_workspace(m, p.n));
	if (ph_hedge_begin(&p, work) == PH_OK)
	{
		while (!done && ph_hedge_round(&p, &done) == PH_OK)
			;
		ph_hedge_end(&p);
	}
	free(work);
	return done ? p.target_risk : INFINITY;
}

static void
test_basket(void)
{
	int			best = 0;
	int			best_of_all = 0;
	int			out_of_order = 0;
	double		off = 0;

	/* first one at a time, then looking at all */
	random_seed(3);
	for (int t = 0; t < 1000; t++)
	{
		enum
		{
			M = 8
		};
		double		s[M * M];
		double		c[M * M];
		double		own[M];
		bool		chosen[M];
		void	   *work = malloc(ph_basket_workspace(M, 3));
		PhBasket	p = {.m = M,.y = 0,.c = c,.own = own,.chosen = chosen,.work = t < 500 ? NULL : work};
		double		last;

		random_covariances(s, M, M);
		memcpy(c, s, sizeof(c));
		ph_basket_begin(&p);
		last = c[0];
		for (int legs = 1; legs <= 3; legs++)
		{
			double		least = INFINITY;
			double		h[M] = {-1};

			(void) ph_basket_add(&p);
			out_of_order += p.legs != legs || c[0] > last;
			last = c[0];
			for (int j = 1; j < M; j++)
				h[j] = chosen[j] ? c[j * M] : 0;
			off = fmax(off, fabs(variance(M, s, h) / c[0] - 1));

			/* every subset, its regression by the solver */
			for (int set = 0; set < 1 << (M - 1); set++)
				if (__builtin_popcount((unsigned) set) == legs)
					least = fmin(least, left(M, s, set));
			*(t < 500 ? &best : &best_of_all) += sqrt(c[0]) <= least * (1 + 1e-9);
		}
		free(work);
	}
	ok(best_of_all == 1500, "where all are looked at the best in %d", best_of_all);
	/* as hedge.basket_hedge says, where y is one of the m */
	ok(ph_basket_workspace(21, 11) > 11 * 21 * 21 * sizeof(double) && ph_basket_workspace(22, 11) < 11 * 22 * 22 * sizeof(double) &&
	   ph_basket_workspace(38, 5) > 5 * 38 * 38 * sizeof(double) && ph_basket_workspace(39, 5) < 5 * 39 * 39 * sizeof(double) &&
	   ph_basket_workspace(58, 4) > 4 * 58 * 58 * sizeof(double) && ph_basket_workspace(59, 4) < 4 * 59 * 59 * sizeof(double),
	   "all baskets of 20 candidates, of up to 5 of 37, of up to 4 of 57");
	ok(ph_basket_workspace(16, 15) > 0 && ph_basket_workspace(2000, 5) == 0, "which is where that is little work");
	ok(out_of_order == 0, "a leg more leaves less (%d)", out_of_order);
	ok(off < 1e-9, "what is left is that of the ratios (%.1e)", off);
	ok(best > 1400, "the best of all baskets of one to three of seven legs in %d of 1,500", best);

	/* the same asset twice is one leg */
	{
		double		c[9] = {1, 0.5, 0.5, 0.5, 1, 1, 0.5, 1, 1};
		double		own[3];
		bool		chosen[3];
		PhBasket	p = {.m = 3,.y = 0,.c = c,.own = own,.chosen = chosen};

		ph_basket_begin(&p);
		ok(ph_basket_add(&p) && !ph_basket_add(&p) && p.legs == 1, "a leg and its twin");
	}
}

static void
test_spread(void)
{
	double		x[2000];
	PhSpreadStatistics st;

	for (int t = 0; t < 20; t++)
		x[t] = 5 + pow(0.8, t);
	ph_spread_statistics(x, 20, &st);
	near(st.persistence, 0.8, 1e-12, "a decay by 0.8");
	near(st.half_life, log(0.5) / log(0.8), 1e-10, "... halves in its half-life");
	ok(st.z_score < 0, "... and is below its mean");
	ph_spread_statistics((double[]) {1, 2, 3, 4, 10}, 5, &st);
	near(st.mean, 4, 1e-15, "mean");
	near(st.volatility, sqrt(50 / 4.0), 1e-14, "standard deviation");
	near(st.z_score, 6 / sqrt(12.5), 1e-14, "z-score");
	ok(isnan(st.half_life), "what grows has no half-life");
	ph_spread_statistics((double[]) {0.1, 0.1, 0.1, 0.1}, 4, &st);
	ok(st.volatility == 0 && st.mean == 0.1 && isnan(st.z_score) && isnan(st.persistence), "a constant");
	ph_spread_statistics(NULL, 0, &st);
	ok(isnan(st.mean), "nothing");

	random_seed(5);
	x[0] = 0;
	for (int t = 1; t < 2000; t++)
		x[t] = 0.9 * x[t - 1] + normal();
	ph_spread_statistics(x, 2000, &st);
	near(st.persistence, 0.9, 0.03, "an autoregression");
}

int
main(void)
{
	test_basket();
	test_spread();
	return done();
}
