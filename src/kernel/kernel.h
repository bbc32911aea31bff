/*
 * kernel.h
 *	  What every part of the kernel shares: status codes.
 *
 * The kernel is arithmetic alone: C99, no PostgreSQL header, no allocation, no globals, no I/O.
 * Results and workspace come from the caller; what can go wrong comes back as a PhStatus.
 */
#ifndef PH_KERNEL_H
#define PH_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum PhStatus
{
	PH_OK = 0,
	PH_OVERFLOW,				/* finite input, result out of the range of double */
	PH_NO_CONVERGENCE,			/* an iteration did not settle */
	PH_INDEFINITE,				/* a matrix is not positive semi-definite */
	PH_UNBOUNDED				/* there is no minimum */
} PhStatus;

#endif							/* PH_KERNEL_H */
