-- Margin from arrays: against the formulas spelt out in SQL on random books, by hand, properties, bad input.
BEGIN;
SELECT no_plan();
SELECT setseed(0.7);

-- By hand (docs/margin.md): 30 and -40 at 0.5 in one bucket, 20 in another, 0.25 between the two.
CREATE VIEW hand AS
SELECT '{30,-40,20}'::float8[] AS e, '{1,1,1}'::float8[] AS w, '{metal,metal,grain}'::text[] AS b,
	'{{1,0.5,0},{0.5,1,0},{0,0,1}}'::float8[] AS r, '{metal,grain}'::text[] AS bn, '{{1,0.25},{0.25,1}}'::float8[] AS g;
SELECT results_eq($$SELECT gross_margin, round(silo_margin::numeric, 9), round((margin_low ^ 2)::numeric, 9), round(margin_medium::numeric, 9),
		round((margin_high ^ 2)::numeric, 9), scenario, alternative, floored, round((margin - (90 - 0.8 * (90 - sqrt(1925))))::numeric, 9)
	FROM hand, hedge.margin(e, w, b, r, bn, g, 0.8)$$,
	$$VALUES (90::float8, 60.000000000, 1925.000000000, 40.000000000, 1275.000000000, 'low', false, false, 0.000000000)$$, 'by hand');
SELECT results_eq($$SELECT leg, bucket, weighted_sensitivity, round(contribution::numeric, 6)
	FROM hand, hedge.margin_contributions(e, w, b, r, bn, g)$$,
	$$SELECT * FROM (VALUES (1, 'metal', 30::float8, round(30 * (30 - 0.375 * 40 + 0.1875 * 20) / sqrt(1925::numeric), 6)),
		(2, 'metal', -40, round(-40 * (-40 + 0.375 * 30 + 0.1875 * 20) / sqrt(1925::numeric), 6)),
		(3, 'grain', 20, round(20 * (20 - 0.1875 * 10) / sqrt(1925::numeric), 6))) v$$, 'contributions by hand, of the scenario that counts');
SELECT is(round((margin_medium ^ 2)::numeric, 9), 20::numeric, 'the alternative by hand') FROM hedge.margin('{10,10,10,10}', NULL, '{a,a,b,b}',
	'{{1,-0.9,0,0},{-0.9,1,0,0},{0,0,1,-0.9},{0,0,-0.9,1}}', '{a,b}', '{{1,-0.5},{-0.5,1}}');

-- Random books: correlations of a few common factors (so positive semi-definite), legs in a random order of buckets. In
-- every fifth all are long, and those of a bucket hedge each other, as buckets do: sums far above K make negative totals.
CREATE TABLE leg AS
SELECT book, i, 'bucket ' || floor(random() * (1 + book % 4)) AS bucket, CASE WHEN book % 5 = 0 THEN 1 + random() / 20 ELSE random() - 0.5 END * 1e6 AS e, CASE WHEN book % 5 = 0 THEN 1 ELSE random() END AS w,
	CASE WHEN book % 5 = 0 THEN ARRAY[2 * (i % 2) - 1, random() / 5, random() / 5] ELSE ARRAY[random() - 0.5 + (book % 2), random() - 0.5, random() - 0.5] END AS f
FROM generate_series(1, 200) book, generate_series(1, 2 + book % 12) i;
CREATE FUNCTION size(f float8[]) RETURNS float8 LANGUAGE sql AS 'SELECT sqrt(sum(x * x)) FROM unnest(f) x';
CREATE TABLE rho AS
SELECT x.book, x.i, y.i AS j, CASE WHEN x.i = y.i THEN 1
	ELSE 0.98 * (x.f[1] * y.f[1] + x.f[2] * y.f[2] + x.f[3] * y.f[3]) / (size(x.f) * size(y.f)) END AS r
FROM leg x JOIN leg y USING (book);
CREATE TABLE bucket AS
SELECT book, bucket, row_number() OVER (PARTITION BY book ORDER BY bucket) AS n, CASE WHEN book % 5 = 0 THEN 0.95 * (2 * (row_number() OVER (PARTITION BY book ORDER BY bucket) % 2) - 1) ELSE (random() - 0.5) * 2 END AS f FROM leg GROUP BY book, bucket;
CREATE TABLE gamma AS
SELECT x.book, x.bucket AS b, y.bucket AS c, x.n AS nb, y.n AS nc, CASE WHEN x.n = y.n THEN 1 ELSE x.f * y.f END AS g FROM bucket x JOIN bucket y USING (book);
CREATE TABLE args AS
SELECT l.book, l.e, l.w, l.b, r.r, g.bn, g.g
FROM (SELECT book, array_agg(e ORDER BY i) AS e, array_agg(w ORDER BY i) AS w, array_agg(bucket ORDER BY i) AS b FROM leg GROUP BY book) l
JOIN (SELECT book, array_agg(r ORDER BY i) AS r FROM (SELECT book, i, array_agg(r ORDER BY j) AS r FROM rho GROUP BY book, i) s GROUP BY book) r USING (book)
JOIN (SELECT book, array_agg(g ORDER BY nb) AS g, array_agg(b ORDER BY nb) AS bn
	FROM (SELECT book, b, nb, array_agg(g ORDER BY nc) AS g FROM gamma GROUP BY book, b, nb) s GROUP BY book) g USING (book);
