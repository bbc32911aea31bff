-- section: views
-- What to trust: the prices behind a run, and the runs themselves.

CREATE OR REPLACE VIEW @book@._named_asset WITH (security_invoker = true) AS
SELECT v.asset, min(v.place) AS place
FROM (
	SELECT p.asset, 1 FROM @book@._position AS p GROUP BY p.asset
	UNION ALL
	SELECT n.asset, n.place
	FROM @book@.instrument AS i
	CROSS JOIN LATERAL (VALUES (i.fx_asset, 2), (i.benchmark, 3), (i.asset, 4)) AS n (asset, place)) AS v (asset, place)
WHERE v.asset IS NOT NULL
GROUP BY v.asset;
COMMENT ON VIEW @book@._named_asset IS 'Assets that should have prices, and why: place 1 held, 2 an fx_asset, 3 a benchmark, 4 an instrument. A step of data_quality.';

CREATE OR REPLACE VIEW @book@.data_quality WITH (security_invoker = true) AS
SELECT
	r.model,
	r.as_of,
	a.asset,
	a.return_kind,
	r.counted_bars,
	a.priced_bars,
	a.priced_bars / nullif(r.counted_bars, 0)::float8 AS coverage,
	a.observations,
	a.missing_returns,
	a.non_positive,
	a.not_finite,
	a.contradictory,
	a.price AS last_price,
	a.price_time AS last_price_time,
	a.stale_bars,
	extract(epoch FROM r.as_of - a.price_time)::float8 AS price_age_seconds,
	a.stale,
	CASE
		WHEN a.price IS NULL THEN 'no good price'
		WHEN a.stale THEN 'stale'
		WHEN a.jump IS NOT NULL AND a.volatility IS NOT NULL THEN 'jump'
		WHEN a.price_time < r.trailing_bars[cardinality(r.trailing_bars)] THEN 'late'
		WHEN a.volatility IS NULL THEN 'too few returns'
		WHEN a.frozen > 0 OR a.unchanged > a.priced_bars / 2 THEN 'unchanged'
		WHEN a.non_positive + a.not_finite + a.contradictory > 0 THEN 'bad prices'
		WHEN a.missing_returns > 0 THEN 'gaps'
		ELSE 'good'
	END AS verdict,
	a.gap_moves,
	a.largest_gap_move,
	a.largest_gap_bar,
	a.unchanged,
	a.frozen,
	a.largest_return,
	a.largest_return_bar,
	a.largest_return_size,
	a.jump
FROM @book@.run_asset AS a
JOIN @book@.model_run AS r ON r.run = a.run
WHERE a.run = ANY (ARRAY(SELECT l.run::bigint FROM @book@.latest_run AS l))
UNION ALL
SELECT l.model, l.as_of, w.asset, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, e.last_price_time, NULL,
	extract(epoch FROM l.as_of - e.last_price_time)::float8, NULL,
	CASE WHEN e.asset IS NOT NULL THEN 'ended' ELSE (ARRAY['held', 'fx_asset', 'benchmark', 'instrument'])[w.place] || ' without a price' END,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM @book@.latest_run AS l
