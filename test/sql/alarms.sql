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

-- settings
UPDATE alarms.model SET evidence = 'some';
UPDATE alarms.model SET rolling_bars = 3;
UPDATE alarms.model SET monitor_threshold = 'NaN';

SELECT hedge.drop_book('alarms', force => true);
RESET ROLE;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM regress_alarms_owner', current_database()); END $$;
DROP ROLE regress_alarms_owner, regress_alarms_trader, regress_alarms_reader;
