/*
 * margin_book.c
 *	  hedge._leg_margin and hedge._leg_margin_contributions: margin of one portfolio of a book, from the holdings that hedge._holdings made of
 *	  its positions, for many portfolios in one statement.  What a run has in common for all of them (weights,
 *	  buckets, correlations, which pairs are credited) is read once a query (MarginRun).
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
	PARAMETER_BUCKETS_CORRELATIONS, PARAMETER_CREDITED_Y, PARAMETER_CREDITED_X, PARAMETER_COLUMNS
};

static const Oid parameter_types[PARAMETER_COLUMNS] = {
	INT8OID, FLOAT8ARRAYOID, TEXTARRAYOID, FLOAT8OID, BOOLOID, BOOLOID, INT4OID, TEXTARRAYOID,
	FLOAT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, FLOAT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID
};

/* The largest triangle of correlations that is kept: of 4,000 assets. */
#define MOST_KEPT ((size_t) 8 * 1000 * 1000)

typedef struct MarginRun
{
	const Units *units;			/* of the run, and its assets */
	int			n;
	double	   *weight;			/* [n] NaN: none, then it is no leg */
	int		   *bucket;			/* [n] */
	int			buckets;
	double	   *within;			/* [buckets] the one correlation of a bucket; NaN: as estimated */
	double	   *gamma;			/* buckets²; supplied or estimated, NaN: unknown */
	double	   *gamma_credited; /* the same with pairs that are not credited as 0 */
	bool	   *estimated;		/* buckets²: both are still to be made */
	double		share;
	bool		gated;
	bool		adverse;
	int			minimum_observations;	/* a correlation of fewer is not known */
	uint8	   *credited;		/* n² bits, if gated */
	double	   *corr;			/* packed triangle: 2 while not looked for; or NULL: too large to keep */
	struct MarginRun *next;
} MarginRun;

typedef struct Kept
{
	MatrixCache matrix;
	Units	   *units;
	MarginRun  *runs;
} Kept;

static void
reject_parameters(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("parameters are not a row of the view _margin_parameters of a book, or not of this run")));
}

static text **
text_elements(Datum array, int *n)
{
	Datum	   *value;
	bool	   *isnull;
	text	  **result;

	deconstruct_array(DatumGetArrayTypePCopy(array), TEXTOID, -1, false, TYPALIGN_INT, &value, &isnull, n);
	result = palloc(Max(*n, 1) * sizeof(text *));
	for (int i = 0; i < *n; i++)
		result[i] = isnull[i] ? NULL : DatumGetTextPP(value[i]);
	return result;
}

static inline bool
is_set(const uint8 *bits, size_t i)
{
	return bits[i / 8] >> (i % 8) & 1;
}

