/*
 * exposure.c
 *	  Holdings to exposures; formulas and letters are in exposure.h.
 */
#include "exposure.h"

#include <math.h>

static PhExposure *
sum_of(PhExposure *sums, int asset, int *touched, int *n)
{
	PhExposure *sum = &sums[asset];

	if (!sum->listed)
	{
		sum->listed = true;
		touched[(*n)++] = asset;
	}
	return sum;
}

void
ph_exposure_add(const PhUnit *units, const PhHolding *holding, int holdings,
				PhExposure *sums, int *touched, int *n)
{
	for (int i = 0; i < holdings; i++)
	{
		const PhHolding *h = &holding[i];
		const PhUnit *unit = &units[h->asset];
		PhExposure *sum = sum_of(sums, h->asset, touched, n);

		sum->held = true;
		sum->quantity += h->quantity;
		sum->delta_quantity += h->delta_quantity;
		if (unit->funding >= 0)
		{
			sum = sum_of(sums, unit->funding, touched, n);
			sum->funds = true;
			sum->funded += h->delta_quantity * unit->notional;
		}
	}
}

bool
ph_exposure(const PhUnit *unit, const PhExposure *sum, double *exposure)
{
	double		e = 0;

	/* An asset without a price has no exposure, though nothing of it should be held. */
	if (isnan(unit->unit))
		return false;
	if (sum->held)
		e = sum->delta_quantity * unit->unit;
	if (sum->funds)
		e += sum->funded / unit->divisor;
	*exposure = e + 0.0;		/* never -0 */
	return isfinite(sum->delta_quantity) && isfinite(sum->funded) && fabs(e) <= PH_LARGEST_EXPOSURE;
}
