/*
 * pghedge.c
 *	  The library's entry: the magic block, the check of the BLAS it was loaded with, and the
 *	  kernel's failures as errors.
 */
#include "pghedge.h"

#include "utils/memutils.h"

#include "../kernel/lapack.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

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
