/*
 * evidence.c
 *	  Fuzz target: every measure of a pair, eight lanes against one, rolling correlations of tiles
 *	  against pairs, and the monitor.
 */
#include "evidence.h"
#include "fuzz.h"
#include "monitor.h"

#define MOST 260

static bool
probability(double p)
{
	return isnan(p) || (p >= 0 && p <= 1 + 1e-12);
}

static void
check_evidence(const PhEvidence *e)
{
	PhEvidence	held = *e;
	PhVerdictThresholds t = PH_VERDICT_DEFAULTS;

	must(in_range(e->correlation, -1, 1));
	must(in_range(e->fisher_low, -1, 1) && in_range(e->fisher_high, -1, 1));
	must(in_range(e->robust_low, -1, 1) && in_range(e->robust_high, -1, 1));
	must(!(e->robust_low > e->robust_high) && !(e->fisher_low > e->fisher_high));
	must(probability(e->p_value) && probability(e->effectiveness_p_value));
	must(probability(e->rolling_spread_p_value) && probability(e->break_p_value));
	must(probability(e->clark_west_p_value));
	must(in_range(e->first_half, -1, 1) && in_range(e->second_half, -1, 1));
	must(e->rolling.windows >= 0 && e->rolling.windows <= e->observations);
	if (e->rolling.windows > 0)
		must(e->rolling.minimum >= -1 && e->rolling.maximum <= 1 && e->rolling.minimum <= e->rolling.maximum &&
			 e->rolling.sd >= 0 && e->rolling.sign_changes >= 0 && e->rolling.sign_changes < e->rolling.windows);
	must(e->break_at >= -1 && e->break_at <= e->observations);
	must(in_range(e->before_break, -1, 1) && in_range(e->after_break, -1, 1));
	must(!isinf(e->out_of_sample_effectiveness) && !(e->out_of_sample_effectiveness > 1));
	ph_verdict(e, &t);
	ph_evidence_hold(&held, 0.7);
	must(probability(held.break_even_confidence));
}

static void
check_pairs(Input *in, int n, double *const *x)
{
	int			window = 4 + take_below(in, n + 3);
	PhEvidencePlan plan;
	PhEvidenceAsset asset[PH_LANES];
	double	   *step[2];
	PhRollingStep *rolling = room(n, sizeof(PhRollingStep));
	double	   *scratch = doubles(7 * (size_t) n);
	double	   *tile = doubles((size_t) n * PH_LANES * PH_EVIDENCE_FIELDS);
	double	   *one_tile = doubles((size_t) n * PH_EVIDENCE_FIELDS);
	double	   *work,
			   *one_work;
	PhEvidence	together[PH_LANES],
				alone;
	bool		good = true;

	ph_evidence_plan(&plan, n, window, 0.95, 0.1);
	work = doubles(ph_evidence_work(&plan, PH_LANES));
	one_work = doubles(ph_evidence_work(&plan, 1));
	memset(asset, 0, sizeof(asset));
	memset(tile, 0, (size_t) n * PH_LANES * PH_EVIDENCE_FIELDS * sizeof(double));
	for (int i = 0; i < 2; i++)
	{
		step[i] = doubles((size_t) n * PH_EVIDENCE_STEP);
		if (ph_evidence_prepare(&plan, x[i], &asset[i], step[i], rolling, scratch) != PH_OK)
			good = false;
	}
	if (good)
	{
		PhEvidenceAsset lanes[PH_LANES];

		memset(lanes, 0, sizeof(lanes));
		lanes[3] = asset[1];
		ph_evidence_load(&plan, step[1], 3, PH_LANES, tile);
		ph_evidence_load(&plan, step[1], 0, 1, one_tile);
		ph_evidence_tile(&plan, &asset[0], step[0], lanes, tile, work, together);
		ph_evidence_one(&plan, &asset[0], step[0], &asset[1], one_tile, one_work, &alone);
		for (int k = 0; k < PH_LANES; k++)
			check_evidence(&together[k]);
		check_evidence(&alone);
		must(isnan(alone.correlation) == isnan(together[3].correlation));
	}
	free(step[0]);
	free(step[1]);
	free(rolling);
	free(scratch);
	free(tile);
	free(one_tile);
	free(work);
	free(one_work);
}

