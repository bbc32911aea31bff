/*
 * simulate.c
 *	  How far the evidence of a pair can be trusted: coverage of its intervals, size and power of
 *	  its tests, false alarms and delay of its monitor, on simulated returns whose law is known.
 *	  Prints the tables of docs/evidence.md.
 *
 *	  make simulate [REPETITIONS=2000] [SEED=1]
 *
 * With "alarms" it prints those of one pair instead, which test/t/alarm_rules.sh compares with a book's.
 *
 * The numbers are the same on every machine with the same libm: the generator is the project's
 * own use of xoshiro256** (D. Blackman, S. Vigna, ACM Transactions on Mathematical Software 47, 2021), seeded
 * by splitmix64.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "monitor.h"
#include "normal.h"
#include "returns.h"
#include "volatility.h"

#define LONGEST 1600
#define WINDOW 60
#define YEAR 252

/* ---------- random numbers ---------- */

static uint64_t random_state[4];

static void
random_seed(uint64_t seed)
{
	for (int i = 0; i < 4; i++)
	{
		uint64_t	z = (seed += UINT64_C(0x9E3779B97F4A7C15));

		z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
		random_state[i] = z ^ (z >> 31);
	}
}

static inline uint64_t
rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

static double
random_uniform(void)
{
	uint64_t   *s = random_state;
	uint64_t	result = rotate(s[1] * 5, 7) * 9;
	uint64_t	t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return ((result >> 11) + 0.5) / 9007199254740992.0;
}

/* two independent standard normals: Marsaglia's polar method */
static void
random_normals(double *a, double *b)
{
	double		u,
				v,
				s;

	do
	{
		u = 2 * random_uniform() - 1;
		v = 2 * random_uniform() - 1;
		s = u * u + v * v;
	} while (s >= 1 || s == 0);
	s = sqrt(-2 * log(s) / s);
	*a = u * s;
	*b = v * s;
}

/* ---------- returns ---------- */

typedef enum Law
{
	NORMAL,
	T4,							/* both over one root of chi-square: the bivariate Student law */
	T5,
	AR1,						/* normal, each 0.3 times its last value plus news */
	GARCH,						/* each its own GARCH(1,1), 0.08 and 0.90, constant correlation of news */
	DOUBLING,					/* normal, both volatilities double in the middle */
	GARCH_T5					/* GARCH with news of Student's t, 5 degrees of freedom */
} Law;

static const char *law_name[] = {"normal", "t4", "t5", "AR(1) 0.3", "GARCH", "volatility x2",
"GARCH, t5"};

/* Correlation rho before observation `change`, later after it; DRIFT: evenly from one to the other. */
#define DRIFT (-1)

static void
draw(Law law, int n, double rho, int change, double later, double *y, double *x)
{
	double		var_y = 1,
				var_x = 1;
	int			burn = law == AR1 ? 100 : law == GARCH || law == GARCH_T5 ? 600 : 0;
	double		last_y = 0,
				last_x = 0;

	for (int t = -burn; t < n; t++)
	{
		double		r = change == DRIFT ? rho + (later - rho) * fmax(t, 0) / n : t < change ? rho : later;
		double		a,
					b,
					s = 1;

		random_normals(&a, &b);
		b = r * a + sqrt(1 - r * r) * b;
		if (law == T4 || law == T5 || law == GARCH_T5)
		{
			double		c,
						d,
						e,
						f;

			random_normals(&c, &d);
			random_normals(&e, &f);
			s = c * c + d * d + e * e + f * f;
			if (law != T4)
			{
				random_normals(&c, &d);
				s += c * c;
			}
			s = sqrt((law == T4 ? 4 : law == T5 ? 5 : 3) / s);	/* of GARCH the news have variance 1 */
		}
		if (law == DOUBLING && t >= n / 2)
			s = 2;
		a *= s;
		b *= s;
		if (law == AR1)
		{
			a += 0.3 * last_y;
			b += 0.3 * last_x;
		}
		if (law == GARCH || law == GARCH_T5)
		{
			var_y = 0.02 + 0.08 * last_y * last_y + 0.90 * var_y;
			var_x = 0.02 + 0.08 * last_x * last_x + 0.90 * var_x;
			a *= sqrt(var_y);
			b *= sqrt(var_x);
		}
		last_y = a;
		last_x = b;
		if (t >= 0)
		{
			y[t] = a;
			x[t] = b;
		}
	}
}

/* The correlation that the law has in the long run. */
static double
true_correlation(Law law, double rho)
{
	enum {LONG = 8000000};
	double	   *y,
			   *x,
				yy = 0,
				xx = 0,
				xy = 0;

	if (law != GARCH)
		return rho;
	y = malloc(LONG * sizeof(double));
	x = malloc(LONG * sizeof(double));
	draw(law, LONG, rho, LONG, rho, y, x);
	for (int t = 0; t < LONG; t++)
	{
		yy += y[t] * y[t];
		xx += x[t] * x[t];
		xy += x[t] * y[t];
	}
	free(y);
	free(x);
	return xy / sqrt(yy * xx);
}

/* ---------- one pair ---------- */

static double series_y[LONGEST],
			series_x[LONGEST];
static double step_y[LONGEST * PH_EVIDENCE_STEP],
			step_x[LONGEST * PH_EVIDENCE_STEP];
