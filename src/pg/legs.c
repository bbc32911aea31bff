/*
 * legs.c
 *	  hedge._legs: an aggregate that makes a portfolio's positions its legs, for a snapshot of all
 *	  portfolios.  It gives the exposures that the view exposure gives, without a row for each asset of
 *	  each portfolio: names of assets become numbers as they come (Units, once a query), and a group
 *	  holds 24 bytes a position, several of one asset in one as soon as there are many.
 */
#include "legs.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "offsets.h"

/* Columns of _units. */
enum
{
	UNITS_RUN, UNITS_ASSETS, UNITS_NOTIONALS, UNITS_EXPOSURES, UNITS_DIVISORS, UNITS_FUNDING,
	UNITS_PRICE_TIMES, UNITS_ESTIMATED, UNITS_COLUMNS
};

static const Oid units_types[UNITS_COLUMNS] = {
	INT8OID, TEXTARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID, TEXTARRAYOID,
	TIMESTAMPTZARRAYOID, BOOLARRAYOID
};

static void
reject_units(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("units are not a row of the view _units of a book, or not of this run")));
}

static void
read_units(Units *u, HeapTupleHeader header)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header),
											  HeapTupleHeaderGetTypMod(header));
	HeapTupleData tuple = {0};
	Datum		values[UNITS_COLUMNS];
	bool		nulls[UNITS_COLUMNS];
	Datum	   *flag;
	text	  **funding;
	double	   *number[3];

	for (int i = 0; i < UNITS_COLUMNS; i++)
		if (desc->natts != UNITS_COLUMNS || TupleDescAttr(desc, i)->atttypid != units_types[i])
			reject_units();
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, values, nulls);
	ReleaseTupleDesc(desc);
	for (int i = 0; i < UNITS_COLUMNS; i++)
		if (nulls[i])
			reject_units();
	if (DatumGetInt64(values[UNITS_RUN]) != u->run)
		reject_units();

	for (int i = UNITS_ASSETS; i < UNITS_COLUMNS; i++)
		u->n = pghedge_array_length(DatumGetArrayTypePCopy(values[i]), "units",
									i == UNITS_ASSETS ? -1 : u->n);
	u->asset = pghedge_asset_elements(DatumGetArrayTypePCopy(values[UNITS_ASSETS]), u->n);
	pghedge_names_init(&u->names, CurrentMemoryContext);
	for (int i = 0; i < u->n; i++)
		if (u->asset[i] == NULL ||
			pghedge_names_number(&u->names, VARDATA_ANY(u->asset[i]),
								 VARSIZE_ANY_EXHDR(u->asset[i])) != i)
			reject_units();

	for (int i = 0; i < 3; i++)
		number[i] = pghedge_float8_elements(DatumGetArrayTypePCopy(values[UNITS_NOTIONALS + i]), u->n);
	u->unit = palloc(Max(u->n, 1) * sizeof(PhUnit));
	{
		bool	   *isnull;
		Datum	   *name;
		int			n;

		deconstruct_array(DatumGetArrayTypePCopy(values[UNITS_FUNDING]), TEXTOID, -1, false,
						  TYPALIGN_INT, &name, &isnull, &n);
		funding = palloc(Max(n, 1) * sizeof(text *));
		for (int i = 0; i < n; i++)
			funding[i] = isnull[i] ? NULL : DatumGetTextPP(name[i]);
		deconstruct_array(DatumGetArrayTypePCopy(values[UNITS_PRICE_TIMES]), TIMESTAMPTZOID,
						  sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &u->price_time,
						  &u->no_price_time, &n);
		deconstruct_array(DatumGetArrayTypePCopy(values[UNITS_ESTIMATED]), BOOLOID, sizeof(bool),
						  true, TYPALIGN_CHAR, &flag, &isnull, &n);
	}
	u->estimated = palloc(Max(u->n, 1) * sizeof(bool));
	for (int i = 0; i < u->n; i++)
	{
		int			fund = -1;

		if (funding[i] != NULL)
			fund = pghedge_names_number(&u->names, VARDATA_ANY(funding[i]),
										VARSIZE_ANY_EXHDR(funding[i]));
		u->unit[i].notional = number[0][i];
		u->unit[i].unit = number[1][i];
		u->unit[i].divisor = number[2][i];
		/* a currency that the run does not know has no exposure that could be told */
		u->unit[i].funding = fund < u->n ? fund : -1;
		u->estimated[i] = DatumGetBool(flag[i]);
	}
	u->sum = MemoryContextAllocHuge(CurrentMemoryContext, Max(u->n, 1) * sizeof(PhExposure));
	memset(u->sum, 0, Max(u->n, 1) * sizeof(PhExposure));
	u->touched = palloc(Max(u->n, 1) * sizeof(int));
}

Units *
pghedge_units(Units **list, MemoryContext context, int64 run, Datum record, const MatrixArg *matrix)
{
	Units	   *u = *list;
	MemoryContext old;

	while (u != NULL && u->run != run)
		u = u->next;
	if (likely(u != NULL))
		return u;

	old = MemoryContextSwitchTo(context);
	u = palloc0(sizeof(Units));
	u->run = run;
	read_units(u, DatumGetHeapTupleHeader(record));
	if (matrix != NULL)
		u->number = pghedge_asset_numbers(matrix, u->asset, u->n);
	u->next = *list;
	*list = u;
	MemoryContextSwitchTo(old);
	return u;
}

