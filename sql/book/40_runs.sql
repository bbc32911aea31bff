-- section: tables
-- What hedge.refresh writes: blocks of returns, runs, snapshots, its log.

CREATE TABLE @book@.return_block (
	block bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	first_bar timestamptz NOT NULL,
	last_bar timestamptz NOT NULL,
	bars timestamptz[] NOT NULL,
	bar_count integer NOT NULL GENERATED ALWAYS AS (cardinality(bars)) STORED,
	assets text[] NOT NULL,
	returns float8[] NOT NULL,
	last_price float8[] NOT NULL,
	last_price_time timestamptz[] NOT NULL,
	priced_bars integer[] NOT NULL,
	non_positive integer[] NOT NULL,
	not_finite integer[] NOT NULL,
	contradictory integer[] NOT NULL,
	gap_moves integer[] NOT NULL,
	largest_gap_move float8[] NOT NULL,
	largest_gap_bar timestamptz[] NOT NULL,
	opening_price float8[] NOT NULL,
	opening_bar timestamptz[] NOT NULL,
	closing_price float8[] NOT NULL,
	unchanged integer[] NOT NULL,
	frozen integer[] NOT NULL
);
CREATE INDEX return_block_model ON @book@.return_block (model);
ALTER TABLE @book@.return_block
	ALTER bars SET STORAGE EXTERNAL,
	ALTER assets SET STORAGE EXTERNAL,
	ALTER returns SET STORAGE EXTERNAL,
	ALTER last_price SET STORAGE EXTERNAL,
	ALTER last_price_time SET STORAGE EXTERNAL,
	ALTER closing_price SET STORAGE EXTERNAL;
COMMENT ON TABLE @book@.return_block IS 'Aligned returns of a span of bars. A block never changes: runs share the old ones, and a block that no run uses is deleted.';
COMMENT ON COLUMN @book@.return_block.block IS 'Number of the block.';
COMMENT ON COLUMN @book@.return_block.model IS 'Model whose settings made it.';
COMMENT ON COLUMN @book@.return_block.first_bar IS 'Start of its first bar.';
COMMENT ON COLUMN @book@.return_block.last_bar IS 'Start of its last bar.';
COMMENT ON COLUMN @book@.return_block.bars IS 'Starts of its bars, all of the calendar.';
COMMENT ON COLUMN @book@.return_block.bar_count IS 'How many they are.';
COMMENT ON COLUMN @book@.return_block.assets IS 'Assets read, in byte order.';
COMMENT ON COLUMN @book@.return_block.returns IS 'Returns [asset][bar]; NULL where there is none.';
COMMENT ON COLUMN @book@.return_block.last_price IS 'Per asset, last good price since the block before; NULL: none.';
COMMENT ON COLUMN @book@.return_block.last_price_time IS 'Per asset, instant of last_price.';
COMMENT ON COLUMN @book@.return_block.priced_bars IS 'Per asset, bars of the block with a good price.';
COMMENT ON COLUMN @book@.return_block.non_positive IS 'Per asset, prices left out because they are zero or negative, under simple and log returns.';
COMMENT ON COLUMN @book@.return_block.not_finite IS 'Per asset, prices left out because they are NaN or infinite or give such a return.';
COMMENT ON COLUMN @book@.return_block.contradictory IS 'Per asset, bars without a close because of two different prices at their last instant.';
COMMENT ON COLUMN @book@.return_block.gap_moves IS 'Per asset, closes in the block that follow a gap in the block: moves that are in no return.';
COMMENT ON COLUMN @book@.return_block.largest_gap_move IS 'Per asset, the largest of these moves in size, as a return of its kind; NULL: none.';
COMMENT ON COLUMN @book@.return_block.largest_gap_bar IS 'Per asset, start of the bar that largest_gap_move ends in.';
COMMENT ON COLUMN @book@.return_block.opening_price IS 'Per asset, the first close in the block, if no return leads to it; NULL: one does. From the closing_price before to this is a move over a gap, too.';
COMMENT ON COLUMN @book@.return_block.opening_bar IS 'Per asset, start of the bar of opening_price.';
COMMENT ON COLUMN @book@.return_block.closing_price IS 'Per asset, the last close on the calendar in the block; NULL: none.';
COMMENT ON COLUMN @book@.return_block.unchanged IS 'Per asset, closes that are the one of the bar before.';
COMMENT ON COLUMN @book@.return_block.frozen IS 'Per asset, those of them that at least stale_after others precede in one row.';

