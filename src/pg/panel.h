/*
 * panel.h
 *	  Observations of many assets at many times, as functions get them: float8[asset][time].
 */
#ifndef PGHEDGE_PANEL_H
#define PGHEDGE_PANEL_H

#include "pghedge.h"

#include "utils/array.h"

typedef struct Panel
{
	int			n;
	int			times;
	Datum	   *assets;			/* text, none NULL, none twice */
	double	   *value;			/* [asset][time]; NaN where missing */
	bool	   *present;		/* tells missing from observed and NaN */
} Panel;

/* Elements of a text[] of names; fails for a NULL, or, if they are to be distinct, for one that is there twice. */
extern Datum *pghedge_name_elements(ArrayType *array, const char *what, bool distinct, int *n);

extern void pghedge_panel_read(Panel *panel, ArrayType *assets, ArrayType *observations);

#endif							/* PGHEDGE_PANEL_H */
