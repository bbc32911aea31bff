-- hedge_recommendations: properties over random portfolios and all settings, the same by the functions,
-- reasons for nothing, rights.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
SELECT setseed(0.3);

-- 14 assets on two factors, one of them in price differences, one with a short history, and Noise on its own.
SELECT hedge.create_book('b');
INSERT INTO b.price
WITH s AS MATERIALIZED (SELECT t, (random() - 0.5) / 30 AS x, (random() - 0.5) / 30 AS y FROM generate_series(1, 260) AS t)
SELECT a.asset, timestamptz '2024-01-01 16:00:00+00' + t * interval '1 day',
	CASE WHEN a.asset = 'Spread' THEN 100 * sum(f.r) OVER w ELSE 50 * exp(sum(f.r) OVER w) END
FROM s
CROSS JOIN (
	SELECT 'A' || to_char(k, 'FM00') AS asset, 0.6 + k % 3 / 5.0 AS u, (k % 5 - 2) / 3.0 AS v FROM generate_series(1, 10) AS k
	UNION ALL VALUES ('Coin', 1.5, 0), ('Spread', 0.5, 0.3), ('Noise', 0, 0), ('Unheld', 1, 0.2)) AS a (asset, u, v)
CROSS JOIN LATERAL (SELECT a.u * s.x + a.v * s.y + (random() - 0.5) / 60 + 0 * t AS r) AS f
WINDOW w AS (PARTITION BY a.asset ORDER BY s.t);
INSERT INTO b.price SELECT 'Late', ts, 5 + random() FROM b.price WHERE asset = 'A01' AND ts > '2024-09-01';
INSERT INTO b.instrument (asset, contract_kind, contract_size, lot_size, cost, cost_per_lot, return_kind) VALUES
	('A01', 'linear', 10, 5, 0.0002, 3, NULL), ('A02', 'linear', 1, 1, 0.001, NULL, NULL), ('A03', 'linear', 25, 2, NULL, 10, NULL),
	('A04', 'linear', 5, 1, NULL, NULL, NULL), ('Coin', 'inverse', 100, 1, 0.0005, NULL, NULL), ('Spread', 'linear', 5, 10, 0.0001, 1, 'difference'),
	('Unheld', 'linear', 2, 1, 0.0003, 1, NULL), ('Late', 'linear', 1, 1, 0, 0, NULL), ('Nowhere', 'linear', 1, 1, 0, 0, NULL);
INSERT INTO b.position
SELECT 'p' || to_char(p, 'FM00'), asset, round(((random() - 0.5) * 2000 / CASE asset WHEN 'A03' THEN 25 WHEN 'A01' THEN 10 WHEN 'Coin' THEN 2 ELSE 1 END)::numeric)
FROM generate_series(1, 40) AS p, (SELECT DISTINCT asset FROM b.price WHERE asset <> 'Unheld') AS a WHERE random() < 0.5;
INSERT INTO b.position VALUES ('flat', 'A01', 0), ('priceless', 'Nowhere', 1), ('alone', 'A05', 10), ('young', 'Late', 3),
	('twice', 'A05', 10), ('twice', 'A06', 10), ('noise', 'Noise', 100), ('noise', 'A07', -20);
UPDATE b.model SET lookback = 250, minimum_observations = 60, evidence = 'all', risk_price = 1;
CALL hedge.refresh('b');

-- All settings, with and without marks.
CREATE TABLE answer AS SELECT false AS marked, ''::text AS evidence, ''::text AS correlations, NULL::integer AS most, v.* FROM b.hedge_recommendations AS v LIMIT 0;
CREATE TABLE setting AS
SELECT m, e, c, k FROM unnest('{f,t}'::boolean[]) AS m, unnest('{reliable,any}'::text[]) AS e, unnest('{estimated,conservative}'::text[]) AS c, unnest('{NULL,2}'::integer[]) AS k;
DO $$
DECLARE s record;
BEGIN
	FOR s IN SELECT * FROM setting LOOP
		UPDATE b.model SET hedge_evidence = s.e, hedge_correlations = s.c, hedge_instruments = s.k;
		UPDATE b.instrument SET tradable = s.m;
		INSERT INTO answer SELECT s.m, s.e, s.c, s.k, v.* FROM b.hedge_recommendations AS v;
	END LOOP;
END $$;
CREATE TABLE unit AS SELECT u.asset, u.unit_exposure, u.unit_notional, i.lot_size, i.cost, i.cost_per_lot
FROM b._unit AS u JOIN b.instrument AS i USING (asset) WHERE u.run IN (SELECT run FROM b.latest_run);

