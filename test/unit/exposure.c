/*
 * exposure.c
 *	  Sums of holdings and what they expose to, each rule of exposure.h once.
 */
#include <math.h>
#include <string.h>

#include "exposure.h"
#include "tap.h"

enum
{
	STOCK, FOREIGN, EURO, SPREAD, UNPRICED, IN_SPREAD, IN_FLAT, FLAT, ASSETS
};

/* FLAT has difference returns and a price of 0; IN_FLAT is funded in it, IN_SPREAD in SPREAD at 4. */
static const PhUnit units[ASSETS] = {
	[STOCK] = {20, 20, 1, -1},
	[FOREIGN] = {10, 10, 1, EURO},
	[EURO] = {1.25, 1.25, 1, -1},
	[SPREAD] = {8, 2, 4, -1},
	[UNPRICED] = {NAN, NAN, NAN, EURO},
	[IN_SPREAD] = {6, 6, 1, SPREAD},
	[IN_FLAT] = {6, 6, 1, FLAT},
	[FLAT] = {0, 2, NAN, -1},
};

static PhHeld held[ASSETS];
static PhExposure latest;

/* The exposure to an asset of one or two holdings; NaN: there is none. */
static double
exposure_of(int asset, int a, double dq_a, int b, double dq_b)
{
	PhHolding	holding[2] = {{a, 1, dq_a, dq_a}, {b, 1, dq_b, dq_b}};
	int			touched[ASSETS];
	int			n = 0;

	memset(held, 0, sizeof(held));
	ph_exposure_add(units, holding, b < 0 ? 1 : 2, held, touched, &n);
	ph_exposure(&units[asset], &held[asset], &latest);
	return latest.exposure;
}

int
main(void)
{
	int			touched[ASSETS];
	int			n = 0;
	PhHolding	holding[3] = {{FOREIGN, 2, 1, 0.5}, {STOCK, 1, 3, 3}, {FOREIGN, 1, 2, 2}};

	ph_exposure_add(units, holding, 3, held, touched, &n);
	ok(n == 3 && touched[0] == FOREIGN && touched[1] == EURO && touched[2] == STOCK,
	   "assets and currencies in the order they come, each once");
	ok(held[FOREIGN].quantity == 3 && held[FOREIGN].delta_quantity == 2.5, "positions are summed");
	ok(held[FOREIGN].positions == 3 && !held[FOREIGN].funds && held[EURO].positions == 0 &&
	   held[EURO].funds, "and counted; held or the currency of what is");
	ok(held[EURO].funded == 25, "by its value");

	ok(exposure_of(STOCK, STOCK, 3, STOCK, -1) == 40, "linear");
	ok(latest.quantity == 2 && latest.notional == 40 && latest.delta_notional == 40 &&
	   latest.problem == PH_EXPOSURE_NO_PROBLEM, "quantity and notional");
	ok(exposure_of(EURO, FOREIGN, 4, -1, 0) == 40, "currency of a funded holding alone");
	ok(isnan(latest.quantity) && isnan(latest.notional) && latest.delta_notional == 40,
	   "of which nothing is held");
	ok(exposure_of(EURO, FOREIGN, 4, EURO, -32) == 0, "and what hedges it");
	ok(!signbit(exposure_of(STOCK, STOCK, -0.0, -1, 0)), "0 is not -0");
	ok(exposure_of(SPREAD, SPREAD, 3, -1, 0) == 6, "difference returns");
	ok(latest.notional == 24 && latest.delta_notional == 24, "whose notional has the price");
	ok(exposure_of(SPREAD, SPREAD, 3, IN_SPREAD, 2) == 9, "and funded in such an asset, by its price");
	ok(exposure_of(FLAT, FLAT, 3, -1, 0) == 6, "a price of 0 is one");
	ok(isnan(exposure_of(FLAT, FLAT, 3, IN_FLAT, 1)), "but no currency");
	ok(isnan(exposure_of(UNPRICED, UNPRICED, 1, -1, 0)), "no price, no exposure");
	ok(latest.quantity == 1 && isnan(latest.notional) && isnan(latest.delta_notional) &&
	   latest.problem == PH_EXPOSURE_NO_PROBLEM, "but a quantity");
	ok(isnan(exposure_of(EURO, EURO, 1, UNPRICED, 1)), "nor to the currency it is funded in");
	ok(isnan(latest.quantity) && latest.problem == PH_EXPOSURE_UNPRICED, "which says so");
	ok(isnan(exposure_of(STOCK, STOCK, NAN, STOCK, 1)), "no number");
	ok(isnan(latest.quantity) && isnan(latest.notional) && isnan(latest.delta_notional) &&
	   latest.problem == PH_EXPOSURE_NOT_A_NUMBER, "which says so");
	ok(isnan(exposure_of(STOCK, STOCK, INFINITY, STOCK, 1)), "infinite");
	ok(latest.problem == PH_EXPOSURE_INFINITE, "which says so");
	ok(isnan(exposure_of(EURO, FOREIGN, NAN, EURO, 1)), "nor what is funded with such a number");
	ok(exposure_of(STOCK, STOCK, 4e98, -1, 0) == 8e99 && isnan(exposure_of(STOCK, STOCK, 2e99, -1, 0)),
	   "above 1e100 there is none");
	ok(latest.quantity == 2e99 && latest.problem == PH_EXPOSURE_TOO_LARGE, "which says so");

	ok(ph_delta_quantity(-3, 0.5) == -1.5 && ph_delta_quantity(1e50, -1e50) == 1e50 * -1e50, "quantity × delta");
	ok(ph_delta_quantity(1e-101, 1e50) == 0 && ph_delta_quantity(-5, 1e-101) == 0 && ph_delta_quantity(0, 0) == 0,
	   "is 0 where one is too small");
	ok(ph_delta_quantity(1.1e50, -1) == INFINITY && ph_delta_quantity(0, -INFINITY) == INFINITY, "infinite where one is too large");
	ok(isnan(ph_delta_quantity(NAN, 0)) && isnan(ph_delta_quantity(INFINITY, NAN)), "and no number of what is none");
	return done();
}
