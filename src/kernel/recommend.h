/*
 * recommend.h
 *	  Which legs of a portfolio are hedges, and trades that rely on some of the correlations only.
 *
 * Positions and hedges.  Whoever may trade all that is held has the least risk with nothing held. So
 * what may be traded is divided: legs that may not be traded are positions; of the others, from the
 * largest risk to the smallest, one is a hedge if it goes with a position, and else a position itself.
 * With goes: |ρ| is at least the least correlation that counts and, where nobody has said that the leg
 * may be traded, the two offset each other (abρ < 0).
 *
 * Relying on some.  Of the correlations between positions and hedges those not relied on count as 0. (Those
 * among positions move no hedge; two hedges taken for unrelated would both be bought in full.) Taken by
 * itself that may be no risk at all, since what is left need not be positive semi-definite, and where long
 * and short positions go with a hedge, leaving one of them out makes it look better than it is. So trades d
 * are made for the worse of two cases: what is relied on, V_1, and the estimate, V_0,
 *
 *		minimise over d		max (V_0(d), V_1(d)) + costs
 *
 * which both are quadratic in d with the hedges' own covariances, and differ in their linear terms only. By
 * the minimax theorem that is the least of (1 − θ)·V_0 + θ·V_1 + costs for the θ in [0, 1] at which neither is
 * worse, or 1 or 0 where one is the worse anyway; V_0 − V_1 at the least rises with θ. (A. Ben-Tal,
 * L. El Ghaoui, A. Nemirovski, Robust Optimization, 2009.) No trade is 0 in both cases: so risk falls in both.
 */
#ifndef PH_RECOMMEND_H
#define PH_RECOMMEND_H

#include "kernel.h"

/*
 * Legs 0 ... n − 1 by falling risk |a|; corr (n × n, NaN: not known) their correlations. Says which of
 * them are hedges, of those that may be traded.
 */
extern void ph_recommend_hedges(int n, const double *a, const double *corr, const bool *tradable,
								bool marked, double minimum_corr, bool *hedge);

/*
 * The correlation to rely on, of one estimated as corr: 0 if it is not relied upon; with an interval
 * (NaN: none) the end of it that helps less, 0 if the interval has 0 in it or there is none.
 */
extern double ph_relied(double corr, bool relied, bool conservative, double low, double high);

#endif							/* PH_RECOMMEND_H */
