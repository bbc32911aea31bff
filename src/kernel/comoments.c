/*
 * comoments.c
 *	  Co-moments of a pair: special values, statistics, validity.  See comoments.h.
 */
#include "comoments.h"

#include "normal.h"

void
ph_comoments_poison(PhComoments *c, bool y, bool x)
{
	if (y)
	{
		c->my = c->syy = c->sxy = NAN;
		c->my_lo = 0;
	}
	if (x)
	{
		c->mx = c->sxx = c->sxy = NAN;
		c->mx_lo = 0;
	}
}

/*
 * A sum is not finite.  That is an overflow unless a side that is not finite says why.
 */
static PhStatus
settle(PhComoments *c, bool y_poisoned, bool x_poisoned)
{
	ph_comoments_poison(c, y_poisoned, x_poisoned);
	if ((!y_poisoned && !isfinite(c->syy)) || (!x_poisoned && !isfinite(c->sxx)))
		return PH_OVERFLOW;
	return PH_OK;
}

/* A poisoned side has a NaN mean from then on; finite means never become NaN by themselves,
 * since a difference that overflows makes the sum of squares infinite first and is refused. */
PhStatus
ph_comoments_settle_add(PhComoments *c, double y, double x)
{
	bool		y_poisoned = !isfinite(y) || (isnan(c->my) && isnan(c->syy));
	bool		x_poisoned = !isfinite(x) || (isnan(c->mx) && isnan(c->sxx));

	return settle(c, y_poisoned, x_poisoned);
}

PhStatus
ph_comoments_settle_merge(PhComoments *c, const PhComoments *a, const PhComoments *b)
{
	if (c->w > PH_WEIGHT_LIMIT)
		return PH_OVERFLOW;
	return settle(c, isnan(a->syy) || isnan(b->syy), isnan(a->sxx) || isnan(b->sxx));
}

double
ph_observations(const PhComoments *c)
{
	/* Kish's effective number; exactly n for unit weights */
	return c->w == c->w2 ? c->w : c->w * (c->w / c->w2);
}

/*
 * What sums are divided by: n − 1 for unit weights, Σw − Σw²/Σw (unbiased for reliability
 * weights) for any.  Zero or less: fewer than two observations.
 */
static double
freedom(const PhComoments *c)
{
	if (!(c->w > 0))
		return 0;
	return c->w == c->w2 ? c->w - 1 : c->w - c->w2 / c->w;
}

/*
 * √(a·b) with one rounding less than √a·√b, so that a series with itself correlates by exactly 1.
 * Out of range, powers of two are taken out first.
 */
static double
geometric_mean(double a, double b)
{
	double		product = a * b;
	int			ea,
				eb;

	if (product >= PH_CONSTANT && product <= DBL_MAX)
		return sqrt(product);
	if (!(a <= DBL_MAX && b <= DBL_MAX))
		return NAN;
	product = frexp(a, &ea) * frexp(b, &eb);
	if ((ea + eb) % 2 != 0)
	{
		product *= 2;
		ea--;
	}
	return ldexp(sqrt(product), (ea + eb) / 2);
}

/* Pearson's r.  No answer when a side is constant, which fewer than two observations always are. */
bool
ph_corr(const PhComoments *c, double *out)
{
	double		r;

	if (c->syy <= PH_CONSTANT || c->sxx <= PH_CONSTANT)
		return false;
	r = c->sxy / geometric_mean(c->syy, c->sxx);
	*out = r > 1 ? 1 : r < -1 ? -1 : r;
	return true;
}

bool
ph_covariance(const PhComoments *c, double *out)
{
	double		f = freedom(c);

	if (!(f > 0))
		return false;
	*out = c->sxy / f;
	return true;
}

/* Minimum-variance hedge ratio: cov(y, x) / var(x). */
bool
ph_hedge_ratio(const PhComoments *c, double *out)
{
	if (c->sxx <= PH_CONSTANT)
		return false;
	*out = c->sxy / c->sxx;
	return true;
}

