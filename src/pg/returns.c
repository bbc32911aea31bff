/*
 * returns.c
 *	  hedge.return_blocks: reads a relation of prices once, in whatever order it comes, and hands
 *	  back aligned returns in blocks of calendar bars. What is a close, the calendar and a return
 *	  is decided in ../kernel/returns.h.
 *
 * Rows go straight from the executor to price_row() and are not kept. What is kept is a PhClose
 * for each asset and bar, in chunks of 64 adjacent bars of one asset that are made when a price
 * first falls into them. So memory grows with the prices there are, not with assets times time.
 * A row costs O(1): rows of one asset mostly come together, or the assets of one instant in the
 * same order each time, so the asset is the last one, or the one that followed it before, or else
 * looked up; and each asset remembers the chunk it was last seen in.
 *
 * Afterwards the chunks are put in order of (chunk number, asset) and walked twice: to find the
 * calendar, then block by block for the returns.
 */
#include "pghedge.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "common/int.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/params.h"
#include "pgtime.h"
#include "tcop/dest.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"

#include "returns.h"

PGHEDGE_FUNCTION(pghedge_return_blocks);

/* ---- Bars: which one an instant falls into, and when it starts ---- */

typedef enum BarUnit
{
	BAR_TIME,					/* width in microseconds */
	BAR_DAYS,					/* local days */
	BAR_MONTHS					/* local months, from the first day of one */
} BarUnit;

typedef struct BarBounds
{
	int64		number;
	TimestampTz start;			/* inclusive */
	TimestampTz end;			/* exclusive; start = end: nothing known */
} BarBounds;

typedef struct LocalHour
{
	int64		hour;			/* local hours since 2000-01-01 00:00 */
	int			west;			/* seconds from local time to UTC */
	bool		known;
	bool		varies;			/* the offset changes within this hour */
} LocalHour;

#define CACHED_HOURS 4096		/* of each cache; a power of two */

/*
 * Bars are numbered from the one at phase, which is the origin modulo the width, so that an origin
 * far away cannot overflow; the numbers themselves are seen by nobody.
 */
typedef struct Bars
{
	BarUnit		unit;
	int64		width;
	int64		phase;
	pg_tz	   *zone;
	BarBounds	last;
	BarBounds  *bounds;			/* [CACHED_HOURS], by UTC hour; not for BAR_TIME */
	LocalHour  *local;			/* [CACHED_HOURS], by local hour; for columns without a zone */
} Bars;

/* Longer ones would overflow next to the ends of the range of timestamps. */
#define MAX_BAR_DAYS 3652500

/* Local days and months since 2000-01 of an instant. */
static void
local_date(pg_tz *zone, TimestampTz at, int64 *day, int64 *month)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int			west;

	if (timestamp2tm(at, &west, &tm, &fsec, NULL, zone) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	*day = date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE;
	*month = ((int64) tm.tm_year - 2000) * 12 + tm.tm_mon - 1;
}

