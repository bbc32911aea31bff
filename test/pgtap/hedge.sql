-- Hedges in SQL against plain SQL: minimum variance, neutral trades, Greeks, scaling.
BEGIN;
SELECT no_plan();
SELECT setseed(0.2);

CREATE TABLE observation AS
SELECT t, 'asset ' || lpad(a::text, 2, '0') AS asset, (f * (1 + a % 4) + g * (a % 3 - 1) + (random() - 0.5)) / 100 AS r
FROM (SELECT t, random() - 0.5 AS f, random() - 0.5 AS g FROM generate_series(1, 400) t) s, generate_series(1, 12) a;
CREATE TABLE matrix AS SELECT hedge.comoment_matrix(asset, t * interval '1 day' + timestamptz '2020-01-01', r) AS m FROM observation;

-- One asset, one instrument: regression.
SELECT ok(abs(h.hedge_ratio - s.slope) < 1e-12 AND abs(h.target_exposure + 1e6 * s.slope) < 1e-6 AND h.exposure_after = h.target_exposure
	AND h.trade_contracts IS NULL AND h.cost = 0 AND abs(h.risk_after / h.risk_before - sqrt(1 - s.r2)) < 1e-12 AND h.kkt_residual < 1e-13, 'one against one is a regression')
FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1e6}', '{asset 05}') h,
	(SELECT regr_slope(y.r, x.r) AS slope, regr_r2(y.r, x.r) AS r2 FROM observation y JOIN observation x USING (t) WHERE y.asset = 'asset 01' AND x.asset = 'asset 05') s;

-- Portfolios: risks are those of hedge.portfolio_risk, and the gradient at the target is 0.
CREATE TABLE portfolio AS
SELECT p, array_agg('asset ' || lpad(a::text, 2, '0') ORDER BY a) AS assets, array_agg((random() - 0.5) * 1e6 ORDER BY a) AS exposures
FROM generate_series(1, 30) p, generate_series(1, 10) a WHERE random() < 0.7 GROUP BY p;
CREATE TABLE term AS
SELECT '{asset 09,asset 10,asset 11,asset 12}'::text[] AS instruments, '{5000,-7000,1000,NULL}'::float8[] AS units, '{1,1,10,1}'::float8[] AS lots,
	'{0.001,0.0005,0.002,NULL}'::float8[] AS costs;
CREATE TABLE plain AS SELECT p, h.* FROM matrix, portfolio, term, hedge.minimum_variance_hedge(m, assets, exposures, instruments) h;
CREATE TABLE costly AS
SELECT aversion, p, h.* FROM matrix, portfolio, term, (VALUES (1e-7), (1e-6), (1e-5)) v (aversion),
	hedge.minimum_variance_hedge(m, assets, exposures, instruments, units, lots, costs, aversion) h;

CREATE FUNCTION pg_temp.with_hedge(assets text[], exposures float8[], instruments text[], hedge float8[], OUT a text[], OUT e float8[]) LANGUAGE sql AS
$$SELECT array_agg(x), array_agg(y) FROM (
	SELECT coalesce(x, i) AS x, coalesce(h, y) AS y FROM unnest(assets, exposures) u (x, y) FULL JOIN unnest(instruments, hedge) v (i, h) ON x = i) t$$;
SELECT is(count(*), 120::bigint, 'a row an instrument') FROM plain;
SELECT ok(max(abs(h.risk_before / r.net_risk - 1)) < 1e-12, 'risk_before is net_risk')
FROM plain h JOIN portfolio USING (p), matrix, hedge.portfolio_risk(m, assets, exposures) r;
SELECT ok(max(abs(h.risk_after / r.net_risk - 1)) < 1e-9 AND max(abs(c.marginal)) < 1e-12, 'at the target no instrument has a marginal risk, and risk_after is net_risk')
FROM (SELECT p, array_agg(instrument) AS i, array_agg(exposure_after) AS x, max(risk_after) AS risk_after FROM plain GROUP BY p) h JOIN portfolio USING (p), matrix,
	pg_temp.with_hedge(assets, exposures, i, x) w, hedge.portfolio_risk(m, w.a, w.e) r,
	LATERAL (SELECT max(abs(marginal_risk)) AS marginal FROM hedge.risk_contributions(m, w.a, w.e) WHERE asset = ANY (i)) c;
