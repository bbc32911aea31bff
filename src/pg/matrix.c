/*
 * matrix.c
 *	  The type hedge.comoment_matrix: layout, input and output, accessors.
 */
#include "matrix.h"

#include <math.h>

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "../kernel/lapack.h"
#include "../kernel/psd.h"
#include "comoments.h"
#include "numbers.h"

static const char *const type_name = "hedge.comoment_matrix";

/* ---------- layout ---------- */

/*
 * Text takes up to PGHEDGE_DOUBLE_TEXT characters a number.  A row's text must fit 1 GB to be
 * dumped, and a run of a book holds two matrices, the second being the repaired one.
 */
#define MAX_DOUBLES ((size_t) 450 * 1024 * 1024 / PGHEDGE_DOUBLE_TEXT)

void
pghedge_matrix_check_size(int n, bool complete)
{
	/* n(n + 1)/2 ≤ k, solved for n */
	int			most_complete = (int) (sqrt(2.0 * MAX_DOUBLES) - 4);
	int			most_pairs = (int) (sqrt(2.0 * MAX_DOUBLES / 9) - 1);

	if (n <= (complete ? most_complete : most_pairs))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("comoment matrix of %d assets is too large", n),
			 errdetail("A value holds at most %d assets, or %d where observations are missing, so that rows with it can be dumped.",
					   most_complete, most_pairs),
			 errhint("Split the assets into groups.")));
}

Size
pghedge_matrix_bytes(int n, bool complete, Size label_bytes)
{
	Size		bytes = offsetof(MatrixDatum, data) +
		ph_matrix_doubles(n, complete) * sizeof(double) + n * sizeof(uint32) + label_bytes;

	if (!AllocSizeIsValid(bytes) || label_bytes > 64 * 1024 * 1024)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("comoment matrix of %d assets is too large", n),
				 errdetail("Labels may take 64 MB together.")));
	return bytes;
}

void
pghedge_matrix_layout(MatrixDatum *datum, int n, bool complete, Size label_bytes,
					  uint32 **label_end, char **label)
{
	SET_VARSIZE(datum, pghedge_matrix_bytes(n, complete, label_bytes));
	datum->version = MATRIX_VERSION;
	datum->form = complete ? MATRIX_COMPLETE : MATRIX_PAIRWISE;
	datum->zero = 0;
	datum->n = n;
	datum->label_bytes = label_bytes;
	*label_end = (uint32 *) (datum->data + ph_matrix_doubles(n, complete));
	*label = (char *) (*label_end + n);
}

void
pghedge_matrix_unpack(const MatrixDatum *datum, MatrixArg *arg)
{
	if (datum->version != MATRIX_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("unknown version %d of a stored hedge.comoment_matrix value",
						datum->version),
				 errhint("It was written by a newer release of pghedge: install that release.")));
	ph_matrix_view(&arg->m, datum->n, datum->form == MATRIX_COMPLETE, datum->data);
	arg->label_end = (const uint32 *) (datum->data + ph_matrix_doubles(datum->n, arg->m.complete));
	arg->label = (const char *) (arg->label_end + datum->n);
}

const MatrixArg *
pghedge_matrix_kept(MatrixCache *cache, MemoryContext context, struct varlena *value)
{
	struct varatt_external toast;
	bool		toasted = VARATT_IS_EXTERNAL_ONDISK(value);

	if (toasted)
	{
		VARATT_EXTERNAL_GET_POINTER(toast, value);
		if (cache->toasted && memcmp(&toast, &cache->toast, sizeof(toast)) == 0)
			return &cache->arg;
	}
	if (cache->flat != NULL)
		pfree(cache->flat);
	cache->flat = NULL;
	cache->toasted = false;
	if (VARATT_IS_EXTENDED(value))
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		cache->flat = (MatrixDatum *) PG_DETOAST_DATUM_COPY(PointerGetDatum(value));
		MemoryContextSwitchTo(old);
		value = (struct varlena *) cache->flat;
	}
	pghedge_matrix_unpack((MatrixDatum *) value, &cache->arg);
	if (toasted)
		cache->toast = toast;
	cache->toasted = toasted;
	return &cache->arg;
}

