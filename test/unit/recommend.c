/*
 * recommend.c
 *	  Which legs are hedges, by hand and over random portfolios; the end of an interval to rely on; and
 *	  that hedging exposures out of range says so.
 */
#include "hedge.h"
#include "recommend.h"

#include <math.h>
#include <string.h>

#include "random.h"
#include "tap.h"

#define MOST 12

static bool
is(const bool *hedge, const char *want)
{
	for (int i = 0; want[i]; i++)
		if (hedge[i] != (want[i] == 'h'))
			return false;
	return true;
}

int
main(void)
{
	bool		all[MOST];
	bool		none[MOST] = {false};
	bool		hedge[MOST];
	int			bad = 0;

	for (int i = 0; i < MOST; i++)
		all[i] = true;
	{
		/* B offsets A, C offsets B alone, D adds to A */
		double		a[] = {10, -8, 5, 3};
		double		corr[] = {1, 0.8, 0.1, 0.7, 0.8, 1, 0.6, 0.2, 0.1, 0.6, 1, 0, 0.7, 0.2, 0, 1};
		bool		second[] = {false, true, false, false};

		ph_recommend_hedges(4, a, corr, all, false, 0.3, hedge);
		ok(is(hedge, "phpp"), "a hedge offsets something larger that is none");
		ph_recommend_hedges(4, a, corr, all, true, 0.3, hedge);
		ok(is(hedge, "phph"), "marked, what adds up is one, too");
		ph_recommend_hedges(4, a, corr, all, true, 0.05, hedge);
		ok(is(hedge, "phhh"), "by the least correlation that counts");
		ph_recommend_hedges(4, a, corr, all, false, 0.9, hedge);
		ok(is(hedge, "pppp"), "nothing goes together");
		ph_recommend_hedges(4, a, corr, none, true, 0, hedge);
		ok(is(hedge, "pppp"), "nothing may be traded");
		ph_recommend_hedges(4, a, corr, second, true, 0.3, hedge);
		ok(is(hedge, "phpp"), "one may");
		corr[1] = corr[4] = NAN;
		ph_recommend_hedges(4, a, corr, all, false, 0.3, hedge);
		ok(is(hedge, "pphp"), "a correlation that is not known");
	}
	{
		/* a large hedge that alone may be traded, against many small positions */
		double		a[] = {-9, 3, 3, 3};
		double		corr[16];
		bool		first[] = {true, false, false, false};

		for (int i = 0; i < 16; i++)
			corr[i] = i % 5 == 0 ? 1 : 0.5;
		ph_recommend_hedges(4, a, corr, first, true, 0.3, hedge);
		ok(is(hedge, "hppp"), "what may not be traded is hedged, however small");
		ph_recommend_hedges(4, a, corr, all, false, 0.3, hedge);
		ok(is(hedge, "phhh"), "else the largest is");
	}
	for (int round = 0; round < 10000; round++)
	{
		int			n = 1 + (int) (uniform() * (MOST - 1));
		bool		marked = uniform() < 0.5;
		double		a[MOST];
		double		corr[MOST * MOST];
		bool		tradable[MOST];

		for (int i = 0; i < n; i++)
		{
			a[i] = (1 + 0.5 * (n - i)) * (uniform() < 0.5 ? -1 : 1);
			tradable[i] = uniform() < 0.7;
			for (int j = 0; j <= i; j++)
				corr[i * n + j] = corr[j * n + i] = i == j ? 1 : 2 * uniform() - 1;
		}
		ph_recommend_hedges(n, a, corr, tradable, marked, 0.4, hedge);
		for (int i = 0; i < n; i++)
		{
			bool		goes = false;

			/* with a position that may not be traded, or is larger */
			for (int j = 0; j < n; j++)
				goes |= !hedge[j] && (j < i || !tradable[j]) && fabs(corr[i * n + j]) >= 0.4 &&
					(marked || a[i] * a[j] * corr[i * n + j] < 0);
			bad += hedge[i] != (tradable[i] && goes);
		}
	}
	ok(bad == 0, "10,000 random portfolios");

	ok(ph_relied(0.5, false, false, 0.3, 0.7) == 0 && ph_relied(0.5, true, false, NAN, NAN) == 0.5 &&
	   ph_relied(NAN, true, false, 0, 1) == 0, "relied on, or not");
	ok(ph_relied(0.5, true, true, 0.3, 0.7) == 0.3 && ph_relied(-0.5, true, true, -0.7, -0.3) == -0.3 &&
	   ph_relied(0.5, true, true, -0.1, 0.7) == 0 && ph_relied(-0.5, true, true, -0.7, 0.1) == 0 &&
	   ph_relied(0.5, true, true, NAN, NAN) == 0 && ph_relied(0.5, true, true, 0.6, 0.7) == 0.5,
	   "the end of the interval that helps less");

	{
		double		s[] = {1e-4, 5e-5, 5e-5, 1e-4};
		double		e[] = {1e308, 0};
		int			instrument = 1;
		double		target,
					after,
					lots;
		PhHedge		p = {.m = 2,.s = s,.e = e,.n = 1,.instrument = &instrument,.aversion = NAN,
			.target = &target,.after = &after,.lots = &lots};
		double		work[200];

		ok(ph_hedge_workspace(2, 1) <= sizeof(work) && ph_hedge_begin(&p, work) == PH_OVERFLOW,
		   "exposures near the end of the range are out of it");
	}
	return done();
}
