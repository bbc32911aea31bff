/*
 * margin.c
 *	  Margin of one portfolio from arrays: hedge.margin, its contributions and pairs, walls between
 *	  compartments, what becomes of the credit when correlations move; hedge.correlations for them; and
 *	  spread credits by priority.
 *
 * LAPACK cannot be interrupted: MARGIN_MOST_LEGS bounds what it is given at once, a bucket, or the
 * correlations of buckets.
 */
#include "margin.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "allocation.h"
#include "arrays.h"
#include "lapack.h"
#include "normal.h"
#include "psd.h"
#include "results.h"

/* ---- Arguments ---- */

/* The first seven are the same in all functions of a portfolio. */
enum
{
	ARG_EXPOSURES, ARG_WEIGHTS, ARG_BUCKETS, ARG_CORRELATIONS, ARG_BUCKET_NAMES,
	ARG_BUCKET_CORRELATIONS, ARG_SHARE, ARG_MORE
};

typedef struct Legs
{
	int			n;
	int		   *place;			/* [n] of a leg in the arguments */
	double	   *ws;				/* [n] */
	int		   *bucket;			/* [n] ascending */
	int			buckets;
	Datum	   *name;			/* [buckets] */
	double	   *rho;			/* n × n; NaN: unknown */
	double	   *gamma;			/* buckets × buckets; NaN: unknown */
	double		share;
	bool	   *credited;		/* n × n: pairs that may offset; NULL: all */
	bool		adverse;		/* what the others have: their correlation turned around, not 0 */
} Legs;

static void
reject(const char *what, double value, int place, const char *needed)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 isnan(value) ? errmsg("%s of leg %d is missing", what, place) :
			 errmsg("%s %g of leg %d is not %s", what, value, place, needed)));
}

static double *
leg_numbers(FunctionCallInfo fcinfo, int argno, const char *name, int n)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	int			length = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) > 1 || (n >= 0 && length != n))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has not one dimension with one element for each leg", name)));
	return pghedge_float8_elements(array, length);
}

/* A square of correlations; NULL becomes NaN. */
static double *
correlations(ArrayType *array, int n, const char *name)
{
	double	   *r;

	if (n == 0 && ARR_NDIM(array) == 0)
		return palloc(sizeof(double));
	if (!(ARR_NDIM(array) == 2 && ARR_DIMS(array)[0] == n && ARR_DIMS(array)[1] == n) &&
		!(n == 1 && ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 1))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s is not a square of %d by %d", name, n, n),
				 errhint("It has one row and one column for each %s.",
						 strcmp(name, "correlations") == 0 ? "leg" : "name in bucket_names")));
	r = pghedge_float8_elements(array, n * n);
	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++)
		{
			double		x = r[(size_t) i * n + j];
			double		y = r[(size_t) j * n + i];

			if (isnan(x) && isnan(y))
				continue;
			/* rounding may differ between two ways to one number */
			if (!(fabs(x - y) <= 1e-12))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s are not symmetric: %g at (%d, %d), %g at (%d, %d)", name,
								x, i + 1, j + 1, y, j + 1, i + 1)));
			if (!(x >= -1 && x <= 1))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s have %g at (%d, %d), which is not from -1 to 1", name, x, i + 1, j + 1)));
			if (i == j && x != 1)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s have %g at (%d, %d), which is not 1", name, x, i + 1, j + 1)));
			r[(size_t) j * n + i] = x;
		}
	for (int i = 0; i < n; i++)
		r[(size_t) i * n + i] = 1;
	return r;
}

/* So that no call lasts longer than about a second. */
static void
check_size(const char *what, int n)
{
	if (n > MARGIN_MOST_LEGS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s are a square of %d, which is too large", what, n),
				 errdetail("At most %d are possible: work on a larger one could not be cancelled for seconds.",
						   MARGIN_MOST_LEGS)));
}

/* Smallest eigenvalue if r (n × n) is not positive semi-definite; else NaN. */
double
pghedge_indefinite(const double *r, int n)
{
	size_t		bytes = (size_t) n * n * sizeof(double);
	double	   *copy = MemoryContextAllocHuge(CurrentMemoryContext, Max(bytes, 1));
	double	   *value = palloc(Max(n, 1) * sizeof(double));
	double		smallest = NAN;

	memcpy(copy, r, bytes);
	if (n > 1 && !ph_cholesky(n, copy, n))
	{
		memcpy(copy, r, bytes);
		pghedge_check(ph_eigen(n, copy, false, value,
							   MemoryContextAllocHuge(CurrentMemoryContext, ph_eigen_workspace(n, false))));
		if (!ph_is_psd(n, value[0], value[n - 1]))
			smallest = value[0];
	}
	pfree(copy);
	return smallest;
}

/* The block of legs from ... to - 1. */
static double *
block_of(const Legs *p, const double *rho, int from, int to)
{
	int			n = to - from;
	double	   *block = MemoryContextAllocHuge(CurrentMemoryContext, Max((size_t) n * n, 1) * sizeof(double));

	for (int i = 0; i < n; i++)
		memcpy(block + (size_t) i * n, rho + (size_t) (from + i) * p->n + from, n * sizeof(double));
	return block;
}

/*
 * Takes the rows and columns with the most unknown elements out of r (n × n), one by one, until none is
 * left; returns how many remain.
 */
