-- The views of a book against the same numbers computed in plain SQL.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

-- 300 days of walks that share a factor. Spread is a price difference that crosses zero; Late has 20 days.
SELECT setseed(0.1);
CREATE TABLE px (asset text, ts timestamptz, price float8);
WITH factor AS MATERIALIZED (
	SELECT d, (random() - 0.5) * 0.03 AS f FROM generate_series(0, 299) AS d
), step AS MATERIALIZED (
	SELECT a.asset, d, a.load * f + (random() - 0.5) * 0.02 AS r
	FROM factor CROSS JOIN (VALUES ('Alpha', 1.0), ('Beta', 0.8), ('Gamma', -0.9), ('Euro', 0.2), ('Stock', 1.1),
		('Coin', 2.0), ('Index', 1.0), ('Spread', 1.0)) AS a (asset, load)
)
INSERT INTO px
SELECT asset, timestamptz '2024-01-01 16:00:00+00' + d * interval '1 day',
	CASE asset WHEN 'Spread' THEN 100 * sum(r) OVER w
		WHEN 'Euro' THEN 1.1 * exp(sum(r) OVER w) ELSE 50 * exp(sum(r) OVER w) END
FROM step WINDOW w AS (PARTITION BY asset ORDER BY d);
INSERT INTO px SELECT 'Late', ts, 7 + random() FROM px WHERE asset = 'Alpha' AND ts > '2024-10-06';

CREATE TABLE holdings (portfolio varchar, asset varchar, quantity integer, delta numeric);
INSERT INTO holdings VALUES
	('mix', 'Alpha', 100, 1), ('mix', 'Beta', -150, 1), ('mix', 'Gamma', 60, 1), ('mix', 'Stock', 40, 1),
	('mix', 'Coin', -3, 1), ('mix', 'Spread', 20, 1),
	('options', 'Alpha', 10, 0.5), ('options', 'Alpha', 7, -0.25), ('options', 'Beta', -4, 1),
	('gaps', 'Alpha', 5, 1), ('gaps', 'Late', 2, 1), ('gaps', 'Nowhere', 3, 1), ('gaps', 'Nowhere', 4, 1),
	('gaps', 'Orphan', 6, 1),
	('nothing', 'Nowhere', 1, 1),
	('hedged', 'Stock', 40, 1), ('hedged', 'Euro', -2000, 1);

SELECT hedge.create_book('v', positions => 'holdings', prices => 'px');
UPDATE v.model SET lookback = 250, minimum_correlation = 0, horizon = 3, risk_level = 0.95;
INSERT INTO v.instrument (asset, currency, contract_kind, contract_size, fx_asset, funded, benchmark, return_kind) VALUES
	('Alpha', 'USD', 'linear', 10, NULL, false, 'Index', NULL),
	('Beta', NULL, 'linear', 1, NULL, true, 'Index', NULL),
	('Stock', 'EUR', 'linear', 2, 'Euro', true, NULL, NULL),
	('Coin', NULL, 'inverse', 100, NULL, false, NULL, NULL),
	('Orphan', 'XXX', 'linear', 1, NULL, false, NULL, NULL),
	('Spread', NULL, 'linear', 5, NULL, false, 'Index', 'difference');
INSERT INTO px SELECT 'Orphan', ts, price FROM px WHERE asset = 'Alpha';
CALL hedge.refresh('v', as_of => '2024-10-26 20:00:00+00');
SELECT is((SELECT window_end FROM v.latest_run), '2024-10-26 00:00:00+00'::timestamptz, 'as refreshed');

-- The same by hand: returns, last prices, exposures.
CREATE TEMP TABLE r AS
SELECT asset, ts, r FROM (
	SELECT asset, ts, CASE WHEN asset = 'Spread' THEN price - lag(price) OVER w ELSE price / lag(price) OVER w - 1 END AS r
	FROM px WHERE asset <> 'Late' WINDOW w AS (PARTITION BY asset ORDER BY ts)) AS x
WHERE ts > (SELECT max(ts) FROM px) - interval '250 days';
CREATE TEMP TABLE p AS SELECT DISTINCT ON (asset) asset, price FROM px ORDER BY asset, ts DESC;
CREATE TEMP TABLE e AS
SELECT * FROM (VALUES
	('mix', 'Alpha', 100 * 10 * 1.0 * (SELECT price FROM p WHERE asset = 'Alpha')),
	('mix', 'Beta', -150 * (SELECT price FROM p WHERE asset = 'Beta')),
	('mix', 'Gamma', 60 * (SELECT price FROM p WHERE asset = 'Gamma')),
	('mix', 'Stock', 40 * 2 * (SELECT price FROM p WHERE asset = 'Stock') * (SELECT price FROM p WHERE asset = 'Euro')),
	('mix', 'Euro', 40 * 2 * (SELECT price FROM p WHERE asset = 'Stock') * (SELECT price FROM p WHERE asset = 'Euro')),
	('mix', 'Coin', -3 * 100),
	('mix', 'Spread', 20 * 5),
	('options', 'Alpha', (10 * 0.5 - 7 * 0.25) * 10 * (SELECT price FROM p WHERE asset = 'Alpha')),
	('options', 'Beta', -4 * (SELECT price FROM p WHERE asset = 'Beta')),
	('gaps', 'Alpha', 5 * 10 * (SELECT price FROM p WHERE asset = 'Alpha')),
	('gaps', 'Late', 2 * (SELECT price FROM p WHERE asset = 'Late')),
	('gaps', 'Nowhere', NULL), ('gaps', 'Orphan', NULL), ('nothing', 'Nowhere', NULL),
	('hedged', 'Stock', 80 * (SELECT price FROM p WHERE asset = 'Stock') * (SELECT price FROM p WHERE asset = 'Euro')),
	('hedged', 'Euro', (80 * (SELECT price FROM p WHERE asset = 'Stock') - 2000) * (SELECT price FROM p WHERE asset = 'Euro'))
	) AS t (portfolio, asset, exposure);

