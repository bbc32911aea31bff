/*
 * correlations.c
 *	  Correlations as hedge.margin takes them, float8[][], of legs or of buckets: read and checked, of assets
 *	  of a matrix, and the nearest that are positive semi-definite.  See correlations.h.
 */
#include "correlations.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "arrays.h"
#include "lapack.h"
#include "psd.h"
#include "results.h"

double *
pghedge_correlation_elements(ArrayType *array, const char *name, int n, const char *other)
{
	double	   *r;

	if (n == 0 && ARR_NDIM(array) == 0)
		return palloc(sizeof(double));
	if (!(ARR_NDIM(array) == 2 && ARR_DIMS(array)[0] == n && ARR_DIMS(array)[1] == n) &&
		!(n == 1 && ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 1))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s is not a square of %d by %d", name, n, n),
				 errhint("It has one row and one column for each %s.", other)));
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
						 errmsg("%s are not symmetric: %s at (%d, %d), %s at (%d, %d)", name,
								float8out_internal(x), i + 1, j + 1, float8out_internal(y), j + 1, i + 1)));
			if (fabs(fabs(x) - 1) <= 1e-12 && (i == j || fabs(x) > 1))
				x = copysign(1, x);
			if (!(x >= -1 && x <= 1))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s have %s at (%d, %d), which is not from -1 to 1", name, float8out_internal(x), i + 1, j + 1),
						 fabs(x) <= 1 + 1e-6 ? errhint("It is off by rounding: bring it into that range.") : 0));
			if (i == j && x != 1)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s have %s at (%d, %d), which is not 1", name, float8out_internal(x), i + 1, j + 1),
						 fabs(x - 1) <= 1e-6 ? errhint("It is off by rounding: a diagonal is 1.") : 0));
			r[(size_t) i * n + j] = r[(size_t) j * n + i] = x;
		}
	for (int i = 0; i < n; i++)
		r[(size_t) i * n + i] = 1;
	return r;
}

void
pghedge_check_correlations(const char *what, int n)
{
	if (n > MARGIN_MOST_LEGS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s are a square of %d, which is too large", what, n),
				 errdetail("At most %d are possible: work on a larger one could not be cancelled for seconds.",
						   MARGIN_MOST_LEGS)));
}

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

void
pghedge_check_known(double *r, int n, const char *what, const text *bucket)
{
	double		smallest = pghedge_indefinite(r, keep_known(r, n));

	if (isnan(smallest))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 bucket == NULL ? errmsg("%s are not positive semi-definite", what) :
			 errmsg("%s of bucket \"%s\" are not positive semi-definite", what, text_to_cstring(bucket)),
			 errdetail("Their smallest eigenvalue is %g: some portfolio would have a negative variance.", smallest),
			 errhint("hedge.nearest_correlations gives the nearest ones that are.")));
}

/* So many projections are enough for an answer near the nearest, as in hedge.nearest_psd. */
#define MOST_STEPS 200

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
	double	   *r = pghedge_correlation_elements(array, "correlations", n, "leg");

	pghedge_check_correlations("correlations", n);
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
	double		minimum = pghedge_is_given(fcinfo, 2) ? PG_GETARG_INT32(2) : 0;
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
				if (ph_observations(&c) < minimum || !ph_corr(&c, &rho))
					rho = NAN;
			}
			r[(size_t) i * n + j] = r[(size_t) j * n + i] = rho;
		}
		r[(size_t) i * n + i] = 1;
	}
	PG_RETURN_ARRAYTYPE_P(pghedge_float8_array(r, 2, (int[]) {n, n}));
}
