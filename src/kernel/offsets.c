/*
 * offsets.c
 *	  Pairs of legs and their risk; formulas and letters are in offsets.h.
 */
#include "offsets.h"

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
	return isfinite(leg->a);
}

bool
ph_leg_corr(const PhMatrix *m, const PhLeg *i, const PhLeg *j, double *corr, double *n)
{
	size_t		at = i->number < j->number ? ph_packed(i->number, j->number) :
		ph_packed(j->number, i->number);
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
static int
compare(const PhLeg *leg, const PhPair *p, const PhPair *q)
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
			compare(c->leg, &c->pair[child + 1], &c->pair[child]) > 0)
			child++;
		if (compare(c->leg, &c->pair[child], &p) <= 0)
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
	else if (compare(c->leg, p, &c->pair[0]) < 0)
	{
		c->pair[0] = *p;
		sink(c, 0, c->used);
	}
}

void
ph_contest_row(PhContest *c, int r)
{
	const PhLeg *x = &c->leg[r];

	if (x->a == 0 || c->capacity == 0)
		return;
	for (int s = 0; s < r; s++)
	{
		const PhLeg *y = &c->leg[s];
		bool		x_first;
		double		corr;
		double		n;
		PhPairRisk	risk;
		PhPair		p;

		if (y->a == 0)
			continue;
		/* At ρ = ±1, |risk_offset| = √(a² + b²) − |a| + |b| <= √2·|b|: no need to look further */
		if (c->bounded && c->used == c->capacity &&
			1.4143 * fmin(fabs(x->a), fabs(y->a)) < c->pair[0].size)
			continue;
		if (!ph_leg_corr(c->m, x, y, &corr, &n) ||
			corr == 0 || fabs(corr) < c->minimum_corr || n < c->minimum_observations ||
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
