/*
 * risk.c
 *	  Risk of a whole portfolio: from a matrix (hedge.portfolio_risk, hedge.risk_contributions),
 *	  and from the profits and losses that blocks of returns would have made
 *	  (hedge.profit_and_loss, hedge.value_at_risk, hedge.expected_shortfall, hedge.observed_windows).
 */
#include "offsets.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "risk.h"

/* ---- From a matrix ---- */

typedef struct Measured
{
	int			n;				/* positions given */
	text	  **assets;
	double	   *exposures;
	PhLeg	   *leg;			/* positions with an exposure and a volatility */
	int			n_legs;
	PhSum	   *others;			/* [n_legs] what the other legs are to each */
	double		scale;
	PhRisk		risk;
	bool		has_net;
} Measured;

/* Arguments 0 to 2: matrix, assets, exposures; none of them NULL. */
static void
measure(FunctionCallInfo fcinfo, Measured *p)
{
	const MatrixArg *matrix;
	int		   *number;

	p->n = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(1), "assets", -1);
	p->assets = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(1), p->n);
	(void) pghedge_array_length(PG_GETARG_ARRAYTYPE_P(2), "exposures", p->n);
	p->exposures = pghedge_float8_elements(PG_GETARG_ARRAYTYPE_P(2), p->n);

	matrix = pghedge_matrix_arg(fcinfo, 0);
	number = pghedge_asset_numbers(matrix, p->assets, p->n);
	p->leg = palloc(Max(p->n, 1) * sizeof(PhLeg));
	p->n_legs = 0;
	for (int i = 0; i < p->n; i++)
		if (number[i] >= 0 &&
			ph_leg(&matrix->m, number[i], p->exposures[i], &p->leg[p->n_legs]))
			p->leg[p->n_legs++].place = i;

	p->others = palloc0(Max(p->n_legs, 1) * sizeof(PhSum));
	p->scale = ph_risk_scale(p->leg, p->n_legs);
	for (int i = 1; p->scale > 0 && i < p->n_legs; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ph_risk_row(&matrix->m, p->leg, i, p->scale, p->others);
	}
	p->has_net = ph_risk(p->leg, p->n_legs, p->others, p->scale, &p->risk);
}

/* ∂net/∂e of a leg; NaN where net is 0 or unknown. */
static double
marginal_risk(const Measured *p, int leg)
{
	if (!p->has_net || !(p->risk.net > 0))
		return NAN;
	return ph_marginal_risk(&p->leg[leg], &p->others[leg], p->scale, p->risk.net);
}

/* What is not finite becomes NULL, and -0 becomes 0. */
static inline void
put(Datum *values, bool *nulls, int column, double value)
{
	nulls[column] = !isfinite(value);
	values[column] = Float8GetDatum(value + 0.0);
}

PGHEDGE_FUNCTION(pghedge_portfolio_risk);
Datum
pghedge_portfolio_risk(PG_FUNCTION_ARGS)
{
	TupleDesc	tupdesc;
	Measured	p;
	Datum		values[9];
	bool		nulls[9];
	double		most = 0;
	double		least = 0;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	measure(fcinfo, &p);
	memset(nulls, true, sizeof(nulls));
	if (p.n_legs > 0)
	{
		put(values, nulls, 0, p.risk.gross);
		put(values, nulls, 1, p.risk.uncorrelated);
		put(values, nulls, 2, p.risk.net);
		put(values, nulls, 3, p.risk.diversification);
		put(values, nulls, 4, p.risk.risk_offset);
		for (int i = 0; i < p.n_legs; i++)
		{
			double		contribution = p.leg[i].e * marginal_risk(&p, i);

			if (!isfinite(contribution))
				continue;
			if (contribution > most)
			{
				most = contribution;
				nulls[5] = false;
				values[5] = PointerGetDatum(p.assets[p.leg[i].place]);
				put(values, nulls, 6, contribution);
			}
			if (contribution < least)
			{
				least = contribution;
				nulls[7] = false;
				values[7] = PointerGetDatum(p.assets[p.leg[i].place]);
				put(values, nulls, 8, contribution);
			}
		}
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls)));
}

