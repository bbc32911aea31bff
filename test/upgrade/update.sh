#!/bin/bash
# ALTER EXTENSION UPDATE and hedge.upgrade_book from every released version: extension and books are those
# of a fresh installation, rows and privileges those from before, and books go on. See sql/upgrade/README.md.
#
# The present is tested as if it were released, too: in a copy of the tree it is frozen, and a next
# version changes a bit of everything; what that version forgets to say of old books is seen to fail.
. test/tap.bash
. test/upgrade/books.bash

share=$PGHEDGE_STAGE$("$PG_CONFIG" --sharedir)/extension
current=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" pghedge.control)
catalogue() {
	sql "$1" -f test/upgrade/catalogue.sql
}
differ() {
	! cmp -s "$1" "$2"
}
roles=$(sql postgres -c "SELECT count(*) FROM pg_roles WHERE rolname IN ('upgrade_owner', 'upgrade_reader')")
[ "$roles" = 2 ] || sql postgres -c 'CREATE ROLE upgrade_owner' -c 'CREATE ROLE upgrade_reader' || exit 1
as_owner() {					# as_owner DATABASE STATEMENT...
	local database=$1 statement statements=()
	shift
	for statement; do
		statements+=(-c "$statement")
	done
	sql "$database" -c 'SET ROLE upgrade_owner' -c 'SET client_min_messages = warning' "${statements[@]}"
}
installed() {					# installed DATABASE VERSION: an empty database with that version
	fresh "$1"
	sql "$1" -c "CREATE EXTENSION pghedge VERSION '$2'" -c "GRANT CREATE ON DATABASE $1 TO upgrade_owner"
}
restored() {					# restored DATABASE FILE: takes the output of pg_dump
	sql "$1" -c 'SET client_min_messages = warning' -c "SET search_path = ''" -c 'SET check_function_bodies = off' -f "$2"
}
# Functions of 0.1.0 that take more arguments today.
hedges() {						# hedges DATABASE
	sql "$1" -c "SELECT string_agg(round(quantity::numeric, 9)::text, ' ' ORDER BY instrument) FROM hedge.greek_hedge('{4}', '{{1,3}}')" \
		-c "SELECT asset, round(hedge_ratio::numeric, 9) FROM hedge.basket_hedge('{A,B}', '{{2,4,-2,6,-4},{1,2,-1,3,-2}}', 'A', in_sample => 1)" \
		-c "SELECT bool_and(h.risk_after < h.risk_before) FROM desk.model_run AS r, hedge.minimum_variance_hedge(r.matrix, '{A}', '{1000}', '{B}') AS h" \
		-c "SELECT count(*) FROM hedge.credit_at_risk('{1,-1}', '{1,1}', NULL, '{{1,0.5},{0.5,1}}')" \
		-c "SELECT count(*) FROM hedge.margin_compartments('{1,-1}', '{1,1}', NULL, '{{1,0.5},{0.5,1}}', NULL, NULL, 1, '{a,b}')"
}
upgrade_books() {
	as_owner "$1" "SELECT hedge.upgrade_book('desk')" "SELECT hedge.upgrade_book('macro')"
}
rebuild_books() {
	as_owner "$1" "CALL hedge.rebuild('desk', as_of => '2025-09-20 20:00:00+00')" \
		"CALL hedge.rebuild('macro', as_of => '2025-09-20 20:00:00+00')"
}
books() {						# books DATABASE FILE: writes what both books are
	local book
	for book in desk macro; do
		book_catalogue "$1" $book | sed "s/^/$book: /"
	done >"$2"
}

# Views of a book that are said to answer otherwise from NEW on are left out of what must be as before.
otherwise=
lasting() {
	sed -E "/^[a-z]+\.(${otherwise:-none})\t/d" "$1" >"$1.lasting"
	echo "$1.lasting"
}

