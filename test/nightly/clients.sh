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

# The demonstration's book; prices that are no numbers, infinite, zero and negative, among the last and before.
fresh clients
psql -Xq -f demo/load.sql >/dev/null 2>"$work/load" || { cat "$work/load" >&2; exit 1; }
sql clients <<'SQL'
SET client_min_messages = warning;
UPDATE desk.price SET price = 'NaN' WHERE asset = 'DAX' AND ts = (SELECT max(ts) FROM desk.price);
UPDATE desk.price SET price = 'Infinity' WHERE asset = 'SMI' AND ts = (SELECT max(ts) FROM desk.price);
UPDATE desk.price SET price = CASE asset WHEN 'CAC' THEN 'NaN'::float8 WHEN 'FTSE' THEN '-Infinity' WHEN 'DAX' THEN 0 ELSE -1 END
WHERE ts = (SELECT ts FROM desk.price WHERE asset = 'CAC' ORDER BY ts DESC OFFSET 30 LIMIT 1);
INSERT INTO desk.position VALUES ('odd', 'nothing', 1), ('odd', 'DAX', 0), (E'na"me\\ ü', 'SMI', 2), (E'na"me\\ ü', 'CAC', -3);
CALL hedge.rebuild('desk');
INSERT INTO desk.alert (model, asset_y, asset_x, kind, raised_at_bar, message, run)
SELECT model, 'CAC', 'DAX', 'break', window_end, E'a message with "quotes",\na line and a ü', run FROM desk.latest_run;
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
reads() {						# reads NAME THERE SCHEMA VIEW...: it has what the server has, by the file THERE
	local name=$1 there=$2
	shift 2
	# psqlodbc leaves the REMARKS of SQLTables and SQLColumns empty.
	client "$name" "$@" | /usr/bin/python3 test/clients/compare.py "$there" \
		$([ "$name" != ODBC ] || echo --no-comments)
	return $((PIPESTATUS[0] + PIPESTATUS[1]))
}

there desk $views >"$work/there"
point "the four views that BI tools read are among those compared" \
	eval '[[ " $views " == *" materialized_offsets "*" offsetting_pairs "*" portfolio_risk "* && $views == *correlation_stability* ]]'
rows() {						# every view shows something
	local view empty=0
	for view in $views; do
		[ "$(sql clients -c "SELECT count(*) FROM desk.$view")" -gt 0 ] || { echo "$view is empty"; empty=1; }
	done
	return $empty
}
point "every view has a row" rows
point "prices that are no numbers were met" eval 'test "$(sql clients -c "SELECT count(*) FROM desk.data_quality WHERE not_finite > 0")" = 4'
point "no client got in without a password" eval '! password=wrong client psycopg desk'
for name in JDBC ODBC psycopg node; do
	point "$name reads every view of the book as the server has it" reads $name "$work/there" desk $views
done

# The same view with one column turned into what BI tools cannot read, or into no number: in schema odd_KIND.
declare -A odd=(
	[numrange]='numrange(0, risk_offset::numeric)' [composite]='ROW(risk_offset, verdict)::odd.both'
	[array]='ARRAY[risk_offset]' [jsonb]='to_jsonb(risk_offset)' [interval]='risk_offset * interval $$1 s$$'
	[numeric]='risk_offset::numeric' [bigint]='risk_offset::bigint' [bytea]='risk_offset::text::bytea'
	[enum]='$$much$$::odd.size' [domain]='risk_offset::odd.money' [nan]='$$NaN$$::float8' [infinity]='$$infinity$$::float8')
kinds=$(printf '%s\n' "${!odd[@]}" | LC_ALL=C sort)
sql clients -c 'CREATE SCHEMA odd' -c 'CREATE TYPE odd.both AS (risk_offset float8, verdict text)' \
	-c "CREATE TYPE odd.size AS ENUM ('little', 'much')" -c 'CREATE DOMAIN odd.money AS float8' -c 'GRANT USAGE ON SCHEMA odd TO reader' || exit 1
alter() {						# alter KIND EXPRESSION: the view in which risk_offset is EXPRESSION
	sql clients -c "CREATE SCHEMA odd_$1" -c "CREATE VIEW odd_$1.materialized_offsets AS SELECT $(
		sql clients -c "SELECT string_agg(CASE attname WHEN 'risk_offset' THEN '$2 AS risk_offset' ELSE quote_ident(attname) END, ', ' ORDER BY attnum)
			FROM pg_attribute WHERE attrelid = 'desk.materialized_offsets'::regclass AND attnum > 0") FROM desk.materialized_offsets" \
		-c "COMMENT ON VIEW odd_$1.materialized_offsets IS 'Odd.'" \
		-c "GRANT USAGE ON SCHEMA odd_$1 TO reader" -c "GRANT SELECT ON odd_$1.materialized_offsets TO reader" || exit 1
	there "odd_$1" materialized_offsets >"$work/there_$1"
}
alter same risk_offset
for kind in $kinds; do
	alter "$kind" "${odd[$kind]}"
done
for name in JDBC ODBC psycopg node; do
	point "$name reads the view unaltered" reads $name "$work/there_same" odd_same materialized_offsets
	for kind in $kinds; do
		point "$name fails where a column is $kind" eval "! reads $name '$work/there_$kind' odd_$kind materialized_offsets"
	done
done

# A sheet in LibreOffice Calc, its chart, and the page that it prints.
export CALC_PIPE=pghedge$$
soffice -env:UserInstallation="file://$work/office" --headless --norestore --nologo \
	--accept="pipe,name=$CALC_PIPE;urp" >"$work/office.log" 2>&1 &
office=$!
mkdir -p build/clients
calc() {						# calc SCHEMA: the sheet, in $work/sheet
	PGHOST=127.0.0.1 PGUSER=reader PGPASSWORD=secret timeout 120 \
		/usr/bin/python3 test/clients/calc.py "$1" build/clients/calc.pdf >"$work/sheet"
}
same_sheet() {					# same_sheet SCHEMA: it has the numbers of the view
	psql -Xq --csv -d clients -c "SELECT portfolio, asset_a, asset_b, correlation, risk_offset, net_risk, observations, price_time
		FROM $1.materialized_offsets ORDER BY risk_offset DESC" >"$work/view"
	/usr/bin/python3 - "$work/sheet" "$work/view" <<-'PYTHON'
		import csv, sys
		sheet, view = (list(csv.reader(open(name))) for name in sys.argv[1:])
		number = lambda v: float(v) if v.replace('.', '', 1).lstrip('-').replace('e-', '').isdigit() else v
		assert len(view) > 2 and sheet[0] == view[0], (sheet[0], view[0])
		assert [[number(v) for v in row[:7]] for row in sheet] == [[number(v) for v in row[:7]] for row in view], sheet
	PYTHON
}
point "LibreOffice Calc opens materialized_offsets" calc desk
point "its sheet has the numbers of the view" same_sheet desk
point "the chart is on the page that it prints" eval 'pdftotext build/clients/calc.pdf - | grep -q "risk_offset by pair"'
for kind in $kinds; do
	point "Calc fails where a column is $kind" eval "! { calc odd_$kind && same_sheet odd_$kind; }"
done
kill $office 2>/dev/null
wait $office 2>/dev/null
plan
