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

CREATE TABLE dearest AS SELECT max(coalesce(cost, 0) + coalesce(cost_per_lot, 0) / (abs(unit_notional) * lot_size)) AS share FROM unit;

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
		AND abs(a.cost - coalesce(u.cost, CASE WHEN cost_per_lot IS NULL THEN (SELECT share FROM dearest) ELSE 0 END) * abs(trade_contracts * unit_notional) - coalesce(cost_per_lot, 0) * abs(trade_contracts) / lot_size) <= 1e-9 * a.cost)$$,
	'whole lots, and their cost by hand; one that is not known is that of the dearest');
SELECT ok(count(*) > 20, 'there are some without a known cost') FROM answer WHERE reason ~ 'its cost is not known and taken for that of the dearest';
SELECT is_empty($$SELECT * FROM answer JOIN b.model USING (model) WHERE trade_contracts <> 0 AND NOT worth >= cost * (1 - 1e-9)
	OR NOT risk_price * (risk_before - risk_after) >= total_cost * (1 - 1e-9) - 1e-9 * risk_before$$, 'each trade is worth its cost, and all of them');
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

-- Relying on everything, the best exposures are those of hedge.minimum_variance_hedge with what risk is worth per risk left as its aversion.
CREATE TABLE by_function AS
SELECT g.marked, g.portfolio, f.*
FROM (SELECT marked, portfolio, array_agg(instrument ORDER BY ctid) AS names, array_agg(target_exposure ORDER BY ctid) AS targets FROM answer
	WHERE evidence = 'any' AND correlations = 'estimated' AND most IS NULL AND target_exposure IS NOT NULL GROUP BY 1, 2) AS g
CROSS JOIN (SELECT coalesce(psd_matrix, matrix) AS matrix FROM b.latest_run JOIN b.model_run USING (run)) AS r
JOIN b._leg AS l USING (portfolio)
CROSS JOIN LATERAL (
	SELECT array_agg(coalesce(u.unit_exposure, x.unit_exposure) ORDER BY n) AS units, array_agg(coalesce(u.lot_size, 1) ORDER BY n) AS lots,
		array_agg(CASE WHEN u.cost IS NULL AND u.cost_per_lot IS NULL THEN (SELECT share FROM dearest) * abs(x.unit_notional / x.unit_exposure)
			ELSE coalesce(u.cost * abs(u.unit_notional / u.unit_exposure), 0) + coalesce(u.cost_per_lot / abs(u.unit_exposure) / u.lot_size, 0) END ORDER BY n) AS costs
	FROM unnest(g.names) WITH ORDINALITY AS i (asset, n) LEFT JOIN unit AS u USING (asset)
	LEFT JOIN b._unit AS x ON x.asset = i.asset AND x.run = l.run) AS t
CROSS JOIN LATERAL (SELECT array_agg(coalesce(asset, i)) AS a, array_agg(coalesce(x, exposure)) AS e
	FROM unnest(l.assets, l.exposures) AS h (asset, exposure) FULL JOIN unnest(g.names, g.targets) AS z (i, x) ON i = asset) AS w
CROSS JOIN LATERAL hedge.portfolio_risk(r.matrix, w.a, w.e) AS k
CROSS JOIN LATERAL hedge.minimum_variance_hedge(r.matrix, l.assets, l.exposures, g.names, costs => t.costs, risk_aversion => 1 / k.net_risk) AS f
WHERE k.net_risk > 0;
SELECT ok(count(*) > 100 AND count(*) FILTER (WHERE trade_exposure <> 0) > 50, 'there are some of them') FROM by_function;
SELECT is_empty($$SELECT a.portfolio, instrument, marked, a.exposure, a.target_exposure, f.target_exposure FROM answer AS a JOIN by_function AS f USING (marked, portfolio, instrument)
	WHERE a.evidence = 'any' AND a.correlations = 'estimated' AND a.most IS NULL
		AND NOT abs(a.target_exposure - f.target_exposure) <= 1e-4 * (abs(a.exposure) + abs(f.target_exposure) + 1)$$, 'the view is the function');

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