/* Start of a bar; an infinity beyond the range of timestamps. */
static TimestampTz
bar_start(const Bars *bars, int64 number)
{
	struct pg_tm tm = {0};
	int64		first = number * bars->width;
	int64		start;
	int64		year;

	if (bars->unit == BAR_TIME)
	{
		if (pg_add_s64_overflow(first, bars->phase, &start) || start >= END_TIMESTAMP)
			return DT_NOEND;
		return start < MIN_TIMESTAMP ? DT_NOBEGIN : start;
	}

	first += bars->phase;
	if (bars->unit == BAR_MONTHS)
	{
		year = 2000 + ph_floor_div(first, 12);
		if (year < JULIAN_MINYEAR || year >= JULIAN_MAXYEAR)
			return year < 0 ? DT_NOBEGIN : DT_NOEND;
		tm.tm_year = (int) year;
		tm.tm_mon = (int) ph_floor_mod(first, 12) + 1;
		tm.tm_mday = 1;
		first = date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE;
	}
	else
	{
		if (first < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE)
			return DT_NOBEGIN;
		if (first >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)
			return DT_NOEND;
		j2date((int) first + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	}
	if (first >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)
		return DT_NOEND;
	start = first * USECS_PER_DAY + DetermineTimeZoneOffset(&tm, bars->zone) * USECS_PER_SEC;
	return start < MIN_TIMESTAMP ? DT_NOBEGIN : start >= END_TIMESTAMP ? DT_NOEND : start;
}

/*
 * Bounds of the bar of an instant. By definition a bar lasts from its own start to the next one's,
 * also where a clock set back at midnight makes one local date come twice.
 */
static void
bar_find(const Bars *bars, TimestampTz at, BarBounds *b)
{
	int64		day;
	int64		month;

	if (bars->unit == BAR_TIME)
		b->number = ph_floor_div(at - bars->phase, bars->width);
	else
	{
		local_date(bars->zone, at, &day, &month);
		b->number = ph_floor_div((bars->unit == BAR_DAYS ? day : month) - bars->phase,
								 bars->width);
	}
	b->start = bar_start(bars, b->number);
	b->end = bar_start(bars, b->number + 1);
	while (at < b->start)
	{
		b->end = b->start;
		b->start = bar_start(bars, --b->number);
	}
	while (at >= b->end)
	{
		b->start = b->end;
		b->end = bar_start(bars, ++b->number + 1);
	}
}

static inline int64
bar_of(Bars *bars, TimestampTz at)
{
	BarBounds  *cached;

	if (likely(at >= bars->last.start && at < bars->last.end))
		return bars->last.number;
	if (bars->unit == BAR_TIME)
		bar_find(bars, at, &bars->last);
	else
	{
		cached = &bars->bounds[(uint64) ph_floor_div(at, USECS_PER_HOUR) & (CACHED_HOURS - 1)];
		if (at < cached->start || at >= cached->end)
			bar_find(bars, at, cached);
		bars->last = *cached;
	}
	return bars->last.number;
}

static int
local_west(const Bars *bars, Timestamp local)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(local, NULL, &tm, &fsec, NULL, NULL) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	return DetermineTimeZoneOffset(&tm, bars->zone);
}

/* A local time of the bars' zone as an instant: timestamp AT TIME ZONE zone, with a memory. */
static TimestampTz
local_to_instant(Bars *bars, Timestamp local)
{
	int64		hour;
	LocalHour  *cached;
	int			west;

	if (TIMESTAMP_NOT_FINITE(local))
		return local;
	hour = ph_floor_div(local, USECS_PER_HOUR);
	cached = &bars->local[(uint64) hour & (CACHED_HOURS - 1)];
	if (!cached->known || cached->hour != hour)
	{
		Timestamp	start = Max(hour * USECS_PER_HOUR, MIN_TIMESTAMP);
		Timestamp	end = Min((hour + 1) * USECS_PER_HOUR, END_TIMESTAMP) - 1;

		cached->known = true;
		cached->hour = hour;
		cached->west = local_west(bars, start);
		cached->varies = cached->west != local_west(bars, end);
	}
	west = cached->varies ? local_west(bars, local) : cached->west;
	return local + west * USECS_PER_SEC;
}

