#!/bin/bash
# bench/simulate.c counts false alarms by its own writing of the rules in hedge._watch: on one pair,
# refreshed at every bar, both raise the same alarms at the same bars.
. test/tap.bash

make -s check-simulate >"$work/make" 2>&1 || { cat "$work/make" >&2; exit 1; }
fresh alarm_rules
psql -Xq -v ON_ERROR_STOP=1 -d alarm_rules >"$work/refreshes" 2>&1 <<'SQL' || { cat "$work/refreshes" >&2; exit 1; }
SET timezone = 'UTC';
CREATE EXTENSION pghedge;
SELECT hedge.create_book('b');
UPDATE b.model SET lookback = 120, minimum_evidence = 60, alarm_patience = 4;
INSERT INTO b.model (model, lookback, evidence) VALUES ('whole', 519, 'none');
INSERT INTO b.position VALUES ('p', 'A', 100), ('p', 'B', -95);

-- Reliable, then faint, good again, then turned round.  Numbers are made of digests, which are the same
-- everywhere.
INSERT INTO b.price
WITH number AS MATERIALIZED (
	SELECT d, sum((('x' || substr(md5(format('%s y %s', k, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS f,
		sum((('x' || substr(md5(format('%s z %s', k, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS g,
		CASE WHEN d <= 130 THEN 0.6 WHEN d <= 250 THEN 0.38 WHEN d <= 380 THEN 0.7 ELSE -0.7 END AS r
	FROM generate_series(1, 520) AS d, generate_series(1, 12) AS k
	GROUP BY d
)
SELECT v.asset, timestamptz '2023-01-01 12:00:00+00' + d * interval '1 day', 100 * exp(sum(v.r) OVER (PARTITION BY v.asset ORDER BY d))
FROM number
CROSS JOIN LATERAL (VALUES ('A', 0.01 * f), ('B', 0.01 * (r * f + sqrt(1 - r * r) * g))) AS v (asset, r);

SELECT format('CALL hedge.refresh(%L, %L, as_of => %L)', 'b', 'default', timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(121, 520) AS d \gexec
CALL hedge.refresh('b', 'whole', as_of => '2024-06-04 20:00:00+00');
SQL
sql alarm_rules >"$work/returns" -F ' ' <<'SQL'
SELECT p.observations[1][i], p.observations[2][i]
FROM b.model_run AS r, hedge._panel('b', r.run) AS p, generate_series(1, cardinality(p.bars)) AS i
WHERE r.model = 'whole' ORDER BY i;
SQL
sql alarm_rules >"$work/book" -F ' ' <<'SQL'
SELECT a.kind, width_bucket(a.raised_at_bar, p.bars)
FROM b.model_run AS r, hedge._panel('b', r.run) AS p, b.alert AS a
WHERE r.model = 'whole' ORDER BY 2, 1;
SQL
build/unit/simulate alarms 120 4 60 <"$work/returns" | sort -k 2n -k 1 >"$work/simulated"
point "there are returns" eval 'test "$(wc -l <"$work/returns")" = 519'
point "alarms of every kind" eval 'cat "$work/book"; test "$(cut -d " " -f 1 "$work/book" | sort -u | wc -l)" = 3'
same "the book raises those that bench/simulate.c does" "$work/simulated" "$work/book"
sql postgres -c 'DROP DATABASE alarm_rules'
plan
