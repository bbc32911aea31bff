-- Alarms: a pair whose correlation breaks while refreshes go on makes one alert, which as_of replays
-- and hedge.acknowledge takes note of.
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE ROLE regress_alarms_owner;
CREATE ROLE regress_alarms_trader;
CREATE ROLE regress_alarms_reader;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_alarms_owner', current_database()); END $$;
SET ROLE regress_alarms_owner;
SELECT hedge.create_book('alarms');

-- B follows A with a correlation of 0.8, from day 401 (2024-02-05) on with 0.2. Numbers are made of
-- digests, which are the same everywhere: sums of twelve uniform ones.
INSERT INTO alarms.price
WITH number AS MATERIALIZED (
	SELECT d, sum((('x' || substr(md5(format('%s a %s', k, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS f,
		sum((('x' || substr(md5(format('%s b %s', k, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS g,
		sum((('x' || substr(md5(format('%s c %s', k, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS h
	FROM generate_series(1, 620) AS d, generate_series(1, 12) AS k
	GROUP BY d
)
SELECT v.asset, timestamptz '2023-01-01 12:00:00+00' + d * interval '1 day',
	100 * exp(sum(v.r) OVER (PARTITION BY v.asset ORDER BY d))
FROM number
CROSS JOIN LATERAL (VALUES
	('A', 0.01 * f),
	('B', 0.01 * CASE WHEN d <= 400 THEN 0.8 * f + 0.6 * g ELSE 0.2 * f + sqrt(0.96) * g END),
	('C', 0.01 * (0.8 * f + 0.6 * h))) AS v (asset, r);
INSERT INTO alarms.position VALUES ('one', 'A', 100), ('one', 'B', -100), ('two, "quoted"', 'A', 10), ('two, "quoted"', 'B', -12),
	('calm', 'A', 5), ('calm', 'C', -5), ('alone', 'B', 7);

-- every ten days to the end
SELECT format('CALL hedge.refresh(%L, as_of => %L)', 'alarms', timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(270, 550, 10) AS d \gexec
SELECT alert, asset_y, asset_x, kind, raised_at_bar, change_bar, direction, message, portfolios, portfolio_list,
	risk_offset_at_stake > 0 AS at_stake, acknowledged_at, acknowledged_by, cleared_at_bar
FROM alarms.alert JOIN alarms.alert_holders USING (alert);
SELECT asset_y, asset_x, baseline_start, baseline_end, last_bar, alarm_bar, change_bar, direction, was_reliable
FROM alarms.pair_monitor ORDER BY asset_y, asset_x;
SELECT asset_y, asset_x, verdict, previous_verdict, alarm_bar FROM alarms.correlation_stability WHERE asset_y < asset_x ORDER BY 1, 2;
SELECT portfolio, asset_a, asset_b, verdict FROM alarms.offsetting_pairs ORDER BY 1, 2, 3;

-- a replay of the day that raised it raises it again, but not the day before; neither makes a row
SELECT raised_at_bar + interval '5 days 20 hours' AS day, raised_at_bar + interval '4 days 20 hours' AS day_before FROM alarms.alert \gset
CALL hedge.refresh('alarms', as_of => :'day_before');
CALL hedge.refresh('alarms', as_of => :'day');
SELECT count(*) FROM alarms.alert;
SELECT last_bar FROM alarms.pair_monitor WHERE asset_x = 'B';
-- prices may be gone from the blocks that are kept
CALL hedge.rebuild('alarms', as_of => :'day');

-- who may acknowledge
SELECT hedge.acknowledge('alarms', 2);
SELECT hedge.acknowledge('alarms', NULL);
SELECT hedge.acknowledge('no book', 1);
GRANT USAGE ON SCHEMA alarms TO regress_alarms_trader, regress_alarms_reader;
GRANT SELECT ON alarms.alert, alarms.alert_holders, alarms.open_alerts TO regress_alarms_trader, regress_alarms_reader;
GRANT UPDATE (acknowledged_at, acknowledged_by) ON alarms.alert TO regress_alarms_trader;
SET ROLE regress_alarms_reader;
SELECT alert, kind, portfolios FROM alarms.open_alerts;
SELECT hedge.acknowledge('alarms', 1);
SET ROLE regress_alarms_trader;
SELECT hedge.acknowledge('alarms', 1), hedge.acknowledge('alarms', 1);
SELECT alert, kind, portfolios FROM alarms.open_alerts;
SET ROLE regress_alarms_owner;
SELECT alert, acknowledged_by, acknowledged_at IS NOT NULL AS acknowledged FROM alarms.alert;

-- no repeats; after 60 days of the new correlation the acknowledged monitor gives way
SELECT format('CALL hedge.refresh(%L, as_of => %L)', 'alarms', timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(560, 620, 10) AS d \gexec
SELECT count(*) FROM alarms.alert;
SELECT asset_y, asset_x, baseline_end, last_bar, alarm_bar, ended_at FROM alarms.pair_monitor ORDER BY asset_y, asset_x, baseline_end;
-- what an ended one said is replayed, too
CALL hedge.refresh('alarms', as_of => :'day');

-- Of a gap between refreshes that is longer than the window, too: B breaks in it; D breaks and comes back;
-- E breaks twice, the second time after hedge.acknowledge and from what no snapshot holds any more.
CREATE SCHEMA feed;
CREATE TABLE feed.price AS
SELECT p.asset, p.ts, p.price FROM alarms.price AS p WHERE p.asset IN ('A', 'B');
INSERT INTO feed.price
WITH number AS MATERIALIZED (
	SELECT d, sum((('x' || substr(md5(format('%s a %s', k, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS f,
		sum((('x' || substr(md5(format('%s d %s', k, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS g,
		sum((('x' || substr(md5(format('%s e %s', k, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS h
	FROM generate_series(1, 620) AS d, generate_series(1, 12) AS k
	GROUP BY d
)
SELECT v.asset, timestamptz '2023-01-01 12:00:00+00' + d * interval '1 day',
	100 * exp(sum(v.r) OVER (PARTITION BY v.asset ORDER BY d))
FROM number
CROSS JOIN LATERAL (VALUES
	('D', 0.01 * (CASE WHEN d BETWEEN 401 AND 460 THEN 0 ELSE 0.8 END * f + 0.6 * g)),
	('E', 0.01 * CASE WHEN d <= 300 THEN 0.8 * f + 0.6 * h WHEN d <= 480 THEN 0.2 * f + sqrt(0.96) * h ELSE -0.8 * f + 0.6 * h END)) AS v (asset, r);
CREATE TABLE feed.position AS
SELECT * FROM (VALUES ('p', 'A', 3.0), ('p', 'B', -1), ('p', 'D', -1), ('p', 'E', -1)) AS v (portfolio, asset, quantity);
SELECT hedge.create_book('often', prices => 'feed.price', positions => 'feed.position');
SELECT hedge.create_book('seldom', prices => 'feed.price', positions => 'feed.position');
UPDATE often.model SET lookback = 100;
UPDATE seldom.model SET lookback = 100;
SET client_min_messages = warning;
SELECT format('CALL hedge.refresh(%L, as_of => %L)', 'often', timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(390, 620, 5) AS d
\set ECHO none
\gexec
\set ECHO all
RESET client_min_messages;
CALL hedge.refresh('seldom', as_of => timestamptz '2023-01-01 20:00:00+00' + 390 * interval '1 day');
CALL hedge.refresh('seldom', as_of => timestamptz '2023-01-01 20:00:00+00' + 620 * interval '1 day');
SELECT asset_y, asset_x, raised_at_bar, change_bar, direction, cleared_at_bar, message FROM seldom.alert WHERE kind = 'break' ORDER BY asset_x;
-- as when there were refreshes in between
SELECT o.asset_x, s.asset_x, o.change_bar, s.change_bar, o.cleared_at_bar, s.cleared_at_bar
FROM often.alert AS o FULL JOIN seldom.alert AS s ON s.asset_y = o.asset_y AND s.asset_x = o.asset_x AND s.kind = o.kind AND s.raised_at_bar = o.raised_at_bar
WHERE 'break' IN (o.kind, s.kind) AND 'A' IN (o.asset_y, s.asset_y)
	AND (o.alert IS NULL OR s.alert IS NULL OR o.change_bar <> s.change_bar OR o.cleared_at_bar IS DISTINCT FROM s.cleared_at_bar);
-- where the prices of the gap are gone
SELECT hedge.create_book('gone', prices => 'feed.price', positions => 'feed.position');
UPDATE gone.model SET lookback = 100;
CALL hedge.refresh('gone', as_of => timestamptz '2023-01-01 20:00:00+00' + 390 * interval '1 day');
BEGIN;
DELETE FROM feed.price WHERE ts < timestamptz '2023-01-01 20:00:00+00' + 480 * interval '1 day';
CALL hedge.refresh('gone', as_of => timestamptz '2023-01-01 20:00:00+00' + 620 * interval '1 day');
SELECT count(*) FROM gone.alert WHERE kind = 'break';
ROLLBACK;

-- What was acknowledged is watched on while somebody leans on it, however little correlation is left.
SELECT hedge.create_book('left', prices => 'feed.price', positions => 'feed.position');
UPDATE "left".model SET lookback = 100;
DELETE FROM feed.position WHERE asset IN ('B', 'D');
SELECT format('CALL hedge.refresh(%L, as_of => %L)', 'left', timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(250, 350, 10) AS d \gexec
SELECT hedge.acknowledge('left', alert) FROM "left".open_alerts WHERE kind = 'break';
SELECT format('CALL hedge.refresh(%L, as_of => %L)', 'left', timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(360, 480, 10) AS d \gexec
SELECT count(*) AS kept FROM "left".materialized_offsets;
SELECT asset_y, asset_x, baseline_start, baseline_end, last_bar, alarm_bar, ended_at FROM "left".pair_monitor ORDER BY baseline_end;
SELECT verdict FROM "left".correlation_stability WHERE asset_y = 'A';
SELECT format('CALL hedge.refresh(%L, as_of => %L)', 'left', timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(490, 610, 10) AS d \gexec
SELECT kind, raised_at_bar, change_bar, direction, acknowledged_at IS NOT NULL AS acknowledged, cleared_at_bar FROM "left".alert ORDER BY raised_at_bar;
-- until nobody does
DELETE FROM feed.position WHERE asset = 'E';
CALL hedge.refresh('left', as_of => timestamptz '2023-01-01 20:00:00+00' + 620 * interval '1 day');
SELECT count(*) AS watched FROM "left".pair_monitor WHERE ended_at IS NULL;
SELECT count(*) AS stand FROM "left".open_alerts;
SELECT hedge.drop_book(name, force => true) FROM unnest(ARRAY['often', 'seldom', 'gone', 'left']) AS name;
DROP TABLE feed.price, feed.position;
DROP SCHEMA feed;

-- settings
UPDATE alarms.model SET evidence = 'some';
UPDATE alarms.model SET rolling_bars = 3;
UPDATE alarms.model SET monitor_threshold = 'NaN';

SELECT hedge.drop_book('alarms', force => true);
RESET ROLE;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM regress_alarms_owner', current_database()); END $$;
DROP ROLE regress_alarms_owner, regress_alarms_trader, regress_alarms_reader;