static void
bars_init(Bars *bars, const Interval *width, const char *zone, TimestampTz origin)
{
	int64		day;
	int64		month;

	memset(bars, 0, sizeof(Bars));

	bars->zone = pg_tzset(zone);
	if (bars->zone == NULL || !pg_tz_acceptable(bars->zone))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" not recognized", zone),
				 errhint("The view pg_timezone_names lists the names of time zones.")));
	if (TIMESTAMP_NOT_FINITE(origin))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("origin of bars must be finite")));
	if ((width->time != 0) + (width->day != 0) + (width->month != 0) != 1 ||
		width->time < 0 || width->day < 0 || width->month < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bar \"%s\" is not a width that bars can have",
						DatumGetCString(DirectFunctionCall1(interval_out,
															IntervalPGetDatum(width)))),
				 errhint("It must be more than zero, and of months only, days only, or hours, minutes and seconds only.")));
	if (width->time > MAX_BAR_DAYS * USECS_PER_DAY || width->day > MAX_BAR_DAYS ||
		width->month > MAX_BAR_DAYS / 31)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bar \"%s\" is too long",
						DatumGetCString(DirectFunctionCall1(interval_out,
															IntervalPGetDatum(width)))),
				 errhint("The limit is %d days.", MAX_BAR_DAYS)));

	local_date(bars->zone, origin, &day, &month);
	if (width->time != 0)
	{
		bars->unit = BAR_TIME;
		bars->width = width->time;
		bars->phase = ph_floor_mod(origin, bars->width);
	}
	else
	{
		bars->unit = width->day != 0 ? BAR_DAYS : BAR_MONTHS;
		bars->width = width->day != 0 ? width->day : width->month;
		bars->phase = ph_floor_mod(width->day != 0 ? day : month, bars->width);
		bars->bounds = palloc0(CACHED_HOURS * sizeof(BarBounds));
	}
}

/* ---- Assets and chunks ---- */

#define CHUNK_BARS 64

/* Prices that are not good, by bar; most chunks have none. */
typedef struct BadPrices
{
	int32		non_positive[CHUNK_BARS];
	int32		not_finite[CHUNK_BARS];
} BadPrices;

typedef struct Chunk
{
	int64		number;			/* bars number * 64 ... number * 64 + 63 */
	int32		asset;
	BadPrices  *bad;			/* NULL: none */
	int64	   *recorded_at;	/* [CHUNK_BARS] of the closes; NULL: not looked at */
	PhClose		bar[CHUNK_BARS];
} Chunk;

typedef struct Asset
{
	const char *name;
	int			len;
	int			next;			/* the asset whose row followed last time */
	PhReturnKind kind;
	bool		seen;			/* in the relation, not in the overrides alone */
	Chunk	   *chunk;			/* the one its last row fell into */
} Asset;

typedef struct AssetName
{
	const char *bytes;
	int			len;
} AssetName;

typedef struct NameEntry
{
	AssetName	name;
	int			asset;
	uint32		hash;
	char		status;
} NameEntry;

#define SH_PREFIX names
#define SH_ELEMENT_TYPE NameEntry
#define SH_KEY_TYPE AssetName
#define SH_KEY name
#define SH_HASH_KEY(tb, key) hash_bytes((const unsigned char *) (key).bytes, (key).len)
#define SH_EQUAL(tb, a, b) ((a).len == (b).len && memcmp((a).bytes, (b).bytes, (a).len) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, entry) (entry)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct ChunkKey
{
	int64		number;
	int32		asset;
} ChunkKey;

typedef struct ChunkEntry
{
	ChunkKey	key;
	Chunk	   *chunk;
	char		status;
} ChunkEntry;

#define SH_PREFIX chunks
#define SH_ELEMENT_TYPE ChunkEntry
#define SH_KEY_TYPE ChunkKey
#define SH_KEY key
#define SH_HASH_KEY(tb, key) \
	hash_combine(murmurhash32((uint32) (key).number), murmurhash32((uint32) (key).asset))
#define SH_EQUAL(tb, a, b) ((a).number == (b).number && (a).asset == (b).asset)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* ---- Reading ---- */

typedef struct PriceReader
{
	DestReceiver dest;
	MemoryContext context;		/* all that is kept */
	MemoryContext row_context;	/* detoasted values; reset now and then */
	uint32		rows;

	Bars		bars;
	PhReturnKind kind;
	TimestampTz since;
	TimestampTz until;
	TimestampTz recorded_until;
	bool		versions;		/* a fourth column says when a price was recorded */
	Oid			ts_type;
	Oid			price_type;
	Oid			recorded_type;

	Asset	   *assets;
	int			n_assets;
	int			max_assets;
	int			last_asset;		/* of the row before, -1: none */
	names_hash *names;

	chunks_hash *chunks;
	Chunk	   *slab;			/* chunks are cut from slabs, which are never moved */
	int			slab_used;
	int			slab_size;
} PriceReader;

