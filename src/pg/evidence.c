/*
 * evidence.c
 *	  The evidence of a pair: hedge.pair_evidence() over two columns, hedge.evidence_pairs() over
 *	  arrays of aligned observations.
 */
#include "pghedge.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "../kernel/evidence.h"
#include "names.h"
#include "panel.h"

/* The attributes of hedge.evidence, in their order. */
enum
{
	OBSERVATIONS,
	EFFECTIVE_OBSERVATIONS,
	CORRELATION,
	HEDGE_RATIO,
	VOLATILITY_Y,
	VOLATILITY_X,
	FISHER_LOW,
	FISHER_HIGH,
	ROBUST_LOW,
	ROBUST_HIGH,
	STANDARD_ERROR,
	P_VALUE,
	EFFECTIVENESS_P_VALUE,
	ROLLING_WINDOWS,
	ROLLING_MINIMUM,
	ROLLING_MAXIMUM,
	ROLLING_MEAN,
	ROLLING_STANDARD_DEVIATION,
	ROLLING_LATEST,
	SIGN_CHANGES,
	ROLLING_SPREAD_P_VALUE,
	CORRELATION_FIRST_HALF,
	CORRELATION_SECOND_HALF,
	BREAK_STATISTIC,
	BREAK_P_VALUE,
	BREAK_OBSERVATION,
	BREAK_TIME,
	CORRELATION_BEFORE_BREAK,
	CORRELATION_AFTER_BREAK,
	LAG_CORRELATION,
	OUT_OF_SAMPLE_EFFECTIVENESS,
	CLARK_WEST_STATISTIC,
	CLARK_WEST_P_VALUE,
	HELD_EFFECTIVENESS,
	BREAK_EVEN_CORRELATION,
	BREAK_EVEN_CONFIDENCE,
	EVIDENCE_ATTRIBUTES
};

typedef struct Settings
{
	int			window;
	double		level;
	double		minimum_effectiveness;
	bool		held;			/* is there a ratio held? */
	double		held_ratio;
} Settings;

/* ---------- settings ---------- */

static double
setting(HeapTupleHeader tuple, const char *name, bool *isnull)
{
	Datum		value = GetAttributeByName(tuple, name, isnull);

	return *isnull ? 0 : DatumGetFloat8(value);
}

/* A NULL row, or a NULL in it, means the default. */
static void
settings_read(Settings *s, bool given, Datum row)
{
	HeapTupleHeader tuple;
	bool		isnull;
	double		value;

	*s = (Settings) {.window = 60, .level = 0.95, .minimum_effectiveness = 0.1};
	if (!given)
		return;
	tuple = DatumGetHeapTupleHeader(row);
	value = DatumGetInt32(GetAttributeByName(tuple, "rolling_observations", &isnull));
	if (!isnull)
		s->window = (int) value;
	value = setting(tuple, "confidence_level", &isnull);
	if (!isnull)
		s->level = value;
	value = setting(tuple, "minimum_effectiveness", &isnull);
	if (!isnull)
		s->minimum_effectiveness = value;
	s->held_ratio = setting(tuple, "held_ratio", &isnull);
	s->held = !isnull;

	if (s->window < 4)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a rolling window of %d observations is too short", s->window),
				 errhint("Give 4 or more; 20 to 120 are usual.")));
	if (!(s->level > 0 && s->level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("confidence level %g is not between 0 and 1", s->level),
				 errhint("For 95 %% give 0.95.")));
	if (!(s->minimum_effectiveness >= 0 && s->minimum_effectiveness <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("minimum effectiveness %g is not between 0 and 1", s->minimum_effectiveness)));
}

