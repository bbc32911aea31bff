/*
 * rolling_pairs.c
 *	  hedge.rolling_pairs(): the rolling correlation of every pair, a row a pair.
 */
#include "pghedge.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../kernel/rolling_pairs.h"
#include "matrix.h"

/* Observations [asset][time], missing ones as NaN with a clear flag. */
typedef struct Panel
{
	int			n;
	int			times;
	Datum	   *assets;
	double	   *value;
	bool	   *present;
} Panel;

static void *
huge_alloc(size_t count, size_t size)
{
	if (size > 0 && count > MaxAllocHugeSize / size)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array of observations is too large")));
	return MemoryContextAllocHuge(CurrentMemoryContext, count * size);
}

static int
compare_assets(const void *a, const void *b)
{
	text	   *x = DatumGetTextPP(*(const Datum *) a);
	text	   *y = DatumGetTextPP(*(const Datum *) b);

	return pghedge_compare_labels(VARDATA_ANY(x), VARSIZE_ANY_EXHDR(x),
								  VARDATA_ANY(y), VARSIZE_ANY_EXHDR(y));
}

static void
panel_read(Panel *panel, ArrayType *assets, ArrayType *observations)
{
	bool	   *nulls;
	Datum	   *sorted;
	const double *packed = (const double *) ARR_DATA_PTR(observations);
	const bits8 *bitmap = ARR_NULLBITMAP(observations);
	size_t		cells;

	if (ARR_NDIM(assets) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array of assets has %d dimensions", ARR_NDIM(assets)),
				 errhint("Give a plain list: {A,B,C}.")));
	deconstruct_array(assets, TEXTOID, -1, false, TYPALIGN_INT, &panel->assets, &nulls, &panel->n);
	for (int i = 0; i < panel->n; i++)
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("asset number %d is NULL", i + 1)));
	sorted = palloc(panel->n * sizeof(Datum));
	memcpy(sorted, panel->assets, panel->n * sizeof(Datum));
	qsort(sorted, panel->n, sizeof(Datum), compare_assets);
	for (int i = 1; i < panel->n; i++)
		if (compare_assets(&sorted[i - 1], &sorted[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_CARDINALITY_VIOLATION),
					 errmsg("asset \"%s\" is given twice", TextDatumGetCString(sorted[i]))));
	if (panel->n == 0 && ARR_NDIM(observations) == 0)
	{
		panel->times = 0;
		return;
	}
	if (ARR_NDIM(observations) != 2 || ARR_DIMS(observations)[0] != panel->n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d assets but an array of observations with %d dimensions and %d rows",
						panel->n, ARR_NDIM(observations),
						ARR_NDIM(observations) > 0 ? ARR_DIMS(observations)[0] : 0),
				 errhint("Give a row of observations an asset: [asset][time].")));
	panel->times = ARR_DIMS(observations)[1];
	cells = (size_t) panel->n * panel->times;
	panel->value = huge_alloc(cells, sizeof(double));
	panel->present = huge_alloc(cells, sizeof(bool));
	for (size_t k = 0; k < cells; k++)
	{
		panel->present[k] = bitmap == NULL || ((bitmap[k / 8] >> (k % 8)) & 1);
		panel->value[k] = panel->present[k] ? *packed++ : NAN;
	}
}

static void
put_row(ReturnSetInfo *rsinfo, const Panel *panel, int y, int x, const PhRollingStats *stats)
{
	bool		none = stats->windows == 0;
	Datum		values[] = {
		panel->assets[y],
		panel->assets[x],
		Int32GetDatum(stats->windows),
		Float8GetDatum(stats->minimum),
		Float8GetDatum(stats->maximum),
		Float8GetDatum(stats->mean),
		Float8GetDatum(stats->sd),
		Float8GetDatum(stats->latest),
		Int32GetDatum(stats->sign_changes),
	};
	bool		nulls[] = {false, false, false, none, none, none, none,
		none || isnan(stats->latest), none};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PGHEDGE_FUNCTION(pghedge_rolling_pairs);
Datum
pghedge_rolling_pairs(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int			window = PG_GETARG_INT32(2);
	Panel		panel;
	int			tiles;
	PhRollingStep *step;
	bool	   *regular;
	double	   *work;
	PhQueue		queue = {.size = 1};
	PhRollingStats *stats;

	if (window < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a window of %d bars has no correlation", window),
				 errhint("Give 2 or more.")));
	InitMaterializedSRF(fcinfo, 0);
	panel_read(&panel, PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1));
	if (panel.times < window)
		return (Datum) 0;

	tiles = (panel.n + PH_LANES - 1) / PH_LANES;
	step = huge_alloc((size_t) tiles * panel.times, sizeof(PhRollingStep));
	memset(step, 0, (size_t) tiles * panel.times * sizeof(PhRollingStep));
	regular = palloc(panel.n * sizeof(bool));
	work = huge_alloc(Max(6 * (size_t) panel.times, ((size_t) window + 1) * PH_LANES), sizeof(double));
	for (int i = 0; i < panel.n; i++)
		regular[i] = ph_rolling_prepare(panel.value + (size_t) i * panel.times, panel.times, window,
										i % PH_LANES, step + (size_t) (i / PH_LANES) * panel.times,
										work);
	while (queue.size < (size_t) window)
		queue.size *= 2;
	queue.slot = huge_alloc(queue.size, sizeof(PhComoments));

	/* all y of one tile of x at a time; its steps stay in the cache */
	stats = palloc(PH_LANES * sizeof(PhRollingStats));
	for (int tile = 0; tile < tiles; tile++)
	{
		int			last = Min(panel.n, (tile + 1) * PH_LANES);

		for (int y = 0; y < last; y++)
		{
			CHECK_FOR_INTERRUPTS();
			if (regular[y])
				ph_rolling_tile(step + (size_t) (y / PH_LANES) * panel.times, y % PH_LANES,
								step + (size_t) tile * panel.times, panel.times, window, work, stats);
			for (int x = Max(y + 1, tile * PH_LANES); x < last; x++)
			{
				size_t		at_y = (size_t) y * panel.times;
				size_t		at_x = (size_t) x * panel.times;
				PhRollingStats *one = &stats[x % PH_LANES];

				if (!regular[y] || !regular[x])
					pghedge_check(ph_rolling_pair(panel.value + at_y, panel.value + at_x,
												  panel.present + at_y, panel.present + at_x,
												  panel.times, window, &queue, one));
				put_row(rsinfo, &panel, y, x, one);
			}
		}
	}
	return (Datum) 0;
}
