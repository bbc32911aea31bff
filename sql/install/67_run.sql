-- Run: what a refresh writes of the blocks it has. Each step but the first is told the run alone: what
-- the run was made with stands in its row.

CREATE FUNCTION hedge._add_run(book text, settings jsonb, source hedge._source, as_of timestamptz,
	blocks bigint[], trailing_bars timestamptz[])
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	all_bars timestamptz[];
	window_bars integer;
	window_start timestamptz;
	run bigint;
BEGIN
	EXECUTE format('SELECT array_agg(t.bar ORDER BY t.bar)
		FROM %I.return_block AS b CROSS JOIN LATERAL unnest(b.bars) AS t (bar) WHERE b.block = ANY ($1)', book)
		INTO all_bars USING blocks;
	window_bars := least((settings ->> 'lookback')::integer, cardinality(all_bars));
	window_start := all_bars[cardinality(all_bars) - window_bars + 1];

	EXECUTE format($sql$
		INSERT INTO %1$I.model_run (model, as_of, window_start, window_end, bars, assets, matrix, repaired, blocks,
			counted_bars, trailing_bars, settings, recorded_until, returns_key, pghedge_version)
		SELECT $1, $2, $3, $4, $5, cardinality(hedge.assets(x.matrix)), x.matrix, false, $6, x.counted_bars, $10, $7, $8,
			$9, hedge._version()
		FROM (
			SELECT sum(cardinality(b.bars))::integer AS counted_bars,
				hedge.comoment_matrix(b.assets, CASE WHEN b.first_bar >= $3 THEN b.returns
					ELSE b.returns[:][1 + (SELECT count(*)::integer FROM unnest(b.bars) AS t (bar) WHERE t.bar < $3):] END)
					AS matrix
			FROM (
				SELECT c.first_bar, c.bars, c.assets, c.returns
				FROM %1$I.return_block AS c
				WHERE c.block = ANY ($6) AND c.last_bar >= $3
				ORDER BY c.first_bar) AS b) AS x
		RETURNING run$sql$, book)
		INTO run
		USING settings ->> 'model', as_of, window_start, all_bars[cardinality(all_bars)], window_bars, blocks, settings,
			source.recorded_until, source.returns_key, trailing_bars;
	RETURN run;
END
$function$;
COMMENT ON FUNCTION hedge._add_run(text, jsonb, hedge._source, timestamptz, bigint[], timestamptz[]) IS 'Writes a run: its window and the co-moments of every pair in it. Private.';

CREATE FUNCTION hedge._bars_seen(book text, run bigint, source hedge._source) RETURNS timestamptz[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	k record;
	stale_after integer;
	all_bars timestamptz[];
	recent timestamptz;
BEGIN
	EXECUTE format('SELECT r.as_of, r.settings, r.blocks FROM %I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT k USING run;
	stale_after := (k.settings ->> 'stale_after')::integer;
	EXECUTE format('SELECT array_agg(t.bar ORDER BY t.bar)
		FROM %I.return_block AS b CROSS JOIN LATERAL unnest(b.bars) AS t (bar) WHERE b.block = ANY ($1)', book)
		INTO all_bars USING k.blocks;
	-- How long an asset is away counts all bars in which some asset has a price, as its being alive does:
	-- those that are not in the calendar, too. Where stale_after bars of the calendar suffice, it is these.
	recent := all_bars[greatest(1, cardinality(all_bars) - stale_after - 1)];
	RETURN all_bars[1:array_position(all_bars, recent)] || ARRAY(
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
COMMENT ON FUNCTION hedge._bars_seen(text, bigint, hedge._source) IS 'Starts of the bars that the time an asset is away is counted in. Private.';

CREATE FUNCTION hedge._add_assets(book text, run bigint, source hedge._source) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	k record;
BEGIN
	EXECUTE format('SELECT r.as_of, r.window_start, r.bars, r.blocks, r.settings FROM %I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT k USING run;
	EXECUTE format($sql$
		INSERT INTO %1$I.run_asset (run, asset, return_kind, price, price_time, volatility, observations,
			missing_returns, priced_bars, non_positive, not_finite, contradictory, stale_bars, stale,
			note)
		SELECT $1, a.asset, coalesce(k.return_kind, $2 ->> 'return_kind'), a.price + 0, a.price_time,
			CASE WHEN e.observations >= ($2 ->> 'minimum_observations')::integer AND e.volatility <= 1e50
				THEN e.volatility END,
			coalesce(e.observations, 0), $3 - coalesce(e.observations, 0),
			a.priced_bars, a.non_positive, a.not_finite, a.contradictory,
			s.bars,
			s.bars > ($2 ->> 'stale_after')::integer
				OR extract(epoch FROM $9 - a.price_time) > extract(epoch FROM ($2 ->> 'bar')::interval)
					* 2 * greatest(1, ($2 ->> 'stale_after')::integer),
			CASE
				WHEN coalesce(e.observations, 0) < ($2 ->> 'minimum_observations')::integer
				THEN coalesce(e.observations, 0) || ' returns of ' || ($2 ->> 'minimum_observations') || ' needed'
				WHEN (e.volatility <= 1e50) IS NOT TRUE THEN 'volatility is out of range'
			END
		FROM (
			SELECT u.asset,
				(array_agg(u.price ORDER BY u.price_time DESC) FILTER (WHERE u.price IS NOT NULL))[1] AS price,
				max(u.price_time) AS price_time,
				coalesce(sum(u.priced_bars) FILTER (WHERE b.last_bar >= $5), 0) AS priced_bars,
				coalesce(sum(u.non_positive) FILTER (WHERE b.last_bar >= $5), 0) AS non_positive,
				coalesce(sum(u.not_finite) FILTER (WHERE b.last_bar >= $5), 0) AS not_finite,
				coalesce(sum(u.contradictory) FILTER (WHERE b.last_bar >= $5), 0) AS contradictory
			FROM %1$I.return_block AS b
			CROSS JOIN LATERAL unnest(b.assets, b.last_price, b.last_price_time, b.priced_bars, b.non_positive,
				b.not_finite, b.contradictory)
				AS u (asset, price, price_time, priced_bars, non_positive, not_finite, contradictory)
			WHERE b.block = ANY ($6)
			GROUP BY u.asset) AS a
		CROSS JOIN LATERAL (SELECT cardinality($4) - width_bucket(a.price_time, $4) AS bars) AS s
		LEFT JOIN unnest($7, $8) AS k (asset, return_kind) ON k.asset = a.asset
		LEFT JOIN (
			SELECT t.asset, hedge.observations(r.matrix, t.asset, t.asset)::integer AS observations,
				hedge.volatility(r.matrix, t.asset) AS volatility
			FROM %1$I.model_run AS r CROSS JOIN LATERAL unnest(hedge.assets(r.matrix)) AS t (asset)
			WHERE r.run = $1) AS e ON e.asset = a.asset$sql$, book)
		USING run, k.settings, k.bars, hedge._bars_seen(book, run, source), k.window_start, k.blocks,
			source.override_assets, source.override_kinds, k.as_of;

	-- The planner would take a run that it has never heard of for a row or two, small tables that nobody
	-- has analysed for large ones, and join the snapshot in nested loops. Not worth waiting for a refresh
	-- of another model that is at the same.
	EXECUTE format('ANALYZE (SKIP_LOCKED) %1$I.run_asset, %1$I.instrument, %1$I.book, %1$I.model, %1$I.model_run', book);
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
		SELECT $1, l.portfolio, o.pair_rank, o.asset_a, o.asset_b, o.side_a, o.side_b, o.quantity_a, o.quantity_b,
			o.exposure_a, o.exposure_b, o.correlation, o.correlation_low, o.correlation_high, o.observations,
			o.volatility_a, o.volatility_b, o.volatility_a_annual, o.volatility_b_annual, o.hedge_ratio,
			o.actual_ratio, o.target_exposure_b, o.trade_b, o.trade_b_contracts, o.gross_risk, o.uncorrelated_risk,
			o.net_risk, o.diversification, o.risk_offset, o.risk_offset_share, o.residual_risk, o.price_time
		FROM (
			-- In the order of the table's index, which then grows at its end.
			SELECT p.portfolio,
				hedge._legs($1, (SELECT u FROM %1$I._units AS u WHERE u.run = $1), p.asset, p.quantity, p.delta_quantity) AS legs
			FROM %1$I._position AS p
			GROUP BY p.portfolio
			ORDER BY p.portfolio) AS l
		CROSS JOIN %1$I.model_run AS r
		CROSS JOIN %1$I.model AS m
		CROSS JOIN LATERAL hedge._leg_pairs(
			matrix => r.matrix,
			run => $1,
			units => (SELECT u FROM %1$I._units AS u WHERE u.run = $1),
			legs => l.legs,
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
		USING run;
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
	EXECUTE format('DELETE FROM %1$I.refresh_log AS y
		WHERE y.model = $1 AND y.entry <= (
			SELECT x.entry FROM %1$I.refresh_log AS x WHERE x.model = $1 ORDER BY x.entry DESC OFFSET 1000 LIMIT 1)', book)
		USING model;
END
$function$;
COMMENT ON FUNCTION hedge._prune(text, text, integer) IS 'Deletes the runs of a model beyond those it keeps, and what belongs to no run. Private.';
