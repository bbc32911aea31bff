/*
 * margin.c
 *	  Margin of one portfolio from arrays: hedge.margin, its contributions and pairs, walls between
 *	  compartments, and what becomes of the credit when correlations move.
 */
#include "margin.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "arrays.h"
#include "names.h"
#include "normal.h"
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
	text	  **name;			/* [buckets] */
	double	   *rho;			/* n × n; NaN: unknown */
	double	   *gamma;			/* buckets × buckets; NaN: unknown */
	double		share;
	bool	   *credited;		/* n × n: pairs that may offset; NULL: all */
	bool		adverse;		/* what the others have: their correlation turned around, not 0 */
} Legs;

/* Unlike pghedge_reject(), of which leg it is. */
static void
reject(const char *what, double value, int place, const char *needed)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 isnan(value) ? errmsg("%s of leg %d is missing", what, place) :
			 errmsg("%s %g of leg %d is not %s", what, value, place, needed)));
}

/* Names beside an array of others; NULL is ''. */
static text **
labels(ArrayType *array, const char *name, int n, const char *others)
{
	text	  **label = pghedge_text_per(array, name, n, others);

	for (int i = 0; i < n; i++)
		if (label[i] == NULL)
			label[i] = cstring_to_text("");
	return label;
}

/* The block of legs from ... to - 1. */
static double *
block_of(const Legs *p, int from, int to)
{
	int			n = to - from;
	double	   *block = MemoryContextAllocHuge(CurrentMemoryContext, Max((size_t) n * n, 1) * sizeof(double));

	for (int i = 0; i < n; i++)
		memcpy(block + (size_t) i * n, p->rho + (size_t) (from + i) * p->n + from, n * sizeof(double));
	return block;
}

/* Legs as arguments have them, checked; those of a bucket side by side. False if an array is NULL. */
static bool
read_legs(FunctionCallInfo fcinfo, Legs *p)
{
	ArrayType  *array;
	double	   *exposure;
	double	   *weight = NULL;
	double	   *rho;
	text	  **label = NULL;
	Names		names;
	bool		named = !PG_ARGISNULL(ARG_BUCKET_NAMES);
	int		   *bucket;			/* of a leg as given */
	int		   *next;
	int			n;

	memset(p, 0, sizeof(*p));
	if (PG_ARGISNULL(ARG_EXPOSURES) || PG_ARGISNULL(ARG_CORRELATIONS))
		return false;
	array = PG_GETARG_ARRAYTYPE_P(ARG_EXPOSURES);
	p->n = n = pghedge_array_length(array, "exposures", -1);
	exposure = pghedge_float8_elements(array, n);
	if (!PG_ARGISNULL(ARG_WEIGHTS))
		weight = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(ARG_WEIGHTS), "weights", n, "exposures");
	if (PG_ARGISNULL(ARG_SHARE))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("credit_share is null")));
	p->share = pghedge_credit_share(PG_GETARG_FLOAT8(ARG_SHARE));
	rho = pghedge_correlation_elements(PG_GETARG_ARRAYTYPE_P(ARG_CORRELATIONS), "correlations", n, "leg");

	/* buckets, by their names' order where these are given, else as they come */
	pghedge_names_init(&names, CurrentMemoryContext);
	if (named)
	{
		array = PG_GETARG_ARRAYTYPE_P(ARG_BUCKET_NAMES);
		p->buckets = pghedge_array_length(array, "bucket_names", -1);
		p->name = labels(array, "bucket_names", p->buckets, "bucket_names");
		for (int b = 0; b < p->buckets; b++)
			if (pghedge_names_text(&names, p->name[b]) != b)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("bucket \"%s\" is named twice", text_to_cstring(p->name[b]))));
	}
	else
		p->name = palloc(Max(n, 1) * sizeof(text *));
	if (!PG_ARGISNULL(ARG_BUCKETS))
		label = labels(PG_GETARG_ARRAYTYPE_P(ARG_BUCKETS), "buckets", n, "exposures");
	bucket = palloc(Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
	{
		text	   *one = label ? label[i] : cstring_to_text("");

		bucket[i] = pghedge_names_text(&names, one);
		if (bucket[i] < p->buckets)
			continue;
		if (named)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("bucket \"%s\" of leg %d has no parameters", text_to_cstring(one), i + 1),
					 errhint("List it in bucket_names, with a row and a column of bucket_correlations.")));
		p->name[p->buckets++] = one;
	}
	if (!PG_ARGISNULL(ARG_BUCKET_CORRELATIONS))
	{
		size_t		bytes = (size_t) p->buckets * p->buckets * sizeof(double);
		double	   *known;

		if (!named)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("bucket_correlations without bucket_names"),
					 errhint("bucket_names says of which bucket each row and column is.")));
		p->gamma = pghedge_correlation_elements(PG_GETARG_ARRAYTYPE_P(ARG_BUCKET_CORRELATIONS),
												"bucket_correlations", p->buckets, "name in bucket_names");
		pghedge_check_correlations("bucket_correlations", p->buckets);
		known = palloc(Max(bytes, 1));
		memcpy(known, p->gamma, bytes);
		pghedge_check_known(known, p->buckets, "bucket_correlations", NULL);
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

		CHECK_FOR_INTERRUPTS();
		for (to = from + 1; to < n && p->bucket[to] == p->bucket[from]; to++)
			;
		pghedge_check_correlations("correlations of a bucket", to - from);
		block = block_of(p, from, to);
		pghedge_check_known(block, to - from, "correlations", p->name[p->bucket[from]]);
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
evaluate(const Legs *p, const bool *in, PhMargin *m)
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
			double		one = p->rho[(size_t) leg[i] * p->n + leg[j]];

			r[(size_t) i * n + j] = !isnan(one) ? one : (ws[i] < 0) == (ws[j] < 0) ? PH_ADD_UP : -PH_ADD_UP;
		}
	}
	memset(m, 0, sizeof(*m));
	m->n = n;
	m->buckets = p->buckets;
	m->ws = ws;
	m->first = first;
	m->rho = r;
	m->gamma = p->gamma;
	ph_margin(m, palloc(Max(ph_margin_workspace(n, p->buckets), 1) * sizeof(double)));
}

