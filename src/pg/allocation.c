/*
 * allocation.c
 *	  hedge.allocate_offsets and hedge.allocated_legs: offsets of a portfolio without double counting.
 */
#include "arrays.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "allocation.h"
#include "results.h"

enum
{
	ARG_ASSET_A, ARG_ASSET_B, ARG_EXPOSURE_A, ARG_EXPOSURE_B, ARG_VOLATILITY_A, ARG_VOLATILITY_B,
	ARG_CORRELATION, ARG_HEDGE_RATIO, ARG_PRIORITY, ARG_OPTIMAL
};

/* The most legs that are worth an optimum: a matrix of their number squared is made. */
#define MOST_LEGS 1000

typedef struct Allocated
{
	int			n;				/* pairs */
	Datum	   *asset[2];
	bool	   *nameless[2];
	int			legs;
	Datum	   *leg;			/* names */
	double	   *exposure;		/* [legs] signed */
	double	   *size;			/* [legs] their sizes; 0 where unknown */
	PhSpread   *greedy;			/* [n] in the order of priority */
	PhSpread   *optimal;		/* [n] the same; NULL if not asked for */
	int		   *place;			/* [n] of greedy's pairs in the arguments */
	double	   *left;			/* [legs] by greedy, and ... */
	double	   *left_optimal;
} Allocated;

typedef struct Entry
{
	Datum		name;
	int			place;			/* in the names of both sides, a's first */
} Entry;

static int
compare_entries(const void *x, const void *y)
{
	int			order = pghedge_sort_texts(&((const Entry *) x)->name, &((const Entry *) y)->name);

	return order != 0 ? order : ((const Entry *) x)->place - ((const Entry *) y)->place;
}

static int
compare_priority(const void *x, const void *y, void *arg)
{
	const double *priority = arg;
	int			a = *(const int *) x;
	int			b = *(const int *) y;

	CHECK_FOR_INTERRUPTS();
	if (priority[a] != priority[b])
		return priority[a] > priority[b] ? -1 : 1;
	return a - b;
}

static double *
numbers(FunctionCallInfo fcinfo, int argno, const char *name, int n)
{
	return pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(argno), name, n, "asset_a");
}

/* The leg of one side of a pair; its exposure must be the same wherever it is met. */
static void
check_exposure(Allocated *p, int leg, double exposure, bool *seen)
{
	if (!seen[leg])
	{
		seen[leg] = true;
		p->exposure[leg] = exposure;
		p->size[leg] = isfinite(exposure) ? fabs(exposure) : 0;
	}
	else if (!(p->exposure[leg] == exposure || (isnan(p->exposure[leg]) && isnan(exposure))))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("asset \"%s\" has an exposure of %g in one pair and of %g in another",
						TextDatumGetCString(p->leg[leg]), p->exposure[leg], exposure),
				 errhint("Allocate the pairs of one portfolio and model at a time.")));
}

