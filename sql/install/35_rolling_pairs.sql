-- rolling_pairs: the rolling correlation of every pair, in a few numbers a pair.

CREATE FUNCTION hedge.rolling_pairs(assets text[], observations float8[], bars integer,
	OUT asset_y text, OUT asset_x text, OUT windows integer, OUT minimum float8, OUT maximum float8, OUT mean float8,
	OUT standard_deviation float8, OUT latest float8, OUT sign_changes integer) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pghedge_rolling_pairs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 COST 1000000;
COMMENT ON FUNCTION hedge.rolling_pairs(text[], float8[], integer) IS 'Rolling correlation over windows of so many bars, of every pair of assets, from observations [asset][time] in order of time; NULL is a missing one. A row a pair: how many full windows have a correlation, its minimum, maximum, mean, standard deviation (divisor windows - 1, 0 for one window) and latest value, and how often its sign changed from one to the next. The same correlations as hedge.rolling_corr over ROWS BETWEEN bars - 1 PRECEDING AND CURRENT ROW, where that frame is full. NULL where no window has one; latest is NULL when the last window has none.';