static PhRollingStep rolling_work[LONGEST];
static double scratch[7 * LONGEST];
static double tile[LONGEST * PH_EVIDENCE_FIELDS];
static double work[10 * LONGEST];

static void
examine(const PhEvidencePlan *plan, PhEvidence *e)
{
	PhEvidenceAsset y,
				x;

	ph_evidence_prepare(plan, series_y, &y, step_y, rolling_work, scratch);
	ph_evidence_prepare(plan, series_x, &x, step_x, rolling_work, scratch);
	ph_evidence_load(plan, step_x, 0, 1, tile);
	ph_evidence_one(plan, &y, step_y, &x, tile, work, e);
}

static int	repetitions = 2000;

static double
percent(int count)
{
	return 100.0 * count / repetitions;
}

/* ---------- the tables ---------- */

static void
coverage(void)
{
	static const Law laws[] = {NORMAL, T4, AR1, GARCH};
	PhEvidencePlan plan;
	PhEvidence	e;

	puts("\nCoverage of the 95 % intervals, correlation of the news 0.6");
	puts("  returns         n   true  robust  Fisher  effective observations");
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
	{
		double		rho = true_correlation(laws[i], 0.6);

		for (int n = 250; n <= 750; n += 500)
		{
			int			robust = 0,
						fisher = 0;
			double		effective = 0;

			ph_evidence_plan(&plan, n, WINDOW, 0.95, 0.1);
			for (int k = 0; k < repetitions; k++)
			{
				draw(laws[i], n, 0.6, n, 0.6, series_y, series_x);
				examine(&plan, &e);
				robust += e.robust_low <= rho && rho <= e.robust_high;
				fisher += e.fisher_low <= rho && rho <= e.fisher_high;
				effective += e.effective_observations / repetitions;
			}
			printf("  %-13s %3d  %5.3f  %5.1f %%  %5.1f %%  %.0f\n", law_name[laws[i]], n, rho,
				   percent(robust), percent(fisher), effective);
		}
	}
}

/* The standard deviation that the law has in the long run. */
static double
true_volatility(Law law)
{
	return law == T4 ? sqrt(2) : law == T5 ? sqrt(5.0 / 3) : law == AR1 ? 1 / sqrt(1 - 0.3 * 0.3) : 1;
}

static void
volatility_coverage(void)
{
	static const Law laws[] = {NORMAL, T4, AR1, GARCH};

	puts("\nCoverage of the 95 % interval of a volatility, and to which side it misses");
	puts("  returns         n  covers   too low  too high  mean low, high (volatility 1)");
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
		for (int n = 250; n <= 750; n += 500)
		{
			double		truth = true_volatility(laws[i]);
			int			under = 0,
						over = 0;
			double		low = 0,
						high = 0;

			for (int k = 0; k < repetitions; k++)
			{
				PhVolatilityInterval v;

				draw(laws[i], n, 0.6, n, 0.6, series_y, series_x);
				ph_volatility_interval(series_y, n, 0.95, NULL, &v);
				under += v.high < truth;
				over += v.low > truth;
				low += v.low / truth / repetitions;
				high += v.high / truth / repetitions;
			}
			printf("  %-13s %3d  %5.1f %%  %5.1f %%   %5.1f %%  %.2f, %.2f\n", law_name[laws[i]], n,
				   percent(repetitions - under - over), percent(under), percent(over), low, high);
		}
}

static void
stability_size(void)
{
	PhEvidencePlan plan;
	PhEvidence	e;

	puts("\nSize: a constant correlation rejected (break test at 5 % and 1 %, rolling spread at 5 % and 1 %)");
	puts("  returns         n   rho  break 5 %  break 1 %  spread 5 %  spread 1 %");
	for (int law = NORMAL; law <= DOUBLING; law++)
		for (int n = 250; n <= 500; n += 250)
			for (int high = 0; high < 3; high++)
			{
				static const double rhos[] = {0.3, 0.6, 0.9};
				int			break5 = 0,
							break1 = 0,
							spread5 = 0,
							spread1 = 0;

				if (n == 250 && high != 1)
					continue;
				ph_evidence_plan(&plan, n, WINDOW, 0.95, 0.1);
				for (int k = 0; k < repetitions; k++)
				{
					draw(law, n, rhos[high], n, rhos[high], series_y, series_x);
					examine(&plan, &e);
					break5 += e.break_p_value <= 0.05;
					break1 += e.break_p_value <= 0.01;
					spread5 += e.rolling_spread_p_value <= 0.05;
					spread1 += e.rolling_spread_p_value <= 0.01;
				}
				printf("  %-13s %3d   %.1f    %5.1f %%    %5.1f %%     %5.1f %%     %5.1f %%\n", law_name[law],
					   n, rhos[high], percent(break5), percent(break1), percent(spread5),
					   percent(spread1));
			}
}

static int
compare(const void *a, const void *b)
{
	double		v = *(const double *) a;
	double		w = *(const double *) b;

	return v < w ? -1 : v > w;
}

