/*
 * recommend.c
 *	  hedge._recommended_trades: one portfolio of a book and what may be traded, to trades and their
 *	  reasons.  What a run knows of instruments, and the evidence of the pairs asked for, is read once for
 *	  a query, since a view asks for thousands of portfolios.
 */
#include "arrays.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "evidence_of.h"
#include "results.h"
#include "../kernel/offsets.h"
#include "../kernel/recommend.h"

/* The evidence on one pair, its y being known; sorted by x. */
typedef struct Evidence
{
	int			x;				/* number in the matrix */
	bool		reliable;
	const char *verdict;
	double		low;
	double		high;
} Evidence;

typedef struct EvidenceOf
{
	bool		read;
	int			n;
	Evidence   *pair;
} EvidenceOf;

/* What may be traded, as a run knows it. */
typedef struct Instrument
{
	text	   *asset;
	int			number;			/* in the matrix, or -1 */
	double		unit;			/* exposure of a contract, NaN: none */
	double		notional;
	double		lot;
	double		cost;			/* NaN: not known */
	double		cost_per_lot;
	text	   *problem;
	int			funding;		/* the currency that holding it makes an exposure in, or -1: ... */
	double		funding_unit;	/* ... of a contract */
	double		carry;			/* NaN: not known */
	double		least;			/* contracts that may be held */
	double		most;
	bool		stale;
	bool		guessed;		/* its cost is that of the dearest */
} Instrument;

/* What a call site keeps of the run of a book that it met last. */
typedef struct Kept
{
	MatrixCache matrix;
	MemoryContext run_context;
	Oid			book;
	int64		run;
	int			matrix_n;		/* assets of its matrix */
	bool		marked;
	int			n;
	Instrument *instrument;
	int		   *by_number;		/* [assets of the matrix] instrument, or -1 */
	text	  **asset;			/* [assets of the matrix] */
	int		   *tradable;		/* numbers in it of what may be traded, ascending */
	int			n_tradable;
	EvidenceOf *evidence;		/* [assets of the matrix] by y */
	EvidenceReader *reader;
} Kept;

enum
{
	ARG_MATRIX, ARG_ASSETS, ARG_EXPOSURES, ARG_QUANTITIES,
	ARG_MARKED, ARG_INSTRUMENTS, ARG_UNIT_EXPOSURES, ARG_UNIT_NOTIONALS, ARG_LOT_SIZES, ARG_COSTS,
	ARG_COSTS_PER_LOT, ARG_PROBLEMS,
	ARG_RISK_PRICE, ARG_CORRELATIONS, ARG_EVIDENCE, ARG_MOST, ARG_MINIMUM_CORRELATION,
	ARG_MINIMUM_OBSERVATIONS, ARG_BOOK, ARG_RUN,
	ARG_FUNDING_ASSETS, ARG_FUNDING_UNITS, ARG_CARRIES, ARG_LEAST, ARG_MOST_HELD, ARG_STALE
};

/* Columns of the result. */
enum
{
	INSTRUMENT, QUANTITY, EXPOSURE, TARGET_EXPOSURE, TRADE_CONTRACTS, TRADE_EXPOSURE, EXPOSURE_AFTER,
	BAND_LOW, BAND_HIGH, COST, WORTH, VARIANCE_REMOVED, VARIANCE_REMOVED_PER_COST, RISK_BEFORE,
	RISK_AFTER, NET_RISK_AFTER, TOTAL_COST, ACTION, REASON, CARRY, COLUMNS
};

/* ---- what is kept ---- */

/* Exposure traded in a lot. */
static double
lot_exposure(const Instrument *i)
{
	return fabs(i->unit) * i->lot;
}

static double *
numbers_of(FunctionCallInfo fcinfo, int argno, const char *name, int n, const char *others)
{
	pghedge_reject_null(fcinfo, argno, name);
	return pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(argno), name, n, others);
}

static text **
texts_of(FunctionCallInfo fcinfo, int argno, const char *name, int n, const char *others)
{
	pghedge_reject_null(fcinfo, argno, name);
	return pghedge_text_per(PG_GETARG_ARRAYTYPE_P_COPY(argno), name, n, others);
}

