#!/bin/bash
# Pages with SQL, run as printed: the output of a block is what stands in the block after it, if that
# has no language. A page says in a comment what it starts from: "tested on an empty database" or
# "tested on the demonstration". Of the README, the tour.
. test/tap.bash

pages=$(grep -rlE '^<!-- tested on ' README.md docs --include=*.md | LC_ALL=C sort)
point "there are pages" test -n "$pages"

steps() {						# blocks of SQL with a mark before each, and what they should print
	awk -v tour="$2" -v run="$work/run.sql" -v want="$work/want" '
		tour && /^## / { on = ($0 == "## " tour) }
		tour && !on    { next }
		/^```sql$/     { print "\\echo @@ " ++n > run; sql = 1; next }
		/^```$/ && sql { sql = 0; ran = 1; next }
		/^```/         { inside = !inside; out = inside && ran && $0 == "```"; ran = 0
			if (out) print "@@ " n > want; next }
		sql            { print > run }
		out            { print > want }
		/^[^`]/ && !sql && !inside { ran = 0 }
	' "$1"
}

for page in $pages; do
	rm -f "$work/run.sql" "$work/want"
	fresh pages
	case $(grep -m 1 '^<!-- tested on ' "$page") in
		*'the demonstration'*) psql -Xq -d pages -f demo/load.sql >/dev/null 2>"$work/load" ;;
		*'an empty database'*) ;;
		*) false ;;
	esac || { cat "$work/load" >&2; exit 1; }
	steps "$page" "$([ "$page" != README.md ] || echo "Five minutes")"
	touch "$work/run.sql" "$work/want"
	point "$page: what opens a block is closed" eval '[ $(($(grep -c "^\`\`\`" "$page") % 2)) = 0 ]'
	point "$page: every block runs" eval \
		'psql -Xq -d pages -v ON_ERROR_STOP=1 -P pager=off <"$work/run.sql" >"$work/all" 2>&1 || { tail -n 20 "$work/all"; false; }'
	# Only what is printed on the page is compared.
	awk -v want="$work/want" '
		BEGIN { while ((getline line < want) > 0) if (line ~ /^@@ /) wanted[line] = 1 }
		/^@@ / { on = $0 in wanted }
		on' "$work/all" | sed -e 's/ *$//' -e '/^$/d' >"$work/got"
	sed -i -e 's/ *$//' -e '/^$/d' "$work/want"
	point "$page: prints something" test -s "$work/want"
	same "$page: every output is as printed" "$work/want" "$work/got"
done
psql -Xq -d postgres -c 'DROP DATABASE pages'
plan