static int
keep_known(double *r, int n)
{
	int		   *unknown = palloc0(Max(n, 1) * sizeof(int));
	int		   *kept = palloc(Max(n, 1) * sizeof(int));
	int			left = n;

	for (int i = 0; i < n; i++)
	{
		kept[i] = i;
		for (int j = 0; j < n; j++)
			unknown[i] += isnan(r[(size_t) i * n + j]);
	}
	for (;;)
	{
		int			worst = 0;

		for (int i = 1; i < left; i++)
			if (unknown[kept[i]] > unknown[kept[worst]])
				worst = i;
		if (left == 0 || unknown[kept[worst]] == 0)
			break;
		for (int i = 0; i < left; i++)
			unknown[kept[i]] -= isnan(r[(size_t) kept[i] * n + kept[worst]]);
		left--;
		memmove(kept + worst, kept + worst + 1, (left - worst) * sizeof(int));
	}
	for (int i = 0; i < left; i++)
		for (int j = 0; j < left; j++)
			r[(size_t) i * left + j] = r[(size_t) kept[i] * n + kept[j]];
	pfree(unknown);
	pfree(kept);
	return left;
}

static void
reject_indefinite(const char *what, Datum bucket, double smallest)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 bucket == (Datum) 0 ? errmsg("%s are not positive semi-definite", what) :
			 errmsg("%s of bucket \"%s\" are not positive semi-definite", what, TextDatumGetCString(bucket)),
			 errdetail("Their smallest eigenvalue is %g: some portfolio would have a negative variance.", smallest),
			 errhint("hedge.nearest_correlations gives the nearest ones that are.")));
}

/* Legs as arguments have them, checked; those of a bucket side by side. False if an array is NULL. */
static bool
read_legs(FunctionCallInfo fcinfo, Legs *p)
{
	ArrayType  *array;
	double	   *exposure;
	double	   *weight = NULL;
	double	   *rho;
	int		   *bucket;			/* of a leg as given */
	Datum	   *name = NULL;
	bool	   *nameless = NULL;
	int		   *next;
	int			n;

	memset(p, 0, sizeof(*p));
	if (PG_ARGISNULL(ARG_EXPOSURES) || PG_ARGISNULL(ARG_CORRELATIONS))
		return false;
	array = PG_GETARG_ARRAYTYPE_P(ARG_EXPOSURES);
	p->n = n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	exposure = leg_numbers(fcinfo, ARG_EXPOSURES, "exposures", n);
	if (!PG_ARGISNULL(ARG_WEIGHTS))
		weight = leg_numbers(fcinfo, ARG_WEIGHTS, "weights", n);
	if (PG_ARGISNULL(ARG_SHARE))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("credit_share is null")));
	p->share = pghedge_credit_share(PG_GETARG_FLOAT8(ARG_SHARE));
	rho = correlations(PG_GETARG_ARRAYTYPE_P(ARG_CORRELATIONS), n, "correlations");

	/* buckets, by their names' order where these are given, else as they come */
	bucket = palloc0(Max(n, 1) * sizeof(int));
	if (!PG_ARGISNULL(ARG_BUCKETS))
	{
		array = PG_GETARG_ARRAYTYPE_P(ARG_BUCKETS);
		if (ARR_NDIM(array) > 1 || ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) != n)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("buckets has not one dimension with one element for each leg")));
		deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &name, &nameless, &n);
	}
	else
	{
		name = palloc(Max(n, 1) * sizeof(Datum));
		nameless = palloc(Max(n, 1) * sizeof(bool));
		memset(nameless, true, n * sizeof(bool));
	}
	{
		Names		names;
		bool		given = !PG_ARGISNULL(ARG_BUCKET_NAMES);

		pghedge_names_init(&names, CurrentMemoryContext);
		p->name = palloc(Max(n, 1) * sizeof(Datum));
		if (given)
		{
			Datum	   *given_name;
			bool	   *isnull;

			array = PG_GETARG_ARRAYTYPE_P(ARG_BUCKET_NAMES);
			deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &given_name, &isnull, &p->buckets);
			p->name = palloc(Max(p->buckets, 1) * sizeof(Datum));
			for (int b = 0; b < p->buckets; b++)
			{
				text	   *one = isnull[b] ? cstring_to_text("") : DatumGetTextPP(given_name[b]);

				p->name[b] = PointerGetDatum(one);
				if (pghedge_names_number(&names, VARDATA_ANY(one), VARSIZE_ANY_EXHDR(one)) != b)
					ereport(ERROR,
							(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							 errmsg("bucket \"%s\" is named twice", text_to_cstring(one))));
			}
		}
		for (int i = 0; i < n; i++)
		{
			text	   *one = nameless[i] ? cstring_to_text("") : DatumGetTextPP(name[i]);

			bucket[i] = pghedge_names_number(&names, VARDATA_ANY(one), VARSIZE_ANY_EXHDR(one));
			if (bucket[i] < p->buckets)
				continue;
			if (given)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("bucket \"%s\" of leg %d has no parameters", text_to_cstring(one), i + 1),
						 errhint("List it in bucket_names, with a row and a column of bucket_correlations.")));
			p->name[p->buckets++] = PointerGetDatum(one);
		}
	}
	if (!PG_ARGISNULL(ARG_BUCKET_CORRELATIONS))
	{
		double	   *known;
		double		smallest;

		if (PG_ARGISNULL(ARG_BUCKET_NAMES))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("bucket_correlations without bucket_names"),
					 errhint("bucket_names says of which bucket each row and column is.")));
		p->gamma = correlations(PG_GETARG_ARRAYTYPE_P(ARG_BUCKET_CORRELATIONS), p->buckets,
								"bucket_correlations");
		check_size("bucket_correlations", p->buckets);
		known = palloc(Max((size_t) p->buckets * p->buckets, 1) * sizeof(double));
		memcpy(known, p->gamma, (size_t) p->buckets * p->buckets * sizeof(double));
		smallest = pghedge_indefinite(known, keep_known(known, p->buckets));
		if (!isnan(smallest))
			reject_indefinite("bucket_correlations", (Datum) 0, smallest);
	}
	else
	{
		if (p->buckets > 1)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%d buckets, but no bucket_correlations", p->buckets),
					 errhint("Give bucket_names and bucket_correlations; hedge.bucket_correlations estimates them.")));
		p->gamma = palloc(sizeof(double));
		p->gamma[0] = 1;
	}

	/* legs of a bucket side by side, in the order given */
	p->place = palloc(Max(n, 1) * sizeof(int));
	p->ws = palloc(Max(n, 1) * sizeof(double));
	p->bucket = palloc(Max(n, 1) * sizeof(int));
	next = palloc0((p->buckets + 1) * sizeof(int));
	for (int i = 0; i < n; i++)
		next[bucket[i] + 1]++;
	for (int b = 0; b < p->buckets; b++)
		next[b + 1] += next[b];
	for (int i = 0; i < n; i++)
	{
		int			k = next[bucket[i]]++;
		double		w = weight ? weight[i] : 1;

		if (!isfinite(exposure[i]))
			reject("exposure", exposure[i], i + 1, "finite");
		if (!(w >= 0 && isfinite(w)))
			reject("weight", w, i + 1, "a number from 0 on");
		if (!isfinite(w * exposure[i]))
			reject("weighted sensitivity", w * exposure[i], i + 1, "finite");
		p->place[k] = i;
		p->bucket[k] = bucket[i];
		p->ws[k] = w * exposure[i];
	}
	p->rho = MemoryContextAllocHuge(CurrentMemoryContext, Max((size_t) n * n, 1) * sizeof(double));
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			p->rho[(size_t) i * n + j] = rho[(size_t) p->place[i] * n + p->place[j]];
	for (int from = 0, to; from < n; from = to)
	{
		double	   *block;
		double		smallest;

		CHECK_FOR_INTERRUPTS();
		for (to = from + 1; to < n && p->bucket[to] == p->bucket[from]; to++)
			;
		check_size("correlations of a bucket", to - from);
		block = block_of(p, p->rho, from, to);
		smallest = pghedge_indefinite(block, keep_known(block, to - from));
		if (!isnan(smallest))
			reject_indefinite("correlations", p->name[p->bucket[from]], smallest);
		pfree(block);
	}
	return true;
}

