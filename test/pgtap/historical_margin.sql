-- Margin from history: of profits and losses in arrays; of a book its own window, a stress period and a long history in
-- the window of another model.
BEGIN;
SELECT no_plan();
SET LOCAL jit = off;
CREATE VIEW swings AS SELECT array_agg(x ORDER BY i) AS p FROM (SELECT i, CASE WHEN i > 90 THEN 3 ELSE 1 END * (CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END)::float8 * (1 + i % 7) AS x FROM generate_series(1, 100) i) t;
SELECT ok(margin = expected_shortfall AND binding = 'history' AND scale = 1 AND abs(expected_shortfall - hedge.expected_shortfall(p, 0.95)) < 1e-12, 'history') FROM swings, hedge.historical_margin(p, level => 0.95);
SELECT ok(abs(margin - (0.75 * expected_shortfall + 0.25 * 1000)) < 1e-9 AND binding = 'stress' AND stressed_shortfall = 1000, 'a stress period') FROM swings, hedge.historical_margin(p, '{-1000,5,5}');
SELECT ok(margin = expected_shortfall AND binding = 'history', 'a mild one lowers nothing') FROM swings, hedge.historical_margin(p, '{-1,5,5}');
SELECT ok(margin = 500 AND binding = 'floor', 'a floor from a long history') FROM swings, hedge.historical_margin(p, long_history => array_fill(1::float8, '{99}') || '{-500}');
SELECT ok(abs(scale - s / l) < 1e-12 AND abs(margin - scale * expected_shortfall) < 1e-9 AND scale > 1.5, 'scaled while markets move more')
FROM swings, hedge.historical_margin(p, short_bars => 10), (SELECT stddev_samp(x) AS l, stddev_samp(x) FILTER (WHERE i > 90) AS s FROM swings, unnest(p) WITH ORDINALITY u (x, i)) d;
SELECT ok(hedge.volatility_scale('{5,-5,5,-5,1,-1}', 2) = 1 AND hedge.volatility_scale('{1,-1,1,-1,5,-5}', 2, 1.2) = 1.2 AND hedge.volatility_scale('{1,1,1}', 2) = 1
	AND hedge.volatility_scale('{1}', 2) IS NULL AND hedge.volatility_scale('{1,-1,5}', 3) IS NULL, 'never below 1, nor above a limit');
SELECT ok(margin = 0 AND expected_shortfall < 0, 'a portfolio that never lost') FROM hedge.historical_margin('{1,2,3}', level => 0.5);
SELECT ok(abs(margin - 25) < 1e-12 AND binding = 'stress', 'nor do its profits make a stress period milder') FROM hedge.historical_margin('{1,2,3}', '{-100}', level => 0.5);
SELECT ok(margin = 0 AND binding = 'history', 'nor those of a stress period a history') FROM hedge.historical_margin('{1,2,3}', '{100}', level => 0.5);
SELECT ok(margin IS NULL AND binding IS NULL AND windows = 0 AND missing_windows = 1, 'no history') FROM hedge.historical_margin('{NULL}');
-- what is asked for and not known is not left out
SELECT ok(margin IS NULL AND binding IS NULL AND stressed_windows = 0 AND expected_shortfall > 0, 'a stress period without a number: ' || s::text)
FROM swings, unnest(ARRAY['{}', '{NULL,NULL}', '{NaN}']) s, hedge.historical_margin(p, s::float8[]);
SELECT ok(margin IS NULL AND stressed_windows = 0, 'one shorter than the horizon') FROM swings, hedge.historical_margin(p, '{-1000,-1000}', level => 0.9, horizon => 3);
SELECT ok(margin IS NULL AND floor_windows = 2, 'a long history too short for the level') FROM swings, hedge.historical_margin(p, long_history => '{-1000,-1000}');
SELECT ok(scale IS NULL AND margin IS NULL, 'a scale that is not known') FROM swings, hedge.historical_margin(p, short_bars => 100);
SELECT ok(margin IS NULL AND expected_shortfall = 5 AND windows = 1, 'of one loss, no level') FROM hedge.historical_margin('{-5}');
SELECT ok(margin IS NULL AND windows = 99, 'nor of 99 one of 99 %') FROM swings, hedge.historical_margin(p[2:]);
SELECT ok(abs(margin - 5) < 1e-9 AND windows = 3 AND missing_windows = 2, 'bars without a number are counted') FROM hedge.historical_margin('{1,NULL,-5,NaN,2}', level => 2 / 3.0);
SELECT ok(windows = 2 AND missing_windows = 3, 'as sums over the horizon') FROM hedge.historical_margin('{1,2,NULL,-5,2,NULL}', level => 0.6, horizon => 2);
SELECT throws_ok(format($$SELECT hedge.historical_margin(%L, %L, 0.5, long_history => %L)$$, a, b, c), '22023', 'a profit or loss is infinite')
FROM (VALUES ('{1,-Infinity,-5,2}', NULL, NULL), ('{1}', '{Infinity}', NULL), ('{1}', '{1}', '{-Infinity}')) v (a, b, c);
SELECT throws_ok($$SELECT hedge.volatility_scale('{1}', 1)$$, '22023', 'short_bars 1 is not at least 2');
SELECT throws_ok($$SELECT hedge.historical_margin('{1}', stress_weight => 2)$$, '22023', 'stress_weight 2 is not from 0 to 1');

