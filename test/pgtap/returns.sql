-- hedge.return_blocks against the same rules written in plain SQL, on seeded random prices.
BEGIN;
SELECT no_plan();
SELECT setseed(0.42);
SET LOCAL extra_float_digits = 1;

-- What the tests read. seq is the order in which rows are stored.
CREATE TABLE quote (asset text, ts timestamptz, price float8, recorded_at timestamptz);

-- One row an asset and calendar bar. Bars of days only; S and q as in the documentation.
CREATE FUNCTION reference(kind text, days int, zone text, q numeric, s int, kinds jsonb DEFAULT '{}')
RETURNS TABLE (bar timestamptz, asset text, r float8, close float8, k bigint)
LANGUAGE sql SET enable_nestloop = off AS $$
	WITH good AS (
		SELECT asset, ts, price,
			   (date '2000-01-03' + days * floor((date_trunc('day', ts AT TIME ZONE zone)::date
				- date '2000-01-03') / days::float8)::int)::timestamp AT TIME ZONE zone AS bar
		FROM quote
		WHERE price <> 'NaN' AND abs(price) <> 'infinity' AND isfinite(ts)
			AND (price > 0 OR coalesce(kinds ->> asset, kind) = 'difference')
	), last AS (
		SELECT asset, bar, max(ts) AS ts FROM good GROUP BY asset, bar
	), close AS (
		SELECT asset, bar, min(price) AS price
		FROM good JOIN last USING (asset, bar, ts)
		GROUP BY asset, bar HAVING count(DISTINCT price) = 1
	), candidate AS (
		SELECT bar, row_number() OVER (ORDER BY bar) AS c, count(*) AS closes
		FROM close GROUP BY bar
	), numbered AS MATERIALIZED (
		SELECT asset, c FROM close JOIN candidate USING (bar)
	), alive AS (
		SELECT b.bar, count(DISTINCT x.asset) AS alive
		FROM candidate b JOIN numbered x ON x.c BETWEEN b.c - s AND b.c
		GROUP BY b.bar
	), calendar AS (
		SELECT bar, row_number() OVER (ORDER BY bar) AS k
		FROM candidate JOIN alive USING (bar) WHERE closes >= q * alive
	), priced AS (
		SELECT asset, bar, k, price,
			   lag(k) OVER w AS k0, lag(price) OVER w AS p0
		FROM close JOIN calendar USING (bar)
		WINDOW w AS (PARTITION BY asset ORDER BY k)
	)
	SELECT bar, asset,
		   CASE WHEN k0 = k - 1 THEN
				CASE coalesce(kinds ->> asset, kind)
				WHEN 'simple' THEN price / p0 - 1
				WHEN 'log' THEN ln(price / p0)
				ELSE price - p0 END
		   END, price, k
	FROM priced
$$;

-- Blocks as one row an asset and bar.
CREATE FUNCTION flat(assets text[], bars timestamptz[], returns float8[])
RETURNS TABLE (bar timestamptz, asset text, r float8) LANGUAGE sql AS $$
	SELECT bars[b], assets[a], returns[a][b]
	FROM generate_subscripts(assets, 1) a, generate_subscripts(bars, 1) b
$$;

-- 12 assets at 3 prices a day over 400 days; some asleep at times, many rows missing, and bad,
-- repeated and contradictory prices among them.
INSERT INTO quote
SELECT 'asset ' || a, '2020-01-01'::timestamptz + d * interval '1 day' + floor(random() * 1440) * interval '1 minute',
	CASE WHEN random() < 0.004 THEN 'NaN'
						   WHEN random() < 0.004 THEN 'Infinity'
						   WHEN random() < 0.004 THEN '-Infinity'
						   WHEN random() < 0.006 THEN -1
						   WHEN random() < 0.006 THEN 0
						   ELSE 100 * exp(random() - 0.5) END
FROM generate_series(1, 12) a, generate_series(0, 399) d, generate_series(1, 3) i
WHERE random() < CASE WHEN d % 7 > 4 THEN 0.05 * a ELSE 0.75 END
	AND NOT (a > 9 AND d BETWEEN 100 + a AND 160);
INSERT INTO quote SELECT asset, ts, price FROM quote WHERE random() < 0.05;
INSERT INTO quote SELECT asset, ts, price * 1.01 FROM quote WHERE random() < 0.05;
INSERT INTO quote VALUES (NULL, '2020-05-05', 1), ('asset 1', NULL, 1), ('asset 1', '2020-05-05', NULL),
	('asset 1', 'infinity', 1), ('asset 1', '-infinity', 1), ('bad only', '2020-05-05', 'NaN'),
	('ünï', '2020-05-05', 2), ('', '2020-05-05', 3);
