/*
 * solver.c
 *	  Coordinate descent with Newton steps; the problem and its certificate are in solver.h.
 */
#include "solver.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "lapack.h"

#define SWEEPS 50				/* before a Newton step, unless the coordinates have come to rest */
#define PATIENCE 60				/* rounds without halving the residual */

size_t
ph_solver_workspace(int n)
{
	size_t		all = (size_t) n * (size_t) n;

	return (2 * all + 12 * (size_t) n) * sizeof(double) + (size_t) n * sizeof(int);
}

/*
 * The derivative nearest to zero that a move could have: g to both sides, and the cost of leaving
 * home. At a bound only one way is open.
 */
static double
violation(double x, double g, double cost, double home, double low, double high)
{
	double		up = g + (x < home ? -cost : cost);	/* derivative of a move up, if that is open */
	double		down = g + (x > home ? cost : -cost);

	if (x < high && up < 0)
		return up;
	if (x > low && down > 0)
		return down;
	return 0;
}

double
ph_solver_residual(const PhSolver *p, double *work)
{
	int			n = p->n;
	double	   *g = work;
	double	   *size = work + n;
	double		worst = 0;
	double		scale = 0;

	for (int i = 0; i < n; i++)
	{
		g[i] = -p->b[i];
		size[i] = fabs(p->b[i]);
	}
	for (int j = 0; j < n; j++)
	{
		const double *column = p->a + (size_t) j * n;
		double		h = p->h[j];
		double		most = fmax(fabs(h), p->held ? fabs(p->held[j]) : 0);

		if (most == 0)
			continue;
		for (int i = 0; i < n; i++)
		{
			g[i] += column[i] * h;
			size[i] += fabs(column[i]) * most;
		}
	}
	for (int i = 0; i < n; i++)
	{
		double		z = sqrt(p->a[(size_t) i * n + i]);
		double		v = violation(p->h[i], g[i], p->cost ? p->cost[i] : 0, p->held ? p->held[i] : 0,
								  p->low ? p->low[i] : -INFINITY, p->high ? p->high[i] : INFINITY);

		if (z == 0)
		{
			if (v != 0)
				return INFINITY;
			continue;
		}
		worst = fmax(worst, fabs(v) / z);
		scale = fmax(scale, size[i] / z);
	}
	return worst == 0 ? 0 : worst / scale;
}

/* What is linear in h_i alone: as far as it gains. */
static bool
linear(PhSolver *p, int i)
{
	double		b = p->b[i];
	double		cost = p->cost ? p->cost[i] : 0;
	double		low = p->low ? p->low[i] : -INFINITY;
	double		high = p->high ? p->high[i] : INFINITY;
	double		h = p->held ? p->held[i] : 0;

	if (b > cost)
		h = high;
	else if (b < -cost)
		h = low;
	p->h[i] = fmin(fmax(h, low), high);
	return isfinite(p->h[i]);
}

/* The size of the numbers that cancel in the gradient. */
static double
scale_of(const PhSolver *p)
{
	double		scale = 0;

	for (int j = 0; j < p->n; j++)
	{
		const double *column = p->unit + (size_t) j * p->n;
		double		size = fabs(p->target[j]);

		for (int i = 0; i < p->n; i++)
			size += fabs(column[i]) * fmax(fabs(p->x[i]), fabs(p->home[i]));
		scale = fmax(scale, size);
	}
	return scale;
}

