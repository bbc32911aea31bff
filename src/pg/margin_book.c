/*
 * margin_book.c
 *	  Margin of one portfolio of a book, from the holdings that hedge._holdings made of its positions,
 *	  for many portfolios in one statement: hedge._holdings_margin, what each asset contributes, what of
 *	  the credit is at risk, and walls between compartments.  What a run has in common for all of them
 *	  (weights, buckets, correlations, which pairs are credited) is read once a query (MarginRun).
 */
#include "margin.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "arrays.h"
#include "legs.h"
#include "results.h"

/* Columns of _margin_parameters. */
enum
{
	PARAMETER_RUN, PARAMETER_WEIGHTS, PARAMETER_BUCKETS, PARAMETER_SHARE, PARAMETER_GATED, PARAMETER_ADVERSE,
	PARAMETER_MINIMUM_OBSERVATIONS, PARAMETER_BUCKET_NAMES, PARAMETER_BUCKET_CORRELATIONS, PARAMETER_BUCKETS_A, PARAMETER_BUCKETS_B,
	PARAMETER_BUCKETS_CORRELATIONS, PARAMETER_CREDITED_Y, PARAMETER_CREDITED_X,
	PARAMETER_OLD_COLUMNS,		/* what books of 0.1.0 have */
	PARAMETER_BROKEN_Y = PARAMETER_OLD_COLUMNS, PARAMETER_BROKEN_X, PARAMETER_BROKEN_CORRELATIONS, PARAMETER_COLUMNS
};

static const Oid parameter_types[PARAMETER_COLUMNS] = {
	INT8OID, FLOAT8ARRAYOID, TEXTARRAYOID, FLOAT8OID, BOOLOID, BOOLOID, INT4OID, TEXTARRAYOID,
	FLOAT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, FLOAT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID,
	TEXTARRAYOID, FLOAT8ARRAYOID
};

/* Columns of _margin_seen. */
enum
{
	SEEN_RUN, SEEN_Y, SEEN_X, SEEN_LOW, SEEN_HIGH, SEEN_COLUMNS
};

static const Oid seen_types[SEEN_COLUMNS] = {
	INT8OID, TEXTARRAYOID, TEXTARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID
};

/* What is known of a pair beside its correlation: a range. */
typedef struct Range
{
	int64		pair;			/* i·n + j, i > j */
	double		low;
	double		high;
} Range;

typedef struct Ranges
{
	int			n;
	Range	   *range;			/* by pair */
} Ranges;

/* The largest triangle of correlations that is kept: of 4,000 assets. */
#define MOST_KEPT ((size_t) 8 * 1000 * 1000)

typedef struct MarginRun
{
	Units	   *units;			/* of the run, and its assets */
	int			n;
	double	   *weight;			/* [n] NaN: none, then it is no leg */
	int		   *bucket;			/* [n] */
	int			buckets;
	double	   *within;			/* [buckets] the one correlation of a bucket; NaN: as estimated */
	double	   *gamma;			/* buckets², NaN: not supplied */
	double		share;
	bool		gated;
	bool		adverse;
	int			minimum_observations;	/* a correlation of fewer is not known */
	uint8	   *credited;		/* n² bits, if gated */
	Ranges		broken;			/* correlations since a break, if gated */
	double	   *corr;			/* packed triangle: 2 while not looked for; or NULL: too large to keep */
	bool		has_seen;		/* seen is read */
	Ranges		seen;			/* extremes of the rolling correlation */
	struct MarginRun *next;
} MarginRun;

typedef struct Kept
{
	MatrixCache matrix;
	Units	   *units;
	MarginRun  *runs;
} Kept;

/* Which argument it is, and the view of a book that it is a row of. */
typedef struct RecordArg
{
	const char *is;
	const char *view;
} RecordArg;

static const RecordArg parameters_arg = {"parameters are", "_margin_parameters"};
static const RecordArg seen_arg = {"seen is", "_margin_seen"};

