-- Who may do what in a book: rights for roles, and rows for those who may see some portfolios only.

CREATE FUNCTION hedge._book_rights(book regnamespace, level text,
	OUT relation oid, OUT privilege text, OUT column_name text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT c.oid, r.privilege, a.attname::text
	FROM pg_class AS c
	JOIN (
		SELECT o.name, 'SELECT', NULL::text, NULL::text
		FROM hedge._book_objects() AS o
		UNION ALL
		SELECT w.name, p.privilege, NULL, l.level
		FROM (VALUES ('analyst', 'position'), ('analyst', 'instrument'), ('operator', 'price'),
			('risk_manager', 'margin_setting'), ('risk_manager', 'margin_weight'), ('risk_manager', 'margin_bucket'),
			('risk_manager', 'margin_bucket_pair'), ('risk_manager', 'spread'), ('risk_manager', 'spread_leg'),
			('risk_manager', 'historical_margin_setting')) AS l (level, name)
		JOIN hedge._book_objects() AS w ON w.name = l.name
		CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE')) AS p (privilege)
		UNION ALL
		-- Not prices: a refresh reads that relation with the owner's rights. Not the name: who keeps runs by it?
		SELECT 'model', 'UPDATE', '^(?!(model|prices)$)', 'analyst'
		UNION ALL
		SELECT 'alert', 'UPDATE', '^acknowledged_(at|by)$', 'operator') AS r (name, privilege, columns, level)
		ON r.name = c.relname AND (r.level IS NULL OR r.level = $2)
	LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname ~ r.columns
	WHERE c.relnamespace = $1 AND c.relkind IN ('r', 'v') AND (r.columns IS NULL OR a.attname IS NOT NULL)
	ORDER BY c.relname, r.privilege, a.attnum;
$function$;
COMMENT ON FUNCTION hedge._book_rights(regnamespace, text) IS 'What a reader, analyst, operator or risk manager may do with the tables and views of a book; column_name NULL: all columns. Private.';

CREATE FUNCTION hedge._book_grantees(book regnamespace, OUT role regrole, OUT level text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT g.role::regrole, l.level
	FROM (
		SELECT DISTINCT x.grantee AS role
		FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS x
		WHERE c.relnamespace = $1 AND c.relname = 'book' AND x.grantee NOT IN (0, c.relowner)) AS g
	CROSS JOIN (VALUES ('reader'), ('analyst'), ('operator'), ('risk_manager')) AS l (level)
	WHERE NOT EXISTS (
		SELECT FROM hedge._book_rights($1, l.level) AS r
		JOIN pg_class AS c ON c.oid = r.relation
		LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = r.column_name
		WHERE NOT EXISTS (
			SELECT FROM aclexplode(CASE WHEN r.column_name IS NULL THEN c.relacl ELSE a.attacl END) AS x
			WHERE x.grantee = g.role AND x.privilege_type = r.privilege));
$function$;
COMMENT ON FUNCTION hedge._book_grantees(regnamespace) IS 'Roles that have all rights of a level on the tables and views that a book has now. Private.';

CREATE FUNCTION hedge._grant(book regnamespace, role regrole, level text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	command text;
BEGIN
	EXECUTE format('GRANT USAGE ON SCHEMA %s TO %s', book, role);
	FOR command IN
		SELECT format('GRANT %s%s ON %s TO %s', r.privilege, ' (' || quote_ident(r.column_name) || ')', r.relation::regclass, role)
		FROM hedge._book_rights(book, level) AS r
	LOOP
		EXECUTE command;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge._grant(regnamespace, regrole, text) IS 'Grants the rights of a level. Private.';

CREATE FUNCTION hedge.grant_book(book text, role regrole, level text DEFAULT 'reader') RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._own_book(book);
	positions regclass;
BEGIN
	IF role IS NULL THEN
		RAISE EXCEPTION 'no role is named' USING ERRCODE = 'null_value_not_allowed';
	ELSIF (level IN ('reader', 'analyst', 'operator', 'risk_manager')) IS NOT TRUE THEN
		RAISE EXCEPTION 'level is %', coalesce(quote_literal(level), 'NULL')
			USING ERRCODE = 'invalid_parameter_value', HINT = 'It must be reader, analyst, operator or risk_manager.';
	END IF;
	PERFORM hedge._grant(schema, role, level);

	EXECUTE format('SELECT to_regclass(b.positions) FROM %s.book AS b', schema) INTO positions;
	IF positions IS NOT NULL AND NOT has_table_privilege(role, positions, 'SELECT') THEN
		RAISE NOTICE 'role % may not read %, and so no view of positions', role, positions
			USING HINT = format('Whoever owns that: GRANT SELECT ON %s TO %s, and USAGE on its schema.', positions, role);
	END IF;
END
$function$;
COMMENT ON FUNCTION hedge.grant_book(text, regrole, text) IS 'Lets a role use a book. reader: SELECT from all its tables and views. analyst: and write position, instrument and the settings of model (but neither its name nor which prices it reads). operator: and, as a reader, write price and acknowledge alerts. risk_manager: and, as a reader, write what margins are made with (margin_setting, margin_weight, margin_bucket, margin_bucket_pair, spread, spread_leg, historical_margin_setting), which an analyst, who writes positions, may not. A role may have several levels; hedge.upgrade_book keeps them. Tables of others that the book reads are their owners'' to grant: a notice says which. Only for the book''s owner, who alone can refresh.';

CREATE FUNCTION hedge.revoke_book(book text, role regrole) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._own_book(book);
	command text;
BEGIN
	IF role IS NULL THEN
		RAISE EXCEPTION 'no role is named' USING ERRCODE = 'null_value_not_allowed';
	ELSIF role = (SELECT n.nspowner FROM pg_namespace AS n WHERE n.oid = schema) THEN
		RAISE EXCEPTION 'book "%" belongs to role %', book, role
			USING ERRCODE = 'invalid_grant_operation', HINT = 'An owner''s rights cannot be taken away.';
	END IF;
	FOR command IN
		SELECT format('REVOKE ALL ON %I.%I FROM %s', book, c.relname, role)
		FROM pg_class AS c
		JOIN hedge._book_objects() AS o ON o.name = c.relname
		WHERE c.relnamespace = schema AND c.relkind IN ('r', 'v')
		UNION ALL
		SELECT format('REVOKE ALL ON SCHEMA %s FROM %s', schema, role)
	LOOP
		EXECUTE command;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge.revoke_book(text, regrole) IS 'Takes away whatever a role was granted of a book''s schema, tables and views, by hedge.grant_book or otherwise. What it has through other roles, or PUBLIC, stays. Only for the book''s owner.';

-- Rows that are made of positions. A view that reads _position shows to each what the policies on the
-- relation of positions let him see; here the same is asked by policies, whose subqueries run with the
-- rights, and under the policies, of who reads.
CREATE FUNCTION hedge.restrict_book(book text, restrict boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schema regnamespace := hedge._own_book(book);
	relation text;
	visible text;
	-- and currencies that they are funded in, which are exposures too
	held text := '(SELECT p.asset FROM %1$s._position AS p UNION ALL '
		'SELECT i.fx_asset FROM %1$s._position AS p JOIN %1$s.instrument AS i ON i.asset = p.asset AND i.funded)';
BEGIN
	PERFORM hedge._lock_models(schema);
	FOR relation, visible IN VALUES
		('offset_snapshot', 'portfolio IN (SELECT p.portfolio FROM %1$s._position AS p)'),
		('pair_evidence', NULL),
		('pair_monitor', NULL),
		('alert', NULL),
		('alert_holders', 'false'),
		('ended_asset', 'asset IN (SELECT n.asset FROM %1$s._named_asset AS n)')
	LOOP
		CONTINUE WHEN to_regclass(format('%s.%I', schema, relation)) IS NULL;		-- a book of an older version
		IF EXISTS (SELECT FROM pg_policy AS k WHERE k.polname = 'visible_positions'
				AND k.polrelid = format('%s.%I', schema, relation)::regclass) THEN
			EXECUTE format('DROP POLICY visible_positions ON %s.%I', schema, relation);
		END IF;
		IF restrict THEN
			EXECUTE format('CREATE POLICY visible_positions ON %s.%I USING (%s)', schema, relation,
				format(coalesce(visible, 'asset_y IN ' || held || ' AND asset_x IN ' || held), schema));
			EXECUTE format('ALTER TABLE %s.%I ENABLE ROW LEVEL SECURITY', schema, relation);
		ELSIF NOT EXISTS (SELECT FROM pg_policy AS k WHERE k.polrelid = format('%s.%I', schema, relation)::regclass) THEN
			EXECUTE format('ALTER TABLE %s.%I DISABLE ROW LEVEL SECURITY', schema, relation);
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION hedge.restrict_book(text, boolean) IS 'Puts row-level security on what a refresh stores about positions, so that it shows to each what the policies on the relation of positions do: of offset_snapshot the rows of portfolios whose positions he sees; of pair_evidence, pair_monitor and alert those of pairs of which he sees both assets held, or something funded in them; of alert_holders, which names the portfolios of an alert, none; of ended_asset those of assets that he sees held, or named in instrument. restrict => false takes it away; policies of your own stay. Say who sees which positions by policies on that relation. Only for the book''s owner, whom policies do not bind.';
