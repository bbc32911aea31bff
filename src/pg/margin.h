/*
 * margin.h
 *	  What functions of a portfolio given as arrays and those of a book's portfolios share: the row of
 *	  a margin, correlations that move, and their repair.
 */
#ifndef PGHEDGE_MARGIN_H
#define PGHEDGE_MARGIN_H

#include "pghedge.h"

#include "funcapi.h"

#include "../kernel/margin.h"

enum
{
	MARGIN_GROSS, MARGIN_SILO, MARGIN_UNCORRELATED, MARGIN_LOW, MARGIN_MEDIUM, MARGIN_HIGH,
	MARGIN_NET, MARGIN_SCENARIO, MARGIN_CREDIT, MARGIN_MARGIN, MARGIN_ALTERNATIVE, MARGIN_FLOORED,
	MARGIN_COLUMNS
};

/* Fills MARGIN_COLUMNS; a number that is out of range becomes NULL. */
extern void pghedge_margin_row(const PhMargin *m, double share, Datum *values, bool *nulls);

/* Fails unless it is a share, from 0 to 1. */
extern double pghedge_credit_share(double share);

/* Legs in a bucket, or buckets, whose correlations LAPACK is given at once. */
#define MARGIN_MOST_LEGS 1000

/* Smallest eigenvalue of r (n × n) if it is not positive semi-definite; else NaN. */
extern double pghedge_indefinite(const double *r, int n);

/*
 * Replaces r (n × n) by the nearest correlations that are positive semi-definite, and returns the
 * square of the distance.  NaN, which is unknown, counts as 0 and stays.
 */
extern double pghedge_repair(double *r, int n);

/* How hedge.credit_at_risk moves correlations. */
typedef enum MarginMove
{
	MOVE_LOW, MOVE_MEDIUM, MOVE_HIGH, MOVE_ZERO, MOVE_FLIPPED, MOVE_WORST_SEEN, MOVES
} MarginMove;

extern const char *const pghedge_move_name[MOVES];

/*
 * A correlation of two, moved; low and high are the extremes seen of it (NaN: not known), together tells
 * whether the two are on one side.  NaN stays: what is unknown does not move.
 */
extern double pghedge_move(MarginMove how, double corr, double low, double high, bool together);

#endif							/* PGHEDGE_MARGIN_H */