ANALYZE leg, rho, bucket, gamma, args;
-- MAR21.4 and 21.6, spelt out
CREATE VIEW scenario (s) AS VALUES ('low'), ('medium'), ('high');
CREATE FUNCTION moved(r float8, s text) RETURNS float8 LANGUAGE sql AS
	$$SELECT CASE s WHEN 'low' THEN greatest(2 * r - 1, 0.75 * r) WHEN 'high' THEN greatest(least(1.25 * r, 1), -1) ELSE r END$$;
CREATE TABLE k AS
SELECT l.book, s.s, l.bucket, sqrt(greatest(0, sum(moved(r.r, s.s) * l.e * l.w * m.e * m.w))) AS k
FROM leg l JOIN rho r ON r.book = l.book AND r.i = l.i JOIN leg m ON m.book = l.book AND m.i = r.j AND m.bucket = l.bucket CROSS JOIN scenario s
GROUP BY l.book, s.s, l.bucket;
CREATE TABLE sums AS SELECT book, bucket, sum(e * w) AS s FROM leg GROUP BY book, bucket;
CREATE TABLE derived AS
SELECT book, s, CASE WHEN first < 0 THEN sqrt(greatest(0, second)) ELSE sqrt(first) END AS net, first < 0 AS alternative
FROM (
	SELECT x.book, x.s,
		sum(CASE WHEN g.b = g.c THEN x.k * x.k ELSE moved(g.g, x.s) * u.s * v.s END) AS first,
		sum(CASE WHEN g.b = g.c THEN x.k * x.k ELSE moved(g.g, x.s) * greatest(least(u.s, x.k), -x.k) * greatest(least(v.s, y.k), -y.k) END) AS second
	FROM gamma g
	JOIN k x ON x.book = g.book AND x.bucket = g.b
	JOIN k y ON y.book = g.book AND y.bucket = g.c AND y.s = x.s
	JOIN sums u ON u.book = g.book AND u.bucket = g.b
	JOIN sums v ON v.book = g.book AND v.bucket = g.c
	GROUP BY x.book, x.s) t;
CREATE TABLE computed AS SELECT book, m.* FROM args, hedge.margin(e, w, b, r, bn, g, 0.8) m;
SELECT ok(count(*) = 600 AND max(abs(d.net - CASE d.s WHEN 'low' THEN margin_low WHEN 'medium' THEN margin_medium ELSE margin_high END) / gross_margin) < 1e-9,
	'the three margins as brute force has them') FROM derived d JOIN computed c USING (book);
SELECT ok(count(*) > 10 AND bool_and(c.alternative), 'negative totals under the root were met, in the scenario that counts, too')
FROM derived d JOIN computed c ON c.book = d.book AND c.scenario = d.s WHERE d.alternative;
SELECT ok(bool_and(net_margin = greatest(margin_low, margin_medium, margin_high)), 'the worst counts') FROM computed;
SELECT ok(bool_and(margin BETWEEN net_margin AND gross_margin AND net_margin >= 0 AND silo_margin <= gross_margin AND uncorrelated_margin <= gross_margin
	AND abs(credit - (gross_margin - net_margin)) < 1e-6 AND abs(margin - (gross_margin - 0.8 * credit)) < 1e-6), 'bounds') FROM computed;
SELECT ok(max(abs(c.silo_margin - s.silo)) < 1e-6 , 'silo: the worst of each bucket alone')
FROM computed c JOIN (SELECT book, sum(k) AS silo FROM (SELECT book, bucket, max(k) AS k FROM k GROUP BY book, bucket) t GROUP BY book) s USING (book);
SELECT ok(bool_and(m >= next AND next >= net), 'monotone in the share granted') FROM (
	SELECT a.book, x.margin AS m, lead(x.margin) OVER (PARTITION BY a.book ORDER BY share) AS next, x.net_margin AS net
	FROM args a, generate_series(0, 10) share, hedge.margin(e, w, b, r, bn, g, share / 10.0) x) t WHERE next IS NOT NULL;
