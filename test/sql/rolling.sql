-- Moving aggregates: which plans they stand in; what aggregates say of themselves.
SELECT aggfnoid::regprocedure AS aggregate, aggcombinefn <> 0 AS partial, aggminvtransfn <> 0 AS moving, aggtranstype::regtype AS state,
	provolatile, proparallel
FROM pg_aggregate a JOIN pg_proc p ON p.oid = aggfnoid WHERE pronamespace = 'hedge'::regnamespace AND aggtranstype = 'hedge.comoments'::regtype
ORDER BY aggfnoid::regprocedure::text COLLATE "C";
-- a row enters and leaves; three statistics over one frame
SELECT i, round((hedge.rolling_corr(y, x) OVER w)::numeric, 6) AS corr, round((hedge.rolling_covariance(y, x) OVER w)::numeric, 6) AS covariance,
	round((hedge.rolling_hedge_ratio(y, x) OVER w)::numeric, 6) AS hedge_ratio, hedge.observations(hedge.comoments(y, x) OVER w) AS observations
FROM (VALUES (1, 1::float8, 2::float8), (2, 3, 1), (3, 2, 4), (4, NULL, 9), (5, 5, 5), (6, 5, 7), (7, 5, 'NaN'), (8, 5, 6), (9, 4, 8), (10, 9, 9)) v(i, y, x)
WINDOW w AS (ORDER BY i ROWS 2 PRECEDING);
-- windows run in the leader; the plain aggregate of their results may not
CREATE TABLE tick AS SELECT i, sin(i) AS y, cos(i * i) AS x FROM generate_series(1, 2000) i;
ANALYZE tick;
SELECT count(r), round(sum(r)::numeric, 8) FROM (SELECT hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS 29 PRECEDING) AS r FROM tick) s;
DROP TABLE tick;
