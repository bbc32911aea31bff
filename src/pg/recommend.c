/*
 * recommend.c
 *	  hedge._recommended_trades: one portfolio of a book and what may be traded, to trades and their
 *	  reasons.  What a run knows of instruments, and the evidence of the pairs asked for, is read once for
 *	  a query, since a view asks for thousands of portfolios.
 */
#include "arrays.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "results.h"
#include "../kernel/hedge.h"
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
} Instrument;

/* What a call site keeps of the run that it met last. */
typedef struct Kept
{
	MatrixCache matrix;
	MemoryContext run_context;
	int64		run;
	bool		marked;
	int			n;
	Instrument *instrument;
	int		   *by_number;		/* [assets of the matrix] instrument, or -1 */
	EvidenceOf *evidence;		/* [assets of the matrix] by y */
	Names		names;			/* of the assets of the matrix, numbered as there */
} Kept;

#define THETA_ROUNDS 8

enum
{
	ARG_MATRIX, ARG_ASSETS, ARG_EXPOSURES, ARG_QUANTITIES,
	ARG_MARKED, ARG_INSTRUMENTS, ARG_UNIT_EXPOSURES, ARG_UNIT_NOTIONALS, ARG_LOT_SIZES, ARG_COSTS,
	ARG_COSTS_PER_LOT, ARG_PROBLEMS,
	ARG_RISK_PRICE, ARG_CORRELATIONS, ARG_EVIDENCE, ARG_MOST, ARG_MINIMUM_CORRELATION,
	ARG_MINIMUM_OBSERVATIONS, ARG_BOOK, ARG_RUN
};

/* Columns of the result. */
enum
{
	INSTRUMENT, QUANTITY, EXPOSURE, TARGET_EXPOSURE, TRADE_CONTRACTS, TRADE_EXPOSURE, EXPOSURE_AFTER,
	BAND_LOW, BAND_HIGH, COST, WORTH, VARIANCE_REMOVED, VARIANCE_REMOVED_PER_COST, RISK_BEFORE,
	RISK_AFTER, NET_RISK_AFTER, TOTAL_COST, ACTION, REASON, COLUMNS
};

/* ---- what is kept ---- */

static void
missing(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s is NULL", name)));
}

static double *
numbers_of(FunctionCallInfo fcinfo, int argno, const char *name, int n)
{
	ArrayType  *array;

	if (PG_ARGISNULL(argno))
		missing(name);
	array = PG_GETARG_ARRAYTYPE_P(argno);
	(void) pghedge_array_length(array, name, n);
	return pghedge_float8_elements(array, n);
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
	Datum	   *problem;
	bool	   *no_problem;
	int			n;

	if (kept->run_context)
		MemoryContextDelete(kept->run_context);
	kept->run_context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "pghedge recommendations",
											  ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(kept->run_context);
	kept->run = PG_GETARG_INT64(ARG_RUN);
	kept->marked = PG_GETARG_BOOL(ARG_MARKED);
	kept->n = n = PG_ARGISNULL(ARG_INSTRUMENTS) ? 0 :
		pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_INSTRUMENTS), "instruments", -1);
	kept->by_number = palloc(Max(matrix->m.n, 1) * sizeof(int));
	memset(kept->by_number, -1, Max(matrix->m.n, 1) * sizeof(int));
	kept->evidence = palloc0(Max(matrix->m.n, 1) * sizeof(EvidenceOf));
	pghedge_names_init(&kept->names, kept->run_context);
	for (int i = 0; i < matrix->m.n; i++)
	{
		int			len;
		const char *label = pghedge_matrix_label(matrix, i, &len);

		(void) pghedge_names_number(&kept->names, label, len);
	}
	kept->instrument = palloc(Max(n, 1) * sizeof(Instrument));
	if (n > 0)
	{
		asset = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P_COPY(ARG_INSTRUMENTS), n);
		number = pghedge_asset_numbers(matrix, asset, n);
		unit = numbers_of(fcinfo, ARG_UNIT_EXPOSURES, "unit_exposures", n);
		notional = numbers_of(fcinfo, ARG_UNIT_NOTIONALS, "unit_notionals", n);
		lot = numbers_of(fcinfo, ARG_LOT_SIZES, "lot_sizes", n);
		cost = numbers_of(fcinfo, ARG_COSTS, "costs", n);
		cost_per_lot = numbers_of(fcinfo, ARG_COSTS_PER_LOT, "costs_per_lot", n);
		if (PG_ARGISNULL(ARG_PROBLEMS))
			missing("problems");
		(void) pghedge_array_length(PG_GETARG_ARRAYTYPE_P(ARG_PROBLEMS), "problems", n);
		deconstruct_array(PG_GETARG_ARRAYTYPE_P_COPY(ARG_PROBLEMS), TEXTOID, -1, false, TYPALIGN_INT,
						  &problem, &no_problem, &n);
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
			p->problem = no_problem[i] ? NULL : DatumGetTextPP(problem[i]);
			if (p->number >= 0)
				kept->by_number[p->number] = i;
		}
	}
	MemoryContextSwitchTo(old);
}

