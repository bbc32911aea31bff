/*
 * comoments.h
 *	  Co-moments of a pair (y, x): all that second-order statistics need, and mergeable.
 *
 *		w   = Σw               (unit weights: the number of observations n)
 *		w2  = Σw²              (unit weights: n)
 *		my  = Σw·y / w         as a double-double: my + my_lo
 *		mx  = Σw·x / w         as a double-double: mx + mx_lo
 *		syy = Σw·(y − my)²
 *		sxx = Σw·(x − mx)²
 *		sxy = Σw·(y − my)·(x − mx)
 *
 * Adding and merging follow T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a
 * pairwise algorithm for computing sample variances", Stanford STAN-CS-79-773 (1979), eq. 2.1.
 * Nothing is ever subtracted from a sum.
 *
 * The means carry a low word because a deviation is all that enters the sums: (y − my) is exact
 * by Sterbenz' lemma when y is near the mean, and what the high word cannot hold of the mean is
 * taken off afterwards. So a level of 1e9 costs no digit of a noise of 1e-3, and a series that is
 * constant has deviations, and therefore sums, of exactly zero after any order of adding and
 * merging: "constant" is a fact here, not a threshold.
 *
 * Special values.  An infinite or NaN observation makes its own side (mean and sum of squares)
 * and the cross product NaN; the other side goes on undisturbed.  Finite observations whose sums
 * leave the range of double are an overflow: reported, and what was being summed is of no more use.
 */
#ifndef PH_COMOMENTS_H
#define PH_COMOMENTS_H

#include <float.h>
#include <math.h>

#include "kernel.h"

typedef struct PhComoments
{
	double		w;
	double		w2;
	double		my;
	double		my_lo;
	double		mx;
	double		mx_lo;
	double		syy;
	double		sxx;
	double		sxy;
} PhComoments;

/*
 * A sum of squares at or below this has lost digits to underflow (deviations of about 1e-146):
 * the side counts as constant.
 */
#define PH_CONSTANT (DBL_MIN / DBL_EPSILON)

/*
 * Weights beyond this, or squared weights below its inverse, are refused, so that the number of
 * observations (Σw)²/Σw² is always a number.
 */
#define PH_WEIGHT_LIMIT 1e100

/* The slow ways out of adding and merging: something was not finite. */
extern PhStatus ph_comoments_settle_add(PhComoments *c, double y, double x);
extern PhStatus ph_comoments_settle_merge(PhComoments *c, const PhComoments *a,
										  const PhComoments *b);

/* A side met a value that is not finite: NaN, in one spelling, so that equal states have equal bytes. */
extern void ph_comoments_poison(PhComoments *c, bool y, bool x);

/* (hi, lo) += d, keeping hi the sum rounded to double (Knuth's two-sum, then Dekker's). */
static inline void
ph_mean_shift(double *hi, double *lo, double d)
{
	double		s = *hi + d;
	double		t = s - *hi;
	double		e = (*hi - (s - t)) + (d - t) + *lo;

	*hi = s + e;
	*lo = e - (*hi - s);
}

/*
 * Sums in progress may keep what rounding takes from them in low words, to be added at the end
 * (Knuth's two-sum): the error of many additions is then that of one.
 */
typedef struct PhLow
{
	double		syy;
	double		sxx;
	double		sxy;
} PhLow;

/* What is lost by rounding hi + term to sum. */
static inline double
ph_sum_low(double hi, double term, double sum)
{
	double		t = sum - hi;

	return (hi - (sum - t)) + (term - t);
}

static inline void
ph_comoments_single(PhComoments *c, double y, double x, double w)
{
	c->w = w;
	c->w2 = w * w;
	c->my = y;
	c->mx = x;
	c->my_lo = c->mx_lo = 0;
	/* 0 for a finite value, NaN for any other */
	c->syy = y - y;
	c->sxx = x - x;
	c->sxy = c->syy + c->sxx;
}

/* Add one observation of weight w > 0; low is NULL, or the low words of c. */
static inline PhStatus
ph_comoments_add_low(PhComoments *c, PhLow *low, double y, double x, double w)
{
	if (c->w == 0)
		ph_comoments_single(c, y, x, w);
	else
	{
		double		total = c->w + w;
		double		f = w / total;
		double		g = c->w * f;
		double		dy = (y - c->my) - c->my_lo;
		double		dx = (x - c->mx) - c->mx_lo;
		double		syy = c->syy + g * dy * dy;
		double		sxx = c->sxx + g * dx * dx;
		double		sxy = c->sxy + g * dy * dx;

		if (low)
		{
			low->syy += ph_sum_low(c->syy, g * dy * dy, syy);
			low->sxx += ph_sum_low(c->sxx, g * dx * dx, sxx);
			low->sxy += ph_sum_low(c->sxy, g * dy * dx, sxy);
		}
		c->syy = syy;
		c->sxx = sxx;
		c->sxy = sxy;
		ph_mean_shift(&c->my, &c->my_lo, dy * f);
		ph_mean_shift(&c->mx, &c->mx_lo, dx * f);
		c->w = total;
		c->w2 += w * w;
	}
	if (!(c->syy + c->sxx <= DBL_MAX))
		return ph_comoments_settle_add(c, y, x);
	return PH_OK;
}