/* The number of an asset; one not known yet is added. */
static int
asset_number(PriceReader *reader, const char *bytes, int len)
{
	AssetName	name = {bytes, len};
	NameEntry  *entry;
	Asset	   *asset;
	char	   *copy;
	bool		found;

	entry = names_insert(reader->names, name, &found);
	if (found)
		return entry->asset;

	if (reader->n_assets == reader->max_assets)
	{
		if (reader->max_assets > INT_MAX / 2)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many assets")));
		reader->max_assets *= 2;
		reader->assets = repalloc_huge(reader->assets,
									   reader->max_assets * sizeof(Asset));
	}
	copy = MemoryContextAlloc(reader->context, Max(len, 1));
	memcpy(copy, bytes, len);
	entry->name.bytes = copy;
	entry->asset = reader->n_assets;
	asset = &reader->assets[reader->n_assets];
	asset->name = copy;
	asset->len = len;
	asset->next = reader->n_assets;
	asset->kind = reader->kind;
	asset->seen = false;
	asset->chunk = NULL;
	return reader->n_assets++;
}

static inline bool
is_asset(const Asset *asset, const char *bytes, int len)
{
	return asset->len == len && memcmp(asset->name, bytes, len) == 0;
}

static inline Asset *
asset_of_row(PriceReader *reader, const char *bytes, int len)
{
	int			number;

	if (likely(reader->last_asset >= 0))
	{
		Asset	   *last = &reader->assets[reader->last_asset];

		if (is_asset(last, bytes, len))
			return last;
		if (is_asset(&reader->assets[last->next], bytes, len))
			return &reader->assets[reader->last_asset = last->next];
	}
	number = asset_number(reader, bytes, len);
	if (reader->last_asset >= 0)
		reader->assets[reader->last_asset].next = number;
	reader->last_asset = number;
	return &reader->assets[number];
}

static Chunk *
chunk_find(PriceReader *reader, int asset, int64 number)
{
	ChunkKey	key = {number, asset};
	ChunkEntry *entry;
	Chunk	   *chunk;
	bool		found;

	entry = chunks_insert(reader->chunks, key, &found);
	if (found)
		return entry->chunk;

	if (reader->slab_used == reader->slab_size)
	{
		reader->slab_size = Min(reader->slab_size * 2, 512);
		reader->slab = MemoryContextAlloc(reader->context, reader->slab_size * sizeof(Chunk));
		reader->slab_used = 0;
	}
	chunk = &reader->slab[reader->slab_used++];
	chunk->number = number;
	chunk->asset = asset;
	chunk->bad = NULL;
	chunk->recorded_at = NULL;
	if (reader->versions)
		chunk->recorded_at = MemoryContextAlloc(reader->context, CHUNK_BARS * sizeof(int64));
	ph_close_clear(chunk->bar, CHUNK_BARS);
	return entry->chunk = chunk;
}

/* A column of type timestamptz, timestamp or date as an instant. */
static inline TimestampTz
instant_of(PriceReader *reader, Oid type, Datum value)
{
	if (type == TIMESTAMPTZOID)
		return DatumGetTimestampTz(value);
	if (type == TIMESTAMPOID)
		return local_to_instant(&reader->bars, DatumGetTimestamp(value));
	else
	{
		DateADT		date = DatumGetDateADT(value);

		if (DATE_IS_NOBEGIN(date) || date < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE)
			return DT_NOBEGIN;
		if (DATE_IS_NOEND(date) || date >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)
			return DT_NOEND;
		return local_to_instant(&reader->bars, date * USECS_PER_DAY);
	}
}

