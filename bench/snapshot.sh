#!/bin/bash
# Offsets of 100,000 portfolios x 50 positions (122 million pairs), the best 20 pairs of each, made
# by a refresh in one backend, against inserting as many rows of the same width from a table; with
# the backend's peak memory; evidence of pairs is another matter, and off. Then offsetting_pairs of
# one portfolio of 500 positions (124,750 pairs), live, against returning as many rows of the same
# width from a table: in a book of its own with the settings that a book has, and among the others, without
# any evidence and with that of all pairs that some portfolio keeps.
#   bench/snapshot.sh
#   PORTFOLIOS=1000 ROUNDS=3 bench/snapshot.sh
cd "$(dirname "$0")/.."
. bench/common.bash
portfolios=${PORTFOLIOS:-100000}

settings
make_book
hold "$portfolios"
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
UPDATE book.model SET pairs_kept = 20, retention = 1, evidence = 'none';
CALL hedge.refresh('book');
CREATE TABLE kept AS SELECT * FROM book.offset_snapshot;
CREATE TABLE written (LIKE book.offset_snapshot INCLUDING ALL);
CREATE TABLE snapshot_holding AS TABLE book.position;
VACUUM ANALYZE;
SQL
pairs=$((portfolios * 50 * 49 / 2))
rows=$(sql 'SELECT count(*) FROM kept')
width=$(sql 'SELECT round(avg(pg_column_size(k))) FROM kept k')

# A refresh in a session of its own, which then tells the most memory it ever had, in kB.
refresh_with_memory() {
	local out
	quiet
	out=$(psql -XqAt -v ON_ERROR_STOP=1 <<-'SQL'
		SELECT pg_backend_pid() AS pid \gset
		\setenv BACKEND :pid
		\timing on
		CALL hedge.refresh('book');
		\timing off
		\! grep VmHWM /proc/$BACKEND/status
	SQL
	)
	add refresh "$(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' <<<"$out")"
	add memory "$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' <<<"$out")"
}

for _ in $(seq "$rounds"); do
	sql 'TRUNCATE book.offset_snapshot, book.model_run, book.return_block CASCADE' 'TRUNCATE written' CHECKPOINT
	refresh_with_memory
	sql CHECKPOINT
	measure insert 'INSERT INTO written SELECT * FROM kept'
	# once more: a snapshot is there already, and goes
	sql CHECKPOINT
	measure again "CALL hedge.refresh('book')"
done
stored=$(sql 'SELECT count(*) FROM book.offset_snapshot')
[ "$stored" = "$rows" ] || { echo "$stored rows of $rows in the snapshot" >&2; exit 1; }
holdings='SELECT count(*), sum(length(h.holdings)) FROM (SELECT * FROM book._holding ORDER BY portfolio) AS h'
for _ in $(seq "$rounds"); do
	measure holdings "$holdings"
done
sql 'TRUNCATE book.position' 'VACUUM ANALYZE book.position'
for _ in $(seq "$rounds"); do
	sql 'TRUNCATE book.offset_snapshot, book.model_run, book.return_block CASCADE' 'VACUUM ANALYZE book.position'
	measure empty "CALL hedge.refresh('book')"
done

# One portfolio of 500 positions among the others.
sql 'INSERT INTO book.position SELECT * FROM snapshot_holding' \
	"INSERT INTO book.position SELECT 'large', 'asset ' || to_char(a, 'FM0000'), round(1000 * (random() - 0.5)) FROM generate_series(0, 499) a" \
	'VACUUM ANALYZE book.position'
plain_live="SELECT * FROM book.offsetting_pairs WHERE portfolio = 'large'"
sql "CREATE TABLE plain_kept AS $plain_live" 'VACUUM ANALYZE plain_kept'
for _ in $(seq "$rounds"); do
	measure plain_live "$plain_live" "$plain_live"
	measure plain_table 'SELECT * FROM plain_kept' 'SELECT * FROM plain_kept'
