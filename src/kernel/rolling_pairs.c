/*
 * rolling_pairs.c
 *	  The rolling correlation of every pair, in a few numbers a pair.  See rolling_pairs.h.
 */
#include "rolling_pairs.h"

#include <string.h>

/* Products of larger values might overflow. */
#define LARGEST 1e140

/* One value joins the k − 1 of a prefix or suffix; returns √g·(x − mean) and keeps S = Σ of its square. */
static double
helmert(PhComoments *c, double x)
{
	double		root = sqrt(c->w / (c->w + 1));
	double		u = root * ((x - c->my) - c->my_lo);

	ph_comoments_add(c, x, x, 1);
	return c->w == 1 ? 0 : u;
}

bool
ph_rolling_prepare(const double *x, int times, int window, int lane, PhRollingStep *step,
				   double *work, PhPause pause)
{
	double	   *s_prefix = work;
	double	   *mean_prefix = work + times;
	double	   *lo_prefix = work + 2 * (size_t) times;
	double	   *s_suffix = work + 3 * (size_t) times;
	double	   *mean_suffix = work + 4 * (size_t) times;
	double	   *lo_suffix = work + 5 * (size_t) times;
	bool		regular = true;

	for (int t = 0; t < times; t++)
		if (!(fabs(x[t]) <= LARGEST))
			regular = false;
	if (!regular)
	{
		for (int t = 0; t < times; t++)
			step[t].u[lane] = step[t].v[lane] = step[t].q[lane] = step[t].d[lane] = 0;
		return false;
	}

	for (int start = 0; start < times; start += window)
	{
		int			end = times - start < window ? times : start + window;
		PhComoments c = {0};

		for (int t = start; t < end; t++)
		{
			ph_pause(pause, t);
			step[t].u[lane] = helmert(&c, x[t]);
			s_prefix[t] = c.syy;
			mean_prefix[t] = c.my;
			lo_prefix[t] = c.my_lo;
		}
		memset(&c, 0, sizeof(c));
		for (int t = end - 1; t >= start; t--)
		{
			ph_pause(pause, t);
			step[t].v[lane] = helmert(&c, x[t]);
			s_suffix[t] = c.syy;
			mean_suffix[t] = c.my;
			lo_suffix[t] = c.my_lo;
		}
	}

	for (int t = 0; t < times; t++)
	{
		int			first = t - window + 1;
		int			nb = t % window + 1;
		double		s = s_prefix[t];
		double		d = 0;

		ph_pause(pause, t);
		step[t].q[lane] = step[t].d[lane] = 0;
		if (first < 0)
			continue;
		if (nb < window)
		{
			d = sqrt((double) (window - nb) * nb / window) *
				((mean_prefix[t] - mean_suffix[first]) + (lo_prefix[t] - lo_suffix[first]));
			s = s_suffix[first] + s + d * d;
		}
		if (s <= PH_CONSTANT)
		{
			regular = false;
			continue;
		}
		step[t].q[lane] = 1 / sqrt(s);
		step[t].d[lane] = d * step[t].q[lane];
	}
	return regular;
}

/*
 * Eight numbers as one.  The compiler makes of them what the processor has: one register, two, or
 * four; the results are the same.
 */
typedef double Lanes __attribute__((vector_size(PH_LANES * sizeof(double))));
typedef int64_t LaneBits __attribute__((vector_size(PH_LANES * sizeof(double))));

#define LOAD(v, from) memcpy(&(v), (from), sizeof(Lanes))
#define SELECT(mask, a, b) ((Lanes) (((mask) & (LaneBits) (a)) | (~(mask) & (LaneBits) (b))))