/* The four arguments as a row; settings_read() checks them. */
PGHEDGE_FUNCTION(pghedge_evidence_settings);
Datum
pghedge_evidence_settings(PG_FUNCTION_ARGS)
{
	TupleDesc	desc;
	Datum		values[4];
	bool		nulls[4];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != 4)
		elog(ERROR, "return type must be hedge.evidence_settings");
	for (int i = 0; i < 4; i++)
	{
		values[i] = fcinfo->args[i].value;
		nulls[i] = fcinfo->args[i].isnull;
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* ---------- evidence as a row ---------- */

static TupleDesc
evidence_descriptor(Oid type)
{
	return BlessTupleDesc(lookup_rowtype_tupdesc_copy(type, -1));
}

/* times[k] is the time of observation k; NULL where times are not known. */
static Datum
evidence_row(TupleDesc desc, const PhEvidence *e, const TimestampTz *times)
{
	/* The type may be of another version: it has fewer attributes, or some that are not known here. */
	int			count = Max(desc->natts, EVIDENCE_ATTRIBUTES);
	Datum	   *values = palloc0(count * sizeof(Datum));
	bool	   *nulls = palloc(count * sizeof(bool));
	HeapTuple	tuple;

	memset(nulls, true, count * sizeof(bool));
#define PUT(attribute, number) \
	do { \
		double		put_number = (number); \
		\
		values[attribute] = Float8GetDatum(put_number); \
		nulls[attribute] = !isfinite(put_number); \
	} while (0)
#define PUT_INTEGER(attribute, number, known) \
	(values[attribute] = Int32GetDatum(number), nulls[attribute] = !(known))

	PUT_INTEGER(OBSERVATIONS, e->observations, true);
	PUT(EFFECTIVE_OBSERVATIONS, e->effective_observations);
	PUT(CORRELATION, e->correlation);
	PUT(HEDGE_RATIO, e->hedge_ratio);
	PUT(VOLATILITY_Y, e->volatility_y);
	PUT(VOLATILITY_X, e->volatility_x);
	PUT(FISHER_LOW, e->fisher_low);
	PUT(FISHER_HIGH, e->fisher_high);
	PUT(ROBUST_LOW, e->robust_low);
	PUT(ROBUST_HIGH, e->robust_high);
	PUT(STANDARD_ERROR, e->standard_error);
	PUT(P_VALUE, e->p_value);
	PUT(EFFECTIVENESS_P_VALUE, e->effectiveness_p_value);
	PUT_INTEGER(ROLLING_WINDOWS, e->rolling.windows, true);
	PUT(ROLLING_MINIMUM, e->rolling.minimum);
	PUT(ROLLING_MAXIMUM, e->rolling.maximum);
	PUT(ROLLING_MEAN, e->rolling.mean);
	PUT(ROLLING_STANDARD_DEVIATION, e->rolling.sd);
	PUT(ROLLING_LATEST, e->rolling.latest);
	PUT_INTEGER(SIGN_CHANGES, e->rolling.sign_changes, e->rolling.windows > 0);
	PUT(ROLLING_SPREAD_P_VALUE, e->rolling_spread_p_value);
	PUT(CORRELATION_FIRST_HALF, e->first_half);
	PUT(CORRELATION_SECOND_HALF, e->second_half);
	PUT(BREAK_STATISTIC, e->break_statistic);
	PUT(BREAK_P_VALUE, e->break_p_value);
	PUT_INTEGER(BREAK_OBSERVATION, e->break_at + 1, e->break_at >= 0);
	if (times != NULL && e->break_at >= 0)
	{
		values[BREAK_TIME] = TimestampTzGetDatum(times[e->break_at]);
		nulls[BREAK_TIME] = false;
	}
	PUT(CORRELATION_BEFORE_BREAK, e->before_break);
	PUT(CORRELATION_AFTER_BREAK, e->after_break);
	PUT(LAG_CORRELATION, e->lag_correlation);
	PUT(OUT_OF_SAMPLE_EFFECTIVENESS, e->out_of_sample_effectiveness);
	PUT(CLARK_WEST_STATISTIC, e->clark_west_statistic);
	PUT(CLARK_WEST_P_VALUE, e->clark_west_p_value);
	PUT(HELD_EFFECTIVENESS, e->held_effectiveness);
	PUT(BREAK_EVEN_CORRELATION, e->break_even_correlation);
	PUT(BREAK_EVEN_CONFIDENCE, e->break_even_confidence);

	tuple = heap_form_tuple(desc, values, nulls);
	pfree(values);
	pfree(nulls);
	return HeapTupleGetDatum(tuple);
}

/* Everything that stands between two series without gaps and their evidence. */
typedef struct Bench
{
	PhEvidencePlan plan;
	size_t		room;			/* observations that there is room for */
	double	   *y;				/* prepared */
	double	   *x;
	PhRollingStep *rolling;
	double	   *scratch;
	double	   *tile;
	double	   *work;
} Bench;

static void
plan_make(PhEvidencePlan *plan, int n, const Settings *s)
{
	ph_evidence_plan(plan, n, s->window, s->level, s->minimum_effectiveness);
	plan->pause = pghedge_pause;
}

static void
bench_make(Bench *b, size_t room, const Settings *s)
{
	b->room = room;
	b->y = pghedge_huge_alloc(CurrentMemoryContext, room, PH_EVIDENCE_STEP * sizeof(double));
	b->x = pghedge_huge_alloc(CurrentMemoryContext, room, PH_EVIDENCE_STEP * sizeof(double));
	b->rolling = pghedge_huge_alloc(CurrentMemoryContext, room, sizeof(PhRollingStep));
	b->scratch = pghedge_huge_alloc(CurrentMemoryContext, room, 7 * sizeof(double));
	b->tile = pghedge_huge_alloc(CurrentMemoryContext, room, PH_EVIDENCE_FIELDS * sizeof(double));
	plan_make(&b->plan, room, s);
	b->work = pghedge_huge_alloc(CurrentMemoryContext, ph_evidence_work(&b->plan, 1), sizeof(double));
}

static void
bench_pair(Bench *b, int n, const double *y, const double *x, const Settings *s, PhEvidence *e)
{
	PhEvidenceAsset of_y,
				of_x;

	if (n != b->plan.n)
		plan_make(&b->plan, n, s);
	pghedge_check(ph_evidence_prepare(&b->plan, y, &of_y, b->y, b->rolling, b->scratch));
	pghedge_check(ph_evidence_prepare(&b->plan, x, &of_x, b->x, b->rolling, b->scratch));
	ph_evidence_load(&b->plan, b->x, 0, 1, b->tile);
	ph_evidence_one(&b->plan, &of_y, b->y, &of_x, b->tile, b->work, e);
}

/* ---------- the aggregate ---------- */

typedef struct Sample
{
	MemoryContext context;
	Settings	settings;
	size_t		n;
	size_t		room;
	double	   *y;
	double	   *x;
	TimestampTz *ts;			/* NULL: no times given */
} Sample;

#define FIRST_ROOM 256

static void
sample_grow(Sample *s)
{
	size_t		room = s->room * 2;

	/* the kernel counts observations in int */
	if (room > PG_INT32_MAX / 4 || room > MaxAllocHugeSize / sizeof(double))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%zu observations are too many", s->n)));
	s->y = repalloc_huge(s->y, room * sizeof(double));
	s->x = repalloc_huge(s->x, room * sizeof(double));
	if (s->ts)
		s->ts = repalloc_huge(s->ts, room * sizeof(TimestampTz));
	s->room = room;
}

/* (state, y, x [, ts [, settings]]); the settings of the first observation are those of all. */
PGHEDGE_FUNCTION(pghedge_evidence_accum);
Datum
pghedge_evidence_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	Sample	   *s = PG_ARGISNULL(0) ? NULL : (Sample *) PG_GETARG_POINTER(0);

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "transition function called outside an aggregate");
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (s == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(s);
	}
	if (s == NULL)
	{
		bool		given = pghedge_is_given(fcinfo, 4);

		s = MemoryContextAllocZero(context, sizeof(Sample));
		s->context = context;
		settings_read(&s->settings, given, given ? PG_GETARG_DATUM(4) : (Datum) 0);
		s->room = FIRST_ROOM;
		s->y = MemoryContextAlloc(context, FIRST_ROOM * sizeof(double));
		s->x = MemoryContextAlloc(context, FIRST_ROOM * sizeof(double));
		if (PG_NARGS() > 3)
			s->ts = MemoryContextAlloc(context, FIRST_ROOM * sizeof(TimestampTz));
	}
	if (s->n == s->room)
		sample_grow(s);
	s->y[s->n] = PG_GETARG_FLOAT8(1);
	s->x[s->n] = PG_GETARG_FLOAT8(2);
	if (s->ts)
	{
		if (PG_ARGISNULL(3))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("an observation has no time"),
					 errhint("Leave the rows without one out with FILTER (WHERE ...).")));
		s->ts[s->n] = PG_GETARG_TIMESTAMPTZ(3);
		if (s->n > 0 && s->ts[s->n] <= s->ts[s->n - 1])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("observation at %s after one at %s", timestamptz_to_str(s->ts[s->n]),
							pstrdup(timestamptz_to_str(s->ts[s->n - 1]))),
					 errdetail("Evidence depends on the order of the observations, and a time has one."),
					 errhint("Aggregate in order of time: pair_evidence(y, x, ts ORDER BY ts).")));
	}
	s->n++;
	PG_RETURN_POINTER(s);
}

