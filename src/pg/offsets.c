/*
 * offsets.c
 *	  hedge.portfolio_pairs: the pairs of a portfolio that offset each other (or add up), largest
 *	  first; hedge._leg_pairs, the same of what a portfolio holds at prices of a run of a book; and
 *	  hedge._evident_pairs, that with what the book knows of the pairs.  They are made for one call a
 *	  portfolio, hundreds of thousands in a query: the matrix stays unpacked between calls, labels are
 *	  looked up once a leg (or once a query), and only the pairs that are returned get more than ρ and
 *	  risk_offset.
 */
#include "pghedge.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "arrays.h"
#include "evidence.h"
#include "evidence_of.h"
#include "legs.h"
#include "normal.h"
#include "results.h"
#include "../kernel/offsets.h"

/* ---- pairs ---- */

enum
{
	ASSET_A, ASSET_B, SIDE_A, SIDE_B, QUANTITY_A, QUANTITY_B, EXPOSURE_A, EXPOSURE_B,
	CORRELATION, CORRELATION_LOW, CORRELATION_HIGH, OBSERVATIONS, VOLATILITY_A, VOLATILITY_B,
	VOLATILITY_A_ANNUAL, VOLATILITY_B_ANNUAL, HEDGE_RATIO, ACTUAL_RATIO, TARGET_EXPOSURE_B, TRADE_B,
	TRADE_B_CONTRACTS, GROSS_RISK, UNCORRELATED_RISK, NET_RISK, DIVERSIFICATION, RISK_OFFSET,
	RISK_OFFSET_SHARE, RESIDUAL_RISK, PRICE_TIME,
	COLUMNS,
	/* with evidence, after those */
	ROBUST_LOW = COLUMNS, ROBUST_HIGH, CONSERVATIVE_CORRELATION, RISK_OFFSET_CONSERVATIVE,
	NET_RISK_CONSERVATIVE, OUT_OF_SAMPLE_EFFECTIVENESS, HELD_EFFECTIVENESS, BREAK_EVEN_CORRELATION,
	BREAK_EVEN_CONFIDENCE, BREAK_TIME, VERDICT, REASON,
	COLUMNS_WITH_EVIDENCE
};

/* What of a portfolio's arguments its pairs are made of. */
typedef struct Portfolio
{
	text	  **assets;
	double	   *quantities;		/* NULL: not given; NaN: none */
	double	   *unit_exposures;
	Datum	   *price_times;
	bool	   *no_price_time;
	double		per_year;		/* √bars_per_year, NaN: not given */
	double		z;				/* normal quantile of the confidence level */
	Datum		side[2];		/* short, long */

	/* Where evidence is asked for: the book, the run, and what is kept between calls. */
	Oid			book;
	int64		run;
	EvidenceReader **reader;
	MemoryContext context;
	Datum		not_examined;	/* verdict and reason of a pair without any */
	Datum		unexamined;
} Portfolio;

