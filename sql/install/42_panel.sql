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
