/*
 * returns.c
 *	  hedge.return_blocks: aligned returns of a relation of prices, in blocks of calendar bars. What
 *	  is a close, the calendar and a return is decided in ../kernel/returns.h; prices.h reads.
 *
 * The chunks of prices are put in order of (chunk number, asset) and walked twice: to find the
 * calendar, then block by block for the returns.
 *
 * hedge._return_sizes: how large the returns of a block are, asset by asset.
 */
#include "results.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "prices.h"

PGHEDGE_FUNCTION(pghedge_return_blocks);
PGHEDGE_FUNCTION(pghedge_return_sizes);

/* ---- Results ---- */

typedef struct Prices
{
	PriceReader *reader;
	int			n;				/* assets seen */
	int		   *assets;			/* [n], their numbers in byte order of the names */
	Chunk	  **chunks;			/* by (number, asset) */
	uint64		n_chunks;
	int64	   *calendar;		/* bar numbers */
	int64		n_calendar;
	int64	   *trailing;		/* bar numbers of the candidates after the last of the calendar */
	int64		n_trailing;
	int64		stale_after;
} Prices;

static int
compare_chunks(const void *a, const void *b)
{
	const Chunk *x = *(Chunk *const *) a;
	const Chunk *y = *(Chunk *const *) b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->asset - y->asset;
}

static void
sort_prices(Prices *prices)
{
	PriceReader *reader = prices->reader;
	int		   *order = pghedge_names_order(&reader->names);
	int		   *rank = palloc(Max(reader->names.n, 1) * sizeof(int));

	prices->assets = palloc(Max(reader->names.n, 1) * sizeof(int));
	prices->n = 0;
	for (int i = 0; i < reader->names.n; i++)
		if (reader->assets[order[i]].seen)
		{
			rank[order[i]] = prices->n;
			prices->assets[prices->n++] = order[i];
		}

	prices->chunks = pghedge_prices_chunks(reader, &prices->n_chunks);
	for (uint64 c = 0; c < prices->n_chunks; c++)	/* from here on by the place in the results */
		prices->chunks[c]->asset = rank[prices->chunks[c]->asset];
	qsort(prices->chunks, prices->n_chunks, sizeof(Chunk *), compare_chunks);
}

/* One past the last of the chunks that have the number of chunk i. */
static uint64
chunk_group_end(const Prices *prices, uint64 i)
{
	int64		number = prices->chunks[i]->number;

	while (++i < prices->n_chunks && prices->chunks[i]->number == number)
		;
	return i;
}

static void
add_bar(int64 **bars, int64 *n, int64 *max, int64 bar)
{
	if (*n == *max)
	{
		*max *= 2;
		*bars = repalloc_huge(*bars, *max * sizeof(int64));
	}
	(*bars)[(*n)++] = bar;
}

