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

/*
 * Eigenvalues, ascending, of a symmetric n × n matrix, whose content is lost; with vectors, its
 * columns become the eigenvectors.  NaN-free input.
 */
extern size_t ph_eigen_workspace(int n, bool vectors);	/* bytes */
extern PhStatus ph_eigen(int n, double *a, bool vectors, double *value, void *work);

#endif							/* PH_LAPACK_H */
