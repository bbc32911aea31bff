-- Evidence in a book: what a refresh examines, watches and raises; acknowledging it.

CREATE FUNCTION hedge._panel(book text, run bigint,
	OUT bars timestamptz[], OUT assets text[], OUT observations float8[])
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	EXECUTE format($sql$
		SELECT (x.panel).assets, (x.panel).observations, x.bars
		FROM (
			SELECT hedge.return_panel(b.assets, b.returns ORDER BY b.first_bar) AS panel,
				(SELECT array_agg(t.bar ORDER BY t.bar)
				 FROM %1$I.model_run AS r
				 JOIN %1$I.return_block AS c ON c.block = ANY (r.blocks)
				 CROSS JOIN LATERAL unnest(c.bars) AS t (bar)
				 WHERE r.run = $1 AND t.bar >= r.window_start) AS bars
			FROM (
				SELECT c.first_bar, c.assets, CASE WHEN c.first_bar >= r.window_start THEN c.returns
					ELSE c.returns[:][1 + (SELECT count(*)::integer FROM unnest(c.bars) AS t (bar) WHERE t.bar < r.window_start):]
					END AS returns
				FROM %1$I.model_run AS r
				JOIN %1$I.return_block AS c ON c.block = ANY (r.blocks)
				WHERE r.run = $1 AND c.last_bar >= r.window_start) AS b
			OFFSET 0) AS x$sql$, book)
		INTO assets, observations, bars USING run;
END
$function$;
COMMENT ON FUNCTION hedge._panel(text, bigint) IS 'Returns [asset][bar] of a run''s window, in one piece. Private.';

CREATE FUNCTION hedge._read_panel(book text, run bigint, since timestamptz, from_bar timestamptz,
	OUT bars timestamptz[], OUT assets text[], OUT observations float8[])
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	k record;
	source hedge._source;
