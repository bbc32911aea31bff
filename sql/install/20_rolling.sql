-- rolling: one-word aggregates for daily use over windows; also plain and parallel.

CREATE FUNCTION hedge.rolling_corr_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_rolling_corr' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.rolling_corr_final(internal) IS 'Moving aggregates: the correlation within the window frame.';

CREATE FUNCTION hedge.rolling_covariance_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_rolling_covariance' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.rolling_covariance_final(internal) IS 'Moving aggregates: the covariance within the window frame.';

CREATE FUNCTION hedge.rolling_hedge_ratio_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_rolling_hedge_ratio' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.rolling_hedge_ratio_final(internal) IS 'Moving aggregates: the hedge ratio within the window frame.';

CREATE AGGREGATE hedge.rolling_corr(y float8, x float8) (
	SFUNC = hedge.comoments_accum,
	STYPE = hedge.comoments,
	FINALFUNC = hedge.corr,
	COMBINEFUNC = hedge.comoments_combine,
	MSFUNC = hedge.rolling_add,
	MINVFUNC = hedge.rolling_remove,
	MSTYPE = internal,
	MSSPACE = 4096,
	MFINALFUNC = hedge.rolling_corr_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.rolling_corr(float8, float8) IS 'Correlation of y and x over the rows of the frame where neither is NULL, within [-1, 1]. NULL when a side is constant in the frame; NaN while a NaN or infinity is in it, without a trace once it has left.';

CREATE AGGREGATE hedge.rolling_covariance(y float8, x float8) (
	SFUNC = hedge.comoments_accum,
	STYPE = hedge.comoments,
	FINALFUNC = hedge.covariance,
	COMBINEFUNC = hedge.comoments_combine,
	MSFUNC = hedge.rolling_add,
	MINVFUNC = hedge.rolling_remove,
	MSTYPE = internal,
	MSSPACE = 4096,
	MFINALFUNC = hedge.rolling_covariance_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.rolling_covariance(float8, float8) IS 'Sample covariance of y and x over the rows of the frame where neither is NULL (divisor n - 1). NULL with fewer than two; NaN while a NaN or infinity is in the frame.';

CREATE AGGREGATE hedge.rolling_hedge_ratio(y float8, x float8) (
	SFUNC = hedge.comoments_accum,
	STYPE = hedge.comoments,
	FINALFUNC = hedge.hedge_ratio,
	COMBINEFUNC = hedge.comoments_combine,
	MSFUNC = hedge.rolling_add,
	MINVFUNC = hedge.rolling_remove,
	MSTYPE = internal,
	MSSPACE = 4096,
	MFINALFUNC = hedge.rolling_hedge_ratio_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.rolling_hedge_ratio(float8, float8) IS 'Minimum-variance hedge ratio cov(y, x) / var(x) over the rows of the frame where neither is NULL; y is the asset held, x the hedge. NULL when x is constant in the frame; NaN while a NaN or infinity is in it.';
