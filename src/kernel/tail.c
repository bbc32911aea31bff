/*
 * tail.c
 *	  Upper tails of distributions.  See tail.h.
 */
#include "tail.h"

#include <float.h>
#include <math.h>

double
ph_normal_tail(double z)
{
	return 0.5 * erfc(z * 0.70710678118654752440);
}

/*
 * A. N. Kolmogorov (1933):
 *
 *		P(sup |B| > x) = 2·Σ_{j≥1} (−1)^(j−1)·exp(−2j²x²)
 *					   = 1 − √(2π)/x·Σ_{j≥1} exp(−(2j − 1)²π²/(8x²))
 *
 * the first fast for large x, the second (Jacobi's theta identity) for small.
 */
double
ph_bridge_tail(double x)
{
	const double pi = 3.14159265358979323846;
	double		sum = 0;

	if (!(x > 0))
		return isnan(x) ? x : 1;
	if (x < 1)
	{
		for (int j = 1; j < 20; j += 2)
			sum += exp(-(double) (j * j) * pi * pi / (8 * x * x));
		return 1 - sqrt(2 * pi) / x * sum;
	}
	for (int j = 1; j <= 8; j++)
		sum += (j % 2 ? 2 : -2) * exp(-2.0 * (j * j) * x * x);
	return sum;
}

/*
 * The incomplete gamma function, Abramowitz and Stegun (1964): its series 6.5.29 below the mean
 * and its continued fraction 6.5.31 above it, the latter by W. J. Lentz (1976).
 */
double
ph_gamma_tail(double shape, double x)
{
	double		front;

	if (isnan(x) || !(shape > 0))
		return NAN;
	if (x <= 0)
		return 1;
	if (isinf(x))
		return 0;
	front = exp(shape * log(x) - x - lgamma(shape));
	if (x < shape + 1)
	{
		double		term = 1 / shape,
					sum = term;

		for (int k = 1; k < 10000 && term > sum * DBL_EPSILON; k++)
		{
			term *= x / (shape + k);
			sum += term;
		}
		sum = 1 - front * sum;
		return sum < 0 ? 0 : sum;
	}
	else
	{
		double		b = x + 1 - shape,
					c = 1 / DBL_MIN,
					d = 1 / b,
					h = d;

		for (int k = 1; k < 10000; k++)
		{
			double		a = -k * (k - shape);
			double		step;

			b += 2;
			d = a * d + b;
			if (fabs(d) < DBL_MIN)
				d = DBL_MIN;
			c = b + a / c;
			if (fabs(c) < DBL_MIN)
				c = DBL_MIN;
			d = 1 / d;
			step = c * d;
			h *= step;
			if (fabs(step - 1) < 2 * DBL_EPSILON)
				break;
		}
		return front * h;
	}
}

/* Z(t) = sign(t)·(8ν + 1)/(8ν + 3)·√(ν·log(1 + t²/ν)) */
double
ph_student_normal(double t, double freedom)
{
	double		z = (8 * freedom + 1) / (8 * freedom + 3) * sqrt(freedom * log1p(t * t / freedom));

	return t < 0 ? -z : z;
}

double
ph_student_quantile(double z, double freedom)
{
	double		scaled = z * (8 * freedom + 3) / (8 * freedom + 1);
	double		t = sqrt(freedom * expm1(scaled * scaled / freedom));

	return z < 0 ? -t : t;
}