# upgrade OLD NEW FILE: FILE is a dump of test/upgrade/in_use.sql's database, made by OLD
upgrade() {
	local old=$1 new=$2 dump=$3 name="$1 to $2" role
	installed upgrade_fresh "$new"
	otherwise=$(sed -n 's/^-- answers otherwise: //p' "$share/pghedge--$old--$new.sql" | paste -sd '|')
	catalogue upgrade_fresh >"$work/fresh"
	point "$name: a fresh $new makes books" sql upgrade_fresh -f test/upgrade/in_use.sql
	books upgrade_fresh "$work/fresh.books"

	# The old SQL with the new library.
	point "$name: $old installs with this library" installed upgrade_old "$old"
	point "$name: its books are restored" restored upgrade_old "$dump"
	questions upgrade_old desk macro market >"$work/questions"
	for role in postgres upgrade_reader; do
		answers upgrade_old $role "$work/questions" >"$work/before.$role"
	done
	books upgrade_old "$work/before"
	point "$name: they answer" eval 'cat "$work/before.postgres"; ! grep "ERROR" "$work/before.postgres"
		for view in exposure offsetting_pairs portfolio_risk materialized_offsets correlation_stability open_alerts alert \
				model_health data_quality; do
			grep -q "^desk.$view" "$work/before.postgres" || { echo "$view is empty"; exit 1; }
		done'
	point "$name: so do functions that take more arguments now" eval 'hedges upgrade_old >"$work/hedges"; cat "$work/hedges"
		cmp "$work/hedges" <(printf "%s\n" "-0.400000000 -1.200000000" "B|2.000000000" t 5 2)'
	sql postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS upgrade_older' \
		-c 'CREATE DATABASE upgrade_older TEMPLATE upgrade_old'
	point "$name: $old refreshes with this library" as_owner upgrade_older "CALL hedge.refresh('desk', as_of => '2025-09-20 20:00:00+00')"

	# The update of the extension alone.
	catalogue upgrade_old >"$work/old"
	point "$name: ALTER EXTENSION UPDATE" sql upgrade_old -c "ALTER EXTENSION pghedge UPDATE TO '$new'"
	catalogue upgrade_old >"$work/updated"
	same "$name: the updated extension is a fresh one" "$work/fresh" "$work/updated"
	for role in postgres upgrade_reader; do
		answers upgrade_old $role "$work/questions" >"$work/after"
		same "$name: books that were not upgraded yet answer as before, $role" "$work/before.$role" "$work/after"
	done

	# That of its books.
	point "$name: hedge.upgrade_book by their owner" upgrade_books upgrade_old
	books upgrade_old "$work/upgraded"
	same "$name: upgraded books are fresh ones, with the rights and policies granted" "$work/fresh.books" "$work/upgraded"
	for role in postgres upgrade_reader; do
		answers upgrade_old $role "$work/questions" >"$work/after"
		same "$name: rows and answers as before, $role" "$(lasting "$work/before.$role")" "$(lasting "$work/after")"
	done
	point "$name: again changes nothing" upgrade_books upgrade_old
	books upgrade_old "$work/again"
	same "$name: nothing at all" "$work/upgraded" "$work/again"

	# Dumped and restored, before the upgrade of the books and after it.
	pg_dump -Fc -f "$work/dump" upgrade_old
	fresh upgrade_restored
	point "$name: dump and restore" pg_restore --exit-on-error -d upgrade_restored "$work/dump"
	books upgrade_restored "$work/restored"
	# The text of a view that was read from its text may differ by a cast; what it answers may not.
	grep -v '^[a-z]*: view ' "$work/upgraded" >"$work/upgraded.others"
	grep -v '^[a-z]*: view ' "$work/restored" >"$work/restored.others"
	same "$name: restored books are the same" "$work/upgraded.others" "$work/restored.others"
	answers upgrade_restored postgres "$work/questions" >"$work/after"
	same "$name: and answer alike" "$(lasting "$work/before.postgres")" "$(lasting "$work/after")"
	installed upgrade_restored "$new"
	point "$name: books of $old are restored under $new" restored upgrade_restored "$dump"
	point "$name: and upgraded" upgrade_books upgrade_restored
	books upgrade_restored "$work/restored"
	same "$name: to the same" "$work/upgraded" "$work/restored"

	# Both go on alike.
	point "$name: a fresh book is rebuilt" rebuild_books upgrade_fresh
	point "$name: an upgraded book is rebuilt" rebuild_books upgrade_old
	questions upgrade_fresh desk macro |
		grep -E "'(desk|macro)\.(exposure|offsetting_pairs|concentrating_pairs|portfolio_risk|data_quality)'" >"$work/questions"
	sed -i 's/\(, \)\?\brun\b\(, \)\?/\1/; s/, FROM/ FROM/' "$work/questions"
	answers upgrade_fresh postgres "$work/questions" >"$work/fresh.rebuilt"
	answers upgrade_old postgres "$work/questions" >"$work/upgraded.rebuilt"
	point "$name: a rebuilt book answers" grep '^desk.offsetting_pairs' "$work/fresh.rebuilt"
	same "$name: an upgraded book comes to the same numbers as a fresh one" "$work/fresh.rebuilt" "$work/upgraded.rebuilt"
}

for old in $(find sql/upgrade -name 'pghedge--*.sql' ! -name 'pghedge--*--*.sql' |
		sed 's/.*pghedge--\(.*\)\.sql/\1/' | grep -vxF "$current" | sort -V); do
	cp "sql/upgrade/pghedge--$old.sql" "$share/"
	upgrade "$old" "$current" "test/data/book-$old.sql"
done

# ---------- the present as a release, and a version after it ----------

next=99.0.0
mkdir "$work/tree"
tar c --exclude=.git --exclude=./build --exclude=*.o . | tar x -C "$work/tree"
chmod 755 "$work" "$work/tree"
make_scripts() {
	make -s -C "$work/tree" "pghedge--$next.sql" "pghedge--$current--$next.sql" &&
	cp "$work/tree/pghedge--$next.sql" "$work/tree/pghedge--$current--$next.sql" "$share/"
}
replace() {						# replace FILE PATTERN TEXT, once; an error if there is nothing to replace
	perl -0pi -e 'BEGIN { ($from, $to) = splice @ARGV, 0, 2 } s/$from/$to/ or die "no $from in $ARGV\n"' "$2" "$3" "$work/tree/$1"
}
point "sql/upgrade/freeze" "$work/tree/sql/upgrade/freeze" $next
point "a version that says nothing new" make_scripts
installed upgrade_old "$current"
sql upgrade_old -c "ALTER EXTENSION pghedge UPDATE TO '$next'"
installed upgrade_fresh "$next"
catalogue upgrade_fresh >"$work/fresh"
catalogue upgrade_old >"$work/updated"
same "is what the one before was" "$work/fresh" "$work/updated"

