-- What hedge.return_blocks says about what it cannot use.
\set VERBOSITY default
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
CREATE SCHEMA quotes;
CREATE TABLE quotes.price (asset text, ts timestamptz, price float8);
CREATE TABLE quotes.no_ts (asset text, price float8, "when" timestamptz);
CREATE TABLE quotes.text_price (asset text, ts timestamptz, price text);
CREATE TABLE quotes.integer_ts (asset text, ts integer, price float8);
CREATE TABLE quotes.money_price (asset text, ts date, price money);
CREATE SEQUENCE quotes.counter;
CREATE FUNCTION read_prices(prices text, VARIADIC settings text[] DEFAULT '{}') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM hedge.return_blocks(%s)',
		array_to_string(ARRAY[quote_nullable(prices), '''-infinity''', '''infinity'''] || settings, ', ')) INTO n;
	RETURN n;
END $$;
\set SHOW_CONTEXT never

-- the relation
SELECT read_prices('quotes.nothing');
SELECT read_prices('nowhere.price');
SELECT read_prices('quotes.counter');
SELECT read_prices('not a name');
SELECT read_prices(NULL);
SELECT read_prices('quotes.no_ts');
SELECT read_prices('quotes.text_price');
SELECT read_prices('quotes.integer_ts');
SELECT read_prices('quotes.money_price');
SELECT read_prices('quotes.price', 'recorded_until => now()');
CREATE ROLE regress_pghedge_reader;
GRANT USAGE ON SCHEMA quotes TO regress_pghedge_reader;
SET ROLE regress_pghedge_reader;
SELECT read_prices('quotes.price');
RESET ROLE;

-- the settings
SELECT read_prices('quotes.price', $$bar => '0'$$);
SELECT read_prices('quotes.price', $$bar => '-1 day'$$);
SELECT read_prices('quotes.price', $$bar => '1 day 12 hours'$$);
SELECT read_prices('quotes.price', $$bar => '1 month 1 day'$$);
SELECT read_prices('quotes.price', $$bar => '20000 years'$$);
SELECT read_prices('quotes.price', $$time_zone => 'Mars/Olympus'$$);
SELECT read_prices('quotes.price', $$origin => 'infinity'$$);
SELECT read_prices('quotes.price', $$return_kind => 'geometric'$$);
SELECT read_prices('quotes.price', $$calendar_quorum => 1.5$$);
SELECT read_prices('quotes.price', $$calendar_quorum => 'NaN'$$);
SELECT read_prices('quotes.price', $$stale_after => -1$$);
SELECT read_prices('quotes.price', $$block_bars => 0$$);
SELECT read_prices('quotes.price', $$bar => NULL$$);
SELECT read_prices('quotes.price', $$override_assets => '{a}'$$);
SELECT read_prices('quotes.price', $$override_assets => '{a,b}'$$, $$override_kinds => '{log}'$$);
SELECT read_prices('quotes.price', $$override_assets => '{a,b,a}'$$, $$override_kinds => '{log,log,simple}'$$);
SELECT read_prices('quotes.price', $$override_assets => '{a,NULL}'$$, $$override_kinds => '{log,log}'$$);
SELECT read_prices('quotes.price', $$override_assets => '{a}'$$, $$override_kinds => '{exponential}'$$);
SELECT read_prices('quotes.price', $$override_assets => '{{a}}'$$, $$override_kinds => '{{log}}'$$);

-- nothing to read is no error
SELECT read_prices('quotes.price');
DROP FUNCTION read_prices;
SET client_min_messages = warning;
DROP SCHEMA quotes CASCADE;
DROP ROLE regress_pghedge_reader;
