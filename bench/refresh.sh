#!/bin/bash
# A book of 500 assets with minute bars: the first refresh, which reads all of 30 days (21.6 million
# prices), against a sequential scan of the prices with an aggregate; and the refresh after one new
# bar an asset against the first one. Then how the latter grows with the window, beside the one
# matrix product (dsyrk) that the window needs.
#   bench/refresh.sh
#   ASSETS=50 BARS=1440 ROUNDS=3 bench/refresh.sh
cd "$(dirname "$0")/.."
. bench/common.bash
assets=${ASSETS:-500}
bars=${BARS:-43200}
# Some bars more than the window: without them a refresh has nothing to begin from, and reads all.
history=$((bars + 100))
windows="$((bars / 8)) $((bars / 4)) $((bars / 2)) $bars"

settings
compile dsyrk bench/dsyrk.c src/kernel/lapack.c
psql -Xq -v ON_ERROR_STOP=1 -v assets="$assets" -v history="$history" <<'SQL'
SELECT setseed(0.5) \g /dev/null
CREATE TABLE minute (asset text, ts timestamptz, price float8);
INSERT INTO minute
	SELECT 'asset ' || to_char(a, 'FM0000'), timestamptz '2024-01-01' + t * interval '1 minute', 100 + m + random()
	FROM (SELECT t, random() AS m FROM generate_series(1, :history) t) s, generate_series(1, :assets) a
	ORDER BY t, a;
ALTER TABLE minute ADD PRIMARY KEY (asset, ts);
CREATE INDEX ON minute (ts);
VACUUM ANALYZE minute;
CREATE TABLE held (portfolio text, asset text, quantity float8);
SELECT hedge.create_book('book', prices => 'minute', positions => 'held') \g /dev/null
DELETE FROM book.model;
CHECKPOINT;
SQL
for window in $windows; do
	sql "INSERT INTO book.model (model, bar, lookback, bars_per_year, retention) VALUES ('$window', '1 minute', $window, 525600, 3)"
done

scan='SELECT count(*), sum(price) FROM minute'
next_bar="INSERT INTO minute SELECT asset, ts + interval '1 minute', price + random() - 0.5 FROM minute WHERE ts = (SELECT max(ts) FROM minute)"
refresh() {						# refresh MODEL
	echo "CALL hedge.refresh('book', '$1')"
}
blocks() {						# blocks MODEL: those read and those kept by its last refresh
	sql "SELECT blocks_read || ' read, ' || blocks_reused || ' kept' FROM book.refresh_log WHERE model = '$1' ORDER BY entry DESC LIMIT 1"
}
for window in $windows; do
	[ "$window" = "$bars" ] || sql "$(refresh "$window")"
done
for _ in $(seq "$rounds"); do
	measure scan "$scan"
	sql "DELETE FROM book.model_run WHERE model = '$bars'" "DELETE FROM book.return_block WHERE model = '$bars'" \
		"DELETE FROM book.return_span WHERE model = '$bars'" \
		'VACUUM book.return_block, book.return_span, book.model_run' CHECKPOINT
	measure full "$(refresh "$bars")"
	full_blocks=$(blocks "$bars")
	sql "$next_bar"
	for window in $windows; do
		measure "one-$window" "$(refresh "$window")"
		quiet
		add "dsyrk-$window" "$("$programs/dsyrk" "$assets" "$window")"
	done
	one_blocks=$(blocks "$bars")
	rows=$(sql 'SELECT count(*) FROM minute')
done

# The incremental refresh gives what a full build gives.
difference() {					# after a refresh, and after a build of all
	sql "CREATE TEMP TABLE before AS SELECT p.* FROM book.latest_run l JOIN book.model_run r ON r.run = l.run, hedge.pairs(r.matrix) p WHERE l.model = '$1'" \
		"CALL hedge.rebuild('book', '$1')" \
		"SELECT coalesce(max(abs(b.correlation - p.correlation)), 'NaN'), count(*)
		 FROM book.latest_run l JOIN book.model_run r ON r.run = l.run, hedge.pairs(r.matrix) p
		 JOIN before b USING (asset_y, asset_x) WHERE l.model = '$1'"
}
difference=$(difference "$bars")
perl -e 'my ($d, $n) = split /\|/, $ARGV[0]; $d <= 1e-12 && $n == $ARGV[1] or die "a refresh differs from a rebuild by $d in $n pairs\n"' \
	"$difference" $((assets * (assets - 1) / 2))

printf '%s assets, %s minute bars, %s prices at the end; window %s bars. First refresh: %s blocks. After one bar more: %s. A rebuild afterwards agrees with it to %s.\n\n' \
	"$assets" "$history" "$rows" "$bars" "$full_blocks" "$one_blocks" "${difference%|*}"
times_header
times scan '`SELECT count(*), sum(price)`, sequential scan'
times full 'first refresh'
for window in $windows; do
	times "one-$window" "refresh after one bar, window $window"
	times "dsyrk-$window" "one \`dsyrk\` of that window"
done
claims_header
claim 'first refresh / `count(*), sum(price)`' "{full} / {scan}" most 6 \
	'rows pass through the executor to the calendar, which compares each with what its asset had in that bar.'
claim 'refresh after one bar / first refresh' "{one-$bars} / {full}" most 0.05 \
	'of the window only the blocks at its two ends are summed, and one matrix for each 16 blocks between them is added; the rest is reading the newest block again, the same for any window.'
claim "refresh after one bar: what it grows by from window $((bars / 2)) to $bars / what the \`dsyrk\` grows by" \
	"({one-$bars} - {one-$((bars / 2))}) / ({dsyrk-$bars} - {dsyrk-$((bars / 2))})" most 1 \
	'a matrix and the counts of each asset are added for each 16 blocks more.'
claims_end
