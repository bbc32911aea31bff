-- neutral_trades and beta: once the trade is booked nothing is left to trade, the currency that a trade exposes
-- to counts, and what is not known shows.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
SELECT setseed(0.42);

CREATE TABLE held (portfolio text, asset text, quantity float8, delta float8 DEFAULT 1);
SELECT hedge.create_book('b', positions => 'held', base_currency => 'USD');
INSERT INTO b.price
WITH s AS MATERIALIZED (SELECT t, (random() - 0.5) / 30 AS x, (random() - 0.5) / 50 AS fx FROM generate_series(1, 260) AS t)
SELECT asset, timestamptz '2024-01-01 16:00+00' + t * interval '1 day', 100 * exp(sum(r) OVER (PARTITION BY asset ORDER BY t))
FROM (SELECT asset, t, beta * x + fxb * fx + own * (random() - 0.5) AS r
	FROM s, (VALUES ('Index', 1, 0, 0), ('A', 1.2, 0, 0.03), ('B', 0.8, 0, 0.03), ('Fund', 0.9, 0, 0.01), ('EURUSD', 0, 1, 0)) AS a (asset, beta, fxb, own)) AS f;
INSERT INTO b.price SELECT 'New', ts, price FROM b.price WHERE asset = 'A' AND ts > '2024-09-01';
INSERT INTO b.instrument (asset, benchmark, carry, lot_size, currency, fx_asset, funded) VALUES ('A', 'Index', 0.02, 1, NULL, NULL, false), ('B', 'Index', 0.01, 1, NULL, NULL, false),
	('New', 'Index', 0.01, 1, NULL, NULL, false), ('Index', NULL, 0, 1, NULL, NULL, false), ('Fund', NULL, 0.03, 1, 'EUR', 'EURUSD', true), ('EURUSD', NULL, 0.01, 1, NULL, NULL, false);
CALL hedge.refresh('b', as_of => '2024-09-17');

-- The benchmark counts with itself, whatever it names: the trade ends what it is for.
INSERT INTO held VALUES ('beta', 'A', 10000), ('beta', 'B', 5000), ('chain', 'A', 10000), ('chain', 'Index', -7000);
CREATE TABLE hedged AS SELECT * FROM b.neutral_trades WHERE portfolio = 'beta' AND kind = 'beta';
INSERT INTO held SELECT portfolio, asset, trade_contracts FROM hedged;
SELECT ok(h.trade_contracts < -10000 AND n.trade_contracts = 0 AND abs(n.net - h.net_after) < 1e-6 AND abs(n.net_risk_after - h.net_risk_after) < 1e-9 * h.net_risk_after, 'booked, it is neutral to beta')
FROM hedged AS h JOIN b.neutral_trades AS n USING (portfolio, kind, asset);
SELECT ok(abs(r.beta_exposure - n.net) < 1e-6 AND r.beta_coverage = 1 AND abs(r.beta - n.net / r.gross_notional) < 1e-12, 'in portfolio_risk, too')
FROM b.neutral_trades AS n JOIN b.portfolio_risk AS r USING (portfolio) WHERE portfolio = 'beta' AND kind = 'beta';
CREATE TABLE chain AS SELECT kind, asset, net FROM b.neutral_trades WHERE portfolio = 'chain' AND kind = 'beta';
UPDATE b.instrument SET benchmark = 'EURUSD' WHERE asset = 'Index';
SELECT results_eq($$SELECT kind, asset, net FROM b.neutral_trades WHERE portfolio = 'chain' AND kind = 'beta'$$, 'SELECT * FROM chain', 'whatever benchmark it names itself');
SELECT ok(abs(r.beta_exposure - c.net) < 1e-6 AND r.beta_coverage = 1, 'and once in portfolio_risk') FROM b.portfolio_risk AS r, chain AS c WHERE portfolio = 'chain';
UPDATE b.instrument SET benchmark = NULL WHERE asset = 'Index';

-- A band, a share of what is held.
UPDATE b.model SET neutral_band = 0.1;
SELECT is_empty($$SELECT * FROM b.neutral_trades WHERE kind <> 'dollar' AND
		CASE WHEN abs(net) <= band THEN trade_contracts <> 0 ELSE NOT (trade_contracts <> 0 AND abs(net_after) BETWEEN 0.99 * band AND band) END$$, 'to the edge of the band, and nothing within');
SELECT ok(count(*) FILTER (WHERE trade_contracts = 0) = 1 AND bool_and(abs(band - 0.1 * r.gross_notional) < 1e-6), 'a tenth of the gross notional')
FROM b.neutral_trades JOIN b.portfolio_risk AS r USING (portfolio) WHERE portfolio = 'beta' AND kind <> 'dollar';
UPDATE b.model SET neutral_band = 0;
SELECT throws_ok('UPDATE b.model SET neutral_band = -1', '23514', NULL, 'a band is not negative');

