/*
 * hedge.c
 *	  Hedges of a portfolio; formulas and letters are in hedge.h.
 */
#include "hedge.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "lots.h"

/* ---- minimum variance ---- */

size_t
ph_hedge_workspace(int m, int n)
{
	return ((size_t) n * n + 6 * (size_t) n + (size_t) m) * sizeof(double) + ph_solver_workspace(n);
}

/* Exposures of all assets with h instead of what the instruments are now. */
static const double *
exposures(PhHedge *p, const double *h)
{
	memcpy(p->all, p->e, p->m * sizeof(double));
	for (int i = 0; i < p->n; i++)
		p->all[p->instrument[i]] = h[i];
	return p->all;
}

static double
variance(const PhHedge *p, const double *e)
{
	double		sum = 0;

	for (int j = 0; j < p->m; j++)
	{
		double		row = 0;

		if (e[j] == 0)
			continue;
		for (int i = 0; i < p->m; i++)
			row += p->s[(size_t) j * p->m + i] * e[i];
		sum += row * e[j];
	}
	return sum <= 0 ? 0 : sum;	/* NaN stays */
}

double
ph_hedge_cost(const PhHedge *p, const double *h)
{
	double		sum = 0;

	for (int i = 0; p->cost && i < p->n; i++)
		if (h[i] != p->held[i])
			sum += p->cost[i] * fabs(h[i] - p->held[i]);
	return sum;
}

PhStatus
ph_hedge_begin(PhHedge *p, void *work)
{
	int			n = p->n;

	p->a = work;
	p->b = p->a + (size_t) n * n;
	p->toll = p->b + n;
	p->held = p->toll + n;
	p->g = p->held + n;
	p->k = p->g + n;
	p->other = p->k + n;
	p->all = p->other + n;
	p->work = p->all + p->m;

	for (int i = 0; i < n; i++)
		p->target[i] = p->held[i] = p->e[p->instrument[i]];
	p->before_risk = sqrt(variance(p, p->e));
	if (!isfinite(p->before_risk))
		return PH_OVERFLOW;
	for (int i = 0; i < n; i++)
		p->b[i] = 0;
	memcpy(p->all, p->e, p->m * sizeof(double));
	for (int i = 0; i < n; i++)
		p->all[p->instrument[i]] = 0;
	for (int i = 0; i < n; i++)
	{
		const double *column = p->s + (size_t) p->instrument[i] * p->m;

		for (int j = 0; j < p->m; j++)
			p->b[i] -= column[j] * p->all[j];
		for (int j = 0; j < n; j++)
			p->a[(size_t) i * n + j] = column[p->instrument[j]];
		p->toll[i] = p->cost && p->aversion > 0 ? p->cost[i] / p->aversion : 0;
	}
	memset(&p->solver, 0, sizeof(p->solver));
	p->solver.n = n;
	p->solver.a = p->a;
	p->solver.b = p->b;
	p->solver.cost = p->cost && p->aversion > 0 ? p->toll : NULL;
	p->solver.held = p->held;
	p->solver.low = p->low;
	p->solver.high = p->high;
	p->solver.h = p->target;
	return ph_solver_begin(&p->solver, p->work);
}

PhStatus
ph_hedge_round(PhHedge *p, bool *done)
{
	return ph_solver_round(&p->solver, done);
}

/* What is minimised, as far as h matters, relative to no trade. */
static double
objective(const PhHedge *p, const double *h)
{
	double		f = 0;

	for (int i = 0; i < p->n; i++)
	{
		double		g = -p->b[i];
		double		move = h[i] - p->held[i];

		if (move == 0)
			continue;
		/* (h − h0)'·(A(h + h0)/2 − b) */
		for (int j = 0; j < p->n; j++)
			g += p->a[(size_t) i * p->n + j] * (h[j] / 2 + p->held[j] / 2);
		f += move * g + p->toll[i] * fabs(move);
	}
	return f;
}

/* The change of the objective as h[i] moves to x. */
static double
change(const PhHedge *p, const double *h, int i, double x)
{
	double		d = x - h[i];

	return d * (p->g[i] + p->a[(size_t) i * p->n + i] * d / 2) +
		(p->toll[i] > 0 ? p->toll[i] * (fabs(x - p->held[i]) - fabs(h[i] - p->held[i])) : 0);
}

static inline double
lot(const PhHedge *p, int i)
{
	return p->step ? p->step[i] : NAN;
}

/*
 * The least and the most that may be traded of an instrument: with lots, in lots. If no multiple of them
 * ends within its bounds, the one that ends nearest to them.
 */
static void
reach(const PhHedge *p, int i, double *least, double *most)
{
	double		step = lot(p, i);
	double		low = p->low ? p->low[i] - p->held[i] : -INFINITY;
	double		high = p->high ? p->high[i] - p->held[i] : INFINITY;

	*least = low;
	*most = high;
	if (isnan(step))
		return;
	ph_lots_within(low, high, step, least, most);
	if (*least > *most)
		*least = *most = low - *most * step <= *least * step - high ? *most : *least;
}

