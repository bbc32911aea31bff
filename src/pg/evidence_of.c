/*
 * evidence_of.c
 *	  Reads the evidence of pairs from a book: plans kept for the query, so that a view asks for the pairs
 *	  it shows, asset by asset or, where they are few, pair by pair.  A join would do, but for what the
 *	  planner makes of it: it expects a thousand pairs of every portfolio, and then reads the evidence of
 *	  all pairs, or compiles the query, to show one portfolio.
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

struct EvidenceReader
{
	Oid			book;
	SPIPlanPtr	plan[2];		/* all pairs of an asset, one pair */
	MemoryContextCallback forget;
};

static void
forget(void *arg)
{
	EvidenceReader *r = arg;

	for (int i = 0; i < 2; i++)
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
	ASSET_X, OBSERVATIONS, CORRELATION, VOLATILITY_Y, VOLATILITY_X, STANDARD_ERROR, ROBUST_LOW,
	ROBUST_HIGH, AFTER_BREAK, OUT_OF_SAMPLE_EFFECTIVENESS, BREAK_TIME, VERDICT, REASON, COLUMNS
};

static const struct
{
	const char *name;
	Oid			type;
}			column[COLUMNS] = {
	{"asset_x", TEXTOID}, {"observations", INT4OID}, {"correlation", FLOAT8OID},
	{"volatility_y", FLOAT8OID}, {"volatility_x", FLOAT8OID}, {"standard_error", FLOAT8OID},
	{"robust_low", FLOAT8OID}, {"robust_high", FLOAT8OID}, {"correlation_after_break", FLOAT8OID},
	{"out_of_sample_effectiveness", FLOAT8OID}, {"break_time", TIMESTAMPTZOID},
	{"verdict", TEXTOID}, {"reason", TEXTOID},
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
	for (int i = 0; i < 2; i++)
	{
		char	   *query = psprintf("SELECT e.* FROM %s AS e"
									 " WHERE e.run OPERATOR(pg_catalog.=) $1"
									 " AND e.asset_y OPERATOR(pg_catalog.=) $2%s",
									 quote_qualified_identifier(name, "pair_evidence"),
									 i == 0 ? "" : " AND e.asset_x OPERATOR(pg_catalog.=) $3");
		SPIPlanPtr	plan = SPI_prepare_cursor(query, 2 + i, types, CURSOR_OPT_GENERIC_PLAN);

		if (plan == NULL || SPI_keepplan(plan) != 0)
			elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
		r->plan[i] = plan;
	}
	r->book = book;
}

/* Takes the rows of one asset. */
typedef struct Receiver
{
	DestReceiver dest;
	MemoryContext context;
	Names		names;			/* of the assets asked for, by their numbers */
	int			assets;
	int64	   *wanted;			/* by number of asset_x: which pair it is, or -1 */
	PairEvidence **found;
	int			place[COLUMNS];	/* of columns in a row */
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

static bool
receive(TupleTableSlot *slot, DestReceiver *self)
{
	Receiver   *r = (Receiver *) self;
	MemoryContext old = MemoryContextSwitchTo(r->context);
	text	   *asset = DatumGetTextPP(known(r, slot, ASSET_X));
	int			x = pghedge_names_number(&r->names, VARDATA_ANY(asset), VARSIZE_ANY_EXHDR(asset));

	if (x < r->assets && r->wanted[x] >= 0)
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
		r->found[r->wanted[x]] = e;
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
execute(SPIPlanPtr plan, ParamListInfo params, Receiver *receiver)
{
	SPIExecuteOptions options = {0};

	options.params = params;
	options.read_only = true;
	options.dest = &receiver->dest;
	if (SPI_execute_plan_extended(plan, &options) < 0)
		elog(ERROR, "SPI_execute_plan_extended failed");
}

void
pghedge_evidence_of_pairs(EvidenceReader **kept, MemoryContext kept_context, Oid book, int64 run,
						  text *const *asset, int assets, int many, const int *y, const int *x,
						  int64 n, PairEvidence **found)
{
	Receiver	receiver = {.dest = {receive, startup, finish, finish, DestNone}};
	EvidenceReader *r = *kept;
	ParamListInfo params;
	int64	   *end;
	int64	   *order;

	if (n == 0)
		return;
	receiver.context = CurrentMemoryContext;
	receiver.found = found;
	receiver.assets = assets;
	receiver.wanted = palloc(assets * sizeof(int64));
	memset(receiver.wanted, -1, assets * sizeof(int64));
	pghedge_names_init(&receiver.names, CurrentMemoryContext);
	for (int i = 0; i < assets; i++)
		if (pghedge_names_number(&receiver.names, VARDATA_ANY(asset[i]), VARSIZE_ANY_EXHDR(asset[i])) != i)
			elog(ERROR, "an asset is there twice");

	/* Pairs by y: those of i are order[i ? end[i - 1] : 0] to order[end[i]]. */
	end = palloc0((assets + 1) * sizeof(int64));
	order = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64));
	for (int64 k = 0; k < n; k++)
		end[y[k] + 1]++;
	for (int i = 0; i < assets; i++)
		end[i + 1] += end[i];
	for (int64 k = 0; k < n; k++)
		order[end[y[k]]++] = k;

	params = makeParamList(3);
	for (int i = 0; i < 3; i++)
	{
		params->params[i].isnull = false;
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = i == 0 ? INT8OID : TEXTOID;
	}
	params->params[0].value = Int64GetDatum(run);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (r == NULL)
	{
		*kept = r = MemoryContextAllocZero(kept_context, sizeof(EvidenceReader));
		r->forget.func = forget;
		r->forget.arg = r;
		MemoryContextRegisterResetCallback(kept_context, &r->forget);
	}
	if (r->plan[1] == NULL || r->book != book)
	{
		forget(r);
		prepare(r, book);
	}
	for (int i = 0; i < assets; i++)
	{
		int64		first = i > 0 ? end[i - 1] : 0;
		/* A row in a run of them costs about a sixteenth of one looked up by itself. */
		bool		all = 16 * (end[i] - first) >= many;

		if (first == end[i])
			continue;
		params->params[1].value = PointerGetDatum(asset[i]);
		for (int64 k = first; k < end[i]; k++)
			receiver.wanted[x[order[k]]] = order[k];
		if (all)
			execute(r->plan[0], params, &receiver);
		for (int64 k = first; k < end[i]; k++)
		{
			int			hedge = x[order[k]];

			CHECK_FOR_INTERRUPTS();
			params->params[2].value = PointerGetDatum(asset[hedge]);
			if (!all)
				execute(r->plan[1], params, &receiver);
			receiver.wanted[hedge] = -1;
		}
	}
	SPI_finish();
}
