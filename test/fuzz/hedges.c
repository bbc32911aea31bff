/*
 * hedges.c
 *	  Fuzz target: the solver on problems of its kind and on matrices that are no covariances; hedges in
 *	  whole lots, baskets, neutral trades, spreads.
 */
#include "basket.h"
#include "fuzz.h"
#include "hedge.h"

#define MOST 8

/* Numbers that can be multiplied: a residual of denormals or infinities is none. */
static double
take_ordinary(Input *in)
{
	return take_between(in, 1e-100, 1e100);
}

/* A covariance: B'B with few or many rows in B, its sides scaled; else any symmetric matrix. */
static double *
take_matrix(Input *in, int n, bool covariance)
{
	double	   *a = doubles((size_t) n * n);
	double		row[MOST];
	double		unit[MOST];

	for (int i = 0; i < n * n; i++)
		a[i] = 0;
	for (int i = 0; i < n; i++)
		unit[i] = ldexp(1, (int8_t) take_byte(in) / 4);
	if (covariance)
		for (int k = 1 + take_below(in, 2 * MOST); k > 0; k--)
		{
			for (int i = 0; i < n; i++)
				row[i] = (int8_t) take_byte(in) / 16.0 * unit[i];
			for (int i = 0; i < n; i++)
				for (int j = 0; j < n; j++)
					a[i * n + j] += row[i] * row[j];
		}
	else
		for (int i = 0; i < n; i++)
			for (int j = 0; j <= i; j++)
				a[i * n + j] = a[j * n + i] = take_ordinary(in);
	return a;
}

/* Costs may be infinite; bounds leave room. */
static void
take_terms(Input *in, int n, double *cost, double *low, double *high)
{
	for (int i = 0; i < n; i++)
	{
		unsigned	open = take_byte(in);
		double		one = take_ordinary(in);
		double		other = take_ordinary(in);

		cost[i] = open & 4 ? INFINITY : fabs(take_ordinary(in));
		low[i] = open & 1 ? -INFINITY : fmin(one, other);
		high[i] = open & 2 ? INFINITY : fmax(one, other);
	}
}

static void
check_solver(Input *in)
{
	int			n = 1 + take_below(in, MOST);
	unsigned	terms = take_byte(in);
	double	   *a = take_matrix(in, n, terms & 4);
	double	   *b = doubles(n),
			   *cost = doubles(n),
			   *held = doubles(n),
			   *low = doubles(n),
			   *high = doubles(n),
			   *h = doubles(n),
			   *work2 = doubles(2 * (size_t) n);
	char	   *work = room(ph_solver_workspace(n), 1);
	PhSolver	p = {.n = n, .a = a, .b = b, .h = h};
	PhStatus	status;
	bool		done = false;
	int			rounds = 0;

	for (int i = 0; i < n; i++)
	{
		b[i] = take_ordinary(in);
		held[i] = take_ordinary(in);
		h[i] = 0;
	}
	take_terms(in, n, cost, low, high);
	if (terms & 1)
	{
		p.cost = cost;
		p.held = held;
	}
	if (terms & 2)
	{
		p.low = low;
		p.high = high;
	}
	status = ph_solver_begin(&p, work);
	while (status == PH_OK && !done)
	{
		status = ph_solver_round(&p, &done);
		must(++rounds < 100000);
	}
	if (status == PH_OK)
	{
		must(p.residual <= PH_SOLVER_CERTIFIED);
		for (int i = 0; i < n; i++)
		{
			must(isfinite(h[i]));
			if (terms & 2)
				must(h[i] >= low[i] && h[i] <= high[i]);
		}
		must(!(ph_solver_residual(&p, work2) > PH_SOLVER_CERTIFIED));
	}
	free(a);
	free(b);
	free(cost);
	free(held);
	free(low);
	free(high);
	free(h);
	free(work2);
	free(work);
}

