/*
 * returns.c
 *	  Closes in any order, who is alive, the quorum, returns that keep their digits.
 */
#include <stdlib.h>
#include <string.h>

#include "returns.h"
#include "tap.h"

static void
test_prices(void)
{
	ok(ph_price_state(PH_RETURN_SIMPLE, 1e-310) == PH_PRICE_GOOD, "a denormal price is good");
	ok(ph_price_state(PH_RETURN_SIMPLE, 0) == PH_PRICE_NON_POSITIVE, "zero is not positive");
	ok(ph_price_state(PH_RETURN_LOG, -1) == PH_PRICE_NON_POSITIVE, "-1 is not positive");
	ok(ph_price_state(PH_RETURN_DIFFERENCE, -1) == PH_PRICE_GOOD, "-1 is good for differences");
	ok(ph_price_state(PH_RETURN_DIFFERENCE, NAN) == PH_PRICE_NOT_FINITE, "NaN is not finite");
	ok(ph_price_state(PH_RETURN_LOG, -INFINITY) == PH_PRICE_NOT_FINITE, "-inf is not finite");
	for (int kind = PH_RETURN_SIMPLE; kind <= PH_RETURN_DIFFERENCE; kind++)
	{
		ok(ph_price_state(kind, 1e100) == PH_PRICE_GOOD, "1e100 is a price, kind %d", kind);
		ok(ph_price_state(kind, nextafter(1e100, 2e100)) == PH_PRICE_NOT_FINITE &&
		   ph_price_state(kind, -1.7e308) == PH_PRICE_NOT_FINITE,
		   "what is larger counts as not finite, kind %d", kind);
	}
	ok(ph_price_state(PH_RETURN_DIFFERENCE, -1e100) == PH_PRICE_GOOD, "so is -1e100");
}

static void
test_returns(void)
{
	double		r;

	ok(ph_return(PH_RETURN_SIMPLE, 100, 110, &r) && r == 0.1, "simple 100 to 110 is 0.1");
	ok(ph_return(PH_RETURN_DIFFERENCE, -37.63, 10.01, &r), "a difference over zero");
	near(r, 47.64, 1e-14, "-37.63 to 10.01");
	/* p1/p0 - 1 would be off by 1e-16 here, a tenth of a percent of the return */
	ok(ph_return(PH_RETURN_SIMPLE, 1, 1 + 0x1p-52, &r) && r == 0x1p-52, "one ulp, simple");
	ok(ph_return(PH_RETURN_LOG, 1, 1 + 0x1p-52, &r), "one ulp, log");
	near(r, 0x1p-52, 0x1p-100, "one ulp, log");
	ph_return(PH_RETURN_LOG, 3, 1e-20, &r);
	near(r, -20 * log(10) - log(3), 1e-14, "log of a crash to 1e-20");
	ph_return(PH_RETURN_LOG, 1e-300, 1e300, &r);
	near(r, 1381.5510557964273, 1e-12, "log over the whole range");
	ph_return(PH_RETURN_LOG, 1e300, 1e-300, &r);
	near(r, -1381.5510557964273, 1e-12, "and back");
	ok(!ph_return(PH_RETURN_SIMPLE, 1e-300, 1e300, &r), "simple overflows");
	ok(!ph_return(PH_RETURN_DIFFERENCE, -1.7e308, 1.7e308, &r), "difference overflows");
	ok(ph_return(PH_RETURN_SIMPLE, 1e300, 1e-300, &r) && r == -1, "all lost is -1");
}