CREATE TABLE @book@.return_span (
	span bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	first_bar timestamptz NOT NULL,
	last_bar timestamptz NOT NULL,
	blocks bigint[] NOT NULL,
	matrix hedge.comoment_matrix NOT NULL,
	assets text[] NOT NULL,
	last_price float8[] NOT NULL,
	last_price_time timestamptz[] NOT NULL,
	priced_bars integer[] NOT NULL,
	non_positive integer[] NOT NULL,
	not_finite integer[] NOT NULL,
	contradictory integer[] NOT NULL,
	gap_moves integer[] NOT NULL,
	largest_gap_move float8[] NOT NULL,
	largest_gap_bar timestamptz[] NOT NULL,
	opening_price float8[] NOT NULL,
	opening_bar timestamptz[] NOT NULL,
	closing_price float8[] NOT NULL,
	unchanged integer[] NOT NULL,
	frozen integer[] NOT NULL,
	moves integer[],
	log_size float8[],
	largest_return float8[],
	largest_return_bar timestamptz[]
);
ALTER TABLE @book@.return_span
	ALTER assets SET STORAGE EXTERNAL,
	ALTER last_price SET STORAGE EXTERNAL,
	ALTER last_price_time SET STORAGE EXTERNAL,
	ALTER closing_price SET STORAGE EXTERNAL;
CREATE INDEX return_span_model ON @book@.return_span (model);
COMMENT ON TABLE @book@.return_span IS 'Sums over consecutive blocks of returns, made once and added up by every run whose window holds all of them. As blocks, a span never changes, and one that no run uses is deleted.';
COMMENT ON COLUMN @book@.return_span.span IS 'Number of the span.';
COMMENT ON COLUMN @book@.return_span.model IS 'Model of its blocks.';
COMMENT ON COLUMN @book@.return_span.first_bar IS 'Start of its first bar.';
COMMENT ON COLUMN @book@.return_span.last_bar IS 'Start of its last bar.';
COMMENT ON COLUMN @book@.return_span.blocks IS 'Its blocks in time order.';
COMMENT ON COLUMN @book@.return_span.matrix IS 'Co-moments of the returns of every pair of assets in these blocks.';
COMMENT ON COLUMN @book@.return_span.assets IS 'Assets of these blocks, in byte order.';
COMMENT ON COLUMN @book@.return_span.last_price IS 'Per asset, last good price in these blocks; NULL: none.';
COMMENT ON COLUMN @book@.return_span.last_price_time IS 'Per asset, instant of last_price.';
COMMENT ON COLUMN @book@.return_span.priced_bars IS 'Per asset, bars of these blocks with a good price.';
COMMENT ON COLUMN @book@.return_span.non_positive IS 'Per asset, prices left out because they are zero or negative, under simple and log returns.';
COMMENT ON COLUMN @book@.return_span.not_finite IS 'Per asset, prices left out because they are NaN or infinite or give such a return.';
COMMENT ON COLUMN @book@.return_span.contradictory IS 'Per asset, bars without a close because of two different prices at their last instant.';
COMMENT ON COLUMN @book@.return_span.gap_moves IS 'Per asset, closes in these blocks that follow a gap in these blocks: moves that are in no return.';
COMMENT ON COLUMN @book@.return_span.largest_gap_move IS 'Per asset, the largest of these moves in size, as a return of its kind; NULL: none.';
COMMENT ON COLUMN @book@.return_span.largest_gap_bar IS 'Per asset, start of the bar that largest_gap_move ends in.';
COMMENT ON COLUMN @book@.return_span.opening_price IS 'Per asset, the first close in these blocks, if no return leads to it; NULL: one does. From the closing_price before to this is a move over a gap, too.';
COMMENT ON COLUMN @book@.return_span.opening_bar IS 'Per asset, start of the bar of opening_price.';
COMMENT ON COLUMN @book@.return_span.closing_price IS 'Per asset, the last close on the calendar in these blocks; NULL: none.';
COMMENT ON COLUMN @book@.return_span.unchanged IS 'Per asset, closes that are the one of the bar before.';
COMMENT ON COLUMN @book@.return_span.frozen IS 'Per asset, those of them that at least stale_after others precede in one row.';
COMMENT ON COLUMN @book@.return_span.moves IS 'Per asset, returns above 1e-12 in size. NULL, as the columns after it: made by a version that did not look.';
COMMENT ON COLUMN @book@.return_span.log_size IS 'Per asset, sum of the logarithms of their sizes.';
COMMENT ON COLUMN @book@.return_span.largest_return IS 'Per asset, the largest return in size, the first of equal ones; NULL: none.';
COMMENT ON COLUMN @book@.return_span.largest_return_bar IS 'Per asset, start of its bar.';

