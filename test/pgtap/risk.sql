-- Portfolio risk against its formulas in plain SQL, and against the history it is estimated from.
BEGIN;
SELECT no_plan();
SELECT setseed(0.3);

CREATE TABLE observation AS
SELECT t, 'asset ' || lpad(a::text, 2, '0') AS asset, random() - 0.5 + (a % 3 - 1) * sin(t * 7) + 0.01 * a AS r, random() < 0.1 AS gap
FROM generate_series(1, 300) t, generate_series(1, 20) a;
UPDATE observation SET gap = (t % 2 = 0) = (asset = 'asset 06') WHERE asset IN ('asset 06', 'asset 08');
CREATE TABLE matrix AS
SELECT false AS gaps, hedge.comoment_matrix(asset, t * interval '1 day' + timestamptz '2020-01-01', r) AS m FROM observation
UNION ALL
SELECT true, hedge.comoment_matrix(asset, t * interval '1 day' + timestamptz '2020-01-01', r) FROM observation WHERE NOT gap;
CREATE TABLE leg AS
SELECT p, 'asset ' || lpad(a::text, 2, '0') AS asset,
	CASE WHEN a = p THEN NULL WHEN a = p + 1 THEN 0 ELSE (random() - 0.4) * 1e6 END AS e
FROM generate_series(1, 12) p, generate_series(p % 5, 10 + p) a;
CREATE TABLE portfolio AS SELECT p, array_agg(asset) AS assets, array_agg(e) AS e FROM leg GROUP BY p;

CREATE TABLE ours AS SELECT gaps, p, r.* FROM matrix, portfolio, hedge.portfolio_risk(m, assets, e) r;
CREATE TABLE parts AS SELECT gaps, p, r.* FROM matrix, portfolio, hedge.risk_contributions(m, assets, e) r;
CREATE TABLE risk AS
SELECT gaps, p, asset, e, hedge.volatility(m, asset) AS v, e * hedge.volatility(m, asset) AS a, m
FROM leg, matrix WHERE asset = ANY (hedge.assets(m)) AND e IS NOT NULL;
CREATE TABLE row_sum AS
SELECT x.gaps, x.p, x.asset, x.e, x.v, x.a,
	sum(y.a * CASE WHEN x.asset = y.asset THEN 1 ELSE coalesce(hedge.corr(x.m, x.asset, y.asset), 0) END) AS ra
FROM risk x JOIN risk y USING (gaps, p) GROUP BY 1, 2, 3, 4, 5, 6;
CREATE TABLE theirs AS
SELECT gaps, p, sum(abs(a)) AS gross, sqrt(sum(a * a)) AS uncorrelated, sqrt(sum(a * ra)) AS net FROM row_sum GROUP BY gaps, p;

SELECT is(count(*), 24::bigint, 'there are portfolios') FROM ours JOIN theirs USING (gaps, p);
SELECT ok(max(abs(gross_risk / gross - 1)) < 1e-12, 'gross_risk') FROM ours JOIN theirs USING (gaps, p);
SELECT ok(max(abs(uncorrelated_risk / uncorrelated - 1)) < 1e-12, 'uncorrelated_risk') FROM ours JOIN theirs USING (gaps, p);
SELECT ok(max(abs(net_risk / net - 1)) < 1e-12, 'net_risk') FROM ours JOIN theirs USING (gaps, p);
SELECT ok(max(abs(diversification - (gross - uncorrelated)) / gross) < 1e-12, 'diversification') FROM ours JOIN theirs USING (gaps, p);
SELECT ok(max(abs(risk_offset - (uncorrelated - net)) / uncorrelated) < 1e-12, 'risk_offset') FROM ours JOIN theirs USING (gaps, p);
SELECT ok(bool_or(risk_offset > 0) AND bool_or(risk_offset < 0), 'of both signs') FROM ours;

