-- Evidence in a book: against hedge.pair_evidence over returns in plain SQL, what the views make of it, which
-- pairs a refresh examines, alerts and monitors.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

-- 320 days; Fade follows Base up to day 200 and opposes it from then on, Gap lacks every ninth day.
SELECT setseed(0.3);
CREATE TABLE px (asset text, ts timestamptz, price float8);
WITH number AS MATERIALIZED (
	SELECT d, random() - 0.5 AS f, random() - 0.5 AS g, random() - 0.5 AS h, random() - 0.5 AS i FROM generate_series(1, 320) AS d
)
INSERT INTO px
SELECT v.asset, timestamptz '2023-01-01 12:00:00+00' + d * interval '1 day', 50 * exp(0.02 * sum(v.r) OVER (PARTITION BY v.asset ORDER BY d))
FROM number
CROSS JOIN LATERAL (VALUES ('Base', f), ('Close', f + 0.4 * g), ('Fade', CASE WHEN d <= 200 THEN f ELSE -f END + 0.4 * h),
	('Gap', -f + 0.6 * i), ('Alone', g * h * 8)) AS v (asset, r);
DELETE FROM px WHERE asset = 'Gap' AND extract(doy FROM ts)::integer % 9 = 0;
CREATE TABLE held (portfolio text, asset text, quantity float8);
INSERT INTO held VALUES ('p', 'Base', 10), ('p', 'Close', -9), ('p', 'Gap', 8), ('q', 'Base', 5), ('q', 'Fade', -7), ('r', 'Alone', 1);
SELECT hedge.create_book('s', positions => 'held', prices => 'px');
UPDATE s.model SET lookback = 180, calendar_quorum = 0.5, minimum_effectiveness = 0.2, rolling_bars = 40, confidence_level = 0.9;

CREATE FUNCTION day(d integer) RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day' $$;
CALL hedge.refresh('s', as_of => day(200));

-- ---------- evidence ----------

SELECT results_eq('SELECT run, examined, pairs, adjustment FROM s.evidence_run JOIN s.latest_run USING (run)',
	$$SELECT (SELECT run::bigint FROM s.latest_run), 'kept', (SELECT count(DISTINCT (least(asset_a, asset_b), greatest(asset_a, asset_b)))::integer FROM s.offset_snapshot),
		'benjamini_hochberg'$$, 'examined are the pairs of the snapshot');
SELECT ok((SELECT count(*) >= 3 FROM s.offset_snapshot), 'of which there are some');
SELECT is((SELECT count(*) FROM s.pair_evidence), (SELECT 2 * pairs::bigint FROM s.evidence_run), 'in both directions');
SELECT is((SELECT searched::bigint FROM s.evidence_run), (SELECT count(DISTINCT p.asset) * (count(DISTINCT p.asset) - 1) / 2
	FROM held AS p JOIN s.run_asset AS a USING (asset) JOIN s.latest_run AS l ON l.run = a.run WHERE a.volatility IS NOT NULL),
	'chosen from all pairs among the assets held');
SELECT ok((SELECT searched > pairs FROM s.evidence_run), 'which are more');
WITH once AS (
	SELECT effectiveness_p_value AS p, adjusted_p_value AS adjusted, row_number() OVER () AS n
	FROM s.correlation_stability WHERE asset_y COLLATE "C" < asset_x
)
SELECT ok(bool_and(abs(adjusted - want) < 1e-15), 'and p-values are adjusted for having searched those')
FROM once JOIN unnest((SELECT hedge.adjust_p_values(array_agg(p ORDER BY n)
		|| (SELECT array_fill(1::float8, ARRAY[e.searched - e.pairs]) FROM s.evidence_run AS e)) FROM once))
	WITH ORDINALITY AS a (want, n) USING (n);

CREATE TEMP TABLE r AS
SELECT asset, bar, price / lag(price) OVER (PARTITION BY asset ORDER BY bar) - 1 AS r, bar - lag(bar) OVER (PARTITION BY asset ORDER BY bar) = interval '1 day' AS adjacent
FROM (SELECT asset, date_trunc('day', ts) AS bar, price FROM px) AS x;
CREATE TEMP TABLE plain AS
SELECT y.asset AS asset_y, x.asset AS asset_x, hedge.pair_evidence(y.r, x.r, y.bar,
	hedge.evidence_settings(rolling_observations => 40, confidence_level => 0.9, minimum_effectiveness => 0.2) ORDER BY y.bar) AS evidence
