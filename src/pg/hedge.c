/*
 * hedge.c
 *	  Hedges over arrays and a matrix: hedge.minimum_variance_hedge, hedge.neutral_trade,
 *	  hedge.greek_hedge, hedge.basket_hedge, hedge.spread_statistics, hedge.variance_scale.
 */
#include "arrays.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "panel.h"
#include "results.h"
#include "../kernel/hedge.h"
#include "../kernel/lapack.h"
#include "../kernel/offsets.h"

/* A problem's matrix is made in full; a factor of 2,000 instruments takes a tenth of a second. */
#define MOST_INSTRUMENTS 2000
#define MOST_ASSETS 5000

/* Costs, and bounds that leave room. */
static void
check_terms(const double *cost, const double *low, const double *high, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (!(cost[i] >= 0))
			pghedge_reject("cost", cost[i], "at least 0");
		if (low[i] > high[i] || low[i] == INFINITY || high[i] == -INFINITY)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("low %g is above high %g", low[i], high[i])));
	}
}

static double
aversion_arg(FunctionCallInfo fcinfo, int argno)
{
	bool		given = pghedge_is_given(fcinfo, argno);
	double		aversion = given ? PG_GETARG_FLOAT8(argno) : NAN;

	if (given && !(aversion > 0 && isfinite(aversion)))
		pghedge_reject("risk_aversion", aversion, "positive and finite");
	return aversion;
}

/* ---- minimum variance ---- */

enum
{
	ARG_MATRIX, ARG_ASSETS, ARG_EXPOSURES, ARG_INSTRUMENTS, ARG_UNIT_EXPOSURES, ARG_LOT_SIZES,
	ARG_COSTS, ARG_RISK_AVERSION, ARG_LOW, ARG_HIGH, ARG_COSTS_PER_LOT, ARG_OUT_OF_SAMPLE
};

/* Columns of the result. */
enum
{
	INSTRUMENT, HELD_EXPOSURE, HEDGE_RATIO, TARGET_EXPOSURE, TRADE_EXPOSURE, TRADE_CONTRACTS,
	EXPOSURE_AFTER, COST, RISK_BEFORE, RISK_AT_TARGET, RISK_AFTER, TOTAL_COST, KKT_RESIDUAL,
	RISK_BEFORE_OUT_OF_SAMPLE, RISK_AFTER_OUT_OF_SAMPLE, RISK_COVERAGE, COLUMNS
};

typedef struct HedgeMatrices
{
	MatrixCache in_sample;
	MatrixCache out_of_sample;
} HedgeMatrices;

/* Room for the answer, and the solver's start. */
static void
begin_hedge(PhHedge *p)
{
	p->target = palloc((p->n + 1) * sizeof(double));
	p->after = palloc((p->n + 1) * sizeof(double));
	p->lots = palloc((p->n + 1) * sizeof(double));
	pghedge_check(ph_hedge_begin(p, MemoryContextAllocHuge(CurrentMemoryContext,
														   ph_hedge_workspace(p->m, p->n) + 8)));
}

/* From there, or from a target that is known, to whole lots. */
static void
end_hedge(PhHedge *p, bool known)
{
	while (!known)
	{
		CHECK_FOR_INTERRUPTS();
		pghedge_check(ph_hedge_round(p, &known));
	}
	ph_hedge_end(p);
}

/* Covariances of legs, as hedge.portfolio_risk has them. */
static double *
leg_covariances(const MatrixArg *matrix, const PhLeg *leg, int m)
{
	double	   *s = palloc_extended(Max((Size) m * m, 1) * sizeof(double), MCXT_ALLOC_HUGE);

	for (int i = 0; i < m; i++)
	{
		CHECK_FOR_INTERRUPTS();
		s[(size_t) i * m + i] = leg[i].sigma * leg[i].sigma;
		for (int j = 0; j < i; j++)
		{
			double		corr;
			double		n;

			if (!ph_leg_corr(&matrix->m, &leg[i], &leg[j], &corr, &n))
				corr = 0;
			s[(size_t) i * m + j] = s[(size_t) j * m + i] = corr * leg[i].sigma * leg[j].sigma;
		}
	}
	return s;
}