-- ---------- exposure ----------

SELECT is_empty($$
	SELECT * FROM v.exposure AS x FULL JOIN e USING (portfolio, asset)
	WHERE (x.exposure IS NULL) <> (e.exposure IS NULL) OR x.asset IS NULL OR e.asset IS NULL
		OR abs(x.exposure / e.exposure - 1) > 1e-13$$, 'exposure: linear, inverse, difference, delta, foreign and funded');
SELECT is_empty($$
	SELECT * FROM v.exposure AS x JOIN (SELECT asset, stddev_samp(r) AS s, count(*) AS n FROM r GROUP BY asset) AS s USING (asset)
	WHERE x.price IS NOT NULL AND x.asset <> 'Orphan'
		AND (x.volatility IS NULL OR abs(x.volatility / s.s - 1) > 1e-12 OR x.observations <> s.n
			OR abs(x.volatility_annual / (s.s * sqrt(252)) - 1) > 1e-12 OR abs(x.risk / (x.exposure * s.s) - 1) > 1e-12)$$,
	'volatility and risk');
SELECT results_eq($$SELECT asset, quantity, basis FROM v.exposure WHERE portfolio = 'gaps' ORDER BY asset COLLATE "C"$$,
	$$VALUES ('Alpha', 5::float8, 'linear'), ('Late', 2, 'linear; 20 returns of 60 needed'), ('Nowhere', 7, 'no price'),
		('Orphan', 6, 'currency XXX has no fx_asset')$$, 'what cannot be computed says why; position rows are summed');
SELECT results_eq($$SELECT asset, quantity, basis FROM v.exposure WHERE portfolio IN ('hedged', 'mix') AND asset IN ('Euro', 'Coin', 'Spread') ORDER BY portfolio, asset COLLATE "C"$$,
	$$VALUES ('Euro', -2000::float8, 'linear + currency of funded holdings'), ('Coin', -3, 'inverse'),
		('Euro', NULL, 'currency of funded holdings'), ('Spread', 20, 'linear, per unit of price')$$, 'basis');
SELECT ok((SELECT abs(notional / (80 * (SELECT price FROM p WHERE asset = 'Stock') * fx) - 1) < 1e-13
	AND fx = (SELECT price FROM p WHERE asset = 'Euro') AND currency = 'EUR'
	FROM v.exposure WHERE portfolio = 'mix' AND asset = 'Stock'), 'notional, fx and currency');

-- ---------- pairs ----------

CREATE TEMP TABLE pair AS
SELECT ra.asset AS a, rb.asset AS b, corr(ra.r, rb.r) AS corr, regr_slope(ra.r, rb.r) AS slope,
	covar_samp(ra.r, rb.r) AS cov, stddev_samp(ra.r) AS sa, stddev_samp(rb.r) AS sb, count(*) AS n
FROM r AS ra JOIN r AS rb ON rb.ts = ra.ts
GROUP BY ra.asset, rb.asset;
CREATE TEMP TABLE expected AS
SELECT ea.portfolio, a AS asset_a, b AS asset_b, corr, slope, n, ea.exposure AS e_a, eb.exposure AS e_b,
	ea.exposure * sa AS risk_a, eb.exposure * sb AS risk_b
