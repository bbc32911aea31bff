/*
 * evidence.c
 *	  Is the correlation of a pair real, and will it hold?  See evidence.h.
 *
 * Preparing an asset does all that is its own: standardised and volatility-adjusted values, the
 * factors of rolling and of growing co-moments.  The sums over a pair's observations are in
 * evidence_lanes.h.  What is left for the end of a pair is here.
 */
#include "evidence.h"

#include <string.h>

#include "normal.h"
#include "tail.h"

/* Sums of one pair, in standardised units; not yet divided where a name is that of a sum. */
typedef struct EvidenceSums
{
	double		correlation;
	double		first_half;		/* Σ ỹx̃ of the halves */
	double		second_half;
	double		after;			/* Σ ỹ_t·x̃_{t−1} */
	double		before;			/* Σ ỹ_{t−1}·x̃_t */
	double		variance;		/* V */
	double		long_variance;	/* ... with the many lags */
	double		adjusted_correlation;	/* of volatility-adjusted values, and their V */
	double		adjusted_variance;
	double		windows;
	double		minimum;
	double		maximum;
	double		mean;
	double		squares;		/* Σ (ρ_t − mean)² */
	double		squares_atanh;
	double		changes;
	double		latest;
	double		bars;			/* out of sample */
	double		held2;			/* Σ a² */
	double		cross;			/* Σ 2ae */
	double		hedge2;			/* Σ e² */
	double		mean_f;
	double		variance_f;
	double		break_height;	/* max k·|ζ_k − ζ_n| */
	double		break_at;
	double		before_break;	/* correlations to both sides of it */
	double		after_break;
} EvidenceSums;

/* From the sums of y, x, y², x² and yx over n; NaN where a side is constant, up to rounding. */
static double
correlation_of_sums(double n, double y, double x, double yy, double xx, double yx)
{
	double		r;

	if (!(yy - y * y / n > 1e-12 * yy && xx - x * x / n > 1e-12 * xx))
		return NAN;
	r = (yx - y * x / n) / sqrt((yy - y * y / n) * (xx - x * x / n));
	return r > 1 ? 1 : r < -1 ? -1 : r;
}

/* PH_LANES */
#define LANES 8
#define LANED(name) name##_eight
#include "evidence_lanes.h"
#undef LANES
#undef LANED

#define LANES 1
#define LANED(name) name##_one
#include "evidence_lanes.h"
#undef LANES
#undef LANED

int
ph_long_run_lags(int n)
{
	int			lags = (int) floor(4 * pow(n / 100.0, 2.0 / 9));

	return lags < n ? lags : n - 1;
}

int
ph_long_lags(int n)
{
	int			lags = (int) ceil(1.3 * sqrt(n));

	return lags < n ? lags : n - 1;
}

double
ph_long_run_normal(double t, double n, int lags)
{
	return ph_student_normal(t, 1.5 * n / (lags + 1));
}

double
ph_long_run_quantile(double z, double n, int lags)
{
	return ph_student_quantile(z, 1.5 * n / (lags + 1));
}

/* What deviations from an estimated mean lack: 1 − b. */
static double
long_run_share(double n, int lags)
{
	return 1 - (lags + 1) / n;
}

/*
 * The gamma law of T.  C the covariances of the N rolling values in units of V/m, k(l) = 1 − |l|/m,
 * centred by P = I − 11'/N: mean T = tr(PC)/N, variance = 2·tr((PC)²)/N², and
 *
 *		tr(PC) = N − 1'C1/N,	tr((PC)²) = tr(C²) − (2/N)·|C1|² + (1'C1)²/N²
 */
static void
spread_law(PhEvidencePlan *plan)
{
	double		m = plan->window;
	double		count = plan->n - m + 1;
	double		total = 0,
				squares = 0,
				trace = count,
				mean,
				variance;

	plan->spread_shape = 0;
	if (count < 2)
		return;
	for (int l = 1; l < m && l < count; l++)
		trace += 2 * (count - l) * (1 - l / m) * (1 - l / m);
	for (int i = 0; i < count; i++)
	{
		/* Σ_{l=0..s} k(l), to both sides as far as the ends and the window allow */
		double		left = fmin(i, m),
					right = fmin(count - 1 - i, m);
		double		row = 1 + left - left * (left + 1) / (2 * m) +
			right - right * (right + 1) / (2 * m);

		total += row;
		squares += row * row;
	}
	mean = 1 - total / (count * count);
	variance = 2 * (trace - 2 * squares / count + total * total / (count * count)) / (count * count);
	if (!(mean > 0 && variance > 0))
		return;
	plan->spread_mean = mean;
	plan->spread_shape = mean * mean / variance;
}

