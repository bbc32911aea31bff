/*
 * margin_book.c
 *	  Margin of one portfolio of a book, from the holdings that hedge._holdings made of its positions,
 *	  for many portfolios in one statement: hedge._holdings_margin, what each asset contributes, what of
 *	  the credit is at risk, and walls between compartments.  What a run has in common for all of them is
 *	  in margin_run.h.
 */
#include "margin.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "arrays.h"
#include "holdings.h"
#include "margin_run.h"
#include "results.h"

/* ---- A portfolio ---- */

/* The first arguments of all functions here. */
enum
{
	ARG_MATRIX, ARG_BOOK, ARG_RUN, ARG_PARAMETERS, ARG_HOLDINGS, ARG_SEEN
};

typedef struct Kept
{
	MatrixCache matrix;
	Units	   *units;
	MarginRun  *runs;
	TupleDesc	row;			/* of results; NULL: not looked for */
} Kept;

/* Legs that stand side by side. */
typedef struct Stretch
{
	int			from;
	int			to;				/* below that, and below the leg that they are looked at from */
	bool		estimated;		/* their correlations are, and not supplied for its bucket */
} Stretch;

/* Legs of a portfolio, and the margin of them. */
typedef struct Margined
{
	Units	   *units;
	MarginRun  *run;
	const PhMatrix *matrix;
	int			n;
	int		   *rank;			/* [n] of the legs in the run, ascending: those of a bucket side by side */
	int			buckets;
	int		   *first;			/* [buckets + 1] */
	int		   *used;			/* [buckets] its number in the run */
	double	   *ws;				/* [n] */
	double	   *rho;			/* n², read within buckets and leg by leg */
	double	   *gamma;			/* buckets²; NaN: not supplied */
	bool	   *by_leg;			/* buckets²: not supplied */
	bool		any_unknown;	/* some of rho is NaN */
	int			unknown;		/* how many pairs that is, once they add up */
	Stretch    *stretch;		/* workspace */
	double	   *work;
	PhMargin	all;			/* with every pair credited */
	PhMargin	m;
	int			positions;
	int			unmargined;
	int			stale;			/* of those margined */
	double		notional;		/* Σ|delta notional| of what is margined, */
	double		unmargined_notional;	/* and of what is not */
	int			uncredited;
	bool		indefinite;		/* correlations of buckets are those of no market, and are not used */
	bool		unexamined;		/* too many buckets to look */
} Margined;

/* What all calls of a query share. False if an argument is NULL. */
static bool
begin(FunctionCallInfo fcinfo, int args, Margined *x)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	Kept	   *kept = fcinfo->flinfo->fn_extra;
	const MatrixArg *matrix;
	Units	   *units;
	MarginRun  *r;

	memset(x, 0, sizeof(*x));
	for (int i = 0; i < args; i++)
		if (PG_ARGISNULL(i))
			return false;
	if (kept == NULL)
		fcinfo->flinfo->fn_extra = kept = MemoryContextAllocZero(context, sizeof(Kept));
	matrix = pghedge_matrix_kept(&kept->matrix, context, (struct varlena *) PG_GETARG_POINTER(ARG_MATRIX));
	units = pghedge_units(&kept->units, context, PG_GETARG_OID(ARG_BOOK), PG_GETARG_INT64(ARG_RUN), matrix);
	for (r = kept->runs; r != NULL && r->units != units; r = r->next)
		;
	if (unlikely(r == NULL))
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		r = pghedge_read_margin_run(PG_GETARG_DATUM(ARG_PARAMETERS), units);
		r->next = kept->runs;
		kept->runs = r;
		MemoryContextSwitchTo(old);
	}
	x->units = units;
	x->run = r;
	x->matrix = &matrix->m;
	return true;
}

/* Makes room for n legs. */
static void
make_legs(Margined *x, int n)
{
	x->n = 0;
	x->rank = palloc(Max(n, 1) * sizeof(int));
	x->ws = palloc(Max(n, 1) * sizeof(double));
}