SELECT ok(max(abs(s.sum - c.margin) / c.gross_margin) < 1e-12 AND max(abs(s.shares - 1)) < 1e-9, 'contributions sum to the margin')
FROM computed c JOIN (SELECT book, sum(contribution), sum(contribution_share) AS shares FROM args, hedge.margin_contributions(e, w, b, r, bn, g, 0.8) GROUP BY book) s USING (book);
SELECT ok(max(abs(s.sum - c.margin) / c.gross_margin) < 1e-12 AND bool_and(rows = n * (n + 1) / 2), 'pairs and legs by themselves sum to it, too')
FROM computed c JOIN (SELECT book, sum(contribution), count(*) AS rows, cardinality(e) AS n FROM args, hedge.margin_pairs(e, w, b, r, bn, g, 0.8) GROUP BY book, e) s USING (book);
SELECT ok(max(abs(x.contribution - (p.own + p.half)) / gross_margin) < 1e-12, 'a leg has its own part and half of its pairs')
FROM args a CROSS JOIN LATERAL hedge.margin_contributions(e, w, b, r, bn, g, 0.8) x JOIN computed c USING (book)
CROSS JOIN LATERAL (SELECT sum(contribution) FILTER (WHERE leg_a = leg_b) AS own, coalesce(sum(contribution) FILTER (WHERE leg_a <> leg_b), 0) / 2 AS half
	FROM hedge.margin_pairs(e, w, b, r, bn, g, 0.8) WHERE x.leg IN (leg_a, leg_b)) p;
-- invariance: another order of legs, another scale, a leg in two
CREATE FUNCTION reversed(a anyarray) RETURNS anyarray LANGUAGE sql AS 'SELECT array_agg(a[i] ORDER BY i DESC) FROM generate_subscripts(a, 1) i';
CREATE FUNCTION turned(a float8[]) RETURNS float8[] LANGUAGE sql AS
	'SELECT array_agg(x ORDER BY i DESC) FROM (SELECT i, array_agg(a[i][j] ORDER BY j DESC) AS x FROM generate_subscripts(a, 1) i, generate_subscripts(a, 1) j GROUP BY i) s';
SELECT ok(max(abs(m.margin - c.margin) / c.gross_margin) < 1e-13, 'legs and buckets in another order')
FROM args JOIN computed c USING (book), hedge.margin(reversed(e), reversed(w), reversed(b), turned(r), reversed(bn), turned(g), 0.8) m;
SELECT ok(max(abs(m.margin - 1000 * c.margin) / c.gross_margin) < 1e-10, 'a thousand times the weights')
FROM args JOIN computed c USING (book), hedge.margin(e, (SELECT array_agg(1000 * x ORDER BY i) FROM unnest(w) WITH ORDINALITY u (x, i)), b, r, bn, g, 0.8) m;
CREATE FUNCTION doubled(a float8[]) RETURNS float8[] LANGUAGE sql AS	-- the first row and column once more
	'SELECT array_agg(x ORDER BY i) FROM (SELECT i, array_agg(a[greatest(i, 1)][greatest(j, 1)] ORDER BY j) AS x
	FROM generate_series(0, array_length(a, 1)) i, generate_series(0, array_length(a, 1)) j GROUP BY i) s';
SELECT ok(max(abs(m.net_margin - c.net_margin) / c.gross_margin) < 1e-9, 'a leg in two parts')
FROM args JOIN computed c USING (book), hedge.margin(0.3 * e[1] || (0.7 * e[1] || e[2:]), w[1] || w, b[1] || b, doubled(r), bn, g) m;

-- credit only where it is allowed
CREATE TABLE credited AS
SELECT book, array_agg(c ORDER BY i) AS c FROM (SELECT book, i, array_agg((i + j) % 3 > 0 ORDER BY j) AS c FROM rho GROUP BY book, i) s GROUP BY book;
CREATE TABLE gated AS
SELECT r.book, r.i, r.j, CASE WHEN (r.i + r.j) % 3 > 0 OR r.i = r.j OR r.r * x.e * y.e >= 0 THEN r.r ELSE 0 END AS zero,
	CASE WHEN (r.i + r.j) % 3 > 0 OR r.i = r.j OR r.r * x.e * y.e >= 0 THEN r.r ELSE -r.r END AS adverse
FROM rho r JOIN leg x ON x.book = r.book AND x.i = r.i JOIN leg y ON y.book = r.book AND y.i = r.j;
SELECT ok(max(abs(z.k2 - m.margin_medium ^ 2) / m.gross_margin ^ 2) < 1e-12 AND max(abs(z.a2 - n.margin_medium ^ 2) / m.gross_margin ^ 2) < 1e-12
	AND bool_and(m.margin_medium >= c.margin_medium - 1e-6 AND n.margin_medium >= m.margin_medium - 1e-6), 'pairs without credit: zero, or turned around, never less margin')
FROM (SELECT a.*, k.c AS allowed FROM args a JOIN credited k USING (book) WHERE cardinality(bn) = 1 OFFSET 0) a JOIN computed c USING (book)
JOIN (SELECT g.book, sum(zero * x.e * x.w * y.e * y.w) AS k2, sum(adverse * x.e * x.w * y.e * y.w) AS a2
	FROM gated g JOIN leg x ON x.book = g.book AND x.i = g.i JOIN leg y ON y.book = g.book AND y.i = g.j GROUP BY g.book) z USING (book)
