/*
 * margin.c
 *	  Margin against a plain derivation in long double on random books, with and without the alternative
 *	  and the floors, with buckets correlated leg by leg or not known; contributions and pairs that sum; what must not change a margin; spreads by hand.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "allocation.h"
#include "margin.h"
#include "random.h"
#include "tap.h"

#define MOST 24

typedef struct Book
{
	int			n;
	int			buckets;
	int			first[MOST + 1];
	double		ws[MOST];
	double		rho[MOST * MOST];
	double		gamma[MOST * MOST];
	bool		by_leg[MOST * MOST];
	double		work[PH_SCENARIOS * 5 * MOST];
	PhMargin	m;
} Book;

static void
evaluate(Book *b)
{
	memset(&b->m, 0, sizeof(b->m));
	b->m.n = b->n;
	b->m.buckets = b->buckets;
	b->m.ws = b->ws;
	b->m.first = b->first;
	b->m.rho = b->rho;
	b->m.gamma = b->gamma;
	b->m.by_leg = b->by_leg;
	ph_margin(&b->m, b->work);
}

static double
either(void)
{
	return 2 * uniform() - 1;
}

/*
 * Correlations of any sign; tight ones, whose matrix need not be one of correlations, unknown ones, and
 * buckets correlated leg by leg, if wild.
 */
static void
make(Book *b, bool wild)
{
	bool		beyond = wild && uniform() < 0.5;

	b->n = 1 + (int) (uniform() * (MOST - 1));
	b->buckets = 1 + (int) (uniform() * fmin(b->n, 5));
	b->first[0] = 0;
	for (int k = 1; k < b->buckets; k++)
		b->first[k] = b->first[k - 1] + (int) (uniform() * (b->n - b->first[k - 1]));
	b->first[b->buckets] = b->n;
	for (int i = 0; i < b->n; i++)
	{
		b->ws[i] = either() * 1e6;
		for (int j = 0; j <= i; j++)
			b->rho[i * b->n + j] = b->rho[j * b->n + i] = i == j ? 1 : wild ? either() : 0.3 + 0.3 * uniform();
	}
	memset(b->by_leg, 0, sizeof(b->by_leg));
	for (int i = 0; i < b->buckets; i++)
		for (int j = 0; j <= i; j++)
		{
			bool		by_leg = beyond && i != j && uniform() < 0.25;

			b->gamma[i * b->buckets + j] = b->gamma[j * b->buckets + i] =
				!wild ? 0.2 : beyond && uniform() < 0.2 ? NAN : either();
			b->by_leg[i * b->buckets + j] = b->by_leg[j * b->buckets + i] = by_leg;
		}
	for (int i = 0; beyond && i < b->n; i++)
		for (int j = 0; j < i; j++)
			if (uniform() < 0.1)
				b->rho[i * b->n + j] = b->rho[j * b->n + i] =
					(b->ws[i] < 0) == (b->ws[j] < 0) ? PH_ADD_UP : -PH_ADD_UP;
}

static long double
moved(long double r, PhScenario s)
{
	if (fabsl(r) > 1)
		return r > 0 ? 1 : -1;	/* unknown */
	if (s == PH_HIGH)
		return fmaxl(fminl(1.25L * r, 1), -1);
	if (s == PH_LOW)
		return fmaxl(2 * r - 1, 0.75L * r);
	return r;
}

