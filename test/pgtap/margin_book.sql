-- portfolio_margin of a book: the same as hedge.margin over view exposure, with parameters and without; evidence; steps.
BEGIN;
SELECT no_plan();
SELECT setseed(0.3);
SET LOCAL jit = off;
SELECT hedge.create_book('desk');
UPDATE desk.model SET evidence = 'all', minimum_observations = 60;
INSERT INTO desk.price
SELECT 'asset ' || a, timestamptz '2024-01-01' + t * interval '1 day', 100 * exp(sum(0.01 * (f * (a % 4 - 1) + random() - 0.5)) OVER (PARTITION BY a ORDER BY t))
FROM (SELECT t, random() - 0.5 AS f FROM generate_series(1, 260) t) s, generate_series(1, 12) a;
-- one of few prices: no volatility
INSERT INTO desk.price SELECT 'new', timestamptz '2024-01-01' + t * interval '1 day', 50 + t FROM generate_series(258, 260) t;
INSERT INTO desk.position
SELECT 'portfolio ' || p, 'asset ' || a, round(1000 * (random() - 0.5)) FROM generate_series(1, 40) p, generate_series(1, 12) a WHERE random() < 0.6;
INSERT INTO desk.position VALUES ('short of data', 'asset 1', 10), ('short of data', 'gone', 5), ('short of data', 'new', 7), ('short of data', 'asset 2', 1e60),
	('nothing', 'gone', 1), ('flat', 'asset 1', 0);
UPDATE desk.model SET calendar_quorum = 0.5;
CALL hedge.refresh('desk', as_of => '2024-09-18');
ANALYZE;

-- breaks that chance made: what they do is below
UPDATE desk.pair_evidence SET correlation_after_break = NULL;

-- without parameters
CREATE VIEW arrays AS
SELECT e.portfolio, e.model, e.as_of, array_agg(e.asset ORDER BY e.asset) AS a, array_agg(e.exposure ORDER BY e.asset) AS e,
	array_agg(2.3263478740408408 * e.volatility ORDER BY e.asset) AS w, array_agg(coalesce(e.bucket, '') ORDER BY e.asset) AS b
FROM desk.exposure e WHERE e.exposure <> 0 AND e.volatility IS NOT NULL GROUP BY e.portfolio, e.model, e.as_of;
CREATE FUNCTION credited(assets text[], verdicts text[]) RETURNS boolean[] LANGUAGE sql STABLE AS $$
	SELECT array_agg(x ORDER BY i) FROM (
		SELECT i, array_agg(EXISTS (SELECT FROM desk.pair_evidence p WHERE p.asset_y = assets[i] AND p.asset_x = assets[j] AND p.verdict = ANY (verdicts)) ORDER BY j) AS x
		FROM generate_subscripts(assets, 1) i, generate_subscripts(assets, 1) j GROUP BY i) s $$;
CREATE VIEW matrix AS SELECT coalesce(psd_matrix, matrix) AS m FROM desk.model_run;
SELECT ok(count(*) = 41 AND max(abs(v.margin - m.margin)) < 1e-6 AND max(abs(v.net_margin - m.net_margin)) < 1e-6 AND max(abs(v.gross_margin - m.gross_margin)) < 1e-6
	AND max(abs(v.silo_margin - m.silo_margin)) < 1e-6 AND bool_and(v.scenario = m.scenario AND v.legs = cardinality(e) AND v.credit_share = 0.8), 'as hedge.margin over exposure, reliable pairs credited')
FROM desk.portfolio_margin v JOIN arrays USING (portfolio), matrix, hedge.margin(e, w, NULL, hedge.correlations(matrix.m, a), NULL, NULL, 0.8, credited(a, '{reliable}')) m;
SELECT ok(bool_or(uncredited_pairs > 0) AND bool_or(uncredited_pairs = 0) AND bool_and(credit_withheld >= -1e-6 AND (uncredited_pairs > 0 OR credit_withheld = 0)) AND max(credit_withheld) > 1, 'evidence withholds credit') FROM desk.portfolio_margin;
SELECT ok(bool_and(p.n = v.uncredited_pairs), 'uncredited pairs are offsetting ones that are not reliable both ways')
FROM desk.portfolio_margin v JOIN (SELECT a.portfolio, count(*) FILTER (WHERE e[i] * e[j] * hedge.corr(m, a.a[i], a.a[j]) < 0 AND NOT (c[i][j] AND c[j][i])) AS n
	FROM arrays a, matrix, credited(a.a, '{reliable}') c, generate_subscripts(a.a, 1) i, generate_subscripts(a.a, 1) j WHERE i < j GROUP BY a.portfolio) p USING (portfolio);
CREATE TABLE gated AS TABLE desk.portfolio_margin;
INSERT INTO desk.margin_setting (model, credited_verdicts) VALUES ('default', NULL);
SELECT ok(max(abs(v.margin - m.margin)) < 1e-6 AND max(abs(v.margin - (g.margin - g.credit_withheld))) < 1e-6 AND bool_and(v.uncredited_pairs = 0), 'every pair credited: less by what was withheld')
FROM desk.portfolio_margin v JOIN gated g USING (portfolio) JOIN arrays USING (portfolio), matrix, hedge.margin(e, w, NULL, hedge.correlations(matrix.m, a), NULL, NULL, 0.8) m;
SELECT ok(max(abs(v.margin_medium / (2.3263478740408408 * r.net_risk) - 1)) < 1e-9, 'the same legs as portfolio_risk') FROM desk.portfolio_margin v JOIN desk.portfolio_risk r USING (portfolio) WHERE r.net_risk > 0;

-- what cannot be margined is counted
SELECT results_eq($$SELECT portfolio, positions, unmargined_positions, legs, margin IS NULL FROM desk.portfolio_margin WHERE portfolio NOT LIKE 'portfolio%' ORDER BY 1$$,
	$$VALUES ('flat', 1, 0, 0, false), ('nothing', 1, 1, 0, true), ('short of data', 4, 3, 1, false)$$, 'positions without a margin are counted');
