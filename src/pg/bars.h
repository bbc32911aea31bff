/*
 * bars.h
 *	  Bars of a width, a time zone and an origin: which one an instant falls into, and when a bar
 *	  starts. Months and days are steps of the local calendar, shorter widths exact steps of time.
 */
#ifndef PGHEDGE_BARS_H
#define PGHEDGE_BARS_H

#include "pghedge.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

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
	MemoryContext context;		/* of what is remembered */
	BarBounds	last;
	BarBounds  *bounds;			/* by UTC hour; NULL for BAR_TIME */
	LocalHour  *local;			/* by local hour; made when first needed */
} Bars;

/*
 * An error if the zone, the width or the origin is none that bars can have. What it remembers is
 * kept in the memory context of this call.
 */
extern void pghedge_bars_init(Bars *bars, const Interval *width, const char *zone,
							  TimestampTz origin);

/* Start of a bar; an infinity beyond the range of timestamps. */
extern TimestampTz pghedge_bar_start(const Bars *bars, int64 number);

/* Finds the bar of an instant and makes it the last one. */
extern void pghedge_bar_seek(Bars *bars, TimestampTz at);

/* A local time of the bars' zone as an instant: timestamp AT TIME ZONE zone, with a memory. */
extern TimestampTz pghedge_bars_instant(Bars *bars, Timestamp local);

/* The number of the bar of an instant. */
static inline int64
pghedge_bar_of(Bars *bars, TimestampTz at)
{
	if (unlikely(at < bars->last.start || at >= bars->last.end))
		pghedge_bar_seek(bars, at);
	return bars->last.number;
}

#endif							/* PGHEDGE_BARS_H */