/* The text of MAR21.4 and 21.6, as it stands, and what is beyond it. */
static double
plain(const Book *b, PhScenario s, bool *alternative)
{
	long double k2[MOST];
	long double sum[MOST];
	long double total = 0;

	for (int q = 0; q < b->buckets; q++)
	{
		k2[q] = sum[q] = 0;
		for (int i = b->first[q]; i < b->first[q + 1]; i++)
		{
			sum[q] += b->ws[i];
			for (int j = b->first[q]; j < b->first[q + 1]; j++)
			{
				long double r = i == j ? 1 : moved(b->rho[i * b->n + j], s);

				k2[q] += r * b->ws[i] * b->ws[j];
			}
		}
		if (k2[q] < 0)
			k2[q] = 0;
	}
	*alternative = false;
	for (int turn = 0; turn < 2; turn++)
	{
		total = 0;
		for (int q = 0; q < b->buckets; q++)
		{
			total += k2[q];
			for (int c = 0; c < b->buckets; c++)
			{
				double		g = b->gamma[q * b->buckets + c];

				if (c == q)
					continue;
				if (b->by_leg[q * b->buckets + c])
				{
					for (int i = b->first[q]; i < b->first[q + 1]; i++)
						for (int j = b->first[c]; j < b->first[c + 1]; j++)
							total += moved(b->rho[i * b->n + j], s) * b->ws[i] * b->ws[j];
				}
				else if (isnan(g))
					total += sqrtl(k2[q]) * sqrtl(k2[c]);
				else
					total += moved(g, s) * sum[q] * sum[c];
			}
		}
		if (total >= 0 || turn == 1)
			break;
		*alternative = true;
		for (int q = 0; q < b->buckets; q++)
			sum[q] = fmaxl(fminl(sum[q], sqrtl(k2[q])), -sqrtl(k2[q]));
	}
	return total > 0 ? (double) sqrtl(total) : 0;
}

static int
bucket_of(const Book *b, int i)
{
	int			q = 0;

	while (b->first[q + 1] <= i)
		q++;
	return q;
}

static void
against_the_text(void)
{
	double		worst = 0;
	double		sums = 0;
	double		pairs = 0;
	double		slopes = 0;
	int			alternatives = 0;
	int			floors = 0;
	int			differ = 0;
	bool		bounds = true;
	bool		monotone = true;
	bool		largest = true;

	for (int round = 0; round < rounds(4000); round++)
	{
		Book		b;

		make(&b, round % 2);
		evaluate(&b);
		for (int s = 0; s < PH_SCENARIOS; s++)
		{
			bool		alternative;
			double		want = plain(&b, s, &alternative);
			double		c[MOST];
			double		sum = 0;
			double		all = 0;

			worst = fmax(worst, fabs(b.m.net[s] - want) / b.m.gross);
			differ += alternative != b.m.alternative[s];
			alternatives += alternative;
			floors += b.m.floored[s];
			bounds &= b.m.net[s] >= 0 && b.m.net[s] <= b.m.gross;
			largest &= b.m.net[s] <= b.m.net[b.m.worst];

			ph_margin_contributions(&b.m, s, c);
			for (int i = 0; i < b.n; i++)
			{
				int			q = bucket_of(&b, i);
				double		half = 0;

				sum += c[i];
				for (int j = 0; j < b.n; j++)
					if (j != i)
						half += ph_margin_pair(&b.m, s, i, q, j, bucket_of(&b, j)) / 2;
				all = b.m.net[s] > 0 && b.m.k[s * b.buckets + q] > 0 ? b.ws[i] * b.ws[i] / b.m.net[s] : 0;
				pairs = fmax(pairs, fabs(all + half - c[i]) / fmax(b.m.gross, fabs(c[i])));
			}
			sums = fmax(sums, fabs(sum - b.m.net[s]) / b.m.gross);

			/* ∂net/∂WS by a small change, where nothing switches on the way */
			if (b.m.net[s] > 0.05 * b.m.gross)
			{
				int			i = round % b.n;
				double		step = 1e-4 * fabs(b.ws[i]);
				Book		up = b;
				Book		down = b;

				up.ws[i] += step;
				down.ws[i] -= step;
				evaluate(&up);
				evaluate(&down);
				if (up.m.alternative[s] == b.m.alternative[s] && down.m.alternative[s] == b.m.alternative[s] &&
					up.m.floored[s] == b.m.floored[s] && down.m.floored[s] == b.m.floored[s] && !b.m.alternative[s])
					slopes = fmax(slopes, fabs((up.m.net[s] - down.m.net[s]) / (2 * step) * b.ws[i] - c[i]) / b.m.gross);
			}
		}
		for (int i = 1; i <= 10; i++)
			monotone &= ph_margin_granted(b.m.gross, b.m.net[b.m.worst], i / 10.0) <=
				ph_margin_granted(b.m.gross, b.m.net[b.m.worst], (i - 1) / 10.0) &&
				ph_margin_granted(b.m.gross, b.m.net[b.m.worst], i / 10.0) >= b.m.net[b.m.worst];
		bounds &= b.m.silo <= b.m.gross && b.m.uncorrelated <= b.m.gross;
	}
	near(worst, 0, 1e-7, "net margins as the text has them, of gross; roots of what cancels included");
	ok(differ == 0, "and the alternative where it has it");
	ok(alternatives > 100 && floors > 100, "alternatives and floors were met (%d, %d)", alternatives, floors);
	near(sums, 0, 1e-12, "contributions sum to the margin, of gross");
	near(pairs, 0, 1e-11, "a position's contribution is its square and half of its pairs");
	near(slopes, 0, 1e-5, "contributions are derivatives");
	ok(bounds, "0 <= net, silo, uncorrelated <= gross");
	ok(monotone, "the margin falls, or stays, as the share granted rises, from gross to net");
	ok(largest, "worst is the largest");
}

