/*
 * tail.h
 *	  Upper tails of the distributions that tests refer to: normal, supremum of a Brownian bridge,
 *	  gamma.
 */
#ifndef PH_TAIL_H
#define PH_TAIL_H

/* P(Z > z), Z standard normal */
extern double ph_normal_tail(double z);

/* P(sup |B| > x), B a Brownian bridge on [0, 1] */
extern double ph_bridge_tail(double x);

/* P(G > x), G gamma distributed with this shape and scale 1; shape > 0 */
extern double ph_gamma_tail(double shape, double x);

#endif							/* PH_TAIL_H */