/* What the book knows of a pair, at the risks and the ratio held. */
static void
put_evidence(const Portfolio *p, const PhLeg *i, const PhLeg *j, const PairEvidence *found,
			 Datum *values, bool *nulls)
{
	PhEvidence	held = {0};
	PhPairRisk	risk;
	text	   *verdict;
	double		after = NAN;
	double		conservative;

	if (found == NULL)
	{
		memset(nulls + COLUMNS, true, COLUMNS_WITH_EVIDENCE - COLUMNS);
		nulls[VERDICT] = nulls[REASON] = false;
		values[VERDICT] = p->not_examined;
		values[REASON] = p->unexamined;
		return;
	}
	/* the end of the interval on the side where the two offset less, or what is left after a break */
	verdict = DatumGetTextPP(found->verdict);
	if (VARSIZE_ANY_EXHDR(verdict) == strlen("break_detected") &&
		memcmp(VARDATA_ANY(verdict), "break_detected", strlen("break_detected")) == 0)
		after = found->after_break;
	conservative = (i->e > 0) != (j->e > 0) ? fmin(found->robust_low, after) :
		fmax(found->robust_high, after);
	risk.risk_offset = risk.net = NAN;
	if (fabs(conservative) <= 1)
		ph_pair_risk(i->a, j->a, conservative, &risk);
	held.observations = found->observations;
	held.correlation = found->correlation;
	held.volatility_y = found->volatility_y;
	held.volatility_x = found->volatility_x;
	held.standard_error = found->standard_error;
	held.held_effectiveness = held.break_even_correlation = held.break_even_confidence = NAN;
	ph_evidence_hold(&held, -j->e / i->e);

	pghedge_put(values, nulls, ROBUST_LOW, found->robust_low);
	pghedge_put(values, nulls, ROBUST_HIGH, found->robust_high);
	pghedge_put(values, nulls, CONSERVATIVE_CORRELATION, conservative);
	pghedge_put(values, nulls, RISK_OFFSET_CONSERVATIVE, risk.risk_offset);
	pghedge_put(values, nulls, NET_RISK_CONSERVATIVE, risk.net);
	pghedge_put(values, nulls, OUT_OF_SAMPLE_EFFECTIVENESS, found->out_of_sample_effectiveness);
	pghedge_put(values, nulls, HELD_EFFECTIVENESS, held.held_effectiveness);
	pghedge_put(values, nulls, BREAK_EVEN_CORRELATION, held.break_even_correlation);
	pghedge_put(values, nulls, BREAK_EVEN_CONFIDENCE, held.break_even_confidence);
	nulls[BREAK_TIME] = !found->has_break_time;
	values[BREAK_TIME] = found->break_time;
	values[VERDICT] = found->verdict;
	values[REASON] = found->reason;
	if (held.held_effectiveness < 0 && -j->e / i->e * found->correlation > 0)
		values[REASON] = PointerGetDatum(cstring_to_text(psprintf("%s; the ratio held adds variance",
																  TextDatumGetCString(found->reason))));
}

