/*
 * hedge.c
 *	  Hedges over arrays and a matrix: hedge.minimum_variance_hedge, hedge.neutral_trade,
 *	  hedge.greek_hedge, hedge.variance_scale.
 */
#include "hedge.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "arrays.h"
#include "results.h"
#include "../kernel/basket.h"
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

void
pghedge_hedge_begin(PhHedge *p)
{
	p->target = palloc((p->n + 1) * sizeof(double));
	p->after = palloc((p->n + 1) * sizeof(double));
	p->lots = palloc((p->n + 1) * sizeof(double));
	pghedge_check(ph_hedge_begin(p, MemoryContextAllocHuge(CurrentMemoryContext,
														   ph_hedge_workspace(p->m, p->n) + 8)));
}

void
pghedge_hedge_end(PhHedge *p, bool known)
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
	pghedge_hedge_begin(&p);
	pghedge_hedge_end(&p, false);
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
	pghedge_hedge_begin(&p);

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
	pghedge_hedge_end(&p, done);
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

/* ---- scaling ---- */

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
	sample = ph_deviation(x, n);
	decayed = n < 2 ? NAN : ph_decayed_volatility(x, n, decay);
	larger = fmax(sample, decayed);
	pghedge_put(values, nulls, 0, sample);
	pghedge_put(values, nulls, 1, decayed);
	pghedge_put(values, nulls, 2, larger);
	pghedge_put(values, nulls, 3,
		isnan(larger) ? NAN : larger * cap <= target ? cap : target / larger);
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}