PGHEDGE_FUNCTION(pghedge_evidence_final);
Datum
pghedge_evidence_final(PG_FUNCTION_ARGS)
{
	Sample	   *s;
	Bench		bench;
	PhEvidence	e;
	Oid			type;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	s = (Sample *) PG_GETARG_POINTER(0);
	bench_make(&bench, s->n, &s->settings);
	bench_pair(&bench, s->n, s->y, s->x, &s->settings, &e);
	if (s->settings.held)
		ph_evidence_hold(&e, s->settings.held_ratio);
	get_call_result_type(fcinfo, &type, NULL);
	PG_RETURN_DATUM(evidence_row(evidence_descriptor(type), &e, s->ts));
}

/* ---------- pairs of a panel ---------- */

/* Observations [asset][bar]. */
typedef struct EvidencePanel
{
	int			n;
	int			bars;
	Datum	   *assets;
	double	   *value;
	bool	   *present;
	bool	   *complete;		/* asset: nothing missing */
	TimestampTz *times;
	PhEvidenceAsset *asset;
	double	  **step;			/* of complete assets; NULL: not prepared yet */
} EvidencePanel;

typedef struct Wanted
{
	int			y;
	int			x;
	bool		held;
	double		held_ratio;
} Wanted;

typedef struct Context
{
	EvidencePanel panel;
	Settings	settings;
	Bench		bench;			/* for pairs with gaps; its plan is made anew for each */
	PhEvidencePlan plan;
	double	   *gapless_y;
	double	   *gapless_x;
	TimestampTz *gapless_times;
	int			tile_of;		/* first asset of what tile holds; −1: nothing */
	double	   *tile;			/* PH_LANES assets */
	PhEvidenceAsset tile_asset[PH_LANES];
	double	   *work;
	ReturnSetInfo *rsinfo;
	TupleDesc	row;
	MemoryContext per_row;
	int64		done;			/* pairs */
	int64		total;
	Progress	progress;
} Context;

