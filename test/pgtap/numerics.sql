-- docs/numerics.md, line by line: the number in front of a test is the line's.
BEGIN;
SELECT no_plan();
SELECT setseed(0.6);
SET LOCAL extra_float_digits = 1;

-- the accessors in one array: corr, covariance, hedge_ratio, intercept, volatilities, effectiveness (best,
-- at 2), residual volatility (best, at 2)
CREATE FUNCTION statistics(c hedge.comoments) RETURNS float8[] LANGUAGE sql AS $$
	SELECT ARRAY[hedge.corr(c), hedge.covariance(c), hedge.hedge_ratio(c), hedge.intercept(c), hedge.volatility_y(c), hedge.volatility_x(c),
		hedge.hedging_effectiveness(c), hedge.hedging_effectiveness(c, 2), hedge.residual_volatility(c), hedge.residual_volatility(c, 2)]
$$;
CREATE FUNCTION summary(y float8[], x float8[]) RETURNS hedge.comoments LANGUAGE sql AS $$
	SELECT hedge.comoments(u.y, u.x) FROM unnest(y, x) u(y, x)
$$;
CREATE FUNCTION no_answers(n int) RETURNS float8[] LANGUAGE sql AS $$ SELECT array_fill(NULL::float8, ARRAY[n]) $$;

-- ---------- rows ----------

SELECT is(summary('{1,NULL,3,4,NULL}', '{2,5,NULL,7,NULL}')::text, summary('{1,4}', '{2,7}')::text, '1: a row with a NULL is no observation');
SELECT is(array_agg(n ORDER BY i), '{1,1,1,1,2,2}', '1: nor in a frame')
FROM (SELECT i, hedge.observations(hedge.comoments(y, x) OVER (ORDER BY i ROWS 2 PRECEDING)) AS n
	FROM unnest('{1,NULL,3,4,5,NULL}'::float8[], '{2,5,NULL,7,8,9}'::float8[]) WITH ORDINALITY u(y, x, i)) s;
SELECT ok(hedge.comoments(y, x) IS NULL AND hedge.rollup(hedge.comoments_accum(NULL, y, x)) IS NULL AND hedge.rolling_corr(y, x) IS NULL
	AND hedge.rolling_covariance(y, x) IS NULL AND hedge.rolling_hedge_ratio(y, x) IS NULL, '2: ' || what || ': NULL')
FROM (VALUES ('no rows', false), ('none with both values', true)) w(what, keep) LEFT JOIN (VALUES (NULL::float8, 1::float8), (1, NULL)) v(y, x) ON keep GROUP BY what;
SELECT ok(bool_and(c IS NULL AND u IS NULL AND r IS NULL AND v IS NULL AND h IS NULL), '2: an empty frame: NULL')
FROM (SELECT hedge.comoments(i, i) OVER w AS c, hedge.rollup(hedge.comoments_accum(NULL, i, i)) OVER w AS u, hedge.rolling_corr(i, i) OVER w AS r,
		hedge.rolling_covariance(i, i) OVER w AS v, hedge.rolling_hedge_ratio(i, i) OVER w AS h
	FROM generate_series(1, 5) i WINDOW w AS (ORDER BY i ROWS BETWEEN 3 FOLLOWING AND 2 FOLLOWING)) s;
