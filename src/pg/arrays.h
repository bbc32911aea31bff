/*
 * arrays.h
 *	  Arrays as functions get them: of assets and of numbers, one element a position.
 */
#ifndef PGHEDGE_ARRAYS_H
#define PGHEDGE_ARRAYS_H

#include "pghedge.h"

#include "utils/array.h"

#include "matrix.h"

/* Fails unless an array has at most one dimension and, if n >= 0, n elements, as assets has; returns how many. */
extern int	pghedge_array_length(ArrayType *array, const char *name, int n);

/* The same beside an array of others. */
extern int	pghedge_array_per(ArrayType *array, const char *name, int n, const char *others);

/* Elements of a float8[]; NULL becomes NaN. */
extern double *pghedge_float8_elements(ArrayType *array, int n);

/* Those beside an array of others. */
extern double *pghedge_float8_per(ArrayType *array, const char *name, int n, const char *others);

/* The same of an argument: missing for one that is not given, NULL, or has NULL there. */
extern double *pghedge_float8_or(FunctionCallInfo fcinfo, int argno, const char *name, int n,
								 const char *others, double missing);

/* Those elements of a float8[] that are finite, n of them. */
extern double *pghedge_finite_elements(ArrayType *array, const char *name, int *n);

/* Elements of a text[] beside an array of others; NULL becomes a null pointer. */
extern text **pghedge_text_per(ArrayType *array, const char *name, int n, const char *others);

/*
 * Elements of a text[] of assets; NULL becomes a null pointer. Fails if one is there twice.
 */
extern text **pghedge_asset_elements(ArrayType *array, int n);

/* The numbers of assets in a matrix, -1 for those it does not have, and for NULL. */
extern int *pghedge_asset_numbers(const MatrixArg *matrix, text *const *assets, int n);

#endif							/* PGHEDGE_ARRAYS_H */