PH_FOR_EACH_PROCESSOR
static void
roll_tile(const PhRollingStep *i, int lane, const PhRollingStep *j, int times, int window,
				double *work, PhPause pause, PhRollingStats *result)
{
	const Lanes zero = {0};
	const Lanes one = {1, 1, 1, 1, 1, 1, 1, 1};
	Lanes		minimum = one + one,
				maximum = zero - one - one,
				first = zero,
				sum = zero,
				squares = zero,
				last = zero,
				changes = zero,
				r = zero;
	int			windows = times - window + 1;
	int			due = 0;

	/* suffix sums of the chunk before, by where they start; none of a whole chunk's length */
	memset(work + (size_t) window * PH_LANES, 0, sizeof(Lanes));
	for (int start = 0; start < times; start += window)
	{
		int			length = times - start < window ? times - start : window;
		Lanes		prefix = zero;

		if (start > 0)
		{
			Lanes		suffix = zero;

			for (int top = window - 1; top > 0; top -= PH_PAUSE_EVERY)
			{
				int			end = top > PH_PAUSE_EVERY ? top - PH_PAUSE_EVERY : 0;

				if (window > PH_PAUSE_EVERY)
					ph_pause(pause, 0);
				for (int p = top; p > end; p--)
				{
					const PhRollingStep *jt = &j[start - window + p];
					Lanes		v;

					LOAD(v, jt->v);
					suffix += v * i[start - window + p].v[lane];
					memcpy(work + (size_t) p * PH_LANES, &suffix, sizeof(Lanes));
				}
			}
		}
		for (int from = 0; from < length; from += PH_PAUSE_EVERY)
		{
			int			end = length - from < PH_PAUSE_EVERY ? length : from + PH_PAUSE_EVERY;

			ph_pause_due(pause, start + from, &due);
			for (int p = from; p < end; p++)
			{
				const PhRollingStep *it = &i[start + p];
				const PhRollingStep *jt = &j[start + p];
				Lanes		u,
							q,
							d,
							suffix,
							shifted;

				LOAD(u, jt->u);
				prefix += u * it->u[lane];
				if (start == 0 && p < window - 1)
					continue;
				LOAD(q, jt->q);
				LOAD(d, jt->d);
				LOAD(suffix, work + ((size_t) p + 1) * PH_LANES);
				r = (suffix + prefix) * (q * it->q[lane]) + d * it->d[lane];

				if (start == 0)
					first = last = r;
				minimum = SELECT(r < minimum, r, minimum);
				maximum = SELECT(r > maximum, r, maximum);
				shifted = r - first;
				sum += shifted;
				squares += shifted * shifted;
				changes += SELECT(r * last < zero, one, zero);
				last = SELECT(r != zero, r, last);
			}
		}
	}
	for (int k = 0; k < PH_LANES; k++)
	{
		double		m = sum[k] / windows;
		double		s = squares[k] - sum[k] * m;

		result[k].windows = windows;
		result[k].sign_changes = (int) changes[k];
		result[k].minimum = minimum[k] < -1 ? -1 : minimum[k];
		result[k].maximum = maximum[k] > 1 ? 1 : maximum[k];
		result[k].mean = first[k] + m;
		result[k].sd = windows > 1 && s > 0 ? sqrt(s / (windows - 1)) : 0;
		result[k].latest = r[k] > 1 ? 1 : r[k] < -1 ? -1 : r[k];
	}
}

/* (gcc exports what it clones, unless it is static) */
void
ph_rolling_tile(const PhRollingStep *i, int lane, const PhRollingStep *j, int times, int window,
				double *work, PhPause pause, PhRollingStats *result)
{
	roll_tile(i, lane, j, times, window, work, pause, result);
}

PhStatus
ph_rolling_pair(const double *y, const double *x, const bool *y_present, const bool *x_present,
				int times, int window, PhQueue *q, PhPause pause,
				PhRollingStats *result)
{
	double		first = 0,
				sum = 0,
				squares = 0,
				last = 0;

	ph_queue_init(q, q->slot, q->size);
	memset(result, 0, sizeof(*result));
	for (int t = 0; t < times; t++)
	{
		PhStatus	status = PH_OK;
		PhComoments total;
		double		r;

		ph_pause(pause, t);
		if (t >= window && (!y_present || y_present[t - window]) &&
			(!x_present || x_present[t - window]))
			status = ph_queue_pop(q);
		if (status == PH_OK && (!y_present || y_present[t]) && (!x_present || x_present[t]))
			status = ph_queue_push(q, y[t], x[t]);
		if (status == PH_OK && t >= window - 1 && !ph_queue_empty(q))
			status = ph_queue_total(q, &total);
		if (status != PH_OK)
			return status;
		if (t < window - 1)
			continue;
		result->latest = NAN;
		if (ph_queue_empty(q) || !ph_corr(&total, &r))
			continue;
		if (isnan(r))
			continue;
		if (result->windows++ == 0)
			first = last = result->minimum = result->maximum = r;
		if (r < result->minimum)
			result->minimum = r;
		if (r > result->maximum)
			result->maximum = r;
		sum += r - first;
		squares += (r - first) * (r - first);
		if (r * last < 0)
			result->sign_changes++;
		if (r != 0)
			last = r;
		result->latest = r;
	}
	if (result->windows > 0)
	{
		double		m = sum / result->windows;
		double		s = squares - sum * m;

		result->mean = first + m;
		result->sd = result->windows > 1 && s > 0 ? sqrt(s / (result->windows - 1)) : 0;
	}
	return PH_OK;
}
