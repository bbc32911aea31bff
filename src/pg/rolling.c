/*
 * rolling.c
 *	  Moving aggregates: the queue of two stacks behind a window frame.
 *
 * The state lives in the aggregate's own memory context, which is the window's for as long as the
 * frame can move.  The final functions read the state and leave it as it is; turning the queue
 * over happens in the inverse function.
 */
#include "comoments.h"

#include "../kernel/queue.h"
#include "utils/memutils.h"

typedef struct Rolling
{
	PhQueue		queue;
	MemoryContext context;
} Rolling;

#define FIRST_SLOTS 32

static Rolling *
rolling_make(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	Rolling    *r;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "moving transition function called outside an aggregate");
	r = MemoryContextAlloc(context, sizeof(Rolling));
	r->context = context;
	ph_queue_init(&r->queue, MemoryContextAlloc(context, FIRST_SLOTS * sizeof(PhComoments)),
				  FIRST_SLOTS);
	return r;
}

static pg_noinline void
rolling_grow(Rolling *r)
{
	PhComoments *old = r->queue.slot;
	size_t		size = r->queue.size * 2;

	if (size > MaxAllocHugeSize / sizeof(PhComoments))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("window frame of %zu rows is too large", r->queue.size)));
	ph_queue_move(&r->queue, MemoryContextAllocHuge(r->context, size * sizeof(PhComoments)), size);
	pfree(old);
}

static inline Rolling *
rolling_state(FunctionCallInfo fcinfo)
{
	Rolling    *r = PG_ARGISNULL(0) ? rolling_make(fcinfo) : (Rolling *) PG_GETARG_POINTER(0);

	if (unlikely(ph_queue_full(&r->queue)))
		rolling_grow(r);
	return r;
}

/* A row enters the frame; one with a NULL is no observation, here and when it leaves. */
PGHEDGE_FUNCTION(pghedge_rolling_add);
Datum
pghedge_rolling_add(PG_FUNCTION_ARGS)
{
	Rolling    *r = rolling_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
		pghedge_check(ph_queue_push(&r->queue, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2)));
	PG_RETURN_POINTER(r);
}

PGHEDGE_FUNCTION(pghedge_rolling_remove);
Datum
pghedge_rolling_remove(PG_FUNCTION_ARGS)
{
	Rolling    *r = (Rolling *) PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
		pghedge_check(ph_queue_pop(&r->queue));
	PG_RETURN_POINTER(r);
}

/* The same for frames over stored summaries. */
PGHEDGE_FUNCTION(pghedge_rolling_add_summary);
Datum
pghedge_rolling_add_summary(PG_FUNCTION_ARGS)
{
	Rolling    *r = rolling_state(fcinfo);

	if (!PG_ARGISNULL(1))
		pghedge_check(ph_queue_push_summary(&r->queue, &PG_GETARG_COMOMENTS(1)->c));
	PG_RETURN_POINTER(r);
}

PGHEDGE_FUNCTION(pghedge_rolling_remove_summary);
Datum
pghedge_rolling_remove_summary(PG_FUNCTION_ARGS)
{
	Rolling    *r = (Rolling *) PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1))
		pghedge_check(ph_queue_pop(&r->queue));
	PG_RETURN_POINTER(r);
}

/* The frame's co-moments; false when it has none. */
static inline bool
rolling_total(FunctionCallInfo fcinfo, PhComoments *total)
{
	Rolling    *r;

	if (PG_ARGISNULL(0))
		return false;
	r = (Rolling *) PG_GETARG_POINTER(0);
	if (ph_queue_empty(&r->queue))
		return false;
	pghedge_check(ph_queue_total(&r->queue, total));
	return true;
}

PGHEDGE_FUNCTION(pghedge_rolling_comoments);
Datum
pghedge_rolling_comoments(PG_FUNCTION_ARGS)
{
	PhComoments total;

	if (!rolling_total(fcinfo, &total))
		PG_RETURN_NULL();
	PG_RETURN_COMOMENTS(&total);
}

#define ROLLING_STATISTIC(name, statistic) \
	PGHEDGE_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		PhComoments total; \
		double		value; \
		bool		has_answer = rolling_total(fcinfo, &total) && statistic(&total, &value); \
		\
		PGHEDGE_RETURN_ANSWER(has_answer, value); \
	}

ROLLING_STATISTIC(pghedge_rolling_corr, ph_corr)
ROLLING_STATISTIC(pghedge_rolling_covariance, ph_covariance)
ROLLING_STATISTIC(pghedge_rolling_hedge_ratio, ph_hedge_ratio)