CROSS JOIN LATERAL hedge.margin(e, w, NULL, r, credited => a.allowed) m
CROSS JOIN LATERAL hedge.margin(e, w, NULL, r, credited => a.allowed, adverse => true) n;
SELECT ok(abs(margin_high - 70) < 1e-12 AND abs(margin_medium - 70) < 1e-12, 'an unknown correlation: the two add up') FROM hedge.margin('{30,-40}', NULL, NULL, '{{1,NULL},{NULL,1}}');
SELECT ok(bool_and(abs(m - 70) < 1e-12), 'in every scenario') FROM hedge.margin('{30,-40}', NULL, NULL, '{{1,NULL},{NULL,1}}'), unnest(ARRAY[margin_low, margin_medium, margin_high]) m;
SELECT ok(abs(net_margin ^ 2 - ((100 ^ 2 + 100 ^ 2 - 2 * 0.8 * 100 ^ 2) + 70 ^ 2)) < 1e-6 AND scenario = 'low', 'and where the low scenario counts for something else')
FROM hedge.margin('{100,-100,30,-40}', NULL, NULL, '{{1,0.9,0,0},{0.9,1,0,0},{0,0,1,NULL},{0,0,NULL,1}}');
SELECT ok(bool_and(abs(x.margin - 70) < 1e-12 AND x.credit_lost = 0), 'nor does it move') FROM hedge.credit_at_risk('{30,-40}', NULL, NULL, '{{1,NULL},{NULL,1}}') x;
SELECT ok(bool_and(abs(x.margin - 70) < 1e-12), 'of two buckets neither') FROM hedge.credit_at_risk('{30,-40}', NULL, '{a,b}', '{{1,0},{0,1}}', '{a,b}', '{{1,NULL},{NULL,1}}') x;
-- two buckets whose correlation is not known add up by what each needs, hedged inside or not
SELECT ok(bool_and(abs(m - 2 * sqrt(20000)) < 1e-9) AND max(abs(c.sum - 2 * sqrt(20000))) < 1e-9 AND max(abs(p.sum - 2 * sqrt(20000))) < 1e-9, 'two buckets of unknown correlation: the sum of their margins, by legs and pairs, too')
FROM (SELECT '{100,-100,100,-100}'::float8[] AS e, '{a,a,b,b}'::text[] AS b, '{{1,0,0,0},{0,1,0,0},{0,0,1,0},{0,0,0,1}}'::float8[] AS r, '{a,b}'::text[] AS n, '{{1,NULL},{NULL,1}}'::float8[] AS g) x,
	hedge.margin(e, NULL, b, r, n, g), unnest(ARRAY[margin_low, margin_medium, margin_high]) m,
	LATERAL (SELECT sum(contribution) FROM hedge.margin_contributions(e, NULL, b, r, n, g)) c, LATERAL (SELECT sum(contribution) FROM hedge.margin_pairs(e, NULL, b, r, n, g)) p;
SELECT ok(abs(margin_high - 70) < 1e-12, 'as two buckets do') FROM hedge.margin('{30,-40}', NULL, '{a,b}', '{{1,0},{0,1}}', '{a,b}', '{{1,NULL},{NULL,1}}');

-- compartments
SELECT ok(max(abs(x.margin - alone.margin) / c.gross_margin) < 1e-12 AND max(abs(x.margin_of_others - others.margin) / c.gross_margin) < 1e-12
	AND max(abs(x.pooled_margin - c.margin) / c.gross_margin) < 1e-12 AND max(abs(x.wall_cost - (x.margin + x.margin_of_others - x.pooled_margin)) / c.gross_margin) < 1e-12
	AND bool_and(x.legs > 0), 'a compartment is the portfolio of its legs alone')
FROM args a JOIN computed c USING (book)
CROSS JOIN LATERAL (SELECT array_agg(CASE WHEN i % 2 = 0 THEN 'even' END ORDER BY i) AS labels, array_agg(CASE WHEN i % 2 = 0 THEN x ELSE 0 END ORDER BY i) AS even,
	array_agg(CASE WHEN i % 2 = 0 THEN 0 ELSE x END ORDER BY i) AS odd FROM unnest(e) WITH ORDINALITY u (x, i)) l
