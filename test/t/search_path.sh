#!/bin/bash
# A search_path whose first schema shadows the functions, operators and types of pg_catalog, each made so
# that using it is an error: every procedure and function of a book does what it does without.
. test/tap.bash

fresh search_path
sql search_path <<-'SQL' >/dev/null || exit 1
	SET client_min_messages = error;
	CREATE EXTENSION pghedge;
	CREATE SCHEMA evil;

	-- Functions of the same names and arguments.
	DO $do$
	DECLARE
		command text;
	BEGIN
		FOR command IN
			SELECT format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', p.proname,
				pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid),
				format('BEGIN RAISE EXCEPTION %L; END', 'hijacked: ' || p.oid::regprocedure))
			FROM pg_proc AS p
			WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND p.provariadic = 0
		LOOP
			BEGIN
				EXECUTE command;
			EXCEPTION WHEN OTHERS THEN		-- pseudo-types and the like
			END;
		END LOOP;
		-- Aggregates as functions, which are as good.
		FOR command IN
			SELECT format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', p.proname,
				pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid),
				format('BEGIN RAISE EXCEPTION %L; END', 'hijacked: ' || p.oid::regprocedure))
			FROM pg_proc AS p
			WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'a' AND p.pronargs > 0
		LOOP
			BEGIN
				EXECUTE command;
			EXCEPTION WHEN OTHERS THEN
			END;
		END LOOP;
		-- Operators.
		FOR command IN
			SELECT format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L; CREATE OPERATOR evil.%s (%s FUNCTION = evil.%1$I)',
				'operator ' || o.oid, concat_ws(', ', nullif(o.oprleft, 0)::regtype, o.oprright::regtype), o.oprresult::regtype,
				format('BEGIN RAISE EXCEPTION %L; END', 'hijacked: ' || o.oid::regoperator), o.oprname,
				concat_ws(', ', 'LEFTARG = ' || nullif(o.oprleft, 0)::regtype, 'RIGHTARG = ' || o.oprright::regtype) || ',')
			FROM pg_operator AS o
			WHERE o.oprnamespace = 'pg_catalog'::regnamespace
		LOOP
			BEGIN
				EXECUTE command;
			EXCEPTION WHEN OTHERS THEN
			END;
		END LOOP;
		-- Types, last, since they shadow what stands here, too.
		FOR command IN
			SELECT format('CREATE TYPE evil.%I AS (hijacked integer)', t.typname)
			FROM pg_type AS t
			WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype = 'b' AND t.typelem = 0 AND t.typname !~ '^_'
		LOOP
			EXECUTE command;
		END LOOP;
	END
	$do$;
	CREATE ROLE search_path_reader;
SQL
hijack() {						# hijack STATEMENT...: in that search_path
	local statement arguments=(-c 'SET client_min_messages = warning' -c 'SET search_path = evil, pg_catalog, public')
	for statement; do
		arguments+=(-c "$statement")
	done
	sql search_path "${arguments[@]}"
}
point "much is shadowed" test "$(sql search_path -c "SELECT count(*) > 3500 FROM (
	SELECT 1 FROM pg_proc WHERE pronamespace = 'evil'::regnamespace UNION ALL SELECT 1 FROM pg_operator WHERE oprnamespace = 'evil'::regnamespace) AS s")" = t
for statement in "SELECT now()" "SELECT 1 OPERATOR(evil.=) 1" "SELECT 1 = 1" "SELECT 'a'::text || 'b'::pg_catalog.text" "SELECT sum(i) FROM generate_series(1, 2) AS i"; do
	point "and bites: $statement" eval '! hijack "$statement"'
done

point "create_book" hijack "SELECT hedge.create_book('desk')"
sql search_path <<-'SQL' >/dev/null || exit 1
	UPDATE desk.model SET lookback = 120, minimum_correlation = 0.1;
	INSERT INTO desk.model (model, evidence, lookback) VALUES ('all', 'all', 120);
	INSERT INTO desk.instrument (asset, return_kind, currency, fx_asset, funded) VALUES ('C', 'log', 'EUR', 'D', true);
	SELECT setseed(0.2);
	WITH number AS MATERIALIZED (SELECT d, random() - 0.5 AS f, random() - 0.5 AS g FROM generate_series(1, 220) AS d)
	INSERT INTO desk.price
	SELECT v.asset, timestamptz '2024-01-01 12:00:00+00' + d * interval '1 day', 50 * exp(0.02 * sum(v.r) OVER (PARTITION BY v.asset ORDER BY d))
	FROM number
	CROSS JOIN LATERAL (VALUES ('A', f), ('B', CASE WHEN d <= 150 THEN f ELSE -f END + 0.4 * g), ('C', g + 0.2 * f), ('D', 0.3 * g - f)) AS v (asset, r)
	WHERE d % 17 > 0 OR v.asset <> 'D';
	UPDATE desk.model SET calendar_quorum = 0.5;
	INSERT INTO desk.position VALUES ('p', 'A', 1), ('p', 'B', -1), ('q', 'A', 2), ('q', 'C', -2), ('q', 'nothing', 1);
SQL
point "refresh from nothing" hijack "CALL hedge.refresh('desk', as_of => '2024-05-20')"
for day in 2024-05-25 2024-07-10 2024-07-11; do
	point "refresh, $day" hijack "CALL hedge.refresh('desk', as_of => '$day')"
done
point "which was no refresh of nothing" test "$(sql search_path -c 'SELECT count(*) > 0 FROM desk.alert')" = t
point "refresh, replayed" hijack "CALL hedge.refresh('desk', 'default', '2024-07-01')"
point "refresh in a transaction block" hijack "BEGIN" "CALL hedge.refresh('desk', as_of => '2024-07-12', wait => true)" "COMMIT"
point "rebuild" hijack "CALL hedge.rebuild('desk', 'default', '2024-03-01', '2024-07-13')"
hijack "CALL hedge.refresh('desk', as_of => '2999-01-01')" >"$work/error" 2>&1
point "a failure is logged and raised as ever" eval 'cat "$work/error"; grep "is to come" "$work/error" && test "$(sql search_path -c "SELECT error_code FROM desk.refresh_log ORDER BY entry DESC LIMIT 1")" = 22023'
point "acknowledge" hijack "SELECT hedge.acknowledge('desk', (SELECT alert FROM desk.alert LIMIT 1))"
point "grant_book" hijack "SELECT hedge.grant_book('desk', 'search_path_reader', 'operator')"
point "restrict_book" hijack "SELECT hedge.restrict_book('desk')"
point "upgrade_book" hijack "SELECT hedge.upgrade_book('desk')"
for relation in $(sql search_path -c "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'desk'::regnamespace AND relkind IN ('r', 'v')"); do
	point "$relation as a reader" hijack "SET ROLE search_path_reader" "SELECT * FROM $relation"
done
point "revoke_book" hijack "SELECT hedge.revoke_book('desk', 'search_path_reader')"
point "book_template" hijack "SELECT hedge.book_template()"
point "drop_book" hijack "SELECT hedge.drop_book('desk', true)"
sql postgres -c 'DROP DATABASE search_path' -c 'DROP ROLE search_path_reader'
plan
