-- What create_book makes, over which relations, and what drop_book takes away.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

-- ---------- what a book is ----------

SELECT hedge.create_book('plain');
SELECT has_table('plain', t, t) FROM unnest(ARRAY['book', 'price', 'position', 'instrument', 'model', 'model_run',
	'run_asset', 'return_block', 'return_span', 'offset_snapshot', 'refresh_log']) AS t;
SELECT has_view('plain', t, t) FROM unnest(ARRAY['latest_run', 'exposure', 'offsetting_pairs', 'concentrating_pairs',
	'portfolio_risk', 'materialized_offsets', 'data_quality', 'model_health', 'correlation', 'rolling_correlation', 'time_series']) AS t;
SELECT ok((SELECT base_currency = 'USD' AND prices IS NULL AND positions IS NULL
		AND version = (SELECT extversion FROM pg_extension WHERE extname = 'pghedge') FROM plain.book), 'its own row');
SELECT results_eq('SELECT model, lookback, bar FROM plain.model', $$VALUES ('default', 250, interval '1 day')$$, 'one model');
SELECT is_empty($$
	SELECT c.relname FROM pg_class AS c LEFT JOIN pg_depend AS d ON d.objid = c.oid AND d.deptype = 'e'
	WHERE c.relnamespace = 'plain'::regnamespace AND d.objid IS NOT NULL$$,
	'nothing of it belongs to the extension, so that it is dumped and outlives it');
SELECT is_empty($$
	SELECT relname FROM pg_class WHERE relnamespace = 'plain'::regnamespace AND relkind = 'v'
		AND NOT 'security_invoker=true' = ANY (coalesce(reloptions, '{}'))$$, 'every view reads with its reader''s rights');
SELECT is_empty($$
	SELECT c.relname, a.attname FROM pg_class AS c
	LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.relnamespace = 'plain'::regnamespace AND c.relkind IN ('r', 'v')
		AND (obj_description(c.oid, 'pg_class') IS NULL
			OR left(c.relname, 1) <> '_' AND coalesce(col_description(c.oid, a.attnum), '') = '')$$,
	'every table, view and column has a comment');
SELECT is_empty($$
	(SELECT attname::text, attnum FROM pg_attribute WHERE attrelid = 'plain.offsetting_pairs'::regclass AND attnum > 0)
	EXCEPT (SELECT attname::text, attnum FROM pg_attribute WHERE attrelid = 'plain.materialized_offsets'::regclass)$$,
	'materialized_offsets has the columns of offsetting_pairs');
SELECT is_empty('SELECT * FROM plain.' || v, v || ' of an empty book is empty')
FROM unnest(ARRAY['exposure', 'offsetting_pairs', 'concentrating_pairs', 'portfolio_risk', 'materialized_offsets', 'data_quality']) AS v;
SELECT results_eq('SELECT model, run, last_refresh_status, failures, runs_kept FROM plain.model_health',
	$$VALUES ('default', NULL::integer, 'never', 0, 0)$$, 'model_health shows what was never refreshed');

SELECT is((SELECT count(*) FROM hedge._book_parts()),
	(SELECT count(*) FROM string_to_table(hedge.book_template(), E'\n') AS line WHERE line LIKE '-- section%'),
	'every section of the template is one that some book needs');

-- ---------- settings that make no sense ----------

SELECT throws_ok('UPDATE plain.model SET ' || setting, '23514', NULL, setting)
FROM unnest(ARRAY['lookback = 1', 'minimum_observations = 1', 'minimum_observations = 251', 'calendar_quorum = 1.1',
	'calendar_quorum = ''NaN''', 'stale_after = -1', 'minimum_correlation = -0.1', 'bars_per_year = 0',
	'bars_per_year = ''Infinity''', 'horizon = 0', 'horizon = 251', 'risk_level = 1', 'confidence_level = 0', 'pairs_kept = 0',
	'retention = 0', 'reread_bars = 0', 'return_kind = ''loud''', 'bar = ''0''', 'bar = ''-1 day''', 'bar = ''1 day 1 hour''',
	'bar = ''1 month 1 day''', 'origin = ''infinity''', 'model = ''''', 'prices = ''unqualified''']) AS setting;
SELECT throws_ok(format('UPDATE plain.model SET %s = %s', name, value), '23514',
	format('new row for relation "model" violates check constraint "%s"', constraint_name), format('%s = %s is %s''s to refuse', name, value, constraint_name))