CROSS JOIN LATERAL hedge.margin_compartments(e, w, b, r, bn, g, 0.8, labels) x
CROSS JOIN LATERAL hedge.margin(CASE x.compartment WHEN 'even' THEN even ELSE odd END, w, b, r, bn, g, 0.8) alone
CROSS JOIN LATERAL hedge.margin(CASE x.compartment WHEN 'even' THEN odd ELSE even END, w, b, r, bn, g, 0.8) others;
SELECT results_eq($$SELECT compartment, round(margin::numeric, 6), round(pooled_margin::numeric, 6), round(wall_cost::numeric, 6)
	FROM hedge.margin_compartments('{30,-40}', NULL, NULL, '{{1,1},{1,1}}', NULL, NULL, 1, '{x,y}')$$,
	$$VALUES ('x', 30.000000, 10.000000, 60.000000), ('y', 40, 10, 60)$$, 'a wall through a hedge');

-- a proposed trade
SELECT ok(max(abs(x.margin_before - c.margin) + abs(x.margin_after - after.margin) + abs(x.margin_change - (after.margin - c.margin))) < 1e-6, 'with and without a trade')
FROM args a JOIN computed c USING (book)
CROSS JOIN LATERAL hedge.margin_impact(e, reversed(e), w, b, r, bn, g, 0.8) x
CROSS JOIN LATERAL hedge.margin((SELECT array_agg(p + q ORDER BY i) FROM unnest(e, reversed(e)) WITH ORDINALITY u (p, q, i)), w, b, r, bn, g, 0.8) after;

-- credit at risk
CREATE TABLE at_risk AS SELECT book, x.*, c.gross_margin AS gross FROM args JOIN computed c USING (book) CROSS JOIN LATERAL hedge.credit_at_risk(e, w, b, r, bn, g, 0.8) x;
SELECT ok(max(abs(x.margin - (c.gross_margin - 0.8 * (c.gross_margin - CASE x.scenario WHEN 'low' THEN margin_low WHEN 'medium' THEN margin_medium ELSE margin_high END))) / gross_margin) < 1e-9
	AND count(*) > 400, 'scenarios as in hedge.margin where nothing had to be repaired')
FROM at_risk x JOIN computed c USING (book) WHERE x.scenario IN ('low', 'medium', 'high') AND NOT x.repaired;
SELECT ok(max(abs(x.margin - (c.gross_margin - 0.8 * (c.gross_margin - c.uncorrelated_margin))) / gross_margin) < 1e-12 AND bool_and(NOT repaired), 'zero') FROM at_risk x JOIN computed c USING (book) WHERE x.scenario = 'zero';
SELECT ok(bool_or(repaired) AND bool_and(repaired = (distance > 0)) AND max(distance) > 0.1, 'flipped correlations had to be repaired') FROM at_risk WHERE scenario = 'flipped';
SELECT ok(bool_and(margin BETWEEN 0 AND gross AND abs(margin + credit - gross) < 1e-6) AND max(abs(credit_lost)) FILTER (WHERE scenario = 'medium') = 0, 'credit and what is lost') FROM at_risk;
SELECT results_eq($$SELECT scenario, round((margin ^ 2)::numeric, 6), round(credit_lost::numeric, 6), repaired
	FROM hedge.credit_at_risk('{30,-40}', NULL, NULL, '{{1,0.5},{0.5,1}}', minimum => '{{1,-0.1},{-0.1,1}}', maximum => '{{1,0.9},{0.9,1}}')$$,
	$$SELECT s, m::numeric(20, 6), round(sqrt(m::numeric) - sqrt(1300::numeric), 6), false FROM (VALUES ('low', 1600), ('medium', 1300), ('high', 1000), ('zero', 2500), ('flipped', 3700), ('worst_seen', 2740)) v (s, m)$$,
	'by hand: a long and a short lose most where the correlation was lowest');
SELECT is(round((margin ^ 2)::numeric, 6), 4660.000000, 'two longs where it was highest')
FROM hedge.credit_at_risk('{30,40}', NULL, NULL, '{{1,0.5},{0.5,1}}', maximum => '{{1,0.9},{0.9,1}}') WHERE scenario = 'worst_seen';
SELECT ok(abs(distance - sqrt(6) * 0.4) < 1e-6 AND abs(margin) < 1e-4, 'three at 0.9, flipped: nearest are -0.5, and three alike hedge each other')
FROM hedge.credit_at_risk('{1,1,1}', NULL, NULL, '{{1,0.9,0.9},{0.9,1,0.9},{0.9,0.9,1}}') WHERE scenario = 'flipped';
-- what evidence withholds is not there to be lost
SELECT ok(count(*) = 5 * (SELECT count(*) FROM args) AND max(abs(x.shortfall - greatest(x.margin - c.margin, 0)) / c.gross_margin) < 1e-12 AND bool_or(x.shortfall > 0) AND bool_and(x.shortfall = 0) FILTER (WHERE x.scenario = 'medium'),
	'shortfall: against the margin required, the worst of three')