static void
stability_power(void)
{
	static const Law laws[] = {NORMAL, T4, GARCH};
	static const int changes[] = {250, 450, DRIFT};
	PhEvidencePlan plan;
	PhEvidence	e;
	int			n = 500;

	puts("\nPower: correlation 0.8 -> 0.2 within 500 (and the median error of the date of the break)");
	puts("  returns        change at   break 5 %  break 1 %  spread 5 %  date off by");
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
		for (int c = 0; c < 3; c++)
		{
			int			break5 = 0,
						break1 = 0,
						spread5 = 0;
			double	   *off = malloc(repetitions * sizeof(double));

			ph_evidence_plan(&plan, n, WINDOW, 0.95, 0.1);
			for (int k = 0; k < repetitions; k++)
			{
				draw(laws[i], n, 0.8, changes[c], 0.2, series_y, series_x);
				examine(&plan, &e);
				break5 += e.break_p_value <= 0.05;
				break1 += e.break_p_value <= 0.01;
				spread5 += e.rolling_spread_p_value <= 0.05;
				off[k] = fabs(e.break_at - (double) changes[c]);
			}
			qsort(off, repetitions, sizeof(double), compare);
			printf("  %-13s", law_name[laws[i]]);
			if (changes[c] == DRIFT)
				printf("  all along");
			else
				printf("  %9d", changes[c]);
			printf("    %5.1f %%    %5.1f %%     %5.1f %%", percent(break5), percent(break1),
				   percent(spread5));
			if (changes[c] == DRIFT)
				puts("");
			else
				printf("     %.0f\n", off[repetitions / 2]);
			free(off);
		}
}

/* Diebold and Mariano (1995) of the same two: squared errors compared as they are. */
static double
diebold_mariano(int n)
{
	static double d[LONGEST];
	int			count = 0;
	double		mean = 0;

	for (int t = WINDOW; t < n; t++)
	{
		double		my = 0,
					mx = 0,
					xx = 0,
					xy = 0,
					a,
					b;

		for (int s = t - WINDOW; s < t; s++)
		{
			my += series_y[s] / WINDOW;
			mx += series_x[s] / WINDOW;
		}
		for (int s = t - WINDOW; s < t; s++)
		{
			xx += (series_x[s] - mx) * (series_x[s] - mx);
			xy += (series_x[s] - mx) * (series_y[s] - my);
		}
		a = series_y[t] - my;
		b = a - xy / xx * (series_x[t] - mx);
		d[count] = a * a - b * b;
		mean += d[count++];
	}
	mean /= count;
	return mean / sqrt(ph_long_run_variance(d, count, ph_long_run_lags(n)) / count);
}

static void
out_of_sample(void)
{
	static const double rhos[] = {0, 0.1, 0.2, 0.3, 0.6};
	static const Law laws[] = {NORMAL, T4, GARCH};
	PhEvidencePlan plan;
	PhEvidence	e;

	puts("\nOut of sample, ratio of 60 returns: rejected at 5 % that the hedge does nothing");
	puts("  returns         n   rho  Clark-West  Diebold-Mariano  mean effectiveness");
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
		for (int n = 250; n <= 500; n += 250)
			for (size_t r = 0; r < sizeof(rhos) / sizeof(rhos[0]); r++)
			{
				int			clark_west = 0,
							plain = 0;
				double		effectiveness = 0;

				ph_evidence_plan(&plan, n, WINDOW, 0.95, 0.1);
				for (int k = 0; k < repetitions; k++)
				{
					draw(laws[i], n, rhos[r], n, rhos[r], series_y, series_x);
					examine(&plan, &e);
					clark_west += e.clark_west_p_value <= 0.05;
					plain += diebold_mariano(n) > 1.6448536269514722;
					effectiveness += e.out_of_sample_effectiveness / repetitions;
				}
				printf("  %-13s %3d   %.1f     %5.1f %%          %5.1f %%    %.3f\n", law_name[laws[i]], n,
					   rhos[r], percent(clark_west), percent(plain), effectiveness);
			}
}