static int
compare_x(const void *a, const void *b)
{
	return ((const Evidence *) a)->x - ((const Evidence *) b)->x;
}

/* Reads, in one go, the evidence on those of the assets y that nobody has asked for yet. */
static void
read_evidence(Kept *kept, Oid book, text *const *name, const PhLeg *leg, const int *y, int n)
{
	char	   *schema = get_namespace_name(book);
	Datum	   *wanted = palloc((n + 1) * sizeof(Datum));
	Oid			types[3] = {INT8OID, TEXTARRAYOID, TEXTARRAYOID};
	Datum		values[3];
	MemoryContext old;
	int			missing = 0;

	for (int i = 0; i < n; i++)
		if (!kept->evidence[leg[y[i]].number].read)
		{
			kept->evidence[leg[y[i]].number].read = true;
			wanted[missing++] = PointerGetDatum(name[leg[y[i]].place]);
		}
	if (missing == 0)
		return;
	if (schema == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema with OID %u does not exist", book)));
	values[0] = Int64GetDatum(kept->run);
	values[1] = PointerGetDatum(construct_array(wanted, missing, TEXTOID, -1, false, TYPALIGN_INT));
	wanted = palloc((kept->n + 1) * sizeof(Datum));
	for (int i = 0; i < kept->n; i++)
		wanted[i] = PointerGetDatum(kept->instrument[i].asset);
	values[2] = PointerGetDatum(construct_array(wanted, kept->n, TEXTOID, -1, false, TYPALIGN_INT));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args(psprintf("SELECT e.asset_y, e.asset_x, e.verdict, e.robust_low, e.robust_high"
									   " FROM %s AS e WHERE e.run OPERATOR(pg_catalog.=) $1"
									   " AND e.asset_y OPERATOR(pg_catalog.=) ANY ($2)%s",
									   quote_qualified_identifier(schema, "pair_evidence"),
									   kept->marked ? " AND e.asset_x OPERATOR(pg_catalog.=) ANY ($3)" : ""),
							  3, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_with_args failed");
	old = MemoryContextSwitchTo(kept->run_context);
	for (uint64 k = 0; k < SPI_processed; k++)
	{
		HeapTuple	row = SPI_tuptable->vals[k];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		no_low;
		bool		no_high;
		bool		null;
		text	   *asset_y = DatumGetTextPP(SPI_getbinval(row, desc, 1, &null));
		text	   *asset_x = DatumGetTextPP(SPI_getbinval(row, desc, 2, &null));
		char	   *verdict = TextDatumGetCString(SPI_getbinval(row, desc, 3, &null));
		double		low = DatumGetFloat8(SPI_getbinval(row, desc, 4, &no_low));
		double		high = DatumGetFloat8(SPI_getbinval(row, desc, 5, &no_high));
		int			number_y = pghedge_names_number(&kept->names, VARDATA_ANY(asset_y), VARSIZE_ANY_EXHDR(asset_y));
		int			number_x = pghedge_names_number(&kept->names, VARDATA_ANY(asset_x), VARSIZE_ANY_EXHDR(asset_x));
		EvidenceOf *e = &kept->evidence[number_y];
		Evidence   *p;

		CHECK_FOR_INTERRUPTS();
		if (e->n == 0)
			e->pair = palloc(8 * sizeof(Evidence));
		else if (e->n >= 8 && (e->n & (e->n - 1)) == 0)
			e->pair = repalloc_huge(e->pair, 2 * e->n * sizeof(Evidence));
		p = &e->pair[e->n++];
		p->x = number_x;
		p->verdict = verdict;
		p->reliable = strcmp(verdict, "reliable") == 0;
		p->low = no_low ? NAN : low;
		p->high = no_high ? NAN : high;
	}
	MemoryContextSwitchTo(old);
	SPI_finish();
	for (int i = 0; i < n; i++)
	{
		EvidenceOf *e = &kept->evidence[leg[y[i]].number];

		if (e->n > 1)
			qsort(e->pair, e->n, sizeof(Evidence), compare_x);
	}
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

/* Exposure traded in a lot, and what trading one unit of it costs. */
static double
lot_exposure(const Instrument *i)
{
	return fabs(i->unit) * i->lot;
}

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

/* The covariances of hedges with positions: (1 − θ)·estimated + θ·relied. */
static void
set_cross(const PhHedge *p, double *s, const double *estimated, const double *relied, int positions,
		  int hedges, double theta)
{
	for (int k = 0; k < hedges; k++)
		for (int j = 0; j < positions; j++)
		{
			size_t		at = (size_t) k * positions + j;
			int			to = positions + k;
			double		x = theta == 1 ? relied[at] : theta == 0 ? estimated[at] :
				(1 - theta) * estimated[at] + theta * relied[at];

			s[(size_t) to * p->m + j] = s[(size_t) j * p->m + to] = x;
		}
}

/* How much more variance the hedges h leave as estimated than as relied on. */
static double
cross_difference(const PhHedge *p, const double *e, const double *estimated, const double *relied,
				 int positions, const double *h)
{
	double		sum = 0;

	for (int k = 0; k < p->n; k++)
	{
		const double *x0 = estimated + (size_t) (p->instrument[k] - positions) * positions;
		const double *x1 = relied + (size_t) (p->instrument[k] - positions) * positions;

		for (int j = 0; j < positions; j++)
			sum += 2 * (x0[j] - x1[j]) * e[j] * (h[k] - p->held[k]);
	}
	return sum;
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
	double	   *exposures = numbers_of(fcinfo, ARG_EXPOSURES, "exposures", n_assets);
	double	   *quantities = numbers_of(fcinfo, ARG_QUANTITIES, "quantities", n_assets);
	int		   *number = pghedge_asset_numbers(matrix, assets, n_assets);
	int			room = n_assets + (kept->marked ? kept->n : 0) + 1;
	PhLeg	   *leg = palloc(room * sizeof(PhLeg));
	double	   *a = palloc(room * sizeof(double));
	bool	   *tradable = palloc(room * sizeof(bool));
	bool	   *hedge = palloc(room * sizeof(bool));
	bool	   *has_leg;			/* [instruments] */
	const char **why;			/* [m] why a hedge is not used */
	double	   *estimate;		/* [m][m] correlations, NaN: undefined ... */
	double	   *corr;			/* ... or of too few returns */
	double	   *s;				/* [p.m][p.m] covariances as estimated, but for those of ... */
	double	   *estimated;		/* [hedges][positions] ... a hedge with a position: as estimated, */
	double	   *relied;			/* and as relied on */
	double	   *e;
	int		   *order;			/* legs, positions first */
	int			m = 0;
	int			n_held;
	int			positions = 0;
	int			n_hedges = 0;
	bool		relied_on_all = true;
	bool		only_then = false;
	double		theta = 1;
	PhHedge		p = {0};
	int		   *place;
	double	   *step;
	double	   *cost;
	PhStatus	status;
	bool		done;

	/* Legs by falling risk; then what may be traded and is not held. */
	for (int i = 0; i < n_assets; i++)
		if (number[i] >= 0 && ph_leg(&matrix->m, number[i], exposures[i], &leg[m]))
			leg[m++].place = i;
	qsort(leg, m, sizeof(PhLeg), compare_risk);
	n_held = m;
	has_leg = palloc0((kept->n + 1) * sizeof(bool));
	for (int i = 0; i < m; i++)
	{
		int			k = kept->by_number[leg[i].number];

		a[i] = leg[i].a;
		tradable[i] = k >= 0 && leg[i].sigma > 0 && isfinite(kept->instrument[k].unit) &&
			kept->instrument[k].unit != 0;
		if (k >= 0)
			has_leg[k] = true;
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
		a[m] = 0;
		tradable[m] = true;
		has_leg[k] = true;
		m++;
	}
	if (m > 5000)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d positions and instruments of one portfolio are too many", m),
				 errdetail("At most 5000 are possible.")));

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
			estimate[(size_t) i * m + j] = estimate[(size_t) j * m + i] = rho;
			corr[(size_t) i * m + j] = corr[(size_t) j * m + i] = n >= minimum_observations ? rho : NAN;
		}
	}
	ph_recommend_hedges(m, a, corr, tradable, kept->marked, minimum_corr, hedge);
	/* What is not held is a hedge if anything at all. */
	for (int i = n_held; i < m; i++)
		hedge[i] = true;

	order = palloc((m + 1) * sizeof(int));
	for (int i = 0; i < m; i++)
		if (!hedge[i])
			order[positions++] = i;
	n_hedges = m - positions;
	if (positions > 0 && n_hedges > 0)
		read_evidence(kept, PG_GETARG_OID(ARG_BOOK), assets, leg, order, positions);

	/* A hedge that goes with no position in a way that can be relied on is left as it is. */
	why = palloc0((m + 1) * sizeof(char *));
	for (int i = 0; i < m; i++)
	{
		bool		relied = false;
		double		largest = -1;
		int			with = -1;

		if (!hedge[i])
			continue;
		for (int k = 0; k < positions; k++)
		{
			int			j = order[k];
			double		rho = corr[(size_t) i * m + j];
			const Evidence *on = evidence_on(kept, leg[j].number, leg[i].number);

			if (isnan(rho) || a[j] == 0)
				continue;
			relied |= any || (on && on->reliable);
			if (fabs(a[j] * rho) > largest)
			{
				largest = fabs(a[j] * rho);
				with = j;
			}
		}
		if (relied)
			continue;
		if (with < 0)
			why[i] = positions == 0 ? "no position that it could hedge" :
				"no position has enough returns in common with it";
		else
		{
			const Evidence *on = evidence_on(kept, leg[with].number, leg[i].number);

			why[i] = psprintf("evidence not reliable: %s with it is %s",
							  text_to_cstring(assets[leg[with].place]), on ? on->verdict : "not examined");
		}
	}
	/* From here on a position is what is held and stays, and a hedge what may be used. */
	positions = n_hedges = 0;
	for (int i = 0; i < n_held; i++)
		if (!hedge[i] || why[i])
			order[positions++] = i;
	for (int i = 0; i < m; i++)
		if (hedge[i] && !why[i])
			order[positions + n_hedges++] = i;

	/* Covariances: as estimated, and as relied on. */
	p.m = positions + n_hedges;
	s = palloc_extended(Max((Size) p.m * p.m, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	estimated = palloc_extended(Max((Size) n_hedges * positions, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	relied = palloc_extended(Max((Size) n_hedges * positions, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	e = palloc((p.m + 1) * sizeof(double));
	for (int k = 0; k < p.m; k++)
	{
		const PhLeg *x = &leg[order[k]];

		CHECK_FOR_INTERRUPTS();
		e[k] = x->e;
		for (int l = 0; l <= k; l++)
		{
			const PhLeg *y = &leg[order[l]];
			size_t		at = (size_t) order[k] * m + order[l];
			double		rho = isnan(estimate[at]) ? 0 : estimate[at];

			if (l < positions && k >= positions)
			{
				const Evidence *on = evidence_on(kept, y->number, x->number);
				size_t		to = (size_t) (k - positions) * positions + l;
				double		used = ph_relied(corr[at], any || (on && on->reliable), conservative,
											 on ? on->low : NAN, on ? on->high : NAN);

				estimated[to] = rho * y->sigma * x->sigma;
				relied[to] = used * y->sigma * x->sigma;
				relied_on_all &= used == rho;
			}
			s[(size_t) k * p.m + l] = s[(size_t) l * p.m + k] = rho * y->sigma * x->sigma;
		}
	}

	answer->risk_before = answer->risk_after = answer->net_risk_after = risk_of(p.m, s, e);
	answer->total_cost = 0;
	if (answer->risk_before == 0)
	{
		bool		gross = false;

		for (int i = 0; i < n_held; i++)
			gross |= a[i] != 0;
		nothing(answer, NULL, NAN, NAN, gross ? "net risk is zero" : "gross risk is zero");
		return;
	}

	/* The trades. */
	place = palloc((n_hedges + 1) * sizeof(int));
	step = palloc((n_hedges + 1) * sizeof(double));
	cost = palloc((n_hedges + 1) * sizeof(double));
	p.s = s;
	p.e = e;
	p.instrument = place;
	p.step = step;
	p.cost = cost;
	p.aversion = risk_price / answer->risk_before;
	p.target = palloc((n_hedges + 1) * sizeof(double));
	p.after = palloc((n_hedges + 1) * sizeof(double));
	p.lots = palloc((n_hedges + 1) * sizeof(double));
	for (int k = 0; k < n_hedges; k++)
		place[k] = positions + k;
	p.n = n_hedges;
	for (int pass = 0; p.n > 0; pass++)
	{
		int			traded = 0;
		double		low = 0;
		double		high = 1;
		void	   *work = MemoryContextAllocHuge(CurrentMemoryContext,
												  ph_hedge_workspace(p.m, p.n) + 8);

		for (int k = 0; k < p.n; k++)
		{
			const Instrument *i = &kept->instrument[kept->by_number[leg[order[place[k]]].number]];

			step[k] = lot_exposure(i);
			cost[k] = unit_cost(i);
		}
		theta = 1;
		for (int round = 0;; round++)
		{
			double		worse;

			set_cross(&p, s, estimated, relied, positions, n_hedges, theta);
			status = ph_hedge_begin(&p, work);
			for (done = false; status == PH_OK && !done;)
			{
				CHECK_FOR_INTERRUPTS();
				status = ph_hedge_round(&p, &done);
			}
			if (status != PH_OK)
			{
				nothing(answer, NULL, NAN, NAN, "no answer: numbers out of range");
				return;
			}
			/* By how much the estimate is the worse case; then more weight to it, or less. */
			worse = cross_difference(&p, e, estimated, relied, positions, p.target);
			if (worse == 0 || (worse < 0 && theta == 1) || (worse > 0 && theta == 0) ||
				round >= THETA_ROUNDS)
				break;
			if (round == 0)
			{
				theta = 0;
				continue;
			}
			if (theta > 0 && worse > 0)
				high = theta;
			else if (theta > 0)
				low = theta;
			theta = (low + high) / 2;
		}
		ph_hedge_end(&p);
		for (int k = 0; k < p.n; k++)
			traded += p.lots[k] != 0;
		if (traded <= most || pass > 0)
			break;
		/* Again with those alone whose trades have the largest risk. */
		while (p.n > most)
		{
			int			least = 0;

			for (int k = 1; k < p.n; k++)
				if (fabs(p.after[k] - p.held[k]) * leg[order[place[k]]].sigma <
					fabs(p.after[least] - p.held[least]) * leg[order[place[least]]].sigma)
					least = k;
			why[order[place[least]]] = psprintf("not among the %d that may be traded at once", most);
			for (int k = least; k < p.n - 1; k++)
			{
				place[k] = place[k + 1];
				p.after[k] = p.after[k + 1];
				p.held[k] = p.held[k + 1];
			}
			p.n--;
		}
	}

	if (p.n > 0)
	{
		double		worse = cross_difference(&p, e, estimated, relied, positions, p.after);
		double		squares;	/* variance as estimated, afterwards */

		/* The lots, and what θ is not exact by. */
		set_cross(&p, s, estimated, relied, positions, n_hedges, 0);
		for (int k = 0; k < p.n; k++)
			e[place[k]] = p.after[k];
		answer->net_risk_after = risk_of(p.m, s, e);
		squares = answer->net_risk_after * answer->net_risk_after - fmin(worse, 0);
		answer->total_cost = ph_hedge_cost(&p, p.after);
		if (p.aversion / 2 * (squares - answer->risk_before * answer->risk_before) + answer->total_cost > 0)
		{
			only_then = true;
			for (int k = 0; k < p.n; k++)
			{
				e[place[k]] = p.after[k] = p.held[k];
				p.lots[k] = 0;
			}
			squares = answer->risk_before * answer->risk_before;
			answer->net_risk_after = answer->risk_before;
			answer->total_cost = 0;
		}
		answer->risk_after = fmin(sqrt(squares), answer->risk_before);
		answer->net_risk_after = fmin(answer->net_risk_after, answer->risk_before);
		set_cross(&p, s, estimated, relied, positions, n_hedges, only_then ? 1 : theta);
	}
	for (int k = 0; k < p.n; k++)
	{
		const PhLeg *l = &leg[order[place[k]]];
		const Instrument *i = &kept->instrument[kept->by_number[l->number]];
		const double *column = s + (size_t) place[k] * p.m;
		double		own = column[place[k]];
		double		trade = p.after[k] - p.held[k];
		double		slope = 0;		/* half of the derivative of the variance, all trades made */
		double		best;
		double		width = cost[k] / p.aversion / own;
		double		removed;
		double		contracts = p.lots[k] * i->lot * (i->unit < 0 ? -1 : 1);
		const char *reason;
		Datum		values[COLUMNS];
		bool		nulls[COLUMNS];

		for (int j = 0; j < p.m; j++)
			slope += column[j] * e[j];
		best = p.after[k] - slope / own;
		removed = trade * (trade * own - 2 * slope);
		memset(nulls, true, sizeof(nulls));
		pghedge_put(values, nulls, QUANTITY, l->place < 0 ? 0 : quantities[l->place]);
		pghedge_put(values, nulls, EXPOSURE, p.held[k]);
		pghedge_put(values, nulls, TARGET_EXPOSURE, p.target[k]);
		pghedge_put(values, nulls, TRADE_CONTRACTS, contracts);
		pghedge_put(values, nulls, TRADE_EXPOSURE, trade);
		pghedge_put(values, nulls, EXPOSURE_AFTER, p.after[k]);
		pghedge_put(values, nulls, BAND_LOW, best - width);
		pghedge_put(values, nulls, BAND_HIGH, best + width);
		pghedge_put(values, nulls, COST, trade == 0 ? 0 : cost[k] * fabs(trade));
		if (trade != 0)
		{
			pghedge_put(values, nulls, WORTH, p.aversion / 2 * removed);
			pghedge_put(values, nulls, VARIANCE_REMOVED, removed);
			pghedge_put(values, nulls, VARIANCE_REMOVED_PER_COST, removed / (cost[k] * fabs(trade)));
		}
		if (trade == 0)
			reason = p.held[k] >= best - width && p.held[k] <= best + width ? "within the no-trade band" :
				only_then ? "evidence not reliable: worth its cost only if correlations hold that are not relied on" :
				"a whole lot would cost more than it gains";
		else
			reason = cost[k] > 0 ? "the risk it removes is worth more than it costs" :
				isnan(i->cost) && isnan(i->cost_per_lot) ? "it removes risk; what it costs is not known" :
				"it removes risk and costs nothing";
		emit(answer, i->asset, values, nulls, contracts > 0 ? "buy" : contracts < 0 ? "sell" : "none", reason);
	}
	for (int i = 0; i < m; i++)
		if (hedge[i] && why[i])
			nothing(answer, kept->instrument[kept->by_number[leg[i].number]].asset,
					leg[i].place < 0 ? 0 : quantities[leg[i].place], leg[i].e, why[i]);
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
	if (PG_ARGISNULL(ARG_CORRELATIONS))
		missing("correlations");
	if (PG_ARGISNULL(ARG_EVIDENCE))
		missing("evidence");
	if (kept == NULL)
		fcinfo->flinfo->fn_extra = kept = MemoryContextAllocZero(context, sizeof(Kept));
	matrix = pghedge_matrix_kept(&kept->matrix, context,
								 (struct varlena *) PG_GETARG_POINTER(ARG_MATRIX));
	if (kept->run_context == NULL || kept->run != PG_GETARG_INT64(ARG_RUN))
		read_run(fcinfo, kept, matrix);
	recommend(&answer, kept, fcinfo, matrix);
	PG_RETURN_NULL();
}
