/*
 * margin.c
 *	  Fuzz target: margin of legs in buckets with correlations of any kind, those of no portfolio too.
 */
#include "fuzz.h"
#include "margin.h"

#define MOST 10

/* From -1 to 1, both included. */
static double *
take_correlations(Input *in, int n)
{
	double	   *r = doubles((size_t) n * n);

	for (int i = 0; i < n; i++)
	{
		r[i * n + i] = 1;
		for (int j = 0; j < i; j++)
			r[i * n + j] = r[j * n + i] = fmax((int8_t) take_byte(in) / 127.0, -1);
	}
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};
	int			n = take_below(&in, MOST + 1);
	int			buckets = n == 0 ? 0 : 1 + take_below(&in, n);
	double	   *ws = doubles(n),
			   *c = doubles(n),
			   *rho = take_correlations(&in, n),
			   *gamma = take_correlations(&in, buckets),
			   *work = doubles(ph_margin_workspace(n, buckets));
	int		   *first = room((size_t) buckets + 1, sizeof(int));
	bool	   *by_leg = room((size_t) buckets * buckets, sizeof(bool));
	PhMargin	p = {.n = n, .buckets = buckets, .ws = ws, .first = first, .rho = rho, .gamma = gamma, .by_leg = by_leg};
	double		share = take_byte(&in) / 255.0;
	double		largest = 0;

	for (int i = 0; i < n; i++)
		ws[i] = take_finite(&in, DBL_MAX);
	for (int b = 0; b <= buckets; b++)
		first[b] = b == buckets ? n : b;
	/* buckets that are not known, or correlated leg by leg; legs that are not known */
	for (int b = 0; b < buckets; b++)
	{
		by_leg[b * buckets + b] = false;
		for (int c = 0; c < b; c++)
		{
			int			kind = take_below(&in, 4);

			by_leg[b * buckets + c] = by_leg[c * buckets + b] = kind == 1;
			if (kind == 2)
				gamma[b * buckets + c] = gamma[c * buckets + b] = NAN;
		}
	}
	for (int i = 0; i < n; i++)
		for (int j = 0; j < i; j++)
			if (take_byte(&in) == 1)
				rho[i * n + j] = rho[j * n + i] = (ws[i] < 0) == (ws[j] < 0) ? PH_ADD_UP : -PH_ADD_UP;
	ph_margin(&p, work);
	for (int s = 0; s < PH_SCENARIOS; s++)
	{
		double		sum = 0;

		must(p.net[s] >= 0 && p.net[s] <= p.gross);
		must(p.net[s] <= p.net[p.worst]);
		ph_margin_contributions(&p, s, c);
		for (int i = 0; i < n; i++)
		{
			must(isfinite(c[i]) || p.gross > 1e150);
			sum += c[i];
			largest = fmax(largest, fabs(c[i]));
		}
		/* contributions sum to it, but for what cancels in them, and what was capped or floored */
		if (p.gross > 1e-150 && p.gross < 1e150 && isfinite(largest) && p.net[s] > 0 && p.net[s] < p.gross && !p.floored[s])
			must(fabs(sum - p.net[s]) <= 1e-6 * (largest + p.net[s]) * (p.gross / p.net[s]));
	}
	must(p.uncorrelated >= 0 && p.uncorrelated <= p.gross && p.silo >= 0 && p.silo <= p.gross);
	if (isfinite(p.gross))
	{
		double		granted = ph_margin_granted(p.gross, p.net[p.worst], share);

		must(granted >= p.net[p.worst] && granted <= p.gross * (1 + 1e-15));
	}
	for (int b = 0; b < buckets; b++)
		ph_margin_pair(&p, p.worst, 0, 0, first[b], b);
	free(ws);
	free(c);
	free(rho);
	free(gamma);
	free(work);
	free(first);
	free(by_leg);
	return 0;
}
