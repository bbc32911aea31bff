/*
 * returns.c
 *	  Closes, calendar and returns; the rules and letters are in returns.h.
 */
#include "returns.h"

#include <math.h>

PhPriceState
ph_price_state(PhReturnKind kind, double price)
{
	if (!(fabs(price) <= PH_PRICE_LIMIT))
		return PH_PRICE_NOT_FINITE;
	if (kind != PH_RETURN_DIFFERENCE && price <= 0.0)
		return PH_PRICE_NON_POSITIVE;
	return PH_PRICE_GOOD;
}

/*
 * (p1 - p0) / p0 and not p1 / p0 - 1: p1 - p0 is exact for p0 / 2 <= p1 <= 2 p0
 * (Sterbenz), where the latter would round a small return to a multiple of 2^-53.
 * In the same range ln(p1 / p0) = log1p((p1 - p0) / p0); outside of it the logarithm
 * is at least ln 2 in size, and the rounding of p1 / p0 does no harm.
 */
bool
ph_return(PhReturnKind kind, double p0, double p1, double *r)
{
	double		q;

	switch (kind)
	{
		case PH_RETURN_SIMPLE:
			*r = (p1 - p0) / p0;
			break;
		case PH_RETURN_LOG:
			q = p1 / p0;
			if (q >= 0.5 && q <= 2.0)
				*r = log1p((p1 - p0) / p0);
			else if (isnormal(q))
				*r = log(q);
			else
				*r = log(p1) - log(p0);
			break;
		case PH_RETURN_DIFFERENCE:
			*r = p1 - p0;
			break;
	}
	return isfinite(*r);
}

void
ph_close_clear(PhClose *c, int n)
{
	for (int i = 0; i < n; i++)
	{
		c[i].at = PH_NEVER;
		c[i].price = 0.0;
	}
}

void
ph_close_add(PhClose *c, int64_t at, double price)
{
	if (at > c->at)
	{
		c->at = at;
		c->price = price + 0.0; /* -0 and 0 are one price, whichever came first */
	}
	else if (at == c->at && price != c->price)
		c->price = NAN;
}

void
ph_close_add_version(PhClose *c, int64_t *recorded_at, int64_t at, double price, int64_t recorded)
{
	if (at > c->at || (at == c->at && recorded > *recorded_at))
	{
		c->at = at;
		c->price = price + 0.0;
		*recorded_at = recorded;
	}
	else if (at == c->at && recorded == *recorded_at && price != c->price)
		c->price = NAN;
}

void
ph_calendar_init(PhCalendar *calendar, double quorum, int64_t stale_after, int assets,
				 int64_t *last, int32_t *ageing)
{
	calendar->quorum = quorum;
	calendar->stale_after = stale_after;
	calendar->c = -1;
	calendar->closes = 0;
	calendar->alive = 0;
	calendar->last = last;
	calendar->ageing = ageing;
	for (int i = 0; i < assets; i++)
		last[i] = -1;
	for (int64_t i = 0; i <= stale_after; i++)
		ageing[i] = 0;
}

/* Assets last seen at c - S - 1 are no longer alive at c; both have one slot. */
void
ph_calendar_begin(PhCalendar *calendar)
{
	int32_t    *ageing;

	calendar->c++;
	calendar->closes = 0;
	ageing = &calendar->ageing[calendar->c % (calendar->stale_after + 1)];
	calendar->alive -= *ageing;
	*ageing = 0;
}

/* At most one call for an asset and candidate. */
void
ph_calendar_close(PhCalendar *calendar, int asset)
{
	const int64_t slots = calendar->stale_after + 1;
	int64_t    *last = &calendar->last[asset];

	if (*last >= 0 && *last >= calendar->c - calendar->stale_after)
		calendar->ageing[*last % slots]--;
	else
		calendar->alive++;
	*last = calendar->c;
	calendar->ageing[calendar->c % slots]++;
	calendar->closes++;
}