FROM r AS y JOIN r AS x ON x.bar = y.bar AND x.asset <> y.asset
WHERE y.adjacent AND x.adjacent AND y.bar > day(200) - interval '180 days' AND y.bar < day(200)
GROUP BY y.asset, x.asset;
-- Every measure but those of a ratio: equal as text, or as number to 1e-9 of it. What blocks compute need not round as SQL does.
CREATE FUNCTION unlike(a s.pair_evidence, b hedge.evidence) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s: %s, in plain SQL %s', key, p.value, q.value)
	FROM jsonb_each(to_jsonb(b) - '{held_effectiveness,break_even_correlation,break_even_confidence}'::text[]) AS q
	LEFT JOIN jsonb_each(to_jsonb(a)) AS p USING (key)
	WHERE CASE WHEN jsonb_typeof(p.value) = 'number' AND jsonb_typeof(q.value) = 'number'
		THEN abs(p.value::float8 - q.value::float8) > 1e-9 * (1 + abs(q.value::float8)) ELSE p.value IS DISTINCT FROM q.value END
$$;
SELECT is_empty('SELECT e.asset_y, e.asset_x, unlike(e, p.evidence) FROM s.pair_evidence AS e LEFT JOIN plain AS p USING (asset_y, asset_x)',
	'evidence is that of hedge.pair_evidence over plain returns');
SELECT is((SELECT count(*) FROM s.pair_evidence JOIN plain USING (asset_y, asset_x)), (SELECT count(*) FROM s.pair_evidence), 'for every pair');
SELECT ok((SELECT bool_or(observations < 180) AND bool_or(observations = 180) FROM s.pair_evidence), 'with gaps and without');

-- the type can grow, since no book stores it
SAVEPOINT grow;
SELECT lives_ok('ALTER TYPE hedge.evidence ADD ATTRIBUTE new float8', 'type evidence can grow while there are books');
SELECT lives_ok('CALL hedge.refresh(''s'', as_of => day(201))', 'a book that does not know what came to it, or a library, goes on');
SELECT ok((SELECT bool_and(correlation IS NOT NULL AND verdict <> 'not examined') AND count(*) > 0 FROM s.offsetting_pairs), 'and its views');
ROLLBACK TO grow;

-- all pairs
UPDATE s.model SET evidence = 'all';
CALL hedge.refresh('s', as_of => day(201));
SELECT results_eq('SELECT examined, pairs FROM s.evidence_run JOIN s.latest_run USING (run)', $$VALUES ('all', 10)$$, 'all pairs of five assets');
SELECT is((SELECT count(*) FROM s.correlation_stability), 20::bigint, 'each twice in correlation_stability');
WITH once AS (
	SELECT asset_y, asset_x, effectiveness_p_value AS p, adjusted_p_value AS adjusted, row_number() OVER () AS n
	FROM s.correlation_stability WHERE asset_y COLLATE "C" < asset_x
)
SELECT ok(bool_and(abs(adjusted - want) < 1e-15) AND count(DISTINCT adjusted) > 2 AND bool_or(adjusted > p), 'p-values are adjusted over pairs, each counted once')
FROM once JOIN unnest((SELECT hedge.adjust_p_values(array_agg(p ORDER BY n)) FROM once)) WITH ORDINALITY AS a (want, n) USING (n);
SELECT ok((SELECT bool_and(a.adjusted_p_value = b.adjusted_p_value) FROM s.correlation_stability AS a
	JOIN s.correlation_stability AS b ON b.asset_y = a.asset_x AND b.asset_x = a.asset_y), 'the same in both directions');
SELECT is_empty($$
	SELECT * FROM s.pair_evidence AS e
	CROSS JOIN LATERAL hedge.verdict(jsonb_populate_record(NULL::hedge.evidence, to_jsonb(e)), e.adjusted_p_value) AS v
	WHERE e.verdict <> v.verdict OR e.reason <> v.reason$$, 'verdicts are those of hedge.verdict');
SELECT ok((SELECT count(DISTINCT verdict) > 1 FROM s.correlation_stability), 'and not all the same');
SELECT ok((SELECT verdict = 'weak' FROM s.correlation_stability WHERE asset_y = 'Alone' AND asset_x = 'Base'), 'what does not move together is weak');
SELECT is_empty($$
	SELECT * FROM s.correlation_stability AS c LEFT JOIN plain AS p USING (asset_y, asset_x)
	LEFT JOIN s.offset_snapshot AS o ON o.run <> (SELECT run FROM s.latest_run) AND (asset_a, asset_b) IN ((asset_y, asset_x), (asset_x, asset_y))
	WHERE (o.run IS NULL) <> (previous_correlation IS NULL) OR abs(previous_correlation - (p.evidence).correlation) > 1e-12
		OR (previous_verdict IS NULL) <> (o.run IS NULL)$$, 'the run before stands beside it, for the pairs that it examined');
