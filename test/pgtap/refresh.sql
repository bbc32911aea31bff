-- Refresh: whatever way a book came to its latest run, that run is the one a book made from the same
-- prices at once would have; as_of and recorded_at take it back in time.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

-- Six walks of 700 days, 7 % of the prices missing; E vanishes, F appears.
SELECT setseed(0.42);
CREATE TABLE walk AS
SELECT a.asset, d.day, timestamptz '2020-01-01 00:00:00+00' + d.day * interval '1 day' AS ts,
	100 * exp(sum((random() - 0.5) * 0.04 + CASE WHEN d.day = 0 THEN ascii(a.asset) / 100.0 ELSE 0 END)
		OVER (PARTITION BY a.asset ORDER BY d.day)) AS price,
	random() < 0.93 AS present
FROM (VALUES ('A'), ('B'), ('C'), ('D'), ('E'), ('F')) AS a (asset)
CROSS JOIN generate_series(0, 699) AS d (day);
DELETE FROM walk WHERE asset = 'E' AND day > 560 OR asset = 'F' AND day < 590 OR NOT present;

-- What the latest runs of two books differ by; no row when they do not.
CREATE FUNCTION run_differences(one text, other text, tolerance float8 DEFAULT 1e-12) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT 'pair ' || coalesce(p.asset_y, q.asset_y) || ' ' || coalesce(p.asset_x, q.asset_x)
		FROM (SELECT (hedge.pairs(r.matrix)).* FROM %1$I.model_run r JOIN %1$I.latest_run USING (run)) p
		FULL JOIN (SELECT (hedge.pairs(r.matrix)).* FROM %2$I.model_run r JOIN %2$I.latest_run USING (run)) q
			USING (asset_y, asset_x)
		WHERE coalesce(p.observations, 0) IS DISTINCT FROM coalesce(q.observations, 0)
			OR (p.correlation IS NULL) <> (q.correlation IS NULL)
			OR abs(p.correlation - q.correlation) > $1
			OR abs(p.volatility_y / nullif(q.volatility_y, 0) - 1) > $1
			OR abs(p.volatility_x / nullif(q.volatility_x, 0) - 1) > $1
		UNION ALL
		SELECT 'asset ' || coalesce(a.asset, b.asset)
		FROM (SELECT x.* FROM %1$I.run_asset x JOIN %1$I.latest_run USING (run)) a
		FULL JOIN (SELECT x.* FROM %2$I.run_asset x JOIN %2$I.latest_run USING (run)) b USING (asset)
		WHERE (a.price, a.price_time, a.observations, a.missing_returns, a.stale_bars, a.return_kind)
			IS DISTINCT FROM (b.price, b.price_time, b.observations, b.missing_returns, b.stale_bars, b.return_kind)
			OR (a.volatility IS NULL) IS DISTINCT FROM (b.volatility IS NULL)
			OR abs(a.volatility / b.volatility - 1) > $1
		UNION ALL
		SELECT 'window'
		FROM (SELECT r.* FROM %1$I.model_run r JOIN %1$I.latest_run USING (run)) c, (SELECT r.* FROM %2$I.model_run r JOIN %2$I.latest_run USING (run)) d
		WHERE (c.window_start, c.window_end, c.bars, c.trailing_bars) IS DISTINCT FROM (d.window_start, d.window_end, d.bars, d.trailing_bars)$q$,
		one, other) USING tolerance;
END $$;