SELECT ok(margin = 0 AND gross_margin = 0 AND scenario IS NULL AND margin_coverage IS NULL, 'nothing to margin: 0') FROM desk.portfolio_margin WHERE portfolio = 'flat';
SELECT ok(abs(v.unmargined_notional - e.new) < 1e-9 * e.new AND abs(v.margin_coverage - e.known / (e.known + e.new)) < 1e-12 AND v.margin_coverage < 1, 'how much is margined') FROM desk.portfolio_margin v,
	(SELECT sum(abs(exposure)) FILTER (WHERE asset = 'new') AS new, sum(abs(exposure)) FILTER (WHERE asset = 'asset 1') AS known FROM desk.exposure WHERE portfolio = 'short of data') e WHERE portfolio = 'short of data';
SELECT ok(bool_and(margin_coverage = 1 AND unmargined_notional = 0 AND NOT indefinite AND level = 0.99 AND holding_bars = 1), 'all of the others') FROM desk.portfolio_margin WHERE portfolio LIKE 'portfolio%';
SELECT results_eq($$SELECT asset, weight IS NULL, contribution IS NULL FROM desk.margin_contributions WHERE portfolio = 'short of data' ORDER BY 1$$,
	$$VALUES ('asset 1', false, false), ('asset 2', false, true), ('gone', true, true), ('new', true, true)$$, 'what is in no margin has a row, too');
SELECT ok(bool_and(v.unmargined_positions = r.unpriced_positions + r.unestimated_positions AND v.positions = r.positions), 'as portfolio_risk counts them') FROM desk.portfolio_margin v JOIN desk.portfolio_risk r USING (portfolio);
INSERT INTO desk.margin_weight VALUES ('new', 0.5), ('asset 1', 0.1);
SELECT results_eq($$SELECT portfolio, unknown_pairs FROM desk.portfolio_margin WHERE unknown_pairs <> 0$$, $$VALUES ('short of data', 1)$$, 'and are counted, where there are any');
INSERT INTO desk.margin_bucket VALUES ('', NULL, 0.5);
SELECT ok(bool_and(unknown_pairs = 0) AND bool_or(legs = 2 AND net_margin < gross_margin AND portfolio = 'short of data'), 'a supplied correlation is known') FROM desk.portfolio_margin;
DELETE FROM desk.margin_bucket;
SELECT ok(unmargined_positions = 2 AND legs = 2 AND abs(gross_margin - (0.5 * x.e + 0.1 * y.e)) < 1e-9 AND abs(margin_high - gross_margin) < 1e-9, 'a supplied weight margins what cannot be estimated; its correlations are unknown, it adds up')
FROM desk.portfolio_margin, (SELECT abs(exposure) AS e FROM desk.exposure WHERE portfolio = 'short of data' AND asset = 'new') x, (SELECT abs(exposure) AS e FROM desk.exposure WHERE portfolio = 'short of data' AND asset = 'asset 1') y WHERE portfolio = 'short of data';
DELETE FROM desk.margin_weight;

-- buckets, estimated and supplied
INSERT INTO desk.instrument (asset, bucket) SELECT 'asset ' || a, CASE WHEN a % 3 > 0 THEN 'bucket ' || a % 3 END FROM generate_series(1, 12) a;
CREATE VIEW everything AS SELECT array_agg('asset ' || a ORDER BY a) AS a, array_agg(CASE WHEN a % 3 > 0 THEN 'bucket ' || a % 3 END ORDER BY a) AS b FROM generate_series(1, 12) a;
SELECT ok(max(abs(v.margin - m.margin)) < 1e-6 AND count(*) = 41 AND max(abs(v.silo_margin - s.silo_margin)) < 1e-6 AND bool_or(v.silo_margin > v.net_margin + 1), 'buckets without a supplied correlation: leg by leg, as if there were none, but for silos')
FROM desk.portfolio_margin v JOIN arrays USING (portfolio), matrix,
	hedge.margin(e, w, NULL, hedge.correlations(matrix.m, arrays.a), NULL, NULL, 0.8) m,
	hedge.margin(e, w, arrays.b, hedge.correlations(matrix.m, arrays.a), '{"",bucket 1,bucket 2}', '{{1,0,0},{0,1,0},{0,0,1}}', 0.8) s;
UPDATE desk.margin_setting SET credited_verdicts = '{}';
SELECT ok(bool_and(v.margin >= m.margin - 1e-6) AND bool_or(v.margin > m.margin + 1) AND max(abs(v.credit_withheld - (v.margin - m.margin))) < 1e-6 AND max(abs(v.margin - n.margin)) < 1e-6
	AND sum(v.uncredited_pairs) > 100, 'nor are pairs across buckets credited')
FROM desk.portfolio_margin v JOIN arrays USING (portfolio), matrix,
	hedge.margin(e, w, NULL, hedge.correlations(matrix.m, arrays.a), NULL, NULL, 0.8) m,
	hedge.margin(e, w, NULL, hedge.correlations(matrix.m, arrays.a), NULL, NULL, 0.8, credited(a, '{}')) n;
UPDATE desk.margin_setting SET adverse = true;
SELECT ok(max(abs(v.margin - n.margin)) < 1e-6 AND bool_or(v.margin > m.margin + 1), 'and turned around where that is asked for')
FROM desk.portfolio_margin v JOIN arrays USING (portfolio), matrix,
	hedge.margin(e, w, NULL, hedge.correlations(matrix.m, arrays.a), NULL, NULL, 0.8, credited(a, '{}')) m,
	hedge.margin(e, w, NULL, hedge.correlations(matrix.m, arrays.a), NULL, NULL, 0.8, credited(a, '{}'), true) n;