CREATE TEMP TABLE before_again AS SELECT asset_y, asset_x, previous_as_of, previous_correlation, previous_verdict FROM s.correlation_stability;
UPDATE s.model SET significance = 1e-9, minimum_evidence = 170;
CALL hedge.refresh('s', as_of => day(201));
CALL hedge.refresh('s', as_of => day(201) + interval '3 hours');
SELECT set_eq('SELECT asset_y, asset_x, previous_as_of, previous_correlation, previous_verdict FROM s.correlation_stability', 'SELECT * FROM before_again',
	'the run before is that of an earlier bar, however often this one is refreshed');
SELECT ok((SELECT count(DISTINCT previous_as_of) = 1 AND max(previous_as_of) = day(200) FROM s.correlation_stability), 'namely that of the day before');
SELECT ok((SELECT bool_or(verdict = 'insufficient') FROM s.correlation_stability WHERE 'Gap' IN (asset_y, asset_x)), 'settings of the model hold: minimum_evidence');
UPDATE s.model SET significance = 0.05, minimum_evidence = 100, minimum_effective_evidence = 1e6;
CALL hedge.refresh('s', as_of => day(201) + interval '3 hours');
SELECT ok((SELECT bool_and(verdict = 'insufficient' AND reason ~ 'independent ones, 1000000 needed') AND count(*) > 0 FROM s.correlation_stability), 'minimum_effective_evidence');
UPDATE s.model SET minimum_effective_evidence = 30, evidence = 'kept';
CALL hedge.refresh('s', as_of => day(202));
SELECT is((SELECT count(*) FROM s.evidence_run), 2::bigint, 'evidence of two runs is kept');
SELECT is((SELECT count(DISTINCT run) FROM s.pair_evidence), 2::bigint, 'with its pairs');

-- ---------- pair views ----------

SELECT is_empty($$
	SELECT o.portfolio, o.asset_a, o.asset_b
	FROM s.offsetting_pairs AS o
	LEFT JOIN s.correlation_stability AS c ON c.asset_y = o.asset_a AND c.asset_x = o.asset_b
	CROSS JOIN LATERAL (SELECT CASE WHEN c.verdict = 'break_detected' THEN c.correlation_after_break END AS after) AS k
	CROSS JOIN LATERAL (SELECT CASE WHEN o.exposure_a * o.exposure_b < 0 THEN least(c.robust_low, k.after) ELSE greatest(c.robust_high, k.after) END AS rho,
		o.exposure_a * o.volatility_a AS a, o.exposure_b * o.volatility_b AS b) AS x
	WHERE c.verdict IS NULL OR o.verdict <> c.verdict OR o.reason <> c.reason || CASE WHEN o.held_effectiveness < 0 THEN '; the ratio held adds variance' ELSE '' END OR o.robust_low <> c.robust_low OR o.robust_high <> c.robust_high
		OR o.conservative_correlation <> x.rho
		OR abs(o.net_risk_conservative - sqrt(a ^ 2 + b ^ 2 + 2 * a * b * rho)) > 1e-12 * o.uncorrelated_risk
		OR abs(o.risk_offset_conservative + o.net_risk_conservative - o.uncorrelated_risk) > 1e-12 * o.uncorrelated_risk
		OR NOT o.risk_offset_conservative < o.risk_offset
		OR o.out_of_sample_effectiveness <> c.out_of_sample_effectiveness OR o.break_time <> c.break_time
		OR o.held_effectiveness IS NULL OR o.break_even_correlation IS NULL OR o.break_even_confidence IS NULL$$,
	'every pair carries its evidence, and less offset at the conservative end');
SELECT is_empty($$
	SELECT o.portfolio, o.asset_a, o.asset_b FROM s.offsetting_pairs AS o
	JOIN r AS y ON y.asset = o.asset_a JOIN r AS x ON x.asset = o.asset_b AND x.bar = y.bar
	WHERE y.adjacent AND x.adjacent AND y.bar > day(202) - interval '180 days' AND y.bar < day(202)
	GROUP BY o.portfolio, o.asset_a, o.asset_b, o.actual_ratio, o.held_effectiveness, o.break_even_correlation
	HAVING abs(o.held_effectiveness - (1 - var_samp(y.r - o.actual_ratio * x.r) / var_samp(y.r))) > 1e-12
		OR abs(o.break_even_correlation - o.actual_ratio * stddev_samp(x.r) / (2 * stddev_samp(y.r))) > 1e-12$$,
	'what the ratio held removes, by hand');
