\echo Use "CREATE EXTENSION pghedge" to load this file. \quit
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
-- matrix: co-moments of every pair among many assets.

-- ---------- the type ----------

CREATE TYPE hedge.comoment_matrix;

CREATE FUNCTION hedge.comoment_matrix_in(cstring) RETURNS hedge.comoment_matrix
	AS 'MODULE_PATHNAME', 'pghedge_matrix_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_in(cstring) IS 'Text input of hedge.comoment_matrix. Numbers that no observations could have given, and labels that are not unique and in byte order, are refused.';

CREATE FUNCTION hedge.comoment_matrix_out(hedge.comoment_matrix) RETURNS cstring
	AS 'MODULE_PATHNAME', 'pghedge_matrix_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_out(hedge.comoment_matrix) IS 'Text output of hedge.comoment_matrix, lossless whatever extra_float_digits is.';

CREATE FUNCTION hedge.comoment_matrix_recv(internal) RETURNS hedge.comoment_matrix
	AS 'MODULE_PATHNAME', 'pghedge_matrix_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_recv(internal) IS 'Binary input of hedge.comoment_matrix.';

CREATE FUNCTION hedge.comoment_matrix_send(hedge.comoment_matrix) RETURNS bytea
	AS 'MODULE_PATHNAME', 'pghedge_matrix_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_send(hedge.comoment_matrix) IS 'Binary output of hedge.comoment_matrix: version and form bytes, the number of assets, labels, big-endian doubles.';

CREATE TYPE hedge.comoment_matrix (
	INPUT = hedge.comoment_matrix_in,
	OUTPUT = hedge.comoment_matrix_out,
	RECEIVE = hedge.comoment_matrix_recv,
	SEND = hedge.comoment_matrix_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = external
);
COMMENT ON TYPE hedge.comoment_matrix IS 'Asset labels (unique, in byte order) and pairwise-complete co-moments of every pair: each pair over the times at which both were observed. Compact (one triangle of sums) when nothing is missing. Matrices of disjoint times merge by hedge.rollup. The size is limited so that a row with two of them can be dumped as text: about 6,100 assets, or 2,000 where observations are missing.';

-- ---------- aggregation ----------

CREATE FUNCTION hedge.comoment_matrix_accum(state hedge.comoment_matrix, assets text[], observations float8[]) RETURNS hedge.comoment_matrix
	AS 'MODULE_PATHNAME', 'pghedge_matrix_accum_wide' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_accum(hedge.comoment_matrix, text[], float8[]) IS 'Adds the observations of one time, or of a block of times, to a matrix.';

CREATE FUNCTION hedge.comoment_matrix_combine(a hedge.comoment_matrix, b hedge.comoment_matrix) RETURNS hedge.comoment_matrix
	AS 'MODULE_PATHNAME', 'pghedge_matrix_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_combine(hedge.comoment_matrix, hedge.comoment_matrix) IS 'Merges matrices of disjoint times; their assets may differ. NULL is none.';

CREATE FUNCTION hedge.comoment_matrix_flat(state hedge.comoment_matrix) RETURNS hedge.comoment_matrix
	AS 'MODULE_PATHNAME', 'pghedge_matrix_flat' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_flat(hedge.comoment_matrix) IS 'The finished matrix of an aggregate, as bytes that accessors read without work.';

CREATE AGGREGATE hedge.comoment_matrix(assets text[], observations float8[]) (
	SFUNC = hedge.comoment_matrix_accum,
	STYPE = hedge.comoment_matrix,
	SSPACE = 65536,
	FINALFUNC = hedge.comoment_matrix_flat,
	COMBINEFUNC = hedge.comoment_matrix_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.comoment_matrix(text[], float8[]) IS 'Wide form: a row holds the observations of all assets at one time, NULL where one is missing; or, as a two-dimensional array [asset][time], those of a block of times. Assets may differ from row to row. Parallel; NULL without rows. Errors: arrays of different lengths, an asset given twice, a NULL asset.';

CREATE AGGREGATE hedge.rollup(hedge.comoment_matrix) (
	SFUNC = hedge.comoment_matrix_combine,
	STYPE = hedge.comoment_matrix,
	SSPACE = 65536,
	FINALFUNC = hedge.comoment_matrix_flat,
	COMBINEFUNC = hedge.comoment_matrix_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.rollup(hedge.comoment_matrix) IS 'Merges stored matrices of disjoint times as if their rows had been read at once; NULLs are skipped. Their assets may differ.';

CREATE FUNCTION hedge.comoment_matrix_accum(state internal, asset text, ts timestamptz, value float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_matrix_accum_long' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_accum(internal, text, timestamptz, float8) IS 'Long form: collects one cell.';

CREATE FUNCTION hedge.comoment_matrix_final(state internal) RETURNS hedge.comoment_matrix
	AS 'MODULE_PATHNAME', 'pghedge_matrix_final_long' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.comoment_matrix_final(internal) IS 'Long form: sums the collected cells, a block of times after the other.';

-- No combine function: rows of one time may fall to different workers, and their products would be lost.
CREATE AGGREGATE hedge.comoment_matrix(asset text, ts timestamptz, value float8) (
	SFUNC = hedge.comoment_matrix_accum,
	STYPE = internal,
	SSPACE = 65536,
	FINALFUNC = hedge.comoment_matrix_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.comoment_matrix(text, timestamptz, float8) IS 'Long form: a row holds one asset''s value at one time, in any order; a row with a NULL is no observation. NULL without rows. Two rows for one asset and time are an error that names them. Not split between workers.';

-- ---------- accessors ----------

CREATE FUNCTION hedge.assets(m hedge.comoment_matrix) RETURNS text[]
	AS 'MODULE_PATHNAME', 'pghedge_matrix_assets' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.assets(hedge.comoment_matrix) IS 'The assets of a matrix, in byte order: the order of rows and columns of its square arrays.';

CREATE FUNCTION hedge.pair(m hedge.comoment_matrix, y text, x text) RETURNS hedge.comoments
	AS 'MODULE_PATHNAME', 'pghedge_matrix_pair' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair(hedge.comoment_matrix, text, text) IS 'Co-moments of one pair; NULL when the two were never observed together. Error P0002 when an asset is not in the matrix.';

CREATE FUNCTION hedge.corr(m hedge.comoment_matrix, y text, x text) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_matrix_corr' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.corr(hedge.comoment_matrix, text, text) IS 'Correlation of one pair, within [-1, 1]. NULL when a side is constant or there are fewer than two common observations; NaN when an observation was NaN or infinite. Error P0002 when an asset is not in the matrix.';

CREATE FUNCTION hedge.covariance(m hedge.comoment_matrix, y text, x text) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_matrix_covariance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.covariance(hedge.comoment_matrix, text, text) IS 'Sample covariance of one pair (divisor n - 1). NULL with fewer than two common observations; NaN when an observation was NaN or infinite. Error P0002 when an asset is not in the matrix.';

CREATE FUNCTION hedge.hedge_ratio(m hedge.comoment_matrix, y text, x text) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_matrix_hedge_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.hedge_ratio(hedge.comoment_matrix, text, text) IS 'Minimum-variance hedge ratio cov(y, x) / var(x) of one pair, over its common observations; y is the asset held, x the hedge. NULL when x is constant. Error P0002 when an asset is not in the matrix.';

CREATE FUNCTION hedge.volatility(m hedge.comoment_matrix, asset text) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_matrix_volatility' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.volatility(hedge.comoment_matrix, text) IS 'Sample standard deviation of one asset over all its observations (divisor n - 1). NULL with fewer than two. Error P0002 when the asset is not in the matrix.';

CREATE FUNCTION hedge.observations(m hedge.comoment_matrix, y text, x text) RETURNS float8
	AS 'MODULE_PATHNAME', 'pghedge_matrix_observations' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.observations(hedge.comoment_matrix, text, text) IS 'Number of times at which both assets were observed; 0 when never. Error P0002 when an asset is not in the matrix.';

CREATE FUNCTION hedge.pairs(m hedge.comoment_matrix,
	OUT asset_y text, OUT asset_x text, OUT observations float8, OUT correlation float8, OUT covariance float8,
	OUT hedge_ratio float8, OUT volatility_y float8, OUT volatility_x float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pghedge_matrix_pairs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION hedge.pairs(hedge.comoment_matrix) IS 'A row for each pair, asset_y before asset_x in byte order: common observations, correlation, sample covariance, hedge ratio of y by x, and both volatilities over the common observations. NULL where there is no answer, as in the accessors of these names.';

CREATE FUNCTION hedge.correlation_matrix(m hedge.comoment_matrix) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_matrix_correlation_matrix' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.correlation_matrix(hedge.comoment_matrix) IS 'Square array of correlations in the order of hedge.assets(m); NULL where a side is constant or there are fewer than two common observations.';

CREATE FUNCTION hedge.covariance_matrix(m hedge.comoment_matrix) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_matrix_covariance_matrix' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.covariance_matrix(hedge.comoment_matrix) IS 'Square array of sample covariances, each over the pair''s common observations, in the order of hedge.assets(m); NULL with fewer than two.';

CREATE FUNCTION hedge.eigenvalues(m hedge.comoment_matrix) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_matrix_eigenvalues' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION hedge.eigenvalues(hedge.comoment_matrix) IS 'Eigenvalues of the correlation matrix (LAPACK dsyevd), largest first; a correlation that does not exist counts as 0. A negative last one means that the pairwise correlations belong to no joint distribution: see hedge.nearest_psd.';

CREATE FUNCTION hedge.nearest_psd(m hedge.comoment_matrix) RETURNS hedge.comoment_matrix
	AS 'MODULE_PATHNAME', 'pghedge_matrix_nearest_psd' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION hedge.nearest_psd(hedge.comoment_matrix) IS 'The matrix with its correlations replaced by the nearest positive semi-definite ones in the Frobenius norm (N. J. Higham, IMA Journal of Numerical Analysis 22, 2002); volatilities and numbers of observations stay. Unchanged when it is positive semi-definite already. A correlation that does not exist counts as 0 and stays so.';
-- rolling_pairs: the rolling correlation of every pair, in a few numbers a pair.

CREATE FUNCTION hedge.rolling_pairs(assets text[], observations float8[], bars integer,
	OUT asset_y text, OUT asset_x text, OUT windows integer, OUT minimum float8, OUT maximum float8, OUT mean float8,
	OUT standard_deviation float8, OUT latest float8, OUT sign_changes integer) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pghedge_rolling_pairs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 COST 1000000;
COMMENT ON FUNCTION hedge.rolling_pairs(text[], float8[], integer) IS 'Rolling correlation over windows of so many bars, of every pair of assets, from observations [asset][time] in order of time; NULL is a missing one. A row a pair: how many full windows have a correlation, its minimum, maximum, mean, standard deviation (divisor windows - 1, 0 for one window) and latest value, and how often its sign changed from one to the next. The same correlations as hedge.rolling_corr over ROWS BETWEEN bars - 1 PRECEDING AND CURRENT ROW, where that frame is full. NULL where no window has one; latest is NULL when the last window has none.';
-- Prices to aligned returns.

CREATE FUNCTION hedge.return_blocks(
	prices text,
	since timestamptz,
	until timestamptz,
	from_bar timestamptz DEFAULT '-infinity',
	bar interval DEFAULT '1 day',
	time_zone text DEFAULT 'UTC',
	origin timestamptz DEFAULT '2000-01-03 00:00:00+00',
	return_kind text DEFAULT 'simple',
	override_assets text[] DEFAULT NULL,
	override_kinds text[] DEFAULT NULL,
	calendar_quorum float8 DEFAULT 0.9,
	stale_after integer DEFAULT 10,
	recorded_until timestamptz DEFAULT NULL,
	block_bars integer DEFAULT 256)
RETURNS TABLE (
	first_bar timestamptz,
	last_bar timestamptz,
	bars timestamptz[],
	assets text[],
	returns float8[],
	last_price float8[],
	last_price_time timestamptz[],
	priced_bars integer[],
	non_positive integer[],
	not_finite integer[],
	contradictory integer[],
	trailing_bars timestamptz[],
	gap_moves integer[],
	largest_gap_move float8[],
	largest_gap_bar timestamptz[],
	opening_price float8[],
	opening_bar timestamptz[],
	closing_price float8[],
	unchanged integer[],
	frozen integer[])
AS 'MODULE_PATHNAME', 'pghedge_return_blocks'
LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 10;

COMMENT ON FUNCTION hedge.return_blocks(text, timestamptz, timestamptz, timestamptz, interval, text, timestamptz, text, text[], text[], float8, integer, timestamptz, integer) IS
'Aligned returns of all assets of a price relation, in blocks of calendar bars, one row a block.
Reads columns asset, ts and price (of any numeric type; numeric itself takes about twice as long as double precision) of the relation named by prices, with the caller''s rights, where ts is from since to until (both included, may be infinite). Columns without a time zone are local to time_zone. Rows with a null or an infinite ts are ignored. The order of rows does not matter.
Bars are months only, days only (both local to time_zone and counted from the local date of origin; months begin on the first day of a month) or a time only (exact, counted from origin), and are named by their start. The close of an asset in a bar is its last good price there: finite, not above 1e100 in size, and positive unless its return kind is difference. Two different prices at that last instant contradict each other: no close.
A bar is in the calendar if at least calendar_quorum (0 to 1) of the assets alive then have a close in it; alive is an asset with a close there or in one of the stale_after bars before, counting only bars in which some asset has a close. Returns are between adjacent calendar bars, never across a gap: simple p1/p0 - 1, log ln(p1/p0), difference p1 - p0; override_kinds[i] is the kind of override_assets[i].
With recorded_until the column recorded_at is read, too: rows recorded later are left out, and of several prices for one instant the last recorded counts (null: recorded before all others).
Calendar bars before from_bar serve as context and make no rows. block_bars is the number of bars of a block; the last may have fewer.
Result: assets in byte order, the same in each block; returns[asset][bar], null where there is none; per asset, over the bars since the previous block, on the calendar or not, and in the last block also over all bars after its own, up to until: last close and its time, and how many prices were not positive, not finite (or above 1e100 in size, or gave a return out of range) or contradictory; and on how many calendar bars of the block it has a close. trailing_bars: in the last block, the bars after its last in which some asset has a close, but too few for the calendar; empty in the others.
Further per asset, over the calendar bars of the block: gap_moves, closes after a gap (a close is missing in between), so that the move from the close before to this one is in no return; the largest of these moves in size, as a return of the asset''s kind, and the bar it ends in. A gap that began before the block is not among them: opening_price is the block''s first close, in opening_bar, where no return leads to it, and closing_price its last, so that the move over such a gap is that from the closing_price of the last earlier block that has one. unchanged: closes that are the one of the bar before; frozen: those of them that at least stale_after others precede in one row.
Fails if the relation or a column is missing, may not be read or has an unfit type, or if a setting makes no sense.';
-- panel: blocks of returns joined along time.

CREATE TYPE hedge.panel AS (
	assets text[],
	observations float8[]
);
COMMENT ON TYPE hedge.panel IS 'Observations of many assets at many times.';
COMMENT ON COLUMN hedge.panel.assets IS 'The assets, in byte order, each once.';
COMMENT ON COLUMN hedge.panel.observations IS 'Observations [asset][time]; NULL where there is none.';

CREATE FUNCTION hedge.return_panel_accum(state internal, assets text[], returns float8[]) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_return_panel_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.return_panel_accum(internal, text[], float8[]) IS 'Takes one block of returns.';

CREATE FUNCTION hedge.return_panel_final(state internal) RETURNS hedge.panel
	AS 'MODULE_PATHNAME', 'pghedge_return_panel_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.return_panel_final(internal) IS 'Joins the blocks taken.';

-- Order matters, so there is no combine function.
CREATE AGGREGATE hedge.return_panel(assets text[], returns float8[]) (
	SFUNC = hedge.return_panel_accum,
	STYPE = internal,
	SSPACE = 65536,
	FINALFUNC = hedge.return_panel_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.return_panel(text[], float8[]) IS 'Joins blocks of returns [asset][bar] along time, in the order of aggregation: return_panel(assets, returns ORDER BY first_bar). Blocks may differ in their assets; NULL where a block lacks one. NULL without blocks. Errors: arrays that do not fit each other, an asset twice, more than fits an array of 1 GB.';
-- evidence: is the correlation of a pair real, and will it hold?

-- ---------- types ----------

CREATE TYPE hedge.evidence AS (
	observations integer,
	effective_observations float8,
	correlation float8,
	hedge_ratio float8,
	volatility_y float8,
	volatility_x float8,
	fisher_low float8,
	fisher_high float8,
	robust_low float8,
	robust_high float8,
	standard_error float8,
	p_value float8,
	effectiveness_p_value float8,
	rolling_windows integer,
	rolling_minimum float8,
	rolling_maximum float8,
	rolling_mean float8,
	rolling_standard_deviation float8,
	rolling_latest float8,
	sign_changes integer,
	rolling_spread_p_value float8,
	correlation_first_half float8,
	correlation_second_half float8,
	break_statistic float8,
	break_p_value float8,
	break_observation integer,
	break_time timestamptz,
	correlation_before_break float8,
	correlation_after_break float8,
	lag_correlation float8,
	out_of_sample_effectiveness float8,
	clark_west_statistic float8,
	clark_west_p_value float8,
	held_effectiveness float8,
	break_even_correlation float8,
	break_even_confidence float8
);
COMMENT ON TYPE hedge.evidence IS 'Evidence of one pair: y the asset held, x the hedge. NULL where there is no answer, never NaN or infinity. To keep it, store its columns, (evidence).*: later versions add attributes, which PostgreSQL refuses while a table has a column of this type. See docs/evidence.md.';
COMMENT ON COLUMN hedge.evidence.observations IS 'Observations: times at which both sides have a value.';
COMMENT ON COLUMN hedge.evidence.effective_observations IS 'How many independent normal observations would tell as much about the correlation; below observations under heavy tails or serial dependence. NULL: too few observations, or one asset twice.';
COMMENT ON COLUMN hedge.evidence.correlation IS 'Correlation of y and x, from -1 to 1. NULL: a side is constant, not finite, or there are fewer than two observations; all the rest is NULL then, too.';
COMMENT ON COLUMN hedge.evidence.hedge_ratio IS 'Minimum-variance hedge ratio in sample: covariance / variance of x, in units of y per unit of x.';
COMMENT ON COLUMN hedge.evidence.volatility_y IS 'Standard deviation of y (divisor observations - 1).';
COMMENT ON COLUMN hedge.evidence.volatility_x IS 'Standard deviation of x (divisor observations - 1).';
COMMENT ON COLUMN hedge.evidence.fisher_low IS 'Lower end of Fisher''s interval, which holds for independent normal observations only.';
COMMENT ON COLUMN hedge.evidence.fisher_high IS 'Upper end of Fisher''s interval.';
COMMENT ON COLUMN hedge.evidence.robust_low IS 'Lower end of the robust interval at the confidence level: holds under heavy tails and serial dependence, too. NULL: fewer than 10 observations.';
COMMENT ON COLUMN hedge.evidence.robust_high IS 'Upper end of the robust interval.';
COMMENT ON COLUMN hedge.evidence.standard_error IS 'Robust standard error of atanh(correlation).';
COMMENT ON COLUMN hedge.evidence.p_value IS 'Robust p-value of a correlation of 0, two-sided.';
COMMENT ON COLUMN hedge.evidence.effectiveness_p_value IS 'Robust p-value of correlation^2 <= the minimum effectiveness: small when the pair is worth hedging with. The one to adjust over all pairs examined (hedge.adjust_p_values).';
COMMENT ON COLUMN hedge.evidence.rolling_windows IS 'Full rolling windows with a correlation.';
COMMENT ON COLUMN hedge.evidence.rolling_minimum IS 'Smallest rolling correlation.';
COMMENT ON COLUMN hedge.evidence.rolling_maximum IS 'Largest rolling correlation.';
COMMENT ON COLUMN hedge.evidence.rolling_mean IS 'Mean of the rolling correlations.';
COMMENT ON COLUMN hedge.evidence.rolling_standard_deviation IS 'Standard deviation of the rolling correlations (divisor windows - 1; 0 for one window).';
COMMENT ON COLUMN hedge.evidence.rolling_latest IS 'Correlation of the last window. NULL: it has none.';
COMMENT ON COLUMN hedge.evidence.sign_changes IS 'How often the rolling correlation changed its sign.';
COMMENT ON COLUMN hedge.evidence.rolling_spread_p_value IS 'Probability of rolling correlations that vary this much if the correlation is constant. Cautious under heavy tails. NULL: a window has no correlation.';
COMMENT ON COLUMN hedge.evidence.correlation_first_half IS 'Correlation of the first half of the observations. NULL: a side is constant there.';
COMMENT ON COLUMN hedge.evidence.correlation_second_half IS 'Correlation of the second half.';
COMMENT ON COLUMN hedge.evidence.break_statistic IS 'Largest fluctuation of the correlation of the first k observations around that of all, volatility-adjusted (Wied, Kraemer, Dehling 2012); 1.36 is its 5 % point if the correlation is constant, 1.63 the 1 % point. NULL: fewer than 100 observations.';
COMMENT ON COLUMN hedge.evidence.break_p_value IS 'p-value of a constant correlation: probability of so large a break_statistic.';
COMMENT ON COLUMN hedge.evidence.break_observation IS 'Number, from 1, of the first observation after the most likely change; means something when break_p_value is small.';
COMMENT ON COLUMN hedge.evidence.break_time IS 'Time of break_observation. NULL: no times were given, or there is no test.';
COMMENT ON COLUMN hedge.evidence.correlation_before_break IS 'Correlation of the observations before break_observation. NULL: there is no test, or a side is constant there.';
COMMENT ON COLUMN hedge.evidence.correlation_after_break IS 'Correlation from break_observation on.';
COMMENT ON COLUMN hedge.evidence.lag_correlation IS 'Correlation of y with x one observation earlier or later, the larger in size. Far from 0 it says that the two are not observed at the same instant, and that correlation understates.';
COMMENT ON COLUMN hedge.evidence.out_of_sample_effectiveness IS '1 - variance with hedge / variance without, each return hedged with the ratio of the rolling window before it. NULL: fewer than 20 returns after the first window.';
COMMENT ON COLUMN hedge.evidence.clark_west_statistic IS 'Clark-West statistic of a true hedge ratio other than 0, out of sample; 1.645 is its 5 % point. Read it beside out_of_sample_effectiveness: an estimated ratio may add variance all the same.';
COMMENT ON COLUMN hedge.evidence.clark_west_p_value IS 'p-value of the hedge doing nothing, one-sided.';
COMMENT ON COLUMN hedge.evidence.held_effectiveness IS '1 - variance of y - ratio x / variance of y at the held ratio. NULL: no ratio given.';
COMMENT ON COLUMN hedge.evidence.break_even_correlation IS 'Correlation at which the held ratio neither removes nor adds variance: ratio x volatility_x / (2 volatility_y). Beyond 1 in size no correlation suffices.';
COMMENT ON COLUMN hedge.evidence.break_even_confidence IS 'Confidence that the true correlation is beyond break_even_correlation (on its side of 0).';

CREATE TYPE hedge.evidence_settings AS (
	rolling_observations integer,
	confidence_level float8,
	minimum_effectiveness float8,
	held_ratio float8
);
COMMENT ON TYPE hedge.evidence_settings IS 'What shapes evidence, made by hedge.evidence_settings(); NULL, whole or in part, means the default. Not to be stored in a table, as hedge.evidence.';
COMMENT ON COLUMN hedge.evidence_settings.rolling_observations IS 'Length of the rolling windows in observations, 4 or more; default 60.';
COMMENT ON COLUMN hedge.evidence_settings.confidence_level IS 'Of the intervals; default 0.95.';
COMMENT ON COLUMN hedge.evidence_settings.minimum_effectiveness IS 'Share of the variance that a hedge must remove to be worth having; default 0.1 (a correlation of 0.32).';
COMMENT ON COLUMN hedge.evidence_settings.held_ratio IS 'Hedge ratio actually held; NULL for none.';

CREATE FUNCTION hedge.evidence_settings(rolling_observations integer DEFAULT 60, confidence_level float8 DEFAULT 0.95,
	minimum_effectiveness float8 DEFAULT 0.1, held_ratio float8 DEFAULT NULL) RETURNS hedge.evidence_settings
	AS 'MODULE_PATHNAME', 'pghedge_evidence_settings' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.evidence_settings(integer, float8, float8, float8) IS 'Settings of evidence by name: evidence_settings(rolling_observations => 120). Checked where they are used.';

-- ---------- evidence of one pair ----------

CREATE FUNCTION hedge.pair_evidence_accum(state internal, y float8, x float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_evidence_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_evidence_accum(internal, float8, float8) IS 'Takes one observation; a NULL y or x is none.';

CREATE FUNCTION hedge.pair_evidence_accum(state internal, y float8, x float8, ts timestamptz) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_evidence_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_evidence_accum(internal, float8, float8, timestamptz) IS 'Takes one observation and its time; a NULL y or x is none. Error 22004 for an observation without a time, 22023 for one that is not later than the one before.';

CREATE FUNCTION hedge.pair_evidence_accum(state internal, y float8, x float8, ts timestamptz, settings hedge.evidence_settings) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_evidence_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_evidence_accum(internal, float8, float8, timestamptz, hedge.evidence_settings) IS 'Takes one observation and its time; the settings of the first one hold. Errors as of the form without settings, and 22023 for settings out of range.';

CREATE FUNCTION hedge.pair_evidence_final(state internal) RETURNS hedge.evidence
	AS 'MODULE_PATHNAME', 'pghedge_evidence_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_evidence_final(internal) IS 'Evidence of the observations taken. Error 22003 where a sum of squares leaves the range of double precision.';

-- Order matters, so there is no combine function: a group is never split between workers.
CREATE AGGREGATE hedge.pair_evidence(y float8, x float8) (
	SFUNC = hedge.pair_evidence_accum,
	STYPE = internal,
	FINALFUNC = hedge.pair_evidence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.pair_evidence(float8, float8) IS 'Evidence of a pair of return series in the order of aggregation, with default settings: pair_evidence(y, x ORDER BY ts). Rows with a NULL y or x are left out. NULL without any row.';

CREATE AGGREGATE hedge.pair_evidence(y float8, x float8, ts timestamptz) (
	SFUNC = hedge.pair_evidence_accum,
	STYPE = internal,
	FINALFUNC = hedge.pair_evidence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.pair_evidence(float8, float8, timestamptz) IS 'The same with the times, which break_time needs and which are checked to be in order: pair_evidence(y, x, ts ORDER BY ts).';

CREATE AGGREGATE hedge.pair_evidence(y float8, x float8, ts timestamptz, settings hedge.evidence_settings) (
	SFUNC = hedge.pair_evidence_accum,
	STYPE = internal,
	FINALFUNC = hedge.pair_evidence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.pair_evidence(float8, float8, timestamptz, hedge.evidence_settings) IS 'The same with settings: pair_evidence(y, x, ts, hedge.evidence_settings(rolling_observations => 120) ORDER BY ts).';

-- ---------- evidence of many pairs ----------

CREATE FUNCTION hedge.evidence_pairs(assets text[], observations float8[], bars timestamptz[] DEFAULT NULL,
	settings hedge.evidence_settings DEFAULT NULL, pairs_y text[] DEFAULT NULL, pairs_x text[] DEFAULT NULL,
	held_ratios float8[] DEFAULT NULL,
	OUT asset_y text, OUT asset_x text, OUT evidence hedge.evidence) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pghedge_evidence_pairs' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1000 COST 1000000;
COMMENT ON FUNCTION hedge.evidence_pairs(text[], float8[], timestamptz[], hedge.evidence_settings, text[], text[], float8[]) IS 'Evidence of pairs of assets from observations [asset][bar] in order of time, NULL for a missing one; bars are their times. Of all pairs, each once with asset_y before asset_x as assets stand, or of those that pairs_y and pairs_x name, element by element, with the held_ratios if given (NULL in there: that of the settings). The same numbers as hedge.pair_evidence over the bars on which both have a value: windows count those. A row a pair in no promised order; fast (eight pairs at a time) for assets without a gap. No rows for NULL assets or observations. Errors: 2202E for arrays that do not fit each other, 21000 for an asset twice, 22023 for an unknown one or settings out of range, 22003 where a sum of squares leaves the range of double precision.';

-- ---------- what is made of evidence ----------

CREATE FUNCTION hedge.held_evidence(evidence hedge.evidence, ratio float8,
	OUT held_effectiveness float8, OUT break_even_correlation float8, OUT break_even_confidence float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_held_evidence' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.held_evidence(hedge.evidence, float8) IS 'The three measures of a held ratio from evidence that is already there, for pairs that several portfolios hold at different ratios. NULL where the pair has no correlation; the break-even ones also for a ratio of 0.';

CREATE FUNCTION hedge.held_evidence(observations integer, correlation float8, volatility_y float8, volatility_x float8,
	standard_error float8, ratio float8,
	OUT held_effectiveness float8, OUT break_even_correlation float8, OUT break_even_confidence float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_held_evidence_of' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.held_evidence(integer, float8, float8, float8, float8, float8) IS 'The same from the measures that it takes, for evidence kept in columns; NULL for one that is not known.';

CREATE FUNCTION hedge.adjust_p_values(p_values float8[], method text DEFAULT 'benjamini_hochberg') RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_adjust_p_values' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.adjust_p_values(float8[], text) IS 'p-values adjusted for having examined them all: the smallest false discovery rate at which each would be accepted. Method benjamini_hochberg (1995; independent or positively dependent tests) or benjamini_yekutieli (2001; any dependence). In the order given; NULL stays NULL and does not count. Equals R''s p.adjust with BH and BY. Error 22023 for a number outside [0, 1] or an unknown method.';

CREATE FUNCTION hedge.verdict(evidence hedge.evidence, adjusted_p_value float8 DEFAULT NULL,
	minimum_observations integer DEFAULT 100, minimum_effective_observations float8 DEFAULT 30,
	significance float8 DEFAULT 0.05, break_significance float8 DEFAULT 0.01, minimum_break float8 DEFAULT 0.1,
	spread_significance float8 DEFAULT 0.01,
	OUT verdict text, OUT reason text) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_verdict' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.verdict(hedge.evidence, float8, integer, float8, float8, float8, float8, float8) IS 'What the evidence says, the first that holds: insufficient (fewer observations than the minimum), break_detected (break_p_value <= break_significance, and correlation_before_break and _after_break differ by minimum_break or more, or the risk that a hedge leaves, sqrt(1 - correlation^2), by about twice that share), insufficient (fewer effective observations than the minimum), weak (adjusted_p_value, or without one effectiveness_p_value, > significance), unstable (rolling_spread_p_value <= spread_significance, or no variance reduced out of sample, or clark_west_p_value > significance), reliable; and the reason in words, which names the tests that had no answer, and a lag_correlation beyond 3/sqrt(observations). The defaults are argued for in docs/evidence.md. NULL for NULL evidence. Error 22023 for a p-value outside [0, 1], minimum_observations under 2 and other thresholds out of range. Stable, not immutable: the reason may tell a time, a day alone where it is midnight in the session''s time zone.';

-- ---------- monitoring ----------

CREATE FUNCTION hedge.monitor_correlation(y float8[], x float8[], baseline integer DEFAULT 250, threshold float8 DEFAULT 2.5,
	OUT alarm_bar integer, OUT change_bar integer, OUT direction integer, OUT cleared_bar integer) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pghedge_monitor_correlation' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 2 COST 1000;
COMMENT ON FUNCTION hedge.monitor_correlation(float8[], float8[], integer, float8) IS 'Watches the correlation of two return series after the first `baseline` bars for leaving what it was in them, looking at every bar once and paying for it. A row an alarm: bar that raised it, most likely first bar of the change, direction of the change of the correlation (1 up, -1 down), bar that cleared it (NULL: it stands); bars counted from 1. A bar with a NULL or a value that is not finite is passed over. No rows: no alarm, or no baseline (fewer than 60 observations in it, or a constant side). A larger threshold means fewer false alarms and later ones: see docs/evidence.md. Error 22023 for a baseline under 60 bars, or a threshold that is not positive.';

CREATE FUNCTION hedge.monitor_start(y float8[], x float8[], threshold float8 DEFAULT 2.5) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_monitor_start' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.monitor_start(float8[], float8[], float8) IS 'State of a monitor whose baseline these returns are, to be stored and brought forward by hedge.monitor_advance. NULL where there is nothing to watch: fewer than 60 observations, a constant side, one asset twice. Error 22023 for a threshold that is not positive.';

CREATE FUNCTION hedge.monitor_advance(state float8[], y float8[], x float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_monitor_advance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.monitor_advance(float8[], float8[], float8[]) IS 'The state after some more bars; in one step or in many, the same state, bit for bit. Error 22023 for what is not a state.';

CREATE FUNCTION hedge.monitor_status(state float8[],
	OUT alarm boolean, OUT direction integer, OUT bars integer, OUT alarm_bar integer, OUT change_bar integer,
	OUT cleared_bar integer, OUT alarms integer, OUT baseline_correlation float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_monitor_status' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.monitor_status(float8[]) IS 'What a monitor''s state says: does an alarm stand and in which direction (NULL when none does); bars watched; bar of the last alarm, most likely first bar of its change, bar that last cleared one, counted from 1 after the baseline (NULL: there was none); alarms raised so far; correlation of the baseline, of volatility-adjusted returns. Error 22023 for what is not a state.';
-- A portfolio's positions against a matrix: which pairs offset each other, and by how much.

CREATE FUNCTION hedge.portfolio_pairs(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	quantities float8[] DEFAULT NULL,
	unit_exposures float8[] DEFAULT NULL,
	price_times timestamptz[] DEFAULT NULL,
	offsetting boolean DEFAULT true,
	minimum_correlation float8 DEFAULT 0,
	minimum_observations integer DEFAULT 2,
	bars_per_year float8 DEFAULT NULL,
	level float8 DEFAULT 0.95,
	max_pairs integer DEFAULT NULL)
RETURNS TABLE (
	asset_a text,
	asset_b text,
	side_a text,
	side_b text,
	quantity_a float8,
	quantity_b float8,
	exposure_a float8,
	exposure_b float8,
	correlation float8,
	correlation_low float8,
	correlation_high float8,
	observations integer,
	volatility_a float8,
	volatility_b float8,
	volatility_a_annual float8,
	volatility_b_annual float8,
	hedge_ratio float8,
	actual_ratio float8,
	target_exposure_b float8,
	trade_b float8,
	trade_b_contracts float8,
	gross_risk float8,
	uncorrelated_risk float8,
	net_risk float8,
	diversification float8,
	risk_offset float8,
	risk_offset_share float8,
	residual_risk float8,
	price_time timestamptz)
AS 'MODULE_PATHNAME', 'pghedge_portfolio_pairs'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100;

COMMENT ON FUNCTION hedge.portfolio_pairs(hedge.comoment_matrix, text[], float8[], float8[], float8[], timestamptz[], boolean, float8, integer, float8, float8, integer) IS
'Pairs of a portfolio''s positions that offset each other (exposure_a * exposure_b * correlation < 0), or with offsetting => false those that add up (> 0), the largest |risk_offset| first, then by name; max_pairs keeps the first so many.
assets and exposures (signed, money) have one element a position, and so have, where given, quantities, unit_exposures (exposure of one contract) and price_times. A position forms no pair if its asset is not in the matrix or has no volatility or its exposure is null, zero or not finite; nor do pairs below minimum_correlation (of |correlation|) or minimum_observations.
With risk a = exposure * volatility: asset_a has the larger |a|. volatility is that of all of the asset''s own returns, correlation that of the times both were observed, with its Fisher interval at the level given. hedge_ratio = correlation * volatility_a / volatility_b (covariance / variance where nothing is missing); actual_ratio = -exposure_b / exposure_a; target_exposure_b = -hedge_ratio * exposure_a; trade_b = target_exposure_b - exposure_b, in money and in contracts.
gross_risk = |a| + |b|; uncorrelated_risk = sqrt(a^2 + b^2); net_risk = sqrt(a^2 + b^2 + 2ab * correlation), all per bar and in money; diversification = gross - uncorrelated; risk_offset = uncorrelated - net (negative for pairs that add up), risk_offset_share its share of uncorrelated_risk; residual_risk = |a| * sqrt(1 - correlation^2), what is left at the target. *_annual = per bar * sqrt(bars_per_year). price_time is the earlier of the two.
A null matrix, assets or exposures give no rows. Null where a number is not known or out of range, never NaN or infinity. Fails if lengths disagree, an asset is given twice, or a setting makes no sense.';

-- The same in a book: positions to holdings by an aggregate, those to exposures or to pairs at prices of a run.

CREATE FUNCTION hedge._holdings_accum(state internal, asset text, quantity float8, delta_quantity float8) RETURNS internal
AS 'MODULE_PATHNAME', 'pghedge_holdings_accum'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge._holdings_accum(internal, text, float8, float8) IS 'Takes a position. Private.';

CREATE FUNCTION hedge._holdings_final(state internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'pghedge_holdings_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge._holdings_final(internal) IS 'Holdings of the positions taken. Private.';

CREATE AGGREGATE hedge._holdings(asset text, quantity float8, delta_quantity float8) (
	SFUNC = hedge._holdings_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = hedge._holdings_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge._holdings(text, float8, float8) IS 'What a portfolio holds, of rows of a book''s _position: for each asset its positions, their quantity and delta. For functions that know prices, not to be kept. A group takes 24 bytes a position while it is made, or up to 48 an asset. Private.';

CREATE FUNCTION hedge._exposures(book regnamespace, run bigint, holdings bytea)
RETURNS TABLE (
	asset text,
	positions integer,
	quantity float8,
	notional float8,
	delta_notional float8,
	exposure float8,
	funds boolean,
	problem text,
	volatility float8,
	unit_exposure float8,
	return_kind text,
	price_time timestamptz,
	stale boolean,
	benchmark text,
	benchmark_scale float8)
AS 'MODULE_PATHNAME', 'pghedge_exposures'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 50;
COMMENT ON FUNCTION hedge._exposures(regnamespace, bigint, bytea) IS 'What holdings expose to at prices of a run of a book, as the caller may read its view _units: a row an asset held, or currency of what is held (positions is 0 then; funds: it is one). Exposures as in view exposure; problem says why there is none, beside what _unit says; the other columns are those of _unit. In byte order of the assets that the run knows. Private.';

CREATE FUNCTION hedge._leg_pairs(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	holdings bytea,
	offsetting boolean,
	minimum_correlation float8,
	minimum_observations integer,
	bars_per_year float8,
	level float8,
	max_pairs integer)
RETURNS TABLE (
	asset_a text,
	asset_b text,
	side_a text,
	side_b text,
	quantity_a float8,
	quantity_b float8,
	exposure_a float8,
	exposure_b float8,
	correlation float8,
	correlation_low float8,
	correlation_high float8,
	observations integer,
	volatility_a float8,
	volatility_b float8,
	volatility_a_annual float8,
	volatility_b_annual float8,
	hedge_ratio float8,
	actual_ratio float8,
	target_exposure_b float8,
	trade_b float8,
	trade_b_contracts float8,
	gross_risk float8,
	uncorrelated_risk float8,
	net_risk float8,
	diversification float8,
	risk_offset float8,
	risk_offset_share float8,
	residual_risk float8,
	price_time timestamptz)
AS 'MODULE_PATHNAME', 'pghedge_leg_pairs'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 20;
COMMENT ON FUNCTION hedge._leg_pairs(hedge.comoment_matrix, regnamespace, bigint, bytea, boolean, float8, integer, float8, float8, integer) IS 'hedge.portfolio_pairs of what hedge._exposures has of holdings, at the run whose matrix this is. Private.';

-- With what a book knows of the pairs, for its live views.
CREATE FUNCTION hedge._evident_pairs(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	holdings bytea,
	offsetting boolean,
	minimum_correlation float8,
	minimum_observations integer,
	bars_per_year float8,
	level float8,
	max_pairs integer,
	unexamined text)
RETURNS TABLE (
	asset_a text,
	asset_b text,
	side_a text,
	side_b text,
	quantity_a float8,
	quantity_b float8,
	exposure_a float8,
	exposure_b float8,
	correlation float8,
	correlation_low float8,
	correlation_high float8,
	observations integer,
	volatility_a float8,
	volatility_b float8,
	volatility_a_annual float8,
	volatility_b_annual float8,
	hedge_ratio float8,
	actual_ratio float8,
	target_exposure_b float8,
	trade_b float8,
	trade_b_contracts float8,
	gross_risk float8,
	uncorrelated_risk float8,
	net_risk float8,
	diversification float8,
	risk_offset float8,
	risk_offset_share float8,
	residual_risk float8,
	price_time timestamptz,
	robust_low float8,
	robust_high float8,
	conservative_correlation float8,
	risk_offset_conservative float8,
	net_risk_conservative float8,
	out_of_sample_effectiveness float8,
	held_effectiveness float8,
	break_even_correlation float8,
	break_even_confidence float8,
	break_time timestamptz,
	verdict text,
	reason text)
AS 'MODULE_PATHNAME', 'pghedge_evident_pairs'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION hedge._evident_pairs(hedge.comoment_matrix, regnamespace, bigint, bytea, boolean, float8, integer, float8, float8, integer, text) IS 'hedge._leg_pairs, and of each pair what pair_evidence of the book has for the run, as the caller may read it, asset_b taken for the hedge: measures of these names, hedge.pair_risk at the conservative correlation, hedge.held_evidence at actual_ratio; for a pair without any, the verdict ''not examined'' and the reason given. Memory: 150 bytes and the reason a pair. Private.';
-- Risk of a whole portfolio.

CREATE FUNCTION hedge.portfolio_risk(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	OUT gross_risk float8,
	OUT uncorrelated_risk float8,
	OUT net_risk float8,
	OUT diversification float8,
	OUT risk_offset float8,
	OUT largest_contributor text,
	OUT largest_contribution float8,
	OUT largest_reducer text,
	OUT largest_reduction float8)
AS 'MODULE_PATHNAME', 'pghedge_portfolio_risk'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.portfolio_risk(hedge.comoment_matrix, text[], float8[]) IS
'Risk of a portfolio per bar, in money. With a = exposure * volatility: gross_risk = sum of |a|; uncorrelated_risk = sqrt(sum of a^2); net_risk = sqrt(a''Ra), R the correlations, 0 where one is undefined; diversification = gross - uncorrelated; risk_offset = uncorrelated - net, negative if correlations add risk. largest_contributor and largest_reducer have the largest and the most negative contribution to net_risk (see risk_contributions), null if none is positive, or negative.
assets and exposures (signed, money) have one element a position. Positions without a volatility in the matrix or with a null exposure are left out; all is null if none is left. net_risk and what depends on it is null if a''Ra is negative, which a matrix that is not positive semi-definite allows: use hedge.nearest_psd(matrix). Null also where a number is out of range.
Fails if lengths disagree or an asset is given twice.';

CREATE FUNCTION hedge.risk_contributions(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[])
RETURNS TABLE (
	asset text,
	exposure float8,
	volatility float8,
	risk float8,
	marginal_risk float8,
	contribution float8,
	contribution_share float8)
AS 'MODULE_PATHNAME', 'pghedge_risk_contributions'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 50;

COMMENT ON FUNCTION hedge.risk_contributions(hedge.comoment_matrix, text[], float8[]) IS
'What each position contributes to the net risk of hedge.portfolio_risk, a row a position in the order given. risk = exposure * volatility, signed; marginal_risk is the change of net risk with one more unit of exposure; contribution = exposure * marginal_risk, negative for what reduces risk: contributions sum to net risk, contribution_share to 1. They hold for small changes. Without the position at all, net risk is sqrt(net^2 - 2 * net * contribution + risk^2): as a whole it takes risk off where risk^2 is more than 2 * net * contribution, as a hedge larger than what it hedges may though its contribution is positive.
Numbers are null for a position without a volatility or exposure; marginal_risk and contributions are null where net risk is 0 or not known.';

CREATE FUNCTION hedge.profit_and_loss(
	assets text[],
	exposures float8[],
	block_assets text[],
	block_returns float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_profit_and_loss'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;

COMMENT ON FUNCTION hedge.profit_and_loss(text[], float8[], text[], float8[]) IS
'Profit (negative: loss) per bar that exposures would have made on the returns of a block of hedge.return_blocks: sum of exposure * return. Null at bars where a held asset (one with an exposure other than 0) has no return, so at all bars if the block does not have the asset. Positions with a null exposure are left out.
Fails if lengths disagree or an asset is given twice.';

CREATE FUNCTION hedge.profit_and_loss(
	assets text[],
	exposures float8[],
	block_assets text[],
	block_returns float8[],
	return_kinds text[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_profit_and_loss'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;

COMMENT ON FUNCTION hedge.profit_and_loss(text[], float8[], text[], float8[], text[]) IS
'The same where returns are not all linear in the price: for an asset whose element of return_kinds is log, exposure * (e^return - 1). Kinds are simple, log and difference; null is simple.';

CREATE FUNCTION hedge.value_at_risk(profit_and_loss float8[], level float8 DEFAULT 0.99, horizon integer DEFAULT 1)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_value_at_risk'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.value_at_risk(float8[], float8, integer) IS
'Historical value at risk: of the sums over each horizon consecutive bars (overlapping; those with a null left out), n of them, the loss of the k-th worst, k = max(1, ceil((1 - level) * n)): a sum that was made, of the inverse of the empirical distribution, nothing interpolated, fitted or weighted. Positive is a loss. Null if there is no sum. It says little of a level that (1 - level) * n sums bear out, and nothing where that is below 1: then it is the worst of all sums, whatever the level. Sums of more than one bar overlap, and so tell less than as many apart would.';

CREATE FUNCTION hedge.expected_shortfall(profit_and_loss float8[], level float8 DEFAULT 0.99, horizon integer DEFAULT 1)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_expected_shortfall'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.expected_shortfall(float8[], float8, integer) IS
'Historical expected shortfall: the mean loss of the worst share 1 - level of the sums of hedge.value_at_risk; of the last sum that is in it, the part that is (Acerbi and Tasche 2002). The worst sum, where that share is less than one. Positive is a loss. Null if there is no sum.';

CREATE FUNCTION hedge.observed_windows(profit_and_loss float8[], horizon integer DEFAULT 1)
RETURNS integer
AS 'MODULE_PATHNAME', 'pghedge_observed_windows'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;

COMMENT ON FUNCTION hedge.observed_windows(float8[], integer) IS
'How many sums over horizon consecutive bars hedge.value_at_risk and hedge.expected_shortfall have to look at.';

CREATE AGGREGATE hedge.concatenate(float8[]) (
	SFUNC = pg_catalog.array_cat,
	STYPE = float8[],
	PARALLEL = SAFE);

COMMENT ON AGGREGATE hedge.concatenate(float8[]) IS
'Joins arrays end to end, in the order of the aggregate''s ORDER BY: a profit and loss of one block after another. Nulls are left out; null if there is no array.';
-- conservative: risk where the estimate may be off.

CREATE FUNCTION hedge.pair_risk(exposure_a float8, volatility_a float8, exposure_b float8, volatility_b float8,
	correlation float8, OUT net_risk float8, OUT risk_offset float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_pair_risk' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_risk(float8, float8, float8, float8, float8) IS 'Risk of two legs, a and b = exposure x volatility, at any correlation: net sqrt(a^2 + b^2 + 2 a b correlation), and what the correlation removes, sqrt(a^2 + b^2) - net, negative where it adds. NULL where a result is not finite. Error 22023 for a correlation outside [-1, 1] or a negative volatility.';

CREATE FUNCTION hedge.volatility_interval(series float8[], level float8 DEFAULT 0.95,
	OUT volatility float8, OUT volatility_low float8, OUT volatility_high float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_volatility_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION hedge.volatility_interval(float8[], float8) IS 'Standard deviation (divisor n - 1) of a series in order of time, as hedge.profit_and_loss gives, and an interval around it that widens with heavy tails and with volatility that comes in spells: long-run variance of the squared deviations from six cosine-weighted averages (Mueller 2014), on the scale of the logarithm. Values that are NULL or not finite are left out. NULL for fewer than 10 values, or a constant. Error 22023 for a level outside (0, 1).';
-- Books: schemas of ordinary tables and views, made from one template and owned by who makes them.

CREATE FUNCTION hedge.book_template() RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $function$SELECT $book_template$
-- section: tables
-- What the owner of a book sets: the book itself, its instruments, its models.

CREATE TABLE @book@.book (
	base_currency text NOT NULL,
	prices text,
	positions text,
	version text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT base_currency_is_not_empty CHECK (base_currency <> '')
);
CREATE UNIQUE INDEX book_has_one_row ON @book@.book ((true));
-- A table without a primary key: or else a publication FOR ALL TABLES forbids to update or delete.
ALTER TABLE @book@.book REPLICA IDENTITY FULL;
COMMENT ON TABLE @book@.book IS 'The book as a whole: one row.';
COMMENT ON COLUMN @book@.book.base_currency IS 'Currency of every exposure, notional and risk of the book.';
COMMENT ON COLUMN @book@.book.prices IS 'Relation the models read prices from, schema-qualified. NULL: table price of this book.';
COMMENT ON COLUMN @book@.book.positions IS 'Relation the views read positions from, schema-qualified; hedge.upgrade_book makes the views follow a change. NULL: table position of this book.';
COMMENT ON COLUMN @book@.book.version IS 'Version of pghedge that made these views.';
COMMENT ON COLUMN @book@.book.created_at IS 'When the book was made.';

CREATE TABLE @book@.instrument (
	asset text PRIMARY KEY,
	currency text,
	contract_kind text NOT NULL DEFAULT 'linear',
	contract_size float8 NOT NULL DEFAULT 1,
	lot_size float8 NOT NULL DEFAULT 1,
	fx_asset text,
	funded boolean NOT NULL DEFAULT false,
	benchmark text,
	bucket text,
	carry float8,
	cost float8,
	cost_per_lot float8,
	return_kind text,
	tradable boolean NOT NULL DEFAULT false,
	CONSTRAINT contract_kind_is_linear_or_inverse CHECK (contract_kind IN ('linear', 'inverse')),
	CONSTRAINT contract_size_is_below_1e50 CHECK (contract_size < 1e50),
	CONSTRAINT contract_size_is_positive CHECK (contract_size > 0),
	CONSTRAINT lot_size_is_positive CHECK (lot_size > 0 AND lot_size < 'infinity'),
	CONSTRAINT fx_asset_is_another_asset CHECK (fx_asset <> asset),
	CONSTRAINT carry_is_finite CHECK (carry > '-infinity' AND carry < 'infinity'),
	CONSTRAINT cost_is_not_negative CHECK (cost >= 0 AND cost < 'infinity'),
	CONSTRAINT cost_per_lot_is_not_negative CHECK (cost_per_lot >= 0 AND cost_per_lot < 'infinity'),
	CONSTRAINT return_kind_is_simple_log_or_difference CHECK (return_kind IN ('simple', 'log', 'difference'))
);
COMMENT ON TABLE @book@.instrument IS 'What is known of an asset. An asset without a row is a linear contract of size 1 in the base currency.';
COMMENT ON COLUMN @book@.instrument.asset IS 'The asset, as in the prices and positions.';
COMMENT ON COLUMN @book@.instrument.currency IS 'Currency of a linear contract''s price, or of an inverse contract''s size. NULL: the base currency.';
COMMENT ON COLUMN @book@.instrument.contract_kind IS 'linear: worth quantity x contract_size x price. inverse: settled in the asset itself (coin), its size is already money: quantity x contract_size.';
COMMENT ON COLUMN @book@.instrument.contract_size IS 'Size of one contract: units of the asset (linear), or money in the currency (inverse).';
COMMENT ON COLUMN @book@.instrument.lot_size IS 'Contracts that one trade is a whole multiple of.';
COMMENT ON COLUMN @book@.instrument.fx_asset IS 'Asset whose price is the base currency per unit of this currency: in USD, for JPY, some 0.007 and not 150. A refresh tells of a name that says otherwise (USDJPY). Without it nothing in a foreign currency has an exposure.';
COMMENT ON COLUMN @book@.instrument.funded IS 'True: paid for in full, so a holding in a foreign currency makes an exposure in fx_asset, too. False: margined (futures, swaps), which does not. What is in the currency then is quantity x delta x the value of a contract: of an option, set down as its underlying with a delta, not its premium but that of the shares it stands for; book the difference as a position in fx_asset, or leave funded false and book the premium there.';
COMMENT ON COLUMN @book@.instrument.benchmark IS 'Asset that beta is measured against. NULL: none.';
COMMENT ON COLUMN @book@.instrument.bucket IS 'Group of assets, as risk reports name them. NULL: none.';
COMMENT ON COLUMN @book@.instrument.carry IS 'Yearly income of holding it, as a share of its notional; negative where holding costs. NULL: unknown.';
COMMENT ON COLUMN @book@.instrument.cost IS 'Cost of trading it, as a share of the notional traded (0.0005: five basis points). NULL: unknown.';
COMMENT ON COLUMN @book@.instrument.cost_per_lot IS 'Cost of trading one lot, in the base currency, on top of cost. NULL: unknown.';
COMMENT ON COLUMN @book@.instrument.return_kind IS 'Return kind of this asset where it differs from its model''s (difference for prices that may be zero or negative). NULL: the model''s.';
COMMENT ON COLUMN @book@.instrument.tradable IS 'True: hedge_recommendations may trade it in every portfolio, whether held or not. Where no instrument of the book is, it trades what a portfolio holds against something larger.';

CREATE TABLE @book@.model (
	model text PRIMARY KEY,
	prices text,
	return_kind text NOT NULL DEFAULT 'simple',
	bar interval NOT NULL DEFAULT '1 day',
	time_zone text NOT NULL DEFAULT 'UTC',
	origin timestamptz NOT NULL DEFAULT '2000-01-03 00:00:00+00',
	lookback integer NOT NULL DEFAULT 250,
	minimum_observations integer NOT NULL DEFAULT 60,
	calendar_quorum float8 NOT NULL DEFAULT 0.9,
	stale_after integer NOT NULL DEFAULT 10,
	minimum_correlation float8 NOT NULL DEFAULT 0.3,
	bars_per_year float8 NOT NULL DEFAULT 252,
	horizon integer NOT NULL DEFAULT 1,
	risk_level float8 NOT NULL DEFAULT 0.99,
	confidence_level float8 NOT NULL DEFAULT 0.95,
	pairs_kept integer NOT NULL DEFAULT 100,
	retention integer NOT NULL DEFAULT 30,
	reread_bars integer NOT NULL DEFAULT 5,
	evidence text NOT NULL DEFAULT 'kept',
	rolling_bars integer NOT NULL DEFAULT 60,
	minimum_effectiveness float8 NOT NULL DEFAULT 0.1,
	minimum_evidence integer NOT NULL DEFAULT 100,
	significance float8 NOT NULL DEFAULT 0.05,
	break_significance float8 NOT NULL DEFAULT 0.01,
	minimum_break float8 NOT NULL DEFAULT 0.1,
	spread_significance float8 NOT NULL DEFAULT 0.01,
	monitor_threshold float8 NOT NULL DEFAULT 2.5,
	alarm_patience integer NOT NULL DEFAULT 60,
	minimum_effective_evidence float8 NOT NULL DEFAULT 30,
	risk_price float8 NOT NULL DEFAULT 0.2,
	hedge_correlations text NOT NULL DEFAULT 'estimated',
	hedge_evidence text NOT NULL DEFAULT 'reliable',
	hedge_instruments integer,
	CONSTRAINT model_is_not_empty CHECK (model <> ''),
	CONSTRAINT prices_is_schema_qualified CHECK (cardinality(parse_ident(prices)) = 2),
	CONSTRAINT return_kind_is_simple_log_or_difference CHECK (return_kind IN ('simple', 'log', 'difference')),
	CONSTRAINT bar_is_positive_and_months_or_days_or_time CHECK (
		bar > interval '0' AND num_nonnulls(
			nullif(extract(year FROM bar) * 12 + extract(month FROM bar), 0),
			nullif(extract(day FROM bar), 0),
			nullif(extract(hour FROM bar) * 3600 + extract(minute FROM bar) * 60 + extract(second FROM bar), 0)) = 1),
	CONSTRAINT time_zone_is_known CHECK (timezone(time_zone, timestamptz '2000-01-01 00:00:00+00') IS NOT NULL),
	CONSTRAINT origin_is_finite CHECK (isfinite(origin)),
	CONSTRAINT lookback_is_at_least_2 CHECK (lookback >= 2),
	CONSTRAINT lookback_is_at_most_1000000 CHECK (lookback <= 1000000),
	CONSTRAINT minimum_observations_is_at_least_2 CHECK (minimum_observations >= 2),
	-- What is wrong with lookback itself is another constraint's to say.
	CONSTRAINT minimum_observations_is_at_most_lookback CHECK (minimum_observations <= lookback OR lookback < 2),
	CONSTRAINT calendar_quorum_is_from_0_to_1 CHECK (calendar_quorum >= 0 AND calendar_quorum <= 1),
	CONSTRAINT stale_after_is_from_0_to_10000 CHECK (stale_after BETWEEN 0 AND 10000),
	CONSTRAINT minimum_correlation_is_from_0_to_1 CHECK (minimum_correlation >= 0 AND minimum_correlation <= 1),
	CONSTRAINT bars_per_year_is_positive CHECK (bars_per_year > 0 AND bars_per_year < 'infinity'),
	CONSTRAINT horizon_is_at_least_1 CHECK (horizon >= 1),
	CONSTRAINT horizon_is_at_most_lookback CHECK (horizon <= lookback OR lookback < 2),
	CONSTRAINT risk_level_is_between_0_and_1 CHECK (risk_level > 0 AND risk_level < 1),
	CONSTRAINT confidence_level_is_between_0_and_1 CHECK (confidence_level > 0 AND confidence_level < 1),
	CONSTRAINT pairs_kept_is_at_least_1 CHECK (pairs_kept >= 1),
	CONSTRAINT retention_is_at_least_1 CHECK (retention >= 1),
	CONSTRAINT reread_bars_is_at_least_1 CHECK (reread_bars >= 1),
	CONSTRAINT evidence_is_none_kept_or_all CHECK (evidence IN ('none', 'kept', 'all')),
	CONSTRAINT rolling_bars_is_at_least_4 CHECK (rolling_bars >= 4),
	CONSTRAINT rolling_bars_is_at_most_half_of_lookback CHECK (rolling_bars <= greatest(lookback / 2, 60)),
	CONSTRAINT minimum_effectiveness_is_from_0_to_1 CHECK (minimum_effectiveness >= 0 AND minimum_effectiveness <= 1),
	CONSTRAINT minimum_evidence_is_at_least_2 CHECK (minimum_evidence >= 2),
	CONSTRAINT significance_is_from_0_to_1 CHECK (significance >= 0 AND significance <= 1),
	CONSTRAINT break_significance_is_from_0_to_1 CHECK (break_significance >= 0 AND break_significance <= 1),
	CONSTRAINT minimum_break_is_from_0_to_2 CHECK (minimum_break >= 0 AND minimum_break <= 2),
	CONSTRAINT spread_significance_is_from_0_to_1 CHECK (spread_significance >= 0 AND spread_significance <= 1),
	CONSTRAINT monitor_threshold_is_positive CHECK (monitor_threshold > 0 AND monitor_threshold < 'infinity'),
	CONSTRAINT alarm_patience_is_not_negative CHECK (alarm_patience >= 0),
	CONSTRAINT minimum_effective_evidence_is_not_negative
		CHECK (minimum_effective_evidence >= 0 AND minimum_effective_evidence < 'infinity'),
	CONSTRAINT risk_price_is_positive CHECK (risk_price > 0 AND risk_price < 'infinity'),
	CONSTRAINT hedge_correlations_are_estimated_or_conservative CHECK (hedge_correlations IN ('estimated', 'conservative')),
	CONSTRAINT hedge_evidence_is_reliable_or_any CHECK (hedge_evidence IN ('reliable', 'any')),
	CONSTRAINT hedge_instruments_is_at_least_1 CHECK (hedge_instruments >= 1)
);
COMMENT ON TABLE @book@.model IS 'Named settings of the book. Those that shape an estimate (prices to lookback, calendar_quorum, stale_after) take effect with the next refresh; those that the views read (minimum_observations of pairs, minimum_correlation, bars_per_year, horizon, risk_level, risk_price, hedge_*, and confidence_level for what is not evidence) at once; those of evidence and monitors (evidence, rolling_bars, minimum_effectiveness, and what follows them) with the next refresh.';
COMMENT ON COLUMN @book@.model.model IS 'Name of the model.';
COMMENT ON COLUMN @book@.model.prices IS 'Relation to read prices from, schema-qualified, with columns asset, ts, price and, if it keeps corrections, recorded_at. NULL: the book''s.';
COMMENT ON COLUMN @book@.model.return_kind IS 'Change between two adjacent bars: simple p1/p0 - 1 (profit and loss is linear in it), log ln(p1/p0), or difference p1 - p0 (for prices that may be zero or negative).';
COMMENT ON COLUMN @book@.model.bar IS 'Width of a bar: months only, days only, or a time.';
COMMENT ON COLUMN @book@.model.time_zone IS 'Time zone in which days and months begin, and of timestamps without one.';
COMMENT ON COLUMN @book@.model.origin IS 'Instant from which bars are counted.';
COMMENT ON COLUMN @book@.model.lookback IS 'Bars with a return that an estimate is made of.';
COMMENT ON COLUMN @book@.model.minimum_observations IS 'Fewest returns for a volatility, fewest common ones for a pair, and fewest windows for value at risk.';
COMMENT ON COLUMN @book@.model.calendar_quorum IS 'Share of the assets alive that must have a price in a bar for it to be in the calendar.';
COMMENT ON COLUMN @book@.model.stale_after IS 'Bars without a price after which an asset is no longer alive, and its price stale. A price is stale, too, when it is older than twice as many bars (at least two) last.';
COMMENT ON COLUMN @book@.model.minimum_correlation IS 'Least absolute correlation of a pair that is shown.';
COMMENT ON COLUMN @book@.model.bars_per_year IS 'Bars in a year: annual volatility = volatility x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.model.horizon IS 'Bars that value at risk and expected shortfall look ahead.';
COMMENT ON COLUMN @book@.model.risk_level IS 'Level of value at risk and expected shortfall, as 0.99.';
COMMENT ON COLUMN @book@.model.confidence_level IS 'Confidence of the intervals around a correlation and around a portfolio''s net risk, as 0.95.';
COMMENT ON COLUMN @book@.model.pairs_kept IS 'Pairs of a portfolio that a refresh stores, those with the largest risk_offset first.';
COMMENT ON COLUMN @book@.model.retention IS 'Runs that are kept, with their snapshots; the latest by as_of is always kept.';
COMMENT ON COLUMN @book@.model.reread_bars IS 'Bars at the end that a refresh reads again, for prices that came late or were corrected.';
COMMENT ON COLUMN @book@.model.evidence IS 'Pairs that a refresh examines: none, kept (those in the snapshot of some portfolio, and those watched from before) or all.';
COMMENT ON COLUMN @book@.model.rolling_bars IS 'Returns of a pair in a rolling window: of rolling correlations and of hedging out of sample.';
COMMENT ON COLUMN @book@.model.minimum_effectiveness IS 'Share of the variance that a hedge must remove to be worth having; a pair not shown to reach it is weak.';
COMMENT ON COLUMN @book@.model.minimum_evidence IS 'Fewest common returns for a verdict; a pair with fewer is insufficient, as is one whose returns tell less than minimum_effective_evidence independent ones would.';
COMMENT ON COLUMN @book@.model.significance IS 'Largest adjusted p-value of reaching minimum_effectiveness, and largest p-value of hedging out of sample, of a reliable pair.';
COMMENT ON COLUMN @book@.model.break_significance IS 'Largest p-value of the test for a break that is called break_detected.';
COMMENT ON COLUMN @book@.model.minimum_break IS 'Smallest difference of the correlations before and after that is; a smaller one is, too, if it changes the risk that a hedge leaves, sqrt(1 - correlation^2), by about twice that share.';
COMMENT ON COLUMN @book@.model.spread_significance IS 'Largest p-value of the spread of rolling correlations that is called unstable.';
COMMENT ON COLUMN @book@.model.monitor_threshold IS 'Threshold of monitors that start from now on: larger means fewer false alarms and later ones. A baseline has 60 bars at least: nothing is watched where lookback - reread_bars is less.';
COMMENT ON COLUMN @book@.model.alarm_patience IS 'Bars for which a reliable pair must have been otherwise before that is an alarm. Verdicts of pairs near a threshold waver: docs/evidence.md tells how often that makes an alarm.';
COMMENT ON COLUMN @book@.model.minimum_effective_evidence IS 'Least effective_observations for a verdict: a pair whose returns tell less about its correlation than so many independent ones would is insufficient.';
COMMENT ON COLUMN @book@.model.risk_price IS 'What it is worth, in money and once, to have one unit of money less of risk (a standard deviation per bar): with 0.2, a trade that costs 100 must take off about 500. For hedge_recommendations.';
COMMENT ON COLUMN @book@.model.hedge_correlations IS 'Correlations that hedge_recommendations relies on: estimated, or conservative (the end of the robust interval that helps less).';
COMMENT ON COLUMN @book@.model.hedge_evidence IS 'Pairs that hedge_recommendations relies on: reliable (their verdict, the instrument taken for the hedge) or any.';
COMMENT ON COLUMN @book@.model.hedge_instruments IS 'Most instruments that it trades at once in one portfolio. NULL: as many as help.';

INSERT INTO @book@.model (model) VALUES ('default');
-- section: price
-- The book's own prices, made when create_book is given no relation of prices.

CREATE TABLE @book@.price (
	asset text,
	ts timestamptz,
	price float8,
	PRIMARY KEY (asset, ts)
);
CREATE INDEX price_ts ON @book@.price (ts);
COMMENT ON TABLE @book@.price IS 'Prices. Not positive or not finite ones may stand here: no return is made from them, and data_quality counts them.';
COMMENT ON COLUMN @book@.price.asset IS 'What has the price.';
COMMENT ON COLUMN @book@.price.ts IS 'Instant of the price. Of several in one bar the last counts.';
COMMENT ON COLUMN @book@.price.price IS 'Price of one unit, in the instrument''s currency. NULL: none.';
-- section: position
-- The book's own positions, made when create_book is given no relation of positions.

CREATE TABLE @book@.position (
	portfolio text NOT NULL,
	asset text NOT NULL,
	quantity float8 NOT NULL,
	delta float8 NOT NULL DEFAULT 1,
	CONSTRAINT quantity_is_finite CHECK (quantity > '-infinity' AND quantity < 'infinity'),
	CONSTRAINT delta_is_finite CHECK (delta > '-infinity' AND delta < 'infinity')
);
CREATE INDEX position_portfolio_asset ON @book@.position (portfolio, asset);
ALTER TABLE @book@.position REPLICA IDENTITY FULL;
COMMENT ON TABLE @book@.position IS 'What is held now. Several rows of one asset in a portfolio are summed.';
COMMENT ON COLUMN @book@.position.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.position.asset IS 'What is held.';
COMMENT ON COLUMN @book@.position.quantity IS 'Contracts held; negative when short. Above 1e50 there is no exposure.';
COMMENT ON COLUMN @book@.position.delta IS 'Change of the position''s value per change of the asset''s: 1 for the asset itself and its futures, an option''s delta for options.';
-- section: tables
-- What hedge.refresh writes: blocks of returns, runs, snapshots, its log.

CREATE TABLE @book@.return_block (
	block bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	first_bar timestamptz NOT NULL,
	last_bar timestamptz NOT NULL,
	bars timestamptz[] NOT NULL,
	bar_count integer NOT NULL GENERATED ALWAYS AS (cardinality(bars)) STORED,
	assets text[] NOT NULL,
	returns float8[] NOT NULL,
	last_price float8[] NOT NULL,
	last_price_time timestamptz[] NOT NULL,
	priced_bars integer[] NOT NULL,
	non_positive integer[] NOT NULL,
	not_finite integer[] NOT NULL,
	contradictory integer[] NOT NULL,
	gap_moves integer[] NOT NULL,
	largest_gap_move float8[] NOT NULL,
	largest_gap_bar timestamptz[] NOT NULL,
	opening_price float8[] NOT NULL,
	opening_bar timestamptz[] NOT NULL,
	closing_price float8[] NOT NULL,
	unchanged integer[] NOT NULL,
	frozen integer[] NOT NULL
);
CREATE INDEX return_block_model ON @book@.return_block (model);
ALTER TABLE @book@.return_block
	ALTER bars SET STORAGE EXTERNAL,
	ALTER assets SET STORAGE EXTERNAL,
	ALTER returns SET STORAGE EXTERNAL,
	ALTER last_price SET STORAGE EXTERNAL,
	ALTER last_price_time SET STORAGE EXTERNAL,
	ALTER closing_price SET STORAGE EXTERNAL;
COMMENT ON TABLE @book@.return_block IS 'Aligned returns of a span of bars. A block never changes: runs share the old ones, and a block that no run uses is deleted.';
COMMENT ON COLUMN @book@.return_block.block IS 'Number of the block.';
COMMENT ON COLUMN @book@.return_block.model IS 'Model whose settings made it.';
COMMENT ON COLUMN @book@.return_block.first_bar IS 'Start of its first bar.';
COMMENT ON COLUMN @book@.return_block.last_bar IS 'Start of its last bar.';
COMMENT ON COLUMN @book@.return_block.bars IS 'Starts of its bars, all of the calendar.';
COMMENT ON COLUMN @book@.return_block.bar_count IS 'How many they are.';
COMMENT ON COLUMN @book@.return_block.assets IS 'Assets read, in byte order.';
COMMENT ON COLUMN @book@.return_block.returns IS 'Returns [asset][bar]; NULL where there is none.';
COMMENT ON COLUMN @book@.return_block.last_price IS 'Per asset, last good price since the block before; NULL: none.';
COMMENT ON COLUMN @book@.return_block.last_price_time IS 'Per asset, instant of last_price.';
COMMENT ON COLUMN @book@.return_block.priced_bars IS 'Per asset, bars of the block with a good price.';
COMMENT ON COLUMN @book@.return_block.non_positive IS 'Per asset, prices left out because they are zero or negative, under simple and log returns.';
COMMENT ON COLUMN @book@.return_block.not_finite IS 'Per asset, prices left out because they are NaN or infinite or give such a return.';
COMMENT ON COLUMN @book@.return_block.contradictory IS 'Per asset, bars without a close because of two different prices at their last instant.';
COMMENT ON COLUMN @book@.return_block.gap_moves IS 'Per asset, closes in the block that follow a gap in the block: moves that are in no return.';
COMMENT ON COLUMN @book@.return_block.largest_gap_move IS 'Per asset, the largest of these moves in size, as a return of its kind; NULL: none.';
COMMENT ON COLUMN @book@.return_block.largest_gap_bar IS 'Per asset, start of the bar that largest_gap_move ends in.';
COMMENT ON COLUMN @book@.return_block.opening_price IS 'Per asset, the first close in the block, if no return leads to it; NULL: one does. From the closing_price before to this is a move over a gap, too.';
COMMENT ON COLUMN @book@.return_block.opening_bar IS 'Per asset, start of the bar of opening_price.';
COMMENT ON COLUMN @book@.return_block.closing_price IS 'Per asset, the last close on the calendar in the block; NULL: none.';
COMMENT ON COLUMN @book@.return_block.unchanged IS 'Per asset, closes that are the one of the bar before.';
COMMENT ON COLUMN @book@.return_block.frozen IS 'Per asset, those of them that at least stale_after others precede in one row.';

CREATE TABLE @book@.return_span (
	span bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	first_bar timestamptz NOT NULL,
	last_bar timestamptz NOT NULL,
	blocks bigint[] NOT NULL,
	matrix hedge.comoment_matrix NOT NULL,
	assets text[] NOT NULL,
	last_price float8[] NOT NULL,
	last_price_time timestamptz[] NOT NULL,
	priced_bars integer[] NOT NULL,
	non_positive integer[] NOT NULL,
	not_finite integer[] NOT NULL,
	contradictory integer[] NOT NULL,
	gap_moves integer[] NOT NULL,
	largest_gap_move float8[] NOT NULL,
	largest_gap_bar timestamptz[] NOT NULL,
	opening_price float8[] NOT NULL,
	opening_bar timestamptz[] NOT NULL,
	closing_price float8[] NOT NULL,
	unchanged integer[] NOT NULL,
	frozen integer[] NOT NULL
);
ALTER TABLE @book@.return_span
	ALTER assets SET STORAGE EXTERNAL,
	ALTER last_price SET STORAGE EXTERNAL,
	ALTER last_price_time SET STORAGE EXTERNAL,
	ALTER closing_price SET STORAGE EXTERNAL;
CREATE INDEX return_span_model ON @book@.return_span (model);
COMMENT ON TABLE @book@.return_span IS 'Sums over consecutive blocks of returns, made once and added up by every run whose window holds all of them. As blocks, a span never changes, and one that no run uses is deleted.';
COMMENT ON COLUMN @book@.return_span.span IS 'Number of the span.';
COMMENT ON COLUMN @book@.return_span.model IS 'Model of its blocks.';
COMMENT ON COLUMN @book@.return_span.first_bar IS 'Start of its first bar.';
COMMENT ON COLUMN @book@.return_span.last_bar IS 'Start of its last bar.';
COMMENT ON COLUMN @book@.return_span.blocks IS 'Its blocks in time order.';
COMMENT ON COLUMN @book@.return_span.matrix IS 'Co-moments of the returns of every pair of assets in these blocks.';
COMMENT ON COLUMN @book@.return_span.assets IS 'Assets of these blocks, in byte order.';
COMMENT ON COLUMN @book@.return_span.last_price IS 'Per asset, last good price in these blocks; NULL: none.';
COMMENT ON COLUMN @book@.return_span.last_price_time IS 'Per asset, instant of last_price.';
COMMENT ON COLUMN @book@.return_span.priced_bars IS 'Per asset, bars of these blocks with a good price.';
COMMENT ON COLUMN @book@.return_span.non_positive IS 'Per asset, prices left out because they are zero or negative, under simple and log returns.';
COMMENT ON COLUMN @book@.return_span.not_finite IS 'Per asset, prices left out because they are NaN or infinite or give such a return.';
COMMENT ON COLUMN @book@.return_span.contradictory IS 'Per asset, bars without a close because of two different prices at their last instant.';
COMMENT ON COLUMN @book@.return_span.gap_moves IS 'Per asset, closes in these blocks that follow a gap in these blocks: moves that are in no return.';
COMMENT ON COLUMN @book@.return_span.largest_gap_move IS 'Per asset, the largest of these moves in size, as a return of its kind; NULL: none.';
COMMENT ON COLUMN @book@.return_span.largest_gap_bar IS 'Per asset, start of the bar that largest_gap_move ends in.';
COMMENT ON COLUMN @book@.return_span.opening_price IS 'Per asset, the first close in these blocks, if no return leads to it; NULL: one does. From the closing_price before to this is a move over a gap, too.';
COMMENT ON COLUMN @book@.return_span.opening_bar IS 'Per asset, start of the bar of opening_price.';
COMMENT ON COLUMN @book@.return_span.closing_price IS 'Per asset, the last close on the calendar in these blocks; NULL: none.';
COMMENT ON COLUMN @book@.return_span.unchanged IS 'Per asset, closes that are the one of the bar before.';
COMMENT ON COLUMN @book@.return_span.frozen IS 'Per asset, those of them that at least stale_after others precede in one row.';

CREATE TABLE @book@.model_run (
	run bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	as_of timestamptz NOT NULL,
	window_start timestamptz NOT NULL,
	window_end timestamptz NOT NULL,
	bars integer NOT NULL,
	assets integer NOT NULL,
	matrix hedge.comoment_matrix NOT NULL,
	psd_matrix hedge.comoment_matrix,
	repaired boolean NOT NULL,
	smallest_eigenvalue float8,
	blocks bigint[] NOT NULL,
	spans bigint[] NOT NULL,
	counted_bars integer NOT NULL,
	trailing_bars timestamptz[] NOT NULL,
	history_start timestamptz,
	settings jsonb NOT NULL,
	recorded_until timestamptz,
	returns_key text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	pghedge_version text NOT NULL
);
CREATE INDEX model_run_latest ON @book@.model_run (model, as_of DESC, run DESC);
COMMENT ON TABLE @book@.model_run IS 'Runs: one estimate of a model at one time, never changed.';
COMMENT ON COLUMN @book@.model_run.run IS 'Number of the run, in the order they were made.';
COMMENT ON COLUMN @book@.model_run.model IS 'The model.';
COMMENT ON COLUMN @book@.model_run.as_of IS 'Prices after this instant were not read.';
COMMENT ON COLUMN @book@.model_run.window_start IS 'Start of the first bar of the estimate.';
COMMENT ON COLUMN @book@.model_run.window_end IS 'Start of the last bar of the estimate.';
COMMENT ON COLUMN @book@.model_run.bars IS 'Bars of the estimate; fewer than lookback where history is short.';
COMMENT ON COLUMN @book@.model_run.assets IS 'Assets in the matrix.';
COMMENT ON COLUMN @book@.model_run.matrix IS 'Co-moments of the returns of every pair of assets.';
COMMENT ON COLUMN @book@.model_run.psd_matrix IS 'The matrix with the nearest positive semi-definite correlations, where the pairwise ones are not. NULL: no need of repair.';
COMMENT ON COLUMN @book@.model_run.repaired IS 'True: psd_matrix had to be made.';
COMMENT ON COLUMN @book@.model_run.smallest_eigenvalue IS 'Smallest eigenvalue of the correlations, undefined ones as 0. NULL: not looked for, since without a missing return it cannot be negative.';
COMMENT ON COLUMN @book@.model_run.blocks IS 'Blocks of returns in time order: those of the window, and some before it that the next refresh needs.';
COMMENT ON COLUMN @book@.model_run.spans IS 'Spans of these blocks that the matrix was added up from, in time order; the other blocks of the window were summed for this run.';
COMMENT ON COLUMN @book@.model_run.counted_bars IS 'Bars of all blocks that reach into the window: what priced bars and bad prices are counted over.';
COMMENT ON COLUMN @book@.model_run.trailing_bars IS 'Starts of the bars after window_end that have prices but are not in the calendar: fewer than calendar_quorum of the assets alive have one there. They make no returns; last prices are taken from them.';
COMMENT ON COLUMN @book@.model_run.history_start IS 'Instant of the earliest price there was, where blocks begin there and are fewer than the model asks for: the next refresh reads all again if an older one has come. NULL: there was more than it asks for.';
COMMENT ON COLUMN @book@.model_run.settings IS 'The row of model as it was used.';
COMMENT ON COLUMN @book@.model_run.recorded_until IS 'Prices recorded after this instant were not read. NULL: the relation has no column recorded_at.';
COMMENT ON COLUMN @book@.model_run.returns_key IS 'Digest of all settings that shape returns. A run takes blocks of the one made before it if this is the same and that one''s as_of not later.';
COMMENT ON COLUMN @book@.model_run.created_at IS 'When the run was made.';
COMMENT ON COLUMN @book@.model_run.pghedge_version IS 'Version of pghedge that made it.';

CREATE TABLE @book@.run_asset (
	run bigint REFERENCES @book@.model_run ON DELETE CASCADE,
	asset text,
	return_kind text NOT NULL,
	price float8,
	price_time timestamptz,
	volatility float8,
	observations integer NOT NULL,
	missing_returns integer NOT NULL,
	priced_bars integer NOT NULL,
	non_positive integer NOT NULL,
	not_finite integer NOT NULL,
	contradictory integer NOT NULL,
	stale_bars integer,
	stale boolean,
	note text,
	gap_moves integer NOT NULL,
	largest_gap_move float8,
	largest_gap_bar timestamptz,
	unchanged integer NOT NULL,
	frozen integer NOT NULL,
	PRIMARY KEY (run, asset)
);
COMMENT ON TABLE @book@.run_asset IS 'What a run found out about each asset.';
COMMENT ON COLUMN @book@.run_asset.run IS 'The run.';
COMMENT ON COLUMN @book@.run_asset.asset IS 'The asset.';
COMMENT ON COLUMN @book@.run_asset.return_kind IS 'Kind of its returns in this run: simple, log or difference.';
COMMENT ON COLUMN @book@.run_asset.price IS 'Last good price up to as_of, on the calendar or not, in the instrument''s currency. NULL: none.';
COMMENT ON COLUMN @book@.run_asset.price_time IS 'Instant of price.';
COMMENT ON COLUMN @book@.run_asset.volatility IS 'Standard deviation of its returns, per bar. NULL with fewer than minimum_observations, or above 1e50.';
COMMENT ON COLUMN @book@.run_asset.observations IS 'Returns in the window.';
COMMENT ON COLUMN @book@.run_asset.missing_returns IS 'Bars of the window without a return.';
COMMENT ON COLUMN @book@.run_asset.priced_bars IS 'Bars with a good price, of the run''s counted_bars.';
COMMENT ON COLUMN @book@.run_asset.non_positive IS 'Prices left out because they are zero or negative.';
COMMENT ON COLUMN @book@.run_asset.not_finite IS 'Prices left out because they are NaN or infinite or give such a return.';
COMMENT ON COLUMN @book@.run_asset.contradictory IS 'Bars without a close because of two different prices at their last instant.';
COMMENT ON COLUMN @book@.run_asset.stale_bars IS 'Bars since price_time in which some asset has a price; of those not in the calendar only the newest, after the last stale_after + 2 bars of the calendar began. NULL without a price.';
COMMENT ON COLUMN @book@.run_asset.stale IS 'True: stale_bars is more than the model''s stale_after, or price_time longer before as_of than 2 x stale_after bars (at least 2) last. NULL without a price.';
COMMENT ON COLUMN @book@.run_asset.note IS 'Why there is no volatility. NULL: there is one.';
COMMENT ON COLUMN @book@.run_asset.gap_moves IS 'Closes after a gap, in the run''s counted_bars: the move over it is in no return.';
COMMENT ON COLUMN @book@.run_asset.largest_gap_move IS 'The largest of these moves in size, as a return of its kind. NULL: none.';
COMMENT ON COLUMN @book@.run_asset.largest_gap_bar IS 'Start of the bar it ends in.';
COMMENT ON COLUMN @book@.run_asset.unchanged IS 'Closes, in the run''s counted_bars, that are the one of the bar before.';
COMMENT ON COLUMN @book@.run_asset.frozen IS 'Those of them that at least stale_after others precede in one row.';

CREATE TABLE @book@.offset_snapshot (
	run bigint NOT NULL,
	portfolio text,
	pair_rank integer NOT NULL,
	asset_a text NOT NULL,
	asset_b text NOT NULL,
	side_a text NOT NULL,
	side_b text NOT NULL,
	quantity_a float8,
	quantity_b float8,
	exposure_a float8 NOT NULL,
	exposure_b float8 NOT NULL,
	correlation float8 NOT NULL,
	correlation_low float8,
	correlation_high float8,
	observations integer NOT NULL,
	volatility_a float8 NOT NULL,
	volatility_b float8 NOT NULL,
	volatility_a_annual float8,
	volatility_b_annual float8,
	hedge_ratio float8,
	actual_ratio float8,
	target_exposure_b float8,
	trade_b float8,
	trade_b_contracts float8,
	gross_risk float8 NOT NULL,
	uncorrelated_risk float8 NOT NULL,
	net_risk float8 NOT NULL,
	diversification float8 NOT NULL,
	risk_offset float8 NOT NULL,
	risk_offset_share float8,
	residual_risk float8,
	price_time timestamptz,
	UNIQUE (run, portfolio, pair_rank)
);
ALTER TABLE @book@.offset_snapshot REPLICA IDENTITY FULL;
COMMENT ON TABLE @book@.offset_snapshot IS 'Offsetting pairs of each portfolio as a refresh found them, for as many runs as the model''s retention says. Row-level security on the positions does not reach these rows: give this table policies of its own.';
COMMENT ON COLUMN @book@.offset_snapshot.run IS 'The run. No foreign key, which would cost more than the rows; rows of no run are deleted by the next refresh.';
COMMENT ON COLUMN @book@.offset_snapshot.pair_rank IS '1 for the pair of the portfolio with the largest risk_offset.';

CREATE TABLE @book@.refresh_log (
	entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL,
	action text NOT NULL,
	as_of timestamptz,
	status text NOT NULL,
	started_at timestamptz NOT NULL,
	finished_at timestamptz,
	run bigint,
	blocks_read integer,
	blocks_reused integer,
	pairs_stored integer,
	prices_refused integer,
	error_code text,
	error text,
	started_by text NOT NULL DEFAULT current_user,
	backend_pid integer NOT NULL DEFAULT pg_backend_pid(),
	phase text,
	phase_started_at timestamptz,
	CONSTRAINT action_is_refresh_or_rebuild CHECK (action IN ('refresh', 'rebuild')),
	CONSTRAINT status_is_running_done_failed_or_interrupted CHECK (status IN ('running', 'done', 'failed', 'interrupted'))
);
CREATE INDEX refresh_log_model ON @book@.refresh_log (model, entry DESC);
COMMENT ON TABLE @book@.refresh_log IS 'Refreshes: a row is committed when one starts, and again when it ends.';
COMMENT ON COLUMN @book@.refresh_log.entry IS 'Number of the row.';
COMMENT ON COLUMN @book@.refresh_log.model IS 'The model.';
COMMENT ON COLUMN @book@.refresh_log.action IS 'refresh or rebuild.';
COMMENT ON COLUMN @book@.refresh_log.as_of IS 'The as_of that was asked for. NULL: the time of the refresh.';
COMMENT ON COLUMN @book@.refresh_log.status IS 'running, done, failed or interrupted: its session ended before it could say more, or it was cancelled between two of its transactions. The next refresh of the model writes that down; model_health knows it at once.';
COMMENT ON COLUMN @book@.refresh_log.started_at IS 'When it started.';
COMMENT ON COLUMN @book@.refresh_log.finished_at IS 'When it ended. NULL: it has not, or was interrupted.';
COMMENT ON COLUMN @book@.refresh_log.run IS 'The run it made. NULL: none.';
COMMENT ON COLUMN @book@.refresh_log.blocks_read IS 'Blocks of returns made from prices.';
COMMENT ON COLUMN @book@.refresh_log.blocks_reused IS 'Blocks of returns taken from the run before.';
COMMENT ON COLUMN @book@.refresh_log.pairs_stored IS 'Rows written to offset_snapshot.';
COMMENT ON COLUMN @book@.refresh_log.prices_refused IS 'Bad prices in the blocks of the window, over all assets.';
COMMENT ON COLUMN @book@.refresh_log.error_code IS 'SQLSTATE of the failure. NULL: none.';
COMMENT ON COLUMN @book@.refresh_log.error IS 'Message of the failure. NULL: none.';
COMMENT ON COLUMN @book@.refresh_log.started_by IS 'Role that started it.';
COMMENT ON COLUMN @book@.refresh_log.backend_pid IS 'Its server process.';
COMMENT ON COLUMN @book@.refresh_log.phase IS 'reading prices, then estimating, then done, each committed when it begins; of a failed one the phase that failed: reading prices, estimating, offsets, evidence or finishing. (What comes after reading prices is one transaction; while that runs model_health tells its phases apart.)';
COMMENT ON COLUMN @book@.refresh_log.phase_started_at IS 'When it began. NULL: of a phase that failed after estimating.';
-- section: views
-- From positions to exposures. Views whose name begins with _ are steps of the others, for every
-- run; the others show the latest run of each model. They pick it by run = ANY (ARRAY(...)), which
-- the planner computes once; a filter on portfolio it pushes below the grouping of positions. What
-- is held becomes exposures in hedge._exposures (kernel/exposure.c), for all views alike.

CREATE OR REPLACE VIEW @book@.latest_run WITH (security_invoker = true) AS
SELECT
	m.model,
	r.run::integer AS run,
	r.as_of,
	r.window_start,
	r.window_end,
	r.bars,
	r.assets,
	r.repaired AS correlation_repaired,
	r.created_at
FROM @book@.model AS m
CROSS JOIN LATERAL (
	SELECT x.run, x.as_of, x.window_start, x.window_end, x.bars, x.assets, x.repaired, x.created_at
	FROM @book@.model_run AS x
	WHERE x.model = m.model
	ORDER BY x.as_of DESC, x.run DESC
	LIMIT 1) AS r;
COMMENT ON VIEW @book@.latest_run IS 'The run of each model that the views show: the one with the latest as_of, of several the last made.';
COMMENT ON COLUMN @book@.latest_run.model IS 'The model.';
COMMENT ON COLUMN @book@.latest_run.run IS 'Number of the run.';
COMMENT ON COLUMN @book@.latest_run.as_of IS 'Prices after this instant were not read.';
COMMENT ON COLUMN @book@.latest_run.window_start IS 'Start of the first bar of the estimate.';
COMMENT ON COLUMN @book@.latest_run.window_end IS 'Start of the last bar of the estimate.';
COMMENT ON COLUMN @book@.latest_run.bars IS 'Bars of the estimate; fewer than lookback where history is short.';
COMMENT ON COLUMN @book@.latest_run.assets IS 'Assets in the estimate.';
COMMENT ON COLUMN @book@.latest_run.correlation_repaired IS 'True: portfolio_risk uses the nearest positive semi-definite correlations.';
COMMENT ON COLUMN @book@.latest_run.created_at IS 'When the run was made.';

CREATE OR REPLACE VIEW @book@._position WITH (security_invoker = true) AS
SELECT
	p.portfolio::text AS portfolio,
	p.asset::text AS asset,
	CASE WHEN abs(@quantity@) <= 1e50 THEN @quantity@ END AS quantity,
	CASE
		WHEN abs(@quantity@) < 1e-100 AND abs(@delta@) <= 1e50 OR abs(@delta@) < 1e-100 AND abs(@quantity@) <= 1e50 THEN 0
		WHEN abs(@quantity@) <= 1e50 AND abs(@delta@) <= 1e50 THEN @quantity@ * @delta@
		WHEN abs(@quantity@) <= 'infinity' AND abs(@delta@) <= 'infinity' THEN 'infinity'
		ELSE 'NaN'
	END AS delta_quantity
FROM @positions@ AS p;
COMMENT ON VIEW @book@._position IS 'Positions with numbers that can be reckoned with: quantity x delta of magnitudes up to 1e50, so that no product made of them leaves the range of numbers; 0 where one is below 1e-100, infinite where one is above 1e50, NaN where one is no number or NULL. A step of exposure.';

CREATE OR REPLACE VIEW @book@._unit WITH (security_invoker = true) AS
SELECT
	a.run,
	a.asset,
	a.return_kind,
	a.price,
	a.price_time,
	a.stale OR f.foreign_currency AND x.stale AS stale,
	a.volatility,
	a.observations,
	concat_ws('; ',
		CASE WHEN a.stale THEN 'stale price' END,
		CASE WHEN f.foreign_currency AND x.stale THEN 'stale price of fx_asset ' || i.fx_asset END,
		a.note) AS note,
	coalesce(i.currency, b.base_currency) AS currency,
	f.fx,
	CASE WHEN abs(n.unit_notional) <= 1e100 THEN n.unit_notional END AS unit_notional,
	CASE WHEN abs(e.unit_exposure) <= 1e100 THEN e.unit_exposure END AS unit_exposure,
	CASE WHEN f.foreign_currency AND i.funded THEN i.fx_asset END AS funding_asset,
	CASE WHEN t.volatility IS NOT NULL THEN i.benchmark END AS benchmark,
	CASE WHEN t.return_kind = 'difference' THEN t.price ELSE 1 END AS benchmark_scale,
	i.bucket,
	CASE
		WHEN a.price IS NULL THEN 'no price'
		WHEN f.foreign_currency AND i.fx_asset IS NULL THEN 'currency ' || i.currency || ' has no fx_asset'
		WHEN f.fx IS NULL THEN 'no price of fx_asset ' || i.fx_asset
		WHEN e.unit_exposure IS NULL THEN 'inverse contract at price 0'
		WHEN abs(n.unit_notional) > 1e100 OR abs(e.unit_exposure) > 1e100 THEN 'value of a contract is out of range'
	END AS problem,
	coalesce(i.contract_kind, 'linear')
		|| CASE WHEN a.return_kind = 'difference' THEN ', per unit of price' ELSE '' END AS basis,
	CASE WHEN a.return_kind <> 'difference' THEN 1 WHEN abs(a.price) >= 1e-100 THEN a.price END AS funding_divisor
FROM @book@.run_asset AS a
CROSS JOIN @book@.book AS b
LEFT JOIN @book@.instrument AS i ON i.asset = a.asset
LEFT JOIN @book@.run_asset AS x ON x.run = a.run AND x.asset = i.fx_asset
LEFT JOIN @book@.run_asset AS t ON t.run = a.run AND t.asset = i.benchmark
CROSS JOIN LATERAL (
	SELECT
		coalesce(i.currency <> b.base_currency, false) AS foreign_currency,
		CASE WHEN coalesce(i.currency <> b.base_currency, false) THEN x.price ELSE 1 END AS fx) AS f
CROSS JOIN LATERAL (
	SELECT CASE
		WHEN a.price IS NULL THEN NULL
		WHEN least(i.contract_size, abs(f.fx)) < 1e-100 OR i.contract_kind IS DISTINCT FROM 'inverse' AND abs(a.price) < 1e-100 THEN 0 * f.fx
		WHEN i.contract_kind = 'inverse' THEN i.contract_size * f.fx
		ELSE coalesce(i.contract_size, 1) * a.price * f.fx
	END AS unit_notional) AS n
CROSS JOIN LATERAL (
	SELECT CASE
		WHEN a.return_kind <> 'difference' OR a.price IS NULL THEN n.unit_notional
		WHEN least(i.contract_size, abs(f.fx)) < 1e-100 THEN 0 * f.fx
		WHEN i.contract_kind <> 'inverse' OR i.asset IS NULL THEN coalesce(i.contract_size, 1) * f.fx
		WHEN abs(a.price) >= 1e-100 THEN n.unit_notional / a.price
	END AS unit_exposure) AS e;
COMMENT ON VIEW @book@._unit IS 'Run and asset: what one contract of delta 1 is worth and exposes to, in the base currency. A step of exposure.';

CREATE OR REPLACE VIEW @book@._units WITH (security_invoker = true) AS
SELECT
	u.run,
	array_agg(u.asset) AS assets,
	array_agg(u.unit_notional) AS unit_notionals,
	array_agg(u.unit_exposure) AS unit_exposures,
	array_agg(u.funding_divisor) AS funding_divisors,
	array_agg(u.funding_asset) AS funding_assets,
	array_agg(u.volatility) AS volatilities,
	array_agg(u.stale) AS stale,
	array_agg(u.return_kind) AS return_kinds,
	array_agg(u.price_time) AS price_times,
	array_agg(u.benchmark) AS benchmarks,
	array_agg(u.benchmark_scale) AS benchmark_scales
FROM (SELECT x.* FROM @book@._unit AS x ORDER BY x.run, x.asset COLLATE "C") AS u
GROUP BY u.run;
COMMENT ON VIEW @book@._units IS 'Run: what _unit says of its assets, as arrays in byte order of their names. Read by hedge._exposures, hedge._leg_pairs and hedge._evident_pairs, once a query.';

CREATE OR REPLACE VIEW @book@._holding WITH (security_invoker = true) AS
SELECT p.portfolio, hedge._holdings(p.asset, p.quantity, p.delta_quantity) AS holdings
FROM @book@._position AS p
GROUP BY p.portfolio;
COMMENT ON VIEW @book@._holding IS 'Portfolio: what it holds, as hedge._exposures and hedge._leg_pairs take it. The step from positions to all other views.';

CREATE OR REPLACE VIEW @book@.exposure WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	e.asset,
	e.quantity,
	u.price,
	u.price_time,
	u.currency,
	u.fx,
	e.notional,
	e.exposure,
	u.volatility,
	CASE WHEN u.volatility < 1e-100 THEN 0 ELSE u.volatility * sqrt(m.bars_per_year) END AS volatility_annual,
	CASE WHEN least(abs(e.exposure), u.volatility) < 1e-100 THEN 0 * e.exposure * u.volatility ELSE e.exposure * u.volatility END + 0 AS risk,		-- + 0: no number shows as -0
	u.observations,
	u.benchmark,
	u.bucket,
	CASE
		WHEN u.asset IS NULL THEN 'no price'
		WHEN u.problem IS NOT NULL THEN u.problem
		WHEN e.problem IS NOT NULL THEN e.problem
		WHEN e.positions = 0 THEN 'currency of funded holdings'
		WHEN e.funds THEN u.basis || ' + currency of funded holdings'
		ELSE u.basis
	END || coalesce('; ' || nullif(u.note, ''), '') AS basis
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL hedge._exposures(@book_literal@::regnamespace, r.run, h.holdings) AS e
LEFT JOIN @book@._unit AS u ON u.run = r.run AND u.asset = e.asset
WHERE r.run = ANY (ARRAY(SELECT l.run::bigint FROM @book@.latest_run AS l));
COMMENT ON VIEW @book@.exposure IS 'Portfolio x model x asset: what is held, at the price and volatility of each model''s latest run. A holding without a price or without enough returns stands here, too: basis says why.';
COMMENT ON COLUMN @book@.exposure.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.exposure.model IS 'The model.';
COMMENT ON COLUMN @book@.exposure.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.exposure.asset IS 'What is held, or the fx_asset of funded holdings in a foreign currency.';
COMMENT ON COLUMN @book@.exposure.quantity IS 'Contracts held, summed over the position rows; negative when short. NULL: nothing held of the asset itself, or a row is no number or above 1e50.';
COMMENT ON COLUMN @book@.exposure.price IS 'Last good price of the run, on the calendar or not, in currency. NULL: none.';
COMMENT ON COLUMN @book@.exposure.price_time IS 'Instant of price.';
COMMENT ON COLUMN @book@.exposure.currency IS 'The instrument''s currency.';
COMMENT ON COLUMN @book@.exposure.fx IS 'Base currency per unit of currency; 1 for the base currency. NULL: unknown.';
COMMENT ON COLUMN @book@.exposure.notional IS 'Value of the contracts held in base currency, without delta: quantity x contract_size x price x fx, of an inverse contract without the price; negative when short. NULL: unknown, or only funded holdings in this currency.';
COMMENT ON COLUMN @book@.exposure.exposure IS 'Signed delta-equivalent notional in base currency: profit and loss = exposure x return. Linear: quantity x contract_size x delta x price x fx; inverse: without the price; plus the value of funded holdings in this currency. Under difference returns all of it per unit of price. A delta that is NULL is unknown, as one that is no number; positions without a column delta have delta 1. NULL: unknown, see basis.';
COMMENT ON COLUMN @book@.exposure.volatility IS 'Standard deviation of the return, per bar; under difference returns in units of price. NULL: too few returns, or above 1e50.';
COMMENT ON COLUMN @book@.exposure.volatility_annual IS 'volatility x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.exposure.risk IS 'exposure x volatility: standard deviation of the leg''s profit and loss per bar, in base currency, with the sign of the exposure.';
COMMENT ON COLUMN @book@.exposure.observations IS 'Returns that volatility is made of.';
COMMENT ON COLUMN @book@.exposure.benchmark IS 'The instrument''s benchmark, where it can be estimated.';
COMMENT ON COLUMN @book@.exposure.bucket IS 'The instrument''s bucket.';
COMMENT ON COLUMN @book@.exposure.basis IS 'How exposure was made: linear, inverse, currency of funded holdings; or why there is none; after a semicolon, stale price (of it or of its fx_asset, as in data_quality), and why there is no volatility.';
-- section: views
-- Pairs of positions: those that offset each other, those that add up, and what the last refresh kept.

CREATE OR REPLACE VIEW @book@._leg WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.run,
	l.*
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
CROSS JOIN LATERAL (
	SELECT
		array_agg(e.asset) FILTER (WHERE k.known) AS assets,
		array_agg(e.exposure) FILTER (WHERE k.known) AS exposures,
		array_agg(e.return_kind) FILTER (WHERE k.known) AS return_kinds,
		array_agg(e.delta_notional) FILTER (WHERE k.known) AS delta_notionals,
		array_agg(e.quantity) FILTER (WHERE k.known) AS quantities,
		array_agg(e.unit_exposure) FILTER (WHERE k.known) AS unit_exposures,
		array_agg(e.price_time) FILTER (WHERE k.known) AS price_times,
		array_agg(e.benchmark) FILTER (WHERE k.known) AS benchmarks,
		array_agg(e.benchmark_scale) FILTER (WHERE k.known) AS benchmark_scales,
		sum(e.positions)::integer AS positions,
		coalesce(sum(e.positions) FILTER (WHERE e.exposure IS NULL), 0)::integer AS unpriced_positions,
		coalesce(sum(e.positions) FILTER (WHERE e.exposure IS NOT NULL AND e.volatility IS NULL), 0)::integer
			AS unestimated_positions,
		coalesce(sum(e.positions) FILTER (WHERE e.exposure IS NOT NULL AND e.stale), 0)::integer AS stale_positions,
		coalesce(sum(e.notional) FILTER (WHERE e.notional > 0), 0) AS long_notional,
		coalesce(sum(e.notional) FILTER (WHERE e.notional < 0), 0) AS short_notional,
		coalesce(sum(e.delta_notional), 0) AS net_delta,
		coalesce(sum(abs(e.delta_notional)) FILTER (WHERE k.known), 0) AS known_notional,
		coalesce(sum(abs(e.delta_notional)) FILTER (WHERE e.exposure IS NOT NULL AND e.volatility IS NULL), 0) AS unestimated_notional
	FROM hedge._exposures(@book_literal@::regnamespace, r.run, h.holdings) AS e
	CROSS JOIN LATERAL (SELECT e.exposure IS NOT NULL AND e.volatility IS NOT NULL AS known) AS k) AS l;
COMMENT ON VIEW @book@._leg IS 'Portfolio and run: the legs whose risk is known as arrays, and sums over all holdings. A step of portfolio_risk.';

CREATE OR REPLACE VIEW @book@.offsetting_pairs WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	r.window_start,
	o.asset_a,
	o.asset_b,
	o.side_a,
	o.side_b,
	o.quantity_a,
	o.quantity_b,
	o.exposure_a,
	o.exposure_b,
	o.correlation,
	o.correlation_low,
	o.correlation_high,
	o.observations,
	o.volatility_a,
	o.volatility_b,
	o.volatility_a_annual,
	o.volatility_b_annual,
	o.hedge_ratio,
	o.actual_ratio,
	o.target_exposure_b,
	o.trade_b,
	o.trade_b_contracts,
	o.gross_risk,
	o.uncorrelated_risk,
	o.net_risk,
	o.diversification,
	o.risk_offset,
	o.risk_offset_share,
	o.residual_risk,
	o.price_time,
	o.robust_low,
	o.robust_high,
	o.conservative_correlation,
	o.risk_offset_conservative,
	o.net_risk_conservative,
	o.out_of_sample_effectiveness,
	o.held_effectiveness,
	o.break_even_correlation,
	o.break_even_confidence,
	o.break_time,
	o.verdict,
	o.reason
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL hedge._evident_pairs(
	matrix => r.matrix,
	book => @book_literal@::regnamespace,
	run => r.run,
	holdings => h.holdings,
	offsetting => true,
	minimum_correlation => m.minimum_correlation,
	minimum_observations => m.minimum_observations,
	bars_per_year => m.bars_per_year,
	level => m.confidence_level,
	max_pairs => NULL,
	unexamined => CASE WHEN r.settings ->> 'evidence' = 'none' THEN 'setting evidence of the model is none'
		ELSE 'the refresh did not examine it: its offset was too small to be kept, or the position is newer' END) AS o
WHERE r.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x))
ORDER BY o.risk_offset DESC;
COMMENT ON VIEW @book@.offsetting_pairs IS 'Portfolio x model x pair of positions that offset each other, live: present positions at each model''s latest run, the largest risk_offset first. A filter on portfolio computes that portfolio alone. Volatilities are the assets'' own, the correlation is that of their common returns.';
COMMENT ON COLUMN @book@.offsetting_pairs.portfolio IS 'Who holds both.';
COMMENT ON COLUMN @book@.offsetting_pairs.model IS 'The model.';
COMMENT ON COLUMN @book@.offsetting_pairs.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.offsetting_pairs.window_start IS 'Start of the first bar of the estimate.';
COMMENT ON COLUMN @book@.offsetting_pairs.asset_a IS 'The leg with the larger risk.';
COMMENT ON COLUMN @book@.offsetting_pairs.asset_b IS 'The other leg, which is taken for the hedge.';
COMMENT ON COLUMN @book@.offsetting_pairs.side_a IS 'long or short, the sign of exposure_a.';
COMMENT ON COLUMN @book@.offsetting_pairs.side_b IS 'long or short, the sign of exposure_b.';
COMMENT ON COLUMN @book@.offsetting_pairs.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';
COMMENT ON COLUMN @book@.offsetting_pairs.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';
COMMENT ON COLUMN @book@.offsetting_pairs.exposure_a IS 'Exposure to asset_a, as in view exposure.';
COMMENT ON COLUMN @book@.offsetting_pairs.exposure_b IS 'Exposure to asset_b, as in view exposure.';
COMMENT ON COLUMN @book@.offsetting_pairs.correlation IS 'Correlation of their returns, from -1 to 1.';
COMMENT ON COLUMN @book@.offsetting_pairs.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';
COMMENT ON COLUMN @book@.offsetting_pairs.correlation_high IS 'Upper end of that interval.';
COMMENT ON COLUMN @book@.offsetting_pairs.observations IS 'Bars on which both have a return.';
COMMENT ON COLUMN @book@.offsetting_pairs.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';
COMMENT ON COLUMN @book@.offsetting_pairs.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';
COMMENT ON COLUMN @book@.offsetting_pairs.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.offsetting_pairs.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.offsetting_pairs.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';
COMMENT ON COLUMN @book@.offsetting_pairs.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';
COMMENT ON COLUMN @book@.offsetting_pairs.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';
COMMENT ON COLUMN @book@.offsetting_pairs.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';
COMMENT ON COLUMN @book@.offsetting_pairs.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';
COMMENT ON COLUMN @book@.offsetting_pairs.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';
COMMENT ON COLUMN @book@.offsetting_pairs.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';
COMMENT ON COLUMN @book@.offsetting_pairs.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';
COMMENT ON COLUMN @book@.offsetting_pairs.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';
COMMENT ON COLUMN @book@.offsetting_pairs.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';
COMMENT ON COLUMN @book@.offsetting_pairs.risk_offset_share IS 'risk_offset / uncorrelated_risk.';
COMMENT ON COLUMN @book@.offsetting_pairs.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';
COMMENT ON COLUMN @book@.offsetting_pairs.price_time IS 'Instant of the older of the two prices.';
COMMENT ON COLUMN @book@.offsetting_pairs.robust_low IS 'Lower end of an interval around correlation that holds under heavy tails and serial dependence, too. NULL, as all that follow: the run did not examine the pair, or there is no answer.';
COMMENT ON COLUMN @book@.offsetting_pairs.robust_high IS 'Upper end of that interval.';
COMMENT ON COLUMN @book@.offsetting_pairs.conservative_correlation IS 'Its end on the side where the two legs offset less: robust_low of a long and a short, robust_high of two on one side; under verdict break_detected, the correlation after the break, if they offset less at that.';
COMMENT ON COLUMN @book@.offsetting_pairs.risk_offset_conservative IS 'risk_offset at conservative_correlation: what can be counted on; negative where the legs may as well add up.';
COMMENT ON COLUMN @book@.offsetting_pairs.net_risk_conservative IS 'net_risk at conservative_correlation.';
COMMENT ON COLUMN @book@.offsetting_pairs.out_of_sample_effectiveness IS 'Share of asset_a''s variance removed by hedging each return with asset_b at the ratio of the bars before it; negative where that added.';
COMMENT ON COLUMN @book@.offsetting_pairs.held_effectiveness IS 'Share of asset_a''s variance removed at actual_ratio; negative where it adds.';
COMMENT ON COLUMN @book@.offsetting_pairs.break_even_correlation IS 'Correlation at which actual_ratio neither removes nor adds variance; beyond 1 in size none suffices.';
COMMENT ON COLUMN @book@.offsetting_pairs.break_even_confidence IS 'Confidence that the true correlation is beyond that.';
COMMENT ON COLUMN @book@.offsetting_pairs.break_time IS 'Bar of the most likely change of the correlation in the window; it means something under verdict break_detected.';
COMMENT ON COLUMN @book@.offsetting_pairs.verdict IS 'reliable, weak, unstable, break_detected or insufficient: the evidence of the run on the pair, asset_b taken for the hedge; not examined where there is none, as reason says.';
COMMENT ON COLUMN @book@.offsetting_pairs.reason IS 'Why, in words; and that the ratio held adds variance, where held_effectiveness is negative: the verdict is of the pair, not of how much of each leg is held.';

CREATE OR REPLACE VIEW @book@.concentrating_pairs WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	r.window_start,
	o.asset_a,
	o.asset_b,
	o.side_a,
	o.side_b,
	o.quantity_a,
	o.quantity_b,
	o.exposure_a,
	o.exposure_b,
	o.correlation,
	o.correlation_low,
	o.correlation_high,
	o.observations,
	o.volatility_a,
	o.volatility_b,
	o.volatility_a_annual,
	o.volatility_b_annual,
	o.hedge_ratio,
	o.actual_ratio,
	o.target_exposure_b,
	o.trade_b,
	o.trade_b_contracts,
	o.gross_risk,
	o.uncorrelated_risk,
	o.net_risk,
	o.diversification,
	o.risk_offset,
	o.risk_offset_share,
	o.residual_risk,
	o.price_time,
	o.robust_low,
	o.robust_high,
	o.break_time,
	o.verdict,
	o.reason
FROM @book@._holding AS h
CROSS JOIN @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL hedge._evident_pairs(
	matrix => r.matrix,
	book => @book_literal@::regnamespace,
	run => r.run,
	holdings => h.holdings,
	offsetting => false,
	minimum_correlation => m.minimum_correlation,
	minimum_observations => m.minimum_observations,
	bars_per_year => m.bars_per_year,
	level => m.confidence_level,
	max_pairs => NULL,
	unexamined => CASE WHEN r.settings ->> 'evidence' = 'none' THEN 'setting evidence of the model is none'
		ELSE 'of pairs that add up, only those are examined that are watched since they offset each other' END) AS o
WHERE r.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x))
ORDER BY o.risk_offset;
COMMENT ON VIEW @book@.concentrating_pairs IS 'Portfolio x model x pair, the other side of offsetting_pairs: pairs that add up, the most negative risk_offset first. A pair that offset until its correlation turned stands here, with its verdict.';

CREATE OR REPLACE VIEW @book@.materialized_offsets WITH (security_invoker = true) AS
SELECT
	o.portfolio,
	r.model,
	r.as_of,
	r.window_start,
	o.asset_a,
	o.asset_b,
	o.side_a,
	o.side_b,
	o.quantity_a,
	o.quantity_b,
	o.exposure_a,
	o.exposure_b,
	o.correlation,
	o.correlation_low,
	o.correlation_high,
	o.observations,
	o.volatility_a,
	o.volatility_b,
	o.volatility_a_annual,
	o.volatility_b_annual,
	o.hedge_ratio,
	o.actual_ratio,
	o.target_exposure_b,
	o.trade_b,
	o.trade_b_contracts,
	o.gross_risk,
	o.uncorrelated_risk,
	o.net_risk,
	o.diversification,
	o.risk_offset,
	o.risk_offset_share,
	o.residual_risk,
	o.price_time,
	e.robust_low,
	e.robust_high,
	c.conservative_correlation,
	k.risk_offset AS risk_offset_conservative,
	k.net_risk AS net_risk_conservative,
	e.out_of_sample_effectiveness,
	h.held_effectiveness,
	h.break_even_correlation,
	h.break_even_confidence,
	e.break_time,
	coalesce(e.verdict, 'not examined') AS verdict,
	coalesce(e.reason || CASE WHEN h.held_effectiveness < 0 AND o.actual_ratio * e.correlation > 0 THEN '; the ratio held adds variance' ELSE '' END,
		x.reason) AS reason,
	o.pair_rank
FROM @book@.offset_snapshot AS o
JOIN @book@.model_run AS r ON r.run = o.run
LEFT JOIN @book@.pair_evidence AS e ON e.run = o.run AND e.asset_y = o.asset_a AND e.asset_x = o.asset_b
CROSS JOIN LATERAL (
	SELECT CASE WHEN o.side_a <> o.side_b THEN least(e.robust_low, b.after) ELSE greatest(e.robust_high, b.after) END
		AS conservative_correlation
	FROM (SELECT CASE WHEN e.verdict = 'break_detected' THEN e.correlation_after_break END AS after) AS b) AS c
CROSS JOIN LATERAL hedge.pair_risk(o.exposure_a, o.volatility_a, o.exposure_b, o.volatility_b,
	c.conservative_correlation) AS k
CROSS JOIN LATERAL hedge.held_evidence(e.observations, e.correlation, e.volatility_y, e.volatility_x,
	e.standard_error, o.actual_ratio) AS h
CROSS JOIN LATERAL (
	SELECT CASE WHEN r.settings ->> 'evidence' = 'none' THEN 'setting evidence of the model is none'
		ELSE 'the evidence of this run is not kept' END AS reason) AS x
WHERE o.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x))
ORDER BY o.risk_offset DESC;
COMMENT ON VIEW @book@.materialized_offsets IS 'Portfolio x model x pair: offsetting pairs as the refresh that made the latest run found them: positions of that time, pairs_kept of each portfolio. Fast to read in full, and the same to all readers.';
COMMENT ON COLUMN @book@.materialized_offsets.pair_rank IS '1 for the pair of the portfolio with the largest risk_offset.';

-- A column that offsetting_pairs has, too, means the same there.
SELECT hedge._comment_like(@book_literal@, @book_literal@ || '.offsetting_pairs',
	ARRAY['concentrating_pairs', 'materialized_offsets', 'offset_snapshot']);
-- section: tables
-- What a refresh finds out about pairs: is the correlation real, does it hold, has it broken?

CREATE TABLE @book@.evidence_run (
	run bigint PRIMARY KEY REFERENCES @book@.model_run ON DELETE CASCADE,
	examined text NOT NULL,
	pairs integer NOT NULL,
	searched integer NOT NULL,
	adjustment text NOT NULL,
	CONSTRAINT examined_is_kept_or_all CHECK (examined IN ('kept', 'all')),
	CONSTRAINT pairs_is_not_negative CHECK (pairs >= 0)
);
COMMENT ON TABLE @book@.evidence_run IS 'Runs whose pairs were examined: which of them, and how many. Kept for two runs of a model only, as are the pairs: the latest, and the last one whose window ended earlier.';
COMMENT ON COLUMN @book@.evidence_run.run IS 'The run.';
COMMENT ON COLUMN @book@.evidence_run.examined IS 'Setting evidence of the model: kept (pairs in the snapshot of some portfolio, and those watched from before) or all.';
COMMENT ON COLUMN @book@.evidence_run.pairs IS 'Pairs examined, each counted once.';
COMMENT ON COLUMN @book@.evidence_run.searched IS 'Pairs that those were chosen from, which p-values are adjusted for: all pairs among the assets held and the currencies of funded ones, or, with all, the pairs examined.';
COMMENT ON COLUMN @book@.evidence_run.adjustment IS 'How they are adjusted, as hedge.adjust_p_values calls it.';

CREATE TABLE @book@.pair_evidence (
	run bigint REFERENCES @book@.evidence_run ON DELETE CASCADE,
	asset_y text,
	asset_x text,
	observations integer NOT NULL,
	effective_observations float8,
	correlation float8,
	hedge_ratio float8,
	volatility_y float8,
	volatility_x float8,
	fisher_low float8,
	fisher_high float8,
	robust_low float8,
	robust_high float8,
	standard_error float8,
	p_value float8,
	effectiveness_p_value float8,
	rolling_windows integer,
	rolling_minimum float8,
	rolling_maximum float8,
	rolling_mean float8,
	rolling_standard_deviation float8,
	rolling_latest float8,
	sign_changes integer,
	rolling_spread_p_value float8,
	correlation_first_half float8,
	correlation_second_half float8,
	break_statistic float8,
	break_p_value float8,
	break_observation integer,
	break_time timestamptz,
	correlation_before_break float8,
	correlation_after_break float8,
	lag_correlation float8,
	out_of_sample_effectiveness float8,
	clark_west_statistic float8,
	clark_west_p_value float8,
	adjusted_p_value float8,
	verdict text NOT NULL,
	reason text NOT NULL,
	PRIMARY KEY (run, asset_y, asset_x),
	CONSTRAINT assets_are_two CHECK (asset_y <> asset_x)
);
COMMENT ON TABLE @book@.pair_evidence IS 'Evidence of the pairs examined, each in both directions, since a hedge has one: every measure of type hedge.evidence, of the returns in the run''s window on which both have one. For two runs of a model only. It names pairs that some portfolio holds: grant it to those who may know.';
COMMENT ON COLUMN @book@.pair_evidence.run IS 'The run.';
COMMENT ON COLUMN @book@.pair_evidence.asset_y IS 'The asset held.';
COMMENT ON COLUMN @book@.pair_evidence.asset_x IS 'The hedge.';
-- The measures are those of the type, in columns of their own: a type that a table stores could not grow.
SELECT hedge._comment_like(@book_literal@, 'hedge.evidence', ARRAY['pair_evidence']);
COMMENT ON COLUMN @book@.pair_evidence.adjusted_p_value IS 'effectiveness_p_value adjusted for the number of pairs searched.';
COMMENT ON COLUMN @book@.pair_evidence.verdict IS 'reliable, weak, unstable, break_detected or insufficient, at the model''s settings of that time.';
COMMENT ON COLUMN @book@.pair_evidence.reason IS 'Why, in words. A pair of which an asset has had no price for more than stale_after bars (stale_bars of table run_asset) is insufficient whatever its past shows, and the reason names the last price.';

CREATE TABLE @book@.pair_monitor (
	model text REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	asset_y text,
	asset_x text,
	baseline_start timestamptz NOT NULL,
	baseline_end timestamptz,
	returns_key text NOT NULL,
	baseline_state float8[] NOT NULL,
	state float8[] NOT NULL,
	last_bar timestamptz NOT NULL,
	held_at timestamptz NOT NULL,
	alarm_bar timestamptz,
	change_bar timestamptz,
	direction integer,
	correlation_sign integer,
	was_reliable boolean NOT NULL,
	unreliable_since timestamptz,
	ended_at timestamptz,
	PRIMARY KEY (model, asset_y, asset_x, baseline_end),
	CONSTRAINT direction_is_up_or_down CHECK (direction IN (1, -1)),
	CONSTRAINT correlation_sign_is_plus_or_minus CHECK (correlation_sign IN (1, -1))
);
CREATE UNIQUE INDEX pair_monitor_running ON @book@.pair_monitor (model, asset_y, asset_x) WHERE ended_at IS NULL;
COMMENT ON TABLE @book@.pair_monitor IS 'Pairs that some portfolio leans on, watched bar by bar for their correlation leaving what it was over a baseline. A pair has one running monitor at most; those that ended stay, so that a refresh as of a time of theirs raises the same alarms.';
COMMENT ON COLUMN @book@.pair_monitor.model IS 'The model.';
COMMENT ON COLUMN @book@.pair_monitor.asset_y IS 'One asset, the first in byte order.';
COMMENT ON COLUMN @book@.pair_monitor.asset_x IS 'The other.';
COMMENT ON COLUMN @book@.pair_monitor.baseline_start IS 'First bar of the baseline.';
COMMENT ON COLUMN @book@.pair_monitor.baseline_end IS 'Last bar of the baseline: the last one, when the monitor started, that a refresh would not read again.';
COMMENT ON COLUMN @book@.pair_monitor.returns_key IS 'Digest of the settings that shape returns: after a change of them a new monitor starts.';
COMMENT ON COLUMN @book@.pair_monitor.baseline_state IS 'State at baseline_end, made by hedge.monitor_start.';
COMMENT ON COLUMN @book@.pair_monitor.state IS 'State at last_bar, made by hedge.monitor_advance.';
COMMENT ON COLUMN @book@.pair_monitor.last_bar IS 'Last bar seen.';
COMMENT ON COLUMN @book@.pair_monitor.held_at IS 'last_bar of the last refresh that found the pair in the snapshot of some portfolio.';
COMMENT ON COLUMN @book@.pair_monitor.alarm_bar IS 'Bar that raised the alarm that stands. NULL: none does.';
COMMENT ON COLUMN @book@.pair_monitor.change_bar IS 'Most likely first bar of the change behind it.';
COMMENT ON COLUMN @book@.pair_monitor.direction IS '1: the correlation rose, -1: it fell. NULL: no alarm stands.';
COMMENT ON COLUMN @book@.pair_monitor.correlation_sign IS 'Sign of the correlation when the robust interval last left out 0, in this monitor or one before that ended in the window. NULL: it never did.';
COMMENT ON COLUMN @book@.pair_monitor.was_reliable IS 'True: the pair was reliable, in one direction at least, and has not lost that for as long as the model''s alarm_patience.';
COMMENT ON COLUMN @book@.pair_monitor.unreliable_since IS 'Last bar of the first refresh since then that found it weak, unstable or insufficient. NULL: none did.';
COMMENT ON COLUMN @book@.pair_monitor.ended_at IS 'Bar at which it ended: the pair was in no snapshot for the model''s rolling_bars, nobody leans on it any more while an alert of it stands (after a break that was acknowledged: nobody holds both assets), its alarm was acknowledged and a new baseline has begun, a calm one was renewed after twice the lookback, settings changed, or there were no refreshes for longer than the window and prices in between are gone. NULL: it runs.';

CREATE TABLE @book@.alert (
	alert bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	asset_y text NOT NULL,
	asset_x text NOT NULL,
	kind text NOT NULL,
	raised_at_bar timestamptz NOT NULL,
	change_bar timestamptz,
	direction integer,
	message text NOT NULL,
	run bigint NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	acknowledged_at timestamptz,
	acknowledged_by text,
	cleared_at_bar timestamptz,
	CONSTRAINT alert_is_raised_once UNIQUE (model, asset_y, asset_x, kind, raised_at_bar),
	CONSTRAINT kind_is_break_sign_change_or_verdict_lost CHECK (kind IN ('break', 'sign_change', 'verdict_lost')),
	CONSTRAINT direction_is_up_or_down CHECK (direction IN (1, -1)),
	CONSTRAINT acknowledged_at_some_time_by_someone CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
COMMENT ON TABLE @book@.alert IS 'Alarms, one row each: a pair that some portfolio leans on has broken, changed its sign or lost its verdict. A refresh that adds a row notifies channel pghedge_alert of its number. Rows stay until somebody deletes them. Row-level security on the positions does not reach them: see hedge.restrict_book.';
COMMENT ON COLUMN @book@.alert.alert IS 'Number of the alert, for hedge.acknowledge.';
COMMENT ON COLUMN @book@.alert.model IS 'The model.';
COMMENT ON COLUMN @book@.alert.asset_y IS 'One asset of the pair, the first in byte order.';
COMMENT ON COLUMN @book@.alert.asset_x IS 'The other.';
COMMENT ON COLUMN @book@.alert.kind IS 'break: a monitor saw the correlation leave what it was over its baseline. sign_change: the robust interval leaves out 0 on the other side than before. verdict_lost: the pair was reliable, and has been weak, unstable or insufficient for the model''s alarm_patience.';
COMMENT ON COLUMN @book@.alert.raised_at_bar IS 'Bar that raised it.';
COMMENT ON COLUMN @book@.alert.change_bar IS 'Most likely first bar of the change; of verdict_lost, the last bar of the refresh that first found it. NULL: unknown, or before the window.';
COMMENT ON COLUMN @book@.alert.direction IS '1: the correlation rose, -1: it fell. NULL: of verdict_lost, and of a break that was over again when the refresh came.';
COMMENT ON COLUMN @book@.alert.message IS 'What happened, in words.';
COMMENT ON COLUMN @book@.alert.run IS 'Run of the refresh that raised it; it may have been deleted since.';
COMMENT ON COLUMN @book@.alert.created_at IS 'When the row was made.';
COMMENT ON COLUMN @book@.alert.acknowledged_at IS 'When somebody took note by hedge.acknowledge. NULL: nobody did.';
COMMENT ON COLUMN @book@.alert.acknowledged_by IS 'Who did.';
COMMENT ON COLUMN @book@.alert.cleared_at_bar IS 'Bar from which it holds no more: the correlation is back or has left for the other side, the verdict is back, or nobody leans on the pair. NULL: it stands.';

CREATE TABLE @book@.alert_holders (
	alert bigint PRIMARY KEY REFERENCES @book@.alert ON DELETE CASCADE,
	portfolios integer NOT NULL,
	portfolio_list text NOT NULL,
	risk_offset_at_stake float8
);
COMMENT ON TABLE @book@.alert_holders IS 'Who leaned on the pair of an alert when it was raised, apart from it, since those who may know of the alert need not know of all who hold the pair.';
COMMENT ON COLUMN @book@.alert_holders.alert IS 'The alert.';
COMMENT ON COLUMN @book@.alert_holders.portfolios IS 'Portfolios that leaned on the pair when it was raised.';
COMMENT ON COLUMN @book@.alert_holders.portfolio_list IS 'Their names, shortened when they are many.';
COMMENT ON COLUMN @book@.alert_holders.risk_offset_at_stake IS 'Risk that the correlation of the baseline removes from these portfolios, summed, at the volatilities and positions of the refresh, less what the one since the change removes (of verdict_lost, a correlation of 0): what is lost. 0 where the change strengthened the hedge, or is over.';

-- section: views
-- Evidence and alarms in plain columns.

CREATE OR REPLACE VIEW @book@.correlation_stability WITH (security_invoker = true) AS
SELECT
	l.model,
	l.as_of,
	p.asset_y,
	p.asset_x,
	p.observations,
	p.effective_observations,
	p.correlation,
	p.fisher_low,
	p.fisher_high,
	p.robust_low,
	p.robust_high,
	p.effectiveness_p_value,
	p.adjusted_p_value,
	r.searched AS pairs_searched,
	p.rolling_minimum,
	p.rolling_maximum,
	p.rolling_mean,
	p.rolling_standard_deviation,
	p.rolling_latest,
	p.sign_changes,
	p.rolling_spread_p_value,
	p.correlation_first_half,
	p.correlation_second_half,
	p.break_statistic,
	p.break_p_value,
	p.break_time,
	p.correlation_before_break,
	p.correlation_after_break,
	p.lag_correlation,
	p.out_of_sample_effectiveness,
	p.clark_west_p_value,
	p.verdict,
	p.reason,
	q.as_of AS previous_as_of,
	q.correlation AS previous_correlation,
	q.verdict AS previous_verdict,
	m.baseline_start AS watched_baseline_start,
	m.baseline_end AS watched_baseline_end,
	m.watched_until,
	m.alarm_bar,
	m.change_bar
FROM @book@.latest_run AS l
JOIN @book@.evidence_run AS r ON r.run = l.run
JOIN @book@.pair_evidence AS p ON p.run = r.run
LEFT JOIN LATERAL (
	SELECT e.run, k.as_of
	FROM @book@.evidence_run AS e
	JOIN @book@.model_run AS k ON k.run = e.run
	WHERE k.model = l.model AND k.window_end < l.window_end
	ORDER BY k.window_end DESC, k.as_of DESC, k.run DESC
	LIMIT 1) AS b ON true
LEFT JOIN LATERAL (
	SELECT b.as_of, x.correlation, x.verdict
	FROM @book@.pair_evidence AS x
	WHERE x.run = b.run AND x.asset_y = p.asset_y AND x.asset_x = p.asset_x
	OFFSET 0) AS q ON true
LEFT JOIN LATERAL (
	SELECT x.baseline_start, x.baseline_end, x.alarm_bar, x.change_bar,
		least(x.last_bar, (SELECT min(a.price_time) FROM @book@.run_asset AS a WHERE a.run = l.run AND a.asset IN (p.asset_y, p.asset_x)))
			AS watched_until
	FROM @book@.pair_monitor AS x
	WHERE x.model = l.model AND x.ended_at IS NULL
		AND x.asset_y = least(p.asset_y COLLATE "C", p.asset_x) COLLATE "default"
		AND x.asset_x = greatest(p.asset_y COLLATE "C", p.asset_x) COLLATE "default"
	OFFSET 0) AS m ON true;
COMMENT ON VIEW @book@.correlation_stability IS 'Pairs that the latest run of each model examined: is the correlation real, has it held, and what did the run before say? Each pair stands twice, once in each direction; asset_y < asset_x picks one.';
COMMENT ON COLUMN @book@.correlation_stability.model IS 'The model.';
COMMENT ON COLUMN @book@.correlation_stability.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.correlation_stability.asset_y IS 'The asset held.';
COMMENT ON COLUMN @book@.correlation_stability.asset_x IS 'The hedge.';
COMMENT ON COLUMN @book@.correlation_stability.pairs_searched IS 'Pairs that adjusted_p_value is adjusted for: all that this one was chosen from, looked at closely or not.';
COMMENT ON COLUMN @book@.correlation_stability.adjusted_p_value IS 'effectiveness_p_value adjusted for having examined so many pairs (Benjamini and Hochberg): the smallest false discovery rate at which the pair is worth hedging with.';
COMMENT ON COLUMN @book@.correlation_stability.verdict IS 'The first that holds: insufficient, break_detected, weak, unstable, reliable; at the model''s settings.';
COMMENT ON COLUMN @book@.correlation_stability.reason IS 'Why, in words.';
COMMENT ON COLUMN @book@.correlation_stability.previous_as_of IS 'Time of the run before: the last one whose window ended at an earlier bar. NULL: there is none, or it did not examine the pair.';
COMMENT ON COLUMN @book@.correlation_stability.previous_correlation IS 'correlation of that run.';
COMMENT ON COLUMN @book@.correlation_stability.previous_verdict IS 'verdict of that run.';
COMMENT ON COLUMN @book@.correlation_stability.watched_baseline_start IS 'First bar of the baseline that the pair is watched against. NULL: it is not watched, since nobody leans on it, or since there are fewer than 60 settled bars after the break that ended its baseline.';
COMMENT ON COLUMN @book@.correlation_stability.watched_baseline_end IS 'Last bar of that baseline.';
COMMENT ON COLUMN @book@.correlation_stability.watched_until IS 'Last bar seen, reread_bars before the end of the window; or the last price of the asset whose prices ended before that.';
COMMENT ON COLUMN @book@.correlation_stability.alarm_bar IS 'Bar that raised the alarm that stands. NULL: none does.';
COMMENT ON COLUMN @book@.correlation_stability.change_bar IS 'Most likely first bar of the change behind it.';

-- A column of the type evidence means the same here.
SELECT hedge._comment_like(@book_literal@, 'hedge.evidence', ARRAY['correlation_stability']);

CREATE OR REPLACE VIEW @book@.open_alerts WITH (security_invoker = true) AS
SELECT
	a.alert::integer AS alert,
	a.model,
	a.kind,
	a.asset_y,
	a.asset_x,
	a.message,
	a.raised_at_bar,
	a.change_bar,
	a.direction,
	h.portfolios,
	h.portfolio_list,
	h.risk_offset_at_stake,
	a.created_at
FROM @book@.alert AS a
LEFT JOIN @book@.alert_holders AS h ON h.alert = a.alert
WHERE a.acknowledged_at IS NULL AND a.cleared_at_bar IS NULL
ORDER BY h.risk_offset_at_stake DESC NULLS LAST, a.alert;
COMMENT ON VIEW @book@.open_alerts IS 'Alerts that stand and that nobody has acknowledged, the most at stake first. Who holds the pair is NULL for those who may not know (hedge.restrict_book).';

SELECT hedge._comment_like(@book_literal@, @book_literal@ || '.alert_holders', ARRAY['open_alerts']);
SELECT hedge._comment_like(@book_literal@, @book_literal@ || '.alert', ARRAY['open_alerts']);
-- section: views
-- The risk of a portfolio as a whole.

CREATE OR REPLACE VIEW @book@.portfolio_risk WITH (security_invoker = true) AS
SELECT
	l.portfolio,
	l.model,
	r.as_of,
	l.positions,
	l.unpriced_positions,
	l.unestimated_positions,
	l.stale_positions,
	l.unpriced_positions / nullif(l.positions, 0)::float8 AS unpriced_share,
	l.long_notional,
	l.short_notional,
	l.long_notional - l.short_notional AS gross_notional,
	l.long_notional + l.short_notional AS net_notional,
	k.gross_risk,
	k.uncorrelated_risk,
	k.net_risk,
	k.risk_offset,
	k.net_risk * sqrt(m.bars_per_year) AS net_risk_annual,
	r.repaired AS correlation_repaired,
	b.beta_exposure / nullif(b.gross, 0) + 0 AS beta,
	b.beta_exposure + 0 AS beta_exposure,
	l.net_delta,
	CASE WHEN h.windows >= m.minimum_observations AND h.enough
		THEN hedge.value_at_risk(h.profit_and_loss, m.risk_level, m.horizon) END AS value_at_risk,
	CASE WHEN h.windows >= m.minimum_observations AND h.enough
		THEN hedge.expected_shortfall(h.profit_and_loss, m.risk_level, m.horizon) END AS expected_shortfall,
	m.risk_level,
	m.horizon,
	h.windows AS historical_windows,
	k.largest_contributor,
	k.largest_contribution,
	k.largest_reducer,
	k.largest_reduction,
	k.net_risk * (i.volatility_low / i.volatility) AS net_risk_low,
	k.net_risk * (i.volatility_high / i.volatility) AS net_risk_high,
	(SELECT coalesce(sum(a.non_positive + a.not_finite + a.contradictory), 0)::integer
	 FROM @book@.run_asset AS a
	 WHERE a.run = l.run AND a.asset = ANY (l.assets)) AS bad_prices,
	l.unestimated_notional,
	l.known_notional / nullif(l.known_notional + l.unestimated_notional, 0) AS risk_coverage,
	b.gross / nullif(l.known_notional + l.unestimated_notional, 0) AS beta_coverage,
	(SELECT g.move
	 FROM unnest(l.assets, l.exposures) AS t (asset, exposure)
	 JOIN @book@.run_asset AS a ON a.run = l.run AND a.asset = t.asset
	 CROSS JOIN LATERAL (
		SELECT t.exposure * CASE a.return_kind
			WHEN 'log' THEN exp(least(a.largest_gap_move, 100)) - 1 ELSE a.largest_gap_move END + 0 AS move) AS g
	 WHERE abs(g.move) <= 1e200
	 ORDER BY abs(g.move) DESC, t.asset COLLATE "C"
	 LIMIT 1) AS largest_gap_move
FROM @book@._leg AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL hedge.portfolio_risk(coalesce(r.psd_matrix, r.matrix), l.assets, l.exposures) AS k
CROSS JOIN LATERAL (
	SELECT
		sum(t.exposure * hedge.hedge_ratio(r.matrix, t.asset, t.benchmark) * t.benchmark_scale) AS beta_exposure,
		sum(abs(t.delta_notional)) AS gross
	FROM unnest(l.assets, l.exposures, l.delta_notionals, l.benchmarks, l.benchmark_scales)
		AS t (asset, exposure, delta_notional, benchmark, benchmark_scale)
	WHERE t.benchmark IS NOT NULL
		AND hedge.observations(r.matrix, t.asset, t.benchmark) >= m.minimum_observations) AS b
CROSS JOIN LATERAL (
	-- The blocks may begin before the window: its bars are the last ones.
	SELECT p.profit_and_loss, w.windows, w.windows * (1 - m.risk_level) >= 1 - 1e-9 AS enough
	FROM (
		SELECT (j.pnl)[cardinality(j.pnl) - r.bars + 1:] AS profit_and_loss
		FROM (
			SELECT hedge.concatenate(
				hedge.profit_and_loss(l.assets, l.exposures, c.assets, c.returns, l.return_kinds) ORDER BY c.first_bar) AS pnl
			FROM @book@.return_block AS c
			WHERE c.block = ANY (r.blocks) AND c.last_bar >= r.window_start) AS j
		OFFSET 0) AS p
	CROSS JOIN LATERAL (SELECT coalesce(hedge.observed_windows(p.profit_and_loss, m.horizon), 0) AS windows) AS w) AS h
CROSS JOIN LATERAL hedge.volatility_interval(
	CASE WHEN h.windows >= m.minimum_observations THEN h.profit_and_loss END, m.confidence_level) AS i
WHERE l.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.portfolio_risk IS 'Portfolio x model: risk of the whole, live: present positions at each model''s latest run. Risk, beta and historical losses cover the holdings whose price and volatility are known, as if the others were not held: look at risk_coverage and unpriced_share beside every one of them.';
COMMENT ON COLUMN @book@.portfolio_risk.portfolio IS 'The portfolio.';
COMMENT ON COLUMN @book@.portfolio_risk.model IS 'The model.';
COMMENT ON COLUMN @book@.portfolio_risk.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.portfolio_risk.positions IS 'Position rows.';
COMMENT ON COLUMN @book@.portfolio_risk.unpriced_positions IS 'Position rows without an exposure: no price, no exchange rate, a quantity or delta that is no number (NULL included) or out of range.';
COMMENT ON COLUMN @book@.portfolio_risk.unestimated_positions IS 'Position rows with an exposure but without a volatility: too few returns. No risk here knows of them; unestimated_notional says how large they are.';
COMMENT ON COLUMN @book@.portfolio_risk.stale_positions IS 'Position rows with an exposure at a stale price, or at a stale exchange rate; stale as in data_quality. They count in all sums.';
COMMENT ON COLUMN @book@.portfolio_risk.unpriced_share IS 'unpriced_positions / positions, from 0 to 1. NULL: no positions.';
COMMENT ON COLUMN @book@.portfolio_risk.long_notional IS 'Sum of the positive notionals of view exposure: without delta, in base currency: contracts held long, and at a negative price those held short. Positions without a price are not in it.';
COMMENT ON COLUMN @book@.portfolio_risk.short_notional IS 'Sum of the negative ones: contracts held short, or long at a negative price (a long position in oil at -37 stands here).';
COMMENT ON COLUMN @book@.portfolio_risk.gross_notional IS 'long_notional - short_notional.';
COMMENT ON COLUMN @book@.portfolio_risk.net_notional IS 'long_notional + short_notional.';
COMMENT ON COLUMN @book@.portfolio_risk.gross_risk IS 'Risks of all legs whose volatility is known added, in base currency per bar: no two offset each other. Without unpriced and unestimated positions, as all risks here: see risk_coverage.';
COMMENT ON COLUMN @book@.portfolio_risk.uncorrelated_risk IS 'Risk if every correlation were 0: root of the sum of squares, over the same legs as gross_risk.';
COMMENT ON COLUMN @book@.portfolio_risk.net_risk IS 'Risk with the correlations of the run, one standard deviation of profit and loss per bar, over the same legs as gross_risk: positions without a price or a volatility are left out as if they were not held (risk_coverage). NULL: no leg with a volatility.';
COMMENT ON COLUMN @book@.portfolio_risk.risk_offset IS 'uncorrelated_risk - net_risk: what the correlations remove; negative where they add.';
COMMENT ON COLUMN @book@.portfolio_risk.net_risk_annual IS 'net_risk x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.portfolio_risk.correlation_repaired IS 'True: the pairwise correlations were not positive semi-definite, and the nearest ones that are stand in for them here.';
COMMENT ON COLUMN @book@.portfolio_risk.beta IS 'beta_exposure per gross delta-equivalent notional of the holdings that are in it (beta_coverage). NULL: none is.';
COMMENT ON COLUMN @book@.portfolio_risk.beta_exposure IS 'Exposure to the benchmarks in base currency: sum of exposure x beta of each asset to its instrument''s benchmark. Left out are holdings without a benchmark, and those without a volatility or with fewer than minimum_observations returns in common with it: beta_coverage is the share of the rest. NULL: none is left.';
COMMENT ON COLUMN @book@.portfolio_risk.net_delta IS 'Sum of all delta-equivalent notionals in base currency, those of currencies included: profit and loss per relative rise of every price at once. Money for every return kind: under difference returns, too, it is delta x notional, not the exposure per unit of price. So a funded foreign holding counts twice, in its price and in its currency, and what is held long at a negative price is negative: no measure of size.';
COMMENT ON COLUMN @book@.portfolio_risk.value_at_risk IS 'Loss over horizon bars that the window''s history exceeds in a share 1 - risk_level of its (overlapping) periods; a loss is positive, in base currency. NULL: fewer than minimum_observations periods on which every holding has its returns, or fewer than 1 / (1 - risk_level), of which not one would be in that share: the worst of all would stand for it. Only holdings behind net_risk.';
COMMENT ON COLUMN @book@.portfolio_risk.expected_shortfall IS 'Mean loss of the worst share 1 - risk_level of the periods (Acerbi and Tasche), at least value_at_risk; a loss is positive. NULL as value_at_risk.';
COMMENT ON COLUMN @book@.portfolio_risk.risk_level IS 'Level of value_at_risk and expected_shortfall.';
COMMENT ON COLUMN @book@.portfolio_risk.horizon IS 'Bars they look ahead.';
COMMENT ON COLUMN @book@.portfolio_risk.historical_windows IS 'Periods of the window on which every holding has its returns.';
COMMENT ON COLUMN @book@.portfolio_risk.largest_contributor IS 'Asset that adds most to net_risk. NULL: none adds.';
COMMENT ON COLUMN @book@.portfolio_risk.largest_contribution IS 'Its contribution (Euler): exposure x change of net_risk per exposure; all contributions sum to net_risk.';
COMMENT ON COLUMN @book@.portfolio_risk.largest_reducer IS 'Asset that takes most off net_risk at the margin: whose contribution is most negative. NULL: none is. That does not say that nothing offsets: without a position whose contribution is positive net_risk may be larger, too (see hedge.risk_contributions).';
COMMENT ON COLUMN @book@.portfolio_risk.largest_reduction IS 'Its contribution: negative.';
COMMENT ON COLUMN @book@.portfolio_risk.net_risk_low IS 'Lower end of the interval around net_risk at the model''s confidence_level, from how the portfolio''s own profit and loss varied in the window (Newey-West); wider where losses cluster or have heavy tails. NULL: fewer than minimum_observations periods, or profit and loss do not vary.';
COMMENT ON COLUMN @book@.portfolio_risk.net_risk_high IS 'Upper end of that interval.';
COMMENT ON COLUMN @book@.portfolio_risk.bad_prices IS 'Prices of the assets behind these risks that were left out in the window (data_quality says which: not positive, not finite or contradictory): moves that no risk here knows of.';
COMMENT ON COLUMN @book@.portfolio_risk.unestimated_notional IS 'Gross delta-equivalent notional, in base currency, of the unestimated_positions: held, but in no risk, beta or historical loss.';
COMMENT ON COLUMN @book@.portfolio_risk.risk_coverage IS 'Share of the gross delta-equivalent notional whose risk is known, from 0 to 1: below 1, net_risk and the others speak of a part of the portfolio. Unpriced positions have no notional and are in neither part: see unpriced_share. NULL: the notional is 0.';
COMMENT ON COLUMN @book@.portfolio_risk.beta_coverage IS 'Share of the same notional that beta_exposure covers. NULL: none is covered, or the notional is 0.';
COMMENT ON COLUMN @book@.portfolio_risk.largest_gap_move IS 'Profit (negative: loss), largest in size, that one holding, as it is now, would have made in a move over bars without its price (largest_gap_move of data_quality): a suspension, a holiday of its own, a bad price. No return holds it, so no risk, value_at_risk or expected_shortfall here knows of it. NULL: there is none.';
-- section: views
-- What to trust: the prices behind a run, and the runs themselves.

CREATE OR REPLACE VIEW @book@.data_quality WITH (security_invoker = true) AS
SELECT
	r.model,
	r.as_of,
	a.asset,
	a.return_kind,
	r.counted_bars,
	a.priced_bars,
	a.priced_bars / nullif(r.counted_bars, 0)::float8 AS coverage,
	a.observations,
	a.missing_returns,
	a.non_positive,
	a.not_finite,
	a.contradictory,
	a.price AS last_price,
	a.price_time AS last_price_time,
	a.stale_bars,
	extract(epoch FROM r.as_of - a.price_time)::float8 AS price_age_seconds,
	a.stale,
	CASE
		WHEN a.price IS NULL THEN 'no good price'
		WHEN a.stale THEN 'stale'
		WHEN a.price_time < r.trailing_bars[cardinality(r.trailing_bars)] THEN 'late'
		WHEN a.volatility IS NULL THEN 'too few returns'
		WHEN a.frozen > 0 OR a.unchanged > a.priced_bars / 2 THEN 'unchanged'
		WHEN a.non_positive + a.not_finite + a.contradictory > 0 THEN 'bad prices'
		WHEN a.missing_returns > 0 THEN 'gaps'
		ELSE 'good'
	END AS verdict,
	a.gap_moves,
	a.largest_gap_move,
	a.largest_gap_bar,
	a.unchanged,
	a.frozen
FROM @book@.run_asset AS a
JOIN @book@.model_run AS r ON r.run = a.run
WHERE a.run = ANY (ARRAY(SELECT l.run::bigint FROM @book@.latest_run AS l))
UNION ALL
SELECT l.model, l.as_of, w.asset, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	CASE w.place WHEN 1 THEN 'held without a price' WHEN 2 THEN 'fx_asset without a price'
		WHEN 3 THEN 'benchmark without a price' ELSE 'instrument without a price' END,
	NULL, NULL, NULL, NULL, NULL
FROM @book@.latest_run AS l
CROSS JOIN (
	SELECT v.asset, min(v.place) AS place
	FROM (
		SELECT p.asset, 1 FROM @book@._position AS p GROUP BY p.asset
		UNION ALL
		SELECT n.asset, n.place
		FROM @book@.instrument AS i
		CROSS JOIN LATERAL (VALUES (i.fx_asset, 2), (i.benchmark, 3), (i.asset, 4)) AS n (asset, place)) AS v (asset, place)
	WHERE v.asset IS NOT NULL
	GROUP BY v.asset) AS w
WHERE NOT EXISTS (SELECT FROM @book@.run_asset AS a WHERE a.run = l.run AND a.asset = w.asset);
COMMENT ON VIEW @book@.data_quality IS 'Model and asset: what the prices behind the latest run are worth. Assets that are held, or named in instrument, but have no price at all stand here, too.';
COMMENT ON COLUMN @book@.data_quality.model IS 'The model.';
COMMENT ON COLUMN @book@.data_quality.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.data_quality.asset IS 'The asset.';
COMMENT ON COLUMN @book@.data_quality.return_kind IS 'Kind of its returns: simple, log or difference.';
COMMENT ON COLUMN @book@.data_quality.counted_bars IS 'Bars of all blocks of returns that reach into the window: what priced_bars and bad prices are counted over.';
COMMENT ON COLUMN @book@.data_quality.priced_bars IS 'Those with a good price of the asset.';
COMMENT ON COLUMN @book@.data_quality.coverage IS 'priced_bars / counted_bars, from 0 to 1.';
COMMENT ON COLUMN @book@.data_quality.observations IS 'Returns in the window.';
COMMENT ON COLUMN @book@.data_quality.missing_returns IS 'Bars of the window without a return.';
COMMENT ON COLUMN @book@.data_quality.non_positive IS 'Prices left out because they are zero or negative, under simple and log returns.';
COMMENT ON COLUMN @book@.data_quality.not_finite IS 'Prices left out because they are NaN or infinite or give such a return.';
COMMENT ON COLUMN @book@.data_quality.contradictory IS 'Bars without a close because of two different prices at their last instant.';
COMMENT ON COLUMN @book@.data_quality.last_price IS 'Last good price up to as_of, on the calendar or not. NULL: none.';
COMMENT ON COLUMN @book@.data_quality.last_price_time IS 'Its instant.';
COMMENT ON COLUMN @book@.data_quality.stale_bars IS 'Bars since then in which some asset has a price, whether or not enough for the calendar: as many as stale_after, and the asset is no longer alive at the next. (Further back than stale_after + 2 bars of the calendar, only those of the calendar are counted.)';
COMMENT ON COLUMN @book@.data_quality.stale IS 'True: stale_bars is more than the stale_after of the run''s settings, or price_age_seconds more than 2 x stale_after bars last (at least 2 bars; a month counts 30 days). So a feed that ended is stale, too, when all ended together; with bars shorter than a night, so is every price where the market was closed that long.';
COMMENT ON COLUMN @book@.data_quality.price_age_seconds IS 'Seconds from last_price_time to as_of.';
COMMENT ON COLUMN @book@.data_quality.verdict IS 'The worst that holds: held without a price, fx_asset, benchmark or instrument without a price (named in instrument), no good price, stale, late (no price in the newest bar, which therefore is not in the calendar), too few returns, unchanged (frozen is more than 0, or unchanged more than half of priced_bars: the feed stands still, or stood still so long that its returns of 0 hide risk), bad prices, gaps, good.';
COMMENT ON COLUMN @book@.data_quality.gap_moves IS 'Closes, in counted_bars, that follow a gap: bars of the calendar without a close of the asset (closed, suspended, a bad price). The move over each of them is in no return, so in no volatility, correlation or historical loss. A higher calendar_quorum leaves more of such bars out of the calendar, so that returns lead over them: fewer moves are lost, and there are fewer bars.';
COMMENT ON COLUMN @book@.data_quality.largest_gap_move IS 'The largest of these moves in size, as a return of the asset''s kind: -0.3 is a fall of 30 %. NULL: none.';
COMMENT ON COLUMN @book@.data_quality.largest_gap_bar IS 'Start of the bar that it ends in.';
COMMENT ON COLUMN @book@.data_quality.unchanged IS 'Closes, in counted_bars, that are the same as in the bar before: returns of exactly 0.';
COMMENT ON COLUMN @book@.data_quality.frozen IS 'Those of them that follow at least stale_after others in one row: a price repeated for 100 bars makes 100 - stale_after. Rare in a market however quiet: where three of ten closes are unchanged, a row of eleven comes once in 800,000 bars.';

CREATE OR REPLACE VIEW @book@._refresh WITH (security_invoker = true) AS
SELECT
	y.entry,
	y.model,
	y.started_at,
	y.finished_at,
	-- A running refresh holds the lock of its model, from before its row is seen till after its end is;
	-- but locks of the primary are not to be seen on a standby.
	CASE WHEN y.status = 'running' AND NOT pg_is_in_recovery() AND NOT EXISTS (
			SELECT FROM pg_locks AS k
			WHERE k.locktype = 'object' AND k.classid = y.tableoid AND k.pid = y.backend_pid AND k.granted
				AND k.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
				AND k.objid = (hashtext(y.model)::bigint & 4294967295)::oid)
		THEN 'interrupted' ELSE y.status END AS status,
	-- Its last transaction writes one table after the other.
	CASE WHEN y.status = 'running' AND y.phase = 'estimating' THEN coalesce((
			SELECT CASE min(c.relname) WHEN 'offset_snapshot' THEN 'offsets' ELSE 'evidence' END
			FROM pg_locks AS k
			JOIN pg_class AS c ON c.oid = k.relation
			WHERE k.locktype = 'relation' AND k.pid = y.backend_pid AND k.mode = 'RowExclusiveLock'
				AND k.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
				AND c.relname IN ('offset_snapshot', 'evidence_run')
				AND c.relnamespace = (SELECT l.relnamespace FROM pg_class AS l WHERE l.oid = y.tableoid)
			HAVING count(*) > 0), y.phase)
		ELSE y.phase END AS phase
FROM @book@.refresh_log AS y;
COMMENT ON VIEW @book@._refresh IS 'refresh_log with interrupted refreshes told from running ones, and phases that are not committed. A step of model_health.';

CREATE OR REPLACE VIEW @book@.model_health WITH (security_invoker = true) AS
SELECT
	m.model,
	l.run,
	l.created_at AS run_at,
	l.as_of,
	extract(epoch FROM now() - l.as_of)::float8 AS age_seconds,
	l.window_start,
	l.window_end,
	l.bars,
	m.lookback,
	l.assets,
	a.last_price_time,
	extract(epoch FROM now() - a.last_price_time)::float8 AS last_price_age_seconds,
	t.trailing_bars,
	a.unestimated_assets,
	a.stale_assets,
	a.bad_prices,
	l.correlation_repaired,
	e.started_at AS last_refresh_started_at,
	e.finished_at AS last_refresh_finished_at,
	coalesce(e.status, 'never') AS last_refresh_status,
	f.failures,
	x.error AS last_error,
	x.started_at AS last_error_at,
	(SELECT count(*)::integer FROM @book@.model_run AS k WHERE k.model = m.model) AS runs_kept,
	e.phase AS last_refresh_phase
FROM @book@.model AS m
LEFT JOIN @book@.latest_run AS l ON l.model = m.model
LEFT JOIN LATERAL (
	SELECT
		max(y.price_time) AS last_price_time,
		count(*) FILTER (WHERE y.volatility IS NULL)::integer AS unestimated_assets,
		count(*) FILTER (WHERE y.stale)::integer AS stale_assets,
		sum(y.non_positive + y.not_finite + y.contradictory)::integer AS bad_prices
	FROM @book@.run_asset AS y
	WHERE y.run = l.run) AS a ON l.run IS NOT NULL
LEFT JOIN LATERAL (
	SELECT cardinality(y.trailing_bars) AS trailing_bars
	FROM @book@.model_run AS y
	WHERE y.run = l.run) AS t ON true
LEFT JOIN LATERAL (
	SELECT y.entry, y.started_at, y.finished_at, y.status, y.phase
	FROM @book@._refresh AS y
	WHERE y.model = m.model
	ORDER BY y.entry DESC
	LIMIT 1) AS e ON true
LEFT JOIN LATERAL (
	SELECT y.error, y.started_at
	FROM @book@.refresh_log AS y
	WHERE y.model = m.model AND y.status IN ('done', 'failed')
	ORDER BY y.entry DESC
	LIMIT 1) AS x ON x.error IS NOT NULL
CROSS JOIN LATERAL (
	SELECT count(*)::integer AS failures
	FROM @book@._refresh AS y
	WHERE y.model = m.model AND y.status IN ('failed', 'interrupted')
		AND y.entry > coalesce((
			SELECT max(z.entry) FROM @book@.refresh_log AS z WHERE z.model = m.model AND z.status = 'done'), 0)) AS f;
COMMENT ON VIEW @book@.model_health IS 'Each model: its latest run and how its refreshes went.';
COMMENT ON COLUMN @book@.model_health.model IS 'The model.';
COMMENT ON COLUMN @book@.model_health.run IS 'Latest run. NULL: none yet.';
COMMENT ON COLUMN @book@.model_health.run_at IS 'When that run was made.';
COMMENT ON COLUMN @book@.model_health.as_of IS 'Time of its estimate.';
COMMENT ON COLUMN @book@.model_health.age_seconds IS 'Seconds from as_of to now.';
COMMENT ON COLUMN @book@.model_health.window_start IS 'Start of the first bar of the estimate.';
COMMENT ON COLUMN @book@.model_health.window_end IS 'Start of the last bar of the estimate.';
COMMENT ON COLUMN @book@.model_health.bars IS 'Bars of the estimate.';
COMMENT ON COLUMN @book@.model_health.lookback IS 'Bars asked for.';
COMMENT ON COLUMN @book@.model_health.assets IS 'Assets in the estimate.';
COMMENT ON COLUMN @book@.model_health.last_price_time IS 'Instant of the newest good price of all assets in the run. NULL: no run.';
COMMENT ON COLUMN @book@.model_health.last_price_age_seconds IS 'Seconds from there to now: what a feed that ended shows by.';
COMMENT ON COLUMN @book@.model_health.trailing_bars IS 'Bars after window_end that have prices but are not in the calendar, since fewer than calendar_quorum of the assets alive have one there: more than 0 says that the estimate lags, and data_quality says for which late assets.';
COMMENT ON COLUMN @book@.model_health.stale_assets IS 'Assets whose last price is stale, as in data_quality.';
COMMENT ON COLUMN @book@.model_health.unestimated_assets IS 'Assets with too few returns for a volatility.';
COMMENT ON COLUMN @book@.model_health.bad_prices IS 'Prices left out: not positive, not finite or contradictory.';
COMMENT ON COLUMN @book@.model_health.correlation_repaired IS 'True: the pairwise correlations were not positive semi-definite.';
COMMENT ON COLUMN @book@.model_health.last_refresh_started_at IS 'Start of the last refresh, whatever came of it.';
COMMENT ON COLUMN @book@.model_health.last_refresh_finished_at IS 'Its end. NULL: running or interrupted.';
COMMENT ON COLUMN @book@.model_health.last_refresh_status IS 'running, done, failed, interrupted (it ended and could not say so), or never.';
COMMENT ON COLUMN @book@.model_health.failures IS 'Refreshes failed or interrupted since the last one that was done.';
COMMENT ON COLUMN @book@.model_health.last_error IS 'Message of the last failure. NULL: none, or a later refresh was done.';
COMMENT ON COLUMN @book@.model_health.last_error_at IS 'Start of that refresh.';
COMMENT ON COLUMN @book@.model_health.runs_kept IS 'Runs of the model that the book holds.';
COMMENT ON COLUMN @book@.model_health.last_refresh_phase IS 'Where the last refresh is: reading prices, estimating, offsets, evidence, done; or where it failed or was interrupted. NULL: never.';
-- section: views
-- For charts: correlations as a table to colour, and as series in time.

CREATE OR REPLACE VIEW @book@.correlation WITH (security_invoker = true) AS
SELECT
	l.model,
	l.as_of,
	d.asset_y,
	d.asset_x,
	p.observations::integer AS observations,
	p.correlation,
	d.hedge_ratio
FROM @book@.latest_run AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = l.model
CROSS JOIN LATERAL hedge.pairs(r.matrix) AS p
CROSS JOIN LATERAL (VALUES
	(p.asset_y, p.asset_x, p.hedge_ratio),
	(p.asset_x, p.asset_y, p.correlation * p.volatility_x / nullif(p.volatility_y, 0))) AS d (asset_y, asset_x, hedge_ratio)
WHERE p.observations >= m.minimum_observations AND p.correlation IS NOT NULL;
COMMENT ON VIEW @book@.correlation IS 'Model x pair: correlations of each model''s latest run, as a heat map reads them. Each pair stands twice, once in each direction; pairs with fewer than minimum_observations common returns, or with a constant side, are left out.';
COMMENT ON COLUMN @book@.correlation.model IS 'The model.';
COMMENT ON COLUMN @book@.correlation.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.correlation.asset_y IS 'The asset held.';
COMMENT ON COLUMN @book@.correlation.asset_x IS 'The hedge.';
COMMENT ON COLUMN @book@.correlation.observations IS 'Returns that both have.';
COMMENT ON COLUMN @book@.correlation.correlation IS 'Correlation of their common returns, from -1 to 1.';
COMMENT ON COLUMN @book@.correlation.hedge_ratio IS 'Minimum-variance hedge ratio of asset_y by asset_x over these returns: exposure in asset_x to sell for each unit of exposure in asset_y. NULL: asset_x is constant.';

CREATE OR REPLACE VIEW @book@.rolling_correlation WITH (security_invoker = true) AS
SELECT
	l.model,
	y.asset AS asset_y,
	x.asset AS asset_x,
	s.bar AS time,
	s.correlation,
	(s.bounds).low AS correlation_low,
	(s.bounds).high AS correlation_high,
	s.hedge_ratio,
	(s.bar AT TIME ZONE m.time_zone)::date AS day
FROM @book@.latest_run AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = l.model
JOIN @book@.run_asset AS y ON y.run = r.run
JOIN @book@.run_asset AS x ON x.run = r.run AND x.asset <> y.asset
CROSS JOIN LATERAL (
	SELECT w.bar, hedge.corr(w.comoments) AS correlation, hedge.corr_interval(w.comoments, m.confidence_level) AS bounds,
		hedge.hedge_ratio(w.comoments) AS hedge_ratio
	FROM (
		SELECT c.bar,
			hedge.comoments(c.y, c.x) OVER (ORDER BY c.bar ROWS BETWEEN m.rolling_bars - 1 PRECEDING AND CURRENT ROW) AS comoments,
			row_number() OVER (ORDER BY c.bar) AS common
		FROM (
			SELECT t.bar, t.y, t.x
			FROM @book@.return_block AS b
			CROSS JOIN LATERAL (SELECT array_position(b.assets, y.asset) AS y, array_position(b.assets, x.asset) AS x) AS n
			CROSS JOIN LATERAL unnest(b.bars, b.returns[n.y:n.y][:], b.returns[n.x:n.x][:]) AS t (bar, y, x)
			WHERE b.block = ANY (r.blocks)) AS c
		WHERE c.bar >= r.window_start AND c.y IS NOT NULL AND c.x IS NOT NULL) AS w
	WHERE w.common >= m.rolling_bars
	OFFSET 0) AS s;
COMMENT ON VIEW @book@.rolling_correlation IS 'Model x pair x bar: correlation over the last rolling_bars common returns, through the window of each model''s latest run. Computed when it is read, pair by pair: filter on asset_y and asset_x. Each pair stands twice, once in each direction.';
COMMENT ON COLUMN @book@.rolling_correlation.model IS 'The model.';
COMMENT ON COLUMN @book@.rolling_correlation.asset_y IS 'The asset held.';
COMMENT ON COLUMN @book@.rolling_correlation.asset_x IS 'The hedge.';
COMMENT ON COLUMN @book@.rolling_correlation.time IS 'Start of the last bar of the rolling_bars common returns.';
COMMENT ON COLUMN @book@.rolling_correlation.correlation IS 'Correlation of these returns, from -1 to 1; NULL: a side is constant.';
COMMENT ON COLUMN @book@.rolling_correlation.correlation_low IS 'Lower end of its interval at the model''s confidence_level (Fisher''s, for independent normal returns: too narrow where tails are heavy; correlation_stability has the robust one of the whole window).';
COMMENT ON COLUMN @book@.rolling_correlation.correlation_high IS 'Upper end of that interval.';
COMMENT ON COLUMN @book@.rolling_correlation.hedge_ratio IS 'Minimum-variance hedge ratio of asset_y by asset_x over these returns; NULL: asset_x is constant.';
COMMENT ON COLUMN @book@.rolling_correlation.day IS 'The day of time in the model''s time zone.';

CREATE OR REPLACE VIEW @book@.time_series WITH (security_invoker = true) AS
SELECT r.as_of AS time, v.metric, v.value, r.model, o.portfolio, o.asset_a, o.asset_b,
	(r.as_of AT TIME ZONE m.time_zone)::date AS day
FROM @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
JOIN @book@.offset_snapshot AS o ON o.run = r.run
CROSS JOIN LATERAL (VALUES
	('correlation', o.correlation),
	('hedge_ratio', o.hedge_ratio),
	('risk_offset', o.risk_offset),
	('net_risk', o.net_risk)) AS v (metric, value)
WHERE r.run = (SELECT max(k.run) FROM @book@.model_run AS k WHERE k.model = r.model AND k.as_of = r.as_of)
UNION ALL
SELECT r.as_of, v.metric, v.value, r.model, NULL, a.asset, NULL, (r.as_of AT TIME ZONE m.time_zone)::date
FROM @book@.model_run AS r
JOIN @book@.model AS m ON m.model = r.model
JOIN @book@.run_asset AS a ON a.run = r.run
CROSS JOIN LATERAL (VALUES
	('price', a.price),
	('volatility', a.volatility)) AS v (metric, value)
WHERE r.run = (SELECT max(k.run) FROM @book@.model_run AS k WHERE k.model = r.model AND k.as_of = r.as_of)
	AND v.value IS NOT NULL;
COMMENT ON VIEW @book@.time_series IS 'What refreshes found, in the long form that dashboards draw: a row is one value of one metric at the as_of of a run that is kept. Of pairs in the snapshot: correlation, hedge_ratio, risk_offset, net_risk. Of assets: price, volatility. Of several runs as of one time, the last.';
COMMENT ON COLUMN @book@.time_series.time IS 'Time of the estimate.';
COMMENT ON COLUMN @book@.time_series.metric IS 'What the value is: correlation, hedge_ratio, risk_offset, net_risk, price or volatility, each as in the column of this name of materialized_offsets or exposure.';
COMMENT ON COLUMN @book@.time_series.value IS 'The value: money for risk_offset and net_risk, per bar for volatility. NULL: no hedge_ratio.';
COMMENT ON COLUMN @book@.time_series.model IS 'The model.';
COMMENT ON COLUMN @book@.time_series.portfolio IS 'Who holds the pair; NULL: the value is of an asset.';
COMMENT ON COLUMN @book@.time_series.asset_a IS 'The leg with the larger risk, or the asset.';
COMMENT ON COLUMN @book@.time_series.asset_b IS 'The other leg; NULL: the value is of an asset.';
COMMENT ON COLUMN @book@.time_series.day IS 'The day of time in the model''s time zone.';
-- section: tables
-- What margin is made with. All of it may be left out: then weights and correlations are estimated.

CREATE TABLE @book@.margin_setting (
	model text PRIMARY KEY REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	level float8 NOT NULL DEFAULT 0.99,
	holding_bars float8 NOT NULL DEFAULT 1,
	credit_share float8 NOT NULL DEFAULT 0.8,
	credited_verdicts text[] DEFAULT '{reliable}',
	adverse boolean NOT NULL DEFAULT false,
	CONSTRAINT level_is_from_one_half_to_below_1 CHECK (level >= 0.5 AND level < 1),
	CONSTRAINT holding_bars_is_positive CHECK (holding_bars > 0 AND holding_bars <= 1e6),
	CONSTRAINT credit_share_is_from_0_to_1 CHECK (credit_share >= 0 AND credit_share <= 1),
	CONSTRAINT credited_verdicts_are_verdicts
		CHECK (array_to_string(credited_verdicts, ',', '?') ~ '^((reliable|weak|unstable|break_detected|insufficient)(,|$))*$')
);
COMMENT ON TABLE @book@.margin_setting IS 'How a model''s portfolios are margined. A model without a row has the defaults.';
COMMENT ON COLUMN @book@.margin_setting.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_setting.level IS 'An estimated risk weight is volatility x quantile of the normal distribution at this level x sqrt(holding_bars).';
COMMENT ON COLUMN @book@.margin_setting.holding_bars IS 'Bars that closing a position may take.';
COMMENT ON COLUMN @book@.margin_setting.credit_share IS 'Share of the credit, gross less net margin, that is granted. 0.8 is the most that Delegated Regulation (EU) 153/2013, article 27(4), allows in general.';
COMMENT ON COLUMN @book@.margin_setting.credited_verdicts IS 'A pair that offsets is credited if its verdict, in both directions, is one of these. NULL: every pair, examined or not.';
COMMENT ON COLUMN @book@.margin_setting.adverse IS 'What a pair that offsets without being credited has instead of its correlation. False: 0. True: the same turned around, so that it adds up.';

CREATE TABLE @book@.margin_weight (
	asset text PRIMARY KEY,
	weight float8 NOT NULL,
	CONSTRAINT weight_is_not_negative CHECK (weight >= 0 AND weight <= 1e50)
);
COMMENT ON TABLE @book@.margin_weight IS 'Risk weights of assets, instead of their bucket''s or of estimated ones. An asset that cannot be estimated is margined if it has one.';
COMMENT ON COLUMN @book@.margin_weight.asset IS 'The asset.';
COMMENT ON COLUMN @book@.margin_weight.weight IS 'Share of the exposure that may be lost; under difference returns in units of price.';

CREATE TABLE @book@.margin_bucket (
	bucket text PRIMARY KEY,
	weight float8,
	correlation float8,
	CONSTRAINT weight_is_not_negative CHECK (weight >= 0 AND weight <= 1e50),
	CONSTRAINT correlation_is_from_0_to_1 CHECK (correlation >= 0 AND correlation <= 1)
);
COMMENT ON TABLE @book@.margin_bucket IS 'Parameters of buckets: those that instrument names, and '''' for assets without one.';
COMMENT ON COLUMN @book@.margin_bucket.bucket IS 'The bucket.';
COMMENT ON COLUMN @book@.margin_bucket.weight IS 'Risk weight of its assets. NULL: each has its own, supplied or estimated.';
COMMENT ON COLUMN @book@.margin_bucket.correlation IS 'One correlation of any two of its assets. NULL: estimated.';

CREATE TABLE @book@.margin_bucket_pair (
	bucket_a text,
	bucket_b text,
	correlation float8 NOT NULL,
	PRIMARY KEY (bucket_a, bucket_b),
	CONSTRAINT buckets_are_two_in_byte_order CHECK (bucket_a COLLATE "C" < bucket_b),
	CONSTRAINT correlation_is_from_minus_1_to_1 CHECK (correlation >= -1 AND correlation <= 1)
);
COMMENT ON TABLE @book@.margin_bucket_pair IS 'Correlations of two buckets. Two without a row have the mean of the estimated correlations of their assets.';
COMMENT ON COLUMN @book@.margin_bucket_pair.bucket_a IS 'One bucket, the first in byte order.';
COMMENT ON COLUMN @book@.margin_bucket_pair.bucket_b IS 'The other.';
COMMENT ON COLUMN @book@.margin_bucket_pair.correlation IS 'Their correlation.';

CREATE TABLE @book@.spread (
	spread text PRIMARY KEY,
	priority float8,
	CONSTRAINT priority_is_a_number CHECK (priority > '-infinity' AND priority < 'infinity')
);
COMMENT ON TABLE @book@.spread IS 'Spreads that earn a credit on outright margins, for view spread_margin.';
COMMENT ON COLUMN @book@.spread.spread IS 'Name of the spread.';
COMMENT ON COLUMN @book@.spread.priority IS 'The lowest is formed first. NULL: last.';

CREATE TABLE @book@.spread_leg (
	spread text REFERENCES @book@.spread ON UPDATE CASCADE ON DELETE CASCADE,
	asset text,
	ratio float8 NOT NULL,
	side text NOT NULL,
	credit_rate float8 NOT NULL,
	PRIMARY KEY (spread, asset),
	CONSTRAINT ratio_is_positive CHECK (ratio > 0 AND ratio < 'infinity'),
	CONSTRAINT side_is_a_or_b CHECK (side IN ('A', 'B')),
	CONSTRAINT credit_rate_is_from_0_to_1 CHECK (credit_rate >= 0 AND credit_rate <= 1)
);
COMMENT ON TABLE @book@.spread_leg IS 'Legs of spreads.';
COMMENT ON COLUMN @book@.spread_leg.spread IS 'The spread.';
COMMENT ON COLUMN @book@.spread_leg.asset IS 'The asset.';
COMMENT ON COLUMN @book@.spread_leg.ratio IS 'Contracts of it in one spread.';
COMMENT ON COLUMN @book@.spread_leg.side IS 'A or B: legs on A are long where those on B are short, or the other way round.';
COMMENT ON COLUMN @book@.spread_leg.credit_rate IS 'Share of its outright margin that is credited.';

-- section: views
-- Margin of portfolios.

CREATE OR REPLACE VIEW @book@._margin_asset WITH (security_invoker = true) AS
SELECT
	u.run,
	u.asset,
	coalesce(u.bucket, '') AS bucket,
	coalesce(w.weight, b.weight, u.volatility * q.quantile) AS weight,
	u.unit_exposure
FROM @book@._unit AS u
JOIN @book@.model_run AS r ON r.run = u.run
LEFT JOIN @book@.margin_setting AS s ON s.model = r.model
LEFT JOIN @book@.margin_weight AS w ON w.asset = u.asset
LEFT JOIN @book@.margin_bucket AS b ON b.bucket = coalesce(u.bucket, '')
CROSS JOIN LATERAL (
	SELECT hedge._normal_quantile(coalesce(s.level, 0.99)) * sqrt(coalesce(s.holding_bars, 1)) AS quantile) AS q;
COMMENT ON VIEW @book@._margin_asset IS 'Run and asset: bucket and risk weight, and what one contract exposes to. A step of portfolio_margin and spread_margin.';

CREATE OR REPLACE VIEW @book@._margin_parameters WITH (security_invoker = true) AS
SELECT
	a.run,
	a.weights,
	a.buckets,
	coalesce(s.credit_share, 0.8) AS credit_share,
	s.model IS NULL OR s.credited_verdicts IS NOT NULL AS gated,
	coalesce(s.adverse, false) AS adverse,
	m.minimum_observations,
	b.buckets AS bucket_names,
	b.correlations AS bucket_correlations,
	p.buckets_a,
	p.buckets_b,
	p.correlations AS buckets_correlations,
	c.assets_y AS credited_y,
	c.assets_x AS credited_x
FROM (
	SELECT x.run, array_agg(x.weight) AS weights, array_agg(x.bucket) AS buckets
	FROM (SELECT y.* FROM @book@._margin_asset AS y ORDER BY y.run, y.asset COLLATE "C") AS x
	GROUP BY x.run) AS a
JOIN @book@.model_run AS r ON r.run = a.run
JOIN @book@.model AS m ON m.model = r.model
LEFT JOIN @book@.margin_setting AS s ON s.model = r.model
CROSS JOIN LATERAL (
	SELECT coalesce(array_agg(x.bucket), '{}') AS buckets, coalesce(array_agg(x.correlation), '{}') AS correlations
	FROM @book@.margin_bucket AS x
	WHERE x.correlation IS NOT NULL) AS b
CROSS JOIN LATERAL (
	SELECT
		coalesce(array_agg(x.bucket_a), '{}') AS buckets_a,
		coalesce(array_agg(x.bucket_b), '{}') AS buckets_b,
		coalesce(array_agg(x.correlation), '{}') AS correlations
	FROM @book@.margin_bucket_pair AS x) AS p
CROSS JOIN LATERAL (
	SELECT coalesce(array_agg(x.asset_y), '{}') AS assets_y, coalesce(array_agg(x.asset_x), '{}') AS assets_x
	FROM @book@.pair_evidence AS x
	WHERE x.run = a.run
		AND x.verdict = ANY (CASE WHEN s.model IS NULL THEN ARRAY['reliable'] ELSE s.credited_verdicts END)) AS c;
COMMENT ON VIEW @book@._margin_parameters IS 'Run: what all its portfolios are margined with, assets in the order of _units. A step of portfolio_margin.';

CREATE OR REPLACE VIEW @book@.portfolio_margin WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	k.positions,
	k.unmargined_positions,
	k.legs,
	k.gross_margin,
	k.silo_margin,
	k.uncorrelated_margin,
	k.margin_low,
	k.margin_medium,
	k.margin_high,
	k.net_margin,
	k.scenario,
	k.credit,
	k.credit_share,
	k.margin,
	k.credit / nullif(k.gross_margin, 0) AS credit_of_gross,
	k.uncredited_pairs,
	k.credit_withheld,
	k.alternative,
	k.floored
FROM @book@._holding AS h
CROSS JOIN (
	SELECT
		(SELECT x FROM @book@._margin_parameters AS x WHERE x.run = n.run) AS parameters,
		n.run, n.model, n.as_of, coalesce(n.psd_matrix, n.matrix) AS matrix
	FROM @book@.model_run AS n
	WHERE n.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x))
	OFFSET 0) AS r		-- once a run
CROSS JOIN LATERAL hedge._leg_margin(r.matrix, @book_literal@::regnamespace, r.run, r.parameters, h.holdings) AS k;
COMMENT ON VIEW @book@.portfolio_margin IS 'Portfolio x model: margin of the present positions at each model''s latest run, by weighted sensitivities (hedge.margin), live. Without any parameter: weights of estimated volatilities, correlations of the run, one bucket, 80 % of the credit of reliable pairs. A filter on portfolio computes that portfolio alone.';
COMMENT ON COLUMN @book@.portfolio_margin.portfolio IS 'Who holds the positions.';
COMMENT ON COLUMN @book@.portfolio_margin.model IS 'The model.';
COMMENT ON COLUMN @book@.portfolio_margin.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.portfolio_margin.positions IS 'Rows of positions.';
COMMENT ON COLUMN @book@.portfolio_margin.unmargined_positions IS 'Of those, rows that no margin knows of: without an exposure (view exposure says why) or a risk weight.';
COMMENT ON COLUMN @book@.portfolio_margin.legs IS 'Assets margined, currencies of funded holdings included.';
COMMENT ON COLUMN @book@.portfolio_margin.gross_margin IS 'Sum of weight x |exposure|, in base currency: nothing offsets or diversifies. NULL, as all margins: no leg.';
COMMENT ON COLUMN @book@.portfolio_margin.silo_margin IS 'Margins of the buckets added up, each in its worst scenario.';
COMMENT ON COLUMN @book@.portfolio_margin.uncorrelated_margin IS 'Margin if every correlation were 0.';
COMMENT ON COLUMN @book@.portfolio_margin.margin_low IS 'Net margin at low correlations, max(2r - 1, 0.75r).';
COMMENT ON COLUMN @book@.portfolio_margin.margin_medium IS 'Net margin at the correlations as they are.';
COMMENT ON COLUMN @book@.portfolio_margin.margin_high IS 'Net margin at high correlations, min(1.25r, 1).';
COMMENT ON COLUMN @book@.portfolio_margin.net_margin IS 'The largest of the three.';
COMMENT ON COLUMN @book@.portfolio_margin.scenario IS 'Which it is: low, medium or high.';
COMMENT ON COLUMN @book@.portfolio_margin.credit IS 'gross_margin - net_margin: what offsets and diversification save.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_share IS 'Share of it that is granted.';
COMMENT ON COLUMN @book@.portfolio_margin.margin IS 'Margin required: gross_margin - credit_share x credit.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_of_gross IS 'credit / gross_margin.';
COMMENT ON COLUMN @book@.portfolio_margin.uncredited_pairs IS 'Pairs within a bucket that offset, but are not credited since their verdict does not allow it or the run did not examine them.';
COMMENT ON COLUMN @book@.portfolio_margin.credit_withheld IS 'How much less margin would be if every pair were credited, after credit_share.';
COMMENT ON COLUMN @book@.portfolio_margin.alternative IS 'True: the sum under the root was negative, and bucket sums are bounded (MAR21.4).';
COMMENT ON COLUMN @book@.portfolio_margin.floored IS 'True: some root had a negative number under it even so, and is 0: bucket correlations that are no correlations.';

CREATE OR REPLACE VIEW @book@.margin_steps WITH (security_invoker = true) AS
SELECT
	m.portfolio,
	m.model,
	m.as_of,
	s.step_number,
	s.step,
	(CASE WHEN s.step = 'margin' THEN round(s.total, 2) ELSE round(s.total, 2) - round(s.before, 2) END)::float8 AS amount,
	round(s.total, 2)::float8 AS running_total
FROM @book@.portfolio_margin AS m
CROSS JOIN LATERAL (
	VALUES
		(1, 'gross', 0::numeric, m.gross_margin::numeric),
		(2, 'diversification', m.gross_margin::numeric, m.uncorrelated_margin::numeric),
		(3, 'credit', m.uncorrelated_margin::numeric, m.net_margin::numeric),
		(4, 'cap', m.net_margin::numeric, m.margin::numeric),
		(5, 'margin', m.margin::numeric, m.margin::numeric)) AS s (step_number, step, before, total);
COMMENT ON VIEW @book@.margin_steps IS 'Portfolio x model x step from gross to required margin, for a waterfall: amounts of steps 1 to 4 add up to that of step 5, to the cent.';
COMMENT ON COLUMN @book@.margin_steps.portfolio IS 'Who holds the positions.';
COMMENT ON COLUMN @book@.margin_steps.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_steps.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.margin_steps.step_number IS '1 to 5.';
COMMENT ON COLUMN @book@.margin_steps.step IS 'gross; diversification: what strangers would save, too; credit: what correlations save beyond that, positive where they add; cap: credit that is not granted; margin: what is required.';
COMMENT ON COLUMN @book@.margin_steps.amount IS 'Change of the margin by the step, in base currency, in cents; of margin the whole. NULL: no leg.';
COMMENT ON COLUMN @book@.margin_steps.running_total IS 'Margin after the step.';

CREATE OR REPLACE VIEW @book@.margin_contributions WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	r.model,
	r.as_of,
	k.asset,
	coalesce(i.bucket, '') AS bucket,
	k.weight,
	k.weighted_sensitivity,
	k.contribution,
	k.contribution_share
FROM @book@._holding AS h
CROSS JOIN (
	SELECT
		(SELECT x FROM @book@._margin_parameters AS x WHERE x.run = n.run) AS parameters,
		n.run, n.model, n.as_of, coalesce(n.psd_matrix, n.matrix) AS matrix
	FROM @book@.model_run AS n
	WHERE n.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x))
	OFFSET 0) AS r		-- once a run
CROSS JOIN LATERAL hedge._leg_margin_contributions(r.matrix, @book_literal@::regnamespace, r.run, r.parameters, h.holdings) AS k
LEFT JOIN @book@.instrument AS i ON i.asset = k.asset;
COMMENT ON VIEW @book@.margin_contributions IS 'Portfolio x model x asset margined: what it adds to the margin of portfolio_margin, as it takes credit from others (Euler); contributions of a portfolio sum to its margin.';
COMMENT ON COLUMN @book@.margin_contributions.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.margin_contributions.model IS 'The model.';
COMMENT ON COLUMN @book@.margin_contributions.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.margin_contributions.asset IS 'What is held, or the currency of funded holdings.';
COMMENT ON COLUMN @book@.margin_contributions.bucket IS 'Its bucket.';
COMMENT ON COLUMN @book@.margin_contributions.weight IS 'Its risk weight, supplied or estimated.';
COMMENT ON COLUMN @book@.margin_contributions.weighted_sensitivity IS 'weight x exposure, signed; without its sign the margin of the position alone.';
COMMENT ON COLUMN @book@.margin_contributions.contribution IS 'exposure x change of the margin per exposure, in base currency; negative for what reduces it.';
COMMENT ON COLUMN @book@.margin_contributions.contribution_share IS 'contribution / margin.';

CREATE OR REPLACE VIEW @book@.spread_margin WITH (security_invoker = true) AS
SELECT
	h.portfolio,
	h.model,
	h.as_of,
	m.asset,
	m.delta,
	m.remaining_delta,
	m.gross_margin,
	m.credit,
	m.margin
FROM (
	SELECT p.portfolio, r.run, r.model, r.as_of,
		array_agg(p.asset) AS assets,
		array_agg(p.delta) AS deltas,
		array_agg(p.rate) AS rates
	FROM (
		SELECT q.portfolio, x.run, q.asset, q.delta, abs(a.unit_exposure) * a.weight AS rate
		FROM (
			SELECT y.portfolio, y.asset, sum(y.delta_quantity) AS delta
			FROM @book@._position AS y
			GROUP BY y.portfolio, y.asset) AS q
		CROSS JOIN @book@.model_run AS x
		JOIN @book@._margin_asset AS a ON a.run = x.run AND a.asset = q.asset
		WHERE abs(q.delta) < 'infinity' AND a.unit_exposure IS NOT NULL AND a.weight IS NOT NULL) AS p
	JOIN @book@.model_run AS r ON r.run = p.run
	GROUP BY p.portfolio, r.run, r.model, r.as_of) AS h
CROSS JOIN (
	SELECT
		coalesce(array_agg(l.spread), '{}') AS spreads,
		coalesce(array_agg(l.asset), '{}') AS assets,
		coalesce(array_agg(l.ratio), '{}') AS ratios,
		coalesce(array_agg(l.side), '{}') AS sides,
		coalesce(array_agg(l.credit_rate), '{}') AS credit_rates,
		coalesce(array_agg(s.priority), '{}') AS priorities
	FROM (SELECT x.* FROM @book@.spread_leg AS x ORDER BY x.spread, x.asset) AS l
	JOIN @book@.spread AS s ON s.spread = l.spread) AS s
CROSS JOIN LATERAL hedge.spread_margins(h.assets, h.deltas, h.rates, s.spreads, s.assets, s.ratios, s.sides,
	s.credit_rates, s.priorities) AS m
WHERE h.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.spread_margin IS 'Portfolio x model x asset held: outright margin, and the credit of the spreads in table spread, formed by priority (hedge.spread_credits). The outright margin of a contract is its exposure x risk weight. Positions without either are left out.';
COMMENT ON COLUMN @book@.spread_margin.portfolio IS 'Who holds it.';
COMMENT ON COLUMN @book@.spread_margin.model IS 'The model.';
COMMENT ON COLUMN @book@.spread_margin.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.spread_margin.asset IS 'What is held.';
COMMENT ON COLUMN @book@.spread_margin.delta IS 'Contracts x delta, net.';
COMMENT ON COLUMN @book@.spread_margin.remaining_delta IS 'Of those, in no spread.';
COMMENT ON COLUMN @book@.spread_margin.gross_margin IS 'Outright margin, in base currency.';
COMMENT ON COLUMN @book@.spread_margin.credit IS 'Credit of the spreads it is a leg of.';
COMMENT ON COLUMN @book@.spread_margin.margin IS 'gross_margin - credit.';
-- section: views
-- What to trade, and why or why not.

CREATE OR REPLACE VIEW @book@._instruments WITH (security_invoker = true) AS
SELECT
	c.run,
	bool_or(c.marked) AS marked,
	array_agg(c.asset) AS assets,
	array_agg(u.unit_exposure) AS unit_exposures,
	array_agg(u.unit_notional) AS unit_notionals,
	array_agg(coalesce(i.lot_size, 1)) AS lot_sizes,
	array_agg(i.cost) AS costs,
	array_agg(i.cost_per_lot) AS costs_per_lot,
	array_agg(CASE WHEN u.asset IS NULL THEN 'no price' ELSE u.problem END) AS problems
FROM (
	SELECT r.run, i.asset, true AS marked
	FROM @book@.latest_run AS r
	CROSS JOIN @book@.instrument AS i
	WHERE i.tradable
	UNION ALL
	SELECT a.run, a.asset, false
	FROM @book@.run_asset AS a
	WHERE a.run = ANY (ARRAY(SELECT y.run::bigint FROM @book@.latest_run AS y))
		AND NOT EXISTS (SELECT FROM @book@.instrument AS i WHERE i.tradable)) AS c
LEFT JOIN (
	SELECT x.run, x.asset, x.unit_exposure, x.unit_notional, x.problem
	FROM @book@._unit AS x
	WHERE x.run = ANY (ARRAY(SELECT y.run::bigint FROM @book@.latest_run AS y))) AS u ON u.run = c.run AND u.asset = c.asset
LEFT JOIN @book@.instrument AS i ON i.asset = c.asset
GROUP BY c.run;
COMMENT ON VIEW @book@._instruments IS 'Latest run of each model: what may be traded to hedge, as arrays: the instruments marked as tradable, or all assets where none is. A step of hedge_recommendations.';

CREATE OR REPLACE VIEW @book@.hedge_recommendations WITH (security_invoker = true) AS
SELECT
	l.portfolio,
	l.model,
	r.as_of,
	t.instrument,
	t.action,
	t.quantity,
	t.exposure,
	t.target_exposure,
	t.trade_contracts,
	t.trade_exposure,
	t.exposure_after,
	t.band_low,
	t.band_high,
	t.cost,
	t.worth,
	t.variance_removed,
	t.variance_removed_per_cost,
	t.risk_before,
	t.risk_after,
	t.net_risk_after,
	t.total_cost,
	t.reason
FROM @book@._leg AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = r.model
LEFT JOIN @book@._instruments AS i ON i.run = l.run
CROSS JOIN LATERAL hedge._recommended_trades(
	matrix => coalesce(r.psd_matrix, r.matrix),
	assets => l.assets,
	exposures => l.exposures,
	quantities => l.quantities,
	marked => coalesce(i.marked, false),
	instruments => i.assets,
	unit_exposures => i.unit_exposures,
	unit_notionals => i.unit_notionals,
	lot_sizes => i.lot_sizes,
	costs => i.costs,
	costs_per_lot => i.costs_per_lot,
	problems => i.problems,
	risk_price => m.risk_price,
	correlations => m.hedge_correlations,
	evidence => m.hedge_evidence,
	most_instruments => m.hedge_instruments,
	minimum_correlation => m.minimum_correlation,
	minimum_observations => m.minimum_observations,
	book => @book_literal@::regnamespace,
	run => r.run) AS t
WHERE l.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.hedge_recommendations IS 'Portfolio x model x instrument: what to trade to hedge what is held, live, with whole lots and costs; and why, or why not. A portfolio that nothing can be done for has one row without an instrument. Traded may be the instruments marked as tradable (table instrument), those among them left out that are themselves positions to be hedged; with none marked, what a portfolio holds against a larger position that it offsets. Trades are those that are best together; they rely on correlations between positions and instruments as settings hedge_evidence and hedge_correlations of the model say.';
COMMENT ON COLUMN @book@.hedge_recommendations.portfolio IS 'The portfolio.';
COMMENT ON COLUMN @book@.hedge_recommendations.model IS 'The model.';
COMMENT ON COLUMN @book@.hedge_recommendations.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.hedge_recommendations.instrument IS 'What would be traded. NULL: nothing can be done for this portfolio, and reason says why.';
COMMENT ON COLUMN @book@.hedge_recommendations.action IS 'buy, sell or none.';
COMMENT ON COLUMN @book@.hedge_recommendations.quantity IS 'Contracts held now; 0: none. NULL: a currency that only funded holdings expose to, or not known.';
COMMENT ON COLUMN @book@.hedge_recommendations.exposure IS 'Exposure held in it now, as in view exposure.';
COMMENT ON COLUMN @book@.hedge_recommendations.target_exposure IS 'Best exposure, costs counted, were there no lots: where a band is left, its nearer edge. NULL: it is not used.';
COMMENT ON COLUMN @book@.hedge_recommendations.trade_contracts IS 'Contracts to trade, a whole multiple of the instrument''s lot_size; negative to sell, 0 for nothing.';
COMMENT ON COLUMN @book@.hedge_recommendations.trade_exposure IS 'Exposure of them.';
COMMENT ON COLUMN @book@.hedge_recommendations.exposure_after IS 'Exposure held after the trade.';
COMMENT ON COLUMN @book@.hedge_recommendations.band_low IS 'Lower edge of the no-trade band, all other trades made: within it, a trade costs more than it is worth. A point if it costs nothing.';
COMMENT ON COLUMN @book@.hedge_recommendations.band_high IS 'Upper edge of it.';
COMMENT ON COLUMN @book@.hedge_recommendations.cost IS 'Cost of the trade in base currency: the instrument''s cost x notional traded + cost_per_lot x lots. What is unknown counts as 0.';
COMMENT ON COLUMN @book@.hedge_recommendations.worth IS 'What the variance that it removes is worth in money: variance_removed x risk_price / (2 x risk_before). NULL: no trade.';
COMMENT ON COLUMN @book@.hedge_recommendations.variance_removed IS 'Variance (base currency squared, per bar) that would come back if this trade alone were left out. NULL: no trade.';
COMMENT ON COLUMN @book@.hedge_recommendations.variance_removed_per_cost IS 'variance_removed / cost. NULL: no trade, or it costs nothing.';
COMMENT ON COLUMN @book@.hedge_recommendations.risk_before IS 'Risk of the whole portfolio now, one standard deviation per bar in base currency: net_risk of view portfolio_risk.';
COMMENT ON COLUMN @book@.hedge_recommendations.risk_after IS 'Risk once all trades of the portfolio are made, as far as correlations are relied on: never more than before.';
COMMENT ON COLUMN @book@.hedge_recommendations.net_risk_after IS 'Risk once they are made, with all correlations as estimated: never more than risk_after.';
COMMENT ON COLUMN @book@.hedge_recommendations.total_cost IS 'Cost of all trades of the portfolio.';
COMMENT ON COLUMN @book@.hedge_recommendations.reason IS 'Why this trade, or why none, in words.';

CREATE OR REPLACE VIEW @book@.neutral_trades WITH (security_invoker = true) AS
SELECT
	l.portfolio,
	l.model,
	r.as_of,
	n.kind,
	n.asset,
	n.net + 0 AS net,
	t.trade_contracts,
	t.trade_exposure AS trade,
	t.net_after + 0 AS net_after,
	k.net_risk AS net_risk_after,
	c.carry + 0 AS carry,
	CASE WHEN k.net_risk > 0 THEN c.carry / (k.net_risk * sqrt(m.bars_per_year)) + 0 END AS carry_per_risk
FROM @book@._leg AS l
JOIN @book@.model_run AS r ON r.run = l.run
JOIN @book@.model AS m ON m.model = r.model
CROSS JOIN LATERAL (
	SELECT 'dollar' AS kind, NULL::text AS asset, l.net_delta AS net
	UNION ALL
	SELECT 'delta', x.asset, x.delta_notional
	FROM unnest(l.assets, l.delta_notionals) AS x (asset, delta_notional)
	UNION ALL
	SELECT 'beta', x.benchmark, sum(x.exposure * hedge.hedge_ratio(r.matrix, x.asset, x.benchmark) * x.scale)
	FROM unnest(l.assets, l.exposures, l.benchmarks, l.benchmark_scales) AS x (asset, exposure, benchmark, scale)
	WHERE x.benchmark IS NOT NULL AND hedge.observations(r.matrix, x.asset, x.benchmark) >= m.minimum_observations
	GROUP BY x.benchmark) AS n
LEFT JOIN @book@._unit AS u ON u.run = l.run AND u.asset = n.asset
LEFT JOIN @book@.instrument AS i ON i.asset = n.asset
CROSS JOIN LATERAL hedge.neutral_trade(
	CASE WHEN n.asset IS NOT NULL THEN n.net END, 1, 0, nullif(u.unit_notional, 0), coalesce(i.lot_size, 1)) AS t
CROSS JOIN LATERAL (
	SELECT array_agg(y.asset) AS assets, array_agg(y.exposure) AS exposures
	FROM (
		SELECT x.asset, sum(x.exposure) AS exposure
		FROM (
			SELECT h.asset, h.exposure FROM unnest(l.assets, l.exposures) AS h (asset, exposure)
			UNION ALL
			SELECT n.asset, t.trade_contracts * u.unit_exposure WHERE t.trade_contracts <> 0) AS x
		GROUP BY x.asset) AS y) AS w
CROSS JOIN LATERAL hedge.portfolio_risk(coalesce(r.psd_matrix, r.matrix), w.assets, w.exposures) AS k
CROSS JOIN LATERAL (
	SELECT CASE WHEN count(*) = count(x.value * j.carry) THEN sum(x.value * j.carry) END AS carry
	FROM (
		SELECT h.asset, h.value FROM unnest(l.assets, l.delta_notionals) AS h (asset, value)
		UNION ALL
		SELECT n.asset, t.trade_exposure WHERE t.trade_contracts <> 0) AS x
	LEFT JOIN @book@.instrument AS j ON j.asset = x.asset
	WHERE x.value <> 0) AS c
WHERE l.run = ANY (ARRAY(SELECT x.run::bigint FROM @book@.latest_run AS x));
COMMENT ON VIEW @book@.neutral_trades IS 'Portfolio x model x kind of neutrality: what is net, and the one trade, in whole lots, that brings it nearest to nothing. dollar: all exposures together, long and short money alike; delta: each underlying, its options by their delta; beta: each benchmark, what moves with it. Each is neutral to one thing and to nothing else: net_risk_after says what is left.';
COMMENT ON COLUMN @book@.neutral_trades.portfolio IS 'The portfolio.';
COMMENT ON COLUMN @book@.neutral_trades.model IS 'The model.';
COMMENT ON COLUMN @book@.neutral_trades.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.neutral_trades.kind IS 'dollar, delta or beta.';
COMMENT ON COLUMN @book@.neutral_trades.asset IS 'The underlying, or the benchmark, which is what would be traded. NULL: dollar, which any trade of that money would do.';
COMMENT ON COLUMN @book@.neutral_trades.net IS 'dollar: net_delta of view portfolio_risk. delta: delta-equivalent notional of the underlying. beta: sum of exposure x beta to the benchmark. Of legs whose risk is known (dollar: of all), in base currency.';
COMMENT ON COLUMN @book@.neutral_trades.trade_contracts IS 'Contracts of asset to trade, a whole multiple of lot_size; negative to sell; 0 where no lot comes nearer. NULL: dollar, or a contract has no value.';
COMMENT ON COLUMN @book@.neutral_trades.trade IS 'Their value in base currency.';
COMMENT ON COLUMN @book@.neutral_trades.net_after IS 'What is net then.';
COMMENT ON COLUMN @book@.neutral_trades.net_risk_after IS 'Risk of the whole portfolio after this trade alone, one standard deviation per bar in base currency.';
COMMENT ON COLUMN @book@.neutral_trades.carry IS 'Income of a year, in base currency, after this trade: sum of carry (table instrument) x delta-equivalent notional. NULL: carry of something held is not known.';
COMMENT ON COLUMN @book@.neutral_trades.carry_per_risk IS 'carry / (net_risk_after x sqrt(bars_per_year)): a year''s income for each unit of a year''s risk. NULL: carry is, or there is no risk.';
$book_template$::pg_catalog.text$function$;
COMMENT ON FUNCTION hedge.book_template() IS 'SQL that makes the objects of a book. Lines "-- section: NAME [since VERSION | before VERSION]" divide it: what is in every book of this version, what came with a version, and what books made before that version need; book, book_literal, positions, quantity and delta between at signs stand for the schema, the same as a string literal, the relation of positions, its quantity and its delta.';

CREATE FUNCTION hedge._book_parts(
	OUT place bigint, OUT section text, OUT applies text, OUT version integer[], OUT script text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT t.place, h.word[1], h.word[2], string_to_array(h.word[3], '.')::integer[],
		substr(t.part, strpos(t.part, E'\n'))
	FROM string_to_table(hedge.book_template(), E'\n-- section: ') WITH ORDINALITY AS t (part, place)
	CROSS JOIN LATERAL regexp_match(split_part(t.part, E'\n', 1),
		'^(tables|price|position|views)(?: (since|before) (\d+\.\d+\.\d+))?$') AS h (word)
	WHERE t.place > 1;
$function$;
COMMENT ON FUNCTION hedge._book_parts() IS 'The parts of the book template: section is tables, price, position or views; applies since or before a version, or NULL for always. Private.';

CREATE FUNCTION hedge._book_section(section text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT string_agg(p.script, '' ORDER BY p.place)
	FROM hedge._book_parts() AS p
	WHERE p.section = $1 AND p.applies IS DISTINCT FROM 'before';
$function$;
COMMENT ON FUNCTION hedge._book_section(text) IS 'What a book of this version has of a section of the template: tables, price, position or views. Private.';

CREATE FUNCTION hedge._book_changes(sections text[], version text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT string_agg(p.script, '' ORDER BY p.version, p.place)
	FROM hedge._book_parts() AS p
	WHERE p.section = ANY ($1) AND p.version > string_to_array($2, '.')::integer[]
		AND (p.section <> 'views' OR p.applies = 'before');		-- upgrade_book makes all views
$function$;
COMMENT ON FUNCTION hedge._book_changes(text[], text) IS 'What a book of an older version lacks of some sections of the template, version by version; NULL: nothing. Private.';

CREATE FUNCTION hedge._run_template(book regnamespace, script text, marks jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	marks := marks || jsonb_build_object('book', book::text, 'book_literal', quote_literal(book::text));
	-- In one pass, so that what looks like a mark inside a name is left alone.
	SELECT string_agg(CASE WHEN t.place % 2 = 1 THEN t.piece ELSE marks ->> t.piece END, '' ORDER BY t.place)
	INTO STRICT script
	FROM string_to_table(script, '@') WITH ORDINALITY AS t (piece, place);
	EXECUTE script;
END
$function$;
COMMENT ON FUNCTION hedge._run_template(regnamespace, text, jsonb) IS 'Runs a piece of the book template in a book; nothing if it is NULL. Private.';

CREATE FUNCTION hedge._book_objects(OUT section text, OUT kind text, OUT name text, OUT place bigint) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT s.section, o.word[1], o.word[2], row_number() OVER (ORDER BY s.part, o.place)
	FROM unnest(ARRAY['tables', 'price', 'position', 'views']) WITH ORDINALITY AS s (section, part)
	CROSS JOIN LATERAL regexp_matches(hedge._book_section(s.section),
		'CREATE (?:OR REPLACE )?(TABLE|VIEW) @book@\.(\w+)', 'g') WITH ORDINALITY AS o (word, place);
$function$;
COMMENT ON FUNCTION hedge._book_objects() IS 'Tables and views that the book template makes, in the order it makes them. Private.';

CREATE FUNCTION hedge._comment_like(book text, model text, followers text[]) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	command text;
BEGIN
	FOR command IN
		SELECT format('COMMENT ON COLUMN %s.%I IS %L', t.attrelid::regclass, t.attname, col_description(s.attrelid, s.attnum))
		FROM pg_attribute AS s
		JOIN pg_attribute AS t ON t.attname = s.attname AND t.attnum > 0
		JOIN pg_class AS c ON c.oid = t.attrelid
		WHERE s.attrelid = model::regclass AND s.attnum > 0 AND NOT s.attisdropped
			AND col_description(s.attrelid, s.attnum) IS NOT NULL
			AND c.relnamespace = book::regnamespace AND c.relname = ANY (followers)
	LOOP
		EXECUTE command;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge._comment_like(text, text, text[]) IS 'Gives columns of tables and views of a book the comments that columns of their names have in another relation. Private.';

CREATE FUNCTION hedge._visible_books() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname)
	FROM pg_namespace AS n
	JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = 'model_run'
	JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'matrix'
		AND a.atttypid = 'hedge.comoment_matrix'::regtype
	WHERE has_schema_privilege(n.oid, 'USAGE');
$function$;
COMMENT ON FUNCTION hedge._visible_books() IS 'Names of the books that the caller may use, in one line; NULL if there is none. Private.';

CREATE FUNCTION hedge._book(name text) RETURNS regnamespace
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := to_regnamespace(quote_ident(name));
	hint text := coalesce('There are: ' || hedge._visible_books() || '.',
		'There is none yet that you may use. Make one: SELECT hedge.create_book(''desk'');');
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION 'no book is named' USING ERRCODE = 'null_value_not_allowed', HINT = hint;
	ELSIF schema IS NULL OR NOT has_schema_privilege(schema, 'USAGE') THEN
		-- Who may not use it does not learn that it is there.
		RAISE EXCEPTION 'book "%" does not exist', name USING ERRCODE = 'invalid_schema_name', HINT = hint;
	ELSIF NOT EXISTS (
		SELECT FROM pg_class AS c
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'matrix'
			AND a.atttypid = 'hedge.comoment_matrix'::regtype
		WHERE c.relnamespace = schema AND c.relname = 'model_run')
	THEN
		IF 2 = (SELECT count(*) FROM pg_class AS c
			WHERE c.relnamespace = schema AND c.relname IN ('model_run', 'return_block') AND c.relkind = 'r')
		THEN
			RAISE EXCEPTION 'schema "%" was a book, but its matrix columns are gone', name
				USING ERRCODE = 'wrong_object_type',
					DETAIL = 'DROP EXTENSION pghedge CASCADE takes them along.',
					HINT = 'Save what you need of its tables, drop the schema and create the book again.';
		END IF;
		RAISE EXCEPTION 'schema "%" is not a book', name USING ERRCODE = 'wrong_object_type', HINT = hint;
	END IF;
	RETURN schema;
END
$function$;
COMMENT ON FUNCTION hedge._book(text) IS 'The schema of a book; an error that names the books there are if it is none. Private.';

CREATE FUNCTION hedge._own_book(name text) RETURNS regnamespace
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._book(name);
	owner oid := (SELECT n.nspowner FROM pg_namespace AS n WHERE n.oid = schema);
BEGIN
	IF NOT pg_has_role(owner, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of book "%"', name
			USING ERRCODE = 'insufficient_privilege', HINT = format('It belongs to role %s.', owner::regrole);
	ELSIF owner <> current_user::regrole
		AND (SELECT r.rolsuper FROM pg_roles AS r WHERE r.oid = current_user::regrole)
	THEN
		-- A trigger of the owner's would run with all a superuser may.
		RAISE EXCEPTION 'book "%" belongs to role %, whose code a superuser must not run', name, owner::regrole
			USING ERRCODE = 'insufficient_privilege', HINT = 'Connect as that role.';
	ELSIF pg_is_in_recovery() THEN
		RAISE EXCEPTION 'book "%" cannot be changed on a standby', name
			USING ERRCODE = 'read_only_sql_transaction',
				HINT = 'Connect to the primary; what is written there is soon here, too.';
	END IF;
	RETURN schema;
END
$function$;
COMMENT ON FUNCTION hedge._own_book(text) IS 'The schema of a book of the caller''s, to be changed; an error if it is another''s, or the server a standby. A member of the owner''s role passes, and trusts the owner as members do; a superuser does not. Private.';

CREATE FUNCTION hedge._relation(name text, named_in text) RETURNS regclass
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	relation regclass := to_regclass(name);
BEGIN
	IF relation IS NULL THEN
		RAISE EXCEPTION 'relation "%" does not exist', name
			USING ERRCODE = 'undefined_table',
				HINT = format('It is named in %s: create it again or correct its name there.', named_in);
	END IF;
	RETURN relation;
END
$function$;
COMMENT ON FUNCTION hedge._relation(text, text) IS 'The relation of a qualified name that stands in a table; an error if it is gone. Private.';

CREATE FUNCTION hedge._check_column(relation regclass, name text, kind text, required boolean, shape text)
RETURNS regtype
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	shown text;
	relation_kind "char";
	persistence "char";
	found oid;
	base oid;
BEGIN
	SELECT CASE WHEN c.relpersistence = 't' THEN '' ELSE n.nspname || '.' END || c.relname, c.relkind, c.relpersistence
	INTO shown, relation_kind, persistence
	FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE c.oid = relation;
	IF relation_kind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
		RAISE EXCEPTION '"%" is not a table or view', shown USING ERRCODE = 'wrong_object_type', HINT = shape;
	ELSIF persistence = 't' THEN
		RAISE EXCEPTION 'relation "%" is temporary', shown
			USING ERRCODE = 'wrong_object_type', DETAIL = 'A book outlives the session that it would be gone with.',
				HINT = 'Give a permanent table or view.';
	END IF;

	IF NOT has_any_column_privilege(relation, 'SELECT') THEN
		RAISE EXCEPTION 'permission denied for relation "%"', shown
			USING ERRCODE = 'insufficient_privilege',
				HINT = format('GRANT SELECT ON %s TO %I;', relation, current_user);
	END IF;

	SELECT a.atttypid INTO found
	FROM pg_attribute AS a
	WHERE a.attrelid = relation AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped;
	IF found IS NULL THEN
		IF NOT required THEN
			RETURN NULL;
		END IF;
		RAISE EXCEPTION 'relation "%" has no column "%"', shown, name
			USING ERRCODE = 'undefined_column', HINT = shape,
				DETAIL = 'Its columns are: ' || coalesce((
					SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
					FROM pg_attribute AS a
					WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped), 'none') || '.';
	END IF;
	IF NOT has_column_privilege(relation, name, 'SELECT') THEN
		RAISE EXCEPTION 'permission denied for column "%" of relation "%"', name, shown
			USING ERRCODE = 'insufficient_privilege',
				HINT = format('GRANT SELECT ON %s TO %I;', relation, current_user);
	END IF;

	base := found;
	WHILE EXISTS (SELECT FROM pg_type AS t WHERE t.oid = base AND t.typtype = 'd') LOOP
		base := (SELECT t.typbasetype FROM pg_type AS t WHERE t.oid = base);
	END LOOP;
	IF NOT (CASE kind
		WHEN 'number' THEN base IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'float4'::regtype,
			'float8'::regtype, 'numeric'::regtype)
		WHEN 'time' THEN base IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
		WHEN 'instant' THEN base = 'timestamptz'::regtype
		ELSE true END)
	THEN
		RAISE EXCEPTION 'column "%" of relation "%" is of type %', name, shown, format_type(found, NULL)
			USING ERRCODE = 'datatype_mismatch', HINT = shape,
				DETAIL = CASE kind
					WHEN 'number' THEN 'It must be a number: smallint, integer, bigint, real, double precision or numeric.'
					WHEN 'time' THEN 'It must be timestamp with time zone, timestamp without time zone or date.'
					ELSE 'It must be timestamp with time zone.' END;
	END IF;
	RETURN base;
END
$function$;
COMMENT ON FUNCTION hedge._check_column(regclass, text, text, boolean, text) IS 'The base type of a column that must be a number, a time, an instant or anything; NULL if it is missing and may be. Private.';

CREATE FUNCTION hedge._check_positions(relation regclass) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	shape text := 'A relation of positions has the columns portfolio, asset, quantity and, if there are options, delta. A view can give other columns these names.';
	quantity_type regtype;
	delta_type regtype;
	-- A numeric may be larger than any float8, and a cast would fail.
	number text := 'p.%1$s::float8';
	large_number text := 'CASE WHEN p.%1$s > 1e300 AND p.%1$s < ''NaN'' OR p.%1$s < -1e300 THEN float8 ''infinity'' ELSE p.%1$s::float8 END';
BEGIN
	PERFORM hedge._check_column(relation, 'portfolio', 'any', true, shape);
	PERFORM hedge._check_column(relation, 'asset', 'any', true, shape);
	quantity_type := hedge._check_column(relation, 'quantity', 'number', true, shape);
	delta_type := hedge._check_column(relation, 'delta', 'number', false, shape);
	RETURN jsonb_build_object('positions', relation::text,
		'quantity', format(CASE WHEN quantity_type = 'numeric'::regtype THEN large_number ELSE number END, 'quantity'),
		'delta', CASE WHEN delta_type IS NULL THEN 'float8 ''1'''
			ELSE format(CASE WHEN delta_type = 'numeric'::regtype THEN large_number ELSE number END, 'delta') END);
END
$function$;
COMMENT ON FUNCTION hedge._check_positions(regclass) IS 'What a relation of positions, its quantity and its delta are called in the book template; an error if a column is missing or of a wrong type. Private.';

CREATE FUNCTION hedge._check_prices(relation regclass, OUT ts_type regtype, OUT keeps_corrections boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	shape text := 'A relation of prices has the columns asset, ts, price and, if it keeps corrections, recorded_at. A view can give other columns these names.';
BEGIN
	PERFORM hedge._check_column(relation, 'asset', 'any', true, shape);
	ts_type := hedge._check_column(relation, 'ts', 'time', true, shape);
	PERFORM hedge._check_column(relation, 'price', 'number', true, shape);
	keeps_corrections := hedge._check_column(relation, 'recorded_at', 'instant', false, shape) IS NOT NULL;
END
$function$;
COMMENT ON FUNCTION hedge._check_prices(regclass) IS 'Type of column ts of a relation of prices, and whether there is a column recorded_at; an error if a column is missing or of a wrong type. Private.';

CREATE FUNCTION hedge._version() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.extversion FROM pg_extension AS e WHERE e.extname = 'pghedge';
$function$;
COMMENT ON FUNCTION hedge._version() IS 'Version of the extension as installed in this database. Private.';

CREATE FUNCTION hedge.create_book(
	name text,
	positions regclass DEFAULT NULL,
	prices regclass DEFAULT NULL,
	base_currency text DEFAULT 'USD')
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	marks jsonb;
	book regnamespace;
BEGIN
	IF coalesce(name, '') = '' OR octet_length(name) > 63 THEN
		RAISE EXCEPTION 'a book cannot be called %', coalesce(quote_literal(name), 'NULL')
			USING ERRCODE = 'invalid_name', HINT = 'Its name becomes that of a schema: 1 to 63 bytes.';
	ELSIF coalesce(base_currency, '') = '' THEN
		RAISE EXCEPTION 'book "%" needs a base currency', name
			USING ERRCODE = 'invalid_parameter_value', HINT = 'For example: base_currency => ''USD''.';
	ELSIF to_regnamespace(quote_ident(name)) IS NOT NULL AND has_database_privilege(current_database(), 'CREATE') THEN
		RAISE EXCEPTION 'schema "%" already exists', name
			USING ERRCODE = 'duplicate_schema',
				DETAIL = 'A book is a schema of its own.', HINT = 'Choose another name for the book.';
	END IF;
	IF prices IS NOT NULL THEN
		PERFORM hedge._check_prices(prices);
	END IF;
	IF positions IS NOT NULL THEN
		marks := hedge._check_positions(positions);
	END IF;

	EXECUTE format('CREATE SCHEMA %I', name);
	book := to_regnamespace(quote_ident(name));
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', name,
		'Book of pghedge: put prices and positions in, CALL hedge.refresh, read the views.');
	PERFORM hedge._run_template(book, hedge._book_section('tables'), '{}');
	IF prices IS NULL THEN
		PERFORM hedge._run_template(book, hedge._book_section('price'), '{}');
	END IF;
	IF positions IS NULL THEN
		PERFORM hedge._run_template(book, hedge._book_section('position'), '{}');
		marks := hedge._check_positions(format('%I.position', name)::regclass);
	END IF;
	PERFORM hedge._run_template(book, hedge._book_section('views'), marks);
	EXECUTE format('INSERT INTO %I.book (base_currency, prices, positions, version) VALUES ($1, $2, $3, $4)', name)
		USING base_currency, prices::text, positions::text, hedge._version();
END
$function$;
COMMENT ON FUNCTION hedge.create_book(text, regclass, regclass, text) IS 'Makes a book: a schema of the caller''s with tables and views. positions: a relation with columns portfolio, asset, quantity [, delta]; prices: one with asset, ts, price [, recorded_at]; NULL makes a table in the book. base_currency is that of all its money. A delta that is NULL is unknown; without a column delta it is 1. Fails if the schema exists, or if a relation is temporary, lacks a column or has one of a wrong type.';

CREATE FUNCTION hedge._check_version(book text) RETURNS void
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	version text;
BEGIN
	EXECUTE format('SELECT b.version FROM %I.book AS b', book) INTO version;
	IF string_to_array(version, '.')::integer[] > string_to_array(hedge._version(), '.')::integer[] THEN
		RAISE EXCEPTION 'book "%" is of version %, but pghedge of %', book, version, hedge._version()
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'ALTER EXTENSION pghedge UPDATE;';
	ELSIF hedge._book_changes('{tables,price,position,views}', version) IS NOT NULL THEN
		RAISE EXCEPTION 'book "%" is of version %, but pghedge of %', book, version, hedge._version()
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = format('SELECT hedge.upgrade_book(%L);', book);
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._check_version(text) IS 'An error if the tables of a book are not those of this version. Private.';

CREATE FUNCTION hedge._view_rights(book regnamespace)
RETURNS TABLE (view oid, name name, taken text, given text)
LANGUAGE sql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT c.oid, c.relname,
		CASE WHEN r.grantee IS NOT NULL THEN format('REVOKE ALL ON %s.%I FROM %s', book, c.relname, r.grantee) END,
		CASE WHEN r.grantee IS NOT NULL THEN format('GRANT %s%s ON %s.%I TO %s%s', r.privilege_type, ' (' || quote_ident(r.attname) || ')', book, c.relname,
			r.grantee, CASE WHEN r.is_grantable THEN ' WITH GRANT OPTION' END) END
	FROM pg_class AS c
	LEFT JOIN LATERAL (
		SELECT p.attname, x.privilege_type, x.is_grantable,
			CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END AS grantee
		FROM (
			SELECT NULL::name, c.relacl
			UNION ALL
			SELECT a.attname, a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid) AS p (attname, acl)
		CROSS JOIN LATERAL aclexplode(p.acl) AS x
		WHERE x.grantee <> c.relowner) AS r ON true
	WHERE c.relnamespace = book AND c.relkind = 'v';
$function$;
COMMENT ON FUNCTION hedge._view_rights(regnamespace) IS 'Views of a book and the privileges on them, as statements that take and give these. Private.';

CREATE FUNCTION hedge.upgrade_book(name text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET row_security = off		-- rows that a policy hides need what is new, too
AS $function$
DECLARE
	book regnamespace := hedge._own_book(name);
	version text;
	positions text;
	sections text[];
	rights jsonb;
	roles regrole[];
	levels text[];
	restricted boolean;
	command text;
BEGIN
	PERFORM hedge._lock_models(book);
	EXECUTE format('SELECT b.version, b.positions,
		''{tables,views}''::text[] || CASE WHEN b.prices IS NULL THEN ''{price}''::text[] END
			|| CASE WHEN b.positions IS NULL THEN ''{position}''::text[] END
		FROM %s.book AS b FOR UPDATE', book) INTO version, positions, sections;
	IF string_to_array(version, '.')::integer[] > string_to_array(hedge._version(), '.')::integer[] THEN
		PERFORM hedge._check_version(name);
	END IF;
	rights := (SELECT jsonb_agg(to_jsonb(r)) FROM hedge._view_rights(book) AS r);
	SELECT array_agg(g.role), array_agg(g.level) INTO roles, levels FROM hedge._book_grantees(book) AS g;
	restricted := EXISTS (SELECT FROM pg_policy AS k JOIN pg_class AS c ON c.oid = k.polrelid
		WHERE c.relnamespace = book AND k.polname = 'visible_positions');
	IF restricted THEN
		PERFORM hedge.restrict_book(name, false);		-- its policies depend on views
	END IF;
	PERFORM hedge._run_template(book, hedge._book_changes(sections, version), '{}');
	PERFORM hedge._run_template(book, hedge._book_section('views'), hedge._check_positions(
		hedge._relation(coalesce(positions, book || '.position'), book || '.book, column positions')));

	-- What is new is its maker's, who may be another member of the owner's role.
	FOR command IN
		SELECT format('ALTER %s %s.%I OWNER TO %s', o.kind, book, o.name, n.nspowner::regrole)
		FROM hedge._book_objects() AS o
		JOIN pg_namespace AS n ON n.oid = book
		JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = o.name
		WHERE o.section = ANY (sections) AND c.relowner <> n.nspowner
	LOOP
		EXECUTE command;
	END LOOP;

	-- A view that had to be dropped and made again has the rights that it had, and no default ones.
	FOR command IN
		SELECT c.command
		FROM (
			SELECT DISTINCT 1, present.taken
			FROM hedge._view_rights(book) AS present
			JOIN jsonb_to_recordset(rights) AS earlier (view oid, name name) ON earlier.name = present.name
			WHERE earlier.view <> present.view AND present.taken IS NOT NULL
			UNION ALL
			SELECT 2, earlier.given
			FROM jsonb_to_recordset(rights) AS earlier (view oid, name name, given text)
			JOIN pg_class AS present ON present.relnamespace = book AND present.relname = earlier.name
			WHERE earlier.view <> present.oid AND earlier.given IS NOT NULL) AS c (step, command)
		ORDER BY c.step
	LOOP
		EXECUTE command;
	END LOOP;
	PERFORM hedge._grant(book, g.role, g.level) FROM unnest(roles, levels) AS g (role, level);
	IF restricted THEN
		PERFORM hedge.restrict_book(name);
	END IF;
	EXECUTE format('UPDATE %s.book SET version = $1', book) USING hedge._version();
END
$function$;
COMMENT ON FUNCTION hedge.upgrade_book(text) IS 'Brings a book to this version of pghedge, in one transaction: changes its tables where the version says so, keeping every row, and makes its views again, over the relation of positions that the book names now. Rights stay as granted: who had all of a level of hedge.grant_book has them on what is new, too. Waits for a refresh that runs. Only for the book''s owner.';

CREATE FUNCTION hedge.drop_book(name text, force boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET row_security = off		-- rows that a policy hides count, too
AS $function$
DECLARE
	book regnamespace := hedge._own_book(name);
	made text[] := ARRAY['tables'];
	own_prices boolean;
	own_positions boolean;
	command text;
	object text;
	filled boolean;
BEGIN
	PERFORM hedge._lock_models(book);
	EXECUTE format('SELECT b.prices IS NULL, b.positions IS NULL FROM %s.book AS b', book)
		INTO own_prices, own_positions;
	IF own_prices THEN
		made := made || 'price'::text;
	END IF;
	IF own_positions THEN
		made := made || 'position'::text;
	END IF;

	IF force IS NOT TRUE THEN
		FOREACH object IN ARRAY made || 'instrument'::text LOOP
			CONTINUE WHEN object = 'tables';
			EXECUTE format('SELECT EXISTS (SELECT FROM %s.%I)', book, object) INTO filled;
			IF filled THEN
				RAISE EXCEPTION 'table "%" of book "%" holds rows', object, name
					USING ERRCODE = 'object_not_in_prerequisite_state',
						HINT = format('Save what you need, then: SELECT hedge.drop_book(%L, force => true);', name);
			END IF;
		END LOOP;
	END IF;

	-- What the template makes, last made first; what it does not know stays, and with it the schema.
	-- Policies of its tables may depend on its views.
	FOR command IN
		SELECT format('DROP POLICY %I ON %s', k.polname, k.polrelid::regclass)
		FROM pg_policy AS k
		JOIN pg_class AS c ON c.oid = k.polrelid AND c.relnamespace = book
		JOIN hedge._book_objects() AS o ON o.name = c.relname AND o.section = ANY (made)
		UNION ALL
		SELECT *
		FROM (
			SELECT format('DROP %s IF EXISTS %s.%I', o.kind, book, o.name)
			FROM hedge._book_objects() AS o
			WHERE o.section = ANY (made || 'views'::text)
			ORDER BY o.place DESC) AS d
	LOOP
		EXECUTE command;
	END LOOP;
	EXECUTE format('DROP SCHEMA %s', book);
END
$function$;
COMMENT ON FUNCTION hedge.drop_book(text, boolean) IS 'Drops the tables and views of a book, then its schema. Refuses while price, position or instrument hold rows, unless forced; and while anything else stands in the schema or depends on the book. Only for the book''s owner.';
-- Blocks: what a refresh reads, and the aligned returns that it makes of that or keeps.

CREATE TYPE hedge._source AS (
	prices regclass,
	ts_type regtype,
	recorded_until timestamptz,
	override_assets text[],
	override_kinds text[],
	returns_key text
);
COMMENT ON TYPE hedge._source IS 'Where the prices of a refresh come from, and how returns are made of them. Private.';
COMMENT ON COLUMN hedge._source.prices IS 'The relation.';
COMMENT ON COLUMN hedge._source.ts_type IS 'Type of its column ts.';
COMMENT ON COLUMN hedge._source.recorded_until IS 'Prices recorded later are not read. NULL: it has no column recorded_at.';
COMMENT ON COLUMN hedge._source.override_assets IS 'Assets with a return kind of their own.';
COMMENT ON COLUMN hedge._source.override_kinds IS 'Those kinds.';
COMMENT ON COLUMN hedge._source.returns_key IS 'Digest of all that shapes returns.';

CREATE FUNCTION hedge._find_source(book text, settings jsonb, as_of timestamptz) RETURNS hedge._source
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	source hedge._source;
	book_prices text;
	positions text;
	keeps_corrections boolean;
BEGIN
	EXECUTE format('SELECT b.prices, b.positions FROM %I.book AS b', book) INTO STRICT book_prices, positions;

	-- What is read must be as it was when the book was made.
	PERFORM hedge._check_positions(hedge._relation(coalesce(positions, format('%I.position', book)),
		format('%I.book, column positions', book)));
	source.prices := hedge._relation(coalesce(settings ->> 'prices', book_prices, format('%I.price', book)),
		CASE WHEN settings ->> 'prices' IS NULL THEN format('%I.book, column prices', book)
			ELSE format('%I.model, column prices of model %L', book, settings ->> 'model') END);
	SELECT c.ts_type, c.keeps_corrections INTO source.ts_type, keeps_corrections
	FROM hedge._check_prices(source.prices) AS c;
	IF keeps_corrections THEN
		source.recorded_until := as_of;
	END IF;

	EXECUTE format('SELECT array_agg(i.asset ORDER BY i.asset COLLATE "C"), array_agg(i.return_kind ORDER BY i.asset COLLATE "C")
		FROM %I.instrument AS i WHERE i.return_kind <> $1', book)
		INTO source.override_assets, source.override_kinds USING settings ->> 'return_kind';
	source.returns_key := md5(jsonb_build_array(source.prices::text, keeps_corrections, source.override_assets,
		source.override_kinds, settings -> 'return_kind', settings -> 'bar', settings -> 'time_zone', settings -> 'origin',
		settings -> 'calendar_quorum', settings -> 'stale_after', hedge._version())::text);
	RETURN source;
END
$function$;
COMMENT ON FUNCTION hedge._find_source(text, jsonb, timestamptz) IS 'What a refresh with these settings reads; an error if a relation is gone or has not the columns it needs. Private.';

-- For the plans of the statements that follow. A table that another session has locked, as another
-- model's refresh does for this, is as well left as it is, and nobody needs to hear of it.
CREATE FUNCTION hedge._analyze(book text, relation text, VARIADIC columns text[]) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = error
AS $function$
BEGIN
	EXECUTE format('ANALYZE (SKIP_LOCKED) %I.%I (%s)', book, relation,
		(SELECT string_agg(quote_ident(c.name), ', ') FROM unnest(columns) AS c (name)));
END
$function$;
COMMENT ON FUNCTION hedge._analyze(text, text, text[]) IS 'Statistics of some columns of a table of a book, unless it is locked. Private.';

-- Tests make them smaller.
CREATE FUNCTION hedge._block_bars() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 256;
COMMENT ON FUNCTION hedge._block_bars() IS 'Bars of a block of returns; the last one may have fewer. Private.';

CREATE FUNCTION hedge._span_blocks() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 16;
COMMENT ON FUNCTION hedge._span_blocks() IS 'Blocks of a span. Private.';

-- The window, what the next refresh reads again, and what must be known before that bar: which assets
-- were alive at its predecessor, and what they cost there.
CREATE FUNCTION hedge._bars_needed(settings jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (settings ->> 'lookback')::integer + (settings ->> 'reread_bars')::integer + (settings ->> 'stale_after')::integer + 2;
COMMENT ON FUNCTION hedge._bars_needed(jsonb) IS 'Bars that a run with these settings keeps, if there are so many. Private.';

CREATE FUNCTION hedge._instant_of(ts_type regtype, expression text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN ts_type = 'timestamptz'::regtype THEN expression
		ELSE format('timezone($1, (%s)::timestamp)', expression) END;
$function$;
COMMENT ON FUNCTION hedge._instant_of(regtype, text) IS 'SQL for an expression of that type as an instant, with the time zone in $1. Private.';

CREATE FUNCTION hedge._stored_as(ts_type regtype, expression text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN ts_type = 'timestamptz'::regtype THEN expression
		ELSE format('timezone($1, %s)::%s', expression, ts_type) END;
$function$;
COMMENT ON FUNCTION hedge._stored_as(regtype, text) IS 'SQL for an instant in a column of that type, with the time zone in $1: for the index of the column. Private.';

CREATE FUNCTION hedge._price_range(source hedge._source, zone text, as_of timestamptz,
	OUT earliest timestamptz, OUT latest timestamptz)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	EXECUTE format('SELECT %s, %s FROM %s AS p WHERE p.ts > ''-infinity'' AND p.ts <= %s%s',
		hedge._instant_of(source.ts_type, 'min(p.ts)'), hedge._instant_of(source.ts_type, 'max(p.ts)'), source.prices,
		hedge._stored_as(source.ts_type, '$2'),
		CASE WHEN source.recorded_until IS NULL THEN '' ELSE ' AND (p.recorded_at <= $3 OR p.recorded_at IS NULL)' END)
		INTO earliest, latest USING zone, as_of, source.recorded_until;
END
$function$;
COMMENT ON FUNCTION hedge._price_range(hedge._source, text, timestamptz) IS 'Instants of the first and the last price up to as_of, good or not; NULL if there is none. Private.';

CREATE FUNCTION hedge._bar_from_end(book text, blocks bigint[], n integer) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bar timestamptz;
BEGIN
	EXECUTE format($sql$
		SELECT b.bars[b.bar_count - ($2 - b.later)::integer + 1]
		FROM (
			SELECT c.bars, c.bar_count, sum(c.bar_count) OVER (ORDER BY c.first_bar DESC) - c.bar_count AS later
			FROM %I.return_block AS c
			WHERE c.block = ANY ($1)) AS b
		WHERE b.later < $2 AND b.later + b.bar_count >= $2$sql$, book)
		INTO bar USING blocks, n;
	RETURN bar;
END
$function$;
COMMENT ON FUNCTION hedge._bar_from_end(text, bigint[], integer) IS 'Start of the n-th last bar of some blocks, 1 for the last; NULL if there are fewer. Private.';

CREATE FUNCTION hedge._read_blocks(
	book text,
	settings jsonb,
	source hedge._source,
	since timestamptz,
	until timestamptz,
	from_bar timestamptz,
	bars_needed integer,
	bars_wanted integer,
	OUT blocks bigint[],
	OUT trailing_bars timestamptz[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	EXECUTE format($sql$
		WITH read AS MATERIALIZED (
			SELECT b.*, sum(cardinality(b.bars)) OVER (ORDER BY b.first_bar DESC) AS bars_to_end
			FROM hedge.return_blocks(
				prices => %L,
				since => $2,
				until => $3,
				from_bar => $4,
				bar => ($1 ->> 'bar')::interval,
				time_zone => $1 ->> 'time_zone',
				origin => ($1 ->> 'origin')::timestamptz,
				return_kind => $1 ->> 'return_kind',
				override_assets => $5,
				override_kinds => $6,
				calendar_quorum => ($1 ->> 'calendar_quorum')::float8,
				stale_after => ($1 ->> 'stale_after')::integer,
				recorded_until => $7,
				block_bars => hedge._block_bars()) AS b
		), made AS (
			INSERT INTO %I.return_block (model, first_bar, last_bar, bars, assets, returns, last_price,
				last_price_time, priced_bars, non_positive, not_finite, contradictory, gap_moves, largest_gap_move,
				largest_gap_bar, opening_price, opening_bar, closing_price, unchanged, frozen)
			SELECT $1 ->> 'model', r.first_bar, r.last_bar, r.bars, r.assets, r.returns, r.last_price,
				r.last_price_time, r.priced_bars, r.non_positive, r.not_finite, r.contradictory, r.gap_moves,
				r.largest_gap_move, r.largest_gap_bar, r.opening_price, r.opening_bar, r.closing_price, r.unchanged, r.frozen
			FROM read AS r
			WHERE r.bars_to_end - cardinality(r.bars) < $9
				AND (SELECT max(n.bars_to_end) FROM read AS n) >= $8
			ORDER BY r.first_bar
			RETURNING block, first_bar
		)
		SELECT array_agg(m.block ORDER BY m.first_bar),
			(SELECT r.trailing_bars FROM read AS r ORDER BY r.first_bar DESC LIMIT 1)
		FROM made AS m$sql$, source.prices::text, book)
		INTO blocks, trailing_bars
		USING settings, since, until, from_bar, source.override_assets, source.override_kinds, source.recorded_until,
			bars_needed, bars_wanted;
END
$function$;
COMMENT ON FUNCTION hedge._read_blocks(text, jsonb, hedge._source, timestamptz, timestamptz, timestamptz, integer, integer) IS 'Makes the blocks of the last bars_wanted bars from from_bar to until, reading prices since an earlier instant; none if there are fewer than bars_needed. trailing_bars: those after them that are not in the calendar. Private.';

CREATE FUNCTION hedge._all_blocks(book text, settings jsonb, source hedge._source, as_of timestamptz, needed integer,
	OUT blocks bigint[], OUT trailing_bars timestamptz[], OUT history_start timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bar interval := (settings ->> 'bar')::interval;
	prices record;
	since timestamptz;
BEGIN
	prices := hedge._price_range(source, settings ->> 'time_zone', as_of);
	IF prices.latest IS NULL THEN
		RAISE EXCEPTION 'relation "%" has no price up to %', source.prices, as_of
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Load prices first, or give a later as_of.';
	END IF;

	-- How far back, nobody knows before: twice as many bars as needed if none were left out, then four times ...
	FOR doubling IN 1..60 LOOP
		since := CASE WHEN extract(epoch FROM bar) * needed * 2 ^ doubling >= extract(epoch FROM prices.latest - prices.earliest)
			THEN '-infinity' ELSE prices.latest - bar * (needed * 2 ^ doubling) END;
		SELECT r.blocks, r.trailing_bars INTO blocks, trailing_bars
		FROM hedge._read_blocks(book, settings, source, since, as_of, '-infinity',
			CASE WHEN since = '-infinity' THEN 0 ELSE needed END, needed) AS r;
		EXIT WHEN blocks IS NOT NULL OR since = '-infinity';
	END LOOP;
	IF blocks IS NULL THEN
		RAISE EXCEPTION 'no return can be made from the prices in "%"', source.prices
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'There are not two bars in the calendar with a good price of one asset.',
				HINT = format('Look at the model''s settings bar (now %s) and calendar_quorum (now %s).',
					settings ->> 'bar', settings ->> 'calendar_quorum');
	END IF;
	IF since = '-infinity' THEN
		history_start := prices.earliest;
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._all_blocks(text, jsonb, hedge._source, timestamptz, integer) IS 'Makes all blocks anew, back to the bars needed. history_start: the first price, if all were read. Private.';

CREATE FUNCTION hedge._moved_assets(book text, source hedge._source, zone text, kept bigint[], made bigint,
	OUT added text[], OUT lost text[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	-- In the column's own type, for its index.
	asset_type text := (SELECT format_type(a.atttypid, -1) FROM pg_attribute AS a
		WHERE a.attrelid = source.prices AND a.attname = 'asset' AND NOT a.attisdropped);
	first_bar timestamptz;
	end_bar timestamptz;
BEGIN
	-- Mostly all blocks have the same assets, and one array stands for them all.
	EXECUTE format($sql$
		WITH kept AS MATERIALIZED (
			SELECT DISTINCT t.asset
			FROM (SELECT DISTINCT b.assets FROM %1$I.return_block AS b WHERE b.block = ANY ($1)) AS d
			CROSS JOIN LATERAL unnest(d.assets) AS t (asset)
		), new AS MATERIALIZED (
			SELECT t.asset
			FROM %1$I.return_block AS b CROSS JOIN LATERAL unnest(b.assets) AS t (asset)
			WHERE b.block = $2
		)
		SELECT ARRAY(SELECT n.asset FROM new AS n EXCEPT SELECT k.asset FROM kept AS k),
			ARRAY(SELECT k.asset FROM kept AS k EXCEPT SELECT n.asset FROM new AS n),
			(SELECT min(b.first_bar) FROM %1$I.return_block AS b WHERE b.block = ANY ($1)),
			(SELECT b.first_bar FROM %1$I.return_block AS b WHERE b.block = $2)$sql$, book)
		INTO added, lost, first_bar, end_bar USING kept, made;
	IF added <> '{}' THEN
		EXECUTE format('SELECT ARRAY(SELECT t.asset FROM unnest($2) AS t (asset) WHERE EXISTS (
				SELECT FROM %s AS p WHERE p.asset = t.asset::%s AND p.ts >= %s AND p.ts < %s%s))',
			source.prices, asset_type, hedge._stored_as(source.ts_type, '$3'), hedge._stored_as(source.ts_type, '$4'),
			CASE WHEN source.recorded_until IS NULL THEN '' ELSE ' AND (p.recorded_at <= $5) IS NOT FALSE' END)
			INTO added USING zone, added, first_bar, end_bar, source.recorded_until;
	END IF;
	IF lost <> '{}' THEN
		EXECUTE format('SELECT ARRAY(SELECT t.asset FROM unnest($1) AS t (asset) WHERE NOT EXISTS (
				SELECT FROM %s AS p WHERE p.asset = t.asset::%s))', source.prices, asset_type)
			INTO lost USING lost;
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._moved_assets(text, hedge._source, text, bigint[], bigint) IS 'Assets of a new block that the kept ones before it lack although they have prices there; and those in them that have no price any more. Private.';

-- The blocks of a run. Those of the run before, if its settings were the same, are kept up to the
-- bar from which prices may have changed; from there prices are read again.
--
-- A bar is the same whether read with all of history or with stale_after + 2 calendar bars before
-- it. So a build from nothing reads that many more bars, and no bar that lacks them is used. Where
-- history is shorter than that, blocks are kept if it still begins where it did.
CREATE FUNCTION hedge._return_blocks(
	book text,
	settings jsonb,
	source hedge._source,
	as_of timestamptz,
	changed_from timestamptz,
	OUT blocks bigint[],
	OUT reused integer,
	OUT trailing_bars timestamptz[],
	OUT history_start timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	context integer := (settings ->> 'stale_after')::integer + 2;
	needed integer := hedge._bars_needed(settings);
	zone text := settings ->> 'time_zone';
	earlier record;
	reread timestamptz;
	changed timestamptz;
	old record;
	since timestamptz;
	made bigint[];
	added text[];
	lost text[];
BEGIN
	-- Of the last run alone: what was corrected since an older one, a refresh or rebuild after it has read.
	EXECUTE format('SELECT r.blocks, r.recorded_until, r.history_start
		FROM (SELECT * FROM %I.model_run AS x WHERE x.model = $1 ORDER BY x.run DESC LIMIT 1) AS r
		WHERE r.as_of <= $2 AND r.returns_key = $3', book)
		INTO earlier USING settings ->> 'model', as_of, source.returns_key;

	IF earlier.blocks IS NOT NULL THEN
		IF source.recorded_until IS NOT NULL THEN
			-- An hour more, for rows whose transaction was still open then.
			EXECUTE format('SELECT %s FROM %s AS p WHERE p.recorded_at > $3 AND p.recorded_at <= $4 AND p.ts <= %s',
				hedge._instant_of(source.ts_type, 'min(p.ts)'), source.prices, hedge._stored_as(source.ts_type, '$2'))
				INTO changed
				USING zone, as_of, earlier.recorded_until - interval '1 hour', source.recorded_until;
		END IF;
		reread := least(changed_from, changed, coalesce(
			hedge._bar_from_end(book, earlier.blocks, (settings ->> 'reread_bars')::integer), '-infinity'));
		EXECUTE format($sql$
			SELECT array_agg(b.block ORDER BY b.first_bar) FILTER (WHERE b.first_bar < f.first_bar) AS kept, f.first_bar,
				sum(b.bar_count)::integer AS bars, sum(b.bar_count) FILTER (WHERE b.first_bar >= f.first_bar)::integer AS bars_again
			FROM %1$I.return_block AS b
			CROSS JOIN (
				SELECT max(c.first_bar) AS first_bar
				FROM %1$I.return_block AS c
				WHERE c.block = ANY ($1) AND c.first_bar <= $2) AS f
			WHERE b.block = ANY ($1)
			GROUP BY f.first_bar$sql$, book)
			INTO old USING earlier.blocks, reread;
		since := hedge._bar_from_end(book, earlier.blocks, old.bars_again + context);
		IF since IS NOT NULL
			AND (old.bars >= needed OR earlier.history_start = (hedge._price_range(source, zone, as_of)).earliest)
		THEN
			SELECT r.blocks, r.trailing_bars INTO made, trailing_bars
			FROM hedge._read_blocks(book, settings, source, since, as_of, old.first_bar, 0, needed) AS r;
			SELECT m.added, m.lost INTO added, lost
			FROM hedge._moved_assets(book, source, zone, old.kept, made[1]) AS m;
			IF added <> '{}' THEN
				RAISE NOTICE 'model "%": all returns are made anew: assets are new, but have older prices, too',
					settings ->> 'model' USING DETAIL = format('Assets: %s.', hedge._listed(added));
			END IF;
			IF lost <> '{}' THEN
				RAISE NOTICE 'model "%": all returns are made anew: assets have no price any more',
					settings ->> 'model' USING DETAIL = format('Assets: %s.', hedge._listed(lost));
			END IF;
		END IF;
	END IF;

	IF made IS NOT NULL AND added = '{}' AND lost = '{}' THEN
		history_start := earlier.history_start;
		blocks := old.kept || made;
	ELSE
		SELECT a.blocks, a.trailing_bars, a.history_start INTO blocks, trailing_bars, history_start
		FROM hedge._all_blocks(book, settings, source, as_of, needed) AS a;
		made := blocks;
	END IF;

	-- Leading blocks that neither the window nor the next refresh needs are let go.
	EXECUTE format($sql$
		SELECT array_agg(c.block ORDER BY c.first_bar), CASE WHEN sum(c.bar_count) < $2 THEN $3 END
		FROM (
			SELECT b.block, b.first_bar, b.bar_count,
				sum(b.bar_count) OVER (ORDER BY b.first_bar DESC) - b.bar_count AS later_bars
			FROM %I.return_block AS b
			WHERE b.block = ANY ($1)) AS c
		WHERE c.later_bars < $2$sql$, book)
		INTO blocks, history_start USING blocks, needed, history_start;
	reused := cardinality(blocks) - cardinality(made);
END
$function$;
COMMENT ON FUNCTION hedge._return_blocks(text, jsonb, hedge._source, timestamptz, timestamptz) IS 'Makes the blocks of returns that a run needs, reusing those of the run before up to the bar from which prices may have changed; and the bars after them that are not in the calendar. changed_from: -infinity to make all anew. history_start: the first price of all, if the blocks begin there and there are fewer bars than needed. Private.';
-- Run: what a refresh writes of the blocks it has. Each step but the first is told the run alone: what
-- the run was made with stands in its row.

CREATE FUNCTION hedge._price_counts(book text, spans bigint[], blocks bigint[], counted_from timestamptz,
	return_kind text, override_assets text[], override_kinds text[])
RETURNS TABLE (asset text, price float8, price_time timestamptz, in_window boolean, priced_bars integer, non_positive integer,
	not_finite integer, contradictory integer, gap_moves integer, largest_gap_move float8, largest_gap_bar timestamptz,
	opening_price float8, opening_bar timestamptz, closing_price float8, unchanged integer, frozen integer)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 1000
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off		-- the planner expects few rows of a function or an array
AS $function$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH spanned AS MATERIALIZED (
			SELECT unnest(s.blocks) AS block FROM %1$I.return_span AS s WHERE s.span = ANY ($1)
		), part AS (
			SELECT s.first_bar, true AS in_window, s.assets, s.last_price, s.last_price_time, s.priced_bars, s.non_positive,
				s.not_finite, s.contradictory, s.gap_moves, s.largest_gap_move, s.largest_gap_bar, s.opening_price, s.opening_bar,
				s.closing_price, s.unchanged, s.frozen
			FROM %1$I.return_span AS s
			WHERE s.span = ANY ($1)
			UNION ALL
			SELECT b.first_bar, b.last_bar >= $3, b.assets, b.last_price, b.last_price_time, b.priced_bars, b.non_positive,
				b.not_finite, b.contradictory, b.gap_moves, b.largest_gap_move, b.largest_gap_bar, b.opening_price, b.opening_bar,
				b.closing_price, b.unchanged, b.frozen
			FROM %1$I.return_block AS b
			WHERE b.block = ANY ($2) AND NOT EXISTS (SELECT FROM spanned AS n WHERE n.block = b.block)
		), asset_part AS MATERIALIZED (
			SELECT p.first_bar, p.in_window, u.*
			FROM part AS p
			CROSS JOIN LATERAL unnest(p.assets, p.last_price, p.last_price_time, p.priced_bars, p.non_positive, p.not_finite,
				p.contradictory, p.gap_moves, p.largest_gap_move, p.largest_gap_bar, p.opening_price, p.opening_bar, p.closing_price,
				p.unchanged, p.frozen)
				AS u (asset, price, price_time, priced_bars, non_positive, not_finite, contradictory, gap_moves, largest_gap_move,
					largest_gap_bar, opening_price, opening_bar, closing_price, unchanged, frozen)
		), opening AS MATERIALIZED (
			-- before: the close before a gap that a part begins with, or began in
			SELECT o.asset, o.first_bar, o.in_window, o.opening_price, o.opening_bar,
				(array_agg(c.closing_price ORDER BY c.first_bar DESC))[1] AS before
			FROM asset_part AS o
			LEFT JOIN asset_part AS c ON c.asset = o.asset AND c.first_bar < o.first_bar AND c.closing_price IS NOT NULL
			WHERE o.opening_price IS NOT NULL
			GROUP BY o.asset, o.first_bar, o.in_window, o.opening_price, o.opening_bar
		), gap AS (
			SELECT g.asset, sum(g.moves) AS moves,
				(array_agg(g.move ORDER BY abs(g.move) DESC NULLS LAST, g.bar))[1] AS move,
				(array_agg(g.bar ORDER BY abs(g.move) DESC NULLS LAST, g.bar))[1] AS bar
			FROM (
				SELECT a.asset, a.gap_moves AS moves, a.largest_gap_move AS move, a.largest_gap_bar AS bar
				FROM asset_part AS a
				WHERE a.in_window AND a.gap_moves > 0
				UNION ALL
				SELECT o.asset, 1,
					CASE coalesce(k.return_kind, $4)
						WHEN 'difference' THEN o.opening_price - o.before
						WHEN 'log' THEN ln(o.opening_price) - ln(o.before)
						ELSE CASE WHEN o.before >= 1e-150 THEN (o.opening_price - o.before) / o.before END
					END,
					o.opening_bar
				FROM opening AS o
				LEFT JOIN unnest($5, $6) AS k (asset, return_kind) ON k.asset = o.asset
				WHERE o.in_window AND o.before IS NOT NULL) AS g
			GROUP BY g.asset
		)
		SELECT t.asset, t.price, t.price_time, t.in_window, t.priced_bars, t.non_positive, t.not_finite, t.contradictory,
			coalesce(g.moves, 0)::integer, g.move, CASE WHEN g.move IS NOT NULL THEN g.bar END,
			o.opening_price, o.opening_bar, t.closing_price, t.unchanged, t.frozen
		FROM (
			SELECT u.asset,
				(array_agg(u.price ORDER BY u.price_time DESC NULLS LAST))[1] AS price,
				max(u.price_time) AS price_time,
				bool_or(u.in_window) AS in_window,
				coalesce(sum(u.priced_bars) FILTER (WHERE u.in_window), 0)::integer AS priced_bars,
				coalesce(sum(u.non_positive) FILTER (WHERE u.in_window), 0)::integer AS non_positive,
				coalesce(sum(u.not_finite) FILTER (WHERE u.in_window), 0)::integer AS not_finite,
				coalesce(sum(u.contradictory) FILTER (WHERE u.in_window), 0)::integer AS contradictory,
				(array_agg(u.closing_price ORDER BY u.closing_price IS NULL, u.first_bar DESC))[1] AS closing_price,
				coalesce(sum(u.unchanged) FILTER (WHERE u.in_window), 0)::integer AS unchanged,
				coalesce(sum(u.frozen) FILTER (WHERE u.in_window), 0)::integer AS frozen
			FROM asset_part AS u
			GROUP BY u.asset) AS t
		LEFT JOIN gap AS g ON g.asset = t.asset
		LEFT JOIN opening AS o ON o.asset = t.asset AND o.before IS NULL$sql$, book)
		USING spans, blocks, counted_from, return_kind, override_assets, override_kinds;
END
$function$;
COMMENT ON FUNCTION hedge._price_counts(text, bigint[], bigint[], timestamptz, text, text[], text[]) IS 'Per asset of some blocks: last price of all, what is counted in those that reach beyond counted_from, and the moves over gaps that end there, those from one block into another included. Blocks that are in one of the spans are taken from there. Private.';

-- What a run's matrix and counts are added up from: spans of blocks wholly inside the window, summed
-- once and shared by runs, and the blocks at both ends of it. What a refresh sums then does not grow
-- with the window, but for one addition a span.
CREATE FUNCTION hedge._spans(book text, settings jsonb, source hedge._source, blocks bigint[], window_start timestamptz,
	settled_before timestamptz)
RETURNS bigint[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	s record;
	spans bigint[] := '{}';
	covered bigint[] := '{}';
	covered_until timestamptz := '-infinity';
BEGIN
	FOR s IN EXECUTE format('SELECT x.span, x.first_bar, x.last_bar, x.blocks FROM %I.return_span AS x
		WHERE x.model = $1 AND x.first_bar >= $2 AND x.blocks <@ $3
		ORDER BY x.first_bar, x.span', book)
		USING settings ->> 'model', window_start, blocks
	LOOP
		IF s.first_bar > covered_until THEN
			spans := spans || s.span;
			covered := covered || s.blocks;
			covered_until := s.last_bar;
		END IF;
	END LOOP;

	-- New ones of as many blocks in a row as a span has, none of which the next refresh will read again.
	EXECUTE format($sql$
		WITH block AS MATERIALIZED (
			SELECT b.block, b.first_bar, b.last_bar, b.block = ANY ($5) OR b.last_bar >= $4 AS is_taken,
				row_number() OVER (ORDER BY b.first_bar) AS place
			FROM %1$I.return_block AS b
			WHERE b.block = ANY ($2) AND b.first_bar >= $3
		), part AS MATERIALIZED (
			SELECT min(f.first_bar) AS first_bar, max(f.last_bar) AS last_bar, array_agg(f.block ORDER BY f.first_bar) AS blocks
			FROM (
				SELECT r.*, (row_number() OVER (PARTITION BY r.row_of ORDER BY r.place) - 1) / $6 AS part
				FROM (SELECT b.*, b.place - row_number() OVER (ORDER BY b.place) AS row_of FROM block AS b WHERE NOT b.is_taken) AS r) AS f
			GROUP BY f.row_of, f.part
			HAVING count(*) = $6
		), made AS (
			INSERT INTO %1$I.return_span (model, first_bar, last_bar, blocks, matrix, assets, last_price, last_price_time,
				priced_bars, non_positive, not_finite, contradictory, gap_moves, largest_gap_move, largest_gap_bar, opening_price,
				opening_bar, closing_price, unchanged, frozen)
			SELECT $1, p.first_bar, p.last_bar, p.blocks, m.matrix, a.*
			FROM part AS p
			CROSS JOIN LATERAL (
				SELECT hedge.comoment_matrix(b.assets, b.returns) AS matrix
				FROM (SELECT c.assets, c.returns FROM %1$I.return_block AS c WHERE c.block = ANY (p.blocks) ORDER BY c.first_bar) AS b) AS m
			CROSS JOIN LATERAL (
				SELECT array_agg(u.asset ORDER BY u.asset COLLATE "C"), array_agg(u.price ORDER BY u.asset COLLATE "C"),
					array_agg(u.price_time ORDER BY u.asset COLLATE "C"), array_agg(u.priced_bars ORDER BY u.asset COLLATE "C"),
					array_agg(u.non_positive ORDER BY u.asset COLLATE "C"), array_agg(u.not_finite ORDER BY u.asset COLLATE "C"),
					array_agg(u.contradictory ORDER BY u.asset COLLATE "C"), array_agg(u.gap_moves ORDER BY u.asset COLLATE "C"),
					array_agg(u.largest_gap_move ORDER BY u.asset COLLATE "C"), array_agg(u.largest_gap_bar ORDER BY u.asset COLLATE "C"),
					array_agg(u.opening_price ORDER BY u.asset COLLATE "C"), array_agg(u.opening_bar ORDER BY u.asset COLLATE "C"),
					array_agg(u.closing_price ORDER BY u.asset COLLATE "C"), array_agg(u.unchanged ORDER BY u.asset COLLATE "C"),
					array_agg(u.frozen ORDER BY u.asset COLLATE "C")
				FROM hedge._price_counts($8, '{}', p.blocks, '-infinity', $9, $10, $11) AS u) AS a
			RETURNING span, first_bar
		)
		SELECT array_agg(x.span ORDER BY x.first_bar)
		FROM (
			SELECT k.span, k.first_bar FROM %1$I.return_span AS k WHERE k.span = ANY ($7)
			UNION ALL
			SELECT n.span, n.first_bar FROM made AS n) AS x$sql$, book)
		INTO spans
		USING settings ->> 'model', blocks, window_start, settled_before, covered, hedge._span_blocks(), spans, book,
			settings ->> 'return_kind', source.override_assets, source.override_kinds;
	RETURN coalesce(spans, '{}');
END
$function$;
COMMENT ON FUNCTION hedge._spans(text, jsonb, hedge._source, bigint[], timestamptz, timestamptz) IS 'The spans in a window of these blocks, in time order: those that there are, and new ones of what lies between them before settled_before. Private.';

CREATE FUNCTION hedge._add_run(book text, settings jsonb, source hedge._source, as_of timestamptz,
	blocks bigint[], trailing_bars timestamptz[], history_start timestamptz)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	all_bars integer;
	window_bars integer;
	window_start timestamptz;
	spans bigint[];
	run bigint;
BEGIN
	EXECUTE format('SELECT sum(b.bar_count) FROM %I.return_block AS b WHERE b.block = ANY ($1)', book)
		INTO all_bars USING blocks;
	window_bars := least((settings ->> 'lookback')::integer, all_bars);
	window_start := hedge._bar_from_end(book, blocks, window_bars);
	spans := hedge._spans(book, settings, source, blocks, window_start,
		hedge._bar_from_end(book, blocks, least((settings ->> 'reread_bars')::integer, all_bars)));

	EXECUTE format($sql$
		WITH block AS MATERIALIZED (
			SELECT b.block, b.first_bar, b.bar_count, b.bars, b.assets, b.returns
			FROM %1$I.return_block AS b
			WHERE b.block = ANY ($4) AND b.last_bar >= $3
		), spanned AS MATERIALIZED (
			SELECT unnest(s.blocks) AS block FROM %1$I.return_span AS s WHERE s.span = ANY ($5)
		), matrix AS MATERIALIZED (
			SELECT hedge.rollup(m.matrix ORDER BY m.first_bar) AS matrix
			FROM (
				SELECT s.first_bar, s.matrix FROM %1$I.return_span AS s WHERE s.span = ANY ($5)
				UNION ALL
				SELECT 'infinity', hedge.comoment_matrix(l.assets, CASE WHEN l.first_bar >= $3 THEN l.returns
					ELSE l.returns[:][1 + (SELECT count(*)::integer FROM unnest(l.bars) AS t (bar) WHERE t.bar < $3):] END)
				FROM (
					SELECT b.*
					FROM block AS b
					WHERE NOT EXISTS (SELECT FROM spanned AS n WHERE n.block = b.block)
					ORDER BY b.first_bar) AS l) AS m
		)
		INSERT INTO %1$I.model_run (model, as_of, window_start, window_end, bars, assets, matrix, repaired, blocks, spans,
			counted_bars, trailing_bars, history_start, settings, recorded_until, returns_key, pghedge_version)
		SELECT $1 ->> 'model', $2, $3, $6, $7, cardinality(hedge.assets(x.matrix)), x.matrix, false, $4, $5,
			(SELECT sum(b.bar_count) FROM block AS b), $8, $9, $1, $10, $11, hedge._version()
		FROM matrix AS x
		RETURNING run$sql$, book)
		INTO run
		USING settings, as_of, window_start, blocks, spans, hedge._bar_from_end(book, blocks, 1), window_bars, trailing_bars,
			history_start, source.recorded_until, source.returns_key;
	RETURN run;
END
$function$;
COMMENT ON FUNCTION hedge._add_run(text, jsonb, hedge._source, timestamptz, bigint[], timestamptz[], timestamptz) IS 'Writes a run: its window and the co-moments of every pair in it. Private.';

CREATE FUNCTION hedge._recent_bars(book text, run bigint, source hedge._source) RETURNS timestamptz[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	k record;
	stale_after integer;
	recent timestamptz;
BEGIN
	EXECUTE format($sql$
		SELECT r.as_of, r.settings, r.blocks, sum(b.bar_count)::integer AS bars
		FROM %1$I.model_run AS r JOIN %1$I.return_block AS b ON b.block = ANY (r.blocks)
		WHERE r.run = $1
		GROUP BY r.run$sql$, book)
		INTO STRICT k USING run;
	stale_after := (k.settings ->> 'stale_after')::integer;
	recent := hedge._bar_from_end(book, k.blocks, least(stale_after + 2, k.bars));
	RETURN recent || ARRAY(
		SELECT t.bar
		FROM hedge.return_blocks(
			prices => source.prices::text,
			since => recent,
			until => k.as_of,
			bar => (k.settings ->> 'bar')::interval,
			time_zone => k.settings ->> 'time_zone',
			origin => (k.settings ->> 'origin')::timestamptz,
			return_kind => k.settings ->> 'return_kind',
			override_assets => source.override_assets,
			override_kinds => source.override_kinds,
			calendar_quorum => 0,
			stale_after => stale_after,
			recorded_until => source.recorded_until) AS b
		CROSS JOIN LATERAL unnest(b.bars) AS t (bar)
		WHERE t.bar > recent
		ORDER BY t.bar);
END
$function$;
COMMENT ON FUNCTION hedge._recent_bars(text, bigint, hedge._source) IS 'Starts of all bars in which some asset has a price, in the calendar or not, from the one stale_after + 2 bars of the calendar before the end of a run. Private.';

-- How long an asset is away counts all bars in which some asset has a price, as its being alive does:
-- those that are not in the calendar, too. Before the recent ones it counts those of the calendar.
CREATE FUNCTION hedge._add_assets(book text, run bigint, source hedge._source) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off		-- the planner expects few rows of a function or an array
AS $function$
DECLARE
	k record;
	oldest timestamptz;
BEGIN
	EXECUTE format('SELECT r.window_start, r.blocks, r.spans, r.settings FROM %I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT k USING run;
	-- What lies before the bars that every build of this run needs, one build knows and another does not.
	oldest := coalesce(hedge._bar_from_end(book, k.blocks, hedge._bars_needed(k.settings)), '-infinity');
	EXECUTE format($sql$
		WITH block AS MATERIALIZED (
			SELECT b.first_bar, b.bars, row_number() OVER (ORDER BY b.first_bar) AS place,
				sum(b.bar_count) OVER (ORDER BY b.first_bar DESC) AS bars_to_end
			FROM %1$I.return_block AS b
			WHERE b.block = ANY ($3)
		), calendar AS MATERIALIZED (
			SELECT array_agg(b.first_bar ORDER BY b.first_bar) AS first_bars, max(b.bars_to_end) AS bars FROM block AS b
		), asset AS (
			SELECT c.*,
				CASE WHEN b.place IS NULL THEN l.bars ELSE b.bars_to_end - width_bucket(c.price_time, b.bars) END AS bars_after,
				cardinality($6) - width_bucket(c.price_time, $6) AS recent_bars_after,
				l.bars
			FROM (
				SELECT p.asset, CASE WHEN p.price_time >= $9 THEN p.price END AS price,
					CASE WHEN p.price_time >= $9 THEN p.price_time END AS price_time,
					p.in_window, p.priced_bars, p.non_positive, p.not_finite, p.contradictory, p.gap_moves, p.largest_gap_move,
					p.largest_gap_bar, p.unchanged, p.frozen
				FROM hedge._price_counts($2, $4, $3, $5, $10, $7, $8) AS p
				WHERE p.price_time >= $9 OR p.non_positive + p.not_finite + p.contradictory > 0) AS c
			CROSS JOIN calendar AS l
			LEFT JOIN block AS b ON b.place = width_bucket(c.price_time, l.first_bars)
		), estimate AS (
			SELECT a.*, r.as_of, r.settings, r.bars AS window_bars,
				coalesce(k.return_kind, r.settings ->> 'return_kind') AS return_kind,
				CASE WHEN a.in_window THEN hedge.observations(r.matrix, a.asset, a.asset)::integer ELSE 0 END AS observations,
				CASE WHEN a.in_window THEN hedge.volatility(r.matrix, a.asset) END AS volatility,
				(CASE WHEN a.price_time >= $6[1] THEN a.recent_bars_after
					WHEN a.price_time < $6[1] THEN a.recent_bars_after - 1
						+ a.bars_after - (least((r.settings ->> 'stale_after')::integer + 2, a.bars) - 1)
				END)::integer AS stale_bars
			FROM asset AS a
			CROSS JOIN %1$I.model_run AS r
			LEFT JOIN unnest($7, $8) AS k (asset, return_kind) ON k.asset = a.asset
			WHERE r.run = $1
		)
		INSERT INTO %1$I.run_asset (run, asset, return_kind, price, price_time, volatility, observations,
			missing_returns, priced_bars, non_positive, not_finite, contradictory, stale_bars, stale, note,
			gap_moves, largest_gap_move, largest_gap_bar, unchanged, frozen)
		SELECT $1, e.asset, e.return_kind, e.price + 0, e.price_time,
			CASE WHEN e.observations >= (e.settings ->> 'minimum_observations')::integer AND e.volatility <= 1e50
				THEN e.volatility END,
			e.observations, e.window_bars - e.observations,
			e.priced_bars, e.non_positive, e.not_finite, e.contradictory,
			e.stale_bars,
			e.stale_bars > (e.settings ->> 'stale_after')::integer
				OR extract(epoch FROM e.as_of - e.price_time) > extract(epoch FROM (e.settings ->> 'bar')::interval)
					* 2 * greatest(1, (e.settings ->> 'stale_after')::integer),
			CASE
				WHEN e.observations < (e.settings ->> 'minimum_observations')::integer
				THEN e.observations || ' returns of ' || (e.settings ->> 'minimum_observations') || ' needed'
				WHEN (e.volatility <= 1e50) IS NOT TRUE THEN 'volatility is out of range'
			END,
			e.gap_moves, e.largest_gap_move, e.largest_gap_bar, e.unchanged, e.frozen
		FROM estimate AS e$sql$, book)
		USING run, book, k.blocks, k.spans, k.window_start, hedge._recent_bars(book, run, source),
			source.override_assets, source.override_kinds, oldest, k.settings ->> 'return_kind';
END
$function$;
COMMENT ON FUNCTION hedge._add_assets(text, bigint, hedge._source) IS 'Writes what a run found out about each asset. Private.';

CREATE FUNCTION hedge._repair(book text, run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	gaps boolean;
BEGIN
	-- Where no return is missing, correlations are positive semi-definite by construction.
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.run_asset AS a WHERE a.run = $1 AND a.missing_returns > 0)', book)
		INTO gaps USING run;
	IF gaps THEN
		EXECUTE format($sql$
			UPDATE %1$I.model_run AS r
			SET smallest_eigenvalue = v.smallest,
				repaired = v.smallest < v.rounding,
				psd_matrix = CASE WHEN v.smallest < v.rounding THEN hedge.nearest_psd(r.matrix) END
			FROM (
				-- what hedge.nearest_psd leaves alone
				SELECT min(t.eigenvalue) AS smallest, -8 * count(*) * 2.0::float8 ^ -52 * max(t.eigenvalue) AS rounding
				FROM %1$I.model_run AS k CROSS JOIN LATERAL unnest(hedge.eigenvalues(k.matrix)) AS t (eigenvalue)
				WHERE k.run = $1) AS v
			WHERE r.run = $1$sql$, book)
			USING run;
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._repair(text, bigint) IS 'Where returns are missing, looks whether the correlations of a run are positive semi-definite, and stores the nearest that are if not. Private.';

CREATE FUNCTION hedge._add_snapshot(book text, run bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	pairs bigint;
BEGIN
	EXECUTE format($sql$
		INSERT INTO %1$I.offset_snapshot
		SELECT $1, h.portfolio, o.pair_rank, o.asset_a, o.asset_b, o.side_a, o.side_b, o.quantity_a, o.quantity_b,
			o.exposure_a, o.exposure_b, o.correlation, o.correlation_low, o.correlation_high, o.observations,
			o.volatility_a, o.volatility_b, o.volatility_a_annual, o.volatility_b_annual, o.hedge_ratio,
			o.actual_ratio, o.target_exposure_b, o.trade_b, o.trade_b_contracts, o.gross_risk, o.uncorrelated_risk,
			o.net_risk, o.diversification, o.risk_offset, o.risk_offset_share, o.residual_risk, o.price_time
		FROM (
			-- In the order of the table's index, which then grows at its end.
			SELECT x.portfolio, x.holdings FROM %1$I._holding AS x ORDER BY x.portfolio) AS h
		CROSS JOIN %1$I.model_run AS r
		CROSS JOIN %1$I.model AS m
		CROSS JOIN LATERAL hedge._leg_pairs(
			matrix => r.matrix,
			book => $2,
			run => $1,
			holdings => h.holdings,
			offsetting => true,
			minimum_correlation => m.minimum_correlation,
			minimum_observations => m.minimum_observations,
			bars_per_year => m.bars_per_year,
			level => m.confidence_level,
			max_pairs => m.pairs_kept) WITH ORDINALITY
			AS o (asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b, correlation,
				correlation_low, correlation_high, observations, volatility_a, volatility_b, volatility_a_annual,
				volatility_b_annual, hedge_ratio, actual_ratio, target_exposure_b, trade_b, trade_b_contracts,
				gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, risk_offset_share,
				residual_risk, price_time, pair_rank)
		WHERE r.run = $1 AND m.model = r.model$sql$, book)
		USING run, format('%I', book)::regnamespace;
	GET DIAGNOSTICS pairs = ROW_COUNT;
	RETURN pairs;
END
$function$;
COMMENT ON FUNCTION hedge._add_snapshot(text, bigint) IS 'Writes the offsetting pairs of every portfolio as of a run; returns how many. Private.';

CREATE FUNCTION hedge._drop_stray_blocks(book text, model text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	EXECUTE format('DELETE FROM %1$I.return_block AS b
		WHERE b.model = $1 AND b.block NOT IN (
			SELECT unnest(r.blocks) FROM %1$I.model_run AS r WHERE r.model = $1)', book)
		USING model;
END
$function$;
COMMENT ON FUNCTION hedge._drop_stray_blocks(text, text) IS 'Deletes blocks of a model that belong to no run: of runs deleted, or of a refresh that committed its blocks and came no further. Private.';

CREATE FUNCTION hedge._prune(book text, model text, retention integer) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- Old runs go, but not the one that the views show; then what belongs to no run.
	EXECUTE format($sql$
		DELETE FROM %1$I.model_run AS r
		WHERE r.model = $1
			AND r.run NOT IN (SELECT k.run FROM %1$I.model_run AS k WHERE k.model = $1 ORDER BY k.run DESC
				LIMIT $2)
			AND r.run <> (SELECT l.run FROM %1$I.latest_run AS l WHERE l.model = $1)$sql$, book)
		USING model, retention;
	EXECUTE format($sql$
		WITH RECURSIVE stored (run) AS (	-- from one run to the next by the index, not row by row
			SELECT min(o.run) FROM %1$I.offset_snapshot AS o
			UNION ALL
			SELECT (SELECT min(o.run) FROM %1$I.offset_snapshot AS o WHERE o.run > s.run) FROM stored AS s
			WHERE s.run IS NOT NULL)
		DELETE FROM %1$I.offset_snapshot AS o
		WHERE o.run = ANY (ARRAY(SELECT s.run FROM stored AS s
			WHERE s.run IS NOT NULL AND NOT EXISTS (SELECT FROM %1$I.model_run AS r WHERE r.run = s.run)))$sql$, book);
	PERFORM hedge._drop_stray_blocks(book, model);
	EXECUTE format('DELETE FROM %1$I.return_span AS s
		WHERE s.model = $1 AND s.span NOT IN (
			SELECT unnest(r.spans) FROM %1$I.model_run AS r WHERE r.model = $1)', book)
		USING model;
	EXECUTE format('DELETE FROM %1$I.refresh_log AS y
		WHERE y.model = $1 AND y.entry <= (
			SELECT x.entry FROM %1$I.refresh_log AS x WHERE x.model = $1 ORDER BY x.entry DESC OFFSET 1000 LIMIT 1)', book)
		USING model;
END
$function$;
COMMENT ON FUNCTION hedge._prune(text, text, integer) IS 'Deletes the runs of a model beyond those it keeps, and what belongs to no run. Private.';
-- Refresh: who may and when, its log, the order of its steps; refresh and rebuild.

CREATE FUNCTION hedge._may_commit() RETURNS boolean
AS 'MODULE_PATHNAME', 'pghedge_may_commit'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION hedge._may_commit() IS 'True in a procedure that may COMMIT, false inside a transaction block or a function. Private.';

CREATE FUNCTION hedge._models(book text, model text) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._own_book(book);
	names text[];
BEGIN
	PERFORM hedge._check_version(book);
	EXECUTE format('SELECT array_agg(m.model ORDER BY m.model) FROM %s.model AS m', schema) INTO names;
	IF model IS NULL AND names IS NOT NULL THEN
		RETURN names;
	ELSIF model = ANY (names) THEN
		RETURN ARRAY[model];
	ELSIF model IS NULL THEN
		RAISE EXCEPTION 'book "%" has no model', book
			USING ERRCODE = 'undefined_object',
				HINT = format('INSERT INTO %s.model (model) VALUES (''default'');', schema);
	END IF;
	RAISE EXCEPTION 'model "%" does not exist in book "%"', model, book
		USING ERRCODE = 'undefined_object',
			HINT = coalesce('There are: ' || array_to_string(names, ', ') || '.', 'The book has no model.');
END
$function$;
COMMENT ON FUNCTION hedge._models(text, text) IS 'Models to refresh: the one named, or all. An error if the book is not the caller''s or there is no such model. Private.';

CREATE FUNCTION hedge._lock_model(log regclass, model integer, wait boolean, across_commits boolean) RETURNS boolean
AS 'MODULE_PATHNAME', 'pghedge_lock_model'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION hedge._lock_model(regclass, integer, boolean, boolean) IS 'Takes the lock of a model, until the transaction ends or, across_commits, until hedge._unlock_model, an error or the end of the session; false: another session has it. For the owner of the log alone. Private.';

CREATE FUNCTION hedge._unlock_model(log regclass, model integer) RETURNS boolean
AS 'MODULE_PATHNAME', 'pghedge_unlock_model'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION hedge._unlock_model(regclass, integer) IS 'Releases a lock that was taken across_commits. Private.';

CREATE FUNCTION hedge._refresh_lock(book text, model text, wait boolean, across_commits boolean) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- The same keys as in view _refresh of the book.
	IF NOT hedge._lock_model(format('%I.refresh_log', book)::regclass, hashtext(model), coalesce(wait, false), across_commits) THEN
		RAISE EXCEPTION 'model "%" of book "%" is being refreshed by another session', model, book
			USING ERRCODE = 'lock_not_available',
				HINT = 'Try again when it has ended, which the book''s model_health shows, or wait for it: wait => true.';
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_lock(text, text, boolean, boolean) IS 'Takes the lock of a model, or fails at once unless it may wait. Private.';

CREATE FUNCTION hedge._refresh_unlock(book text, model text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM hedge._unlock_model(format('%I.refresh_log', book)::regclass, hashtext(model));
END
$function$;
COMMENT ON FUNCTION hedge._refresh_unlock(text, text) IS 'Releases the lock of a model that was taken across commits. Private.';

CREATE FUNCTION hedge._lock_models(book regnamespace) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	EXECUTE format('SELECT count(hedge._lock_model(%L, hashtext(m.model), true, false))
		FROM (SELECT x.model FROM %s.model AS x ORDER BY x.model) AS m', book || '.refresh_log', book);
END
$function$;
COMMENT ON FUNCTION hedge._lock_models(regnamespace) IS 'Waits until no model of a book is being refreshed, and keeps it so for this transaction. Private.';

CREATE FUNCTION hedge._refresh_begin(book text, model text, as_of timestamptz, action text) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	entry bigint;
BEGIN
	-- Whoever left one running had the lock, and has it no more.
	EXECUTE format('UPDATE %I.refresh_log SET status = ''interrupted'' WHERE model = $1 AND status = ''running''', book)
		USING model;
	EXECUTE format('INSERT INTO %I.refresh_log (model, action, as_of, status, started_at, phase, phase_started_at)
		VALUES ($1, $2, $3, ''running'', clock_timestamp(), ''reading prices'', clock_timestamp()) RETURNING entry', book)
		INTO entry USING model, action, as_of;
	RETURN entry;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_begin(text, text, timestamptz, text) IS 'Logs that a refresh runs, and those as interrupted that no longer do; returns the log entry. Private.';

CREATE FUNCTION hedge._refresh_failed(book text, model text, entry bigint, phase text, error_code text, error text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF to_regclass(format('%I.refresh_log', book)) IS NULL THEN
		RETURN;		-- the book is gone; the error itself says more
	END IF;
	PERFORM hedge._drop_stray_blocks(book, model);
	EXECUTE format('UPDATE %I.refresh_log
		SET status = ''failed'', finished_at = clock_timestamp(), error_code = $2, error = $3, phase = $4,
			phase_started_at = CASE WHEN phase = $4 THEN phase_started_at END
		WHERE entry = $1', book)
		USING entry, error_code, error, phase;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_failed(text, text, bigint, text, text, text) IS 'Logs that a refresh failed, and takes away the blocks that it made. Private.';

CREATE FUNCTION hedge._raise(state text, message text, detail text, hint text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- An option of RAISE shows even if it is empty, and cannot be null.
	IF detail = '' AND hint = '' THEN
		RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message;
	ELSIF hint = '' THEN
		RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = detail;
	ELSIF detail = '' THEN
		RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, HINT = hint;
	END IF;
	RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = detail, HINT = hint;
END
$function$;
COMMENT ON FUNCTION hedge._raise(text, text, text, text) IS 'Raises an error again that was caught and logged. Private.';

CREATE FUNCTION hedge._shortened(list text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN length(list) <= 200 THEN list ELSE left(list, 200) || ' ...' END;
$function$;
COMMENT ON FUNCTION hedge._shortened(text) IS 'A list for a message, cut where it grows too long to read. Private.';

CREATE FUNCTION hedge._listed(names text[]) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT hedge._shortened(string_agg(quote_ident(t.name), ', ' ORDER BY t.name COLLATE "C")) FROM unnest(names) AS t (name);
$function$;
COMMENT ON FUNCTION hedge._listed(text[]) IS 'Names for a message, in order. Private.';

CREATE FUNCTION hedge._tell(book text, run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	k record;
	refused record;
	unestimated text;
	unestimated_count bigint;
	held record;
	inverted text[];
	absent text[];
	shown record;
BEGIN
	EXECUTE format('SELECT r.model, r.as_of, r.window_end, r.trailing_bars, r.settings FROM %I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT k USING run;

	EXECUTE format($sql$
		SELECT coalesce(sum(a.non_positive), 0) AS non_positive, coalesce(sum(a.not_finite), 0) AS not_finite,
			coalesce(sum(a.contradictory), 0) AS contradictory,
			string_agg(quote_ident(a.asset), ', ' ORDER BY a.asset)
				FILTER (WHERE a.non_positive + a.not_finite + a.contradictory > 0) AS assets
		FROM %I.run_asset AS a
		WHERE a.run = $1$sql$, book)
		INTO refused USING run;
	IF refused.assets IS NOT NULL THEN
		RAISE NOTICE 'model "%": prices left out: % not positive, % not finite, % contradictory',
			k.model, refused.non_positive, refused.not_finite, refused.contradictory
			USING DETAIL = format('Assets: %s.', hedge._shortened(refused.assets)),
				HINT = format('See %I.data_quality.', book);
	END IF;

	EXECUTE format($sql$
		SELECT count(*), string_agg(quote_ident(a.asset), ', ' ORDER BY a.asset)
		FROM %I.run_asset AS a
		WHERE a.run = $1 AND a.volatility IS NULL$sql$, book)
		INTO unestimated_count, unestimated USING run;
	IF unestimated_count > 0 THEN
		RAISE NOTICE 'model "%": assets with fewer than % returns, and so without a volatility: %',
			k.model, k.settings ->> 'minimum_observations', unestimated_count
			USING DETAIL = format('Assets: %s.', hedge._shortened(unestimated)),
				HINT = format('See %I.data_quality.', book);
	END IF;

	-- What is held: without a price, without an exposure for another reason, or at a price of long ago.
	EXECUTE format($sql$
		SELECT count(*) AS assets,
			array_agg(p.asset) FILTER (WHERE u.price IS NULL) AS unpriced,
			array_agg(p.asset || ': ' || u.problem ORDER BY p.asset COLLATE "C") FILTER (WHERE u.price IS NOT NULL AND u.problem IS NOT NULL) AS unexposed,
			array_agg(p.asset) FILTER (WHERE u.stale) AS stale,
			max(u.price_time) FILTER (WHERE u.stale) AS last_price_time
		FROM (SELECT x.asset FROM %1$I._position AS x WHERE x.asset IS NOT NULL GROUP BY x.asset) AS p
		LEFT JOIN %1$I._unit AS u ON u.run = $1 AND u.asset = p.asset$sql$, book)
		INTO held USING run;
	IF held.unpriced <> '{}' THEN
		RAISE NOTICE 'model "%": assets held without a price: %', k.model, cardinality(held.unpriced)
			USING DETAIL = format('Assets: %s.', hedge._listed(held.unpriced)),
				HINT = format('See %I.data_quality.', book);
	END IF;
	IF held.unexposed <> '{}' THEN
		RAISE NOTICE 'model "%": assets held whose exposure is not known, and which are in no risk: %', k.model, cardinality(held.unexposed)
			USING DETAIL = format('Assets: %s.', hedge._shortened(array_to_string(held.unexposed, '; '))),
				HINT = format('See basis in %1$I.exposure; correct %1$I.instrument, or load the prices.', book);
	END IF;

	-- USDJPY is yen per dollar, by custom: no number tells, but the name does.
	EXECUTE format($sql$
		SELECT array_agg(DISTINCT format('%%I for %%s', i.fx_asset, i.currency))
		FROM %1$I.instrument AS i
		JOIN %1$I.run_asset AS a ON a.run = $1 AND a.asset = i.asset
		CROSS JOIN %1$I.book AS b
		WHERE i.currency <> b.base_currency
			AND strpos(regexp_replace(lower(i.fx_asset), '[^[:alpha:]]', '', 'g'), lower(b.base_currency || i.currency)) > 0$sql$, book)
		INTO inverted USING run;
	IF inverted <> '{}' THEN
		RAISE NOTICE 'model "%": fx_assets that seem to be quoted the other way round, by their names: %', k.model, cardinality(inverted)
			USING DETAIL = format('They are: %s.', hedge._shortened(array_to_string(inverted, ', '))),
				HINT = format('The price of %I.instrument.fx_asset must be base currency per unit of the other: a view over the prices can give 1 / price under another name.', book);
	END IF;
	IF held.stale <> '{}' THEN
		RAISE NOTICE 'model "%": stale prices of % of % assets held, the last one of %',
			k.model, cardinality(held.stale), held.assets,
			to_char(timezone(k.settings ->> 'time_zone', held.last_price_time), 'YYYY-MM-DD HH24:MI')
			USING DETAIL = format('Assets: %s.', hedge._listed(held.stale)),
				HINT = format('See %I.data_quality. Is the feed still coming in?', book);
	END IF;

	IF k.trailing_bars <> '{}' THEN
		EXECUTE format($sql$
			SELECT ARRAY(SELECT a.asset FROM %I.run_asset AS a
				WHERE a.run = $1 AND a.price_time < $2 AND a.stale_bars <= $3)$sql$, book)
			INTO absent USING run, k.trailing_bars[cardinality(k.trailing_bars)], (k.settings ->> 'stale_after')::integer;
		RAISE NOTICE 'model "%": bars after % that are not in the calendar: %, where fewer than % of the assets alive have a price',
			k.model,
			to_char(timezone(k.settings ->> 'time_zone', k.window_end),
				CASE WHEN (k.settings ->> 'bar')::interval < '1 day' THEN 'YYYY-MM-DD HH24:MI:SS' ELSE 'YYYY-MM-DD' END),
			cardinality(k.trailing_bars), k.settings ->> 'calendar_quorum'
			USING DETAIL = format('Returns end there; last prices do not. Missing on the last one: %s.',
					coalesce(hedge._listed(absent), 'no asset alive')),
				HINT = format('See %1$I.data_quality and %1$I.model_health. A lower calendar_quorum takes them in, without returns of what is missing.', book);
	END IF;

	EXECUTE format('SELECT l.run, l.as_of FROM %I.latest_run AS l WHERE l.model = $1', book) INTO shown USING k.model;
	IF shown.run <> run THEN
		RAISE NOTICE 'model "%": the views go on showing run %, as of %', k.model, shown.run, shown.as_of
			USING DETAIL = format('Run %s is as of %s: views show the latest as_of.', run, k.as_of),
				HINT = 'To look at days of the past, refresh a model that has no later run.';
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._tell(text, bigint) IS 'Notices of what a run could not use or does not show. Private.';

CREATE TYPE hedge._work AS (
	as_of timestamptz,
	settings jsonb,
	source hedge._source,
	blocks bigint[],
	reused integer,
	trailing_bars timestamptz[],
	history_start timestamptz
);
COMMENT ON TYPE hedge._work IS 'What a refresh knows once it has read its prices. Private.';
COMMENT ON COLUMN hedge._work.as_of IS 'Prices after it were not read.';
COMMENT ON COLUMN hedge._work.settings IS 'The row of the model.';
COMMENT ON COLUMN hedge._work.source IS 'What was read.';
COMMENT ON COLUMN hedge._work.blocks IS 'Blocks of returns for the run.';
COMMENT ON COLUMN hedge._work.reused IS 'How many of them were there before.';
COMMENT ON COLUMN hedge._work.trailing_bars IS 'Bars after them that are not in the calendar.';
COMMENT ON COLUMN hedge._work.history_start IS 'Instant of the first price, where the blocks begin with it and there are fewer than the model asks for.';

CREATE FUNCTION hedge._refresh_blocks(book text, model text, entry bigint, as_of timestamptz, changed_from timestamptz)
RETURNS hedge._work
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'				-- settings as jsonb, and the digest of some, are the same
SET intervalstyle = 'postgres'		-- for every session
SET extra_float_digits = 1
SET jit = off						-- each statement runs once, and its work is in C already
AS $function$
DECLARE
	work hedge._work;
BEGIN
	IF NOT isfinite(as_of) THEN
		RAISE EXCEPTION 'as_of is %', as_of
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give an instant, or leave it out for now.';
	ELSIF as_of > clock_timestamp() THEN
		RAISE EXCEPTION 'as_of % is to come', as_of
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = 'A run for then would hide every run until then, whatever prices come.',
				HINT = 'Give an instant that has passed, or leave it out for now.';
	ELSIF changed_from > clock_timestamp() THEN
		RAISE EXCEPTION 'since % is to come', changed_from
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give the instant of the oldest price that was corrected, or leave it out to make all returns anew.';
	END IF;
	work.as_of := as_of;
	EXECUTE format('SELECT to_jsonb(m) FROM %I.model AS m WHERE m.model = $1', book)
		INTO STRICT work.settings USING model;
	work.source := hedge._find_source(book, work.settings, as_of);
	SELECT b.blocks, b.reused, b.trailing_bars, b.history_start
	INTO work.blocks, work.reused, work.trailing_bars, work.history_start
	FROM hedge._return_blocks(book, work.settings, work.source, as_of, changed_from) AS b;
	EXECUTE format('UPDATE %I.refresh_log SET phase = ''estimating'', phase_started_at = clock_timestamp() WHERE entry = $1', book)
		USING entry;
	RETURN work;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_blocks(text, text, bigint, timestamptz, timestamptz) IS 'The first transaction of a refresh: prices to blocks of returns, which nobody sees before a run lists them. Private.';

CREATE FUNCTION hedge._refresh_step(book text, entry bigint, phase text, work hedge._work, INOUT run bigint, INOUT pairs bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'				-- messages of alerts are the same for every session, too
SET intervalstyle = 'postgres'
SET extra_float_digits = 1
SET jit = off
AS $function$
BEGIN
	CASE phase
		WHEN 'estimating' THEN
			run := hedge._add_run(book, work.settings, work.source, work.as_of, work.blocks, work.trailing_bars,
				work.history_start);
			PERFORM hedge._add_assets(book, run, work.source);
			PERFORM hedge._repair(book, run);
		WHEN 'offsets' THEN
			pairs := hedge._add_snapshot(book, run);
		WHEN 'evidence' THEN
			PERFORM hedge._examine(book, run);
		WHEN 'finishing' THEN
			PERFORM hedge._prune(book, work.settings ->> 'model', (work.settings ->> 'retention')::integer);
			PERFORM hedge._tell(book, run);
			EXECUTE format($sql$
				UPDATE %1$I.refresh_log
				SET status = 'done', phase = 'done', phase_started_at = clock_timestamp(), finished_at = clock_timestamp(),
					run = $2, blocks_read = $3, blocks_reused = $4, pairs_stored = $5, prices_refused = (
						SELECT coalesce(sum(a.non_positive + a.not_finite + a.contradictory), 0)
						FROM %1$I.run_asset AS a
						WHERE a.run = $2)
				WHERE entry = $1$sql$, book)
				USING entry, run, cardinality(work.blocks) - work.reused, work.reused, pairs;
			-- Autovacuum never looks at tables of so few rows, and the planner takes one that nobody looked at for
			-- hundreds: plans of the views then seem dear enough to be compiled by JIT, which takes most of their time.
			IF EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = to_regnamespace(quote_ident(book))
				AND c.relname IN ('book', 'model', 'model_run') AND c.reltuples < 0)
			THEN
				PERFORM hedge._analyze(book, 'book', 'base_currency');
				PERFORM hedge._analyze(book, 'model', 'model');
				PERFORM hedge._analyze(book, 'model_run', 'run', 'model');
			END IF;
	END CASE;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_step(text, bigint, text, hedge._work, bigint, bigint) IS 'A phase of the last transaction of a refresh: blocks to a run, its snapshot, its evidence; pruning, notices, log. Private.';

-- Qualified throughout, types and operators, too: a procedure that commits cannot set its search_path.
CREATE PROCEDURE hedge._refresh(book text, model text, as_of timestamptz, action text, changed_from timestamptz, wait boolean)
LANGUAGE plpgsql
AS $procedure$
DECLARE
	commits boolean := hedge._may_commit();
	models pg_catalog.text[] := hedge._models(book, model);
	name pg_catalog.text;
	transaction pg_catalog.text;
	phase pg_catalog.text;
	locked boolean;
	entry bigint;
	work hedge._work;
	run bigint;
	pairs bigint;
	state pg_catalog.text;
	message pg_catalog.text;
	detail pg_catalog.text;
	hint pg_catalog.text;
	first_state pg_catalog.text;
	first_message pg_catalog.text;
	first_detail pg_catalog.text;
	first_hint pg_catalog.text;
BEGIN
	FOREACH name IN ARRAY models LOOP
		locked := false;
		entry := NULL;
		state := NULL;
		-- What fails in one of them leaves nothing of it.
		FOREACH transaction IN ARRAY ARRAY['beginning', 'reading prices', 'making a run'] LOOP
			BEGIN
				phase := transaction;
				IF transaction OPERATOR(pg_catalog.=) 'beginning' THEN
					PERFORM hedge._refresh_lock(book, name, wait, commits);
					locked := commits;
					entry := hedge._refresh_begin(book, name, as_of, action);
				ELSIF transaction OPERATOR(pg_catalog.=) 'reading prices' THEN
					work := hedge._refresh_blocks(book, name, entry, coalesce(as_of, pg_catalog.now()), changed_from);
				ELSE
					FOREACH phase IN ARRAY ARRAY['estimating', 'offsets', 'evidence', 'finishing'] LOOP
						SELECT s.run, s.pairs INTO run, pairs
						FROM hedge._refresh_step(book, entry, phase, work, run, pairs) AS s;
					END LOOP;
				END IF;
			EXCEPTION WHEN query_canceled OR OTHERS THEN
				IF NOT commits THEN
					RAISE;
				END IF;
				GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
					detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			END;
			EXIT WHEN state IS NOT NULL;
			IF commits THEN
				COMMIT;
			END IF;
		END LOOP;
		IF state IS NOT NULL THEN
			IF entry IS NOT NULL THEN
				PERFORM hedge._refresh_failed(book, name, entry, phase, state, message);
				COMMIT;
			END IF;
			IF first_state IS NULL THEN
				first_state := state;
				first_message := message;
				first_detail := detail;
				first_hint := hint;
			END IF;
		END IF;
		IF locked THEN
			PERFORM hedge._refresh_unlock(book, name);
		END IF;
		EXIT WHEN state OPERATOR(pg_catalog.=) '57014';		-- cancelled: the other models, too
	END LOOP;
	IF first_state IS NOT NULL THEN
		PERFORM hedge._raise(first_state, first_message, first_detail, first_hint);
	END IF;
END
$procedure$;
COMMENT ON PROCEDURE hedge._refresh(text, text, timestamptz, text, timestamptz, boolean) IS 'Refreshes models one after the other, committing the log before, the blocks between and the work after where that is possible. Private.';

CREATE PROCEDURE hedge.refresh(book text, model text DEFAULT NULL, as_of timestamptz DEFAULT NULL, wait boolean DEFAULT false)
LANGUAGE plpgsql
AS $procedure$
BEGIN
	CALL hedge._refresh(book, model, as_of, 'refresh', NULL, wait);
END
$procedure$;
COMMENT ON PROCEDURE hedge.refresh(text, text, timestamptz, boolean) IS 'Brings a book up to date: reads new prices, the model''s last reread_bars again and, where the relation has recorded_at, whatever was recorded since; makes a run and its snapshot in one transaction; prunes; logs. model: one, or NULL for all. as_of: prices after it are not read, nor those recorded after it; NULL is now, and a time to come is an error. Outside a transaction block it commits, so that others see it running and in which phase, and a failure stays in refresh_log. One at a time per model: a second fails at once (55P03), or with wait => true waits for the first. Of several models one that fails does not keep the others from their refresh; the first error is raised when all are through. Notices tell of bad prices, assets with too few returns or held without a price, newest bars that are not in the calendar, and a run that the views do not show since another has a later as_of. Only for the book''s owner.';

CREATE PROCEDURE hedge.rebuild(book text, model text DEFAULT NULL, since timestamptz DEFAULT NULL, as_of timestamptz DEFAULT NULL, wait boolean DEFAULT false)
LANGUAGE plpgsql
AS $procedure$
BEGIN
	CALL hedge._refresh(book, model, as_of, 'rebuild', coalesce(since, '-infinity'::pg_catalog.timestamptz), wait);
END
$procedure$;
COMMENT ON PROCEDURE hedge.rebuild(text, text, timestamptz, timestamptz, boolean) IS 'A refresh after old prices were corrected: reads all prices since then again (NULL: all that the model needs; a time to come is an error). The result is that of a first refresh of an empty book.';
-- Evidence in a book: what a refresh examines, watches and raises; acknowledging it.

CREATE FUNCTION hedge._panel(book text, run bigint,
	OUT bars timestamptz[], OUT assets text[], OUT observations float8[])
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	EXECUTE format($sql$
		SELECT (x.panel).assets, (x.panel).observations, x.bars
		FROM (
			SELECT hedge.return_panel(b.assets, b.returns ORDER BY b.first_bar) AS panel,
				(SELECT array_agg(t.bar ORDER BY t.bar)
				 FROM %1$I.model_run AS r
				 JOIN %1$I.return_block AS c ON c.block = ANY (r.blocks)
				 CROSS JOIN LATERAL unnest(c.bars) AS t (bar)
				 WHERE r.run = $1 AND t.bar >= r.window_start) AS bars
			FROM (
				SELECT c.first_bar, c.assets, CASE WHEN c.first_bar >= r.window_start THEN c.returns
					ELSE c.returns[:][1 + (SELECT count(*)::integer FROM unnest(c.bars) AS t (bar) WHERE t.bar < r.window_start):]
					END AS returns
				FROM %1$I.model_run AS r
				JOIN %1$I.return_block AS c ON c.block = ANY (r.blocks)
				WHERE r.run = $1 AND c.last_bar >= r.window_start) AS b
			OFFSET 0) AS x$sql$, book)
		INTO assets, observations, bars USING run;
END
$function$;
COMMENT ON FUNCTION hedge._panel(text, bigint) IS 'Returns [asset][bar] of a run''s window, in one piece. Private.';

CREATE FUNCTION hedge._read_panel(book text, run bigint, since timestamptz, from_bar timestamptz,
	OUT bars timestamptz[], OUT assets text[], OUT observations float8[])
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	k record;
	source hedge._source;
BEGIN
	EXECUTE format('SELECT r.as_of, r.settings, r.recorded_until FROM %I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT k USING run;
	source := hedge._find_source(book, k.settings, k.as_of);
	WITH block AS MATERIALIZED (
		SELECT b.first_bar, b.bars, b.assets, b.returns
		FROM hedge.return_blocks(
			prices => source.prices::text,
			since => since,
			until => k.as_of,
			from_bar => from_bar,
			bar => (k.settings ->> 'bar')::interval,
			time_zone => k.settings ->> 'time_zone',
			origin => (k.settings ->> 'origin')::timestamptz,
			return_kind => k.settings ->> 'return_kind',
			override_assets => source.override_assets,
			override_kinds => source.override_kinds,
			calendar_quorum => (k.settings ->> 'calendar_quorum')::float8,
			stale_after => (k.settings ->> 'stale_after')::integer,
			recorded_until => k.recorded_until) AS b
	), joined AS (
		SELECT hedge.return_panel(b.assets, b.returns ORDER BY b.first_bar) AS panel FROM block AS b
	)
	SELECT (SELECT array_agg(t.bar ORDER BY t.bar) FROM block AS c CROSS JOIN LATERAL unnest(c.bars) AS t (bar)),
		(j.panel).assets, (j.panel).observations
	INTO bars, assets, observations
	FROM joined AS j;
END
$function$;
COMMENT ON FUNCTION hedge._read_panel(text, bigint, timestamptz, timestamptz) IS 'Returns [asset][bar] from a bar on, made anew from the prices as a run reads them; since: prices before are not read. Private.';

CREATE FUNCTION hedge._read_since(settings jsonb, baseline_start timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN (settings ->> 'stale_after')::integer > 50 THEN '-infinity' ELSE baseline_start END;
$function$;
COMMENT ON FUNCTION hedge._read_since(jsonb, timestamptz) IS 'From when prices must be read to know the returns after a baseline: its sixty bars at least tell which assets are alive, unless stale_after is longer. Private.';

CREATE FUNCTION hedge._bar_text(bar timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN bar = date_trunc('day', bar) THEN to_char(bar, 'YYYY-MM-DD') ELSE bar::text END;
$function$;
COMMENT ON FUNCTION hedge._bar_text(timestamptz) IS 'A bar for a message: a day alone where it begins at midnight of the session''s time zone, as in reasons of hedge.verdict. Private.';

CREATE FUNCTION hedge._acknowledged(book text, model text, since timestamptz, OUT asset_y text, OUT asset_x text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT e.asset_y, e.asset_x
		FROM (
			SELECT DISTINCT ON (m.asset_y, m.asset_x) m.asset_y, m.asset_x, m.ended_at
			FROM %1$I.pair_monitor AS m
			WHERE m.model = $1
			ORDER BY m.asset_y, m.asset_x, m.baseline_end DESC) AS e
		WHERE e.ended_at >= $2
			AND EXISTS (SELECT FROM %1$I.alert AS a
				WHERE a.model = $1 AND a.asset_y = e.asset_y AND a.asset_x = e.asset_x AND a.kind = 'break'
					AND a.raised_at_bar <= e.ended_at AND a.acknowledged_at IS NOT NULL)$sql$, book)
		USING model, since;
END
$function$;
COMMENT ON FUNCTION hedge._acknowledged(text, text, timestamptz) IS 'Pairs that are not watched now, since their last monitor ended (not before the time given), but had a break that somebody acknowledged: to be watched again if somebody holds both assets, however little correlation is left and whatever its sign. Private.';

CREATE FUNCTION hedge._leaning(book text, run bigint, pairs_y text[], pairs_x text[], correlations float8[], later float8[] DEFAULT '{}',
	OUT place bigint, OUT asset_y text, OUT asset_x text, OUT portfolios integer, OUT portfolio_list text, OUT lost float8)
RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH leg AS MATERIALIZED (
			SELECT h.portfolio, e.asset, e.exposure, e.volatility
			FROM %I._holding AS h
			CROSS JOIN LATERAL hedge._exposures($5, $1, h.holdings) AS e
			WHERE e.asset = ANY ($2 || $3) AND e.exposure <> 0 AND e.volatility > 0
		)
		SELECT p.place, p.asset_y, p.asset_x, count(*)::integer,
			hedge._shortened(string_agg(quote_ident(y.portfolio), ', ' ORDER BY y.portfolio COLLATE "C")),
			CASE WHEN sum(k.risk_offset - l.risk_offset) < 0 THEN 0 ELSE sum(k.risk_offset - l.risk_offset) END
		FROM unnest($2, $3, $4, $6) WITH ORDINALITY AS p (asset_y, asset_x, correlation, later, place)
		JOIN leg AS y ON y.asset = p.asset_y
		JOIN leg AS x ON x.asset = p.asset_x AND x.portfolio = y.portfolio
		CROSS JOIN LATERAL hedge.pair_risk(y.exposure, y.volatility, x.exposure, x.volatility, p.correlation) AS k
		CROSS JOIN LATERAL hedge.pair_risk(y.exposure, y.volatility, x.exposure, x.volatility, coalesce(p.later, 0)) AS l
		WHERE p.correlation IS NULL OR sign(y.exposure) * sign(x.exposure) * sign(p.correlation) < 0
		GROUP BY p.place, p.asset_y, p.asset_x$sql$, book)
		USING run, pairs_y, pairs_x, correlations, format('%I', book)::regnamespace, later;
END
$function$;
COMMENT ON FUNCTION hedge._leaning(text, bigint, text[], text[], float8[], float8[]) IS 'Pairs that some portfolio now holds so that the correlation given offsets risk; with NULL for the correlation, that some portfolio holds at all. place: which of the list; how many portfolios, which, and how much of what the correlation removes from their risk is lost at the later one (0 if none is given; nothing where that removes more). Private.';

CREATE FUNCTION hedge._examine(book text, run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $function$
DECLARE
	model text;
	settings jsonb;
	window_start timestamptz;
	known text[];
	held_y text[];
	held_x text[];
	held_sign float8[];
	pairs_y text[];
	pairs_x text[];
	searched bigint;
	columns text;
	measures text;
BEGIN
	EXECUTE format('SELECT r.model, r.settings, r.window_start, hedge.assets(r.matrix) FROM %I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT model, settings, window_start, known USING run;
	IF settings ->> 'evidence' = 'none' THEN
		RETURN;
	END IF;
	-- Reasons and messages tell times as the model has them, whatever the session's settings.
	BEGIN
		PERFORM set_config('timezone', settings ->> 'time_zone', true);
	EXCEPTION WHEN invalid_parameter_value THEN
		NULL;		-- an abbreviation, which a session cannot have
	END;

	-- The planner would take the new rows for one, and sort them.
	PERFORM hedge._analyze(book, 'offset_snapshot', 'run', 'asset_a', 'asset_b');
	EXECUTE format($sql$
		SELECT coalesce(array_agg(p.asset_y), '{}'), coalesce(array_agg(p.asset_x), '{}'),
			coalesce(array_agg(p.correlation_sign), '{}')
		FROM (
			SELECT DISTINCT least(k.asset_a COLLATE "C", k.asset_b) AS asset_y, greatest(k.asset_a COLLATE "C", k.asset_b) AS asset_x,
				k.correlation_sign
			FROM (		-- first as they stand, since most are there many times
				SELECT DISTINCT o.asset_a, o.asset_b, sign(o.correlation) AS correlation_sign
				FROM %I.offset_snapshot AS o
				WHERE o.run = $1) AS k) AS p$sql$, book)
		INTO held_y, held_x, held_sign USING run;
	IF settings ->> 'evidence' = 'all' THEN
		SELECT array_agg(y.asset), array_agg(x.asset) INTO pairs_y, pairs_x
		FROM unnest(known) WITH ORDINALITY AS y (asset, place)
		JOIN unnest(known) WITH ORDINALITY AS x (asset, place) ON x.place > y.place;
	ELSE
		-- A pair that is watched stays: its correlation may have gone too far to be an offset still.
		EXECUTE format($sql$
			SELECT array_agg(p.asset_y), array_agg(p.asset_x)
			FROM (
				SELECT h.asset_y, h.asset_x
				FROM unnest($1, $6) AS h (asset_y, asset_x)
				UNION
				SELECT m.asset_y, m.asset_x
				FROM %1$I.pair_monitor AS m
				WHERE m.model = $2 AND m.ended_at IS NULL
				UNION
				SELECT a.asset_y, a.asset_x
				FROM hedge._acknowledged($4, $2, $5) AS a) AS p
			WHERE p.asset_y = ANY ($3) AND p.asset_x = ANY ($3)$sql$, book)
			INTO pairs_y, pairs_x USING held_y, model, known, book, window_start, held_x;
		-- The snapshot keeps pairs that look good. What they were chosen from are the pairs among the assets
		-- held, currencies of funded holdings among them, and p-values are adjusted for having looked at those.
		EXECUTE format($sql$
			WITH held AS MATERIALIZED (SELECT DISTINCT p.asset FROM %1$I._position AS p)
			SELECT count(*) * (count(*) - 1) / 2
			FROM %1$I.run_asset AS a
			WHERE a.run = $1 AND a.volatility IS NOT NULL AND a.asset IN (
				SELECT h.asset FROM held AS h
				UNION
				SELECT u.funding_asset FROM %1$I._unit AS u WHERE u.run = $1 AND u.asset IN (SELECT h.asset FROM held AS h))$sql$, book)
			INTO searched USING run;
	END IF;
	searched := greatest(searched, cardinality(pairs_y), 0);

	EXECUTE format('INSERT INTO %I.evidence_run (run, examined, pairs, searched, adjustment) VALUES ($1, $2, $3, $4, $5)', book)
		USING run, settings ->> 'evidence', coalesce(cardinality(pairs_y), 0), searched, 'benjamini_hochberg';
	IF pairs_y IS NOT NULL THEN
		SELECT string_agg(quote_ident(t.attname), ', ' ORDER BY s.attnum),
			string_agg(format('(f.evidence).%I', t.attname), ', ' ORDER BY s.attnum)
		INTO columns, measures
		FROM pg_attribute AS s
		JOIN pg_attribute AS t ON t.attname = s.attname
		WHERE s.attrelid = 'hedge.evidence'::regclass AND s.attnum > 0 AND NOT s.attisdropped
			AND t.attrelid = format('%I.pair_evidence', book)::regclass;
		EXECUTE format($sql$
			WITH found AS MATERIALIZED (
				SELECT e.asset_y, e.asset_x, e.evidence
				FROM hedge._panel($1, $2) AS p
				CROSS JOIN LATERAL hedge.evidence_pairs(p.assets, p.observations, p.bars,
					hedge.evidence_settings(
						rolling_observations => ($3 ->> 'rolling_bars')::integer,
						confidence_level => ($3 ->> 'confidence_level')::float8,
						minimum_effectiveness => ($3 ->> 'minimum_effectiveness')::float8),
					$4 || $5, $5 || $4) AS e
			), once AS MATERIALIZED (		-- p-values are those of the pair, whichever way round
				SELECT f.asset_y, f.asset_x, (f.evidence).effectiveness_p_value AS p_value,
					row_number() OVER (ORDER BY f.asset_y COLLATE "C", f.asset_x COLLATE "C") AS place
				FROM found AS f
				WHERE f.asset_y COLLATE "C" < f.asset_x
			), stale AS MATERIALIZED (
				-- in bars, that is while others had prices: where all end, the run is old, not the pair
				SELECT r.asset, r.price_time FROM %1$I.run_asset AS r WHERE r.run = $2 AND r.stale_bars > ($3 ->> 'stale_after')::integer
			), adjusted AS (
				SELECT o.asset_y, o.asset_x, a.p_value
				FROM once AS o
				JOIN unnest(hedge.adjust_p_values((SELECT array_agg(c.p_value ORDER BY c.place)
						|| array_fill(1::float8, ARRAY[$6 - count(*)::integer]) FROM once AS c),
					'benjamini_hochberg')) WITH ORDINALITY AS a (p_value, place) ON a.place = o.place
			)
			INSERT INTO %1$I.pair_evidence (run, asset_y, asset_x, %2$s, adjusted_p_value, verdict, reason)
			SELECT $2, f.asset_y, f.asset_x, %3$s, a.p_value, CASE WHEN d.reason IS NULL THEN v.verdict ELSE 'insufficient' END,
				coalesce(d.reason, v.reason)
			FROM found AS f
			JOIN adjusted AS a ON a.asset_y = least(f.asset_y COLLATE "C", f.asset_x) COLLATE "default"
				AND a.asset_x = greatest(f.asset_y COLLATE "C", f.asset_x) COLLATE "default"
			CROSS JOIN LATERAL hedge.verdict(f.evidence, a.p_value,
				minimum_observations => ($3 ->> 'minimum_evidence')::integer,
				-- a book that is yet to be upgraded has no such setting
				minimum_effective_observations => coalesce(($3 ->> 'minimum_effective_evidence')::float8, 30),
				significance => ($3 ->> 'significance')::float8,
				break_significance => ($3 ->> 'break_significance')::float8,
				minimum_break => ($3 ->> 'minimum_break')::float8,
				spread_significance => ($3 ->> 'spread_significance')::float8) AS v
			CROSS JOIN LATERAL (		-- what the past shows is of no use for what has no price any more
				SELECT string_agg(format('no price of %%s since %%s', s.asset, hedge._bar_text(s.price_time)), ', ' ORDER BY s.asset COLLATE "C") AS reason
				FROM stale AS s
				WHERE s.asset IN (f.asset_y, f.asset_x)) AS d
			ORDER BY f.asset_y COLLATE "C", f.asset_x COLLATE "C"	-- as they are read: asset by asset$sql$, book, columns, measures)
			USING book, run, settings, pairs_y, pairs_x, searched::integer;
		PERFORM hedge._analyze(book, 'pair_evidence', 'run', 'asset_y', 'asset_x');
	END IF;

	EXECUTE format($sql$
		DELETE FROM %1$I.evidence_run AS e
		USING %1$I.model_run AS r
		WHERE r.run = e.run AND r.model = $1 AND e.run <> $2
			AND e.run NOT IN (		-- the last run of each of the two latest bars
				SELECT k.run
				FROM (
					SELECT DISTINCT ON (s.window_end) s.window_end, c.run
					FROM %1$I.evidence_run AS c JOIN %1$I.model_run AS s ON s.run = c.run
					WHERE s.model = $1
					ORDER BY s.window_end DESC, s.as_of DESC, s.run DESC) AS k
				ORDER BY k.window_end DESC
				LIMIT 2)$sql$, book)
		USING model, run;

	PERFORM hedge._watch(book, run, held_y, held_x, held_sign);
END
$function$;
COMMENT ON FUNCTION hedge._examine(text, bigint) IS 'Evidence of the pairs of a run as its model''s setting evidence says, then monitors and alerts. Private.';

CREATE FUNCTION hedge._watch(book text, run bigint, held_y text[], held_x text[], held_sign float8[]) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	model text;
	key text;
	settings jsonb;
	is_replay boolean;
	is_watching boolean;
	bars timestamptz[];
	settled integer;		-- bars that the next refresh will not read again
	forward text;
	gap_since timestamptz;
	gap_from timestamptz;
	passed jsonb;			-- alarms that were raised and over again since the last refresh
	passed_in_gap jsonb := '[]';
	raised record;
	otherwise bigint;
	missed bigint;
	count integer := 0;
BEGIN
	EXECUTE format('SELECT r.model, r.returns_key, r.settings,
			EXISTS (SELECT FROM %1$I.model_run AS l WHERE l.model = r.model AND l.as_of > r.as_of)
		FROM %1$I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT model, key, settings, is_replay USING run;
	EXECUTE format('SELECT array_agg(t.bar ORDER BY t.bar)
		FROM %1$I.model_run AS r
		JOIN %1$I.return_block AS b ON b.block = ANY (r.blocks)
		CROSS JOIN LATERAL unnest(b.bars) AS t (bar)
		WHERE r.run = $1 AND t.bar >= r.window_start', book)
		INTO bars USING run;
	settled := cardinality(bars) - (settings ->> 'reread_bars')::integer;
	IF settled < 1 THEN
		RETURN;
	ELSIF is_replay THEN
		PERFORM hedge._replay(book, run, bars[settled]);
		RETURN;
	END IF;

	-- With nothing to watch the panel of the window, all returns of all assets, need not be read.
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.pair_monitor AS m WHERE m.model = $1 AND m.ended_at IS NULL)', book)
		INTO is_watching USING model;
	IF held_y = '{}' AND NOT is_watching THEN
		RETURN;
	END IF;

	-- The planner would take the monitors for one or two, and look through all of them for each.
	PERFORM hedge._analyze(book, 'pair_monitor', 'model', 'asset_y', 'asset_x', 'ended_at');

	-- Forward. Bars count from the baseline; those of a panel are known by their times. A monitor that has
	-- seen the window's first bar goes on in the window; one that has not, since there was no refresh for
	-- so long, over the prices since its last bar.
	forward := $sql$
		WITH behind AS MATERIALIZED (
			SELECT m.asset_y, m.asset_x, m.baseline_start, m.baseline_end, m.state, m.last_bar, s.alarms
			FROM %1$I.pair_monitor AS m
			CROSS JOIN LATERAL hedge.monitor_status(m.state) AS s
			WHERE m.model = $1 AND m.ended_at IS NULL AND m.returns_key = $2 AND m.last_bar < $4 AND (m.last_bar < $3) = $5
		), panel AS MATERIALIZED (
			SELECT p.bars, p.assets, p.observations, width_bucket($4, p.bars) AS last
			FROM %2$s AS p
		), series AS MATERIALIZED (
			SELECT a.asset, ARRAY(SELECT unnest(p.observations[a.place::integer:a.place::integer][:p.last])) AS returns
			FROM panel AS p
			CROSS JOIN LATERAL unnest(p.assets) WITH ORDINALITY AS a (asset, place)
			WHERE a.asset IN (SELECT b.asset_y FROM behind AS b UNION ALL SELECT b.asset_x FROM behind AS b)
		), forward AS MATERIALIZED (
			SELECT b.asset_y, b.asset_x, b.baseline_start, b.baseline_end, b.alarms,
				hedge.monitor_advance(b.state, y.returns[w.seen + 1:], x.returns[w.seen + 1:]) AS state
			FROM panel AS p
			CROSS JOIN behind AS b
			CROSS JOIN LATERAL (SELECT width_bucket(b.last_bar, p.bars) AS seen) AS w
			JOIN series AS y ON y.asset = b.asset_y
			JOIN series AS x ON x.asset = b.asset_x
			WHERE w.seen > 0		-- or else prices in between are gone
		), told AS MATERIALIZED (
			SELECT f.asset_y, f.asset_x, f.baseline_start, f.baseline_end, f.state, s.alarm, s.direction, s.baseline_correlation,
				s.alarms > f.alarms AS has_raised,
				p.bars[p.last - s.bars + s.alarm_bar] AS alarm_bar,
				p.bars[p.last - s.bars + s.change_bar] AS change_bar,
				p.bars[p.last - s.bars + s.cleared_bar] AS cleared_bar
			FROM panel AS p
			CROSS JOIN forward AS f
			CROSS JOIN LATERAL hedge.monitor_status(f.state) AS s
		), moved AS (
			UPDATE %1$I.pair_monitor AS m
			SET state = t.state,
				last_bar = $4,
				held_at = CASE WHEN (t.asset_y, t.asset_x) IN (SELECT h.asset_y, h.asset_x FROM unnest($8, $9) AS h (asset_y, asset_x))
					THEN $4 ELSE m.held_at END,
				alarm_bar = CASE WHEN t.alarm THEN coalesce(t.alarm_bar, m.alarm_bar) END,
				change_bar = CASE WHEN t.alarm THEN coalesce(t.change_bar, m.change_bar) END,
				direction = t.direction
			FROM told AS t
			WHERE m.model = $1 AND m.ended_at IS NULL AND m.asset_y = t.asset_y AND m.asset_x = t.asset_x
		), cleared AS (
			UPDATE %1$I.alert AS a
			SET cleared_at_bar = coalesce(t.cleared_bar, $4)
			FROM told AS t
			WHERE a.model = $1 AND a.asset_y = t.asset_y AND a.asset_x = t.asset_x AND a.kind = 'break'
				AND a.cleared_at_bar IS NULL AND a.raised_at_bar > t.baseline_end
				AND NOT (t.alarm AND a.raised_at_bar = coalesce(t.alarm_bar, a.raised_at_bar))
		)
		SELECT coalesce(jsonb_agg(to_jsonb(t) - 'state'), '[]')
		FROM told AS t
		WHERE t.has_raised AND NOT t.alarm$sql$;
	EXECUTE format(forward, book, 'hedge._panel($6, $7)')
		INTO passed USING model, key, bars[1], bars[settled], false, book, run, held_y, held_x;

	EXECUTE format('SELECT min(m.baseline_start), min(m.baseline_end) FROM %I.pair_monitor AS m
		WHERE m.model = $1 AND m.ended_at IS NULL AND m.returns_key = $2 AND m.last_bar < $3', book)
		INTO gap_since, gap_from USING model, key, bars[1];
	IF gap_since IS NOT NULL THEN
		EXECUTE format(forward, book, 'hedge._read_panel($6, $7, $10, $11)')
			INTO passed_in_gap
			USING model, key, bars[1], bars[settled], true, book, run, held_y, held_x,
				hedge._read_since(settings, gap_since), gap_from;
	END IF;
	passed := passed || passed_in_gap;

	-- Monitors end when their returns are made otherwise now, when prices since their last bar are gone,
	-- when an alarm was acknowledged and there is a new baseline after it, and when nobody leans on the pair
	-- any more as it was in the baseline. Who holds a pair that is in no snapshot is asked only where it
	-- matters at once, or where a break of the pair was acknowledged: what is left of its correlation
	-- may be too small for a snapshot, or have the other sign, which is yet to be told; it goes on while somebody
	-- holds both assets. The others end when they have not been in a snapshot for long. And all end
	-- that have been calm for twice the lookback, since their boundary grows: a new one is faster.
	EXECUTE format($sql$
		WITH held AS MATERIALIZED (
			SELECT h.asset_y, h.asset_x, h.correlation_sign FROM unnest($3, $4, $9) AS h (asset_y, asset_x, correlation_sign)
		), other AS MATERIALIZED (
			SELECT m.asset_y, m.asset_x, CASE WHEN NOT k.known THEN s.baseline_correlation END AS correlation,
				k.known
					OR EXISTS (SELECT FROM held AS h WHERE h.asset_y = m.asset_y AND h.asset_x = m.asset_x)
					OR m.alarm_bar IS NOT NULL
					OR EXISTS (SELECT FROM %1$I.alert AS a
						WHERE a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.cleared_at_bar IS NULL)
					AS matters,
				$6 - width_bucket(m.held_at, $5) > ($10 ->> 'rolling_bars')::integer AS is_past
			FROM %1$I.pair_monitor AS m
			CROSS JOIN LATERAL hedge.monitor_status(m.state) AS s
			CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM %1$I.alert AS a
				WHERE a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.kind = 'break'
					AND a.acknowledged_at IS NOT NULL AND a.raised_at_bar <= m.baseline_end) AS known) AS k
			WHERE m.model = $1 AND m.ended_at IS NULL
				AND NOT EXISTS (SELECT FROM held AS h
					WHERE h.asset_y = m.asset_y AND h.asset_x = m.asset_x AND h.correlation_sign = sign(s.baseline_correlation))
		), leaning AS MATERIALIZED (
			SELECT l.asset_y, l.asset_x
			FROM (
				SELECT array_agg(o.asset_y) AS ys, array_agg(o.asset_x) AS xs, array_agg(o.correlation) AS cs
				FROM other AS o
				WHERE o.matters) AS a
			CROSS JOIN LATERAL hedge._leaning($7, $8, a.ys, a.xs, a.cs) AS l
		), left_alone AS MATERIALIZED (
			SELECT o.asset_y, o.asset_x
			FROM other AS o
			WHERE CASE WHEN o.matters
				THEN NOT EXISTS (SELECT FROM leaning AS l WHERE l.asset_y = o.asset_y AND l.asset_x = o.asset_x)
				ELSE o.is_past END
		), ended AS (
			UPDATE %1$I.pair_monitor AS m
			SET ended_at = $5[$6]
			WHERE m.model = $1 AND m.ended_at IS NULL
				AND (m.returns_key <> $2
					OR m.last_bar < $5[1]
					OR EXISTS (SELECT FROM left_alone AS l WHERE l.asset_y = m.asset_y AND l.asset_x = m.asset_x)
					OR $6 - width_bucket(m.change_bar, $5) + 1 >= 60 AND EXISTS (
						SELECT FROM %1$I.alert AS a
						WHERE a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.kind = 'break'
							AND a.raised_at_bar = m.alarm_bar AND a.acknowledged_at IS NOT NULL)
					OR m.alarm_bar IS NULL AND m.unreliable_since IS NULL
						AND NOT EXISTS (SELECT FROM %1$I.alert AS a
							WHERE a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.cleared_at_bar IS NULL)
						AND (hedge.monitor_status(m.state)).bars >= 2 * ($10 ->> 'lookback')::integer)
			RETURNING m.asset_y, m.asset_x, m.returns_key <> $2 AS otherwise, m.last_bar < $5[1] AS missed
		), cleared AS (
			-- An alarm whose monitor could not go on is not over: it stands until it is acknowledged.
			UPDATE %1$I.alert AS a
			SET cleared_at_bar = $5[$6]
			FROM ended AS e
			WHERE a.model = $1 AND a.asset_y = e.asset_y AND a.asset_x = e.asset_x AND a.cleared_at_bar IS NULL
				AND (a.acknowledged_at IS NOT NULL OR NOT (e.otherwise OR e.missed))
		)
		SELECT count(*) FILTER (WHERE e.otherwise), count(*) FILTER (WHERE e.missed AND NOT e.otherwise)
		FROM ended AS e$sql$, book)
		INTO otherwise, missed
		USING model, key, held_y, held_x, bars, settled, book, run, held_sign, settings;

	IF otherwise > 0 THEN
		RAISE NOTICE 'model "%": % watched pairs get a new baseline, since returns are made otherwise now', model, otherwise
			USING DETAIL = 'Alerts of theirs stand until they are acknowledged.';
	END IF;
	IF missed > 0 THEN
		RAISE NOTICE 'model "%": % watched pairs get a new baseline, since prices since their last bar are gone', model, missed
			USING DETAIL = 'There was no refresh for longer than the window. What broke before it raises no alert; their verdicts tell of the window. Alerts of theirs stand until they are acknowledged.';
	END IF;

	-- New ones start from the window, or from the break in it that is known: of what the snapshot holds,
	-- and of pairs that broke, if somebody holds both assets. The sign of the correlation is that known from
	-- before, so that a change is told of.
	EXECUTE format($sql$
		WITH wanted AS MATERIALIZED (
			SELECT h.asset_y, h.asset_x, true AS is_held
			FROM unnest($3, $4) AS h (asset_y, asset_x)
			UNION ALL
			SELECT a.asset_y, a.asset_x, false
			FROM hedge._acknowledged($7, $1, $5[1]) AS a
			WHERE NOT EXISTS (SELECT FROM unnest($3, $4) AS h (asset_y, asset_x)
				WHERE h.asset_y = a.asset_y AND h.asset_x = a.asset_x)
		), new AS MATERIALIZED (
			SELECT h.asset_y, h.asset_x, h.is_held, y.robust_low, y.robust_high, y.verdict = 'reliable' OR x.verdict = 'reliable' AS reliable,
				greatest(1, width_bucket(greatest($5[1],
					CASE WHEN y.verdict = 'break_detected' THEN y.break_time END,
					(SELECT max(e.change_bar) FROM %1$I.pair_monitor AS e
					 WHERE e.model = $1 AND e.asset_y = h.asset_y AND e.asset_x = h.asset_x AND e.returns_key = $2)), $5))
					AS first,
				(SELECT e.correlation_sign FROM %1$I.pair_monitor AS e
				 WHERE e.model = $1 AND e.asset_y = h.asset_y AND e.asset_x = h.asset_x AND e.ended_at >= $5[1]
				 ORDER BY e.baseline_end DESC LIMIT 1) AS sign_before
			FROM wanted AS h
			JOIN %1$I.pair_evidence AS y ON y.run = $8 AND y.asset_y = h.asset_y AND y.asset_x = h.asset_x
			JOIN %1$I.pair_evidence AS x ON x.run = $8 AND x.asset_y = h.asset_x AND x.asset_x = h.asset_y
			WHERE NOT EXISTS (SELECT FROM %1$I.pair_monitor AS m
				WHERE m.model = $1 AND m.asset_y = h.asset_y AND m.asset_x = h.asset_x AND m.ended_at IS NULL)
		), series AS MATERIALIZED (
			SELECT a.asset, ARRAY(SELECT unnest(p.observations[a.place::integer:a.place::integer][:$6])) AS returns
			FROM hedge._panel($7, $8) AS p
			CROSS JOIN LATERAL unnest(p.assets) WITH ORDINALITY AS a (asset, place)
			WHERE a.asset IN (SELECT n.asset_y FROM new AS n UNION ALL SELECT n.asset_x FROM new AS n)
		), made AS MATERIALIZED (
			SELECT n.*, s.state
			FROM new AS n
			JOIN series AS y ON y.asset = n.asset_y
			JOIN series AS x ON x.asset = n.asset_x
			CROSS JOIN LATERAL (
				SELECT hedge.monitor_start(y.returns[n.first:], x.returns[n.first:], ($9 ->> 'monitor_threshold')::float8) AS state
				OFFSET 0) AS s
			WHERE s.state IS NOT NULL
		), holding AS MATERIALIZED (
			SELECT l.asset_y, l.asset_x
			FROM (
				SELECT array_agg(m.asset_y) AS ys, array_agg(m.asset_x) AS xs, array_agg(NULL::float8) AS cs
				FROM made AS m
				WHERE NOT m.is_held) AS a
			CROSS JOIN LATERAL hedge._leaning($7, $8, a.ys, a.xs, a.cs) AS l
		)
		INSERT INTO %1$I.pair_monitor (model, asset_y, asset_x, baseline_start, baseline_end, returns_key, baseline_state,
			state, last_bar, held_at, correlation_sign, was_reliable)
		SELECT $1, n.asset_y, n.asset_x, $5[n.first], $5[$6], $2, n.state, n.state, $5[$6], $5[$6],
			coalesce(n.sign_before, CASE WHEN n.robust_low > 0 THEN 1 WHEN n.robust_high < 0 THEN -1 END),
			n.reliable
		FROM made AS n
		WHERE n.is_held OR EXISTS (SELECT FROM holding AS l WHERE l.asset_y = n.asset_y AND l.asset_x = n.asset_x)
		ON CONFLICT (model, asset_y, asset_x, baseline_end) DO UPDATE
		SET baseline_start = excluded.baseline_start, returns_key = excluded.returns_key,
			baseline_state = excluded.baseline_state, state = excluded.state, last_bar = excluded.last_bar, held_at = excluded.held_at,
			alarm_bar = NULL, change_bar = NULL, direction = NULL, correlation_sign = excluded.correlation_sign,
			was_reliable = excluded.was_reliable, unreliable_since = NULL, ended_at = NULL$sql$, book)
		USING model, key, held_y, held_x, bars, settled, book, run, settings;

	-- Signs and verdicts that no longer hold.
	EXECUTE format($sql$
		UPDATE %1$I.alert AS a
		SET cleared_at_bar = $2
		FROM %1$I.pair_monitor AS m
		LEFT JOIN %1$I.pair_evidence AS y ON y.run = $3 AND y.asset_y = m.asset_y AND y.asset_x = m.asset_x
		LEFT JOIN %1$I.pair_evidence AS x ON x.run = $3 AND x.asset_y = m.asset_x AND x.asset_x = m.asset_y
		WHERE m.model = $1 AND m.ended_at IS NULL
			AND a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.cleared_at_bar IS NULL
			AND CASE a.kind
				WHEN 'sign_change' THEN a.direction > 0 AND y.robust_high < 0 OR a.direction < 0 AND y.robust_low > 0
				WHEN 'verdict_lost' THEN y.verdict = 'reliable' OR x.verdict = 'reliable' END$sql$, book)
		USING model, bars[cardinality(bars)], run;

	-- What is new. A verdict may waver about its threshold, so its loss must last; and where a break is
	-- known that weakened the correlation, or looks like one (which is the monitor's to tell), it says nothing new.
	-- Of a break, the bars since the change tell what the correlation is now. A sign that has changed concerns those who
	-- leaned on the one before, which need not be that of the baseline, if that began after a break.
	-- (watched_refresh of bench/simulate.c follows these rules to count false alarms; test/t/alarm_rules.sh compares.)
	FOR raised IN EXECUTE format($sql$
		WITH watched AS MATERIALIZED (
			SELECT m.*, s.baseline_correlation, y.correlation, y.robust_low, y.robust_high, y.verdict, y.reason,
				CASE WHEN y.robust_low > 0 THEN 1 WHEN y.robust_high < 0 THEN -1 END AS sign_now,
				y.verdict = 'reliable' OR x.verdict = 'reliable' AS reliable
			FROM %1$I.pair_monitor AS m
			CROSS JOIN LATERAL hedge.monitor_status(m.state) AS s
			JOIN %1$I.pair_evidence AS y ON y.run = $3 AND y.asset_y = m.asset_y AND y.asset_x = m.asset_x
			JOIN %1$I.pair_evidence AS x ON x.run = $3 AND x.asset_y = m.asset_x AND x.asset_x = m.asset_y
			WHERE m.model = $1 AND m.ended_at IS NULL
		), judged AS MATERIALIZED (
			SELECT w.*, w.verdict <> 'break_detected' AND NOT w.reliable AND w.was_reliable
				AND cardinality($2) - width_bucket(coalesce(w.unreliable_since, $2[cardinality($2)]), $2)
					>= ($5 ->> 'alarm_patience')::integer AS lost
			FROM watched AS w
		), told AS MATERIALIZED (
			SELECT j.*, j.reliable OR j.was_reliable AND NOT j.lost AS still_reliable,
				CASE
					WHEN j.reliable OR j.lost OR NOT j.was_reliable THEN NULL
					WHEN j.verdict = 'break_detected' THEN j.unreliable_since
					ELSE coalesce(j.unreliable_since, $2[cardinality($2)]) END AS now_unreliable_since
			FROM judged AS j
		), kept AS (
			UPDATE %1$I.pair_monitor AS m
			SET correlation_sign = coalesce(t.sign_now, m.correlation_sign),
				was_reliable = t.still_reliable,
				unreliable_since = t.now_unreliable_since
			FROM told AS t
			WHERE m.model = t.model AND m.asset_y = t.asset_y AND m.asset_x = t.asset_x AND m.ended_at IS NULL
				AND (t.sign_now <> m.correlation_sign OR t.sign_now IS NOT NULL AND m.correlation_sign IS NULL
					OR t.still_reliable <> m.was_reliable OR t.now_unreliable_since IS DISTINCT FROM m.unreliable_since)
		), candidate AS MATERIALIZED (
			SELECT t.asset_y, t.asset_x, t.baseline_correlation AS correlation, NULL::float8 AS later, 'break' AS kind,
				t.alarm_bar AS raised_at_bar, t.change_bar, t.direction, NULL::timestamptz AS cleared_at_bar,
				format('correlation of %%s and %%s has %%s: it was %%s from %%s to %%s, and %%s it is ',
					t.asset_y, t.asset_x, CASE WHEN t.direction = sign(t.baseline_correlation) THEN 'strengthened' ELSE 'weakened' END,
					round(t.baseline_correlation::numeric, 2), hedge._bar_text(t.baseline_start), hedge._bar_text(t.baseline_end),
					coalesce('probably since ' || hedge._bar_text(t.change_bar), 'since before ' || hedge._bar_text($2[1]))) AS message
			FROM told AS t
			WHERE t.alarm_bar IS NOT NULL
			UNION ALL
			SELECT p.asset_y, p.asset_x, p.baseline_correlation, p.baseline_correlation, 'break', p.alarm_bar, p.change_bar, NULL, coalesce(p.cleared_bar, p.alarm_bar),
				format('correlation of %%s and %%s was another one for a while: it was %%s from %%s to %%s, another one probably since %%s, and is what it was again since %%s at the latest',
					p.asset_y, p.asset_x, round(p.baseline_correlation::numeric, 2), hedge._bar_text(p.baseline_start),
					hedge._bar_text(p.baseline_end), hedge._bar_text(p.change_bar), hedge._bar_text(p.cleared_bar))
			FROM jsonb_to_recordset($6) AS p (asset_y text, asset_x text, baseline_correlation float8, baseline_start timestamptz,
				baseline_end timestamptz, alarm_bar timestamptz, change_bar timestamptz, cleared_bar timestamptz)
			UNION ALL
			SELECT t.asset_y, t.asset_x, t.correlation_sign * abs(t.baseline_correlation), t.correlation, 'sign_change', $2[cardinality($2)], NULL, t.sign_now, NULL,
				format('correlation of %%s and %%s is now %%s: %%s, between %%s and %%s',
					t.asset_y, t.asset_x, CASE WHEN t.sign_now > 0 THEN 'positive' ELSE 'negative' END,
					round(t.correlation::numeric, 2), round(t.robust_low::numeric, 2),
					round(t.robust_high::numeric, 2))
			FROM told AS t
			WHERE t.sign_now = -t.correlation_sign
			UNION ALL
			SELECT t.asset_y, t.asset_x, t.baseline_correlation, 0, 'verdict_lost', $2[cardinality($2)],
				coalesce(t.unreliable_since, $2[cardinality($2)]), NULL, NULL,
				format('%%s and %%s are no longer a reliable pair but %%s: %%s', t.asset_y, t.asset_x, t.verdict, t.reason)
			FROM told AS t
			WHERE t.lost AND (t.alarm_bar IS NULL OR t.direction = sign(t.baseline_correlation))
		), fresh AS MATERIALIZED (
			SELECT c.*
			FROM candidate AS c
			WHERE NOT EXISTS (
				SELECT FROM %1$I.alert AS a
				WHERE a.model = $1 AND a.asset_y = c.asset_y AND a.asset_x = c.asset_x
					AND (a.kind = c.kind AND a.raised_at_bar = c.raised_at_bar
						OR c.kind = 'verdict_lost' AND a.cleared_at_bar IS NULL
							AND NOT (a.kind = 'break' AND a.direction = sign(c.correlation))))
		), series AS MATERIALIZED (
			SELECT a.asset, ARRAY(SELECT unnest(p.observations[a.place::integer:a.place::integer][:$7])) AS returns
			FROM hedge._panel($4, $3) AS p
			CROSS JOIN LATERAL unnest(p.assets) WITH ORDINALITY AS a (asset, place)
			WHERE a.asset IN (SELECT f.asset_y FROM fresh AS f UNION ALL SELECT f.asset_x FROM fresh AS f)
		), known AS MATERIALIZED (
			SELECT f.asset_y, f.asset_x, f.correlation, coalesce(f.later, k.correlation) AS later, f.kind, f.raised_at_bar, f.change_bar,
				f.direction, f.cleared_at_bar,
				f.message || CASE WHEN f.later IS NULL THEN coalesce(round(k.correlation::numeric, 2)::text, 'another one') ELSE '' END AS message,
				row_number() OVER (ORDER BY f.asset_y, f.asset_x, f.kind, f.raised_at_bar) AS place
			FROM fresh AS f
			LEFT JOIN LATERAL (
				SELECT corr(o.y, o.x) AS correlation
				FROM series AS y
				JOIN series AS x ON x.asset = f.asset_x
				CROSS JOIN LATERAL (SELECT greatest(1, width_bucket(f.change_bar, $2)) AS first) AS b
				CROSS JOIN LATERAL unnest(y.returns[b.first:], x.returns[b.first:]) AS o (y, x)
				WHERE y.asset = f.asset_y) AS k ON f.later IS NULL
		), held AS MATERIALIZED (
			SELECT f.*, l.portfolios, l.portfolio_list, l.lost
			FROM known AS f
			JOIN (
				SELECT h.*
				FROM (
					SELECT array_agg(d.asset_y ORDER BY d.place) AS ys, array_agg(d.asset_x ORDER BY d.place) AS xs,
						array_agg(d.correlation ORDER BY d.place) AS cs, array_agg(d.later ORDER BY d.place) AS ls
					FROM known AS d) AS p
				CROSS JOIN LATERAL hedge._leaning($4, $3, p.ys, p.xs, p.cs, p.ls) AS h) AS l
				ON l.place = f.place
		), raised AS (
			INSERT INTO %1$I.alert (model, asset_y, asset_x, kind, raised_at_bar, change_bar, direction, cleared_at_bar, message, run)
			SELECT $1, h.asset_y, h.asset_x, h.kind, h.raised_at_bar, h.change_bar, h.direction, h.cleared_at_bar, h.message, $3
			FROM held AS h
			ORDER BY h.lost DESC NULLS LAST, h.asset_y, h.asset_x, h.kind
			RETURNING alert, asset_y, asset_x, kind, raised_at_bar, message
		), holders AS (
			INSERT INTO %1$I.alert_holders (alert, portfolios, portfolio_list, risk_offset_at_stake)
			SELECT r.alert, h.portfolios, h.portfolio_list, h.lost
			FROM raised AS r
			JOIN held AS h USING (asset_y, asset_x, kind, raised_at_bar)
		)
		SELECT r.alert, r.message FROM raised AS r ORDER BY r.alert$sql$, book)
		USING model, bars, run, book, settings, passed, settled
	LOOP
		PERFORM pg_notify('pghedge_alert', raised.alert::text);
		count := count + 1;
		IF count <= 10 THEN
			RAISE NOTICE 'model "%": alert %: %', model, raised.alert, raised.message;
		END IF;
	END LOOP;
	IF count > 10 THEN
		RAISE NOTICE 'model "%": % more alerts', model, count - 10 USING HINT = format('See %I.open_alerts.', book);
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._watch(text, bigint, text[], text[], float8[]) IS 'Brings the monitors of a model forward to a run, given the pairs of its snapshot in byte order and the signs of their correlations, and raises alerts of the pairs that some portfolio leans on. Private.';

CREATE FUNCTION hedge._replay(book text, run bigint, until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	r record;
	since timestamptz;
	from_bar timestamptz;
	found record;
BEGIN
	EXECUTE format('SELECT k.model, k.as_of, k.settings, k.returns_key FROM %I.model_run AS k WHERE k.run = $1', book)
		INTO STRICT r USING run;
	EXECUTE format($sql$
		SELECT min(m.baseline_start), min(m.baseline_end)
		FROM %I.pair_monitor AS m
		WHERE m.model = $1 AND m.returns_key = $2 AND m.baseline_end < $3 AND coalesce(m.ended_at, 'infinity') > $3$sql$, book)
		INTO since, from_bar USING r.model, r.returns_key, until;
	IF from_bar IS NULL THEN
		RETURN;
	END IF;

	FOR found IN EXECUTE format($sql$
		WITH watched AS MATERIALIZED (
			SELECT DISTINCT ON (m.asset_y, m.asset_x) m.asset_y, m.asset_x, m.baseline_end, m.baseline_state
			FROM %1$I.pair_monitor AS m
			WHERE m.model = $1 AND m.returns_key = $2 AND m.baseline_end < $3 AND coalesce(m.ended_at, 'infinity') > $3
			ORDER BY m.asset_y, m.asset_x, m.baseline_end DESC
		), panel AS MATERIALIZED (
			SELECT p.bars, p.assets, p.observations, width_bucket($3, p.bars) AS last
			FROM hedge._read_panel($4, $5, $6, $7) AS p
		), series AS MATERIALIZED (
			SELECT a.asset, ARRAY(SELECT unnest(p.observations[a.place::integer:a.place::integer][:p.last])) AS returns
			FROM panel AS p
			CROSS JOIN LATERAL unnest(p.assets) WITH ORDINALITY AS a (asset, place)
			WHERE a.asset IN (SELECT w.asset_y FROM watched AS w UNION ALL SELECT w.asset_x FROM watched AS w)
		), forward AS MATERIALIZED (
			SELECT w.asset_y, w.asset_x,
				hedge.monitor_advance(w.baseline_state, y.returns[b.seen + 1:], x.returns[b.seen + 1:]) AS state
			FROM panel AS p
			CROSS JOIN watched AS w
			CROSS JOIN LATERAL (SELECT width_bucket(w.baseline_end, p.bars) AS seen) AS b
			JOIN series AS y ON y.asset = w.asset_y
			JOIN series AS x ON x.asset = w.asset_x
		)
		SELECT f.asset_y, f.asset_x, p.bars[p.last - s.bars + s.alarm_bar] AS raised_at_bar, a.alert
		FROM panel AS p
		CROSS JOIN forward AS f
		CROSS JOIN LATERAL hedge.monitor_status(f.state) AS s
		LEFT JOIN %1$I.alert AS a ON a.model = $1 AND a.asset_y = f.asset_y AND a.asset_x = f.asset_x AND a.kind = 'break'
			AND a.raised_at_bar = p.bars[p.last - s.bars + s.alarm_bar]
		WHERE s.alarm
		ORDER BY 3, 1, 2
		LIMIT 10$sql$, book)
		USING r.model, r.returns_key, until, book, run, hedge._read_since(r.settings, since), from_bar
	LOOP
		RAISE NOTICE 'model "%": as of % the correlation of % and % stands as broken since bar %', r.model, r.as_of,
			found.asset_y, found.asset_x, hedge._bar_text(found.raised_at_bar)
			USING DETAIL = coalesce(format('It is alert %s.', found.alert), 'Nobody leaned on the pair: there is no alert of it.');
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge._replay(text, bigint, timestamptz) IS 'What the monitors of a model said as of an earlier time, from their baselines and the prices since: alarms as notices, ten at most. Changes nothing. Private.';

CREATE FUNCTION hedge.acknowledge(book text, alert bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._book(book);
	known boolean;
	done boolean;
BEGIN
	EXECUTE format('UPDATE %s.alert AS a SET acknowledged_at = now(), acknowledged_by = current_user
		WHERE a.alert = $1 AND a.acknowledged_at IS NULL RETURNING true', schema)
		INTO done USING alert;
	IF done IS NULL THEN
		EXECUTE format('SELECT EXISTS (SELECT FROM %s.alert AS a WHERE a.alert = $1)', schema) INTO known USING alert;
		IF NOT known THEN
			RAISE EXCEPTION 'book "%" has no alert %', book, coalesce(alert::text, 'NULL')
				USING ERRCODE = 'no_data_found', HINT = format('See %s.open_alerts.', schema);
		END IF;
	END IF;
	RETURN coalesce(done, false);
END
$function$;
COMMENT ON FUNCTION hedge.acknowledge(text, bigint) IS 'Takes note of an alert: it leaves open_alerts. Of a break, a new baseline begins once there are 60 bars after the change. True: done; false: somebody did before. Error P0002: no such alert. For whoever may UPDATE columns acknowledged_at and acknowledged_by of table alert, and SELECT from it.';
-- Who may do what in a book: rights for roles, and rows for those who may see some portfolios only.

CREATE FUNCTION hedge._book_rights(book regnamespace, level text,
	OUT relation oid, OUT privilege text, OUT column_name text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT c.oid, r.privilege, a.attname::text
	FROM pg_class AS c
	JOIN (
		SELECT o.name, 'SELECT', NULL::text, NULL::text
		FROM hedge._book_objects() AS o
		UNION ALL
		SELECT w.name, p.privilege, NULL, l.level
		FROM (VALUES ('analyst', 'position'), ('analyst', 'instrument'), ('operator', 'price')) AS l (level, name)
		JOIN hedge._book_objects() AS w ON w.name = l.name
		CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE')) AS p (privilege)
		UNION ALL
		-- Not prices: a refresh reads that relation with the owner's rights. Not the name: who keeps runs by it?
		SELECT 'model', 'UPDATE', '^(?!(model|prices)$)', 'analyst'
		UNION ALL
		SELECT 'alert', 'UPDATE', '^acknowledged_(at|by)$', 'operator') AS r (name, privilege, columns, level)
		ON r.name = c.relname AND (r.level IS NULL OR r.level = $2)
	LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname ~ r.columns
	WHERE c.relnamespace = $1 AND c.relkind IN ('r', 'v') AND (r.columns IS NULL OR a.attname IS NOT NULL)
	ORDER BY c.relname, r.privilege, a.attnum;
$function$;
COMMENT ON FUNCTION hedge._book_rights(regnamespace, text) IS 'What a reader, analyst or operator may do with the tables and views of a book; column_name NULL: all columns. Private.';

CREATE FUNCTION hedge._book_grantees(book regnamespace, OUT role regrole, OUT level text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT g.role::regrole, l.level
	FROM (
		SELECT DISTINCT x.grantee AS role
		FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS x
		WHERE c.relnamespace = $1 AND c.relname = 'book' AND x.grantee NOT IN (0, c.relowner)) AS g
	CROSS JOIN (VALUES ('reader'), ('analyst'), ('operator')) AS l (level)
	WHERE NOT EXISTS (
		SELECT FROM hedge._book_rights($1, l.level) AS r
		JOIN pg_class AS c ON c.oid = r.relation
		LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = r.column_name
		WHERE NOT EXISTS (
			SELECT FROM aclexplode(CASE WHEN r.column_name IS NULL THEN c.relacl ELSE a.attacl END) AS x
			WHERE x.grantee = g.role AND x.privilege_type = r.privilege));
$function$;
COMMENT ON FUNCTION hedge._book_grantees(regnamespace) IS 'Roles that have all rights of a level on the tables and views that a book has now. Private.';

CREATE FUNCTION hedge._grant(book regnamespace, role regrole, level text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	command text;
BEGIN
	EXECUTE format('GRANT USAGE ON SCHEMA %s TO %s', book, role);
	FOR command IN
		SELECT format('GRANT %s%s ON %s TO %s', r.privilege, ' (' || quote_ident(r.column_name) || ')', r.relation::regclass, role)
		FROM hedge._book_rights(book, level) AS r
	LOOP
		EXECUTE command;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge._grant(regnamespace, regrole, text) IS 'Grants the rights of a level. Private.';

CREATE FUNCTION hedge.grant_book(book text, role regrole, level text DEFAULT 'reader') RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._own_book(book);
	positions regclass;
BEGIN
	IF role IS NULL THEN
		RAISE EXCEPTION 'no role is named' USING ERRCODE = 'null_value_not_allowed';
	ELSIF (level IN ('reader', 'analyst', 'operator')) IS NOT TRUE THEN
		RAISE EXCEPTION 'level is %', coalesce(quote_literal(level), 'NULL')
			USING ERRCODE = 'invalid_parameter_value', HINT = 'It must be reader, analyst or operator.';
	END IF;
	PERFORM hedge._grant(schema, role, level);

	EXECUTE format('SELECT to_regclass(b.positions) FROM %s.book AS b', schema) INTO positions;
	IF positions IS NOT NULL AND NOT has_table_privilege(role, positions, 'SELECT') THEN
		RAISE NOTICE 'role % may not read %, and so no view of positions', role, positions
			USING HINT = format('Whoever owns that: GRANT SELECT ON %s TO %s, and USAGE on its schema.', positions, role);
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge.grant_book(text, regrole, text) IS 'Lets a role use a book. reader: SELECT from all its tables and views. analyst: and write position, instrument and the settings of model (but neither its name nor which prices it reads). operator: and, as a reader, write price and acknowledge alerts. A role may have several levels; hedge.upgrade_book keeps them. Tables of others that the book reads are their owners'' to grant: a notice says which. Only for the book''s owner, who alone can refresh.';

CREATE FUNCTION hedge.revoke_book(book text, role regrole) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._own_book(book);
	command text;
BEGIN
	IF role IS NULL THEN
		RAISE EXCEPTION 'no role is named' USING ERRCODE = 'null_value_not_allowed';
	ELSIF role = (SELECT n.nspowner FROM pg_namespace AS n WHERE n.oid = schema) THEN
		RAISE EXCEPTION 'book "%" belongs to role %', book, role
			USING ERRCODE = 'invalid_grant_operation', HINT = 'An owner''s rights cannot be taken away.';
	END IF;
	FOR command IN
		SELECT format('REVOKE ALL ON %I.%I FROM %s', book, c.relname, role)
		FROM pg_class AS c
		JOIN hedge._book_objects() AS o ON o.name = c.relname
		WHERE c.relnamespace = schema AND c.relkind IN ('r', 'v')
		UNION ALL
		SELECT format('REVOKE ALL ON SCHEMA %s FROM %s', schema, role)
	LOOP
		EXECUTE command;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge.revoke_book(text, regrole) IS 'Takes away whatever a role was granted of a book''s schema, tables and views, by hedge.grant_book or otherwise. What it has through other roles, or PUBLIC, stays. Only for the book''s owner.';

-- Rows that are made of positions. A view that reads _position shows to each what the policies on the
-- relation of positions let him see; here the same is asked by policies, whose subqueries run with the
-- rights, and under the policies, of who reads.
CREATE FUNCTION hedge.restrict_book(book text, restrict boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._own_book(book);
	relation text;
	visible text;
BEGIN
	PERFORM hedge._lock_models(schema);
	FOR relation, visible IN VALUES
		('offset_snapshot', 'portfolio IN (SELECT p.portfolio FROM %1$s._position AS p)'),
		('pair_evidence', NULL),
		('pair_monitor', NULL),
		('alert', NULL),
		('alert_holders', 'false')
	LOOP
		IF EXISTS (SELECT FROM pg_policy AS k WHERE k.polname = 'visible_positions'
				AND k.polrelid = format('%s.%I', schema, relation)::regclass) THEN
			EXECUTE format('DROP POLICY visible_positions ON %s.%I', schema, relation);
		END IF;
		IF restrict THEN
			EXECUTE format('CREATE POLICY visible_positions ON %s.%I USING (%s)', schema, relation,
				format(coalesce(visible, 'asset_y IN (SELECT p.asset FROM %1$s._position AS p) AND asset_x IN (SELECT p.asset FROM %1$s._position AS p)'), schema));
			EXECUTE format('ALTER TABLE %s.%I ENABLE ROW LEVEL SECURITY', schema, relation);
		ELSIF NOT EXISTS (SELECT FROM pg_policy AS k WHERE k.polrelid = format('%s.%I', schema, relation)::regclass) THEN
			EXECUTE format('ALTER TABLE %s.%I DISABLE ROW LEVEL SECURITY', schema, relation);
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge.restrict_book(text, boolean) IS 'Puts row-level security on what a refresh stores about positions, so that it shows to each what the policies on the relation of positions do: of offset_snapshot the rows of portfolios whose positions he sees; of pair_evidence, pair_monitor and alert those of pairs of which he sees both assets held; of alert_holders, which names the portfolios of an alert, none. restrict => false takes it away; policies of your own stay. Say who sees which positions by policies on that relation. Only for the book''s owner, whom policies do not bind.';
-- Offsets of a portfolio without double counting: each unit of exposure serves one pair only.

CREATE FUNCTION hedge.allocate_offsets(
	asset_a text[],
	asset_b text[],
	exposure_a float8[],
	exposure_b float8[],
	volatility_a float8[],
	volatility_b float8[],
	correlation float8[],
	hedge_ratio float8[],
	priority float8[] DEFAULT NULL,
	optimal boolean DEFAULT true)
RETURNS TABLE (
	rank integer,
	asset_a text,
	asset_b text,
	consumed_a float8,
	consumed_b float8,
	risk_offset float8,
	optimal_consumed_a float8,
	optimal_consumed_b float8,
	optimal_risk_offset float8)
AS 'MODULE_PATHNAME', 'pghedge_allocate_offsets'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100;

COMMENT ON FUNCTION hedge.allocate_offsets(text[], text[], float8[], float8[], float8[], float8[], float8[], float8[], float8[], boolean) IS
'Pairs of one portfolio (as hedge.portfolio_pairs and a book''s offsetting_pairs list them, an array element a pair), with what of each leg''s exposure is set against the other so that no unit of exposure serves twice. A pair consumes both legs in its hedge_ratio, |hedge_ratio| units of b for one of a (give others, such as a clearing house''s spread ratios, if those count), and removes what correlation takes off the risk of these amounts alone: sqrt(A^2 + B^2) - sqrt(A^2 + B^2 - 2 A B |correlation|), A and B the risks consumed.
consumed_* and risk_offset: greedy, by falling priority (null: the pair''s risk_offset at its whole exposures; a null element comes last), ties in the order given; rank is that order. optimal_*: the allocation with the largest total, the solution of a linear program; sum(optimal_risk_offset) - sum(risk_offset) is the gap, never negative. optimal => false leaves it out (null). consumed_* carry the exposure''s sign, in money; risk_offset is per bar, in money.
A pair that adds up (exposure_a * exposure_b * correlation >= 0), or lacks a number, gets nothing. No rows if an array is null. Fails if arrays differ in length, an asset has different exposures in two pairs, or a correlation or volatility is impossible.';

CREATE FUNCTION hedge.allocated_legs(
	asset_a text[],
	asset_b text[],
	exposure_a float8[],
	exposure_b float8[],
	volatility_a float8[],
	volatility_b float8[],
	correlation float8[],
	hedge_ratio float8[],
	priority float8[] DEFAULT NULL,
	optimal boolean DEFAULT true)
RETURNS TABLE (
	asset text,
	exposure float8,
	consumed float8,
	remaining float8,
	optimal_consumed float8,
	optimal_remaining float8)
AS 'MODULE_PATHNAME', 'pghedge_allocated_legs'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 50;

COMMENT ON FUNCTION hedge.allocated_legs(text[], text[], float8[], float8[], float8[], float8[], float8[], float8[], float8[], boolean) IS
'The legs of hedge.allocate_offsets, in byte order: exposure = consumed + remaining, signed, in money; greedy and optimal. Null where the exposure is not known.';
-- Options: prices, Greeks, and the volatility that a price implies.

CREATE FUNCTION hedge.black_scholes(
	kind text,
	spot float8,
	strike float8,
	years float8,
	volatility float8,
	rate float8 DEFAULT 0,
	dividend_yield float8 DEFAULT 0,
	OUT price float8,
	OUT delta float8,
	OUT gamma float8,
	OUT vega float8,
	OUT theta float8,
	OUT rho float8)
AS 'MODULE_PATHNAME', 'pghedge_black_scholes'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.black_scholes(text, float8, float8, float8, float8, float8, float8) IS
'A European option by Black, Scholes and Merton (1973). kind is call or put; years to expiry; volatility, rate and dividend_yield (or the foreign rate of a currency) are annual, 0.2 for 20 %, rates compounded continuously. Results are of one option on one unit, long: price in money; delta per unit of spot, gamma per unit of spot squared; vega per 1.00 of volatility (a hundredth of it is for one point); theta per year (1/365 of it a day), negative where time costs; rho per 1.00 of rate. delta * quantity * contract_size is what a position has of the underlying: position.delta of a book.
With no time or volatility left the option is worth its forward''s discounted intrinsic value; at the money it then has no Greeks: null. Null where a number is out of range, never NaN or infinity. Error 22023 for spot or strike not positive, years or volatility negative, or an unknown kind.';

CREATE FUNCTION hedge.black_76(
	kind text,
	forward float8,
	strike float8,
	years float8,
	volatility float8,
	rate float8 DEFAULT 0,
	OUT price float8,
	OUT delta float8,
	OUT gamma float8,
	OUT vega float8,
	OUT theta float8,
	OUT rho float8)
AS 'MODULE_PATHNAME', 'pghedge_black_76'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.black_76(text, float8, float8, float8, float8, float8) IS
'A European option on a futures or forward price by Black (1976). delta and gamma are per unit of the futures price, discounted; rho at an unchanged futures price; all else as in hedge.black_scholes.';

CREATE FUNCTION hedge.inverse_option(
	kind text,
	forward float8,
	strike float8,
	years float8,
	volatility float8,
	OUT price float8,
	OUT price_in_money float8,
	OUT delta float8,
	OUT net_delta float8,
	OUT gamma float8,
	OUT vega float8,
	OUT theta float8)
AS 'MODULE_PATHNAME', 'pghedge_inverse_option'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.inverse_option(text, float8, float8, float8, float8) IS
'A coin-settled (inverse) European option on one coin, which pays max(forward - strike, 0) / forward coins (a put: max(strike - forward, 0) / forward). price in coins = price_in_money / forward, price_in_money undiscounted by Black (1976). delta is that of the value in money. net_delta = delta - price, in coins: the premium is held in coins and has an exposure of its own; net_delta is what a short futures position must offset where the coins paid for the option are still counted as held. (Deribit API documentation, delta_total: "Net Transaction Delta = Black Scholes Delta - Mark Price of Options"; derived by Alexander and Imeraj, arXiv:2107.12041.) gamma, vega and theta are of the value in money, as in hedge.black_scholes.
In a book such an option is a linear contract whose contract_size is its coins and whose delta is net_delta. Null and errors as in hedge.black_scholes.';

CREATE FUNCTION hedge.implied_volatility(
	kind text,
	price float8,
	spot float8,
	strike float8,
	years float8,
	rate float8 DEFAULT 0,
	dividend_yield float8 DEFAULT 0)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_implied_volatility'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.implied_volatility(text, float8, float8, float8, float8, float8, float8) IS
'The annual volatility at which hedge.black_scholes gives this price, as exactly as the price''s last digit tells it. Null outside the no-arbitrage bounds (below intrinsic value of the forward, discounted; at or above the price at infinite volatility) and where no time is left; 0 at intrinsic value itself. Error 22023 as in hedge.black_scholes.';

CREATE FUNCTION hedge.implied_volatility_76(
	kind text,
	price float8,
	forward float8,
	strike float8,
	years float8,
	rate float8 DEFAULT 0)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_implied_volatility_76'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.implied_volatility_76(text, float8, float8, float8, float8, float8) IS
'The annual volatility at which hedge.black_76 gives this price. Null and errors as in hedge.implied_volatility.';

CREATE FUNCTION hedge.implied_volatility_inverse(
	kind text,
	price float8,
	forward float8,
	strike float8,
	years float8)
RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_implied_volatility_inverse'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION hedge.implied_volatility_inverse(text, float8, float8, float8, float8) IS
'The annual volatility at which hedge.inverse_option gives this price in coins. Null and errors as in hedge.implied_volatility.';
-- Hedges: named instruments at least risk and cost, baskets of few legs, trades to neutral, positions
-- scaled to a target. y is what is held, x the hedge.

CREATE FUNCTION hedge.minimum_variance_hedge(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	instruments text[],
	unit_exposures float8[] DEFAULT NULL,
	lot_sizes float8[] DEFAULT NULL,
	costs float8[] DEFAULT NULL,
	risk_aversion float8 DEFAULT NULL,
	low float8[] DEFAULT NULL,
	high float8[] DEFAULT NULL,
	costs_per_lot float8[] DEFAULT NULL)
RETURNS TABLE (
	instrument text,
	held_exposure float8,
	hedge_ratio float8,
	target_exposure float8,
	trade_exposure float8,
	trade_contracts float8,
	exposure_after float8,
	cost float8,
	risk_before float8,
	risk_at_target float8,
	risk_after float8,
	total_cost float8,
	kkt_residual float8)
AS 'MODULE_PATHNAME', 'pghedge_minimum_variance_hedge'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 10;

COMMENT ON FUNCTION hedge.minimum_variance_hedge(hedge.comoment_matrix, text[], float8[], text[], float8[], float8[], float8[], float8, float8[], float8[], float8[]) IS
'How much of each instrument leaves a portfolio the least risk: a row an instrument, in the order given. assets and exposures (signed, money) are the portfolio, with what it holds of the instruments already; risk is that of hedge.portfolio_risk, one standard deviation of a bar in money.
target_exposure minimises risk_aversion / 2 * variance + sum of cost * |trade|, within low and high (of the exposure held in the instrument; null: none); cost is money per unit of exposure traded (0.0002: two basis points), risk_aversion money per money squared: a unit of variance is worth half of it. Null risk_aversion: least variance, whatever it costs. A held exposure within the band in which a trade costs more than it gains stays as it is. hedge_ratio = -target_exposure / the exposure of all that is no instrument: of a single asset held, its regression coefficients.
unit_exposures (of one contract, of a contract held short negative) make whole contracts, in multiples of lot_sizes (null: 1): trade_contracts, and trade_exposure = exposure_after - held_exposure, are those, and costs_per_lot, money for each lot traded, is paid on top of costs; without, the trade goes to the target. The rounding is searched from the target and from no trade, never to end worse than no trade; risk_after <= risk_before unless bounds force a trade. risk_*, total_cost and kkt_residual (of the solver, at most 1e-10; 0 is exact) are those of all instruments together, on each row.
An instrument without a volatility in the matrix has nulls and is not used; positions without one are left out, as in hedge.portfolio_risk. No rows if one of the first four is null. Fails if arrays differ in length, an asset is there twice, a cost is negative, low is above high, or the covariances are not positive semi-definite (use hedge.nearest_psd).
Source: Johnson 1960, Ederington 1979; coordinate descent, Tseng 2001, Friedman, Hastie and Tibshirani 2010.';

CREATE FUNCTION hedge.neutral_trade(
	net float8,
	sensitivity float8 DEFAULT 1,
	band float8 DEFAULT 0,
	unit_exposure float8 DEFAULT NULL,
	lot_size float8 DEFAULT 1,
	OUT trade_exposure float8,
	OUT trade_contracts float8,
	OUT net_after float8)
AS 'MODULE_PATHNAME', 'pghedge_neutral_trade'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION hedge.neutral_trade(float8, float8, float8, float8, float8) IS
'The trade in one instrument that brings a net amount to the edge of a band around 0 (to 0 without one); nothing if it is within. sensitivity is what one unit of exposure traded adds to net. Dollar-neutral: net is the sum of exposures, sensitivity 1. Delta-neutral: the same of one underlying. Beta-neutral: net is the sum of beta * exposure, sensitivity the instrument''s beta (hedge.beta_exposure). With unit_exposure in whole contracts, multiples of lot_size: the fewest that reach the band, or else as near as they come, never further away than before.
Null without net or a sensitivity other than 0. Error 22023 for a negative band.';

CREATE FUNCTION hedge.beta_exposure(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	benchmark text)
RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN count(*) = count(t.exposure * t.beta) THEN sum(t.exposure * t.beta) END
	FROM (
		SELECT u.exposure, CASE
			WHEN u.asset = benchmark THEN 1
			WHEN u.asset = ANY (hedge.assets(matrix)) THEN hedge.hedge_ratio(matrix, u.asset, benchmark)
		END AS beta
		FROM unnest(assets, exposures) AS u (asset, exposure)
		WHERE u.exposure <> 0
	) AS t;
END;

COMMENT ON FUNCTION hedge.beta_exposure(hedge.comoment_matrix, text[], float8[], text) IS
'Beta-weighted exposure of a portfolio: sum of exposure * beta, beta = covariance with the benchmark / its variance: the exposure in the benchmark that moves alike. In money, signed. Null if a position with an exposure has no beta, or there is no position; exposures that are null are left out. Fails for a benchmark that is not in the matrix.';

CREATE FUNCTION hedge.greek_hedge(
	greeks float8[],
	sensitivities float8[],
	weights float8[] DEFAULT NULL,
	costs float8[] DEFAULT NULL,
	risk_aversion float8 DEFAULT NULL,
	low float8[] DEFAULT NULL,
	high float8[] DEFAULT NULL)
RETURNS TABLE (
	instrument integer,
	quantity float8,
	kkt_residual float8)
AS 'MODULE_PATHNAME', 'pghedge_greek_hedge'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 5;

COMMENT ON FUNCTION hedge.greek_hedge(float8[], float8[], float8[], float8[], float8, float8[], float8[]) IS
'Quantities of instruments, numbered as given, that bring a position''s greeks (delta, gamma, vega ...) nearest to nothing: they minimise risk_aversion / 2 * sum of weight * (greek + sum of sensitivity * quantity)^2 + sum of cost * |quantity|, within low and high. sensitivities[greek][instrument] is what one unit of an instrument adds. weights (null: 1) make greeks comparable, such as the squared size of a usual move; costs are per unit, and count only with a risk_aversion. With as many instruments as greeks, no costs and no bounds, all are brought to 0; with more, the smallest such trades.
No rows if greeks or sensitivities are null. Error 22023 for what is not finite, a negative weight or cost, or low above high.';

CREATE FUNCTION hedge.basket_hedge(
	assets text[],
	observations float8[],
	held text,
	legs text[] DEFAULT NULL,
	max_legs integer DEFAULT 5,
	in_sample float8 DEFAULT 0.7)
RETURNS TABLE (
	legs_used integer,
	asset text,
	hedge_ratio float8,
	tracking_error float8,
	tracking_error_out_of_sample float8,
	effectiveness float8,
	effectiveness_out_of_sample float8,
	z_score float8,
	half_life float8,
	bars_in_sample integer,
	bars_out_of_sample integer)
AS 'MODULE_PATHNAME', 'pghedge_basket_hedge'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 15;

COMMENT ON FUNCTION hedge.basket_hedge(text[], float8[], text, text[], integer, float8) IS
'Baskets of 1 to max_legs legs that hedge one asset held (an index, say), a row a leg of each basket. observations[asset][bar] are returns in order of time (hedge.return_panel); legs are those to choose from (null: all others). Ratios are estimated on the first share in_sample of the bars at which all these assets have a return; the rest is out of sample, never looked at in choosing. Legs are added one at a time, the one that takes most off the variance left, then exchanged while another does better: seldom but sometimes not the best of all baskets of that size. Fewer than max_legs where no leg removes anything more.
hedge_ratio: exposure of the leg, sold, for one of the asset held. tracking_error: standard deviation per bar of asset - sum of hedge_ratio * leg; effectiveness = 1 - its variance / that of the asset. z_score and half_life (bars) are those of the sum of this difference over all bars (hedge.spread_statistics).
No rows for fewer than three bars in sample or where an argument of the first three is null. Error 22023 for an unknown asset held, max_legs below 1, in_sample outside (0, 1].';

CREATE FUNCTION hedge.spread_statistics(
	spread float8[],
	OUT observations integer,
	OUT mean float8,
	OUT volatility float8,
	OUT z_score float8,
	OUT persistence float8,
	OUT half_life float8)
AS 'MODULE_PATHNAME', 'pghedge_spread_statistics'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.spread_statistics(float8[]) IS
'A spread in order of time: mean, volatility (standard deviation of its level), z_score = (last - mean) / volatility, persistence = slope of each value on the one before, half_life = ln(0.5) / ln(persistence), the observations in which a deviation is expected to halve; null unless persistence is between 0 and 1. Least squares finds persistence too low in short series, so half-lives too short. Null elements are left out. Numbers are null for fewer than two values, or four, or a constant.';

CREATE FUNCTION hedge.variance_scale(
	profit_and_loss float8[],
	target float8,
	cap float8 DEFAULT 1,
	decay float8 DEFAULT 0.94,
	OUT volatility float8,
	OUT decayed_volatility float8,
	OUT volatility_used float8,
	OUT scale float8)
AS 'MODULE_PATHNAME', 'pghedge_variance_scale'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION hedge.variance_scale(float8[], float8, float8, float8) IS
'The factor by which all positions are multiplied to bring a portfolio''s volatility per bar to a target (money), at most cap: min(cap, target / volatility_used). profit_and_loss is in order of time (hedge.profit_and_loss). volatility is the standard deviation of all of it; decayed_volatility that of recent bars, with exponential weights that fall by decay each bar (RiskMetrics 1996), about 0; volatility_used is the larger, so that a calm past does not hide a storm, nor a calm week a stormy year. Null elements are left out; null for fewer than two. Error 22023 for a negative target or cap, or decay outside (0, 1).';
-- What to trade: one portfolio of a book, for its view hedge_recommendations.

CREATE FUNCTION hedge._recommended_trades(
	matrix hedge.comoment_matrix,
	assets text[],
	exposures float8[],
	quantities float8[],
	marked boolean,
	instruments text[],
	unit_exposures float8[],
	unit_notionals float8[],
	lot_sizes float8[],
	costs float8[],
	costs_per_lot float8[],
	problems text[],
	risk_price float8,
	correlations text,
	evidence text,
	most_instruments integer,
	minimum_correlation float8,
	minimum_observations integer,
	book regnamespace,
	run bigint)
RETURNS TABLE (
	instrument text,
	quantity float8,
	exposure float8,
	target_exposure float8,
	trade_contracts float8,
	trade_exposure float8,
	exposure_after float8,
	band_low float8,
	band_high float8,
	cost float8,
	worth float8,
	variance_removed float8,
	variance_removed_per_cost float8,
	risk_before float8,
	risk_after float8,
	net_risk_after float8,
	total_cost float8,
	action text,
	reason text)
AS 'MODULE_PATHNAME', 'pghedge_recommended_trades'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 5;
COMMENT ON FUNCTION hedge._recommended_trades(hedge.comoment_matrix, text[], float8[], float8[], boolean, text[], float8[], float8[], float8[], float8[], float8[], text[], float8, text, text, integer, float8, integer, regnamespace, bigint) IS 'What a book''s view hedge_recommendations shows of one portfolio; its columns are described there. assets, exposures and quantities are the portfolio''s; instruments, with an element each in the arrays after it, what the run knows of those marked as tradable, or of all assets if marked is false. They must be the same whenever the run is. Evidence is read from the book, as the caller may read it, once for a query. Private.';
-- Margin of a portfolio, from weighted sensitivities and correlations; what offsets save and what of that is at risk.

CREATE FUNCTION hedge.correlation_scenario(correlation float8, scenario text) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT correlation BETWEEN -1 AND 1 THEN
		RAISE EXCEPTION 'correlation % is not from -1 to 1', correlation USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN CASE scenario
		WHEN 'low' THEN greatest(2 * correlation - 1, 0.75 * correlation)
		WHEN 'medium' THEN correlation
		WHEN 'high' THEN greatest(least(1.25 * correlation, 1), -1)
	END;
END
$function$;
COMMENT ON FUNCTION hedge.correlation_scenario(float8, text) IS
'A correlation in a scenario of the Basel Framework (MAR21.6): low max(2r - 1, 0.75r), medium r, high min(1.25r, 1) and not below -1. Null for another scenario. Fails outside -1 to 1.';

CREATE FUNCTION hedge.margin(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false,
	OUT gross_margin float8,
	OUT silo_margin float8,
	OUT uncorrelated_margin float8,
	OUT margin_low float8,
	OUT margin_medium float8,
	OUT margin_high float8,
	OUT net_margin float8,
	OUT scenario text,
	OUT credit float8,
	OUT margin float8,
	OUT alternative boolean,
	OUT floored boolean)
AS 'MODULE_PATHNAME', 'pghedge_margin'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION hedge.margin(float8[], float8[], text[], float8[], text[], float8[], float8, boolean[], boolean) IS
'Margin of one portfolio by the sensitivities-based method (Basel Framework, MAR21.4 to 21.7). One element a leg: exposures (signed, money) and risk weights from 0 on (null: 1, the exposures are weighted already); buckets (null: one bucket, called '''', as is that of a null element); correlations, a square of legs, read within buckets. bucket_names and bucket_correlations, a square of them, when there are several buckets.
WS = weight * exposure; within a bucket K = sqrt(max(0, sum of r * WS * WS)); net = sqrt(sum of K^2 + sum of g * S * S), S = sum of WS, or, where that sum is negative, max(min(sum of WS, K), -K): then alternative is true. margin_low, _medium, _high are net in the scenarios of hedge.correlation_scenario; net_margin is the largest, scenario which. gross_margin = sum of |WS|; silo_margin: buckets one by one; uncorrelated_margin: all correlations 0. credit = gross - net; margin = gross - credit_share * credit. floored: some root had a negative number under it, and is 0.
credited, a square of legs: pairs within a bucket that offset without being credited both ways (false or null) have correlation 0, or with adverse the same correlation turned around.
A correlation that is null is unknown: its two add up in full. Null arrays of exposures or correlations: null. Fails if lengths disagree, an exposure or weight is missing or not finite, a correlation is outside -1 to 1, a square not symmetric or (without nulls) not positive semi-definite, or a bucket has no parameters.';

CREATE FUNCTION hedge.margin_contributions(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false)
RETURNS TABLE (
	leg integer,
	bucket text,
	weighted_sensitivity float8,
	contribution float8,
	contribution_share float8)
AS 'MODULE_PATHNAME', 'pghedge_margin_contributions'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 50;
COMMENT ON FUNCTION hedge.margin_contributions(float8[], float8[], text[], float8[], text[], float8[], float8, boolean[], boolean) IS
'What each leg contributes to the margin of hedge.margin, in the order given: exposure * change of margin per exposure (Euler); negative for what reduces it. Contributions sum to the margin, contribution_share to 1. With the alternative, the derivative is that of the bounded S; legs of a bucket whose K is floored have none through K; all of net are 0 where net is 0. Of two scenarios equally bad, the first of high, medium, low.';

CREATE FUNCTION hedge.margin_pairs(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	credited boolean[] DEFAULT NULL,
	adverse boolean DEFAULT false)
RETURNS TABLE (
	leg_a integer,
	leg_b integer,
	correlation float8,
	contribution float8)
AS 'MODULE_PATHNAME', 'pghedge_margin_pairs'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 1000;
COMMENT ON FUNCTION hedge.margin_pairs(float8[], float8[], text[], float8[], text[], float8[], float8, boolean[], boolean) IS
'The margin of hedge.margin by pairs of legs, leg_a < leg_b, and of each leg with itself: all sum to the margin. A pair has 2 * correlation * WS * WS / net, negative where it offsets; across buckets with the correlation of the buckets, and each leg''s part of S. correlation is that of the scenario that counts. A leg''s contribution in hedge.margin_contributions is its own and half of its pairs.';

CREATE FUNCTION hedge.margin_compartments(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[],
	bucket_correlations float8[],
	credit_share float8,
	compartments text[])
RETURNS TABLE (
	compartment text,
	legs integer,
	gross_margin float8,
	margin float8,
	margin_of_others float8,
	pooled_margin float8,
	wall_cost float8)
AS 'MODULE_PATHNAME', 'pghedge_margin_compartments'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION hedge.margin_compartments(float8[], float8[], text[], float8[], text[], float8[], float8, text[]) IS
'The same legs margined apart and together: compartments has a label for each leg (account, bucket, currency, ...; null is ''''). A row a compartment: its margin alone, that of all others pooled, of everything pooled, and what the wall around it costs, margin + margin_of_others - pooled_margin; negative where the pooled margin is more than its parts. All walls at once cost sum(margin) - pooled_margin. Arguments as in hedge.margin.';

CREATE FUNCTION hedge.credit_at_risk(
	exposures float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	minimum float8[] DEFAULT NULL,
	maximum float8[] DEFAULT NULL)
RETURNS TABLE (
	scenario text,
	margin float8,
	credit float8,
	credit_lost float8,
	repaired boolean,
	distance float8,
	alternative boolean)
AS 'MODULE_PATHNAME', 'pghedge_credit_at_risk'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 6;
COMMENT ON FUNCTION hedge.credit_at_risk(float8[], float8[], text[], float8[], text[], float8[], float8, float8[], float8[]) IS
'Margin of one portfolio if correlations moved, a row each: low, medium and high as in hedge.correlation_scenario, zero, flipped (every sign turned), and, where minimum or maximum are given (squares of legs: the lowest and highest rolling correlation seen; null: not known), worst_seen: of each pair within a bucket the one that makes its legs offset least. Correlations within each bucket, and those of the buckets, that are not positive semi-definite are replaced by the nearest that are (Higham): repaired, distance the Frobenius norm of the change. credit = gross - margin, after credit_share; credit_lost = credit at medium - credit. Other arguments as in hedge.margin.';

CREATE FUNCTION hedge.nearest_correlations(correlations float8[]) RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_nearest_correlations'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION hedge.nearest_correlations(float8[]) IS
'The nearest positive semi-definite correlations, as hedge.nearest_psd has them for a matrix: a square as hedge.margin takes it; null and 0 become, or stay, 0. Fails if it is not square or symmetric, or has a number outside -1 to 1.';

CREATE FUNCTION hedge.correlations(matrix hedge.comoment_matrix, assets text[]) RETURNS float8[]
AS 'MODULE_PATHNAME', 'pghedge_correlations'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION hedge.correlations(hedge.comoment_matrix, text[]) IS
'Correlations of assets, in the order given, as a square for hedge.margin. Null for an asset that the matrix does not have, and where there is none: hedge.margin then counts the two as adding up. Fails if an asset is given twice.';

CREATE FUNCTION hedge._normal_quantile(level float8) RETURNS float8
AS 'MODULE_PATHNAME', 'pghedge_normal_quantile'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge._normal_quantile(float8) IS 'Quantile of the standard normal distribution; fails unless level is from 0.5 to below 1. Private.';

CREATE FUNCTION hedge.margin_weights(
	matrix hedge.comoment_matrix,
	assets text[],
	level float8 DEFAULT 0.99,
	holding_bars float8 DEFAULT 1)
RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT (holding_bars > 0 AND holding_bars < 'infinity') THEN
		RAISE EXCEPTION 'holding_bars % is not positive and finite', holding_bars USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN coalesce((
		SELECT array_agg(hedge._normal_quantile(level) * sqrt(holding_bars) *
			CASE WHEN a.asset = ANY (hedge.assets(matrix)) THEN hedge.volatility(matrix, a.asset) END ORDER BY a.place)
		FROM unnest(assets) WITH ORDINALITY AS a (asset, place)), '{}');
END
$function$;
COMMENT ON FUNCTION hedge.margin_weights(hedge.comoment_matrix, text[], float8, float8) IS
'Risk weights estimated: volatility per bar x quantile of the normal distribution at level x sqrt(holding_bars). Null for an asset without a volatility, which hedge.margin refuses. Fails unless level is above 0.5 and below 1.';

CREATE FUNCTION hedge.bucket_correlations(correlations float8[], buckets text[], bucket_names text[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT array_agg(r.line ORDER BY r.b)
	FROM (
		SELECT b.place AS b, array_agg(CASE WHEN b.place = c.place THEN 1 ELSE m.mean END ORDER BY c.place) AS line
		FROM unnest(bucket_names) WITH ORDINALITY AS b (name, place)
		CROSS JOIN unnest(bucket_names) WITH ORDINALITY AS c (name, place)
		LEFT JOIN (
			-- Element by element: where some are null, each subscript of correlations would count from the beginning.
			-- Both triangles together, since sums in another order would not be the same to the last bit.
			SELECT least(e.b, e.c) AS b, greatest(e.b, e.c) AS c, avg(e.correlation) AS mean
			FROM (
				SELECT k.number[((t.place - 1) / k.width + 1)::integer] AS b, k.number[((t.place - 1) % k.width + 1)::integer] AS c,
					t.correlation
				FROM (
					SELECT array_agg(coalesce(array_position(array_replace(bucket_names, NULL, ''), coalesce(x.name, '')), 0)
							ORDER BY x.leg) AS number,
						array_length(correlations, 2) AS width
					FROM unnest(buckets) WITH ORDINALITY AS x (name, leg)) AS k
				CROSS JOIN unnest(correlations) WITH ORDINALITY AS t (correlation, place)) AS e
			GROUP BY 1, 2) AS m ON m.b = least(b.place, c.place) AND m.c = greatest(b.place, c.place)
		GROUP BY b.place) AS r;
$function$;
COMMENT ON FUNCTION hedge.bucket_correlations(float8[], text[], text[]) IS
'Correlations of buckets for hedge.margin, estimated: the mean of the correlations of the legs of one with those of the other, nulls left out. Null where there is none.';

CREATE FUNCTION hedge.uniform_correlations(buckets text[], bucket_names text[], within float8[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT coalesce(array_agg(r.line ORDER BY r.leg), '{}')
	FROM (
		SELECT x.leg, array_agg(CASE
				WHEN x.leg = y.leg THEN 1
				WHEN coalesce(x.name, '') = coalesce(y.name, '')
					THEN within[array_position(array_replace(bucket_names, NULL, ''), coalesce(x.name, ''))]
				ELSE 0 END ORDER BY y.leg) AS line
		FROM unnest(buckets) WITH ORDINALITY AS x (name, leg)
		CROSS JOIN unnest(buckets) WITH ORDINALITY AS y (name, leg)
		GROUP BY x.leg) AS r;
$function$;
COMMENT ON FUNCTION hedge.uniform_correlations(text[], text[], float8[]) IS
'A square for hedge.margin of one correlation a bucket: within has that of each of bucket_names. Null, so that legs add up, for a bucket that is not named.';

CREATE FUNCTION hedge._sum_elements(a float8[], b float8[]) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF cardinality(a) <> cardinality(b) THEN
		RAISE EXCEPTION 'trade has % elements, but exposures has %', cardinality(b), cardinality(a)
			USING ERRCODE = 'array_subscript_error';
	END IF;
	RETURN coalesce((SELECT array_agg(t.x + t.y ORDER BY t.place) FROM unnest(a, b) WITH ORDINALITY AS t (x, y, place)), '{}');
END
$function$;
COMMENT ON FUNCTION hedge._sum_elements(float8[], float8[]) IS 'Sums of elements in the same place. Private.';

CREATE FUNCTION hedge.margin_impact(
	exposures float8[],
	trade float8[],
	weights float8[],
	buckets text[],
	correlations float8[],
	bucket_names text[] DEFAULT NULL,
	bucket_correlations float8[] DEFAULT NULL,
	credit_share float8 DEFAULT 1,
	OUT margin_before float8,
	OUT margin_after float8,
	OUT margin_change float8,
	OUT margin_of_trade float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2000
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT b.margin, a.margin, a.margin - b.margin, t.margin
	FROM (SELECT hedge._sum_elements(exposures, trade) AS both_exposures) AS s
	CROSS JOIN LATERAL hedge.margin(exposures, weights, buckets, correlations, bucket_names, bucket_correlations, credit_share) AS b
	CROSS JOIN LATERAL hedge.margin(s.both_exposures, weights, buckets, correlations, bucket_names, bucket_correlations, credit_share) AS a
	CROSS JOIN LATERAL hedge.margin(trade, weights, buckets, correlations, bucket_names, bucket_correlations, credit_share) AS t;
$function$;
COMMENT ON FUNCTION hedge.margin_impact(float8[], float8[], float8[], text[], float8[], text[], float8[], float8) IS
'Margin of a portfolio without and with a proposed trade, and of the trade alone. exposures and trade have one element for each leg of either, 0 where it has none. Other arguments, nulls and errors as in hedge.margin.';

-- Spread credits, as futures are cleared.

CREATE FUNCTION hedge.spread_credits(
	assets text[],
	deltas float8[],
	rates float8[],
	spreads text[],
	legs text[],
	ratios float8[],
	sides text[],
	credit_rates float8[],
	priorities float8[] DEFAULT NULL,
	whole boolean DEFAULT false)
RETURNS TABLE (
	rank integer,
	spread text,
	formed float8,
	credit float8)
AS 'MODULE_PATHNAME', 'pghedge_spread_credits'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 20;
COMMENT ON FUNCTION hedge.spread_credits(text[], float8[], float8[], text[], text[], float8[], text[], float8[], float8[], boolean) IS
'Credits of spreads for one portfolio. assets, deltas (net, in contracts, signed) and rates (outright margin of one contract, money) have one element a holding. spreads, legs (assets), ratios (contracts of the leg in one spread, above 0), sides (A or B), credit_rates (0 to 1) and priorities (the lowest first, null last; ties in the order given) have one element for each leg of each spread.
Spreads are formed by priority, each as often as what is left of its legs allows, if those on side A are on one side of the market and those on side B on the other; whole => true forms whole spreads only. The contracts used are gone for later ones. credit = formed * sum of ratio * rate * credit_rate. No rows if an array is null. Fails if lengths disagree, an element is null or out of its range, or an asset is there twice.';

CREATE FUNCTION hedge.spread_margins(
	assets text[],
	deltas float8[],
	rates float8[],
	spreads text[],
	legs text[],
	ratios float8[],
	sides text[],
	credit_rates float8[],
	priorities float8[] DEFAULT NULL,
	whole boolean DEFAULT false)
RETURNS TABLE (
	asset text,
	delta float8,
	remaining_delta float8,
	gross_margin float8,
	credit float8,
	margin float8)
AS 'MODULE_PATHNAME', 'pghedge_spread_margins'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 50;
COMMENT ON FUNCTION hedge.spread_margins(text[], float8[], float8[], text[], text[], float8[], text[], float8[], float8[], boolean) IS
'The holdings of hedge.spread_credits, in the order given: delta that no spread used, outright margin |delta| * rate, credit of the spreads it is a leg of, and margin = gross_margin - credit.';

-- From history.

CREATE FUNCTION hedge.volatility_scale(profit_and_loss float8[], short_bars integer, largest float8 DEFAULT NULL) RETURNS float8
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	short_volatility float8;
	long_volatility float8;
BEGIN
	IF short_bars IS NULL OR short_bars < 2 THEN
		RAISE EXCEPTION 'short_bars % is not at least 2', short_bars USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT largest >= 1 THEN
		RAISE EXCEPTION 'largest scale % is not at least 1', largest USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT stddev_samp(t.x) FILTER (WHERE t.place > cardinality(profit_and_loss) - short_bars), stddev_samp(t.x)
	INTO short_volatility, long_volatility
	FROM unnest(profit_and_loss) WITH ORDINALITY AS t (x, place)
	WHERE t.x > '-infinity' AND t.x < 'infinity';
	RETURN CASE
		WHEN long_volatility > 0 AND short_volatility IS NOT NULL
			THEN least(greatest(short_volatility / long_volatility, 1), largest)
		WHEN long_volatility = 0 THEN 1 END;
END
$function$;
COMMENT ON FUNCTION hedge.volatility_scale(float8[], integer, float8) IS
'What margins from the whole window are multiplied by while markets move more than in it: standard deviation of the last short_bars profits and losses / that of all, never below 1, nor above largest if given. Nulls are left out; null with fewer than two of either. Fails if short_bars is below 2, or largest below 1.';

CREATE FUNCTION hedge.historical_margin(
	profit_and_loss float8[],
	stress float8[] DEFAULT NULL,
	level float8 DEFAULT 0.99,
	horizon integer DEFAULT 1,
	stress_weight float8 DEFAULT 0.25,
	short_bars integer DEFAULT NULL,
	largest_scale float8 DEFAULT NULL,
	long_history float8[] DEFAULT NULL,
	OUT value_at_risk float8,
	OUT expected_shortfall float8,
	OUT stressed_shortfall float8,
	OUT floor_shortfall float8,
	OUT scale float8,
	OUT margin float8,
	OUT binding text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 3000
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF stress_weight IS NULL OR NOT (stress_weight >= 0 AND stress_weight <= 1) THEN
		RAISE EXCEPTION 'stress_weight % is not from 0 to 1', stress_weight USING ERRCODE = 'invalid_parameter_value';
	END IF;
	value_at_risk := hedge.value_at_risk(profit_and_loss, level, horizon);
	expected_shortfall := hedge.expected_shortfall(profit_and_loss, level, horizon);
	stressed_shortfall := hedge.expected_shortfall(stress, level, horizon);
	floor_shortfall := hedge.expected_shortfall(long_history, level, horizon);
	scale := CASE WHEN short_bars IS NULL THEN 1
		ELSE coalesce(hedge.volatility_scale(profit_and_loss, short_bars, largest_scale), 1) END;
	SELECT m.amount, m.name INTO margin, binding
	FROM (VALUES
		(1, 'history', greatest(scale * expected_shortfall, 0)),
		(2, 'stress', (1 - stress_weight) * scale * expected_shortfall + stress_weight * stressed_shortfall),
		(3, 'floor', floor_shortfall)) AS m (place, name, amount)
	WHERE expected_shortfall IS NOT NULL
	ORDER BY m.amount DESC NULLS LAST, m.place
	LIMIT 1;
END
$function$;
COMMENT ON FUNCTION hedge.historical_margin(float8[], float8[], float8, integer, float8, integer, float8, float8[]) IS
'Margin from a portfolio''s own profits and losses (as hedge.profit_and_loss gives them): the largest of scale x expected shortfall (history); of that and the shortfall over a supplied stress period, mixed by stress_weight (stress); and of the shortfall over a long history that it must not fall below (floor), against margins that are low in calm times and jump in others. Both are options of Delegated Regulation (EU) 153/2013, article 28(1)(b) and (c). binding says which it was. scale is hedge.volatility_scale over short_bars, 1 without, or where that is null. Null without any sum over horizon bars; never below 0. Level, horizon and errors as in hedge.expected_shortfall.';

-- Of all portfolios of a book.

CREATE FUNCTION hedge._leg_margin(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	parameters record,
	holdings bytea,
	OUT gross_margin float8,
	OUT silo_margin float8,
	OUT uncorrelated_margin float8,
	OUT margin_low float8,
	OUT margin_medium float8,
	OUT margin_high float8,
	OUT net_margin float8,
	OUT scenario text,
	OUT credit float8,
	OUT margin float8,
	OUT alternative boolean,
	OUT floored boolean,
	OUT positions integer,
	OUT unmargined_positions integer,
	OUT legs integer,
	OUT credit_share float8,
	OUT uncredited_pairs integer,
	OUT credit_withheld float8)
AS 'MODULE_PATHNAME', 'pghedge_leg_margin'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION hedge._leg_margin(hedge.comoment_matrix, regnamespace, bigint, record, bytea) IS 'hedge.margin of what hedge._exposures has of holdings, at the run whose matrix this is; parameters is the run''s row of the book''s view _margin_parameters, the same in all calls of a query. unmargined_positions: without an exposure or a weight. uncredited_pairs: pairs in a bucket that offset without being credited; credit_withheld: margin more for that. Private.';

CREATE FUNCTION hedge._leg_margin_contributions(
	matrix hedge.comoment_matrix,
	book regnamespace,
	run bigint,
	parameters record,
	holdings bytea)
RETURNS TABLE (
	asset text,
	weight float8,
	weighted_sensitivity float8,
	contribution float8,
	contribution_share float8)
AS 'MODULE_PATHNAME', 'pghedge_leg_margin_contributions'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 50;
COMMENT ON FUNCTION hedge._leg_margin_contributions(hedge.comoment_matrix, regnamespace, bigint, record, bytea) IS 'hedge.margin_contributions of the same legs as hedge._leg_margin, by asset. Private.';