/* What is held is out of reach of the bounds, so that something must be traded. */
static bool
forced(const PhHedge *p)
{
	for (int i = 0; i < p->n; i++)
	{
		double		least;
		double		most;

		reach(p, i, &least, &most);
		if (least > 0 || most < 0)
			return true;
	}
	return false;
}

static double
within(const PhHedge *p, int i, double h)
{
	if (p->high)
		h = fmin(h, p->high[i]);
	return p->low ? fmax(h, p->low[i]) : h;
}

static void
slopes(PhHedge *p, const double *h)
{
	for (int i = 0; i < p->n; i++)
		p->g[i] = -p->b[i];
	ph_slopes(p->n, p->a, h, p->g);
}

/* One instrument after another to its best whole number of lots, from k; h = h0 + k·step. */
static double
settle(PhHedge *p, double *k, double *h)
{
	int			n = p->n;

	slopes(p, h);
	for (int s = 0; s < 50; s++)
	{
		bool		moved = false;

		for (int i = 0; i < n; i++)
		{
			double		a = p->a[(size_t) i * n + i];
			double		step = lot(p, i);
			double		from;
			double		most;
			double		away;
			double		best = h[i];
			double		best_k = k[i];
			double		least = 0;

			if (!(a > 0) || isinf(p->toll[i]))
				continue;
			/* the best real value */
			away = ph_worth_toll(h[i] - p->g[i] / a - p->held[i], p->toll[i] / a);
			reach(p, i, &from, &most);
			for (int up = 0; up < 2; up++)
			{
				double		to_k = isnan(step) ? NAN :
					fmin(fmax(up ? ceil(away / step) : floor(away / step), from), most);
				double		to = isnan(step) ? within(p, i, p->held[i] + away) : p->held[i] + to_k * step;
				double		f = change(p, h, i, to);

				if (f < least)
				{
					least = f;
					best = to;
					best_k = to_k;
				}
			}
			if (least < 0 && best != h[i] &&
				-least > 1e-14 * (fabs(p->g[i]) + a * fabs(h[i])) * fabs(best - h[i]))
			{
				ph_slopes_move(n, p->a, i, best - h[i], p->g);
				h[i] = best;
				k[i] = best_k;
				moved = true;
			}
		}
		if (!moved)
			break;
	}
	return objective(p, h);
}

void
ph_hedge_end(PhHedge *p)
{
	int			n = p->n;
	double		rounded;
	bool		any = false;
	bool		must = forced(p);
	bool		out = false;

	p->residual = p->solver.residual;
	p->target_risk = sqrt(variance(p, exposures(p, p->target)));

	/* What is not worth more than rounding is no trade. */
	for (int i = 0; i < n; i++)
		out |= within(p, i, p->held[i]) != p->held[i];
	if (!out && objective(p, p->target) >= 0)
	{
		memcpy(p->target, p->held, n * sizeof(double));
		p->target_risk = p->before_risk;
	}
	/* From the target rounded, and from the least trade that bounds allow. */
	for (int i = 0; i < n; i++)
	{
		double		step = lot(p, i);
		double		least;
		double		most;

		reach(p, i, &least, &most);
		if (isnan(step))
		{
			p->k[i] = p->lots[i] = NAN;
			p->after[i] = p->target[i];
			p->other[i] = within(p, i, p->held[i]);
			continue;
		}
		any = true;
		p->k[i] = fmin(fmax(rint((p->target[i] - p->held[i]) / step), least), most);
		p->lots[i] = fmin(fmax(0, least), most);
		p->after[i] = p->held[i] + p->k[i] * step;
		p->other[i] = p->held[i] + p->lots[i] * step;
	}
	if (any)
	{
		double		stayed;

		rounded = settle(p, p->k, p->after);
		stayed = settle(p, p->lots, p->other);
		if (stayed <= rounded)
		{
			memcpy(p->after, p->other, n * sizeof(double));
			rounded = stayed;
		}
		else
			memcpy(p->lots, p->k, n * sizeof(double));
	}
	else
		rounded = objective(p, p->after);
	p->after_risk = sqrt(variance(p, exposures(p, p->after)));
	/* in units of what was held: a trade that gains nothing, by rounding, is none */
	if (!must && (!(rounded < 0) || p->after_risk > p->before_risk))
	{
		memcpy(p->after, p->held, n * sizeof(double));
		for (int i = 0; i < n; i++)
			p->lots[i] = isnan(lot(p, i)) ? NAN : 0;
		p->after_risk = p->before_risk;
	}
}

/* No bound stands between h[i] and x. */
static bool
open_to(const PhHedge *p, const double *h, int i, double x)
{
	return (x <= h[i] || !p->high || x <= p->high[i]) && (x >= h[i] || !p->low || x >= p->low[i]);
}

