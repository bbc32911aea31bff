/*
 * basket.c
 *	  Baskets and spreads; formulas and letters are in basket.h.
 */
#include "basket.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- baskets ---- */

/* Brings k into the regression, or takes it out again: it is its own inverse. */
static void
sweep(PhBasket *p, int k)
{
	int			m = p->m;
	double	   *row_k = p->c + (size_t) k * m;
	double		d = row_k[k];

	for (int j = 0; j < m; j++)
		row_k[j] /= d;
	for (int i = 0; i < m; i++)
	{
		double	   *row = p->c + (size_t) i * m;
		double		f = row[k];

		if (i == k)
			continue;
		for (int j = 0; j < m; j++)
			row[j] -= f * row_k[j];
		row[k] = -f / d;
	}
	row_k[k] = 1 / d;
	p->chosen[k] = !p->chosen[k];
}

void
ph_basket_begin(PhBasket *p)
{
	p->legs = 0;
	for (int j = 0; j < p->m; j++)
	{
		p->own[j] = p->c[(size_t) j * p->m + j];
		p->chosen[j] = false;
	}
}

/* The leg that takes most off, and how much; -1 if there is none. */
static int
best_leg(const PhBasket *p, double *most)
{
	int			best = -1;

	*most = 0;
	for (int j = 0; j < p->m; j++)
	{
		double		own = p->c[(size_t) j * p->m + j];
		double		gain;

		if (j == p->y || p->chosen[j] || !(own > PH_COLLINEAR * p->own[j]))
			continue;
		gain = p->c[(size_t) p->y * p->m + j] * p->c[(size_t) j * p->m + p->y] / own;
		if (gain > *most)
		{
			*most = gain;
			best = j;
		}
	}
	return best;
}

/* All baskets of so many legs: is that little work? */
static bool
searchable(int m, int legs)
{
	double		work = (double) m * m;

	if (legs < 2 || legs >= m)
		return false;
	for (int k = 1; k < legs; k++)
		work *= (double) (m - k) / k;
	return work <= PH_BASKET_WORK;
}

size_t
ph_basket_workspace(int m, int most)
{
	size_t		size = 0;

	for (int legs = 2; legs <= most && legs < m; legs++)
		if (searchable(m, legs))
			size = ((size_t) legs * m * m) * sizeof(double) + 3 * (size_t) m * sizeof(int);
	return size;
}

/* Places are y, then the others; level d holds covariances given d legs, in the upper triangle from `from` on. */
typedef struct Search
{
	int			m;
	int			legs;
	const double *own;			/* by asset */
	double	   *level;
	int		   *asset;			/* at a place */
	int		   *set;			/* places */
	int		   *best;
	double		least;
} Search;

static void
search(Search *q, int d, int from)
{
	int			m = q->m;
	const double *c = q->level + (size_t) d * m * m;

	for (int j = from; j <= m - (q->legs - d); j++)
	{
		const double *row = c + (size_t) j * m;
		double	   *next = q->level + (size_t) (d + 1) * m * m;

		if (!(row[j] > PH_COLLINEAR * q->own[q->asset[j]]))
			continue;
		q->set[d] = j;
		if (d == q->legs - 1)
		{
			double		left = c[0] - c[j] * c[j] / row[j];

			if (left < q->least)
			{
				q->least = left;
				memcpy(q->best, q->set, q->legs * sizeof(int));
			}
			continue;
		}
		next[0] = c[0] - c[j] * c[j] / row[j];
		for (int k = j + 1; k < m; k++)
			next[k] = c[k] - c[j] * row[k] / row[j];
		for (int i = j + 1; i < m; i++)
			for (int k = i; k < m; k++)
				next[(size_t) i * m + k] = c[(size_t) i * m + k] - row[i] * row[k] / row[j];
		search(q, d + 1, j + 1);
	}
}