CREATE TABLE @book@.model_run (
	run bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL REFERENCES @book@.model ON UPDATE CASCADE ON DELETE CASCADE,
	as_of timestamptz NOT NULL,
	window_start timestamptz NOT NULL,
	window_end timestamptz NOT NULL,
	bars integer NOT NULL,
	assets integer NOT NULL,
	matrix hedge.comoment_matrix NOT NULL,
	psd_matrix hedge.comoment_matrix,
	repaired boolean NOT NULL,
	smallest_eigenvalue float8,
	blocks bigint[] NOT NULL,
	spans bigint[] NOT NULL,
	counted_bars integer NOT NULL,
	trailing_bars timestamptz[] NOT NULL,
	history_start timestamptz,
	settings jsonb NOT NULL,
	recorded_until timestamptz,
	returns_key text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	pghedge_version text NOT NULL
);
CREATE INDEX model_run_latest ON @book@.model_run (model, as_of DESC, run DESC);
COMMENT ON TABLE @book@.model_run IS 'Runs: one estimate of a model at one time, never changed.';
COMMENT ON COLUMN @book@.model_run.run IS 'Number of the run, in the order they were made.';
COMMENT ON COLUMN @book@.model_run.model IS 'The model.';
COMMENT ON COLUMN @book@.model_run.as_of IS 'Prices after this instant were not read.';
COMMENT ON COLUMN @book@.model_run.window_start IS 'Start of the first bar of the estimate.';
COMMENT ON COLUMN @book@.model_run.window_end IS 'Start of the last bar of the estimate.';
COMMENT ON COLUMN @book@.model_run.bars IS 'Bars of the estimate; fewer than lookback where history is short.';
COMMENT ON COLUMN @book@.model_run.assets IS 'Assets in the matrix.';
COMMENT ON COLUMN @book@.model_run.matrix IS 'Co-moments of the returns of every pair of assets.';
COMMENT ON COLUMN @book@.model_run.psd_matrix IS 'The matrix with the nearest positive semi-definite correlations, where the pairwise ones are not. NULL: no need of repair.';
COMMENT ON COLUMN @book@.model_run.repaired IS 'True: psd_matrix had to be made.';
COMMENT ON COLUMN @book@.model_run.smallest_eigenvalue IS 'Smallest eigenvalue of the correlations, undefined ones as 0. NULL: not looked for, since without a missing return it cannot be negative.';
COMMENT ON COLUMN @book@.model_run.blocks IS 'Blocks of returns in time order: those of the window, and some before it that the next refresh needs.';
COMMENT ON COLUMN @book@.model_run.spans IS 'Spans of these blocks that the matrix was added up from, in time order; the other blocks of the window were summed for this run.';
COMMENT ON COLUMN @book@.model_run.counted_bars IS 'Bars of all blocks that reach into the window: what priced bars and bad prices are counted over.';
COMMENT ON COLUMN @book@.model_run.trailing_bars IS 'Starts of the bars after window_end that have prices but are not in the calendar: fewer than calendar_quorum of the assets alive have one there. They make no returns; last prices are taken from them.';
COMMENT ON COLUMN @book@.model_run.history_start IS 'Instant of the earliest price there was, where blocks begin there and are fewer than the model asks for: the next refresh reads all again if an older one has come. NULL: there was more than it asks for.';
COMMENT ON COLUMN @book@.model_run.settings IS 'The row of model as it was used.';
COMMENT ON COLUMN @book@.model_run.recorded_until IS 'Prices recorded after this instant were not read. NULL: the relation has no column recorded_at.';
COMMENT ON COLUMN @book@.model_run.returns_key IS 'Digest of all settings that shape returns. A run takes blocks of the one made before it if this is the same and that one''s as_of not later.';
COMMENT ON COLUMN @book@.model_run.created_at IS 'When the run was made.';
COMMENT ON COLUMN @book@.model_run.pghedge_version IS 'Version of pghedge that made it.';