SELECT is_empty($$
	(SELECT portfolio, asset_a, asset_b, robust_low, conservative_correlation, risk_offset_conservative, net_risk_conservative, held_effectiveness, verdict, reason FROM s.offsetting_pairs)
	EXCEPT SELECT portfolio, asset_a, asset_b, robust_low, conservative_correlation, risk_offset_conservative, net_risk_conservative, held_effectiveness, verdict, reason FROM s.materialized_offsets$$,
	'materialized_offsets says the same');
-- as it is read whole, by asset and by pair
SAVEPOINT size;
CREATE TEMP TABLE whole AS SELECT * FROM s.offsetting_pairs;
UPDATE s.evidence_run SET pairs = 40;
SELECT set_eq('SELECT * FROM s.offsetting_pairs', 'SELECT * FROM whole', 'evidence is the same read asset by asset');
UPDATE s.evidence_run SET pairs = 1000000;
SELECT set_eq('SELECT * FROM s.offsetting_pairs', 'SELECT * FROM whole', 'and pair by pair');
UPDATE s.evidence_run SET pairs = 0;
SELECT ok((SELECT bool_and(verdict = 'not examined') FROM s.offsetting_pairs), 'a run without examined pairs is not asked for any');
ROLLBACK TO size;
-- more of the hedge than it takes, and a break in the window
SAVEPOINT more;
UPDATE held SET quantity = -40 WHERE asset = 'Close';
UPDATE s.pair_evidence SET verdict = 'break_detected', correlation_after_break = robust_low - 0.3 WHERE run = (SELECT run FROM s.latest_run) AND asset_y = 'Close' AND asset_x = 'Base';
SELECT ok((SELECT o.conservative_correlation = e.robust_low - 0.3 AND abs(o.risk_offset_conservative - k.risk_offset) < 1e-9 * o.uncorrelated_risk
	AND o.risk_offset_conservative < o.risk_offset
	FROM s.offsetting_pairs AS o JOIN s.correlation_stability AS e ON e.asset_y = o.asset_a AND e.asset_x = o.asset_b
	CROSS JOIN LATERAL hedge.pair_risk(o.exposure_a, o.volatility_a, o.exposure_b, o.volatility_b, e.robust_low - 0.3) AS k
	WHERE o.asset_a = 'Close' AND o.asset_b = 'Base'), 'after a break, the lower of the two correlations is counted on');
ROLLBACK TO more;
UPDATE s.pair_evidence SET volatility_x = volatility_x * 3 WHERE run = (SELECT run FROM s.latest_run);
SELECT ok((SELECT bool_and(held_effectiveness < 0 AND reason ~ '; the ratio held adds variance$') AND count(*) > 0 FROM s.offsetting_pairs WHERE portfolio = 'q'),
	'a ratio that adds variance is told of');
SELECT ok((SELECT bool_and(held_effectiveness < 0 AND reason ~ '; the ratio held adds variance$') AND count(*) > 0 FROM s.materialized_offsets WHERE portfolio = 'q'),
	'in materialized_offsets, too');
SELECT ok((SELECT bool_and(reason !~ 'adds variance') FROM s.concentrating_pairs), 'of pairs that add up anyway it is not said');
ROLLBACK TO more;
INSERT INTO held VALUES ('new', 'Close', 1), ('new', 'Fade', -1);
SELECT results_eq($$SELECT verdict, robust_low, reason, risk_offset > 0 FROM s.offsetting_pairs WHERE portfolio = 'new'$$,
	$$VALUES ('not examined', NULL::float8, 'the refresh did not examine it: its offset was too small to be kept, or the position is newer', true)$$,
	'a pair that came after the refresh is not examined, and shown with why');
DELETE FROM held WHERE portfolio = 'new';

-- ---------- risk where the estimate may be off ----------

SELECT ok((SELECT bool_and(net_risk_low < net_risk AND net_risk < net_risk_high) AND count(*) > 1 FROM s.portfolio_risk WHERE net_risk > 0), 'an interval around net_risk');
WITH x AS (
	SELECT i, 0.1 * i + sin(i * i) AS x FROM generate_series(1, 200) AS i
), f AS (
	SELECT i, ((x - avg(x) OVER ()) ^ 2 / var_pop(x) OVER () - 1) / 2 AS f FROM x
), v AS (
	SELECT avg(l ^ 2) AS v FROM (
		SELECT sqrt(2 / 200.0::float8) * sum(f * cos(pi() * j * (i - 0.5) / 200)) AS l FROM f, generate_series(1, 6) AS j GROUP BY j) AS c
)
SELECT ok(abs(ln(k.volatility_high / k.volatility) / sqrt(v.v / 199) - sqrt(6 * (exp((1.959963984540054 * 51 / 49) ^ 2 / 6) - 1))) < 1e-9
	AND abs(k.volatility_low * k.volatility_high / k.volatility ^ 2 - 1) < 1e-12
	AND abs(k.volatility - (SELECT stddev_samp(x) FROM x)) < 1e-12, 'volatility_interval: six cosine-weighted averages')
