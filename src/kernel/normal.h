/*
 * normal.h
 *	  Quantiles of the standard normal distribution.
 */
#ifndef PH_NORMAL_H
#define PH_NORMAL_H

/* The z with Φ(z) = p, for 0 < p < 1; NaN outside, ±infinity at the ends. */
extern double ph_normal_quantile(double p);

#endif							/* PH_NORMAL_H */
