/*
 * offsets.c
 *	  Pairs of legs and their risk; formulas and letters are in offsets.h.
 */
#include "offsets.h"

#include <float.h>

bool
ph_leg(const PhMatrix *m, int number, double e, PhLeg *leg)
{
	PhComoments own;

	ph_matrix_pair(m, number, number, &own);
	leg->number = number;
	leg->e = e;
	leg->square = own.syy;
	if (own.w <= 0 || !ph_volatility_y(&own, &leg->sigma) || !isfinite(leg->sigma))
		return false;
	leg->a = e * leg->sigma;
	leg->factor = own.syy > PH_CONSTANT ? copysign(1 / sqrt(own.syy), leg->a) : 0;
	leg->column = ph_triangle(number);
	return isfinite(leg->a);
}

/* Where a triangle has the pair. */
static inline size_t
place(const PhLeg *i, const PhLeg *j)
{
	return i->number < j->number ? j->column + i->number : i->column + j->number;
}

bool
ph_leg_corr(const PhMatrix *m, const PhLeg *i, const PhLeg *j, double *corr, double *n)
{
	size_t		at = place(i, j);
	PhComoments c;

	if (!m->complete)
	{
		c = m->pair[at];
		if (c.w <= 0)
			return false;
	}
	else
	{
		c.w = m->w;
		c.w2 = m->w2;
		/* the order ph_matrix_pair() has does not matter: y and x enter ρ alike */
		c.syy = i->square;
		c.sxx = j->square;
		c.sxy = m->s[at];
	}
	*n = ph_observations(&c);
	return ph_corr(&c, corr) && isfinite(*corr);
}

void
ph_pair_risk(double a, double b, double corr, PhPairRisk *risk)
{
	double		size = fabs(a);
	double		t = fabs(b) / size;
	double		r = fabs(corr);
	bool		offsetting = ((a < 0) != (b < 0)) == (corr > 0);
	double		uncorrelated = sqrt(1 + t * t);
	double		net = offsetting ? sqrt((1 - t) * (1 - t) + 2 * t * (1 - r)) :
		sqrt(1 + t * t + 2 * t * r);

	risk->gross = size * (1 + t);
	risk->uncorrelated = size * uncorrelated;
	risk->net = size * net;
	risk->diversification = size * (2 * t / (1 + t + uncorrelated));
	risk->risk_offset = size * (2 * t * r / (uncorrelated + net)) * (offsetting ? 1 : -1);
}

/* Larger first, then by the assets' places in the matrix. */
int
ph_contest_compare(const PhLeg *leg, const PhPair *p, const PhPair *q)
{
	int			d;

	if (p->size != q->size)
		return p->size > q->size ? -1 : 1;
	d = leg[p->i].number - leg[q->i].number;
	return d != 0 ? d : leg[p->j].number - leg[q->j].number;
}

/* Lets pair[at] sink until no pair below it comes later in the order of results. */
static void
sink(PhContest *c, int64_t at, int64_t n)
{
	PhPair		p = c->pair[at];

	for (;;)
	{
		int64_t		child = 2 * at + 1;

		if (child >= n)
			break;
		if (child + 1 < n &&
			ph_contest_compare(c->leg, &c->pair[child + 1], &c->pair[child]) > 0)
			child++;
		if (ph_contest_compare(c->leg, &c->pair[child], &p) <= 0)
			break;
		c->pair[at] = c->pair[child];
		at = child;
	}
	c->pair[at] = p;
}

static void
enter(PhContest *c, const PhPair *p)
{
	if (c->used < c->capacity)
	{
		c->pair[c->used++] = *p;
		if (c->bounded && c->used == c->capacity)
			for (int64_t at = c->used / 2 - 1; at >= 0; at--)
				sink(c, at, c->used);
	}
	else if (ph_contest_compare(c->leg, p, &c->pair[0]) < 0)
	{
		c->pair[0] = *p;
		sink(c, 0, c->used);
	}
}

/*
 * Which of legs first ... last - 1 may make a pair with x: those whose ρ, to a few roundings, has
 * the sign that is looked for and is `least` in size at the least.
 */
static int
shortlist(const PhContest *c, const PhLeg *x, int first, int last, double least, int *listed)
{
	double		factor = c->offsetting ? -x->factor : x->factor;
	int			n = 0;

	least *= 1 - 1e-9;
	if (c->m->complete)
		for (int s = first; s < last; s++)
		{
			const PhLeg *y = &c->leg[s];

			listed[n] = s;
			n += c->m->s[place(x, y)] * factor * y->factor >= least;
		}
	else
		for (int s = first; s < last; s++)
		{
			const PhLeg *y = &c->leg[s];
			const PhComoments *p = &c->m->pair[place(x, y)];
			double		product = p->syy * p->sxx;
			bool		same_side = (x->a < 0) == (y->a < 0);

			listed[n] = s;
			n += (same_side == c->offsetting ? -p->sxy : p->sxy) >= least * sqrt(product) ||
				!(product >= PH_CONSTANT && product <= DBL_MAX);
		}
	return n;
}

#define STRETCH 128				/* legs looked at between two looks at the least size kept */

void
ph_contest_row(PhContest *c, int r)
{
	const PhLeg *x = &c->leg[r];

	if (x->a == 0 || c->capacity == 0)
		return;
	for (int first = 0; first < r; first += STRETCH)
	{
		int			last = r - first < STRETCH ? r : first + STRETCH;
		double		least = c->minimum_corr;
		int			listed[STRETCH];
		int			n;

		if (c->bounded && c->used == c->capacity)
			least = fmax(least, c->pair[0].size / (1.4143 * fabs(x->a)));
		if (least > 1)
			return;
		n = shortlist(c, x, first, last, least, listed);
		for (int k = 0; k < n; k++)
		{
			int			s = listed[k];
			const PhLeg *y = &c->leg[s];
			bool		x_first;
			double		corr;
			double		count;
			PhPairRisk	risk;
			PhPair		p;

			if (y->a == 0 || !ph_leg_corr(c->m, x, y, &corr, &count) ||
				corr == 0 || fabs(corr) < c->minimum_corr || count < c->minimum_observations ||
				(((x->a < 0) != (y->a < 0)) == (corr > 0)) != c->offsetting)
				continue;
			x_first = fabs(x->a) > fabs(y->a) ||
				(fabs(x->a) == fabs(y->a) && x->number < y->number);
			p.i = x_first ? r : s;
			p.j = x_first ? s : r;
			ph_pair_risk(c->leg[p.i].a, c->leg[p.j].a, corr, &risk);
			p.size = fabs(risk.risk_offset);
			enter(c, &p);
		}
	}
}

/* Heapsort: the heap is there already when the contest is bounded and full. */
void
ph_contest_sort(PhContest *c)
{
	for (int64_t at = c->used / 2 - 1; at >= 0; at--)
		sink(c, at, c->used);
	for (int64_t last = c->used - 1; last > 0; last--)
	{
		PhPair		latest = c->pair[0];

		c->pair[0] = c->pair[last];
		c->pair[last] = latest;
		sink(c, 0, last);
	}
}