/* The change of the objective as some of h move by d. */
static double
change_together(const PhHedge *p, const double *h, const int *at, const double *d, int moving)
{
	double		f = 0;

	for (int a = 0; a < moving; a++)
	{
		int			i = at[a];

		f += d[a] * p->g[i];
		if (p->toll[i] > 0 && d[a] != 0)
			f += p->toll[i] * (fabs(h[i] + d[a] - p->held[i]) - fabs(h[i] - p->held[i]));
		for (int b = 0; b < moving; b++)
			f += d[a] * p->a[(size_t) i * p->n + at[b]] * d[b] / 2;
	}
	return f;
}

/* at[0] and at[1] by steps (which may be 0), at[2] to its best: the best of all such moves, if it lowers the objective. */
static bool
exchange(PhHedge *p, double *h, const int *at)
{
	enum
	{
		FAR = 3
	};
	int			last = at[2];
	double		own = p->a[(size_t) last * p->n + last];
	double		step = p->step[last];
	double		best[3];
	double		least = 0;
	double		size = 0;

	if (!(own > 0) || isinf(p->toll[last]))
		return false;
	for (int a = -FAR; a <= FAR; a++)
		for (int b = at[1] == at[0] ? 0 : -FAR; b <= (at[1] == at[0] ? 0 : FAR); b++)
		{
			double		d[3] = {a * p->step[at[0]], at[1] == at[0] ? 0 : b * p->step[at[1]], 0};
			double		g = p->g[last];
			double		away;

			if ((a == 0 && b == 0) || !open_to(p, h, at[0], h[at[0]] + d[0]) || !open_to(p, h, at[1], h[at[1]] + d[1]))
				continue;
			for (int k = 0; k < 2; k++)
				g += p->a[(size_t) last * p->n + at[k]] * d[k];
			away = ph_worth_toll(h[last] - g / own - p->held[last], p->toll[last] / own);
			for (int up = 0; up < 2; up++)
			{
				double		to = p->held[last] + (isnan(step) ? away : (up ? ceil(away / step) : floor(away / step)) * step);
				double		f;

				if (!open_to(p, h, last, to))
					continue;
				d[2] = to - h[last];
				f = change_together(p, h, at, d, 3);
				if (f < least)
				{
					least = f;
					memcpy(best, d, sizeof(d));
				}
			}
		}
	if (!(least < 0))
		return false;
	for (int k = 0; k < 3; k++)
		size += (fabs(p->g[at[k]]) + p->a[(size_t) at[k] * p->n + at[k]] * fabs(h[at[k]])) * fabs(best[k]);
	if (!(-least > 1e-14 * size))
		return false;
	for (int k = 0; k < 3; k++)
	{
		int			i = at[k];

		if (best[k] == 0)
			continue;
		ph_slopes_move(p->n, p->a, i, best[k], p->g);
		h[i] += best[k];
		if (!isnan(p->step[i]))
			p->lots[i] = rint((h[i] - p->held[i]) / p->step[i]);
	}
	return true;
}

void
ph_hedge_exchange(PhHedge *p)
{
	int			n = p->n;
	double	   *h = p->after;
	bool		any = false;

	if (n < 2 || n > PH_EXCHANGE_MOST || p->step == NULL)
		return;
	slopes(p, h);
	for (int s = 0; s < 50; s++)
	{
		bool		moved = false;

		for (int i = 0; i < n; i++)
			for (int j = i; j < n; j++)
				for (int k = 0; k < n; k++)
				{
					int			at[3] = {i, j, k};

					if (k != i && k != j && !isnan(p->step[i]) && !isnan(p->step[j]) &&
						!isinf(p->toll[i]) && !isinf(p->toll[j]))
						moved |= exchange(p, h, at);
				}
		if (!moved)
			break;
		any = true;
	}
	if (any)
	{
		/* whole lots, of no sum of roundings */
		for (int i = 0; i < n; i++)
			if (!isnan(p->step[i]))
				h[i] = p->held[i] + p->lots[i] * p->step[i];
		p->after_risk = sqrt(variance(p, exposures(p, h)));
	}
}

/* ---- neutral ---- */

double
ph_neutral_trade(double net, double sensitivity, double band, double step)
{
	double		excess = fabs(net) - band;
	double		trade;
	double		few;
	double		more;
	double		after_few;
	double		after_more;

	if (!(excess > 0))
		return 0;
	trade = -copysign(excess, net) / sensitivity;
	if (!(step > 0))
		return trade;
	few = trunc(trade / step) * step;
	more = few + copysign(step, trade);
	after_few = fabs(net + few * sensitivity);
	after_more = fabs(net + more * sensitivity);
	if (after_few <= band)
		return few;
	return after_more <= band || after_more < after_few ? more : few;
}

/* ---- scaling ---- */

double
ph_decayed_volatility(const double *x, int n, double decay)
{
	double		largest = 0;
	double		weight = 0;
	double		sum = 0;

	for (int t = 0; t < n; t++)
		largest = fmax(largest, fabs(x[t]));
	if (n == 0 || largest == 0)
		return n == 0 ? NAN : 0;
	for (int t = 0; t < n; t++)
	{
		sum = decay * sum + (x[t] / largest) * (x[t] / largest);
		weight = decay * weight + 1;
	}
	return largest * sqrt(sum / weight);
}
