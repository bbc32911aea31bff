#!/bin/bash
# Rolling correlation of one pair over 1,000,000 rows read in order from an index, against
# count(*) over the same frame: the executor's own pace. JIT and parallelism are off; every figure
# is the least of seven interleaved rounds (core's corr(), which adds a frame up anew for each row,
# of two).
#   bench/rolling.sh              prints a table of ratios, in a throw-away server
#   ROWS=100000 bench/rolling.sh  a shorter one
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${PGHEDGE_STAGE:-}" ]; then
	exec env -u OPENBLAS_CORETYPE test/cluster "bench/${0##*/}"
fi
rows=${ROWS:-1000000}
rounds=${ROUNDS:-7}

psql -Xq -v ON_ERROR_STOP=1 -v rows="$rows" <<'SQL'
CREATE EXTENSION pghedge;
SELECT setseed(0.5) \g /dev/null
CREATE TABLE bar AS
	SELECT t, 100 + y AS y, 50 + y / 2 + random() AS x
	FROM (SELECT t, random() + random() AS y FROM generate_series(1, :rows) t) s;
ALTER TABLE bar ADD PRIMARY KEY (t);
VACUUM ANALYZE bar;
ALTER SYSTEM SET jit = off;
ALTER SYSTEM SET max_parallel_workers_per_gather = 0;
ALTER SYSTEM SET enable_sort = off;
ALTER SYSTEM SET work_mem = '64MB';
SELECT pg_reload_conf() \g /dev/null
SQL

frames='30 250 5000'
window() {						# window FRAME EXPRESSION: a query that makes every row and returns one
	echo "SELECT count(r) FROM (SELECT $2 OVER (ORDER BY t ROWS BETWEEN $(($1 - 1)) PRECEDING AND CURRENT ROW) AS r FROM bar) s"
}
declare -A least
measure() {						# measure NAME SQL: milliseconds, the least so far
	local ms
	ms=$(psql -XqAt -v ON_ERROR_STOP=1 -c '\timing on' -c "$2" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p')
	if [ -z "${least[$1]:-}" ] || perl -e "exit !($ms < ${least[$1]})"; then
		least[$1]=$ms
	fi
}
psql -XqAt -c "EXPLAIN (COSTS OFF) $(window 30 'hedge.rolling_corr(y, x)')" | sed 's/^/# /'
for round in $(seq "$rounds"); do
	for frame in $frames; do
		measure "count $frame" "$(window "$frame" 'count(*)')"
		measure "ours $frame" "$(window "$frame" 'hedge.rolling_corr(y, x)')"
		measure "summary $frame" "$(window "$frame" 'hedge.comoments(y, x)')"
		if [ "$frame" -le 250 ] && [ "$round" -le 2 ]; then
			measure "core $frame" "$(window "$frame" 'corr(y, x)')"
		fi
	done
done

printf '\n%s rows, milliseconds (least of %s rounds) and ratio to count(*)\n\n' "$rows" "$rounds"
printf '| rows in the frame | count(*) | rolling_corr | ratio | comoments | ratio | corr() of core | ratio |\n'
printf '|---|---|---|---|---|---|---|---|\n'
for frame in $frames; do
	perl -e '
		my ($frame, $count, $ours, $summary, $core) = @ARGV;
		printf "| %s | %.0f | %.0f | **%.2f** | %.0f | %.2f | %s | %s |\n", $frame, $count, $ours, $ours / $count,
			$summary, $summary / $count, $core ? sprintf("%.0f", $core) : "", $core ? sprintf("%.2f", $core / $count) : "";
	' "$frame" "${least[count $frame]}" "${least[ours $frame]}" "${least[summary $frame]}" "${least[core $frame]:-}"
done
