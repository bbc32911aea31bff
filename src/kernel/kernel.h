/*
 * kernel.h
 *	  What every part of the kernel shares: status codes, and how long work can be left.
 *
 * The kernel is arithmetic alone: C99, no PostgreSQL header, no allocation, no globals, no I/O.
 * Results and workspace come from the caller; what can go wrong comes back as a PhStatus.
 */
#ifndef PH_KERNEL_H
#define PH_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef enum PhStatus
{
	PH_OK = 0,
	PH_OVERFLOW,				/* finite input, result out of the range of double */
	PH_NO_CONVERGENCE,			/* an iteration did not settle */
	PH_INDEFINITE,				/* a matrix is not positive semi-definite */
	PH_UNBOUNDED				/* there is no minimum */
} PhStatus;

/*
 * Before a static function whose loops are worth to be compiled for wider registers, too; which of them runs
 * is found out when the library is loaded.  The results are the same: nothing is fused or reordered.
 */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__)
#define PH_CLONES(...) __attribute__((target_clones(__VA_ARGS__, "default")))
#else
#define PH_CLONES(...)
#endif
#define PH_FOR_EACH_PROCESSOR PH_CLONES("arch=x86-64-v4", "avx2")

/*
 * What long loops call now and then, if the caller gave one.  It need not return: the kernel holds
 * nothing that would have to be given back, and whatever it was writing is the caller's.
 */
typedef void (*PhPause) (void);

#define PH_PAUSE_EVERY 16384	/* steps, a power of two: less than a few milliseconds */

static inline void
ph_pause(PhPause pause, size_t t)
{
	if (t % PH_PAUSE_EVERY == 0 && pause)
		pause();
}

/* The same between stretches of a loop whose body has no room for a call; *due is 0 at first. */
static inline void
ph_pause_due(PhPause pause, int t, int *due)
{
	if (t < *due)
		return;
	*due = t + PH_PAUSE_EVERY;
	if (pause)
		pause();
}

/* Zeros, in stretches. */
static inline void
ph_clear(double *x, size_t n, PhPause pause)
{
	const size_t most = (size_t) PH_PAUSE_EVERY * 64;

	for (size_t t = 0; t < n; t += most)
	{
		ph_pause(pause, 0);
		memset(x + t, 0, (n - t < most ? n - t : most) * sizeof(double));
	}
}

#endif							/* PH_KERNEL_H */
