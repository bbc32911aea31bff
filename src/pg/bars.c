/*
 * bars.c
 *	  Bars of a width, a time zone and an origin. See bars.h.
 *
 * A bar is found once an hour of time and remembered by that hour, since asking the time zone is
 * dear; rows of prices mostly fall into the bar of the row before.
 */
#include "bars.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "returns.h"

#define CACHED_HOURS 4096		/* of each cache; a power of two */

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

TimestampTz
pghedge_bar_start(const Bars *bars, int64 number)
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
	b->start = pghedge_bar_start(bars, b->number);
	b->end = pghedge_bar_start(bars, b->number + 1);
	while (at < b->start)
	{
		b->end = b->start;
		b->start = pghedge_bar_start(bars, --b->number);
	}
	while (at >= b->end)
	{
		b->start = b->end;
		b->end = pghedge_bar_start(bars, ++b->number + 1);
	}
}

void
pghedge_bar_seek(Bars *bars, TimestampTz at)
{
	BarBounds  *cached;

	if (bars->unit == BAR_TIME)
	{
		bar_find(bars, at, &bars->last);
		return;
	}
	cached = &bars->bounds[(uint64) ph_floor_div(at, USECS_PER_HOUR) & (CACHED_HOURS - 1)];
	if (at < cached->start || at >= cached->end)
		bar_find(bars, at, cached);
	bars->last = *cached;
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

TimestampTz
pghedge_bars_instant(Bars *bars, Timestamp local)
{
	int64		hour;
	LocalHour  *cached;
	int			west;

	if (TIMESTAMP_NOT_FINITE(local))
		return local;
	if (bars->local == NULL)
		bars->local = MemoryContextAllocZero(bars->context, CACHED_HOURS * sizeof(LocalHour));
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

void
pghedge_bars_init(Bars *bars, const Interval *width, const char *zone, TimestampTz origin)
{
	int64		day;
	int64		month;

	memset(bars, 0, sizeof(Bars));
	bars->context = CurrentMemoryContext;
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
