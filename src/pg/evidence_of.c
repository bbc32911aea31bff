/*
 * evidence_of.c
 *	  Looks up the evidence of one pair in a book (hedge._evidence_of), the columns that its result
 *	  names: a plan kept for the query, so that a view asks pair by pair for those it shows.  A join would do, but for what the planner
 *	  makes of it: it expects a thousand pairs of every portfolio, and then reads the evidence of
 *	  all pairs, or compiles the query, to show one portfolio.
 */
#include "pghedge.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

typedef struct Lookup
{
	Oid			book;
	SPIPlanPtr	plan;
	TupleDesc	row;
	MemoryContextCallback forget;
} Lookup;

static void
forget(void *arg)
{
	Lookup	   *l = arg;

	if (l->plan)
		SPI_freeplan(l->plan);
}

static Lookup *
lookup(FunctionCallInfo fcinfo, Oid book)
{
	Lookup	   *l = fcinfo->flinfo->fn_extra;
	Oid			types[3] = {INT8OID, TEXTOID, TEXTOID};
	char	   *name;
	StringInfoData query;
	SPIPlanPtr	plan;

	if (l == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		TupleDesc	row;

		if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		l = palloc0(sizeof(Lookup));
		l->row = BlessTupleDesc(row);
		l->forget.func = forget;
		l->forget.arg = l;
		MemoryContextRegisterResetCallback(fcinfo->flinfo->fn_mcxt, &l->forget);
		MemoryContextSwitchTo(old);
		fcinfo->flinfo->fn_extra = l;
	}
	if (l->plan && l->book == book)
		return l;

	if (l->plan)
		SPI_freeplan(l->plan);
	l->plan = NULL;
	name = get_namespace_name(book);
	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema with OID %u does not exist", book)));
	initStringInfo(&query);
	for (int i = 0; i < l->row->natts; i++)
		appendStringInfo(&query, "%s e.%s", i == 0 ? "SELECT" : ",",
						 quote_identifier(NameStr(TupleDescAttr(l->row, i)->attname)));
	appendStringInfo(&query, " FROM %s AS e"
					 " WHERE e.run OPERATOR(pg_catalog.=) $1"
					 " AND e.asset_y OPERATOR(pg_catalog.=) $2"
					 " AND e.asset_x OPERATOR(pg_catalog.=) $3",
					 quote_qualified_identifier(name, "pair_evidence"));
	plan = SPI_prepare(query.data, 3, types);
	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	l->plan = plan;
	l->book = book;
	return l;
}

PGHEDGE_FUNCTION(pghedge_evidence_of);
Datum
pghedge_evidence_of(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	Datum		keys[3] = {PG_GETARG_DATUM(1), PG_GETARG_DATUM(2), PG_GETARG_DATUM(3)};
	Datum	   *values;
	bool	   *nulls;
	Lookup	   *l;
	Datum		result;
	MemoryContext old;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	l = lookup(fcinfo, PG_GETARG_OID(0));
	if (SPI_execute_plan(l->plan, keys, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan failed");
	values = palloc(l->row->natts * sizeof(Datum));
	nulls = palloc(l->row->natts * sizeof(bool));
	memset(nulls, true, l->row->natts * sizeof(bool));
	if (SPI_processed > 0)
		heap_deform_tuple(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, values, nulls);
	old = MemoryContextSwitchTo(caller);
	result = HeapTupleGetDatum(heap_form_tuple(l->row, values, nulls));
	MemoryContextSwitchTo(old);
	SPI_finish();
	PG_RETURN_DATUM(result);
}
