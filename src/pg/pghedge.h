/*
 * pghedge.h
 *	  What every part of the glue shares: PostgreSQL's headers, how a function is exported, how
 *	  the kernel's answers and failures become SQL's.  Differences between server versions are
 *	  bridged here and nowhere else.
 */
#ifndef PGHEDGE_H
#define PGHEDGE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/float.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
#if PG_VERSION_NUM >= 190000
#include "access/htup_details.h"	/* funcapi.h brought these before */
#include "utils/tuplestore.h"
typedef uint8 bits8;			/* the elements of an array's NULL bitmap */
#endif

#include "kernel.h"

/* Symbols are hidden by default; since PostgreSQL 16 PG_FUNCTION_INFO_V1 exports by itself. */
#define PGHEDGE_FUNCTION(name) \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(name)

/* Is there such an argument, not null?  Declarations of earlier versions lack those that came later. */
static inline bool
pghedge_is_given(FunctionCallInfo fcinfo, int argno)
{
	return argno < PG_NARGS() && !PG_ARGISNULL(argno);
}

extern void pghedge_status_error(PhStatus status) __attribute__((noreturn));

/* Room for count elements, beyond 1 GB too. */
extern void *pghedge_huge_alloc(MemoryContext context, size_t count, size_t size);

/*
 * Long work says how far it has come, in a NOTICE at most every pghedge.notice_interval: a Progress
 * that is zero but for what, and a call wherever interrupts are checked.  total is 0 where it is not known.
 */
typedef struct Progress
{
	const char *what;			/* as "prices read" */
	TimestampTz last;
} Progress;

extern void pghedge_progress(Progress *progress, int64 done, int64 total);

/* What the kernel calls in its long loops. */
extern void pghedge_pause(void);

static inline void
pghedge_check(PhStatus status)
{
	if (unlikely(status != PH_OK))
		pghedge_status_error(status);
}

/* An answer of the kernel as a function's result: none is NULL, infinite is out of range. */
#define PGHEDGE_RETURN_ANSWER(has_answer, value) \
	do { \
		if (!(has_answer)) \
			PG_RETURN_NULL(); \
		if (unlikely(isinf(value))) \
			pghedge_status_error(PH_OVERFLOW); \
		PG_RETURN_FLOAT8(value); \
	} while (0)

#endif							/* PGHEDGE_H */