FROM pair JOIN e AS ea ON ea.asset = a JOIN e AS eb ON eb.asset = b AND eb.portfolio = ea.portfolio
WHERE a <> b AND abs(ea.exposure * sa) > abs(eb.exposure * sb);
SELECT is_empty($$
	SELECT * FROM (SELECT (jsonb_populate_record(NULL::v.concentrating_pairs, to_jsonb(p))).*, true AS o FROM v.offsetting_pairs AS p
		UNION ALL SELECT *, false FROM v.concentrating_pairs) AS o
	FULL JOIN expected AS x USING (portfolio, asset_a, asset_b)
	WHERE o.correlation IS NULL OR x.corr IS NULL
		OR o.o <> (e_a * e_b * corr < 0)
		OR abs(correlation - corr) > 1e-12 OR abs(hedge_ratio - slope) > 1e-12 * abs(slope) OR observations <> n
		OR abs(exposure_a / e_a - 1) > 1e-12 OR abs(exposure_b / e_b - 1) > 1e-12
		OR side_a <> CASE WHEN e_a > 0 THEN 'long' ELSE 'short' END
		OR abs(actual_ratio + e_b / e_a) > 1e-12 * abs(actual_ratio)
		OR abs(target_exposure_b + slope * e_a) > 1e-12 * abs(slope * e_a)
		OR abs(trade_b - (-slope * e_a - e_b)) > 1e-12 * (abs(slope * e_a) + abs(e_b))
		OR abs(gross_risk / (abs(risk_a) + abs(risk_b)) - 1) > 1e-12
		OR abs(uncorrelated_risk / sqrt(risk_a ^ 2 + risk_b ^ 2) - 1) > 1e-12
		OR abs(net_risk - sqrt(risk_a ^ 2 + risk_b ^ 2 + 2 * risk_a * risk_b * corr)) > 1e-9 * uncorrelated_risk
		OR abs(diversification - (gross_risk - uncorrelated_risk)) > 1e-12 * gross_risk
		OR abs(risk_offset - (uncorrelated_risk - net_risk)) > 1e-12 * uncorrelated_risk
		OR abs(risk_offset_share - risk_offset / uncorrelated_risk) > 1e-12
		OR abs(residual_risk - abs(risk_a) * sqrt(1 - corr ^ 2)) > 1e-12 * abs(risk_a)
		OR NOT (correlation_low <= correlation AND correlation <= correlation_high)$$,
	'every pair, with the numbers of corr, regr_slope and stddev_samp, on its side');
SELECT ok((SELECT count(*) > 20 AND bool_or(asset_a = 'Spread' OR asset_b = 'Spread') FROM expected), 'all kinds of assets among them');
SELECT is_empty($$
	SELECT * FROM v.offsetting_pairs AS o JOIN v.exposure AS x ON x.portfolio = o.portfolio AND x.asset = o.asset_b
	LEFT JOIN v.instrument AS i ON i.asset = x.asset
	WHERE abs(trade_b_contracts * coalesce(i.contract_size, 1)
		* CASE WHEN i.contract_kind = 'inverse' OR i.return_kind = 'difference' THEN 1 ELSE x.price END * x.fx / trade_b - 1) > 1e-12$$,
	'trade_b in contracts');
UPDATE v.model SET minimum_correlation = 0.6, confidence_level = 0.5;
SELECT is((SELECT count(*) FROM v.offsetting_pairs), (SELECT count(*) FROM expected WHERE e_a * e_b * corr < 0 AND abs(corr) >= 0.6),
	'minimum_correlation holds at once');
UPDATE v.model SET minimum_correlation = 0, confidence_level = 0.95;

-- ---------- portfolio_risk ----------

SELECT is_empty($$
	SELECT * FROM v.portfolio_risk AS k
	JOIN (SELECT ea.portfolio, sqrt(sum(ea.exposure * eb.exposure * cov)) AS net,
			sqrt(sum(ea.exposure ^ 2 * cov) FILTER (WHERE a = b)) AS uncorrelated,
			sum(abs(ea.exposure) * sa) FILTER (WHERE a = b) AS gross
		FROM pair JOIN e AS ea ON ea.asset = a JOIN e AS eb ON eb.asset = b AND eb.portfolio = ea.portfolio
		WHERE ea.exposure IS NOT NULL AND eb.exposure IS NOT NULL
		GROUP BY ea.portfolio) AS x USING (portfolio)
	WHERE net_risk IS NULL OR abs(net_risk / net - 1) > 1e-11 OR abs(uncorrelated_risk / uncorrelated - 1) > 1e-12
		OR abs(gross_risk / gross - 1) > 1e-12 OR abs(risk_offset - (uncorrelated - net)) > 1e-11 * uncorrelated
		OR abs(net_risk_annual / (net * sqrt(252)) - 1) > 1e-11 OR correlation_repaired$$, 'risks of whole portfolios');
SELECT results_eq('SELECT portfolio, positions, unpriced_positions, unestimated_positions, unpriced_share FROM v.portfolio_risk ORDER BY portfolio COLLATE "C"',
	$$VALUES ('gaps', 5, 3, 1, 0.6::float8), ('hedged', 2, 0, 0, 0), ('mix', 6, 0, 0, 0), ('nothing', 1, 1, 0, 1), ('options', 3, 0, 0, 0)$$,
	'positions without price or volatility are counted');
SELECT results_eq($$SELECT net_risk, value_at_risk, historical_windows, gross_notional FROM v.portfolio_risk WHERE portfolio = 'nothing'$$,
	'VALUES (NULL::float8, NULL::float8, 0, 0::float8)', 'a portfolio without any price has no risk, and its row');
