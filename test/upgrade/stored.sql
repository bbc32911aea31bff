-- Values of every stored type as this version writes them, one a line as test/data/stored.tsv has them.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION pageinspect;
CREATE TEMP TABLE stored (version text, type text, value text, sent text, tuple text);
DO $$
DECLARE
	type text;
	made text;
BEGIN
	FOR type, made IN VALUES
		('comoments', 'SELECT hedge.comoments(i * 1.1, -i * i / 3.0 + 1e9) FROM generate_series(1, 7) AS i'),
		('comoments', 'SELECT hedge.comoments(0.1, 0.3) FROM generate_series(1, 3)'),
		('comoments', 'SELECT hedge.comoments(5, 7)'),
		('comoments', 'SELECT hedge.comoments(NULL, NULL)'),
		('comoments', 'SELECT hedge.comoments(i, CASE i WHEN 2 THEN ''NaN''::float8 ELSE ''infinity'' END) FROM generate_series(1, 3) AS i'),
		('comoments', 'SELECT hedge.comoments(i * 1e-100, i * 1e100) FROM generate_series(1, 3) AS i'),
		('comoment_matrix', 'SELECT hedge.comoment_matrix(ARRAY[''B'', ''A'', ''ä "q", \''], ARRAY[i * 1.1, -i * i / 3.0, 1e9 + i % 3]::float8[]) FROM generate_series(1, 7) AS i'),
		('comoment_matrix', 'SELECT hedge.comoment_matrix(ARRAY[''B'', ''A'', ''C''], ARRAY[i * 1.1, CASE WHEN i > 3 THEN -i * i / 3.0 END, CASE WHEN i < 3 THEN i END]::float8[]) FROM generate_series(1, 7) AS i'),
		('comoment_matrix', 'SELECT hedge.comoment_matrix(ARRAY[''A''], ARRAY[i]::float8[]) FROM generate_series(1, 2) AS i'),
		-- Weighted ones, which no aggregate makes but every input takes; merged with one of unit weights.
		('comoments', 'SELECT ''v1 2.5 1.75 0.1 0 0.3 1e-18 1 2 -0.5''::hedge.comoments'),
		('comoments', 'SELECT hedge.rollup(v) FROM (SELECT ''v1 2.5 1.75 0.1 0 0.3 1e-18 1 2 -0.5''::hedge.comoments
			UNION ALL SELECT hedge.comoments(i * 0.1, 1.0 / i) FROM generate_series(1, 5) AS i) AS s (v)'),
		('comoment_matrix', 'SELECT ''v1 complete 2 "A" "B" 2.5 1.75 1.5 0.5 0 1e-18 1 -0.5 2''::hedge.comoment_matrix'),
		('comoment_matrix', 'SELECT hedge.rollup(v) FROM (SELECT ''v1 complete 2 "A" "B" 2.5 1.75 1.5 0.5 0 1e-18 1 -0.5 2''::hedge.comoment_matrix
			UNION ALL SELECT hedge.comoment_matrix(ARRAY[''B'', ''C''], ARRAY[i * 0.1, 1.0 / i]::float8[]) FROM generate_series(1, 5) AS i) AS s (v)'),
		-- Empty ones: no asset was observed; pairs that never were together.
		('comoment_matrix', 'SELECT hedge.comoment_matrix(ARRAY[''A'', ''B''], ARRAY[NULL, NULL]::float8[])'),
		('comoment_matrix', 'SELECT hedge.comoment_matrix(ARRAY[''A'', ''B'', ''C''], v) FROM (VALUES (''{1,NULL,NULL}''::float8[]), (''{NULL,2,NULL}''), (''{3,NULL,NULL}'')) AS s (v)')
	LOOP
		EXECUTE 'CREATE TABLE one (v) AS ' || made;
		EXECUTE format('INSERT INTO stored SELECT substring(v::text FROM ''^v(\d+)''), %L, v::text,
			encode(hedge.%s_send(v), ''hex''),
			(SELECT encode(t_data, ''hex'') FROM heap_page_items(get_raw_page(''one'', 0))) FROM one WHERE v IS NOT NULL', type, type);
		DROP TABLE one;
	END LOOP;
END
$$;
COPY stored TO STDOUT;