static void
verdicts(void)
{
	static const struct
	{
		const char *what;
		Law			law;
		int			n;
		double		rho;
		int			change;
		double		later;
	}			cases[] = {
		{"0.8, constant, normal", NORMAL, 250, 0.8, 1000, 0},
		{"0.8, constant, t4", T4, 250, 0.8, 1000, 0},
		{"0.8, constant, GARCH", GARCH, 250, 0.8, 1000, 0},
		{"0.6, constant, normal", NORMAL, 250, 0.6, 1000, 0},
		{"0.6, constant, t4", T4, 250, 0.6, 1000, 0},
		{"0.6, constant, normal", NORMAL, 100, 0.6, 1000, 0},
		{"0.6, constant, t4", T4, 500, 0.6, 1000, 0},
		{"0.6, volatility doubles", DOUBLING, 500, 0.6, 1000, 0},
		{"0.4, constant, normal", NORMAL, 250, 0.4, 1000, 0},
		{"0.2, constant, normal", NORMAL, 250, 0.2, 1000, 0},
		{"0, constant, normal", NORMAL, 250, 0, 1000, 0},
		{"0.8 -> 0.2 in the middle", NORMAL, 250, 0.8, 125, 0.2},
		{"0.8 -> 0.2 in the middle", NORMAL, 500, 0.8, 250, 0.2},
		{"0.8 -> 0.2, t4", T4, 500, 0.8, 250, 0.2},
		{"0.8 -> 0.2 all along", NORMAL, 500, 0.8, DRIFT, 0.2},
		{"0.8 -> 0.5 in the middle", NORMAL, 500, 0.8, 250, 0.5},
		{"0.7 -> -0.7 in the middle", NORMAL, 500, 0.7, 250, -0.7},
	};
	const PhVerdictThresholds thresholds = PH_VERDICT_DEFAULTS;
	PhEvidencePlan plan;
	PhEvidence	e;

	puts("\nVerdicts at the default thresholds, in %");
	puts("  correlation                  n  reliable  weak  unstable  break_detected  insufficient");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		int			count[PH_RELIABLE + 1] = {0};

		ph_evidence_plan(&plan, cases[i].n, WINDOW, 0.95, 0.1);
		for (int k = 0; k < repetitions; k++)
		{
			draw(cases[i].law, cases[i].n, cases[i].rho, cases[i].change, cases[i].later, series_y,
				 series_x);
			examine(&plan, &e);
			count[ph_verdict(&e, &thresholds)]++;
		}
		printf("  %-26s %3d     %5.1f %5.1f     %5.1f           %5.1f         %5.1f\n", cases[i].what,
			   cases[i].n, percent(count[PH_RELIABLE]), percent(count[PH_WEAK]),
			   percent(count[PH_UNSTABLE_SPREAD] + count[PH_UNSTABLE_OUT_OF_SAMPLE] +
					   count[PH_UNSTABLE_NOT_PROVEN]), percent(count[PH_BREAK_DETECTED]),
			   percent(count[PH_INSUFFICIENT_NO_CORRELATION] + count[PH_INSUFFICIENT_OBSERVATIONS] +
					   count[PH_INSUFFICIENT_EFFECTIVE]));
	}
}

/* What a fresh test of the last 250 returns every day does to a pair that never changes. */
static void
fresh_tests(void)
{
	PhEvidencePlan plan;
	PhEvidence	e;
	int			n = 250;
	int			tries = repetitions / 10 > 0 ? repetitions / 10 : 1;

	puts("\nA fresh break test of the last 250 returns every day for a year, constant 0.6: pairs rejected");
	ph_evidence_plan(&plan, n, WINDOW, 0.95, 0.1);
	for (int law = NORMAL; law <= T4; law++)
	{
		int			hit5 = 0,
					hit1 = 0;

		for (int k = 0; k < tries; k++)
		{
			static double y[LONGEST],
						x[LONGEST];
			double		least = 1;

			draw(law, n + YEAR, 0.6, n + YEAR, 0.6, y, x);
			for (int t = 0; t < YEAR; t++)
			{
				memcpy(series_y, y + t, n * sizeof(double));
				memcpy(series_x, x + t, n * sizeof(double));
				examine(&plan, &e);
				least = fmin(least, e.break_p_value);
			}
			hit5 += least <= 0.05;
			hit1 += least <= 0.01;
		}
		printf("  %-13s  at 5 %%: %.0f %%   at 1 %%: %.0f %%   (%d pairs)\n", law_name[law],
			   100.0 * hit5 / tries, 100.0 * hit1 / tries, tries);
	}
}

/* bars until an alarm that stands at or is raised after bar `change`, or −1 */
static int
delay(PhMonitor *m, const double *y, const double *x, int from, int to, int change)
{
	for (int t = from; t < to; t++)
	{
		ph_monitor_step(m, y[t], x[t]);
		if (t >= change && m->alarm != 0)
			return t - change + 1;
	}
	return -1;
}

static void
monitoring(void)
{
	enum {BASELINE = 250, YEARS = 4, BARS = YEARS * YEAR};
	static const double thresholds[] = {2, 2.5, 3, 3.5};
	static const int changes[] = {20, 250, 500};
	static double y[LONGEST],
				x[LONGEST];

	puts("\nMonitoring against a baseline of 250: false alarms (constant 0.6, four years), and bars until the");
	puts("alarm after 0.8 -> 0.2 (median, 90th percentile) 20, 250 and 500 bars after the baseline; bars until");
	puts("it is cleared when 0.8 comes back after 100 bars");
	puts("  returns        c    alarms a pair and year  first year  after 20    after 250   after 500   cleared");
	for (int law = NORMAL; law <= DOUBLING; law++)
		for (size_t c = 0; law != T5 && c < sizeof(thresholds) / sizeof(thresholds[0]); c++)
		{
			int			alarms = 0,
						early = 0,
						tries = repetitions / 2 > 0 ? repetitions / 2 : 1;
			double	   *bars = malloc(repetitions * sizeof(double));
			PhMonitor	m;

			for (int k = 0; k < repetitions; k++)
			{
				draw(law, BASELINE + BARS, 0.6, LONGEST, 0.6, y, x);
				ph_monitor_start(&m, y, x, BASELINE, thresholds[c]);
				for (int t = 0; t < BARS; t++)
				{
					ph_monitor_step(&m, y[BASELINE + t], x[BASELINE + t]);
					if (t == YEAR - 1)
						early += m.alarms > 0;
				}
				alarms += m.alarms;
			}
			printf("  %-13s %.1f  %22.3f  %8.1f %%", law_name[law], thresholds[c],
				   (double) alarms / repetitions / YEARS, percent(early));
			for (int i = 0; i < 3; i++)
			{
				for (int k = 0; k < tries; k++)
				{
					int			change = BASELINE + changes[i];

					draw(law, BASELINE + BARS, 0.8, change, 0.2, y, x);
					ph_monitor_start(&m, y, x, BASELINE, thresholds[c]);
					bars[k] = delay(&m, y, x, BASELINE, BASELINE + BARS, change);
					if (bars[k] < 0)
						bars[k] = BARS;
				}
				qsort(bars, tries, sizeof(double), compare);
				printf("  %4.0f (%3.0f)", bars[tries / 2], bars[tries * 9 / 10]);
			}
			for (int k = 0; k < tries; k++)
			{
				int			change = BASELINE + 120;
				int			back = change + 100;

				draw(law, BASELINE + BARS, 0.8, change, 0.2, y, x);
				draw(law, BASELINE + BARS - back, 0.8, LONGEST, 0.8, y + back, x + back);
				ph_monitor_start(&m, y, x, BASELINE, thresholds[c]);
				bars[k] = BARS;
				for (int t = BASELINE; t < BASELINE + BARS; t++)
					if (ph_monitor_step(&m, y[t], x[t]) == PH_MONITOR_CLEARED && t >= back)
					{
						bars[k] = t - back + 1;
						break;
					}
			}
			qsort(bars, tries, sizeof(double), compare);
			printf("  %4.0f\n", bars[tries / 2]);
			free(bars);
		}
}

