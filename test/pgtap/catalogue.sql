-- The views of a book keep the rules that BI tools and drivers need: a walk through the catalogue.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

-- What breaks a rule in the relations of a schema whose name does not begin with _, tables of a book left out.
CREATE FUNCTION broken_rules(schema regnamespace) RETURNS TABLE (rule text, place text)
LANGUAGE sql AS $$
	WITH seen AS MATERIALIZED (
		SELECT c.oid, c.relname::text AS name, c.relkind, c.reloptions FROM pg_class AS c
		WHERE c.relnamespace = schema AND c.relkind IN ('v', 'm', 'f') AND left(c.relname, 1) <> '_'
	), col AS MATERIALIZED (
		SELECT s.name AS of_view, a.attname::text AS name, a.attnum AS number, format_type(a.atttypid, a.atttypmod) AS type,
			col_description(s.oid, a.attnum) AS comment
		FROM seen AS s JOIN pg_attribute AS a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped
	), named AS (
		SELECT name, name AS place FROM seen UNION ALL SELECT name, of_view || '.' || name FROM col
	), long AS (				-- time, metric, value
		SELECT of_view FROM col GROUP BY of_view
		HAVING array_agg(name ORDER BY number) FILTER (WHERE number <= 3) = '{time,metric,value}'
	)
	-- Materialised views are not listed by LibreOffice, nor by information_schema.
	SELECT 'plain view', name FROM seen WHERE relkind <> 'v'
	UNION ALL SELECT 'security_invoker', name FROM seen WHERE NOT 'security_invoker=true' = ANY (coalesce(reloptions, '{}'))
	UNION ALL SELECT 'type', of_view || '.' || name FROM col
		WHERE type NOT IN ('text', 'double precision', 'integer', 'date', 'timestamp with time zone', 'boolean')
	UNION ALL SELECT 'comment', name FROM seen WHERE coalesce(obj_description(oid, 'pg_class'), '') !~ '[.][)]?$'
	UNION ALL SELECT 'comment', of_view || '.' || name FROM col WHERE coalesce(comment, '') !~ '[.][)]?$'
	UNION ALL SELECT 'name', place FROM named WHERE name !~ '^[a-z][a-z0-9]*(_[a-z0-9]+)*$' OR length(name) > 40
	UNION ALL SELECT 'reserved word', place FROM named JOIN pg_get_keywords() AS k ON k.word = named.name WHERE k.catcode IN ('R', 'T')
	UNION ALL SELECT 'one name, one type', string_agg(DISTINCT of_view || '.' || name, ', ') FROM col
		GROUP BY name HAVING count(DISTINCT type) > 1
	-- Names say what is in it: instants, days, seconds, shares, probabilities.
	UNION ALL SELECT 'instants are named so', of_view || '.' || name FROM col
		WHERE (type = 'timestamp with time zone') <> (name ~ '(^|_)(as_of|time|start|end|until|at|bar)$')
	UNION ALL SELECT 'days are named so', of_view || '.' || name FROM col WHERE (type = 'date') <> (name ~ '(^|_)day$')
	UNION ALL SELECT 'units are floats', of_view || '.' || name FROM col
		WHERE name ~ '_(seconds|share|coverage|p_value|annual|low|high|risk|exposure|notional|margin)$' AND type <> 'double precision'
	UNION ALL SELECT 'no low without a high', a.of_view || '.' || a.name FROM col AS a
		WHERE a.name ~ '(^|_)(low|high)$' AND NOT EXISTS (SELECT FROM col AS b WHERE b.of_view = a.of_view AND b.name =
			regexp_replace(a.name, '(low|high)$', CASE WHEN a.name ~ 'low$' THEN 'high' ELSE 'low' END))
	-- Keys come before what is measured, in one order; what is in long form begins with time, metric, value.
	UNION ALL SELECT 'keys first', k.of_view || '.' || k.name FROM col AS k
		WHERE k.name IN ('portfolio', 'model', 'as_of', 'asset', 'asset_a', 'asset_b', 'asset_y', 'asset_x') AND k.of_view NOT IN (SELECT of_view FROM long)
			AND EXISTS (SELECT FROM col AS f WHERE f.of_view = k.of_view AND f.number < k.number AND f.type = 'double precision')
	UNION ALL SELECT 'portfolio, model, as_of', of_view FROM col WHERE name IN ('portfolio', 'model', 'as_of')
		GROUP BY of_view HAVING array_agg(name ORDER BY number) <> array_agg(name ORDER BY array_position('{portfolio,model,as_of}', name))
			AND of_view NOT IN (SELECT of_view FROM long)
	UNION ALL SELECT 'a day beside time', of_view FROM col GROUP BY of_view
		HAVING bool_or(name = 'time') AND NOT bool_or(name = 'day')
