-- evidence: every measure against plain SQL, many pairs against one, special values, what is made of it.
BEGIN;
SELECT no_plan();

-- A pair whose numbers are the same everywhere (those of test/unit/evidence.c).
CREATE TEMP TABLE pair AS
SELECT i, timestamptz '2020-01-01 00:00:00+00' + i * interval '1 day' AS ts, x, 0.6 * x + ((i * 104729) % 997 - 498) / 100.0::float8 AS y
FROM (SELECT i, ((i * 7919) % 1009 - 504) / 100.0::float8 AS x FROM generate_series(0, 299) AS i) AS s;
CREATE TEMP TABLE got AS
SELECT (hedge.pair_evidence(y, x, ts, hedge.evidence_settings(held_ratio => 0.4) ORDER BY ts)).* FROM pair;

CREATE FUNCTION pg_temp.near(got float8, want float8, tolerance float8, what text) RETURNS text LANGUAGE sql AS $$
	SELECT ok(coalesce(abs(got - want) <= tolerance, false), what || coalesce(format(' (%s, wanted %s)', got, want), ' (NULL)'))
$$;

-- ---------- one pair against core's aggregates and sums written out ----------

SELECT is(observations, 300, 'observations') FROM got;
SELECT pg_temp.near(g.correlation, (SELECT corr(y, x) FROM pair), 1e-13, 'correlation') FROM got AS g;
SELECT pg_temp.near(g.hedge_ratio, (SELECT regr_slope(y, x) FROM pair), 1e-13, 'hedge ratio') FROM got AS g;
SELECT pg_temp.near(g.volatility_y, (SELECT stddev_samp(y) FROM pair), 1e-13, 'volatility of y') FROM got AS g;
SELECT pg_temp.near(g.volatility_x, (SELECT stddev_samp(x) FROM pair), 1e-13, 'volatility of x') FROM got AS g;
SELECT pg_temp.near(g.fisher_low, tanh(atanh(g.correlation) - 1.959963984540054 / sqrt(297)), 1e-13, 'Fisher, low') FROM got AS g;
SELECT pg_temp.near(g.correlation_first_half, (SELECT corr(y, x) FROM pair WHERE i < 150), 1e-12, 'first half') FROM got AS g;
SELECT pg_temp.near(g.correlation_second_half, (SELECT corr(y, x) FROM pair WHERE i >= 150), 1e-12, 'second half') FROM got AS g;

-- Newey and West by lags: 5 at 300 observations (with 23 it is less)
WITH z AS (
	SELECT i, (y - avg(y) OVER ()) / stddev_pop(y) OVER () AS y, (x - avg(x) OVER ()) / stddev_pop(x) OVER () AS x FROM pair
), psi AS (
	SELECT i, (z.x * z.y - g.correlation / 2 * (z.x ^ 2 + z.y ^ 2)) / (1 - g.correlation ^ 2) AS f FROM z, got AS g
), v AS (
	SELECT sum((1 - abs(a.i - b.i) / 6.0::float8) * a.f * b.f) / 300 AS v
	FROM psi AS a JOIN psi AS b ON b.i BETWEEN a.i - 5 AND a.i + 5
)
SELECT pg_temp.near(g.standard_error ^ 2 * 297 * (1 - 6 / 300.0), v.v, 1e-10, 'long-run variance') FROM got AS g, v;
SELECT pg_temp.near(effective_observations, 3 + 1 / standard_error ^ 2, 1e-8, 'effective observations') FROM got;
SELECT pg_temp.near((atanh(robust_low) + atanh(robust_high)) / 2, atanh(correlation), 1e-13, 'the interval is centred on the scale of atanh') FROM got;
-- Student's t with 75 degrees of freedom, by R: 1.9921
SELECT pg_temp.near((atanh(robust_high) - atanh(correlation)) / standard_error, 1.9921021540022417, 1e-5, 'and as wide as Student''s t says') FROM got;

-- rolling
WITH r AS (
	SELECT i, hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS 59 PRECEDING) AS r FROM pair
), s AS (
	SELECT count(*) AS n, min(r) AS lo, max(r) AS hi, avg(r) AS mean, stddev_samp(r) AS sd, max(r) FILTER (WHERE i = 299) AS last
	FROM r WHERE i >= 59
)
SELECT ok(g.rolling_windows = s.n AND abs(g.rolling_minimum - s.lo) < 1e-12 AND abs(g.rolling_maximum - s.hi) < 1e-12
	AND abs(g.rolling_mean - s.mean) < 1e-12 AND abs(g.rolling_standard_deviation - s.sd) < 1e-12
	AND abs(g.rolling_latest - s.last) < 1e-12, 'rolling correlations are those of rolling_corr') FROM got AS g, s;