SELECT is_empty($$
	WITH pnl AS (
		SELECT portfolio, ts, sum(exposure * r) AS pnl FROM e JOIN r USING (asset) WHERE exposure IS NOT NULL GROUP BY portfolio, ts
	), w AS (
		SELECT portfolio, sum(pnl) OVER (PARTITION BY portfolio ORDER BY ts ROWS 2 PRECEDING) AS s,
			row_number() OVER (PARTITION BY portfolio ORDER BY ts) AS n FROM pnl
	), ranked AS (
		SELECT portfolio, s, row_number() OVER (PARTITION BY portfolio ORDER BY s) AS worst, count(*) OVER (PARTITION BY portfolio) AS n
		FROM w WHERE n >= 3
	), x AS (
		SELECT portfolio, -max(s) AS var, -sum(s * least(1, 0.05 * n - worst + 1)::float8) / (0.05 * max(n))::float8 AS es, max(n) AS n
		FROM ranked WHERE worst <= ceil(0.05 * n) GROUP BY portfolio
	)
	SELECT * FROM v.portfolio_risk LEFT JOIN x USING (portfolio)
	WHERE portfolio <> 'nothing' AND (n <> historical_windows OR value_at_risk IS NULL OR abs(value_at_risk / var - 1) > 1e-10
		OR abs(expected_shortfall / es - 1) > 1e-10 OR horizon <> 3 OR risk_level <> 0.95)$$,
	'value at risk and expected shortfall over three days');
SELECT is_empty($$
	SELECT * FROM v.portfolio_risk AS k
	JOIN (SELECT e.portfolio, sum(e.exposure * slope) AS exposed, sum(abs(e.exposure * CASE WHEN asset = 'Spread' THEN price ELSE 1 END)) AS gross
		FROM e JOIN pair ON a = asset AND b = 'Index' JOIN p USING (asset)
		WHERE asset IN ('Alpha', 'Beta', 'Spread') AND exposure IS NOT NULL GROUP BY e.portfolio) AS x USING (portfolio)
	WHERE beta IS NULL OR abs(beta_exposure / exposed - 1) > 1e-11 OR abs(beta / (exposed / gross) - 1) > 1e-11$$, 'beta');
SELECT ok((SELECT beta IS NULL AND beta_exposure IS NULL FROM v.portfolio_risk WHERE portfolio = 'hedged'), 'no beta without a benchmark');
SELECT is_empty($$
	SELECT * FROM v.portfolio_risk AS k
	JOIN (SELECT portfolio, coalesce(sum(notional) FILTER (WHERE notional > 0), 0) AS long, coalesce(sum(notional) FILTER (WHERE notional < 0), 0) AS short
		FROM v.exposure GROUP BY portfolio) AS x USING (portfolio)
	WHERE (abs(long_notional - long) > 1e-9 OR abs(short_notional - short) > 1e-9
		OR abs(gross_notional - (long - short)) > 1e-9 OR abs(net_notional - (long + short)) > 1e-9)$$, 'notionals');
SELECT ok((SELECT abs(notional - 20 * 5 * price) < 1e-9 FROM v.exposure WHERE asset = 'Spread')
	AND (SELECT notional = -300 FROM v.exposure WHERE asset = 'Coin')
	AND (SELECT notional IS NULL FROM v.exposure WHERE portfolio = 'mix' AND asset = 'Euro'), 'notional: difference returns, inverse, currency');
SELECT ok((SELECT abs(net_delta / (SELECT sum(exposure) FROM e WHERE portfolio = 'hedged') - 1) < 1e-12
	FROM v.portfolio_risk WHERE portfolio = 'hedged'), 'net delta, currency included');

-- ---------- data that is not good ----------

INSERT INTO holdings SELECT 'bad', asset, 10, 1 FROM unnest(ARRAY['Zero', 'Alpha']) AS asset;
INSERT INTO px SELECT 'Zero', ts, price FROM px WHERE asset = 'Beta';
UPDATE px SET price = 'NaN' WHERE asset = 'Zero' AND ts::date = '2024-09-01';
UPDATE px SET price = 'Infinity' WHERE asset = 'Zero' AND ts::date = '2024-09-10';
UPDATE px SET price = 0 WHERE asset = 'Zero' AND ts::date = '2024-09-20';
UPDATE px SET price = -1 WHERE asset = 'Zero' AND ts::date = '2024-10-26';
INSERT INTO px SELECT 'Zero', ts, price + 1 FROM px WHERE asset = 'Zero' AND ts::date = '2024-09-25';
INSERT INTO px SELECT 'Rotten', ts, 'NaN' FROM px WHERE asset = 'Alpha';
CALL hedge.rebuild('v', as_of => '2024-10-26 20:00:00+00');
SELECT results_eq($$SELECT asset, non_positive, not_finite, contradictory, observations, missing_returns, stale_bars, verdict FROM v.data_quality
		WHERE verdict <> 'good' ORDER BY asset COLLATE "C"$$,
	$$VALUES ('Late', 0, 0, 0, 20, 230, 0, 'too few returns'), ('Nowhere', NULL, NULL, NULL, NULL, NULL, NULL, 'held without a price'),
		('Rotten', 0, 300, 0, 0, 250, NULL, 'no good price'),
		('Zero', 2, 2, 1, 241, 9, 1, 'bad prices')$$, 'bad prices are counted and make no return');
SELECT results_eq($$SELECT portfolio, bad_prices FROM v.portfolio_risk WHERE bad_prices > 0 OR portfolio = 'bad'$$, $$VALUES ('bad', 5)$$,
	'and stand beside the risk of who holds such an asset');
