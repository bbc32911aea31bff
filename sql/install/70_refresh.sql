-- Refresh: prices to returns, returns to a run, a run to the snapshot; its log.

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

CREATE FUNCTION hedge._refresh_lock(book text, model text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- The same keys as in view _refresh of the book.
	IF NOT pg_try_advisory_xact_lock(hedge._book(book)::oid::integer, hashtext(model)) THEN
		RAISE EXCEPTION 'model "%" of book "%" is being refreshed by another session', model, book
			USING ERRCODE = 'lock_not_available',
				HINT = 'Try again when it has ended; the book''s model_health shows it.';
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_lock(text, text) IS 'Takes the lock of a model for this transaction, or fails at once. Private.';

CREATE FUNCTION hedge._refresh_begin(book text, model text, as_of timestamptz, action text) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	entry bigint;
BEGIN
	PERFORM hedge._refresh_lock(book, model);
	EXECUTE format('INSERT INTO %I.refresh_log (model, action, as_of, status, started_at)
		VALUES ($1, $2, $3, ''running'', clock_timestamp()) RETURNING entry', book)
		INTO entry USING model, action, as_of;
	RETURN entry;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_begin(text, text, timestamptz, text) IS 'Takes the lock and logs that a refresh runs; returns the log entry. Private.';

CREATE FUNCTION hedge._refresh_failed(book text, entry bigint, error_code text, error text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	EXECUTE format('UPDATE %I.refresh_log
		SET status = ''failed'', finished_at = clock_timestamp(), error_code = $2, error = $3
		WHERE entry = $1', book)
		USING entry, error_code, error;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_failed(text, bigint, text, text) IS 'Logs that a refresh failed. Private.';

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

-- The blocks of a run. Those of the run before, if its settings were the same, are kept up to the
-- bar from which prices may have changed; from there prices are read again.
--
-- A bar is the same whether read with all of history or with stale_after + 2 calendar bars before
-- it: it must be known which assets were alive at its predecessor, and what they cost there. So a
-- build from nothing reads that many more bars than lookback, and no bar that lacks them is used.
CREATE FUNCTION hedge._return_blocks(
	book text,
	settings jsonb,
	prices regclass,
	ts_type regtype,
	override_assets text[],
	override_kinds text[],
	as_of timestamptz,
	recorded_until timestamptz,
	earlier_blocks bigint[],
	earlier_recorded_until timestamptz,
	changed_from timestamptz,
	OUT blocks bigint[],
	OUT reused integer,
	OUT trailing_bars timestamptz[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	context integer := (settings ->> 'stale_after')::integer + 2;
	needed integer := (settings ->> 'lookback')::integer + (settings ->> 'reread_bars')::integer + context;
	zone text := settings ->> 'time_zone';
	bars timestamptz[];
	first_bars timestamptz[];
	reread timestamptz := changed_from;
	changed timestamptz;
	first integer;
	place integer;
	earliest timestamptz;
	latest timestamptz;
	span interval;
	since timestamptz;
	made bigint[];
	asset_type text;
	added text[];
	lost text[];
	-- A column without time zone, as an instant; and an instant, as the column has it.
	instant text := CASE WHEN ts_type = 'timestamptz'::regtype THEN '%s' ELSE 'timezone($1, (%s)::timestamp)' END;
	local text := CASE WHEN ts_type = 'timestamptz'::regtype THEN '$2'
		ELSE format('timezone($1, $2)::%s', ts_type) END;
	read text := format($sql$
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
				recorded_until => $7) AS b
		), made AS (
			INSERT INTO %I.return_block (model, first_bar, last_bar, bars, assets, returns, last_price,
				last_price_time, priced_bars, non_positive, not_finite, contradictory)
			SELECT $1 ->> 'model', r.first_bar, r.last_bar, r.bars, r.assets, r.returns, r.last_price,
				r.last_price_time, r.priced_bars, r.non_positive, r.not_finite, r.contradictory
			FROM read AS r
			WHERE r.bars_to_end - cardinality(r.bars) < $8
				AND ($2 = '-infinity' OR $9 OR (SELECT max(n.bars_to_end) FROM read AS n) >= $8)
			ORDER BY r.first_bar
			RETURNING block, first_bar
		)
		SELECT array_agg(m.block ORDER BY m.first_bar),
			(SELECT r.trailing_bars FROM read AS r ORDER BY r.first_bar DESC LIMIT 1)
		FROM made AS m$sql$, prices::text, book);
BEGIN
	IF earlier_blocks IS NOT NULL THEN
		EXECUTE format($sql$
			SELECT array_agg(b.first_bar ORDER BY b.first_bar),
				(SELECT array_agg(t.bar ORDER BY t.bar)
				 FROM %1$I.return_block AS c CROSS JOIN LATERAL unnest(c.bars) AS t (bar)
				 WHERE c.block = ANY ($1))
			FROM %1$I.return_block AS b
			WHERE b.block = ANY ($1)$sql$, book)
			INTO first_bars, bars USING earlier_blocks;
		reread := least(reread, bars[greatest(1, cardinality(bars) - (settings ->> 'reread_bars')::integer + 1)]);
		IF recorded_until IS NOT NULL THEN
			-- An hour more, for rows whose transaction was still open then.
			EXECUTE format('SELECT %s FROM %s AS p WHERE p.recorded_at > $3 AND p.recorded_at <= $4 AND p.ts <= %s',
				format(instant, 'min(p.ts)'), prices, local)
				INTO changed
				USING zone, as_of, earlier_recorded_until - interval '1 hour', recorded_until;
			reread := least(reread, changed);
		END IF;

		first := (SELECT max(t.place) FROM unnest(first_bars) WITH ORDINALITY AS t (bar, place) WHERE t.bar <= reread);
		place := array_position(bars, first_bars[first]);
		IF cardinality(bars) >= needed AND place > context THEN
			EXECUTE read INTO made, trailing_bars
				USING settings, bars[place - context], as_of, first_bars[first], override_assets, override_kinds,
					recorded_until, needed, true;

			-- An asset that the kept blocks do not know, but should; or know, but should not.
			EXECUTE format($sql$
				WITH kept AS (
					SELECT DISTINCT t.asset
					FROM %1$I.return_block AS b CROSS JOIN LATERAL unnest(b.assets) AS t (asset)
					WHERE b.block = ANY ($1)
				), new AS (
					SELECT t.asset
					FROM %1$I.return_block AS b CROSS JOIN LATERAL unnest(b.assets) AS t (asset)
					WHERE b.block = $2
				)
				SELECT ARRAY(SELECT n.asset FROM new AS n EXCEPT SELECT k.asset FROM kept AS k),
					ARRAY(SELECT k.asset FROM kept AS k EXCEPT SELECT n.asset FROM new AS n)$sql$, book)
				INTO added, lost USING earlier_blocks[1:first - 1], made[1];
			-- In the column's own type, for its index.
			asset_type := (SELECT format_type(a.atttypid, -1) FROM pg_attribute AS a
				WHERE a.attrelid = prices AND a.attname = 'asset' AND NOT a.attisdropped);
			IF added <> '{}' THEN
				EXECUTE format('SELECT ARRAY(SELECT t.asset FROM unnest($3) AS t (asset) WHERE EXISTS (
						SELECT FROM %s AS p WHERE p.asset = t.asset::%s AND p.ts >= %s AND p.ts < %s%s))',
					prices, asset_type, local, replace(local, '$2', '$4'),
					CASE WHEN recorded_until IS NULL THEN '' ELSE ' AND (p.recorded_at <= $5) IS NOT FALSE' END)
					INTO added USING zone, first_bars[1], added, first_bars[first], recorded_until;
			END IF;
			IF lost <> '{}' THEN
				EXECUTE format('SELECT ARRAY(SELECT t.asset FROM unnest($1) AS t (asset) WHERE NOT EXISTS (
						SELECT FROM %s AS p WHERE p.asset = t.asset::%s))', prices, asset_type)
					INTO lost USING lost;
			END IF;
			IF added <> '{}' THEN
				RAISE NOTICE 'model "%": all returns are made anew: assets are new, but have older prices, too',
					settings ->> 'model' USING DETAIL = format('Assets: %s.', hedge._listed(added));
			END IF;
			IF lost <> '{}' THEN
				RAISE NOTICE 'model "%": all returns are made anew: assets have no price any more',
					settings ->> 'model' USING DETAIL = format('Assets: %s.', hedge._listed(lost));
			END IF;
		END IF;

		IF made IS NOT NULL AND added = '{}' AND lost = '{}' THEN
			-- Leading blocks that neither the window nor the next refresh needs are let go.
			EXECUTE format($sql$
				SELECT array_agg(c.block ORDER BY c.first_bar)
				FROM (
					SELECT b.block, b.first_bar,
						sum(cardinality(b.bars)) OVER (ORDER BY b.first_bar DESC) - cardinality(b.bars) AS later_bars
					FROM %I.return_block AS b
					WHERE b.block = ANY ($1)) AS c
				WHERE c.later_bars < $2$sql$, book)
				INTO blocks USING earlier_blocks[1:first - 1] || made, needed;
			reused := cardinality(blocks) - coalesce(cardinality(made), 0);
			RETURN;
		END IF;
	END IF;

	EXECUTE format('SELECT %s, %s FROM %s AS p WHERE p.ts > ''-infinity'' AND p.ts <= %s%s',
		format(instant, 'min(p.ts)'), format(instant, 'max(p.ts)'), prices, local,
		CASE WHEN recorded_until IS NULL THEN '' ELSE ' AND (p.recorded_at <= $3 OR p.recorded_at IS NULL)' END)
		INTO earliest, latest USING zone, as_of, recorded_until;
	IF latest IS NULL THEN
		RAISE EXCEPTION 'relation "%" has no price up to %', prices, as_of
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Load prices first, or give a later as_of.';
	END IF;

	span := (settings ->> 'bar')::interval;
	blocks := NULL;
	reused := 0;
	FOR doubling IN 1..60 LOOP
		since := CASE WHEN extract(epoch FROM span) * needed * 2 ^ doubling >= extract(epoch FROM latest - earliest)
			THEN '-infinity' ELSE latest - span * (needed * 2 ^ doubling) END;
		EXECUTE read INTO blocks, trailing_bars
			USING settings, since, as_of, '-infinity'::timestamptz, override_assets, override_kinds,
				recorded_until, needed, false;
		EXIT WHEN blocks IS NOT NULL OR since = '-infinity';
	END LOOP;
	IF blocks IS NULL THEN
		RAISE EXCEPTION 'no return can be made from the prices in "%"', prices
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'There are not two bars in the calendar with a good price of one asset.',
				HINT = format('Look at the model''s settings bar (now %s) and calendar_quorum (now %s).',
					settings ->> 'bar', settings ->> 'calendar_quorum');
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._return_blocks(text, jsonb, regclass, regtype, text[], text[], timestamptz, timestamptz, bigint[], timestamptz, timestamptz) IS 'Makes the blocks of returns that a run needs, reusing those of the run before up to the bar from which prices may have changed; and the bars after them that are not in the calendar. changed_from: -infinity to make all anew. Private.';

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

CREATE FUNCTION hedge._refresh_run(
	book text,
	model text,
	as_of timestamptz,
	changed_from timestamptz,
	entry bigint)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'				-- settings as jsonb, and the digest of some, are the same
SET intervalstyle = 'postgres'		-- for every session
SET extra_float_digits = 1
AS $function$
DECLARE
	settings jsonb;
	book_prices text;
	positions text;
	prices regclass;
	ts_type regtype;
	keeps_corrections boolean;
	recorded_until timestamptz;
	override_assets text[];
	override_kinds text[];
	key text;
	earlier record;
	blocks bigint[];
	reused integer;
	all_bars timestamptz[];
	window_bars integer;
	window_start timestamptz;
	new_run bigint;
	trailing_bars timestamptz[];
	stale_after integer;
	recent timestamptz;
	bars_seen timestamptz[];
	gaps boolean;
	absent text[];
	shown record;
	unestimated text;
	unestimated_count bigint;
	refused record;
	pairs bigint;
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
	PERFORM hedge._refresh_lock(book, model);
	EXECUTE format('SELECT to_jsonb(m), b.prices, b.positions FROM %1$I.model AS m CROSS JOIN %1$I.book AS b
		WHERE m.model = $1', book)
		INTO STRICT settings, book_prices, positions USING model;

	-- What is read must be as it was when the book was made.
	PERFORM hedge._check_positions(hedge._relation(coalesce(positions, format('%I.position', book)),
		format('%I.book, column positions', book)));
	prices := hedge._relation(coalesce(settings ->> 'prices', book_prices, format('%I.price', book)),
		CASE WHEN settings ->> 'prices' IS NULL THEN format('%I.book, column prices', book)
			ELSE format('%I.model, column prices of model %L', book, model) END);
	SELECT c.ts_type, c.keeps_corrections INTO ts_type, keeps_corrections
	FROM hedge._check_prices(prices) AS c;
	IF keeps_corrections THEN
		recorded_until := as_of;
	END IF;

	EXECUTE format('SELECT array_agg(i.asset ORDER BY i.asset COLLATE "C"), array_agg(i.return_kind ORDER BY i.asset COLLATE "C")
		FROM %I.instrument AS i WHERE i.return_kind <> $1', book)
		INTO override_assets, override_kinds USING settings ->> 'return_kind';
	key := md5(jsonb_build_array(prices::text, keeps_corrections, override_assets, override_kinds,
		settings -> 'return_kind', settings -> 'bar', settings -> 'time_zone', settings -> 'origin',
		settings -> 'calendar_quorum', settings -> 'stale_after', hedge._version())::text);

	-- Of the last run alone: what was corrected since an older one, a refresh or rebuild after it has read.
	EXECUTE format('SELECT r.blocks, r.recorded_until
		FROM (SELECT * FROM %I.model_run AS x WHERE x.model = $1 ORDER BY x.run DESC LIMIT 1) AS r
		WHERE r.as_of <= $2 AND r.returns_key = $3', book)
		INTO earlier USING model, as_of, key;
	SELECT b.blocks, b.reused, b.trailing_bars INTO blocks, reused, trailing_bars
	FROM hedge._return_blocks(book, settings, prices, ts_type, override_assets, override_kinds, as_of,
		recorded_until, earlier.blocks, earlier.recorded_until, changed_from) AS b;

	EXECUTE format('SELECT array_agg(t.bar ORDER BY t.bar)
		FROM %I.return_block AS b CROSS JOIN LATERAL unnest(b.bars) AS t (bar) WHERE b.block = ANY ($1)', book)
		INTO all_bars USING blocks;
	window_bars := least((settings ->> 'lookback')::integer, cardinality(all_bars));
	window_start := all_bars[cardinality(all_bars) - window_bars + 1];

	-- How long an asset is away counts all bars in which some asset has a price, as its being alive does:
	-- those that are not in the calendar, too. Where stale_after bars of the calendar suffice, it is these.
	stale_after := (settings ->> 'stale_after')::integer;
	recent := all_bars[greatest(1, cardinality(all_bars) - stale_after - 1)];
	bars_seen := all_bars[1:array_position(all_bars, recent)] || ARRAY(
		SELECT t.bar
		FROM hedge.return_blocks(
			prices => prices::text,
			since => recent,
			until => as_of,
			bar => (settings ->> 'bar')::interval,
			time_zone => settings ->> 'time_zone',
			origin => (settings ->> 'origin')::timestamptz,
			return_kind => settings ->> 'return_kind',
			override_assets => override_assets,
			override_kinds => override_kinds,
			calendar_quorum => 0,
			stale_after => stale_after,
			recorded_until => recorded_until) AS b
		CROSS JOIN LATERAL unnest(b.bars) AS t (bar)
		WHERE t.bar > recent
		ORDER BY t.bar);

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
		INTO new_run
		USING model, as_of, window_start, all_bars[cardinality(all_bars)], window_bars, blocks, settings,
			recorded_until, key, trailing_bars;

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
		USING new_run, settings, window_bars, bars_seen, window_start, blocks, override_assets,
			override_kinds, as_of;

	-- The planner would take a run that it has never heard of for a row or two, small tables that nobody
	-- has analysed for large ones, and join the snapshot in nested loops. Not worth waiting for a refresh
	-- of another model that is at the same.
	EXECUTE format('ANALYZE (SKIP_LOCKED) %1$I.run_asset, %1$I.instrument, %1$I.book, %1$I.model, %1$I.model_run', book);

	-- Where no return is missing, correlations are positive semi-definite by construction.
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.run_asset AS a WHERE a.run = $1 AND a.missing_returns > 0)', book)
		INTO gaps USING new_run;
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
			USING new_run;
	END IF;

	EXECUTE format($sql$
		INSERT INTO %1$I.offset_snapshot
		SELECT l.run, l.portfolio, o.pair_rank, o.asset_a, o.asset_b, o.side_a, o.side_b, o.quantity_a, o.quantity_b,
			o.exposure_a, o.exposure_b, o.correlation, o.correlation_low, o.correlation_high, o.observations,
			o.volatility_a, o.volatility_b, o.volatility_a_annual, o.volatility_b_annual, o.hedge_ratio,
			o.actual_ratio, o.target_exposure_b, o.trade_b, o.trade_b_contracts, o.gross_risk, o.uncorrelated_risk,
			o.net_risk, o.diversification, o.risk_offset, o.risk_offset_share, o.residual_risk, o.price_time
		FROM %1$I._leg AS l
		CROSS JOIN %1$I.model_run AS r
		CROSS JOIN %1$I.model AS m
		CROSS JOIN LATERAL hedge.portfolio_pairs(
			matrix => r.matrix,
			assets => l.assets,
			exposures => l.exposures,
			quantities => l.quantities,
			unit_exposures => l.unit_exposures,
			price_times => l.price_times,
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
		WHERE l.run = $1 AND r.run = $1 AND m.model = $2$sql$, book)
		USING new_run, model;
	GET DIAGNOSTICS pairs = ROW_COUNT;
	PERFORM hedge._examine(book, new_run);

	-- Old runs go, but not the one that the views show; then what belongs to no run.
	EXECUTE format($sql$
		DELETE FROM %1$I.model_run AS r
		WHERE r.model = $1
			AND r.run NOT IN (SELECT k.run FROM %1$I.model_run AS k WHERE k.model = $1 ORDER BY k.run DESC
				LIMIT $2)
			AND r.run <> (SELECT l.run FROM %1$I.latest_run AS l WHERE l.model = $1)$sql$, book)
		USING model, (settings ->> 'retention')::integer;
	EXECUTE format($sql$
		WITH RECURSIVE stored (run) AS (	-- from one run to the next by the index, not row by row
			SELECT min(o.run) FROM %1$I.offset_snapshot AS o
			UNION ALL
			SELECT (SELECT min(o.run) FROM %1$I.offset_snapshot AS o WHERE o.run > s.run) FROM stored AS s
			WHERE s.run IS NOT NULL)
		DELETE FROM %1$I.offset_snapshot AS o
		WHERE o.run = ANY (ARRAY(SELECT s.run FROM stored AS s
			WHERE s.run IS NOT NULL AND NOT EXISTS (SELECT FROM %1$I.model_run AS r WHERE r.run = s.run)))$sql$, book);
	EXECUTE format('DELETE FROM %1$I.return_block AS b
		WHERE b.model = $1 AND b.block NOT IN (
			SELECT unnest(r.blocks) FROM %1$I.model_run AS r WHERE r.model = $1)', book)
		USING model;
	EXECUTE format('DELETE FROM %1$I.refresh_log AS y
		WHERE y.model = $1 AND y.entry <= (
			SELECT x.entry FROM %1$I.refresh_log AS x WHERE x.model = $1 ORDER BY x.entry DESC OFFSET 1000 LIMIT 1)', book)
		USING model;

	EXECUTE format($sql$
		SELECT coalesce(sum(a.non_positive), 0) AS non_positive, coalesce(sum(a.not_finite), 0) AS not_finite,
			coalesce(sum(a.contradictory), 0) AS contradictory,
			string_agg(quote_ident(a.asset), ', ' ORDER BY a.asset)
				FILTER (WHERE a.non_positive + a.not_finite + a.contradictory > 0) AS assets
		FROM %I.run_asset AS a
		WHERE a.run = $1$sql$, book)
		INTO refused USING new_run;
	IF refused.assets IS NOT NULL THEN
		RAISE NOTICE 'model "%": prices left out: % not positive, % not finite, % contradictory',
			model, refused.non_positive, refused.not_finite, refused.contradictory
			USING DETAIL = format('Assets: %s.', hedge._shortened(refused.assets)),
				HINT = format('See %I.data_quality.', book);
	END IF;
	EXECUTE format($sql$
		SELECT count(*), string_agg(quote_ident(a.asset), ', ' ORDER BY a.asset)
		FROM %I.run_asset AS a
		WHERE a.run = $1 AND a.volatility IS NULL$sql$, book)
		INTO unestimated_count, unestimated USING new_run;
	IF unestimated_count > 0 THEN
		RAISE NOTICE 'model "%": assets with fewer than % returns, and so without a volatility: %',
			model, settings ->> 'minimum_observations', unestimated_count
			USING DETAIL = format('Assets: %s.', hedge._shortened(unestimated)),
				HINT = format('See %I.data_quality.', book);
	END IF;

	EXECUTE format($sql$
		SELECT ARRAY(
			SELECT p.asset FROM (SELECT x.asset FROM %1$I._position AS x GROUP BY x.asset) AS p
			WHERE NOT EXISTS (
				SELECT FROM %1$I.run_asset AS a WHERE a.run = $1 AND a.asset = p.asset AND a.price IS NOT NULL))$sql$, book)
		INTO absent USING new_run;
	IF absent <> '{}' THEN
		RAISE NOTICE 'model "%": assets held without a price: %', model, cardinality(absent)
			USING DETAIL = format('Assets: %s.', hedge._listed(absent)),
				HINT = format('See %I.data_quality.', book);
	END IF;
	IF trailing_bars <> '{}' THEN
		EXECUTE format($sql$
			SELECT ARRAY(SELECT a.asset FROM %I.run_asset AS a
				WHERE a.run = $1 AND a.price_time < $2 AND a.stale_bars <= $3)$sql$, book)
			INTO absent USING new_run, trailing_bars[cardinality(trailing_bars)], stale_after;
		RAISE NOTICE 'model "%": bars after % that are not in the calendar: %, where fewer than % of the assets alive have a price',
			model,
			to_char(timezone(settings ->> 'time_zone', all_bars[cardinality(all_bars)]),
				CASE WHEN (settings ->> 'bar')::interval < '1 day' THEN 'YYYY-MM-DD HH24:MI:SS' ELSE 'YYYY-MM-DD' END),
			cardinality(trailing_bars), settings ->> 'calendar_quorum'
			USING DETAIL = format('Returns end there; last prices do not. Missing on the last one: %s.',
					coalesce(hedge._listed(absent), 'no asset alive')),
				HINT = format('See %1$I.data_quality and %1$I.model_health. A lower calendar_quorum takes them in, without returns of what is missing.', book);
	END IF;
	EXECUTE format('SELECT l.run, l.as_of FROM %I.latest_run AS l WHERE l.model = $1', book) INTO shown USING model;
	IF shown.run <> new_run THEN
		RAISE NOTICE 'model "%": the views go on showing run %, as of %', model, shown.run, shown.as_of
			USING DETAIL = format('Run %s is as of %s: views show the latest as_of.', new_run, as_of);
	END IF;

	EXECUTE format('UPDATE %I.refresh_log
		SET status = ''done'', finished_at = clock_timestamp(), run = $2, blocks_read = $3, blocks_reused = $4,
			pairs_stored = $5, prices_refused = $6
		WHERE entry = $1', book)
		USING entry, new_run, cardinality(blocks) - reused, reused, pairs,
			refused.non_positive + refused.not_finite + refused.contradictory;
	RETURN new_run;
END
$function$;
COMMENT ON FUNCTION hedge._refresh_run(text, text, timestamptz, timestamptz, bigint) IS 'The work of a refresh in one transaction: blocks, run, snapshot, pruning, notices, log. Private.';

-- Qualified throughout: a procedure that commits cannot set its search_path.
CREATE PROCEDURE hedge._refresh(book text, model text, as_of timestamptz, action text, changed_from timestamptz)
LANGUAGE plpgsql
AS $procedure$
DECLARE
	commits boolean := hedge._may_commit();
	models text[] := hedge._models(book, model);
	name text;
	entry bigint;
	state text;
	message text;
	detail text;
	hint text;
	first_state text;
	first_message text;
	first_detail text;
	first_hint text;
BEGIN
	FOREACH name IN ARRAY models LOOP
		entry := hedge._refresh_begin(book, name, as_of, action);
		IF commits THEN
			COMMIT;
		END IF;
		BEGIN
			PERFORM hedge._refresh_run(book, name, coalesce(as_of, pg_catalog.now()), changed_from, entry);
			state := NULL;
		EXCEPTION WHEN query_canceled OR OTHERS THEN
			IF NOT commits THEN
				RAISE;
			END IF;
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
				detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		END;
		IF state IS NOT NULL THEN
			PERFORM hedge._refresh_failed(book, entry, state, message);
			IF first_state IS NULL THEN
				first_state := state;
				first_message := message;
				first_detail := detail;
				first_hint := hint;
			END IF;
		END IF;
		IF commits THEN
			COMMIT;
		END IF;
		EXIT WHEN state OPERATOR(pg_catalog.=) '57014';		-- cancelled: the other models, too
	END LOOP;
	IF first_state IS NOT NULL THEN
		PERFORM hedge._raise(first_state, first_message, first_detail, first_hint);
	END IF;
END
$procedure$;
COMMENT ON PROCEDURE hedge._refresh(text, text, timestamptz, text, timestamptz) IS 'Refreshes models one after the other, committing the log before and the work after each where that is possible. Private.';

CREATE PROCEDURE hedge.refresh(book text, model text DEFAULT NULL, as_of timestamptz DEFAULT NULL)
LANGUAGE plpgsql
AS $procedure$
BEGIN
	CALL hedge._refresh(book, model, as_of, 'refresh', NULL);
END
$procedure$;
COMMENT ON PROCEDURE hedge.refresh(text, text, timestamptz) IS 'Brings a book up to date: reads new prices, the model''s last reread_bars again and, where the relation has recorded_at, whatever was recorded since; makes a run and its snapshot in one transaction; prunes; logs. model: one, or NULL for all. as_of: prices after it are not read, nor those recorded after it; NULL is now, and a time to come is an error. Outside a transaction block it commits, so that others see it running, and a failure stays in refresh_log. One at a time per model: a second fails at once (55P03). Notices tell of bad prices, assets with too few returns or held without a price, newest bars that are not in the calendar, and a run that the views do not show since another has a later as_of. Only for the book''s owner.';

CREATE PROCEDURE hedge.rebuild(book text, model text DEFAULT NULL, since timestamptz DEFAULT NULL, as_of timestamptz DEFAULT NULL)
LANGUAGE plpgsql
AS $procedure$
BEGIN
	CALL hedge._refresh(book, model, as_of, 'rebuild', coalesce(since, '-infinity'::pg_catalog.timestamptz));
END
$procedure$;
COMMENT ON PROCEDURE hedge.rebuild(text, text, timestamptz, timestamptz) IS 'A refresh after old prices were corrected: reads all prices since then again (NULL: all that the model needs; a time to come is an error). The result is that of a first refresh of an empty book.';