/* A price as float8; a numeric beyond its range becomes infinite. */
static inline double
price_of(Oid type, Datum value)
{
	switch (type)
	{
		case FLOAT8OID:
			return DatumGetFloat8(value);
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return (double) DatumGetInt64(value);
		default:
			return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, value));
	}
}

static bool
price_row(TupleTableSlot *slot, DestReceiver *self)
{
	PriceReader *reader = (PriceReader *) self;
	MemoryContext caller;
	TimestampTz at;
	TimestampTz recorded = DT_NOBEGIN;
	struct varlena *name;
	double		price;
	Asset	   *asset;
	Chunk	   *chunk;
	int64		number;
	int			bar;
	PhPriceState state;

	slot_getallattrs(slot);
	if (slot->tts_isnull[0] || slot->tts_isnull[1] || slot->tts_isnull[2])
		return true;

	caller = MemoryContextSwitchTo(reader->row_context);
	if (unlikely((++reader->rows & 1023) == 0))
		MemoryContextReset(reader->row_context);

	at = instant_of(reader, reader->ts_type, slot->tts_values[1]);
	if (at < reader->since || at > reader->until || TIMESTAMP_NOT_FINITE(at))
		goto done;
	if (reader->versions && !slot->tts_isnull[3])
	{
		recorded = instant_of(reader, reader->recorded_type, slot->tts_values[3]);
		if (recorded > reader->recorded_until)
			goto done;
	}

	name = PG_DETOAST_DATUM_PACKED(slot->tts_values[0]);
	asset = asset_of_row(reader, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	asset->seen = true;
	price = price_of(reader->price_type, slot->tts_values[2]);

	number = bar_of(&reader->bars, at);
	bar = (int) (number & (CHUNK_BARS - 1));
	number = (number - bar) / CHUNK_BARS;
	chunk = asset->chunk;
	if (unlikely(chunk == NULL || chunk->number != number))
		asset->chunk = chunk = chunk_find(reader, asset - reader->assets, number);

	state = ph_price_state(asset->kind, price);
	if (likely(state == PH_PRICE_GOOD))
	{
		if (reader->versions)
			ph_close_add_version(&chunk->bar[bar], &chunk->recorded_at[bar], at, price, recorded);
		else
			ph_close_add(&chunk->bar[bar], at, price);
	}
	else
	{
		int32	   *count;

		if (chunk->bad == NULL)
			chunk->bad = MemoryContextAllocZero(reader->context, sizeof(BadPrices));
		count = state == PH_PRICE_NOT_FINITE ? chunk->bad->not_finite : chunk->bad->non_positive;
		if (count[bar] < PG_INT32_MAX)
			count[bar]++;
	}

done:
	MemoryContextSwitchTo(caller);
	return true;
}

static void
price_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
}

static void
price_shutdown(DestReceiver *self)
{
}

/* ---- The relation and the query ---- */

#define PRICE_COLUMNS_HINT \
	errhint("A price relation has the columns asset, ts and price, and recorded_at if recorded_until is given. A view can give other columns these names.")

/* The base type of a column of the price relation, which must be there. */
static Oid
price_column_type(Oid relid, const char *relation, const char *column)
{
	HeapTuple	tuple = SearchSysCacheAttName(relid, column);
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("price relation \"%s\" has no column \"%s\"", relation, column),
				 PRICE_COLUMNS_HINT));
	type = getBaseType(((Form_pg_attribute) GETSTRUCT(tuple))->atttypid);
	ReleaseSysCache(tuple);
	return type;
}

static void
check_time_type(Oid type, const char *relation, const char *column)
{
	if (type != TIMESTAMPTZOID && type != TIMESTAMPOID && type != DATEOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of price relation \"%s\" has type %s",
						column, relation, format_type_be(type)),
				 errhint("It must be timestamptz, timestamp or date.")));
}