static void
find_calendar(Prices *prices, double quorum, int64 stale_after)
{
	PhCalendar	calendar;
	int64		max_calendar = 1024;
	int64		max_trailing = 64;
	int64		numbers = 0;
	uint64	   *closes = MemoryContextAllocHuge(CurrentMemoryContext,
												Max(prices->n, 1) * sizeof(uint64));

	for (uint64 i = 0; i < prices->n_chunks; i = chunk_group_end(prices, i))
		numbers++;
	/* No more candidates than this, so assets cannot be away longer. */
	stale_after = Min(stale_after, numbers * CHUNK_BARS);
	ph_calendar_init(&calendar, quorum, stale_after, prices->n,
					 MemoryContextAllocHuge(CurrentMemoryContext,
											Max(prices->n, 1) * sizeof(int64)),
					 MemoryContextAllocHuge(CurrentMemoryContext,
											(stale_after + 1) * sizeof(int32)));
	prices->calendar = MemoryContextAllocHuge(CurrentMemoryContext, max_calendar * sizeof(int64));
	prices->n_calendar = 0;
	prices->trailing = MemoryContextAllocHuge(CurrentMemoryContext, max_trailing * sizeof(int64));
	prices->n_trailing = 0;

	for (uint64 i = 0; i < prices->n_chunks;)
	{
		uint64		end = chunk_group_end(prices, i);
		uint64		any = 0;

		CHECK_FOR_INTERRUPTS();
		/* one bit a bar: does this chunk's asset have a close in it? */
		for (uint64 c = i; c < end; c++)
		{
			uint64		mask = 0;

			for (int b = 0; b < CHUNK_BARS; b++)
				mask |= (uint64) ph_close_known(&prices->chunks[c]->bar[b]) << b;
			closes[c - i] = mask;
			any |= mask;
		}
		for (int b = 0; b < CHUNK_BARS; b++)
		{
			int64		bar = prices->chunks[i]->number * CHUNK_BARS + b;

			if (!(any >> b & 1))
				continue;
			ph_calendar_begin(&calendar);
			for (uint64 c = i; c < end; c++)
				if (closes[c - i] >> b & 1)
					ph_calendar_close(&calendar, prices->chunks[c]->asset);
			if (ph_calendar_decide(&calendar))
			{
				add_bar(&prices->calendar, &prices->n_calendar, &max_calendar, bar);
				prices->n_trailing = 0;
			}
			else
				add_bar(&prices->trailing, &prices->n_trailing, &max_trailing, bar);
		}
		i = end;
	}
}