SELECT is(sign_changes, 0, 'no change of sign') FROM got;

-- the break test, from volatility-adjusted returns
WITH RECURSIVE z AS (
	SELECT i, (y - avg(y) OVER ()) / stddev_pop(y) OVER () AS y, (x - avg(x) OVER ()) / stddev_pop(x) OVER () AS x FROM pair
), v AS (
	SELECT 0 AS i, 0.94 * avg(y ^ 2) FILTER (WHERE i < 20) + 0.06 * max(y ^ 2) FILTER (WHERE i = 0) AS vy,
		0.94 * avg(x ^ 2) FILTER (WHERE i < 20) + 0.06 * max(x ^ 2) FILTER (WHERE i = 0) AS vx FROM z
	UNION ALL
	SELECT z.i, 0.94 * vy + 0.06 * z.y ^ 2, 0.94 * vx + 0.06 * z.x ^ 2 FROM v JOIN z ON z.i = v.i + 1
), w AS (
	SELECT i, z.y / sqrt(vy) AS y, z.x / sqrt(vx) AS x FROM z JOIN v USING (i)
), s AS (
	SELECT i, (y - avg(y) OVER ()) / stddev_pop(y) OVER () AS y, (x - avg(x) OVER ()) / stddev_pop(x) OVER () AS x FROM w
), whole AS (
	SELECT corr(y, x) AS r FROM w
), psi AS (
	SELECT i, (s.x * s.y - r / 2 * (s.x ^ 2 + s.y ^ 2)) / (1 - r ^ 2) AS f FROM s, whole
), long_run AS (
	SELECT sum((1 - abs(a.i - b.i) / 6.0::float8) * a.f * b.f) / 300 AS v
	FROM psi AS a JOIN psi AS b ON b.i BETWEEN a.i - 5 AND a.i + 5
), q AS (
	SELECT i + 1 AS k, (i + 1) / sqrt(300) * abs(atanh(c) - atanh(r)) / sqrt(v) AS q
	FROM (SELECT i, corr(y, x) OVER (ORDER BY i) AS c FROM w) AS c, whole, long_run WHERE i >= 9 AND i < 299
), best AS (
	SELECT k, q FROM q ORDER BY q DESC LIMIT 1
)
SELECT ok(abs(g.break_statistic - b.q) < 1e-10 AND g.break_observation = b.k + 1
	AND g.break_time = (SELECT ts FROM pair WHERE i = b.k), 'break statistic, observation and time') FROM got AS g, best AS b;
SELECT ok(abs(correlation_before_break - (SELECT corr(y, x) FROM pair WHERE i < break_observation - 1)) < 1e-12
	AND abs(correlation_after_break - (SELECT corr(y, x) FROM pair WHERE i >= break_observation - 1)) < 1e-12, 'correlations before and after the break') FROM got;
SELECT pg_temp.near(break_p_value, (SELECT sum(2 * (-1) ^ (j - 1) * exp(-2 * j ^ 2 * break_statistic ^ 2)) FROM generate_series(1, 15) AS j),
	1e-12, 'p-value of the break statistic: Kolmogorov') FROM got;

SELECT pg_temp.near(g.lag_correlation, s.r, 1e-12, 'lag correlation')
FROM got AS g, (SELECT sum(zy * px) / 300 AS r FROM (SELECT (y - avg(y) OVER ()) / stddev_pop(y) OVER () AS zy,
	lag(x) OVER (ORDER BY i) AS lx, (lag(x) OVER (ORDER BY i) - avg(x) OVER ()) / stddev_pop(x) OVER () AS px FROM pair) AS p) AS s;

-- out of sample: ratio and means of the 60 before
WITH h AS (
	SELECT i, y - avg(y) OVER w AS a, regr_slope(y, x) OVER w * (x - avg(x) OVER w) AS e
	FROM pair WINDOW w AS (ORDER BY i ROWS BETWEEN 60 PRECEDING AND 1 PRECEDING)
), f AS (
	SELECT i, a, e, 2 * a * e - avg(2 * a * e) OVER () AS c FROM h WHERE i >= 60
), s AS (
	SELECT 1 - sum((a - e) ^ 2) / sum(a ^ 2) AS effectiveness, avg(2 * a * e) AS mean FROM f
), v AS (
	SELECT sum((1 - abs(a.i - b.i) / 6.0::float8) * a.c * b.c) / 240 AS v
	FROM f AS a JOIN f AS b ON b.i BETWEEN a.i - 5 AND a.i + 5
)
SELECT ok(abs(g.out_of_sample_effectiveness - s.effectiveness) < 1e-11
	AND abs(g.clark_west_statistic - s.mean / sqrt(v.v / (240 * (1 - 6 / 240.0)))) < 1e-9, 'out of sample: effectiveness, Clark-West')
