-- Options in SQL: published values, parity and differences over a random grid, what is NULL, what is an error.
BEGIN;
SELECT no_plan();
SELECT setseed(0.4);

-- J. C. Hull, Options, Futures, and Other Derivatives, 9th edition, chapters 15, 17, 18 and 19
SELECT is(round(price::numeric, 2), 4.76, 'a call') FROM hedge.black_scholes('call', 42, 40, 0.5, 0.2, 0.1);
SELECT is(round(price::numeric, 2), 0.81, 'a put') FROM hedge.black_scholes('put', 42, 40, 0.5, 0.2, 0.1);
SELECT is(round(price::numeric, 2), 51.83, 'a call on an index') FROM hedge.black_scholes('call', 930, 900, 2 / 12.0, 0.2, 0.08, 0.03);
SELECT is(round(price::numeric, 2), 1.12, 'a put on futures') FROM hedge.black_76('put', 20, 20, 4 / 12.0, 0.25, 0.09);
SELECT is(round(hedge.implied_volatility('call', 1.875, 21, 20, 0.25, 0.1)::numeric, 3), 0.235, 'implied volatility');
SELECT is((round(delta::numeric, 3), round(theta::numeric, 2), round(gamma::numeric, 3), round(vega::numeric, 1), round(rho::numeric, 2)),
	(0.522, -4.31, 0.066, 12.1, 8.91), 'Greeks')
FROM hedge.black_scholes('call', 49, 50, 20 / 52.0, 0.2, 0.05);

CREATE TABLE option AS
SELECT i, CASE i % 2 WHEN 0 THEN 'call' ELSE 'put' END AS kind, spot, v, t, r, q, spot * exp((r - q) * t + (random() - 0.5) * 4 * v * sqrt(t)) AS strike
FROM (SELECT i, exp(random() * 9) AS spot, 0.05 + random() AS v, 0.01 + 3 * random() AS t, random() / 5 - 0.1 AS r, random() / 5 - 0.1 AS q
	FROM generate_series(1, 2000) i) s;

SELECT ok(max(abs(c.price - p.price - exp(-r * t) * (spot - strike)) / (spot + strike)) < 1e-14, 'put-call parity of Black 76')
FROM option, hedge.black_76('call', spot, strike, t, v, r) c, hedge.black_76('put', spot, strike, t, v, r) p;
SELECT ok(max(abs(c.price - p.price - (1 - strike / spot)) / (1 + strike / spot)) < 1e-14, '... and of coin-settled options')
FROM option, hedge.inverse_option('call', spot, strike, t, v) c, hedge.inverse_option('put', spot, strike, t, v) p;
SELECT ok(max(abs(c.price - p.price - (spot * exp(-q * t) - strike * exp(-r * t))) / (spot + strike)) < 1e-14, 'put-call parity')
FROM option, hedge.black_scholes('call', spot, strike, t, v, r, q) c, hedge.black_scholes('put', spot, strike, t, v, r, q) p;
SELECT ok(max(abs(hedge.implied_volatility(kind, o.price, spot, strike, t, r, q) - v)) < 1e-10, 'implied volatility gives the volatility back')
FROM option, hedge.black_scholes(kind, spot, strike, t, v, r, q) o;
SELECT ok(max(abs(hedge.implied_volatility_76(kind, o.price, spot, strike, t, r) - v)) < 1e-10, '... of Black 76')
FROM option, hedge.black_76(kind, spot, strike, t, v, r) o WHERE abs(ln(spot / strike)) < 4 * v * sqrt(t);
SELECT ok(max(abs(hedge.implied_volatility_inverse(kind, o.price, spot, strike, t) - v)) < 1e-10, '... of coin-settled options')
FROM option, hedge.inverse_option(kind, spot, strike, t, v) o WHERE abs(ln(spot / strike)) < 4 * v * sqrt(t);

-- Black 76: Greeks against differences of prices
SELECT unnest(ARRAY[ok(max(abs(g.delta - (up.price - down.price) / (2e-4 * spot))) < 1e-4, 'Black 76: delta'),
	ok(max(abs(g.rho - (more.price - less.price) / 2e-4) / spot) < 1e-6, 'Black 76: rho'),
	ok(max(abs(g.theta + (later.price - sooner.price) / (2e-4 * t)) * t / spot) < 1e-6, 'Black 76: theta'),
	ok(max(abs(g.gamma - (up.delta - down.delta) / (2e-4 * spot)) * spot * v * sqrt(t)) < 1e-4, 'Black 76: gamma'),
	ok(max(abs(g.vega - (wilder.price - calmer.price) / (2e-4 * v)) * v / spot) < 1e-6, 'Black 76: vega')])
