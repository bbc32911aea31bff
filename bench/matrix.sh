#!/bin/bash
# From a long table of 500 assets x 2,500 days to its 124,750 pairs in one statement, against
# SELECT count(*), sum(value) over the same table; complete and with a tenth of the cells missing;
# rows stored by day, by asset, and at random. Parallelism is off for both; the least of five
# interleaved rounds.
#   bench/matrix.sh               prints a table of ratios, in a throw-away server
#   ASSETS=50 bench/matrix.sh     a smaller one
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${PGHEDGE_STAGE:-}" ]; then
	exec env -u OPENBLAS_CORETYPE test/cluster "bench/${0##*/}"
fi
assets=${ASSETS:-500}
days=${DAYS:-2500}
rounds=${ROUNDS:-5}

psql -Xq -v ON_ERROR_STOP=1 -v assets="$assets" -v days="$days" <<'SQL'
CREATE EXTENSION pghedge;
SELECT setseed(0.5) \g /dev/null
CREATE TABLE complete_by_day AS
	SELECT 'asset ' || a AS asset, timestamptz '2015-01-01' + d * interval '1 day' AS ts, (m + random() - 0.5) / 50 AS value
	FROM (SELECT d, random() - 0.5 AS m FROM generate_series(1, :days) d) s, generate_series(1, :assets) a
	ORDER BY d, a;
CREATE TABLE complete_by_asset AS SELECT * FROM complete_by_day ORDER BY asset, ts;
CREATE TABLE complete_at_random AS SELECT * FROM complete_by_day ORDER BY random();
CREATE TABLE missing_by_day AS SELECT * FROM complete_by_day WHERE random() > 0.1;
CREATE TABLE missing_by_asset AS SELECT * FROM missing_by_day ORDER BY asset, ts;
CREATE TABLE missing_at_random AS SELECT * FROM missing_by_day ORDER BY random();
ALTER SYSTEM SET jit = off;
ALTER SYSTEM SET max_parallel_workers_per_gather = 0;
ALTER SYSTEM SET work_mem = '64MB';
SELECT pg_reload_conf() \g /dev/null
VACUUM ANALYZE;
SQL

declare -A least
measure() {						# measure NAME SQL: milliseconds, the least so far
	local ms
	ms=$(psql -XqAt -v ON_ERROR_STOP=1 -c '\timing on' -c "$2" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p')
	if [ -z "${least[$1]:-}" ] || perl -e "exit !($ms < ${least[$1]})"; then
		least[$1]=$ms
	fi
}
tables='complete_by_day complete_by_asset complete_at_random missing_by_day missing_by_asset missing_at_random'
for round in $(seq "$rounds"); do
	for table in $tables; do
		measure "sum $table" "SELECT count(*), sum(value) FROM $table"
		measure "pairs $table" "SELECT count(*), sum(correlation) FROM
			(SELECT hedge.comoment_matrix(asset, ts, value) AS m FROM $table) s, hedge.pairs(m)"
	done
done

printf '%s assets x %s days to %s pair rows, milliseconds (least of %s rounds) and ratio to count(*), sum(value)\n\n' \
	"$assets" "$days" $((assets * (assets - 1) / 2)) "$rounds"
printf '| cells | order of rows | count(*), sum(value) | pairs(comoment_matrix(...)) | ratio |\n|---|---|---|---|---|\n'
for table in $tables; do
	perl -e '
		my ($table, $sum, $pairs) = @ARGV;
		my ($cells, $order) = split /_/, $table, 2;
		$order =~ tr/_/ /;
		printf "| %s | %s | %.0f | %.0f | **%.2f** |\n", $cells eq "missing" ? "10 % missing" : $cells, $order, $sum, $pairs, $pairs / $sum;
	' "$table" "${least[sum $table]}" "${least[pairs $table]}"
done
