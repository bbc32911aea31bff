/*
 * evidence_of.c
 *	  Reads the evidence of pairs from a book: plans kept for the query, so that a view asks for the pairs
 *	  it shows: all of a run, asset by asset or, where they are few, pair by pair.  A join would do, but
 *	  for what the planner makes of it: it expects a thousand pairs of every portfolio, and then reads the
 *	  evidence of all pairs, or compiles the query, to show one portfolio.
 */
#include "evidence_of.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "names.h"

enum
{
	PAIRS_EXAMINED, ALL_PAIRS, PAIRS_OF_ASSET, ONE_PAIR, PLANS
};

struct EvidenceReader
{
	Oid			book;
	SPIPlanPtr	plan[PLANS];
	MemoryContextCallback forget;
};

static void
forget(void *arg)
{
	EvidenceReader *r = arg;

	for (int i = 0; i < PLANS; i++)
	{
		if (r->plan[i])
			SPI_freeplan(r->plan[i]);
		r->plan[i] = NULL;
	}
}

/*
 * What is read of a row. All columns are asked for, as the table has them: then the executor hands
 * over the rows as they are stored, and of one that nobody wants no more than its asset is looked at.
 */
enum
{
	ASSET_Y, ASSET_X, OBSERVATIONS, CORRELATION, VOLATILITY_Y, VOLATILITY_X, STANDARD_ERROR, ROBUST_LOW,
	ROBUST_HIGH, AFTER_BREAK, OUT_OF_SAMPLE_EFFECTIVENESS, BREAK_TIME, VERDICT, REASON, COLUMNS
};

static const struct
{
	const char *name;
	Oid			type;
}			column[COLUMNS] = {
	{"asset_y", TEXTOID}, {"asset_x", TEXTOID}, {"observations", INT4OID},
	{"correlation", FLOAT8OID}, {"volatility_y", FLOAT8OID}, {"volatility_x", FLOAT8OID},
	{"standard_error", FLOAT8OID}, {"robust_low", FLOAT8OID}, {"robust_high", FLOAT8OID},
	{"correlation_after_break", FLOAT8OID}, {"out_of_sample_effectiveness", FLOAT8OID},
	{"break_time", TIMESTAMPTZOID}, {"verdict", TEXTOID}, {"reason", TEXTOID},
};

#define EVIDENCE "SELECT e.* FROM %s AS e WHERE e.run OPERATOR(pg_catalog.=) $1"

static const struct
{
	const char *table;
	const char *text;
	int			parameters;
}			query[PLANS] = {
	[PAIRS_EXAMINED] = {"evidence_run", "SELECT e.pairs FROM %s AS e WHERE e.run OPERATOR(pg_catalog.=) $1", 1},
	[ALL_PAIRS] = {"pair_evidence", EVIDENCE, 1},
	[PAIRS_OF_ASSET] = {"pair_evidence", EVIDENCE " AND e.asset_y OPERATOR(pg_catalog.=) $2", 2},
	[ONE_PAIR] = {"pair_evidence", EVIDENCE " AND e.asset_y OPERATOR(pg_catalog.=) $2"
		" AND e.asset_x OPERATOR(pg_catalog.=) $3", 3},
};

static void
prepare(EvidenceReader *r, Oid book)
{
	Oid			types[3] = {INT8OID, TEXTOID, TEXTOID};
	char	   *name = get_namespace_name(book);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema with OID %u does not exist", book)));
	for (int i = 0; i < PLANS; i++)
	{
		char	   *text = psprintf(query[i].text, quote_qualified_identifier(name, query[i].table));
		SPIPlanPtr	plan = SPI_prepare_cursor(text, query[i].parameters, types, CURSOR_OPT_GENERIC_PLAN);

		if (plan == NULL || SPI_keepplan(plan) != 0)
			elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
		r->plan[i] = plan;
	}
	r->book = book;
}

/* Takes rows. */
typedef struct Receiver
{
	DestReceiver dest;
	MemoryContext context;
	Names		held;			/* the assets asked for, by their numbers */
	Names		hedges;			/* the same; each remembers what came after what */
	int			assets;
	const int64 *first;			/* by number of asset_y: its pairs in order[], to those of the next */
	const int64 *order;			/* pairs, by y and then x */
	const int  *x;				/* by pair */
	PairEvidence **found;
	int			place[COLUMNS]; /* of columns in a row */
} Receiver;

