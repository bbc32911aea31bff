#!/bin/bash
# How long a running statement takes to answer a cancellation, with inputs as large as the functions
# take: cancelled at several moments of its run, each function must answer within 200 ms, but for one
# call of LAPACK, or a move of hundreds of megabytes, that it is inside of; those times are printed.
. test/tap.bash

limit=${CANCEL_LIMIT:-200}		# ms
fresh nightly_cancel
sql nightly_cancel <<'SQL' || exit 1
CREATE EXTENSION pghedge;
SELECT setseed(0.1);
CREATE FUNCTION names(n integer) RETURNS text[] LANGUAGE sql IMMUTABLE AS
	$$SELECT array_agg('a' || lpad(i::text, 6, '0') ORDER BY i) FROM generate_series(1, n) AS i$$;
-- A panel of n assets over t times as an array; noise from a sine, which is quick and never constant.
CREATE FUNCTION panel(n integer, t integer) RETURNS float8[] LANGUAGE sql IMMUTABLE AS
	$$SELECT array_agg(row ORDER BY i) FROM (SELECT i, (SELECT array_agg(sin(i * 12.9898 + t * 78.233 + i * t * 0.37)) FROM generate_series(1, panel.t) AS t) AS row
		FROM generate_series(1, n) AS i) s$$;
CREATE TABLE input AS SELECT
	names(400) AS a400, panel(400, 1500) AS p400,
	names(40) AS a2, panel(40, 50000) AS p2,
	names(2000) AS a2000, panel(2000, 64) AS p2000;
ALTER TABLE input ADD COLUMN g2 float8[];
DO $$
DECLARE
	x float8[] := (SELECT p2 FROM input);
BEGIN
	FOR i IN 1..40 LOOP
		x[i][i] := NULL;
	END LOOP;
	UPDATE input SET g2 = x;
END $$;
CREATE TABLE matrix AS
	SELECT 'complete' AS kind, 2000 AS n, hedge.comoment_matrix(a2000, o) AS m FROM input, LATERAL (SELECT panel(2000, 64) AS o) s
	UNION ALL SELECT 'large', 6000, hedge.comoment_matrix(names(6000), panel(6000, 4));
-- Some observations missing: not semi-definite.
INSERT INTO matrix SELECT 'gaps', 1500, hedge.comoment_matrix(assets, observations) FROM (
	SELECT names(1500) AS assets, array_agg(CASE WHEN (i * 7 + t * 13 + i * t) % 5 <> 0 THEN sin(i * 12.9898 + t * 78.233 + i * t * 0.37) END ORDER BY i) AS observations
	FROM generate_series(1, 1500) AS i, generate_series(1, 12) AS t GROUP BY t) s;
CREATE TABLE book AS SELECT hedge.assets(m) AS assets, hedge.correlations(m, hedge.assets(m)) AS correlations,
	(SELECT array_agg(1000 * sin(i)) FROM generate_series(1, 2000) AS i) AS exposures,
	(SELECT array_agg(0.01 + 0.001 * (i % 7)) FROM generate_series(1, 2000) AS i) AS weights,
	(SELECT array_agg('bucket ' || i % 50) FROM generate_series(1, 2000) AS i) AS buckets
	FROM matrix WHERE kind = 'complete';
ALTER TABLE book ADD COLUMN jagged float8[];		-- no matrix of correlations: to be repaired
UPDATE book SET jagged = (SELECT array_agg(r ORDER BY i) FROM (
	SELECT i, array_agg(CASE WHEN i = j THEN 1 ELSE sin(least(i, j) * 7.1 + greatest(i, j) * 3.3) END ORDER BY j) AS r
	FROM generate_series(1, 1000) AS i, generate_series(1, 1000) AS j GROUP BY i) AS rows);
-- Pairs of 500 assets; spreads over as many.
CREATE TABLE pair AS SELECT array_agg('a' || i ORDER BY i, j) AS a, array_agg('a' || j ORDER BY i, j) AS b,
	array_agg(1000.0 + i ORDER BY i, j) AS ea, array_agg(-1000.0 - j ORDER BY i, j) AS eb,
	array_agg(0.01::float8 ORDER BY i, j) AS v, array_agg(0.5 + 0.4 * sin(i * j) ORDER BY i, j) AS c, array_agg(1.0 ORDER BY i, j) AS h
	FROM generate_series(1, 500, 2) AS i, generate_series(2, 500, 2) AS j;
