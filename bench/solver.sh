#!/bin/bash
# The solver of src/kernel/solver.c on 500 instruments with full covariance, costs and bounds, from a
# cold start, against one dense Cholesky factor and solve of the same matrix (dpotrf, dpotrs).
#   bench/solver.sh
#   INSTRUMENTS=200 SEEDS=5 ROUNDS=9 bench/solver.sh
cd "$(dirname "$0")/.."
. bench/common.bash
instruments=${INSTRUMENTS:-500}
seeds=${SEEDS:-5}

CFLAGS=-Itest/unit compile solver bench/solver.c src/kernel/solver.c src/kernel/lapack.c
did=
for seed in $(seq "$seeds"); do
	quiet
	"$programs/solver" "$instruments" "$seed" "$rounds" >"$samples/.run"
	while read -r cholesky solver; do
		add cholesky "$cholesky"
		add solver "$solver"
	done < <(sed '$d' "$samples/.run")
	did+="- problem $seed: $(tail -n 1 "$samples/.run")"$'\n'
done

printf '%s instruments, daily returns with ten common factors; %s problems, %s rounds each.\n\n%s\n' \
	"$instruments" "$seeds" "$rounds" "$did"
printf '| measured | milliseconds, median | least to most of %s |\n|---|--:|--:|\n' $((seeds * rounds))
times cholesky 'one `dpotrf` and `dpotrs`'
times solver 'the solver, with costs and bounds'
claims_header
claim "solver: $instruments instruments with costs and bounds / one Cholesky factor and solve" '{solver} / {cholesky}' most 20 \
	'sweeps and factors, counted above, each cost a part of one factor.'
claims_end