FROM got AS g, s, v;
SELECT pg_temp.near(g.held_effectiveness, (SELECT 1 - var_samp(y - 0.4 * x) / var_samp(y) FROM pair), 1e-12, 'effectiveness of the held ratio') FROM got AS g;
SELECT pg_temp.near(break_even_correlation, 0.4 * volatility_x / (2 * volatility_y), 1e-14, 'break-even correlation') FROM got;

-- ---------- invariance ----------

SELECT ok(abs(a.correlation + b.correlation) < 1e-13 AND abs(a.robust_low + b.robust_high) < 1e-12 AND abs(a.p_value / b.p_value - 1) < 1e-8
	AND abs(a.break_statistic - b.break_statistic) < 1e-11 AND a.break_time = b.break_time
	AND abs(a.rolling_spread_p_value - b.rolling_spread_p_value) < 1e-10 AND abs(a.clark_west_statistic - b.clark_west_statistic) < 1e-10,
	'x turned and scaled: correlation turns, tests stay')
FROM got AS a, (SELECT (hedge.pair_evidence(y, -1e6 * x, ts ORDER BY ts)).* FROM pair) AS b;

-- ---------- the aggregate's forms, order, missing values ----------

SELECT is((SELECT (hedge.pair_evidence(y, x ORDER BY ts)).break_statistic FROM pair), (SELECT break_statistic FROM got), 'without times: the same');
SELECT ok((SELECT (hedge.pair_evidence(y, x ORDER BY ts)).break_time FROM pair) IS NULL, 'but no time of a break');
SELECT is((SELECT (hedge.pair_evidence(CASE WHEN i % 2 = 0 THEN y END, x, ts ORDER BY ts)).observations FROM pair), 150, 'a NULL is no observation');
SELECT is((SELECT hedge.pair_evidence(CASE WHEN i % 2 = 0 THEN y END, CASE WHEN i % 3 > 0 THEN x END, ts ORDER BY ts) FROM pair),
	(SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair WHERE i % 2 = 0 AND i % 3 > 0), 'rows with a NULL are as if not there');
SELECT ok((SELECT hedge.pair_evidence(y, x ORDER BY ts) FROM pair WHERE false) IS NULL, 'no row: NULL');
SELECT ok((SELECT hedge.pair_evidence(NULL, x ORDER BY ts) FROM pair) IS NULL, 'no observation: NULL');
SELECT is((SELECT hedge.pair_evidence(y, x, ts, NULL ORDER BY ts) FROM pair), (SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair),
	'NULL settings are the default');
SELECT is((SELECT hedge.pair_evidence(y, x, ts, ROW(NULL, NULL, NULL, NULL)::hedge.evidence_settings ORDER BY ts) FROM pair),
	(SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair), 'and so are settings of NULLs');
SELECT is((SELECT (hedge.pair_evidence(y, x, ts, hedge.evidence_settings(rolling_observations => 100) ORDER BY ts)).rolling_windows FROM pair), 201, 'longer windows');
SELECT ok((SELECT (hedge.pair_evidence(y, x, ts, hedge.evidence_settings(rolling_observations => 2147483647) ORDER BY ts)).rolling_windows FROM pair) = 0, 'windows longer than all');
SELECT ok((SELECT (hedge.pair_evidence(y, x, ts, hedge.evidence_settings(confidence_level => 0.5) ORDER BY ts)).robust_low FROM pair) > (SELECT robust_low FROM got),
	'a lower level, a narrower interval');
SELECT ok((SELECT (hedge.pair_evidence(y, x, ts, hedge.evidence_settings(minimum_effectiveness => 0) ORDER BY ts)).effectiveness_p_value FROM pair)
	= (SELECT p_value FROM got), 'effectiveness above 0 is correlation other than 0');
SELECT is((SELECT (hedge.pair_evidence(y, x, ts, hedge.evidence_settings(minimum_effectiveness => 1) ORDER BY ts)).effectiveness_p_value FROM pair), 1::float8,
	'nothing removes more than all');
SELECT is((SELECT array_agg(e ORDER BY g) FROM (SELECT i % 3 AS g, hedge.pair_evidence(y, x, ts ORDER BY ts) AS e FROM pair GROUP BY i % 3) AS s),
	(SELECT array_agg((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair WHERE i % 3 = g) ORDER BY g) FROM generate_series(0, 2) AS g), 'grouped');
