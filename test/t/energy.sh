#!/bin/bash
# Brent and WTI through the spring of 2020, when their correlation broke and WTI fell to -36.98, in a
# book. The prices are not part of this repository: PGHEDGE_ENERGY names a file of daily spot prices
# (ts,asset,price; assets BRENT and WTI; U.S. Energy Information Administration). Skipped without.
#   PGHEDGE_ENERGY=/path/energy_daily.csv make check-tap T=energy
. test/tap.bash

if [ -z "${PGHEDGE_ENERGY:-}" ]; then
	echo "# energy: skipped, since PGHEDGE_ENERGY does not name a file of prices"
	echo "ok 1 - prices of Brent and WTI # SKIP PGHEDGE_ENERGY is not set"
	echo "1..1"
	exit
fi

fresh check_energy
sql check_energy >"$work/load" 2>&1 <<-SQL
	SET client_min_messages = warning;
	CREATE EXTENSION pghedge;
	CREATE TABLE price (ts date, asset text, price float8);
	\copy price FROM '$PGHEDGE_ENERGY' WITH (FORMAT csv, HEADER)
	DELETE FROM price WHERE asset NOT IN ('BRENT', 'WTI') OR ts > '2021-12-31' OR price IS NULL;
	CREATE TABLE held AS SELECT * FROM (VALUES ('desk', 'BRENT', 1000.0), ('desk', 'WTI', -1000)) AS v (portfolio, asset, quantity);
	SELECT hedge.create_book('energy', positions => 'held', prices => 'price');
	DELETE FROM energy.model;
	-- all: after the break there is too little correlation for a snapshot
	INSERT INTO energy.model (model, return_kind, lookback, evidence) VALUES ('simple', 'simple', 250, 'all'),
		('log', 'log', 250, 'all'), ('difference', 'difference', 250, 'all'), ('difference 120', 'difference', 120, 'all');
	CALL hedge.refresh('energy', as_of => '2020-04-30 23:59:59+00');
SQL
point "prices are loaded, and the book refreshed as of 2020-04-30" eval 'cat "$work/load"; sql check_energy -c "SELECT 1 / (count(*) = 4)::integer FROM energy.latest_run"'

sql check_energy >"$work/quality" 2>&1 <<-'SQL'
	SELECT d.model, d.asset, d.non_positive, d.verdict, k.bad_prices
	FROM energy.data_quality AS d JOIN energy.portfolio_risk AS k USING (model) ORDER BY 1, 2;
SQL
cat >"$work/want" <<-'TEXT'
	difference|BRENT|0|good|0
	difference|WTI|0|good|0
	difference 120|BRENT|0|good|0
	difference 120|WTI|0|good|0
	log|BRENT|0|good|1
	log|WTI|1|bad prices|1
	simple|BRENT|0|good|1
	simple|WTI|1|bad prices|1
TEXT
same "the negative price is left out of simple and log returns, and counted; differences take it" "$work/want" "$work/quality"

sql check_energy >"$work/evidence" 2>&1 <<-'SQL'
	SELECT model, observations, round(correlation::numeric, 2), round(fisher_low::numeric, 2), round(fisher_high::numeric, 2),
		round(robust_low::numeric, 1), round(robust_high::numeric, 1), round(correlation_first_half::numeric, 2),
		round(correlation_second_half::numeric, 2), round(break_statistic::numeric, 2), round(break_p_value::numeric, 3),
		break_time AT TIME ZONE 'UTC', round(correlation_before_break::numeric, 2), round(correlation_after_break::numeric, 2), verdict
	FROM energy.correlation_stability
	WHERE asset_y = 'BRENT' AND model LIKE 'difference%'
	ORDER BY 1;
	SELECT model, verdict, reason FROM energy.correlation_stability WHERE asset_y = 'BRENT' AND model LIKE 'difference%' ORDER BY 1;
SQL
cat >"$work/want" <<-'TEXT'
	difference|250|0.12|0.00|0.24|-0.2|0.5|0.73|0.04|1.49|0.023|2020-03-19 00:00:00|0.81|-0.16|weak
	difference 120|120|0.03|-0.15|0.21|-0.3|0.4|0.78|0.00|1.94|0.001|2020-03-19 00:00:00|0.89|-0.16|break_detected
	difference|weak|correlation 0.12 is not shown to be worth hedging with (p = 0.87); it may have changed from 0.81 to -0.16 at 2020-03-19 (p = 0.023)
	difference 120|break_detected|the correlation changed from 0.89 to -0.16, most likely at 2020-03-19 (p = 0.0011)
TEXT
same "with differences and a window ending 2020-04-30, a break in March 2020" "$work/want" "$work/evidence"

sql check_energy >"$work/alarm" 2>&1 <<-'SQL'
	SET client_min_messages = warning;
	DELETE FROM energy.model WHERE model <> 'difference';
	DELETE FROM energy.model_run;
	DELETE FROM energy.pair_monitor;
	SELECT format('CALL hedge.refresh(%L, as_of => %L)', 'energy', d + interval '23 hours')
	FROM generate_series(timestamptz '2020-01-09', '2020-12-31', interval '7 days') AS d \gexec
	SELECT kind, raised_at_bar, change_bar, direction, cleared_at_bar FROM energy.alert;
	SELECT baseline_start, baseline_end FROM energy.pair_monitor;
SQL
cat >"$work/want" <<-'TEXT'
	break|2020-04-21 00:00:00+00|2020-03-19 00:00:00+00|-1|2020-08-03 00:00:00+00
	2019-01-10 00:00:00+00|2020-01-02 00:00:00+00
TEXT
same "a monitor started in January raises the alarm in April, and clears it in August" "$work/want" "$work/alarm"
sql postgres -c 'DROP DATABASE check_energy'
plan
