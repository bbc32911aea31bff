-- evidence: is the correlation of a pair real, and will it hold?

-- ---------- types ----------

CREATE TYPE hedge.evidence AS (
	observations integer,
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
	held_effectiveness float8,
	break_even_correlation float8,
	break_even_confidence float8
);
COMMENT ON TYPE hedge.evidence IS 'Evidence of one pair: y the asset held, x the hedge. NULL where there is no answer, never NaN or infinity. To keep it, store its columns, (evidence).*: later versions add attributes, which PostgreSQL refuses while a table has a column of this type. See docs/evidence.md.';
COMMENT ON COLUMN hedge.evidence.observations IS 'Observations: times at which both sides have a value.';
COMMENT ON COLUMN hedge.evidence.effective_observations IS 'How many independent normal observations would tell as much about the correlation; below observations under heavy tails or serial dependence. NULL: too few observations, or one asset twice.';
COMMENT ON COLUMN hedge.evidence.correlation IS 'Correlation of y and x, from -1 to 1. NULL: a side is constant, not finite, or there are fewer than two observations; all the rest is NULL then, too.';
COMMENT ON COLUMN hedge.evidence.hedge_ratio IS 'Minimum-variance hedge ratio in sample: covariance / variance of x, in units of y per unit of x.';
COMMENT ON COLUMN hedge.evidence.volatility_y IS 'Standard deviation of y (divisor observations - 1).';
COMMENT ON COLUMN hedge.evidence.volatility_x IS 'Standard deviation of x (divisor observations - 1).';
COMMENT ON COLUMN hedge.evidence.fisher_low IS 'Lower end of Fisher''s interval, which holds for independent normal observations only.';
COMMENT ON COLUMN hedge.evidence.fisher_high IS 'Upper end of Fisher''s interval.';
COMMENT ON COLUMN hedge.evidence.robust_low IS 'Lower end of the robust interval at the confidence level: holds under heavy tails and serial dependence, too. NULL: fewer than 10 observations.';
COMMENT ON COLUMN hedge.evidence.robust_high IS 'Upper end of the robust interval.';
COMMENT ON COLUMN hedge.evidence.standard_error IS 'Robust standard error of atanh(correlation).';
COMMENT ON COLUMN hedge.evidence.p_value IS 'Robust p-value of a correlation of 0, two-sided.';
COMMENT ON COLUMN hedge.evidence.effectiveness_p_value IS 'Robust p-value of correlation^2 <= the minimum effectiveness: small when the pair is worth hedging with. The one to adjust over all pairs examined (hedge.adjust_p_values).';
COMMENT ON COLUMN hedge.evidence.rolling_windows IS 'Full rolling windows with a correlation.';
COMMENT ON COLUMN hedge.evidence.rolling_minimum IS 'Smallest rolling correlation.';
COMMENT ON COLUMN hedge.evidence.rolling_maximum IS 'Largest rolling correlation.';
COMMENT ON COLUMN hedge.evidence.rolling_mean IS 'Mean of the rolling correlations.';
COMMENT ON COLUMN hedge.evidence.rolling_standard_deviation IS 'Standard deviation of the rolling correlations (divisor windows - 1; 0 for one window).';
COMMENT ON COLUMN hedge.evidence.rolling_latest IS 'Correlation of the last window. NULL: it has none.';
COMMENT ON COLUMN hedge.evidence.sign_changes IS 'How often the rolling correlation changed its sign.';
COMMENT ON COLUMN hedge.evidence.rolling_spread_p_value IS 'Probability of rolling correlations that vary this much if the correlation is constant. Cautious under heavy tails. NULL: a window has no correlation.';
COMMENT ON COLUMN hedge.evidence.correlation_first_half IS 'Correlation of the first half of the observations. NULL: a side is constant there.';
COMMENT ON COLUMN hedge.evidence.correlation_second_half IS 'Correlation of the second half.';
COMMENT ON COLUMN hedge.evidence.break_statistic IS 'Largest fluctuation of the correlation of the first k observations around that of all, volatility-adjusted (Wied, Kraemer, Dehling 2012); 1.36 is its 5 % point if the correlation is constant, 1.63 the 1 % point. NULL: fewer than 100 observations.';
COMMENT ON COLUMN hedge.evidence.break_p_value IS 'p-value of a constant correlation: probability of so large a break_statistic.';
COMMENT ON COLUMN hedge.evidence.break_observation IS 'Number, from 1, of the first observation after the most likely change; means something when break_p_value is small.';
COMMENT ON COLUMN hedge.evidence.break_time IS 'Time of break_observation. NULL: no times were given, or there is no test.';
COMMENT ON COLUMN hedge.evidence.correlation_before_break IS 'Correlation of the observations before break_observation. NULL: there is no test, or a side is constant there.';
COMMENT ON COLUMN hedge.evidence.correlation_after_break IS 'Correlation from break_observation on.';
COMMENT ON COLUMN hedge.evidence.lag_correlation IS 'Correlation of y with x one observation earlier or later, the larger in size. Far from 0 it says that the two are not observed at the same instant, and that correlation understates.';
COMMENT ON COLUMN hedge.evidence.out_of_sample_effectiveness IS '1 - variance with hedge / variance without, each return hedged with the ratio of the rolling window before it. NULL: fewer than 20 returns after the first window.';
COMMENT ON COLUMN hedge.evidence.clark_west_statistic IS 'Clark-West statistic of a true hedge ratio other than 0, out of sample; 1.645 is its 5 % point. Read it beside out_of_sample_effectiveness: an estimated ratio may add variance all the same.';
COMMENT ON COLUMN hedge.evidence.clark_west_p_value IS 'p-value of the hedge doing nothing, one-sided.';
COMMENT ON COLUMN hedge.evidence.held_effectiveness IS '1 - variance of y - ratio x / variance of y at the held ratio. NULL: no ratio given.';
COMMENT ON COLUMN hedge.evidence.break_even_correlation IS 'Correlation at which the held ratio neither removes nor adds variance: ratio x volatility_x / (2 volatility_y). Beyond 1 in size no correlation suffices.';
COMMENT ON COLUMN hedge.evidence.break_even_confidence IS 'Confidence that the true correlation is beyond break_even_correlation (on its side of 0).';