FROM v, hedge.volatility_interval((SELECT array_agg(x ORDER BY i) FROM x)) AS k;
SELECT results_eq('SELECT * FROM hedge.volatility_interval(' || a || ')', 'SELECT NULL::float8, NULL::float8, NULL::float8', a)
FROM unnest(ARRAY['NULL', '''{}''', '''{1,2,3,4,5,6,7,8,9}''', 'array_fill(3.5::float8, ''{100}'')']) AS a;
SELECT ok((SELECT k = j FROM hedge.volatility_interval('{1,2,4,3,1,5,2,2,8,1,3}') AS k,
	hedge.volatility_interval('{1,NULL,2,4,3,NaN,1,5,2,2,8,1,3,Infinity}') AS j), 'missing values are left out');
SELECT ok((SELECT volatility_high > volatility FROM hedge.volatility_interval((SELECT array_agg(1e300::float8 * (i * i % 7)) FROM generate_series(1, 100) AS i))), 'no overflow');
SELECT throws_ok('SELECT hedge.volatility_interval(''{1,2}'', ' || level || ')', '22023', NULL, level) FROM unnest(ARRAY['0', '1', '''NaN''']) AS level;
SELECT is_empty($$
	SELECT * FROM (VALUES (3::float8, 1::float8, -4::float8, 1::float8, 0.5::float8), (3, 1, 4, 1, -1), (-2, 0.5, -0.1, 3, 0), (1, 1, 1, 1, 1)) AS v (ea, sa, eb, sb, c),
		hedge.pair_risk(ea, sa, eb, sb, c) AS k
	WHERE abs(net_risk - sqrt((ea * sa) ^ 2 + (eb * sb) ^ 2 + 2 * ea * sa * eb * sb * c)) > 1e-14
		OR abs(risk_offset - (sqrt((ea * sa) ^ 2 + (eb * sb) ^ 2) - net_risk)) > 1e-14 OR net_risk IS NULL$$, 'pair_risk');
SELECT results_eq('SELECT * FROM hedge.pair_risk(1e-300, 1e-300, 2, 1, 0.5)', 'VALUES (2::float8, 0::float8)', 'a risk that vanishes');
SELECT results_eq('SELECT * FROM hedge.pair_risk(1e300, 1e300, 2, 1, 0.5)', 'VALUES (NULL::float8, NULL::float8)', 'one out of range');
SELECT throws_ok('SELECT hedge.pair_risk(1, 1, 1, 1, ' || c || ')', '22023', NULL, c) FROM unnest(ARRAY['1.1', '-2', '''NaN''']) AS c;

-- ---------- monitors and alerts ----------

SELECT results_eq('SELECT asset_y, asset_x, alarm_bar, correlation_sign, ended_at FROM s.pair_monitor ORDER BY asset_x',
	$$VALUES ('Base', 'Close', NULL::timestamptz, 1, NULL::timestamptz), ('Base', 'Fade', NULL, 1, NULL), ('Base', 'Gap', NULL, -1, NULL),
		('Close', 'Gap', NULL, -1, NULL) LIMIT (SELECT count(*) FROM s.pair_monitor)$$, 'held pairs are watched');
SELECT ok((SELECT bool_and(baseline_end = '2023-07-15' AND last_bar = '2023-07-17') FROM s.pair_monitor WHERE asset_x IN ('Fade')), 'up to the bars that are read again');
SAVEPOINT before;

-- the sign changes, once
UPDATE s.model SET lookback = 80, minimum_evidence = 30;
DO $$ BEGIN FOR d IN 203..290 LOOP CALL hedge.refresh('s', as_of => day(d)); END LOOP; END $$;
SELECT results_eq($$SELECT kind, direction, portfolios, portfolio_list FROM s.alert JOIN s.alert_holders USING (alert) WHERE asset_x = 'Fade' ORDER BY raised_at_bar$$,
	$$VALUES ('break', -1, 1, 'q'), ('sign_change', -1, 1, 'q')$$, 'a pair that turns round breaks first, and changes its sign later; each is said once');
SELECT is_empty($$SELECT * FROM s.alert WHERE asset_x <> 'Fade'$$, 'and nothing of the others');
SELECT matches((SELECT message FROM s.alert WHERE asset_x = 'Fade' AND kind = 'break'),
	'^correlation of Base and Fade has weakened: it was 0\.[5-9]\d from 2023-01-\d\d to 2023-07-15, and probably since 2023-07-(19|2\d) it is -0\.[5-9]', 'from what to what');
