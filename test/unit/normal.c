/*
 * normal.c
 *	  Quantiles of the normal distribution against published values, the inverse, the tails.
 */
#include <float.h>

#include "exact.h"
#include "normal.h"
#include "tap.h"

int
main(void)
{
	/* computed with 50 digits; those from 0.9 to 0.999 stand in every table */
	static const struct
	{
		double		p,
					z;
	}			known[] = {
		{0.9, 1.2815515655446005935},
		{0.95, 1.6448536269514722843},
		{0.975, 1.9599639845400538556},
		{0.99, 2.3263478740408407676},
		{0.995, 2.5758293035489004539},
		{0.999, 3.0902323061678132778},
		{0.6, 0.25334710313579974132},
		{0.5000001, 2.5066282733116483012e-7},
		{0.1, -1.2815515655446004353},
		{0.025, -1.9599639845400542118},
		{1e-3, -3.0902323061678135354},
		{1e-10, -6.3613409024040561991},
		{1e-100, -21.273453560965324294},
		{1e-300, -37.047096299361199237},
		{2.2250738585072014e-308, -37.519379347144499821},
		{1e-310, -37.663060331949523732},
		{0.9999999999999999, 8.2095361516013868556},
	};
	int			asymmetric = 0,
				descending = 0;
	double		worst = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		double		z = ph_normal_quantile(known[i].p);

		near(z, known[i].z, 4 * DBL_EPSILON * fmax(1, fabs(known[i].z)), "z(%g)", known[i].p);
	}
	near(ph_normal_quantile(0.5), 0, DBL_EPSILON, "the median is 0");
	ok(ph_normal_quantile(0) == -INFINITY && ph_normal_quantile(1) == INFINITY, "the ends are infinite");
	near(ph_normal_quantile(0x1p-1074), -38.4674, 1e-3, "the smallest probability, as well as erfc holds it");
	ok(isnan(ph_normal_quantile(-0.1)) && isnan(ph_normal_quantile(1.1)) && isnan(ph_normal_quantile(NAN)),
	   "NaN outside");

	for (int i = 0; i < 100000; i++)
	{
		/* p and 1 - p are both exact */
		double		p = (double) (1 + random_below(1 << 20)) * 0x1p-22;
		double		z = ph_normal_quantile(p);
		double		back = 0.5 * erfc(-z / sqrt(2));

		asymmetric += ph_normal_quantile(1 - p) != -z;
		descending += ph_normal_quantile(p + 0x1p-22) < z;
		worst = fmax(worst, fabs(back - p) / p);
	}
	ok(asymmetric == 0, "symmetric");
	ok(descending == 0, "ascending");
	ok(worst < 1e-14, "and the inverse of the distribution (%.1e)", worst);
	return done();
}
