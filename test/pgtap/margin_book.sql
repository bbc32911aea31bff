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
	$$VALUES ('flat', 1, 0, 0, true), ('nothing', 1, 1, 0, true), ('short of data', 4, 3, 1, false)$$, 'positions without a margin are counted');
SELECT ok(bool_and(v.unmargined_positions = r.unpriced_positions + r.unestimated_positions AND v.positions = r.positions), 'as portfolio_risk counts them') FROM desk.portfolio_margin v JOIN desk.portfolio_risk r USING (portfolio);
INSERT INTO desk.margin_weight VALUES ('new', 0.5), ('asset 1', 0.1);
SELECT ok(unmargined_positions = 2 AND legs = 2 AND abs(gross_margin - (0.5 * x.e + 0.1 * y.e)) < 1e-9 AND abs(margin_high - gross_margin) < 1e-9, 'a supplied weight margins what cannot be estimated; its correlations are unknown, it adds up')
FROM desk.portfolio_margin, (SELECT abs(exposure) AS e FROM desk.exposure WHERE portfolio = 'short of data' AND asset = 'new') x, (SELECT abs(exposure) AS e FROM desk.exposure WHERE portfolio = 'short of data' AND asset = 'asset 1') y WHERE portfolio = 'short of data';
DELETE FROM desk.margin_weight;

-- buckets, estimated and supplied
INSERT INTO desk.instrument (asset, bucket) SELECT 'asset ' || a, CASE WHEN a % 3 > 0 THEN 'bucket ' || a % 3 END FROM generate_series(1, 12) a;
CREATE VIEW everything AS SELECT array_agg('asset ' || a ORDER BY a) AS a, array_agg(CASE WHEN a % 3 > 0 THEN 'bucket ' || a % 3 END ORDER BY a) AS b FROM generate_series(1, 12) a;
SELECT ok(max(abs(v.margin - m.margin)) < 1e-6 AND count(*) = 41, 'buckets of the instruments, their correlations estimated')
FROM desk.portfolio_margin v JOIN arrays USING (portfolio), matrix, everything x,
	hedge.margin(e, w, arrays.b, hedge.correlations(matrix.m, arrays.a), '{"",bucket 1,bucket 2}', hedge.bucket_correlations(hedge.correlations(matrix.m, x.a), x.b, '{"",bucket 1,bucket 2}'), 0.8) m;
UPDATE desk.margin_setting SET credited_verdicts = '{}';
SELECT ok(bool_and(v.margin >= m.margin - 1e-6) AND bool_or(v.margin > m.margin + 1) AND max(abs(v.credit_withheld - (v.margin - m.margin))) < 1e-6, 'nor are pairs across buckets credited')
FROM desk.portfolio_margin v JOIN arrays USING (portfolio), matrix, everything x,
	hedge.margin(e, w, arrays.b, hedge.correlations(matrix.m, arrays.a), '{"",bucket 1,bucket 2}', hedge.bucket_correlations(hedge.correlations(matrix.m, x.a), x.b, '{"",bucket 1,bucket 2}'), 0.8) m;
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

-- steps
SELECT ok(count(*) = 5 * (SELECT count(*) FROM desk.portfolio_margin) AND count(*) FILTER (WHERE amount IS NULL) = 10, 'five steps each; none of portfolios without a leg') FROM desk.margin_steps;
SELECT ok(bool_and(s.sum = s.total AND s.total = round(v.margin::numeric, 2) AND s.gross = round(v.gross_margin::numeric, 2)), 'steps add up, to the cent')
FROM (SELECT portfolio, sum(amount::numeric) FILTER (WHERE step <> 'margin') AS sum, max(amount::numeric) FILTER (WHERE step = 'margin') AS total, max(amount::numeric) FILTER (WHERE step = 'gross') AS gross
	FROM desk.margin_steps WHERE amount IS NOT NULL GROUP BY portfolio) s JOIN desk.portfolio_margin v USING (portfolio);
SELECT ok(bool_and(running_total = before + CASE WHEN step = 'margin' THEN 0 ELSE amount END OR abs(running_total - before - amount) < 0.001 OR step = 'margin'), 'running totals')
FROM (SELECT *, lag(running_total, 1, 0) OVER (PARTITION BY portfolio ORDER BY step_number) AS before FROM desk.margin_steps WHERE amount IS NOT NULL) s;
SELECT is((SELECT array_agg(step ORDER BY step_number) FROM desk.margin_steps WHERE portfolio = 'portfolio 1'), '{gross,diversification,credit,cap,margin}', 'in order');

-- contributions
SELECT ok(count(*) = 41 AND max(abs(s.sum - v.margin) / v.gross_margin) < 1e-12 AND max(abs(s.gross - v.gross_margin) / v.gross_margin) < 1e-12 AND bool_and(s.n = v.legs), 'contributions of assets sum to the margin')
FROM desk.portfolio_margin v JOIN (SELECT portfolio, sum(contribution), sum(abs(weighted_sensitivity)) AS gross, count(*) AS n FROM desk.margin_contributions GROUP BY portfolio) s USING (portfolio);
SELECT ok(count(*) > 200 AND max(abs(c.weighted_sensitivity - c.weight * e.exposure)) < 1e-6 AND bool_and(c.bucket = coalesce(e.bucket, '')), 'of the exposures')
FROM desk.margin_contributions c JOIN desk.exposure e USING (portfolio, model, asset);

-- one portfolio alone; two models
SELECT ok(bool_and(v IS NOT DISTINCT FROM w), 'a filter changes nothing') FROM desk.portfolio_margin v, LATERAL (SELECT * FROM desk.portfolio_margin WHERE portfolio = v.portfolio) w;
INSERT INTO desk.model (model, lookback, minimum_observations, evidence) VALUES ('short', 100, 60, 'none');
CALL hedge.refresh('desk', 'short', as_of => '2024-09-18');
SELECT ok(count(*) = 86 AND count(DISTINCT margin) > 80, 'a row for each model') FROM desk.portfolio_margin;
SELECT ok(bool_and(credit_share = 0.8 AND credit_withheld >= -1e-6) AND sum(uncredited_pairs) > 100 AND sum(credit_withheld) > 100
	AND (SELECT bool_and(credit_share = 1 AND uncredited_pairs = 0) FROM desk.portfolio_margin WHERE model = 'default'),
	'a model without a row in margin_setting has the defaults, and no credit without evidence') FROM desk.portfolio_margin WHERE model = 'short';

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
SELECT throws_ok($$SELECT hedge._leg_margin(m, 'desk', run, u, '') FROM matrix, desk._units u$$, '22023', 'parameters are not a row of the view _margin_parameters of a book, or not of this run');
SELECT throws_ok($$SELECT hedge._leg_margin(m, 'desk', p.run + 1, p, '') FROM matrix, desk._margin_parameters p$$, '22023', 'parameters are not a row of the view _margin_parameters of a book, or not of this run');

SELECT * FROM finish();
ROLLBACK;