SELECT is((SELECT count(*) FROM (SELECT DISTINCT marked, evidence, correlations, most, portfolio FROM answer) AS x),
	(SELECT count(*) FROM setting, (SELECT DISTINCT portfolio FROM b.position) AS p), 'every portfolio has an answer');
SELECT ok(count(*) FILTER (WHERE trade_contracts <> 0) > 500 AND count(*) FILTER (WHERE action = 'none') > 500, 'trades, and none') FROM answer;
SELECT is_empty($$SELECT * FROM answer WHERE coalesce(reason, '') = '' OR action IS NULL OR action <> CASE sign(trade_contracts) WHEN 1 THEN 'buy' WHEN -1 THEN 'sell' ELSE 'none' END$$,
	'no trade without a reason, nor none');
SELECT is_empty($$SELECT * FROM answer AS a WHERE a::text ~* 'nan|infinity'$$, 'NULL, never NaN or infinite');
SELECT is_empty($$SELECT * FROM answer WHERE NOT (risk_after <= risk_before AND net_risk_after <= risk_after * (1 + 1e-12))$$, 'risk falls');
SELECT is_empty($$SELECT a.portfolio FROM answer AS a JOIN b.portfolio_risk AS r USING (portfolio) WHERE NOT abs(a.risk_before - r.net_risk) <= 1e-9 * r.net_risk$$, 'risk_before is net_risk');
SELECT is_empty($$SELECT marked, evidence, correlations, most, portfolio FROM answer GROUP BY 1, 2, 3, 4, 5
	HAVING NOT abs(sum(cost) - max(total_cost)) <= 1e-9 * max(total_cost) OR count(DISTINCT total_cost) <> 1 OR count(*) FILTER (WHERE trade_contracts <> 0) > most
		OR count(*) <> count(DISTINCT coalesce(instrument, '-'))$$, 'costs are counted once, instruments, too, and the most that may be are kept');
SELECT is_empty($$SELECT * FROM answer AS a JOIN unit AS u ON u.asset = a.instrument WHERE trade_contracts <> 0 AND NOT (
		abs(trade_contracts / lot_size - round(trade_contracts / lot_size)) < 1e-9 AND abs(trade_exposure - trade_contracts * unit_exposure) <= 1e-9 * abs(trade_exposure)
		AND abs(exposure + trade_exposure - exposure_after) <= 1e-9 * (abs(exposure) + abs(trade_exposure))
		AND abs(a.cost - coalesce(u.cost, 0) * abs(trade_contracts * unit_notional) - coalesce(cost_per_lot, 0) * abs(trade_contracts) / lot_size) <= 1e-9 * a.cost)$$,
	'whole lots, and their cost by hand');
SELECT is_empty($$SELECT * FROM answer JOIN b.model USING (model) WHERE trade_contracts <> 0 AND NOT worth >= cost * (1 - 1e-9)
	OR NOT risk_price / 2 * (risk_before ^ 2 - risk_after ^ 2) / nullif(risk_before, 0) >= total_cost * (1 - 1e-9) - 1e-9 * risk_before$$, 'each trade is worth its cost, and all of them');
SELECT is_empty($$SELECT * FROM answer WHERE trade_contracts <> 0 AND exposure BETWEEN band_low AND band_high AND abs(exposure - band_low) > 1e-9 * abs(exposure) AND abs(exposure - band_high) > 1e-9 * abs(exposure)$$,
	'nothing is traded within the band');
SELECT is_empty($$SELECT * FROM answer WHERE reason = 'within the no-trade band' AND NOT (exposure BETWEEN band_low AND band_high AND trade_contracts = 0)$$, 'what is said to be within it is');

