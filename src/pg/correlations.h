/*
 * correlations.h
 *	  Correlations as hedge.margin takes them, a square of float8; NaN is one that is not known.
 */
#ifndef PGHEDGE_CORRELATIONS_H
#define PGHEDGE_CORRELATIONS_H

#include "pghedge.h"

#include "utils/array.h"

/*
 * LAPACK cannot be interrupted: so many correlations, of the legs of a bucket or of buckets, are the most
 * that it is given at once, so that no call lasts longer than about a second.
 */
#define MARGIN_MOST_LEGS 1000

/* Fails if n are more than that. */
extern void pghedge_check_correlations(const char *what, int n);

/*
 * A square of n correlations, one row for each other; fails unless it is one, symmetric, from -1 to 1, and
 * 1 on the diagonal.
 */
extern double *pghedge_correlation_elements(ArrayType *array, const char *name, int n, const char *other);

/* Smallest eigenvalue of r (n × n) if it is not positive semi-definite; else NaN. */
extern double pghedge_indefinite(const double *r, int n);

/*
 * Fails if what is known of r (n × n) is not positive semi-definite; that is moved to its beginning.
 * bucket: that they are of; NULL: of none.
 */
extern void pghedge_check_known(double *r, int n, const char *what, const text *bucket);

/*
 * Replaces r (n × n) by the nearest correlations that are positive semi-definite, and returns the
 * square of the distance.  NaN counts as 0 meanwhile, and stays.
 */
extern double pghedge_repair(double *r, int n);

#endif							/* PGHEDGE_CORRELATIONS_H */