static void
read_run(FunctionCallInfo fcinfo, Kept *kept, const MatrixArg *matrix)
{
	MemoryContext old;
	double	   *unit;
	double	   *notional;
	double	   *lot;
	double	   *cost;
	double	   *cost_per_lot;
	text	  **asset;
	int		   *number;
	double	   *funding_unit = NULL;
	double	   *carry = NULL;
	double	   *least = NULL;
	double	   *most = NULL;
	text	  **problem;
	text	  **funding = NULL;
	Datum	   *stale = NULL;
	bool	   *no_stale = NULL;
	bool		later = PG_NARGS() > ARG_STALE; /* views of 0.1.0 do not give the last arguments */
	double		dearest = 0;	/* known cost of trading one unit of notional */
	int			n;

	if (kept->run_context)
		MemoryContextDelete(kept->run_context);
	kept->run_context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "pghedge recommendations",
											  ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(kept->run_context);
	kept->book = PG_GETARG_OID(ARG_BOOK);
	kept->run = PG_GETARG_INT64(ARG_RUN);
	kept->matrix_n = matrix->m.n;
	kept->marked = PG_GETARG_BOOL(ARG_MARKED);
	kept->n = n = PG_ARGISNULL(ARG_INSTRUMENTS) ? 0 :
		pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_INSTRUMENTS), "instruments", -1);
	kept->by_number = palloc(Max(matrix->m.n, 1) * sizeof(int));
	memset(kept->by_number, -1, Max(matrix->m.n, 1) * sizeof(int));
	kept->evidence = palloc0(Max(matrix->m.n, 1) * sizeof(EvidenceOf));
	kept->asset = palloc(Max(matrix->m.n, 1) * sizeof(text *));
	for (int i = 0; i < matrix->m.n; i++)
	{
		int			len;
		const char *label = pghedge_matrix_label(matrix, i, &len);

		kept->asset[i] = cstring_to_text_with_len(label, len);
	}
	kept->instrument = palloc(Max(n, 1) * sizeof(Instrument));
	if (n > 0)
	{
		asset = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P_COPY(ARG_INSTRUMENTS), n);
		for (int i = 0; i < n; i++)
			if (asset[i] == NULL)
				ereport(ERROR,
						(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						 errmsg("an element of instruments is null")));
		number = pghedge_asset_numbers(matrix, asset, n);
		unit = numbers_of(fcinfo, ARG_UNIT_EXPOSURES, "unit_exposures", n, "instruments");
		notional = numbers_of(fcinfo, ARG_UNIT_NOTIONALS, "unit_notionals", n, "instruments");
		lot = numbers_of(fcinfo, ARG_LOT_SIZES, "lot_sizes", n, "instruments");
		cost = numbers_of(fcinfo, ARG_COSTS, "costs", n, "instruments");
		cost_per_lot = numbers_of(fcinfo, ARG_COSTS_PER_LOT, "costs_per_lot", n, "instruments");
		problem = texts_of(fcinfo, ARG_PROBLEMS, "problems", n, "instruments");
		if (later)
		{
			funding_unit = numbers_of(fcinfo, ARG_FUNDING_UNITS, "funding_units", n, "instruments");
			carry = numbers_of(fcinfo, ARG_CARRIES, "carries", n, "instruments");
			least = numbers_of(fcinfo, ARG_LEAST, "minimum_holdings", n, "instruments");
			most = numbers_of(fcinfo, ARG_MOST_HELD, "maximum_holdings", n, "instruments");
			funding = texts_of(fcinfo, ARG_FUNDING_ASSETS, "funding_assets", n, "instruments");
			pghedge_reject_null(fcinfo, ARG_STALE, "stale");
			(void) pghedge_array_per(PG_GETARG_ARRAYTYPE_P(ARG_STALE), "stale", n, "instruments");
			deconstruct_array(PG_GETARG_ARRAYTYPE_P_COPY(ARG_STALE), BOOLOID, 1, true, TYPALIGN_CHAR,
							  &stale, &no_stale, &n);
		}
		for (int i = 0; i < n; i++)
		{
			Instrument *p = &kept->instrument[i];

			p->asset = asset[i];
			p->number = number[i];
			p->unit = unit[i];
			p->notional = notional[i];
			p->lot = lot[i] > 0 ? lot[i] : 1;
			p->cost = cost[i];
			p->cost_per_lot = cost_per_lot[i];
			p->problem = problem[i];
			if (isfinite(p->unit) && p->unit != 0 &&
				!(lot_exposure(p) >= 1e-100 && lot_exposure(p) <= 1e100))
			{
				p->unit = NAN;
				p->problem = cstring_to_text("value of a lot is out of range");
			}
			p->funding = -1;
			p->funding_unit = p->carry = NAN;
			p->least = -INFINITY;
			p->most = INFINITY;
			p->stale = false;
			if (later)
			{
				p->funding_unit = funding_unit[i];
				if (funding[i] && isfinite(funding_unit[i]))
					p->funding = pghedge_matrix_find(matrix, VARDATA_ANY(funding[i]),
													 VARSIZE_ANY_EXHDR(funding[i]));
				p->carry = carry[i];
				if (!isnan(least[i]))
					p->least = least[i];
				if (!isnan(most[i]))
					p->most = most[i];
				p->stale = !no_stale[i] && DatumGetBool(stale[i]);
			}
			p->guessed = isnan(p->cost) && isnan(p->cost_per_lot);
			if (!p->guessed && fabs(p->notional) > 0)
				dearest = fmax(dearest, (p->cost > 0 ? p->cost : 0) +
							   (p->cost_per_lot > 0 ? p->cost_per_lot / (fabs(p->notional) * p->lot) : 0));
			if (p->number >= 0)
				kept->by_number[p->number] = i;
		}
		/* Or else what nobody knows the cost of would be traded first. */
		for (int i = 0; i < n; i++)
		{
			Instrument *p = &kept->instrument[i];

			p->guessed &= isfinite(dearest) && dearest > 0;
			if (p->guessed)
				p->cost = dearest;
		}
	}
	kept->tradable = palloc(Max(n, 1) * sizeof(int));
	kept->n_tradable = 0;
	for (int i = 0; i < matrix->m.n; i++)
		if (kept->by_number[i] >= 0)
			kept->tradable[kept->n_tradable++] = i;
	MemoryContextSwitchTo(old);
}