/* mean of y − h·x */
bool
ph_intercept(const PhComoments *c, double *out)
{
	double		h;

	if (!ph_hedge_ratio(c, &h))
		return false;
	*out = (c->my - h * c->mx) + (c->my_lo - h * c->mx_lo);
	return true;
}

static bool
volatility(const PhComoments *c, double s, double *out)
{
	double		f = freedom(c);

	if (!(f > 0))
		return false;
	*out = sqrt(s / f);
	return true;
}

bool
ph_volatility_y(const PhComoments *c, double *out)
{
	return volatility(c, c->syy, out);
}

bool
ph_volatility_x(const PhComoments *c, double *out)
{
	return volatility(c, c->sxx, out);
}

/*
 * 1 − var(y − h·x) / var(y).  At the minimum-variance ratio this is r²; at another h it is
 * h·(2·sxy − h·sxx) / syy, below zero when the hedge adds risk.
 */
bool
ph_hedging_effectiveness(const PhComoments *c, double *out)
{
	double		r;

	if (!ph_corr(c, &r))
		return false;
	*out = r * r;
	return true;
}

bool
ph_hedging_effectiveness_at(const PhComoments *c, double ratio, double *out)
{
	if (c->syy <= PH_CONSTANT)
		return false;
	*out = ratio * (2 * c->sxy - ratio * c->sxx) / c->syy;
	return true;
}

bool
ph_residual_volatility(const PhComoments *c, double *out)
{
	double		r;

	if (c->sxx <= PH_CONSTANT)
		return false;
	if (!ph_corr(c, &r))
		r = 0;					/* y is constant: nothing to hedge, nothing left */
	return volatility(c, c->syy * ((1 - r) * (1 + r)), out);
}

bool
ph_residual_volatility_at(const PhComoments *c, double ratio, double *out)
{
	double		s = c->syy - ratio * (2 * c->sxy - ratio * c->sxx);

	return volatility(c, s < 0 ? 0 : s, out);
}

/*
 * Fisher (1921): atanh(r) is nearly normal with standard deviation 1 / sqrt(n − 3).
 */
bool
ph_fisher_interval(double corr, double n, double z, double *low, double *high)
{
	double		centre,
				half;

	if (!(n > 3) || isnan(corr))
		return false;
	if (fabs(corr) == 1)
	{
		*low = *high = corr;
		return true;
	}
	centre = atanh(corr);
	half = z / sqrt(n - 3);
	*low = tanh(centre - half);
	*high = tanh(centre + half);
	return true;
}

bool
ph_corr_interval(const PhComoments *c, double level, double *low, double *high)
{
	double		r;

	if (!ph_corr(c, &r))
		return false;
	return ph_fisher_interval(r, ph_observations(c), ph_normal_quantile(0.5 + level / 2),
							  low, high);
}

static bool
side_valid(double m, double lo, double s)
{
	if (isnan(m))
		return lo == 0 && isnan(s);
	return isfinite(m) && fabs(lo) <= fabs(m) * DBL_EPSILON && s >= 0 && s <= DBL_MAX;
}

bool
ph_comoments_valid(const PhComoments *c)
{
	double		lost;

	if (!(c->w > 0 && c->w <= PH_WEIGHT_LIMIT && c->w2 >= 1 / PH_WEIGHT_LIMIT))
		return false;
	/* (Σw)² ≥ Σw², up to rounding */
	if (!(c->w * (c->w / c->w2) >= 1 - 1e-9))
		return false;
	if (!side_valid(c->my, c->my_lo, c->syy) || !side_valid(c->mx, c->mx_lo, c->sxx))
		return false;
	if (isnan(c->syy) || isnan(c->sxx))
		return isnan(c->sxy);
	/*
	 * Cauchy and Schwarz, up to rounding and to what squares lose to underflow before products do. That
	 * grows with the weight, so that what is merged of valid values is valid.
	 */
	lost = PH_CONSTANT * fmax(1, c->w);
	return fabs(c->sxy) <= sqrt(c->syy + lost) * sqrt(c->sxx + lost) * (1 + 1e-9);
}