SELECT is(hedge.observations(summary('{3}', '{4}')), 1::float8, '3: one observation');
SELECT is(statistics(summary('{3}', '{4}')), no_answers(10), '3: and no statistic');
SELECT ok(low IS NULL AND high IS NULL, '3: nor an interval') FROM hedge.corr_interval(summary('{3}', '{4}'));
SELECT is(hedge.rollup(c)::text, 'v1 1 1 3 0 4 0 0 0 0', '4: NULL summaries are skipped') FROM (VALUES (NULL), (summary('{3}', '{4}')), (NULL)) v(c);
SELECT ok(hedge.rollup(c) IS NULL, '4: NULL if there is no other') FROM (VALUES (NULL::hedge.comoments), (NULL)) v(c);
SELECT is(statistics(NULL), no_answers(10), '5: accessors of a NULL summary');
SELECT ok(hedge.observations(NULL::hedge.comoments) IS NULL AND hedge.corr(NULL, 'a', 'b') IS NULL AND hedge.pair(NULL, 'a', 'b') IS NULL
	AND hedge.assets(NULL) IS NULL AND hedge.eigenvalues(NULL) IS NULL AND hedge.nearest_psd(NULL) IS NULL AND hedge.correlation_matrix(NULL) IS NULL,
	'5: and of a NULL matrix');
SELECT is_empty($$ SELECT * FROM hedge.pairs(NULL) $$, '5: which has no pairs');

-- ---------- constant sides ----------

CREATE TABLE constant AS
	SELECT level, i, level AS y, random() AS x, hedge.comoments_accum(NULL, level, random()) AS c
	FROM unnest('{0,0.09,0.1,1e9,1000000000.3333333,-1e300,1e-300,5e-324,1.7976931348623157e308}'::float8[]) level, generate_series(1, 400) i;
SELECT ok(bool_and((c::text ~ '^v1 [0-9]+ [0-9]+ \S+ 0 \S+ \S+ 0 \S+ 0$') AND (d::text ~ '^v1 [0-9]+ [0-9]+ \S+ \S+ \S+ 0 \S+ 0 0$')
		AND (r::text ~ '^v1 [0-9]+ [0-9]+ \S+ 0 \S+ \S+ 0 \S+ 0$')), '6: a constant has a sum of squares of exactly 0')
FROM (SELECT hedge.comoments(y, x) AS c, hedge.comoments(x, y) AS d, hedge.rollup(c ORDER BY random()) AS r FROM constant GROUP BY level) s;
SELECT ok(bool_and(c::text ~ '^v1 [0-9]+ [0-9]+ \S+ 0 \S+ \S+ 0 \S+ 0$'), '6: in frames, too')
FROM (SELECT hedge.comoments(y, x) OVER (PARTITION BY level ORDER BY i ROWS BETWEEN 7 PRECEDING AND 5 FOLLOWING) AS c FROM constant) s;
SELECT ok(bool_and(hedge.corr(c) IS NULL AND hedge.hedging_effectiveness(c) IS NULL AND (hedge.corr_interval(c)).low IS NULL
	AND hedge.corr(d) IS NULL AND hedge.hedging_effectiveness(d) IS NULL AND r IS NULL), '7: no correlation with a constant side')
FROM (SELECT hedge.comoments(y, x) AS c, hedge.comoments(x, y) AS d, hedge.rolling_corr(y, x) AS r FROM constant GROUP BY level) s;
SELECT ok(bool_and(hedge.hedge_ratio(d) IS NULL AND hedge.intercept(d) IS NULL AND hedge.residual_volatility(d) IS NULL AND h IS NULL), '8: no hedge with a constant')
FROM (SELECT hedge.comoments(x, y) AS d, hedge.rolling_hedge_ratio(x, y) AS h FROM constant GROUP BY level) s;
SELECT ok(bool_and(hedge.hedge_ratio(c) = 0 AND hedge.intercept(c) = level AND hedge.residual_volatility(c) = 0), '9: a constant needs no hedge')
FROM (SELECT level, hedge.comoments(y, x) AS c FROM constant GROUP BY level) s;
SELECT ok(bool_and(hedge.covariance(c) = 0 AND hedge.covariance(d) = 0 AND v = 0 AND hedge.volatility_y(c) = 0 AND hedge.volatility_x(d) = 0), '10: covariance and volatility are exactly 0')
FROM (SELECT hedge.comoments(y, x) AS c, hedge.comoments(x, y) AS d, hedge.rolling_covariance(y, x) AS v FROM constant GROUP BY level) s;
SELECT ok(bool_and(hedge.hedging_effectiveness(c, 1) IS NULL), '11: no variance to remove') FROM (SELECT hedge.comoments(y, x) AS c FROM constant GROUP BY level) s;
SELECT ok(bool_and(abs(hedge.residual_volatility(c, -3) - 3 * hedge.volatility_x(c)) < 1e-14 AND hedge.residual_volatility(z, 3) = 0), '12: what a hedge makes of a constant')
FROM (SELECT hedge.comoments(y, x) AS c, hedge.comoments(y, y) AS z FROM constant GROUP BY level) s;

