/*
 * allocation.h
 *	  Offsets of a portfolio without double counting: each unit of exposure serves one pair only.
 *
 *	E_i     size of the exposure of leg i, E_i >= 0
 *	pair p  legs a and b; sets x_p of a against k_p·x_p of b, k_p > 0 its hedge ratio
 *	w_p     what one unit of a then removes: with A = σ_a, B = k_p·σ_b and r = |ρ|,
 *			√(A² + B²) − √(A² + B² − 2rAB), the risk_offset of offsets.h
 *
 * A pair consumes its legs in its ratio, as the spreads of a clearing house do, and leaves the rest of the
 * larger side for others. The offset of amounts in one ratio is proportional to them, so that what
 * pairs remove is linear in x, and what legs allow, too:
 *
 *		maximise	Σ w_p·x_p		subject to	Σ_{p: a = i} x_p + Σ_{p: b = i} k_p·x_p <= E_i,  x >= 0
 *
 * Greedy takes pairs in the order given, each as far as its legs allow. Optimal solves the linear
 * program: a generalised network (two entries a column), by the primal simplex method with an
 * explicit basis inverse (G. Dantzig, Linear Programming and Extensions, 1963), anew from LAPACK
 * every so often; ties are broken by R. Bland's rule (Mathematics of Operations Research 2, 1977)
 * once nothing is gained. Its certificate is the dual: prices y >= 0 of the legs with
 * y_a + k_p·y_b >= w_p for each pair bound every allocation by Σ E_i·y_i, which the optimum attains.
 */
#ifndef PH_ALLOCATION_H
#define PH_ALLOCATION_H

#include "kernel.h"

typedef struct PhSpread
{
	int			a;				/* legs */
	int			b;
	double		ratio;			/* k > 0 */
	double		worth;			/* w >= 0 */
	double		x;				/* the answer: of a; k·x of b */
} PhSpread;

/* sqrt(A² + B²) − sqrt(A² + B² − 2rAB), without cancellation. */
extern double ph_spread_worth(double sigma_a, double sigma_b, double corr, double ratio);

/*
 * As many units as legs have left, ratio[i] of leg[i] for each of n different ones; takes them from left,
 * of the leg that bounds all of it.
 */
extern double ph_consume(const int *leg, const double *ratio, int n, double *left);

/* In the order given; left[legs] has the exposures, and afterwards what is left of them. */
extern void ph_allocate_greedy(PhSpread *spread, int n, double *left);

typedef struct PhAllocation
{
	int			legs;
	int			n;
	PhSpread   *spread;
	const double *exposure;		/* E, finite */
	double		bound;			/* Σ E·y: no allocation removes more */

	/* inside: in units in which E = 1 */
	int		   *basis;			/* [legs] pair, or n + leg for what is left of a leg */
	double	   *inverse;		/* legs² */
	double	   *copy;			/* legs² */
	double	   *value;			/* [legs] of the basis */
	double	   *price;			/* [legs] y */
	double	   *column;			/* [legs] */
	int		   *pivot;			/* [legs] */
	int			steps;			/* pivots since the inverse was made */
	int			idle;			/* pivots since something was gained */
	int			stuck;			/* fresh inverses since the allocation was worth more ... */
	double		best;			/* ... than this */
	double		scale;			/* the largest w·x */
} PhAllocation;

extern size_t ph_allocation_workspace(int legs);
extern void ph_allocation_begin(PhAllocation *p, void *work);

/* Some pivots; a caller may look up between two calls. */
extern PhStatus ph_allocation_round(PhAllocation *p, bool *done);

#endif							/* PH_ALLOCATION_H */
