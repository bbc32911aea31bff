/*
 * greeks.c
 *	  European options; formulas and letters are in greeks.h.
 */
#include "greeks.h"

#include <float.h>
#include <math.h>

#define SQRT_HALF 0.70710678118654752440
#define SQRT_2_PI 0.79788456080286535588	/* √(2/π) */

static double
cdf(double z)
{
	return 0.5 * erfc(-z * SQRT_HALF);
}

static double
density(double z)
{
	return 0.5 * SQRT_2_PI * exp(-z * z / 2);
}

/*
 * 1/(z + 2/(z + 3/(z + ...))), z >= 3: Mills' ratio is 1/(z + it) (P. S. Laplace; M. Abramowitz,
 * I. A. Stegun, Handbook of Mathematical Functions, 26.2.14).
 */
static double
fraction(double z)
{
	double		w = 0;

	for (int k = 6 + (int) (155 / z); k >= 1; k--)	/* as many as z needs */
		w = k / (z + w);
	return w;
}

/* Y(z), z <= 1 or so: it grows like e^(z²/2). */
static double
scaled(double z)
{
	if (z > -3)
		return exp(z * z / 2) * erfc(-z * SQRT_HALF);
	return SQRT_2_PI / (-z + fraction(-z));
}

/* Y'(z) = √(2/π)·(1 − |z|/(|z| + w)) for z < 0, without the difference. */
static double
scaled_slope(double z)
{
	double		w;

	if (z > -3)
		return SQRT_2_PI + z * scaled(z);
	w = fraction(-z);
	return SQRT_2_PI * (w / (-z + w));
}

/* Y(h + t) − Y(h − t), h <= 0, t > 0. */
static double
difference(double h, double t)
{
	static const double node[4] = {0.18343464249564980494, 0.52553240991632898582,
	0.79666647741362673959, 0.96028985649753623168};
	static const double weight[4] = {0.36268378337836198297, 0.31370664587788728734,
	0.22238103445337447054, 0.10122853629037625915};
	double		sum = 0;

	if (t > 0.5)
		return scaled(h + t) - scaled(h - t);
	for (int i = 0; i < 4; i++)
		sum += weight[i] * (scaled_slope(h + t * node[i]) + scaled_slope(h - t * node[i]));
	return t * sum;
}

/*
 * ln b, and its derivative by s. For large s, where Y would overflow, b is near e^(x/2) and the
 * difference costs nothing.
 */
static double
log_black(double x, double s, double *slope)
{
	double		h = x / s;
	double		t = s / 2;
	double		d;

	if (h + t > 1)
	{
		double		b = exp(x / 2) * cdf(h + t) - exp(-x / 2) * cdf(h - t);

		*slope = 0.5 * SQRT_2_PI * exp(-(h * h + t * t) / 2) / b;
		return log(b);
	}
	d = difference(h, t);
	*slope = SQRT_2_PI / d;
	return log(d / 2) - (h * h + t * t) / 2;
}

double
ph_black(double x, double s)
{
	double		h = x / s;
	double		t = s / 2;

	if (s == 0)
		return 0;
	if (isinf(s))
		return exp(x / 2);
	if (h + t > 1)
		return exp(x / 2) * cdf(h + t) - exp(-x / 2) * cdf(h - t);
	return 0.5 * exp(-(h * h + t * t) / 2) * difference(h, t);
}

double
ph_black_inverse(double x, double b)
{
	double		most = exp(x / 2);
	double		middle = sqrt(-2 * x);	/* the point of inflection */
	double		at_middle = middle > 0 ? ph_black(x, middle) : 0;
	bool		below = b < at_middle;
	bool		above = b > (at_middle + most) / 2;
	double		goal = log(b);
	double		left = log(most - b);	/* of what is left to the limit */
	double		low = below ? 0 : middle;
	double		high = below ? middle : fmax(middle, 1);
	double		s;
	double		before = INFINITY;

	while (!below && ph_black(x, high) < b && high < 100)
	{
		low = high;
		high *= 2;
	}
	s = below ? middle : low + (high - low) / 2;
	for (int i = 0; i < 200; i++)
	{
		double		slope;
		double		value = log_black(x, s, &slope);
		double		step;

		if (value < goal)
			low = s;
		else
			high = s;
		if (below)
			/* 1/ln b, whose derivative is −slope/ln² b */
			step = value * (value / goal - 1) / slope;
		else if (above)
		{
			double		h = x / s;
			double		t = s / 2;
			double		rest = exp(x / 2) * cdf(-h - t) + exp(-x / 2) * cdf(h - t);

			step = (log(rest) - left) * rest / density(h) * exp(t * t / 2);
		}
		else
			step = (goal - value) / slope;
		if (fabs(step) <= 0.5 * DBL_EPSILON * s)
			break;
		/* within the bracket, and not for ever by little */
		if (!(s + step > low && s + step < high) || (i > 20 && fabs(step) > before / 2))
			step = (low > 0 ? sqrt(low) * sqrt(high) : high / 16) - s;
		before = fabs(step);
		if (s + step == s || high - low <= DBL_EPSILON * low)
			break;
		s += step;
	}
	return s;
}