-- ---------- NaN and infinities ----------

CREATE TABLE odd AS
	SELECT what, at, i, CASE WHEN i = at THEN what ELSE sin(i) END AS y, cos(i * i) AS x, sin(i) AS finite
	FROM unnest('{NaN,Infinity,-Infinity}'::float8[]) what, unnest('{1,7,20}'::int[]) at, generate_series(1, 20) i;
SELECT ok(bool_and(hedge.corr(c) = 'NaN' AND hedge.covariance(c) = 'NaN' AND hedge.hedge_ratio(c) = 'NaN' AND hedge.intercept(c) = 'NaN'
	AND hedge.hedging_effectiveness(c) = 'NaN' AND hedge.hedging_effectiveness(c, 2) = 'NaN' AND hedge.residual_volatility(c) = 'NaN'
	AND hedge.residual_volatility(c, 2) = 'NaN' AND hedge.volatility_y(c) = 'NaN' AND hedge.corr(d) = 'NaN' AND hedge.hedge_ratio(d) = 'NaN' AND r = 'NaN'), '13: NaN and infinities make NaN')
FROM (SELECT hedge.comoments(y, x) AS c, hedge.comoments(x, y) AS d, hedge.rolling_corr(y, x) AS r FROM odd GROUP BY what, at) s;
SELECT ok(bool_and(abs(hedge.volatility_x(c) - hedge.volatility_x(f)) < 1e-14 AND split_part(c::text, ' ', 6) = split_part(f::text, ' ', 6)
	AND hedge.observations(c) = 20), '14: the other side is as if the value were finite')
FROM (SELECT hedge.comoments(y, x) AS c, hedge.comoments(finite, x) AS f FROM odd GROUP BY what, at) s;
SELECT ok(bool_and(hedge.corr(c) IS NULL AND hedge.covariance(c) = 'NaN'), '15: beside a constant') FROM (SELECT hedge.comoments(y, 5) AS c FROM odd GROUP BY what, at) s;
SELECT ok(bool_and((hedge.corr_interval(c)).low IS NULL AND (hedge.corr_interval(c)).high IS NULL), '16: no interval') FROM (SELECT hedge.comoments(y, x) AS c FROM odd GROUP BY what, at) s;
SELECT ok(bool_and(abs(r - clean) <= 2e-15), '17: without a trace once it has left')
FROM (SELECT i, at, hedge.rolling_corr(y, x) OVER w AS r, hedge.rolling_corr(finite, x) OVER w AS clean FROM odd WINDOW w AS (PARTITION BY what, at ORDER BY i ROWS 3 PRECEDING)) s
WHERE i > 3 AND i NOT BETWEEN at AND at + 3;
SELECT ok(hedge.hedging_effectiveness(c, 'NaN') = 'NaN' AND hedge.residual_volatility(c, 'NaN') = 'NaN', '18: a NaN ratio') FROM summary('{1,2,4}', '{2,5,3}') c;

-- ---------- range ----------

