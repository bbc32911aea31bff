/*
 * pair.h
 *	  What holds for every co-moment there is, wherever it came from.
 */
#ifndef FUZZ_PAIR_H
#define FUZZ_PAIR_H

#include "comoments.h"
#include "fuzz.h"

static inline void
check_pair(const PhComoments *c)
{
	double		a,
				b;

	/* whatever is made can be read back */
	must(ph_comoments_valid(c));
	must(ph_observations(c) >= 1 - 1e-9 && ph_observations(c) <= DBL_MAX);
	if (ph_corr(c, &a))
	{
		must(in_range(a, -1, 1));
		must(isnan(a) == isnan(c->sxy));
		if (ph_corr_interval(c, 0.95, &a, &b))
			must(a >= -1 && a <= b && b <= 1);
	}
	if (ph_volatility_y(c, &a))
		must(in_range(a, 0, INFINITY) && isnan(a) == isnan(c->syy));
	if (ph_volatility_x(c, &a))
		must(in_range(a, 0, INFINITY) && isnan(a) == isnan(c->sxx));
	if (ph_residual_volatility(c, &a))
		must(in_range(a, 0, INFINITY) && (isnan(a) <= isnan(c->sxy)));
	if (ph_hedging_effectiveness(c, &a))
		must(in_range(a, 0, 1));
	if (ph_hedge_ratio(c, &a))
		must(isnan(a) <= isnan(c->sxy));
	if (ph_intercept(c, &a))
		must(isnan(a) <= (isnan(c->my) || isnan(c->mx) || isnan(c->sxy)));
	if (ph_covariance(c, &a))
		must(isnan(a) == isnan(c->sxy));
	ph_hedging_effectiveness_at(c, 0.5, &a);
	if (ph_residual_volatility_at(c, 0.5, &a))
		must(in_range(a, 0, INFINITY));
}

/* Nine numbers as they may come from outside; false where they would be refused. */
static inline bool
take_pair(Input *in, PhComoments *c)
{
	c->w = take_double(in);
	c->w2 = take_byte(in) % 2 ? c->w : take_double(in);
	c->my = take_double(in);
	c->my_lo = take_byte(in) % 4 ? 0 : take_double(in);
	c->mx = take_double(in);
	c->mx_lo = take_byte(in) % 4 ? 0 : take_double(in);
	c->syy = take_double(in);
	c->sxx = take_double(in);
	c->sxy = take_double(in);
	return ph_comoments_valid(c);
}

#endif							/* FUZZ_PAIR_H */