done
sql "UPDATE book.model SET evidence = 'kept'" "CALL hedge.refresh('book')" 'VACUUM ANALYZE'
sql "SELECT hedge.create_book('alone', prices => 'book.price')" \
	"INSERT INTO alone.position SELECT * FROM book.position WHERE portfolio = 'large'" \
	"CALL hedge.refresh('alone')" 'VACUUM ANALYZE' >/dev/null
alone="SELECT * FROM alone.offsetting_pairs WHERE portfolio = 'large'"
sql "CREATE TABLE alone_kept AS $alone" 'VACUUM ANALYZE alone_kept'
for _ in $(seq "$rounds"); do
	measure alone "$alone" "$alone"
	measure alone_table 'SELECT * FROM alone_kept' 'SELECT * FROM alone_kept'
done
live="SELECT * FROM book.offsetting_pairs WHERE portfolio = 'large'"
sql "CREATE TABLE live_kept AS $live" 'VACUUM ANALYZE live_kept'
evident=$(sql "SELECT count(*) FROM live_kept WHERE verdict <> 'not examined'")
evidence=$(sql 'SELECT count(*) FROM book.pair_evidence')
live_rows=$(sql 'SELECT count(*) FROM live_kept')
live_width=$(sql 'SELECT round(avg(pg_column_size(k))) FROM live_kept k')
for _ in $(seq "$rounds"); do
	# Each the second time in its session, as from a pool of connections.
	measure live "$live" "$live"
	measure table 'SELECT * FROM live_kept' 'SELECT * FROM live_kept'
	measure live_sum "SELECT count(*), sum(risk_offset), min(asset_a), max(price_time) FROM ($live) s" "$live"
	measure top "$live ORDER BY risk_offset DESC LIMIT 20" "$live"
done

memory=$(calc '%.0f' "$(sort -n "$samples/memory" | tail -n 1) / 1024")
printf '%s portfolios x 50 positions of 500 assets: %s pairs, of which a refresh stores %s rows of %s bytes; peak memory of its backend (VmHWM, with the shared buffers it touched): %s MB. Live: 500 positions, 124,750 pairs, %s rows of %s bytes.\n\n' \
	"$portfolios" "$pairs" "$rows" "$width" "$memory" "$live_rows" "$live_width"
times_header
times refresh 'first refresh of the book'
times again 'refresh that replaces the snapshot'
times empty 'first refresh without positions'
times holdings 'of which: positions to holdings, view `_holding` alone'
times insert '`INSERT INTO ... SELECT * FROM` a table of these rows'
times alone '`SELECT * FROM offsetting_pairs WHERE portfolio = ...`, 500 positions, a book of its own'
times alone_table '`SELECT * FROM` a table of these rows'
times plain_live 'the same among the others, from a run without evidence'
times plain_table '`SELECT * FROM` a table of those rows'
times live "the same with evidence, which $evident of its pairs have"
times table '`SELECT * FROM` a table of those rows'
times live_sum 'these rows made and counted but not sent'
times top '`offsetting_pairs ... ORDER BY risk_offset DESC LIMIT 20`'
claims_header
claim "snapshot of $portfolios portfolios: refresh / insert from a table" '{refresh} / {insert}' most 3 \
	'positions are read and grouped, pairs examined and rows made before they are inserted.'
claim "snapshot of $portfolios portfolios: refresh that replaces one / insert from a table" '{again} / {insert}'
claim 'snapshot: peak memory of the backend in GB' "$memory / 1024" most 1 \
	'work_mem is taken by several steps of the plan at once.'
claim 'live offsetting_pairs of 500 positions / returning the rows from a table' '{alone} / {alone_table}' most 1.5 \
	'a row is made of each pair and kept until the function ends; the rows of a table are only sent.'
claim 'the same without any evidence' '{plain_live} / {plain_table}' most 1.5 \
	'a row is made of each pair and kept until the function ends; the rows of a table are only sent.'
claim "the same where $evident of its pairs have evidence, read from $evidence rows" '{live} / {table}'
claims_end