PhStatus
ph_solver_begin(PhSolver *p, void *work)
{
	int			n = p->n;
	size_t		all = (size_t) n * (size_t) n;
	double	   *w = work;
	double		widest = 0;

	p->unit = w;
	p->part = p->unit + all;
	p->z = p->part + all + n;	/* room for two rows of n, whatever n is */
	p->x = p->z + n;
	p->g = p->x + n;
	p->target = p->g + n;
	p->toll = p->target + n;
	p->home = p->toll + n;
	p->floor = p->home + n;
	p->roof = p->floor + n;
	p->d = p->roof + n;
	p->move = p->d + n;
	p->change = p->move + n;
	p->free = (int *) (p->change + n);
	p->sweeps = p->factors = p->stuck = 0;
	p->best = INFINITY;
	p->residual = INFINITY;
	p->plain = true;

	for (int i = 0; i < n; i++)
	{
		double		z = sqrt(p->a[(size_t) i * n + i]);

		if (!(z >= 0))
			return PH_INDEFINITE;
		if (!isfinite(p->b[i]) || isinf(z))
			return PH_OVERFLOW;
		if (z == 0 && !linear(p, i))
			return PH_UNBOUNDED;
		p->z[i] = z;
		p->toll[i] = p->home[i] = p->target[i] = p->x[i] = 0;
		p->floor[i] = -INFINITY;
		p->roof[i] = INFINITY;
		if (z == 0)
			continue;			/* stays at 0, away from all others */
		p->target[i] = p->b[i] / z;
		p->toll[i] = p->cost ? p->cost[i] / z : 0;
		p->home[i] = p->held ? p->held[i] * z : 0;
		p->floor[i] = p->low ? p->low[i] * z : -INFINITY;
		p->roof[i] = p->high ? p->high[i] * z : INFINITY;
		p->x[i] = fmin(fmax(p->h[i] * z, p->floor[i]), p->roof[i]);
		if (p->toll[i] != 0 || isfinite(p->floor[i]) || isfinite(p->roof[i]))
			p->plain = false;
	}
	for (int j = 0; j < n; j++)
	{
		const double *from = p->a + (size_t) j * n;
		double	   *to = p->unit + (size_t) j * n;
		double		sum = 0;

		for (int i = 0; i < n; i++)
		{
			to[i] = p->z[i] == 0 || p->z[j] == 0 ? 0 : from[i] / p->z[i] / p->z[j];
			if (i == j)
				to[i] = 1;
			sum += fabs(to[i]);
		}
		/* an entry that does not go with a variance of 0 */
		for (int i = 0; p->z[j] == 0 && i < n; i++)
			if (from[i] != 0)
				return PH_INDEFINITE;
		if (!(sum <= DBL_MAX))
			return PH_OVERFLOW;
		widest = fmax(widest, sum);
	}
	for (p->shift = 8 * n * DBL_EPSILON;; p->shift *= 16)
	{
		for (int i = 0; i < n; i++)
			p->unit[(size_t) i * n + i] = 1 + p->shift;
		memcpy(p->part, p->unit, all * sizeof(double));
		p->factors++;
		if (ph_cholesky(n, p->part, n))
			break;
		if (p->shift > 16 * n * DBL_EPSILON * widest)
			return PH_INDEFINITE;
	}
	p->size = scale_of(p);
	return PH_OK;
}

/* g = Ax − b, without what changes have left behind in it. */
static void
gradient(PhSolver *p)
{
	ph_blas_gemv(p->n, p->n, p->unit, p->n, p->x, p->g);
	for (int i = 0; i < p->n; i++)
		p->g[i] -= p->target[i];
}

/* The residual as x and g stand, times its scale. */
static double
worst_violation(const PhSolver *p)
{
	double		worst = 0;

	for (int i = 0; i < p->n; i++)
		worst = fmax(worst, fabs(violation(p->x[i], p->g[i], p->toll[i], p->home[i],
										   p->floor[i], p->roof[i])));
	return worst;
}

/* The best value of one coordinate. */
static inline double
best_value(const PhSolver *p, int i)
{
	double		away = (p->x[i] - p->g[i]) - p->home[i];
	double		x;

	if (away > p->toll[i])
		x = (p->x[i] - p->g[i]) - p->toll[i];
	else if (away < -p->toll[i])
		x = (p->x[i] - p->g[i]) + p->toll[i];
	else
		x = p->home[i];
	return x < p->floor[i] ? p->floor[i] : x > p->roof[i] ? p->roof[i] : x;
}

/* Where a coordinate stands: what it rests on, or which side of home it is. */
static inline int
stand(const PhSolver *p, int i)
{
	double		x = p->x[i];

	if (x <= p->floor[i] || x >= p->roof[i])
		return 0;
	if (p->toll[i] == 0)
		return 1;
	return x == p->home[i] ? 0 : x > p->home[i] ? 1 : 2;
}

/* One pass over all coordinates; returns whether one of them began or ceased to rest. */
static bool
sweep(PhSolver *p)
{
	bool		changed = false;

	for (int i = 0; i < p->n; i++)
	{
		double		x = best_value(p, i);
		double		move = x - p->x[i];
		int			before;

		if (move == 0 || p->z[i] == 0)
			continue;
		before = stand(p, i);
		p->x[i] = x;
		ph_blas_axpy(p->n, move, p->unit + (size_t) i * p->n, p->g);
		changed |= stand(p, i) != before;
	}
	p->sweeps++;
	return changed;
}