/* False if there is nothing to allocate since an argument is null. */
static bool
allocate(FunctionCallInfo fcinfo, Allocated *p)
{
	double	   *exposure[2];
	double	   *volatility[2];
	double	   *corr;
	double	   *ratio;
	double	   *priority;
	Entry	   *entry;
	int		   *number;			/* leg of each side of each pair */
	bool	   *seen;
	int			known = 0;
	static const char *const side_name[2] = {"asset_a", "asset_b"};

	memset(p, 0, sizeof(*p));
	for (int i = 0; i <= ARG_HEDGE_RATIO; i++)
		if (PG_ARGISNULL(i))
			return false;
	p->n = -1;
	for (int side = 0; side < 2; side++)
	{
		ArrayType  *array = PG_GETARG_ARRAYTYPE_P(side);
		int			n;

		p->n = pghedge_array_per(array, side_name[side], p->n, "asset_a");
		deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &p->asset[side],
						  &p->nameless[side], &n);
		exposure[side] = numbers(fcinfo, ARG_EXPOSURE_A + side, side ? "exposure_b" : "exposure_a", p->n);
		volatility[side] = numbers(fcinfo, ARG_VOLATILITY_A + side,
								   side ? "volatility_b" : "volatility_a", p->n);
	}
	corr = numbers(fcinfo, ARG_CORRELATION, "correlation", p->n);
	ratio = numbers(fcinfo, ARG_HEDGE_RATIO, "hedge_ratio", p->n);

	/* Legs, numbered in the order of their names. */
	entry = palloc(Max(2 * p->n, 1) * sizeof(Entry));
	number = palloc(Max(2 * p->n, 1) * sizeof(int));
	for (int i = 0; i < 2 * p->n; i++)
	{
		int			side = i >= p->n;

		number[i] = -1;
		if (p->nameless[side][i - side * p->n])
			continue;
		entry[known].name = p->asset[side][i - side * p->n];
		entry[known++].place = i;
	}
	qsort(entry, known, sizeof(Entry), compare_entries);
	p->leg = palloc(Max(known, 1) * sizeof(Datum));
	for (int i = 0; i < known; i++)
	{
		if (i == 0 || pghedge_compare_texts(entry[i].name, entry[i - 1].name) != 0)
			p->leg[p->legs++] = entry[i].name;
		number[entry[i].place] = p->legs - 1;
	}
	p->exposure = palloc0(Max(p->legs, 1) * sizeof(double));
	p->size = palloc0(Max(p->legs, 1) * sizeof(double));
	seen = palloc0(Max(p->legs, 1) * sizeof(bool));

	/* Pairs. What cannot be used is worth nothing. */
	p->greedy = palloc0(Max(p->n, 1) * sizeof(PhSpread));
	p->place = palloc(Max(p->n, 1) * sizeof(int));
	priority = palloc(Max(p->n, 1) * sizeof(double));
	for (int i = 0; i < p->n; i++)
	{
		p->place[i] = i;
		priority[i] = 0;
		for (int side = 0; side < 2; side++)
			if (number[i + side * p->n] >= 0)
				check_exposure(p, number[i + side * p->n], exposure[side][i], seen);
	}
	for (int i = 0; i < p->n; i++)
	{
		PhSpread   *s = &p->greedy[i];
		double		a;
		double		b;

		s->a = Max(number[i], 0);
		s->b = Max(number[i + p->n], 0);
		s->ratio = 1;
		if (!isnan(corr[i]) && !(fabs(corr[i]) <= 1))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("correlation %g is not from -1 to 1", corr[i])));
		if (volatility[0][i] < 0 || volatility[1][i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("volatility %g is negative", Min(volatility[0][i], volatility[1][i]))));
		a = exposure[0][i] * volatility[0][i];
		b = exposure[1][i] * volatility[1][i];
		if (number[i] < 0 || number[i + p->n] < 0 || s->a == s->b || !isfinite(a) || !isfinite(b) ||
			!isfinite(corr[i]) || !isfinite(ratio[i]) || !(fabs(ratio[i]) > 0) ||
			a == 0 || b == 0 || ((a < 0) != (b < 0)) != (corr[i] > 0) || corr[i] == 0)
			continue;
		s->ratio = fabs(ratio[i]);
		s->worth = ph_spread_worth(volatility[0][i], volatility[1][i], corr[i], s->ratio);
		/* by the pair's risk_offset as it stands */
		priority[i] = ph_spread_worth(fabs(a), fabs(b), corr[i], 1);
		if (!isfinite(s->worth))
			s->worth = 0;
	}
	if (!PG_ARGISNULL(ARG_PRIORITY))
		priority = numbers(fcinfo, ARG_PRIORITY, "priority", p->n);
	for (int i = 0; i < p->n; i++)
		if (isnan(priority[i]))
			priority[i] = -INFINITY;	/* last */
	qsort_arg(p->place, p->n, sizeof(int), compare_priority, priority);
	{
		PhSpread   *ordered = palloc(Max(p->n, 1) * sizeof(PhSpread));

		for (int i = 0; i < p->n; i++)
			ordered[i] = p->greedy[p->place[i]];
		p->greedy = ordered;
	}

	p->left = palloc(Max(p->legs, 1) * sizeof(double));
	memcpy(p->left, p->size, p->legs * sizeof(double));
	if (PG_ARGISNULL(ARG_OPTIMAL) || PG_GETARG_BOOL(ARG_OPTIMAL))
	{
		PhAllocation best = {.legs = p->legs,.n = p->n,.exposure = p->size};
		bool		done = false;

		if (p->legs > MOST_LEGS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("%d assets are too many for an optimal allocation", p->legs),
					 errdetail("At most %d are possible.", MOST_LEGS),
					 errhint("Use optimal => false.")));
		p->optimal = palloc(Max(p->n, 1) * sizeof(PhSpread));
		memcpy(p->optimal, p->greedy, p->n * sizeof(PhSpread));
		best.spread = p->optimal;
		ph_allocation_begin(&best, MemoryContextAllocHuge(CurrentMemoryContext,
														  Max(ph_allocation_workspace(p->legs), 1)));
		while (!done)
		{
			CHECK_FOR_INTERRUPTS();
			pghedge_check(ph_allocation_round(&best, &done));
		}
	}
	ph_allocate_greedy(p->greedy, p->n, p->left);
	if (p->optimal)
	{
		double		greedy_total = 0;
		double		optimal_total = 0;

		/* the last digit must not make the optimum the lesser */
		for (int i = 0; i < p->n; i++)
		{
			greedy_total += p->greedy[i].worth * p->greedy[i].x;
			optimal_total += p->optimal[i].worth * p->optimal[i].x;
		}
		if (optimal_total <= greedy_total)
			memcpy(p->optimal, p->greedy, p->n * sizeof(PhSpread));
		p->left_optimal = palloc(Max(p->legs, 1) * sizeof(double));
		memcpy(p->left_optimal, p->size, p->legs * sizeof(double));
		for (int i = 0; i < p->n; i++)
		{
			const PhSpread *s = &p->optimal[i];

			p->left_optimal[s->a] = Max(p->left_optimal[s->a] - s->x, 0);
			p->left_optimal[s->b] = Max(p->left_optimal[s->b] - s->x * s->ratio, 0);
		}
	}
	return true;
}

