#!/bin/bash
# Clients that people use (JDBC, ODBC, psycopg, node's pg) read the views of a book as a role that may
# only read, over TCP with a password, and have what the server has: names, types, comments, rows. A view
# with a column that BI tools cannot read is seen to fail in each.
. test/tap.bash
. test/server.bash
test/packages clients || exit 1

DIR=$work/server
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
chmod 755 "$work"
server_folder
server_init <<-CONF || exit 1
	listen_addresses = '127.0.0.1'
	port = $port
	fsync = off
	hba_file = '$work/hba'
CONF
printf 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n' >"$work/hba"
chmod 644 "$work/hba"
server_start || exit 1
trap 'server_stop; rm -rf "$work"' EXIT
export PGHOST=$DIR/run PGPORT=$port PGUSER=postgres PGDATABASE=clients

# The demonstration's book; a price that is no number and one that is infinite among the last.
fresh clients
psql -Xq -f demo/load.sql >/dev/null 2>"$work/load" || { cat "$work/load" >&2; exit 1; }
sql clients <<'SQL'
SET client_min_messages = warning;
UPDATE desk.price SET price = 'NaN' WHERE asset = 'DAX' AND ts = (SELECT max(ts) FROM desk.price);
UPDATE desk.price SET price = 'Infinity' WHERE asset = 'SMI' AND ts = (SELECT max(ts) FROM desk.price);
INSERT INTO desk.position VALUES ('odd', 'nothing', 1), ('odd', 'DAX', 0), (E'na"me\\ ü', 'SMI', 2), (E'na"me\\ ü', 'CAC', -3);
CALL hedge.refresh('desk');
CREATE ROLE reader LOGIN PASSWORD 'secret';
GRANT USAGE ON SCHEMA desk TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA desk TO reader;
SQL

views=$(sql clients -c "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
	WHERE relkind = 'v' AND relnamespace = 'desk'::regnamespace AND relname NOT LIKE '\_%'")

# What the server has, as compare.py reads it.
there() {
	local schema=$1 view
	shift
	sql clients -c "SELECT json_build_object('view', relname, 'comment', obj_description(oid, 'pg_class'))
		FROM pg_class WHERE relkind = 'v' AND relnamespace = '$schema'::regnamespace"
	for view; do
		sql clients -c "SELECT json_build_object('view', '$view', 'column', a.attname, 'type', t.typname,
				'comment', col_description(a.attrelid, a.attnum))
			FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
			WHERE a.attrelid = '$schema.$view'::regclass AND a.attnum > 0 ORDER BY a.attnum"
		sql clients -c "SELECT json_build_object('view', '$view', 'row', json_build_array($(
			sql clients -c "SELECT string_agg(CASE atttypid WHEN 'timestamptz'::regtype
					THEN format('floor(extract(epoch FROM v.%I) * 1000)::bigint', attname)
					ELSE format('v.%I', attname) END, ', ' ORDER BY attnum)
				FROM pg_attribute WHERE attrelid = '$schema.$view'::regclass AND attnum > 0")))
			FROM $schema.$view AS v ORDER BY v::text COLLATE \"C\""
	done
}

jar=/usr/share/java/postgresql.jar
classes=$work/classes
javac -d "$classes" test/clients/Read.java || exit 1
export ODBC_DRIVER NODE_PATH=$PWD/build/clients/node_modules TZ=UTC
ODBC_DRIVER=$(dpkg -L odbc-postgresql | grep psqlodbcw.so)
client() {						# client NAME SCHEMA VIEW...: what it reads, as the reader over TCP
	local name=$1
	shift
	case $name in
		JDBC) set -- java -cp "$classes:$jar" Read "$@" ;;
		ODBC) set -- /usr/bin/python3 test/clients/read_odbc.py "$@" ;;
		psycopg) set -- /usr/bin/python3 test/clients/read_psycopg.py "$@" ;;
		node) set -- node test/clients/read_node.cjs "$@" ;;
	esac
	PGHOST=127.0.0.1 PGUSER=reader PGPASSWORD=${password-secret} "$@"
}
reads() {						# reads NAME SCHEMA VIEW...: it has what the server has
	local name=$1
	shift
	# psqlodbc leaves the REMARKS of SQLTables and SQLColumns empty.
	client "$name" "$@" | /usr/bin/python3 test/clients/compare.py "$work/there" \
		$([ "$name" != ODBC ] || echo --no-comments)
	return $((PIPESTATUS[0] + PIPESTATUS[1]))
}
refuses() {						# refuses NAME: a view with a column of a type beyond it
	! client "$1" odd unreadable >/dev/null
}

there desk $views >"$work/there"
point "the four views that BI tools read are among those compared" \
	eval '[[ " $views " == *" materialized_offsets "*" offsetting_pairs "*" portfolio_risk "* && $views == *correlation_stability* ]]'
point "no client got in without a password" eval '! password=wrong client psycopg desk'
sql clients <<'SQL'
CREATE SCHEMA odd;
CREATE VIEW odd.unreadable AS SELECT risk_offset::numeric AS risk_offset, ARRAY[asset_a, asset_b] AS assets FROM desk.offsetting_pairs;
GRANT USAGE ON SCHEMA odd TO reader;
GRANT SELECT ON odd.unreadable TO reader;
SQL
for name in JDBC ODBC psycopg node; do
	point "$name reads every view of the book as the server has it" reads $name desk $views
	point "$name refuses a column that it cannot read" refuses $name
done

# A sheet in LibreOffice Calc, its chart, and the page that it prints.
export CALC_PIPE=pghedge$$
soffice -env:UserInstallation="file://$work/office" --headless --norestore --nologo \
	--accept="pipe,name=$CALC_PIPE;urp" >"$work/office.log" 2>&1 &
office=$!
mkdir -p build/clients
calc() {
	PGHOST=127.0.0.1 PGUSER=reader PGPASSWORD=secret timeout 120 \
		/usr/bin/python3 test/clients/calc.py desk build/clients/calc.pdf >"$work/sheet"
}
point "LibreOffice Calc opens materialized_offsets" calc
same_sheet() {
	/usr/bin/python3 - "$work/sheet" "$work/view" <<-'PYTHON'
		import csv, sys
		sheet, view = (list(csv.reader(open(name))) for name in sys.argv[1:])
		number = lambda v: float(v) if v.replace('.', '', 1).lstrip('-').replace('e-', '').isdigit() else v
		assert len(view) > 2 and sheet[0] == view[0], (sheet[0], view[0])
		assert [[number(v) for v in row[:7]] for row in sheet] == [[number(v) for v in row[:7]] for row in view], sheet
	PYTHON
}
psql -Xq --csv -d clients -c 'SELECT portfolio, asset_a, asset_b, correlation, risk_offset, net_risk, observations, price_time
	FROM desk.materialized_offsets ORDER BY risk_offset DESC' >"$work/view"
point "its sheet has the numbers of the view" same_sheet
point "the chart is on the page that it prints" eval 'pdftotext build/clients/calc.pdf - | grep -q "risk_offset by pair"'
kill $office 2>/dev/null
wait $office 2>/dev/null
plan
