-- Moving aggregates over window frames: random frames against core and against the plain
-- aggregates over the same rows; hard series against exact arithmetic; what has left leaves no trace.
BEGIN;
SELECT no_plan();
SELECT setseed(0.3);
SET LOCAL extra_float_digits = 1;

CREATE FUNCTION near(a float8, b float8, tolerance float8) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE a = b OR abs(a - b) <= tolerance END
$$;

-- ---------- random frames ----------

-- three partitions of different sizes, ties in o, NULLs, runs where a side is constant
CREATE TABLE tick AS
	SELECT i, (ARRAY['A', 'A', 'A', 'B', 'B', 'C'])[1 + i % 6] AS p, (i / 6 + (random() * 3)::int) / 2 AS o,
		CASE WHEN random() < 0.05 THEN NULL WHEN i % 200 BETWEEN 100 AND 150 THEN 0.09 ELSE m + random() END AS y,
		CASE WHEN random() < 0.05 THEN NULL WHEN i % 300 BETWEEN 130 AND 170 THEN 1e9 ELSE 0.3 - m + random() END AS x,
		random() < 0.7 AS keep
	FROM (SELECT i, random() AS m FROM generate_series(1, 600) i) s;

ALTER TABLE tick ADD PRIMARY KEY (i);
ANALYZE tick;

CREATE FUNCTION random_bound(starts boolean, mode text) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN k < 2 THEN CASE WHEN starts THEN 'UNBOUNDED PRECEDING' ELSE 'UNBOUNDED FOLLOWING' END
		WHEN k < 4 THEN 'CURRENT ROW'
		WHEN k < 8 THEN n || CASE WHEN starts THEN ' PRECEDING' ELSE ' FOLLOWING' END
		ELSE n || CASE WHEN starts THEN ' FOLLOWING' ELSE ' PRECEDING' END END
	FROM (SELECT floor(random() * 9) AS k, floor(random() * CASE mode WHEN 'ROWS' THEN 40 ELSE 12 END)::int AS n) s
$$;