-- Risk afterwards, by the function, with what is held then.
SELECT is_empty($$
	SELECT h.portfolio, h.net_risk_after, k.net_risk
	FROM (SELECT marked, evidence, correlations, most, portfolio, max(net_risk_after) AS net_risk_after, array_agg(instrument) AS i, array_agg(exposure_after) AS x FROM answer
		WHERE instrument IS NOT NULL AND exposure_after IS NOT NULL GROUP BY 1, 2, 3, 4, 5) AS h
	CROSS JOIN (SELECT coalesce(psd_matrix, matrix) AS matrix FROM b.latest_run JOIN b.model_run USING (run)) AS r
	CROSS JOIN LATERAL (SELECT array_agg(asset) AS a, array_agg(e) AS e FROM (
		SELECT coalesce(l.asset, t.i) AS asset, coalesce(t.x, l.exposure) AS e
		FROM (SELECT * FROM b.exposure AS l WHERE l.portfolio = h.portfolio AND l.risk IS NOT NULL) AS l FULL JOIN unnest(h.i, h.x) AS t (i, x) ON t.i = l.asset) AS z) AS w
	CROSS JOIN LATERAL hedge.portfolio_risk(r.matrix, w.a, w.e) AS k
	WHERE NOT abs(h.net_risk_after - k.net_risk) <= 1e-8 * k.net_risk + 1e-9$$, 'net_risk_after is that of what is held then');

-- Relying on everything, the trades are those of hedge.minimum_variance_hedge (instruments in one order, since lots are settled one by one).
CREATE TABLE by_function AS
SELECT g.marked, g.portfolio, f.*
FROM (SELECT marked, portfolio, max(risk_before) AS risk, array_agg(instrument ORDER BY ctid) AS names FROM answer
	WHERE evidence = 'any' AND correlations = 'estimated' AND most IS NULL AND target_exposure IS NOT NULL GROUP BY 1, 2) AS g
CROSS JOIN (SELECT coalesce(psd_matrix, matrix) AS matrix FROM b.latest_run JOIN b.model_run USING (run)) AS r
JOIN b._leg AS l USING (portfolio)
CROSS JOIN LATERAL (
	SELECT array_agg(coalesce(u.unit_exposure, x.unit_exposure) ORDER BY n) AS units, array_agg(coalesce(u.lot_size, 1) ORDER BY n) AS lots,
		array_agg(coalesce(u.cost * abs(u.unit_notional / u.unit_exposure), 0) + coalesce(u.cost_per_lot / abs(u.unit_exposure) / u.lot_size, 0) ORDER BY n) AS costs
	FROM unnest(g.names) WITH ORDINALITY AS i (asset, n) LEFT JOIN unit AS u USING (asset)
	LEFT JOIN b._unit AS x ON x.asset = i.asset AND x.run = l.run) AS t
CROSS JOIN LATERAL hedge.minimum_variance_hedge(r.matrix, l.assets, l.exposures, g.names, t.units, t.lots, t.costs, 1 / g.risk) AS f;
SELECT ok(count(*) > 100 AND count(*) FILTER (WHERE trade_contracts <> 0) > 50, 'there are some of them') FROM by_function;
SELECT is_empty($$SELECT * FROM answer AS a JOIN by_function AS f USING (marked, portfolio, instrument)
	WHERE a.evidence = 'any' AND a.correlations = 'estimated' AND a.most IS NULL AND NOT (
		abs(a.trade_exposure - f.trade_exposure) <= 1e-6 * (abs(a.exposure) + abs(f.trade_exposure) + 1) AND abs(a.target_exposure - f.target_exposure) <= 1e-6 * (abs(f.target_exposure) + 1)
		AND abs(a.cost - f.cost) <= 1e-6 * (f.cost + 1) AND abs(a.risk_after - f.risk_after) <= 1e-8 * f.risk_after)$$, 'the view is the function');

-- Who is a hedge: with none marked, what offsets something larger that is none; with marks, only those.
SELECT is_empty($$SELECT * FROM answer WHERE marked AND instrument NOT IN (SELECT asset FROM b.instrument)$$, 'only what is marked is traded');
SELECT is_empty($$SELECT DISTINCT a.portfolio, a.instrument FROM answer AS a WHERE NOT marked AND instrument IS NOT NULL AND NOT EXISTS (
	SELECT FROM b.offsetting_pairs AS o WHERE o.portfolio = a.portfolio AND o.asset_b = a.instrument)$$, 'or what offsets something larger');
SELECT is_empty($$SELECT portfolio FROM answer WHERE NOT marked AND portfolio ~ '^p\d' GROUP BY portfolio HAVING count(DISTINCT instrument) >= (SELECT count(*) FROM b.exposure AS x WHERE x.portfolio = answer.portfolio AND x.risk <> 0)$$,
	'something is left that is hedged');
