/*
 * panel.c
 *	  Observations of many assets at many times: reading such arrays, and hedge.return_panel, which
 *	  joins blocks of returns into one.
 */
#include "panel.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "names.h"
#include "results.h"

/* ---------- reading ---------- */

Datum *
pghedge_name_elements(ArrayType *array, const char *what, bool distinct, int *n)
{
	Datum	   *names;
	Datum	   *sorted;
	bool	   *nulls;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array of %s has %d dimensions", what, ARR_NDIM(array)),
				 errhint("Give a plain list: {A,B,C}.")));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, n);
	for (int i = 0; i < *n; i++)
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("number %d of %s is NULL", i + 1, what)));
	if (!distinct)
		return names;
	sorted = palloc(Max(*n, 1) * sizeof(Datum));
	memcpy(sorted, names, *n * sizeof(Datum));
	qsort(sorted, *n, sizeof(Datum), pghedge_sort_texts);
	for (int i = 1; i < *n; i++)
		if (pghedge_sort_texts(&sorted[i - 1], &sorted[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_CARDINALITY_VIOLATION),
					 errmsg("asset \"%s\" is given twice", TextDatumGetCString(sorted[i]))));
	pfree(sorted);
	return names;
}

/* The number of times of an array that has a row an asset. */
static int
times_of(ArrayType *observations, int assets)
{
	if (assets == 0 && ARR_NDIM(observations) == 0)
		return 0;
	if (ARR_NDIM(observations) != 2 || ARR_DIMS(observations)[0] != assets)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d assets but an array of observations with %d dimensions and %d rows",
						assets, ARR_NDIM(observations),
						ARR_NDIM(observations) > 0 ? ARR_DIMS(observations)[0] : 0),
				 errhint("Give a row of observations an asset: [asset][time].")));
	return ARR_DIMS(observations)[1];
}

static inline bool
observed_at(const bits8 *bitmap, size_t k)
{
	return bitmap == NULL || ((bitmap[k / 8] >> (k % 8)) & 1);
}

void
pghedge_panel_read(Panel *panel, ArrayType *assets, ArrayType *observations)
{
	const double *packed = (const double *) ARR_DATA_PTR(observations);
	const bits8 *bitmap = ARR_NULLBITMAP(observations);
	size_t		cells;

	panel->assets = pghedge_name_elements(assets, "assets", true, &panel->n);
	panel->times = times_of(observations, panel->n);
	cells = (size_t) panel->n * panel->times;
	panel->value = pghedge_huge_alloc(CurrentMemoryContext, cells, sizeof(double));
	panel->present = pghedge_huge_alloc(CurrentMemoryContext, cells, sizeof(bool));
	for (size_t k = 0; k < cells; k++)
	{
		ph_pause(pghedge_pause, k);
		panel->present[k] = observed_at(bitmap, k);
		panel->value[k] = panel->present[k] ? *packed++ : NAN;
	}
}

/* ---------- joining blocks ---------- */

typedef struct PanelBlock
{
	struct PanelBlock *next;
	int			n;
	int			times;
	int		   *number;			/* of its assets */
	ArrayType  *returns;
} PanelBlock;

typedef struct PanelState
{
	MemoryContext context;
	Names		names;
	PanelBlock *first;
	PanelBlock *last;
	int			times;
} PanelState;

/* accum(state, assets, returns); a row with a NULL is no block */
PGHEDGE_FUNCTION(pghedge_return_panel_accum);
Datum
pghedge_return_panel_accum(PG_FUNCTION_ARGS)
{
	PanelState *state = PG_ARGISNULL(0) ? NULL : (PanelState *) PG_GETARG_POINTER(0);
	MemoryContext old;
	PanelBlock *block;
	Datum	   *assets;

	if (state == NULL)
	{
		MemoryContext context;

		if (!AggCheckCallContext(fcinfo, &context))
			elog(ERROR, "aggregate transition function called outside an aggregate");
		state = MemoryContextAllocZero(context, sizeof(PanelState));
		state->context = context;
		pghedge_names_init(&state->names, context);
	}
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);

	old = MemoryContextSwitchTo(state->context);
	block = palloc0(sizeof(PanelBlock));
	block->returns = PG_GETARG_ARRAYTYPE_P_COPY(2);
	MemoryContextSwitchTo(old);
	assets = pghedge_name_elements(PG_GETARG_ARRAYTYPE_P(1), "assets", true, &block->n);
	block->times = times_of(block->returns, block->n);
	block->number = MemoryContextAlloc(state->context, Max(block->n, 1) * sizeof(int));
	for (int i = 0; i < block->n; i++)
	{
		text	   *name = DatumGetTextPP(assets[i]);

		block->number[i] = pghedge_names_text(&state->names, name);
	}
	if (block->times > PG_INT32_MAX - state->times)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many times for an array")));
	state->times += block->times;
	if (state->last)
		state->last->next = block;
	else
		state->first = block;
	state->last = block;
	PG_RETURN_POINTER(state);
}

