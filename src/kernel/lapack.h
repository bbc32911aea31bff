/*
 * lapack.h
 *	  The door to BLAS and LAPACK.  lapack.c alone includes cblas.h and lapacke.h.
 *
 * Matrices are column by column.
 */
#ifndef PH_LAPACK_H
#define PH_LAPACK_H

#include "kernel.h"

extern bool ph_blas_is_serial(void);
extern const char *ph_blas_name(void);

/* Upper triangle of C (n × n) += A'A, A being rows × n. */
extern void ph_blas_syrk(int n, int rows, const double *a, int lda, double *c, int ldc);

/* Upper triangle of C (n × n) = AA', A being n × columns. */
extern void ph_blas_outer(int n, int columns, const double *a, int lda, double *c, int ldc);

/* C (m × n) = beta·C + A'B, A being rows × m and B rows × n. */
extern void ph_blas_gemm(int m, int n, int rows, const double *a, int lda,
						 const double *b, int ldb, double beta, double *c, int ldc);

/* y += alpha·x */
extern void ph_blas_axpy(int n, double alpha, const double *x, double *y);

/* y (rows) = Ax, A being rows × columns. */
extern void ph_blas_gemv(int rows, int columns, const double *a, int lda, const double *x, double *y);

/*
 * A = LL', in the lower triangle of A (n × n), the only one read; false if A is not positive
 * definite. Then A⁻¹b in place of b.
 */
extern bool ph_cholesky(int n, double *a, int lda);
extern void ph_cholesky_solve(int n, const double *l, int lda, double *b);

/*
 * The least squares of least norm: of all x that minimise |Ax − b|, the shortest, in place of b, which has room for
 * max(rows, columns); by the singular values of A (rows × columns), whose content is lost, without those below
 * max(rows, columns)·ε of the largest. NaN-free input, A not empty.
 */
extern size_t ph_least_squares_workspace(int rows, int columns);	/* bytes */
extern PhStatus ph_least_squares(int rows, int columns, double *a, double *b, void *work);

/* A⁻¹ in place of A (n × n); false if A is singular. pivot[n] and work[n²] are workspace. */
extern bool ph_invert(int n, double *a, int *pivot, double *work);

/*
 * Eigenvalues, ascending, of a symmetric n × n matrix, whose content is lost; with vectors, its
 * columns become the eigenvectors.  NaN-free input.
 */
extern size_t ph_eigen_workspace(int n, bool vectors);	/* bytes */
extern PhStatus ph_eigen(int n, double *a, bool vectors, double *value, void *work);

#endif							/* PH_LAPACK_H */