FROM at_risk x JOIN computed c USING (book);
SELECT ok(max(abs(x.margin - (m.gross_margin - 0.8 * (m.gross_margin - m.margin_medium))) / m.gross_margin) < 1e-12 AND max(abs(x.credit_lost)) = 0 AND max(abs(z.margin - u.margin) / m.gross_margin) < 1e-12
	AND bool_and(x.shortfall = 0) AND max(abs(z.shortfall - greatest(z.margin - m.margin, 0)) / m.gross_margin) < 1e-12, 'medium and the reference are those of hedge.margin with the same credited; without correlations nothing is withheld')
FROM (SELECT a.*, k.c FROM args a JOIN credited k USING (book) OFFSET 0) args CROSS JOIN LATERAL hedge.margin(e, w, b, r, bn, g, 0.8, c) m
CROSS JOIN LATERAL hedge.credit_at_risk(e, w, b, r, bn, g, 0.8, credited => c) x
CROSS JOIN LATERAL hedge.credit_at_risk(e, w, b, r, bn, g, 0.8, credited => c) z
JOIN at_risk u ON u.book = args.book AND u.scenario = 'zero' WHERE x.scenario = 'medium' AND z.scenario = 'zero';
SELECT results_eq($$SELECT scenario, round((margin ^ 2)::numeric, 6), round(shortfall::numeric, 6) FROM hedge.credit_at_risk('{30,-40}', NULL, NULL, '{{1,0.5},{0.5,1}}', maximum => '{{1,0.9},{0.9,1}}', credited => '{{t,f},{f,t}}')$$,
	$$SELECT s, m::numeric(20, 6), round(greatest(sqrt(m::numeric) - 50, 0), 6) FROM (VALUES ('low', 2500), ('medium', 2500), ('high', 2500), ('zero', 2500), ('flipped', 3700), ('worst_seen', 2500)) v (s, m)$$,
	'a hedge without credit has none to lose');
SELECT results_eq($$SELECT scenario, round((margin ^ 2)::numeric, 6) FROM hedge.credit_at_risk('{30,40}', NULL, NULL, '{{1,0.5},{0.5,1}}', credited => '{{t,f},{f,t}}')$$,
	$$SELECT s, m::numeric(20, 6) FROM (VALUES ('low', 3400), ('medium', 3700), ('high', 4000), ('zero', 2500), ('flipped', 2500)) v (s, m)$$,
	'nor do correlations that turn around earn any');
SELECT ok(abs(x.margin ^ 2 - 3700) < 1e-6, 'or they are turned around once more') FROM hedge.credit_at_risk('{30,40}', NULL, NULL, '{{1,0.5},{0.5,1}}', credited => '{{t,f},{f,t}}', adverse => true) x WHERE scenario = 'flipped';
SELECT throws_ok($$SELECT hedge.credit_at_risk('{30,40}', NULL, NULL, '{{1,0.5},{0.5,1}}', credited => '{t,f}')$$, '2202E', 'credited is not a square of 2 by 2');
SELECT ok(max(abs(x.pooled_margin - m.margin) / m.gross_margin) < 1e-12 AND bool_or(abs(x.pooled_margin - c.margin) > 1e-3 * c.gross_margin), 'compartments pooled: hedge.margin with the same credited')
FROM (SELECT a.*, k.c AS allowed FROM args a JOIN credited k USING (book) OFFSET 0) a JOIN computed c USING (book)
CROSS JOIN LATERAL (SELECT array_agg(CASE i % 2 WHEN 0 THEN 'even' ELSE 'odd' END ORDER BY i) AS parts FROM generate_subscripts(e, 1) i) p
CROSS JOIN LATERAL hedge.margin(e, w, b, r, bn, g, 0.8, allowed, true) m
CROSS JOIN LATERAL hedge.margin_compartments(e, w, b, r, bn, g, 0.8, parts, allowed, true) x;
SELECT ok(margin = 30 AND margin_of_others = 40 AND pooled_margin = 70 AND wall_cost = 0, 'a wall through a hedge that earns nothing costs nothing')
FROM hedge.margin_compartments('{30,-40}', NULL, NULL, '{{1,1},{1,1}}', NULL, NULL, 1, '{x,y}', '{{t,f},{f,t}}', true) WHERE compartment = 'x';
SELECT ok(max(abs(x.margin_before - m.margin) + abs(x.margin_after - after.margin) + abs(x.margin_of_trade - t.margin)) < 1e-6, 'a trade where not every pair is credited')
FROM (SELECT a.*, k.c AS allowed FROM args a JOIN credited k USING (book) OFFSET 0) a
CROSS JOIN LATERAL hedge.margin_impact(e, reversed(e), w, b, r, bn, g, 0.8, allowed, true) x
CROSS JOIN LATERAL hedge.margin(e, w, b, r, bn, g, 0.8, allowed, true) m
CROSS JOIN LATERAL hedge.margin(reversed(e), w, b, r, bn, g, 0.8, allowed, true) t
CROSS JOIN LATERAL hedge.margin((SELECT array_agg(p + q ORDER BY i) FROM unnest(e, reversed(e)) WITH ORDINALITY u (p, q, i)), w, b, r, bn, g, 0.8, allowed, true) after;