-- Traded as recommended, nothing is left to do, but for a lot here and there; whatever was relied on, risk is what was promised.
SAVEPOINT before;
UPDATE b.model SET hedge_evidence = 'any', hedge_correlations = 'estimated', hedge_instruments = NULL;
UPDATE b.instrument SET tradable = true;
CREATE TABLE first AS SELECT * FROM b.hedge_recommendations;
INSERT INTO b.position (portfolio, asset, quantity) SELECT portfolio, instrument, trade_contracts FROM first WHERE trade_contracts <> 0;
CREATE TABLE second AS SELECT * FROM b.hedge_recommendations;
SELECT is_empty($$SELECT s.portfolio, s.risk_before, f.risk_after FROM first AS f JOIN second AS s USING (portfolio, instrument) WHERE NOT abs(s.risk_before - f.risk_after) <= 1e-6 * f.risk_before$$, 'the risk afterwards is the one that was promised');
SELECT ok(sum(s.total_cost) < 0.02 * sum(f.total_cost) AND count(*) FILTER (WHERE f.trade_contracts <> 0) > 100
	AND count(*) FILTER (WHERE s.trade_contracts <> 0) < 0.05 * count(*) FILTER (WHERE f.trade_contracts <> 0), 'traded once, there is nothing left to do: '
	|| count(*) FILTER (WHERE s.trade_contracts <> 0) || ' of ' || count(*) FILTER (WHERE f.trade_contracts <> 0) || ' trades')
FROM first AS f JOIN second AS s USING (portfolio, instrument);
ROLLBACK TO before;

-- Bounds of what may be held, carry, and what is not known.
SAVEPOINT before;
UPDATE b.model SET hedge_evidence = 'any', hedge_correlations = 'estimated', hedge_instruments = NULL;
UPDATE b.instrument SET tradable = true, minimum_holding = -20, maximum_holding = 30, carry = 0.02;
SELECT is_empty($$SELECT v.* FROM b.hedge_recommendations AS v WHERE v.quantity + v.trade_contracts > greatest(v.quantity, 30) OR v.quantity + v.trade_contracts < least(v.quantity, -20)$$, 'no more is held than may be');
SELECT ok(count(*) FILTER (WHERE quantity + trade_contracts IN (30, -20) AND trade_contracts <> 0) > 10 AND count(*) FILTER (WHERE reason ~ '^no (more|less) of it may be held') > 3
	AND bool_and(risk_after <= risk_before), 'up to the bound') FROM b.hedge_recommendations;
SELECT is_empty($$SELECT v.* FROM b.hedge_recommendations AS v JOIN unit AS u ON u.asset = v.instrument WHERE NOT abs(v.carry - 0.02 * v.trade_contracts * u.unit_notional) <= 1e-9 * abs(v.carry)$$, 'carry of the trade');
SELECT ok(count(*) > 3 AND bool_and(unknown_positions = 1 AND risk_coverage < 1 AND reason LIKE '%; positions not in these risks: 1'), 'what is not known is said')
FROM b.hedge_recommendations AS v WHERE EXISTS (SELECT FROM b.position AS p WHERE p.portfolio = v.portfolio AND asset = 'Late') AND v.portfolio ~ '^p\d';
SELECT throws_ok($$UPDATE b.instrument SET minimum_holding = 1, maximum_holding = 0$$, '23514', NULL, 'bounds that leave no room');
-- weekly bars with five times the variance: the same trade, since the risk of a day counts
CREATE TABLE daily AS SELECT * FROM b.hedge_recommendations;
UPDATE b.model SET bars_per_year = 252 * 4, risk_price = risk_price / 2;
SELECT is_empty($$SELECT FROM b.hedge_recommendations AS v FULL JOIN daily AS d USING (portfolio, instrument) WHERE v.trade_contracts IS DISTINCT FROM d.trade_contracts$$, 'risk_price is of a day''s risk');
ROLLBACK TO before;

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
SELECT results_eq($$SELECT instrument, reason FROM b.hedge_recommendations WHERE portfolio = 'twice' ORDER BY 1$$,
	$$VALUES ('A01', 'evidence not reliable: A05 with it is not examined'), ('A02', 'evidence not reliable: A05 with it is not examined')$$, 'the reason names what it would hedge most');
