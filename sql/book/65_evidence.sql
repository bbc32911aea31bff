-- section: tables
-- What a refresh finds out about pairs: is the correlation real, does it hold, has it broken?

CREATE TABLE @book@.evidence_run (
	run bigint PRIMARY KEY REFERENCES @book@.model_run ON DELETE CASCADE,
	examined text NOT NULL,
	pairs integer NOT NULL,
	searched integer NOT NULL,
	adjustment text NOT NULL,
	CONSTRAINT examined_is_kept_or_all CHECK (examined IN ('kept', 'all')),
	CONSTRAINT pairs_is_not_negative CHECK (pairs >= 0)
);
COMMENT ON TABLE @book@.evidence_run IS 'Runs whose pairs were examined: which of them, and how many. Kept for two runs of a model only, as are the pairs: the latest, and the last one whose window ended earlier.';
COMMENT ON COLUMN @book@.evidence_run.run IS 'The run.';
COMMENT ON COLUMN @book@.evidence_run.examined IS 'Setting evidence of the model: kept (pairs in the snapshot of some portfolio, and those watched from before) or all.';
COMMENT ON COLUMN @book@.evidence_run.pairs IS 'Pairs examined, each counted once.';
COMMENT ON COLUMN @book@.evidence_run.searched IS 'Pairs that those were chosen from, which p-values are adjusted for: all pairs among the assets held and the currencies of funded ones, or, with all, the pairs examined.';
COMMENT ON COLUMN @book@.evidence_run.adjustment IS 'How they are adjusted, as hedge.adjust_p_values calls it.';

CREATE TABLE @book@.pair_evidence (
	run bigint REFERENCES @book@.evidence_run ON DELETE CASCADE,
	asset_y text,
	asset_x text,
	observations integer NOT NULL,
	effective_observations float8,
	correlation float8,
	hedge_ratio float8,
	volatility_y float8,
	volatility_x float8,
	fisher_low float8,
	fisher_high float8,
	robust_low float8,
	robust_high float8,
	standard_error float8,
	p_value float8,
	effectiveness_p_value float8,
	rolling_windows integer,
	rolling_minimum float8,
	rolling_maximum float8,
	rolling_mean float8,
	rolling_standard_deviation float8,
	rolling_latest float8,
	sign_changes integer,
	rolling_spread_p_value float8,
	correlation_first_half float8,
	correlation_second_half float8,
	break_statistic float8,
	break_p_value float8,
	break_observation integer,
	break_time timestamptz,
	correlation_before_break float8,
	correlation_after_break float8,
	lag_correlation float8,
	out_of_sample_effectiveness float8,
	clark_west_statistic float8,
	clark_west_p_value float8,
	adjusted_p_value float8,
	verdict text NOT NULL,
	reason text NOT NULL,
	PRIMARY KEY (run, asset_y, asset_x),
	CONSTRAINT assets_are_two CHECK (asset_y <> asset_x)
);
COMMENT ON TABLE @book@.pair_evidence IS 'Evidence of the pairs examined, each in both directions, since a hedge has one: every measure of type hedge.evidence, of the returns in the run''s window on which both have one. For two runs of a model only. It names pairs that some portfolio holds: grant it to those who may know.';
COMMENT ON COLUMN @book@.pair_evidence.run IS 'The run.';
COMMENT ON COLUMN @book@.pair_evidence.asset_y IS 'The asset held.';
COMMENT ON COLUMN @book@.pair_evidence.asset_x IS 'The hedge.';
-- The measures are those of the type, in columns of their own: a type that a table stores could not grow.
SELECT hedge._comment_like(@book_literal@, 'hedge.evidence', ARRAY['pair_evidence']);
COMMENT ON COLUMN @book@.pair_evidence.adjusted_p_value IS 'effectiveness_p_value adjusted for the number of pairs searched.';
COMMENT ON COLUMN @book@.pair_evidence.verdict IS 'reliable, weak, unstable, break_detected or insufficient, at the model''s settings of that time.';
COMMENT ON COLUMN @book@.pair_evidence.reason IS 'Why, in words. A pair of which an asset has had no price for more than stale_after bars (stale_bars of table run_asset) is insufficient whatever its past shows, and the reason names the last price.';