SELECT ok((SELECT bool_and(risk_offset_at_stake > 0) AND count(*) = 2 FROM s.open_alerts), 'both are open');
SELECT results_eq($$SELECT portfolio, asset_a, asset_b, c.verdict, c.reason, c.robust_high < 0, c.risk_offset < 0 FROM s.concentrating_pairs AS c WHERE 'Fade' IN (asset_a, asset_b)$$,
	$$SELECT 'q', asset_y, asset_x, verdict, reason, true, true FROM s.correlation_stability WHERE asset_x = 'Base' AND asset_y = 'Fade'
		AND NOT EXISTS (SELECT FROM s.offsetting_pairs AS o WHERE 'Fade' IN (o.asset_a, o.asset_b))$$, 'the pair adds up now: concentrating_pairs shows it with its verdict');
-- another position leans on what the pair is now
SAVEPOINT turned;
UPDATE held SET quantity = 1 WHERE asset = 'Fade';
SELECT lives_ok($$CALL hedge.refresh('s', as_of => day(291))$$, 'the position is turned round');
SELECT is_empty('SELECT * FROM s.open_alerts', 'and the alerts of it are cleared');
SELECT results_eq($$SELECT ended_at, sign(k.baseline_correlation), baseline_start FROM s.pair_monitor, hedge.monitor_status(state) AS k WHERE asset_x = 'Fade' ORDER BY baseline_end$$,
	$$VALUES (day(286) - interval '20 hours', 1::float8, day(21) - interval '20 hours'), (NULL, -1, (SELECT greatest(window_start, change_bar) FROM s.latest_run, s.alert WHERE kind = 'break'))$$,
	'a new baseline begins after the change, or with the window');
ROLLBACK TO turned;
-- nobody leans on it any more
DELETE FROM held WHERE asset = 'Fade';
CALL hedge.refresh('s', as_of => day(291));
SELECT is_empty('SELECT * FROM s.open_alerts', 'the alerts of a position that is closed are cleared');
SELECT throws_ok('UPDATE s.alert SET acknowledged_by = ''me''', '23514', NULL, 'acknowledged by someone, but never');
SELECT is((SELECT count(*) FROM s.pair_monitor WHERE asset_x = 'Fade' AND ended_at IS NULL), 0::bigint, 'and the pair is not watched any more');
ROLLBACK TO before;

-- ... and the same when each is acknowledged at once
DO $$ BEGIN
	UPDATE s.model SET lookback = 80, minimum_evidence = 30;
	FOR d IN 203..290 LOOP
		CALL hedge.refresh('s', as_of => day(d));
		PERFORM hedge.acknowledge('s', alert) FROM s.open_alerts;
	END LOOP;
END $$;
SELECT results_eq($$SELECT kind, direction, portfolios, portfolio_list, risk_offset_at_stake > 0 FROM s.alert JOIN s.alert_holders USING (alert) WHERE asset_x = 'Fade' ORDER BY raised_at_bar$$,
	$$VALUES ('break', -1, 1, 'q', true), ('sign_change', -1, 1, 'q', true)$$, 'a break that is acknowledged hides no change of the sign');
SELECT is((SELECT count(*) FROM s.pair_monitor WHERE asset_x = 'Fade' AND ended_at IS NULL), 1::bigint, 'the pair is watched on');
SELECT ok((SELECT verdict <> 'not examined' FROM s.concentrating_pairs WHERE portfolio = 'q'), 'and shown with its verdict');
DELETE FROM held WHERE asset = 'Fade';
CALL hedge.refresh('s', as_of => day(291));
SELECT is((SELECT count(*) FROM s.pair_monitor WHERE asset_x = 'Fade' AND ended_at IS NULL), 0::bigint, 'until nobody holds it');
ROLLBACK TO before;

-- a correlation that grows is no loss
CREATE TABLE tight AS
SELECT asset, ts, price FROM px WHERE asset = 'Base'
UNION ALL
SELECT 'Tight', b.bar + interval '12 hours', 50 * exp(sum(b.r + CASE WHEN b.bar < day(199) THEN 0.6 ELSE 0.05 END * a.r) OVER (ORDER BY b.bar))
FROM r AS b JOIN r AS a USING (bar) WHERE b.asset = 'Base' AND a.asset = 'Alone' AND b.r IS NOT NULL;
CREATE TABLE tight_held AS SELECT 'p' AS portfolio, 'Base' AS asset, 10 AS quantity UNION ALL SELECT 'p', 'Tight', -10;
SELECT hedge.create_book('tight_book', positions => 'tight_held', prices => 'tight');
UPDATE tight_book.model SET lookback = 120;
DO $$ BEGIN FOR d IN 19..28 LOOP CALL hedge.refresh('tight_book', as_of => day(10 * d)); END LOOP; END $$;
SELECT results_eq($$SELECT kind, direction, risk_offset_at_stake, message ~ 'has strengthened: it was 0\.[4-7]\d .* it is 0\.9' FROM tight_book.open_alerts$$,
	$$VALUES ('break', 1, 0::float8, true)$$, 'the message says so, and nothing is at stake');
