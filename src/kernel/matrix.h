/*
 * matrix.h
 *	  Co-moments of every pair among n assets: read them, sum them from blocks of observations,
 *	  merge sums of disjoint times.
 *
 * Two forms.  Complete: every asset was observed at every time, so one weight, n means and one
 * triangle of sums of products say it all.  Pairwise: something was missing somewhere; each pair
 * has co-moments of its own, over the times at which both were observed ("pairwise complete").
 * Triangles are packed by column: entry (i, j), i <= j, stands at j·(j + 1)/2 + i, so that a new
 * asset is appended.  In a pair's co-moments y is the asset with the lower number.
 *
 * Summing goes by blocks of up to PH_BLOCK_ROWS times.  The columns of a block are centred at
 * their own means (as double-doubles) before anything is multiplied, for raw products of levels
 * would cancel; then BLAS level 3 multiplies.
 *
 *	 - Nothing missing, neither now nor before: S += D'D + g·δδ', where D is the centred block, δ
 *	   the difference of its means from those of the sum, and g = na·nb/(na + nb) (Chan, Golub,
 *	   LeVeque 1979).  √g·δ is appended to D as one more row, so that one product does both.
 *	 - Something missing: D has zeros there and M is the 0/1 mask.  With n = |both present|,
 *	   G = Σ d_i d_j, P = Σ d_i m_j, Q = Σ d_i² m_j:
 *	   mean of d_i over the pair's times = P/n, its sum of squares Q − P²/n, the product G − P_i P_j/n.
 *	   Where that subtraction would cost more than a digit (an outlier of one asset fell where the other is
 *	   missing; a side is constant on the common times) the pair is summed one by one instead.
 *
 * The work is handed out in tiles of columns, so that a caller can stop between two of them.
 */
#ifndef PH_MATRIX_H
#define PH_MATRIX_H

#include "comoments.h"

/* A read-only view of a matrix. */
typedef struct PhMatrix
{
	int			n;
	bool		complete;
	double		w;				/* complete form: Σw, Σw², means, packed sums of products */
	double		w2;
	const double *mean;
	const double *mean_lo;
	const double *s;
	const PhComoments *pair;	/* pairwise form: packed */
} PhMatrix;

static inline size_t
ph_triangle(int n)
{
	return (size_t) n * ((size_t) n + 1) / 2;
}

/* Place of (i, j), i <= j, in a packed triangle. */
static inline size_t
ph_packed(int i, int j)
{
	return ph_triangle(j) + (size_t) i;
}

/* Co-moments of (y, x); w = 0 when they were never observed together. */
extern void ph_matrix_pair(const PhMatrix *m, int y, int x, PhComoments *out);

#endif							/* PH_MATRIX_H */