/*
 * The legs of holdings, in one order whatever that of the positions. Counts positions.  *left_out, if that
 * is asked for, are the assets that are no leg for want of an exposure or a weight, *left of them.
 */
static void
weigh(Margined *x, bytea *holdings, int **left_out, int *left)
{
	Units	   *units = x->units;
	MarginRun  *r = x->run;
	int			touched = pghedge_held(units, holdings);

	make_legs(x, touched);
	if (left_out)
		*left_out = palloc(Max(touched, 1) * sizeof(int));
	for (int i = 0; i < touched; i++)
	{
		int			asset = units->touched[i];
		PhHeld	   *h = &units->held[asset];
		double		weight = asset < r->n ? r->weight[asset] : NAN;
		PhExposure	e;
		double		w;

		ph_exposure(&units->unit[asset], h, &e);
		w = weight * e.exposure;
		x->positions += h->positions;
		if (isfinite(w))
		{
			x->notional += isnan(e.delta_notional) ? 0 : fabs(e.delta_notional);
			if (asset < units->n && !units->no_stale[asset] && DatumGetBool(units->stale[asset]))
				x->stale += h->positions;
			if (w != 0)
			{
				int			rank = r->rank[asset];

				r->ws[rank] = w;
				r->legs[rank / 64] |= UINT64CONST(1) << (rank % 64);
			}
		}
		/* a currency that is not known for want of what is held in it is counted there */
		else if (h->positions > 0 || (!isnan(e.exposure) && e.exposure != 0))
		{
			x->unmargined += Max(h->positions, 1);
			x->unmargined_notional += isnan(e.delta_notional) ? 0 : fabs(e.delta_notional);
			if (left_out)
				(*left_out)[(*left)++] = asset;
		}
		memset(h, 0, sizeof(PhHeld));
	}
	for (int word = 0; word <= r->n / 64; word++)
		while (r->legs[word] != 0)
		{
			int			rank = 64 * word + pg_rightmost_one_pos64(r->legs[word]);

			r->legs[word] &= r->legs[word] - 1;
			x->rank[x->n] = rank;
			x->ws[x->n++] = r->ws[rank];
		}
}