SELECT is((SELECT count(*) FROM pg_aggregate WHERE aggfnoid::text LIKE 'hedge.pair_evidence%' AND aggcombinefn <> 0), 0::bigint, 'nothing to combine halves with');
SELECT ok((SELECT bool_and(proparallel = 's') FROM pg_proc WHERE proname LIKE '%evidence%' AND pronamespace = 'hedge'::regnamespace), 'parallel safe');

-- ---------- special values: NULL, never NaN or infinity ----------

CREATE FUNCTION pg_temp.clean(e hedge.evidence) RETURNS boolean LANGUAGE sql AS $$
	SELECT to_jsonb(e)::text !~ 'NaN|Infinity'
$$;
SELECT ok(pg_temp.clean(e) AND (e).correlation IS NULL AND (e).observations = 300 AND (e).p_value IS NULL, what)
FROM (
	SELECT 'a NaN' AS what, hedge.pair_evidence(CASE WHEN i = 7 THEN 'NaN' ELSE y END, x ORDER BY i) AS e FROM pair
	UNION ALL SELECT 'an infinity', hedge.pair_evidence(y, CASE WHEN i = 7 THEN '-Infinity' ELSE x END ORDER BY i) FROM pair
	UNION ALL SELECT 'a constant', hedge.pair_evidence(0.1, x ORDER BY i) FROM pair
	UNION ALL SELECT 'two constants', hedge.pair_evidence(0.1, 0 ORDER BY i) FROM pair
) AS s;
SELECT ok(bool_and(pg_temp.clean(e) AND (e).observations = n), 'any number of observations from 1 to 130')
FROM generate_series(1, 130) AS n, LATERAL (SELECT hedge.pair_evidence(y, x, ts, hedge.evidence_settings(20) ORDER BY ts) AS e FROM pair WHERE i < n) AS s;
SELECT ok((e).correlation = 1 AND (e).robust_low = 1 AND (e).p_value = 0 AND (e).break_statistic IS NULL AND pg_temp.clean(e), 'an asset with itself')
FROM (SELECT hedge.pair_evidence(y, y ORDER BY i) AS e FROM pair) AS s;
SELECT ok((e).correlation = -1 AND (e).robust_high = -1 AND pg_temp.clean(e), 'and with its opposite')
FROM (SELECT hedge.pair_evidence(y, -3 * y ORDER BY i) AS e FROM pair) AS s;
SELECT ok((SELECT (hedge.pair_evidence(y, x ORDER BY i)).break_statistic FROM pair WHERE i < 99) IS NULL, '99 observations: no break test');
SELECT ok((SELECT (hedge.pair_evidence(y, x ORDER BY i)).break_statistic FROM pair WHERE i < 100) IS NOT NULL, '100: a break test');

-- ---------- many pairs ----------

-- 19 assets over 320 bars: most complete, some with gaps, a constant, a constant stretch, a NaN, none at all
SELECT setseed(0.5);
CREATE TEMP TABLE cell AS
SELECT a, t, CASE
	WHEN a = 4 AND t % 11 = 0 THEN NULL
	WHEN a = 9 AND t < 200 THEN NULL
	WHEN a = 11 THEN 4.2
	WHEN a = 12 AND t BETWEEN 100 AND 180 THEN 0.09
	WHEN a = 13 AND t = 50 THEN 'NaN'
	WHEN a = 14 THEN NULL
	WHEN a = 15 AND t = 60 THEN 1e9
	ELSE m + (random() - 0.5) * a / 4 + CASE WHEN a = 7 AND t > 160 THEN -2 * m ELSE 0 END END::float8 AS v
FROM generate_series(1, 19) AS a, (SELECT t, random() - 0.5 AS m FROM generate_series(1, 320) AS t) AS s;
CREATE TEMP TABLE panel AS
SELECT array_agg('A' || a ORDER BY a) AS assets, array_agg(r ORDER BY a) AS observations,
	(SELECT array_agg(timestamptz '2021-01-01 00:00:00+00' + t * interval '1 hour' ORDER BY t) FROM generate_series(1, 320) AS t) AS bars
FROM (SELECT a, array_agg(v ORDER BY t) AS r FROM cell GROUP BY a) AS s;
CREATE TEMP TABLE many AS
SELECT e.* FROM panel, hedge.evidence_pairs(assets, observations, bars, hedge.evidence_settings(30, 0.9, 0.2, 0.5)) AS e;
CREATE TEMP TABLE single AS
SELECT 'A' || y.a AS asset_y, 'A' || x.a AS asset_x,
	hedge.pair_evidence(y.v, x.v, timestamptz '2021-01-01 00:00:00+00' + y.t * interval '1 hour', hedge.evidence_settings(30, 0.9, 0.2, 0.5) ORDER BY y.t) AS evidence
