#!/bin/bash
# Memory over 1,000 refreshes in one session, and of window frames of ten million rows: the result is
# that of the plain aggregate, a row of the frame costs what is promised (at most 144 bytes, half as
# much again while the ring moves), and where memory ends there is an error and a session that lives on.
. test/tap.bash

REFRESHES=1000 test/hostile/memory.sh >"$work/refreshes" || true
grep '^# figures:' "$work/refreshes"
point "1,000 refreshes in one session" eval 'cat "$work/refreshes"; ! grep -q "^not ok" "$work/refreshes" && tail -n 1 "$work/refreshes" | grep -q "^1\.\."'

rows=10000000
fresh nightly_memory
sql nightly_memory >"$work/frame" 2>"$work/errors" <<-SQL || cat "$work/errors" >&2
	CREATE EXTENSION pghedge;
	CREATE TABLE series AS SELECT i, sin(i) + 0.1 * sin(i * 7.3) AS y, sin(i * 1.0001) AS x
	FROM generate_series(1, $rows + 1000) AS i;
	CREATE FUNCTION peak() RETURNS bigint LANGUAGE sql
		RETURN substring(pg_read_file(format('/proc/%s/status', pg_backend_pid())) FROM 'VmHWM:\s+(\d+)')::bigint * 1024;
	-- With less the executor keeps the rows on disk and seeks in them, which is slow for any aggregate.
	SET work_mem = '2GB';
	SELECT peak() AS before \gset
	CREATE TABLE rolled AS SELECT i, hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS $rows - 1 PRECEDING) AS r FROM series;
	SELECT peak() - :before;
	SELECT abs(r - (SELECT corr(y, x) FROM series WHERE i > 1000)) < 1e-9 FROM rolled ORDER BY i DESC LIMIT 1;
	SELECT count(r) = $rows + 999 AND count(DISTINCT r) > $rows / 2 FROM rolled;
SQL
echo "# figures: frame: $rows rows in a window frame, $(($(head -n 1 "$work/frame") / 1048576)) MB with those that the executor keeps"
point "a frame of $rows rows is computed" eval 'cat "$work/errors"; test ! -s "$work/errors"'
point "its correlation is that of the plain aggregate" test "$(sed -n 2p "$work/frame")" = t
point "every row but the first has one" test "$(sed -n 3p "$work/frame")" = t
# the ring, and what the executor keeps of the rows
point "it takes at most 216 bytes a row, and 2 GB of work_mem" test "$(head -n 1 "$work/frame")" -lt $((216 * rows + 2147483648))

# The same with 1 GB of address space left to the backend.
sql nightly_memory -v ON_ERROR_STOP=0 >"$work/short" 2>&1 <<-SQL
	SELECT count(hedge.corr(hedge.comoments(y, x))) FROM series WHERE i < 9;
	DO \$\$ BEGIN
		EXECUTE format('COPY (SELECT) TO PROGRAM %L', format('prlimit --as=%s --pid %s',
			1000000000 + substring(pg_read_file(format('/proc/%s/status', pg_backend_pid())) FROM 'VmSize:\s+(\d+)')::bigint * 1024,
			pg_backend_pid()));
	END \$\$;
	SET work_mem = '400MB';
	SELECT count(r) FROM (SELECT hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS $rows - 1 PRECEDING) AS r FROM series) s;
	\echo :LAST_ERROR_SQLSTATE
	SELECT 'the session lives ' || hedge.corr(hedge.comoments(y, x)) FROM series WHERE i < 9;
SQL
point "without the memory it is the error \"out of memory\"" eval 'cat "$work/short"; grep -q "^53200$" "$work/short"'
point "and the session lives on" eval 'cat "$work/short"; grep -q "^the session lives" "$work/short"'

sql postgres -c 'DROP DATABASE nightly_memory'
plan