/* The first calendar bar that starts at from_bar or later. */
static int64
calendar_lower_bound(const Prices *prices, TimestampTz from_bar)
{
	int64		low = 0;
	int64		high = prices->n_calendar;

	while (low < high)
	{
		int64		middle = low + (high - low) / 2;

		if (pghedge_bar_start(&prices->reader->bars, prices->calendar[middle]) >= from_bar)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* A walk over all chunks in time order that stops at block ends. */
typedef struct BlockWalk
{
	PhReturnWalk *walk;			/* [n] */
	PhSpan	   *span;			/* [n] */
	int32	   *non_positive;	/* [n] */
	int32	   *not_finite;		/* [n] */
	uint64		group;			/* first chunk not finished */
	int64		next_bar;		/* first bar not walked over */
	int64		next_k;			/* first calendar bar not walked over */
} BlockWalk;

static void
clear_spans(BlockWalk *w, int n)
{
	for (int a = 0; a < n; a++)
		ph_span_clear(&w->span[a]);
	memset(w->non_positive, 0, n * sizeof(int32));
	memset(w->not_finite, 0, n * sizeof(int32));
}

/*
 * On to the end of bar last, LAST_OF_ALL for all there are; returns of calendar bars from k_first
 * go to r[n][bars].
 */
#define LAST_OF_ALL (PG_INT64_MAX - 1)

static void
walk_on(Prices *prices, BlockWalk *w, int64 last, int64 k_first, double *r, int64 bars)
{
	while (w->group < prices->n_chunks &&
		   prices->chunks[w->group]->number * CHUNK_BARS <= last)
	{
		uint64		end = chunk_group_end(prices, w->group);
		int64		base = prices->chunks[w->group]->number * CHUNK_BARS;
		int			from = (int) (Max(w->next_bar, base) - base);
		int			to = last >= base + CHUNK_BARS ? CHUNK_BARS : (int) (last - base) + 1;
		int64		k[CHUNK_BARS];

		CHECK_FOR_INTERRUPTS();
		for (int b = from; b < to; b++)
		{
			k[b] = -1;
			if (w->next_k < prices->n_calendar && prices->calendar[w->next_k] == base + b)
				k[b] = w->next_k++;
		}
		for (uint64 c = w->group; c < end; c++)
		{
			Chunk	   *chunk = prices->chunks[c];
			int			a = chunk->asset;

			ph_returns_walk(&w->walk[a], &chunk->bar[from], &k[from], to - from, k_first,
							prices->stale_after, r == NULL ? NULL : r + a * bars, &w->span[a]);
			for (int b = from; chunk->bad != NULL && b < to; b++)
			{
				w->non_positive[a] += chunk->bad->non_positive[b];
				w->not_finite[a] += chunk->bad->not_finite[b];
			}
		}
		w->next_bar = base + to;
		if (to < CHUNK_BARS)
			break;
		w->group = end;
	}
	w->next_bar = last + 1;
}

static ArrayType *
timestamptz_array(const TimestampTz *value, int n)
{
	Datum	   *datum = palloc(n * sizeof(Datum));
	bool	   *isnull = palloc(n * sizeof(bool));
	int			lower = 1;

	for (int i = 0; i < n; i++)
	{
		datum[i] = TimestampTzGetDatum(value[i]);
		isnull[i] = value[i] == PH_NEVER;
	}
	return construct_md_array(datum, isnull, 1, &n, &lower, TIMESTAMPTZOID, sizeof(TimestampTz),
							  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

static ArrayType *
integer_array(const int32 *value, int n)
{
	Datum	   *datum = palloc(n * sizeof(Datum));

	for (int i = 0; i < n; i++)
		datum[i] = Int32GetDatum(value[i]);
	return construct_array(datum, n, INT4OID, sizeof(int32), true, TYPALIGN_INT);
}

/* Starts of bars, by number. */
static ArrayType *
bars_array(const Bars *bars, const int64 *number, int64 n)
{
	TimestampTz *start = palloc(n * sizeof(TimestampTz));

	for (int64 b = 0; b < n; b++)
	{
		start[b] = pghedge_bar_start(bars, number[b]);
		if (TIMESTAMP_NOT_FINITE(start[b]))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("a bar starts before the first timestamp there is")));
	}
	return timestamptz_array(start, (int) n);
}

/* The start of a calendar bar; PH_NEVER of none. */
static TimestampTz
bar_at(const Prices *prices, int64 k)
{
	return k < 0 ? PH_NEVER : pghedge_bar_start(&prices->reader->bars, prices->calendar[k]);
}

/*
 * The last block's span does not end with its last bar but with the prices, so that the last price
 * of an asset is there also if the bars since have too few prices for the calendar.
 */
static void
emit_block(Prices *prices, BlockWalk *w, int64 k_first, int bars, ArrayType *assets,
		   ReturnSetInfo *rsinfo)
{
	const Bars *all = &prices->reader->bars;
	const int64 *bar = &prices->calendar[k_first];
	bool		is_last = k_first + bars == prices->n_calendar;
	int			n = prices->n;
	int			dims[2] = {n, bars};
	double	   *r = palloc((Size) n * bars * sizeof(double));
	double	   *price = palloc(n * sizeof(double));
	TimestampTz *price_time = palloc(n * sizeof(TimestampTz));
	double	   *gap_move = palloc(n * sizeof(double));
	TimestampTz *gap_bar = palloc(n * sizeof(TimestampTz));
	double	   *opening = palloc(n * sizeof(double));
	TimestampTz *opening_bar = palloc(n * sizeof(TimestampTz));
	double	   *closing = palloc(n * sizeof(double));
	int32	   *gap_moves = palloc(n * sizeof(int32));
	int32	   *unchanged = palloc(n * sizeof(int32));
	int32	   *frozen = palloc(n * sizeof(int32));
	int32	   *priced_bars = palloc(n * sizeof(int32));
	int32	   *contradictory = palloc(n * sizeof(int32));
	int32	   *not_finite = palloc(n * sizeof(int32));
	Datum		values[20];
	bool		nulls[20] = {false};

	for (int64 i = 0; i < (int64) n * bars; i++)
		r[i] = NAN;
	walk_on(prices, w, is_last ? LAST_OF_ALL : bar[bars - 1], k_first, r, bars);
	for (int a = 0; a < n; a++)
	{
		const PhSpan *span = &w->span[a];

		price[a] = span->last_at == PH_NEVER ? NAN : span->last_price;
		price_time[a] = span->last_at;
		priced_bars[a] = span->priced_bars;
		contradictory[a] = span->contradictory;
		not_finite[a] = span->not_finite + w->not_finite[a];
		gap_moves[a] = span->gap_moves;
		gap_move[a] = span->largest_gap_move;
		gap_bar[a] = bar_at(prices, span->largest_gap_k);
		opening[a] = span->opening_price;
		opening_bar[a] = bar_at(prices, span->opening_k);
		closing[a] = span->closing_price;
		unchanged[a] = span->unchanged;
		frozen[a] = span->frozen;
	}

	values[0] = TimestampTzGetDatum(pghedge_bar_start(all, bar[0]));
	values[1] = TimestampTzGetDatum(pghedge_bar_start(all, bar[bars - 1]));
	values[2] = PointerGetDatum(bars_array(all, bar, bars));
	values[3] = PointerGetDatum(assets);
	values[4] = PointerGetDatum(pghedge_float8_array(r, 2, dims));
	values[5] = PointerGetDatum(pghedge_float8_array(price, 1, dims));
	values[6] = PointerGetDatum(timestamptz_array(price_time, n));
	values[7] = PointerGetDatum(integer_array(priced_bars, n));
	values[8] = PointerGetDatum(integer_array(w->non_positive, n));
	values[9] = PointerGetDatum(integer_array(not_finite, n));
	values[10] = PointerGetDatum(integer_array(contradictory, n));
	values[11] = PointerGetDatum(bars_array(all, prices->trailing,
											is_last ? prices->n_trailing : 0));
	values[12] = PointerGetDatum(integer_array(gap_moves, n));
	values[13] = PointerGetDatum(pghedge_float8_array(gap_move, 1, dims));
	values[14] = PointerGetDatum(timestamptz_array(gap_bar, n));
	values[15] = PointerGetDatum(pghedge_float8_array(opening, 1, dims));
	values[16] = PointerGetDatum(timestamptz_array(opening_bar, n));
	values[17] = PointerGetDatum(pghedge_float8_array(closing, 1, dims));
	values[18] = PointerGetDatum(integer_array(unchanged, n));
	values[19] = PointerGetDatum(integer_array(frozen, n));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static void
emit_blocks(Prices *prices, TimestampTz from_bar, int block_bars, ReturnSetInfo *rsinfo)
{
	int			n = prices->n;
	int64		k_first;
	BlockWalk	w = {0};
	Datum	   *names;
	ArrayType  *assets;
	MemoryContext block_context;

	/* The first calendar bar of all has no return. */
	k_first = Max(calendar_lower_bound(prices, from_bar), 1);
	if (k_first >= prices->n_calendar)
		return;
	if ((int64) n * Min(block_bars, prices->n_calendar - k_first) > (int64) (MaxAllocSize / 16))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a block of %d assets and %d bars is too large", n, block_bars),
				 errhint("Use a smaller block_bars.")));

	w.walk = palloc(n * sizeof(PhReturnWalk));
	w.span = palloc(n * sizeof(PhSpan));
	w.non_positive = palloc(n * sizeof(int32));
	w.not_finite = palloc(n * sizeof(int32));
	w.next_bar = PG_INT64_MIN;
	names = palloc(n * sizeof(Datum));
	for (int a = 0; a < n; a++)
	{
		const AssetName *name = &prices->reader->names.name[prices->assets[a]];

		w.walk[a].kind = prices->reader->assets[prices->assets[a]].kind;
		w.walk[a].k0 = -1;
		w.walk[a].p0 = 0;
		w.walk[a].row = 0;
		names[a] = PointerGetDatum(cstring_to_text_with_len(name->bytes, name->len));
	}
	assets = construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT);
	clear_spans(&w, n);

	/*
	 * Context. A block's span begins after the bar before; what lies before the very first
	 * calendar bar belongs to the first block, unless that bar is before from_bar, too.
	 */
	walk_on(prices, &w, prices->calendar[k_first - 1], PG_INT64_MAX, NULL, 0);
	if (pghedge_bar_start(&prices->reader->bars, prices->calendar[k_first - 1]) < from_bar)
		clear_spans(&w, n);

	block_context = AllocSetContextCreate(CurrentMemoryContext, "pghedge return block",
										  ALLOCSET_DEFAULT_SIZES);
	while (k_first < prices->n_calendar)
	{
		int			bars = (int) Min(block_bars, prices->n_calendar - k_first);
		MemoryContext caller = MemoryContextSwitchTo(block_context);

		emit_block(prices, &w, k_first, bars, assets, rsinfo);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(block_context);
		clear_spans(&w, n);
		k_first += bars;
	}
}