static void
panel_read(EvidencePanel *panel, ArrayType *assets, ArrayType *observations)
{
	Panel		read;

	pghedge_panel_read(&read, assets, observations);
	panel->n = read.n;
	panel->bars = read.times;
	panel->assets = read.assets;
	panel->value = read.value;
	panel->present = read.present;
	panel->complete = palloc(panel->n * sizeof(bool));
	panel->asset = palloc(panel->n * sizeof(PhEvidenceAsset));
	panel->step = palloc0(panel->n * sizeof(*panel->step));
	for (int i = 0; i < panel->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		panel->complete[i] = true;
		for (int t = 0; t < panel->bars; t++)
			if (!panel->present[(size_t) i * panel->bars + t])
				panel->complete[i] = false;
	}
}

static void
times_read(EvidencePanel *panel, ArrayType *times)
{
	if (ARR_NDIM(times) > 1 || ArrayGetNItems(ARR_NDIM(times), ARR_DIMS(times)) != panel->bars)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d bars of observations but %d times", panel->bars,
						ArrayGetNItems(ARR_NDIM(times), ARR_DIMS(times)))));
	if (array_contains_nulls(times))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the time of a bar is NULL")));
	panel->times = (TimestampTz *) ARR_DATA_PTR(times);
}

static void
prepare(Context *c, int i)
{
	EvidencePanel *panel = &c->panel;

	if (panel->step[i] != NULL)
		return;
	panel->step[i] = pghedge_huge_alloc(CurrentMemoryContext, panel->bars, PH_EVIDENCE_STEP * sizeof(double));
	pghedge_check(ph_evidence_prepare(&c->plan, panel->value + (size_t) i * panel->bars,
									  &panel->asset[i], panel->step[i], c->bench.rolling,
									  c->bench.scratch));
}

/* Complete assets from `first` on into the lanes; the others hold zeros. */
static void
tile_load(Context *c, int first)
{
	EvidencePanel *panel = &c->panel;

	if (c->tile_of == first)
		return;
	ph_clear(c->tile, (size_t) panel->bars * PH_EVIDENCE_FIELDS * PH_LANES, pghedge_pause);
	memset(c->tile_asset, 0, sizeof(c->tile_asset));
	for (int k = 0; k < PH_LANES && first + k < panel->n; k++)
	{
		if (panel->step[first + k] == NULL)
			continue;
		c->tile_asset[k] = panel->asset[first + k];
		ph_evidence_load(&c->plan, panel->step[first + k], k, PH_LANES, c->tile);
	}
	c->tile_of = first;
}