/* The alternative's derivative, with the bucket's sum at K, inside, and at −K. */
static void
derivative_of_the_alternative(void)
{
	double		most = 0;
	int			met = 0;

	for (int round = 0; round < rounds(4000); round++)
	{
		Book		b;
		Book		up;
		Book		down;
		double		c[MOST];
		int			i;
		double		step;

		make(&b, true);
		i = round % b.n;
		evaluate(&b);
		for (int s = 0; s < PH_SCENARIOS; s++)
		{
			if (!b.m.alternative[s] || b.m.floored[s] || b.m.net[s] < 0.05 * b.m.gross)
				continue;
			step = 1e-5 * fabs(b.ws[i]);
			up = down = b;
			up.ws[i] += step;
			down.ws[i] -= step;
			evaluate(&up);
			evaluate(&down);
			if (!up.m.alternative[s] || !down.m.alternative[s] || up.m.floored[s] || down.m.floored[s])
				continue;
			/* a kink lies between if the two sides differ in which buckets are bounded */
			bool		kink = false;
			for (int q = 0; q < b.buckets; q++)
				kink |= (fabs(up.m.s[s * b.buckets + q]) < up.m.k[s * b.buckets + q]) !=
					(fabs(down.m.s[s * b.buckets + q]) < down.m.k[s * b.buckets + q]);
			if (kink)
				continue;
			ph_margin_contributions(&b.m, s, c);
			most = fmax(most, fabs((up.m.net[s] - down.m.net[s]) / (2 * step) * b.ws[i] - c[i]) / b.m.gross);
			met++;
		}
	}
	ok(met > 20, "alternatives that can be differentiated: %d", met);
	near(most, 0, 1e-5, "contributions are derivatives there, too");
}