/* Tells buckets apart, and makes room for all that comes. */
static void
arrange(Margined *x)
{
	int			n = x->n;

	x->buckets = 0;
	x->first = palloc((n + 1) * sizeof(int));
	x->used = palloc(Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
	{
		int			bucket = x->run->bucket[x->rank[i]];

		if (i == 0 || bucket != x->used[x->buckets - 1])
		{
			x->first[x->buckets] = i;
			x->used[x->buckets++] = bucket;
		}
	}
	x->first[x->buckets] = n;
	x->rho = pghedge_huge_alloc(CurrentMemoryContext, (size_t) n * n, sizeof(double));
	x->gamma = pghedge_huge_alloc(CurrentMemoryContext, (size_t) x->buckets * x->buckets, sizeof(double));
	x->by_leg = pghedge_huge_alloc(CurrentMemoryContext, (size_t) x->buckets * x->buckets, sizeof(bool));
	x->stretch = palloc((x->buckets + 1) * sizeof(Stretch));
	x->work = palloc(Max(ph_margin_workspace(n, x->buckets), 1) * sizeof(double));
}

static inline double *
rho_at(const Margined *x, int i, int j)
{
	return &x->rho[(size_t) i * x->n + j];
}

static inline bool
same_side(double a, double b)
{
	return (a < 0) == (b < 0);
}

static inline bool
is_by_leg(const Margined *x, int b, int c)
{
	return b == c || x->by_leg[(size_t) b * x->buckets + c];
}

/* What legs of bucket b are correlated with one by one, as few stretches as can be; returns how many. */
static int
stretches(Margined *x, int b)
{
	int			n = 0;

	for (int c = 0; c <= b; c++)
	{
		bool		estimated = b != c || isnan(x->run->within[x->used[b]]);
		Stretch    *last = n > 0 ? &x->stretch[n - 1] : NULL;

		if (!is_by_leg(x, b, c))
			continue;
		if (last && last->to == x->first[c] && last->estimated == estimated)
			last->to = x->first[c + 1];
		else
			x->stretch[n++] = (Stretch) {x->first[c], x->first[c + 1], estimated};
	}
	return n;
}

/* Estimated correlations of leg i and legs from `from` to below `to`, all before it. */
static void
estimate(const Margined *x, int i, int from, int to)
{
	MarginRun  *r = x->run;
	double	   *rho = rho_at(x, i, 0);

	if (r->corr &&
		likely(ph_margin_look_up(r->corr + ph_packed(0, x->rank[i]), x->rank + from, to - from, PGHEDGE_NOT_LOOKED_FOR, rho + from)))
		return;
	for (int j = from; j < to; j++)
		rho[j] = pghedge_estimate(r, x->matrix, x->rank[i], x->rank[j]);
}

/* How legs of bucket b and those before them are correlated. */
static void
relate_buckets(Margined *x, MarginMove how, int b)
{
	const MarginRun *r = x->run;

	for (int c = 0; c <= b; c++)
	{
		size_t		at = (size_t) b * x->buckets + c;
		size_t		turned = (size_t) c * x->buckets + b;
		double		supplied = b == c ? 1 : r->gamma[(size_t) x->used[b] * r->buckets + x->used[c]];

		x->gamma[at] = x->gamma[turned] = b == c ? 1 : pghedge_move(how, supplied, NAN, NAN, true);
		x->by_leg[at] = x->by_leg[turned] = b != c && isnan(supplied);
	}
}

/* Moves correlations of leg i and those of a stretch; returns how many have no extremes to move to. */
static int
move_row(const Margined *x, MarginMove how, int i, int from, int to, bool estimated)
{
	double	   *rho = rho_at(x, i, 0);
	int			unseen = 0;

	for (int j = from; j < to; j++)
	{
		const Range *seen = how == MOVE_WORST_SEEN && estimated ?
			pghedge_find_range(&x->run->seen, x->rank[i], x->rank[j]) : NULL;

		unseen += how == MOVE_WORST_SEEN && estimated && !isnan(rho[j]) && seen == NULL;
		rho[j] = pghedge_move(how, rho[j], seen ? seen->low : NAN, seen ? seen->high : NAN,
							  same_side(x->ws[i], x->ws[j]));
	}
	return unseen;
}

/*
 * Correlations of the legs, and supplied ones of their buckets, moved, as if every pair were credited; NaN
 * where they are not known.  *unseen is how many pairs have no extremes to move to.
 */
static void
correlate(Margined *x, MarginMove how, int *unseen)
{
	*unseen = 0;
	x->any_unknown = false;
	for (int b = 0; b < x->buckets; b++)
	{
		int			n;

		relate_buckets(x, how, b);
		n = stretches(x, b);
		for (int i = x->first[b]; i < x->first[b + 1]; i++)
		{
			double	   *rho = rho_at(x, i, 0);

			CHECK_FOR_INTERRUPTS();
			for (const Stretch *s = x->stretch; s < x->stretch + n; s++)
			{
				int			to = Min(s->to, i);

				if (s->estimated)
					estimate(x, i, s->from, to);
				else
					for (int j = s->from; j < to; j++)
						rho[j] = x->run->within[x->used[b]];
				if (how != MOVE_MEDIUM)
					*unseen += move_row(x, how, i, s->from, to, s->estimated);
				for (int j = s->from; j < to; j++)
				{
					x->any_unknown |= isnan(rho[j]);
					*rho_at(x, j, i) = rho[j];
				}
			}
			rho[i] = 1;
		}
	}
}

/* What is unknown adds up, and is counted. */
static void
assume(Margined *x)
{
	x->unknown = 0;
	for (int b = 0; x->any_unknown && b < x->buckets; b++)
	{
		int			n = stretches(x, b);

		for (int i = x->first[b]; i < x->first[b + 1]; i++)
		{
			CHECK_FOR_INTERRUPTS();
			for (const Stretch *s = x->stretch; s < x->stretch + n; s++)
				for (int j = s->from; j < Min(s->to, i); j++)
					if (isnan(*rho_at(x, i, j)))
					{
						x->unknown++;
						*rho_at(x, i, j) = *rho_at(x, j, i) =
							same_side(x->ws[i], x->ws[j]) ? PH_ADD_UP : -PH_ADD_UP;
					}
		}
	}
}

/*
 * Of leg i and legs from `from` to below `to`, those whose correlation since a break adds up more than what they
 * would have without it; returns how many.
 */
static int
break_row(const Margined *x, int i, int from, int to, double instead)
{
	const MarginRun *r = x->run;
	double	   *rho = rho_at(x, i, 0);
	int			pairs = 0;

	for (int j = from; j < to; j++)
	{
		const Range *broken = pghedge_find_range(&r->broken, x->rank[i], x->rank[j]);

		if (broken)
		{
			double		sign = same_side(x->ws[i], x->ws[j]) ? 1 : -1;
			double		since = sign > 0 ? broken->high : broken->low;
			bool		withheld = sign * rho[j] < 0 && !pghedge_pair_is_in(&r->credited, x->rank[i], x->rank[j]);

			if (sign * since > sign * (withheld ? instead * rho[j] : rho[j]))
			{
				rho[j] = since;
				pairs++;
			}
		}
	}
	return pairs;
}

/*
 * Takes back what is not credited: offsets of pairs whose verdict does not allow it, and of a pair whose
 * correlation broke, what the one since the break has less.  Returns of how many.
 */
static int
withhold(Margined *x)
{
	MarginRun  *r = x->run;
	double		instead = r->adverse ? -1 : 0;
	int			pairs = 0;

	if (!r->gated)
		return 0;
	for (int b = 0; b < x->buckets; b++)
	{
		int			n = stretches(x, b);

		for (int i = x->first[b]; i < x->first[b + 1]; i++)
		{
			CHECK_FOR_INTERRUPTS();
			for (const Stretch *s = x->stretch; s < x->stretch + n; s++)
			{
				int			from = s->from;
				int			to = Min(s->to, i);

				/* what adds up since a break does not offset, and so is not counted again */
				if (s->estimated && r->broken.n > 0)
					pairs += break_row(x, i, from, to, instead);
				pairs += ph_margin_withhold(pghedge_pairs_of(&r->credited, x->rank[i]), x->rank + from, x->ws + from, to - from,
											x->ws[i], instead, rho_at(x, i, from));
				for (int j = from; j < to; j++)
					*rho_at(x, j, i) = *rho_at(x, i, j);
			}
		}
	}
	return pairs;
}

static void
reckon(const Margined *x, PhMargin *m)
{
	memset(m, 0, sizeof(*m));
	m->n = x->n;
	m->buckets = x->buckets;
	m->ws = x->ws;
	m->first = x->first;
	m->rho = x->rho;
	m->gamma = x->gamma;
	m->by_leg = x->by_leg;
	ph_margin(m, x->work);
}

/*
 * Can the buckets be correlated as somebody supplied it?  Those without a supplied correlation are as
 * their legs make them.
 */
static bool
is_indefinite(Margined *x, const PhMargin *m)
{
	int			n = x->buckets;
	const double *k = m->k + PH_MEDIUM * n;
	bool		supplied = false;
	bool		indefinite;
	double	   *gamma;

	for (int b = 0; b < n; b++)
		for (int c = 0; c < b; c++)
			supplied |= !is_by_leg(x, b, c);
	if (!supplied)
		return false;
	if (m->floored[PH_MEDIUM])
		return true;
	x->unexamined = n > MARGIN_MOST_LEGS;
	if (x->unexamined)
		return false;
	gamma = palloc((size_t) n * n * sizeof(double));
	for (int b = 0; b < n; b++)
		for (int c = 0; c <= b; c++)
		{
			double		one = x->gamma[(size_t) b * n + c];

			CHECK_FOR_INTERRUPTS();
			if (b != c && is_by_leg(x, b, c))
			{
				one = 0;
				for (int i = x->first[b]; i < x->first[b + 1]; i++)
					for (int j = x->first[c]; j < x->first[c + 1]; j++)
						one += ph_scenario(PH_MEDIUM, *rho_at(x, i, j)) * (x->ws[i] / k[b]) * (x->ws[j] / k[c]);
				one = k[b] > 0 && k[c] > 0 ? fmax(fmin(one, 1), -1) : 0;
			}
			gamma[(size_t) b * n + c] = gamma[(size_t) c * n + b] = one;
		}
	indefinite = !isnan(pghedge_indefinite(gamma, n));
	pfree(gamma);
	return indefinite;
}

/* Buckets do not offset each other: each pair adds up. */
static void
separate_buckets(Margined *x)
{
	for (int b = 0; b < x->buckets; b++)
		for (int c = 0; c < x->buckets; c++)
			if (b != c)
			{
				x->gamma[(size_t) b * x->buckets + c] = NAN;
				x->by_leg[(size_t) b * x->buckets + c] = false;
			}
}

/* With every pair credited, then without those that are not; as things are. */
static void
margin_legs(Margined *x)
{
	int			unseen;

	correlate(x, MOVE_MEDIUM, &unseen);
	assume(x);
	reckon(x, &x->all);
	x->indefinite = is_indefinite(x, &x->all);
	if (x->indefinite)
	{
		separate_buckets(x);
		reckon(x, &x->all);
	}
	x->m = x->all;
	x->uncredited = withhold(x);
	if (x->uncredited > 0)
		reckon(x, &x->m);
}

/* ---- _leg_margin, _holdings_margin ---- */

enum
{
	COLUMN_POSITIONS = MARGIN_COLUMNS, COLUMN_UNMARGINED, COLUMN_LEGS, COLUMN_SHARE, COLUMN_UNCREDITED, COLUMN_WITHHELD,
	COLUMN_INDEFINITE, COLUMN_UNMARGINED_NOTIONAL, COLUMN_COVERAGE, COLUMN_STALE, COLUMN_UNKNOWN, COLUMNS
};

/* _leg_margin is what books of 0.1.0 call; it ends with COLUMN_WITHHELD. */
PGHEDGE_FUNCTION(pghedge_leg_margin);
Datum
pghedge_leg_margin(PG_FUNCTION_ARGS)
{
	Margined	x;
	Kept	   *kept;
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	if (!begin(fcinfo, ARG_HOLDINGS + 1, &x))
		PG_RETURN_NULL();
	kept = fcinfo->flinfo->fn_extra;
	if (kept->row == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		kept->row = pghedge_row_type(fcinfo);
		MemoryContextSwitchTo(old);
	}
	weigh(&x, PG_GETARG_BYTEA_PP(ARG_HOLDINGS), NULL, NULL);
	arrange(&x);
	margin_legs(&x);
	memset(nulls, false, sizeof(nulls));
	pghedge_margin_row(&x.m, x.run->share, values, nulls);
	values[COLUMN_POSITIONS] = Int32GetDatum(x.positions);
	values[COLUMN_UNMARGINED] = Int32GetDatum(x.unmargined);
	values[COLUMN_LEGS] = Int32GetDatum(x.n);
	values[COLUMN_SHARE] = Float8GetDatum(x.run->share);
	values[COLUMN_UNCREDITED] = Int32GetDatum(x.uncredited);
	values[COLUMN_WITHHELD] = Float8GetDatum(x.run->share * (x.m.net[x.m.worst] - x.all.net[x.all.worst]));
	values[COLUMN_INDEFINITE] = BoolGetDatum(x.indefinite);
	nulls[COLUMN_INDEFINITE] = x.unexamined;
	pghedge_put(values, nulls, COLUMN_UNMARGINED_NOTIONAL, x.unmargined_notional);
	pghedge_put(values, nulls, COLUMN_COVERAGE, x.notional / (x.notional + x.unmargined_notional));
	values[COLUMN_STALE] = Int32GetDatum(x.stale);
	values[COLUMN_UNKNOWN] = Int32GetDatum(x.unknown);
	if (x.n == 0)
	{
		/* nothing needs no margin; what cannot be margined has none that is known */
		nulls[MARGIN_SCENARIO] = nulls[MARGIN_ALTERNATIVE] = nulls[MARGIN_FLOORED] = true;
		if (x.unmargined > 0)
			memset(nulls, true, MARGIN_COLUMNS * sizeof(bool));
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(kept->row, values, nulls)));
}

