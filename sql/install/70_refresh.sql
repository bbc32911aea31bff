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

CREATE FUNCTION hedge._plain_name(name text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT regexp_replace(lower(CASE WHEN getdatabaseencoding() = 'UTF8' THEN normalize(name, NFKC) ELSE name END), '\s', '', 'g');
$function$;
COMMENT ON FUNCTION hedge._plain_name(text) IS 'A name without what the eye overlooks: case, spaces, and ways to write one letter in Unicode. Private.';

CREATE FUNCTION hedge._tell(book text, run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	k record;
	refused record;
	jumps record;
	unestimated text;
	unestimated_count bigint;
	held record;
	lookalikes text;
	inverted text[];
	idle text[];
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

	-- A jump stays in the window for long: what the run before had told of is in data_quality.
	EXECUTE format($sql$
		SELECT count(*) AS assets, string_agg(format('%%I %%s at %%s (size %%s, %%s)', a.asset,
			CASE WHEN abs(a.largest_return) >= 1e4 OR a.return_kind = 'difference' AND abs(a.largest_return) < 1e-2 THEN ltrim(to_char(a.largest_return, '9.99EEEE'))
				WHEN a.return_kind = 'difference' THEN trim_scale(round(a.largest_return::numeric, 4))::text
				ELSE round((100 * a.largest_return)::numeric, 1) || ' %%' END,
			to_char(timezone($2 ->> 'time_zone', a.largest_return_bar),
				CASE WHEN ($2 ->> 'bar')::interval < '1 day' THEN 'YYYY-MM-DD HH24:MI:SS' ELSE 'YYYY-MM-DD' END),
			CASE WHEN a.largest_return_size < 1e6 THEN round(a.largest_return_size::numeric)::text ELSE ltrim(to_char(a.largest_return_size, '9.99EEEE')) END,
			a.jump), '; ' ORDER BY a.largest_return_size DESC, a.asset) AS list
		FROM %1$I.run_asset AS a
		WHERE a.run = $1 AND a.jump IS NOT NULL AND NOT EXISTS (
			SELECT FROM %1$I.run_asset AS e
			WHERE e.run = (SELECT max(r.run) FROM %1$I.model_run AS r WHERE r.model = $3 AND r.run < $1)
				AND e.asset = a.asset AND e.largest_return_bar = a.largest_return_bar AND e.jump = a.jump)$sql$, book)
		INTO jumps USING run, k.settings, k.model;
	IF jumps.assets > 0 THEN
		RAISE NOTICE 'model "%": assets with a jump that was not there before: %', k.model, jumps.assets
			USING DETAIL = format('They are: %s.', hedge._shortened(jumps.list)),
				HINT = format('A split that prices are not adjusted for, or a wrong price? Correct it, then hedge.rebuild; nothing was left out. See jump in %I.data_quality.', book);
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
		EXECUTE format($sql$
			SELECT string_agg(format('%%I for %%I', u.asset, a.asset), ', ' ORDER BY u.asset COLLATE "C", a.asset COLLATE "C")
			FROM unnest($2) AS u (asset)
			JOIN %I.run_asset AS a ON a.run = $1 AND a.price IS NOT NULL AND hedge._plain_name(a.asset) = hedge._plain_name(u.asset)$sql$, book)
			INTO lookalikes USING run, held.unpriced;
		RAISE NOTICE 'model "%": assets held without a price: %', k.model, cardinality(held.unpriced)
			USING DETAIL = format('Assets: %s.', hedge._listed(held.unpriced)),
				HINT = format('See %I.data_quality.', book)
					|| coalesce(' Names that differ from one with a price in case, spaces or encoding only: ' || hedge._shortened(lookalikes) || '.', '');
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

	-- A name that nothing else has is most likely misspelt, and margins are made without it.
	EXECUTE format($sql$
		SELECT array_agg(x.parameter || ' ' || quote_ident(x.name) ORDER BY x.parameter, x.name COLLATE "C")
		FROM (
			SELECT 'margin_weight' AS parameter, w.asset AS name, false AS is_bucket FROM %1$I.margin_weight AS w
			UNION
			SELECT 'spread_leg', l.asset, false FROM %1$I.spread_leg AS l
			UNION
			SELECT 'margin_bucket', b.bucket, true FROM %1$I.margin_bucket AS b
			UNION
			SELECT 'margin_bucket_pair', v.bucket, true
			FROM %1$I.margin_bucket_pair AS p
			CROSS JOIN LATERAL (VALUES (p.bucket_a), (p.bucket_b)) AS v (bucket)) AS x
		WHERE CASE
			WHEN x.is_bucket THEN x.name <> '' AND NOT EXISTS (SELECT FROM %1$I.instrument AS i WHERE i.bucket = x.name)
			ELSE NOT EXISTS (SELECT FROM %1$I.run_asset AS a WHERE a.run = $1 AND a.asset = x.name)
				AND NOT EXISTS (SELECT FROM %1$I.instrument AS i WHERE i.asset = x.name)
		END$sql$, book)
		INTO idle USING run;
	IF idle <> '{}' THEN
		RAISE NOTICE 'model "%": margin parameters of assets or buckets that there are not: %', k.model, cardinality(idle)
			USING DETAIL = format('They are: %s.', hedge._shortened(array_to_string(idle, ', '))),
				HINT = format('No asset with a price, and no row of %1$I.instrument, has this name: is it misspelt?', book);
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
			PERFORM hedge._add_ended(book, run, work.source);
			PERFORM hedge._tell(book, run);		-- which looks at the run before, too
			PERFORM hedge._prune(book, work.settings ->> 'model', (work.settings ->> 'retention')::integer);
			EXECUTE format($sql$
				UPDATE %1$I.refresh_log
				SET status = 'done', phase = 'done', phase_started_at = clock_timestamp(), finished_at = clock_timestamp(),
					run = $2, blocks_read = $3, blocks_reused = $4, pairs_stored = $5, prices_refused = (
						SELECT coalesce(sum(a.non_positive + a.not_finite + a.contradictory), 0)
						FROM %1$I.run_asset AS a
						WHERE a.run = $2)
				WHERE entry = $1$sql$, book)
				USING entry, run, cardinality(work.blocks) - work.reused, work.reused, pairs;
			-- Autovacuum never looks at tables of so few rows, at run_asset it looks later, and the planner takes a
			-- table that nobody looked at for hundreds of rows: plans of the views then seem dear enough to be
			-- compiled by JIT, which takes most of their time.
			IF EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = to_regnamespace(quote_ident(book))
				AND c.relname IN ('book', 'model', 'model_run', 'run_asset') AND c.reltuples < 0)
			THEN
				PERFORM hedge._analyze(book, 'book', 'base_currency');
				PERFORM hedge._analyze(book, 'model', 'model');
				PERFORM hedge._analyze(book, 'model_run', 'run', 'model');
				PERFORM hedge._analyze(book, 'run_asset', 'run', 'asset');
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