/* ---- Evaluation ---- */

/*
 * Margin of the legs that are in (NULL: all); what ph_margin() needs is made, and lives in the current
 * context.  An unknown correlation makes its two add up.
 */
static void
evaluate(const Legs *p, const double *rho, const double *gamma, const bool *in, PhMargin *m)
{
	int			n = 0;
	double	   *ws = palloc(Max(p->n, 1) * sizeof(double));
	int		   *leg = palloc(Max(p->n, 1) * sizeof(int));
	int		   *first = palloc0((p->buckets + 1) * sizeof(int));
	double	   *r;

	for (int i = 0; i < p->n; i++)
		if (in == NULL || in[i])
		{
			leg[n] = i;
			ws[n++] = p->ws[i];
			first[p->bucket[i] + 1] = n;
		}
	for (int b = 0; b < p->buckets; b++)
		first[b + 1] = Max(first[b + 1], first[b]);
	r = MemoryContextAllocHuge(CurrentMemoryContext, Max((size_t) n * n, 1) * sizeof(double));
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < n; j++)
		{
			double		one = rho[(size_t) leg[i] * p->n + leg[j]];

			r[(size_t) i * n + j] = !isnan(one) ? one : (ws[i] < 0) == (ws[j] < 0) ? PH_ADD_UP : -PH_ADD_UP;
		}
	}
	memset(m, 0, sizeof(*m));
	m->n = n;
	m->buckets = p->buckets;
	m->ws = ws;
	m->first = first;
	m->rho = r;
	m->gamma = gamma;
	ph_margin(m, palloc(Max(ph_margin_workspace(n, p->buckets), 1) * sizeof(double)));
}

/*
 * The margin of all legs.  Where correlations are not known, what is wrong with the others may only
 * show in a portfolio: then here.
 */
static void
evaluate_all(const Legs *p, PhMargin *m)
{
	evaluate(p, p->rho, p->gamma, NULL, m);
	if (m->floored[PH_MEDIUM])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("correlations are not positive semi-definite"),
				 errdetail("This portfolio would have a negative variance.")));
}

double
pghedge_credit_share(double share)
{
	if (!(share >= 0 && share <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("credit_share %g is not from 0 to 1", share)));
	return share;
}

static const char *const scenario_name[PH_SCENARIOS] = {"low", "medium", "high"};