INSERT INTO v.instrument (asset, fx_asset, benchmark) VALUES ('Coupon', 'Nowhere', 'Rotten'), ('Bond', 'Krone', 'Rate'), ('Rate', NULL, 'Krone');
SELECT results_eq($$SELECT asset, verdict FROM v.data_quality WHERE verdict LIKE '% without a price' ORDER BY asset COLLATE "C"$$,
	$$VALUES ('Bond', 'instrument without a price'), ('Coupon', 'instrument without a price'), ('Krone', 'fx_asset without a price'),
		('Nowhere', 'held without a price'), ('Rate', 'benchmark without a price')$$, 'what instrument names without a price');
DELETE FROM v.instrument WHERE asset IN ('Coupon', 'Bond', 'Rate');
SELECT ok((SELECT coverage = priced_bars / counted_bars::float8 AND counted_bars - priced_bars = 5 FROM v.data_quality WHERE asset = 'Zero'), 'coverage');
SELECT is((SELECT last_price_time FROM v.data_quality WHERE asset = 'Zero'), '2024-10-25 16:00:00+00'::timestamptz, 'the last good price');

-- Moves that no return holds, and a price that stands still. Of eleven assets one may be away (quorum 0.9).
SELECT hedge.create_book('halted');
INSERT INTO halted.price
SELECT a.asset, timestamptz '2024-01-01 16:00+00' + d * interval '1 day',
	CASE a.asset WHEN 'Frozen' THEN 50 + sin(least(d, 200)) WHEN 'Ended' THEN 50 + sin(least(d, 289)) WHEN 'Quiet' THEN 100 + floor(d / 1.5)
		WHEN 'Idle' THEN 100 + floor(d / 2.5) WHEN 'Log' THEN 100 + sin(1.1 * d) ELSE 100 + sin(d * (1 + ascii(a.asset) / 10.0)) END
	* CASE WHEN a.asset = 'Halted' AND d >= 200 OR a.asset = 'Log' AND d >= 150 THEN 0.5 ELSE 1 END
FROM unnest('{Frozen,Ended,Quiet,Idle,Log,Halted,A,B,C,D,E}'::text[]) AS a (asset), generate_series(1, 300) AS d
WHERE NOT (a.asset = 'Halted' AND d IN (100, 199)) AND NOT (a.asset = 'Log' AND d = 149);
INSERT INTO halted.instrument (asset, return_kind) VALUES ('Log', 'log');
CALL hedge.refresh('halted', as_of => '2024-10-28');
SELECT results_eq($$SELECT asset, gap_moves, round(largest_gap_move::numeric, 6), largest_gap_bar::date, verdict FROM halted.data_quality
		WHERE gap_moves > 0 OR largest_gap_move IS NOT NULL ORDER BY asset$$,
	$$VALUES ('Halted', 2, round((0.5 * (100 + sin(200 * 8.2)) / (100 + sin(198 * 8.2)) - 1)::numeric, 6), date '2024-07-19', 'gaps'),
		('Log', 1, round(ln(0.5 * (100 + sin(150 * 1.1)) / (100 + sin(148 * 1.1)))::numeric, 6), '2024-05-30', 'gaps')$$,
	'what was lost over a gap is counted, and the largest shown');
SELECT results_eq($$SELECT asset, unchanged > 100, frozen, verdict FROM halted.data_quality WHERE verdict NOT IN ('good', 'gaps') ORDER BY asset$$,
	$$VALUES ('Ended', false, 1, 'unchanged'), ('Frozen', false, 90, 'unchanged'), ('Idle', true, 0, 'unchanged')$$,
	'a price that stands still');
SELECT ok((SELECT unchanged > 80 AND verdict = 'good' FROM halted.data_quality WHERE asset = 'Quiet'), 'one that is only quiet');
INSERT INTO halted.position VALUES ('a', 'Halted', -10), ('a', 'A', 5), ('a', 'Log', 2), ('b', 'A', 1), ('c', 'Log', 2);
SELECT results_eq($$SELECT portfolio, round(largest_gap_move::numeric, 6) FROM halted.portfolio_risk ORDER BY portfolio$$,
	$$SELECT portfolio, round(move::numeric, 6) FROM (VALUES ('a', 'Halted'), ('b', NULL), ('c', 'Log')) AS w (portfolio, asset)
		LEFT JOIN (SELECT e.portfolio, e.asset, e.exposure * CASE d.return_kind WHEN 'log' THEN exp(d.largest_gap_move) - 1 ELSE d.largest_gap_move END AS move
			FROM halted.exposure AS e JOIN halted.data_quality AS d USING (asset)) AS x USING (portfolio, asset)
		ORDER BY portfolio$$,
	'the largest such move of a portfolio, in money, with its sign');
SELECT ok((SELECT largest_gap_move > 200 FROM halted.portfolio_risk WHERE portfolio = 'a'), 'a gain of who is short');