CREATE TABLE @book@.pair_monitor (
	model text REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	asset_y text,
	asset_x text,
	baseline_start timestamptz NOT NULL,
	baseline_end timestamptz,
	returns_key text NOT NULL,
	baseline_state float8[] NOT NULL,
	state float8[] NOT NULL,
	last_bar timestamptz NOT NULL,
	held_at timestamptz NOT NULL,
	alarm_bar timestamptz,
	change_bar timestamptz,
	direction integer,
	correlation_sign integer,
	was_reliable boolean NOT NULL,
	unreliable_since timestamptz,
	ended_at timestamptz,
	PRIMARY KEY (model, asset_y, asset_x, baseline_end),
	CONSTRAINT direction_is_up_or_down CHECK (direction IN (1, -1)),
	CONSTRAINT correlation_sign_is_plus_or_minus CHECK (correlation_sign IN (1, -1))
);
CREATE UNIQUE INDEX pair_monitor_running ON @book@.pair_monitor (model, asset_y, asset_x) WHERE ended_at IS NULL;
COMMENT ON TABLE @book@.pair_monitor IS 'Pairs that some portfolio leans on, watched bar by bar for their correlation leaving what it was over a baseline. A pair has one running monitor at most; those that ended stay, so that a refresh as of a time of theirs raises the same alarms.';
COMMENT ON COLUMN @book@.pair_monitor.model IS 'The model.';
COMMENT ON COLUMN @book@.pair_monitor.asset_y IS 'One asset, the first in byte order.';
COMMENT ON COLUMN @book@.pair_monitor.asset_x IS 'The other.';
COMMENT ON COLUMN @book@.pair_monitor.baseline_start IS 'First bar of the baseline.';
COMMENT ON COLUMN @book@.pair_monitor.baseline_end IS 'Last bar of the baseline: the last one, when the monitor started, that a refresh would not read again.';
COMMENT ON COLUMN @book@.pair_monitor.returns_key IS 'Digest of the settings that shape returns: after a change of them a new monitor starts.';
COMMENT ON COLUMN @book@.pair_monitor.baseline_state IS 'State at baseline_end, made by hedge.monitor_start.';
COMMENT ON COLUMN @book@.pair_monitor.state IS 'State at last_bar, made by hedge.monitor_advance.';
COMMENT ON COLUMN @book@.pair_monitor.last_bar IS 'Last bar seen.';
COMMENT ON COLUMN @book@.pair_monitor.held_at IS 'last_bar of the last refresh that found the pair in the snapshot of some portfolio.';
COMMENT ON COLUMN @book@.pair_monitor.alarm_bar IS 'Bar that raised the alarm that stands. NULL: none does.';
COMMENT ON COLUMN @book@.pair_monitor.change_bar IS 'Most likely first bar of the change behind it.';
COMMENT ON COLUMN @book@.pair_monitor.direction IS '1: the correlation rose, -1: it fell. NULL: no alarm stands.';
COMMENT ON COLUMN @book@.pair_monitor.correlation_sign IS 'Sign of the correlation when the robust interval last left out 0, in this monitor or one before that ended in the window. NULL: it never did.';
COMMENT ON COLUMN @book@.pair_monitor.was_reliable IS 'True: the pair was reliable, in one direction at least, and has not lost that for as long as the model''s alarm_patience.';
COMMENT ON COLUMN @book@.pair_monitor.unreliable_since IS 'Last bar of the first refresh since then that found it weak, unstable or insufficient. NULL: none did.';
COMMENT ON COLUMN @book@.pair_monitor.ended_at IS 'Bar at which it ended: the pair was in no snapshot for the model''s rolling_bars, nobody leans on it any more while an alert of it stands (after a break that was acknowledged: nobody holds both assets), its alarm was acknowledged and a new baseline has begun, a calm one was renewed after twice the lookback, settings changed, or there were no refreshes for longer than the window and prices in between are gone. NULL: it runs.';