SELECT ok(max(abs(h.risk_after / r.net_risk - 1)) < 1e-9, 'in whole lots, too')
FROM (SELECT aversion, p, array_agg(instrument) AS i, array_agg(exposure_after) AS x, max(risk_after) AS risk_after FROM costly GROUP BY 1, 2) h JOIN portfolio USING (p), matrix,
	pg_temp.with_hedge(assets, exposures, i, x) w, hedge.portfolio_risk(m, w.a, w.e) r;
SELECT ok(bool_and(risk_after <= risk_before) AND bool_and(kkt_residual <= 1e-10), 'risk_after <= risk_before') FROM costly;
SELECT ok(max(abs(total_cost - paid)) < 1e-9 AND max(abs(paid - formula)) < 1e-9, 'the cost is counted once')
FROM (SELECT aversion, p, max(total_cost) AS total_cost, sum(h.cost) AS paid,
		sum(abs(trade_exposure) * CASE instrument WHEN 'asset 09' THEN 0.001 WHEN 'asset 10' THEN 0.0005 WHEN 'asset 11' THEN 0.002 ELSE 0 END) AS formula
	FROM costly h GROUP BY 1, 2) t;
SELECT ok(bool_and(aversion / 2 * risk_after ^ 2 + total_cost <= aversion / 2 * risk_before ^ 2 * (1 + 1e-12)), 'never worse than no trade') FROM costly;
SELECT ok(bool_and(CASE instrument WHEN 'asset 12' THEN trade_contracts IS NULL
		WHEN 'asset 11' THEN trade_contracts = round(trade_contracts / 10) * 10 ELSE trade_contracts = round(trade_contracts) END)
	AND bool_and(abs(trade_exposure - trade_contracts * CASE instrument WHEN 'asset 09' THEN 5000 WHEN 'asset 10' THEN -7000 WHEN 'asset 11' THEN 1000 END) < 1e-6)
	AND max(abs(held_exposure + trade_exposure - exposure_after)) < 1e-6, 'whole contracts in lots, signed') FROM costly;
SELECT ok(bool_and(more >= less * (1 - 1e-9)) AND bool_or(more > less), 'the more averse, the less risk is left')
FROM (SELECT p, max(risk_at_target) FILTER (WHERE aversion = 1e-6) AS more, max(risk_at_target) FILTER (WHERE aversion = 1e-5) AS less FROM costly GROUP BY p) t;
SELECT ok(count(*) FILTER (WHERE trade_exposure = 0) > 50 AND count(*) FILTER (WHERE trade_exposure <> 0) > 50, 'some trades are not worth their cost') FROM costly;
-- done once, there is nothing left to do
SELECT ok(max(abs(h.trade_exposure)) < 1e-3, 'a second time nothing is traded')
FROM (SELECT p, array_agg(instrument) AS i, array_agg(target_exposure) AS x FROM costly WHERE aversion = 1e-6 GROUP BY p) d JOIN portfolio USING (p), matrix, term,
	pg_temp.with_hedge(assets, exposures, i, x) w, hedge.minimum_variance_hedge(m, w.a, w.e, instruments, costs => term.costs, risk_aversion => 1e-6) h;
SELECT ok(bool_and(exposure_after BETWEEN -1000 AND 2000) AND bool_or(exposure_after = -1000) AND bool_or(exposure_after = 2000), 'within bounds')
FROM matrix, portfolio, hedge.minimum_variance_hedge(m, assets[1:3], exposures[1:3], '{asset 11,asset 12}', low => '{-1000,-1000}', high => '{2000,2000}') h;
SELECT results_eq($$SELECT instrument, round(target_exposure::numeric, 6), risk_after <= risk_before FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01,nothing}', '{1e6,5}', '{unknown,asset 01}')$$,
	$$VALUES ('unknown', NULL::numeric, true), ('asset 01', 0.000000, true)$$, 'an unknown instrument; an asset against itself');