CREATE TABLE @book@.run_asset (
	run bigint REFERENCES @book@.model_run ON DELETE CASCADE,
	asset text,
	return_kind text NOT NULL,
	price float8,
	price_time timestamptz,
	volatility float8,
	observations integer NOT NULL,
	missing_returns integer NOT NULL,
	priced_bars integer NOT NULL,
	non_positive integer NOT NULL,
	not_finite integer NOT NULL,
	contradictory integer NOT NULL,
	stale_bars integer,
	stale boolean,
	note text,
	gap_moves integer NOT NULL,
	largest_gap_move float8,
	largest_gap_bar timestamptz,
	unchanged integer NOT NULL,
	frozen integer NOT NULL,
	largest_return float8,
	largest_return_bar timestamptz,
	largest_return_size float8,
	jump text,
	PRIMARY KEY (run, asset),
	CONSTRAINT jump_is_open_stays_undone_or_undoes CHECK (jump IN ('open', 'stays', 'undone', 'undoes'))
);
COMMENT ON TABLE @book@.run_asset IS 'What a run found out about each asset.';
COMMENT ON COLUMN @book@.run_asset.run IS 'The run.';
COMMENT ON COLUMN @book@.run_asset.asset IS 'The asset.';
COMMENT ON COLUMN @book@.run_asset.return_kind IS 'Kind of its returns in this run: simple, log or difference.';
COMMENT ON COLUMN @book@.run_asset.price IS 'Last good price up to as_of, on the calendar or not, in the instrument''s currency. NULL: none.';
COMMENT ON COLUMN @book@.run_asset.price_time IS 'Instant of price.';
COMMENT ON COLUMN @book@.run_asset.volatility IS 'Standard deviation of its returns, per bar. NULL with fewer than minimum_observations, or above 1e50.';
COMMENT ON COLUMN @book@.run_asset.observations IS 'Returns in the window.';
COMMENT ON COLUMN @book@.run_asset.missing_returns IS 'Bars of the window without a return.';
COMMENT ON COLUMN @book@.run_asset.priced_bars IS 'Bars with a good price, of the run''s counted_bars.';
COMMENT ON COLUMN @book@.run_asset.non_positive IS 'Prices left out because they are zero or negative.';
COMMENT ON COLUMN @book@.run_asset.not_finite IS 'Prices left out because they are NaN or infinite or give such a return.';
COMMENT ON COLUMN @book@.run_asset.contradictory IS 'Bars without a close because of two different prices at their last instant.';
COMMENT ON COLUMN @book@.run_asset.stale_bars IS 'Bars since price_time in which some asset has a price; of those not in the calendar only the newest, after the last stale_after + 2 bars of the calendar began. NULL without a price.';
COMMENT ON COLUMN @book@.run_asset.stale IS 'True: stale_bars is more than the model''s stale_after, or price_time longer before as_of than 2 x stale_after bars (at least 2) last. NULL without a price.';
COMMENT ON COLUMN @book@.run_asset.note IS 'Why there is no volatility. NULL: there is one.';
COMMENT ON COLUMN @book@.run_asset.gap_moves IS 'Closes after a gap, in the run''s counted_bars: the move over it is in no return.';
COMMENT ON COLUMN @book@.run_asset.largest_gap_move IS 'The largest of these moves in size, as a return of its kind. NULL: none.';
COMMENT ON COLUMN @book@.run_asset.largest_gap_bar IS 'Start of the bar it ends in.';
COMMENT ON COLUMN @book@.run_asset.unchanged IS 'Closes, in the run''s counted_bars, that are the one of the bar before.';
COMMENT ON COLUMN @book@.run_asset.frozen IS 'Those of them that at least stale_after others precede in one row.';
COMMENT ON COLUMN @book@.run_asset.largest_return IS 'The largest return in size, in the window. NULL: none.';
COMMENT ON COLUMN @book@.run_asset.largest_return_bar IS 'Start of its bar.';
COMMENT ON COLUMN @book@.run_asset.largest_return_size IS 'Its size in robust standard deviations: geometric means of the sizes of the returns that are not 0 (above 1e-12), times 1.89, which is the standard deviation where returns are normal. NULL with fewer than 20 such returns.';
COMMENT ON COLUMN @book@.run_asset.jump IS 'What came of it, where largest_return_size is more than the model''s jump_threshold: undone (the next bar takes two thirds of it back, or more), undoes (it does so to the bar before), stays (neither), open (no return follows it). NULL: no jump.';

