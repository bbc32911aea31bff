/*
 * conservative.c
 *	  Risk where the estimate may be off: of a pair at any correlation (hedge.pair_risk), and the
 *	  interval around the volatility of a series (hedge.volatility_interval).
 */
#include "arrays.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"

#include "results.h"
#include "../kernel/offsets.h"
#include "../kernel/volatility.h"

PGHEDGE_FUNCTION(pghedge_pair_risk);
Datum
pghedge_pair_risk(PG_FUNCTION_ARGS)
{
	double		a = PG_GETARG_FLOAT8(0) * PG_GETARG_FLOAT8(1);
	double		b = PG_GETARG_FLOAT8(2) * PG_GETARG_FLOAT8(3);
	double		corr = PG_GETARG_FLOAT8(4);
	PhPairRisk	risk;
	Datum		values[2];
	bool		nulls[2];

	if (!(corr >= -1 && corr <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("correlation is %g", corr),
				 errhint("A correlation is from -1 to 1.")));
	if (PG_GETARG_FLOAT8(1) < 0 || PG_GETARG_FLOAT8(3) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("volatility is %g", PG_GETARG_FLOAT8(1) < 0 ? PG_GETARG_FLOAT8(1) : PG_GETARG_FLOAT8(3)),
				 errhint("A volatility is 0 or more; a short leg has a negative exposure.")));
	if (!isfinite(a) || !isfinite(b))
		risk.net = risk.risk_offset = NAN;
	else if (a == 0 || b == 0)
	{
		risk.net = fabs(a + b);
		risk.risk_offset = 0;
	}
	else if (fabs(a) >= fabs(b))
		ph_pair_risk(a, b, corr, &risk);
	else
		ph_pair_risk(b, a, corr, &risk);
	pghedge_put(values, nulls, 0, risk.net);
	pghedge_put(values, nulls, 1, risk.risk_offset);
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}

PGHEDGE_FUNCTION(pghedge_volatility_interval);
Datum
pghedge_volatility_interval(PG_FUNCTION_ARGS)
{
	double		level = PG_GETARG_FLOAT8(1);
	int			n;
	double	   *x = pghedge_finite_elements(PG_GETARG_ARRAYTYPE_P(0), "series", &n);
	PhVolatilityInterval interval;
	Datum		values[3];
	bool		nulls[3] = {true, true, true};

	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("confidence level is %g", level),
				 errhint("Give a share between 0 and 1, such as 0.95.")));

	if (ph_volatility_interval(x, n, level, pghedge_pause, &interval))
	{
		pghedge_put(values, nulls, 0, interval.volatility);
		pghedge_put(values, nulls, 1, interval.low);
		pghedge_put(values, nulls, 2, interval.high);
	}
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}