-- from a matrix
CREATE TABLE matrix AS SELECT hedge.comoment_matrix('asset ' || a, t * interval '1 day' + timestamptz '2020-01-01', f * (a % 3 - 1) + random() - 0.5) AS m
FROM (SELECT t, random() - 0.5 AS f FROM generate_series(1, 200) t) s, generate_series(1, 5) a;
SELECT ok(abs(w[1] / (2.3263478740408408 * 2 * hedge.volatility(m, 'asset 1')) - 1) < 1e-12 AND w[2] IS NULL, 'weights from volatilities') FROM matrix, hedge.margin_weights(m, '{asset 1,gone}', 0.99, 4) w;
SELECT is(hedge.margin_weights(hedge.comoment_matrix(a, t, x), '{frozen,moves}') IS NOT NULL AND (hedge.margin_weights(hedge.comoment_matrix(a, t, x), '{frozen,moves}'))[1] IS NULL
	AND (hedge.margin_weights(hedge.comoment_matrix(a, t, x), '{frozen,moves}'))[2] > 0, true, 'a price that never moved gives no weight, not one of 0')
FROM (VALUES ('frozen', timestamptz '2020-01-01', 0::float8), ('frozen', '2020-01-02', 0), ('moves', '2020-01-01', 1), ('moves', '2020-01-02', 2)) v (a, t, x);
SELECT ok(abs(margin_medium / (2.3263478740408408 * net_risk) - 1) < 1e-12, 'one bucket at medium is net risk, times the quantile')
FROM matrix, LATERAL (SELECT hedge.assets(m) AS a, '{100,-50,20,-7,3}'::float8[] AS e) x, hedge.margin(e, hedge.margin_weights(m, a), NULL, hedge.correlations(m, a)), hedge.portfolio_risk(m, a, e);

-- bad input
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, NULL, '{{1,1.2},{1.2,1}}')$$, '22023', 'correlations have 1.2 at (2, 1), which is not from -1 to 1');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, NULL, '{{1,NaN},{0.5,1}}')$$, '22023', 'correlations are not symmetric: 0.5 at (2, 1), NaN at (1, 2)');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, NULL, '{{1,0.1},{0.5,1}}')$$, '22023', 'correlations are not symmetric: 0.5 at (2, 1), 0.1 at (1, 2)');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, NULL, '{{0.5,0},{0,1}}')$$, '22023', 'correlations have 0.5 at (1, 1), which is not 1');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, NULL, '{{0.99999999999,0},{0,1}}')$$, '22023', 'correlations have 0.99999999999 at (1, 1), which is not 1', 'what is off by more than rounding is told in full');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, NULL, '{{1,1.00000000001},{1.00000000001,1}}')$$, '22023', 'correlations have 1.00000000001 at (2, 1), which is not from -1 to 1');
SELECT is((SELECT m FROM hedge.margin('{1,-2}', NULL, NULL, '{{1.0000000000000002,-1.0000000000000002},{-1.0000000000000002,0.9999999999999999}}') AS m),
	(SELECT m FROM hedge.margin('{1,-2}', NULL, NULL, '{{1,-1},{-1,1}}') AS m), 'and what rounding made of 1 is 1');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, NULL, '{1,2,3,4}')$$, '2202E', 'correlations is not a square of 2 by 2');