-- A book over the same prices that has never been refreshed before.
CREATE FUNCTION anew(one text, at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF to_regnamespace('anew') IS NOT NULL THEN
		PERFORM hedge.drop_book('anew', true);
	END IF;
	PERFORM hedge.create_book('anew', prices => format('%I.price', one)::regclass);
	EXECUTE format('DELETE FROM anew.model; INSERT INTO anew.model SELECT * FROM %1$I.model;
		INSERT INTO anew.instrument SELECT * FROM %1$I.instrument', one);
	CALL hedge.refresh('anew', as_of => at);
	RETURN 'anew';
END $$;

SELECT hedge.create_book('b');
UPDATE b.model SET lookback = 300, minimum_observations = 30, calendar_quorum = 0.75, minimum_correlation = 0;
INSERT INTO b.position VALUES ('p', 'A', 10), ('p', 'B', -12), ('p', 'F', 3);

-- ---------- appended bars, new and vanished assets ----------

INSERT INTO b.price SELECT asset, ts, price FROM walk WHERE day <= 540;
CALL hedge.refresh('b', as_of => '2021-06-24');
CREATE TABLE first_run AS SELECT r.run, r.matrix::text AS matrix FROM b.model_run r;
SELECT is((SELECT bars FROM b.latest_run), 300, 'the window has lookback bars');
SELECT ok((SELECT count(*) > 1 FROM b.return_block), 'and takes more than one block');

DO $$
BEGIN
	FOR d IN 541..640 LOOP
		INSERT INTO b.price SELECT asset, ts, price FROM walk WHERE day = d;
		IF d % 9 = 0 OR d IN (560, 561, 590, 591) THEN
			CALL hedge.refresh('b', as_of => timestamptz '2020-01-01 00:00:00+00' + d * interval '1 day');
		END IF;
	END LOOP;
END $$;
CALL hedge.refresh('b', as_of => '2021-10-02');
SELECT is_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$,
	'refreshed day by day: the run of a book made at once');
SELECT ok((SELECT min(blocks_reused) > 0 FROM b.refresh_log WHERE entry > 1), 'each refresh reused blocks');
SELECT is((SELECT string_agg(asset, ' ' ORDER BY asset) FROM b.run_asset JOIN b.latest_run USING (run)), 'A B C D E F',
	'vanished and new assets are in the run');
SELECT ok((SELECT stale FROM b.data_quality WHERE asset = 'E'), 'the vanished one is stale');

-- ---------- back in time ----------

CALL hedge.refresh('b', as_of => '2021-06-24');
SELECT ok((SELECT matrix::text FROM b.model_run ORDER BY run DESC LIMIT 1) = (SELECT matrix FROM first_run),
	'as_of: the first run again, to the last bit, though later prices are there');
SELECT is((SELECT as_of FROM b.latest_run), '2021-10-02 00:00:00+00'::timestamptz, 'and the views still show the latest');

-- ---------- late and corrected prices ----------

UPDATE b.price SET price = price * 1.01 WHERE asset = 'A' AND ts >= '2021-09-30' AND ts < '2021-10-02';
INSERT INTO b.price VALUES ('B', '2021-10-01 12:00+00', 77);
CALL hedge.refresh('b', as_of => '2021-10-02');
SELECT is_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$,
	'prices of the last few bars that came late or were corrected count at the next refresh');

UPDATE b.price SET price = price * 1.1 WHERE asset = 'C' AND ts = (SELECT max(ts) FROM b.price WHERE asset = 'C' AND ts < '2021-03-01');
CALL hedge.refresh('b', as_of => '2021-10-02');
SELECT isnt_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$,
	'a correction further back does not: prices without recorded_at are not read again');
CALL hedge.rebuild('b', since => '2021-02-25', as_of => '2021-10-02');
SELECT is_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$, 'rebuild since then takes it up');
UPDATE b.price SET price = price * 0.9 WHERE asset = 'D' AND ts < '2021-03-01' AND ts >= '2021-02-20';
CALL hedge.rebuild('b', as_of => '2021-10-02');
SELECT is_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$, 'rebuild of everything, too');
SELECT is((SELECT blocks_reused FROM b.refresh_log ORDER BY entry DESC LIMIT 1), 0, 'which reuses nothing');

-- ---------- settings ----------

UPDATE b.model SET lookback = 330;
CALL hedge.refresh('b', as_of => '2021-10-02');
SELECT is_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$, 'a longer lookback reads further back');
UPDATE b.model SET lookback = 50;
CALL hedge.refresh('b', as_of => '2021-10-02');
SELECT is_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$, 'a shorter one uses less');
INSERT INTO b.instrument (asset, return_kind) VALUES ('B', 'difference');
CALL hedge.refresh('b', as_of => '2021-10-02');
SELECT is_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$, 'an instrument''s own return kind');
SELECT is((SELECT blocks_reused FROM b.refresh_log ORDER BY entry DESC LIMIT 1), 0, 'makes all returns anew');
DELETE FROM b.instrument;
UPDATE b.model SET bar = '1 week', lookback = 40;
CALL hedge.refresh('b', as_of => '2021-10-02');
SELECT is_empty($$SELECT run_differences('b', anew('b', '2021-10-02'))$$, 'weekly bars');
UPDATE b.model SET bar = '1 day', lookback = 300;