/* f(x + move) − f(x), change being A·move, each coordinate staying on its side of home. */
static double
gain(const PhSolver *p, const double *move, const double *change)
{
	double		sum = 0;

	for (int i = 0; i < p->n; i++)
		if (move[i] != 0)
			sum += move[i] * (p->g[i] + change[i] / 2 +
							  (p->toll[i] == 0 ? 0 :
							   p->x[i] + move[i] > p->home[i] || p->x[i] > p->home[i] ?
							   p->toll[i] : -p->toll[i]));
	return sum;
}

static void
times_unit(const PhSolver *p, const double *move, double *change)
{
	memset(change, 0, p->n * sizeof(double));
	for (int i = 0; i < p->n; i++)
		if (move[i] != 0)
			ph_blas_axpy(p->n, move[i], p->unit + (size_t) i * p->n, change);
}

typedef enum Step
{
	STEP_NONE,					/* nothing is free, or nothing gained */
	STEP_WHOLE,
	STEP_SHORT					/* another coordinate came to rest */
} Step;

/*
 * A Newton step of the free coordinates: to their minimum if nothing stands in the way; else past
 * those that come to rest, or only to the first of them, whichever is lower.
 */
static Step
newton(PhSolver *p)
{
	int			n = p->n;
	int			m = 0;
	double		ridge = 0;
	double		slope = 0;
	double		curve = 0;
	double		length = 0;
	double		whole;
	double		first = INFINITY;
	int			stop = -1;
	double		lower;
	double	   *short_move = p->part;	/* when the factor has been used */
	double	   *short_change = p->part + n;

	for (int i = 0; i < n; i++)
		if (p->z[i] > 0 && stand(p, i) != 0)
			p->free[m++] = i;
	if (m == 0)
		return STEP_NONE;
	for (;;)
	{
		for (int k = 0; k < m; k++)
		{
			const double *from = p->unit + (size_t) p->free[k] * n;
			double	   *to = p->part + (size_t) k * m;

			for (int i = k; i < m; i++)
				to[i] = from[p->free[i]];
			to[k] += ridge;
		}
		p->factors++;
		if (ph_cholesky(m, p->part, m))
			break;
		ridge = ridge == 0 ? p->shift : 8 * ridge;
	}
	for (int k = 0; k < m; k++)
	{
		int			i = p->free[k];

		p->d[k] = -p->g[i] - (stand(p, i) == 1 ? p->toll[i] : -p->toll[i]);
	}
	memset(p->move, 0, n * sizeof(double));
	memcpy(p->change, p->d, m * sizeof(double));	/* −gradient, for the slope */
	ph_cholesky_solve(m, p->part, m, p->d);
	for (int k = 0; k < m; k++)
	{
		p->move[p->free[k]] = p->d[k];
		slope += p->change[k] * p->d[k];
		length += p->d[k] * p->d[k];
	}
	if (!(slope > 0) || !isfinite(length))
		return STEP_NONE;
	times_unit(p, p->move, p->change);
	for (int k = 0; k < m; k++)
		curve += p->d[k] * p->change[p->free[k]];
	if (!(curve > 0))
		return STEP_NONE;
	whole = slope / curve;		/* 1, but for rounding and the ridge */

	for (int k = 0; k < m; k++)
	{
		int			i = p->free[k];
		int			where = stand(p, i);
		double		end = p->d[k] > 0 ? p->roof[i] : p->floor[i];
		double		room;

		if (p->toll[i] > 0 && (where == 1) == (p->d[k] < 0))
		{
			/* home lies this way, unless a bound comes first */
			if (p->d[k] > 0 ? p->home[i] < end : p->home[i] > end)
				end = p->home[i];
		}
		if (p->d[k] == 0 || !isfinite(end))
			continue;
		room = (end - p->x[i]) / p->d[k];
		if (room < first)
		{
			first = room;
			stop = i;
		}
	}
	if (first > whole)
	{
		for (int i = 0; i < n; i++)
			p->x[i] += whole * p->move[i];
		gradient(p);
		return STEP_WHOLE;
	}
	/* To the first that comes to rest. */
	for (int i = 0; i < n; i++)
		short_move[i] = first * p->move[i];
	for (int i = 0; i < n; i++)
		short_change[i] = first * p->change[i];
	lower = gain(p, short_move, short_change);

	/* Past all that come to rest, each stopping there. */
	for (int k = 0; k < m; k++)
	{
		int			i = p->free[k];
		double		x = p->x[i] + whole * p->d[k];
		int			where = stand(p, i);

		if (p->toll[i] > 0 && (where == 1 ? x < p->home[i] : x > p->home[i]))
			x = p->home[i];
		x = fmin(fmax(x, p->floor[i]), p->roof[i]);
		p->move[i] = x - p->x[i];
	}
	times_unit(p, p->move, p->change);
	if (gain(p, p->move, p->change) < lower)
	{
		for (int k = 0; k < m; k++)
		{
			int			i = p->free[k];
			double		x = p->x[i] + p->move[i];
			int			where = stand(p, i);

			/* what comes to rest does so exactly */
			if (p->toll[i] > 0 && (where == 1 ? x < p->home[i] : x > p->home[i]))
				x = p->home[i];
			p->x[i] = fmin(fmax(x, p->floor[i]), p->roof[i]);
		}
	}
	else
	{
		double		end = p->x[stop] + short_move[stop];
		double		nearest = p->home[stop];

		for (int k = 0; k < m; k++)
			p->x[p->free[k]] += short_move[p->free[k]];
		if (p->toll[stop] == 0 || fabs(p->floor[stop] - end) < fabs(nearest - end))
			nearest = p->floor[stop];
		if (fabs(p->roof[stop] - end) < fabs(nearest - end))
			nearest = p->roof[stop];
		p->x[stop] = nearest;
	}
	gradient(p);
	return STEP_SHORT;
}

