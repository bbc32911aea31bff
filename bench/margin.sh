#!/bin/bash
# Margins of 100,000 portfolios x 50 positions (122 million pairs, three scenarios each) against one run in one
# statement and one backend, against reading and grouping the same positions in one statement; then of one portfolio.
#   bench/margin.sh
#   PORTFOLIOS=1000 ROUNDS=3 bench/margin.sh
cd "$(dirname "$0")/.."
. bench/common.bash
portfolios=${PORTFOLIOS:-100000}

settings
make_book
sql "UPDATE book.model SET pairs_kept = 1, retention = 1, evidence = 'none'" "CALL hedge.refresh('book')"
hold "$portfolios"
sql "INSERT INTO book.instrument (asset, bucket)
	SELECT 'asset ' || to_char(a, 'FM0000'), 'bucket ' || a % 8 FROM generate_series(0, 499) a" 'VACUUM ANALYZE'

group='SELECT count(*), sum(n), sum(q) FROM (SELECT p.portfolio, count(*) AS n, sum(p.quantity) AS q FROM book.position AS p GROUP BY p.portfolio) AS s'
holdings='SELECT count(*), sum(length(holdings)) FROM book._holding'
margin='SELECT count(*), sum(margin) FROM book.portfolio_margin'
one="SELECT * FROM book.portfolio_margin WHERE portfolio = 'portfolio 000001'"
for _ in $(seq "$rounds"); do
	sql 'DELETE FROM book.margin_setting'
	measure group "$group"
	measure withheld "$margin"
	sql "INSERT INTO book.margin_setting (model, credited_verdicts) VALUES ('default', NULL)"
	measure margin "$margin"
	measure holdings "$holdings"
	measure one "$one" "$one"
done
found=$(sql "SELECT count(*) FROM book.portfolio_margin WHERE margin BETWEEN net_margin AND gross_margin AND legs > 40")
[ "$found" = "$portfolios" ] || { echo "$found margins of $portfolios" >&2; exit 1; }

printf '%s portfolios x 50 positions of 500 assets in 8 buckets, margined against one run by the view `portfolio_margin`.\n\n' "$portfolios"
times_header
times group 'positions read and grouped: count and sum by portfolio'
times holdings 'positions to holdings, `hedge._holdings` alone'
times margin '`portfolio_margin`, all pairs credited'
times withheld '`portfolio_margin`, no pair credited, and what that withholds'
times one '`portfolio_margin` of one of these portfolios'
claims_header
claim "margin of $portfolios portfolios / reading and grouping their positions" '{margin} / {group}' most 5 \
	'positions become holdings before they are margined; the table of times tells the two apart.'
claim "margin of $portfolios portfolios without and with evidence / reading and grouping" '{withheld} / {group}' most 5 \
	'each portfolio is margined twice.'
claims_end