SELECT throws_ok($$SELECT hedge.margin('{1,1,1}', NULL, NULL, '{{1,-0.9,-0.9},{-0.9,1,-0.9},{-0.9,-0.9,1}}')$$, '22023', 'correlations of bucket "" are not positive semi-definite');
SELECT throws_ok($$SELECT hedge.margin('{1,1,1}', NULL, '{a,b,c}', '{{1,0,0},{0,1,0},{0,0,1}}', '{a,b,c}', '{{1,-0.9,-0.9},{-0.9,1,-0.9},{-0.9,-0.9,1}}')$$, '22023', 'bucket_correlations are not positive semi-definite');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', '{1,NULL}', NULL, '{{1,0},{0,1}}')$$, '22023', 'weight of leg 2 is missing');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', '{1,-1}', NULL, '{{1,0},{0,1}}')$$, '22023', 'weight -1 of leg 2 is not a number from 0 on');
SELECT throws_ok($$SELECT hedge.margin('{1,NULL}', NULL, NULL, '{{1,0},{0,1}}')$$, '22023', 'exposure of leg 2 is missing');
SELECT throws_ok($$SELECT hedge.margin('{1e300,1}', '{1e300,1}', NULL, '{{1,0},{0,1}}')$$, '22023', 'weighted sensitivity Infinity of leg 1 is not finite');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, '{a,b}', '{{1,0},{0,1}}', '{a}', '{{1}}')$$, '22023', 'bucket "b" of leg 2 has no parameters');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, '{a,b}', '{{1,0},{0,1}}')$$, '22004', '2 buckets, but no bucket_correlations');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, '{a}', '{{1,0},{0,1}}')$$, '2202E', 'buckets has 1 elements, but exposures has 2');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', '{1}', NULL, '{{1,0},{0,1}}')$$, '2202E', 'weights has 1 elements, but exposures has 2');
SELECT throws_ok($$SELECT hedge.margin('{1,2}', NULL, '{a,b}', '{{1,0},{0,1}}', '{{a},{b}}', '{{1,0},{0,1}}')$$, '2202E', 'bucket_names has 2 dimensions');
SELECT throws_ok($$SELECT hedge.margin_compartments('{1,2}', NULL, NULL, '{{1,0},{0,1}}', NULL, NULL, 1, '{a}')$$, '2202E', 'compartments has 1 elements, but exposures has 2');
SELECT throws_ok($$SELECT hedge.margin('{1}', NULL, NULL, '{{1}}', credit_share => 1.1)$$, '22023', 'credit_share 1.1 is not from 0 to 1');
SELECT throws_ok($$SELECT hedge.margin('{1}', NULL, NULL, '{{1}}', credit_share => NULL)$$, '22004', 'credit_share is null');
-- one unknown correlation hides no other that cannot be
SELECT throws_ok($$SELECT hedge.margin('{100,-100,100,0.01,1}', NULL, NULL, '{{1,.9,-.9,0,0},{.9,1,.9,0,0},{-.9,.9,1,0,0},{0,0,0,1,NULL},{0,0,0,NULL,1}}')$$, '22023', 'correlations of bucket "" are not positive semi-definite');
SELECT throws_ok($$SELECT hedge.margin('{100,-100,100,0.01}', NULL, NULL, '{{1,.9,-.9,0},{.9,1,.9,NULL},{-.9,.9,1,NULL},{0,NULL,NULL,1}}')$$, '22023', 'correlations of bucket "" are not positive semi-definite');
SELECT throws_ok($$SELECT hedge.margin('{100,-100,100,0.01}', NULL, NULL, '{{1,.9,-.9,0},{.9,1,.9,0},{-.9,.9,1,NULL},{0,0,NULL,1}}')$$, '22023', 'correlations are not positive semi-definite');
SELECT throws_ok($$SELECT hedge.margin('{1,1,1,1}', NULL, '{a,b,c,d}', '{{1,0,0,0},{0,1,0,0},{0,0,1,0},{0,0,0,1}}', '{a,b,c,d}',
	'{{1,-0.9,-0.9,NULL},{-0.9,1,-0.9,NULL},{-0.9,-0.9,1,NULL},{NULL,NULL,NULL,1}}')$$, '22023', 'bucket_correlations are not positive semi-definite');
CREATE TABLE large AS SELECT array_agg(l ORDER BY i) AS r FROM (SELECT i, array_agg((i = j)::integer::float8 ORDER BY j) AS l FROM generate_series(1, 1001) i, generate_series(1, 1001) j GROUP BY i) s;
SELECT throws_ok($$SELECT hedge.margin(array_fill(1::float8, '{1001}'), NULL, NULL, r) FROM large$$,
	'54000', 'correlations of a bucket are a square of 1001, which is too large');
SELECT ok(abs(margin_medium - sqrt(1001)) < 1e-9, 'more legs in several buckets')
FROM large, (SELECT ARRAY(SELECT 'b' || i % 2 FROM generate_series(1, 1001) i) AS b) x,
	hedge.margin(array_fill(1::float8, '{1001}'), NULL, b, r, '{b0,b1}', '{{1,0},{0,1}}');
SELECT throws_ok($$SELECT hedge.margin_weights(m, '{asset 1}', 0.4) FROM matrix$$, '22023', 'level 0.4 is not between 0.5 and 1');
SELECT throws_ok($$SELECT hedge.margin_weights(m, '{asset 1}', 0.5) FROM matrix$$, '22023', 'level 0.5 is not between 0.5 and 1', 'a level whose weights would be 0');
SELECT throws_ok($$SELECT hedge.margin_impact('{1}', '{1,2}', NULL, NULL, '{{1}}')$$, '2202E', 'trade has 2 elements, but exposures has 1');
SELECT ok(hedge.margin(NULL, NULL, NULL, '{{1}}') IS NULL AND hedge.margin('{1}', NULL, NULL, NULL) IS NULL, 'null arrays');
SELECT ok(gross_margin = 0 AND margin = 0 AND silo_margin = 0, 'no leg') FROM hedge.margin('{}', NULL, NULL, '{}');
SELECT ok(margin = 5 AND credit = 0, 'one leg') FROM hedge.margin('{-5}', NULL, NULL, '{{1}}');

SELECT * FROM finish();
ROLLBACK;
