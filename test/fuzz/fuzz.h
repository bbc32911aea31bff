/*
 * fuzz.h
 *	  What a fuzz target needs: numbers taken from the input's bytes, and must().
 *
 * A target is one C file with LLVMFuzzerTestOneInput(), which libFuzzer calls with inputs of its
 * own making ("make fuzz") and replay.c with those kept in corpus/ ("make check").
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

typedef struct Input
{
	const uint8_t *at;
	size_t		left;
} Input;

/* Zeros when the input is at its end. */
static inline unsigned
take_byte(Input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

static inline int
take_below(Input *in, int n)
{
	return (int) ((take_byte(in) << 8 | take_byte(in)) % (unsigned) n);
}

/* Ordinary numbers from few bytes, extraordinary ones from a list, and any bits at all. */
static inline double
take_double(Input *in)
{
	static const double special[] = {0, -0.0, 1, -1, NAN, INFINITY, -INFINITY, DBL_MAX, -DBL_MAX, DBL_MIN,
		5e-324, -5e-324, 1e154, -1e154, 1e-154, 1e-162, 1e100, -1e100, 1e140, 1e9, 1e15, 1 - DBL_EPSILON, 1e16, 0.1};
	unsigned	kind = take_byte(in);
	int16_t		small;
	uint64_t	bits = 0;
	double		value;

	if (kind < 24)
		return special[kind];
	if (kind < 64)
		return (int8_t) take_byte(in);
	small = (int16_t) (take_byte(in) << 8 | take_byte(in));
	if (kind < 160)
		return small / 1024.0;
	if (kind < 224)
		return ldexp(small, (int8_t) take_byte(in) * 8);
	for (int i = 0; i < 8; i++)
		bits = bits << 8 | take_byte(in);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline double
take_finite(Input *in, double limit)
{
	double		value = take_double(in);

	return fabs(value) <= limit ? value : 1;
}

/* 0, or a number of a size between these. */
static inline double
take_between(Input *in, double least, double most)
{
	double		value = take_finite(in, most);

	return fabs(value) < least ? 0 : value;
}

/* malloc, so that the sanitizers see every byte beyond its end; full of garbage at first. */
static inline void *
room(size_t count, size_t size)
{
	void	   *p = malloc(count * size + (count == 0));

	must(p != NULL);
	memset(p, 0xff, count * size);
	return p;
}

static inline double *
doubles(size_t count)
{
	return room(count, sizeof(double));
}

/* Is an answer one that SQL can be given: NaN only if something was not finite? */
static inline bool
in_range(double value, double low, double high)
{
	return isnan(value) || (value >= low && value <= high);
}

#endif							/* FUZZ_H */
