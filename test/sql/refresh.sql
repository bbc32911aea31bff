-- Refresh from outside: notices, commits and log, what failure leaves behind, who may, and the plan
-- of a filter on one portfolio.
\set SHOW_CONTEXT never
CREATE ROLE regress_refresh_owner;
CREATE ROLE regress_refresh_reader;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_refresh_owner', current_database()); END $$;
SET ROLE regress_refresh_owner;
SELECT hedge.create_book('watch');
UPDATE watch.model SET lookback = 20, minimum_observations = 5, minimum_correlation = 0;

-- no prices
CALL hedge.refresh('watch', as_of => '2024-02-01 00:00:00+00');
INSERT INTO watch.price VALUES ('A', '2024-01-01 00:00:00+00', 1);
CALL hedge.refresh('watch', as_of => '2024-02-01 00:00:00+00');
SELECT entry, model, action, status, run, error_code, error FROM watch.refresh_log ORDER BY entry;
SELECT last_refresh_status, failures, last_error FROM watch.model_health;

-- prices, some of them bad
DELETE FROM watch.price;
INSERT INTO watch.price
SELECT asset, timestamptz '2024-01-01 00:00:00+00' + i * interval '1 day', 100 + sin(i * ascii(asset))
FROM unnest(ARRAY['A', 'B', 'C']) AS asset, generate_series(0, 27) AS i;
UPDATE watch.price SET price = -1 WHERE asset = 'A' AND ts = '2024-01-20 00:00:00+00';
UPDATE watch.price SET price = 'NaN' WHERE asset = 'B' AND ts = '2024-01-21 00:00:00+00';
INSERT INTO watch.price VALUES ('new one', '2024-01-28 00:00:00+00', 5);
INSERT INTO watch.position VALUES ('p', 'A', 1), ('p', 'B', -1), ('q', 'C', 1), ('q', 'unheard of', 1);
CALL hedge.refresh('watch', as_of => '2024-02-01 00:00:00+00');
CALL hedge.refresh('watch', 'default', '2024-02-01 00:00:00+00');
SELECT entry, action, status, run, blocks_read, blocks_reused, prices_refused, error_code FROM watch.refresh_log ORDER BY entry;
SELECT run, bars, assets, unestimated_assets, bad_prices, last_refresh_status, failures, last_error, runs_kept FROM watch.model_health;
SELECT portfolio, positions, unpriced_positions, net_risk IS NOT NULL AS has_risk FROM watch.portfolio_risk ORDER BY portfolio;

-- a late feed; a run that the views do not show
DELETE FROM watch.price WHERE asset = 'new one' OR ts > '2024-01-27 00:00:00+00' AND asset = 'B';
UPDATE watch.model SET lookback = 5, minimum_observations = 2, stale_after = 2, reread_bars = 1;
CALL hedge.refresh('watch', as_of => '2024-02-01 00:00:00+00');
CALL hedge.refresh('watch', as_of => '2024-01-15 12:00:00+00');
SELECT trailing_bars, last_price_time AT TIME ZONE 'UTC' AS last_price_time FROM watch.model_health;
UPDATE watch.model SET lookback = 20, minimum_observations = 5, stale_after = 10, reread_bars = 5;

-- assets that come with their past, and go with it
SELECT hedge.create_book('past');
INSERT INTO past.price
SELECT asset, timestamptz '2020-01-01 00:00:00+00' + i * interval '1 day', 100 + sin(i * ascii(asset))
FROM unnest(ARRAY['A', 'B']) AS asset, generate_series(0, 600) AS i;
CALL hedge.refresh('past', as_of => '2021-09-01 00:00:00+00');
INSERT INTO past.price SELECT x.asset, p.ts, p.price + 1 FROM unnest(ARRAY['X', 'the Y']) AS x (asset), past.price AS p WHERE p.asset = 'A';
CALL hedge.refresh('past', as_of => '2021-09-01 00:00:00+00');
DELETE FROM past.price WHERE asset = 'the Y';
CALL hedge.refresh('past', as_of => '2021-09-01 00:00:00+00');
CALL hedge.refresh('past', as_of => '2021-09-01 00:00:00+00');
SELECT blocks_reused FROM past.refresh_log ORDER BY entry;
SELECT hedge.drop_book('past', force => true);

-- what is to come
\set VERBOSITY terse
SET datestyle = 'ISO';
CALL hedge.refresh('watch', as_of => '2999-02-01 00:00:00+00');
CALL hedge.rebuild('watch', since => '2999-02-01 00:00:00+00');
\set VERBOSITY default
RESET datestyle;
SELECT last_error IS NOT NULL AS has_error FROM watch.model_health;

