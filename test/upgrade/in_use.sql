-- A small database with books in use, the same every time: what an upgrade must bring along. Kept of
-- every release as test/data/book-VERSION.sql (sql/upgrade/freeze), so it says only what 0.1.0 could.
-- desk has its own tables, two models, a row-level policy, a reader, an alert that was acknowledged and one that
-- was not; macro stands over relations. Roles upgrade_owner and upgrade_reader exist.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET timezone = 'UTC';
SET ROLE upgrade_owner;
SELECT hedge.create_book('desk', base_currency => 'EUR') \g /dev/null

-- B follows A until day 190, D follows C until day 200; numbers are made of digests.
INSERT INTO desk.price
WITH number AS MATERIALIZED (
	SELECT d, n, sum((('x' || substr(md5(format('%s %s %s', k, n, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS z
	FROM generate_series(1, 270) AS d, generate_series(1, 12) AS k, unnest('{a,b,c,d}'::text[]) AS n
	GROUP BY d, n
), r AS (
	SELECT d, v.asset, v.r
	FROM (SELECT d, max(z) FILTER (WHERE n = 'a') AS a, max(z) FILTER (WHERE n = 'b') AS b,
			max(z) FILTER (WHERE n = 'c') AS c, max(z) FILTER (WHERE n = 'd') AS e
		FROM number GROUP BY d) AS w
	CROSS JOIN LATERAL (VALUES ('A', a), ('B', CASE WHEN d <= 190 THEN 0.9 * a + 0.4 * b ELSE b END),
		('C', c), ('D', CASE WHEN d <= 200 THEN -0.9 * c + 0.4 * e ELSE e END)) AS v (asset, r)
)
SELECT asset, timestamptz '2025-01-01 12:00:00+00' + d * interval '1 day',
	round((100 * exp(0.01 * sum(r) OVER (PARTITION BY asset ORDER BY d)))::numeric, 2)
FROM r;
DELETE FROM desk.price WHERE asset = 'D' AND extract(day FROM ts) = 7;		-- gaps, so that matrices are pairwise
INSERT INTO desk.instrument (asset, currency, contract_size, fx_asset, funded, bucket, cost)
	VALUES ('A', 'USD', 10, 'D', true, 'first', 0.0002), ('B', NULL, 5, NULL, false, 'first', NULL);
INSERT INTO desk.position VALUES ('one', 'A', 100, 1), ('one', 'B', -210, 1), ('two', 'C', 10, 0.5), ('two', 'D', 12, 1),
	('two', 'A', 1, 1), ('three', 'unpriced', 7, 1);
UPDATE desk.model SET lookback = 120, retention = 3, minimum_evidence = 60, rolling_bars = 20, stale_after = 7,
	calendar_quorum = 0.7;
INSERT INTO desk.model (model, lookback, return_kind, bar, evidence, pairs_kept, retention, calendar_quorum)
	VALUES ('weekly', 60, 'log', '7 days', 'all', 2, 2, 0.5);
UPDATE desk.model SET minimum_observations = 10, rolling_bars = 10 WHERE model = 'weekly';
SELECT format('CALL hedge.refresh(%L, %L, as_of => %L)', 'desk', 'default', timestamptz '2025-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(130, 260, 10) AS d \gexec
CALL hedge.refresh('desk', 'weekly', as_of => '2025-09-18 20:00:00+00');
SELECT hedge.acknowledge('desk', min(alert)) FROM desk.alert \g /dev/null
DO $$ BEGIN CALL hedge.refresh('desk', 'default', as_of => '2024-01-01'); EXCEPTION WHEN OTHERS THEN NULL; END $$;

CREATE SCHEMA market;
CREATE VIEW market.close AS SELECT asset, ts::date AS ts, price::numeric AS price FROM desk.price WHERE asset < 'D';
CREATE VIEW market.held AS SELECT 7 AS portfolio, asset, quantity::numeric AS quantity FROM desk.position WHERE asset < 'D';
SELECT hedge.create_book('macro', positions => 'market.held', prices => 'market.close') \g /dev/null
UPDATE macro.model SET lookback = 80, evidence = 'none';
CALL hedge.refresh('macro', as_of => '2025-09-18');

-- Rights: a level, and other ones; policies; a view of the owner's.
SELECT hedge.grant_book('desk', 'upgrade_reader'), hedge.restrict_book('desk') \g /dev/null
GRANT SELECT (portfolio, net_risk) ON desk.portfolio_risk TO PUBLIC;
GRANT UPDATE ON desk.position TO upgrade_reader WITH GRANT OPTION;
ALTER TABLE desk.position ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_portfolio ON desk.position FOR SELECT TO upgrade_reader USING (portfolio = 'two');
GRANT USAGE ON SCHEMA macro, market TO upgrade_reader;
GRANT SELECT ON macro.data_quality, macro.model_health TO upgrade_reader WITH GRANT OPTION;
CREATE VIEW market.report AS SELECT portfolio, sum(risk_offset) AS risk_offset FROM desk.materialized_offsets GROUP BY 1;
RESET ROLE;
