/*
 * basket.c
 *	  Baskets of few legs: hedge.basket_hedge, and hedge.spread_statistics of what is left.
 */
#include "arrays.h"

#include <math.h>

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "hedge.h"
#include "names.h"
#include "panel.h"
#include "results.h"
#include "../kernel/basket.h"

/* Their covariances are made in full. */
#define MOST_ASSETS 2000

/* Covariances (divisor n − 1) of m series over the bars chosen, about their means. */
static void
covariances(const double *const *series, int m, const int *bar, int n, double *c)
{
	double	   *mean = palloc0(m * sizeof(double));

	memset(c, 0, (size_t) m * m * sizeof(double));
	for (int i = 0; i < m; i++)
		for (int t = 0; t < n; t++)
			mean[i] += (series[i][bar[t]] - series[i][bar[0]]) / n;
	for (int i = 0; i < m; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j <= i; j++)
		{
			double		sum = 0;

			for (int t = 0; t < n; t++)
				sum += (series[i][bar[t]] - series[i][bar[0]] - mean[i]) *
					(series[j][bar[t]] - series[j][bar[0]] - mean[j]);
			c[(size_t) i * m + j] = c[(size_t) j * m + i] = sum / (n - 1);
		}
	}
}

/* A candidate is left out where with it less than this share of the bars of the asset held would be common. */
#define LEAST_COMMON 0.8

/* Bars at which all of m series have an observation. */
static int
common_bars(const double *const *series, int m, int times, int *bar)
{
	int			bars = 0;

	for (int t = 0; t < times; t++)
	{
		bool		all = true;

		for (int i = 0; i < m && all; i++)
			all = isfinite(series[i][t]);
		if (all)
			bar[bars++] = t;
	}
	return bars;
}

typedef struct Candidate
{
	int			bars;			/* beside the asset held */
	int			place;
} Candidate;

static int
compare_bars(const void *a, const void *b)
{
	const Candidate *x = a;
	const Candidate *y = b;

	return x->bars != y->bars ? (x->bars < y->bars ? 1 : -1) : x->place - y->place;
}

/*
 * Of the candidates (from 1 on), those with the most observations beside the asset held (0) first, as many as leave enough
 * common bars; the others are named. Returns how many series stay, in the order they had.
 */
static int
leave_out_sparse(const double **series, Datum *name, int *at, int m, int times)
{
	bool	   *common = palloc(Max(times, 1) * sizeof(bool));
	Candidate  *candidate = palloc0(m * sizeof(Candidate));
	bool	   *stays = palloc0(m * sizeof(bool));
	StringInfoData out;
	int			n_out = 0;
	int			n = 0;
	int			least;

	initStringInfo(&out);
	for (int t = 0; t < times; t++)
		common[t] = isfinite(series[0][t]);
	for (int i = 0; i < m; i++)
	{
		CHECK_FOR_INTERRUPTS();
		candidate[i].place = i;
		for (int t = 0; t < times; t++)
			candidate[i].bars += common[t] && isfinite(series[i][t]);
	}
	least = (int) ceil(LEAST_COMMON * candidate[0].bars);
	qsort(candidate + 1, m - 1, sizeof(Candidate), compare_bars);
	stays[0] = true;
	for (int k = 1; k < m; k++)
	{
		int			i = candidate[k].place;
		int			left = 0;

		CHECK_FOR_INTERRUPTS();
		for (int t = 0; t < times && candidate[k].bars >= least; t++)
			left += common[t] && isfinite(series[i][t]);
		stays[i] = left > 0 && left >= least;
		for (int t = 0; t < times && stays[i]; t++)
			common[t] &= isfinite(series[i][t]);
	}
	for (int i = 0; i < m; i++)
		if (stays[i])
		{
			series[n] = series[i];
			name[n] = name[i];
			at[n++] = at[i];
		}
		else if (n_out++ < 10)
			appendStringInfo(&out, "%s%s", n_out > 1 ? ", " : "", text_to_cstring(DatumGetTextPP(name[i])));
	if (n_out > 0)
		ereport(NOTICE,
				(errmsg("assets left out, with which less than %g %% of the bars would be common: %d", 100 * LEAST_COMMON, n_out),
				 errdetail("Assets: %s%s.", out.data, n_out > 10 ? ", ..." : ""),
				 errhint("Name them among legs to have them, and fewer bars.")));
	return n;
}

/*
 * basket_hedge(assets, observations, held, legs, max_legs, in_sample, exposure, unit_exposures, lot_sizes, costs)
 */