SELECT is(count(*), 0::bigint, 'no matrix') FROM hedge.minimum_variance_hedge(NULL, '{a}', '{1}', '{b}');
SELECT ok(count(*) = 1 AND bool_and(trade_exposure = 0 AND risk_after = 0), 'no position') FROM matrix, hedge.minimum_variance_hedge(m, '{}', '{}', '{asset 01}');
SELECT is_empty($$SELECT a, b FROM portfolio, matrix, term,
	LATERAL (SELECT array_agg(x ORDER BY instrument) AS a FROM hedge.minimum_variance_hedge(m, assets, exposures, instruments, units, lots, costs, 1e-6, costs_per_lot => '{5,7,20,0}') AS x) AS v,
	LATERAL (SELECT array_agg(x ORDER BY instrument) AS b FROM hedge.minimum_variance_hedge(m, assets, exposures, instruments, units, lots, '{0.002,0.0015,0.004,0}', 1e-6) AS x) AS w WHERE a::text <> b::text$$,
	'a cost per lot is a cost per exposure of it');
SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02}', costs_per_lot => '{-1}')$$, '22023', 'cost per lot -1 is not at least 0');
SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02}', costs => '{-1}')$$, '22023', 'cost -1 is not at least 0');
SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02}', low => '{2}', high => '{1}')$$, '22023', 'low 2 is above high 1');
SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02}', lot_sizes => '{0}')$$, '22023', 'lot size 0 is not positive and finite');
SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02}', unit_exposures => '{1,2}')$$, '2202E',
	'unit_exposures has 2 elements, but instruments has 1');
SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02}', low => '{{1}}')$$, '2202E', 'low has 2 dimensions', 'of the right length, and not a list');
SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02}', risk_aversion => 0)$$, '22023', 'risk_aversion 0 is not positive and finite');
SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02,asset 02}')$$, '22023', 'asset "asset 02" is given twice');
-- pairwise correlations that no joint distribution has
CREATE TABLE odd AS
SELECT hedge.comoment_matrix(a, t * interval '1 day' + timestamptz '2020-01-01', v) AS m
FROM (SELECT t, unnest(CASE t % 3 WHEN 0 THEN '{a,b}'::text[] WHEN 1 THEN '{b,c}' ELSE '{a,c}' END) AS a,
	unnest(CASE t % 3 WHEN 2 THEN ARRAY[x, -x] ELSE ARRAY[x, x] END) AS v FROM (SELECT t, random() - 0.5 AS x FROM generate_series(1, 60) t) s) u;
SELECT throws_ok($$SELECT * FROM odd, hedge.minimum_variance_hedge(m, '{a}', '{1}', '{a,b,c}')$$, '22000', 'the covariances are not positive semi-definite');
SELECT ok(count(*) = 3, 'nearest_psd mends them') FROM odd, hedge.minimum_variance_hedge(hedge.nearest_psd(m), '{a}', '{1}', '{a,b,c}');

SELECT throws_ok($$SELECT * FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{1}', '{asset 02}', costs_per_lot => '{1}')$$, '22023', 'a cost per lot is given for an instrument without lots');

-- What bounds say holds in lots, too, whether a trade gains by it or not.
SELECT results_eq($$SELECT exposure_after, trade_contracts FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01,asset 02}', '{-100,300}', '{asset 02}', '{55}', high => '{60}')$$,
	$$VALUES (25::float8, -5::float8)$$, 'what is held is beyond a bound: in lots within it') ;
SELECT results_eq($$SELECT exposure_after, trade_contracts FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01}', '{-100}', '{asset 02}', '{70}', low => '{30}', high => '{60}')$$,
	$$VALUES (70::float8, 1::float8)$$, '... or as near as a lot comes');
SELECT ok(min(out) = 0 AND max(out) = 0 AND count(*) FILTER (WHERE held_exposure > 9e4 OR held_exposure < -9e4) > 50 AND count(*) FILTER (WHERE exposure_after IN (9e4, -9e4)) = 0, 'bounds over portfolios')
FROM (SELECT h.*, greatest(abs(exposure_after) - 9e4, 0) AS out FROM matrix, portfolio,
	hedge.minimum_variance_hedge(m, assets, exposures, assets[1:3], '{777,1500,4321}', low => '{-9e4,-9e4,-9e4}', high => '{9e4,9e4,9e4}') h WHERE cardinality(assets) > 3) t;

