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

-- The blocks of a run. Those of the run before, if its settings were the same, are kept up to the
-- bar from which prices may have changed; from there prices are read again.
--
-- A bar is the same whether read with all of history or with stale_after + 2 calendar bars before
-- it: it must be known which assets were alive at its predecessor, and what they cost there. So a
-- build from nothing reads that many more bars than lookback, and no bar that lacks them is used.
CREATE FUNCTION hedge._return_blocks(
	book text,
	settings jsonb,
	source hedge._source,
	as_of timestamptz,
	changed_from timestamptz,
	OUT blocks bigint[],
	OUT reused integer,
	OUT trailing_bars timestamptz[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	prices regclass := source.prices;
	ts_type regtype := source.ts_type;
	recorded_until timestamptz := source.recorded_until;
	earlier record;
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
	-- Of the last run alone: what was corrected since an older one, a refresh or rebuild after it has read.
	EXECUTE format('SELECT r.blocks, r.recorded_until
		FROM (SELECT * FROM %I.model_run AS x WHERE x.model = $1 ORDER BY x.run DESC LIMIT 1) AS r
		WHERE r.as_of <= $2 AND r.returns_key = $3', book)
		INTO earlier USING settings ->> 'model', as_of, source.returns_key;
	IF earlier.blocks IS NOT NULL THEN
		EXECUTE format($sql$
			SELECT array_agg(b.first_bar ORDER BY b.first_bar),
				(SELECT array_agg(t.bar ORDER BY t.bar)
				 FROM %1$I.return_block AS c CROSS JOIN LATERAL unnest(c.bars) AS t (bar)
				 WHERE c.block = ANY ($1))
			FROM %1$I.return_block AS b
			WHERE b.block = ANY ($1)$sql$, book)
			INTO first_bars, bars USING earlier.blocks;
		reread := least(reread, bars[greatest(1, cardinality(bars) - (settings ->> 'reread_bars')::integer + 1)]);
		IF recorded_until IS NOT NULL THEN
			-- An hour more, for rows whose transaction was still open then.
			EXECUTE format('SELECT %s FROM %s AS p WHERE p.recorded_at > $3 AND p.recorded_at <= $4 AND p.ts <= %s',
				format(instant, 'min(p.ts)'), prices, local)
				INTO changed
				USING zone, as_of, earlier.recorded_until - interval '1 hour', recorded_until;
			reread := least(reread, changed);
		END IF;

		first := (SELECT max(t.place) FROM unnest(first_bars) WITH ORDINALITY AS t (bar, place) WHERE t.bar <= reread);
		place := array_position(bars, first_bars[first]);
		IF cardinality(bars) >= needed AND place > context THEN
			EXECUTE read INTO made, trailing_bars
				USING settings, bars[place - context], as_of, first_bars[first], source.override_assets,
					source.override_kinds, recorded_until, needed, true;

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
				INTO added, lost USING earlier.blocks[1:first - 1], made[1];
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
				INTO blocks USING earlier.blocks[1:first - 1] || made, needed;
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
			USING settings, since, as_of, '-infinity'::timestamptz, source.override_assets,
				source.override_kinds, recorded_until, needed, false;
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
COMMENT ON FUNCTION hedge._return_blocks(text, jsonb, hedge._source, timestamptz, timestamptz) IS 'Makes the blocks of returns that a run needs, reusing those of the run before up to the bar from which prices may have changed; and the bars after them that are not in the calendar. changed_from: -infinity to make all anew. Private.';
