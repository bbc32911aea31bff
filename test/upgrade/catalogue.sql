-- One line for each fact about the extension's objects that an update could get wrong, sorted.
-- No oid in it, so that two databases can be compared by diff.
WITH member AS (
	SELECT classid, objid, (pg_identify_object(classid, objid, 0)).identity
	FROM pg_depend
	WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass
		AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pghedge')
)
SELECT fact FROM (
	SELECT format('%s %s: comment %s', classid::regclass, identity, obj_description(objid, classid::regclass::name)) AS fact
	FROM member
	UNION ALL
	SELECT format('function %s: %s', identity, concat_ws(E'\t', prosrc, pg_get_function_sqlbody(p.oid), prolang, provolatile, proisstrict, proparallel,
			prosecdef, proleakproof, procost, prorows, prosupport, proretset, prokind, pg_get_function_arguments(p.oid),
			pg_get_function_result(p.oid), proconfig, proacl))
	FROM member JOIN pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid
	UNION ALL
	SELECT format('aggregate %s: %s', identity, concat_ws(E'\t', aggkind, aggtransfn, aggfinalfn, aggcombinefn, aggserialfn,
			aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalextra, aggmfinalextra, aggfinalmodify,
			aggmfinalmodify, aggsortop::regoperator, aggtranstype::regtype, aggtransspace, aggmtranstype::regtype,
			aggmtransspace, agginitval, aggminitval))
	FROM member JOIN pg_aggregate a ON classid = 'pg_proc'::regclass AND objid = a.aggfnoid
	UNION ALL
	SELECT format('type %s: %s', identity, concat_ws(E'\t', typlen, typbyval, typtype, typcategory, typinput, typoutput, typreceive,
			typsend, typalign, typstorage, typnotnull, typdefault, typacl))
	FROM member JOIN pg_type t ON classid = 'pg_type'::regclass AND objid = t.oid
	UNION ALL
	SELECT format('operator %s: %s', identity, concat_ws(E'\t', oprcode, oprrest, oprjoin, oprcom::regoperator, oprnegate::regoperator))
	FROM member JOIN pg_operator o ON classid = 'pg_operator'::regclass AND objid = o.oid
	UNION ALL
	SELECT format('cast %s: %s', identity, concat_ws(E'\t', castfunc::regprocedure, castcontext, castmethod))
	FROM member JOIN pg_cast c ON classid = 'pg_cast'::regclass AND objid = c.oid
) AS facts
ORDER BY fact COLLATE "C";
