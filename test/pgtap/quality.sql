-- Prices that look right and are not: splits, wild ticks, names, feeds that ended; what a book says of them.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

-- ---------- sizes of returns ----------

SELECT results_eq($$SELECT moves, largest, largest_bar FROM hedge._return_sizes(
		ARRAY[[0.1, -0.2, NULL, 0.2], [0, 0, 0, 0], [NULL, NULL, NULL, NULL]]::float8[],
		ARRAY['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04']::timestamptz[], '-infinity')$$,
	$$VALUES (ARRAY[3, 0, 0], ARRAY[-0.2, 0, NULL]::float8[], ARRAY['2024-01-02', '2024-01-01', NULL]::timestamptz[])$$,
	'moves, and the first of the largest returns');
SELECT results_eq($$SELECT moves, largest, largest_bar, round(exp(log_size[1])::numeric, 12) FROM hedge._return_sizes(
		ARRAY[[0.1, -0.2, NULL, 0.2]]::float8[],
		ARRAY['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04']::timestamptz[], '2024-01-03')$$,
	$$VALUES (ARRAY[1], ARRAY[0.2]::float8[], ARRAY['2024-01-04']::timestamptz[], 0.2)$$, 'from an instant on');
SELECT results_eq($$SELECT moves, largest FROM hedge._return_sizes('{}', '{}', 'infinity')$$, $$VALUES ('{}'::integer[], '{}'::float8[])$$, 'of nothing');
SELECT throws_ok(format('SELECT hedge._return_sizes(%L, %L, now())', r, b), '2202E', NULL, format('returns %s, bars %s', r, b))
FROM (VALUES ('{1,2}', '{2024-01-01,2024-01-02}'), ('{{1,2}}', '{2024-01-01}'), ('{{1,2}}', '{2024-01-01,NULL}'), ('{{1}}', '{{2024-01-01}}')) AS t (r, b);
SELECT ok(hedge._return_size(1, 19, 5) IS NULL AND hedge._return_size(NULL, 100, 5) IS NULL, 'too few moves say nothing');
SELECT ok(hedge._return_size(1.7e308, 100, -2700) > 1e250, 'nothing overflows');
-- One standard deviation is one, where returns are normal: mean of ln|z| is -(gamma + ln 2) / 2.
SELECT ok(abs(hedge._return_size(0.02, 1000, 1000 * (ln(0.02) - (0.5772156649015329 + ln(2)) / 2)) - 1) < 1e-12, 'in standard deviations');
SELECT results_eq($$SELECT hedge._undoes(a, b, k) FROM (VALUES (9, -0.9, 'simple'), (-0.9, 9, 'simple'), (9, -0.5, 'simple'), (-0.5, -0.5, 'simple'),
		(-0.5, 0.4, 'simple'), (2.3, -2.3, 'log'), (2.3, -1.5, 'log'), (2.3, -1.6, 'log'), (-40, 39, 'difference'), (1e100, 0, 'difference'),
		(1e308, -1, 'simple'), (-1, 1e308, 'simple')) AS t (a, b, k)$$,
	ARRAY[true, true, false, false, false, true, false, true, true, false, true, false], 'two thirds taken back');

-- ---------- a book ----------

SELECT setseed(0.25);
CREATE TABLE walk AS
SELECT a.asset, d.day, timestamptz '2023-01-01 00:00:00+00' + d.day * interval '1 day' AS ts,
	100 * exp(sum((random() + random() + random() + random() - 2) * 0.02) OVER (PARTITION BY a.asset ORDER BY d.day)) AS price
