/*
 * monitor.h
 *	  Watch one pair, bar by bar, for its correlation leaving what it was over a baseline.
 *
 * A fresh test every bar on overlapping windows rejects sooner or later whatever the correlation
 * does.  A monitor looks every bar, too, but against a boundary made for that: C.-S. J. Chu,
 * M. Stinchcombe, H. White, "Monitoring structural change", Econometrica 64 (1996), 1045-1065; for
 * correlations D. Wied, P. Galeano, "Monitoring correlation change in a sequence of random
 * variables", Journal of Statistical Planning and Inference 143 (2013), 186-196.
 *
 * The baseline, n0 observations before the first one watched, gives means, correlation ρ and the
 * long-run variance V of the influences φ on atanh ρ (evidence.h), all of returns divided by their
 * volatility, which here may only look back:
 *
 *		σ_t² = λ·σ_{t−1}² + (1 − λ)·(y_t − ȳ)²,		λ = PH_DECAY
 *
 * From then on, with φ_t of the baseline's ρ and scale,
 *
 *		C_k = Σ_{i=1..k} φ_i/√V
 *		D_k = max(C_k − min_{j<=k} C_j, max_{j<=k} C_j − C_k)
 *
 * (S. Fremdt, "Page's sequential procedure for change-point detection in time series regression",
 * Statistics 49 (2015): measured from where the change may have started, so that a long calm before it
 * does not delay), and the alarm is raised when
 *
 *		D_k > c·√n0·(1 + k/n0)·(k/(n0 + k))^γ,		γ = PH_MONITOR_BEND
 *
 * the boundary of L. Horváth, M. Hušková, P. Kokoszka, J. Steinebach, Journal of Statistical
 * Planning and Inference 126 (2004), whose growth pays for what is not known of the baseline.
 *
 * The change is dated by likelihood ratio.  Of the baseline's normal law with ζ against that with ζ + δ
 * an observation has the log ratio
 *
 *		l = ½·[log(ab) − (a − 1)·p − (b − 1)·q],
 *		p = (ỹ + x̃)²/(2·(1 + ρ)),	a = (1 + ρ)/(1 + ρ'),
 *		q = (ỹ − x̃)²/(2·(1 − ρ)),	b = (1 − ρ)/(1 − ρ'),	ρ' = tanh(ζ + δ)
 *
 * (φ = ½·(p − q)), and if the change was to ζ + δ, the observations since then have the largest sum of
 * all that reach up to now: D. V. Hinkley, "Inference about the change-point from cumulative sum tests",
 * Biometrika 58 (1971), 509-523.  The recursion of E. S. Page, Biometrika 41 (1954), finds it: S = max(S, 0) + l, and
 * the change is where S last left 0.  As δ is not known, there is an S for each δ of PH_MONITOR_SHIFTS to both
 * sides, a factor of two apart (a finite set for a change of any size: G. Lorden, Annals of Mathematical
 * Statistics 42 (1971), 1897-1908); the largest S on the alarm's side tells.
 *
 * Hysteresis.  An alarm stands until an exponentially weighted mean of φ (PH_MONITOR_RECENT) has not
 * been beyond one of its standard deviations on the alarm's side for PH_MONITOR_CALM observations on end: the
 * correlation is back, or has left for the other side.  Then the alarm is cleared, and the sums start again
 * from 0 against the same baseline; only S of the other side goes on, since it dates the change that may
 * be under way.
 *
 * All of the state is in the struct: stored and taken up again, or replayed from the start, it
 * gives the same alarms at the same bars.
 */
#ifndef PH_MONITOR_H
#define PH_MONITOR_H

#include "kernel.h"

#define PH_MONITOR_LEAST 60		/* observations of a baseline */
#define PH_MONITOR_BEND 0.25
#define PH_MONITOR_RECENT 0.95
#define PH_MONITOR_CALM 20
#define PH_MONITOR_SHIFTS {0.35, 0.7, 1.4}	/* δ, which date a change */
#define PH_MONITOR_DATES 3

/* Numbers only, so that it can be stored as an array of double. */
typedef struct PhMonitor
{
	double		version;		/* 1 */
	double		baseline;		/* n0 */
	double		threshold;		/* c */
	double		correlation;	/* ρ of the baseline, volatility-adjusted */
	double		deviation;		/* √V */
	double		mean_y;
	double		mean_x;
	double		variance_y;		/* σ², now */
	double		variance_x;
	double		centre_y;		/* mean and standard deviation of the adjusted baseline */
	double		centre_x;
	double		scale_y;
	double		scale_x;
	double		seen;			/* bars since the baseline, those with a value missing included */
	double		started;		/* .seen when the sums started */
	double		since;			/* k: observations since then */
	double		total;			/* C_k */
	double		lowest;			/* min C_j */
	double		highest;		/* max C_j */
	double		rise[PH_MONITOR_DATES];	/* S of a change to ζ + δ, and .seen when it last left 0 */
	double		rise_from[PH_MONITOR_DATES];
	double		fall[PH_MONITOR_DATES];	/* ... to ζ − δ */
	double		fall_from[PH_MONITOR_DATES];
	double		recent;			/* weighted mean of φ/√V */
	double		calm;			/* observations on end that it was small, or on the other side */
	double		alarm;			/* 0 none, else the sign of the change of ρ */
	double		alarm_at;		/* .seen of the bar that raised it */
	double		changed_at;		/* .seen of the last observation before the change */
	double		cleared_at;		/* .seen of the bar that last cleared one; 0: none did */
	double		alarms;			/* raised since the start */
} PhMonitor;

#define PH_MONITOR_DOUBLES (sizeof(PhMonitor) / sizeof(double))

typedef enum PhMonitorEvent
{
	PH_MONITOR_QUIET,
	PH_MONITOR_RAISED,
	PH_MONITOR_CLEARED
} PhMonitorEvent;

/*
 * Start from a baseline y[n], x[n], all finite.  False where it has no correlation to watch: too
 * short, a side constant, or one asset twice.
 */
extern bool ph_monitor_start(PhMonitor *m, const double *y, const double *x, int n,
							 double threshold);

/* One more bar.  A value that is not finite, or beyond 1e140, is missing. */
extern PhMonitorEvent ph_monitor_step(PhMonitor *m, double y, double x);

/* Could this be a state?  For what comes from outside. */
extern bool ph_monitor_valid(const PhMonitor *m);

#endif							/* PH_MONITOR_H */