const MatrixArg *
pghedge_matrix_arg(FunctionCallInfo fcinfo, int argno)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(MatrixCache));
	return pghedge_matrix_kept(fcinfo->flinfo->fn_extra, fcinfo->flinfo->fn_mcxt,
							   (struct varlena *) PG_GETARG_POINTER(argno));
}

int
pghedge_matrix_find(const MatrixArg *arg, const char *bytes, int len)
{
	int			low = 0,
				high = arg->m.n;

	while (low < high)
	{
		int			middle = (low + high) / 2;
		int			label_len;
		const char *label = pghedge_matrix_label(arg, middle, &label_len);
		int			order = pghedge_compare_labels(bytes, len, label, label_len);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/* ---------- input and output ---------- */

/* The matrix of an output function's argument; those are called once a value. */
static MatrixArg
output_arg(FunctionCallInfo fcinfo)
{
	MatrixArg	arg;

	pghedge_matrix_unpack((MatrixDatum *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0)), &arg);
	return arg;
}

/* The packed doubles of a view. */
static const double *
packed_data(const PhMatrix *m)
{
	return m->complete ? m->mean - 2 : (const double *) m->pair;
}

/*
 * 'v1 complete 2 "A" "B" numbers...' or 'v1 pairwise ...'; a backslash keeps the character after
 * it within a label.
 */
PGHEDGE_FUNCTION(pghedge_matrix_out);
Datum
pghedge_matrix_out(PG_FUNCTION_ARGS)
{
	MatrixArg	arg = output_arg(fcinfo);
	const double *data = packed_data(&arg.m);
	size_t		doubles = ph_matrix_doubles(arg.m.n, arg.m.complete);
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "v%d %s %d", MATRIX_VERSION,
					 arg.m.complete ? "complete" : "pairwise", arg.m.n);
	for (int i = 0; i < arg.m.n; i++)
	{
		int			len;
		const char *label = pghedge_matrix_label(&arg, i, &len);

		appendStringInfoString(&buf, " \"");
		for (int k = 0; k < len; k++)
		{
			if (label[k] == '"' || label[k] == '\\')
				appendStringInfoChar(&buf, '\\');
			appendStringInfoChar(&buf, label[k]);
		}
		appendStringInfoChar(&buf, '"');
	}
	for (size_t k = 0; k < doubles; k++)
	{
		if (k % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		pghedge_append_double(&buf, data[k]);
	}
	PG_RETURN_CSTRING(buf.data);
}

/* Numbers, labels and their order are checked alike whatever form they came in. */
static void
check_input(const MatrixDatum *datum, int sqlstate)
{
	MatrixArg	arg;

	pghedge_matrix_unpack(datum, &arg);
	for (int j = 0; j < arg.m.n; j++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!ph_matrix_column_valid(&arg.m, j))
			ereport(ERROR,
					(errcode(sqlstate),
					 errmsg("invalid hedge.comoment_matrix value"),
					 errdetail("No observations have the co-moments of asset %d.", j + 1)));
		if (j > 0)
		{
			int			len,
						len0;
			const char *label = pghedge_matrix_label(&arg, j, &len);
			const char *label0 = pghedge_matrix_label(&arg, j - 1, &len0);

			if (pghedge_compare_labels(label0, len0, label, len) >= 0)
				ereport(ERROR,
						(errcode(sqlstate),
						 errmsg("invalid hedge.comoment_matrix value"),
						 errdetail("Labels are not unique and in byte order.")));
		}
	}
}

