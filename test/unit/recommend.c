/*
 * recommend.c
 *	  Which legs are hedges, by hand and over random portfolios; the end of an interval to rely on; trades for
 *	  the worse of two cases over 10,000 random books, by properties and against a search of all lots;
 *	  and that hedging exposures out of range says so.
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

/* ---------- trades ---------- */

#define FACTORS (4 + 2 * MOST)

static double a[MOST * MOST];
static double g[MOST];
static double relief[MOST];
static double cost[MOST];
static double step[MOST];
static double low[MOST];
static double high[MOST];
static double target[MOST];
static double trade[MOST];
static double lots[MOST];
static double work[10000];
static bool singular;				/* hedges can stand for each other */

static PhStatus
solve(PhTrades *p)
{
	bool		done = false;
	PhStatus	status;

	p->a = a;
	p->g = g;
	p->relief = relief;
	p->cost = cost;
	p->step = step;
	p->low = low;
	p->high = high;
	p->target = target;
	p->trade = trade;
	p->lots = lots;
	status = ph_trades_workspace(p->n) <= sizeof(work) ? ph_trades_begin(p, work) : PH_OVERFLOW;
	while (status == PH_OK && !done)
		status = ph_trades_round(p, &done);
	if (status == PH_OK)
		ph_trades_end(p);
	return status;
}

static double
case_of(const PhTrades *p, const double *d, bool relied)
{
	double		v = p->variance;

	for (int i = 0; i < p->n; i++)
	{
		v += 2 * g[i] * d[i] - (relied ? relief[i] * d[i] : 0);
		for (int j = 0; j < p->n; j++)
			v += a[i * p->n + j] * d[i] * d[j];
	}
	return v;
}

/* What is minimised, by the plain formula. */
static double
sum_of(const PhTrades *p, const double *d)
{
	double		f = p->price * sqrt(fmax(fmax(case_of(p, d, false), case_of(p, d, true)), 0));

	for (int i = 0; i < p->n; i++)
		f += cost[i] * fabs(d[i]);
	return f;
}

/* Positions on factors, hedges that resemble each other, some of what goes together not relied on. */
static void
random_trades(PhTrades *p, int n, bool all_relied)
{
	int			positions = between(1, 6);
	int			m = positions + n;
	int			factors = between(1, 4);
	double		f[2 * MOST][FACTORS];

	double		e[2 * MOST];
	bool		twins = between(0, 1);

	memset(p, 0, sizeof(*p));
	p->n = n;
	singular = between(0, 9) == 0;
	for (int i = 0; i < m; i++)
	{
		e[i] = i < positions || between(0, 1) ? 1e6 * normal() : 0;
		for (int k = 0; k < FACTORS; k++)
			f[i][k] = k < factors ? 0.01 * normal() : k == factors + (singular ? i % 6 : i) ? 0.005 * normal() : 0;
	}
	for (int i = positions + 1; i < m && twins; i++)
		for (int k = 0; k < FACTORS; k++)
			f[i][k] = f[positions][k] + (k == factors + i ? 0.0003 : 0) * normal();
	for (int i = 0; i < n; i++)
	{
		g[i] = relief[i] = 0;
		for (int j = 0; j < m; j++)
		{
			double		s = 0;

			for (int k = 0; k < FACTORS; k++)
				s += f[positions + i][k] * f[j][k];
			g[i] += s * e[j];
			if (j >= positions)
				a[i * n + j - positions] = s;
			else if (!all_relied && between(0, 2) == 0)
				relief[i] += 2 * s * e[j];
		}
		cost[i] = between(0, 4) ? 1e-4 * exp(2 * normal()) * 0.1 : 0;
		step[i] = exp(normal() + 10);
		low[i] = between(0, 5) ? -INFINITY : -1e6 * uniform();
		high[i] = between(0, 5) ? INFINITY : 1e6 * uniform();
	}
	for (int k = 0; k < FACTORS; k++)
	{
		double		sum = 0;

		for (int j = 0; j < m; j++)
			sum += f[j][k] * e[j];
		p->variance += sum * sum;
	}
	p->price = exp(normal() - 1.6);
}