SELECT is(count(*), 2 * (SELECT count(*) FROM leg), 'a row a position') FROM parts;
SELECT ok(count(*) > 200 AND max(abs(p.contribution - x.a * ra / net)) < 1e-12 * max(net), 'contribution')
FROM parts p JOIN row_sum x USING (gaps, p, asset) JOIN theirs USING (gaps, p);
SELECT ok(max(abs(marginal_risk - x.v * ra / net)) < 1e-12, 'marginal_risk')
FROM parts p JOIN row_sum x USING (gaps, p, asset) JOIN theirs USING (gaps, p);
SELECT ok(bool_and((exposure, volatility, risk) = (e, v, a)), 'exposure, volatility, risk')
FROM parts p JOIN row_sum x USING (gaps, p, asset);
SELECT is(count(*) FILTER (WHERE p.volatility IS NOT NULL OR marginal_risk IS NOT NULL OR contribution IS NOT NULL
		OR contribution_share IS NOT NULL), 0::bigint, 'null where there is no exposure or no volatility')
FROM parts p LEFT JOIN row_sum x USING (gaps, p, asset) WHERE x.asset IS NULL;
SELECT ok(max(abs(total / net_risk - 1)) < 1e-12 AND max(abs(share - 1)) < 1e-12, 'contributions sum to net risk')
FROM ours JOIN (SELECT gaps, p, sum(contribution) AS total, sum(contribution_share) AS share FROM parts GROUP BY 1, 2) t USING (gaps, p);
SELECT is(count(*), 0::bigint, 'largest contributor and reducer')
FROM ours o,
	LATERAL (SELECT asset, contribution FROM parts WHERE (gaps, p) = (o.gaps, o.p) AND contribution > 0 ORDER BY contribution DESC LIMIT 1) x
	FULL JOIN LATERAL (SELECT asset, contribution FROM parts WHERE (gaps, p) = (o.gaps, o.p) AND contribution < 0
		ORDER BY contribution LIMIT 1) y ON true
WHERE (largest_contributor, largest_contribution, largest_reducer, largest_reduction) IS DISTINCT FROM
	(x.asset, x.contribution, y.asset, y.contribution);
SELECT ok(count(largest_reducer) > 5, 'some have reducers') FROM ours;

-- net_risk is the standard deviation of the profit and loss over the same observations.
CREATE TABLE block AS
SELECT hedge.assets(m) AS assets, (SELECT array_agg(rs ORDER BY asset) FROM (
	SELECT asset, array_agg(r ORDER BY t) AS rs FROM observation GROUP BY asset) t) AS returns,
	(SELECT array_agg(rs ORDER BY asset) FROM (
	SELECT asset, array_agg(CASE WHEN NOT gap THEN r END ORDER BY t) AS rs FROM observation GROUP BY asset) t) AS gappy
FROM matrix WHERE NOT gaps;
CREATE TABLE held AS SELECT p, array_agg(asset) AS assets, array_agg(e) AS e FROM leg
WHERE asset IN (SELECT asset FROM observation) GROUP BY p;
SELECT ok(abs(net_risk / (SELECT stddev_samp(x) FROM unnest(hedge.profit_and_loss(h.assets, h.e, b.assets, b.returns)) x) - 1) < 1e-12,
		'net risk is the deviation of profit and loss, portfolio ' || p)
FROM held h JOIN ours USING (p), block b WHERE NOT gaps;
SELECT is(count(*) FILTER (WHERE abs(x - y) < 1e-6 IS NOT TRUE AND (x IS NOT NULL OR y IS NOT NULL)), 0::bigint,
		format('profit and loss, portfolio %s, %s of %s bars null', p, count(*) - count(x), count(*)))
FROM held h, block b,
	LATERAL (SELECT bar, x FROM unnest(hedge.profit_and_loss(h.assets, h.e, b.assets, b.gappy)) WITH ORDINALITY u (x, bar)) o
	JOIN LATERAL (SELECT t, CASE WHEN bool_or(gap) THEN NULL ELSE sum(r * leg.e) END AS y
		FROM observation JOIN leg USING (asset) WHERE leg.p = h.p AND leg.e <> 0 GROUP BY t) s ON bar = t