static void
check_price_type(Oid type, const char *relation)
{
	switch (type)
	{
		case FLOAT8OID:
		case FLOAT4OID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"price\" of price relation \"%s\" has type %s",
					relation, format_type_be(type)),
			 errhint("It must be double precision, real, numeric or an integer type.")));
}

/*
 * Adds "AND column OP $n", so that the server can use an index or leave partitions out. Columns
 * without a time zone are compared with two days to spare, more than any zone is from UTC;
 * price_row() looks again and exactly.
 */
static void
add_bound(StringInfo query, ParamListInfo params, const char *column, Oid type,
		  const char *operator, TimestampTz bound)
{
	ParamExternData *param;
	int64		slack = (operator[0] == '<' ? 2 : -2) * USECS_PER_DAY;

	if (TIMESTAMP_NOT_FINITE(bound))
		return;
	if (type != TIMESTAMPTZOID)
	{
		bound += slack;
		if (!IS_VALID_TIMESTAMP(bound))
			return;
	}
	param = &params->params[params->numParams++];
	param->ptype = type;
	param->pflags = PARAM_FLAG_CONST;
	param->isnull = false;
	if (type == DATEOID)
		param->value = DateADTGetDatum((DateADT) ph_floor_div(bound, USECS_PER_DAY));
	else
		param->value = TimestampTzGetDatum(bound);
	appendStringInfo(query, " AND (%s OPERATOR(pg_catalog.%s) $%d%s)", column, operator,
					 params->numParams,
					 strcmp(column, "recorded_at") == 0 ? " OR recorded_at IS NULL" : "");
}

static void
read_prices(PriceReader *reader, const char *relation)
{
	RangeVar   *range = makeRangeVarFromNameList(textToQualifiedNameList(cstring_to_text(relation)));
	Oid			relid;
	Oid			asset_type;
	const char *qualified;
	char		relkind;
	StringInfoData query;
	ParamListInfo params = makeParamList(3);
	SPIExecuteOptions options = {0};
	int			code;

	relid = RangeVarGetRelid(range, AccessShareLock, true);
	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("price relation \"%s\" does not exist", relation)));
	relkind = get_rel_relkind(relid);
	if (relkind != RELKIND_RELATION && relkind != RELKIND_PARTITIONED_TABLE &&
		relkind != RELKIND_VIEW && relkind != RELKIND_MATVIEW && relkind != RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("price relation \"%s\" is not a table or view", relation)));

	asset_type = price_column_type(relid, relation, "asset");
	reader->ts_type = price_column_type(relid, relation, "ts");
	check_time_type(reader->ts_type, relation, "ts");
	reader->price_type = price_column_type(relid, relation, "price");
	check_price_type(reader->price_type, relation);
	if (reader->versions)
	{
		reader->recorded_type = price_column_type(relid, relation, "recorded_at");
		check_time_type(reader->recorded_type, relation, "recorded_at");
	}
	if (reader->ts_type != TIMESTAMPTZOID ||
		(reader->versions && reader->recorded_type != TIMESTAMPTZOID))
		reader->bars.local = palloc0(CACHED_HOURS * sizeof(LocalHour));

	/* Types are known now, so values are converted here and not by casts row by row. */
	qualified = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
										   get_rel_name(relid));
	initStringInfo(&query);
	appendStringInfo(&query, "SELECT asset%s, ts, price%s FROM %s WHERE true",
					 asset_type == TEXTOID || asset_type == VARCHAROID ? "" : "::pg_catalog.text",
					 reader->versions ? ", recorded_at" : "",
					 qualified);
	params->numParams = 0;
	add_bound(&query, params, "ts", reader->ts_type, ">=", reader->since);
	add_bound(&query, params, "ts", reader->ts_type, "<=", reader->until);
	if (reader->versions)
		add_bound(&query, params, "recorded_at", reader->recorded_type, "<=",
				  reader->recorded_until);

	reader->dest.receiveSlot = price_row;
	reader->dest.rStartup = price_startup;
	reader->dest.rShutdown = price_shutdown;
	reader->dest.rDestroy = price_shutdown;
	reader->dest.mydest = DestNone;

	SPI_connect();
	options.params = params;
	options.read_only = true;
	options.dest = &reader->dest;
	code = SPI_execute_extended(query.data, &options);
	if (code < 0)
		elog(ERROR, "reading prices failed: %s", SPI_result_code_string(code));
	SPI_finish();
}

