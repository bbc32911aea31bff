#!/bin/bash
# Statements with hostile arguments (test/hostile/statements.pl), from a new seed each round, for
# STATEMENT_SECONDS. A round that fails says its seed, and what does it again.
. test/tap.bash

end=$((SECONDS + ${STATEMENT_SECONDS:-120}))
total=0
while [ $SECONDS -lt $end ]; do
	seed=$((RANDOM * 32768 + RANDOM + 1))
	point "seed $seed" eval "SEED=$seed STATEMENTS=20000 test/hostile/statements.pl >'$work/round' 2>&1 || { grep -v '^ok' '$work/round'; false; }"
	total=$((total + $(sed -n 's/^# \([0-9]*\) statements.*/\1/p' "$work/round")))
done
echo "# $total statements"
plan
