/*
 * dsyrk.c
 *	  Milliseconds of the one matrix product that co-moments of so many assets and times need, in a
 *	  single call through the kernel's own door to BLAS.
 *
 *	  dsyrk ASSETS TIMES
 */
#include "lapack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int
main(int argc, char **argv)
{
	int			n = argc == 3 ? atoi(argv[1]) : 0;
	int			times = argc == 3 ? atoi(argv[2]) : 0;
	double	   *a,
			   *c;
	double		start;

	if (n < 1 || times < 1)
	{
		fprintf(stderr, "usage: dsyrk ASSETS TIMES\n");
		return 2;
	}
	a = malloc(sizeof(double) * n * times);
	c = calloc((size_t) n * n, sizeof(double));
	if (!a || !c)
		return 1;
	for (size_t i = 0; i < (size_t) n * times; i++)
		a[i] = rand() / (double) RAND_MAX - 0.5;
	/* Once on a few times, so that memory and code are there. */
	ph_blas_syrk(n, times < 64 ? times : 64, a, times, c, n);
	memset(c, 0, sizeof(double) * n * n);
	start = milliseconds();
	ph_blas_syrk(n, times, a, times, c, n);
	printf("%.3f\n", milliseconds() - start);
	free(a);
	free(c);
	return 0;
}
