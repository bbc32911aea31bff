/*
 * tail.h
 *	  Upper tails of the distributions that tests refer to: normal, supremum of a Brownian bridge,
 *	  gamma; Student's t by way of the normal.
 */
#ifndef PH_TAIL_H
#define PH_TAIL_H

/* P(Z > z), Z standard normal */
extern double ph_normal_tail(double z);

/* P(sup |B| > x), B a Brownian bridge on [0, 1] */
extern double ph_bridge_tail(double x);

/* P(G > x), G gamma distributed with this shape and scale 1; shape > 0 */
extern double ph_gamma_tail(double shape, double x);

/*
 * Student's t with any positive degrees of freedom, to the normal scale and back: D. L. Wallace, "Bounds on
 * normal approximations to Student's and the chi-square distributions", Annals of Mathematical Statistics 30
 * (1959), 1121-1130.  At the 97.5 % point good to 0.01 % with 19 degrees, to 0.15 % with 6.
 */
extern double ph_student_normal(double t, double freedom);
extern double ph_student_quantile(double z, double freedom);

#endif							/* PH_TAIL_H */
