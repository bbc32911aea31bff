/*
 * evidence.h
 *	  Is the correlation of a pair real, and will it hold?  Every measure of one pair, from its
 *	  observations in order of time.
 *
 * Letters.  y the asset held, x the hedge, n observations; ỹ, x̃ standardised (mean 0, variance 1,
 * divisor n); ρ their correlation, ζ = atanh ρ.  All tests are made on the scale of ζ, where
 *
 *		φ_t = ¼·[(ỹ_t + x̃_t)²/(1 + ρ) − (ỹ_t − x̃_t)²/(1 − ρ)]
 *
 * is the influence of observation t on ζ (ζ = ½·log of var(ỹ + x̃)/var(ỹ − x̃), so φ is half the
 * difference of the two influences on log variances).  It is ψ_t = x̃ỹ − (ρ/2)(x̃² + ỹ²), the
 * influence on ρ of S. J. Devlin, R. Gnanadesikan, J. R. Kettenring, "Robust estimation and outlier
 * detection with correlation coefficients", Biometrika 62 (1975), divided by 1 − ρ², and is
 * computed without that difference of nearly equal numbers.  Its mean is 0.
 *
 * Long-run variance.  W. K. Newey, K. D. West, "A simple, positive semi-definite, heteroskedasticity
 * and autocorrelation consistent covariance matrix", Econometrica 55 (1987):
 *
 *		V = γ_0 + 2·Σ_{l=1..L} (1 − l/(L + 1))·γ_l,		γ_l = (1/n)·Σ_t φ_t·φ_{t−l}
 *		  = 1/(n·(L + 1))·Σ_t (φ_t + φ_{t−1} + … + φ_{t−L})²,	φ = 0 outside 1..n
 *
 * the second form being the first summed by diagonals: two additions and a square an observation
 * whatever L is, and never negative.  L = floor(4·(n/100)^(2/9)), the rule of thumb of Newey and
 * West (1994) for these weights: 4 at n = 250, 6 at 750, 8 at 2500.
 *
 * The standard error of ζ is s = √(V/((n − 3)·(1 − b))), b = (L + 1)/n: Fisher's 1/√(n − 3) for independent
 * normal observations, and 1 − b because deviations from the mean that was estimated are too small by that
 * share.  Where volatilities part company for months, φ stays on one side for as long, and so few lags see
 * too little of it; many lags see it, but are noisy, and what surrounds an outlier cancels it.  So s is
 * the larger of that and the same with ceil(1.3·√n) lags, 21, 36 and 65, the rule of E. Lazarus, D. J. Lewis,
 * J. H. Stock, M. W. Watson, "HAR inference: recommendations for practice", Journal of Business & Economic
 * Statistics 36 (2018), 541-559: it errs to the wide side, by about 3 %, where few lags would do.
 *
 * V itself is uncertain: with Bartlett weights its variance is that of a chi-square with 1.5/b degrees
 * of freedom, so that (ζ̂ − ζ)/s is referred to Student's t with ν = 1.5/b.  Both are the first-order
 * terms in b of N. M. Kiefer, T. J. Vogelsang, "A new asymptotic theory for heteroskedasticity-
 * autocorrelation robust tests", Econometric Theory 21 (2005).  Student's t is brought to the normal
 * scale by Z(t), ph_student_normal of tail.h.
 *
 * Robust interval: tanh(ζ ± Z⁻¹(z)·s).  p_value, of ρ = 0: P(|Z| > Z(|ζ|/s)).  effectiveness_p_value,
 * of ρ² <= minimum effectiveness, with c = atanh(√minimum): the probability of so large a |ζ| at the
 * border, P(Z > Z((|ζ| − c)/s)) + P(Z > Z((|ζ| + c)/s)).  effective_observations = 3 + 1/s²: as
 * many independent normal observations give Fisher's interval the same width.
 *
 * Rolling correlations ρ_t over the last m observations, as in rolling_pairs.h.  Spread: were ρ
 * constant, atanh ρ_t would be ζ plus the mean of m influences, so the variance of the n − m + 1
 * values, T, would be V/(m − 3) times a quadratic form in white noise whose mean and variance follow
 * from the covariances max(0, 1 − |lag|/m).  rolling_spread_p_value = P(T' >= T), T' gamma
 * distributed with those two moments (F. E. Satterthwaite, Biometrics Bulletin 2, 1946).
 *
 * Break.  D. Wied, W. Krämer, H. Dehling, "Testing for a change in correlation at an unknown point
 * in time using an extended functional delta method", Econometric Theory 28 (2012), 570-589, on
 * the scale of ζ:
 *
 *		Q = max_k k/√n·|ζ_k − ζ_n|/√V,		k = k_0 … n,	ζ_k from the first k observations
 *
 * which has the law of the supremum of a Brownian bridge if ρ is constant.  The returns are divided
 * by their volatility first, or else a change of that is taken for one of ρ:
 *
 *		σ_t² = λ·σ_{t−1}² + (1 − λ)·ỹ_t²,		λ = PH_DECAY
 *
 * RiskMetrics' exponential weights (J.P. Morgan 1996), from the mean of the first PH_DECAY_START
 * squares on.  That σ_t² holds ỹ_t² itself bounds ỹ_t/σ_t by 1/√(1 − λ) = 4.1: no single return
 * decides the test.  k_0 is PH_BREAK_FIRST, since ζ_k of a few observations has no variance.  The
 * new regime starts after the k of the maximum.
 *
 * Out of sample.  With h_{t−1} and the means of the m observations before t,
 *
 *		a_t = y_t − ȳ_{t−1},	e_t = h_{t−1}·(x_t − x̄_{t−1}),	effectiveness = 1 − Σ(a_t − e_t)²/Σ a_t²
 *
 * T. E. Clark, K. D. West, "Approximately normal tests for equal predictive accuracy in nested
 * models", Journal of Econometrics 138 (2007), 291-311: no hedge is nested in the hedge, so under
 * the hypothesis that it does nothing the noise in h makes the hedged variance larger; that part,
 * Σe², is added back, and f_t = a_t² − [(a_t − e_t)² − e_t²] = 2·a_t·e_t has mean 0 then.  Statistic:
 * mean(f) over its standard error, from the Newey-West variance as above, one-sided.
 *
 * Held ratio h: effectiveness = h̃·(2ρ − h̃), h̃ = h·σ_x/σ_y.  It removes variance only if ρ is beyond
 * h̃/2, the break-even correlation β; confidence of that: P(Z < Z((ζ − atanh β)·sign(β)/s)).
 */