/*
 * The margin of all legs.  Where correlations are not known, what is wrong with the others may only
 * show in a portfolio: then here.
 */
static void
evaluate_all(const Legs *p, PhMargin *m)
{
	evaluate(p, NULL, m);
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
withdraw(Legs *p)
{
	int			n = p->n;

	for (int i = 0; p->credited && i < n; i++)
		for (int j = 0; j < i; j++)
		{
			double		r = p->rho[(size_t) i * n + j];

			if (!p->credited[(size_t) i * n + j] && ((p->ws[i] < 0) == (p->ws[j] < 0) ? r : -r) < 0)
				p->rho[(size_t) i * n + j] = p->rho[(size_t) j * n + i] = p->adverse ? -r : 0;
		}
}

/* After the common arguments: credited, adverse. */
static bool
read_credited_legs(FunctionCallInfo fcinfo, Legs *p)
{
	if (!read_legs(fcinfo, p))
		return false;
	read_credited(fcinfo, ARG_MORE, p);
	withdraw(p);
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
		values[1] = PointerGetDatum(p.name[p.bucket[k]]);
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
	text	  **label;
	text	  **name;
	int			n;
	Names		names;
	int		   *of;
	bool	   *in;
	double		pooled;
	MemoryContext inner;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(ARG_MORE) || !read_legs(fcinfo, &p))
		PG_RETURN_NULL();
	n = p.n;
	label = labels(PG_GETARG_ARRAYTYPE_P(ARG_MORE), "compartments", n, "exposures");
	pghedge_names_init(&names, CurrentMemoryContext);
	name = palloc(Max(n, 1) * sizeof(text *));
	of = palloc(Max(n, 1) * sizeof(int));
	in = palloc(Max(n, 1) * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		of[i] = pghedge_names_text(&names, label[i]);
		name[of[i]] = label[i];
	}
	read_credited(fcinfo, ARG_MORE + 1, &p);
	withdraw(&p);
	evaluate_all(&p, &m);
	pooled = ph_margin_granted(m.gross, m.net[m.worst], p.share);
	inner = AllocSetContextCreate(CurrentMemoryContext, "pghedge compartment", ALLOCSET_DEFAULT_SIZES);
	for (int l = 0; l < names.n; l++)
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
			evaluate(&p, in, &m);
			side[s] = ph_margin_granted(m.gross, m.net[m.worst], p.share);
			if (s == 0)
			{
				gross = m.gross;
				legs = m.n;
			}
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(inner);
		values[0] = PointerGetDatum(name[l]);
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

/*
 * Moves the correlations of legs and buckets, and makes them positive semi-definite; returns the square of
 * the distance.
 */
static double
move(Legs *p, MarginMove how, const double *low, const double *high)
{
	double		square;
	double	   *sum = palloc0(Max(p->buckets, 1) * sizeof(double));

	for (int i = 0; i < p->n; i++)
		sum[p->bucket[i]] += p->ws[i];
	for (int i = 0; i < p->n; i++)
		for (int j = 0; j < p->n; j++)
		{
			double	   *rho = &p->rho[(size_t) i * p->n + j];
			size_t		given = (size_t) p->place[i] * p->n + p->place[j];

			if (i != j)
				*rho = pghedge_move(how, *rho, low ? low[given] : NAN, high ? high[given] : NAN,
									(p->ws[i] < 0) == (p->ws[j] < 0));
		}
	for (int b = 0; b < p->buckets; b++)
		for (int c = 0; c < p->buckets; c++)
		{
			double	   *gamma = &p->gamma[(size_t) b * p->buckets + c];

			if (b != c)
				*gamma = pghedge_move(how, *gamma, NAN, NAN, (sum[b] < 0) == (sum[c] < 0));
		}
	square = pghedge_repair(p->gamma, p->buckets);
	for (int from = 0, to; from < p->n; from = to)
	{
		double	   *block;

		for (to = from + 1; to < p->n && p->bucket[to] == p->bucket[from]; to++)
			;
		block = block_of(p, from, to);
		square += pghedge_repair(block, to - from);
		for (int i = from; i < to; i++)
			memcpy(p->rho + (size_t) i * p->n + from, block + (size_t) (i - from) * (to - from),
				   (to - from) * sizeof(double));
	}
	return square;
}

PGHEDGE_FUNCTION(pghedge_credit_at_risk);
Datum
pghedge_credit_at_risk(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Legs		p;
	double	   *low = NULL;
	double	   *high = NULL;
	double		required = 0;
	double		medium = 0;
	MemoryContext inner;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!read_legs(fcinfo, &p))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(ARG_MORE))
		low = pghedge_correlation_elements(PG_GETARG_ARRAYTYPE_P(ARG_MORE), "minimum", p.n, "leg");
	if (!PG_ARGISNULL(ARG_MORE + 1))
		high = pghedge_correlation_elements(PG_GETARG_ARRAYTYPE_P(ARG_MORE + 1), "maximum", p.n, "leg");
	read_credited(fcinfo, ARG_MORE + 2, &p);
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
			square = move(&moved, how, low, high);
		withdraw(&moved);
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

			evaluate(&moved, NULL, &m);
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