$$;

SELECT hedge.create_book('plain');
SELECT ok((SELECT count(*) >= 18 FROM pg_class WHERE relnamespace = 'plain'::regnamespace AND relkind = 'v' AND left(relname, 1) <> '_'),
	'there are views');
SELECT is_empty($$SELECT * FROM broken_rules('plain')$$, 'every view of a book keeps every rule');

-- Each rule finds what breaks it.
CREATE SCHEMA odd;
CREATE TYPE odd.both AS (a integer, b integer);
CREATE MATERIALIZED VIEW odd.stored AS SELECT 1 AS a;
CREATE VIEW odd.types AS SELECT 1::numeric AS a_numeric, 1::bigint AS a_bigint, '{1}'::integer[] AS an_array, ROW(1, 2)::odd.both AS composite,
	'{}'::jsonb AS a_json, interval '1 day' AS an_interval, numrange(0, 1) AS a_range, 'x'::varchar(3) AS a_varchar;
CREATE VIEW odd.names AS SELECT 1 AS "Upper", 1 AS "two  words", 1 AS trailing_, 1 AS "user", 1 AS "order", 1 AS fine;
CREATE VIEW odd.units AS SELECT now() AS happened, 'x'::text AS raised_at, current_date AS date_of, 1 AS age_seconds, 1 AS cost_share, 1.5::float8 AS a_low;
CREATE VIEW odd.places AS SELECT 1.0::float8 AS risk, 'm'::text AS model, 'p'::text AS portfolio, now() AS "time", 'x'::text AS fine;
CREATE VIEW odd.good WITH (security_invoker) AS SELECT now() AS "time", 'x'::text AS metric, 1.0::float8 AS value, 'p'::text AS portfolio, 'm'::text AS model, current_date AS day;
COMMENT ON VIEW odd.good IS 'Good.';
COMMENT ON COLUMN odd.good.metric IS 'A metric.';
COMMENT ON COLUMN odd.good.value IS 'Without a stop';
SELECT results_eq($$SELECT rule, string_agg(place, ' ' ORDER BY place COLLATE "C") FROM broken_rules('odd')
		WHERE rule <> 'comment' OR place LIKE 'good%' GROUP BY rule ORDER BY rule COLLATE "C"$$,
	$$VALUES ('a day beside time', 'places'),
		('comment', 'good.day good.model good.portfolio good.time good.value'),
		('days are named so', 'units.date_of'),
		('instants are named so', 'units.happened units.raised_at'),
		('keys first', 'places.model places.portfolio'),
		('name', 'names.Upper names.trailing_ names.two  words'),
		('no low without a high', 'units.a_low'),
		('one name, one type', 'names.fine, places.fine'),
		('plain view', 'stored'),
		('portfolio, model, as_of', 'places'),
		('reserved word', 'names.order names.user'),
		('security_invoker', 'names places stored types units'),
		('type', 'types.a_bigint types.a_json types.a_numeric types.a_range types.a_varchar types.an_array types.an_interval types.composite'),
		('units are floats', 'units.age_seconds units.cost_share')$$, 'each rule finds what breaks it');

SELECT * FROM finish();
ROLLBACK;
