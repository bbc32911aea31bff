/*
 * untiled.c
 *	  Rolling correlations of all pairs as one would write them without tiles: a matrix of sums of
 *	  products to which each bar adds a rank-1 product and from which it takes the one that leaves
 *	  the window, and after each bar a pass over all pairs that makes the correlation and keeps
 *	  minimum, maximum, mean, standard deviation, latest value and number of sign changes.
 *
 *	  untiled ASSETS TIMES WINDOW [plain] < values		asset after asset, in text
 *
 * Prints milliseconds, then the sums over all pairs of the six, to be compared with those of
 * hedge.rolling_pairs.  "plain" adds, removes and looks in three passes; otherwise they are fused
 * into one, which is the best that can be done for this loop.  In both, values are centred at the
 * asset's mean, which keeps the cancellation small; the matrix is packed, so that each array is one
 * stream; and the compiler vectorises over the pairs.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* A row of the rank-1 product of one bar. */
static void
rank_1(int n, double factor, const double *restrict in, double *restrict s)
{
	for (int j = 0; j < n; j++)
		s[j] += factor * in[j];
}

/* One bar of asset i with those after it.  in, out: values that join and leave; a: means times √window. */
static void
row(int n, double in_i, double out_i, double a_i, double q_i,
	const double *restrict in, const double *restrict out,
	const double *restrict a, const double *restrict q, double *restrict s,
	double *restrict minimum, double *restrict maximum, double *restrict sum,
	double *restrict squares, double *restrict last, double *restrict changes)
{
	for (int j = 0; j < n; j++)
	{
		double		r;

		s[j] += in_i * in[j] - out_i * out[j];
		r = (s[j] - a_i * a[j]) * (q_i * q[j]);
		minimum[j] = r < minimum[j] ? r : minimum[j];
		maximum[j] = r > maximum[j] ? r : maximum[j];
		sum[j] += r;
		squares[j] += r * r;
		changes[j] += r * last[j] < 0 ? 1 : 0;
		last[j] = r;
	}
}

int
main(int argc, char **argv)
{
	int			n = argc >= 4 ? atoi(argv[1]) : 0;
	int			times = argc >= 4 ? atoi(argv[2]) : 0;
	int			window = argc >= 4 ? atoi(argv[3]) : 0;
	bool		plain = argc >= 5;
	size_t		pairs = (size_t) n * (n - 1) / 2;
	int			windows = times - window + 1;
	double	   *x,					/* [time][asset] */
			   *zero,
			   *total,
			   *square,
			   *a,
			   *q,
			   *s,
			   *minimum,
			   *maximum,
			   *sum,
			   *squares,
			   *last,
			   *changes;
	double		start,
				all[6] = {0};

	if (n < 2 || window < 2 || windows < 2)
	{
		fprintf(stderr, "usage: untiled ASSETS TIMES WINDOW [plain] < values\n");
		return 2;
	}
	x = malloc(sizeof(double) * n * times);
	zero = calloc(n, sizeof(double));
	total = calloc(n, sizeof(double));
	square = calloc(n, sizeof(double));
	a = calloc(n, sizeof(double));
	q = calloc(n, sizeof(double));
	s = calloc(pairs, sizeof(double));
	minimum = calloc(pairs, sizeof(double));
	maximum = calloc(pairs, sizeof(double));
	sum = calloc(pairs, sizeof(double));
	squares = calloc(pairs, sizeof(double));
	last = calloc(pairs, sizeof(double));
	changes = calloc(pairs, sizeof(double));
	if (!x || !zero || !total || !square || !a || !q || !s || !minimum || !maximum || !sum ||
		!squares || !last || !changes)
		return 1;
	for (int i = 0; i < n; i++)
	{
		for (int t = 0; t < times; t++)
			if (scanf("%lf", &x[(size_t) t * n + i]) != 1)
			{
				fprintf(stderr, "untiled: fewer values than assets x times\n");
				return 1;
			}
	}

	start = milliseconds();
	for (int i = 0; i < n; i++)
	{
		double		mean = 0;

		for (int t = 0; t < times; t++)
			mean += x[(size_t) t * n + i];
		mean /= times;
		for (int t = 0; t < times; t++)
			x[(size_t) t * n + i] -= mean;
	}
	for (size_t p = 0; p < pairs; p++)
	{
		minimum[p] = 2;
		maximum[p] = -2;
	}
	for (int t = 0; t < times; t++)
	{
		const double *in = x + (size_t) t * n;
		const double *out = t >= window ? x + (size_t) (t - window) * n : zero;
		size_t		p = 0;

		for (int i = 0; i < n; i++)
		{
			total[i] += in[i] - out[i];
			square[i] += in[i] * in[i] - out[i] * out[i];
			a[i] = total[i] / sqrt(window);
			q[i] = 1 / sqrt(square[i] - a[i] * a[i]);
		}
		if (plain)
		{
			for (int i = 0; i < n - 1; p += n - 1 - i, i++)
				rank_1(n - 1 - i, in[i], in + i + 1, s + p);
			p = 0;
			if (t >= window)
				for (int i = 0; i < n - 1; p += n - 1 - i, i++)
					rank_1(n - 1 - i, -out[i], out + i + 1, s + p);
			p = 0;
		}
		for (int i = 0; i < n - 1; p += n - 1 - i, i++)
		{
			if (plain && t >= window - 1)
				row(n - 1 - i, 0, 0, a[i], q[i], zero, zero, a + i + 1, q + i + 1, s + p,
					minimum + p, maximum + p, sum + p, squares + p, last + p, changes + p);
			else if (plain)
				continue;
			else if (t >= window - 1)
				row(n - 1 - i, in[i], out[i], a[i], q[i], in + i + 1, out + i + 1, a + i + 1,
					q + i + 1, s + p, minimum + p, maximum + p, sum + p, squares + p, last + p,
					changes + p);
			else
				for (int j = i + 1; j < n; j++)
					s[p + j - i - 1] += in[i] * in[j];
		}
	}
	for (size_t p = 0; p < pairs; p++)
	{
		double		mean = sum[p] / windows;

		squares[p] = sqrt(fmax(0, squares[p] - sum[p] * mean) / (windows - 1));
		sum[p] = mean;
	}
	printf("%.3f\n", milliseconds() - start);
	for (size_t p = 0; p < pairs; p++)
	{
		all[0] += minimum[p];
		all[1] += maximum[p];
		all[2] += sum[p];
		all[3] += squares[p];
		all[4] += last[p];
		all[5] += changes[p];
	}
	for (int k = 0; k < 6; k++)
		printf("%.15g%c", all[k], k < 5 ? ' ' : '\n');
	return 0;
}