PGHEDGE_FUNCTION(pghedge_basket_hedge);
Datum
pghedge_basket_hedge(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Panel		panel;
	text	   *held;
	Datum	   *wanted = NULL;
	int			n_wanted = 0;
	bool	   *known;
	int			max_legs;
	double		in_sample;
	double		exposure;
	double	   *unit;			/* by asset */
	double	   *lot;
	double	   *cost;
	const double **series;		/* y first */
	Datum	   *name;
	int		   *at;				/* asset of a series */
	int		   *bar;
	int			bars;
	int			inside;
	int			m = 0;
	bool		found = false;
	PhBasket	p = {0};
	Size		work;
	double	   *covariance;
	double	   *residual;
	double	   *spread;
	MemoryContext inner;		/* of one basket */

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < 3; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	pghedge_panel_read(&panel, PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1));
	held = PG_GETARG_TEXT_PP(2);
	if (!PG_ARGISNULL(3))
		wanted = pghedge_name_elements(PG_GETARG_ARRAYTYPE_P(3), "legs", true, &n_wanted);
	max_legs = PG_ARGISNULL(4) ? 5 : PG_GETARG_INT32(4);
	if (max_legs < 1)
		pghedge_reject("max_legs", max_legs, "at least 1");
	in_sample = PG_ARGISNULL(5) ? 0.7 : PG_GETARG_FLOAT8(5);
	if (!(in_sample > 0 && in_sample <= 1))
		pghedge_reject("in_sample", in_sample, "a share above 0 and up to 1");
	exposure = pghedge_is_given(fcinfo, 6) ? PG_GETARG_FLOAT8(6) : NAN;
	if (pghedge_is_given(fcinfo, 6) && !isfinite(exposure))
		pghedge_reject("exposure", exposure, "finite");
	unit = pghedge_float8_or(fcinfo, 7, "unit_exposures", panel.n, "assets", NAN);
	lot = pghedge_float8_or(fcinfo, 8, "lot_sizes", panel.n, "assets", 1);
	cost = pghedge_float8_or(fcinfo, 9, "costs", panel.n, "assets", NAN);
	for (int i = 0; i < panel.n; i++)
	{
		if (!isnan(unit[i]) && (!isfinite(unit[i]) || unit[i] == 0))
			pghedge_reject("unit exposure", unit[i], "finite and other than 0");
		if (!(lot[i] > 0 && isfinite(lot[i])))
			pghedge_reject("lot size", lot[i], "positive and finite");
		if (cost[i] < 0)
			pghedge_reject("cost", cost[i], "at least 0");
	}

	/* y, then the legs */
	series = palloc((panel.n + 1) * sizeof(double *));
	name = palloc((panel.n + 1) * sizeof(Datum));
	at = palloc((panel.n + 1) * sizeof(int));
	known = palloc0((n_wanted + 1) * sizeof(bool));
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < panel.n; i++)
		{
			text	   *asset = DatumGetTextPP(panel.assets[i]);
			bool		is_held = pghedge_compare_labels(VARDATA_ANY(asset), VARSIZE_ANY_EXHDR(asset),
														 VARDATA_ANY(held), VARSIZE_ANY_EXHDR(held)) == 0;
			bool		use = wanted == NULL;

			CHECK_FOR_INTERRUPTS();
			found = found || is_held;
			for (int k = 0; k < n_wanted; k++)
			{
				text	   *w = DatumGetTextPP(wanted[k]);

				if (pghedge_compare_labels(VARDATA_ANY(asset), VARSIZE_ANY_EXHDR(asset),
										   VARDATA_ANY(w), VARSIZE_ANY_EXHDR(w)) == 0)
					use = known[k] = true;
			}
			if (pass == 0 ? !is_held : is_held || !use)
				continue;
			series[m] = panel.value + (size_t) i * panel.times;
			at[m] = i;
			name[m++] = panel.assets[i];
		}
	if (!found)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("asset \"%s\" has no observations", text_to_cstring(held))));
	for (int k = 0; k < n_wanted; k++)
		if (!known[k])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("asset \"%s\" has no observations", TextDatumGetCString(wanted[k]))));
	if (wanted == NULL)
		m = leave_out_sparse(series, name, at, m, panel.times);
	pghedge_reject_many(m, "assets", MOST_ASSETS);

	bar = palloc(Max(panel.times, 1) * sizeof(int));
	bars = common_bars(series, m, panel.times, bar);
	inside = (int) floor(in_sample * bars + 1e-9);
	if (inside < 3)
		PG_RETURN_NULL();

	p.m = m;
	p.c = palloc_extended((Size) m * m * sizeof(double), MCXT_ALLOC_HUGE);
	p.own = palloc(m * sizeof(double));
	p.chosen = palloc(m * sizeof(bool));
	work = ph_basket_workspace(m, Min(max_legs, inside - 2));
	p.work = work > 0 ? MemoryContextAllocHuge(CurrentMemoryContext, work) : NULL;
	residual = palloc(bars * sizeof(double));
	spread = palloc(bars * sizeof(double));
	covariances(series, m, bar, inside, p.c);
	covariance = palloc_extended((Size) m * m * sizeof(double), MCXT_ALLOC_HUGE);
	memcpy(covariance, p.c, (Size) m * m * sizeof(double));
	ph_basket_begin(&p);
	inner = AllocSetContextCreate(CurrentMemoryContext, "pghedge basket", ALLOCSET_DEFAULT_SIZES);
	while (p.legs < Min(max_legs, inside - 2) && ph_basket_add(&p))
	{
		Datum		values[17];
		bool		nulls[17] = {false};
		PhSpreadStatistics st;
		PhHedge		h = {0};
		double		inside_error;
		double		outside_error;
		double		outside_alone;
		int			k;
		MemoryContext old = MemoryContextSwitchTo(inner);

		CHECK_FOR_INTERRUPTS();
		for (int t = 0; t < bars; t++)
		{
			residual[t] = series[0][bar[t]];
			for (int j = 1; j < m; j++)
				if (p.chosen[j])
					residual[t] -= p.c[(size_t) j * m] * series[j][bar[t]];
			spread[t] = residual[t] + (t > 0 ? spread[t - 1] : 0);
		}
		ph_spread_statistics(spread, bars, &st);
		inside_error = ph_deviation(residual, inside);
		outside_error = ph_deviation(residual + inside, bars - inside);
		/* y itself, out of sample */
		for (int t = inside; t < bars; t++)
			residual[t] = series[0][bar[t]];
		outside_alone = ph_deviation(residual + inside, bars - inside);
		values[0] = Int32GetDatum(p.legs);
		pghedge_put(values, nulls, 3, inside_error);
		pghedge_put(values, nulls, 4, outside_error);
		pghedge_put(values, nulls, 5,
			p.own[0] > 0 ? 1 - inside_error * inside_error / p.own[0] : NAN);
		pghedge_put(values, nulls, 6, outside_alone > 0 ?
			1 - outside_error * outside_error / (outside_alone * outside_alone) : NAN);
		pghedge_put(values, nulls, 7, st.z_score);
		pghedge_put(values, nulls, 8, st.dickey_fuller < ph_dickey_fuller_critical(bars) ? st.half_life : NAN);
		values[9] = Int32GetDatum(inside);
		values[10] = Int32GetDatum(bars - inside);
		pghedge_put(values, nulls, 11, st.dickey_fuller);

		/* The same for an exposure held, in whole lots: a hedge of it with these legs and no others. */
		h.m = p.legs + 1;
		h.n = p.legs;
		h.aversion = NAN;
		if (isfinite(exposure))
		{
			double	   *s = palloc((Size) h.m * h.m * sizeof(double));
			double	   *e = palloc0(h.m * sizeof(double));
			double	   *step = palloc(h.n * sizeof(double));
			int		   *place = palloc(h.n * sizeof(int));
			int		   *of = palloc0(h.m * sizeof(int));

			k = 0;
			for (int j = 1; j < m; j++)
				if (p.chosen[j])
				{
					of[++k] = j;
					place[k - 1] = k;
					step[k - 1] = fabs(unit[at[j]]) * lot[at[j]];
				}
			for (int a = 0; a < h.m; a++)
				for (int b = 0; b < h.m; b++)
					s[(Size) a * h.m + b] = covariance[(Size) of[a] * m + of[b]];
			e[0] = exposure;
			h.s = s;
			h.e = e;
			h.instrument = place;
			h.step = step;
			pghedge_hedge_begin(&h);
			pghedge_hedge_end(&h, false);
			ph_hedge_exchange(&h);
			for (int t = 0; t < bars; t++)
			{
				residual[t] = exposure * series[0][bar[t]];
				for (int a = 1; a < h.m; a++)
					residual[t] += h.after[a - 1] * series[of[a]][bar[t]];
			}
		}
		pghedge_put(values, nulls, 15, isfinite(exposure) ? ph_deviation(residual, inside) : NAN);
		pghedge_put(values, nulls, 16, isfinite(exposure) ? ph_deviation(residual + inside, bars - inside) : NAN);
		k = 0;
		for (int j = 1; j < m; j++)
			if (p.chosen[j])
			{
				double		trade = isfinite(exposure) ? h.after[k] : NAN;

				values[1] = name[j];
				pghedge_put(values, nulls, 2, p.c[(size_t) j * m]);
				pghedge_put(values, nulls, 12, trade);
				pghedge_put(values, nulls, 13, isfinite(exposure) && !isnan(unit[at[j]]) ?
							h.lots[k] * lot[at[j]] * (unit[at[j]] < 0 ? -1 : 1) : NAN);
				pghedge_put(values, nulls, 14, cost[at[j]] * fabs(trade));
				tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
				k++;
			}
		MemoryContextSwitchTo(old);
		MemoryContextReset(inner);
	}
	PG_RETURN_NULL();
}

/* spread_statistics(spread) */
PGHEDGE_FUNCTION(pghedge_spread_statistics);
Datum
pghedge_spread_statistics(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *x = pghedge_finite_elements(PG_GETARG_ARRAYTYPE_P(0), "spread", &n);
	PhSpreadStatistics st;
	Datum		values[7];
	bool		nulls[7] = {false};

	ph_spread_statistics(x, n, &st);
	values[0] = Int32GetDatum(n);
	pghedge_put(values, nulls, 1, st.mean);
	pghedge_put(values, nulls, 2, st.volatility);
	pghedge_put(values, nulls, 3, st.z_score);
	pghedge_put(values, nulls, 4, st.persistence);
	pghedge_put(values, nulls, 5, st.half_life);
	pghedge_put(values, nulls, 6, st.dickey_fuller);
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}