SELECT throws_ok(q, '22003', 'value out of range: overflow', '19: overflow: ' || q)
FROM (VALUES ('SELECT summary(''{1e160,-1e160}'', ''{1,2}'')'), ('SELECT summary(''{1,2}'', ''{1e308,-1e308}'')'),
	('SELECT hedge.rolling_corr(y, 1) OVER () FROM unnest(''{1e160,-1e160}''::float8[]) y'),
	('SELECT hedge.rollup(hedge.comoments_accum(NULL, y, 1)) FROM unnest(''{1e160,-1e160}''::float8[]) y'),
	('SELECT hedge.rolling_hedge_ratio(y, 1) FROM unnest(''{1e160,-1e160}''::float8[]) y')) v(q);
SELECT ok(hedge.covariance(summary('{NaN,1e160,-1e160}', '{1,2,3}')) = 'NaN', '20: a side that is NaN already');
SELECT throws_ok($$ SELECT hedge.intercept('v1 3 3 0 0 1e300 0 1e300 1e-200 1e50') $$, '22003', 'value out of range: overflow', '21: an intercept out of range');
SELECT throws_ok($$ SELECT hedge.hedging_effectiveness('v1 3 3 0 0 0 0 1 1 1', 1e200) $$, '22003', 'value out of range: overflow', '21: an effect out of range');
SELECT ok(hedge.corr(c) IS NULL AND hedge.hedging_effectiveness(c, 1) IS NULL AND hedge.hedge_ratio(d) IS NULL, '22: deviations of 1e-150 count as constant')
FROM summary('{1e-150,2e-150,5e-150}', '{1,2,4}') c, summary('{1,2,4}', '{1e-150,2e-150,5e-150}') d;
SELECT ok(bool_and(abs(hedge.corr(summary(ARRAY[1, 2, 5] , ARRAY[1, 4, 2])) - hedge.corr(summary(ARRAY[a, 2 * a, 5 * a], ARRAY[b, 4 * b, 2 * b]))) <= 1e-15),
	'23: correlations of deviations from 1e-145 to 1e153')
FROM unnest('{1e-145,1e-100,1,1e100,1e153}'::float8[]) a, unnest('{1e-145,1e-77,1e77,1e153}'::float8[]) b;
SELECT ok(hedge.volatility_y(c) = 0 AND hedge.corr(c) IS NULL AND hedge.intercept(c) = 1.7976931348623157e308, '24: values up to the largest double')
FROM summary(array_fill(1.7976931348623157e308::float8, ARRAY[50]), (SELECT array_agg(i) FROM generate_series(1, 50) i)) c;
SELECT is(min(r) || ' ' || max(r), '1 1', '25: a series with itself')
FROM (SELECT hedge.rolling_corr(v, v) AS r FROM (SELECT k, random() * 10 ^ (k % 100) AS v FROM generate_series(1, 300) k, generate_series(1, 9)) s GROUP BY k) t;
SELECT ok(bool_and((low IS NULL) = (n < 4) AND (high IS NULL) = (n < 4)), '26: intervals from four observations on')
FROM generate_series(2, 6) n, hedge.corr_interval((SELECT hedge.comoments(sin(i), cos(i)) FROM generate_series(1, n) i));
SELECT ok(bool_and(low = sign AND high = sign), '27: the interval of a correlation of 1 or -1')
FROM unnest('{1,-1}'::float8[]) sign, unnest('{0.5,0.95,0.9999999999999999}'::float8[]) level,
	hedge.corr_interval((SELECT hedge.comoments(i, sign * i) FROM generate_series(1, 9) i), level);
SELECT throws_ok(format('SELECT hedge.corr_interval(''v1 9 9 2 0 3 0 2 14 4'', %L)', level), '22023', NULL, '28: a level of ' || level)
FROM unnest('{0,1,-0.5,95,NaN,Infinity}'::float8[]) level;

-- ---------- matrices ----------

CREATE FUNCTION same_as_pairs(y float8[], x float8[]) RETURNS boolean LANGUAGE sql AS $$
	SELECT bool_and(a IS NOT DISTINCT FROM b OR abs(a - b) <= 1e-13 * abs(b) + 1e-15)
	FROM (SELECT hedge.comoment_matrix(ARRAY['y', 'x'], ARRAY[u.y, u.x]) AS m, hedge.comoments(u.y, u.x) AS c FROM unnest(y, x) u(y, x)) s,
		unnest(statistics(hedge.pair(m, 'y', 'x')), statistics(c)) u(a, b)
