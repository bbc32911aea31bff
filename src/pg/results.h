/*
 * results.h
 *	  Results as SQL has them: numbers, rows and arrays, in which what is not finite is NULL; and
 *	  arguments that are refused.
 */
#ifndef PGHEDGE_RESULTS_H
#define PGHEDGE_RESULTS_H

#include "pghedge.h"

#include <math.h>

#include "access/tupdesc.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* Into a row: what is not finite becomes NULL, and -0 becomes 0. */
static inline void
pghedge_put(Datum *values, bool *nulls, int column, double value)
{
	nulls[column] = !isfinite(value);
	values[column] = Float8GetDatum(value + 0.0);
}

static inline void
pghedge_put_text(Datum *values, bool *nulls, int column, const char *value)
{
	nulls[column] = value == NULL;
	if (value)
		values[column] = CStringGetTextDatum(value);
}

/* The type of the row that a function returns, in the current context, and a row of it. */
extern TupleDesc pghedge_row_type(FunctionCallInfo fcinfo);
extern Datum pghedge_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

/* float8[] of the given shape; what is not finite becomes NULL. */
extern ArrayType *pghedge_float8_array(const double *value, int ndim, const int *dims);

/* "NAME must not be null" */
extern void pghedge_reject_null(FunctionCallInfo fcinfo, int argno, const char *name);

/* "N WHAT are too many" if they are more than that */
extern void pghedge_reject_many(int n, const char *what, int most);

/* "NAME VALUE is not NEEDED" */
extern void pghedge_reject(const char *name, double value, const char *needed)
	__attribute__((noreturn));

#endif							/* PGHEDGE_RESULTS_H */
