/*
 * hedge.h
 *	  Hedges of a portfolio: named instruments at least risk and cost, trades that bring a sum to nothing,
 *	  and positions scaled to a target.
 *
 * Minimum-variance hedge (L. Johnson, The theory of hedging and speculation in commodity futures,
 * 1960; L. Ederington, The hedging performance of the new futures markets, 1979).  e are exposures
 * of all assets, S their covariances, h those of the instruments among them, h0 what they are now:
 *
 *		minimise	e'Se / 2 + Σ (c_i/λ)·|h_i − h0_i|		subject to l_i <= h_i <= u_i
 *
 * by the solver; c_i is the cost of trading one unit of exposure, λ the risk aversion: λ/2 is what
 * a unit of variance costs. Without λ the cost is told but does not restrain.
 *
 * Whole lots.  With step d_i, h_i = h0_i + k_i·d_i: from the solution rounded, and from no trade, one
 * k_i after another takes its best whole value (the objective is convex along it, so one of the two next
 * to its best real value) until none improves; the lower of the two ends is the answer, and no trade
 * if neither is below it. So it is never worse than doing nothing; it need not be the best of all. Bounds
 * hold in lots, too: where what is held is beyond one it is traded, whatever that costs; where no multiple of
 * the lot is within them, to the one nearest to them.
 *
 * Exponential weights: σ_t² = δ·σ_{t−1}² + (1 − δ)·x_t² (RiskMetrics, J.P. Morgan 1996), from the
 * weighted mean of all squares: weights (1 − δ)·δ^i / (1 − δ^n).
 */
#ifndef PH_HEDGE_H
#define PH_HEDGE_H

#include "solver.h"

typedef struct PhHedge
{
	int			m;				/* assets */
	const double *s;			/* m × m covariances */
	const double *e;			/* exposures now */
	int			n;				/* instruments */
	const int  *instrument;		/* [n] their places among the assets */
	const double *step;			/* [n] exposure of one lot, NaN: no lots; NULL: none has */
	const double *cost;			/* [n] c >= 0; NULL: none */
	const double *low;			/* [n], NULL: none */
	const double *high;
	double		aversion;		/* λ > 0; NaN: the cost does not restrain */

	/* the answer */
	double	   *target;			/* [n] exposures of the solution */
	double	   *after;			/* [n] exposures in whole lots */
	double	   *lots;			/* [n] traded; NaN where there are none */
	double		before_risk;	/* √e'Se now, ... */
	double		target_risk;	/* ... at the target, ... */
	double		after_risk;		/* ... and in whole lots */
	double		residual;		/* of the solver */

	/* inside */
	double	   *a;				/* n × n */
	double	   *b;
	double	   *toll;			/* c/λ */
	double	   *held;
	double	   *g;
	double	   *k;
	double	   *other;
	double	   *all;			/* [m] */
	void	   *work;
	PhSolver	solver;
} PhHedge;

extern size_t ph_hedge_workspace(int m, int n);

/* Begin, rounds of the solver until done, end. */
extern PhStatus ph_hedge_begin(PhHedge *p, void *work);
extern PhStatus ph_hedge_round(PhHedge *p, bool *done);
extern void ph_hedge_end(PhHedge *p);

/*
 * After the end, for up to PH_EXCHANGE_MOST instruments: two or three of them change together, two by up to three
 * lots each and the last to its best, while that lowers the objective. Where instruments can stand for each other,
 * as options on one underlying do, one at a time comes to rest far from the best lots.
 */
#define PH_EXCHANGE_MOST 24
extern void ph_hedge_exchange(PhHedge *p);

/* Σ c·|h − h0| of h = target or after. */
extern double ph_hedge_cost(const PhHedge *p, const double *h);

/*
 * The trade that brings net to the edge of a band around 0, and so changes it by as much times
 * sensitivity (not 0); with step > 0 in whole steps: the fewest that bring it into the band, or else
 * as near as steps come, none if they come no nearer.
 */
extern double ph_neutral_trade(double net, double sensitivity, double band, double step);

/* NaN if n = 0. */
extern double ph_decayed_volatility(const double *x, int n, double decay);

#endif							/* PH_HEDGE_H */