-- ---------- settings changed and changed back ----------

SELECT hedge.create_book('s');
UPDATE s.model SET lookback = 300, minimum_observations = 30, calendar_quorum = 0.75;
INSERT INTO s.price SELECT asset, ts, price FROM walk WHERE day <= 600;
CALL hedge.refresh('s', as_of => '2021-08-20');
UPDATE s.model SET calendar_quorum = 0.5;
CALL hedge.refresh('s', as_of => '2021-08-20');
UPDATE s.price SET price = price * 1.5 WHERE asset = 'A' AND ts = (SELECT max(ts) FROM s.price WHERE asset = 'A' AND ts < '2021-03-01');
CALL hedge.rebuild('s', since => '2021-02-25', as_of => '2021-08-20');
UPDATE s.model SET calendar_quorum = 0.75;
CALL hedge.refresh('s', as_of => '2021-08-20');
SELECT is_empty($$SELECT run_differences('s', anew('s', '2021-08-20'))$$, 'blocks from before a correction do not come back with a setting');
CALL hedge.refresh('s', as_of => '2021-07-20');
UPDATE s.price SET price = price * 1.5 WHERE asset = 'A' AND ts = (SELECT max(ts) FROM s.price WHERE asset = 'A' AND ts < '2021-03-01');
CALL hedge.rebuild('s', since => '2021-02-25', as_of => '2021-07-20');
CALL hedge.refresh('s', as_of => '2021-08-20');
SELECT is_empty($$SELECT run_differences('s', anew('s', '2021-08-20'))$$, 'nor with a later as_of than that of the rebuild');
SELECT ok((SELECT blocks_reused > 0 FROM s.refresh_log ORDER BY entry DESC LIMIT 1), 'which takes the rebuilt ones');

-- ---------- assets that come with a past, or go with it ----------