static void
check_hedge(Input *in)
{
	int			m = 1 + take_below(in, MOST);
	int			n = take_below(in, m + 1);
	unsigned	terms = take_byte(in);
	double	   *s = take_matrix(in, m, true);
	double	   *e = doubles(m),
			   *step = doubles(n),
			   *cost = doubles(n),
			   *low = doubles(n),
			   *high = doubles(n),
			   *answer = doubles(3 * (size_t) n);
	int		   *instrument = room(n, sizeof(int));
	char	   *work = room(ph_hedge_workspace(m, n), 1);
	PhHedge		p = {.m = m, .s = s, .e = e, .n = n, .instrument = instrument, .target = answer,
	.after = answer + n, .lots = answer + 2 * n};
	PhStatus	status;
	bool		done = false;

	for (int i = 0; i < m; i++)
		e[i] = take_ordinary(in);
	for (int i = 0; i < n; i++)
	{
		instrument[i] = i;
		step[i] = take_byte(in) % 3 ? fabs(take_ordinary(in)) : NAN;
		if (step[i] == 0)
			step[i] = 1;
	}
	take_terms(in, n, cost, low, high);
	if (terms & 1)
		p.step = step;
	if (terms & 2)
		p.cost = cost;
	if (terms & 4)
	{
		p.low = low;
		p.high = high;
	}
	p.aversion = terms & 8 ? ldexp(1, (int8_t) take_byte(in)) : NAN;
	status = ph_hedge_begin(&p, work);
	while (status == PH_OK && !done)
		status = ph_hedge_round(&p, &done);
	if (status == PH_OK)
	{
		ph_hedge_end(&p);
		must(p.before_risk >= 0 && p.target_risk >= 0 && p.after_risk >= 0);
		if (!(terms & 14))
		{
			/* by the root of what rounding makes of a variance, at most */
			double		gross = 0;

			for (int i = 0; i < m; i++)
				gross += fabs(e[i]) * sqrt(s[i * m + i]);
			must(p.target_risk <= p.before_risk * (1 + 1e-9) + 1e-6 * gross);
		}
		if (terms & 16)
			ph_hedge_exchange(&p);
		for (int i = 0; i < n; i++)
		{
			must(isfinite(p.target[i]) && isfinite(p.after[i]));
			must(!isinf(p.lots[i]) && (isnan(p.lots[i]) || p.lots[i] == floor(p.lots[i])));
			if (terms & 4)
				must(p.target[i] >= low[i] && p.target[i] <= high[i]);
		}
		ph_hedge_cost(&p, p.after);
	}
	free(s);
	free(e);
	free(step);
	free(cost);
	free(low);
	free(high);
	free(answer);
	free(instrument);
	free(work);
}

static void
check_basket(Input *in)
{
	int			m = 1 + take_below(in, MOST);
	double	   *c = take_matrix(in, m, true);
	double	   *own = doubles(m);
	bool	   *chosen = room(m, sizeof(bool));
	/* or each has a millionth of its variance to itself, so that no pivot is smaller */
	bool		near_collinear = take_byte(in) % 2;
	PhBasket	p = {.m = m, .y = take_below(in, m), .c = c, .own = own, .chosen = chosen};
	size_t		size = ph_basket_workspace(m, m);
	double		before;

	for (int i = 0; i < m && !near_collinear; i++)
		c[i * m + i] *= 1 + 1e-6;
	before = c[p.y * m + p.y];
	p.work = size > 0 && take_byte(in) % 2 ? malloc(size) : NULL;
	ph_basket_begin(&p);
	while (ph_basket_add(&p))
	{
		double		left = c[p.y * m + p.y];

		must(p.legs >= 1 && p.legs < m && !chosen[p.y]);
		/* below zero by rounding where it is hedged away */
		must(isfinite(left) && (near_collinear || left <= before + 1e-6 * own[p.y]));
		before = left;
	}
	free(c);
	free(own);
	free(chosen);
	free(p.work);
}

static void
check_rest(Input *in)
{
	double		net = take_finite(in, DBL_MAX);
	double		sensitivity = take_finite(in, DBL_MAX);
	double		band = fabs(take_double(in));
	double		step = fabs(take_finite(in, DBL_MAX));
	int			n = take_below(in, 40);
	double	   *x = doubles(n);
	PhSpreadStatistics st;

	if (isnan(band))
		band = 0;
	if (sensitivity != 0)
	{
		double		trade = ph_neutral_trade(net, sensitivity, band, step);

		must(!isnan(trade));
		if (fabs(net) <= band)
			must(trade == 0);
	}
	for (int t = 0; t < n; t++)
		x[t] = take_finite(in, DBL_MAX);
	ph_spread_statistics(x, n, &st);
	must(!(st.volatility < 0) && !(st.half_life < 0));
	must(!(ph_decayed_volatility(x, n, 0.94) < 0));
	free(x);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};

	switch (take_byte(&in) % 4)
	{
		case 0:
			check_solver(&in);
			break;
		case 1:
			check_hedge(&in);
			break;
		case 2:
			check_basket(&in);
			break;
		default:
			check_rest(&in);
	}
	return 0;
}