-- inside a transaction block nothing is committed, and a failure takes its log along
SET client_min_messages = warning;
BEGIN;
CALL hedge.refresh('watch', as_of => '2024-02-02 00:00:00+00');
SELECT status, run IS NOT NULL AS has_run FROM watch.refresh_log ORDER BY entry DESC LIMIT 1;
ROLLBACK;
BEGIN;
CALL hedge.refresh('watch', as_of => '2023-02-02 00:00:00+00');
ROLLBACK;
SELECT count(*) AS entries FROM watch.refresh_log;
DO $$ BEGIN CALL hedge.refresh('watch', as_of => '2024-02-02 00:00:00+00'); END $$;
SELECT count(*) AS entries FROM watch.refresh_log;
CALL hedge.refresh('watch', as_of => 'infinity');

-- one model that fails does not keep the others from their refresh, and nothing of it is half-written
CREATE TABLE watch.feed (asset text, ts timestamptz, price float8);
INSERT INTO watch.feed SELECT asset, ts, price FROM watch.price;
INSERT INTO watch.model (model, prices, lookback, minimum_observations) VALUES ('a feed', 'watch.feed', 20, 5);
CALL hedge.refresh('watch', as_of => '2024-02-03 00:00:00+00');
ALTER TABLE watch.feed RENAME price TO close;
CALL hedge.refresh('watch', as_of => '2024-02-04 00:00:00+00');
ALTER TABLE watch.feed RENAME close TO price;
ALTER TABLE watch.feed ALTER price TYPE text;
CALL hedge.refresh('watch', 'a feed', as_of => '2024-02-04 00:00:00+00');
ALTER TABLE watch.feed RENAME TO feed_gone;
CALL hedge.refresh('watch', 'a feed', as_of => '2024-02-04 00:00:00+00');
SELECT model, as_of = '2024-02-04 00:00:00+00' AS new, last_refresh_status, failures, last_error FROM watch.model_health ORDER BY model;
SELECT count(*) AS blocks_without_run FROM watch.return_block AS b
WHERE NOT EXISTS (SELECT FROM watch.model_run AS r WHERE b.block = ANY (r.blocks));
DELETE FROM watch.model WHERE model = 'a feed';
DROP TABLE watch.feed_gone;

-- a cancelled one is logged, too
CREATE VIEW watch.slow_feed AS SELECT asset, ts, price FROM watch.price, pg_sleep(60) AS s;
UPDATE watch.book SET prices = 'watch.slow_feed';
SET statement_timeout = '200ms';
CALL hedge.refresh('watch', as_of => '2024-02-04 00:00:00+00');
RESET statement_timeout;
SELECT status, error_code, error FROM watch.refresh_log ORDER BY entry DESC LIMIT 1;
DROP VIEW watch.slow_feed;

-- as is one whose session ended
INSERT INTO watch.refresh_log (model, action, status, started_at) VALUES ('default', 'refresh', 'running', now() - interval '1 minute');
SELECT last_refresh_status, failures FROM watch.model_health;

-- relations of others
RESET ROLE;
CREATE TABLE public.secret_prices AS SELECT * FROM watch.price;
SET ROLE regress_refresh_owner;
UPDATE watch.book SET prices = 'public.secret_prices';
CALL hedge.refresh('watch', as_of => '2024-02-04 00:00:00+00');
SELECT hedge.create_book('second', prices => 'public.secret_prices');
RESET ROLE;
DROP TABLE public.secret_prices;
SET ROLE regress_refresh_owner;
CALL hedge.refresh('watch', as_of => '2024-02-04 00:00:00+00');
UPDATE watch.book SET prices = NULL;

-- readers
GRANT USAGE ON SCHEMA watch TO regress_refresh_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA watch TO regress_refresh_reader;
SET ROLE regress_refresh_reader;
SELECT count(*) FROM watch.offsetting_pairs;
SELECT portfolio, net_risk IS NOT NULL AS has_risk FROM watch.portfolio_risk ORDER BY portfolio;
CALL hedge.refresh('watch');
CALL hedge.rebuild('watch');
SET ROLE regress_refresh_owner;
-- with a policy on positions a reader sees the pairs of what he may see
ALTER TABLE watch.position ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON watch.position FOR SELECT TO regress_refresh_reader USING (portfolio = 'q');
SET ROLE regress_refresh_reader;
SELECT portfolio FROM watch.portfolio_risk ORDER BY portfolio;
SELECT DISTINCT portfolio FROM watch.offsetting_pairs;
SET ROLE regress_refresh_owner;
SELECT portfolio FROM watch.portfolio_risk ORDER BY portfolio;
ALTER TABLE watch.position DISABLE ROW LEVEL SECURITY;

