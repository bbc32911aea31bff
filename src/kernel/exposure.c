/*
 * exposure.c
 *	  Holdings to exposures; formulas and letters are in exposure.h.
 */
#include "exposure.h"

#include <math.h>

double
ph_delta_quantity(double quantity, double delta)
{
	double		q = fabs(quantity);
	double		d = fabs(delta);

	if (isnan(q) || isnan(d))
		return NAN;
	if (q > PH_LARGEST_QUANTITY || d > PH_LARGEST_QUANTITY)
		return INFINITY;
	return q < 1e-100 || d < 1e-100 ? 0 : quantity * delta;
}

static PhHeld *
held_of(PhHeld *held, int asset, int *touched, int *n)
{
	PhHeld	   *h = &held[asset];

	if (!h->listed)
	{
		h->listed = true;
		touched[(*n)++] = asset;
	}
	return h;
}

void
ph_exposure_add(const PhUnit *units, const PhHolding *holding, int holdings,
				PhHeld *held, int *touched, int *n)
{
	for (int i = 0; i < holdings; i++)
	{
		const PhHolding *from = &holding[i];
		const PhUnit *unit = &units[from->asset];
		PhHeld	   *to = held_of(held, from->asset, touched, n);

		to->positions += from->positions;
		to->quantity += from->quantity;
		to->delta_quantity += from->delta_quantity;
		if (unit->funding >= 0)
		{
			to = held_of(held, unit->funding, touched, n);
			to->funds = true;
			if (isnan(unit->notional))
				to->unpriced = true;
			else
				to->funded += from->delta_quantity * unit->notional;
		}
	}
}

static PhExposureProblem
problem(const PhHeld *held)
{
	if (isnan(held->delta_quantity) || isnan(held->funded))
		return PH_EXPOSURE_NOT_A_NUMBER;
	if (isinf(held->delta_quantity) || isinf(held->funded))
		return PH_EXPOSURE_INFINITE;
	return held->unpriced ? PH_EXPOSURE_UNPRICED : PH_EXPOSURE_NO_PROBLEM;
}

void
ph_exposure(const PhUnit *unit, const PhHeld *held, PhExposure *exposure)
{
	double		delta_notional;
	double		e;

	exposure->quantity = exposure->notional = NAN;
	exposure->delta_notional = exposure->exposure = NAN;
	exposure->problem = problem(held);
	if (exposure->problem != PH_EXPOSURE_NO_PROBLEM)
		return;
	if (held->positions > 0)
	{
		double		notional = held->quantity * unit->notional;

		if (isfinite(held->quantity))
			exposure->quantity = held->quantity + 0.0;	/* never -0 */
		if (isfinite(notional))
			exposure->notional = notional + 0.0;
	}
	/* An asset without a price has no exposure, though nothing of it should be held. */
	delta_notional = held->delta_quantity * unit->notional + held->funded;
	e = held->delta_quantity * unit->unit;
	if (held->funds)
		e += held->funded / unit->divisor;
	if (fabs(delta_notional) <= PH_LARGEST_EXPOSURE)
		exposure->delta_notional = delta_notional + 0.0;
	if (fabs(e) <= PH_LARGEST_EXPOSURE)
		exposure->exposure = e + 0.0;
	if (fabs(delta_notional) > PH_LARGEST_EXPOSURE || fabs(e) > PH_LARGEST_EXPOSURE)
		exposure->problem = PH_EXPOSURE_TOO_LARGE;
}