/* A column that is not NULL in the table of a book. */
static Datum
known(const Receiver *r, TupleTableSlot *slot, int which)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, r->place[which], &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("evidence of a pair lacks its asset, observations, verdict or reason")));
	return value;
}

static double
number(const Receiver *r, TupleTableSlot *slot, int which)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, r->place[which], &isnull);

	return isnull ? NAN : DatumGetFloat8(value);
}

static int
asset_number(Receiver *r, Names *names, TupleTableSlot *slot, int which)
{
	text	   *asset = DatumGetTextPP(known(r, slot, which));

	return pghedge_names_text(names, asset);
}

/* The pair of two assets that was asked for, or -1. */
static int64
pair_number(const Receiver *r, int y, int x)
{
	int64		low,
				high;

	if (y >= r->assets || x >= r->assets)
		return -1;
	low = r->first[y];
	high = r->first[y + 1];
	while (low < high)
	{
		int64		middle = low + (high - low) / 2;

		if (r->x[r->order[middle]] < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->first[y + 1] && r->x[r->order[low]] == x ? r->order[low] : -1;
}

static bool
receive(TupleTableSlot *slot, DestReceiver *self)
{
	Receiver   *r = (Receiver *) self;
	MemoryContext old = MemoryContextSwitchTo(r->context);
	int			y = asset_number(r, &r->held, slot, ASSET_Y);
	int64		k = pair_number(r, y, asset_number(r, &r->hedges, slot, ASSET_X));

	if (k >= 0)
	{
		PairEvidence *e = palloc(sizeof(PairEvidence));
		bool		isnull;

		e->observations = DatumGetInt32(known(r, slot, OBSERVATIONS));
		e->correlation = number(r, slot, CORRELATION);
		e->volatility_y = number(r, slot, VOLATILITY_Y);
		e->volatility_x = number(r, slot, VOLATILITY_X);
		e->standard_error = number(r, slot, STANDARD_ERROR);
		e->robust_low = number(r, slot, ROBUST_LOW);
		e->robust_high = number(r, slot, ROBUST_HIGH);
		e->after_break = number(r, slot, AFTER_BREAK);
		e->out_of_sample_effectiveness = number(r, slot, OUT_OF_SAMPLE_EFFECTIVENESS);
		e->break_time = slot_getattr(slot, r->place[BREAK_TIME], &isnull);
		e->has_break_time = !isnull;
		e->verdict = datumCopy(known(r, slot, VERDICT), false, -1);
		e->reason = datumCopy(known(r, slot, REASON), false, -1);
		r->found[k] = e;
	}
	MemoryContextSwitchTo(old);
	return true;
}

static void
startup(DestReceiver *self, int operation, TupleDesc desc)
{
	Receiver   *r = (Receiver *) self;

	for (int i = 0; i < COLUMNS && r->place[COLUMNS - 1] == 0; i++)
	{
		int			place = SPI_fnumber(desc, column[i].name);

		/* whatever schema is named */
		if (place <= 0 || TupleDescAttr(desc, place - 1)->atttypid != column[i].type)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("pair_evidence has no column %s of type %s", column[i].name,
							format_type_be(column[i].type))));
		r->place[i] = place;
	}
}

static void
finish(DestReceiver *self)
{
}

static void
set(ParamListInfo params, int number, Datum value)
{
	params->params[number - 1].value = value;
	params->params[number - 1].isnull = false;
}

static void
execute(SPIPlanPtr plan, ParamListInfo params, DestReceiver *receiver)
{
	SPIExecuteOptions options = {0};

	options.params = params;
	options.read_only = true;
	options.dest = receiver;
	if (SPI_execute_plan_extended(plan, &options) < 0)
		elog(ERROR, "SPI_execute_plan_extended failed");
}

/* How many rows of evidence the run has. */
static int64
rows_of_run(EvidenceReader *r, ParamListInfo params)
{
	int64		rows = 0;
	bool		isnull;

	execute(r->plan[PAIRS_EXAMINED], params, NULL);
	if (SPI_processed > 0)
	{
		HeapTuple	tuple = SPI_tuptable->vals[0];
		TupleDesc	desc = SPI_tuptable->tupdesc;

		if (SPI_gettypeid(desc, 1) != INT4OID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("evidence_run has no column pairs of type integer")));
		/* each in both directions */
		rows = 2 * (int64) DatumGetInt32(SPI_getbinval(tuple, desc, 1, &isnull));
	}
	SPI_freetuptable(SPI_tuptable);
	return rows;
}