FROM (VALUES ('lookback', -1, 'lookback_is_at_least_2'), ('lookback', 1, 'lookback_is_at_least_2'), ('lookback', 59, 'minimum_observations_is_at_most_lookback'),
	('lookback', 2000000, 'lookback_is_at_most_1000000'), ('horizon', 0, 'horizon_is_at_least_1'), ('horizon', 251, 'horizon_is_at_most_lookback'),
	('minimum_observations', -5, 'minimum_observations_is_at_least_2')) AS t (name, value, constraint_name);
SELECT throws_ok($$UPDATE plain.model SET time_zone = 'Mars/Phobos'$$, '22023', NULL, 'an unknown time zone');
SELECT lives_ok($$UPDATE plain.model SET bar = '15 minutes', lookback = 2, minimum_observations = 2, horizon = 2$$, 'but small ones');
SELECT throws_ok('INSERT INTO plain.instrument (asset, contract_size, contract_kind, fx_asset, return_kind) VALUES ' || v, '23514', NULL, v)
FROM unnest(ARRAY['(''A'', 0, ''linear'', NULL, NULL)', '(''A'', ''NaN'', ''linear'', NULL, NULL)', '(''A'', 1, ''cubic'', NULL, NULL)',
	'(''A'', 1e50, ''linear'', NULL, NULL)', '(''A'', 1, ''linear'', ''A'', NULL)', '(''A'', 1, ''linear'', NULL, ''odd'')']) AS v;
SELECT throws_ok($$INSERT INTO plain.position VALUES ('p', 'A', 'NaN')$$, '23514', NULL, 'a quantity that is no number');
SELECT throws_ok($$INSERT INTO plain.book (base_currency, version) VALUES ('EUR', '0')$$, '23505', NULL, 'a second row of book');

-- ---------- names ----------

CREATE TABLE plain."odd @book@ relation" (portfolio integer, asset char(5), quantity smallint, delta real);
CREATE DOMAIN plain.money_like AS numeric(20, 5) CHECK (value > 0);
CREATE TABLE plain."prices @positions@" (asset char(5), ts timestamp, price plain.money_like);
INSERT INTO plain."prices @positions@" SELECT a, timestamp '2024-01-01' + i * interval '1 day', 10 + a::integer * i % 7
FROM unnest(ARRAY['1', '2', '3']) AS a, generate_series(1, 90) AS i;
INSERT INTO plain."odd @book@ relation" VALUES (7, '1', 3, 1), (7, '2', -3, 0.5), (7, '3', 3, NULL);
SELECT lives_ok(format('SELECT hedge.create_book(%L, %L, %L, ''CHF'')', name, 'plain."odd @book@ relation"', 'plain."prices @positions@"'), name)
FROM unnest(ARRAY['My Desk', 'O''Neil "the" book', '@positions@', 'a.b', 'select', 'ÄÖ $$', repeat('x', 63)]) AS name;
SELECT lives_ok(format('CALL hedge.refresh(%L, as_of => ''2024-04-01'')', name), name || ' refreshed')
FROM unnest(ARRAY['My Desk', 'O''Neil "the" book', '@positions@', 'a.b', 'select', 'ÄÖ $$', repeat('x', 63)]) AS name;
SELECT results_eq('SELECT portfolio, asset, exposure FROM "O''Neil ""the"" book".exposure ORDER BY asset',
	$$SELECT '7', a, q * (SELECT price::float8 FROM plain."prices @positions@" AS p WHERE p.asset = a ORDER BY ts DESC LIMIT 1)
	FROM (VALUES ('1', 3::float8), ('2', -1.5), ('3', NULL)) AS x (a, q)$$, 'and reads relations of other names and types');
SELECT is((SELECT count(*)::integer FROM "O'Neil ""the"" book".model_health WHERE last_refresh_status = 'done'), 1, 'its health');
SELECT lives_ok(format('SELECT hedge.upgrade_book(%L)', name), name || ' upgraded')
FROM unnest(ARRAY['My Desk', 'O''Neil "the" book', '@positions@', 'a.b', 'select', 'ÄÖ $$']) AS name;
SELECT lives_ok(format('SELECT hedge.drop_book(%L)', name), name || ' dropped')
FROM unnest(ARRAY['My Desk', 'O''Neil "the" book', '@positions@', 'a.b', 'select', 'ÄÖ $$', repeat('x', 63)]) AS name;
SELECT is((SELECT count(*)::integer FROM plain."prices @positions@"), 270, 'relations that were given stay');

-- ---------- relations that would be gone ----------