CREATE TABLE price AS SELECT 'asset ' || a AS asset, timestamptz '2010-01-01' + d * interval '1 day' AS ts, 100 + sin(a * d) AS price
	FROM generate_series(1, 1000) AS a, generate_series(1, 3000) AS d;
ANALYZE price;
SELECT hedge.create_book('desk');
CREATE TABLE holding AS SELECT hedge._holdings('asset ' || i, 1, 1) AS h FROM generate_series(1, 1000000) AS i;
CREATE TABLE series AS SELECT array_agg(sin(i * 12.9898) ORDER BY i) AS x FROM generate_series(1, 5000000) AS i;
SQL

# NAME|STATEMENT; in front of NAME "=" where one call of LAPACK, or the move of hundreds of MB, is waited for
statements() {
	cat <<'LIST'
=eigenvalues of 2000|SELECT hedge.eigenvalues(m) FROM matrix WHERE kind = 'complete'
=nearest_psd of 1500|SELECT hedge.nearest_psd(m) FROM matrix WHERE kind = 'gaps'
correlation_matrix of 6000|SELECT hedge.correlation_matrix(m) IS NULL FROM matrix WHERE kind = 'large'
pairs of 6000|SELECT count(correlation) FROM matrix, hedge.pairs(m) WHERE kind = 'large'
=text of 6000|SELECT length(m::text) FROM matrix WHERE kind = 'large'
text of 2000, read|SELECT m::text::hedge.comoment_matrix IS NULL FROM matrix WHERE kind = 'complete'
binary of 6000|SELECT length(hedge.comoment_matrix_send(m)) FROM matrix WHERE kind = 'large'
rollup of 6000|SELECT hedge.rollup(m) IS NULL FROM (SELECT m FROM matrix, generate_series(1, 9) WHERE kind = 'large') s
rollup of 1500 with gaps|SELECT hedge.rollup(m) IS NULL FROM (SELECT m FROM matrix, generate_series(1, 9) WHERE kind = 'gaps') s
comoment_matrix of 400 by 1500|SELECT hedge.comoment_matrix(a400, p400) IS NULL FROM input, generate_series(1, 9)
comoment_matrix of 40 by 50,000|SELECT hedge.comoment_matrix(a2, p2) IS NULL FROM input, generate_series(1, 9)
rolling_pairs of 400 by 1500|SELECT count(r) FROM input, hedge.rolling_pairs(a400, p400, 60) r
rolling_pairs of 40 by 50,000|SELECT count(r) FROM input, hedge.rolling_pairs(a2, p2, 250) r
rolling_pairs of 40 by 50,000, a gap|SELECT count(r) FROM input, hedge.rolling_pairs(a2, g2, 250) r
evidence_pairs of 400 by 1500|SELECT count(r) FROM input, hedge.evidence_pairs(a400, p400) r
evidence_pairs of 40 by 20,000|SELECT count(r) FROM input, hedge.evidence_pairs(a2, p2[:][1:20000]) r
rolling_pairs of 2 by 4 million|SELECT count(r) FROM series, hedge.rolling_pairs('{a,b}', ARRAY[x[1:4000000], x[7:4000006]], 250) r
rolling_pairs of 2 by 4 million, a window of 3 million|SELECT count(r) FROM series, hedge.rolling_pairs('{a,b}', ARRAY[x[1:4000000], x[7:4000006]], 3000000) r
rolling_pairs of 2 by 4 million, a gap|SELECT count(r) FROM series, hedge.rolling_pairs('{a,b}', ARRAY[x[1:4000000], ARRAY[NULL]::float8[] || x[7:4000005]], 250) r
evidence_pairs of 2 by 1 million|SELECT count(r) FROM series, hedge.evidence_pairs('{a,b}', ARRAY[x[1:1000000], x[7:1000006]]) r
evidence_pairs of 2 by 1 million, a gap|SELECT count(r) FROM series, hedge.evidence_pairs('{a,b}', ARRAY[x[1:1000000], ARRAY[NULL]::float8[] || x[7:1000005]]) r
pair_evidence of 50,000 rows|SELECT hedge.pair_evidence(sin(i), cos(i * 1.1)) IS NULL FROM generate_series(1, 50000) i
return_panel of 400 by 1500|SELECT hedge.return_panel(a400, p400) IS NULL FROM input, generate_series(1, 9)
profit_and_loss of 40 by 50,000|SELECT hedge.profit_and_loss(a2, (SELECT array_agg(1.0) FROM generate_series(1, 40)), a2, p2) IS NULL FROM input
value_at_risk of 5 million|SELECT hedge.value_at_risk(x) FROM series
value_at_risk of 5 million, horizon 1 million|SELECT hedge.value_at_risk(x, 0.99, 1000000) FROM series
observed_windows of 5 million|SELECT hedge.observed_windows(x, 10000000) FROM series
expected_shortfall of 5 million|SELECT hedge.expected_shortfall(x, 0.99, 2) FROM series
volatility_interval of 5 million|SELECT hedge.volatility_interval(x) FROM series
adjust_p_values of 5 million|SELECT hedge.adjust_p_values(q) IS NULL FROM (SELECT array_agg(0.5 + sin(i) / 2) AS q FROM generate_series(1, 5000000) i OFFSET 0) s
monitor_correlation of 5 million|SELECT hedge.monitor_correlation(x, x) FROM series
monitor_advance over 5 million|SELECT hedge.monitor_advance(hedge.monitor_start(x[1:300], (SELECT array_agg(cos(i)) FROM generate_series(1, 300) i)), x, x) IS NULL FROM (SELECT array_agg(sin(i)) AS x FROM generate_series(1, 5000000) i) s
portfolio_pairs of 5000|SELECT count(*) FROM matrix, hedge.portfolio_pairs(m, (hedge.assets(m))[1:5000], (SELECT array_agg(sin(i)) FROM generate_series(1, 5000) i)) WHERE kind = 'large'
portfolio_risk of 6000|SELECT * FROM matrix, hedge.portfolio_risk(m, hedge.assets(m), (SELECT array_agg(sin(i)) FROM generate_series(1, 6000) i)) WHERE kind = 'large'
risk_contributions of 6000|SELECT count(*) FROM matrix, hedge.risk_contributions(m, hedge.assets(m), (SELECT array_agg(sin(i)) FROM generate_series(1, 6000) i)) WHERE kind = 'large'
_exposures of a million assets|SELECT count(*) FROM holding, hedge._exposures('desk', 1, h)
return_blocks of 3 million prices|SELECT count(*) FROM hedge.return_blocks('public.price', '-infinity', 'infinity')
correlations of 4000|SELECT hedge.correlations(m, (hedge.assets(m))[1:4000]) IS NULL FROM matrix WHERE kind = 'large'
minimum_variance_hedge of 4000 by 1000|SELECT count(*) FROM matrix, hedge.minimum_variance_hedge(m, (hedge.assets(m))[1:4000], (SELECT array_agg(sin(i)) FROM generate_series(1, 4000) i), (hedge.assets(m))[4001:5000]) WHERE kind = 'large'
minimum_variance_hedge of 1500 by 200, costs and bounds|SELECT count(*) FROM matrix, hedge.minimum_variance_hedge(m, (hedge.assets(m))[1:1500], (SELECT array_agg(sin(i)) FROM generate_series(1, 1500) i), (hedge.assets(m))[1501:1700], costs => array_fill(1e-3::float8, '{200}'), risk_aversion => 0.01, low => array_fill(-1::float8, '{200}'), high => array_fill(1::float8, '{200}')) WHERE kind = 'complete'
greek_hedge of 300 by 300|SELECT count(*) FROM hedge.greek_hedge((SELECT array_agg(sin(i)) FROM generate_series(1, 300) i), panel(300, 300), low => array_fill(-1::float8, '{300}'), high => array_fill(1::float8, '{300}'))
basket_hedge of 400 by 1500|SELECT count(*) FROM input, hedge.basket_hedge(a400, p400, a400[1], max_legs => 100)
allocate_offsets of 62,500 pairs|SELECT count(*) FROM pair, hedge.allocate_offsets(a, b, ea, eb, v, v, c, h)
=margin of 1000|SELECT m.margin FROM book, generate_series(1, 5), hedge.margin(exposures[1:1000], weights[1:1000], NULL, correlations[1:1000][1:1000]) m
=margin_contributions of 1000|SELECT count(*) FROM book, generate_series(1, 5), hedge.margin_contributions(exposures[1:1000], weights[1:1000], NULL, correlations[1:1000][1:1000])
=margin_pairs of 1000|SELECT count(*) FROM book, hedge.margin_pairs(exposures[1:1000], weights[1:1000], NULL, correlations[1:1000][1:1000])
=credit_at_risk of 1000|SELECT count(*) FROM book, hedge.credit_at_risk(exposures[1:1000], weights[1:1000], NULL, correlations[1:1000][1:1000])
=nearest_correlations of 1000|SELECT hedge.nearest_correlations(jagged) IS NULL FROM book
uniform_correlations of 2000|SELECT hedge.uniform_correlations(buckets, ARRAY(SELECT DISTINCT unnest(buckets)), array_fill(0.5::float8, '{50}')) IS NULL FROM book
bucket_correlations of 2000|SELECT hedge.bucket_correlations(correlations, buckets, ARRAY(SELECT DISTINCT unnest(buckets))) IS NULL FROM book
spread_margins of 62,500 spreads|SELECT count(*) FROM pair, LATERAL (SELECT array_agg(DISTINCT x) AS assets FROM unnest(a || b) AS x) s, LATERAL (SELECT array_agg('s' || k) AS names, array_agg('A'::text) AS one, array_agg('B'::text) AS other FROM generate_series(1, 62500) AS k) t, hedge.spread_margins(assets, (SELECT array_agg(10 * sin(i)) FROM generate_subscripts(assets, 1) i), array_fill(1::float8, ARRAY[cardinality(assets)]), names || names, a || b, h || h, one || other, array_fill(0.5::float8, '{125000}'))
historical_margin of 5 million|SELECT m.margin FROM series, hedge.historical_margin(x, horizon => 10, short_bars => 250) m
spread_statistics of 5 million|SELECT s.mean FROM series, generate_series(1, 9), hedge.spread_statistics(x) s
variance_scale of 5 million|SELECT s.scale FROM series, generate_series(1, 9), hedge.variance_scale(x, 1) s
volatility_scale of 5 million|SELECT hedge.volatility_scale(x, 250) FROM series
rolling_corr, a frame of 2 million|SELECT count(r) FROM (SELECT hedge.rolling_corr(sin(i), cos(i)) OVER (ORDER BY i ROWS 2000000 PRECEDING) AS r FROM generate_series(1, 4000000) i) s
LIST
}