static void
test_closes(void)
{
	/* three prices of which two contradict each other at the last instant, in every order */
	static const int64_t at[4] = {5, 7, 7, 6};
	static const double price[4] = {1, 2, 3, 4};
	static const double zero[2] = {0.0, -0.0};
	PhClose		c;
	int64_t		recorded = 0;
	bool		all = true;

	for (int p = 0; p < 256; p++)
	{
		int			order[4] = {p & 3, p >> 2 & 3, p >> 4 & 3, p >> 6 & 3};
		bool		used[4] = {false};

		for (int i = 0; i < 4; i++)
			used[order[i]] = true;
		if (!used[0] || !used[1] || !used[2] || !used[3])
			continue;
		ph_close_clear(&c, 1);
		for (int i = 0; i < 4; i++)
			ph_close_add(&c, at[order[i]], price[order[i]]);
		all = all && c.at == 7 && ph_close_contradictory(&c) && !ph_close_known(&c);
	}
	ok(all, "two prices at the last instant contradict each other in all 24 orders");
	ph_close_add(&c, 8, 5);
	ok(ph_close_known(&c) && c.price == 5, "a later price settles it");
	ph_close_add(&c, 7, 6);
	ph_close_add(&c, 8, 5);
	ok(ph_close_known(&c) && c.price == 5, "earlier ones and repetitions change nothing");
	for (int i = 0; i < 2; i++)
	{
		ph_close_clear(&c, 1);
		ok(!ph_close_known(&c), "nothing is known of an empty bar");
		ph_close_add(&c, 0, zero[i]);
		ph_close_add(&c, 0, zero[1 - i]);
		ok(ph_close_known(&c) && c.price == 0 && !signbit(c.price), "0 and -0 are one price");
	}

	ph_close_clear(&c, 1);
	ph_close_add_version(&c, &recorded, 5, 1, 10);
	ph_close_add_version(&c, &recorded, 5, 2, 12);
	ph_close_add_version(&c, &recorded, 5, 3, 11);
	ok(c.price == 2, "the version recorded last counts");
	ph_close_add_version(&c, &recorded, 5, 2.5, 12);
	ok(ph_close_contradictory(&c), "two of one recording time contradict each other");
	ph_close_add_version(&c, &recorded, 5, 4, 13);
	ok(ph_close_known(&c) && c.price == 4, "until a later one is recorded");
}

/* Who is alive is counted up and down; compare with looking back at every candidate. */
static void
test_calendar(void)
{
	enum
	{
		ASSETS = 7, CANDIDATES = 400
	};
	static bool present[CANDIDATES][ASSETS];
	int64_t		last[ASSETS];
	int32_t		ageing[CANDIDATES + 1];
	PhCalendar	calendar;

	srand(20240102);
	for (int stale_after = 0; stale_after < 30; stale_after += 7)
	{
		bool		alive_same = true;
		bool		decision_same = true;
		int			accepted = 0;

		for (int c = 0; c < CANDIDATES; c++)
		{
			bool		any = false;

			for (int a = 0; a < ASSETS; a++)
				any |= present[c][a] = rand() % (2 + 3 * a + 10 * (c / 50 % 2)) == 0;
			if (!any)
				present[c][rand() % ASSETS] = true;
		}
		ph_calendar_init(&calendar, 0.6, stale_after, ASSETS, last, ageing);
		for (int c = 0; c < CANDIDATES; c++)
		{
			int			closes = 0;
			int			alive = 0;

			ph_calendar_begin(&calendar);
			for (int a = 0; a < ASSETS; a++)
			{
				bool		is_alive = false;

				if (present[c][a])
				{
					ph_calendar_close(&calendar, a);
					closes++;
				}
				for (int b = c; b >= 0 && b >= c - stale_after; b--)
					is_alive |= present[b][a];
				alive += is_alive;
			}
			alive_same = alive_same && alive == calendar.alive;
			decision_same = decision_same &&
				ph_calendar_decide(&calendar) == (10 * closes >= 6 * alive);
			accepted += ph_calendar_decide(&calendar);
		}
		ok(alive_same, "alive as counted, stale after %d", stale_after);
		ok(decision_same, "decided as counted, stale after %d", stale_after);
		ok(accepted > 0 && (accepted < CANDIDATES || stale_after == 0),
		   "both decisions occur (%d of %d)", accepted, CANDIDATES);
	}

	/* every product of counts and quorums in hundredths, against whole numbers */
	{
		bool		all = true;

		for (int q = 0; q <= 100; q++)
			for (int alive = 1; alive <= 1000; alive++)
				for (int d = -1; d <= 1; d++)
				{
					int			closes = q * alive / 100 + d;

					if (closes < 1 || closes > alive)
						continue;
					calendar.quorum = q / 100.0;
					calendar.alive = alive;
					calendar.closes = closes;
					all = all && ph_calendar_decide(&calendar) == (100 * closes >= q * alive);
				}
		ok(all, "the quorum is not missed by rounding");
		calendar.quorum = 0;
		calendar.alive = 3;
		calendar.closes = 0;
		ok(!ph_calendar_decide(&calendar), "a bar without a close is not in the calendar");
	}
}