/* ---- Results ---- */

typedef struct Prices
{
	PriceReader *reader;
	int			n;				/* assets seen */
	Asset	  **by_name;		/* [n], in byte order */
	int		   *rank;			/* [reader->n_assets], place in by_name */
	Chunk	  **chunks;			/* by (number, rank) */
	uint64		n_chunks;
	int64	   *calendar;		/* bar numbers */
	int64		n_calendar;
	int64	   *trailing;		/* bar numbers of the candidates after the last of the calendar */
	int64		n_trailing;
} Prices;

static int
compare_names(const void *a, const void *b)
{
	const Asset *x = *(Asset *const *) a;
	const Asset *y = *(Asset *const *) b;
	int			order = memcmp(x->name, y->name, Min(x->len, y->len));

	return order != 0 ? order : x->len - y->len;
}

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
	chunks_iterator iterator;
	ChunkEntry *entry;
	uint64		i = 0;

	prices->by_name = MemoryContextAllocHuge(CurrentMemoryContext,
											 reader->n_assets * sizeof(Asset *));
	prices->rank = MemoryContextAllocHuge(CurrentMemoryContext, reader->n_assets * sizeof(int));
	prices->n = 0;
	for (int a = 0; a < reader->n_assets; a++)
		if (reader->assets[a].seen)
			prices->by_name[prices->n++] = &reader->assets[a];
	qsort(prices->by_name, prices->n, sizeof(Asset *), compare_names);
	for (int a = 0; a < prices->n; a++)
		prices->rank[prices->by_name[a] - reader->assets] = a;

	prices->n_chunks = reader->chunks->members;
	prices->chunks = MemoryContextAllocHuge(CurrentMemoryContext,
											prices->n_chunks * sizeof(Chunk *));
	chunks_start_iterate(reader->chunks, &iterator);
	while ((entry = chunks_iterate(reader->chunks, &iterator)) != NULL)
	{
		/* from here on by its place in the results */
		entry->chunk->asset = prices->rank[entry->chunk->asset];
		prices->chunks[i++] = entry->chunk;
	}
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

		if (bar_start(&prices->reader->bars, prices->calendar[middle]) >= from_bar)
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
							r == NULL ? NULL : r + a * bars, &w->span[a]);
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

