/*
 * results.c
 *	  Results as SQL has them. See results.h.
 */
#include "results.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"

TupleDesc
pghedge_row_type(FunctionCallInfo fcinfo)
{
	TupleDesc	tupdesc;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return BlessTupleDesc(tupdesc);
}

Datum
pghedge_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	return HeapTupleGetDatum(heap_form_tuple(pghedge_row_type(fcinfo), values, nulls));
}

ArrayType *
pghedge_float8_array(const double *value, int ndim, const int *dims)
{
	int64		n = 1;
	int64		missing = 0;
	Size		overhead;
	ArrayType  *array;
	double	   *data;
	bits8	   *present;

	for (int d = 0; d < ndim; d++)
		n *= dims[d];
	if (n == 0)
		return construct_empty_array(FLOAT8OID);
	for (int64 i = 0; i < n; i++)
		missing += !isfinite(value[i]);
	overhead = missing > 0 ? ARR_OVERHEAD_WITHNULLS(ndim, n) : ARR_OVERHEAD_NONULLS(ndim);
	array = palloc0(overhead + (n - missing) * sizeof(double));
	SET_VARSIZE(array, overhead + (n - missing) * sizeof(double));
	array->ndim = ndim;
	array->dataoffset = missing > 0 ? overhead : 0;
	array->elemtype = FLOAT8OID;
	for (int d = 0; d < ndim; d++)
	{
		ARR_DIMS(array)[d] = dims[d];
		ARR_LBOUND(array)[d] = 1;
	}
	data = (double *) ARR_DATA_PTR(array);
	if (missing == 0)
		memcpy(data, value, n * sizeof(double));
	else
	{
		present = ARR_NULLBITMAP(array);
		for (int64 i = 0; i < n; i++)
			if (isfinite(value[i]))
			{
				*data++ = value[i];
				present[i / 8] |= 1 << (i % 8);
			}
	}
	return array;
}

void
pghedge_reject_null(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
}

void
pghedge_reject(const char *name, double value, const char *needed)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %g is not %s", name, value, needed)));
}

void
pghedge_reject_many(int n, const char *what, int most)
{
	if (n > most)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d %s are too many", n, what),
				 errdetail("At most %d are possible.", most)));
}