PGHEDGE_FUNCTION(pghedge_matrix_in);
Datum
pghedge_matrix_in(PG_FUNCTION_ARGS)
{
	const char *whole = PG_GETARG_CSTRING(0);
	const char *p = whole;
	bool		complete;
	long		n;
	char	   *end;
	StringInfoData labels;
	uint32	   *ends;
	MatrixDatum *datum;
	uint32	   *label_end;
	char	   *label;
	size_t		doubles;

	if (strncmp(p, "v1 complete ", 12) == 0)
		complete = true;
	else if (strncmp(p, "v1 pairwise ", 12) == 0)
		complete = false;
	else
		pghedge_invalid_text(whole, type_name,
							 "It begins with \"v1 complete\" or \"v1 pairwise\".");
	p += 12;
	errno = 0;
	n = strtol(p, &end, 10);
	/* every asset takes three characters or more of what follows */
	if (end == p || errno != 0 || n < 1 || n > (long) strlen(end) / 3)
		pghedge_invalid_text(whole, type_name, "The number of assets is missing or malformed.");
	pghedge_matrix_check_size((int) n, complete);
	p = end;

	initStringInfo(&labels);
	ends = palloc(n * sizeof(uint32));
	for (long i = 0; i < n; i++)
	{
		if (p[0] != ' ' || p[1] != '"')
			pghedge_invalid_text(whole, type_name, "A label is missing.");
		for (p += 2; *p != '"'; p++)
		{
			if (*p == '\\')
				p++;
			if (*p == '\0')
				pghedge_invalid_text(whole, type_name, "A label does not end.");
			appendStringInfoChar(&labels, *p);
		}
		p++;
		ends[i] = labels.len;
	}

	/* the shortest number takes two characters with its space */
	doubles = ph_matrix_doubles((int) n, complete);
	if (doubles > strlen(p) / 2)
		pghedge_invalid_text(whole, type_name, "Numbers are missing.");
	datum = palloc0(pghedge_matrix_bytes((int) n, complete, labels.len));
	pghedge_matrix_layout(datum, (int) n, complete, labels.len, &label_end, &label);
	memcpy(label_end, ends, n * sizeof(uint32));
	memcpy(label, labels.data, labels.len);
	for (size_t k = 0; k < doubles; k++)
	{
		if (k % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		datum->data[k] = pghedge_parse_double(&p, whole, type_name);
	}
	while (*p == ' ')
		p++;
	if (*p != '\0')
		pghedge_invalid_text(whole, type_name, "There is text behind the numbers.");
	check_input(datum, ERRCODE_INVALID_TEXT_REPRESENTATION);
	PG_RETURN_POINTER(datum);
}

PGHEDGE_FUNCTION(pghedge_matrix_send);
Datum
pghedge_matrix_send(PG_FUNCTION_ARGS)
{
	MatrixArg	arg = output_arg(fcinfo);
	const double *data = packed_data(&arg.m);
	size_t		doubles = ph_matrix_doubles(arg.m.n, arg.m.complete);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint8(&buf, MATRIX_VERSION);
	pq_sendint8(&buf, arg.m.complete ? MATRIX_COMPLETE : MATRIX_PAIRWISE);
	pq_sendint32(&buf, arg.m.n);
	for (int i = 0; i < arg.m.n; i++)
	{
		int			len;
		const char *label = pghedge_matrix_label(&arg, i, &len);

		char	   *text = pg_server_to_client(label, len);

		/* the conversion returns its argument, not terminated, when there is nothing to convert */
		if (text != label)
			len = strlen(text);
		pq_sendint32(&buf, len);
		pq_sendbytes(&buf, text, len);
	}
	for (size_t k = 0; k < doubles; k++)
		pq_sendfloat8(&buf, data[k]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PGHEDGE_FUNCTION(pghedge_matrix_recv);
Datum
pghedge_matrix_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(buf);
	int			form = pq_getmsgbyte(buf);
	int			n = pq_getmsgint(buf, 4);
	StringInfoData labels;
	uint32	   *ends;
	MatrixDatum *datum;
	uint32	   *label_end;
	char	   *label;
	size_t		doubles;

	if (version != MATRIX_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unknown version %d of a binary hedge.comoment_matrix value", version)));
	if ((form != MATRIX_COMPLETE && form != MATRIX_PAIRWISE) || n < 1 ||
		n > (buf->len - buf->cursor) / (int) sizeof(int32))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary hedge.comoment_matrix value")));
	pghedge_matrix_check_size(n, form == MATRIX_COMPLETE);

	initStringInfo(&labels);
	ends = palloc(n * sizeof(uint32));
	for (int i = 0; i < n; i++)
	{
		int			len = pq_getmsgint(buf, 4);
		int			converted;
		char	   *text;

		if (len < 0 || len > buf->len - buf->cursor)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					 errmsg("invalid binary hedge.comoment_matrix value"),
					 errdetail("A label does not end.")));
		text = pq_getmsgtext(buf, len, &converted);
		appendBinaryStringInfo(&labels, text, converted);
		pfree(text);
		ends[i] = labels.len;
	}
	doubles = ph_matrix_doubles(n, form == MATRIX_COMPLETE);
	if (doubles != (size_t) (buf->len - buf->cursor) / sizeof(double))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary hedge.comoment_matrix value"),
				 errdetail("It has too few or too many numbers.")));
	datum = palloc0(pghedge_matrix_bytes(n, form == MATRIX_COMPLETE, labels.len));
	pghedge_matrix_layout(datum, n, form == MATRIX_COMPLETE, labels.len, &label_end, &label);
	memcpy(label_end, ends, n * sizeof(uint32));
	memcpy(label, labels.data, labels.len);
	for (size_t k = 0; k < doubles; k++)
		datum->data[k] = pghedge_receive_double(buf);
	check_input(datum, ERRCODE_INVALID_BINARY_REPRESENTATION);
	PG_RETURN_POINTER(datum);
}

