#!/bin/bash
# hedge_recommendations of 10,000 portfolios of 50 positions, 20 instruments, in one statement: positions
# to trades, evidence read, costs, whole lots; against portfolio_risk of the same portfolios, and one of them.
#   bench/recommend.sh
#   PORTFOLIOS=1000 ROUNDS=9 bench/recommend.sh
cd "$(dirname "$0")/.."
. bench/common.bash
portfolios=${PORTFOLIOS:-10000}

settings
psql -Xq -v ON_ERROR_STOP=1 -v portfolios="$portfolios" <<'SQL'
SET client_min_messages = warning;
SELECT setseed(0.1) \g /dev/null
SELECT hedge.create_book('desk') \g /dev/null
INSERT INTO desk.price
WITH factor AS MATERIALIZED (SELECT t, random() - 0.5 AS f, random() - 0.5 AS g FROM generate_series(1, 260) AS t)
SELECT 'asset ' || to_char(a, 'FM000'), timestamptz '2020-01-01' + t * interval '1 day',
	100 * exp(sum((f * (1 + a % 4) + g * (a % 3 - 1) + (random() - 0.5)) / 100) OVER (PARTITION BY a ORDER BY t))
FROM factor, generate_series(1, 120) AS a;
INSERT INTO desk.position (portfolio, asset, quantity)
SELECT 'portfolio ' || p, 'asset ' || to_char(1 + (p * 37 + k * 7) % 100, 'FM000'), round((random() - 0.5) * 1e4)
FROM generate_series(1, :portfolios) AS p, generate_series(1, 50) AS k;
INSERT INTO desk.instrument (asset, contract_size, cost, cost_per_lot, tradable)
SELECT 'asset ' || to_char(100 + i, 'FM000'), 100, 0.0002, 1, true FROM generate_series(1, 20) AS i;
UPDATE desk.model SET evidence = 'all', pairs_kept = 1;
CALL hedge.refresh('desk', as_of => '2020-09-18');
VACUUM ANALYZE;
SQL
for _ in $(seq "$rounds"); do
	measure recommend 'SELECT count(*), sum(risk_after) FROM desk.hedge_recommendations'
	measure risk 'SELECT count(*), sum(net_risk) FROM desk.portfolio_risk'
	measure one "SELECT count(*) FROM desk.hedge_recommendations WHERE portfolio = 'portfolio 77'"
done

printf '%s portfolios of 50 positions, 20 marked instruments, daily returns of 250 days. %s\n\n' "$portfolios" \
	"$(sql "SELECT format('Of %s pairs examined %s are reliable; %s trades in %s rows.', (SELECT count(*) FROM desk.pair_evidence),
		(SELECT count(*) FROM desk.pair_evidence WHERE verdict = 'reliable'), count(*) FILTER (WHERE trade_contracts <> 0), count(*)) FROM desk.hedge_recommendations")"
times_header
times recommend '`hedge_recommendations` of all, one statement'
times risk '`portfolio_risk` of all'
times one '`hedge_recommendations` of one portfolio'
claims_header
claim '`hedge_recommendations` of 10,000 portfolios with 20 instruments / their `portfolio_risk`' '{recommend} / {risk}'
claims_end