static void
invariance(void)
{
	double		scaled = 0;
	double		permuted = 0;
	double		split = 0;
	double		renamed = 0;
	double		undivided = 0;

	for (int round = 0; round < rounds(1000); round++)
	{
		Book		b;
		Book		o;

		do
			make(&b, false);
		while (b.n == MOST || b.first[1] < 2);
		evaluate(&b);

		o = b;
		for (int i = 0; i < b.n; i++)
			o.ws[i] = b.ws[i] * 8 * (round % 3 ? 1 : -1);
		evaluate(&o);
		for (int s = 0; s < PH_SCENARIOS; s++)
			scaled = fmax(scaled, fabs(o.m.net[s] - 8 * b.m.net[s]));

		/* the first two legs of the first bucket change places */
		o = b;
		for (int i = 0; i < b.n; i++)
			for (int j = 0; j < b.n; j++)
				o.rho[i * b.n + j] = b.rho[(i < 2 ? 1 - i : i) * b.n + (j < 2 ? 1 - j : j)];
		o.ws[0] = b.ws[1];
		o.ws[1] = b.ws[0];
		evaluate(&o);
		for (int s = 0; s < PH_SCENARIOS; s++)
			permuted = fmax(permuted, fabs(o.m.net[s] - b.m.net[s]) / b.m.gross);

		/* the first leg in two parts, correlated by 1 */
		o = b;
		o.n = b.n + 1;
		for (int q = 1; q <= b.buckets; q++)
			o.first[q]++;
		for (int i = 0; i < o.n; i++)
		{
			o.ws[i] = b.ws[i > 0 ? i - 1 : 0];
			for (int j = 0; j < o.n; j++)
				o.rho[i * o.n + j] = b.rho[(i > 0 ? i - 1 : 0) * b.n + (j > 0 ? j - 1 : 0)];
		}
		o.ws[0] = 0.3 * b.ws[0];
		o.ws[1] = 0.7 * b.ws[0];
		evaluate(&o);
		for (int s = 0; s < PH_SCENARIOS; s++)
			split = fmax(split, fabs(o.m.net[s] - b.m.net[s]) / b.m.gross);

		/* an empty bucket more */
		o = b;
		o.buckets = b.buckets + 1;
		o.first[o.buckets] = b.n;
		for (int i = 0; i < o.buckets; i++)
			for (int j = 0; j < o.buckets; j++)
				o.gamma[i * o.buckets + j] = i < b.buckets && j < b.buckets ? b.gamma[i * b.buckets + j] : 0.9;
		evaluate(&o);
		for (int s = 0; s < PH_SCENARIOS; s++)
			renamed = fmax(renamed, fabs(o.m.net[s] - b.m.net[s]) / b.m.gross);

		/* buckets correlated leg by leg, and no buckets */
		for (int i = 0; i < b.n; i++)
			for (int j = 0; j < i; j++)
				b.rho[i * b.n + j] = b.rho[j * b.n + i] = 0.7 * sin(i) * sin(j);
		o = b;
		for (int i = 0; i < b.buckets * b.buckets; i++)
			b.by_leg[i] = true;
		o.buckets = 1;
		o.first[1] = b.n;
		evaluate(&b);
		evaluate(&o);
		for (int s = 0; s < PH_SCENARIOS; s++)
		{
			double		c[MOST];
			double		d[MOST];

			ph_margin_contributions(&b.m, s, c);
			ph_margin_contributions(&o.m, s, d);
			undivided = fmax(undivided, fabs(o.m.net[s] * o.m.net[s] - b.m.net[s] * b.m.net[s]) / (b.m.gross * b.m.gross));
			for (int i = 0; i < b.n && b.m.net[s] > 0.1 * b.m.gross; i++)
				undivided = fmax(undivided, fabs(c[i] - d[i]) / b.m.gross);
		}
	}
	near(undivided, 0, 1e-13, "buckets correlated leg by leg are no buckets, contributions included");
	ok(scaled == 0, "all sensitivities times 8, or -8: 8 times the margin, exactly");
	near(permuted, 0, 1e-14, "legs in another order");
	near(split, 0, 1e-13, "a leg in two parts");
	near(renamed, 0, 0, "an empty bucket");
}