static void
put_pair(Context *c, const Wanted *w, PhEvidence *e, const TimestampTz *times)
{
	MemoryContext before = MemoryContextSwitchTo(c->per_row);
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	if (w->held)
		ph_evidence_hold(e, w->held_ratio);
	else if (c->settings.held)
		ph_evidence_hold(e, c->settings.held_ratio);
	values[0] = c->panel.assets[w->y];
	values[1] = c->panel.assets[w->x];
	values[2] = evidence_row(c->row, e, times);
	tuplestore_putvalues(c->rsinfo->setResult, c->rsinfo->setDesc, values, nulls);
	MemoryContextSwitchTo(before);
	MemoryContextReset(c->per_row);
}

/* The observations that both have, on their own. */
static void
gapped_pair(Context *c, const Wanted *w)
{
	EvidencePanel *panel = &c->panel;
	size_t		at_y = (size_t) w->y * panel->bars;
	size_t		at_x = (size_t) w->x * panel->bars;
	int			n = 0;
	PhEvidence	e;

	for (int t = 0; t < panel->bars; t++)
	{
		ph_pause(pghedge_pause, t);
		if (!panel->present[at_y + t] || !panel->present[at_x + t])
			continue;
		c->gapless_y[n] = panel->value[at_y + t];
		c->gapless_x[n] = panel->value[at_x + t];
		if (panel->times)
			c->gapless_times[n] = panel->times[t];
		n++;
	}
	bench_pair(&c->bench, n, c->gapless_y, c->gapless_x, &c->settings, &e);
	put_pair(c, w, &e, panel->times ? c->gapless_times : NULL);
}

/* Pairs of one y with x of one tile. */
static void
run_of_pairs(Context *c, const Wanted *wanted, int count)
{
	EvidencePanel *panel = &c->panel;
	int			first = wanted->x / PH_LANES * PH_LANES;
	PhEvidence	e[PH_LANES];
	bool		done = false;

	CHECK_FOR_INTERRUPTS();
	pghedge_progress(&c->progress, c->done, c->total);
	c->done += count;
	for (int i = 0; i < count; i++)
	{
		const Wanted *w = &wanted[i];

		if (!panel->complete[w->y] || !panel->complete[w->x])
		{
			CHECK_FOR_INTERRUPTS();
			gapped_pair(c, w);
			continue;
		}
		if (!done)
			ph_evidence_tile(&c->plan, &panel->asset[w->y], panel->step[w->y], c->tile_asset, c->tile,
							 c->work, e);
		done = true;
		put_pair(c, w, &e[w->x - first], panel->times);
	}
}

static int
compare_wanted(const void *a, const void *b)
{
	const Wanted *v = a;
	const Wanted *w = b;
	int			tile_v = v->x / PH_LANES;
	int			tile_w = w->x / PH_LANES;

	if (tile_v != tile_w)
		return tile_v < tile_w ? -1 : 1;
	if (v->y != w->y)
		return v->y < w->y ? -1 : 1;
	return v->x < w->x ? -1 : v->x > w->x;
}

static int
compare_assets(const void *a, const void *b, void *panel)
{
	const Datum *assets = ((const EvidencePanel *) panel)->assets;

	return pghedge_compare_texts(assets[*(const int *) a], assets[*(const int *) b]);
}

/* Which asset has this name?  order: the assets sorted by name. */
static int
find_asset(const EvidencePanel *panel, const int *order, Datum name)
{
	int			low = 0,
				high = panel->n;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			c = pghedge_compare_texts(name, panel->assets[order[middle]]);

		if (c == 0)
			return order[middle];
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("asset \"%s\" of a pair is not among the assets", TextDatumGetCString(name))));
}

static Wanted *
wanted_read(const EvidencePanel *panel, FunctionCallInfo fcinfo, int *count)
{
	int			n_y,
				n_x;
	Datum	   *names_y = pghedge_name_elements(PG_GETARG_ARRAYTYPE_P(4), "pairs_y", false, &n_y);
	Datum	   *names_x = pghedge_name_elements(PG_GETARG_ARRAYTYPE_P(5), "pairs_x", false, &n_x);
	int		   *order = palloc(panel->n * sizeof(int));
	Wanted	   *wanted;

	if (n_y != n_x)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d assets in pairs_y but %d in pairs_x", n_y, n_x)));
	for (int i = 0; i < panel->n; i++)
		order[i] = i;
	qsort_arg(order, panel->n, sizeof(int), compare_assets, (void *) panel);
	wanted = pghedge_huge_alloc(CurrentMemoryContext, n_y, sizeof(Wanted));
	for (int i = 0; i < n_y; i++)
		wanted[i] = (Wanted) {
			.y = find_asset(panel, order, names_y[i]),
			.x = find_asset(panel, order, names_x[i])
		};
	if (!PG_ARGISNULL(6))
	{
		ArrayType  *array = PG_GETARG_ARRAYTYPE_P(6);
		Datum	   *ratios;
		bool	   *nulls;
		int			n;

		deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &ratios,
						  &nulls, &n);
		if (n != n_y)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("%d pairs but %d held ratios", n_y, n)));
		for (int i = 0; i < n; i++)
		{
			wanted[i].held = !nulls[i];
			wanted[i].held_ratio = nulls[i] ? 0 : DatumGetFloat8(ratios[i]);
		}
	}
	*count = n_y;
	return wanted;
}