static void
test_walk(void)
{
	PhClose		bar[8];
	int64_t		k[8] = {0, -1, 1, 2, 3, 4, -1, 5};
	PhReturnWalk walk = {PH_RETURN_SIMPLE, -1, 0, 0};
	PhReturnWalk again = {PH_RETURN_SIMPLE, -1, 0, 0};
	PhSpan		span;
	double		r[6];
	double		s[6];

	ph_close_clear(bar, 8);
	for (int i = 0; i < 8; i++)
		if (i != 3)
			ph_close_add(&bar[i], 10 * i, 100 + i);
	ph_close_add(&bar[5], 50, 1);
	for (int i = 0; i < 6; i++)
		r[i] = s[i] = NAN;
	ph_span_clear(&span);
	ph_returns_walk(&walk, bar, k, 8, 0, 10, r, &span);
	ok(isnan(r[0]), "no return at the first bar");
	near(r[1], 0.02, 1e-16, "bars off the calendar do not come between");
	ok(isnan(r[2]) && isnan(r[3]), "none to and from a missing close");
	ok(isnan(r[4]) && isnan(r[5]), "none to and from a contradictory one");
	ok(span.priced_bars == 4 && span.contradictory == 1, "bars counted");
	ok(span.last_at == 70 && span.last_price == 107, "last close");

	ph_span_clear(&span);
	ph_returns_walk(&again, bar, k, 3, 2, 10, NULL, &span);
	ok(span.priced_bars == 0 && span.last_price == 102, "context has prices but no returns");
	ph_close_add(&bar[3], 30, 153);
	ph_returns_walk(&again, bar + 3, k + 3, 5, 2, 10, s, &span);
	near(s[0], 0.5, 1e-16, "the context's close is carried over");

	ph_close_add(&bar[4], 45, 1e308);
	bar[3].price = 1e-308;
	again.k0 = -1;
	ph_span_clear(&span);
	s[1] = NAN;
	ph_returns_walk(&again, bar + 3, k + 3, 2, 2, 10, s, &span);
	ok(isnan(s[1]) && span.not_finite == 1, "a return out of range is counted and left out");
}

/*
 * Moves over gaps and unchanged closes, counted bar by bar; and the same put together from spans
 * that were walked one by one, each with stale_after + 2 bars of context.
 */
static void
test_gaps(void)
{
	enum
	{
		BARS = 600, STALE_AFTER = 3
	};
	static PhClose bar[BARS];
	static int64_t k[BARS];
	static double r[BARS];
	PhReturnWalk whole = {PH_RETURN_SIMPLE, -1, 0, 0};
	PhSpan		all;
	int			unchanged = 0;
	int			frozen = 0;
	int			gaps = 0;
	int			row = 0;
	int			before = -1;
	double		largest = 0;
	int			largest_k = -1;

	srand(20240103);
	ph_close_clear(bar, BARS);
	for (int i = 0; i < BARS; i++)
	{
		k[i] = i;
		if (rand() % 10 < 2 || (i > 200 && i < 240) || i == 0)
			continue;
		ph_close_add(&bar[i], i, rand() % 10 < 6 && i > 0 && bar[i - 1].at != PH_NEVER
					 ? bar[i - 1].price : 50 + rand() % 100);
	}
	for (int i = 0; i < BARS; i++)
	{
		if (bar[i].at == PH_NEVER)
			continue;
		row = before == i - 1 && before >= 0 && bar[i].price == bar[before].price ? row + 1 : 0;
		unchanged += row > 0;
		frozen += row > STALE_AFTER;
		if (before >= 0 && before < i - 1)
		{
			double		move = (bar[i].price - bar[before].price) / bar[before].price;

			gaps++;
			if (fabs(move) > fabs(largest))
			{
				largest = move;
				largest_k = i;
			}
		}
		before = i;
	}
	ph_span_clear(&all);
	ph_returns_walk(&whole, bar, k, BARS, 0, STALE_AFTER, r, &all);
	ok(gaps > 50 && frozen > 10 && unchanged > 2 * frozen, "%d gaps, %d unchanged, %d frozen",
	   gaps, unchanged, frozen);
	ok(all.unchanged == unchanged && all.frozen == frozen, "unchanged closes are counted");
	ok(all.gap_moves == gaps && all.largest_gap_move == largest && all.largest_gap_k == largest_k,
	   "moves over gaps are counted, the largest is known");
	ok(all.opening_price == bar[all.opening_k].price && all.opening_k > 0 &&
	   all.closing_price == bar[before].price, "first and last close");

	for (int size = 1; size < 100; size = 2 * size + 1)
	{
		double		closing = NAN;
		int			sum_gaps = 0;
		int			sum_unchanged = 0;
		int			sum_frozen = 0;
		double		found = 0;

		for (int first = 0; first < BARS; first += size)
		{
			PhReturnWalk walk = {PH_RETURN_SIMPLE, -1, 0, 0};
			int			context = first < STALE_AFTER + 2 ? first : STALE_AFTER + 2;
			int			n = BARS - first < size ? BARS - first : size;
			PhSpan		span;
			double		move;

			ph_span_clear(&span);
			ph_returns_walk(&walk, bar + first - context, k + first - context, context, BARS,
							STALE_AFTER, NULL, &span);
			ph_span_clear(&span);
			ph_returns_walk(&walk, bar + first, k + first, n, first, STALE_AFTER, r, &span);
			sum_gaps += span.gap_moves;
			sum_unchanged += span.unchanged;
			sum_frozen += span.frozen;
			if (fabs(span.largest_gap_move) > fabs(found))
				found = span.largest_gap_move;
			if (!isnan(span.opening_price) && !isnan(closing))
			{
				sum_gaps++;
				ph_return(PH_RETURN_SIMPLE, closing, span.opening_price, &move);
				if (fabs(move) > fabs(found))
					found = move;
			}
			if (!isnan(span.closing_price))
				closing = span.closing_price;
		}
		ok(sum_gaps == gaps && found == largest, "gaps from spans of %d", size);
		ok(sum_unchanged == unchanged && sum_frozen == frozen, "unchanged from spans of %d", size);
	}
}