CROSS JOIN @book@._named_asset AS w
LEFT JOIN @book@.ended_asset AS e ON e.run = l.run AND e.asset = w.asset
WHERE NOT EXISTS (SELECT FROM @book@.run_asset AS a WHERE a.run = l.run AND a.asset = w.asset);
COMMENT ON VIEW @book@.data_quality IS 'Model and asset: what the prices behind the latest run are worth. Assets that are held, or named in instrument, but have no price at all stand here, too.';
COMMENT ON COLUMN @book@.data_quality.model IS 'The model.';
COMMENT ON COLUMN @book@.data_quality.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.data_quality.asset IS 'The asset.';
COMMENT ON COLUMN @book@.data_quality.return_kind IS 'Kind of its returns: simple, log or difference.';
COMMENT ON COLUMN @book@.data_quality.counted_bars IS 'Bars of all blocks of returns that reach into the window: what priced_bars and bad prices are counted over.';
COMMENT ON COLUMN @book@.data_quality.priced_bars IS 'Those with a good price of the asset.';
COMMENT ON COLUMN @book@.data_quality.coverage IS 'priced_bars / counted_bars, from 0 to 1.';
COMMENT ON COLUMN @book@.data_quality.observations IS 'Returns in the window.';
COMMENT ON COLUMN @book@.data_quality.missing_returns IS 'Bars of the window without a return.';
COMMENT ON COLUMN @book@.data_quality.non_positive IS 'Prices left out because they are zero or negative, under simple and log returns.';
COMMENT ON COLUMN @book@.data_quality.not_finite IS 'Prices left out because they are NaN or infinite or give such a return.';
COMMENT ON COLUMN @book@.data_quality.contradictory IS 'Bars without a close because of two different prices at their last instant.';
COMMENT ON COLUMN @book@.data_quality.last_price IS 'Last good price up to as_of, on the calendar or not. NULL: none in the bars that the run keeps.';
COMMENT ON COLUMN @book@.data_quality.last_price_time IS 'Its instant; of an asset that ended, of its last price.';
COMMENT ON COLUMN @book@.data_quality.stale_bars IS 'Bars since then in which some asset has a price, whether or not enough for the calendar: as many as stale_after, and the asset is no longer alive at the next. (Further back than stale_after + 2 bars of the calendar, only those of the calendar are counted.)';
COMMENT ON COLUMN @book@.data_quality.stale IS 'True: stale_bars is more than the stale_after of the run''s settings, or price_age_seconds more than 2 x stale_after bars last (at least 2 bars; a month counts 30 days). So a feed that ended is stale, too, when all ended together; with bars shorter than a night, so is every price where the market was closed that long.';
COMMENT ON COLUMN @book@.data_quality.price_age_seconds IS 'Seconds from last_price_time to as_of.';
COMMENT ON COLUMN @book@.data_quality.verdict IS 'The worst that holds: held without a price, fx_asset, benchmark or instrument without a price (named in instrument; there never was one up to as_of), ended (held or named, but its last price, at last_price_time, is older than the bars that the run keeps), no good price, stale, jump (see there: one return makes up much of its volatility and correlations), late (no price in the newest bar, which therefore is not in the calendar), too few returns, unchanged (frozen is more than 0, or unchanged more than half of priced_bars: the feed stands still, or stood still so long that its returns of 0 hide risk), bad prices, gaps, good.';
COMMENT ON COLUMN @book@.data_quality.gap_moves IS 'Closes, in counted_bars, that follow a gap: bars of the calendar without a close of the asset (closed, suspended, a bad price). The move over each of them is in no return, so in no volatility, correlation or historical loss. A higher calendar_quorum leaves more of such bars out of the calendar, so that returns lead over them: fewer moves are lost, and there are fewer bars.';
COMMENT ON COLUMN @book@.data_quality.largest_gap_move IS 'The largest of these moves in size, as a return of the asset''s kind: -0.3 is a fall of 30 %. NULL: none.';
COMMENT ON COLUMN @book@.data_quality.largest_gap_bar IS 'Start of the bar that it ends in.';
COMMENT ON COLUMN @book@.data_quality.unchanged IS 'Closes, in counted_bars, that are the same as in the bar before: returns of exactly 0.';
COMMENT ON COLUMN @book@.data_quality.frozen IS 'Those of them that follow at least stale_after others in one row: a price repeated for 100 bars makes 100 - stale_after. Rare in a market however quiet: where three of ten closes are unchanged, a row of eleven comes once in 800,000 bars.';
COMMENT ON COLUMN @book@.data_quality.largest_return IS 'The largest return in size, in the window: -0.5 is a fall by half. In it a split that prices are not adjusted for, and a wrong price, show. NULL: no return.';
COMMENT ON COLUMN @book@.data_quality.largest_return_bar IS 'Start of its bar.';
COMMENT ON COLUMN @book@.data_quality.largest_return_size IS 'Its size in robust standard deviations of the asset: geometric means of the sizes of its returns that are not 0 (above 1e-12), times 1.89, which is the standard deviation where returns are normal. NULL with fewer than 20 such returns.';
COMMENT ON COLUMN @book@.data_quality.jump IS 'Where largest_return_size is more than the model''s jump_threshold, what came of it: undone (the next bar took two thirds of it back, or more: most likely a wrong price in this bar), undoes (it takes back the move of the bar before: a wrong price in that one), stays (a split or distribution that prices are not adjusted for, another contract, or news), open (no return follows it yet). Nothing is left out for it: correct the price and call hedge.rebuild, or raise jump_threshold. NULL: no jump, or a run from before an upgrade that did not look for any.';

