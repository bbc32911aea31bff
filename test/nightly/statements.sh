#!/bin/bash
# Statements with hostile arguments (test/hostile/statements.pl), from a new seed each round, for
# STATEMENT_SECONDS. A round that fails says its seed, and what does it again.
. test/tap.bash

end=$((SECONDS + ${STATEMENT_SECONDS:-120}))
total=0
damaged=0
while [ $SECONDS -lt $end ]; do
	seed=$((RANDOM * 32768 + RANDOM + 1))
	point "seed $seed" eval "SEED=$seed STATEMENTS=20000 test/hostile/statements.pl >'$work/round' 2>&1 || { grep -v '^ok' '$work/round'; false; }"
	total=$((total + 10#0$(sed -n 's/^# \([0-9]*\) statements.*/\1/p' "$work/round")))
	damaged=$((damaged + 10#0$(sed -n 's/^# \([0-9]*\) damaged values.*/\1/p' "$work/round")))
done
echo "# figures: statements: $total statements and $damaged damaged values from $points seeds"
plan