GROUP BY p ORDER BY p;

-- Small cases.
SELECT is(hedge.profit_and_loss('{a,b}', '{10,-1}', '{a,b,c}', '{{1,2,NULL,4},{0,NULL,1,1},{3,3,3,3}}'), '{10,NULL,NULL,39}', 'null where one is missing');
SELECT is(hedge.profit_and_loss('{a,b}', '{10,0}', '{b,a}', '{{1,NULL},{0,1}}'), '{0,10}', 'an exposure of 0 needs no return');
SELECT is(hedge.profit_and_loss('{a,b}', '{10,NULL}', '{b,a}', '{{1,NULL},{0,1}}'), '{0,10}', 'a null exposure is left out');
SELECT is(hedge.profit_and_loss('{a,d}', '{1,1}', '{a,b}', '{{1,2},{1,2}}'), '{NULL,NULL}', 'an asset that is not in the block has no return');
SELECT is(hedge.profit_and_loss('{}', '{}', '{a,b}', '{{1,2},{1,2}}'), '{0,0}', 'who holds nothing neither gains nor loses');
SELECT is(hedge.profit_and_loss('{a}', '{1}', '{}', '{}'), '{}', 'an empty block');
SELECT is(hedge.profit_and_loss('{a,b}', '{1e300,1}', '{a,b}', '{{1e300,-1e300,1},{1,Infinity,NaN}}'), '{NULL,NULL,NULL}', 'never NaN or infinity');
SELECT is(hedge.profit_and_loss('[3:4]={a,b}', '[0:1]={1,2}', '[7:8]={a,b}', '[0:1][5:6]={{1,2},{3,4}}'), '{7,10}', 'lower bounds other than 1');

-- Blocks stored out of line are kept by a call site, more of them here than it keeps (first in
-- number, then in bytes), asked for in turn and at random: the answers are those of values in line.
CREATE TABLE stored (block int, assets text[], returns float8[]);
ALTER TABLE stored ALTER assets SET STORAGE EXTERNAL, ALTER returns SET STORAGE EXTERNAL;
INSERT INTO stored
SELECT b, (SELECT array_agg('asset ' || CASE WHEN b % 2 = 0 THEN i ELSE 81 - i END ORDER BY i) FROM generate_series(1, 80) i) || repeat('x', 3000 * (b % 3)),
	(SELECT array_agg(rs ORDER BY i) FROM (SELECT i, array_agg(CASE WHEN b % 4 = 0 OR i % 3 > 0 OR random() < 0.99 THEN random() - 0.5 END) AS rs
		FROM generate_series(1, 81) i, generate_series(1, 20 + b) GROUP BY i) t)
FROM generate_series(1, 70) b;
CREATE TABLE holder AS
SELECT p, array_agg('asset ' || 1 + (p * 7 + k * 13) % 82 ORDER BY k) AS assets, array_agg(random() - 0.5) AS e
FROM generate_series(1, 12) p, generate_series(1, 4) k GROUP BY p;
CREATE FUNCTION differ(blocks int) RETURNS text LANGUAGE sql AS $$
	WITH answer AS MATERIALIZED (
		SELECT hedge.profit_and_loss(h.assets, h.e, s.assets, s.returns) AS stored,
			   hedge.profit_and_loss(h.assets, h.e, s.assets[:], s.returns[:][:]) AS in_line
		FROM (SELECT * FROM holder, stored WHERE block <= blocks ORDER BY CASE WHEN p % 3 > 0 THEN p END, CASE WHEN p % 3 > 0 THEN block END, random()) o
		JOIN holder h USING (p) JOIN stored s USING (block))
	SELECT format('%s of %s', count(*) FILTER (WHERE stored IS DISTINCT FROM in_line), count(*)) FROM answer
	WHERE array_ndims(stored) = 1
