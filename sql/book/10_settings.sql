-- section: tables
-- What the owner of a book sets: the book itself, its instruments, its models.

CREATE TABLE @book@.book (
	base_currency text NOT NULL,
	prices text,
	positions text,
	version text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT base_currency_is_not_empty CHECK (base_currency <> '')
);
CREATE UNIQUE INDEX book_has_one_row ON @book@.book ((true));
-- A table without a primary key: or else a publication FOR ALL TABLES forbids to update or delete.
ALTER TABLE @book@.book REPLICA IDENTITY FULL;
COMMENT ON TABLE @book@.book IS 'The book as a whole: one row.';
COMMENT ON COLUMN @book@.book.base_currency IS 'Currency of every exposure, notional and risk of the book.';
COMMENT ON COLUMN @book@.book.prices IS 'Relation the models read prices from, schema-qualified. NULL: table price of this book.';
COMMENT ON COLUMN @book@.book.positions IS 'Relation the views read positions from, schema-qualified; hedge.upgrade_book makes the views follow a change. NULL: table position of this book.';
COMMENT ON COLUMN @book@.book.version IS 'Version of pghedge that made these views.';
COMMENT ON COLUMN @book@.book.created_at IS 'When the book was made.';

CREATE TABLE @book@.instrument (
	asset text PRIMARY KEY,
	currency text,
	contract_kind text NOT NULL DEFAULT 'linear',
	contract_size float8 NOT NULL DEFAULT 1,
	lot_size float8 NOT NULL DEFAULT 1,
	fx_asset text,
	funded boolean NOT NULL DEFAULT false,
	benchmark text,
	bucket text,
	carry float8,
	cost float8,
	cost_per_lot float8,
	return_kind text,
	tradable boolean NOT NULL DEFAULT false,
	minimum_holding float8,
	maximum_holding float8,
	CONSTRAINT contract_kind_is_linear_or_inverse CHECK (contract_kind IN ('linear', 'inverse')),
	CONSTRAINT contract_size_is_below_1e50 CHECK (contract_size < 1e50),
	CONSTRAINT contract_size_is_positive CHECK (contract_size > 0),
	CONSTRAINT lot_size_is_positive CHECK (lot_size > 0 AND lot_size < 'infinity'),
	CONSTRAINT fx_asset_is_another_asset CHECK (fx_asset <> asset),
	CONSTRAINT carry_is_below_1e50 CHECK (abs(carry) < 1e50),
	CONSTRAINT cost_is_not_negative CHECK (cost >= 0 AND cost < 'infinity'),
	CONSTRAINT cost_per_lot_is_not_negative CHECK (cost_per_lot >= 0 AND cost_per_lot < 'infinity'),
	CONSTRAINT return_kind_is_simple_log_or_difference CHECK (return_kind IN ('simple', 'log', 'difference')),
	CONSTRAINT minimum_holding_is_a_number CHECK (minimum_holding <> 'NaN'),
	CONSTRAINT maximum_holding_is_a_number CHECK (maximum_holding <> 'NaN'),
	CONSTRAINT minimum_holding_is_at_most_maximum_holding CHECK (minimum_holding <= maximum_holding)
);
COMMENT ON TABLE @book@.instrument IS 'What is known of an asset. An asset without a row is a linear contract of size 1 in the base currency.';
COMMENT ON COLUMN @book@.instrument.asset IS 'The asset, as in the prices and positions.';
COMMENT ON COLUMN @book@.instrument.currency IS 'Currency of a linear contract''s price, or of an inverse contract''s size. NULL: the base currency.';
COMMENT ON COLUMN @book@.instrument.contract_kind IS 'linear: worth quantity x contract_size x price. inverse: settled in the asset itself (coin), its size is already money: quantity x contract_size.';
COMMENT ON COLUMN @book@.instrument.contract_size IS 'Size of one contract: units of the asset (linear), or money in the currency (inverse).';
COMMENT ON COLUMN @book@.instrument.lot_size IS 'Contracts that one trade is a whole multiple of.';
COMMENT ON COLUMN @book@.instrument.fx_asset IS 'Asset whose price is the base currency per unit of this currency: in USD, for JPY, some 0.007 and not 150. A refresh tells of a name that says otherwise (USDJPY). Without it nothing in a foreign currency has an exposure.';
COMMENT ON COLUMN @book@.instrument.funded IS 'True: paid for in full, so a holding in a foreign currency makes an exposure in fx_asset, too. False: margined (futures, swaps), which does not. What is in the currency then is quantity x delta x the value of a contract: of an option, set down as its underlying with a delta, not its premium but that of the shares it stands for; book the difference as a position in fx_asset, or leave funded false and book the premium there.';
COMMENT ON COLUMN @book@.instrument.benchmark IS 'Asset that beta is measured against. NULL: none.';
COMMENT ON COLUMN @book@.instrument.bucket IS 'Group of assets, as risk reports name them. NULL: none.';
COMMENT ON COLUMN @book@.instrument.carry IS 'Yearly income of holding it, as a share of its notional; negative where holding costs. NULL: unknown.';
COMMENT ON COLUMN @book@.instrument.cost IS 'Cost of trading it, as a share of the notional traded (0.0005: five basis points). NULL: unknown.';
COMMENT ON COLUMN @book@.instrument.cost_per_lot IS 'Cost of trading one lot, in the base currency, on top of cost. NULL: unknown.';
COMMENT ON COLUMN @book@.instrument.return_kind IS 'Return kind of this asset where it differs from its model''s (difference for prices that may be zero or negative). NULL: the model''s.';
COMMENT ON COLUMN @book@.instrument.tradable IS 'True: hedge_recommendations may trade it in every portfolio, whether held or not. Where no instrument of the book is, it trades what a portfolio holds against something larger.';