/* What may be traded of a leg; NULL: nothing. */
static const Instrument *
instrument_of(const Kept *kept, const PhLeg *leg)
{
	int			k = kept->by_number[leg->number];

	return k < 0 ? NULL : &kept->instrument[k];
}

static int
compare_x(const void *a, const void *b)
{
	return ((const Evidence *) a)->x - ((const Evidence *) b)->x;
}

/* Of one asset with all that may be traded; NULL where there is none. */
static void
keep_evidence(const Kept *kept, EvidenceOf *e, PairEvidence *const *found)
{
	for (int k = 0; k < kept->n_tradable; k++)
		e->n += found[k] != NULL;
	e->pair = palloc(e->n * sizeof(Evidence));
	for (int k = 0, to = 0; k < kept->n_tradable; k++)
		if (found[k])
		{
			Evidence   *p = &e->pair[to++];

			p->x = kept->tradable[k];
			p->verdict = TextDatumGetCString(found[k]->verdict);
			p->reliable = strcmp(p->verdict, "reliable") == 0;
			p->low = found[k]->robust_low;
			p->high = found[k]->robust_high;
		}
}

/* So many pairs are asked for in one go. */
#define PAIRS_AT_ONCE 65536

/* Reads the evidence on those of the assets y that nobody has asked for yet, with all that may be traded. */
static void
read_evidence(Kept *kept, MemoryContext context, const PhLeg *leg, const int *y, int n)
{
	MemoryContext reading = AllocSetContextCreate(CurrentMemoryContext, "pghedge evidence",
												  ALLOCSET_DEFAULT_SIZES);
	int			most = Max(PAIRS_AT_ONCE / Max(kept->n_tradable, 1), 1);	/* assets in one go */
	int		   *wanted = palloc((n + 1) * sizeof(int));
	int			n_wanted = 0;

	for (int i = 0; i < n; i++)
		if (!kept->evidence[leg[y[i]].number].read)
		{
			kept->evidence[leg[y[i]].number].read = true;
			wanted[n_wanted++] = leg[y[i]].number;
		}
	for (int from = 0; from < n_wanted; from += most)
	{
		int			assets = Min(most, n_wanted - from);
		int			pairs = assets * kept->n_tradable;
		MemoryContext old = MemoryContextSwitchTo(reading);
		int		   *of = palloc(pairs * sizeof(int));
		int		   *with = palloc(pairs * sizeof(int));
		PairEvidence **found = palloc0(pairs * sizeof(PairEvidence *));

		for (int k = 0; k < pairs; k++)
		{
			of[k] = wanted[from + k / kept->n_tradable];
			with[k] = kept->tradable[k % kept->n_tradable];
		}
		pghedge_evidence_of_pairs(&kept->reader, context, kept->book, kept->run, kept->asset, kept->matrix_n,
								  kept->matrix_n, of, with, pairs, found);
		MemoryContextSwitchTo(kept->run_context);
		for (int i = 0; i < assets; i++)
			keep_evidence(kept, &kept->evidence[wanted[from + i]], found + i * kept->n_tradable);
		MemoryContextSwitchTo(old);
		MemoryContextReset(reading);
	}
	MemoryContextDelete(reading);
}

static const Evidence *
evidence_on(const Kept *kept, int y, int x)
{
	const EvidenceOf *e = &kept->evidence[y];
	Evidence	key = {.x = x};

	return e->n == 0 ? NULL : bsearch(&key, e->pair, e->n, sizeof(Evidence), compare_x);
}

/* ---- the answer ---- */

typedef struct Answer
{
	ReturnSetInfo *rsinfo;
	int			rows;
	double		risk_before;
	double		risk_after;		/* as far as correlations are relied on ... */
	double		net_risk_after;	/* ... and as estimated */
	double		total_cost;
} Answer;

static void
emit(Answer *a, text *asset, Datum *values, bool *nulls, const char *action, const char *reason)
{
	nulls[INSTRUMENT] = asset == NULL;
	values[INSTRUMENT] = PointerGetDatum(asset);
	pghedge_put(values, nulls, RISK_BEFORE, a->risk_before);
	pghedge_put(values, nulls, RISK_AFTER, a->risk_after);
	pghedge_put(values, nulls, TOTAL_COST, a->total_cost);
	pghedge_put(values, nulls, NET_RISK_AFTER, a->net_risk_after);
	pghedge_put_text(values, nulls, ACTION, action);
	pghedge_put_text(values, nulls, REASON, reason);
	tuplestore_putvalues(a->rsinfo->setResult, a->rsinfo->setDesc, values, nulls);
	a->rows++;
}

/* Nothing to do in an instrument, or at all, and why. */
static void
nothing(Answer *a, text *asset, double quantity, double exposure, const char *reason)
{
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	memset(nulls, true, sizeof(nulls));
	pghedge_put(values, nulls, QUANTITY, quantity);
	pghedge_put(values, nulls, EXPOSURE, exposure);
	if (asset)
	{
		pghedge_put(values, nulls, TRADE_CONTRACTS, 0);
		pghedge_put(values, nulls, TRADE_EXPOSURE, 0);
		pghedge_put(values, nulls, EXPOSURE_AFTER, exposure);
		pghedge_put(values, nulls, COST, 0);
		pghedge_put(values, nulls, CARRY, 0);
	}
	emit(a, asset, values, nulls, "none", reason);
}

