#!/bin/bash
# Evidence of all pairs of 500 assets x 2,500 bars (124,750 pairs) against their rolling statistics
# alone, and what a missing value in every asset costs.
#   bench/evidence_pairs.sh
#   ASSETS=50 BARS=1000 ROUNDS=5 bench/evidence_pairs.sh
cd "$(dirname "$0")/.."
. bench/common.bash
assets=${ASSETS:-500}
bars=${BARS:-2500}
window=60
few=$((assets < 60 ? assets : 60))		# assets with a gap
pairs=$((assets * (assets - 1) / 2))
few_pairs=$((few * (few - 1) / 2))

settings
psql -Xq -v ON_ERROR_STOP=1 -v assets="$assets" -v bars="$bars" -v few="$few" <<'SQL'
SELECT setseed(0.5) \g /dev/null
CREATE TABLE cell AS
	SELECT a, t, (m + random() - 0.5) / 50 AS value
	FROM (SELECT t, random() - 0.5 AS m FROM generate_series(1, :bars) t) s, generate_series(1, :assets) a;
CREATE TABLE wide AS
	SELECT array_agg('asset ' || a ORDER BY a) AS assets, array_agg(series ORDER BY a) AS observations
	FROM (SELECT a, array_agg(value ORDER BY t) AS series FROM cell GROUP BY a) s;
CREATE TABLE gaps AS
	SELECT array_agg('asset ' || a ORDER BY a) AS assets, array_agg(series ORDER BY a) AS observations
	FROM (SELECT a, array_agg(CASE WHEN t <> a * 7 THEN value END ORDER BY t) AS series FROM cell WHERE a <= :few GROUP BY a) s;
VACUUM ANALYZE;
SQL

rolling="SELECT count(*), sum(minimum) FROM wide, hedge.rolling_pairs(assets, observations, $window)"
evidence='SELECT count(*), sum((evidence).rolling_minimum) FROM wide, hedge.evidence_pairs(assets, observations)'
for round in $(seq "$rounds"); do
	measure rolling "$rolling"
	measure evidence "$evidence"
	measure gaps 'SELECT count(*), sum((evidence).rolling_minimum) FROM gaps, hedge.evidence_pairs(assets, observations)'
done

# What is timed must also agree.
perl -e '
	my ($n, $sum, $m, $other) = map { split /\|/ } @ARGV;
	$n == $m && abs($sum - $other) <= 1e-9 * (1 + abs $sum) or die "rolling minima differ: $sum, $other\n";
' "$(sql "$rolling")" "$(sql "$evidence")"

printf '%s pairs x %s bars, windows of %s.\n\n' "$pairs" "$bars" "$window"
times_header
times rolling '`hedge.rolling_pairs`'
times evidence '`hedge.evidence_pairs`, all pairs'
times gaps "\`hedge.evidence_pairs\`, $few_pairs pairs of assets with a gap each"
claims_header
claim 'evidence of all pairs / their rolling statistics' '{evidence} / {rolling}' most 10 \
	'the tests cost more here than the rolling correlations that they stand beside.'
claim 'evidence of a pair with gaps / of one without' "{gaps} / $few_pairs / ({evidence} / $pairs)"
claims_end
