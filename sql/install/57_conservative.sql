-- conservative: risk where the estimate may be off.

CREATE FUNCTION hedge.pair_risk(exposure_a float8, volatility_a float8, exposure_b float8, volatility_b float8,
	correlation float8, OUT net_risk float8, OUT risk_offset float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_pair_risk' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_risk(float8, float8, float8, float8, float8) IS 'Risk of two legs, a and b = exposure x volatility, at any correlation: net sqrt(a^2 + b^2 + 2 a b correlation), and what the correlation removes, sqrt(a^2 + b^2) - net, negative where it adds. NULL where a result is not finite. Error 22023 for a correlation outside [-1, 1] or a negative volatility.';

CREATE FUNCTION hedge.volatility_interval(series float8[], level float8 DEFAULT 0.95,
	OUT volatility float8, OUT volatility_low float8, OUT volatility_high float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_volatility_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION hedge.volatility_interval(float8[], float8) IS 'Standard deviation (divisor n - 1) of a series in order of time, as hedge.profit_and_loss gives, and an interval around it that widens with heavy tails and with volatility that comes in spells: long-run variance of the squared deviations from six cosine-weighted averages (Mueller 2014), on the scale of the logarithm. Values that are NULL or not finite are left out. NULL for fewer than 10 values, or a constant. Error 22023 for a level outside (0, 1).';
