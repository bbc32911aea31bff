/*
 * allocation.c
 *	  Offsets without double counting, greedy and optimal; the program is in allocation.h.
 */
#include "allocation.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "lapack.h"

#define ROUND 64				/* pivots between two fresh inverses */
#define PATIENCE 50				/* pivots without gain before Bland's rule */
#define TINY 1e-12				/* of the scale: a reduced cost that is none */
#define LEAST_PIVOT 1e-9
#define STUCK 50				/* fresh inverses that bring nothing */

double
ph_spread_worth(double sigma_a, double sigma_b, double corr, double ratio)
{
	double		a = sigma_a;
	double		b = ratio * sigma_b;
	double		r = fabs(corr);
	double		size = fmax(a, b);
	double		t;
	double		uncorrelated;
	double		net;

	if (size == 0 || r == 0)
		return 0;
	t = fmin(a, b) / size;
	uncorrelated = sqrt(1 + t * t);
	net = sqrt((1 - t) * (1 - t) + 2 * t * (1 - r));
	return size * (2 * t * r / (uncorrelated + net));
}

double
ph_consume(const int *leg, const double *ratio, int n, double *left)
{
	double		units = INFINITY;
	int			bound = 0;

	for (int i = 0; i < n; i++)
		if (left[leg[i]] / ratio[i] < units)
		{
			units = left[leg[i]] / ratio[i];
			bound = i;
		}
	for (int i = 0; i < n; i++)
		left[leg[i]] = i == bound ? 0 : fmax(left[leg[i]] - units * ratio[i], 0);
	return units;
}

void
ph_allocate_greedy(PhSpread *spread, int n, double *left)
{
	for (int p = 0; p < n; p++)
	{
		PhSpread   *s = &spread[p];
		int			leg[2] = {s->a, s->b};
		double		ratio[2] = {1, s->ratio};

		s->x = s->worth > 0 ? ph_consume(leg, ratio, 2, left) : 0;
	}
}

size_t
ph_allocation_workspace(int legs)
{
	size_t		n = (size_t) legs;

	return (2 * n * n + 3 * n) * sizeof(double) + 2 * n * sizeof(int);
}

/*
 * In units of each leg's exposure, and of the most x that a pair's legs allow each alone, a pair's
 * column has entries of at most 1, one of them 1, and its value is w times that most.
 */
static double
most(const PhAllocation *p, const PhSpread *s)
{
	return fmin(p->exposure[s->a], p->exposure[s->b] / s->ratio);
}

static inline double
entry_a(const PhAllocation *p, const PhSpread *s)
{
	return fmin(1, p->exposure[s->b] / s->ratio / p->exposure[s->a]);
}

static inline double
entry_b(const PhAllocation *p, const PhSpread *s)
{
	return fmin(1, p->exposure[s->a] / p->exposure[s->b] * s->ratio);
}

static inline bool
usable(const PhAllocation *p, const PhSpread *s)
{
	double		x = most(p, s);

	return s->worth > 0 && x > 0 && s->worth * x > 0 && isfinite(s->worth * x) && s->a != s->b &&
		entry_a(p, s) > 0 && entry_b(p, s) > 0;
}

/* The inverse, the values and the prices anew from the basis. */
static bool
refresh(PhAllocation *p)
{
	int			m = p->legs;

	memset(p->inverse, 0, (size_t) m * m * sizeof(double));
	for (int k = 0; k < m; k++)
	{
		double	   *column = p->inverse + (size_t) k * m;

		if (p->basis[k] >= p->n)
			column[p->basis[k] - p->n] = 1;
		else
		{
			const PhSpread *s = &p->spread[p->basis[k]];

			column[s->a] = entry_a(p, s);
			column[s->b] = entry_b(p, s);
		}
	}
	if (!ph_invert(m, p->inverse, p->pivot, p->copy))
		return false;
	memset(p->value, 0, m * sizeof(double));
	for (int j = 0; j < m; j++)
		for (int k = 0; k < m; k++)
			if (p->exposure[j] > 0)
				p->value[k] += p->inverse[(size_t) j * m + k];
	for (int j = 0; j < m; j++)
	{
		p->price[j] = 0;
		for (int k = 0; k < m; k++)
			if (p->basis[k] < p->n)
			{
				const PhSpread *s = &p->spread[p->basis[k]];

				p->price[j] += s->worth * most(p, s) * p->inverse[(size_t) j * m + k];
			}
	}
	p->steps = 0;
	return true;
}

void
ph_allocation_begin(PhAllocation *p, void *work)
{
	int			m = p->legs;

	p->inverse = work;
	p->copy = p->inverse + (size_t) m * m;
	p->value = p->copy + (size_t) m * m;
	p->price = p->value + m;
	p->column = p->price + m;
	p->basis = (int *) (p->column + m);
	p->pivot = p->basis + m;
	p->idle = 0;
	p->stuck = 0;
	p->best = 0;
	p->scale = 0;
	for (int k = 0; k < m; k++)
		p->basis[k] = p->n + k;
	for (int i = 0; i < p->n; i++)
	{
		p->spread[i].x = 0;
		if (usable(p, &p->spread[i]))
			p->scale = fmax(p->scale, p->spread[i].worth * most(p, &p->spread[i]));
	}
	(void) refresh(p);			/* the identity */
}

/* What is basic gains nothing; what it seems to is rounding, of an inverse that is nearly singular. */
static bool
basic(const PhAllocation *p, int variable)
{
	for (int k = 0; k < p->legs; k++)
		if (p->basis[k] == variable)
			return true;
	return false;
}

