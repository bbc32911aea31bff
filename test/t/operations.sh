#!/bin/bash
# docs/operations.md, run as printed: its statements by whom they name, the crontab's line by a shell,
# the command of the systemd unit; what the page says of messages is compared with the sources.
. test/tap.bash

page=docs/operations.md
fresh trading
as_roles() {					# a page's statements, each block by the role in its first line
	awk '/^-- as / { print "SET SESSION AUTHORIZATION " $3 ";" } { print }'
}
clean() {
	sql postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS trading' \
		-c 'DROP ROLE IF EXISTS desk_owner, anna, ben, desk_operators, desk_readers'
}
clean
fresh trading
trap 'clean; rm -rf "$work"' EXIT

awk -v lang=sql -v under='## Install' -f test/page.awk $page | as_roles >"$work/install.sql"
awk -v lang=sql -v but='## Install|### pg_cron' -f test/page.awk $page | as_roles >"$work/rest.sql"

point "the page's installation" sql trading -f "$work/install.sql"
sql trading <<-'SQL'
	SET SESSION AUTHORIZATION desk_owner;
	\copy desk.price (ts, asset, price) FROM 'demo/prices.csv' WITH (FORMAT csv, HEADER)
	\copy desk.instrument (asset, contract_size, funded) FROM 'demo/instruments.csv' WITH (FORMAT csv, HEADER)
	\copy desk.position (portfolio, asset, quantity) FROM 'demo/positions.csv' WITH (FORMAT csv, HEADER)
SQL
runs() {
	sql trading -c "SELECT count(*) FROM desk.model_run AS r JOIN desk.refresh_log AS y ON y.run = r.run AND y.status = 'done'"
}

# cron gives a command its line and settings, a shell, and little else.
awk -v lang=crontab -f test/page.awk $page | sed '/^$/d' >"$work/crontab"
point "a crontab of a setting and a line" test "$(wc -l <"$work/crontab")" = 2
settings=$(grep -E '^[A-Z]+=' "$work/crontab")
command=$(grep -E '^[*0-9]' "$work/crontab" | cut -d ' ' -f 6-)
point "the crontab's command runs" env "$settings" sh -c "$command"
point "and makes a run" test "$(runs)" = 1
env "$settings" sh -c "$command" >"$work/mail" 2>&1
point "nothing would be mailed" test ! -s "$work/mail"
sql trading -c 'ALTER TABLE desk.price RENAME COLUMN price TO close'
point "when it fails, its status says so" eval '! env "$settings" sh -c "$command" >"$work/mail" 2>&1'
point "and the mail why" grep -q 'relation "desk.price" has no column "price"' "$work/mail"
point "as does the log" test "$(sql trading -c "SELECT status || error_code FROM desk.refresh_log ORDER BY entry DESC LIMIT 1")" = failed42703
sql trading -c 'ALTER TABLE desk.price RENAME COLUMN close TO price'

# systemd: the units are what systemd takes, and the command runs.
awk -v lang=ini -v under='### systemd' -v dir="$work/" -f test/page.awk $page |
	awk -v dir="$work/" '/^# \/etc\/systemd\/system\// { file = dir substr($2, 21) } file { print > file }'
point "a service and a timer" test -s "$work/pghedge-refresh.service" -a -s "$work/pghedge-refresh.timer"
if command -v systemd-analyze >/dev/null; then
	point "systemd takes both" eval 'systemd-analyze verify "$work/pghedge-refresh.service" "$work/pghedge-refresh.timer" >"$work/verify" 2>&1 || true
		cat "$work/verify"; ! grep -F pghedge-refresh "$work/verify"'
	point "and understands when" systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$work/pghedge-refresh.timer")"
fi
before=$(runs)
point "the service's command runs" sh -c "$(sed -n 's/^ExecStart=//p' "$work/pghedge-refresh.service" | sed "s|/usr/bin/psql|$(command -v psql)|")"
point "and makes a run" test "$(runs)" = $((before + 1))

point "the page's other statements" sql trading -f "$work/rest.sql"
point "which are many" test "$(grep -c '^SET SESSION' "$work/rest.sql")" -ge 5
echo 'index spread' >"$work/want"
sql trading -c 'SET SESSION AUTHORIZATION ben' -c 'SELECT DISTINCT portfolio FROM desk.materialized_offsets' >"$work/got"
same "ben sees his portfolio" "$work/want" "$work/got"
sql trading -c 'SET SESSION AUTHORIZATION anna' -c 'SELECT count(DISTINCT portfolio) > 1 FROM desk.materialized_offsets' >"$work/got"
echo t >"$work/want"
same "anna all of them" "$work/want" "$work/got"

# Every notice that a refresh can give is on the page, and every status of the log.
perl -0777 -ne "while (/RAISE NOTICE '((?:[^']|'')*)'/g) { print \"\$1\n\" }" sql/install/*.sql |
	sed -e 's/^model "%": //' | perl -ne 'chomp; my @p = sort { length $b <=> length $a } split /%/; $p[0] =~ s/^[ ,:]+|[ ,:]+$//g; print "$p[0]\n"' >"$work/notices"
point "notices are found" test "$(wc -l <"$work/notices")" -ge 10
while read -r notice; do
	point "the page knows: $notice" grep -qF -- "$notice" $page
done <"$work/notices"
sql trading -c "SELECT regexp_replace(m[1], '''', '', 'g') FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''(\w+)''', 'g') AS m WHERE conname LIKE 'status_is%'" >"$work/statuses"
point "four statuses" test "$(wc -l <"$work/statuses")" = 4
while read -r status; do
	point "the page knows status $status" grep -q "^| \`$status\` |" $page
done <"$work/statuses"
plan
