/*
 * hedge.h
 *	  Solving a hedge of least variance.
 */
#ifndef PGHEDGE_HEDGE_H
#define PGHEDGE_HEDGE_H

#include "pghedge.h"

#include "../kernel/hedge.h"

/* Room for the answer, and the solver's start. */
extern void pghedge_hedge_begin(PhHedge *p);

/* From there, or from a target that is known, to whole lots. */
extern void pghedge_hedge_end(PhHedge *p, bool known);

#endif							/* PGHEDGE_HEDGE_H */