void
pghedge_margin_row(const PhMargin *m, double share, Datum *values, bool *nulls)
{
	double		net = m->net[m->worst];

	memset(nulls, false, MARGIN_COLUMNS * sizeof(bool));
	pghedge_put(values, nulls, MARGIN_GROSS, m->gross);
	pghedge_put(values, nulls, MARGIN_SILO, m->silo);
	pghedge_put(values, nulls, MARGIN_UNCORRELATED, m->uncorrelated);
	pghedge_put(values, nulls, MARGIN_LOW, m->net[PH_LOW]);
	pghedge_put(values, nulls, MARGIN_MEDIUM, m->net[PH_MEDIUM]);
	pghedge_put(values, nulls, MARGIN_HIGH, m->net[PH_HIGH]);
	pghedge_put(values, nulls, MARGIN_NET, net);
	values[MARGIN_SCENARIO] = PointerGetDatum(cstring_to_text(scenario_name[m->worst]));
	pghedge_put(values, nulls, MARGIN_CREDIT, m->gross - net);
	pghedge_put(values, nulls, MARGIN_MARGIN, ph_margin_granted(m->gross, net, share));
	values[MARGIN_ALTERNATIVE] = BoolGetDatum(m->alternative[m->worst]);
	values[MARGIN_FLOORED] = BoolGetDatum(m->floored[m->worst]);
}

/* ---- margin ---- */

/* Arguments credited and adverse, which functions of 0.1.0 may not have. */
static void
read_credited(FunctionCallInfo fcinfo, int argno, Legs *p)
{
	int			n = p->n;
	ArrayType  *credited;
	Datum	   *flag;
	bool	   *isnull;
	int			length;

	p->adverse = pghedge_is_given(fcinfo, argno + 1) && PG_GETARG_BOOL(argno + 1);
	if (n == 0 || !pghedge_is_given(fcinfo, argno))
		return;
	credited = PG_GETARG_ARRAYTYPE_P(argno);
	if (ARR_NDIM(credited) != 2 || ARR_DIMS(credited)[0] != n || ARR_DIMS(credited)[1] != n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("credited is not a square of %d by %d", n, n)));
	deconstruct_array(credited, BOOLOID, sizeof(bool), true, TYPALIGN_CHAR, &flag, &isnull, &length);
	p->credited = MemoryContextAllocHuge(CurrentMemoryContext, (size_t) n * n * sizeof(bool));
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			size_t		at[2] = {(size_t) p->place[i] * n + p->place[j], (size_t) p->place[j] * n + p->place[i]};
			bool		yes = true;

			for (int k = 0; k < 2; k++)
				yes &= !isnull[at[k]] && DatumGetBool(flag[at[k]]);
			p->credited[(size_t) i * n + j] = yes;
		}
}

/* Correlations of pairs of legs that offset without being credited are 0, or turned around. */
static void
withdraw(const Legs *p, double *rho)
{
	int			n = p->n;

	for (int i = 0; p->credited && i < n; i++)
		for (int j = 0; j < i; j++)
		{
			double		r = rho[(size_t) i * n + j];

			if (!p->credited[(size_t) i * n + j] && ((p->ws[i] < 0) == (p->ws[j] < 0) ? r : -r) < 0)
				rho[(size_t) i * n + j] = rho[(size_t) j * n + i] = p->adverse ? -r : 0;
		}
}

/* After the common arguments: credited, adverse. */
static bool
read_credited_legs(FunctionCallInfo fcinfo, Legs *p)
{
	if (!read_legs(fcinfo, p))
		return false;
	read_credited(fcinfo, ARG_MORE, p);
	withdraw(p, p->rho);
	return true;
}

PGHEDGE_FUNCTION(pghedge_margin);
Datum
pghedge_margin(PG_FUNCTION_ARGS)
{
	Legs		p;
	PhMargin	m;
	Datum		values[MARGIN_COLUMNS];
	bool		nulls[MARGIN_COLUMNS];

	if (!read_credited_legs(fcinfo, &p))
		PG_RETURN_NULL();
	evaluate_all(&p, &m);
	pghedge_margin_row(&m, p.share, values, nulls);
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}