COMMENT ON COLUMN @book@.instrument.minimum_holding IS 'Fewest contracts that hedge_recommendations may leave in a portfolio, negative for short (0: none sold short). What is held below it is not brought up, but never sold further. NULL: no bound.';
COMMENT ON COLUMN @book@.instrument.maximum_holding IS 'Most contracts that it may leave in a portfolio. What is held above it is not cut, but never bought further. NULL: no bound.';

CREATE TABLE @book@.model (
	model text PRIMARY KEY,
	prices text,
	return_kind text NOT NULL DEFAULT 'simple',
	bar interval NOT NULL DEFAULT '1 day',
	time_zone text NOT NULL DEFAULT 'UTC',
	origin timestamptz NOT NULL DEFAULT '2000-01-03 00:00:00+00',
	lookback integer NOT NULL DEFAULT 250,
	minimum_observations integer NOT NULL DEFAULT 60,
	calendar_quorum float8 NOT NULL DEFAULT 0.9,
	stale_after integer NOT NULL DEFAULT 10,
	minimum_correlation float8 NOT NULL DEFAULT 0.3,
	bars_per_year float8 NOT NULL DEFAULT 252,
	horizon integer NOT NULL DEFAULT 1,
	risk_level float8 NOT NULL DEFAULT 0.99,
	confidence_level float8 NOT NULL DEFAULT 0.95,
	pairs_kept integer NOT NULL DEFAULT 100,
	retention integer NOT NULL DEFAULT 30,
	reread_bars integer NOT NULL DEFAULT 5,
	evidence text NOT NULL DEFAULT 'kept',
	rolling_bars integer NOT NULL DEFAULT 60,
	minimum_effectiveness float8 NOT NULL DEFAULT 0.1,
	minimum_evidence integer NOT NULL DEFAULT 100,
	significance float8 NOT NULL DEFAULT 0.05,
	break_significance float8 NOT NULL DEFAULT 0.01,
	minimum_break float8 NOT NULL DEFAULT 0.1,
	spread_significance float8 NOT NULL DEFAULT 0.01,
	monitor_threshold float8 NOT NULL DEFAULT 2.5,
	alarm_patience integer NOT NULL DEFAULT 60,
	minimum_effective_evidence float8 NOT NULL DEFAULT 30,
	risk_price float8 NOT NULL DEFAULT 0.2,
	hedge_correlations text NOT NULL DEFAULT 'estimated',
	hedge_evidence text NOT NULL DEFAULT 'reliable',
	hedge_instruments integer,
	neutral_band float8 NOT NULL DEFAULT 0,
	jump_threshold float8 NOT NULL DEFAULT 12,
	CONSTRAINT model_is_not_empty CHECK (model <> ''),
	CONSTRAINT prices_is_schema_qualified CHECK (cardinality(parse_ident(prices)) = 2),
	CONSTRAINT return_kind_is_simple_log_or_difference CHECK (return_kind IN ('simple', 'log', 'difference')),
	CONSTRAINT bar_is_positive_and_months_or_days_or_time CHECK (
		bar > interval '0' AND num_nonnulls(
			nullif(extract(year FROM bar) * 12 + extract(month FROM bar), 0),
			nullif(extract(day FROM bar), 0),
			nullif(extract(hour FROM bar) * 3600 + extract(minute FROM bar) * 60 + extract(second FROM bar), 0)) = 1),
	CONSTRAINT time_zone_is_known CHECK (timezone(time_zone, timestamptz '2000-01-01 00:00:00+00') IS NOT NULL),
	CONSTRAINT origin_is_finite CHECK (isfinite(origin)),
	CONSTRAINT lookback_is_at_least_2 CHECK (lookback >= 2),
	CONSTRAINT lookback_is_at_most_1000000 CHECK (lookback <= 1000000),
	CONSTRAINT minimum_observations_is_at_least_2 CHECK (minimum_observations >= 2),
	-- What is wrong with lookback itself is another constraint's to say.
	CONSTRAINT minimum_observations_is_at_most_lookback CHECK (minimum_observations <= lookback OR lookback < 2),
	CONSTRAINT calendar_quorum_is_from_0_to_1 CHECK (calendar_quorum >= 0 AND calendar_quorum <= 1),
	CONSTRAINT stale_after_is_from_0_to_10000 CHECK (stale_after BETWEEN 0 AND 10000),
	CONSTRAINT minimum_correlation_is_from_0_to_1 CHECK (minimum_correlation >= 0 AND minimum_correlation <= 1),
	CONSTRAINT bars_per_year_is_positive CHECK (bars_per_year > 0 AND bars_per_year < 'infinity'),
	CONSTRAINT horizon_is_at_least_1 CHECK (horizon >= 1),
	CONSTRAINT horizon_is_at_most_lookback CHECK (horizon <= lookback OR lookback < 2),
	CONSTRAINT risk_level_is_between_0_and_1 CHECK (risk_level > 0 AND risk_level < 1),
	CONSTRAINT confidence_level_is_between_0_and_1 CHECK (confidence_level > 0 AND confidence_level < 1),
	CONSTRAINT pairs_kept_is_at_least_1 CHECK (pairs_kept >= 1),
	CONSTRAINT retention_is_at_least_1 CHECK (retention >= 1),
	CONSTRAINT reread_bars_is_at_least_1 CHECK (reread_bars >= 1),
	CONSTRAINT evidence_is_none_kept_or_all CHECK (evidence IN ('none', 'kept', 'all')),
	CONSTRAINT rolling_bars_is_at_least_4 CHECK (rolling_bars >= 4),
	CONSTRAINT rolling_bars_is_at_most_half_of_lookback CHECK (rolling_bars <= greatest(lookback / 2, 60)),
	CONSTRAINT minimum_effectiveness_is_from_0_to_1 CHECK (minimum_effectiveness >= 0 AND minimum_effectiveness <= 1),
	CONSTRAINT minimum_evidence_is_at_least_2 CHECK (minimum_evidence >= 2),
	CONSTRAINT significance_is_from_0_to_1 CHECK (significance >= 0 AND significance <= 1),
	CONSTRAINT break_significance_is_from_0_to_1 CHECK (break_significance >= 0 AND break_significance <= 1),
	CONSTRAINT minimum_break_is_from_0_to_2 CHECK (minimum_break >= 0 AND minimum_break <= 2),
	CONSTRAINT spread_significance_is_from_0_to_1 CHECK (spread_significance >= 0 AND spread_significance <= 1),
	CONSTRAINT monitor_threshold_is_positive CHECK (monitor_threshold > 0 AND monitor_threshold < 'infinity'),
	CONSTRAINT alarm_patience_is_not_negative CHECK (alarm_patience >= 0),
	CONSTRAINT minimum_effective_evidence_is_not_negative
		CHECK (minimum_effective_evidence >= 0 AND minimum_effective_evidence < 'infinity'),
	CONSTRAINT risk_price_is_positive CHECK (risk_price > 0 AND risk_price < 'infinity'),
	CONSTRAINT hedge_correlations_are_estimated_or_conservative CHECK (hedge_correlations IN ('estimated', 'conservative')),
	CONSTRAINT hedge_evidence_is_reliable_or_any CHECK (hedge_evidence IN ('reliable', 'any')),
	CONSTRAINT hedge_instruments_is_at_least_1 CHECK (hedge_instruments >= 1),
	CONSTRAINT neutral_band_is_not_negative CHECK (neutral_band >= 0 AND neutral_band < 'infinity'),
	CONSTRAINT jump_threshold_is_positive CHECK (jump_threshold > 0 AND jump_threshold < 'infinity')
);
COMMENT ON TABLE @book@.model IS 'Named settings of the book. Those that shape an estimate (prices to lookback, calendar_quorum, stale_after) take effect with the next refresh; those that the views read (minimum_observations of pairs, minimum_correlation, bars_per_year, horizon, risk_level, risk_price, hedge_*, neutral_band, and confidence_level for what is not evidence) at once; those of evidence and monitors (evidence, rolling_bars, minimum_effectiveness, and what follows them) with the next refresh.';
COMMENT ON COLUMN @book@.model.model IS 'Name of the model.';
COMMENT ON COLUMN @book@.model.prices IS 'Relation to read prices from, schema-qualified, with columns asset, ts, price and, if it keeps corrections, recorded_at. NULL: the book''s.';
COMMENT ON COLUMN @book@.model.return_kind IS 'Change between two adjacent bars: simple p1/p0 - 1 (profit and loss is linear in it), log ln(p1/p0), or difference p1 - p0 (for prices that may be zero or negative).';
COMMENT ON COLUMN @book@.model.bar IS 'Width of a bar: months only, days only, or a time.';
COMMENT ON COLUMN @book@.model.time_zone IS 'Time zone in which days and months begin, and of timestamps without one.';
COMMENT ON COLUMN @book@.model.origin IS 'Instant from which bars are counted.';
COMMENT ON COLUMN @book@.model.lookback IS 'Bars with a return that an estimate is made of.';
COMMENT ON COLUMN @book@.model.minimum_observations IS 'Fewest returns for a volatility, fewest common ones for a pair, and fewest windows for value at risk.';
COMMENT ON COLUMN @book@.model.calendar_quorum IS 'Share of the assets alive that must have a price in a bar for it to be in the calendar.';
COMMENT ON COLUMN @book@.model.stale_after IS 'Bars without a price after which an asset is no longer alive, and its price stale. A price is stale, too, when it is older than twice as many bars (at least two) last.';
COMMENT ON COLUMN @book@.model.minimum_correlation IS 'Least absolute correlation of a pair that is shown.';
COMMENT ON COLUMN @book@.model.bars_per_year IS 'Bars in a year: annual volatility = volatility x sqrt(bars_per_year).';
COMMENT ON COLUMN @book@.model.horizon IS 'Bars that value at risk and expected shortfall look ahead.';
COMMENT ON COLUMN @book@.model.risk_level IS 'Level of value at risk and expected shortfall, as 0.99.';
COMMENT ON COLUMN @book@.model.confidence_level IS 'Confidence of the intervals around a correlation and around a portfolio''s net risk, as 0.95.';
COMMENT ON COLUMN @book@.model.pairs_kept IS 'Pairs of a portfolio that a refresh stores, those with the largest risk_offset first.';
COMMENT ON COLUMN @book@.model.retention IS 'Runs that are kept, with their snapshots; the latest by as_of is always kept.';
COMMENT ON COLUMN @book@.model.reread_bars IS 'Bars at the end that a refresh reads again, for prices that came late or were corrected.';
COMMENT ON COLUMN @book@.model.evidence IS 'Pairs that a refresh examines: none, kept (those in the snapshot of some portfolio, and those watched from before) or all.';
COMMENT ON COLUMN @book@.model.rolling_bars IS 'Returns of a pair in a rolling window: of rolling correlations and of hedging out of sample.';
COMMENT ON COLUMN @book@.model.minimum_effectiveness IS 'Share of the variance that a hedge must remove to be worth having; a pair not shown to reach it is weak.';
COMMENT ON COLUMN @book@.model.minimum_evidence IS 'Fewest common returns for a verdict; a pair with fewer is insufficient, as is one whose returns tell less than minimum_effective_evidence independent ones would.';
COMMENT ON COLUMN @book@.model.significance IS 'Largest adjusted p-value of reaching minimum_effectiveness, and largest p-value of hedging out of sample, of a reliable pair.';
COMMENT ON COLUMN @book@.model.break_significance IS 'Largest p-value of the test for a break that is called break_detected.';
COMMENT ON COLUMN @book@.model.minimum_break IS 'Smallest difference of the correlations before and after that is; a smaller one is, too, if it changes the risk that a hedge leaves, sqrt(1 - correlation^2), by about twice that share.';
COMMENT ON COLUMN @book@.model.spread_significance IS 'Largest p-value of the spread of rolling correlations that is called unstable.';
COMMENT ON COLUMN @book@.model.monitor_threshold IS 'Threshold of monitors that start from now on: larger means fewer false alarms and later ones. A baseline has 60 bars at least: nothing is watched where lookback - reread_bars is less.';
COMMENT ON COLUMN @book@.model.alarm_patience IS 'Bars for which a reliable pair must have been otherwise before that is an alarm. Verdicts of pairs near a threshold waver: docs/evidence.md tells how often that makes an alarm.';
COMMENT ON COLUMN @book@.model.minimum_effective_evidence IS 'Least effective_observations for a verdict: a pair whose returns tell less about its correlation than so many independent ones would is insufficient.';
COMMENT ON COLUMN @book@.model.risk_price IS 'What it is worth, in money and once, to have one unit of money less of risk of a day (a standard deviation per bar x sqrt(bars_per_year / 252)): with 0.2, a trade that costs 100 must take off 500. For hedge_recommendations.';
COMMENT ON COLUMN @book@.model.hedge_correlations IS 'Correlations that hedge_recommendations relies on: estimated, or conservative (the end of the robust interval that helps less).';
COMMENT ON COLUMN @book@.model.hedge_evidence IS 'Pairs that hedge_recommendations relies on: reliable (their verdict, the instrument taken for the hedge) or any.';
COMMENT ON COLUMN @book@.model.hedge_instruments IS 'Most instruments that it trades at once in one portfolio. NULL: as many as help.';
COMMENT ON COLUMN @book@.model.neutral_band IS 'What neutral_trades leaves net, as a share of the portfolio''s gross delta-equivalent notional: 0.05 trades nothing while 5 % or less are net, and to 5 % from beyond.';
COMMENT ON COLUMN @book@.model.jump_threshold IS 'Size from which the largest return of an asset is called a jump in data_quality, in robust standard deviations: a split that prices are not adjusted for, a wrong price, or news. docs/operations.md tells how often ordinary returns get there. Nothing is left out for it.';