-- Every result over n random frames: by row ids that array_agg() found in the same frame, the plain
-- aggregate of the same rows, and core's. Returns what disagrees.
CREATE FUNCTION frame_disagreements(n int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	mode text;
	frame text;
	filter text;
	made int := 0;
	wrong bigint;
	checked bigint := 0;
	rows_seen bigint;
BEGIN
	WHILE made < n LOOP
		mode := (ARRAY['ROWS', 'RANGE', 'GROUPS'])[1 + floor(random() * 3)];
		frame := format('%s BETWEEN %s AND %s %s', mode, random_bound(true, mode), random_bound(false, mode),
			(ARRAY['', '', '', 'EXCLUDE CURRENT ROW', 'EXCLUDE GROUP', 'EXCLUDE TIES', 'EXCLUDE NO OTHERS'])[1 + floor(random() * 7)]);
		filter := (ARRAY['', '', 'FILTER (WHERE keep)'])[1 + floor(random() * 3)];
		BEGIN
			EXECUTE format($query$
				WITH rolled AS MATERIALIZED (
					SELECT i, array_agg(i) %1$s OVER w AS ids, hedge.rolling_corr(y, x) %1$s OVER w AS r,
						hedge.rolling_covariance(y, x) %1$s OVER w AS c, hedge.rolling_hedge_ratio(y, x) %1$s OVER w AS h,
						hedge.comoments(y, x) %1$s OVER w AS s, hedge.rollup(hedge.comoments_accum(NULL, y, x)) %1$s OVER w AS u,
						corr(y, x) %1$s OVER w AS core_r, covar_samp(y, x) %1$s OVER w AS core_c, regr_slope(y, x) %1$s OVER w AS core_h
					FROM tick WINDOW w AS (PARTITION BY p ORDER BY o %2$s)
				)
				SELECT count(*), count(*) FILTER (WHERE NOT (
					-- the same rows, plainly
					near(r, plain_r, 1e-13) AND near(c, plain_c, 1e-13 * sy * sx) AND near(h, plain_h, 1e-13 * sy / nullif(sx, 0))
					AND near(hedge.corr(s), r, 1e-13) AND near(hedge.corr(u), r, 1e-13)
					AND hedge.observations(s) IS NOT DISTINCT FROM k AND hedge.observations(u) IS NOT DISTINCT FROM k
					-- no answer where there is none
					AND (r IS NULL) = (coalesce(dy, 0) < 2 OR coalesce(dx, 0) < 2) AND (h IS NULL) = (coalesce(dx, 0) < 2) AND (c IS NULL) = (coalesce(k, 0) < 2)
					-- core, which errs where a side is constant or nearly so beside 1e9
					AND (dy < 2 OR dx < 2 OR sx > 1e6 OR coalesce(near(r, core_r, 1e-13) AND near(c, core_c, 1e-13 * sy * sx)
						AND near(h, core_h, 1e-13 * sy / sx), k IS NULL))))
				FROM rolled, LATERAL (
					SELECT hedge.rolling_corr(y, x) AS plain_r, hedge.rolling_covariance(y, x) AS plain_c, hedge.rolling_hedge_ratio(y, x) AS plain_h,
						nullif(regr_count(y, x), 0)::float8 AS k, count(DISTINCT y) FILTER (WHERE x IS NOT NULL) AS dy,
						count(DISTINCT x) FILTER (WHERE y IS NOT NULL) AS dx,
						hedge.volatility_y(hedge.comoments(y, x)) AS sy, hedge.volatility_x(hedge.comoments(y, x)) AS sx
					FROM tick t WHERE t.i = ANY (rolled.ids)
				) plain $query$, filter, frame) INTO rows_seen, wrong;
			made := made + 1;
			checked := checked + rows_seen;
			IF wrong <> 0 THEN
				RETURN NEXT format('%s rows with %s %s', wrong, frame, filter);
			END IF;
		EXCEPTION WHEN windowing_error THEN	-- a frame that starts behind its end
		END;
	END LOOP;
	IF checked <> n * 600 THEN
		RETURN NEXT format('only %s rows were compared', checked);
	END IF;
END
$$;
SELECT is_empty($$ SELECT frame_disagreements(60) $$,
	'60 random frames of ROWS, RANGE and GROUPS with FILTER and EXCLUDE agree with the plain aggregates and with core');

-- ordinary data: relative to the result itself
CREATE TABLE quote AS
	SELECT i, 0.01 * (m + random() - 0.5) AS y, 0.012 * (m + (random() - 0.5) * 0.7) AS x FROM (SELECT i, random() - 0.5 AS m FROM generate_series(1, 3000) i) s;
SELECT ok(bool_and(abs(r / core_r - 1) <= 1e-13 AND abs(c / core_c - 1) <= 1e-13 AND abs(h / core_h - 1) <= 1e-13), 'returns agree with core to 1e-13 relative, over 60 rows')
FROM (
	SELECT i, hedge.rolling_corr(y, x) OVER w AS r, hedge.rolling_covariance(y, x) OVER w AS c, hedge.rolling_hedge_ratio(y, x) OVER w AS h,
		corr(y, x) OVER w AS core_r, covar_samp(y, x) OVER w AS core_c, regr_slope(y, x) OVER w AS core_h
	FROM quote WINDOW w AS (ORDER BY i ROWS 59 PRECEDING)
) s WHERE i >= 60;

-- frames that move by leaps, whose bounds come from the rows
SELECT ok(bool_and(near(r, plain, 1e-13)), 'frames that leap')
FROM (SELECT o, hedge.rolling_corr(y, x) OVER (ORDER BY o RANGE BETWEEN 300 PRECEDING AND 100 PRECEDING) AS r
		FROM (SELECT i * i / 50 AS o, y, x FROM quote WHERE i <= 400) q) s,
	LATERAL (SELECT hedge.rolling_corr(y, x) AS plain FROM (SELECT i * i / 50 AS o, y, x FROM quote WHERE i <= 400) q WHERE q.o BETWEEN s.o - 300 AND s.o - 100) p;
-- a second scan of the same window, and a window over an aggregate
SELECT ok(bool_and(near(a, b, 1e-13)), 'a window read again by a lateral join')
FROM generate_series(1, 3) k, LATERAL (
	SELECT hedge.rolling_corr(y, x * k) OVER (ORDER BY i ROWS 5 PRECEDING) AS a, hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS 5 PRECEDING) AS b FROM quote WHERE i <= 100
) s;
-- frames that grow beyond the ring's first room, and shrink again
SELECT ok(bool_and(near(r, plain, 1e-13)), 'a frame of up to 3000 rows')
FROM (SELECT i, hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS r FROM quote) s,
	LATERAL (SELECT hedge.rolling_corr(y, x) AS plain FROM quote q WHERE q.i > s.i) p
WHERE i % 250 = 3;

-- ---------- exact arithmetic ----------

-- ky and kx are integers; y = ky / d and x = kx / d are doubles without rounding
CREATE TABLE hard (series text, i int, ky bigint, kx bigint, d float8, y float8, x float8);
INSERT INTO hard (series, i, ky, kx, d)
	SELECT 'level 1e9, noise 1e-3', i, 1048576000000000 + (1048 * (m + random()))::bigint, 1048576000000000 + (1048 * (m - random()))::bigint, 1048576
	FROM (SELECT i, random() - 0.5 AS m FROM generate_series(1::bigint, 1200) i) s
	UNION ALL
	SELECT 'outliers of 1e12', i, CASE WHEN u < 0.01 THEN 1048576000000000000 ELSE 1048576000000000 + (1048 * (m + random()))::bigint END,
		CASE WHEN u BETWEEN 0.005 AND 0.015 THEN -1048576000000000000 ELSE 1048576000000000 + (1048 * (m - random()))::bigint END, 1048576
	FROM (SELECT i, random() - 0.5 AS m, random() AS u FROM generate_series(1::bigint, 1200) i) s
	UNION ALL
	-- the doubles next to 0.09 and 0.1 are these multiples of 2^-56
	SELECT 'runs of constants', i, CASE WHEN i / 37 % 2 = 0 THEN 6485183463413514 ELSE 7205759403792794 END,
		CASE WHEN i / 53 % 3 = 0 THEN 6485183463413514 ELSE 7205759403792794 END, 72057594037927936
	FROM generate_series(1, 1200) i
	UNION ALL
	SELECT 'a line but for the last bit', i, 2 * k + 2 * (random() * 2 - 1)::bigint, k, 1
	FROM (SELECT i, (random() * 1e15)::bigint AS k FROM generate_series(1, 1200) i) s
	UNION ALL
	SELECT 'walks', i, sum((random() * 200 - 100)::int) OVER (ORDER BY i) + 100000, sum((random() * 200 - 100)::int) OVER (ORDER BY i) + 100000, 1024
	FROM generate_series(1, 1200) i;