UPDATE b.model SET minimum_correlation = 1, hedge_evidence = 'any';
SELECT results_eq($$SELECT DISTINCT reason FROM b.hedge_recommendations WHERE portfolio = 'twice'$$, $$VALUES ('no position goes with it at minimum_correlation')$$, 'what goes with nothing is not traded');
UPDATE b.model SET minimum_correlation = 0.3, hedge_evidence = 'any', hedge_correlations = 'conservative';
SELECT ok(bool_and(trade_contracts = 0 AND reason ~ '^evidence not reliable: A05 with it is not examined'), 'nor what has no interval, conservatively') FROM b.hedge_recommendations WHERE portfolio = 'twice';
UPDATE b.model SET hedge_evidence = 'reliable', hedge_correlations = 'estimated';
-- nothing is relied on: a hedge that is held is cut where it is too large in any case, and grows in none
INSERT INTO b.position VALUES ('over', 'A05', 100), ('over', 'A01', -60), ('under', 'A05', 1000), ('under', 'A01', -5);
SELECT ok(o.trade_contracts = 50 AND o.reason ~ 'also if it is no hedge: evidence not reliable: A05 with it is not examined; it closes part of what is held' AND o.risk_after < o.risk_before
	AND u.trade_contracts = 0 AND u.reason ~ '^evidence not reliable: A05', 'too large a hedge is cut, whatever is relied on')
FROM b.hedge_recommendations AS o, b.hedge_recommendations AS u WHERE o.portfolio = 'over' AND u.portfolio = 'under' AND o.instrument = 'A01' AND u.instrument = 'A01';
SELECT throws_ok(format('UPDATE b.model SET %s', s), '23514', NULL, s)
FROM unnest('{"risk_price = 0","risk_price = ''Infinity''","risk_price = ''NaN''","hedge_evidence = ''some''","hedge_correlations = ''x''","hedge_instruments = 0"}'::text[]) AS s;

-- Numbers near the end of their range.
INSERT INTO b.position VALUES ('huge', 'A05', 1e49), ('huge', 'A06', -1e49), ('tiny', 'A05', 1e-200), ('tiny', 'A06', -1e-200);
UPDATE b.model SET minimum_correlation = 0, hedge_evidence = 'any';
SELECT ok(count(DISTINCT portfolio) = 2 AND bool_and(reason IS NOT NULL AND v::text !~* 'nan|infinity'), 'huge and tiny positions have an answer') FROM b.hedge_recommendations AS v WHERE portfolio IN ('huge', 'tiny');

SELECT throws_ok($$UPDATE b.instrument SET carry = 1e50$$, '23514', NULL, 'a carry that no sum could bear');
SELECT lives_ok($$UPDATE b.instrument SET lot_size = 1e300 WHERE asset = 'A01'$$, 'a lot that nobody can trade');
UPDATE b.instrument SET tradable = asset IN ('A01', 'A02');
SELECT results_eq($$SELECT reason FROM b.hedge_recommendations WHERE portfolio = 'twice' AND instrument = 'A01'$$, $$VALUES ('value of a lot is out of range')$$, '... is not traded');
UPDATE b.instrument SET lot_size = 5 WHERE asset = 'A01';

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
-- the benchmark itself counts, whatever its own row says: traded as told, beta is nothing
INSERT INTO b.position (portfolio, asset, quantity) SELECT portfolio, asset, trade_contracts FROM neutral WHERE kind = 'beta';
SELECT ok(abs(n.net - o.net_after) < 1e-6 * abs(o.net) AND n.trade_contracts = 0 AND abs(r.beta_exposure - n.net) < 1e-6 * abs(o.net) AND abs(n.coverage - 1) < 1e-12, 'a hedge in the benchmark is counted')
FROM b.neutral_trades AS n JOIN neutral AS o USING (portfolio, kind) JOIN b.portfolio_risk AS r USING (portfolio) WHERE kind = 'beta';
UPDATE b.instrument SET benchmark = 'A05' WHERE asset = 'A01';
SELECT ok(abs(n.net - o.net_after) < 1e-6 * abs(o.net), '... and if it has a benchmark of its own') FROM b.neutral_trades AS n JOIN neutral AS o USING (portfolio, kind, asset) WHERE kind = 'beta' AND asset = 'A01';
UPDATE b.instrument SET benchmark = NULL WHERE asset = 'A01';
DELETE FROM b.position WHERE portfolio = 'neutral' AND asset = 'A01';
UPDATE b.model SET neutral_band = 0.1;
SELECT ok(bool_and(abs(n.net_after) <= 0.1 * r.gross_notional + abs(u.unit_notional) * coalesce(i.lot_size, 1)) AND bool_and(abs(n.trade) <= abs(o.trade)) AND bool_or(abs(n.trade) < abs(o.trade)), 'into a band')
FROM b.neutral_trades AS n JOIN neutral AS o USING (portfolio, kind, asset) JOIN b.portfolio_risk AS r USING (portfolio) JOIN b._unit AS u ON u.asset = n.asset AND u.run = (SELECT run FROM b.latest_run) LEFT JOIN b.instrument AS i ON i.asset = n.asset;
UPDATE b.model SET neutral_band = 0;
INSERT INTO b.position (portfolio, asset, quantity) VALUES ('neutral', 'Late', 3);
SELECT ok(bool_and(carry IS NULL AND carry_per_risk IS NULL AND risk_coverage < 1), 'no carry where that of a position is not known') FROM b.neutral_trades WHERE portfolio = 'neutral';
DELETE FROM b.position WHERE portfolio = 'neutral' AND asset = 'Late';