PGHEDGE_FUNCTION(pghedge_risk_contributions);
Datum
pghedge_risk_contributions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Measured	p;
	int			next = 0;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	measure(fcinfo, &p);
	for (int i = 0; i < p.n; i++)
	{
		Datum		values[7];
		bool		nulls[7];

		if (p.assets[i] == NULL)
			continue;
		memset(nulls, true, sizeof(nulls));
		nulls[0] = false;
		values[0] = PointerGetDatum(p.assets[i]);
		put(values, nulls, 1, p.exposures[i]);
		/* legs are in the order of positions */
		if (next < p.n_legs && p.leg[next].place == i)
		{
			double		marginal = marginal_risk(&p, next);
			double		contribution = p.leg[next].e * marginal;

			put(values, nulls, 2, p.leg[next].sigma);
			put(values, nulls, 3, p.leg[next].a);
			put(values, nulls, 4, marginal);
			put(values, nulls, 5, contribution);
			put(values, nulls, 6, contribution / p.risk.net);
			next++;
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

/* ---- From history ---- */

/* How many of the bits [from, from + n) are set. */
static int64
count_bits(const bits8 *bitmap, int64 from, int64 n)
{
	int64		count = 0;

	for (; n > 0 && from % 8 != 0; from++, n--)
		count += bitmap[from / 8] >> (from % 8) & 1;
	count += pg_popcount((const char *) bitmap + from / 8, (int) (n / 8));
	for (from += n - n % 8, n %= 8; n > 0; from++, n--)
		count += bitmap[from / 8] >> (from % 8) & 1;
	return count;
}

/* float8[] of one dimension; what is not finite becomes NULL. */
static ArrayType *
float8_array(const double *value, int n)
{
	Datum	   *datum = palloc(Max(n, 1) * sizeof(Datum));
	bool	   *isnull = palloc(Max(n, 1) * sizeof(bool));
	int			lower = 1;

	if (n == 0)
		return construct_empty_array(FLOAT8OID);
	for (int i = 0; i < n; i++)
	{
		datum[i] = Float8GetDatum(value[i]);
		isnull[i] = !isfinite(value[i]);
	}
	return construct_md_array(datum, isnull, 1, &n, &lower, FLOAT8OID, sizeof(float8),
							  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

typedef struct Held
{
	const char *name;
	int			len;
	double		exposure;
	bool		found;
} Held;

static int
compare_held(const void *a, const void *b)
{
	const Held *x = a;
	const Held *y = b;
	int			order = memcmp(x->name, y->name, Min(x->len, y->len));

	return order != 0 ? order : x->len - y->len;
}

PGHEDGE_FUNCTION(pghedge_profit_and_loss);
Datum
pghedge_profit_and_loss(PG_FUNCTION_ARGS)
{
	ArrayType  *returns = PG_GETARG_ARRAYTYPE_P(3);
	const double *r = (const double *) ARR_DATA_PTR(returns);
	const bits8 *present = ARR_NULLBITMAP(returns);
	int			n = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(0), "assets", -1);
	text	  **assets = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(0), n);
	double	   *exposures;
	int			n_block = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(2), "block_assets", -1);
	text	  **block_assets = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(2), n_block);
	Held	   *held = palloc(Max(n, 1) * sizeof(Held));
	int			n_held = 0;
	int			bars;
	double	   *pnl;

	(void) pghedge_array_length(PG_GETARG_ARRAYTYPE_P(1), "exposures", n);
	exposures = pghedge_float8_elements(PG_GETARG_ARRAYTYPE_P(1), n);
	if (ARR_NDIM(returns) == 0 && n_block == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(FLOAT8OID));
	if (ARR_NDIM(returns) != 2 || ARR_DIMS(returns)[0] != n_block)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("block_returns has not one row for each of the %d block_assets", n_block),
				 errhint("It is an array of two dimensions, assets and bars, as hedge.return_blocks makes it.")));
	bars = ARR_DIMS(returns)[1];

	for (int i = 0; i < n; i++)
		if (assets[i] != NULL && exposures[i] != 0 && isfinite(exposures[i]))
		{
			held[n_held].name = VARDATA_ANY(assets[i]);
			held[n_held].len = VARSIZE_ANY_EXHDR(assets[i]);
			held[n_held].exposure = exposures[i];
			held[n_held++].found = false;
		}
	qsort(held, n_held, sizeof(Held), compare_held);

	pnl = palloc0(bars * sizeof(double));
	for (int a = 0; a < n_block; a++)
	{
		int64		first = (int64) a * bars;
		Held		key;
		Held	   *h = NULL;

		CHECK_FOR_INTERRUPTS();
		if (block_assets[a] != NULL)
		{
			key.name = VARDATA_ANY(block_assets[a]);
			key.len = VARSIZE_ANY_EXHDR(block_assets[a]);
			h = bsearch(&key, held, n_held, sizeof(Held), compare_held);
		}
		if (h == NULL)
		{
			r += present == NULL ? bars : count_bits(present, first, bars);
			continue;
		}
		h->found = true;
		for (int b = 0; b < bars; b++)
		{
			if (present == NULL || (present[(first + b) / 8] >> ((first + b) % 8) & 1))
				pnl[b] += h->exposure * *r++;
			else
				pnl[b] = NAN;
		}
	}
	for (int i = 0; i < n_held; i++)
		if (!held[i].found)
			for (int b = 0; b < bars; b++)
				pnl[b] = NAN;
	PG_RETURN_ARRAYTYPE_P(float8_array(pnl, bars));
}

/* The window sums of argument 0 (of horizon argument argno); returns how many. */
static int
window_sums(FunctionCallInfo fcinfo, int argno, double **sum)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	int			n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	int32		horizon = PG_GETARG_INT32(argno);
	double	   *value;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("profit_and_loss has %d dimensions", ARR_NDIM(array)),
				 errhint("It must be one-dimensional, with one element for each bar.")));
	if (horizon < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("horizon %d is not at least 1", horizon)));
	value = pghedge_float8_elements(array, n);
	if (sum != NULL)
		*sum = palloc(Max(n, 1) * sizeof(double));
	return ph_window_sums(value, n, horizon, sum != NULL ? *sum : NULL);
}

static Datum
tail(FunctionCallInfo fcinfo, double (*statistic) (double *, int, double))
{
	double		level = PG_GETARG_FLOAT8(1);
	double	   *sum;
	double		value;
	int			n;

	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("risk level %g is not between 0 and 1", level)));
	n = window_sums(fcinfo, 2, &sum);
	if (n == 0)
		PG_RETURN_NULL();
	value = statistic(sum, n, level);
	if (!isfinite(value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

PGHEDGE_FUNCTION(pghedge_value_at_risk);
Datum
pghedge_value_at_risk(PG_FUNCTION_ARGS)
{
	return tail(fcinfo, ph_value_at_risk);
}

PGHEDGE_FUNCTION(pghedge_expected_shortfall);
Datum
pghedge_expected_shortfall(PG_FUNCTION_ARGS)
{
	return tail(fcinfo, ph_expected_shortfall);
}

PGHEDGE_FUNCTION(pghedge_observed_windows);
Datum
pghedge_observed_windows(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(window_sums(fcinfo, 1, NULL));
}