/* The column to enter: the pair, or n + leg, that gains most; -1 if none does. */
static int
entering(const PhAllocation *p)
{
	int			best = -1;
	double		least = TINY * p->scale;

	for (int i = 0; i < p->n; i++)
	{
		const PhSpread *s = &p->spread[i];
		double		gain;

		if (!usable(p, s))
			continue;
		gain = s->worth * most(p, s) - p->price[s->a] * entry_a(p, s) - p->price[s->b] * entry_b(p, s);
		if (gain > least && !basic(p, i))
		{
			best = i;
			if (p->idle > PATIENCE)
				return best;
			least = gain;
		}
	}
	for (int j = 0; j < p->legs; j++)
		if (-p->price[j] > least && !basic(p, p->n + j))
		{
			best = p->n + j;
			if (p->idle > PATIENCE)
				return best;
			least = -p->price[j];
		}
	return best;
}

/* One exchange; false if there is nothing to gain. */
static bool
exchange(PhAllocation *p)
{
	int			m = p->legs;
	int			in = entering(p);
	int			out = -1;
	double		step = INFINITY;
	double		gain;
	double		a = 0;
	double		b = 0;
	int			leg_a;
	int			leg_b;

	if (in < 0)
		return false;
	if (in >= p->n)
	{
		leg_a = leg_b = in - p->n;
		a = 1;
		gain = -p->price[leg_a];
	}
	else
	{
		const PhSpread *s = &p->spread[in];

		leg_a = s->a;
		leg_b = s->b;
		a = entry_a(p, s);
		b = entry_b(p, s);
		gain = s->worth * most(p, s) - a * p->price[leg_a] - b * p->price[leg_b];
	}
	for (int k = 0; k < m; k++)
		p->column[k] = a * p->inverse[(size_t) leg_a * m + k] + b * p->inverse[(size_t) leg_b * m + k];
	for (int k = 0; k < m; k++)
		if (p->column[k] > LEAST_PIVOT)
		{
			double		ratio = fmax(p->value[k], 0) / p->column[k];

			/* of equal ones Bland's rule takes the first variable, else the largest pivot */
			if (ratio < step ||
				(ratio == step && (p->idle > PATIENCE ? p->basis[k] < p->basis[out] :
								   p->column[k] > p->column[out])))
			{
				step = ratio;
				out = k;
			}
		}
	if (out < 0)
		return false;			/* cannot be: every column has a positive entry */
	p->idle = step * gain > TINY * p->scale ? 0 : p->idle + 1;

	for (int k = 0; k < m; k++)
		p->value[k] = k == out ? step : p->value[k] - step * p->column[k];
	for (int j = 0; j < m; j++)
	{
		double	   *row = p->inverse + (size_t) j * m;
		double		r = row[out] / p->column[out];

		if (r == 0)
			continue;
		for (int k = 0; k < m; k++)
			row[k] -= r * p->column[k];
		row[out] = r;
		p->price[j] += gain * r;
	}
	p->basis[out] = in;
	p->steps++;
	return true;
}

/* Amounts of the basis; none passes its legs, whatever rounding made of it. */
static void
hand_over(PhAllocation *p)
{
	double	   *used = p->column;

	for (int i = 0; i < p->n; i++)
		p->spread[i].x = 0;
	for (int k = 0; k < p->legs; k++)
		if (p->basis[k] < p->n)
		{
			PhSpread   *s = &p->spread[p->basis[k]];

			s->x = fmax(p->value[k], 0) * most(p, s);
		}
	memset(used, 0, p->legs * sizeof(double));
	for (int i = 0; i < p->n; i++)
	{
		PhSpread   *s = &p->spread[i];

		used[s->a] += s->x;
		used[s->b] += s->x * s->ratio;
	}
	for (int i = 0; i < p->n; i++)
	{
		PhSpread   *s = &p->spread[i];
		double		share = 1;

		if (s->x == 0)
			continue;
		if (used[s->a] > p->exposure[s->a])
			share = fmin(share, p->exposure[s->a] / used[s->a]);
		if (used[s->b] > p->exposure[s->b])
			share = fmin(share, p->exposure[s->b] / used[s->b]);
		/* a little less, so that the sum, rounded in whatever order, stays within */
		if (share < 1)
			s->x *= share * (1 - p->legs * DBL_EPSILON);
	}
	p->bound = 0;
	for (int j = 0; j < p->legs; j++)
		if (p->exposure[j] > 0)
			p->bound += fmax(p->price[j], 0);
}

PhStatus
ph_allocation_round(PhAllocation *p, bool *done)
{
	bool		fresh = p->steps == 0;
	double		worth = 0;

	*done = false;
	for (int i = 0; i < ROUND; i++)
		if (!exchange(p))
		{
			*done = fresh && p->steps == 0;	/* by a fresh inverse */
			break;
		}
	if (*done)
	{
		hand_over(p);
		return PH_OK;
	}
	if (!refresh(p))
		return PH_NO_CONVERGENCE;
	/* what pivots seemed to gain, a fresh inverse confirms, or else they go in circles */
	for (int k = 0; k < p->legs; k++)
		if (p->basis[k] < p->n)
			worth += p->value[k] * p->spread[p->basis[k]].worth * most(p, &p->spread[p->basis[k]]);
	if (worth > p->best + TINY * p->scale)
	{
		p->best = worth;
		p->stuck = 0;
	}
	else
		p->stuck++;
	return p->stuck < STUCK + p->legs && p->idle < 100 * (p->legs + PATIENCE) ? PH_OK : PH_NO_CONVERGENCE;
}
