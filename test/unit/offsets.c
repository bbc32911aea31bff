/*
 * offsets.c
 *	  Pair risk against its definition, its extremes, and the contest against a full sort.
 */
#include <stdlib.h>
#include <string.h>

#include "offsets.h"
#include "tap.h"

static double
uniform(void)
{
	return rand() / (RAND_MAX + 1.0);
}

static void
test_pair_risk(void)
{
	PhPairRisk	risk;
	double		worst = 0;
	bool		signs = true;

	for (int k = 0; k < 100000; k++)
	{
		double		a = (uniform() - 0.5) * exp(10 * uniform());
		double		b = (2 * uniform() - 1) * fabs(a);
		double		corr = 2 * uniform() - 1;
		long double u = sqrtl((long double) a * a + (long double) b * b);
		long double n = sqrtl((long double) a * a + (long double) b * b + 2 * (long double) a * b * corr);

		ph_pair_risk(a, b, corr, &risk);
		worst = fmax(worst, fabsl(risk.uncorrelated - u) / u);
		worst = fmax(worst, fabsl(risk.net - n) / u);
		worst = fmax(worst, fabsl(risk.risk_offset - (u - n)) / u);
		worst = fmax(worst, fabsl(risk.risk_offset + 2 * (long double) a * b * corr / (u + n)) / fabs(b));
		worst = fmax(worst, fabs(risk.gross - (fabs(a) + fabs(b))) / risk.gross);
		worst = fmax(worst, fabs(risk.diversification - (risk.gross - risk.uncorrelated)) / risk.gross);
		signs = signs && (risk.risk_offset > 0) == (a * b * corr < 0);
	}
	ok(worst < 1e-15, "gross, uncorrelated, net, offset as defined (worst %g)", worst);
	ok(signs, "positive where the pair offsets");

	ph_pair_risk(3, -3, 1, &risk);
	ok(risk.net == 0, "a perfect hedge leaves exactly nothing");
	near(risk.risk_offset, 3 * sqrt(2), 1e-15, "and offsets everything");
	ph_pair_risk(1, 1, -1 + 0x1p-40, &risk);
	near(risk.net, 0x1.6a09e667f3bcdp-20, 1e-21, "a nearly perfect one keeps its digits");
	ph_pair_risk(1e300, -1e-300, 0.5, &risk);
	ok(risk.net == 1e300 && risk.risk_offset == 0, "no underflow trouble");
	ph_pair_risk(1.5e308, -1.5e308, 0.5, &risk);
	ok(isinf(risk.gross) && !isnan(risk.net) && !isnan(risk.risk_offset), "overflow is infinite, not NaN");
	ph_pair_risk(1, 1e-20, 0.5, &risk);
	near(risk.risk_offset, -0.5e-20, 1e-36, "an offset far below the risk keeps its digits");
}

#define ASSETS 150				/* more than the legs that ph_contest_row looks at in one go */

static PhComoments pairs[ASSETS * (ASSETS + 1) / 2];

static void
make_matrix(PhMatrix *m, double *s, bool complete)
{
	static double x[60][ASSETS];

	for (int t = 0; t < 60; t++)
	{
		double		common = uniform() - 0.5;

		for (int a = 0; a < ASSETS; a++)
			x[t][a] = a == 7 ? 1 : uniform() - 0.5 + (a % 3 - 1) * common;
	}
	memset(pairs, 0, sizeof(pairs));
	for (int j = 0; j < ASSETS; j++)
		for (int i = 0; i <= j; i++)
		{
			PhComoments *c = &pairs[ph_packed(i, j)];

			for (int t = 0; t < 60; t++)
				if (complete || ((t + i) % 5 != 0 && (t + j) % 5 != 0))
					ph_comoments_add(c, x[t][i], x[t][j], 1);
			if (!complete && i == 3 && j == 9)
				memset(c, 0, sizeof(*c));
			s[ph_packed(i, j)] = c->sxy;
		}
	memset(m, 0, sizeof(*m));
	m->n = ASSETS;
	m->complete = complete;
	m->w = m->w2 = 60;
	m->s = s;
	m->pair = pairs;
}