UPDATE desk.margin_setting SET adverse = false;
UPDATE desk.margin_setting SET credited_verdicts = NULL, credit_share = 1, level = 0.95, holding_bars = 4;
INSERT INTO desk.margin_bucket VALUES ('', 0.2, 0.4), ('bucket 1', NULL, 0.6), ('elsewhere', 9, 1);
INSERT INTO desk.margin_bucket_pair VALUES ('', 'bucket 1', -0.5), ('bucket 1', 'bucket 2', 0.3), ('', 'bucket 2', 0), ('bucket 2', 'elsewhere', 1);
INSERT INTO desk.margin_weight VALUES ('asset 3', 0.3);
SELECT ok(max(abs(v.margin - m.margin)) < 1e-6 AND count(*) = 40 AND max(abs(v.margin - v.net_margin)) < 1e-6, 'parameters supplied')
FROM desk.portfolio_margin v JOIN arrays USING (portfolio), matrix,
	LATERAL (SELECT array_agg(CASE WHEN a[i] = 'asset 3' THEN 0.3 WHEN b[i] = '' THEN 0.2 ELSE w[i] / 2.3263478740408408 * 1.6448536269514722 * 2 END ORDER BY i) AS w,
		array_agg(r ORDER BY i) AS r FROM generate_subscripts(a, 1) i, LATERAL (SELECT array_agg(CASE WHEN i = j THEN 1 WHEN b[i] <> b[j] THEN 0
			WHEN b[i] = '' THEN 0.4 WHEN b[i] = 'bucket 1' THEN 0.6 ELSE hedge.corr(m, a[i], a[j]) END ORDER BY j) AS r FROM generate_subscripts(a, 1) j) c) s,
	hedge.margin(e, s.w, b, s.r, '{"",bucket 1,bucket 2}', '{{1,-0.5,0},{-0.5,1,0.3},{0,0.3,1}}') m
WHERE portfolio LIKE 'portfolio%';

-- correlations of buckets that are those of no market are not used
SELECT ok(count(*) > 20 AND bool_and(NOT v.indefinite) AND max(abs(s.sum - v.margin) / v.gross_margin) < 1e-12, 'contributions with supplied and estimated correlations of buckets')
FROM desk.portfolio_margin v JOIN (SELECT portfolio, sum(contribution) FROM desk.margin_contributions GROUP BY portfolio) s USING (portfolio) WHERE v.legs > 0;
UPDATE desk.margin_bucket_pair SET correlation = CASE WHEN bucket_b = 'bucket 1' THEN -0.9 ELSE 0.9 END;
DELETE FROM desk.margin_bucket;
SELECT ok(bool_and(v.indefinite = (n.buckets = 3)) AND bool_or(v.indefinite) AND max(abs(v.net_margin - m.net_margin)) FILTER (WHERE v.indefinite) < 1e-6
	AND max(abs(n.sum - v.margin) / v.gross_margin) < 1e-12, 'buckets add up then, and it is told')
FROM desk.portfolio_margin v JOIN (SELECT portfolio, count(DISTINCT bucket) AS buckets, sum(contribution), array_agg(asset ORDER BY asset) AS a, array_agg(bucket ORDER BY asset) AS b, array_agg(weighted_sensitivity ORDER BY asset) AS ws
		FROM desk.margin_contributions WHERE contribution IS NOT NULL GROUP BY portfolio) n USING (portfolio), matrix,
	hedge.margin(ws, NULL, b, hedge.correlations(matrix.m, a), '{"",bucket 1,bucket 2}', '{{1,NULL,NULL},{NULL,1,NULL},{NULL,NULL,1}}') m;
DELETE FROM desk.margin_bucket_pair;
INSERT INTO desk.margin_bucket_pair VALUES ('', 'bucket 1', -0.5), ('bucket 1', 'bucket 2', 0.3), ('', 'bucket 2', 0), ('bucket 2', 'elsewhere', 1);

-- steps
SELECT ok(count(*) = 5 * (SELECT count(*) FROM desk.portfolio_margin) AND count(*) FILTER (WHERE amount IS NULL) = 5, 'five steps each; none of what cannot be margined') FROM desk.margin_steps;
SELECT ok(bool_and(s.sum = s.total AND s.total = round(v.margin::numeric, 2) AND s.gross = round(v.gross_margin::numeric, 2)), 'steps add up, to the cent')
FROM (SELECT portfolio, sum(amount::numeric) FILTER (WHERE step <> 'margin') AS sum, max(amount::numeric) FILTER (WHERE step = 'margin') AS total, max(amount::numeric) FILTER (WHERE step = 'gross') AS gross
	FROM desk.margin_steps WHERE amount IS NOT NULL GROUP BY portfolio) s JOIN desk.portfolio_margin v USING (portfolio);
SELECT ok(bool_and(running_total = before + CASE WHEN step = 'margin' THEN 0 ELSE amount END OR abs(running_total - before - amount) < 0.001 OR step = 'margin'), 'running totals')
FROM (SELECT *, lag(running_total, 1, 0) OVER (PARTITION BY portfolio ORDER BY step_number) AS before FROM desk.margin_steps WHERE amount IS NOT NULL) s;
SELECT is((SELECT array_agg(step ORDER BY step_number) FROM desk.margin_steps WHERE portfolio = 'portfolio 1'), '{gross,diversification,credit,cap,margin}', 'in order');

-- contributions
SELECT ok(count(*) = 41 AND max(abs(s.sum - v.margin) / v.gross_margin) < 1e-12 AND max(abs(s.gross - v.gross_margin) / v.gross_margin) < 1e-12 AND bool_and(s.n = v.legs), 'contributions of assets sum to the margin')
FROM desk.portfolio_margin v JOIN (SELECT portfolio, sum(contribution), sum(abs(weighted_sensitivity)) AS gross, count(contribution) AS n FROM desk.margin_contributions GROUP BY portfolio) s USING (portfolio) WHERE v.legs > 0;
SELECT ok(count(*) > 200 AND max(abs(c.weighted_sensitivity - c.weight * e.exposure)) < 1e-6 AND bool_and(c.bucket = coalesce(e.bucket, '')), 'of the exposures')
FROM desk.margin_contributions c JOIN desk.exposure e USING (portfolio, model, asset) WHERE contribution IS NOT NULL;