static double
correlation_of(const double *y, const double *x, int n)
{
	PhComoments c = {0};
	double		r = 0;

	for (int t = 0; t < n; t++)
		ph_comoments_add(&c, y[t], x[t], 1);
	ph_corr(&c, &r);
	return r;
}

/* Short baselines, as after a break, and pairs chosen for the correlation of what becomes the baseline. */
static void
monitor_baselines(void)
{
	static const struct
	{
		Law			law;
		int			baseline;
		double		rho;
		double		chosen;		/* for an estimate so large at least */
		double		threshold;
	}			cases[] = {
		{NORMAL, 60, 0.6, 0, 2.5}, {NORMAL, 60, 0.8, 0, 2.5}, {T4, 60, 0.6, 0, 2.5},
		{T4, 60, 0.8, 0, 2.5}, {NORMAL, 60, 0.6, 0, 3.5}, {T4, 60, 0.6, 0, 3.5},
		{NORMAL, 120, 0.6, 0, 2.5}, {T4, 120, 0.6, 0, 2.5},
		{NORMAL, 250, 0.6, 0, 2.5}, {T4, 250, 0.6, 0, 2.5},
		{NORMAL, 250, 0.15, 0.3, 2.5}, {NORMAL, 250, 0.20, 0.3, 2.5}, {NORMAL, 250, 0.25, 0.3, 2.5}
	};
	static double y[LONGEST],
				x[LONGEST];

	puts("\nFalse alarms in the first year by baseline, and of pairs chosen for their correlation in it");
	puts("  returns  baseline   rho  chosen        c  first year");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		int			n = cases[i].baseline;
		int			alarms = 0;

		for (int k = 0; k < repetitions; k++)
		{
			PhMonitor	m;

			do
				draw(cases[i].law, n, cases[i].rho, LONGEST, 0, y, x);
			while (correlation_of(y, x, n) < cases[i].chosen);
			draw(cases[i].law, YEAR, cases[i].rho, LONGEST, 0, y + n, x + n);
			ph_monitor_start(&m, y, x, n, cases[i].threshold);
			for (int t = n; t < n + YEAR; t++)
				ph_monitor_step(&m, y[t], x[t]);
			alarms += m.alarms > 0;
		}
		printf("  %-8s %8d  %4.2f  ", law_name[cases[i].law], n, cases[i].rho);
		if (cases[i].chosen > 0)
			printf("%.1f or more", cases[i].chosen);
		else
			printf("any        ");
		printf("  %.1f  %8.1f %%\n", cases[i].threshold, percent(alarms));
	}
}

/* A change that strengthens the correlation, and while its alarm stands one that takes it away. */
static void
monitor_turns(void)
{
	enum {BASELINE = 250, FIRST = 50, SECOND = 300, BARS = 800};
	static const double to[][2] = {{0.8, 0}, {0.9, 0}, {0.95, 0}, {0.95, 0.3}, {0.95, -0.3}};
	static double y[LONGEST],
				x[LONGEST];

	puts("\nAn alarm stands since 0.6 has risen, 250 bars later the correlation falls, threshold 2.5: pairs with");
	puts("an alarm of the fall within 500 bars, bars until it (median, 90th percentile), and its date (quartiles)");
	puts("  returns   to, then to    found   bars       date");
	for (int law = NORMAL; law <= T4; law++)
		for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++)
		{
			int			tries = repetitions / 2 > 0 ? repetitions / 2 : 1;
			int			stood = 0,
						found = 0;
			double	   *bars = malloc(tries * sizeof(double));
			double	   *off = malloc(tries * sizeof(double));

			for (int k = 0; k < tries; k++)
			{
				PhMonitor	m;
				int			second = BASELINE + SECOND;

				draw(law, second, 0.6, BASELINE + FIRST, to[i][0], y, x);
				draw(law, BARS - SECOND, to[i][1], LONGEST, 0, y + second, x + second);
				ph_monitor_start(&m, y, x, BASELINE, 2.5);
				for (int t = BASELINE; t < second; t++)
					ph_monitor_step(&m, y[t], x[t]);
				if (m.alarm <= 0)
					continue;
				stood++;
				for (int t = second; t < BASELINE + BARS; t++)
					if (ph_monitor_step(&m, y[t], x[t]) == PH_MONITOR_RAISED && m.alarm < 0)
					{
						bars[found] = t - second + 1;
						off[found++] = m.changed_at - SECOND;
						break;
					}
			}
			qsort(bars, found, sizeof(double), compare);
			qsort(off, found, sizeof(double), compare);
			printf("  %-8s %.2f -> %4.1f  %5.1f %%  %3.0f (%3.0f)  %3.0f %3.0f %3.0f\n", law_name[law],
				   to[i][0], to[i][1], 100.0 * found / stood, bars[found / 2], bars[found * 9 / 10],
				   off[found / 4], off[found / 2], off[found * 3 / 4]);
			free(bars);
			free(off);
		}
}

