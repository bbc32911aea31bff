/*
 * monitor.c
 *	  Watch a pair for its correlation leaving its baseline.  See monitor.h.
 */
#include "monitor.h"

#include <string.h>

#include "evidence.h"

#define MOST_LAGS 64

/* Squares of larger values might overflow. */
#define LARGEST 1e140

static double
adjusted(double *variance, double deviation)
{
	*variance = PH_DECAY * *variance + (1 - PH_DECAY) * deviation * deviation;
	return *variance > DBL_MIN ? deviation / sqrt(*variance) : 0;
}

/* Squares of sum and difference over their variances: φ is half of p − q. */
static void
squares_of(const PhMonitor *m, double y, double x, double *p, double *q)
{
	double		s = (y - m->centre_y) / m->scale_y + (x - m->centre_x) / m->scale_x;
	double		d = (y - m->centre_y) / m->scale_y - (x - m->centre_x) / m->scale_x;

	*p = 0.5 * s * s / (1 + m->correlation);
	*q = 0.5 * d * d / (1 - m->correlation);
}

/* One more l to S; before: .seen of the observation before. */
static void
likelihood_add(double *sum, double *from, double before, double zeta, double shift, double p,
			   double q)
{
	/* 1 ± tanh(z) = 2/(1 + exp(∓2z)) */
	double		a = (1 + exp(-2 * (zeta + shift))) / (1 + exp(-2 * zeta));
	double		b = (1 + exp(2 * (zeta + shift))) / (1 + exp(2 * zeta));

	if (*sum <= 0)
	{
		*sum = 0;
		*from = before;
	}
	*sum += 0.5 * (log(a * b) - (a - 1) * p - (b - 1) * q);
}

/* .seen of the last observation before the change that was to this side */
static double
most_likely(const double *sum, const double *from)
{
	int			best = 0;

	for (int i = 1; i < PH_MONITOR_DATES; i++)
		if (sum[i] > sum[best])
			best = i;
	return from[best];
}

bool
ph_monitor_start(PhMonitor *m, const double *y, const double *x, int n, double threshold)
{
	PhComoments c = {0};
	double		start_y,
				start_x,
				ring[MOST_LAGS + 1] = {0},
				sum = 0,
				squares = 0;
	int			lags = ph_long_run_lags(n);
	int			slot = 0;

	memset(m, 0, sizeof(*m));
	if (n < PH_MONITOR_LEAST)
		return false;
	if (lags > MOST_LAGS)
		lags = MOST_LAGS;
	for (int t = 0; t < n; t++)
	{
		if (!(fabs(y[t]) <= LARGEST && fabs(x[t]) <= LARGEST))
			return false;
		ph_comoments_add(&c, y[t], x[t], 1);
	}
	if (!(c.syy > PH_CONSTANT && c.sxx > PH_CONSTANT))
		return false;
	m->version = 1;
	m->baseline = n;
	m->threshold = threshold;
	m->mean_y = c.my;
	m->mean_x = c.mx;
	start_y = c.syy / n;
	start_x = c.sxx / n;

	memset(&c, 0, sizeof(c));
	m->variance_y = start_y;
	m->variance_x = start_x;
	for (int t = 0; t < n; t++)
		ph_comoments_add(&c, adjusted(&m->variance_y, y[t] - m->mean_y),
						 adjusted(&m->variance_x, x[t] - m->mean_x), 1);
	if (!(c.syy > PH_CONSTANT && c.sxx > PH_CONSTANT))
		return false;
	m->centre_y = c.my;
	m->centre_x = c.mx;
	m->scale_y = sqrt(c.syy / n);
	m->scale_x = sqrt(c.sxx / n);
	ph_corr(&c, &m->correlation);
	if (!(1 - fabs(m->correlation) > PH_PERFECT))
		return false;

	/* the same once more, for V */
	m->variance_y = start_y;
	m->variance_x = start_x;
	for (int t = 0; t < n + lags; t++)
	{
		double		phi = 0;

		if (t < n)
		{
			double		uy = adjusted(&m->variance_y, y[t] - m->mean_y);
			double		p,
						q;

			squares_of(m, uy, adjusted(&m->variance_x, x[t] - m->mean_x), &p, &q);
			phi = 0.5 * (p - q);
		}
		sum += phi - ring[slot];
		ring[slot] = phi;
		slot = slot == lags ? 0 : slot + 1;
		squares += sum * sum;
	}
	m->deviation = sqrt(squares / ((double) n * (lags + 1)));
	return m->deviation > 0;
}