/* ---- Arguments ---- */

static PhReturnKind
return_kind_of(const char *name)
{
	if (strcmp(name, "simple") == 0)
		return PH_RETURN_SIMPLE;
	if (strcmp(name, "log") == 0)
		return PH_RETURN_LOG;
	if (strcmp(name, "difference") == 0)
		return PH_RETURN_DIFFERENCE;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("return kind \"%s\" is not known", name),
			 errhint("Return kinds are simple, log and difference.")));
}

static void
read_overrides(PriceReader *reader, ArrayType *assets, ArrayType *kinds)
{
	Datum	   *asset;
	Datum	   *kind;
	bool	   *asset_null;
	bool	   *kind_null;
	int			n;
	int			n_kinds;

	if (ARR_NDIM(assets) > 1 || ARR_NDIM(kinds) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("override_assets and override_kinds must be one-dimensional")));
	deconstruct_array(assets, TEXTOID, -1, false, TYPALIGN_INT, &asset, &asset_null, &n);
	deconstruct_array(kinds, TEXTOID, -1, false, TYPALIGN_INT, &kind, &kind_null, &n_kinds);
	if (n != n_kinds)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("override_assets has %d elements and override_kinds has %d", n, n_kinds)));
	for (int i = 0; i < n; i++)
	{
		const char *name;
		int			number;

		if (asset_null[i] || kind_null[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("override_assets and override_kinds must not contain nulls")));
		name = DatumGetPointer(asset[i]);
		number = pghedge_prices_asset(reader, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
		if (number != i)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("asset \"%s\" is given twice in override_assets",
							TextDatumGetCString(asset[i]))));
		reader->assets[number].kind = return_kind_of(TextDatumGetCString(kind[i]));
	}
}

