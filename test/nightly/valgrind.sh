#!/bin/bash
# Unit tests under valgrind, which sees what is read before it is written, as the sanitizers do not.
# Its long double has 64 bits, so that points which compare with exact arithmetic may fail under it:
# what counts is what valgrind reports. Tests that take longer than VALGRIND_SECONDS are cut there.
. test/tap.bash

make -s check-binaries || exit 1
for test in test/unit/*.c; do
	name=$(basename "$test" .c)
	point "$name" eval "timeout ${VALGRIND_SECONDS:-300} valgrind -q --error-exitcode=99 --leak-check=no build/unit/$name >/dev/null 2>'$work/report'; status=\$?; [ \$status != 124 ] || echo '# $name: cut'; cat '$work/report'; [ \$status != 99 ] && ! grep -q '^==' '$work/report'"
done
plan