# A new function, a changed one, a changed comment; a new table, columns, constraint, index, default,
# storage, comment; a column of another type, which views must make room for; a view with one column more.
cat >"$work/tree/sql/install/99_later.sql" <<'SQL'
CREATE FUNCTION hedge.later(x float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN x + 1;
COMMENT ON FUNCTION hedge.later(float8) IS 'Later.';
REVOKE ALL ON FUNCTION hedge.later(float8) FROM PUBLIC;
SQL
changes='
ALTER TABLE @book@.model ADD COLUMN later_setting integer NOT NULL DEFAULT 7, ALTER retention SET DEFAULT 31,
	ADD CONSTRAINT later_setting_is_positive CHECK (later_setting > 0);
COMMENT ON COLUMN @book@.model.later_setting IS $$A later setting; with a semicolon.$$;
ALTER TABLE @book@.run_asset ALTER priced_bars TYPE bigint;
ALTER TABLE @book@.return_block ALTER non_positive SET STORAGE EXTERNAL;
CREATE INDEX refresh_log_run ON @book@.refresh_log (run);'
cat >"$work/tree/sql/book/99_later.sql" <<SQL
-- section: tables
-- What a book of this version has.
$changes
-- section: tables since $next
-- What came with it.
CREATE TABLE @book@.later (model text PRIMARY KEY REFERENCES @book@.model ON DELETE CASCADE, note text);
COMMENT ON TABLE @book@.later IS 'Later, in book @book@.';
-- section: views before $next
DROP VIEW @book@.data_quality CASCADE;
-- section: tables before $next
$changes
-- section: price before $next
COMMENT ON COLUMN @book@.price.price IS 'Later.';
-- section: views
CREATE OR REPLACE VIEW @book@.later_models WITH (security_invoker = true) AS SELECT m.model, m.later_setting FROM @book@.model AS m;
SQL
stand_in() {
	replace sql/install/60_book.sql 'SELECT e.extversion FROM' "SELECT e.extversion || '' FROM" &&
	replace sql/install/60_book.sql "(?<=COMMENT ON FUNCTION hedge.drop_book\(text, boolean\) IS ')" 'Later. ' &&
	replace sql/book/20_price.sql "(?<=COMMENT ON COLUMN .book..price.price IS ')[^\n]*(?=';)" 'Later.' &&
	replace sql/book/80_watch.sql '(?=\nFROM .book..model AS m\n)' ', 1 AS later' && make_scripts
}
point "the stand-in for a next version is made" stand_in
upgrade "$current" "$next" "$work/tree/test/data/book-$current.sql"

# What is forgotten is seen.
point "the old catalogue differs" differ "$work/fresh" "$work/old"
point "old books differ" differ "$work/fresh.books" "$work/before"
installed upgrade_old "$current"
restored upgrade_old "$work/tree/test/data/book-$current.sql" >/dev/null
sql upgrade_old -c "ALTER EXTENSION pghedge UPDATE TO '$next'"
point "a book of a version before does not refresh: it says what to do" eval '
	! as_owner upgrade_old "CALL hedge.refresh(\$\$desk\$\$)" >"$work/message" 2>&1
	cat "$work/message"
	grep -F "SELECT hedge.upgrade_book('"'desk'"')" "$work/message"'
sed -i 's/^-- section: tables before .*/-- section: nowhere/' "$work/tree/sql/book/99_later.sql"
sed -i '/^@CHANGED@/d' "$work/tree/sql/upgrade/pghedge--$current--$next.sql"
point "a version that forgets things is made" make_scripts
installed upgrade_restored "$next"
restored upgrade_restored "$work/tree/test/data/book-$current.sql" >/dev/null
upgrade_books upgrade_restored >/dev/null 2>&1
books upgrade_restored "$work/forgotten"
point "what the template forgot to say of old books is seen" differ "$work/fresh.books" "$work/forgotten"
installed upgrade_old "$current"
sql upgrade_old -c "ALTER EXTENSION pghedge UPDATE TO '$next'"
catalogue upgrade_old >"$work/updated"
point "what the upgrade script forgot is seen" differ "$work/fresh" "$work/updated"

rm -f "$share"/pghedge--*"$next".sql
sql postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE upgrade_fresh' -c 'DROP DATABASE upgrade_old' \
	-c 'DROP DATABASE IF EXISTS upgrade_older' -c 'DROP DATABASE IF EXISTS upgrade_restored' \
	-c 'DROP ROLE upgrade_owner, upgrade_reader'
plan
