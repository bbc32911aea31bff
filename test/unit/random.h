/*
 * random.h
 *	  Repeatable random numbers for tests: a seed is all that a run depends on, and ROUNDS_SHARE.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

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

/* Covariances (m × m) of assets that so many factors move. */
static inline void
random_covariances(double *s, int m, int factors)
{
	double	   *f = malloc(sizeof(double) * m * factors);

	for (int i = 0; i < m * factors; i++)
		f[i] = 0.02 * normal();
	for (int i = 0; i < m; i++)
		for (int j = 0; j < m; j++)
		{
			s[i * m + j] = 0;
			for (int k = 0; k < factors; k++)
				s[i * m + j] += f[i * factors + k] * f[j * factors + k];
		}
	free(f);
}

/* So many rounds of a test; of them one in ROUNDS_SHARE, if that is set, for tools that make them slow. */
static inline int
rounds(int all)
{
	const char *share = getenv("ROUNDS_SHARE");

	return share && atoi(share) > 1 ? all / atoi(share) + 1 : all;
}

#endif							/* RANDOM_H */
