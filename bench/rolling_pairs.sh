#!/bin/bash
# Rolling correlation over 60 bars of all pairs of 500 assets x 2,500 bars (305 million correlations)
# kept as minimum, maximum, mean, standard deviation, latest value and number of sign changes:
# hedge.rolling_pairs against a C loop without tiles (untiled.c), and R (TTR) and pandas.
#   bench/rolling_pairs.sh
#   ASSETS=50 BARS=1000 WINDOW=60 ROUNDS=5 bench/rolling_pairs.sh
cd "$(dirname "$0")/.."
. bench/common.bash
assets=${ASSETS:-500}
bars=${BARS:-2500}
window=${WINDOW:-60}
few=$((assets < 20 ? assets : 20))		# R and pandas get the pairs of so many assets
pairs=$((assets * (assets - 1) / 2))
few_pairs=$((few * (few - 1) / 2))

settings
CFLAGS=-march=native compile untiled bench/untiled.c
psql -Xq -v ON_ERROR_STOP=1 -v assets="$assets" -v bars="$bars" <<'SQL'
SELECT setseed(0.5) \g /dev/null
CREATE TABLE long AS
	SELECT 'asset ' || to_char(a, 'FM0000') AS asset, timestamptz '2015-01-01' + t * interval '1 day' AS ts,
		(m + random() - 0.5) / 50 AS value
	FROM (SELECT t, random() - 0.5 AS m FROM generate_series(1, :bars) t) s, generate_series(1, :assets) a
	ORDER BY t, a;
CREATE TABLE wide AS
	SELECT array_agg(asset ORDER BY asset COLLATE "C") AS assets, array_agg(series ORDER BY asset COLLATE "C") AS observations
	FROM (SELECT asset, array_agg(value ORDER BY ts) AS series FROM long GROUP BY asset) s;
VACUUM ANALYZE;
SQL
sql 'COPY (SELECT value FROM long ORDER BY asset COLLATE "C", ts) TO STDOUT' >"$samples/.values"
sql "COPY (SELECT value FROM long WHERE asset <= 'asset ' || to_char($few, 'FM0000') ORDER BY asset COLLATE \"C\", ts) TO STDOUT" \
	>"$samples/.few"

six='sum(minimum), sum(maximum), sum(mean), sum(standard_deviation), sum(latest), sum(sign_changes)'
from_wide="SELECT $six FROM wide, hedge.rolling_pairs(assets, observations, $window)"
from_long="SELECT $six FROM (
	SELECT array_agg(asset ORDER BY asset) AS assets, array_agg(series ORDER BY asset) AS observations
	FROM (SELECT asset, array_agg(value ORDER BY ts) AS series FROM long GROUP BY asset) s) w,
	hedge.rolling_pairs(assets, observations, $window)"
for _ in $(seq "$rounds"); do
	measure ours "$from_wide"
	measure long "$from_long"
	quiet
	"$programs/untiled" "$assets" "$bars" "$window" <"$samples/.values" >"$samples/.untiled"
	add untiled "$(head -n 1 "$samples/.untiled")"
	quiet
	"$programs/untiled" "$assets" "$bars" "$window" plain <"$samples/.values" >"$samples/.plain"
	add plain "$(head -n 1 "$samples/.plain")"
	quiet
	Rscript --vanilla bench/rolling_pairs.R "$few" "$bars" "$window" "$samples/.few" >"$samples/.R"
	add R "$(head -n 1 "$samples/.R")"
	quiet
	/usr/bin/python3 bench/rolling_pairs.py "$few" "$bars" "$window" "$samples/.few" >"$samples/.pandas"
	add pandas "$(head -n 1 "$samples/.pandas")"
done

# What is timed must also agree.
agree() {						# agree WHAT QUERY: the six sums of the program are those of the query
	perl -e '
		my ($what, $ours, $theirs) = @ARGV;
		my @ours = split /\|/, $ours;
		my @theirs = split " ", $theirs;
		@theirs == 6 or die "$what gave no sums\n";
		for (0 .. 5) {
			abs($ours[$_] - $theirs[$_]) <= 1e-9 * (1 + abs $theirs[$_]) or die "$what differs: $theirs[$_], ours $ours[$_]\n";
		}' "$1" "$(sql "$2")" "$(tail -n 1 "$samples/.$1")"
}
agree untiled "$from_wide"
agree plain "$from_wide"
few_query="SELECT $six FROM wide, hedge.rolling_pairs(assets[1:$few], observations[1:$few], $window)"
agree R "$few_query"
agree pandas "$few_query"

printf '%s pairs x %s windows of %s bars. R and pandas did the %s pairs of %s assets; their ratios are scaled by the number of pairs. All give the same numbers to 1e-9.\n\n' \
	"$pairs" $((bars - window + 1)) "$window" "$few_pairs" "$few"
times_header
times ours '`hedge.rolling_pairs` from stored arrays'
times long '`hedge.rolling_pairs` from the long table, with `array_agg`'
times plain 'C loop without tiles: rank-1 add, rank-1 remove, statistics'
times untiled 'C loop without tiles, the three passes fused'
times R "R, TTR::runCor, $few_pairs pairs"
times pandas "pandas, rolling().corr(), $few_pairs pairs"
claims_header
claim 'rolling statistics of all pairs: C loop without tiles / ours' '{plain} / {ours}' least 1 \
	'the arithmetic of a pair and window costs more here than the traffic that tiles save.'
claim 'rolling statistics of all pairs: the C loop with its passes fused by hand / ours' '{untiled} / {ours}'
claim 'rolling statistics of all pairs: R (TTR::runCor) / ours' "{R} * $pairs / $few_pairs / {ours}"
claim 'rolling statistics of all pairs: pandas / ours' "{pandas} * $pairs / $few_pairs / {ours}"
claims_end