/* float8[] of the given shape, NaN becoming NULL. */
static ArrayType *
float8_array(const double *value, int ndim, const int *dims)
{
	int64		n = 1;
	int64		missing = 0;
	Size		overhead;
	ArrayType  *array;
	double	   *data;
	bits8	   *present;

	for (int d = 0; d < ndim; d++)
		n *= dims[d];
	for (int64 i = 0; i < n; i++)
		missing += isnan(value[i]);
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
			if (!isnan(value[i]))
			{
				*data++ = value[i];
				present[i / 8] |= 1 << (i % 8);
			}
	}
	return array;
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
		start[b] = bar_start(bars, number[b]);
		if (TIMESTAMP_NOT_FINITE(start[b]))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("a bar starts before the first timestamp there is")));
	}
	return timestamptz_array(start, (int) n);
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
	int32	   *priced_bars = palloc(n * sizeof(int32));
	int32	   *contradictory = palloc(n * sizeof(int32));
	int32	   *not_finite = palloc(n * sizeof(int32));
	Datum		values[12];
	bool		nulls[12] = {false};

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
	}

	values[0] = TimestampTzGetDatum(bar_start(all, bar[0]));
	values[1] = TimestampTzGetDatum(bar_start(all, bar[bars - 1]));
	values[2] = PointerGetDatum(bars_array(all, bar, bars));
	values[3] = PointerGetDatum(assets);
	values[4] = PointerGetDatum(float8_array(r, 2, dims));
	values[5] = PointerGetDatum(float8_array(price, 1, dims));
	values[6] = PointerGetDatum(timestamptz_array(price_time, n));
	values[7] = PointerGetDatum(integer_array(priced_bars, n));
	values[8] = PointerGetDatum(integer_array(w->non_positive, n));
	values[9] = PointerGetDatum(integer_array(not_finite, n));
	values[10] = PointerGetDatum(integer_array(contradictory, n));
	values[11] = PointerGetDatum(bars_array(all, prices->trailing,
											is_last ? prices->n_trailing : 0));
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
		w.walk[a].kind = prices->by_name[a]->kind;
		w.walk[a].k0 = -1;
		w.walk[a].p0 = 0;
		names[a] = PointerGetDatum(cstring_to_text_with_len(prices->by_name[a]->name,
															prices->by_name[a]->len));
	}
	assets = construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT);
	clear_spans(&w, n);

	/*
	 * Context. A block's span begins after the bar before; what lies before the very first
	 * calendar bar belongs to the first block, unless that bar is before from_bar, too.
	 */
	walk_on(prices, &w, prices->calendar[k_first - 1], PG_INT64_MAX, NULL, 0);
	if (bar_start(&prices->reader->bars, prices->calendar[k_first - 1]) < from_bar)
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
		int			number;

		if (asset_null[i] || kind_null[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("override_assets and override_kinds must not contain nulls")));
		number = asset_number(reader, VARDATA_ANY(asset[i]), VARSIZE_ANY_EXHDR(asset[i]));
		if (number != i)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("asset \"%s\" is given twice in override_assets",
							TextDatumGetCString(asset[i]))));
		reader->assets[number].kind = return_kind_of(TextDatumGetCString(kind[i]));
	}
}

static void
reject_null(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
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
			reject_null(fcinfo, i, names[i]);
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

	reader = palloc0(sizeof(PriceReader));
	reader->context = context;
	reader->row_context = AllocSetContextCreate(context, "pghedge price rows",
												ALLOCSET_DEFAULT_SIZES);
	bars_init(&reader->bars, PG_GETARG_INTERVAL_P(4), text_to_cstring(PG_GETARG_TEXT_PP(5)),
			  PG_GETARG_TIMESTAMPTZ(6));
	reader->kind = return_kind_of(text_to_cstring(PG_GETARG_TEXT_PP(7)));
	reader->since = PG_GETARG_TIMESTAMPTZ(1);
	reader->until = PG_GETARG_TIMESTAMPTZ(2);
	reader->versions = !PG_ARGISNULL(12);
	reader->recorded_until = reader->versions ? PG_GETARG_TIMESTAMPTZ(12) : DT_NOEND;
	reader->max_assets = 64;
	reader->assets = palloc(reader->max_assets * sizeof(Asset));
	reader->last_asset = -1;
	reader->names = names_create(context, 64, NULL);
	reader->chunks = chunks_create(context, 64, NULL);
	reader->slab_size = 4;
	reader->slab_used = 4;
	if (!PG_ARGISNULL(8))
		read_overrides(reader, PG_GETARG_ARRAYTYPE_P(8), PG_GETARG_ARRAYTYPE_P(9));

	read_prices(reader, text_to_cstring(PG_GETARG_TEXT_PP(0)));

	prices.reader = reader;
	sort_prices(&prices);
	find_calendar(&prices, quorum, stale_after);
	emit_blocks(&prices, PG_GETARG_TIMESTAMPTZ(3), block_bars,
				(ReturnSetInfo *) fcinfo->resultinfo);

	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	PG_RETURN_NULL();
}
