/*
 * legs.c
 *	  What a run knows of each asset (Units), and hedge._exposures, what holdings expose to at its prices.
 */
#include "legs.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "arrays.h"
#include "holdings.h"
#include "results.h"

/* ---- units ---- */

/* Columns of _units; cast, to be sure of their types whatever schema is named. */
enum
{
	ASSETS, FUNDING_ASSETS, NOTIONALS, EXPOSURES, DIVISORS, VOLATILITIES, STALE, RETURN_KINDS,
	PRICE_TIMES, BENCHMARKS, BENCHMARK_SCALES, UNITS_COLUMNS
};

static const Oid units_types[UNITS_COLUMNS] = {
	TEXTOID, TEXTOID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, BOOLOID, TEXTOID, TIMESTAMPTZOID,
	TEXTOID, FLOAT8OID
};

#define UNITS_QUERY \
	"SELECT u.assets::pg_catalog.text[], u.funding_assets::pg_catalog.text[]," \
	" u.unit_notionals::pg_catalog.float8[], u.unit_exposures::pg_catalog.float8[]," \
	" u.funding_divisors::pg_catalog.float8[], u.volatilities::pg_catalog.float8[]," \
	" u.stale::pg_catalog.bool[], u.return_kinds::pg_catalog.text[]," \
	" u.price_times::pg_catalog.timestamptz[], u.benchmarks::pg_catalog.text[]," \
	" u.benchmark_scales::pg_catalog.float8[]" \
	" FROM %s AS u WHERE u.run OPERATOR(pg_catalog.=) $1"

/* A row of arrays, copied to the current context; an empty one if the run has no assets. */
static void
query_units(Oid book, int64 run, ArrayType **array)
{
	MemoryContext context = CurrentMemoryContext;
	char	   *schema = get_namespace_name(book);
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(run);
	char	   *query;

	if (schema == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema with OID %u does not exist", book)));
	query = psprintf(UNITS_QUERY, quote_qualified_identifier(schema, "_units"));
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args(query, 1, &type, &value, NULL, true, 2) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_with_args failed");
	if (SPI_processed > 1)
		ereport(ERROR,
				(errcode(ERRCODE_CARDINALITY_VIOLATION),
				 errmsg("%s has several rows for run " INT64_FORMAT,
						quote_qualified_identifier(schema, "_units"), run)));
	for (int i = 0; i < UNITS_COLUMNS; i++)
	{
		bool		isnull = true;
		Datum		column = 0;
		MemoryContext old;

		if (SPI_processed == 1)
			column = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1, &isnull);
		old = MemoryContextSwitchTo(context);
		array[i] = isnull ? construct_empty_array(units_types[i]) : DatumGetArrayTypePCopy(column);
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
}

static void
elements(ArrayType *array, Datum **value, bool **isnull)
{
	int16		length;
	bool		by_value;
	char		align;
	int			n;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, value, isnull, &n);
}

/* Room for all names that there are; those the run does not know have no unit. */
static void
make_room(Units *u)
{
	int			size = u->names.size;

	if (u->names.n <= u->size)
		return;
	if (u->size == 0)
	{
		u->unit = MemoryContextAllocHuge(u->context, size * sizeof(PhUnit));
		u->held = MemoryContextAllocHuge(u->context, size * sizeof(PhHeld));
		u->touched = MemoryContextAllocHuge(u->context, size * sizeof(int));
	}
	else
	{
		u->unit = repalloc_huge(u->unit, size * sizeof(PhUnit));
		u->held = repalloc_huge(u->held, size * sizeof(PhHeld));
		u->touched = repalloc_huge(u->touched, size * sizeof(int));
	}
	for (int i = u->size; i < size; i++)
		u->unit[i] = (PhUnit) {NAN, NAN, NAN, -1};
	memset(u->held + u->size, 0, (size - u->size) * sizeof(PhHeld));
	u->size = size;
}