void
ph_evidence_plan(PhEvidencePlan *plan, int n, int window, double level, double minimum_effectiveness)
{
	plan->pause = NULL;
	plan->n = n;
	/* one longer than all is as good as any */
	plan->window = window > n ? n + 1 : window;
	plan->lags = ph_long_run_lags(n);
	plan->long_lags = ph_long_lags(n);
	plan->z = ph_normal_quantile(0.5 + level / 2);
	plan->t = ph_long_run_quantile(plan->z, n, plan->lags);
	plan->border = atanh(sqrt(minimum_effectiveness));
	spread_law(plan);
}

/* Σ (x − mean)², and the mean, of a stretch. */
static PhStatus
moments(const double *x, int n, PhPause pause, PhComoments *c)
{
	memset(c, 0, sizeof(*c));
	for (int t = 0; t < n; t++)
	{
		PhStatus	status = ph_comoments_add(c, x[t], x[t], 1);

		ph_pause(pause, t);
		if (status != PH_OK)
			return status;
	}
	return PH_OK;
}

static double
middle(double a, double b, double c)
{
	return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

PhStatus
ph_evidence_prepare(const PhEvidencePlan *plan, const double *x, PhEvidenceAsset *asset,
					double *step, PhRollingStep *rolling, double *scratch)
{
	int			n = plan->n;
	int			window = plan->window;
	PhEvidenceValue *value = ph_evidence_values(step, n);
	PhEvidenceRoll *roll = ph_evidence_rolls(step, n);
	PhEvidenceGrowth *growth = ph_evidence_growths(step, n);
	double	   *z = scratch + 6 * (size_t) n;
	PhComoments c;
	double		variance = 0;
	PhPause		pause = plan->pause;
	PhStatus	status = moments(x, n, pause, &c);

	if (status != PH_OK)
		return status;
	memset(asset, 0, sizeof(*asset));
	ph_clear(step, (size_t) n * PH_EVIDENCE_STEP, pause);
	asset->varies = c.sxx > PH_CONSTANT;	/* false for NaN, too */
	if (!asset->varies)
		return PH_OK;
	ph_volatility_x(&c, &asset->volatility);

	for (int t = 0; t < n; t++)
	{
		ph_pause(pause, t);
		z[t] = value[t].z = ((x[t] - c.mx) - c.mx_lo) / sqrt(c.sxx / n);
	}

	/* the halves; constant there is a fact about x, which z keeps */
	moments(z, n / 2, pause, &c);
	asset->varies_first = c.sxx > PH_CONSTANT;
	asset->first_mean = c.mx;
	asset->first_root = sqrt(c.sxx);
	moments(z + n / 2, n - n / 2, pause, &c);
	asset->varies_second = c.sxx > PH_CONSTANT;
	asset->second_mean = c.mx;
	asset->second_root = sqrt(c.sxx);

	/*
	 * Rolling statistics start from deviations d that an outlier does not blur: from the middle
	 * one of three values, scaled by a power of two.  Window means are a suffix of one chunk and a
	 * prefix of the next, as in rolling_pairs.h.
	 */
	double	   *d = z;
	double	   *prefix = scratch;
	double	   *suffix = scratch + n;
	double		centre = middle(x[0], x[n / 2], x[n - 1]);
	double		scale = ldexp(1, -ilogb(asset->volatility));

	for (int t = 0; t < n; t++)
		d[t] = (x[t] - centre) * scale;
	ph_rolling_prepare(d, n, window, 0, rolling, scratch, pause);
	for (int t = 0; t < n; t++)
		prefix[t] = d[t] + (t % window == 0 ? 0 : prefix[t - 1]);
	for (int t = n - 1; t >= 0; t--)
		suffix[t] = d[t] + (t == n - 1 || (t + 1) % window == 0 ? 0 : suffix[t + 1]);
	for (int t = 0; t < n; t++)
	{
		ph_pause(pause, t);
		roll[t].u = rolling[t].u[0];
		roll[t].v = rolling[t].v[0];
		roll[t].q = rolling[t].q[0];
		roll[t].d = rolling[t].d[0];
		if (t >= window)
		{
			double		sum = t % window == 0 ? prefix[t - 1] : suffix[t - window] + prefix[t - 1];

			roll[t].held = d[t] - sum / window;
			roll[t].hedge = roll[t].held * roll[t - 1].q;
			roll[t].root = roll[t - 1].q > 0 ? 1 / roll[t - 1].q : 0;
		}
	}

	for (int t = 0; t < n && t < PH_DECAY_START; t++)
		variance += value[t].z * value[t].z;
	variance /= n < PH_DECAY_START ? n : PH_DECAY_START;
	for (int t = 0; t < n; t++)
	{
		ph_pause(pause, t);
		variance = PH_DECAY * variance + (1 - PH_DECAY) * value[t].z * value[t].z;
		scratch[t] = variance > DBL_MIN ? value[t].z / sqrt(variance) : 0;
	}
	moments(scratch, n, pause, &c);
	for (int t = 0; t < n; t++)
	{
		ph_pause(pause, t);
		value[t].w = ((scratch[t] - c.mx) - c.mx_lo) / sqrt(c.sxx / n);
	}
	memset(&c, 0, sizeof(c));
	for (int t = 0; t < n; t++)
	{
		ph_pause(pause, t);
		if (t > 0)
			growth[t].u = sqrt(t / (t + 1.0)) * ((value[t].w - c.mx) - c.mx_lo);
		ph_comoments_add(&c, value[t].w, value[t].w, 1);
		growth[t].q = c.sxx > PH_CONSTANT ? 1 / sqrt(c.sxx) : 0;
	}
	return PH_OK;
}

void
ph_evidence_load(const PhEvidencePlan *plan, double *step, int lane, int lanes, double *tile)
{
	size_t		n = plan->n;
	const PhEvidenceValue *value = ph_evidence_values(step, n);
	const PhEvidenceRoll *roll = ph_evidence_rolls(step, n);
	const PhEvidenceGrowth *growth = ph_evidence_growths(step, n);
	double	   *base = tile + lane;
	double	   *rolls = tile + 2 * n * lanes + lane;
	double	   *grow = tile + 7 * n * lanes + lane;

	for (size_t t = 0; t < n; t++)
	{
		ph_pause(plan->pause, t);
		base[t * 2 * lanes] = value[t].z;
		base[(t * 2 + 1) * lanes] = value[t].w;
		rolls[t * 5 * lanes] = roll[t].u;
		rolls[(t * 5 + 1) * lanes] = roll[t].v;
		rolls[(t * 5 + 2) * lanes] = roll[t].q;
		rolls[(t * 5 + 3) * lanes] = roll[t].d;
		rolls[(t * 5 + 4) * lanes] = roll[t].hedge;
		grow[t * 2 * lanes] = growth[t].u;
		grow[(t * 2 + 1) * lanes] = growth[t].q;
	}
}

size_t
ph_evidence_work(const PhEvidencePlan *plan, int lanes)
{
	size_t		rings = (size_t) plan->long_lags + 1 + 2 * ((size_t) plan->lags + 1);

	return ((size_t) plan->window + 1 + rings) * lanes;
}

static double
within_one(double r)
{
	return r > 1 ? 1 : r < -1 ? -1 : r;
}

static double
half_correlation(double product, int n, bool varies, double y_mean, double y_root, double x_mean,
				 double x_root)
{
	return varies ? within_one((product - n * y_mean * x_mean) / (y_root * x_root)) : NAN;
}

static void
nothing(PhEvidence *e, int n)
{
	*e = (PhEvidence) {
		n, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
		{0, 0, NAN, NAN, NAN, NAN, NAN},
		NAN, NAN, NAN, NAN, NAN, -1, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN
	};
}

static void
finish(const PhEvidencePlan *plan, const PhEvidenceAsset *y, const PhEvidenceAsset *x,
	   const EvidenceSums *s, PhEvidence *e)
{
	int			n = plan->n;
	int			half = n / 2;
	double		r = within_one(s->correlation);
	bool		perfect = !(1 - fabs(r) > PH_PERFECT);
	double		zeta;

	nothing(e, n);
	if (y->varies)
		e->volatility_y = y->volatility;
	if (x->varies)
		e->volatility_x = x->volatility;
	if (!y->varies || !x->varies)
		return;
	if (perfect)
		r = r > 0 ? 1 : -1;
	zeta = atanh(r);
	e->correlation = r;
	e->hedge_ratio = r * (y->volatility / x->volatility);
	if (!ph_fisher_interval(r, n, plan->z, &e->fisher_low, &e->fisher_high))
		e->fisher_low = e->fisher_high = NAN;

	if (perfect && n >= PH_ROBUST_LEAST)
	{
		e->robust_low = e->robust_high = r;
		e->standard_error = 0;
		e->p_value = 0;
		e->effectiveness_p_value = isinf(plan->border) ? 1 : 0;
	}
	else if (n >= PH_ROBUST_LEAST && s->variance > 0)
	{
		double		variance = fmax(s->variance / long_run_share(n, plan->lags),
									s->long_variance / long_run_share(n, plan->long_lags));
		double		se = sqrt(variance / (n - 3));
		double		above = (fabs(zeta) - plan->border) / se;
		double		below = (fabs(zeta) + plan->border) / se;

		e->standard_error = se;
		e->effective_observations = 3 + 1 / (se * se);
		e->robust_low = tanh(zeta - plan->t * se);
		e->robust_high = tanh(zeta + plan->t * se);
		e->p_value = 2 * ph_normal_tail(ph_long_run_normal(fabs(zeta) / se, n, plan->lags));
		e->effectiveness_p_value = isinf(plan->border) ? 1 :
			ph_normal_tail(ph_long_run_normal(above, n, plan->lags)) +
			ph_normal_tail(ph_long_run_normal(below, n, plan->lags));
	}

	e->first_half = half_correlation(s->first_half, half, y->varies_first && x->varies_first,
									 y->first_mean, y->first_root, x->first_mean, x->first_root);
	e->second_half = half_correlation(s->second_half, n - half,
									  y->varies_second && x->varies_second, y->second_mean,
									  y->second_root, x->second_mean, x->second_root);
	e->lag_correlation = (fabs(s->after) >= fabs(s->before) ? s->after : s->before) / n;

	e->rolling.windows = (int) s->windows;
	if (e->rolling.windows > 0)
	{
		e->rolling.sign_changes = (int) s->changes;
		e->rolling.minimum = s->minimum;
		e->rolling.maximum = s->maximum;
		e->rolling.mean = s->mean;
		e->rolling.sd = s->windows > 1 && s->squares > 0 ? sqrt(s->squares / (s->windows - 1)) : 0;
		e->rolling.latest = s->latest;
	}
	if (plan->spread_shape > 0 && s->windows == n - plan->window + 1 && !perfect && s->variance > 0)
	{
		double		unit = s->variance / (plan->window - 3) * plan->spread_mean;
		double		t = s->squares_atanh / s->windows;

		e->rolling_spread_p_value = ph_gamma_tail(plan->spread_shape, plan->spread_shape * t / unit);
	}

	if (n >= PH_BREAK_LEAST && 1 - fabs(s->adjusted_correlation) > PH_PERFECT &&
		s->adjusted_variance > 0)
	{
		e->break_statistic = s->break_height / sqrt(n * s->adjusted_variance);
		e->break_p_value = ph_bridge_tail(e->break_statistic);
		if (s->break_height > 0)
		{
			e->break_at = (int) s->break_at;
			e->before_break = s->before_break;
			e->after_break = s->after_break;
		}
	}

	if (s->bars >= PH_OUT_OF_SAMPLE_LEAST && s->held2 > 0)
	{
		double		share = long_run_share(s->bars, plan->lags);

		double		effectiveness = (s->cross - s->hedge2) / s->held2;

		e->out_of_sample_effectiveness = effectiveness > 1 ? 1 : effectiveness;	/* by rounding */
		if (s->variance_f > 0 && share > 0)
		{
			e->clark_west_statistic = s->mean_f / sqrt(s->variance_f / (s->bars * share));
			e->clark_west_p_value =
				ph_normal_tail(ph_long_run_normal(e->clark_west_statistic, s->bars, plan->lags));
		}
	}
}

void
ph_evidence_tile(const PhEvidencePlan *plan, const PhEvidenceAsset *y, double *y_step,
				 const PhEvidenceAsset *x, const double *x_tile, double *work, PhEvidence *result)
{
	EvidenceSums sums[PH_LANES];

	sums_eight(plan, y_step, x_tile, work, sums);
	for (int k = 0; k < PH_LANES; k++)
		finish(plan, y, &x[k], &sums[k], &result[k]);
}

void
ph_evidence_one(const PhEvidencePlan *plan, const PhEvidenceAsset *y, double *y_step,
				const PhEvidenceAsset *x, const double *x_tile, double *work, PhEvidence *result)
{
	EvidenceSums sums;

	sums_one(plan, y_step, x_tile, work, &sums);
	finish(plan, y, x, &sums, result);
}

void
ph_evidence_hold(PhEvidence *e, double ratio)
{
	double		h = ratio * (e->volatility_x / e->volatility_y);
	double		b = h / 2;

	if (!isfinite(h) || isnan(e->correlation))
		return;
	e->held_effectiveness = h * (2 * e->correlation - h);
	if (b == 0)
		return;
	e->break_even_correlation = b;
	if (isnan(e->standard_error))
		return;
	/* no correlation is beyond one that is not below 1 */
	if (fabs(b) >= 1)
		e->break_even_confidence = 0;
	else if (e->standard_error == 0)
		e->break_even_confidence = e->correlation * b > 0 ? 1 : 0;
	else
	{
		double		t = (atanh(e->correlation) - atanh(b)) / e->standard_error;

		e->break_even_confidence = ph_normal_tail((b > 0 ? -1 : 1) *
												  ph_long_run_normal(t, e->observations,
																	 ph_long_run_lags(e->observations)));
	}
}

bool
ph_break_matters(const PhEvidence *e, double change)
{
	double		before = 1 - e->before_break * e->before_break;
	double		after = 1 - e->after_break * e->after_break;

	return !(fabs(e->after_break - e->before_break) < change &&
			 fabs(0.5 * log(after / before)) < 2 * change);
}

PhVerdict
ph_verdict(const PhEvidence *e, const PhVerdictThresholds *t)
{
	if (isnan(e->correlation))
		return PH_INSUFFICIENT_NO_CORRELATION;
	if (e->observations < t->observations)
		return PH_INSUFFICIENT_OBSERVATIONS;
	/*
	 * Comparisons with NaN are false: a test without an answer does not speak. A break is asked for
	 * before the effective observations, since it takes some of them: the influence of returns
	 * before and after it differs in mean.
	 */
	if (e->break_p_value <= t->break_significance && ph_break_matters(e, t->break_change))
		return PH_BREAK_DETECTED;
	if (e->effective_observations < t->effective_observations)
		return PH_INSUFFICIENT_EFFECTIVE;
	if (!(e->effectiveness_p_value <= t->significance))
		return PH_WEAK;
	if (e->rolling_spread_p_value <= t->spread_significance)
		return PH_UNSTABLE_SPREAD;
	if (e->out_of_sample_effectiveness <= 0)
		return PH_UNSTABLE_OUT_OF_SAMPLE;
	if (e->clark_west_p_value > t->significance)
		return PH_UNSTABLE_NOT_PROVEN;
	return PH_RELIABLE;
}

double
ph_long_run_variance(const double *f, int n, int lags)
{
	double		mean = 0,
				total = 0;

	for (int t = 0; t < n; t++)
		mean += f[t] / n;
	for (int t = 0; t < n + lags; t++)
	{
		double		sum = 0;

		for (int l = 0; l <= lags; l++)
			if (t - l >= 0 && t - l < n)
				sum += f[t - l] - mean;
		total += sum * sum;
	}
	return total / ((double) n * (lags + 1));
}

void
ph_adjust_p_values(double *p, size_t n, bool any_dependence)
{
	double		factor = n,
				least = 1;

	if (any_dependence)
	{
		double		harmonic = 0;

		for (size_t i = n; i > 0; i--)
			harmonic += 1.0 / i;
		factor *= harmonic;
	}
	for (size_t i = n; i > 0; i--)
	{
		double		adjusted = factor / i * p[i - 1];

		if (adjusted < least)
			least = adjusted;
		p[i - 1] = least;
	}
}
