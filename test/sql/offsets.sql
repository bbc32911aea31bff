-- What hedge.portfolio_pairs says about what it cannot use; its columns.
\set VERBOSITY default
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
CREATE TABLE m AS
SELECT hedge.comoment_matrix(ARRAY['a', 'b', 'c'], ARRAY[x, y, z]) AS m
FROM (VALUES (1, 2, -1), (2, 1, -2), (3, 4, -3), (4, 3, -5)) t (x, y, z);

SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2,3}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2}', quantities => '{1}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2}', unit_exposures => '{}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2}', price_times => '{now}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{{a,b}}', '{1,2}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{{1,2}}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b,a}', '{1,2,3}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{unknown,b,unknown}', '{1,2,3}');
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2}', minimum_correlation => 1.5);
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2}', minimum_correlation => 'NaN');
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2}', bars_per_year => 0);
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2}', level => 1);
SELECT * FROM m, hedge.portfolio_pairs(m, '{a,b}', '{1,2}', max_pairs => -1);

-- by hand: both variances are 5/3, rho(a, b) = 0.6
\x on
SELECT asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b,
	round(correlation::numeric, 6) AS correlation, correlation_low < 0.6 AS below, correlation_high > 0.6 AS above, observations,
	round(volatility_a::numeric, 6) AS volatility_a, round(volatility_b::numeric, 6) AS volatility_b,
	round(volatility_a_annual::numeric, 6) AS volatility_a_annual, round(volatility_b_annual::numeric, 6) AS volatility_b_annual,
	round(hedge_ratio::numeric, 6) AS hedge_ratio, round(actual_ratio::numeric, 6) AS actual_ratio,
	round(target_exposure_b::numeric, 6) AS target_exposure_b, round(trade_b::numeric, 6) AS trade_b,
	round(trade_b_contracts::numeric, 6) AS trade_b_contracts, round(gross_risk::numeric, 6) AS gross_risk,
	round(uncorrelated_risk::numeric, 6) AS uncorrelated_risk, round(net_risk::numeric, 6) AS net_risk,
	round(diversification::numeric, 6) AS diversification, round(risk_offset::numeric, 6) AS risk_offset,
	round(risk_offset_share::numeric, 6) AS risk_offset_share, round(residual_risk::numeric, 6) AS residual_risk, price_time
FROM m, hedge.portfolio_pairs(m, '{b,a}', '{-300,400}', '{-3,8}', '{100,50}', '{2024-01-02,2024-01-01}', bars_per_year => 4);
\x off
DROP TABLE m;
