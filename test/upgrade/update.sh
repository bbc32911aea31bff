#!/bin/bash
# ALTER EXTENSION UPDATE from every released version gives the catalogue of a fresh installation.
#
# sql/upgrade/ holds pghedge--X.Y.Z.sql, the install script of a release as it was, and
# pghedge--X.Y.Z--A.B.C.sql, the hand-written way from it. While there was no release, two fresh
# installations are compared, and a changed one is seen to differ.
. test/tap.bash

share=$PGHEDGE_STAGE$("$PG_CONFIG" --sharedir)/extension
current=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" pghedge.control)
catalogue() {
	sql "$1" -f test/upgrade/catalogue.sql
}

fresh upgrade_fresh upgrade_again
sql upgrade_fresh -c 'CREATE EXTENSION pghedge'
catalogue upgrade_fresh >"$work/fresh"
point "the catalogue of a fresh installation is not empty" test -s "$work/fresh"

sql upgrade_again -c 'CREATE EXTENSION pghedge'
catalogue upgrade_again >"$work/again"
same "two fresh installations are the same" "$work/fresh" "$work/again"

sql upgrade_again -c 'ALTER FUNCTION hedge.comoments_in(cstring) VOLATILE'
catalogue upgrade_again >"$work/again"
point "an installation that differs is seen to differ" eval '! cmp -s "$work/fresh" "$work/again"'

old_versions=$(find sql/upgrade -name 'pghedge--*.sql' ! -name 'pghedge--*--*.sql' |
	sed 's/.*pghedge--\(.*\)\.sql/\1/' | grep -vxF "$current" | sort -V)
[ -n "$old_versions" ] || echo "# there is no earlier release to update from"
for old in $old_versions; do
	cp "sql/upgrade/pghedge--$old.sql" "$share/"
	fresh upgrade_again
	point "$old installs with the library of $current" \
		sql upgrade_again -c "CREATE EXTENSION pghedge VERSION '$old'"
	point "$old updates to $current" sql upgrade_again -c "ALTER EXTENSION pghedge UPDATE TO '$current'"
	catalogue upgrade_again >"$work/again"
	same "$old updated is $current" "$work/fresh" "$work/again"
done
plan
