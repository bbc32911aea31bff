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

/* ---------- summing ---------- */

/*
 * A matrix that grows.  All storage is the caller's, with room for `size` assets.
 */
typedef struct PhMatrixSum
{
	int			n;
	int			size;
	bool		complete;
	double		w;				/* complete form: Σw and Σw², the number of times summed ... */
	double		w2;				/* ... unless weighted matrices were merged */
	double	   *mean;			/* size */
	double	   *mean_lo;		/* size */
	bool	   *poisoned;		/* size; complete form: met a value that is not finite */
	double	   *s;				/* complete form: size columns of size, upper triangle */
	PhComoments *pair;			/* pairwise form: packed, ph_triangle(size) */
} PhMatrixSum;

#define PH_BLOCK_ROWS 256
#define PH_BLOCK_LD (PH_BLOCK_ROWS + 8) /* one more row for δ, and whole cache lines */
#define PH_BLOCK_WORDS (PH_BLOCK_ROWS / 64)
#define PH_TILE 64

/*
 * Up to PH_BLOCK_ROWS times of n assets.  The caller fills x and present (bit r of asset j: observed at row r;
 * bits at and above `rows` are clear) and provides the rest as workspace; columns are
 * PH_BLOCK_LD apart.
 */
typedef struct PhBlock
{
	int			n;
	int			rows;
	double	   *x;				/* observations */
	uint64_t   *present;		/* PH_BLOCK_WORDS an asset */
	double	   *d;				/* centred, 0 where there is nothing to multiply */
	double	   *d2;				/* d², and ... */
	double	   *mask;			/* ... 1 where observed: pairwise form only */
	double	   *mean;			/* an entry an asset */
	double	   *mean_lo;
	double	   *square;			/* Σ d² */
	uint64_t   *odd;			/* observed but not finite, as present */
	bool		complete;		/* set by ph_block_centre */
	bool		any_odd;
} PhBlock;

static inline void
ph_block_set(PhBlock *b, int asset, int row, double value)
{
	b->x[(size_t) asset * PH_BLOCK_LD + row] = value;
	b->present[(size_t) asset * PH_BLOCK_WORDS + row / 64] |= UINT64_C(1) << (row % 64);
}

/* The same for n rows from `row` on. */
extern void ph_block_set_rows(PhBlock *b, int asset, int row, const double *value, int n);

static inline bool
ph_block_has(const PhBlock *b, int asset, int row)
{
	return (b->present[(size_t) asset * PH_BLOCK_WORDS + row / 64] >> (row % 64)) & 1;
}

/* Take everything out of the block. */
extern void ph_block_clear(PhBlock *b);

/* Centre the columns. */
extern PhStatus ph_block_centre(PhBlock *b);

/* After centring, for the pairwise form: d2 and mask of asset j. */
extern void ph_block_mask(PhBlock *b, int j);

/*
 * Add a centred, complete block to a sum in complete form: begin (which appends the row of
 * differences of means), every tile of columns from 0 in steps of PH_TILE, then check for
 * overflow.
 */
extern void ph_matrix_complete_begin(PhMatrixSum *m, PhBlock *b);
extern void ph_matrix_complete_tile(PhMatrixSum *m, const PhBlock *b, int j0);
extern PhStatus ph_matrix_complete_check(const PhMatrixSum *m);

/*
 * Add a centred block to a sum in pairwise form, a tile of columns at a time; work has room for
 * ph_matrix_tile_work(n) doubles.  (b->mask and b->d2 need be filled only if the block is not
 * complete.)
 */
extern size_t ph_matrix_tile_work(int n);
extern PhStatus ph_matrix_pairwise_tile(PhMatrixSum *m, const PhBlock *b, int j0, double *work);

/* From complete to pairwise form; m->pair has been provided. */
extern void ph_matrix_to_pairs(PhMatrixSum *m);

/* One more asset, never observed so far; there is room.  A complete sum that is not empty must
 * have been turned to pairs. */
extern void ph_matrix_append_asset(PhMatrixSum *m);

/*
 * m += b, sums of disjoint times.  at[i] is asset i's number in b, or -1.  A sum that stays
 * complete needs m complete (or empty), b complete and every asset in b: ph_matrix_merge_stays_complete.  Columns j come in
 * ascending order; a complete sum has an end.
 */
extern bool ph_matrix_merge_stays_complete(const PhMatrixSum *m, const PhMatrix *b, const int *at);
extern void ph_matrix_merge_complete(PhMatrixSum *m, const PhMatrix *b, const int *at, int j);
extern PhStatus ph_matrix_merge_complete_end(PhMatrixSum *m, const PhMatrix *b, const int *at);
extern PhStatus ph_matrix_merge_pairs(PhMatrixSum *m, const PhMatrix *b, const int *at, int j);

/* ---------- storing ---------- */

/* Doubles that a packed matrix takes. */
static inline size_t
ph_matrix_doubles(int n, bool complete)
{
	return complete ? 2 + 2 * (size_t) n + ph_triangle(n) :
		ph_triangle(n) * (sizeof(PhComoments) / sizeof(double));
}

/* Write the sum as a packed matrix whose asset k is the sum's order[k]. */
extern void ph_matrix_pack(const PhMatrixSum *m, const int *order, double *data);

/* View packed data. */
extern void ph_matrix_view(PhMatrix *m, int n, bool complete, const double *data);

/* Could these numbers have come from observations?  Asset j's column, for input from outside. */
extern bool ph_matrix_column_valid(const PhMatrix *m, int j);

#endif							/* PH_MATRIX_H */
