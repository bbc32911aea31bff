/*
 * verdict.c
 *	  What is made of evidence: hedge.verdict, with its reason in words, hedge.held_evidence of a ratio
 *	  held, and p-values adjusted for how many there are, hedge.adjust_p_values.
 */
#include "pghedge.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "results.h"
#include "../kernel/evidence.h"

static double
attribute(HeapTupleHeader tuple, const char *name)
{
	bool		isnull;
	Datum		value = GetAttributeByName(tuple, name, &isnull);

	return isnull ? NAN : DatumGetFloat8(value);
}

static void
evidence_read(HeapTupleHeader tuple, PhEvidence *e)
{
	bool		isnull;

	memset(e, 0, sizeof(*e));
	e->observations = DatumGetInt32(GetAttributeByName(tuple, "observations", &isnull));
	if (isnull)
		e->observations = 0;
	e->effective_observations = attribute(tuple, "effective_observations");
	e->correlation = attribute(tuple, "correlation");
	e->volatility_y = attribute(tuple, "volatility_y");
	e->volatility_x = attribute(tuple, "volatility_x");
	e->robust_low = attribute(tuple, "robust_low");
	e->robust_high = attribute(tuple, "robust_high");
	e->standard_error = attribute(tuple, "standard_error");
	e->effectiveness_p_value = attribute(tuple, "effectiveness_p_value");
	e->rolling.minimum = attribute(tuple, "rolling_minimum");
	e->rolling.maximum = attribute(tuple, "rolling_maximum");
	e->rolling_spread_p_value = attribute(tuple, "rolling_spread_p_value");
	e->break_p_value = attribute(tuple, "break_p_value");
	e->break_at = DatumGetInt32(GetAttributeByName(tuple, "break_observation", &isnull));
	e->break_at = isnull ? -1 : e->break_at - 1;
	e->before_break = attribute(tuple, "correlation_before_break");
	e->after_break = attribute(tuple, "correlation_after_break");
	e->lag_correlation = attribute(tuple, "lag_correlation");
	e->out_of_sample_effectiveness = attribute(tuple, "out_of_sample_effectiveness");
	e->clark_west_p_value = attribute(tuple, "clark_west_p_value");
}

static double
threshold(FunctionCallInfo fcinfo, int argno, const char *name, double most)
{
	double		value;

	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is NULL", name)));
	value = PG_GETARG_FLOAT8(argno);
	if (!(value >= 0 && value <= most))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %g is out of range", name, value)));
	return value;
}

/* A time, in words: a day alone where it begins, as bars of days do. */
static const char *
when(TimestampTz time)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int			zone;
	const char *abbreviation;
	char	   *day;

	if (TIMESTAMP_NOT_FINITE(time) ||
		timestamp2tm(time, &zone, &tm, &fsec, &abbreviation, NULL) != 0 ||
		tm.tm_hour != 0 || tm.tm_min != 0 || tm.tm_sec != 0 || fsec != 0)
		return pstrdup(timestamptz_to_str(time));
	day = palloc(MAXDATELEN + 1);
	EncodeDateOnly(&tm, USE_ISO_DATES, day);
	return day;
}

/* When the likeliest break was, in words. */
static const char *
break_when(HeapTupleHeader tuple, const PhEvidence *e)
{
	bool		isnull;
	Datum		break_time = GetAttributeByName(tuple, "break_time", &isnull);

	if (isnull)
		return psprintf("observation %d", e->break_at + 1);
	return when(DatumGetTimestampTz(break_time));
}

static const char *
in_words(double correlation)
{
	return isnan(correlation) ? "unknown" : psprintf("%.2f", correlation);
}

/* Tests that have no answer do not speak against a pair, but must not pass for passed. */
static void
append_not_tested(StringInfo reason, const PhEvidence *e)
{
	const char *separator = "; not tested: ";

	if (isnan(e->break_p_value))
	{
		appendStringInfo(reason, "%sbreak", separator);
		if (e->observations < PH_BREAK_LEAST)
			appendStringInfo(reason, " (%d observations, %d needed)", e->observations, PH_BREAK_LEAST);
		separator = ", ";
	}
	if (isnan(e->rolling_spread_p_value))
	{
		appendStringInfo(reason, "%sspread of rolling correlations", separator);
		separator = ", ";
	}
	if (isnan(e->out_of_sample_effectiveness) || isnan(e->clark_west_p_value))
		appendStringInfo(reason, "%shedging out of sample", separator);
}