static MarginRun *
read_run(Datum record, Units *units)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(record);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header),
											  HeapTupleHeaderGetTypMod(header));
	HeapTupleData tuple = {0};
	Datum		values[PARAMETER_COLUMNS];
	bool		nulls[PARAMETER_COLUMNS];
	MarginRun  *r = palloc0(sizeof(MarginRun));
	Names		names;
	text	  **bucket;
	text	  **a;
	text	  **b;
	double	   *number;
	size_t		all;
	int			n;
	int			m;

	for (int i = 0; i < PARAMETER_COLUMNS; i++)
		if (desc->natts != PARAMETER_COLUMNS || TupleDescAttr(desc, i)->atttypid != parameter_types[i])
			reject_parameters();
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, values, nulls);
	ReleaseTupleDesc(desc);
	for (int i = 0; i < PARAMETER_COLUMNS; i++)
		if (nulls[i])
			reject_parameters();
	if (DatumGetInt64(values[PARAMETER_RUN]) != units->run)
		reject_parameters();

	r->units = units;
	r->n = units->n;
	if (pghedge_array_length(DatumGetArrayTypePCopy(values[PARAMETER_WEIGHTS]), "weights", -1) != r->n)
		reject_parameters();
	r->weight = pghedge_float8_elements(DatumGetArrayTypePCopy(values[PARAMETER_WEIGHTS]), r->n);
	r->share = pghedge_credit_share(DatumGetFloat8(values[PARAMETER_SHARE]));
	r->gated = DatumGetBool(values[PARAMETER_GATED]);
	r->adverse = DatumGetBool(values[PARAMETER_ADVERSE]);
	r->minimum_observations = DatumGetInt32(values[PARAMETER_MINIMUM_OBSERVATIONS]);

	/* buckets: of the assets, then what is known of them and of two */
	bucket = text_elements(values[PARAMETER_BUCKETS], &n);
	if (n != r->n)
		reject_parameters();
	pghedge_names_init(&names, CurrentMemoryContext);
	r->bucket = palloc(Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
	{
		if (bucket[i] == NULL)
			reject_parameters();
		r->bucket[i] = pghedge_names_number(&names, VARDATA_ANY(bucket[i]), VARSIZE_ANY_EXHDR(bucket[i]));
	}
	r->buckets = names.n;
	all = Max((size_t) r->buckets * r->buckets, 1);
	r->within = palloc(Max(r->buckets, 1) * sizeof(double));
	r->gamma = palloc(all * sizeof(double));
	r->gamma_credited = palloc(all * sizeof(double));
	r->estimated = palloc(all * sizeof(bool));
	for (int i = 0; i < r->buckets; i++)
		r->within[i] = NAN;
	memset(r->estimated, true, all * sizeof(bool));
	a = text_elements(values[PARAMETER_BUCKET_NAMES], &n);
	number = pghedge_float8_elements(DatumGetArrayTypePCopy(values[PARAMETER_BUCKET_CORRELATIONS]), n);
	for (int i = 0; i < n; i++)
	{
		int			k = pghedge_names_number(&names, VARDATA_ANY(a[i]), VARSIZE_ANY_EXHDR(a[i]));

		if (k < r->buckets)
			r->within[k] = number[i];
	}
	a = text_elements(values[PARAMETER_BUCKETS_A], &n);
	b = text_elements(values[PARAMETER_BUCKETS_B], &m);
	if (n != m)
		reject_parameters();
	number = pghedge_float8_elements(DatumGetArrayTypePCopy(values[PARAMETER_BUCKETS_CORRELATIONS]), n);
	for (int i = 0; i < n; i++)
	{
		int			k = pghedge_names_number(&names, VARDATA_ANY(a[i]), VARSIZE_ANY_EXHDR(a[i]));
		int			l = pghedge_names_number(&names, VARDATA_ANY(b[i]), VARSIZE_ANY_EXHDR(b[i]));

		if (k < r->buckets && l < r->buckets)
			for (int turn = 0; turn < 2; turn++)
			{
				size_t		at = turn ? (size_t) l * r->buckets + k : (size_t) k * r->buckets + l;

				r->gamma[at] = r->gamma_credited[at] = number[i];
				r->estimated[at] = false;
			}
	}

	/* pairs credited, in both directions */
	a = text_elements(values[PARAMETER_CREDITED_Y], &n);
	b = text_elements(values[PARAMETER_CREDITED_X], &m);
	if (n != m)
		reject_parameters();
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

/* Mean correlations of the assets of two buckets, of all pairs, and with those not credited as 0. */
static void
estimate_buckets(MarginRun *r, const Units *units, const PhMatrix *m, int b, int c)
{
	double		sum = 0;
	double		credited = 0;
	int64		n = 0;

	for (int i = 0; i < r->n; i++)
	{
		if (r->bucket[i] != b)
			continue;
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < r->n; j++)
			if (r->bucket[j] == c)
			{
				double		rho = estimate(r, units, m, i, j);

				if (isnan(rho))
					continue;
				n++;
				sum += rho;
				if (is_credited(r, i, j))
					credited += rho;
			}
	}
	for (int turn = 0; turn < 2; turn++)
	{
		size_t		at = turn ? (size_t) c * r->buckets + b : (size_t) b * r->buckets + c;

		r->gamma[at] = n > 0 ? sum / n : NAN;
		r->gamma_credited[at] = n > 0 ? credited / n : NAN;
		r->estimated[at] = false;
	}
}

