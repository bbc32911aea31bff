/*
 * returns.h
 *	  From prices in any order to aligned returns: which price is the close of a
 *	  bar, which bars form the calendar, and what the return between two is.
 *
 * Close.     The close of a bar is the good price at the latest instant in it that
 *	  has one. Two different prices at that instant (and, where it is known, of the
 *	  same recording time) contradict each other: the bar then has no close.
 * Good.      A price is good if it is finite, not above 1e100 in size and, unless
 *	  returns are differences, positive.
 * Candidate. A bar in which some asset has a close. Candidates are numbered
 *	  c = 0, 1, 2, ... in time order.
 * Alive.     An asset is alive at c if it has a close at one of c - S ... c, where
 *	  S is stale_after.
 * Calendar.  c is in the calendar if closes(c) >= q * alive(c), q the quorum.
 *	  Calendar bars are numbered k = 0, 1, 2, ...
 * Return.    Between the closes p0 at k - 1 and p1 at k only, never across a gap:
 *	  simple (p1 - p0) / p0, log ln(p1 / p0), difference p1 - p0.
 * Gap move.  The return that would lead over a gap: from the last close before it on the
 *	  calendar to the first one after it. No return holds it, so it is counted.
 * Unchanged. A close that is the one of the calendar bar before. Frozen: at least S + 1
 *	  unchanged ones in a row end here. A gap ends a row.
 * Typical.   The typical size of an asset's returns is the geometric mean of |r| over its
 *	  moves, the returns above 1e-12 in size: what is smaller is 0, or the rounding of a
 *	  price that did not change. One jump among 250 returns, however large, hardly changes
 *	  it, and unlike a median it adds up over spans. For a normal r it is
 *	  exp(E ln|r|) = sigma exp(-(gamma + ln 2) / 2), gamma Euler's constant.
 *
 * Nothing here depends on the order in which prices come.
 */
#ifndef PH_RETURNS_H
#define PH_RETURNS_H

#include "kernel.h"

typedef enum PhReturnKind
{
	PH_RETURN_SIMPLE,
	PH_RETURN_LOG,
	PH_RETURN_DIFFERENCE
} PhReturnKind;

typedef enum PhPriceState
{
	PH_PRICE_GOOD,
	PH_PRICE_NON_POSITIVE,
	PH_PRICE_NOT_FINITE
} PhPriceState;

/*
 * Larger prices are sentinels or damage; none that is kept makes squares and products of what is
 * computed from it overflow.
 */
#define PH_PRICE_LIMIT 1e100

/* Is a price one that a return of this kind can be made from? Above the limit is not finite. */
extern PhPriceState ph_price_state(PhReturnKind kind, double price);

/* The return from p0 to p1, two good prices; false if it is not a finite number. */
extern bool ph_return(PhReturnKind kind, double p0, double p1, double *r);

/*
 * The close of one asset in one bar, while prices come in.
 * at = PH_NEVER: no price yet. price = NaN: contradictory at this instant.
 */
typedef struct PhClose
{
	int64_t		at;
	double		price;
} PhClose;

#define PH_NEVER INT64_MIN

extern void ph_close_clear(PhClose *c, int n);

/* Takes a good price in. */
extern void ph_close_add(PhClose *c, int64_t at, double price);

/*
 * The same for prices of which later versions may have been recorded: of those of
 * one instant, only what was recorded last counts. *recorded_at belongs to *c.
 */
extern void ph_close_add_version(PhClose *c, int64_t *recorded_at,
								 int64_t at, double price, int64_t recorded);

static inline bool
ph_close_contradictory(const PhClose *c)
{
	return c->price != c->price;
}

static inline bool
ph_close_known(const PhClose *c)
{
	return c->at != PH_NEVER && c->price == c->price;
}

/*
 * Decides candidate by candidate whether it is in the calendar, in O(1) a close.
 * last: per asset the number of the last candidate with a close. ageing: how many
 * assets had their last close at candidate c, at index c mod (stale_after + 1).
 */
typedef struct PhCalendar
{
	double		quorum;
	int64_t		stale_after;
	int64_t		c;				/* number of the present candidate */
	int64_t		closes;
	int64_t		alive;
	int64_t    *last;
	int32_t    *ageing;
} PhCalendar;

/* Workspace from the caller: last[assets], ageing[stale_after + 1]. */
extern void ph_calendar_init(PhCalendar *calendar, double quorum, int64_t stale_after,
							 int assets, int64_t *last, int32_t *ageing);
extern void ph_calendar_begin(PhCalendar *calendar);
extern void ph_calendar_close(PhCalendar *calendar, int asset);
extern bool ph_calendar_decide(const PhCalendar *calendar);

/* One asset on its way through the calendar: its last close that lay on it. */
typedef struct PhReturnWalk
{
	PhReturnKind kind;
	int64_t		k0;				/* calendar number of that close, -1: none yet */
	double		p0;
	int64_t		row;			/* unchanged closes in a row up to that one */
} PhReturnWalk;

/* What was seen of an asset in a span of bars, whether on the calendar or not. */
typedef struct PhSpan
{
	int64_t		last_at;		/* instant of the last close, PH_NEVER: none */
	double		last_price;
	int32_t		priced_bars;	/* closes on calendar bars from k_first on */
	int32_t		contradictory;
	int32_t		not_finite;		/* returns that overflow */

	/* of calendar bars from k_first on */
	int32_t		unchanged;
	int32_t		frozen;
	int32_t		gap_moves;		/* both ends from k_first on */
	double		largest_gap_move;	/* by magnitude; NaN: none */
	int64_t		largest_gap_k;	/* calendar number of its end */
	double		opening_price;	/* the first close, if no return leads to it; NaN: one does */
	int64_t		opening_k;
	double		closing_price;	/* the last close; NaN: none */
} PhSpan;

extern void ph_span_clear(PhSpan *span);

/*
 * Walks over n adjacent bars. k[i] is the calendar number of bar i, or -1. Returns
 * of calendar bars >= k_first go to r[k - k_first], others (context) are not made.
 * r is written only where there is a return: the caller fills it with NaN before.
 *
 * Spans can be put together to what one walk over all their bars counts, however little
 * context each had: a gap from one into another is that from a closing to an opening price.
 * What is frozen needs S + 2 calendar bars of context.
 */
extern void ph_returns_walk(PhReturnWalk *walk, const PhClose *bar, const int64_t *k, int n,
							int64_t k_first, int64_t stale_after, double *r, PhSpan *span);

#define PH_NO_MOVE 1e-12

/* How large returns are; those of several spans add up. */
typedef struct PhSizes
{
	int64_t		moves;
	double		log_size;		/* sum of ln|r| over the moves */
	double		largest;		/* by magnitude, the first of equal ones; NaN: no return */
	int64_t		largest_k;		/* its place, -1: none */
} PhSizes;

/* Of r[0 ... n - 1], NaN where there is none. */
extern void ph_return_sizes(const double *r, int64_t n, PhSizes *sizes);

/* Division that rounds down, for times before the origin; b > 0. */
extern int64_t ph_floor_div(int64_t a, int64_t b);
extern int64_t ph_floor_mod(int64_t a, int64_t b);

#endif							/* PH_RETURNS_H */
