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

static inline bool
by_leg(const PhMargin *p, int b, int c)
{
	return p->by_leg && p->by_leg[(size_t) b * p->buckets + c];
}

static inline void
add_all(double *restrict sums, const double *restrict part, int n)
{
	for (int k = 0; k < n; k++)
		sums[k] += part[k];
}

/*
 * Adds Σ_l ρ_kl·WS_l, l in bucket c, of all scenarios to pull of the legs k of c, and to around of those of the
 * other buckets from b to below e.  Column by column, and all these legs in one loop, so that it adds to
 * many sums and not to one, and is long: the compiler makes vectors of it.
 */
PH_FOR_EACH_PROCESSOR
static void
pull_buckets(const PhMargin *p, int b, int e, int c, double scale, double *part)
{
	int			from = p->first[b];
	int			n = p->first[e] - from;
	double	   *low = part;
	double	   *medium = low + n;
	double	   *high = medium + n;

	memset(part, 0, PH_SCENARIOS * (size_t) n * sizeof(double));
	for (int l = p->first[c]; l < p->first[c + 1]; l++)
	{
		const double *column = p->rho + (size_t) l * p->n + from;
		double		w = p->ws[l] / scale;

		for (int k = 0; k < n; k++)
		{
			double		r = column[k];

			low[k] += ph_scenario(PH_LOW, r) * w;
			medium[k] += ph_scenario(PH_MEDIUM, r) * w;
			high[k] += ph_scenario(PH_HIGH, r) * w;
		}
	}
	for (int s = 0; s < PH_SCENARIOS; s++)
	{
		const double *sums = part + s * n - from;
		double	   *pull = p->pull + s * p->n;
		double	   *around = p->around + s * p->n;
		int			own = b <= c && c < e ? p->first[c] : from + n;
		int			after = b <= c && c < e ? p->first[c + 1] : from + n;

		add_all(around + from, sums + from, own - from);
		add_all(pull + own, sums + own, after - own);
		add_all(around + after, sums + after, from + n - after);
	}
}

/* Σ Σ X_bc. */
static void
across(const PhMargin *p, PhScenario scenario, double scale, Sum *total)
{
	const double *k = p->k + scenario * p->buckets;
	const double *s = p->s + scenario * p->buckets;

	for (int b = 0; b < p->buckets; b++)
		for (int c = 0; c < b; c++)
		{
			double		gamma = p->gamma[(size_t) b * p->buckets + c];

			if (by_leg(p, b, c))
				continue;
			if (isnan(gamma))
				add(total, 2 * (k[b] / scale) * (k[c] / scale));
			else
				add(total, 2 * ph_scenario(scenario, gamma) * (s[b] / scale) * (s[c] / scale));
		}
	if (p->by_leg)
		for (int i = 0; i < p->n; i++)
			add(total, p->ws[i] / scale * p->around[scenario * p->n + i]);
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
	across(p, scenario, scale, &total);
	if (total.hi + total.lo < 0)
	{
		p->alternative[scenario] = true;
		for (int b = 0; b < p->buckets; b++)
			s[b] = fmax(fmin(s[b], k[b]), -k[b]);
		total = squares;
		across(p, scenario, scale, &total);
	}
	net = scale * root(&total, p->n, &p->floored[scenario]);
	p->net[scenario] = fmin(net, p->gross);
}