-- an fx_asset that seems to be quoted upside down, by its name, and one that does not
INSERT INTO watch.instrument (asset, currency, fx_asset) VALUES ('A', 'JPY', 'USD/JPY'), ('B', 'EUR', 'C');
SET client_min_messages = notice;
CALL hedge.refresh('watch', as_of => '2024-02-03 00:00:00+00');
SET client_min_messages = warning;
DELETE FROM watch.instrument;

-- jumps, told once; names that look like others
SELECT hedge.create_book('jumpy');
UPDATE jumpy.model SET lookback = 40, minimum_observations = 20, retention = 1;
INSERT INTO jumpy.instrument (asset, return_kind) VALUES ('Power', 'difference');
INSERT INTO jumpy.price
SELECT asset, timestamptz '2024-01-01 00:00:00+00' + i * interval '1 day', (100 + sin(i * ascii(asset))) / CASE WHEN asset = 'Split' AND i > 30 THEN 2 ELSE 1 END
	* CASE WHEN asset = 'Tick' AND i = 20 THEN 10 ELSE 1 END - CASE WHEN asset = 'Power' AND i = 46 THEN 200 ELSE 0 END
FROM unnest(ARRAY['Calm', 'Split', 'Tick', 'Power']) AS asset, generate_series(0, 46) AS i;
INSERT INTO jumpy.position VALUES ('p', 'split', 1), ('p', 'Calm ', 1), ('p', 'nothing like it', 1);
SET client_min_messages = notice;
CALL hedge.refresh('jumpy', as_of => '2024-02-16 12:00:00+00');
DELETE FROM jumpy.position;
CALL hedge.refresh('jumpy', as_of => '2024-02-16 12:00:00+00');
INSERT INTO jumpy.price SELECT asset, ts + interval '46 days', price FROM jumpy.price WHERE ts = '2024-01-02 00:00:00+00';
CALL hedge.refresh('jumpy', as_of => '2024-02-17 12:00:00+00');
UPDATE jumpy.price SET price = price / 10 WHERE asset = 'Tick' AND ts = '2024-01-21 00:00:00+00';
CALL hedge.rebuild('jumpy', as_of => '2024-02-17 12:00:00+00');

-- what margins are made with, under names that nothing has
INSERT INTO jumpy.instrument (asset, bucket) VALUES ('Tick', 'oil'), ('no price yet', NULL);
INSERT INTO jumpy.margin_weight VALUES ('Tick', 0.1), ('tick', 0.1), ('no price yet', 0.1);
INSERT INTO jumpy.margin_bucket (bucket, correlation) VALUES ('', 0), ('oil', 0.5), ('Oil', 0.5);
INSERT INTO jumpy.margin_bucket_pair VALUES ('', 'oil', 0), ('Oil', 'oil', 0);
INSERT INTO jumpy.spread VALUES ('crack', 1);
INSERT INTO jumpy.spread_leg VALUES ('crack', 'Tick', 1, 'A', 0.5), ('crack', 'Tock', 1, 'B', 0.5);
CALL hedge.refresh('jumpy', as_of => '2024-02-17 12:00:00+00');
SET client_min_messages = warning;
SELECT asset, jump FROM jumpy.data_quality ORDER BY asset COLLATE "C";
SELECT hedge.drop_book('jumpy', force => true);

-- a filter on portfolio reaches every scan of positions, in each view that has one
INSERT INTO watch.position SELECT 'p' || i, 'A', 1 FROM generate_series(1, 2000) AS i;
ANALYZE watch.position;
CREATE FUNCTION pg_temp.position_scans(query text) RETURNS SETOF jsonb LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (COSTS OFF, FORMAT JSON) ' || query INTO plan;
	RETURN QUERY SELECT jsonb_path_query(plan, 'strict $.** ? (@."Relation Name" == "position")');
END $$;
SELECT v AS view, count(*) > 0 AS scanned,
	bool_and(coalesce(scan ->> 'Index Cond', scan ->> 'Recheck Cond', '') ~ 'portfolio = ''p7''') AS by_portfolio
FROM unnest(ARRAY['exposure', 'offsetting_pairs', 'concentrating_pairs', 'portfolio_risk']) AS v,
	pg_temp.position_scans(format('SELECT * FROM watch.%I WHERE portfolio = ''p7''', v)) AS scan
GROUP BY v ORDER BY v;

DROP FUNCTION pg_temp.position_scans(text);
SELECT hedge.drop_book('watch', force => true);
RESET ROLE;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM regress_refresh_owner', current_database()); END $$;
DROP ROLE regress_refresh_owner, regress_refresh_reader;
