-- Rights in a book: what a reader, analyst, operator and risk manager may do and nobody else, what two tenants see
-- through every view and table, that names cannot inject, and that errors tell nothing to outsiders.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

CREATE ROLE rights_owner;
CREATE ROLE "rights ""reader""";
CREATE ROLE rights_analyst;
CREATE ROLE rights_operator;
CREATE ROLE rights_risk_manager;
CREATE ROLE rights_outsider;
CREATE ROLE "tenant one";
CREATE ROLE tenant_two;
GRANT CREATE ON DATABASE check_pgtap TO rights_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;

-- What a role gets from a statement: rows (as text), or the error's state.
CREATE FUNCTION public.attempt(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text := '';
BEGIN
	BEGIN
		EXECUTE format('SET LOCAL ROLE %I', role);
		EXECUTE statement;
		RAISE EXCEPTION USING ERRCODE = 'ZZ000';		-- leave nothing
	EXCEPTION WHEN OTHERS THEN
		result := CASE WHEN SQLSTATE = 'ZZ000' THEN 'done' ELSE SQLSTATE END;
	END;
	RESET ROLE;
	RETURN result;
END $$;
CREATE FUNCTION public.message(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text; detail text; hint text;
BEGIN
	BEGIN
		EXECUTE format('SET LOCAL ROLE %I', role);
		EXECUTE statement;
		result := 'done';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS result = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		result := concat_ws(' | ', SQLSTATE, result, nullif(detail, ''), nullif(hint, ''));
	END;
	RESET ROLE;
	RETURN result;
END $$;
-- All rows of a relation as text, as a role sees them.
CREATE FUNCTION public.seen(role text, relation regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	EXECUTE format('SELECT string_agg(v::text, E''\n'') FROM %s AS v', relation) INTO result;
	RESET ROLE;
	RETURN coalesce(result, '');
END $$;

-- ---------- a book whose names are not tame, with something to see in every table ----------

SET LOCAL ROLE rights_owner;
SELECT hedge.create_book('De"sk''s $comments$ @book@');
SET LOCAL search_path = public;
CREATE TEMP TABLE relation AS
SELECT c.oid::regclass AS relation, c.relname::text AS name, c.relkind
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace('"De""sk''s $comments$ @book@"') AND c.relkind IN ('r', 'v');
GRANT SELECT ON relation TO PUBLIC;
SELECT is((SELECT count(*)::int FROM relation WHERE name NOT LIKE '\_%' AND relkind = 'v'
	AND NOT EXISTS (SELECT FROM pg_description AS d WHERE d.objoid = relation AND d.objsubid = 1)), 0,
	'a name full of quotes, dollars and marks makes a whole book');
RESET ROLE;
ALTER SCHEMA "De""sk's $comments$ @book@" RENAME TO desk;	-- easier to write from here
SET LOCAL ROLE rights_owner;
UPDATE desk.model SET lookback = 120, minimum_correlation = 0;
INSERT INTO desk.model (model, lookback, minimum_correlation, evidence) VALUES ('it''s "all" $model$', 120, 0, 'all');
UPDATE desk.model SET model = 'main' WHERE model = 'default';
INSERT INTO desk.price
WITH number AS MATERIALIZED (
	SELECT k, d, sum((('x' || substr(md5(format('%s %s %s', k, i, d)), 1, 8))::bit(32)::bigint) / 4294967296.0::float8) - 6 AS z
	FROM generate_series(1, 4) AS k, generate_series(1, 220) AS d, generate_series(1, 12) AS i
	GROUP BY k, d
), change AS (
	SELECT d, v.asset, v.r
	FROM (SELECT d, max(z) FILTER (WHERE k = 1) AS f, max(z) FILTER (WHERE k = 2) AS g,
			max(z) FILTER (WHERE k = 3) AS m, max(z) FILTER (WHERE k = 4) AS n FROM number GROUP BY d) AS x
	-- one holds a pair that breaks at day 150, two another one
	CROSS JOIN LATERAL (VALUES
		('One A', 0.01 * f), ('One B', 0.01 * (CASE WHEN d <= 150 THEN 0.8 ELSE -0.8 END * f + 0.6 * g)),
		('Two A', 0.01 * m), ('Two B', 0.01 * (CASE WHEN d <= 150 THEN 0.8 ELSE -0.8 END * m + 0.6 * n))) AS v (asset, r)
)
SELECT c.asset, timestamptz '2024-01-01 12:00:00+00' + c.d * interval '1 day',
	100 * exp(sum(c.r) OVER (PARTITION BY c.asset ORDER BY c.d))
FROM change AS c;
INSERT INTO desk.position VALUES
	('portfolio of one', 'One A', 1), ('portfolio of one', 'One B', -1), ('portfolio of one', 'nameless thing of one', 1),
	('portfolio of two', 'Two A', 1), ('portfolio of two', 'Two B', -1), ('portfolio of two', 'nameless thing of two', 1);
-- Each holds something that ended long ago.
INSERT INTO desk.price VALUES ('One Z', '1990-01-01', 1), ('Two Z', '1990-01-01', 1);
INSERT INTO desk.position VALUES ('portfolio of one', 'One Z', 1), ('portfolio of two', 'Two Z', 1);
CALL hedge.refresh('desk', as_of => timestamptz '2024-01-01 20:00:00+00' + interval '140 days');
CALL hedge.refresh('desk', as_of => timestamptz '2024-01-01 20:00:00+00' + interval '190 days');
RESET ROLE;
SELECT is((SELECT string_agg(DISTINCT l.portfolio_list, ' and ' ORDER BY l.portfolio_list) FROM desk.open_alerts AS l),
	'"portfolio of one" and "portfolio of two"', 'both pairs broke');

-- Relations, columns' values and settings of such names, too.
SET LOCAL ROLE rights_owner;
SELECT hedge.create_book('odd');
ALTER TABLE odd.price RENAME TO "pri""ce's $comments$ @positions@";
ALTER TABLE odd.position RENAME TO "held'); DROP SCHEMA desk; -- @book@ $book$";
SELECT hedge.create_book('even', positions => 'odd."held''); DROP SCHEMA desk; -- @book@ $book$"', prices => 'odd."pri""ce''s $comments$ @positions@"',
	base_currency => 'U''S$$D@book@');
INSERT INTO odd."pri""ce's $comments$ @positions@" SELECT asset || ''' %I $1 @book@', ts, price FROM desk.price;
INSERT INTO odd."held'); DROP SCHEMA desk; -- @book@ $book$" SELECT portfolio || '"''%s', asset || ''' %I $1 @book@', quantity FROM desk.position;
UPDATE even.model SET model = 'm"'' %s', lookback = 120, minimum_correlation = 0;
CALL hedge.refresh('even', as_of => timestamptz '2024-01-01 20:00:00+00' + interval '140 days');
CALL hedge.refresh('even', as_of => timestamptz '2024-01-01 20:00:00+00' + interval '190 days');
SELECT hedge.upgrade_book('even');
SELECT is((SELECT array_agg((portfolio, asset_a, round(risk_offset::numeric, 6))::text ORDER BY portfolio, asset_a) FROM even.materialized_offsets),
	(SELECT array_agg((portfolio || '"''%s', asset_a || ''' %I $1 @book@', round(risk_offset::numeric, 6))::text ORDER BY portfolio, asset_a)
		FROM desk.materialized_offsets WHERE model = 'main'), 'whatever things are called, the numbers are the same');
SELECT is((SELECT count(*)::int FROM even.open_alerts), (SELECT count(*)::int FROM desk.open_alerts WHERE model = 'main'), 'and alerts');
SELECT hedge.drop_book('even', true);
RESET ROLE;

-- A view over views that say so needs it not, but one that comes to read a table would.
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class AS c
	WHERE c.relnamespace = 'desk'::regnamespace AND c.relkind = 'v' AND ('security_invoker=true' = ANY (c.reloptions)) IS NOT TRUE$$,
	'every view of a book reads with the rights of who asks it');

-- ---------- levels ----------

SET LOCAL ROLE rights_owner;
SELECT hedge.grant_book('desk', '"rights ""reader"""');
SELECT hedge.grant_book('desk', 'rights_analyst', 'analyst');
SELECT hedge.grant_book('desk', 'rights_operator', 'operator');
SELECT hedge.grant_book('desk', 'rights_risk_manager', 'risk_manager');
SELECT is((SELECT array_agg(format('%s %s', role, level) ORDER BY role::text COLLATE "C", level) FROM hedge._book_grantees('desk') AS g),
	'{"\"rights \"\"reader\"\"\" reader","rights_analyst analyst","rights_analyst reader","rights_operator operator","rights_operator reader","rights_risk_manager reader","rights_risk_manager risk_manager"}',
	'four grants are read back');
RESET ROLE;

CREATE TEMP TABLE deed (deed text, statement text, reader text, analyst text, operator text, outsider text);
INSERT INTO deed VALUES
	('add a position', $$INSERT INTO desk.position VALUES ('p', 'One A', 1)$$, '42501', 'done', '42501', '42501'),
	('change positions', $$UPDATE desk.position SET quantity = 2$$, '42501', 'done', '42501', '42501'),
	('delete positions', $$DELETE FROM desk.position$$, '42501', 'done', '42501', '42501'),
	('add an instrument', $$INSERT INTO desk.instrument (asset) VALUES ('X')$$, '42501', 'done', '42501', '42501'),
	('change instruments', $$UPDATE desk.instrument SET bucket = 'b'$$, '42501', 'done', '42501', '42501'),
	('change a setting', $$UPDATE desk.model SET lookback = 200, minimum_correlation = 0.5$$, '42501', 'done', '42501', '42501'),
	('name what prices are read', $$UPDATE desk.model SET prices = 'public.trap'$$, '42501', '42501', '42501', '42501'),
	('name what all models read', $$UPDATE desk.book SET prices = 'public.trap'$$, '42501', '42501', '42501', '42501'),
	('name what positions are read', $$UPDATE desk.book SET positions = 'public.trap'$$, '42501', '42501', '42501', '42501'),
	('rename a model', $$UPDATE desk.model SET model = 'other' WHERE model = 'main'$$, '42501', '42501', '42501', '42501'),
	('make a model', $$INSERT INTO desk.model (model) VALUES ('other')$$, '42501', '42501', '42501', '42501'),
	('delete a model', $$DELETE FROM desk.model$$, '42501', '42501', '42501', '42501'),
	('add a price', $$INSERT INTO desk.price VALUES ('X', now(), 1)$$, '42501', '42501', 'done', '42501'),
	('correct prices', $$UPDATE desk.price SET price = 1$$, '42501', '42501', 'done', '42501'),
	('delete prices', $$DELETE FROM desk.price$$, '42501', '42501', 'done', '42501'),
	('acknowledge an alert', $$SELECT hedge.acknowledge('desk', min(alert)) FROM desk.alert$$, '42501', '42501', 'done', '42501'),
	('alter an alert', $$UPDATE desk.alert SET message = 'all is well'$$, '42501', '42501', '42501', '42501'),
	('delete alerts', $$DELETE FROM desk.alert$$, '42501', '42501', '42501', '42501'),
	('alter runs', $$UPDATE desk.model_run SET as_of = now()$$, '42501', '42501', '42501', '42501'),
	('delete runs', $$DELETE FROM desk.model_run$$, '42501', '42501', '42501', '42501'),
	('alter blocks', $$UPDATE desk.return_block SET returns = '{}'$$, '42501', '42501', '42501', '42501'),
	('alter the snapshot', $$DELETE FROM desk.offset_snapshot$$, '42501', '42501', '42501', '42501'),
	('alter the log', $$DELETE FROM desk.refresh_log$$, '42501', '42501', '42501', '42501'),
	('write evidence', $$DELETE FROM desk.pair_evidence$$, '42501', '42501', '42501', '42501'),
	('make a table', $$CREATE TABLE desk.mine ()$$, '42501', '42501', '42501', '42501'),
	('make a trigger', $$CREATE TRIGGER t BEFORE INSERT ON desk.position EXECUTE FUNCTION suppress_redundant_updates_trigger()$$, '42501', '42501', '42501', '42501'),
	('refresh', $$CALL hedge.refresh('desk')$$, '42501', '42501', '42501', '3F000'),
	('rebuild', $$CALL hedge.rebuild('desk')$$, '42501', '42501', '42501', '3F000'),
	('upgrade', $$SELECT hedge.upgrade_book('desk')$$, '42501', '42501', '42501', '3F000'),
	('drop', $$SELECT hedge.drop_book('desk', true)$$, '42501', '42501', '42501', '3F000'),
	('grant', $$SELECT hedge.grant_book('desk', 'rights_outsider')$$, '42501', '42501', '42501', '3F000'),
	('revoke', $$SELECT hedge.revoke_book('desk', 'rights_analyst')$$, '42501', '42501', '42501', '3F000'),
	('restrict', $$SELECT hedge.restrict_book('desk')$$, '42501', '42501', '42501', '3F000');
-- what margins are made with is the risk manager's alone, and nothing else
CREATE TEMP TABLE margin_deed (deed text, statement text);
INSERT INTO margin_deed VALUES
	('margin_setting', $$INSERT INTO desk.margin_setting (model) VALUES ('main')$$),
	('margin_weight', $$INSERT INTO desk.margin_weight VALUES ('One A', 0.1); UPDATE desk.margin_weight SET weight = 0.2; DELETE FROM desk.margin_weight$$),
	('margin_bucket', $$INSERT INTO desk.margin_bucket VALUES ('b', 0.1)$$),
	('historical_margin_setting', $$INSERT INTO desk.historical_margin_setting (model) VALUES ('main')$$),
	('margin_bucket_pair', $$INSERT INTO desk.margin_bucket_pair VALUES ('a', 'b', 0.1)$$),
	('spread and spread_leg', $$INSERT INTO desk.spread VALUES ('s', 1); INSERT INTO desk.spread_leg VALUES ('s', 'One A', 1, 'A', 0.5)$$);
SELECT is(attempt(role, statement), CASE role WHEN 'rights_risk_manager' THEN 'done' ELSE '42501' END, format('%s writes %s', role, deed))
FROM margin_deed CROSS JOIN unnest(ARRAY['rights "reader"', 'rights_analyst', 'rights_operator', 'rights_risk_manager', 'rights_outsider']) AS role;
SELECT is(attempt('rights_risk_manager', statement), reader, 'risk manager: ' || deed) FROM deed;
SELECT is(attempt('rights "reader"', statement), reader, 'reader: ' || deed) FROM deed;
SELECT is(attempt('rights_analyst', statement), analyst, 'analyst: ' || deed) FROM deed;
SELECT is(attempt('rights_operator', statement), operator, 'operator: ' || deed) FROM deed;
SELECT is(attempt('rights_outsider', statement), outsider, 'outsider: ' || deed) FROM deed;
SELECT is(attempt(role, format('SELECT * FROM %s', relation)), CASE WHEN role = 'rights_outsider' THEN '42501' ELSE 'done' END,
	format('%s reads %s', role, name))
FROM relation CROSS JOIN unnest(ARRAY['rights "reader"', 'rights_analyst', 'rights_operator', 'rights_outsider']) AS role;

-- ---------- what is new after an upgrade ----------

SET LOCAL ROLE rights_owner;
GRANT SELECT ON desk.book TO rights_outsider;		-- has some right, but no level
DROP VIEW desk.open_alerts, desk.concentrating_pairs;	-- as if the version before had not had them
SELECT hedge.upgrade_book('desk');
RESET ROLE;
SELECT is(attempt(role, 'SELECT * FROM desk.' || name), CASE WHEN role = 'rights_outsider' THEN '42501' ELSE 'done' END,
	format('after upgrade_book %s reads %s', role, name))
FROM unnest(ARRAY['open_alerts', 'concentrating_pairs']) AS name
CROSS JOIN unnest(ARRAY['rights "reader"', 'rights_analyst', 'rights_operator', 'rights_outsider']) AS role;
UPDATE relation SET relation = ('desk.' || name)::regclass;

-- ---------- taking rights away ----------

SET LOCAL ROLE rights_owner;
SELECT hedge.revoke_book('desk', r::regrole) FROM unnest(ARRAY['rights_analyst', 'rights_outsider']) AS r;
SELECT throws_ok($$SELECT hedge.revoke_book('desk', 'rights_owner')$$, '0LP01', 'book "desk" belongs to role rights_owner', 'not from the owner');
SELECT throws_ok($$SELECT hedge.grant_book('desk', 'rights_analyst', 'king')$$, '22023', 'level is ''king''', 'no such level');
RESET ROLE;
SELECT is_empty($$SELECT * FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS x
	WHERE c.relnamespace = 'desk'::regnamespace AND x.grantee IN ('rights_analyst'::regrole, 'rights_outsider'::regrole)
	UNION ALL
	SELECT c.*, x.* FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid CROSS JOIN LATERAL aclexplode(a.attacl) AS x
	WHERE c.relnamespace = 'desk'::regnamespace AND x.grantee = 'rights_analyst'::regrole$$, 'revoke_book leaves no right');
SELECT is(attempt('rights_analyst', statement), outsider, 'no longer analyst: ' || deed) FROM deed;

-- ---------- two tenants ----------

SET LOCAL ROLE rights_owner;
SELECT hedge.grant_book('desk', r::regrole, l) FROM (VALUES ('"tenant one"', 'operator'), ('tenant_two', 'analyst')) AS v (r, l);
ALTER TABLE desk.position ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON desk.position TO "tenant one" USING (portfolio = 'portfolio of one');
CREATE POLICY own_two ON desk.position TO tenant_two USING (portfolio = 'portfolio of two');
CREATE POLICY all_of_it ON desk.position FOR SELECT TO rights_operator USING (true);
RESET ROLE;
SELECT ok(seen('tenant_two', 'desk.offset_snapshot') ~ 'portfolio of one', 'policies on positions alone do not reach the snapshot');
SELECT ok(seen('tenant_two', 'desk.open_alerts') ~ 'portfolio of one', 'nor alerts');
SET LOCAL ROLE rights_owner;
SELECT hedge.restrict_book('desk');
SELECT hedge.restrict_book('desk');
RESET ROLE;

-- Nothing of the other's, in any table or view: not his portfolio, nor what he alone knows of.
SELECT is(seen(role, relation) ~ (CASE role WHEN 'tenant_two' THEN 'of one' ELSE 'of two' END), false,
	format('%s sees nothing of the other in %s', role, name))
FROM relation CROSS JOIN unnest(ARRAY['tenant one', 'tenant_two']) AS role
ORDER BY role, name;
-- The assets are everybody's, since prices are; that somebody holds them is not.
SELECT is(seen(role, ('desk.' || name)::regclass) ~ (CASE role WHEN 'tenant_two' THEN 'One [ABZ]' ELSE 'Two [ABZ]' END), false,
	format('%s does not learn what the other holds from %s', role, name))
FROM unnest(ARRAY['_position', '_leg', 'hedge_recommendations', 'position', 'exposure', 'offsetting_pairs', 'concentrating_pairs', 'materialized_offsets', 'portfolio_risk',
	'offset_snapshot', 'pair_evidence', 'pair_monitor', 'alert', 'alert_holders', 'open_alerts', 'correlation_stability', '_named_asset', 'ended_asset']) AS name
CROSS JOIN unnest(ARRAY['tenant one', 'tenant_two']) AS role;
-- But his own, wherever the owner sees it.
SELECT is(seen(role, relation) ~ own, seen('rights_owner', relation) ~ own AND name NOT IN ('alert_holders'),
	format('%s sees the own portfolio in %s', role, name))
FROM relation CROSS JOIN (VALUES ('tenant one', 'portfolio of one'), ('tenant_two', 'portfolio of two')) AS t (role, own)
WHERE name <> 'open_alerts';
SELECT is(seen(role, ('desk.' || name)::regclass) ~ own, true, format('%s sees the own pair in %s', role, name))
FROM unnest(ARRAY['pair_evidence', 'pair_monitor', 'alert', 'open_alerts', 'correlation_stability', 'materialized_offsets', 'exposure', 'ended_asset']) AS name
CROSS JOIN (VALUES ('tenant one', 'One [ABZ]'), ('tenant_two', 'Two [ABZ]')) AS t (role, own);
SET LOCAL ROLE tenant_two;
SELECT results_eq($$SELECT asset_y, portfolios, portfolio_list, risk_offset_at_stake FROM desk.open_alerts WHERE model = 'main'$$,
	$$VALUES ('Two A', NULL::integer, NULL::text, NULL::float8)$$, 'the own alert, and not who else holds the pair');
SELECT is((SELECT count(*)::int FROM desk.refresh_log WHERE error IS NOT NULL), 0, 'no error of others');
RESET ROLE;
SELECT is(seen('rights_operator', 'desk.materialized_offsets'), seen('rights_owner', 'desk.materialized_offsets'), 'who sees all positions sees all of the snapshot');
SELECT is(seen('rights_operator', 'desk.alert'), seen('rights_owner', 'desk.alert'), 'and all alerts');
SELECT is(attempt('tenant_two', $$INSERT INTO desk.position VALUES ('portfolio of one', 'One A', 5)$$), '42501', 'no position for another');
SELECT is(attempt('tenant_two', $$INSERT INTO desk.position VALUES ('portfolio of two', 'One A', 5)$$), 'done', 'but for oneself');
SELECT is(attempt('tenant one', $$SELECT hedge.acknowledge('desk', alert) FROM desk.open_alerts$$), 'done', 'acknowledging the own alert');
SELECT is(attempt('tenant one', format($$SELECT hedge.acknowledge('desk', %s)$$, (SELECT min(alert) FROM desk.alert WHERE asset_y = 'Two A'))), 'P0002',
	'an alert of another is as one that does not exist');

-- The owner refreshes as before; then without restriction, and the book can be dropped with it.
SET LOCAL ROLE rights_owner;
CALL hedge.refresh('desk', as_of => timestamptz '2024-01-01 20:00:00+00' + interval '191 days');
SELECT is((SELECT count(DISTINCT portfolio)::int FROM desk.materialized_offsets), 2, 'policies do not bind the owner''s refresh');
SELECT hedge.upgrade_book('desk');
SELECT is((SELECT count(*)::int FROM pg_policies WHERE schemaname = 'desk' AND policyname = 'visible_positions'), 6, 'an upgrade keeps the policies');
SELECT hedge.restrict_book('desk', false);
SELECT is((SELECT string_agg(relname, ', ') FROM pg_class WHERE relnamespace = 'desk'::regnamespace AND relrowsecurity), 'position', 'restriction lifted');
SELECT hedge.restrict_book('desk');
RESET ROLE;

-- ---------- errors tell nothing to who has no rights ----------

SELECT is(message('rights_outsider', format(call, 'desk')), replace(message('rights_outsider', format(call, 'nowhere')), 'nowhere', 'desk'),
	'no hint of a book in ' || call)
FROM unnest(ARRAY[
	'CALL hedge.refresh(%L)', 'CALL hedge.refresh(%L, ''main'')', 'CALL hedge.rebuild(%L)', 'SELECT hedge.upgrade_book(%L)',
	'SELECT hedge.drop_book(%L)', 'SELECT hedge.acknowledge(%L, 1)', 'SELECT hedge.grant_book(%L, ''rights_outsider'')',
	'SELECT hedge.revoke_book(%L, ''rights_outsider'')', 'SELECT hedge.restrict_book(%L)', 'SELECT hedge.create_book(%L)']) AS call;
SELECT unalike(message('rights_outsider', format('SELECT hedge.create_book(''x'', positions => %s)', 'desk.position'::regclass::oid)), '%quantity%',
	'no column of a relation that one may not read');
SELECT is(message('rights "reader"', 'CALL hedge.refresh(''desk'', ''no such model'')'), message('rights "reader"', 'CALL hedge.refresh(''desk'', ''main'')'),
	'a reader who tries to refresh learns of no model that way');

SET LOCAL ROLE rights_owner;
-- Currencies of funded holdings are exposures: who sees the holdings sees the evidence of a pair of them, and so
-- the margin that the owner sees.
SELECT hedge.create_book('abroad');
INSERT INTO abroad.price
SELECT asset, timestamptz '2025-01-01' + day * interval '1 day',
	100 * exp(sum(metal * sin(day * day) + 0.002 * cos(day * day * n)) OVER (PARTITION BY asset ORDER BY day))
FROM generate_series(1, 251) AS day, (VALUES ('EURUSD', 1, 0.01), ('JPYUSD', 2, 0.012), ('SAP', 3, 0.001), ('TOYOTA', 4, 0.001)) AS a (asset, n, metal);
INSERT INTO abroad.instrument (asset, currency, fx_asset, funded) VALUES ('SAP', 'EUR', 'EURUSD', true), ('TOYOTA', 'JPY', 'JPYUSD', true);
INSERT INTO abroad.position VALUES ('portfolio of two', 'SAP', 100), ('portfolio of two', 'TOYOTA', -90), ('portfolio of one', 'SAP', 5);
CALL hedge.refresh('abroad', as_of => '2025-09-10');
SELECT hedge.grant_book('abroad', 'tenant_two');
ALTER TABLE abroad.position ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON abroad.position TO tenant_two USING (portfolio = 'portfolio of two');
SELECT hedge.restrict_book('abroad');
CREATE TEMPORARY TABLE margin_of_two AS
SELECT m.margin, m.uncredited_pairs, m.credit_withheld FROM abroad.portfolio_margin AS m WHERE m.portfolio = 'portfolio of two';
GRANT SELECT ON margin_of_two TO tenant_two;
SELECT ok((SELECT margin > 0 FROM margin_of_two) AND EXISTS (SELECT FROM abroad.pair_evidence WHERE (asset_y, asset_x) = ('EURUSD', 'JPYUSD') AND verdict = 'reliable'),
	'two currencies that hold offset each other reliably');
SET LOCAL ROLE tenant_two;
SELECT results_eq('SELECT margin, uncredited_pairs, credit_withheld FROM abroad.portfolio_margin', 'SELECT * FROM margin_of_two',
	'a tenant has the margin that the owner sees');
SET LOCAL ROLE rights_owner;

SELECT lives_ok($$SELECT hedge.drop_book('desk', true)$$, 'a restricted book is dropped whole');
RESET ROLE;

-- ---------- bodies ----------

SELECT is_empty($$
	SELECT p.oid::regprocedure
	FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
	WHERE p.pronamespace = 'hedge'::regnamespace AND l.lanname IN ('sql', 'plpgsql') AND p.prokind = 'f'
		AND p.prosqlbody IS NULL AND p.proname <> 'book_template'
		AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)$$,
	'every function in SQL or PL/pgSQL has its own search_path');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.pronamespace = 'hedge'::regnamespace AND p.prosecdef$$,
	'nothing is SECURITY DEFINER');
SELECT * FROM finish();
ROLLBACK;
