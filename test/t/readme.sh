#!/bin/bash
# The README's tour, run as printed on the demonstration's book: each query's output is the one
# that stands below it.
. test/tap.bash

fresh readme
export PGDATABASE=readme
psql -Xq -f demo/load.sql >/dev/null 2>"$work/load" || { cat "$work/load" >&2; exit 1; }

# Blocks of SQL become steps with a mark before each; the blocks after them what they should print.
awk -v work="$work" '
	/^## /      { tour = ($0 == "## Five minutes") }
	!tour       { next }
	/^```sql$/  { n++; sql = 1; print "\\echo @@ " n > (work "/tour.sql"); next }
	/^```$/     { if (sql) sql = 0; else out = !out; if (out) print "@@ " n > (work "/want"); next }
	sql         { print > (work "/tour.sql") }
	out         { print > (work "/want") }
' README.md
psql -Xq -v ON_ERROR_STOP=1 -P pager=off -f "$work/tour.sql" 2>&1 | sed -e 's/ *$//' -e '/^$/d' >"$work/got"

point "there is a tour" eval 'test "$(grep -c ^@@ "$work/want")" -ge 5'
same "every output is as printed" "$work/want" "$work/got"
unset PGDATABASE
psql -Xq -c 'DROP DATABASE readme'
plan
