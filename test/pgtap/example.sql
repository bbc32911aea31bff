-- The example of docs/example.md: each number there, written as the fraction or root it is derived as.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

SELECT hedge.create_book('example');
UPDATE example.model SET lookback = 4, minimum_observations = 2, minimum_correlation = 0, calendar_quorum = 1,
	horizon = 2, risk_level = 0.5;
INSERT INTO example.instrument (asset, currency, contract_kind, contract_size, fx_asset, funded, benchmark) VALUES
	('ACME', 'EUR', 'linear', 1, 'EURUSD', true, 'BTC'),
	('BTC', NULL, 'inverse', 100, NULL, false, 'BTC');
INSERT INTO example.price
SELECT a.asset, timestamptz '2024-01-01 16:00:00+00' + (p.day - 1) * interval '1 day', p.price
FROM (VALUES
	('ACME', ARRAY[100, 110, 99, 108.9, 98.01]),
	('EURUSD', ARRAY[1.25, 1.275, 1.2495, 1.2495, 1.2495]),
	('BTC', ARRAY[50000, 60000, 60000, 60000, 48000])) AS a (asset, prices)
CROSS JOIN LATERAL unnest(a.prices) WITH ORDINALITY AS p (price, day);
INSERT INTO example.position VALUES
	('fund', 'ACME', 200, 1), ('fund', 'BTC', -100, 1),
	('carry', 'EURUSD', -10000, 1), ('carry', 'BTC', 100, 1), ('carry', 'BTC', -40, 0.5);
CALL hedge.refresh('example', as_of => '2024-01-06 00:00:00+00');