/* Two buckets: 30, −40 at ρ = 0.5; 20; γ = 0.25. */
static void
by_hand(void)
{
	Book		b = {.n = 3, .buckets = 2, .first = {0, 2, 3}, .ws = {30, -40, 20},
	.rho = {1, 0.5, 0, 0.5, 1, 0, 0, 0, 1}, .gamma = {1, 0.25, 0.25, 1}};
	double		c[3];

	evaluate(&b);
	/* K1² = 900 + 1600 − 1200 = 1300, S1 = −10, K2 = S2 = 20: 1300 + 400 − 2·0.25·200 = 1600 */
	near(b.m.net[PH_MEDIUM], 40, 1e-12, "medium: √1600");
	/* ρ 0.625, γ 0.3125: 2500 − 1500 + 400 − 125 */
	near(b.m.net[PH_HIGH], sqrt(1275), 1e-12, "high: √1275");
	/* ρ max(0, 0.375), γ max(−0.5, 0.1875): 2500 − 900 + 400 − 75 */
	near(b.m.net[PH_LOW], sqrt(1925), 1e-12, "low: √1925");
	ok(b.m.worst == PH_LOW, "low is the worst");
	near(b.m.gross, 90, 0, "gross");
	near(b.m.silo, 40 + 20, 1e-12, "silo: K1 at low correlations is √1600, and 20");
	near(b.m.uncorrelated, sqrt(900 + 1600 + 400), 1e-12, "uncorrelated");
	ph_margin_contributions(&b.m, PH_MEDIUM, c);
	/* 30·(30 − 20 + 5)/40, −40·(−40 + 15 + 5)/40, 20·(20 − 2.5)/40 */
	near(c[0], 11.25, 1e-12, "contribution of 30");
	near(c[1], 20, 1e-12, "of -40");
	near(c[2], 8.75, 1e-12, "of 20");
	near(ph_margin_pair(&b.m, PH_MEDIUM, 0, 0, 1, 0), -30, 1e-12, "pair in a bucket: 2·0.5·30·(−40)/40");
	near(ph_margin_pair(&b.m, PH_MEDIUM, 1, 0, 2, 1), -10, 1e-12, "pair across: 2·0.25·(−40)·20/40");
	near(ph_margin_granted(90, 40, 0.8), 50, 1e-12, "80 %% of a credit of 50");

	/* a total under the root below zero: two buckets whose legs hedge each other, their sums opposed */
	Book		n = {.n = 4, .buckets = 2, .first = {0, 2, 4}, .ws = {10, 10, 10, 10},
	.rho = {1, -0.9, 0, 0, -0.9, 1, 0, 0, 0, 0, 1, -0.9, 0, 0, -0.9, 1}, .gamma = {1, -0.5, -0.5, 1}};

	evaluate(&n);
	/* K² = 20 each, S = 20 each: 40 − 400 < 0; alternative S = √20: 40 − 20 */
	ok(n.m.alternative[PH_MEDIUM] && !n.m.floored[PH_MEDIUM], "the alternative");
	near(n.m.net[PH_MEDIUM], sqrt(20), 1e-12, "√(40 − 2·0.5·20)");

	near(ph_scenario(PH_HIGH, 0.9), 1, 0, "high is not above 1");
	near(ph_scenario(PH_HIGH, -0.9), -1, 0, "nor below -1");
	near(ph_scenario(PH_HIGH, 0.4), 0.5, 0, "high: 1.25 times");
	near(ph_scenario(PH_LOW, 0.9), 0.8, 1e-15, "low: 2·0.9 - 1");
	near(ph_scenario(PH_LOW, 0.4), 0.3, 1e-15, "low: 0.75·0.4");
	near(ph_scenario(PH_LOW, -0.4), -0.3, 1e-15, "low of a negative correlation");
	for (int s = 0; s < PH_SCENARIOS; s++)
		ok(ph_scenario(s, PH_ADD_UP) == 1 && ph_scenario(s, -PH_ADD_UP) == -1, "what adds up does so in scenario %d", s);

	/* two buckets of unknown correlation, hedged inside: K = √(2·100²) each, and their sum */
	Book		u = {.n = 4, .buckets = 2, .first = {0, 2, 4}, .ws = {100, -100, 100, -100},
	.rho = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, .gamma = {1, NAN, NAN, 1}};

	evaluate(&u);
	near(u.m.net[PH_LOW], 2 * sqrt(20000), 1e-12, "unknown: the buckets add up");
}

