/*
 * psd.h
 *	  Correlation matrices: eigenvalues, and the nearest one that is positive semi-definite.
 *
 * Correlations measured pair by pair, each over its own times, need not be those of any joint
 * distribution: some portfolio may come out with a negative variance.  The nearest proper matrix
 * in the Frobenius norm is found by alternating projections with Dykstra's correction (N. J.
 * Higham, "Computing the nearest correlation matrix – a problem from finance", IMA Journal of
 * Numerical Analysis 22, 2002): onto the positive semi-definite matrices by clipping eigenvalues,
 * and onto those with a unit diagonal.  Entries for which there is no correlation count as 0 and
 * are held there: with them fixed the second set is still convex and still holds the identity.
 *
 * Matrices are full squares, column by column.
 */
#ifndef PH_PSD_H
#define PH_PSD_H

#include "matrix.h"

/* r = correlations, 1 on the diagonal, 0 where there is none. */
extern void ph_correlations(const PhMatrix *m, double *r);

/* Is a matrix of size n with these extreme eigenvalues positive semi-definite, up to rounding? */
extern bool ph_is_psd(int n, double smallest, double largest);

typedef struct PhNearest
{
	int			n;
	const double *start;		/* n² */
	double	   *y;				/* n²: the iterate with unit diagonal; the result */
	double	   *correction;		/* n² */
	double	   *x;				/* n² */
	double	   *vectors;		/* n² */
	double	   *value;			/* n */
	void	   *work;			/* ph_eigen_workspace(n, true) */
	double		change;			/* of the last step, relative */
} PhNearest;

/* Begin at p->start; all members but change are the caller's. */
extern void ph_nearest_begin(PhNearest *p);

/* One pair of projections. */
extern PhStatus ph_nearest_step(PhNearest *p);

/* A change at which to stop. */
#define PH_NEAREST_SETTLED 1e-9

/*
 * What the last step left below zero is taken out by a move towards the identity, which keeps
 * the diagonal and the zeros.
 */
extern PhStatus ph_nearest_end(PhNearest *p);

#endif							/* PH_PSD_H */