BEGIN
	EXECUTE format('SELECT r.as_of, r.settings, r.recorded_until FROM %I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT k USING run;
	source := hedge._find_source(book, k.settings, k.as_of);
	WITH block AS MATERIALIZED (
		SELECT b.first_bar, b.bars, b.assets, b.returns
		FROM hedge.return_blocks(
			prices => source.prices::text,
			since => since,
			until => k.as_of,
			from_bar => from_bar,
			bar => (k.settings ->> 'bar')::interval,
			time_zone => k.settings ->> 'time_zone',
			origin => (k.settings ->> 'origin')::timestamptz,
			return_kind => k.settings ->> 'return_kind',
			override_assets => source.override_assets,
			override_kinds => source.override_kinds,
			calendar_quorum => (k.settings ->> 'calendar_quorum')::float8,
			stale_after => (k.settings ->> 'stale_after')::integer,
			recorded_until => k.recorded_until) AS b
	), joined AS (
		SELECT hedge.return_panel(b.assets, b.returns ORDER BY b.first_bar) AS panel FROM block AS b
	)
	SELECT (SELECT array_agg(t.bar ORDER BY t.bar) FROM block AS c CROSS JOIN LATERAL unnest(c.bars) AS t (bar)),
		(j.panel).assets, (j.panel).observations
	INTO bars, assets, observations
	FROM joined AS j;
END
$function$;
COMMENT ON FUNCTION hedge._read_panel(text, bigint, timestamptz, timestamptz) IS 'Returns [asset][bar] from a bar on, made anew from the prices as a run reads them; since: prices before are not read. Private.';

CREATE FUNCTION hedge._read_since(settings jsonb, baseline_start timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN (settings ->> 'stale_after')::integer > 50 THEN '-infinity' ELSE baseline_start END;
$function$;
COMMENT ON FUNCTION hedge._read_since(jsonb, timestamptz) IS 'From when prices must be read to know the returns after a baseline: its sixty bars at least tell which assets are alive, unless stale_after is longer. Private.';

CREATE FUNCTION hedge._bar_text(bar timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN bar = date_trunc('day', bar) THEN to_char(bar, 'YYYY-MM-DD') ELSE bar::text END;
$function$;
COMMENT ON FUNCTION hedge._bar_text(timestamptz) IS 'A bar for a message: a day alone where it begins at midnight of the session''s time zone, as in reasons of hedge.verdict. Private.';

CREATE FUNCTION hedge._acknowledged(book text, model text, since timestamptz, OUT asset_y text, OUT asset_x text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT e.asset_y, e.asset_x
		FROM (
			SELECT DISTINCT ON (m.asset_y, m.asset_x) m.asset_y, m.asset_x, m.ended_at
			FROM %1$I.pair_monitor AS m
			WHERE m.model = $1
			ORDER BY m.asset_y, m.asset_x, m.baseline_end DESC) AS e
		WHERE e.ended_at >= $2
			AND EXISTS (SELECT FROM %1$I.alert AS a
				WHERE a.model = $1 AND a.asset_y = e.asset_y AND a.asset_x = e.asset_x AND a.kind = 'break'
					AND a.raised_at_bar <= e.ended_at AND a.acknowledged_at IS NOT NULL)$sql$, book)
		USING model, since;
END
$function$;
COMMENT ON FUNCTION hedge._acknowledged(text, text, timestamptz) IS 'Pairs that are not watched now, since their last monitor ended (not before the time given), but had a break that somebody acknowledged: to be watched again if somebody holds both assets, however little correlation is left and whatever its sign. Private.';

CREATE FUNCTION hedge._leaning(book text, run bigint, pairs_y text[], pairs_x text[], correlations float8[], later float8[] DEFAULT '{}',
	OUT place bigint, OUT asset_y text, OUT asset_x text, OUT portfolios integer, OUT portfolio_list text, OUT lost float8)
RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH leg AS MATERIALIZED (
			SELECT h.portfolio, e.asset, e.exposure, e.volatility
			FROM %I._holding AS h
			CROSS JOIN LATERAL hedge._exposures($5, $1, h.holdings) AS e
			WHERE e.asset = ANY ($2 || $3) AND e.exposure <> 0 AND e.volatility > 0
		)
		SELECT p.place, p.asset_y, p.asset_x, count(*)::integer,
			hedge._shortened(string_agg(quote_ident(y.portfolio), ', ' ORDER BY y.portfolio COLLATE "C")),
			CASE WHEN sum(k.risk_offset - l.risk_offset) < 0 THEN 0 ELSE sum(k.risk_offset - l.risk_offset) END
		FROM unnest($2, $3, $4, $6) WITH ORDINALITY AS p (asset_y, asset_x, correlation, later, place)
		JOIN leg AS y ON y.asset = p.asset_y
		JOIN leg AS x ON x.asset = p.asset_x AND x.portfolio = y.portfolio
		CROSS JOIN LATERAL hedge.pair_risk(y.exposure, y.volatility, x.exposure, x.volatility, p.correlation) AS k
		CROSS JOIN LATERAL hedge.pair_risk(y.exposure, y.volatility, x.exposure, x.volatility, coalesce(p.later, 0)) AS l
		WHERE p.correlation IS NULL OR sign(y.exposure) * sign(x.exposure) * sign(p.correlation) < 0
		GROUP BY p.place, p.asset_y, p.asset_x$sql$, book)
		USING run, pairs_y, pairs_x, correlations, format('%I', book)::regnamespace, later;
END
$function$;
COMMENT ON FUNCTION hedge._leaning(text, bigint, text[], text[], float8[], float8[]) IS 'Pairs that some portfolio now holds so that the correlation given offsets risk; with NULL for the correlation, that some portfolio holds at all. place: which of the list; how many portfolios, which, and how much of what the correlation removes from their risk is lost at the later one (0 if none is given; nothing where that removes more). Private.';

CREATE FUNCTION hedge._examine(book text, run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $function$
DECLARE
	model text;
	settings jsonb;
	window_start timestamptz;
	known text[];
	held_y text[];
	held_x text[];
	held_sign float8[];
	pairs_y text[];
	pairs_x text[];
	searched bigint;
	columns text;
	measures text;
BEGIN
	EXECUTE format('SELECT r.model, r.settings, r.window_start, hedge.assets(r.matrix) FROM %I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT model, settings, window_start, known USING run;
	IF settings ->> 'evidence' = 'none' THEN
		RETURN;
	END IF;
	-- Reasons and messages tell times as the model has them, whatever the session's settings.
	BEGIN
		PERFORM set_config('timezone', settings ->> 'time_zone', true);
	EXCEPTION WHEN invalid_parameter_value THEN
		NULL;		-- an abbreviation, which a session cannot have
	END;

	-- The planner would take the new rows for one, and sort them.
	PERFORM hedge._analyze(book, 'offset_snapshot', 'run', 'asset_a', 'asset_b');
	EXECUTE format($sql$
		SELECT coalesce(array_agg(p.asset_y), '{}'), coalesce(array_agg(p.asset_x), '{}'),
			coalesce(array_agg(p.correlation_sign), '{}')
		FROM (
			SELECT DISTINCT least(k.asset_a COLLATE "C", k.asset_b) AS asset_y, greatest(k.asset_a COLLATE "C", k.asset_b) AS asset_x,
				k.correlation_sign
			FROM (		-- first as they stand, since most are there many times
				SELECT DISTINCT o.asset_a, o.asset_b, sign(o.correlation) AS correlation_sign
				FROM %I.offset_snapshot AS o
				WHERE o.run = $1) AS k) AS p$sql$, book)
		INTO held_y, held_x, held_sign USING run;
	IF settings ->> 'evidence' = 'all' THEN
		SELECT array_agg(y.asset), array_agg(x.asset) INTO pairs_y, pairs_x
		FROM unnest(known) WITH ORDINALITY AS y (asset, place)
		JOIN unnest(known) WITH ORDINALITY AS x (asset, place) ON x.place > y.place;
	ELSE
		-- A pair that is watched stays: its correlation may have gone too far to be an offset still.
		EXECUTE format($sql$
			SELECT array_agg(p.asset_y), array_agg(p.asset_x)
			FROM (
				SELECT h.asset_y, h.asset_x
				FROM unnest($1, $6) AS h (asset_y, asset_x)
				UNION
				SELECT m.asset_y, m.asset_x
				FROM %1$I.pair_monitor AS m
				WHERE m.model = $2 AND m.ended_at IS NULL
				UNION
				SELECT a.asset_y, a.asset_x
				FROM hedge._acknowledged($4, $2, $5) AS a) AS p
			WHERE p.asset_y = ANY ($3) AND p.asset_x = ANY ($3)$sql$, book)
			INTO pairs_y, pairs_x USING held_y, model, known, book, window_start, held_x;
		-- The snapshot keeps pairs that look good. What they were chosen from are the pairs among the assets
		-- held, currencies of funded holdings among them, and p-values are adjusted for having looked at those.
		EXECUTE format($sql$
			WITH held AS MATERIALIZED (SELECT DISTINCT p.asset FROM %1$I._position AS p)
			SELECT count(*) * (count(*) - 1) / 2
			FROM %1$I.run_asset AS a
			WHERE a.run = $1 AND a.volatility IS NOT NULL AND a.asset IN (
				SELECT h.asset FROM held AS h
				UNION
				SELECT u.funding_asset FROM %1$I._unit AS u WHERE u.run = $1 AND u.asset IN (SELECT h.asset FROM held AS h))$sql$, book)
			INTO searched USING run;
	END IF;
	searched := greatest(searched, cardinality(pairs_y), 0);

	EXECUTE format('INSERT INTO %I.evidence_run (run, examined, pairs, searched, adjustment) VALUES ($1, $2, $3, $4, $5)', book)
		USING run, settings ->> 'evidence', coalesce(cardinality(pairs_y), 0), searched, 'benjamini_hochberg';
	IF pairs_y IS NOT NULL THEN
		SELECT string_agg(quote_ident(t.attname), ', ' ORDER BY s.attnum),
			string_agg(format('(f.evidence).%I', t.attname), ', ' ORDER BY s.attnum)
		INTO columns, measures
		FROM pg_attribute AS s
		JOIN pg_attribute AS t ON t.attname = s.attname
		WHERE s.attrelid = 'hedge.evidence'::regclass AND s.attnum > 0 AND NOT s.attisdropped
			AND t.attrelid = format('%I.pair_evidence', book)::regclass;
		EXECUTE format($sql$
			WITH found AS MATERIALIZED (
				SELECT e.asset_y, e.asset_x, e.evidence
				FROM hedge._panel($1, $2) AS p
				CROSS JOIN LATERAL hedge.evidence_pairs(p.assets, p.observations, p.bars,
					hedge.evidence_settings(
						rolling_observations => ($3 ->> 'rolling_bars')::integer,
						confidence_level => ($3 ->> 'confidence_level')::float8,
						minimum_effectiveness => ($3 ->> 'minimum_effectiveness')::float8),
					$4 || $5, $5 || $4) AS e
			), once AS MATERIALIZED (		-- p-values are those of the pair, whichever way round
				SELECT f.asset_y, f.asset_x, (f.evidence).effectiveness_p_value AS p_value,
					row_number() OVER (ORDER BY f.asset_y COLLATE "C", f.asset_x COLLATE "C") AS place
				FROM found AS f
				WHERE f.asset_y COLLATE "C" < f.asset_x
			), stale AS MATERIALIZED (
				-- in bars, that is while others had prices: where all end, the run is old, not the pair
				SELECT r.asset, r.price_time FROM %1$I.run_asset AS r WHERE r.run = $2 AND r.stale_bars > ($3 ->> 'stale_after')::integer
			), adjusted AS (
				SELECT o.asset_y, o.asset_x, a.p_value
				FROM once AS o
				JOIN unnest(hedge.adjust_p_values((SELECT array_agg(c.p_value ORDER BY c.place)
						|| array_fill(1::float8, ARRAY[$6 - count(*)::integer]) FROM once AS c),
					'benjamini_hochberg')) WITH ORDINALITY AS a (p_value, place) ON a.place = o.place
			)
			INSERT INTO %1$I.pair_evidence (run, asset_y, asset_x, %2$s, adjusted_p_value, verdict, reason)
			SELECT $2, f.asset_y, f.asset_x, %3$s, a.p_value, CASE WHEN d.reason IS NULL THEN v.verdict ELSE 'insufficient' END,
				coalesce(d.reason, v.reason)
			FROM found AS f
			JOIN adjusted AS a ON a.asset_y = least(f.asset_y COLLATE "C", f.asset_x) COLLATE "default"
				AND a.asset_x = greatest(f.asset_y COLLATE "C", f.asset_x) COLLATE "default"
			CROSS JOIN LATERAL hedge.verdict(f.evidence, a.p_value,
				minimum_observations => ($3 ->> 'minimum_evidence')::integer,
				-- a book that is yet to be upgraded has no such setting
				minimum_effective_observations => coalesce(($3 ->> 'minimum_effective_evidence')::float8, 30),
				significance => ($3 ->> 'significance')::float8,
				break_significance => ($3 ->> 'break_significance')::float8,
				minimum_break => ($3 ->> 'minimum_break')::float8,
				spread_significance => ($3 ->> 'spread_significance')::float8) AS v
			CROSS JOIN LATERAL (		-- what the past shows is of no use for what has no price any more
				SELECT string_agg(format('no price of %%s since %%s', s.asset, hedge._bar_text(s.price_time)), ', ' ORDER BY s.asset COLLATE "C") AS reason
				FROM stale AS s
				WHERE s.asset IN (f.asset_y, f.asset_x)) AS d
			ORDER BY f.asset_y COLLATE "C", f.asset_x COLLATE "C"	-- as they are read: asset by asset$sql$, book, columns, measures)
			USING book, run, settings, pairs_y, pairs_x, searched::integer;
		PERFORM hedge._analyze(book, 'pair_evidence', 'run', 'asset_y', 'asset_x');
	END IF;

	EXECUTE format($sql$
		DELETE FROM %1$I.evidence_run AS e
		USING %1$I.model_run AS r
		WHERE r.run = e.run AND r.model = $1 AND e.run <> $2
			AND e.run NOT IN (		-- the last run of each of the two latest bars
				SELECT k.run
				FROM (
					SELECT DISTINCT ON (s.window_end) s.window_end, c.run
					FROM %1$I.evidence_run AS c JOIN %1$I.model_run AS s ON s.run = c.run
					WHERE s.model = $1
					ORDER BY s.window_end DESC, s.as_of DESC, s.run DESC) AS k
				ORDER BY k.window_end DESC
				LIMIT 2)$sql$, book)
		USING model, run;

	PERFORM hedge._watch(book, run, held_y, held_x, held_sign);
END
$function$;
COMMENT ON FUNCTION hedge._examine(text, bigint) IS 'Evidence of the pairs of a run as its model''s setting evidence says, then monitors and alerts. Private.';

CREATE FUNCTION hedge._watch(book text, run bigint, held_y text[], held_x text[], held_sign float8[]) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	model text;
	key text;
	settings jsonb;
	is_replay boolean;
	is_watching boolean;
	bars timestamptz[];
	settled integer;		-- bars that the next refresh will not read again
	forward text;
	gap_since timestamptz;
	gap_from timestamptz;
	passed jsonb;			-- alarms that were raised and over again since the last refresh
	passed_in_gap jsonb := '[]';
	raised record;
	otherwise bigint;
	missed bigint;
	count integer := 0;
BEGIN
	EXECUTE format('SELECT r.model, r.returns_key, r.settings,
			EXISTS (SELECT FROM %1$I.model_run AS l WHERE l.model = r.model AND l.as_of > r.as_of)
		FROM %1$I.model_run AS r WHERE r.run = $1', book)
		INTO STRICT model, key, settings, is_replay USING run;
	EXECUTE format('SELECT array_agg(t.bar ORDER BY t.bar)
		FROM %1$I.model_run AS r
		JOIN %1$I.return_block AS b ON b.block = ANY (r.blocks)
		CROSS JOIN LATERAL unnest(b.bars) AS t (bar)
		WHERE r.run = $1 AND t.bar >= r.window_start', book)
		INTO bars USING run;
	settled := cardinality(bars) - (settings ->> 'reread_bars')::integer;
	IF settled < 1 THEN
		RETURN;
	ELSIF is_replay THEN
		PERFORM hedge._replay(book, run, bars[settled]);
		RETURN;
	END IF;

	-- With nothing to watch the panel of the window, all returns of all assets, need not be read.
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.pair_monitor AS m WHERE m.model = $1 AND m.ended_at IS NULL)', book)
		INTO is_watching USING model;
	IF held_y = '{}' AND NOT is_watching THEN
		RETURN;
	END IF;

	-- The planner would take the monitors for one or two, and look through all of them for each.
	PERFORM hedge._analyze(book, 'pair_monitor', 'model', 'asset_y', 'asset_x', 'ended_at');

	-- Forward. Bars count from the baseline; those of a panel are known by their times. A monitor that has
	-- seen the window's first bar goes on in the window; one that has not, since there was no refresh for
	-- so long, over the prices since its last bar.
	forward := $sql$
		WITH behind AS MATERIALIZED (
			SELECT m.asset_y, m.asset_x, m.baseline_start, m.baseline_end, m.state, m.last_bar, s.alarms
			FROM %1$I.pair_monitor AS m
			CROSS JOIN LATERAL hedge.monitor_status(m.state) AS s
			WHERE m.model = $1 AND m.ended_at IS NULL AND m.returns_key = $2 AND m.last_bar < $4 AND (m.last_bar < $3) = $5
		), panel AS MATERIALIZED (
			SELECT p.bars, p.assets, p.observations, width_bucket($4, p.bars) AS last
			FROM %2$s AS p
		), series AS MATERIALIZED (
			SELECT a.asset, ARRAY(SELECT unnest(p.observations[a.place::integer:a.place::integer][:p.last])) AS returns
			FROM panel AS p
			CROSS JOIN LATERAL unnest(p.assets) WITH ORDINALITY AS a (asset, place)
			WHERE a.asset IN (SELECT b.asset_y FROM behind AS b UNION ALL SELECT b.asset_x FROM behind AS b)
		), forward AS MATERIALIZED (
			SELECT b.asset_y, b.asset_x, b.baseline_start, b.baseline_end, b.alarms,
				hedge.monitor_advance(b.state, y.returns[w.seen + 1:], x.returns[w.seen + 1:]) AS state
			FROM panel AS p
			CROSS JOIN behind AS b
			CROSS JOIN LATERAL (SELECT width_bucket(b.last_bar, p.bars) AS seen) AS w
			JOIN series AS y ON y.asset = b.asset_y
			JOIN series AS x ON x.asset = b.asset_x
			WHERE w.seen > 0		-- or else prices in between are gone
		), told AS MATERIALIZED (
			SELECT f.asset_y, f.asset_x, f.baseline_start, f.baseline_end, f.state, s.alarm, s.direction, s.baseline_correlation,
				s.alarms > f.alarms AS has_raised,
				p.bars[p.last - s.bars + s.alarm_bar] AS alarm_bar,
				p.bars[p.last - s.bars + s.change_bar] AS change_bar,
				p.bars[p.last - s.bars + s.cleared_bar] AS cleared_bar
			FROM panel AS p
			CROSS JOIN forward AS f
			CROSS JOIN LATERAL hedge.monitor_status(f.state) AS s
		), moved AS (
			UPDATE %1$I.pair_monitor AS m
			SET state = t.state,
				last_bar = $4,
				held_at = CASE WHEN (t.asset_y, t.asset_x) IN (SELECT h.asset_y, h.asset_x FROM unnest($8, $9) AS h (asset_y, asset_x))
					THEN $4 ELSE m.held_at END,
				alarm_bar = CASE WHEN t.alarm THEN coalesce(t.alarm_bar, m.alarm_bar) END,
				change_bar = CASE WHEN t.alarm THEN coalesce(t.change_bar, m.change_bar) END,
				direction = t.direction
			FROM told AS t
			WHERE m.model = $1 AND m.ended_at IS NULL AND m.asset_y = t.asset_y AND m.asset_x = t.asset_x
		), cleared AS (
			UPDATE %1$I.alert AS a
			SET cleared_at_bar = coalesce(t.cleared_bar, $4)
			FROM told AS t
			WHERE a.model = $1 AND a.asset_y = t.asset_y AND a.asset_x = t.asset_x AND a.kind = 'break'
				AND a.cleared_at_bar IS NULL AND a.raised_at_bar > t.baseline_end
				AND NOT (t.alarm AND a.raised_at_bar = coalesce(t.alarm_bar, a.raised_at_bar))
		)
		SELECT coalesce(jsonb_agg(to_jsonb(t) - 'state'), '[]')
		FROM told AS t
		WHERE t.has_raised AND NOT t.alarm$sql$;
	EXECUTE format(forward, book, 'hedge._panel($6, $7)')
		INTO passed USING model, key, bars[1], bars[settled], false, book, run, held_y, held_x;

	EXECUTE format('SELECT min(m.baseline_start), min(m.baseline_end) FROM %I.pair_monitor AS m
		WHERE m.model = $1 AND m.ended_at IS NULL AND m.returns_key = $2 AND m.last_bar < $3', book)
		INTO gap_since, gap_from USING model, key, bars[1];
	IF gap_since IS NOT NULL THEN
		EXECUTE format(forward, book, 'hedge._read_panel($6, $7, $10, $11)')
			INTO passed_in_gap
			USING model, key, bars[1], bars[settled], true, book, run, held_y, held_x,
				hedge._read_since(settings, gap_since), gap_from;
	END IF;
	passed := passed || passed_in_gap;

	-- Monitors end when their returns are made otherwise now, when prices since their last bar are gone,
	-- when an alarm was acknowledged and there is a new baseline after it, and when nobody leans on the pair
	-- any more as it was in the baseline. Who holds a pair that is in no snapshot is asked only where it
	-- matters at once, or where a break of the pair was acknowledged: what is left of its correlation
	-- may be too small for a snapshot, or have the other sign, which is yet to be told; it goes on while somebody
	-- holds both assets. The others end when they have not been in a snapshot for long. And all end
	-- that have been calm for twice the lookback, since their boundary grows: a new one is faster.
	EXECUTE format($sql$
		WITH held AS MATERIALIZED (
			SELECT h.asset_y, h.asset_x, h.correlation_sign FROM unnest($3, $4, $9) AS h (asset_y, asset_x, correlation_sign)
		), other AS MATERIALIZED (
			SELECT m.asset_y, m.asset_x, CASE WHEN NOT k.known THEN s.baseline_correlation END AS correlation,
				k.known
					OR EXISTS (SELECT FROM held AS h WHERE h.asset_y = m.asset_y AND h.asset_x = m.asset_x)
					OR m.alarm_bar IS NOT NULL
					OR EXISTS (SELECT FROM %1$I.alert AS a
						WHERE a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.cleared_at_bar IS NULL)
					AS matters,
				$6 - width_bucket(m.held_at, $5) > ($10 ->> 'rolling_bars')::integer AS is_past
			FROM %1$I.pair_monitor AS m
			CROSS JOIN LATERAL hedge.monitor_status(m.state) AS s
			CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM %1$I.alert AS a
				WHERE a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.kind = 'break'
					AND a.acknowledged_at IS NOT NULL AND a.raised_at_bar <= m.baseline_end) AS known) AS k
			WHERE m.model = $1 AND m.ended_at IS NULL
				AND NOT EXISTS (SELECT FROM held AS h
					WHERE h.asset_y = m.asset_y AND h.asset_x = m.asset_x AND h.correlation_sign = sign(s.baseline_correlation))
		), leaning AS MATERIALIZED (
			SELECT l.asset_y, l.asset_x
			FROM (
				SELECT array_agg(o.asset_y) AS ys, array_agg(o.asset_x) AS xs, array_agg(o.correlation) AS cs
				FROM other AS o
				WHERE o.matters) AS a
			CROSS JOIN LATERAL hedge._leaning($7, $8, a.ys, a.xs, a.cs) AS l
		), left_alone AS MATERIALIZED (
			SELECT o.asset_y, o.asset_x
			FROM other AS o
			WHERE CASE WHEN o.matters
				THEN NOT EXISTS (SELECT FROM leaning AS l WHERE l.asset_y = o.asset_y AND l.asset_x = o.asset_x)
				ELSE o.is_past END
		), ended AS (
			UPDATE %1$I.pair_monitor AS m
			SET ended_at = $5[$6]
			WHERE m.model = $1 AND m.ended_at IS NULL
				AND (m.returns_key <> $2
					OR m.last_bar < $5[1]
					OR EXISTS (SELECT FROM left_alone AS l WHERE l.asset_y = m.asset_y AND l.asset_x = m.asset_x)
					OR $6 - width_bucket(m.change_bar, $5) + 1 >= 60 AND EXISTS (
						SELECT FROM %1$I.alert AS a
						WHERE a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.kind = 'break'
							AND a.raised_at_bar = m.alarm_bar AND a.acknowledged_at IS NOT NULL)
					OR m.alarm_bar IS NULL AND m.unreliable_since IS NULL
						AND NOT EXISTS (SELECT FROM %1$I.alert AS a
							WHERE a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.cleared_at_bar IS NULL)
						AND (hedge.monitor_status(m.state)).bars >= 2 * ($10 ->> 'lookback')::integer)
			RETURNING m.asset_y, m.asset_x, m.returns_key <> $2 AS otherwise, m.last_bar < $5[1] AS missed
		), cleared AS (
			-- An alarm whose monitor could not go on is not over: it stands until it is acknowledged.
			UPDATE %1$I.alert AS a
			SET cleared_at_bar = $5[$6]
			FROM ended AS e
			WHERE a.model = $1 AND a.asset_y = e.asset_y AND a.asset_x = e.asset_x AND a.cleared_at_bar IS NULL
				AND (a.acknowledged_at IS NOT NULL OR NOT (e.otherwise OR e.missed))
		)
		SELECT count(*) FILTER (WHERE e.otherwise), count(*) FILTER (WHERE e.missed AND NOT e.otherwise)
		FROM ended AS e$sql$, book)
		INTO otherwise, missed
		USING model, key, held_y, held_x, bars, settled, book, run, held_sign, settings;

	IF otherwise > 0 THEN
		RAISE NOTICE 'model "%": % watched pairs get a new baseline, since returns are made otherwise now', model, otherwise
			USING DETAIL = 'Alerts of theirs stand until they are acknowledged.';
	END IF;
	IF missed > 0 THEN
		RAISE NOTICE 'model "%": % watched pairs get a new baseline, since prices since their last bar are gone', model, missed
			USING DETAIL = 'There was no refresh for longer than the window. What broke before it raises no alert; their verdicts tell of the window. Alerts of theirs stand until they are acknowledged.';
	END IF;

	-- New ones start from the window, or from the break in it that is known: of what the snapshot holds,
	-- and of pairs that broke, if somebody holds both assets. The sign of the correlation is that known from
	-- before, so that a change is told of.
	EXECUTE format($sql$
		WITH wanted AS MATERIALIZED (
			SELECT h.asset_y, h.asset_x, true AS is_held
			FROM unnest($3, $4) AS h (asset_y, asset_x)
			UNION ALL
			SELECT a.asset_y, a.asset_x, false
			FROM hedge._acknowledged($7, $1, $5[1]) AS a
			WHERE NOT EXISTS (SELECT FROM unnest($3, $4) AS h (asset_y, asset_x)
				WHERE h.asset_y = a.asset_y AND h.asset_x = a.asset_x)
		), new AS MATERIALIZED (
			SELECT h.asset_y, h.asset_x, h.is_held, y.robust_low, y.robust_high, y.verdict = 'reliable' OR x.verdict = 'reliable' AS reliable,
				greatest(1, width_bucket(greatest($5[1],
					CASE WHEN y.verdict = 'break_detected' THEN y.break_time END,
					(SELECT max(e.change_bar) FROM %1$I.pair_monitor AS e
					 WHERE e.model = $1 AND e.asset_y = h.asset_y AND e.asset_x = h.asset_x AND e.returns_key = $2)), $5))
					AS first,
				(SELECT e.correlation_sign FROM %1$I.pair_monitor AS e
				 WHERE e.model = $1 AND e.asset_y = h.asset_y AND e.asset_x = h.asset_x AND e.ended_at >= $5[1]
				 ORDER BY e.baseline_end DESC LIMIT 1) AS sign_before
			FROM wanted AS h
			JOIN %1$I.pair_evidence AS y ON y.run = $8 AND y.asset_y = h.asset_y AND y.asset_x = h.asset_x
			JOIN %1$I.pair_evidence AS x ON x.run = $8 AND x.asset_y = h.asset_x AND x.asset_x = h.asset_y
			WHERE NOT EXISTS (SELECT FROM %1$I.pair_monitor AS m
				WHERE m.model = $1 AND m.asset_y = h.asset_y AND m.asset_x = h.asset_x AND m.ended_at IS NULL)
		), series AS MATERIALIZED (
			SELECT a.asset, ARRAY(SELECT unnest(p.observations[a.place::integer:a.place::integer][:$6])) AS returns
			FROM hedge._panel($7, $8) AS p
			CROSS JOIN LATERAL unnest(p.assets) WITH ORDINALITY AS a (asset, place)
			WHERE a.asset IN (SELECT n.asset_y FROM new AS n UNION ALL SELECT n.asset_x FROM new AS n)
		), made AS MATERIALIZED (
			SELECT n.*, s.state
			FROM new AS n
			JOIN series AS y ON y.asset = n.asset_y
			JOIN series AS x ON x.asset = n.asset_x
			CROSS JOIN LATERAL (
				SELECT hedge.monitor_start(y.returns[n.first:], x.returns[n.first:], ($9 ->> 'monitor_threshold')::float8) AS state
				OFFSET 0) AS s
			WHERE s.state IS NOT NULL
		), holding AS MATERIALIZED (
			SELECT l.asset_y, l.asset_x
			FROM (
				SELECT array_agg(m.asset_y) AS ys, array_agg(m.asset_x) AS xs, array_agg(NULL::float8) AS cs
				FROM made AS m
				WHERE NOT m.is_held) AS a
			CROSS JOIN LATERAL hedge._leaning($7, $8, a.ys, a.xs, a.cs) AS l
		)
		INSERT INTO %1$I.pair_monitor (model, asset_y, asset_x, baseline_start, baseline_end, returns_key, baseline_state,
			state, last_bar, held_at, correlation_sign, was_reliable)
		SELECT $1, n.asset_y, n.asset_x, $5[n.first], $5[$6], $2, n.state, n.state, $5[$6], $5[$6],
			coalesce(n.sign_before, CASE WHEN n.robust_low > 0 THEN 1 WHEN n.robust_high < 0 THEN -1 END),
			n.reliable
		FROM made AS n
		WHERE n.is_held OR EXISTS (SELECT FROM holding AS l WHERE l.asset_y = n.asset_y AND l.asset_x = n.asset_x)
		ON CONFLICT (model, asset_y, asset_x, baseline_end) DO UPDATE
		SET baseline_start = excluded.baseline_start, returns_key = excluded.returns_key,
			baseline_state = excluded.baseline_state, state = excluded.state, last_bar = excluded.last_bar, held_at = excluded.held_at,
			alarm_bar = NULL, change_bar = NULL, direction = NULL, correlation_sign = excluded.correlation_sign,
			was_reliable = excluded.was_reliable, unreliable_since = NULL, ended_at = NULL$sql$, book)
		USING model, key, held_y, held_x, bars, settled, book, run, settings;

	-- Signs and verdicts that no longer hold.
	EXECUTE format($sql$
		UPDATE %1$I.alert AS a
		SET cleared_at_bar = $2
		FROM %1$I.pair_monitor AS m
		LEFT JOIN %1$I.pair_evidence AS y ON y.run = $3 AND y.asset_y = m.asset_y AND y.asset_x = m.asset_x
		LEFT JOIN %1$I.pair_evidence AS x ON x.run = $3 AND x.asset_y = m.asset_x AND x.asset_x = m.asset_y
		WHERE m.model = $1 AND m.ended_at IS NULL
			AND a.model = m.model AND a.asset_y = m.asset_y AND a.asset_x = m.asset_x AND a.cleared_at_bar IS NULL
			AND CASE a.kind
				WHEN 'sign_change' THEN a.direction > 0 AND y.robust_high < 0 OR a.direction < 0 AND y.robust_low > 0
				WHEN 'verdict_lost' THEN y.verdict = 'reliable' OR x.verdict = 'reliable' END$sql$, book)
		USING model, bars[cardinality(bars)], run;

	-- What is new. A verdict may waver about its threshold, so its loss must last; and where a break is
	-- known that weakened the correlation, or looks like one (which is the monitor's to tell), it says nothing new.
	-- Of a break, the bars since the change tell what the correlation is now. A sign that has changed concerns those who
	-- leaned on the one before, which need not be that of the baseline, if that began after a break.
	-- (watched_refresh of bench/simulate.c follows these rules to count false alarms; test/t/alarm_rules.sh compares.)
	FOR raised IN EXECUTE format($sql$
		WITH watched AS MATERIALIZED (
			SELECT m.*, s.baseline_correlation, y.correlation, y.robust_low, y.robust_high, y.verdict, y.reason,
				CASE WHEN y.robust_low > 0 THEN 1 WHEN y.robust_high < 0 THEN -1 END AS sign_now,
				y.verdict = 'reliable' OR x.verdict = 'reliable' AS reliable
			FROM %1$I.pair_monitor AS m
			CROSS JOIN LATERAL hedge.monitor_status(m.state) AS s
			JOIN %1$I.pair_evidence AS y ON y.run = $3 AND y.asset_y = m.asset_y AND y.asset_x = m.asset_x
			JOIN %1$I.pair_evidence AS x ON x.run = $3 AND x.asset_y = m.asset_x AND x.asset_x = m.asset_y
			WHERE m.model = $1 AND m.ended_at IS NULL
		), judged AS MATERIALIZED (
			SELECT w.*, w.verdict <> 'break_detected' AND NOT w.reliable AND w.was_reliable
				AND cardinality($2) - width_bucket(coalesce(w.unreliable_since, $2[cardinality($2)]), $2)
					>= ($5 ->> 'alarm_patience')::integer AS lost
			FROM watched AS w
		), told AS MATERIALIZED (
			SELECT j.*, j.reliable OR j.was_reliable AND NOT j.lost AS still_reliable,
				CASE
					WHEN j.reliable OR j.lost OR NOT j.was_reliable THEN NULL
					WHEN j.verdict = 'break_detected' THEN j.unreliable_since
					ELSE coalesce(j.unreliable_since, $2[cardinality($2)]) END AS now_unreliable_since
			FROM judged AS j
		), kept AS (
			UPDATE %1$I.pair_monitor AS m
			SET correlation_sign = coalesce(t.sign_now, m.correlation_sign),
				was_reliable = t.still_reliable,
				unreliable_since = t.now_unreliable_since
			FROM told AS t
			WHERE m.model = t.model AND m.asset_y = t.asset_y AND m.asset_x = t.asset_x AND m.ended_at IS NULL
				AND (t.sign_now <> m.correlation_sign OR t.sign_now IS NOT NULL AND m.correlation_sign IS NULL
					OR t.still_reliable <> m.was_reliable OR t.now_unreliable_since IS DISTINCT FROM m.unreliable_since)
		), candidate AS MATERIALIZED (
			SELECT t.asset_y, t.asset_x, t.baseline_correlation AS correlation, NULL::float8 AS later, 'break' AS kind,
				t.alarm_bar AS raised_at_bar, t.change_bar, t.direction, NULL::timestamptz AS cleared_at_bar,
				format('correlation of %%s and %%s has %%s: it was %%s from %%s to %%s, and %%s it is ',
					t.asset_y, t.asset_x, CASE WHEN t.direction = sign(t.baseline_correlation) THEN 'strengthened' ELSE 'weakened' END,
					round(t.baseline_correlation::numeric, 2), hedge._bar_text(t.baseline_start), hedge._bar_text(t.baseline_end),
					coalesce('probably since ' || hedge._bar_text(t.change_bar), 'since before ' || hedge._bar_text($2[1]))) AS message
			FROM told AS t
			WHERE t.alarm_bar IS NOT NULL
			UNION ALL
			SELECT p.asset_y, p.asset_x, p.baseline_correlation, p.baseline_correlation, 'break', p.alarm_bar, p.change_bar, NULL, coalesce(p.cleared_bar, p.alarm_bar),
				format('correlation of %%s and %%s was another one for a while: it was %%s from %%s to %%s, another one probably since %%s, and is what it was again since %%s at the latest',
					p.asset_y, p.asset_x, round(p.baseline_correlation::numeric, 2), hedge._bar_text(p.baseline_start),
					hedge._bar_text(p.baseline_end), hedge._bar_text(p.change_bar), hedge._bar_text(p.cleared_bar))
			FROM jsonb_to_recordset($6) AS p (asset_y text, asset_x text, baseline_correlation float8, baseline_start timestamptz,
				baseline_end timestamptz, alarm_bar timestamptz, change_bar timestamptz, cleared_bar timestamptz)
			UNION ALL
			SELECT t.asset_y, t.asset_x, t.correlation_sign * abs(t.baseline_correlation), t.correlation, 'sign_change', $2[cardinality($2)], NULL, t.sign_now, NULL,
				format('correlation of %%s and %%s is now %%s: %%s, between %%s and %%s',
					t.asset_y, t.asset_x, CASE WHEN t.sign_now > 0 THEN 'positive' ELSE 'negative' END,
					round(t.correlation::numeric, 2), round(t.robust_low::numeric, 2),
					round(t.robust_high::numeric, 2))
			FROM told AS t
			WHERE t.sign_now = -t.correlation_sign
			UNION ALL
			SELECT t.asset_y, t.asset_x, t.baseline_correlation, 0, 'verdict_lost', $2[cardinality($2)],
				coalesce(t.unreliable_since, $2[cardinality($2)]), NULL, NULL,
				format('%%s and %%s are no longer a reliable pair but %%s: %%s', t.asset_y, t.asset_x, t.verdict, t.reason)
			FROM told AS t
			WHERE t.lost AND (t.alarm_bar IS NULL OR t.direction = sign(t.baseline_correlation))
		), fresh AS MATERIALIZED (
			SELECT c.*
			FROM candidate AS c
			WHERE NOT EXISTS (
				SELECT FROM %1$I.alert AS a
				WHERE a.model = $1 AND a.asset_y = c.asset_y AND a.asset_x = c.asset_x
					AND (a.kind = c.kind AND a.raised_at_bar = c.raised_at_bar
						OR c.kind = 'verdict_lost' AND a.cleared_at_bar IS NULL
							AND NOT (a.kind = 'break' AND a.direction = sign(c.correlation))))
		), series AS MATERIALIZED (
			SELECT a.asset, ARRAY(SELECT unnest(p.observations[a.place::integer:a.place::integer][:$7])) AS returns
			FROM hedge._panel($4, $3) AS p
			CROSS JOIN LATERAL unnest(p.assets) WITH ORDINALITY AS a (asset, place)
			WHERE a.asset IN (SELECT f.asset_y FROM fresh AS f UNION ALL SELECT f.asset_x FROM fresh AS f)
		), known AS MATERIALIZED (
			SELECT f.asset_y, f.asset_x, f.correlation, coalesce(f.later, k.correlation) AS later, f.kind, f.raised_at_bar, f.change_bar,
				f.direction, f.cleared_at_bar,
				f.message || CASE WHEN f.later IS NULL THEN coalesce(round(k.correlation::numeric, 2)::text, 'another one') ELSE '' END AS message,
				row_number() OVER (ORDER BY f.asset_y, f.asset_x, f.kind, f.raised_at_bar) AS place
			FROM fresh AS f
			LEFT JOIN LATERAL (
				SELECT corr(o.y, o.x) AS correlation
				FROM series AS y
				JOIN series AS x ON x.asset = f.asset_x
				CROSS JOIN LATERAL (SELECT greatest(1, width_bucket(f.change_bar, $2)) AS first) AS b
				CROSS JOIN LATERAL unnest(y.returns[b.first:], x.returns[b.first:]) AS o (y, x)
				WHERE y.asset = f.asset_y) AS k ON f.later IS NULL
		), held AS MATERIALIZED (
			SELECT f.*, l.portfolios, l.portfolio_list, l.lost
			FROM known AS f
			JOIN (
				SELECT h.*
				FROM (
					SELECT array_agg(d.asset_y ORDER BY d.place) AS ys, array_agg(d.asset_x ORDER BY d.place) AS xs,
						array_agg(d.correlation ORDER BY d.place) AS cs, array_agg(d.later ORDER BY d.place) AS ls
					FROM known AS d) AS p
				CROSS JOIN LATERAL hedge._leaning($4, $3, p.ys, p.xs, p.cs, p.ls) AS h) AS l
				ON l.place = f.place
		), raised AS (
			INSERT INTO %1$I.alert (model, asset_y, asset_x, kind, raised_at_bar, change_bar, direction, cleared_at_bar, message, run)
			SELECT $1, h.asset_y, h.asset_x, h.kind, h.raised_at_bar, h.change_bar, h.direction, h.cleared_at_bar, h.message, $3
			FROM held AS h
			ORDER BY h.lost DESC NULLS LAST, h.asset_y, h.asset_x, h.kind
			RETURNING alert, asset_y, asset_x, kind, raised_at_bar, message
		), holders AS (
			INSERT INTO %1$I.alert_holders (alert, portfolios, portfolio_list, risk_offset_at_stake)
			SELECT r.alert, h.portfolios, h.portfolio_list, h.lost
			FROM raised AS r
			JOIN held AS h USING (asset_y, asset_x, kind, raised_at_bar)
		)
		SELECT r.alert, r.message FROM raised AS r ORDER BY r.alert$sql$, book)
		USING model, bars, run, book, settings, passed, settled
	LOOP
		PERFORM pg_notify('pghedge_alert', raised.alert::text);
		count := count + 1;
		IF count <= 10 THEN
			RAISE NOTICE 'model "%": alert %: %', model, raised.alert, raised.message;
		END IF;
	END LOOP;
	IF count > 10 THEN
		RAISE NOTICE 'model "%": % more alerts', model, count - 10 USING HINT = format('See %I.open_alerts.', book);
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._watch(text, bigint, text[], text[], float8[]) IS 'Brings the monitors of a model forward to a run, given the pairs of its snapshot in byte order and the signs of their correlations, and raises alerts of the pairs that some portfolio leans on. Private.';

CREATE FUNCTION hedge._replay(book text, run bigint, until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	r record;
	since timestamptz;
	from_bar timestamptz;
	found record;
BEGIN
	EXECUTE format('SELECT k.model, k.as_of, k.settings, k.returns_key FROM %I.model_run AS k WHERE k.run = $1', book)
		INTO STRICT r USING run;
	EXECUTE format($sql$
		SELECT min(m.baseline_start), min(m.baseline_end)
		FROM %I.pair_monitor AS m
		WHERE m.model = $1 AND m.returns_key = $2 AND m.baseline_end < $3 AND coalesce(m.ended_at, 'infinity') > $3$sql$, book)
		INTO since, from_bar USING r.model, r.returns_key, until;
	IF from_bar IS NULL THEN
		RETURN;
	END IF;

	FOR found IN EXECUTE format($sql$
		WITH watched AS MATERIALIZED (
			SELECT DISTINCT ON (m.asset_y, m.asset_x) m.asset_y, m.asset_x, m.baseline_end, m.baseline_state
			FROM %1$I.pair_monitor AS m
			WHERE m.model = $1 AND m.returns_key = $2 AND m.baseline_end < $3 AND coalesce(m.ended_at, 'infinity') > $3
			ORDER BY m.asset_y, m.asset_x, m.baseline_end DESC
		), panel AS MATERIALIZED (
			SELECT p.bars, p.assets, p.observations, width_bucket($3, p.bars) AS last
			FROM hedge._read_panel($4, $5, $6, $7) AS p
		), series AS MATERIALIZED (
			SELECT a.asset, ARRAY(SELECT unnest(p.observations[a.place::integer:a.place::integer][:p.last])) AS returns
			FROM panel AS p
			CROSS JOIN LATERAL unnest(p.assets) WITH ORDINALITY AS a (asset, place)
			WHERE a.asset IN (SELECT w.asset_y FROM watched AS w UNION ALL SELECT w.asset_x FROM watched AS w)
		), forward AS MATERIALIZED (
			SELECT w.asset_y, w.asset_x,
				hedge.monitor_advance(w.baseline_state, y.returns[b.seen + 1:], x.returns[b.seen + 1:]) AS state
			FROM panel AS p
			CROSS JOIN watched AS w
			CROSS JOIN LATERAL (SELECT width_bucket(w.baseline_end, p.bars) AS seen) AS b
			JOIN series AS y ON y.asset = w.asset_y
			JOIN series AS x ON x.asset = w.asset_x
		)
		SELECT f.asset_y, f.asset_x, p.bars[p.last - s.bars + s.alarm_bar] AS raised_at_bar, a.alert
		FROM panel AS p
		CROSS JOIN forward AS f
		CROSS JOIN LATERAL hedge.monitor_status(f.state) AS s
		LEFT JOIN %1$I.alert AS a ON a.model = $1 AND a.asset_y = f.asset_y AND a.asset_x = f.asset_x AND a.kind = 'break'
			AND a.raised_at_bar = p.bars[p.last - s.bars + s.alarm_bar]
		WHERE s.alarm
		ORDER BY 3, 1, 2
		LIMIT 10$sql$, book)
		USING r.model, r.returns_key, until, book, run, hedge._read_since(r.settings, since), from_bar
	LOOP
		RAISE NOTICE 'model "%": as of % the correlation of % and % stands as broken since bar %', r.model, r.as_of,
			found.asset_y, found.asset_x, hedge._bar_text(found.raised_at_bar)
			USING DETAIL = coalesce(format('It is alert %s.', found.alert), 'Nobody leaned on the pair: there is no alert of it.');
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge._replay(text, bigint, timestamptz) IS 'What the monitors of a model said as of an earlier time, from their baselines and the prices since: alarms as notices, ten at most. Changes nothing. Private.';

CREATE FUNCTION hedge.acknowledge(book text, alert bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._book(book);
	known boolean;
	done boolean;
BEGIN
	EXECUTE format('UPDATE %s.alert AS a SET acknowledged_at = now(), acknowledged_by = current_user
		WHERE a.alert = $1 AND a.acknowledged_at IS NULL RETURNING true', schema)
		INTO done USING alert;
	IF done IS NULL THEN
		EXECUTE format('SELECT EXISTS (SELECT FROM %s.alert AS a WHERE a.alert = $1)', schema) INTO known USING alert;
		IF NOT known THEN
			RAISE EXCEPTION 'book "%" has no alert %', book, coalesce(alert::text, 'NULL')
				USING ERRCODE = 'no_data_found', HINT = format('See %s.open_alerts.', schema);
		END IF;
	END IF;
	RETURN coalesce(done, false);
END
$function$;
COMMENT ON FUNCTION hedge.acknowledge(text, bigint) IS 'Takes note of an alert: it leaves open_alerts. Of a break, a new baseline begins once there are 60 bars after the change. True: done; false: somebody did before. Error P0002: no such alert. For whoever may UPDATE columns acknowledged_at and acknowledged_by of table alert, and SELECT from it.';
