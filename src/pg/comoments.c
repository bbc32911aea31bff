/*
 * comoments.c
 *	  The type hedge.comoments: input and output, the plain aggregates' transition and combine
 *	  functions, the accessors.
 *
 * The state of the plain aggregates is the type itself, changed in place as float8_accum() does,
 * so engines that ship partial aggregates as SQL values can split them.
 */
#include "comoments.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "numbers.h"
#include "results.h"

/* ---------- the value ---------- */

Comoments *
pghedge_comoments_make(MemoryContext context, const PhComoments *c)
{
	Comoments  *result = MemoryContextAllocZero(context, sizeof(Comoments));

	SET_VARSIZE(result, sizeof(Comoments));
	result->version = COMOMENTS_VERSION;
	result->c = *c;
	return result;
}

Comoments *
pghedge_comoments_arg(Datum datum)
{
	Comoments  *value = (Comoments *) DatumGetPointer(datum);

	/* plain storage; but a caller may hand over what was stored otherwise */
	if (unlikely(VARATT_IS_EXTENDED(value)))
		value = (Comoments *) PG_DETOAST_DATUM(datum);
	if (unlikely(value->version != COMOMENTS_VERSION || VARSIZE(value) != sizeof(Comoments)))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("unknown version %d of a stored hedge.comoments value", value->version),
				 errhint("It was written by a newer release of pghedge: install that release.")));
	return value;
}

/* ---------- input and output ---------- */

/*
 * "v1 w w2 my my_lo mx mx_lo syy sxx sxy", numbers in their shortest lossless form.
 */
PGHEDGE_FUNCTION(pghedge_comoments_out);
Datum
pghedge_comoments_out(PG_FUNCTION_ARGS)
{
	const PhComoments *c = &PG_GETARG_COMOMENTS(0)->c;
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "v%d", COMOMENTS_VERSION);
	pghedge_append_double(&buf, c->w);
	pghedge_append_double(&buf, c->w2);
	pghedge_append_double(&buf, c->my);
	pghedge_append_double(&buf, c->my_lo);
	pghedge_append_double(&buf, c->mx);
	pghedge_append_double(&buf, c->mx_lo);
	pghedge_append_double(&buf, c->syy);
	pghedge_append_double(&buf, c->sxx);
	pghedge_append_double(&buf, c->sxy);
	PG_RETURN_CSTRING(buf.data);
}

PGHEDGE_FUNCTION(pghedge_comoments_in);
Datum
pghedge_comoments_in(PG_FUNCTION_ARGS)
{
	static const char *const type = "hedge.comoments";
	const char *whole = PG_GETARG_CSTRING(0);
	const char *p = whole;
	PhComoments c;

	if (strncmp(p, "v1 ", 3) != 0)
		pghedge_invalid_text(whole, type, "It begins with \"v1 \", the version of the format.");
	p += 2;
	c.w = pghedge_parse_double(&p, whole, type);
	c.w2 = pghedge_parse_double(&p, whole, type);
	c.my = pghedge_parse_double(&p, whole, type);
	c.my_lo = pghedge_parse_double(&p, whole, type);
	c.mx = pghedge_parse_double(&p, whole, type);
	c.mx_lo = pghedge_parse_double(&p, whole, type);
	c.syy = pghedge_parse_double(&p, whole, type);
	c.sxx = pghedge_parse_double(&p, whole, type);
	c.sxy = pghedge_parse_double(&p, whole, type);
	while (*p == ' ')
		p++;
	if (*p != '\0')
		pghedge_invalid_text(whole, type, "There is text behind the nine numbers.");
	if (!ph_comoments_valid(&c))
		pghedge_invalid_text(whole, type, "No observations have these co-moments.");
	PG_RETURN_COMOMENTS(&c);
}

PGHEDGE_FUNCTION(pghedge_comoments_send);
Datum
pghedge_comoments_send(PG_FUNCTION_ARGS)
{
	const PhComoments *c = &PG_GETARG_COMOMENTS(0)->c;
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint8(&buf, COMOMENTS_VERSION);
	pq_sendfloat8(&buf, c->w);
	pq_sendfloat8(&buf, c->w2);
	pq_sendfloat8(&buf, c->my);
	pq_sendfloat8(&buf, c->my_lo);
	pq_sendfloat8(&buf, c->mx);
	pq_sendfloat8(&buf, c->mx_lo);
	pq_sendfloat8(&buf, c->syy);
	pq_sendfloat8(&buf, c->sxx);
	pq_sendfloat8(&buf, c->sxy);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PGHEDGE_FUNCTION(pghedge_comoments_recv);
Datum
pghedge_comoments_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(buf);
	PhComoments c;

	if (version != COMOMENTS_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unknown version %d of a binary hedge.comoments value", version)));
	c.w = pghedge_receive_double(buf);
	c.w2 = pghedge_receive_double(buf);
	c.my = pghedge_receive_double(buf);
	c.my_lo = pghedge_receive_double(buf);
	c.mx = pghedge_receive_double(buf);
	c.mx_lo = pghedge_receive_double(buf);
	c.syy = pghedge_receive_double(buf);
	c.sxx = pghedge_receive_double(buf);
	c.sxy = pghedge_receive_double(buf);
	if (!ph_comoments_valid(&c))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary hedge.comoments value"),
				 errdetail("No observations have these co-moments.")));
	PG_RETURN_COMOMENTS(&c);
}

