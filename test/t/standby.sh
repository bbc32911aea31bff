#!/bin/bash
# A hot standby answers every view of a book as its primary does, also while refreshes arrive, of which
# it shows the old result or the new one; a refresh that runs on the primary is running there, too.
# What writes says that it cannot. Promoted, it goes on.
. test/tap.bash
. test/server.bash
. test/upgrade/books.bash

own_server primary
server_init <<<'' && server_start || exit 1
sql postgres -c 'CREATE ROLE upgrade_owner LOGIN' -c 'CREATE ROLE upgrade_reader' -c 'GRANT CREATE ON DATABASE postgres TO upgrade_owner' \
	-c 'CREATE EXTENSION pghedge' -f test/upgrade/in_use.sql || exit 1
primary=$DIR/run

own_server standby
as_server pg_basebackup -h "$primary" -U postgres -D data -R -X stream -c fast >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
as_server tee -a data/postgresql.conf >/dev/null <<<"unix_socket_directories = '$DIR/run'"
server_start || exit 1
on() {							# on primary|standby COMMAND...
	use_server "$1"
	shift
	"$@"
}
arrived() {					# until the standby has replayed what the primary has written
	local lsn
	lsn=$(on primary sql postgres -c 'SELECT pg_current_wal_insert_lsn()')
	for _ in {1..600}; do
		[ "$(on standby sql postgres -c "SELECT pg_last_wal_replay_lsn() >= '$lsn'")" != t ] || return 0
		sleep 0.05
	done
	echo "the standby does not get there"
	return 1
}
alike() {
	arrived
	for role in postgres upgrade_reader; do
		on primary answers postgres $role "$work/questions" >"$work/there"
		on standby answers postgres $role "$work/questions" >"$work/here"
		same "$1: every relation of the books answers alike, $role" "$work/there" "$work/here"
	done
}

on primary questions postgres desk macro market >"$work/questions"
alike "at first"
on standby answers postgres postgres "$work/questions" >"$work/here"
point "no view fails" eval '! grep -E "ERROR|FATAL" "$work/here"'
for view in exposure offsetting_pairs portfolio_risk materialized_offsets correlation_stability open_alerts model_health; do
	point "$view has rows" grep -q "^desk.$view" "$work/here"
done

# While refreshes arrive.
use_server primary
sql postgres -c "SELECT format('CALL hedge.refresh(''desk'', ''default'', as_of => %L);', timestamptz '2025-09-18 20:00+00' + n * interval '6 hours')
	FROM generate_series(1, 40) AS n" >"$work/refreshes"
PGOPTIONS='-c client_min_messages=warning' psql -XqAt -U upgrade_owner -f "$work/refreshes" >"$work/said" 2>&1 &
refresher=$!
use_server standby
views=$(sql postgres -c "SELECT string_agg(format('SELECT count(*) FROM desk.%I', relname), '; ' ORDER BY relname)
	FROM pg_class WHERE relnamespace = 'desk'::regnamespace AND relkind = 'v'")
reads=0
: >"$work/reads"
while kill -0 $refresher 2>/dev/null || [ $reads -lt 5 ]; do
	sql postgres >>"$work/reads" 2>&1 <<-SQL
		BEGIN ISOLATION LEVEL REPEATABLE READ;
		SELECT 'run', l.run, (SELECT count(*) FROM desk.materialized_offsets AS o WHERE o.model = 'default') = y.pairs_stored
			AND (SELECT count(*) FROM desk.run_asset AS a WHERE a.run = l.run) = l.assets
			AND l.bars = 120
		FROM desk.latest_run AS l JOIN desk.refresh_log AS y ON y.run = l.run WHERE l.model = 'default';
		\\o /dev/null
		$views;
		\\o
		COMMIT;
	SQL
	reads=$((reads + 1))
done
wait $refresher
point "refreshes on the primary succeed" eval 'cat "$work/said"; test ! -s "$work/said"'
arrived
sort "$work/reads" | uniq -c | sed 's/^/# /'
point "each read found a whole run" eval '! grep -v "^run|[0-9]*|t$" "$work/reads"'
point "reads saw runs come" test "$(sort -u "$work/reads" | wc -l)" -ge 3
alike "after refreshes"

# A refresh that runs.
use_server primary
psql -Xq -c 'BEGIN' -c 'LOCK TABLE desk.run_asset IN EXCLUSIVE MODE' -c 'SELECT pg_sleep(60)' >/dev/null 2>&1 &
holder=$!
for _ in {1..100}; do
	[ "$(sql postgres -c "SELECT count(*) FROM pg_locks WHERE relation = 'desk.run_asset'::regclass AND mode = 'ExclusiveLock'")" = 0 ] || break
	sleep 0.05
done
psql -XqAt -U upgrade_owner -c "CALL hedge.refresh('desk', 'default', as_of => '2025-09-29')" >"$work/said" 2>&1 &
refresher=$!
status="SELECT last_refresh_status FROM desk.model_health WHERE model = 'default'"
for _ in {1..200}; do
	[ "$(on standby sql postgres -c "$status")" = done ] || break
	sleep 0.05
done
sleep 1.2
point "a refresh that runs on the primary is running on the standby" test "$(on standby sql postgres -c "$status")" = running

# What writes.
refused() {						# refused STATEMENT: with 25006 and words for it
	! psql -XqAt -v VERBOSITY=verbose -U upgrade_owner -c "$1" >"$work/said" 2>&1
	cat "$work/said"
	grep -E '25006: .*(standby|read-only)' "$work/said"
}
use_server standby
for statement in "CALL hedge.refresh('desk')" "CALL hedge.rebuild('desk')" "SELECT hedge.create_book('other')" \
		"SELECT hedge.upgrade_book('desk')" "SELECT hedge.drop_book('desk')" "SELECT hedge.grant_book('desk', 'upgrade_reader')" \
		"SELECT hedge.restrict_book('desk')" "SELECT hedge.acknowledge('desk', max(alert)) FROM desk.alert" \
		"INSERT INTO desk.position VALUES ('one', 'A', 1, 1)"; do
	point "$statement is refused" refused "$statement"
done

# Promoted, when the primary is gone in the middle of that refresh.
arrived
DIR=$work/primary server_stop
wait $holder $refresher 2>/dev/null
DIR=$work/standby
point "it is promoted" as_server pg_ctl promote -w -s -D data
point "the refresh that ran was interrupted" test "$(sql postgres -c "$status")" = interrupted
point "it refreshes" psql -XqAt -v ON_ERROR_STOP=1 -U upgrade_owner -c "CALL hedge.refresh('desk', as_of => '2025-09-30')"
point "and says so" test "$(sql postgres -c "$status")" = done
plan