FROM unnest(ARRAY['Calm', 'Split', 'Reverse', 'Up tick', 'Down tick', 'Newest', 'Flat', 'Rare', 'Power', 'Before']) AS a (asset)
CROSS JOIN generate_series(0, 600) AS d (day);
UPDATE walk SET price = price / 2 WHERE asset = 'Split' AND day >= 500;
UPDATE walk SET price = price * 4 WHERE asset = 'Reverse' AND day >= 500;
UPDATE walk SET price = price * 10 WHERE asset = 'Up tick' AND day = 520;
UPDATE walk SET price = price / 10 WHERE asset = 'Down tick' AND day = 540;
UPDATE walk SET price = price * 1.5 WHERE asset = 'Newest' AND day = 600;
UPDATE walk SET price = CASE WHEN day < 500 THEN 50 ELSE 25 END WHERE asset = 'Flat';
UPDATE walk SET price = CASE WHEN day < 500 THEN 100 + floor(day / 30) ELSE 25 END WHERE asset = 'Rare';
UPDATE walk SET price = 20 + 10 * sin(day) - CASE WHEN day = 480 THEN 4000 ELSE 0 END WHERE asset = 'Power';
UPDATE walk SET price = price / 2 WHERE asset = 'Before' AND day >= 350;
SELECT hedge.create_book('q');
UPDATE q.model SET minimum_observations = 30, stale_after = 20;
INSERT INTO q.instrument (asset, return_kind) VALUES ('Power', 'difference');
INSERT INTO q.price SELECT asset, ts, price FROM walk WHERE day <= 599;
INSERT INTO q.position VALUES ('p', 'Calm', 1), ('p', 'Split', -1);
CALL hedge.refresh('q', as_of => '2024-08-22 12:00+00');
INSERT INTO q.price SELECT asset, ts, price FROM walk WHERE day = 600;
CALL hedge.refresh('q', as_of => '2024-08-23 12:00+00');
SELECT results_eq($$SELECT asset, round(largest_return::numeric, CASE WHEN abs(largest_return) < 2 THEN 1 ELSE 0 END), largest_return_bar::date - date '2023-01-01', jump, verdict FROM q.data_quality
		WHERE jump IS NOT NULL OR asset IN ('Flat', 'Rare') ORDER BY asset COLLATE "C"$$,
	$$VALUES ('Down tick', 9, 541, 'undoes', 'jump'), ('Flat', -0.5, 500, NULL, 'unchanged'), ('Newest', 0.5, 600, 'open', 'jump'),
		('Power', (SELECT round((y.price - x.price)::numeric) FROM walk x, walk y WHERE x.asset = 'Power' AND y.asset = 'Power' AND x.day = 479 AND y.day = 480), 480, 'undone', 'jump'),
		('Rare', -0.8, 500, NULL, 'unchanged'), ('Reverse', 3, 500, 'stays', 'jump'), ('Split', -0.5, 500, 'stays', 'jump'),
		('Up tick', 9, 520, 'undone', 'jump')$$,
	'splits stay, ticks are undone, what is newest is open; too few moves say nothing; one that left the window is gone');
SELECT ok((SELECT largest_return_size BETWEEN 2 AND 5 AND jump IS NULL AND verdict = 'good' FROM q.data_quality WHERE asset = 'Calm'), 'a calm asset');
SELECT is((SELECT jump_assets FROM q.model_health), 6, 'model_health counts them');

-- The same from the returns themselves.
CREATE TEMP TABLE plain AS
SELECT r.asset, count(*) FILTER (WHERE abs(r.r) > 1e-12) AS moves, max(abs(r.r)) AS largest,
	sqrt(2 * exp(0.5772156649015329::float8)) * exp(avg(ln(abs(r.r))) FILTER (WHERE abs(r.r) > 1e-12)) AS scale
FROM (
	SELECT asset, day, CASE asset WHEN 'Power' THEN price - lag(price) OVER w ELSE price / lag(price) OVER w - 1 END AS r
	FROM walk WINDOW w AS (PARTITION BY asset ORDER BY day)) AS r
WHERE r.day > 350
GROUP BY r.asset;
SELECT is_empty($$SELECT asset FROM plain AS p JOIN q.data_quality AS d USING (asset)
		WHERE abs(d.largest_return) / p.largest NOT BETWEEN 1 - 1e-9 AND 1 + 1e-9
			OR CASE WHEN p.moves >= 20 THEN abs(d.largest_return_size / (p.largest / p.scale) - 1) > 1e-9 OR d.largest_return_size IS NULL
				ELSE d.largest_return_size IS NOT NULL END$$, 'largest returns and their sizes, recomputed');