#ifndef PH_EVIDENCE_H
#define PH_EVIDENCE_H

#include "rolling_pairs.h"

#define PH_DECAY 0.94
#define PH_DECAY_START 20
#define PH_BREAK_FIRST 10		/* k_0 */
#define PH_BREAK_LEAST 100		/* fewer observations have no test for a break */
#define PH_ROBUST_LEAST 10		/* ... no long-run variance */
#define PH_OUT_OF_SAMPLE_LEAST 20	/* bars after the first window */
#define PH_PERFECT 1e-12		/* 1 − |ρ| of a pair that is one asset twice */

/* NaN is "no answer" in every number. */
typedef struct PhEvidence
{
	int			observations;
	double		effective_observations;
	double		correlation;
	double		hedge_ratio;
	double		volatility_y;
	double		volatility_x;
	double		fisher_low;
	double		fisher_high;
	double		robust_low;
	double		robust_high;
	double		standard_error;	/* s, of atanh(correlation) */
	double		p_value;
	double		effectiveness_p_value;
	PhRollingStats rolling;		/* .windows = 0: none */
	double		rolling_spread_p_value;
	double		first_half;
	double		second_half;
	double		break_statistic;
	double		break_p_value;
	int			break_at;		/* the first observation of the new regime, from 0; −1: none */
	double		before_break;	/* correlations to both sides of it */
	double		after_break;
	double		lag_correlation;	/* of y with x one earlier or later, the larger */
	double		out_of_sample_effectiveness;
	double		clark_west_statistic;
	double		clark_west_p_value;
	double		held_effectiveness;
	double		break_even_correlation;
	double		break_even_confidence;
} PhEvidence;

/* What is the same for all pairs of so many observations. */
typedef struct PhEvidencePlan
{
	PhPause		pause;			/* none at first */
	int			n;
	int			window;
	int			lags;			/* L */
	int			long_lags;	/* L of the other variance; no fewer */
	double		z;				/* normal quantile of the level */
	double		t;				/* Z⁻¹(z) */
	double		border;			/* atanh(√minimum effectiveness); infinite at 1 */
	double		spread_shape;	/* of the gamma law of T; 0 where there is none */
	double		spread_mean;	/* mean of T over V/(m − 3) */
} PhEvidencePlan;

/* One asset, prepared. */
typedef struct PhEvidenceAsset
{
	bool		varies;			/* finite and not constant: has a correlation */
	bool		varies_first,
				varies_second;	/* in the halves */
	double		volatility;
	double		first_mean,		/* of x̃ in the first half */
				first_root,		/* √Σ(x̃ − mean)² there */
				second_mean,
				second_root;
} PhEvidenceAsset;

/*
 * One asset at one time, in three parts, since each pass over the observations needs another: a
 * prepared asset is n of the first, n of the second and n of the third, one after the other.
 */
typedef struct PhEvidenceValue
{
	double		z;				/* x̃ */
	double		w;				/* x̃ over its volatility, standardised */
} PhEvidenceValue;

typedef struct PhEvidenceRoll
{
	double		u,				/* as in rolling_pairs.h, of x in a unit of its own */
				v,
				q,
				d;
	double		hedge;			/* (x_t − mean before)·q_{t−1} */
	double		held;			/* x_t − mean before, in that unit */
	double		root;			/* 1/q_{t−1}; 0 where there is none */
} PhEvidenceRoll;

typedef struct PhEvidenceGrowth
{
	double		u;				/* √g·(w_t − mean of those before) */
	double		q;				/* 1/√S of w_1 … w_t; 0 for a constant */
} PhEvidenceGrowth;