CREATE TYPE hedge.evidence_settings AS (
	rolling_observations integer,
	confidence_level float8,
	minimum_effectiveness float8,
	held_ratio float8
);
COMMENT ON TYPE hedge.evidence_settings IS 'What shapes evidence, made by hedge.evidence_settings(); NULL, whole or in part, means the default. Not to be stored in a table, as hedge.evidence.';
COMMENT ON COLUMN hedge.evidence_settings.rolling_observations IS 'Length of the rolling windows in observations, 4 or more; default 60.';
COMMENT ON COLUMN hedge.evidence_settings.confidence_level IS 'Of the intervals; default 0.95.';
COMMENT ON COLUMN hedge.evidence_settings.minimum_effectiveness IS 'Share of the variance that a hedge must remove to be worth having; default 0.1 (a correlation of 0.32).';
COMMENT ON COLUMN hedge.evidence_settings.held_ratio IS 'Hedge ratio actually held; NULL for none.';

CREATE FUNCTION hedge.evidence_settings(rolling_observations integer DEFAULT 60, confidence_level float8 DEFAULT 0.95,
	minimum_effectiveness float8 DEFAULT 0.1, held_ratio float8 DEFAULT NULL) RETURNS hedge.evidence_settings
	AS 'MODULE_PATHNAME', 'pghedge_evidence_settings' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.evidence_settings(integer, float8, float8, float8) IS 'Settings of evidence by name: evidence_settings(rolling_observations => 120). Checked where they are used.';

-- ---------- evidence of one pair ----------