/* amount·e^−x, with all its digits also where e^−x has few or is out of range. */
static double
discounted(double amount, double x)
{
	double		factor = exp(-x);

	return isnormal(factor) ? amount * factor : amount * exp(-x / 2) * exp(-x / 2);
}

/* ln(F/K), also where S/K or r − q is out of the range of double, or has few digits there. */
static double
log_forward(const PhOption *o)
{
	double		ratio = o->spot / o->strike;
	double		growth = o->rate - o->yield;

	return (isnormal(ratio) ? log(ratio) : log(o->spot) - log(o->strike)) +
		(isfinite(growth) ? growth * o->years : o->rate * o->years - o->yield * o->years);
}

void
ph_greeks(const PhOption *o, PhGreeks *g)
{
	double		s = o->volatility * sqrt(o->years);
	double		carry = exp(-o->yield * o->years);
	double		spot = discounted(o->spot, o->yield * o->years);	/* D·F */
	double		strike = discounted(o->strike, o->rate * o->years);
	double		sign = o->call ? 1 : -1;
	double		x = log_forward(o);
	double		in_money = sign * (spot - strike);
	double		d1;
	double		d2;
	double		vega;

	if (isnan(x) || isinf(spot) || isinf(strike))	/* out of range */
	{
		g->price = g->delta = g->gamma = g->vega = g->theta = g->rho = NAN;
		return;
	}
	if (s == 0)
	{
		bool		in = sign * x > 0;

		g->price = fmax(in_money, 0);
		if (x == 0)
		{
			g->delta = g->gamma = g->vega = g->theta = g->rho = NAN;
			return;
		}
		g->delta = in ? sign * carry : 0;
		g->gamma = g->vega = 0;
		g->theta = in ? sign * (o->yield * spot - o->rate * strike) : 0;
		g->rho = in ? sign * o->years * strike : 0;
		return;
	}
	d1 = x / s + s / 2;
	d2 = x / s - s / 2;
	g->price = sqrt(spot) * sqrt(strike) * ph_black(-fabs(x), s);
	if (sign * x > 0)
		g->price += in_money;
	g->delta = sign * carry * cdf(sign * d1);
	g->gamma = carry * density(d1) / (o->spot * s);
	vega = spot * density(d1);
	g->vega = vega * sqrt(o->years);
	g->theta = -vega * o->volatility / (2 * sqrt(o->years)) +
		sign * (o->yield * spot * cdf(sign * d1) - o->rate * strike * cdf(sign * d2));
	g->rho = sign * o->years * strike * cdf(sign * d2);
}

bool
ph_implied_volatility(const PhOption *o, double price, double *volatility)
{
	double		spot = discounted(o->spot, o->yield * o->years);
	double		strike = discounted(o->strike, o->rate * o->years);
	double		x = log_forward(o);
	double		sign = o->call ? 1 : -1;
	double		value = price;	/* of the option out of the money */
	double		b;

	if (o->years == 0 || !(price < (o->call ? spot : strike)))
		return false;
	if (sign * x > 0)
		value -= sign * (spot - strike);
	if (!(value >= 0))
		return false;
	b = value / sqrt(spot) / sqrt(strike);
	if (!(b < exp(-fabs(x) / 2)))
		return false;
	*volatility = b == 0 ? 0 : ph_black_inverse(-fabs(x), b) / sqrt(o->years);
	return true;
}
