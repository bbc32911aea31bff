/*
 * exposure.h
 *	  What a portfolio holds to what it is exposed to: the arithmetic of the view exposure of a book
 *	  (sql/book/50_exposure.sql), for all assets of a portfolio at once.
 *
 *	q			quantity × delta, summed over the portfolio's positions in an asset
 *	notional	value of one contract, in the base currency
 *	unit		exposure of one contract of delta 1; the notional but for difference returns
 *	f			value of the funded holdings in the currency that the asset is, Σ q·notional over them
 *
 *		exposure = q·unit + f / divisor
 *
 * where divisor is 1, or for difference returns the price.  There is none where some number that it
 * is made of is unknown, or it is above PH_LARGEST_EXPOSURE in size.
 */
#ifndef PH_EXPOSURE_H
#define PH_EXPOSURE_H

#include "kernel.h"

#define PH_LARGEST_EXPOSURE 1e100

/* An asset; NaN is an unknown number. */
typedef struct PhUnit
{
	double		notional;
	double		unit;
	double		divisor;
	int			funding;		/* the currency that holding it exposes to, an asset too; -1: none */
} PhUnit;

/* Positions of a portfolio in one asset. */
typedef struct PhHolding
{
	int			asset;
	double		quantity;		/* NaN: no number that can be reckoned with */
	double		delta_quantity; /* infinite or NaN then */
} PhHolding;

typedef struct PhExposure
{
	bool		held;			/* and not only the currency of what is */
	bool		funds;
	double		quantity;
	double		delta_quantity;
	double		funded;
	bool		listed;			/* in touched */
} PhExposure;

/*
 * Adds holdings to sums[], one for each asset, zero at first; touched[] gets the assets that now have
 * something in them (*n in all), in the order in which they first came.
 */
extern void ph_exposure_add(const PhUnit *units, const PhHolding *holding, int holdings,
							PhExposure *sums, int *touched, int *n);

/* The exposure of an asset that has something in its sum. */
extern bool ph_exposure(const PhUnit *unit, const PhExposure *sum, double *exposure);

#endif							/* PH_EXPOSURE_H */
