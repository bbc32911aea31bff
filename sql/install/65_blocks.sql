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
		CASE WHEN positions IS NULL THEN '' ELSE format('%I.book, column positions', book) END));
	source.prices := hedge._relation(coalesce(settings ->> 'prices', book_prices, format('%I.price', book)),
		CASE WHEN coalesce(settings ->> 'prices', book_prices) IS NULL THEN ''
			WHEN settings ->> 'prices' IS NULL THEN format('%I.book, column prices', book)
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

CREATE FUNCTION hedge._return_sizes(returns float8[], bars timestamptz[], since timestamptz,
	OUT moves integer[], OUT log_size float8[], OUT largest float8[], OUT largest_bar timestamptz[])
AS 'MODULE_PATHNAME', 'pghedge_return_sizes'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge._return_sizes(float8[], timestamptz[], timestamptz) IS 'Per asset of a block, over its bars from since on: how many returns are above 1e-12 in size, the sum of the logarithms of these sizes, the largest return in size and its bar. Private.';

CREATE FUNCTION hedge._return_size(size float8, moves integer, log_size float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- exp(-(gamma + ln 2) / 2) is the geometric mean of |z| for a standard normal z; below 20 moves it says little.
RETURN CASE WHEN moves >= 20 AND size <> 0 THEN exp(least(ln(abs(size)) - log_size / moves - (0.5772156649015329 + ln(2::float8)) / 2, 600)) END;
COMMENT ON FUNCTION hedge._return_size(float8, integer, float8) IS 'Size of a return in robust standard deviations: geometric means of the sizes of the asset''s moves, times 1.89. NULL with fewer than 20 moves. Private.';

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
