-- What the demonstration shows. Money is in thousands of the base currency.
\set ON_ERROR_STOP on
\pset footer off
\pset null '-'
\pset border 2
\pset linestyle unicode
\set QUIET on

\echo
\echo 'What is held (desk.exposure; money in thousands, risk = one standard deviation of a day):'
SELECT portfolio, asset, quantity, price,
       round((exposure / 1000)::numeric) AS exposure,
       round((100 * volatility)::numeric, 2) AS "volatility %",
       round((risk / 1000)::numeric) AS risk
FROM desk.exposure
ORDER BY portfolio, abs(exposure) DESC;

\echo
\echo 'Which positions offset each other (desk.offsetting_pairs):'
SELECT portfolio,
       side_a || ' ' || asset_a || ' / ' || side_b || ' ' || asset_b AS pair,
       round(correlation::numeric, 2) AS corr,
       round(robust_low::numeric, 2) || ' to ' || round(robust_high::numeric, 2) AS interval,
       round((uncorrelated_risk / 1000)::numeric) AS "risk alone",
       round((net_risk / 1000)::numeric) AS "risk now",
       round((risk_offset / 1000)::numeric) AS "offset",
       round((100 * risk_offset_share)::numeric) AS "%",
       round(hedge_ratio::numeric, 2) AS hedge,
       round(actual_ratio::numeric, 2) AS actual,
       round(trade_b_contracts::numeric, 1) AS "trade b",
       verdict
FROM desk.offsetting_pairs
ORDER BY risk_offset DESC;
\echo '  hedge: money of b against one of a that would leave least risk; actual: what is held;'
\echo '  trade b: contracts of b to buy (+) or sell (-) to get there; verdict: does the evidence bear the offset?'

\echo
\echo 'The risk of each portfolio (desk.portfolio_risk):'
SELECT portfolio,
       round((gross_risk / 1000)::numeric) AS gross,
       round((uncorrelated_risk / 1000)::numeric) AS uncorrelated,
       round((net_risk / 1000)::numeric) AS net,
       round((risk_offset / 1000)::numeric) AS "offset",
       round((value_at_risk / 1000)::numeric) AS "VaR 99%",
       round((expected_shortfall / 1000)::numeric) AS "ES 99%",
       largest_contributor AS "adds most", largest_reducer AS "removes most"
FROM desk.portfolio_risk
ORDER BY portfolio;
\echo '  gross: every leg alone; uncorrelated: if the assets were strangers; net: as they move together;'
\echo '  a negative offset is concentration.'