-- Evidence: what is said not to be reliable is not, with any position; nothing else is refused.
SELECT is_empty($$SELECT a.portfolio, a.instrument FROM answer AS a WHERE evidence = 'reliable' AND target_exposure IS NULL AND reason ~ '^evidence not reliable: .* with it is' AND EXISTS (
	SELECT FROM b.exposure AS x JOIN b.pair_evidence AS e ON e.asset_y = x.asset AND e.asset_x = a.instrument
	WHERE x.portfolio = a.portfolio AND x.risk <> 0 AND e.verdict = 'reliable' AND NOT EXISTS (
		SELECT FROM answer AS o WHERE (o.marked, o.evidence, o.correlations, o.portfolio, o.instrument) = (a.marked, 'any', 'estimated', x.portfolio, x.asset)))$$, 'evidence not reliable');
SELECT ok(count(*) > 0, 'there is such') FROM answer WHERE reason ~ '^evidence not reliable: A07 with it is (weak|insufficient|unstable|not examined)' OR reason ~ '^evidence not reliable: \S+ with it is ';
SELECT ok(sum(risk_after) FILTER (WHERE evidence = 'any' AND correlations = 'estimated') < sum(risk_after) FILTER (WHERE evidence = 'any' AND correlations = 'conservative'),
	'relying on less leaves more risk') FROM answer WHERE most IS NULL AND marked;

-- Reasons for nothing.
SELECT results_eq($$SELECT DISTINCT marked, portfolio, instrument, reason FROM answer WHERE portfolio IN ('flat', 'priceless', 'alone', 'young') AND NOT marked ORDER BY portfolio$$,
	$$VALUES (false, 'alone', NULL, 'no eligible instrument: none is marked as tradable, and no position offsets a larger one'), (false, 'flat', NULL, 'gross risk is zero'),
		(false, 'priceless', NULL, 'no position has a price and enough returns'), (false, 'young', NULL, 'no position has a price and enough returns')$$, 'why nothing can be done');
SELECT results_eq($$SELECT DISTINCT instrument, reason FROM answer WHERE portfolio = 'alone' AND marked AND instrument IN ('Late', 'Nowhere') ORDER BY 1$$,
	$$VALUES ('Late', 'too few returns'), ('Nowhere', 'no price')$$, 'nor what is marked, without a price or returns');
SELECT ok(bool_or(trade_contracts < 0), 'what is not held is sold against what is') FROM answer WHERE portfolio = 'alone' AND marked;
UPDATE b.model SET hedge_evidence = 'reliable', evidence = 'none', hedge_correlations = 'estimated', hedge_instruments = NULL;
DELETE FROM b.pair_evidence;
SELECT ok(bool_and(trade_contracts = 0 AND reason ~ 'A05 with it is not examined') AND count(*) > 3, 'nothing examined, nothing traded')
FROM b.hedge_recommendations WHERE portfolio = 'alone' AND target_exposure IS NULL AND instrument NOT IN ('Late', 'Nowhere');
UPDATE b.instrument SET tradable = asset IN ('A01', 'A02');
UPDATE b.model SET minimum_correlation = 1;
SELECT results_eq($$SELECT instrument, reason FROM b.hedge_recommendations WHERE portfolio = 'twice' ORDER BY 1$$,
	$$VALUES ('A01', 'evidence not reliable: A05 with it is not examined'), ('A02', 'evidence not reliable: A05 with it is not examined')$$, 'the reason names what it would hedge most');
SELECT throws_ok(format('UPDATE b.model SET %s', s), '23514', NULL, s)
FROM unnest('{"risk_price = 0","risk_price = ''Infinity''","risk_price = ''NaN''","hedge_evidence = ''some''","hedge_correlations = ''x''","hedge_instruments = 0"}'::text[]) AS s;

-- Numbers near the end of their range.
INSERT INTO b.position VALUES ('huge', 'A05', 1e49), ('huge', 'A06', -1e49), ('tiny', 'A05', 1e-200), ('tiny', 'A06', -1e-200);
UPDATE b.model SET minimum_correlation = 0, hedge_evidence = 'any';
SELECT ok(count(DISTINCT portfolio) = 2 AND bool_and(reason IS NOT NULL AND v::text !~* 'nan|infinity'), 'huge and tiny positions have an answer') FROM b.hedge_recommendations AS v WHERE portfolio IN ('huge', 'tiny');

