-- What the functions on whole portfolios say about what they cannot use.
\set VERBOSITY default
CREATE TABLE m AS
SELECT hedge.comoment_matrix(ARRAY['a', 'b'], ARRAY[x, y]) AS m FROM (VALUES (1, 2), (2, 1), (3, 4), (4, 3)) t (x, y);
SELECT r.* FROM m, hedge.portfolio_risk(m, '{a,b}', '{1}') r;
SELECT r.* FROM m, hedge.portfolio_risk(m, '{a,a}', '{1,2}') r;
SELECT r.* FROM m, hedge.portfolio_risk(m, '{{a},{b}}', '{1,2}') r;
SELECT r.* FROM m, hedge.risk_contributions(m, '{a,b}', '{{1,2}}') r;
SELECT r.* FROM m, hedge.risk_contributions(m, '{a,b,b}', '{1,2,3}') r;
DROP TABLE m;

SELECT hedge.profit_and_loss('{a,b}', '{1}', '{a}', '{{1,2}}');
SELECT hedge.profit_and_loss('{a}', '{1}', '{a,b}', '{{1,2}}');
SELECT hedge.profit_and_loss('{a}', '{1}', '{a}', '{1,2}');
SELECT hedge.profit_and_loss('{a}', '{1}', '{a}', '{}');
SELECT hedge.profit_and_loss('{a}', '{1}', '{a}', '{{{1,2}}}');
SELECT hedge.profit_and_loss('{a}', '{1}', '{a,a}', '{{1},{2}}');
SELECT hedge.value_at_risk('{{1,2}}');
SELECT hedge.value_at_risk('{1,2}', 1);
SELECT hedge.value_at_risk('{1,2}', 'NaN');
SELECT hedge.expected_shortfall('{1,2}', 0);
SELECT hedge.expected_shortfall('{1,2}', 0.9, 0);
SELECT hedge.observed_windows('{1,2}', -1);