static void
read_units(Units *u)
{
	ArrayType  *array[UNITS_COLUMNS];
	Datum	   *funding;
	bool	   *no_funding;
	double	   *number[3];

	query_units(u->book, u->run, array);
	for (int i = 0; i < UNITS_COLUMNS; i++)
		u->n = pghedge_array_length(array[i], "units", i == 0 ? -1 : u->n);
	u->asset = pghedge_asset_elements(array[ASSETS], u->n);
	pghedge_names_init(&u->names, CurrentMemoryContext);
	for (int i = 0; i < u->n; i++)
		if (u->asset[i] == NULL ||
			pghedge_names_text(&u->names, u->asset[i]) != i)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("an asset of a run has no name")));
	u->volatility = pghedge_float8_elements(array[VOLATILITIES], u->n);
	u->benchmark_scale = pghedge_float8_elements(array[BENCHMARK_SCALES], u->n);
	elements(array[STALE], &u->stale, &u->no_stale);
	elements(array[RETURN_KINDS], &u->return_kind, &u->no_return_kind);
	elements(array[PRICE_TIMES], &u->price_time, &u->no_price_time);
	elements(array[BENCHMARKS], &u->benchmark, &u->no_benchmark);

	elements(array[FUNDING_ASSETS], &funding, &no_funding);
	for (int i = 0; i < 3; i++)
		number[i] = pghedge_float8_elements(array[NOTIONALS + i], u->n);
	make_room(u);
	for (int i = 0; i < u->n; i++)
	{
		int			currency = -1;

		if (!no_funding[i])
		{
			text	   *name = DatumGetTextPP(funding[i]);

			currency = pghedge_names_text(&u->names, name);
			make_room(u);
		}
		u->unit[i] = (PhUnit) {number[0][i], number[1][i], number[2][i], currency};
	}
}

Units *
pghedge_units(Units **list, MemoryContext context, Oid book, int64 run, const MatrixArg *matrix)
{
	Units	   *u = *list;
	MemoryContext old;

	while (u != NULL && (u->run != run || u->book != book))
		u = u->next;
	if (likely(u != NULL))
	{
		if (matrix != NULL && matrix->m.n != u->matrix_n)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a matrix of %d assets and one of %d are given for the same run",
							u->matrix_n, matrix->m.n)));
		return u;
	}

	old = MemoryContextSwitchTo(context);
	u = palloc0(sizeof(Units));
	u->context = context;
	u->book = book;
	u->run = run;
	read_units(u);
	if (matrix != NULL)
	{
		u->number = pghedge_asset_numbers(matrix, u->asset, u->n);
		u->matrix_n = matrix->m.n;
	}
	u->next = *list;
	*list = u;
	MemoryContextSwitchTo(old);
	return u;
}

int
pghedge_held(Units *u, bytea *holdings)
{
	const char *from = VARDATA_ANY(holdings);
	const char *end = from + VARSIZE_ANY_EXHDR(holdings);
	int			touched = 0;

	while (from < end)
	{
		PhHolding	h;

		CHECK_FOR_INTERRUPTS();
		pghedge_read_holding(&from, end, &u->names, u->n, &h);
		make_room(u);
		ph_exposure_add(u->unit, &h, 1, u->held, u->touched, &touched);
	}
	return touched;
}

/* ---- exposures ---- */

enum
{
	ARG_BOOK, ARG_RUN, ARG_HOLDINGS
};

enum
{
	ASSET, POSITIONS, QUANTITY, NOTIONAL, DELTA_NOTIONAL, EXPOSURE, FUNDS, PROBLEM, VOLATILITY,
	UNIT_EXPOSURE, RETURN_KIND, PRICE_TIME, IS_STALE, BENCHMARK, BENCHMARK_SCALE, COLUMNS
};

static inline void
put_kept(Datum *values, bool *nulls, int column, Datum value, bool isnull)
{
	nulls[column] = isnull;
	values[column] = value;
}

