/*
 * monitor.c
 *	  Watching a pair for a change of its correlation, over arrays of returns: all at once, or by
 *	  a stored state that is brought forward.
 */
#include "pghedge.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"

#include "../kernel/monitor.h"
#include "results.h"

/* A series; a NULL is NaN. */
static double *
series_read(ArrayType *array, int *n)
{
	Datum	   *values;
	bool	   *nulls;
	double	   *series;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array of returns has %d dimensions", ARR_NDIM(array)),
				 errhint("Give a plain list in order of time.")));
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values,
					  &nulls, n);
	series = palloc(Max(*n, 1) * sizeof(double));
	for (int t = 0; t < *n; t++)
		series[t] = nulls[t] ? NAN : DatumGetFloat8(values[t]);
	return series;
}

static void
pair_read(FunctionCallInfo fcinfo, int argno, double **y, double **x, int *n)
{
	int			n_x;

	*y = series_read(PG_GETARG_ARRAYTYPE_P(argno), n);
	*x = series_read(PG_GETARG_ARRAYTYPE_P(argno + 1), &n_x);
	if (*n != n_x)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d returns of y but %d of x", *n, n_x)));
}

static void
check_threshold(double threshold)
{
	if (!(threshold > 0 && isfinite(threshold)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("threshold %g of a monitor is not a positive number", threshold)));
}

/* From the first n bars, those that lack a value left out. */
static bool
start(PhMonitor *m, const double *y, const double *x, int n, double threshold)
{
	double	   *both_y = palloc(Max(n, 1) * sizeof(double));
	double	   *both_x = palloc(Max(n, 1) * sizeof(double));
	int			count = 0;

	check_threshold(threshold);
	for (int t = 0; t < n; t++)
	{
		if (isnan(y[t]) || isnan(x[t]))
			continue;
		both_y[count] = y[t];
		both_x[count++] = x[t];
	}
	return ph_monitor_start(m, both_y, both_x, count, threshold);
}

PGHEDGE_FUNCTION(pghedge_monitor_correlation);
Datum
pghedge_monitor_correlation(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int			baseline = PG_GETARG_INT32(2);
	double	   *y,
			   *x;
	int			n;
	PhMonitor	m;
	Datum		values[4];
	bool		nulls[4] = {false, false, false, false};

	if (baseline < PH_MONITOR_LEAST)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a baseline of %d bars is too short", baseline),
				 errhint("Give %d or more; 250 is a year of days.", PH_MONITOR_LEAST)));
	check_threshold(PG_GETARG_FLOAT8(3));
	InitMaterializedSRF(fcinfo, 0);
	pair_read(fcinfo, 0, &y, &x, &n);
	if (n < baseline || !start(&m, y, x, baseline, PG_GETARG_FLOAT8(3)))
		return (Datum) 0;
	for (int t = baseline; t < n; t++)
	{
		if (t % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		switch (ph_monitor_step(&m, y[t], x[t]))
		{
			case PH_MONITOR_QUIET:
				break;
			case PH_MONITOR_RAISED:
				values[0] = Int32GetDatum(t + 1);
				values[1] = Int32GetDatum(baseline + (int) m.changed_at + 1);
				values[2] = Int32GetDatum((int) m.alarm);
				break;
			case PH_MONITOR_CLEARED:
				values[3] = Int32GetDatum(t + 1);
				tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
				break;
		}
	}
	if (m.alarm != 0)
	{
		nulls[3] = true;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

static Datum
state_datum(const PhMonitor *m)
{
	Datum		values[PH_MONITOR_DOUBLES];

	for (size_t i = 0; i < PH_MONITOR_DOUBLES; i++)
		values[i] = Float8GetDatum(((const double *) m)[i]);
	return PointerGetDatum(construct_array(values, PH_MONITOR_DOUBLES, FLOAT8OID, sizeof(float8),
										   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static void
state_read(PhMonitor *m, ArrayType *array)
{
	if (ARR_NDIM(array) == 1 && ARR_DIMS(array)[0] == PH_MONITOR_DOUBLES &&
		!array_contains_nulls(array))
	{
		memcpy(m, ARR_DATA_PTR(array), sizeof(*m));
		if (ph_monitor_valid(m))
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("this is not the state of a monitor"),
			 errhint("A state comes from hedge.monitor_start or hedge.monitor_advance.")));
}

PGHEDGE_FUNCTION(pghedge_monitor_start);
Datum
pghedge_monitor_start(PG_FUNCTION_ARGS)
{
	double	   *y,
			   *x;
	int			n;
	PhMonitor	m;

	pair_read(fcinfo, 0, &y, &x, &n);
	if (!start(&m, y, x, n, PG_GETARG_FLOAT8(2)))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(state_datum(&m));
}

PGHEDGE_FUNCTION(pghedge_monitor_advance);
Datum
pghedge_monitor_advance(PG_FUNCTION_ARGS)
{
	double	   *y,
			   *x;
	int			n;
	PhMonitor	m;

	state_read(&m, PG_GETARG_ARRAYTYPE_P(0));
	pair_read(fcinfo, 1, &y, &x, &n);
	for (int t = 0; t < n; t++)
	{
		if (t % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		ph_monitor_step(&m, y[t], x[t]);
	}
	PG_RETURN_DATUM(state_datum(&m));
}

PGHEDGE_FUNCTION(pghedge_monitor_status);
Datum
pghedge_monitor_status(PG_FUNCTION_ARGS)
{
	PhMonitor	m;
	Datum		values[8];
	bool		nulls[8] = {false};

	state_read(&m, PG_GETARG_ARRAYTYPE_P(0));
	values[0] = BoolGetDatum(m.alarm != 0);
	values[1] = Int32GetDatum((int) m.alarm);
	values[2] = Int32GetDatum((int) m.seen);
	values[3] = Int32GetDatum((int) m.alarm_at);
	values[4] = Int32GetDatum((int) m.changed_at + 1);
	values[5] = Int32GetDatum((int) m.cleared_at);
	values[6] = Int32GetDatum((int) m.alarms);
	values[7] = Float8GetDatum(m.correlation);
	nulls[1] = m.alarm == 0;
	nulls[3] = nulls[4] = m.alarms == 0;
	nulls[5] = m.cleared_at == 0;
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}