static void
extremes(void)
{
	Book		b = {.n = 0, .buckets = 0};
	double		unit;

	evaluate(&b);
	ok(b.m.net[PH_LOW] == 0 && b.m.gross == 0 && b.m.silo == 0, "nothing");
	make(&b, false);
	evaluate(&b);
	unit = b.m.net[PH_HIGH];
	for (int i = 0; i < b.n; i++)
		b.ws[i] = ldexp(b.ws[i], 900);
	evaluate(&b);
	ok(b.m.net[PH_HIGH] == ldexp(unit, 900), "no square overflows");
	for (int i = 0; i < b.n; i++)
		b.ws[i] = ldexp(b.ws[i], -1800);
	evaluate(&b);
	ok(b.m.net[PH_HIGH] == ldexp(unit, -900), "or vanishes");
}

/* Rows of rho from those of many assets, and what offsets in them without being credited. */
static void
rows(void)
{
	enum
	{
		ASSETS = 200
	};
	double		row[ASSETS];
	uint32_t	credited[ASSETS / 32 + 1];
	int			place[MOST];
	double		ws[MOST];
	double		rho[MOST];
	bool		looked_up = true;
	bool		withheld = true;

	for (int t = 0; t < 2000; t++)
	{
		int			n = (int) (uniform() * (MOST + 1));
		bool		missing = false;
		bool		all;
		double		own = either();
		double		instead = uniform() < 0.5 ? 0 : -1;
		int			pairs = 0;
		int			found;

		for (int i = 0; i < ASSETS; i++)
			row[i] = uniform() < 0.01 ? 3 : uniform() < 0.1 ? 0 : uniform() < 0.1 ? NAN : uniform() < 0.1 ? -PH_ADD_UP : either();
		for (int i = 0; i <= ASSETS / 32; i++)
			credited[i] = (uint32_t) (uniform() * 4294967296.0);
		for (int j = 0; j < n; j++)
		{
			place[j] = (int) (uniform() * ASSETS);
			ws[j] = either() * (uniform() < 0.1 ? 1e-300 : uniform() < 0.1 ? 1e300 : 1);
			missing |= row[place[j]] == 3;
		}
		all = ph_margin_look_up(row, place, n, 3, rho);
		looked_up &= all == !missing;
		for (int j = 0; j < n; j++)
			looked_up &= memcmp(&rho[j], &row[place[j]], sizeof(double)) == 0;
		found = ph_margin_withhold(credited, place, ws, n, own, instead, rho);
		for (int j = 0; j < n; j++)
		{
			double		one = row[place[j]];
			bool		offsets = (own < 0) == (ws[j] < 0) ? one < 0 : one > 0;

			if (offsets && (credited[place[j] / 32] & (uint32_t) 1 << place[j] % 32) == 0)
			{
				one *= instead;
				pairs++;
			}
			withheld &= rho[j] == one || (isnan(rho[j]) && isnan(one));
		}
		withheld &= found == pairs;
	}
	ok(looked_up, "a leg's row is made of those of many assets, and an unknown one in it is told");
	ok(withheld, "of pairs that offset those without a credit have what stands instead, as often as it says");
}

static void
spreads(void)
{
	/* long 2 corn, short 1 soybeans: one spread of 2:1 */
	int			leg[3] = {0, 1, 2};
	double		ratio[3] = {2, 1, 1};
	double		left[3] = {4, 3, 9};

	near(ph_consume(leg, ratio, 2, left), 2, 0, "the lesser leg bounds");
	ok(left[0] == 0 && left[1] == 1 && left[2] == 9, "and is used up");
	near(ph_consume(leg, ratio, 2, left), 0, 0, "nothing is left for another");
	left[0] = 0.3;
	ratio[0] = 0.1;
	near(ph_consume(leg, ratio, 3, left), 1, 0, "three legs, the second bounds");
	ok(left[0] >= 0 && left[0] < 0.21 && left[1] == 0 && left[2] == 8, "what is left");
}

int
main(void)
{
	by_hand();
	against_the_text();
	derivative_of_the_alternative();
	invariance();
	extremes();
	rows();
	spreads();
	return done();
}
