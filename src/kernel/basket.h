/*
 * basket.h
 *	  Baskets of few legs that hedge one asset, and the spread that is left.
 *
 * Basket.  Legs are added one at a time, each the one that takes most off the variance of what is left
 * of y, then each is exchanged while another does better (A. Miller, Subset Selection in
 * Regression, 2002, ch. 3); where all baskets of so many legs can be looked at in PH_BASKET_WORK operations, the best of
 * all is taken. The regression is kept by the sweep operator (J. Goodnight, A
 * tutorial on the SWEEP operator, American Statistician 33, 1979). A leg that the others explain but
 * for PH_COLLINEAR of its variance is never added. Among candidates that are nearly collinear (explained by
 * the others but for less than 1e-6) rounding may choose a basket that is a little worse than a smaller one;
 * the errors reported are those of its ratios, so that they tell.
 *
 * Spread s_t: z-score (s_n − mean)/standard deviation; s_t = a + b·s_{t−1} + u_t by least squares, half-life
 * ln ½ / ln b for 0 < b < 1: the time in which a deviation is expected to halve. A random walk has one, too: b is found
 * below 1. t = (b − 1) / its standard error tells (D. Dickey and W. Fuller, Distribution of the estimators for
 * autoregressive time series with a unit root, JASA 74, 1979); 5 % of random walks are below the critical value (J.
 * MacKinnon, Critical values for cointegration tests, Queen's Economics Department working paper 1227, 2010). It holds for
 * a spread whose ratios were not fitted to its level, as those of a basket, fitted to returns, are not.
 */
#ifndef PH_BASKET_H
#define PH_BASKET_H

#include "kernel.h"

#define PH_COLLINEAR 1e-9
#define PH_BASKET_WORK 1e8

/* A basket of legs against asset y. */
typedef struct PhBasket
{
	int			m;
	int			y;
	double	   *c;				/* m × m covariances; overwritten */
	double	   *own;			/* [m] workspace */
	bool	   *chosen;			/* [m] */
	void	   *work;			/* of ph_basket_workspace; NULL: no search of all baskets */
	int			legs;
} PhBasket;

/* Workspace in bytes for baskets of up to so many legs; 0: none of them can be searched. */
extern size_t ph_basket_workspace(int m, int most);

extern void ph_basket_begin(PhBasket *p);

/* One more leg; false if none removes anything. Then the ratio of leg j is c[j·m + y], and
 * c[y·m + y] the variance left. */
extern bool ph_basket_add(PhBasket *p);

typedef struct PhSpreadStatistics
{
	double		mean;
	double		volatility;
	double		z_score;
	double		persistence;	/* b */
	double		half_life;		/* in observations */
	double		dickey_fuller;	/* t */
} PhSpreadStatistics;

/* The value that t is below in 5 % of random walks of n observations. */
extern double ph_dickey_fuller_critical(int n);

/* NaN is "no answer". x finite. */
extern void ph_spread_statistics(const double *x, int n, PhSpreadStatistics *out);

/* Standard deviation; NaN for fewer than two. */
extern double ph_deviation(const double *x, int n);

#endif							/* PH_BASKET_H */