static void
check_rolling(Input *in, int n, double *const *x)
{
	int			window = 2 + take_below(in, n);
	PhRollingStep *step = room(n, sizeof(PhRollingStep));
	double	   *work;
	PhRollingStats tile[PH_LANES],
				pair;
	PhQueue		q = {.size = 1};
	bool		regular;

	if (window > n)
		window = n;
	if (window < 2)
	{
		free(step);
		return;
	}
	while (q.size < (size_t) window)
		q.size *= 2;
	q.slot = room(q.size, sizeof(PhComoments));
	work = doubles(6 * (size_t) n > ((size_t) window + 1) * PH_LANES ? 6 * (size_t) n : ((size_t) window + 1) * PH_LANES);
	memset(step, 0, n * sizeof(PhRollingStep));
	regular = ph_rolling_prepare(x[0], n, window, 0, step, work, NULL);
	regular &= ph_rolling_prepare(x[1], n, window, 1, step, work, NULL);
	if (ph_rolling_pair(x[0], x[1], NULL, NULL, n, window, &q, NULL, &pair) == PH_OK)
	{
		must(pair.windows >= 0 && pair.windows <= n - window + 1);
		if (pair.windows > 0)
			must(pair.minimum >= -1 && pair.maximum <= 1 && pair.minimum <= pair.maximum && pair.sd >= 0);
		if (regular)
		{
			ph_rolling_tile(step, 0, step, n, window, work, NULL, tile);
			must(tile[1].windows == pair.windows);
			must(fabs(tile[1].minimum - pair.minimum) <= 1e-6 && fabs(tile[1].maximum - pair.maximum) <= 1e-6);
			must(fabs(tile[1].latest - pair.latest) <= 1e-6);
		}
	}
	free(q.slot);
	free(work);
	free(step);
}

static void
check_monitor(Input *in, int n, double *const *x)
{
	int			baseline = PH_MONITOR_LEAST + take_below(in, 40);
	PhMonitor	m;
	bool		finite = true;

	if (n < baseline)
		return;
	for (int t = 0; t < baseline; t++)
		finite = finite && fabs(x[0][t]) <= DBL_MAX && fabs(x[1][t]) <= DBL_MAX;
	memset(&m, 0xff, sizeof(m));
	if (!finite || !ph_monitor_start(&m, x[0], x[1], baseline, 2.5))
		return;
	must(ph_monitor_valid(&m));
	for (int t = baseline; t < n; t++)
	{
		PhMonitorEvent event = ph_monitor_step(&m, x[0][t], x[1][t]);

		/* every state is one that can be stored and taken up again */
		must(ph_monitor_valid(&m));
		must(event != PH_MONITOR_RAISED || m.alarm != 0);
		must(event != PH_MONITOR_CLEARED || m.alarm == 0);
	}
}

/* A state from outside, and bars after it. */
static void
check_stored_monitor(Input *in)
{
	double		state[PH_MONITOR_DOUBLES];
	PhMonitor	m;

	for (size_t i = 0; i < PH_MONITOR_DOUBLES; i++)
		state[i] = take_double(in);
	memcpy(&m, state, sizeof(m));
	m.version = 1;
	if (!ph_monitor_valid(&m))
		return;
	for (int t = 0; t < 30; t++)
	{
		double		y = take_double(in);

		ph_monitor_step(&m, y, take_double(in));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};
	unsigned	what = take_byte(&in);
	int			n = 1 + take_below(&in, MOST);
	bool		finite = take_byte(&in) % 4 != 0;
	uint64_t	noise = take_byte(&in);
	double		share = take_byte(&in) / 255.0;
	double	   *x[2] = {doubles(n), doubles(n)};

	if (what % 4 == 3)
		check_stored_monitor(&in);
	/* noise, since a test of 200 observations would need them all from the input; then some of the input's own */
	for (int t = 0; t < n; t++)
		for (int i = 0; i < 2; i++)
		{
			noise = noise * 6364136223846793005u + 1442695040888963407u;
			x[i][t] = (double) (noise >> 11) / (1ull << 53) - 0.5;
			if (i == 1)
				x[1][t] = share * x[0][t] + (1 - share) * x[1][t];
		}
	while (in.left > 4)
	{
		int			t = take_below(&in, n);
		int			run = take_byte(&in);
		int			i = run % 2;
		double		value = finite ? take_finite(&in, DBL_MAX) : take_double(&in);

		for (run /= 8; run >= 0 && t < n; run--, t++)
			x[i][t] = value;
	}
	check_rolling(&in, n, x);
	if (finite)
		check_pairs(&in, n, x);
	check_monitor(&in, n, x);
	free(x[0]);
	free(x[1]);
	return 0;
}
