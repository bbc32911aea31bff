/*
 * refresh.c
 *	  The one thing that hedge.refresh cannot find out in PL/pgSQL: may it commit its phases, or
 *	  does it run inside a transaction block or a function, where COMMIT is an error?
 */
#include "pghedge.h"

#include "executor/spi.h"

PGHEDGE_FUNCTION(pghedge_may_commit);

/*
 * hedge._may_commit() returns boolean
 *
 * Called by a PL/pgSQL procedure, whose own SPI connection is then the current one and knows
 * whether it was opened as atomic.
 */
Datum
pghedge_may_commit(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(SPI_inside_nonatomic_context());
}
