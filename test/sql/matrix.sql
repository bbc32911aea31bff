-- hedge.comoment_matrix: text and binary format, what is refused, messages, plans, labels.
SET extra_float_digits = 1;
SET timezone = 'UTC';
SET datestyle = 'ISO';
\set SHOW_CONTEXT never
-- the format
SELECT hedge.comoment_matrix(assets, observations) FROM (VALUES ('{b,a}'::text[], '{1,2}'::float8[]), ('{a,b}', '{4,3}')) v(assets, observations);
SELECT hedge.comoment_matrix(assets, observations) FROM (VALUES ('{b,a}'::text[], '{1,2}'::float8[]), ('{a,b}', '{4,NULL}')) v(assets, observations);
SELECT hedge.comoment_matrix(asset, ts, value)
FROM (VALUES ('say "hi"', 'epoch'::timestamptz, 1::float8), (E'back\\slash', 'epoch', 2), ('', 'epoch', 3), ('é', 'epoch', 'NaN')) v(asset, ts, value);
SELECT hedge.comoment_matrix_send(hedge.comoment_matrix('{a}'::text[], '{1}'::float8[]));
SELECT 'v1 complete 1 "a"   2 2 1.5 0 0.5'::hedge.comoment_matrix;
SELECT * FROM hedge.pairs('v1 complete 3 "a" "b" "c" 3 3 1 2 3 0 0 0 2 1 2 0 0 0');
SELECT hedge.assets(m), hedge.correlation_matrix(m), hedge.covariance_matrix(m) FROM (SELECT 'v1 complete 2 "a" "b" 3 3 1 2 0 0 8 4 8'::hedge.comoment_matrix AS m) s;
-- refused
SELECT ''::hedge.comoment_matrix;
SELECT 'v2 complete 1 "a" 2 2 1.5 0 0.5'::hedge.comoment_matrix;
SELECT 'v1 complete'::hedge.comoment_matrix;
SELECT 'v1 complete 0 '::hedge.comoment_matrix;
SELECT 'v1 complete -1 "a" 2 2 1.5 0 0.5'::hedge.comoment_matrix;
SELECT 'v1 complete 99999999999999999999 "a"'::hedge.comoment_matrix;
SELECT 'v1 complete 2147483647 "a" 2 2 1.5 0 0.5'::hedge.comoment_matrix;
SELECT 'v1 complete 1 a 2 2 1.5 0 0.5'::hedge.comoment_matrix;
SELECT 'v1 complete 1 "a 2 2 1.5 0 0.5'::hedge.comoment_matrix;
SELECT 'v1 complete 1 "a\'::hedge.comoment_matrix;
SELECT 'v1 complete 1 "a" 2 2 1.5 0'::hedge.comoment_matrix;
SELECT 'v1 complete 1 "a" 2 2 1.5 0 0.5 1'::hedge.comoment_matrix;
SELECT 'v1 complete 1 "a" 2 2 1.5 0 x'::hedge.comoment_matrix;
SELECT 'v1 complete 1 "a" 2 2 1.5 0 -1'::hedge.comoment_matrix;
SELECT 'v1 complete 2 "b" "a" 3 3 1 2 0 0 8 4 8'::hedge.comoment_matrix;
SELECT 'v1 complete 2 "a" "a" 3 3 1 2 0 0 8 4 8'::hedge.comoment_matrix;
SELECT 'v1 complete 2 "a" "b" 3 3 1 2 0 0 8 9 8'::hedge.comoment_matrix;
SELECT 'v1 pairwise 1 "a" 3 3 1 0 1 0 8 9 8'::hedge.comoment_matrix;
SELECT 'v1 pairwise 1 "a" 0 0 1 0 1 0 0 0 0'::hedge.comoment_matrix;
-- arguments
SELECT hedge.comoment_matrix('{a,b}'::text[], '{1}'::float8[]);
SELECT hedge.comoment_matrix('{a,b}'::text[], '{}'::float8[]);
SELECT hedge.comoment_matrix('{a,b}'::text[], '{{1,2,3}}'::float8[]);
SELECT hedge.comoment_matrix('{a,a}'::text[], '{1,2}'::float8[]);
SELECT hedge.comoment_matrix('{a,NULL}'::text[], '{1,2}'::float8[]);
SELECT hedge.comoment_matrix('{{a,b}}'::text[], '{1,2}'::float8[]);
SELECT hedge.comoment_matrix('{a}'::text[], '{{{1}}}'::float8[]);
SELECT hedge.comoment_matrix(asset, ts, value)
FROM (VALUES ('DAX', '2024-05-06'::timestamptz, 1::float8), ('CAC', '2024-05-06', 1), ('DAX', '2024-05-07', 1), ('DAX', '2024-05-06', 1)) v(asset, ts, value);
SELECT hedge.comoment_matrix('DAX', 'infinity'::timestamptz, i) FROM generate_series(1, 2) i;
SELECT hedge.corr('v1 complete 1 "a" 2 2 1.5 0 0.5', 'a', 'b');
SELECT hedge.pair('v1 complete 1 "a" 2 2 1.5 0 0.5', 'A', 'a');
SELECT hedge.volatility('v1 complete 1 "a" 2 2 1.5 0 0.5', '');
SELECT hedge.observations('v1 complete 1 "a" 2 2 1.5 0 0.5', 'a', NULL);
SELECT hedge.comoment_matrix(ARRAY['a', 'b'], ARRAY[i * 1e200, 1]) FROM generate_series(1, 2) i;
SELECT hedge.comoment_matrix('a', 'epoch'::timestamptz + i * interval '1 day', i * 1e200) FROM generate_series(1, 2) i;
SELECT hedge.rollup(hedge.comoment_matrix_accum(NULL, ARRAY['a', 'b'], ARRAY[i * 1e200, 1])) FROM generate_series(1, 2) i;
SELECT hedge.comoment_matrix_accum(NULL, array_agg(i::text), array_agg(1::float8)) FROM generate_series(1, 10000) i;
SELECT hedge.comoment_matrix_accum(NULL, array_agg(i::text), array_agg(nullif(i, 1)::float8)) FROM generate_series(1, 4000) i;
-- binary
CREATE TABLE stored (m hedge.comoment_matrix);
INSERT INTO stored SELECT hedge.comoment_matrix('{a,b,"",ö}'::text[], ARRAY[i, i * i, sin(i), 7]) FROM generate_series(1, 9) i;
INSERT INTO stored SELECT hedge.comoment_matrix('{a,b,"",ö}'::text[], ARRAY[i, i * i, nullif(i, 3)::float8, 'NaN']) FROM generate_series(1, 9) i;
INSERT INTO stored VALUES (NULL);
CREATE TABLE again (m hedge.comoment_matrix);
CREATE TABLE bytes (b bytea);
CREATE FUNCTION through_binary(source text, target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	file text := format('%s/regress_matrix.bin', current_setting('data_directory'));
BEGIN
	EXECUTE format('COPY %s TO %L (FORMAT binary)', source, file);
	EXECUTE format('COPY %s FROM %L (FORMAT binary)', target, file);
END
$$;
SELECT through_binary('stored', 'again');
SELECT count(*), bool_and(hedge.comoment_matrix_send(s.m) IS NOT DISTINCT FROM hedge.comoment_matrix_send(a.m))
FROM (SELECT m, row_number() OVER () FROM stored) s JOIN (SELECT m, row_number() OVER () FROM again) a USING (row_number);
CREATE FUNCTION try_bytes(b bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
BEGIN
	TRUNCATE bytes, again;
	INSERT INTO bytes VALUES (b);
	PERFORM through_binary('bytes', 'again');
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' / ', sqlstate, message, nullif(detail, ''));
END
$$;
CREATE TABLE whole AS SELECT hedge.comoment_matrix_send(hedge.comoment_matrix('{a,b}'::text[], ARRAY[i, -i])) AS b FROM generate_series(1, 3) i;
SELECT what, try_bytes(bytes) FROM whole, LATERAL (VALUES
	(1, 'as it was', b), (2, 'empty', ''), (3, 'version 7', overlay(b PLACING '\x07' FROM 1)), (4, 'form 2', overlay(b PLACING '\x02' FROM 2)),
	(5, 'no assets', overlay(b PLACING '\x00000000' FROM 3)), (6, 'two billion assets', overlay(b PLACING '\x7fffffff' FROM 3)),
	(7, '-1 assets', overlay(b PLACING '\xffffffff' FROM 3)), (8, 'three assets', overlay(b PLACING '\x00000003' FROM 3)),
	(9, 'a label of 2 GB', overlay(b PLACING '\x7fffffff' FROM 7)), (10, 'a label of -1', overlay(b PLACING '\xffffffff' FROM 7)),
	(11, 'a label that is not text', overlay(b PLACING '\xff' FROM 11)), (12, 'labels out of order', overlay(b PLACING '\x7a' FROM 11)),
	(13, 'one number less', substr(b, 1, length(b) - 8)), (14, 'one byte more', b || '\x00'), (15, 'a negative weight', overlay(b PLACING '\xbf' FROM 17))
	) t(k, what, bytes) ORDER BY k;
-- whatever is changed, it is accepted or refused; every cut is refused
SELECT count(*) AS cuts, count(*) FILTER (WHERE try_bytes(substr(b, 1, n)) = 'accepted') AS accepted FROM whole, generate_series(0, length(b) - 1) n;
SELECT bool_and(try_bytes(set_byte(b, n, (get_byte(b, n) + 85 + 40 * (n % 4)) % 256)) IS NOT NULL) FROM whole, generate_series(0, length(b) - 1) n;
COPY (SELECT 1) TO PROGRAM 'rm -f regress_matrix.bin; cat >/dev/null';
-- plans: the wide form and rollup are partial, the long form is not
CREATE TABLE wide AS SELECT i, '{a,b}'::text[] AS assets, ARRAY[i, sqrt(i)] AS observations, hedge.comoment_matrix_accum(NULL, '{a,b}', ARRAY[i, sqrt(i)]) AS m
	FROM generate_series(1, 3000) i;
ANALYZE wide;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT hedge.comoment_matrix(assets, observations) FROM wide;
EXPLAIN (COSTS OFF) SELECT hedge.rollup(m) FROM wide;
EXPLAIN (COSTS OFF) SELECT hedge.comoment_matrix(assets[1], to_timestamp(i), observations[1]) FROM wide;
SELECT round(hedge.corr(hedge.comoment_matrix(assets, observations), 'a', 'b')::numeric, 10), round(hedge.corr(hedge.rollup(m), 'a', 'b')::numeric, 10) FROM wide;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
SELECT aggfnoid::regprocedure AS aggregate, aggcombinefn <> 0 AS partial, aggtranstype::regtype AS state
FROM pg_aggregate a JOIN pg_proc p ON p.oid = aggfnoid WHERE pronamespace = 'hedge'::regnamespace AND aggfnoid::regprocedure::text LIKE '%comoment_matrix%'
ORDER BY aggfnoid::regprocedure::text COLLATE "C";
SELECT p.oid::regprocedure, provolatile, proparallel, proisstrict
FROM pg_proc p WHERE pronamespace = 'hedge'::regnamespace AND p.oid::regprocedure::text LIKE '%comoment_matrix%' AND p.oid::regprocedure::text NOT LIKE '%portfolio%'
	AND p.oid::regprocedure::text NOT LIKE '%risk%' AND p.proname NOT IN ('beta_exposure', 'minimum_variance_hedge') AND p.proname NOT LIKE '\_%'
ORDER BY p.oid::regprocedure::text COLLATE "C";
DROP TABLE stored, again, bytes, whole, wide;
DROP FUNCTION through_binary, try_bytes;