/* A value as flat bytes: the aggregates' final function, since their state is an expanded object. */
PGHEDGE_FUNCTION(pghedge_matrix_flat);
Datum
pghedge_matrix_flat(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(PG_DETOAST_DATUM(PG_GETARG_DATUM(0)));
}

/* ---------- accessors ---------- */

/* The number of the asset named in an argument; an unknown one is an error that names it. */
static int
asset_arg(FunctionCallInfo fcinfo, int argno, const MatrixArg *arg)
{
	text	   *name = PG_GETARG_TEXT_PP(argno);
	int			i = pghedge_matrix_find(arg, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (i < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("asset \"%s\" is not in the matrix", text_to_cstring(name)),
				 errhint("hedge.assets() lists its assets.")));
	return i;
}

/* The pair named in arguments 1 and 2; false when it was never observed together. */
static bool
pair_arg(FunctionCallInfo fcinfo, PhComoments *c)
{
	const MatrixArg *arg = pghedge_matrix_arg(fcinfo, 0);

	ph_matrix_pair(&arg->m, asset_arg(fcinfo, 1, arg), asset_arg(fcinfo, 2, arg), c);
	return c->w > 0;
}

PGHEDGE_FUNCTION(pghedge_matrix_pair);
Datum
pghedge_matrix_pair(PG_FUNCTION_ARGS)
{
	PhComoments c;

	if (!pair_arg(fcinfo, &c))
		PG_RETURN_NULL();
	PG_RETURN_COMOMENTS(&c);
}

#define PAIR_ACCESSOR(name, statistic) \
	PGHEDGE_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		PhComoments c; \
		double		value; \
		bool		has_answer = pair_arg(fcinfo, &c) && statistic(&c, &value); \
		\
		PGHEDGE_RETURN_ANSWER(has_answer, value); \
	}

PAIR_ACCESSOR(pghedge_matrix_corr, ph_corr)
PAIR_ACCESSOR(pghedge_matrix_covariance, ph_covariance)
PAIR_ACCESSOR(pghedge_matrix_hedge_ratio, ph_hedge_ratio)

PGHEDGE_FUNCTION(pghedge_matrix_observations);
Datum
pghedge_matrix_observations(PG_FUNCTION_ARGS)
{
	PhComoments c;

	PG_RETURN_FLOAT8(pair_arg(fcinfo, &c) ? ph_observations(&c) : 0);
}

PGHEDGE_FUNCTION(pghedge_matrix_volatility);
Datum
pghedge_matrix_volatility(PG_FUNCTION_ARGS)
{
	const MatrixArg *arg = pghedge_matrix_arg(fcinfo, 0);
	int			i = asset_arg(fcinfo, 1, arg);
	PhComoments c;
	double		value;
	bool		has_answer;

	ph_matrix_pair(&arg->m, i, i, &c);
	has_answer = ph_volatility_y(&c, &value);
	PGHEDGE_RETURN_ANSWER(has_answer, value);
}

