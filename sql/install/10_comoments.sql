-- comoments: the type, its aggregates, its accessors.

GRANT USAGE ON SCHEMA hedge TO PUBLIC;
COMMENT ON SCHEMA hedge IS 'pghedge: correlation-based risk offsetting. Functions, aggregates and types; the data stands in books, which hedge.create_book makes.';

-- ---------- the type ----------

CREATE TYPE hedge.comoments;

CREATE FUNCTION hedge.comoments_in(cstring) RETURNS hedge.comoments
	AS 'MODULE_PATHNAME', 'pghedge_comoments_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoments_in(cstring) IS 'Text input of hedge.comoments: "v1" and nine numbers. Numbers that no observations could have given are refused.';

CREATE FUNCTION hedge.comoments_out(hedge.comoments) RETURNS cstring
	AS 'MODULE_PATHNAME', 'pghedge_comoments_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoments_out(hedge.comoments) IS 'Text output of hedge.comoments, lossless whatever extra_float_digits is.';

CREATE FUNCTION hedge.comoments_recv(internal) RETURNS hedge.comoments
	AS 'MODULE_PATHNAME', 'pghedge_comoments_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoments_recv(internal) IS 'Binary input of hedge.comoments.';

CREATE FUNCTION hedge.comoments_send(hedge.comoments) RETURNS bytea
	AS 'MODULE_PATHNAME', 'pghedge_comoments_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoments_send(hedge.comoments) IS 'Binary output of hedge.comoments: a version byte and nine big-endian doubles.';

CREATE TYPE hedge.comoments (
	INPUT = hedge.comoments_in,
	OUTPUT = hedge.comoments_out,
	RECEIVE = hedge.comoments_recv,
	SEND = hedge.comoments_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = plain
);
COMMENT ON TYPE hedge.comoments IS 'Co-moments of a pair (y, x): weight, squared weight, means (double-double), sums of squares and products about the means. All that correlation, hedge ratio and volatility need; summaries of disjoint rows merge by hedge.rollup. 80 bytes; NULL where there was no observation.';

-- ---------- aggregation ----------

CREATE FUNCTION hedge.comoments_accum(state hedge.comoments, y float8, x float8) RETURNS hedge.comoments
	AS 'MODULE_PATHNAME', 'pghedge_comoments_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoments_accum(hedge.comoments, float8, float8) IS 'Adds one observation to co-moments; a NULL y or x is no observation. Error 22003 when a sum of squares leaves the range of double precision.';

CREATE FUNCTION hedge.comoments_combine(a hedge.comoments, b hedge.comoments) RETURNS hedge.comoments
	AS 'MODULE_PATHNAME', 'pghedge_comoments_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoments_combine(hedge.comoments, hedge.comoments) IS 'Merges the co-moments of disjoint observations; NULL is none. Formula: Chan, Golub, LeVeque (1979). Error 22003 when a sum of squares leaves the range of double precision.';

