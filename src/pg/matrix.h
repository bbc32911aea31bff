/*
 * matrix.h
 *	  hedge.comoment_matrix as a value: its bytes, and how the glue reads and makes it.
 *
 *	 0		varlena length (4 bytes)
 *	 4		version (1)
 *	 5		form: 0 complete, 1 pairwise
 *	 6		two zero bytes
 *	 8		n, the number of assets (4)
 *	12		bytes of all labels together (4)
 *	16		doubles:
 *			complete	w, w2, n means, their n low words, n(n+1)/2 sums of products
 *			pairwise	nine doubles for each of n(n+1)/2 pairs (as in hedge.comoments)
 *			triangles are packed by column (kernel/matrix.h)
 *	 		n end positions of the labels (4 each), then the labels, in byte order and unique
 *
 * STORAGE external: numbers like these do not compress.
 */
#ifndef PGHEDGE_MATRIX_H
#define PGHEDGE_MATRIX_H

#include "pghedge.h"

#include "../kernel/matrix.h"
#include "names.h"

#define MATRIX_VERSION 1

typedef struct MatrixDatum
{
	int32		vl_len_;
	uint8		version;
	uint8		form;
	uint16		zero;
	int32		n;
	uint32		label_bytes;
	double		data[FLEXIBLE_ARRAY_MEMBER];
} MatrixDatum;

#define MATRIX_COMPLETE 0
#define MATRIX_PAIRWISE 1

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

/*
 * The same for a function that keeps more than that in fn_extra: a cache of zeros at first, and the
 * context it lives in.  A toasted value is recognised by its pointer: value and table identify it
 * for as long as the query's snapshot lives.
 */
typedef struct MatrixCache
{
	MatrixArg	arg;
	MatrixDatum *flat;			/* ours, or NULL */
	struct varatt_external toast;	/* where flat came from, if it was out of line */
	bool		toasted;
} MatrixCache;

extern const MatrixArg *pghedge_matrix_kept(MatrixCache *cache, MemoryContext context,
											struct varlena *value);

/* Unpack a datum that is already flat; an unknown version is refused. */
extern void pghedge_matrix_unpack(const MatrixDatum *datum, MatrixArg *arg);

/* The number of an asset, or -1; labels are unique and in byte order. */
extern int	pghedge_matrix_find(const MatrixArg *arg, const char *bytes, int len);

static inline const char *
pghedge_matrix_label(const MatrixArg *arg, int i, int *len)
{
	uint32		start = i > 0 ? arg->label_end[i - 1] : 0;

	*len = (int) (arg->label_end[i] - start);
	return arg->label + start;
}

/* Refuse more assets than a value can have, whose text form must fit a datum too. */
extern void pghedge_matrix_check_size(int n, bool complete);

/* Bytes of a value. */
extern Size pghedge_matrix_bytes(int n, bool complete, Size label_bytes);

/*
 * Write the header and where data and labels go; the caller fills those.  datum has
 * pghedge_matrix_bytes().
 */
extern void pghedge_matrix_layout(MatrixDatum *datum, int n, bool complete, Size label_bytes,
								  uint32 **label_end, char **label);

#endif							/* PGHEDGE_MATRIX_H */