static Datum
label_datum(const MatrixArg *arg, int i)
{
	int			len;
	const char *label = pghedge_matrix_label(arg, i, &len);

	return PointerGetDatum(cstring_to_text_with_len(label, len));
}

PGHEDGE_FUNCTION(pghedge_matrix_assets);
Datum
pghedge_matrix_assets(PG_FUNCTION_ARGS)
{
	const MatrixArg *arg = pghedge_matrix_arg(fcinfo, 0);
	Datum	   *names = palloc(arg->m.n * sizeof(Datum));

	for (int i = 0; i < arg->m.n; i++)
		names[i] = label_datum(arg, i);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, arg->m.n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* A row a pair y < x. */
PGHEDGE_FUNCTION(pghedge_matrix_pairs);
Datum
pghedge_matrix_pairs(PG_FUNCTION_ARGS)
{
	enum
	{
		ASSET_Y, ASSET_X, OBSERVATIONS, CORR, COVARIANCE, HEDGE_RATIO, VOLATILITY_Y, VOLATILITY_X,
		COLUMNS
	};
	static bool (*const statistic[COLUMNS]) (const PhComoments *, double *) = {
		[CORR] = ph_corr,
		[COVARIANCE] = ph_covariance,
		[HEDGE_RATIO] = ph_hedge_ratio,
		[VOLATILITY_Y] = ph_volatility_y,
		[VOLATILITY_X] = ph_volatility_x,
	};
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const MatrixArg *arg = pghedge_matrix_arg(fcinfo, 0);
	Datum	   *names = palloc(arg->m.n * sizeof(Datum));

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < arg->m.n; i++)
		names[i] = label_datum(arg, i);
	for (int y = 0; y < arg->m.n; y++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int x = y + 1; x < arg->m.n; x++)
		{
			PhComoments c;
			Datum		values[COLUMNS];
			bool		nulls[COLUMNS] = {false};

			ph_matrix_pair(&arg->m, y, x, &c);
			values[ASSET_Y] = names[y];
			values[ASSET_X] = names[x];
			values[OBSERVATIONS] = Float8GetDatum(c.w > 0 ? ph_observations(&c) : 0);
			for (int k = CORR; k < COLUMNS; k++)
			{
				double		value = 0;

				nulls[k] = !statistic[k] (&c, &value);
				if (unlikely(isinf(value)))
					pghedge_status_error(PH_OVERFLOW);
				values[k] = Float8GetDatum(value);
			}
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}

/* A square float8[][] of a statistic of every pair. */
static ArrayType *
square_array(const MatrixArg *arg, bool (*statistic) (const PhComoments *, double *))
{
	int			n = arg->m.n;
	int			dims[2] = {n, n};
	int			lower[2] = {1, 1};
	Datum	   *values;
	bool	   *nulls;

	/* the array itself is checked by construct_md_array; these arrays before */
	values = MemoryContextAllocHuge(CurrentMemoryContext, (Size) n * n * sizeof(Datum));
	nulls = MemoryContextAllocHuge(CurrentMemoryContext, (Size) n * n * sizeof(bool));
	for (int y = 0; y < n; y++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int x = 0; x < n; x++)
		{
			PhComoments c;
			double		value = 0;

			ph_matrix_pair(&arg->m, y, x, &c);
			nulls[y * n + x] = !statistic(&c, &value);
			if (unlikely(isinf(value)))
				pghedge_status_error(PH_OVERFLOW);
			values[y * n + x] = Float8GetDatum(value);
		}
	}
	return construct_md_array(values, nulls, 2, dims, lower, FLOAT8OID, sizeof(float8),
							  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

PGHEDGE_FUNCTION(pghedge_matrix_correlation_matrix);
Datum
pghedge_matrix_correlation_matrix(PG_FUNCTION_ARGS)
{
	PG_RETURN_ARRAYTYPE_P(square_array(pghedge_matrix_arg(fcinfo, 0), ph_corr));
}

PGHEDGE_FUNCTION(pghedge_matrix_covariance_matrix);
Datum
pghedge_matrix_covariance_matrix(PG_FUNCTION_ARGS)
{
	PG_RETURN_ARRAYTYPE_P(square_array(pghedge_matrix_arg(fcinfo, 0), ph_covariance));
}

/* ---------- eigenvalues, nearest positive semi-definite ---------- */

static double *
square_alloc(int n)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, (Size) n * n * sizeof(double));
}