CREATE TABLE @book@.offset_snapshot (
	run bigint NOT NULL,
	portfolio text,
	pair_rank integer NOT NULL,
	asset_a text NOT NULL,
	asset_b text NOT NULL,
	side_a text NOT NULL,
	side_b text NOT NULL,
	quantity_a float8,
	quantity_b float8,
	exposure_a float8 NOT NULL,
	exposure_b float8 NOT NULL,
	correlation float8 NOT NULL,
	correlation_low float8,
	correlation_high float8,
	observations integer NOT NULL,
	volatility_a float8 NOT NULL,
	volatility_b float8 NOT NULL,
	volatility_a_annual float8,
	volatility_b_annual float8,
	hedge_ratio float8,
	actual_ratio float8,
	target_exposure_b float8,
	trade_b float8,
	trade_b_contracts float8,
	gross_risk float8 NOT NULL,
	uncorrelated_risk float8 NOT NULL,
	net_risk float8 NOT NULL,
	diversification float8 NOT NULL,
	risk_offset float8 NOT NULL,
	risk_offset_share float8,
	residual_risk float8,
	price_time timestamptz,
	UNIQUE (run, portfolio, pair_rank)
);
ALTER TABLE @book@.offset_snapshot REPLICA IDENTITY FULL;
COMMENT ON TABLE @book@.offset_snapshot IS 'Offsetting pairs of each portfolio as a refresh found them, for as many runs as the model''s retention says. Row-level security on the positions does not reach these rows: give this table policies of its own.';
COMMENT ON COLUMN @book@.offset_snapshot.run IS 'The run. No foreign key, which would cost more than the rows; rows of no run are deleted by the next refresh.';
COMMENT ON COLUMN @book@.offset_snapshot.pair_rank IS '1 for the pair of the portfolio with the largest risk_offset.';

CREATE TABLE @book@.refresh_log (
	entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	model text NOT NULL,
	action text NOT NULL,
	as_of timestamptz,
	status text NOT NULL,
	started_at timestamptz NOT NULL,
	finished_at timestamptz,
	run bigint,
	blocks_read integer,
	blocks_reused integer,
	pairs_stored integer,
	prices_refused integer,
	error_code text,
	error text,
	started_by text NOT NULL DEFAULT current_user,
	backend_pid integer NOT NULL DEFAULT pg_backend_pid(),
	phase text,
	phase_started_at timestamptz,
	CONSTRAINT action_is_refresh_or_rebuild CHECK (action IN ('refresh', 'rebuild')),
	CONSTRAINT status_is_running_done_failed_or_interrupted CHECK (status IN ('running', 'done', 'failed', 'interrupted'))
);
CREATE INDEX refresh_log_model ON @book@.refresh_log (model, entry DESC);
COMMENT ON TABLE @book@.refresh_log IS 'Refreshes: a row is committed when one starts, and again when it ends.';
COMMENT ON COLUMN @book@.refresh_log.entry IS 'Number of the row.';
COMMENT ON COLUMN @book@.refresh_log.model IS 'The model.';
COMMENT ON COLUMN @book@.refresh_log.action IS 'refresh or rebuild.';
COMMENT ON COLUMN @book@.refresh_log.as_of IS 'The as_of that was asked for. NULL: the time of the refresh.';
COMMENT ON COLUMN @book@.refresh_log.status IS 'running, done, failed or interrupted: its session ended before it could say more, or it was cancelled between two of its transactions. The next refresh of the model writes that down; model_health knows it at once.';
COMMENT ON COLUMN @book@.refresh_log.started_at IS 'When it started.';
COMMENT ON COLUMN @book@.refresh_log.finished_at IS 'When it ended. NULL: it has not, or was interrupted.';
COMMENT ON COLUMN @book@.refresh_log.run IS 'The run it made. NULL: none.';
COMMENT ON COLUMN @book@.refresh_log.blocks_read IS 'Blocks of returns made from prices.';
COMMENT ON COLUMN @book@.refresh_log.blocks_reused IS 'Blocks of returns taken from the run before.';
COMMENT ON COLUMN @book@.refresh_log.pairs_stored IS 'Rows written to offset_snapshot.';
COMMENT ON COLUMN @book@.refresh_log.prices_refused IS 'Bad prices in the blocks of the window, over all assets.';
COMMENT ON COLUMN @book@.refresh_log.error_code IS 'SQLSTATE of the failure. NULL: none.';
COMMENT ON COLUMN @book@.refresh_log.error IS 'Message of the failure. NULL: none.';
COMMENT ON COLUMN @book@.refresh_log.started_by IS 'Role that started it.';
COMMENT ON COLUMN @book@.refresh_log.backend_pid IS 'Its server process.';
COMMENT ON COLUMN @book@.refresh_log.phase IS 'reading prices, then estimating, then done, each committed when it begins; of a failed one the phase that failed: reading prices, estimating, offsets, evidence or finishing. (What comes after reading prices is one transaction; while that runs model_health tells its phases apart.)';
COMMENT ON COLUMN @book@.refresh_log.phase_started_at IS 'When it began. NULL: of a phase that failed after estimating.';
-- section: tables since 0.2.0