static void
put_name(Datum *values, bool *nulls, const Units *u, int asset)
{
	const AssetName *name = &u->names.name[asset];

	if (asset < u->n)
		put_kept(values, nulls, ASSET, PointerGetDatum(u->asset[asset]), false);
	else if (pghedge_is_no_asset(name))
		put_kept(values, nulls, ASSET, 0, true);
	else
		put_kept(values, nulls, ASSET,
				 PointerGetDatum(cstring_to_text_with_len(name->bytes, name->len)), false);
}

static const char *const problem_text[] = {
	[PH_EXPOSURE_NOT_A_NUMBER] = "quantity or delta is not a number",
	[PH_EXPOSURE_INFINITE] = "quantity or delta is out of range",
	[PH_EXPOSURE_UNPRICED] = "funded holdings in this currency without a price",
	[PH_EXPOSURE_TOO_LARGE] = "exposure is out of range",
};

static int
compare_int(const void *a, const void *b)
{
	int			x = *(const int *) a;
	int			y = *(const int *) b;

	return (x > y) - (x < y);
}

PGHEDGE_FUNCTION(pghedge_exposures);
Datum
pghedge_exposures(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Units	   *u;
	int			n;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i <= ARG_HOLDINGS; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	u = pghedge_units((Units **) &fcinfo->flinfo->fn_extra, fcinfo->flinfo->fn_mcxt,
					  PG_GETARG_OID(ARG_BOOK), PG_GETARG_INT64(ARG_RUN), NULL);
	n = pghedge_held(u, PG_GETARG_BYTEA_PP(ARG_HOLDINGS));
	/* In one order, whatever the plan: the last bit of a sum over them depends on it. */
	qsort(u->touched, n, sizeof(int), compare_int);
	for (int i = 0; i < n; i++)
	{
		int			asset = u->touched[i];
		Datum		values[COLUMNS];
		bool		nulls[COLUMNS];
		PhExposure	e;

		CHECK_FOR_INTERRUPTS();
		ph_exposure(&u->unit[asset], &u->held[asset], &e);
		put_name(values, nulls, u, asset);
		put_kept(values, nulls, POSITIONS, Int32GetDatum(u->held[asset].positions), false);
		pghedge_put(values, nulls, QUANTITY, e.quantity);
		pghedge_put(values, nulls, NOTIONAL, e.notional);
		pghedge_put(values, nulls, DELTA_NOTIONAL, e.delta_notional);
		pghedge_put(values, nulls, EXPOSURE, e.exposure);
		put_kept(values, nulls, FUNDS, BoolGetDatum(u->held[asset].funds), false);
		nulls[PROBLEM] = e.problem == PH_EXPOSURE_NO_PROBLEM;
		if (!nulls[PROBLEM])
			values[PROBLEM] = CStringGetTextDatum(problem_text[e.problem]);
		memset(&u->held[asset], 0, sizeof(PhHeld));
		pghedge_put(values, nulls, UNIT_EXPOSURE, u->unit[asset].unit);
		if (asset < u->n)
		{
			pghedge_put(values, nulls, VOLATILITY, u->volatility[asset]);
			put_kept(values, nulls, RETURN_KIND, u->return_kind[asset], u->no_return_kind[asset]);
			put_kept(values, nulls, PRICE_TIME, u->price_time[asset], u->no_price_time[asset]);
			put_kept(values, nulls, IS_STALE, u->stale[asset], u->no_stale[asset]);
			put_kept(values, nulls, BENCHMARK, u->benchmark[asset], u->no_benchmark[asset]);
			pghedge_put(values, nulls, BENCHMARK_SCALE, u->benchmark_scale[asset]);
		}
		else
		{
			nulls[VOLATILITY] = nulls[RETURN_KIND] = nulls[PRICE_TIME] = nulls[IS_STALE] = true;
			nulls[BENCHMARK] = nulls[BENCHMARK_SCALE] = true;
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}
