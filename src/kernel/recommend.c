/*
 * recommend.c
 *	  What recommend.h says.
 */
#include "recommend.h"

#include <math.h>
#include <string.h>

#include "lots.h"

#define THETA_ROUNDS 30
#define PASSES 30
#define SWEEPS 1000
#define LEAST_RISK 1e-6			/* of the risk now: less is not told from none */
#define SAME_RISK 1e-7

enum
{
	AT_ONE, AT_ZERO, BETWEEN, ALONE, OVER
};

void
ph_recommend_hedges(int n, const double *a, const double *corr, const bool *tradable, bool marked,
					double minimum_corr, bool *hedge)
{
	for (int i = 0; i < n; i++)
		hedge[i] = tradable[i];
	/* Until its turn comes, what may be traded is no position. */
	for (int i = 0; i < n; i++)
	{
		bool		goes = false;

		if (!tradable[i])
			continue;
		for (int j = 0; j < n && !goes; j++)
		{
			double		rho = corr[(size_t) j * n + i];

			goes = !hedge[j] && a[j] != 0 && rho != 0 && fabs(rho) >= minimum_corr &&
				(marked || a[i] * rho * copysign(1, a[j]) < 0);
		}
		hedge[i] = goes;
	}
}

double
ph_relied(double corr, bool relied, bool conservative, double low, double high)
{
	if (!relied || isnan(corr))
		return 0;
	if (!conservative)
		return corr;
	if (!(low <= high))
		return 0;
	return corr > 0 ? fmax(fmin(corr, low), 0) : fmin(fmax(corr, high), 0);
}

/* ---- trades ---- */

size_t
ph_trades_workspace(int n)
{
	return 12 * (size_t) n * sizeof(double) + ph_solver_workspace(n);
}

static double
relief(const PhTrades *p, const double *d)
{
	double		sum = 0;

	for (int i = 0; i < p->n; i++)
		sum += p->relief[i] * d[i];
	return sum;
}

static double
estimated(const PhTrades *p, const double *d)
{
	double		v = p->variance;

	for (int i = 0; i < p->n; i++)
	{
		double		sum = 2 * p->g[i];

		if (d[i] == 0)
			continue;
		for (int j = 0; j < p->n; j++)
			sum += p->a[(size_t) i * p->n + j] * d[j];
		v += sum * d[i];
	}
	return v;
}

static double
paid(const PhTrades *p, const double *d)
{
	double		sum = 0;

	for (int i = 0; i < p->n; i++)
		if (d[i] != 0)
			sum += p->cost[i] * fabs(d[i]);
	return sum;
}

static inline double
worse(double v, double gain)
{
	return fmax(fmax(v, v - gain), 0);
}

/* What d is worth to the problem of this pass. */
static void
consider(PhTrades *p, const double *d)
{
	double		value = p->price / p->risk / 2 * worse(estimated(p, d), relief(p, d)) + paid(p, d);

	if (value < p->best_value)
	{
		p->best_value = value;
		memcpy(p->best, d, p->n * sizeof(double));
	}
}

static PhStatus
start(PhTrades *p, int stage, double theta)
{
	p->stage = stage;
	p->theta = theta;
	for (int i = 0; i < p->n; i++)
	{
		p->b[i] = theta * p->relief[i] / 2 - p->g[i];
		p->toll[i] = p->cost[i] / (p->price / p->risk);
	}
	return ph_solver_begin(&p->solver, p->work);
}

/* A pass begins with no trade. */
static PhStatus
start_pass(PhTrades *p)
{
	PhStatus	status;

	memset(p->mixture, 0, p->n * sizeof(double));
	p->best_value = INFINITY;
	consider(p, p->mixture);
	status = start(p, AT_ONE, 1);
	if (status == PH_UNBOUNDED && p->split)
		status = start(p, ALONE, 0);
	return status;
}

PhStatus
ph_trades_begin(PhTrades *p, void *work)
{
	int			n = p->n;

	p->b = work;
	p->toll = p->b + n;
	p->h = p->toll + n;
	p->lower = p->h + n;
	p->upper = p->lower + n;
	p->mixture = p->upper + n;
	p->best = p->mixture + n;
	p->slope = p->best + n;
	p->other = p->slope + n;
	p->other_lots = p->other + n;
	p->fewest = p->other_lots + n;
	p->most = p->fewest + n;
	p->work = p->most + n;
	p->split = false;
	for (int i = 0; i < n; i++)
	{
		p->h[i] = p->target[i] = 0;
		p->split |= p->relief[i] != 0;
		ph_lots_within(p->low[i], p->high[i], p->step[i], &p->fewest[i], &p->most[i]);
	}
	p->risk = sqrt(p->variance);
	p->risk_before = NAN;
	p->least = p->price * p->risk;
	p->passes = 0;
	memset(&p->solver, 0, sizeof(p->solver));
	p->solver.n = n;
	p->solver.a = p->a;
	p->solver.b = p->b;
	p->solver.cost = p->toll;
	p->solver.low = p->low;
	p->solver.high = p->high;
	p->solver.h = p->h;
	return start_pass(p);
}

