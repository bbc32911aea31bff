/*
 * margin.h
 *	  Margin of a portfolio from weighted sensitivities, aggregated within buckets and across them.
 *
 *	WS_k    weighted sensitivity of leg k: risk weight × exposure, signed
 *	ρ_kl    correlation of two legs, 1 for k = l
 *	γ_bc    correlation of two buckets
 *
 *	K_b = √max(0, Σ_k Σ_l ρ_kl·WS_k·WS_l)					over the legs of bucket b
 *	S_b = Σ_k WS_k
 *	net = √(Σ_b K_b² + Σ_b Σ_{c≠b} X_bc),  X_bc = γ_bc·S_b·S_c
 *
 * and if what stands under the last root is negative, the same with the alternative
 *
 *	S_b = max(min(Σ_k WS_k, K_b), −K_b)
 *
 * (Basel Framework, MAR21.4(3) to (5), in force since January 2023).  That can be negative again if
 * γ is no matrix of correlations, that is, not positive semi-definite; then net is 0, and is said to be
 * floored.  Three scenarios of all ρ and γ (MAR21.6), of which the largest net counts (MAR21.7):
 *
 *	low     max(2ρ − 1, 0.75·ρ)
 *	medium  ρ
 *	high    min(1.25·ρ, 1), and not below −1, which the text leaves open
 *
 * Beyond the text: two legs whose correlation is not known add up in every scenario (PH_ADD_UP), and so
 * do two buckets, X_bc = K_b·K_c; and two buckets may be correlated leg by leg,
 * X_bc = Σ_k Σ_l ρ_kl·WS_k·WS_l, k in b and l in c, which is what buckets mean where nobody supplied a γ.
 *
 *	gross = Σ_k |WS_k|						no two legs offset or diversify each other
 *	credit = gross − net, and margin = gross − share·credit, share from 0 to 1 of what is granted
 *
 * 0 <= net <= gross, since no ρ or γ is beyond ±1.
 *
 * Euler contributions WS_k·∂margin/∂WS_k sum to the margin, since it is homogeneous of degree one
 * (D. Tasche, Risk contributions and performance measurement, 1999).  With (ρWS)_k = Σ_l ρ_kl·WS_l over
 * the bucket of k, (ρWS)'_k the same over buckets correlated leg by leg with it, κ_k = WS_k·(ρWS)_k / K_b,
 * which sum to K_b, and s_k, which sum to S_b: WS_k where S_b is the sum, ±κ_k where the alternative is
 * ±K_b,
 *
 *	of net		c_k = (WS_k·(ρWS)_k + WS_k·(ρWS)'_k + s_k·Σ_c γ_bc·S_c + κ_k·Σ_{c unknown} K_c) / net
 *
 * without the first term where K_b is floored at 0; all are 0 where net is 0.  Of the margin,
 * (1 − share)·|WS_k| + share·c_k.  Where two scenarios are equally bad, net has no derivative there: they
 * are those of the first in the order high, medium, low.  A pair's part of net is
 * 2·ρ_kl·WS_k·WS_l / net in a bucket and leg by leg, 2·γ_bc·s_k·s_l / net or 2·κ_k·κ_l / net across;
 * c_k is WS_k² / net plus half of its pairs.
 */
#ifndef PH_MARGIN_H
#define PH_MARGIN_H

#include "kernel.h"

typedef enum PhScenario
{
	PH_LOW, PH_MEDIUM, PH_HIGH, PH_SCENARIOS
} PhScenario;

/* Correlation of two legs that is not known: this or its negative, as their signs have it. */
#define PH_ADD_UP 2.0

static inline double
ph_scenario(PhScenario scenario, double corr)
{
	double		low = 0.75 * corr;
	double		moved = scenario == PH_LOW ? (2 * corr - 1 > low ? 2 * corr - 1 : low) :
		scenario == PH_HIGH ? 1.25 * corr : corr;

	/* PH_ADD_UP becomes 1 in each */
	return moved > 1 ? 1 : moved < -1 ? -1 : moved;
}

typedef struct PhMargin
{
	int			n;
	int			buckets;
	const double *ws;			/* [n] the legs of a bucket side by side, finite */
	const int  *first;			/* [buckets + 1] where each bucket's legs begin */
	const double *rho;			/* n × n, read within buckets and leg by leg; 1 on the diagonal */
	const double *gamma;		/* buckets × buckets, read beside the diagonal only; NaN: not known */
	const bool *by_leg;			/* buckets × buckets: correlated leg by leg, whatever gamma is; NULL: none */

	/* made by ph_margin(), a row a scenario */
	double	   *pull;			/* [PH_SCENARIOS × n] (ρWS)_k */
	double	   *around;			/* [PH_SCENARIOS × n] (ρWS)'_k */
	double	   *k;				/* [PH_SCENARIOS × buckets] K_b */
	double	   *s;				/* [PH_SCENARIOS × buckets] S_b, the alternative where that is used */
	double		net[PH_SCENARIOS];
	bool		alternative[PH_SCENARIOS];
	bool		floored[PH_SCENARIOS];	/* the sum for some K_b, or for net, was negative beyond rounding */
	PhScenario	worst;
	double		gross;
	double		uncorrelated;	/* net if all ρ and γ were 0: √ΣWS_k² */
	double		silo;			/* Σ_b of the largest K_b of the scenarios: buckets one by one */
} PhMargin;

/* Doubles of workspace, which ph_margin() hands out to pull, around, k and s, but for what it needs itself. */
static inline size_t
ph_margin_workspace(int n, int buckets)
{
	return PH_SCENARIOS * (3 * (size_t) n + 2 * (size_t) buckets);
}

extern void ph_margin(PhMargin *p, double *work);

/*
 * What a leg's row of rho is made of, where correlations of many assets are kept in rows and a portfolio holds a
 * few of them: rho[j] = row[place[j]].  False if one of them is `unknown`.
 */
extern bool ph_margin_look_up(const double *row, const int *place, int n, double unknown, double *rho);

/*
 * Of a leg's row of rho: what offsets (rho[j]·ws[j]·own < 0) without being credited is taken `instead` times.
 * Bit place[j] of credited[] tells which are.  Returns how many are not.
 */
extern int	ph_margin_withhold(const uint32_t *credited, const int *place, const double *ws, int n,
							   double own, double instead, double *rho);

/* margin = gross − share·(gross − net) */
extern double ph_margin_granted(double gross, double net, double share);

/* Contributions to net of a scenario; c[n]. */
extern void ph_margin_contributions(const PhMargin *p, PhScenario scenario, double *c);

/* Part of net of a pair of legs i <> j, of bucket b and c. */
extern double ph_margin_pair(const PhMargin *p, PhScenario scenario, int i, int b, int j, int c);

#endif							/* PH_MARGIN_H */
