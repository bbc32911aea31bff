/*
 * spreads.c
 *	  Credits of spreads by priority, as futures are cleared: what each of them takes of a portfolio's
 *	  deltas is gone for the next.
 */
#include "pghedge.h"

#include <float.h>
#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "allocation.h"
#include "arrays.h"
#include "names.h"
#include "results.h"

enum
{
	ARG_ASSETS, ARG_DELTAS, ARG_RATES, ARG_SPREADS, ARG_LEGS, ARG_RATIOS, ARG_SIDES,
	ARG_CREDIT_RATES, ARG_PRIORITIES, ARG_WHOLE
};

typedef struct SpreadLeg
{
	int			spread;
	int			asset;			/* -1: not held */
	double		ratio;
	bool		side_b;
	double		rate;
} SpreadLeg;

typedef struct SpreadBook
{
	int			n;				/* assets */
	text	  **asset;
	double	   *delta;
	double	   *left;			/* its size */
	double	   *margin;			/* of one contract */
	int			spreads;
	text	  **name;
	double	   *priority;		/* NaN: none, comes last */
	int		   *first;			/* [spreads + 1] of leg */
	SpreadLeg  *leg;			/* those of a spread side by side */
	int		   *order;
	double	   *formed;
	double	   *credit;
	double	   *asset_credit;
} SpreadBook;