/* ---------- plain aggregation ---------- */

/* accum(state, y, x): a row with a NULL is no observation. */
PGHEDGE_FUNCTION(pghedge_comoments_accum);
Datum
pghedge_comoments_accum(PG_FUNCTION_ARGS)
{
	Comoments  *state;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	if (PG_ARGISNULL(0))
	{
		MemoryContext context;
		PhComoments c;

		if (!AggCheckCallContext(fcinfo, &context))
			context = CurrentMemoryContext;
		ph_comoments_single(&c, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), 1);
		if (unlikely(c.sxy != 0))
			pghedge_check(ph_comoments_settle_add(&c, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2)));
		PG_RETURN_POINTER(pghedge_comoments_make(context, &c));
	}
	state = PG_GETARG_COMOMENTS(0);
	/* outside an aggregate the argument is not ours to change */
	if (!AggCheckCallContext(fcinfo, NULL))
		state = pghedge_comoments_make(CurrentMemoryContext, &state->c);
	pghedge_check(ph_comoments_add(&state->c, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), 1));
	PG_RETURN_POINTER(state);
}

/* combine(state, state); also the transition function of rollup(). */
PGHEDGE_FUNCTION(pghedge_comoments_combine);
Datum
pghedge_comoments_combine(PG_FUNCTION_ARGS)
{
	Comoments  *state;
	MemoryContext context;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	if (!AggCheckCallContext(fcinfo, &context))
		context = NULL;
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(pghedge_comoments_make(context ? context : CurrentMemoryContext,
												 &PG_GETARG_COMOMENTS(1)->c));
	state = PG_GETARG_COMOMENTS(0);
	if (context == NULL)
		state = pghedge_comoments_make(CurrentMemoryContext, &state->c);
	pghedge_check(ph_comoments_merge(&state->c, &state->c, &PG_GETARG_COMOMENTS(1)->c));
	PG_RETURN_POINTER(state);
}

/* ---------- accessors ---------- */

#define ACCESSOR(name, statistic) \
	PGHEDGE_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		double		value; \
		bool		has_answer = statistic(&PG_GETARG_COMOMENTS(0)->c, &value); \
		\
		PGHEDGE_RETURN_ANSWER(has_answer, value); \
	}

ACCESSOR(pghedge_comoments_corr, ph_corr)
ACCESSOR(pghedge_comoments_covariance, ph_covariance)
ACCESSOR(pghedge_comoments_hedge_ratio, ph_hedge_ratio)
ACCESSOR(pghedge_comoments_intercept, ph_intercept)
ACCESSOR(pghedge_comoments_volatility_y, ph_volatility_y)
ACCESSOR(pghedge_comoments_volatility_x, ph_volatility_x)
ACCESSOR(pghedge_comoments_hedging_effectiveness, ph_hedging_effectiveness)
ACCESSOR(pghedge_comoments_residual_volatility, ph_residual_volatility)

#define ACCESSOR_AT(name, statistic) \
	PGHEDGE_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		double		value; \
		bool		has_answer = statistic(&PG_GETARG_COMOMENTS(0)->c, PG_GETARG_FLOAT8(1), &value); \
		\
		PGHEDGE_RETURN_ANSWER(has_answer, value); \
	}

ACCESSOR_AT(pghedge_comoments_hedging_effectiveness_at, ph_hedging_effectiveness_at)
ACCESSOR_AT(pghedge_comoments_residual_volatility_at, ph_residual_volatility_at)

PGHEDGE_FUNCTION(pghedge_comoments_observations);
Datum
pghedge_comoments_observations(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(ph_observations(&PG_GETARG_COMOMENTS(0)->c));
}

PGHEDGE_FUNCTION(pghedge_comoments_corr_interval);
Datum
pghedge_comoments_corr_interval(PG_FUNCTION_ARGS)
{
	const PhComoments *c = &PG_GETARG_COMOMENTS(0)->c;
	double		level = PG_GETARG_FLOAT8(1);
	double		low = 0,
				high = 0;
	Datum		values[2];
	bool		nulls[2];

	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("confidence level %g is not between 0 and 1", level),
				 errhint("Write 0.95 for 95 percent.")));
	nulls[0] = nulls[1] = !ph_corr_interval(c, level, &low, &high);
	values[0] = Float8GetDatum(low);
	values[1] = Float8GetDatum(high);
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}
