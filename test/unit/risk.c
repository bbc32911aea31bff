/*
 * risk.c
 *	  The quadratic form and its parts, matrices that are not positive semi-definite, tails.
 */
#include <stdlib.h>
#include <string.h>

#include "risk.h"
#include "tap.h"

#define ASSETS 4

static double s[ASSETS * (ASSETS + 1) / 2];

/* Variances 1, 4, 9, 16 and the correlations given, in complete form with 11 observations. */
static void
make_matrix(PhMatrix *m, double r01, double r02, double r12)
{
	static double zero[ASSETS];
	double		r[ASSETS][ASSETS] = {{1, r01, r02, 0}, {0, 1, r12, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};

	memset(m, 0, sizeof(*m));
	m->n = ASSETS;
	m->complete = true;
	m->w = m->w2 = 11;
	m->mean = m->mean_lo = zero;
	m->s = s;
	for (int j = 0; j < ASSETS; j++)
		for (int i = 0; i <= j; i++)
			s[ph_packed(i, j)] = 10 * r[i][j] * (i + 1) * (j + 1);
}

static bool
risk_of(const PhMatrix *m, const double *e, PhLeg *leg, PhSum *others, double *scale,
		PhRisk *risk)
{
	for (int i = 0; i < ASSETS; i++)
		ph_leg(m, i, e[i], &leg[i]);
	*scale = ph_risk_scale(leg, ASSETS);
	memset(others, 0, ASSETS * sizeof(PhSum));
	for (int i = 0; i < ASSETS && *scale > 0; i++)
		ph_risk_row(m, leg, i, *scale, others);
	return ph_risk(leg, ASSETS, ASSETS, others, *scale, risk);
}

static void
test_risk(void)
{
	static const double e[ASSETS] = {100, -30, 20, 5};
	static const double flat[ASSETS] = {0, 0, 0, 0};
	static const double hedged[ASSETS] = {100, -50, 0, 0};
	static const double huge[ASSETS] = {1e300, -3e299, 2e299, 5e298};
	static const double twins[ASSETS] = {2, -1, 1e-9, 0};
	PhMatrix	m;
	PhLeg		leg[ASSETS];
	PhSum		others[ASSETS];
	double		scale;
	PhRisk		risk;
	PhRisk		up;
	double		sum = 0;

	/* a = 100, -60, 60, 20: a'Ra = 10000 + 3600 + 3600 + 400 - 6000 + 2400 - 1440 */
	make_matrix(&m, 0.5, 0.2, 0.2);
	ok(risk_of(&m, e, leg, others, &scale, &risk), "a portfolio has a net risk");
	near(risk.gross, 240, 1e-12, "gross");
	near(risk.uncorrelated, sqrt(17600), 1e-12, "uncorrelated");
	near(risk.net, sqrt(12560), 1e-12, "net");
	near(risk.diversification, 240 - sqrt(17600), 1e-12, "diversification");
	near(risk.risk_offset, sqrt(17600) - sqrt(12560), 1e-12, "risk_offset");
	for (int i = 0; i < ASSETS; i++)
	{
		double		bumped[ASSETS];
		double		marginal = ph_marginal_risk(&leg[i], &others[i], scale, risk.net);
		PhLeg		other[ASSETS];
		PhSum		other_sums[ASSETS];
		double		other_scale;

		sum += e[i] * marginal;
		memcpy(bumped, e, sizeof(bumped));
		bumped[i] += 1e-4;
		risk_of(&m, bumped, other, other_sums, &other_scale, &up);
		near((up.net - risk.net) / 1e-4, marginal, 1e-5, "marginal risk of %d is a derivative", i);
	}
	near(sum, risk.net, 1e-12, "contributions sum to net risk");

	ok(risk_of(&m, flat, leg, others, &scale, &risk) && risk.net == 0 && risk.gross == 0 &&
	   risk.risk_offset == 0, "a flat portfolio has no risk");
	ok(risk_of(&m, huge, leg, others, &scale, &risk), "huge exposures");
	near(risk.net / 1e298, sqrt(12560), 1e-10, "do not overflow");

	/* perfectly correlated, hedged: 0, not the root of a rounding error below 0 */
	make_matrix(&m, 1, 0, 0);
	ok(risk_of(&m, hedged, leg, others, &scale, &risk) && risk.net == 0, "a perfect hedge leaves 0");
	near(risk.risk_offset, 100 * sqrt(2), 1e-12, "and offsets it all");
	ok(risk_of(&m, twins, leg, others, &scale, &risk), "a perfect hedge and next to nothing");
	near(risk.net, 3e-9, 1e-17, "is next to nothing");

	/* correlations 0.9, 0.9, -0.9 cannot be */
	make_matrix(&m, 0.9, 0.9, -0.9);
	{
		static const double against[ASSETS] = {-6, 3, 2, 0};

		ok(!risk_of(&m, against, leg, others, &scale, &risk), "a negative form is no risk");
		ok(isnan(risk.net) && isnan(risk.risk_offset) && risk.uncorrelated > 0 &&
		   risk.diversification > 0, "what does not depend on it stays");
	}
	/* undefined correlations count as 0 */
	make_matrix(&m, 0.5, 0.2, 0.2);
	m.complete = false;
	{
		PhComoments pair[ASSETS * (ASSETS + 1) / 2];

		memset(pair, 0, sizeof(pair));
		for (int j = 0; j < ASSETS; j++)
		{
			PhComoments *own = &pair[ph_packed(j, j)];

			own->w = own->w2 = 11;
			own->syy = own->sxx = own->sxy = 10 * (j + 1) * (j + 1);
		}
		m.pair = pair;
		risk_of(&m, e, leg, others, &scale, &risk);
		near(risk.net, risk.uncorrelated, 1e-12, "assets never seen together count as uncorrelated");
		near(risk.risk_offset, 0, 0, "and offset nothing");
	}
}

/*
 * Legs of very different size, against uncorrelated² − net² and gross² − uncorrelated² summed in
 * long double.
 */
static void
test_sizes(void)
{
	static const double tiny[ASSETS] = {1, 0, 0, 0};
	PhMatrix	m;
	PhLeg		leg[ASSETS];
	PhSum		others[ASSETS];
	double		scale;
	PhRisk		risk;
	double		worst = 0;
	double		worst_diversification = 0;
	bool		all = true;

	for (int round = 0; round < 3000; round++)
	{
		double		e[ASSETS];
		double		r[3];
		long double form = 0;
		long double squares = 0;
		long double products = 0;
		long double gross = 0;
		long double terms = 0;
		long double net;

		for (int i = 0; i < 3; i++)
			r[i] = rand() / (RAND_MAX + 1.0) - 0.5;
		make_matrix(&m, r[0], r[1], r[2]);
		for (int i = 0; i < ASSETS; i++)
			e[i] = (rand() / (RAND_MAX + 1.0) - 0.5) *
				pow(10, (round % 150) * (rand() / (RAND_MAX + 1.0) - 0.5));
		all = risk_of(&m, e, leg, others, &scale, &risk) && all;
		for (int i = 0; i < ASSETS; i++)
		{
			long double a = (long double) leg[i].a / scale;

			squares += a * a;
			products += 2 * gross * fabsl(a);
			gross += fabsl(a);
			for (int j = 0; j < i; j++)
			{
				long double term = 2 * a * (leg[j].a / scale);
				double		corr;
				double		n;

				ph_leg_corr(&m, &leg[i], &leg[j], &corr, &n);
				form += term * corr;
				terms += fabsl(term * corr);
			}
		}
		net = sqrtl(squares + form);
		worst = fmax(worst, fabsl(risk.risk_offset - scale * (-form / (sqrtl(squares) + net))) /
					 (scale * terms / (sqrtl(squares) + net)));
		worst_diversification =
			fmax(worst_diversification,
				 fabsl(risk.diversification / (scale * (products / (gross + sqrtl(squares)))) - 1));
	}
	ok(all, "portfolios of legs over up to 150 decades have a net risk");
	ok(worst < 1e-15, "risk_offset keeps its digits (worst %g)", worst);
	ok(worst_diversification < 1e-15, "so does diversification (worst %g)", worst_diversification);

	/* as the pair has it, of which this is the whole portfolio */
	make_matrix(&m, -0.5, 0, 0);
	worst = 0;
	for (int decade = 0; decade <= 300; decade++)
	{
		double		e[ASSETS] = {pow(10, decade), 1, 0, 0};
		PhPairRisk	pair;

		risk_of(&m, e, leg, others, &scale, &risk);
		ph_pair_risk(leg[0].a, leg[1].a, -0.5, &pair);
		worst = fmax(worst, fabs(risk.risk_offset / pair.risk_offset - 1));
		worst = fmax(worst, fabs(risk.diversification / pair.diversification - 1));
		worst = fmax(worst, fabs(risk.net / pair.net - 1));
	}
	ok(worst < 1e-15, "a portfolio of two is a pair, over 300 decades (worst %g)", worst);
	risk_of(&m, tiny, leg, others, &scale, &risk);
	ok(risk.risk_offset == 0 && !signbit(risk.risk_offset) && risk.diversification == 0,
	   "a single leg has an offset of 0, not -0");
}

static int
by_value(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

static void
test_history(void)
{
	static const double gaps[9] = {1, 2, NAN, 4, 5, 6, INFINITY, 8, 9};
	static double x[1000];
	static double sorted[1000];
	double		sum[9];
	bool		all = true;

	ok(ph_window_sums(gaps, 9, 1, sum) == 7 && sum[2] == 4, "windows of one bar");
	ok(ph_window_sums(gaps, 9, 2, sum) == 4 && sum[0] == 3 && sum[1] == 9 && sum[2] == 11 &&
	   sum[3] == 17, "windows of two, none over a gap");
	ok(ph_window_sums(gaps, 9, 3, sum) == 1 && sum[0] == 15, "one window of three");
	ok(ph_window_sums(gaps, 9, 4, sum) == 0 && ph_window_sums(gaps, 9, 10, NULL) == 0 &&
	   ph_window_sums(gaps, 0, 1, NULL) == 0, "none of four, of more than there are, of nothing");
	sum[0] = 1e300;
	sum[1] = -1e300;
	sum[2] = 1;
	sum[3] = 2;
	{
		double		after[3];

		ph_window_sums(sum, 4, 2, after);
		ok(after[2] == 3, "a large element leaves no trace");
	}
	for (int i = 0; i < 1000; i++)
		x[i] = i % 97 == 5 ? NAN : i % 89;
	for (int h = 1; h <= 100; h++)
	{
		static double got[1000];
		int			windows = ph_window_sums(x, 1000, h, got),
					k = 0;

		/* whole numbers, whose sums are exact in any order */
		for (int i = 0; i + h <= 1000; i++)
		{
			double		want = 0;

			for (int j = i; j < i + h; j++)
				want += x[j];
			if (!isnan(want))
				all = all && k < windows && got[k++] == want;
		}
		all = all && k == windows && windows == ph_window_sums(x, 1000, h, NULL);
	}
	ok(all, "windows of 1 to 100 among 1,000 elements with gaps, each summed anew");

	for (int i = 0; i < 1000; i++)
		x[i] = rand() / (RAND_MAX + 1.0) - 0.5;
	for (int n = 1; n <= 1000; n += 1 + n / 7)
		for (int percent = 1; percent < 100; percent++)
		{
			int			k = ((100 - percent) * n + 99) / 100;
			double		m = (100 - percent) * n / 100.0;
			double		mean = 0;

			memcpy(sorted, x, n * sizeof(double));
			qsort(sorted, n, sizeof(double), by_value);
			for (int i = 0; i < k - 1; i++)
				mean += sorted[i];
			mean = m < 1 ? sorted[0] : (mean + (m - (k - 1)) * sorted[k - 1]) / m;
			all = all && ph_value_at_risk(sorted, n, percent / 100.0) == -sorted[k - 1];
			all = all && fabs(ph_expected_shortfall(sorted, n, percent / 100.0) + mean) < 1e-14;
		}
	ok(all, "value at risk and expected shortfall, every level in percent, 1 to 1000 windows");
	{
		/* two losses of 100 in 250: no jump where the third of the worst comes in */
		double		x[250] = {-100, -100};

		near(ph_expected_shortfall(x, 250, 0.992), 100, 1e-12, "two worst of two");
		near(ph_expected_shortfall(x, 250, 0.9919), 200 / (0.0081 * 250), 1e-10,
			 "a little of a third");
	}
	sum[0] = 0;
	ok(!signbit(ph_value_at_risk(sum, 1, 0.99)), "no loss is 0, not -0");
}

int
main(void)
{
	srand(11);
	test_risk();
	test_sizes();
	test_history();
	return done();
}