FROM cell AS y JOIN cell AS x ON x.t = y.t AND x.a > y.a GROUP BY y.a, x.a;
SELECT is(count(*), 171::bigint, 'a row a pair') FROM many;
SELECT is((SELECT count(*) FROM single WHERE evidence IS NULL), 18::bigint, 'pairs without a common bar');
SELECT is((SELECT count(*) FROM many AS m JOIN single AS s USING (asset_y, asset_x)
	WHERE m.evidence IS DISTINCT FROM s.evidence AND NOT (s.evidence IS NULL AND (m.evidence).observations = 0)), 0::bigint,
	'each to the last bit what the aggregate makes of it');
SELECT ok(bool_and(pg_temp.clean(evidence)), 'nothing but numbers and NULL') FROM many;
SELECT ok((evidence).break_p_value < 1e-6 AND (evidence).break_time BETWEEN '2021-01-07 00:00:00+00' AND '2021-01-08 12:00:00+00',
	'the pair that broke is the one found') FROM many WHERE asset_y = 'A1' AND asset_x = 'A7';
SELECT is((SELECT count(*) FROM panel, hedge.evidence_pairs(assets, observations) AS e WHERE (e.evidence).break_time IS NOT NULL), 0::bigint, 'without times');
SELECT ok(bool_and(abs((m.evidence).rolling_minimum - r.minimum) < 1e-12 AND abs((m.evidence).rolling_standard_deviation - r.standard_deviation) < 1e-12
	AND (m.evidence).rolling_windows = r.windows AND (m.evidence).sign_changes = r.sign_changes), 'rolling as rolling_pairs has it, without gaps')
FROM many AS m, panel, LATERAL hedge.rolling_pairs(assets, observations, 30) AS r
WHERE r.asset_y = m.asset_y AND r.asset_x = m.asset_x AND m.asset_y NOT IN ('A4', 'A9', 'A13', 'A14') AND m.asset_x NOT IN ('A4', 'A9', 'A13', 'A14') AND r.windows > 0;

-- named pairs, in any direction, with ratios
CREATE TEMP TABLE named AS
SELECT e.* FROM panel, hedge.evidence_pairs(assets, observations, bars, hedge.evidence_settings(30, 0.9, 0.2),
	'{A1,A19,A4,A2,A2}', '{A2,A3,A5,A1,A10}', '{0.5,0.5,0.5,NULL,-1}') AS e;
SELECT is(count(*), 5::bigint, 'the pairs asked for') FROM named;
SELECT is((SELECT count(*) FROM named AS n JOIN many AS m USING (asset_y, asset_x) WHERE n.evidence = m.evidence), 2::bigint, 'those of before are the same');
SELECT ok((evidence).held_effectiveness IS NULL AND (evidence).correlation IS NOT NULL, 'no ratio, no measure of it') FROM named WHERE asset_x = 'A1';
SELECT ok((evidence).break_even_correlation < 0 AND (evidence).break_even_confidence < 0.01, 'a ratio of the wrong sign') FROM named WHERE asset_x = 'A10';
SELECT ok(abs((n.evidence).correlation - (m.evidence).correlation) < 1e-13, 'the other direction') FROM named AS n, many AS m
WHERE n.asset_y = 'A19' AND n.asset_x = 'A3' AND m.asset_y = 'A3' AND m.asset_x = 'A19';
SELECT is((SELECT count(*) FROM panel, hedge.evidence_pairs(assets, observations, pairs_y => '{}', pairs_x => '{}')), 0::bigint, 'no pair asked for');
SELECT is((SELECT count(*) FROM hedge.evidence_pairs('{}', '{}')), 0::bigint, 'no assets');
SELECT is((SELECT count(*) FROM hedge.evidence_pairs(NULL, NULL)), 0::bigint, 'NULL');

-- ---------- what is made of it ----------

SELECT is((SELECT h FROM hedge.held_evidence(evidence, 0.5) AS h),
	ROW((evidence).held_effectiveness, (evidence).break_even_correlation, (evidence).break_even_confidence), 'held_evidence is what the aggregate says')
FROM single WHERE asset_y = 'A2' AND asset_x = 'A3';
SELECT ok((SELECT h.held_effectiveness = 0 AND h.break_even_correlation IS NULL FROM hedge.held_evidence(evidence, 0) AS h), 'ratio 0')
FROM single WHERE asset_y = 'A2' AND asset_x = 'A3';

SELECT is((SELECT h FROM hedge.held_evidence((evidence).observations, (evidence).correlation, (evidence).volatility_y, (evidence).volatility_x,
	(evidence).standard_error, 0.5) AS h), (SELECT h FROM hedge.held_evidence(evidence, 0.5) AS h), 'the same from columns')