$$;
SELECT ok(same_as_pairs(y, x), '29: a matrix says what the pair says: ' || what)
FROM (VALUES ('ordinary', '{1,2,4,3}'::float8[], '{2,5,3,3}'::float8[]), ('one row', '{1}', '{2}'), ('constant', '{0.09,0.09,0.09}', '{1,3,2}'),
	('both constant', '{0.09,0.09,0.09}', '{1e300,1e300,1e300}'), ('NULLs', '{1,NULL,3,7,1}', '{NULL,2,4,5,5}'), ('constant where common', '{0.1,9,0.1,0.1}', '{1,NULL,2,4}'),
	('NaN', '{1,NaN,2}', '{3,1,5}'), ('infinity', '{1,2,4}', '{3,-Infinity,5}'), ('NaN beside a constant', '{1,NaN,2}', '{3,3,3}'),
	('infinity and NULLs', '{1,Infinity,2,4,5}', '{3,NULL,5,1,NULL}'), ('tiny', '{1e-150,2e-150,5e-150}', '{1,2,4}'), ('huge', '{1e153,2e153,5e153}', '{1e-145,2e-145,-4e-145}'),
	('largest', '{1.7976931348623157e308,1.7976931348623157e308}', '{1,2}'), ('none common', '{1,NULL}', '{NULL,2}')) v(what, y, x);
SELECT is(hedge.assets(hedge.comoment_matrix_accum(NULL, '{a,b}', '{1,NULL}')), '{a,b}', '30: a NULL observation is missing, its asset is there');
SELECT is(hedge.observations(hedge.comoment_matrix_accum(NULL, '{a,b}', '{1,NULL}'), 'b', 'b'), 0::float8, '30: with no observation');
SELECT is(hedge.observations(hedge.comoment_matrix(a, o), 'a', 'a'), 1::float8, '31: NULL arrays and rows without assets are skipped')
FROM (VALUES ('{a}'::text[], '{1}'::float8[]), (NULL, '{1}'), ('{a}', NULL), ('{}', '{}'), ('{}', '{1}')) v(a, o);
SELECT is(hedge.assets(hedge.comoment_matrix(a, t, v)), '{a}', '32: long rows with a NULL are skipped, and their assets')
FROM (VALUES ('a', 'epoch'::timestamptz, 1::float8), ('b', NULL, 1), ('c', 'epoch', NULL), (NULL, 'epoch', 1)) v(a, t, v);
SELECT ok(hedge.observations(m, 'a', 'b') = 0 AND hedge.pair(m, 'a', 'b') IS NULL AND hedge.corr(m, 'a', 'b') IS NULL AND hedge.covariance(m, 'a', 'b') IS NULL
	AND hedge.hedge_ratio(m, 'a', 'b') IS NULL, '33: a pair never observed together')
FROM (SELECT hedge.comoment_matrix(a, o) AS m FROM (VALUES ('{a}'::text[], '{1}'::float8[]), ('{b}', '{1}')) v(a, o)) s;
SELECT ok(hedge.comoment_matrix(ARRAY[a], ARRAY[v]) IS NULL AND hedge.comoment_matrix(a, now(), v) IS NULL
	AND hedge.rollup(hedge.comoment_matrix_accum(NULL, ARRAY[a], ARRAY[v])) IS NULL, '34: no rows: NULL') FROM (VALUES ('a', 1::float8)) r(a, v) WHERE false;
CREATE FUNCTION three(odd float8, gap boolean) RETURNS hedge.comoment_matrix LANGUAGE sql AS $$
	SELECT hedge.comoment_matrix('{a,b,c}', ARRAY[CASE WHEN i = 6 THEN odd ELSE sin(i) END, cos(i), CASE WHEN NOT gap OR i <> 6 THEN sin(i * i) END]) FROM generate_series(1, 12) i
