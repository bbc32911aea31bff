-- Correlations to margin with: scenarios, of assets, of buckets, supplied, the nearest that can be.
BEGIN;
SELECT no_plan();
SELECT setseed(0.7);

SELECT results_eq($$SELECT s, hedge.correlation_scenario(c, s)::numeric(6, 4) FROM unnest('{0.9,0.4,-0.4,-0.9}'::float8[]) WITH ORDINALITY c (c, i), unnest('{low,medium,high}'::text[]) WITH ORDINALITY s (s, j) ORDER BY i, j$$,
	$$VALUES ('low', 0.8), ('medium', 0.9), ('high', 1), ('low', 0.3), ('medium', 0.4), ('high', 0.5), ('low', -0.3), ('medium', -0.4),
		('high', -0.5), ('low', -0.675), ('medium', -0.9), ('high', -1)$$, 'scenarios');

-- from a matrix
CREATE TABLE matrix AS SELECT hedge.comoment_matrix('asset ' || a, t * interval '1 day' + timestamptz '2020-01-01', f * (a % 3 - 1) + random() - 0.5) AS m
FROM (SELECT t, random() - 0.5 AS f FROM generate_series(1, 200) t) s, generate_series(1, 5) a;
SELECT ok(bool_and(abs(r[i][j] - hedge.corr(m, 'asset ' || i, 'asset ' || j)) < 1e-15 OR i = j) AND bool_and(r[i][i] = 1 AND r[6][i] IS NULL AND r[6][6] = 1), 'correlations of assets, null for an unknown one')
FROM matrix, LATERAL hedge.correlations(m, '{asset 1,asset 2,asset 3,asset 4,asset 5,gone}') r, generate_series(1, 5) i, generate_series(1, 5) j;
CREATE TABLE short AS SELECT hedge.comoment_matrix(a, t * interval '1 day' + timestamptz '2020-01-01', random()) AS m
FROM unnest('{a,b,new}'::text[]) a, generate_series(1, 50) t WHERE a <> 'new' OR t > 47;
SELECT ok(abs(r[1][3]) <= 1 AND r[1][3] = x[1][3] AND x[2][3] IS NOT NULL AND y[1][3] IS NULL AND y[3][2] IS NULL AND y[3][3] = 1 AND y[1][2] = r[1][2] AND z[2][1] IS NULL, 'of too few common observations: null')
FROM short, hedge.correlations(m, '{a,b,new}') r, hedge.correlations(m, '{a,b,new}', 3) x, hedge.correlations(m, '{a,b,new}', 4) y, hedge.correlations(m, '{a,b,new}', minimum_observations => 51) z;
SELECT is((SELECT array_agg(round(x::numeric, 6)) FROM unnest(hedge.bucket_correlations('{{1,0.4,0.1},{0.4,1,0.3},{0.1,0.3,1}}', '{a,a,b}', '{a,b,c}')) x),
	'{1,0.200000,NULL,0.200000,1,NULL,NULL,NULL,1}', 'correlations of buckets are means');
SELECT ok(g[1][2] = g[2][1] AND g[3][2] = g[2][3] AND x.margin > 0, 'symmetric to the last bit, as hedge.margin wants them, also beside nulls')
FROM (SELECT hedge.comoment_matrix('a' || lpad(i::text, 2, '0'), timestamptz '2020-01-01' + t * interval '1 day', sin(i * t) + cos(i * i * t) + sin(t * 1.7)) AS m
	FROM generate_series(1, 30) AS i, generate_series(1, 200) AS t OFFSET 0) AS s,
	LATERAL (SELECT hedge.correlations(m, hedge.assets(m) || '{gone}') AS c, ARRAY(SELECT 'b' || a % 4 FROM generate_series(1, 31) AS a) AS b OFFSET 0) AS l,
	hedge.bucket_correlations(c, b, '{b0,b1,b2,b3}') AS g, hedge.margin(array_fill(100::float8, '{31}'), NULL, b, c, '{b0,b1,b2,b3}', g) AS x;
SELECT is(hedge.uniform_correlations('{a,a,b,NULL,NULL}', '{a,NULL}', '{0.5,0.2}'), '{{1,0.5,0,0,0},{0.5,1,0,0,0},{0,0,1,0,0},{0,0,0,1,0.2},{0,0,0,0.2,1}}', 'one correlation a bucket');
SELECT is(hedge.uniform_correlations('{b,b}', '{a}', '{0.5}'), '{{1,NULL},{NULL,1}}', 'of a bucket without parameters: unknown');

-- the nearest
SELECT is((SELECT array_agg(round(x::numeric, 6)) FROM unnest(hedge.nearest_correlations('{{1,-0.9,-0.9},{-0.9,1,-0.9},{-0.9,-0.9,1}}')) x),
	'{1.000000,-0.500000,-0.500000,-0.500000,1.000000,-0.500000,-0.500000,-0.500000,1.000000}', 'the nearest correlations');

-- bad input
CREATE TABLE large AS SELECT array_agg(l ORDER BY i) AS r FROM (SELECT i, array_agg((i = j)::integer::float8 ORDER BY j) AS l FROM generate_series(1, 1001) i, generate_series(1, 1001) j GROUP BY i) s;
SELECT throws_ok($$SELECT hedge.nearest_correlations(r) FROM large$$,
	'54000', 'correlations are a square of 1001, which is too large');
SELECT throws_ok($$SELECT hedge.correlation_scenario(0.5, 'lo')$$, '22023', 'scenario "lo" is not low, medium or high');
SELECT throws_ok($$SELECT hedge.correlation_scenario(1.5, 'high')$$, '22023', 'correlation 1.5 is not from -1 to 1');

SELECT * FROM finish();
ROLLBACK;