-- one portfolio alone; two models
SELECT ok(bool_and(v IS NOT DISTINCT FROM w), 'a filter changes nothing') FROM desk.portfolio_margin v, LATERAL (SELECT * FROM desk.portfolio_margin WHERE portfolio = v.portfolio) w;
INSERT INTO desk.model (model, lookback, minimum_observations, evidence) VALUES ('short', 100, 60, 'none');
CALL hedge.refresh('desk', 'short', as_of => '2024-09-18');
SELECT ok(count(*) = 86 AND count(DISTINCT margin) > 80, 'a row for each model') FROM desk.portfolio_margin;
SELECT ok(bool_and(credit_share = 0.8 AND credit_withheld >= -1e-6) AND sum(uncredited_pairs) > 100 AND sum(credit_withheld) > 100
	AND (SELECT bool_and(credit_share = 1 AND uncredited_pairs = 0) FROM desk.portfolio_margin WHERE model = 'default'),
	'a model without a row in margin_setting has the defaults, and no credit without evidence') FROM desk.portfolio_margin WHERE model = 'short';

-- credit at risk: as hedge.credit_at_risk where every pair is credited; as spelt out where evidence withholds it
UPDATE desk.margin_setting SET level = 0.99, holding_bars = 1, credit_share = 0.8;
DELETE FROM desk.margin_weight; DELETE FROM desk.margin_bucket; DELETE FROM desk.margin_bucket_pair;
UPDATE desk.model SET lookback = 101, minimum_observations = 101 WHERE model = 'short';
SELECT ok(bool_and(unknown_pairs = legs * (legs - 1) / 2) AND max(unknown_pairs) > 30 AND max(abs(net_margin - gross_margin)) FILTER (WHERE legs > 0) < 1e-6, 'of too few observations all are unknown, and no portfolio offsets')
FROM desk.portfolio_margin WHERE model = 'short';
UPDATE desk.model SET lookback = 100, minimum_observations = 60 WHERE model = 'short';
CREATE FUNCTION seen(assets text[], lowest boolean) RETURNS float8[] LANGUAGE sql STABLE AS $$
	SELECT array_agg(x ORDER BY i) FROM (
		SELECT i, array_agg(CASE WHEN i = j THEN 1 ELSE (SELECT CASE WHEN lowest THEN p.rolling_minimum ELSE p.rolling_maximum END FROM desk.correlation_stability p
			WHERE p.model = 'default' AND p.asset_y = assets[i] AND p.asset_x = assets[j]) END ORDER BY j) AS x
		FROM generate_subscripts(assets, 1) i, generate_subscripts(assets, 1) j GROUP BY i) s $$;
CREATE TABLE few AS SELECT * FROM arrays WHERE model = 'default' AND portfolio < 'portfolio 2';
CREATE VIEW matrix_of AS SELECT m.model, coalesce(r.psd_matrix, r.matrix) AS m FROM desk.latest_run m JOIN desk.model_run r USING (run);
SELECT ok(count(*) = 66 AND max(abs(v.margin - x.margin)) < 1e-6 AND max(abs(v.credit - x.credit)) < 1e-6 AND max(abs(v.credit_lost - x.credit_lost)) < 1e-6
	AND bool_and(v.repaired = x.repaired AND abs(v.distance - x.distance) < 1e-9) AND bool_or(v.repaired), 'credit at risk as hedge.credit_at_risk has it')
FROM few f CROSS JOIN matrix_of m CROSS JOIN LATERAL hedge.credit_at_risk(f.e, f.w, NULL, hedge.correlations(m.m, f.a), credit_share => 0.8, minimum => seen(f.a, true), maximum => seen(f.a, false)) x
JOIN desk.credit_at_risk v ON v.portfolio = f.portfolio AND v.model = m.model AND v.scenario = x.scenario WHERE m.model = 'default';
SELECT ok(bool_and(shortfall = greatest(v.margin - p.margin, 0) OR abs(shortfall - (v.margin - p.margin)) < 1e-9) AND bool_or(shortfall > 1) AND bool_and(unseen_pairs IS NULL OR (v.scenario = 'worst_seen' AND unseen_pairs = 0)),
	'shortfall against the margin required now') FROM desk.credit_at_risk v JOIN desk.portfolio_margin p USING (portfolio, model) WHERE model = 'default';
SELECT is((SELECT array_agg(scenario ORDER BY scenario_number) FROM desk.credit_at_risk WHERE portfolio = 'portfolio 1' AND model = 'short'), '{low,medium,high,zero,flipped}', 'without evidence nothing was seen');
UPDATE desk.margin_setting SET credited_verdicts = '{reliable}';
SELECT ok(max(abs(v.margin - n.margin_medium_granted)) < 1e-6 AND bool_or(v.margin > u.margin + 1), 'evidence withholds credit from moved correlations, too')
FROM (SELECT f.portfolio, g.gross_margin - 0.8 * (g.gross_margin - g.margin_medium) AS margin_medium_granted
	FROM few f CROSS JOIN matrix_of m
	CROSS JOIN LATERAL (SELECT array_agg(l ORDER BY i) AS r FROM (SELECT i, array_agg(CASE WHEN i = j THEN 1 ELSE -hedge.corr(m.m, f.a[i], f.a[j]) END ORDER BY j) AS l
		FROM generate_subscripts(f.a, 1) i, generate_subscripts(f.a, 1) j GROUP BY i) s) r
	CROSS JOIN LATERAL hedge.nearest_correlations(r.r) near
	CROSS JOIN LATERAL hedge.margin(f.e, f.w, NULL, near, credit_share => 0.8, credited => credited(f.a, '{reliable}')) g WHERE m.model = 'default') n
