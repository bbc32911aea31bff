/*
 * exposure.h
 *	  What a portfolio holds to what it is exposed to, for all its assets at once.
 *
 *	q			quantity × delta, summed over the portfolio's positions in an asset
 *	notional	value of one contract, in the base currency
 *	unit		exposure of one contract of delta 1; the notional but for difference returns
 *	f			value of the funded holdings in the currency that the asset is, Σ q·notional over them
 *
 *		delta_notional = q·notional + f
 *		exposure       = q·unit + f / divisor
 *
 * where divisor is 1, or for difference returns the price.  There is none where some number that it
 * is made of is unknown, or it is above PH_LARGEST_EXPOSURE in size.
 */
#ifndef PH_EXPOSURE_H
#define PH_EXPOSURE_H

#include "kernel.h"

#define PH_LARGEST_EXPOSURE 1e100
#define PH_LARGEST_QUANTITY 1e50

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
	int			positions;
	double		quantity;		/* NaN: no number that can be reckoned with */
	double		delta_quantity; /* infinite or NaN then */
} PhHolding;

/* All that bears on a portfolio's exposure to one asset. */
typedef struct PhHeld
{
	int			positions;		/* 0: it is only the currency of what is held */
	bool		funds;			/* it is the currency of something held */
	bool		unpriced;		/* something that has no price */
	bool		listed;			/* in touched */
	double		quantity;
	double		delta_quantity;
	double		funded;			/* f */
} PhHeld;

typedef enum PhExposureProblem
{
	PH_EXPOSURE_NO_PROBLEM,
	PH_EXPOSURE_NOT_A_NUMBER,
	PH_EXPOSURE_INFINITE,
	PH_EXPOSURE_UNPRICED,		/* funded holdings without a price */
	PH_EXPOSURE_TOO_LARGE
} PhExposureProblem;

/* NaN is an unknown number; none is infinite or -0. */
typedef struct PhExposure
{
	double		quantity;		/* NaN also where nothing is held of the asset itself */
	double		notional;		/* quantity × notional of a contract */
	double		delta_notional;
	double		exposure;
	PhExposureProblem problem;	/* beside what the unit does not know */
} PhExposure;

/*
 * quantity × delta, of magnitudes up to PH_LARGEST_QUANTITY, so that no product made of it leaves the range of
 * numbers: 0 where one of them is below 1e-100, infinite where one is above that magnitude, NaN where one is
 * no number.
 */
extern double ph_delta_quantity(double quantity, double delta);

/*
 * Adds holdings to held[], one for each asset, zero at first; touched[] gets the assets that now have
 * something in them (*n in all), in the order in which they first came.
 */
extern void ph_exposure_add(const PhUnit *units, const PhHolding *holding, int holdings,
							PhHeld *held, int *touched, int *n);

/* The exposure to an asset that has something in `held`. */
extern void ph_exposure(const PhUnit *unit, const PhHeld *held, PhExposure *exposure);

#endif							/* PH_EXPOSURE_H */
