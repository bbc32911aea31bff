#!/bin/bash
# The library that was built: which BLAS it brings into a backend, and which names it shows.
. test/tap.bash

so=$(find "$PGHEDGE_STAGE" -name pghedge.so)
ldd "$so" | awk '/=>/ { print $3 }' >"$work/libraries"
grep -E '/lib(open)?blas|/liblapack|/libmkl|/libblis' "$work/libraries" >"$work/blas"
point "one BLAS" eval 'cat "$work/blas"; test "$(wc -l <"$work/blas")" = 1'
point "it is the serial OpenBLAS" eval 'cat "$work/blas"; grep "openblas-serial/" "$work/blas"'
point "it brings no thread pool" eval '! grep -E "gomp|pthread/" "$work/libraries"'
nm -D --defined-only "$so" | awk '{ print $3 }' | grep -vE '^(pghedge_|pg_finfo_pghedge_|Pg_magic_func$|_PG_init$)' >"$work/names"
point "no name of the kernel or of LAPACKE is exported" eval 'cat "$work/names"; test ! -s "$work/names"'

sql postgres >"$work/threads" <<-'SQL'
	SET client_min_messages = warning;
	CREATE EXTENSION IF NOT EXISTS pghedge;
	SELECT hedge.corr(hedge.comoments(i, i * i)) IS NOT NULL FROM generate_series(1, 9) AS i;
	SELECT pg_read_file(format('/proc/%s/status', pg_backend_pid())) ~ 'Threads:\s+1\n';
	SELECT pg_read_file(format('/proc/%s/maps', pg_backend_pid())) ~ 'openblas-serial';
	SELECT count(*) = 0 FROM hedge.minimum_variance_hedge((SELECT hedge.comoment_matrix('{a,b}', ARRAY[i, i * i]) FROM generate_series(1, 9) AS i), '{a,b}', '{1,2}', '{}');
	DROP EXTENSION pghedge;
SQL
printf 't\nt\nt\nt\n' >"$work/want"
same "a backend that has loaded it has one thread" "$work/want" "$work/threads"
point "BLAS has no word in the server's log" eval '! grep "On entry to" "$PGHEDGE_LOG"'
plan