$$;
SELECT ok(bool_and(hedge.corr(m, 'a', 'b') = 'NaN' AND hedge.corr(m, 'c', 'a') = 'NaN' AND hedge.volatility(m, 'a') = 'NaN' AND hedge.corr(m, 'b', 'c') BETWEEN -1 AND 1
	AND hedge.volatility(m, 'b') > 0), '35: a NaN or infinity in a complete matrix')
FROM unnest('{NaN,Infinity,-Infinity}'::float8[]) odd, three(odd, false) m;
SELECT ok(bool_and(hedge.corr(m, 'a', 'c') BETWEEN -1 AND 1 AND hedge.corr(m, 'a', 'b') = 'NaN' AND hedge.observations(m, 'a', 'c') = 11), '36: where the partner is missing')
FROM unnest('{NaN,Infinity,-Infinity}'::float8[]) odd, three(odd, true) m;
SELECT throws_ok($$ SELECT three(1e160, false) $$, '22003', 'value out of range: overflow', '37: overflow in a complete matrix');
SELECT throws_ok($$ SELECT three(1e160, true) $$, '22003', 'value out of range: overflow', '37: and with a gap');
SELECT ok((hedge.correlation_matrix(m))[1][2] IS NULL AND (hedge.covariance_matrix(m))[1][2] = 'NaN' AND p.correlation IS NULL AND p.covariance = 'NaN'
	AND p.hedge_ratio IS NULL AND p.volatility_x = 0, '38: square arrays and pairs')
FROM (SELECT hedge.comoment_matrix('{a,b}', ARRAY[CASE i WHEN 2 THEN 'NaN' ELSE i::float8 END, 5]) AS m FROM generate_series(1, 4) i) s, hedge.pairs(m) p;
SELECT ok(abs(e[1] - 2) < 1e-14 AND abs(e[2] - 1) < 1e-14 AND abs(e[3] - 1) < 1e-14 AND abs(e[4]) < 1e-14, '39: a correlation that is NULL or NaN counts as 0')
FROM (SELECT hedge.eigenvalues(hedge.comoment_matrix('{a,b,c,d}', ARRAY[i::float8, 2 * i, 7, CASE i WHEN 2 THEN 'NaN' ELSE i::float8 END])) AS e FROM generate_series(1, 4) i) s;
SELECT ok(hedge.pair(n, 'a', 'd') IS NULL AND hedge.corr(n, 'b', 'd') = 'NaN' AND (hedge.eigenvalues(m))[4] < -0.3 AND (hedge.eigenvalues(n))[4] > -1e-14, '39: and stays without one in nearest_psd')
FROM (SELECT ('v1 pairwise 4 "a" "b" "c" "d" 9 9 0 0 0 0 1 1 1  9 9 0 0 0 0 1 1 1 9 9 0 0 0 0 1 1 1  9 9 0 0 0 0 1 1 -0.9 9 9 0 0 0 0 1 1 1 9 9 0 0 0 0 1 1 1 '
	|| ' 0 0 0 0 0 0 0 0 0  9 9 0 0 NaN 0 1 NaN NaN 9 9 0 0 NaN 0 1 NaN NaN  9 9 NaN 0 NaN 0 NaN NaN NaN')::hedge.comoment_matrix AS m) s, hedge.nearest_psd(m) n;
SELECT ok(hedge.comoment_matrix_send(hedge.nearest_psd(m)) = hedge.comoment_matrix_send(m), '40: what is positive semi-definite stays as it is')
FROM (SELECT hedge.comoment_matrix('{a,b,c}', ARRAY[i, 2 * i, sin(i)]) AS m FROM generate_series(1, 9) i) s;

SELECT * FROM finish();
ROLLBACK;
