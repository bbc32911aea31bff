/*
 * stand_in.h
 *	  See stand_in.c.
 */
#ifndef STAND_IN_H
#define STAND_IN_H

#include "postgres.h"

#include <setjmp.h>

/* Where an error goes, and what it said last. */
extern sigjmp_buf *stand_in_error;
extern char stand_in_message[];

/* Frees what was allocated since the last call. */
extern void stand_in_free_all(void);

#endif							/* STAND_IN_H */