static void
monitor_dates(void)
{
	enum {BASELINE = 250, BARS = 1000};
	static const Law laws[] = {NORMAL, T4, GARCH};
	static const double from_to[][2] = {{0.8, 0.2}, {0.8, 0.5}, {0.3, 0.8}};
	static const int changes[] = {20, 250, 500};
	static double y[LONGEST],
				x[LONGEST];

	puts("\nThe monitor's date of the change, threshold 2.5: bars after the true one (quartiles), of those found");
	puts("  returns       change      after 20              after 250             after 500");
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
		for (int f = 0; f < 3; f++)
		{
			printf("  %-13s %.1f -> %.1f", law_name[laws[i]], from_to[f][0], from_to[f][1]);
			for (int c = 0; c < 3; c++)
			{
				int			change = BASELINE + changes[c];
				int			tries = repetitions / 2 > 0 ? repetitions / 2 : 1;
				int			found = 0;
				double	   *off = malloc(tries * sizeof(double));
				PhMonitor	m;

				for (int k = 0; k < tries; k++)
				{
					draw(laws[i], BASELINE + BARS, from_to[f][0], change, from_to[f][1], y, x);
					ph_monitor_start(&m, y, x, BASELINE, 2.5);
					if (delay(&m, y, x, BASELINE, BASELINE + BARS, change) > 0 &&
						BASELINE + m.alarm_at > change)
						off[found++] = BASELINE + m.changed_at - change;
				}
				qsort(off, found, sizeof(double), compare);
				printf("  %3.0f %3.0f %3.0f of %3.0f %%", off[found / 4], off[found / 2],
					   off[found * 3 / 4], 100.0 * found / tries);
				free(off);
			}
			puts("");
		}
}

/* ---------- alarms of a book ---------- */

/*
 * One pair as hedge._watch (sql/install/75_evidence_book.sql) watches it, refreshed at every bar, by a
 * portfolio that always leans on it and never acknowledges anything; searched alone, so that its p-value is not
 * adjusted.  The names are those of table pair_monitor.
 */
typedef struct Watched
{
	int			lookback;
	int			reread;
	int			patience;
	double		threshold;
	PhVerdictThresholds verdict;
	PhEvidencePlan plan;
	bool		running;
	PhMonitor	state;
	int			baseline_end;	/* bars since the start of the series, as all below; −1: none */
	int			alarm_bar;
	int			change_bar;
	int			latest_change;	/* of all its monitors */
	int			correlation_sign;
	bool		was_reliable;
	int			unreliable_since;
	/* alerts that stand: bar at which raised, −1: none */
	int			breaks;
	int			sign_change;
	int			sign_direction;
	int			verdict_lost;
} Watched;

typedef enum AlarmKind
{
	BREAK = 1,
	SIGN_CHANGE = 2,
	VERDICT_LOST = 4
} AlarmKind;

static void
watched_start(Watched *w, int lookback, int reread, int patience, int window, double threshold,
			  PhVerdictThresholds verdict)
{
	*w = (Watched) {
		.lookback = lookback, .reread = reread, .patience = patience, .threshold = threshold,
		.verdict = verdict, .baseline_end = -1, .alarm_bar = -1, .change_bar = -1,
		.latest_change = -1, .unreliable_since = -1, .breaks = -1, .sign_change = -1,
		.verdict_lost = -1
	};
	ph_evidence_plan(&w->plan, lookback, window, 0.95, 0.1);
}