static void
reject_record(const RecordArg *arg)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s not a row of the view %s of a book, or not of this run", arg->is, arg->view)));
}

/*
 * The columns of a record, at least `needed` of those of these types, no null, and the run in the first;
 * returns how many.
 */
static int
read_record(const RecordArg *arg, Datum record, const Oid *types, int columns, int needed, int64 run, Datum *values)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(record);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header),
											  HeapTupleHeaderGetTypMod(header));
	HeapTupleData tuple = {0};
	bool	   *nulls = palloc(columns * sizeof(bool));
	int			found = desc->natts;
	bool		good = found == columns || found == needed;

	for (int i = 0; good && i < found; i++)
		good = TupleDescAttr(desc, i)->atttypid == types[i];
	if (good)
	{
		tuple.t_len = HeapTupleHeaderGetDatumLength(header);
		ItemPointerSetInvalid(&tuple.t_self);
		tuple.t_data = header;
		heap_deform_tuple(&tuple, desc, values, nulls);
		for (int i = 0; good && i < found; i++)
			good = !nulls[i];
	}
	ReleaseTupleDesc(desc);
	pfree(nulls);
	if (!good || DatumGetInt64(values[0]) != run)
		reject_record(arg);
	return found;
}

/* Columns of records, which anybody may write: n names, none null, and n numbers. */
static text **
text_elements(const RecordArg *arg, Datum array, int *n)
{
	Datum	   *value;
	bool	   *isnull;
	text	  **result;

	deconstruct_array(DatumGetArrayTypePCopy(array), TEXTOID, -1, false, TYPALIGN_INT, &value, &isnull, n);
	result = palloc(Max(*n, 1) * sizeof(text *));
	for (int i = 0; i < *n; i++)
	{
		if (isnull[i])
			reject_record(arg);
		result[i] = DatumGetTextPP(value[i]);
	}
	return result;
}

static double *
float8_elements(const RecordArg *arg, Datum value, int n)
{
	ArrayType  *array = DatumGetArrayTypePCopy(value);

	if (ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) != n)
		reject_record(arg);
	return pghedge_float8_elements(array, n);
}

static inline bool
is_set(const uint8 *bits, size_t i)
{
	return bits[i / 8] >> (i % 8) & 1;
}

static int
compare_ranges(const void *x, const void *y)
{
	const Range *a = x;
	const Range *b = y;

	return (a->pair > b->pair) - (a->pair < b->pair);
}

/* Ranges of pairs of assets, those that are in it twice (in both directions) put together. */
static Ranges
read_ranges(const RecordArg *arg, Units *units, Datum asset_y, Datum asset_x, Datum lowest, Datum highest)
{
	Ranges		r;
	int			n;
	int			m;
	text	  **y = text_elements(arg, asset_y, &n);
	text	  **x = text_elements(arg, asset_x, &m);
	double	   *low;
	double	   *high;

	if (n != m)
		reject_record(arg);
	low = float8_elements(arg, lowest, n);
	high = float8_elements(arg, highest, n);
	r.range = MemoryContextAllocHuge(CurrentMemoryContext, Max((size_t) n, 1) * sizeof(Range));
	r.n = 0;
	for (int i = 0; i < n; i++)
	{
		int			a = pghedge_names_number(&units->names, VARDATA_ANY(y[i]), VARSIZE_ANY_EXHDR(y[i]));
		int			b = pghedge_names_number(&units->names, VARDATA_ANY(x[i]), VARSIZE_ANY_EXHDR(x[i]));

		if (a < units->n && b < units->n && a != b && !isnan(low[i]) && !isnan(high[i]))
			r.range[r.n++] = (Range) {.pair = (int64) Max(a, b) * units->n + Min(a, b), .low = low[i], .high = high[i]};
	}
	qsort(r.range, r.n, sizeof(Range), compare_ranges);
	m = 0;
	for (int i = 0; i < r.n; i++)
		if (m > 0 && r.range[m - 1].pair == r.range[i].pair)
		{
			r.range[m - 1].low = fmin(r.range[m - 1].low, r.range[i].low);
			r.range[m - 1].high = fmax(r.range[m - 1].high, r.range[i].high);
		}
		else
			r.range[m++] = r.range[i];
	r.n = m;
	return r;
}