CREATE OR REPLACE VIEW @book@._refresh WITH (security_invoker = true) AS
SELECT
	y.entry,
	y.model,
	y.started_at,
	y.finished_at,
	-- A running refresh holds the lock of its model, from before its row is seen till after its end is;
	-- but locks of the primary are not to be seen on a standby.
	CASE WHEN y.status = 'running' AND NOT pg_is_in_recovery() AND NOT EXISTS (
			SELECT FROM pg_locks AS k
			WHERE k.locktype = 'object' AND k.classid = y.tableoid AND k.pid = y.backend_pid AND k.granted
				AND k.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
				AND k.objid = (hashtext(y.model)::bigint & 4294967295)::oid)
		THEN 'interrupted' ELSE y.status END AS status,
	-- Its last transaction writes one table after the other.
	CASE WHEN y.status = 'running' AND y.phase = 'estimating' THEN coalesce((
			SELECT CASE min(c.relname) WHEN 'offset_snapshot' THEN 'offsets' ELSE 'evidence' END
			FROM pg_locks AS k
			JOIN pg_class AS c ON c.oid = k.relation
			WHERE k.locktype = 'relation' AND k.pid = y.backend_pid AND k.mode = 'RowExclusiveLock'
				AND k.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
				AND c.relname IN ('offset_snapshot', 'evidence_run')
				AND c.relnamespace = (SELECT l.relnamespace FROM pg_class AS l WHERE l.oid = y.tableoid)
			HAVING count(*) > 0), y.phase)
		ELSE y.phase END AS phase
FROM @book@.refresh_log AS y;
COMMENT ON VIEW @book@._refresh IS 'refresh_log with interrupted refreshes told from running ones, and phases that are not committed. A step of model_health.';

CREATE OR REPLACE VIEW @book@.model_health WITH (security_invoker = true) AS
SELECT
	m.model,
	l.run,
	l.created_at AS run_at,
	l.as_of,
	extract(epoch FROM now() - l.as_of)::float8 AS age_seconds,
	l.window_start,
	l.window_end,
	l.bars,
	m.lookback,
	l.assets,
	a.last_price_time,
	extract(epoch FROM now() - a.last_price_time)::float8 AS last_price_age_seconds,
	t.trailing_bars,
	a.unestimated_assets,
	a.stale_assets,
	a.bad_prices,
	l.correlation_repaired,
	e.started_at AS last_refresh_started_at,
	e.finished_at AS last_refresh_finished_at,
	coalesce(e.status, 'never') AS last_refresh_status,
	f.failures,
	x.error AS last_error,
	x.started_at AS last_error_at,
	(SELECT count(*)::integer FROM @book@.model_run AS k WHERE k.model = m.model) AS runs_kept,
	e.phase AS last_refresh_phase,
	a.jump_assets,
	CASE
		WHEN l.run IS NOT NULL THEN NULL
		WHEN e.status IS NULL THEN format('never refreshed: put prices and positions in, then CALL hedge.refresh(%L, %L);', b.book, m.model)
		WHEN e.status = 'running' THEN 'the first refresh is running'
		ELSE 'no refresh has succeeded yet: see last_error'
	END AS next_step
FROM @book@.model AS m
CROSS JOIN (SELECT n.nspname AS book FROM pg_namespace AS n WHERE n.oid = @book_literal@::regnamespace) AS b
LEFT JOIN @book@.latest_run AS l ON l.model = m.model
LEFT JOIN LATERAL (
	SELECT
		max(y.price_time) AS last_price_time,
		count(*) FILTER (WHERE y.volatility IS NULL)::integer AS unestimated_assets,
		count(*) FILTER (WHERE y.stale)::integer AS stale_assets,
		sum(y.non_positive + y.not_finite + y.contradictory)::integer AS bad_prices,
		count(y.jump)::integer AS jump_assets
	FROM @book@.run_asset AS y
	WHERE y.run = l.run) AS a ON l.run IS NOT NULL
LEFT JOIN LATERAL (
	SELECT cardinality(y.trailing_bars) AS trailing_bars
	FROM @book@.model_run AS y
	WHERE y.run = l.run) AS t ON true