ROLLBACK TO before;

-- currencies of funded holdings are searched, too
DELETE FROM held WHERE asset = 'Gap';
INSERT INTO s.instrument (asset, currency, fx_asset, funded) VALUES ('Close', 'GAP', 'Gap', true);
CALL hedge.refresh('s', as_of => day(203));
SELECT is((SELECT searched FROM s.evidence_run JOIN s.latest_run USING (run)), 10, 'pairs with the currency of a funded holding count as searched');
ROLLBACK TO before;

-- prices that end
DELETE FROM px WHERE asset = 'Close' AND ts > day(202);
CALL hedge.refresh('s', as_of => day(215));
SELECT results_eq($$SELECT DISTINCT verdict, reason FROM s.correlation_stability WHERE 'Close' IN (asset_y, asset_x)$$,
	$$VALUES ('insufficient', 'no price of Close since 2023-07-22 12:00:00+00')$$, 'a pair without fresh prices is insufficient');
SELECT results_eq($$SELECT DISTINCT watched_until FROM s.correlation_stability WHERE 'Close' IN (asset_y, asset_x)$$, $$SELECT day(202) - interval '8 hours'$$,
	'and is not said to be watched after the last one');
SELECT ok((SELECT bool_and(verdict <> 'insufficient' AND watched_until = day(210) - interval '20 hours') AND count(*) > 0 FROM s.correlation_stability
	WHERE 'Close' NOT IN (asset_y, asset_x)), 'the others are as they were');
ROLLBACK TO before;

-- a verdict lost: significance of what no pair can reach stands in for evidence that fades
UPDATE s.model SET minimum_effectiveness = 0.95, alarm_patience = 4;
DO $$ BEGIN FOR d IN 203..206 LOOP CALL hedge.refresh('s', as_of => day(d)); END LOOP; END $$;
SELECT is_empty('SELECT * FROM s.alert', 'a verdict may waver for alarm_patience');
SAVEPOINT stands;
INSERT INTO s.alert (model, asset_y, asset_x, kind, raised_at_bar, direction, message, run)
SELECT 'default', 'Base', 'Close', 'break', day(150), 1, 'stronger', 1;
CALL hedge.refresh('s', as_of => day(207));
SELECT ok(EXISTS (SELECT FROM s.alert WHERE asset_x = 'Close' AND kind = 'verdict_lost'), 'though a stronger correlation is told of');
ROLLBACK TO stands;
INSERT INTO s.alert (model, asset_y, asset_x, kind, raised_at_bar, direction, message, run)
SELECT 'default', 'Base', 'Close', 'break', day(150), -1, 'weaker', 1;
CALL hedge.refresh('s', as_of => day(207));
SELECT ok(NOT EXISTS (SELECT FROM s.alert WHERE asset_x = 'Close' AND kind = 'verdict_lost'), 'but not beside one that says so already');
ROLLBACK TO stands;
CALL hedge.refresh('s', as_of => day(207));
SELECT results_eq($$SELECT kind, raised_at_bar, change_bar, direction FROM s.alert WHERE asset_x = 'Close'$$,
	$$VALUES ('verdict_lost', day(207) - interval '20 hours', day(203) - interval '20 hours', NULL::integer)$$, 'and is lost then');
SELECT ok((SELECT message ~ '^Base and Close are no longer a reliable pair but weak: ' FROM s.alert WHERE asset_x = 'Close'), 'says why');
CREATE TEMP TABLE once AS SELECT alert FROM s.alert WHERE asset_x = 'Close';
CALL hedge.refresh('s', as_of => day(208));
SELECT results_eq($$SELECT alert FROM s.alert WHERE asset_x = 'Close'$$, 'SELECT alert FROM once', 'once');
UPDATE s.model SET minimum_effectiveness = 0.2;
CALL hedge.refresh('s', as_of => day(209));
SELECT results_eq($$SELECT cleared_at_bar FROM s.alert WHERE asset_x = 'Close'$$, $$SELECT day(209) - interval '20 hours'$$, 'cleared when it is reliable again');
ROLLBACK TO before;