PGHEDGE_FUNCTION(pghedge_verdict);
Datum
pghedge_verdict(PG_FUNCTION_ARGS)
{
	Datum		values[2];
	bool		nulls[2] = {false, false};
	PhVerdictThresholds t;
	PhVerdict	found;
	PhEvidence	e;
	HeapTupleHeader tuple;
	const char *verdict;
	StringInfoData reason;

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("minimum_observations is NULL")));
	t.observations = PG_GETARG_INT32(2);
	if (t.observations < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("minimum_observations %d is out of range", t.observations),
				 errdetail("A correlation takes two observations.")));
	t.effective_observations = threshold(fcinfo, 3, "minimum_effective_observations", HUGE_VAL);
	t.significance = threshold(fcinfo, 4, "significance", 1);
	t.break_significance = threshold(fcinfo, 5, "break_significance", 1);
	t.break_change = threshold(fcinfo, 6, "minimum_break", 2);
	t.spread_significance = threshold(fcinfo, 7, "spread_significance", 1);
	if (!PG_ARGISNULL(1))
		threshold(fcinfo, 1, "adjusted p-value", 1);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	tuple = PG_GETARG_HEAPTUPLEHEADER(0);
	evidence_read(tuple, &e);
	if (!PG_ARGISNULL(1))
		e.effectiveness_p_value = PG_GETARG_FLOAT8(1);

	initStringInfo(&reason);
	found = ph_verdict(&e, &t);
	switch (found)
	{
		case PH_INSUFFICIENT_NO_CORRELATION:
			verdict = "insufficient";
			appendStringInfo(&reason, "no correlation: %d observations, or a side that does not vary",
							 e.observations);
			break;
		case PH_INSUFFICIENT_OBSERVATIONS:
			verdict = "insufficient";
			appendStringInfo(&reason, "%d observations, %d needed", e.observations, t.observations);
			break;
		case PH_INSUFFICIENT_EFFECTIVE:
			verdict = "insufficient";
			appendStringInfo(&reason, "%d observations tell as much as %.0f independent ones, %.0f needed",
							 e.observations, e.effective_observations, t.effective_observations);
			break;
		case PH_BREAK_DETECTED:
			verdict = "break_detected";
			appendStringInfo(&reason, "the correlation changed from %s to %s, most likely at %s (p = %.2g)",
							 in_words(e.before_break), in_words(e.after_break), break_when(tuple, &e),
							 e.break_p_value);
			break;
		case PH_WEAK:
			verdict = "weak";
			appendStringInfo(&reason, "correlation %.2f is not shown to be worth hedging with",
							 e.correlation);
			if (!isnan(e.effectiveness_p_value))
				appendStringInfo(&reason, " (p = %.2g)", e.effectiveness_p_value);
			break;
		case PH_UNSTABLE_SPREAD:
			verdict = "unstable";
			appendStringInfo(&reason, "rolling correlation from %.2f to %.2f, more than a constant one would show (p = %.2g)",
							 e.rolling.minimum, e.rolling.maximum, e.rolling_spread_p_value);
			break;
		case PH_UNSTABLE_OUT_OF_SAMPLE:
			verdict = "unstable";
			appendStringInfo(&reason, "the ratio known beforehand added variance (effectiveness %.2f)",
							 e.out_of_sample_effectiveness);
			break;
		case PH_UNSTABLE_NOT_PROVEN:
			verdict = "unstable";
			appendStringInfo(&reason, "the ratio known beforehand is not shown to reduce variance (p = %.2g)",
							 e.clark_west_p_value);
			break;
		default:
			verdict = "reliable";
			appendStringInfo(&reason, "correlation %.2f, between %s and %s", e.correlation,
							 in_words(e.robust_low), in_words(e.robust_high));
			break;
	}
	/* what is no break for the verdict, but to be known */
	if (found == PH_WEAK || found == PH_UNSTABLE_SPREAD || found == PH_UNSTABLE_OUT_OF_SAMPLE ||
		found == PH_UNSTABLE_NOT_PROVEN || found == PH_RELIABLE)
	{
		if (e.break_p_value <= t.break_significance)
			appendStringInfo(&reason, "; it changed from %s to %s (p = %.2g), by less than minimum_break",
							 in_words(e.before_break), in_words(e.after_break), e.break_p_value);
		else if (e.break_p_value <= t.significance && ph_break_matters(&e, t.break_change))
			appendStringInfo(&reason, "; it may have changed from %s to %s at %s (p = %.2g)",
							 in_words(e.before_break), in_words(e.after_break), break_when(tuple, &e), e.break_p_value);
		if (fabs(e.lag_correlation) > 3 / sqrt(e.observations))
			appendStringInfo(&reason, "; %.2f one observation apart: not observed at the same instant, or a return depends on the last",
							 e.lag_correlation);
		append_not_tested(&reason, &e);
	}
	values[0] = CStringGetTextDatum(verdict);
	values[1] = CStringGetTextDatum(reason.data);
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}

