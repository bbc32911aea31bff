/*
 * margin_run.c
 *	  What a run has in common for all portfolios that are margined at it.  See margin_run.h.
 */
#include "margin_run.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "arrays.h"
#include "margin.h"

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

/* The largest triangle of correlations that is kept: of 4,000 assets. */
#define MOST_KEPT ((size_t) 8 * 1000 * 1000)

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

static int
compare_ranges(const void *x, const void *y)
{
	const Range *a = x;
	const Range *b = y;

	return (a->pair > b->pair) - (a->pair < b->pair);
}

/* Ranks of two assets, i > j; false: one is not of the run, or both are the same. */
static bool
find_pair(const MarginRun *r, const text *y, const text *x, int *i, int *j)
{
	Names	   *names = &r->units->names;
	int			a = pghedge_names_text(names, y);
	int			b = pghedge_names_text(names, x);

	if (a >= r->n || b >= r->n || a == b)
		return false;
	*i = Max(r->rank[a], r->rank[b]);
	*j = Min(r->rank[a], r->rank[b]);
	return true;
}

static Pairs
no_pairs(const MarginRun *r)
{
	Pairs		p = {.words = r->n / 32 + 1};
	size_t		bytes = r->n * p.words * sizeof(uint32);

	p.row = memset(MemoryContextAllocHuge(CurrentMemoryContext, Max(bytes, 1)), 0, bytes);
	return p;
}

static inline void
add_pair(Pairs *p, int i, int j)
{
	pghedge_pairs_of(p, i)[j / 32] |= (uint32) 1 << (j % 32);
}