FROM option, hedge.black_76(kind, spot, strike, t, v, r) g,
	hedge.black_76(kind, spot * 1.0001, strike, t, v, r) up, hedge.black_76(kind, spot * 0.9999, strike, t, v, r) down,
	hedge.black_76(kind, spot, strike, t, v, r + 1e-4) more, hedge.black_76(kind, spot, strike, t, v, r - 1e-4) less,
	hedge.black_76(kind, spot, strike, t * 1.0001, v, r) later, hedge.black_76(kind, spot, strike, t * 0.9999, v, r) sooner,
	hedge.black_76(kind, spot, strike, t, v * 1.0001, r) wilder, hedge.black_76(kind, spot, strike, t, v * 0.9999, r) calmer;

-- Coin-settled: price in coins, and the exposure of the coins it is paid in
SELECT ok(max(abs(o.price * spot - b.price) / (spot + b.price)) < 1e-15 AND bool_and(o.price_in_money = b.price AND o.gamma = b.gamma AND o.vega = b.vega AND o.theta = b.theta),
	'coin-settled: Black''s price in coins')
FROM option, hedge.inverse_option(kind, spot, strike, t, v) o, hedge.black_76(kind, spot, strike, t, v) b;
SELECT ok(max(abs(o.net_delta - (up.price - down.price) / 2e-4)) < 1e-4, 'coin-settled: net_delta is the change of coins')
FROM option, hedge.inverse_option(kind, spot, strike, t, v) o,
	hedge.inverse_option(kind, spot * 1.0001, strike, t, v) up, hedge.inverse_option(kind, spot * 0.9999, strike, t, v) down
WHERE spot > strike * 0.5;
SELECT ok(abs(delta - 1) < 1e-9 AND abs(price - 1) < 1e-9 AND abs(net_delta) < 1e-9, 'a call at strike next to nothing is a coin: it moves no coins')
FROM hedge.inverse_option('call', 60000, 1e-5, 1, 0.8);

-- What has no answer
SELECT is(hedge.implied_volatility('call', 5, 100, 90, 1), NULL, 'below intrinsic value');
SELECT is(hedge.implied_volatility('call', 10, 100, 90, 1), 0::float8, 'at intrinsic value');
SELECT is(hedge.implied_volatility('call', 100, 100, 90, 1), NULL, 'at the price of the asset');
SELECT is(hedge.implied_volatility('put', 90, 100, 90, 1), NULL, 'a put at its strike');
SELECT is(hedge.implied_volatility('put', 'NaN', 100, 90, 1), NULL, 'NaN');
SELECT is(hedge.implied_volatility('put', 1, 100, 90, 0), NULL, 'no time left');
SELECT is(hedge.implied_volatility('put', NULL, 100, 90, 1), NULL, 'null');
SELECT is(g, ROW (0::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8), 'expired at the money') FROM hedge.black_scholes('call', 100, 100, 0, 0.2) g;
SELECT is((price, delta, gamma), (5::float8, -1::float8, 0::float8), 'expired in the money') FROM hedge.black_scholes('put', 95, 100, 0, 0.2) g;
SELECT throws_ok($$SELECT hedge.black_scholes('straddle', 1, 1, 1, 1)$$, '22023', 'unknown kind of option "straddle"');
SELECT throws_ok($$SELECT hedge.black_scholes('call', 0, 1, 1, 1)$$, '22023', 'spot 0 is not positive and finite');
SELECT throws_ok($$SELECT hedge.black_76('call', 'NaN', 1, 1, 1)$$, '22023', 'forward NaN is not positive and finite');
SELECT throws_ok($$SELECT hedge.black_76('call', 1, -1, 1, 1)$$, '22023', 'strike -1 is not positive and finite');
SELECT throws_ok($$SELECT hedge.inverse_option('call', 1, 1, -1, 1)$$, '22023', 'years -1 is not at least 0 and finite');
SELECT throws_ok($$SELECT hedge.inverse_option('call', 1, 1, 1, 'infinity')$$, '22023', 'volatility Infinity is not at least 0 and finite');
SELECT throws_ok($$SELECT hedge.implied_volatility('call', 1, 1, 1, 1, 'infinity')$$, '22023', 'rate Infinity is not finite');
SELECT throws_ok($$SELECT hedge.black_scholes('call', 1, 1, 1, 1, 0, 'NaN')$$, '22023', 'dividend yield NaN is not finite');

SELECT * FROM finish();
ROLLBACK;