$$;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SELECT is(differ(b), format('0 of %s', 12 * b), b || ' blocks kept, and asked for again') FROM unnest('{1,2,31,33,70}'::int[]) b;
SELECT ok(bool_or(x IS NULL) AND bool_or(x IS NOT NULL), 'with nulls and without')
FROM holder h, stored s, unnest(hedge.profit_and_loss(h.assets, h.e, s.assets, s.returns)) x;
-- the same returns with other labels are another block
SELECT is(count(*), 0::bigint, 'other labels, other block')
FROM stored s, LATERAL (SELECT i, hedge.profit_and_loss('{a}', '{1}', CASE WHEN i % 2 = 0 THEN array_fill('b'::text, ARRAY[0]) || '{a}'::text[] || other ELSE other || '{a}'::text[] END, s.returns) AS x,
		s.returns[1:1] AS first, s.returns[81:81] AS last
	FROM generate_series(1, 4) i, (SELECT array_agg('x' || k) AS other FROM generate_series(2, 81) k) o) t
WHERE block < 5 AND (SELECT array_agg(u) FROM unnest(CASE WHEN i % 2 = 0 THEN first ELSE last END) u) IS DISTINCT FROM x;
DO $$
DECLARE
	labels text[] := (SELECT array_agg('l' || k) FROM generate_series(1, 81) k);
	s record;
	x float8[];
BEGIN
	SELECT * INTO s FROM stored WHERE block = 4;
	FOR k IN 1..81 LOOP
		labels[k] := 'held';		-- changed in place
		x := hedge.profit_and_loss('{held}', '{1}', labels, s.returns);
		IF x IS DISTINCT FROM (SELECT array_agg(u) FROM unnest(s.returns[k:k]) u) THEN
			RAISE 'row % of a block whose labels were changed in place', k;
		END IF;
		labels[k] := 'l' || k;
	END LOOP;
END $$;
-- 30 MB each: two at a time
TRUNCATE stored;
INSERT INTO stored SELECT b, '{a,b}', ARRAY[array_fill(b::float8, ARRAY[1900000]), array_fill(-1::float8, ARRAY[1900000])] FROM generate_series(1, 3) b;
SELECT is(array_agg(x ORDER BY i), '{1,3,5,1,3,5,1,5,5}', 'large blocks in turn')
FROM unnest('{1,2,3,1,2,3,1,3,3}'::int[]) WITH ORDINALITY t (b, i) JOIN stored s ON b = block,
	LATERAL (SELECT (hedge.profit_and_loss('{a,b}', '{2,1}', s.assets, s.returns))[1900000] AS x) l;

SELECT is(r::text, want, 'risk of ' || args)
FROM matrix, LATERAL (VALUES ('{x}', '{1}', '(,,,,,,,,)'), ('{}', '{}', '(,,,,,,,,)'), ('{asset 01,NULL}', '{NULL,5}', '(,,,,,,,,)'),
	('{asset 01,x}', '{0,5}', '(0,0,0,0,0,,,,)')) t (args, e, want), hedge.portfolio_risk(m, args::text[], e::float8[]) r WHERE gaps;
SELECT is((SELECT count(*) FROM hedge.portfolio_risk(NULL, '{a}', '{1}') r WHERE r IS NOT NULL), 0::bigint, 'nothing of a null matrix');
SELECT is((SELECT count(*) FROM hedge.risk_contributions(NULL, '{a}', '{1}') r), 0::bigint, 'no rows of a null matrix');
CREATE TABLE hedged AS SELECT hedge.comoment_matrix(ARRAY['a', 'b'], ARRAY[x, 2 * x]) AS m FROM generate_series(-3, 4) x;
SELECT ok(net_risk = 0 AND risk_offset = uncorrelated_risk AND largest_contributor IS NULL, 'a perfect hedge leaves exactly nothing')
FROM hedged, hedge.portfolio_risk(m, '{a,b}', '{2,-1}');
SELECT ok(abs(sqrt(k.net_risk ^ 2 - 2 * k.net_risk * c.contribution + c.risk ^ 2) / w.net_risk - 1) < 1e-12
	AND CASE e WHEN '{1,-1.2}' THEN c.contribution > 0 AND w.net_risk > k.net_risk ELSE c.contribution < 0 END,
	'net risk without a position, from its contribution: a hedge at ' || e)