/* Eigenvalues of the correlation matrix, ascending; r is left as it is. */
static double *
eigenvalues_of(int n, const double *r)
{
	double	   *copy = square_alloc(n);
	double	   *value = palloc(n * sizeof(double));
	void	   *work = MemoryContextAllocHuge(CurrentMemoryContext, ph_eigen_workspace(n, false));

	memcpy(copy, r, (size_t) n * n * sizeof(double));
	pghedge_check(ph_eigen(n, copy, false, value, work));
	pfree(copy);
	pfree(work);
	return value;
}

PGHEDGE_FUNCTION(pghedge_matrix_eigenvalues);
Datum
pghedge_matrix_eigenvalues(PG_FUNCTION_ARGS)
{
	const MatrixArg *arg = pghedge_matrix_arg(fcinfo, 0);
	int			n = arg->m.n;
	double	   *r = square_alloc(n);
	double	   *value;
	Datum	   *result = palloc(n * sizeof(Datum));

	ph_correlations(&arg->m, r);
	value = eigenvalues_of(n, r);
	for (int i = 0; i < n; i++)
		result[i] = Float8GetDatum(value[n - 1 - i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(result, n, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
										  TYPALIGN_DOUBLE));
}

/*
 * The same matrix with its correlations replaced by the nearest positive semi-definite ones;
 * means, sums of squares and numbers of observations stay.
 */
static MatrixDatum *
with_correlations(const MatrixArg *arg, const double *r)
{
	int			n = arg->m.n;
	uint32		label_bytes = arg->label_end[n - 1];
	MatrixDatum *datum;
	uint32	   *label_end;
	char	   *label;

	pghedge_matrix_check_size(n, false);
	datum = palloc(pghedge_matrix_bytes(n, false, label_bytes));
	pghedge_matrix_layout(datum, n, false, label_bytes, &label_end, &label);
	memcpy(label_end, arg->label_end, n * sizeof(uint32));
	memcpy(label, arg->label, label_bytes);
	for (int j = 0; j < n; j++)
		for (int i = 0; i <= j; i++)
		{
			PhComoments *c = (PhComoments *) datum->data + ph_packed(i, j);
			double		rho;

			ph_matrix_pair(&arg->m, i, j, c);
			if (i < j && ph_corr(c, &rho) && !isnan(rho))
				c->sxy = r[(size_t) j * n + i] * (sqrt(c->syy) * sqrt(c->sxx));
		}
	return datum;
}

/* Projections until the matrix has settled; so many are enough for an answer near the nearest. */
#define MOST_PROJECTIONS 200

PGHEDGE_FUNCTION(pghedge_matrix_nearest_psd);
Datum
pghedge_matrix_nearest_psd(PG_FUNCTION_ARGS)
{
	const MatrixArg *arg = pghedge_matrix_arg(fcinfo, 0);
	int			n = arg->m.n;
	double	   *r = square_alloc(n);
	PhNearest	p;
	Progress	progress = {.what = "projections to positive semi-definite correlations"};

	ph_correlations(&arg->m, r);
	p.value = eigenvalues_of(n, r);
	if (ph_is_psd(n, p.value[0], p.value[n - 1]))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	/* the result is in pairs; said before hours of work */
	pghedge_matrix_check_size(n, false);

	p.n = n;
	p.start = r;
	p.y = square_alloc(n);
	p.correction = square_alloc(n);
	p.x = square_alloc(n);
	p.vectors = square_alloc(n);
	p.work = MemoryContextAllocHuge(CurrentMemoryContext, ph_eigen_workspace(n, true));
	ph_nearest_begin(&p);
	for (int k = 0; k < MOST_PROJECTIONS; k++)
	{
		CHECK_FOR_INTERRUPTS();
		pghedge_progress(&progress, k, 0);
		pghedge_check(ph_nearest_step(&p));
		if (p.change <= PH_NEAREST_SETTLED)
			break;
	}
	pghedge_check(ph_nearest_end(&p));
	PG_RETURN_POINTER(with_correlations(arg, p.y));
}
