-- hedge.portfolio_pairs against its formulas in plain SQL.
BEGIN;
SELECT no_plan();
SELECT setseed(0.17);

-- Two matrices of 30 assets, one with gaps; one asset is constant, one never seen with another.
CREATE TABLE observation AS
SELECT t, 'asset ' || a AS asset,
	CASE WHEN a = 5 THEN 1 ELSE random() - 0.5 + (a % 3 - 1) * sin(t * 7) END AS r, random() < 0.2 AS gap
FROM generate_series(1, 200) t, generate_series(1, 30) a;
UPDATE observation SET gap = (t % 2 = 0) = (asset = 'asset 6') WHERE asset IN ('asset 6', 'asset 8');
CREATE TABLE matrix AS
SELECT false AS gaps, hedge.comoment_matrix(asset, t * interval '1 day' + timestamptz '2020-01-01', r) AS m FROM observation
UNION ALL
SELECT true, hedge.comoment_matrix(asset, t * interval '1 day' + timestamptz '2020-01-01', r) FROM observation WHERE NOT gap;

CREATE TABLE leg AS
SELECT 'asset ' || a AS asset, CASE WHEN a = 9 THEN 0 WHEN a = 10 THEN NULL WHEN a = 11 THEN 'NaN' WHEN a = 12 THEN 'Infinity'
	ELSE (random() - 0.5) * 1e6 END AS e,
	CASE WHEN a % 4 > 0 THEN random() * 100 END AS q, CASE WHEN a % 5 > 0 THEN a % 5 - 1 END AS u,
	CASE WHEN a % 7 > 0 THEN timestamptz '2024-01-01' + random() * interval '1 day' END AS at
FROM generate_series(1, 33) a;	-- 31 to 33 are not in the matrix

CREATE TABLE setting (gaps boolean, offsetting boolean, minimum_correlation float8, minimum_observations int);
INSERT INTO setting SELECT g, o, c, n FROM unnest('{t,f}'::boolean[]) g, unnest('{t,f}'::boolean[]) o,
	(VALUES (0, 2), (0.3, 2), (0, 130), (0.99, 2)) s (c, n);


CREATE TABLE ours AS
SELECT s.*, p.*
FROM setting s JOIN matrix USING (gaps),
	(SELECT array_agg(asset) a, array_agg(e) e, array_agg(q) q, array_agg(u) u, array_agg(at) at FROM leg) l,
	hedge.portfolio_pairs(m, l.a, l.e, l.q, l.u, l.at, s.offsetting, s.minimum_correlation, s.minimum_observations, 252)
	WITH ORDINALITY AS p (asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b, correlation,
		correlation_low, correlation_high, observations, volatility_a, volatility_b, volatility_a_annual, volatility_b_annual,
		hedge_ratio, actual_ratio, target_exposure_b, trade_b, trade_b_contracts, gross_risk, uncorrelated_risk, net_risk,
		diversification, risk_offset, risk_offset_share, residual_risk, price_time, place);

CREATE TABLE theirs AS
WITH risk AS (
	SELECT gaps, m, leg.*, hedge.volatility(m, asset) AS v, abs(e) * hedge.volatility(m, asset) AS a
	FROM leg, matrix WHERE asset = ANY (hedge.assets(m)) AND e <> 0 AND abs(e) < 'infinity'
), pair AS (
	SELECT a.gaps, a.asset AS asset_a, b.asset AS asset_b, a.e AS ea, b.e AS eb, a.v AS va, b.v AS vb, a.a AS ra, b.a AS rb,
		a.q AS qa, b.q AS qb, b.u, least(a.at, b.at) AS at, a.at IS NULL OR b.at IS NULL AS no_at,
		hedge.pair(a.m, a.asset, b.asset) AS c
	FROM risk a JOIN risk b ON a.gaps = b.gaps AND a.asset <> b.asset
		AND (a.a > b.a OR (a.a = b.a AND a.asset COLLATE "C" < b.asset COLLATE "C"))
), value AS (
	SELECT *, hedge.corr(c) AS r, (hedge.corr_interval(c, 0.95)).low AS low, (hedge.corr_interval(c, 0.95)).high AS high,
		hedge.observations(c) AS n FROM pair
)
SELECT s.offsetting, s.minimum_correlation, s.minimum_observations, v.*, ra + rb AS gross, sqrt(ra ^ 2 + rb ^ 2) AS uncorrelated,
	sqrt(greatest(ra ^ 2 + rb ^ 2 + 2 * sign(ea) * sign(eb) * ra * rb * r, 0)) AS net