JOIN desk.credit_at_risk v USING (portfolio)
JOIN (SELECT f.portfolio, x.margin FROM few f CROSS JOIN matrix_of m CROSS JOIN LATERAL hedge.credit_at_risk(f.e, f.w, NULL, hedge.correlations(m.m, f.a), credit_share => 0.8) x WHERE x.scenario = 'flipped' AND m.model = 'default') u USING (portfolio)
WHERE v.model = 'default' AND v.scenario = 'flipped';
SELECT ok(max(abs(v.margin - (p.gross_margin - 0.8 * (p.gross_margin - p.margin_medium)))) < 1e-9 AND max(abs(credit_lost)) = 0, 'medium is that of portfolio_margin') FROM desk.credit_at_risk v JOIN desk.portfolio_margin p USING (portfolio, model) WHERE v.scenario = 'medium';

-- a correlation that broke: the one since the break counts where it adds up more, on either side of the market
CREATE TABLE broken AS SELECT asset_y, asset_x FROM desk.pair_evidence WHERE asset_y = 'asset 1' AND asset_x = 'asset 2';
UPDATE desk.pair_evidence SET verdict = 'break_detected', correlation_after_break = 0.96 WHERE (asset_y, asset_x) IN (('asset 1', 'asset 2'), ('asset 2', 'asset 1'));
INSERT INTO desk.position VALUES ('two longs', 'asset 1', 100), ('two longs', 'asset 2', 100), ('one of each', 'asset 1', 100), ('one of each', 'asset 2', -100);
SELECT ok(bool_and(abs(v.margin_medium ^ 2 / (a.e[1] * a.w[1]) ^ 2 - (1 + q ^ 2 + CASE WHEN v.portfolio = 'two longs' THEN 2 * 0.96 * q ELSE 2 * least(hedge.corr(m.m, 'asset 1', 'asset 2'), 0) * -q END)) < 1e-9)
	AND bool_and(v.uncredited_pairs = (v.portfolio = 'two longs')::integer OR v.portfolio = 'one of each') AND count(*) = 2, 'two longs are at the correlation since the break')
FROM desk.portfolio_margin v JOIN arrays a USING (portfolio, model), LATERAL (SELECT abs(a.e[2] * a.w[2] / (a.e[1] * a.w[1])) AS q) x, matrix_of m
WHERE m.model = v.model AND v.model = 'default' AND v.portfolio IN ('two longs', 'one of each');
DELETE FROM desk.position WHERE portfolio IN ('two longs', 'one of each');

-- walls: compartments are portfolios of their own
UPDATE desk.margin_setting SET credited_verdicts = NULL;
UPDATE desk.instrument SET currency = 'USD' WHERE asset IN ('asset 1', 'asset 2', 'asset 3');
CREATE TABLE others AS SELECT portfolio, bucket, 'o ' || portfolio || bucket AS name FROM (SELECT DISTINCT p.portfolio, coalesce(i.bucket, '') AS bucket FROM desk.position p LEFT JOIN desk.instrument i USING (asset)
	WHERE portfolio IN ('portfolio 1', 'portfolio 2', 'portfolio 3')) s;
CREATE TABLE saved AS SELECT * FROM desk.position;
CREATE TABLE walls AS SELECT * FROM desk.margin_compartments WHERE model = 'default';
SELECT ok((SELECT count(DISTINCT divided_by) FROM walls) = 3 AND max(abs(pooled_margin - m.margin)) < 1e-6 AND max(abs(wall_cost - (w.margin + margin_of_others - pooled_margin))) < 1e-9, 'pooled is the portfolio as a whole')
FROM walls w JOIN desk.portfolio_margin m ON m.portfolio = w.portfolio AND m.model = 'default' WHERE m.unmargined_positions = 0;
SELECT ok(count(*) > 40 AND max(abs(w.margin - m.margin)) < 1e-6 AND bool_and(w.legs = m.legs AND w.positions = m.positions AND w.unmargined_positions = m.unmargined_positions), 'a portfolio between walls is itself')
FROM walls w JOIN desk.portfolio_margin m ON m.portfolio = w.compartment AND m.model = 'default' WHERE w.divided_by = 'portfolio' AND w.portfolio IS NULL AND m.margin IS NOT NULL;
SELECT ok(bool_and(margin IS NULL AND wall_cost IS NULL AND unmargined_positions = 1), 'what cannot be margined has no margin there either') FROM walls WHERE divided_by = 'portfolio' AND compartment = 'nothing';
INSERT INTO desk.position SELECT o.name, p.asset, p.quantity FROM saved p LEFT JOIN desk.instrument i USING (asset) JOIN others o ON o.portfolio = p.portfolio AND o.bucket <> coalesce(i.bucket, '');
INSERT INTO desk.position SELECT 'i' || o.name, p.asset, p.quantity FROM saved p LEFT JOIN desk.instrument i USING (asset) JOIN others o ON o.portfolio = p.portfolio AND o.bucket = coalesce(i.bucket, '');
-- without what is no number, and would be lost to the pool with its asset
INSERT INTO desk.position SELECT 'everything', asset, quantity FROM saved WHERE quantity < 1e50;
INSERT INTO desk.position SELECT 'without 1', asset, quantity FROM saved WHERE portfolio <> 'portfolio 1' AND quantity < 1e50;
SELECT ok(count(*) = 9 AND max(abs(w.margin - i.margin)) < 1e-6 AND max(abs(w.margin_of_others - m.margin)) < 1e-6, 'a bucket, and all other buckets, are the portfolios of their positions')
FROM walls w JOIN others o ON o.portfolio = w.portfolio AND o.bucket = w.compartment JOIN desk.portfolio_margin m ON m.portfolio = o.name AND m.model = w.model JOIN desk.portfolio_margin i ON i.portfolio = 'i' || o.name AND i.model = w.model WHERE w.divided_by = 'bucket';
SELECT ok(count(*) = 1 AND max(abs(w.pooled_margin - e.margin) / e.gross_margin) < 1e-9 AND max(abs(w.margin_of_others - o.margin) / e.gross_margin) < 1e-9, 'all portfolios pooled, and all but one')
FROM walls w, desk.portfolio_margin e, desk.portfolio_margin o
WHERE w.compartment = 'portfolio 1' AND w.divided_by = 'portfolio' AND e.portfolio = 'everything' AND o.portfolio = 'without 1' AND e.model = 'default' AND o.model = 'default';
SELECT results_eq($$SELECT DISTINCT compartment FROM walls WHERE divided_by = 'currency' ORDER BY 1$$, $$VALUES ('USD')$$, 'currencies: the base one where nothing is said');
TRUNCATE desk.position; INSERT INTO desk.position SELECT * FROM saved;