CREATE FUNCTION last_reuse(book text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE result boolean;
BEGIN
	EXECUTE format('SELECT blocks_reused > 0 FROM %I.refresh_log ORDER BY entry DESC LIMIT 1', book) INTO result;
	RETURN result;
END $$;
INSERT INTO s.price SELECT 'new ' || i, ts, price * (1 + 0.01 * sin(day * i)) FROM walk, generate_series(1, 30) AS i WHERE asset = 'A' AND day <= 600;
INSERT INTO s.price VALUES ('born', '2021-08-20', 5);
CALL hedge.refresh('s', as_of => '2021-08-20');
SELECT is_empty($$SELECT run_differences('s', anew('s', '2021-08-20'))$$, 'new assets with a history are taken with all of it');
SELECT ok(NOT last_reuse('s'), 'all anew');
CALL hedge.refresh('s', as_of => '2021-08-20');
SELECT ok(last_reuse('s'), 'once');
INSERT INTO s.price SELECT 'brief', ts, price FROM walk WHERE asset = 'A' AND day BETWEEN 595 AND 600;
CALL hedge.refresh('s', as_of => '2021-08-21');
SELECT ok(last_reuse('s'), 'but not because of an asset that only begins');
SELECT is_empty($$SELECT run_differences('s', anew('s', '2021-08-21'))$$, 'which is in the run all the same');
DELETE FROM s.price WHERE asset LIKE 'new %';
CALL hedge.refresh('s', as_of => '2021-08-21');
SELECT is_empty($$SELECT run_differences('s', anew('s', '2021-08-21'))$$, 'assets without any price left are gone');
SELECT ok(NOT last_reuse('s'), 'all anew');
CALL hedge.refresh('s', as_of => '2021-08-21');
SELECT ok(last_reuse('s'), 'once again');
SELECT hedge.create_book('c', prices => 's.price');
CREATE TABLE coded AS SELECT (ascii(asset))::char(4) AS asset, ts AT TIME ZONE 'UTC' AS ts, price FROM s.price WHERE asset IN ('A', 'B', 'C');
UPDATE c.book SET prices = 'public.coded';
UPDATE c.model SET lookback = 300, minimum_observations = 30, calendar_quorum = 0.75;
CALL hedge.refresh('c', as_of => '2021-08-20');
INSERT INTO coded SELECT '68', ts, price FROM coded WHERE asset = '65';
CALL hedge.refresh('c', as_of => '2021-08-20');
SELECT is((SELECT array_agg(DISTINCT observations) FROM c.data_quality WHERE asset IN ('65', '68')), (SELECT ARRAY[observations] FROM c.data_quality WHERE asset = '65'),
	'columns of other types, too');
CALL hedge.refresh('c', as_of => '2021-08-20');
SELECT ok(last_reuse('c'), 'and once');

-- ---------- what is to come ----------

SELECT throws_ok($$CALL hedge.refresh('s', as_of => now() + interval '1 hour')$$, '22023', NULL, 'as_of to come');
SELECT throws_ok($$CALL hedge.rebuild('s', since => now() + interval '1 hour')$$, '22023', NULL, 'prices to come were not corrected');
SELECT throws_ok($$CALL hedge.rebuild('s', since => 'infinity', as_of => '2021-08-20')$$, '22023', NULL, 'nor ever');
SELECT lives_ok($$CALL hedge.refresh('s', as_of => now())$$, 'now is not to come');

-- ---------- bars that are not in the calendar ----------

SELECT hedge.create_book('t');
UPDATE t.model SET lookback = 300, minimum_observations = 30;
INSERT INTO t.price SELECT asset, timestamptz '2020-01-01' + day * interval '1 day', 100 + sin(day * ascii(asset))
FROM unnest(ARRAY['A', 'B', 'C']) AS asset, generate_series(0, 700) AS day WHERE asset <> 'C' OR day < 692;
CALL hedge.refresh('t', as_of => timestamptz '2020-01-01' + interval '695 days');
CALL hedge.refresh('t', as_of => timestamptz '2020-01-01' + interval '700 days');
SELECT ok((SELECT cardinality(trailing_bars) = 9 FROM t.model_run JOIN t.latest_run USING (run)) AND last_reuse('t'), 'bars that wait for an asset');
SELECT is_empty($$SELECT run_differences('t', anew('t', timestamptz '2020-01-01' + interval '700 days'))$$, 'as in a book made at once, prices included');
SELECT is((SELECT max(price_time) FROM t.run_asset JOIN t.latest_run USING (run)), timestamptz '2020-01-01' + interval '700 days', 'which are the newest');
INSERT INTO t.price SELECT 'C', timestamptz '2020-01-01' + day * interval '1 day', 100 + sin(day * ascii('C')) FROM generate_series(692, 700) AS day;
CALL hedge.refresh('t', as_of => timestamptz '2020-01-01' + interval '700 days');
SELECT is_empty($$SELECT run_differences('t', anew('t', timestamptz '2020-01-01' + interval '700 days'))$$, 'and when the asset has come');
SELECT ok((SELECT trailing_bars = '{}' FROM t.model_run JOIN t.latest_run USING (run)) AND last_reuse('t'), 'they are in the calendar');

-- ---------- recorded_at ----------

SELECT hedge.create_book('plain');
CREATE TABLE recorded (asset text, ts timestamptz, price float8, recorded_at timestamptz);
INSERT INTO recorded SELECT asset, ts, price, ts + interval '1 hour' FROM walk WHERE day <= 600;
SELECT hedge.create_book('r', prices => 'recorded');
UPDATE r.model SET lookback = 250, minimum_observations = 30, calendar_quorum = 0.75;
DELETE FROM plain.model;
INSERT INTO plain.model SELECT * FROM r.model;
CALL hedge.refresh('r', as_of => timestamptz '2020-01-01 00:00:00+00' + interval '570 days 2 hours');
SELECT set_config('test.before', (SELECT matrix::text FROM r.model_run), true) IS NOT NULL AS kept;
-- A price of day 400 and one of day 568, corrected on day 580; one that first came on day 580.
INSERT INTO recorded SELECT asset, ts, price * 1.2, timestamptz '2020-01-01 00:00:00+00' + interval '580 days' FROM walk
WHERE asset = 'A' AND day = (SELECT max(day) FROM walk WHERE asset = 'A' AND day <= 400)
	OR asset = 'B' AND day = (SELECT max(day) FROM walk WHERE asset = 'B' AND day <= 568);
INSERT INTO recorded VALUES ('C', timestamptz '2020-01-01 00:00:00+00' + interval '450 days 5 hours', 111,
	timestamptz '2020-01-01 00:00:00+00' + interval '580 days');

CALL hedge.refresh('r', as_of => timestamptz '2020-01-01 00:00:00+00' + interval '590 days 2 hours');
INSERT INTO plain.price
SELECT DISTINCT ON (asset, ts) asset, ts, price FROM recorded WHERE ts <= '2020-01-01 00:00:00+00'::timestamptz + interval '590 days'
ORDER BY asset, ts, recorded_at DESC;
CALL hedge.refresh('plain', as_of => timestamptz '2020-01-01 00:00:00+00' + interval '590 days 2 hours');
SELECT is_empty($$SELECT run_differences('r', 'plain')$$, 'corrections however old are taken up where recorded_at says so');
SELECT ok((SELECT min(blocks_reused) < max(blocks_reused + blocks_read) FROM r.refresh_log), 'by a refresh');

CALL hedge.refresh('r', as_of => timestamptz '2020-01-01 00:00:00+00' + interval '570 days 2 hours');
SELECT ok((SELECT matrix::text FROM r.model_run ORDER BY run DESC LIMIT 1) = current_setting('test.before'),
	'as_of before the corrections were recorded: as it was known then, to the last bit');

-- ---------- spans of blocks, under random edits of history ----------

CREATE FUNCTION block_sizes(bars integer, blocks integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE FUNCTION hedge._block_bars() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %s', bars);
	EXECUTE format('CREATE OR REPLACE FUNCTION hedge._span_blocks() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %s', blocks);
END $$;

-- Does something to the prices or settings of book g, and refreshes it; says what.
CREATE FUNCTION edited(kind integer, today timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	day interval := interval '1 day';
	past timestamptz := today - day * floor(20 + random() * 100);
BEGIN
	IF kind < 3 THEN
		CALL hedge.refresh('g', as_of => today);
		RETURN 'new bars';
	ELSIF kind = 3 THEN
		UPDATE g.price SET price = price * 1.02 WHERE ts > today - day * 3 AND asset = 'A';
		CALL hedge.refresh('g', as_of => today);
		RETURN 'late corrections';
	ELSIF kind = 4 THEN
		UPDATE g.price SET price = price * (0.9 + random() * 0.2) WHERE ts >= past AND ts < past + day * 2;
		CALL hedge.rebuild('g', since => past, as_of => today);
		RETURN 'old corrections since ' || past;
	ELSIF kind = 5 THEN
		DELETE FROM g.price WHERE ts >= past AND ts < past + day AND asset <> 'B';
		CALL hedge.rebuild('g', since => past, as_of => today);
		RETURN 'a bar less on ' || past;
	ELSIF kind = 6 THEN
		UPDATE g.model SET lookback = 60 + random() * 80;
		CALL hedge.refresh('g', as_of => today);
		RETURN 'a lookback of ' || (SELECT lookback FROM g.model);
	ELSIF kind = 7 THEN
		INSERT INTO g.price SELECT 'from ' || past, ts, price * (1 + random() / 50) FROM g.price WHERE asset = 'B' AND ts >= past
		ON CONFLICT DO NOTHING;
		CALL hedge.refresh('g', as_of => today);
		RETURN 'another asset since ' || past;
	ELSIF kind = 8 THEN
		DELETE FROM g.price WHERE asset = (SELECT max(asset) FROM g.price WHERE asset LIKE 'from%' AND ts > today - day * 10);
		CALL hedge.refresh('g', as_of => today);
		RETURN 'an asset less';
	ELSE
		DELETE FROM g.model_run;
		CALL hedge.refresh('g', as_of => past);
		CALL hedge.refresh('g', as_of => today);
		RETURN 'from ' || past || ' on';
	END IF;
END $$;

SELECT hedge.create_book('g');
SELECT hedge.create_book('whole', prices => 'g.price');
UPDATE g.model SET lookback = 100, minimum_observations = 30, calendar_quorum = 0.6, retention = 3;
-- C is suspended for weeks now and then, and the price of D stands still at times.
CREATE FUNCTION fed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE day integer := extract(day FROM new.ts - timestamptz '2020-01-01');
BEGIN
	IF new.asset = 'C' AND day % 60 BETWEEN 10 AND 35 THEN
		RETURN NULL;
	ELSIF new.asset = 'D' AND day % 50 > 20 THEN
		new.price := 100 + day / 50;
	END IF;
	RETURN new;
END $$;
CREATE TRIGGER fed BEFORE INSERT ON g.price FOR EACH ROW EXECUTE FUNCTION fed();
INSERT INTO g.price SELECT asset, ts, price FROM walk WHERE day <= 300;
-- What spans and blocks of the latest run say of gaps and unchanged closes, and what one block of the
-- same bars does that was made with all prices before them at hand; no row when they agree.
CREATE FUNCTION count_differences() RETURNS SETOF text LANGUAGE sql SET enable_nestloop = off SET jit = off AS $$
	WITH r AS MATERIALIZED (
		SELECT x.run, x.spans, x.blocks, x.as_of, x.settings, (SELECT min(b.first_bar) FROM g.return_block AS b WHERE b.block = ANY (x.blocks)) AS first_bar, l.spans AS by_spans
		FROM g.model_run AS x JOIN g.latest_run USING (run) CROSS JOIN (VALUES (true), (false)) AS l (spans)
	), put_together AS MATERIALIZED (
		SELECT r.by_spans, c.* FROM r, hedge._price_counts('g', CASE WHEN r.by_spans THEN r.spans ELSE '{}' END, r.blocks, '-infinity', 'simple',
			NULL, NULL) AS c
	), at_once AS MATERIALIZED (
		SELECT r.by_spans, u.*
		FROM r, hedge.return_blocks('g.price', '-infinity', r.as_of, from_bar => r.first_bar, block_bars => 10000,
			calendar_quorum => (r.settings ->> 'calendar_quorum')::float8) AS b,
			unnest(b.assets, b.gap_moves, b.largest_gap_move, b.largest_gap_bar, b.opening_price, b.opening_bar, b.closing_price, b.unchanged,
				b.frozen) AS u (asset, gap_moves, largest_gap_move, largest_gap_bar, opening_price, opening_bar, closing_price, unchanged, frozen)
	)
	SELECT format('counts of %s: %s and %s', asset, p, a)
	FROM put_together AS p FULL JOIN at_once AS a USING (by_spans, asset)
	WHERE (coalesce(p.gap_moves, 0), p.largest_gap_bar, p.opening_price, p.opening_bar, p.closing_price, coalesce(p.unchanged, 0),
			coalesce(p.frozen, 0))
		IS DISTINCT FROM (coalesce(a.gap_moves, 0), a.largest_gap_bar, a.opening_price, a.opening_bar, a.closing_price,
			coalesce(a.unchanged, 0), coalesce(a.frozen, 0))
		OR (p.largest_gap_move IS NULL) <> (a.largest_gap_move IS NULL)
		OR abs(p.largest_gap_move - a.largest_gap_move) > 1e-12
$$;
CREATE TABLE counted (gap_moves integer, frozen integer);
CREATE TABLE spans_used (step integer, spans bigint[]);
CREATE FUNCTION churn(steps integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	first_day timestamptz := '2020-01-01 00:00:00+00';
	today integer := 300;
	done text;
BEGIN
	PERFORM block_sizes(6, 3), setseed(0.3);
	CALL hedge.refresh('g', as_of => first_day + today * interval '1 day');
	FOR step IN 1..steps LOOP
		INSERT INTO g.price SELECT asset, ts, price FROM walk WHERE day > today AND day <= today + 1 + step % 7;
		today := today + 1 + step % 7;
		-- All kinds of edits in turn, after each of them one at random.
		done := edited(CASE step % 2 WHEN 0 THEN step / 2 % 10 ELSE floor(random() * 10)::integer END,
			first_day + today * interval '1 day');
		INSERT INTO spans_used SELECT step, r.spans FROM g.model_run AS r JOIN g.latest_run USING (run);
		-- The same prices in a book that has no run yet, nor any span.
		PERFORM block_sizes(1000, 1000);
		DELETE FROM whole.model;
		INSERT INTO whole.model SELECT * FROM g.model;
		CALL hedge.refresh('whole', as_of => first_day + today * interval '1 day');
		PERFORM block_sizes(6, 3);
		RETURN QUERY SELECT format('step %s, %s: %s', step, done, d) FROM run_differences('g', 'whole') AS d;
		RETURN QUERY SELECT format('step %s, %s: %s', step, done, d) FROM count_differences() AS d;
		INSERT INTO counted SELECT sum(gap_moves), sum(frozen) FILTER (WHERE asset = 'D') FROM g.data_quality;
	END LOOP;
	PERFORM block_sizes(256, 16);
END $$;
SELECT is_empty('SELECT churn(60)', 'random edits: always the run of a book made at once, in one block');
SELECT ok((SELECT max(gap_moves) > 20 AND max(frozen) > 5 FROM counted), 'moves over gaps and prices that stand still are among them');
SELECT ok((SELECT min(cardinality(spans)) > 0 AND max(cardinality(spans)) > 4 FROM spans_used), 'each run is added up from spans');
SELECT ok((SELECT count(*) > 100 FROM spans_used AS a JOIN spans_used AS b ON b.step = a.step + 1, unnest(a.spans) AS x JOIN unnest(b.spans) AS y ON x = y),
	'that it mostly shares with the run before');
SELECT is_empty($$SELECT FROM g.return_span AS s WHERE NOT s.blocks <@ ARRAY(SELECT block FROM g.return_block)
	OR NOT EXISTS (SELECT FROM g.model_run AS r WHERE s.span = ANY (r.spans))$$, 'no span without a run and its blocks');
SELECT is_empty($$SELECT FROM g.model_run AS r, unnest(r.spans) AS span WHERE NOT EXISTS (SELECT FROM g.return_span AS s
	WHERE s.span = span AND s.blocks <@ r.blocks AND s.first_bar >= r.window_start)$$, 'no run without its spans');
SELECT is_empty($$SELECT FROM g.model_run AS r WHERE (SELECT count(*) <> count(DISTINCT b)
	FROM g.return_span AS s, unnest(s.blocks) AS b WHERE s.span = ANY (r.spans))$$, 'no block twice in a run');

-- ---------- columns of other types; a short history; several models ----------

CREATE TABLE daily (asset varchar(10), ts date, price numeric(20, 8));
INSERT INTO daily SELECT asset, (ts AT TIME ZONE 'UTC')::date, price FROM walk WHERE day <= 600;
CREATE TABLE naive AS SELECT asset::varchar, ts AT TIME ZONE 'America/New_York' AS ts, price FROM walk WHERE day <= 600;
SELECT hedge.create_book('d', prices => 'daily');
INSERT INTO d.model (model, prices, time_zone) VALUES ('naive', 'public.naive', 'America/New_York');
UPDATE d.model SET calendar_quorum = 0.75;
SELECT is((SELECT count(*)::integer FROM d.latest_run), 0, 'no run before the first refresh');
CALL hedge.refresh('d', as_of => '2021-08-01');
INSERT INTO daily SELECT asset, (ts AT TIME ZONE 'UTC')::date, price FROM walk WHERE day BETWEEN 601 AND 605;
CALL hedge.refresh('d', as_of => '2021-08-30');
SELECT results_eq('SELECT model, window_end FROM d.latest_run ORDER BY model',
	$$VALUES ('default', timestamptz '2021-08-28 00:00:00+00'), ('naive', '2021-08-22 04:00:00+00')$$,
	'dates and local times stand in the model''s time zone');
SELECT is((SELECT count(*)::integer FROM d.refresh_log WHERE status = 'done'), 4, 'all models without a name, each logged');

SELECT hedge.create_book('short');
INSERT INTO short.price SELECT asset, ts, price FROM walk WHERE day <= 20;
UPDATE short.model SET calendar_quorum = 0;
CALL hedge.refresh('short', as_of => '2020-01-10');
INSERT INTO short.price VALUES ('A', '2019-12-28', 100), ('B', '2019-12-28', 100);
CALL hedge.refresh('short', as_of => '2020-01-15');
SELECT results_eq('SELECT bars, unestimated_assets, lookback FROM short.model_health', 'VALUES (15, 5, 250)',
	'a history shorter than lookback is used whole, older prices that came later included');
SELECT is_empty($$SELECT run_differences('short', anew('short', '2020-01-15'))$$, 'and is that of a book made at once');

-- ---------- prices that could stop a refresh ----------

CREATE TABLE undated AS SELECT asset, ts, price, NULL::timestamptz AS recorded_at FROM walk WHERE day <= 100;
INSERT INTO undated VALUES ('A', '-infinity', 1, NULL), ('A', 'infinity', 1, NULL);
SELECT hedge.create_book('undated', prices => 'undated');
CALL hedge.refresh('undated', as_of => '2020-04-01');
SELECT isnt_empty('SELECT FROM undated.latest_run', 'prices that do not say when they were recorded, and some at the ends of time');
UPDATE undated.model SET calendar_quorum = 0.96;
SET extra_float_digits = -14;
CALL hedge.refresh('undated', as_of => '2020-04-01');
RESET extra_float_digits;
SELECT is((SELECT (settings ->> 'calendar_quorum')::float8 FROM undated.model_run ORDER BY run DESC LIMIT 1), 0.96::float8,
	'settings are what they are, whatever extra_float_digits is');

-- ---------- snapshot, retention ----------

CALL hedge.refresh('b', as_of => '2021-10-02');
SELECT isnt_empty('SELECT * FROM b.materialized_offsets', 'there is a snapshot');
SELECT results_eq(
	'SELECT to_jsonb(s) - ''pair_rank'' FROM b.materialized_offsets s ORDER BY portfolio, asset_a, asset_b',
	'SELECT to_jsonb(o) FROM b.offsetting_pairs o ORDER BY portfolio, asset_a, asset_b', 'it is what the live view shows');
UPDATE b.position SET quantity = 1000 WHERE asset = 'B';
SELECT isnt((SELECT max(uncorrelated_risk) FROM b.materialized_offsets), (SELECT max(uncorrelated_risk) FROM b.offsetting_pairs),
	'until positions change');
SELECT is_empty('SELECT 1 FROM b.return_block b WHERE NOT EXISTS (SELECT FROM b.model_run r WHERE b.block = ANY (r.blocks))',
	'no block without a run');
SELECT is_empty('SELECT unnest(blocks) FROM b.model_run EXCEPT SELECT block FROM b.return_block', 'no run without its blocks');

UPDATE b.model SET retention = 2;
CALL hedge.refresh('b', as_of => '2021-08-01');
CALL hedge.refresh('b', as_of => '2021-08-02');
CALL hedge.refresh('b', as_of => '2021-08-03');
SELECT results_eq('SELECT as_of FROM b.model_run ORDER BY run',
	$$VALUES (timestamptz '2021-10-02'), ('2021-08-02'), ('2021-08-03')$$,
	'retention keeps the newest runs, and the one that the views show');
SELECT is_empty('SELECT 1 FROM b.offset_snapshot s WHERE NOT EXISTS (SELECT FROM b.model_run r WHERE r.run = s.run)',
	'snapshots go with their runs');
UPDATE b.model SET pairs_kept = 1;
CALL hedge.refresh('b', as_of => '2021-10-03');
SELECT is((SELECT max(pair_rank) FROM b.materialized_offsets), 1, 'pairs_kept');

SELECT * FROM finish();
ROLLBACK;