-- At the end some bars with few assets: bad and contradictory prices in them, and a bar of bad ones alone.
INSERT INTO quote VALUES ('asset 1', '2021-02-04 10:00', 81), ('asset 1', '2021-02-04 11:00', -1),
	('asset 2', '2021-02-05 10:00', 82), ('asset 2', '2021-02-06 10:00', 83), ('asset 2', '2021-02-06 10:00', 84),
	('asset 4', '2021-02-06 10:00', 85), ('asset 1', '2021-02-07 10:00', 'NaN'), ('asset 3', '2021-02-08 10:00', 86);

SELECT is((SELECT count(*) FROM reference('simple', 1, 'UTC', 0.6, 5)
		   WHERE r IS NOT NULL) > 500, true, 'the reference has returns to compare');
SELECT is((SELECT count(*) FROM reference('simple', 1, 'UTC', 0.6, 5)
		   WHERE r IS NULL) > 100, true, 'and gaps');

-- Settings against the reference: the same (bar, asset) pairs have a return, and the same one.
CREATE TABLE setting AS
SELECT * FROM (VALUES
	('simple', 1, 'UTC', 0.6, 5, 256), ('simple', 1, 'UTC', 0.0, 5, 64), ('simple', 1, 'UTC', 1.0, 0, 64),
	('simple', 1, 'UTC', 0.6, 1000000, 7), ('log', 1, 'UTC', 0.5, 3, 1), ('difference', 1, 'UTC', 0.6, 5, 100),
	('simple', 1, 'America/New_York', 0.6, 5, 50), ('simple', 1, 'Pacific/Apia', 0.6, 5, 50),
	('simple', 1, 'Asia/Tehran', 0.6, 5, 50), ('simple', 1, 'America/St_Johns', 0.6, 5, 50),
	('log', 7, 'UTC', 0.9, 2, 10), ('simple', 3, 'Europe/London', 0.9, 2, 10)
	) AS t (kind, days, zone, q, s, block_bars);

CREATE FUNCTION blocks_differ(t setting, OUT missing bigint, OUT extra bigint, OUT error float8, OUT n bigint)
LANGUAGE sql AS $$
	WITH ours AS MATERIALIZED (
		SELECT f.* FROM hedge.return_blocks('quote', '-infinity', 'infinity', bar => make_interval(days => t.days),
				time_zone => t.zone, origin => '2000-01-03'::timestamp AT TIME ZONE t.zone,
				return_kind => t.kind, calendar_quorum => t.q,
				stale_after => t.s, block_bars => t.block_bars) b, flat(b.assets, b.bars, b.returns) f
	), theirs AS MATERIALIZED (
		SELECT bar, asset, r FROM reference(t.kind, t.days, t.zone, t.q, t.s)
	)
	SELECT count(*) FILTER (WHERE o.r IS NULL AND r.r IS NOT NULL),
		   count(*) FILTER (WHERE o.r IS NOT NULL AND r.r IS NULL),
		   max(abs(o.r - r.r) / (1 + abs(r.r))), count(o.r)
	FROM ours o FULL JOIN theirs r USING (bar, asset)
$$;

SELECT ok(d.missing = 0 AND d.extra = 0 AND d.error < 1e-13 AND d.n > 50,
		  format('as plain SQL has it: %s (%s returns, error %s)', t, d.n, d.error))
FROM setting t, blocks_differ(t) d;

SELECT set_eq(
	$$SELECT b FROM hedge.return_blocks('quote', '-infinity', 'infinity', calendar_quorum => 0.6, stale_after => 5,
		block_bars => 13), unnest(bars) b$$,
	$$SELECT DISTINCT bar FROM reference('simple', 1, 'UTC', 0.6, 5) WHERE k > 1$$,
	'the bars are those of the calendar but the first');

-- Trailing bars: the candidates (the calendar of a quorum of 0) after the last bar of the calendar.
CREATE FUNCTION trailing_differ(t setting, OUT ours timestamptz[], OUT theirs timestamptz[], OUT wrong bigint)
LANGUAGE sql AS $$
	WITH block AS MATERIALIZED (
		SELECT b.*, lead(first_bar) OVER (ORDER BY first_bar) IS NULL AS is_last
		FROM hedge.return_blocks('quote', '-infinity', 'infinity', bar => make_interval(days => t.days),
			time_zone => t.zone, origin => '2000-01-03'::timestamp AT TIME ZONE t.zone,
			return_kind => t.kind, calendar_quorum => t.q,
			stale_after => t.s, block_bars => t.block_bars) b
	)
	SELECT (SELECT trailing_bars FROM block WHERE is_last),
		   ARRAY(SELECT DISTINCT bar FROM reference(t.kind, t.days, t.zone, 0, 0)
				 WHERE bar > (SELECT max(bar) FROM reference(t.kind, t.days, t.zone, t.q, t.s)) ORDER BY bar),
		   count(*) FILTER (WHERE NOT is_last AND trailing_bars IS DISTINCT FROM '{}')
	FROM block
