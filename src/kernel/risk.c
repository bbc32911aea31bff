/*
 * risk.c
 *	  Risk of a portfolio; formulas and letters are in risk.h.
 */
#include "risk.h"

#include <stdlib.h>

double
ph_risk_row(const PhMatrix *m, const PhLeg *leg, int n, int i, double scale)
{
	double		sum = leg[i].a / scale;
	double		corr;
	double		observations;

	for (int j = 0; j < n; j++)
		if (j != i && leg[j].a != 0 &&
			ph_leg_corr(m, &leg[i], &leg[j], &corr, &observations))
			sum += corr * (leg[j].a / scale);
	return sum;
}

double
ph_risk_scale(const PhLeg *leg, int n)
{
	double		scale = 0;

	for (int i = 0; i < n; i++)
		scale = fmax(scale, fabs(leg[i].a));
	return scale;
}

bool
ph_risk(const PhLeg *leg, int n, const double *ra, double scale, PhRisk *risk)
{
	double		gross = 0;
	double		squares = 0;
	double		form = 0;
	double		cross = 0;
	double		net;
	double		uncorrelated;

	if (scale == 0)
	{
		risk->gross = risk->uncorrelated = risk->net = 0;
		risk->diversification = risk->risk_offset = 0;
		return true;
	}
	for (int i = 0; i < n; i++)
	{
		double		a = leg[i].a / scale;

		gross += fabs(a);
		squares += a * a;
		form += a * ra[i];
		cross += a * (ra[i] - a);
	}
	uncorrelated = sqrt(squares);
	risk->gross = scale * gross;
	risk->uncorrelated = scale * uncorrelated;
	risk->diversification = scale * (gross - uncorrelated);

	/* Each of n² products, none above its share of gross², is off by a few rounding errors. */
	if (form < -4 * n * DBL_EPSILON * gross * gross)
	{
		risk->net = risk->risk_offset = NAN;
		return false;
	}
	net = form > 0 ? sqrt(form) : 0;
	risk->net = scale * net;
	/* uncorrelated − net without cancellation: net² − uncorrelated² = 2 Σ a_i·ρ_ij·a_j, i < j */
	risk->risk_offset = scale * (net == 0 ? uncorrelated : -cross / (uncorrelated + net));
	return true;
}

double
ph_marginal_risk(const PhLeg *leg, double ra, double scale, double net)
{
	return leg->sigma * (ra / (net / scale));
}

int
ph_window_sums(const double *x, int n, int h, double *sum)
{
	int			windows = 0;
	int			run = 0;		/* how many elements up to i have a value */

	for (int i = 0; i < n; i++)
	{
		double		s = 0;

		run = isfinite(x[i]) ? run + 1 : 0;
		if (run < h)
			continue;
		/* summed anew each time: nothing of a large element stays behind */
		if (sum != NULL)
		{
			for (int j = i - h + 1; j <= i; j++)
				s += x[j];
			sum[windows] = s;
		}
		windows++;
	}
	return windows;
}

static int
compare(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* The allowance makes the worst 1 of 100 at a level of 0.99, though 1 − 0.99 > 0.01 in binary. */
static int
worst_count(int n, double level)
{
	double		k = ceil((1 - level) * n - 1e-9 * n);

	return k < 1 ? 1 : k > n ? n : (int) k;
}

double
ph_value_at_risk(double *x, int n, double level)
{
	qsort(x, (size_t) n, sizeof(double), compare);
	return 0 - x[worst_count(n, level) - 1];
}

double
ph_expected_shortfall(double *x, int n, double level)
{
	int			k = worst_count(n, level);
	double		mean = 0;

	qsort(x, (size_t) n, sizeof(double), compare);
	for (int i = 0; i < k; i++)
		mean += x[i] / k;
	return 0 - mean;
}
