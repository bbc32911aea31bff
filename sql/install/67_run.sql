-- Run: what a refresh writes of the blocks it has. Each step but the first is told the run alone: what
-- the run was made with stands in its row.

CREATE FUNCTION hedge._price_counts(book text, spans bigint[], blocks bigint[], counted_from timestamptz,
	return_kind text, override_assets text[], override_kinds text[])
RETURNS TABLE (asset text, price float8, price_time timestamptz, in_window boolean, priced_bars integer, non_positive integer,
	not_finite integer, contradictory integer, gap_moves integer, largest_gap_move float8, largest_gap_bar timestamptz,
	opening_price float8, opening_bar timestamptz, closing_price float8, unchanged integer, frozen integer,
	moves integer, log_size float8, largest_return float8, largest_return_bar timestamptz)
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
				s.closing_price, s.unchanged, s.frozen, s.moves, s.log_size, s.largest_return, s.largest_return_bar
			FROM %1$I.return_span AS s
			WHERE s.span = ANY ($1)
			UNION ALL
			SELECT b.first_bar, b.last_bar >= $3, b.assets, b.last_price, b.last_price_time, b.priced_bars, b.non_positive,
				b.not_finite, b.contradictory, b.gap_moves, b.largest_gap_move, b.largest_gap_bar, b.opening_price, b.opening_bar,
				b.closing_price, b.unchanged, b.frozen, z.moves, z.log_size, z.largest, z.largest_bar
			FROM %1$I.return_block AS b
			CROSS JOIN LATERAL hedge._return_sizes(CASE WHEN b.last_bar >= $3 THEN b.returns END, b.bars, $3) AS z
			WHERE b.block = ANY ($2) AND NOT EXISTS (SELECT FROM spanned AS n WHERE n.block = b.block)
		), asset_part AS MATERIALIZED (
			SELECT p.first_bar, p.in_window, u.*
			FROM part AS p
			CROSS JOIN LATERAL unnest(p.assets, p.last_price, p.last_price_time, p.priced_bars, p.non_positive, p.not_finite,
				p.contradictory, p.gap_moves, p.largest_gap_move, p.largest_gap_bar, p.opening_price, p.opening_bar, p.closing_price,
				p.unchanged, p.frozen, p.moves, p.log_size, p.largest_return, p.largest_return_bar)
				AS u (asset, price, price_time, priced_bars, non_positive, not_finite, contradictory, gap_moves, largest_gap_move,
					largest_gap_bar, opening_price, opening_bar, closing_price, unchanged, frozen, moves, log_size, largest_return,
					largest_return_bar)
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
			o.opening_price, o.opening_bar, t.closing_price, t.unchanged, t.frozen,
			t.moves, t.log_size, t.largest_return, t.largest_return_bar
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
				coalesce(sum(u.frozen) FILTER (WHERE u.in_window), 0)::integer AS frozen,
				coalesce(sum(u.moves), 0)::integer AS moves,
				coalesce(sum(u.log_size), 0) AS log_size,
				(array_agg(u.largest_return ORDER BY abs(u.largest_return) DESC NULLS LAST, u.largest_return_bar))[1] AS largest_return,
				(array_agg(u.largest_return_bar ORDER BY abs(u.largest_return) DESC NULLS LAST, u.largest_return_bar))[1] AS largest_return_bar
			FROM asset_part AS u
			GROUP BY u.asset) AS t
		LEFT JOIN gap AS g ON g.asset = t.asset
		LEFT JOIN opening AS o ON o.asset = t.asset AND o.before IS NULL$sql$, book)
		USING spans, blocks, counted_from, return_kind, override_assets, override_kinds;
END
$function$;
COMMENT ON FUNCTION hedge._price_counts(text, bigint[], bigint[], timestamptz, text, text[], text[]) IS 'Per asset of some blocks: last price of all, what is counted in those that reach beyond counted_from, and the moves over gaps that end there, those from one block into another included; and how large the returns from counted_from on are. Blocks that are in one of the spans are taken from there. Private.';

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
				opening_bar, closing_price, unchanged, frozen, moves, log_size, largest_return, largest_return_bar)
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
					array_agg(u.frozen ORDER BY u.asset COLLATE "C"), array_agg(u.moves ORDER BY u.asset COLLATE "C"),
					array_agg(u.log_size ORDER BY u.asset COLLATE "C"), array_agg(u.largest_return ORDER BY u.asset COLLATE "C"),
					array_agg(u.largest_return_bar ORDER BY u.asset COLLATE "C")
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