FROM setting s JOIN value v USING (gaps)
WHERE (s.offsetting AND ea * eb * r < 0 OR NOT s.offsetting AND ea * eb * r > 0)
	AND abs(r) >= s.minimum_correlation AND n >= s.minimum_observations;

SELECT ok(count(*) > 600, 'there are pairs: ' || count(*)) FROM ours;
SELECT is((SELECT count(*) FROM ours o FULL JOIN theirs t ON (o.gaps, o.offsetting, o.minimum_correlation, o.minimum_observations,
		o.asset_a, o.asset_b) = (t.gaps, t.offsetting, t.minimum_correlation, t.minimum_observations, t.asset_a, t.asset_b)
	WHERE o.asset_a IS NULL OR t.asset_a IS NULL), 0::bigint, 'the same pairs');
CREATE TABLE both_ways AS
SELECT o.*, t.ea, t.eb, t.va, t.vb, t.ra, t.rb, t.qa, t.qb, t.u, t.at, t.no_at, t.r, t.low, t.high, t.n, t.gross, t.uncorrelated, t.net
FROM ours o JOIN theirs t ON (o.gaps, o.offsetting, o.minimum_correlation, o.minimum_observations,
		o.asset_a, o.asset_b) = (t.gaps, t.offsetting, t.minimum_correlation, t.minimum_observations, t.asset_a, t.asset_b);

CREATE FUNCTION differs(a float8, b float8, scale float8 DEFAULT NULL) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS DISTINCT FROM b
		ELSE abs(a - b) > 1e-12 * coalesce(scale, greatest(abs(a), abs(b))) END
$$;
SELECT is(count(*) FILTER (WHERE bad), 0::bigint, format('%s (%s rows)', column_name, count(*)))
FROM both_ways, LATERAL (VALUES
	('sides', (side_a, side_b) IS DISTINCT FROM (CASE WHEN ea > 0 THEN 'long' ELSE 'short' END, CASE WHEN eb > 0 THEN 'long' ELSE 'short' END)),
	('quantity_a', quantity_a IS DISTINCT FROM qa), ('quantity_b', quantity_b IS DISTINCT FROM qb),
	('exposures', (exposure_a, exposure_b) <> (ea, eb)),
	('correlation', differs(correlation, r)), ('correlation_low', differs(correlation_low, low, 1)),
	('correlation_high', differs(correlation_high, high, 1)), ('observations', observations <> n),
	('volatility_a', differs(volatility_a, va)), ('volatility_b', differs(volatility_b, vb)),
	('volatility_a_annual', differs(volatility_a_annual, va * sqrt(252))),
	('volatility_b_annual', differs(volatility_b_annual, vb * sqrt(252))),
	('hedge_ratio', differs(hedge_ratio, r * va / vb)), ('actual_ratio', differs(actual_ratio, -eb / ea)),
	('target_exposure_b', differs(target_exposure_b, -r * va / vb * ea)),
	('trade_b', differs(trade_b, -r * va / vb * ea - eb, abs(eb))),
	('trade_b_contracts', differs(trade_b_contracts, (-r * va / vb * ea - eb) / nullif(u, 0), abs(eb))),
	('gross_risk', differs(gross_risk, gross)), ('uncorrelated_risk', differs(uncorrelated_risk, uncorrelated)),
	('net_risk', differs(net_risk, net, uncorrelated)), ('diversification', differs(diversification, gross - uncorrelated, gross)),
	('risk_offset', differs(risk_offset, uncorrelated - net, uncorrelated)),
	('risk_offset_share', differs(risk_offset_share, 1 - net / uncorrelated, 1)),
	('residual_risk', differs(residual_risk, ra * sqrt(greatest(1 - r * r, 0)), ra)),
	('price_time', price_time IS DISTINCT FROM CASE WHEN NOT no_at THEN at END)) c (column_name, bad)
GROUP BY column_name ORDER BY column_name;

