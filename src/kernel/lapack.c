/*
 * lapack.c
 *	  The door to BLAS and LAPACK: the one file that includes their headers.
 */
#include "lapack.h"

#include <float.h>

#include <cblas.h>
#include <lapacke.h>

bool
ph_blas_is_serial(void)
{
	return openblas_get_parallel() == OPENBLAS_SEQUENTIAL;
}

const char *
ph_blas_name(void)
{
	return openblas_get_config();
}

void
ph_blas_syrk(int n, int rows, const double *a, int lda, double *c, int ldc)
{
	cblas_dsyrk(CblasColMajor, CblasUpper, CblasTrans, n, rows, 1, a, lda, 1, c, ldc);
}

void
ph_blas_outer(int n, int columns, const double *a, int lda, double *c, int ldc)
{
	cblas_dsyrk(CblasColMajor, CblasUpper, CblasNoTrans, n, columns, 1, a, lda, 0, c, ldc);
}

void
ph_blas_gemm(int m, int n, int rows, const double *a, int lda,
			 const double *b, int ldb, double beta, double *c, int ldc)
{
	cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, m, n, rows, 1, a, lda, b, ldb,
				beta, c, ldc);
}

void
ph_blas_axpy(int n, double alpha, const double *x, double *y)
{
	cblas_daxpy(n, alpha, x, 1, y, 1);
}

void
ph_blas_gemv(int rows, int columns, const double *a, int lda, const double *x, double *y)
{
	if (rows > 0)				/* or else BLAS complains of lda, in a server's log */
		cblas_dgemv(CblasColMajor, CblasNoTrans, rows, columns, 1, a, lda, x, 1, 0, y, 1);
}

bool
ph_cholesky(int n, double *a, int lda)
{
	return n == 0 || LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', n, a, lda) == 0;
}

void
ph_cholesky_solve(int n, const double *l, int lda, double *b)
{
	if (n > 0)
		(void) LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'L', n, 1, l, lda, b, n);
}

bool
ph_invert(int n, double *a, int *pivot, double *work)
{
	if (n == 0)
		return true;
	return LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, n, n, a, n, pivot) == 0 &&
		LAPACKE_dgetri_work(LAPACK_COL_MAJOR, n, a, n, pivot, work, n * n) == 0;
}

/*
 * dgelsd, divide and conquer: it tells its workspace itself.
 */
static lapack_int
least_squares_doubles(int rows, int columns, lapack_int *integers)
{
	double		doubles = 1;
	double		none = 0;
	lapack_int	rank;
	int			longer = rows > columns ? rows : columns;

	*integers = 1;
	(void) LAPACKE_dgelsd_work(LAPACK_COL_MAJOR, rows, columns, 1, &none, rows, &none, longer, &none, 0,
							   &rank, &doubles, -1, integers);
	return (lapack_int) doubles;
}

size_t
ph_least_squares_workspace(int rows, int columns)
{
	lapack_int	integers;
	lapack_int	doubles = least_squares_doubles(rows, columns, &integers);

	return ((size_t) doubles + (size_t) (rows < columns ? rows : columns)) * sizeof(double) +
		(size_t) integers * sizeof(lapack_int);
}

PhStatus
ph_least_squares(int rows, int columns, double *a, double *b, void *work)
{
	lapack_int	integers;
	lapack_int	doubles = least_squares_doubles(rows, columns, &integers);
	lapack_int	rank;
	int			longer = rows > columns ? rows : columns;
	double	   *w = work;
	double	   *singular = w + doubles;

	if (LAPACKE_dgelsd_work(LAPACK_COL_MAJOR, rows, columns, 1, a, rows, b, longer, singular,
							longer * DBL_EPSILON, &rank, w, doubles,
							(lapack_int *) (singular + (rows < columns ? rows : columns))) != 0)
		return PH_NO_CONVERGENCE;
	return PH_OK;
}

/*
 * dsyevd, divide and conquer: workspace sizes as its documentation gives them.
 */
static size_t
eigen_doubles(int n, bool vectors)
{
	return vectors ? 1 + 6 * (size_t) n + 2 * (size_t) n * (size_t) n : 1 + 2 * (size_t) n;
}

static size_t
eigen_integers(int n, bool vectors)
{
	return vectors ? 3 + 5 * (size_t) n : 1;
}

size_t
ph_eigen_workspace(int n, bool vectors)
{
	return eigen_doubles(n, vectors) * sizeof(double) +
		eigen_integers(n, vectors) * sizeof(lapack_int);
}

PhStatus
ph_eigen(int n, double *a, bool vectors, double *value, void *work)
{
	lapack_int *integers = (lapack_int *) ((double *) work + eigen_doubles(n, vectors));

	if (n == 0)
		return PH_OK;
	if (LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, vectors ? 'V' : 'N', 'U', n, a, n, value,
							work, (lapack_int) eigen_doubles(n, vectors),
							integers, (lapack_int) eigen_integers(n, vectors)) != 0)
		return PH_NO_CONVERGENCE;
	return PH_OK;
}
