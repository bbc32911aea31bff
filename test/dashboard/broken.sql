-- A book "broken": B follows A with a correlation of 0.8, from 2024-02-05 on with 0.2, and refreshes see it.
-- Beside its model a second one of fewer bars.
SET client_min_messages = warning;
SELECT hedge.create_book('broken');
SELECT setseed(0.5);
INSERT INTO broken.price
WITH number AS MATERIALIZED (
	SELECT d, sum(random()) - 6 AS f, sum(random()) - 6 AS g, sum(random()) - 6 AS h
	FROM generate_series(1, 620) AS d, generate_series(1, 12) AS k
	GROUP BY d
)
SELECT v.asset, timestamptz '2023-01-01 12:00:00+00' + d * interval '1 day',
	100 * exp(sum(v.r) OVER (PARTITION BY v.asset ORDER BY d))
FROM number
CROSS JOIN LATERAL (VALUES
	('A', 0.01 * f),
	('B', 0.01 * CASE WHEN d <= 400 THEN 0.8 * f + 0.6 * g ELSE 0.2 * f + sqrt(0.96) * g END),
	('C', 0.01 * (0.8 * f + 0.6 * h))) AS v (asset, r);
INSERT INTO broken.position VALUES ('one', 'A', 100), ('one', 'B', -100), ('calm', 'A', 5), ('calm', 'C', -5);
SELECT format('CALL hedge.refresh(%L, as_of => %L)', 'broken', timestamptz '2023-01-01 20:00:00+00' + d * interval '1 day')
FROM generate_series(270, 490, 20) AS d \gexec
INSERT INTO broken.model (model, lookback, evidence) VALUES ('short', 120, 'none');
CALL hedge.refresh('broken', 'short', '2024-05-05 20:00:00+00');