PGHEDGE_FUNCTION(pghedge_margin_contributions);
Datum
pghedge_margin_contributions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Legs		p;
	PhMargin	m;
	double	   *c;
	int		   *leg;
	double		margin;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!read_credited_legs(fcinfo, &p))
		PG_RETURN_NULL();
	evaluate_all(&p, &m);
	c = palloc(Max(p.n, 1) * sizeof(double));
	leg = palloc(Max(p.n, 1) * sizeof(int));
	ph_margin_contributions(&m, m.worst, c);
	margin = ph_margin_granted(m.gross, m.net[m.worst], p.share);
	for (int k = 0; k < p.n; k++)
		leg[p.place[k]] = k;
	for (int i = 0; i < p.n; i++)
	{
		int			k = leg[i];
		double		contribution = (1 - p.share) * fabs(p.ws[k]) + p.share * c[k];
		Datum		values[5];
		bool		nulls[5] = {false};

		values[0] = Int32GetDatum(i + 1);
		values[1] = p.name[p.bucket[k]];
		pghedge_put(values, nulls, 2, p.ws[k]);
		pghedge_put(values, nulls, 3, contribution);
		pghedge_put(values, nulls, 4, contribution / margin);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

PGHEDGE_FUNCTION(pghedge_margin_pairs);
Datum
pghedge_margin_pairs(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Legs		p;
	PhMargin	m;
	double	   *own;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!read_credited_legs(fcinfo, &p))
		PG_RETURN_NULL();
	evaluate_all(&p, &m);
	/* of a leg alone: its contribution without half of its pairs */
	own = palloc(Max(p.n, 1) * sizeof(double));
	ph_margin_contributions(&m, m.worst, own);
	for (int i = 0; i < p.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < p.n; j++)
			if (j != i)
				own[i] -= ph_margin_pair(&m, m.worst, i, p.bucket[i], j, p.bucket[j]) / 2;
	}
	for (int i = 0; i < p.n; i++)
		for (int j = 0; j <= i; j++)
		{
			int			a = Min(p.place[i], p.place[j]);
			int			b = Max(p.place[i], p.place[j]);
			double		corr = i == j ? 1 : p.bucket[i] == p.bucket[j] ? m.rho[(size_t) i * p.n + j] :
			m.gamma[(size_t) p.bucket[i] * p.buckets + p.bucket[j]];
			Datum		values[4];
			bool		nulls[4] = {false};

			CHECK_FOR_INTERRUPTS();
			values[0] = Int32GetDatum(a + 1);
			values[1] = Int32GetDatum(b + 1);
			pghedge_put(values, nulls, 2, ph_scenario(m.worst, corr));
			pghedge_put(values, nulls, 3, i == j ? (1 - p.share) * fabs(p.ws[i]) + p.share * own[i] :
				p.share * ph_margin_pair(&m, m.worst, i, p.bucket[i], j, p.bucket[j]));
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	PG_RETURN_NULL();
}

/* ---- margin_compartments ---- */

PGHEDGE_FUNCTION(pghedge_margin_compartments);
Datum
pghedge_margin_compartments(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Legs		p;
	PhMargin	m;
	ArrayType  *array;
	Datum	   *label;
	bool	   *isnull;
	int			n;
	Names		names;
	Datum	   *name;
	int		   *of;
	int			labels = 0;
	bool	   *in;
	double		pooled;
	MemoryContext inner;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(ARG_MORE) || !read_legs(fcinfo, &p))
		PG_RETURN_NULL();
	array = PG_GETARG_ARRAYTYPE_P(ARG_MORE);
	if (ARR_NDIM(array) > 1 || ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) != p.n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("compartments has not one dimension with one element for each leg")));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &label, &isnull, &n);
	pghedge_names_init(&names, CurrentMemoryContext);
	name = palloc(Max(n, 1) * sizeof(Datum));
	of = palloc(Max(n, 1) * sizeof(int));
	in = palloc(Max(n, 1) * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		text	   *one = isnull[i] ? cstring_to_text("") : DatumGetTextPP(label[i]);

		of[i] = pghedge_names_number(&names, VARDATA_ANY(one), VARSIZE_ANY_EXHDR(one));
		if (of[i] == labels)
			name[labels++] = PointerGetDatum(one);
	}
	read_credited(fcinfo, ARG_MORE + 1, &p);
	withdraw(&p, p.rho);
	evaluate_all(&p, &m);
	pooled = ph_margin_granted(m.gross, m.net[m.worst], p.share);
	inner = AllocSetContextCreate(CurrentMemoryContext, "pghedge compartment", ALLOCSET_DEFAULT_SIZES);
	for (int l = 0; l < labels; l++)
	{
		double		side[2];
		double		gross = 0;
		int			legs = 0;
		Datum		values[7];
		bool		nulls[7] = {false};
		MemoryContext old = MemoryContextSwitchTo(inner);

		for (int s = 0; s < 2; s++)
		{
			for (int k = 0; k < n; k++)
				in[k] = (of[p.place[k]] == l) == (s == 0);
			evaluate(&p, p.rho, p.gamma, in, &m);
			side[s] = ph_margin_granted(m.gross, m.net[m.worst], p.share);
			if (s == 0)
			{
				gross = m.gross;
				legs = m.n;
			}
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(inner);
		values[0] = name[l];
		values[1] = Int32GetDatum(legs);
		pghedge_put(values, nulls, 2, gross);
		pghedge_put(values, nulls, 3, side[0]);
		pghedge_put(values, nulls, 4, side[1]);
		pghedge_put(values, nulls, 5, pooled);
		pghedge_put(values, nulls, 6, side[0] + side[1] - pooled);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

/* ---- Repair ---- */

/* So many projections are enough for an answer near the nearest, as in hedge.nearest_psd. */
#define MOST_STEPS 200

/*
 * Replaces r (n × n) by the nearest that is positive semi-definite; the square of the distance.  What is
 * unknown (NaN) counts as 0 meanwhile, and stays unknown.
 */
double
pghedge_repair(double *r, int n)
{
	PhNearest	p;
	size_t		all = (size_t) n * n;
	double	   *known;
	double	   *room;
	double		square = 0;

	known = MemoryContextAllocHuge(CurrentMemoryContext, Max(all, 1) * sizeof(double));
	for (size_t i = 0; i < all; i++)
		known[i] = isnan(r[i]) ? 0 : r[i];
	if (n < 2 || isnan(pghedge_indefinite(known, n)))
	{
		pfree(known);
		return 0;
	}
	room = MemoryContextAllocHuge(CurrentMemoryContext, (4 * all + n) * sizeof(double));
	p.n = n;
	p.start = known;
	p.y = room;
	p.correction = p.y + all;
	p.x = p.correction + all;
	p.vectors = p.x + all;
	p.value = p.vectors + all;
	p.work = MemoryContextAllocHuge(CurrentMemoryContext, ph_eigen_workspace(n, true));
	ph_nearest_begin(&p);
	for (int step = 0; step < MOST_STEPS; step++)
	{
		CHECK_FOR_INTERRUPTS();
		pghedge_check(ph_nearest_step(&p));
		if (p.change < PH_NEAREST_SETTLED)
			break;
	}
	pghedge_check(ph_nearest_end(&p));
	for (size_t i = 0; i < all; i++)
	{
		square += (p.y[i] - known[i]) * (p.y[i] - known[i]);
		if (!isnan(r[i]))
			r[i] = p.y[i];
	}
	pfree(known);
	pfree(room);
	pfree(p.work);
	return square;
}

PGHEDGE_FUNCTION(pghedge_nearest_correlations);
Datum
pghedge_nearest_correlations(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	int			n = ARR_NDIM(array) > 0 ? ARR_DIMS(array)[0] : 0;
	double	   *r = correlations(array, n, "correlations");

	check_size("correlations", n);
	for (size_t i = 0; i < (size_t) n * n; i++)
		if (isnan(r[i]))
			r[i] = 0;
	(void) pghedge_repair(r, n);
	PG_RETURN_ARRAYTYPE_P(pghedge_float8_array(r, 2, (int[]) {n, n}));
}

PGHEDGE_FUNCTION(pghedge_correlations);
Datum
pghedge_correlations(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	int			n = pghedge_array_length(array, "assets", -1);
	text	  **asset = pghedge_asset_elements(array, n);
	const MatrixArg *matrix = pghedge_matrix_arg(fcinfo, 0);
	int		   *number = pghedge_asset_numbers(matrix, asset, n);
	double	   *r = MemoryContextAllocHuge(CurrentMemoryContext, Max((size_t) n * n, 1) * sizeof(double));

	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < i; j++)
		{
			PhComoments c;
			double		rho = NAN;

			if (number[i] >= 0 && number[j] >= 0)
			{
				ph_matrix_pair(&matrix->m, number[i], number[j], &c);
				if (!ph_corr(&c, &rho))
					rho = NAN;
			}
			r[(size_t) i * n + j] = r[(size_t) j * n + i] = rho;
		}
		r[(size_t) i * n + i] = 1;
	}
	PG_RETURN_ARRAYTYPE_P(pghedge_float8_array(r, 2, (int[]) {n, n}));
}