SELECT ok(bool_and(carry IS NULL AND carry_per_risk IS NULL), 'no carry where one is not known') FROM b.neutral_trades WHERE portfolio = 'twice';
SELECT is_empty($$SELECT * FROM b.neutral_trades AS v WHERE v::text ~* 'nan|infinity'$$, 'NULL, never NaN or infinite');

-- Paid for in another currency: a trade in Foreign is one in its currency, too.
SAVEPOINT before;
INSERT INTO b.price SELECT 'Euro', ts, 1.1 * exp(sum((random() - 0.5) / 80) OVER (ORDER BY ts)) FROM b.price WHERE asset = 'A01';
INSERT INTO b.price SELECT 'Foreign', a.ts, a.price * exp(0.3 * (random() - 0.5) / 60) / e.price FROM b.price AS a JOIN b.price AS e USING (ts) WHERE a.asset = 'A05' AND e.asset = 'Euro';
INSERT INTO b.price SELECT 'Local', ts, price * exp(0.3 * (random() - 0.5) / 60) FROM b.price WHERE asset = 'A05';
INSERT INTO b.instrument (asset, currency, fx_asset, funded, cost, tradable) VALUES ('Foreign', 'EUR', 'Euro', true, 0.0001, true), ('Local', 'EUR', 'Euro', true, 0.0001, false);
UPDATE b.instrument SET tradable = false WHERE asset <> 'Foreign';
UPDATE b.model SET hedge_evidence = 'any', minimum_correlation = 0.1;
INSERT INTO b.position VALUES ('abroad', 'A05', 1000), ('home', 'A05', 1000), ('home', 'Foreign', -100);
CALL hedge.refresh('b');
CREATE TABLE abroad AS SELECT * FROM b.hedge_recommendations WHERE portfolio IN ('abroad', 'home');
INSERT INTO b.position (portfolio, asset, quantity) SELECT portfolio, instrument, trade_contracts FROM abroad WHERE trade_contracts <> 0;
SELECT ok(count(*) = 2 AND bool_and(a.trade_contracts < -100 AND abs(a.net_risk_after - r.net_risk) < 1e-6 * a.risk_before AND abs(a.risk_before - r.net_risk) > 0.1 * a.risk_before), 'a funded hedge, currency and all, leaves the risk that was promised')
FROM abroad AS a JOIN b.portfolio_risk AS r USING (portfolio);
SELECT ok(bool_and(trade_contracts BETWEEN -1 AND 1) AND count(*) = 2, '... and nothing to do') FROM b.hedge_recommendations WHERE portfolio IN ('abroad', 'home');
-- ... and so under difference returns, where the instrument's price divides its exposure, not that in the currency
SAVEPOINT difference;
DELETE FROM b.position AS p USING abroad AS a WHERE p.portfolio = a.portfolio AND p.asset = a.instrument AND p.quantity = a.trade_contracts;
UPDATE b.instrument SET return_kind = 'difference' WHERE asset = 'Foreign';
CALL hedge.refresh('b');
CREATE TABLE difference AS SELECT * FROM b.hedge_recommendations WHERE portfolio IN ('abroad', 'home');
INSERT INTO b.position (portfolio, asset, quantity) SELECT portfolio, instrument, trade_contracts FROM difference WHERE trade_contracts <> 0;
SELECT ok(count(*) = 2 AND bool_and(a.trade_contracts < -100 AND abs(a.net_risk_after - r.net_risk) < 1e-6 * a.risk_before), '... under difference returns, too')
FROM difference AS a JOIN b.portfolio_risk AS r USING (portfolio);
ROLLBACK TO difference;
-- marked as well, and no hedge of anything, the currency is still traded with what is paid for in it
SAVEPOINT marked;
DELETE FROM b.position WHERE portfolio = 'abroad' AND asset = 'Foreign';
INSERT INTO b.instrument (asset, tradable, cost) VALUES ('Euro', true, 0.0001);
UPDATE b.model SET minimum_correlation = 0.5;
SELECT ok(bool_and(abs(v.trade_contracts - a.trade_contracts) <= 1 AND abs(v.risk_after - a.risk_after) < 1e-4 * a.risk_before), 'a funded hedge beside its currency')
FROM b.hedge_recommendations AS v JOIN abroad AS a USING (portfolio, instrument) WHERE portfolio = 'abroad';
SELECT results_eq($$SELECT reason FROM b.hedge_recommendations WHERE portfolio = 'abroad' AND instrument = 'Euro'$$, $$VALUES ('no position goes with it at minimum_correlation')$$, '... that itself is not used');
ROLLBACK TO marked;
-- the currency of what is held abroad is a position, and so is what options have of their underlying
INSERT INTO b.instrument (asset, tradable, cost) VALUES ('Euro', true, 0.00002);
UPDATE b.instrument SET tradable = false WHERE asset <> 'Euro';
UPDATE b.model SET hedge_evidence = 'reliable';
DELETE FROM b.position WHERE portfolio = 'abroad';
INSERT INTO b.position VALUES ('abroad', 'Local', 1000);
CREATE TABLE forward AS SELECT v.*, u.unit_notional FROM b.hedge_recommendations AS v JOIN b._unit AS u ON u.asset = v.instrument AND u.run = (SELECT run FROM b.latest_run) WHERE portfolio = 'abroad';
SELECT ok(count(*) = 1 AND bool_and(instrument = 'Euro' AND trade_contracts < 0 AND f.quantity = 0 AND abs(f.exposure - x.exposure) < 1e-6 * x.exposure AND abs(f.exposure_after) < 0.5 * x.exposure AND f.risk_after < f.risk_before), 'a currency hedge')
FROM forward AS f JOIN b.exposure AS x USING (portfolio) WHERE x.asset = 'Euro';
INSERT INTO b.position (portfolio, asset, quantity) SELECT portfolio, instrument, trade_contracts FROM forward;
SELECT ok(abs(f.risk_after - r.net_risk) < 1e-6 * r.net_risk, 'leaves what was promised') FROM forward AS f JOIN b.portfolio_risk AS r USING (portfolio);
SELECT ok(abs(v.trade_contracts) <= 1, 'and nothing to do') FROM b.hedge_recommendations AS v WHERE portfolio = 'abroad';
INSERT INTO b.position VALUES ('options', 'A05', 1000, 0.45);
INSERT INTO b.instrument (asset, tradable, cost) VALUES ('A05', true, 0.00002);
UPDATE b.instrument SET tradable = false WHERE asset <> 'A05';
SELECT ok(count(*) = 1 AND bool_and(trade_contracts BETWEEN -450 AND -448 AND risk_after < 0.01 * risk_before AND reason = 'the risk it removes is worth more than it costs; stale price'), 'options are hedged in their underlying')
FROM b.hedge_recommendations WHERE portfolio = 'options';
UPDATE b.instrument SET tradable = false;
UPDATE b.instrument SET tradable = true WHERE asset = 'Foreign';
UPDATE b.model SET hedge_evidence = 'any';
SELECT ok(bool_and(abs(n.net - x.notional - y.notional) < 1e-6 * abs(x.notional)), 'the money of a funded holding counts once') FROM b.neutral_trades AS n JOIN b.exposure AS x USING (portfolio) JOIN b.exposure AS y USING (portfolio)
WHERE portfolio = 'home' AND kind = 'dollar' AND x.asset = 'A05' AND y.asset = 'Foreign';
CREATE TABLE foreign_delta AS SELECT * FROM b.neutral_trades WHERE portfolio = 'home' AND asset = 'Foreign' AND kind = 'delta';
INSERT INTO b.position (portfolio, asset, quantity) SELECT portfolio, asset, trade_contracts FROM foreign_delta;
SELECT ok(abs(d.net_risk_after - r.net_risk) < 1e-9 * r.net_risk, 'risk after a neutral trade has its currency, too') FROM foreign_delta AS d JOIN b.portfolio_risk AS r USING (portfolio);
ROLLBACK TO before;

