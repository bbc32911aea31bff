#!/bin/bash
# docs/reference.md is what the comments in the database say now.
. test/tap.bash

point "the reference is written" docs/generate "$work/reference.md"
same "docs/reference.md is up to date (make docs)" docs/reference.md "$work/reference.md"
point "it has every function that is not private" eval '
	fresh reference
	sql reference -c "CREATE EXTENSION pghedge" -c "SELECT DISTINCT proname FROM pg_proc
		WHERE pronamespace = '\''hedge'\''::regnamespace AND left(proname, 1) <> '\''_'\''
			AND prorettype NOT IN ('\''internal'\''::regtype, '\''cstring'\''::regtype)
			AND NOT proargtypes::oid[] && ARRAY['\''internal'\''::regtype, '\''cstring'\''::regtype]::oid[]
			AND NOT EXISTS (SELECT FROM pg_type AS t WHERE pg_proc.oid IN (t.typreceive, t.typsend))
			AND NOT EXISTS (SELECT FROM pg_aggregate AS a WHERE pg_proc.oid IN
				(a.aggtransfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn))" >"$work/names"
	while read -r n; do grep -qx "### $n" docs/reference.md || { echo "$n is missing"; missing=1; }; done <"$work/names"
	test -s "$work/names" -a -z "${missing:-}"'
point "the README names every view of a book" eval '
	awk "/^## Views of a book/ { on = 1; next } /^## / { on = 0 } on && /^### / { print \$2 }" docs/reference.md >"$work/views"
	while read -r v; do grep -q "^|.*\`$v\`.*|" README.md || { echo "$v is missing"; unnamed=1; }; done <"$work/views"
	test -s "$work/views" -a -z "${unnamed:-}"'
plan