PGHEDGE_FUNCTION(pghedge_allocate_offsets);
Datum
pghedge_allocate_offsets(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Allocated	p;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!allocate(fcinfo, &p))
		PG_RETURN_NULL();
	for (int i = 0; i < p.n; i++)
	{
		Datum		values[9];
		bool		nulls[9] = {false};
		int			at = p.place[i];

		values[0] = Int32GetDatum(i + 1);
		for (int side = 0; side < 2; side++)
		{
			values[1 + side] = p.asset[side][at];
			nulls[1 + side] = p.nameless[side][at];
		}
		for (int way = 0; way < 2; way++)
		{
			const PhSpread *s = way ? p.optimal ? &p.optimal[i] : NULL : &p.greedy[i];
			int			to = 3 + 3 * way;

			pghedge_put(values, nulls, to, s ? copysign(s->x, p.exposure[s->a]) : NAN);
			pghedge_put(values, nulls, to + 1,
				s ? copysign(s->x * s->ratio, p.exposure[s->b]) : NAN);
			pghedge_put(values, nulls, to + 2, s ? s->worth * s->x : NAN);
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

PGHEDGE_FUNCTION(pghedge_allocated_legs);
Datum
pghedge_allocated_legs(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Allocated	p;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!allocate(fcinfo, &p))
		PG_RETURN_NULL();
	for (int j = 0; j < p.legs; j++)
	{
		Datum		values[6];
		bool		nulls[6] = {false};
		double		e = p.exposure[j];

		values[0] = p.leg[j];
		pghedge_put(values, nulls, 1, e);
		for (int way = 0; way < 2; way++)
		{
			double		left = way ? p.left_optimal ? p.left_optimal[j] : NAN : p.left[j];

			if (!isfinite(e))
				left = NAN;
			pghedge_put(values, nulls, 2 + 2 * way, copysign(p.size[j] - left, e));
			pghedge_put(values, nulls, 3 + 2 * way, copysign(left, e));
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}