-- The function, by whoever calls it with what: a matrix of another size, evidence of other types, nulls.
CREATE SCHEMA other;
CREATE TABLE other.evidence_run AS SELECT 7::bigint AS run, 4 AS pairs;
CREATE TABLE other.pair_evidence AS SELECT (jsonb_populate_record(NULL::b.pair_evidence, jsonb_build_object('run', 7, 'asset_y', y, 'asset_x', x, 'verdict', v,
	'observations', 20, 'robust_low', 1, 'robust_high', 2, 'reason', 'r'))).*
FROM (VALUES ('A05', 'A06', 'reliable'), ('A07', 'A06', 'reliable'), ('A05', 'A08', 'reliable'), ('A05', 'nowhere', 'weak')) AS z (y, x, v);
CREATE FUNCTION pg_temp.trades(m hedge.comoment_matrix, book regnamespace, instruments text[] = '{A06,A07}', risk_price float8 = 1, correlation float8 = 0, observations integer = 10)
RETURNS TABLE (instrument text, action text, reason text) LANGUAGE sql AS $$
	SELECT t.instrument, t.action, t.reason FROM hedge._recommended_trades(m, '{A05}', '{1000}', '{20}', true, instruments, '{1,1}', '{1,1}', '{1,1}', '{0,0}', '{0,0}', '{NULL,NULL}', risk_price,
		'estimated', 'reliable', NULL, correlation, observations, book, 7, '{NULL,NULL}', '{NULL,NULL}', '{0,0}', '{NULL,NULL}', '{NULL,NULL}', '{f,f}') AS t$$;