-- a proposed trade
SELECT ok(count(*) = 2 AND max(abs(t.margin_before - b.margin)) < 1e-9 AND max(abs(t.margin_change - (t.margin_after - t.margin_before))) < 1e-9 AND bool_and(t.unmargined_positions = 0 AND t.unmargined_trades = 0), 'before a trade')
FROM hedge.trade_margin('desk', 'portfolio 1', '{asset 1,asset 5}', '{100,-50}', '{0.5,1}') t JOIN desk.portfolio_margin b ON b.portfolio = 'portfolio 1' AND b.model = t.model;
CREATE TABLE proposed AS SELECT * FROM hedge.trade_margin('desk', 'portfolio 1', '{asset 1,asset 5}', '{100,-50}');
SELECT ok(bool_and(margin_before = 0 AND margin_after = margin_of_trade) AND count(*) = 2, 'of a portfolio that is not there yet') FROM hedge.trade_margin('desk', 'new', '{asset 1}', '{100}');
SELECT ok(bool_and(margin_after IS NULL AND margin_change IS NULL AND unmargined_trades = 1), 'a trade that cannot be margined is not passed over') FROM hedge.trade_margin('desk', 'portfolio 1', '{gone,asset 1}', '{100,1}');
INSERT INTO desk.position VALUES ('portfolio 1', 'asset 1', 100), ('portfolio 1', 'asset 5', -50), ('trade', 'asset 1', 100), ('trade', 'asset 5', -50);
SELECT ok(count(*) = 2 AND max(abs(t.margin_after - a.margin)) < 1e-6 AND max(abs(t.margin_of_trade - o.margin)) < 1e-6 AND bool_and(abs(t.margin_change) > 1)
	AND bool_and(t.uncredited_pairs = a.uncredited_pairs) AND max(abs(t.credit_withheld - a.credit_withheld)) < 1e-6, 'after it, and alone')
FROM proposed t JOIN desk.portfolio_margin a ON a.portfolio = 'portfolio 1' AND a.model = t.model JOIN desk.portfolio_margin o ON o.portfolio = 'trade' AND o.model = t.model;
TRUNCATE desk.position; INSERT INTO desk.position SELECT * FROM saved;
SELECT throws_ok($$SELECT hedge.trade_margin('desk', 'portfolio 1', '{asset 1,asset 5}', '{100}')$$, '2202E', '2 assets, 1 quantities, no deltas');
SELECT throws_ok($$SELECT hedge.trade_margin('desk', 'portfolio 1', '{asset 1}', '{NaN}')$$, '22023', 'an asset, quantity or delta is missing, not finite or above 1e50');
SELECT throws_ok($$SELECT hedge.trade_margin('desk', NULL, '{asset 1}', '{1}')$$, '22004', 'no portfolio is given');
SELECT throws_ok($$SELECT hedge.trade_margin('desk', 'portfolio 1', NULL, '{1}')$$, '22004', 'no trade is given');

-- spreads
INSERT INTO desk.spread VALUES ('first', 1), ('second', 2);
INSERT INTO desk.spread_leg VALUES ('first', 'asset 1', 2, 'A', 0.5), ('first', 'asset 2', 1, 'B', 0.5), ('second', 'asset 1', 1, 'A', 0.9), ('second', 'asset 4', 1, 'B', 0.9);
INSERT INTO desk.position VALUES ('spreads', 'asset 1', 8), ('spreads', 'asset 2', -2), ('spreads', 'asset 1', 2), ('spreads', 'asset 4', -3);
SELECT results_eq($$SELECT asset, delta, remaining_delta FROM desk.spread_margin WHERE portfolio = 'spreads' AND model = 'default' ORDER BY asset$$,
	$$VALUES ('asset 1', 10::float8, 3::float8), ('asset 2', -2, -0), ('asset 4', -3, -0)$$, 'spreads by priority');
SELECT ok(abs(sum(s.credit) - (0.5 * (4 * x[1] + 2 * x[2]) + 0.9 * (3 * x[1] + 3 * x[3]))) < 1e-9 AND abs(sum(s.gross_margin) - (10 * x[1] + 2 * x[2] + 3 * x[3])) < 1e-9, 'and their credits')
FROM desk.spread_margin s, (SELECT array_agg(abs(e.exposure / e.quantity) * a.weight ORDER BY e.asset) AS x FROM desk.exposure e JOIN desk._margin_asset a USING (asset)
	JOIN desk.latest_run r ON r.run = a.run AND r.model = e.model WHERE e.portfolio = 'spreads' AND e.model = 'default') r
WHERE s.portfolio = 'spreads' AND s.model = 'default' GROUP BY x;