/* ---- _leg_margin ---- */

enum
{
	ARG_MATRIX, ARG_BOOK, ARG_RUN, ARG_PARAMETERS, ARG_HOLDINGS, ARGS
};

enum
{
	COLUMN_POSITIONS = MARGIN_COLUMNS, COLUMN_UNMARGINED, COLUMN_LEGS, COLUMN_SHARE, COLUMN_UNCREDITED, COLUMN_WITHHELD, COLUMNS
};

typedef struct Held
{
	int			asset;
	int			bucket;
	double		ws;
} Held;

static int
compare_held(const void *x, const void *y)
{
	const Held *a = x;
	const Held *b = y;

	return a->bucket != b->bucket ? a->bucket - b->bucket : a->asset - b->asset;
}

/* A portfolio margined. */
typedef struct Margined
{
	const Units *units;
	const MarginRun *run;
	Held	   *held;			/* as the legs of m */
	PhMargin	m;
	PhMargin	all;			/* with every pair credited */
	int			positions;
	int			unmargined;
	int			uncredited;
} Margined;

/* False if an argument is NULL. */
static bool
margin_holdings(FunctionCallInfo fcinfo, Margined *x)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	Kept	   *kept = fcinfo->flinfo->fn_extra;
	const MatrixArg *matrix;
	Units	   *units;
	MarginRun  *r;
	Held	   *held;
	PhMargin	m = {0};
	PhMargin	all;
	double	   *ws;
	double	   *rho;
	double	   *gamma;
	double	   *sum;
	double	   *work;
	int		   *first;
	int		   *used;
	int			n;
	int			positions = 0;
	int			unmargined = 0;
	int			uncredited = 0;
	bool		withheld = false;

	for (int i = 0; i < ARGS; i++)
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

	/* legs of a bucket side by side; buckets that are held numbered from 0 */
	n = pghedge_held(units, PG_GETARG_BYTEA_PP(ARG_HOLDINGS));
	held = palloc(Max(n, 1) * sizeof(Held));
	for (int i = 0; i < n; i++)
	{
		int			asset = units->touched[i];
		double		weight = asset < r->n ? r->weight[asset] : NAN;
		PhExposure	e;
		double		w;

		ph_exposure(&units->unit[asset], &units->held[asset], &e);
		w = weight * e.exposure;
		positions += units->held[asset].positions;
		if (!isfinite(w))
			unmargined += units->held[asset].positions;
		else if (w != 0)
		{
			held[m.n].asset = asset;
			held[m.n].bucket = r->bucket[asset];
			held[m.n++].ws = w;
		}
		memset(&units->held[asset], 0, sizeof(PhHeld));
	}
	/* one order of summation, whatever the order of positions */
	qsort(held, m.n, sizeof(Held), compare_held);
	ws = palloc(Max(m.n, 1) * sizeof(double));
	first = palloc((m.n + 1) * sizeof(int));
	used = palloc(Max(m.n, 1) * sizeof(int));
	sum = palloc(Max(m.n, 1) * sizeof(double));
	for (int i = 0; i < m.n; i++)
	{
		if (i == 0 || held[i].bucket != held[i - 1].bucket)
		{
			first[m.buckets] = i;
			sum[m.buckets] = 0;
			used[m.buckets++] = held[i].bucket;
		}
		ws[i] = held[i].ws;
		sum[m.buckets - 1] += held[i].ws;
	}
	first[m.buckets] = m.n;

	rho = MemoryContextAllocHuge(CurrentMemoryContext, Max((size_t) m.n * m.n, 1) * sizeof(double));
	gamma = palloc(Max((size_t) m.buckets * m.buckets, 1) * sizeof(double));
	m.ws = ws;
	m.first = first;
	m.rho = rho;
	m.gamma = gamma;
	work = palloc(Max(ph_margin_workspace(m.n, m.buckets), 1) * sizeof(double));
	all = m;

	/* with every pair credited, then without those that are not */
	for (int gate = 0; gate <= (r->gated ? 1 : 0); gate++)
	{
		for (int b = 0; b < m.buckets; b++)
			for (int i = first[b]; i < first[b + 1]; i++)
			{
				CHECK_FOR_INTERRUPTS();
				rho[(size_t) i * m.n + i] = 1;
				for (int j = first[b]; j < i; j++)
				{
					bool		together = (ws[i] < 0) == (ws[j] < 0);
					double		one = r->within[used[b]];

					if (isnan(one))
						one = estimate(r, units, &matrix->m, held[i].asset, held[j].asset);
					if (isnan(one))
						one = together ? 1 : -1;
					if (gate && (together ? one : -one) < 0 && !is_credited(r, held[i].asset, held[j].asset))
					{
						uncredited++;
						one = r->adverse ? -one : 0;
					}
					rho[(size_t) i * m.n + j] = rho[(size_t) j * m.n + i] = one;
				}
			}
		for (int b = 0; b < m.buckets; b++)
			for (int c = 0; c < b; c++)
			{
				size_t		at = (size_t) used[b] * r->buckets + used[c];
				double		sign = (sum[b] < 0) == (sum[c] < 0) ? 1 : -1;
				double		one;

				if (r->estimated[at])
					estimate_buckets(r, units, &matrix->m, used[b], used[c]);
				one = r->gamma[at];
				/* the one of the two that offsets less */
				if (gate && sign * r->gamma_credited[at] > sign * one)
				{
					withheld = true;
					one = r->gamma_credited[at];
				}
				gamma[(size_t) b * m.buckets + c] = gamma[(size_t) c * m.buckets + b] = isnan(one) ? sign : one;
			}
		if (gate && uncredited == 0 && !withheld)
			break;				/* nothing is different */
		ph_margin(&m, work);
		if (!gate)
			all = m;
	}

	*x = (Margined) {units, r, held, m, all, positions, unmargined, uncredited};
	return true;
}

