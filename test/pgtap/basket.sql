-- Baskets and spreads in SQL against plain SQL.
BEGIN;
SELECT no_plan();
SELECT setseed(0.2);

CREATE TABLE observation AS
SELECT t, 'asset ' || lpad(a::text, 2, '0') AS asset, (f * (1 + a % 4) + g * (a % 3 - 1) + (random() - 0.5)) / 100 AS r
FROM (SELECT t, random() - 0.5 AS f, random() - 0.5 AS g FROM generate_series(1, 400) t) s, generate_series(1, 12) a;

CREATE TABLE panel AS
SELECT array_agg(asset ORDER BY asset) AS assets, array_agg(rs ORDER BY asset) AS observations
FROM (SELECT asset, array_agg(r ORDER BY t) AS rs FROM observation GROUP BY asset) s;
CREATE TABLE basket AS SELECT b.* FROM panel, hedge.basket_hedge(assets, observations, 'asset 01', max_legs => 4) b;
SELECT results_eq('SELECT legs_used, count(*) FROM basket GROUP BY 1 ORDER BY 1', 'SELECT k, k::bigint FROM generate_series(1, 4) k', 'baskets of one to four legs');
SELECT ok(bool_and(tracking_error < before) , 'each leg takes something off')
FROM (SELECT tracking_error, lag(tracking_error, 1, 1e9::float8) OVER (ORDER BY legs_used) AS before FROM (SELECT DISTINCT legs_used, tracking_error FROM basket) d) t;
SELECT ok(bars_in_sample = 280 AND bars_out_of_sample = 120, 'the split') FROM basket LIMIT 1;
SELECT ok(abs(b.hedge_ratio - s.slope) < 1e-12 AND abs(b.effectiveness - s.r2) < 1e-12, 'one leg is a regression in sample')
FROM basket b, LATERAL (SELECT regr_slope(y.r, x.r) AS slope, regr_r2(y.r, x.r) AS r2 FROM observation y JOIN observation x USING (t)
	WHERE y.asset = 'asset 01' AND x.asset = b.asset AND t <= 280) s WHERE legs_used = 1;
CREATE TABLE residual AS
SELECT legs_used, t, y.r - sum(b.hedge_ratio * x.r) AS u FROM basket b JOIN observation x USING (asset) JOIN observation y USING (t) WHERE y.asset = 'asset 01' GROUP BY legs_used, t, y.r;
SELECT ok(max(abs(tracking_error - inside)) < 1e-12 AND max(abs(tracking_error_out_of_sample - outside)) < 1e-12
	AND max(abs(effectiveness_out_of_sample - (1 - outside ^ 2 / (SELECT var_samp(r) FROM observation WHERE asset = 'asset 01' AND t > 280)))) < 1e-10, 'errors in and out of sample')
FROM basket JOIN (SELECT legs_used, stddev_samp(u) FILTER (WHERE t <= 280) AS inside, stddev_samp(u) FILTER (WHERE t > 280) AS outside FROM residual GROUP BY 1) s USING (legs_used);
SELECT ok(max(abs(b.z_score - s.z_score)) < 1e-9 AND bool_and(abs(b.dickey_fuller - s.dickey_fuller) < 1e-6) AND bool_and((b.half_life IS NULL) = (s.dickey_fuller > -2.8688) AND (b.half_life IS NULL OR abs(b.half_life / s.half_life - 1) < 1e-6)), 'z-score and half-life are those of the spread, if it comes back')
FROM basket b JOIN (SELECT legs_used, array_agg(spread ORDER BY t) AS spread FROM (SELECT legs_used, t, sum(u) OVER (PARTITION BY legs_used ORDER BY t) AS spread FROM residual) r GROUP BY 1) a
	USING (legs_used), hedge.spread_statistics(spread) s;
SELECT is(array_agg(DISTINCT asset ORDER BY asset), '{asset 02,asset 07}', 'legs to choose from')
FROM panel, hedge.basket_hedge(assets, observations, 'asset 01', '{asset 02,asset 07,asset 01}');
SELECT ok(bool_and(tracking_error_out_of_sample IS NULL) AND count(*) = 1, 'nothing out of sample') FROM panel, hedge.basket_hedge(assets, observations, 'asset 01', max_legs => 1, in_sample => 1);
SELECT throws_ok($$SELECT * FROM panel, hedge.basket_hedge(assets, observations, 'asset 01', '{asset 02,Q}')$$, '22023', 'asset "Q" has no observations', 'an unknown leg');
-- A young candidate does not cut the others to its own bars, unless it is asked for.
CREATE TABLE young AS SELECT assets || '{asset 99}'::text[] AS assets, observations || ARRAY[array_fill(NULL::float8, ARRAY[cardinality(observations) / cardinality(assets) - 10]) || (SELECT array_agg(random()) FROM generate_series(1, 10))] AS observations FROM panel;
SELECT results_eq($$SELECT b.* FROM young, hedge.basket_hedge(assets, observations, 'asset 01', max_legs => 4) AS b$$, 'SELECT * FROM basket', 'who has too few of the bars is left out');
SELECT is(max(bars_in_sample + bars_out_of_sample), 10, 'but not who is asked for') FROM young, hedge.basket_hedge(assets, observations, 'asset 01', '{asset 02,asset 99}');
SELECT is(count(*), 0::bigint, 'nothing in common') FROM hedge.basket_hedge('{a,b}', '{{1,2,3,NULL,NULL,NULL},{NULL,NULL,NULL,1,2,3}}', 'a', '{b}');
SELECT is(count(*), 0::bigint, 'nobody left') FROM hedge.basket_hedge('{a,b}', '{{1,2,3,NULL,NULL,NULL},{NULL,NULL,NULL,1,2,3}}', 'a');
-- Money, lots, costs.
CREATE TABLE traded AS
SELECT b.*, u.unit, assets, observations FROM (SELECT panel.*, (SELECT array_agg(5000 + 100 * i) FROM generate_series(1, cardinality(assets)) AS i) AS units FROM panel) AS p,
	hedge.basket_hedge(assets, observations, 'asset 01', max_legs => 4, exposure => -1e6, unit_exposures => units, lot_sizes => array_fill(2::float8, ARRAY[cardinality(assets)]), costs => array_fill(0.001::float8, ARRAY[cardinality(assets)])) AS b,
	LATERAL (SELECT units[array_position(assets, b.asset)] AS unit) AS u;
