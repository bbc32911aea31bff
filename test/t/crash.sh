#!/bin/bash
# Faults while a refresh runs and prices are committed beside it: the server, a backend or all of them
# killed with signal 9; the refresh terminated, cancelled, timed out; each at a random moment. Nothing
# committed is lost, no half refresh is shown, the log says what came of it, and the next refresh works and gives
# what a rebuild gives. Servers run with fsync on.
#   ROUNDS=48 SEED=7 test/cluster test/t/crash.sh      more of them; kinds take turns
. test/tap.bash
. test/server.bash
rounds=${ROUNDS:-6}
RANDOM=${SEED:-1}
kinds=(postmaster backend everything terminate cancel timeout)

own_server server
server_init <<<'log_min_messages = fatal' && server_start || exit 1
sql postgres <<-'SQL' >/dev/null || exit 1
	CREATE EXTENSION pghedge;
	SELECT hedge.create_book('desk');
	SELECT setseed(0.5);
	INSERT INTO desk.price
	SELECT 'A' || a, timestamptz '2024-01-01 12:00:00+00' + d * interval '1 day',
		100 * exp(sum((random() - 0.5) * 0.03) OVER (PARTITION BY a ORDER BY d))
	FROM generate_series(1, 60) AS a, generate_series(1, 500) AS d;
	DELETE FROM desk.price WHERE random() < 0.005;
	INSERT INTO desk.position SELECT 'p' || p, 'A' || (1 + (p * 7 + k * 11) % 60), (1 + k) * (-1) ^ k
	FROM generate_series(1, 400) AS p, generate_series(1, 12) AS k;
	UPDATE desk.model SET minimum_correlation = 0.02, minimum_observations = 30, retention = 5;
	VACUUM ANALYZE;
SQL
day() {
	sql postgres -c "SELECT timestamptz '2024-01-01 20:00:00+00' + $1 * interval '1 day'"
}
# All that a refresh writes but the log, and blocks that no run lists yet.
state() {
	sql postgres <<-'SQL'
		SELECT format('SELECT %L, md5(string_agg(t::text, %L ORDER BY t::text)) FROM desk.%I AS t;', c.relname, ' ', c.relname)
		FROM pg_class AS c WHERE c.relnamespace = 'desk'::regnamespace AND c.relkind = 'r'
			AND c.relname NOT IN ('refresh_log', 'return_block', 'price') ORDER BY c.relname \gexec
		SELECT md5(string_agg(b::text, ' ' ORDER BY b.block)) FROM desk.return_block AS b
		WHERE b.block IN (SELECT unnest(r.blocks) FROM desk.model_run AS r);
	SQL
}
# What the latest run says, to nine digits, since blocks may be divided otherwise.
result() {
	sql postgres <<-'SQL'
		SET extra_float_digits = -6;
		SELECT portfolio, pair_rank, asset_a, asset_b, correlation, risk_offset, trade_b, observations, price_time
		FROM desk.offset_snapshot JOIN desk.latest_run USING (run) ORDER BY portfolio, pair_rank;
		SELECT asset, price, volatility, observations, missing_returns, priced_bars
		FROM desk.run_asset JOIN desk.latest_run USING (run) ORDER BY asset;
		SELECT asset_y, asset_x, observations, break_p_value, adjusted_p_value, verdict FROM desk.correlation_stability ORDER BY 1, 2;
	SQL
}
# Every run is whole: as many pairs as its refresh counted, and all assets of its matrix.
halves() {
	sql postgres <<-'SQL'
		SELECT r.run, y.pairs_stored FROM desk.model_run AS r LEFT JOIN desk.refresh_log AS y ON y.run = r.run
		WHERE y.status IS DISTINCT FROM 'done'
			OR y.pairs_stored <> (SELECT count(*) FROM desk.offset_snapshot AS o WHERE o.run = r.run)
			OR r.assets > (SELECT count(*) FROM desk.run_asset AS a WHERE a.run = r.run);
	SQL
}

sql postgres -c "CALL hedge.refresh('desk', as_of => '$(day 399)')" 2>"$work/error" || { cat "$work/error"; exit 1; }
start=$(date +%s%N)
for d in 400 401; do
	sql postgres -c "CALL hedge.refresh('desk', as_of => '$(day $d)')"
done
duration=$((($(date +%s%N) - start) / 2000000))		# milliseconds of one
echo "# a refresh takes $duration ms; seed ${SEED:-1}"

# Prices to be committed one by one, after all that refreshes read; each is told when it is committed.
prices() {
	seq "$1" "$(($1 + 9999))" |
		sed "s/.*/INSERT INTO desk.price VALUES ('W', timestamptz '2030-01-01' + & * interval '1 s', &) RETURNING price;/"
}
await() {						# until the server answers; after a crash it starts again by itself, or is started
	local try
	for try in {1..300}; do
		if ! as_server pg_ctl status -D data >/dev/null 2>&1; then
			as_server setsid --wait pg_ctl start -w -s -D data -l log </dev/null >/dev/null 2>&1
		fi
		psql -XqAt -c 'SELECT 1' >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}