static void
emit_pair(const Portfolio *p, const PhMatrix *m, const PhLeg *i, const PhLeg *j,
		  const PairEvidence *found, ReturnSetInfo *rsinfo)
{
	Datum		values[COLUMNS_WITH_EVIDENCE];
	bool		nulls[COLUMNS_WITH_EVIDENCE] = {false};
	PhPairRisk	risk;
	double		corr = 0;
	double		n = 0;
	double		low;
	double		high;
	double		hedge_ratio;
	double		target;

	(void) ph_leg_corr(m, i, j, &corr, &n);
	ph_pair_risk(i->a, j->a, corr, &risk);
	hedge_ratio = corr * (i->sigma / j->sigma);
	target = -hedge_ratio * i->e;

	values[ASSET_A] = PointerGetDatum(p->assets[i->place]);
	values[ASSET_B] = PointerGetDatum(p->assets[j->place]);
	values[SIDE_A] = p->side[i->e > 0];
	values[SIDE_B] = p->side[j->e > 0];
	pghedge_put(values, nulls, QUANTITY_A, p->quantities ? p->quantities[i->place] : NAN);
	pghedge_put(values, nulls, QUANTITY_B, p->quantities ? p->quantities[j->place] : NAN);
	pghedge_put(values, nulls, EXPOSURE_A, i->e);
	pghedge_put(values, nulls, EXPOSURE_B, j->e);
	pghedge_put(values, nulls, CORRELATION, corr);
	if (!ph_fisher_interval(corr, n, p->z, &low, &high))
		low = high = NAN;
	pghedge_put(values, nulls, CORRELATION_LOW, low);
	pghedge_put(values, nulls, CORRELATION_HIGH, high);
	values[OBSERVATIONS] = Int32GetDatum((int32) Min(rint(n), PG_INT32_MAX));
	pghedge_put(values, nulls, VOLATILITY_A, i->sigma);
	pghedge_put(values, nulls, VOLATILITY_B, j->sigma);
	pghedge_put(values, nulls, VOLATILITY_A_ANNUAL, i->sigma * p->per_year);
	pghedge_put(values, nulls, VOLATILITY_B_ANNUAL, j->sigma * p->per_year);
	pghedge_put(values, nulls, HEDGE_RATIO, hedge_ratio);
	pghedge_put(values, nulls, ACTUAL_RATIO, -j->e / i->e);
	pghedge_put(values, nulls, TARGET_EXPOSURE_B, target);
	pghedge_put(values, nulls, TRADE_B, target - j->e);
	pghedge_put(values, nulls, TRADE_B_CONTRACTS,
		p->unit_exposures ? (target - j->e) / p->unit_exposures[j->place] : NAN);
	pghedge_put(values, nulls, GROSS_RISK, risk.gross);
	pghedge_put(values, nulls, UNCORRELATED_RISK, risk.uncorrelated);
	pghedge_put(values, nulls, NET_RISK, risk.net);
	pghedge_put(values, nulls, DIVERSIFICATION, risk.diversification);
	pghedge_put(values, nulls, RISK_OFFSET, risk.risk_offset);
	pghedge_put(values, nulls, RISK_OFFSET_SHARE, risk.risk_offset / risk.uncorrelated);
	pghedge_put(values, nulls, RESIDUAL_RISK, fabs(i->a) * sqrt((1 - corr) * (1 + corr)));
	nulls[PRICE_TIME] = p->price_times == NULL || p->no_price_time[i->place] ||
		p->no_price_time[j->place];
	if (!nulls[PRICE_TIME])
		values[PRICE_TIME] =
			TimestampTzGetDatum(Min(DatumGetTimestampTz(p->price_times[i->place]),
									DatumGetTimestampTz(p->price_times[j->place])));
	if (p->reader != NULL)
		put_evidence(p, i, j, found, values, nulls);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* The evidence of the pairs that there are; element k that of pair k, NULL for none. */
static PairEvidence **
read_evidence(const Portfolio *p, const PhContest *c)
{
	PairEvidence **found = MemoryContextAllocHuge(CurrentMemoryContext,
												  Max(c->used, 1) * sizeof(PairEvidence *));
	int		   *y = MemoryContextAllocHuge(CurrentMemoryContext, Max(c->used, 1) * sizeof(int));
	int		   *x = MemoryContextAllocHuge(CurrentMemoryContext, Max(c->used, 1) * sizeof(int));
	text	  **asset = palloc(Max(c->n, 1) * sizeof(text *));

	memset(found, 0, c->used * sizeof(PairEvidence *));
	for (int i = 0; i < c->n; i++)
		asset[i] = p->assets[c->leg[i].place];
	for (int64 k = 0; k < c->used; k++)
	{
		y[k] = c->pair[k].i;
		x[k] = c->pair[k].j;
	}
	pghedge_evidence_of_pairs(p->reader, p->context, p->book, p->run, asset, c->n, c->m->n,
							  y, x, c->used, found);
	return found;
}

static int
compare_risk(const void *a, const void *b)
{
	const PhLeg *x = a;
	const PhLeg *y = b;

	return (fabs(x->a) < fabs(y->a)) - (fabs(x->a) > fabs(y->a));
}

/* Settings, which begin at argument `first`; one that is NULL has its default. */
enum
{
	OFFSETTING, MINIMUM_CORRELATION, MINIMUM_OBSERVATIONS, BARS_PER_YEAR, LEVEL, MAX_PAIRS
};

static void
read_settings(FunctionCallInfo fcinfo, int first, Portfolio *p, PhContest *c)
{
	double		level = 0.95;

#define GIVEN(setting) (!PG_ARGISNULL(first + (setting)))
	c->offsetting = !GIVEN(OFFSETTING) || PG_GETARG_BOOL(first + OFFSETTING);
	if (GIVEN(MINIMUM_CORRELATION))
		c->minimum_corr = PG_GETARG_FLOAT8(first + MINIMUM_CORRELATION);
	if (!(c->minimum_corr >= 0 && c->minimum_corr <= 1))
		pghedge_reject("minimum_correlation", c->minimum_corr, "between 0 and 1");
	c->minimum_observations = GIVEN(MINIMUM_OBSERVATIONS) ?
		PG_GETARG_INT32(first + MINIMUM_OBSERVATIONS) : 2;
	p->per_year = NAN;
	if (GIVEN(BARS_PER_YEAR))
	{
		double		bars = PG_GETARG_FLOAT8(first + BARS_PER_YEAR);

		if (!(bars > 0 && isfinite(bars)))
			pghedge_reject("bars_per_year", bars, "positive and finite");
		p->per_year = sqrt(bars);
	}
	if (GIVEN(LEVEL))
		level = PG_GETARG_FLOAT8(first + LEVEL);
	if (!(level > 0 && level < 1))
		pghedge_reject("confidence level", level, "between 0 and 1");
	p->z = ph_normal_quantile(0.5 + level / 2);
	c->bounded = GIVEN(MAX_PAIRS);
	if (c->bounded)
		c->capacity = PG_GETARG_INT32(first + MAX_PAIRS);
	if (c->capacity < 0)
		pghedge_reject("max_pairs", c->capacity, "at least 0");
#undef GIVEN
}

/* Millions of pairs, where all are wanted: the heap of a bounded contest is small. */
#define ST_SORT sort_pairs
#define ST_ELEMENT_TYPE PhPair
#define ST_COMPARE_ARG_TYPE const PhLeg
#define ST_COMPARE(p, q, leg) ph_contest_compare(leg, p, q)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* The pairs of legs, in order, as rows. */
static void
emit_pairs(Portfolio *p, PhContest *c, PhLeg *leg, ReturnSetInfo *rsinfo)
{
	int64		most = (int64) c->n * (c->n - 1) / 2;
	PairEvidence **found = NULL;

	c->leg = leg;
	qsort(leg, c->n, sizeof(PhLeg), compare_risk);
	if (c->bounded && c->capacity >= most)
		c->bounded = false;
	if (!c->bounded)
		c->capacity = Min(most, Max(c->n, 1024));
	c->pair = MemoryContextAllocHuge(CurrentMemoryContext, Max(c->capacity, 1) * sizeof(PhPair));
	for (int r = 1; r < c->n; r++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!c->bounded && c->capacity - c->used < r)
		{
			c->capacity = Min(2 * c->capacity + r, most);
			c->pair = repalloc_huge(c->pair, c->capacity * sizeof(PhPair));
		}
		ph_contest_row(c, r);
	}
	if (c->bounded)
		ph_contest_sort(c);
	else
		sort_pairs(c->pair, c->used, c->leg);

	p->side[0] = PointerGetDatum(cstring_to_text("short"));
	p->side[1] = PointerGetDatum(cstring_to_text("long"));
	if (p->reader != NULL)
	{
		p->not_examined = PointerGetDatum(cstring_to_text("not examined"));
		found = read_evidence(p, c);
	}
	for (int64 k = 0; k < c->used; k++)
	{
		CHECK_FOR_INTERRUPTS();
		emit_pair(p, c->m, &leg[c->pair[k].i], &leg[c->pair[k].j], found ? found[k] : NULL, rsinfo);
	}
}

