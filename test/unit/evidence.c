/*
 * evidence.c
 *	  Evidence of a pair against figures of R 4.2 (its stats package, and sandwich 3.0 for the
 *	  long-run variance), identities, special values; tails; adjusted p-values; the monitor.
 *
 * The series of the figures, i = 0 … 299:
 *		x = ((7919·i mod 1009) − 504)/100,	y = 0.6·x + ((104729·i mod 997) − 498)/100
 */
#include "evidence.h"

#include <stdlib.h>
#include <string.h>

#include "monitor.h"
#include "normal.h"
#include "tail.h"
#include "tap.h"

#define MOST 1200

static double y[MOST],
			x[MOST];
static double step_y[MOST * PH_EVIDENCE_STEP],
			step_x[PH_LANES][MOST * PH_EVIDENCE_STEP];
static PhRollingStep rolling[MOST];
static double scratch[7 * MOST];
static double tile[MOST * PH_EVIDENCE_FIELDS * PH_LANES];
static double work[MOST * 10 * PH_LANES];

static void
series(int n)
{
	for (int i = 0; i < n; i++)
	{
		x[i] = ((i * 7919) % 1009 - 504) / 100.0;
		y[i] = 0.6 * x[i] + ((i * 104729) % 997 - 498) / 100.0;
	}
}

static PhEvidence
evidence(const double *of_y, const double *of_x, int n, int window)
{
	PhEvidencePlan plan;
	PhEvidenceAsset a,
				b;
	PhEvidence	e;

	ph_evidence_plan(&plan, n, window, 0.95, 0.1);
	ph_evidence_prepare(&plan, of_y, &a, step_y, rolling, scratch);
	ph_evidence_prepare(&plan, of_x, &b, step_x[0], rolling, scratch);
	ph_evidence_load(&plan, step_x[0], 0, 1, tile);
	ph_evidence_one(&plan, &a, step_y, &b, tile, work, &e);
	return e;
}

