#!/bin/bash
# How time grows: all pairs with the number of assets (1,000 days each) and of days (500 assets), a
# refresh with the number of portfolios (50 positions each). Prints a table and writes
# bench/growth.png, or the file that PLOT names.
#   bench/growth.sh
#   ASSETS="50 100" DAYS="250 500" PORTFOLIOS="100 200" ROUNDS=3 bench/growth.sh
cd "$(dirname "$0")/.."
. bench/common.bash
assets=${ASSETS:-125 250 500 1000 2000}
days=${DAYS:-625 1250 2500 5000 10000}
portfolios=${PORTFOLIOS:-1000 3000 10000 30000}

settings
make_long() {					# make_long ASSETS DAYS: the table long
	psql -Xq -v ON_ERROR_STOP=1 -v assets="$1" -v days="$2" <<-'SQL'
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS long;
		SELECT setseed(0.5) \g /dev/null
		CREATE TABLE long AS
			SELECT 'asset ' || to_char(a, 'FM0000') AS asset, timestamptz '2015-01-01' + t * interval '1 day' AS ts,
				(m + random() - 0.5) / 50 AS value
			FROM (SELECT t, random() - 0.5 AS m FROM generate_series(1, :days) t) s, generate_series(1, :assets) a
			ORDER BY t, a;
		VACUUM ANALYZE long;
	SQL
}
pairs='SELECT count(*), sum(correlation) FROM (SELECT hedge.comoment_matrix(asset, ts, value) AS m FROM long) s, hedge.pairs(m)'
for n in $assets; do
	make_long "$n" 1000
	for _ in $(seq "$rounds"); do
		measure "assets-$n" "$pairs"
	done
done
for n in $days; do
	make_long 500 "$n"
	for _ in $(seq "$rounds"); do
		measure "days-$n" "$pairs"
	done
done

sql 'DROP TABLE long'
make_book
sql 'UPDATE book.model SET pairs_kept = 20, retention = 1'
for n in $portfolios; do
	hold "$n"
	for _ in $(seq "$rounds"); do
		sql 'TRUNCATE book.offset_snapshot, book.model_run, book.return_block CASCADE' CHECKPOINT
		measure "portfolios-$n" "CALL hedge.refresh('book')"
	done
done

{
	for n in $assets; do echo "assets $n $(median "assets-$n")"; done
	for n in $days; do echo "days $n $(median "days-$n")"; done
	for n in $portfolios; do echo "portfolios $n $(median "portfolios-$n")"; done
} >"$samples/.growth"
Rscript --vanilla bench/growth.R "$samples/.growth" "${PLOT:-bench/growth.png}"
printf 'Medians of %s. The exponent is that of the growth from the line before: 1 where twice as many take twice the time.\n\n' "$rounds"
printf '| growing | number | milliseconds | exponent |\n|---|--:|--:|--:|\n'
perl -ane '
	BEGIN { %text = (assets => "all pairs of so many assets, 1,000 days", days => "all pairs of 500 assets, so many days",
		portfolios => "refresh with so many portfolios of 50 positions, 20 pairs kept") }
	my ($what, $n, $ms) = @F;
	printf "| %s | %s | %.0f | %s |\n", $text{$what}, $n, $ms,
		$what eq ($last // "") ? sprintf("%.2f", log($ms / $last_ms) / log($n / $last_n)) : "";
	($last, $last_n, $last_ms) = ($what, $n, $ms);' "$samples/.growth"
printf '\n![growth with assets, days and portfolios](%s)\n\n' "$(basename "${PLOT:-bench/growth.png}")"
