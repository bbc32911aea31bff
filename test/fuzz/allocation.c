/*
 * allocation.c
 *	  Fuzz target: offsets without double counting, greedy and optimal, and exposures of holdings.
 */
#include "allocation.h"
#include "exposure.h"
#include "fuzz.h"

static void
check_allocation(Input *in)
{
	int			legs = 2 + take_below(in, 10);
	int			n = take_below(in, 40);
	PhSpread   *spread = room(n, sizeof(PhSpread));
	double	   *exposure = doubles(legs),
			   *left = doubles(legs),
			   *used = doubles(legs);
	char	   *work = room(ph_allocation_workspace(legs), 1);
	PhAllocation p = {.legs = legs, .n = n, .spread = spread, .exposure = exposure};
	bool		done = false;
	double		greedy = 0,
				optimal = 0;
	int			rounds = 0;
	PhStatus	status = PH_OK;

	for (int i = 0; i < legs; i++)
	{
		exposure[i] = left[i] = fabs(take_between(in, 1e-30, 1e100));
		used[i] = 0;
	}
	for (int i = 0; i < n; i++)
	{
		double		sigma_a = fabs(take_finite(in, 1e30));
		double		sigma_b = fabs(take_finite(in, 1e30));
		double		corr = fmin(fabs(take_finite(in, 1)), 1);

		spread[i].a = take_below(in, legs);
		spread[i].b = take_below(in, legs);
		spread[i].ratio = fabs(take_between(in, 1e-30, 1e30));
		if (spread[i].ratio == 0 || spread[i].a == spread[i].b)
		{
			spread[i].b = (spread[i].a + 1) % legs;
			spread[i].ratio = 1;
		}
		spread[i].worth = ph_spread_worth(sigma_a, sigma_b, corr, spread[i].ratio);
		must(!(spread[i].worth < 0));
		if (!isfinite(spread[i].worth))
			spread[i].worth = 0;
	}
	ph_allocate_greedy(spread, n, left);
	for (int i = 0; i < n; i++)
	{
		must(spread[i].x >= 0 && isfinite(spread[i].x));
		greedy += spread[i].x * spread[i].worth;
	}
	for (int i = 0; i < legs; i++)
		must(left[i] >= 0 && left[i] <= exposure[i]);

	ph_allocation_begin(&p, work);
	while (status == PH_OK && !done)
	{
		status = ph_allocation_round(&p, &done);
		must(++rounds < 10000);
	}
	if (status == PH_OK)
	{
		for (int i = 0; i < n; i++)
		{
			must(spread[i].x >= 0 && isfinite(spread[i].x));
			optimal += spread[i].x * spread[i].worth;
			used[spread[i].a] += spread[i].x;
			used[spread[i].b] += spread[i].x * spread[i].ratio;
		}
		for (int i = 0; i < legs; i++)
			must(used[i] <= exposure[i] * (1 + 1e-12) + DBL_MIN);
		if (isfinite(greedy) && isfinite(p.bound))
			must(greedy <= p.bound * (1 + 1e-6) + DBL_MIN && optimal <= p.bound * (1 + 1e-6) + DBL_MIN);
	}
	free(spread);
	free(exposure);
	free(left);
	free(used);
	free(work);
}

static void
check_exposure(Input *in)
{
	int			assets = 1 + take_below(in, 8);
	int			holdings = take_below(in, 20);
	PhUnit	   *unit = room(assets, sizeof(PhUnit));
	PhHolding  *holding = room(holdings, sizeof(PhHolding));
	PhHeld	   *held = calloc(assets, sizeof(PhHeld));
	int		   *touched = room(assets, sizeof(int));
	int			n = 0;

	for (int i = 0; i < assets; i++)
		unit[i] = (PhUnit) {take_double(in), take_double(in), take_double(in), take_below(in, assets + 1) - 1};
	for (int i = 0; i < holdings; i++)
	{
		int			asset = take_below(in, assets);
		double		quantity = take_double(in);
		double		delta = take_double(in);

		holding[i] = (PhHolding) {asset, 1, isinf(quantity) ? NAN : quantity, isfinite(quantity) ? delta : NAN};
	}
	ph_exposure_add(unit, holding, holdings, held, touched, &n);
	must(n >= 0 && n <= assets);
	for (int i = 0; i < n; i++)
	{
		PhExposure	e;

		must(touched[i] >= 0 && touched[i] < assets && held[touched[i]].listed);
		ph_exposure(&unit[touched[i]], &held[touched[i]], &e);
		must(!isinf(e.quantity) && !isinf(e.notional) && !isinf(e.delta_notional));
		must(isnan(e.exposure) || fabs(e.exposure) <= PH_LARGEST_EXPOSURE);
		must(e.exposure != 0 || !signbit(e.exposure));
	}
	free(unit);
	free(holding);
	free(held);
	free(touched);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};

	if (take_byte(&in) % 2)
		check_allocation(&in);
	else
		check_exposure(&in);
	return 0;
}