/* ---- the aggregate ---- */

typedef struct LegsState
{
	Units	   *units;
	int			n;
	int			size;
	PhHolding  *holding;
} LegsState;

/* One holding for each asset, in the order in which they came. */
static void
merge_holdings(LegsState *s)
{
	int		   *place = s->units->touched;	/* plus 1 */
	int			n = 0;

	memset(place, 0, s->units->n * sizeof(int));
	for (int i = 0; i < s->n; i++)
	{
		PhHolding  *h = &s->holding[i];

		if (place[h->asset] == 0)
		{
			s->holding[n++] = *h;
			place[h->asset] = n;
		}
		else
		{
			PhHolding  *sum = &s->holding[place[h->asset] - 1];

			sum->quantity += h->quantity;
			sum->delta_quantity += h->delta_quantity;
		}
	}
	s->n = n;
}

enum
{
	ACCUM_STATE, ACCUM_RUN, ACCUM_UNITS, ACCUM_ASSET, ACCUM_QUANTITY, ACCUM_DELTA_QUANTITY
};

PGHEDGE_FUNCTION(pghedge_legs_accum);
Datum
pghedge_legs_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	LegsState  *s = PG_ARGISNULL(ACCUM_STATE) ? NULL : (LegsState *) PG_GETARG_POINTER(ACCUM_STATE);
	text	   *asset;
	PhHolding  *h;
	int			number;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	if (PG_ARGISNULL(ACCUM_RUN) || PG_ARGISNULL(ACCUM_UNITS))
		reject_units();
	if (s == NULL)
	{
		s = MemoryContextAlloc(context, sizeof(LegsState));
		s->units = pghedge_units((Units **) &fcinfo->flinfo->fn_extra, fcinfo->flinfo->fn_mcxt,
								 PG_GETARG_INT64(ACCUM_RUN), PG_GETARG_DATUM(ACCUM_UNITS), NULL);
		s->n = 0;
		s->size = 8;
		s->holding = MemoryContextAlloc(context, s->size * sizeof(PhHolding));
	}
	if (PG_ARGISNULL(ACCUM_ASSET))
		PG_RETURN_POINTER(s);

	asset = PG_GETARG_TEXT_PP(ACCUM_ASSET);
	number = pghedge_names_number(&s->units->names, VARDATA_ANY(asset), VARSIZE_ANY_EXHDR(asset));
	if (number >= s->units->n)
		PG_RETURN_POINTER(s);	/* it has no price, so no exposure */
	if (s->n == s->size)
	{
		CHECK_FOR_INTERRUPTS();
		merge_holdings(s);
		if (s->n > s->size / 2)
		{
			s->size *= 2;
			s->holding = repalloc(s->holding, s->size * sizeof(PhHolding));
		}
	}
	h = &s->holding[s->n++];
	h->asset = number;
	h->quantity = PG_ARGISNULL(ACCUM_QUANTITY) ? NAN : PG_GETARG_FLOAT8(ACCUM_QUANTITY);
	h->delta_quantity = PG_ARGISNULL(ACCUM_DELTA_QUANTITY) ? NAN : PG_GETARG_FLOAT8(ACCUM_DELTA_QUANTITY);
	PG_RETURN_POINTER(s);
}

PGHEDGE_FUNCTION(pghedge_legs_final);
Datum
pghedge_legs_final(PG_FUNCTION_ARGS)
{
	LegsState  *s = PG_ARGISNULL(0) ? NULL : (LegsState *) PG_GETARG_POINTER(0);
	bytea	   *result;
	int			touched = 0;
	int			n = 0;

	if (s == NULL)
		PG_RETURN_NULL();
	ph_exposure_add(s->units->unit, s->holding, s->n, s->units->sum, s->units->touched, &touched);
	result = palloc(VARHDRSZ + touched * sizeof(Leg));
	for (int i = 0; i < touched; i++)
	{
		int			asset = s->units->touched[i];
		PhExposure *sum = &s->units->sum[asset];
		Leg			leg = {asset, 0, NAN};

		if (s->units->estimated[asset] &&
			ph_exposure(&s->units->unit[asset], sum, &leg.exposure) && leg.exposure != 0)
		{
			if (sum->held)
				leg.quantity = sum->quantity;
			memcpy(VARDATA(result) + n++ * sizeof(Leg), &leg, sizeof(Leg));
		}
		memset(sum, 0, sizeof(*sum));
	}
	SET_VARSIZE(result, VARHDRSZ + n * sizeof(Leg));
	PG_RETURN_BYTEA_P(result);
}

Leg *
pghedge_legs(const Units *units, bytea *legs, int *n)
{
	Leg		   *leg = palloc(VARSIZE_ANY_EXHDR(legs) + 1);

	*n = VARSIZE_ANY_EXHDR(legs) / sizeof(Leg);
	memcpy(leg, VARDATA_ANY(legs), VARSIZE_ANY_EXHDR(legs));	/* which need not be aligned */
	for (int i = 0; i < *n; i++)
		if (leg[i].asset < 0 || leg[i].asset >= units->n)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("leg " INT64_FORMAT " is of no asset of the run", leg[i].asset)));
	return leg;
}
