#!/bin/bash
# DROP EXTENSION refuses while a book or a stored value needs it, and leaves nothing behind else. With CASCADE it
# takes views and the matrices of runs, but no price, position, setting, alert or snapshot.
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
point "no function of it is left" test "$(sql upgrade_drop -c "SELECT count(*) FROM pg_proc WHERE probin LIKE '%pghedge%'")" = 0
point "it can be created again" sql upgrade_drop -c 'CREATE EXTENSION pghedge' -c "SELECT hedge.create_book('desk')"

# CASCADE
fresh upgrade_drop
sql upgrade_drop -f demo/load.sql >/dev/null 2>&1 || exit 1
counts() {						# rows of each table of the book
	sql upgrade_drop <<-'SQL'
		SELECT format('SELECT %L, count(*) FROM desk.%I', relname, relname) FROM pg_class
		WHERE relnamespace = 'desk'::regnamespace AND relkind = 'r' ORDER BY relname \gexec
	SQL
}
columns="SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
	WHERE table_schema = 'desk' AND table_type = 'BASE TABLE' ORDER BY 1, ordinal_position"
counts >"$work/before"
sql upgrade_drop -c "$columns" >"$work/columns"
sql upgrade_drop -c "SELECT '< ' || c.relname || '|' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
	JOIN pg_type t ON t.oid = a.atttypid WHERE c.relnamespace = 'desk'::regnamespace AND c.relkind = 'r'
	AND t.typnamespace = 'hedge'::regnamespace ORDER BY c.relname, a.attnum" >"$work/want"
point "a book in use" eval 'cat "$work/before"; grep "^price|7440" "$work/before"; grep -q "^position|8$" "$work/before"'
point "CASCADE drops it all the same" sql upgrade_drop -c 'SET client_min_messages = warning' -c 'DROP EXTENSION pghedge CASCADE'
counts >"$work/after"
same "every table keeps its rows" "$work/before" "$work/after"
sql upgrade_drop -c "$columns" >"$work/columns_after"
diff "$work/columns" "$work/columns_after" | grep '^<' >"$work/lost"
same "lost are columns of its types, and no other" "$work/want" "$work/lost"
point "those are matrices" eval 'cat "$work/lost"; grep -q "model_run|matrix" "$work/lost" && ! grep -v "matrix$" "$work/lost"'
sql upgrade_drop -c 'CREATE EXTENSION pghedge'
point "which is told of the book afterwards" fails 'its matrix columns are gone' upgrade_drop "CALL hedge.refresh('desk')"
sql upgrade_drop <<-'SQL' >"$work/said" 2>&1
	SET client_min_messages = warning;
	SELECT hedge.create_book('again', base_currency => 'EUR');
	INSERT INTO again.price SELECT * FROM desk.price;
	INSERT INTO again.position SELECT * FROM desk.position;
	INSERT INTO again.instrument SELECT * FROM desk.instrument;
	DROP SCHEMA desk CASCADE;
	CALL hedge.refresh('again', as_of => '1998-08-25');
	SELECT count(*) FROM again.offsetting_pairs;
SQL
point "a new book takes over prices and positions" eval 'cat "$work/said"; tail -n 1 "$work/said" | grep -qE "^[1-9]"'
plan
