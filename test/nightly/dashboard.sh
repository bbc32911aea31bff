#!/bin/bash
# The dashboard, in a browser without a screen: built of the demonstration's book and of one with an
# alert, it has the numbers of the views. Screenshots go to build/dashboard/pictures/BOOK.
. test/tap.bash
test/packages dashboard || exit 1

fresh dashboard
export PGDATABASE=dashboard
psql -Xq -f demo/load.sql >/dev/null 2>"$work/load" || { cat "$work/load" >&2; exit 1; }
psql -Xq -v ON_ERROR_STOP=1 -f test/dashboard/broken.sql >/dev/null || exit 1

truth() {						# what the page should show of a book, by model
	sql dashboard -c "SELECT json_object_agg(model, json_build_object(
		'as_of', (SELECT to_char(as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM $1.model_health AS h WHERE h.model = m.model),
		'status', (SELECT last_refresh_status FROM $1.model_health AS h WHERE h.model = m.model),
		'currency', (SELECT base_currency FROM $1.book),
		'poor', (SELECT count(*) FROM $1.data_quality AS q WHERE q.model = m.model AND verdict <> 'good'),
		'alerts', (SELECT coalesce(json_agg(a), '[]') FROM $1.open_alerts AS a WHERE a.model = m.model),
		'portfolios', (SELECT json_agg(p ORDER BY portfolio) FROM $1.portfolio_risk AS p WHERE p.model = m.model),
		'pairs', (SELECT json_agg(o ORDER BY risk_offset DESC) FROM $1.materialized_offsets AS o WHERE o.model = m.model),
		'series', (SELECT json_object_agg(asset_y || '/' || asset_x, n) FROM (
			SELECT asset_y, asset_x, count(*) AS n FROM $1.rolling_correlation AS r WHERE r.model = m.model GROUP BY 1, 2) AS r),
		'correlations', (SELECT json_agg(correlation) FROM $1.correlation AS c WHERE c.model = m.model))) FROM $1.model AS m"
}

export NODE_PATH=$PWD/build/browser/node_modules
for book in desk broken; do
	coproc SERVER { PGHEDGE_BOOK=$book exec demo/dashboard/run 2>"$work/run"; }
	read -r address <&"${SERVER[0]}"
	point "$book: the page is built, and its address printed" eval '[[ $address == http://127.0.0.1:* ]] || { cat "$work/run"; false; }'
	truth $book >"$work/truth"
	mkdir -p build/dashboard/pictures/$book
	point "$book: the page shows what the views have" \
		node test/dashboard/page.cjs "$address" "$work/truth" build/dashboard/pictures/$book
	kill "$SERVER_PID"
	wait "$SERVER_PID" 2>/dev/null
done
point "the book with a break has an alert" eval 'sql dashboard -c "SELECT count(*) FROM broken.open_alerts" | grep -qx 1'
plan