/* [asset][time] with assets in the order given; the bytes of a PostgreSQL array */
static ArrayType *
joined_array(const PanelState *state, const int *order)
{
	int			n = state->names.n;
	size_t		cells = (size_t) n * state->times;
	size_t		bitmap_bytes = (cells + 7) / 8;
	int		   *row = palloc(Max(n, 1) * sizeof(int));
	double	   *value = pghedge_huge_alloc(CurrentMemoryContext, cells, sizeof(double));
	bits8	   *present = pghedge_huge_alloc(CurrentMemoryContext, bitmap_bytes, 1);
	size_t		observed = 0;
	size_t		bytes;
	int			start = 0;
	bool		complete;
	ArrayType  *array;
	bits8	   *bitmap;
	double	   *packed;

	if (n == 0 || state->times == 0)
		return construct_empty_array(FLOAT8OID);
	for (int i = 0; i < n; i++)
		row[order[i]] = i;
	memset(present, 0, bitmap_bytes);
	for (const PanelBlock *block = state->first; block; block = block->next)
	{
		const double *from = (const double *) ARR_DATA_PTR(block->returns);
		const bits8 *nulls = ARR_NULLBITMAP(block->returns);
		size_t		k = 0;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < block->n; i++)
		{
			size_t		cell = (size_t) row[block->number[i]] * state->times + start;

			for (int t = 0; t < block->times; t++, k++, cell++)
				if (observed_at(nulls, k))
				{
					value[cell] = *from++;
					present[cell / 8] |= 1 << (cell % 8);
					observed++;
				}
		}
		start += block->times;
	}

	complete = observed == cells;
	bytes = (complete ? ARR_OVERHEAD_NONULLS(2) : ARR_OVERHEAD_WITHNULLS(2, cells)) +
		observed * sizeof(double);
	if (!AllocSizeIsValid(bytes) || cells > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("returns of %d assets over %d bars do not fit an array", n, state->times)));
	array = palloc0(bytes);
	SET_VARSIZE(array, bytes);
	array->ndim = 2;
	array->dataoffset = complete ? 0 : ARR_OVERHEAD_WITHNULLS(2, cells);
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = n;
	ARR_DIMS(array)[1] = state->times;
	ARR_LBOUND(array)[0] = ARR_LBOUND(array)[1] = 1;
	packed = (double *) ARR_DATA_PTR(array);
	bitmap = ARR_NULLBITMAP(array);
	if (bitmap == NULL)
		memcpy(packed, value, cells * sizeof(double));
	else
	{
		memcpy(bitmap, present, bitmap_bytes);
		for (size_t k = 0; k < cells; k++)
			if (observed_at(present, k))
				*packed++ = value[k];
	}
	pfree(value);
	pfree(present);
	return array;
}

PGHEDGE_FUNCTION(pghedge_return_panel_final);
Datum
pghedge_return_panel_final(PG_FUNCTION_ARGS)
{
	PanelState *state = PG_ARGISNULL(0) ? NULL : (PanelState *) PG_GETARG_POINTER(0);
	int		   *order;
	Datum	   *names;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (state == NULL || state->first == NULL)
		PG_RETURN_NULL();
	order = pghedge_names_order(&state->names);
	names = palloc(Max(state->names.n, 1) * sizeof(Datum));
	for (int i = 0; i < state->names.n; i++)
	{
		const AssetName *name = &state->names.name[order[i]];

		names[i] = PointerGetDatum(cstring_to_text_with_len(name->bytes, name->len));
	}
	values[0] = PointerGetDatum(construct_array(names, state->names.n, TEXTOID, -1, false,
												TYPALIGN_INT));
	values[1] = PointerGetDatum(joined_array(state, order));
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}