/* ---- credit_at_risk ---- */

const char *const pghedge_move_name[MOVES] = {
	"low", "medium", "high", "zero", "flipped", "worst_seen"
};

double
pghedge_move(MarginMove how, double corr, double low, double high, bool together)
{
	if (isnan(corr))
		return corr;
	switch (how)
	{
		case MOVE_LOW:
			return ph_scenario(PH_LOW, corr);
		case MOVE_HIGH:
			return ph_scenario(PH_HIGH, corr);
		case MOVE_ZERO:
			return 0;
		case MOVE_FLIPPED:
			return -corr;
		case MOVE_WORST_SEEN:
			/* what was seen includes what is now */
			return together ? fmax(corr, high) : fmin(corr, low);
		default:
			return corr;
	}
}

PGHEDGE_FUNCTION(pghedge_credit_at_risk);
Datum
pghedge_credit_at_risk(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Legs		p;
	double	   *low = NULL;
	double	   *high = NULL;
	double	   *sum;
	double		required = 0;
	double		medium = 0;
	MemoryContext inner;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!read_legs(fcinfo, &p))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(ARG_MORE))
		low = correlations(PG_GETARG_ARRAYTYPE_P(ARG_MORE), p.n, "minimum");
	if (!PG_ARGISNULL(ARG_MORE + 1))
		high = correlations(PG_GETARG_ARRAYTYPE_P(ARG_MORE + 1), p.n, "maximum");
	read_credited(fcinfo, ARG_MORE + 2, &p);
	sum = palloc0(Max(p.buckets, 1) * sizeof(double));
	for (int i = 0; i < p.n; i++)
		sum[p.bucket[i]] += p.ws[i];

	inner = AllocSetContextCreate(CurrentMemoryContext, "pghedge credit at risk", ALLOCSET_DEFAULT_SIZES);
	for (int how = -1; how < MOVES; how++)
	{
		MemoryContext old = MemoryContextSwitchTo(inner);
		Legs		moved = p;
		double		square = 0;
		PhMargin	m;

		if (how == MOVE_WORST_SEEN && low == NULL && high == NULL)
		{
			MemoryContextSwitchTo(old);
			break;
		}
		CHECK_FOR_INTERRUPTS();
		moved.rho = MemoryContextAllocHuge(inner, Max((size_t) p.n * p.n, 1) * sizeof(double));
		moved.gamma = palloc(Max((size_t) p.buckets * p.buckets, 1) * sizeof(double));
		memcpy(moved.rho, p.rho, (size_t) p.n * p.n * sizeof(double));
		memcpy(moved.gamma, p.gamma, (size_t) p.buckets * p.buckets * sizeof(double));
		if (how >= 0 && how != MOVE_MEDIUM)
		{
			for (int i = 0; i < p.n; i++)
				for (int j = 0; j < p.n; j++)
				{
					double	   *rho = &moved.rho[(size_t) i * p.n + j];
					size_t		given = (size_t) p.place[i] * p.n + p.place[j];

					if (i != j)
						*rho = pghedge_move(how, *rho, low ? low[given] : NAN, high ? high[given] : NAN,
											(p.ws[i] < 0) == (p.ws[j] < 0));
				}
			for (int b = 0; b < p.buckets; b++)
				for (int c = 0; c < p.buckets; c++)
				{
					double	   *gamma = &moved.gamma[(size_t) b * p.buckets + c];

					if (b != c)
						*gamma = pghedge_move(how, *gamma, NAN, NAN, (sum[b] < 0) == (sum[c] < 0));
				}
			square += pghedge_repair(moved.gamma, p.buckets);
			for (int from = 0, to; from < p.n; from = to)
			{
				double	   *block;

				for (to = from + 1; to < p.n && p.bucket[to] == p.bucket[from]; to++)
					;
				block = block_of(&p, moved.rho, from, to);
				square += pghedge_repair(block, to - from);
				for (int i = from; i < to; i++)
					memcpy(moved.rho + (size_t) i * p.n + from, block + (size_t) (i - from) * (to - from),
						   (to - from) * sizeof(double));
			}
		}
		withdraw(&p, moved.rho);
		if (how < 0)
		{
			/* as things are: what the others are compared with */
			evaluate_all(&moved, &m);
			required = ph_margin_granted(m.gross, m.net[m.worst], p.share);
			medium = ph_margin_granted(m.gross, m.net[PH_MEDIUM], p.share);
			MemoryContextSwitchTo(old);
		}
		else
		{
			double		margin;
			Datum		values[8];
			bool		nulls[8] = {false};

			evaluate(&moved, moved.rho, moved.gamma, NULL, &m);
			margin = ph_margin_granted(m.gross, m.net[PH_MEDIUM], p.share);
			MemoryContextSwitchTo(old);
			values[0] = PointerGetDatum(cstring_to_text(pghedge_move_name[how]));
			pghedge_put(values, nulls, 1, margin);
			pghedge_put(values, nulls, 2, m.gross - margin);
			pghedge_put(values, nulls, 3, margin - medium);
			values[4] = BoolGetDatum(square > 0);
			pghedge_put(values, nulls, 5, sqrt(square));
			values[6] = BoolGetDatum(m.alternative[PH_MEDIUM]);
			pghedge_put(values, nulls, 7, fmax(margin - required, 0));
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
		MemoryContextReset(inner);
	}
	PG_RETURN_NULL();
}