/* The problem of this R is solved by best: the next one, or the end. */
static PhStatus
next_risk(PhTrades *p)
{
	double		now = sqrt(p->variance);
	double		came = fmax(sqrt(worse(estimated(p, p->best), relief(p, p->best))), LEAST_RISK * now);
	double		value = p->price * came + paid(p, p->best);
	double		off = came - p->risk;
	double		next = came;

	if (value < p->least)
	{
		p->least = value;
		memcpy(p->target, p->best, p->n * sizeof(double));
	}
	if (!(fabs(off) > SAME_RISK * now) || ++p->passes >= PASSES)
	{
		p->stage = OVER;
		return PH_OK;
	}
	if (p->passes > 1)
	{
		double		slope = (off - (p->came_before - p->risk_before)) / (p->risk - p->risk_before);

		next = p->risk - off / slope;
		if (!(next >= LEAST_RISK * now && next <= now))
			next = came;
	}
	p->risk_before = p->risk;
	p->came_before = came;
	p->risk = next;
	return start_pass(p);
}

PhStatus
ph_trades_round(PhTrades *p, bool *done)
{
	size_t		size = p->n * sizeof(double);
	bool		solved = false;
	double		gain;
	double		share;
	double		theta;
	PhStatus	status = ph_solver_round(&p->solver, &solved);

	*done = false;
	/*
	 * Of hedges that can stand for each other one may be relied on and the other not: bought and sold, they
	 * seem to gain for ever. Then what is best as estimated is tried in both cases, and no trade.
	 */
	if ((status == PH_UNBOUNDED || status == PH_NO_CONVERGENCE) && p->split && p->stage == AT_ONE)
	{
		memset(p->h, 0, size);
		return start(p, ALONE, 0);
	}
	if (status != PH_OK || !solved)
		return status;
	consider(p, p->h);
	gain = relief(p, p->h);
	if (p->stage == AT_ONE && p->split && gain > 0)
	{
		memcpy(p->upper, p->h, size);
		p->upper_theta = 1;
		p->upper_relief = gain;
		return start(p, AT_ZERO, 0);
	}
	if (p->stage == AT_ZERO && gain < 0)
	{
		p->stage = BETWEEN;
		p->rounds = 0;
		memcpy(p->lower, p->h, size);
		p->lower_theta = 0;
		p->lower_relief = gain;
	}
	else if (p->stage == BETWEEN && gain > 0)
	{
		memcpy(p->upper, p->h, size);
		p->upper_theta = p->theta;
		p->upper_relief = gain;
	}
	else if (p->stage == BETWEEN && gain < 0)
	{
		memcpy(p->lower, p->h, size);
		p->lower_theta = p->theta;
		p->lower_relief = gain;
	}
	else
		p->stage = AT_ONE;		/* nothing to search for */
	if (p->stage == BETWEEN)
	{
		share = p->lower_relief / (p->lower_relief - p->upper_relief);
		for (int i = 0; i < p->n; i++)
		{
			double		x = (1 - share) * p->lower[i] + share * p->upper[i];

			p->mixture[i] = fmin(fmax(x, p->low[i]), p->high[i]);
		}
		consider(p, p->mixture);
		theta = p->rounds % 3 == 2 ? (p->lower_theta + p->upper_theta) / 2 :
			p->lower_theta + share * (p->upper_theta - p->lower_theta);
		if (fabs(gain) > 1e-9 * p->variance && theta > p->lower_theta && theta < p->upper_theta &&
			p->rounds++ < THETA_ROUNDS)
			return start(p, BETWEEN, theta);
	}
	status = next_risk(p);
	*done = p->stage == OVER;
	return status;
}

static void
slopes(PhTrades *p, const double *d)
{
	memcpy(p->slope, p->g, p->n * sizeof(double));
	ph_slopes(p->n, p->a, d, p->slope);
}

/* A sum that a trade of x instead of d[i] leads to. */
static double
sum_of(const PhTrades *p, double v, double gain, const double *d, int i, double x)
{
	double		move = x - d[i];

	v += move * (2 * p->slope[i] + p->a[(size_t) i * p->n + i] * move);
	gain += move * p->relief[i];
	return p->price * sqrt(worse(v, gain)) + (x == 0 ? 0 : p->cost[i] * fabs(x)) -
		(d[i] == 0 ? 0 : p->cost[i] * fabs(d[i]));
}