static int
compare_risk(const void *a, const void *b)
{
	const PhLeg *x = a;
	const PhLeg *y = b;

	if (fabs(x->a) != fabs(y->a))
		return fabs(x->a) < fabs(y->a) ? 1 : -1;
	return x->number - y->number;
}

static double
risk_of(int m, const double *s, const double *e)
{
	double		sum = 0;

	for (int j = 0; j < m; j++)
		for (int i = 0; i < m && e[j] != 0; i++)
			sum += s[(size_t) j * m + i] * e[i] * e[j];
	return sum > 0 ? sqrt(sum) : sum <= 0 ? 0 : NAN;
}

/* What trading one unit of exposure costs. */
static double
unit_cost(const Instrument *i)
{
	double		cost = 0;

	if (i->cost > 0)
		cost += i->cost * fabs(i->notional) / fabs(i->unit);
	if (i->cost_per_lot > 0)
		cost += i->cost_per_lot / lot_exposure(i);
	return cost;
}

/* What a model says of trades, and how much is held. */
typedef struct Settings
{
	double		risk_price;
	bool		conservative;
	bool		any;
	int			most;
	const double *quantities;
} Settings;

/* Contracts held of a leg: none of a currency that only funded holdings expose to (no quantity). */
static double
quantity_of(const PhLeg *leg, const double *quantities)
{
	return leg->place < 0 || isnan(quantities[leg->place]) ? 0 : quantities[leg->place];
}

static const char *
reason_of(const PhTrades *p, int k, const PhTrade *t, const Instrument *i, double held,
		  const char *doubt)
{
	StringInfoData reason;
	double		trade = p->trade[k];

	initStringInfo(&reason);
	if (trade != 0)
	{
		appendStringInfoString(&reason, p->cost[k] > 0 ? "the risk it removes is worth more than it costs" :
							   isnan(i->cost) && isnan(i->cost_per_lot) ? "it removes risk; what it costs is not known" :
							   "it removes risk and costs nothing");
		if (doubt)
			appendStringInfo(&reason, "; also if it is no hedge: %s", doubt);
		if (trade * held < 0)
			appendStringInfo(&reason, "; it closes %s is held%s",
							 fabs(trade) < fabs(held) * (1 - 1e-9) ? "part of what" : "what",
							 fabs(trade) > fabs(held) * (1 + 1e-9) ? ", and more" : "");
	}
	else if (doubt)
		appendStringInfoString(&reason, doubt);
	else if (t->band_low <= 0 && t->band_high >= 0)
		appendStringInfoString(&reason, t->estimate_low <= 0 && t->estimate_high >= 0 ? "within the no-trade band" :
							   "worth its cost only if correlations hold that are not relied on");
	else if (t->band_high < 0 ? p->fewest[k] > -1 : p->most[k] < 1)
		appendStringInfoString(&reason, (t->band_high < 0) == (i->unit > 0) ? "no less of it may be held" :
							   "no more of it may be held");
	else
		appendStringInfoString(&reason, p->cost[k] > 0 ? "a whole lot would cost more than it gains" :
							   "a whole lot would add more risk than it removes");
	if (i->guessed)
		appendStringInfoString(&reason, "; its cost is not known and taken for that of the dearest");
	if (i->stale)
		appendStringInfoString(&reason, "; stale price");
	return reason.data;
}

/* The correlation to rely on where x hedges y. */
static double
relied_on(const Kept *kept, const PhLeg *y, const PhLeg *x, double corr, double estimate, const Settings *set)
{
	const Evidence *on = evidence_on(kept, y->number, x->number);

	if (x->number == y->number)
		return estimate;
	return ph_relied(corr, set->any || (on && on->reliable), set->conservative, on ? on->low : NAN,
					 on ? on->high : NAN);
}

