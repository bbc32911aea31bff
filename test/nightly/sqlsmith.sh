#!/bin/bash
# Random queries by sqlsmith, SQLSMITH_SECONDS of them, over the demonstration's book and whatever functions of the
# extension fit into them: its role's search_path begins with a schema whose pg_proc has those alone.
# What counts is that no connection is lost and no error is internal.
. test/tap.bash
. test/server.bash

own_server server
server_init <<<'log_error_verbosity = verbose' && server_start || exit 1
psql -Xq -f demo/load.sql >/dev/null 2>"$work/load" || { cat "$work/load" >&2; exit 1; }
sql postgres <<-'SQL' || exit 1
	CREATE ROLE smith LOGIN;
	CREATE SCHEMA narrow;
	CREATE VIEW narrow.pg_proc AS SELECT p.* FROM pg_catalog.pg_proc AS p
	WHERE pronamespace = 'hedge'::regnamespace AND prokind IN ('f', 'a') AND provolatile <> 'v';
	GRANT USAGE ON SCHEMA narrow, hedge TO smith;
	GRANT SELECT ON narrow.pg_proc TO smith;
	SELECT hedge.grant_book('desk', 'smith');
	ALTER ROLE smith SET search_path = narrow, pg_catalog, public;
	ALTER ROLE smith SET statement_timeout = '2s';
SQL
seconds=${SQLSMITH_SECONDS:-60}
timeout "$seconds" sqlsmith --target="host=$PGHOST port=$PGPORT user=smith dbname=postgres" \
	--seed="${SEED:-$RANDOM}" --exclude-catalog --verbose >"$work/smith" 2>&1
queries=$(grep -oE 'queries: [0-9]+' "$work/smith" | tail -n 1 | grep -oE '[0-9]+')
functions=$(grep -oE '[^_]hedge\.[a-z_]+\(' "$DIR/run/log" | sort -u | wc -l)
echo "# figures: sqlsmith: $queries queries in $seconds s; those with errors name $functions functions of the extension"
point "sqlsmith ran queries" test "${queries:-0}" -gt 100
point "functions of the extension were among them" test "$functions" -gt 20
point "no server process crashed" eval '! grep -E "terminated by signal|PANIC" "$DIR/run/log"'
point "no internal error" eval '! grep -E "XX000|unrecognized node|cache lookup|could not find" "$DIR/run/log"'
plan
