#!/bin/bash
# A refresh that is cancelled, times out or is terminated, at moments all over its way: nothing of it is
# left but its row in the log, readers see the last run, the lock of the model is free, and the
# next refresh makes what a book made anew from the same prices would have.
. test/tap.bash

fresh stops
sql stops <<-'SQL' >/dev/null || exit 1
	SET client_min_messages = warning;
	CREATE EXTENSION pghedge;
	SELECT hedge.create_book('busy');
	UPDATE busy.model SET lookback = 1000, evidence = 'kept', calendar_quorum = 0.5, minimum_correlation = 0.05, pairs_kept = 1;
	SELECT setseed(0.7);
	INSERT INTO busy.price
	SELECT 'asset ' || a, timestamptz '2025-02-04' - d * interval '1 day', exp(0.01 * sum(random() - 0.5) OVER (PARTITION BY a ORDER BY d))
	FROM generate_series(1, 40) AS a, generate_series(1, 1500) AS d WHERE random() < 0.98;
	INSERT INTO busy.position SELECT 'portfolio ' || p, 'asset ' || 1 + (p * 7 + k * 11) % 40, CASE WHEN k % 2 = 0 THEN 1 ELSE -1 END
	FROM generate_series(1, 500) AS p, generate_series(1, 10) AS k;
	CALL hedge.refresh('busy', as_of => '2025-01-10');
SQL
state() {						# what readers see, and whether it belongs together
	sql stops -c "SELECT (SELECT max(run) FROM busy.latest_run), (SELECT count(*) FROM busy.materialized_offsets),
		(SELECT count(*) FROM busy.offset_snapshot WHERE run NOT IN (SELECT run FROM busy.model_run)),
		(SELECT count(*) FROM busy.evidence_run WHERE run NOT IN (SELECT run FROM busy.model_run)),
		(SELECT count(DISTINCT as_of) FROM busy.materialized_offsets),
		(SELECT round(sum(risk_offset)::numeric, 6) FROM busy.materialized_offsets)"
}
stray="SELECT count(*) FROM busy.return_block AS b WHERE NOT EXISTS (SELECT FROM busy.model_run AS r WHERE b.block = ANY (r.blocks))"
last="SELECT v.status || coalesce(y.error_code, '') FROM busy._refresh AS v JOIN busy.refresh_log AS y USING (entry) ORDER BY entry DESC LIMIT 1"

# How long one takes here and now, so that the stops are spread over it.
start=$(date +%s%N)
sql stops -c "CALL hedge.rebuild('busy', as_of => '2025-01-11')" 2>/dev/null
span=$((($(date +%s%N) - start) / 1000000))
echo "# a rebuild takes $span ms"
before=$(state)
stopped=0
phases=
entry="SELECT max(entry) FROM busy.refresh_log"
for i in $(seq 1 12); do
	first=$(sql stops -c "$entry")
	start=$(date +%s%N)
	if ! sql stops -c "SET statement_timeout = '$((1 + span * i / 13))ms'" -c "CALL hedge.rebuild('busy', as_of => '2025-01-12')" >"$work/refused" 2>&1; then
		[ "$(sql stops -c "$entry")" != "$first" ] || continue		# it had not begun
		stopped=$((stopped + 1))
		# Between two of its transactions it cannot log anything, and is found to be interrupted.
		case $(sql stops -c "$last") in
			failed57014) [ "$(sql stops -c "$stray")" = 0 ] ;;
			interrupted) true ;;
			done) before=$(state) ;;		# all was committed, and the lock is released by the error
			*) false ;;
		esac && [ "$(state)" = "$before" ] ||
			{ cat "$work/refused"; sql stops -c "$last" -c "$stray"; state; } >>"$work/wrong"
		phases+=" $(sql stops -c 'SELECT phase FROM busy.refresh_log ORDER BY entry DESC LIMIT 1')"
	else
		span=$((($(date +%s%N) - start) / 1000000))		# it goes faster now
		before=$(state)
	fi
done
echo "# $stopped timeouts, in:$phases"
point "timeouts hit refreshes" test "$stopped" -ge 5
point "each left a row in the log, and nothing else" eval 'test ! -e "$work/wrong" || { cat "$work/wrong"; rm "$work/wrong"; false; }'

