/*
 * margin.h
 *	  What functions of a portfolio given as arrays and those of a book's portfolios share: the row of
 *	  a margin, and correlations that move.
 */
#ifndef PGHEDGE_MARGIN_H
#define PGHEDGE_MARGIN_H

#include "pghedge.h"

#include "funcapi.h"

#include "../kernel/margin.h"
#include "correlations.h"

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
