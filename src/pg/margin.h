/*
 * margin.h
 *	  The result of hedge.margin and of hedge._leg_margin: one row, made in one place.
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

#endif							/* PGHEDGE_MARGIN_H */
