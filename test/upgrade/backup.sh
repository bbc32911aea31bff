#!/bin/bash
# pg_dump of a database in use, refresh after refresh running beside it: the restored database answers every
# view as the source did at the dump's snapshot, to a superuser and to a reader who sees one portfolio's rows;
# it has the same objects, rights, policies and acknowledged alert; and it refreshes to the same numbers.
. test/tap.bash
. test/upgrade/books.bash

fresh upgrade_before upgrade_after
roles=$(sql postgres -c "SELECT count(*) FROM pg_roles WHERE rolname IN ('upgrade_owner', 'upgrade_reader')")
[ "$roles" = 2 ] || sql postgres -c 'CREATE ROLE upgrade_owner' -c 'CREATE ROLE upgrade_reader' || exit 1
sql upgrade_before -c 'CREATE EXTENSION pghedge' -c 'GRANT CREATE ON DATABASE upgrade_before TO upgrade_owner' \
	-f test/upgrade/in_use.sql || exit 1

sql postgres -c "SELECT format('CALL hedge.refresh(''desk'', ''default'', as_of => %L);', timestamptz '2025-09-18 20:00+00' + n * interval '1 minute')
	FROM generate_series(1, 5000) AS n" >"$work/refreshes"
PGOPTIONS='-c client_min_messages=warning' psql -XqAt -d upgrade_before -c 'SET ROLE upgrade_owner' -f "$work/refreshes" >"$work/refreshed" 2>&1 &
refresher=$!

# One session holds the snapshot of the dump, and says what the views answer in it. What model_health says
# of a refresh that runs is of the moment.
questions upgrade_before desk macro market | grep -vE "'desk\.(model_health|_refresh)'" >"$work/questions"
coproc psql -XqAt -d upgrade_before 2>"$work/errors"
exec {to}>&"${COPROC[1]}" {from}<&"${COPROC[0]}"
session=$COPROC_PID
sleep 0.5						# somewhere in a refresh
echo "BEGIN ISOLATION LEVEL REPEATABLE READ; SET timezone = 'UTC'; SELECT pg_export_snapshot();" >&$to
read -r snapshot <&$from
runs="SELECT max(run) FROM desk.model_run"
first=$(sql upgrade_before -c "$runs")
pg_dump -Fd -j 2 --snapshot="$snapshot" -f "$work/dump" upgrade_before 2>"$work/said"
dumped=$?
last=$(sql upgrade_before -c "$runs")
{
	echo '\set ON_ERROR_ROLLBACK on'
	for role in postgres upgrade_reader; do
		echo "SET LOCAL ROLE $role;"
		echo "\\o $work/source.$role"
		sed 's/$/;/' "$work/questions"
		echo '\o'
		echo 'RESET ROLE;'
	done
	echo 'COMMIT;'
	echo '\q'
} >&$to
exec {to}>&-
wait $session
exec {from}<&-
kill $refresher
wait $refresher 2>/dev/null

point "pg_dump of a database in use" eval 'cat "$work/said"; test $dumped = 0'
point "refreshes went on meanwhile ($first to $last)" test "$last" -gt "$first"
point "and none failed" eval 'cat "$work/refreshed"; ! grep ERROR "$work/refreshed"'
point "the dump holds rows of every table that has some" eval 'pg_restore -l "$work/dump" >"$work/list"
	for table in price position instrument model model_run run_asset return_block offset_snapshot pair_evidence pair_monitor alert refresh_log; do
		grep -q "TABLE DATA desk $table " "$work/list" || { echo "no $table"; exit 1; }
	done'
point "it is restored without an error" pg_restore -j 2 --exit-on-error -d upgrade_after "$work/dump"
for role in postgres upgrade_reader; do
	LC_ALL=C sort "$work/source.$role" >"$work/before"
	answers upgrade_after $role "$work/questions" | grep -v '^ERROR' >"$work/after"
	same "every relation answers as at the snapshot, $role" "$work/before" "$work/after"
	point "which are not empty, $role" grep -q '^desk.offsetting_pairs' "$work/after"
done
point "a reader sees one portfolio" eval 'test "$(grep "^desk.offsetting_pairs" "$work/after" | cut -f 2 | sort -u)" = two'
acknowledged="SELECT count(*) FROM desk.alert WHERE acknowledged_by = 'upgrade_owner'"
point "the alert is acknowledged" test "$(sql upgrade_after -c "$acknowledged")" = 1
for book in desk macro; do
	book_catalogue upgrade_before $book | grep -v '^view ' >"$work/before"
	book_catalogue upgrade_after $book | grep -v '^view ' >"$work/after"
	same "$book has the same objects, rights and policies" "$work/before" "$work/after"
done
status=$(sql upgrade_after -c "SELECT last_refresh_status FROM desk.model_health WHERE model = 'default'")
point "no refresh runs there ($status)" eval '[ "$status" = done ] || [ "$status" = interrupted ]'

sql upgrade_after -c 'GRANT CREATE ON DATABASE upgrade_after TO upgrade_owner'
for database in upgrade_before upgrade_after; do
	point "$database refreshes, and is rebuilt" sql $database -c 'SET ROLE upgrade_owner' -c 'SET client_min_messages = warning' \
		-c "CALL hedge.refresh('desk', as_of => '2025-09-25', wait => true)" -c "CALL hedge.rebuild('desk', as_of => '2025-09-26')"
	sql $database >"$work/$database" <<-'SQL'
		SELECT portfolio, model, asset_a, asset_b, correlation, risk_offset, trade_b, verdict FROM desk.offsetting_pairs ORDER BY 1, 2, 3, 4;
		SELECT portfolio, model, gross_risk, net_risk, value_at_risk FROM desk.portfolio_risk ORDER BY 1, 2;
		SELECT model, asset, volatility, observations FROM desk.run_asset JOIN desk.latest_run USING (run) ORDER BY 1, 2;
	SQL
done
same "to the same numbers" "$work/upgrade_before" "$work/upgrade_after"
point "which are there" test "$(wc -l <"$work/upgrade_after")" -gt 10

sql postgres -c 'DROP DATABASE upgrade_before' -c 'DROP DATABASE upgrade_after' -c 'DROP ROLE upgrade_owner, upgrade_reader'
plan
