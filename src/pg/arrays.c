/*
 * arrays.c
 *	  Arrays as functions get them. See arrays.h.
 */
#include "arrays.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "names.h"

int
pghedge_array_length(ArrayType *array, const char *name, int n)
{
	return pghedge_array_per(array, name, n, "assets");
}

int
pghedge_array_per(ArrayType *array, const char *name, int n, const char *others)
{
	int			length = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d dimensions", name, ARR_NDIM(array)),
				 errhint("It must be one-dimensional.")));
	if (n >= 0 && length != n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements, but %s has %d", name, length, others, n)));
	return length;
}

double *
pghedge_float8_elements(ArrayType *array, int n)
{
	double	   *value = palloc(Max(n, 1) * sizeof(double));
	const double *data = (const double *) ARR_DATA_PTR(array);
	const bits8 *present = ARR_NULLBITMAP(array);

	if (present == NULL)
		memcpy(value, data, n * sizeof(double));
	else
		for (int i = 0; i < n; i++)
			value[i] = present[i / 8] & (1 << (i % 8)) ? *data++ : NAN;
	return value;
}

double *
pghedge_float8_per(ArrayType *array, const char *name, int n, const char *others)
{
	return pghedge_float8_elements(array, pghedge_array_per(array, name, n, others));
}

double *
pghedge_float8_or(FunctionCallInfo fcinfo, int argno, const char *name, int n, const char *others,
				  double missing)
{
	bool		given = pghedge_is_given(fcinfo, argno);
	double	   *value = given ? pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(argno), name, n, others) :
		palloc(Max(n, 1) * sizeof(double));

	for (int i = 0; i < n; i++)
		if (!given || isnan(value[i]))
			value[i] = missing;
	return value;
}

double *
pghedge_finite_elements(ArrayType *array, const char *name, int *n)
{
	int			all = pghedge_array_length(array, name, -1);
	double	   *value = pghedge_float8_elements(array, all);

	*n = 0;
	for (int i = 0; i < all; i++)
		if (isfinite(value[i]))
			value[(*n)++] = value[i];
	return value;
}

text **
pghedge_text_per(ArrayType *array, const char *name, int n, const char *others)
{
	Datum	   *datum;
	bool	   *isnull;
	text	  **value;

	n = pghedge_array_per(array, name, n, others);
	value = palloc(Max(n, 1) * sizeof(text *));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &datum, &isnull, &n);
	for (int i = 0; i < n; i++)
		value[i] = isnull[i] ? NULL : DatumGetTextPP(datum[i]);
	return value;
}

text **
pghedge_asset_elements(ArrayType *array, int n)
{
	Datum	   *datum;
	bool	   *isnull;
	text	  **asset = palloc(Max(n, 1) * sizeof(text *));
	text	  **sorted = palloc(Max(n, 1) * sizeof(text *));
	int			known = 0;
	bool		in_order = true;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &datum, &isnull, &n);
	for (int i = 0; i < n; i++)
	{
		asset[i] = isnull[i] ? NULL : (text *) DatumGetPointer(datum[i]);
		if (isnull[i])
			continue;
		sorted[known++] = asset[i];
		in_order = in_order && (known == 1 || pghedge_sort_texts(&sorted[known - 2], &asset[i]) < 0);
	}
	if (in_order)
		return asset;			/* and without repetition */
	qsort(sorted, known, sizeof(text *), pghedge_sort_texts);
	for (int i = 1; i < known; i++)
		if (pghedge_sort_texts(&sorted[i - 1], &sorted[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("asset \"%s\" is given twice", text_to_cstring(sorted[i])),
					 errhint("Sum the positions of an asset first.")));
	return asset;
}

int *
pghedge_asset_numbers(const MatrixArg *matrix, text *const *assets, int n)
{
	int		   *number = palloc(Max(n, 1) * sizeof(int));

	for (int i = 0; i < n; i++)
		number[i] = assets[i] == NULL ? -1 :
			pghedge_matrix_find(matrix, VARDATA_ANY(assets[i]), VARSIZE_ANY_EXHDR(assets[i]));
	return number;
}
