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
#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "common/int.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "pgtime.h"
#include "tcop/dest.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
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

typedef struct NameEntry
{
	const char *name;
	int			len;
	int			asset;
	uint32		hash;
	char		status;
} NameEntry;

typedef struct AssetName
{
	const char *name;
	int			len;
} AssetName;

#define SH_PREFIX names
#define SH_ELEMENT_TYPE NameEntry
#define SH_KEY_TYPE const char *
#define SH_KEY name
#define SH_HASH_KEY(tb, key) 0	/* only the _hash variants are used, see name_find() */
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