/* The numbers of e, for a loop over all. */
static int
numbers(const PhEvidence *e, double *out)
{
	const double all[] = {
		e->observations, e->effective_observations, e->correlation, e->hedge_ratio, e->volatility_y,
		e->volatility_x, e->fisher_low, e->fisher_high, e->robust_low, e->robust_high, e->standard_error,
		e->p_value, e->effectiveness_p_value, e->rolling.windows, e->rolling.minimum, e->rolling.maximum,
		e->rolling.mean, e->rolling.sd, e->rolling.latest, e->rolling.sign_changes,
		e->rolling_spread_p_value, e->first_half, e->second_half, e->break_statistic, e->break_p_value,
		e->break_at, e->before_break, e->after_break, e->lag_correlation,
		e->out_of_sample_effectiveness, e->clark_west_statistic, e->clark_west_p_value,
		e->held_effectiveness, e->break_even_correlation, e->break_even_confidence
	};

	memcpy(out, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

static bool
same(const PhEvidence *a, const PhEvidence *b, double tolerance)
{
	double		v[64],
				w[64];
	int			n = numbers(a, v);

	numbers(b, w);
	for (int i = 0; i < n; i++)
		if (!(isnan(v[i]) ? isnan(w[i]) : fabs(v[i] - w[i]) <= tolerance * (1 + fabs(v[i]))))
		{
			printf("# number %d: %.17g and %.17g\n", i, v[i], w[i]);
			return false;
		}
	return true;
}

static void
against_r(void)
{
	PhEvidence	e;

	series(300);
	e = evidence(y, x, 300, 60);
	ph_evidence_hold(&e, 0.4);
	ok(ph_long_run_lags(250) == 4 && ph_long_run_lags(300) == 5 && ph_long_run_lags(750) == 6 &&
	   ph_long_run_lags(2500) == 8, "lags of the rule of thumb");
	ok(ph_long_lags(250) == 21 && ph_long_lags(300) == 23 && ph_long_lags(750) == 36 &&
	   ph_long_lags(2500) == 65 && ph_long_lags(2) == 1, "the many lags");
	near(e.correlation, 0.51653827653144058, 1e-14, "correlation");
	near(e.hedge_ratio, 0.59927837922599381, 1e-14, "hedge ratio");
	near(e.volatility_y, 3.3939879478622363, 1e-14, "volatility of y");
	near(e.volatility_x, 2.9253928490153651, 1e-14, "volatility of x");
	near(e.fisher_low, 0.42835319866155336, 1e-13, "Fisher's interval, low");
	near(e.fisher_high, 0.59497699094916445, 1e-13, "Fisher's interval, high");
	near(e.standard_error * e.standard_error * 297 * (1 - 6 / 300.0), 0.74937960553509941, 1e-12,
		 "long-run variance with 5 lags: sandwich's NeweyWest");
	near(e.standard_error, 0.050741075972200941, 1e-14, "standard error");
	near(e.effective_observations, 391.40128267457555, 1e-10, "effective observations");
	near(e.robust_low, 0.43862336418983056, 1e-13, "robust interval, low");
	near(e.robust_high, 0.58674557609683098, 1e-13, "robust interval, high");
	near(e.p_value, 8.728522259094281e-18, 1e-28, "p-value of no correlation");
	near(e.effectiveness_p_value, 3.7825735996190863e-06, 1e-17, "p-value of no effectiveness");
	ok(e.rolling.windows == 241 && e.rolling.sign_changes == 0, "rolling windows, sign changes");
	near(e.rolling.minimum, 0.41674293041116384, 1e-13, "rolling minimum");
	near(e.rolling.maximum, 0.61136173131769078, 1e-13, "rolling maximum");
	near(e.rolling.mean, 0.51872903361647082, 1e-13, "rolling mean");
	near(e.rolling.sd, 0.045362851720176685, 1e-13, "rolling standard deviation");
	near(e.rolling.latest, 0.43115124787625336, 1e-13, "rolling, the latest");
	near(e.rolling_spread_p_value, 0.89312428862751125, 1e-11, "p-value of the rolling spread");
	near(e.first_half, 0.56844965395989144, 1e-13, "first half");
	near(e.second_half, 0.46413682039042486, 1e-13, "second half");
	near(e.break_statistic, 0.83111155725946095, 1e-12, "break statistic");
	near(e.break_p_value, 0.49445050096899101, 1e-12, "break p-value");
	ok(e.break_at == 155, "break after 155 observations");
	near(e.before_break, 0.57570913132525847, 1e-13, "correlation before the break");
	near(e.after_break, 0.45071001359640561, 1e-13, "correlation after the break");
	near(e.lag_correlation, 0.11342073872630465, 1e-14, "lag correlation");
	near(e.out_of_sample_effectiveness, 0.22606774606454427, 1e-13, "out-of-sample effectiveness");
	near(e.clark_west_statistic, 9.4071669829412308, 1e-11, "Clark-West statistic");
	near(e.clark_west_p_value, 1.042532809649843e-13, 1e-23, "Clark-West p-value");
	near(e.held_effectiveness, 0.23730865629521092, 1e-13, "effectiveness of a held ratio");
	near(e.break_even_correlation, 0.1723867552834403, 1e-14, "break-even correlation");
	near(1 - e.break_even_confidence, 1.2453935e-11, 1e-17, "break-even confidence");

	/* volatilities that swing apart: many lags see more */
	for (int i = 0; i < 300; i++)
	{
		x[i] *= 1.2 + sin(i / 25.0);
		y[i] *= 1.2 + cos(i / 25.0);
	}
	e = evidence(y, x, 300, 60);
	near(e.standard_error * e.standard_error * 297, 1.2125489963429985, 1e-10,
		 "long-run variance with 23 lags: sandwich's NeweyWest");
}

/* Newey and West as they wrote it, in long double. */
static void
long_run(void)
{
	enum {N = 137, LAGS = 7};
	double		f[N];
	long double mean = 0,
				v = 0;

	for (int t = 0; t < N; t++)
	{
		f[t] = sin(t * t) + 0.4 * cos(t / 3.0) + 1e3;
		mean += f[t] / (long double) N;
	}
	for (int l = -LAGS; l <= LAGS; l++)
		for (int t = 0; t < N; t++)
			if (t - l >= 0 && t - l < N)
				v += (1 - abs(l) / (LAGS + 1.0L)) * (f[t] - mean) * (f[t - l] - mean) / N;
	near(ph_long_run_variance(f, N, LAGS), (double) v, 1e-10, "variance by diagonals is that by lags");
	/* exact: 1.9921021540022417 */
	near(ph_long_run_quantile(ph_normal_quantile(0.975), 300, 5), 1.9921021540022417, 1e-5,
		 "Student's quantile with 75 degrees of freedom");
	near(ph_long_run_normal(ph_long_run_quantile(-1.3, 90, 4), 90, 4), -1.3, 1e-14, "and back");
}

static void
tails(void)
{
	near(ph_normal_tail(1.96), 0.024997895148220428, 1e-16, "normal tail");
	near(ph_bridge_tail(1.3580986), 0.05, 1e-7, "Brownian bridge, 5 %% point");
	near(ph_bridge_tail(1.6276236), 0.01, 1e-8, "Brownian bridge, 1 %% point");
	near(ph_bridge_tail(1 - 1e-9), ph_bridge_tail(1 + 1e-9), 1e-8, "the two series meet");
	near(ph_bridge_tail(0.1), 1, 1e-15, "Brownian bridge, near 0");
	near(ph_bridge_tail(0), 1, 0, "Brownian bridge, at 0");
	/* R: qt(0.975, c(6, 18.75, 75)) */
	near(ph_student_quantile(ph_normal_quantile(0.975), 6), 2.4469118511449688, 4e-3,
		 "Student's quantile, 6 degrees of freedom");
	near(ph_student_quantile(ph_normal_quantile(0.975), 18.75), 2.0949144806470343, 2e-4,
		 "Student's quantile, 18.75 degrees of freedom");
	near(ph_student_quantile(ph_normal_quantile(0.975), 75), 1.9921021540022417, 1e-5,
		 "Student's quantile, 75 degrees of freedom");
	near(ph_student_normal(ph_student_quantile(-1.3, 6), 6), -1.3, 1e-14, "and back");
	near(ph_gamma_tail(2.5, 0.5), 0.96256577324729642, 1e-14, "gamma tail, series");
	near(ph_gamma_tail(2.5, 9), 0.0029464045878802901, 1e-15, "gamma tail, fraction");
	near(ph_gamma_tail(20, 30), 0.021873468441390858, 1e-14, "gamma tail, large shape");
	near(ph_gamma_tail(3, 0), 1, 0, "gamma tail, at 0");
	near(ph_gamma_tail(3, INFINITY), 0, 0, "gamma tail, at infinity");
}

static void
lanes(void)
{
	enum {N = 700};
	static double many[PH_LANES][N];
	PhEvidencePlan plan;
	PhEvidenceAsset a,
				b[PH_LANES];
	PhEvidence	together[PH_LANES];
	int			windows[] = {4, 60, 699, 700, 800};

	series(N);
	for (int k = 0; k < PH_LANES; k++)
		for (int t = 0; t < N; t++)
			many[k][t] = cos(t * (k + 1) + k) + (k == 5 && t == 300 ? 1e6 : 0) + x[t] / (k + 1);
	for (int t = 200; t < 330; t++)
		many[2][t] = 0.09;		/* constant for longer than a window */
	for (int t = 0; t < N; t++)
		many[3][t] = 4.2;
	many[4][N - 1] = NAN;
	for (size_t w = 0; w < sizeof(windows) / sizeof(windows[0]); w++)
	{
		bool		equal = true;

		ph_evidence_plan(&plan, N, windows[w], 0.9, 0.25);
		ph_evidence_prepare(&plan, y, &a, step_y, rolling, scratch);
		for (int k = 0; k < PH_LANES; k++)
		{
			ph_evidence_prepare(&plan, many[k], &b[k], step_x[k], rolling, scratch);
			ph_evidence_load(&plan, step_x[k], k, PH_LANES, tile);
		}
		ph_evidence_tile(&plan, &a, step_y, b, tile, work, together);
		for (int k = 0; k < PH_LANES; k++)
		{
			PhEvidence	alone;

			ph_evidence_load(&plan, step_x[k], 0, 1, tile);
			ph_evidence_one(&plan, &a, step_y, &b[k], tile, work, &alone);
			equal = equal && same(&together[k], &alone, 0);
		}
		ok(equal, "eight lanes are eight single ones to the last bit, window %d", windows[w]);
	}
	ok(together[2].rolling.windows == 0, "no window as long as 800 of 700");
	ph_evidence_plan(&plan, N, 60, 0.95, 0.1);
	near(evidence(y, many[2], N, 60).rolling.windows, 700 - 59 - 71, 0, "constant windows do not count");
	ok(isnan(evidence(y, many[2], N, 60).rolling_spread_p_value), "and leave no law of the spread");
}

static void
invariance(void)
{
	enum {N = 400};
	static double other[N],
				level[N];
	PhEvidence	e,
				f;

	series(N);
	e = evidence(y, x, N, 50);
	for (int t = 0; t < N; t++)
		other[t] = -1e-7 * x[t];
	f = evidence(y, other, N, 50);
	near(f.correlation, -e.correlation, 1e-14, "sign of x: correlation turns");
	near(f.hedge_ratio, -1e7 * e.hedge_ratio, 1e-5, "scale of x: hedge ratio by its inverse");
	near(f.robust_low, -e.robust_high, 1e-13, "sign of x: interval turns");
	near(f.robust_high, -e.robust_low, 1e-13, "sign of x: interval turns, other end");
	near(f.p_value / e.p_value, 1, 1e-9, "sign of x: same p-value");
	near(f.effectiveness_p_value / e.effectiveness_p_value, 1, 1e-10, "sign of x: same effectiveness");
	near(f.break_statistic, e.break_statistic, 1e-12, "sign of x: same break statistic");
	ok(f.break_at == e.break_at, "sign of x: same break");
	near(f.rolling_spread_p_value, e.rolling_spread_p_value, 1e-12, "sign of x: same spread");
	near(f.rolling.minimum, -e.rolling.maximum, 1e-13, "sign of x: rolling turns");
	near(f.out_of_sample_effectiveness, e.out_of_sample_effectiveness, 1e-12, "sign of x: same hedge");
	near(f.clark_west_statistic, e.clark_west_statistic, 1e-11, "sign of x: same Clark-West");
	near(f.lag_correlation, -e.lag_correlation, 1e-14, "sign of x: lag correlation turns");
	for (int t = 0; t < N; t++)
		level[t] = y[t] + 1024;
	f = evidence(level, x, N, 50);
	ok(same(&f, &e, 1e-10), "a level of y changes nothing");
	f = evidence(x, y, N, 50);
	near(f.correlation, e.correlation, 1e-14, "sides changed: same correlation");
	near(f.standard_error, e.standard_error, 1e-14, "sides changed: same error");
	near(f.break_statistic, e.break_statistic, 1e-12, "sides changed: same break statistic");
}

static void
special(void)
{
	PhEvidence	e;
	double		v[64];
	int			count;
	static double z[MOST];

	series(MOST);
	e = evidence(y, y, 300, 60);
	near(e.correlation, 1, 0, "an asset with itself: 1");
	ok(e.robust_low == 1 && e.robust_high == 1 && e.p_value == 0 && isnan(e.break_statistic) &&
	   isnan(e.rolling_spread_p_value), "an asset with itself: certain, without tests");
	near(e.out_of_sample_effectiveness, 1, 1e-12, "an asset with itself hedges all");

	for (int t = 0; t < 300; t++)
		z[t] = 0.1;
	e = evidence(y, z, 300, 60);
	ok(isnan(e.correlation) && isnan(e.volatility_x) && !isnan(e.volatility_y) &&
	   e.observations == 300 && e.break_at == -1 && e.rolling.windows == 0, "a constant side: nothing");
	z[7] = INFINITY;
	e = evidence(z, x, 300, 60);
	ok(isnan(e.correlation) && isnan(e.p_value) && isnan(e.break_p_value), "an infinity: nothing");

	for (int t = 0; t < 300; t++)
		z[t] = t < 150 ? 0.1 : x[t];
	e = evidence(y, z, 300, 60);
	ok(isnan(e.first_half) && !isnan(e.second_half), "a constant half has no correlation");
	ok(isfinite(e.break_statistic), "a constant start leaves a break statistic");

	e = evidence(y, x, 0, 60);
	ok(e.observations == 0 && isnan(e.correlation), "no observation");
	e = evidence(y, x, 1, 60);
	ok(e.observations == 1 && isnan(e.correlation), "one observation");
	e = evidence(y, x, 3, 60);
	ok(!isnan(e.correlation) && isnan(e.fisher_low) && isnan(e.robust_low), "three: no interval");
	e = evidence(y, x, 9, 60);
	ok(!isnan(e.fisher_low) && isnan(e.robust_low), "nine: Fisher's alone");
	e = evidence(y, x, 10, 60);
	ok(!isnan(e.robust_low), "ten: the robust interval");
	e = evidence(y, x, 99, 60);
	ok(isnan(e.break_statistic) && e.break_at == -1, "99: no break test");
	e = evidence(y, x, 100, 60);
	ok(!isnan(e.break_statistic), "100: a break test");
	ok(isnan(evidence(y, x, 79, 60).clark_west_statistic), "19 after the window: not out of sample");
	ok(!isnan(evidence(y, x, 80, 60).clark_west_statistic), "20 after the window: out of sample");

	/* whatever the length, no infinity, and p-values are probabilities */
	count = 0;
	for (int n = 0; n <= 240; n++)
	{
		e = evidence(y, x, n, 20);
		for (int i = numbers(&e, v) - 1; i >= 0; i--)
			count += isinf(v[i]) != 0;
		count += e.p_value > 1 || e.effectiveness_p_value > 1 || e.break_p_value > 1 ||
			e.rolling_spread_p_value > 1 || e.clark_west_p_value > 1 || e.p_value < 0 ||
			e.break_p_value < 0 || e.rolling_spread_p_value < 0;
	}
	ok(count == 0, "nothing infinite, no p-value outside [0, 1], for 0 to 240 observations");

	for (int t = 0; t < 300; t++)
		z[t] = x[t] * (t == 100 ? 1e150 : 1);
	e = evidence(y, z, 300, 60);
	ok(isfinite(e.correlation) && isfinite(e.break_statistic) && isfinite(e.rolling.mean),
	   "an outlier of 1e150");
	z[100] = 1e200;
	{
		PhEvidencePlan plan;
		PhEvidenceAsset a;

		ph_evidence_plan(&plan, 300, 60, 0.95, 0.1);
		ok(ph_evidence_prepare(&plan, z, &a, step_y, rolling, scratch) == PH_OVERFLOW,
		   "1e200 overflows, and says so");
	}

	e = evidence(y, x, 300, 60);
	ph_evidence_hold(&e, 0);
	ok(e.held_effectiveness == 0 && isnan(e.break_even_correlation), "ratio 0 has no break-even");
	ph_evidence_hold(&e, 100);
	ok(e.held_effectiveness < 0 && e.break_even_correlation > 1 && e.break_even_confidence == 0,
	   "no correlation is enough for a ratio of 100");
	ph_evidence_hold(&e, -0.4);
	ok(e.break_even_correlation < 0 && e.break_even_confidence < 1e-9, "the wrong sign of ratio");
	ph_evidence_hold(&e, e.hedge_ratio);
	near(e.held_effectiveness, e.correlation * e.correlation, 1e-14, "the optimal ratio removes ρ²");
	near(e.break_even_correlation, e.correlation / 2, 1e-14, "and breaks even at half of ρ");
}

/* Noise that is the same everywhere: a linear congruential generator, twelve uniforms a value. */
static uint32_t noise_state;

static double
noise(void)
{
	double		sum = -6;

	for (int i = 0; i < 12; i++)
	{
		noise_state = noise_state * 1664525u + 1013904223u;
		sum += noise_state / 4294967296.0;
	}
	return sum;
}

static void
correlated(int n, double rho, int change, double later)
{
	for (int t = 0; t < n; t++)
	{
		double		r = t < change ? rho : later;

		y[t] = noise();
		x[t] = r * y[t] + sqrt(1 - r * r) * noise();
	}
}

static void
breaks(void)
{
	PhEvidence	e;
	const PhVerdictThresholds t = PH_VERDICT_DEFAULTS;
	PhVerdictThresholds strict = t;

	noise_state = 4;
	correlated(500, 0.8, 250, 0.2);
	e = evidence(y, x, 500, 60);
	ok(e.break_p_value < 1e-6 && abs(e.break_at - 250) <= 15, "a break is found where it is");
	ok(e.rolling_spread_p_value < 0.001 && e.first_half > 0.7 && e.second_half < 0.35,
	   "spread and halves show it");
	ok(ph_verdict(&e, &t) == PH_BREAK_DETECTED, "verdict: break");
	strict.break_change = fabs(e.after_break - e.before_break) + 1e-9;
	strict.spread_significance = 0;
	ok(ph_verdict(&e, &strict) == PH_RELIABLE, "verdict: no break that matters");
	strict = t;

	/* a month before the end, with a jump of volatility and one day that is x's alone */
	correlated(250, 0.9, 221, 0);
	for (int i = 221; i < 250; i++)
	{
		y[i] *= 4;
		x[i] *= i == 241 ? 100 : 4;
	}
	e = evidence(y, x, 250, 60);
	ok(e.break_p_value < 0.05 && abs(e.break_at - 221) <= 5, "a late break in a crash (%d, p %g)",
	   e.break_at, e.break_p_value);
	ok(e.before_break > 0.85 && fabs(e.after_break) < 0.5, "the correlations before and after");
	ok(e.effective_observations < 125, "such a window tells as much as half of its days (%.0f)",
	   e.effective_observations);

	correlated(500, 0.8, 500, 0.8);
	for (int i = 250; i < 500; i++)
	{
		y[i] *= 3;
		x[i] *= 3;
	}
	e = evidence(y, x, 500, 60);
	ok(e.break_p_value > 0.05, "a change of volatility is no break");
	ok(ph_verdict(&e, &t) == PH_RELIABLE, "verdict: reliable");
	strict.observations = 501;
	ok(ph_verdict(&e, &strict) == PH_INSUFFICIENT_OBSERVATIONS, "verdict: too few observations");
	strict = t;
	strict.effective_observations = 1e4;
	ok(ph_verdict(&e, &strict) == PH_INSUFFICIENT_EFFECTIVE, "verdict: too few effective ones");
	e.effectiveness_p_value = 0.06;
	ok(ph_verdict(&e, &t) == PH_WEAK, "verdict: weak");
	e.effectiveness_p_value = NAN;
	ok(ph_verdict(&e, &t) == PH_WEAK, "verdict: nothing shown is weak");
	e.effectiveness_p_value = 0.05;
	e.rolling_spread_p_value = 0.01;
	ok(ph_verdict(&e, &t) == PH_UNSTABLE_SPREAD, "verdict: spread");
	e.rolling_spread_p_value = NAN;
	e.clark_west_p_value = 0.051;
	ok(ph_verdict(&e, &t) == PH_UNSTABLE_NOT_PROVEN, "verdict: not proven out of sample");
	e.out_of_sample_effectiveness = 0;
	ok(ph_verdict(&e, &t) == PH_UNSTABLE_OUT_OF_SAMPLE, "verdict: nothing gained out of sample");
	e.correlation = NAN;
	ok(ph_verdict(&e, &t) == PH_INSUFFICIENT_NO_CORRELATION, "verdict: no correlation");
}

static void
p_values(void)
{
	/* R: p.adjust(c(.001, .01, .02, .02, .03, .04, .05, .3, .9, 1), "BH"), then "BY" */
	static const double p[] = {0.001, 0.01, 0.02, 0.02, 0.03, 0.04, 0.05, 0.3, 0.9, 1};
	static const double bh[] = {0.01, 0.05, 0.05, 0.05, 0.06, 0.066666666666666666,
	0.071428571428571438, 0.375, 1, 1};
	static const double by[] = {0.029289682539682539, 0.14644841269841269, 0.14644841269841269,
	0.14644841269841269, 0.17573809523809522, 0.19526455026455025, 0.20921201814058957, 1, 1, 1};
	double		q[10];

	memcpy(q, p, sizeof(p));
	ph_adjust_p_values(q, 10, false);
	for (int i = 0; i < 10; i++)
		near(q[i], bh[i], 1e-15, "Benjamini-Hochberg, %d", i + 1);
	memcpy(q, p, sizeof(p));
	ph_adjust_p_values(q, 10, true);
	for (int i = 0; i < 10; i++)
		near(q[i], by[i], 1e-15, "Benjamini-Yekutieli, %d", i + 1);
}

static void
monitor(void)
{
	PhMonitor	m,
				again;
	int			raised = -1,
				cleared = -1;

	noise_state = 5;
	correlated(900, 0.8, 400, 0.1);
	ok(ph_monitor_start(&m, y, x, 250, 2.5), "a monitor starts");
	near(m.correlation, 0.8, 0.08, "with the correlation of its baseline");
	again = m;
	for (int t = 250; t < 900; t++)
		if (ph_monitor_step(&m, y[t], x[t]) == PH_MONITOR_RAISED && raised < 0)
			raised = t;
	ok(raised >= 400 && raised < 480, "the alarm comes after the change, soon (%d)", raised);
	ok(m.alarm == -1 && m.alarms == 1 && m.cleared_at == 0, "it stands, once, downwards");
	near(250 + m.changed_at, 400, 5, "and dates the change");
	for (int t = 250; t < 900; t++)
	{
		PhMonitor	stored;

		memcpy(&stored, &again, sizeof(again));
		ph_monitor_step(&stored, y[t], x[t]);
		again = stored;
	}
	ok(memcmp(&m, &again, sizeof(m)) == 0, "stored and taken up again, the same state to the last bit");
	ok(ph_monitor_valid(&m), "which is valid");
	again.deviation = NAN;
	ok(!ph_monitor_valid(&again), "and is not with a NaN in it");
	again = m;
	again.fall_from[1] = m.seen + 1;
	ok(!ph_monitor_valid(&again), "nor with a date that is not yet");

	/* the old correlation comes back */
	correlated(1150, 0.8, 1150, 0.8);
	for (int t = 0; t < 1150; t++)
		if (ph_monitor_step(&m, y[t], x[t]) == PH_MONITOR_CLEARED && cleared < 0)
			cleared = t;
	ok(cleared >= PH_MONITOR_CALM && cleared < 400, "it clears after a calm (%d)", cleared);
	ok(m.alarm == 0, "and stays clear");

	correlated(1000, 0.6, 1000, 0.6);
	ph_monitor_start(&m, y, x, 250, 2.5);
	for (int t = 250; t < 1000; t++)
		ph_monitor_step(&m, t % 10 == 3 ? NAN : 5 * y[t], t % 10 == 5 ? INFINITY : 5 * x[t]);
	ok(m.alarms == 0 && m.seen == 750 && m.since == 600, "volatility and gaps raise no alarm");
	ok(!ph_monitor_start(&m, y, x, PH_MONITOR_LEAST - 1, 2.5), "a baseline too short");
	ok(!ph_monitor_start(&m, y, y, 250, 2.5), "an asset with itself is nothing to watch");
	for (int t = 0; t < 250; t++)
		x[t] = 3;
	ok(!ph_monitor_start(&m, y, x, 250, 2.5), "nor is a constant");

	/* dates of changes in both directions, long after the baseline: half of them within three bars */
	for (int up = 0; up <= 1; up++)
	{
		int			dated = 0,
					close = 0;

		for (int k = 0; k < 200; k++)
		{
			correlated(1150, up ? 0.3 : 0.8, 650, up ? 0.8 : 0.2);
			ph_monitor_start(&m, y, x, 250, 2.5);
			for (int t = 250; t < 1150; t++)
				if (ph_monitor_step(&m, y[t], x[t]) == PH_MONITOR_RAISED && t >= 650)
				{
					dated++;
					close += fabs(250 + m.changed_at - 650) <= 3;
					break;
				}
		}
		ok(dated >= 190 && close >= dated / 2, "dates a %s: %d of %d within three bars",
		   up ? "rise" : "fall", close, dated);
	}

	/* an alarm that stands does not hide a change the other way */
	{
		int			risen = 0,
					fallen = 0,
					close = 0;
		double		late = 0;

		for (int k = 0; k < 200; k++)
		{
			double		y2[250],
						x2[250];
			bool		stood;

			correlated(250, 0, 250, 0);
			memcpy(y2, y, sizeof(y2));
			memcpy(x2, x, sizeof(x2));
			correlated(600, 0.6, 300, 0.95);
			ph_monitor_start(&m, y, x, 250, 2.5);
			for (int t = 250; t < 600; t++)
				ph_monitor_step(&m, y[t], x[t]);
			stood = m.alarm > 0;
			risen += stood;
			for (int t = 0; t < 250; t++)
				if (ph_monitor_step(&m, y2[t], x2[t]) == PH_MONITOR_RAISED && m.alarm < 0 && stood)
				{
					fallen++;
					close += fabs(250 + m.changed_at - 600) <= 3;
					late = fmax(late, m.seen - 350);
					break;
				}
		}
		ok(risen == 200 && fallen >= 198 && close >= fallen / 2 && late < 200,
		   "0.6, 0.95, 0: the rise in %d, the fall in %d, %d dates within three bars, all within %g",
		   risen, fallen, close, late);
	}
}

int
main(void)
{
	against_r();
	long_run();
	tails();
	lanes();
	invariance();
	special();
	breaks();
	p_values();
	monitor();
	return done();
}