SELECT is((SELECT count(*) FROM plain JOIN q.data_quality USING (asset)), 10::bigint, 'of all assets');

-- Whatever blocks and spans the window is made of.
CREATE TEMP TABLE incremental AS SELECT * FROM q.data_quality;
CALL hedge.rebuild('q', as_of => '2024-08-23 12:00+00');
SELECT is_empty($$SELECT asset FROM incremental AS i FULL JOIN q.data_quality AS d USING (asset)
		WHERE (i.largest_return, i.largest_return_bar, i.jump) IS DISTINCT FROM (d.largest_return, d.largest_return_bar, d.jump)
			OR abs(i.largest_return_size / d.largest_return_size - 1) > 1e-12$$, 'the same after a rebuild');
CREATE OR REPLACE FUNCTION hedge._block_bars() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 7;
CREATE OR REPLACE FUNCTION hedge._span_blocks() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 3;
CALL hedge.rebuild('q', as_of => '2024-08-23 12:00+00');
SELECT ok((SELECT count(*) > 5 FROM q.return_span WHERE moves IS NOT NULL), 'out of many spans');
SELECT is_empty($$SELECT asset FROM incremental AS i FULL JOIN q.data_quality AS d USING (asset)
		WHERE (i.largest_return, i.largest_return_bar, i.jump) IS DISTINCT FROM (d.largest_return, d.largest_return_bar, d.jump)
			OR abs(i.largest_return_size / d.largest_return_size - 1) > 1e-12$$, 'the same');
CREATE FUNCTION pg_temp.jump_at(text, integer) RETURNS text LANGUAGE plpgsql AS $$	-- of a tick in each place of a block
BEGIN
	UPDATE q.price SET price = price * 10 WHERE asset = 'Calm' AND ts = timestamptz '2023-01-01 00:00:00+00' + $2 * interval '1 day';
	CALL hedge.rebuild('q', as_of => '2024-08-23 12:00+00');
	UPDATE q.price SET price = price / 10 WHERE asset = 'Calm' AND ts = timestamptz '2023-01-01 00:00:00+00' + $2 * interval '1 day';
	RETURN (SELECT jump || ' ' || (largest_return_bar::date - date '2023-01-01') FROM q.data_quality WHERE asset = $1);
END $$;
SELECT is(pg_temp.jump_at('Calm', d), 'undone ' || d, 'a tick in bar ' || d) FROM generate_series(400, 408) AS d;

SAVEPOINT speck;
UPDATE q.price SET price = 1e-40 WHERE asset = 'Calm' AND ts = timestamptz '2023-01-01 00:00:00+00' + 400 * interval '1 day';
SELECT lives_ok($$CALL hedge.rebuild('q', as_of => '2024-08-23 12:00+00')$$, 'a return beyond all numbers of four bytes is told of, too');
ROLLBACK TO speck;

-- The threshold is the model's.
UPDATE q.model SET jump_threshold = 1000;
CALL hedge.rebuild('q', as_of => '2024-08-23 12:00+00');
SELECT is((SELECT count(*) FROM q.data_quality WHERE jump IS NOT NULL OR verdict = 'jump'), 0::bigint, 'beyond all of them: none');
SELECT is((SELECT verdict FROM q.data_quality WHERE asset = 'Split'), 'good', 'and the split looks good');
SELECT throws_ok(format('UPDATE q.model SET jump_threshold = %L', v), '23514', NULL, format('a threshold of %s', v)) FROM unnest(ARRAY['0', '-1', 'NaN', 'Infinity']) AS v;

-- ---------- ended, or never priced ----------