/* One trade after another to its best number of lots; the F they come to. */
static double
settle(PhTrades *p, double *lots, double *d)
{
	int			n = p->n;
	double		v = estimated(p, d);
	double		gain = relief(p, d);

	slopes(p, d);
	for (int s = 0; s < SWEEPS; s++)
	{
		bool		moved = false;

		ph_pause(p->pause, 0);
		for (int i = 0; i < n; i++)
		{
			double		own = p->a[(size_t) i * n + i];
			double		now = p->price * sqrt(worse(v, gain));
			double		risk = fmax(sqrt(worse(v, gain)), LEAST_RISK * sqrt(p->variance));
			double		least = now - 1e-13 * p->price * sqrt(p->variance);
			double		best = lots[i];
			double		choice[7] = {0, lots[i] - 1, lots[i] + 1};
			double		move;

			if (!(own > 0) || isinf(p->cost[i]))
				continue;
			for (int k = 0; k < 2; k++)
			{
				double		x = d[i] - (p->slope[i] - k * p->relief[i] / 2) / own;
				double		toll = p->cost[i] * risk / p->price / own;

				x = ph_worth_toll(x, toll);
				choice[3 + 2 * k] = floor(x / p->step[i]);
				choice[4 + 2 * k] = ceil(x / p->step[i]);
			}
			for (int k = 0; k < 7; k++)
			{
				double		to = choice[k];
				double		f;

				if (!(to >= p->fewest[i] && to <= p->most[i]))
					continue;
				f = sum_of(p, v, gain, d, i, to * p->step[i]);
				if (f < least)
				{
					least = f;
					best = to;
				}
			}
			if (best == lots[i])
				continue;
			move = best * p->step[i] - d[i];
			v += move * (2 * p->slope[i] + own * move);
			gain += move * p->relief[i];
			ph_slopes_move(n, p->a, i, move, p->slope);
			lots[i] = best;
			d[i] = best * p->step[i];
			moved = true;
		}
		if (!moved)
			break;
	}
	return p->price * sqrt(worse(estimated(p, d), relief(p, d))) + paid(p, d);
}

void
ph_trades_end(PhTrades *p)
{
	int			n = p->n;
	double		rounded;

	for (int i = 0; i < n; i++)
	{
		double		to = fmin(fmax(rint(p->target[i] / p->step[i]), p->fewest[i]), p->most[i]);

		p->lots[i] = to;
		p->trade[i] = to * p->step[i];
		p->other_lots[i] = p->other[i] = 0;
	}
	rounded = settle(p, p->lots, p->trade);
	if (settle(p, p->other_lots, p->other) <= rounded)
	{
		memcpy(p->lots, p->other_lots, n * sizeof(double));
		memcpy(p->trade, p->other, n * sizeof(double));
	}
	p->estimated = estimated(p, p->trade);
	p->relied = p->estimated - relief(p, p->trade);
	slopes(p, p->trade);
}

/*
 * Along one trade each V is a·(x − y)² + m, and price·√V rises by c for each unit at
 * |x − y| = c·√(m / (a·(price²·a − c²))), nowhere if price·√a <= c. The worse of the two is V_0 where V_0 >= V_1, so
 * an edge of its band is that of one of them where this is the worse, or else where they cross.
 */
void
ph_trades_explain(const PhTrades *p, int i, PhTrade *t)
{
	double		own = p->a[(size_t) i * p->n + i];
	double		c = p->cost[i];
	double		now = p->trade[i];
	double		out = -now;		/* to no trade */
	double		v[2] = {p->estimated, p->relied};
	double		slope[2] = {p->slope[i], p->slope[i] - p->relief[i] / 2};
	double		edge[2][2];		/* of V_0 and V_1, lower and upper */
	double		band[2];
	double		cross = now + (v[0] - v[1]) / -p->relief[i];

	for (int k = 0; k < 2; k++)
	{
		double		best = now - slope[k] / own;
		double		least = fmax(v[k] - slope[k] * (slope[k] / own), 0);
		double		width = !(own > 0) || p->price * sqrt(own) <= c ? INFINITY :
			c * sqrt(least / own / (p->price * p->price * own - c * c));

		edge[k][0] = best - width;
		edge[k][1] = best + width;
		v[k] = fmax(v[k] + out * (2 * slope[k] + own * out), 0);
	}
	for (int up = 0; up < 2; up++)
	{
		/* V_0 − V_1 at x is its value now and relief·(x − now) more */
		double		at_0 = p->estimated - p->relied + p->relief[i] * (edge[0][up] - now);
		double		at_1 = p->estimated - p->relied + p->relief[i] * (edge[1][up] - now);

		if (p->relief[i] == 0)
			band[up] = edge[p->estimated >= p->relied ? 0 : 1][up];
		else
			band[up] = at_0 >= 0 ? edge[0][up] : at_1 <= 0 ? edge[1][up] : cross;
	}
	t->band_low = band[0];
	t->band_high = band[1];
	t->estimate_low = edge[0][0];
	t->estimate_high = edge[0][1];
	t->variance = fmax(v[0], v[1]);
}
