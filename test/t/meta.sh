#!/bin/bash
# META.json as PGXN wants it, and one version everywhere; the checker notices what is wrong.
. test/tap.bash

point "META.json and the version" packaging/check_meta
mkdir -p "$work/tree/packaging"
cp packaging/check_meta "$work/tree/packaging/"
notices() {						# notices FILE SED WORDS: with FILE edited so, it fails with these words
	cp META.json pghedge.control CHANGELOG.md README.md "$work/tree/"
	sed -i "$2" "$work/tree/$1"
	! cmp -s "$1" "$work/tree/$1" || { echo "nothing was edited"; return 1; }
	(cd "$work/tree" && ! packaging/check_meta) >"$work/said" 2>&1 && grep -F "$3" "$work/said" || { cat "$work/said"; return 1; }
}
while IFS='|' read -r file edit words; do
	point "noticed: $words" notices "$file" "$edit" "$words"
done <<'END'
META.json|/"abstract": "Finds/d|there is no abstract
META.json|/"meta-spec"/s/meta-spec/meta_spec/|there is no meta-spec
META.json|s/"tags"/"keywords"/|keywords is no key of the specification
META.json|0,/"version": "[0-9.]*"/s//"version": "9.9"/|version is not major.minor.patch
META.json|0,/"version": "[0-9.]*"/s//"version": "9.9.9"/|META.json is not of version
META.json|s/"runtime"/"running"/|running is no phase
META.json|s/"requires"/"needs"/|needs is no relation
META.json|s/15.0.0/15/|PostgreSQL has no version
META.json|s/README.md/READ.me/|READ.me is not there
META.json|s/"unstable"/"shaky"/|release_status is not
META.json|s/^{/[/|is no JSON
pghedge.control|/^default_version/s/'.*'/'9.9.9'/|is not of version 9.9.9
CHANGELOG.md|0,/^## /s//## 9.9.9\n\n## /|the top entry of CHANGELOG.md
END

# Nothing else repeats it, but pages that say what was measured, or how a release is made, and the parts of the book's
# template that say since when they are.
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" pghedge.control)
once() {
	! grep -rnF "$version" Makefile README.md src sql/install sql/book test demo packaging .ci \
		--include='*' --exclude-dir=node_modules --exclude-dir=data --exclude=meta.sh --exclude='*.o' |
		grep -v ':-- section: '
}
point "no other file that is built or run repeats the version" once
plan