ended=0
for i in $(seq 1 10); do
	PGAPPNAME=victim sql stops -c "CALL hedge.rebuild('busy', as_of => '2025-01-13')" >/dev/null 2>&1 &
	sleep "$(printf '0.%03d' $((span * i / 11 % 1000)))"
	sql stops -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'victim'" >/dev/null
	if ! wait $!; then
		ended=$((ended + 1))
		for try in $(seq 1 50); do
			[ "$(sql stops -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'victim'")" != 0 ] || break
			sleep 0.1
		done
		# Ended before it began there is no row; a commit may have been the last thing it did.
		case $(sql stops -c "SELECT last_refresh_status FROM busy.model_health") in
			interrupted) [ "$(state)" = "$before" ] || state >>"$work/wrong" ;;
			done | failed) before=$(state) ;;
			*) sql stops -c 'SELECT * FROM busy.model_health' >>"$work/wrong" ;;
		esac
	else
		before=$(state)
	fi
done
interrupted=$(sql stops -c "SELECT count(*) FROM busy._refresh WHERE status = 'interrupted'")
echo "# $ended sessions terminated, $interrupted refreshes interrupted"
point "sessions end in refreshes" test "$interrupted" -ge 2
point "readers see the last run after each" eval 'cat "$work/wrong"; test ! -e "$work/wrong"'
point "the lock is free, and a refresh goes through" sql stops -c "SET client_min_messages = error" -c "CALL hedge.refresh('busy', as_of => '2025-01-14')"
point "which takes the leftovers away" test "$(sql stops -c "$stray")" = 0
point "and writes down what was interrupted" test "$(sql stops -c "SELECT count(*) FROM busy.refresh_log WHERE status = 'running'")" = 0
sql stops >"$work/differences" 2>"$work/errors" <<-'SQL'
	SET client_min_messages = warning;
	SELECT hedge.create_book('anew', prices => 'busy.price', positions => 'busy.position') \gset
	DELETE FROM anew.model;
	INSERT INTO anew.model SELECT * FROM busy.model;
	CALL hedge.refresh('anew', as_of => '2025-01-14');
	SELECT asset_y, asset_x FROM (SELECT (hedge.pairs(matrix)).* FROM busy.model_run JOIN busy.latest_run USING (run)) AS p
	FULL JOIN (SELECT (hedge.pairs(matrix)).* FROM anew.model_run JOIN anew.latest_run USING (run)) AS q USING (asset_y, asset_x)
	WHERE (p.observations = q.observations AND abs(p.correlation - q.correlation) < 1e-12) IS NOT TRUE;
	SELECT portfolio, asset_a, asset_b FROM busy.materialized_offsets AS p FULL JOIN anew.materialized_offsets AS q USING (portfolio, asset_a, asset_b)
	WHERE (abs(p.risk_offset / q.risk_offset - 1) < 1e-9 AND p.verdict = q.verdict) IS NOT TRUE;
	SELECT 'nothing to compare' WHERE NOT EXISTS (SELECT FROM busy.materialized_offsets);
SQL
point "the book is as one made anew" eval 'cat "$work/errors" "$work/differences"; test ! -s "$work/errors" -a ! -s "$work/differences"'

# A session that goes on after a cancellation has given the lock back; models that come later are not begun.
sql stops >"$work/got" 2>/dev/null <<-'SQL'
	\set ON_ERROR_STOP off
	SET client_min_messages = error;
	CREATE VIEW slow AS SELECT p.* FROM busy.price AS p WHERE (SELECT pg_sleep(20)) IS NOT NULL;
	UPDATE busy.model SET prices = 'public.slow';
	INSERT INTO busy.model (model, lookback, minimum_observations) VALUES ('later', 100, 60);
	SET statement_timeout = '2s';
	CALL hedge.rebuild('busy');
	RESET statement_timeout;
	SELECT model, status, error_code FROM busy.refresh_log ORDER BY entry DESC LIMIT 1;
	SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND classid = 'busy.refresh_log'::regclass AND objid <> 0;
	UPDATE busy.model SET prices = NULL;
	CALL hedge.refresh('busy', as_of => '2025-01-14');
	SELECT model, status FROM busy.refresh_log ORDER BY entry DESC LIMIT 2;
	SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND classid = 'busy.refresh_log'::regclass AND objid <> 0;
SQL
printf '%s\n' 'default|failed|57014' 0 'later|done' 'default|done' 0 >"$work/want"
same "a cancellation begins no other model, and no lock outlives its refresh in a session" "$work/want" "$work/got"
sql postgres -c 'DROP DATABASE stops'
plan
