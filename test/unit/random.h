/*
 * random.h
 *	  Repeatable random numbers for tests: a seed is all that a run depends on.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <math.h>
#include <stdint.h>

static uint64_t random_state = 1;

static inline void
random_seed(uint64_t seed)
{
	random_state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
}

/* Uniform on (0, 1).  (S. Vigna's splitmix64.) */
static inline double
uniform(void)
{
	uint64_t	z = (random_state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	z ^= z >> 31;
	return ((double) (z >> 11) + 0.5) / 9007199254740992.0;
}

/* Standard normal (Box and Muller). */
static inline double
normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.28318530717958647693 * uniform());
}

/* A whole number from low to high. */
static inline int
between(int low, int high)
{
	return low + (int) (uniform() * (high - low + 1));
}

#endif							/* RANDOM_H */