FROM single WHERE asset_y = 'A2' AND asset_x = 'A3';
SELECT results_eq('SELECT * FROM hedge.held_evidence(' || a || ')', 'SELECT ' || b, 'held_evidence of ' || a)
FROM (VALUES ('100, 0.5, 1, 1, NULL, 0.5', '0.25::float8, 0.25::float8, NULL::float8'), ('100, 0.5, 1, 1, 0.1, NULL', 'NULL::float8, NULL::float8, NULL::float8'),
	('-5, 0.5, 1, 1, 0.1, 0.5', 'NULL::float8, NULL::float8, NULL::float8'), ('NULL, 0.5, 1, 1, 0.1, 0.5', '0.25::float8, 0.25::float8, NULL::float8'),
	('100, 2, 1, 1, 0.1, 0.5', 'NULL::float8, NULL::float8, NULL::float8'), ('100, 0.5, 0, 1, 0.1, 0.5', 'NULL::float8, NULL::float8, NULL::float8')) AS v (a, b);

-- R 4.2: p.adjust(c(.01, .02, .03, .04, .05, NA, .9, .001, .02, 1, .3), "BH"), and "BY"
SELECT is((SELECT array_agg(round(p::numeric, 14)) FROM unnest(hedge.adjust_p_values('{0.01,0.02,0.03,0.04,0.05,NULL,0.9,0.001,0.02,1,0.3}')) AS p),
	'{0.05000000000000,0.05000000000000,0.06000000000000,0.06666666666667,0.07142857142857,NULL,1.00000000000000,0.01000000000000,0.05000000000000,1.00000000000000,0.37500000000000}'::numeric[],
	'Benjamini-Hochberg as R has it');
SELECT is((SELECT array_agg(round(p::numeric, 14)) FROM unnest(hedge.adjust_p_values('{0.01,0.02,0.03,0.04,0.05,NULL,0.9,0.001,0.02,1,0.3}', 'benjamini_yekutieli')) AS p),
	'{0.14644841269841,0.14644841269841,0.17573809523810,0.19526455026455,0.20921201814059,NULL,1.00000000000000,0.02928968253968,0.14644841269841,1.00000000000000,1.00000000000000}'::numeric[],
	'Benjamini-Yekutieli as R has it');
SELECT is(hedge.adjust_p_values('{NULL,NULL}'), '{NULL,NULL}'::float8[], 'nothing but NULL');
SELECT is(hedge.adjust_p_values('{}'), '{}'::float8[], 'no p-value');
SELECT is(hedge.adjust_p_values('{0.04}'), '{0.04}'::float8[], 'one p-value');
WITH p AS (
	SELECT i, random() AS p FROM generate_series(1, 1000) AS i
), plain AS (
	SELECT i, min(least(1, p * 1000 / r)) OVER (ORDER BY p DESC) AS p FROM (SELECT i, p, rank() OVER (ORDER BY p) AS r FROM p) AS s
)
SELECT ok(max(abs(q.p - plain.p)) < 1e-14, 'a thousand, as a window says')
FROM plain, (SELECT hedge.adjust_p_values((SELECT array_agg(p ORDER BY i) FROM p)) AS a) AS a, unnest(a.a) WITH ORDINALITY AS q(p, i)
WHERE q.i = plain.i;

SELECT is((SELECT v.verdict FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair)) AS v), 'reliable', 'reliable');
SELECT matches((SELECT v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair)) AS v), '0\.52, between 0\.44 and 0\.59', 'with its interval');
SELECT is((SELECT v.verdict FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair), 0.06) AS v), 'weak', 'weak after adjusting');
SELECT is((SELECT v.verdict FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair), 0.06, significance => 0.1) AS v), 'reliable', 'at 10 % it is not');
SELECT is((SELECT v.verdict FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair), break_significance => 1, minimum_break => 0) AS v), 'break_detected', 'break_detected');
SELECT matches((SELECT v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair), break_significance => 1, minimum_break => 0.5) AS v),
	'changed from 0\.58 to 0\.45 \(p = .*\), by less than minimum_break', 'or a change too small to matter');
-- 0.99, then 0.92: less than 0.1, but what a hedge leaves is 2.8 times as much
SELECT is((SELECT v.verdict FROM hedge.verdict(jsonb_populate_record(e.evidence, jsonb_build_object('correlation_before_break', b, 'correlation_after_break', a,
		'break_p_value', 0.001))) AS v), want, 'a change from ' || b || ' to ' || a)