SELECT ok(bool_and(abs(t.trade_exposure - t.trade_contracts * t.unit) < 1e-6 AND t.trade_contracts::integer % 2 = 0 AND t.trade_contracts <> 0 AND abs(t.trade_exposure - b.hedge_ratio * 1e6) < 20 * t.unit AND abs(t.cost - 0.001 * abs(t.trade_exposure)) < 1e-9), 'a basket in whole lots, near its ratios, and its cost')
FROM traded AS t JOIN basket AS b USING (legs_used, asset);
SELECT ok(max(abs(risk_after / inside - 1)) < 1e-9 AND max(abs(risk_after_out_of_sample / outside - 1)) < 1e-9 AND bool_and(risk_after > 1e6 * tracking_error AND risk_after < 1.05e6 * tracking_error), 'and what it leaves')
FROM traded JOIN (SELECT legs_used, stddev_samp(u) FILTER (WHERE t <= 280) AS inside, stddev_samp(u) FILTER (WHERE t > 280) AS outside
	FROM (SELECT legs_used, t, -1e6 * y.r + sum(b.trade_exposure * x.r) AS u FROM traded AS b JOIN observation AS x USING (asset) JOIN observation AS y USING (t) WHERE y.asset = 'asset 01' GROUP BY legs_used, t, y.r) AS r GROUP BY 1) AS s USING (legs_used);
SELECT ok(bool_and(trade_contracts IS NULL AND cost IS NULL AND abs(trade_exposure - 100 * hedge_ratio * -1) < 1e-6 AND abs(risk_after - 100 * tracking_error) < 1e-6), 'without lots the ratios')
FROM panel, hedge.basket_hedge(assets, observations, 'asset 01', max_legs => 2, exposure => 100);
SELECT throws_ok($$SELECT * FROM panel, hedge.basket_hedge(assets, observations, 'nothing')$$, '22023', 'asset "nothing" has no observations');
SELECT throws_ok($$SELECT * FROM panel, hedge.basket_hedge(assets, observations, 'asset 01', in_sample => 2)$$, '22023', 'in_sample 2 is not a share above 0 and up to 1');

-- Spreads
SELECT ok(abs(mean - 4) < 1e-15 AND abs(volatility - sqrt(12.5)) < 1e-14 AND abs(z_score - 6 / sqrt(12.5)) < 1e-14 AND half_life IS NULL AND observations = 5, 'spread_statistics')
FROM hedge.spread_statistics('{1,2,NULL,3,4,10}');
SELECT ok(abs(s.persistence - r.slope) < 1e-12 AND abs(s.half_life - ln(0.5) / ln(r.slope)) < 1e-9, 'persistence is a regression')
FROM (SELECT array_agg(0.5 ^ t + sin(t) / 10 ORDER BY t) AS x FROM generate_series(1, 30) t) d, hedge.spread_statistics(x) s,
	LATERAL (SELECT regr_slope(x[k], x[k - 1]) AS slope FROM generate_series(2, 30) k) r;
SELECT ok(abs(s.dickey_fuller - (s.persistence - 1) / r.error) < 1e-9, 'dickey_fuller is its t')
FROM (SELECT array_agg(0.5 ^ t + sin(t) / 10 ORDER BY t) AS x FROM generate_series(1, 30) t) d, hedge.spread_statistics(x) s,
	LATERAL (SELECT sqrt((regr_syy(x[k], x[k - 1]) - regr_sxy(x[k], x[k - 1]) ^ 2 / regr_sxx(x[k], x[k - 1])) / (count(*) - 2) / regr_sxx(x[k], x[k - 1])) AS error FROM generate_series(2, 30) k) r;
-- Of random walks nearly all have a half-life, and some 5 % more than chance allows them.
SELECT ok(count(half_life) > 180 AND count(*) FILTER (WHERE dickey_fuller < -2.8732) BETWEEN 2 AND 22, 'random walks')
FROM (SELECT w, array_agg(x ORDER BY t) AS walk FROM (SELECT w, t, sum(random() - 0.5) OVER (PARTITION BY w ORDER BY t) AS x FROM generate_series(1, 200) AS w, generate_series(1, 250) AS t) AS s GROUP BY w) AS s, hedge.spread_statistics(walk);
SELECT ok(volatility = 0 AND z_score IS NULL, 'a constant') FROM hedge.spread_statistics('{1,1,1,1,1}');
SELECT ok(mean IS NULL AND observations = 0, 'nothing') FROM hedge.spread_statistics('{}');

SELECT * FROM finish();
ROLLBACK;