-- Of opposite signs nothing overflows.
CREATE FUNCTION hedge._undoes(first float8, second float8, return_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN sign(first) * sign(second) >= 0 THEN false
	WHEN return_kind = 'simple' THEN abs((1 + first) * (1 + second) - 1) <= abs(first) / 3
	ELSE abs(first + second) <= abs(first) / 3 END;
COMMENT ON FUNCTION hedge._undoes(float8, float8, text) IS 'True: of two returns in a row, the second takes back two thirds of the first or more. Private.';

CREATE FUNCTION hedge._add_jumps(book text, run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	EXECUTE format($sql$
		WITH block AS MATERIALIZED (
			SELECT b.bars, b.assets, b.returns, b.first_bar, b.last_bar, row_number() OVER (ORDER BY b.first_bar) AS place
			FROM %1$I.return_block AS b
			WHERE b.block = ANY (SELECT unnest(r.blocks) FROM %1$I.model_run AS r WHERE r.run = $1)
		)
		UPDATE %1$I.run_asset AS u
		SET jump = CASE
			WHEN hedge._undoes(a.largest_return, t.after, a.return_kind) THEN 'undone'
			WHEN hedge._undoes(t.before, a.largest_return, a.return_kind) THEN 'undoes'
			WHEN t.after IS NULL THEN 'open'
			ELSE 'stays'
		END
		FROM %1$I.model_run AS r
		JOIN %1$I.run_asset AS a ON a.run = r.run AND a.largest_return_size > (r.settings ->> 'jump_threshold')::float8
		JOIN block AS j ON a.largest_return_bar BETWEEN j.first_bar AND j.last_bar
		CROSS JOIN LATERAL (
			SELECT x.bar, lag(x.r) OVER (ORDER BY x.bar) AS before, lead(x.r) OVER (ORDER BY x.bar) AS after
			FROM block AS b
			CROSS JOIN LATERAL (SELECT array_position(b.assets, a.asset) AS place) AS n
			CROSS JOIN LATERAL unnest(b.bars, b.returns[n.place:n.place][:]) AS x (bar, r)
			WHERE b.place = j.place OR b.place = j.place - 1 AND a.largest_return_bar = j.first_bar
				OR b.place = j.place + 1 AND a.largest_return_bar = j.last_bar) AS t
		WHERE r.run = $1 AND u.run = a.run AND u.asset = a.asset AND t.bar = a.largest_return_bar$sql$, book)
		USING run;
END
$function$;
COMMENT ON FUNCTION hedge._add_jumps(text, bigint) IS 'Of the assets of a run whose largest return is larger than jump_threshold, writes what came of it in the bars around. Private.';

CREATE FUNCTION hedge._add_ended(book text, run bigint, source hedge._source) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	k record;
	asset text;
	by_index boolean;
BEGIN
	EXECUTE format($sql$
		SELECT r.as_of, r.settings ->> 'time_zone' AS time_zone,
			ARRAY(SELECT x.asset FROM %1$I._named_asset AS x EXCEPT SELECT a.asset FROM %1$I.run_asset AS a WHERE a.run = r.run) AS unpriced
		FROM %1$I.model_run AS r
		WHERE r.run = $1$sql$, book)
		INTO STRICT k USING run;
	IF k.unpriced = '{}' THEN
		RETURN;
	END IF;
	SELECT CASE WHEN x.is_text THEN 'p.asset' ELSE 'p.asset::text' END,
		x.is_text AND EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = source.prices AND i.indkey[0] = x.attnum AND i.indisvalid)
	INTO STRICT asset, by_index
	FROM (
		SELECT a.attnum, a.atttypid IN ('text'::regtype, 'varchar'::regtype) AS is_text
		FROM pg_attribute AS a
		WHERE a.attrelid = source.prices AND a.attname = 'asset' AND NOT a.attisdropped) AS x;
	-- The last price of each, looked up; or, without an index that begins with the asset, in one pass over all prices.
	EXECUTE format(CASE WHEN by_index THEN $sql$
		INSERT INTO %1$I.ended_asset (run, asset, last_price_time)
		SELECT $4, u.asset, %3$s
		FROM unnest($3) AS u (asset)
		CROSS JOIN LATERAL (
			SELECT p.ts
			FROM %4$s AS p
			WHERE %2$s = u.asset AND p.price IS NOT NULL AND p.ts > '-infinity' AND p.ts <= %5$s%6$s
			ORDER BY p.ts DESC
			LIMIT 1) AS q$sql$
		ELSE $sql$
		INSERT INTO %1$I.ended_asset (run, asset, last_price_time)
		SELECT $4, q.asset, %3$s
		FROM (
			SELECT %2$s AS asset, max(p.ts) AS ts
			FROM %4$s AS p
			WHERE %2$s = ANY ($3) AND p.price IS NOT NULL AND p.ts > '-infinity' AND p.ts <= %5$s%6$s
			GROUP BY %2$s) AS q$sql$ END,
		book, asset, hedge._instant_of(source.ts_type, 'q.ts'), source.prices, hedge._stored_as(source.ts_type, '$2'),
		CASE WHEN source.recorded_until IS NULL THEN '' ELSE ' AND (p.recorded_at <= $5) IS NOT FALSE' END)
		USING k.time_zone, k.as_of, k.unpriced, run, source.recorded_until;
END
$function$;
COMMENT ON FUNCTION hedge._add_ended(text, bigint, hedge._source) IS 'Writes which assets that are held, or named in instrument, had prices once but none in the bars that a run keeps. Private.';

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
					p.largest_gap_bar, p.unchanged, p.frozen, p.moves, p.log_size, p.largest_return, p.largest_return_bar
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
			gap_moves, largest_gap_move, largest_gap_bar, unchanged, frozen, largest_return, largest_return_bar, largest_return_size)
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
			e.gap_moves, e.largest_gap_move, e.largest_gap_bar, e.unchanged, e.frozen,
			e.largest_return, e.largest_return_bar, hedge._return_size(e.largest_return, e.moves, e.log_size)
		FROM estimate AS e$sql$, book)
		USING run, book, k.blocks, k.spans, k.window_start, hedge._recent_bars(book, run, source),
			source.override_assets, source.override_kinds, oldest, k.settings ->> 'return_kind';
	PERFORM hedge._add_jumps(book, run);
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