-- of a book
SELECT hedge.create_book('desk');
UPDATE desk.model SET lookback = 120, minimum_observations = 60;
INSERT INTO desk.model (model, lookback, minimum_observations, calendar_quorum) VALUES ('short', 40, 20, 0.5), ('long', 400, 60, 0.5);
-- Bars 101 to 140 are a crisis; "young" begins at 300, "still" never moves, "few" has ten prices, EURUSD as many.
INSERT INTO desk.price
SELECT a.asset, timestamptz '2024-01-01' + t * interval '1 day',
	CASE a.asset WHEN 'still' THEN 50 ELSE 100 * exp(sum(CASE WHEN t BETWEEN 101 AND 140 THEN 0.05 ELSE 0.01 END * (sin(t * t * a.n) + a.n * cos(t * 1.3))) OVER (PARTITION BY a.asset ORDER BY t)) END
FROM (VALUES ('a', 1, 0), ('b', 2, 0), ('young', 3, 300), ('still', 4, 0), ('few', 5, 410), ('X', 1.5, 0), ('EURUSD', 0.3, 410)) AS a (asset, n, first), generate_series(0, 420) AS t
WHERE t >= a.first;
INSERT INTO desk.instrument (asset, currency, fx_asset, funded) VALUES ('X', 'EUR', 'EURUSD', true);
INSERT INTO desk.position VALUES ('pair', 'a', 100), ('pair', 'b', -60), ('with young', 'a', 100), ('with young', 'young', -50),
	('with still', 'a', 100), ('with still', 'still', 1000), ('still', 'still', 1000), ('flat', 'a', 1), ('flat', 'a', -1), ('with few', 'a', 100), ('with few', 'few', 10),
	('abroad', 'X', 100);
UPDATE desk.model SET calendar_quorum = 0.5;
CALL hedge.refresh('desk', as_of => '2025-02-24');
ANALYZE;