/* The refresh whose last bar is `last` (from 0) of y and x.  Kinds raised; reliable: the verdict. */
static int
watched_refresh(Watched *w, const double *y, const double *x, int last, bool *reliable)
{
	PhEvidenceAsset a,
				b;
	PhEvidence	e,
				turned;
	PhVerdict	verdict;
	int			first = last - w->lookback + 1;
	int			settled = last - w->reread;
	int			sign_now;
	int			raised = 0;
	bool		lost,
				strengthened;

	ph_evidence_prepare(&w->plan, y + first, &a, step_y, rolling_work, scratch);
	ph_evidence_prepare(&w->plan, x + first, &b, step_x, rolling_work, scratch);
	ph_evidence_load(&w->plan, step_x, 0, 1, tile);
	ph_evidence_one(&w->plan, &a, step_y, &b, tile, work, &e);
	ph_evidence_load(&w->plan, step_y, 0, 1, tile);
	ph_evidence_one(&w->plan, &b, step_x, &a, tile, work, &turned);
	verdict = ph_verdict(&e, &w->verdict);
	*reliable = verdict == PH_RELIABLE || ph_verdict(&turned, &w->verdict) == PH_RELIABLE;
	sign_now = e.robust_low > 0 ? 1 : e.robust_high < 0 ? -1 : 0;

	/* forward */
	if (w->running)
	{
		ph_monitor_step(&w->state, y[settled], x[settled]);
		if (w->state.alarm != 0)
		{
			w->alarm_bar = w->baseline_end + (int) w->state.alarm_at;
			w->change_bar = w->baseline_end + (int) w->state.changed_at + 1;
			w->latest_change = w->change_bar;
		}
		else
			w->alarm_bar = w->change_bar = -1;
	}

	/* a calm one is renewed after twice the lookback, and its alerts are cleared */
	if (w->running && w->alarm_bar < 0 && w->unreliable_since < 0 &&
		w->state.seen >= 2 * w->lookback)
	{
		w->running = false;
		w->breaks = w->sign_change = w->verdict_lost = -1;
	}

	/* a new one, from the window or from the break in it that is known */
	if (!w->running)
	{
		int			from = first;

		if (verdict == PH_BREAK_DETECTED && first + e.break_at > from)
			from = first + e.break_at;
		if (w->latest_change > from)
			from = w->latest_change;
		w->running = ph_monitor_start(&w->state, y + from, x + from, settled - from + 1,
									  w->threshold);
		if (w->running)
		{
			w->baseline_end = settled;
			w->alarm_bar = w->change_bar = w->unreliable_since = -1;
			w->was_reliable = *reliable;
			if (w->correlation_sign == 0)
				w->correlation_sign = sign_now;
		}
	}
	if (!w->running)
		return 0;

	/* what no longer holds */
	if (w->breaks >= 0 && w->breaks != w->alarm_bar)
		w->breaks = -1;
	if (w->sign_change >= 0 && sign_now == -w->sign_direction)
		w->sign_change = -1;
	if (*reliable)
		w->verdict_lost = -1;

	/* what is new */
	lost = verdict != PH_BREAK_DETECTED && !*reliable && w->was_reliable &&
		last - (w->unreliable_since >= 0 ? w->unreliable_since : last) >= w->patience;
	strengthened = w->state.alarm * w->state.correlation > 0;
	if (lost && (w->alarm_bar < 0 || strengthened) && (w->breaks < 0 || strengthened) &&
		w->sign_change < 0 && w->verdict_lost < 0)
		raised |= VERDICT_LOST;
	if (sign_now != 0 && sign_now == -w->correlation_sign)
	{
		raised |= SIGN_CHANGE;
		w->sign_change = last;
		w->sign_direction = sign_now;
	}
	if (w->alarm_bar >= 0 && w->breaks != w->alarm_bar)
	{
		raised |= BREAK;
		w->breaks = w->alarm_bar;
	}
	if (raised & VERDICT_LOST)
		w->verdict_lost = last;
	if (*reliable || lost || !w->was_reliable)
		w->unreliable_since = -1;
	else if (verdict != PH_BREAK_DETECTED && w->unreliable_since < 0)
		w->unreliable_since = last;
	w->was_reliable = *reliable || (w->was_reliable && !lost);
	if (sign_now != 0)
		w->correlation_sign = sign_now;
	return raised;
}

static void
book_alarms(void)
{
	enum {LOOKBACK = 250, YEARS = 4, BARS = YEARS * YEAR};
	static const struct
	{
		Law			law;
		double		rho;
		int			change;
		double		later;
	}			cases[] = {
		{NORMAL, 0.6, LONGEST, 0}, {T4, 0.6, LONGEST, 0}, {GARCH, 0.6, LONGEST, 0},
		{NORMAL, 0.45, LONGEST, 0}, {T4, 0.45, LONGEST, 0}, {GARCH, 0.45, LONGEST, 0},
		{NORMAL, 0.3, LONGEST, 0}, {T4, 0.3, LONGEST, 0}, {GARCH, 0.3, LONGEST, 0},
		{NORMAL, 0.6, DRIFT, 0}, {NORMAL, 0.6, DRIFT, -0.6}, {NORMAL, 0.6, 2 * LOOKBACK, -0.6}
	};
	static double y[LONGEST],
				x[LONGEST];
	int			tries = repetitions / 20 > 0 ? repetitions / 20 : 1;

	printf("\nAlarms of a book at its defaults, refreshed at every bar for four years, a pair and year (%d pairs)\n",
		   tries);
	puts("  returns       correlation           break  sign_change  verdict_lost   reliable");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		int			count[3] = {0};
		int			days = 0;
		char		what[64];

		for (int k = 0; k < tries; k++)
		{
			Watched		w;

			watched_start(&w, LOOKBACK, 5, 60, WINDOW, 2.5, (PhVerdictThresholds) PH_VERDICT_DEFAULTS);
			draw(cases[i].law, LOOKBACK + BARS, cases[i].rho, cases[i].change, cases[i].later, y, x);
			for (int t = LOOKBACK - 1; t < LOOKBACK + BARS - 1; t++)
			{
				bool		reliable;
				int			raised = watched_refresh(&w, y, x, t, &reliable);

				for (int kind = 0; kind < 3; kind++)
					count[kind] += raised >> kind & 1;
				days += reliable;
			}
		}
		if (cases[i].change == LONGEST)
			snprintf(what, sizeof(what), "%.2f", cases[i].rho);
		else
			snprintf(what, sizeof(what), "%.2f -> %.2f, %s", cases[i].rho, cases[i].later,
					 cases[i].change == DRIFT ? "slowly" : "at once");
		printf("  %-13s %-20s %6.3f       %6.3f        %6.3f     %5.1f %%\n", law_name[cases[i].law],
			   what, (double) count[0] / tries / YEARS, (double) count[1] / tries / YEARS,
			   (double) count[2] / tries / YEARS, 100.0 * days / tries / BARS);
	}
}

