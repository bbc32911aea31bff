/*
 * tap.h
 *	  What a unit test needs to speak TAP: ok(), near(), done().
 *
 * A test is one C file with a main() that calls ok() and near() and ends with
 * "return done();", which prints the plan and is non-zero if a point failed.
 */
#ifndef TAP_H
#define TAP_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int	tap_points;
static int	tap_failures;

static inline void
tap_point(bool passed, const char *fmt, va_list args)
{
	printf("%sok %d - ", passed ? "" : "not ", ++tap_points);
	vprintf(fmt, args);
	putchar('\n');
	if (!passed)
		tap_failures++;
	fflush(stdout);
}

/* One test point: passes if the condition holds.  The text may be a printf format. */
static inline bool __attribute__((format(printf, 2, 3)))
ok(bool passed, const char *fmt, ...)
{
	va_list		args;

	va_start(args, fmt);
	tap_point(passed, fmt, args);
	va_end(args);
	return passed;
}

/* Passes if |got - want| <= tol.  Equal infinities are near; a NaN is near to NaN alone. */
static inline bool __attribute__((format(printf, 4, 5)))
near(double got, double want, double tol, const char *fmt, ...)
{
	va_list		args;
	bool		passed;

	if (isnan(got) || isnan(want))
		passed = isnan(got) && isnan(want);
	else
		passed = got == want || fabs(got - want) <= tol;

	va_start(args, fmt);
	tap_point(passed, fmt, args);
	va_end(args);
	if (!passed)
		printf("# got %.17g, want %.17g, difference %g, tolerance %g\n",
			   got, want, got - want, tol);
	return passed;
}

/* Prints the plan; the exit status of main(). */
static inline int
done(void)
{
	printf("1..%d\n", tap_points);
	return tap_failures == 0 && tap_points > 0 ? 0 : 1;
}

#endif							/* TAP_H */
