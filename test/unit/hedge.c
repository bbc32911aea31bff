/*
 * hedge.c
 *	  Hedges: textbook values, 10,000 random books (risk never higher, cost counted once, lots never
 *	  worse than no trade), trades to neutral, scaling.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "hedge.h"
#include "random.h"
#include "tap.h"

#define MOST 40

static double s[MOST * MOST];
static double e[MOST];
static int	instrument[MOST];
static double step[MOST];
static double cost[MOST];
static double low[MOST];
static double high[MOST];
static double target[MOST];
static double after[MOST];
static double lots[MOST];
static double held[MOST];

static bool exchanging;
static double alone;			/* risk before lots were exchanged */

static PhStatus
solve(PhHedge *p)
{
	void	   *work = malloc(ph_hedge_workspace(p->m, p->n));
	PhStatus	status;
	bool		done = false;

	p->target = target;
	p->after = after;
	p->lots = lots;
	status = ph_hedge_begin(p, work);
	while (status == PH_OK && !done)
		status = ph_hedge_round(p, &done);
	if (status == PH_OK)
		ph_hedge_end(p);
	alone = p->after_risk;
	if (exchanging)
		ph_hedge_exchange(p);
	memcpy(held, p->held, sizeof(double) * p->n);
	p->held = held;
	free(work);
	return status;
}

/*
 * Hull, Options, Futures, and Other Derivatives, 9th edition, chapter 3: jet fuel hedged with heating
 * oil, correlation 0.928, standard deviations 0.0263 and 0.0313: ratio 0.78; 2,000,000 gallons at
 * 42,000 a contract: 37.14 contracts.
 */
static void
test_textbook(void)
{
	PhHedge		p = {.m = 2,.n = 1,.s = s,.e = e,.instrument = instrument,.step = step,.aversion = NAN};

	s[0] = 0.0263 * 0.0263;
	s[3] = 0.0313 * 0.0313;
	s[1] = s[2] = 0.928 * 0.0263 * 0.0313;
	e[0] = 2e6;
	e[1] = 0;
	instrument[0] = 1;
	step[0] = 42000;
	ok(solve(&p) == PH_OK, "Hull, chapter 3: jet fuel and heating oil");
	near(-target[0] / e[0], 0.78, 0.005, "the ratio");
	near(-target[0] / 42000, 37.14, 0.02, "contracts");
	ok(lots[0] == -37 && after[0] == -37 * 42000, "in whole ones");
	near(p.target_risk / p.before_risk, sqrt(1 - 0.928 * 0.928), 1e-12, "what is left is sqrt(1 - rho^2)");

	/* with a cost c the trade stops at the edge of its band: A|h − h*| = c/λ */
	cost[0] = 1e-3;
	p.cost = cost;
	p.step = NULL;
	p.aversion = 1e-6;
	ok(solve(&p) == PH_OK, "with a cost");
	near(target[0], -2e6 * 0.928 * 0.0263 / 0.0313 + 1e-3 / 1e-6 / s[3], 1e-6, "to the edge of the band");
	near(ph_hedge_cost(&p, target), -1e-3 * target[0], 1e-9, "its cost");
	e[1] = target[0];
	(void) solve(&p);
	near(target[0], e[1], 1e-6, "and then no further");
	e[1] = -1.5e6;
	ok(solve(&p) == PH_OK && target[0] == -1.5e6 && p.target_risk == p.before_risk, "within it nothing is done");
}

static double
variance(int m, const double *x)
{
	double		sum = 0;

	for (int i = 0; i < m; i++)
		for (int j = 0; j < m; j++)
			sum += x[i] * s[i * m + j] * x[j];
	return sum;
}