-- Neutral: to nothing, in the underlying and the benchmark, and what that earns.
UPDATE b.instrument SET carry = 0.03, benchmark = 'A01' WHERE asset IN ('A02', 'A03', 'A04');
UPDATE b.instrument SET carry = -0.01 WHERE asset = 'A01';
INSERT INTO b.position VALUES ('neutral', 'A02', 100, 1), ('neutral', 'A02', 40, 0.5), ('neutral', 'A03', -7, 1), ('neutral', 'A04', 33, 1);
CREATE TABLE neutral AS SELECT n.*, u.unit_notional, u.unit_exposure, i.lot_size, i.carry AS rate FROM b.neutral_trades AS n LEFT JOIN b._unit AS u ON u.asset = n.asset AND u.run = (SELECT run FROM b.latest_run)
LEFT JOIN b.instrument AS i ON i.asset = n.asset WHERE portfolio = 'neutral';
SELECT results_eq($$SELECT kind, asset FROM neutral ORDER BY kind, asset$$,
	$$VALUES ('beta', 'A01'), ('delta', 'A02'), ('delta', 'A03'), ('delta', 'A04'), ('dollar', NULL)$$, 'a row a benchmark, an underlying, and one for money');
SELECT ok(abs(n.net - 120 * n.unit_notional) < 1e-9 * n.net AND n.trade_contracts = -120 AND abs(n.net_after) < 1e-6, 'delta counts options by their delta') FROM neutral AS n WHERE asset = 'A02';
SELECT ok(abs(n.net - r.net_delta) < 1e-9 * abs(n.net) AND n.trade_contracts IS NULL AND abs(n.net_risk_after - r.net_risk) < 1e-9 * r.net_risk, 'dollar is net_delta')
FROM neutral AS n JOIN b.portfolio_risk AS r USING (portfolio) WHERE kind = 'dollar';
SELECT ok(abs(n.net - r.beta_exposure) < 1e-9 * abs(n.net) AND abs(n.net_after) <= 0.5 * 5 * n.unit_notional AND n.trade_contracts <> 0 AND n.trade_contracts::integer % 5 = 0, 'beta is beta_exposure, in lots')
FROM neutral AS n JOIN b.portfolio_risk AS r USING (portfolio) WHERE kind = 'beta';
SELECT is_empty($$SELECT n.* FROM neutral AS n, (SELECT sum(exposure * carry) AS carry FROM b.exposure JOIN b.instrument USING (asset) WHERE portfolio = 'neutral') AS h
	WHERE NOT abs(n.carry - h.carry - coalesce(n.trade_contracts * n.unit_notional * n.rate, 0)) <= 1e-9 * abs(h.carry)
		OR NOT abs(n.carry_per_risk - n.carry / n.net_risk_after / sqrt(252)) <= 1e-9 * abs(n.carry_per_risk)$$, 'carry, with the trade, and for its risk');
SELECT is_empty($$SELECT n.* FROM neutral AS n, LATERAL (SELECT array_agg(asset) AS a, array_agg(e) AS e FROM (
		SELECT asset, sum(e) AS e FROM (SELECT asset, exposure AS e FROM b.exposure WHERE portfolio = 'neutral' UNION ALL SELECT n.asset, n.trade_contracts * n.unit_exposure WHERE n.asset IS NOT NULL) AS z GROUP BY 1) AS y) AS w,
	(SELECT coalesce(psd_matrix, matrix) AS matrix FROM b.latest_run JOIN b.model_run USING (run)) AS r, hedge.portfolio_risk(r.matrix, w.a, w.e) AS k WHERE NOT abs(n.net_risk_after - k.net_risk) <= 1e-9 * k.net_risk$$, 'and what risk is left');
SELECT ok(bool_and(carry IS NULL AND carry_per_risk IS NULL), 'no carry where one is not known') FROM b.neutral_trades WHERE portfolio = 'twice';
SELECT is_empty($$SELECT * FROM b.neutral_trades AS v WHERE v::text ~* 'nan|infinity'$$, 'NULL, never NaN or infinite');

-- One portfolio is one portfolio's work, and row-level security holds.
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END$$;
SELECT isnt_empty($$SELECT * FROM pg_temp.plan('SELECT * FROM b.hedge_recommendations WHERE portfolio = ''p01''') AS line WHERE line ~ '(Cond|Filter): .*portfolio.* = ''p01'''$$,
	'a filter on portfolio reaches the scan of positions');
CREATE ROLE recommend_tenant;
SELECT hedge.grant_book('b', 'recommend_tenant');
ALTER TABLE b.position ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON b.position TO recommend_tenant USING (portfolio = 'p02');
SET LOCAL ROLE recommend_tenant;
SELECT results_eq('SELECT DISTINCT portfolio FROM b.hedge_recommendations', $$VALUES ('p02')$$, 'each sees the own portfolio');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
