-- Errors of create_book, upgrade_book and drop_book: what they name, what they say to do.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE SCHEMA src;
CREATE TABLE src.good_prices (asset text, ts timestamptz, price numeric);
CREATE TABLE src.good_positions (portfolio text, asset text, quantity numeric);
CREATE TABLE src.no_price (asset text, ts date, close numeric);
CREATE TABLE src.price_is_text (asset text, ts date, price text);
CREATE TABLE src.ts_is_number (asset text, ts bigint, price float8);
CREATE TABLE src.recorded_is_date (asset text, ts date, price float8, recorded_at date);
CREATE TABLE src.no_portfolio (asset text, quantity numeric);
CREATE TABLE src.quantity_is_text (portfolio text, asset text, quantity text);
CREATE TABLE src.delta_is_boolean (portfolio text, asset text, quantity int, delta boolean);
CREATE SEQUENCE src.numbers;

-- relations that do not fit
SELECT hedge.create_book('desk', prices => 'src.missing');
SELECT hedge.create_book('desk', prices => 'src.no_price');
SELECT hedge.create_book('desk', prices => 'src.price_is_text');
SELECT hedge.create_book('desk', prices => 'src.ts_is_number');
SELECT hedge.create_book('desk', prices => 'src.recorded_is_date');
SELECT hedge.create_book('desk', prices => 'src.numbers');
SELECT hedge.create_book('desk', positions => 'src.no_portfolio');
SELECT hedge.create_book('desk', positions => 'src.quantity_is_text');
SELECT hedge.create_book('desk', positions => 'src.delta_is_boolean');

CREATE TEMP TABLE temporary_prices AS TABLE src.good_prices;
SELECT hedge.create_book('desk', prices => 'temporary_prices');

-- names
SELECT hedge.create_book(NULL);
SELECT hedge.create_book('');
SELECT hedge.create_book(repeat('x', 64));
SELECT hedge.create_book('pg_desk');
SELECT hedge.create_book('src');
SELECT hedge.create_book('desk', base_currency => '');
-- nothing half-made is left
SELECT count(*) FROM pg_namespace WHERE nspname IN ('desk', 'pg_desk');

-- books there are not
SELECT hedge.upgrade_book('desk');
CALL hedge.refresh('desk');
SET client_min_messages = notice;
SELECT hedge.create_book('desk'), hedge.create_book('Second Desk', positions => 'src.good_positions');
SET client_min_messages = warning;
CALL hedge.refresh('dsk');
CALL hedge.refresh('src');
CALL hedge.refresh(NULL);
CALL hedge.refresh('desk', 'fast');
CALL hedge.rebuild('desk', 'fast');
SELECT hedge.drop_book('dsk');

-- settings
UPDATE desk.model SET lookback = 1;
UPDATE desk.model SET lookback = -1;
UPDATE desk.model SET minimum_observations = 300;
UPDATE desk.model SET bar = '1 month 1 day';
UPDATE desk.model SET prices = 'price';
INSERT INTO desk.instrument (asset, contract_kind) VALUES ('X', 'quadratic');

-- rows of the user's
INSERT INTO desk.instrument (asset) VALUES ('X');
SELECT hedge.drop_book('desk');
CREATE TABLE desk.notes ();
SELECT hedge.drop_book('desk', force => true);
DROP TABLE desk.notes;
SELECT hedge.drop_book('desk', force => true);
SELECT hedge.drop_book('Second Desk');

-- tables that somebody dropped
SELECT hedge.create_book('holes');
DROP TABLE holes.price;
CALL hedge.refresh('holes');
SET client_min_messages = notice;
SELECT hedge.upgrade_book('holes');
SET client_min_messages = warning;
DROP TABLE holes.position CASCADE;
CALL hedge.refresh('holes');
SET client_min_messages = notice;
SELECT hedge.upgrade_book('holes');
SET client_min_messages = warning;
SELECT (SELECT count(*) FROM holes.price) AS prices, (SELECT count(*) FROM holes.exposure) AS exposures;
DELETE FROM holes.book;
\set VERBOSITY terse
CALL hedge.refresh('holes');
SELECT hedge.upgrade_book('holes');
\set VERBOSITY default
INSERT INTO holes.book (base_currency, version) VALUES ('USD', hedge._version());
DROP TABLE holes.instrument, holes.alert_holders CASCADE;
SELECT hedge.upgrade_book('holes');
DROP SCHEMA holes CASCADE;

-- rights
CREATE ROLE regress_book_owner;
CREATE ROLE regress_book_other;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_book_owner', current_database()); END $$;
SET ROLE regress_book_owner;
SELECT hedge.create_book('desk', prices => 'src.good_prices');
SELECT hedge.create_book('desk');
SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'desk';
SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'desk';
SET ROLE regress_book_other;
\set VERBOSITY sqlstate
SELECT hedge.create_book('mine');
\set VERBOSITY default
SELECT hedge.drop_book('desk');
SELECT hedge.upgrade_book('desk');
CALL hedge.refresh('desk');
RESET ROLE;
-- a superuser would run the owner's triggers
CALL hedge.refresh('desk');
SET ROLE regress_book_owner;
SELECT hedge.drop_book('desk');
RESET ROLE;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM regress_book_owner', current_database()); END $$;
DROP ROLE regress_book_owner, regress_book_other;
DROP SCHEMA src CASCADE;