-- What is held and in no risk: an asset of 40 prices, one without any.
INSERT INTO halted.price SELECT 'New', timestamptz '2024-01-01 16:00+00' + d * interval '1 day', 100 FROM generate_series(261, 300) AS d;
INSERT INTO halted.instrument (asset, benchmark) VALUES ('A', 'B'), ('New', 'B');
INSERT INTO halted.position VALUES ('new', 'New', -1000), ('new', 'A', 10), ('only new', 'New', 1), ('gone', 'Nowhere', 1), ('gone', 'A', 0), ('d', 'A', 1), ('d', 'C', 3);
CALL hedge.refresh('halted', as_of => '2024-10-28');
SELECT results_eq($$SELECT portfolio, unestimated_positions, unestimated_notional, round(risk_coverage::numeric, 4), round(beta_coverage::numeric, 4), net_risk IS NOT NULL
		FROM halted.portfolio_risk WHERE portfolio IN ('new', 'only new', 'gone', 'd') ORDER BY portfolio$$,
	$$WITH p AS (SELECT max(price) FILTER (WHERE asset = 'A') AS a, max(price) FILTER (WHERE asset = 'C') * 3 AS c FROM halted.run_asset
		JOIN halted.latest_run USING (run))
	SELECT 'd', 0, 0::float8, 1.0000, round((a / (a + c))::numeric, 4), true FROM p
		UNION ALL SELECT 'gone', 0, 0, NULL, NULL, true
		UNION ALL SELECT 'new', 1, 100000, round((10 * a / (100000 + 10 * a))::numeric, 4), round((10 * a / (100000 + 10 * a))::numeric, 4), true FROM p
		UNION ALL SELECT 'only new', 1, 100, 0, NULL, false$$,
	'how much of a portfolio its risk covers');

-- A level that no window bears out: one in a hundred of 60 to 99 periods.
UPDATE halted.model SET lookback = 99;
CALL hedge.refresh('halted', as_of => '2024-10-28');
SELECT results_eq($$SELECT historical_windows, value_at_risk IS NULL, expected_shortfall IS NULL, net_risk_low IS NULL FROM halted.portfolio_risk WHERE portfolio = 'b'$$,
	'VALUES (99, true, true, false)', '99 periods have no worst one of a hundred');
UPDATE halted.model SET risk_level = 0.98;
SELECT ok((SELECT value_at_risk > 0 AND expected_shortfall >= value_at_risk FROM halted.portfolio_risk WHERE portfolio = 'b'), 'but a worst one of fifty');
UPDATE halted.model SET lookback = 100, risk_level = 0.99;
CALL hedge.refresh('halted', as_of => '2024-10-28');
SELECT ok((SELECT value_at_risk > 0 AND historical_windows = 100 FROM halted.portfolio_risk WHERE portfolio = 'b'), '100 have one');
SELECT hedge.drop_book('halted', true);

-- Every number of every view is NULL or finite; neither quantity nor price can bring in another.
INSERT INTO holdings VALUES ('bad', 'Beta', 1, 'NaN'), ('bad', 'Gamma', 1, 1e400), ('bad', 'Coin', 1, 1e60), ('bad', 'Index', 1, NULL),
	('none', 'Gamma', 0, -1), ('none', 'Stock', 0, -1);