-- A funded foreign trade takes its currency with it; money counts once.
INSERT INTO held VALUES ('foreign', 'Fund', 100), ('foreign', 'Index', -40);
CREATE TABLE before AS SELECT * FROM b.neutral_trades WHERE portfolio = 'foreign';
SELECT ok((SELECT abs(net - r.net_notional) < 1e-6 AND abs(net - r.net_delta) > 1000 FROM before JOIN b.portfolio_risk AS r USING (portfolio) WHERE kind = 'dollar'), 'dollar counts a holding once, without its currency');
INSERT INTO held SELECT 'foreign', asset, trade_contracts FROM before WHERE asset = 'Fund';
SELECT ok(n.net = 0 AND f.net_risk_after > 0 AND abs(f.net_risk_after - r.net_risk) < 1e-9 * r.net_risk AND abs(f.carry - n.carry) < 1e-9 AND e.net = 0, 'net_risk_after and carry are those of the trade booked')
FROM before AS f, b.neutral_trades AS n, b.neutral_trades AS e, b.portfolio_risk AS r
WHERE f.asset = 'Fund' AND r.portfolio = 'foreign' AND n.portfolio = 'foreign' AND n.asset = 'Fund' AND e.portfolio = 'foreign' AND e.asset = 'EURUSD';

-- Carry is that of all holdings; where something is in no risk there is none for its risk.
INSERT INTO held VALUES ('carry', 'A', 1000), ('carry', 'New', -10000);
SELECT ok(abs(n.carry - e.carry) < 1e-9 * abs(e.carry) AND n.carry_per_risk IS NULL AND abs(n.risk_coverage - r.risk_coverage) < 1e-12 AND n.risk_coverage < 0.2, 'carry of what has no estimate counts')
FROM b.neutral_trades AS n JOIN b.portfolio_risk AS r USING (portfolio), (SELECT sum(x.exposure * i.carry) AS carry FROM b.exposure AS x JOIN b.instrument AS i USING (asset) WHERE portfolio = 'carry') AS e
WHERE n.portfolio = 'carry' AND n.kind = 'dollar';
SELECT ok(abs(coverage - risk_coverage) < 1e-12 AND net > 0 AND note IS NULL, 'what has no beta is not in net, and coverage says so') FROM b.neutral_trades WHERE portfolio = 'carry' AND kind = 'beta';
SELECT ok(net < 0 AND trade_contracts = 10000 AND net_after = 0, 'delta needs no estimate') FROM b.neutral_trades WHERE portfolio = 'carry' AND asset = 'New';

-- What has no exposure leaves nothing that could be neutral.
INSERT INTO held VALUES ('unknown', 'A', 10000, NULL), ('unknown', 'Index', -5000, 1), ('unknown', 'EURUSD', 5, 1);
SELECT results_eq($$SELECT kind, asset, net IS NULL, trade_contracts, carry, coverage, note FROM b.neutral_trades WHERE portfolio = 'unknown' ORDER BY kind, asset$$,
	$$VALUES ('beta', 'Index', true, NULL::float8, NULL::float8, NULL::float8, 'A has no exposure'), ('delta', 'A', true, NULL, NULL, NULL, 'A has no exposure'),
		('delta', 'EURUSD', false, -5, NULL, 1, NULL), ('delta', 'Index', false, 5000, NULL, 1, NULL), ('dollar', NULL, true, NULL, NULL, NULL, 'A has no exposure')$$,
	'an unknown delta is no delta of 0');
INSERT INTO held VALUES ('nameless', NULL, 1), ('nowhere', 'Nowhere', 1);
SELECT results_eq($$SELECT portfolio, kind, asset, net, note FROM b.neutral_trades WHERE portfolio IN ('nameless', 'nowhere') ORDER BY 1, 2$$,
	$$VALUES ('nameless', 'dollar', NULL, NULL::float8, 'a position without an asset has no exposure'), ('nowhere', 'delta', 'Nowhere', NULL, 'Nowhere has no exposure'),
		('nowhere', 'dollar', NULL, NULL, 'Nowhere has no exposure')$$, 'nor is what has no price');
CALL hedge.refresh('b', as_of => '2025-09-17');
SELECT ok(bool_and(note = 'stale price' OR kind = 'dollar'), 'a stale price is told of') FROM b.neutral_trades WHERE portfolio = 'beta';

-- One portfolio is one portfolio's work.
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END$$;
SELECT isnt_empty($$SELECT * FROM pg_temp.plan('SELECT * FROM b.neutral_trades WHERE portfolio = ''beta''') AS line WHERE line ~ '(Cond|Filter): .*portfolio.* = ''beta'''$$,
	'a filter on portfolio reaches the scan of positions');
SELECT * FROM finish();
ROLLBACK;