/* ---- portfolio_pairs ---- */

enum
{
	ARG_MATRIX, ARG_ASSETS, ARG_EXPOSURES, ARG_QUANTITIES, ARG_UNIT_EXPOSURES, ARG_PRICE_TIMES,
	ARG_SETTINGS
};

PGHEDGE_FUNCTION(pghedge_portfolio_pairs);
Datum
pghedge_portfolio_pairs(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const MatrixArg *matrix;
	Portfolio	p = {0};
	PhContest	c = {0};
	PhLeg	   *leg;
	int		   *number;
	double	   *e;
	int			n;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i <= ARG_EXPOSURES; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	read_settings(fcinfo, ARG_SETTINGS, &p, &c);

	n = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_ASSETS), "assets", -1);
	p.assets = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(ARG_ASSETS), n);
	e = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(ARG_EXPOSURES), "exposures", n, "assets");
	if (!PG_ARGISNULL(ARG_QUANTITIES))
		p.quantities = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(ARG_QUANTITIES), "quantities", n, "assets");
	if (!PG_ARGISNULL(ARG_UNIT_EXPOSURES))
		p.unit_exposures = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(ARG_UNIT_EXPOSURES), "unit_exposures", n, "assets");
	if (!PG_ARGISNULL(ARG_PRICE_TIMES))
	{
		(void) pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_PRICE_TIMES), "price_times", n);
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(ARG_PRICE_TIMES), TIMESTAMPTZOID,
						  sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
						  &p.price_times, &p.no_price_time, &n);
	}

	matrix = pghedge_matrix_arg(fcinfo, ARG_MATRIX);
	number = pghedge_asset_numbers(matrix, p.assets, n);
	leg = palloc(Max(n, 1) * sizeof(PhLeg));
	c.m = &matrix->m;
	for (int i = 0; i < n; i++)
		if (number[i] >= 0 && ph_leg(c.m, number[i], e[i], &leg[c.n]) && leg[c.n].a != 0)
			leg[c.n++].place = i;
	emit_pairs(&p, &c, leg, rsinfo);
	PG_RETURN_NULL();
}

