#!/bin/bash
# docs/howto/bi-tools.md: the role that it makes can run every query of the page, and each has an answer;
# the views and columns that it names are there. Tools fill in their variables first, and so does this.
. test/tap.bash

page=docs/howto/bi-tools.md
trap 'PGDATABASE= sql postgres -c "SET client_min_messages = error" -c "DROP DATABASE IF EXISTS bi_tools" -c "DROP ROLE IF EXISTS bi"; rm -rf "$work"' EXIT
sql postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS bi_tools' -c 'DROP ROLE IF EXISTS bi'
fresh bi_tools
psql -Xq -d bi_tools -f demo/load.sql >/dev/null 2>"$work/load" || { cat "$work/load" >&2; exit 1; }

awk -v lang=sql -v under='## A role that reads' -f test/page.awk $page >"$work/role.sql"
point "the role is made as the page says" sql bi_tools -f "$work/role.sql"

# A query a block; the values are such as a user of the demonstration would choose.
awk -v lang=sql -v but='## A role that reads' -f test/page.awk $page |
	sed -e 's/\$__timeFilter(time)/time BETWEEN '"'1998-01-01' AND '1999-01-01'"'/' \
		-e "s/'\\\$portfolio'\|{{portfolio}}\|<Parameters.Portfolio>/'index spread'/" \
		-e "s/'\\\$asset_y'/'DAX'/" -e "s/'\\\$asset_x'/'FTSE'/" >"$work/queries"
answers() {						# answers QUERY: without an error, and with a row
	PGUSER=bi sql bi_tools -c "$1" >"$work/answer" && head -n 3 "$work/answer" && test -s "$work/answer"
}
queries=0
while IFS= read -r -d '' query; do
	queries=$((queries + 1))
	point "$(tr '\n' ' ' <<<"$query" | cut -c 1-70)…" answers "$query"
done < <(awk -v RS= '{ printf "%s%c", $0, 0 }' "$work/queries")
point "there are queries" test $queries -ge 9
point "no variable is left" eval '! grep -nE "[$]|[{][{]|<Param" "$work/queries"'
point "the role cannot write" eval '! PGUSER=bi sql bi_tools -c "DELETE FROM desk.position"'

# `name` or `name(...)` in the text: a view or column of the book, or what the page gives as something else.
named() {
	local name missing=0
	for name in $(sed -e '/^```/,/^```/d' $page | grep -oE '`[a-z_]+`' | tr -d '`' | sort -u); do
		case $name in
			text | float8 | integer | timestamptz | boolean | _ | bi | server | trading | desk | disable | pg) continue ;;
		esac
		[ "$(sql bi_tools -c "SELECT EXISTS (SELECT FROM pg_class AS c LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid
			WHERE c.relnamespace = 'desk'::regnamespace AND c.relkind = 'v' AND '$name' IN (c.relname, a.attname))")" = t ] ||
			{ echo "$name is neither a view nor a column"; missing=1; }
	done
	return $missing
}
point "views and columns that it names are there" named
plan