/*
 * The allowance makes 7 of 100 meet a quorum of 0.07, although 0.07 * 100 is
 * 7.000000000000001 in binary. It is far below the 1 by which counts differ.
 */
bool
ph_calendar_decide(const PhCalendar *calendar)
{
	double		needed = calendar->quorum * (double) calendar->alive;

	return calendar->closes > 0 && (double) calendar->closes >= needed - 1e-9;
}

void
ph_span_clear(PhSpan *span)
{
	span->last_at = PH_NEVER;
	span->last_price = 0.0;
	span->priced_bars = 0;
	span->contradictory = 0;
	span->not_finite = 0;
	span->unchanged = 0;
	span->frozen = 0;
	span->gap_moves = 0;
	span->largest_gap_move = NAN;
	span->largest_gap_k = -1;
	span->opening_price = NAN;
	span->opening_k = -1;
	span->closing_price = NAN;
}

/* A close on the calendar that no return leads to. */
static void
reopen(const PhReturnWalk *walk, double p1, int64_t k, int64_t k_first, PhSpan *span)
{
	double		move;

	if (walk->k0 < k_first)
	{
		span->opening_price = p1;
		span->opening_k = k;
		return;
	}
	span->gap_moves++;
	if (ph_return(walk->kind, walk->p0, p1, &move) &&
		!(fabs(move) <= fabs(span->largest_gap_move)))
	{
		span->largest_gap_move = move;
		span->largest_gap_k = k;
	}
}

void
ph_returns_walk(PhReturnWalk *walk, const PhClose *bar, const int64_t *k, int n,
				int64_t k_first, int64_t stale_after, double *r, PhSpan *span)
{
	for (int i = 0; i < n; i++)
	{
		double		p1 = bar[i].price;
		double		r1;
		bool		follows;

		if (bar[i].at == PH_NEVER)
			continue;
		if (ph_close_contradictory(&bar[i]))
		{
			span->contradictory++;
			continue;
		}
		span->last_at = bar[i].at;
		span->last_price = p1;
		if (k[i] < 0)
			continue;
		follows = walk->k0 >= 0 && walk->k0 == k[i] - 1;
		walk->row = follows && p1 == walk->p0 ? walk->row + 1 : 0;
		if (k[i] >= k_first)
		{
			span->priced_bars++;
			span->unchanged += walk->row > 0;
			span->frozen += walk->row > stale_after;
			span->closing_price = p1;
			if (!follows)
				reopen(walk, p1, k[i], k_first, span);
			else if (ph_return(walk->kind, walk->p0, p1, &r1))
				r[k[i] - k_first] = r1;
			else
				span->not_finite++;
		}
		walk->k0 = k[i];
		walk->p0 = p1;
	}
}

/*
 * A product in place of a sum of logarithms: of mantissas, which 512 times cannot underflow, and
 * their exponents apart.
 */
void
ph_return_sizes(const double *r, int64_t n, PhSizes *sizes)
{
	const double ln2 = 0.69314718055994530942;
	double		product = 1.0;
	double		log_size = 0.0;
	int64_t		exponents = 0;

	sizes->moves = 0;
	sizes->largest = NAN;
	sizes->largest_k = -1;
	for (int64_t k = 0; k < n; k++)
	{
		double		size = fabs(r[k]);
		int			exponent = 0;

		if (isnan(size))
			continue;
		if (!(size <= fabs(sizes->largest)))
		{
			sizes->largest = r[k];
			sizes->largest_k = k;
		}
		if (size <= PH_NO_MOVE)
			continue;
		product *= frexp(size, &exponent);
		exponents += exponent;
		if (++sizes->moves % 512 == 0)
		{
			log_size += log(product);
			product = 1.0;
		}
	}
	sizes->log_size = log_size + log(product) + (double) exponents * ln2;
}

int64_t
ph_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t
ph_floor_mod(int64_t a, int64_t b)
{
	int64_t		m = a % b;

	return m < 0 ? m + b : m;
}
