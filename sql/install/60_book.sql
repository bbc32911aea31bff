-- Books: schemas of ordinary tables and views, made from one template and owned by who makes them.

CREATE FUNCTION hedge.book_template() RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $function$SELECT $book_template$
@BOOK_TEMPLATE@
$book_template$::pg_catalog.text$function$;
COMMENT ON FUNCTION hedge.book_template() IS 'SQL that makes the objects of a book. Lines "-- section: NAME [since VERSION | before VERSION]" divide it: what is in every book of this version, what came with a version, and what books made before that version need; book, book_literal, positions, quantity and delta between at signs stand for the schema, the same as a string literal, the relation of positions, its quantity and its delta.';

CREATE FUNCTION hedge._book_parts(
	OUT place bigint, OUT section text, OUT applies text, OUT version integer[], OUT script text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT t.place, h.word[1], h.word[2], string_to_array(h.word[3], '.')::integer[],
		substr(t.part, strpos(t.part, E'\n'))
	FROM string_to_table(hedge.book_template(), E'\n-- section: ') WITH ORDINALITY AS t (part, place)
	CROSS JOIN LATERAL regexp_match(split_part(t.part, E'\n', 1),
		'^(tables|price|position|views)(?: (since|before) (\d+\.\d+\.\d+))?$') AS h (word)
	WHERE t.place > 1;
$function$;
COMMENT ON FUNCTION hedge._book_parts() IS 'The parts of the book template: section is tables, price, position or views; applies since or before a version, or NULL for always. Private.';

CREATE FUNCTION hedge._book_section(section text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT string_agg(p.script, '' ORDER BY p.place)
	FROM hedge._book_parts() AS p
	WHERE p.section = $1 AND p.applies IS DISTINCT FROM 'before';
$function$;
COMMENT ON FUNCTION hedge._book_section(text) IS 'What a book of this version has of a section of the template: tables, price, position or views. Private.';

CREATE FUNCTION hedge._book_changes(sections text[], version text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT string_agg(p.script, '' ORDER BY p.version, p.place)
	FROM hedge._book_parts() AS p
	WHERE p.section = ANY ($1) AND p.version > string_to_array($2, '.')::integer[]
		AND (p.section <> 'views' OR p.applies = 'before');		-- upgrade_book makes all views
$function$;
COMMENT ON FUNCTION hedge._book_changes(text[], text) IS 'What a book of an older version lacks of some sections of the template, version by version; NULL: nothing. Private.';

CREATE FUNCTION hedge._run_template(book regnamespace, script text, marks jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	marks := marks || jsonb_build_object('book', book::text, 'book_literal', quote_literal(book::text));
	-- In one pass, so that what looks like a mark inside a name is left alone.
	SELECT string_agg(CASE WHEN t.place % 2 = 1 THEN t.piece ELSE marks ->> t.piece END, '' ORDER BY t.place)
	INTO STRICT script
	FROM string_to_table(script, '@') WITH ORDINALITY AS t (piece, place);
	EXECUTE script;
END
$function$;
COMMENT ON FUNCTION hedge._run_template(regnamespace, text, jsonb) IS 'Runs a piece of the book template in a book; nothing if it is NULL. Private.';

CREATE FUNCTION hedge._book_objects(OUT section text, OUT kind text, OUT name text, OUT place bigint) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT s.section, o.word[1], o.word[2], row_number() OVER (ORDER BY s.part, o.place)
	FROM unnest(ARRAY['tables', 'price', 'position', 'views']) WITH ORDINALITY AS s (section, part)
	CROSS JOIN LATERAL regexp_matches(hedge._book_section(s.section),
		'CREATE (?:OR REPLACE )?(TABLE|VIEW) @book@\.(\w+)', 'g') WITH ORDINALITY AS o (word, place);
$function$;
COMMENT ON FUNCTION hedge._book_objects() IS 'Tables and views that the book template makes, in the order it makes them. Private.';

CREATE FUNCTION hedge._comment_like(book text, model text, followers text[]) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	command text;
BEGIN
	FOR command IN
		SELECT format('COMMENT ON COLUMN %s.%I IS %L', t.attrelid::regclass, t.attname, col_description(s.attrelid, s.attnum))
		FROM pg_attribute AS s
		JOIN pg_attribute AS t ON t.attname = s.attname AND t.attnum > 0
		JOIN pg_class AS c ON c.oid = t.attrelid
		WHERE s.attrelid = model::regclass AND s.attnum > 0 AND NOT s.attisdropped
			AND col_description(s.attrelid, s.attnum) IS NOT NULL
			AND c.relnamespace = book::regnamespace AND c.relname = ANY (followers)
	LOOP
		EXECUTE command;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge._comment_like(text, text, text[]) IS 'Gives columns of tables and views of a book the comments that columns of their names have in another relation. Private.';

CREATE FUNCTION hedge._visible_books() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname)
	FROM pg_namespace AS n
	JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = 'model_run'
	JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'matrix'
		AND a.atttypid = 'hedge.comoment_matrix'::regtype
	WHERE has_schema_privilege(n.oid, 'USAGE');
$function$;
COMMENT ON FUNCTION hedge._visible_books() IS 'Names of the books that the caller may use, in one line; NULL if there is none. Private.';

CREATE FUNCTION hedge._book(name text) RETURNS regnamespace
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := to_regnamespace(quote_ident(name));
	hint text := coalesce('There are: ' || hedge._visible_books() || '.',
		'There is none yet that you may use. Make one: SELECT hedge.create_book(''desk'');');
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION 'no book is named' USING ERRCODE = 'null_value_not_allowed', HINT = hint;
	ELSIF schema IS NULL OR NOT has_schema_privilege(schema, 'USAGE') THEN
		-- Who may not use it does not learn that it is there.
		RAISE EXCEPTION 'book "%" does not exist', name USING ERRCODE = 'invalid_schema_name', HINT = hint;
	ELSIF NOT EXISTS (
		SELECT FROM pg_class AS c
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'matrix'
			AND a.atttypid = 'hedge.comoment_matrix'::regtype
		WHERE c.relnamespace = schema AND c.relname = 'model_run')
	THEN
		IF 2 = (SELECT count(*) FROM pg_class AS c
			WHERE c.relnamespace = schema AND c.relname IN ('model_run', 'return_block') AND c.relkind = 'r')
		THEN
			RAISE EXCEPTION 'schema "%" was a book, but its matrix columns are gone', name
				USING ERRCODE = 'wrong_object_type',
					DETAIL = 'DROP EXTENSION pghedge CASCADE takes them along.',
					HINT = 'Save what you need of its tables, drop the schema and create the book again.';
		END IF;
		RAISE EXCEPTION 'schema "%" is not a book', name USING ERRCODE = 'wrong_object_type', HINT = hint;
	END IF;
	RETURN schema;
END
$function$;
COMMENT ON FUNCTION hedge._book(text) IS 'The schema of a book; an error that names the books there are if it is none. Private.';

CREATE FUNCTION hedge._own_book(name text) RETURNS regnamespace
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._book(name);
	owner oid := (SELECT n.nspowner FROM pg_namespace AS n WHERE n.oid = schema);
BEGIN
	IF NOT pg_has_role(owner, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of book "%"', name
			USING ERRCODE = 'insufficient_privilege', HINT = format('It belongs to role %s.', owner::regrole);
	ELSIF owner <> current_user::regrole
		AND (SELECT r.rolsuper FROM pg_roles AS r WHERE r.oid = current_user::regrole)
	THEN
		-- A trigger of the owner's would run with all a superuser may.
		RAISE EXCEPTION 'book "%" belongs to role %, whose code a superuser must not run', name, owner::regrole
			USING ERRCODE = 'insufficient_privilege', HINT = 'Connect as that role.';
	ELSIF pg_is_in_recovery() THEN
		RAISE EXCEPTION 'book "%" cannot be changed on a standby', name
			USING ERRCODE = 'read_only_sql_transaction',
				HINT = 'Connect to the primary; what is written there is soon here, too.';
	END IF;
	RETURN schema;
END
$function$;
COMMENT ON FUNCTION hedge._own_book(text) IS 'The schema of a book of the caller''s, to be changed; an error if it is another''s, or the server a standby. A member of the owner''s role passes, and trusts the owner as members do; a superuser does not. Private.';

CREATE FUNCTION hedge._relation(name text, named_in text) RETURNS regclass
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	relation regclass := to_regclass(name);
BEGIN
	IF relation IS NULL THEN
		RAISE EXCEPTION 'relation "%" does not exist', name
			USING ERRCODE = 'undefined_table',
				HINT = CASE WHEN named_in = ''
					THEN 'It is a table of the book''s own: restore it from a backup, or let hedge.upgrade_book make it again, empty.'
					ELSE format('It is named in %s: create it again or correct its name there.', named_in) END;
	END IF;
	RETURN relation;
END
$function$;
COMMENT ON FUNCTION hedge._relation(text, text) IS 'The relation of a qualified name that stands in a table, or is a table of the book''s own (named_in empty); an error if it is gone. Private.';

CREATE FUNCTION hedge._check_column(relation regclass, name text, kind text, required boolean, shape text)
RETURNS regtype
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	shown text;
	relation_kind "char";
	persistence "char";
	found oid;
	base oid;
BEGIN
	SELECT CASE WHEN c.relpersistence = 't' THEN '' ELSE n.nspname || '.' END || c.relname, c.relkind, c.relpersistence
	INTO shown, relation_kind, persistence
	FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE c.oid = relation;
	IF relation_kind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
		RAISE EXCEPTION '"%" is not a table or view', shown USING ERRCODE = 'wrong_object_type', HINT = shape;
	ELSIF persistence = 't' THEN
		RAISE EXCEPTION 'relation "%" is temporary', shown
			USING ERRCODE = 'wrong_object_type', DETAIL = 'A book outlives the session that it would be gone with.',
				HINT = 'Give a permanent table or view.';
	END IF;

	IF NOT has_any_column_privilege(relation, 'SELECT') THEN
		RAISE EXCEPTION 'permission denied for relation "%"', shown
			USING ERRCODE = 'insufficient_privilege',
				HINT = format('GRANT SELECT ON %s TO %I;', relation, current_user);
	END IF;

	SELECT a.atttypid INTO found
	FROM pg_attribute AS a
	WHERE a.attrelid = relation AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped;
	IF found IS NULL THEN
		IF NOT required THEN
			RETURN NULL;
		END IF;
		RAISE EXCEPTION 'relation "%" has no column "%"', shown, name
			USING ERRCODE = 'undefined_column', HINT = shape,
				DETAIL = 'Its columns are: ' || coalesce((
					SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
					FROM pg_attribute AS a
					WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped), 'none') || '.';
	END IF;
	IF NOT has_column_privilege(relation, name, 'SELECT') THEN
		RAISE EXCEPTION 'permission denied for column "%" of relation "%"', name, shown
			USING ERRCODE = 'insufficient_privilege',
				HINT = format('GRANT SELECT ON %s TO %I;', relation, current_user);
	END IF;

	base := found;
	WHILE EXISTS (SELECT FROM pg_type AS t WHERE t.oid = base AND t.typtype = 'd') LOOP
		base := (SELECT t.typbasetype FROM pg_type AS t WHERE t.oid = base);
	END LOOP;
	IF NOT (CASE kind
		WHEN 'number' THEN base IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'float4'::regtype,
			'float8'::regtype, 'numeric'::regtype)
		WHEN 'time' THEN base IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
		WHEN 'instant' THEN base = 'timestamptz'::regtype
		ELSE true END)
	THEN
		RAISE EXCEPTION 'column "%" of relation "%" is of type %', name, shown, format_type(found, NULL)
			USING ERRCODE = 'datatype_mismatch', HINT = shape,
				DETAIL = CASE kind
					WHEN 'number' THEN 'It must be a number: smallint, integer, bigint, real, double precision or numeric.'
					WHEN 'time' THEN 'It must be timestamp with time zone, timestamp without time zone or date.'
					ELSE 'It must be timestamp with time zone.' END;
	END IF;
	RETURN base;
END
$function$;
COMMENT ON FUNCTION hedge._check_column(regclass, text, text, boolean, text) IS 'The base type of a column that must be a number, a time, an instant or anything; NULL if it is missing and may be. Private.';

CREATE FUNCTION hedge._check_positions(relation regclass) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	shape text := 'A relation of positions has the columns portfolio, asset, quantity and, if there are options, delta. A view can give other columns these names.';
	quantity_type regtype;
	delta_type regtype;
	-- A numeric may be larger than any float8, and a cast would fail.
	number text := 'p.%1$s::float8';
	large_number text := 'CASE WHEN p.%1$s > 1e300 AND p.%1$s < ''NaN'' OR p.%1$s < -1e300 THEN float8 ''infinity'' ELSE p.%1$s::float8 END';
BEGIN
	PERFORM hedge._check_column(relation, 'portfolio', 'any', true, shape);
	PERFORM hedge._check_column(relation, 'asset', 'any', true, shape);
	quantity_type := hedge._check_column(relation, 'quantity', 'number', true, shape);
	delta_type := hedge._check_column(relation, 'delta', 'number', false, shape);
	RETURN jsonb_build_object('positions', relation::text,
		'quantity', format(CASE WHEN quantity_type = 'numeric'::regtype THEN large_number ELSE number END, 'quantity'),
		'delta', CASE WHEN delta_type IS NULL THEN 'float8 ''1'''
			ELSE format(CASE WHEN delta_type = 'numeric'::regtype THEN large_number ELSE number END, 'delta') END);
END
$function$;
COMMENT ON FUNCTION hedge._check_positions(regclass) IS 'What a relation of positions, its quantity and its delta are called in the book template; an error if a column is missing or of a wrong type. Private.';

CREATE FUNCTION hedge._check_prices(relation regclass, OUT ts_type regtype, OUT keeps_corrections boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	shape text := 'A relation of prices has the columns asset, ts, price and, if it keeps corrections, recorded_at. A view can give other columns these names.';
BEGIN
	PERFORM hedge._check_column(relation, 'asset', 'any', true, shape);
	ts_type := hedge._check_column(relation, 'ts', 'time', true, shape);
	PERFORM hedge._check_column(relation, 'price', 'number', true, shape);
	keeps_corrections := hedge._check_column(relation, 'recorded_at', 'instant', false, shape) IS NOT NULL;
END
$function$;
COMMENT ON FUNCTION hedge._check_prices(regclass) IS 'Type of column ts of a relation of prices, and whether there is a column recorded_at; an error if a column is missing or of a wrong type. Private.';

CREATE FUNCTION hedge._version() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.extversion FROM pg_extension AS e WHERE e.extname = 'pghedge';
$function$;
COMMENT ON FUNCTION hedge._version() IS 'Version of the extension as installed in this database. Private.';

CREATE FUNCTION hedge.create_book(
	name text,
	positions regclass DEFAULT NULL,
	prices regclass DEFAULT NULL,
	base_currency text DEFAULT 'USD')
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	marks jsonb;
	book regnamespace;
BEGIN
	IF coalesce(name, '') = '' OR octet_length(name) > 63 THEN
		RAISE EXCEPTION 'a book cannot be called %', coalesce(quote_literal(name), 'NULL')
			USING ERRCODE = 'invalid_name', HINT = 'Its name becomes that of a schema: 1 to 63 bytes.';
	ELSIF coalesce(base_currency, '') = '' THEN
		RAISE EXCEPTION 'book "%" needs a base currency', name
			USING ERRCODE = 'invalid_parameter_value', HINT = 'For example: base_currency => ''USD''.';
	ELSIF to_regnamespace(quote_ident(name)) IS NOT NULL AND has_database_privilege(current_database(), 'CREATE') THEN
		RAISE EXCEPTION 'schema "%" already exists', name
			USING ERRCODE = 'duplicate_schema',
				DETAIL = 'A book is a schema of its own.', HINT = 'Choose another name for the book.';
	END IF;
	IF prices IS NOT NULL THEN
		PERFORM hedge._check_prices(prices);
	END IF;
	IF positions IS NOT NULL THEN
		marks := hedge._check_positions(positions);
	END IF;

	EXECUTE format('CREATE SCHEMA %I', name);
	book := to_regnamespace(quote_ident(name));
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', name,
		'Book of pghedge: put prices and positions in, CALL hedge.refresh, read the views.');
	PERFORM hedge._run_template(book, hedge._book_section('tables'), '{}');
	IF prices IS NULL THEN
		PERFORM hedge._run_template(book, hedge._book_section('price'), '{}');
	END IF;
	IF positions IS NULL THEN
		PERFORM hedge._run_template(book, hedge._book_section('position'), '{}');
		marks := hedge._check_positions(format('%I.position', name)::regclass);
	END IF;
	PERFORM hedge._run_template(book, hedge._book_section('views'), marks);
	EXECUTE format('INSERT INTO %I.book (base_currency, prices, positions, version) VALUES ($1, $2, $3, $4)', name)
		USING base_currency, prices::text, positions::text, hedge._version();
	RAISE NOTICE 'book "%" is made; its views are empty until its first refresh', name
		USING HINT = CASE
			WHEN prices IS NULL AND positions IS NULL THEN format('Put prices into %1$s.price and positions into %1$s.position, then: ', book)
			WHEN prices IS NULL THEN format('Put prices into %s.price, then: ', book)
			WHEN positions IS NULL THEN format('Put positions into %s.position, then: ', book)
			ELSE '' END || format('CALL hedge.refresh(%L);', name);
END
$function$;
COMMENT ON FUNCTION hedge.create_book(text, regclass, regclass, text) IS 'Makes a book: a schema of the caller''s with tables and views. positions: a relation with columns portfolio, asset, quantity [, delta]; prices: one with asset, ts, price [, recorded_at]; NULL makes a table in the book. base_currency is that of all its money. A delta that is NULL is unknown; without a column delta it is 1. Fails if the schema exists, or if a relation is temporary, lacks a column or has one of a wrong type. A notice says what comes next.';

CREATE FUNCTION hedge._check_version(book text) RETURNS void
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	version text;
BEGIN
	EXECUTE format('SELECT b.version FROM %I.book AS b', book) INTO version;
	IF version IS NULL THEN
		RAISE EXCEPTION 'table "book" of book "%" has lost its row', book
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = format('INSERT INTO %I.book (base_currency, version) VALUES (''USD'', %L); with prices and positions where it had them.', book, hedge._version());
	END IF;
	-- Versions are three numbers: sql/upgrade/freeze takes no others.
	IF string_to_array(version, '.')::integer[] > string_to_array(hedge._version(), '.')::integer[] THEN
		RAISE EXCEPTION 'book "%" is of version %, but pghedge of %', book, version, hedge._version()
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'ALTER EXTENSION pghedge UPDATE;';
	ELSIF hedge._book_changes('{tables,price,position,views}', version) IS NOT NULL THEN
		RAISE EXCEPTION 'book "%" is of version %, but pghedge of %', book, version, hedge._version()
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = format('SELECT hedge.upgrade_book(%L);', book);
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge._check_version(text) IS 'An error if the tables of a book are not those of this version. Private.';

CREATE FUNCTION hedge._view_rights(book regnamespace)
RETURNS TABLE (view oid, name name, taken text, given text)
LANGUAGE sql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT c.oid, c.relname,
		CASE WHEN r.grantee IS NOT NULL THEN format('REVOKE ALL ON %s.%I FROM %s', book, c.relname, r.grantee) END,
		CASE WHEN r.grantee IS NOT NULL THEN format('GRANT %s%s ON %s.%I TO %s%s', r.privilege_type, ' (' || quote_ident(r.attname) || ')', book, c.relname,
			r.grantee, CASE WHEN r.is_grantable THEN ' WITH GRANT OPTION' END) END
	FROM pg_class AS c
	LEFT JOIN LATERAL (
		SELECT p.attname, x.privilege_type, x.is_grantable,
			CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END AS grantee
		FROM (
			SELECT NULL::name, c.relacl
			UNION ALL
			SELECT a.attname, a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid) AS p (attname, acl)
		CROSS JOIN LATERAL aclexplode(p.acl) AS x
		WHERE x.grantee <> c.relowner) AS r ON true
	WHERE c.relnamespace = book AND c.relkind = 'v';
$function$;
COMMENT ON FUNCTION hedge._view_rights(regnamespace) IS 'Views of a book and the privileges on them, as statements that take and give these. Private.';

CREATE FUNCTION hedge._restore_tables(book regnamespace) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	own text[] := '{}';
	book_version text;
	missing text;
	section text;
BEGIN
	IF to_regclass(book || '.book') IS NOT NULL THEN
		EXECUTE format('SELECT b.version, CASE WHEN b.prices IS NULL THEN ''{price}''::text[] ELSE ''{}'' END
				|| CASE WHEN b.positions IS NULL THEN ''{position}''::text[] ELSE ''{}'' END
			FROM %s.book AS b', book) INTO book_version, own;
		IF book_version IS NULL THEN
			PERFORM hedge._check_version((SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = book));		-- which says so
		END IF;
	END IF;
	SELECT string_agg(t.word[1], ', ' ORDER BY t.word[1]) INTO missing
	FROM hedge._book_parts() AS p
	CROSS JOIN LATERAL regexp_matches(p.script, 'CREATE TABLE @book@\.(\w+)', 'g') AS t (word)
	WHERE p.section = 'tables' AND (p.applies IS NULL
			OR p.applies = 'since' AND p.version <= string_to_array(book_version, '.')::integer[])
		AND to_regclass(book || '.' || t.word[1]) IS NULL;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'tables of book "%" are missing: %', (SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = book), missing
			USING ERRCODE = 'undefined_table',
				HINT = 'Restore them from a backup: hedge.upgrade_book makes views again, but no tables that hold settings or runs. hedge.book_template() says what they look like.';
	END IF;
	FOREACH section IN ARRAY own LOOP
		IF to_regclass(book || '.' || section) IS NULL THEN
			PERFORM hedge._run_template(book, hedge._book_section(section), '{}');
			RAISE NOTICE 'table "%" of book "%" was missing, and is made again', section, (SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = book)
				USING HINT = 'It is empty: load what it held.';
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge._restore_tables(regnamespace) IS 'Makes the tables price and position of a book again if they are gone, and are its own; an error that names them if others are. Private.';

CREATE FUNCTION hedge.upgrade_book(name text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET row_security = off		-- rows that a policy hides need what is new, too
AS $function$
DECLARE
	book regnamespace := hedge._own_book(name);
	version text;
	positions text;
	sections text[];
	rights jsonb;
	roles regrole[];
	levels text[];
	restricted boolean;
	command text;
BEGIN
	PERFORM hedge._restore_tables(book);
	PERFORM hedge._lock_models(book);
	EXECUTE format('SELECT b.version, b.positions,
		''{tables,views}''::text[] || CASE WHEN b.prices IS NULL THEN ''{price}''::text[] END
			|| CASE WHEN b.positions IS NULL THEN ''{position}''::text[] END
		FROM %s.book AS b FOR UPDATE', book) INTO version, positions, sections;
	IF string_to_array(version, '.')::integer[] > string_to_array(hedge._version(), '.')::integer[] THEN
		PERFORM hedge._check_version(name);
	END IF;
	rights := (SELECT jsonb_agg(to_jsonb(r)) FROM hedge._view_rights(book) AS r);
	SELECT array_agg(g.role), array_agg(g.level) INTO roles, levels FROM hedge._book_grantees(book) AS g;
	restricted := EXISTS (SELECT FROM pg_policy AS k JOIN pg_class AS c ON c.oid = k.polrelid
		WHERE c.relnamespace = book AND k.polname = 'visible_positions');
	IF restricted THEN
		PERFORM hedge.restrict_book(name, false);		-- its policies depend on views
	END IF;
	PERFORM hedge._run_template(book, hedge._book_changes(sections, version), '{}');
	PERFORM hedge._run_template(book, hedge._book_section('views'), hedge._check_positions(
		hedge._relation(coalesce(positions, book || '.position'), book || '.book, column positions')));

	-- What is new is its maker's, who may be another member of the owner's role.
	FOR command IN
		SELECT format('ALTER %s %s.%I OWNER TO %s', o.kind, book, o.name, n.nspowner::regrole)
		FROM hedge._book_objects() AS o
		JOIN pg_namespace AS n ON n.oid = book
		JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = o.name
		WHERE o.section = ANY (sections) AND c.relowner <> n.nspowner
	LOOP
		EXECUTE command;
	END LOOP;

	-- A view that had to be dropped and made again has the rights that it had, and no default ones.
	FOR command IN
		SELECT c.command
		FROM (
			SELECT DISTINCT 1, present.taken
			FROM hedge._view_rights(book) AS present
			JOIN jsonb_to_recordset(rights) AS earlier (view oid, name name) ON earlier.name = present.name
			WHERE earlier.view <> present.view AND present.taken IS NOT NULL
			UNION ALL
			SELECT 2, earlier.given
			FROM jsonb_to_recordset(rights) AS earlier (view oid, name name, given text)
			JOIN pg_class AS present ON present.relnamespace = book AND present.relname = earlier.name
			WHERE earlier.view <> present.oid AND earlier.given IS NOT NULL) AS c (step, command)
		ORDER BY c.step
	LOOP
		EXECUTE command;
	END LOOP;
	PERFORM hedge._grant(book, g.role, g.level) FROM unnest(roles, levels) AS g (role, level);
	IF restricted THEN
		PERFORM hedge.restrict_book(name);
	END IF;
	EXECUTE format('UPDATE %s.book SET version = $1', book) USING hedge._version();
END
$function$;
COMMENT ON FUNCTION hedge.upgrade_book(text) IS 'Brings a book to this version of pghedge, in one transaction: changes its tables where the version says so, keeping every row, and makes its views again, over the relation of positions that the book names now. A table price or position of the book''s own that is gone is made again, empty; if another table is gone, that is an error. Rights stay as granted: who had all of a level of hedge.grant_book has them on what is new, too. Waits for a refresh that runs. Only for the book''s owner.';

CREATE FUNCTION hedge.drop_book(name text, force boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET row_security = off		-- rows that a policy hides count, too
AS $function$
DECLARE
	book regnamespace := hedge._own_book(name);
	made text[] := ARRAY['tables'];
	own_prices boolean;
	own_positions boolean;
	command text;
	object text;
	filled boolean;
BEGIN
	PERFORM hedge._lock_models(book);
	EXECUTE format('SELECT b.prices IS NULL, b.positions IS NULL FROM %s.book AS b', book)
		INTO own_prices, own_positions;
	IF own_prices THEN
		made := made || 'price'::text;
	END IF;
	IF own_positions THEN
		made := made || 'position'::text;
	END IF;

	IF force IS NOT TRUE THEN
		FOREACH object IN ARRAY made || 'instrument'::text LOOP
			CONTINUE WHEN object = 'tables';
			EXECUTE format('SELECT EXISTS (SELECT FROM %s.%I)', book, object) INTO filled;
			IF filled THEN
				RAISE EXCEPTION 'table "%" of book "%" holds rows', object, name
					USING ERRCODE = 'object_not_in_prerequisite_state',
						HINT = format('Save what you need, then: SELECT hedge.drop_book(%L, force => true);', name);
			END IF;
		END LOOP;
	END IF;

	-- What the template makes, last made first; what it does not know stays, and with it the schema.
	-- Policies of its tables may depend on its views.
	FOR command IN
		SELECT format('DROP POLICY %I ON %s', k.polname, k.polrelid::regclass)
		FROM pg_policy AS k
		JOIN pg_class AS c ON c.oid = k.polrelid AND c.relnamespace = book
		JOIN hedge._book_objects() AS o ON o.name = c.relname AND o.section = ANY (made)
		UNION ALL
		SELECT *
		FROM (
			SELECT format('DROP %s IF EXISTS %s.%I', o.kind, book, o.name)
			FROM hedge._book_objects() AS o
			WHERE o.section = ANY (made || 'views'::text)
			ORDER BY o.place DESC) AS d
	LOOP
		EXECUTE command;
	END LOOP;
	EXECUTE format('DROP SCHEMA %s', book);
END
$function$;
COMMENT ON FUNCTION hedge.drop_book(text, boolean) IS 'Drops the tables and views of a book, then its schema. Refuses while price, position or instrument hold rows, unless forced; and while anything else stands in the schema or depends on the book. Only for the book''s owner.';