$$;
CREATE TABLE after_calendar AS SELECT t, d.* FROM setting t, trailing_differ(t) d;
SELECT is(ours, theirs, 'trailing bars as plain SQL has them: ' || t) FROM after_calendar;
SELECT is(sum(wrong), 0::numeric, 'none but the last block has trailing bars') FROM after_calendar;
SELECT is(ours, '{2021-02-04,2021-02-05,2021-02-06,2021-02-08}'::timestamptz[], 'a bar of bad prices alone is not one of them')
FROM after_calendar WHERE t = ('simple', 1, 'UTC', 0.6, 5, 256)::setting;

-- Everything that return_blocks says, as text, to compare as a whole.
CREATE FUNCTION everything(settings text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
	EXECUTE format('SELECT string_agg(b::text, E''\n'' ORDER BY first_bar)
		FROM hedge.return_blocks(''quote'', ''-infinity'', ''infinity'', calendar_quorum => 0.6, stale_after => 5,
		block_bars => 16%s) b', settings) INTO result;
	RETURN result;
END $$;

-- Overrides.
SELECT is_empty($$
	SELECT bar, asset, o.r, r.r FROM
		(SELECT f.* FROM hedge.return_blocks('quote', '-infinity', 'infinity', calendar_quorum => 0.6, stale_after => 5,
			override_assets => '{asset 3,nobody,asset 4}', override_kinds => '{difference,log,log}') b,
			flat(b.assets, b.bars, b.returns) f WHERE r IS NOT NULL) o
		FULL JOIN (SELECT * FROM reference('simple', 1, 'UTC', 0.6, 5, '{"asset 3": "difference", "asset 4": "log"}')
			WHERE r IS NOT NULL) r USING (bar, asset)
	WHERE abs(o.r - r.r) < 1e-11 IS NOT TRUE$$, 'kinds of single assets');
SELECT ok(assets @> '{asset 3}' AND NOT assets @> '{nobody}', 'an override alone is no asset')
FROM hedge.return_blocks('quote', '-infinity', 'infinity', override_assets => '{nobody}', override_kinds => '{log}') LIMIT 1;

-- Assets: all that were seen, in byte order, in every block.
SELECT is(array_agg(DISTINCT assets), (SELECT array_agg(list) FROM (
		SELECT array_agg(DISTINCT asset COLLATE "C" ORDER BY asset COLLATE "C") AS list FROM quote
		WHERE asset IS NOT NULL) t),
	'assets in byte order, those without a return, too')
FROM hedge.return_blocks('quote', '-infinity', 'infinity', calendar_quorum => 0.6, block_bars => 10);

-- Order of rows.
CREATE TABLE answer AS SELECT everything() AS a;
CREATE TABLE was AS SELECT * FROM quote;
SELECT ok(length(a) > 10000, 'there is an answer to compare with') FROM answer;
DO $$ BEGIN TRUNCATE quote; INSERT INTO quote SELECT * FROM was ORDER BY asset, ts; END $$;
SELECT is(md5(everything()), md5(a), 'rows by asset and time') FROM answer;
DO $$ BEGIN TRUNCATE quote; INSERT INTO quote SELECT * FROM was ORDER BY ts, asset; END $$;
SELECT is(md5(everything()), md5(a), 'rows by time and asset') FROM answer;
DO $$ BEGIN TRUNCATE quote; INSERT INTO quote SELECT * FROM was ORDER BY ts DESC, asset DESC; END $$;
SELECT is(md5(everything()), md5(a), 'rows backwards') FROM answer;
CREATE FUNCTION shuffled() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE quote;
	INSERT INTO quote SELECT * FROM was ORDER BY random();
	RETURN md5(everything());
END $$;
SELECT is(shuffled(), md5(a), 'rows shuffled, ' || i) FROM answer, generate_series(1, 3) i;

-- Moves over gaps, and unchanged closes: of each block as plain SQL counts them, with the gaps from one block into another.
CREATE FUNCTION gaps_differ(t setting, OUT wrong bigint, OUT gaps bigint, OUT same bigint, OUT frozen bigint)
LANGUAGE sql SET jit = off AS $$
	WITH block AS MATERIALIZED (
		SELECT * FROM hedge.return_blocks('quote', '-infinity', 'infinity', bar => make_interval(days => t.days), time_zone => t.zone,
			origin => '2000-01-03'::timestamp AT TIME ZONE t.zone, return_kind => t.kind, calendar_quorum => t.q, stale_after => t.s,
			block_bars => t.block_bars)
	), ours AS (
		SELECT b.first_bar, u.* FROM block b, unnest(b.assets, b.gap_moves, b.largest_gap_move, b.largest_gap_bar, b.opening_price, b.opening_bar,
			b.closing_price, b.unchanged, b.frozen) u (asset, gap_moves, move, bar, opening, opening_bar, closing, unchanged, frozen)
	), step AS (
		SELECT *, k - lag(k) OVER w AS apart, lag(close) OVER w AS before, lag(bar) OVER w AS bar_before
		FROM reference(t.kind, t.days, t.zone, t.q, t.s) WINDOW w AS (PARTITION BY asset ORDER BY k)
	), same AS (
		SELECT *, sum((apart = 1 AND close = before)::int) OVER (PARTITION BY asset, changes ORDER BY k) AS in_row
		FROM (SELECT *, count(*) FILTER (WHERE (apart = 1 AND close = before) IS NOT TRUE) OVER (PARTITION BY asset ORDER BY k) AS changes
			FROM step) x
	), theirs AS (
		SELECT b.first_bar, s.asset,
			count(*) FILTER (WHERE apart > 1 AND bar_before >= b.first_bar) AS gap_moves,
			max(abs(CASE t.kind WHEN 'simple' THEN close / before - 1 WHEN 'log' THEN ln(close / before) ELSE close - before END))
				FILTER (WHERE apart > 1 AND bar_before >= b.first_bar) AS move,
			min(close) FILTER (WHERE (apart = 1 OR bar_before >= b.first_bar) IS NOT TRUE) AS opening,
			min(bar) FILTER (WHERE (apart = 1 OR bar_before >= b.first_bar) IS NOT TRUE) AS opening_bar,
			(array_agg(close ORDER BY k DESC))[1] AS closing,
			count(*) FILTER (WHERE in_row > 0) AS unchanged, count(*) FILTER (WHERE in_row > t.s) AS frozen
		FROM same s JOIN block b ON s.bar BETWEEN b.first_bar AND b.last_bar
		GROUP BY 1, 2
	)
	SELECT count(*) FILTER (WHERE (o.gap_moves, o.unchanged, o.frozen) IS DISTINCT FROM (coalesce(t.gap_moves, 0), coalesce(t.unchanged, 0), coalesce(t.frozen, 0))
			OR (o.opening, o.opening_bar, o.closing) IS DISTINCT FROM (t.opening, t.opening_bar, t.closing)
			OR (o.move IS NULL) <> (t.move IS NULL) OR abs(abs(o.move) - t.move) > 1e-12 * (1 + t.move)),
		sum(o.gap_moves), sum(o.unchanged), sum(o.frozen)
	FROM ours o LEFT JOIN theirs t USING (first_bar, asset)
$$;
DO $$ BEGIN
	UPDATE quote SET price = 100 WHERE price > 0 AND price < 'infinity' AND random() < 0.9
		AND ts BETWEEN '2020-05-01' AND '2020-06-30' AND asset < 'asset 3';
END $$;
SELECT ok(d.wrong = 0 AND d.gaps + coalesce(w.block_bars = 1, false)::int > 0,
		  format('gaps as plain SQL has them: %s (%s wrong, %s gaps, %s unchanged, %s frozen)', w, d.wrong, d.gaps, d.same, d.frozen))
FROM setting w, gaps_differ(w) d;
SELECT ok(bool_or(d.frozen > 0) AND bool_or(d.gaps > 500) AND bool_or(d.same > 50), 'and there are such') FROM setting w, gaps_differ(w) d;

-- Last prices and counts: of the span since the previous block; that of the last block has no end.
WITH block AS MATERIALIZED (
	SELECT *, lag(last_bar) OVER (ORDER BY first_bar) AS previous,
		   CASE WHEN lead(last_bar) OVER (ORDER BY first_bar) IS NULL THEN 'infinity' ELSE last_bar END AS upto
	FROM hedge.return_blocks('quote', '-infinity', 'infinity', calendar_quorum => 0.6, stale_after => 5, block_bars => 16)
), ours AS (
	SELECT last_bar, a.asset, last_price[i] AS p, last_price_time[i] AS t, priced_bars[i] AS n,
		   non_positive[i] AS np, not_finite[i] AS nf, contradictory[i] AS c, previous, upto
	FROM block, unnest(assets) WITH ORDINALITY a (asset, i)
), good AS (
	SELECT asset, ts, price, date_trunc('day', ts) AS bar FROM quote
	WHERE price > 0 AND price < 'infinity' AND isfinite(ts)
), final AS (
	SELECT asset, bar, ts, min(price) AS price, count(DISTINCT price) AS versions
	FROM good JOIN (SELECT asset, bar, max(ts) AS ts FROM good GROUP BY asset, bar) l USING (asset, bar, ts)
	GROUP BY asset, bar, ts
), theirs AS (
	SELECT o.last_bar, o.asset,
		(SELECT price FROM final f WHERE f.asset = o.asset AND versions = 1 AND bar <= o.upto
			AND bar > coalesce(previous, '-infinity') ORDER BY bar DESC LIMIT 1) AS p,
		(SELECT ts FROM final f WHERE f.asset = o.asset AND versions = 1 AND bar <= o.upto
			AND bar > coalesce(previous, '-infinity') ORDER BY bar DESC LIMIT 1) AS t,
		(SELECT count(*) FROM final f JOIN block b ON bar = ANY (b.bars) WHERE f.asset = o.asset
			AND versions = 1 AND b.last_bar = o.last_bar)::int AS n,
		(SELECT count(*) FROM quote q WHERE q.asset = o.asset AND price <= 0 AND price > '-infinity'
			AND date_trunc('day', ts) <= o.upto AND date_trunc('day', ts) > coalesce(previous, '-infinity'))::int AS np,
		(SELECT count(*) FROM quote q WHERE q.asset = o.asset AND price IN ('NaN', 'infinity', '-infinity')
			AND date_trunc('day', ts) <= o.upto AND date_trunc('day', ts) > coalesce(previous, '-infinity'))::int AS nf,
		(SELECT count(*) FROM final f WHERE f.asset = o.asset AND versions > 1
			AND bar <= o.upto AND bar > coalesce(previous, '-infinity'))::int AS c
	FROM ours o
)
SELECT is((SELECT count(*) FROM ours o FULL JOIN theirs t USING (last_bar, asset)
		   WHERE (o.p, o.t, o.n, o.np, o.nf, o.c) IS DISTINCT FROM (t.p, t.t, t.n, t.np, t.nf, t.c)),
		  0::bigint, 'last prices and counts of each block')
UNION ALL
SELECT ok(sum(np) > 5 AND sum(nf) > 5 AND sum(c) > 5, 'bad prices of every sort are among them') FROM ours
UNION ALL
SELECT is(array_agg((asset, p, t::date) ORDER BY asset)::text,
	ARRAY[('asset 1'::text, 81::float8, date '2021-02-04'), ('asset 2', 82, '2021-02-05'),
		('asset 3', 86, '2021-02-08'), ('asset 4', 85, '2021-02-06')]::text, 'the last good prices of all')
FROM ours WHERE upto = 'infinity' AND asset ~ '^asset [1-4]$';

-- From a later bar with context, or from later prices: the blocks of the whole.
CREATE TABLE whole AS
SELECT * FROM hedge.return_blocks('quote', '-infinity', 'infinity', calendar_quorum => 0.6, stale_after => 5, block_bars => 16);
SELECT results_eq(
	format($$SELECT * FROM hedge.return_blocks('quote', '-infinity', 'infinity', from_bar => %L,
		calendar_quorum => 0.6, stale_after => 5, block_bars => 16)$$, w.first_bar),
	format('SELECT * FROM whole WHERE first_bar >= %L', w.first_bar),
	'from ' || w.first_bar)
FROM whole w WHERE first_bar > (SELECT min(first_bar) FROM whole);	-- before the first is no block
-- 9 calendar bars earlier are more than stale_after + 2 candidates earlier
CREATE TABLE calendar AS SELECT b AS bar, row_number() OVER (ORDER BY b) AS k FROM whole, unnest(bars) b;
SELECT results_eq(
	format($$SELECT f.* FROM hedge.return_blocks('quote', %L, 'infinity', from_bar => %L,
		calendar_quorum => 0.6, stale_after => 5, block_bars => 16) b, flat(b.assets, b.bars, b.returns) f
		WHERE r IS NOT NULL ORDER BY 1, 2$$, c.bar, w.first_bar),
	format('SELECT f.* FROM whole w, flat(w.assets, w.bars, w.returns) f WHERE first_bar >= %L AND r IS NOT NULL ORDER BY 1, 2',
		w.first_bar),
	'context read from ' || c.bar)
FROM whole w JOIN calendar f ON f.bar = w.first_bar JOIN calendar c ON c.k = f.k - 9;

SELECT is((SELECT count(*) FROM hedge.return_blocks('quote', '-infinity', 'infinity', from_bar => '2100-01-01')),
	0::bigint, 'no bars, no rows');
SELECT is((SELECT count(*) FROM hedge.return_blocks('quote', '-infinity', '-infinity')), 0::bigint, 'no prices, no rows');
SELECT is((SELECT max(last_bar) FROM hedge.return_blocks('quote', '2020-02-01', '2020-03-01 12:00', calendar_quorum => 0)),
	'2020-03-01'::timestamptz, 'not after until');
SELECT is((SELECT min(first_bar) FROM hedge.return_blocks('quote', '2020-02-01', '2020-03-01 12:00', calendar_quorum => 0)),
	'2020-02-02'::timestamptz, 'not before since');

-- What comes after the last bar of the calendar, up to until.
CREATE TABLE late (asset text, ts timestamptz, price float8);
INSERT INTO late SELECT a, t, 100 FROM unnest('{a,b,c}'::text[]) a, generate_series(timestamptz '2024-01-01', '2024-01-04', '1 day') t;
INSERT INTO late VALUES ('a', '2024-01-05', 101), ('a', '2024-01-06 09:00', 102), ('b', '2024-01-06 09:00', -1),
	('c', '2024-01-07', 'infinity'), ('c', '2024-01-07', 103), ('c', '2024-01-07', 104), ('a', '2024-01-08', 105);
CREATE FUNCTION late(until timestamptz, block_bars int, from_bar timestamptz DEFAULT '-infinity') RETURNS text[] LANGUAGE sql AS $$
	SELECT array_agg(format('%s %s %s %s %s %s', last_bar::date, last_price, non_positive, not_finite, contradictory,
		trailing_bars::date[]) ORDER BY last_bar)
	FROM hedge.return_blocks('late', '-infinity', until, from_bar, block_bars => block_bars)
$$;
SELECT is(late('2024-01-06', 2), ARRAY['2024-01-03 {100,100,100} {0,0,0} {0,0,0} {0,0,0} {}',
	'2024-01-04 {101,100,100} {0,0,0} {0,0,0} {0,0,0} {2024-01-05}'], 'until is the end');
SELECT is(late('2024-01-06 09:00', 2), ARRAY['2024-01-03 {100,100,100} {0,0,0} {0,0,0} {0,0,0} {}',
	'2024-01-04 {102,100,100} {0,1,0} {0,0,0} {0,0,0} {2024-01-05,2024-01-06}'], 'until is included');
SELECT is(late('infinity', 3), ARRAY['2024-01-04 {105,100,100} {0,1,0} {0,0,1} {0,0,1} {2024-01-05,2024-01-06,2024-01-08}'],
	'bad and contradictory prices after the last bar are counted, and form no bar');
SELECT is(late('infinity', 1), ARRAY['2024-01-02 {100,100,100} {0,0,0} {0,0,0} {0,0,0} {}',
	'2024-01-03 {100,100,100} {0,0,0} {0,0,0} {0,0,0} {}',
	'2024-01-04 {105,100,100} {0,1,0} {0,0,1} {0,0,1} {2024-01-05,2024-01-06,2024-01-08}'], 'in the last block alone');
SELECT is(late('infinity', 1, '2024-01-04'), ARRAY[
	'2024-01-04 {105,100,100} {0,1,0} {0,0,1} {0,0,1} {2024-01-05,2024-01-06,2024-01-08}'], 'also of one that begins there');
SELECT is(late('infinity', 1, '2024-01-05'), NULL, 'without a bar of the calendar there is no block');

-- Types of the columns.
CREATE FUNCTION as_type(price text, ts text, asset text DEFAULT 'asset', OUT md5 text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE VIEW typed AS SELECT %s AS asset, %s AS ts, %s AS price FROM whole_prices', asset, ts, price);
	SELECT md5(string_agg(b::text, '' ORDER BY first_bar)) INTO md5
	FROM hedge.return_blocks('typed', '2020-01-02', '2020-12-31', block_bars => 100, calendar_quorum => 0.5,
		time_zone => 'America/New_York') b;
	DROP VIEW typed;
END $$;
CREATE TABLE whole_prices AS
SELECT asset, ts, round(price)::float8 AS price FROM quote
WHERE price BETWEEN 1 AND 1000 AND isfinite(ts);
CREATE TABLE expected AS SELECT as_type('price', 'ts') AS a;
SELECT is(as_type('price::' || p, 'ts'), a, 'price of type ' || p)
FROM expected, unnest('{int2,int4,int8,float4,numeric}'::text[]) p;
CREATE DOMAIN amount AS numeric(20, 3);
SELECT is(as_type('price::amount', 'ts'), a, 'price of a domain') FROM expected;
SELECT is(as_type('price', $$ts AT TIME ZONE 'America/New_York'$$), a, 'ts without time zone, local to time_zone')
FROM expected;
SELECT is(as_type('price', 'ts', 'asset::' || t), a, 'asset of type ' || t)
FROM expected, unnest('{name,varchar,varchar(20)}'::text[]) t;
CREATE VIEW dated AS SELECT 'a'::text AS asset, d::date AS ts, 1 AS price FROM generate_series(date '2019-12-30', '2020-03-01', '1 day') d;
SELECT is((SELECT array_agg(b) FROM hedge.return_blocks('dated', '2020-01-02', '2020-02-01', time_zone => 'Asia/Tokyo',
			block_bars => 1000), unnest(bars) b),
		  (SELECT array_agg(d AT TIME ZONE 'Asia/Tokyo') FROM generate_series(timestamp '2020-01-04', '2020-02-01', '1 day') d),
		  'ts of type date');

-- Clock changes: every quarter of an hour of a year, in zones that change at odd times.
CREATE FUNCTION by_the_clock(zone text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
	CREATE VIEW clock AS SELECT 'a'::text AS asset, t AS ts, 1 AS price
	FROM generate_series(timestamp '2009-12-30', '2012-01-05', '15 minutes') t;
	EXECUTE format('CREATE VIEW clock_tz AS SELECT asset, ts AT TIME ZONE %L AS ts, price FROM clock', zone);
	SELECT count(*) INTO wrong FROM (
		(SELECT b::text FROM hedge.return_blocks('clock', '-infinity', 'infinity', time_zone => zone) b
		 EXCEPT ALL SELECT b::text FROM hedge.return_blocks('clock_tz', '-infinity', 'infinity', time_zone => zone) b)
		UNION ALL
		(SELECT x::text FROM hedge.return_blocks('clock', '-infinity', 'infinity', bar => '15 minutes', block_bars => 100000,
			time_zone => zone), unnest(bars) x
		 EXCEPT SELECT ts::text FROM clock_tz)
		UNION ALL
		(SELECT x::text FROM hedge.return_blocks('clock', '-infinity', 'infinity', time_zone => zone), unnest(bars) x
		 EXCEPT SELECT (date_trunc('day', ts) AT TIME ZONE zone)::text FROM clock)) t;
	DROP VIEW clock_tz, clock;
	RETURN wrong;
END $$;
SELECT is(by_the_clock(zone), 0::bigint, 'by the clock of ' || zone)
FROM unnest('{UTC,Europe/Zurich,America/New_York,Australia/Lord_Howe,America/St_Johns,Asia/Beirut,America/Sao_Paulo,Pacific/Apia,Asia/Kathmandu}'::text[]) zone;

-- A day of 23 and one of 25 hours.
DO $$ BEGIN TRUNCATE quote; END $$;
INSERT INTO quote SELECT 'a', t, 1 FROM generate_series(timestamptz '2024-03-29 12:00+00', '2024-11-05', '1 hour') t;
SELECT is((SELECT array_agg(b) FROM hedge.return_blocks('quote', '-infinity', 'infinity', time_zone => 'Europe/Zurich'), unnest(bars) b
		   WHERE b BETWEEN '2024-03-30' AND '2024-04-02'),
		  '{2024-03-30 23:00+00,2024-03-31 22:00+00,2024-04-01 22:00+00}'::timestamptz[], 'the day of 23 hours');
SELECT is((SELECT array_agg(b) FROM hedge.return_blocks('quote', '-infinity', 'infinity', time_zone => 'Europe/Zurich'), unnest(bars) b
		   WHERE b BETWEEN '2024-10-26' AND '2024-10-28 12:00'),
		  '{2024-10-26 22:00+00,2024-10-27 23:00+00}'::timestamptz[], 'the day of 25 hours');

-- Months and times.
SELECT is((SELECT array_agg(b) FROM hedge.return_blocks('quote', '-infinity', 'infinity', bar => '1 month', time_zone => 'Europe/Zurich'),
			unnest(bars) b),
		  (SELECT array_agg(m AT TIME ZONE 'Europe/Zurich') FROM generate_series(timestamp '2024-04-01', '2024-11-01', '1 month') m),
		  'months are local and begin on their first day');
SELECT is((SELECT array_agg(b) FROM hedge.return_blocks('quote', '-infinity', 'infinity', bar => '3 months', origin => '2000-02-15'),
			unnest(bars) b),
		  '{2024-05-01,2024-08-01,2024-11-01}'::timestamptz[], 'quarters are counted from the month of the origin');
SELECT is((SELECT array_agg(b) FROM hedge.return_blocks('quote', '2024-04-01', '2024-04-02', bar => '7 hours', origin => '2030-01-01 01:30'),
			unnest(bars) b),
		  (SELECT array_agg(t) FROM generate_series(date_bin('7 hours', '2024-04-01', '1999-12-31 01:30'::timestamptz
				+ (timestamptz '2030-01-01' - '1999-12-31') - interval '70000 hours') + interval '7 hours', '2024-04-02', '7 hours') t),
		  'times are exact, from an origin that may be later');
SELECT is((SELECT array_agg(extract(dow FROM b)) FROM hedge.return_blocks('quote', '2024-06-01', '2024-07-01', bar => '7 days'),
			unnest(bars) b), '{1,1,1,1,1}'::numeric[], 'weeks begin on Monday');

-- From one end of time to the other.
DO $$ BEGIN TRUNCATE quote; END $$;
INSERT INTO quote VALUES ('a', '4713-01-05 BC', 1), ('a', '0001-01-01 BC', 2), ('a', '2000-01-01', 4), ('a', '294276-12-31', 8);
SELECT is((SELECT array_agg(r) FROM hedge.return_blocks('quote', '-infinity', 'infinity', bar => bar, time_zone => zone), unnest(returns) r),
		  '{1,1,1}'::float8[], format('prices of all times, bars of %s in %s', bar, zone))
FROM unnest('{1 us,1 s,1 h,25 h,1 d,7 d,1 mon,5 mon}'::interval[]) bar, unnest('{UTC,America/New_York,Asia/Tokyo}'::text[]) zone;

-- Prices out of range.
CREATE TABLE wide (asset text, ts timestamptz, price numeric);
INSERT INTO wide VALUES ('a', '2024-01-01', 1e-300), ('a', '2024-01-02', 1e100), ('a', '2024-01-03', 1e400), ('a', '2024-01-04', -1e400),
	('b', '2024-01-01', 1), ('b', '2024-01-02', 2), ('b', '2024-01-03', 3), ('b', '2024-01-04', 'NaN'), ('c', '2024-01-04', 3),
	('d', '2024-01-01', 1.1e100), ('d', '2024-01-02', -1.1e100), ('d', '2024-01-03', 1e100);
SELECT is((returns, last_price, not_finite, non_positive)::text,
	('{{NULL,NULL,NULL},{1,0.5,NULL},{NULL,NULL,NULL},{NULL,NULL,NULL}}'::float8[], '{1e100,3,3,1e100}'::float8[],
	 '{3,1,0,2}'::int[], '{0,0,0,0}'::int[])::text,
	'what is beyond float8, or above 1e100, is counted, not an error')
FROM hedge.return_blocks('wide', '-infinity', 'infinity', calendar_quorum => 0);

-- recorded_at.
DO $$ BEGIN TRUNCATE quote; END $$;
INSERT INTO quote VALUES ('a', '2024-01-01', 100, NULL), ('a', '2024-01-02', 200, '2024-01-02 12:00'),
	('a', '2024-01-02', 400, '2024-01-05'), ('a', '2024-01-03', 400, '2024-01-03 12:00'), ('a', '2024-01-04', 800, '2024-01-09'),
	('a', '2024-01-05', 500, '2024-01-05'), ('a', '2024-01-05', 600, '2024-01-05');
SELECT is(array(SELECT r FROM hedge.return_blocks('quote', '-infinity', 'infinity', recorded_until => until), unnest(returns) r),
		  want::float8[], 'as recorded until ' || until)
FROM (VALUES ('2024-01-01'::timestamptz, '{}'), ('2024-01-02 12:00', '{1}'), ('2024-01-04', '{1,1}'),
	('2024-01-05', '{3,0}'), ('2024-01-09', '{3,0,1}'), ('infinity', '{3,0,1}')) t (until, want);
SELECT is((SELECT contradictory FROM hedge.return_blocks('quote', '-infinity', 'infinity', calendar_quorum => 0)),
	'{2}'::int[], 'without recorded_until several versions contradict each other');

-- Many assets, by day: the prices of each day are those of all.
CREATE TABLE many AS
SELECT 'asset ' || a AS asset, timestamptz '2024-01-01' + d * interval '1 day' AS ts, (1 + a) * 2.0 ^ (d * (a % 3)) AS price
FROM generate_series(0, 3) d, generate_series(1, 700) a
ORDER BY d, a;
SELECT results_eq($$SELECT a.asset, b.returns[a.place:a.place][:] FROM hedge.return_blocks('many', '-infinity', 'infinity') b,
		unnest(b.assets) WITH ORDINALITY a (asset, place)$$,
	$$SELECT asset, ARRAY[array_fill(2.0::float8 ^ (substr(asset, 7)::int % 3) - 1, ARRAY[3])] FROM (SELECT DISTINCT asset FROM many) m
		ORDER BY asset COLLATE "C"$$, 'many assets');

-- Declared as it behaves.
SELECT is((provolatile, proparallel, proisstrict)::text, '(s,u,f)', 'stable, parallel unsafe, not strict')
FROM pg_proc WHERE proname = 'return_blocks' AND pronamespace = 'hedge'::regnamespace;
SELECT * FROM finish();
ROLLBACK;