CREATE FUNCTION hedge.pair_evidence_accum(state internal, y float8, x float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_evidence_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_evidence_accum(internal, float8, float8) IS 'Takes one observation; a NULL y or x is none.';

CREATE FUNCTION hedge.pair_evidence_accum(state internal, y float8, x float8, ts timestamptz) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_evidence_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_evidence_accum(internal, float8, float8, timestamptz) IS 'Takes one observation and its time; a NULL y or x is none. Error 22004 for an observation without a time, 22023 for one that is not later than the one before.';

CREATE FUNCTION hedge.pair_evidence_accum(state internal, y float8, x float8, ts timestamptz, settings hedge.evidence_settings) RETURNS internal
	AS 'MODULE_PATHNAME', 'pghedge_evidence_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_evidence_accum(internal, float8, float8, timestamptz, hedge.evidence_settings) IS 'Takes one observation and its time; the settings of the first one hold. Errors as of the form without settings, and 22023 for settings out of range.';

CREATE FUNCTION hedge.pair_evidence_final(state internal) RETURNS hedge.evidence
	AS 'MODULE_PATHNAME', 'pghedge_evidence_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.pair_evidence_final(internal) IS 'Evidence of the observations taken. Error 22003 where a sum of squares leaves the range of double precision.';

-- Order matters, so there is no combine function: a group is never split between workers.
CREATE AGGREGATE hedge.pair_evidence(y float8, x float8) (
	SFUNC = hedge.pair_evidence_accum,
	STYPE = internal,
	FINALFUNC = hedge.pair_evidence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.pair_evidence(float8, float8) IS 'Evidence of a pair of return series in the order of aggregation, with default settings: pair_evidence(y, x ORDER BY ts). Rows with a NULL y or x are left out. NULL without any row.';

CREATE AGGREGATE hedge.pair_evidence(y float8, x float8, ts timestamptz) (
	SFUNC = hedge.pair_evidence_accum,
	STYPE = internal,
	FINALFUNC = hedge.pair_evidence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.pair_evidence(float8, float8, timestamptz) IS 'The same with the times, which break_time needs and which are checked to be in order: pair_evidence(y, x, ts ORDER BY ts).';

CREATE AGGREGATE hedge.pair_evidence(y float8, x float8, ts timestamptz, settings hedge.evidence_settings) (
	SFUNC = hedge.pair_evidence_accum,
	STYPE = internal,
	FINALFUNC = hedge.pair_evidence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE hedge.pair_evidence(float8, float8, timestamptz, hedge.evidence_settings) IS 'The same with settings: pair_evidence(y, x, ts, hedge.evidence_settings(rolling_observations => 120) ORDER BY ts).';

-- ---------- evidence of many pairs ----------

CREATE FUNCTION hedge.evidence_pairs(assets text[], observations float8[], bars timestamptz[] DEFAULT NULL,
	settings hedge.evidence_settings DEFAULT NULL, pairs_y text[] DEFAULT NULL, pairs_x text[] DEFAULT NULL,
	held_ratios float8[] DEFAULT NULL,
	OUT asset_y text, OUT asset_x text, OUT evidence hedge.evidence) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pghedge_evidence_pairs' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1000 COST 1000000;
COMMENT ON FUNCTION hedge.evidence_pairs(text[], float8[], timestamptz[], hedge.evidence_settings, text[], text[], float8[]) IS 'Evidence of pairs of assets from observations [asset][bar] in order of time, NULL for a missing one; bars are their times. Of all pairs, each once with asset_y before asset_x as assets stand, or of those that pairs_y and pairs_x name, element by element, with the held_ratios if given (NULL in there: that of the settings). The same numbers as hedge.pair_evidence over the bars on which both have a value: windows count those. A row a pair in no promised order; fast (eight pairs at a time) for assets without a gap. No rows for NULL assets or observations. Errors: 2202E for arrays that do not fit each other, 21000 for an asset twice, 22023 for an unknown one or settings out of range, 22003 where a sum of squares leaves the range of double precision.';

-- ---------- what is made of evidence ----------

CREATE FUNCTION hedge.held_evidence(evidence hedge.evidence, ratio float8,
	OUT held_effectiveness float8, OUT break_even_correlation float8, OUT break_even_confidence float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_held_evidence' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.held_evidence(hedge.evidence, float8) IS 'The three measures of a held ratio from evidence that is already there, for pairs that several portfolios hold at different ratios. NULL where the pair has no correlation; the break-even ones also for a ratio of 0.';

CREATE FUNCTION hedge.held_evidence(observations integer, correlation float8, volatility_y float8, volatility_x float8,
	standard_error float8, ratio float8,
	OUT held_effectiveness float8, OUT break_even_correlation float8, OUT break_even_confidence float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_held_evidence_of' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.held_evidence(integer, float8, float8, float8, float8, float8) IS 'The same from the measures that it takes, for evidence kept in columns; NULL for one that is not known.';

CREATE FUNCTION hedge.adjust_p_values(p_values float8[], method text DEFAULT 'benjamini_hochberg') RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_adjust_p_values' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.adjust_p_values(float8[], text) IS 'p-values adjusted for having examined them all: the smallest false discovery rate at which each would be accepted. Method benjamini_hochberg (1995; independent or positively dependent tests) or benjamini_yekutieli (2001; any dependence). In the order given; NULL stays NULL and does not count. Equals R''s p.adjust with BH and BY. Error 22023 for a number outside [0, 1] or an unknown method.';

CREATE FUNCTION hedge.verdict(evidence hedge.evidence, adjusted_p_value float8 DEFAULT NULL,
	minimum_observations integer DEFAULT 100, minimum_effective_observations float8 DEFAULT 30,
	significance float8 DEFAULT 0.05, break_significance float8 DEFAULT 0.01, minimum_break float8 DEFAULT 0.1,
	spread_significance float8 DEFAULT 0.01,
	OUT verdict text, OUT reason text) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_verdict' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION hedge.verdict(hedge.evidence, float8, integer, float8, float8, float8, float8, float8) IS 'What the evidence says, the first that holds: insufficient (fewer observations than the minimum), break_detected (break_p_value <= break_significance, and correlation_before_break and _after_break differ by minimum_break or more, or the risk that a hedge leaves, sqrt(1 - correlation^2), by about twice that share), insufficient (fewer effective observations than the minimum), weak (adjusted_p_value, or without one effectiveness_p_value, > significance), unstable (rolling_spread_p_value <= spread_significance, or no variance reduced out of sample, or clark_west_p_value > significance), reliable; and the reason in words, which names the tests that had no answer, and a lag_correlation beyond 3/sqrt(observations). The defaults are argued for in docs/evidence.md. NULL for NULL evidence. Error 22023 for a p-value outside [0, 1], minimum_observations under 2 and other thresholds out of range. Stable, not immutable: the reason may tell a time, a day alone where it is midnight in the session''s time zone.';

-- ---------- monitoring ----------

CREATE FUNCTION hedge.monitor_correlation(y float8[], x float8[], baseline integer DEFAULT 250, threshold float8 DEFAULT 2.5,
	OUT alarm_bar integer, OUT change_bar integer, OUT direction integer, OUT cleared_bar integer) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pghedge_monitor_correlation' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 2 COST 1000;
COMMENT ON FUNCTION hedge.monitor_correlation(float8[], float8[], integer, float8) IS 'Watches the correlation of two return series after the first `baseline` bars for leaving what it was in them, looking at every bar once and paying for it. A row an alarm: bar that raised it, most likely first bar of the change, direction of the change of the correlation (1 up, -1 down), bar that cleared it (NULL: it stands); bars counted from 1. A bar with a NULL or a value that is not finite is passed over. No rows: no alarm, or no baseline (fewer than 60 observations in it, or a constant side). A larger threshold means fewer false alarms and later ones: see docs/evidence.md. Error 22023 for a baseline under 60 bars, or a threshold that is not positive.';

CREATE FUNCTION hedge.monitor_start(y float8[], x float8[], threshold float8 DEFAULT 2.5) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_monitor_start' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.monitor_start(float8[], float8[], float8) IS 'State of a monitor whose baseline these returns are, to be stored and brought forward by hedge.monitor_advance. NULL where there is nothing to watch: fewer than 60 observations, a constant side, one asset twice. Error 22023 for a threshold that is not positive.';

CREATE FUNCTION hedge.monitor_advance(state float8[], y float8[], x float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'pghedge_monitor_advance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.monitor_advance(float8[], float8[], float8[]) IS 'The state after some more bars; in one step or in many, the same state, bit for bit. Error 22023 for what is not a state.';

CREATE FUNCTION hedge.monitor_status(state float8[],
	OUT alarm boolean, OUT direction integer, OUT bars integer, OUT alarm_bar integer, OUT change_bar integer,
	OUT cleared_bar integer, OUT alarms integer, OUT baseline_correlation float8) RETURNS record
	AS 'MODULE_PATHNAME', 'pghedge_monitor_status' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hedge.monitor_status(float8[]) IS 'What a monitor''s state says: does an alarm stand and in which direction (NULL when none does); bars watched; bar of the last alarm, most likely first bar of its change, bar that last cleared one, counted from 1 after the baseline (NULL: there was none); alarms raised so far; correlation of the baseline, of volatility-adjusted returns. Error 22023 for what is not a state.';
