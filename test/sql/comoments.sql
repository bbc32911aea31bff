-- hedge.comoments: text and binary format, what is refused, messages, plans, labels.
SET extra_float_digits = 1;
\set SHOW_CONTEXT never
-- the format: version, weight, squared weight, means with low words, sums of squares, of products
SELECT hedge.comoments(y, x) FROM (VALUES (1::float8, 2::float8), (2, 1), (3, 6)) v(y, x);
SELECT hedge.comoments(y, x) FROM (VALUES (9007199254740992, 0::float8), (9007199254740994, 0)) v(y, x);
SELECT hedge.comoments(y, x) FROM (VALUES (1::float8, 'NaN'::float8), (2, '-Infinity')) v(y, x);
SELECT hedge.comoments_send(hedge.comoments(1, -2));
SELECT 'v1  3 3.0 +2 -0 3e0 0  2 14 4 '::hedge.comoments;
-- refused
SELECT ''::hedge.comoments;
SELECT ' v1 1 1 1 0 1 0 0 0 0'::hedge.comoments;
SELECT 'v2 1 1 1 0 1 0 0 0 0'::hedge.comoments;
SELECT 'v1'::hedge.comoments;
SELECT 'v1 1 1 1 0 1 0 0 0'::hedge.comoments;
SELECT 'v1 1 1 1 0 1 0 0 0 0 0'::hedge.comoments;
SELECT 'v1 1 1 1 0 1 0 0 0 0x0'::hedge.comoments;
SELECT 'v1 1 1 1 0 1 0 0 0 inf'::hedge.comoments;
SELECT 'v1 1 1 1 0 1 0 0 0 nan(1)'::hedge.comoments;
SELECT 'v1 1,1 1 0 1 0 0 0 0'::hedge.comoments;
SELECT 'v1 0 0 0 0 0 0 0 0 0'::hedge.comoments;
SELECT 'v1 -1 1 0 0 0 0 0 0 0'::hedge.comoments;
SELECT 'v1 2 2 0 0 0 0 1 1 1.5'::hedge.comoments;
SELECT 'v1 2 2 1e999 0 0 0 1 1 1'::hedge.comoments;
SELECT 'v1 2 2 NaN 0 0 0 1 1 NaN'::hedge.comoments;
SELECT ('v1 ' || repeat('1 ', 100))::hedge.comoments;
-- binary
CREATE TABLE stored (c hedge.comoments);
CREATE TABLE bytes (b bytea);
INSERT INTO stored SELECT hedge.comoments(i, sqrt(i)) FROM generate_series(1, 9) i;
INSERT INTO stored SELECT hedge.comoments(i, 'Infinity') FROM generate_series(1, 2) i;
INSERT INTO stored VALUES (NULL);
CREATE TABLE again (c hedge.comoments);
CREATE FUNCTION through_binary(source text, target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	file text := format('%s/regress_comoments.bin', current_setting('data_directory'));
BEGIN
	EXECUTE format('COPY %s TO %L (FORMAT binary)', source, file);
	EXECUTE format('COPY %s FROM %L (FORMAT binary)', target, file);
END
$$;
SELECT through_binary('stored', 'again');
SELECT count(*), bool_and(hedge.comoments_send(s.c) IS NOT DISTINCT FROM hedge.comoments_send(a.c))
FROM (SELECT c, row_number() OVER () FROM stored) s JOIN (SELECT c, row_number() OVER () FROM again) a USING (row_number);
INSERT INTO bytes SELECT overlay(hedge.comoments_send(hedge.comoments(1, 2)) PLACING '\x07' FROM 1);
SELECT through_binary('bytes', 'again');
TRUNCATE bytes;
INSERT INTO bytes SELECT overlay(hedge.comoments_send(hedge.comoments(1, 2)) PLACING '\xff' FROM 2);
SELECT through_binary('bytes', 'again');
TRUNCATE bytes;
INSERT INTO bytes SELECT substr(hedge.comoments_send(hedge.comoments(1, 2)), 1, 40);
SELECT through_binary('bytes', 'again');
TRUNCATE bytes;
INSERT INTO bytes SELECT hedge.comoments_send(hedge.comoments(1, 2)) || '\x00';
SELECT through_binary('bytes', 'again');
TRUNCATE bytes;
INSERT INTO bytes VALUES ('');
SELECT through_binary('bytes', 'again');
COPY (SELECT 1) TO PROGRAM 'rm -f regress_comoments.bin; cat >/dev/null';
-- errors
SELECT hedge.comoments(y, 0) FROM (VALUES (1e200), (-1e200)) v(y);
SELECT hedge.rolling_corr(0, x) FROM (VALUES (1e308), (-1e308)) v(x);
SELECT hedge.rolling_corr(y, 0) OVER (ROWS 2 PRECEDING) FROM (VALUES (1e200), (-1e200)) v(y);
SELECT hedge.rollup(hedge.comoments_accum(NULL, y, 0)) FROM (VALUES (1e200), (-1e200)) v(y);
SELECT hedge.hedging_effectiveness('v1 3 3 2 0 3 0 2 14 4', 1e300);
SELECT hedge.intercept('v1 3 3 0 0 1e300 0 1e300 1e-200 1e50');
SELECT hedge.corr_interval('v1 9 9 2 0 3 0 2 14 4', 95);
SELECT hedge.corr_interval('v1 9 9 2 0 3 0 2 14 4', 'NaN');
-- plans: partial aggregates, and one summary for many accessors
CREATE TABLE pair AS SELECT i AS y, sqrt(i) AS x, hedge.comoments_accum(NULL, i, sqrt(i)) AS c FROM generate_series(1, 5000) i;
ANALYZE pair;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT hedge.comoments(y, x) FROM pair;
EXPLAIN (COSTS OFF) SELECT hedge.rolling_corr(y, x), hedge.rolling_covariance(y, x), hedge.rolling_hedge_ratio(y, x) FROM pair;
EXPLAIN (COSTS OFF) SELECT hedge.rollup(c) FROM pair;
SELECT round(hedge.rolling_corr(y, x)::numeric, 10), hedge.observations(hedge.rollup(c)) FROM pair;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
-- labels
SELECT p.oid::regprocedure, provolatile, proparallel, proisstrict
FROM pg_proc p WHERE pronamespace = 'hedge'::regnamespace
	AND (p.oid::regprocedure::text ~ 'comoments|rolling_(add|remove|comoments|corr|covariance|hedge_ratio)') AND p.oid::regprocedure::text !~ 'comoment_matrix|rolling_pairs'
ORDER BY p.oid::regprocedure::text COLLATE "C";
-- every object of the extension has a comment
SELECT pg_describe_object(classid, objid, 0) AS "without a comment"
FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pghedge') AND deptype = 'e'
	AND obj_description(objid, classid::regclass::name) IS NULL
	AND NOT (classid = 'pg_type'::regclass AND (SELECT typelem <> 0 OR typrelid <> 0 FROM pg_type t WHERE t.oid = objid))
ORDER BY 1;
DROP TABLE stored, again, bytes, pair;
DROP FUNCTION through_binary;
