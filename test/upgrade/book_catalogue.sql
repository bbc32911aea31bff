-- One line for each fact about a book's objects (psql variable "book") that an upgrade could get
-- wrong, sorted. Neither oid nor the book's name is in it, so that two books can be compared by diff.
SELECT set_config('search_path', quote_ident(:'book') || ', pg_catalog', false) \g /dev/null
WITH relation AS (
	SELECT c.*, c.relname::text AS name FROM pg_class AS c WHERE c.relnamespace = quote_ident(:'book')::regnamespace
), acl AS (
	SELECT 'relation ' || c.name AS what, c.relacl AS acl FROM relation AS c
	UNION ALL
	SELECT 'column ' || c.name || '.' || a.attname, a.attacl
	FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
	UNION ALL
	SELECT 'schema', n.nspacl FROM pg_namespace AS n WHERE n.oid = quote_ident(:'book')::regnamespace
)
SELECT replace(fact, E'\n', ' ') FROM (
	SELECT format('relation %s: %s', name, concat_ws(E'\t', relkind, relpersistence, relreplident, relrowsecurity,
		relforcerowsecurity, relispartition, relowner::regrole, (SELECT amname FROM pg_am WHERE oid = relam),
		array_to_string(reloptions, ' '), obj_description(oid, 'pg_class'))) AS fact
	FROM relation
	UNION ALL
	SELECT format('column %s.%s: %s', c.name, a.attname, concat_ws(E'\t',
		row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull,
		pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstorage, a.attcompression,
		a.attcollation::regcollation,
		(SELECT string_agg(o, ' ' ORDER BY o) FROM unnest(a.attoptions) AS o WHERE o !~ '^pg_attver='),		-- the server's own
		col_description(c.oid, a.attnum)))
	FROM relation AS c
	JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
	UNION ALL
	SELECT format('constraint %s of %s: %s', k.conname, c.name, concat_ws(E'\t', pg_get_constraintdef(k.oid), k.convalidated,
		obj_description(k.oid, 'pg_constraint')))
	FROM relation AS c JOIN pg_constraint AS k ON k.conrelid = c.oid
	UNION ALL
	SELECT format('index %s: %s', c.name, pg_get_indexdef(c.oid)) FROM relation AS c WHERE c.relkind = 'i'
	UNION ALL
	SELECT format('view %s: %s', c.name, pg_get_viewdef(c.oid)) FROM relation AS c WHERE c.relkind = 'v'
	UNION ALL
	SELECT format('sequence %s: %s', c.name, concat_ws(E'\t', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin,
		s.seqcache, s.seqcycle, pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)))
	FROM relation AS c JOIN pg_sequence AS s ON s.seqrelid = c.oid
	LEFT JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjsubid <> 0
	UNION ALL
	SELECT format('trigger %s of %s: %s', t.tgname, c.name, pg_get_triggerdef(t.oid))
	FROM relation AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
	UNION ALL
	SELECT format('policy %s of %s: %s', p.polname, c.name, concat_ws(E'\t', p.polcmd, p.polpermissive, p.polroles::regrole[],
		pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)))
	FROM relation AS c JOIN pg_policy AS p ON p.polrelid = c.oid
	UNION ALL
	SELECT format('right on %s: %s', what, concat_ws(E'\t', x.grantor::regrole, x.grantee::regrole, x.privilege_type, x.is_grantable))
	FROM acl CROSS JOIN LATERAL aclexplode(acl.acl) AS x
	UNION ALL
	SELECT format('schema: %s', concat_ws(E'\t', n.nspowner::regrole, obj_description(n.oid, 'pg_namespace')))
	FROM pg_namespace AS n WHERE n.oid = quote_ident(:'book')::regnamespace
	UNION ALL
	SELECT format('functions: %s', count(*)) FROM pg_proc AS p WHERE p.pronamespace = quote_ident(:'book')::regnamespace
) AS facts
ORDER BY fact COLLATE "C";