/* Largest return of an asset in robust standard deviations, as in data_quality; and with a split. */
static double
largest_size(const double *r, int n)
{
	PhSizes		sizes;

	ph_return_sizes(r, n, &sizes);
	return fabs(sizes.largest) / (exp(sizes.log_size / sizes.moves) * exp((0.5772156649015329 + log(2)) / 2));
}

static void
jumps(void)
{
	static const Law laws[] = {NORMAL, T5, T4, GARCH, GARCH_T5};
	static const int thresholds[] = {8, 10, 12, 15, 20, 25};
	enum {N_THRESHOLDS = sizeof(thresholds) / sizeof(thresholds[0])};

	puts("\nAssets whose largest return exceeds so many robust standard deviations, without any jump");
	puts("  returns         n        8       10       12       15       20       25");
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
		for (int n = 250; n <= 1000; n *= 4)
		{
			int			above[N_THRESHOLDS] = {0};
			int			tries = 10 * repetitions;

			for (int k = 0; k < tries; k++)
			{
				double		size;

				draw(laws[i], n, 0, n, 0, series_y, series_x);
				size = largest_size(series_y, n);
				for (int t = 0; t < N_THRESHOLDS; t++)
					above[t] += size > thresholds[t];
			}
			printf("  %-13s %4d", law_name[laws[i]], n);
			for (int t = 0; t < N_THRESHOLDS; t++)
				printf(" %6.2f %%", 100.0 * above[t] / tries);
			putchar('\n');
		}

	puts("\nthe same with a 2:1 split (a return of about -50 %) among 250 returns, by daily volatility");
	puts("  returns     volatility   8       10       12       15       20       25");
	for (size_t i = 0; i < 3; i++)
		for (int volatility = 1; volatility <= 5; volatility++)
		{
			int			above[N_THRESHOLDS] = {0};

			for (int k = 0; k < repetitions; k++)
			{
				double		size;

				draw(laws[i], 250, 0, 250, 0, series_y, series_x);
				for (int t = 0; t < 250; t++)
					series_y[t] *= volatility / 100.0 / true_volatility(laws[i]);
				series_y[125] = (1 + series_y[125]) / 2 - 1;
				size = largest_size(series_y, 250);
				for (int t = 0; t < N_THRESHOLDS; t++)
					above[t] += size > thresholds[t];
			}
			printf("  %-13s %d %%", law_name[laws[i]], volatility);
			for (int t = 0; t < N_THRESHOLDS; t++)
				printf(" %6.1f %%", percent(above[t]));
			putchar('\n');
		}
}

/* Alarms of the pair on standard input, a line "y x" a bar: a line "kind bar" each, bars from 1. */
static void
alarms_of_input(int lookback, int patience, int minimum)
{
	static double y[LONGEST],
				x[LONGEST];
	PhVerdictThresholds verdict = PH_VERDICT_DEFAULTS;
	Watched		w;
	int			n = 0;
	bool		reliable;

	verdict.observations = minimum;
	watched_start(&w, lookback, 5, patience, WINDOW, 2.5, verdict);
	while (n < LONGEST && scanf("%lf %lf", &y[n], &x[n]) == 2)
	{
		if (++n >= lookback)
		{
			int			raised = watched_refresh(&w, y, x, n - 1, &reliable);

			if (raised & BREAK)
				printf("break %d\n", w.alarm_bar + 1);
			if (raised & SIGN_CHANGE)
				printf("sign_change %d\n", n);
			if (raised & VERDICT_LOST)
				printf("verdict_lost %d\n", n);
		}
	}
}

int
main(int argc, char **argv)
{
	uint64_t	seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

	if (argc == 5 && strcmp(argv[1], "alarms") == 0 && atoi(argv[2]) >= 2 && atoi(argv[2]) <= LONGEST)
	{
		alarms_of_input(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
		return 0;
	}
	if (argc > 1)
		repetitions = atoi(argv[1]);
	if (repetitions < 1)
	{
		fprintf(stderr, "usage: simulate [REPETITIONS [SEED]]\n"
				"       simulate alarms LOOKBACK PATIENCE MINIMUM_EVIDENCE <RETURNS\n");
		return 2;
	}
	printf("%d repetitions, seed %llu, rolling windows of %d\n", repetitions,
		   (unsigned long long) seed, WINDOW);
	random_seed(seed);
	coverage();
	volatility_coverage();
	stability_size();
	stability_power();
	out_of_sample();
	verdicts();
	fresh_tests();
	monitoring();
	monitor_dates();
	book_alarms();
	monitor_baselines();
	monitor_turns();
	jumps();
	return 0;
}