INSERT INTO desk.spread VALUES ('half', 0);
INSERT INTO desk.spread_leg VALUES ('half', 'asset 1', 1, 'A', 0.9);
SELECT ok(max(abs(remaining_delta - CASE asset WHEN 'asset 1' THEN 3 ELSE 0 END)) = 0, 'a spread without its other side is not formed') FROM desk.spread_margin WHERE portfolio = 'spreads' AND model = 'default';
SELECT results_eq($$SELECT asset, margin IS NULL FROM desk.spread_margin WHERE portfolio = 'short of data' AND model = 'default' ORDER BY 1$$,
	$$VALUES ('asset 1', false), ('asset 2', true), ('gone', true), ('new', true)$$, 'what has no margin is there');

SELECT ok(count(*) > 200 AND max(abs(s.gross_margin - abs(e.exposure) * a.weight)) < 1e-6, 'outright margins of exposures')
FROM desk.spread_margin s JOIN desk.exposure e USING (portfolio, model, asset) JOIN desk.latest_run r USING (model) JOIN desk._margin_asset a ON a.run = r.run AND a.asset = s.asset WHERE s.margin IS NOT NULL;

-- parameters that make no sense
SELECT throws_ok($$INSERT INTO desk.margin_weight VALUES ('x', -1)$$, '23514');
SELECT throws_ok($$INSERT INTO desk.margin_weight VALUES ('x', 'NaN')$$, '23514');
SELECT throws_ok($$INSERT INTO desk.margin_bucket VALUES ('x', NULL, 1.5)$$, '23514');
SELECT throws_ok($$INSERT INTO desk.margin_bucket_pair VALUES ('b', 'a', 0)$$, '23514');
SELECT throws_ok($$INSERT INTO desk.margin_bucket_pair VALUES ('a', 'b', -1.5)$$, '23514');
SELECT throws_ok($$UPDATE desk.margin_setting SET credited_verdicts = '{reliable,fine}'$$, '23514');
SELECT throws_ok($$UPDATE desk.margin_setting SET credited_verdicts = '{NULL}'$$, '23514');
SELECT lives_ok($$UPDATE desk.margin_setting SET credited_verdicts = '{weak,reliable}'$$, 'verdicts');
SELECT throws_ok($$UPDATE desk.margin_setting SET credit_share = 1.1$$, '23514');
SELECT throws_ok($$UPDATE desk.margin_setting SET level = 0.5$$, '23514');
SELECT throws_ok($$SELECT hedge._leg_margin(m, 'desk', run, u, '') FROM matrix, desk._units u$$, '22023', 'parameters are not a row of the view _margin_parameters of a book, or not of this run');
SELECT throws_ok($$SELECT hedge._leg_margin(m, 'desk', p.run + 1, p, '') FROM matrix, desk._margin_parameters p$$, '22023', 'parameters are not a row of the view _margin_parameters of a book, or not of this run');
-- arrays that no view of a book makes: an element that is null, one too few
SELECT throws_ok(format($$SELECT hedge._leg_margin(r.matrix, 'desk', r.run, jsonb_populate_record(p, %L), '') FROM desk.model_run r JOIN desk._margin_parameters p USING (run)$$, changed),
	'22023', 'parameters are not a row of the view _margin_parameters of a book, or not of this run', changed)
FROM (VALUES ('{"weights": [1]}'), ('{"buckets": [null]}'), ('{"bucket_names": [null], "bucket_correlations": [1]}'), ('{"bucket_names": ["x"], "bucket_correlations": []}'),
	('{"buckets_a": [null], "buckets_b": ["x"], "buckets_correlations": [1]}'), ('{"buckets_a": ["x"], "buckets_b": ["y"], "buckets_correlations": []}'), ('{"credited_y": [null], "credited_x": ["x"]}'),
	('{"broken_y": ["x"], "broken_x": [null], "broken_correlations": [0]}'), ('{"broken_y": ["x"], "broken_x": ["y"], "broken_correlations": []}')) AS v (changed);
SELECT throws_ok(format($$SELECT hedge._holdings_credit_at_risk(r.matrix, 'desk', r.run, p, '', jsonb_populate_record(s, %L)) FROM desk.model_run r JOIN desk._margin_parameters p USING (run) JOIN desk._margin_seen s USING (run)$$, changed),
	'22023', 'seen is not a row of the view _margin_seen of a book, or not of this run', changed)
FROM (VALUES ('{"assets_y": [null], "assets_x": ["x"], "lowest": [0], "highest": [0]}'), ('{"assets_y": ["x"], "assets_x": ["y"], "lowest": [], "highest": [0]}')) AS v (changed);

-- a price that never moved, a currency that cannot be weighted, weights under difference returns
SELECT hedge.create_book('odd');
UPDATE odd.model SET evidence = 'none', minimum_observations = 60, calendar_quorum = 0.5, stale_after = 1000;
INSERT INTO odd.model (model, evidence, minimum_observations, calendar_quorum, stale_after, return_kind) VALUES ('difference', 'none', 60, 0.5, 1000, 'difference');
INSERT INTO odd.price SELECT asset, timestamptz '2024-01-01' + t * interval '1 day', 88 + sin(t * t) FROM (VALUES ('moves'), ('foreign'), ('spread')) v (asset), generate_series(1, 260) t;
INSERT INTO odd.price SELECT 'frozen', timestamptz '2024-01-01' + t * interval '1 day', 100 FROM generate_series(1, 260) t;
INSERT INTO odd.price SELECT 'EURUSD', timestamptz '2024-01-01' + t * interval '1 day', 1.1 + sin(t) / 50 FROM generate_series(231, 260) t;
INSERT INTO odd.instrument (asset, currency, fx_asset, funded, return_kind) VALUES ('foreign', 'EUR', 'EURUSD', true, NULL), ('spread', NULL, NULL, false, 'difference');
INSERT INTO odd.position VALUES ('frozen', 'frozen', 1000), ('half', 'frozen', 1000), ('half', 'moves', 1), ('funded', 'foreign', 100), ('weights', 'moves', 10), ('weights', 'spread', -10);
CALL hedge.refresh('odd', as_of => '2024-09-18');
CALL hedge.refresh('odd', 'difference', as_of => '2024-09-18');
SELECT results_eq($$SELECT portfolio, margin IS NULL, unmargined_positions, legs, margin_coverage < 1 FROM odd.portfolio_margin WHERE model = 'default' ORDER BY 1$$,
	$$VALUES ('frozen', true, 1, 0, true), ('funded', false, 1, 1, true), ('half', false, 1, 1, true), ('weights', false, 0, 2, false)$$, 'neither is passed over');