CREATE FUNCTION hedge.rolling_add(state internal, y float8, x float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_rolling_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.rolling_add(internal, float8, float8) IS 'Moving aggregates: a row enters the window frame.';

CREATE FUNCTION hedge.rolling_remove(state internal, y float8, x float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_rolling_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.rolling_remove(internal, float8, float8) IS 'Moving aggregates: the oldest row leaves the window frame. Nothing is subtracted: the state is a queue of two stacks of partial co-moments.';

CREATE FUNCTION hedge.rolling_add_summary(state internal, summary hedge.comoments) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_rolling_add_summary' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.rolling_add_summary(internal, hedge.comoments) IS 'Moving rollup: a summary enters the window frame.';

CREATE FUNCTION hedge.rolling_remove_summary(state internal, summary hedge.comoments) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_rolling_remove_summary' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.rolling_remove_summary(internal, hedge.comoments) IS 'Moving rollup: the oldest summary leaves the window frame.';

CREATE FUNCTION hedge.rolling_comoments(state internal) RETURNS hedge.comoments
	AS 'MODULE_PATHNAME', 'pghedge_rolling_comoments' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.rolling_comoments(internal) IS 'Moving aggregates: the co-moments of the window frame.';

CREATE AGGREGATE hedge.comoments(y float8, x float8) (
	SFUNC = hedge.comoments_accum,
	STYPE = hedge.comoments,
	COMBINEFUNC = hedge.comoments_combine,
	MSFUNC = hedge.rolling_add,
	MINVFUNC = hedge.rolling_remove,
	MSTYPE = internal,
	MSSPACE = 4096,
	MFINALFUNC = hedge.rolling_comoments,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.comoments(float8, float8) IS 'Co-moments of y and x over the rows where neither is NULL; NULL when there is none. One summary serves every accessor: corr, covariance, hedge_ratio, volatility_y and so on. Plain, parallel, and over moving window frames.';

CREATE AGGREGATE hedge.rollup(hedge.comoments) (
	SFUNC = hedge.comoments_combine,
	STYPE = hedge.comoments,
	COMBINEFUNC = hedge.comoments_combine,
	MSFUNC = hedge.rolling_add_summary,
	MINVFUNC = hedge.rolling_remove_summary,
	MSTYPE = internal,
	MSSPACE = 4096,
	MFINALFUNC = hedge.rolling_comoments,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.rollup(hedge.comoments) IS 'Merges stored summaries of disjoint rows (days into weeks, shards into a whole) as if their rows had been read at once; NULLs are skipped. Plain, parallel, and over moving window frames.';

-- ---------- accessors ----------

CREATE FUNCTION hedge.observations(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_observations' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.observations(hedge.comoments) IS 'Number of observations; of weighted ones the effective number (Σw)²/Σw² (Kish 1965).';

CREATE FUNCTION hedge.corr(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_corr' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.corr(hedge.comoments) IS 'Correlation of y and x (Pearson), within [-1, 1]. NULL when a side is constant, as with fewer than two observations; NaN when an observation was NaN or infinite.';

CREATE FUNCTION hedge.covariance(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_covariance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.covariance(hedge.comoments) IS 'Sample covariance of y and x (divisor n - 1, as covar_samp), in units of y times x. NULL with fewer than two observations; NaN when an observation was NaN or infinite.';

CREATE FUNCTION hedge.hedge_ratio(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_hedge_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.hedge_ratio(hedge.comoments) IS 'Minimum-variance hedge ratio cov(y, x) / var(x): units of x to sell for each unit of y held (the regression slope, as regr_slope). NULL when x is constant; NaN when an observation was NaN or infinite. Source: L. H. Ederington, The hedging performance of the new futures markets, Journal of Finance 34 (1979).';

CREATE FUNCTION hedge.intercept(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_intercept' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.intercept(hedge.comoments) IS 'Mean of y - h·x at the minimum-variance hedge ratio h (as regr_intercept), in units of y. NULL when x is constant; NaN when an observation was NaN or infinite.';

CREATE FUNCTION hedge.volatility_y(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_volatility_y' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.volatility_y(hedge.comoments) IS 'Sample standard deviation of y (divisor n - 1), per observation. NULL with fewer than two observations; exactly 0 when y is constant; NaN when a y was NaN or infinite.';

CREATE FUNCTION hedge.volatility_x(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_volatility_x' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.volatility_x(hedge.comoments) IS 'Sample standard deviation of x (divisor n - 1), per observation. NULL with fewer than two observations; exactly 0 when x is constant; NaN when an x was NaN or infinite.';

CREATE FUNCTION hedge.hedging_effectiveness(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_hedging_effectiveness' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.hedging_effectiveness(hedge.comoments) IS 'Share of the variance of y that the minimum-variance hedge removes in sample: the squared correlation, within [0, 1]. NULL when a side is constant; NaN when an observation was NaN or infinite.';

CREATE FUNCTION hedge.hedging_effectiveness(c hedge.comoments, ratio float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_hedging_effectiveness_at' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.hedging_effectiveness(hedge.comoments, float8) IS '1 - var(y - ratio·x) / var(y): share of the variance of y that a hedge at this ratio removes in sample; negative when it adds risk. NULL when y is constant; NaN when an observation was NaN or infinite.';

CREATE FUNCTION hedge.residual_volatility(c hedge.comoments) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_residual_volatility' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.residual_volatility(hedge.comoments) IS 'Sample standard deviation of y - h·x at the minimum-variance ratio h (divisor n - 1), in units of y per observation. NULL when x is constant; NaN when an observation was NaN or infinite.';

CREATE FUNCTION hedge.residual_volatility(c hedge.comoments, ratio float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_comoments_residual_volatility_at' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.residual_volatility(hedge.comoments, float8) IS 'Sample standard deviation of y - ratio·x (divisor n - 1), in units of y per observation. NULL with fewer than two observations; NaN when an observation was NaN or infinite.';

CREATE FUNCTION hedge.corr_interval(c hedge.comoments, level float8 DEFAULT 0.95, OUT low float8, OUT high float8)
	AS 'MODULE_PATHNAME', 'pghedge_comoments_corr_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.corr_interval(hedge.comoments, float8) IS 'Confidence interval of the correlation by Fisher''s z (R. A. Fisher, 1921): honest for independent normal observations, too narrow under heavy tails or serial dependence. NULLs when the correlation is NULL or NaN or there are fewer than four observations. Error 22023 when level is not between 0 and 1.';
