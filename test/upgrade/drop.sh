#!/bin/bash
# DROP EXTENSION refuses while a book or a stored value needs it, and leaves nothing behind else.
. test/tap.bash

members="SELECT count(*) FROM pg_depend d JOIN pg_namespace n ON d.refobjid = n.oid
	WHERE d.refclassid = 'pg_namespace'::regclass AND nspname = 'hedge'"
fails() {						# fails MESSAGE DATABASE STATEMENT
	! sql "$2" -c "$3" >"$work/message" 2>&1 && grep -q "$1" "$work/message" ||
		{ cat "$work/message"; return 1; }
}

fresh upgrade_drop
sql upgrade_drop -c 'CREATE EXTENSION pghedge' -c "SELECT hedge.create_book('desk')" >/dev/null
point "a book keeps the extension" fails 'other objects depend on it' upgrade_drop 'DROP EXTENSION pghedge'
point "the book is whole after the refusal" sql upgrade_drop -c 'SELECT count(*) FROM desk.offsetting_pairs'

sql upgrade_drop -c "SELECT hedge.drop_book('desk')" \
	-c 'CREATE TABLE kept AS SELECT hedge.comoments(i, i * i) AS summary FROM generate_series(1, 9) AS i' >/dev/null
point "a stored summary keeps the extension" fails 'other objects depend on it' upgrade_drop 'DROP EXTENSION pghedge'

sql upgrade_drop -c 'DROP TABLE kept'
sql upgrade_drop -c "$members" >"$work/left"
point "its objects are counted" eval 'cat "$work/left"; test "$(cat "$work/left")" -gt 50'
point "without them it is dropped" sql upgrade_drop -c 'DROP EXTENSION pghedge'
sql upgrade_drop -c "$members" >"$work/left"
echo 0 >"$work/none"
same "nothing of it is left in its schema" "$work/none" "$work/left"
point "it can be created again" sql upgrade_drop -c 'CREATE EXTENSION pghedge' -c "SELECT hedge.create_book('desk')"
plan