/* Trades of hedges against positions, a row each; false if nothing can be said of them. */
static bool
trade(Answer *answer, const Kept *kept, const PhLeg *leg, const int *order, int positions, int n_hedges,
	  const double *estimate, const double *corr, int m, int n_held, const double *shown, const char **why,
	  const char *const *doubts, const Settings *set)
{
	int			all = positions + n_hedges;
	double	   *s = palloc_extended(Max((Size) all * all, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	double	   *e = palloc((all + 1) * sizeof(double));
	double	   *doubt = palloc_extended(Max((Size) n_hedges * all, 1) * sizeof(double),
										MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	const Instrument **instrument = palloc((n_hedges + 1) * sizeof(Instrument *));
	int		   *currency = palloc((n_hedges + 1) * sizeof(int));
	double	   *share = palloc0((n_hedges + 1) * sizeof(double));
	double	   *array = palloc0(((Size) n_hedges * n_hedges + 9 * (Size) n_hedges + 1) * sizeof(double));
	double	   *a = array + 9 * (Size) n_hedges;
	double	   *g = array;
	double	   *relief = g + n_hedges;
	double	   *cost = relief + n_hedges;
	double	   *step = cost + n_hedges;
	double	   *low = step + n_hedges;
	double	   *high = low + n_hedges;
	PhTrades	p = {.n = n_hedges,.a = a,.g = g,.relief = relief,.cost = cost,.step = step,.low = low,
		.high = high,.price = set->risk_price,.target = high + n_hedges,.trade = high + 2 * n_hedges,
		.lots = palloc((n_hedges + 1) * sizeof(double)),.pause = pghedge_pause};
	double		total;

	/*
	 * Covariances as estimated; by how much those relied on are less, of hedges with what is held: positions, and
	 * hedges of which it is not known that they are.
	 */
	for (int k = 0; k < all; k++)
	{
		const PhLeg *x = &leg[order[k]];

		CHECK_FOR_INTERRUPTS();
		e[k] = x->e;
		for (int l = 0; l <= k; l++)
		{
			const PhLeg *y = &leg[order[l]];
			size_t		at = (size_t) order[k] * m + order[l];
			double		rho = isnan(estimate[at]) ? 0 : estimate[at];

			s[(size_t) k * all + l] = s[(size_t) l * all + k] = rho * y->sigma * x->sigma;
			if (k >= positions && (l < positions || (l < k && doubts[order[l]])))
				doubt[(size_t) (k - positions) * all + l] =
					(rho - relied_on(kept, y, x, corr[at], rho, set)) * y->sigma * x->sigma;
			if (l >= positions && l < k && doubts[order[k]])
				doubt[(size_t) (l - positions) * all + k] =
					(rho - relied_on(kept, x, y, corr[at], rho, set)) * y->sigma * x->sigma;
		}
	}

	/*
	 * Who trades a funded instrument in a foreign currency trades that currency, too: share units of it for
	 * one of the instrument. In terms of the two together, the currency's own exposure is that much less, and the
	 * covariances are those of the sum. What is in the currency is so whatever is relied on.
	 */
	for (int k = 0; k < n_hedges; k++)
	{
		const PhLeg *x = &leg[order[positions + k]];

		instrument[k] = instrument_of(kept, x);
		currency[k] = -1;
		for (int l = 0; l < all && instrument[k]->funding >= 0 && currency[k] < 0; l++)
			if (leg[order[l]].number == instrument[k]->funding)
				currency[k] = l;
	}
	for (int k = 0; k < n_hedges; k++)
	{
		int			at = positions + k;
		int			c = currency[k];

		/* (a currency that is itself paid for in another one stands for itself) */
		if (c < 0 || (c >= positions && currency[c - positions] >= 0))
			continue;
		share[k] = instrument[k]->funding_unit / instrument[k]->unit;
		for (int l = 0; l < all; l++)
			s[(size_t) at * all + l] += share[k] * s[(size_t) c * all + l];
		for (int l = 0; l < all; l++)
			s[(size_t) l * all + at] += share[k] * s[(size_t) l * all + c];
		e[c] -= share[k] * e[at];
		if (c >= positions)
			for (int l = 0; l < all; l++)
				doubt[(size_t) k * all + l] += share[k] * doubt[(size_t) (c - positions) * all + l];
	}

	answer->risk_before = answer->risk_after = answer->net_risk_after = risk_of(all, s, e);
	answer->total_cost = 0;
	if (answer->risk_before == 0)
	{
		bool		gross = false;

		for (int i = 0; i < n_held; i++)
			gross |= leg[i].a != 0;
		nothing(answer, NULL, NAN, NAN, gross ? "net risk is zero" : "gross risk is zero");
		return false;
	}
	p.variance = answer->risk_before * answer->risk_before;
	for (int k = 0; k < n_hedges; k++)
	{
		const Instrument *i = instrument[k];
		const double *row = s + (size_t) (positions + k) * all;
		double		held = quantity_of(&leg[order[positions + k]], set->quantities);
		double		least = fmin(i->least - held, 0);
		double		most = fmax(i->most - held, 0);

		for (int l = 0; l < all; l++)
			g[k] += row[l] * e[l];
		for (int l = 0; l < all; l++)
			relief[k] += 2 * doubt[(size_t) k * all + l] * e[l];
		memcpy(a + (size_t) k * n_hedges, row + positions, n_hedges * sizeof(double));
		cost[k] = unit_cost(i);
		step[k] = lot_exposure(i);
		low[k] = (i->unit > 0 ? least : most) * i->unit;
		high[k] = (i->unit > 0 ? most : least) * i->unit;
	}
	for (int pass = 0; n_hedges > 0; pass++)
	{
		void	   *work = MemoryContextAllocHuge(CurrentMemoryContext, ph_trades_workspace(n_hedges) + 8);
		PhStatus	status = isfinite(p.variance) ? ph_trades_begin(&p, work) : PH_OVERFLOW;
		bool		done = false;
		int			traded = 0;

		while (status == PH_OK && !done)
		{
			CHECK_FOR_INTERRUPTS();
			status = ph_trades_round(&p, &done);
		}
		if (status != PH_OK)
		{
			nothing(answer, NULL, NAN, NAN,
					status == PH_NO_CONVERGENCE ? "no answer: the search for the best trades did not end" :
					status == PH_UNBOUNDED ? "no answer: trades seem to gain without end" :
					"no answer: numbers out of range");
			return false;
		}
		ph_trades_end(&p);
		for (int k = 0; k < n_hedges; k++)
			traded += p.lots[k] != 0;
		if (traded <= set->most || pass > 0)
			break;
		/* Again with those alone whose trades have the largest risk. */
		for (int left = n_hedges; left > set->most; left--)
		{
			int			smallest = -1;

			for (int k = 0; k < n_hedges; k++)
				if (!why[order[positions + k]] &&
					(smallest < 0 || fabs(p.trade[k]) * sqrt(a[(size_t) k * n_hedges + k]) <
					 fabs(p.trade[smallest]) * sqrt(a[(size_t) smallest * n_hedges + smallest])))
					smallest = k;
			if (smallest < 0)
				break;
			why[order[positions + smallest]] = psprintf("not among the %d that may be traded at once", set->most);
			low[smallest] = high[smallest] = 0;
		}
	}
	if (n_hedges > 0)
	{
		answer->risk_after = fmin(sqrt(fmax(fmax(p.estimated, p.relied), 0)), answer->risk_before);
		answer->net_risk_after = fmin(sqrt(fmax(p.estimated, 0)), answer->risk_before);
		for (int k = 0; k < n_hedges; k++)
			answer->total_cost += p.trade[k] == 0 ? 0 : cost[k] * fabs(p.trade[k]);
	}
	total = answer->risk_after * answer->risk_after;
	for (int k = 0; k < n_hedges; k++)
	{
		const PhLeg *l = &leg[order[positions + k]];
		const Instrument *i = instrument[k];
		double		contracts = p.lots[k] * i->lot * (i->unit < 0 ? -1 : 1);
		double		e_now = shown[order[positions + k]];
		double		after = e_now + p.trade[k];
		PhTrade		t;
		Datum		values[COLUMNS];
		bool		nulls[COLUMNS];

		if (why[order[positions + k]])
			continue;			/* told with those that are not used */
		for (int j = 0; j < n_hedges; j++)
			if (currency[j] == positions + k)
				after += share[j] * p.trade[j];
		ph_trades_explain(&p, k, &t);
		memset(nulls, true, sizeof(nulls));
		pghedge_put(values, nulls, QUANTITY, quantity_of(l, set->quantities));
		pghedge_put(values, nulls, EXPOSURE, e_now);
		pghedge_put(values, nulls, TARGET_EXPOSURE, e_now + p.target[k]);
		pghedge_put(values, nulls, TRADE_CONTRACTS, contracts);
		pghedge_put(values, nulls, TRADE_EXPOSURE, p.trade[k]);
		pghedge_put(values, nulls, EXPOSURE_AFTER, after);
		pghedge_put(values, nulls, BAND_LOW, e_now + t.band_low);
		pghedge_put(values, nulls, BAND_HIGH, e_now + t.band_high);
		pghedge_put(values, nulls, COST, p.trade[k] == 0 ? 0 : cost[k] * fabs(p.trade[k]));
		pghedge_put(values, nulls, CARRY, contracts == 0 ? 0 : contracts * i->notional * i->carry);
		if (p.trade[k] != 0)
		{
			double		removed = fmax(t.variance - total, 0);

			pghedge_put(values, nulls, WORTH, p.price * removed / (sqrt(t.variance) + answer->risk_after));
			pghedge_put(values, nulls, VARIANCE_REMOVED, removed);
			pghedge_put(values, nulls, VARIANCE_REMOVED_PER_COST, removed / (cost[k] * fabs(p.trade[k])));
		}
		emit(answer, i->asset, values, nulls, contracts > 0 ? "buy" : contracts < 0 ? "sell" : "none",
			 reason_of(&p, k, &t, i, l->e, doubts[order[positions + k]]));
	}
	return true;
}

/* Is an exposure that of so many contracts? */
static bool
is_outright(double exposure, double of_contracts)
{
	return fabs(exposure - of_contracts) <= 1e-9 * fmax(fabs(exposure), fabs(of_contracts));
}

static void
recommend(Answer *answer, Kept *kept, FunctionCallInfo fcinfo, const MatrixArg *matrix)
{
	double		risk_price = PG_GETARG_FLOAT8(ARG_RISK_PRICE);
	bool		conservative = strcmp(text_to_cstring(PG_GETARG_TEXT_PP(ARG_CORRELATIONS)), "conservative") == 0;
	bool		any = strcmp(text_to_cstring(PG_GETARG_TEXT_PP(ARG_EVIDENCE)), "any") == 0;
	int			most = PG_ARGISNULL(ARG_MOST) ? PG_INT32_MAX : PG_GETARG_INT32(ARG_MOST);
	double		minimum_corr = PG_GETARG_FLOAT8(ARG_MINIMUM_CORRELATION);
	int			minimum_observations = PG_GETARG_INT32(ARG_MINIMUM_OBSERVATIONS);
	int			n_assets = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_ASSETS), "assets", -1);
	text	  **assets = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(ARG_ASSETS), n_assets);
	double	   *exposures = numbers_of(fcinfo, ARG_EXPOSURES, "exposures", n_assets, "assets");
	double	   *quantities = numbers_of(fcinfo, ARG_QUANTITIES, "quantities", n_assets, "assets");
	int		   *number = pghedge_asset_numbers(matrix, assets, n_assets);
	int			room = 2 * (n_assets + (kept->marked ? kept->n : 0)) + 1;
	PhLeg	   *leg = palloc(room * sizeof(PhLeg));
	double	   *a = palloc(room * sizeof(double));
	bool	   *tradable = palloc(room * sizeof(bool));
	bool	   *hedge = palloc(room * sizeof(bool));
	bool	   *pays;			/* [assets of the matrix] a hedge in use is paid for in it */
	bool	   *has_leg;			/* [instruments] */
	double	   *shown;			/* [m] exposure held in a leg's asset */
	const char **why;			/* [m] why a hedge is not used ... */
	const char **doubt;			/* ... or, if held, at most cut */
	double	   *estimate;		/* [m][m] correlations, NaN: undefined ... */
	double	   *corr;			/* ... or of too few returns */
	int		   *order;			/* legs, positions first */
	int			m = 0;
	int			n_held;
	int			n_traded;		/* legs from here on are currencies that nobody holds or trades */
	int			positions = 0;
	int			n_hedges = 0;

	if (!(risk_price > 0 && risk_price < INFINITY))
		pghedge_reject("risk_price", risk_price, "positive and finite");

	/* Legs by falling risk; then what may be traded and is not held. */
	for (int i = 0; i < n_assets; i++)
		if (number[i] >= 0 && ph_leg(&matrix->m, number[i], exposures[i], &leg[m]))
			leg[m++].place = i;
	qsort(leg, m, sizeof(PhLeg), compare_risk);
	n_held = m;
	has_leg = palloc0((kept->n + 1) * sizeof(bool));
	for (int i = 0; i < m; i++)
	{
		const Instrument *own = instrument_of(kept, &leg[i]);

		a[i] = leg[i].a;
		tradable[i] = own && leg[i].sigma > 0 && isfinite(own->unit) && own->unit != 0;
		if (own == NULL)
			continue;

		/*
		 * What is held of a marked instrument otherwise than as its contracts, options on it or holdings paid for
		 * in it, is a position, and the instrument hedges it.
		 */
		if (kept->marked && tradable[i] &&
			!is_outright(leg[i].e, quantities[leg[i].place] * own->unit))
			tradable[i] = false;
		else
			has_leg[own - kept->instrument] = true;
	}
	for (int k = 0; k < kept->n && kept->marked; k++)
	{
		const Instrument *i = &kept->instrument[k];
		PhComoments own;

		if (has_leg[k])
			continue;
		if (i->number < 0 || !isfinite(i->unit) || i->unit == 0 ||
			!ph_leg(&matrix->m, i->number, 0, &leg[m]) || !(leg[m].sigma > 0))
			continue;
		ph_matrix_pair(&matrix->m, i->number, i->number, &own);
		if (ph_observations(&own) < minimum_observations)
			continue;
		leg[m].place = -1;
		for (int j = 0; j < n_held; j++)
			if (leg[j].number == i->number)
				leg[m].place = leg[j].place;
		a[m] = 0;
		tradable[m] = true;
		has_leg[k] = true;
		m++;
	}
	n_traded = m;
	for (int i = 0; i < n_traded; i++)
	{
		int			currency = tradable[i] ? instrument_of(kept, &leg[i])->funding : -1;
		bool		found = currency < 0;

		for (int j = 0; j < m && !found; j++)
			found = leg[j].number == currency;
		if (found || !ph_leg(&matrix->m, currency, 0, &leg[m]))
			continue;
		leg[m].place = -1;
		a[m] = 0;
		tradable[m++] = false;
	}
	pghedge_reject_many(m, "positions and instruments of one portfolio", 5000);

	estimate = palloc_extended(Max((Size) m * m, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	corr = palloc_extended(Max((Size) m * m, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	for (int i = 0; i < m; i++)
	{
		CHECK_FOR_INTERRUPTS();
		estimate[(size_t) i * m + i] = corr[(size_t) i * m + i] = 1;
		for (int j = 0; j < i; j++)
		{
			double		rho;
			double		n;

			if (!ph_leg_corr(&matrix->m, &leg[i], &leg[j], &rho, &n))
				rho = n = NAN;
			if (leg[i].number == leg[j].number)
				rho = 1;
			estimate[(size_t) i * m + j] = estimate[(size_t) j * m + i] = rho;
			corr[(size_t) i * m + j] = corr[(size_t) j * m + i] = n >= minimum_observations ? rho : NAN;
		}
	}
	ph_recommend_hedges(m, a, corr, tradable, kept->marked, minimum_corr, hedge);
	/* What is not held is a hedge if anything at all. */
	for (int i = n_held; i < m; i++)
		hedge[i] = i < n_traded;

	order = palloc((m + 1) * sizeof(int));
	for (int i = 0; i < n_traded; i++)
		if (!hedge[i])
			order[positions++] = i;
	n_hedges = n_traded - positions;
	if (positions > 0 && n_hedges > 0)
		read_evidence(kept, fcinfo->flinfo->fn_mcxt, leg, order, positions);

	/*
	 * A hedge that goes with no position in a way that can be relied on is left as it is; if it is held, it
	 * is cut where that is better whether it is one or not.
	 */
	shown = palloc((m + 1) * sizeof(double));
	why = palloc0((m + 1) * sizeof(char *));
	doubt = palloc0((m + 1) * sizeof(char *));
	for (int i = 0; i < m; i++)
	{
		bool		relied = false;
		bool		goes = i < n_held;
		double		largest = -1;
		int			with = -1;

		CHECK_FOR_INTERRUPTS();
		shown[i] = leg[i].place < 0 ? 0 : exposures[leg[i].place];
		if (!hedge[i])
			continue;
		for (int k = 0; k < positions; k++)
		{
			int			j = order[k];
			double		rho = corr[(size_t) i * m + j];
			const Evidence *on = evidence_on(kept, leg[j].number, leg[i].number);

			if (isnan(rho) || a[j] == 0)
				continue;
			relied |= leg[i].number == leg[j].number ||
				((any || (on && on->reliable)) && (!conservative || (on && on->low <= on->high)));
			goes |= fabs(rho) >= minimum_corr;
			if (fabs(a[j] * rho) > largest)
			{
				largest = fabs(a[j] * rho);
				with = j;
			}
		}
		if (with < 0)
			why[i] = positions == 0 ? "no position that it could hedge" :
				"no position has enough returns in common with it";
		else if (!relied)
		{
			const Evidence *on = evidence_on(kept, leg[with].number, leg[i].number);

			doubt[i] = psprintf("evidence not reliable: %s with it is %s",
								text_to_cstring(assets[leg[with].place]), on ? on->verdict : "not examined");
			if (i >= n_held)
				why[i] = doubt[i];
		}
		else if (!goes)
			why[i] = "no position goes with it at minimum_correlation";
	}
	/* They are positions, too, to the others. */
	n_hedges = 0;
	for (int i = 0; i < n_held; i++)
		if (doubt[i])
			order[positions + n_hedges++] = i;
	if (n_hedges > 0)
		read_evidence(kept, fcinfo->flinfo->fn_mcxt, leg, order + positions, n_hedges);

	/*
	 * From here on a position is what is held and stays, and what others are paid for in; a hedge is what may be
	 * used.
	 */
	positions = n_hedges = 0;
	pays = palloc0((matrix->m.n + 1) * sizeof(bool));
	for (int i = 0; i < m; i++)
		if (hedge[i] && !why[i] && instrument_of(kept, &leg[i])->funding >= 0)
			pays[instrument_of(kept, &leg[i])->funding] = true;
	for (int i = 0; i < m; i++)
		if (i < n_held || i >= n_traded ? !hedge[i] || why[i] : why[i] && pays[leg[i].number])
			order[positions++] = i;
	for (int i = 0; i < m; i++)
		if (hedge[i] && !why[i])
			order[positions + n_hedges++] = i;

	if (!trade(answer, kept, leg, order, positions, n_hedges, estimate, corr, m, n_held, shown, why, doubt,
			   &(Settings) {risk_price, conservative, any, most, quantities}))
		return;
	for (int i = 0; i < m; i++)
		if (hedge[i] && why[i])
			nothing(answer, instrument_of(kept, &leg[i])->asset,
					quantity_of(&leg[i], quantities), shown[i], why[i]);
	/* What is marked and cannot be traded, and why. */
	for (int k = 0; k < kept->n && kept->marked; k++)
		if (!has_leg[k] || (kept->instrument[k].problem && !isfinite(kept->instrument[k].unit)))
			nothing(answer, kept->instrument[k].asset, NAN, NAN,
					kept->instrument[k].problem ? text_to_cstring(kept->instrument[k].problem) :
					"too few returns");
	if (answer->rows == 0)
		nothing(answer, NULL, NAN, NAN, kept->marked ?
				"no eligible instrument: what is tradable goes with no other position" :
				"no eligible instrument: none is marked as tradable, and no position offsets a larger one");
}

PGHEDGE_FUNCTION(pghedge_recommended_trades);
Datum
pghedge_recommended_trades(PG_FUNCTION_ARGS)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	Kept	   *kept = fcinfo->flinfo->fn_extra;
	const MatrixArg *matrix;
	Answer		answer = {NULL, 0, NAN, NAN, NAN, 0};

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	answer.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	if (PG_ARGISNULL(ARG_MATRIX) || PG_ARGISNULL(ARG_RUN) || PG_ARGISNULL(ARG_BOOK) ||
		PG_ARGISNULL(ARG_MARKED))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(ARG_ASSETS) || PG_ARGISNULL(ARG_EXPOSURES) || PG_ARGISNULL(ARG_QUANTITIES))
	{
		nothing(&answer, NULL, NAN, NAN, "no position has a price and enough returns");
		PG_RETURN_NULL();
	}
	pghedge_reject_null(fcinfo, ARG_RISK_PRICE, "risk_price");
	pghedge_reject_null(fcinfo, ARG_CORRELATIONS, "correlations");
	pghedge_reject_null(fcinfo, ARG_EVIDENCE, "evidence");
	pghedge_reject_null(fcinfo, ARG_MINIMUM_CORRELATION, "minimum_correlation");
	pghedge_reject_null(fcinfo, ARG_MINIMUM_OBSERVATIONS, "minimum_observations");
	if (kept == NULL)
		fcinfo->flinfo->fn_extra = kept = MemoryContextAllocZero(context, sizeof(Kept));
	matrix = pghedge_matrix_kept(&kept->matrix, context,
								 (struct varlena *) PG_GETARG_POINTER(ARG_MATRIX));
	if (kept->run_context == NULL || kept->book != PG_GETARG_OID(ARG_BOOK) ||
		kept->run != PG_GETARG_INT64(ARG_RUN) || kept->marked != PG_GETARG_BOOL(ARG_MARKED))
		read_run(fcinfo, kept, matrix);
	else if (kept->matrix_n != matrix->m.n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a matrix of %d assets and one of %d are given for the same run",
						kept->matrix_n, matrix->m.n)));
	recommend(&answer, kept, fcinfo, matrix);
	PG_RETURN_NULL();
}
