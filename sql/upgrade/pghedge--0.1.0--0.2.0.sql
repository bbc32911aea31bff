-- From 0.1.0 to 0.2.0: what "CREATE OR REPLACE" of all that is new or changed cannot do, by hand, above and
-- below (see README.md here).
\echo Use "ALTER EXTENSION pghedge UPDATE TO '0.2.0'" to load this file. \quit

-- Its result tells how many sums there were.
DROP FUNCTION hedge.historical_margin(float8[], float8[], float8, integer, float8, integer, float8, float8[]);
-- More arguments and columns.
DROP FUNCTION hedge.minimum_variance_hedge(hedge.comoment_matrix, text[], float8[], text[], float8[], float8[], float8[], float8, float8[], float8[], float8[]);

-- They take credited and adverse.
DROP FUNCTION hedge.margin_compartments(float8[], float8[], text[], float8[], text[], float8[], float8, text[]);
DROP FUNCTION hedge.credit_at_risk(float8[], float8[], text[], float8[], text[], float8[], float8, float8[], float8[]);
DROP FUNCTION hedge.margin_impact(float8[], float8[], float8[], text[], float8[], text[], float8[], float8);

-- answers otherwise: neutral_trades
-- answers otherwise: portfolio_margin
-- answers otherwise: margin_steps
-- answers otherwise: margin_contributions
-- answers otherwise: spread_margin

-- It takes lots and tells what remains.
DROP FUNCTION hedge.greek_hedge(float8[], float8[], float8[], float8[], float8, float8[], float8[]);
-- They tell whether a spread comes back, and the trades of a basket.
DROP FUNCTION hedge.basket_hedge(text[], float8[], text, text[], integer, float8);
DROP FUNCTION hedge.spread_statistics(float8[]);

-- It returns more columns.
DROP FUNCTION hedge._price_counts(text, bigint[], bigint[], timestamptz, text, text[], text[]);
-- answers otherwise: hedge_recommendations

@CHANGED@
