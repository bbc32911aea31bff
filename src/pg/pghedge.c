/*
 * pghedge.c
 *	  The library's entry: the magic block, the check of the BLAS it was loaded with, its one
 *	  setting; the kernel's failures as errors, and notices of long work.
 */
#include "pghedge.h"

#include <limits.h>

#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../kernel/lapack.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

static int	notice_interval = 10000;

/*
 * A backend is one thread and its signal handlers rely on it.  A BLAS that starts a thread pool
 * must not come in, by whatever turn of the linker's search path.
 */
void
_PG_init(void)
{
	if (!ph_blas_is_serial())
		ereport(ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("pghedge was loaded with a BLAS that uses threads"),
				 errdetail("The BLAS reports: %s.", ph_blas_name()),
				 errhint("Install the serial OpenBLAS (Debian: libopenblas-serial-dev) and build pghedge against it.")));

	DefineCustomIntVariable("pghedge.notice_interval",
							"Shortest time between two notices of how far long work has come.",
							"-1: no such notices.",
							&notice_interval, 10000, -1, INT_MAX,
							PGC_USERSET, GUC_UNIT_MS, NULL, NULL, NULL);
	MarkGUCPrefixReserved("pghedge");
}

void
pghedge_pause(void)
{
	CHECK_FOR_INTERRUPTS();
}

void
pghedge_progress(Progress *progress, int64 done, int64 total)
{
	TimestampTz now;

	if (notice_interval < 0)
		return;
	now = GetCurrentTimestamp();
	if (progress->last == 0)
		progress->last = now;
	if (now - progress->last < notice_interval * INT64CONST(1000))
		return;
	progress->last = now;
	if (total > 0)
		ereport(NOTICE, (errmsg("%s so far: %lld of %lld", progress->what, (long long) done, (long long) total)));
	else
		ereport(NOTICE, (errmsg("%s so far: %lld", progress->what, (long long) done)));
}

void *
pghedge_huge_alloc(MemoryContext context, size_t count, size_t size)
{
	if (count > MaxAllocHugeSize / size)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%zu elements of %zu bytes are too many", count, size)));
	return MemoryContextAllocHuge(context, Max(count, 1) * size);
}

void
pghedge_status_error(PhStatus status)
{
	switch (status)
	{
		case PH_OVERFLOW:
			float_overflow_error();
		case PH_NO_CONVERGENCE:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("the matrix iteration did not converge")));
			break;
		case PH_INDEFINITE:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("the covariances are not positive semi-definite"),
					 errhint("Use hedge.nearest_psd(matrix).")));
			break;
		case PH_UNBOUNDED:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("there is no minimum"),
					 errdetail("Trading without end costs nothing and removes ever more."),
					 errhint("Give bounds or costs.")));
			break;
		case PH_OK:
			break;
	}
	elog(ERROR, "unexpected status %d", (int) status);
}