-- of prices, without any function of the extension
CREATE VIEW pnl AS
SELECT p.portfolio, x.ts, sum(p.quantity * e.price * x.return) AS profit, count(*) = (SELECT count(*) FROM desk.position q WHERE q.portfolio = p.portfolio) AS whole
FROM desk.position p
JOIN (SELECT DISTINCT asset, price FROM desk.exposure WHERE model = 'default') e USING (asset)
JOIN (SELECT asset, ts, price / lag(price) OVER (PARTITION BY asset ORDER BY ts) - 1 AS return FROM desk.price) x USING (asset)
WHERE x.return IS NOT NULL GROUP BY p.portfolio, x.ts;
CREATE FUNCTION shortfall(who text, since timestamptz, until timestamptz) RETURNS float8 LANGUAGE sql AS $$
	-- the worst share 0.01 of n periods: of n up to 200, the worst and (0.01 * n - 1) times the next
	SELECT CASE WHEN n <= 100 THEN worst[1] ELSE (worst[1] + (0.01 * n - 1) * worst[2]) / (0.01 * n) END
	FROM (SELECT count(*) AS n, (array_agg(-profit ORDER BY profit))[1:2] AS worst FROM pnl WHERE portfolio = who AND whole AND ts > since AND ts <= until) s $$;

SELECT ok(windows = 120 AND missing_windows = 0 AND margin_coverage = 1 AND unmargined_positions = 0 AND positions = 2 AND level = 0.99 AND horizon = 1 AND scale = 1
	AND binding = 'history' AND stressed_shortfall IS NULL AND floor_shortfall IS NULL AND stressed_windows IS NULL AND floor_windows IS NULL
	AND abs(margin / shortfall('pair', '2024-10-27', '2025-02-24') - 1) < 1e-9, 'the window of the model')
FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'default';
SELECT ok(margin IS NULL AND expected_shortfall IS NOT NULL AND windows = 40, 'of 40 bars no margin at 99 %') FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'short';
SELECT ok(margin = 0 AND margin_coverage IS NULL AND unmargined_positions = 0, 'nothing to margin') FROM desk.historical_margin WHERE portfolio = 'flat' AND model = 'default';
SELECT ok(margin IS NULL AND unmargined_positions = 1 AND margin_coverage = 0, 'a price that never moved has no margin, not one of 0') FROM desk.historical_margin WHERE portfolio = 'still' AND model = 'default';
SELECT ok(margin > 0 AND unmargined_positions = 1 AND margin_coverage BETWEEN 0.01 AND 0.99, 'a margin of a part says so: ' || portfolio)
FROM desk.historical_margin WHERE portfolio IN ('with still', 'with few') AND model = 'default';
SELECT ok(unmargined_positions = 1 AND margin_coverage < 0.6, 'as does one without the currency that holdings are funded in') FROM desk.historical_margin WHERE portfolio = 'abroad' AND model = 'default';

-- a stress period and a long history, of the same positions at present prices
INSERT INTO desk.historical_margin_setting (model, long_model, stress_from, stress_until, stress_weight) VALUES ('default', 'long', '2024-04-11', '2024-05-20', 0.4);
SELECT ok(stressed_windows = 40 AND floor_windows = 400 AND binding = 'floor' AND margin = floor_shortfall
	AND abs(stressed_shortfall / shortfall('pair', '2024-04-10', '2024-05-20') - 1) < 1e-9
	AND abs(floor_shortfall / h.expected_shortfall - 1) < 1e-9, 'stress and floor')
FROM desk.historical_margin, LATERAL (SELECT hedge.expected_shortfall(array_agg(profit ORDER BY ts), 0.99) AS expected_shortfall FROM pnl WHERE portfolio = 'pair' AND ts > '2024-01-21') h
WHERE portfolio = 'pair' AND model = 'default';
UPDATE desk.historical_margin_setting SET floor = false;
SELECT ok(binding = 'stress' AND abs(margin / (0.6 * expected_shortfall + 0.4 * stressed_shortfall) - 1) < 1e-12 AND margin > 1.3 * expected_shortfall AND floor_windows IS NULL, 'a stress period')
FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'default';
SELECT ok(margin IS NULL AND stressed_windows = 0 AND expected_shortfall > 0, 'one that a holding did not see leaves no margin') FROM desk.historical_margin WHERE portfolio = 'with young' AND model = 'default';
UPDATE desk.historical_margin_setting SET stress_from = '2024-01-10';
SELECT ok(margin IS NULL AND stressed_windows = 0, 'nor one that has left the window') FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'default';
UPDATE desk.historical_margin_setting SET stress_from = '2025-01-01', stress_until = '2025-01-31', long_model = NULL;
SELECT ok(stressed_windows = 31 AND floor_windows IS NULL AND margin >= expected_shortfall
	AND abs(stressed_shortfall / shortfall('pair', '2024-12-31', '2025-01-31') - 1) < 1e-9, 'a stress period in the window of the model itself')
FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'default';
UPDATE desk.historical_margin_setting SET long_model = 'long', stress_from = NULL, stress_until = NULL, floor = true;
UPDATE desk.model SET return_kind = 'difference' WHERE model = 'long';
CALL hedge.rebuild('desk', 'long', '2025-02-24', as_of => '2025-02-24');
SELECT ok(margin IS NULL AND floor_windows = 0, 'nor one whose returns are in units of price') FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'default';
DELETE FROM desk.model_run WHERE model = 'long';
SELECT ok(margin IS NULL AND floor_windows = 0 AND expected_shortfall > 0, 'nor does a model without a run') FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'default';
SELECT throws_ok($$DELETE FROM desk.model WHERE model = 'long'$$, '23503');

-- scale, level and holding period
UPDATE desk.historical_margin_setting SET long_model = NULL, short_bars = 15, largest_scale = 1.01;
SELECT ok(scale BETWEEN 1 AND 1.01 AND abs(margin - scale * expected_shortfall) < 1e-9, 'a scale') FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'default';
UPDATE desk.historical_margin_setting SET short_bars = 120;
SELECT ok(scale IS NULL AND margin IS NULL, 'over the whole window it is not known') FROM desk.historical_margin WHERE portfolio = 'pair' AND model = 'default';
DELETE FROM desk.historical_margin_setting;
INSERT INTO desk.margin_setting (model, level, holding_bars) VALUES ('default', 0.9, 2.5);
SELECT ok(v.level = 0.9 AND v.horizon = 3 AND v.windows = 118 AND abs(v.margin - h.expected_shortfall) < 1e-9, 'of margin_setting, bars rounded up')
FROM desk.historical_margin v, LATERAL (SELECT hedge.expected_shortfall(array_agg(profit ORDER BY ts), 0.9, 3) AS expected_shortfall FROM pnl WHERE portfolio = 'pair' AND ts > '2024-10-27') h
WHERE v.portfolio = 'pair' AND v.model = 'default';
SELECT ok(bool_and(h.stale_positions = 0 AND m.stale_positions = 0), 'at fresh prices') FROM desk.historical_margin h JOIN desk.portfolio_margin m USING (portfolio, model);
CALL hedge.refresh('desk', 'default', as_of => '2025-03-31');
SELECT results_eq($$SELECT portfolio, h.stale_positions, m.stale_positions FROM desk.historical_margin h JOIN desk.portfolio_margin m USING (portfolio, model)
	WHERE model = 'default' AND portfolio IN ('pair', 'with still') ORDER BY 1$$, $$VALUES ('pair', 2, 2), ('with still', 1, 1)$$, 'at stale ones, of what is margined');
SELECT throws_ok($$INSERT INTO desk.historical_margin_setting (model, long_model) VALUES ('default', 'default')$$, '23514');
SELECT throws_ok($$INSERT INTO desk.historical_margin_setting (model, long_model) VALUES ('default', 'none')$$, '23503');
SELECT throws_ok($$INSERT INTO desk.historical_margin_setting (model, stress_from) VALUES ('default', '2024-01-01')$$, '23514');
SELECT throws_ok($$INSERT INTO desk.historical_margin_setting (model, stress_weight) VALUES ('default', 1.5)$$, '23514');
SELECT throws_ok($$INSERT INTO desk.historical_margin_setting (model, short_bars) VALUES ('default', 1)$$, '23514');
SELECT throws_ok($$INSERT INTO desk.historical_margin_setting (model, largest_scale) VALUES ('default', 'NaN')$$, '23514');

SELECT * FROM finish();
ROLLBACK;