children() {
	pgrep -P "$(head -n 1 "$DIR/run/data/postmaster.pid")"
}

number=0
: >"$work/committed"
declare -A hit=()
for ((round = 0; round < rounds; round++)); do
	kind=${kinds[round % ${#kinds[@]}]}
	as_of=$(day $((402 + round % 90)))
	moment=$((duration * RANDOM / 36000))
	name="$kind after $moment ms"
	state >"$work/before"
	logged=$(sql postgres -c 'SELECT coalesce(max(entry), 0) FROM desk.refresh_log')
	number=$((number + 10000))
	psql -XqAt < <(prices $number 2>/dev/null) >>"$work/committed" 2>/dev/null &
	writer=$!
	timeout=0
	[ $kind != timeout ] || timeout=$((moment + 1))
	PGAPPNAME=refresher PGOPTIONS="-c statement_timeout=$timeout" \
		psql -XqAt -v ON_ERROR_STOP=1 -c "CALL hedge.refresh('desk', as_of => '$as_of')" >"$work/said" 2>&1 &
	refresher=$!
	sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
	backend=$(sql postgres -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'refresher'")
	case $kind in
		postmaster) kill -9 "$(head -n 1 "$DIR/run/data/postmaster.pid")" ;;
		backend) [ -z "$backend" ] || kill -9 "$backend" ;;
		everything) kill -9 "$(head -n 1 "$DIR/run/data/postmaster.pid")" $(children) ;;
		terminate) sql postgres -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'refresher'" ;;
		cancel) sql postgres -c "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'refresher'" ;;
	esac >/dev/null 2>&1
	wait $refresher
	done=$?
	kill $writer 2>/dev/null
	wait $writer 2>/dev/null
	point "$name: the server answers" await
	for _ in {1..100}; do			# what was under way ends first
		[ "$(sql postgres -c "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> pg_backend_pid()")" != 0 ] || break
		sleep 0.05
	done
	sql postgres -c "SELECT price FROM desk.price WHERE asset = 'W' ORDER BY ts" >"$work/there"
	point "$name: every price that was committed is there" eval 'grep -vxFf "$work/there" "$work/committed" >"$work/lost"
		cat "$work/lost"; test ! -s "$work/lost"'
	state >"$work/after"
	made=$(sql postgres -c "SELECT count(*) FROM desk.model_run WHERE as_of = '$as_of' AND run = (SELECT max(run) FROM desk.model_run)")
	status=$(sql postgres -c 'SELECT last_refresh_status FROM desk.model_health')
	entries=$(sql postgres -c "SELECT count(*) FROM desk.refresh_log WHERE entry > $logged")
	halves >"$work/halves"
	point "$name: no run is half" eval 'cat "$work/halves"; test ! -s "$work/halves"'
	if [ $done = 0 ]; then
		point "$name: it was done, and its run is there" test "$made,$status" = 1,done
	elif [ "$made" = 1 ]; then
		point "$name: it was committed, though its session was not told" test "$status" = done
	else
		hit[$kind]=$((${hit[$kind]:-0} + 1))
		same "$name: it leaves nothing but the log" "$work/before" "$work/after"
		case $kind,$entries in
			*,0) want=done ;;			# it had not begun
			cancel,* | timeout,*) want='failed|interrupted' ;;	# that, if it came between two of its transactions
			*) want=interrupted ;;
		esac
		point "$name: the log says $want" grep -qxE "$want" <<<"$status"
	fi
	point "$name: the next refresh works" sql postgres -c "CALL hedge.refresh('desk', as_of => '$as_of')"
	result >"$work/refreshed"
	point "$name: so does a rebuild" sql postgres -c "CALL hedge.rebuild('desk', as_of => '$as_of')"
	result >"$work/rebuilt"
	same "$name: which gives the same" "$work/rebuilt" "$work/refreshed"
done
point "results are not empty" test "$(wc -l <"$work/rebuilt")" -gt 100
point "prices were committed" test "$(wc -l <"$work/committed")" -gt $((rounds * 5))
for kind in "${!hit[@]}"; do
	echo "# interrupted by $kind: ${hit[$kind]}"
done
interrupted=$(IFS=+; echo "$((${hit[*]:-0}))")
echo "# figures: crash: $rounds faults of ${#kinds[@]} kinds, $interrupted of them in the middle of a refresh; $(wc -l <"$work/committed") prices committed meanwhile"
# One whose server process alone is gone runs to its end; others may be faster than measured.
point "refreshes were interrupted" test "$interrupted" -ge $((1 + (rounds - 6) / 3))
plan