FROM (SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) AS evidence FROM pair) AS e,
	(VALUES (0.99, 0.92, 'break_detected'), (0.92, 0.99, 'break_detected'), (0.67, 0.76, 'reliable'), (0.3, 0.4, 'break_detected'), (0.99, 0.985, 'break_detected'),
		(0.99, 0.988, 'reliable'), (-0.92, -0.99, 'break_detected')) AS v (b, a, want);
SELECT matches((SELECT v.reason FROM hedge.verdict(jsonb_populate_record(e.evidence, '{"lag_correlation": -0.3}')) AS v), '; -0\.30 one observation apart: ', 'closes of two instants are told of')
FROM (SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) AS evidence FROM pair) AS e;
SELECT ok((SELECT v.reason !~ 'apart' FROM hedge.verdict(jsonb_populate_record(e.evidence, '{"lag_correlation": 0.05}')) AS v), 'not of what chance makes')
FROM (SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) AS evidence FROM pair) AS e;
SELECT matches((SELECT v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair), 0.6, significance => 0.5) AS v),
	'not shown to be worth.*; it may have changed from 0\.58 to 0\.45 at 2020-06-04', 'a likely break is told of');
SELECT is((SELECT v.verdict FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair), spread_significance => 1) AS v), 'unstable', 'unstable');
SELECT is((SELECT v.verdict FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair WHERE i < 99)) AS v), 'insufficient', 'insufficient');
SELECT is((SELECT v.verdict FROM hedge.verdict((SELECT hedge.pair_evidence(y, 1, ts ORDER BY ts) FROM pair)) AS v), 'insufficient', 'a constant is insufficient');
SELECT is((SELECT v.verdict FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair), minimum_effective_observations => 400) AS v), 'insufficient', 'too few effective observations');
-- what was not tested is named: too few bars for the break test, then for the rolling windows, too
SELECT unalike((SELECT v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair)) AS v), '%not tested%', 'everything was tested');
SELECT matches((SELECT v.verdict || ': ' || v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair WHERE i < 99),
	minimum_observations => 50) AS v), '^reliable: .*; not tested: break \(99 observations, 100 needed\)$', 'reliable, but for the break test');
SELECT matches((SELECT v.verdict || ': ' || v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts, hedge.evidence_settings(minimum_effectiveness => 0) ORDER BY ts)
	FROM pair WHERE i < 50), minimum_observations => 50, minimum_effective_observations => 1) AS v),
	'^reliable: .*; not tested: break \(50 observations, 100 needed\), spread of rolling correlations, hedging out of sample$', 'nor the others');
SELECT matches((SELECT v.verdict || ': ' || v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, ts ORDER BY ts) FROM pair WHERE i < 99), 0.9,
	minimum_observations => 50) AS v), '^weak: .*; not tested: break', 'nor is it left out where the verdict is weak');
-- times: a day alone for what begins with one, in the session's time zone
SET LOCAL timezone = 'UTC';
SELECT matches((SELECT v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, date_trunc('day', ts) ORDER BY ts) FROM pair), break_significance => 1, minimum_break => 0) AS v),
	'most likely at \d\d\d\d-\d\d-\d\d \(p', 'a bar of a day is a day');
SET LOCAL timezone = 'Asia/Kolkata';
SELECT matches((SELECT v.reason FROM hedge.verdict((SELECT hedge.pair_evidence(y, x, date_trunc('day', ts, 'UTC') ORDER BY ts) FROM pair), break_significance => 1, minimum_break => 0) AS v),
	'most likely at \d\d\d\d-\d\d-\d\d 05:30:00\+05:30 \(p', 'where it begins at midnight');
RESET timezone;
SELECT ok((SELECT v.verdict FROM hedge.verdict(NULL) AS v) IS NULL, 'NULL evidence, NULL verdict');
SELECT is((SELECT v.verdict FROM many AS m, hedge.verdict(m.evidence) AS v WHERE asset_y = 'A1' AND asset_x = 'A7'), 'break_detected', 'the pair that broke');
SELECT matches((SELECT v.reason FROM many AS m, hedge.verdict(m.evidence) AS v WHERE asset_y = 'A1' AND asset_x = 'A7'), '2021-01-0[78]', 'with the day');

-- ---------- monitoring ----------