/* ---- Spread credits ---- */

enum
{
	SPREAD_ASSETS, SPREAD_DELTAS, SPREAD_RATES, SPREAD_SPREADS, SPREAD_LEGS, SPREAD_RATIOS, SPREAD_SIDES,
	SPREAD_CREDIT_RATES, SPREAD_PRIORITIES, SPREAD_WHOLE
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
	Datum	   *asset;
	double	   *delta;
	double	   *left;			/* its size */
	double	   *margin;			/* of one contract */
	int			spreads;
	Datum	   *name;
	double	   *priority;		/* NaN: none, comes last */
	int		   *first;			/* [spreads + 1] of leg */
	SpreadLeg  *leg;			/* those of a spread side by side */
	int		   *order;
	double	   *formed;
	double	   *credit;
	double	   *asset_credit;
} SpreadBook;

static Datum *
texts(FunctionCallInfo fcinfo, int argno, const char *name, int *n)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	Datum	   *value;
	bool	   *isnull;
	int			length;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d dimensions", name, ARR_NDIM(array))));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &value, &isnull, &length);
	if (*n >= 0 && length != *n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements, not %d", name, length, *n)));
	*n = length;
	for (int i = 0; i < length; i++)
		if (isnull[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of %s is null", i + 1, name)));
	return value;
}

static double *
numbers(FunctionCallInfo fcinfo, int argno, const char *name, int n, bool required)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	double	   *value;

	if (ARR_NDIM(array) > 1 || ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) != n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has not one dimension with %d elements", name, n)));
	value = pghedge_float8_elements(array, n);
	for (int i = 0; required && i < n; i++)
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
	Datum	   *spread;
	Datum	   *leg_asset;
	Datum	   *side;
	double	   *ratio;
	double	   *rate;
	double	   *priority = NULL;
	int			legs = -1;
	int		   *of;

	memset(p, 0, sizeof(*p));
	for (int i = 0; i <= SPREAD_CREDIT_RATES; i++)
		if (PG_ARGISNULL(i))
			return false;
	p->n = -1;
	p->asset = texts(fcinfo, SPREAD_ASSETS, "assets", &p->n);
	p->delta = numbers(fcinfo, SPREAD_DELTAS, "deltas", p->n, true);
	p->margin = numbers(fcinfo, SPREAD_RATES, "rates", p->n, true);
	p->left = palloc(Max(p->n, 1) * sizeof(double));
	p->asset_credit = palloc0(Max(p->n, 1) * sizeof(double));
	pghedge_names_init(&assets, CurrentMemoryContext);
	for (int i = 0; i < p->n; i++)
	{
		text	   *one = DatumGetTextPP(p->asset[i]);

		p->left[i] = fabs(p->delta[i]);
		if (p->margin[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("rate %g of asset \"%s\" is negative", p->margin[i], text_to_cstring(one))));
		if (pghedge_names_number(&assets, VARDATA_ANY(one), VARSIZE_ANY_EXHDR(one)) != i)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("asset \"%s\" is there twice", text_to_cstring(one)),
					 errhint("Give its net delta.")));
	}

	spread = texts(fcinfo, SPREAD_SPREADS, "spreads", &legs);
	leg_asset = texts(fcinfo, SPREAD_LEGS, "legs", &legs);
	ratio = numbers(fcinfo, SPREAD_RATIOS, "ratios", legs, true);
	side = texts(fcinfo, SPREAD_SIDES, "sides", &legs);
	rate = numbers(fcinfo, SPREAD_CREDIT_RATES, "credit_rates", legs, true);
	if (!PG_ARGISNULL(SPREAD_PRIORITIES))
		priority = numbers(fcinfo, SPREAD_PRIORITIES, "priorities", legs, false);
	pghedge_names_init(&spreads, CurrentMemoryContext);
	of = palloc(Max(legs, 1) * sizeof(int));
	p->name = palloc(Max(legs, 1) * sizeof(Datum));
	p->priority = palloc(Max(legs, 1) * sizeof(double));
	p->first = palloc0((legs + 2) * sizeof(int));
	p->leg = palloc(Max(legs, 1) * sizeof(SpreadLeg));
	for (int i = 0; i < legs; i++)
	{
		text	   *one = DatumGetTextPP(spread[i]);

		of[i] = pghedge_names_number(&spreads, VARDATA_ANY(one), VARSIZE_ANY_EXHDR(one));
		if (of[i] == p->spreads)
		{
			p->name[p->spreads] = spread[i];
			p->priority[p->spreads++] = priority ? priority[i] : NAN;
		}
		else if (priority && !(priority[i] == p->priority[of[i]] ||
							   (isnan(priority[i]) && isnan(p->priority[of[i]]))))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("legs of spread \"%s\" have different priorities", text_to_cstring(one))));
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
			text	   *one = DatumGetTextPP(leg_asset[i]);
			char	   *which = TextDatumGetCString(side[i]);
			int			number = pghedge_names_number(&assets, VARDATA_ANY(one), VARSIZE_ANY_EXHDR(one));

			if (!(ratio[i] > 0))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("ratio %g of spread \"%s\" is not positive", ratio[i], TextDatumGetCString(spread[i]))));
			if (!(rate[i] >= 0 && rate[i] <= 1))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("credit rate %g of spread \"%s\" is not from 0 to 1", rate[i], TextDatumGetCString(spread[i]))));
			if (strcmp(which, "A") != 0 && strcmp(which, "B") != 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("side \"%s\" of spread \"%s\" is neither A nor B", which, TextDatumGetCString(spread[i])),
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
							 errmsg("asset \"%s\" is twice in spread \"%s\"", text_to_cstring(one),
									TextDatumGetCString(spread[i]))));
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
					 errmsg("spread \"%s\" has legs on one side only", TextDatumGetCString(p->name[i])),
					 errhint("A spread offsets legs on side A with legs on side B.")));
	}
	p->order = palloc(Max(p->spreads, 1) * sizeof(int));
	for (int s = 0; s < p->spreads; s++)
		p->order[s] = s;
	qsort_arg(p->order, p->spreads, sizeof(int), compare_spreads, p);
	return true;
}

