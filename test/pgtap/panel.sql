-- panel: blocks of returns joined along time.
BEGIN;
SELECT plan(9);

SELECT is((SELECT (s.p).assets FROM (SELECT hedge.return_panel(a, r ORDER BY k) AS p
	FROM (VALUES (2, ARRAY['c', 'A'], '{{5,6},{7,NULL}}'::float8[]), (1, '{b,c}', '{{1,2,NULL},{3,NULL,4}}')) AS v (k, a, r)) AS s),
	'{A,b,c}', 'assets of all blocks, in byte order');
SELECT is((SELECT (s.p).observations FROM (SELECT hedge.return_panel(a, r ORDER BY k) AS p
	FROM (VALUES (2, ARRAY['c', 'A'], '{{5,6},{7,NULL}}'::float8[]), (1, '{b,c}', '{{1,2,NULL},{3,NULL,4}}')) AS v (k, a, r)) AS s),
	'{{NULL,NULL,NULL,7,NULL},{1,2,NULL,NULL,NULL},{3,NULL,4,5,6}}', 'in the order asked for, NULL where a block lacks an asset');
SELECT is((SELECT (hedge.return_panel(a, r ORDER BY k)).observations
	FROM (VALUES (1, '{b,a}'::text[], '{{1,2},{3,4}}'::float8[]), (2, '{a,b}', '{{5},{NaN}}')) AS v (k, a, r)),
	'{{3,4,5},{1,2,NaN}}', 'nothing missing, NaN kept');
SELECT is((SELECT hedge.return_panel(a, r) FROM (VALUES (NULL::text[], '{{1}}'::float8[]), ('{a}', NULL)) AS v (a, r)),
	NULL, 'rows with a NULL are no blocks');
SELECT is((SELECT hedge.return_panel(a, r) FROM (VALUES ('{a}'::text[], '{{1}}'::float8[])) AS v (a, r) WHERE false), NULL, 'no rows');

-- against unnest() and array_agg(), 300 times of 30 assets with gaps, in blocks of 70
SELECT setseed(0.5);
CREATE TEMP TABLE cell AS
SELECT 'A' || a AS asset, t, CASE WHEN random() < 0.9 THEN random() END AS v
FROM generate_series(1, 30) AS a, generate_series(1, 300) AS t;
CREATE TEMP TABLE block AS
SELECT k, array_agg(asset ORDER BY asset COLLATE "C" DESC) AS assets, array_agg(r ORDER BY asset COLLATE "C" DESC) AS returns
FROM (SELECT t / 70 AS k, asset, array_agg(v ORDER BY t) AS r FROM cell GROUP BY 1, 2) AS s GROUP BY k;
CREATE TEMP TABLE joined AS SELECT (hedge.return_panel(assets, returns ORDER BY k)).* FROM block;
SELECT is(joined.observations, s.o, 'as SQL joins them')
FROM joined, (SELECT array_agg(r ORDER BY asset COLLATE "C") AS o
	FROM (SELECT asset, array_agg(v ORDER BY t) AS r FROM cell GROUP BY asset) AS s) AS s;
SELECT is((SELECT hedge.correlation_matrix(hedge.comoment_matrix(j.assets, j.observations)) FROM joined AS j),
	(SELECT hedge.correlation_matrix(hedge.comoment_matrix(j.assets, j.observations::text::float8[])) FROM joined AS j),
	'its bytes are those of an array');
SELECT throws_ok($$SELECT hedge.return_panel('{a,b}', '{1,2}')$$, '2202E', NULL, 'an array of one dimension');
SELECT throws_ok($$SELECT hedge.return_panel('{a,a}', '{{1},{2}}')$$, '21000', 'asset "a" is given twice', 'an asset twice');

SELECT * FROM finish();
ROLLBACK;