/* ---- _leg_margin_contributions ---- */

PGHEDGE_FUNCTION(pghedge_leg_margin_contributions);
Datum
pghedge_leg_margin_contributions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Margined	x;
	int		   *left_out;
	int			left = 0;
	double	   *c;
	double		margin;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!begin(fcinfo, ARG_HOLDINGS + 1, &x))
		PG_RETURN_NULL();
	weigh(&x, PG_GETARG_BYTEA_PP(ARG_HOLDINGS), &left_out, &left);
	arrange(&x);
	margin_legs(&x);
	c = palloc(Max(x.n, 1) * sizeof(double));
	ph_margin_contributions(&x.m, x.m.worst, c);
	margin = ph_margin_granted(x.m.gross, x.m.net[x.m.worst], x.run->share);
	for (int i = 0; i < x.n; i++)
	{
		int			asset = x.run->asset[x.rank[i]];
		double		ws = x.ws[i];
		double		own = (1 - x.run->share) * fabs(ws) + x.run->share * c[i];
		double		numbers[4] = {x.run->weight[asset], ws, own, own / margin};
		Datum		values[5];
		bool		nulls[5] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = PointerGetDatum(x.units->asset[asset]);
		for (int k = 0; k < 4; k++)
			pghedge_put(values, nulls, 1 + k, numbers[k]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	for (int i = 0; i < left; i++)
	{
		const AssetName *name = &x.units->names.name[left_out[i]];
		Datum		values[5] = {PointerGetDatum(cstring_to_text_with_len(name->bytes, name->len))};
		bool		nulls[5] = {false, true, true, true, true};

		CHECK_FOR_INTERRUPTS();
		if (pghedge_is_no_asset(name))
			nulls[0] = true;	/* a position without an asset */
		else if (left_out[i] < x.run->n)
			pghedge_put(values, nulls, 1, x.run->weight[left_out[i]]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

/* ---- _holdings_credit_at_risk ---- */

/*
 * Correlations of the legs, as far as they are used, and those of the buckets made positive semi-definite; the
 * square of the distance, NaN where there are too many to look.
 */
static double
repair(Margined *x)
{
	double		square = 0;
	bool		whole = true;	/* no correlation of buckets is supplied */
	double	   *gamma;

	for (int b = 0; b < x->buckets; b++)
		for (int c = 0; c < b; c++)
			whole &= is_by_leg(x, b, c);
	if (whole)
		return x->n <= MARGIN_MOST_LEGS ? pghedge_repair(x->rho, x->n) : NAN;

	/* each bucket by itself, then those of the buckets that are supplied */
	if (x->buckets > MARGIN_MOST_LEGS)
		return NAN;
	for (int b = 0; b < x->buckets; b++)
		if (x->first[b + 1] - x->first[b] > MARGIN_MOST_LEGS)
			return NAN;
	gamma = palloc((size_t) x->buckets * x->buckets * sizeof(double));
	memcpy(gamma, x->gamma, (size_t) x->buckets * x->buckets * sizeof(double));
	square += pghedge_repair(gamma, x->buckets);
	memcpy(x->gamma, gamma, (size_t) x->buckets * x->buckets * sizeof(double));
	pfree(gamma);
	for (int b = 0; b < x->buckets; b++)
	{
		int			from = x->first[b];
		int			n = x->first[b + 1] - from;
		double	   *block = palloc((size_t) n * n * sizeof(double));

		for (int i = 0; i < n; i++)
			memcpy(block + (size_t) i * n, rho_at(x, from + i, from), n * sizeof(double));
		square += pghedge_repair(block, n);
		for (int i = 0; i < n; i++)
			memcpy(rho_at(x, from + i, from), block + (size_t) i * n, n * sizeof(double));
		pfree(block);
	}
	return square;
}

PGHEDGE_FUNCTION(pghedge_holdings_credit_at_risk);
Datum
pghedge_holdings_credit_at_risk(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Margined	x;
	double		share;
	double		gross;
	double		required;
	double		medium;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!begin(fcinfo, ARG_SEEN + 1, &x))
		PG_RETURN_NULL();
	if (!x.run->has_seen)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		pghedge_read_seen(PG_GETARG_DATUM(ARG_SEEN), x.run);
		MemoryContextSwitchTo(old);
	}
	weigh(&x, PG_GETARG_BYTEA_PP(ARG_HOLDINGS), NULL, NULL);
	if (x.n == 0)
		PG_RETURN_NULL();
	arrange(&x);
	margin_legs(&x);
	share = x.run->share;
	gross = x.m.gross;
	required = ph_margin_granted(gross, x.m.net[x.m.worst], share);
	medium = ph_margin_granted(gross, x.m.net[PH_MEDIUM], share);
	for (int how = 0; how < MOVES; how++)
	{
		PhMargin	m = x.m;
		double		margin = medium;
		double		square = 0;
		int			unseen = 0;
		Datum		values[10];
		bool		nulls[10] = {false};

		if (how == MOVE_WORST_SEEN && x.run->seen.n == 0)
			break;
		CHECK_FOR_INTERRUPTS();
		if (how != MOVE_MEDIUM)
		{
			correlate(&x, how, &unseen);
			square = repair(&x);
			assume(&x);
			if (x.indefinite)
				separate_buckets(&x);
			(void) withhold(&x);
			reckon(&x, &m);
			margin = ph_margin_granted(gross, m.net[PH_MEDIUM], share);
		}
		values[0] = Int32GetDatum(how + 1);
		values[1] = PointerGetDatum(cstring_to_text(pghedge_move_name[how]));
		pghedge_put(values, nulls, 2, margin);
		pghedge_put(values, nulls, 3, gross - margin);
		pghedge_put(values, nulls, 4, margin - medium);
		pghedge_put(values, nulls, 5, fmax(margin - required, 0));
		values[6] = Int32GetDatum(unseen);
		nulls[6] = how != MOVE_WORST_SEEN;
		values[7] = BoolGetDatum(square > 0);
		nulls[7] = isnan(square);
		pghedge_put(values, nulls, 8, sqrt(square));
		values[9] = BoolGetDatum(m.alternative[PH_MEDIUM]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

/* ---- _holdings_compartments ---- */

enum
{
	ARG_COMPARTMENTS = ARG_HOLDINGS + 1
};

/* Margin of the legs among ws, by rank in the run. */
static double
margin_of(const Margined *shared, const double *ws, double *gross, int *legs)
{
	Margined	x = *shared;

	make_legs(&x, x.run->n);
	for (int i = 0; i < x.run->n; i++)
		if (ws[i] != 0)
		{
			x.rank[x.n] = i;
			x.ws[x.n++] = ws[i];
		}
	arrange(&x);
	margin_legs(&x);
	*gross = x.m.gross;
	*legs = x.n;
	return ph_margin_granted(x.m.gross, x.m.net[x.m.worst], x.run->share);
}

/*
 * The legs of a compartment are margined as those of a portfolio of its own, so a currency that holdings
 * are funded in is where they are.  Of the others, an asset has what all have of it without this one.
 */
PGHEDGE_FUNCTION(pghedge_holdings_compartments);
Datum
pghedge_holdings_compartments(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Margined	x;
	Datum	   *holdings;
	Datum	   *name;
	bool	   *no_holdings;
	bool	   *nameless;
	int			n;
	int			names;
	double	   *total;
	double	   *own;
	double	   *rest;
	int		   *holders;		/* of a rank: the last one's others have exactly none of it */
	double		pooled;
	double		gross;
	int			legs;
	int			all_legs = 0;
	int			all_unmargined = 0;
	MemoryContext inner;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!begin(fcinfo, ARG_COMPARTMENTS + 1, &x))
		PG_RETURN_NULL();
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(ARG_HOLDINGS), BYTEAOID, -1, false, TYPALIGN_INT, &holdings, &no_holdings, &n);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(ARG_COMPARTMENTS), TEXTOID, -1, false, TYPALIGN_INT, &name, &nameless, &names);
	if (n != names)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d holdings, but %d compartments", n, names)));
	total = palloc0(Max(x.run->n, 1) * sizeof(double));
	own = palloc0(Max(x.run->n, 1) * sizeof(double));
	rest = palloc(Max(x.run->n, 1) * sizeof(double));
	holders = palloc0(Max(x.run->n, 1) * sizeof(int));
	inner = AllocSetContextCreate(CurrentMemoryContext, "pghedge compartment", ALLOCSET_DEFAULT_SIZES);
	for (int turn = 0; turn < 2; turn++)
	{
		MemoryContext old = MemoryContextSwitchTo(inner);

		pooled = turn == 0 ? 0 : margin_of(&x, total, &gross, &all_legs);
		MemoryContextSwitchTo(old);
		MemoryContextReset(inner);
		for (int c = 0; c < n; c++)
		{
			CHECK_FOR_INTERRUPTS();
			if (no_holdings[c])
				continue;
			MemoryContextSwitchTo(inner);
			x.positions = x.unmargined = 0;
			weigh(&x, DatumGetByteaPP(holdings[c]), NULL, NULL);
			if (turn == 0)
			{
				all_unmargined += x.unmargined;
				for (int i = 0; i < x.n; i++)
				{
					total[x.rank[i]] += x.ws[i];
					holders[x.rank[i]]++;
				}
			}
			else
			{
				double		margin;
				double		others;
				int			other_legs;
				Datum		values[9];
				bool		nulls[9] = {false};

				memcpy(rest, total, x.run->n * sizeof(double));
				for (int i = 0; i < x.n; i++)
				{
					own[x.rank[i]] = x.ws[i];
					rest[x.rank[i]] = holders[x.rank[i]] == 1 ? 0 :
						total[x.rank[i]] - x.ws[i];
				}
				others = margin_of(&x, rest, &gross, &other_legs);
				margin = margin_of(&x, own, &gross, &legs);
				for (int i = 0; i < x.n; i++)
					own[x.rank[i]] = 0;
				values[0] = nameless[c] ? PointerGetDatum(cstring_to_text("")) : name[c];
				values[1] = Int32GetDatum(x.positions);
				values[2] = Int32GetDatum(x.unmargined);
				values[3] = Int32GetDatum(legs);
				pghedge_put(values, nulls, 4, gross);
				pghedge_put(values, nulls, 5, margin);
				pghedge_put(values, nulls, 6, others);
				pghedge_put(values, nulls, 7, pooled);
				pghedge_put(values, nulls, 8, margin + others - pooled);
				/* as in _holdings_margin: what cannot be margined has no margin of 0 */
				if (legs == 0 && x.unmargined > 0)
					nulls[4] = nulls[5] = nulls[8] = true;
				if (other_legs == 0 && all_unmargined > x.unmargined)
					nulls[6] = nulls[8] = true;
				if (all_legs == 0 && all_unmargined > 0)
					nulls[7] = nulls[8] = true;
				tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
			}
			MemoryContextSwitchTo(old);
			MemoryContextReset(inner);
		}
	}
	PG_RETURN_NULL();
}