CREATE TABLE @book@.ended_asset (
	run bigint REFERENCES @book@.model_run ON DELETE CASCADE,
	asset text,
	last_price_time timestamptz NOT NULL,
	PRIMARY KEY (run, asset)
);
COMMENT ON TABLE @book@.ended_asset IS 'Assets that were held, or named in instrument, at a run, and had prices once, but none in the bars that the run keeps: so they are not in run_asset. Row-level security on the positions does not reach it: see hedge.restrict_book.';
COMMENT ON COLUMN @book@.ended_asset.run IS 'The run.';
COMMENT ON COLUMN @book@.ended_asset.asset IS 'The asset.';
COMMENT ON COLUMN @book@.ended_asset.last_price_time IS 'Instant of its last price up to as_of, good or not.';
-- section: tables before 0.2.0

ALTER TABLE @book@.return_span
	ADD COLUMN moves integer[],
	ADD COLUMN log_size float8[],
	ADD COLUMN largest_return float8[],
	ADD COLUMN largest_return_bar timestamptz[];
COMMENT ON COLUMN @book@.return_span.moves IS 'Per asset, returns above 1e-12 in size. NULL, as the columns after it: made by a version that did not look.';
COMMENT ON COLUMN @book@.return_span.log_size IS 'Per asset, sum of the logarithms of their sizes.';
COMMENT ON COLUMN @book@.return_span.largest_return IS 'Per asset, the largest return in size, the first of equal ones; NULL: none.';
COMMENT ON COLUMN @book@.return_span.largest_return_bar IS 'Per asset, start of its bar.';

ALTER TABLE @book@.run_asset
	ADD COLUMN largest_return float8,
	ADD COLUMN largest_return_bar timestamptz,
	ADD COLUMN largest_return_size float8,
	ADD COLUMN jump text,
	ADD CONSTRAINT jump_is_open_stays_undone_or_undoes CHECK (jump IN ('open', 'stays', 'undone', 'undoes'));
COMMENT ON COLUMN @book@.run_asset.largest_return IS 'The largest return in size, in the window. NULL: none.';
COMMENT ON COLUMN @book@.run_asset.largest_return_bar IS 'Start of its bar.';
COMMENT ON COLUMN @book@.run_asset.largest_return_size IS 'Its size in robust standard deviations: geometric means of the sizes of the returns that are not 0 (above 1e-12), times 1.89, which is the standard deviation where returns are normal. NULL with fewer than 20 such returns.';
COMMENT ON COLUMN @book@.run_asset.jump IS 'What came of it, where largest_return_size is more than the model''s jump_threshold: undone (the next bar takes two thirds of it back, or more), undoes (it does so to the bar before), stays (neither), open (no return follows it). NULL: no jump.';
