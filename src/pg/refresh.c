/*
 * refresh.c
 *	  What hedge.refresh cannot do in PL/pgSQL: find out whether it may commit its phases, or runs
 *	  inside a transaction block or a function, where COMMIT is an error; and hold a lock from one
 *	  transaction to the next that nobody else can take.
 */
#include "pghedge.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/acl.h"
#include "utils/syscache.h"

PGHEDGE_FUNCTION(pghedge_may_commit);
PGHEDGE_FUNCTION(pghedge_lock_model);
PGHEDGE_FUNCTION(pghedge_unlock_model);

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

/*
 * The lock of a model.  An advisory lock would do, but that any role can take it and hold up the
 * refreshes of a book that it has no rights on; a row lock, but that it ends with each transaction
 * of a refresh.  So: an object lock, as the server takes on its own objects, on the pair of the
 * book's refresh_log and a hash of the model's name.  No object has such an address, and no
 * statement locks it but these two functions, for those who own the book.
 *
 * Held by the session it outlives COMMIT; the server releases it when a transaction is aborted or
 * the session ends.  pg_locks shows it as locktype object, classid the log, objid the hash.
 */
static void
model_lock(FunctionCallInfo fcinfo, LOCKTAG *tag)
{
	Oid			log = PG_GETARG_OID(0);
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(log));
	bool		owned;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", log)));
	owned = has_privs_of_role(GetUserId(), ((Form_pg_class) GETSTRUCT(tuple))->relowner);
	ReleaseSysCache(tuple);
	if (!owned)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of the book")));
	SET_LOCKTAG_OBJECT(*tag, MyDatabaseId, log, (uint32) PG_GETARG_INT32(1), 0);
}

/* hedge._lock_model(log regclass, model integer, wait boolean, across_commits boolean) returns boolean */
Datum
pghedge_lock_model(PG_FUNCTION_ARGS)
{
	LOCKTAG		tag;

	model_lock(fcinfo, &tag);
	PG_RETURN_BOOL(LockAcquire(&tag, ExclusiveLock, PG_GETARG_BOOL(3), !PG_GETARG_BOOL(2)) !=
				   LOCKACQUIRE_NOT_AVAIL);
}

/* hedge._unlock_model(log regclass, model integer) returns boolean */
Datum
pghedge_unlock_model(PG_FUNCTION_ARGS)
{
	LOCKTAG		tag;

	model_lock(fcinfo, &tag);
	PG_RETURN_BOOL(LockRelease(&tag, ExclusiveLock, true));
}