static void
test_sizes(void)
{
	enum {N = 3000};
	static double r[N];
	PhSizes		all,
				part;
	double		log_size = 0;
	int64_t		moves = 0;

	ph_return_sizes(r, 0, &all);
	ok(all.moves == 0 && all.log_size == 0 && isnan(all.largest) && all.largest_k == -1, "sizes of no return");
	r[0] = NAN;
	ph_return_sizes(r, 1, &all);
	ok(all.moves == 0 && isnan(all.largest) && all.largest_k == -1, "of a missing one");
	r[0] = 0;
	r[1] = 1e-16;
	r[2] = -1e-12;
	ph_return_sizes(r, 3, &all);
	ok(all.moves == 0 && all.log_size == 0 && all.largest == -1e-12 && all.largest_k == 2, "what is as small as rounding is no move");

	/* over the whole range of doubles, with gaps: nothing overflows or underflows on the way */
	for (int i = 0; i < N; i++)
	{
		r[i] = i % 7 == 0 ? NAN : i % 5 == 0 ? 0 : (i % 2 ? -1 : 1) * pow(10, i * 97 % 320 - 12 + 0.5);
		if (r[i] != 0 && !isnan(r[i]))
		{
			log_size += log(fabs(r[i]));
			moves++;
		}
	}
	ph_return_sizes(r, N, &all);
	ok(all.moves == moves, "moves counted");
	near(all.log_size, log_size, 1e-11 * fabs(log_size), "their logarithms added");
	ok(fabs(all.largest) == pow(10, 307.5) && r[all.largest_k] == all.largest, "the largest");
	for (int64_t k = 0; k < all.largest_k; k++)
		if (fabs(r[k]) >= fabs(all.largest))
			ok(false, "an equal one stands before, at %d", (int) k);

	moves = 0;
	log_size = 0;
	for (int i = 0; i < N; i += 500)
	{
		ph_return_sizes(r + i, 500, &part);
		moves += part.moves;
		log_size += part.log_size;
	}
	ok(moves == all.moves, "moves of parts add up");
	near(log_size, all.log_size, 1e-11 * fabs(log_size), "so do the logarithms");
	r[10] = INFINITY;
	ph_return_sizes(r, N, &all);
	ok(all.largest_k == 10, "an infinite one is the largest");
}

int
main(void)
{
	test_prices();
	test_returns();
	test_closes();
	test_calendar();
	test_walk();
	test_gaps();
	test_sizes();
	for (int a = -7; a <= 7; a++)
		ok(ph_floor_div(a, 3) * 3 + ph_floor_mod(a, 3) == a && ph_floor_mod(a, 3) >= 0,
		   "%d = 3 * %d + %d", a, (int) ph_floor_div(a, 3), (int) ph_floor_mod(a, 3));
	return done();
}