/*
 * Has a combination of instruments that nothing holds back run away, in which there is no risk but
 * for μ? That is told from rounding by what it gained in the beginning.
 */
static bool
endless(PhSolver *p)
{
	double		form = 0;
	double		length = 0;
	double		most = 0;

	memcpy(p->move, p->x, p->n * sizeof(double));
	for (int i = 0; i < p->n; i++)
		if (p->z[i] == 0 || stand(p, i) == 0)
			p->move[i] = 0;
	times_unit(p, p->move, p->change);
	for (int i = 0; i < p->n; i++)
	{
		form += p->move[i] * p->change[i];
		length += p->move[i] * p->move[i];
		most = fmax(most, fabs(p->move[i]));
	}
	return p->shift * most > PH_SOLVER_CERTIFIED * p->size &&
		form < 1.2 * p->shift * length;
}

static void
hand_over(PhSolver *p)
{
	for (int i = 0; i < p->n; i++)
		if (p->z[i] > 0)
		{
			/* what rests does so exactly in the caller's units, too */
			if (p->held && p->x[i] == p->home[i])
				p->h[i] = p->held[i];
			else if (p->low && p->x[i] == p->floor[i])
				p->h[i] = p->low[i];
			else if (p->high && p->x[i] == p->roof[i])
				p->h[i] = p->high[i];
			else
				p->h[i] = p->x[i] / p->z[i];
			if (p->low && p->h[i] < p->low[i])
				p->h[i] = p->low[i];
			if (p->high && p->h[i] > p->high[i])
				p->h[i] = p->high[i];
		}
}

PhStatus
ph_solver_round(PhSolver *p, bool *done)
{
	double		worst;

	gradient(p);
	if (!p->plain)
		for (int s = 0; s < SWEEPS; s++)
			if (!sweep(p) && s > 0)
				break;
	/*
	 * If the round before has gained little, to the minimum of what is free before what rests is
	 * looked at again: then no set of free coordinates comes twice.
	 */
	for (int s = 0; newton(p) == STEP_SHORT && p->stuck > 0 && s < p->n; s++)
		;
	gradient(p);
	worst = worst_violation(p);
	p->residual = worst == 0 ? 0 : worst / scale_of(p);
	p->stuck = p->residual < p->best / 2 ? 0 : p->stuck + 1;
	p->best = fmin(p->best, p->residual);
	*done = p->residual <= PH_SOLVER_GOAL ||
		(p->residual <= PH_SOLVER_CERTIFIED && p->stuck >= 10);
	if (*done || p->stuck >= PATIENCE)
		hand_over(p);
	if (*done && endless(p))
		return PH_UNBOUNDED;
	return *done || p->stuck < PATIENCE ? PH_OK : PH_NO_CONVERGENCE;
}