void
ph_margin(PhMargin *p, double *work)
{
	double		scale = scale_of(p->ws, p->n);
	double		squares = 0;
	double	   *part;

	p->pull = work;
	p->around = p->pull + PH_SCENARIOS * (size_t) p->n;
	p->k = p->around + PH_SCENARIOS * (size_t) p->n;
	p->s = p->k + PH_SCENARIOS * (size_t) p->buckets;
	part = p->s + PH_SCENARIOS * (size_t) p->buckets;
	memset(p->pull, 0, 2 * PH_SCENARIOS * (size_t) p->n * sizeof(double));
	p->gross = 0;
	for (int i = 0; i < p->n; i++)
	{
		double		w = p->ws[i] / scale;

		p->gross += fabs(p->ws[i]);
		squares += w * w;
	}
	p->uncorrelated = fmin(scale * sqrt(squares), p->gross);
	for (int c = 0; c < p->buckets; c++)
		for (int b = 0, e; b < p->buckets; b = e)
		{
			bool		legs = b == c || by_leg(p, b, c);

			for (e = b + 1; e < p->buckets && (e == c || by_leg(p, e, c)) == legs; e++)
				;
			if (legs)
				pull_buckets(p, b, e, c, scale, part);
		}
	for (int s = 0; s < PH_SCENARIOS; s++)
		margin_of(p, s, scale);
	for (size_t i = 0; i < 2 * PH_SCENARIOS * (size_t) p->n; i++)
		work[i] *= scale;

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

PH_FOR_EACH_PROCESSOR
static bool
look_up(const double *row, const int *restrict place, int n, double unknown, double *restrict rho)
{
	int			all = 1;

	for (int j = 0; j < n; j++)
	{
		rho[j] = row[place[j]];
		all &= rho[j] != unknown;
	}
	return all;
}

bool
ph_margin_look_up(const double *row, const int *place, int n, double unknown, double *rho)
{
	return look_up(row, place, n, unknown, rho);
}

/* No branch depends on the sides of legs, which are not to be foreseen. */
PH_FOR_EACH_PROCESSOR
static int
withhold(const uint32_t *restrict credited, const int *restrict place, const double *restrict ws, int n,
		 double own, double instead, double *restrict rho)
{
	double		side = own < 0 ? -1 : 1;
	int			pairs = 0;

	for (int j = 0; j < n; j++)
	{
		double		one = rho[j];
		double		other = instead * one;
		int			is_credited = credited[place[j] >> 5] >> (place[j] & 31) & 1;
		int			withheld = (side * copysign(1, ws[j]) * one < 0) & (is_credited ^ 1);

		pairs += withheld;
		rho[j] = withheld ? other : one;
	}
	return pairs;
}

int
ph_margin_withhold(const uint32_t *credited, const int *place, const double *ws, int n,
				   double own, double instead, double *rho)
{
	return withhold(credited, place, ws, n, own, instead, rho);
}

double
ph_margin_granted(double gross, double net, double share)
{
	return fmax(net, gross - share * (gross - net));
}

/* κ_k, the part of K_b that is leg i's. */
static double
part_of_k(const PhMargin *p, PhScenario scenario, int i, int b)
{
	double		k = p->k[scenario * p->buckets + b];

	return k > 0 ? p->pull[scenario * p->n + i] / k * p->ws[i] : 0;
}

/* s_k, the part of S_b that is leg i's. */
static double
part_of_s(const PhMargin *p, PhScenario scenario, int i, int b)
{
	double		k = p->k[scenario * p->buckets + b];
	double		s = p->s[scenario * p->buckets + b];

	if (!p->alternative[scenario] || fabs(s) < k)
		return p->ws[i];
	return s < 0 ? -part_of_k(p, scenario, i, b) : part_of_k(p, scenario, i, b);
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
		double		unknown = 0;

		for (int a = 0; a < p->buckets; a++)
		{
			double		gamma = p->gamma[(size_t) b * p->buckets + a];

			if (a == b || by_leg(p, b, a))
				continue;
			if (isnan(gamma))
				unknown += k[a];
			else
				others += ph_scenario(scenario, gamma) * s[a];
		}
		for (int i = p->first[b]; i < p->first[b + 1]; i++)
		{
			c[i] = 0;
			if (!(net > 0))
				continue;
			if (k[b] > 0)
				c[i] = p->ws[i] * (p->pull[scenario * p->n + i] / net);
			c[i] += p->ws[i] * (p->around[scenario * p->n + i] / net);
			c[i] += part_of_s(p, scenario, i, b) * (others / net);
			if (unknown > 0)
				c[i] += part_of_k(p, scenario, i, b) * (unknown / net);
		}
	}
}

double
ph_margin_pair(const PhMargin *p, PhScenario scenario, int i, int b, int j, int c)
{
	double		net = p->net[scenario];
	double		gamma = p->gamma[(size_t) b * p->buckets + c];

	if (!(net > 0))
		return 0;
	if (b == c || by_leg(p, b, c))
		return b != c || p->k[scenario * p->buckets + b] > 0 ?
			2 * ph_scenario(scenario, p->rho[(size_t) i * p->n + j]) * p->ws[i] * (p->ws[j] / net) : 0;
	if (isnan(gamma))
		return 2 * part_of_k(p, scenario, i, b) * (part_of_k(p, scenario, j, c) / net);
	return 2 * ph_scenario(scenario, gamma) *
		part_of_s(p, scenario, i, b) * (part_of_s(p, scenario, j, c) / net);
}
