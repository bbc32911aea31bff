/*
 * legs.h
 *	  Legs of many portfolios at once: what a run knows of each asset (Units), kept for a query, and
 *	  the legs of one portfolio as hedge._legs hands them to hedge._leg_pairs.
 */
#ifndef PGHEDGE_LEGS_H
#define PGHEDGE_LEGS_H

#include "pghedge.h"

#include "exposure.h"
#include "matrix.h"

/* What a run knows of its assets, by their numbers: a row of a book's view _units. */
typedef struct Units
{
	int64		run;
	int			n;
	Names		names;			/* the first n are these assets */
	text	  **asset;
	PhUnit	   *unit;
	bool	   *estimated;		/* it has a volatility */
	Datum	   *price_time;
	bool	   *no_price_time;
	int		   *number;			/* in the matrix; NULL if none was given */

	/* Workspace, all zero between two uses. */
	PhExposure *sum;
	int		   *touched;
	struct Units *next;
} Units;

/*
 * The units of a run, from `record` when the list has none of this run yet. Units of one run are the
 * same all through a query, so no more than the run is looked at.  With the run's matrix, or NULL.
 */
extern Units *pghedge_units(Units **list, MemoryContext context, int64 run, Datum record,
							const MatrixArg *matrix);

/* A leg: the exposure is finite and not 0, the asset has a volatility; no quantity is NaN. */
typedef struct Leg
{
	int64		asset;
	double		exposure;
	double		quantity;
} Leg;

/* The legs of a portfolio from a result of hedge._legs for these units. */
extern Leg *pghedge_legs(const Units *units, bytea *legs, int *n);

#endif							/* PGHEDGE_LEGS_H */
