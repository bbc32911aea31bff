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