/* The three measures of a held ratio, as a row. */
static Datum
held_row(FunctionCallInfo fcinfo, PhEvidence *e, double ratio)
{
	Datum		values[3];
	bool		nulls[3];

	e->held_effectiveness = e->break_even_correlation = e->break_even_confidence = NAN;
	if (e->observations >= 0 && fabs(e->correlation) <= 1)
		ph_evidence_hold(e, ratio);
	pghedge_put(values, nulls, 0, e->held_effectiveness);
	pghedge_put(values, nulls, 1, e->break_even_correlation);
	pghedge_put(values, nulls, 2, e->break_even_confidence);
	return pghedge_row(fcinfo, values, nulls);
}

PGHEDGE_FUNCTION(pghedge_held_evidence);
Datum
pghedge_held_evidence(PG_FUNCTION_ARGS)
{
	PhEvidence	e;

	evidence_read(PG_GETARG_HEAPTUPLEHEADER(0), &e);
	PG_RETURN_DATUM(held_row(fcinfo, &e, PG_GETARG_FLOAT8(1)));
}

/* (observations, correlation, volatility_y, volatility_x, standard_error, ratio), NULL for unknown */
PGHEDGE_FUNCTION(pghedge_held_evidence_of);
Datum
pghedge_held_evidence_of(PG_FUNCTION_ARGS)
{
	PhEvidence	e = {.observations = PG_ARGISNULL(0) ? 0 : PG_GETARG_INT32(0)};
	double		number[6];

	for (int i = 1; i < 6; i++)
		number[i] = PG_ARGISNULL(i) ? NAN : PG_GETARG_FLOAT8(i);
	e.correlation = number[1];
	e.volatility_y = number[2];
	e.volatility_x = number[3];
	e.standard_error = number[4];
	PG_RETURN_DATUM(held_row(fcinfo, &e, number[5]));
}

typedef struct RankedP
{
	double		p;
	int			at;
} RankedP;

#define ST_SORT sort_ranked
#define ST_ELEMENT_TYPE RankedP
#define ST_COMPARE(a, b) ((a)->p < (b)->p ? -1 : (a)->p > (b)->p)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

PGHEDGE_FUNCTION(pghedge_adjust_p_values);
Datum
pghedge_adjust_p_values(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	char	   *method = text_to_cstring(PG_GETARG_TEXT_PP(1));
	bool		any_dependence = strcmp(method, "benjamini_yekutieli") == 0;
	Datum	   *values;
	bool	   *nulls;
	int			n,
				known = 0;
	RankedP    *ranked;
	double	   *p;

	if (!any_dependence && strcmp(method, "benjamini_hochberg") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown method \"%s\" of adjusting p-values", method),
				 errhint("Methods are benjamini_hochberg and benjamini_yekutieli.")));
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array of p-values has %d dimensions", ARR_NDIM(array))));
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values,
					  &nulls, &n);
	if (n == 0)
		PG_RETURN_ARRAYTYPE_P(array);
	ranked = pghedge_huge_alloc(CurrentMemoryContext, n, sizeof(RankedP));
	p = pghedge_huge_alloc(CurrentMemoryContext, n, sizeof(double));
	for (int i = 0; i < n; i++)
	{
		double		value = nulls[i] ? 0 : DatumGetFloat8(values[i]);

		if (nulls[i])
			continue;
		if (!(value >= 0 && value <= 1))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("p-value %g is not between 0 and 1", value)));
		ranked[known++] = (RankedP) {value, i};
	}
	sort_ranked(ranked, known);
	for (int i = 0; i < known; i++)
		p[i] = ranked[i].p;
	ph_adjust_p_values(p, known, any_dependence);
	for (int i = 0; i < known; i++)
		values[ranked[i].at] = Float8GetDatum(p[i]);
	PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, 1, &n, ARR_LBOUND(array), FLOAT8OID,
											 sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
