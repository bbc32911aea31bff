/*
 * numbers.c
 *	  Text of stored numbers.  See numbers.h.
 *
 * float8out() obeys extra_float_digits and so may lose bits; a dump must not.
 */
#include "numbers.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"

void
pghedge_append_double(StringInfo buf, double value)
{
	enlargeStringInfo(buf, DOUBLE_SHORTEST_DECIMAL_LEN + 1);
	buf->data[buf->len++] = ' ';
	buf->len += double_to_shortest_decimal_bufn(value, buf->data + buf->len);
	buf->data[buf->len] = '\0';
}

double
pghedge_parse_double(const char **p, const char *whole, const char *type)
{
	char	   *end;
	double		value;

	/* strtod alone would also skip other white space and read hexadecimal and nan(...) */
	while (**p == ' ')
		(*p)++;
	if (strncmp(*p, "NaN", 3) == 0)
	{
		*p += 3;
		return NAN;
	}
	if (**p == '\0' || strchr("+-.0123456789", **p) == NULL)
		pghedge_invalid_text(whole, type, "A number is missing or malformed.");
	value = strtod(*p, &end);
	if (end == *p || isnan(value) || (*end != ' ' && *end != '\0') || memchr(*p, 'x', end - *p) != NULL ||
		memchr(*p, 'X', end - *p) != NULL)
		pghedge_invalid_text(whole, type, "A number is missing or malformed.");
	*p = end;
	return value;
}

double
pghedge_receive_double(StringInfo buf)
{
	double		value = pq_getmsgfloat8(buf);

	return isnan(value) ? NAN : value;
}

void
pghedge_invalid_text(const char *whole, const char *type, const char *detail)
{
	int			len = (int) strlen(whole);
	int			shown = pg_mbcliplen(whole, len, 60);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%.*s%s\"", type, shown, whole,
					shown < len ? "..." : ""),
			 errdetail("%s", detail)));
}