# The statement's own timeout cancels it, at the same place as pg_cancel_backend(); what it took longer is the wait.
cancellations=0
slowest=0
waited=
while IFS='|' read -r name statement; do
	[ -z "${T_STATEMENT:-}" ] || [[ $name == *$T_STATEMENT* ]] || continue
	waits=no
	[ "${name#=}" = "$name" ] || waits=yes
	name=${name#=}
	rm -f "$work/times"
	for round in 1 2 3; do
		{
			echo "SET client_min_messages = error; SET work_mem = '1GB';"
			for after in 40 40 150 150 400 400 900 900; do
				printf '%s\n' "SET statement_timeout = $after;" '\timing on' "$statement;" '\timing off' "\\echo after $after :SQLSTATE"
			done
		} | psql -XqAt -d nightly_cancel 2>/dev/null >>"$work/times"
		# of the tries at each moment the quickest, since others may hold the processor; of moments the worst
		late=$(awk '/^Time:/ { ms = $2 }
			/^after/ && $3 == "57014" { d = ms - $2; n++; if (!($2 in least) || d < least[$2]) least[$2] = d }
			/^after/ && $3 != "57014" && $3 != "00000" { failed = $3 }
			END { for (k in least) if (least[k] > worst) worst = least[k]; printf "%d %d %s\n", worst, n, failed }' "$work/times")
		read -r late cancelled failed <<<"$late"
		[ "$waits" = no ] && [ "$late" -gt "$limit" ] || break
	done
	if [ -n "$failed" ]; then
		point "$name: error $failed" false
		continue
	fi
	if [ "$cancelled" = 0 ]; then
		echo "# $name: ends before it can be cancelled"
		continue
	fi
	echo "# $name: cancelled $cancelled times, answers after at most $late ms"
	cancellations=$((cancellations + cancelled))
	if [ "$waits" = no ]; then
		[ "$late" -le "$slowest" ] || slowest=$late
		point "$name" test "$late" -le "$limit"
	else
		waited+="; $name: $late ms"
		point "$name (one call waited for)" test "$late" -le "${LONGEST_CALL:-60000}"
	fi
done < <(statements)
echo "# figures: cancel: $points statements cancelled $cancellations times, answers after at most $slowest ms$waited"
sql postgres -c 'DROP DATABASE nightly_cancel'
plan
