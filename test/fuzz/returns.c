/*
 * returns.c
 *	  Fuzz target: prices in any order to closes, calendar and returns; quantiles of losses.
 */
#include "fuzz.h"
#include "returns.h"
#include "risk.h"

#define ASSETS 5
#define BARS 24

static int
by_value(const void *a, const void *b)
{
	double		x = *(const double *) a,
				y = *(const double *) b;

	return (x > y) - (x < y);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};
	PhReturnKind kind = take_byte(&in) % 3;
	bool		versions = take_byte(&in) % 2;
	int			stale_after = take_below(&in, BARS + 2);
	PhClose    *close = room(ASSETS * BARS, sizeof(PhClose));
	int64_t    *recorded_at = room(ASSETS * BARS, sizeof(int64_t));
	int64_t    *last = room(ASSETS, sizeof(int64_t));
	int32_t    *ageing = room(stale_after + 1, sizeof(int32_t));
	int64_t		k[BARS];
	int64_t		bars = 0;
	int64_t		from;
	PhCalendar	calendar;
	double		level;
	int			horizon;

	ph_calendar_init(&calendar, take_double(&in), stale_after, ASSETS, last, ageing);
	ph_close_clear(close, ASSETS * BARS);
	for (int i = 0; i < ASSETS * BARS; i++)
		recorded_at[i] = INT64_MIN;
	level = take_double(&in);
	horizon = 1 + take_below(&in, BARS);
	from = take_below(&in, BARS);
	while (in.left > 0)
	{
		int			cell = take_below(&in, ASSETS * BARS);
		int64_t		at = cell % BARS * 256 + (int64_t) take_byte(&in);
		double		price = take_double(&in);

		if (ph_price_state(kind, price) != PH_PRICE_GOOD)
			continue;
		must(fabs(price) <= PH_PRICE_LIMIT && (price > 0 || kind == PH_RETURN_DIFFERENCE));
		if (versions)
			ph_close_add_version(&close[cell], &recorded_at[cell], at, price, take_byte(&in));
		else
			ph_close_add(&close[cell], at, price);
	}
	for (int b = 0; b < BARS; b++)
	{
		bool		any = false;

		for (int a = 0; a < ASSETS; a++)
			any |= ph_close_known(&close[a * BARS + b]);
		k[b] = -1;
		if (!any)
			continue;
		ph_calendar_begin(&calendar);
		for (int a = 0; a < ASSETS; a++)
			if (ph_close_known(&close[a * BARS + b]))
				ph_calendar_close(&calendar, a);
		must(calendar.alive >= calendar.closes && calendar.alive <= ASSETS);
		if (ph_calendar_decide(&calendar))
			k[b] = bars++;
	}
	for (int a = 0; a < ASSETS; a++)
	{
		PhReturnWalk walk = {.kind = kind, .k0 = -1};
		PhSpan		span;
		double	   *r = doubles(bars);
		double	   *sums = doubles(bars);
		int			split = take_below(&in, BARS);
		int			windows;

		for (int i = 0; i < bars; i++)
			r[i] = NAN;
		if (from > bars)
			from = bars;
		ph_span_clear(&span);
		/* in two pieces, as blocks come */
		ph_returns_walk(&walk, close + a * BARS, k, split, from, stale_after, r, &span);
		ph_returns_walk(&walk, close + a * BARS + split, k + split, BARS - split, from, stale_after,
						r, &span);
		for (int i = 0; i < bars; i++)
			must(isfinite(r[i]) || isnan(r[i]));
		must(span.priced_bars <= bars && span.frozen <= span.unchanged &&
			 span.unchanged + span.gap_moves <= span.priced_bars);
		must(span.gap_moves > 0 || isnan(span.largest_gap_move));

		if (bars > 0)
		{
			windows = ph_window_sums(r, bars, horizon, sums);
			must(windows == ph_window_sums(r, bars, horizon, NULL));
			must(windows <= bars);
			qsort(sums, windows, sizeof(double), by_value);
			if (windows > 0 && level > 0 && level < 1)
			{
				double		var = ph_value_at_risk(sums, windows, level);
				double		shortfall = ph_expected_shortfall(sums, windows, level);

				/* parts of denormal sums underflow */
				must(!isnan(var) && !(shortfall < var - 1e-9 * fabs(var) - DBL_MIN));
			}
		}
		free(r);
		free(sums);
	}
	free(close);
	free(recorded_at);
	free(last);
	free(ageing);
	return 0;
}
