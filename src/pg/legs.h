/*
 * legs.h
 *	  Legs of many portfolios at once: what a run knows of each asset (Units), kept for a query, and
 *	  what the holdings of a portfolio, as hedge._holdings makes them, expose to.
 */
#ifndef PGHEDGE_LEGS_H
#define PGHEDGE_LEGS_H

#include "pghedge.h"

#include "exposure.h"
#include "matrix.h"

/* What a run knows of its assets, by their numbers: a row of a book's view _units. */
typedef struct Units
{
	Oid			book;
	int64		run;
	MemoryContext context;
	int			n;
	Names		names;			/* the first n are these assets; others are unknown to the run */
	text	  **asset;
	double	   *volatility;		/* NaN: none */
	Datum	   *stale;			/* no_... tells where there is none */
	bool	   *no_stale;
	Datum	   *return_kind;
	bool	   *no_return_kind;
	Datum	   *price_time;
	bool	   *no_price_time;
	Datum	   *benchmark;
	bool	   *no_benchmark;
	double	   *benchmark_scale;
	int		   *number;			/* in the matrix; NULL if none was given */
	int			matrix_n;		/* its assets */

	/* For all that have a name. */
	int			size;
	PhUnit	   *unit;
	PhHeld	   *held;			/* workspace, all zero between two uses */
	int		   *touched;
	struct Units *next;
} Units;

/*
 * The units of a run of a book, as the caller may read them, kept in a list for the query.  With the
 * run's matrix, or NULL.
 */
extern Units *pghedge_units(Units **list, MemoryContext context, Oid book, int64 run,
							const MatrixArg *matrix);

/*
 * What holdings add up to: u->held of the assets in u->touched, whose number is returned, to be given
 * back all zero.
 */
extern int	pghedge_held(Units *u, bytea *holdings);

#endif							/* PGHEDGE_LEGS_H */
