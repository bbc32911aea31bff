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