/* Texts beside an array of others; none is NULL. */
static text **
texts(FunctionCallInfo fcinfo, int argno, const char *name, int n, const char *others)
{
	text	  **value = pghedge_text_per(PG_GETARG_ARRAYTYPE_P(argno), name, n, others);

	for (int i = 0; i < n; i++)
		if (value[i] == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of %s is null", i + 1, name)));
	return value;
}

/* Numbers beside an array of others; each is finite. */
static double *
numbers(FunctionCallInfo fcinfo, int argno, const char *name, int n, const char *others)
{
	double	   *value = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(argno), name, n, others);

	for (int i = 0; i < n; i++)
		if (!isfinite(value[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of %s is missing or not finite", i + 1, name)));
	return value;
}

static int
compare_spreads(const void *x, const void *y, void *arg)
{
	const SpreadBook *p = arg;
	double		a = p->priority[*(const int *) x];
	double		b = p->priority[*(const int *) y];

	if (isnan(a) || isnan(b))
		return isnan(a) != isnan(b) ? isnan(a) - isnan(b) : *(const int *) x - *(const int *) y;
	return a != b ? (a > b) - (a < b) : *(const int *) x - *(const int *) y;
}

static bool
read_spreads(FunctionCallInfo fcinfo, SpreadBook *p)
{
	Names		assets;
	Names		spreads;
	text	  **spread;
	text	  **leg_asset;
	text	  **side;
	double	   *ratio;
	double	   *rate;
	double	   *priority = NULL;
	int			legs;
	int		   *of;

	memset(p, 0, sizeof(*p));
	for (int i = 0; i <= ARG_CREDIT_RATES; i++)
		if (PG_ARGISNULL(i))
			return false;
	p->n = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_ASSETS), "assets", -1);
	p->asset = texts(fcinfo, ARG_ASSETS, "assets", p->n, "assets");
	p->delta = numbers(fcinfo, ARG_DELTAS, "deltas", p->n, "assets");
	p->margin = numbers(fcinfo, ARG_RATES, "rates", p->n, "assets");
	p->left = palloc(Max(p->n, 1) * sizeof(double));
	p->asset_credit = palloc0(Max(p->n, 1) * sizeof(double));
	pghedge_names_init(&assets, CurrentMemoryContext);
	for (int i = 0; i < p->n; i++)
	{
		p->left[i] = fabs(p->delta[i]);
		if (p->margin[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("rate %g of asset \"%s\" is negative", p->margin[i], text_to_cstring(p->asset[i]))));
		if (pghedge_names_text(&assets, p->asset[i]) != i)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("asset \"%s\" is there twice", text_to_cstring(p->asset[i])),
					 errhint("Give its net delta.")));
	}

	legs = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_SPREADS), "spreads", -1);
	spread = texts(fcinfo, ARG_SPREADS, "spreads", legs, "spreads");
	leg_asset = texts(fcinfo, ARG_LEGS, "legs", legs, "spreads");
	ratio = numbers(fcinfo, ARG_RATIOS, "ratios", legs, "spreads");
	side = texts(fcinfo, ARG_SIDES, "sides", legs, "spreads");
	rate = numbers(fcinfo, ARG_CREDIT_RATES, "credit_rates", legs, "spreads");
	if (!PG_ARGISNULL(ARG_PRIORITIES))
		priority = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(ARG_PRIORITIES), "priorities", legs, "spreads");
	pghedge_names_init(&spreads, CurrentMemoryContext);
	of = palloc(Max(legs, 1) * sizeof(int));
	p->name = palloc(Max(legs, 1) * sizeof(text *));
	p->priority = palloc(Max(legs, 1) * sizeof(double));
	p->first = palloc0((legs + 2) * sizeof(int));
	p->leg = palloc(Max(legs, 1) * sizeof(SpreadLeg));
	for (int i = 0; i < legs; i++)
	{
		of[i] = pghedge_names_text(&spreads, spread[i]);
		if (of[i] == p->spreads)
		{
			p->name[p->spreads] = spread[i];
			p->priority[p->spreads++] = priority ? priority[i] : NAN;
		}
		else if (priority && !(priority[i] == p->priority[of[i]] ||
							   (isnan(priority[i]) && isnan(p->priority[of[i]]))))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("legs of spread \"%s\" have different priorities", text_to_cstring(spread[i]))));
		p->first[of[i] + 1]++;
	}
	for (int s = 0; s < p->spreads; s++)
		p->first[s + 1] += p->first[s];
	{
		int		   *next = palloc((p->spreads + 1) * sizeof(int));

		memcpy(next, p->first, (p->spreads + 1) * sizeof(int));
		for (int i = 0; i < legs; i++)
		{
			SpreadLeg  *leg = &p->leg[next[of[i]]++];
			char	   *which = text_to_cstring(side[i]);
			int			number = pghedge_names_text(&assets, leg_asset[i]);

			if (!(ratio[i] > 0))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("ratio %g of spread \"%s\" is not positive", ratio[i], text_to_cstring(spread[i]))));
			if (!(rate[i] >= 0 && rate[i] <= 1))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("credit rate %g of spread \"%s\" is not from 0 to 1", rate[i], text_to_cstring(spread[i]))));
			if (strcmp(which, "A") != 0 && strcmp(which, "B") != 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("side \"%s\" of spread \"%s\" is neither A nor B", which, text_to_cstring(spread[i])),
						 errhint("Legs on side A are long where those on side B are short, or the other way round.")));
			leg->spread = of[i];
			leg->asset = number < p->n ? number : -1;
			leg->ratio = ratio[i];
			leg->side_b = which[0] == 'B';
			leg->rate = rate[i];
			CHECK_FOR_INTERRUPTS();
			for (SpreadLeg *other = &p->leg[p->first[of[i]]]; other < leg; other++)
				if (other->asset >= 0 && other->asset == leg->asset)
					ereport(ERROR,
							(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							 errmsg("asset \"%s\" is twice in spread \"%s\"", text_to_cstring(leg_asset[i]),
									text_to_cstring(spread[i]))));
		}
	}
	for (int i = 0; i < p->spreads; i++)
	{
		bool		a = false;
		bool		b = false;

		for (const SpreadLeg *leg = &p->leg[p->first[i]]; leg < &p->leg[p->first[i + 1]]; leg++)
			*(leg->side_b ? &b : &a) = true;
		if (!(a && b))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("spread \"%s\" has legs on one side only", text_to_cstring(p->name[i])),
					 errhint("A spread offsets legs on side A with legs on side B.")));
	}
	p->order = palloc(Max(p->spreads, 1) * sizeof(int));
	for (int s = 0; s < p->spreads; s++)
		p->order[s] = s;
	qsort_arg(p->order, p->spreads, sizeof(int), compare_spreads, p);
	return true;
}