UPDATE hard SET y = ky / d, x = kx / d;

CREATE FUNCTION worst_error(preceding int) RETURNS TABLE (series text, ours float8, core float8, wrong bigint) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($query$
		SELECT series, max(abs(r::text::numeric - exact))::float8, max(abs(core_r - exact::float8)),
			count(*) FILTER (WHERE (r IS NULL) <> (exact IS NULL) OR abs(r) > 1)
		FROM (
			SELECT *, (n * sxy - sy * sx) * 1e40 / nullif(sqrt((n * syy - sy * sy) * (n * sxx - sx * sx) * 1e80), 0) AS exact
			FROM (
				SELECT series, hedge.rolling_corr(y, x) OVER w AS r, corr(y, x) OVER w AS core_r, count(*) OVER w AS n,
					sum(ky::numeric) OVER w AS sy, sum(kx::numeric) OVER w AS sx, sum(ky::numeric * ky) OVER w AS syy,
					sum(kx::numeric * kx) OVER w AS sxx, sum(ky::numeric * kx) OVER w AS sxy
				FROM hard WINDOW w AS (PARTITION BY series ORDER BY i ROWS %s PRECEDING)
			) s
		) e GROUP BY series$query$, preceding);
END
$$;
SELECT ok(coalesce(ours, 0) <= 2e-15 AND wrong = 0, format('%s rows, %s: within 2e-15 of exact, NULL where a side is constant', f + 1, series))
FROM unnest('{1,4,29,249,1000}'::int[]) f, worst_error(f);
SELECT ok(core > 1e-9, 'exact arithmetic tells: core errs by more than 1e-9 on a level of 1e9')
FROM worst_error(29) WHERE series = 'level 1e9, noise 1e-3';

-- ---------- no trace ----------

SELECT ok(bool_and(CASE WHEN odd_in THEN r IS NULL OR r = 'NaN' ELSE near(r, clean, 2e-15) END), 'NaN, infinities and 1e150 leave no trace')
FROM (
	SELECT hedge.rolling_corr(odd, x) OVER w AS r, hedge.rolling_corr(y, x) OVER w AS clean,
		bool_or(odd IN ('NaN', 'Infinity', '-Infinity')) OVER w AS odd_in, bool_or(odd = 1e150) OVER w AS big_in
	FROM (SELECT i, y, x, CASE i % 40 WHEN 7 THEN 'NaN' WHEN 19 THEN 'Infinity' WHEN 20 THEN '-Infinity' WHEN 33 THEN 1e150 ELSE y END AS odd FROM quote) q
	WINDOW w AS (ORDER BY i ROWS 6 PRECEDING)
) s WHERE odd_in OR NOT big_in;
SELECT ok(bool_and(hedge.comoments_send(c::text::hedge.comoments) = hedge.comoments_send(c)), 'summaries of frames with infinities can be read back')
FROM (
	SELECT hedge.comoments(y, x) FILTER (WHERE i % 3 > 0) OVER (ORDER BY i ROWS 1 PRECEDING) AS c
	FROM (SELECT i, CASE WHEN i % 2 = 0 THEN 'Infinity' ELSE y END AS y, CASE WHEN i % 5 = 0 THEN '-Infinity' ELSE x END AS x FROM quote) q
) s;
SELECT ok(bool_and(r IS NULL), 'a frame of one row, or of none, has no correlation')
FROM (SELECT hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND CURRENT ROW) FROM quote
	UNION ALL SELECT hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS BETWEEN 2 PRECEDING AND 3 PRECEDING) FROM quote
	UNION ALL SELECT hedge.rolling_corr(y, x) FILTER (WHERE false) OVER (ORDER BY i ROWS 9 PRECEDING) FROM quote
	UNION ALL SELECT hedge.rolling_corr(y, NULL) OVER (ORDER BY i ROWS 9 PRECEDING) FROM quote) s(r);
SELECT ok(bool_and(near(r, plain, 1e-14)), 'a volatile argument goes without moving mode, to the same result')
FROM (SELECT hedge.rolling_corr(y, x) OVER (ORDER BY i ROWS 9 PRECEDING) AS r,
		hedge.rolling_corr(y, x + 0 * random()) OVER (ORDER BY i ROWS 9 PRECEDING) AS plain FROM quote) s;

SELECT * FROM finish();
ROLLBACK;
