#!/bin/bash
# pg_dump and restore of a database with two books, one with its own tables and one over relations
# that were there before, with row-level security: every view gives the same rows afterwards, to the
# owner and to a trader who may see one portfolio.
. test/tap.bash

fresh upgrade_before upgrade_after
sql postgres >/dev/null <<-'SQL'
	SET client_min_messages = warning;
	DROP ROLE IF EXISTS upgrade_trader;
	CREATE ROLE upgrade_trader;
SQL
sql upgrade_before >/dev/null <<-'SQL' || exit 1
	SET client_min_messages = warning;
	CREATE EXTENSION pghedge;

	-- Spans as of a long window.
	CREATE OR REPLACE FUNCTION hedge._block_bars() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 16;
	CREATE OR REPLACE FUNCTION hedge._span_blocks() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 4;

	SELECT hedge.create_book('desk', base_currency => 'EUR');
	\copy desk.price (ts, asset, price) FROM 'demo/prices.csv' WITH (FORMAT csv, HEADER)
	\copy desk.instrument (asset, contract_size, funded) FROM 'demo/instruments.csv' WITH (FORMAT csv, HEADER)
	\copy desk.position (portfolio, asset, quantity) FROM 'demo/positions.csv' WITH (FORMAT csv, HEADER)
	CALL hedge.refresh('desk', as_of => '1998-08-01');
	CALL hedge.refresh('desk', as_of => '1998-08-25');
	ALTER TABLE desk.position ENABLE ROW LEVEL SECURITY;
	CREATE POLICY own_portfolio ON desk.position FOR SELECT TO upgrade_trader USING (portfolio = 'index spread');

	CREATE SCHEMA market;
	CREATE TABLE market.quote AS
		SELECT asset, ts, price FROM desk.price WHERE ts >= '1996-01-01';
	CREATE TABLE market.holding AS
		SELECT portfolio, asset, quantity * 2 AS quantity FROM desk.position;
	ALTER TABLE market.holding ENABLE ROW LEVEL SECURITY;
	CREATE POLICY own_portfolio ON market.holding FOR SELECT TO upgrade_trader USING (portfolio = 'hedged basket');
	SELECT hedge.create_book('Second Book', positions => 'market.holding', prices => 'market.quote');
	CALL hedge.refresh('Second Book', as_of => '1998-08-25');

	-- Stored values of both types.
	CREATE TABLE market.summary AS
		SELECT y.asset AS y, x.asset AS x, hedge.comoments(y.price, x.price) AS summary
		FROM market.quote y JOIN market.quote x USING (ts) GROUP BY y.asset, x.asset;
	CREATE TABLE market.matrix AS
		SELECT hedge.comoment_matrix(asset, ts, price) AS matrix FROM market.quote;

	GRANT USAGE ON SCHEMA desk, "Second Book", market TO upgrade_trader;
	GRANT SELECT ON ALL TABLES IN SCHEMA desk, "Second Book", market TO upgrade_trader;
SQL

pg_dump -Fc -f "$work/dump" upgrade_before
point "pg_dump writes a dump" test -s "$work/dump"
point "it holds the positions" eval 'pg_restore -l "$work/dump" | grep "TABLE DATA desk position"'
point "pg_restore takes it without an error" pg_restore --exit-on-error -d upgrade_after "$work/dump"

relations="SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
	WHERE nspname IN ('desk', 'Second Book', 'market') AND relkind IN ('r', 'v', 'm', 'p') ORDER BY 1"
sql upgrade_before -c "$relations" >"$work/relations"
sql upgrade_after -c "$relations" >"$work/restored"
same "the same tables and views" "$work/relations" "$work/restored"

rows() {						# rows DATABASE ROLE RELATION
	local columns='v.*'
	# Ages are those of the moment.
	[[ $3 != *.model_health ]] || columns="to_jsonb(v) - 'age_seconds' - 'last_price_age_seconds'"
	sql "$1" -c "SET ROLE $2" -c "COPY (SELECT $columns FROM $3 AS v) TO STDOUT" | LC_ALL=C sort
}
while read -r relation; do
	for role in postgres upgrade_trader; do
		rows upgrade_before $role "$relation" >"$work/before" &&
			rows upgrade_after $role "$relation" >"$work/after" || echo "failed" >"$work/after"
		same "$relation as $role" "$work/before" "$work/after"
	done
done <"$work/relations"

# Views that are empty would agree, too.
for book in desk '"Second Book"'; do
	for view in return_span exposure offsetting_pairs concentrating_pairs portfolio_risk materialized_offsets data_quality model_health; do
		rows upgrade_before postgres "$book.$view" >"$work/before"
		point "$book.$view has rows" test -s "$work/before"
	done
done
rows upgrade_after upgrade_trader desk.offsetting_pairs | cut -f 1 | uniq >"$work/after"
echo 'index spread' >"$work/before"
same "the trader sees the own portfolio alone, after the restore, too" "$work/before" "$work/after"

policies="SELECT schemaname, tablename, policyname, roles, cmd, qual FROM pg_policies ORDER BY 1, 2, 3"
sql upgrade_before -c "$policies" >"$work/before"
sql upgrade_after -c "$policies" >"$work/after"
same "the policies" "$work/before" "$work/after"
point "two policies" test "$(wc -l <"$work/after")" = 2

# Comments and defaults are what BI tools and INSERTs use.
comments="SELECT c.oid::regclass, objsubid, description FROM pg_description JOIN pg_class c ON objoid = c.oid
	WHERE classoid = 'pg_class'::regclass AND relnamespace IN ('desk'::regnamespace, '\"Second Book\"'::regnamespace)
	ORDER BY c.oid::regclass::text COLLATE \"C\", objsubid"
sql upgrade_before -c "$comments" >"$work/before"
sql upgrade_after -c "$comments" >"$work/after"
same "the comments" "$work/before" "$work/after"

point "the restored book refreshes" sql upgrade_after -c "CALL hedge.refresh('desk', as_of => '1998-08-25')"
rows upgrade_before postgres desk.portfolio_risk | wc -l >"$work/before"
rows upgrade_after postgres desk.portfolio_risk | wc -l >"$work/after"
same "and has as many portfolios" "$work/before" "$work/after"

sql postgres -c 'DROP DATABASE upgrade_before' -c 'DROP DATABASE upgrade_after' -c 'DROP ROLE upgrade_trader'
plan