Datum
pghedge_return_blocks(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"prices", "since", "until", "from_bar", "bar", "time_zone",
		"origin", "return_kind", "override_assets", "override_kinds", "calendar_quorum",
	"stale_after", "recorded_until", "block_bars"};
	PriceReader *reader;
	Prices		prices = {0};
	MemoryContext context;
	MemoryContext caller;
	double		quorum;
	int			stale_after;
	int			block_bars;

	for (int i = 0; i < (int) lengthof(names); i++)
		if (i != 8 && i != 9 && i != 12)
			pghedge_reject_null(fcinfo, i, names[i]);
	quorum = PG_GETARG_FLOAT8(10);
	if (!(quorum >= 0 && quorum <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("calendar_quorum %g is not between 0 and 1", quorum)));
	stale_after = PG_GETARG_INT32(11);
	if (stale_after < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("stale_after %d is negative", stale_after)));
	block_bars = PG_GETARG_INT32(13);
	if (block_bars < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("block_bars %d is not at least 1", block_bars)));
	if (PG_ARGISNULL(8) != PG_ARGISNULL(9))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("override_assets and override_kinds must be given together")));

	InitMaterializedSRF(fcinfo, 0);
	context = AllocSetContextCreate(CurrentMemoryContext, "pghedge prices",
									ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);

	reader = palloc(sizeof(PriceReader));
	pghedge_prices_init(reader, context, return_kind_of(text_to_cstring(PG_GETARG_TEXT_PP(7))));
	pghedge_bars_init(&reader->bars, PG_GETARG_INTERVAL_P(4),
					  text_to_cstring(PG_GETARG_TEXT_PP(5)), PG_GETARG_TIMESTAMPTZ(6));
	reader->since = PG_GETARG_TIMESTAMPTZ(1);
	reader->until = PG_GETARG_TIMESTAMPTZ(2);
	reader->versions = !PG_ARGISNULL(12);
	reader->recorded_until = reader->versions ? PG_GETARG_TIMESTAMPTZ(12) : DT_NOEND;
	if (!PG_ARGISNULL(8))
		read_overrides(reader, PG_GETARG_ARRAYTYPE_P(8), PG_GETARG_ARRAYTYPE_P(9));

	pghedge_prices_read(reader, text_to_cstring(PG_GETARG_TEXT_PP(0)));

	prices.reader = reader;
	prices.stale_after = stale_after;
	sort_prices(&prices);
	find_calendar(&prices, quorum, stale_after);
	emit_blocks(&prices, PG_GETARG_TIMESTAMPTZ(3), block_bars,
				(ReturnSetInfo *) fcinfo->resultinfo);

	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	PG_RETURN_NULL();
}

