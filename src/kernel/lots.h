/*
 * lots.h
 *	  Whole lots: what the searches of hedge.c and recommend.c share. Both take one trade after another to its
 *	  best number of lots, the others left as they are, until none improves. What is best is for each to say;
 *	  both are convex along one trade, so it is next to the best real one.
 *
 * Slopes are g = b + A·x, A symmetric: with all others fixed and no costs, x_i − g_i/A_ii is best.
 */
#ifndef PH_LOTS_H
#define PH_LOTS_H

#include <math.h>
#include <stddef.h>

/* Lots within bounds, which a whole number of them may come out a little beside; least > most if there are none. */
static inline void
ph_lots_within(double low, double high, double step, double *least, double *most)
{
	*least = ceil(low / step - 1e-9);
	*most = floor(high / step + 1e-9);
}

/* The best trade, of one that is best without costs: each unit has to be worth its toll. */
static inline double
ph_worth_toll(double trade, double toll)
{
	return trade > 0 ? fmax(trade - toll, 0) : fmin(trade + toll, 0);
}

/* Slopes at x, of those at 0. */
static inline void
ph_slopes(int n, const double *a, const double *x, double *slope)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			slope[i] += a[(size_t) i * n + j] * x[j];
}

/* Slopes once x_i is more by move. */
static inline void
ph_slopes_move(int n, const double *a, int i, double move, double *slope)
{
	for (int j = 0; j < n; j++)
		slope[j] += a[(size_t) i * n + j] * move;
}

#endif							/* PH_LOTS_H */