CREATE FUNCTION odd_numbers(book text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE c record;
BEGIN
	FOR c IN SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.views USING (table_schema, table_name)
		WHERE table_schema = book AND data_type = 'double precision' AND table_name <> '_position'
	LOOP
		RETURN QUERY EXECUTE format('SELECT %L || %3$I::text FROM %4$I.%2$I WHERE NOT (%3$I > ''-infinity'' AND %3$I < ''infinity'') OR %3$I::text = ''-0''',
			c.table_name || '.' || c.column_name || ' ', c.table_name, c.column_name, book);
	END LOOP;
END $$;
SELECT is_empty($$SELECT odd_numbers('v')$$, 'never NaN or infinite, nor -0');
SELECT results_eq($$SELECT asset, basis, exposure FROM v.exposure WHERE portfolio = 'bad' AND asset NOT IN ('Alpha', 'Zero') ORDER BY asset$$,
	$$VALUES ('Beta', 'quantity or delta is not a number', NULL::float8), ('Coin', 'quantity or delta is out of range', NULL),
		('Gamma', 'quantity or delta is out of range', NULL), ('Index', 'quantity or delta is not a number', NULL)$$,
	'a delta that is no number, or none, or absurd');
SELECT is((SELECT unpriced_positions FROM v.portfolio_risk WHERE portfolio = 'bad'), 4, 'counts as unpriced');
SELECT is((SELECT exposure FROM v.exposure WHERE portfolio = 'none' AND asset = 'Gamma'), 0::float8, 'nothing held is 0');

-- ---------- live ----------

UPDATE v.instrument SET contract_size = 20 WHERE asset = 'Alpha';
SELECT ok((SELECT abs(x.exposure / (2 * e.exposure) - 1) < 1e-13 FROM v.exposure AS x JOIN e USING (portfolio, asset)
	WHERE portfolio = 'gaps' AND asset = 'Alpha'), 'an instrument''s change shows at once');
INSERT INTO v.model (model, return_kind, lookback) VALUES ('log', 'log', 100);
CALL hedge.refresh('v', 'log', '2024-10-26 20:00:00+00');
SELECT results_eq($$SELECT model, observations FROM v.offsetting_pairs WHERE portfolio = 'options' ORDER BY model$$,
	$$VALUES ('default', 250), ('log', 100)$$, 'two models, each with its rows');
SELECT ok((SELECT abs(x.volatility / (SELECT stddev_samp(ln(1 + r)) FROM r WHERE asset = 'Alpha' AND ts > timestamptz '2024-10-26 16:00:00+00' - interval '100 days') - 1) < 1e-12
	FROM v.exposure AS x WHERE portfolio = 'options' AND asset = 'Alpha' AND model = 'log'), 'log returns');
UPDATE v.instrument SET funded = true, fx_asset = 'Nowhere', currency = 'EUR' WHERE asset = 'Beta';
SELECT results_eq($$SELECT asset, exposure, basis FROM v.exposure WHERE portfolio = 'options' AND model = 'default' AND asset <> 'Alpha' ORDER BY asset$$,
	$$VALUES ('Beta', NULL::float8, 'no price of fx_asset Nowhere'), ('Nowhere', NULL, 'no price')$$, 'a currency without a price');

-- ---------- a late feed, and one that ended ----------

SELECT hedge.create_book('l');
UPDATE l.model SET minimum_observations = 10, minimum_correlation = 0;
INSERT INTO l.price
SELECT a, timestamptz '2024-01-01 16:00:00+00' + d * interval '1 day', 100 + d + sin(d * ascii(a))
FROM unnest(ARRAY['A', 'B', 'C', 'F']) AS a, generate_series(0, 59) AS d WHERE a <> 'C' OR d < 51;
INSERT INTO l.instrument (asset, currency, fx_asset) VALUES ('B', 'EUR', 'F');
INSERT INTO l.position VALUES ('p', 'A', 1), ('p', 'B', -1), ('p', 'C', 2), ('p', 'C', -1);
CALL hedge.refresh('l', as_of => '2024-03-01 00:00:00+00');
SELECT results_eq('SELECT window_end, last_price_time, trailing_bars, stale_assets FROM l.model_health',
	$$VALUES (timestamptz '2024-02-20 00:00:00+00', timestamptz '2024-02-29 16:00:00+00', 9, 0)$$,
	'one late feed of four keeps the newest bars out of the calendar, and model_health says so');
SELECT results_eq('SELECT asset, last_price_time, stale_bars, price_age_seconds, stale, verdict FROM l.data_quality ORDER BY asset',
	$$VALUES ('A', timestamptz '2024-02-29 16:00:00+00', 0, 28800::float8, false, 'good'), ('B', '2024-02-29 16:00:00+00', 0, 28800, false, 'good'),
		('C', '2024-02-20 16:00:00+00', 9, 806400, false, 'late'), ('F', '2024-02-29 16:00:00+00', 0, 28800, false, 'good')$$,
	'data_quality says which');
SELECT is_empty($$SELECT * FROM l.exposure AS e WHERE price <> (SELECT price FROM l.price AS p WHERE p.asset = e.asset ORDER BY ts DESC LIMIT 1)
		OR exposure IS DISTINCT FROM quantity * price * fx$$,
	'exposures are at the newest prices all the same');
INSERT INTO l.price SELECT a, timestamptz '2024-03-01 16:00:00+00' + d * interval '1 day', 160 + sin(d * ascii(a))
FROM unnest(ARRAY['A', 'B', 'F']) AS a, generate_series(0, 1) AS d;
CALL hedge.refresh('l', as_of => '2024-03-03 00:00:00+00');
SELECT results_eq('SELECT stale_bars, verdict, stale FROM l.data_quality WHERE asset = ''C''', $$VALUES (11, 'stale', true)$$, 'late for more than stale_after bars is stale');
SELECT results_eq('SELECT asset, basis FROM l.exposure ORDER BY asset', $$VALUES ('A', 'linear'), ('B', 'linear'), ('C', 'linear; stale price')$$,
	'exposure says so');
SELECT results_eq('SELECT positions, stale_positions, unpriced_positions FROM l.portfolio_risk', 'VALUES (4, 2, 0)', 'and portfolio_risk counts it');
CALL hedge.refresh('l', as_of => '2024-03-22 16:00:00+00');
SELECT results_eq('SELECT asset, stale FROM l.data_quality ORDER BY asset',
	$$VALUES ('A', false), ('B', false), ('C', true), ('F', false)$$, '20 days without any price are not too many');
CALL hedge.refresh('l', as_of => '2024-03-22 16:00:01+00');
SELECT results_eq('SELECT asset, stale_bars > 10, price_age_seconds, verdict FROM l.data_quality WHERE asset <> ''C'' ORDER BY asset',
	$$VALUES ('A', false, 1728001::float8, 'stale'), ('B', false, 1728001, 'stale'), ('F', false, 1728001, 'stale')$$,
	'but when all feeds ended for longer than 2 x stale_after bars last, all are stale');
SELECT results_eq('SELECT asset, basis FROM l.exposure ORDER BY asset',
	$$VALUES ('A', 'linear; stale price'), ('B', 'linear; stale price; stale price of fx_asset F'), ('C', 'linear; stale price')$$,
	'of a foreign asset the exchange rate, too');
SELECT results_eq('SELECT stale_positions FROM l.portfolio_risk', 'VALUES (4)', 'all positions');
SELECT ok((SELECT stale_assets = 4 AND abs(last_price_age_seconds - extract(epoch FROM now() - '2024-03-02 16:00:00+00'::timestamptz)) < 1e-3
	FROM l.model_health), 'and model_health has the age of the newest price against now');
INSERT INTO l.price SELECT 'B', timestamptz '2024-03-22 12:00:00+00', 160;
CALL hedge.refresh('l', as_of => '2024-03-22 16:00:01+00');
SELECT is((SELECT basis FROM l.exposure WHERE asset = 'B'), 'linear; stale price of fx_asset F', 'a stale exchange rate alone');
SELECT is((SELECT stale_positions FROM l.portfolio_risk), 4, 'counts as well');

-- ---------- absurd quantities ----------

INSERT INTO l.position VALUES ('wild', 'A', 1e307, 1), ('wild', 'A', 1e307, 1), ('wild', 'B', -1e200, 1e200), ('wild', 'C', 1, 1),
	('wide', 'A', 1e50, 1e50), ('wide', 'C', 1e49, 1);
INSERT INTO l.position SELECT 'sum', 'A', 1e50 FROM generate_series(1, 20);
INSERT INTO l.position VALUES ('zero', 'A', '-0', 1), ('zero', 'B', '-0', 1), ('zero', 'F', 0, -1);
UPDATE l.instrument SET contract_size = 9e49, funded = true WHERE asset = 'B';
INSERT INTO l.position VALUES ('value', 'B', 1e50), ('value', 'A', 1);
CREATE TEMP TABLE wild AS SELECT * FROM l.exposure WHERE portfolio IN ('wild', 'wide', 'sum', 'value');
SELECT results_eq('SELECT portfolio, asset, exposure IS NULL, split_part(basis, '';'', 1) FROM wild ORDER BY portfolio, asset',
	$$VALUES ('sum', 'A', false, 'linear'), ('value', 'A', false, 'linear'), ('value', 'B', true, 'exposure is out of range'),
		('value', 'F', true, 'exposure is out of range'),
		('wide', 'A', true, 'exposure is out of range'), ('wide', 'C', false, 'linear'),
		('wild', 'A', true, 'quantity or delta is out of range'), ('wild', 'B', true, 'quantity or delta is out of range'),
		('wild', 'C', false, 'linear'), ('wild', 'F', true, 'quantity or delta is out of range')$$, 'absurd numbers take down nothing but themselves');
SELECT results_eq('SELECT portfolio, positions, unpriced_positions FROM l.portfolio_risk ORDER BY portfolio COLLATE "C"',
	$$VALUES ('p', 4, 0), ('sum', 20, 0), ('value', 2, 1), ('wide', 2, 1), ('wild', 4, 3), ('zero', 3, 0)$$, 'in portfolio_risk, too');
SELECT is_empty($$SELECT odd_numbers('l')$$, 'nor NaN, infinite or -0 here');
CREATE TEMP TABLE all_pairs AS SELECT (jsonb_populate_record(NULL::l.concentrating_pairs, to_jsonb(p))).* FROM l.offsetting_pairs AS p
UNION ALL SELECT * FROM l.concentrating_pairs;
SELECT ok((SELECT count(*) > 0 FROM all_pairs), 'and in pairs');
CALL hedge.refresh('l', as_of => '2024-03-22 16:00:01+00');
SELECT ok((SELECT status = 'done' FROM l.refresh_log ORDER BY entry DESC LIMIT 1), 'and in a refresh');

-- ---------- correlations that no joint distribution has ----------

SELECT hedge.create_book('n');
UPDATE n.model SET lookback = 120, minimum_observations = 20, calendar_quorum = 0.5, minimum_correlation = 0;
WITH f AS MATERIALIZED (SELECT d, (random() - 0.5) * 0.05 AS f FROM generate_series(0, 124) AS d)
INSERT INTO n.price
SELECT a.asset, timestamptz '2024-01-01 00:00:00+00' + d * interval '1 day',
	100 * exp(sum(CASE WHEN asset = 'Z' AND d > 80 THEN -f ELSE f END + (random() - 0.5) * 0.001) OVER (PARTITION BY asset ORDER BY d))
FROM f CROSS JOIN (VALUES ('X'), ('Y'), ('Z')) AS a (asset);
DELETE FROM n.price WHERE asset = 'Z' AND ts < '2024-02-10' OR asset = 'X' AND ts > '2024-03-21' OR asset = 'Y' AND ts BETWEEN '2024-02-10' AND '2024-03-21';
INSERT INTO n.position VALUES ('three', 'X', 1), ('three', 'Y', -1), ('three', 'Z', -1);
CALL hedge.refresh('n', as_of => '2024-06-01');
SELECT ok((SELECT repaired AND psd_matrix IS NOT NULL AND smallest_eigenvalue < -0.5 FROM n.model_run), 'pairwise correlations that contradict each other are repaired');
SELECT ok((SELECT correlation_repaired AND net_risk >= 0 AND net_risk < gross_risk FROM n.portfolio_risk), 'and portfolio_risk says so');
SELECT ok((SELECT min(abs(correlation)) > 0.95 FROM n.offsetting_pairs), 'pairs keep their own');
SELECT is((SELECT historical_windows FROM n.portfolio_risk), 0, 'no day on which all three moved: no value at risk');

SELECT * FROM finish();
ROLLBACK;
