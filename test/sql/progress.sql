-- Long work says how far it has come, at most every pghedge.notice_interval.
CREATE TABLE many_prices AS
SELECT 'asset ' || a AS asset, timestamptz '2024-01-01 00:00:00+00' + d * interval '1 day' AS ts, 100 + sin(a * d) AS price
FROM generate_series(1, 40) AS a, generate_series(1, 64) AS d;
SELECT count(*) FROM hedge.return_blocks('public.many_prices', '-infinity', 'infinity');
SHOW pghedge.notice_interval;
SET pghedge.notice_interval = 0;
SELECT count(*) FROM hedge.return_blocks('public.many_prices', '-infinity', 'infinity');
SELECT count(*) FROM hedge.return_blocks('public.many_prices', '-infinity', 'infinity') AS b
CROSS JOIN LATERAL hedge.evidence_pairs(b.assets[1:16], b.returns[1:16][:], b.bars, hedge.evidence_settings(rolling_observations => 20)) AS e;
SET pghedge.notice_interval = -1;
SELECT count(*) FROM hedge.return_blocks('public.many_prices', '-infinity', 'infinity');
SET pghedge.notice_intervall = 1;
DROP TABLE many_prices;