/*
 * Pairs, or those of `pairs` in their order, sorted by number[pair], which is below `numbers`; those of i
 * are at (*first)[i] to (*first)[i + 1].
 */
static int64 *
by_number(const int64 *pairs, const int *number, int64 n, int numbers, int64 **first)
{
	int64	   *sorted = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64));
	int64	   *next = palloc0((numbers + 2) * sizeof(int64));

	/* counted two ahead, summed to where the next number begins, and filled up to it */
	for (int64 k = 0; k < n; k++)
		next[number[k] + 2]++;
	for (int i = 0; i < numbers; i++)
		next[i + 2] += next[i + 1];
	for (int64 k = 0; k < n; k++)
	{
		int64		pair = pairs ? pairs[k] : k;

		sorted[next[number[pair] + 1]++] = pair;
	}
	*first = next;
	return sorted;
}

/* A row looked up by itself costs about as much as so many read in a run of them. */
#define ONE_LOOKUP 16.0

void
pghedge_evidence_of_pairs(EvidenceReader **kept, MemoryContext kept_context, Oid book, int64 run,
						  text *const *asset, int assets, int many, const int *y, const int *x,
						  int64 n, PairEvidence **found)
{
	Receiver	receiver = {.dest = {receive, startup, finish, finish, DestNone}};
	EvidenceReader *r = *kept;
	ParamListInfo params;
	int64	   *first;
	int64	   *by_x;
	int64	   *order;
	int64		rows;
	double		of_asset;		/* rows of one */
	double		piecemeal = 0;	/* cost of reading by asset or by pair, in rows of a run of them */

	if (n == 0)
		return;
	receiver.context = CurrentMemoryContext;
	receiver.found = found;
	receiver.assets = assets;
	receiver.x = x;
	pghedge_names_init(&receiver.held, CurrentMemoryContext);
	pghedge_names_init(&receiver.hedges, CurrentMemoryContext);
	for (int i = 0; i < assets; i++)
		if (pghedge_names_text(&receiver.held, asset[i]) != i ||
			pghedge_names_text(&receiver.hedges, asset[i]) != i)
			elog(ERROR, "an asset is there twice");

	by_x = by_number(NULL, x, n, assets, &first);
	receiver.order = order = by_number(by_x, y, n, assets, &first);
	receiver.first = first;

	params = makeParamList(3);
	for (int i = 0; i < 3; i++)
	{
		params->params[i].value = 0;
		params->params[i].isnull = true;
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = i == 0 ? INT8OID : TEXTOID;
	}
	set(params, 1, Int64GetDatum(run));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (r == NULL)
	{
		*kept = r = MemoryContextAllocZero(kept_context, sizeof(EvidenceReader));
		r->forget.func = forget;
		r->forget.arg = r;
		MemoryContextRegisterResetCallback(kept_context, &r->forget);
	}
	if (r->plan[PLANS - 1] == NULL || r->book != book)
	{
		forget(r);
		prepare(r, book);
	}
	rows = rows_of_run(r, params);
	of_asset = (double) rows / many;
	for (int i = 0; i < assets; i++)
	{
		int64		wanted = first[i + 1] - first[i];

		/* by an index, and each time the executor is started */
		if (wanted > 0)
			piecemeal += 20 + 1.5 * Min(ONE_LOOKUP * wanted, of_asset);
	}
	if (rows == 0)
		 /* nothing was examined */ ;
	else if (rows <= piecemeal)
		execute(r->plan[ALL_PAIRS], params, &receiver.dest);
	else
		for (int i = 0; i < assets; i++)
		{
			int64		wanted = first[i + 1] - first[i];

			set(params, 2, PointerGetDatum(asset[i]));
			if (wanted > 0 && ONE_LOOKUP * wanted >= of_asset)
				execute(r->plan[PAIRS_OF_ASSET], params, &receiver.dest);
			else
				for (int64 k = first[i]; k < first[i + 1]; k++)
				{
					CHECK_FOR_INTERRUPTS();
					set(params, 3, PointerGetDatum(asset[x[order[k]]]));
					execute(r->plan[ONE_PAIR], params, &receiver.dest);
				}
		}
	SPI_finish();
}
