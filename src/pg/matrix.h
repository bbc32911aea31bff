/*
 * matrix.h
 *	  hedge.comoment_matrix as other parts of the glue read it.
 */
#ifndef PGHEDGE_MATRIX_H
#define PGHEDGE_MATRIX_H

#include "pghedge.h"

#include "../kernel/matrix.h"

/* A matrix argument, detoasted and unpacked. */
typedef struct MatrixArg
{
	PhMatrix	m;
	const uint32 *label_end;	/* label i is [i ? label_end[i-1] : 0, label_end[i]) of label */
	const char *label;
} MatrixArg;

/*
 * The matrix in argument argno, which is not NULL.  It is detoasted once per call site and query
 * (kept in fn_extra, which the calling function must therefore leave alone) and stays valid until
 * the call site meets another value.
 */
extern const MatrixArg *pghedge_matrix_arg(FunctionCallInfo fcinfo, int argno);

/* The number of an asset, or -1; labels are unique and in byte order. */
extern int	pghedge_matrix_find(const MatrixArg *arg, const char *bytes, int len);

static inline const char *
pghedge_matrix_label(const MatrixArg *arg, int i, int *len)
{
	uint32		start = i > 0 ? arg->label_end[i - 1] : 0;

	*len = (int) (arg->label_end[i] - start);
	return arg->label + start;
}

#endif							/* PGHEDGE_MATRIX_H */