-- Equal as text, time or number to 1e-12 of it; NULL only to NULL. A column that is not there is a difference.
CREATE FUNCTION differences(got jsonb, wanted jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s: got %s, wanted %s', key, g, w)
	FROM (SELECT coalesce(a.key, b.key) AS key, a.value AS g, b.value AS w
		FROM jsonb_each(got) AS a FULL JOIN jsonb_each(wanted) AS b ON b.key = a.key) AS x
	WHERE g IS NULL OR w IS NULL
		OR CASE WHEN jsonb_typeof(g) = 'number' AND jsonb_typeof(w) = 'number'
			THEN abs(g::float8 - w::float8) > 1e-12 * abs(w::float8)
			ELSE g <> w END
$$;

-- ---------- the letters of docs/example.md ----------

CREATE TEMP TABLE letter AS
SELECT 0.2 / sqrt(3.0::float8) AS s_acme, 0.02 * sqrt(2.0::float8 / 3) AS s_eur, 0.2 * sqrt(2.0::float8 / 3) AS s_btc,
	sqrt(0.5::float8) AS r_acme_eur, sqrt(0.5::float8) AS r_acme_btc, 0.5::float8 AS r_eur_btc,
	24492.699::float8 AS v, 1.959963984540054235524594::float8 AS z, sqrt(252.0::float8) AS year,
	'2024-01-05T16:00:00+00:00' AS last, '2024-01-06T00:00:00+00:00' AS as_of, '2024-01-02T00:00:00+00:00' AS start;
SET LOCAL timezone = 'UTC';

-- ---------- exposure ----------

CREATE TEMP TABLE want_exposure AS
SELECT x.portfolio, x.asset, jsonb_build_object('portfolio', x.portfolio, 'model', 'default', 'as_of', as_of, 'asset', x.asset,
	'quantity', x.quantity, 'price', x.price, 'price_time', last, 'currency', x.currency, 'fx', x.fx, 'notional', x.notional,
	'exposure', x.exposure, 'volatility', x.volatility, 'volatility_annual', x.volatility * year,
	'risk', x.exposure * x.volatility, 'observations', 4, 'benchmark', x.benchmark, 'bucket', NULL, 'basis', x.basis) AS wanted
FROM letter CROSS JOIN LATERAL (VALUES
	('fund', 'ACME', 200, 98.01, 'EUR', 1.2495, 200 * 98.01 * 1.2495, 200 * 98.01 * 1.2495, s_acme, 'BTC', 'linear'),
	('fund', 'EURUSD', NULL, 1.2495, 'USD', 1, NULL, 200 * 98.01 * 1.2495, s_eur, NULL, 'currency of funded holdings'),
	('fund', 'BTC', -100, 48000, 'USD', 1, -100 * 100, -100 * 100, s_btc, 'BTC', 'inverse'),
	('carry', 'EURUSD', -10000, 1.2495, 'USD', 1, -12495, -12495, s_eur, NULL, 'linear'),
	('carry', 'BTC', 60, 48000, 'USD', 1, 60 * 100, (100 * 1 - 40 * 0.5) * 100, s_btc, 'BTC', 'inverse'))
	AS x (portfolio, asset, quantity, price, currency, fx, notional, exposure, volatility, benchmark, basis);
SELECT is_empty($$
	SELECT portfolio, asset, differences(coalesce(to_jsonb(e), '{}'), coalesce(wanted, '{}'))
	FROM example.exposure AS e FULL JOIN want_exposure AS w USING (portfolio, asset)$$, 'exposure, every column');

-- ---------- pairs ----------

CREATE FUNCTION want_pair(portfolio text, a text, b text, q_a float8, q_b float8, e_a float8, e_b float8, s_a float8, s_b float8,
	rho float8, one_contract_b float8) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('portfolio', portfolio, 'model', 'default', 'as_of', as_of, 'window_start', start,
		'asset_a', a, 'asset_b', b,
		'side_a', CASE WHEN e_a > 0 THEN 'long' ELSE 'short' END, 'side_b', CASE WHEN e_b > 0 THEN 'long' ELSE 'short' END,
		'quantity_a', q_a, 'quantity_b', q_b, 'exposure_a', e_a, 'exposure_b', e_b, 'correlation', rho,
		'correlation_low', tanh(atanh(rho) - z / sqrt(4 - 3)), 'correlation_high', tanh(atanh(rho) + z / sqrt(4 - 3)), 'observations', 4,
		'volatility_a', s_a, 'volatility_b', s_b, 'volatility_a_annual', s_a * year, 'volatility_b_annual', s_b * year)
	|| jsonb_build_object('hedge_ratio', h, 'actual_ratio', -e_b / e_a, 'target_exposure_b', -h * e_a, 'trade_b', -h * e_a - e_b,
		'trade_b_contracts', (-h * e_a - e_b) / one_contract_b,
		'gross_risk', abs(e_a) * s_a + abs(e_b) * s_b, 'uncorrelated_risk', u, 'net_risk', n,
		'diversification', abs(e_a) * s_a + abs(e_b) * s_b - u, 'risk_offset', u - n, 'risk_offset_share', (u - n) / u,
		'residual_risk', abs(e_a) * s_a * sqrt(1 - rho * rho), 'price_time', last)
	|| CASE WHEN e_a * e_b * rho < 0 THEN jsonb_build_object('robust_low', NULL, 'robust_high', NULL,
		'conservative_correlation', NULL, 'risk_offset_conservative', NULL, 'net_risk_conservative', NULL,
		'out_of_sample_effectiveness', NULL, 'held_effectiveness', g * (2 * rho - g), 'break_even_correlation', g / 2,
		'break_even_confidence', NULL, 'break_time', NULL, 'verdict', 'insufficient', 'reason', '4 observations, 100 needed')
		ELSE jsonb_build_object('robust_low', NULL, 'robust_high', NULL, 'break_time', NULL, 'verdict', 'not examined',
			'reason', 'of pairs that add up, only those are examined that are watched since they offset each other') END
	FROM letter CROSS JOIN LATERAL (SELECT -e_b / e_a * s_b / s_a AS g) AS y CROSS JOIN LATERAL (SELECT rho * s_a / s_b AS h, sqrt((e_a * s_a) ^ 2 + (e_b * s_b) ^ 2) AS u,
		sqrt((e_a * s_a) ^ 2 + (e_b * s_b) ^ 2 + 2 * e_a * s_a * e_b * s_b * rho) AS n) AS x
$$;
CREATE TEMP TABLE want_pairs AS
SELECT true AS offsetting, 'fund' AS portfolio, 'ACME' AS asset_a, 'BTC' AS asset_b,
	want_pair('fund', 'ACME', 'BTC', 200, -100, v, -10000, s_acme, s_btc, r_acme_btc, 100) AS wanted FROM letter
UNION ALL SELECT true, 'fund', 'BTC', 'EURUSD',
	want_pair('fund', 'BTC', 'EURUSD', -100, NULL, -10000, v, s_btc, s_eur, r_eur_btc, 1.2495) FROM letter
UNION ALL SELECT false, 'fund', 'ACME', 'EURUSD',
	want_pair('fund', 'ACME', 'EURUSD', 200, NULL, v, v, s_acme, s_eur, r_acme_eur, 1.2495) FROM letter
UNION ALL SELECT true, 'carry', 'BTC', 'EURUSD',
	want_pair('carry', 'BTC', 'EURUSD', 60, -10000, 8000, -12495, s_btc, s_eur, r_eur_btc, 1.2495) FROM letter;
SELECT is_empty($$
	SELECT portfolio, asset_a, asset_b, differences(coalesce(to_jsonb(o), '{}'), coalesce(wanted, '{}'))
	FROM example.offsetting_pairs AS o FULL JOIN (SELECT * FROM want_pairs WHERE offsetting) AS w USING (portfolio, asset_a, asset_b)$$,
	'offsetting_pairs, every column');
SELECT is_empty($$
	SELECT portfolio, asset_a, asset_b, differences(coalesce(to_jsonb(o), '{}'), coalesce(wanted, '{}'))
	FROM example.concentrating_pairs AS o FULL JOIN (SELECT * FROM want_pairs WHERE NOT offsetting) AS w USING (portfolio, asset_a, asset_b)$$,
	'concentrating_pairs, every column');
SELECT is_empty($$
	SELECT portfolio, asset_a, asset_b, differences(coalesce(to_jsonb(o), '{}'), coalesce(wanted, '{}')
		|| jsonb_build_object('pair_rank', CASE WHEN portfolio = 'fund' AND asset_a = 'BTC' THEN 2 ELSE 1 END))
	FROM example.materialized_offsets AS o FULL JOIN (SELECT * FROM want_pairs WHERE offsetting) AS w USING (portfolio, asset_a, asset_b)$$,
	'materialized_offsets, every column');
-- Two of these by hand to the last digit shown, so that a slip in want_pair() would be seen.
SELECT is((SELECT hedge_ratio::numeric(10, 6) FROM example.offsetting_pairs WHERE asset_a = 'ACME'), 0.5, 'S_xz / S_zz = 0.04 / 0.08');
SELECT is((SELECT trade_b_contracts::numeric(10, 6) FROM example.offsetting_pairs WHERE asset_a = 'ACME'), -22.463495,
	'(-0.5 x 24492.699 + 10000) / 100');

-- ---------- portfolio_risk ----------

CREATE TEMP TABLE want_risk AS
SELECT 'fund' AS portfolio, jsonb_build_object('portfolio', 'fund', 'model', 'default', 'as_of', as_of,
	'positions', 2, 'unpriced_positions', 0, 'unestimated_positions', 0, 'stale_positions', 0, 'unpriced_share', 0,
	'long_notional', 24492.699, 'short_notional', -10000, 'gross_notional', 34492.699, 'net_notional', 14492.699,
	'gross_risk', a + e + b, 'uncorrelated_risk', sqrt(a ^ 2 + e ^ 2 + b ^ 2), 'net_risk', n,
	'risk_offset', sqrt(a ^ 2 + e ^ 2 + b ^ 2) - n, 'net_risk_annual', n * year, 'correlation_repaired', false,
	'beta_exposure', 24492.699 * 0.5 - 10000, 'beta', (24492.699 * 0.5 - 10000) / (24492.699 + 10000),
	'net_delta', 2 * 24492.699 - 10000, 'value_at_risk', 489.85398, 'expected_shortfall', (2000 + 489.85398 / 2) / 1.5,
	'risk_level', 0.5, 'horizon', 2, 'historical_windows', 3, 'bad_prices', 0)
	|| jsonb_build_object('largest_contributor', 'ACME', 'largest_contribution', a * (a + e * r_acme_eur - b * r_acme_btc) / n,
		'net_risk_low', NULL, 'net_risk_high', NULL, 'largest_reducer', 'BTC', 'largest_reduction', -b * (-b + a * r_acme_btc + e * r_eur_btc) / n)
	|| jsonb_build_object('unestimated_notional', 0, 'risk_coverage', 1, 'beta_coverage', (24492.699 + 10000) / (2 * 24492.699 + 10000),
		'largest_gap_move', NULL) AS wanted
FROM letter
CROSS JOIN LATERAL (SELECT v * s_acme AS a, v * s_eur AS e, 10000 * s_btc AS b) AS x
CROSS JOIN LATERAL (SELECT sqrt(a ^ 2 + e ^ 2 + b ^ 2 + 2 * a * e * r_acme_eur - 2 * a * b * r_acme_btc - 2 * e * b * r_eur_btc) AS n) AS y
UNION ALL
SELECT 'carry', jsonb_build_object('portfolio', 'carry', 'model', 'default', 'as_of', as_of,
	'positions', 3, 'unpriced_positions', 0, 'unestimated_positions', 0, 'stale_positions', 0, 'unpriced_share', 0,
	'long_notional', 6000, 'short_notional', -12495, 'gross_notional', 18495, 'net_notional', -6495,
	'gross_risk', e + b, 'uncorrelated_risk', sqrt(e ^ 2 + b ^ 2), 'net_risk', n,
	'risk_offset', sqrt(e ^ 2 + b ^ 2) - n, 'net_risk_annual', n * year, 'correlation_repaired', false,
	'beta_exposure', 8000, 'beta', 1, 'net_delta', 8000 - 12495,
	'value_at_risk', -249.9, 'expected_shortfall', (1600 - 249.9 / 2) / 1.5,
	'risk_level', 0.5, 'horizon', 2, 'historical_windows', 3, 'bad_prices', 0)
	|| jsonb_build_object('largest_contributor', 'BTC', 'largest_contribution', b * (b - e * r_eur_btc) / n,
		'net_risk_low', NULL, 'net_risk_high', NULL, 'largest_reducer', 'EURUSD', 'largest_reduction', -e * (-e + b * r_eur_btc) / n)
	|| jsonb_build_object('unestimated_notional', 0, 'risk_coverage', 1, 'beta_coverage', 8000 / (8000 + 12495.0), 'largest_gap_move', NULL)
FROM letter
CROSS JOIN LATERAL (SELECT 12495 * s_eur AS e, 8000 * s_btc AS b) AS x
CROSS JOIN LATERAL (SELECT sqrt(e ^ 2 + b ^ 2 - 2 * e * b * r_eur_btc) AS n) AS y;
SELECT is_empty($$
	SELECT portfolio, differences(coalesce(to_jsonb(k), '{}'), coalesce(wanted, '{}'))
	FROM example.portfolio_risk AS k FULL JOIN want_risk AS w USING (portfolio)$$, 'portfolio_risk, every column');

-- ---------- data_quality, latest_run ----------

SELECT is_empty($$
	SELECT asset, differences(to_jsonb(d), jsonb_build_object('model', 'default', 'as_of', letter.as_of, 'asset', asset, 'return_kind', 'simple',
		'counted_bars', 4, 'priced_bars', 4, 'coverage', 1, 'observations', 4, 'missing_returns', 0, 'non_positive', 0, 'not_finite', 0,
		'contradictory', 0, 'last_price', CASE asset WHEN 'ACME' THEN 98.01 WHEN 'BTC' THEN 48000 ELSE 1.2495 END,
		'last_price_time', last, 'stale_bars', 0, 'price_age_seconds', 8 * 60 * 60, 'stale', false, 'verdict', 'good',
		'gap_moves', 0, 'largest_gap_move', NULL, 'largest_gap_bar', NULL, 'unchanged', CASE asset WHEN 'ACME' THEN 0 ELSE 2 END, 'frozen', 0,
		'largest_return', CASE asset WHEN 'ACME' THEN 0.1 WHEN 'BTC' THEN 0.2 ELSE 0.02 END,
		'largest_return_bar', timestamptz '2024-01-02 00:00:00+00' + CASE asset WHEN 'ACME' THEN interval '2 days' ELSE interval '0' END,
		'largest_return_size', NULL, 'jump', NULL))
	FROM example.data_quality AS d CROSS JOIN letter$$, 'data_quality, every column');
SELECT results_eq('SELECT model, as_of, window_start, window_end, bars, assets, correlation_repaired FROM example.latest_run',
	$$VALUES ('default', timestamptz '2024-01-06 00:00:00+00', timestamptz '2024-01-02 00:00:00+00', timestamptz '2024-01-05 00:00:00+00', 4, 3, false)$$,
	'latest_run');

SELECT * FROM finish();
ROLLBACK;