/* Spreads in the order of their priorities, each as often as what is left of its legs allows. */
static void
form_spreads(SpreadBook *p, bool whole)
{
	int		   *leg;
	double	   *ratio;

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
}

PGHEDGE_FUNCTION(pghedge_spread_credits);
Datum
pghedge_spread_credits(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	SpreadBook	p;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!read_spreads(fcinfo, &p))
		PG_RETURN_NULL();
	form_spreads(&p, !PG_ARGISNULL(SPREAD_WHOLE) && PG_GETARG_BOOL(SPREAD_WHOLE));
	for (int o = 0; o < p.spreads; o++)
	{
		int			s = p.order[o];
		Datum		values[4];
		bool		nulls[4] = {false};

		values[0] = Int32GetDatum(o + 1);
		values[1] = p.name[s];
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
	if (!read_spreads(fcinfo, &p))
		PG_RETURN_NULL();
	form_spreads(&p, !PG_ARGISNULL(SPREAD_WHOLE) && PG_GETARG_BOOL(SPREAD_WHOLE));
	for (int i = 0; i < p.n; i++)
	{
		double		gross = fabs(p.delta[i]) * p.margin[i];
		Datum		values[6];
		bool		nulls[6] = {false};

		values[0] = p.asset[i];
		pghedge_put(values, nulls, 1, p.delta[i]);
		pghedge_put(values, nulls, 2, copysign(p.left[i], p.delta[i]));
		pghedge_put(values, nulls, 3, gross);
		pghedge_put(values, nulls, 4, p.asset_credit[i]);
		pghedge_put(values, nulls, 5, gross - p.asset_credit[i]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

/* ---- Weights ---- */

PGHEDGE_FUNCTION(pghedge_normal_quantile);
Datum
pghedge_normal_quantile(PG_FUNCTION_ARGS)
{
	double		level = PG_GETARG_FLOAT8(0);

	if (!(level >= 0.5 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("level %g is not from 0.5 to below 1", level)));
	PG_RETURN_FLOAT8(ph_normal_quantile(level));
}
