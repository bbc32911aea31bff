/*
 * solver.h
 *	  The one solver behind every hedge, with a certificate:
 *
 *		minimise	f(h) = ½·h'Ah − b'h + Σ c_i·|h_i − s_i|		subject to l_i <= h_i <= u_i
 *
 * A positive semi-definite, c >= 0, s what is held now (s may lie outside the bounds: then it is
 * left at c_i for each unit). It has a minimum wherever nothing can be gained for ever.
 *
 * Method.  Coordinate descent: with the others fixed, the best h_i is known, its unconstrained
 * value drawn back towards s_i by c_i/A_ii, then clipped. It converges to the minimum since what
 * is not smooth is separable (P. Tseng, Convergence of a block coordinate descent method for
 * nondifferentiable minimization, J. Optimization Theory and Applications 109, 2001). The gradient
 * is kept up to date by a column of A for each change, and coordinates that rest cost no more than
 * a look (covariance updates: J. Friedman, T. Hastie, H. Tibshirani, Regularization paths for
 * generalized linear models via coordinate descent, J. Statistical Software 33, 2010). Where A is
 * ill-conditioned this crawls, so sweeps alternate with a Newton step on the coordinates that rest
 * neither on s_i nor on a bound, through a Cholesky factor of their part of A, along which others
 * may come to rest. No step of either kind raises f. Without costs and bounds one factor is all.
 *
 * Certificate.  With g = Ah − b, v_i is the derivative of f that is nearest to zero of all that a
 * move of h_i within its bounds could have: 0 for all i if and only if h is the minimum.
 * In units in which A_ii = 1 (z_i = √A_ii; what A_ii = 0 is solved apart, being linear)
 *
 *		residual = max_i |v_i|/z_i  /  max_i (|b_i| + Σ_j |A_ij|·max(|h_j|, |s_j|))/z_i
 *
 * the largest violation by the size of the numbers that cancel in it, which no choice of units changes.
 *
 * Covariances of n instruments are positive semi-definite up to rounding only, so in those units it is
 * A + μI that is minimised, μ = 8·n·ε, which moves the residual by no more than μ and makes the
 * minimum one where instruments can stand for each other. That A + μI is positive definite is seen
 * by its Cholesky factor; μ is raised as far as 16·n·ε times the largest row sum of |A| if need be.
 */
#ifndef PH_SOLVER_H
#define PH_SOLVER_H

#include "kernel.h"

typedef struct PhSolver
{
	/* the problem */
	int			n;
	const double *a;			/* n × n, both triangles */
	const double *b;
	const double *cost;			/* NULL: none; may be infinite: not traded */
	const double *held;			/* s; NULL: 0 */
	const double *low;			/* NULL: none; may be infinite */
	const double *high;

	/* the answer */
	double	   *h;				/* before: where to start (any finite values) */
	double		residual;
	int			sweeps;
	int			factors;		/* Cholesky factors made */

	/* inside: units in which A_ii = 1 */
	double	   *z;				/* √A_ii, or 0 */
	double	   *unit;			/* A */
	double	   *part;			/* of it, factored */
	double	   *x;
	double	   *g;
	double	   *target;			/* b */
	double	   *toll;			/* c */
	double	   *home;			/* s */
	double	   *floor;			/* l */
	double	   *roof;			/* u */
	double	   *d;
	double	   *move;
	double	   *change;
	int		   *free;			/* coordinates that rest nowhere */
	double		shift;			/* μ */
	double		size;			/* of the numbers at the start */
	double		best;			/* least residual so far, and for how many rounds ... */
	int			stuck;			/* ... it has not been halved */
	bool		plain;			/* neither costs nor bounds */
} PhSolver;

#define PH_SOLVER_GOAL 1e-13		/* residual to stop at ... */
#define PH_SOLVER_CERTIFIED 1e-10	/* ... and the largest that is an answer */

/* Workspace in bytes. */
extern size_t ph_solver_workspace(int n);

/*
 * Members of the problem and h are the caller's; bounds must leave room, all else be finite. Then
 * rounds until *done, between which a caller may look up: PH_NO_CONVERGENCE if they come to no
 * certified end (h and residual stand as far as they got), PH_INDEFINITE, PH_UNBOUNDED.
 */
extern PhStatus ph_solver_begin(PhSolver *p, void *work);
extern PhStatus ph_solver_round(PhSolver *p, bool *done);

/* The residual of any h, by the definition above; nothing of p but the problem and h is used. */
extern double ph_solver_residual(const PhSolver *p, double *work /* 2·n */ );

#endif							/* PH_SOLVER_H */