static void
test_books(void)
{
	int			failed = 0;
	int			riskier = 0;
	int			worse = 0;
	int			beyond = 0;
	int			broken = 0;
	int			unlike = 0;
	int			idle = 0;
	int			forced = 0;
	double		residual = 0;

	random_seed(1);
	for (int t = 0; t < rounds(10000); t++)
	{
		int			m = between(2, t % 10 == 0 ? MOST : 10);
		int			n = between(1, m - 1);
		PhHedge		p = {.m = m,.n = n,.s = s,.e = e,.instrument = instrument};
		double		all[MOST];
		double		now = 0;
		double		then;
		double		paid = 0;
		double		gross = 0;
		bool		must = false;

		random_covariances(s, m, between(1, m));
		for (int i = 0; i < m; i++)
			e[i] = between(0, 3) ? 1e6 * normal() : 0;
		for (int i = 0; i < n; i++)
		{
			instrument[i] = m - n + i;
			step[i] = between(0, 4) ? exp(normal() + 10) : NAN;
			cost[i] = between(0, 4) ? 1e-3 * uniform() : 0;
			low[i] = between(0, 2) ? e[m - n + i] - 1e6 * uniform() : -INFINITY;
			high[i] = between(0, 2) ? e[m - n + i] + 1e6 * uniform() : INFINITY;
			if (between(0, 9) == 0)
			{
				/* away from what is held, and sometimes narrower than a lot */
				low[i] = 1e6 * normal();
				high[i] = low[i] + 3e5 * uniform() * uniform();
			}
		}
		p.aversion = between(0, 1) ? exp(2 * normal() - 13) : NAN;
		p.step = between(0, 3) ? step : NULL;
		p.cost = between(0, 3) ? cost : NULL;
		if (between(0, 1))
		{
			p.low = low;
			p.high = high;
		}
		if (solve(&p) != PH_OK)
		{
			failed++;
			continue;
		}
		residual = fmax(residual, p.residual);
		for (int i = 0; i < n && p.low; i++)
			must |= e[m - n + i] < low[i] || e[m - n + i] > high[i];
		forced += must;
		riskier += must ? 0 : p.target_risk > p.before_risk * (1 + 1e-12) || p.after_risk > p.before_risk;

		/* by the plain formulas */
		now = variance(m, e);
		memcpy(all, e, sizeof(all));
		for (int i = 0; i < n; i++)
		{
			double		trade = after[i] - e[m - n + i];

			all[m - n + i] = after[i];
			if (p.cost)
				paid += cost[i] * fabs(trade);
			if (p.low)
			{
				double		out = fmax(fmax(low[i] - after[i], after[i] - high[i]), 0);

				beyond += target[i] < low[i] || target[i] > high[i];
				/* a multiple that is within, or else the nearest one to either side */
				if (p.step && !isnan(step[i]) && out > 0)
				{
					double		below = e[m - n + i] + floor((high[i] - e[m - n + i]) / step[i]) * step[i];

					beyond += below >= low[i] || out > fmin(low[i] - below, below + step[i] - high[i]) + 1e-6;
				}
				else
					beyond += out > 0;
			}
			if (p.step && !isnan(step[i]))
				broken += lots[i] != rint(lots[i]) || after[i] != e[m - n + i] + lots[i] * step[i];
			else
				broken += !isnan(lots[i]);
		}
		then = variance(m, all);
		for (int i = 0; i < m; i++)
			gross += fabs(all[i]) * sqrt(s[i * m + i]);
		if (p.aversion > 0 && !must)
			worse += p.aversion / 2 * then + paid > p.aversion / 2 * now * (1 + 1e-12);
		unlike += fabs(paid - ph_hedge_cost(&p, after)) > 1e-9 * (1 + paid) ||
			fabs(sqrt(fmax(then, 0)) - p.after_risk) > 1e-6 * gross;
		idle += paid == 0;
	}
	ok(failed == 0 && residual <= 1e-10, "10,000 random books are hedged (%d not), KKT residual %.1e", failed, residual);
	ok(riskier == 0, "risk after <= risk before (%d)", riskier);
	ok(worse == 0, "variance and cost together are never worse than no trade (%d)", worse);
	ok(beyond == 0, "no bound is passed where lots can keep it (%d)", beyond);
	ok(broken == 0, "lots are whole (%d)", broken);
	ok(unlike == 0, "cost is counted once, risk is that of the exposures (%d)", unlike);
	printf("# without a cost or a trade: %d; beyond a bound at first: %d\n", idle, forced);
}

/* Whole lots against every combination near by. */
static void
test_lots(void)
{
	int			best = 0;
	double		worst = 0;

	random_seed(2);
	for (int t = 0; t < rounds(1000); t++)
	{
		PhHedge		p = {.m = 4,.n = 2,.s = s,.e = e,.instrument = instrument,.step = step,.aversion = NAN};
		double		least = INFINITY;
		double		all[4];

		random_covariances(s, 4, 4);
		for (int i = 0; i < 4; i++)
			e[i] = i < 2 ? normal() : 0;
		for (int i = 0; i < 2; i++)
		{
			instrument[i] = 2 + i;
			step[i] = 0.3 * exp(normal());
		}
		(void) solve(&p);
		memcpy(all, e, sizeof(all));
		for (int i = -20; i <= 20; i++)
			for (int j = -20; j <= 20; j++)
			{
				all[2] = i * step[0];
				all[3] = j * step[1];
				least = fmin(least, variance(4, all));
			}
		best += p.after_risk <= sqrt(least) * (1 + 1e-12);
		worst = fmax(worst, p.after_risk / sqrt(variance(4, e)));
	}
	ok(best > 800 && worst <= 1 + 1e-12, "whole lots: the best of all combinations in %d of 1,000", best);
}