/* The best of all baskets of as many legs, if it is better. */
static void
search_all(PhBasket *p)
{
	int			m = p->m;
	Search		q = {.m = m, .legs = p->legs, .own = p->own, .level = p->work};
	double		left = p->c[(size_t) p->y * m + p->y];

	q.asset = (int *) (q.level + (size_t) p->legs * m * m);
	q.set = q.asset + m;
	q.best = q.set + m;
	q.least = left - 1e-10 * p->own[p->y];
	q.best[0] = -1;
	q.asset[0] = p->y;
	for (int i = 0, k = 1; i < m; i++)
		if (i != p->y)
			q.asset[k++] = i;
	for (int i = 0; i < m; i++)		/* back to what it was, and forth */
		if (p->chosen[i])
			q.set[i] = 1, sweep(p, i);
		else
			q.set[i] = 0;
	for (int i = 0; i < m; i++)
		for (int k = i; k < m; k++)
			q.level[(size_t) i * m + k] = p->c[(size_t) q.asset[i] * m + q.asset[k]];
	for (int i = 0; i < m; i++)
		if (q.set[i])
			sweep(p, i);
	search(&q, 0, 1);
	if (q.best[0] < 0)
		return;
	for (int i = 0; i < m; i++)
		if (p->chosen[i])
			sweep(p, i);
	for (int k = 0; k < p->legs; k++)
		sweep(p, q.asset[q.best[k]]);
}

bool
ph_basket_add(PhBasket *p)
{
	double		gain;
	int			leg = best_leg(p, &gain);

	if (leg < 0 || gain <= DBL_EPSILON * p->own[p->y])
		return false;
	sweep(p, leg);
	p->legs++;
	for (int s = 0; s < 20 && p->legs > 1; s++)
	{
		bool		exchanged = false;

		for (int i = 0; i < p->m; i++)
		{
			double		before = p->c[(size_t) p->y * p->m + p->y];
			int			other;

			if (!p->chosen[i])
				continue;
			sweep(p, i);
			other = best_leg(p, &gain);
			if (other < 0 || p->c[(size_t) p->y * p->m + p->y] - gain >= before - 1e-10 * p->own[p->y])
				other = i;
			exchanged |= other != i;
			sweep(p, other);
		}
		if (!exchanged)
			break;
	}
	if (p->work && searchable(p->m, p->legs))
		search_all(p);
	return true;
}

/* ---- spreads ---- */

void
ph_spread_statistics(const double *x, int n, PhSpreadStatistics *out)
{
	double		scale = 0;
	double		mean = 0;
	double		squares = 0;
	double		before = 0;		/* means of the first and of the last n − 1 */
	double		after = 0;
	double		sxx = 0;
	double		sxy = 0;
	double		syy = 0;

	out->mean = out->volatility = out->z_score = out->persistence = out->half_life = out->dickey_fuller = NAN;
	if (n == 0)
		return;
	/* in units of the largest deviation from the first, so that equal values deviate by nothing */
	for (int t = 0; t < n; t++)
		scale = fmax(scale, fabs(x[t] - x[0]));
	out->mean = x[0];
	if (n < 2 || !isfinite(scale))
		return;
	out->volatility = 0;
	if (scale == 0)
		return;
	for (int t = 0; t < n; t++)
		mean += (x[t] - x[0]) / scale / n;
	for (int t = 0; t < n; t++)
	{
		double		d = (x[t] - x[0]) / scale - mean;

		squares += d * d;
	}
	out->mean = x[0] + mean * scale;
	out->volatility = scale * sqrt(squares / (n - 1));
	out->z_score = ((x[n - 1] - x[0]) / scale - mean) / sqrt(squares / (n - 1));
	if (n < 4)
		return;
	for (int t = 1; t < n; t++)
	{
		before += (x[t - 1] - x[0]) / scale / (n - 1);
		after += (x[t] - x[0]) / scale / (n - 1);
	}
	for (int t = 1; t < n; t++)
	{
		double		d = (x[t - 1] - x[0]) / scale - before;
		double		move = (x[t] - x[0]) / scale - after - d;

		/* of the moves, so that nothing cancels where b is nearly 1 */
		sxx += d * d;
		sxy += d * move;
		syy += move * move;
	}
	if (!(sxx > DBL_EPSILON))
		return;
	out->persistence = 1 + sxy / sxx;
	out->dickey_fuller = sxy / sxx / sqrt(fmax(syy - sxy / sxx * sxy, 0) / (n - 3) / sxx);
	if (out->persistence > 0 && out->persistence < 1)
		out->half_life = log(0.5) / log(out->persistence);
}

double
ph_dickey_fuller_critical(int n)
{
	double		t = n - 1;		/* differences */

	return -2.86154 - 2.8903 / t - 4.234 / (t * t) - 40.040 / (t * t * t);
}

double
ph_deviation(const double *x, int n)
{
	PhSpreadStatistics st;

	ph_spread_statistics(x, n, &st);
	return st.volatility;
}