-- 0.8 for 450 bars, 0.2 for 150, 0.8 again
CREATE TEMP TABLE watched AS
SELECT array_agg(y ORDER BY t) AS ys, array_agg(r * y + sqrt(1 - r * r) * e ORDER BY t) AS xs
FROM (
	SELECT t, CASE WHEN t > 450 AND t <= 600 THEN 0.2 ELSE 0.8 END AS r, sum(u) - 6 AS y, sum(v) - 6 AS e
	FROM generate_series(1, 1000) AS t, LATERAL (SELECT random() AS u, random() AS v FROM generate_series(1, 12) WHERE t > 0) AS s GROUP BY t
) AS s;
CREATE TEMP TABLE alarm AS SELECT m.* FROM watched, hedge.monitor_correlation(ys, xs) AS m;
SELECT is(count(*), 1::bigint, 'one alarm') FROM alarm;
SELECT ok(alarm_bar > 450 AND alarm_bar < 550, 'after the change, soon') FROM alarm;
SELECT ok(abs(change_bar - 451) <= 5, 'which it dates') FROM alarm;
SELECT is(direction, -1, 'downwards') FROM alarm;
SELECT ok(cleared_bar > 600 AND cleared_bar < 800, 'cleared after the correlation came back') FROM alarm;
SELECT is((SELECT m FROM watched, hedge.monitor_correlation(ys[:alarm_bar], xs[:alarm_bar]) AS m),
	ROW(alarm_bar, change_bar, direction, NULL::integer), 'replayed up to the alarm: the same, standing') FROM alarm;
SELECT is((SELECT count(*) FROM watched, hedge.monitor_correlation(ys[:alarm_bar - 1], xs[:alarm_bar - 1])), 0::bigint, 'and not a bar before') FROM alarm;

-- a stored state brought forward bar by bar, ten by ten, and at once
CREATE FUNCTION pg_temp.forward(step integer, until integer) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE
	state float8[];
	w watched;
BEGIN
	SELECT * INTO w FROM watched;
	state := hedge.monitor_start(w.ys[:250], w.xs[:250]);
	FOR t IN 251 .. until BY step LOOP
		state := hedge.monitor_advance(state, w.ys[t:least(t + step - 1, until)], w.xs[t:least(t + step - 1, until)]);
	END LOOP;
	RETURN state;
END $$;
SELECT is(pg_temp.forward(1, 1000), pg_temp.forward(750, 1000), 'bar by bar as at once, to the last bit');
SELECT is(pg_temp.forward(10, 1000), pg_temp.forward(7, 1000), 'ten by ten as seven by seven');
SELECT ok(s.alarm AND s.direction = -1 AND s.bars = a.alarm_bar - 250 AND s.alarm_bar = a.alarm_bar - 250 AND s.change_bar = a.change_bar - 250
	AND s.alarms = 1 AND s.cleared_bar IS NULL AND abs(s.baseline_correlation - 0.8) < 0.1, 'status at the alarm')
FROM alarm AS a, hedge.monitor_status(pg_temp.forward(1, a.alarm_bar)) AS s;
SELECT ok(NOT s.alarm AND s.direction IS NULL AND s.cleared_bar = a.cleared_bar - 250 AND s.alarms = 1, 'status when cleared')
FROM alarm AS a, hedge.monitor_status(pg_temp.forward(50, 1000)) AS s;
SELECT ok(hedge.monitor_start((SELECT ys[:59] FROM watched), (SELECT xs[:59] FROM watched)) IS NULL, 'a baseline too short');
SELECT ok(hedge.monitor_start((SELECT ys[:250] FROM watched), array_fill(1::float8, '{250}')) IS NULL, 'a constant side');
SELECT is((SELECT count(*) FROM watched, hedge.monitor_correlation(ys[:240] || array_fill(NULL::float8, '{60}') || ys[241:450], xs[:240] || array_fill(NULL::float8, '{60}') || xs[241:450], 300)), 0::bigint,
	'missing values are passed over');
-- 0.6, 0.95 from bar 301 on, 0 from bar 601 on
CREATE TEMP TABLE turning AS
SELECT array_agg(y ORDER BY t) AS ys, array_agg(r * y + sqrt(1 - r * r) * e ORDER BY t) AS xs
FROM (
	SELECT t, CASE WHEN t <= 300 THEN 0.6 WHEN t <= 600 THEN 0.95 ELSE 0 END AS r, sum(u) - 6 AS y, sum(v) - 6 AS e
	FROM generate_series(1, 900) AS t, LATERAL (SELECT random() AS u, random() AS v FROM generate_series(1, 12) WHERE t > 0) AS s GROUP BY t
) AS s;
SELECT ok(count(*) = 2 AND array_agg(direction ORDER BY alarm_bar) = '{1,-1}' AND bool_and(abs(change_bar - CASE direction WHEN 1 THEN 301 ELSE 601 END) <= 25)
	AND min(cleared_bar) BETWEEN 621 AND max(alarm_bar) - 1 AND count(cleared_bar) = 1 AND max(alarm_bar) < 700, 'a standing alarm does not hide a change the other way')
FROM turning, hedge.monitor_correlation(ys, xs);

SELECT * FROM finish();
ROLLBACK;
