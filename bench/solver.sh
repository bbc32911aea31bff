#!/bin/bash
# The solver of src/kernel/solver.c on 500 instruments with full covariance, costs and bounds, from a
# cold start, against one dense Cholesky factor and solve of the same matrix (dpotrf, dpotrs).
# Then 10,000 portfolios of 50 positions hedged with 20 instruments, costs and bounds, in one statement.
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

settings
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SELECT setseed(0.1) \g /dev/null
CREATE TABLE matrix AS
	SELECT hedge.comoment_matrix('asset ' || to_char(a, 'FM000'), timestamptz '2020-01-01' + t * interval '1 day', (f * (a % 5) + random() - 0.5) / 100) AS m
	FROM (SELECT t, random() - 0.5 AS f FROM generate_series(1, 300) t) s, generate_series(1, 500) a;
CREATE TABLE portfolio AS
	SELECT p, array_agg('asset ' || to_char(1 + (p * 37 + k * 7) % 480, 'FM000')) AS assets, array_agg((random() - 0.5) * 1e6) AS exposures
	FROM generate_series(1, 10000) p, generate_series(1, 50) k GROUP BY p;
CREATE TABLE instruments AS
	SELECT array_agg('asset ' || to_char(480 + i, 'FM000')) AS names, array_agg(10000.0::float8) AS units, array_agg(0.0002::float8) AS costs,
		array_agg(-1e6::float8) AS low, array_agg(1e6::float8) AS high
	FROM generate_series(1, 20) i;
VACUUM ANALYZE;
SQL
for _ in $(seq "$rounds"); do
	measure hedge 'SELECT count(*), sum(cost) FROM matrix, portfolio, instruments, hedge.minimum_variance_hedge(m, assets, exposures, names, units, NULL, costs, 1e-6, low, high)'
	measure risk 'SELECT count(*), sum(net_risk) FROM matrix, portfolio, hedge.portfolio_risk(m, assets, exposures)'
done

printf '%s instruments, daily returns with ten common factors; %s problems, %s rounds each.\n\n%s\n' \
	"$instruments" "$seeds" "$rounds" "$did"
printf '| measured | milliseconds, median | least to most |\n|---|--:|--:|\n'
times cholesky 'one `dpotrf` and `dpotrs`'
times solver 'the solver, with costs and bounds'
times hedge 'hedges of 10,000 portfolios of 50 positions with 20 instruments, one statement'
times risk 'their risk alone, `hedge.portfolio_risk`'
claims_header
claim "solver: $instruments instruments with costs and bounds / one Cholesky factor and solve" '{solver} / {cholesky}' most 20 \
	'sweeps and factors, counted above, each cost a part of one factor.'
claim 'hedges of 10,000 portfolios with 20 instruments / their risk' '{hedge} / {risk}'
claims_end