static void
test_trades(void)
{
	int			failed = 0;
	int			riskier = 0;
	int			dear = 0;
	int			beyond = 0;
	int			improved = 0;
	int			again = 0;
	int			in_band = 0;
	int			trades = 0;
	double		gap = 0;
	int			far = 0;

	random_seed(11);
	for (int t = 0; t < rounds(10000); t++)
	{
		PhTrades	p;
		bool		all_relied = t % 2;
		int			n = between(1, t % 10 ? 4 : MOST);
		double		none[MOST] = {0};
		double		first[MOST];
		double		now;
		double		f;
		double		then;

		random_trades(&p, n, all_relied);
		if (solve(&p) != PH_OK)
		{
			failed++;
			continue;
		}
		now = sum_of(&p, none);
		f = sum_of(&p, trade);
		riskier += !(sqrt(fmax(p.estimated, 0)) <= sqrt(p.variance)) || !(p.relied <= p.variance) || f > now;
		for (int i = 0; i < n; i++)
		{
			double		without[MOST];
			PhTrade		x;

			memcpy(without, trade, sizeof(without));
			without[i] = 0;
			ph_trades_explain(&p, i, &x);
			beyond += trade[i] < low[i] - 1e-8 * step[i] || trade[i] > high[i] + 1e-8 * step[i] || trade[i] != lots[i] * step[i] || lots[i] != rint(lots[i]) ||
				target[i] < low[i] || target[i] > high[i];
			dear += f > sum_of(&p, without) + 1e-12 * now;
			dear += fabs(x.variance - fmax(fmax(case_of(&p, without, false), case_of(&p, without, true)), 0)) > 1e-9 * p.variance;
			/* a lot more or less */
			for (int k = -1; k <= 1; k += 2)
			{
				double		to = (lots[i] + k) * step[i];

				memcpy(without, trade, sizeof(without));
				without[i] = to;
				improved += to >= low[i] && to <= high[i] && sum_of(&p, without) < f - 1e-11 * now;
			}
			trades += trade[i] != 0;
			in_band += trade[i] != 0 && x.band_low < -1e-6 * fabs(trade[i]) && x.band_high > 1e-6 * fabs(trade[i]);
		}
		/* without lots: nothing near is better */
		then = sum_of(&p, target);
		for (int k = 0; k < 60 && !singular; k++)
		{
			double		near[MOST];
			double		size = 1e6 * exp(-14 * uniform());

			for (int i = 0; i < n; i++)
				near[i] = fmin(fmax(target[i] + (k % 2 || between(0, 1) ? size * normal() : 0), low[i]), high[i]);
			gap = fmax(gap, (then - sum_of(&p, near)) / now);
			far += (then - sum_of(&p, near)) / now > 1e-6;
		}
		if (!all_relied)
			continue;
		/* once they are made, there is nothing left to do */
		memcpy(first, target, sizeof(first));
		p.variance = case_of(&p, first, false);
		if (p.variance < 1e-6 * (now / p.price) * (now / p.price))
			continue;
		for (int i = 0; i < n; i++)
		{
			for (int j = 0; j < n; j++)
				g[i] += a[i * n + j] * first[j];
			low[i] = fmin(low[i] - first[i], 0);
			high[i] = fmax(high[i] - first[i], 0);
		}
		(void) solve(&p);
		then = p.price * sqrt(p.variance);
		again += (then - sum_of(&p, target)) / then > 1e-6;
	}
	ok(failed == 0, "10,000 random books are traded (%d are not)", failed);
	ok(riskier == 0, "risk falls, in both cases, and by more than costs (%d)", riskier);
	ok(dear == 0, "no trade costs more than it is worth (%d)", dear);
	ok(beyond == 0, "whole lots, within bounds (%d)", beyond);
	ok(improved == 0, "a lot more or less is no better (%d)", improved);
	ok(in_band == 0 && trades > 10000, "none of %d trades is made within its band (%d)", trades, in_band);
	ok(far == 0, "nothing near the target is better, of 500,000 tried (%d; %.1e of what is at stake)", far, gap);
	ok(again == 0, "made once, there is nothing left to do (%d)", again);
}