LEFT JOIN LATERAL (
	SELECT y.entry, y.started_at, y.finished_at, y.status, y.phase
	FROM @book@._refresh AS y
	WHERE y.model = m.model
	ORDER BY y.entry DESC
	LIMIT 1) AS e ON true
LEFT JOIN LATERAL (
	SELECT y.error, y.started_at
	FROM @book@.refresh_log AS y
	WHERE y.model = m.model AND y.status IN ('done', 'failed')
	ORDER BY y.entry DESC
	LIMIT 1) AS x ON x.error IS NOT NULL
CROSS JOIN LATERAL (
	SELECT count(*)::integer AS failures
	FROM @book@._refresh AS y
	WHERE y.model = m.model AND y.status IN ('failed', 'interrupted')
		AND y.entry > coalesce((
			SELECT max(z.entry) FROM @book@.refresh_log AS z WHERE z.model = m.model AND z.status = 'done'), 0)) AS f;
COMMENT ON VIEW @book@.model_health IS 'Each model: its latest run and how its refreshes went.';
COMMENT ON COLUMN @book@.model_health.model IS 'The model.';
COMMENT ON COLUMN @book@.model_health.run IS 'Latest run. NULL: none yet.';
COMMENT ON COLUMN @book@.model_health.run_at IS 'When that run was made.';
COMMENT ON COLUMN @book@.model_health.as_of IS 'Time of its estimate.';
COMMENT ON COLUMN @book@.model_health.age_seconds IS 'Seconds from as_of to now.';
COMMENT ON COLUMN @book@.model_health.window_start IS 'Start of the first bar of the estimate.';
COMMENT ON COLUMN @book@.model_health.window_end IS 'Start of the last bar of the estimate.';
COMMENT ON COLUMN @book@.model_health.bars IS 'Bars of the estimate.';
COMMENT ON COLUMN @book@.model_health.lookback IS 'Bars asked for.';
COMMENT ON COLUMN @book@.model_health.assets IS 'Assets in the estimate.';
COMMENT ON COLUMN @book@.model_health.last_price_time IS 'Instant of the newest good price of all assets in the run. NULL: no run.';
COMMENT ON COLUMN @book@.model_health.last_price_age_seconds IS 'Seconds from there to now: what a feed that ended shows by.';
COMMENT ON COLUMN @book@.model_health.trailing_bars IS 'Bars after window_end that have prices but are not in the calendar, since fewer than calendar_quorum of the assets alive have one there: more than 0 says that the estimate lags, and data_quality says for which late assets.';
COMMENT ON COLUMN @book@.model_health.stale_assets IS 'Assets whose last price is stale, as in data_quality.';
COMMENT ON COLUMN @book@.model_health.unestimated_assets IS 'Assets with too few returns for a volatility.';
COMMENT ON COLUMN @book@.model_health.bad_prices IS 'Prices left out: not positive, not finite or contradictory.';
COMMENT ON COLUMN @book@.model_health.correlation_repaired IS 'True: the pairwise correlations were not positive semi-definite.';
COMMENT ON COLUMN @book@.model_health.last_refresh_started_at IS 'Start of the last refresh, whatever came of it.';
COMMENT ON COLUMN @book@.model_health.last_refresh_finished_at IS 'Its end. NULL: running or interrupted.';
COMMENT ON COLUMN @book@.model_health.last_refresh_status IS 'running, done, failed, interrupted (it ended and could not say so), or never.';
COMMENT ON COLUMN @book@.model_health.failures IS 'Refreshes failed or interrupted since the last one that was done.';
COMMENT ON COLUMN @book@.model_health.last_error IS 'Message of the last failure. NULL: none, or a later refresh was done.';
COMMENT ON COLUMN @book@.model_health.last_error_at IS 'Start of that refresh.';
COMMENT ON COLUMN @book@.model_health.runs_kept IS 'Runs of the model that the book holds.';
COMMENT ON COLUMN @book@.model_health.last_refresh_phase IS 'Where the last refresh is: reading prices, estimating, offsets, evidence, done; or where it failed or was interrupted. NULL: never.';
COMMENT ON COLUMN @book@.model_health.jump_assets IS 'Assets with a jump among their returns, as in data_quality: a split that prices are not adjusted for, a wrong price, or news.';
COMMENT ON COLUMN @book@.model_health.next_step IS 'What to do before the views can show anything of the model: they are empty until its first refresh. NULL: they do.';