PGHEDGE_FUNCTION(pghedge_evidence_pairs);
Datum
pghedge_evidence_pairs(PG_FUNCTION_ARGS)
{
	Context		c = {.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo, .tile_of = -1};
	EvidencePanel *panel = &c.panel;
	Wanted	   *wanted;
	int			count;

	InitMaterializedSRF(fcinfo, 0);
	settings_read(&c.settings, !PG_ARGISNULL(3), PG_GETARG_DATUM(3));
	if (PG_ARGISNULL(4) != PG_ARGISNULL(5))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("pairs_y and pairs_x name pairs together"),
				 errhint("Give both, or neither for all pairs.")));
	if (!PG_ARGISNULL(6) && PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("held ratios without the pairs that they belong to"),
				 errhint("Name the pairs in pairs_y and pairs_x.")));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	panel_read(panel, PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1));
	if (panel->n == 0)
		return (Datum) 0;
	if (!PG_ARGISNULL(2))
		times_read(panel, PG_GETARG_ARRAYTYPE_P(2));

	c.row = evidence_descriptor(TupleDescAttr(c.rsinfo->setDesc, 2)->atttypid);
	c.per_row = AllocSetContextCreate(CurrentMemoryContext, "evidence row", ALLOCSET_DEFAULT_SIZES);
	bench_make(&c.bench, panel->bars, &c.settings);
	plan_make(&c.plan, panel->bars, &c.settings);
	c.gapless_y = pghedge_huge_alloc(CurrentMemoryContext, panel->bars, sizeof(double));
	c.gapless_x = pghedge_huge_alloc(CurrentMemoryContext, panel->bars, sizeof(double));
	c.gapless_times = pghedge_huge_alloc(CurrentMemoryContext, panel->bars, sizeof(TimestampTz));
	c.tile = pghedge_huge_alloc(CurrentMemoryContext, (size_t) panel->bars, PH_EVIDENCE_FIELDS * PH_LANES * sizeof(double));
	c.work = pghedge_huge_alloc(CurrentMemoryContext, ph_evidence_work(&c.plan, PH_LANES), sizeof(double));

	c.progress.what = "pairs examined";
	if (PG_ARGISNULL(4))
	{
		c.total = (int64) panel->n * (panel->n - 1) / 2;
		wanted = palloc(PH_LANES * sizeof(Wanted));
		for (int i = 0; i < panel->n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (panel->complete[i])
				prepare(&c, i);
		}
		for (int first = 0; first < panel->n; first += PH_LANES)
		{
			int			last = Min(panel->n, first + PH_LANES);

			tile_load(&c, first);
			for (int y = 0; y < last; y++)
			{
				count = 0;
				for (int x = Max(y + 1, first); x < last; x++)
					wanted[count++] = (Wanted) {.y = y, .x = x};
				if (count > 0)
					run_of_pairs(&c, wanted, count);
			}
		}
		return (Datum) 0;
	}

	wanted = wanted_read(panel, fcinfo, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (panel->complete[wanted[i].y])
			prepare(&c, wanted[i].y);
		if (panel->complete[wanted[i].x])
			prepare(&c, wanted[i].x);
	}
	qsort(wanted, count, sizeof(Wanted), compare_wanted);
	c.total = count;
	for (int i = 0; i < count;)
	{
		int			end = i + 1;

		while (end < count && wanted[end].y == wanted[i].y &&
			   wanted[end].x / PH_LANES == wanted[i].x / PH_LANES)
			end++;
		tile_load(&c, wanted[i].x / PH_LANES * PH_LANES);
		run_of_pairs(&c, wanted + i, end - i);
		i = end;
	}
	return (Datum) 0;
}