-- Out of sample: the same trades by the returns that came later.
CREATE TABLE split AS SELECT hedge.comoment_matrix(asset, t * interval '1 day' + timestamptz '2020-01-01', r) FILTER (WHERE t <= 280) AS before,
	hedge.comoment_matrix(asset, t * interval '1 day' + timestamptz '2020-01-01', r) FILTER (WHERE t > 280) AS after,
	hedge.comoment_matrix(asset, t * interval '1 day' + timestamptz '2020-01-01', r) FILTER (WHERE asset <> 'asset 11') AS part FROM observation;
SELECT ok(max(abs(h.earlier / b.net_risk - 1)) < 1e-12 AND max(abs(h.later / a.net_risk - 1)) < 1e-12 AND bool_or(h.later < h.earlier) AND bool_and(h.changed <> h.later), 'risk out of sample is net_risk by the later returns')
FROM (SELECT p, array_agg(instrument) AS i, array_agg(exposure_after) AS x, max(risk_before_out_of_sample) AS earlier, max(risk_after_out_of_sample) AS later, max(risk_after) AS changed
	FROM split, portfolio, term, hedge.minimum_variance_hedge(before, assets, exposures, instruments, units, lots, out_of_sample => after) GROUP BY p) h
JOIN portfolio USING (p), split, pg_temp.with_hedge(assets, exposures, i, x) w, hedge.portfolio_risk(after, assets, exposures) b, hedge.portfolio_risk(after, w.a, w.e) a;
SELECT ok(bool_and(risk_after_out_of_sample IS NULL AND risk_after > 0) AND count(*) = 1, 'null where it lacks an asset') FROM split, hedge.minimum_variance_hedge(before, '{asset 01}', '{1e6}', '{asset 11}', out_of_sample => part);
SELECT ok(bool_and(risk_after_out_of_sample > 0), '... which is held') FROM split, hedge.minimum_variance_hedge(before, '{asset 01,asset 11}', '{1e6,0}', '{asset 02}', out_of_sample => part);
SELECT ok(bool_and(risk_before_out_of_sample IS NULL), 'null without one') FROM plain;

-- What is not known is said.
SELECT results_eq($$SELECT instrument, held_exposure, trade_exposure, hedge_ratio IS NULL, risk_coverage FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01,asset 02,asset 03,unknown}', '{10,NULL,-20,90}', '{asset 02}')$$,
	$$VALUES ('asset 02', NULL::float8, NULL::float8, true, 0.25::float8)$$, 'an unknown exposure is not traded on; the share of what is known');
SELECT ok(bool_and(hedge_ratio IS NULL AND target_exposure <> 0), 'long and short have no ratio to a hedge') FROM matrix, hedge.minimum_variance_hedge(m, '{asset 01,asset 03}', '{10,-20}', '{asset 02}');

-- Neutral
-- J. C. Hull, Options, Futures, and Other Derivatives, 9th edition, chapter 3: 5,050,000 with a beta of 1.5, futures on an
-- index at 1,010 times 250: short 30 to hedge it, 15 to bring beta to 0.75.
SELECT is(t.trade_contracts, -30::float8, 'Hull, chapter 3: an index futures hedge') FROM hedge.neutral_trade(1.5 * 5050000, 1, 0, 250 * 1010) t;
SELECT is(t.trade_contracts, -15::float8, '... to another beta') FROM hedge.neutral_trade(1.5 * 5050000, 1, 0.75 * 5050000, 250 * 1010) t;
SELECT is(t, ROW (-100::float8, NULL::float8, 0::float8), 'to zero') FROM hedge.neutral_trade(100) t;
SELECT is(t, ROW (50::float8, NULL::float8, 0::float8), 'by sensitivity') FROM hedge.neutral_trade(-25, 0.5) t;
SELECT is(t, ROW (-80::float8, 2::float8, 20::float8), 'into the band in contracts of a short exposure') FROM hedge.neutral_trade(100, 1, 30, -40) t;
SELECT is(t, ROW (0::float8, 0::float8, 100::float8), 'a lot too large') FROM hedge.neutral_trade(100, 1, 0, 50, 5) t;
SELECT is(t, ROW (NULL::float8, NULL::float8, NULL::float8), 'no sensitivity') FROM hedge.neutral_trade(100, 0) t;
SELECT throws_ok($$SELECT hedge.neutral_trade(1, 1, -1)$$, '22023', 'band -1 is not at least 0');
SELECT ok(max(abs(hedge.beta_exposure(m, assets, exposures, 'asset 12') - beta)) < 1e-6, 'beta_exposure')
FROM matrix, (SELECT p, sum(e * hedge.covariance(m, a, 'asset 12') / hedge.covariance(m, 'asset 12', 'asset 12')) AS beta
	FROM matrix, portfolio, unnest(assets, exposures) u (a, e) GROUP BY p) b JOIN portfolio USING (p);