/* NULL: it is not in it. */
static const Range *
find_range(const Ranges *r, const Units *units, int i, int j)
{
	Range		key = {.pair = (int64) Max(i, j) * units->n + Min(i, j)};

	return r->n > 0 ? bsearch(&key, r->range, r->n, sizeof(Range), compare_ranges) : NULL;
}

static MarginRun *
read_run(Datum record, Units *units)
{
	const RecordArg *arg = &parameters_arg;
	Datum		values[PARAMETER_COLUMNS];
	MarginRun  *r = palloc0(sizeof(MarginRun));
	Names		names;
	text	  **bucket;
	text	  **a;
	text	  **b;
	double	   *number;
	size_t		all;
	int			n;
	int			m;
	int			columns;

	columns = read_record(arg, record, parameter_types, PARAMETER_COLUMNS, PARAMETER_OLD_COLUMNS, units->run, values);
	r->units = units;
	r->n = units->n;
	r->weight = float8_elements(arg, values[PARAMETER_WEIGHTS], r->n);
	r->share = pghedge_credit_share(DatumGetFloat8(values[PARAMETER_SHARE]));
	r->gated = DatumGetBool(values[PARAMETER_GATED]);
	r->adverse = DatumGetBool(values[PARAMETER_ADVERSE]);
	r->minimum_observations = DatumGetInt32(values[PARAMETER_MINIMUM_OBSERVATIONS]);

	/* buckets: of the assets, then what is known of them and of two */
	bucket = text_elements(arg, values[PARAMETER_BUCKETS], &n);
	if (n != r->n)
		reject_record(arg);
	pghedge_names_init(&names, CurrentMemoryContext);
	r->bucket = palloc(Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
		r->bucket[i] = pghedge_names_number(&names, VARDATA_ANY(bucket[i]), VARSIZE_ANY_EXHDR(bucket[i]));
	r->buckets = names.n;
	all = (size_t) r->buckets * r->buckets;
	r->within = palloc(Max(r->buckets, 1) * sizeof(double));
	r->gamma = pghedge_huge_alloc(CurrentMemoryContext, all, sizeof(double));
	for (int i = 0; i < r->buckets; i++)
		r->within[i] = NAN;
	for (size_t i = 0; i < all; i++)
		r->gamma[i] = NAN;
	a = text_elements(arg, values[PARAMETER_BUCKET_NAMES], &n);
	number = float8_elements(arg, values[PARAMETER_BUCKET_CORRELATIONS], n);
	for (int i = 0; i < n; i++)
	{
		int			k = pghedge_names_number(&names, VARDATA_ANY(a[i]), VARSIZE_ANY_EXHDR(a[i]));

		if (k < r->buckets)
			r->within[k] = number[i];
	}
	a = text_elements(arg, values[PARAMETER_BUCKETS_A], &n);
	b = text_elements(arg, values[PARAMETER_BUCKETS_B], &m);
	if (n != m)
		reject_record(arg);
	number = float8_elements(arg, values[PARAMETER_BUCKETS_CORRELATIONS], n);
	for (int i = 0; i < n; i++)
	{
		int			k = pghedge_names_number(&names, VARDATA_ANY(a[i]), VARSIZE_ANY_EXHDR(a[i]));
		int			l = pghedge_names_number(&names, VARDATA_ANY(b[i]), VARSIZE_ANY_EXHDR(b[i]));

		if (k < r->buckets && l < r->buckets)
			r->gamma[(size_t) l * r->buckets + k] = r->gamma[(size_t) k * r->buckets + l] = number[i];
	}

	/* pairs credited, in both directions */
	a = text_elements(arg, values[PARAMETER_CREDITED_Y], &n);
	b = text_elements(arg, values[PARAMETER_CREDITED_X], &m);
	if (n != m)
		reject_record(arg);
	if (r->gated)
	{
		r->credited = MemoryContextAllocHuge(CurrentMemoryContext, (size_t) r->n * r->n / 8 + 1);
		memset(r->credited, 0, (size_t) r->n * r->n / 8 + 1);
		for (int i = 0; i < n; i++)
		{
			size_t		y = pghedge_names_number(&units->names, VARDATA_ANY(a[i]), VARSIZE_ANY_EXHDR(a[i]));
			size_t		x = pghedge_names_number(&units->names, VARDATA_ANY(b[i]), VARSIZE_ANY_EXHDR(b[i]));
			size_t		at = y * r->n + x;

			if (y < (size_t) r->n && x < (size_t) r->n)
				r->credited[at / 8] |= 1 << (at % 8);
		}
		if (columns == PARAMETER_COLUMNS)
			r->broken = read_ranges(arg, units, values[PARAMETER_BROKEN_Y], values[PARAMETER_BROKEN_X],
									values[PARAMETER_BROKEN_CORRELATIONS], values[PARAMETER_BROKEN_CORRELATIONS]);
	}
	if (ph_triangle(r->n) <= MOST_KEPT)
	{
		r->corr = MemoryContextAllocHuge(CurrentMemoryContext, Max(ph_triangle(r->n), 1) * sizeof(double));
		for (size_t i = 0; i < ph_triangle(r->n); i++)
			r->corr[i] = 2;
	}
	return r;
}

/* Estimated correlation of two assets of the run; NaN if there is none. */
static double
estimate(MarginRun *r, const Units *units, const PhMatrix *m, int i, int j)
{
	double	   *kept = r->corr ? &r->corr[ph_packed(Min(i, j), Max(i, j))] : NULL;
	double		rho = NAN;
	PhComoments c;

	if (likely(kept != NULL && *kept != 2))
		return *kept;
	if (units->number[i] >= 0 && units->number[j] >= 0)
	{
		ph_matrix_pair(m, units->number[i], units->number[j], &c);
		if (ph_observations(&c) < r->minimum_observations || !ph_corr(&c, &rho))
			rho = NAN;
	}
	if (kept)
		*kept = rho;
	return rho;
}

static inline bool
is_credited(const MarginRun *r, int i, int j)
{
	return !r->gated ||
		(is_set(r->credited, (size_t) i * r->n + j) && is_set(r->credited, (size_t) j * r->n + i));
}

/* ---- A portfolio ---- */

/* The first arguments of all functions here. */
enum
{
	ARG_MATRIX, ARG_BOOK, ARG_RUN, ARG_PARAMETERS, ARG_HOLDINGS, ARG_SEEN
};

typedef struct Held
{
	int			asset;
	int			bucket;
	double		ws;
} Held;

/* Legs of a portfolio, and the margin of them. */
typedef struct Margined
{
	Units	   *units;
	MarginRun  *run;
	const PhMatrix *matrix;
	Held	   *held;			/* [n] those of a bucket side by side */
	int			n;
	int			buckets;
	int		   *first;			/* [buckets + 1] */
	int		   *used;			/* [buckets] its number in the run */
	double	   *ws;				/* [n] */
	double	   *rho;			/* n², read within buckets and leg by leg */
	double	   *gamma;			/* buckets²; NaN: not supplied */
	bool	   *by_leg;			/* buckets²: not supplied */
	bool		any_unknown;	/* some of rho is NaN */
	int			unknown;		/* how many pairs that is, once they add up */
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

		r = read_run(PG_GETARG_DATUM(ARG_PARAMETERS), units);
		r->next = kept->runs;
		kept->runs = r;
		MemoryContextSwitchTo(old);
	}
	x->units = units;
	x->run = r;
	x->matrix = &matrix->m;
	return true;
}