PGHEDGE_FUNCTION(pghedge_leg_margin);
Datum
pghedge_leg_margin(PG_FUNCTION_ARGS)
{
	Margined	x;
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	if (!margin_holdings(fcinfo, &x))
		PG_RETURN_NULL();
	memset(nulls, false, sizeof(nulls));
	pghedge_margin_row(&x.m, x.run->share, values, nulls);
	values[COLUMN_POSITIONS] = Int32GetDatum(x.positions);
	values[COLUMN_UNMARGINED] = Int32GetDatum(x.unmargined);
	values[COLUMN_LEGS] = Int32GetDatum(x.m.n);
	values[COLUMN_SHARE] = Float8GetDatum(x.run->share);
	values[COLUMN_UNCREDITED] = Int32GetDatum(x.uncredited);
	values[COLUMN_WITHHELD] = Float8GetDatum(x.run->share * (x.m.net[x.m.worst] - x.all.net[x.all.worst]));
	if (x.m.n == 0)
		memset(nulls, true, MARGIN_COLUMNS * sizeof(bool));
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}

PGHEDGE_FUNCTION(pghedge_leg_margin_contributions);
Datum
pghedge_leg_margin_contributions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Margined	x;
	double	   *c;
	double		margin;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!margin_holdings(fcinfo, &x))
		PG_RETURN_NULL();
	c = palloc(Max(x.m.n, 1) * sizeof(double));
	ph_margin_contributions(&x.m, x.m.worst, c);
	margin = ph_margin_granted(x.m.gross, x.m.net[x.m.worst], x.run->share);
	for (int i = 0; i < x.m.n; i++)
	{
		double		ws = x.m.ws[i];
		double		own = (1 - x.run->share) * fabs(ws) + x.run->share * c[i];
		double		numbers[4] = {x.run->weight[x.held[i].asset], ws, own, own / margin};
		Datum		values[5];
		bool		nulls[5] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = PointerGetDatum(x.units->asset[x.held[i].asset]);
		for (int k = 0; k < 4; k++)
		{
			nulls[1 + k] = !isfinite(numbers[k]);
			values[1 + k] = Float8GetDatum(numbers[k] + 0.0);
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}