FROM (SELECT hedge.comoment_matrix(ARRAY['a', 'b'], ARRAY[sin(x), sin(x) + 0.4 * cos(5 * x)]) AS m FROM generate_series(1, 400) x) s,
	unnest('{"{1,-0.8}","{1,-1.2}","{1,-0.3}"}'::text[]) AS e,
	hedge.portfolio_risk(m, '{a,b}', e::float8[]) k, hedge.risk_contributions(m, '{a,b}', e::float8[]) c,
	hedge.portfolio_risk(m, '{a}', '{1}') w
WHERE c.asset = 'b';

-- Legs of very different size: as the pair has it, of which this is the whole portfolio.
CREATE TABLE uneven AS SELECT hedge.comoment_matrix(ARRAY['a', 'b'], ARRAY[sin(x), sin(x) - 1.5 * cos(3 * x)]) AS m FROM generate_series(1, 60) x;
SELECT is(count(*), 302::bigint, 'a pair of any size') FROM uneven, generate_series(0, 150) d, unnest('{-1,1}'::int[]) s,
	LATERAL hedge.portfolio_pairs(m, '{a,b}', ARRAY[10::float8 ^ (2 * d), s], offsetting => s < 0) p,
	hedge.portfolio_risk(m, '{a,b}', ARRAY[10::float8 ^ (2 * d), s]) r
WHERE abs(r.risk_offset / p.risk_offset - 1) < 1e-14 AND abs(r.diversification / p.diversification - 1) < 1e-14
	AND abs(r.net_risk / p.net_risk - 1) < 1e-14 AND sign(r.risk_offset) = -s;
SELECT is(count(*) FILTER (WHERE o ~ '-0[,)}]'), 0::bigint, 'no -0 of exposures -0 and single legs: ' || max(o))
FROM uneven, unnest('{"{-0,-0}","{1,-0}","{-0,1}","{-5,-0}","{1,NULL}"}'::text[]) e, LATERAL (
	SELECT r::text AS o FROM hedge.portfolio_risk(m, '{a,b}', e::float8[]) r
	UNION ALL SELECT r::text FROM hedge.risk_contributions(m, '{a,b}', e::float8[]) r
	UNION ALL SELECT x::text FROM hedge.profit_and_loss('{a,b}', e::float8[], '{a,b}', '{{0,-0,1},{-0,0,-0}}') x
	UNION ALL SELECT hedge.value_at_risk('{0,-0}')::text || ',' UNION ALL SELECT hedge.expected_shortfall('{0,-0}')::text || ',') o (o);

-- Correlations put together pair by pair that no returns can have: null, and mended by nearest_psd.
CREATE TABLE impossible AS
SELECT hedge.comoment_matrix(ARRAY['a', 'b', 'c'], ARRAY[x, y, z]) AS m
FROM (SELECT i, CASE WHEN i % 3 <> 2 THEN s END AS x, CASE WHEN i % 3 <> 1 THEN CASE WHEN i % 3 = 0 THEN s ELSE -s END END AS y,
		CASE WHEN i % 3 <> 0 THEN s END AS z
	  FROM (SELECT i, sin(i * 11) AS s FROM generate_series(1, 300) i) t) t;
SELECT ok(net_risk IS NULL AND risk_offset IS NULL AND largest_contributor IS NULL AND uncorrelated_risk > 0 AND gross_risk > 0,
	'a negative form has no net risk')
FROM impossible, hedge.portfolio_risk(m, '{a,b,c}', '{-1,1,1}');
SELECT ok(net_risk >= 0, 'the nearest matrix has one')
FROM impossible, hedge.portfolio_risk(hedge.nearest_psd(m), '{a,b,c}', '{-1,1,1}');