#define ST_SORT sort_held
#define ST_ELEMENT_TYPE Held
#define ST_COMPARE(a, b) ((a)->bucket != (b)->bucket ? (a)->bucket - (b)->bucket : (a)->asset - (b)->asset)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * The legs of holdings, in any order; *n of them, in the current context. Counts positions.  left_out, if
 * not NULL, gets the assets that are no leg for want of an exposure or a weight, *left of them.
 */
static Held *
weigh(Margined *x, bytea *holdings, int *n, int *left_out, int *left)
{
	Units	   *units = x->units;
	MarginRun  *r = x->run;
	int			touched = pghedge_held(units, holdings);
	Held	   *held = palloc(Max(touched, 1) * sizeof(Held));

	*n = 0;
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
				held[(*n)++] = (Held) {.asset = asset, .bucket = r->bucket[asset], .ws = w};
		}
		/* a currency that is not known for want of what is held in it is counted there */
		else if (h->positions > 0 || (!isnan(e.exposure) && e.exposure != 0))
		{
			x->unmargined += Max(h->positions, 1);
			x->unmargined_notional += isnan(e.delta_notional) ? 0 : fabs(e.delta_notional);
			if (left_out)
				left_out[(*left)++] = asset;
		}
		memset(h, 0, sizeof(PhHeld));
	}
	return held;
}