INSERT INTO @book@.model (model) VALUES ('default');

-- section: tables before 0.2.0
ALTER TABLE @book@.instrument
	ADD COLUMN minimum_holding float8,
	ADD COLUMN maximum_holding float8,
	DROP CONSTRAINT carry_is_finite,
	ADD CONSTRAINT carry_is_below_1e50 CHECK (abs(carry) < 1e50),
	ADD CONSTRAINT minimum_holding_is_a_number CHECK (minimum_holding <> 'NaN'),
	ADD CONSTRAINT maximum_holding_is_a_number CHECK (maximum_holding <> 'NaN'),
	ADD CONSTRAINT minimum_holding_is_at_most_maximum_holding CHECK (minimum_holding <= maximum_holding);
COMMENT ON COLUMN @book@.instrument.minimum_holding IS 'Fewest contracts that hedge_recommendations may leave in a portfolio, negative for short (0: none sold short). What is held below it is not brought up, but never sold further. NULL: no bound.';
COMMENT ON COLUMN @book@.instrument.maximum_holding IS 'Most contracts that it may leave in a portfolio. What is held above it is not cut, but never bought further. NULL: no bound.';
ALTER TABLE @book@.model
	ADD COLUMN neutral_band float8 NOT NULL DEFAULT 0,
	ADD COLUMN jump_threshold float8 NOT NULL DEFAULT 12,
	ADD CONSTRAINT neutral_band_is_not_negative CHECK (neutral_band >= 0 AND neutral_band < 'infinity'),
	ADD CONSTRAINT jump_threshold_is_positive CHECK (jump_threshold > 0 AND jump_threshold < 'infinity');
COMMENT ON COLUMN @book@.model.neutral_band IS 'What neutral_trades leaves net, as a share of the portfolio''s gross delta-equivalent notional: 0.05 trades nothing while 5 % or less are net, and to 5 % from beyond.';
COMMENT ON COLUMN @book@.model.jump_threshold IS 'Size from which the largest return of an asset is called a jump in data_quality, in robust standard deviations: a split that prices are not adjusted for, a wrong price, or news. docs/operations.md tells how often ordinary returns get there. Nothing is left out for it.';
COMMENT ON COLUMN @book@.model.risk_price IS 'What it is worth, in money and once, to have one unit of money less of risk of a day (a standard deviation per bar x sqrt(bars_per_year / 252)): with 0.2, a trade that costs 100 must take off 500. For hedge_recommendations.';
COMMENT ON TABLE @book@.model IS 'Named settings of the book. Those that shape an estimate (prices to lookback, calendar_quorum, stale_after) take effect with the next refresh; those that the views read (minimum_observations of pairs, minimum_correlation, bars_per_year, horizon, risk_level, risk_price, hedge_*, neutral_band, and confidence_level for what is not evidence) at once; those of evidence and monitors (evidence, rolling_bars, minimum_effectiveness, and what follows them) with the next refresh.';