SELECT is(hedge.beta_exposure(m, '{asset 12,asset 01}', '{100,0}', 'asset 12'), 100::float8, 'the benchmark has a beta of 1') FROM matrix;
SELECT is(hedge.beta_exposure(m, '{asset 12,nothing}', '{100,1}', 'asset 12'), NULL, 'unknown beta') FROM matrix;
SELECT throws_ok($$SELECT hedge.beta_exposure(m, '{asset 01}', '{1}', 'nothing') FROM matrix$$, 'P0002', 'asset "nothing" is not in the matrix');

-- Greeks: delta and gamma and vega by two options and the asset
CREATE TABLE sensitivity AS SELECT s, ARRAY[1000 * x.delta, 1000 * x.gamma, 1000 * x.vega] AS g
FROM (SELECT ARRAY[ARRAY[c.delta, p.delta, 1], ARRAY[c.gamma, p.gamma, 0], ARRAY[c.vega, p.vega, 0]] AS s
	FROM hedge.black_scholes('call', 100, 105, 0.5, 0.2) c, hedge.black_scholes('put', 100, 95, 0.1, 0.2) p) i, hedge.black_scholes('call', 100, 100, 0.25, 0.2) x;
-- J. C. Hull, chapter 19: gamma -5,000 and vega -8,000 by 400 and 6,000 of two options, 3,240 of the asset sold
SELECT results_eq($$SELECT instrument, round(quantity::numeric, 6) FROM hedge.greek_hedge('{0,-5000,-8000}', '{{0.6,0.5,1},{0.5,0.8,0},{2,1.2,0}}') ORDER BY 1$$,
	$$VALUES (1, 400.000000), (2, 6000.000000), (3, -3240.000000)$$, 'Hull, chapter 19: delta, gamma and vega to nothing');
SELECT ok(bool_and(quantity = round(quantity / 7) * 7) AND bool_or(greeks_after[2] <> 0) AND max(abs(greeks_after[2])) < 5 AND max(abs(greeks_after[1] - (0.6 * q[1] + 0.5 * q[2] + q[3]))) < 1e-9, 'in lots, with what they leave')
FROM (SELECT h.*, array_agg(quantity) OVER () AS q FROM hedge.greek_hedge('{0,-5000,-8000}', '{{0.6,0.5,1},{0.5,0.8,0},{2,1.2,0}}', lot_sizes => '{7,7,7}') h) t;
-- Greeks of very different size: a coin at 60,000 with its options
SELECT ok(max(abs(greeks_after[1]) / 20) < 1e-9 AND max(abs(greeks_after[2]) / 0.003) < 1e-9 AND max(abs(greeks_after[3]) / 4e5) < 1e-9, 'no unit of measure counts')
FROM hedge.greek_hedge('{20,-0.003,-400000}', '{{0.5,-0.3,1},{2e-5,1e-5,0},{6000,9000,0}}');
SELECT ok(bool_and(greeks_after[1] = 1 AND abs(greeks_after[2]) < 1e-9), 'a greek that no instrument has') FROM hedge.greek_hedge('{1,5}', '{{0},{2}}');
SELECT throws_ok($$SELECT * FROM hedge.greek_hedge('{1}', '{{1}}', lot_sizes => '{0}')$$, '22023', 'lot size 0 is not positive and finite');
SELECT ok(max(abs(g[k] + s[k][1] * q[1] + s[k][2] * q[2] + s[k][3] * q[3]) / abs(g[k])) < 1e-9, 'delta, gamma and vega to zero')
FROM sensitivity, LATERAL (SELECT array_agg(quantity ORDER BY instrument) AS q FROM hedge.greek_hedge(g, s, ARRAY[1, 1000, 1])) h, generate_series(1, 3) k;
SELECT ok(bool_and(quantity BETWEEN -100 AND 100) AND max(kkt_residual) < 1e-10, 'within bounds')
FROM sensitivity, hedge.greek_hedge(g, s, low => '{-100,-100,-100}', high => '{100,100,100}');
-- Their units differ by orders of magnitude (a gamma of 1e-5 beside a vega of 1e4): all come to nothing, and what remains is told.
CREATE TABLE desk AS SELECT '{20,-0.003,-400000}'::float8[] AS g, ARRAY[array_agg(delta ORDER BY i), array_agg(gamma ORDER BY i), array_agg(vega ORDER BY i)] AS s
FROM (SELECT i, x.delta, x.gamma, x.vega FROM (VALUES (1, 'call', 60000, 0.05), (2, 'put', 52000, 0.1), (3, 'call', 80000, 0.5)) AS o (i, kind, k, t), hedge.black_scholes(kind, 60000, k, t, 0.55) AS x UNION ALL VALUES (4, 1, 0, 0)) AS o;
SELECT ok(max(abs(greeks_after[k] / g[k])) < 1e-12 AND max(kkt_residual) < 1e-12 AND max(abs(greeks_after[k] - w.after)) < 1e-9, 'all greeks to zero, whatever their units')
FROM desk, hedge.greek_hedge(g, s) AS h, generate_series(1, 3) AS k,
	LATERAL (SELECT g[k] + sum(s[k][v.instrument] * v.quantity) AS after FROM hedge.greek_hedge(g, s) AS v) AS w;
