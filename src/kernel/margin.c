/*
 * margin.c
 *	  Margin of a portfolio; formulas and letters are in margin.h.
 */
#include "margin.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A sum that knows what rounding took off (D. Knuth, The Art of Computer Programming 2, 4.2.2). */
typedef struct Sum
{
	double		hi;
	double		lo;
	double		size;			/* Σ|x| */
} Sum;

static inline void
add(Sum *sum, double x)
{
	double		hi = sum->hi + x;
	double		part = hi - sum->hi;

	sum->lo += (sum->hi - (hi - part)) + (x - part);
	sum->hi = hi;
	sum->size += fabs(x);
}

/*
 * The root of a sum of at most n² products, each with its rounding; *floored if it is negative by more
 * than that.
 */
static double
root(const Sum *sum, int n, bool *floored)
{
	double		square = sum->hi + sum->lo;

	if (square > 0)
		return sqrt(square);
	if (square < -4.0 * n * DBL_EPSILON * sum->size)
		*floored = true;
	return 0;
}

/* The power of two next to the largest, so that dividing by it is exact; 1 if all are 0. */
static double
scale_of(const double *ws, int n)
{
	double		largest = 0;
	int			exponent;

	for (int i = 0; i < n; i++)
		largest = fmax(largest, fabs(ws[i]));
	if (largest == 0)
		return 1;
	(void) frexp(largest, &exponent);
	return ldexp(1, exponent - 1);
}

/*
 * (ρWS)_k of all scenarios for the legs of a bucket.  Column by column, so that the inner loop adds to
 * many sums and not to one: the compiler makes vectors of it.
 */
static void
pull_bucket(PhMargin *p, int bucket, double scale)
{
	int			from = p->first[bucket];
	int			n = p->first[bucket + 1] - from;
	double	   *low = p->pull + PH_LOW * p->n + from;
	double	   *medium = p->pull + PH_MEDIUM * p->n + from;
	double	   *high = p->pull + PH_HIGH * p->n + from;

	for (int l = 0; l < n; l++)
	{
		const double *column = p->rho + (size_t) (from + l) * p->n + from;
		double		w = p->ws[from + l] / scale;

		for (int k = 0; k < n; k++)
		{
			double		r = column[k];

			low[k] += ph_scenario(PH_LOW, r) * w;
			medium[k] += r * w;
			high[k] += ph_scenario(PH_HIGH, r) * w;
		}
	}
}

/* Σ K_b² + Σ Σ γ_bc·S_b·S_c; the squares as they came, before any root. */
static void
across(const PhMargin *p, PhScenario scenario, const double *s, double scale, Sum *total)
{
	for (int b = 0; b < p->buckets; b++)
		for (int c = 0; c < b; c++)
			add(total, 2 * ph_scenario(scenario, p->gamma[(size_t) b * p->buckets + c]) *
				(s[b] / scale) * (s[c] / scale));
}

static void
margin_of(PhMargin *p, PhScenario scenario, double scale)
{
	double	   *k = p->k + scenario * p->buckets;
	double	   *s = p->s + scenario * p->buckets;
	const double *pull = p->pull + scenario * p->n;
	Sum			squares = {0, 0, 0};
	Sum			total;
	double		net;

	p->alternative[scenario] = p->floored[scenario] = false;
	for (int b = 0; b < p->buckets; b++)
	{
		Sum			square = {0, 0, 0};
		Sum			sum = {0, 0, 0};

		for (int i = p->first[b]; i < p->first[b + 1]; i++)
		{
			add(&square, p->ws[i] / scale * pull[i]);
			add(&sum, p->ws[i] / scale);
		}
		k[b] = scale * root(&square, p->first[b + 1] - p->first[b], &p->floored[scenario]);
		s[b] = scale * (sum.hi + sum.lo);
		if (k[b] > 0)
		{
			add(&squares, square.hi);
			add(&squares, square.lo);
			squares.size += square.size;
		}
	}
	total = squares;
	across(p, scenario, s, scale, &total);
	if (total.hi + total.lo < 0)
	{
		p->alternative[scenario] = true;
		for (int b = 0; b < p->buckets; b++)
			s[b] = fmax(fmin(s[b], k[b]), -k[b]);
		total = squares;
		across(p, scenario, s, scale, &total);
	}
	net = scale * root(&total, p->n, &p->floored[scenario]);
	p->net[scenario] = fmin(net, p->gross);
}

