/*
 * risk.h
 *	  Risk of a whole portfolio from a matrix, and from its history.
 *
 *	a_i = e_i·σ_i         risk of leg i, signed
 *	R                     correlations, 1 on the diagonal; 0 where a correlation is undefined
 *	gross                 Σ|a_i|
 *	uncorrelated          √Σ a_i²
 *	net                   √(a'Ra)
 *	marginal risk         ∂net/∂e_i = σ_i·(Ra)_i / net
 *	contribution          e_i·∂net/∂e_i = a_i·(Ra)_i / net; they sum to net
 *	risk_offset           uncorrelated − net = −Σ_{i≠j} a_i·ρ_ij·a_j / (uncorrelated + net)
 *	diversification       gross − uncorrelated = Σ_{i≠j} |a_i·a_j| / (gross + uncorrelated)
 *
 * The last two from sums without the squares, since a difference would lose all digits where one
 * leg is much larger than the others.
 *
 * (Euler's theorem on functions homogeneous of degree one; D. Tasche, Risk contributions and
 * performance measurement, 1999.)
 *
 * a'Ra can be negative if R, put together pair by pair, is not positive semi-definite. What
 * rounding makes negative is 0; what is more negative than that is no risk at all, and is said so.
 *
 * From history: of n profits and losses x_1 <= x_2 <= ..., with m = (1 − level)·n and
 * k = max(1, ⌈m⌉), value at risk is −x_k and expected shortfall is the mean of the worst share
 * 1 − level, −(x_1 + ... + x_{k−1} + (m − k + 1)·x_k)/m, or −x_1 where m < 1 (C. Acerbi,
 * D. Tasche, On the coherence of expected shortfall, Journal of Banking and Finance 26, 2002,
 * eq. 4.8): continuous in level, and never below value at risk. A loss is positive.
 */
#ifndef PH_RISK_H
#define PH_RISK_H

#include "offsets.h"

typedef struct PhRisk
{
	double		gross;
	double		uncorrelated;
	double		net;
	double		diversification;
	double		risk_offset;
} PhRisk;

/* A sum hi + lo, lo being what rounding took off hi. */
typedef struct PhSum
{
	double		hi;
	double		lo;
} PhSum;

/* The power of two next to the largest |a_i|, so that a_i / scale is exact; 0 if there is no risk. */
extern double ph_risk_scale(const PhLeg *leg, int n);

/*
 * Adds what leg i and legs 0 ... i - 1 are to each other: others[i] becomes Σ_{j≠i} ρ_ij·a_j / scale
 * when all rows are added to zeros. One row a call, so that a caller can stop between two.
 */
extern void ph_risk_row(const PhMatrix *m, const PhLeg *leg, int i, double scale, PhSum *others);

/*
 * From all rows; assets is the matrix's number of them. False if a'Ra is negative, by more than
 * ph_is_psd() lets pass as rounding: then net and risk_offset are NaN.
 */
extern bool ph_risk(const PhLeg *leg, int n, int assets, const PhSum *others, double scale,
					PhRisk *risk);

/* σ_i·(Ra)_i / net; net > 0. */
extern double ph_marginal_risk(const PhLeg *leg, const PhSum *others, double scale, double net);

/*
 * Sums of h >= 1 consecutive elements of x[n], those with a NaN or an infinity in them left out;
 * returns how many. sum[n - h + 1]; may be NULL.
 */
extern int	ph_window_sums(const double *x, int n, int h, double *sum);

/* x[n] ascending, n > 0. Each may be infinite. */
extern double ph_value_at_risk(const double *x, int n, double level);
extern double ph_expected_shortfall(const double *x, int n, double level);

#endif							/* PH_RISK_H */
