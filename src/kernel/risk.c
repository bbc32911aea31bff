/*
 * risk.c
 *	  Risk of a portfolio; formulas and letters are in risk.h.
 */
#include "risk.h"

/* Adds x, with the error of each addition (D. Knuth, The Art of Computer Programming 2, 4.2.2). */
static inline void
add(PhSum *sum, double x)
{
	double		hi = sum->hi + x;
	double		part = hi - sum->hi;

	sum->lo += (sum->hi - (hi - part)) + (x - part);
	sum->hi = hi;
}

double
ph_risk_scale(const PhLeg *leg, int n)
{
	double		largest = 0;
	int			exponent;

	for (int i = 0; i < n; i++)
		largest = fmax(largest, fabs(leg[i].a));
	if (largest == 0)
		return 0;
	(void) frexp(largest, &exponent);
	return ldexp(1, exponent - 1);
}

void
ph_risk_row(const PhMatrix *m, const PhLeg *leg, int i, double scale, PhSum *others)
{
	double		a = leg[i].a / scale;
	PhSum		sum = others[i];
	double		corr;
	double		observations;

	for (int j = 0; j < i; j++)
		if (ph_leg_corr(m, &leg[i], &leg[j], &corr, &observations))
		{
			add(&sum, corr * (leg[j].a / scale));
			add(&others[j], corr * a);
		}
	others[i] = sum;
}

bool
ph_risk(const PhLeg *leg, int n, int assets, const PhSum *others, double scale, PhRisk *risk)
{
	double		gross = 0;
	double		products = 0;	/* Σ_{i≠j} |a_i·a_j| */
	PhSum		squares = {0, 0};
	PhSum		cross = {0, 0}; /* Σ_{i≠j} a_i·ρ_ij·a_j */
	double		form;
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

		products += 2 * fabs(a) * gross;
		gross += fabs(a);
		add(&squares, a * a);
		add(&cross, a * others[i].hi);
		add(&cross, a * others[i].lo);
	}
	uncorrelated = sqrt(squares.hi + squares.lo);
	risk->gross = scale * gross;
	risk->uncorrelated = scale * uncorrelated;
	risk->diversification = scale * (products / (gross + uncorrelated));

	/*
	 * Each of n² products, none above its share of gross², is off by a few rounding errors; and
	 * R's smallest eigenvalue may be as far below zero as ph_is_psd() allows, its largest being at
	 * most the number of assets.
	 */
	form = (squares.hi + cross.hi) + (squares.lo + cross.lo);
	if (form < -DBL_EPSILON * (4 * n * gross * gross + 8.0 * assets * assets * squares.hi))
	{
		risk->net = risk->risk_offset = NAN;
		return false;
	}
	net = form > 0 ? sqrt(form) : 0;
	risk->net = scale * net;
	risk->risk_offset = scale *
		(net == 0 ? uncorrelated : (0 - (cross.hi + cross.lo)) / (uncorrelated + net));
	return true;
}

double
ph_marginal_risk(const PhLeg *leg, const PhSum *others, double scale, double net)
{
	return leg->sigma * ((leg->a / scale + others->hi + others->lo) / (net / scale));
}

/*
 * Chunks as long as a window, as in rolling_pairs.h: a window is a suffix of one and a prefix of
 * the next, so nothing is subtracted, and nothing of a large element stays behind.  Suffixes wait
 * where sums will stand, which never come later than their windows' starts.
 */
int
ph_window_sums(const double *x, int n, int h, double *sum)
{
	int			windows = 0;
	int			run = 0;		/* how many elements up to i have a value */
	double		suffix = 0,
				prefix = 0;

	for (int i = n - 1, place = i % h; sum != NULL && i >= 0; i--)
	{
		suffix = x[i] + (place == h - 1 ? 0 : suffix);
		if (i <= n - h)
			sum[i] = suffix;
		place = place == 0 ? h - 1 : place - 1;
	}
	for (int i = 0, place = 0; i < n; i++)
	{
		bool		last = place == h - 1;	/* of its chunk, which is then the window */

		run = isfinite(x[i]) ? run + 1 : 0;
		prefix = x[i] + (place == 0 ? 0 : prefix);
		place = last ? 0 : place + 1;
		if (run < h)
			continue;
		if (sum != NULL)
			sum[windows] = sum[i - h + 1] + (last ? 0 : prefix);
		windows++;
	}
	return windows;
}

/* The allowance makes the worst 1 of 100 at a level of 0.99, though 1 − 0.99 > 0.01 in binary. */
static int
worst_count(int n, double level)
{
	double		k = ceil((1 - level) * n - 1e-9 * n);

	return k < 1 ? 1 : k > n ? n : (int) k;
}

double
ph_value_at_risk(const double *x, int n, double level)
{
	return 0 - x[worst_count(n, level) - 1];
}

double
ph_expected_shortfall(const double *x, int n, double level)
{
	int			k = worst_count(n, level);
	double		m = fmin((1 - level) * n, k);	/* above k by a rounding, where k = m */
	double		mean;

	if (m <= 1)
		return 0 - x[0];
	mean = (m - (k - 1)) / m * x[k - 1];
	for (int i = 0; i < k - 1; i++)
		mean += x[i] / m;
	return 0 - mean;
}