SELECT hedge.create_book('e');
UPDATE e.model SET lookback = 50, minimum_observations = 20, stale_after = 5;
INSERT INTO e.price SELECT asset, ts, price FROM walk WHERE day <= 600 AND asset IN ('Calm', 'Split', 'Before');
DELETE FROM e.price WHERE asset = 'Before' AND ts > '2023-06-01';
INSERT INTO e.price VALUES ('To come', '2024-09-01', 1);
INSERT INTO e.position VALUES ('p', 'Calm', 1), ('p', 'Before', 1), ('p', 'Unheard of', 1), ('p', 'To come', 1);
INSERT INTO e.instrument (asset, benchmark) VALUES ('Before', 'Split');
CALL hedge.refresh('e', as_of => '2024-08-23 12:00+00');
SELECT results_eq($$SELECT asset, verdict, last_price_time, last_price, stale FROM e.data_quality ORDER BY asset COLLATE "C"$$,
	$$VALUES ('Before', 'ended', timestamptz '2023-06-01 00:00:00+00', NULL::float8, NULL::boolean),
		('Calm', 'good', '2024-08-23 00:00:00+00', (SELECT price FROM walk WHERE asset = 'Calm' AND day = 600), false),
		('Split', 'good', '2024-08-23 00:00:00+00', (SELECT price FROM walk WHERE asset = 'Split' AND day = 600), false),
		('To come', 'held without a price', NULL, NULL, NULL), ('Unheard of', 'held without a price', NULL, NULL, NULL)$$,
	'an asset that ended long ago and says when; those that never had a price');
SELECT is((SELECT basis FROM e.exposure WHERE asset = 'Before'), 'no price', 'which changes no exposure');
SELECT is((SELECT unestimated_assets + stale_assets FROM e.model_health), 0, 'nor what model_health counts');
CREATE TABLE numbered AS SELECT CASE asset WHEN 'Calm' THEN 1 ELSE 2 END AS asset, ts AT TIME ZONE 'UTC' AS ts, price::numeric, ts AS recorded_at
FROM walk WHERE asset IN ('Calm', 'Split') AND (asset = 'Calm' OR day < 300);
SELECT hedge.create_book('n', prices => 'numbered');
UPDATE n.model SET lookback = 50, minimum_observations = 20, stale_after = 5;
INSERT INTO n.position VALUES ('p', '1', 1), ('p', '2', 1), ('p', 'no number', 1);
CALL hedge.refresh('n', as_of => '2024-08-23 12:00+00');
SELECT results_eq($$SELECT asset, verdict, last_price_time FROM n.data_quality ORDER BY asset$$,
	$$VALUES ('1', 'good', timestamptz '2024-08-23 00:00:00+00'), ('2', 'ended', '2023-10-27 00:00:00+00'), ('no number', 'held without a price', NULL)$$,
	'columns of other types, too');
CALL hedge.refresh('n', as_of => '2023-10-01 12:00+00');
SELECT is((SELECT count(*) FROM n.ended_asset), 1::bigint, 'only by prices up to as_of');

-- ---------- names, and what is no price ----------

CREATE TABLE feed_of_w (asset text, ts timestamptz, price float8);
SELECT hedge.create_book('w', prices => 'feed_of_w');
UPDATE w.model SET lookback = 100, minimum_observations = 20, minimum_correlation = 0;
INSERT INTO feed_of_w SELECT n.name, w.ts, w.price * n.place
FROM unnest(ARRAY['A', 'a', 'A ', ' A', E'\u00c4', E'A\u0308', '']) WITH ORDINALITY AS n (name, place)
JOIN walk AS w ON w.asset = 'Calm' AND w.day > 400;
INSERT INTO feed_of_w SELECT asset, ts, price FROM feed_of_w WHERE asset = 'A';		-- each price twice
INSERT INTO feed_of_w SELECT asset, ts, price + 1 FROM feed_of_w WHERE asset = 'a' AND ts = '2024-08-01';
INSERT INTO feed_of_w VALUES (NULL, '2024-08-01', 5), ('A', NULL, 5), ('A', '2024-08-02 12:00+00', NULL),
	('A', 'infinity', 5), ('A', '-infinity', 5), ('A', '2999-01-01', 5);