/* ---- _leg_pairs, _evident_pairs ---- */

enum
{
	LEGS_MATRIX, LEGS_BOOK, LEGS_RUN, LEGS_HOLDINGS, LEGS_SETTINGS,
	/* of _evident_pairs alone */
	LEGS_UNEXAMINED = LEGS_SETTINGS + MAX_PAIRS + 1
};

/* What a call site keeps. */
typedef struct LegPairs
{
	MatrixCache matrix;
	Units	   *units;
	EvidenceReader *reader;
} LegPairs;

static void
leg_pairs(FunctionCallInfo fcinfo, bool with_evidence)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	LegPairs   *kept = fcinfo->flinfo->fn_extra;
	const MatrixArg *matrix;
	Units	   *u;
	Portfolio	p = {0};
	PhContest	c = {0};
	PhLeg	   *leg;
	int			n;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i <= LEGS_HOLDINGS; i++)
		if (PG_ARGISNULL(i))
			return;
	read_settings(fcinfo, LEGS_SETTINGS, &p, &c);
	if (kept == NULL)
		fcinfo->flinfo->fn_extra = kept = MemoryContextAllocZero(context, sizeof(LegPairs));
	p.book = PG_GETARG_OID(LEGS_BOOK);
	p.run = PG_GETARG_INT64(LEGS_RUN);
	if (with_evidence)
	{
		if (PG_ARGISNULL(LEGS_UNEXAMINED))
			return;
		p.unexamined = PointerGetDatum(PG_GETARG_TEXT_PP(LEGS_UNEXAMINED));
		p.reader = &kept->reader;
		p.context = context;
	}
	matrix = pghedge_matrix_kept(&kept->matrix, context,
								 (struct varlena *) PG_GETARG_POINTER(LEGS_MATRIX));
	u = pghedge_units(&kept->units, context, p.book, p.run, matrix);
	n = pghedge_held(u, PG_GETARG_BYTEA_PP(LEGS_HOLDINGS));
	leg = palloc(Max(n, 1) * sizeof(PhLeg));
	p.assets = palloc(Max(n, 1) * sizeof(text *));
	p.quantities = palloc(Max(n, 1) * sizeof(double));
	p.unit_exposures = palloc(Max(n, 1) * sizeof(double));
	p.price_times = palloc(Max(n, 1) * sizeof(Datum));
	p.no_price_time = palloc(Max(n, 1) * sizeof(bool));
	c.m = &matrix->m;
	for (int i = 0; i < n; i++)
	{
		int			asset = u->touched[i];
		PhExposure	e;

		ph_exposure(&u->unit[asset], &u->held[asset], &e);
		memset(&u->held[asset], 0, sizeof(PhHeld));
		if (asset >= u->n || isnan(u->volatility[asset]) || isnan(e.exposure) ||
			u->number[asset] < 0 ||
			!ph_leg(c.m, u->number[asset], e.exposure, &leg[c.n]) || leg[c.n].a == 0)
			continue;
		p.assets[c.n] = u->asset[asset];
		p.quantities[c.n] = e.quantity;
		p.unit_exposures[c.n] = u->unit[asset].unit;
		p.price_times[c.n] = u->price_time[asset];
		p.no_price_time[c.n] = u->no_price_time[asset];
		leg[c.n].place = c.n;
		c.n++;
	}
	emit_pairs(&p, &c, leg, rsinfo);
}

PGHEDGE_FUNCTION(pghedge_leg_pairs);
Datum
pghedge_leg_pairs(PG_FUNCTION_ARGS)
{
	leg_pairs(fcinfo, false);
	PG_RETURN_NULL();
}

PGHEDGE_FUNCTION(pghedge_evident_pairs);
Datum
pghedge_evident_pairs(PG_FUNCTION_ARGS)
{
	leg_pairs(fcinfo, true);
	PG_RETURN_NULL();
}
