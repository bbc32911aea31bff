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
 *		minimise over d		F(d) = price·√max(V_0(d), V_1(d)) + Σ c_i·|d_i|		l <= d <= u
 *		V_0(d) = V + 2g'd + d'Ad,	V_1(d) = V_0(d) − D'd
 *
 * where price is what one unit of risk is worth. No trade is V in both cases: so risk falls in both.
 *
 * The root is minimised by what touches it from above, √V <= (R + V/R)/2 with equality at V = R² (majorisation,
 * K. Lange, MM Optimization Algorithms, 2016): a problem with risk aversion price/R and its solution's risk
 * R(d) for the next R, sped up by secants, until R stays. R begins as the risk now; a hedge that removes
 * nearly all of it ends with a much larger aversion than it began with. By the minimax theorem the
 * problem is the least of (1 − θ)·V_0 + θ·V_1 + costs for the θ in [0, 1] at which neither is worse, or 1 or 0 where
 * one is the worse anyway; D'd rises with θ. (A. Ben-Tal, L. El Ghaoui, A. Nemirovski, Robust Optimization,
 * 2009.) It is searched by false position; between two θ the mixture of their d at which D'd = 0 is tried as
 * well, which is the answer once d is linear between them.
 *
 * Whole lots: from d rounded, and from no trade, one trade after another takes the number of lots that is best by
 * F, among its neighbours, none, and those next to the best real ones, until none improves. So F is never
 * above that of no trade, and no trade costs more than it is worth: than F would rise without it.
 */
#ifndef PH_RECOMMEND_H
#define PH_RECOMMEND_H

#include "solver.h"

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

/* Trades, and what is said of each once they are made. */
typedef struct PhTrades
{
	int			n;
	double		variance;		/* V > 0 */
	const double *a;			/* A, n × n */
	const double *g;
	const double *relief;		/* D */
	const double *cost;			/* c >= 0 */
	const double *step;			/* exposure of a lot > 0 */
	const double *low;			/* l <= 0 */
	const double *high;			/* u >= 0 */
	double		price;
	PhPause		pause;			/* or NULL */

	/* the answer */
	double	   *target;			/* [n] d without lots */
	double	   *trade;			/* [n] d in lots */
	double	   *lots;
	double		estimated;		/* V_0 */
	double		relied;			/* V_1 */

	/* inside */
	double	   *b;
	double	   *toll;
	double	   *h;
	double	   *lower;			/* d at the ends of the search for θ ... */
	double	   *upper;
	double	   *mixture;
	double	   *best;			/* ... and the best of them */
	double	   *slope;			/* g + A·d */
	double	   *other;
	double	   *other_lots;
	double	   *fewest;			/* lots that may be traded */
	double	   *most;
	double		theta;
	double		lower_theta;
	double		upper_theta;
	double		lower_relief;
	double		upper_relief;
	double		best_value;
	double		least;			/* F(target) */
	double		risk;			/* R, ... */
	double		risk_before;	/* ... the R of one pass before, and what came of it */
	double		came_before;
	int			stage;
	int			rounds;
	int			passes;
	bool		split;			/* D is not 0 */
	void	   *work;
	PhSolver	solver;
} PhTrades;

/* What is known of one trade, all others made. Infinite: no bound. */
typedef struct PhTrade
{
	double		band_low;		/* trades that would be none of those beyond were made from there */
	double		band_high;
	double		estimate_low;	/* the same if all correlations were relied on */
	double		estimate_high;
	double		variance;		/* of the worse case, without it */
} PhTrade;

extern size_t ph_trades_workspace(int n);
extern PhStatus ph_trades_begin(PhTrades *p, void *work);
extern PhStatus ph_trades_round(PhTrades *p, bool *done);
extern void ph_trades_end(PhTrades *p);
extern void ph_trades_explain(const PhTrades *p, int i, PhTrade *t);

#endif							/* PH_RECOMMEND_H */
