/*
 * rolling_pairs.c
 *	  hedge.rolling_pairs(): the rolling correlation of every pair, a row a pair.
 */
#include "pghedge.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"

#include "../kernel/rolling_pairs.h"
#include "panel.h"

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
	pghedge_panel_read(&panel, PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1));
	if (panel.times < window)
		return (Datum) 0;

	tiles = (panel.n + PH_LANES - 1) / PH_LANES;
	step = pghedge_huge_alloc(CurrentMemoryContext, (size_t) tiles * panel.times, sizeof(PhRollingStep));
	ph_clear((double *) step, (size_t) tiles * panel.times * sizeof(PhRollingStep) / sizeof(double), pghedge_pause);
	regular = palloc(panel.n * sizeof(bool));
	work = pghedge_huge_alloc(CurrentMemoryContext, Max(6 * (size_t) panel.times, ((size_t) window + 1) * PH_LANES), sizeof(double));
	for (int i = 0; i < panel.n; i++)
		regular[i] = ph_rolling_prepare(panel.value + (size_t) i * panel.times, panel.times, window,
										i % PH_LANES, step + (size_t) (i / PH_LANES) * panel.times,
										work, pghedge_pause);
	while (queue.size < (size_t) window)
		queue.size *= 2;
	queue.slot = pghedge_huge_alloc(CurrentMemoryContext, queue.size, sizeof(PhComoments));

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
								step + (size_t) tile * panel.times, panel.times, window, work,
								pghedge_pause, stats);
			for (int x = Max(y + 1, tile * PH_LANES); x < last; x++)
			{
				size_t		at_y = (size_t) y * panel.times;
				size_t		at_x = (size_t) x * panel.times;
				PhRollingStats *one = &stats[x % PH_LANES];

				if (!regular[y] || !regular[x])
					pghedge_check(ph_rolling_pair(panel.value + at_y, panel.value + at_x,
												  panel.present + at_y, panel.present + at_x,
												  panel.times, window, &queue, pghedge_pause, one));
				put_row(rsinfo, &panel, y, x, one);
			}
		}
	}
	return (Datum) 0;
}
