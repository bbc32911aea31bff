/*
 * comoments.h
 *	  hedge.comoments as a value: its bytes, and how the glue reads and makes it.
 *
 *	 0		varlena length (4 bytes)
 *	 4		version (1)
 *	 5		three zero bytes
 *	 8		w, w2, my, my_lo, mx, mx_lo, syy, sxx, sxy: nine doubles
 *
 * Fixed size, double-aligned, STORAGE plain: never compressed, never out of line, never with a
 * short header, so a datum is read and, as an aggregate's state, written where it lies.
 */
#ifndef PGHEDGE_COMOMENTS_H
#define PGHEDGE_COMOMENTS_H

#include "pghedge.h"

#include "../kernel/comoments.h"

#define COMOMENTS_VERSION 1

typedef struct Comoments
{
	int32		vl_len_;
	uint8		version;
	uint8		zero[3];
	PhComoments c;
} Comoments;

/* A new value in a memory context. */
extern Comoments *pghedge_comoments_make(MemoryContext context, const PhComoments *c);

/* An argument; an unknown version is refused. */
extern Comoments *pghedge_comoments_arg(Datum datum);

#define PG_GETARG_COMOMENTS(n) pghedge_comoments_arg(PG_GETARG_DATUM(n))
#define PG_RETURN_COMOMENTS(c) \
	PG_RETURN_POINTER(pghedge_comoments_make(CurrentMemoryContext, (c)))

#endif							/* PGHEDGE_COMOMENTS_H */