/* Ranges of pairs of assets, those that are in it twice (in both directions) put together. */
static Ranges
read_ranges(const RecordArg *arg, const MarginRun *run, Datum asset_y, Datum asset_x, Datum lowest, Datum highest)
{
	Ranges		r = {0};
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
	if (n > 0)
		r.known = no_pairs(run);
	for (int k = 0; k < n; k++)
	{
		int			i;
		int			j;

		if (isnan(low[k]) || isnan(high[k]) || !find_pair(run, y[k], x[k], &i, &j))
			continue;
		r.range[r.n++] = (Range) {.pair = ph_packed(j, i), .low = low[k], .high = high[k]};
		add_pair(&r.known, i, j);
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

const Range *
pghedge_find_range(const Ranges *r, int i, int j)
{
	Range		key = {.pair = ph_packed(j, i)};

	return r->n > 0 && pghedge_pair_is_in(&r->known, i, j) ?
		bsearch(&key, r->range, r->n, sizeof(Range), compare_ranges) : NULL;
}

/* Ranks of assets whose buckets are these. */
static void
rank(MarginRun *r, const int *bucket)
{
	int		   *next = palloc0((r->buckets + 1) * sizeof(int));

	r->rank = palloc(Max(r->n, 1) * sizeof(int));
	r->asset = palloc(Max(r->n, 1) * sizeof(int));
	r->bucket = palloc(Max(r->n, 1) * sizeof(int));
	for (int i = 0; i < r->n; i++)
		next[bucket[i] + 1]++;
	for (int b = 0; b < r->buckets; b++)
		next[b + 1] += next[b];
	for (int i = 0; i < r->n; i++)
	{
		r->rank[i] = next[bucket[i]]++;
		r->asset[r->rank[i]] = i;
		r->bucket[r->rank[i]] = bucket[i];
	}
	pfree(next);
}

MarginRun *
pghedge_read_margin_run(Datum parameters, Units *units)
{
	const RecordArg *arg = &parameters_arg;
	Datum		values[PARAMETER_COLUMNS];
	MarginRun  *r = palloc0(sizeof(MarginRun));
	Names		names;
	text	  **bucket_name;
	int		   *bucket;
	text	  **a;
	text	  **b;
	double	   *number;
	size_t		all;
	int			n;
	int			m;
	int			columns;

	columns = read_record(arg, parameters, parameter_types, PARAMETER_COLUMNS, PARAMETER_OLD_COLUMNS, units->run, values);
	r->units = units;
	r->n = units->n;
	r->weight = float8_elements(arg, values[PARAMETER_WEIGHTS], r->n);
	r->share = pghedge_credit_share(DatumGetFloat8(values[PARAMETER_SHARE]));
	r->gated = DatumGetBool(values[PARAMETER_GATED]);
	r->adverse = DatumGetBool(values[PARAMETER_ADVERSE]);
	r->minimum_observations = DatumGetInt32(values[PARAMETER_MINIMUM_OBSERVATIONS]);

	/* buckets: of the assets, then what is known of them and of two */
	bucket_name = text_elements(arg, values[PARAMETER_BUCKETS], &n);
	if (n != r->n)
		reject_record(arg);
	pghedge_names_init(&names, CurrentMemoryContext);
	bucket = palloc(Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
		bucket[i] = pghedge_names_text(&names, bucket_name[i]);
	r->buckets = names.n;
	rank(r, bucket);
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
		int			k = pghedge_names_text(&names, a[i]);

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
		int			k = pghedge_names_text(&names, a[i]);
		int			l = pghedge_names_text(&names, b[i]);

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
		Pairs		turned = no_pairs(r);

		r->credited = no_pairs(r);
		for (int k = 0; k < n; k++)
		{
			int			i;
			int			j;

			if (find_pair(r, a[k], b[k], &i, &j))
				add_pair(pghedge_compare_texts(PointerGetDatum(a[k]), PointerGetDatum(b[k])) < 0 ? &r->credited : &turned, i, j);
		}
		for (size_t k = 0; k < r->n * turned.words; k++)
			r->credited.row[k] &= turned.row[k];
		pfree(turned.row);
		if (columns == PARAMETER_COLUMNS)
			r->broken = read_ranges(arg, r, values[PARAMETER_BROKEN_Y], values[PARAMETER_BROKEN_X],
									values[PARAMETER_BROKEN_CORRELATIONS], values[PARAMETER_BROKEN_CORRELATIONS]);
	}
	if (ph_triangle(r->n) <= MOST_KEPT)
	{
		r->corr = MemoryContextAllocHuge(CurrentMemoryContext, Max(ph_triangle(r->n), 1) * sizeof(double));
		for (size_t i = 0; i < ph_triangle(r->n); i++)
			r->corr[i] = PGHEDGE_NOT_LOOKED_FOR;
	}
	r->ws = palloc(Max(r->n, 1) * sizeof(double));
	r->legs = palloc0((r->n / 64 + 1) * sizeof(uint64));
	return r;
}

void
pghedge_read_seen(Datum seen, MarginRun *r)
{
	Datum		values[SEEN_COLUMNS];

	read_record(&seen_arg, seen, seen_types, SEEN_COLUMNS, SEEN_COLUMNS, r->units->run, values);
	r->seen = read_ranges(&seen_arg, r, values[SEEN_Y], values[SEEN_X], values[SEEN_LOW], values[SEEN_HIGH]);
	r->has_seen = true;
}

double
pghedge_estimate(MarginRun *r, const PhMatrix *m, int i, int j)
{
	double	   *kept = r->corr ? &r->corr[ph_packed(j, i)] : NULL;
	int			y = r->units->number[r->asset[i]];
	int			x = r->units->number[r->asset[j]];
	double		rho = NAN;
	PhComoments c;

	if (kept && *kept != PGHEDGE_NOT_LOOKED_FOR)
		return *kept;
	if (y >= 0 && x >= 0)
	{
		ph_matrix_pair(m, y, x, &c);
		if (ph_observations(&c) < r->minimum_observations || !ph_corr(&c, &rho))
			rho = NAN;
	}
	if (kept)
		*kept = rho;
	return rho;
}