SELECT ok(bool_and(place = rank), 'largest offset first')
FROM (SELECT place, row_number() OVER (PARTITION BY gaps, offsetting, minimum_correlation, minimum_observations
		ORDER BY abs(risk_offset) DESC, asset_a COLLATE "C", asset_b COLLATE "C") AS rank FROM ours) t;
SELECT ok(bool_and(risk_offset > 0), 'what offsets is positive') FROM ours WHERE offsetting;
SELECT ok(bool_and(risk_offset < 0), 'what adds up is negative') FROM ours WHERE NOT offsetting;
SELECT is(count(*), 0::bigint, 'nobody pairs with a constant, or beyond 6 and 8') FROM ours
WHERE 'asset 5' IN (asset_a, asset_b) OR (gaps AND (asset_a, asset_b) IN (('asset 6', 'asset 8'), ('asset 8', 'asset 6')));

-- max_pairs
SELECT results_eq(
	format('SELECT p.asset_a, p.asset_b, p.risk_offset FROM matrix, (SELECT array_agg(asset) a, array_agg(e) e FROM leg) l,
		hedge.portfolio_pairs(m, a, e, max_pairs => %s) p WHERE gaps', most),
	format('SELECT asset_a, asset_b, risk_offset FROM ours WHERE gaps AND offsetting AND minimum_correlation = 0
		AND minimum_observations = 2 AND place <= %s ORDER BY place', most),
	'the first ' || most)
FROM unnest('{0,1,2,7,50,1000000}'::int[]) most;

-- Order of positions, lower bounds.
SELECT results_eq(
	'SELECT p.* FROM matrix, (SELECT array_agg(asset ORDER BY asset DESC) a, array_agg(e ORDER BY asset DESC) e FROM leg) l,
		hedge.portfolio_pairs(m, a, e) p WHERE gaps',
	'SELECT p.* FROM matrix, (SELECT array_agg(asset ORDER BY e) a, array_agg(e ORDER BY e) e FROM leg) l,
		hedge.portfolio_pairs(m, a, e) p WHERE gaps', 'the order of positions does not matter');
SELECT is((SELECT count(*) FROM matrix, hedge.portfolio_pairs(m, '[5:6]={asset 1,asset 3}', '[-1:0]={1,1}') WHERE gaps) +
		  (SELECT count(*) FROM matrix, hedge.portfolio_pairs(m, '[5:6]={asset 1,asset 3}', '[-1:0]={1,-1}') WHERE gaps),
		  1::bigint, 'lower bounds other than 1');

-- Nothing to pair.
SELECT is_empty(format('SELECT p.* FROM matrix, hedge.portfolio_pairs(%s) p', args), 'no rows from ' || args)
FROM unnest('{"NULL, ''{a,b}'', ''{1,2}''", "m, NULL, ''{1}''", "m, ''{}'', ''{}''", "m, ''{asset 1}'', NULL", "m, ''{asset 1}'', ''{1}''",
	"m, ''{x,y}'', ''{1,2}''", "m, ''{NULL,NULL}'', ''{1,2}''", "m, ''{asset 1,asset 2}'', ''{1e308,NULL}''"}'::text[]) args;

-- Out of range is NULL.
CREATE TABLE huge AS
SELECT hedge.comoment_matrix(ARRAY['a', 'b'], ARRAY[x, y]) AS m FROM (VALUES (1e10, 1), (-1e10, -2), (3e10, 3), (-2e10, -1.5)) t (x, y);
SELECT ok(gross_risk IS NULL AND uncorrelated_risk IS NULL AND correlation IS NOT NULL AND
		NOT (p.*)::text ~ '(NaN|Infinity)', 'risk out of range is null')
FROM huge, hedge.portfolio_pairs(m, '{a,b}', ARRAY[8e297, -1.7e308]) p;
SELECT is(count(*), 0::bigint, 'NaN or infinity are nowhere') FROM ours WHERE ours::text ~ '(NaN|Infinity)';

SELECT is((provolatile, proparallel, proisstrict)::text, '(i,s,f)', 'immutable, parallel safe, not strict')
FROM pg_proc WHERE proname = 'portfolio_pairs' AND pronamespace = 'hedge'::regnamespace;
SELECT * FROM finish();
ROLLBACK;