/* Instruments that can stand for each other, as options do: lots one at a time, then exchanged, against every combination near by. */
static void
test_exchange(void)
{
	int			best = 0;
	int			best_alone = 0;
	int			worse = 0;
	int			off = 0;

	random_seed(7);
	exchanging = true;
	for (int t = 0; t < rounds(300); t++)
	{
		PhHedge		p = {.m = 4,.n = 3,.s = s,.e = e,.instrument = instrument,.step = step,.aversion = NAN};
		double		least = INFINITY;
		double		all[4] = {0, 0, 0, 1};

		random_covariances(s, 4, 1);
		for (int i = 0; i < 3; i++)
		{
			e[i] = 0;
			instrument[i] = i;
			step[i] = 0.05 * exp(normal());
			s[i * 5] *= 1.05;
		}
		e[3] = 1;
		(void) solve(&p);
		worse += p.after_risk > alone * (1 + 1e-12);
		for (int i = 0; i < 3; i++)
			off += p.after[i] != p.lots[i] * step[i];
		for (int i = -4; i <= 4; i++)
			for (int j = -4; j <= 4; j++)
				for (int k = -4; k <= 4; k++)
				{
					all[0] = (rint(p.target[0] / step[0]) + i) * step[0];
					all[1] = (rint(p.target[1] / step[1]) + j) * step[1];
					all[2] = (rint(p.target[2] / step[2]) + k) * step[2];
					least = fmin(least, sqrt(variance(4, all)));
				}
		best += p.after_risk <= least * (1 + 1e-12);
		best_alone += alone <= least * (1 + 1e-12);
	}
	exchanging = false;
	ok(worse == 0 && off == 0, "exchanged lots: whole, and never worse (%d, %d)", worse, off);
	ok(best >= 295 && best_alone < best, "the best of all near by in %d of 300, one at a time in %d", best, best_alone);
}

static void
test_neutral(void)
{
	int			worse = 0;
	int			missed = 0;

	near(ph_neutral_trade(100, 1, 0, 0), -100, 0, "to zero");
	near(ph_neutral_trade(-100, 2, 0, 0), 50, 0, "by what it takes");
	near(ph_neutral_trade(100, 1, 30, 0), -70, 0, "to the edge of the band");
	near(ph_neutral_trade(25, 1, 30, 0), 0, 0, "within it nothing");
	near(ph_neutral_trade(100, 1, 30, 40), -80, 0, "into the band, in lots");
	near(ph_neutral_trade(100, 1, 0, 300), 0, 0, "a lot too large");
	near(ph_neutral_trade(100, -1, 0, 60), 120, 0, "as near as lots come");
	random_seed(4);
	for (int t = 0; t < rounds(10000); t++)
	{
		double		net = 100 * normal();
		double		sensitivity = normal();
		double		band = between(0, 1) ? 50 * uniform() : 0;
		double		lot = exp(2 * normal());
		double		k = ph_neutral_trade(net, sensitivity, band, lot) / lot;
		double		least = fabs(net);

		worse += fabs(net + k * lot * sensitivity) > fabs(net);
		for (int j = -2; j <= 2; j++)
			least = fmin(least, fabs(net + (rint(k) + j) * lot * sensitivity));
		missed += fabs(k - rint(k)) > 1e-9 * (1 + fabs(k)) ||
			(fabs(net + k * lot * sensitivity) > fmax(band, least) + 1e-12 * fabs(net));
	}
	ok(worse == 0 && missed == 0, "10,000 in lots: never further away, in the band where lots reach it (%d, %d)", worse,
	   missed);
}

static void
test_scaling(void)
{
	near(ph_decayed_volatility((double[]) {1, 1, 1}, 3, 0.94), 1, 1e-15, "a constant size");
	near(ph_decayed_volatility((double[]) {3, 4}, 2, 0.5), sqrt((9 * 0.5 + 16) / 1.5), 1e-14, "the later the heavier");
	ok(ph_decayed_volatility((double[]) {0, 0}, 2, 0.5) == 0 && isnan(ph_decayed_volatility(NULL, 0, 0.5)), "none");
	near(ph_decayed_volatility((double[]) {1e200, 1e200}, 2, 0.9) / 1e200, 1, 1e-15, "large ones");
}

int
main(void)
{
	test_textbook();
	test_books();
	test_lots();
	test_exchange();
	test_neutral();
	test_scaling();
	return done();
}
