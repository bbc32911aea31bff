/*
 * margin_run.h
 *	  What a run has in common for all portfolios that are margined at it: weights, buckets, correlations, which
 *	  pairs are credited.  Read once a query.
 */
#ifndef PGHEDGE_MARGIN_RUN_H
#define PGHEDGE_MARGIN_RUN_H

#include "legs.h"

/* A set of pairs of ranks i > j: a row of bits for each i. */
typedef struct Pairs
{
	size_t		words;			/* of a row */
	uint32	   *row;
} Pairs;

static inline uint32 *
pghedge_pairs_of(const Pairs *p, int i)
{
	return p->row + i * p->words;
}

static inline bool
pghedge_pair_is_in(const Pairs *p, int i, int j)
{
	return pghedge_pairs_of(p, i)[j / 32] >> (j % 32) & 1;
}

/* What is known of a pair beside its correlation: a range. */
typedef struct Range
{
	int64		pair;			/* its place in the triangle */
	double		low;
	double		high;
} Range;

typedef struct Ranges
{
	int			n;
	Range	   *range;			/* by pair */
	Pairs		known;			/* none if n is 0 */
} Ranges;

/*
 * Assets have ranks: those of a bucket side by side, in it by their numbers.  What is known of two is found by
 * their ranks, the larger one first: a row for it, then the place of the other.
 */
typedef struct MarginRun
{
	Units	   *units;			/* of the run, and its assets */
	int			n;
	double	   *weight;			/* [n] of an asset; NaN: none, then it is no leg */
	int		   *rank;			/* [n] of an asset */
	int		   *asset;			/* [n] of a rank */
	int		   *bucket;			/* [n] of a rank */
	int			buckets;
	double	   *within;			/* [buckets] the one correlation of a bucket; NaN: as estimated */
	double	   *gamma;			/* buckets², NaN: not supplied */
	double		share;
	bool		gated;
	bool		adverse;
	int			minimum_observations;	/* a correlation of fewer is not known */
	Pairs		credited;		/* in both directions, if gated */
	Ranges		broken;			/* correlations since a break, if gated */
	double	   *corr;			/* of pairs, or PGHEDGE_NOT_LOOKED_FOR; NULL: too many to keep */
	bool		has_seen;		/* seen is read */
	Ranges		seen;			/* extremes of the rolling correlation */

	/* workspace */
	double	   *ws;				/* [n] of a rank that is a leg */
	uint64	   *legs;			/* a bit a rank; all zero between two uses */
	struct MarginRun *next;
} MarginRun;

#define PGHEDGE_NOT_LOOKED_FOR 2.0

/* Of a row of the view _margin_parameters of a book, in the current context. */
extern MarginRun *pghedge_read_margin_run(Datum parameters, Units *units);

/* Of a row of its view _margin_seen. */
extern void pghedge_read_seen(Datum seen, MarginRun *r);

/* Estimated correlation of two ranks i > j; NaN if there is none. */
extern double pghedge_estimate(MarginRun *r, const PhMatrix *m, int i, int j);

/* What is known of two ranks i > j; NULL: nothing. */
extern const Range *pghedge_find_range(const Ranges *r, int i, int j);

#endif							/* PGHEDGE_MARGIN_RUN_H */