/*
 * Spreads in the order of their priorities, each as often as what is left of its legs allows.  False if an
 * argument is NULL.
 */
static bool
form_spreads(FunctionCallInfo fcinfo, SpreadBook *p)
{
	bool		whole = !PG_ARGISNULL(ARG_WHOLE) && PG_GETARG_BOOL(ARG_WHOLE);
	int		   *leg;
	double	   *ratio;

	if (!read_spreads(fcinfo, p))
		return false;
	p->formed = palloc0(Max(p->spreads, 1) * sizeof(double));
	p->credit = palloc0(Max(p->spreads, 1) * sizeof(double));
	leg = palloc(Max(p->first[p->spreads], 1) * sizeof(int));
	ratio = palloc(Max(p->first[p->spreads], 1) * sizeof(double));
	for (int o = 0; o < p->spreads; o++)
	{
		int			s = p->order[o];
		int			legs = p->first[s + 1] - p->first[s];
		const SpreadLeg *l = &p->leg[p->first[s]];
		bool		possible = true;
		double		units;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < legs; i++)
		{
			leg[i] = l[i].asset;
			ratio[i] = l[i].ratio;
			/* every leg on its side of the market, as the first has it */
			possible &= l[i].asset >= 0 && p->left[l[i].asset] > 0 &&
				((p->delta[l[i].asset] < 0) != l[i].side_b) ==
				((p->delta[l[0].asset] < 0) != l[0].side_b);
			if (!possible)
				break;
		}
		if (!possible)
			continue;
		if (whole)
		{
			units = INFINITY;
			/* a rounding of a quotient that is a whole number must not lose one */
			for (int i = 0; i < legs; i++)
				units = fmin(units, floor(p->left[leg[i]] / ratio[i] * (1 + 4 * DBL_EPSILON)));
			for (int i = 0; i < legs; i++)
				p->left[leg[i]] = fmax(p->left[leg[i]] - units * ratio[i], 0);
		}
		else
			units = ph_consume(leg, ratio, legs, p->left);
		p->formed[s] = units;
		for (int i = 0; i < legs; i++)
		{
			double		credit = units * ratio[i] * p->margin[leg[i]] * l[i].rate;

			p->credit[s] += credit;
			p->asset_credit[leg[i]] += credit;
		}
	}
	return true;
}

PGHEDGE_FUNCTION(pghedge_spread_credits);
Datum
pghedge_spread_credits(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	SpreadBook	p;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!form_spreads(fcinfo, &p))
		PG_RETURN_NULL();
	for (int o = 0; o < p.spreads; o++)
	{
		int			s = p.order[o];
		Datum		values[4];
		bool		nulls[4] = {false};

		values[0] = Int32GetDatum(o + 1);
		values[1] = PointerGetDatum(p.name[s]);
		pghedge_put(values, nulls, 2, p.formed[s]);
		pghedge_put(values, nulls, 3, p.credit[s]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

PGHEDGE_FUNCTION(pghedge_spread_margins);
Datum
pghedge_spread_margins(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	SpreadBook	p;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!form_spreads(fcinfo, &p))
		PG_RETURN_NULL();
	for (int i = 0; i < p.n; i++)
	{
		double		gross = fabs(p.delta[i]) * p.margin[i];
		Datum		values[6];
		bool		nulls[6] = {false};

		values[0] = PointerGetDatum(p.asset[i]);
		pghedge_put(values, nulls, 1, p.delta[i]);
		pghedge_put(values, nulls, 2, copysign(p.left[i], p.delta[i]));
		pghedge_put(values, nulls, 3, gross);
		pghedge_put(values, nulls, 4, p.asset_credit[i]);
		pghedge_put(values, nulls, 5, gross - p.asset_credit[i]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}
