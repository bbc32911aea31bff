/*
 * rolling_pairs.h
 *	  The rolling correlation of every pair, reduced to a few numbers a pair as it is made: no row a
 *	  pair and time ever exists.
 *
 * Time is cut into chunks as long as the window (M. van Herk 1992; J. Gil, M. Werman 1993, who
 * did so for running maxima).  A window is a suffix A of one chunk and a prefix B of the next, so
 *
 *		S_xy(window) = S_xy(A) + S_xy(B) + (na·nb/m)·δx·δy,		δ = mean(B) − mean(A)
 *
 * (Chan, Golub, LeVeque 1979).  Prefix sums grow by g·(x − mean)(y − mean'), g = (k − 1)/k, with
 * the means before the k-th value; each factor √g·(x − mean) is a matter of one asset alone:
 *
 *		u(t) = √g·(x_t − mean of the chunk before t)		S_xy(B) = Σ u_x·u_y
 *		v(t) = the same from the chunk's end backwards		S_xy(A) = Σ v_x·v_y
 *		q(t) = 1/√S_xx(window)								d(t) = √(na·nb/m)·δ·q(t)
 *
 *		ρ_t = (Σ v_x·v_y + Σ u_x·u_y)·q_x·q_y + d_x·d_y
 *
 * So a correlation costs a few multiplications, nothing is subtracted, and nothing of a value is
 * left when it has left the window.  Eight pairs go side by side.
 *
 * That holds for assets without a gap, a window without variation, or a value beyond 1e140.  Pairs
 * with another asset go through the queue of two stacks (queue.h), row by row.
 */
#ifndef PH_ROLLING_PAIRS_H
#define PH_ROLLING_PAIRS_H

#include "queue.h"

#define PH_LANES 8

/* u, v, q, d of PH_LANES assets at one time */
typedef struct PhRollingStep
{
	double		u[PH_LANES];
	double		v[PH_LANES];
	double		q[PH_LANES];
	double		d[PH_LANES];
} PhRollingStep;

typedef struct PhRollingStats
{
	int			windows;		/* with a correlation */
	int			sign_changes;	/* from one to the next; a correlation of 0 has no sign */
	double		minimum;
	double		maximum;
	double		mean;
	double		sd;				/* divisor windows − 1; 0 for one window */
	double		latest;
} PhRollingStats;

/*
 * Prepare one asset: x[times], NULL values as NaN, into lane `lane` of step[times].  Returns
 * whether the asset is regular, that is, fit for ph_rolling_tile.  work: 6·times doubles.  Here and
 * below pause may be NULL.
 */
extern bool ph_rolling_prepare(const double *x, int times, int window, int lane,
							   PhRollingStep *step, double *work, PhPause pause);

/*
 * Asset `lane` of tile i against the PH_LANES assets of tile j.  work: (window + 1)·PH_LANES
 * doubles.
 */
extern void ph_rolling_tile(const PhRollingStep *i, int lane, const PhRollingStep *j, int times,
							int window, double *work, PhPause pause, PhRollingStats *result);

/*
 * Any pair; q has room for the window.  present tells missing values (clear) from NaN (set); it
 * may be NULL when nothing is missing.
 */
extern PhStatus ph_rolling_pair(const double *y, const double *x, const bool *y_present,
								const bool *x_present, int times, int window, PhQueue *q,
								PhPause pause, PhRollingStats *result);

#endif							/* PH_ROLLING_PAIRS_H */