/* Two hedges, every combination of lots. */
static void
test_all_lots(void)
{
	int			best = 0;
	double		lost = 0;
	double		most = 0;

	random_seed(12);
	for (int t = 0; t < rounds(500); t++)
	{
		PhTrades	p;
		double		d[2];
		double		least = INFINITY;
		double		none[2] = {0};
		double		f;
		double		gain;

		random_trades(&p, 2, t % 3 == 0);
		step[0] = step[1] = 5e4;
		low[0] = low[1] = -3e6;
		high[0] = high[1] = 3e6;
		if (solve(&p) != PH_OK)
			continue;
		for (int i = -60; i <= 60; i++)
			for (int j = -60; j <= 60; j++)
			{
				d[0] = i * step[0];
				d[1] = j * step[1];
				least = fmin(least, sum_of(&p, d));
			}
		f = sum_of(&p, trade);
		gain = sum_of(&p, none) - least;
		best += f <= least * (1 + 1e-9);
		lost += f - least;
		most += gain;
	}
	ok(best > 350 && lost < 0.02 * most, "of all combinations of lots the best in %d of 500, %.2f %% of the gain is lost", best, 100 * lost / most);
}

/* One hedge, by hand: long 100 of the same, price 0.2, cost 0.001 a unit, volatility 0.01. */
static void
test_by_hand(void)
{
	PhTrades	p = {.n = 1,.variance = 1,.price = 0.2};
	PhTrade		t;

	a[0] = 1e-4;
	g[0] = 0.01;
	relief[0] = 0;
	cost[0] = 0.001;
	step[0] = 3;
	low[0] = -INFINITY;
	high[0] = INFINITY;
	ok(solve(&p) == PH_OK && fabs(target[0] + 100) < 0.01, "a whole hedge, at half of what its risk is worth");
	ok(lots[0] == -33 && fabs(p.estimated - 1e-4) < 1e-12, "in lots");
	ph_trades_explain(&p, 0, &t);
	near(t.variance, 1, 1e-12, "and the risk without it");
	cost[0] = 0.0021;
	ok(solve(&p) == PH_OK && target[0] == 0 && trade[0] == 0, "none if it costs more than that");
	ph_trades_explain(&p, 0, &t);
	ok(t.band_low == -INFINITY && t.band_high == INFINITY, "wherever it is held");

	/* with half of the risk its own: to where 0.2·√V rises by 0.001 a unit, at d = -100 + 57.735 */
	p.variance = 2;
	cost[0] = 0.001;
	step[0] = 0.001;
	ok(solve(&p) == PH_OK, "a hedge of a part");
	near(target[0], -100 + 100 / sqrt(3), 0.01, "to the edge of its band");
	ph_trades_explain(&p, 0, &t);
	near(t.band_low, -100 - 100 / sqrt(3), 1e-3, "... the lower");
	near(t.band_high, -100 + 100 / sqrt(3), 1e-3, "... and the upper one");

	/* 3 contracts at most, each an exposure of 7, in lots of 0.1: 30 lots, though 30 times 0.7 is above 21 */
	{
		double		lot = 7 * 0.1;

		step[0] = lot;
		high[0] = 21;
		g[0] = -0.01;
		ok(30 * lot > 21 && solve(&p) == PH_OK && lots[0] == 30, "bounds are kept in lots, not by the last bit");
		high[0] = INFINITY;
		g[0] = 0.01;
		step[0] = 0.001;
	}

	/* not relied on at all: the worse case is that it adds its own risk */
	relief[0] = 0.02;
	ok(solve(&p) == PH_OK && trade[0] == 0 && target[0] == 0, "not relied on, not traded");
	ph_trades_explain(&p, 0, &t);
	ok(t.band_low <= 0 && t.band_high >= 0 && t.estimate_high < 0, "... within its band, but for the estimate");
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

	test_by_hand();
	test_trades();
	test_all_lots();
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
