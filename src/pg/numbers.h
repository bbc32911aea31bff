/*
 * numbers.h
 *	  Text of stored numbers: lossless whatever the session's settings, and shared by the types.
 */
#ifndef PGHEDGE_NUMBERS_H
#define PGHEDGE_NUMBERS_H

#include "pghedge.h"

#include "lib/stringinfo.h"

/* The most characters that pghedge_append_double() adds, its separator included. */
#define PGHEDGE_DOUBLE_TEXT 25

/* A space and the shortest text that reads back as the same double. */
extern void pghedge_append_double(StringInfo buf, double value);

/*
 * Read the next number, after optional spaces, and move *p behind it; whole is the input for the
 * error, type the SQL type's name.
 */
extern double pghedge_parse_double(const char **p, const char *whole, const char *type);

/*
 * The next number of a binary value.  Every NaN becomes the one that this library makes, so that
 * equal values have equal bytes whatever a client's NaN looks like.
 */
extern double pghedge_receive_double(StringInfo buf);

/* "invalid input syntax for type %s", the input cut to what fits a message */
extern void pghedge_invalid_text(const char *whole, const char *type, const char *detail)
			__attribute__((noreturn));

#endif							/* PGHEDGE_NUMBERS_H */
