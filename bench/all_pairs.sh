#!/bin/bash
# From a long table of 500 assets x 2,500 days to the statistics of its 124,750 pairs, against what
# one would do otherwise: DuckDB, pandas, a self-join in PostgreSQL; and against reading the table
# once. Then with a tenth of the rows missing, and 2,000 assets x 1,000 days against their own scan
# and the one matrix product (dsyrk) they need.
#   bench/all_pairs.sh
#   ASSETS=50 DAYS=500 MANY=200 MANY_DAYS=100 FEW=20 ROUNDS=5 bench/all_pairs.sh
cd "$(dirname "$0")/.."
. bench/common.bash
assets=${ASSETS:-500}
days=${DAYS:-2500}
many=${MANY:-2000}
many_days=${MANY_DAYS:-1000}
few=${FEW:-100}							# the self-join in PostgreSQL gets so many assets
pairs=$((assets * (assets - 1) / 2))
few_pairs=$((few * (few - 1) / 2))

settings
compile dsyrk bench/dsyrk.c src/kernel/lapack.c
psql -Xq -v ON_ERROR_STOP=1 -v assets="$assets" -v days="$days" -v many="$many" -v many_days="$many_days" \
	-v few="$few" <<'SQL'
SELECT setseed(0.5) \g /dev/null
CREATE TABLE long AS
	SELECT 'asset ' || to_char(a, 'FM0000') AS asset, timestamptz '2015-01-01' + t * interval '1 day' AS ts,
		(m + random() - 0.5) / 50 AS value
	FROM (SELECT t, random() - 0.5 AS m FROM generate_series(1, :days) t) s, generate_series(1, :assets) a
	ORDER BY t, a;
CREATE TABLE missing AS SELECT * FROM long WHERE random() >= 0.1;
CREATE TABLE few AS SELECT * FROM long WHERE asset <= 'asset ' || to_char(:few, 'FM0000');
CREATE TABLE many AS
	SELECT 'asset ' || to_char(a, 'FM0000') AS asset, timestamptz '2015-01-01' + t * interval '1 day' AS ts,
		(m + random() - 0.5) / 50 AS value
	FROM (SELECT t, random() - 0.5 AS m FROM generate_series(1, :many_days) t) s, generate_series(1, :many) a
	ORDER BY t, a;
VACUUM ANALYZE;
SQL
sql "COPY long TO STDOUT (FORMAT csv)" >"$samples/.csv"

scan() {						# scan TABLE
	echo "SELECT count(*), sum(value) FROM $1"
}
pairs_of() {					# pairs_of TABLE: every pair row made, one row returned
	echo "SELECT count(*), sum(correlation) FROM (SELECT hedge.comoment_matrix(asset, ts, value) AS m FROM $1) s, hedge.pairs(m)"
}
matrix_of() {					# matrix_of TABLE: the matrix alone
	echo "SELECT cardinality(hedge.assets(hedge.comoment_matrix(asset, ts, value))) FROM $1"
}
self_join='SELECT count(*), sum(correlation) FROM (
	SELECT y.asset, x.asset, corr(y.value, x.value) AS correlation
	FROM few y JOIN few x ON x.ts = y.ts AND x.asset > y.asset
	GROUP BY y.asset, x.asset) s'

for _ in $(seq "$rounds"); do
	measure scan "$(scan long)"
	measure ours "$(pairs_of long)"
	measure missing "$(pairs_of missing)"
	measure missing_scan "$(scan missing)"
	quiet
	NODE_PATH=$programs/node_modules node bench/duckdb.cjs "$samples/.csv" >"$samples/.duckdb"
	add duckdb "$(head -n 1 "$samples/.duckdb")"
	quiet
	/usr/bin/python3 bench/all_pairs.py >"$samples/.pandas"
	add pandas "$(head -n 1 "$samples/.pandas")"
	# as the server comes: two processes if it likes
	measure core "$self_join" 'SET max_parallel_workers_per_gather = 2'
	measure many_scan "$(scan many)"
	measure many_matrix "$(matrix_of many)"
	measure many_pairs "$(pairs_of many)"
	quiet
	add dsyrk "$("$programs/dsyrk" "$many" "$many_days")"
done

agree() {						# agree WHAT COUNT,SUM COUNT,SUM
	perl -e '
		my ($what, $n, $sum, $n1, $sum1) = ($ARGV[0], split(/[| ]/, $ARGV[1]), split(/[| ]/, $ARGV[2]));
		$n == $n1 && abs($sum - $sum1) <= 1e-9 * $n or die "$what differs: $n1 $sum1, ours $n $sum\n";' "$@"
}
agree duckdb "$(sql "$(pairs_of long)")" "$(sed -n 2p "$samples/.duckdb")"
agree pandas "$(sql "$(pairs_of long)")" "$(sed -n 2p "$samples/.pandas")"
agree core "$(sql "$(pairs_of few)")" "$(sql "$self_join")"

printf '%s assets x %s days, by day: %s pairs; %s assets x %s days: %s pairs. The self-join in PostgreSQL had %s assets and two processes; its ratio is scaled by the number of pairs. DuckDB %s had two threads. All agree to 1e-9.\n\n' \
	"$assets" "$days" "$pairs" "$many" "$many_days" $((many * (many - 1) / 2)) "$few" "$(sed -n 3p "$samples/.duckdb")"
times_header
times scan '`SELECT count(*), sum(value)`'
times ours '`hedge.comoment_matrix` and `hedge.pairs`'
times missing_scan '10 % missing: `SELECT count(*), sum(value)`'
times missing '10 % missing: `hedge.comoment_matrix` and `hedge.pairs`'
times duckdb 'DuckDB, in-memory copy, self-join and `corr`'
times pandas 'pandas: read through psycopg2, `pivot`, `corr()`'
times core "PostgreSQL, self-join and \`corr\`, $few assets"
times many_scan "$many assets: \`SELECT count(*), sum(value)\`"
times dsyrk "$many assets: one \`dsyrk\`"
times many_matrix "$many assets: \`hedge.comoment_matrix\`"
times many_pairs "$many assets: \`hedge.comoment_matrix\` and \`hedge.pairs\`"
claims_header
claim 'all pairs of a long table: ours / `count(*), sum(value)`' '{ours} / {scan}' most 4 \
	'every row has its time and asset looked up and its value stored; then come the sums and a row a pair.'
claim 'all pairs of a long table: DuckDB / ours' '{duckdb} / {ours}' least 12 \
	'DuckDB joins and adds up on both cores; ours reads PostgreSQL rows on one.'
claim 'all pairs of a long table: pandas / ours' '{pandas} / {ours}' least 10 \
	'reading the rows is most of it on both sides.'
claim 'all pairs of a long table: self-join in PostgreSQL / ours' "{core} * $pairs / $few_pairs / {ours}" least 200 \
	'reading the rows, which grow with the assets and not with the pairs, is most of ours.'
claim '10 % missing at random / complete' '{missing} / {ours}' most 2.5 \
	'where values are missing, sums over what each pair has in common take several matrix products.'
claim "$many assets: matrix / (\`count(*), sum(value)\` + \`dsyrk\`)" '{many_matrix} / ({many_scan} + {dsyrk})' most 4 \
	'every row has its time and asset looked up and its value stored.'
claim "$many assets: matrix and pair rows / (\`count(*), sum(value)\` + \`dsyrk\`)" '{many_pairs} / ({many_scan} + {dsyrk})' most 4 \
	"a row for each of $((many * (many - 1) / 2)) pairs passes through the executor."
claims_end