INSERT INTO feed_of_w SELECT v.name, w.ts, v.price * w.price FROM (VALUES ('huge', 1e90), ('tiny', 1e-310), ('constant', 0)) AS v (name, price) JOIN walk AS w ON w.asset = 'Calm' AND w.day > 400;
UPDATE feed_of_w SET price = 7 WHERE asset = 'constant';
INSERT INTO w.position SELECT 'p', n, 1 FROM unnest(ARRAY['A', 'a', 'A ', ' A', E'\u00c4', E'A\u0308', '', 'huge', 'tiny', 'constant']) AS n;
CALL hedge.refresh('w', as_of => '2024-08-23 12:00+00');
SELECT results_eq($$SELECT asset, observations, contradictory, round((last_price / (SELECT price FROM walk WHERE asset = 'Calm' AND day = 600))::numeric, 9) FROM w.data_quality
		WHERE asset NOT IN ('huge', 'tiny', 'constant') ORDER BY asset COLLATE "C"$$,
	$$VALUES ('', 100, 0, 7.0), (' A', 100, 0, 4), ('A', 100, 0, 1), ('A ', 100, 0, 3), (E'A\u0308', 100, 0, 6), ('a', 98, 1, 2), (E'\u00c4', 100, 0, 5)$$,
	'names that differ in a byte are different assets, the empty one among them; equal duplicates are one price, others contradict');
SELECT ok((SELECT count(*) = 2 AND min(abs(d.volatility / c.volatility - 1)) < 1e-6 FROM w.run_asset AS d, w.run_asset AS c
	WHERE c.asset = 'A' AND d.asset IN ('huge', 'tiny')), 'huge and tiny prices have the volatility of any others');
SELECT results_eq($$SELECT unchanged = priced_bars, largest_return, largest_return_size, verdict FROM w.data_quality WHERE asset = 'constant'$$,
	$$VALUES (true, 0::float8, NULL::float8, 'unchanged')$$, 'a constant price has no scale');
SELECT is((SELECT count(*) FROM w.offsetting_pairs WHERE 'constant' IN (asset_a, asset_b)), 0::bigint, 'and no pair');
SELECT ok(hedge._plain_name(E' a \u00c4') = hedge._plain_name(E'AA\u0308') AND hedge._plain_name('A') <> hedge._plain_name('B'), 'names that look alike');

-- ---------- a pair that falls below minimum_correlation ----------

SELECT hedge.create_book('f');
UPDATE f.model SET lookback = 120, minimum_observations = 30, reread_bars = 1, rolling_bars = 30;
INSERT INTO f.price
SELECT a.asset, d.ts, 100 * exp(0.01 * sum(CASE WHEN a.asset = 'X' THEN d.common WHEN d.day <= 150 THEN 0.9 * d.common + 0.4 * d.other ELSE d.other END) OVER (PARTITION BY a.asset ORDER BY d.day))
FROM (SELECT day, timestamptz '2024-01-01' + day * interval '1 day' AS ts, random() - 0.5 AS common, random() - 0.5 AS other FROM generate_series(0, 290) AS day) AS d
CROSS JOIN (VALUES ('X'), ('Y')) AS a (asset);
INSERT INTO f.position VALUES ('p', 'X', 1), ('p', 'Y', -1);
DO $$
BEGIN
	FOR d IN 0..30 LOOP
		CALL hedge.refresh('f', as_of => timestamptz '2024-05-15 12:00+00' + d * interval '5 days');
		EXIT WHEN NOT EXISTS (SELECT FROM f.offsetting_pairs);
	END LOOP;
END $$;
SELECT is_empty('SELECT * FROM f.offsetting_pairs', 'is no offsetting pair any more');
SELECT ok((SELECT count(*) = 2 AND max(correlation) < 0.3 AND bool_and(verdict IS NOT NULL) FROM f.correlation_stability), 'correlation_stability goes on with it');
SELECT is((SELECT count(*) FROM f.open_alerts WHERE kind = 'break'), 1::bigint, 'and an alert tells of the break');

-- ---------- before the first refresh ----------

SELECT hedge.create_book('Not "yet"');
SELECT is((SELECT next_step FROM "Not ""yet""".model_health),
	$$never refreshed: put prices and positions in, then CALL hedge.refresh('Not "yet"', 'default');$$, 'model_health says what comes next');
SELECT is((SELECT next_step FROM q.model_health), NULL, 'and nothing when there is a run');

SELECT * FROM finish();
ROLLBACK;
