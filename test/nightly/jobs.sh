#!/bin/bash
# A scheduled book in a server with pg_cron, set up by the lines of docs/operations.md as printed: runs
# come every minute; prices that break are logged as failures and leave the last run to its readers;
# once they are mended, runs come again. pg_cron 1.4 knows minutes only, so this takes some.
. test/tap.bash
. test/server.bash

page=docs/operations.md
block() {						# block LANGUAGE HEADING: a page's blocks, each by the role in its first line
	awk -v lang="$1" -v under="$2" -f test/page.awk $page |
		awk '/^-- as / { print "SET SESSION AUTHORIZATION " $3 ";" } { print }'
}
within() {						# within SECONDS NAME QUERY: it gives true before that
	local until=$(($(date +%s) + $1))
	while [ "$(date +%s)" -lt $until ]; do
		[ "$(sql trading -c "$3")" != t ] || { point "$2" true; return; }
		sleep 1
	done
	sql trading -c 'SELECT * FROM desk.refresh_log' -c 'SELECT * FROM cron.job_run_details ORDER BY runid' >"$work/state" 2>&1
	point "$2" eval 'cat "$work/state"; false'
}

DIR=$(mktemp -d /tmp/pghedge.XXXXXX)
trap 'server_stop; rm -rf "$DIR" "$work"' EXIT
server_folder
server_init < <(block ini '### pg_cron') || exit 1
server_start || exit 1
export PGHOST=$DIR/run PGUSER=postgres PGDATABASE=postgres

sql postgres -c 'CREATE DATABASE trading'
block sql '## Install' >"$work/install.sql"
point "the page's installation" sql trading -f "$work/install.sql"
sql trading <<-'SQL'
	SET SESSION AUTHORIZATION desk_owner;
	\copy desk.price (ts, asset, price) FROM 'demo/prices.csv' WITH (FORMAT csv, HEADER)
	\copy desk.instrument (asset, contract_size, funded) FROM 'demo/instruments.csv' WITH (FORMAT csv, HEADER)
	\copy desk.position (portfolio, asset, quantity) FROM 'demo/positions.csv' WITH (FORMAT csv, HEADER)
SQL
block sql '### pg_cron' >"$work/schedule.sql"
point "the page's schedule" sql trading -f "$work/schedule.sql"

within 90 "a run comes" "SELECT count(*) >= 1 FROM desk.model_run"
within 90 "and another a minute later" "SELECT count(*) >= 2 FROM desk.model_run"
point "the job is the owner's" test "$(sql trading -c "SELECT DISTINCT username || status FROM cron.job_run_details WHERE status <> 'starting'")" = desk_ownersucceeded
point "each refresh committed its phases" test "$(sql trading -c "SELECT bool_and(phase_started_at >= started_at AND status = 'done' AND run IS NOT NULL) FROM desk.refresh_log")" = t

sql trading -c 'CREATE TABLE public.before AS SELECT * FROM desk.materialized_offsets' \
	-c 'CREATE TABLE public.risk_before AS SELECT * FROM desk.portfolio_risk' \
	-c 'ALTER TABLE desk.price RENAME COLUMN price TO close'
within 90 "a column renamed: a failure in the log" \
	"SELECT (status, error_code) = ('failed', '42703') AND error ~ 'has no column \"price\"' AND phase = 'reading prices' FROM desk.refresh_log ORDER BY entry DESC LIMIT 1"
within 10 "and in pg_cron's" "SELECT status = 'failed' AND return_message ~ 'has no column' FROM cron.job_run_details ORDER BY runid DESC LIMIT 1"
sql trading -c 'ALTER TABLE desk.price RENAME TO price_away'
within 90 "the table gone: another one" "SELECT (status, error_code) = ('failed', '42P01') FROM desk.refresh_log ORDER BY entry DESC LIMIT 1"
within 5 "model_health counts them" "SELECT failures = 2 AND last_refresh_status = 'failed' AND last_error ~ 'does not exist' FROM desk.model_health"
sql trading -c 'TABLE public.before EXCEPT ALL TABLE desk.materialized_offsets' -c 'TABLE desk.materialized_offsets EXCEPT ALL TABLE public.before' \
	-c 'TABLE public.risk_before EXCEPT ALL TABLE desk.portfolio_risk' >"$work/differences" 2>&1
point "readers have the last run, whole" test ! -s "$work/differences"
point "which is not empty" test "$(sql trading -c 'SELECT count(*) > 0 FROM public.before')" = t
point "no block is left of the failures" test "$(sql trading -c 'SELECT count(*) FROM desk.return_block AS b WHERE NOT EXISTS (SELECT FROM desk.model_run AS r WHERE b.block = ANY (r.blocks))')" = 0

sql trading -c 'ALTER TABLE desk.price_away RENAME TO price' -c 'ALTER TABLE desk.price RENAME COLUMN close TO price'
within 90 "prices mended: a run comes by itself" \
	"SELECT status = 'done' FROM desk.refresh_log ORDER BY entry DESC LIMIT 1"
within 5 "and all is well" "SELECT failures = 0 AND last_refresh_status = 'done' AND last_error IS NULL FROM desk.model_health"
plan