CREATE TEMP TABLE fleeting_prices (asset text, ts timestamptz, price float8);
CREATE TEMP VIEW fleeting_positions AS SELECT portfolio, asset, quantity FROM plain.position;
SELECT throws_ok($$SELECT hedge.create_book('fleeting', prices => 'fleeting_prices')$$, '42809', NULL, 'a temporary table of prices');
SELECT throws_ok($$SELECT hedge.create_book('fleeting', positions => 'fleeting_positions')$$, '42809', NULL, 'a temporary view of positions');
UPDATE plain.book SET positions = 'pg_temp.fleeting_positions';
SELECT throws_ok($$SELECT hedge.upgrade_book('plain')$$, '42809', NULL, 'nor by upgrade_book');
UPDATE plain.book SET positions = NULL;

-- ---------- upgrade_book, drop_book ----------

CREATE TABLE plain.other_positions (portfolio text, asset text, quantity float8);
INSERT INTO plain.other_positions VALUES ('q', '1', 1);
SELECT hedge.create_book('book two', prices => 'plain."prices @positions@"');
SELECT hedge.drop_book('book two');
SELECT hasnt_schema('book two', 'an empty book goes without force');
SELECT hedge.create_book('two', prices => 'plain."prices @positions@"');
CALL hedge.refresh('two', as_of => '2024-04-01');
SELECT results_eq($$SELECT relname, reltuples FROM pg_class WHERE relnamespace = 'two'::regnamespace AND relname IN ('book', 'model', 'model_run') ORDER BY 1$$,
	$$VALUES (name 'book', 1::real), ('model', 1), ('model_run', 1)$$, 'the planner knows tables that are too small for autovacuum');
SAVEPOINT published;
SET LOCAL client_min_messages = error;		-- that nothing would be sent with this wal_level
SELECT hedge.create_book('sent');
INSERT INTO sent.price SELECT a, timestamptz '2024-01-01' + i * interval '1 day', 100 + sin(i * i) + i % 5 FROM unnest('{A,B}'::text[]) AS a, generate_series(1, 70) AS i;
INSERT INTO sent.position VALUES ('p', 'A', 1), ('p', 'B', -1);
CREATE PUBLICATION everything FOR ALL TABLES;
SELECT lives_ok(c, c || ', all tables published')
FROM unnest(ARRAY['CALL hedge.refresh(''sent'')', 'DELETE FROM sent.position WHERE asset = ''B''', 'SELECT hedge.upgrade_book(''sent'')',
	'CALL hedge.rebuild(''sent'')']) AS c;
ROLLBACK TO published;
CREATE ROLE reader_of_two;
GRANT SELECT ON two.exposure TO reader_of_two;
UPDATE two.book SET positions = 'plain.other_positions';
SELECT is_empty('SELECT * FROM two.exposure', 'another relation of positions');
SELECT hedge.upgrade_book('two');
SELECT results_eq('SELECT portfolio, quantity FROM two.exposure', $$VALUES ('q', 1::float8)$$, 'counts after upgrade_book');
SELECT ok(has_table_privilege('reader_of_two', 'two.exposure', 'SELECT'), 'which leaves privileges alone');
UPDATE two.book SET positions = NULL;
UPDATE two.model SET lookback = 251;
SELECT hedge.upgrade_book('two');
SELECT is((SELECT lookback FROM two.model), 251, 'nor does it touch rows');
INSERT INTO two.position VALUES ('p', '1', 1);
SELECT throws_ok($$SELECT hedge.drop_book('two')$$, '55000', 'table "position" of book "two" holds rows', 'drop_book keeps rows of the user');
CREATE TABLE two.mine ();
SELECT throws_ok($$SELECT hedge.drop_book('two', true)$$, '2BP01', NULL, 'and other tables, even with force');
DROP TABLE two.mine;
CREATE VIEW my_view AS SELECT portfolio FROM two.exposure;
SELECT throws_ok($$SELECT hedge.drop_book('two', true)$$, '2BP01', NULL, 'and views over the book');
DROP VIEW my_view;
SELECT hedge.drop_book('two', true);
SELECT hasnt_schema('two', 'forced');
ALTER TABLE plain.model_run DROP COLUMN matrix CASCADE;
SELECT throws_ok($$SELECT hedge.upgrade_book('plain')$$, '42809', 'schema "plain" was a book, but its matrix columns are gone',
	'what DROP EXTENSION CASCADE leaves is told from other schemas');

SELECT * FROM finish();
ROLLBACK;