-- a pair that is in no snapshot is watched for another rolling_bars
DELETE FROM held WHERE asset = 'Close';
UPDATE s.model SET rolling_bars = 4;
CALL hedge.refresh('s', as_of => day(206));
SELECT ok((SELECT bool_and(ended_at IS NULL AND last_bar = day(201) - interval '20 hours' AND held_at = day(197) - interval '20 hours')
	FROM s.pair_monitor WHERE 'Close' IN (asset_y, asset_x)), 'a pair that was let go is watched on for a while');
CALL hedge.refresh('s', as_of => day(207));
SELECT ok((SELECT bool_and((ended_at IS NOT NULL) = ('Close' IN (asset_y, asset_x))) AND count(ended_at) > 0 FROM s.pair_monitor), 'and then no longer');
ROLLBACK TO before;

-- a calm monitor is renewed after twice the lookback
UPDATE s.model SET lookback = 62, reread_bars = 1, minimum_evidence = 30;
DO $$ BEGIN FOR d IN 1..4 LOOP CALL hedge.refresh('s', as_of => day((ARRAY[240, 280, 318, 320])[d])); END LOOP; END $$;
SELECT results_eq($$SELECT baseline_end, ended_at, correlation_sign FROM s.pair_monitor WHERE asset_y = 'Base' AND asset_x = 'Close' ORDER BY baseline_end$$,
	$$VALUES (day(195) - interval '20 hours', day(319) - interval '20 hours', 1), (day(319) - interval '20 hours', NULL, 1)$$,
	'a calm monitor is renewed after twice the lookback');
ROLLBACK TO before;

-- settings that shape returns start anew; without evidence nothing happens
INSERT INTO s.alert (model, asset_y, asset_x, kind, raised_at_bar, message, run)
SELECT m.model, m.asset_y, m.asset_x, 'break', day(150), 'one that stands', 1 FROM s.pair_monitor AS m WHERE m.ended_at IS NULL LIMIT 1;
UPDATE s.model SET return_kind = 'log';
CALL hedge.refresh('s', as_of => day(203));
CALL hedge.refresh('s', as_of => day(204));
SELECT is((SELECT cleared_at_bar FROM s.alert WHERE message = 'one that stands'), NULL, 'an alarm stands though its monitor could not go on');
SELECT ok((SELECT count(*) FILTER (WHERE ended_at IS NULL) = count(*) FILTER (WHERE ended_at IS NOT NULL) AND count(DISTINCT returns_key) = 2 FROM s.pair_monitor),
	'other returns, other monitors');
UPDATE s.model SET evidence = 'none';
CREATE TEMP TABLE was AS SELECT * FROM s.pair_monitor;
CALL hedge.refresh('s', as_of => day(205));
SELECT is_empty('SELECT * FROM s.evidence_run JOIN s.latest_run USING (run)', 'nothing is examined');
SELECT is_empty('(SELECT * FROM s.pair_monitor EXCEPT SELECT * FROM was) UNION ALL (SELECT * FROM was EXCEPT SELECT * FROM s.pair_monitor)', 'or watched');
SELECT is_empty('SELECT * FROM s.correlation_stability', 'or shown');
SELECT ok((SELECT bool_and(verdict = 'not examined' AND reason = 'setting evidence of the model is none') AND count(*) > 0 FROM s.offsetting_pairs), 'and pairs say so');
SELECT ok((SELECT bool_and(verdict = 'not examined' AND reason = 'setting evidence of the model is none') AND count(*) > 0 FROM s.materialized_offsets), 'those of the snapshot, too');
ROLLBACK TO before;

-- deleting runs takes the evidence along
DELETE FROM s.model_run;
SELECT is_empty('SELECT * FROM s.pair_evidence', 'evidence goes with its run');
UPDATE s.model SET model = 'renamed';
SELECT ok((SELECT bool_and(model = 'renamed') FROM s.pair_monitor), 'monitors follow a model''s name');

SELECT throws_ok('UPDATE s.model SET ' || setting, '23514', NULL, setting)
FROM unnest(ARRAY['evidence = ''some''', 'rolling_bars = 3', 'minimum_effectiveness = -0.1', 'minimum_effectiveness = ''NaN''', 'minimum_evidence = 1',
	'significance = 1.1', 'break_significance = -1', 'minimum_break = 2.5', 'spread_significance = ''NaN''', 'monitor_threshold = 0',
	'monitor_threshold = ''Infinity''', 'alarm_patience = -1', 'minimum_effective_evidence = -1', 'minimum_effective_evidence = ''NaN''']) AS setting;

SELECT * FROM finish();
ROLLBACK;