-- Tails, against sorting in SQL.
CREATE TABLE series AS
SELECT n, h, level, array_agg(x ORDER BY i) AS pnl
FROM (SELECT i, CASE WHEN random() > 0.05 THEN random() - 0.5 END AS x FROM generate_series(1, 500) i) s,
	unnest('{5,40,499}'::int[]) n, unnest('{1,3,10}'::int[]) h, unnest('{0.5,0.9,0.99,0.999}'::numeric[]) level
WHERE i <= n GROUP BY n, h, level;
SELECT ok((abs(hedge.value_at_risk(pnl, level::float8, h) - var) < 1e-12 AND abs(hedge.expected_shortfall(pnl, level::float8, h) - es) < 1e-12
		OR (hedge.value_at_risk(pnl, level::float8, h), hedge.expected_shortfall(pnl, level::float8, h)) IS NOT DISTINCT FROM (NULL::float8, NULL::float8)
			AND windows = 0) AND hedge.observed_windows(pnl, h) = windows,
	format('tails of %s bars, horizon %s, level %s (%s windows)', n, h, level, windows))
FROM series, LATERAL (
	SELECT count(*) AS windows, -max(x) FILTER (WHERE place = k) AS var, -sum(x * (CASE WHEN m < 1 THEN (place = 1)::int WHEN place < k THEN 1 WHEN place = k THEN m - k + 1 ELSE 0 END)::float8)
		/ greatest(1, max(m))::float8 AS es
	FROM (SELECT x, row_number() OVER (ORDER BY x) AS place, greatest(1, ceil((1 - level) * count(*) OVER ())) AS k,
			(1 - level) * count(*) OVER () AS m
		  FROM (SELECT sum(x) OVER w AS x, count(x) OVER w AS c FROM unnest(pnl) WITH ORDINALITY u (x, i)
				WINDOW w AS (ORDER BY i ROWS h - 1 PRECEDING)) t WHERE c = h) t) t;
SELECT ok(abs((hedge.profit_and_loss('{a,b}', '{100,10}', '{a,b}', array[array[ln(0.5), 0.1], array[0.2, 0.3]]::float8[], '{log,simple}'))[1] + 48) < 1e-12,
	'a log return is not linear in the price');
SELECT is(hedge.profit_and_loss('{a,b}', '{100,10}', '{a,b}', '{{0.5,NULL},{0.2,0.3}}', '{difference,NULL}'), '{52,NULL}', 'the other kinds are');
SELECT throws_ok($$SELECT hedge.profit_and_loss('{a}', '{1}', '{a}', '{{1}}', '{ratio}')$$, '22023', 'unknown return kind "ratio"', 'an unknown kind');
SELECT is(hedge.value_at_risk('{}'), NULL, 'no history, no value at risk');
SELECT is(hedge.value_at_risk('{NULL,NaN,Infinity}'), NULL, 'nor of bars without a number');
SELECT is(hedge.value_at_risk('{3}'), -3::float8, 'a gain is a negative loss');
SELECT is(hedge.observed_windows('{1,2,3}', 2147483647), 0, 'a horizon longer than all');

SELECT is((SELECT hedge.concatenate(a ORDER BY i) FROM (VALUES (2, '{3,4}'::float8[]), (1, '{1,NULL}'), (3, NULL), (4, '{}')) t (i, a)),
	'{1,NULL,3,4}', 'arrays end to end');
SELECT is((SELECT hedge.concatenate(a) FROM (SELECT NULL::float8[] AS a WHERE false) t), NULL, 'no array');

SELECT is(array_agg(DISTINCT (provolatile, proparallel, proisstrict)::text), '{"(i,s,t)"}', 'immutable, strict, parallel safe')
FROM pg_proc WHERE pronamespace = 'hedge'::regnamespace
AND proname IN ('portfolio_risk', 'risk_contributions', 'profit_and_loss', 'value_at_risk', 'expected_shortfall', 'observed_windows');
SELECT * FROM finish();
ROLLBACK;
