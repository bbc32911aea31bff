#!/bin/bash
# Unit tests under valgrind, which sees what is read before it is written, as the sanitizers do not.
# Its long double has 64 bits, so that points which compare with exact arithmetic may fail under it,
# as may counts of a part of the rounds (ROUNDS_SHARE): what counts is what valgrind reports, and
# that the test comes to its end. As many at once as there are processors.
. test/tap.bash

make -s check-binaries || exit 1
names=$(cd test/unit && for test in *.c; do echo "${test%.c}"; done)
export ROUNDS_SHARE=${ROUNDS_SHARE:-50} work
printf '%s\n' $names | xargs -P "$(nproc)" -I @ sh -c '
	timeout ${VALGRIND_SECONDS:-300} valgrind -q --error-exitcode=99 --leak-check=no build/unit/@ >"$work/@.out" 2>"$work/@.report"
	echo $? >"$work/@.status"'
clean() {						# clean NAME
	cat "$work/$1.report"
	[ "$(cat "$work/$1.status")" != 124 ] || echo "cut after ${VALGRIND_SECONDS:-300} s"
	[ "$(cat "$work/$1.status")" -le 1 ] && ! grep -q '^==' "$work/$1.report" && tail -n 1 "$work/$1.out" | grep -q '^1\.\.[1-9]'
}
total=0
for name in $names; do
	point "$name" clean "$name"
	total=$((total + $(grep -cE '^(not )?ok' "$work/$name.out")))
done
echo "# figures: valgrind: $points programs, $total points, $broken with a report"
plan