static int
full_compare(const void *p, const void *q)
{
	const double *x = p;
	const double *y = q;

	for (int k = 0; k < 3; k++)
		if (x[k] != y[k])
			return (k == 0 ? x[k] > y[k] : x[k] < y[k]) ? -1 : 1;
	return 0;
}

static void
test_contest(bool complete, bool offsetting, double minimum_corr, bool ties)
{
	static double s[ASSETS * (ASSETS + 1) / 2];
	static double mean[ASSETS];
	static double all[ASSETS * ASSETS][3];
	int			total = 0;
	PhMatrix	m;
	PhLeg		leg[ASSETS];
	int			n = 0;
	bool		all_ok = true;
	static PhPair pair[ASSETS * ASSETS];

	make_matrix(&m, s, complete);
	m.mean = m.mean_lo = mean;
	for (int a = ASSETS - 1; a >= 0; a--)
	{
		double		e = ties ? 1 : (uniform() - 0.5) * 100;

		if (ph_leg(&m, a, e, &leg[n]))
		{
			if (ties)
				leg[n].a = 1;
			n++;
		}
	}
	ok(n == ASSETS, "all assets have a volatility, a constant one that of 0");
	ok(leg[ASSETS - 8].a == (ties ? 1 : 0), "which is no risk");

	/* every pair by the definition, largest first */
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			const PhLeg *a = &leg[i];
			const PhLeg *b = &leg[j];
			const PhComoments *c = &pairs[a->number < b->number ? ph_packed(a->number, b->number) :
										  ph_packed(b->number, a->number)];
			double		corr;
			PhPairRisk	risk;

			if (i == j || fabs(a->a) < fabs(b->a) || b->a == 0 || c->w == 0 ||
				(fabs(a->a) == fabs(b->a) && a->number > b->number) ||
				!ph_corr(c, &corr) || corr == 0 || fabs(corr) < minimum_corr ||
				(a->a * b->a * corr < 0) != offsetting)
				continue;
			ph_pair_risk(a->a, b->a, corr, &risk);
			all[total][0] = fabs(risk.risk_offset);
			all[total][1] = a->number;
			all[total][2] = b->number;
			total++;
		}
	qsort(all, total, sizeof(all[0]), full_compare);

	/* each number up to 30, some beyond, and the last two, of which one is no bound */
	for (int most = 0, step; most <= total + 1; most += step)
	{
		PhContest	c = {0};

		step = most < 30 || most >= total ? 1 : total - most < total / 20 ? total - most : total / 20 + 1;

		c.m = &m;
		c.leg = leg;
		c.n = n;
		c.offsetting = offsetting;
		c.minimum_corr = minimum_corr;
		c.minimum_observations = 2;
		c.bounded = most <= total;
		c.capacity = c.bounded ? most : ASSETS * ASSETS;
		c.pair = pair;
		for (int r = 1; r < n; r++)
			ph_contest_row(&c, r);
		ph_contest_sort(&c);
		all_ok = all_ok && c.used == (most <= total ? most : total);
		for (int k = 0; k < c.used; k++)
			all_ok = all_ok && leg[c.pair[k].i].number == all[k][1] &&
				leg[c.pair[k].j].number == all[k][2];
	}
	ok(total > 5 && all_ok, "the best 0 to all of %d pairs (%s, %s, |corr| >= %g%s)", total,
	   complete ? "complete" : "pairwise", offsetting ? "offsetting" : "adding up", minimum_corr,
	   ties ? ", equal risks" : "");
}

int
main(void)
{
	srand(7);
	test_pair_risk();
	for (int k = 0; k < 16; k++)
		test_contest(k & 1, k & 2, k & 4 ? 0.2 : 0, k & 8);
	return done();
}