SELECT results_eq('SELECT instrument, quantity FROM desk, hedge.greek_hedge(g, s, low => ''{-50,-50,-50,-50}'', high => ''{50,50,50,50}'')', 'SELECT instrument, quantity FROM desk, hedge.greek_hedge(g, s)', 'bounds that do not bind change nothing');
SELECT ok(max(abs(a.quantity - b.quantity)) < 1e-9, 'nor do weights, where all can be met')
FROM desk, hedge.greek_hedge(g, s) AS a JOIN LATERAL hedge.greek_hedge(g, s, ARRAY[3000.0 ^ 2, (3000.0 ^ 2 / 2) ^ 2, 0.05 ^ 2]) AS b USING (instrument);
SELECT ok(bool_and(abs(quantity) <= 30) AND max(kkt_residual) < 1e-10 AND max(abs(greeks_after[k] / g[k])) > 0.01, 'a bound that binds leaves some')
FROM desk, hedge.greek_hedge(g, s, low => '{-30,-30,-30,-30}', high => '{30,30,30,30}'), generate_series(1, 3) AS k;
-- Of several answers the shortest: A'(AA')⁻¹ of (4), and halves for twins.
SELECT results_eq($$SELECT instrument, round(quantity::numeric, 12) FROM hedge.greek_hedge('{4}', '{{1,3}}')$$, 'VALUES (1, -0.4), (2, -1.2)', 'the least trades');
SELECT ok(abs(min(quantity) + 2) < 1e-14 AND abs(max(quantity) + 2) < 1e-14, 'twins share') FROM hedge.greek_hedge('{4,0}', '{{1,1},{0,0}}');
-- Whole lots: every combination near the target, and costs.
CREATE TABLE lots AS SELECT h.*, g, s FROM desk, hedge.greek_hedge(g, s, costs => '{5,5,5,1}', lot_sizes => '{1,2,1,NULL}') AS h;
SELECT ok(bool_and(quantity = round(quantity) OR instrument = 4) AND bool_and(instrument <> 2 OR quantity::integer % 2 = 0) AND bool_and(cost = abs(quantity) * CASE instrument WHEN 4 THEN 1 ELSE 5 END) AND bool_or(quantity <> target_quantity), 'in lots, with what they cost')
FROM lots;
CREATE FUNCTION pg_temp.left_over(g float8[], s float8[], q float8[]) RETURNS float8 LANGUAGE sql AS $$
	SELECT sum((g[k] + s[k][1] * q[1] + s[k][2] * q[2] + s[k][3] * q[3] + s[k][4] * q[4]) ^ 2 / (s[k][1] ^ 2 + s[k][2] ^ 2 + s[k][3] ^ 2 + s[k][4] ^ 2)) FROM generate_series(1, 3) AS k $$;