PhMonitorEvent
ph_monitor_step(PhMonitor *m, double y, double x)
{
	static const double shifts[PH_MONITOR_DATES] = PH_MONITOR_SHIFTS;
	double		uy,
				ux,
				p,
				q,
				phi,
				zeta,
				boundary;

	m->seen++;
	if (!(fabs(y) <= LARGEST && fabs(x) <= LARGEST))
		return PH_MONITOR_QUIET;
	uy = adjusted(&m->variance_y, y - m->mean_y);
	ux = adjusted(&m->variance_x, x - m->mean_x);
	squares_of(m, uy, ux, &p, &q);
	phi = 0.5 * (p - q) / m->deviation;
	m->recent = PH_MONITOR_RECENT * m->recent + (1 - PH_MONITOR_RECENT) * phi;
	zeta = atanh(m->correlation);
	for (int i = 0; i < PH_MONITOR_DATES; i++)
	{
		likelihood_add(&m->rise[i], &m->rise_from[i], m->seen - 1, zeta, shifts[i], p, q);
		likelihood_add(&m->fall[i], &m->fall_from[i], m->seen - 1, zeta, -shifts[i], p, q);
	}
	if (m->alarm != 0)
	{
		/* variance of a weighted mean of white noise */
		double		deviation = sqrt((1 - PH_MONITOR_RECENT) / (1 + PH_MONITOR_RECENT));

		m->calm = m->alarm * m->recent <= deviation ? m->calm + 1 : 0;
		if (m->calm < PH_MONITOR_CALM)
			return PH_MONITOR_QUIET;
		/* the other side's S know of a change that has begun already */
		memset(m->alarm > 0 ? m->rise : m->fall, 0, sizeof(m->rise));
		m->alarm = m->calm = m->since = m->total = m->lowest = m->highest = 0;
		m->started = m->cleared_at = m->seen;
		return PH_MONITOR_CLEARED;
	}

	m->since++;
	m->total += phi;
	boundary = m->threshold * sqrt(m->baseline) * (1 + m->since / m->baseline) *
		pow(m->since / (m->baseline + m->since), PH_MONITOR_BEND);
	if (m->total - m->lowest > boundary || m->highest - m->total > boundary)
	{
		bool		up = m->total - m->lowest > boundary;

		m->alarm = up ? 1 : -1;
		m->alarm_at = m->seen;
		m->alarms++;
		m->changed_at = up ? most_likely(m->rise, m->rise_from) : most_likely(m->fall, m->fall_from);
		return PH_MONITOR_RAISED;
	}
	m->lowest = fmin(m->lowest, m->total);
	m->highest = fmax(m->highest, m->total);
	return PH_MONITOR_QUIET;
}

bool
ph_monitor_valid(const PhMonitor *m)
{
	const double *number = (const double *) m;

	for (size_t i = 0; i < PH_MONITOR_DOUBLES; i++)
		if (!isfinite(number[i]))
			return false;
	for (int i = 0; i < PH_MONITOR_DATES; i++)
		if (!(m->rise_from[i] >= 0 && m->rise_from[i] <= m->seen && m->fall_from[i] >= 0 &&
			  m->fall_from[i] <= m->seen))
			return false;
	return m->version == 1 && m->baseline >= PH_MONITOR_LEAST && m->threshold > 0 &&
		fabs(m->correlation) < 1 && m->deviation > 0 && m->variance_y >= 0 && m->variance_x >= 0 &&
		m->scale_y > 0 && m->scale_x > 0 && m->started >= 0 && m->seen >= 0 && m->seen < INT32_MAX &&
		m->since >= 0 && m->since <= m->seen && fabs(m->alarm) <= 1 && m->alarm_at >= 0 &&
		m->alarm_at <= m->seen && m->changed_at >= 0 && m->changed_at <= m->seen &&
		m->cleared_at >= 0 && m->cleared_at <= m->seen && m->alarms >= 0 && m->alarms <= m->seen;
}