SELECT results_eq($$SELECT asset FROM odd.margin_contributions WHERE model = 'default' AND contribution IS NULL AND portfolio = 'funded'$$, $$VALUES ('EURUSD')$$, 'the currency by its name');
SELECT results_eq($$SELECT compartment, margin IS NULL, margin_of_others IS NULL, pooled_margin IS NULL, wall_cost IS NULL, unmargined_positions FROM odd.margin_compartments WHERE model = 'default' AND divided_by = 'bucket' AND portfolio = 'frozen'$$,
	$$VALUES ('', true, false, true, true, 1)$$, 'nor is what cannot be margined pooled at 0');
SELECT results_eq($$SELECT compartment, margin IS NULL, margin_of_others IS NULL, pooled_margin IS NULL, wall_cost IS NULL, unmargined_positions
	FROM odd.model_run r, LATERAL hedge._holdings_compartments(r.matrix, 'odd', r.run, (SELECT p FROM odd._margin_parameters p WHERE p.run = r.run), ARRAY(SELECT holdings FROM odd._holding WHERE portfolio IN ('frozen', 'weights') ORDER BY portfolio), '{frozen,weights}')
	WHERE r.model = 'default'$$,
	$$VALUES ('frozen', true, false, false, true, 1), ('weights', false, true, false, true, 0)$$, 'nor are others of that kind');
INSERT INTO odd.margin_weight VALUES ('moves', 0.1), ('spread', 5), ('frozen', 0);
SELECT ok(count(*) = 2 AND bool_and(abs(gross_margin - (0.1 * n.notional + 5 * 10)) < 1e-9), 'a supplied weight is one of the notional under any model; of a difference instrument, of its units')
FROM odd.portfolio_margin p, (SELECT DISTINCT abs(notional) AS notional FROM odd.exposure WHERE portfolio = 'weights' AND asset = 'moves') n WHERE p.portfolio = 'weights';
SELECT ok(bool_and(margin = 0 AND unmargined_positions = 0), 'a supplied weight of 0 is one') FROM odd.portfolio_margin WHERE portfolio = 'frozen';
SELECT results_eq($$SELECT asset, delta IS NULL, margin IS NULL FROM odd.spread_margin WHERE model = 'default' AND portfolio = 'funded' ORDER BY 1$$,
	$$VALUES ('EURUSD', false, true), ('foreign', false, false)$$, 'spread margins: the currency of funded holdings has a row');
INSERT INTO odd.margin_weight VALUES ('EURUSD', 0.03), ('foreign', 0.1);
INSERT INTO odd.position VALUES ('funded', 'EURUSD', -3000);
INSERT INTO odd.spread VALUES ('own currency', 1);
INSERT INTO odd.spread_leg VALUES ('own currency', 'foreign', 1, 'A', 0.5), ('own currency', 'EURUSD', 1, 'B', 0.5);
SELECT ok(count(*) = 4 AND max(abs(s.gross_margin / (abs(e.exposure) * m.weight) - 1)) < 1e-12 AND sum(s.credit) = 0 AND bool_and(s.delta > 0), 'and a margin, with what is held of it')
FROM odd.spread_margin s JOIN odd.exposure e USING (portfolio, model, asset), LATERAL (SELECT abs(k.weighted_sensitivity / e.exposure) AS weight FROM odd.margin_contributions k WHERE k.portfolio = s.portfolio AND k.model = s.model AND k.asset = s.asset) m WHERE s.portfolio = 'funded';
INSERT INTO odd.position VALUES ('funded', 'EURUSD', -10000);
SELECT ok(count(*) = 2 AND sum(s.credit) > 0 AND bool_or(s.asset = 'EURUSD' AND s.delta < 0), 'and spread credits') FROM odd.spread_margin s WHERE s.portfolio = 'funded' AND model = 'default';

-- more buckets than anybody looks at
SELECT hedge.create_book('wide');
UPDATE wide.model SET evidence = 'none', calendar_quorum = 0.5;
INSERT INTO wide.price SELECT 'asset ' || a, timestamptz '2024-01-01' + t * interval '1 day', 100 + t FROM generate_series(1, 1001) a, generate_series(1, 5) t;
INSERT INTO wide.instrument (asset, bucket) SELECT 'asset ' || a, 'bucket ' || a FROM generate_series(1, 1001) a;
INSERT INTO wide.margin_weight SELECT 'asset ' || a, 0.1 FROM generate_series(1, 1001) a;
INSERT INTO wide.margin_bucket_pair VALUES ('bucket 1', 'bucket 2', 0.5);
INSERT INTO wide.position SELECT CASE WHEN a > 2 OR p > 1 THEN 'all' ELSE 'few' END, 'asset ' || a, p FROM generate_series(1, 1001) a, generate_series(1, 2) p WHERE p > 1 OR a <= 2;
CALL hedge.refresh('wide', as_of => '2024-01-06');
SELECT results_eq('SELECT portfolio, legs, indefinite FROM wide.portfolio_margin ORDER BY 1', $$VALUES ('all', 1001, NULL::boolean), ('few', 2, false)$$, 'not looked at is null');

SELECT * FROM finish();
ROLLBACK;