CREATE TABLE matrices AS
SELECT n, hedge.comoment_matrix(assets, x) AS m
FROM unnest('{3,300}'::integer[]) AS n
CROSS JOIN LATERAL (SELECT array_agg('A' || to_char(k + 4, 'FM9900') ORDER BY k) AS assets FROM generate_series(1, n) AS k) AS a
CROSS JOIN LATERAL (SELECT t, array_agg(sin(t) + sin(t * k) ORDER BY k) AS x FROM generate_series(1, 20) AS t, generate_series(1, n) AS k GROUP BY t) AS r
GROUP BY n;
SELECT results_eq($$SELECT t.instrument, t.reason ~ 'not examined' FROM matrices, pg_temp.trades(m, 'other') AS t WHERE n = 3 ORDER BY 1$$, $$VALUES ('A06', false), ('A07', true)$$,
	'evidence of other pairs is none');
SAVEPOINT types;
ALTER TABLE other.pair_evidence ALTER verdict TYPE name;
SELECT throws_ok($$SELECT t.* FROM matrices, pg_temp.trades(m, 'other') AS t WHERE n = 3$$, '42804', 'pair_evidence has no column verdict of type text', 'nor is that of other types');
ROLLBACK TO types;
UPDATE other.pair_evidence SET verdict = NULL;
SELECT throws_ok($$SELECT t.* FROM matrices, pg_temp.trades(m, 'other') AS t WHERE n = 3$$, '23502', NULL, '... or without a verdict');
ROLLBACK TO types;
SELECT throws_ok($$SELECT t.* FROM (SELECT m FROM matrices ORDER BY n) AS z, hedge._recommended_trades(m, '{A05}', '{1000}', '{20}', true, '{A06}', '{1}', '{1}', '{1}', '{0}', '{0}', '{NULL}', 1,
	'estimated', 'any', NULL, 0, 10, 'other', 7, '{NULL}', '{NULL}', '{0}', '{NULL}', '{NULL}', '{f}') AS t$$, '22023', 'a matrix of 3 assets and one of 300 are given for the same run', 'one run has one matrix');
SELECT throws_ok(format('SELECT t.* FROM matrices, pg_temp.trades(m, ''other'', %s) AS t WHERE n = 3', args), code, NULL, args)
FROM (VALUES ('''{NULL,A06}''', '22004'), ('risk_price => NULL', '22004'), ('risk_price => 0', '22023'), ('risk_price => ''NaN''', '22023'), ('risk_price => ''Infinity''', '22023'),
	('correlation => NULL', '22004'), ('observations => NULL', '22004')) AS v (args, code);

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