/* Doubles a time of a prepared asset. */
#define PH_EVIDENCE_STEP 11

static inline PhEvidenceValue *
ph_evidence_values(double *step, int n)
{
	(void) n;
	return (PhEvidenceValue *) step;
}

static inline PhEvidenceRoll *
ph_evidence_rolls(double *step, int n)
{
	return (PhEvidenceRoll *) (step + 2 * (size_t) n);
}

static inline PhEvidenceGrowth *
ph_evidence_growths(double *step, int n)
{
	return (PhEvidenceGrowth *) (step + 9 * (size_t) n);
}

/* Doubles a time and lane of what ph_evidence_load makes. */
#define PH_EVIDENCE_FIELDS 9

/* window >= 4; 0 < level < 1; 0 <= minimum_effectiveness <= 1 */
extern void ph_evidence_plan(PhEvidencePlan *plan, int n, int window, double level,
							 double minimum_effectiveness);

/* x[n] into step[PH_EVIDENCE_STEP·n].  rolling[n] and scratch[7·n] are workspace. */
extern PhStatus ph_evidence_prepare(const PhEvidencePlan *plan, const double *x,
									PhEvidenceAsset *asset, double *step,
									PhRollingStep *rolling, double *scratch);

/* Put a prepared asset into a lane of tile[n·lanes·PH_EVIDENCE_FIELDS]. */
extern void ph_evidence_load(const PhEvidencePlan *plan, double *step, int lane, int lanes,
							 double *tile);

/* Doubles of work that the two below need. */
extern size_t ph_evidence_work(const PhEvidencePlan *plan, int lanes);

/*
 * y against the PH_LANES assets of a tile.  Lanes without an asset hold zeros and a PhEvidenceAsset
 * that does not vary.
 */
extern void ph_evidence_tile(const PhEvidencePlan *plan, const PhEvidenceAsset *y,
							 double *y_step, const PhEvidenceAsset *x,
							 const double *x_tile, double *work, PhEvidence *result);

/* y against one asset, in a tile of one lane. */
extern void ph_evidence_one(const PhEvidencePlan *plan, const PhEvidenceAsset *y,
							double *y_step, const PhEvidenceAsset *x,
							const double *x_tile, double *work, PhEvidence *result);

/* The measures of a ratio held. */
extern void ph_evidence_hold(PhEvidence *e, double ratio);

/*
 * Verdict: the first of these that holds.
 *
 *		insufficient	fewer observations, or effective observations, than the minimum
 *		break_detected	break_p_value <= break significance, and the change matters
 *		weak			effectiveness_p_value > significance
 *		unstable		rolling_spread_p_value <= spread significance, or clark_west_p_value >
 *						significance, or out of sample the hedge added variance
 *		reliable		none of them
 *
 * A test without an answer does not speak against a pair; the minima are what excludes short ones.
 *
 * A change matters if the correlations to both sides differ by the break change d or more, or the
 * logarithm of √(1 − ρ²), the risk that a hedge leaves, by 2·d or more: at 0.99 to 0.92 that is 2.8 times
 * as large, though the correlations are 0.07 apart.
 */
typedef struct PhVerdictThresholds
{
	int			observations;
	double		effective_observations;
	double		significance;
	double		break_significance;
	double		break_change;
	double		spread_significance;
} PhVerdictThresholds;

#define PH_VERDICT_DEFAULTS {100, 30, 0.05, 0.01, 0.1, 0.01}

typedef enum PhVerdict
{
	PH_INSUFFICIENT_NO_CORRELATION,
	PH_INSUFFICIENT_OBSERVATIONS,
	PH_INSUFFICIENT_EFFECTIVE,
	PH_BREAK_DETECTED,
	PH_WEAK,
	PH_UNSTABLE_SPREAD,
	PH_UNSTABLE_OUT_OF_SAMPLE,
	PH_UNSTABLE_NOT_PROVEN,
	PH_RELIABLE
} PhVerdict;

extern PhVerdict ph_verdict(const PhEvidence *e, const PhVerdictThresholds *t);

/* Is the change at the break large enough? Yes, where it is not known how large. */
extern bool ph_break_matters(const PhEvidence *e, double change);

/* Z(t) of a statistic over so many observations, and its inverse. */
extern double ph_long_run_normal(double t, double n, int lags);
extern double ph_long_run_quantile(double z, double n, int lags);

/* Newey and West's long-run variance of f[n], whose mean is taken off first. */
extern double ph_long_run_variance(const double *f, int n, int lags);
extern int	ph_long_run_lags(int n);
extern int	ph_long_lags(int n);

/*
 * Adjusted p-values, of p[n] in ascending order, in place: Y. Benjamini, Y. Hochberg, Journal of
 * the Royal Statistical Society B 57 (1995); under any dependence Y. Benjamini, D. Yekutieli, Annals
 * of Statistics 29 (2001).
 */
extern void ph_adjust_p_values(double *p, size_t n, bool any_dependence);

#endif							/* PH_EVIDENCE_H */