static inline PhStatus
ph_comoments_add(PhComoments *c, double y, double x, double w)
{
	return ph_comoments_add_low(c, NULL, y, x, w);
}

/*
 * c = a + b.  Fastest and closest when a has the larger weight; c may be a or b.  low is NULL, or
 * the low words of a, which become those of c.
 */
static inline PhStatus
ph_comoments_merge_low(PhComoments *c, const PhComoments *a, PhLow *low, const PhComoments *b)
{
	PhComoments r;

	if (a->w == 0 || b->w == 0)
	{
		*c = a->w == 0 ? *b : *a;
		return PH_OK;
	}
	else
	{
		double		total = a->w + b->w;
		double		f = b->w / total;
		double		g = a->w * f;
		double		dy = (b->my - a->my) + (b->my_lo - a->my_lo);
		double		dx = (b->mx - a->mx) + (b->mx_lo - a->mx_lo);
		double		tyy = b->syy + g * dy * dy;
		double		txx = b->sxx + g * dx * dx;
		double		txy = b->sxy + g * dy * dx;

		r.w = total;
		r.w2 = a->w2 + b->w2;
		r.syy = a->syy + tyy;
		r.sxx = a->sxx + txx;
		r.sxy = a->sxy + txy;
		if (low)
		{
			low->syy += ph_sum_low(a->syy, tyy, r.syy);
			low->sxx += ph_sum_low(a->sxx, txx, r.sxx);
			low->sxy += ph_sum_low(a->sxy, txy, r.sxy);
		}
		r.my = a->my;
		r.my_lo = a->my_lo;
		r.mx = a->mx;
		r.mx_lo = a->mx_lo;
		ph_mean_shift(&r.my, &r.my_lo, dy * f);
		ph_mean_shift(&r.mx, &r.mx_lo, dx * f);
	}
	if (!(r.syy + r.sxx <= DBL_MAX && r.w <= PH_WEIGHT_LIMIT))
	{
		PhStatus	status = ph_comoments_settle_merge(&r, a, b);

		if (status != PH_OK)
			return status;
	}
	*c = r;
	return PH_OK;
}

static inline PhStatus
ph_comoments_merge(PhComoments *c, const PhComoments *a, const PhComoments *b)
{
	return ph_comoments_merge_low(c, a, NULL, b);
}

/* Sums with their low words, which may be NaN by any sign when a side is. */
static inline void
ph_comoments_settle_low(PhComoments *c, const PhLow *low)
{
	c->syy += low->syy;
	c->sxx += low->sxx;
	c->sxy += low->sxy;
	if (isnan(c->syy) || isnan(c->sxx))
		ph_comoments_poison(c, isnan(c->syy), isnan(c->sxx));
}

/*
 * Statistics.  Each returns false where there is no answer (SQL's NULL); else *out is the answer,
 * NaN where an observation that enters it was not finite, infinite where it is out of range.
 */
extern double ph_observations(const PhComoments *c);
extern bool ph_corr(const PhComoments *c, double *out);
extern bool ph_covariance(const PhComoments *c, double *out);
extern bool ph_hedge_ratio(const PhComoments *c, double *out);
extern bool ph_intercept(const PhComoments *c, double *out);
extern bool ph_volatility_y(const PhComoments *c, double *out);
extern bool ph_volatility_x(const PhComoments *c, double *out);
extern bool ph_hedging_effectiveness(const PhComoments *c, double *out);
extern bool ph_hedging_effectiveness_at(const PhComoments *c, double ratio, double *out);
extern bool ph_residual_volatility(const PhComoments *c, double *out);
extern bool ph_residual_volatility_at(const PhComoments *c, double ratio, double *out);
extern bool ph_corr_interval(const PhComoments *c, double level, double *low, double *high);

/* The same interval from ρ and n alone; z is the normal quantile of (1 + level) / 2. */
extern bool ph_fisher_interval(double corr, double n, double z, double *low, double *high);

/* y and x change places. */
static inline void
ph_comoments_swap(PhComoments *c)
{
	PhComoments s = *c;

	c->my = s.mx;
	c->my_lo = s.mx_lo;
	c->mx = s.my;
	c->mx_lo = s.my_lo;
	c->syy = s.sxx;
	c->sxx = s.syy;
}

/* Could these numbers have come from observations?  For input from outside. */
extern bool ph_comoments_valid(const PhComoments *c);

#endif							/* PH_COMOMENTS_H */