/* Risks of two sets of exposures in the same assets by another matrix; left alone where it lacks one. */
static void
other_risks(const MatrixArg *matrix, text *const *name, int m, const double *const *exposure,
			double *risk)
{
	int		   *number = pghedge_asset_numbers(matrix, name, m);
	PhLeg	   *leg = palloc((m + 1) * sizeof(PhLeg));
	double	   *s;
	int			n = 0;

	for (int i = 0; i < m; i++)
		if (number[i] >= 0 && ph_leg(&matrix->m, number[i], 0, &leg[n]))
			leg[n++].place = i;
		else if (exposure[0][i] != 0 || exposure[1][i] != 0)
			return;
	s = leg_covariances(matrix, leg, n);
	for (int k = 0; k < 2; k++)
	{
		double		sum = 0;

		for (int i = 0; i < n; i++)
			for (int j = 0; j < n; j++)
				sum += s[(size_t) i * n + j] * exposure[k][leg[i].place] * exposure[k][leg[j].place];
		risk[k] = sqrt(sum <= 0 ? 0 : sum);
	}
}

PGHEDGE_FUNCTION(pghedge_minimum_variance_hedge);
Datum
pghedge_minimum_variance_hedge(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HedgeMatrices *kept = fcinfo->flinfo->fn_extra;
	const MatrixArg *matrix;
	PhHedge		p = {0};
	PhLeg	   *leg;
	text	  **name;			/* of the legs */
	int			n_assets;
	int			n_instruments;
	text	  **assets;
	text	  **instruments;
	double	   *exposures;
	int		   *number;
	double	   *unit;
	double	   *lot;
	double	   *cost;
	double	   *cost_per_lot;
	double	   *low;
	double	   *high;
	double	   *e;
	double	   *s;
	double	   *step;
	int		   *at;				/* [n] which of the instruments given */
	int		   *place;			/* [n] among the legs */
	int		   *slot;			/* [instruments] where it went, -1: no volatility */
	double		rest = 0;
	double		rest_gross = 0;
	double		known = 0;
	double		gross = 0;
	double		total_cost = 0;
	double		other_risk[2] = {NAN, NAN};
	bool	   *unknown;		/* [assets of the matrix] whose exposure is not known */
	bool		bounded;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i <= ARG_INSTRUMENTS; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();

	n_assets = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_ASSETS), "assets", -1);
	assets = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(ARG_ASSETS), n_assets);
	exposures = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(ARG_EXPOSURES), "exposures", n_assets, "assets");
	n_instruments = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_INSTRUMENTS), "instruments", -1);
	instruments = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(ARG_INSTRUMENTS), n_instruments);
	pghedge_reject_many(n_instruments, "instruments", MOST_INSTRUMENTS);
	pghedge_reject_many(n_assets + n_instruments, "assets and instruments", MOST_ASSETS);
	unit = pghedge_float8_or(fcinfo, ARG_UNIT_EXPOSURES, "unit_exposures", n_instruments, "instruments", NAN);
	lot = pghedge_float8_or(fcinfo, ARG_LOT_SIZES, "lot_sizes", n_instruments, "instruments", 1);
	cost = pghedge_float8_or(fcinfo, ARG_COSTS, "costs", n_instruments, "instruments", 0);
	low = pghedge_float8_or(fcinfo, ARG_LOW, "low", n_instruments, "instruments", -INFINITY);
	high = pghedge_float8_or(fcinfo, ARG_HIGH, "high", n_instruments, "instruments", INFINITY);
	check_terms(cost, low, high, n_instruments);
	for (int i = 0; i < n_instruments; i++)
	{
		if (!(lot[i] > 0 && isfinite(lot[i])))
			pghedge_reject("lot size", lot[i], "positive and finite");
		if (unit[i] == 0 || isinf(unit[i]))
			pghedge_reject("unit exposure", unit[i], "finite and other than 0");
	}
	p.aversion = aversion_arg(fcinfo, ARG_RISK_AVERSION);
	cost_per_lot = pghedge_float8_or(fcinfo, ARG_COSTS_PER_LOT, "costs_per_lot", n_instruments, "instruments", 0);
	for (int i = 0; i < n_instruments; i++)
	{
		if (!(cost_per_lot[i] >= 0))
			pghedge_reject("cost per lot", cost_per_lot[i], "at least 0");
		if (isnan(unit[i]) && cost_per_lot[i] > 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a cost per lot is given for an instrument without lots"),
					 errhint("Give its unit_exposures, too.")));
		if (!isnan(unit[i]))
			cost[i] += cost_per_lot[i] / (fabs(unit[i]) * lot[i]);
	}

	/* Legs: what is held and has a volatility, then instruments that are not held. */
	if (kept == NULL)
		fcinfo->flinfo->fn_extra = kept = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
																 sizeof(HedgeMatrices));
	matrix = pghedge_matrix_kept(&kept->in_sample, fcinfo->flinfo->fn_mcxt,
								 (struct varlena *) PG_GETARG_POINTER(ARG_MATRIX));
	leg = palloc((n_assets + n_instruments + 1) * sizeof(PhLeg));
	name = palloc((n_assets + n_instruments + 1) * sizeof(text *));
	unknown = palloc0((matrix->m.n + 1) * sizeof(bool));
	number = pghedge_asset_numbers(matrix, assets, n_assets);
	for (int i = 0; i < n_assets; i++)
	{
		if (isfinite(exposures[i]))
			gross += fabs(exposures[i]);
		if (number[i] < 0)
			continue;
		unknown[number[i]] = !isfinite(exposures[i]);
		if (ph_leg(&matrix->m, number[i], exposures[i], &leg[p.m]))
		{
			known += fabs(exposures[i]);
			name[p.m++] = assets[i];
		}
	}
	number = pghedge_asset_numbers(matrix, instruments, n_instruments);
	at = palloc((n_instruments + 1) * sizeof(int));
	place = palloc((n_instruments + 1) * sizeof(int));
	slot = palloc((n_instruments + 1) * sizeof(int));
	for (int i = 0; i < n_instruments; i++)
	{
		int			held = -1;

		slot[i] = -1;
		if (number[i] < 0 || unknown[number[i]])
			continue;
		for (int j = 0; j < p.m && held < 0; j++)
			if (leg[j].number == number[i])
				held = j;
		if (held < 0)
		{
			if (!ph_leg(&matrix->m, number[i], 0, &leg[p.m]))
				continue;
			name[p.m] = instruments[i];
			held = p.m++;
		}
		if (!(leg[held].sigma > 0))
			continue;			/* what never moves hedges nothing */
		slot[i] = p.n;
		place[p.n] = held;
		at[p.n++] = i;
	}

	s = leg_covariances(matrix, leg, p.m);
	e = palloc(Max(p.m, 1) * sizeof(double));
	for (int i = 0; i < p.m; i++)
	{
		e[i] = leg[i].e;
		rest += e[i];
		rest_gross += fabs(e[i]);
	}
	step = palloc((p.n + 1) * sizeof(double));
	for (int i = 0; i < p.n; i++)
	{
		int			k = at[i];

		/* in place: at[] rises */
		cost[i] = cost[k];
		low[i] = low[k];
		high[i] = high[k];
		step[i] = fabs(unit[k]) * lot[k];
		rest -= e[place[i]];
		rest_gross -= fabs(e[place[i]]);
	}
	p.s = s;
	p.e = e;
	p.instrument = place;
	p.step = step;
	p.cost = cost;
	bounded = pghedge_is_given(fcinfo, ARG_LOW) || pghedge_is_given(fcinfo, ARG_HIGH);
	p.low = bounded ? low : NULL;
	p.high = bounded ? high : NULL;
	begin_hedge(&p);
	end_hedge(&p, false);
	total_cost = ph_hedge_cost(&p, p.after);
	/* long and short, they have no ratio to a hedge */
	if (!(fabs(rest) >= rest_gross * (1 - 1e-12)) || rest_gross <= 0)
		rest = 0;
	if (pghedge_is_given(fcinfo, ARG_OUT_OF_SAMPLE))
	{
		double	   *then = palloc(Max(p.m, 1) * sizeof(double));
		const double *exposure[2] = {e, then};

		memcpy(then, e, p.m * sizeof(double));
		for (int i = 0; i < p.n; i++)
			then[place[i]] = p.after[i];
		other_risks(pghedge_matrix_kept(&kept->out_of_sample, fcinfo->flinfo->fn_mcxt,
										(struct varlena *) PG_GETARG_POINTER(ARG_OUT_OF_SAMPLE)),
					name, p.m, exposure, other_risk);
	}

	for (int i = 0; i < n_instruments; i++)
	{
		Datum		values[COLUMNS];
		bool		nulls[COLUMNS];
		int			k = slot[i];

		if (instruments[i] == NULL)
			continue;
		memset(nulls, true, sizeof(nulls));
		nulls[INSTRUMENT] = false;
		values[INSTRUMENT] = PointerGetDatum(instruments[i]);
		if (k >= 0)
		{
			double		trade = p.after[k] - p.held[k];

			pghedge_put(values, nulls, HELD_EXPOSURE, p.held[k]);
			pghedge_put(values, nulls, HEDGE_RATIO, rest == 0 ? NAN : -p.target[k] / rest);
			pghedge_put(values, nulls, TARGET_EXPOSURE, p.target[k]);
			pghedge_put(values, nulls, TRADE_EXPOSURE, trade);
			pghedge_put(values, nulls, TRADE_CONTRACTS,
						isnan(p.lots[k]) ? NAN : p.lots[k] * lot[i] * (unit[i] < 0 ? -1 : 1));
			pghedge_put(values, nulls, EXPOSURE_AFTER, p.after[k]);
			pghedge_put(values, nulls, COST, trade == 0 ? 0 : p.cost[k] * fabs(trade));
		}
		pghedge_put(values, nulls, RISK_BEFORE, p.before_risk);
		pghedge_put(values, nulls, RISK_AT_TARGET, p.target_risk);
		pghedge_put(values, nulls, RISK_AFTER, p.after_risk);
		pghedge_put(values, nulls, TOTAL_COST, total_cost);
		pghedge_put(values, nulls, KKT_RESIDUAL, p.residual);
		pghedge_put(values, nulls, RISK_BEFORE_OUT_OF_SAMPLE, other_risk[0]);
		pghedge_put(values, nulls, RISK_AFTER_OUT_OF_SAMPLE, other_risk[1]);
		pghedge_put(values, nulls, RISK_COVERAGE, gross > 0 ? known / gross : NAN);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

/* ---- neutral ---- */

/* neutral_trade(net, sensitivity, band, unit_exposure, lot_size) */
PGHEDGE_FUNCTION(pghedge_neutral_trade);
Datum
pghedge_neutral_trade(PG_FUNCTION_ARGS)
{
	double		net;
	double		sensitivity;
	double		band;
	double		unit;
	double		lot;
	double		trade;
	Datum		values[3];
	bool		nulls[3] = {true, true, true};

	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
	{
		net = PG_GETARG_FLOAT8(0);
		sensitivity = PG_GETARG_FLOAT8(1);
		band = PG_ARGISNULL(2) ? 0 : PG_GETARG_FLOAT8(2);
		unit = PG_ARGISNULL(3) ? NAN : PG_GETARG_FLOAT8(3);
		lot = PG_ARGISNULL(4) ? 1 : PG_GETARG_FLOAT8(4);
		if (!(band >= 0))
			pghedge_reject("band", band, "at least 0");
		if (!PG_ARGISNULL(3) && (!isfinite(unit) || unit == 0))
			pghedge_reject("unit exposure", unit, "finite and other than 0");
		if (!(lot > 0 && isfinite(lot)))
			pghedge_reject("lot size", lot, "positive and finite");
		if (isfinite(net) && isfinite(sensitivity) && sensitivity != 0)
		{
			trade = ph_neutral_trade(net, sensitivity, band, isnan(unit) ? 0 : fabs(unit) * lot);
			pghedge_put(values, nulls, 0, trade);
			pghedge_put(values, nulls, 1, isnan(unit) ? NAN : rint(trade / (unit * lot)) * lot);
			pghedge_put(values, nulls, 2, net + trade * sensitivity);
		}
	}
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}

enum
{
	ARG_GREEKS, ARG_SENSITIVITIES, ARG_WEIGHTS, ARG_GREEK_COSTS, ARG_GREEK_AVERSION, ARG_GREEK_LOW,
	ARG_GREEK_HIGH, ARG_GREEK_LOTS
};

/*
 * greek_hedge(greeks, sensitivities, weights, costs, risk_aversion, low, high, lot_sizes)
 *
 * A hedge of least variance: what each instrument has of the greeks, and last the position, are the
 * columns of X, each greek times the root of its weight, and X'X their covariances.
 */
PGHEDGE_FUNCTION(pghedge_greek_hedge);
Datum
pghedge_greek_hedge(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayType  *array;
	int			greeks;
	int			n;
	double	   *net;
	double	   *sensitivity;
	double	   *root;
	double	   *cost;
	double	   *low;
	double	   *high;
	double	   *x;				/* greeks × n + 1 */
	double	   *s;
	double	   *e;
	double	   *least;
	double	   *after;
	int		   *place;
	bool		bounded;
	bool		restrained = false;
	bool		done;
	PhHedge		p = {0};

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(ARG_GREEKS) || PG_ARGISNULL(ARG_SENSITIVITIES))
		PG_RETURN_NULL();
	greeks = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_GREEKS), "greeks", -1);
	pghedge_reject_many(greeks, "greeks", MOST_INSTRUMENTS);
	net = pghedge_float8_elements(PG_GETARG_ARRAYTYPE_P(ARG_GREEKS), greeks);
	array = PG_GETARG_ARRAYTYPE_P(ARG_SENSITIVITIES);
	if (ARR_NDIM(array) != 2 || ARR_DIMS(array)[0] != greeks)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("sensitivities has not one row for each of the %d greeks", greeks),
				 errhint("It is an array of two dimensions, greeks and instruments.")));
	n = ARR_DIMS(array)[1];
	pghedge_reject_many(n, "instruments", MOST_INSTRUMENTS);
	sensitivity = pghedge_float8_elements(array, greeks * n);
	root = pghedge_float8_or(fcinfo, ARG_WEIGHTS, "weights", greeks, "greeks", NAN);
	cost = pghedge_float8_or(fcinfo, ARG_GREEK_COSTS, "costs", n, "a row of sensitivities", 0);
	p.aversion = aversion_arg(fcinfo, ARG_GREEK_AVERSION);
	low = pghedge_float8_or(fcinfo, ARG_GREEK_LOW, "low", n, "a row of sensitivities", -INFINITY);
	high = pghedge_float8_or(fcinfo, ARG_GREEK_HIGH, "high", n, "a row of sensitivities", INFINITY);
	check_terms(cost, low, high, n);
	p.step = pghedge_float8_or(fcinfo, ARG_GREEK_LOTS, "lot_sizes", n, "a row of sensitivities", NAN);
	for (int i = 0; i < n; i++)
	{
		if (!isnan(p.step[i]) && !(p.step[i] > 0 && isfinite(p.step[i])))
			pghedge_reject("lot size", p.step[i], "positive and finite");
		restrained |= p.aversion > 0 && cost[i] > 0;
	}
	for (int g = 0; g < greeks; g++)
	{
		if (!isfinite(net[g]))
			pghedge_reject("greek", net[g], "finite");
		if (!isnan(root[g]) && !(root[g] >= 0 && isfinite(root[g])))
			pghedge_reject("weight", root[g], "at least 0 and finite");
	}
	for (int i = 0; i < greeks * n; i++)
		if (!isfinite(sensitivity[i]))
			pghedge_reject("sensitivity", sensitivity[i], "finite");

	/* Without weights, a greek's unit is the root of the squares of what the instruments have of it. */
	x = palloc_extended(Max((Size) greeks * (n + 1), 1) * sizeof(double), MCXT_ALLOC_HUGE);
	for (int g = 0; g < greeks; g++)
	{
		double		norm = 0;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < n; i++)
			norm = hypot(norm, sensitivity[g * n + i]);
		root[g] = !isnan(root[g]) ? sqrt(root[g]) : norm > 0 ? 1 / norm : 0;
		for (int i = 0; i < n; i++)
			x[(Size) i * greeks + g] = root[g] * sensitivity[g * n + i];
		x[(Size) n * greeks + g] = root[g] * net[g];
	}
	p.m = n + 1;
	s = palloc_extended((Size) p.m * p.m * sizeof(double), MCXT_ALLOC_HUGE);
	for (int i = 0; i < p.m; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j <= i; j++)
		{
			double		sum = 0;

			for (int g = 0; g < greeks; g++)
				sum += x[(Size) i * greeks + g] * x[(Size) j * greeks + g];
			s[(Size) i * p.m + j] = s[(Size) j * p.m + i] = sum;
		}
	}
	e = palloc0(p.m * sizeof(double));
	e[n] = 1;
	place = palloc((n + 1) * sizeof(int));
	for (int i = 0; i < n; i++)
		place[i] = i;
	p.s = s;
	p.e = e;
	p.n = n;
	p.instrument = place;
	p.cost = cost;
	bounded = pghedge_is_given(fcinfo, ARG_GREEK_LOW) || pghedge_is_given(fcinfo, ARG_GREEK_HIGH);
	p.low = bounded ? low : NULL;
	p.high = bounded ? high : NULL;
	begin_hedge(&p);

	/* Where nothing restrains it, least squares, which keep the digits that X'X loses; else the solver. */
	least = palloc0((Max(greeks, n) + 1) * sizeof(double));
	done = !restrained;
	if (done && greeks > 0 && n > 0)
	{
		for (int g = 0; g < greeks; g++)
			least[g] = -x[(Size) n * greeks + g];
		pghedge_check(ph_least_squares(greeks, n, x, least,
									   palloc(ph_least_squares_workspace(greeks, n))));
	}
	for (int i = 0; i < n && done; i++)
		done = isfinite(least[i]) && least[i] >= low[i] && least[i] <= high[i];
	if (done)
	{
		memcpy(p.target, least, n * sizeof(double));
		p.solver.residual = ph_solver_residual(&p.solver, palloc((2 * n + 1) * sizeof(double)));
	}
	end_hedge(&p, done);
	ph_hedge_exchange(&p);

	after = palloc((greeks + 1) * sizeof(double));
	for (int g = 0; g < greeks; g++)
	{
		after[g] = net[g];
		for (int i = 0; i < n; i++)
			after[g] += sensitivity[g * n + i] * p.after[i];
	}
	for (int i = 0; i < n; i++)
	{
		Datum		values[6];
		bool		nulls[6] = {false};

		values[0] = Int32GetDatum(i + 1);
		pghedge_put(values, nulls, 1, p.after[i]);
		pghedge_put(values, nulls, 2, p.residual);
		pghedge_put(values, nulls, 3, p.target[i]);
		pghedge_put(values, nulls, 4, cost[i] * fabs(p.after[i]));
		values[5] = PointerGetDatum(pghedge_float8_array(after, 1, &greeks));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

/* ---- baskets ---- */

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

/* Standard deviation of x[n]; NaN for fewer than two. */
static double
deviation(const double *x, int n)
{
	PhSpreadStatistics st;

	ph_spread_statistics(x, n, &st);
	return st.volatility;
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
	pghedge_reject_many(m, "assets", MOST_INSTRUMENTS);

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
		inside_error = deviation(residual, inside);
		outside_error = deviation(residual + inside, bars - inside);
		/* y itself, out of sample */
		for (int t = inside; t < bars; t++)
			residual[t] = series[0][bar[t]];
		outside_alone = deviation(residual + inside, bars - inside);
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
			begin_hedge(&h);
			end_hedge(&h, false);
			ph_hedge_exchange(&h);
			for (int t = 0; t < bars; t++)
			{
				residual[t] = exposure * series[0][bar[t]];
				for (int a = 1; a < h.m; a++)
					residual[t] += h.after[a - 1] * series[of[a]][bar[t]];
			}
		}
		pghedge_put(values, nulls, 15, isfinite(exposure) ? deviation(residual, inside) : NAN);
		pghedge_put(values, nulls, 16, isfinite(exposure) ? deviation(residual + inside, bars - inside) : NAN);
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

/* ---- series ---- */

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

/* variance_scale(profit_and_loss, target, cap, decay) */
PGHEDGE_FUNCTION(pghedge_variance_scale);
Datum
pghedge_variance_scale(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *x = pghedge_finite_elements(PG_GETARG_ARRAYTYPE_P(0), "profit_and_loss", &n);
	double		target = PG_GETARG_FLOAT8(1);
	double		cap = PG_GETARG_FLOAT8(2);
	double		decay = PG_GETARG_FLOAT8(3);
	double		sample;
	double		decayed;
	double		larger;
	Datum		values[4];
	bool		nulls[4];

	if (!(target >= 0 && isfinite(target)))
		pghedge_reject("target", target, "at least 0 and finite");
	if (!(cap >= 0 && isfinite(cap)))
		pghedge_reject("cap", cap, "at least 0 and finite");
	if (!(decay > 0 && decay < 1))
		pghedge_reject("decay", decay, "between 0 and 1");
	sample = deviation(x, n);
	decayed = n < 2 ? NAN : ph_decayed_volatility(x, n, decay);
	larger = fmax(sample, decayed);
	pghedge_put(values, nulls, 0, sample);
	pghedge_put(values, nulls, 1, decayed);
	pghedge_put(values, nulls, 2, larger);
	pghedge_put(values, nulls, 3,
		isnan(larger) ? NAN : larger * cap <= target ? cap : target / larger);
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}