void
ph_margin(PhMargin *p, double *work)
{
	double		scale = scale_of(p->ws, p->n);
	double		squares = 0;

	p->pull = work;
	p->k = p->pull + PH_SCENARIOS * (size_t) p->n;
	p->s = p->k + PH_SCENARIOS * (size_t) p->buckets;
	memset(p->pull, 0, PH_SCENARIOS * (size_t) p->n * sizeof(double));
	p->gross = 0;
	for (int i = 0; i < p->n; i++)
	{
		double		w = p->ws[i] / scale;

		p->gross += fabs(p->ws[i]);
		squares += w * w;
	}
	p->uncorrelated = fmin(scale * sqrt(squares), p->gross);
	for (int b = 0; b < p->buckets; b++)
		pull_bucket(p, b, scale);
	for (int s = 0; s < PH_SCENARIOS; s++)
		margin_of(p, s, scale);
	for (size_t i = 0; i < PH_SCENARIOS * (size_t) p->n; i++)
		p->pull[i] *= scale;

	p->worst = PH_HIGH;
	for (int s = PH_MEDIUM; s >= PH_LOW; s--)
		if (p->net[s] > p->net[p->worst])
			p->worst = s;
	p->silo = 0;
	for (int b = 0; b < p->buckets; b++)
		p->silo += fmax(p->k[PH_LOW * p->buckets + b],
						fmax(p->k[PH_MEDIUM * p->buckets + b], p->k[PH_HIGH * p->buckets + b]));
	p->silo = fmin(p->silo, p->gross);
}

double
ph_margin_granted(double gross, double net, double share)
{
	return fmax(net, gross - share * (gross - net));
}

/* s_k, the part of S_b that is leg i's. */
static double
share_of(const PhMargin *p, PhScenario scenario, int i, int b)
{
	double		k = p->k[scenario * p->buckets + b];
	double		s = p->s[scenario * p->buckets + b];

	if (!p->alternative[scenario] || fabs(s) < k)
		return p->ws[i];
	return k > 0 ? s / k * (p->pull[scenario * p->n + i] / k) * p->ws[i] : 0;
}

void
ph_margin_contributions(const PhMargin *p, PhScenario scenario, double *c)
{
	double		net = p->net[scenario];
	const double *k = p->k + scenario * p->buckets;
	const double *s = p->s + scenario * p->buckets;

	for (int b = 0; b < p->buckets; b++)
	{
		double		others = 0;

		for (int a = 0; a < p->buckets; a++)
			if (a != b)
				others += ph_scenario(scenario, p->gamma[(size_t) b * p->buckets + a]) * s[a];
		for (int i = p->first[b]; i < p->first[b + 1]; i++)
		{
			c[i] = 0;
			if (net > 0 && k[b] > 0)
				c[i] = p->ws[i] * (p->pull[scenario * p->n + i] / net);
			if (net > 0)
				c[i] += share_of(p, scenario, i, b) * (others / net);
		}
	}
}

double
ph_margin_pair(const PhMargin *p, PhScenario scenario, int i, int b, int j, int c)
{
	double		net = p->net[scenario];

	if (!(net > 0))
		return 0;
	if (b == c)
		return p->k[scenario * p->buckets + b] > 0 ?
			2 * ph_scenario(scenario, p->rho[(size_t) i * p->n + j]) * p->ws[i] * (p->ws[j] / net) : 0;
	return 2 * ph_scenario(scenario, p->gamma[(size_t) b * p->buckets + c]) *
		share_of(p, scenario, i, b) * (share_of(p, scenario, j, c) / net);
}