SELECT is_empty($$SELECT i, j, k FROM (SELECT g, s, array_agg(quantity ORDER BY instrument) AS q, array_agg(round(target_quantity) ORDER BY instrument) AS t FROM lots GROUP BY g, s) AS l,
	generate_series(-4, 4) AS i, generate_series(-4, 4) AS j, generate_series(-4, 4) AS k,
	LATERAL (SELECT ARRAY[t[1] + i, 2 * round(t[2] / 2) + 2 * j, t[3] + k] AS o) AS o,
	-- the future, of no lots, to its best: nothing but delta is in it
	LATERAL (SELECT o || -(g[1] + s[1][1] * o[1] + s[1][2] * o[2] + s[1][3] * o[3]) / s[1][4] AS o4) AS f
	WHERE pg_temp.left_over(g, s, o4) < pg_temp.left_over(g, s, q) * (1 - 1e-9)$$, 'none near by leaves less');
SELECT ok(bool_and(quantity = 0 AND target_quantity <> 0), 'lots too large: no trade') FROM desk, hedge.greek_hedge(g, s, lot_sizes => '{1000,1000,1000,1000}');
SELECT throws_ok($$SELECT * FROM hedge.greek_hedge('{1}', '{{1}}', lot_sizes => '{0}')$$, '22023', 'lot size 0 is not positive and finite');
SELECT throws_ok($$SELECT hedge._recommended_trades(m, '{}', '{}', '{}', false, '{A,B}', '{1}', NULL, NULL, NULL, NULL, NULL, 1, 'estimated', 'any', 1, 0, 1, 'hedge', 1, NULL, NULL, NULL, NULL, NULL, NULL) FROM matrix$$, '2202E', 'unit_exposures has 1 elements, but instruments has 2');
SELECT throws_ok($$SELECT * FROM hedge.greek_hedge(array_fill(1::float8, ARRAY[2001]), array_fill(1::float8, ARRAY[2001, 1]))$$, '54000', '2001 greeks are too many');
SELECT throws_ok($$SELECT * FROM hedge.greek_hedge('{1,2}', '{{1}}')$$, '2202E', 'sensitivities has not one row for each of the 2 greeks');
SELECT throws_ok($$SELECT * FROM hedge.greek_hedge('{1}', '{{1,2}}', costs => '{1}')$$, '2202E', 'costs has 1 elements, but a row of sensitivities has 2');
SELECT throws_ok($$SELECT * FROM hedge.greek_hedge('{1}', '{{1}}', weights => '{-1}')$$, '22023', 'weight -1 is not at least 0 and finite');

-- Scaling
SELECT results_eq($$SELECT * FROM hedge.scaled_positions('{100,-37,NULL,8}', 0.5)$$, $$VALUES (1, 100::float8, 50::float8, -50::float8), (2, -37, -18.5, 18.5), (3, NULL, NULL, NULL), (4, 8, 4, -4)$$, 'scaled positions');
SELECT results_eq($$SELECT * FROM hedge.scaled_positions('{100,-37,NULL,8}', 0.5, '{30,NULL,1,10}')$$, $$VALUES (1, 100::float8, 40::float8, -60::float8), (2, -37, -19, 18), (3, NULL, NULL, NULL), (4, 8, 8, 0)$$, '... by whole lots');
SELECT is(count(*), 0::bigint, 'no positions') FROM hedge.scaled_positions(NULL, 1);
SELECT is(max(target_quantity), NULL, 'no scale') FROM hedge.scaled_positions('{1}', NULL);
SELECT ok(abs(volatility - sqrt(50)) < 1e-12 AND abs(decayed_volatility - sqrt((25 + 0.5 * 25) / 1.5)) < 1e-12 AND volatility_used = volatility AND abs(scale - 1 / sqrt(50)) < 1e-15, 'variance_scale')
FROM hedge.variance_scale('{5,-5}', 1, 2, 0.5);
SELECT is(scale, 2::float8, 'a cap') FROM hedge.variance_scale('{5,-5}', 100, 2);
SELECT is(scale, 1.5::float8, 'no risk: the cap') FROM hedge.variance_scale('{0,0}', 100, 1.5);
SELECT is(scale, NULL, 'too little history') FROM hedge.variance_scale('{5,NULL}', 100);
SELECT throws_ok($$SELECT hedge.variance_scale('{1,2}', -1)$$, '22023', 'target -1 is not at least 0 and finite');

SELECT * FROM finish();
ROLLBACK;
