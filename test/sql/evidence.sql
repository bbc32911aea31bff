-- evidence: the texts of its errors.
\set VERBOSITY default
SET timezone = 'UTC';

-- settings out of range
SELECT hedge.pair_evidence(1, 2, now(), hedge.evidence_settings(rolling_observations => 3));
SELECT hedge.pair_evidence(1, 2, now(), hedge.evidence_settings(confidence_level => 95));
SELECT hedge.pair_evidence(1, 2, now(), hedge.evidence_settings(minimum_effectiveness => -0.1));

-- order and times
SELECT hedge.pair_evidence(y, x, ts ORDER BY i)
FROM (VALUES (1, 1.0, 2.0, timestamptz '2024-01-02 00:00:00+00'), (2, 1.0, 2.0, '2024-01-01 00:00:00+00')) AS v(i, y, x, ts);
SELECT hedge.pair_evidence(y, x, ts ORDER BY i)
FROM (VALUES (1, 1.0, 2.0, timestamptz '2024-01-02 00:00:00+00'), (2, 1.0, 2.0, NULL)) AS v(i, y, x, ts);

-- arrays that do not fit
SELECT count(*) FROM hedge.evidence_pairs('{A,B}', '{1,2}');
SELECT count(*) FROM hedge.evidence_pairs('{A,B,C}', '{{1,2},{1,2}}');
SELECT count(*) FROM hedge.evidence_pairs('{{A,B}}', '{{1,2},{1,2}}');
SELECT count(*) FROM hedge.evidence_pairs('{A,A}', '{{1,2},{1,2}}');
SELECT count(*) FROM hedge.evidence_pairs('{A,NULL}', '{{1,2},{1,2}}');
SELECT count(*) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}', '{2024-01-01}');
SELECT count(*) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}', '{2024-01-01,NULL}');
SELECT count(*) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}', pairs_y => '{A}');
SELECT count(*) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}', pairs_y => '{A}', pairs_x => '{A,B}');
SELECT count(*) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}', pairs_y => '{A}', pairs_x => '{Z}');
SELECT count(*) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}', held_ratios => '{1}');
SELECT count(*) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}', pairs_y => '{A}', pairs_x => '{B}', held_ratios => '{1,2}');

-- verdicts and p-values
SELECT hedge.verdict(e, significance => 2) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}') AS p(y, x, e);
SELECT hedge.verdict(e, minimum_observations => NULL) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}') AS p(y, x, e);
SELECT hedge.verdict(e, minimum_observations => 1) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}') AS p(y, x, e);
SELECT hedge.verdict(e, 1.5) FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}') AS p(y, x, e);
SELECT hedge.verdict(e, 'NaN') FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}') AS p(y, x, e);
SELECT hedge.adjust_p_values('{0.1,1.5}');
SELECT hedge.adjust_p_values('{0.1}', 'bonferroni');
SELECT hedge.adjust_p_values('{{0.1}}');

-- reasons
SELECT v.* FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,2}}') AS p(y, x, e), hedge.verdict(e) AS v;
SELECT v.* FROM hedge.evidence_pairs('{A,B}', '{{1,2},{1,1}}') AS p(y, x, e), hedge.verdict(e) AS v;

SELECT v.* FROM hedge.evidence_pairs('{A,B}', '{{1,2,4},{1,3,3}}') AS p(y, x, e), hedge.verdict(e, minimum_observations => 2) AS v;

-- risk at any correlation
SELECT hedge.pair_risk(1, -0.1, 1, 1, 0.5);
SELECT hedge.pair_risk(1, 1, 1, 'NaN', 0.5);

-- monitors
SELECT * FROM hedge.monitor_correlation('{1,2}', '{1,2}', 60, -1);
SELECT * FROM hedge.monitor_correlation('{1,2}', '{1,2}', 59);
SELECT * FROM hedge.monitor_correlation('{1,2}', '{1}', 60);
SELECT hedge.monitor_start('{1,2}', '{1,2}', 0);
SELECT hedge.monitor_start('{{1,2}}', '{1,2}');
SELECT hedge.monitor_advance('{1,2,3}', '{1}', '{1}');
SELECT * FROM hedge.monitor_status(array_fill(0::float8, '{30}'));
