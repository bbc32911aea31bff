#!/bin/bash
# What evidence adds to a refresh: a book of 500 assets x 300 days and 20 portfolios of 50 positions,
# refreshed after each new day by a model without evidence, one that examines and watches the pairs
# that its snapshot keeps, and one that examines all 124,750.
#   bench/evidence_refresh.sh
#   ASSETS=100 PORTFOLIOS=5 ROUNDS=3 bench/evidence_refresh.sh
cd "$(dirname "$0")/.."
. bench/common.bash
assets=${ASSETS:-500}
portfolios=${PORTFOLIOS:-20}
days=300

settings
psql -Xq -v ON_ERROR_STOP=1 -v assets="$assets" -v portfolios="$portfolios" -v days=$((days + rounds)) <<'SQL'
SELECT setseed(0.5) \g /dev/null
SELECT hedge.create_book('book') \g /dev/null
DELETE FROM book.model;
INSERT INTO book.model (model, evidence) VALUES ('none', 'none'), ('kept', 'kept'), ('all', 'all');
INSERT INTO book.price
	SELECT 'asset ' || to_char(a, 'FM0000'), timestamptz '2022-01-01' + t * interval '1 day', 100 + m + random()
	FROM (SELECT t, random() AS m FROM generate_series(1, :days) t) s, generate_series(1, :assets) a
	ORDER BY t, a;
INSERT INTO book.position
	SELECT 'portfolio ' || p, 'asset ' || to_char(1 + k * (:assets / 50) + floor((:assets / 50) * random()), 'FM0000'),
		round(1000 * (random() - 0.5))
	FROM generate_series(1, :portfolios) p, generate_series(0, 49) k;
VACUUM ANALYZE;
SQL

refresh() {						# refresh MODEL DAY
	echo "CALL hedge.refresh('book', '$1', as_of => timestamptz '2022-01-01 12:00:00+00' + $2 * interval '1 day')"
}
for model in none kept all; do
	sql "$(refresh $model $days)"
done
for round in $(seq "$rounds"); do
	for model in none kept all; do
		measure $model "$(refresh $model $((days + round)))"
	done
done

examined() {					# examined MODEL: pairs examined and pairs watched
	sql "SELECT (SELECT e.pairs FROM book.evidence_run e JOIN book.latest_run l USING (run) WHERE l.model = '$1') || ' pairs examined, '
		|| (SELECT count(*) FROM book.pair_monitor m WHERE m.model = '$1' AND m.ended_at IS NULL) || ' watched'"
}
# What was measured must have been done: every pair both ways, and none without evidence.
[ "$(sql "SELECT count(*) FROM book.correlation_stability WHERE model = 'all'")" = $((assets * (assets - 1))) ] &&
	[ -z "$(sql "SELECT 1 FROM book.materialized_offsets WHERE model = 'kept' AND verdict = 'not examined' LIMIT 1")" ] ||
	{ echo "pairs are missing" >&2; exit 1; }

printf '%s assets, %s portfolios of 50 positions, lookback 250. kept: %s; all: %s.\n\n' \
	"$assets" "$portfolios" "$(examined kept)" "$(examined all)"
times_header
times none 'refresh after a day, evidence `none`'
times kept 'evidence `kept`'
times all 'evidence `all`'
claims_header
claim 'refresh after a day, evidence of the pairs kept / without evidence' '{kept} / {none}'
claim 'refresh after a day, evidence of all pairs / without evidence' '{all} / {none}'
claims_end