/* ---- Sizes of returns that are there ---- */

/*
 * return_sizes(returns[asset][bar], bars, since): arrays, one element an asset, of ph_return_sizes
 * over the bars from since on.
 */
Datum
pghedge_return_sizes(PG_FUNCTION_ARGS)
{
	ArrayType  *returns = PG_GETARG_ARRAYTYPE_P(0);
	ArrayType  *bars = PG_GETARG_ARRAYTYPE_P(1);
	TimestampTz since = PG_GETARG_TIMESTAMPTZ(2);
	bool		empty = ARR_NDIM(returns) == 0;
	const TimestampTz *start = (const TimestampTz *) ARR_DATA_PTR(bars);
	const double *packed = (const double *) ARR_DATA_PTR(returns);
	const bits8 *bitmap = ARR_NULLBITMAP(returns);
	int			first = 0;
	int			n;
	int			times;
	size_t		cell = 0;
	double	   *r;
	int32	   *moves;
	double	   *log_size;
	double	   *largest;
	TimestampTz *largest_bar;
	Datum		values[4];
	bool		nulls[4] = {false};

	if (array_contains_nulls(bars) || ARR_NDIM(bars) > 1 || (!empty && ARR_NDIM(returns) != 2) ||
		(!empty && ARR_DIMS(returns)[1] != ArrayGetNItems(ARR_NDIM(bars), ARR_DIMS(bars))))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("returns must be [asset][bar], and bars as many instants")));
	n = empty ? 0 : ARR_DIMS(returns)[0];
	times = empty ? 0 : ARR_DIMS(returns)[1];
	while (first < times && start[first] < since)
		first++;

	r = palloc(Max(times, 1) * sizeof(double));
	moves = palloc(Max(n, 1) * sizeof(int32));
	log_size = palloc(Max(n, 1) * sizeof(double));
	largest = palloc(Max(n, 1) * sizeof(double));
	largest_bar = palloc(Max(n, 1) * sizeof(TimestampTz));
	for (int a = 0; a < n; a++)
	{
		PhSizes		sizes;

		CHECK_FOR_INTERRUPTS();
		for (int t = 0; t < times; t++, cell++)
			r[t] = bitmap == NULL || (bitmap[cell / 8] >> (cell % 8) & 1) ? *packed++ : NAN;
		ph_return_sizes(r + first, times - first, &sizes);
		moves[a] = (int32) sizes.moves;
		log_size[a] = sizes.log_size;
		largest[a] = sizes.largest;
		largest_bar[a] = sizes.largest_k < 0 ? PH_NEVER : start[first + sizes.largest_k];
	}
	values[0] = PointerGetDatum(integer_array(moves, n));
	values[1] = PointerGetDatum(pghedge_float8_array(log_size, 1, &n));
	values[2] = PointerGetDatum(pghedge_float8_array(largest, 1, &n));
	values[3] = PointerGetDatum(timestamptz_array(largest_bar, n));
	return pghedge_row(fcinfo, values, nulls);
}