/* Puts legs of a bucket side by side, and makes room for all that comes. */
static void
arrange(Margined *x, Held *held, int n)
{
	/* one order of summation, whatever the order of positions */
	sort_held(held, n);
	x->held = held;
	x->n = n;
	x->buckets = 0;
	x->ws = palloc(Max(n, 1) * sizeof(double));
	x->first = palloc((n + 1) * sizeof(int));
	x->used = palloc(Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
	{
		if (i == 0 || held[i].bucket != held[i - 1].bucket)
		{
			x->first[x->buckets] = i;
			x->used[x->buckets++] = held[i].bucket;
		}
		x->ws[i] = held[i].ws;
	}
	x->first[x->buckets] = n;
	x->rho = pghedge_huge_alloc(CurrentMemoryContext, (size_t) n * n, sizeof(double));
	x->gamma = pghedge_huge_alloc(CurrentMemoryContext, (size_t) x->buckets * x->buckets, sizeof(double));
	x->by_leg = pghedge_huge_alloc(CurrentMemoryContext, (size_t) x->buckets * x->buckets, sizeof(bool));
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

/*
 * Correlations of the legs, and supplied ones of their buckets, moved, as if every pair were credited; NaN
 * where they are not known.  *unseen is how many pairs have no extremes to move to.
 */
static void
correlate(Margined *x, MarginMove how, int *unseen)
{
	MarginRun  *r = x->run;

	*unseen = 0;
	x->any_unknown = false;
	for (int b = 0; b < x->buckets; b++)
	{
		for (int c = 0; c <= b; c++)
		{
			size_t		at = (size_t) b * x->buckets + c;
			size_t		turned = (size_t) c * x->buckets + b;
			double		supplied = b == c ? 1 : r->gamma[(size_t) x->used[b] * r->buckets + x->used[c]];
			double		within = b == c ? r->within[x->used[b]] : NAN;

			x->gamma[at] = x->gamma[turned] = b == c ? 1 : pghedge_move(how, supplied, NAN, NAN, true);
			x->by_leg[at] = x->by_leg[turned] = b != c && isnan(supplied);
			if (!is_by_leg(x, b, c))
				continue;
			for (int i = x->first[b]; i < x->first[b + 1]; i++)
			{
				CHECK_FOR_INTERRUPTS();
				for (int j = x->first[c]; j < (b == c ? i : x->first[c + 1]); j++)
				{
					double		one = !isnan(within) ? within :
						estimate(r, x->units, x->matrix, x->held[i].asset, x->held[j].asset);

					if (how != MOVE_MEDIUM)
					{
						const Range *seen = how == MOVE_WORST_SEEN && isnan(within) ?
							find_range(&r->seen, x->units, x->held[i].asset, x->held[j].asset) : NULL;

						*unseen += how == MOVE_WORST_SEEN && isnan(within) && !isnan(one) && seen == NULL;
						one = pghedge_move(how, one, seen ? seen->low : NAN, seen ? seen->high : NAN,
										   same_side(x->ws[i], x->ws[j]));
					}
					x->any_unknown |= isnan(one);
					*rho_at(x, i, j) = *rho_at(x, j, i) = one;
				}
				*rho_at(x, i, i) = 1;
			}
		}
	}
}

/* What is unknown adds up, and is counted. */
static void
assume(Margined *x)
{
	x->unknown = 0;
	if (!x->any_unknown)
		return;
	for (int b = 0; b < x->buckets; b++)
		for (int c = 0; c <= b; c++)
			for (int i = x->first[b]; is_by_leg(x, b, c) && i < x->first[b + 1]; i++)
			{
				CHECK_FOR_INTERRUPTS();
				for (int j = x->first[c]; j < (b == c ? i : x->first[c + 1]); j++)
					if (isnan(*rho_at(x, i, j)))
					{
						x->unknown++;
						*rho_at(x, i, j) = *rho_at(x, j, i) =
							same_side(x->ws[i], x->ws[j]) ? PH_ADD_UP : -PH_ADD_UP;
					}
			}
}

/*
 * Pairs that offset without being credited, and those whose correlation, since a break, adds up more than
 * the estimate has it.  Returns how many.
 */
static int
withhold(Margined *x)
{
	MarginRun  *r = x->run;
	int			pairs = 0;

	if (!r->gated)
		return 0;
	for (int b = 0; b < x->buckets; b++)
		for (int c = 0; c <= b; c++)
		{
			bool		estimated = b != c || isnan(r->within[x->used[b]]);

			if (!is_by_leg(x, b, c))
				continue;
			for (int i = x->first[b]; i < x->first[b + 1]; i++)
			{
				CHECK_FOR_INTERRUPTS();
				for (int j = x->first[c]; j < (b == c ? i : x->first[c + 1]); j++)
				{
					double		sign = same_side(x->ws[i], x->ws[j]) ? 1 : -1;
					double		one = *rho_at(x, i, j);
					double		allowed = one;
					const Range *broken = estimated ?
						find_range(&r->broken, x->units, x->held[i].asset, x->held[j].asset) : NULL;

					if (sign * one < 0 && !is_credited(r, x->held[i].asset, x->held[j].asset))
						allowed = r->adverse ? -one : 0;
					if (broken)
					{
						double		since = sign > 0 ? broken->high : broken->low;

						if (sign * since > sign * allowed)
							allowed = since;
					}
					if (allowed != one)
					{
						pairs++;
						*rho_at(x, i, j) = *rho_at(x, j, i) = allowed;
					}
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
	Held	   *held;
	int			n;
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	if (!begin(fcinfo, ARG_HOLDINGS + 1, &x))
		PG_RETURN_NULL();
	held = weigh(&x, PG_GETARG_BYTEA_PP(ARG_HOLDINGS), &n, NULL, NULL);
	arrange(&x, held, n);
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
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}

/* ---- _leg_margin_contributions ---- */

PGHEDGE_FUNCTION(pghedge_leg_margin_contributions);
Datum
pghedge_leg_margin_contributions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Margined	x;
	Held	   *held;
	int			n;
	int		   *left_out;
	int			left = 0;
	double	   *c;
	double		margin;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!begin(fcinfo, ARG_HOLDINGS + 1, &x))
		PG_RETURN_NULL();
	left_out = palloc((x.units->size + VARSIZE_ANY(PG_GETARG_BYTEA_PP(ARG_HOLDINGS))) * sizeof(int));
	held = weigh(&x, PG_GETARG_BYTEA_PP(ARG_HOLDINGS), &n, left_out, &left);
	arrange(&x, held, n);
	margin_legs(&x);
	c = palloc(Max(n, 1) * sizeof(double));
	ph_margin_contributions(&x.m, x.m.worst, c);
	margin = ph_margin_granted(x.m.gross, x.m.net[x.m.worst], x.run->share);
	for (int i = 0; i < n; i++)
	{
		double		ws = x.ws[i];
		double		own = (1 - x.run->share) * fabs(ws) + x.run->share * c[i];
		double		numbers[4] = {x.run->weight[x.held[i].asset], ws, own, own / margin};
		Datum		values[5];
		bool		nulls[5] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = PointerGetDatum(x.units->asset[x.held[i].asset]);
		for (int k = 0; k < 4; k++)
			pghedge_put(values, nulls, 1 + k, numbers[k]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	for (int i = 0; i < left; i++)
	{
		const AssetName *name = &x.units->names.name[left_out[i]];
		Datum		values[5] = {PointerGetDatum(cstring_to_text_with_len(name->bytes, name->len))};
		bool		nulls[5] = {false, true, true, true, true};

		if (name->len == 1 && name->bytes[0] == '\0')
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
	Held	   *held;
	int			n;
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

		Datum		seen[SEEN_COLUMNS];

		read_record(&seen_arg, PG_GETARG_DATUM(ARG_SEEN), seen_types, SEEN_COLUMNS, SEEN_COLUMNS, x.units->run, seen);
		x.run->seen = read_ranges(&seen_arg, x.units, seen[SEEN_Y], seen[SEEN_X], seen[SEEN_LOW], seen[SEEN_HIGH]);
		x.run->has_seen = true;
		MemoryContextSwitchTo(old);
	}
	held = weigh(&x, PG_GETARG_BYTEA_PP(ARG_HOLDINGS), &n, NULL, NULL);
	if (n == 0)
		PG_RETURN_NULL();
	arrange(&x, held, n);
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

/* Margin of the legs among ws, by asset of the run. */
static double
margin_of(const Margined *shared, const double *ws, double *gross, int *legs)
{
	Margined	x = *shared;
	Held	   *held = palloc(Max(x.run->n, 1) * sizeof(Held));
	int			n = 0;

	for (int i = 0; i < x.run->n; i++)
		if (ws[i] != 0)
			held[n++] = (Held) {.asset = i, .bucket = x.run->bucket[i], .ws = ws[i]};
	arrange(&x, held, n);
	margin_legs(&x);
	*gross = x.m.gross;
	*legs = n;
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
	int		   *holders;		/* of an asset: the last one's others have exactly none of it */
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
			Held	   *held;
			int			count;

			CHECK_FOR_INTERRUPTS();
			if (no_holdings[c])
				continue;
			MemoryContextSwitchTo(inner);
			x.positions = x.unmargined = 0;
			held = weigh(&x, DatumGetByteaPP(holdings[c]), &count, NULL, NULL);
			if (turn == 0)
			{
				all_unmargined += x.unmargined;
				for (int i = 0; i < count; i++)
				{
					total[held[i].asset] += held[i].ws;
					holders[held[i].asset]++;
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
				for (int i = 0; i < count; i++)
				{
					own[held[i].asset] = held[i].ws;
					rest[held[i].asset] = holders[held[i].asset] == 1 ? 0 :
						total[held[i].asset] - held[i].ws;
				}
				others = margin_of(&x, rest, &gross, &other_legs);
				margin = margin_of(&x, own, &gross, &legs);
				for (int i = 0; i < count; i++)
					own[held[i].asset] = 0;
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