CREATE TABLE @book@.alert (
	alert bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	asset_y text NOT NULL,
	asset_x text NOT NULL,
	kind text NOT NULL,
	raised_at_bar timestamptz NOT NULL,
	change_bar timestamptz,
	direction integer,
	message text NOT NULL,
	run bigint NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	acknowledged_at timestamptz,
	acknowledged_by text,
	cleared_at_bar timestamptz,
	CONSTRAINT alert_is_raised_once UNIQUE (model, asset_y, asset_x, kind, raised_at_bar),
	CONSTRAINT kind_is_break_sign_change_or_verdict_lost CHECK (kind IN ('break', 'sign_change', 'verdict_lost')),
	CONSTRAINT direction_is_up_or_down CHECK (direction IN (1, -1)),
	CONSTRAINT acknowledged_at_some_time_by_someone CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
COMMENT ON TABLE @book@.alert IS 'Alarms, one row each: a pair that some portfolio leans on has broken, changed its sign or lost its verdict. A refresh that adds a row notifies channel pghedge_alert of its number. Rows stay until somebody deletes them. Row-level security on the positions does not reach them: see hedge.restrict_book.';
COMMENT ON COLUMN @book@.alert.alert IS 'Number of the alert, for hedge.acknowledge.';
COMMENT ON COLUMN @book@.alert.model IS 'The model.';
COMMENT ON COLUMN @book@.alert.asset_y IS 'One asset of the pair, the first in byte order.';
COMMENT ON COLUMN @book@.alert.asset_x IS 'The other.';
COMMENT ON COLUMN @book@.alert.kind IS 'break: a monitor saw the correlation leave what it was over its baseline. sign_change: the robust interval leaves out 0 on the other side than before. verdict_lost: the pair was reliable, and has been weak, unstable or insufficient for the model''s alarm_patience.';
COMMENT ON COLUMN @book@.alert.raised_at_bar IS 'Bar that raised it.';
COMMENT ON COLUMN @book@.alert.change_bar IS 'Most likely first bar of the change; of verdict_lost, the last bar of the refresh that first found it. NULL: unknown, or before the window.';
COMMENT ON COLUMN @book@.alert.direction IS '1: the correlation rose, -1: it fell. NULL: of verdict_lost, and of a break that was over again when the refresh came.';
COMMENT ON COLUMN @book@.alert.message IS 'What happened, in words.';
COMMENT ON COLUMN @book@.alert.run IS 'Run of the refresh that raised it; it may have been deleted since.';
COMMENT ON COLUMN @book@.alert.created_at IS 'When the row was made.';
COMMENT ON COLUMN @book@.alert.acknowledged_at IS 'When somebody took note by hedge.acknowledge. NULL: nobody did.';
COMMENT ON COLUMN @book@.alert.acknowledged_by IS 'Who did.';
COMMENT ON COLUMN @book@.alert.cleared_at_bar IS 'Bar from which it holds no more: the correlation is back or has left for the other side, the verdict is back, or nobody leans on the pair. NULL: it stands.';

CREATE TABLE @book@.alert_holders (
	alert bigint PRIMARY KEY REFERENCES @book@.alert ON DELETE CASCADE,
	portfolios integer NOT NULL,
	portfolio_list text NOT NULL,
	risk_offset_at_stake float8
);
COMMENT ON TABLE @book@.alert_holders IS 'Who leaned on the pair of an alert when it was raised, apart from it, since those who may know of the alert need not know of all who hold the pair.';
COMMENT ON COLUMN @book@.alert_holders.alert IS 'The alert.';
COMMENT ON COLUMN @book@.alert_holders.portfolios IS 'Portfolios that leaned on the pair when it was raised.';
COMMENT ON COLUMN @book@.alert_holders.portfolio_list IS 'Their names, shortened when they are many.';
COMMENT ON COLUMN @book@.alert_holders.risk_offset_at_stake IS 'Risk that the correlation of the baseline removes from these portfolios, summed, at the volatilities and positions of the refresh, less what the one since the change removes (of verdict_lost, a correlation of 0): what is lost. 0 where the change strengthened the hedge, or is over.';

-- section: views
-- Evidence and alarms in plain columns.

CREATE OR REPLACE VIEW @book@.correlation_stability WITH (security_invoker = true) AS
SELECT
	l.model,
	l.as_of,
	p.asset_y,
	p.asset_x,
	p.observations,
	p.effective_observations,
	p.correlation,
	p.fisher_low,
	p.fisher_high,
	p.robust_low,
	p.robust_high,
	p.effectiveness_p_value,
	p.adjusted_p_value,
	r.searched AS pairs_searched,
	p.rolling_minimum,
	p.rolling_maximum,
	p.rolling_mean,
	p.rolling_standard_deviation,
	p.rolling_latest,
	p.sign_changes,
	p.rolling_spread_p_value,
	p.correlation_first_half,
	p.correlation_second_half,
	p.break_statistic,
	p.break_p_value,
	p.break_time,
	p.correlation_before_break,
	p.correlation_after_break,
	p.lag_correlation,
	p.out_of_sample_effectiveness,
	p.clark_west_p_value,
	p.verdict,
	p.reason,
	q.as_of AS previous_as_of,
	q.correlation AS previous_correlation,
	q.verdict AS previous_verdict,
	m.baseline_start AS watched_baseline_start,
	m.baseline_end AS watched_baseline_end,
	m.watched_until,
	m.alarm_bar,
	m.change_bar
FROM @book@.latest_run AS l
JOIN @book@.evidence_run AS r ON r.run = l.run
JOIN @book@.pair_evidence AS p ON p.run = r.run
LEFT JOIN LATERAL (
	SELECT e.run, k.as_of
	FROM @book@.evidence_run AS e
	JOIN @book@.model_run AS k ON k.run = e.run
	WHERE k.model = l.model AND k.window_end < l.window_end
	ORDER BY k.window_end DESC, k.as_of DESC, k.run DESC
	LIMIT 1) AS b ON true
LEFT JOIN LATERAL (
	SELECT b.as_of, x.correlation, x.verdict
	FROM @book@.pair_evidence AS x
	WHERE x.run = b.run AND x.asset_y = p.asset_y AND x.asset_x = p.asset_x
	OFFSET 0) AS q ON true
LEFT JOIN LATERAL (
	SELECT x.baseline_start, x.baseline_end, x.alarm_bar, x.change_bar,
		least(x.last_bar, (SELECT min(a.price_time) FROM @book@.run_asset AS a WHERE a.run = l.run AND a.asset IN (p.asset_y, p.asset_x)))
			AS watched_until
	FROM @book@.pair_monitor AS x
	WHERE x.model = l.model AND x.ended_at IS NULL
		AND x.asset_y = least(p.asset_y COLLATE "C", p.asset_x) COLLATE "default"
		AND x.asset_x = greatest(p.asset_y COLLATE "C", p.asset_x) COLLATE "default"
	OFFSET 0) AS m ON true;
COMMENT ON VIEW @book@.correlation_stability IS 'Pairs that the latest run of each model examined: is the correlation real, has it held, and what did the run before say? A pair that is watched stays here for rolling_bars bars after it was last kept, though its correlation is below minimum_correlation now, and offsetting_pairs does not show it. Each pair stands twice, once in each direction; asset_y < asset_x picks one.';
COMMENT ON COLUMN @book@.correlation_stability.model IS 'The model.';
COMMENT ON COLUMN @book@.correlation_stability.as_of IS 'Time of the model''s estimate.';
COMMENT ON COLUMN @book@.correlation_stability.asset_y IS 'The asset held.';
COMMENT ON COLUMN @book@.correlation_stability.asset_x IS 'The hedge.';
COMMENT ON COLUMN @book@.correlation_stability.pairs_searched IS 'Pairs that adjusted_p_value is adjusted for: all that this one was chosen from, looked at closely or not.';
COMMENT ON COLUMN @book@.correlation_stability.adjusted_p_value IS 'effectiveness_p_value adjusted for having examined so many pairs (Benjamini and Hochberg): the smallest false discovery rate at which the pair is worth hedging with.';
COMMENT ON COLUMN @book@.correlation_stability.verdict IS 'The first that holds: insufficient, break_detected, weak, unstable, reliable; at the model''s settings.';
COMMENT ON COLUMN @book@.correlation_stability.reason IS 'Why, in words.';
COMMENT ON COLUMN @book@.correlation_stability.previous_as_of IS 'Time of the run before: the last one whose window ended at an earlier bar. NULL: there is none, or it did not examine the pair.';
COMMENT ON COLUMN @book@.correlation_stability.previous_correlation IS 'correlation of that run.';
COMMENT ON COLUMN @book@.correlation_stability.previous_verdict IS 'verdict of that run.';
COMMENT ON COLUMN @book@.correlation_stability.watched_baseline_start IS 'First bar of the baseline that the pair is watched against. NULL: it is not watched, since nobody leans on it, or since there are fewer than 60 settled bars after the break that ended its baseline.';
COMMENT ON COLUMN @book@.correlation_stability.watched_baseline_end IS 'Last bar of that baseline.';
COMMENT ON COLUMN @book@.correlation_stability.watched_until IS 'Last bar seen, reread_bars before the end of the window; or the last price of the asset whose prices ended before that.';
COMMENT ON COLUMN @book@.correlation_stability.alarm_bar IS 'Bar that raised the alarm that stands. NULL: none does.';
COMMENT ON COLUMN @book@.correlation_stability.change_bar IS 'Most likely first bar of the change behind it.';

-- A column of the type evidence means the same here.
SELECT hedge._comment_like(@book_literal@, 'hedge.evidence', ARRAY['correlation_stability']);

CREATE OR REPLACE VIEW @book@.open_alerts WITH (security_invoker = true) AS
SELECT
	a.alert::integer AS alert,
	a.model,
	a.kind,
	a.asset_y,
	a.asset_x,
	a.message,
	a.raised_at_bar,
	a.change_bar,
	a.direction,
	h.portfolios,
	h.portfolio_list,
	h.risk_offset_at_stake,
	a.created_at
FROM @book@.alert AS a
LEFT JOIN @book@.alert_holders AS h ON h.alert = a.alert
WHERE a.acknowledged_at IS NULL AND a.cleared_at_bar IS NULL
ORDER BY h.risk_offset_at_stake DESC NULLS LAST, a.alert;
COMMENT ON VIEW @book@.open_alerts IS 'Alerts that stand and that nobody has acknowledged, the most at stake first. A notification on channel pghedge_alert says a number, not the book: read this view of each book of the database then. Who holds the pair is NULL for those who may not know (hedge.restrict_book).';

SELECT hedge._comment_like(@book_literal@, @book_literal@ || '.alert_holders', ARRAY['open_alerts']);
SELECT hedge._comment_like(@book_literal@, @book_literal@ || '.alert', ARRAY['open_alerts']);
