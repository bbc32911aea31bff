-- Books in use, as version 0.1.0 made them (test/upgrade/in_use.sql). Never changed.
-- The extension, and roles upgrade_owner and upgrade_reader, are there before.

CREATE SCHEMA desk;

ALTER SCHEMA desk OWNER TO upgrade_owner;

COMMENT ON SCHEMA desk IS 'Book of pghedge: put prices and positions in, CALL hedge.refresh, read the views.';

CREATE SCHEMA macro;

ALTER SCHEMA macro OWNER TO upgrade_owner;

COMMENT ON SCHEMA macro IS 'Book of pghedge: put prices and positions in, CALL hedge.refresh, read the views.';

CREATE SCHEMA market;

ALTER SCHEMA market OWNER TO upgrade_owner;

CREATE TABLE desk."position" (
    portfolio text NOT NULL,
    asset text NOT NULL,
    quantity double precision NOT NULL,
    delta double precision DEFAULT 1 NOT NULL,
    CONSTRAINT delta_is_finite CHECK (((delta > '-Infinity'::double precision) AND (delta < 'Infinity'::double precision))),
    CONSTRAINT quantity_is_finite CHECK (((quantity > '-Infinity'::double precision) AND (quantity < 'Infinity'::double precision)))
);

ALTER TABLE ONLY desk."position" REPLICA IDENTITY FULL;

ALTER TABLE desk."position" OWNER TO upgrade_owner;

COMMENT ON TABLE desk."position" IS 'What is held now. Several rows of one asset in a portfolio are summed.';

COMMENT ON COLUMN desk."position".portfolio IS 'Who holds it.';

COMMENT ON COLUMN desk."position".asset IS 'What is held.';

COMMENT ON COLUMN desk."position".quantity IS 'Contracts held; negative when short. Above 1e50 there is no exposure.';

COMMENT ON COLUMN desk."position".delta IS 'Change of the position''s value per change of the asset''s: 1 for the asset itself and its futures, an option''s delta for options.';

CREATE VIEW desk._position WITH (security_invoker='true') AS
 SELECT p.portfolio,
    p.asset,
        CASE
            WHEN (abs(p.quantity) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision) THEN p.quantity
            ELSE NULL::double precision
        END AS quantity,
        CASE
            WHEN (((abs(p.quantity) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) AND (abs(p.delta) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)) OR ((abs(p.delta) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) AND (abs(p.quantity) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision))) THEN (0)::double precision
            WHEN ((abs(p.quantity) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision) AND (abs(p.delta) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)) THEN (p.quantity * p.delta)
            WHEN ((abs(p.quantity) <= 'Infinity'::double precision) AND (abs(p.delta) <= 'Infinity'::double precision)) THEN 'Infinity'::double precision
            ELSE 'NaN'::double precision
        END AS delta_quantity
   FROM desk."position" p;

ALTER TABLE desk._position OWNER TO upgrade_owner;

COMMENT ON VIEW desk._position IS 'Positions with numbers that can be reckoned with: quantity x delta of magnitudes up to 1e50, so that no product made of them leaves the range of numbers; 0 where one is below 1e-100, infinite where one is above 1e50, NaN where one is no number or NULL. A step of exposure.';

CREATE VIEW desk._holding WITH (security_invoker='true') AS
 SELECT p.portfolio,
    hedge._holdings(p.asset, p.quantity, p.delta_quantity) AS holdings
   FROM desk._position p
  GROUP BY p.portfolio;

ALTER TABLE desk._holding OWNER TO upgrade_owner;

COMMENT ON VIEW desk._holding IS 'Portfolio: what it holds, as hedge._exposures and hedge._leg_pairs take it. The step from positions to all other views.';

CREATE TABLE desk.book (
    base_currency text NOT NULL,
    prices text,
    positions text,
    version text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT base_currency_is_not_empty CHECK ((base_currency <> ''::text))
);

ALTER TABLE ONLY desk.book REPLICA IDENTITY FULL;

ALTER TABLE desk.book OWNER TO upgrade_owner;

COMMENT ON TABLE desk.book IS 'The book as a whole: one row.';

COMMENT ON COLUMN desk.book.base_currency IS 'Currency of every exposure, notional and risk of the book.';

COMMENT ON COLUMN desk.book.prices IS 'Relation the models read prices from, schema-qualified. NULL: table price of this book.';

COMMENT ON COLUMN desk.book.positions IS 'Relation the views read positions from, schema-qualified; hedge.upgrade_book makes the views follow a change. NULL: table position of this book.';

COMMENT ON COLUMN desk.book.version IS 'Version of pghedge that made these views.';

COMMENT ON COLUMN desk.book.created_at IS 'When the book was made.';

CREATE TABLE desk.instrument (
    asset text NOT NULL,
    currency text,
    contract_kind text DEFAULT 'linear'::text NOT NULL,
    contract_size double precision DEFAULT 1 NOT NULL,
    lot_size double precision DEFAULT 1 NOT NULL,
    fx_asset text,
    funded boolean DEFAULT false NOT NULL,
    benchmark text,
    bucket text,
    carry double precision,
    cost double precision,
    cost_per_lot double precision,
    return_kind text,
    tradable boolean DEFAULT false NOT NULL,
    CONSTRAINT carry_is_finite CHECK (((carry > '-Infinity'::double precision) AND (carry < 'Infinity'::double precision))),
    CONSTRAINT contract_kind_is_linear_or_inverse CHECK ((contract_kind = ANY (ARRAY['linear'::text, 'inverse'::text]))),
    CONSTRAINT contract_size_is_below_1e50 CHECK ((contract_size < ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)),
    CONSTRAINT contract_size_is_positive CHECK ((contract_size > (0)::double precision)),
    CONSTRAINT cost_is_not_negative CHECK (((cost >= (0)::double precision) AND (cost < 'Infinity'::double precision))),
    CONSTRAINT cost_per_lot_is_not_negative CHECK (((cost_per_lot >= (0)::double precision) AND (cost_per_lot < 'Infinity'::double precision))),
    CONSTRAINT fx_asset_is_another_asset CHECK ((fx_asset <> asset)),
    CONSTRAINT lot_size_is_positive CHECK (((lot_size > (0)::double precision) AND (lot_size < 'Infinity'::double precision))),
    CONSTRAINT return_kind_is_simple_log_or_difference CHECK ((return_kind = ANY (ARRAY['simple'::text, 'log'::text, 'difference'::text])))
);

ALTER TABLE desk.instrument OWNER TO upgrade_owner;

COMMENT ON TABLE desk.instrument IS 'What is known of an asset. An asset without a row is a linear contract of size 1 in the base currency.';

COMMENT ON COLUMN desk.instrument.asset IS 'The asset, as in the prices and positions.';

COMMENT ON COLUMN desk.instrument.currency IS 'Currency of a linear contract''s price, or of an inverse contract''s size. NULL: the base currency.';

COMMENT ON COLUMN desk.instrument.contract_kind IS 'linear: worth quantity x contract_size x price. inverse: settled in the asset itself (coin), its size is already money: quantity x contract_size.';

COMMENT ON COLUMN desk.instrument.contract_size IS 'Size of one contract: units of the asset (linear), or money in the currency (inverse).';

COMMENT ON COLUMN desk.instrument.lot_size IS 'Contracts that one trade is a whole multiple of.';

COMMENT ON COLUMN desk.instrument.fx_asset IS 'Asset whose price is the base currency per unit of this currency: in USD, for JPY, some 0.007 and not 150. A refresh tells of a name that says otherwise (USDJPY). Without it nothing in a foreign currency has an exposure.';

COMMENT ON COLUMN desk.instrument.funded IS 'True: paid for in full, so a holding in a foreign currency makes an exposure in fx_asset, too. False: margined (futures, swaps), which does not. What is in the currency then is quantity x delta x the value of a contract: of an option, set down as its underlying with a delta, not its premium but that of the shares it stands for; book the difference as a position in fx_asset, or leave funded false and book the premium there.';

COMMENT ON COLUMN desk.instrument.benchmark IS 'Asset that beta is measured against. NULL: none.';

COMMENT ON COLUMN desk.instrument.bucket IS 'Group of assets, as risk reports name them. NULL: none.';

COMMENT ON COLUMN desk.instrument.carry IS 'Yearly income of holding it, as a share of its notional; negative where holding costs. NULL: unknown.';

COMMENT ON COLUMN desk.instrument.cost IS 'Cost of trading it, as a share of the notional traded (0.0005: five basis points). NULL: unknown.';

COMMENT ON COLUMN desk.instrument.cost_per_lot IS 'Cost of trading one lot, in the base currency, on top of cost. NULL: unknown.';

COMMENT ON COLUMN desk.instrument.return_kind IS 'Return kind of this asset where it differs from its model''s (difference for prices that may be zero or negative). NULL: the model''s.';

COMMENT ON COLUMN desk.instrument.tradable IS 'True: hedge_recommendations may trade it in every portfolio, whether held or not. Where no instrument of the book is, it trades what a portfolio holds against something larger.';

CREATE TABLE desk.run_asset (
    run bigint NOT NULL,
    asset text NOT NULL,
    return_kind text NOT NULL,
    price double precision,
    price_time timestamp with time zone,
    volatility double precision,
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
    largest_gap_move double precision,
    largest_gap_bar timestamp with time zone,
    unchanged integer NOT NULL,
    frozen integer NOT NULL
);

ALTER TABLE desk.run_asset OWNER TO upgrade_owner;

COMMENT ON TABLE desk.run_asset IS 'What a run found out about each asset.';

COMMENT ON COLUMN desk.run_asset.run IS 'The run.';

COMMENT ON COLUMN desk.run_asset.asset IS 'The asset.';

COMMENT ON COLUMN desk.run_asset.return_kind IS 'Kind of its returns in this run: simple, log or difference.';

COMMENT ON COLUMN desk.run_asset.price IS 'Last good price up to as_of, on the calendar or not, in the instrument''s currency. NULL: none.';

COMMENT ON COLUMN desk.run_asset.price_time IS 'Instant of price.';

COMMENT ON COLUMN desk.run_asset.volatility IS 'Standard deviation of its returns, per bar. NULL with fewer than minimum_observations, or above 1e50.';

COMMENT ON COLUMN desk.run_asset.observations IS 'Returns in the window.';

COMMENT ON COLUMN desk.run_asset.missing_returns IS 'Bars of the window without a return.';

COMMENT ON COLUMN desk.run_asset.priced_bars IS 'Bars with a good price, of the run''s counted_bars.';

COMMENT ON COLUMN desk.run_asset.non_positive IS 'Prices left out because they are zero or negative.';

COMMENT ON COLUMN desk.run_asset.not_finite IS 'Prices left out because they are NaN or infinite or give such a return.';

COMMENT ON COLUMN desk.run_asset.contradictory IS 'Bars without a close because of two different prices at their last instant.';

COMMENT ON COLUMN desk.run_asset.stale_bars IS 'Bars since price_time in which some asset has a price; of those not in the calendar only the newest, after the last stale_after + 2 bars of the calendar began. NULL without a price.';

COMMENT ON COLUMN desk.run_asset.stale IS 'True: stale_bars is more than the model''s stale_after, or price_time longer before as_of than 2 x stale_after bars (at least 2) last. NULL without a price.';

COMMENT ON COLUMN desk.run_asset.note IS 'Why there is no volatility. NULL: there is one.';

COMMENT ON COLUMN desk.run_asset.gap_moves IS 'Closes after a gap, in the run''s counted_bars: the move over it is in no return.';

COMMENT ON COLUMN desk.run_asset.largest_gap_move IS 'The largest of these moves in size, as a return of its kind. NULL: none.';

COMMENT ON COLUMN desk.run_asset.largest_gap_bar IS 'Start of the bar it ends in.';

COMMENT ON COLUMN desk.run_asset.unchanged IS 'Closes, in the run''s counted_bars, that are the one of the bar before.';

COMMENT ON COLUMN desk.run_asset.frozen IS 'Those of them that at least stale_after others precede in one row.';

CREATE VIEW desk._unit WITH (security_invoker='true') AS
 SELECT a.run,
    a.asset,
    a.return_kind,
    a.price,
    a.price_time,
    (a.stale OR (f.foreign_currency AND x.stale)) AS stale,
    a.volatility,
    a.observations,
    concat_ws('; '::text,
        CASE
            WHEN a.stale THEN 'stale price'::text
            ELSE NULL::text
        END,
        CASE
            WHEN (f.foreign_currency AND x.stale) THEN ('stale price of fx_asset '::text || i.fx_asset)
            ELSE NULL::text
        END, a.note) AS note,
    COALESCE(i.currency, b.base_currency) AS currency,
    f.fx,
        CASE
            WHEN (abs(n.unit_notional) <= ('10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision) THEN n.unit_notional
            ELSE NULL::double precision
        END AS unit_notional,
        CASE
            WHEN (abs(e.unit_exposure) <= ('10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision) THEN e.unit_exposure
            ELSE NULL::double precision
        END AS unit_exposure,
        CASE
            WHEN (f.foreign_currency AND i.funded) THEN i.fx_asset
            ELSE NULL::text
        END AS funding_asset,
        CASE
            WHEN (t.volatility IS NOT NULL) THEN i.benchmark
            ELSE NULL::text
        END AS benchmark,
        CASE
            WHEN (t.return_kind = 'difference'::text) THEN t.price
            ELSE (1)::double precision
        END AS benchmark_scale,
    i.bucket,
        CASE
            WHEN (a.price IS NULL) THEN 'no price'::text
            WHEN (f.foreign_currency AND (i.fx_asset IS NULL)) THEN (('currency '::text || i.currency) || ' has no fx_asset'::text)
            WHEN (f.fx IS NULL) THEN ('no price of fx_asset '::text || i.fx_asset)
            WHEN (e.unit_exposure IS NULL) THEN 'inverse contract at price 0'::text
            WHEN ((abs(n.unit_notional) > ('10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision) OR (abs(e.unit_exposure) > ('10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision)) THEN 'value of a contract is out of range'::text
            ELSE NULL::text
        END AS problem,
    (COALESCE(i.contract_kind, 'linear'::text) ||
        CASE
            WHEN (a.return_kind = 'difference'::text) THEN ', per unit of price'::text
            ELSE ''::text
        END) AS basis,
        CASE
            WHEN (a.return_kind <> 'difference'::text) THEN (1)::double precision
            WHEN (abs(a.price) >= (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN a.price
            ELSE NULL::double precision
        END AS funding_divisor
   FROM (((((((desk.run_asset a
     CROSS JOIN desk.book b)
     LEFT JOIN desk.instrument i ON ((i.asset = a.asset)))
     LEFT JOIN desk.run_asset x ON (((x.run = a.run) AND (x.asset = i.fx_asset))))
     LEFT JOIN desk.run_asset t ON (((t.run = a.run) AND (t.asset = i.benchmark))))
     CROSS JOIN LATERAL ( SELECT COALESCE((i.currency <> b.base_currency), false) AS foreign_currency,
                CASE
                    WHEN COALESCE((i.currency <> b.base_currency), false) THEN x.price
                    ELSE (1)::double precision
                END AS fx) f)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (a.price IS NULL) THEN NULL::double precision
                    WHEN ((LEAST(i.contract_size, abs(f.fx)) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) OR ((i.contract_kind IS DISTINCT FROM 'inverse'::text) AND (abs(a.price) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision))) THEN ((0)::double precision * f.fx)
                    WHEN (i.contract_kind = 'inverse'::text) THEN (i.contract_size * f.fx)
                    ELSE ((COALESCE(i.contract_size, (1)::double precision) * a.price) * f.fx)
                END AS unit_notional) n)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN ((a.return_kind <> 'difference'::text) OR (a.price IS NULL)) THEN n.unit_notional
                    WHEN (LEAST(i.contract_size, abs(f.fx)) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN ((0)::double precision * f.fx)
                    WHEN ((i.contract_kind <> 'inverse'::text) OR (i.asset IS NULL)) THEN (COALESCE(i.contract_size, (1)::double precision) * f.fx)
                    WHEN (abs(a.price) >= (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN (n.unit_notional / a.price)
                    ELSE NULL::double precision
                END AS unit_exposure) e);

ALTER TABLE desk._unit OWNER TO upgrade_owner;

COMMENT ON VIEW desk._unit IS 'Run and asset: what one contract of delta 1 is worth and exposes to, in the base currency. A step of exposure.';

CREATE TABLE desk.model (
    model text NOT NULL,
    prices text,
    return_kind text DEFAULT 'simple'::text NOT NULL,
    bar interval DEFAULT '1 day'::interval NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    origin timestamp with time zone DEFAULT '2000-01-03 00:00:00+00'::timestamp with time zone NOT NULL,
    lookback integer DEFAULT 250 NOT NULL,
    minimum_observations integer DEFAULT 60 NOT NULL,
    calendar_quorum double precision DEFAULT 0.9 NOT NULL,
    stale_after integer DEFAULT 10 NOT NULL,
    minimum_correlation double precision DEFAULT 0.3 NOT NULL,
    bars_per_year double precision DEFAULT 252 NOT NULL,
    horizon integer DEFAULT 1 NOT NULL,
    risk_level double precision DEFAULT 0.99 NOT NULL,
    confidence_level double precision DEFAULT 0.95 NOT NULL,
    pairs_kept integer DEFAULT 100 NOT NULL,
    retention integer DEFAULT 30 NOT NULL,
    reread_bars integer DEFAULT 5 NOT NULL,
    evidence text DEFAULT 'kept'::text NOT NULL,
    rolling_bars integer DEFAULT 60 NOT NULL,
    minimum_effectiveness double precision DEFAULT 0.1 NOT NULL,
    minimum_evidence integer DEFAULT 100 NOT NULL,
    significance double precision DEFAULT 0.05 NOT NULL,
    break_significance double precision DEFAULT 0.01 NOT NULL,
    minimum_break double precision DEFAULT 0.1 NOT NULL,
    spread_significance double precision DEFAULT 0.01 NOT NULL,
    monitor_threshold double precision DEFAULT 2.5 NOT NULL,
    alarm_patience integer DEFAULT 60 NOT NULL,
    minimum_effective_evidence double precision DEFAULT 30 NOT NULL,
    risk_price double precision DEFAULT 0.2 NOT NULL,
    hedge_correlations text DEFAULT 'estimated'::text NOT NULL,
    hedge_evidence text DEFAULT 'reliable'::text NOT NULL,
    hedge_instruments integer,
    CONSTRAINT alarm_patience_is_not_negative CHECK ((alarm_patience >= 0)),
    CONSTRAINT bar_is_positive_and_months_or_days_or_time CHECK (((bar > '00:00:00'::interval) AND (num_nonnulls(NULLIF(((EXTRACT(year FROM bar) * (12)::numeric) + EXTRACT(month FROM bar)), (0)::numeric), NULLIF(EXTRACT(day FROM bar), (0)::numeric), NULLIF((((EXTRACT(hour FROM bar) * (3600)::numeric) + (EXTRACT(minute FROM bar) * (60)::numeric)) + EXTRACT(second FROM bar)), (0)::numeric)) = 1))),
    CONSTRAINT bars_per_year_is_positive CHECK (((bars_per_year > (0)::double precision) AND (bars_per_year < 'Infinity'::double precision))),
    CONSTRAINT break_significance_is_from_0_to_1 CHECK (((break_significance >= (0)::double precision) AND (break_significance <= (1)::double precision))),
    CONSTRAINT calendar_quorum_is_from_0_to_1 CHECK (((calendar_quorum >= (0)::double precision) AND (calendar_quorum <= (1)::double precision))),
    CONSTRAINT confidence_level_is_between_0_and_1 CHECK (((confidence_level > (0)::double precision) AND (confidence_level < (1)::double precision))),
    CONSTRAINT evidence_is_none_kept_or_all CHECK ((evidence = ANY (ARRAY['none'::text, 'kept'::text, 'all'::text]))),
    CONSTRAINT hedge_correlations_are_estimated_or_conservative CHECK ((hedge_correlations = ANY (ARRAY['estimated'::text, 'conservative'::text]))),
    CONSTRAINT hedge_evidence_is_reliable_or_any CHECK ((hedge_evidence = ANY (ARRAY['reliable'::text, 'any'::text]))),
    CONSTRAINT hedge_instruments_is_at_least_1 CHECK ((hedge_instruments >= 1)),
    CONSTRAINT horizon_is_at_least_1 CHECK ((horizon >= 1)),
    CONSTRAINT horizon_is_at_most_lookback CHECK (((horizon <= lookback) OR (lookback < 2))),
    CONSTRAINT lookback_is_at_least_2 CHECK ((lookback >= 2)),
    CONSTRAINT lookback_is_at_most_1000000 CHECK ((lookback <= 1000000)),
    CONSTRAINT minimum_break_is_from_0_to_2 CHECK (((minimum_break >= (0)::double precision) AND (minimum_break <= (2)::double precision))),
    CONSTRAINT minimum_correlation_is_from_0_to_1 CHECK (((minimum_correlation >= (0)::double precision) AND (minimum_correlation <= (1)::double precision))),
    CONSTRAINT minimum_effective_evidence_is_not_negative CHECK (((minimum_effective_evidence >= (0)::double precision) AND (minimum_effective_evidence < 'Infinity'::double precision))),
    CONSTRAINT minimum_effectiveness_is_from_0_to_1 CHECK (((minimum_effectiveness >= (0)::double precision) AND (minimum_effectiveness <= (1)::double precision))),
    CONSTRAINT minimum_evidence_is_at_least_2 CHECK ((minimum_evidence >= 2)),
    CONSTRAINT minimum_observations_is_at_least_2 CHECK ((minimum_observations >= 2)),
    CONSTRAINT minimum_observations_is_at_most_lookback CHECK (((minimum_observations <= lookback) OR (lookback < 2))),
    CONSTRAINT model_is_not_empty CHECK ((model <> ''::text)),
    CONSTRAINT monitor_threshold_is_positive CHECK (((monitor_threshold > (0)::double precision) AND (monitor_threshold < 'Infinity'::double precision))),
    CONSTRAINT origin_is_finite CHECK (isfinite(origin)),
    CONSTRAINT pairs_kept_is_at_least_1 CHECK ((pairs_kept >= 1)),
    CONSTRAINT prices_is_schema_qualified CHECK ((cardinality(parse_ident(prices)) = 2)),
    CONSTRAINT reread_bars_is_at_least_1 CHECK ((reread_bars >= 1)),
    CONSTRAINT retention_is_at_least_1 CHECK ((retention >= 1)),
    CONSTRAINT return_kind_is_simple_log_or_difference CHECK ((return_kind = ANY (ARRAY['simple'::text, 'log'::text, 'difference'::text]))),
    CONSTRAINT risk_level_is_between_0_and_1 CHECK (((risk_level > (0)::double precision) AND (risk_level < (1)::double precision))),
    CONSTRAINT risk_price_is_positive CHECK (((risk_price > (0)::double precision) AND (risk_price < 'Infinity'::double precision))),
    CONSTRAINT rolling_bars_is_at_least_4 CHECK ((rolling_bars >= 4)),
    CONSTRAINT rolling_bars_is_at_most_half_of_lookback CHECK ((rolling_bars <= GREATEST((lookback / 2), 60))),
    CONSTRAINT significance_is_from_0_to_1 CHECK (((significance >= (0)::double precision) AND (significance <= (1)::double precision))),
    CONSTRAINT spread_significance_is_from_0_to_1 CHECK (((spread_significance >= (0)::double precision) AND (spread_significance <= (1)::double precision))),
    CONSTRAINT stale_after_is_from_0_to_10000 CHECK (((stale_after >= 0) AND (stale_after <= 10000))),
    CONSTRAINT time_zone_is_known CHECK ((timezone(time_zone, '2000-01-01 00:00:00+00'::timestamp with time zone) IS NOT NULL))
);

ALTER TABLE desk.model OWNER TO upgrade_owner;

COMMENT ON TABLE desk.model IS 'Named settings of the book. Those that shape an estimate (prices to lookback, calendar_quorum, stale_after) take effect with the next refresh; those that the views read (minimum_observations of pairs, minimum_correlation, bars_per_year, horizon, risk_level, risk_price, hedge_*, and confidence_level for what is not evidence) at once; those of evidence and monitors (evidence, rolling_bars, minimum_effectiveness, and what follows them) with the next refresh.';

COMMENT ON COLUMN desk.model.model IS 'Name of the model.';

COMMENT ON COLUMN desk.model.prices IS 'Relation to read prices from, schema-qualified, with columns asset, ts, price and, if it keeps corrections, recorded_at. NULL: the book''s.';

COMMENT ON COLUMN desk.model.return_kind IS 'Change between two adjacent bars: simple p1/p0 - 1 (profit and loss is linear in it), log ln(p1/p0), or difference p1 - p0 (for prices that may be zero or negative).';

COMMENT ON COLUMN desk.model.bar IS 'Width of a bar: months only, days only, or a time.';

COMMENT ON COLUMN desk.model.time_zone IS 'Time zone in which days and months begin, and of timestamps without one.';

COMMENT ON COLUMN desk.model.origin IS 'Instant from which bars are counted.';

COMMENT ON COLUMN desk.model.lookback IS 'Bars with a return that an estimate is made of.';

COMMENT ON COLUMN desk.model.minimum_observations IS 'Fewest returns for a volatility, fewest common ones for a pair, and fewest windows for value at risk.';

COMMENT ON COLUMN desk.model.calendar_quorum IS 'Share of the assets alive that must have a price in a bar for it to be in the calendar.';

COMMENT ON COLUMN desk.model.stale_after IS 'Bars without a price after which an asset is no longer alive, and its price stale. A price is stale, too, when it is older than twice as many bars (at least two) last.';

COMMENT ON COLUMN desk.model.minimum_correlation IS 'Least absolute correlation of a pair that is shown.';

COMMENT ON COLUMN desk.model.bars_per_year IS 'Bars in a year: annual volatility = volatility x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.model.horizon IS 'Bars that value at risk and expected shortfall look ahead.';

COMMENT ON COLUMN desk.model.risk_level IS 'Level of value at risk and expected shortfall, as 0.99.';

COMMENT ON COLUMN desk.model.confidence_level IS 'Confidence of the intervals around a correlation and around a portfolio''s net risk, as 0.95.';

COMMENT ON COLUMN desk.model.pairs_kept IS 'Pairs of a portfolio that a refresh stores, those with the largest risk_offset first.';

COMMENT ON COLUMN desk.model.retention IS 'Runs that are kept, with their snapshots; the latest by as_of is always kept.';

COMMENT ON COLUMN desk.model.reread_bars IS 'Bars at the end that a refresh reads again, for prices that came late or were corrected.';

COMMENT ON COLUMN desk.model.evidence IS 'Pairs that a refresh examines: none, kept (those in the snapshot of some portfolio, and those watched from before) or all.';

COMMENT ON COLUMN desk.model.rolling_bars IS 'Returns of a pair in a rolling window: of rolling correlations and of hedging out of sample.';

COMMENT ON COLUMN desk.model.minimum_effectiveness IS 'Share of the variance that a hedge must remove to be worth having; a pair not shown to reach it is weak.';

COMMENT ON COLUMN desk.model.minimum_evidence IS 'Fewest common returns for a verdict; a pair with fewer is insufficient, as is one whose returns tell less than minimum_effective_evidence independent ones would.';

COMMENT ON COLUMN desk.model.significance IS 'Largest adjusted p-value of reaching minimum_effectiveness, and largest p-value of hedging out of sample, of a reliable pair.';

COMMENT ON COLUMN desk.model.break_significance IS 'Largest p-value of the test for a break that is called break_detected.';

COMMENT ON COLUMN desk.model.minimum_break IS 'Smallest difference of the correlations before and after that is; a smaller one is, too, if it changes the risk that a hedge leaves, sqrt(1 - correlation^2), by about twice that share.';

COMMENT ON COLUMN desk.model.spread_significance IS 'Largest p-value of the spread of rolling correlations that is called unstable.';

COMMENT ON COLUMN desk.model.monitor_threshold IS 'Threshold of monitors that start from now on: larger means fewer false alarms and later ones. A baseline has 60 bars at least: nothing is watched where lookback - reread_bars is less.';

COMMENT ON COLUMN desk.model.alarm_patience IS 'Bars for which a reliable pair must have been otherwise before that is an alarm. Verdicts of pairs near a threshold waver: docs/evidence.md tells how often that makes an alarm.';

COMMENT ON COLUMN desk.model.minimum_effective_evidence IS 'Least effective_observations for a verdict: a pair whose returns tell less about its correlation than so many independent ones would is insufficient.';

COMMENT ON COLUMN desk.model.risk_price IS 'What it is worth, in money and once, to have one unit of money less of risk (a standard deviation per bar): with 0.2, a trade that costs 100 must take off about 500. For hedge_recommendations.';

COMMENT ON COLUMN desk.model.hedge_correlations IS 'Correlations that hedge_recommendations relies on: estimated, or conservative (the end of the robust interval that helps less).';

COMMENT ON COLUMN desk.model.hedge_evidence IS 'Pairs that hedge_recommendations relies on: reliable (their verdict, the instrument taken for the hedge) or any.';

COMMENT ON COLUMN desk.model.hedge_instruments IS 'Most instruments that it trades at once in one portfolio. NULL: as many as help.';

CREATE TABLE desk.model_run (
    run bigint NOT NULL,
    model text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    window_start timestamp with time zone NOT NULL,
    window_end timestamp with time zone NOT NULL,
    bars integer NOT NULL,
    assets integer NOT NULL,
    matrix hedge.comoment_matrix NOT NULL,
    psd_matrix hedge.comoment_matrix,
    repaired boolean NOT NULL,
    smallest_eigenvalue double precision,
    blocks bigint[] NOT NULL,
    spans bigint[] NOT NULL,
    counted_bars integer NOT NULL,
    trailing_bars timestamp with time zone[] NOT NULL,
    history_start timestamp with time zone,
    settings jsonb NOT NULL,
    recorded_until timestamp with time zone,
    returns_key text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    pghedge_version text NOT NULL
);

ALTER TABLE desk.model_run OWNER TO upgrade_owner;

COMMENT ON TABLE desk.model_run IS 'Runs: one estimate of a model at one time, never changed.';

COMMENT ON COLUMN desk.model_run.run IS 'Number of the run, in the order they were made.';

COMMENT ON COLUMN desk.model_run.model IS 'The model.';

COMMENT ON COLUMN desk.model_run.as_of IS 'Prices after this instant were not read.';

COMMENT ON COLUMN desk.model_run.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN desk.model_run.window_end IS 'Start of the last bar of the estimate.';

COMMENT ON COLUMN desk.model_run.bars IS 'Bars of the estimate; fewer than lookback where history is short.';

COMMENT ON COLUMN desk.model_run.assets IS 'Assets in the matrix.';

COMMENT ON COLUMN desk.model_run.matrix IS 'Co-moments of the returns of every pair of assets.';

COMMENT ON COLUMN desk.model_run.psd_matrix IS 'The matrix with the nearest positive semi-definite correlations, where the pairwise ones are not. NULL: no need of repair.';

COMMENT ON COLUMN desk.model_run.repaired IS 'True: psd_matrix had to be made.';

COMMENT ON COLUMN desk.model_run.smallest_eigenvalue IS 'Smallest eigenvalue of the correlations, undefined ones as 0. NULL: not looked for, since without a missing return it cannot be negative.';

COMMENT ON COLUMN desk.model_run.blocks IS 'Blocks of returns in time order: those of the window, and some before it that the next refresh needs.';

COMMENT ON COLUMN desk.model_run.spans IS 'Spans of these blocks that the matrix was added up from, in time order; the other blocks of the window were summed for this run.';

COMMENT ON COLUMN desk.model_run.counted_bars IS 'Bars of all blocks that reach into the window: what priced bars and bad prices are counted over.';

COMMENT ON COLUMN desk.model_run.trailing_bars IS 'Starts of the bars after window_end that have prices but are not in the calendar: fewer than calendar_quorum of the assets alive have one there. They make no returns; last prices are taken from them.';

COMMENT ON COLUMN desk.model_run.history_start IS 'Instant of the earliest price there was, where blocks begin there and are fewer than the model asks for: the next refresh reads all again if an older one has come. NULL: there was more than it asks for.';

COMMENT ON COLUMN desk.model_run.settings IS 'The row of model as it was used.';

COMMENT ON COLUMN desk.model_run.recorded_until IS 'Prices recorded after this instant were not read. NULL: the relation has no column recorded_at.';

COMMENT ON COLUMN desk.model_run.returns_key IS 'Digest of all settings that shape returns. A run takes blocks of the one made before it if this is the same and that one''s as_of not later.';

COMMENT ON COLUMN desk.model_run.created_at IS 'When the run was made.';

COMMENT ON COLUMN desk.model_run.pghedge_version IS 'Version of pghedge that made it.';

CREATE VIEW desk.latest_run WITH (security_invoker='true') AS
 SELECT m.model,
    (r.run)::integer AS run,
    r.as_of,
    r.window_start,
    r.window_end,
    r.bars,
    r.assets,
    r.repaired AS correlation_repaired,
    r.created_at
   FROM (desk.model m
     CROSS JOIN LATERAL ( SELECT x.run,
            x.as_of,
            x.window_start,
            x.window_end,
            x.bars,
            x.assets,
            x.repaired,
            x.created_at
           FROM desk.model_run x
          WHERE (x.model = m.model)
          ORDER BY x.as_of DESC, x.run DESC
         LIMIT 1) r);

ALTER TABLE desk.latest_run OWNER TO upgrade_owner;

COMMENT ON VIEW desk.latest_run IS 'The run of each model that the views show: the one with the latest as_of, of several the last made.';

COMMENT ON COLUMN desk.latest_run.model IS 'The model.';

COMMENT ON COLUMN desk.latest_run.run IS 'Number of the run.';

COMMENT ON COLUMN desk.latest_run.as_of IS 'Prices after this instant were not read.';

COMMENT ON COLUMN desk.latest_run.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN desk.latest_run.window_end IS 'Start of the last bar of the estimate.';

COMMENT ON COLUMN desk.latest_run.bars IS 'Bars of the estimate; fewer than lookback where history is short.';

COMMENT ON COLUMN desk.latest_run.assets IS 'Assets in the estimate.';

COMMENT ON COLUMN desk.latest_run.correlation_repaired IS 'True: portfolio_risk uses the nearest positive semi-definite correlations.';

COMMENT ON COLUMN desk.latest_run.created_at IS 'When the run was made.';

CREATE VIEW desk._instruments WITH (security_invoker='true') AS
 SELECT c.run,
    bool_or(c.marked) AS marked,
    array_agg(c.asset) AS assets,
    array_agg(u.unit_exposure) AS unit_exposures,
    array_agg(u.unit_notional) AS unit_notionals,
    array_agg(COALESCE(i.lot_size, (1)::double precision)) AS lot_sizes,
    array_agg(i.cost) AS costs,
    array_agg(i.cost_per_lot) AS costs_per_lot,
    array_agg(
        CASE
            WHEN (u.asset IS NULL) THEN 'no price'::text
            ELSE u.problem
        END) AS problems
   FROM ((( SELECT r.run,
            i_1.asset,
            true AS marked
           FROM (desk.latest_run r
             CROSS JOIN desk.instrument i_1)
          WHERE i_1.tradable
        UNION ALL
         SELECT a.run,
            a.asset,
            false
           FROM desk.run_asset a
          WHERE ((a.run = ANY (ARRAY( SELECT (y.run)::bigint AS run
                   FROM desk.latest_run y))) AND (NOT (EXISTS ( SELECT
                   FROM desk.instrument i_1
                  WHERE i_1.tradable))))) c
     LEFT JOIN ( SELECT x.run,
            x.asset,
            x.unit_exposure,
            x.unit_notional,
            x.problem
           FROM desk._unit x
          WHERE (x.run = ANY (ARRAY( SELECT (y.run)::bigint AS run
                   FROM desk.latest_run y)))) u ON (((u.run = c.run) AND (u.asset = c.asset))))
     LEFT JOIN desk.instrument i ON ((i.asset = c.asset)))
  GROUP BY c.run;

ALTER TABLE desk._instruments OWNER TO upgrade_owner;

COMMENT ON VIEW desk._instruments IS 'Latest run of each model: what may be traded to hedge, as arrays: the instruments marked as tradable, or all assets where none is. A step of hedge_recommendations.';

CREATE VIEW desk._leg WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.run,
    l.assets,
    l.exposures,
    l.return_kinds,
    l.delta_notionals,
    l.quantities,
    l.unit_exposures,
    l.price_times,
    l.benchmarks,
    l.benchmark_scales,
    l.positions,
    l.unpriced_positions,
    l.unestimated_positions,
    l.stale_positions,
    l.long_notional,
    l.short_notional,
    l.net_delta,
    l.known_notional,
    l.unestimated_notional
   FROM ((desk._holding h
     CROSS JOIN desk.model_run r)
     CROSS JOIN LATERAL ( SELECT array_agg(e.asset) FILTER (WHERE k.known) AS assets,
            array_agg(e.exposure) FILTER (WHERE k.known) AS exposures,
            array_agg(e.return_kind) FILTER (WHERE k.known) AS return_kinds,
            array_agg(e.delta_notional) FILTER (WHERE k.known) AS delta_notionals,
            array_agg(e.quantity) FILTER (WHERE k.known) AS quantities,
            array_agg(e.unit_exposure) FILTER (WHERE k.known) AS unit_exposures,
            array_agg(e.price_time) FILTER (WHERE k.known) AS price_times,
            array_agg(e.benchmark) FILTER (WHERE k.known) AS benchmarks,
            array_agg(e.benchmark_scale) FILTER (WHERE k.known) AS benchmark_scales,
            (sum(e.positions))::integer AS positions,
            (COALESCE(sum(e.positions) FILTER (WHERE (e.exposure IS NULL)), (0)::bigint))::integer AS unpriced_positions,
            (COALESCE(sum(e.positions) FILTER (WHERE ((e.exposure IS NOT NULL) AND (e.volatility IS NULL))), (0)::bigint))::integer AS unestimated_positions,
            (COALESCE(sum(e.positions) FILTER (WHERE ((e.exposure IS NOT NULL) AND e.stale)), (0)::bigint))::integer AS stale_positions,
            COALESCE(sum(e.notional) FILTER (WHERE (e.notional > (0)::double precision)), (0)::double precision) AS long_notional,
            COALESCE(sum(e.notional) FILTER (WHERE (e.notional < (0)::double precision)), (0)::double precision) AS short_notional,
            COALESCE(sum(e.delta_notional), (0)::double precision) AS net_delta,
            COALESCE(sum(abs(e.delta_notional)) FILTER (WHERE k.known), (0)::double precision) AS known_notional,
            COALESCE(sum(abs(e.delta_notional)) FILTER (WHERE ((e.exposure IS NOT NULL) AND (e.volatility IS NULL))), (0)::double precision) AS unestimated_notional
           FROM (hedge._exposures('desk'::regnamespace, r.run, h.holdings) e(asset, positions, quantity, notional, delta_notional, exposure, funds, problem, volatility, unit_exposure, return_kind, price_time, stale, benchmark, benchmark_scale)
             CROSS JOIN LATERAL ( SELECT ((e.exposure IS NOT NULL) AND (e.volatility IS NOT NULL)) AS known) k)) l);

ALTER TABLE desk._leg OWNER TO upgrade_owner;

COMMENT ON VIEW desk._leg IS 'Portfolio and run: the legs whose risk is known as arrays, and sums over all holdings. A step of portfolio_risk.';

CREATE TABLE desk.margin_bucket (
    bucket text NOT NULL,
    weight double precision,
    correlation double precision,
    CONSTRAINT correlation_is_from_0_to_1 CHECK (((correlation >= (0)::double precision) AND (correlation <= (1)::double precision))),
    CONSTRAINT weight_is_not_negative CHECK (((weight >= (0)::double precision) AND (weight <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)))
);

ALTER TABLE desk.margin_bucket OWNER TO upgrade_owner;

COMMENT ON TABLE desk.margin_bucket IS 'Parameters of buckets: those that instrument names, and '''' for assets without one.';

COMMENT ON COLUMN desk.margin_bucket.bucket IS 'The bucket.';

COMMENT ON COLUMN desk.margin_bucket.weight IS 'Risk weight of its assets. NULL: each has its own, supplied or estimated.';

COMMENT ON COLUMN desk.margin_bucket.correlation IS 'One correlation of any two of its assets. NULL: estimated.';

CREATE TABLE desk.margin_setting (
    model text NOT NULL,
    level double precision DEFAULT 0.99 NOT NULL,
    holding_bars double precision DEFAULT 1 NOT NULL,
    credit_share double precision DEFAULT 0.8 NOT NULL,
    credited_verdicts text[] DEFAULT '{reliable}'::text[],
    adverse boolean DEFAULT false NOT NULL,
    CONSTRAINT credit_share_is_from_0_to_1 CHECK (((credit_share >= (0)::double precision) AND (credit_share <= (1)::double precision))),
    CONSTRAINT credited_verdicts_are_verdicts CHECK ((array_to_string(credited_verdicts, ','::text, '?'::text) ~ '^((reliable|weak|unstable|break_detected|insufficient)(,|$))*$'::text)),
    CONSTRAINT holding_bars_is_positive CHECK (((holding_bars > (0)::double precision) AND (holding_bars <= ('1000000'::numeric)::double precision))),
    CONSTRAINT level_is_from_one_half_to_below_1 CHECK (((level >= (0.5)::double precision) AND (level < (1)::double precision)))
);

ALTER TABLE desk.margin_setting OWNER TO upgrade_owner;

COMMENT ON TABLE desk.margin_setting IS 'How a model''s portfolios are margined. A model without a row has the defaults.';

COMMENT ON COLUMN desk.margin_setting.model IS 'The model.';

COMMENT ON COLUMN desk.margin_setting.level IS 'An estimated risk weight is volatility x quantile of the normal distribution at this level x sqrt(holding_bars).';

COMMENT ON COLUMN desk.margin_setting.holding_bars IS 'Bars that closing a position may take.';

COMMENT ON COLUMN desk.margin_setting.credit_share IS 'Share of the credit, gross less net margin, that is granted. 0.8 is the most that Delegated Regulation (EU) 153/2013, article 27(4), allows in general.';

COMMENT ON COLUMN desk.margin_setting.credited_verdicts IS 'A pair that offsets is credited if its verdict, in both directions, is one of these. NULL: every pair, examined or not.';

COMMENT ON COLUMN desk.margin_setting.adverse IS 'What a pair that offsets without being credited has instead of its correlation. False: 0. True: the same turned around, so that it adds up.';

CREATE TABLE desk.margin_weight (
    asset text NOT NULL,
    weight double precision NOT NULL,
    CONSTRAINT weight_is_not_negative CHECK (((weight >= (0)::double precision) AND (weight <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)))
);

ALTER TABLE desk.margin_weight OWNER TO upgrade_owner;

COMMENT ON TABLE desk.margin_weight IS 'Risk weights of assets, instead of their bucket''s or of estimated ones. An asset that cannot be estimated is margined if it has one.';

COMMENT ON COLUMN desk.margin_weight.asset IS 'The asset.';

COMMENT ON COLUMN desk.margin_weight.weight IS 'Share of the exposure that may be lost; under difference returns in units of price.';

CREATE VIEW desk._margin_asset WITH (security_invoker='true') AS
 SELECT u.run,
    u.asset,
    COALESCE(u.bucket, ''::text) AS bucket,
    COALESCE(w.weight, b.weight, (u.volatility * q.quantile)) AS weight,
    u.unit_exposure
   FROM (((((desk._unit u
     JOIN desk.model_run r ON ((r.run = u.run)))
     LEFT JOIN desk.margin_setting s ON ((s.model = r.model)))
     LEFT JOIN desk.margin_weight w ON ((w.asset = u.asset)))
     LEFT JOIN desk.margin_bucket b ON ((b.bucket = COALESCE(u.bucket, ''::text))))
     CROSS JOIN LATERAL ( SELECT (hedge._normal_quantile(COALESCE(s.level, (0.99)::double precision)) * sqrt(COALESCE(s.holding_bars, (1)::double precision))) AS quantile) q);

ALTER TABLE desk._margin_asset OWNER TO upgrade_owner;

COMMENT ON VIEW desk._margin_asset IS 'Run and asset: bucket and risk weight, and what one contract exposes to. A step of portfolio_margin and spread_margin.';

CREATE TABLE desk.margin_bucket_pair (
    bucket_a text NOT NULL,
    bucket_b text NOT NULL,
    correlation double precision NOT NULL,
    CONSTRAINT buckets_are_two_in_byte_order CHECK (((bucket_a COLLATE "C") < bucket_b)),
    CONSTRAINT correlation_is_from_minus_1_to_1 CHECK (((correlation >= ('-1'::integer)::double precision) AND (correlation <= (1)::double precision)))
);

ALTER TABLE desk.margin_bucket_pair OWNER TO upgrade_owner;

COMMENT ON TABLE desk.margin_bucket_pair IS 'Correlations of two buckets. Two without a row have the mean of the estimated correlations of their assets.';

COMMENT ON COLUMN desk.margin_bucket_pair.bucket_a IS 'One bucket, the first in byte order.';

COMMENT ON COLUMN desk.margin_bucket_pair.bucket_b IS 'The other.';

COMMENT ON COLUMN desk.margin_bucket_pair.correlation IS 'Their correlation.';

CREATE TABLE desk.pair_evidence (
    run bigint NOT NULL,
    asset_y text NOT NULL,
    asset_x text NOT NULL,
    observations integer NOT NULL,
    effective_observations double precision,
    correlation double precision,
    hedge_ratio double precision,
    volatility_y double precision,
    volatility_x double precision,
    fisher_low double precision,
    fisher_high double precision,
    robust_low double precision,
    robust_high double precision,
    standard_error double precision,
    p_value double precision,
    effectiveness_p_value double precision,
    rolling_windows integer,
    rolling_minimum double precision,
    rolling_maximum double precision,
    rolling_mean double precision,
    rolling_standard_deviation double precision,
    rolling_latest double precision,
    sign_changes integer,
    rolling_spread_p_value double precision,
    correlation_first_half double precision,
    correlation_second_half double precision,
    break_statistic double precision,
    break_p_value double precision,
    break_observation integer,
    break_time timestamp with time zone,
    correlation_before_break double precision,
    correlation_after_break double precision,
    lag_correlation double precision,
    out_of_sample_effectiveness double precision,
    clark_west_statistic double precision,
    clark_west_p_value double precision,
    adjusted_p_value double precision,
    verdict text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT assets_are_two CHECK ((asset_y <> asset_x))
);

ALTER TABLE desk.pair_evidence OWNER TO upgrade_owner;

COMMENT ON TABLE desk.pair_evidence IS 'Evidence of the pairs examined, each in both directions, since a hedge has one: every measure of type hedge.evidence, of the returns in the run''s window on which both have one. For two runs of a model only. It names pairs that some portfolio holds: grant it to those who may know.';

COMMENT ON COLUMN desk.pair_evidence.run IS 'The run.';

COMMENT ON COLUMN desk.pair_evidence.asset_y IS 'The asset held.';

COMMENT ON COLUMN desk.pair_evidence.asset_x IS 'The hedge.';

COMMENT ON COLUMN desk.pair_evidence.observations IS 'Observations: times at which both sides have a value.';

COMMENT ON COLUMN desk.pair_evidence.effective_observations IS 'How many independent normal observations would tell as much about the correlation; below observations under heavy tails or serial dependence. NULL: too few observations, or one asset twice.';

COMMENT ON COLUMN desk.pair_evidence.correlation IS 'Correlation of y and x, from -1 to 1. NULL: a side is constant, not finite, or there are fewer than two observations; all the rest is NULL then, too.';

COMMENT ON COLUMN desk.pair_evidence.hedge_ratio IS 'Minimum-variance hedge ratio in sample: covariance / variance of x, in units of y per unit of x.';

COMMENT ON COLUMN desk.pair_evidence.volatility_y IS 'Standard deviation of y (divisor observations - 1).';

COMMENT ON COLUMN desk.pair_evidence.volatility_x IS 'Standard deviation of x (divisor observations - 1).';

COMMENT ON COLUMN desk.pair_evidence.fisher_low IS 'Lower end of Fisher''s interval, which holds for independent normal observations only.';

COMMENT ON COLUMN desk.pair_evidence.fisher_high IS 'Upper end of Fisher''s interval.';

COMMENT ON COLUMN desk.pair_evidence.robust_low IS 'Lower end of the robust interval at the confidence level: holds under heavy tails and serial dependence, too. NULL: fewer than 10 observations.';

COMMENT ON COLUMN desk.pair_evidence.robust_high IS 'Upper end of the robust interval.';

COMMENT ON COLUMN desk.pair_evidence.standard_error IS 'Robust standard error of atanh(correlation).';

COMMENT ON COLUMN desk.pair_evidence.p_value IS 'Robust p-value of a correlation of 0, two-sided.';

COMMENT ON COLUMN desk.pair_evidence.effectiveness_p_value IS 'Robust p-value of correlation^2 <= the minimum effectiveness: small when the pair is worth hedging with. The one to adjust over all pairs examined (hedge.adjust_p_values).';

COMMENT ON COLUMN desk.pair_evidence.rolling_windows IS 'Full rolling windows with a correlation.';

COMMENT ON COLUMN desk.pair_evidence.rolling_minimum IS 'Smallest rolling correlation.';

COMMENT ON COLUMN desk.pair_evidence.rolling_maximum IS 'Largest rolling correlation.';

COMMENT ON COLUMN desk.pair_evidence.rolling_mean IS 'Mean of the rolling correlations.';

COMMENT ON COLUMN desk.pair_evidence.rolling_standard_deviation IS 'Standard deviation of the rolling correlations (divisor windows - 1; 0 for one window).';

COMMENT ON COLUMN desk.pair_evidence.rolling_latest IS 'Correlation of the last window. NULL: it has none.';

COMMENT ON COLUMN desk.pair_evidence.sign_changes IS 'How often the rolling correlation changed its sign.';

COMMENT ON COLUMN desk.pair_evidence.rolling_spread_p_value IS 'Probability of rolling correlations that vary this much if the correlation is constant. Cautious under heavy tails. NULL: a window has no correlation.';

COMMENT ON COLUMN desk.pair_evidence.correlation_first_half IS 'Correlation of the first half of the observations. NULL: a side is constant there.';

COMMENT ON COLUMN desk.pair_evidence.correlation_second_half IS 'Correlation of the second half.';

COMMENT ON COLUMN desk.pair_evidence.break_statistic IS 'Largest fluctuation of the correlation of the first k observations around that of all, volatility-adjusted (Wied, Kraemer, Dehling 2012); 1.36 is its 5 % point if the correlation is constant, 1.63 the 1 % point. NULL: fewer than 100 observations.';

COMMENT ON COLUMN desk.pair_evidence.break_p_value IS 'p-value of a constant correlation: probability of so large a break_statistic.';

COMMENT ON COLUMN desk.pair_evidence.break_observation IS 'Number, from 1, of the first observation after the most likely change; means something when break_p_value is small.';

COMMENT ON COLUMN desk.pair_evidence.break_time IS 'Time of break_observation. NULL: no times were given, or there is no test.';

COMMENT ON COLUMN desk.pair_evidence.correlation_before_break IS 'Correlation of the observations before break_observation. NULL: there is no test, or a side is constant there.';

COMMENT ON COLUMN desk.pair_evidence.correlation_after_break IS 'Correlation from break_observation on.';

COMMENT ON COLUMN desk.pair_evidence.lag_correlation IS 'Correlation of y with x one observation earlier or later, the larger in size. Far from 0 it says that the two are not observed at the same instant, and that correlation understates.';

COMMENT ON COLUMN desk.pair_evidence.out_of_sample_effectiveness IS '1 - variance with hedge / variance without, each return hedged with the ratio of the rolling window before it. NULL: fewer than 20 returns after the first window.';

COMMENT ON COLUMN desk.pair_evidence.clark_west_statistic IS 'Clark-West statistic of a true hedge ratio other than 0, out of sample; 1.645 is its 5 % point. Read it beside out_of_sample_effectiveness: an estimated ratio may add variance all the same.';

COMMENT ON COLUMN desk.pair_evidence.clark_west_p_value IS 'p-value of the hedge doing nothing, one-sided.';

COMMENT ON COLUMN desk.pair_evidence.adjusted_p_value IS 'effectiveness_p_value adjusted for the number of pairs searched.';

COMMENT ON COLUMN desk.pair_evidence.verdict IS 'reliable, weak, unstable, break_detected or insufficient, at the model''s settings of that time.';

COMMENT ON COLUMN desk.pair_evidence.reason IS 'Why, in words. A pair of which an asset has had no price for more than stale_after bars (stale_bars of table run_asset) is insufficient whatever its past shows, and the reason names the last price.';

CREATE VIEW desk._margin_parameters WITH (security_invoker='true') AS
 SELECT a.run,
    a.weights,
    a.buckets,
    COALESCE(s.credit_share, (0.8)::double precision) AS credit_share,
    ((s.model IS NULL) OR (s.credited_verdicts IS NOT NULL)) AS gated,
    COALESCE(s.adverse, false) AS adverse,
    m.minimum_observations,
    b.buckets AS bucket_names,
    b.correlations AS bucket_correlations,
    p.buckets_a,
    p.buckets_b,
    p.correlations AS buckets_correlations,
    c.assets_y AS credited_y,
    c.assets_x AS credited_x
   FROM ((((((( SELECT x.run,
            array_agg(x.weight) AS weights,
            array_agg(x.bucket) AS buckets
           FROM ( SELECT y.run,
                    y.asset,
                    y.bucket,
                    y.weight,
                    y.unit_exposure
                   FROM desk._margin_asset y
                  ORDER BY y.run, (y.asset COLLATE "C")) x
          GROUP BY x.run) a
     JOIN desk.model_run r ON ((r.run = a.run)))
     JOIN desk.model m ON ((m.model = r.model)))
     LEFT JOIN desk.margin_setting s ON ((s.model = r.model)))
     CROSS JOIN LATERAL ( SELECT COALESCE(array_agg(x.bucket), '{}'::text[]) AS buckets,
            COALESCE(array_agg(x.correlation), '{}'::double precision[]) AS correlations
           FROM desk.margin_bucket x
          WHERE (x.correlation IS NOT NULL)) b)
     CROSS JOIN LATERAL ( SELECT COALESCE(array_agg(x.bucket_a), '{}'::text[]) AS buckets_a,
            COALESCE(array_agg(x.bucket_b), '{}'::text[]) AS buckets_b,
            COALESCE(array_agg(x.correlation), '{}'::double precision[]) AS correlations
           FROM desk.margin_bucket_pair x) p)
     CROSS JOIN LATERAL ( SELECT COALESCE(array_agg(x.asset_y), '{}'::text[]) AS assets_y,
            COALESCE(array_agg(x.asset_x), '{}'::text[]) AS assets_x
           FROM desk.pair_evidence x
          WHERE ((x.run = a.run) AND (x.verdict = ANY (
                CASE
                    WHEN (s.model IS NULL) THEN ARRAY['reliable'::text]
                    ELSE s.credited_verdicts
                END)))) c);

ALTER TABLE desk._margin_parameters OWNER TO upgrade_owner;

COMMENT ON VIEW desk._margin_parameters IS 'Run: what all its portfolios are margined with, assets in the order of _units. A step of portfolio_margin.';

CREATE TABLE desk.refresh_log (
    entry bigint NOT NULL,
    model text NOT NULL,
    action text NOT NULL,
    as_of timestamp with time zone,
    status text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    run bigint,
    blocks_read integer,
    blocks_reused integer,
    pairs_stored integer,
    prices_refused integer,
    error_code text,
    error text,
    started_by text DEFAULT CURRENT_USER NOT NULL,
    backend_pid integer DEFAULT pg_backend_pid() NOT NULL,
    phase text,
    phase_started_at timestamp with time zone,
    CONSTRAINT action_is_refresh_or_rebuild CHECK ((action = ANY (ARRAY['refresh'::text, 'rebuild'::text]))),
    CONSTRAINT status_is_running_done_failed_or_interrupted CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'interrupted'::text])))
);

ALTER TABLE desk.refresh_log OWNER TO upgrade_owner;

COMMENT ON TABLE desk.refresh_log IS 'Refreshes: a row is committed when one starts, and again when it ends.';

COMMENT ON COLUMN desk.refresh_log.entry IS 'Number of the row.';

COMMENT ON COLUMN desk.refresh_log.model IS 'The model.';

COMMENT ON COLUMN desk.refresh_log.action IS 'refresh or rebuild.';

COMMENT ON COLUMN desk.refresh_log.as_of IS 'The as_of that was asked for. NULL: the time of the refresh.';

COMMENT ON COLUMN desk.refresh_log.status IS 'running, done, failed or interrupted: its session ended before it could say more, or it was cancelled between two of its transactions. The next refresh of the model writes that down; model_health knows it at once.';

COMMENT ON COLUMN desk.refresh_log.started_at IS 'When it started.';

COMMENT ON COLUMN desk.refresh_log.finished_at IS 'When it ended. NULL: it has not, or was interrupted.';

COMMENT ON COLUMN desk.refresh_log.run IS 'The run it made. NULL: none.';

COMMENT ON COLUMN desk.refresh_log.blocks_read IS 'Blocks of returns made from prices.';

COMMENT ON COLUMN desk.refresh_log.blocks_reused IS 'Blocks of returns taken from the run before.';

COMMENT ON COLUMN desk.refresh_log.pairs_stored IS 'Rows written to offset_snapshot.';

COMMENT ON COLUMN desk.refresh_log.prices_refused IS 'Bad prices in the blocks of the window, over all assets.';

COMMENT ON COLUMN desk.refresh_log.error_code IS 'SQLSTATE of the failure. NULL: none.';

COMMENT ON COLUMN desk.refresh_log.error IS 'Message of the failure. NULL: none.';

COMMENT ON COLUMN desk.refresh_log.started_by IS 'Role that started it.';

COMMENT ON COLUMN desk.refresh_log.backend_pid IS 'Its server process.';

COMMENT ON COLUMN desk.refresh_log.phase IS 'reading prices, then estimating, then done, each committed when it begins; of a failed one the phase that failed: reading prices, estimating, offsets, evidence or finishing. (What comes after reading prices is one transaction; while that runs model_health tells its phases apart.)';

COMMENT ON COLUMN desk.refresh_log.phase_started_at IS 'When it began. NULL: of a phase that failed after estimating.';

CREATE VIEW desk._refresh WITH (security_invoker='true') AS
 SELECT y.entry,
    y.model,
    y.started_at,
    y.finished_at,
        CASE
            WHEN ((y.status = 'running'::text) AND (NOT pg_is_in_recovery()) AND (NOT (EXISTS ( SELECT
               FROM pg_locks k
              WHERE ((k.locktype = 'object'::text) AND (k.classid = y.tableoid) AND (k.pid = y.backend_pid) AND k.granted AND (k.database = ( SELECT d.oid
                       FROM pg_database d
                      WHERE (d.datname = current_database()))) AND (k.objid = (((hashtext(y.model))::bigint & '4294967295'::bigint))::oid)))))) THEN 'interrupted'::text
            ELSE y.status
        END AS status,
        CASE
            WHEN ((y.status = 'running'::text) AND (y.phase = 'estimating'::text)) THEN COALESCE(( SELECT
                    CASE min((c.relname)::text)
                        WHEN 'offset_snapshot'::text THEN 'offsets'::text
                        ELSE 'evidence'::text
                    END AS "case"
               FROM (pg_locks k
                 JOIN pg_class c ON ((c.oid = k.relation)))
              WHERE ((k.locktype = 'relation'::text) AND (k.pid = y.backend_pid) AND (k.mode = 'RowExclusiveLock'::text) AND (k.database = ( SELECT d.oid
                       FROM pg_database d
                      WHERE (d.datname = current_database()))) AND (c.relname = ANY (ARRAY['offset_snapshot'::name, 'evidence_run'::name])) AND (c.relnamespace = ( SELECT l.relnamespace
                       FROM pg_class l
                      WHERE (l.oid = y.tableoid))))
             HAVING (count(*) > 0)), y.phase)
            ELSE y.phase
        END AS phase
   FROM desk.refresh_log y;

ALTER TABLE desk._refresh OWNER TO upgrade_owner;

COMMENT ON VIEW desk._refresh IS 'refresh_log with interrupted refreshes told from running ones, and phases that are not committed. A step of model_health.';

CREATE VIEW desk._units WITH (security_invoker='true') AS
 SELECT u.run,
    array_agg(u.asset) AS assets,
    array_agg(u.unit_notional) AS unit_notionals,
    array_agg(u.unit_exposure) AS unit_exposures,
    array_agg(u.funding_divisor) AS funding_divisors,
    array_agg(u.funding_asset) AS funding_assets,
    array_agg(u.volatility) AS volatilities,
    array_agg(u.stale) AS stale,
    array_agg(u.return_kind) AS return_kinds,
    array_agg(u.price_time) AS price_times,
    array_agg(u.benchmark) AS benchmarks,
    array_agg(u.benchmark_scale) AS benchmark_scales
   FROM ( SELECT x.run,
            x.asset,
            x.return_kind,
            x.price,
            x.price_time,
            x.stale,
            x.volatility,
            x.observations,
            x.note,
            x.currency,
            x.fx,
            x.unit_notional,
            x.unit_exposure,
            x.funding_asset,
            x.benchmark,
            x.benchmark_scale,
            x.bucket,
            x.problem,
            x.basis,
            x.funding_divisor
           FROM desk._unit x
          ORDER BY x.run, (x.asset COLLATE "C")) u
  GROUP BY u.run;

ALTER TABLE desk._units OWNER TO upgrade_owner;

COMMENT ON VIEW desk._units IS 'Run: what _unit says of its assets, as arrays in byte order of their names. Read by hedge._exposures, hedge._leg_pairs and hedge._evident_pairs, once a query.';

CREATE TABLE desk.alert (
    alert bigint NOT NULL,
    model text NOT NULL,
    asset_y text NOT NULL,
    asset_x text NOT NULL,
    kind text NOT NULL,
    raised_at_bar timestamp with time zone NOT NULL,
    change_bar timestamp with time zone,
    direction integer,
    message text NOT NULL,
    run bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by text,
    cleared_at_bar timestamp with time zone,
    CONSTRAINT acknowledged_at_some_time_by_someone CHECK (((acknowledged_at IS NULL) = (acknowledged_by IS NULL))),
    CONSTRAINT direction_is_up_or_down CHECK ((direction = ANY (ARRAY[1, '-1'::integer]))),
    CONSTRAINT kind_is_break_sign_change_or_verdict_lost CHECK ((kind = ANY (ARRAY['break'::text, 'sign_change'::text, 'verdict_lost'::text])))
);

ALTER TABLE desk.alert OWNER TO upgrade_owner;

COMMENT ON TABLE desk.alert IS 'Alarms, one row each: a pair that some portfolio leans on has broken, changed its sign or lost its verdict. A refresh that adds a row notifies channel pghedge_alert of its number. Rows stay until somebody deletes them. Row-level security on the positions does not reach them: see hedge.restrict_book.';

COMMENT ON COLUMN desk.alert.alert IS 'Number of the alert, for hedge.acknowledge.';

COMMENT ON COLUMN desk.alert.model IS 'The model.';

COMMENT ON COLUMN desk.alert.asset_y IS 'One asset of the pair, the first in byte order.';

COMMENT ON COLUMN desk.alert.asset_x IS 'The other.';

COMMENT ON COLUMN desk.alert.kind IS 'break: a monitor saw the correlation leave what it was over its baseline. sign_change: the robust interval leaves out 0 on the other side than before. verdict_lost: the pair was reliable, and has been weak, unstable or insufficient for the model''s alarm_patience.';

COMMENT ON COLUMN desk.alert.raised_at_bar IS 'Bar that raised it.';

COMMENT ON COLUMN desk.alert.change_bar IS 'Most likely first bar of the change; of verdict_lost, the last bar of the refresh that first found it. NULL: unknown, or before the window.';

COMMENT ON COLUMN desk.alert.direction IS '1: the correlation rose, -1: it fell. NULL: of verdict_lost, and of a break that was over again when the refresh came.';

COMMENT ON COLUMN desk.alert.message IS 'What happened, in words.';

COMMENT ON COLUMN desk.alert.run IS 'Run of the refresh that raised it; it may have been deleted since.';

COMMENT ON COLUMN desk.alert.created_at IS 'When the row was made.';

COMMENT ON COLUMN desk.alert.acknowledged_at IS 'When somebody took note by hedge.acknowledge. NULL: nobody did.';

COMMENT ON COLUMN desk.alert.acknowledged_by IS 'Who did.';

COMMENT ON COLUMN desk.alert.cleared_at_bar IS 'Bar from which it holds no more: the correlation is back or has left for the other side, the verdict is back, or nobody leans on the pair. NULL: it stands.';

ALTER TABLE desk.alert ALTER COLUMN alert ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME desk.alert_alert_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE desk.alert_holders (
    alert bigint NOT NULL,
    portfolios integer NOT NULL,
    portfolio_list text NOT NULL,
    risk_offset_at_stake double precision
);

ALTER TABLE desk.alert_holders OWNER TO upgrade_owner;

COMMENT ON TABLE desk.alert_holders IS 'Who leaned on the pair of an alert when it was raised, apart from it, since those who may know of the alert need not know of all who hold the pair.';

COMMENT ON COLUMN desk.alert_holders.alert IS 'The alert.';

COMMENT ON COLUMN desk.alert_holders.portfolios IS 'Portfolios that leaned on the pair when it was raised.';

COMMENT ON COLUMN desk.alert_holders.portfolio_list IS 'Their names, shortened when they are many.';

COMMENT ON COLUMN desk.alert_holders.risk_offset_at_stake IS 'Risk that the correlation of the baseline removes from these portfolios, summed, at the volatilities and positions of the refresh, less what the one since the change removes (of verdict_lost, a correlation of 0): what is lost. 0 where the change strengthened the hedge, or is over.';

CREATE VIEW desk.concentrating_pairs WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    r.window_start,
    o.asset_a,
    o.asset_b,
    o.side_a,
    o.side_b,
    o.quantity_a,
    o.quantity_b,
    o.exposure_a,
    o.exposure_b,
    o.correlation,
    o.correlation_low,
    o.correlation_high,
    o.observations,
    o.volatility_a,
    o.volatility_b,
    o.volatility_a_annual,
    o.volatility_b_annual,
    o.hedge_ratio,
    o.actual_ratio,
    o.target_exposure_b,
    o.trade_b,
    o.trade_b_contracts,
    o.gross_risk,
    o.uncorrelated_risk,
    o.net_risk,
    o.diversification,
    o.risk_offset,
    o.risk_offset_share,
    o.residual_risk,
    o.price_time,
    o.robust_low,
    o.robust_high,
    o.break_time,
    o.verdict,
    o.reason
   FROM (((desk._holding h
     CROSS JOIN desk.model_run r)
     JOIN desk.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL hedge._evident_pairs(matrix => r.matrix, book => 'desk'::regnamespace, run => r.run, holdings => h.holdings, offsetting => false, minimum_correlation => m.minimum_correlation, minimum_observations => m.minimum_observations, bars_per_year => m.bars_per_year, level => m.confidence_level, max_pairs => NULL::integer, unexamined =>
        CASE
            WHEN ((r.settings ->> 'evidence'::text) = 'none'::text) THEN 'setting evidence of the model is none'::text
            ELSE 'of pairs that add up, only those are examined that are watched since they offset each other'::text
        END) o(asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b, correlation, correlation_low, correlation_high, observations, volatility_a, volatility_b, volatility_a_annual, volatility_b_annual, hedge_ratio, actual_ratio, target_exposure_b, trade_b, trade_b_contracts, gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, risk_offset_share, residual_risk, price_time, robust_low, robust_high, conservative_correlation, risk_offset_conservative, net_risk_conservative, out_of_sample_effectiveness, held_effectiveness, break_even_correlation, break_even_confidence, break_time, verdict, reason))
  WHERE (r.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM desk.latest_run x)))
  ORDER BY o.risk_offset;

ALTER TABLE desk.concentrating_pairs OWNER TO upgrade_owner;

COMMENT ON VIEW desk.concentrating_pairs IS 'Portfolio x model x pair, the other side of offsetting_pairs: pairs that add up, the most negative risk_offset first. A pair that offset until its correlation turned stands here, with its verdict.';

COMMENT ON COLUMN desk.concentrating_pairs.portfolio IS 'Who holds both.';

COMMENT ON COLUMN desk.concentrating_pairs.model IS 'The model.';

COMMENT ON COLUMN desk.concentrating_pairs.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.concentrating_pairs.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN desk.concentrating_pairs.asset_a IS 'The leg with the larger risk.';

COMMENT ON COLUMN desk.concentrating_pairs.asset_b IS 'The other leg, which is taken for the hedge.';

COMMENT ON COLUMN desk.concentrating_pairs.side_a IS 'long or short, the sign of exposure_a.';

COMMENT ON COLUMN desk.concentrating_pairs.side_b IS 'long or short, the sign of exposure_b.';

COMMENT ON COLUMN desk.concentrating_pairs.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN desk.concentrating_pairs.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN desk.concentrating_pairs.exposure_a IS 'Exposure to asset_a, as in view exposure.';

COMMENT ON COLUMN desk.concentrating_pairs.exposure_b IS 'Exposure to asset_b, as in view exposure.';

COMMENT ON COLUMN desk.concentrating_pairs.correlation IS 'Correlation of their returns, from -1 to 1.';

COMMENT ON COLUMN desk.concentrating_pairs.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';

COMMENT ON COLUMN desk.concentrating_pairs.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.concentrating_pairs.observations IS 'Bars on which both have a return.';

COMMENT ON COLUMN desk.concentrating_pairs.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';

COMMENT ON COLUMN desk.concentrating_pairs.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';

COMMENT ON COLUMN desk.concentrating_pairs.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.concentrating_pairs.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.concentrating_pairs.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';

COMMENT ON COLUMN desk.concentrating_pairs.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';

COMMENT ON COLUMN desk.concentrating_pairs.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';

COMMENT ON COLUMN desk.concentrating_pairs.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';

COMMENT ON COLUMN desk.concentrating_pairs.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';

COMMENT ON COLUMN desk.concentrating_pairs.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';

COMMENT ON COLUMN desk.concentrating_pairs.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';

COMMENT ON COLUMN desk.concentrating_pairs.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';

COMMENT ON COLUMN desk.concentrating_pairs.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';

COMMENT ON COLUMN desk.concentrating_pairs.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';

COMMENT ON COLUMN desk.concentrating_pairs.risk_offset_share IS 'risk_offset / uncorrelated_risk.';

COMMENT ON COLUMN desk.concentrating_pairs.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';

COMMENT ON COLUMN desk.concentrating_pairs.price_time IS 'Instant of the older of the two prices.';

COMMENT ON COLUMN desk.concentrating_pairs.robust_low IS 'Lower end of an interval around correlation that holds under heavy tails and serial dependence, too. NULL, as all that follow: the run did not examine the pair, or there is no answer.';

COMMENT ON COLUMN desk.concentrating_pairs.robust_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.concentrating_pairs.break_time IS 'Bar of the most likely change of the correlation in the window; it means something under verdict break_detected.';

COMMENT ON COLUMN desk.concentrating_pairs.verdict IS 'reliable, weak, unstable, break_detected or insufficient: the evidence of the run on the pair, asset_b taken for the hedge; not examined where there is none, as reason says.';

COMMENT ON COLUMN desk.concentrating_pairs.reason IS 'Why, in words; and that the ratio held adds variance, where held_effectiveness is negative: the verdict is of the pair, not of how much of each leg is held.';

CREATE VIEW desk.correlation WITH (security_invoker='true') AS
 SELECT l.model,
    l.as_of,
    d.asset_y,
    d.asset_x,
    (p.observations)::integer AS observations,
    p.correlation,
    d.hedge_ratio
   FROM ((((desk.latest_run l
     JOIN desk.model_run r ON ((r.run = l.run)))
     JOIN desk.model m ON ((m.model = l.model)))
     CROSS JOIN LATERAL hedge.pairs(r.matrix) p(asset_y, asset_x, observations, correlation, covariance, hedge_ratio, volatility_y, volatility_x))
     CROSS JOIN LATERAL ( VALUES (p.asset_y,p.asset_x,p.hedge_ratio), (p.asset_x,p.asset_y,((p.correlation * p.volatility_x) / NULLIF(p.volatility_y, (0)::double precision)))) d(asset_y, asset_x, hedge_ratio))
  WHERE ((p.observations >= (m.minimum_observations)::double precision) AND (p.correlation IS NOT NULL));

ALTER TABLE desk.correlation OWNER TO upgrade_owner;

COMMENT ON VIEW desk.correlation IS 'Model x pair: correlations of each model''s latest run, as a heat map reads them. Each pair stands twice, once in each direction; pairs with fewer than minimum_observations common returns, or with a constant side, are left out.';

COMMENT ON COLUMN desk.correlation.model IS 'The model.';

COMMENT ON COLUMN desk.correlation.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.correlation.asset_y IS 'The asset held.';

COMMENT ON COLUMN desk.correlation.asset_x IS 'The hedge.';

COMMENT ON COLUMN desk.correlation.observations IS 'Returns that both have.';

COMMENT ON COLUMN desk.correlation.correlation IS 'Correlation of their common returns, from -1 to 1.';

COMMENT ON COLUMN desk.correlation.hedge_ratio IS 'Minimum-variance hedge ratio of asset_y by asset_x over these returns: exposure in asset_x to sell for each unit of exposure in asset_y. NULL: asset_x is constant.';

CREATE TABLE desk.evidence_run (
    run bigint NOT NULL,
    examined text NOT NULL,
    pairs integer NOT NULL,
    searched integer NOT NULL,
    adjustment text NOT NULL,
    CONSTRAINT examined_is_kept_or_all CHECK ((examined = ANY (ARRAY['kept'::text, 'all'::text]))),
    CONSTRAINT pairs_is_not_negative CHECK ((pairs >= 0))
);

ALTER TABLE desk.evidence_run OWNER TO upgrade_owner;

COMMENT ON TABLE desk.evidence_run IS 'Runs whose pairs were examined: which of them, and how many. Kept for two runs of a model only, as are the pairs: the latest, and the last one whose window ended earlier.';

COMMENT ON COLUMN desk.evidence_run.run IS 'The run.';

COMMENT ON COLUMN desk.evidence_run.examined IS 'Setting evidence of the model: kept (pairs in the snapshot of some portfolio, and those watched from before) or all.';

COMMENT ON COLUMN desk.evidence_run.pairs IS 'Pairs examined, each counted once.';

COMMENT ON COLUMN desk.evidence_run.searched IS 'Pairs that those were chosen from, which p-values are adjusted for: all pairs among the assets held and the currencies of funded ones, or, with all, the pairs examined.';

COMMENT ON COLUMN desk.evidence_run.adjustment IS 'How they are adjusted, as hedge.adjust_p_values calls it.';

CREATE TABLE desk.pair_monitor (
    model text NOT NULL,
    asset_y text NOT NULL,
    asset_x text NOT NULL,
    baseline_start timestamp with time zone NOT NULL,
    baseline_end timestamp with time zone NOT NULL,
    returns_key text NOT NULL,
    baseline_state double precision[] NOT NULL,
    state double precision[] NOT NULL,
    last_bar timestamp with time zone NOT NULL,
    held_at timestamp with time zone NOT NULL,
    alarm_bar timestamp with time zone,
    change_bar timestamp with time zone,
    direction integer,
    correlation_sign integer,
    was_reliable boolean NOT NULL,
    unreliable_since timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT correlation_sign_is_plus_or_minus CHECK ((correlation_sign = ANY (ARRAY[1, '-1'::integer]))),
    CONSTRAINT direction_is_up_or_down CHECK ((direction = ANY (ARRAY[1, '-1'::integer])))
);

ALTER TABLE desk.pair_monitor OWNER TO upgrade_owner;

COMMENT ON TABLE desk.pair_monitor IS 'Pairs that some portfolio leans on, watched bar by bar for their correlation leaving what it was over a baseline. A pair has one running monitor at most; those that ended stay, so that a refresh as of a time of theirs raises the same alarms.';

COMMENT ON COLUMN desk.pair_monitor.model IS 'The model.';

COMMENT ON COLUMN desk.pair_monitor.asset_y IS 'One asset, the first in byte order.';

COMMENT ON COLUMN desk.pair_monitor.asset_x IS 'The other.';

COMMENT ON COLUMN desk.pair_monitor.baseline_start IS 'First bar of the baseline.';

COMMENT ON COLUMN desk.pair_monitor.baseline_end IS 'Last bar of the baseline: the last one, when the monitor started, that a refresh would not read again.';

COMMENT ON COLUMN desk.pair_monitor.returns_key IS 'Digest of the settings that shape returns: after a change of them a new monitor starts.';

COMMENT ON COLUMN desk.pair_monitor.baseline_state IS 'State at baseline_end, made by hedge.monitor_start.';

COMMENT ON COLUMN desk.pair_monitor.state IS 'State at last_bar, made by hedge.monitor_advance.';

COMMENT ON COLUMN desk.pair_monitor.last_bar IS 'Last bar seen.';

COMMENT ON COLUMN desk.pair_monitor.held_at IS 'last_bar of the last refresh that found the pair in the snapshot of some portfolio.';

COMMENT ON COLUMN desk.pair_monitor.alarm_bar IS 'Bar that raised the alarm that stands. NULL: none does.';

COMMENT ON COLUMN desk.pair_monitor.change_bar IS 'Most likely first bar of the change behind it.';

COMMENT ON COLUMN desk.pair_monitor.direction IS '1: the correlation rose, -1: it fell. NULL: no alarm stands.';

COMMENT ON COLUMN desk.pair_monitor.correlation_sign IS 'Sign of the correlation when the robust interval last left out 0, in this monitor or one before that ended in the window. NULL: it never did.';

COMMENT ON COLUMN desk.pair_monitor.was_reliable IS 'True: the pair was reliable, in one direction at least, and has not lost that for as long as the model''s alarm_patience.';

COMMENT ON COLUMN desk.pair_monitor.unreliable_since IS 'Last bar of the first refresh since then that found it weak, unstable or insufficient. NULL: none did.';

COMMENT ON COLUMN desk.pair_monitor.ended_at IS 'Bar at which it ended: the pair was in no snapshot for the model''s rolling_bars, nobody leans on it any more while an alert of it stands (after a break that was acknowledged: nobody holds both assets), its alarm was acknowledged and a new baseline has begun, a calm one was renewed after twice the lookback, settings changed, or there were no refreshes for longer than the window and prices in between are gone. NULL: it runs.';

CREATE VIEW desk.correlation_stability WITH (security_invoker='true') AS
 SELECT l.model,
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
   FROM (((((desk.latest_run l
     JOIN desk.evidence_run r ON ((r.run = l.run)))
     JOIN desk.pair_evidence p ON ((p.run = r.run)))
     LEFT JOIN LATERAL ( SELECT e.run,
            k.as_of
           FROM (desk.evidence_run e
             JOIN desk.model_run k ON ((k.run = e.run)))
          WHERE ((k.model = l.model) AND (k.window_end < l.window_end))
          ORDER BY k.window_end DESC, k.as_of DESC, k.run DESC
         LIMIT 1) b ON (true))
     LEFT JOIN LATERAL ( SELECT b.as_of,
            x.correlation,
            x.verdict
           FROM desk.pair_evidence x
          WHERE ((x.run = b.run) AND (x.asset_y = p.asset_y) AND (x.asset_x = p.asset_x))
         OFFSET 0) q ON (true))
     LEFT JOIN LATERAL ( SELECT x.baseline_start,
            x.baseline_end,
            x.alarm_bar,
            x.change_bar,
            LEAST(x.last_bar, ( SELECT min(a.price_time) AS min
                   FROM desk.run_asset a
                  WHERE ((a.run = l.run) AND (a.asset = ANY (ARRAY[p.asset_y, p.asset_x]))))) AS watched_until
           FROM desk.pair_monitor x
          WHERE ((x.model = l.model) AND (x.ended_at IS NULL) AND (x.asset_y = (LEAST((p.asset_y COLLATE "C"), p.asset_x) COLLATE "default")) AND (x.asset_x = (GREATEST((p.asset_y COLLATE "C"), p.asset_x) COLLATE "default")))
         OFFSET 0) m ON (true));

ALTER TABLE desk.correlation_stability OWNER TO upgrade_owner;

COMMENT ON VIEW desk.correlation_stability IS 'Pairs that the latest run of each model examined: is the correlation real, has it held, and what did the run before say? Each pair stands twice, once in each direction; asset_y < asset_x picks one.';

COMMENT ON COLUMN desk.correlation_stability.model IS 'The model.';

COMMENT ON COLUMN desk.correlation_stability.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.correlation_stability.asset_y IS 'The asset held.';

COMMENT ON COLUMN desk.correlation_stability.asset_x IS 'The hedge.';

COMMENT ON COLUMN desk.correlation_stability.observations IS 'Observations: times at which both sides have a value.';

COMMENT ON COLUMN desk.correlation_stability.effective_observations IS 'How many independent normal observations would tell as much about the correlation; below observations under heavy tails or serial dependence. NULL: too few observations, or one asset twice.';

COMMENT ON COLUMN desk.correlation_stability.correlation IS 'Correlation of y and x, from -1 to 1. NULL: a side is constant, not finite, or there are fewer than two observations; all the rest is NULL then, too.';

COMMENT ON COLUMN desk.correlation_stability.fisher_low IS 'Lower end of Fisher''s interval, which holds for independent normal observations only.';

COMMENT ON COLUMN desk.correlation_stability.fisher_high IS 'Upper end of Fisher''s interval.';

COMMENT ON COLUMN desk.correlation_stability.robust_low IS 'Lower end of the robust interval at the confidence level: holds under heavy tails and serial dependence, too. NULL: fewer than 10 observations.';

COMMENT ON COLUMN desk.correlation_stability.robust_high IS 'Upper end of the robust interval.';

COMMENT ON COLUMN desk.correlation_stability.effectiveness_p_value IS 'Robust p-value of correlation^2 <= the minimum effectiveness: small when the pair is worth hedging with. The one to adjust over all pairs examined (hedge.adjust_p_values).';

COMMENT ON COLUMN desk.correlation_stability.adjusted_p_value IS 'effectiveness_p_value adjusted for having examined so many pairs (Benjamini and Hochberg): the smallest false discovery rate at which the pair is worth hedging with.';

COMMENT ON COLUMN desk.correlation_stability.pairs_searched IS 'Pairs that adjusted_p_value is adjusted for: all that this one was chosen from, looked at closely or not.';

COMMENT ON COLUMN desk.correlation_stability.rolling_minimum IS 'Smallest rolling correlation.';

COMMENT ON COLUMN desk.correlation_stability.rolling_maximum IS 'Largest rolling correlation.';

COMMENT ON COLUMN desk.correlation_stability.rolling_mean IS 'Mean of the rolling correlations.';

COMMENT ON COLUMN desk.correlation_stability.rolling_standard_deviation IS 'Standard deviation of the rolling correlations (divisor windows - 1; 0 for one window).';

COMMENT ON COLUMN desk.correlation_stability.rolling_latest IS 'Correlation of the last window. NULL: it has none.';

COMMENT ON COLUMN desk.correlation_stability.sign_changes IS 'How often the rolling correlation changed its sign.';

COMMENT ON COLUMN desk.correlation_stability.rolling_spread_p_value IS 'Probability of rolling correlations that vary this much if the correlation is constant. Cautious under heavy tails. NULL: a window has no correlation.';

COMMENT ON COLUMN desk.correlation_stability.correlation_first_half IS 'Correlation of the first half of the observations. NULL: a side is constant there.';

COMMENT ON COLUMN desk.correlation_stability.correlation_second_half IS 'Correlation of the second half.';

COMMENT ON COLUMN desk.correlation_stability.break_statistic IS 'Largest fluctuation of the correlation of the first k observations around that of all, volatility-adjusted (Wied, Kraemer, Dehling 2012); 1.36 is its 5 % point if the correlation is constant, 1.63 the 1 % point. NULL: fewer than 100 observations.';

COMMENT ON COLUMN desk.correlation_stability.break_p_value IS 'p-value of a constant correlation: probability of so large a break_statistic.';

COMMENT ON COLUMN desk.correlation_stability.break_time IS 'Time of break_observation. NULL: no times were given, or there is no test.';

COMMENT ON COLUMN desk.correlation_stability.correlation_before_break IS 'Correlation of the observations before break_observation. NULL: there is no test, or a side is constant there.';

COMMENT ON COLUMN desk.correlation_stability.correlation_after_break IS 'Correlation from break_observation on.';

COMMENT ON COLUMN desk.correlation_stability.lag_correlation IS 'Correlation of y with x one observation earlier or later, the larger in size. Far from 0 it says that the two are not observed at the same instant, and that correlation understates.';

COMMENT ON COLUMN desk.correlation_stability.out_of_sample_effectiveness IS '1 - variance with hedge / variance without, each return hedged with the ratio of the rolling window before it. NULL: fewer than 20 returns after the first window.';

COMMENT ON COLUMN desk.correlation_stability.clark_west_p_value IS 'p-value of the hedge doing nothing, one-sided.';

COMMENT ON COLUMN desk.correlation_stability.verdict IS 'The first that holds: insufficient, break_detected, weak, unstable, reliable; at the model''s settings.';

COMMENT ON COLUMN desk.correlation_stability.reason IS 'Why, in words.';

COMMENT ON COLUMN desk.correlation_stability.previous_as_of IS 'Time of the run before: the last one whose window ended at an earlier bar. NULL: there is none, or it did not examine the pair.';

COMMENT ON COLUMN desk.correlation_stability.previous_correlation IS 'correlation of that run.';

COMMENT ON COLUMN desk.correlation_stability.previous_verdict IS 'verdict of that run.';

COMMENT ON COLUMN desk.correlation_stability.watched_baseline_start IS 'First bar of the baseline that the pair is watched against. NULL: it is not watched, since nobody leans on it, or since there are fewer than 60 settled bars after the break that ended its baseline.';

COMMENT ON COLUMN desk.correlation_stability.watched_baseline_end IS 'Last bar of that baseline.';

COMMENT ON COLUMN desk.correlation_stability.watched_until IS 'Last bar seen, reread_bars before the end of the window; or the last price of the asset whose prices ended before that.';

COMMENT ON COLUMN desk.correlation_stability.alarm_bar IS 'Bar that raised the alarm that stands. NULL: none does.';

COMMENT ON COLUMN desk.correlation_stability.change_bar IS 'Most likely first bar of the change behind it.';

CREATE VIEW desk.data_quality WITH (security_invoker='true') AS
 SELECT r.model,
    r.as_of,
    a.asset,
    a.return_kind,
    r.counted_bars,
    a.priced_bars,
    ((a.priced_bars)::double precision / (NULLIF(r.counted_bars, 0))::double precision) AS coverage,
    a.observations,
    a.missing_returns,
    a.non_positive,
    a.not_finite,
    a.contradictory,
    a.price AS last_price,
    a.price_time AS last_price_time,
    a.stale_bars,
    (EXTRACT(epoch FROM (r.as_of - a.price_time)))::double precision AS price_age_seconds,
    a.stale,
        CASE
            WHEN (a.price IS NULL) THEN 'no good price'::text
            WHEN a.stale THEN 'stale'::text
            WHEN (a.price_time < r.trailing_bars[cardinality(r.trailing_bars)]) THEN 'late'::text
            WHEN (a.volatility IS NULL) THEN 'too few returns'::text
            WHEN ((a.frozen > 0) OR (a.unchanged > (a.priced_bars / 2))) THEN 'unchanged'::text
            WHEN (((a.non_positive + a.not_finite) + a.contradictory) > 0) THEN 'bad prices'::text
            WHEN (a.missing_returns > 0) THEN 'gaps'::text
            ELSE 'good'::text
        END AS verdict,
    a.gap_moves,
    a.largest_gap_move,
    a.largest_gap_bar,
    a.unchanged,
    a.frozen
   FROM (desk.run_asset a
     JOIN desk.model_run r ON ((r.run = a.run)))
  WHERE (a.run = ANY (ARRAY( SELECT (l.run)::bigint AS run
           FROM desk.latest_run l)))
UNION ALL
 SELECT l.model,
    l.as_of,
    w.asset,
    NULL::text AS return_kind,
    NULL::integer AS counted_bars,
    NULL::integer AS priced_bars,
    NULL::double precision AS coverage,
    NULL::integer AS observations,
    NULL::integer AS missing_returns,
    NULL::integer AS non_positive,
    NULL::integer AS not_finite,
    NULL::integer AS contradictory,
    NULL::double precision AS last_price,
    NULL::timestamp with time zone AS last_price_time,
    NULL::integer AS stale_bars,
    NULL::double precision AS price_age_seconds,
    NULL::boolean AS stale,
        CASE w.place
            WHEN 1 THEN 'held without a price'::text
            WHEN 2 THEN 'fx_asset without a price'::text
            WHEN 3 THEN 'benchmark without a price'::text
            ELSE 'instrument without a price'::text
        END AS verdict,
    NULL::integer AS gap_moves,
    NULL::double precision AS largest_gap_move,
    NULL::timestamp with time zone AS largest_gap_bar,
    NULL::integer AS unchanged,
    NULL::integer AS frozen
   FROM (desk.latest_run l
     CROSS JOIN ( SELECT v.asset,
            min(v.place) AS place
           FROM ( SELECT p.asset,
                    1 AS "?column?"
                   FROM desk._position p
                  GROUP BY p.asset
                UNION ALL
                 SELECT n.asset,
                    n.place
                   FROM (desk.instrument i
                     CROSS JOIN LATERAL ( VALUES (i.fx_asset,2), (i.benchmark,3), (i.asset,4)) n(asset, place))) v(asset, place)
          WHERE (v.asset IS NOT NULL)
          GROUP BY v.asset) w)
  WHERE (NOT (EXISTS ( SELECT
           FROM desk.run_asset a
          WHERE ((a.run = l.run) AND (a.asset = w.asset)))));

ALTER TABLE desk.data_quality OWNER TO upgrade_owner;

COMMENT ON VIEW desk.data_quality IS 'Model and asset: what the prices behind the latest run are worth. Assets that are held, or named in instrument, but have no price at all stand here, too.';

COMMENT ON COLUMN desk.data_quality.model IS 'The model.';

COMMENT ON COLUMN desk.data_quality.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.data_quality.asset IS 'The asset.';

COMMENT ON COLUMN desk.data_quality.return_kind IS 'Kind of its returns: simple, log or difference.';

COMMENT ON COLUMN desk.data_quality.counted_bars IS 'Bars of all blocks of returns that reach into the window: what priced_bars and bad prices are counted over.';

COMMENT ON COLUMN desk.data_quality.priced_bars IS 'Those with a good price of the asset.';

COMMENT ON COLUMN desk.data_quality.coverage IS 'priced_bars / counted_bars, from 0 to 1.';

COMMENT ON COLUMN desk.data_quality.observations IS 'Returns in the window.';

COMMENT ON COLUMN desk.data_quality.missing_returns IS 'Bars of the window without a return.';

COMMENT ON COLUMN desk.data_quality.non_positive IS 'Prices left out because they are zero or negative, under simple and log returns.';

COMMENT ON COLUMN desk.data_quality.not_finite IS 'Prices left out because they are NaN or infinite or give such a return.';

COMMENT ON COLUMN desk.data_quality.contradictory IS 'Bars without a close because of two different prices at their last instant.';

COMMENT ON COLUMN desk.data_quality.last_price IS 'Last good price up to as_of, on the calendar or not. NULL: none.';

COMMENT ON COLUMN desk.data_quality.last_price_time IS 'Its instant.';

COMMENT ON COLUMN desk.data_quality.stale_bars IS 'Bars since then in which some asset has a price, whether or not enough for the calendar: as many as stale_after, and the asset is no longer alive at the next. (Further back than stale_after + 2 bars of the calendar, only those of the calendar are counted.)';

COMMENT ON COLUMN desk.data_quality.price_age_seconds IS 'Seconds from last_price_time to as_of.';

COMMENT ON COLUMN desk.data_quality.stale IS 'True: stale_bars is more than the stale_after of the run''s settings, or price_age_seconds more than 2 x stale_after bars last (at least 2 bars; a month counts 30 days). So a feed that ended is stale, too, when all ended together; with bars shorter than a night, so is every price where the market was closed that long.';

COMMENT ON COLUMN desk.data_quality.verdict IS 'The worst that holds: held without a price, fx_asset, benchmark or instrument without a price (named in instrument), no good price, stale, late (no price in the newest bar, which therefore is not in the calendar), too few returns, unchanged (frozen is more than 0, or unchanged more than half of priced_bars: the feed stands still, or stood still so long that its returns of 0 hide risk), bad prices, gaps, good.';

COMMENT ON COLUMN desk.data_quality.gap_moves IS 'Closes, in counted_bars, that follow a gap: bars of the calendar without a close of the asset (closed, suspended, a bad price). The move over each of them is in no return, so in no volatility, correlation or historical loss. A higher calendar_quorum leaves more of such bars out of the calendar, so that returns lead over them: fewer moves are lost, and there are fewer bars.';

COMMENT ON COLUMN desk.data_quality.largest_gap_move IS 'The largest of these moves in size, as a return of the asset''s kind: -0.3 is a fall of 30 %. NULL: none.';

COMMENT ON COLUMN desk.data_quality.largest_gap_bar IS 'Start of the bar that it ends in.';

COMMENT ON COLUMN desk.data_quality.unchanged IS 'Closes, in counted_bars, that are the same as in the bar before: returns of exactly 0.';

COMMENT ON COLUMN desk.data_quality.frozen IS 'Those of them that follow at least stale_after others in one row: a price repeated for 100 bars makes 100 - stale_after. Rare in a market however quiet: where three of ten closes are unchanged, a row of eleven comes once in 800,000 bars.';

CREATE VIEW desk.exposure WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    e.asset,
    e.quantity,
    u.price,
    u.price_time,
    u.currency,
    u.fx,
    e.notional,
    e.exposure,
    u.volatility,
        CASE
            WHEN (u.volatility < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN (0)::double precision
            ELSE (u.volatility * sqrt(m.bars_per_year))
        END AS volatility_annual,
    (
        CASE
            WHEN (LEAST(abs(e.exposure), u.volatility) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN (((0)::double precision * e.exposure) * u.volatility)
            ELSE (e.exposure * u.volatility)
        END + (0)::double precision) AS risk,
    u.observations,
    u.benchmark,
    u.bucket,
    (
        CASE
            WHEN (u.asset IS NULL) THEN 'no price'::text
            WHEN (u.problem IS NOT NULL) THEN u.problem
            WHEN (e.problem IS NOT NULL) THEN e.problem
            WHEN (e.positions = 0) THEN 'currency of funded holdings'::text
            WHEN e.funds THEN (u.basis || ' + currency of funded holdings'::text)
            ELSE u.basis
        END || COALESCE(('; '::text || NULLIF(u.note, ''::text)), ''::text)) AS basis
   FROM ((((desk._holding h
     CROSS JOIN desk.model_run r)
     JOIN desk.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL hedge._exposures('desk'::regnamespace, r.run, h.holdings) e(asset, positions, quantity, notional, delta_notional, exposure, funds, problem, volatility, unit_exposure, return_kind, price_time, stale, benchmark, benchmark_scale))
     LEFT JOIN desk._unit u ON (((u.run = r.run) AND (u.asset = e.asset))))
  WHERE (r.run = ANY (ARRAY( SELECT (l.run)::bigint AS run
           FROM desk.latest_run l)));

ALTER TABLE desk.exposure OWNER TO upgrade_owner;

COMMENT ON VIEW desk.exposure IS 'Portfolio x model x asset: what is held, at the price and volatility of each model''s latest run. A holding without a price or without enough returns stands here, too: basis says why.';

COMMENT ON COLUMN desk.exposure.portfolio IS 'Who holds it.';

COMMENT ON COLUMN desk.exposure.model IS 'The model.';

COMMENT ON COLUMN desk.exposure.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.exposure.asset IS 'What is held, or the fx_asset of funded holdings in a foreign currency.';

COMMENT ON COLUMN desk.exposure.quantity IS 'Contracts held, summed over the position rows; negative when short. NULL: nothing held of the asset itself, or a row is no number or above 1e50.';

COMMENT ON COLUMN desk.exposure.price IS 'Last good price of the run, on the calendar or not, in currency. NULL: none.';

COMMENT ON COLUMN desk.exposure.price_time IS 'Instant of price.';

COMMENT ON COLUMN desk.exposure.currency IS 'The instrument''s currency.';

COMMENT ON COLUMN desk.exposure.fx IS 'Base currency per unit of currency; 1 for the base currency. NULL: unknown.';

COMMENT ON COLUMN desk.exposure.notional IS 'Value of the contracts held in base currency, without delta: quantity x contract_size x price x fx, of an inverse contract without the price; negative when short. NULL: unknown, or only funded holdings in this currency.';

COMMENT ON COLUMN desk.exposure.exposure IS 'Signed delta-equivalent notional in base currency: profit and loss = exposure x return. Linear: quantity x contract_size x delta x price x fx; inverse: without the price; plus the value of funded holdings in this currency. Under difference returns all of it per unit of price. A delta that is NULL is unknown, as one that is no number; positions without a column delta have delta 1. NULL: unknown, see basis.';

COMMENT ON COLUMN desk.exposure.volatility IS 'Standard deviation of the return, per bar; under difference returns in units of price. NULL: too few returns, or above 1e50.';

COMMENT ON COLUMN desk.exposure.volatility_annual IS 'volatility x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.exposure.risk IS 'exposure x volatility: standard deviation of the leg''s profit and loss per bar, in base currency, with the sign of the exposure.';

COMMENT ON COLUMN desk.exposure.observations IS 'Returns that volatility is made of.';

COMMENT ON COLUMN desk.exposure.benchmark IS 'The instrument''s benchmark, where it can be estimated.';

COMMENT ON COLUMN desk.exposure.bucket IS 'The instrument''s bucket.';

COMMENT ON COLUMN desk.exposure.basis IS 'How exposure was made: linear, inverse, currency of funded holdings; or why there is none; after a semicolon, stale price (of it or of its fx_asset, as in data_quality), and why there is no volatility.';

CREATE VIEW desk.hedge_recommendations WITH (security_invoker='true') AS
 SELECT l.portfolio,
    l.model,
    r.as_of,
    t.instrument,
    t.action,
    t.quantity,
    t.exposure,
    t.target_exposure,
    t.trade_contracts,
    t.trade_exposure,
    t.exposure_after,
    t.band_low,
    t.band_high,
    t.cost,
    t.worth,
    t.variance_removed,
    t.variance_removed_per_cost,
    t.risk_before,
    t.risk_after,
    t.net_risk_after,
    t.total_cost,
    t.reason
   FROM ((((desk._leg l
     JOIN desk.model_run r ON ((r.run = l.run)))
     JOIN desk.model m ON ((m.model = r.model)))
     LEFT JOIN desk._instruments i ON ((i.run = l.run)))
     CROSS JOIN LATERAL hedge._recommended_trades(matrix => COALESCE(r.psd_matrix, r.matrix), assets => l.assets, exposures => l.exposures, quantities => l.quantities, marked => COALESCE(i.marked, false), instruments => i.assets, unit_exposures => i.unit_exposures, unit_notionals => i.unit_notionals, lot_sizes => i.lot_sizes, costs => i.costs, costs_per_lot => i.costs_per_lot, problems => i.problems, risk_price => m.risk_price, correlations => m.hedge_correlations, evidence => m.hedge_evidence, most_instruments => m.hedge_instruments, minimum_correlation => m.minimum_correlation, minimum_observations => m.minimum_observations, book => 'desk'::regnamespace, run => r.run) t(instrument, quantity, exposure, target_exposure, trade_contracts, trade_exposure, exposure_after, band_low, band_high, cost, worth, variance_removed, variance_removed_per_cost, risk_before, risk_after, net_risk_after, total_cost, action, reason))
  WHERE (l.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM desk.latest_run x)));

ALTER TABLE desk.hedge_recommendations OWNER TO upgrade_owner;

COMMENT ON VIEW desk.hedge_recommendations IS 'Portfolio x model x instrument: what to trade to hedge what is held, live, with whole lots and costs; and why, or why not. A portfolio that nothing can be done for has one row without an instrument. Traded may be the instruments marked as tradable (table instrument), those among them left out that are themselves positions to be hedged; with none marked, what a portfolio holds against a larger position that it offsets. Trades are those that are best together; they rely on correlations between positions and instruments as settings hedge_evidence and hedge_correlations of the model say.';

COMMENT ON COLUMN desk.hedge_recommendations.portfolio IS 'The portfolio.';

COMMENT ON COLUMN desk.hedge_recommendations.model IS 'The model.';

COMMENT ON COLUMN desk.hedge_recommendations.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.hedge_recommendations.instrument IS 'What would be traded. NULL: nothing can be done for this portfolio, and reason says why.';

COMMENT ON COLUMN desk.hedge_recommendations.action IS 'buy, sell or none.';

COMMENT ON COLUMN desk.hedge_recommendations.quantity IS 'Contracts held now; 0: none. NULL: a currency that only funded holdings expose to, or not known.';

COMMENT ON COLUMN desk.hedge_recommendations.exposure IS 'Exposure held in it now, as in view exposure.';

COMMENT ON COLUMN desk.hedge_recommendations.target_exposure IS 'Best exposure, costs counted, were there no lots: where a band is left, its nearer edge. NULL: it is not used.';

COMMENT ON COLUMN desk.hedge_recommendations.trade_contracts IS 'Contracts to trade, a whole multiple of the instrument''s lot_size; negative to sell, 0 for nothing.';

COMMENT ON COLUMN desk.hedge_recommendations.trade_exposure IS 'Exposure of them.';

COMMENT ON COLUMN desk.hedge_recommendations.exposure_after IS 'Exposure held after the trade.';

COMMENT ON COLUMN desk.hedge_recommendations.band_low IS 'Lower edge of the no-trade band, all other trades made: within it, a trade costs more than it is worth. A point if it costs nothing.';

COMMENT ON COLUMN desk.hedge_recommendations.band_high IS 'Upper edge of it.';

COMMENT ON COLUMN desk.hedge_recommendations.cost IS 'Cost of the trade in base currency: the instrument''s cost x notional traded + cost_per_lot x lots. What is unknown counts as 0.';

COMMENT ON COLUMN desk.hedge_recommendations.worth IS 'What the variance that it removes is worth in money: variance_removed x risk_price / (2 x risk_before). NULL: no trade.';

COMMENT ON COLUMN desk.hedge_recommendations.variance_removed IS 'Variance (base currency squared, per bar) that would come back if this trade alone were left out. NULL: no trade.';

COMMENT ON COLUMN desk.hedge_recommendations.variance_removed_per_cost IS 'variance_removed / cost. NULL: no trade, or it costs nothing.';

COMMENT ON COLUMN desk.hedge_recommendations.risk_before IS 'Risk of the whole portfolio now, one standard deviation per bar in base currency: net_risk of view portfolio_risk.';

COMMENT ON COLUMN desk.hedge_recommendations.risk_after IS 'Risk once all trades of the portfolio are made, as far as correlations are relied on: never more than before.';

COMMENT ON COLUMN desk.hedge_recommendations.net_risk_after IS 'Risk once they are made, with all correlations as estimated: never more than risk_after.';

COMMENT ON COLUMN desk.hedge_recommendations.total_cost IS 'Cost of all trades of the portfolio.';

COMMENT ON COLUMN desk.hedge_recommendations.reason IS 'Why this trade, or why none, in words.';

CREATE VIEW desk.margin_contributions WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    k.asset,
    COALESCE(i.bucket, ''::text) AS bucket,
    k.weight,
    k.weighted_sensitivity,
    k.contribution,
    k.contribution_share
   FROM (((desk._holding h
     CROSS JOIN ( SELECT ( SELECT x.*::desk._margin_parameters AS x
                   FROM desk._margin_parameters x
                  WHERE (x.run = n.run)) AS parameters,
            n.run,
            n.model,
            n.as_of,
            COALESCE(n.psd_matrix, n.matrix) AS matrix
           FROM desk.model_run n
          WHERE (n.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
                   FROM desk.latest_run x)))
         OFFSET 0) r)
     CROSS JOIN LATERAL hedge._leg_margin_contributions(r.matrix, 'desk'::regnamespace, r.run, r.parameters, h.holdings) k(asset, weight, weighted_sensitivity, contribution, contribution_share))
     LEFT JOIN desk.instrument i ON ((i.asset = k.asset)));

ALTER TABLE desk.margin_contributions OWNER TO upgrade_owner;

COMMENT ON VIEW desk.margin_contributions IS 'Portfolio x model x asset margined: what it adds to the margin of portfolio_margin, as it takes credit from others (Euler); contributions of a portfolio sum to its margin.';

COMMENT ON COLUMN desk.margin_contributions.portfolio IS 'Who holds it.';

COMMENT ON COLUMN desk.margin_contributions.model IS 'The model.';

COMMENT ON COLUMN desk.margin_contributions.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.margin_contributions.asset IS 'What is held, or the currency of funded holdings.';

COMMENT ON COLUMN desk.margin_contributions.bucket IS 'Its bucket.';

COMMENT ON COLUMN desk.margin_contributions.weight IS 'Its risk weight, supplied or estimated.';

COMMENT ON COLUMN desk.margin_contributions.weighted_sensitivity IS 'weight x exposure, signed; without its sign the margin of the position alone.';

COMMENT ON COLUMN desk.margin_contributions.contribution IS 'exposure x change of the margin per exposure, in base currency; negative for what reduces it.';

COMMENT ON COLUMN desk.margin_contributions.contribution_share IS 'contribution / margin.';

CREATE VIEW desk.portfolio_margin WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    k.positions,
    k.unmargined_positions,
    k.legs,
    k.gross_margin,
    k.silo_margin,
    k.uncorrelated_margin,
    k.margin_low,
    k.margin_medium,
    k.margin_high,
    k.net_margin,
    k.scenario,
    k.credit,
    k.credit_share,
    k.margin,
    (k.credit / NULLIF(k.gross_margin, (0)::double precision)) AS credit_of_gross,
    k.uncredited_pairs,
    k.credit_withheld,
    k.alternative,
    k.floored
   FROM ((desk._holding h
     CROSS JOIN ( SELECT ( SELECT x.*::desk._margin_parameters AS x
                   FROM desk._margin_parameters x
                  WHERE (x.run = n.run)) AS parameters,
            n.run,
            n.model,
            n.as_of,
            COALESCE(n.psd_matrix, n.matrix) AS matrix
           FROM desk.model_run n
          WHERE (n.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
                   FROM desk.latest_run x)))
         OFFSET 0) r)
     CROSS JOIN LATERAL hedge._leg_margin(r.matrix, 'desk'::regnamespace, r.run, r.parameters, h.holdings) k(gross_margin, silo_margin, uncorrelated_margin, margin_low, margin_medium, margin_high, net_margin, scenario, credit, margin, alternative, floored, positions, unmargined_positions, legs, credit_share, uncredited_pairs, credit_withheld));

ALTER TABLE desk.portfolio_margin OWNER TO upgrade_owner;

COMMENT ON VIEW desk.portfolio_margin IS 'Portfolio x model: margin of the present positions at each model''s latest run, by weighted sensitivities (hedge.margin), live. Without any parameter: weights of estimated volatilities, correlations of the run, one bucket, 80 % of the credit of reliable pairs. A filter on portfolio computes that portfolio alone.';

COMMENT ON COLUMN desk.portfolio_margin.portfolio IS 'Who holds the positions.';

COMMENT ON COLUMN desk.portfolio_margin.model IS 'The model.';

COMMENT ON COLUMN desk.portfolio_margin.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.portfolio_margin.positions IS 'Rows of positions.';

COMMENT ON COLUMN desk.portfolio_margin.unmargined_positions IS 'Of those, rows that no margin knows of: without an exposure (view exposure says why) or a risk weight.';

COMMENT ON COLUMN desk.portfolio_margin.legs IS 'Assets margined, currencies of funded holdings included.';

COMMENT ON COLUMN desk.portfolio_margin.gross_margin IS 'Sum of weight x |exposure|, in base currency: nothing offsets or diversifies. NULL, as all margins: no leg.';

COMMENT ON COLUMN desk.portfolio_margin.silo_margin IS 'Margins of the buckets added up, each in its worst scenario.';

COMMENT ON COLUMN desk.portfolio_margin.uncorrelated_margin IS 'Margin if every correlation were 0.';

COMMENT ON COLUMN desk.portfolio_margin.margin_low IS 'Net margin at low correlations, max(2r - 1, 0.75r).';

COMMENT ON COLUMN desk.portfolio_margin.margin_medium IS 'Net margin at the correlations as they are.';

COMMENT ON COLUMN desk.portfolio_margin.margin_high IS 'Net margin at high correlations, min(1.25r, 1).';

COMMENT ON COLUMN desk.portfolio_margin.net_margin IS 'The largest of the three.';

COMMENT ON COLUMN desk.portfolio_margin.scenario IS 'Which it is: low, medium or high.';

COMMENT ON COLUMN desk.portfolio_margin.credit IS 'gross_margin - net_margin: what offsets and diversification save.';

COMMENT ON COLUMN desk.portfolio_margin.credit_share IS 'Share of it that is granted.';

COMMENT ON COLUMN desk.portfolio_margin.margin IS 'Margin required: gross_margin - credit_share x credit.';

COMMENT ON COLUMN desk.portfolio_margin.credit_of_gross IS 'credit / gross_margin.';

COMMENT ON COLUMN desk.portfolio_margin.uncredited_pairs IS 'Pairs within a bucket that offset, but are not credited since their verdict does not allow it or the run did not examine them.';

COMMENT ON COLUMN desk.portfolio_margin.credit_withheld IS 'How much less margin would be if every pair were credited, after credit_share.';

COMMENT ON COLUMN desk.portfolio_margin.alternative IS 'True: the sum under the root was negative, and bucket sums are bounded (MAR21.4).';

COMMENT ON COLUMN desk.portfolio_margin.floored IS 'True: some root had a negative number under it even so, and is 0: bucket correlations that are no correlations.';

CREATE VIEW desk.margin_steps WITH (security_invoker='true') AS
 SELECT m.portfolio,
    m.model,
    m.as_of,
    s.step_number,
    s.step,
    (
        CASE
            WHEN (s.step = 'margin'::text) THEN round(s.total, 2)
            ELSE (round(s.total, 2) - round(s.before, 2))
        END)::double precision AS amount,
    (round(s.total, 2))::double precision AS running_total
   FROM (desk.portfolio_margin m
     CROSS JOIN LATERAL ( VALUES (1,'gross'::text,(0)::numeric,(m.gross_margin)::numeric), (2,'diversification'::text,(m.gross_margin)::numeric,(m.uncorrelated_margin)::numeric), (3,'credit'::text,(m.uncorrelated_margin)::numeric,(m.net_margin)::numeric), (4,'cap'::text,(m.net_margin)::numeric,(m.margin)::numeric), (5,'margin'::text,(m.margin)::numeric,(m.margin)::numeric)) s(step_number, step, before, total));

ALTER TABLE desk.margin_steps OWNER TO upgrade_owner;

COMMENT ON VIEW desk.margin_steps IS 'Portfolio x model x step from gross to required margin, for a waterfall: amounts of steps 1 to 4 add up to that of step 5, to the cent.';

COMMENT ON COLUMN desk.margin_steps.portfolio IS 'Who holds the positions.';

COMMENT ON COLUMN desk.margin_steps.model IS 'The model.';

COMMENT ON COLUMN desk.margin_steps.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.margin_steps.step_number IS '1 to 5.';

COMMENT ON COLUMN desk.margin_steps.step IS 'gross; diversification: what strangers would save, too; credit: what correlations save beyond that, positive where they add; cap: credit that is not granted; margin: what is required.';

COMMENT ON COLUMN desk.margin_steps.amount IS 'Change of the margin by the step, in base currency, in cents; of margin the whole. NULL: no leg.';

COMMENT ON COLUMN desk.margin_steps.running_total IS 'Margin after the step.';

CREATE TABLE desk.offset_snapshot (
    run bigint NOT NULL,
    portfolio text,
    pair_rank integer NOT NULL,
    asset_a text NOT NULL,
    asset_b text NOT NULL,
    side_a text NOT NULL,
    side_b text NOT NULL,
    quantity_a double precision,
    quantity_b double precision,
    exposure_a double precision NOT NULL,
    exposure_b double precision NOT NULL,
    correlation double precision NOT NULL,
    correlation_low double precision,
    correlation_high double precision,
    observations integer NOT NULL,
    volatility_a double precision NOT NULL,
    volatility_b double precision NOT NULL,
    volatility_a_annual double precision,
    volatility_b_annual double precision,
    hedge_ratio double precision,
    actual_ratio double precision,
    target_exposure_b double precision,
    trade_b double precision,
    trade_b_contracts double precision,
    gross_risk double precision NOT NULL,
    uncorrelated_risk double precision NOT NULL,
    net_risk double precision NOT NULL,
    diversification double precision NOT NULL,
    risk_offset double precision NOT NULL,
    risk_offset_share double precision,
    residual_risk double precision,
    price_time timestamp with time zone
);

ALTER TABLE ONLY desk.offset_snapshot REPLICA IDENTITY FULL;

ALTER TABLE desk.offset_snapshot OWNER TO upgrade_owner;

COMMENT ON TABLE desk.offset_snapshot IS 'Offsetting pairs of each portfolio as a refresh found them, for as many runs as the model''s retention says. Row-level security on the positions does not reach these rows: give this table policies of its own.';

COMMENT ON COLUMN desk.offset_snapshot.run IS 'The run. No foreign key, which would cost more than the rows; rows of no run are deleted by the next refresh.';

COMMENT ON COLUMN desk.offset_snapshot.portfolio IS 'Who holds both.';

COMMENT ON COLUMN desk.offset_snapshot.pair_rank IS '1 for the pair of the portfolio with the largest risk_offset.';

COMMENT ON COLUMN desk.offset_snapshot.asset_a IS 'The leg with the larger risk.';

COMMENT ON COLUMN desk.offset_snapshot.asset_b IS 'The other leg, which is taken for the hedge.';

COMMENT ON COLUMN desk.offset_snapshot.side_a IS 'long or short, the sign of exposure_a.';

COMMENT ON COLUMN desk.offset_snapshot.side_b IS 'long or short, the sign of exposure_b.';

COMMENT ON COLUMN desk.offset_snapshot.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN desk.offset_snapshot.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN desk.offset_snapshot.exposure_a IS 'Exposure to asset_a, as in view exposure.';

COMMENT ON COLUMN desk.offset_snapshot.exposure_b IS 'Exposure to asset_b, as in view exposure.';

COMMENT ON COLUMN desk.offset_snapshot.correlation IS 'Correlation of their returns, from -1 to 1.';

COMMENT ON COLUMN desk.offset_snapshot.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';

COMMENT ON COLUMN desk.offset_snapshot.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.offset_snapshot.observations IS 'Bars on which both have a return.';

COMMENT ON COLUMN desk.offset_snapshot.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';

COMMENT ON COLUMN desk.offset_snapshot.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';

COMMENT ON COLUMN desk.offset_snapshot.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.offset_snapshot.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.offset_snapshot.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';

COMMENT ON COLUMN desk.offset_snapshot.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';

COMMENT ON COLUMN desk.offset_snapshot.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';

COMMENT ON COLUMN desk.offset_snapshot.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';

COMMENT ON COLUMN desk.offset_snapshot.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';

COMMENT ON COLUMN desk.offset_snapshot.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';

COMMENT ON COLUMN desk.offset_snapshot.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';

COMMENT ON COLUMN desk.offset_snapshot.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';

COMMENT ON COLUMN desk.offset_snapshot.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';

COMMENT ON COLUMN desk.offset_snapshot.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';

COMMENT ON COLUMN desk.offset_snapshot.risk_offset_share IS 'risk_offset / uncorrelated_risk.';

COMMENT ON COLUMN desk.offset_snapshot.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';

COMMENT ON COLUMN desk.offset_snapshot.price_time IS 'Instant of the older of the two prices.';

CREATE VIEW desk.materialized_offsets WITH (security_invoker='true') AS
 SELECT o.portfolio,
    r.model,
    r.as_of,
    r.window_start,
    o.asset_a,
    o.asset_b,
    o.side_a,
    o.side_b,
    o.quantity_a,
    o.quantity_b,
    o.exposure_a,
    o.exposure_b,
    o.correlation,
    o.correlation_low,
    o.correlation_high,
    o.observations,
    o.volatility_a,
    o.volatility_b,
    o.volatility_a_annual,
    o.volatility_b_annual,
    o.hedge_ratio,
    o.actual_ratio,
    o.target_exposure_b,
    o.trade_b,
    o.trade_b_contracts,
    o.gross_risk,
    o.uncorrelated_risk,
    o.net_risk,
    o.diversification,
    o.risk_offset,
    o.risk_offset_share,
    o.residual_risk,
    o.price_time,
    e.robust_low,
    e.robust_high,
    c.conservative_correlation,
    k.risk_offset AS risk_offset_conservative,
    k.net_risk AS net_risk_conservative,
    e.out_of_sample_effectiveness,
    h.held_effectiveness,
    h.break_even_correlation,
    h.break_even_confidence,
    e.break_time,
    COALESCE(e.verdict, 'not examined'::text) AS verdict,
    COALESCE((e.reason ||
        CASE
            WHEN ((h.held_effectiveness < (0)::double precision) AND ((o.actual_ratio * e.correlation) > (0)::double precision)) THEN '; the ratio held adds variance'::text
            ELSE ''::text
        END), x.reason) AS reason,
    o.pair_rank
   FROM ((((((desk.offset_snapshot o
     JOIN desk.model_run r ON ((r.run = o.run)))
     LEFT JOIN desk.pair_evidence e ON (((e.run = o.run) AND (e.asset_y = o.asset_a) AND (e.asset_x = o.asset_b))))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (o.side_a <> o.side_b) THEN LEAST(e.robust_low, b.after)
                    ELSE GREATEST(e.robust_high, b.after)
                END AS conservative_correlation
           FROM ( SELECT
                        CASE
                            WHEN (e.verdict = 'break_detected'::text) THEN e.correlation_after_break
                            ELSE NULL::double precision
                        END AS after) b) c)
     CROSS JOIN LATERAL hedge.pair_risk(o.exposure_a, o.volatility_a, o.exposure_b, o.volatility_b, c.conservative_correlation) k(net_risk, risk_offset))
     CROSS JOIN LATERAL hedge.held_evidence(e.observations, e.correlation, e.volatility_y, e.volatility_x, e.standard_error, o.actual_ratio) h(held_effectiveness, break_even_correlation, break_even_confidence))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN ((r.settings ->> 'evidence'::text) = 'none'::text) THEN 'setting evidence of the model is none'::text
                    ELSE 'the evidence of this run is not kept'::text
                END AS reason) x)
  WHERE (o.run = ANY (ARRAY( SELECT (x_1.run)::bigint AS run
           FROM desk.latest_run x_1)))
  ORDER BY o.risk_offset DESC;

ALTER TABLE desk.materialized_offsets OWNER TO upgrade_owner;

COMMENT ON VIEW desk.materialized_offsets IS 'Portfolio x model x pair: offsetting pairs as the refresh that made the latest run found them: positions of that time, pairs_kept of each portfolio. Fast to read in full, and the same to all readers.';

COMMENT ON COLUMN desk.materialized_offsets.portfolio IS 'Who holds both.';

COMMENT ON COLUMN desk.materialized_offsets.model IS 'The model.';

COMMENT ON COLUMN desk.materialized_offsets.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.materialized_offsets.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN desk.materialized_offsets.asset_a IS 'The leg with the larger risk.';

COMMENT ON COLUMN desk.materialized_offsets.asset_b IS 'The other leg, which is taken for the hedge.';

COMMENT ON COLUMN desk.materialized_offsets.side_a IS 'long or short, the sign of exposure_a.';

COMMENT ON COLUMN desk.materialized_offsets.side_b IS 'long or short, the sign of exposure_b.';

COMMENT ON COLUMN desk.materialized_offsets.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN desk.materialized_offsets.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN desk.materialized_offsets.exposure_a IS 'Exposure to asset_a, as in view exposure.';

COMMENT ON COLUMN desk.materialized_offsets.exposure_b IS 'Exposure to asset_b, as in view exposure.';

COMMENT ON COLUMN desk.materialized_offsets.correlation IS 'Correlation of their returns, from -1 to 1.';

COMMENT ON COLUMN desk.materialized_offsets.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';

COMMENT ON COLUMN desk.materialized_offsets.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.materialized_offsets.observations IS 'Bars on which both have a return.';

COMMENT ON COLUMN desk.materialized_offsets.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';

COMMENT ON COLUMN desk.materialized_offsets.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';

COMMENT ON COLUMN desk.materialized_offsets.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.materialized_offsets.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.materialized_offsets.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';

COMMENT ON COLUMN desk.materialized_offsets.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';

COMMENT ON COLUMN desk.materialized_offsets.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';

COMMENT ON COLUMN desk.materialized_offsets.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';

COMMENT ON COLUMN desk.materialized_offsets.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';

COMMENT ON COLUMN desk.materialized_offsets.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';

COMMENT ON COLUMN desk.materialized_offsets.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';

COMMENT ON COLUMN desk.materialized_offsets.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';

COMMENT ON COLUMN desk.materialized_offsets.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';

COMMENT ON COLUMN desk.materialized_offsets.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';

COMMENT ON COLUMN desk.materialized_offsets.risk_offset_share IS 'risk_offset / uncorrelated_risk.';

COMMENT ON COLUMN desk.materialized_offsets.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';

COMMENT ON COLUMN desk.materialized_offsets.price_time IS 'Instant of the older of the two prices.';

COMMENT ON COLUMN desk.materialized_offsets.robust_low IS 'Lower end of an interval around correlation that holds under heavy tails and serial dependence, too. NULL, as all that follow: the run did not examine the pair, or there is no answer.';

COMMENT ON COLUMN desk.materialized_offsets.robust_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.materialized_offsets.conservative_correlation IS 'Its end on the side where the two legs offset less: robust_low of a long and a short, robust_high of two on one side; under verdict break_detected, the correlation after the break, if they offset less at that.';

COMMENT ON COLUMN desk.materialized_offsets.risk_offset_conservative IS 'risk_offset at conservative_correlation: what can be counted on; negative where the legs may as well add up.';

COMMENT ON COLUMN desk.materialized_offsets.net_risk_conservative IS 'net_risk at conservative_correlation.';

COMMENT ON COLUMN desk.materialized_offsets.out_of_sample_effectiveness IS 'Share of asset_a''s variance removed by hedging each return with asset_b at the ratio of the bars before it; negative where that added.';

COMMENT ON COLUMN desk.materialized_offsets.held_effectiveness IS 'Share of asset_a''s variance removed at actual_ratio; negative where it adds.';

COMMENT ON COLUMN desk.materialized_offsets.break_even_correlation IS 'Correlation at which actual_ratio neither removes nor adds variance; beyond 1 in size none suffices.';

COMMENT ON COLUMN desk.materialized_offsets.break_even_confidence IS 'Confidence that the true correlation is beyond that.';

COMMENT ON COLUMN desk.materialized_offsets.break_time IS 'Bar of the most likely change of the correlation in the window; it means something under verdict break_detected.';

COMMENT ON COLUMN desk.materialized_offsets.verdict IS 'reliable, weak, unstable, break_detected or insufficient: the evidence of the run on the pair, asset_b taken for the hedge; not examined where there is none, as reason says.';

COMMENT ON COLUMN desk.materialized_offsets.reason IS 'Why, in words; and that the ratio held adds variance, where held_effectiveness is negative: the verdict is of the pair, not of how much of each leg is held.';

COMMENT ON COLUMN desk.materialized_offsets.pair_rank IS '1 for the pair of the portfolio with the largest risk_offset.';

CREATE VIEW desk.model_health WITH (security_invoker='true') AS
 SELECT m.model,
    l.run,
    l.created_at AS run_at,
    l.as_of,
    (EXTRACT(epoch FROM (now() - l.as_of)))::double precision AS age_seconds,
    l.window_start,
    l.window_end,
    l.bars,
    m.lookback,
    l.assets,
    a.last_price_time,
    (EXTRACT(epoch FROM (now() - a.last_price_time)))::double precision AS last_price_age_seconds,
    t.trailing_bars,
    a.unestimated_assets,
    a.stale_assets,
    a.bad_prices,
    l.correlation_repaired,
    e.started_at AS last_refresh_started_at,
    e.finished_at AS last_refresh_finished_at,
    COALESCE(e.status, 'never'::text) AS last_refresh_status,
    f.failures,
    x.error AS last_error,
    x.started_at AS last_error_at,
    ( SELECT (count(*))::integer AS count
           FROM desk.model_run k
          WHERE (k.model = m.model)) AS runs_kept,
    e.phase AS last_refresh_phase
   FROM ((((((desk.model m
     LEFT JOIN desk.latest_run l ON ((l.model = m.model)))
     LEFT JOIN LATERAL ( SELECT max(y.price_time) AS last_price_time,
            (count(*) FILTER (WHERE (y.volatility IS NULL)))::integer AS unestimated_assets,
            (count(*) FILTER (WHERE y.stale))::integer AS stale_assets,
            (sum(((y.non_positive + y.not_finite) + y.contradictory)))::integer AS bad_prices
           FROM desk.run_asset y
          WHERE (y.run = l.run)) a ON ((l.run IS NOT NULL)))
     LEFT JOIN LATERAL ( SELECT cardinality(y.trailing_bars) AS trailing_bars
           FROM desk.model_run y
          WHERE (y.run = l.run)) t ON (true))
     LEFT JOIN LATERAL ( SELECT y.entry,
            y.started_at,
            y.finished_at,
            y.status,
            y.phase
           FROM desk._refresh y
          WHERE (y.model = m.model)
          ORDER BY y.entry DESC
         LIMIT 1) e ON (true))
     LEFT JOIN LATERAL ( SELECT y.error,
            y.started_at
           FROM desk.refresh_log y
          WHERE ((y.model = m.model) AND (y.status = ANY (ARRAY['done'::text, 'failed'::text])))
          ORDER BY y.entry DESC
         LIMIT 1) x ON ((x.error IS NOT NULL)))
     CROSS JOIN LATERAL ( SELECT (count(*))::integer AS failures
           FROM desk._refresh y
          WHERE ((y.model = m.model) AND (y.status = ANY (ARRAY['failed'::text, 'interrupted'::text])) AND (y.entry > COALESCE(( SELECT max(z.entry) AS max
                   FROM desk.refresh_log z
                  WHERE ((z.model = m.model) AND (z.status = 'done'::text))), (0)::bigint)))) f);

ALTER TABLE desk.model_health OWNER TO upgrade_owner;

COMMENT ON VIEW desk.model_health IS 'Each model: its latest run and how its refreshes went.';

COMMENT ON COLUMN desk.model_health.model IS 'The model.';

COMMENT ON COLUMN desk.model_health.run IS 'Latest run. NULL: none yet.';

COMMENT ON COLUMN desk.model_health.run_at IS 'When that run was made.';

COMMENT ON COLUMN desk.model_health.as_of IS 'Time of its estimate.';

COMMENT ON COLUMN desk.model_health.age_seconds IS 'Seconds from as_of to now.';

COMMENT ON COLUMN desk.model_health.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN desk.model_health.window_end IS 'Start of the last bar of the estimate.';

COMMENT ON COLUMN desk.model_health.bars IS 'Bars of the estimate.';

COMMENT ON COLUMN desk.model_health.lookback IS 'Bars asked for.';

COMMENT ON COLUMN desk.model_health.assets IS 'Assets in the estimate.';

COMMENT ON COLUMN desk.model_health.last_price_time IS 'Instant of the newest good price of all assets in the run. NULL: no run.';

COMMENT ON COLUMN desk.model_health.last_price_age_seconds IS 'Seconds from there to now: what a feed that ended shows by.';

COMMENT ON COLUMN desk.model_health.trailing_bars IS 'Bars after window_end that have prices but are not in the calendar, since fewer than calendar_quorum of the assets alive have one there: more than 0 says that the estimate lags, and data_quality says for which late assets.';

COMMENT ON COLUMN desk.model_health.unestimated_assets IS 'Assets with too few returns for a volatility.';

COMMENT ON COLUMN desk.model_health.stale_assets IS 'Assets whose last price is stale, as in data_quality.';

COMMENT ON COLUMN desk.model_health.bad_prices IS 'Prices left out: not positive, not finite or contradictory.';

COMMENT ON COLUMN desk.model_health.correlation_repaired IS 'True: the pairwise correlations were not positive semi-definite.';

COMMENT ON COLUMN desk.model_health.last_refresh_started_at IS 'Start of the last refresh, whatever came of it.';

COMMENT ON COLUMN desk.model_health.last_refresh_finished_at IS 'Its end. NULL: running or interrupted.';

COMMENT ON COLUMN desk.model_health.last_refresh_status IS 'running, done, failed, interrupted (it ended and could not say so), or never.';

COMMENT ON COLUMN desk.model_health.failures IS 'Refreshes failed or interrupted since the last one that was done.';

COMMENT ON COLUMN desk.model_health.last_error IS 'Message of the last failure. NULL: none, or a later refresh was done.';

COMMENT ON COLUMN desk.model_health.last_error_at IS 'Start of that refresh.';

COMMENT ON COLUMN desk.model_health.runs_kept IS 'Runs of the model that the book holds.';

COMMENT ON COLUMN desk.model_health.last_refresh_phase IS 'Where the last refresh is: reading prices, estimating, offsets, evidence, done; or where it failed or was interrupted. NULL: never.';

ALTER TABLE desk.model_run ALTER COLUMN run ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME desk.model_run_run_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW desk.neutral_trades WITH (security_invoker='true') AS
 SELECT l.portfolio,
    l.model,
    r.as_of,
    n.kind,
    n.asset,
    (n.net + (0)::double precision) AS net,
    t.trade_contracts,
    t.trade_exposure AS trade,
    (t.net_after + (0)::double precision) AS net_after,
    k.net_risk AS net_risk_after,
    (c.carry + (0)::double precision) AS carry,
        CASE
            WHEN (k.net_risk > (0)::double precision) THEN ((c.carry / (k.net_risk * sqrt(m.bars_per_year))) + (0)::double precision)
            ELSE NULL::double precision
        END AS carry_per_risk
   FROM (((((((((desk._leg l
     JOIN desk.model_run r ON ((r.run = l.run)))
     JOIN desk.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL ( SELECT 'dollar'::text AS kind,
            NULL::text AS asset,
            l.net_delta AS net
        UNION ALL
         SELECT 'delta'::text,
            x.asset,
            x.delta_notional
           FROM UNNEST(l.assets, l.delta_notionals) x(asset, delta_notional)
        UNION ALL
         SELECT 'beta'::text,
            x.benchmark,
            sum(((x.exposure * hedge.hedge_ratio(r.matrix, x.asset, x.benchmark)) * x.scale)) AS sum
           FROM UNNEST(l.assets, l.exposures, l.benchmarks, l.benchmark_scales) x(asset, exposure, benchmark, scale)
          WHERE ((x.benchmark IS NOT NULL) AND (hedge.observations(r.matrix, x.asset, x.benchmark) >= (m.minimum_observations)::double precision))
          GROUP BY x.benchmark) n)
     LEFT JOIN desk._unit u ON (((u.run = l.run) AND (u.asset = n.asset))))
     LEFT JOIN desk.instrument i ON ((i.asset = n.asset)))
     CROSS JOIN LATERAL hedge.neutral_trade(
        CASE
            WHEN (n.asset IS NOT NULL) THEN n.net
            ELSE NULL::double precision
        END, (1)::double precision, (0)::double precision, NULLIF(u.unit_notional, (0)::double precision), COALESCE(i.lot_size, (1)::double precision)) t(trade_exposure, trade_contracts, net_after))
     CROSS JOIN LATERAL ( SELECT array_agg(y.asset) AS assets,
            array_agg(y.exposure) AS exposures
           FROM ( SELECT x.asset,
                    sum(x.exposure) AS exposure
                   FROM ( SELECT h.asset,
                            h.exposure
                           FROM UNNEST(l.assets, l.exposures) h(asset, exposure)
                        UNION ALL
                         SELECT n.asset,
                            (t.trade_contracts * u.unit_exposure)
                          WHERE (t.trade_contracts <> (0)::double precision)) x
                  GROUP BY x.asset) y) w)
     CROSS JOIN LATERAL hedge.portfolio_risk(COALESCE(r.psd_matrix, r.matrix), w.assets, w.exposures) k(gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, largest_contributor, largest_contribution, largest_reducer, largest_reduction))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (count(*) = count((x.value * j.carry))) THEN sum((x.value * j.carry))
                    ELSE NULL::double precision
                END AS carry
           FROM (( SELECT h.asset,
                    h.value
                   FROM UNNEST(l.assets, l.delta_notionals) h(asset, value)
                UNION ALL
                 SELECT n.asset,
                    t.trade_exposure
                  WHERE (t.trade_contracts <> (0)::double precision)) x
             LEFT JOIN desk.instrument j ON ((j.asset = x.asset)))
          WHERE (x.value <> (0)::double precision)) c)
  WHERE (l.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM desk.latest_run x)));

ALTER TABLE desk.neutral_trades OWNER TO upgrade_owner;

COMMENT ON VIEW desk.neutral_trades IS 'Portfolio x model x kind of neutrality: what is net, and the one trade, in whole lots, that brings it nearest to nothing. dollar: all exposures together, long and short money alike; delta: each underlying, its options by their delta; beta: each benchmark, what moves with it. Each is neutral to one thing and to nothing else: net_risk_after says what is left.';

COMMENT ON COLUMN desk.neutral_trades.portfolio IS 'The portfolio.';

COMMENT ON COLUMN desk.neutral_trades.model IS 'The model.';

COMMENT ON COLUMN desk.neutral_trades.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.neutral_trades.kind IS 'dollar, delta or beta.';

COMMENT ON COLUMN desk.neutral_trades.asset IS 'The underlying, or the benchmark, which is what would be traded. NULL: dollar, which any trade of that money would do.';

COMMENT ON COLUMN desk.neutral_trades.net IS 'dollar: net_delta of view portfolio_risk. delta: delta-equivalent notional of the underlying. beta: sum of exposure x beta to the benchmark. Of legs whose risk is known (dollar: of all), in base currency.';

COMMENT ON COLUMN desk.neutral_trades.trade_contracts IS 'Contracts of asset to trade, a whole multiple of lot_size; negative to sell; 0 where no lot comes nearer. NULL: dollar, or a contract has no value.';

COMMENT ON COLUMN desk.neutral_trades.trade IS 'Their value in base currency.';

COMMENT ON COLUMN desk.neutral_trades.net_after IS 'What is net then.';

COMMENT ON COLUMN desk.neutral_trades.net_risk_after IS 'Risk of the whole portfolio after this trade alone, one standard deviation per bar in base currency.';

COMMENT ON COLUMN desk.neutral_trades.carry IS 'Income of a year, in base currency, after this trade: sum of carry (table instrument) x delta-equivalent notional. NULL: carry of something held is not known.';

COMMENT ON COLUMN desk.neutral_trades.carry_per_risk IS 'carry / (net_risk_after x sqrt(bars_per_year)): a year''s income for each unit of a year''s risk. NULL: carry is, or there is no risk.';

CREATE VIEW desk.offsetting_pairs WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    r.window_start,
    o.asset_a,
    o.asset_b,
    o.side_a,
    o.side_b,
    o.quantity_a,
    o.quantity_b,
    o.exposure_a,
    o.exposure_b,
    o.correlation,
    o.correlation_low,
    o.correlation_high,
    o.observations,
    o.volatility_a,
    o.volatility_b,
    o.volatility_a_annual,
    o.volatility_b_annual,
    o.hedge_ratio,
    o.actual_ratio,
    o.target_exposure_b,
    o.trade_b,
    o.trade_b_contracts,
    o.gross_risk,
    o.uncorrelated_risk,
    o.net_risk,
    o.diversification,
    o.risk_offset,
    o.risk_offset_share,
    o.residual_risk,
    o.price_time,
    o.robust_low,
    o.robust_high,
    o.conservative_correlation,
    o.risk_offset_conservative,
    o.net_risk_conservative,
    o.out_of_sample_effectiveness,
    o.held_effectiveness,
    o.break_even_correlation,
    o.break_even_confidence,
    o.break_time,
    o.verdict,
    o.reason
   FROM (((desk._holding h
     CROSS JOIN desk.model_run r)
     JOIN desk.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL hedge._evident_pairs(matrix => r.matrix, book => 'desk'::regnamespace, run => r.run, holdings => h.holdings, offsetting => true, minimum_correlation => m.minimum_correlation, minimum_observations => m.minimum_observations, bars_per_year => m.bars_per_year, level => m.confidence_level, max_pairs => NULL::integer, unexamined =>
        CASE
            WHEN ((r.settings ->> 'evidence'::text) = 'none'::text) THEN 'setting evidence of the model is none'::text
            ELSE 'the refresh did not examine it: its offset was too small to be kept, or the position is newer'::text
        END) o(asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b, correlation, correlation_low, correlation_high, observations, volatility_a, volatility_b, volatility_a_annual, volatility_b_annual, hedge_ratio, actual_ratio, target_exposure_b, trade_b, trade_b_contracts, gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, risk_offset_share, residual_risk, price_time, robust_low, robust_high, conservative_correlation, risk_offset_conservative, net_risk_conservative, out_of_sample_effectiveness, held_effectiveness, break_even_correlation, break_even_confidence, break_time, verdict, reason))
  WHERE (r.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM desk.latest_run x)))
  ORDER BY o.risk_offset DESC;

ALTER TABLE desk.offsetting_pairs OWNER TO upgrade_owner;

COMMENT ON VIEW desk.offsetting_pairs IS 'Portfolio x model x pair of positions that offset each other, live: present positions at each model''s latest run, the largest risk_offset first. A filter on portfolio computes that portfolio alone. Volatilities are the assets'' own, the correlation is that of their common returns.';

COMMENT ON COLUMN desk.offsetting_pairs.portfolio IS 'Who holds both.';

COMMENT ON COLUMN desk.offsetting_pairs.model IS 'The model.';

COMMENT ON COLUMN desk.offsetting_pairs.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.offsetting_pairs.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN desk.offsetting_pairs.asset_a IS 'The leg with the larger risk.';

COMMENT ON COLUMN desk.offsetting_pairs.asset_b IS 'The other leg, which is taken for the hedge.';

COMMENT ON COLUMN desk.offsetting_pairs.side_a IS 'long or short, the sign of exposure_a.';

COMMENT ON COLUMN desk.offsetting_pairs.side_b IS 'long or short, the sign of exposure_b.';

COMMENT ON COLUMN desk.offsetting_pairs.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN desk.offsetting_pairs.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN desk.offsetting_pairs.exposure_a IS 'Exposure to asset_a, as in view exposure.';

COMMENT ON COLUMN desk.offsetting_pairs.exposure_b IS 'Exposure to asset_b, as in view exposure.';

COMMENT ON COLUMN desk.offsetting_pairs.correlation IS 'Correlation of their returns, from -1 to 1.';

COMMENT ON COLUMN desk.offsetting_pairs.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';

COMMENT ON COLUMN desk.offsetting_pairs.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.offsetting_pairs.observations IS 'Bars on which both have a return.';

COMMENT ON COLUMN desk.offsetting_pairs.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';

COMMENT ON COLUMN desk.offsetting_pairs.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';

COMMENT ON COLUMN desk.offsetting_pairs.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.offsetting_pairs.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.offsetting_pairs.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';

COMMENT ON COLUMN desk.offsetting_pairs.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';

COMMENT ON COLUMN desk.offsetting_pairs.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';

COMMENT ON COLUMN desk.offsetting_pairs.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';

COMMENT ON COLUMN desk.offsetting_pairs.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';

COMMENT ON COLUMN desk.offsetting_pairs.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';

COMMENT ON COLUMN desk.offsetting_pairs.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';

COMMENT ON COLUMN desk.offsetting_pairs.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';

COMMENT ON COLUMN desk.offsetting_pairs.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';

COMMENT ON COLUMN desk.offsetting_pairs.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';

COMMENT ON COLUMN desk.offsetting_pairs.risk_offset_share IS 'risk_offset / uncorrelated_risk.';

COMMENT ON COLUMN desk.offsetting_pairs.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';

COMMENT ON COLUMN desk.offsetting_pairs.price_time IS 'Instant of the older of the two prices.';

COMMENT ON COLUMN desk.offsetting_pairs.robust_low IS 'Lower end of an interval around correlation that holds under heavy tails and serial dependence, too. NULL, as all that follow: the run did not examine the pair, or there is no answer.';

COMMENT ON COLUMN desk.offsetting_pairs.robust_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.offsetting_pairs.conservative_correlation IS 'Its end on the side where the two legs offset less: robust_low of a long and a short, robust_high of two on one side; under verdict break_detected, the correlation after the break, if they offset less at that.';

COMMENT ON COLUMN desk.offsetting_pairs.risk_offset_conservative IS 'risk_offset at conservative_correlation: what can be counted on; negative where the legs may as well add up.';

COMMENT ON COLUMN desk.offsetting_pairs.net_risk_conservative IS 'net_risk at conservative_correlation.';

COMMENT ON COLUMN desk.offsetting_pairs.out_of_sample_effectiveness IS 'Share of asset_a''s variance removed by hedging each return with asset_b at the ratio of the bars before it; negative where that added.';

COMMENT ON COLUMN desk.offsetting_pairs.held_effectiveness IS 'Share of asset_a''s variance removed at actual_ratio; negative where it adds.';

COMMENT ON COLUMN desk.offsetting_pairs.break_even_correlation IS 'Correlation at which actual_ratio neither removes nor adds variance; beyond 1 in size none suffices.';

COMMENT ON COLUMN desk.offsetting_pairs.break_even_confidence IS 'Confidence that the true correlation is beyond that.';

COMMENT ON COLUMN desk.offsetting_pairs.break_time IS 'Bar of the most likely change of the correlation in the window; it means something under verdict break_detected.';

COMMENT ON COLUMN desk.offsetting_pairs.verdict IS 'reliable, weak, unstable, break_detected or insufficient: the evidence of the run on the pair, asset_b taken for the hedge; not examined where there is none, as reason says.';

COMMENT ON COLUMN desk.offsetting_pairs.reason IS 'Why, in words; and that the ratio held adds variance, where held_effectiveness is negative: the verdict is of the pair, not of how much of each leg is held.';

CREATE VIEW desk.open_alerts WITH (security_invoker='true') AS
 SELECT (a.alert)::integer AS alert,
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
   FROM (desk.alert a
     LEFT JOIN desk.alert_holders h ON ((h.alert = a.alert)))
  WHERE ((a.acknowledged_at IS NULL) AND (a.cleared_at_bar IS NULL))
  ORDER BY h.risk_offset_at_stake DESC NULLS LAST, a.alert;

ALTER TABLE desk.open_alerts OWNER TO upgrade_owner;

COMMENT ON VIEW desk.open_alerts IS 'Alerts that stand and that nobody has acknowledged, the most at stake first. Who holds the pair is NULL for those who may not know (hedge.restrict_book).';

COMMENT ON COLUMN desk.open_alerts.alert IS 'Number of the alert, for hedge.acknowledge.';

COMMENT ON COLUMN desk.open_alerts.model IS 'The model.';

COMMENT ON COLUMN desk.open_alerts.kind IS 'break: a monitor saw the correlation leave what it was over its baseline. sign_change: the robust interval leaves out 0 on the other side than before. verdict_lost: the pair was reliable, and has been weak, unstable or insufficient for the model''s alarm_patience.';

COMMENT ON COLUMN desk.open_alerts.asset_y IS 'One asset of the pair, the first in byte order.';

COMMENT ON COLUMN desk.open_alerts.asset_x IS 'The other.';

COMMENT ON COLUMN desk.open_alerts.message IS 'What happened, in words.';

COMMENT ON COLUMN desk.open_alerts.raised_at_bar IS 'Bar that raised it.';

COMMENT ON COLUMN desk.open_alerts.change_bar IS 'Most likely first bar of the change; of verdict_lost, the last bar of the refresh that first found it. NULL: unknown, or before the window.';

COMMENT ON COLUMN desk.open_alerts.direction IS '1: the correlation rose, -1: it fell. NULL: of verdict_lost, and of a break that was over again when the refresh came.';

COMMENT ON COLUMN desk.open_alerts.portfolios IS 'Portfolios that leaned on the pair when it was raised.';

COMMENT ON COLUMN desk.open_alerts.portfolio_list IS 'Their names, shortened when they are many.';

COMMENT ON COLUMN desk.open_alerts.risk_offset_at_stake IS 'Risk that the correlation of the baseline removes from these portfolios, summed, at the volatilities and positions of the refresh, less what the one since the change removes (of verdict_lost, a correlation of 0): what is lost. 0 where the change strengthened the hedge, or is over.';

COMMENT ON COLUMN desk.open_alerts.created_at IS 'When the row was made.';

CREATE TABLE desk.return_block (
    block bigint NOT NULL,
    model text NOT NULL,
    first_bar timestamp with time zone NOT NULL,
    last_bar timestamp with time zone NOT NULL,
    bars timestamp with time zone[] NOT NULL,
    bar_count integer GENERATED ALWAYS AS (cardinality(bars)) STORED NOT NULL,
    assets text[] NOT NULL,
    returns double precision[] NOT NULL,
    last_price double precision[] NOT NULL,
    last_price_time timestamp with time zone[] NOT NULL,
    priced_bars integer[] NOT NULL,
    non_positive integer[] NOT NULL,
    not_finite integer[] NOT NULL,
    contradictory integer[] NOT NULL,
    gap_moves integer[] NOT NULL,
    largest_gap_move double precision[] NOT NULL,
    largest_gap_bar timestamp with time zone[] NOT NULL,
    opening_price double precision[] NOT NULL,
    opening_bar timestamp with time zone[] NOT NULL,
    closing_price double precision[] NOT NULL,
    unchanged integer[] NOT NULL,
    frozen integer[] NOT NULL
);
ALTER TABLE ONLY desk.return_block ALTER COLUMN bars SET STORAGE EXTERNAL;
ALTER TABLE ONLY desk.return_block ALTER COLUMN assets SET STORAGE EXTERNAL;
ALTER TABLE ONLY desk.return_block ALTER COLUMN returns SET STORAGE EXTERNAL;
ALTER TABLE ONLY desk.return_block ALTER COLUMN last_price SET STORAGE EXTERNAL;
ALTER TABLE ONLY desk.return_block ALTER COLUMN last_price_time SET STORAGE EXTERNAL;
ALTER TABLE ONLY desk.return_block ALTER COLUMN closing_price SET STORAGE EXTERNAL;

ALTER TABLE desk.return_block OWNER TO upgrade_owner;

COMMENT ON TABLE desk.return_block IS 'Aligned returns of a span of bars. A block never changes: runs share the old ones, and a block that no run uses is deleted.';

COMMENT ON COLUMN desk.return_block.block IS 'Number of the block.';

COMMENT ON COLUMN desk.return_block.model IS 'Model whose settings made it.';

COMMENT ON COLUMN desk.return_block.first_bar IS 'Start of its first bar.';

COMMENT ON COLUMN desk.return_block.last_bar IS 'Start of its last bar.';

COMMENT ON COLUMN desk.return_block.bars IS 'Starts of its bars, all of the calendar.';

COMMENT ON COLUMN desk.return_block.bar_count IS 'How many they are.';

COMMENT ON COLUMN desk.return_block.assets IS 'Assets read, in byte order.';

COMMENT ON COLUMN desk.return_block.returns IS 'Returns [asset][bar]; NULL where there is none.';

COMMENT ON COLUMN desk.return_block.last_price IS 'Per asset, last good price since the block before; NULL: none.';

COMMENT ON COLUMN desk.return_block.last_price_time IS 'Per asset, instant of last_price.';

COMMENT ON COLUMN desk.return_block.priced_bars IS 'Per asset, bars of the block with a good price.';

COMMENT ON COLUMN desk.return_block.non_positive IS 'Per asset, prices left out because they are zero or negative, under simple and log returns.';

COMMENT ON COLUMN desk.return_block.not_finite IS 'Per asset, prices left out because they are NaN or infinite or give such a return.';

COMMENT ON COLUMN desk.return_block.contradictory IS 'Per asset, bars without a close because of two different prices at their last instant.';

COMMENT ON COLUMN desk.return_block.gap_moves IS 'Per asset, closes in the block that follow a gap in the block: moves that are in no return.';

COMMENT ON COLUMN desk.return_block.largest_gap_move IS 'Per asset, the largest of these moves in size, as a return of its kind; NULL: none.';

COMMENT ON COLUMN desk.return_block.largest_gap_bar IS 'Per asset, start of the bar that largest_gap_move ends in.';

COMMENT ON COLUMN desk.return_block.opening_price IS 'Per asset, the first close in the block, if no return leads to it; NULL: one does. From the closing_price before to this is a move over a gap, too.';

COMMENT ON COLUMN desk.return_block.opening_bar IS 'Per asset, start of the bar of opening_price.';

COMMENT ON COLUMN desk.return_block.closing_price IS 'Per asset, the last close on the calendar in the block; NULL: none.';

COMMENT ON COLUMN desk.return_block.unchanged IS 'Per asset, closes that are the one of the bar before.';

COMMENT ON COLUMN desk.return_block.frozen IS 'Per asset, those of them that at least stale_after others precede in one row.';

CREATE VIEW desk.portfolio_risk WITH (security_invoker='true') AS
 SELECT l.portfolio,
    l.model,
    r.as_of,
    l.positions,
    l.unpriced_positions,
    l.unestimated_positions,
    l.stale_positions,
    ((l.unpriced_positions)::double precision / (NULLIF(l.positions, 0))::double precision) AS unpriced_share,
    l.long_notional,
    l.short_notional,
    (l.long_notional - l.short_notional) AS gross_notional,
    (l.long_notional + l.short_notional) AS net_notional,
    k.gross_risk,
    k.uncorrelated_risk,
    k.net_risk,
    k.risk_offset,
    (k.net_risk * sqrt(m.bars_per_year)) AS net_risk_annual,
    r.repaired AS correlation_repaired,
    ((b.beta_exposure / NULLIF(b.gross, (0)::double precision)) + (0)::double precision) AS beta,
    (b.beta_exposure + (0)::double precision) AS beta_exposure,
    l.net_delta,
        CASE
            WHEN ((h.windows >= m.minimum_observations) AND h.enough) THEN hedge.value_at_risk(h.profit_and_loss, m.risk_level, m.horizon)
            ELSE NULL::double precision
        END AS value_at_risk,
        CASE
            WHEN ((h.windows >= m.minimum_observations) AND h.enough) THEN hedge.expected_shortfall(h.profit_and_loss, m.risk_level, m.horizon)
            ELSE NULL::double precision
        END AS expected_shortfall,
    m.risk_level,
    m.horizon,
    h.windows AS historical_windows,
    k.largest_contributor,
    k.largest_contribution,
    k.largest_reducer,
    k.largest_reduction,
    (k.net_risk * (i.volatility_low / i.volatility)) AS net_risk_low,
    (k.net_risk * (i.volatility_high / i.volatility)) AS net_risk_high,
    ( SELECT (COALESCE(sum(((a.non_positive + a.not_finite) + a.contradictory)), (0)::bigint))::integer AS "coalesce"
           FROM desk.run_asset a
          WHERE ((a.run = l.run) AND (a.asset = ANY (l.assets)))) AS bad_prices,
    l.unestimated_notional,
    (l.known_notional / NULLIF((l.known_notional + l.unestimated_notional), (0)::double precision)) AS risk_coverage,
    (b.gross / NULLIF((l.known_notional + l.unestimated_notional), (0)::double precision)) AS beta_coverage,
    ( SELECT g.move
           FROM ((UNNEST(l.assets, l.exposures) t(asset, exposure)
             JOIN desk.run_asset a ON (((a.run = l.run) AND (a.asset = t.asset))))
             CROSS JOIN LATERAL ( SELECT ((t.exposure *
                        CASE a.return_kind
                            WHEN 'log'::text THEN (exp(LEAST(a.largest_gap_move, (100)::double precision)) - (1)::double precision)
                            ELSE a.largest_gap_move
                        END) + (0)::double precision) AS move) g)
          WHERE (abs(g.move) <= ('100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision)
          ORDER BY (abs(g.move)) DESC, (t.asset COLLATE "C")
         LIMIT 1) AS largest_gap_move
   FROM ((((((desk._leg l
     JOIN desk.model_run r ON ((r.run = l.run)))
     JOIN desk.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL hedge.portfolio_risk(COALESCE(r.psd_matrix, r.matrix), l.assets, l.exposures) k(gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, largest_contributor, largest_contribution, largest_reducer, largest_reduction))
     CROSS JOIN LATERAL ( SELECT sum(((t.exposure * hedge.hedge_ratio(r.matrix, t.asset, t.benchmark)) * t.benchmark_scale)) AS beta_exposure,
            sum(abs(t.delta_notional)) AS gross
           FROM UNNEST(l.assets, l.exposures, l.delta_notionals, l.benchmarks, l.benchmark_scales) t(asset, exposure, delta_notional, benchmark, benchmark_scale)
          WHERE ((t.benchmark IS NOT NULL) AND (hedge.observations(r.matrix, t.asset, t.benchmark) >= (m.minimum_observations)::double precision))) b)
     CROSS JOIN LATERAL ( SELECT p.profit_and_loss,
            w.windows,
            (((w.windows)::double precision * ((1)::double precision - m.risk_level)) >= (((1)::numeric - 0.000000001))::double precision) AS enough
           FROM (( SELECT j.pnl[((cardinality(j.pnl) - r.bars) + 1):] AS profit_and_loss
                   FROM ( SELECT hedge.concatenate(hedge.profit_and_loss(l.assets, l.exposures, c.assets, c.returns, l.return_kinds) ORDER BY c.first_bar) AS pnl
                           FROM desk.return_block c
                          WHERE ((c.block = ANY (r.blocks)) AND (c.last_bar >= r.window_start))) j
                 OFFSET 0) p
             CROSS JOIN LATERAL ( SELECT COALESCE(hedge.observed_windows(p.profit_and_loss, m.horizon), 0) AS windows) w)) h)
     CROSS JOIN LATERAL hedge.volatility_interval(
        CASE
            WHEN (h.windows >= m.minimum_observations) THEN h.profit_and_loss
            ELSE NULL::double precision[]
        END, m.confidence_level) i(volatility, volatility_low, volatility_high))
  WHERE (l.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM desk.latest_run x)));

ALTER TABLE desk.portfolio_risk OWNER TO upgrade_owner;

COMMENT ON VIEW desk.portfolio_risk IS 'Portfolio x model: risk of the whole, live: present positions at each model''s latest run. Risk, beta and historical losses cover the holdings whose price and volatility are known, as if the others were not held: look at risk_coverage and unpriced_share beside every one of them.';

COMMENT ON COLUMN desk.portfolio_risk.portfolio IS 'The portfolio.';

COMMENT ON COLUMN desk.portfolio_risk.model IS 'The model.';

COMMENT ON COLUMN desk.portfolio_risk.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.portfolio_risk.positions IS 'Position rows.';

COMMENT ON COLUMN desk.portfolio_risk.unpriced_positions IS 'Position rows without an exposure: no price, no exchange rate, a quantity or delta that is no number (NULL included) or out of range.';

COMMENT ON COLUMN desk.portfolio_risk.unestimated_positions IS 'Position rows with an exposure but without a volatility: too few returns. No risk here knows of them; unestimated_notional says how large they are.';

COMMENT ON COLUMN desk.portfolio_risk.stale_positions IS 'Position rows with an exposure at a stale price, or at a stale exchange rate; stale as in data_quality. They count in all sums.';

COMMENT ON COLUMN desk.portfolio_risk.unpriced_share IS 'unpriced_positions / positions, from 0 to 1. NULL: no positions.';

COMMENT ON COLUMN desk.portfolio_risk.long_notional IS 'Sum of the positive notionals of view exposure: without delta, in base currency: contracts held long, and at a negative price those held short. Positions without a price are not in it.';

COMMENT ON COLUMN desk.portfolio_risk.short_notional IS 'Sum of the negative ones: contracts held short, or long at a negative price (a long position in oil at -37 stands here).';

COMMENT ON COLUMN desk.portfolio_risk.gross_notional IS 'long_notional - short_notional.';

COMMENT ON COLUMN desk.portfolio_risk.net_notional IS 'long_notional + short_notional.';

COMMENT ON COLUMN desk.portfolio_risk.gross_risk IS 'Risks of all legs whose volatility is known added, in base currency per bar: no two offset each other. Without unpriced and unestimated positions, as all risks here: see risk_coverage.';

COMMENT ON COLUMN desk.portfolio_risk.uncorrelated_risk IS 'Risk if every correlation were 0: root of the sum of squares, over the same legs as gross_risk.';

COMMENT ON COLUMN desk.portfolio_risk.net_risk IS 'Risk with the correlations of the run, one standard deviation of profit and loss per bar, over the same legs as gross_risk: positions without a price or a volatility are left out as if they were not held (risk_coverage). NULL: no leg with a volatility.';

COMMENT ON COLUMN desk.portfolio_risk.risk_offset IS 'uncorrelated_risk - net_risk: what the correlations remove; negative where they add.';

COMMENT ON COLUMN desk.portfolio_risk.net_risk_annual IS 'net_risk x sqrt(bars_per_year).';

COMMENT ON COLUMN desk.portfolio_risk.correlation_repaired IS 'True: the pairwise correlations were not positive semi-definite, and the nearest ones that are stand in for them here.';

COMMENT ON COLUMN desk.portfolio_risk.beta IS 'beta_exposure per gross delta-equivalent notional of the holdings that are in it (beta_coverage). NULL: none is.';

COMMENT ON COLUMN desk.portfolio_risk.beta_exposure IS 'Exposure to the benchmarks in base currency: sum of exposure x beta of each asset to its instrument''s benchmark. Left out are holdings without a benchmark, and those without a volatility or with fewer than minimum_observations returns in common with it: beta_coverage is the share of the rest. NULL: none is left.';

COMMENT ON COLUMN desk.portfolio_risk.net_delta IS 'Sum of all delta-equivalent notionals in base currency, those of currencies included: profit and loss per relative rise of every price at once. Money for every return kind: under difference returns, too, it is delta x notional, not the exposure per unit of price. So a funded foreign holding counts twice, in its price and in its currency, and what is held long at a negative price is negative: no measure of size.';

COMMENT ON COLUMN desk.portfolio_risk.value_at_risk IS 'Loss over horizon bars that the window''s history exceeds in a share 1 - risk_level of its (overlapping) periods; a loss is positive, in base currency. NULL: fewer than minimum_observations periods on which every holding has its returns, or fewer than 1 / (1 - risk_level), of which not one would be in that share: the worst of all would stand for it. Only holdings behind net_risk.';

COMMENT ON COLUMN desk.portfolio_risk.expected_shortfall IS 'Mean loss of the worst share 1 - risk_level of the periods (Acerbi and Tasche), at least value_at_risk; a loss is positive. NULL as value_at_risk.';

COMMENT ON COLUMN desk.portfolio_risk.risk_level IS 'Level of value_at_risk and expected_shortfall.';

COMMENT ON COLUMN desk.portfolio_risk.horizon IS 'Bars they look ahead.';

COMMENT ON COLUMN desk.portfolio_risk.historical_windows IS 'Periods of the window on which every holding has its returns.';

COMMENT ON COLUMN desk.portfolio_risk.largest_contributor IS 'Asset that adds most to net_risk. NULL: none adds.';

COMMENT ON COLUMN desk.portfolio_risk.largest_contribution IS 'Its contribution (Euler): exposure x change of net_risk per exposure; all contributions sum to net_risk.';

COMMENT ON COLUMN desk.portfolio_risk.largest_reducer IS 'Asset that takes most off net_risk at the margin: whose contribution is most negative. NULL: none is. That does not say that nothing offsets: without a position whose contribution is positive net_risk may be larger, too (see hedge.risk_contributions).';

COMMENT ON COLUMN desk.portfolio_risk.largest_reduction IS 'Its contribution: negative.';

COMMENT ON COLUMN desk.portfolio_risk.net_risk_low IS 'Lower end of the interval around net_risk at the model''s confidence_level, from how the portfolio''s own profit and loss varied in the window (Newey-West); wider where losses cluster or have heavy tails. NULL: fewer than minimum_observations periods, or profit and loss do not vary.';

COMMENT ON COLUMN desk.portfolio_risk.net_risk_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.portfolio_risk.bad_prices IS 'Prices of the assets behind these risks that were left out in the window (data_quality says which: not positive, not finite or contradictory): moves that no risk here knows of.';

COMMENT ON COLUMN desk.portfolio_risk.unestimated_notional IS 'Gross delta-equivalent notional, in base currency, of the unestimated_positions: held, but in no risk, beta or historical loss.';

COMMENT ON COLUMN desk.portfolio_risk.risk_coverage IS 'Share of the gross delta-equivalent notional whose risk is known, from 0 to 1: below 1, net_risk and the others speak of a part of the portfolio. Unpriced positions have no notional and are in neither part: see unpriced_share. NULL: the notional is 0.';

COMMENT ON COLUMN desk.portfolio_risk.beta_coverage IS 'Share of the same notional that beta_exposure covers. NULL: none is covered, or the notional is 0.';

COMMENT ON COLUMN desk.portfolio_risk.largest_gap_move IS 'Profit (negative: loss), largest in size, that one holding, as it is now, would have made in a move over bars without its price (largest_gap_move of data_quality): a suspension, a holiday of its own, a bad price. No return holds it, so no risk, value_at_risk or expected_shortfall here knows of it. NULL: there is none.';

CREATE TABLE desk.price (
    asset text NOT NULL,
    ts timestamp with time zone NOT NULL,
    price double precision
);

ALTER TABLE desk.price OWNER TO upgrade_owner;

COMMENT ON TABLE desk.price IS 'Prices. Not positive or not finite ones may stand here: no return is made from them, and data_quality counts them.';

COMMENT ON COLUMN desk.price.asset IS 'What has the price.';

COMMENT ON COLUMN desk.price.ts IS 'Instant of the price. Of several in one bar the last counts.';

COMMENT ON COLUMN desk.price.price IS 'Price of one unit, in the instrument''s currency. NULL: none.';

ALTER TABLE desk.refresh_log ALTER COLUMN entry ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME desk.refresh_log_entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE desk.return_block ALTER COLUMN block ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME desk.return_block_block_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE desk.return_span (
    span bigint NOT NULL,
    model text NOT NULL,
    first_bar timestamp with time zone NOT NULL,
    last_bar timestamp with time zone NOT NULL,
    blocks bigint[] NOT NULL,
    matrix hedge.comoment_matrix NOT NULL,
    assets text[] NOT NULL,
    last_price double precision[] NOT NULL,
    last_price_time timestamp with time zone[] NOT NULL,
    priced_bars integer[] NOT NULL,
    non_positive integer[] NOT NULL,
    not_finite integer[] NOT NULL,
    contradictory integer[] NOT NULL,
    gap_moves integer[] NOT NULL,
    largest_gap_move double precision[] NOT NULL,
    largest_gap_bar timestamp with time zone[] NOT NULL,
    opening_price double precision[] NOT NULL,
    opening_bar timestamp with time zone[] NOT NULL,
    closing_price double precision[] NOT NULL,
    unchanged integer[] NOT NULL,
    frozen integer[] NOT NULL
);
ALTER TABLE ONLY desk.return_span ALTER COLUMN assets SET STORAGE EXTERNAL;
ALTER TABLE ONLY desk.return_span ALTER COLUMN last_price SET STORAGE EXTERNAL;
ALTER TABLE ONLY desk.return_span ALTER COLUMN last_price_time SET STORAGE EXTERNAL;
ALTER TABLE ONLY desk.return_span ALTER COLUMN closing_price SET STORAGE EXTERNAL;

ALTER TABLE desk.return_span OWNER TO upgrade_owner;

COMMENT ON TABLE desk.return_span IS 'Sums over consecutive blocks of returns, made once and added up by every run whose window holds all of them. As blocks, a span never changes, and one that no run uses is deleted.';

COMMENT ON COLUMN desk.return_span.span IS 'Number of the span.';

COMMENT ON COLUMN desk.return_span.model IS 'Model of its blocks.';

COMMENT ON COLUMN desk.return_span.first_bar IS 'Start of its first bar.';

COMMENT ON COLUMN desk.return_span.last_bar IS 'Start of its last bar.';

COMMENT ON COLUMN desk.return_span.blocks IS 'Its blocks in time order.';

COMMENT ON COLUMN desk.return_span.matrix IS 'Co-moments of the returns of every pair of assets in these blocks.';

COMMENT ON COLUMN desk.return_span.assets IS 'Assets of these blocks, in byte order.';

COMMENT ON COLUMN desk.return_span.last_price IS 'Per asset, last good price in these blocks; NULL: none.';

COMMENT ON COLUMN desk.return_span.last_price_time IS 'Per asset, instant of last_price.';

COMMENT ON COLUMN desk.return_span.priced_bars IS 'Per asset, bars of these blocks with a good price.';

COMMENT ON COLUMN desk.return_span.non_positive IS 'Per asset, prices left out because they are zero or negative, under simple and log returns.';

COMMENT ON COLUMN desk.return_span.not_finite IS 'Per asset, prices left out because they are NaN or infinite or give such a return.';

COMMENT ON COLUMN desk.return_span.contradictory IS 'Per asset, bars without a close because of two different prices at their last instant.';

COMMENT ON COLUMN desk.return_span.gap_moves IS 'Per asset, closes in these blocks that follow a gap in these blocks: moves that are in no return.';

COMMENT ON COLUMN desk.return_span.largest_gap_move IS 'Per asset, the largest of these moves in size, as a return of its kind; NULL: none.';

COMMENT ON COLUMN desk.return_span.largest_gap_bar IS 'Per asset, start of the bar that largest_gap_move ends in.';

COMMENT ON COLUMN desk.return_span.opening_price IS 'Per asset, the first close in these blocks, if no return leads to it; NULL: one does. From the closing_price before to this is a move over a gap, too.';

COMMENT ON COLUMN desk.return_span.opening_bar IS 'Per asset, start of the bar of opening_price.';

COMMENT ON COLUMN desk.return_span.closing_price IS 'Per asset, the last close on the calendar in these blocks; NULL: none.';

COMMENT ON COLUMN desk.return_span.unchanged IS 'Per asset, closes that are the one of the bar before.';

COMMENT ON COLUMN desk.return_span.frozen IS 'Per asset, those of them that at least stale_after others precede in one row.';

ALTER TABLE desk.return_span ALTER COLUMN span ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME desk.return_span_span_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW desk.rolling_correlation WITH (security_invoker='true') AS
 SELECT l.model,
    y.asset AS asset_y,
    x.asset AS asset_x,
    s.bar AS "time",
    s.correlation,
    (s.bounds).low AS correlation_low,
    (s.bounds).high AS correlation_high,
    s.hedge_ratio,
    ((s.bar AT TIME ZONE m.time_zone))::date AS day
   FROM (((((desk.latest_run l
     JOIN desk.model_run r ON ((r.run = l.run)))
     JOIN desk.model m ON ((m.model = l.model)))
     JOIN desk.run_asset y ON ((y.run = r.run)))
     JOIN desk.run_asset x ON (((x.run = r.run) AND (x.asset <> y.asset))))
     CROSS JOIN LATERAL ( SELECT w.bar,
            hedge.corr(w.comoments) AS correlation,
            hedge.corr_interval(w.comoments, m.confidence_level) AS bounds,
            hedge.hedge_ratio(w.comoments) AS hedge_ratio
           FROM ( SELECT c.bar,
                    hedge.comoments(c.y, c.x) OVER (ORDER BY c.bar ROWS BETWEEN (m.rolling_bars - 1) PRECEDING AND CURRENT ROW) AS comoments,
                    row_number() OVER (ORDER BY c.bar) AS common
                   FROM ( SELECT t.bar,
                            t.y,
                            t.x
                           FROM ((desk.return_block b
                             CROSS JOIN LATERAL ( SELECT array_position(b.assets, y.asset) AS y,
                                    array_position(b.assets, x.asset) AS x) n)
                             CROSS JOIN LATERAL UNNEST(b.bars, b.returns[n.y:n.y][:], b.returns[n.x:n.x][:]) t(bar, y, x))
                          WHERE (b.block = ANY (r.blocks))) c
                  WHERE ((c.bar >= r.window_start) AND (c.y IS NOT NULL) AND (c.x IS NOT NULL))) w
          WHERE (w.common >= m.rolling_bars)
         OFFSET 0) s);

ALTER TABLE desk.rolling_correlation OWNER TO upgrade_owner;

COMMENT ON VIEW desk.rolling_correlation IS 'Model x pair x bar: correlation over the last rolling_bars common returns, through the window of each model''s latest run. Computed when it is read, pair by pair: filter on asset_y and asset_x. Each pair stands twice, once in each direction.';

COMMENT ON COLUMN desk.rolling_correlation.model IS 'The model.';

COMMENT ON COLUMN desk.rolling_correlation.asset_y IS 'The asset held.';

COMMENT ON COLUMN desk.rolling_correlation.asset_x IS 'The hedge.';

COMMENT ON COLUMN desk.rolling_correlation."time" IS 'Start of the last bar of the rolling_bars common returns.';

COMMENT ON COLUMN desk.rolling_correlation.correlation IS 'Correlation of these returns, from -1 to 1; NULL: a side is constant.';

COMMENT ON COLUMN desk.rolling_correlation.correlation_low IS 'Lower end of its interval at the model''s confidence_level (Fisher''s, for independent normal returns: too narrow where tails are heavy; correlation_stability has the robust one of the whole window).';

COMMENT ON COLUMN desk.rolling_correlation.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN desk.rolling_correlation.hedge_ratio IS 'Minimum-variance hedge ratio of asset_y by asset_x over these returns; NULL: asset_x is constant.';

COMMENT ON COLUMN desk.rolling_correlation.day IS 'The day of time in the model''s time zone.';

CREATE TABLE desk.spread (
    spread text NOT NULL,
    priority double precision,
    CONSTRAINT priority_is_a_number CHECK (((priority > '-Infinity'::double precision) AND (priority < 'Infinity'::double precision)))
);

ALTER TABLE desk.spread OWNER TO upgrade_owner;

COMMENT ON TABLE desk.spread IS 'Spreads that earn a credit on outright margins, for view spread_margin.';

COMMENT ON COLUMN desk.spread.spread IS 'Name of the spread.';

COMMENT ON COLUMN desk.spread.priority IS 'The lowest is formed first. NULL: last.';

CREATE TABLE desk.spread_leg (
    spread text NOT NULL,
    asset text NOT NULL,
    ratio double precision NOT NULL,
    side text NOT NULL,
    credit_rate double precision NOT NULL,
    CONSTRAINT credit_rate_is_from_0_to_1 CHECK (((credit_rate >= (0)::double precision) AND (credit_rate <= (1)::double precision))),
    CONSTRAINT ratio_is_positive CHECK (((ratio > (0)::double precision) AND (ratio < 'Infinity'::double precision))),
    CONSTRAINT side_is_a_or_b CHECK ((side = ANY (ARRAY['A'::text, 'B'::text])))
);

ALTER TABLE desk.spread_leg OWNER TO upgrade_owner;

COMMENT ON TABLE desk.spread_leg IS 'Legs of spreads.';

COMMENT ON COLUMN desk.spread_leg.spread IS 'The spread.';

COMMENT ON COLUMN desk.spread_leg.asset IS 'The asset.';

COMMENT ON COLUMN desk.spread_leg.ratio IS 'Contracts of it in one spread.';

COMMENT ON COLUMN desk.spread_leg.side IS 'A or B: legs on A are long where those on B are short, or the other way round.';

COMMENT ON COLUMN desk.spread_leg.credit_rate IS 'Share of its outright margin that is credited.';

CREATE VIEW desk.spread_margin WITH (security_invoker='true') AS
 SELECT h.portfolio,
    h.model,
    h.as_of,
    m.asset,
    m.delta,
    m.remaining_delta,
    m.gross_margin,
    m.credit,
    m.margin
   FROM ((( SELECT p.portfolio,
            r.run,
            r.model,
            r.as_of,
            array_agg(p.asset) AS assets,
            array_agg(p.delta) AS deltas,
            array_agg(p.rate) AS rates
           FROM (( SELECT q.portfolio,
                    x.run,
                    q.asset,
                    q.delta,
                    (abs(a.unit_exposure) * a.weight) AS rate
                   FROM ((( SELECT y.portfolio,
                            y.asset,
                            sum(y.delta_quantity) AS delta
                           FROM desk._position y
                          GROUP BY y.portfolio, y.asset) q
                     CROSS JOIN desk.model_run x)
                     JOIN desk._margin_asset a ON (((a.run = x.run) AND (a.asset = q.asset))))
                  WHERE ((abs(q.delta) < 'Infinity'::double precision) AND (a.unit_exposure IS NOT NULL) AND (a.weight IS NOT NULL))) p
             JOIN desk.model_run r ON ((r.run = p.run)))
          GROUP BY p.portfolio, r.run, r.model, r.as_of) h
     CROSS JOIN ( SELECT COALESCE(array_agg(l.spread), '{}'::text[]) AS spreads,
            COALESCE(array_agg(l.asset), '{}'::text[]) AS assets,
            COALESCE(array_agg(l.ratio), '{}'::double precision[]) AS ratios,
            COALESCE(array_agg(l.side), '{}'::text[]) AS sides,
            COALESCE(array_agg(l.credit_rate), '{}'::double precision[]) AS credit_rates,
            COALESCE(array_agg(s_1.priority), '{}'::double precision[]) AS priorities
           FROM (( SELECT x.spread,
                    x.asset,
                    x.ratio,
                    x.side,
                    x.credit_rate
                   FROM desk.spread_leg x
                  ORDER BY x.spread, x.asset) l
             JOIN desk.spread s_1 ON ((s_1.spread = l.spread)))) s)
     CROSS JOIN LATERAL hedge.spread_margins(h.assets, h.deltas, h.rates, s.spreads, s.assets, s.ratios, s.sides, s.credit_rates, s.priorities) m(asset, delta, remaining_delta, gross_margin, credit, margin))
  WHERE (h.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM desk.latest_run x)));

ALTER TABLE desk.spread_margin OWNER TO upgrade_owner;

COMMENT ON VIEW desk.spread_margin IS 'Portfolio x model x asset held: outright margin, and the credit of the spreads in table spread, formed by priority (hedge.spread_credits). The outright margin of a contract is its exposure x risk weight. Positions without either are left out.';

COMMENT ON COLUMN desk.spread_margin.portfolio IS 'Who holds it.';

COMMENT ON COLUMN desk.spread_margin.model IS 'The model.';

COMMENT ON COLUMN desk.spread_margin.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN desk.spread_margin.asset IS 'What is held.';

COMMENT ON COLUMN desk.spread_margin.delta IS 'Contracts x delta, net.';

COMMENT ON COLUMN desk.spread_margin.remaining_delta IS 'Of those, in no spread.';

COMMENT ON COLUMN desk.spread_margin.gross_margin IS 'Outright margin, in base currency.';

COMMENT ON COLUMN desk.spread_margin.credit IS 'Credit of the spreads it is a leg of.';

COMMENT ON COLUMN desk.spread_margin.margin IS 'gross_margin - credit.';

CREATE VIEW desk.time_series WITH (security_invoker='true') AS
 SELECT r.as_of AS "time",
    v.metric,
    v.value,
    r.model,
    o.portfolio,
    o.asset_a,
    o.asset_b,
    ((r.as_of AT TIME ZONE m.time_zone))::date AS day
   FROM (((desk.model_run r
     JOIN desk.model m ON ((m.model = r.model)))
     JOIN desk.offset_snapshot o ON ((o.run = r.run)))
     CROSS JOIN LATERAL ( VALUES ('correlation'::text,o.correlation), ('hedge_ratio'::text,o.hedge_ratio), ('risk_offset'::text,o.risk_offset), ('net_risk'::text,o.net_risk)) v(metric, value))
  WHERE (r.run = ( SELECT max(k.run) AS max
           FROM desk.model_run k
          WHERE ((k.model = r.model) AND (k.as_of = r.as_of))))
UNION ALL
 SELECT r.as_of AS "time",
    v.metric,
    v.value,
    r.model,
    NULL::text AS portfolio,
    a.asset AS asset_a,
    NULL::text AS asset_b,
    ((r.as_of AT TIME ZONE m.time_zone))::date AS day
   FROM (((desk.model_run r
     JOIN desk.model m ON ((m.model = r.model)))
     JOIN desk.run_asset a ON ((a.run = r.run)))
     CROSS JOIN LATERAL ( VALUES ('price'::text,a.price), ('volatility'::text,a.volatility)) v(metric, value))
  WHERE ((r.run = ( SELECT max(k.run) AS max
           FROM desk.model_run k
          WHERE ((k.model = r.model) AND (k.as_of = r.as_of)))) AND (v.value IS NOT NULL));

ALTER TABLE desk.time_series OWNER TO upgrade_owner;

COMMENT ON VIEW desk.time_series IS 'What refreshes found, in the long form that dashboards draw: a row is one value of one metric at the as_of of a run that is kept. Of pairs in the snapshot: correlation, hedge_ratio, risk_offset, net_risk. Of assets: price, volatility. Of several runs as of one time, the last.';

COMMENT ON COLUMN desk.time_series."time" IS 'Time of the estimate.';

COMMENT ON COLUMN desk.time_series.metric IS 'What the value is: correlation, hedge_ratio, risk_offset, net_risk, price or volatility, each as in the column of this name of materialized_offsets or exposure.';

COMMENT ON COLUMN desk.time_series.value IS 'The value: money for risk_offset and net_risk, per bar for volatility. NULL: no hedge_ratio.';

COMMENT ON COLUMN desk.time_series.model IS 'The model.';

COMMENT ON COLUMN desk.time_series.portfolio IS 'Who holds the pair; NULL: the value is of an asset.';

COMMENT ON COLUMN desk.time_series.asset_a IS 'The leg with the larger risk, or the asset.';

COMMENT ON COLUMN desk.time_series.asset_b IS 'The other leg; NULL: the value is of an asset.';

COMMENT ON COLUMN desk.time_series.day IS 'The day of time in the model''s time zone.';

CREATE VIEW market.held AS
 SELECT 7 AS portfolio,
    "position".asset,
    ("position".quantity)::numeric AS quantity
   FROM desk."position"
  WHERE ("position".asset < 'D'::text);

ALTER TABLE market.held OWNER TO upgrade_owner;

CREATE VIEW macro._position WITH (security_invoker='true') AS
 SELECT (p.portfolio)::text AS portfolio,
    p.asset,
        CASE
            WHEN (abs(
            CASE
                WHEN (((p.quantity > '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) AND (p.quantity < 'NaN'::numeric)) OR (p.quantity < '-1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN 'Infinity'::double precision
                ELSE (p.quantity)::double precision
            END) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision) THEN
            CASE
                WHEN (((p.quantity > '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) AND (p.quantity < 'NaN'::numeric)) OR (p.quantity < '-1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN 'Infinity'::double precision
                ELSE (p.quantity)::double precision
            END
            ELSE NULL::double precision
        END AS quantity,
        CASE
            WHEN (((abs(
            CASE
                WHEN (((p.quantity > '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) AND (p.quantity < 'NaN'::numeric)) OR (p.quantity < '-1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN 'Infinity'::double precision
                ELSE (p.quantity)::double precision
            END) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) AND (abs('1'::double precision) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)) OR ((abs('1'::double precision) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) AND (abs(
            CASE
                WHEN (((p.quantity > '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) AND (p.quantity < 'NaN'::numeric)) OR (p.quantity < '-1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN 'Infinity'::double precision
                ELSE (p.quantity)::double precision
            END) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision))) THEN (0)::double precision
            WHEN ((abs(
            CASE
                WHEN (((p.quantity > '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) AND (p.quantity < 'NaN'::numeric)) OR (p.quantity < '-1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN 'Infinity'::double precision
                ELSE (p.quantity)::double precision
            END) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision) AND (abs('1'::double precision) <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)) THEN (
            CASE
                WHEN (((p.quantity > '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) AND (p.quantity < 'NaN'::numeric)) OR (p.quantity < '-1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN 'Infinity'::double precision
                ELSE (p.quantity)::double precision
            END * '1'::double precision)
            WHEN ((abs(
            CASE
                WHEN (((p.quantity > '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) AND (p.quantity < 'NaN'::numeric)) OR (p.quantity < '-1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN 'Infinity'::double precision
                ELSE (p.quantity)::double precision
            END) <= 'Infinity'::double precision) AND (abs('1'::double precision) <= 'Infinity'::double precision)) THEN 'Infinity'::double precision
            ELSE 'NaN'::double precision
        END AS delta_quantity
   FROM market.held p;

ALTER TABLE macro._position OWNER TO upgrade_owner;

COMMENT ON VIEW macro._position IS 'Positions with numbers that can be reckoned with: quantity x delta of magnitudes up to 1e50, so that no product made of them leaves the range of numbers; 0 where one is below 1e-100, infinite where one is above 1e50, NaN where one is no number or NULL. A step of exposure.';

CREATE VIEW macro._holding WITH (security_invoker='true') AS
 SELECT p.portfolio,
    hedge._holdings(p.asset, p.quantity, p.delta_quantity) AS holdings
   FROM macro._position p
  GROUP BY p.portfolio;

ALTER TABLE macro._holding OWNER TO upgrade_owner;

COMMENT ON VIEW macro._holding IS 'Portfolio: what it holds, as hedge._exposures and hedge._leg_pairs take it. The step from positions to all other views.';

CREATE TABLE macro.book (
    base_currency text NOT NULL,
    prices text,
    positions text,
    version text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT base_currency_is_not_empty CHECK ((base_currency <> ''::text))
);

ALTER TABLE ONLY macro.book REPLICA IDENTITY FULL;

ALTER TABLE macro.book OWNER TO upgrade_owner;

COMMENT ON TABLE macro.book IS 'The book as a whole: one row.';

COMMENT ON COLUMN macro.book.base_currency IS 'Currency of every exposure, notional and risk of the book.';

COMMENT ON COLUMN macro.book.prices IS 'Relation the models read prices from, schema-qualified. NULL: table price of this book.';

COMMENT ON COLUMN macro.book.positions IS 'Relation the views read positions from, schema-qualified; hedge.upgrade_book makes the views follow a change. NULL: table position of this book.';

COMMENT ON COLUMN macro.book.version IS 'Version of pghedge that made these views.';

COMMENT ON COLUMN macro.book.created_at IS 'When the book was made.';

CREATE TABLE macro.instrument (
    asset text NOT NULL,
    currency text,
    contract_kind text DEFAULT 'linear'::text NOT NULL,
    contract_size double precision DEFAULT 1 NOT NULL,
    lot_size double precision DEFAULT 1 NOT NULL,
    fx_asset text,
    funded boolean DEFAULT false NOT NULL,
    benchmark text,
    bucket text,
    carry double precision,
    cost double precision,
    cost_per_lot double precision,
    return_kind text,
    tradable boolean DEFAULT false NOT NULL,
    CONSTRAINT carry_is_finite CHECK (((carry > '-Infinity'::double precision) AND (carry < 'Infinity'::double precision))),
    CONSTRAINT contract_kind_is_linear_or_inverse CHECK ((contract_kind = ANY (ARRAY['linear'::text, 'inverse'::text]))),
    CONSTRAINT contract_size_is_below_1e50 CHECK ((contract_size < ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)),
    CONSTRAINT contract_size_is_positive CHECK ((contract_size > (0)::double precision)),
    CONSTRAINT cost_is_not_negative CHECK (((cost >= (0)::double precision) AND (cost < 'Infinity'::double precision))),
    CONSTRAINT cost_per_lot_is_not_negative CHECK (((cost_per_lot >= (0)::double precision) AND (cost_per_lot < 'Infinity'::double precision))),
    CONSTRAINT fx_asset_is_another_asset CHECK ((fx_asset <> asset)),
    CONSTRAINT lot_size_is_positive CHECK (((lot_size > (0)::double precision) AND (lot_size < 'Infinity'::double precision))),
    CONSTRAINT return_kind_is_simple_log_or_difference CHECK ((return_kind = ANY (ARRAY['simple'::text, 'log'::text, 'difference'::text])))
);

ALTER TABLE macro.instrument OWNER TO upgrade_owner;

COMMENT ON TABLE macro.instrument IS 'What is known of an asset. An asset without a row is a linear contract of size 1 in the base currency.';

COMMENT ON COLUMN macro.instrument.asset IS 'The asset, as in the prices and positions.';

COMMENT ON COLUMN macro.instrument.currency IS 'Currency of a linear contract''s price, or of an inverse contract''s size. NULL: the base currency.';

COMMENT ON COLUMN macro.instrument.contract_kind IS 'linear: worth quantity x contract_size x price. inverse: settled in the asset itself (coin), its size is already money: quantity x contract_size.';

COMMENT ON COLUMN macro.instrument.contract_size IS 'Size of one contract: units of the asset (linear), or money in the currency (inverse).';

COMMENT ON COLUMN macro.instrument.lot_size IS 'Contracts that one trade is a whole multiple of.';

COMMENT ON COLUMN macro.instrument.fx_asset IS 'Asset whose price is the base currency per unit of this currency: in USD, for JPY, some 0.007 and not 150. A refresh tells of a name that says otherwise (USDJPY). Without it nothing in a foreign currency has an exposure.';

COMMENT ON COLUMN macro.instrument.funded IS 'True: paid for in full, so a holding in a foreign currency makes an exposure in fx_asset, too. False: margined (futures, swaps), which does not. What is in the currency then is quantity x delta x the value of a contract: of an option, set down as its underlying with a delta, not its premium but that of the shares it stands for; book the difference as a position in fx_asset, or leave funded false and book the premium there.';

COMMENT ON COLUMN macro.instrument.benchmark IS 'Asset that beta is measured against. NULL: none.';

COMMENT ON COLUMN macro.instrument.bucket IS 'Group of assets, as risk reports name them. NULL: none.';

COMMENT ON COLUMN macro.instrument.carry IS 'Yearly income of holding it, as a share of its notional; negative where holding costs. NULL: unknown.';

COMMENT ON COLUMN macro.instrument.cost IS 'Cost of trading it, as a share of the notional traded (0.0005: five basis points). NULL: unknown.';

COMMENT ON COLUMN macro.instrument.cost_per_lot IS 'Cost of trading one lot, in the base currency, on top of cost. NULL: unknown.';

COMMENT ON COLUMN macro.instrument.return_kind IS 'Return kind of this asset where it differs from its model''s (difference for prices that may be zero or negative). NULL: the model''s.';

COMMENT ON COLUMN macro.instrument.tradable IS 'True: hedge_recommendations may trade it in every portfolio, whether held or not. Where no instrument of the book is, it trades what a portfolio holds against something larger.';

CREATE TABLE macro.run_asset (
    run bigint NOT NULL,
    asset text NOT NULL,
    return_kind text NOT NULL,
    price double precision,
    price_time timestamp with time zone,
    volatility double precision,
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
    largest_gap_move double precision,
    largest_gap_bar timestamp with time zone,
    unchanged integer NOT NULL,
    frozen integer NOT NULL
);

ALTER TABLE macro.run_asset OWNER TO upgrade_owner;

COMMENT ON TABLE macro.run_asset IS 'What a run found out about each asset.';

COMMENT ON COLUMN macro.run_asset.run IS 'The run.';

COMMENT ON COLUMN macro.run_asset.asset IS 'The asset.';

COMMENT ON COLUMN macro.run_asset.return_kind IS 'Kind of its returns in this run: simple, log or difference.';

COMMENT ON COLUMN macro.run_asset.price IS 'Last good price up to as_of, on the calendar or not, in the instrument''s currency. NULL: none.';

COMMENT ON COLUMN macro.run_asset.price_time IS 'Instant of price.';

COMMENT ON COLUMN macro.run_asset.volatility IS 'Standard deviation of its returns, per bar. NULL with fewer than minimum_observations, or above 1e50.';

COMMENT ON COLUMN macro.run_asset.observations IS 'Returns in the window.';

COMMENT ON COLUMN macro.run_asset.missing_returns IS 'Bars of the window without a return.';

COMMENT ON COLUMN macro.run_asset.priced_bars IS 'Bars with a good price, of the run''s counted_bars.';

COMMENT ON COLUMN macro.run_asset.non_positive IS 'Prices left out because they are zero or negative.';

COMMENT ON COLUMN macro.run_asset.not_finite IS 'Prices left out because they are NaN or infinite or give such a return.';

COMMENT ON COLUMN macro.run_asset.contradictory IS 'Bars without a close because of two different prices at their last instant.';

COMMENT ON COLUMN macro.run_asset.stale_bars IS 'Bars since price_time in which some asset has a price; of those not in the calendar only the newest, after the last stale_after + 2 bars of the calendar began. NULL without a price.';

COMMENT ON COLUMN macro.run_asset.stale IS 'True: stale_bars is more than the model''s stale_after, or price_time longer before as_of than 2 x stale_after bars (at least 2) last. NULL without a price.';

COMMENT ON COLUMN macro.run_asset.note IS 'Why there is no volatility. NULL: there is one.';

COMMENT ON COLUMN macro.run_asset.gap_moves IS 'Closes after a gap, in the run''s counted_bars: the move over it is in no return.';

COMMENT ON COLUMN macro.run_asset.largest_gap_move IS 'The largest of these moves in size, as a return of its kind. NULL: none.';

COMMENT ON COLUMN macro.run_asset.largest_gap_bar IS 'Start of the bar it ends in.';

COMMENT ON COLUMN macro.run_asset.unchanged IS 'Closes, in the run''s counted_bars, that are the one of the bar before.';

COMMENT ON COLUMN macro.run_asset.frozen IS 'Those of them that at least stale_after others precede in one row.';

CREATE VIEW macro._unit WITH (security_invoker='true') AS
 SELECT a.run,
    a.asset,
    a.return_kind,
    a.price,
    a.price_time,
    (a.stale OR (f.foreign_currency AND x.stale)) AS stale,
    a.volatility,
    a.observations,
    concat_ws('; '::text,
        CASE
            WHEN a.stale THEN 'stale price'::text
            ELSE NULL::text
        END,
        CASE
            WHEN (f.foreign_currency AND x.stale) THEN ('stale price of fx_asset '::text || i.fx_asset)
            ELSE NULL::text
        END, a.note) AS note,
    COALESCE(i.currency, b.base_currency) AS currency,
    f.fx,
        CASE
            WHEN (abs(n.unit_notional) <= ('10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision) THEN n.unit_notional
            ELSE NULL::double precision
        END AS unit_notional,
        CASE
            WHEN (abs(e.unit_exposure) <= ('10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision) THEN e.unit_exposure
            ELSE NULL::double precision
        END AS unit_exposure,
        CASE
            WHEN (f.foreign_currency AND i.funded) THEN i.fx_asset
            ELSE NULL::text
        END AS funding_asset,
        CASE
            WHEN (t.volatility IS NOT NULL) THEN i.benchmark
            ELSE NULL::text
        END AS benchmark,
        CASE
            WHEN (t.return_kind = 'difference'::text) THEN t.price
            ELSE (1)::double precision
        END AS benchmark_scale,
    i.bucket,
        CASE
            WHEN (a.price IS NULL) THEN 'no price'::text
            WHEN (f.foreign_currency AND (i.fx_asset IS NULL)) THEN (('currency '::text || i.currency) || ' has no fx_asset'::text)
            WHEN (f.fx IS NULL) THEN ('no price of fx_asset '::text || i.fx_asset)
            WHEN (e.unit_exposure IS NULL) THEN 'inverse contract at price 0'::text
            WHEN ((abs(n.unit_notional) > ('10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision) OR (abs(e.unit_exposure) > ('10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision)) THEN 'value of a contract is out of range'::text
            ELSE NULL::text
        END AS problem,
    (COALESCE(i.contract_kind, 'linear'::text) ||
        CASE
            WHEN (a.return_kind = 'difference'::text) THEN ', per unit of price'::text
            ELSE ''::text
        END) AS basis,
        CASE
            WHEN (a.return_kind <> 'difference'::text) THEN (1)::double precision
            WHEN (abs(a.price) >= (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN a.price
            ELSE NULL::double precision
        END AS funding_divisor
   FROM (((((((macro.run_asset a
     CROSS JOIN macro.book b)
     LEFT JOIN macro.instrument i ON ((i.asset = a.asset)))
     LEFT JOIN macro.run_asset x ON (((x.run = a.run) AND (x.asset = i.fx_asset))))
     LEFT JOIN macro.run_asset t ON (((t.run = a.run) AND (t.asset = i.benchmark))))
     CROSS JOIN LATERAL ( SELECT COALESCE((i.currency <> b.base_currency), false) AS foreign_currency,
                CASE
                    WHEN COALESCE((i.currency <> b.base_currency), false) THEN x.price
                    ELSE (1)::double precision
                END AS fx) f)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (a.price IS NULL) THEN NULL::double precision
                    WHEN ((LEAST(i.contract_size, abs(f.fx)) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) OR ((i.contract_kind IS DISTINCT FROM 'inverse'::text) AND (abs(a.price) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision))) THEN ((0)::double precision * f.fx)
                    WHEN (i.contract_kind = 'inverse'::text) THEN (i.contract_size * f.fx)
                    ELSE ((COALESCE(i.contract_size, (1)::double precision) * a.price) * f.fx)
                END AS unit_notional) n)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN ((a.return_kind <> 'difference'::text) OR (a.price IS NULL)) THEN n.unit_notional
                    WHEN (LEAST(i.contract_size, abs(f.fx)) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN ((0)::double precision * f.fx)
                    WHEN ((i.contract_kind <> 'inverse'::text) OR (i.asset IS NULL)) THEN (COALESCE(i.contract_size, (1)::double precision) * f.fx)
                    WHEN (abs(a.price) >= (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN (n.unit_notional / a.price)
                    ELSE NULL::double precision
                END AS unit_exposure) e);

ALTER TABLE macro._unit OWNER TO upgrade_owner;

COMMENT ON VIEW macro._unit IS 'Run and asset: what one contract of delta 1 is worth and exposes to, in the base currency. A step of exposure.';

CREATE TABLE macro.model (
    model text NOT NULL,
    prices text,
    return_kind text DEFAULT 'simple'::text NOT NULL,
    bar interval DEFAULT '1 day'::interval NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    origin timestamp with time zone DEFAULT '2000-01-03 00:00:00+00'::timestamp with time zone NOT NULL,
    lookback integer DEFAULT 250 NOT NULL,
    minimum_observations integer DEFAULT 60 NOT NULL,
    calendar_quorum double precision DEFAULT 0.9 NOT NULL,
    stale_after integer DEFAULT 10 NOT NULL,
    minimum_correlation double precision DEFAULT 0.3 NOT NULL,
    bars_per_year double precision DEFAULT 252 NOT NULL,
    horizon integer DEFAULT 1 NOT NULL,
    risk_level double precision DEFAULT 0.99 NOT NULL,
    confidence_level double precision DEFAULT 0.95 NOT NULL,
    pairs_kept integer DEFAULT 100 NOT NULL,
    retention integer DEFAULT 30 NOT NULL,
    reread_bars integer DEFAULT 5 NOT NULL,
    evidence text DEFAULT 'kept'::text NOT NULL,
    rolling_bars integer DEFAULT 60 NOT NULL,
    minimum_effectiveness double precision DEFAULT 0.1 NOT NULL,
    minimum_evidence integer DEFAULT 100 NOT NULL,
    significance double precision DEFAULT 0.05 NOT NULL,
    break_significance double precision DEFAULT 0.01 NOT NULL,
    minimum_break double precision DEFAULT 0.1 NOT NULL,
    spread_significance double precision DEFAULT 0.01 NOT NULL,
    monitor_threshold double precision DEFAULT 2.5 NOT NULL,
    alarm_patience integer DEFAULT 60 NOT NULL,
    minimum_effective_evidence double precision DEFAULT 30 NOT NULL,
    risk_price double precision DEFAULT 0.2 NOT NULL,
    hedge_correlations text DEFAULT 'estimated'::text NOT NULL,
    hedge_evidence text DEFAULT 'reliable'::text NOT NULL,
    hedge_instruments integer,
    CONSTRAINT alarm_patience_is_not_negative CHECK ((alarm_patience >= 0)),
    CONSTRAINT bar_is_positive_and_months_or_days_or_time CHECK (((bar > '00:00:00'::interval) AND (num_nonnulls(NULLIF(((EXTRACT(year FROM bar) * (12)::numeric) + EXTRACT(month FROM bar)), (0)::numeric), NULLIF(EXTRACT(day FROM bar), (0)::numeric), NULLIF((((EXTRACT(hour FROM bar) * (3600)::numeric) + (EXTRACT(minute FROM bar) * (60)::numeric)) + EXTRACT(second FROM bar)), (0)::numeric)) = 1))),
    CONSTRAINT bars_per_year_is_positive CHECK (((bars_per_year > (0)::double precision) AND (bars_per_year < 'Infinity'::double precision))),
    CONSTRAINT break_significance_is_from_0_to_1 CHECK (((break_significance >= (0)::double precision) AND (break_significance <= (1)::double precision))),
    CONSTRAINT calendar_quorum_is_from_0_to_1 CHECK (((calendar_quorum >= (0)::double precision) AND (calendar_quorum <= (1)::double precision))),
    CONSTRAINT confidence_level_is_between_0_and_1 CHECK (((confidence_level > (0)::double precision) AND (confidence_level < (1)::double precision))),
    CONSTRAINT evidence_is_none_kept_or_all CHECK ((evidence = ANY (ARRAY['none'::text, 'kept'::text, 'all'::text]))),
    CONSTRAINT hedge_correlations_are_estimated_or_conservative CHECK ((hedge_correlations = ANY (ARRAY['estimated'::text, 'conservative'::text]))),
    CONSTRAINT hedge_evidence_is_reliable_or_any CHECK ((hedge_evidence = ANY (ARRAY['reliable'::text, 'any'::text]))),
    CONSTRAINT hedge_instruments_is_at_least_1 CHECK ((hedge_instruments >= 1)),
    CONSTRAINT horizon_is_at_least_1 CHECK ((horizon >= 1)),
    CONSTRAINT horizon_is_at_most_lookback CHECK (((horizon <= lookback) OR (lookback < 2))),
    CONSTRAINT lookback_is_at_least_2 CHECK ((lookback >= 2)),
    CONSTRAINT lookback_is_at_most_1000000 CHECK ((lookback <= 1000000)),
    CONSTRAINT minimum_break_is_from_0_to_2 CHECK (((minimum_break >= (0)::double precision) AND (minimum_break <= (2)::double precision))),
    CONSTRAINT minimum_correlation_is_from_0_to_1 CHECK (((minimum_correlation >= (0)::double precision) AND (minimum_correlation <= (1)::double precision))),
    CONSTRAINT minimum_effective_evidence_is_not_negative CHECK (((minimum_effective_evidence >= (0)::double precision) AND (minimum_effective_evidence < 'Infinity'::double precision))),
    CONSTRAINT minimum_effectiveness_is_from_0_to_1 CHECK (((minimum_effectiveness >= (0)::double precision) AND (minimum_effectiveness <= (1)::double precision))),
    CONSTRAINT minimum_evidence_is_at_least_2 CHECK ((minimum_evidence >= 2)),
    CONSTRAINT minimum_observations_is_at_least_2 CHECK ((minimum_observations >= 2)),
    CONSTRAINT minimum_observations_is_at_most_lookback CHECK (((minimum_observations <= lookback) OR (lookback < 2))),
    CONSTRAINT model_is_not_empty CHECK ((model <> ''::text)),
    CONSTRAINT monitor_threshold_is_positive CHECK (((monitor_threshold > (0)::double precision) AND (monitor_threshold < 'Infinity'::double precision))),
    CONSTRAINT origin_is_finite CHECK (isfinite(origin)),
    CONSTRAINT pairs_kept_is_at_least_1 CHECK ((pairs_kept >= 1)),
    CONSTRAINT prices_is_schema_qualified CHECK ((cardinality(parse_ident(prices)) = 2)),
    CONSTRAINT reread_bars_is_at_least_1 CHECK ((reread_bars >= 1)),
    CONSTRAINT retention_is_at_least_1 CHECK ((retention >= 1)),
    CONSTRAINT return_kind_is_simple_log_or_difference CHECK ((return_kind = ANY (ARRAY['simple'::text, 'log'::text, 'difference'::text]))),
    CONSTRAINT risk_level_is_between_0_and_1 CHECK (((risk_level > (0)::double precision) AND (risk_level < (1)::double precision))),
    CONSTRAINT risk_price_is_positive CHECK (((risk_price > (0)::double precision) AND (risk_price < 'Infinity'::double precision))),
    CONSTRAINT rolling_bars_is_at_least_4 CHECK ((rolling_bars >= 4)),
    CONSTRAINT rolling_bars_is_at_most_half_of_lookback CHECK ((rolling_bars <= GREATEST((lookback / 2), 60))),
    CONSTRAINT significance_is_from_0_to_1 CHECK (((significance >= (0)::double precision) AND (significance <= (1)::double precision))),
    CONSTRAINT spread_significance_is_from_0_to_1 CHECK (((spread_significance >= (0)::double precision) AND (spread_significance <= (1)::double precision))),
    CONSTRAINT stale_after_is_from_0_to_10000 CHECK (((stale_after >= 0) AND (stale_after <= 10000))),
    CONSTRAINT time_zone_is_known CHECK ((timezone(time_zone, '2000-01-01 00:00:00+00'::timestamp with time zone) IS NOT NULL))
);

ALTER TABLE macro.model OWNER TO upgrade_owner;

COMMENT ON TABLE macro.model IS 'Named settings of the book. Those that shape an estimate (prices to lookback, calendar_quorum, stale_after) take effect with the next refresh; those that the views read (minimum_observations of pairs, minimum_correlation, bars_per_year, horizon, risk_level, risk_price, hedge_*, and confidence_level for what is not evidence) at once; those of evidence and monitors (evidence, rolling_bars, minimum_effectiveness, and what follows them) with the next refresh.';

COMMENT ON COLUMN macro.model.model IS 'Name of the model.';

COMMENT ON COLUMN macro.model.prices IS 'Relation to read prices from, schema-qualified, with columns asset, ts, price and, if it keeps corrections, recorded_at. NULL: the book''s.';

COMMENT ON COLUMN macro.model.return_kind IS 'Change between two adjacent bars: simple p1/p0 - 1 (profit and loss is linear in it), log ln(p1/p0), or difference p1 - p0 (for prices that may be zero or negative).';

COMMENT ON COLUMN macro.model.bar IS 'Width of a bar: months only, days only, or a time.';

COMMENT ON COLUMN macro.model.time_zone IS 'Time zone in which days and months begin, and of timestamps without one.';

COMMENT ON COLUMN macro.model.origin IS 'Instant from which bars are counted.';

COMMENT ON COLUMN macro.model.lookback IS 'Bars with a return that an estimate is made of.';

COMMENT ON COLUMN macro.model.minimum_observations IS 'Fewest returns for a volatility, fewest common ones for a pair, and fewest windows for value at risk.';

COMMENT ON COLUMN macro.model.calendar_quorum IS 'Share of the assets alive that must have a price in a bar for it to be in the calendar.';

COMMENT ON COLUMN macro.model.stale_after IS 'Bars without a price after which an asset is no longer alive, and its price stale. A price is stale, too, when it is older than twice as many bars (at least two) last.';

COMMENT ON COLUMN macro.model.minimum_correlation IS 'Least absolute correlation of a pair that is shown.';

COMMENT ON COLUMN macro.model.bars_per_year IS 'Bars in a year: annual volatility = volatility x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.model.horizon IS 'Bars that value at risk and expected shortfall look ahead.';

COMMENT ON COLUMN macro.model.risk_level IS 'Level of value at risk and expected shortfall, as 0.99.';

COMMENT ON COLUMN macro.model.confidence_level IS 'Confidence of the intervals around a correlation and around a portfolio''s net risk, as 0.95.';

COMMENT ON COLUMN macro.model.pairs_kept IS 'Pairs of a portfolio that a refresh stores, those with the largest risk_offset first.';

COMMENT ON COLUMN macro.model.retention IS 'Runs that are kept, with their snapshots; the latest by as_of is always kept.';

COMMENT ON COLUMN macro.model.reread_bars IS 'Bars at the end that a refresh reads again, for prices that came late or were corrected.';

COMMENT ON COLUMN macro.model.evidence IS 'Pairs that a refresh examines: none, kept (those in the snapshot of some portfolio, and those watched from before) or all.';

COMMENT ON COLUMN macro.model.rolling_bars IS 'Returns of a pair in a rolling window: of rolling correlations and of hedging out of sample.';

COMMENT ON COLUMN macro.model.minimum_effectiveness IS 'Share of the variance that a hedge must remove to be worth having; a pair not shown to reach it is weak.';

COMMENT ON COLUMN macro.model.minimum_evidence IS 'Fewest common returns for a verdict; a pair with fewer is insufficient, as is one whose returns tell less than minimum_effective_evidence independent ones would.';

COMMENT ON COLUMN macro.model.significance IS 'Largest adjusted p-value of reaching minimum_effectiveness, and largest p-value of hedging out of sample, of a reliable pair.';

COMMENT ON COLUMN macro.model.break_significance IS 'Largest p-value of the test for a break that is called break_detected.';

COMMENT ON COLUMN macro.model.minimum_break IS 'Smallest difference of the correlations before and after that is; a smaller one is, too, if it changes the risk that a hedge leaves, sqrt(1 - correlation^2), by about twice that share.';

COMMENT ON COLUMN macro.model.spread_significance IS 'Largest p-value of the spread of rolling correlations that is called unstable.';

COMMENT ON COLUMN macro.model.monitor_threshold IS 'Threshold of monitors that start from now on: larger means fewer false alarms and later ones. A baseline has 60 bars at least: nothing is watched where lookback - reread_bars is less.';

COMMENT ON COLUMN macro.model.alarm_patience IS 'Bars for which a reliable pair must have been otherwise before that is an alarm. Verdicts of pairs near a threshold waver: docs/evidence.md tells how often that makes an alarm.';

COMMENT ON COLUMN macro.model.minimum_effective_evidence IS 'Least effective_observations for a verdict: a pair whose returns tell less about its correlation than so many independent ones would is insufficient.';

COMMENT ON COLUMN macro.model.risk_price IS 'What it is worth, in money and once, to have one unit of money less of risk (a standard deviation per bar): with 0.2, a trade that costs 100 must take off about 500. For hedge_recommendations.';

COMMENT ON COLUMN macro.model.hedge_correlations IS 'Correlations that hedge_recommendations relies on: estimated, or conservative (the end of the robust interval that helps less).';

COMMENT ON COLUMN macro.model.hedge_evidence IS 'Pairs that hedge_recommendations relies on: reliable (their verdict, the instrument taken for the hedge) or any.';

COMMENT ON COLUMN macro.model.hedge_instruments IS 'Most instruments that it trades at once in one portfolio. NULL: as many as help.';

CREATE TABLE macro.model_run (
    run bigint NOT NULL,
    model text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    window_start timestamp with time zone NOT NULL,
    window_end timestamp with time zone NOT NULL,
    bars integer NOT NULL,
    assets integer NOT NULL,
    matrix hedge.comoment_matrix NOT NULL,
    psd_matrix hedge.comoment_matrix,
    repaired boolean NOT NULL,
    smallest_eigenvalue double precision,
    blocks bigint[] NOT NULL,
    spans bigint[] NOT NULL,
    counted_bars integer NOT NULL,
    trailing_bars timestamp with time zone[] NOT NULL,
    history_start timestamp with time zone,
    settings jsonb NOT NULL,
    recorded_until timestamp with time zone,
    returns_key text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    pghedge_version text NOT NULL
);

ALTER TABLE macro.model_run OWNER TO upgrade_owner;

COMMENT ON TABLE macro.model_run IS 'Runs: one estimate of a model at one time, never changed.';

COMMENT ON COLUMN macro.model_run.run IS 'Number of the run, in the order they were made.';

COMMENT ON COLUMN macro.model_run.model IS 'The model.';

COMMENT ON COLUMN macro.model_run.as_of IS 'Prices after this instant were not read.';

COMMENT ON COLUMN macro.model_run.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN macro.model_run.window_end IS 'Start of the last bar of the estimate.';

COMMENT ON COLUMN macro.model_run.bars IS 'Bars of the estimate; fewer than lookback where history is short.';

COMMENT ON COLUMN macro.model_run.assets IS 'Assets in the matrix.';

COMMENT ON COLUMN macro.model_run.matrix IS 'Co-moments of the returns of every pair of assets.';

COMMENT ON COLUMN macro.model_run.psd_matrix IS 'The matrix with the nearest positive semi-definite correlations, where the pairwise ones are not. NULL: no need of repair.';

COMMENT ON COLUMN macro.model_run.repaired IS 'True: psd_matrix had to be made.';

COMMENT ON COLUMN macro.model_run.smallest_eigenvalue IS 'Smallest eigenvalue of the correlations, undefined ones as 0. NULL: not looked for, since without a missing return it cannot be negative.';

COMMENT ON COLUMN macro.model_run.blocks IS 'Blocks of returns in time order: those of the window, and some before it that the next refresh needs.';

COMMENT ON COLUMN macro.model_run.spans IS 'Spans of these blocks that the matrix was added up from, in time order; the other blocks of the window were summed for this run.';

COMMENT ON COLUMN macro.model_run.counted_bars IS 'Bars of all blocks that reach into the window: what priced bars and bad prices are counted over.';

COMMENT ON COLUMN macro.model_run.trailing_bars IS 'Starts of the bars after window_end that have prices but are not in the calendar: fewer than calendar_quorum of the assets alive have one there. They make no returns; last prices are taken from them.';

COMMENT ON COLUMN macro.model_run.history_start IS 'Instant of the earliest price there was, where blocks begin there and are fewer than the model asks for: the next refresh reads all again if an older one has come. NULL: there was more than it asks for.';

COMMENT ON COLUMN macro.model_run.settings IS 'The row of model as it was used.';

COMMENT ON COLUMN macro.model_run.recorded_until IS 'Prices recorded after this instant were not read. NULL: the relation has no column recorded_at.';

COMMENT ON COLUMN macro.model_run.returns_key IS 'Digest of all settings that shape returns. A run takes blocks of the one made before it if this is the same and that one''s as_of not later.';

COMMENT ON COLUMN macro.model_run.created_at IS 'When the run was made.';

COMMENT ON COLUMN macro.model_run.pghedge_version IS 'Version of pghedge that made it.';

CREATE VIEW macro.latest_run WITH (security_invoker='true') AS
 SELECT m.model,
    (r.run)::integer AS run,
    r.as_of,
    r.window_start,
    r.window_end,
    r.bars,
    r.assets,
    r.repaired AS correlation_repaired,
    r.created_at
   FROM (macro.model m
     CROSS JOIN LATERAL ( SELECT x.run,
            x.as_of,
            x.window_start,
            x.window_end,
            x.bars,
            x.assets,
            x.repaired,
            x.created_at
           FROM macro.model_run x
          WHERE (x.model = m.model)
          ORDER BY x.as_of DESC, x.run DESC
         LIMIT 1) r);

ALTER TABLE macro.latest_run OWNER TO upgrade_owner;

COMMENT ON VIEW macro.latest_run IS 'The run of each model that the views show: the one with the latest as_of, of several the last made.';

COMMENT ON COLUMN macro.latest_run.model IS 'The model.';

COMMENT ON COLUMN macro.latest_run.run IS 'Number of the run.';

COMMENT ON COLUMN macro.latest_run.as_of IS 'Prices after this instant were not read.';

COMMENT ON COLUMN macro.latest_run.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN macro.latest_run.window_end IS 'Start of the last bar of the estimate.';

COMMENT ON COLUMN macro.latest_run.bars IS 'Bars of the estimate; fewer than lookback where history is short.';

COMMENT ON COLUMN macro.latest_run.assets IS 'Assets in the estimate.';

COMMENT ON COLUMN macro.latest_run.correlation_repaired IS 'True: portfolio_risk uses the nearest positive semi-definite correlations.';

COMMENT ON COLUMN macro.latest_run.created_at IS 'When the run was made.';

CREATE VIEW macro._instruments WITH (security_invoker='true') AS
 SELECT c.run,
    bool_or(c.marked) AS marked,
    array_agg(c.asset) AS assets,
    array_agg(u.unit_exposure) AS unit_exposures,
    array_agg(u.unit_notional) AS unit_notionals,
    array_agg(COALESCE(i.lot_size, (1)::double precision)) AS lot_sizes,
    array_agg(i.cost) AS costs,
    array_agg(i.cost_per_lot) AS costs_per_lot,
    array_agg(
        CASE
            WHEN (u.asset IS NULL) THEN 'no price'::text
            ELSE u.problem
        END) AS problems
   FROM ((( SELECT r.run,
            i_1.asset,
            true AS marked
           FROM (macro.latest_run r
             CROSS JOIN macro.instrument i_1)
          WHERE i_1.tradable
        UNION ALL
         SELECT a.run,
            a.asset,
            false
           FROM macro.run_asset a
          WHERE ((a.run = ANY (ARRAY( SELECT (y.run)::bigint AS run
                   FROM macro.latest_run y))) AND (NOT (EXISTS ( SELECT
                   FROM macro.instrument i_1
                  WHERE i_1.tradable))))) c
     LEFT JOIN ( SELECT x.run,
            x.asset,
            x.unit_exposure,
            x.unit_notional,
            x.problem
           FROM macro._unit x
          WHERE (x.run = ANY (ARRAY( SELECT (y.run)::bigint AS run
                   FROM macro.latest_run y)))) u ON (((u.run = c.run) AND (u.asset = c.asset))))
     LEFT JOIN macro.instrument i ON ((i.asset = c.asset)))
  GROUP BY c.run;

ALTER TABLE macro._instruments OWNER TO upgrade_owner;

COMMENT ON VIEW macro._instruments IS 'Latest run of each model: what may be traded to hedge, as arrays: the instruments marked as tradable, or all assets where none is. A step of hedge_recommendations.';

CREATE VIEW macro._leg WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.run,
    l.assets,
    l.exposures,
    l.return_kinds,
    l.delta_notionals,
    l.quantities,
    l.unit_exposures,
    l.price_times,
    l.benchmarks,
    l.benchmark_scales,
    l.positions,
    l.unpriced_positions,
    l.unestimated_positions,
    l.stale_positions,
    l.long_notional,
    l.short_notional,
    l.net_delta,
    l.known_notional,
    l.unestimated_notional
   FROM ((macro._holding h
     CROSS JOIN macro.model_run r)
     CROSS JOIN LATERAL ( SELECT array_agg(e.asset) FILTER (WHERE k.known) AS assets,
            array_agg(e.exposure) FILTER (WHERE k.known) AS exposures,
            array_agg(e.return_kind) FILTER (WHERE k.known) AS return_kinds,
            array_agg(e.delta_notional) FILTER (WHERE k.known) AS delta_notionals,
            array_agg(e.quantity) FILTER (WHERE k.known) AS quantities,
            array_agg(e.unit_exposure) FILTER (WHERE k.known) AS unit_exposures,
            array_agg(e.price_time) FILTER (WHERE k.known) AS price_times,
            array_agg(e.benchmark) FILTER (WHERE k.known) AS benchmarks,
            array_agg(e.benchmark_scale) FILTER (WHERE k.known) AS benchmark_scales,
            (sum(e.positions))::integer AS positions,
            (COALESCE(sum(e.positions) FILTER (WHERE (e.exposure IS NULL)), (0)::bigint))::integer AS unpriced_positions,
            (COALESCE(sum(e.positions) FILTER (WHERE ((e.exposure IS NOT NULL) AND (e.volatility IS NULL))), (0)::bigint))::integer AS unestimated_positions,
            (COALESCE(sum(e.positions) FILTER (WHERE ((e.exposure IS NOT NULL) AND e.stale)), (0)::bigint))::integer AS stale_positions,
            COALESCE(sum(e.notional) FILTER (WHERE (e.notional > (0)::double precision)), (0)::double precision) AS long_notional,
            COALESCE(sum(e.notional) FILTER (WHERE (e.notional < (0)::double precision)), (0)::double precision) AS short_notional,
            COALESCE(sum(e.delta_notional), (0)::double precision) AS net_delta,
            COALESCE(sum(abs(e.delta_notional)) FILTER (WHERE k.known), (0)::double precision) AS known_notional,
            COALESCE(sum(abs(e.delta_notional)) FILTER (WHERE ((e.exposure IS NOT NULL) AND (e.volatility IS NULL))), (0)::double precision) AS unestimated_notional
           FROM (hedge._exposures('macro'::regnamespace, r.run, h.holdings) e(asset, positions, quantity, notional, delta_notional, exposure, funds, problem, volatility, unit_exposure, return_kind, price_time, stale, benchmark, benchmark_scale)
             CROSS JOIN LATERAL ( SELECT ((e.exposure IS NOT NULL) AND (e.volatility IS NOT NULL)) AS known) k)) l);

ALTER TABLE macro._leg OWNER TO upgrade_owner;

COMMENT ON VIEW macro._leg IS 'Portfolio and run: the legs whose risk is known as arrays, and sums over all holdings. A step of portfolio_risk.';

CREATE TABLE macro.margin_bucket (
    bucket text NOT NULL,
    weight double precision,
    correlation double precision,
    CONSTRAINT correlation_is_from_0_to_1 CHECK (((correlation >= (0)::double precision) AND (correlation <= (1)::double precision))),
    CONSTRAINT weight_is_not_negative CHECK (((weight >= (0)::double precision) AND (weight <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)))
);

ALTER TABLE macro.margin_bucket OWNER TO upgrade_owner;

COMMENT ON TABLE macro.margin_bucket IS 'Parameters of buckets: those that instrument names, and '''' for assets without one.';

COMMENT ON COLUMN macro.margin_bucket.bucket IS 'The bucket.';

COMMENT ON COLUMN macro.margin_bucket.weight IS 'Risk weight of its assets. NULL: each has its own, supplied or estimated.';

COMMENT ON COLUMN macro.margin_bucket.correlation IS 'One correlation of any two of its assets. NULL: estimated.';

CREATE TABLE macro.margin_setting (
    model text NOT NULL,
    level double precision DEFAULT 0.99 NOT NULL,
    holding_bars double precision DEFAULT 1 NOT NULL,
    credit_share double precision DEFAULT 0.8 NOT NULL,
    credited_verdicts text[] DEFAULT '{reliable}'::text[],
    adverse boolean DEFAULT false NOT NULL,
    CONSTRAINT credit_share_is_from_0_to_1 CHECK (((credit_share >= (0)::double precision) AND (credit_share <= (1)::double precision))),
    CONSTRAINT credited_verdicts_are_verdicts CHECK ((array_to_string(credited_verdicts, ','::text, '?'::text) ~ '^((reliable|weak|unstable|break_detected|insufficient)(,|$))*$'::text)),
    CONSTRAINT holding_bars_is_positive CHECK (((holding_bars > (0)::double precision) AND (holding_bars <= ('1000000'::numeric)::double precision))),
    CONSTRAINT level_is_from_one_half_to_below_1 CHECK (((level >= (0.5)::double precision) AND (level < (1)::double precision)))
);

ALTER TABLE macro.margin_setting OWNER TO upgrade_owner;

COMMENT ON TABLE macro.margin_setting IS 'How a model''s portfolios are margined. A model without a row has the defaults.';

COMMENT ON COLUMN macro.margin_setting.model IS 'The model.';

COMMENT ON COLUMN macro.margin_setting.level IS 'An estimated risk weight is volatility x quantile of the normal distribution at this level x sqrt(holding_bars).';

COMMENT ON COLUMN macro.margin_setting.holding_bars IS 'Bars that closing a position may take.';

COMMENT ON COLUMN macro.margin_setting.credit_share IS 'Share of the credit, gross less net margin, that is granted. 0.8 is the most that Delegated Regulation (EU) 153/2013, article 27(4), allows in general.';

COMMENT ON COLUMN macro.margin_setting.credited_verdicts IS 'A pair that offsets is credited if its verdict, in both directions, is one of these. NULL: every pair, examined or not.';

COMMENT ON COLUMN macro.margin_setting.adverse IS 'What a pair that offsets without being credited has instead of its correlation. False: 0. True: the same turned around, so that it adds up.';

CREATE TABLE macro.margin_weight (
    asset text NOT NULL,
    weight double precision NOT NULL,
    CONSTRAINT weight_is_not_negative CHECK (((weight >= (0)::double precision) AND (weight <= ('100000000000000000000000000000000000000000000000000'::numeric)::double precision)))
);

ALTER TABLE macro.margin_weight OWNER TO upgrade_owner;

COMMENT ON TABLE macro.margin_weight IS 'Risk weights of assets, instead of their bucket''s or of estimated ones. An asset that cannot be estimated is margined if it has one.';

COMMENT ON COLUMN macro.margin_weight.asset IS 'The asset.';

COMMENT ON COLUMN macro.margin_weight.weight IS 'Share of the exposure that may be lost; under difference returns in units of price.';

CREATE VIEW macro._margin_asset WITH (security_invoker='true') AS
 SELECT u.run,
    u.asset,
    COALESCE(u.bucket, ''::text) AS bucket,
    COALESCE(w.weight, b.weight, (u.volatility * q.quantile)) AS weight,
    u.unit_exposure
   FROM (((((macro._unit u
     JOIN macro.model_run r ON ((r.run = u.run)))
     LEFT JOIN macro.margin_setting s ON ((s.model = r.model)))
     LEFT JOIN macro.margin_weight w ON ((w.asset = u.asset)))
     LEFT JOIN macro.margin_bucket b ON ((b.bucket = COALESCE(u.bucket, ''::text))))
     CROSS JOIN LATERAL ( SELECT (hedge._normal_quantile(COALESCE(s.level, (0.99)::double precision)) * sqrt(COALESCE(s.holding_bars, (1)::double precision))) AS quantile) q);

ALTER TABLE macro._margin_asset OWNER TO upgrade_owner;

COMMENT ON VIEW macro._margin_asset IS 'Run and asset: bucket and risk weight, and what one contract exposes to. A step of portfolio_margin and spread_margin.';

CREATE TABLE macro.margin_bucket_pair (
    bucket_a text NOT NULL,
    bucket_b text NOT NULL,
    correlation double precision NOT NULL,
    CONSTRAINT buckets_are_two_in_byte_order CHECK (((bucket_a COLLATE "C") < bucket_b)),
    CONSTRAINT correlation_is_from_minus_1_to_1 CHECK (((correlation >= ('-1'::integer)::double precision) AND (correlation <= (1)::double precision)))
);

ALTER TABLE macro.margin_bucket_pair OWNER TO upgrade_owner;

COMMENT ON TABLE macro.margin_bucket_pair IS 'Correlations of two buckets. Two without a row have the mean of the estimated correlations of their assets.';

COMMENT ON COLUMN macro.margin_bucket_pair.bucket_a IS 'One bucket, the first in byte order.';

COMMENT ON COLUMN macro.margin_bucket_pair.bucket_b IS 'The other.';

COMMENT ON COLUMN macro.margin_bucket_pair.correlation IS 'Their correlation.';

CREATE TABLE macro.pair_evidence (
    run bigint NOT NULL,
    asset_y text NOT NULL,
    asset_x text NOT NULL,
    observations integer NOT NULL,
    effective_observations double precision,
    correlation double precision,
    hedge_ratio double precision,
    volatility_y double precision,
    volatility_x double precision,
    fisher_low double precision,
    fisher_high double precision,
    robust_low double precision,
    robust_high double precision,
    standard_error double precision,
    p_value double precision,
    effectiveness_p_value double precision,
    rolling_windows integer,
    rolling_minimum double precision,
    rolling_maximum double precision,
    rolling_mean double precision,
    rolling_standard_deviation double precision,
    rolling_latest double precision,
    sign_changes integer,
    rolling_spread_p_value double precision,
    correlation_first_half double precision,
    correlation_second_half double precision,
    break_statistic double precision,
    break_p_value double precision,
    break_observation integer,
    break_time timestamp with time zone,
    correlation_before_break double precision,
    correlation_after_break double precision,
    lag_correlation double precision,
    out_of_sample_effectiveness double precision,
    clark_west_statistic double precision,
    clark_west_p_value double precision,
    adjusted_p_value double precision,
    verdict text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT assets_are_two CHECK ((asset_y <> asset_x))
);

ALTER TABLE macro.pair_evidence OWNER TO upgrade_owner;

COMMENT ON TABLE macro.pair_evidence IS 'Evidence of the pairs examined, each in both directions, since a hedge has one: every measure of type hedge.evidence, of the returns in the run''s window on which both have one. For two runs of a model only. It names pairs that some portfolio holds: grant it to those who may know.';

COMMENT ON COLUMN macro.pair_evidence.run IS 'The run.';

COMMENT ON COLUMN macro.pair_evidence.asset_y IS 'The asset held.';

COMMENT ON COLUMN macro.pair_evidence.asset_x IS 'The hedge.';

COMMENT ON COLUMN macro.pair_evidence.observations IS 'Observations: times at which both sides have a value.';

COMMENT ON COLUMN macro.pair_evidence.effective_observations IS 'How many independent normal observations would tell as much about the correlation; below observations under heavy tails or serial dependence. NULL: too few observations, or one asset twice.';

COMMENT ON COLUMN macro.pair_evidence.correlation IS 'Correlation of y and x, from -1 to 1. NULL: a side is constant, not finite, or there are fewer than two observations; all the rest is NULL then, too.';

COMMENT ON COLUMN macro.pair_evidence.hedge_ratio IS 'Minimum-variance hedge ratio in sample: covariance / variance of x, in units of y per unit of x.';

COMMENT ON COLUMN macro.pair_evidence.volatility_y IS 'Standard deviation of y (divisor observations - 1).';

COMMENT ON COLUMN macro.pair_evidence.volatility_x IS 'Standard deviation of x (divisor observations - 1).';

COMMENT ON COLUMN macro.pair_evidence.fisher_low IS 'Lower end of Fisher''s interval, which holds for independent normal observations only.';

COMMENT ON COLUMN macro.pair_evidence.fisher_high IS 'Upper end of Fisher''s interval.';

COMMENT ON COLUMN macro.pair_evidence.robust_low IS 'Lower end of the robust interval at the confidence level: holds under heavy tails and serial dependence, too. NULL: fewer than 10 observations.';

COMMENT ON COLUMN macro.pair_evidence.robust_high IS 'Upper end of the robust interval.';

COMMENT ON COLUMN macro.pair_evidence.standard_error IS 'Robust standard error of atanh(correlation).';

COMMENT ON COLUMN macro.pair_evidence.p_value IS 'Robust p-value of a correlation of 0, two-sided.';

COMMENT ON COLUMN macro.pair_evidence.effectiveness_p_value IS 'Robust p-value of correlation^2 <= the minimum effectiveness: small when the pair is worth hedging with. The one to adjust over all pairs examined (hedge.adjust_p_values).';

COMMENT ON COLUMN macro.pair_evidence.rolling_windows IS 'Full rolling windows with a correlation.';

COMMENT ON COLUMN macro.pair_evidence.rolling_minimum IS 'Smallest rolling correlation.';

COMMENT ON COLUMN macro.pair_evidence.rolling_maximum IS 'Largest rolling correlation.';

COMMENT ON COLUMN macro.pair_evidence.rolling_mean IS 'Mean of the rolling correlations.';

COMMENT ON COLUMN macro.pair_evidence.rolling_standard_deviation IS 'Standard deviation of the rolling correlations (divisor windows - 1; 0 for one window).';

COMMENT ON COLUMN macro.pair_evidence.rolling_latest IS 'Correlation of the last window. NULL: it has none.';

COMMENT ON COLUMN macro.pair_evidence.sign_changes IS 'How often the rolling correlation changed its sign.';

COMMENT ON COLUMN macro.pair_evidence.rolling_spread_p_value IS 'Probability of rolling correlations that vary this much if the correlation is constant. Cautious under heavy tails. NULL: a window has no correlation.';

COMMENT ON COLUMN macro.pair_evidence.correlation_first_half IS 'Correlation of the first half of the observations. NULL: a side is constant there.';

COMMENT ON COLUMN macro.pair_evidence.correlation_second_half IS 'Correlation of the second half.';

COMMENT ON COLUMN macro.pair_evidence.break_statistic IS 'Largest fluctuation of the correlation of the first k observations around that of all, volatility-adjusted (Wied, Kraemer, Dehling 2012); 1.36 is its 5 % point if the correlation is constant, 1.63 the 1 % point. NULL: fewer than 100 observations.';

COMMENT ON COLUMN macro.pair_evidence.break_p_value IS 'p-value of a constant correlation: probability of so large a break_statistic.';

COMMENT ON COLUMN macro.pair_evidence.break_observation IS 'Number, from 1, of the first observation after the most likely change; means something when break_p_value is small.';

COMMENT ON COLUMN macro.pair_evidence.break_time IS 'Time of break_observation. NULL: no times were given, or there is no test.';

COMMENT ON COLUMN macro.pair_evidence.correlation_before_break IS 'Correlation of the observations before break_observation. NULL: there is no test, or a side is constant there.';

COMMENT ON COLUMN macro.pair_evidence.correlation_after_break IS 'Correlation from break_observation on.';

COMMENT ON COLUMN macro.pair_evidence.lag_correlation IS 'Correlation of y with x one observation earlier or later, the larger in size. Far from 0 it says that the two are not observed at the same instant, and that correlation understates.';

COMMENT ON COLUMN macro.pair_evidence.out_of_sample_effectiveness IS '1 - variance with hedge / variance without, each return hedged with the ratio of the rolling window before it. NULL: fewer than 20 returns after the first window.';

COMMENT ON COLUMN macro.pair_evidence.clark_west_statistic IS 'Clark-West statistic of a true hedge ratio other than 0, out of sample; 1.645 is its 5 % point. Read it beside out_of_sample_effectiveness: an estimated ratio may add variance all the same.';

COMMENT ON COLUMN macro.pair_evidence.clark_west_p_value IS 'p-value of the hedge doing nothing, one-sided.';

COMMENT ON COLUMN macro.pair_evidence.adjusted_p_value IS 'effectiveness_p_value adjusted for the number of pairs searched.';

COMMENT ON COLUMN macro.pair_evidence.verdict IS 'reliable, weak, unstable, break_detected or insufficient, at the model''s settings of that time.';

COMMENT ON COLUMN macro.pair_evidence.reason IS 'Why, in words. A pair of which an asset has had no price for more than stale_after bars (stale_bars of table run_asset) is insufficient whatever its past shows, and the reason names the last price.';

CREATE VIEW macro._margin_parameters WITH (security_invoker='true') AS
 SELECT a.run,
    a.weights,
    a.buckets,
    COALESCE(s.credit_share, (0.8)::double precision) AS credit_share,
    ((s.model IS NULL) OR (s.credited_verdicts IS NOT NULL)) AS gated,
    COALESCE(s.adverse, false) AS adverse,
    m.minimum_observations,
    b.buckets AS bucket_names,
    b.correlations AS bucket_correlations,
    p.buckets_a,
    p.buckets_b,
    p.correlations AS buckets_correlations,
    c.assets_y AS credited_y,
    c.assets_x AS credited_x
   FROM ((((((( SELECT x.run,
            array_agg(x.weight) AS weights,
            array_agg(x.bucket) AS buckets
           FROM ( SELECT y.run,
                    y.asset,
                    y.bucket,
                    y.weight,
                    y.unit_exposure
                   FROM macro._margin_asset y
                  ORDER BY y.run, (y.asset COLLATE "C")) x
          GROUP BY x.run) a
     JOIN macro.model_run r ON ((r.run = a.run)))
     JOIN macro.model m ON ((m.model = r.model)))
     LEFT JOIN macro.margin_setting s ON ((s.model = r.model)))
     CROSS JOIN LATERAL ( SELECT COALESCE(array_agg(x.bucket), '{}'::text[]) AS buckets,
            COALESCE(array_agg(x.correlation), '{}'::double precision[]) AS correlations
           FROM macro.margin_bucket x
          WHERE (x.correlation IS NOT NULL)) b)
     CROSS JOIN LATERAL ( SELECT COALESCE(array_agg(x.bucket_a), '{}'::text[]) AS buckets_a,
            COALESCE(array_agg(x.bucket_b), '{}'::text[]) AS buckets_b,
            COALESCE(array_agg(x.correlation), '{}'::double precision[]) AS correlations
           FROM macro.margin_bucket_pair x) p)
     CROSS JOIN LATERAL ( SELECT COALESCE(array_agg(x.asset_y), '{}'::text[]) AS assets_y,
            COALESCE(array_agg(x.asset_x), '{}'::text[]) AS assets_x
           FROM macro.pair_evidence x
          WHERE ((x.run = a.run) AND (x.verdict = ANY (
                CASE
                    WHEN (s.model IS NULL) THEN ARRAY['reliable'::text]
                    ELSE s.credited_verdicts
                END)))) c);

ALTER TABLE macro._margin_parameters OWNER TO upgrade_owner;

COMMENT ON VIEW macro._margin_parameters IS 'Run: what all its portfolios are margined with, assets in the order of _units. A step of portfolio_margin.';

CREATE TABLE macro.refresh_log (
    entry bigint NOT NULL,
    model text NOT NULL,
    action text NOT NULL,
    as_of timestamp with time zone,
    status text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    run bigint,
    blocks_read integer,
    blocks_reused integer,
    pairs_stored integer,
    prices_refused integer,
    error_code text,
    error text,
    started_by text DEFAULT CURRENT_USER NOT NULL,
    backend_pid integer DEFAULT pg_backend_pid() NOT NULL,
    phase text,
    phase_started_at timestamp with time zone,
    CONSTRAINT action_is_refresh_or_rebuild CHECK ((action = ANY (ARRAY['refresh'::text, 'rebuild'::text]))),
    CONSTRAINT status_is_running_done_failed_or_interrupted CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'interrupted'::text])))
);

ALTER TABLE macro.refresh_log OWNER TO upgrade_owner;

COMMENT ON TABLE macro.refresh_log IS 'Refreshes: a row is committed when one starts, and again when it ends.';

COMMENT ON COLUMN macro.refresh_log.entry IS 'Number of the row.';

COMMENT ON COLUMN macro.refresh_log.model IS 'The model.';

COMMENT ON COLUMN macro.refresh_log.action IS 'refresh or rebuild.';

COMMENT ON COLUMN macro.refresh_log.as_of IS 'The as_of that was asked for. NULL: the time of the refresh.';

COMMENT ON COLUMN macro.refresh_log.status IS 'running, done, failed or interrupted: its session ended before it could say more, or it was cancelled between two of its transactions. The next refresh of the model writes that down; model_health knows it at once.';

COMMENT ON COLUMN macro.refresh_log.started_at IS 'When it started.';

COMMENT ON COLUMN macro.refresh_log.finished_at IS 'When it ended. NULL: it has not, or was interrupted.';

COMMENT ON COLUMN macro.refresh_log.run IS 'The run it made. NULL: none.';

COMMENT ON COLUMN macro.refresh_log.blocks_read IS 'Blocks of returns made from prices.';

COMMENT ON COLUMN macro.refresh_log.blocks_reused IS 'Blocks of returns taken from the run before.';

COMMENT ON COLUMN macro.refresh_log.pairs_stored IS 'Rows written to offset_snapshot.';

COMMENT ON COLUMN macro.refresh_log.prices_refused IS 'Bad prices in the blocks of the window, over all assets.';

COMMENT ON COLUMN macro.refresh_log.error_code IS 'SQLSTATE of the failure. NULL: none.';

COMMENT ON COLUMN macro.refresh_log.error IS 'Message of the failure. NULL: none.';

COMMENT ON COLUMN macro.refresh_log.started_by IS 'Role that started it.';

COMMENT ON COLUMN macro.refresh_log.backend_pid IS 'Its server process.';

COMMENT ON COLUMN macro.refresh_log.phase IS 'reading prices, then estimating, then done, each committed when it begins; of a failed one the phase that failed: reading prices, estimating, offsets, evidence or finishing. (What comes after reading prices is one transaction; while that runs model_health tells its phases apart.)';

COMMENT ON COLUMN macro.refresh_log.phase_started_at IS 'When it began. NULL: of a phase that failed after estimating.';

CREATE VIEW macro._refresh WITH (security_invoker='true') AS
 SELECT y.entry,
    y.model,
    y.started_at,
    y.finished_at,
        CASE
            WHEN ((y.status = 'running'::text) AND (NOT pg_is_in_recovery()) AND (NOT (EXISTS ( SELECT
               FROM pg_locks k
              WHERE ((k.locktype = 'object'::text) AND (k.classid = y.tableoid) AND (k.pid = y.backend_pid) AND k.granted AND (k.database = ( SELECT d.oid
                       FROM pg_database d
                      WHERE (d.datname = current_database()))) AND (k.objid = (((hashtext(y.model))::bigint & '4294967295'::bigint))::oid)))))) THEN 'interrupted'::text
            ELSE y.status
        END AS status,
        CASE
            WHEN ((y.status = 'running'::text) AND (y.phase = 'estimating'::text)) THEN COALESCE(( SELECT
                    CASE min((c.relname)::text)
                        WHEN 'offset_snapshot'::text THEN 'offsets'::text
                        ELSE 'evidence'::text
                    END AS "case"
               FROM (pg_locks k
                 JOIN pg_class c ON ((c.oid = k.relation)))
              WHERE ((k.locktype = 'relation'::text) AND (k.pid = y.backend_pid) AND (k.mode = 'RowExclusiveLock'::text) AND (k.database = ( SELECT d.oid
                       FROM pg_database d
                      WHERE (d.datname = current_database()))) AND (c.relname = ANY (ARRAY['offset_snapshot'::name, 'evidence_run'::name])) AND (c.relnamespace = ( SELECT l.relnamespace
                       FROM pg_class l
                      WHERE (l.oid = y.tableoid))))
             HAVING (count(*) > 0)), y.phase)
            ELSE y.phase
        END AS phase
   FROM macro.refresh_log y;

ALTER TABLE macro._refresh OWNER TO upgrade_owner;

COMMENT ON VIEW macro._refresh IS 'refresh_log with interrupted refreshes told from running ones, and phases that are not committed. A step of model_health.';

CREATE VIEW macro._units WITH (security_invoker='true') AS
 SELECT u.run,
    array_agg(u.asset) AS assets,
    array_agg(u.unit_notional) AS unit_notionals,
    array_agg(u.unit_exposure) AS unit_exposures,
    array_agg(u.funding_divisor) AS funding_divisors,
    array_agg(u.funding_asset) AS funding_assets,
    array_agg(u.volatility) AS volatilities,
    array_agg(u.stale) AS stale,
    array_agg(u.return_kind) AS return_kinds,
    array_agg(u.price_time) AS price_times,
    array_agg(u.benchmark) AS benchmarks,
    array_agg(u.benchmark_scale) AS benchmark_scales
   FROM ( SELECT x.run,
            x.asset,
            x.return_kind,
            x.price,
            x.price_time,
            x.stale,
            x.volatility,
            x.observations,
            x.note,
            x.currency,
            x.fx,
            x.unit_notional,
            x.unit_exposure,
            x.funding_asset,
            x.benchmark,
            x.benchmark_scale,
            x.bucket,
            x.problem,
            x.basis,
            x.funding_divisor
           FROM macro._unit x
          ORDER BY x.run, (x.asset COLLATE "C")) u
  GROUP BY u.run;

ALTER TABLE macro._units OWNER TO upgrade_owner;

COMMENT ON VIEW macro._units IS 'Run: what _unit says of its assets, as arrays in byte order of their names. Read by hedge._exposures, hedge._leg_pairs and hedge._evident_pairs, once a query.';

CREATE TABLE macro.alert (
    alert bigint NOT NULL,
    model text NOT NULL,
    asset_y text NOT NULL,
    asset_x text NOT NULL,
    kind text NOT NULL,
    raised_at_bar timestamp with time zone NOT NULL,
    change_bar timestamp with time zone,
    direction integer,
    message text NOT NULL,
    run bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by text,
    cleared_at_bar timestamp with time zone,
    CONSTRAINT acknowledged_at_some_time_by_someone CHECK (((acknowledged_at IS NULL) = (acknowledged_by IS NULL))),
    CONSTRAINT direction_is_up_or_down CHECK ((direction = ANY (ARRAY[1, '-1'::integer]))),
    CONSTRAINT kind_is_break_sign_change_or_verdict_lost CHECK ((kind = ANY (ARRAY['break'::text, 'sign_change'::text, 'verdict_lost'::text])))
);

ALTER TABLE macro.alert OWNER TO upgrade_owner;

COMMENT ON TABLE macro.alert IS 'Alarms, one row each: a pair that some portfolio leans on has broken, changed its sign or lost its verdict. A refresh that adds a row notifies channel pghedge_alert of its number. Rows stay until somebody deletes them. Row-level security on the positions does not reach them: see hedge.restrict_book.';

COMMENT ON COLUMN macro.alert.alert IS 'Number of the alert, for hedge.acknowledge.';

COMMENT ON COLUMN macro.alert.model IS 'The model.';

COMMENT ON COLUMN macro.alert.asset_y IS 'One asset of the pair, the first in byte order.';

COMMENT ON COLUMN macro.alert.asset_x IS 'The other.';

COMMENT ON COLUMN macro.alert.kind IS 'break: a monitor saw the correlation leave what it was over its baseline. sign_change: the robust interval leaves out 0 on the other side than before. verdict_lost: the pair was reliable, and has been weak, unstable or insufficient for the model''s alarm_patience.';

COMMENT ON COLUMN macro.alert.raised_at_bar IS 'Bar that raised it.';

COMMENT ON COLUMN macro.alert.change_bar IS 'Most likely first bar of the change; of verdict_lost, the last bar of the refresh that first found it. NULL: unknown, or before the window.';

COMMENT ON COLUMN macro.alert.direction IS '1: the correlation rose, -1: it fell. NULL: of verdict_lost, and of a break that was over again when the refresh came.';

COMMENT ON COLUMN macro.alert.message IS 'What happened, in words.';

COMMENT ON COLUMN macro.alert.run IS 'Run of the refresh that raised it; it may have been deleted since.';

COMMENT ON COLUMN macro.alert.created_at IS 'When the row was made.';

COMMENT ON COLUMN macro.alert.acknowledged_at IS 'When somebody took note by hedge.acknowledge. NULL: nobody did.';

COMMENT ON COLUMN macro.alert.acknowledged_by IS 'Who did.';

COMMENT ON COLUMN macro.alert.cleared_at_bar IS 'Bar from which it holds no more: the correlation is back or has left for the other side, the verdict is back, or nobody leans on the pair. NULL: it stands.';

ALTER TABLE macro.alert ALTER COLUMN alert ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME macro.alert_alert_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE macro.alert_holders (
    alert bigint NOT NULL,
    portfolios integer NOT NULL,
    portfolio_list text NOT NULL,
    risk_offset_at_stake double precision
);

ALTER TABLE macro.alert_holders OWNER TO upgrade_owner;

COMMENT ON TABLE macro.alert_holders IS 'Who leaned on the pair of an alert when it was raised, apart from it, since those who may know of the alert need not know of all who hold the pair.';

COMMENT ON COLUMN macro.alert_holders.alert IS 'The alert.';

COMMENT ON COLUMN macro.alert_holders.portfolios IS 'Portfolios that leaned on the pair when it was raised.';

COMMENT ON COLUMN macro.alert_holders.portfolio_list IS 'Their names, shortened when they are many.';

COMMENT ON COLUMN macro.alert_holders.risk_offset_at_stake IS 'Risk that the correlation of the baseline removes from these portfolios, summed, at the volatilities and positions of the refresh, less what the one since the change removes (of verdict_lost, a correlation of 0): what is lost. 0 where the change strengthened the hedge, or is over.';

CREATE VIEW macro.concentrating_pairs WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    r.window_start,
    o.asset_a,
    o.asset_b,
    o.side_a,
    o.side_b,
    o.quantity_a,
    o.quantity_b,
    o.exposure_a,
    o.exposure_b,
    o.correlation,
    o.correlation_low,
    o.correlation_high,
    o.observations,
    o.volatility_a,
    o.volatility_b,
    o.volatility_a_annual,
    o.volatility_b_annual,
    o.hedge_ratio,
    o.actual_ratio,
    o.target_exposure_b,
    o.trade_b,
    o.trade_b_contracts,
    o.gross_risk,
    o.uncorrelated_risk,
    o.net_risk,
    o.diversification,
    o.risk_offset,
    o.risk_offset_share,
    o.residual_risk,
    o.price_time,
    o.robust_low,
    o.robust_high,
    o.break_time,
    o.verdict,
    o.reason
   FROM (((macro._holding h
     CROSS JOIN macro.model_run r)
     JOIN macro.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL hedge._evident_pairs(matrix => r.matrix, book => 'macro'::regnamespace, run => r.run, holdings => h.holdings, offsetting => false, minimum_correlation => m.minimum_correlation, minimum_observations => m.minimum_observations, bars_per_year => m.bars_per_year, level => m.confidence_level, max_pairs => NULL::integer, unexamined =>
        CASE
            WHEN ((r.settings ->> 'evidence'::text) = 'none'::text) THEN 'setting evidence of the model is none'::text
            ELSE 'of pairs that add up, only those are examined that are watched since they offset each other'::text
        END) o(asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b, correlation, correlation_low, correlation_high, observations, volatility_a, volatility_b, volatility_a_annual, volatility_b_annual, hedge_ratio, actual_ratio, target_exposure_b, trade_b, trade_b_contracts, gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, risk_offset_share, residual_risk, price_time, robust_low, robust_high, conservative_correlation, risk_offset_conservative, net_risk_conservative, out_of_sample_effectiveness, held_effectiveness, break_even_correlation, break_even_confidence, break_time, verdict, reason))
  WHERE (r.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM macro.latest_run x)))
  ORDER BY o.risk_offset;

ALTER TABLE macro.concentrating_pairs OWNER TO upgrade_owner;

COMMENT ON VIEW macro.concentrating_pairs IS 'Portfolio x model x pair, the other side of offsetting_pairs: pairs that add up, the most negative risk_offset first. A pair that offset until its correlation turned stands here, with its verdict.';

COMMENT ON COLUMN macro.concentrating_pairs.portfolio IS 'Who holds both.';

COMMENT ON COLUMN macro.concentrating_pairs.model IS 'The model.';

COMMENT ON COLUMN macro.concentrating_pairs.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.concentrating_pairs.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN macro.concentrating_pairs.asset_a IS 'The leg with the larger risk.';

COMMENT ON COLUMN macro.concentrating_pairs.asset_b IS 'The other leg, which is taken for the hedge.';

COMMENT ON COLUMN macro.concentrating_pairs.side_a IS 'long or short, the sign of exposure_a.';

COMMENT ON COLUMN macro.concentrating_pairs.side_b IS 'long or short, the sign of exposure_b.';

COMMENT ON COLUMN macro.concentrating_pairs.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN macro.concentrating_pairs.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN macro.concentrating_pairs.exposure_a IS 'Exposure to asset_a, as in view exposure.';

COMMENT ON COLUMN macro.concentrating_pairs.exposure_b IS 'Exposure to asset_b, as in view exposure.';

COMMENT ON COLUMN macro.concentrating_pairs.correlation IS 'Correlation of their returns, from -1 to 1.';

COMMENT ON COLUMN macro.concentrating_pairs.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';

COMMENT ON COLUMN macro.concentrating_pairs.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.concentrating_pairs.observations IS 'Bars on which both have a return.';

COMMENT ON COLUMN macro.concentrating_pairs.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';

COMMENT ON COLUMN macro.concentrating_pairs.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';

COMMENT ON COLUMN macro.concentrating_pairs.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.concentrating_pairs.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.concentrating_pairs.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';

COMMENT ON COLUMN macro.concentrating_pairs.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';

COMMENT ON COLUMN macro.concentrating_pairs.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';

COMMENT ON COLUMN macro.concentrating_pairs.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';

COMMENT ON COLUMN macro.concentrating_pairs.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';

COMMENT ON COLUMN macro.concentrating_pairs.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';

COMMENT ON COLUMN macro.concentrating_pairs.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';

COMMENT ON COLUMN macro.concentrating_pairs.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';

COMMENT ON COLUMN macro.concentrating_pairs.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';

COMMENT ON COLUMN macro.concentrating_pairs.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';

COMMENT ON COLUMN macro.concentrating_pairs.risk_offset_share IS 'risk_offset / uncorrelated_risk.';

COMMENT ON COLUMN macro.concentrating_pairs.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';

COMMENT ON COLUMN macro.concentrating_pairs.price_time IS 'Instant of the older of the two prices.';

COMMENT ON COLUMN macro.concentrating_pairs.robust_low IS 'Lower end of an interval around correlation that holds under heavy tails and serial dependence, too. NULL, as all that follow: the run did not examine the pair, or there is no answer.';

COMMENT ON COLUMN macro.concentrating_pairs.robust_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.concentrating_pairs.break_time IS 'Bar of the most likely change of the correlation in the window; it means something under verdict break_detected.';

COMMENT ON COLUMN macro.concentrating_pairs.verdict IS 'reliable, weak, unstable, break_detected or insufficient: the evidence of the run on the pair, asset_b taken for the hedge; not examined where there is none, as reason says.';

COMMENT ON COLUMN macro.concentrating_pairs.reason IS 'Why, in words; and that the ratio held adds variance, where held_effectiveness is negative: the verdict is of the pair, not of how much of each leg is held.';

CREATE VIEW macro.correlation WITH (security_invoker='true') AS
 SELECT l.model,
    l.as_of,
    d.asset_y,
    d.asset_x,
    (p.observations)::integer AS observations,
    p.correlation,
    d.hedge_ratio
   FROM ((((macro.latest_run l
     JOIN macro.model_run r ON ((r.run = l.run)))
     JOIN macro.model m ON ((m.model = l.model)))
     CROSS JOIN LATERAL hedge.pairs(r.matrix) p(asset_y, asset_x, observations, correlation, covariance, hedge_ratio, volatility_y, volatility_x))
     CROSS JOIN LATERAL ( VALUES (p.asset_y,p.asset_x,p.hedge_ratio), (p.asset_x,p.asset_y,((p.correlation * p.volatility_x) / NULLIF(p.volatility_y, (0)::double precision)))) d(asset_y, asset_x, hedge_ratio))
  WHERE ((p.observations >= (m.minimum_observations)::double precision) AND (p.correlation IS NOT NULL));

ALTER TABLE macro.correlation OWNER TO upgrade_owner;

COMMENT ON VIEW macro.correlation IS 'Model x pair: correlations of each model''s latest run, as a heat map reads them. Each pair stands twice, once in each direction; pairs with fewer than minimum_observations common returns, or with a constant side, are left out.';

COMMENT ON COLUMN macro.correlation.model IS 'The model.';

COMMENT ON COLUMN macro.correlation.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.correlation.asset_y IS 'The asset held.';

COMMENT ON COLUMN macro.correlation.asset_x IS 'The hedge.';

COMMENT ON COLUMN macro.correlation.observations IS 'Returns that both have.';

COMMENT ON COLUMN macro.correlation.correlation IS 'Correlation of their common returns, from -1 to 1.';

COMMENT ON COLUMN macro.correlation.hedge_ratio IS 'Minimum-variance hedge ratio of asset_y by asset_x over these returns: exposure in asset_x to sell for each unit of exposure in asset_y. NULL: asset_x is constant.';

CREATE TABLE macro.evidence_run (
    run bigint NOT NULL,
    examined text NOT NULL,
    pairs integer NOT NULL,
    searched integer NOT NULL,
    adjustment text NOT NULL,
    CONSTRAINT examined_is_kept_or_all CHECK ((examined = ANY (ARRAY['kept'::text, 'all'::text]))),
    CONSTRAINT pairs_is_not_negative CHECK ((pairs >= 0))
);

ALTER TABLE macro.evidence_run OWNER TO upgrade_owner;

COMMENT ON TABLE macro.evidence_run IS 'Runs whose pairs were examined: which of them, and how many. Kept for two runs of a model only, as are the pairs: the latest, and the last one whose window ended earlier.';

COMMENT ON COLUMN macro.evidence_run.run IS 'The run.';

COMMENT ON COLUMN macro.evidence_run.examined IS 'Setting evidence of the model: kept (pairs in the snapshot of some portfolio, and those watched from before) or all.';

COMMENT ON COLUMN macro.evidence_run.pairs IS 'Pairs examined, each counted once.';

COMMENT ON COLUMN macro.evidence_run.searched IS 'Pairs that those were chosen from, which p-values are adjusted for: all pairs among the assets held and the currencies of funded ones, or, with all, the pairs examined.';

COMMENT ON COLUMN macro.evidence_run.adjustment IS 'How they are adjusted, as hedge.adjust_p_values calls it.';

CREATE TABLE macro.pair_monitor (
    model text NOT NULL,
    asset_y text NOT NULL,
    asset_x text NOT NULL,
    baseline_start timestamp with time zone NOT NULL,
    baseline_end timestamp with time zone NOT NULL,
    returns_key text NOT NULL,
    baseline_state double precision[] NOT NULL,
    state double precision[] NOT NULL,
    last_bar timestamp with time zone NOT NULL,
    held_at timestamp with time zone NOT NULL,
    alarm_bar timestamp with time zone,
    change_bar timestamp with time zone,
    direction integer,
    correlation_sign integer,
    was_reliable boolean NOT NULL,
    unreliable_since timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT correlation_sign_is_plus_or_minus CHECK ((correlation_sign = ANY (ARRAY[1, '-1'::integer]))),
    CONSTRAINT direction_is_up_or_down CHECK ((direction = ANY (ARRAY[1, '-1'::integer])))
);

ALTER TABLE macro.pair_monitor OWNER TO upgrade_owner;

COMMENT ON TABLE macro.pair_monitor IS 'Pairs that some portfolio leans on, watched bar by bar for their correlation leaving what it was over a baseline. A pair has one running monitor at most; those that ended stay, so that a refresh as of a time of theirs raises the same alarms.';

COMMENT ON COLUMN macro.pair_monitor.model IS 'The model.';

COMMENT ON COLUMN macro.pair_monitor.asset_y IS 'One asset, the first in byte order.';

COMMENT ON COLUMN macro.pair_monitor.asset_x IS 'The other.';

COMMENT ON COLUMN macro.pair_monitor.baseline_start IS 'First bar of the baseline.';

COMMENT ON COLUMN macro.pair_monitor.baseline_end IS 'Last bar of the baseline: the last one, when the monitor started, that a refresh would not read again.';

COMMENT ON COLUMN macro.pair_monitor.returns_key IS 'Digest of the settings that shape returns: after a change of them a new monitor starts.';

COMMENT ON COLUMN macro.pair_monitor.baseline_state IS 'State at baseline_end, made by hedge.monitor_start.';

COMMENT ON COLUMN macro.pair_monitor.state IS 'State at last_bar, made by hedge.monitor_advance.';

COMMENT ON COLUMN macro.pair_monitor.last_bar IS 'Last bar seen.';

COMMENT ON COLUMN macro.pair_monitor.held_at IS 'last_bar of the last refresh that found the pair in the snapshot of some portfolio.';

COMMENT ON COLUMN macro.pair_monitor.alarm_bar IS 'Bar that raised the alarm that stands. NULL: none does.';

COMMENT ON COLUMN macro.pair_monitor.change_bar IS 'Most likely first bar of the change behind it.';

COMMENT ON COLUMN macro.pair_monitor.direction IS '1: the correlation rose, -1: it fell. NULL: no alarm stands.';

COMMENT ON COLUMN macro.pair_monitor.correlation_sign IS 'Sign of the correlation when the robust interval last left out 0, in this monitor or one before that ended in the window. NULL: it never did.';

COMMENT ON COLUMN macro.pair_monitor.was_reliable IS 'True: the pair was reliable, in one direction at least, and has not lost that for as long as the model''s alarm_patience.';

COMMENT ON COLUMN macro.pair_monitor.unreliable_since IS 'Last bar of the first refresh since then that found it weak, unstable or insufficient. NULL: none did.';

COMMENT ON COLUMN macro.pair_monitor.ended_at IS 'Bar at which it ended: the pair was in no snapshot for the model''s rolling_bars, nobody leans on it any more while an alert of it stands (after a break that was acknowledged: nobody holds both assets), its alarm was acknowledged and a new baseline has begun, a calm one was renewed after twice the lookback, settings changed, or there were no refreshes for longer than the window and prices in between are gone. NULL: it runs.';

CREATE VIEW macro.correlation_stability WITH (security_invoker='true') AS
 SELECT l.model,
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
   FROM (((((macro.latest_run l
     JOIN macro.evidence_run r ON ((r.run = l.run)))
     JOIN macro.pair_evidence p ON ((p.run = r.run)))
     LEFT JOIN LATERAL ( SELECT e.run,
            k.as_of
           FROM (macro.evidence_run e
             JOIN macro.model_run k ON ((k.run = e.run)))
          WHERE ((k.model = l.model) AND (k.window_end < l.window_end))
          ORDER BY k.window_end DESC, k.as_of DESC, k.run DESC
         LIMIT 1) b ON (true))
     LEFT JOIN LATERAL ( SELECT b.as_of,
            x.correlation,
            x.verdict
           FROM macro.pair_evidence x
          WHERE ((x.run = b.run) AND (x.asset_y = p.asset_y) AND (x.asset_x = p.asset_x))
         OFFSET 0) q ON (true))
     LEFT JOIN LATERAL ( SELECT x.baseline_start,
            x.baseline_end,
            x.alarm_bar,
            x.change_bar,
            LEAST(x.last_bar, ( SELECT min(a.price_time) AS min
                   FROM macro.run_asset a
                  WHERE ((a.run = l.run) AND (a.asset = ANY (ARRAY[p.asset_y, p.asset_x]))))) AS watched_until
           FROM macro.pair_monitor x
          WHERE ((x.model = l.model) AND (x.ended_at IS NULL) AND (x.asset_y = (LEAST((p.asset_y COLLATE "C"), p.asset_x) COLLATE "default")) AND (x.asset_x = (GREATEST((p.asset_y COLLATE "C"), p.asset_x) COLLATE "default")))
         OFFSET 0) m ON (true));

ALTER TABLE macro.correlation_stability OWNER TO upgrade_owner;

COMMENT ON VIEW macro.correlation_stability IS 'Pairs that the latest run of each model examined: is the correlation real, has it held, and what did the run before say? Each pair stands twice, once in each direction; asset_y < asset_x picks one.';

COMMENT ON COLUMN macro.correlation_stability.model IS 'The model.';

COMMENT ON COLUMN macro.correlation_stability.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.correlation_stability.asset_y IS 'The asset held.';

COMMENT ON COLUMN macro.correlation_stability.asset_x IS 'The hedge.';

COMMENT ON COLUMN macro.correlation_stability.observations IS 'Observations: times at which both sides have a value.';

COMMENT ON COLUMN macro.correlation_stability.effective_observations IS 'How many independent normal observations would tell as much about the correlation; below observations under heavy tails or serial dependence. NULL: too few observations, or one asset twice.';

COMMENT ON COLUMN macro.correlation_stability.correlation IS 'Correlation of y and x, from -1 to 1. NULL: a side is constant, not finite, or there are fewer than two observations; all the rest is NULL then, too.';

COMMENT ON COLUMN macro.correlation_stability.fisher_low IS 'Lower end of Fisher''s interval, which holds for independent normal observations only.';

COMMENT ON COLUMN macro.correlation_stability.fisher_high IS 'Upper end of Fisher''s interval.';

COMMENT ON COLUMN macro.correlation_stability.robust_low IS 'Lower end of the robust interval at the confidence level: holds under heavy tails and serial dependence, too. NULL: fewer than 10 observations.';

COMMENT ON COLUMN macro.correlation_stability.robust_high IS 'Upper end of the robust interval.';

COMMENT ON COLUMN macro.correlation_stability.effectiveness_p_value IS 'Robust p-value of correlation^2 <= the minimum effectiveness: small when the pair is worth hedging with. The one to adjust over all pairs examined (hedge.adjust_p_values).';

COMMENT ON COLUMN macro.correlation_stability.adjusted_p_value IS 'effectiveness_p_value adjusted for having examined so many pairs (Benjamini and Hochberg): the smallest false discovery rate at which the pair is worth hedging with.';

COMMENT ON COLUMN macro.correlation_stability.pairs_searched IS 'Pairs that adjusted_p_value is adjusted for: all that this one was chosen from, looked at closely or not.';

COMMENT ON COLUMN macro.correlation_stability.rolling_minimum IS 'Smallest rolling correlation.';

COMMENT ON COLUMN macro.correlation_stability.rolling_maximum IS 'Largest rolling correlation.';

COMMENT ON COLUMN macro.correlation_stability.rolling_mean IS 'Mean of the rolling correlations.';

COMMENT ON COLUMN macro.correlation_stability.rolling_standard_deviation IS 'Standard deviation of the rolling correlations (divisor windows - 1; 0 for one window).';

COMMENT ON COLUMN macro.correlation_stability.rolling_latest IS 'Correlation of the last window. NULL: it has none.';

COMMENT ON COLUMN macro.correlation_stability.sign_changes IS 'How often the rolling correlation changed its sign.';

COMMENT ON COLUMN macro.correlation_stability.rolling_spread_p_value IS 'Probability of rolling correlations that vary this much if the correlation is constant. Cautious under heavy tails. NULL: a window has no correlation.';

COMMENT ON COLUMN macro.correlation_stability.correlation_first_half IS 'Correlation of the first half of the observations. NULL: a side is constant there.';

COMMENT ON COLUMN macro.correlation_stability.correlation_second_half IS 'Correlation of the second half.';

COMMENT ON COLUMN macro.correlation_stability.break_statistic IS 'Largest fluctuation of the correlation of the first k observations around that of all, volatility-adjusted (Wied, Kraemer, Dehling 2012); 1.36 is its 5 % point if the correlation is constant, 1.63 the 1 % point. NULL: fewer than 100 observations.';

COMMENT ON COLUMN macro.correlation_stability.break_p_value IS 'p-value of a constant correlation: probability of so large a break_statistic.';

COMMENT ON COLUMN macro.correlation_stability.break_time IS 'Time of break_observation. NULL: no times were given, or there is no test.';

COMMENT ON COLUMN macro.correlation_stability.correlation_before_break IS 'Correlation of the observations before break_observation. NULL: there is no test, or a side is constant there.';

COMMENT ON COLUMN macro.correlation_stability.correlation_after_break IS 'Correlation from break_observation on.';

COMMENT ON COLUMN macro.correlation_stability.lag_correlation IS 'Correlation of y with x one observation earlier or later, the larger in size. Far from 0 it says that the two are not observed at the same instant, and that correlation understates.';

COMMENT ON COLUMN macro.correlation_stability.out_of_sample_effectiveness IS '1 - variance with hedge / variance without, each return hedged with the ratio of the rolling window before it. NULL: fewer than 20 returns after the first window.';

COMMENT ON COLUMN macro.correlation_stability.clark_west_p_value IS 'p-value of the hedge doing nothing, one-sided.';

COMMENT ON COLUMN macro.correlation_stability.verdict IS 'The first that holds: insufficient, break_detected, weak, unstable, reliable; at the model''s settings.';

COMMENT ON COLUMN macro.correlation_stability.reason IS 'Why, in words.';

COMMENT ON COLUMN macro.correlation_stability.previous_as_of IS 'Time of the run before: the last one whose window ended at an earlier bar. NULL: there is none, or it did not examine the pair.';

COMMENT ON COLUMN macro.correlation_stability.previous_correlation IS 'correlation of that run.';

COMMENT ON COLUMN macro.correlation_stability.previous_verdict IS 'verdict of that run.';

COMMENT ON COLUMN macro.correlation_stability.watched_baseline_start IS 'First bar of the baseline that the pair is watched against. NULL: it is not watched, since nobody leans on it, or since there are fewer than 60 settled bars after the break that ended its baseline.';

COMMENT ON COLUMN macro.correlation_stability.watched_baseline_end IS 'Last bar of that baseline.';

COMMENT ON COLUMN macro.correlation_stability.watched_until IS 'Last bar seen, reread_bars before the end of the window; or the last price of the asset whose prices ended before that.';

COMMENT ON COLUMN macro.correlation_stability.alarm_bar IS 'Bar that raised the alarm that stands. NULL: none does.';

COMMENT ON COLUMN macro.correlation_stability.change_bar IS 'Most likely first bar of the change behind it.';

CREATE VIEW macro.data_quality WITH (security_invoker='true') AS
 SELECT r.model,
    r.as_of,
    a.asset,
    a.return_kind,
    r.counted_bars,
    a.priced_bars,
    ((a.priced_bars)::double precision / (NULLIF(r.counted_bars, 0))::double precision) AS coverage,
    a.observations,
    a.missing_returns,
    a.non_positive,
    a.not_finite,
    a.contradictory,
    a.price AS last_price,
    a.price_time AS last_price_time,
    a.stale_bars,
    (EXTRACT(epoch FROM (r.as_of - a.price_time)))::double precision AS price_age_seconds,
    a.stale,
        CASE
            WHEN (a.price IS NULL) THEN 'no good price'::text
            WHEN a.stale THEN 'stale'::text
            WHEN (a.price_time < r.trailing_bars[cardinality(r.trailing_bars)]) THEN 'late'::text
            WHEN (a.volatility IS NULL) THEN 'too few returns'::text
            WHEN ((a.frozen > 0) OR (a.unchanged > (a.priced_bars / 2))) THEN 'unchanged'::text
            WHEN (((a.non_positive + a.not_finite) + a.contradictory) > 0) THEN 'bad prices'::text
            WHEN (a.missing_returns > 0) THEN 'gaps'::text
            ELSE 'good'::text
        END AS verdict,
    a.gap_moves,
    a.largest_gap_move,
    a.largest_gap_bar,
    a.unchanged,
    a.frozen
   FROM (macro.run_asset a
     JOIN macro.model_run r ON ((r.run = a.run)))
  WHERE (a.run = ANY (ARRAY( SELECT (l.run)::bigint AS run
           FROM macro.latest_run l)))
UNION ALL
 SELECT l.model,
    l.as_of,
    w.asset,
    NULL::text AS return_kind,
    NULL::integer AS counted_bars,
    NULL::integer AS priced_bars,
    NULL::double precision AS coverage,
    NULL::integer AS observations,
    NULL::integer AS missing_returns,
    NULL::integer AS non_positive,
    NULL::integer AS not_finite,
    NULL::integer AS contradictory,
    NULL::double precision AS last_price,
    NULL::timestamp with time zone AS last_price_time,
    NULL::integer AS stale_bars,
    NULL::double precision AS price_age_seconds,
    NULL::boolean AS stale,
        CASE w.place
            WHEN 1 THEN 'held without a price'::text
            WHEN 2 THEN 'fx_asset without a price'::text
            WHEN 3 THEN 'benchmark without a price'::text
            ELSE 'instrument without a price'::text
        END AS verdict,
    NULL::integer AS gap_moves,
    NULL::double precision AS largest_gap_move,
    NULL::timestamp with time zone AS largest_gap_bar,
    NULL::integer AS unchanged,
    NULL::integer AS frozen
   FROM (macro.latest_run l
     CROSS JOIN ( SELECT v.asset,
            min(v.place) AS place
           FROM ( SELECT p.asset,
                    1 AS "?column?"
                   FROM macro._position p
                  GROUP BY p.asset
                UNION ALL
                 SELECT n.asset,
                    n.place
                   FROM (macro.instrument i
                     CROSS JOIN LATERAL ( VALUES (i.fx_asset,2), (i.benchmark,3), (i.asset,4)) n(asset, place))) v(asset, place)
          WHERE (v.asset IS NOT NULL)
          GROUP BY v.asset) w)
  WHERE (NOT (EXISTS ( SELECT
           FROM macro.run_asset a
          WHERE ((a.run = l.run) AND (a.asset = w.asset)))));

ALTER TABLE macro.data_quality OWNER TO upgrade_owner;

COMMENT ON VIEW macro.data_quality IS 'Model and asset: what the prices behind the latest run are worth. Assets that are held, or named in instrument, but have no price at all stand here, too.';

COMMENT ON COLUMN macro.data_quality.model IS 'The model.';

COMMENT ON COLUMN macro.data_quality.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.data_quality.asset IS 'The asset.';

COMMENT ON COLUMN macro.data_quality.return_kind IS 'Kind of its returns: simple, log or difference.';

COMMENT ON COLUMN macro.data_quality.counted_bars IS 'Bars of all blocks of returns that reach into the window: what priced_bars and bad prices are counted over.';

COMMENT ON COLUMN macro.data_quality.priced_bars IS 'Those with a good price of the asset.';

COMMENT ON COLUMN macro.data_quality.coverage IS 'priced_bars / counted_bars, from 0 to 1.';

COMMENT ON COLUMN macro.data_quality.observations IS 'Returns in the window.';

COMMENT ON COLUMN macro.data_quality.missing_returns IS 'Bars of the window without a return.';

COMMENT ON COLUMN macro.data_quality.non_positive IS 'Prices left out because they are zero or negative, under simple and log returns.';

COMMENT ON COLUMN macro.data_quality.not_finite IS 'Prices left out because they are NaN or infinite or give such a return.';

COMMENT ON COLUMN macro.data_quality.contradictory IS 'Bars without a close because of two different prices at their last instant.';

COMMENT ON COLUMN macro.data_quality.last_price IS 'Last good price up to as_of, on the calendar or not. NULL: none.';

COMMENT ON COLUMN macro.data_quality.last_price_time IS 'Its instant.';

COMMENT ON COLUMN macro.data_quality.stale_bars IS 'Bars since then in which some asset has a price, whether or not enough for the calendar: as many as stale_after, and the asset is no longer alive at the next. (Further back than stale_after + 2 bars of the calendar, only those of the calendar are counted.)';

COMMENT ON COLUMN macro.data_quality.price_age_seconds IS 'Seconds from last_price_time to as_of.';

COMMENT ON COLUMN macro.data_quality.stale IS 'True: stale_bars is more than the stale_after of the run''s settings, or price_age_seconds more than 2 x stale_after bars last (at least 2 bars; a month counts 30 days). So a feed that ended is stale, too, when all ended together; with bars shorter than a night, so is every price where the market was closed that long.';

COMMENT ON COLUMN macro.data_quality.verdict IS 'The worst that holds: held without a price, fx_asset, benchmark or instrument without a price (named in instrument), no good price, stale, late (no price in the newest bar, which therefore is not in the calendar), too few returns, unchanged (frozen is more than 0, or unchanged more than half of priced_bars: the feed stands still, or stood still so long that its returns of 0 hide risk), bad prices, gaps, good.';

COMMENT ON COLUMN macro.data_quality.gap_moves IS 'Closes, in counted_bars, that follow a gap: bars of the calendar without a close of the asset (closed, suspended, a bad price). The move over each of them is in no return, so in no volatility, correlation or historical loss. A higher calendar_quorum leaves more of such bars out of the calendar, so that returns lead over them: fewer moves are lost, and there are fewer bars.';

COMMENT ON COLUMN macro.data_quality.largest_gap_move IS 'The largest of these moves in size, as a return of the asset''s kind: -0.3 is a fall of 30 %. NULL: none.';

COMMENT ON COLUMN macro.data_quality.largest_gap_bar IS 'Start of the bar that it ends in.';

COMMENT ON COLUMN macro.data_quality.unchanged IS 'Closes, in counted_bars, that are the same as in the bar before: returns of exactly 0.';

COMMENT ON COLUMN macro.data_quality.frozen IS 'Those of them that follow at least stale_after others in one row: a price repeated for 100 bars makes 100 - stale_after. Rare in a market however quiet: where three of ten closes are unchanged, a row of eleven comes once in 800,000 bars.';

CREATE VIEW macro.exposure WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    e.asset,
    e.quantity,
    u.price,
    u.price_time,
    u.currency,
    u.fx,
    e.notional,
    e.exposure,
    u.volatility,
        CASE
            WHEN (u.volatility < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN (0)::double precision
            ELSE (u.volatility * sqrt(m.bars_per_year))
        END AS volatility_annual,
    (
        CASE
            WHEN (LEAST(abs(e.exposure), u.volatility) < (0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001)::double precision) THEN (((0)::double precision * e.exposure) * u.volatility)
            ELSE (e.exposure * u.volatility)
        END + (0)::double precision) AS risk,
    u.observations,
    u.benchmark,
    u.bucket,
    (
        CASE
            WHEN (u.asset IS NULL) THEN 'no price'::text
            WHEN (u.problem IS NOT NULL) THEN u.problem
            WHEN (e.problem IS NOT NULL) THEN e.problem
            WHEN (e.positions = 0) THEN 'currency of funded holdings'::text
            WHEN e.funds THEN (u.basis || ' + currency of funded holdings'::text)
            ELSE u.basis
        END || COALESCE(('; '::text || NULLIF(u.note, ''::text)), ''::text)) AS basis
   FROM ((((macro._holding h
     CROSS JOIN macro.model_run r)
     JOIN macro.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL hedge._exposures('macro'::regnamespace, r.run, h.holdings) e(asset, positions, quantity, notional, delta_notional, exposure, funds, problem, volatility, unit_exposure, return_kind, price_time, stale, benchmark, benchmark_scale))
     LEFT JOIN macro._unit u ON (((u.run = r.run) AND (u.asset = e.asset))))
  WHERE (r.run = ANY (ARRAY( SELECT (l.run)::bigint AS run
           FROM macro.latest_run l)));

ALTER TABLE macro.exposure OWNER TO upgrade_owner;

COMMENT ON VIEW macro.exposure IS 'Portfolio x model x asset: what is held, at the price and volatility of each model''s latest run. A holding without a price or without enough returns stands here, too: basis says why.';

COMMENT ON COLUMN macro.exposure.portfolio IS 'Who holds it.';

COMMENT ON COLUMN macro.exposure.model IS 'The model.';

COMMENT ON COLUMN macro.exposure.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.exposure.asset IS 'What is held, or the fx_asset of funded holdings in a foreign currency.';

COMMENT ON COLUMN macro.exposure.quantity IS 'Contracts held, summed over the position rows; negative when short. NULL: nothing held of the asset itself, or a row is no number or above 1e50.';

COMMENT ON COLUMN macro.exposure.price IS 'Last good price of the run, on the calendar or not, in currency. NULL: none.';

COMMENT ON COLUMN macro.exposure.price_time IS 'Instant of price.';

COMMENT ON COLUMN macro.exposure.currency IS 'The instrument''s currency.';

COMMENT ON COLUMN macro.exposure.fx IS 'Base currency per unit of currency; 1 for the base currency. NULL: unknown.';

COMMENT ON COLUMN macro.exposure.notional IS 'Value of the contracts held in base currency, without delta: quantity x contract_size x price x fx, of an inverse contract without the price; negative when short. NULL: unknown, or only funded holdings in this currency.';

COMMENT ON COLUMN macro.exposure.exposure IS 'Signed delta-equivalent notional in base currency: profit and loss = exposure x return. Linear: quantity x contract_size x delta x price x fx; inverse: without the price; plus the value of funded holdings in this currency. Under difference returns all of it per unit of price. A delta that is NULL is unknown, as one that is no number; positions without a column delta have delta 1. NULL: unknown, see basis.';

COMMENT ON COLUMN macro.exposure.volatility IS 'Standard deviation of the return, per bar; under difference returns in units of price. NULL: too few returns, or above 1e50.';

COMMENT ON COLUMN macro.exposure.volatility_annual IS 'volatility x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.exposure.risk IS 'exposure x volatility: standard deviation of the leg''s profit and loss per bar, in base currency, with the sign of the exposure.';

COMMENT ON COLUMN macro.exposure.observations IS 'Returns that volatility is made of.';

COMMENT ON COLUMN macro.exposure.benchmark IS 'The instrument''s benchmark, where it can be estimated.';

COMMENT ON COLUMN macro.exposure.bucket IS 'The instrument''s bucket.';

COMMENT ON COLUMN macro.exposure.basis IS 'How exposure was made: linear, inverse, currency of funded holdings; or why there is none; after a semicolon, stale price (of it or of its fx_asset, as in data_quality), and why there is no volatility.';

CREATE VIEW macro.hedge_recommendations WITH (security_invoker='true') AS
 SELECT l.portfolio,
    l.model,
    r.as_of,
    t.instrument,
    t.action,
    t.quantity,
    t.exposure,
    t.target_exposure,
    t.trade_contracts,
    t.trade_exposure,
    t.exposure_after,
    t.band_low,
    t.band_high,
    t.cost,
    t.worth,
    t.variance_removed,
    t.variance_removed_per_cost,
    t.risk_before,
    t.risk_after,
    t.net_risk_after,
    t.total_cost,
    t.reason
   FROM ((((macro._leg l
     JOIN macro.model_run r ON ((r.run = l.run)))
     JOIN macro.model m ON ((m.model = r.model)))
     LEFT JOIN macro._instruments i ON ((i.run = l.run)))
     CROSS JOIN LATERAL hedge._recommended_trades(matrix => COALESCE(r.psd_matrix, r.matrix), assets => l.assets, exposures => l.exposures, quantities => l.quantities, marked => COALESCE(i.marked, false), instruments => i.assets, unit_exposures => i.unit_exposures, unit_notionals => i.unit_notionals, lot_sizes => i.lot_sizes, costs => i.costs, costs_per_lot => i.costs_per_lot, problems => i.problems, risk_price => m.risk_price, correlations => m.hedge_correlations, evidence => m.hedge_evidence, most_instruments => m.hedge_instruments, minimum_correlation => m.minimum_correlation, minimum_observations => m.minimum_observations, book => 'macro'::regnamespace, run => r.run) t(instrument, quantity, exposure, target_exposure, trade_contracts, trade_exposure, exposure_after, band_low, band_high, cost, worth, variance_removed, variance_removed_per_cost, risk_before, risk_after, net_risk_after, total_cost, action, reason))
  WHERE (l.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM macro.latest_run x)));

ALTER TABLE macro.hedge_recommendations OWNER TO upgrade_owner;

COMMENT ON VIEW macro.hedge_recommendations IS 'Portfolio x model x instrument: what to trade to hedge what is held, live, with whole lots and costs; and why, or why not. A portfolio that nothing can be done for has one row without an instrument. Traded may be the instruments marked as tradable (table instrument), those among them left out that are themselves positions to be hedged; with none marked, what a portfolio holds against a larger position that it offsets. Trades are those that are best together; they rely on correlations between positions and instruments as settings hedge_evidence and hedge_correlations of the model say.';

COMMENT ON COLUMN macro.hedge_recommendations.portfolio IS 'The portfolio.';

COMMENT ON COLUMN macro.hedge_recommendations.model IS 'The model.';

COMMENT ON COLUMN macro.hedge_recommendations.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.hedge_recommendations.instrument IS 'What would be traded. NULL: nothing can be done for this portfolio, and reason says why.';

COMMENT ON COLUMN macro.hedge_recommendations.action IS 'buy, sell or none.';

COMMENT ON COLUMN macro.hedge_recommendations.quantity IS 'Contracts held now; 0: none. NULL: a currency that only funded holdings expose to, or not known.';

COMMENT ON COLUMN macro.hedge_recommendations.exposure IS 'Exposure held in it now, as in view exposure.';

COMMENT ON COLUMN macro.hedge_recommendations.target_exposure IS 'Best exposure, costs counted, were there no lots: where a band is left, its nearer edge. NULL: it is not used.';

COMMENT ON COLUMN macro.hedge_recommendations.trade_contracts IS 'Contracts to trade, a whole multiple of the instrument''s lot_size; negative to sell, 0 for nothing.';

COMMENT ON COLUMN macro.hedge_recommendations.trade_exposure IS 'Exposure of them.';

COMMENT ON COLUMN macro.hedge_recommendations.exposure_after IS 'Exposure held after the trade.';

COMMENT ON COLUMN macro.hedge_recommendations.band_low IS 'Lower edge of the no-trade band, all other trades made: within it, a trade costs more than it is worth. A point if it costs nothing.';

COMMENT ON COLUMN macro.hedge_recommendations.band_high IS 'Upper edge of it.';

COMMENT ON COLUMN macro.hedge_recommendations.cost IS 'Cost of the trade in base currency: the instrument''s cost x notional traded + cost_per_lot x lots. What is unknown counts as 0.';

COMMENT ON COLUMN macro.hedge_recommendations.worth IS 'What the variance that it removes is worth in money: variance_removed x risk_price / (2 x risk_before). NULL: no trade.';

COMMENT ON COLUMN macro.hedge_recommendations.variance_removed IS 'Variance (base currency squared, per bar) that would come back if this trade alone were left out. NULL: no trade.';

COMMENT ON COLUMN macro.hedge_recommendations.variance_removed_per_cost IS 'variance_removed / cost. NULL: no trade, or it costs nothing.';

COMMENT ON COLUMN macro.hedge_recommendations.risk_before IS 'Risk of the whole portfolio now, one standard deviation per bar in base currency: net_risk of view portfolio_risk.';

COMMENT ON COLUMN macro.hedge_recommendations.risk_after IS 'Risk once all trades of the portfolio are made, as far as correlations are relied on: never more than before.';

COMMENT ON COLUMN macro.hedge_recommendations.net_risk_after IS 'Risk once they are made, with all correlations as estimated: never more than risk_after.';

COMMENT ON COLUMN macro.hedge_recommendations.total_cost IS 'Cost of all trades of the portfolio.';

COMMENT ON COLUMN macro.hedge_recommendations.reason IS 'Why this trade, or why none, in words.';

CREATE VIEW macro.margin_contributions WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    k.asset,
    COALESCE(i.bucket, ''::text) AS bucket,
    k.weight,
    k.weighted_sensitivity,
    k.contribution,
    k.contribution_share
   FROM (((macro._holding h
     CROSS JOIN ( SELECT ( SELECT x.*::macro._margin_parameters AS x
                   FROM macro._margin_parameters x
                  WHERE (x.run = n.run)) AS parameters,
            n.run,
            n.model,
            n.as_of,
            COALESCE(n.psd_matrix, n.matrix) AS matrix
           FROM macro.model_run n
          WHERE (n.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
                   FROM macro.latest_run x)))
         OFFSET 0) r)
     CROSS JOIN LATERAL hedge._leg_margin_contributions(r.matrix, 'macro'::regnamespace, r.run, r.parameters, h.holdings) k(asset, weight, weighted_sensitivity, contribution, contribution_share))
     LEFT JOIN macro.instrument i ON ((i.asset = k.asset)));

ALTER TABLE macro.margin_contributions OWNER TO upgrade_owner;

COMMENT ON VIEW macro.margin_contributions IS 'Portfolio x model x asset margined: what it adds to the margin of portfolio_margin, as it takes credit from others (Euler); contributions of a portfolio sum to its margin.';

COMMENT ON COLUMN macro.margin_contributions.portfolio IS 'Who holds it.';

COMMENT ON COLUMN macro.margin_contributions.model IS 'The model.';

COMMENT ON COLUMN macro.margin_contributions.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.margin_contributions.asset IS 'What is held, or the currency of funded holdings.';

COMMENT ON COLUMN macro.margin_contributions.bucket IS 'Its bucket.';

COMMENT ON COLUMN macro.margin_contributions.weight IS 'Its risk weight, supplied or estimated.';

COMMENT ON COLUMN macro.margin_contributions.weighted_sensitivity IS 'weight x exposure, signed; without its sign the margin of the position alone.';

COMMENT ON COLUMN macro.margin_contributions.contribution IS 'exposure x change of the margin per exposure, in base currency; negative for what reduces it.';

COMMENT ON COLUMN macro.margin_contributions.contribution_share IS 'contribution / margin.';

CREATE VIEW macro.portfolio_margin WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    k.positions,
    k.unmargined_positions,
    k.legs,
    k.gross_margin,
    k.silo_margin,
    k.uncorrelated_margin,
    k.margin_low,
    k.margin_medium,
    k.margin_high,
    k.net_margin,
    k.scenario,
    k.credit,
    k.credit_share,
    k.margin,
    (k.credit / NULLIF(k.gross_margin, (0)::double precision)) AS credit_of_gross,
    k.uncredited_pairs,
    k.credit_withheld,
    k.alternative,
    k.floored
   FROM ((macro._holding h
     CROSS JOIN ( SELECT ( SELECT x.*::macro._margin_parameters AS x
                   FROM macro._margin_parameters x
                  WHERE (x.run = n.run)) AS parameters,
            n.run,
            n.model,
            n.as_of,
            COALESCE(n.psd_matrix, n.matrix) AS matrix
           FROM macro.model_run n
          WHERE (n.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
                   FROM macro.latest_run x)))
         OFFSET 0) r)
     CROSS JOIN LATERAL hedge._leg_margin(r.matrix, 'macro'::regnamespace, r.run, r.parameters, h.holdings) k(gross_margin, silo_margin, uncorrelated_margin, margin_low, margin_medium, margin_high, net_margin, scenario, credit, margin, alternative, floored, positions, unmargined_positions, legs, credit_share, uncredited_pairs, credit_withheld));

ALTER TABLE macro.portfolio_margin OWNER TO upgrade_owner;

COMMENT ON VIEW macro.portfolio_margin IS 'Portfolio x model: margin of the present positions at each model''s latest run, by weighted sensitivities (hedge.margin), live. Without any parameter: weights of estimated volatilities, correlations of the run, one bucket, 80 % of the credit of reliable pairs. A filter on portfolio computes that portfolio alone.';

COMMENT ON COLUMN macro.portfolio_margin.portfolio IS 'Who holds the positions.';

COMMENT ON COLUMN macro.portfolio_margin.model IS 'The model.';

COMMENT ON COLUMN macro.portfolio_margin.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.portfolio_margin.positions IS 'Rows of positions.';

COMMENT ON COLUMN macro.portfolio_margin.unmargined_positions IS 'Of those, rows that no margin knows of: without an exposure (view exposure says why) or a risk weight.';

COMMENT ON COLUMN macro.portfolio_margin.legs IS 'Assets margined, currencies of funded holdings included.';

COMMENT ON COLUMN macro.portfolio_margin.gross_margin IS 'Sum of weight x |exposure|, in base currency: nothing offsets or diversifies. NULL, as all margins: no leg.';

COMMENT ON COLUMN macro.portfolio_margin.silo_margin IS 'Margins of the buckets added up, each in its worst scenario.';

COMMENT ON COLUMN macro.portfolio_margin.uncorrelated_margin IS 'Margin if every correlation were 0.';

COMMENT ON COLUMN macro.portfolio_margin.margin_low IS 'Net margin at low correlations, max(2r - 1, 0.75r).';

COMMENT ON COLUMN macro.portfolio_margin.margin_medium IS 'Net margin at the correlations as they are.';

COMMENT ON COLUMN macro.portfolio_margin.margin_high IS 'Net margin at high correlations, min(1.25r, 1).';

COMMENT ON COLUMN macro.portfolio_margin.net_margin IS 'The largest of the three.';

COMMENT ON COLUMN macro.portfolio_margin.scenario IS 'Which it is: low, medium or high.';

COMMENT ON COLUMN macro.portfolio_margin.credit IS 'gross_margin - net_margin: what offsets and diversification save.';

COMMENT ON COLUMN macro.portfolio_margin.credit_share IS 'Share of it that is granted.';

COMMENT ON COLUMN macro.portfolio_margin.margin IS 'Margin required: gross_margin - credit_share x credit.';

COMMENT ON COLUMN macro.portfolio_margin.credit_of_gross IS 'credit / gross_margin.';

COMMENT ON COLUMN macro.portfolio_margin.uncredited_pairs IS 'Pairs within a bucket that offset, but are not credited since their verdict does not allow it or the run did not examine them.';

COMMENT ON COLUMN macro.portfolio_margin.credit_withheld IS 'How much less margin would be if every pair were credited, after credit_share.';

COMMENT ON COLUMN macro.portfolio_margin.alternative IS 'True: the sum under the root was negative, and bucket sums are bounded (MAR21.4).';

COMMENT ON COLUMN macro.portfolio_margin.floored IS 'True: some root had a negative number under it even so, and is 0: bucket correlations that are no correlations.';

CREATE VIEW macro.margin_steps WITH (security_invoker='true') AS
 SELECT m.portfolio,
    m.model,
    m.as_of,
    s.step_number,
    s.step,
    (
        CASE
            WHEN (s.step = 'margin'::text) THEN round(s.total, 2)
            ELSE (round(s.total, 2) - round(s.before, 2))
        END)::double precision AS amount,
    (round(s.total, 2))::double precision AS running_total
   FROM (macro.portfolio_margin m
     CROSS JOIN LATERAL ( VALUES (1,'gross'::text,(0)::numeric,(m.gross_margin)::numeric), (2,'diversification'::text,(m.gross_margin)::numeric,(m.uncorrelated_margin)::numeric), (3,'credit'::text,(m.uncorrelated_margin)::numeric,(m.net_margin)::numeric), (4,'cap'::text,(m.net_margin)::numeric,(m.margin)::numeric), (5,'margin'::text,(m.margin)::numeric,(m.margin)::numeric)) s(step_number, step, before, total));

ALTER TABLE macro.margin_steps OWNER TO upgrade_owner;

COMMENT ON VIEW macro.margin_steps IS 'Portfolio x model x step from gross to required margin, for a waterfall: amounts of steps 1 to 4 add up to that of step 5, to the cent.';

COMMENT ON COLUMN macro.margin_steps.portfolio IS 'Who holds the positions.';

COMMENT ON COLUMN macro.margin_steps.model IS 'The model.';

COMMENT ON COLUMN macro.margin_steps.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.margin_steps.step_number IS '1 to 5.';

COMMENT ON COLUMN macro.margin_steps.step IS 'gross; diversification: what strangers would save, too; credit: what correlations save beyond that, positive where they add; cap: credit that is not granted; margin: what is required.';

COMMENT ON COLUMN macro.margin_steps.amount IS 'Change of the margin by the step, in base currency, in cents; of margin the whole. NULL: no leg.';

COMMENT ON COLUMN macro.margin_steps.running_total IS 'Margin after the step.';

CREATE TABLE macro.offset_snapshot (
    run bigint NOT NULL,
    portfolio text,
    pair_rank integer NOT NULL,
    asset_a text NOT NULL,
    asset_b text NOT NULL,
    side_a text NOT NULL,
    side_b text NOT NULL,
    quantity_a double precision,
    quantity_b double precision,
    exposure_a double precision NOT NULL,
    exposure_b double precision NOT NULL,
    correlation double precision NOT NULL,
    correlation_low double precision,
    correlation_high double precision,
    observations integer NOT NULL,
    volatility_a double precision NOT NULL,
    volatility_b double precision NOT NULL,
    volatility_a_annual double precision,
    volatility_b_annual double precision,
    hedge_ratio double precision,
    actual_ratio double precision,
    target_exposure_b double precision,
    trade_b double precision,
    trade_b_contracts double precision,
    gross_risk double precision NOT NULL,
    uncorrelated_risk double precision NOT NULL,
    net_risk double precision NOT NULL,
    diversification double precision NOT NULL,
    risk_offset double precision NOT NULL,
    risk_offset_share double precision,
    residual_risk double precision,
    price_time timestamp with time zone
);

ALTER TABLE ONLY macro.offset_snapshot REPLICA IDENTITY FULL;

ALTER TABLE macro.offset_snapshot OWNER TO upgrade_owner;

COMMENT ON TABLE macro.offset_snapshot IS 'Offsetting pairs of each portfolio as a refresh found them, for as many runs as the model''s retention says. Row-level security on the positions does not reach these rows: give this table policies of its own.';

COMMENT ON COLUMN macro.offset_snapshot.run IS 'The run. No foreign key, which would cost more than the rows; rows of no run are deleted by the next refresh.';

COMMENT ON COLUMN macro.offset_snapshot.portfolio IS 'Who holds both.';

COMMENT ON COLUMN macro.offset_snapshot.pair_rank IS '1 for the pair of the portfolio with the largest risk_offset.';

COMMENT ON COLUMN macro.offset_snapshot.asset_a IS 'The leg with the larger risk.';

COMMENT ON COLUMN macro.offset_snapshot.asset_b IS 'The other leg, which is taken for the hedge.';

COMMENT ON COLUMN macro.offset_snapshot.side_a IS 'long or short, the sign of exposure_a.';

COMMENT ON COLUMN macro.offset_snapshot.side_b IS 'long or short, the sign of exposure_b.';

COMMENT ON COLUMN macro.offset_snapshot.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN macro.offset_snapshot.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN macro.offset_snapshot.exposure_a IS 'Exposure to asset_a, as in view exposure.';

COMMENT ON COLUMN macro.offset_snapshot.exposure_b IS 'Exposure to asset_b, as in view exposure.';

COMMENT ON COLUMN macro.offset_snapshot.correlation IS 'Correlation of their returns, from -1 to 1.';

COMMENT ON COLUMN macro.offset_snapshot.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';

COMMENT ON COLUMN macro.offset_snapshot.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.offset_snapshot.observations IS 'Bars on which both have a return.';

COMMENT ON COLUMN macro.offset_snapshot.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';

COMMENT ON COLUMN macro.offset_snapshot.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';

COMMENT ON COLUMN macro.offset_snapshot.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.offset_snapshot.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.offset_snapshot.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';

COMMENT ON COLUMN macro.offset_snapshot.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';

COMMENT ON COLUMN macro.offset_snapshot.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';

COMMENT ON COLUMN macro.offset_snapshot.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';

COMMENT ON COLUMN macro.offset_snapshot.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';

COMMENT ON COLUMN macro.offset_snapshot.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';

COMMENT ON COLUMN macro.offset_snapshot.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';

COMMENT ON COLUMN macro.offset_snapshot.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';

COMMENT ON COLUMN macro.offset_snapshot.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';

COMMENT ON COLUMN macro.offset_snapshot.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';

COMMENT ON COLUMN macro.offset_snapshot.risk_offset_share IS 'risk_offset / uncorrelated_risk.';

COMMENT ON COLUMN macro.offset_snapshot.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';

COMMENT ON COLUMN macro.offset_snapshot.price_time IS 'Instant of the older of the two prices.';

CREATE VIEW macro.materialized_offsets WITH (security_invoker='true') AS
 SELECT o.portfolio,
    r.model,
    r.as_of,
    r.window_start,
    o.asset_a,
    o.asset_b,
    o.side_a,
    o.side_b,
    o.quantity_a,
    o.quantity_b,
    o.exposure_a,
    o.exposure_b,
    o.correlation,
    o.correlation_low,
    o.correlation_high,
    o.observations,
    o.volatility_a,
    o.volatility_b,
    o.volatility_a_annual,
    o.volatility_b_annual,
    o.hedge_ratio,
    o.actual_ratio,
    o.target_exposure_b,
    o.trade_b,
    o.trade_b_contracts,
    o.gross_risk,
    o.uncorrelated_risk,
    o.net_risk,
    o.diversification,
    o.risk_offset,
    o.risk_offset_share,
    o.residual_risk,
    o.price_time,
    e.robust_low,
    e.robust_high,
    c.conservative_correlation,
    k.risk_offset AS risk_offset_conservative,
    k.net_risk AS net_risk_conservative,
    e.out_of_sample_effectiveness,
    h.held_effectiveness,
    h.break_even_correlation,
    h.break_even_confidence,
    e.break_time,
    COALESCE(e.verdict, 'not examined'::text) AS verdict,
    COALESCE((e.reason ||
        CASE
            WHEN ((h.held_effectiveness < (0)::double precision) AND ((o.actual_ratio * e.correlation) > (0)::double precision)) THEN '; the ratio held adds variance'::text
            ELSE ''::text
        END), x.reason) AS reason,
    o.pair_rank
   FROM ((((((macro.offset_snapshot o
     JOIN macro.model_run r ON ((r.run = o.run)))
     LEFT JOIN macro.pair_evidence e ON (((e.run = o.run) AND (e.asset_y = o.asset_a) AND (e.asset_x = o.asset_b))))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (o.side_a <> o.side_b) THEN LEAST(e.robust_low, b.after)
                    ELSE GREATEST(e.robust_high, b.after)
                END AS conservative_correlation
           FROM ( SELECT
                        CASE
                            WHEN (e.verdict = 'break_detected'::text) THEN e.correlation_after_break
                            ELSE NULL::double precision
                        END AS after) b) c)
     CROSS JOIN LATERAL hedge.pair_risk(o.exposure_a, o.volatility_a, o.exposure_b, o.volatility_b, c.conservative_correlation) k(net_risk, risk_offset))
     CROSS JOIN LATERAL hedge.held_evidence(e.observations, e.correlation, e.volatility_y, e.volatility_x, e.standard_error, o.actual_ratio) h(held_effectiveness, break_even_correlation, break_even_confidence))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN ((r.settings ->> 'evidence'::text) = 'none'::text) THEN 'setting evidence of the model is none'::text
                    ELSE 'the evidence of this run is not kept'::text
                END AS reason) x)
  WHERE (o.run = ANY (ARRAY( SELECT (x_1.run)::bigint AS run
           FROM macro.latest_run x_1)))
  ORDER BY o.risk_offset DESC;

ALTER TABLE macro.materialized_offsets OWNER TO upgrade_owner;

COMMENT ON VIEW macro.materialized_offsets IS 'Portfolio x model x pair: offsetting pairs as the refresh that made the latest run found them: positions of that time, pairs_kept of each portfolio. Fast to read in full, and the same to all readers.';

COMMENT ON COLUMN macro.materialized_offsets.portfolio IS 'Who holds both.';

COMMENT ON COLUMN macro.materialized_offsets.model IS 'The model.';

COMMENT ON COLUMN macro.materialized_offsets.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.materialized_offsets.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN macro.materialized_offsets.asset_a IS 'The leg with the larger risk.';

COMMENT ON COLUMN macro.materialized_offsets.asset_b IS 'The other leg, which is taken for the hedge.';

COMMENT ON COLUMN macro.materialized_offsets.side_a IS 'long or short, the sign of exposure_a.';

COMMENT ON COLUMN macro.materialized_offsets.side_b IS 'long or short, the sign of exposure_b.';

COMMENT ON COLUMN macro.materialized_offsets.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN macro.materialized_offsets.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN macro.materialized_offsets.exposure_a IS 'Exposure to asset_a, as in view exposure.';

COMMENT ON COLUMN macro.materialized_offsets.exposure_b IS 'Exposure to asset_b, as in view exposure.';

COMMENT ON COLUMN macro.materialized_offsets.correlation IS 'Correlation of their returns, from -1 to 1.';

COMMENT ON COLUMN macro.materialized_offsets.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';

COMMENT ON COLUMN macro.materialized_offsets.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.materialized_offsets.observations IS 'Bars on which both have a return.';

COMMENT ON COLUMN macro.materialized_offsets.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';

COMMENT ON COLUMN macro.materialized_offsets.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';

COMMENT ON COLUMN macro.materialized_offsets.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.materialized_offsets.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.materialized_offsets.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';

COMMENT ON COLUMN macro.materialized_offsets.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';

COMMENT ON COLUMN macro.materialized_offsets.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';

COMMENT ON COLUMN macro.materialized_offsets.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';

COMMENT ON COLUMN macro.materialized_offsets.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';

COMMENT ON COLUMN macro.materialized_offsets.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';

COMMENT ON COLUMN macro.materialized_offsets.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';

COMMENT ON COLUMN macro.materialized_offsets.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';

COMMENT ON COLUMN macro.materialized_offsets.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';

COMMENT ON COLUMN macro.materialized_offsets.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';

COMMENT ON COLUMN macro.materialized_offsets.risk_offset_share IS 'risk_offset / uncorrelated_risk.';

COMMENT ON COLUMN macro.materialized_offsets.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';

COMMENT ON COLUMN macro.materialized_offsets.price_time IS 'Instant of the older of the two prices.';

COMMENT ON COLUMN macro.materialized_offsets.robust_low IS 'Lower end of an interval around correlation that holds under heavy tails and serial dependence, too. NULL, as all that follow: the run did not examine the pair, or there is no answer.';

COMMENT ON COLUMN macro.materialized_offsets.robust_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.materialized_offsets.conservative_correlation IS 'Its end on the side where the two legs offset less: robust_low of a long and a short, robust_high of two on one side; under verdict break_detected, the correlation after the break, if they offset less at that.';

COMMENT ON COLUMN macro.materialized_offsets.risk_offset_conservative IS 'risk_offset at conservative_correlation: what can be counted on; negative where the legs may as well add up.';

COMMENT ON COLUMN macro.materialized_offsets.net_risk_conservative IS 'net_risk at conservative_correlation.';

COMMENT ON COLUMN macro.materialized_offsets.out_of_sample_effectiveness IS 'Share of asset_a''s variance removed by hedging each return with asset_b at the ratio of the bars before it; negative where that added.';

COMMENT ON COLUMN macro.materialized_offsets.held_effectiveness IS 'Share of asset_a''s variance removed at actual_ratio; negative where it adds.';

COMMENT ON COLUMN macro.materialized_offsets.break_even_correlation IS 'Correlation at which actual_ratio neither removes nor adds variance; beyond 1 in size none suffices.';

COMMENT ON COLUMN macro.materialized_offsets.break_even_confidence IS 'Confidence that the true correlation is beyond that.';

COMMENT ON COLUMN macro.materialized_offsets.break_time IS 'Bar of the most likely change of the correlation in the window; it means something under verdict break_detected.';

COMMENT ON COLUMN macro.materialized_offsets.verdict IS 'reliable, weak, unstable, break_detected or insufficient: the evidence of the run on the pair, asset_b taken for the hedge; not examined where there is none, as reason says.';

COMMENT ON COLUMN macro.materialized_offsets.reason IS 'Why, in words; and that the ratio held adds variance, where held_effectiveness is negative: the verdict is of the pair, not of how much of each leg is held.';

COMMENT ON COLUMN macro.materialized_offsets.pair_rank IS '1 for the pair of the portfolio with the largest risk_offset.';

CREATE VIEW macro.model_health WITH (security_invoker='true') AS
 SELECT m.model,
    l.run,
    l.created_at AS run_at,
    l.as_of,
    (EXTRACT(epoch FROM (now() - l.as_of)))::double precision AS age_seconds,
    l.window_start,
    l.window_end,
    l.bars,
    m.lookback,
    l.assets,
    a.last_price_time,
    (EXTRACT(epoch FROM (now() - a.last_price_time)))::double precision AS last_price_age_seconds,
    t.trailing_bars,
    a.unestimated_assets,
    a.stale_assets,
    a.bad_prices,
    l.correlation_repaired,
    e.started_at AS last_refresh_started_at,
    e.finished_at AS last_refresh_finished_at,
    COALESCE(e.status, 'never'::text) AS last_refresh_status,
    f.failures,
    x.error AS last_error,
    x.started_at AS last_error_at,
    ( SELECT (count(*))::integer AS count
           FROM macro.model_run k
          WHERE (k.model = m.model)) AS runs_kept,
    e.phase AS last_refresh_phase
   FROM ((((((macro.model m
     LEFT JOIN macro.latest_run l ON ((l.model = m.model)))
     LEFT JOIN LATERAL ( SELECT max(y.price_time) AS last_price_time,
            (count(*) FILTER (WHERE (y.volatility IS NULL)))::integer AS unestimated_assets,
            (count(*) FILTER (WHERE y.stale))::integer AS stale_assets,
            (sum(((y.non_positive + y.not_finite) + y.contradictory)))::integer AS bad_prices
           FROM macro.run_asset y
          WHERE (y.run = l.run)) a ON ((l.run IS NOT NULL)))
     LEFT JOIN LATERAL ( SELECT cardinality(y.trailing_bars) AS trailing_bars
           FROM macro.model_run y
          WHERE (y.run = l.run)) t ON (true))
     LEFT JOIN LATERAL ( SELECT y.entry,
            y.started_at,
            y.finished_at,
            y.status,
            y.phase
           FROM macro._refresh y
          WHERE (y.model = m.model)
          ORDER BY y.entry DESC
         LIMIT 1) e ON (true))
     LEFT JOIN LATERAL ( SELECT y.error,
            y.started_at
           FROM macro.refresh_log y
          WHERE ((y.model = m.model) AND (y.status = ANY (ARRAY['done'::text, 'failed'::text])))
          ORDER BY y.entry DESC
         LIMIT 1) x ON ((x.error IS NOT NULL)))
     CROSS JOIN LATERAL ( SELECT (count(*))::integer AS failures
           FROM macro._refresh y
          WHERE ((y.model = m.model) AND (y.status = ANY (ARRAY['failed'::text, 'interrupted'::text])) AND (y.entry > COALESCE(( SELECT max(z.entry) AS max
                   FROM macro.refresh_log z
                  WHERE ((z.model = m.model) AND (z.status = 'done'::text))), (0)::bigint)))) f);

ALTER TABLE macro.model_health OWNER TO upgrade_owner;

COMMENT ON VIEW macro.model_health IS 'Each model: its latest run and how its refreshes went.';

COMMENT ON COLUMN macro.model_health.model IS 'The model.';

COMMENT ON COLUMN macro.model_health.run IS 'Latest run. NULL: none yet.';

COMMENT ON COLUMN macro.model_health.run_at IS 'When that run was made.';

COMMENT ON COLUMN macro.model_health.as_of IS 'Time of its estimate.';

COMMENT ON COLUMN macro.model_health.age_seconds IS 'Seconds from as_of to now.';

COMMENT ON COLUMN macro.model_health.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN macro.model_health.window_end IS 'Start of the last bar of the estimate.';

COMMENT ON COLUMN macro.model_health.bars IS 'Bars of the estimate.';

COMMENT ON COLUMN macro.model_health.lookback IS 'Bars asked for.';

COMMENT ON COLUMN macro.model_health.assets IS 'Assets in the estimate.';

COMMENT ON COLUMN macro.model_health.last_price_time IS 'Instant of the newest good price of all assets in the run. NULL: no run.';

COMMENT ON COLUMN macro.model_health.last_price_age_seconds IS 'Seconds from there to now: what a feed that ended shows by.';

COMMENT ON COLUMN macro.model_health.trailing_bars IS 'Bars after window_end that have prices but are not in the calendar, since fewer than calendar_quorum of the assets alive have one there: more than 0 says that the estimate lags, and data_quality says for which late assets.';

COMMENT ON COLUMN macro.model_health.unestimated_assets IS 'Assets with too few returns for a volatility.';

COMMENT ON COLUMN macro.model_health.stale_assets IS 'Assets whose last price is stale, as in data_quality.';

COMMENT ON COLUMN macro.model_health.bad_prices IS 'Prices left out: not positive, not finite or contradictory.';

COMMENT ON COLUMN macro.model_health.correlation_repaired IS 'True: the pairwise correlations were not positive semi-definite.';

COMMENT ON COLUMN macro.model_health.last_refresh_started_at IS 'Start of the last refresh, whatever came of it.';

COMMENT ON COLUMN macro.model_health.last_refresh_finished_at IS 'Its end. NULL: running or interrupted.';

COMMENT ON COLUMN macro.model_health.last_refresh_status IS 'running, done, failed, interrupted (it ended and could not say so), or never.';

COMMENT ON COLUMN macro.model_health.failures IS 'Refreshes failed or interrupted since the last one that was done.';

COMMENT ON COLUMN macro.model_health.last_error IS 'Message of the last failure. NULL: none, or a later refresh was done.';

COMMENT ON COLUMN macro.model_health.last_error_at IS 'Start of that refresh.';

COMMENT ON COLUMN macro.model_health.runs_kept IS 'Runs of the model that the book holds.';

COMMENT ON COLUMN macro.model_health.last_refresh_phase IS 'Where the last refresh is: reading prices, estimating, offsets, evidence, done; or where it failed or was interrupted. NULL: never.';

ALTER TABLE macro.model_run ALTER COLUMN run ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME macro.model_run_run_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW macro.neutral_trades WITH (security_invoker='true') AS
 SELECT l.portfolio,
    l.model,
    r.as_of,
    n.kind,
    n.asset,
    (n.net + (0)::double precision) AS net,
    t.trade_contracts,
    t.trade_exposure AS trade,
    (t.net_after + (0)::double precision) AS net_after,
    k.net_risk AS net_risk_after,
    (c.carry + (0)::double precision) AS carry,
        CASE
            WHEN (k.net_risk > (0)::double precision) THEN ((c.carry / (k.net_risk * sqrt(m.bars_per_year))) + (0)::double precision)
            ELSE NULL::double precision
        END AS carry_per_risk
   FROM (((((((((macro._leg l
     JOIN macro.model_run r ON ((r.run = l.run)))
     JOIN macro.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL ( SELECT 'dollar'::text AS kind,
            NULL::text AS asset,
            l.net_delta AS net
        UNION ALL
         SELECT 'delta'::text,
            x.asset,
            x.delta_notional
           FROM UNNEST(l.assets, l.delta_notionals) x(asset, delta_notional)
        UNION ALL
         SELECT 'beta'::text,
            x.benchmark,
            sum(((x.exposure * hedge.hedge_ratio(r.matrix, x.asset, x.benchmark)) * x.scale)) AS sum
           FROM UNNEST(l.assets, l.exposures, l.benchmarks, l.benchmark_scales) x(asset, exposure, benchmark, scale)
          WHERE ((x.benchmark IS NOT NULL) AND (hedge.observations(r.matrix, x.asset, x.benchmark) >= (m.minimum_observations)::double precision))
          GROUP BY x.benchmark) n)
     LEFT JOIN macro._unit u ON (((u.run = l.run) AND (u.asset = n.asset))))
     LEFT JOIN macro.instrument i ON ((i.asset = n.asset)))
     CROSS JOIN LATERAL hedge.neutral_trade(
        CASE
            WHEN (n.asset IS NOT NULL) THEN n.net
            ELSE NULL::double precision
        END, (1)::double precision, (0)::double precision, NULLIF(u.unit_notional, (0)::double precision), COALESCE(i.lot_size, (1)::double precision)) t(trade_exposure, trade_contracts, net_after))
     CROSS JOIN LATERAL ( SELECT array_agg(y.asset) AS assets,
            array_agg(y.exposure) AS exposures
           FROM ( SELECT x.asset,
                    sum(x.exposure) AS exposure
                   FROM ( SELECT h.asset,
                            h.exposure
                           FROM UNNEST(l.assets, l.exposures) h(asset, exposure)
                        UNION ALL
                         SELECT n.asset,
                            (t.trade_contracts * u.unit_exposure)
                          WHERE (t.trade_contracts <> (0)::double precision)) x
                  GROUP BY x.asset) y) w)
     CROSS JOIN LATERAL hedge.portfolio_risk(COALESCE(r.psd_matrix, r.matrix), w.assets, w.exposures) k(gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, largest_contributor, largest_contribution, largest_reducer, largest_reduction))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (count(*) = count((x.value * j.carry))) THEN sum((x.value * j.carry))
                    ELSE NULL::double precision
                END AS carry
           FROM (( SELECT h.asset,
                    h.value
                   FROM UNNEST(l.assets, l.delta_notionals) h(asset, value)
                UNION ALL
                 SELECT n.asset,
                    t.trade_exposure
                  WHERE (t.trade_contracts <> (0)::double precision)) x
             LEFT JOIN macro.instrument j ON ((j.asset = x.asset)))
          WHERE (x.value <> (0)::double precision)) c)
  WHERE (l.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM macro.latest_run x)));

ALTER TABLE macro.neutral_trades OWNER TO upgrade_owner;

COMMENT ON VIEW macro.neutral_trades IS 'Portfolio x model x kind of neutrality: what is net, and the one trade, in whole lots, that brings it nearest to nothing. dollar: all exposures together, long and short money alike; delta: each underlying, its options by their delta; beta: each benchmark, what moves with it. Each is neutral to one thing and to nothing else: net_risk_after says what is left.';

COMMENT ON COLUMN macro.neutral_trades.portfolio IS 'The portfolio.';

COMMENT ON COLUMN macro.neutral_trades.model IS 'The model.';

COMMENT ON COLUMN macro.neutral_trades.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.neutral_trades.kind IS 'dollar, delta or beta.';

COMMENT ON COLUMN macro.neutral_trades.asset IS 'The underlying, or the benchmark, which is what would be traded. NULL: dollar, which any trade of that money would do.';

COMMENT ON COLUMN macro.neutral_trades.net IS 'dollar: net_delta of view portfolio_risk. delta: delta-equivalent notional of the underlying. beta: sum of exposure x beta to the benchmark. Of legs whose risk is known (dollar: of all), in base currency.';

COMMENT ON COLUMN macro.neutral_trades.trade_contracts IS 'Contracts of asset to trade, a whole multiple of lot_size; negative to sell; 0 where no lot comes nearer. NULL: dollar, or a contract has no value.';

COMMENT ON COLUMN macro.neutral_trades.trade IS 'Their value in base currency.';

COMMENT ON COLUMN macro.neutral_trades.net_after IS 'What is net then.';

COMMENT ON COLUMN macro.neutral_trades.net_risk_after IS 'Risk of the whole portfolio after this trade alone, one standard deviation per bar in base currency.';

COMMENT ON COLUMN macro.neutral_trades.carry IS 'Income of a year, in base currency, after this trade: sum of carry (table instrument) x delta-equivalent notional. NULL: carry of something held is not known.';

COMMENT ON COLUMN macro.neutral_trades.carry_per_risk IS 'carry / (net_risk_after x sqrt(bars_per_year)): a year''s income for each unit of a year''s risk. NULL: carry is, or there is no risk.';

CREATE VIEW macro.offsetting_pairs WITH (security_invoker='true') AS
 SELECT h.portfolio,
    r.model,
    r.as_of,
    r.window_start,
    o.asset_a,
    o.asset_b,
    o.side_a,
    o.side_b,
    o.quantity_a,
    o.quantity_b,
    o.exposure_a,
    o.exposure_b,
    o.correlation,
    o.correlation_low,
    o.correlation_high,
    o.observations,
    o.volatility_a,
    o.volatility_b,
    o.volatility_a_annual,
    o.volatility_b_annual,
    o.hedge_ratio,
    o.actual_ratio,
    o.target_exposure_b,
    o.trade_b,
    o.trade_b_contracts,
    o.gross_risk,
    o.uncorrelated_risk,
    o.net_risk,
    o.diversification,
    o.risk_offset,
    o.risk_offset_share,
    o.residual_risk,
    o.price_time,
    o.robust_low,
    o.robust_high,
    o.conservative_correlation,
    o.risk_offset_conservative,
    o.net_risk_conservative,
    o.out_of_sample_effectiveness,
    o.held_effectiveness,
    o.break_even_correlation,
    o.break_even_confidence,
    o.break_time,
    o.verdict,
    o.reason
   FROM (((macro._holding h
     CROSS JOIN macro.model_run r)
     JOIN macro.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL hedge._evident_pairs(matrix => r.matrix, book => 'macro'::regnamespace, run => r.run, holdings => h.holdings, offsetting => true, minimum_correlation => m.minimum_correlation, minimum_observations => m.minimum_observations, bars_per_year => m.bars_per_year, level => m.confidence_level, max_pairs => NULL::integer, unexamined =>
        CASE
            WHEN ((r.settings ->> 'evidence'::text) = 'none'::text) THEN 'setting evidence of the model is none'::text
            ELSE 'the refresh did not examine it: its offset was too small to be kept, or the position is newer'::text
        END) o(asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b, correlation, correlation_low, correlation_high, observations, volatility_a, volatility_b, volatility_a_annual, volatility_b_annual, hedge_ratio, actual_ratio, target_exposure_b, trade_b, trade_b_contracts, gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, risk_offset_share, residual_risk, price_time, robust_low, robust_high, conservative_correlation, risk_offset_conservative, net_risk_conservative, out_of_sample_effectiveness, held_effectiveness, break_even_correlation, break_even_confidence, break_time, verdict, reason))
  WHERE (r.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM macro.latest_run x)))
  ORDER BY o.risk_offset DESC;

ALTER TABLE macro.offsetting_pairs OWNER TO upgrade_owner;

COMMENT ON VIEW macro.offsetting_pairs IS 'Portfolio x model x pair of positions that offset each other, live: present positions at each model''s latest run, the largest risk_offset first. A filter on portfolio computes that portfolio alone. Volatilities are the assets'' own, the correlation is that of their common returns.';

COMMENT ON COLUMN macro.offsetting_pairs.portfolio IS 'Who holds both.';

COMMENT ON COLUMN macro.offsetting_pairs.model IS 'The model.';

COMMENT ON COLUMN macro.offsetting_pairs.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.offsetting_pairs.window_start IS 'Start of the first bar of the estimate.';

COMMENT ON COLUMN macro.offsetting_pairs.asset_a IS 'The leg with the larger risk.';

COMMENT ON COLUMN macro.offsetting_pairs.asset_b IS 'The other leg, which is taken for the hedge.';

COMMENT ON COLUMN macro.offsetting_pairs.side_a IS 'long or short, the sign of exposure_a.';

COMMENT ON COLUMN macro.offsetting_pairs.side_b IS 'long or short, the sign of exposure_b.';

COMMENT ON COLUMN macro.offsetting_pairs.quantity_a IS 'Contracts of asset_a held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN macro.offsetting_pairs.quantity_b IS 'Contracts of asset_b held; negative when short. NULL: a currency that only funded holdings expose to.';

COMMENT ON COLUMN macro.offsetting_pairs.exposure_a IS 'Exposure to asset_a, as in view exposure.';

COMMENT ON COLUMN macro.offsetting_pairs.exposure_b IS 'Exposure to asset_b, as in view exposure.';

COMMENT ON COLUMN macro.offsetting_pairs.correlation IS 'Correlation of their returns, from -1 to 1.';

COMMENT ON COLUMN macro.offsetting_pairs.correlation_low IS 'Lower end of the interval around correlation at the model''s confidence_level (Fisher), which holds for independent normal returns only: robust_low and robust_high are the ones to go by. NULL: too few observations.';

COMMENT ON COLUMN macro.offsetting_pairs.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.offsetting_pairs.observations IS 'Bars on which both have a return.';

COMMENT ON COLUMN macro.offsetting_pairs.volatility_a IS 'Standard deviation of asset_a''s return, per bar.';

COMMENT ON COLUMN macro.offsetting_pairs.volatility_b IS 'Standard deviation of asset_b''s return, per bar.';

COMMENT ON COLUMN macro.offsetting_pairs.volatility_a_annual IS 'volatility_a x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.offsetting_pairs.volatility_b_annual IS 'volatility_b x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.offsetting_pairs.hedge_ratio IS 'Minimum-variance hedge ratio: exposure to asset_b against one of asset_a, correlation x volatility_a / volatility_b (covariance / variance of b where nothing is missing). Money against money; where a leg has difference returns, its exposure is money per unit of price, and the ratio is in those units.';

COMMENT ON COLUMN macro.offsetting_pairs.actual_ratio IS 'The ratio held: -exposure_b / exposure_a.';

COMMENT ON COLUMN macro.offsetting_pairs.target_exposure_b IS 'Exposure to asset_b that leaves the least risk: -hedge_ratio x exposure_a.';

COMMENT ON COLUMN macro.offsetting_pairs.trade_b IS 'Exposure to trade to get there: target_exposure_b - exposure_b; negative to sell.';

COMMENT ON COLUMN macro.offsetting_pairs.trade_b_contracts IS 'trade_b in contracts of delta 1, not rounded. NULL: one contract has no exposure.';

COMMENT ON COLUMN macro.offsetting_pairs.gross_risk IS 'Risk of both legs added, |a| + |b|; risk a leg = exposure x volatility, per bar, in base currency.';

COMMENT ON COLUMN macro.offsetting_pairs.uncorrelated_risk IS 'Risk if they were uncorrelated: sqrt(a^2 + b^2).';

COMMENT ON COLUMN macro.offsetting_pairs.net_risk IS 'Risk as they move together: sqrt(a^2 + b^2 + 2 a b correlation).';

COMMENT ON COLUMN macro.offsetting_pairs.diversification IS 'gross_risk - uncorrelated_risk: what two unrelated legs would save, too.';

COMMENT ON COLUMN macro.offsetting_pairs.risk_offset IS 'uncorrelated_risk - net_risk: risk that the correlation removes; negative where it adds. Of this pair by itself: a leg stands in several pairs, so the offsets of a portfolio''s pairs do not add up to that of the portfolio, which is in portfolio_risk.';

COMMENT ON COLUMN macro.offsetting_pairs.risk_offset_share IS 'risk_offset / uncorrelated_risk.';

COMMENT ON COLUMN macro.offsetting_pairs.residual_risk IS 'Risk left at target_exposure_b: |a| x sqrt(1 - correlation^2).';

COMMENT ON COLUMN macro.offsetting_pairs.price_time IS 'Instant of the older of the two prices.';

COMMENT ON COLUMN macro.offsetting_pairs.robust_low IS 'Lower end of an interval around correlation that holds under heavy tails and serial dependence, too. NULL, as all that follow: the run did not examine the pair, or there is no answer.';

COMMENT ON COLUMN macro.offsetting_pairs.robust_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.offsetting_pairs.conservative_correlation IS 'Its end on the side where the two legs offset less: robust_low of a long and a short, robust_high of two on one side; under verdict break_detected, the correlation after the break, if they offset less at that.';

COMMENT ON COLUMN macro.offsetting_pairs.risk_offset_conservative IS 'risk_offset at conservative_correlation: what can be counted on; negative where the legs may as well add up.';

COMMENT ON COLUMN macro.offsetting_pairs.net_risk_conservative IS 'net_risk at conservative_correlation.';

COMMENT ON COLUMN macro.offsetting_pairs.out_of_sample_effectiveness IS 'Share of asset_a''s variance removed by hedging each return with asset_b at the ratio of the bars before it; negative where that added.';

COMMENT ON COLUMN macro.offsetting_pairs.held_effectiveness IS 'Share of asset_a''s variance removed at actual_ratio; negative where it adds.';

COMMENT ON COLUMN macro.offsetting_pairs.break_even_correlation IS 'Correlation at which actual_ratio neither removes nor adds variance; beyond 1 in size none suffices.';

COMMENT ON COLUMN macro.offsetting_pairs.break_even_confidence IS 'Confidence that the true correlation is beyond that.';

COMMENT ON COLUMN macro.offsetting_pairs.break_time IS 'Bar of the most likely change of the correlation in the window; it means something under verdict break_detected.';

COMMENT ON COLUMN macro.offsetting_pairs.verdict IS 'reliable, weak, unstable, break_detected or insufficient: the evidence of the run on the pair, asset_b taken for the hedge; not examined where there is none, as reason says.';

COMMENT ON COLUMN macro.offsetting_pairs.reason IS 'Why, in words; and that the ratio held adds variance, where held_effectiveness is negative: the verdict is of the pair, not of how much of each leg is held.';

CREATE VIEW macro.open_alerts WITH (security_invoker='true') AS
 SELECT (a.alert)::integer AS alert,
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
   FROM (macro.alert a
     LEFT JOIN macro.alert_holders h ON ((h.alert = a.alert)))
  WHERE ((a.acknowledged_at IS NULL) AND (a.cleared_at_bar IS NULL))
  ORDER BY h.risk_offset_at_stake DESC NULLS LAST, a.alert;

ALTER TABLE macro.open_alerts OWNER TO upgrade_owner;

COMMENT ON VIEW macro.open_alerts IS 'Alerts that stand and that nobody has acknowledged, the most at stake first. Who holds the pair is NULL for those who may not know (hedge.restrict_book).';

COMMENT ON COLUMN macro.open_alerts.alert IS 'Number of the alert, for hedge.acknowledge.';

COMMENT ON COLUMN macro.open_alerts.model IS 'The model.';

COMMENT ON COLUMN macro.open_alerts.kind IS 'break: a monitor saw the correlation leave what it was over its baseline. sign_change: the robust interval leaves out 0 on the other side than before. verdict_lost: the pair was reliable, and has been weak, unstable or insufficient for the model''s alarm_patience.';

COMMENT ON COLUMN macro.open_alerts.asset_y IS 'One asset of the pair, the first in byte order.';

COMMENT ON COLUMN macro.open_alerts.asset_x IS 'The other.';

COMMENT ON COLUMN macro.open_alerts.message IS 'What happened, in words.';

COMMENT ON COLUMN macro.open_alerts.raised_at_bar IS 'Bar that raised it.';

COMMENT ON COLUMN macro.open_alerts.change_bar IS 'Most likely first bar of the change; of verdict_lost, the last bar of the refresh that first found it. NULL: unknown, or before the window.';

COMMENT ON COLUMN macro.open_alerts.direction IS '1: the correlation rose, -1: it fell. NULL: of verdict_lost, and of a break that was over again when the refresh came.';

COMMENT ON COLUMN macro.open_alerts.portfolios IS 'Portfolios that leaned on the pair when it was raised.';

COMMENT ON COLUMN macro.open_alerts.portfolio_list IS 'Their names, shortened when they are many.';

COMMENT ON COLUMN macro.open_alerts.risk_offset_at_stake IS 'Risk that the correlation of the baseline removes from these portfolios, summed, at the volatilities and positions of the refresh, less what the one since the change removes (of verdict_lost, a correlation of 0): what is lost. 0 where the change strengthened the hedge, or is over.';

COMMENT ON COLUMN macro.open_alerts.created_at IS 'When the row was made.';

CREATE TABLE macro.return_block (
    block bigint NOT NULL,
    model text NOT NULL,
    first_bar timestamp with time zone NOT NULL,
    last_bar timestamp with time zone NOT NULL,
    bars timestamp with time zone[] NOT NULL,
    bar_count integer GENERATED ALWAYS AS (cardinality(bars)) STORED NOT NULL,
    assets text[] NOT NULL,
    returns double precision[] NOT NULL,
    last_price double precision[] NOT NULL,
    last_price_time timestamp with time zone[] NOT NULL,
    priced_bars integer[] NOT NULL,
    non_positive integer[] NOT NULL,
    not_finite integer[] NOT NULL,
    contradictory integer[] NOT NULL,
    gap_moves integer[] NOT NULL,
    largest_gap_move double precision[] NOT NULL,
    largest_gap_bar timestamp with time zone[] NOT NULL,
    opening_price double precision[] NOT NULL,
    opening_bar timestamp with time zone[] NOT NULL,
    closing_price double precision[] NOT NULL,
    unchanged integer[] NOT NULL,
    frozen integer[] NOT NULL
);
ALTER TABLE ONLY macro.return_block ALTER COLUMN bars SET STORAGE EXTERNAL;
ALTER TABLE ONLY macro.return_block ALTER COLUMN assets SET STORAGE EXTERNAL;
ALTER TABLE ONLY macro.return_block ALTER COLUMN returns SET STORAGE EXTERNAL;
ALTER TABLE ONLY macro.return_block ALTER COLUMN last_price SET STORAGE EXTERNAL;
ALTER TABLE ONLY macro.return_block ALTER COLUMN last_price_time SET STORAGE EXTERNAL;
ALTER TABLE ONLY macro.return_block ALTER COLUMN closing_price SET STORAGE EXTERNAL;

ALTER TABLE macro.return_block OWNER TO upgrade_owner;

COMMENT ON TABLE macro.return_block IS 'Aligned returns of a span of bars. A block never changes: runs share the old ones, and a block that no run uses is deleted.';

COMMENT ON COLUMN macro.return_block.block IS 'Number of the block.';

COMMENT ON COLUMN macro.return_block.model IS 'Model whose settings made it.';

COMMENT ON COLUMN macro.return_block.first_bar IS 'Start of its first bar.';

COMMENT ON COLUMN macro.return_block.last_bar IS 'Start of its last bar.';

COMMENT ON COLUMN macro.return_block.bars IS 'Starts of its bars, all of the calendar.';

COMMENT ON COLUMN macro.return_block.bar_count IS 'How many they are.';

COMMENT ON COLUMN macro.return_block.assets IS 'Assets read, in byte order.';

COMMENT ON COLUMN macro.return_block.returns IS 'Returns [asset][bar]; NULL where there is none.';

COMMENT ON COLUMN macro.return_block.last_price IS 'Per asset, last good price since the block before; NULL: none.';

COMMENT ON COLUMN macro.return_block.last_price_time IS 'Per asset, instant of last_price.';

COMMENT ON COLUMN macro.return_block.priced_bars IS 'Per asset, bars of the block with a good price.';

COMMENT ON COLUMN macro.return_block.non_positive IS 'Per asset, prices left out because they are zero or negative, under simple and log returns.';

COMMENT ON COLUMN macro.return_block.not_finite IS 'Per asset, prices left out because they are NaN or infinite or give such a return.';

COMMENT ON COLUMN macro.return_block.contradictory IS 'Per asset, bars without a close because of two different prices at their last instant.';

COMMENT ON COLUMN macro.return_block.gap_moves IS 'Per asset, closes in the block that follow a gap in the block: moves that are in no return.';

COMMENT ON COLUMN macro.return_block.largest_gap_move IS 'Per asset, the largest of these moves in size, as a return of its kind; NULL: none.';

COMMENT ON COLUMN macro.return_block.largest_gap_bar IS 'Per asset, start of the bar that largest_gap_move ends in.';

COMMENT ON COLUMN macro.return_block.opening_price IS 'Per asset, the first close in the block, if no return leads to it; NULL: one does. From the closing_price before to this is a move over a gap, too.';

COMMENT ON COLUMN macro.return_block.opening_bar IS 'Per asset, start of the bar of opening_price.';

COMMENT ON COLUMN macro.return_block.closing_price IS 'Per asset, the last close on the calendar in the block; NULL: none.';

COMMENT ON COLUMN macro.return_block.unchanged IS 'Per asset, closes that are the one of the bar before.';

COMMENT ON COLUMN macro.return_block.frozen IS 'Per asset, those of them that at least stale_after others precede in one row.';

CREATE VIEW macro.portfolio_risk WITH (security_invoker='true') AS
 SELECT l.portfolio,
    l.model,
    r.as_of,
    l.positions,
    l.unpriced_positions,
    l.unestimated_positions,
    l.stale_positions,
    ((l.unpriced_positions)::double precision / (NULLIF(l.positions, 0))::double precision) AS unpriced_share,
    l.long_notional,
    l.short_notional,
    (l.long_notional - l.short_notional) AS gross_notional,
    (l.long_notional + l.short_notional) AS net_notional,
    k.gross_risk,
    k.uncorrelated_risk,
    k.net_risk,
    k.risk_offset,
    (k.net_risk * sqrt(m.bars_per_year)) AS net_risk_annual,
    r.repaired AS correlation_repaired,
    ((b.beta_exposure / NULLIF(b.gross, (0)::double precision)) + (0)::double precision) AS beta,
    (b.beta_exposure + (0)::double precision) AS beta_exposure,
    l.net_delta,
        CASE
            WHEN ((h.windows >= m.minimum_observations) AND h.enough) THEN hedge.value_at_risk(h.profit_and_loss, m.risk_level, m.horizon)
            ELSE NULL::double precision
        END AS value_at_risk,
        CASE
            WHEN ((h.windows >= m.minimum_observations) AND h.enough) THEN hedge.expected_shortfall(h.profit_and_loss, m.risk_level, m.horizon)
            ELSE NULL::double precision
        END AS expected_shortfall,
    m.risk_level,
    m.horizon,
    h.windows AS historical_windows,
    k.largest_contributor,
    k.largest_contribution,
    k.largest_reducer,
    k.largest_reduction,
    (k.net_risk * (i.volatility_low / i.volatility)) AS net_risk_low,
    (k.net_risk * (i.volatility_high / i.volatility)) AS net_risk_high,
    ( SELECT (COALESCE(sum(((a.non_positive + a.not_finite) + a.contradictory)), (0)::bigint))::integer AS "coalesce"
           FROM macro.run_asset a
          WHERE ((a.run = l.run) AND (a.asset = ANY (l.assets)))) AS bad_prices,
    l.unestimated_notional,
    (l.known_notional / NULLIF((l.known_notional + l.unestimated_notional), (0)::double precision)) AS risk_coverage,
    (b.gross / NULLIF((l.known_notional + l.unestimated_notional), (0)::double precision)) AS beta_coverage,
    ( SELECT g.move
           FROM ((UNNEST(l.assets, l.exposures) t(asset, exposure)
             JOIN macro.run_asset a ON (((a.run = l.run) AND (a.asset = t.asset))))
             CROSS JOIN LATERAL ( SELECT ((t.exposure *
                        CASE a.return_kind
                            WHEN 'log'::text THEN (exp(LEAST(a.largest_gap_move, (100)::double precision)) - (1)::double precision)
                            ELSE a.largest_gap_move
                        END) + (0)::double precision) AS move) g)
          WHERE (abs(g.move) <= ('100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision)
          ORDER BY (abs(g.move)) DESC, (t.asset COLLATE "C")
         LIMIT 1) AS largest_gap_move
   FROM ((((((macro._leg l
     JOIN macro.model_run r ON ((r.run = l.run)))
     JOIN macro.model m ON ((m.model = r.model)))
     CROSS JOIN LATERAL hedge.portfolio_risk(COALESCE(r.psd_matrix, r.matrix), l.assets, l.exposures) k(gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, largest_contributor, largest_contribution, largest_reducer, largest_reduction))
     CROSS JOIN LATERAL ( SELECT sum(((t.exposure * hedge.hedge_ratio(r.matrix, t.asset, t.benchmark)) * t.benchmark_scale)) AS beta_exposure,
            sum(abs(t.delta_notional)) AS gross
           FROM UNNEST(l.assets, l.exposures, l.delta_notionals, l.benchmarks, l.benchmark_scales) t(asset, exposure, delta_notional, benchmark, benchmark_scale)
          WHERE ((t.benchmark IS NOT NULL) AND (hedge.observations(r.matrix, t.asset, t.benchmark) >= (m.minimum_observations)::double precision))) b)
     CROSS JOIN LATERAL ( SELECT p.profit_and_loss,
            w.windows,
            (((w.windows)::double precision * ((1)::double precision - m.risk_level)) >= (((1)::numeric - 0.000000001))::double precision) AS enough
           FROM (( SELECT j.pnl[((cardinality(j.pnl) - r.bars) + 1):] AS profit_and_loss
                   FROM ( SELECT hedge.concatenate(hedge.profit_and_loss(l.assets, l.exposures, c.assets, c.returns, l.return_kinds) ORDER BY c.first_bar) AS pnl
                           FROM macro.return_block c
                          WHERE ((c.block = ANY (r.blocks)) AND (c.last_bar >= r.window_start))) j
                 OFFSET 0) p
             CROSS JOIN LATERAL ( SELECT COALESCE(hedge.observed_windows(p.profit_and_loss, m.horizon), 0) AS windows) w)) h)
     CROSS JOIN LATERAL hedge.volatility_interval(
        CASE
            WHEN (h.windows >= m.minimum_observations) THEN h.profit_and_loss
            ELSE NULL::double precision[]
        END, m.confidence_level) i(volatility, volatility_low, volatility_high))
  WHERE (l.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM macro.latest_run x)));

ALTER TABLE macro.portfolio_risk OWNER TO upgrade_owner;

COMMENT ON VIEW macro.portfolio_risk IS 'Portfolio x model: risk of the whole, live: present positions at each model''s latest run. Risk, beta and historical losses cover the holdings whose price and volatility are known, as if the others were not held: look at risk_coverage and unpriced_share beside every one of them.';

COMMENT ON COLUMN macro.portfolio_risk.portfolio IS 'The portfolio.';

COMMENT ON COLUMN macro.portfolio_risk.model IS 'The model.';

COMMENT ON COLUMN macro.portfolio_risk.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.portfolio_risk.positions IS 'Position rows.';

COMMENT ON COLUMN macro.portfolio_risk.unpriced_positions IS 'Position rows without an exposure: no price, no exchange rate, a quantity or delta that is no number (NULL included) or out of range.';

COMMENT ON COLUMN macro.portfolio_risk.unestimated_positions IS 'Position rows with an exposure but without a volatility: too few returns. No risk here knows of them; unestimated_notional says how large they are.';

COMMENT ON COLUMN macro.portfolio_risk.stale_positions IS 'Position rows with an exposure at a stale price, or at a stale exchange rate; stale as in data_quality. They count in all sums.';

COMMENT ON COLUMN macro.portfolio_risk.unpriced_share IS 'unpriced_positions / positions, from 0 to 1. NULL: no positions.';

COMMENT ON COLUMN macro.portfolio_risk.long_notional IS 'Sum of the positive notionals of view exposure: without delta, in base currency: contracts held long, and at a negative price those held short. Positions without a price are not in it.';

COMMENT ON COLUMN macro.portfolio_risk.short_notional IS 'Sum of the negative ones: contracts held short, or long at a negative price (a long position in oil at -37 stands here).';

COMMENT ON COLUMN macro.portfolio_risk.gross_notional IS 'long_notional - short_notional.';

COMMENT ON COLUMN macro.portfolio_risk.net_notional IS 'long_notional + short_notional.';

COMMENT ON COLUMN macro.portfolio_risk.gross_risk IS 'Risks of all legs whose volatility is known added, in base currency per bar: no two offset each other. Without unpriced and unestimated positions, as all risks here: see risk_coverage.';

COMMENT ON COLUMN macro.portfolio_risk.uncorrelated_risk IS 'Risk if every correlation were 0: root of the sum of squares, over the same legs as gross_risk.';

COMMENT ON COLUMN macro.portfolio_risk.net_risk IS 'Risk with the correlations of the run, one standard deviation of profit and loss per bar, over the same legs as gross_risk: positions without a price or a volatility are left out as if they were not held (risk_coverage). NULL: no leg with a volatility.';

COMMENT ON COLUMN macro.portfolio_risk.risk_offset IS 'uncorrelated_risk - net_risk: what the correlations remove; negative where they add.';

COMMENT ON COLUMN macro.portfolio_risk.net_risk_annual IS 'net_risk x sqrt(bars_per_year).';

COMMENT ON COLUMN macro.portfolio_risk.correlation_repaired IS 'True: the pairwise correlations were not positive semi-definite, and the nearest ones that are stand in for them here.';

COMMENT ON COLUMN macro.portfolio_risk.beta IS 'beta_exposure per gross delta-equivalent notional of the holdings that are in it (beta_coverage). NULL: none is.';

COMMENT ON COLUMN macro.portfolio_risk.beta_exposure IS 'Exposure to the benchmarks in base currency: sum of exposure x beta of each asset to its instrument''s benchmark. Left out are holdings without a benchmark, and those without a volatility or with fewer than minimum_observations returns in common with it: beta_coverage is the share of the rest. NULL: none is left.';

COMMENT ON COLUMN macro.portfolio_risk.net_delta IS 'Sum of all delta-equivalent notionals in base currency, those of currencies included: profit and loss per relative rise of every price at once. Money for every return kind: under difference returns, too, it is delta x notional, not the exposure per unit of price. So a funded foreign holding counts twice, in its price and in its currency, and what is held long at a negative price is negative: no measure of size.';

COMMENT ON COLUMN macro.portfolio_risk.value_at_risk IS 'Loss over horizon bars that the window''s history exceeds in a share 1 - risk_level of its (overlapping) periods; a loss is positive, in base currency. NULL: fewer than minimum_observations periods on which every holding has its returns, or fewer than 1 / (1 - risk_level), of which not one would be in that share: the worst of all would stand for it. Only holdings behind net_risk.';

COMMENT ON COLUMN macro.portfolio_risk.expected_shortfall IS 'Mean loss of the worst share 1 - risk_level of the periods (Acerbi and Tasche), at least value_at_risk; a loss is positive. NULL as value_at_risk.';

COMMENT ON COLUMN macro.portfolio_risk.risk_level IS 'Level of value_at_risk and expected_shortfall.';

COMMENT ON COLUMN macro.portfolio_risk.horizon IS 'Bars they look ahead.';

COMMENT ON COLUMN macro.portfolio_risk.historical_windows IS 'Periods of the window on which every holding has its returns.';

COMMENT ON COLUMN macro.portfolio_risk.largest_contributor IS 'Asset that adds most to net_risk. NULL: none adds.';

COMMENT ON COLUMN macro.portfolio_risk.largest_contribution IS 'Its contribution (Euler): exposure x change of net_risk per exposure; all contributions sum to net_risk.';

COMMENT ON COLUMN macro.portfolio_risk.largest_reducer IS 'Asset that takes most off net_risk at the margin: whose contribution is most negative. NULL: none is. That does not say that nothing offsets: without a position whose contribution is positive net_risk may be larger, too (see hedge.risk_contributions).';

COMMENT ON COLUMN macro.portfolio_risk.largest_reduction IS 'Its contribution: negative.';

COMMENT ON COLUMN macro.portfolio_risk.net_risk_low IS 'Lower end of the interval around net_risk at the model''s confidence_level, from how the portfolio''s own profit and loss varied in the window (Newey-West); wider where losses cluster or have heavy tails. NULL: fewer than minimum_observations periods, or profit and loss do not vary.';

COMMENT ON COLUMN macro.portfolio_risk.net_risk_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.portfolio_risk.bad_prices IS 'Prices of the assets behind these risks that were left out in the window (data_quality says which: not positive, not finite or contradictory): moves that no risk here knows of.';

COMMENT ON COLUMN macro.portfolio_risk.unestimated_notional IS 'Gross delta-equivalent notional, in base currency, of the unestimated_positions: held, but in no risk, beta or historical loss.';

COMMENT ON COLUMN macro.portfolio_risk.risk_coverage IS 'Share of the gross delta-equivalent notional whose risk is known, from 0 to 1: below 1, net_risk and the others speak of a part of the portfolio. Unpriced positions have no notional and are in neither part: see unpriced_share. NULL: the notional is 0.';

COMMENT ON COLUMN macro.portfolio_risk.beta_coverage IS 'Share of the same notional that beta_exposure covers. NULL: none is covered, or the notional is 0.';

COMMENT ON COLUMN macro.portfolio_risk.largest_gap_move IS 'Profit (negative: loss), largest in size, that one holding, as it is now, would have made in a move over bars without its price (largest_gap_move of data_quality): a suspension, a holiday of its own, a bad price. No return holds it, so no risk, value_at_risk or expected_shortfall here knows of it. NULL: there is none.';

ALTER TABLE macro.refresh_log ALTER COLUMN entry ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME macro.refresh_log_entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE macro.return_block ALTER COLUMN block ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME macro.return_block_block_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE macro.return_span (
    span bigint NOT NULL,
    model text NOT NULL,
    first_bar timestamp with time zone NOT NULL,
    last_bar timestamp with time zone NOT NULL,
    blocks bigint[] NOT NULL,
    matrix hedge.comoment_matrix NOT NULL,
    assets text[] NOT NULL,
    last_price double precision[] NOT NULL,
    last_price_time timestamp with time zone[] NOT NULL,
    priced_bars integer[] NOT NULL,
    non_positive integer[] NOT NULL,
    not_finite integer[] NOT NULL,
    contradictory integer[] NOT NULL,
    gap_moves integer[] NOT NULL,
    largest_gap_move double precision[] NOT NULL,
    largest_gap_bar timestamp with time zone[] NOT NULL,
    opening_price double precision[] NOT NULL,
    opening_bar timestamp with time zone[] NOT NULL,
    closing_price double precision[] NOT NULL,
    unchanged integer[] NOT NULL,
    frozen integer[] NOT NULL
);
ALTER TABLE ONLY macro.return_span ALTER COLUMN assets SET STORAGE EXTERNAL;
ALTER TABLE ONLY macro.return_span ALTER COLUMN last_price SET STORAGE EXTERNAL;
ALTER TABLE ONLY macro.return_span ALTER COLUMN last_price_time SET STORAGE EXTERNAL;
ALTER TABLE ONLY macro.return_span ALTER COLUMN closing_price SET STORAGE EXTERNAL;

ALTER TABLE macro.return_span OWNER TO upgrade_owner;

COMMENT ON TABLE macro.return_span IS 'Sums over consecutive blocks of returns, made once and added up by every run whose window holds all of them. As blocks, a span never changes, and one that no run uses is deleted.';

COMMENT ON COLUMN macro.return_span.span IS 'Number of the span.';

COMMENT ON COLUMN macro.return_span.model IS 'Model of its blocks.';

COMMENT ON COLUMN macro.return_span.first_bar IS 'Start of its first bar.';

COMMENT ON COLUMN macro.return_span.last_bar IS 'Start of its last bar.';

COMMENT ON COLUMN macro.return_span.blocks IS 'Its blocks in time order.';

COMMENT ON COLUMN macro.return_span.matrix IS 'Co-moments of the returns of every pair of assets in these blocks.';

COMMENT ON COLUMN macro.return_span.assets IS 'Assets of these blocks, in byte order.';

COMMENT ON COLUMN macro.return_span.last_price IS 'Per asset, last good price in these blocks; NULL: none.';

COMMENT ON COLUMN macro.return_span.last_price_time IS 'Per asset, instant of last_price.';

COMMENT ON COLUMN macro.return_span.priced_bars IS 'Per asset, bars of these blocks with a good price.';

COMMENT ON COLUMN macro.return_span.non_positive IS 'Per asset, prices left out because they are zero or negative, under simple and log returns.';

COMMENT ON COLUMN macro.return_span.not_finite IS 'Per asset, prices left out because they are NaN or infinite or give such a return.';

COMMENT ON COLUMN macro.return_span.contradictory IS 'Per asset, bars without a close because of two different prices at their last instant.';

COMMENT ON COLUMN macro.return_span.gap_moves IS 'Per asset, closes in these blocks that follow a gap in these blocks: moves that are in no return.';

COMMENT ON COLUMN macro.return_span.largest_gap_move IS 'Per asset, the largest of these moves in size, as a return of its kind; NULL: none.';

COMMENT ON COLUMN macro.return_span.largest_gap_bar IS 'Per asset, start of the bar that largest_gap_move ends in.';

COMMENT ON COLUMN macro.return_span.opening_price IS 'Per asset, the first close in these blocks, if no return leads to it; NULL: one does. From the closing_price before to this is a move over a gap, too.';

COMMENT ON COLUMN macro.return_span.opening_bar IS 'Per asset, start of the bar of opening_price.';

COMMENT ON COLUMN macro.return_span.closing_price IS 'Per asset, the last close on the calendar in these blocks; NULL: none.';

COMMENT ON COLUMN macro.return_span.unchanged IS 'Per asset, closes that are the one of the bar before.';

COMMENT ON COLUMN macro.return_span.frozen IS 'Per asset, those of them that at least stale_after others precede in one row.';

ALTER TABLE macro.return_span ALTER COLUMN span ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME macro.return_span_span_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW macro.rolling_correlation WITH (security_invoker='true') AS
 SELECT l.model,
    y.asset AS asset_y,
    x.asset AS asset_x,
    s.bar AS "time",
    s.correlation,
    (s.bounds).low AS correlation_low,
    (s.bounds).high AS correlation_high,
    s.hedge_ratio,
    ((s.bar AT TIME ZONE m.time_zone))::date AS day
   FROM (((((macro.latest_run l
     JOIN macro.model_run r ON ((r.run = l.run)))
     JOIN macro.model m ON ((m.model = l.model)))
     JOIN macro.run_asset y ON ((y.run = r.run)))
     JOIN macro.run_asset x ON (((x.run = r.run) AND (x.asset <> y.asset))))
     CROSS JOIN LATERAL ( SELECT w.bar,
            hedge.corr(w.comoments) AS correlation,
            hedge.corr_interval(w.comoments, m.confidence_level) AS bounds,
            hedge.hedge_ratio(w.comoments) AS hedge_ratio
           FROM ( SELECT c.bar,
                    hedge.comoments(c.y, c.x) OVER (ORDER BY c.bar ROWS BETWEEN (m.rolling_bars - 1) PRECEDING AND CURRENT ROW) AS comoments,
                    row_number() OVER (ORDER BY c.bar) AS common
                   FROM ( SELECT t.bar,
                            t.y,
                            t.x
                           FROM ((macro.return_block b
                             CROSS JOIN LATERAL ( SELECT array_position(b.assets, y.asset) AS y,
                                    array_position(b.assets, x.asset) AS x) n)
                             CROSS JOIN LATERAL UNNEST(b.bars, b.returns[n.y:n.y][:], b.returns[n.x:n.x][:]) t(bar, y, x))
                          WHERE (b.block = ANY (r.blocks))) c
                  WHERE ((c.bar >= r.window_start) AND (c.y IS NOT NULL) AND (c.x IS NOT NULL))) w
          WHERE (w.common >= m.rolling_bars)
         OFFSET 0) s);

ALTER TABLE macro.rolling_correlation OWNER TO upgrade_owner;

COMMENT ON VIEW macro.rolling_correlation IS 'Model x pair x bar: correlation over the last rolling_bars common returns, through the window of each model''s latest run. Computed when it is read, pair by pair: filter on asset_y and asset_x. Each pair stands twice, once in each direction.';

COMMENT ON COLUMN macro.rolling_correlation.model IS 'The model.';

COMMENT ON COLUMN macro.rolling_correlation.asset_y IS 'The asset held.';

COMMENT ON COLUMN macro.rolling_correlation.asset_x IS 'The hedge.';

COMMENT ON COLUMN macro.rolling_correlation."time" IS 'Start of the last bar of the rolling_bars common returns.';

COMMENT ON COLUMN macro.rolling_correlation.correlation IS 'Correlation of these returns, from -1 to 1; NULL: a side is constant.';

COMMENT ON COLUMN macro.rolling_correlation.correlation_low IS 'Lower end of its interval at the model''s confidence_level (Fisher''s, for independent normal returns: too narrow where tails are heavy; correlation_stability has the robust one of the whole window).';

COMMENT ON COLUMN macro.rolling_correlation.correlation_high IS 'Upper end of that interval.';

COMMENT ON COLUMN macro.rolling_correlation.hedge_ratio IS 'Minimum-variance hedge ratio of asset_y by asset_x over these returns; NULL: asset_x is constant.';

COMMENT ON COLUMN macro.rolling_correlation.day IS 'The day of time in the model''s time zone.';

CREATE TABLE macro.spread (
    spread text NOT NULL,
    priority double precision,
    CONSTRAINT priority_is_a_number CHECK (((priority > '-Infinity'::double precision) AND (priority < 'Infinity'::double precision)))
);

ALTER TABLE macro.spread OWNER TO upgrade_owner;

COMMENT ON TABLE macro.spread IS 'Spreads that earn a credit on outright margins, for view spread_margin.';

COMMENT ON COLUMN macro.spread.spread IS 'Name of the spread.';

COMMENT ON COLUMN macro.spread.priority IS 'The lowest is formed first. NULL: last.';

CREATE TABLE macro.spread_leg (
    spread text NOT NULL,
    asset text NOT NULL,
    ratio double precision NOT NULL,
    side text NOT NULL,
    credit_rate double precision NOT NULL,
    CONSTRAINT credit_rate_is_from_0_to_1 CHECK (((credit_rate >= (0)::double precision) AND (credit_rate <= (1)::double precision))),
    CONSTRAINT ratio_is_positive CHECK (((ratio > (0)::double precision) AND (ratio < 'Infinity'::double precision))),
    CONSTRAINT side_is_a_or_b CHECK ((side = ANY (ARRAY['A'::text, 'B'::text])))
);

ALTER TABLE macro.spread_leg OWNER TO upgrade_owner;

COMMENT ON TABLE macro.spread_leg IS 'Legs of spreads.';

COMMENT ON COLUMN macro.spread_leg.spread IS 'The spread.';

COMMENT ON COLUMN macro.spread_leg.asset IS 'The asset.';

COMMENT ON COLUMN macro.spread_leg.ratio IS 'Contracts of it in one spread.';

COMMENT ON COLUMN macro.spread_leg.side IS 'A or B: legs on A are long where those on B are short, or the other way round.';

COMMENT ON COLUMN macro.spread_leg.credit_rate IS 'Share of its outright margin that is credited.';

CREATE VIEW macro.spread_margin WITH (security_invoker='true') AS
 SELECT h.portfolio,
    h.model,
    h.as_of,
    m.asset,
    m.delta,
    m.remaining_delta,
    m.gross_margin,
    m.credit,
    m.margin
   FROM ((( SELECT p.portfolio,
            r.run,
            r.model,
            r.as_of,
            array_agg(p.asset) AS assets,
            array_agg(p.delta) AS deltas,
            array_agg(p.rate) AS rates
           FROM (( SELECT q.portfolio,
                    x.run,
                    q.asset,
                    q.delta,
                    (abs(a.unit_exposure) * a.weight) AS rate
                   FROM ((( SELECT y.portfolio,
                            y.asset,
                            sum(y.delta_quantity) AS delta
                           FROM macro._position y
                          GROUP BY y.portfolio, y.asset) q
                     CROSS JOIN macro.model_run x)
                     JOIN macro._margin_asset a ON (((a.run = x.run) AND (a.asset = q.asset))))
                  WHERE ((abs(q.delta) < 'Infinity'::double precision) AND (a.unit_exposure IS NOT NULL) AND (a.weight IS NOT NULL))) p
             JOIN macro.model_run r ON ((r.run = p.run)))
          GROUP BY p.portfolio, r.run, r.model, r.as_of) h
     CROSS JOIN ( SELECT COALESCE(array_agg(l.spread), '{}'::text[]) AS spreads,
            COALESCE(array_agg(l.asset), '{}'::text[]) AS assets,
            COALESCE(array_agg(l.ratio), '{}'::double precision[]) AS ratios,
            COALESCE(array_agg(l.side), '{}'::text[]) AS sides,
            COALESCE(array_agg(l.credit_rate), '{}'::double precision[]) AS credit_rates,
            COALESCE(array_agg(s_1.priority), '{}'::double precision[]) AS priorities
           FROM (( SELECT x.spread,
                    x.asset,
                    x.ratio,
                    x.side,
                    x.credit_rate
                   FROM macro.spread_leg x
                  ORDER BY x.spread, x.asset) l
             JOIN macro.spread s_1 ON ((s_1.spread = l.spread)))) s)
     CROSS JOIN LATERAL hedge.spread_margins(h.assets, h.deltas, h.rates, s.spreads, s.assets, s.ratios, s.sides, s.credit_rates, s.priorities) m(asset, delta, remaining_delta, gross_margin, credit, margin))
  WHERE (h.run = ANY (ARRAY( SELECT (x.run)::bigint AS run
           FROM macro.latest_run x)));

ALTER TABLE macro.spread_margin OWNER TO upgrade_owner;

COMMENT ON VIEW macro.spread_margin IS 'Portfolio x model x asset held: outright margin, and the credit of the spreads in table spread, formed by priority (hedge.spread_credits). The outright margin of a contract is its exposure x risk weight. Positions without either are left out.';

COMMENT ON COLUMN macro.spread_margin.portfolio IS 'Who holds it.';

COMMENT ON COLUMN macro.spread_margin.model IS 'The model.';

COMMENT ON COLUMN macro.spread_margin.as_of IS 'Time of the model''s estimate.';

COMMENT ON COLUMN macro.spread_margin.asset IS 'What is held.';

COMMENT ON COLUMN macro.spread_margin.delta IS 'Contracts x delta, net.';

COMMENT ON COLUMN macro.spread_margin.remaining_delta IS 'Of those, in no spread.';

COMMENT ON COLUMN macro.spread_margin.gross_margin IS 'Outright margin, in base currency.';

COMMENT ON COLUMN macro.spread_margin.credit IS 'Credit of the spreads it is a leg of.';

COMMENT ON COLUMN macro.spread_margin.margin IS 'gross_margin - credit.';

CREATE VIEW macro.time_series WITH (security_invoker='true') AS
 SELECT r.as_of AS "time",
    v.metric,
    v.value,
    r.model,
    o.portfolio,
    o.asset_a,
    o.asset_b,
    ((r.as_of AT TIME ZONE m.time_zone))::date AS day
   FROM (((macro.model_run r
     JOIN macro.model m ON ((m.model = r.model)))
     JOIN macro.offset_snapshot o ON ((o.run = r.run)))
     CROSS JOIN LATERAL ( VALUES ('correlation'::text,o.correlation), ('hedge_ratio'::text,o.hedge_ratio), ('risk_offset'::text,o.risk_offset), ('net_risk'::text,o.net_risk)) v(metric, value))
  WHERE (r.run = ( SELECT max(k.run) AS max
           FROM macro.model_run k
          WHERE ((k.model = r.model) AND (k.as_of = r.as_of))))
UNION ALL
 SELECT r.as_of AS "time",
    v.metric,
    v.value,
    r.model,
    NULL::text AS portfolio,
    a.asset AS asset_a,
    NULL::text AS asset_b,
    ((r.as_of AT TIME ZONE m.time_zone))::date AS day
   FROM (((macro.model_run r
     JOIN macro.model m ON ((m.model = r.model)))
     JOIN macro.run_asset a ON ((a.run = r.run)))
     CROSS JOIN LATERAL ( VALUES ('price'::text,a.price), ('volatility'::text,a.volatility)) v(metric, value))
  WHERE ((r.run = ( SELECT max(k.run) AS max
           FROM macro.model_run k
          WHERE ((k.model = r.model) AND (k.as_of = r.as_of)))) AND (v.value IS NOT NULL));

ALTER TABLE macro.time_series OWNER TO upgrade_owner;

COMMENT ON VIEW macro.time_series IS 'What refreshes found, in the long form that dashboards draw: a row is one value of one metric at the as_of of a run that is kept. Of pairs in the snapshot: correlation, hedge_ratio, risk_offset, net_risk. Of assets: price, volatility. Of several runs as of one time, the last.';

COMMENT ON COLUMN macro.time_series."time" IS 'Time of the estimate.';

COMMENT ON COLUMN macro.time_series.metric IS 'What the value is: correlation, hedge_ratio, risk_offset, net_risk, price or volatility, each as in the column of this name of materialized_offsets or exposure.';

COMMENT ON COLUMN macro.time_series.value IS 'The value: money for risk_offset and net_risk, per bar for volatility. NULL: no hedge_ratio.';

COMMENT ON COLUMN macro.time_series.model IS 'The model.';

COMMENT ON COLUMN macro.time_series.portfolio IS 'Who holds the pair; NULL: the value is of an asset.';

COMMENT ON COLUMN macro.time_series.asset_a IS 'The leg with the larger risk, or the asset.';

COMMENT ON COLUMN macro.time_series.asset_b IS 'The other leg; NULL: the value is of an asset.';

COMMENT ON COLUMN macro.time_series.day IS 'The day of time in the model''s time zone.';

CREATE VIEW market.close AS
 SELECT price.asset,
    (price.ts)::date AS ts,
    (price.price)::numeric AS price
   FROM desk.price
  WHERE (price.asset < 'D'::text);

ALTER TABLE market.close OWNER TO upgrade_owner;

CREATE VIEW market.report AS
 SELECT materialized_offsets.portfolio,
    sum(materialized_offsets.risk_offset) AS risk_offset
   FROM desk.materialized_offsets
  GROUP BY materialized_offsets.portfolio;

ALTER TABLE market.report OWNER TO upgrade_owner;

COPY desk.alert (alert, model, asset_y, asset_x, kind, raised_at_bar, change_bar, direction, message, run, created_at, acknowledged_at, acknowledged_by, cleared_at_bar) FROM stdin;
2	default	C	D	break	2025-07-25 00:00:00+00	2025-07-21 00:00:00+00	1	correlation of C and D has weakened: it was -0.93 from 2025-01-12 to 2025-05-06, and probably since 2025-07-21 it is 0.02	9	2026-11-22 18:49:14.121814+00	\N	\N	\N
1	default	A	B	break	2025-07-17 00:00:00+00	2025-07-13 00:00:00+00	-1	correlation of A and B has weakened: it was 0.92 from 2025-01-12 to 2025-05-06, and probably since 2025-07-13 it is -0.26	9	2026-11-22 18:49:14.121814+00	2026-11-22 18:49:14.256677+00	upgrade_owner	\N
\.

COPY desk.alert_holders (alert, portfolios, portfolio_list, risk_offset_at_stake) FROM stdin;
1	1	one	1214.852138793975
2	1	two	5.832146804665398
\.

COPY desk.book (base_currency, prices, positions, version, created_at) FROM stdin;
EUR	\N	\N	0.1.0	2026-11-22 18:49:13.813608+00
\.

COPY desk.evidence_run (run, examined, pairs, searched, adjustment) FROM stdin;
13	kept	2	6	benjamini_hochberg
14	kept	2	6	benjamini_hochberg
15	all	6	6	benjamini_hochberg
\.

COPY desk.instrument (asset, currency, contract_kind, contract_size, lot_size, fx_asset, funded, benchmark, bucket, carry, cost, cost_per_lot, return_kind, tradable) FROM stdin;
A	USD	linear	10	1	D	t	\N	first	\N	0.0002	\N	\N	f
B	\N	linear	5	1	\N	f	\N	first	\N	\N	\N	\N	f
\.

COPY desk.margin_bucket (bucket, weight, correlation) FROM stdin;
\.

COPY desk.margin_bucket_pair (bucket_a, bucket_b, correlation) FROM stdin;
\.

COPY desk.margin_setting (model, level, holding_bars, credit_share, credited_verdicts, adverse) FROM stdin;
\.

COPY desk.margin_weight (asset, weight) FROM stdin;
\.

COPY desk.model (model, prices, return_kind, bar, time_zone, origin, lookback, minimum_observations, calendar_quorum, stale_after, minimum_correlation, bars_per_year, horizon, risk_level, confidence_level, pairs_kept, retention, reread_bars, evidence, rolling_bars, minimum_effectiveness, minimum_evidence, significance, break_significance, minimum_break, spread_significance, monitor_threshold, alarm_patience, minimum_effective_evidence, risk_price, hedge_correlations, hedge_evidence, hedge_instruments) FROM stdin;
default	\N	simple	1 day	UTC	2000-01-03 00:00:00+00	120	60	0.7	7	0.3	252	1	0.99	0.95	100	3	5	kept	20	0.1	60	0.05	0.01	0.1	0.01	2.5	60	30	0.2	estimated	reliable	\N
weekly	\N	log	7 days	UTC	2000-01-03 00:00:00+00	60	10	0.5	10	0.3	252	1	0.99	0.95	2	2	5	all	10	0.1	100	0.05	0.01	0.1	0.01	2.5	60	30	0.2	estimated	reliable	\N
\.

COPY desk.model_run (run, model, as_of, window_start, window_end, bars, assets, matrix, psd_matrix, repaired, smallest_eigenvalue, blocks, spans, counted_bars, trailing_bars, history_start, settings, recorded_until, returns_key, created_at, pghedge_version) FROM stdin;
12	default	2025-08-29 20:00:00+00	2025-05-02 00:00:00+00	2025-08-29 00:00:00+00	120	4	v1 pairwise 4 "A" "B" "C" "D" 120 120 0.0010872989337915254 0 0.0010872989337915254 0 0.011539088481617938 0.011539088481617938 0.011539088481617938 120 120 0.0010872989337915224 2.891205793294668e-20 -0.0001620775235746961 9.035018104045934e-21 0.011539088481617936 0.012224223557965635 0.0067161455905785815 120 120 -0.00016207752357469754 0 -0.00016207752357469754 0 0.012224223557965635 0.012224223557965635 0.012224223557965635 120 120 0.0010872989337915224 2.891205793294668e-20 0.0006526984776450176 -5.0596101382656874e-20 0.011539088481617936 0.012889837352910868 -0.0008365401070481542 120 120 -0.0001620775235746961 9.035018104045934e-21 0.0006526984776450176 -5.0596101382656874e-20 0.012224223557965635 0.012889837352910868 0.0010891499275120903 120 120 0.0006526984776450175 0 0.0006526984776450175 0 0.012889837352910867 0.012889837352910867 0.012889837352910867 112 112 0.0012984908527009119 -5.421010862427522e-20 -0.0012533173985664157 -3.097720492815735e-20 0.010621962032597654 0.009764206242166161 0.00028901201474193684 112 112 -4.9249210628519674e-05 0 -0.0012533173985664157 -3.097720492815735e-20 0.011259275744761287 0.009764206242166161 -0.0003646234334455853 112 112 0.0007290313701563656 2.710505431213761e-20 -0.0012533173985664157 -3.097720492815735e-20 0.01183810487061427 0.009764206242166161 -0.005745612819537727 112 112 -0.0012533173985664146 0 -0.0012533173985664146 0 0.00976420624216616 0.00976420624216616 0.00976420624216616	\N	f	0.394233476458519	{12}	{}	239	{}	\N	{"bar": "1 day", "model": "default", "origin": "2000-01-03T00:00:00+00:00", "prices": null, "horizon": 1, "evidence": "kept", "lookback": 120, "retention": 3, "time_zone": "UTC", "pairs_kept": 100, "risk_level": 0.99, "risk_price": 0.2, "reread_bars": 5, "return_kind": "simple", "stale_after": 7, "rolling_bars": 20, "significance": 0.05, "bars_per_year": 252, "minimum_break": 0.1, "alarm_patience": 60, "hedge_evidence": "reliable", "calendar_quorum": 0.7, "confidence_level": 0.95, "minimum_evidence": 60, "hedge_instruments": null, "monitor_threshold": 2.5, "break_significance": 0.01, "hedge_correlations": "estimated", "minimum_correlation": 0.3, "spread_significance": 0.01, "minimum_observations": 60, "minimum_effectiveness": 0.1, "minimum_effective_evidence": 30}	\N	c7cf2cc3640caec9a82850f21547b797	2026-11-22 18:49:14.183325+00	0.1.0
13	default	2025-09-08 20:00:00+00	2025-05-12 00:00:00+00	2025-09-08 00:00:00+00	120	4	v1 pairwise 4 "A" "B" "C" "D" 120 120 0.001305870204419691 0 0.001305870204419691 0 0.012215913856177662 0.012215913856177662 0.012215913856177662 120 120 0.0013058702044196902 8.673617379884034e-20 0.0003132722081006376 2.1684043449710108e-20 0.012215913856177662 0.012940756636077674 0.006114682741663251 120 120 0.00031327220810063727 0 0.00031327220810063727 0 0.012940756636077674 0.012940756636077674 0.012940756636077674 120 120 0.0013058702044196902 8.673617379884034e-20 0.00043267575055855415 -2.5298050691328443e-20 0.012215913856177662 0.013330575942731585 -0.0003927230131461789 120 120 0.0003132722081006376 2.1684043449710108e-20 0.00043267575055855415 -2.5298050691328443e-20 0.012940756636077674 0.013330575942731585 0.0018874750735187967 120 120 0.00043267575055855366 0 0.00043267575055855366 0 0.013330575942731586 0.013330575942731586 0.013330575942731586 112 112 0.0014209257792367797 -9.486769009248164e-20 -0.0009620929559280278 -4.259365677621624e-20 0.011415746244188497 0.010444026490380228 0.0005792774397881181 112 112 7.798373014600537e-05 0 -0.0009620929559280278 -4.259365677621624e-20 0.011497051993832599 0.010444026490380228 -0.000500487792298339 112 112 0.0005028231290932915 0 -0.0009620929559280278 -4.259365677621624e-20 0.012312434121060102 0.010444026490380228 -0.005679652857452545 112 112 -0.0009620929559280277 -2.710505431213761e-20 -0.0009620929559280277 -2.710505431213761e-20 0.01044402649038023 0.01044402649038023 0.01044402649038023	\N	f	0.4573942495614534	{13}	{}	249	{}	\N	{"bar": "1 day", "model": "default", "origin": "2000-01-03T00:00:00+00:00", "prices": null, "horizon": 1, "evidence": "kept", "lookback": 120, "retention": 3, "time_zone": "UTC", "pairs_kept": 100, "risk_level": 0.99, "risk_price": 0.2, "reread_bars": 5, "return_kind": "simple", "stale_after": 7, "rolling_bars": 20, "significance": 0.05, "bars_per_year": 252, "minimum_break": 0.1, "alarm_patience": 60, "hedge_evidence": "reliable", "calendar_quorum": 0.7, "confidence_level": 0.95, "minimum_evidence": 60, "hedge_instruments": null, "monitor_threshold": 2.5, "break_significance": 0.01, "hedge_correlations": "estimated", "minimum_correlation": 0.3, "spread_significance": 0.01, "minimum_observations": 60, "minimum_effectiveness": 0.1, "minimum_effective_evidence": 30}	\N	c7cf2cc3640caec9a82850f21547b797	2026-11-22 18:49:14.202938+00	0.1.0
14	default	2025-09-18 20:00:00+00	2025-05-22 00:00:00+00	2025-09-18 00:00:00+00	120	4	v1 pairwise 4 "A" "B" "C" "D" 120 120 0.0015221468422441289 0 0.0015221468422441289 0 0.011997810673776336 0.011997810673776336 0.011997810673776336 120 120 0.0015221468422441287 -1.445602896647339e-20 0.0005688885531680992 -4.3368086899420216e-20 0.011997810673776338 0.013003039638778757 0.00582195922868491 120 120 0.0005688885531680982 0 0.0005688885531680982 0 0.013003039638778757 0.013003039638778757 0.013003039638778757 120 120 0.0015221468422441287 -1.445602896647339e-20 -0.00014551488090880008 -3.614007241618347e-21 0.011997810673776338 0.01244206626833909 -0.00010037899851646361 120 120 0.0005688885531680992 -4.3368086899420216e-20 -0.00014551488090880008 -3.614007241618347e-21 0.013003039638778757 0.01244206626833909 0.0017067258098901277 120 120 -0.00014551488090880002 0 -0.00014551488090880002 0 0.01244206626833909 0.01244206626833909 0.01244206626833909 112 112 0.0016526507483343924 -8.131516293641283e-20 -0.0010769912147169723 -7.744301232039319e-20 0.011191270008317183 0.009312257216849664 0.0004197185537930725 112 112 0.00035185838557542833 0 -0.0010769912147169723 -7.744301232039319e-20 0.011573209401211359 0.009312257216849664 -0.000468772956356499 112 112 -0.00011666683319315946 -6.776263578034403e-21 -0.0010769912147169723 -7.744301232039319e-20 0.01143079303402954 0.009312257216849664 -0.0034522655039358726 112 112 -0.0010769912147169727 1.0842021724855044e-19 -0.0010769912147169727 1.0842021724855044e-19 0.009312257216849664 0.009312257216849664 0.009312257216849664	\N	f	0.5123932091480455	{14,15}	{}	259	{}	\N	{"bar": "1 day", "model": "default", "origin": "2000-01-03T00:00:00+00:00", "prices": null, "horizon": 1, "evidence": "kept", "lookback": 120, "retention": 3, "time_zone": "UTC", "pairs_kept": 100, "risk_level": 0.99, "risk_price": 0.2, "reread_bars": 5, "return_kind": "simple", "stale_after": 7, "rolling_bars": 20, "significance": 0.05, "bars_per_year": 252, "minimum_break": 0.1, "alarm_patience": 60, "hedge_evidence": "reliable", "calendar_quorum": 0.7, "confidence_level": 0.95, "minimum_evidence": 60, "hedge_instruments": null, "monitor_threshold": 2.5, "break_significance": 0.01, "hedge_correlations": "estimated", "minimum_correlation": 0.3, "spread_significance": 0.01, "minimum_observations": 60, "minimum_effectiveness": 0.1, "minimum_effective_evidence": 30}	\N	c7cf2cc3640caec9a82850f21547b797	2026-11-22 18:49:14.222656+00	0.1.0
15	weekly	2025-09-18 20:00:00+00	2025-01-06 00:00:00+00	2025-09-15 00:00:00+00	37	4	v1 complete 4 "A" "B" "C" "D" 37 37 0.006398774328547255 0.0010601240203849116 0.00136772680747129 -0.004760902575415978 0 0 0 0 0.027717091802956065 0.017051393151534405 0.01846902697327232 0.004340420796835423 0.0038080625921296887 0.021164722325388612 -0.004158035683681074 -0.004685101922512243 -0.015500643904096622 0.024794624442296014	\N	f	\N	{16}	{}	37	{}	2025-01-02 12:00:00+00	{"bar": "7 days", "model": "weekly", "origin": "2000-01-03T00:00:00+00:00", "prices": null, "horizon": 1, "evidence": "all", "lookback": 60, "retention": 2, "time_zone": "UTC", "pairs_kept": 2, "risk_level": 0.99, "risk_price": 0.2, "reread_bars": 5, "return_kind": "log", "stale_after": 10, "rolling_bars": 10, "significance": 0.05, "bars_per_year": 252, "minimum_break": 0.1, "alarm_patience": 60, "hedge_evidence": "reliable", "calendar_quorum": 0.5, "confidence_level": 0.95, "minimum_evidence": 100, "hedge_instruments": null, "monitor_threshold": 2.5, "break_significance": 0.01, "hedge_correlations": "estimated", "minimum_correlation": 0.3, "spread_significance": 0.01, "minimum_observations": 10, "minimum_effectiveness": 0.1, "minimum_effective_evidence": 30}	\N	bdc4e62d6ecba0867a303bd99b98ce59	2026-11-22 18:49:14.241974+00	0.1.0
\.

COPY desk.offset_snapshot (run, portfolio, pair_rank, asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b, correlation, correlation_low, correlation_high, observations, volatility_a, volatility_b, volatility_a_annual, volatility_b_annual, hedge_ratio, actual_ratio, target_exposure_b, trade_b, trade_b_contracts, gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, risk_offset_share, residual_risk, price_time) FROM stdin;
12	one	1	A	B	long	short	100	-210	10586356.8	-103761	0.5654884102567764	0.4298123813022918	0.6761917022811958	120	0.009847188943938759	0.010135312906565684	0.15631927835236029	0.16089310446357616	0.5494128570809849	0.009801388897075526	-5816280.535566713	-5712519.535566713	-11561.46435046896	105297.50584004908	104251.16011706305	103654.78859552924	1046.3457229860137	596.3715215338274	0.0057205264753328895	85977.42008581215	2025-08-29 12:00:00+00
12	two	1	D	C	long	long	12	10	106875.64800000002	567.5	-0.5344127281746107	-0.655015008997052	-0.38725884422784995	112	0.009379009649291174	0.010407591505666948	0.14888716245659742	0.16521539322685816	-0.48159673941127595	-0.005309909325649187	51470.96359926726	50903.46359926726	448.4886660728393	1008.2940420457131	1002.4051344051572	999.243797894329	5.8889076405560035	3.161336510828166	0.003153751315035065	847.2418294784363	2025-08-29 12:00:00+00
13	one	1	A	B	long	short	100	-210	10896120	-108990	0.4863300587864019	0.3364140874178673	0.6122051949380864	120	0.010131867462970843	0.010428128023988119	0.16083840974212665	0.1655414003484958	0.4725135410255735	0.010002643142696666	-5148564.244639572	-5039574.244639572	-9710.162321078173	111534.60537396034	110403.89406792945	109849.788755166	1130.7113060308643	554.1053127634705	0.0050188928338210596	96463.0710580912	2025-09-08 12:00:00+00
13	two	1	D	C	long	long	12	10	109980.72	570.75	-0.5008594243635943	-0.62804624080953	-0.3476095638551244	112	0.00970001694545758	0.010584027899508597	0.15398299530475884	0.16801623414881448	-0.4590260862638657	-0.005189545949508241	50484.01946608206	49913.26946608206	437.26035449918584	1072.8556815972702	1066.8319506329915	1063.8020880466286	6.023730964278428	3.029862586363004	0.002840056097462466	923.3588106270622	2025-09-08 12:00:00+00
14	one	1	A	B	long	short	100	-210	10497610	-108370.49999999999	0.46611782821559467	0.3130293335809783	0.5955983631974338	120	0.010041012819187876	0.010453192845346649	0.1593961369846961	0.16593929205232136	0.44773832814614933	0.010323349791047676	-4700182.350930299	-4591811.850930299	-8897.99796711617	106539.45431608146	105412.72366894559	104883.39862705237	1126.7306471359034	529.3250418931951	0.0050214530416230335	93255.63900997514	2025-09-18 12:00:00+00
14	two	1	D	C	long	long	12	10	105977.86	531.95	-0.33460969979971283	-0.4897570650838584	-0.15892114151098913	112	0.009159378208197748	0.010225222673640833	0.1454006214172538	0.16232037776827568	-0.2997310562730082	-0.005019444627396704	31764.855919352987	31232.905919352987	293.56994002587635	976.1306086366751	970.7065410026048	968.8848152094242	5.424067634070167	1.8217257931807278	0.001876700852658455	914.7375539101361	2025-09-18 12:00:00+00
15	one	1	A	B	long	short	100	-210	10497610	-108370.49999999999	0.753640154723476	0.5684276193009308	0.8661506055576851	37	0.027747418199695256	0.022650133046747036	0.44047660848300724	0.35955971522531033	0.923242636236903	0.010323349791047676	-9691841.130586876	-9583470.630586876	-18570.818003268825	293736.1810106454	291291.9169677211	289436.18164570414	2444.2640429242965	1855.7353220169452	0.006370706545292106	191455.66263448301	2025-09-18 12:00:00+00
15	two	1	D	C	long	long	12	10	105977.86	531.95	-0.6766509323426163	-0.8207273066507665	-0.45165664458468613	37	0.02624384819041514	0.024246833885747165	0.4166081745430256	0.38490655525428547	-0.732381160772541	-0.005019444627396704	77616.18812298984	77084.23812298985	724.5440184508868	2794.1649726705923	2781.2967766506663	2772.5556208805183	12.868196019925877	8.74115577014786	0.003142834609931221	2047.857798881765	2025-09-18 12:00:00+00
\.

COPY desk.pair_evidence (run, asset_y, asset_x, observations, effective_observations, correlation, hedge_ratio, volatility_y, volatility_x, fisher_low, fisher_high, robust_low, robust_high, standard_error, p_value, effectiveness_p_value, rolling_windows, rolling_minimum, rolling_maximum, rolling_mean, rolling_standard_deviation, rolling_latest, sign_changes, rolling_spread_p_value, correlation_first_half, correlation_second_half, break_statistic, break_p_value, break_observation, break_time, correlation_before_break, correlation_after_break, lag_correlation, out_of_sample_effectiveness, clark_west_statistic, clark_west_p_value, adjusted_p_value, verdict, reason) FROM stdin;
13	A	B	120	24.706714649985592	0.4863300587864018	0.4725135410255733	0.010131867462970843	0.01042812802398812	0.3364140874178672	0.6122051949380864	0.09563905404249708	0.7471852324618226	0.21463619040691478	0.018168865019503908	0.17449755096155067	101	-0.3260338296805402	0.9665083097011616	0.5072627967736059	0.42109163932637883	0.0710926420553234	2	1.646608808441262e-06	0.9315582772718991	0.07870753160604074	4.406379723889029	2.7311676250932557e-17	63	2025-07-13 00:00:00+00	0.9323436464438271	0.049265141298665986	0.09052172765169836	0.22897669749735083	2.631068679299627	0.0066580537377630014	0.6085934408249926	break_detected	the correlation changed from 0.93 to 0.05, most likely at 2025-07-13 (p = 2.7e-17)
13	B	A	120	24.706714649985592	0.4863300587864018	0.5005505780127141	0.01042812802398812	0.010131867462970843	0.3364140874178672	0.6122051949380864	0.09563905404249708	0.7471852324618226	0.21463619040691478	0.018168865019503908	0.17449755096155067	101	-0.3260338296805402	0.9665083097011616	0.5072627967736059	0.42109163932637883	0.0710926420553234	2	1.646608808441262e-06	0.9315582772718991	0.07870753160604074	4.406379723889029	2.7311676250932557e-17	63	2025-07-13 00:00:00+00	0.9323436464438271	0.049265141298665986	0.09052172765169836	0.16878565869289536	2.5265475903050394	0.00851821368382083	0.6085934408249926	break_detected	the correlation changed from 0.93 to 0.05, most likely at 2025-07-13 (p = 2.7e-17)
13	C	D	112	17.386494602907504	-0.5008594243635944	-0.5438183120929417	0.010531990786145817	0.00970001694545758	-0.6280462408095302	-0.34760956385512454	-0.7955946975091489	-0.014411027009113054	0.26364680119445216	0.04447273056878176	0.2028644802749975	93	-0.9665296435443695	0.2493518265945488	-0.5380246418141732	0.4203536814956185	0.21296861145678594	3	0.011050499912231225	-0.9092198094503405	-0.12417398925166255	3.3328094753965942	4.498572444601511e-10	67	2025-07-21 00:00:00+00	-0.9149060806836989	0.09130950596075978	0.098895779281357	0.2298504493519773	3.1083960161578275	0.0021684845415969206	0.6085934408249926	break_detected	the correlation changed from -0.91 to 0.09, most likely at 2025-07-21 (p = 4.5e-10)
13	D	C	112	17.386494602907504	-0.5008594243635944	-0.4612940708237087	0.00970001694545758	0.010531990786145817	-0.6280462408095302	-0.34760956385512454	-0.7955946975091489	-0.014411027009113054	0.26364680119445216	0.04447273056878176	0.2028644802749975	93	-0.9665296435443695	0.2493518265945488	-0.5380246418141732	0.4203536814956185	0.21296861145678594	3	0.011050499912231225	-0.9092198094503405	-0.12417398925166255	3.3328094753965942	4.498572444601511e-10	67	2025-07-21 00:00:00+00	-0.9149060806836989	0.09130950596075978	0.098895779281357	0.22759339352851143	3.20504258393775	0.0017018327332184392	0.6085934408249926	break_detected	the correlation changed from -0.91 to 0.09, most likely at 2025-07-21 (p = 4.5e-10)
14	A	B	120	27.06640711933768	0.46611782821559505	0.44773832814614967	0.010041012819187874	0.010453192845346647	0.31302933358097884	0.5955983631974341	0.09142445383753554	0.7251953908280302	0.20384232792104945	0.01804765574006392	0.19473760535658363	101	-0.32603382968054007	0.9665083097011619	0.4206920953247492	0.4219459942071752	0.2046187465779617	4	5.80050481007444e-07	0.7576455709732177	0.17695954624450758	4.120464219511715	3.580393844951869e-15	53	2025-07-13 00:00:00+00	0.933576877597675	0.10489561316000753	-0.10931443555180143	0.09205433709862473	1.9392301642334613	0.030966595714466097	1	break_detected	the correlation changed from 0.93 to 0.10, most likely at 2025-07-13 (p = 3.6e-15)
14	B	A	120	27.06640711933768	0.46611782821559505	0.48525180026469295	0.010453192845346647	0.010041012819187874	0.31302933358097884	0.5955983631974341	0.09142445383753554	0.7251953908280302	0.20384232792104945	0.01804765574006392	0.19473760535658363	101	-0.32603382968054007	0.9665083097011619	0.4206920953247492	0.4219459942071752	0.2046187465779617	4	5.80050481007444e-07	0.7576455709732177	0.17695954624450758	4.120464219511715	3.580393844951869e-15	53	2025-07-13 00:00:00+00	0.933576877597675	0.10489561316000753	-0.10931443555180143	0.059606332934879554	1.833219682589304	0.03835625242106863	1	break_detected	the correlation changed from 0.93 to 0.10, most likely at 2025-07-13 (p = 3.6e-15)
14	C	D	112	23.4382706738794	-0.3346096997997127	-0.3707227392397751	0.010147911973587942	0.009159378208197745	-0.4897570650838584	-0.15892114151098904	-0.6627722753647465	0.1013717662665027	0.22119633495735824	0.12501420118120837	0.4654484643011766	93	-0.9235116630325048	0.32827932307313856	-0.4123550746932504	0.45706261710018387	0.1734584056324475	3	0.0015342804617199809	-0.8918860079796946	0.14832126350509145	3.068649102214138	1.3239415360435277e-08	57	2025-07-21 00:00:00+00	-0.8918860079796951	0.14832126350509114	0.11499691220049525	0.22475577501903296	2.825378272272484	0.004341493503483296	1	break_detected	the correlation changed from -0.89 to 0.15, most likely at 2025-07-21 (p = 1.3e-08)
14	D	C	112	23.4382706738794	-0.3346096997997127	-0.30201452284705493	0.009159378208197745	0.010147911973587942	-0.4897570650838584	-0.15892114151098904	-0.6627722753647465	0.1013717662665027	0.22119633495735824	0.12501420118120837	0.4654484643011766	93	-0.9235116630325048	0.32827932307313856	-0.4123550746932504	0.45706261710018387	0.1734584056324475	3	0.0015342804617199809	-0.8918860079796946	0.14832126350509145	3.068649102214138	1.3239415360435277e-08	57	2025-07-21 00:00:00+00	-0.8918860079796951	0.14832126350509114	0.11499691220049525	0.21267963566461565	2.9668116397616875	0.0030782092328644683	1	break_detected	the correlation changed from -0.89 to 0.15, most likely at 2025-07-21 (p = 1.3e-08)
15	A	B	37	12.087544013376425	0.7536401547234757	0.9232426362369024	0.027747418199695256	0.02265013304674704	0.5684276193009302	0.8661506055576849	0.2628182508231043	0.9345943781249609	0.33172387992972907	0.010492842289786822	0.03525701646882592	28	0.15783494845653578	0.9754174677933523	0.8286650471867172	0.19805221172864754	0.15783494845653578	0	0.27235098523645296	0.9256638776585945	0.6421951240677347	\N	\N	\N	\N	\N	\N	-0.15237003252978623	0.5018791484214435	2.8120670856334806	0.009140700959625101	0.2115420988129555	insufficient	37 observations, 100 needed
15	A	C	37	31.62814470706514	0.1792056582779466	0.20507808843911815	0.027747418199695256	0.02424683388574717	-0.15374043160883022	0.47560798012031014	-0.2166110690518038	0.5244230701609436	0.18689745952656886	0.3488871195093607	0.7849284399577068	28	-0.4732179812195252	0.5613088533405305	0.14942985689521515	0.3557647879450125	0.3912076641264151	2	0.12274610011099638	-0.17450581288040135	0.42981027107638786	\N	\N	\N	\N	\N	\N	-0.2324697197511019	-0.027564119345569894	1.1510261686116596	0.13801956253598777	0.8071954092617702	insufficient	37 observations, 100 needed
15	A	D	37	28.296473469164724	-0.15861184416741442	-0.16769907902247028	0.027747418199695256	0.026243848190415142	-0.45903931429103617	0.1743685127092233	-0.5276109521491636	0.2607415878414704	0.19882455053974069	0.4345478630513483	0.8071954092617702	28	-0.6319651295953004	0.4477465394653619	-0.17588176710810474	0.38259002949844567	-0.40692393255771636	3	0.08645188694580506	0.20324245086703832	-0.4757705745911443	\N	\N	\N	\N	\N	\N	0.20103289308449696	0.0006684546249955559	1.0599668355913263	0.1568158418807143	0.8071954092617702	insufficient	37 observations, 100 needed
15	B	A	37	12.087544013376425	0.7536401547234757	0.6151941651293966	0.02265013304674704	0.027747418199695256	0.5684276193009302	0.8661506055576849	0.2628182508231043	0.9345943781249609	0.33172387992972907	0.010492842289786822	0.03525701646882592	28	0.15783494845653578	0.9754174677933523	0.8286650471867172	0.19805221172864754	0.15783494845653578	0	0.27235098523645296	0.9256638776585945	0.6421951240677347	\N	\N	\N	\N	\N	\N	-0.15237003252978623	0.5153612503728542	2.7258735135642183	0.010600848913663832	0.2115420988129555	insufficient	37 observations, 100 needed
15	B	C	37	28.61284735360142	0.19260864804191685	0.17992499658555136	0.02265013304674704	0.02424683388574717	-0.1401574083672252	0.4862794916280627	-0.22524711275309012	0.550617244227922	0.1975927790361233	0.340397336253597	0.7528525840416996	28	-0.25672577600011814	0.6920651549528226	0.2680808922191654	0.31001190658917505	0.12235544042151994	4	0.3170997393717271	-0.06519764057315156	0.39748660680840353	\N	\N	\N	\N	\N	\N	-0.21728298394850581	-0.09652460505241861	0.7607084374001852	0.2319920593178312	0.8071954092617702	insufficient	37 observations, 100 needed
15	B	D	37	21.671078179248262	-0.21893654898450415	-0.18895635759338789	0.02265013304674704	0.026243848190415142	-0.5069898818917571	0.11310614825361283	-0.6165390254999129	0.2676444212423545	0.2314276797875684	0.35261675034391193	0.6876180821859249	28	-0.7079956838972303	0.2401697378590488	-0.28695832843300956	0.33997434787192804	-0.4421398188232539	5	0.3623459860906414	0.1328103651475935	-0.5639998541654242	\N	\N	\N	\N	\N	\N	-0.1278372385231147	0.05067163690397873	1.2270769152013512	0.12371986652246778	0.8071954092617702	insufficient	37 observations, 100 needed
15	C	A	37	31.62814470706514	0.1792056582779466	0.15659726596469667	0.02424683388574717	0.027747418199695256	-0.15374043160883022	0.47560798012031014	-0.2166110690518038	0.5244230701609436	0.18689745952656886	0.3488871195093607	0.7849284399577068	28	-0.4732179812195252	0.5613088533405305	0.14942985689521515	0.3557647879450125	0.3912076641264151	2	0.12274610011099638	-0.17450581288040135	0.42981027107638786	\N	\N	\N	\N	\N	\N	-0.2324697197511019	-0.07929284761348886	0.6138567317164381	0.27633120804494077	0.8071954092617702	insufficient	37 observations, 100 needed
15	C	B	37	28.61284735360142	0.19260864804191685	0.20618642214560484	0.02424683388574717	0.02265013304674704	-0.1401574083672252	0.4862794916280627	-0.22524711275309012	0.550617244227922	0.1975927790361233	0.340397336253597	0.7528525840416996	28	-0.25672577600011814	0.6920651549528226	0.2680808922191654	0.31001190658917505	0.12235544042151994	4	0.3170997393717271	-0.06519764057315156	0.39748660680840353	\N	\N	\N	\N	\N	\N	-0.21728298394850581	-0.019867216416692184	0.7138847379519662	0.2456163633244079	0.8071954092617702	insufficient	37 observations, 100 needed
15	C	D	37	9.106566445079183	-0.6766509323426166	-0.6251614715992548	0.02424683388574717	0.026243848190415142	-0.8207273066507668	-0.4516566445846864	-0.9343656315274376	0.04586427692537119	0.40467041661884295	0.06161201813464824	0.12715023477089188	28	-0.968480075674761	0.04928838465613676	-0.8253773934437754	0.22429052643057693	0.04928838465613676	1	0.5438503235181558	-0.9232936448231206	-0.4563744496391416	\N	\N	\N	\N	\N	\N	0.21635824915754195	0.453787583344888	2.4691628536815737	0.016480246386820715	0.38145070431267564	insufficient	37 observations, 100 needed
15	D	A	37	28.296473469164724	-0.15861184416741442	-0.15001702607333478	0.026243848190415142	0.027747418199695256	-0.45903931429103617	0.1743685127092233	-0.5276109521491636	0.2607415878414704	0.19882455053974069	0.4345478630513483	0.8071954092617702	28	-0.6319651295953004	0.4477465394653619	-0.17588176710810474	0.38259002949844567	-0.40692393255771636	3	0.08645188694580506	0.20324245086703832	-0.4757705745911443	\N	\N	\N	\N	\N	\N	0.20103289308449696	-0.08193557463896217	0.7670095541143388	0.23019628424006866	0.8071954092617702	insufficient	37 observations, 100 needed
15	D	B	37	21.671078179248262	-0.21893654898450415	-0.25367345715030604	0.026243848190415142	0.02265013304674704	-0.5069898818917571	0.11310614825361283	-0.6165390254999129	0.2676444212423545	0.2314276797875684	0.35261675034391193	0.6876180821859249	28	-0.7079956838972303	0.2401697378590488	-0.28695832843300956	0.33997434787192804	-0.4421398188232539	5	0.3623459860906414	0.1328103651475935	-0.5639998541654242	\N	\N	\N	\N	\N	\N	-0.1278372385231147	0.027318676936272858	1.1165448685852406	0.14491900863391013	0.8071954092617702	insufficient	37 observations, 100 needed
15	D	C	37	9.106566445079183	-0.6766509323426166	-0.7323811607725412	0.026243848190415142	0.02424683388574717	-0.8207273066507668	-0.4516566445846864	-0.9343656315274376	0.04586427692537119	0.40467041661884295	0.06161201813464824	0.12715023477089188	28	-0.968480075674761	0.04928838465613676	-0.8253773934437754	0.22429052643057693	0.04928838465613676	1	0.5438503235181558	-0.9232936448231206	-0.4563744496391416	\N	\N	\N	\N	\N	\N	0.21635824915754195	0.2738310351619503	2.271260518978901	0.02311705222802225	0.38145070431267564	insufficient	37 observations, 100 needed
\.

COPY desk.pair_monitor (model, asset_y, asset_x, baseline_start, baseline_end, returns_key, baseline_state, state, last_bar, held_at, alarm_bar, change_bar, direction, correlation_sign, was_reliable, unreliable_since, ended_at) FROM stdin;
default	A	B	2025-01-12 00:00:00+00	2025-05-06 00:00:00+00	c7cf2cc3640caec9a82850f21547b797	{1,115,2.5,0.920569263295639,0.9796022557269457,0.0008988470690091122,9.865236548506123e-06,0.00011428873939137687,8.166095717561161e-05,0.019419942263312787,0.008786088471876466,0.9814786469282076,0.9762694292880401,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}	{1,115,2.5,0.920569263295639,0.9796022557269457,0.0008988470690091122,9.865236548506123e-06,0.00010815696655291999,0.0001154735273665792,0.019419942263312787,0.008786088471876466,0.9814786469282076,0.9762694292880401,130,0,72,-69.45755343416239,-20.90540471445095,0,0.48598979071995263,0.7960810063664499,0.3237410507995122,128,128,129,166.4760885137929,240.44370501882452,279.36829437087715,67,67,67,-5.29551141200433,0,-1,72,67,0,1}	2025-09-13 00:00:00+00	2025-09-13 00:00:00+00	2025-07-17 00:00:00+00	2025-07-13 00:00:00+00	-1	1	t	\N	\N
default	C	D	2025-01-12 00:00:00+00	2025-05-06 00:00:00+00	c7cf2cc3640caec9a82850f21547b797	{1,109,2.5,-0.9265401357892546,0.9964954494251294,0.00030269525496675844,-0.00012065297028580783,9.771708309900455e-05,0.00010471699322163233,-0.00199712359443517,-0.005728746854611439,0.9686458788742975,0.9646460594893885,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}	{1,109,2.5,-0.9265401357892546,0.9964954494251294,0.00030269525496675844,-0.00012065297028580783,7.916132852380733e-05,0.00011416985387850315,-0.00199712359443517,-0.005728746854611439,0.9686458788742975,0.9646460594893885,130,0,74,32.36684193014302,-6.1777905580114805,23.356056374237397,157.61979112256932,224.95128756340333,264.5075069036005,25,70,75,-1.1391569265185448,-3.7643172970164276,-21.078358635997823,129,129,129,5.965917828663901,0,1,80,75,0,1}	2025-09-13 00:00:00+00	2025-09-13 00:00:00+00	2025-07-25 00:00:00+00	2025-07-21 00:00:00+00	1	-1	t	\N	\N
\.

COPY desk."position" (portfolio, asset, quantity, delta) FROM stdin;
one	A	100	1
one	B	-210	1
two	C	10	0.5
two	D	12	1
two	A	1	1
three	unpriced	7	1
\.

COPY desk.price (asset, ts, price) FROM stdin;
A	2025-01-02 12:00:00+00	100.63
A	2025-01-03 12:00:00+00	99.64
A	2025-01-04 12:00:00+00	98.08
A	2025-01-05 12:00:00+00	99.24
A	2025-01-06 12:00:00+00	100.04
A	2025-01-07 12:00:00+00	99.39
A	2025-01-08 12:00:00+00	99.21
A	2025-01-09 12:00:00+00	100.47
A	2025-01-10 12:00:00+00	100.61
A	2025-01-11 12:00:00+00	101.06
A	2025-01-12 12:00:00+00	101.58
A	2025-01-13 12:00:00+00	101.34
A	2025-01-14 12:00:00+00	101.69
A	2025-01-15 12:00:00+00	100.59
A	2025-01-16 12:00:00+00	99.92
A	2025-01-17 12:00:00+00	98.67
A	2025-01-18 12:00:00+00	98.81
A	2025-01-19 12:00:00+00	100.03
A	2025-01-20 12:00:00+00	101.66
A	2025-01-21 12:00:00+00	102.56
A	2025-01-22 12:00:00+00	102.24
A	2025-01-23 12:00:00+00	103.91
A	2025-01-24 12:00:00+00	103.36
A	2025-01-25 12:00:00+00	102.13
A	2025-01-26 12:00:00+00	102.76
A	2025-01-27 12:00:00+00	102.77
A	2025-01-28 12:00:00+00	103.53
A	2025-01-29 12:00:00+00	105.29
A	2025-01-30 12:00:00+00	106.42
A	2025-01-31 12:00:00+00	106.36
A	2025-02-01 12:00:00+00	107.42
A	2025-02-02 12:00:00+00	107.4
A	2025-02-03 12:00:00+00	107.11
A	2025-02-04 12:00:00+00	107.34
A	2025-02-05 12:00:00+00	110.1
A	2025-02-06 12:00:00+00	110.76
A	2025-02-07 12:00:00+00	111.23
A	2025-02-08 12:00:00+00	112.74
A	2025-02-09 12:00:00+00	110.53
A	2025-02-10 12:00:00+00	110.68
A	2025-02-11 12:00:00+00	111
A	2025-02-12 12:00:00+00	111.15
A	2025-02-13 12:00:00+00	111.66
A	2025-02-14 12:00:00+00	111.82
A	2025-02-15 12:00:00+00	112.44
A	2025-02-16 12:00:00+00	112.63
A	2025-02-17 12:00:00+00	114.04
A	2025-02-18 12:00:00+00	114.1
A	2025-02-19 12:00:00+00	115.29
A	2025-02-20 12:00:00+00	116.83
A	2025-02-21 12:00:00+00	115.13
A	2025-02-22 12:00:00+00	116.45
A	2025-02-23 12:00:00+00	116.73
A	2025-02-24 12:00:00+00	115.21
A	2025-02-25 12:00:00+00	114.18
A	2025-02-26 12:00:00+00	116.36
A	2025-02-27 12:00:00+00	117.7
A	2025-02-28 12:00:00+00	115.86
A	2025-03-01 12:00:00+00	115.77
A	2025-03-02 12:00:00+00	116.38
A	2025-03-03 12:00:00+00	115.17
A	2025-03-04 12:00:00+00	115.68
A	2025-03-05 12:00:00+00	115.03
A	2025-03-06 12:00:00+00	115.72
A	2025-03-07 12:00:00+00	115.99
A	2025-03-08 12:00:00+00	115.65
A	2025-03-09 12:00:00+00	117.57
A	2025-03-10 12:00:00+00	115.96
A	2025-03-11 12:00:00+00	116.29
A	2025-03-12 12:00:00+00	116.26
A	2025-03-13 12:00:00+00	117.04
A	2025-03-14 12:00:00+00	117.22
A	2025-03-15 12:00:00+00	117.75
A	2025-03-16 12:00:00+00	116.79
A	2025-03-17 12:00:00+00	118.02
A	2025-03-18 12:00:00+00	119.17
A	2025-03-19 12:00:00+00	118.56
A	2025-03-20 12:00:00+00	119.44
A	2025-03-21 12:00:00+00	119.56
A	2025-03-22 12:00:00+00	121.41
A	2025-03-23 12:00:00+00	121.21
A	2025-03-24 12:00:00+00	118.83
A	2025-03-25 12:00:00+00	118.34
A	2025-03-26 12:00:00+00	115.94
A	2025-03-27 12:00:00+00	116.96
A	2025-03-28 12:00:00+00	116.6
A	2025-03-29 12:00:00+00	118.06
A	2025-03-30 12:00:00+00	116.02
A	2025-03-31 12:00:00+00	119.09
A	2025-04-01 12:00:00+00	117.01
A	2025-04-02 12:00:00+00	116.55
A	2025-04-03 12:00:00+00	117.35
A	2025-04-04 12:00:00+00	116.69
A	2025-04-05 12:00:00+00	114.56
A	2025-04-06 12:00:00+00	114.2
A	2025-04-07 12:00:00+00	114.23
A	2025-04-08 12:00:00+00	115.25
A	2025-04-09 12:00:00+00	114.32
A	2025-04-10 12:00:00+00	115.48
A	2025-04-11 12:00:00+00	115.32
A	2025-04-12 12:00:00+00	113.51
A	2025-04-13 12:00:00+00	112.94
A	2025-04-14 12:00:00+00	112.9
A	2025-04-15 12:00:00+00	112.63
A	2025-04-16 12:00:00+00	113.88
A	2025-04-17 12:00:00+00	115.31
A	2025-04-18 12:00:00+00	117.06
A	2025-04-19 12:00:00+00	114.55
A	2025-04-20 12:00:00+00	114.66
A	2025-04-21 12:00:00+00	114.36
A	2025-04-22 12:00:00+00	115.2
A	2025-04-23 12:00:00+00	114.89
A	2025-04-24 12:00:00+00	115.31
A	2025-04-25 12:00:00+00	114.04
A	2025-04-26 12:00:00+00	111.99
A	2025-04-27 12:00:00+00	112.09
A	2025-04-28 12:00:00+00	113.12
A	2025-04-29 12:00:00+00	114.01
A	2025-04-30 12:00:00+00	111.9
A	2025-05-01 12:00:00+00	110.81
A	2025-05-02 12:00:00+00	109.22
A	2025-05-03 12:00:00+00	109.53
A	2025-05-04 12:00:00+00	109.94
A	2025-05-05 12:00:00+00	109.79
A	2025-05-06 12:00:00+00	111.38
A	2025-05-07 12:00:00+00	110.27
A	2025-05-08 12:00:00+00	110.17
A	2025-05-09 12:00:00+00	110.13
A	2025-05-10 12:00:00+00	110.4
A	2025-05-11 12:00:00+00	110.33
A	2025-05-12 12:00:00+00	111.19
A	2025-05-13 12:00:00+00	111.49
A	2025-05-14 12:00:00+00	112.26
A	2025-05-15 12:00:00+00	111.34
A	2025-05-16 12:00:00+00	110.17
A	2025-05-17 12:00:00+00	108.73
A	2025-05-18 12:00:00+00	106.79
A	2025-05-19 12:00:00+00	106.41
A	2025-05-20 12:00:00+00	106.21
A	2025-05-21 12:00:00+00	105.4
A	2025-05-22 12:00:00+00	104.56
A	2025-05-23 12:00:00+00	104.47
A	2025-05-24 12:00:00+00	106.42
A	2025-05-25 12:00:00+00	106.48
A	2025-05-26 12:00:00+00	104.79
A	2025-05-27 12:00:00+00	106.52
A	2025-05-28 12:00:00+00	106.34
A	2025-05-29 12:00:00+00	105.6
A	2025-05-30 12:00:00+00	106.17
A	2025-05-31 12:00:00+00	104.12
A	2025-06-01 12:00:00+00	102.87
A	2025-06-02 12:00:00+00	101.87
A	2025-06-03 12:00:00+00	103.12
A	2025-06-04 12:00:00+00	104.55
A	2025-06-05 12:00:00+00	105.53
A	2025-06-06 12:00:00+00	105.53
A	2025-06-07 12:00:00+00	103.86
A	2025-06-08 12:00:00+00	104
A	2025-06-09 12:00:00+00	106.58
A	2025-06-10 12:00:00+00	106.4
A	2025-06-11 12:00:00+00	106.23
A	2025-06-12 12:00:00+00	106.67
A	2025-06-13 12:00:00+00	106.24
A	2025-06-14 12:00:00+00	106.7
A	2025-06-15 12:00:00+00	106.42
A	2025-06-16 12:00:00+00	106.53
A	2025-06-17 12:00:00+00	108.08
A	2025-06-18 12:00:00+00	108.04
A	2025-06-19 12:00:00+00	108.53
A	2025-06-20 12:00:00+00	110.73
A	2025-06-21 12:00:00+00	111.16
A	2025-06-22 12:00:00+00	111.68
A	2025-06-23 12:00:00+00	113.4
A	2025-06-24 12:00:00+00	114.63
A	2025-06-25 12:00:00+00	115.63
A	2025-06-26 12:00:00+00	114.49
A	2025-06-27 12:00:00+00	114.97
A	2025-06-28 12:00:00+00	114.36
A	2025-06-29 12:00:00+00	113.65
A	2025-06-30 12:00:00+00	113.09
A	2025-07-01 12:00:00+00	111.79
A	2025-07-02 12:00:00+00	111.09
A	2025-07-03 12:00:00+00	110.11
A	2025-07-04 12:00:00+00	108.36
A	2025-07-05 12:00:00+00	108.72
A	2025-07-06 12:00:00+00	108.45
A	2025-07-07 12:00:00+00	108.95
A	2025-07-08 12:00:00+00	111.06
A	2025-07-09 12:00:00+00	110.93
A	2025-07-10 12:00:00+00	111.86
A	2025-07-11 12:00:00+00	111.08
A	2025-07-12 12:00:00+00	112.24
A	2025-07-13 12:00:00+00	113.33
A	2025-07-14 12:00:00+00	113.5
A	2025-07-15 12:00:00+00	114.9
A	2025-07-16 12:00:00+00	114.51
A	2025-07-17 12:00:00+00	116.52
A	2025-07-18 12:00:00+00	114.77
A	2025-07-19 12:00:00+00	115.21
A	2025-07-20 12:00:00+00	115.98
A	2025-07-21 12:00:00+00	117.8
A	2025-07-22 12:00:00+00	119.09
A	2025-07-23 12:00:00+00	118.65
A	2025-07-24 12:00:00+00	119.38
A	2025-07-25 12:00:00+00	120.31
A	2025-07-26 12:00:00+00	119.96
A	2025-07-27 12:00:00+00	119.3
A	2025-07-28 12:00:00+00	118.87
A	2025-07-29 12:00:00+00	118.89
A	2025-07-30 12:00:00+00	117.94
A	2025-07-31 12:00:00+00	118.5
A	2025-08-01 12:00:00+00	120.12
A	2025-08-02 12:00:00+00	119.47
A	2025-08-03 12:00:00+00	118.98
A	2025-08-04 12:00:00+00	120.46
A	2025-08-05 12:00:00+00	121.38
A	2025-08-06 12:00:00+00	122.5
A	2025-08-07 12:00:00+00	121.2
A	2025-08-08 12:00:00+00	120.84
A	2025-08-09 12:00:00+00	121.62
A	2025-08-10 12:00:00+00	119.4
A	2025-08-11 12:00:00+00	120.81
A	2025-08-12 12:00:00+00	121.79
A	2025-08-13 12:00:00+00	123.66
A	2025-08-14 12:00:00+00	124
A	2025-08-15 12:00:00+00	124.07
A	2025-08-16 12:00:00+00	125.11
A	2025-08-17 12:00:00+00	125.65
A	2025-08-18 12:00:00+00	123.88
A	2025-08-19 12:00:00+00	124.23
A	2025-08-20 12:00:00+00	122.59
A	2025-08-21 12:00:00+00	121.63
A	2025-08-22 12:00:00+00	119.47
A	2025-08-23 12:00:00+00	121.1
A	2025-08-24 12:00:00+00	120.88
A	2025-08-25 12:00:00+00	121.05
A	2025-08-26 12:00:00+00	123.53
A	2025-08-27 12:00:00+00	124.85
A	2025-08-28 12:00:00+00	123.69
A	2025-08-29 12:00:00+00	125.52
A	2025-08-30 12:00:00+00	126.13
A	2025-08-31 12:00:00+00	127.66
A	2025-09-01 12:00:00+00	128.7
A	2025-09-02 12:00:00+00	129.14
A	2025-09-03 12:00:00+00	127.54
A	2025-09-04 12:00:00+00	128.71
A	2025-09-05 12:00:00+00	130.94
A	2025-09-06 12:00:00+00	128.04
A	2025-09-07 12:00:00+00	128.39
A	2025-09-08 12:00:00+00	128.25
A	2025-09-09 12:00:00+00	128.92
A	2025-09-10 12:00:00+00	129.96
A	2025-09-11 12:00:00+00	128.6
A	2025-09-12 12:00:00+00	127.6
A	2025-09-13 12:00:00+00	126.76
A	2025-09-14 12:00:00+00	126.75
A	2025-09-15 12:00:00+00	125.52
A	2025-09-16 12:00:00+00	126.82
A	2025-09-17 12:00:00+00	125.12
A	2025-09-18 12:00:00+00	125.75
A	2025-09-19 12:00:00+00	126.35
A	2025-09-20 12:00:00+00	126.87
A	2025-09-21 12:00:00+00	127.11
A	2025-09-22 12:00:00+00	125.58
A	2025-09-23 12:00:00+00	123.56
A	2025-09-24 12:00:00+00	123.24
A	2025-09-25 12:00:00+00	123.09
A	2025-09-26 12:00:00+00	123.89
A	2025-09-27 12:00:00+00	123.37
A	2025-09-28 12:00:00+00	123.75
B	2025-01-02 12:00:00+00	100.39
B	2025-01-03 12:00:00+00	99.01
B	2025-01-04 12:00:00+00	97.89
B	2025-01-05 12:00:00+00	99.24
B	2025-01-06 12:00:00+00	100.3
B	2025-01-07 12:00:00+00	99.46
B	2025-01-08 12:00:00+00	99.26
B	2025-01-09 12:00:00+00	100.52
B	2025-01-10 12:00:00+00	100.72
B	2025-01-11 12:00:00+00	101.32
B	2025-01-12 12:00:00+00	102.08
B	2025-01-13 12:00:00+00	101.18
B	2025-01-14 12:00:00+00	101.11
B	2025-01-15 12:00:00+00	100.06
B	2025-01-16 12:00:00+00	99.51
B	2025-01-17 12:00:00+00	98.48
B	2025-01-18 12:00:00+00	98.79
B	2025-01-19 12:00:00+00	100.39
B	2025-01-20 12:00:00+00	101.53
B	2025-01-21 12:00:00+00	101.73
B	2025-01-22 12:00:00+00	101.77
B	2025-01-23 12:00:00+00	103.48
B	2025-01-24 12:00:00+00	102.77
B	2025-01-25 12:00:00+00	102.85
B	2025-01-26 12:00:00+00	103.92
B	2025-01-27 12:00:00+00	103.61
B	2025-01-28 12:00:00+00	104.11
B	2025-01-29 12:00:00+00	105.38
B	2025-01-30 12:00:00+00	106.56
B	2025-01-31 12:00:00+00	106.83
B	2025-02-01 12:00:00+00	107.25
B	2025-02-02 12:00:00+00	107.03
B	2025-02-03 12:00:00+00	106.55
B	2025-02-04 12:00:00+00	106.23
B	2025-02-05 12:00:00+00	108.53
B	2025-02-06 12:00:00+00	108.98
B	2025-02-07 12:00:00+00	110.08
B	2025-02-08 12:00:00+00	111.21
B	2025-02-09 12:00:00+00	109.66
B	2025-02-10 12:00:00+00	109.2
B	2025-02-11 12:00:00+00	109.77
B	2025-02-12 12:00:00+00	110.12
B	2025-02-13 12:00:00+00	110.11
B	2025-02-14 12:00:00+00	109.32
B	2025-02-15 12:00:00+00	110.37
B	2025-02-16 12:00:00+00	110
B	2025-02-17 12:00:00+00	110.79
B	2025-02-18 12:00:00+00	110.66
B	2025-02-19 12:00:00+00	111.2
B	2025-02-20 12:00:00+00	112.4
B	2025-02-21 12:00:00+00	111.06
B	2025-02-22 12:00:00+00	111.83
B	2025-02-23 12:00:00+00	112.14
B	2025-02-24 12:00:00+00	111.03
B	2025-02-25 12:00:00+00	110.39
B	2025-02-26 12:00:00+00	112.52
B	2025-02-27 12:00:00+00	113.16
B	2025-02-28 12:00:00+00	112.17
B	2025-03-01 12:00:00+00	111.84
B	2025-03-02 12:00:00+00	112.1
B	2025-03-03 12:00:00+00	110.24
B	2025-03-04 12:00:00+00	110.48
B	2025-03-05 12:00:00+00	109.72
B	2025-03-06 12:00:00+00	111.21
B	2025-03-07 12:00:00+00	111.85
B	2025-03-08 12:00:00+00	111.35
B	2025-03-09 12:00:00+00	113.1
B	2025-03-10 12:00:00+00	111.21
B	2025-03-11 12:00:00+00	111.01
B	2025-03-12 12:00:00+00	111.62
B	2025-03-13 12:00:00+00	112.13
B	2025-03-14 12:00:00+00	112.35
B	2025-03-15 12:00:00+00	112.16
B	2025-03-16 12:00:00+00	110.53
B	2025-03-17 12:00:00+00	111.67
B	2025-03-18 12:00:00+00	112.15
B	2025-03-19 12:00:00+00	111.51
B	2025-03-20 12:00:00+00	112.13
B	2025-03-21 12:00:00+00	111.9
B	2025-03-22 12:00:00+00	112.98
B	2025-03-23 12:00:00+00	112.12
B	2025-03-24 12:00:00+00	110
B	2025-03-25 12:00:00+00	108.85
B	2025-03-26 12:00:00+00	106.99
B	2025-03-27 12:00:00+00	107.8
B	2025-03-28 12:00:00+00	107.77
B	2025-03-29 12:00:00+00	109.42
B	2025-03-30 12:00:00+00	108.38
B	2025-03-31 12:00:00+00	110.46
B	2025-04-01 12:00:00+00	108.6
B	2025-04-02 12:00:00+00	107.97
B	2025-04-03 12:00:00+00	107.88
B	2025-04-04 12:00:00+00	107.2
B	2025-04-05 12:00:00+00	105.77
B	2025-04-06 12:00:00+00	105.87
B	2025-04-07 12:00:00+00	106.4
B	2025-04-08 12:00:00+00	106.82
B	2025-04-09 12:00:00+00	105.92
B	2025-04-10 12:00:00+00	107.05
B	2025-04-11 12:00:00+00	106.8
B	2025-04-12 12:00:00+00	104.73
B	2025-04-13 12:00:00+00	104.06
B	2025-04-14 12:00:00+00	103.91
B	2025-04-15 12:00:00+00	103.29
B	2025-04-16 12:00:00+00	103.89
B	2025-04-17 12:00:00+00	104.83
B	2025-04-18 12:00:00+00	106.02
B	2025-04-19 12:00:00+00	104.44
B	2025-04-20 12:00:00+00	104.45
B	2025-04-21 12:00:00+00	104.31
B	2025-04-22 12:00:00+00	104.86
B	2025-04-23 12:00:00+00	104.08
B	2025-04-24 12:00:00+00	104.76
B	2025-04-25 12:00:00+00	103.72
B	2025-04-26 12:00:00+00	102.17
B	2025-04-27 12:00:00+00	102.17
B	2025-04-28 12:00:00+00	102.82
B	2025-04-29 12:00:00+00	103.52
B	2025-04-30 12:00:00+00	102.04
B	2025-05-01 12:00:00+00	101.38
B	2025-05-02 12:00:00+00	99.65
B	2025-05-03 12:00:00+00	100.23
B	2025-05-04 12:00:00+00	100.09
B	2025-05-05 12:00:00+00	100.13
B	2025-05-06 12:00:00+00	100.94
B	2025-05-07 12:00:00+00	99.31
B	2025-05-08 12:00:00+00	100.13
B	2025-05-09 12:00:00+00	100.3
B	2025-05-10 12:00:00+00	100.95
B	2025-05-11 12:00:00+00	100.62
B	2025-05-12 12:00:00+00	100.94
B	2025-05-13 12:00:00+00	101.54
B	2025-05-14 12:00:00+00	102.15
B	2025-05-15 12:00:00+00	101.24
B	2025-05-16 12:00:00+00	100.63
B	2025-05-17 12:00:00+00	99.61
B	2025-05-18 12:00:00+00	98.45
B	2025-05-19 12:00:00+00	98.36
B	2025-05-20 12:00:00+00	98.01
B	2025-05-21 12:00:00+00	97.03
B	2025-05-22 12:00:00+00	96.38
B	2025-05-23 12:00:00+00	96.03
B	2025-05-24 12:00:00+00	97.67
B	2025-05-25 12:00:00+00	98.99
B	2025-05-26 12:00:00+00	96.62
B	2025-05-27 12:00:00+00	97.95
B	2025-05-28 12:00:00+00	97.65
B	2025-05-29 12:00:00+00	97.22
B	2025-05-30 12:00:00+00	98
B	2025-05-31 12:00:00+00	96.11
B	2025-06-01 12:00:00+00	95.84
B	2025-06-02 12:00:00+00	95.11
B	2025-06-03 12:00:00+00	95.77
B	2025-06-04 12:00:00+00	96.78
B	2025-06-05 12:00:00+00	97.42
B	2025-06-06 12:00:00+00	98.02
B	2025-06-07 12:00:00+00	96.68
B	2025-06-08 12:00:00+00	96.09
B	2025-06-09 12:00:00+00	98.67
B	2025-06-10 12:00:00+00	98.67
B	2025-06-11 12:00:00+00	98.36
B	2025-06-12 12:00:00+00	98.71
B	2025-06-13 12:00:00+00	98.22
B	2025-06-14 12:00:00+00	98.9
B	2025-06-15 12:00:00+00	99.02
B	2025-06-16 12:00:00+00	99.4
B	2025-06-17 12:00:00+00	100.57
B	2025-06-18 12:00:00+00	100.26
B	2025-06-19 12:00:00+00	100.45
B	2025-06-20 12:00:00+00	102.37
B	2025-06-21 12:00:00+00	103.12
B	2025-06-22 12:00:00+00	103.16
B	2025-06-23 12:00:00+00	104.43
B	2025-06-24 12:00:00+00	105.15
B	2025-06-25 12:00:00+00	105.95
B	2025-06-26 12:00:00+00	104.84
B	2025-06-27 12:00:00+00	105.57
B	2025-06-28 12:00:00+00	105.1
B	2025-06-29 12:00:00+00	104.33
B	2025-06-30 12:00:00+00	103.98
B	2025-07-01 12:00:00+00	102.88
B	2025-07-02 12:00:00+00	102.57
B	2025-07-03 12:00:00+00	101
B	2025-07-04 12:00:00+00	99.16
B	2025-07-05 12:00:00+00	99.47
B	2025-07-06 12:00:00+00	99.43
B	2025-07-07 12:00:00+00	99.89
B	2025-07-08 12:00:00+00	101.73
B	2025-07-09 12:00:00+00	101.26
B	2025-07-10 12:00:00+00	102.06
B	2025-07-11 12:00:00+00	101.09
B	2025-07-12 12:00:00+00	102.49
B	2025-07-13 12:00:00+00	101.68
B	2025-07-14 12:00:00+00	102.4
B	2025-07-15 12:00:00+00	102.1
B	2025-07-16 12:00:00+00	101.37
B	2025-07-17 12:00:00+00	99.11
B	2025-07-18 12:00:00+00	98.93
B	2025-07-19 12:00:00+00	98.83
B	2025-07-20 12:00:00+00	99.33
B	2025-07-21 12:00:00+00	99.11
B	2025-07-22 12:00:00+00	100.31
B	2025-07-23 12:00:00+00	100.66
B	2025-07-24 12:00:00+00	99.91
B	2025-07-25 12:00:00+00	99.86
B	2025-07-26 12:00:00+00	100.55
B	2025-07-27 12:00:00+00	102.26
B	2025-07-28 12:00:00+00	102.97
B	2025-07-29 12:00:00+00	103.77
B	2025-07-30 12:00:00+00	103.8
B	2025-07-31 12:00:00+00	104.54
B	2025-08-01 12:00:00+00	105.42
B	2025-08-02 12:00:00+00	105.29
B	2025-08-03 12:00:00+00	103.74
B	2025-08-04 12:00:00+00	103.91
B	2025-08-05 12:00:00+00	102.93
B	2025-08-06 12:00:00+00	102.16
B	2025-08-07 12:00:00+00	101.92
B	2025-08-08 12:00:00+00	101.21
B	2025-08-09 12:00:00+00	102.68
B	2025-08-10 12:00:00+00	100.65
B	2025-08-11 12:00:00+00	99.79
B	2025-08-12 12:00:00+00	97.64
B	2025-08-13 12:00:00+00	98.67
B	2025-08-14 12:00:00+00	100.43
B	2025-08-15 12:00:00+00	101.23
B	2025-08-16 12:00:00+00	102.47
B	2025-08-17 12:00:00+00	101.54
B	2025-08-18 12:00:00+00	101.28
B	2025-08-19 12:00:00+00	100.04
B	2025-08-20 12:00:00+00	101.19
B	2025-08-21 12:00:00+00	102.08
B	2025-08-22 12:00:00+00	99.12
B	2025-08-23 12:00:00+00	99.27
B	2025-08-24 12:00:00+00	99.59
B	2025-08-25 12:00:00+00	98.67
B	2025-08-26 12:00:00+00	99.54
B	2025-08-27 12:00:00+00	99.21
B	2025-08-28 12:00:00+00	99.76
B	2025-08-29 12:00:00+00	98.82
B	2025-08-30 12:00:00+00	98.11
B	2025-08-31 12:00:00+00	99.16
B	2025-09-01 12:00:00+00	98.15
B	2025-09-02 12:00:00+00	98.05
B	2025-09-03 12:00:00+00	99.6
B	2025-09-04 12:00:00+00	100.79
B	2025-09-05 12:00:00+00	100.76
B	2025-09-06 12:00:00+00	100.28
B	2025-09-07 12:00:00+00	101.01
B	2025-09-08 12:00:00+00	103.8
B	2025-09-09 12:00:00+00	103.02
B	2025-09-10 12:00:00+00	103.13
B	2025-09-11 12:00:00+00	103.19
B	2025-09-12 12:00:00+00	102.48
B	2025-09-13 12:00:00+00	101.52
B	2025-09-14 12:00:00+00	102.22
B	2025-09-15 12:00:00+00	102.19
B	2025-09-16 12:00:00+00	103.19
B	2025-09-17 12:00:00+00	101.94
B	2025-09-18 12:00:00+00	103.21
B	2025-09-19 12:00:00+00	102.13
B	2025-09-20 12:00:00+00	101.87
B	2025-09-21 12:00:00+00	101.17
B	2025-09-22 12:00:00+00	101.79
B	2025-09-23 12:00:00+00	102.43
B	2025-09-24 12:00:00+00	100.4
B	2025-09-25 12:00:00+00	101.18
B	2025-09-26 12:00:00+00	100.87
B	2025-09-27 12:00:00+00	100.53
B	2025-09-28 12:00:00+00	98.45
C	2025-01-02 12:00:00+00	98.45
C	2025-01-03 12:00:00+00	98.88
C	2025-01-04 12:00:00+00	100.55
C	2025-01-05 12:00:00+00	101.14
C	2025-01-06 12:00:00+00	101.56
C	2025-01-07 12:00:00+00	102.34
C	2025-01-08 12:00:00+00	100.65
C	2025-01-09 12:00:00+00	99.7
C	2025-01-10 12:00:00+00	100.32
C	2025-01-11 12:00:00+00	100
C	2025-01-12 12:00:00+00	101.67
C	2025-01-13 12:00:00+00	101.67
C	2025-01-14 12:00:00+00	101.96
C	2025-01-15 12:00:00+00	101.99
C	2025-01-16 12:00:00+00	101.66
C	2025-01-17 12:00:00+00	100.86
C	2025-01-18 12:00:00+00	101.67
C	2025-01-19 12:00:00+00	102.87
C	2025-01-20 12:00:00+00	102.48
C	2025-01-21 12:00:00+00	102.01
C	2025-01-22 12:00:00+00	99.34
C	2025-01-23 12:00:00+00	99.27
C	2025-01-24 12:00:00+00	100.12
C	2025-01-25 12:00:00+00	99.29
C	2025-01-26 12:00:00+00	100.09
C	2025-01-27 12:00:00+00	100.05
C	2025-01-28 12:00:00+00	100.47
C	2025-01-29 12:00:00+00	100.02
C	2025-01-30 12:00:00+00	100.08
C	2025-01-31 12:00:00+00	101
C	2025-02-01 12:00:00+00	101.31
C	2025-02-02 12:00:00+00	100.57
C	2025-02-03 12:00:00+00	98.28
C	2025-02-04 12:00:00+00	98.37
C	2025-02-05 12:00:00+00	99.82
C	2025-02-06 12:00:00+00	100.09
C	2025-02-07 12:00:00+00	102.57
C	2025-02-08 12:00:00+00	102.49
C	2025-02-09 12:00:00+00	103.16
C	2025-02-10 12:00:00+00	101.41
C	2025-02-11 12:00:00+00	101.53
C	2025-02-12 12:00:00+00	100.04
C	2025-02-13 12:00:00+00	101.24
C	2025-02-14 12:00:00+00	101.67
C	2025-02-15 12:00:00+00	102.11
C	2025-02-16 12:00:00+00	101.6
C	2025-02-17 12:00:00+00	103.2
C	2025-02-18 12:00:00+00	102.33
C	2025-02-19 12:00:00+00	103.27
C	2025-02-20 12:00:00+00	105.07
C	2025-02-21 12:00:00+00	104.63
C	2025-02-22 12:00:00+00	104.61
C	2025-02-23 12:00:00+00	105.23
C	2025-02-24 12:00:00+00	106.24
C	2025-02-25 12:00:00+00	105.43
C	2025-02-26 12:00:00+00	105.76
C	2025-02-27 12:00:00+00	107.31
C	2025-02-28 12:00:00+00	107.42
C	2025-03-01 12:00:00+00	106.11
C	2025-03-02 12:00:00+00	107.23
C	2025-03-03 12:00:00+00	106.69
C	2025-03-04 12:00:00+00	107.65
C	2025-03-05 12:00:00+00	106.25
C	2025-03-06 12:00:00+00	106.51
C	2025-03-07 12:00:00+00	109.1
C	2025-03-08 12:00:00+00	109.42
C	2025-03-09 12:00:00+00	107.83
C	2025-03-10 12:00:00+00	109.45
C	2025-03-11 12:00:00+00	107.3
C	2025-03-12 12:00:00+00	106.66
C	2025-03-13 12:00:00+00	107.29
C	2025-03-14 12:00:00+00	105.83
C	2025-03-15 12:00:00+00	105.62
C	2025-03-16 12:00:00+00	104.83
C	2025-03-17 12:00:00+00	103.46
C	2025-03-18 12:00:00+00	104.75
C	2025-03-19 12:00:00+00	105.14
C	2025-03-20 12:00:00+00	103.12
C	2025-03-21 12:00:00+00	103.24
C	2025-03-22 12:00:00+00	102.23
C	2025-03-23 12:00:00+00	104.54
C	2025-03-24 12:00:00+00	105.2
C	2025-03-25 12:00:00+00	106.06
C	2025-03-26 12:00:00+00	107.61
C	2025-03-27 12:00:00+00	108.78
C	2025-03-28 12:00:00+00	108.09
C	2025-03-29 12:00:00+00	108.04
C	2025-03-30 12:00:00+00	108.58
C	2025-03-31 12:00:00+00	107.74
C	2025-04-01 12:00:00+00	108.79
C	2025-04-02 12:00:00+00	109.44
C	2025-04-03 12:00:00+00	109.23
C	2025-04-04 12:00:00+00	109.63
C	2025-04-05 12:00:00+00	109.23
C	2025-04-06 12:00:00+00	108.92
C	2025-04-07 12:00:00+00	109.25
C	2025-04-08 12:00:00+00	108.21
C	2025-04-09 12:00:00+00	108.22
C	2025-04-10 12:00:00+00	108.46
C	2025-04-11 12:00:00+00	109.85
C	2025-04-12 12:00:00+00	107.74
C	2025-04-13 12:00:00+00	107.04
C	2025-04-14 12:00:00+00	106.13
C	2025-04-15 12:00:00+00	103.17
C	2025-04-16 12:00:00+00	102.2
C	2025-04-17 12:00:00+00	101.74
C	2025-04-18 12:00:00+00	100.76
C	2025-04-19 12:00:00+00	102
C	2025-04-20 12:00:00+00	103.65
C	2025-04-21 12:00:00+00	105.39
C	2025-04-22 12:00:00+00	104.42
C	2025-04-23 12:00:00+00	106.24
C	2025-04-24 12:00:00+00	107.19
C	2025-04-25 12:00:00+00	108.66
C	2025-04-26 12:00:00+00	107.18
C	2025-04-27 12:00:00+00	107.78
C	2025-04-28 12:00:00+00	107.6
C	2025-04-29 12:00:00+00	106.55
C	2025-04-30 12:00:00+00	106.34
C	2025-05-01 12:00:00+00	105.63
C	2025-05-02 12:00:00+00	106.63
C	2025-05-03 12:00:00+00	106.25
C	2025-05-04 12:00:00+00	105.99
C	2025-05-05 12:00:00+00	106.96
C	2025-05-06 12:00:00+00	107.39
C	2025-05-07 12:00:00+00	108.42
C	2025-05-08 12:00:00+00	108.78
C	2025-05-09 12:00:00+00	108.52
C	2025-05-10 12:00:00+00	108.63
C	2025-05-11 12:00:00+00	109.1
C	2025-05-12 12:00:00+00	108.99
C	2025-05-13 12:00:00+00	109.21
C	2025-05-14 12:00:00+00	108.11
C	2025-05-15 12:00:00+00	106.25
C	2025-05-16 12:00:00+00	108.43
C	2025-05-17 12:00:00+00	106.12
C	2025-05-18 12:00:00+00	107.42
C	2025-05-19 12:00:00+00	109.46
C	2025-05-20 12:00:00+00	110.43
C	2025-05-21 12:00:00+00	108.94
C	2025-05-22 12:00:00+00	109.03
C	2025-05-23 12:00:00+00	108.34
C	2025-05-24 12:00:00+00	108.22
C	2025-05-25 12:00:00+00	110.22
C	2025-05-26 12:00:00+00	110.43
C	2025-05-27 12:00:00+00	109.02
C	2025-05-28 12:00:00+00	108.55
C	2025-05-29 12:00:00+00	109.45
C	2025-05-30 12:00:00+00	109.86
C	2025-05-31 12:00:00+00	108.15
C	2025-06-01 12:00:00+00	109.51
C	2025-06-02 12:00:00+00	109.75
C	2025-06-03 12:00:00+00	109.18
C	2025-06-04 12:00:00+00	109.5
C	2025-06-05 12:00:00+00	109.18
C	2025-06-06 12:00:00+00	109.53
C	2025-06-07 12:00:00+00	107.59
C	2025-06-08 12:00:00+00	105.78
C	2025-06-09 12:00:00+00	106.53
C	2025-06-10 12:00:00+00	108.21
C	2025-06-11 12:00:00+00	108.53
C	2025-06-12 12:00:00+00	108.81
C	2025-06-13 12:00:00+00	107.99
C	2025-06-14 12:00:00+00	108.5
C	2025-06-15 12:00:00+00	108.47
C	2025-06-16 12:00:00+00	108.69
C	2025-06-17 12:00:00+00	109.37
C	2025-06-18 12:00:00+00	109.06
C	2025-06-19 12:00:00+00	111.29
C	2025-06-20 12:00:00+00	111.69
C	2025-06-21 12:00:00+00	111.68
C	2025-06-22 12:00:00+00	113.81
C	2025-06-23 12:00:00+00	114.72
C	2025-06-24 12:00:00+00	113.8
C	2025-06-25 12:00:00+00	115.06
C	2025-06-26 12:00:00+00	114.95
C	2025-06-27 12:00:00+00	112.84
C	2025-06-28 12:00:00+00	112.84
C	2025-06-29 12:00:00+00	112.18
C	2025-06-30 12:00:00+00	111.99
C	2025-07-01 12:00:00+00	112.07
C	2025-07-02 12:00:00+00	111.35
C	2025-07-03 12:00:00+00	112.95
C	2025-07-04 12:00:00+00	114.12
C	2025-07-05 12:00:00+00	111.27
C	2025-07-06 12:00:00+00	111.33
C	2025-07-07 12:00:00+00	113.28
C	2025-07-08 12:00:00+00	112.76
C	2025-07-09 12:00:00+00	113.22
C	2025-07-10 12:00:00+00	113.02
C	2025-07-11 12:00:00+00	113.66
C	2025-07-12 12:00:00+00	112.44
C	2025-07-13 12:00:00+00	113.3
C	2025-07-14 12:00:00+00	114.8
C	2025-07-15 12:00:00+00	113.53
C	2025-07-16 12:00:00+00	114.06
C	2025-07-17 12:00:00+00	111.88
C	2025-07-18 12:00:00+00	111.52
C	2025-07-19 12:00:00+00	110.87
C	2025-07-20 12:00:00+00	113.35
C	2025-07-21 12:00:00+00	112.56
C	2025-07-22 12:00:00+00	112.53
C	2025-07-23 12:00:00+00	113.51
C	2025-07-24 12:00:00+00	112.72
C	2025-07-25 12:00:00+00	111.55
C	2025-07-26 12:00:00+00	114.08
C	2025-07-27 12:00:00+00	113.13
C	2025-07-28 12:00:00+00	115.07
C	2025-07-29 12:00:00+00	114.38
C	2025-07-30 12:00:00+00	115.59
C	2025-07-31 12:00:00+00	115.42
C	2025-08-01 12:00:00+00	116.05
C	2025-08-02 12:00:00+00	115.51
C	2025-08-03 12:00:00+00	115.04
C	2025-08-04 12:00:00+00	113.66
C	2025-08-05 12:00:00+00	111.46
C	2025-08-06 12:00:00+00	111.58
C	2025-08-07 12:00:00+00	111.79
C	2025-08-08 12:00:00+00	112.18
C	2025-08-09 12:00:00+00	111.92
C	2025-08-10 12:00:00+00	112
C	2025-08-11 12:00:00+00	111.17
C	2025-08-12 12:00:00+00	111.67
C	2025-08-13 12:00:00+00	114.99
C	2025-08-14 12:00:00+00	115.13
C	2025-08-15 12:00:00+00	115.27
C	2025-08-16 12:00:00+00	114.32
C	2025-08-17 12:00:00+00	114.66
C	2025-08-18 12:00:00+00	114.23
C	2025-08-19 12:00:00+00	114.93
C	2025-08-20 12:00:00+00	115.2
C	2025-08-21 12:00:00+00	113.81
C	2025-08-22 12:00:00+00	114.72
C	2025-08-23 12:00:00+00	113.19
C	2025-08-24 12:00:00+00	114.12
C	2025-08-25 12:00:00+00	114.78
C	2025-08-26 12:00:00+00	115.83
C	2025-08-27 12:00:00+00	113.05
C	2025-08-28 12:00:00+00	112.71
C	2025-08-29 12:00:00+00	113.5
C	2025-08-30 12:00:00+00	113.24
C	2025-08-31 12:00:00+00	114.64
C	2025-09-01 12:00:00+00	114.59
C	2025-09-02 12:00:00+00	112.18
C	2025-09-03 12:00:00+00	112.47
C	2025-09-04 12:00:00+00	113.24
C	2025-09-05 12:00:00+00	113.34
C	2025-09-06 12:00:00+00	112.81
C	2025-09-07 12:00:00+00	113.37
C	2025-09-08 12:00:00+00	114.15
C	2025-09-09 12:00:00+00	113.38
C	2025-09-10 12:00:00+00	113.91
C	2025-09-11 12:00:00+00	114.34
C	2025-09-12 12:00:00+00	114.19
C	2025-09-13 12:00:00+00	114
C	2025-09-14 12:00:00+00	113.5
C	2025-09-15 12:00:00+00	111.74
C	2025-09-16 12:00:00+00	109.91
C	2025-09-17 12:00:00+00	107.96
C	2025-09-18 12:00:00+00	106.39
C	2025-09-19 12:00:00+00	106.29
C	2025-09-20 12:00:00+00	106.98
C	2025-09-21 12:00:00+00	106.94
C	2025-09-22 12:00:00+00	105.78
C	2025-09-23 12:00:00+00	104.26
C	2025-09-24 12:00:00+00	104.03
C	2025-09-25 12:00:00+00	103.71
C	2025-09-26 12:00:00+00	105.15
C	2025-09-27 12:00:00+00	106.05
C	2025-09-28 12:00:00+00	104.2
D	2025-01-02 12:00:00+00	101.48
D	2025-01-03 12:00:00+00	100.96
D	2025-01-04 12:00:00+00	99.88
D	2025-01-05 12:00:00+00	99.56
D	2025-01-06 12:00:00+00	98.61
D	2025-01-08 12:00:00+00	99.37
D	2025-01-09 12:00:00+00	100.43
D	2025-01-10 12:00:00+00	99.89
D	2025-01-11 12:00:00+00	100.92
D	2025-01-12 12:00:00+00	99.82
D	2025-01-13 12:00:00+00	99.77
D	2025-01-14 12:00:00+00	99.65
D	2025-01-15 12:00:00+00	99.06
D	2025-01-16 12:00:00+00	98.27
D	2025-01-17 12:00:00+00	99.09
D	2025-01-18 12:00:00+00	98.16
D	2025-01-19 12:00:00+00	96.2
D	2025-01-20 12:00:00+00	96.23
D	2025-01-21 12:00:00+00	96.63
D	2025-01-22 12:00:00+00	99.94
D	2025-01-23 12:00:00+00	100.18
D	2025-01-24 12:00:00+00	99.75
D	2025-01-25 12:00:00+00	100.55
D	2025-01-26 12:00:00+00	100.11
D	2025-01-27 12:00:00+00	100.05
D	2025-01-28 12:00:00+00	98.96
D	2025-01-29 12:00:00+00	99.94
D	2025-01-30 12:00:00+00	99.87
D	2025-01-31 12:00:00+00	99.33
D	2025-02-01 12:00:00+00	99.26
D	2025-02-02 12:00:00+00	100.2
D	2025-02-03 12:00:00+00	102.69
D	2025-02-04 12:00:00+00	102.56
D	2025-02-05 12:00:00+00	101.22
D	2025-02-06 12:00:00+00	100.43
D	2025-02-08 12:00:00+00	97.63
D	2025-02-09 12:00:00+00	97.02
D	2025-02-10 12:00:00+00	98.77
D	2025-02-11 12:00:00+00	99.28
D	2025-02-12 12:00:00+00	100.83
D	2025-02-13 12:00:00+00	100.23
D	2025-02-14 12:00:00+00	99.53
D	2025-02-15 12:00:00+00	99.66
D	2025-02-16 12:00:00+00	100.31
D	2025-02-17 12:00:00+00	98.67
D	2025-02-18 12:00:00+00	99.29
D	2025-02-19 12:00:00+00	97.84
D	2025-02-20 12:00:00+00	95.87
D	2025-02-21 12:00:00+00	96.44
D	2025-02-22 12:00:00+00	95.64
D	2025-02-23 12:00:00+00	95.58
D	2025-02-24 12:00:00+00	94.45
D	2025-02-25 12:00:00+00	95.6
D	2025-02-26 12:00:00+00	95.1
D	2025-02-27 12:00:00+00	93.85
D	2025-02-28 12:00:00+00	93.76
D	2025-03-01 12:00:00+00	94.95
D	2025-03-02 12:00:00+00	93.42
D	2025-03-03 12:00:00+00	93.61
D	2025-03-04 12:00:00+00	92.33
D	2025-03-05 12:00:00+00	93.7
D	2025-03-06 12:00:00+00	93.81
D	2025-03-08 12:00:00+00	92.07
D	2025-03-09 12:00:00+00	93.27
D	2025-03-10 12:00:00+00	92.25
D	2025-03-11 12:00:00+00	93.96
D	2025-03-12 12:00:00+00	94.76
D	2025-03-13 12:00:00+00	93.78
D	2025-03-14 12:00:00+00	95.37
D	2025-03-15 12:00:00+00	95.86
D	2025-03-16 12:00:00+00	96.27
D	2025-03-17 12:00:00+00	96.71
D	2025-03-18 12:00:00+00	94.78
D	2025-03-19 12:00:00+00	94.94
D	2025-03-20 12:00:00+00	96.86
D	2025-03-21 12:00:00+00	96.85
D	2025-03-22 12:00:00+00	97.61
D	2025-03-23 12:00:00+00	95.84
D	2025-03-24 12:00:00+00	95.69
D	2025-03-25 12:00:00+00	95.09
D	2025-03-26 12:00:00+00	94.36
D	2025-03-27 12:00:00+00	93.27
D	2025-03-28 12:00:00+00	93.56
D	2025-03-29 12:00:00+00	93.74
D	2025-03-30 12:00:00+00	92.77
D	2025-03-31 12:00:00+00	93.9
D	2025-04-01 12:00:00+00	92.56
D	2025-04-02 12:00:00+00	92.7
D	2025-04-03 12:00:00+00	92.37
D	2025-04-04 12:00:00+00	91.91
D	2025-04-05 12:00:00+00	92.7
D	2025-04-06 12:00:00+00	93.17
D	2025-04-08 12:00:00+00	93.15
D	2025-04-09 12:00:00+00	93.23
D	2025-04-10 12:00:00+00	93.44
D	2025-04-11 12:00:00+00	92.1
D	2025-04-12 12:00:00+00	93.67
D	2025-04-13 12:00:00+00	93.98
D	2025-04-14 12:00:00+00	94.48
D	2025-04-15 12:00:00+00	96.87
D	2025-04-16 12:00:00+00	98.41
D	2025-04-17 12:00:00+00	99.35
D	2025-04-18 12:00:00+00	100.26
D	2025-04-19 12:00:00+00	100.05
D	2025-04-20 12:00:00+00	98.54
D	2025-04-21 12:00:00+00	97.22
D	2025-04-22 12:00:00+00	98.04
D	2025-04-23 12:00:00+00	96.07
D	2025-04-24 12:00:00+00	95.29
D	2025-04-25 12:00:00+00	94.31
D	2025-04-26 12:00:00+00	95.88
D	2025-04-27 12:00:00+00	95.09
D	2025-04-28 12:00:00+00	95.1
D	2025-04-29 12:00:00+00	95.67
D	2025-04-30 12:00:00+00	96.04
D	2025-05-01 12:00:00+00	96.06
D	2025-05-02 12:00:00+00	94.62
D	2025-05-03 12:00:00+00	95.1
D	2025-05-04 12:00:00+00	95.36
D	2025-05-05 12:00:00+00	94.13
D	2025-05-06 12:00:00+00	94.39
D	2025-05-08 12:00:00+00	93.48
D	2025-05-09 12:00:00+00	94.05
D	2025-05-10 12:00:00+00	93.87
D	2025-05-11 12:00:00+00	93.43
D	2025-05-12 12:00:00+00	93.45
D	2025-05-13 12:00:00+00	92.65
D	2025-05-14 12:00:00+00	93.49
D	2025-05-15 12:00:00+00	94.89
D	2025-05-16 12:00:00+00	92.98
D	2025-05-17 12:00:00+00	94.81
D	2025-05-18 12:00:00+00	94.38
D	2025-05-19 12:00:00+00	92.46
D	2025-05-20 12:00:00+00	91.8
D	2025-05-21 12:00:00+00	92.94
D	2025-05-22 12:00:00+00	92.99
D	2025-05-23 12:00:00+00	93.71
D	2025-05-24 12:00:00+00	93.57
D	2025-05-25 12:00:00+00	92.33
D	2025-05-26 12:00:00+00	92.57
D	2025-05-27 12:00:00+00	93.8
D	2025-05-28 12:00:00+00	94.11
D	2025-05-29 12:00:00+00	93.32
D	2025-05-30 12:00:00+00	93.15
D	2025-05-31 12:00:00+00	94.16
D	2025-06-01 12:00:00+00	93.83
D	2025-06-02 12:00:00+00	94.2
D	2025-06-03 12:00:00+00	94.85
D	2025-06-04 12:00:00+00	94.7
D	2025-06-05 12:00:00+00	95.04
D	2025-06-06 12:00:00+00	93.86
D	2025-06-08 12:00:00+00	96.86
D	2025-06-09 12:00:00+00	95.57
D	2025-06-10 12:00:00+00	94.45
D	2025-06-11 12:00:00+00	94.17
D	2025-06-12 12:00:00+00	93.86
D	2025-06-13 12:00:00+00	93.98
D	2025-06-14 12:00:00+00	93.26
D	2025-06-15 12:00:00+00	92.94
D	2025-06-16 12:00:00+00	92.91
D	2025-06-17 12:00:00+00	91.49
D	2025-06-18 12:00:00+00	91.55
D	2025-06-19 12:00:00+00	89.91
D	2025-06-20 12:00:00+00	89.85
D	2025-06-21 12:00:00+00	89.92
D	2025-06-22 12:00:00+00	88.61
D	2025-06-23 12:00:00+00	87.49
D	2025-06-24 12:00:00+00	87.76
D	2025-06-25 12:00:00+00	87.21
D	2025-06-26 12:00:00+00	87.23
D	2025-06-27 12:00:00+00	88.55
D	2025-06-28 12:00:00+00	87.68
D	2025-06-29 12:00:00+00	88.23
D	2025-06-30 12:00:00+00	88.34
D	2025-07-01 12:00:00+00	88.07
D	2025-07-02 12:00:00+00	88.91
D	2025-07-03 12:00:00+00	87.59
D	2025-07-04 12:00:00+00	87
D	2025-07-05 12:00:00+00	88.06
D	2025-07-06 12:00:00+00	87.97
D	2025-07-08 12:00:00+00	86.66
D	2025-07-09 12:00:00+00	86.04
D	2025-07-10 12:00:00+00	86.53
D	2025-07-11 12:00:00+00	86.24
D	2025-07-12 12:00:00+00	86.89
D	2025-07-13 12:00:00+00	86.56
D	2025-07-14 12:00:00+00	85.59
D	2025-07-15 12:00:00+00	86.1
D	2025-07-16 12:00:00+00	85.22
D	2025-07-17 12:00:00+00	86.19
D	2025-07-18 12:00:00+00	86.43
D	2025-07-19 12:00:00+00	87.39
D	2025-07-20 12:00:00+00	85.53
D	2025-07-21 12:00:00+00	84.53
D	2025-07-22 12:00:00+00	83.84
D	2025-07-23 12:00:00+00	83.58
D	2025-07-24 12:00:00+00	84
D	2025-07-25 12:00:00+00	83.55
D	2025-07-26 12:00:00+00	83.24
D	2025-07-27 12:00:00+00	81.72
D	2025-07-28 12:00:00+00	82.01
D	2025-07-29 12:00:00+00	82.47
D	2025-07-30 12:00:00+00	82.04
D	2025-07-31 12:00:00+00	81.27
D	2025-08-01 12:00:00+00	81.95
D	2025-08-02 12:00:00+00	82.39
D	2025-08-03 12:00:00+00	82.3
D	2025-08-04 12:00:00+00	82.59
D	2025-08-05 12:00:00+00	82.45
D	2025-08-06 12:00:00+00	82.33
D	2025-08-08 12:00:00+00	83.03
D	2025-08-09 12:00:00+00	84.03
D	2025-08-10 12:00:00+00	84.72
D	2025-08-11 12:00:00+00	84.53
D	2025-08-12 12:00:00+00	84.26
D	2025-08-13 12:00:00+00	84.16
D	2025-08-14 12:00:00+00	84.5
D	2025-08-15 12:00:00+00	83.09
D	2025-08-16 12:00:00+00	83.82
D	2025-08-17 12:00:00+00	82.74
D	2025-08-18 12:00:00+00	82.48
D	2025-08-19 12:00:00+00	83.4
D	2025-08-20 12:00:00+00	83.58
D	2025-08-21 12:00:00+00	85.2
D	2025-08-22 12:00:00+00	84.24
D	2025-08-23 12:00:00+00	83.07
D	2025-08-24 12:00:00+00	83.63
D	2025-08-25 12:00:00+00	83.7
D	2025-08-26 12:00:00+00	85.49
D	2025-08-27 12:00:00+00	84.14
D	2025-08-28 12:00:00+00	83.63
D	2025-08-29 12:00:00+00	84.34
D	2025-08-30 12:00:00+00	83.03
D	2025-08-31 12:00:00+00	83.37
D	2025-09-01 12:00:00+00	82.98
D	2025-09-02 12:00:00+00	84.39
D	2025-09-03 12:00:00+00	83.63
D	2025-09-04 12:00:00+00	84.34
D	2025-09-05 12:00:00+00	85.94
D	2025-09-06 12:00:00+00	85.55
D	2025-09-08 12:00:00+00	84.96
D	2025-09-09 12:00:00+00	85.07
D	2025-09-10 12:00:00+00	83.9
D	2025-09-11 12:00:00+00	84.45
D	2025-09-12 12:00:00+00	85.44
D	2025-09-13 12:00:00+00	86.21
D	2025-09-14 12:00:00+00	86.06
D	2025-09-15 12:00:00+00	85.47
D	2025-09-16 12:00:00+00	84.6
D	2025-09-17 12:00:00+00	83.83
D	2025-09-18 12:00:00+00	83.48
D	2025-09-19 12:00:00+00	82.91
D	2025-09-20 12:00:00+00	82.44
D	2025-09-21 12:00:00+00	83.27
D	2025-09-22 12:00:00+00	83.36
D	2025-09-23 12:00:00+00	84.92
D	2025-09-24 12:00:00+00	84.7
D	2025-09-25 12:00:00+00	83.62
D	2025-09-26 12:00:00+00	83.73
D	2025-09-27 12:00:00+00	84.63
D	2025-09-28 12:00:00+00	84.62
\.

COPY desk.refresh_log (entry, model, action, as_of, status, started_at, finished_at, run, blocks_read, blocks_reused, pairs_stored, prices_refused, error_code, error, started_by, backend_pid, phase, phase_started_at) FROM stdin;
1	default	refresh	2025-05-11 20:00:00+00	done	2026-11-22 18:49:13.945514+00	2026-11-22 18:49:13.976923+00	1	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:13.976928+00
2	default	refresh	2025-05-21 20:00:00+00	done	2026-11-22 18:49:13.980606+00	2026-11-22 18:49:13.999497+00	2	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:13.9995+00
3	default	refresh	2025-05-31 20:00:00+00	done	2026-11-22 18:49:14.002059+00	2026-11-22 18:49:14.019795+00	3	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.019799+00
4	default	refresh	2025-06-10 20:00:00+00	done	2026-11-22 18:49:14.02227+00	2026-11-22 18:49:14.039653+00	4	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.039656+00
5	default	refresh	2025-06-20 20:00:00+00	done	2026-11-22 18:49:14.042174+00	2026-11-22 18:49:14.059234+00	5	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.059238+00
6	default	refresh	2025-06-30 20:00:00+00	done	2026-11-22 18:49:14.061716+00	2026-11-22 18:49:14.079322+00	6	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.079326+00
7	default	refresh	2025-07-10 20:00:00+00	done	2026-11-22 18:49:14.081704+00	2026-11-22 18:49:14.098739+00	7	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.098742+00
8	default	refresh	2025-07-20 20:00:00+00	done	2026-11-22 18:49:14.101+00	2026-11-22 18:49:14.117658+00	8	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.117661+00
9	default	refresh	2025-07-30 20:00:00+00	done	2026-11-22 18:49:14.119868+00	2026-11-22 18:49:14.140171+00	9	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.140175+00
10	default	refresh	2025-08-09 20:00:00+00	done	2026-11-22 18:49:14.142408+00	2026-11-22 18:49:14.159503+00	10	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.159506+00
11	default	refresh	2025-08-19 20:00:00+00	done	2026-11-22 18:49:14.161769+00	2026-11-22 18:49:14.179037+00	11	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.179041+00
12	default	refresh	2025-08-29 20:00:00+00	done	2026-11-22 18:49:14.181427+00	2026-11-22 18:49:14.198684+00	12	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.198688+00
13	default	refresh	2025-09-08 20:00:00+00	done	2026-11-22 18:49:14.201013+00	2026-11-22 18:49:14.218352+00	13	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.218356+00
14	default	refresh	2025-09-18 20:00:00+00	done	2026-11-22 18:49:14.2207+00	2026-11-22 18:49:14.238007+00	14	2	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.238011+00
15	weekly	refresh	2025-09-18 20:00:00+00	done	2026-11-22 18:49:14.240427+00	2026-11-22 18:49:14.256297+00	15	1	0	2	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.256302+00
\.

COPY desk.return_block (block, model, first_bar, last_bar, bars, assets, returns, last_price, last_price_time, priced_bars, non_positive, not_finite, contradictory, gap_moves, largest_gap_move, largest_gap_bar, opening_price, opening_bar, closing_price, unchanged, frozen) FROM stdin;
12	default	2025-01-03 00:00:00+00	2025-08-29 00:00:00+00	{"2025-01-03 00:00:00+00","2025-01-04 00:00:00+00","2025-01-05 00:00:00+00","2025-01-06 00:00:00+00","2025-01-07 00:00:00+00","2025-01-08 00:00:00+00","2025-01-09 00:00:00+00","2025-01-10 00:00:00+00","2025-01-11 00:00:00+00","2025-01-12 00:00:00+00","2025-01-13 00:00:00+00","2025-01-14 00:00:00+00","2025-01-15 00:00:00+00","2025-01-16 00:00:00+00","2025-01-17 00:00:00+00","2025-01-18 00:00:00+00","2025-01-19 00:00:00+00","2025-01-20 00:00:00+00","2025-01-21 00:00:00+00","2025-01-22 00:00:00+00","2025-01-23 00:00:00+00","2025-01-24 00:00:00+00","2025-01-25 00:00:00+00","2025-01-26 00:00:00+00","2025-01-27 00:00:00+00","2025-01-28 00:00:00+00","2025-01-29 00:00:00+00","2025-01-30 00:00:00+00","2025-01-31 00:00:00+00","2025-02-01 00:00:00+00","2025-02-02 00:00:00+00","2025-02-03 00:00:00+00","2025-02-04 00:00:00+00","2025-02-05 00:00:00+00","2025-02-06 00:00:00+00","2025-02-07 00:00:00+00","2025-02-08 00:00:00+00","2025-02-09 00:00:00+00","2025-02-10 00:00:00+00","2025-02-11 00:00:00+00","2025-02-12 00:00:00+00","2025-02-13 00:00:00+00","2025-02-14 00:00:00+00","2025-02-15 00:00:00+00","2025-02-16 00:00:00+00","2025-02-17 00:00:00+00","2025-02-18 00:00:00+00","2025-02-19 00:00:00+00","2025-02-20 00:00:00+00","2025-02-21 00:00:00+00","2025-02-22 00:00:00+00","2025-02-23 00:00:00+00","2025-02-24 00:00:00+00","2025-02-25 00:00:00+00","2025-02-26 00:00:00+00","2025-02-27 00:00:00+00","2025-02-28 00:00:00+00","2025-03-01 00:00:00+00","2025-03-02 00:00:00+00","2025-03-03 00:00:00+00","2025-03-04 00:00:00+00","2025-03-05 00:00:00+00","2025-03-06 00:00:00+00","2025-03-07 00:00:00+00","2025-03-08 00:00:00+00","2025-03-09 00:00:00+00","2025-03-10 00:00:00+00","2025-03-11 00:00:00+00","2025-03-12 00:00:00+00","2025-03-13 00:00:00+00","2025-03-14 00:00:00+00","2025-03-15 00:00:00+00","2025-03-16 00:00:00+00","2025-03-17 00:00:00+00","2025-03-18 00:00:00+00","2025-03-19 00:00:00+00","2025-03-20 00:00:00+00","2025-03-21 00:00:00+00","2025-03-22 00:00:00+00","2025-03-23 00:00:00+00","2025-03-24 00:00:00+00","2025-03-25 00:00:00+00","2025-03-26 00:00:00+00","2025-03-27 00:00:00+00","2025-03-28 00:00:00+00","2025-03-29 00:00:00+00","2025-03-30 00:00:00+00","2025-03-31 00:00:00+00","2025-04-01 00:00:00+00","2025-04-02 00:00:00+00","2025-04-03 00:00:00+00","2025-04-04 00:00:00+00","2025-04-05 00:00:00+00","2025-04-06 00:00:00+00","2025-04-07 00:00:00+00","2025-04-08 00:00:00+00","2025-04-09 00:00:00+00","2025-04-10 00:00:00+00","2025-04-11 00:00:00+00","2025-04-12 00:00:00+00","2025-04-13 00:00:00+00","2025-04-14 00:00:00+00","2025-04-15 00:00:00+00","2025-04-16 00:00:00+00","2025-04-17 00:00:00+00","2025-04-18 00:00:00+00","2025-04-19 00:00:00+00","2025-04-20 00:00:00+00","2025-04-21 00:00:00+00","2025-04-22 00:00:00+00","2025-04-23 00:00:00+00","2025-04-24 00:00:00+00","2025-04-25 00:00:00+00","2025-04-26 00:00:00+00","2025-04-27 00:00:00+00","2025-04-28 00:00:00+00","2025-04-29 00:00:00+00","2025-04-30 00:00:00+00","2025-05-01 00:00:00+00","2025-05-02 00:00:00+00","2025-05-03 00:00:00+00","2025-05-04 00:00:00+00","2025-05-05 00:00:00+00","2025-05-06 00:00:00+00","2025-05-07 00:00:00+00","2025-05-08 00:00:00+00","2025-05-09 00:00:00+00","2025-05-10 00:00:00+00","2025-05-11 00:00:00+00","2025-05-12 00:00:00+00","2025-05-13 00:00:00+00","2025-05-14 00:00:00+00","2025-05-15 00:00:00+00","2025-05-16 00:00:00+00","2025-05-17 00:00:00+00","2025-05-18 00:00:00+00","2025-05-19 00:00:00+00","2025-05-20 00:00:00+00","2025-05-21 00:00:00+00","2025-05-22 00:00:00+00","2025-05-23 00:00:00+00","2025-05-24 00:00:00+00","2025-05-25 00:00:00+00","2025-05-26 00:00:00+00","2025-05-27 00:00:00+00","2025-05-28 00:00:00+00","2025-05-29 00:00:00+00","2025-05-30 00:00:00+00","2025-05-31 00:00:00+00","2025-06-01 00:00:00+00","2025-06-02 00:00:00+00","2025-06-03 00:00:00+00","2025-06-04 00:00:00+00","2025-06-05 00:00:00+00","2025-06-06 00:00:00+00","2025-06-07 00:00:00+00","2025-06-08 00:00:00+00","2025-06-09 00:00:00+00","2025-06-10 00:00:00+00","2025-06-11 00:00:00+00","2025-06-12 00:00:00+00","2025-06-13 00:00:00+00","2025-06-14 00:00:00+00","2025-06-15 00:00:00+00","2025-06-16 00:00:00+00","2025-06-17 00:00:00+00","2025-06-18 00:00:00+00","2025-06-19 00:00:00+00","2025-06-20 00:00:00+00","2025-06-21 00:00:00+00","2025-06-22 00:00:00+00","2025-06-23 00:00:00+00","2025-06-24 00:00:00+00","2025-06-25 00:00:00+00","2025-06-26 00:00:00+00","2025-06-27 00:00:00+00","2025-06-28 00:00:00+00","2025-06-29 00:00:00+00","2025-06-30 00:00:00+00","2025-07-01 00:00:00+00","2025-07-02 00:00:00+00","2025-07-03 00:00:00+00","2025-07-04 00:00:00+00","2025-07-05 00:00:00+00","2025-07-06 00:00:00+00","2025-07-07 00:00:00+00","2025-07-08 00:00:00+00","2025-07-09 00:00:00+00","2025-07-10 00:00:00+00","2025-07-11 00:00:00+00","2025-07-12 00:00:00+00","2025-07-13 00:00:00+00","2025-07-14 00:00:00+00","2025-07-15 00:00:00+00","2025-07-16 00:00:00+00","2025-07-17 00:00:00+00","2025-07-18 00:00:00+00","2025-07-19 00:00:00+00","2025-07-20 00:00:00+00","2025-07-21 00:00:00+00","2025-07-22 00:00:00+00","2025-07-23 00:00:00+00","2025-07-24 00:00:00+00","2025-07-25 00:00:00+00","2025-07-26 00:00:00+00","2025-07-27 00:00:00+00","2025-07-28 00:00:00+00","2025-07-29 00:00:00+00","2025-07-30 00:00:00+00","2025-07-31 00:00:00+00","2025-08-01 00:00:00+00","2025-08-02 00:00:00+00","2025-08-03 00:00:00+00","2025-08-04 00:00:00+00","2025-08-05 00:00:00+00","2025-08-06 00:00:00+00","2025-08-07 00:00:00+00","2025-08-08 00:00:00+00","2025-08-09 00:00:00+00","2025-08-10 00:00:00+00","2025-08-11 00:00:00+00","2025-08-12 00:00:00+00","2025-08-13 00:00:00+00","2025-08-14 00:00:00+00","2025-08-15 00:00:00+00","2025-08-16 00:00:00+00","2025-08-17 00:00:00+00","2025-08-18 00:00:00+00","2025-08-19 00:00:00+00","2025-08-20 00:00:00+00","2025-08-21 00:00:00+00","2025-08-22 00:00:00+00","2025-08-23 00:00:00+00","2025-08-24 00:00:00+00","2025-08-25 00:00:00+00","2025-08-26 00:00:00+00","2025-08-27 00:00:00+00","2025-08-28 00:00:00+00","2025-08-29 00:00:00+00"}	{A,B,C,D}	{{-0.009838020471032445,-0.01565636290646329,0.01182707993474711,0.00806126561870225,-0.006497401039584223,-0.001811047389073416,0.012700332627759351,0.0013934507813277651,0.00447271642977838,0.005145458143676984,-0.002362669816893039,0.003453720149990076,-0.010817189497492323,-0.006660701859031729,-0.012510008006405124,0.0014188709840883811,0.012346928448537586,0.016295111466559986,0.008853039543576684,-0.003120124804992272,0.01633411580594681,-0.005293042055625033,-0.011900154798761648,0.006168608636052186,9.731413001158918e-05,0.007395154227887566,0.016999903409639767,0.010732263272865375,-0.0005638037962789163,0.009966152688980842,-0.00018618506795751275,-0.0027001862197393502,0.0021473251797218184,0.025712688652878617,0.005994550408719444,0.004243409172986628,0.013575474242560379,-0.01960262551002301,0.0013570976205555566,0.0028912179255510765,0.0013513513513514026,0.004588394062078191,0.0014329213684398765,0.005544625290645722,0.0016897901102810185,0.012518867086921875,0.0005261311820412843,0.01042944785276084,0.013357619914996894,-0.014551057091500496,0.011465300095544232,0.00240446543580937,-0.013021502612867388,-0.00894019616352736,0.019092660711157755,0.011515984874527358,-0.015632965165675475,-0.0007767995857069171,0.005269067979614748,-0.01039697542533076,0.004428236519927109,-0.005618948824343064,0.005998435190819766,0.002333218112685759,-0.002931287179929211,0.0166018158236056,-0.013693969550055283,0.0028458088996206666,-0.0002579757502794835,0.006709100292447971,0.001537935748462001,0.004521412728203388,-0.008152866242038164,0.01053172360647307,0.009744111167598761,-0.005118737937400347,0.007422402159244226,0.0010046885465506074,0.015473402475744349,-0.001647310765175874,-0.01963534361851329,-0.004123537827147984,-0.020280547574784567,0.008797653958944248,-0.0030779753761969856,0.012521440823327684,-0.01727934948331362,0.026460955007757348,-0.017465782181543356,-0.0039312879241091185,0.00686400686400684,-0.005624201107797159,-0.018253492158711075,-0.003142458100558654,0.00026269702276708525,0.008929353059616528,-0.00806941431670288,0.010146955913226128,-0.0013855213023901177,-0.01569545612209494,-0.005021584001409632,-0.00035417035594113725,-0.0023914968999115167,0.011098286424576045,0.012557077625570836,0.015176480790911455,-0.021441995557833632,0.0009602793539938842,-0.0026164311878597345,0.0073452256033578476,-0.0026909722222222417,0.0036556706414831728,-0.011013788916832851,-0.017976148719747554,0.0008929368693634122,0.009189044517798207,0.007867751060820372,-0.01850714849574598,-0.009740840035746231,-0.014348885479649881,0.0028383080021974205,0.003743266684926473,-0.0013643805712205883,0.014482193278076228,-0.009965882564194645,-0.0009068649678062421,-0.000363075247345069,0.0024516480523019183,-0.0006340579710145596,0.007794797425904101,0.0026980843601043004,0.006906449008879812,-0.00819526100124712,-0.010508352793245928,-0.01307070890442042,-0.01784236181366686,-0.003558385616630861,-0.0018795226012593069,-0.007626400527257209,-0.007969639468690734,-0.0008607498087222973,0.018665645639896648,0.0005638037962789163,-0.01587152516904581,0.016509208893978333,-0.0016898235073224991,-0.00695881135978944,0.005397727272727343,-0.019308655929170172,-0.012005378409527468,-0.00972100709633518,0.01227054088544223,0.013867339022497989,0.00937350549976092,0,-0.01582488391926468,0.001347968419025617,0.02480769230769229,-0.0016888722086694746,-0.0015977443609022715,0.004141956132919116,-0.0040311240273742084,0.004329819277108509,-0.002624179943767583,0.0010336402931779686,0.014549892049187996,-0.0003700962250184312,0.004535357275083255,0.020270892840689236,0.0038833197868688935,0.004677941705649606,0.015401146131805146,0.010846560846560755,0.008723719794120214,-0.009859033122891988,0.004192505895711451,-0.005305731930068709,-0.006208464498076196,-0.004927408710954705,-0.011495269254575976,-0.006261740763932398,-0.008821676118462544,-0.01589319771137953,0.0033222591362126195,-0.0024834437086092348,0.004610419548178884,0.01936668196420376,-0.0011705384476858945,0.008383665374560466,-0.006973001966744155,0.010442924018725213,0.009711332858161115,0.0015000441189446899,0.012334801762114588,-0.003394255874673634,0.01755305213518462,-0.015018880878819087,0.0038337544654526248,0.006683447617394413,0.01569236075185371,0.010950764006791226,-0.00369468469224954,0.006152549515381287,0.007790249623052495,-0.0029091513589893487,-0.005501833944648188,-0.0036043587594299467,0.00016825103053752857,-0.00799057952729416,0.00474817703917248,0.013670886075949405,-0.005411255411255459,-0.004101448062275005,0.012439065389140946,0.007637390004980921,0.009227220299884698,-0.01061224489795916,-0.0029702970297029656,0.006454816285998023,-0.018253576714356182,0.011809045226130624,0.00811191126562374,0.015354298382461534,0.002749474365194917,0.000564516129032203,0.008382364794067915,0.00431620174246668,-0.014086748905690491,0.0028253148207943862,-0.013201320132013205,-0.007830981319846707,-0.017758776617610758,0.013643592533690428,-0.0018166804293971832,0.0014063534083388627,0.02048740190004134,0.010685663401602794,-0.009291149379255079,0.014795052146495256},{-0.0137463890825779,-0.011311988688011356,0.013790989886607359,0.010681176944780353,-0.008374875373878399,-0.0020108586366377303,0.012693935119887072,0.0019896538002387868,0.005957108816520992,0.007500986971970047,-0.008816614420062612,-0.0006918363312908419,-0.010384729502521978,-0.005496701978812684,-0.010350718520751694,0.003147847278635279,0.01619597125215097,0.011355712720390482,0.00196986112479073,0.00039319768013360896,0.016802594084700875,-0.006861229223038345,0.0007784372871460377,0.010403500243072508,-0.002983063895304102,0.004825789016504199,0.012198636058015522,0.01119757069652692,0.002533783783783746,0.003931479921370417,-0.002051282051282041,-0.004484723909184378,-0.003003284842796745,0.021651134331168193,0.004146318990141001,0.010093595155074273,0.010265261627906936,-0.013937595539969403,-0.0041947838774393014,0.005219780219780157,0.0031884850141205116,-9.081002542685357e-05,-0.0071746435382799584,0.009604829857299775,-0.003352360242819648,0.007181818181818239,-0.001173391100279896,0.004879812036869748,0.010791366906474845,-0.01192170818505341,0.006933189267062813,0.002772064741124942,-0.009898341359015512,-0.00576420787174638,0.019295226016849312,0.0056878777106292265,-0.008748674443266127,-0.002941963091735743,0.0023247496423461273,-0.01659232827832292,0.0021770682148041466,-0.00687907313540917,0.01358002187386069,0.005754878158438995,-0.004470272686633885,0.01571621014818141,-0.016710875331564994,-0.001798399424512082,0.005495000450409867,0.004569073642716278,0.0019620083831267177,-0.0016911437472184934,-0.01453281027104133,0.010313941916221845,0.0042983791528611445,-0.005706642888987967,0.005560039458344456,-0.0020511905823596696,0.009651474530831084,-0.007611966719773406,-0.018908312522297577,-0.010454545454545506,-0.01708773541570969,0.007570801009440156,-0.0002782931354360031,0.015310383223531648,-0.009504660939499235,0.019191732792028033,-0.016838674633351435,-0.005801104972375649,-0.0008335648791331241,-0.006303299962921696,-0.013339552238806033,0.0009454476694715754,0.00500613960517617,0.003947368421052514,-0.008425388504025385,0.010668429003021104,-0.002335357309668379,-0.019382022471910048,-0.006397402845412028,-0.0014414760714972677,-0.005966701953613611,0.0058088875980249225,0.009048031571854824,0.011351712296098423,-0.014902848519147315,9.574875526623053e-05,-0.0013403542364767887,0.005272744703288248,-0.007438489414457383,0.0065334358186011415,-0.009927453226422358,-0.014944080215966035,0,0.006361945776646682,0.00680801400505741,-0.0142967542503863,-0.006468051744414061,-0.017064509765239592,0.005820371299548402,-0.0013967873890052935,0.00039964032370858266,0.008089483671227428,-0.016148206855557713,0.008256973114489911,0.0016977928692699662,0.006480558325024982,-0.0032689450222882447,0.003180282250049624,0.00594412522290478,0.006007484735079766,-0.008908467939305048,-0.006025286448044246,-0.010136142303487986,-0.011645417126794464,-0.0009141696292534628,-0.003558357055713647,-0.009998979695949433,-0.006698959084819186,-0.003631458808881452,0.017077996459439766,0.0135148971024879,-0.02394181230427306,0.013765265990478144,-0.0030627871362939986,-0.004403481822836731,0.00802304052664062,-0.01928571428571429,-0.0028092810321506193,-0.007616861435726252,0.006939333403427574,0.010546100031325103,0.00661293655713991,0.006158899609936299,-0.013670679453172713,-0.0061026065370294105,0.026849828285981873,0,-0.0031417857504814255,0.003558357055713647,-0.004964036065241565,0.006923233557320371,0.0012133468149645129,0.003837608563926577,0.011770623742454602,-0.0030824301481553952,0.0018950728106921775,0.019113987058237945,0.0073263651460388785,0.0003878975950348336,0.01231097324544407,0.006894570525710991,0.007608178792201589,-0.01047663992449268,0.00696299122472329,-0.004452022354835643,-0.007326355851569896,-0.0033547397680436532,-0.010578957491825433,-0.003013219284603444,-0.015306619869357446,-0.01821782178217825,0.0031262605889471793,-0.0004021312958680209,0.0046263703107713335,0.018420262288517404,-0.004620072741570814,0.007900454276120848,-0.0095042132079169,0.013849045405084493,-0.007903210069274936,0.007081038552320996,-0.002929687500000111,-0.007149853085210478,-0.022294564466804823,-0.0018161638583391445,-0.0010108157282928184,0.005059192552868562,-0.0022148394241417384,0.012107759055594823,0.0034891835310536766,-0.007450824557917743,-0.0005004504053647999,0.006909673542960121,0.017006464445549558,0.006943086250733363,0.007769253180537994,0.00028910089621278924,0.007129094412331494,0.00841783049550407,-0.001233162587744218,-0.014721246082249133,0.001638712165027971,-0.009431238571840918,-0.007480812202467795,-0.0023492560689114613,-0.006966248037676687,0.014524256496393767,-0.019770159719516955,-0.00854446100347739,-0.02154524501453057,0.010548955346169614,0.017837235228539628,0.007965747286667301,0.012249333201620022,-0.00907582707133788,-0.002560567264132412,-0.012243285939968354,0.011495401839264209,0.008795335507461217,-0.028996865203761695,0.0015133171912832069,0.0032235317820087377,-0.00923787528868362,0.008817269686834951,-0.0033152501506933142,0.005543795988307745,-0.00942261427425834},{0.004367699339766304,0.016889158576051798,0.005867727498756871,0.004152659679651984,0.007680189050807415,-0.016513582177056847,-0.009438648782911105,0.006218655967903614,-0.0031897926634768064,0.016700000000000017,0,0.0028523654962131608,0.0002942330325618001,-0.003235611334444537,-0.007869368483179198,0.008030933967876287,0.011802891708468603,-0.003791192767570726,-0.004586260733801706,-0.026173904519164803,-0.0007046506945843305,0.008562506295960597,-0.008290051937674773,0.008057206163762686,-0.00039964032370872464,0.004197901049475279,-0.004478948939982113,0.0005998800239952237,0.009192645883293382,0.003069306930693092,-0.007304313493238664,-0.022770209804116457,0.0009157509157509504,0.014740266341364121,0.0027048687637748975,0.024777700069936955,-0.0007799551525787101,0.006537223143721356,-0.01696393951143854,0.0011833152549058728,-0.014675465379690682,0.011995201919232193,0.0042473330699329005,0.004327726959771789,-0.004994613651944032,0.01574803149606308,-0.008430232558139579,0.00918596696960811,0.0174300377650818,-0.004187684400875585,-0.00019114976584149883,0.005926775642864014,0.009598023377363783,-0.007624246987951696,0.00313003888836193,0.0146558245083207,0.0010250675612710784,-0.012195121951219533,0.01055508434643299,-0.005035904131306596,0.00899803168056995,-0.013005109150023276,0.00244705882352946,0.024316965543141385,0.0029330889092576296,-0.01453116432096512,0.01502364833534271,-0.01964367291000462,-0.005964585274930108,0.005906619163697822,-0.0136079783763632,-0.001984314466597314,-0.0074796440068169495,-0.013068778021558758,0.012468586893485466,0.003723150357995232,-0.01921247859996192,0.0011636927851046387,-0.00978302983339782,0.022596106817959524,0.006313372871628052,0.008174904942965773,0.014614369224966972,0.010872595483691122,-0.006343077771649179,-0.00046257748172816315,0.004998148833765198,-0.007736231350156598,0.009745684054204673,0.00597481386156808,-0.0019188596491227499,0.003661997619701469,-0.0036486363221745095,-0.00283804815526872,0.003029746603011369,-0.009519450800915388,9.241290084100468e-05,0.0022177046756606438,0.01281578462105846,-0.019208010923987252,-0.006497122702802939,-0.008501494768311012,-0.027890323188542294,-0.009401957933507791,-0.0045009784735812915,-0.00963239630430499,0.012306470821754614,0.01617647058823535,0.01678726483357448,-0.009203909289306375,0.017429611185596564,0.008942018072289185,0.013713965855023779,-0.013620467513344283,0.005598059339428945,-0.001670068658378241,-0.009758364312267632,-0.001970905678085347,-0.006676697385743915,0.00946700747893591,-0.003563725030479185,-0.00244705882352946,0.009151806774223973,0.004020194465220707,0.009591209609833328,0.0033204205866076315,-0.0023901452472881515,0.0010136380390711338,0.004326613274417738,-0.0010082493125572818,0.0020185338104413146,-0.01007233769801295,-0.017204698917768935,0.020517647058823595,-0.0213040671400904,0.012250282698831483,0.018990876931670005,0.00886168463365625,-0.013492710314226289,0.0008261428309161319,-0.006328533431165713,-0.0011076241462064293,0.018480872297172428,0.0019052803483941931,-0.01276826949198597,-0.004311135571454769,0.008291110087517326,0.003746002740977584,-0.01556526488257777,0.012575127138233928,0.002191580677563646,-0.005193621867881487,0.002930939732551687,-0.002922374429223682,0.0032057153324784237,-0.01771204236282295,-0.016823124825727318,0.007090187180941576,0.015770205575894043,0.002957212826910705,0.002579931816087728,-0.007536072052201152,0.004722659505509817,-0.000276497695852545,0.002028210565133206,0.006256325328917166,-0.002834415287556023,0.02044746011369892,0.003594213316560261,-8.953353030701858e-05,0.01907234957020053,0.00799578244442489,-0.008019525801952596,0.011072056239015863,-0.0009560229445506643,-0.01835580687255328,0,-0.005848989719957431,-0.0016937065430559094,0.0007143494954906536,-0.006424556081020781,0.01436910642119451,0.010358565737051807,-0.024973711882229306,0.0005392289026692035,0.017515494475882538,-0.004590395480225953,0.004079460801702676,-0.0017664723547076739,0.005662714563794024,-0.010733767376385702,0.007648523657061539,0.01323918799646955,-0.011062717770034808,0.0046683695939399375,-0.019112747676661466,-0.0032177332856632057,-0.005828550932568073,0.022368539731216646,-0.006969563299514707,-0.0002665245202558736,0.008708788767439829,-0.0069597392300238415,-0.010379701916252676,0.02268041237113403,-0.008327489481065944,0.01714841332979756,-0.005996350047796974,0.010578772512677111,-0.0014707154598148776,0.005458326113325207,-0.004653166738474727,-0.0040689117825296415,-0.01199582753824765,-0.019355973957416884,0.0010766194150368255,0.0018820577164367087,0.0034886841399051844,-0.0023177036904974604,0.0007147962830593128,-0.0074107142857142705,0.004497616263380408,0.029730455807289273,0.0012174971736672803,0.001216016676800144,-0.00824151990977707,0.002974107767669729,-0.003750218035932257,0.0061279873938545285,0.0023492560689114764,-0.012065972222222226,0.00799578244442489,-0.013336820083682019,0.008216273522396032,0.005783385909568845,0.009147935180344983,-0.024000690667357345,-0.0030075187969925113,0.007009138497027826},{-0.005124162396531437,-0.010697305863708383,-0.0032038446135361754,-0.009541984732824456,NULL,NULL,0.010667203381302226,-0.00537687941850051,0.010311342476724408,-0.010899722552516929,-0.0005009016229212298,-0.0012027663626339616,-0.005920722528851012,-0.007974964667878117,0.00834435738272115,-0.009385407205570762,-0.01996740016299912,0.0003118503118503237,0.0041567078873531275,0.03425437234813208,0.0024014408645188024,-0.004292273906967526,0.008020050125313255,-0.0043759323719542295,-0.0005993407252023002,-0.010894552723638215,0.00990299110751823,-0.0007004202521512225,-0.005407029137879305,-0.0007047216349541244,0.009470078581503099,0.024850299401197554,-0.0012659460512220806,-0.013065522620904869,-0.007804781663702747,NULL,NULL,-0.00624807948376523,0.01803751803751804,0.005163511187607626,0.015612409347300535,-0.005950609937518539,-0.006983936945026467,0.0013061388526072084,0.0065221753963476395,-0.0163493171169375,0.006283571500962851,-0.014603686171819948,-0.020134914145543734,0.00594555126734112,-0.00829531314807131,-0.0006273525721455696,-0.011822557020297086,0.012175754367390063,-0.005230125523012553,-0.013144058885383808,-0.0009589770911027087,0.012691979522184276,-0.016113744075829394,0.0020338257332476743,-0.0136737528041876,0.01483808079714074,0.001173959445037347,NULL,NULL,0.013033561420658226,-0.010935992280475995,0.01853658536585359,0.008514261387824728,-0.010341916420430603,0.01695457453614847,0.005137884030617541,0.004277070728145176,0.004570478861535242,-0.0199565711922241,0.0016881198565097762,0.020223298925637262,-0.00010324179227756675,0.007847186370676357,-0.018133387972543755,-0.0015651085141903764,-0.0062702476747830945,-0.007676937638027174,-0.011551504874947048,0.0031092527071942344,0.00192389910218034,-0.010347770428845732,0.01218066185189188,-0.0142705005324814,0.001512532411408822,-0.003559870550161794,-0.004979971852333094,0.008595365031008663,0.00507011866235166,NULL,NULL,0.0008588298443370723,0.002252493832457296,-0.01434075342465757,0.01704668838219335,0.003309490765453211,0.005320280910832091,0.025296359017781544,0.01589759471456583,0.00955187480947056,0.009159536990437955,-0.0020945541591861952,-0.015092453773113353,-0.01339557540085252,0.008434478502365844,-0.02009383924928614,-0.008119079837618268,-0.010284395004722467,0.016647227229349942,-0.008239465999165542,0.00010516352928794726,0.005993690851735094,0.00386746106407447,0.0002082465639316537,-0.014990630855715155,0.005072923272035402,0.0027339642481598856,-0.012898489932885948,0.0027621374694571884,NULL,NULL,0.006097560975609683,-0.001913875598086046,-0.004687333546393925,0.00021406400513749351,-0.008560727661851227,0.009066378845115911,0.014974863621777792,-0.02012856992306878,0.019681651968165178,-0.004535386562598954,-0.020343293070565815,-0.007138221933809179,0.012418300653594777,0.0005379814934365952,0.007742768039574136,-0.0014939707608579722,-0.013252110719247569,0.002599371818477146,0.013287242087069289,0.0033049040511727323,-0.008394432047603935,-0.001821688812687393,0.010842726784755672,-0.003504672897196244,0.003943301715869174,0.006900212314224962,-0.0015814443858723404,0.003590285110876488,-0.012415824915824986,NULL,NULL,-0.013318191203799363,-0.011719158731819508,-0.0029645314981471796,-0.0032919188701285153,0.0012784998934583906,-0.0076612045115982,-0.0034312674244049686,-0.0003227888960619877,-0.015283607792487372,0.0006558093780741314,-0.017913708356089575,-0.0006673340006673593,0.0007790762381748179,-0.014568505338078316,-0.01263965692359784,0.0030860669790834408,-0.006267092069279983,0.00022933149868146121,0.015132408575031448,-0.009824957651044498,0.006272810218978069,0.0012467414711549295,-0.003056373103916801,0.009537867605313994,-0.014846473962433845,-0.006735928758990791,0.012183908045977038,-0.0010220304337951783,NULL,NULL,-0.007154396492037738,0.0056950255695024975,-0.0033514388073501242,0.007537105751391532,-0.003797905397629167,-0.011206099815157102,0.005958640028040553,-0.01022067363530773,0.011382304623327844,0.002784545770971216,0.011107254425546612,-0.0212838997596979,-0.0116918040453642,-0.008162782444102658,-0.003101145038168,0.005025125628140724,-0.005357142857142891,-0.0037103530819868617,-0.018260451705910574,0.003548702887910013,0.005609072064382316,-0.005214017218382353,-0.009385665529010363,0.008367171157868917,0.0053691275167784954,-0.0010923655783469282,0.0035236938031592497,-0.0016951204746337397,-0.0014554275318375324,NULL,NULL,0.012043839576056847,0.008211353088182764,-0.0022426817752596523,-0.0031941322607357864,-0.001186802753382489,0.004039923954372664,-0.016686390532544337,0.00878565411000108,-0.012884753042233337,-0.0031423737007492255,0.011154219204655693,0.002158273381294875,0.019382627422828484,-0.01126760563380291,-0.01388888888888891,0.006741302515950431,0.0008370202080593972,0.021385902031063227,-0.01579132062229494,-0.006061326360827253,0.008489776396030229}}	{125.52,98.82,113.5,84.34}	{"2025-08-29 12:00:00+00","2025-08-29 12:00:00+00","2025-08-29 12:00:00+00","2025-08-29 12:00:00+00"}	{239,239,239,231}	{0,0,0,0}	{0,0,0,0}	{0,0,0,0}	{0,0,0,8}	{NULL,NULL,NULL,0.031962497336458555}	{NULL,NULL,NULL,"2025-06-08 00:00:00+00"}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{125.52,98.82,113.5,84.34}	{1,2,2,0}	{0,0,0,0}
13	default	2025-01-03 00:00:00+00	2025-09-08 00:00:00+00	{"2025-01-03 00:00:00+00","2025-01-04 00:00:00+00","2025-01-05 00:00:00+00","2025-01-06 00:00:00+00","2025-01-07 00:00:00+00","2025-01-08 00:00:00+00","2025-01-09 00:00:00+00","2025-01-10 00:00:00+00","2025-01-11 00:00:00+00","2025-01-12 00:00:00+00","2025-01-13 00:00:00+00","2025-01-14 00:00:00+00","2025-01-15 00:00:00+00","2025-01-16 00:00:00+00","2025-01-17 00:00:00+00","2025-01-18 00:00:00+00","2025-01-19 00:00:00+00","2025-01-20 00:00:00+00","2025-01-21 00:00:00+00","2025-01-22 00:00:00+00","2025-01-23 00:00:00+00","2025-01-24 00:00:00+00","2025-01-25 00:00:00+00","2025-01-26 00:00:00+00","2025-01-27 00:00:00+00","2025-01-28 00:00:00+00","2025-01-29 00:00:00+00","2025-01-30 00:00:00+00","2025-01-31 00:00:00+00","2025-02-01 00:00:00+00","2025-02-02 00:00:00+00","2025-02-03 00:00:00+00","2025-02-04 00:00:00+00","2025-02-05 00:00:00+00","2025-02-06 00:00:00+00","2025-02-07 00:00:00+00","2025-02-08 00:00:00+00","2025-02-09 00:00:00+00","2025-02-10 00:00:00+00","2025-02-11 00:00:00+00","2025-02-12 00:00:00+00","2025-02-13 00:00:00+00","2025-02-14 00:00:00+00","2025-02-15 00:00:00+00","2025-02-16 00:00:00+00","2025-02-17 00:00:00+00","2025-02-18 00:00:00+00","2025-02-19 00:00:00+00","2025-02-20 00:00:00+00","2025-02-21 00:00:00+00","2025-02-22 00:00:00+00","2025-02-23 00:00:00+00","2025-02-24 00:00:00+00","2025-02-25 00:00:00+00","2025-02-26 00:00:00+00","2025-02-27 00:00:00+00","2025-02-28 00:00:00+00","2025-03-01 00:00:00+00","2025-03-02 00:00:00+00","2025-03-03 00:00:00+00","2025-03-04 00:00:00+00","2025-03-05 00:00:00+00","2025-03-06 00:00:00+00","2025-03-07 00:00:00+00","2025-03-08 00:00:00+00","2025-03-09 00:00:00+00","2025-03-10 00:00:00+00","2025-03-11 00:00:00+00","2025-03-12 00:00:00+00","2025-03-13 00:00:00+00","2025-03-14 00:00:00+00","2025-03-15 00:00:00+00","2025-03-16 00:00:00+00","2025-03-17 00:00:00+00","2025-03-18 00:00:00+00","2025-03-19 00:00:00+00","2025-03-20 00:00:00+00","2025-03-21 00:00:00+00","2025-03-22 00:00:00+00","2025-03-23 00:00:00+00","2025-03-24 00:00:00+00","2025-03-25 00:00:00+00","2025-03-26 00:00:00+00","2025-03-27 00:00:00+00","2025-03-28 00:00:00+00","2025-03-29 00:00:00+00","2025-03-30 00:00:00+00","2025-03-31 00:00:00+00","2025-04-01 00:00:00+00","2025-04-02 00:00:00+00","2025-04-03 00:00:00+00","2025-04-04 00:00:00+00","2025-04-05 00:00:00+00","2025-04-06 00:00:00+00","2025-04-07 00:00:00+00","2025-04-08 00:00:00+00","2025-04-09 00:00:00+00","2025-04-10 00:00:00+00","2025-04-11 00:00:00+00","2025-04-12 00:00:00+00","2025-04-13 00:00:00+00","2025-04-14 00:00:00+00","2025-04-15 00:00:00+00","2025-04-16 00:00:00+00","2025-04-17 00:00:00+00","2025-04-18 00:00:00+00","2025-04-19 00:00:00+00","2025-04-20 00:00:00+00","2025-04-21 00:00:00+00","2025-04-22 00:00:00+00","2025-04-23 00:00:00+00","2025-04-24 00:00:00+00","2025-04-25 00:00:00+00","2025-04-26 00:00:00+00","2025-04-27 00:00:00+00","2025-04-28 00:00:00+00","2025-04-29 00:00:00+00","2025-04-30 00:00:00+00","2025-05-01 00:00:00+00","2025-05-02 00:00:00+00","2025-05-03 00:00:00+00","2025-05-04 00:00:00+00","2025-05-05 00:00:00+00","2025-05-06 00:00:00+00","2025-05-07 00:00:00+00","2025-05-08 00:00:00+00","2025-05-09 00:00:00+00","2025-05-10 00:00:00+00","2025-05-11 00:00:00+00","2025-05-12 00:00:00+00","2025-05-13 00:00:00+00","2025-05-14 00:00:00+00","2025-05-15 00:00:00+00","2025-05-16 00:00:00+00","2025-05-17 00:00:00+00","2025-05-18 00:00:00+00","2025-05-19 00:00:00+00","2025-05-20 00:00:00+00","2025-05-21 00:00:00+00","2025-05-22 00:00:00+00","2025-05-23 00:00:00+00","2025-05-24 00:00:00+00","2025-05-25 00:00:00+00","2025-05-26 00:00:00+00","2025-05-27 00:00:00+00","2025-05-28 00:00:00+00","2025-05-29 00:00:00+00","2025-05-30 00:00:00+00","2025-05-31 00:00:00+00","2025-06-01 00:00:00+00","2025-06-02 00:00:00+00","2025-06-03 00:00:00+00","2025-06-04 00:00:00+00","2025-06-05 00:00:00+00","2025-06-06 00:00:00+00","2025-06-07 00:00:00+00","2025-06-08 00:00:00+00","2025-06-09 00:00:00+00","2025-06-10 00:00:00+00","2025-06-11 00:00:00+00","2025-06-12 00:00:00+00","2025-06-13 00:00:00+00","2025-06-14 00:00:00+00","2025-06-15 00:00:00+00","2025-06-16 00:00:00+00","2025-06-17 00:00:00+00","2025-06-18 00:00:00+00","2025-06-19 00:00:00+00","2025-06-20 00:00:00+00","2025-06-21 00:00:00+00","2025-06-22 00:00:00+00","2025-06-23 00:00:00+00","2025-06-24 00:00:00+00","2025-06-25 00:00:00+00","2025-06-26 00:00:00+00","2025-06-27 00:00:00+00","2025-06-28 00:00:00+00","2025-06-29 00:00:00+00","2025-06-30 00:00:00+00","2025-07-01 00:00:00+00","2025-07-02 00:00:00+00","2025-07-03 00:00:00+00","2025-07-04 00:00:00+00","2025-07-05 00:00:00+00","2025-07-06 00:00:00+00","2025-07-07 00:00:00+00","2025-07-08 00:00:00+00","2025-07-09 00:00:00+00","2025-07-10 00:00:00+00","2025-07-11 00:00:00+00","2025-07-12 00:00:00+00","2025-07-13 00:00:00+00","2025-07-14 00:00:00+00","2025-07-15 00:00:00+00","2025-07-16 00:00:00+00","2025-07-17 00:00:00+00","2025-07-18 00:00:00+00","2025-07-19 00:00:00+00","2025-07-20 00:00:00+00","2025-07-21 00:00:00+00","2025-07-22 00:00:00+00","2025-07-23 00:00:00+00","2025-07-24 00:00:00+00","2025-07-25 00:00:00+00","2025-07-26 00:00:00+00","2025-07-27 00:00:00+00","2025-07-28 00:00:00+00","2025-07-29 00:00:00+00","2025-07-30 00:00:00+00","2025-07-31 00:00:00+00","2025-08-01 00:00:00+00","2025-08-02 00:00:00+00","2025-08-03 00:00:00+00","2025-08-04 00:00:00+00","2025-08-05 00:00:00+00","2025-08-06 00:00:00+00","2025-08-07 00:00:00+00","2025-08-08 00:00:00+00","2025-08-09 00:00:00+00","2025-08-10 00:00:00+00","2025-08-11 00:00:00+00","2025-08-12 00:00:00+00","2025-08-13 00:00:00+00","2025-08-14 00:00:00+00","2025-08-15 00:00:00+00","2025-08-16 00:00:00+00","2025-08-17 00:00:00+00","2025-08-18 00:00:00+00","2025-08-19 00:00:00+00","2025-08-20 00:00:00+00","2025-08-21 00:00:00+00","2025-08-22 00:00:00+00","2025-08-23 00:00:00+00","2025-08-24 00:00:00+00","2025-08-25 00:00:00+00","2025-08-26 00:00:00+00","2025-08-27 00:00:00+00","2025-08-28 00:00:00+00","2025-08-29 00:00:00+00","2025-08-30 00:00:00+00","2025-08-31 00:00:00+00","2025-09-01 00:00:00+00","2025-09-02 00:00:00+00","2025-09-03 00:00:00+00","2025-09-04 00:00:00+00","2025-09-05 00:00:00+00","2025-09-06 00:00:00+00","2025-09-07 00:00:00+00","2025-09-08 00:00:00+00"}	{A,B,C,D}	{{-0.009838020471032445,-0.01565636290646329,0.01182707993474711,0.00806126561870225,-0.006497401039584223,-0.001811047389073416,0.012700332627759351,0.0013934507813277651,0.00447271642977838,0.005145458143676984,-0.002362669816893039,0.003453720149990076,-0.010817189497492323,-0.006660701859031729,-0.012510008006405124,0.0014188709840883811,0.012346928448537586,0.016295111466559986,0.008853039543576684,-0.003120124804992272,0.01633411580594681,-0.005293042055625033,-0.011900154798761648,0.006168608636052186,9.731413001158918e-05,0.007395154227887566,0.016999903409639767,0.010732263272865375,-0.0005638037962789163,0.009966152688980842,-0.00018618506795751275,-0.0027001862197393502,0.0021473251797218184,0.025712688652878617,0.005994550408719444,0.004243409172986628,0.013575474242560379,-0.01960262551002301,0.0013570976205555566,0.0028912179255510765,0.0013513513513514026,0.004588394062078191,0.0014329213684398765,0.005544625290645722,0.0016897901102810185,0.012518867086921875,0.0005261311820412843,0.01042944785276084,0.013357619914996894,-0.014551057091500496,0.011465300095544232,0.00240446543580937,-0.013021502612867388,-0.00894019616352736,0.019092660711157755,0.011515984874527358,-0.015632965165675475,-0.0007767995857069171,0.005269067979614748,-0.01039697542533076,0.004428236519927109,-0.005618948824343064,0.005998435190819766,0.002333218112685759,-0.002931287179929211,0.0166018158236056,-0.013693969550055283,0.0028458088996206666,-0.0002579757502794835,0.006709100292447971,0.001537935748462001,0.004521412728203388,-0.008152866242038164,0.01053172360647307,0.009744111167598761,-0.005118737937400347,0.007422402159244226,0.0010046885465506074,0.015473402475744349,-0.001647310765175874,-0.01963534361851329,-0.004123537827147984,-0.020280547574784567,0.008797653958944248,-0.0030779753761969856,0.012521440823327684,-0.01727934948331362,0.026460955007757348,-0.017465782181543356,-0.0039312879241091185,0.00686400686400684,-0.005624201107797159,-0.018253492158711075,-0.003142458100558654,0.00026269702276708525,0.008929353059616528,-0.00806941431670288,0.010146955913226128,-0.0013855213023901177,-0.01569545612209494,-0.005021584001409632,-0.00035417035594113725,-0.0023914968999115167,0.011098286424576045,0.012557077625570836,0.015176480790911455,-0.021441995557833632,0.0009602793539938842,-0.0026164311878597345,0.0073452256033578476,-0.0026909722222222417,0.0036556706414831728,-0.011013788916832851,-0.017976148719747554,0.0008929368693634122,0.009189044517798207,0.007867751060820372,-0.01850714849574598,-0.009740840035746231,-0.014348885479649881,0.0028383080021974205,0.003743266684926473,-0.0013643805712205883,0.014482193278076228,-0.009965882564194645,-0.0009068649678062421,-0.000363075247345069,0.0024516480523019183,-0.0006340579710145596,0.007794797425904101,0.0026980843601043004,0.006906449008879812,-0.00819526100124712,-0.010508352793245928,-0.01307070890442042,-0.01784236181366686,-0.003558385616630861,-0.0018795226012593069,-0.007626400527257209,-0.007969639468690734,-0.0008607498087222973,0.018665645639896648,0.0005638037962789163,-0.01587152516904581,0.016509208893978333,-0.0016898235073224991,-0.00695881135978944,0.005397727272727343,-0.019308655929170172,-0.012005378409527468,-0.00972100709633518,0.01227054088544223,0.013867339022497989,0.00937350549976092,0,-0.01582488391926468,0.001347968419025617,0.02480769230769229,-0.0016888722086694746,-0.0015977443609022715,0.004141956132919116,-0.0040311240273742084,0.004329819277108509,-0.002624179943767583,0.0010336402931779686,0.014549892049187996,-0.0003700962250184312,0.004535357275083255,0.020270892840689236,0.0038833197868688935,0.004677941705649606,0.015401146131805146,0.010846560846560755,0.008723719794120214,-0.009859033122891988,0.004192505895711451,-0.005305731930068709,-0.006208464498076196,-0.004927408710954705,-0.011495269254575976,-0.006261740763932398,-0.008821676118462544,-0.01589319771137953,0.0033222591362126195,-0.0024834437086092348,0.004610419548178884,0.01936668196420376,-0.0011705384476858945,0.008383665374560466,-0.006973001966744155,0.010442924018725213,0.009711332858161115,0.0015000441189446899,0.012334801762114588,-0.003394255874673634,0.01755305213518462,-0.015018880878819087,0.0038337544654526248,0.006683447617394413,0.01569236075185371,0.010950764006791226,-0.00369468469224954,0.006152549515381287,0.007790249623052495,-0.0029091513589893487,-0.005501833944648188,-0.0036043587594299467,0.00016825103053752857,-0.00799057952729416,0.00474817703917248,0.013670886075949405,-0.005411255411255459,-0.004101448062275005,0.012439065389140946,0.007637390004980921,0.009227220299884698,-0.01061224489795916,-0.0029702970297029656,0.006454816285998023,-0.018253576714356182,0.011809045226130624,0.00811191126562374,0.015354298382461534,0.002749474365194917,0.000564516129032203,0.008382364794067915,0.00431620174246668,-0.014086748905690491,0.0028253148207943862,-0.013201320132013205,-0.007830981319846707,-0.017758776617610758,0.013643592533690428,-0.0018166804293971832,0.0014063534083388627,0.02048740190004134,0.010685663401602794,-0.009291149379255079,0.014795052146495256,0.004859783301465898,0.012130341710933173,0.008146639511201568,0.0034188034188034015,-0.012389654638376803,0.009173592598400514,0.017325771113355527,-0.022147548495494163,0.002733520774757844,-0.001090427603395797},{-0.0137463890825779,-0.011311988688011356,0.013790989886607359,0.010681176944780353,-0.008374875373878399,-0.0020108586366377303,0.012693935119887072,0.0019896538002387868,0.005957108816520992,0.007500986971970047,-0.008816614420062612,-0.0006918363312908419,-0.010384729502521978,-0.005496701978812684,-0.010350718520751694,0.003147847278635279,0.01619597125215097,0.011355712720390482,0.00196986112479073,0.00039319768013360896,0.016802594084700875,-0.006861229223038345,0.0007784372871460377,0.010403500243072508,-0.002983063895304102,0.004825789016504199,0.012198636058015522,0.01119757069652692,0.002533783783783746,0.003931479921370417,-0.002051282051282041,-0.004484723909184378,-0.003003284842796745,0.021651134331168193,0.004146318990141001,0.010093595155074273,0.010265261627906936,-0.013937595539969403,-0.0041947838774393014,0.005219780219780157,0.0031884850141205116,-9.081002542685357e-05,-0.0071746435382799584,0.009604829857299775,-0.003352360242819648,0.007181818181818239,-0.001173391100279896,0.004879812036869748,0.010791366906474845,-0.01192170818505341,0.006933189267062813,0.002772064741124942,-0.009898341359015512,-0.00576420787174638,0.019295226016849312,0.0056878777106292265,-0.008748674443266127,-0.002941963091735743,0.0023247496423461273,-0.01659232827832292,0.0021770682148041466,-0.00687907313540917,0.01358002187386069,0.005754878158438995,-0.004470272686633885,0.01571621014818141,-0.016710875331564994,-0.001798399424512082,0.005495000450409867,0.004569073642716278,0.0019620083831267177,-0.0016911437472184934,-0.01453281027104133,0.010313941916221845,0.0042983791528611445,-0.005706642888987967,0.005560039458344456,-0.0020511905823596696,0.009651474530831084,-0.007611966719773406,-0.018908312522297577,-0.010454545454545506,-0.01708773541570969,0.007570801009440156,-0.0002782931354360031,0.015310383223531648,-0.009504660939499235,0.019191732792028033,-0.016838674633351435,-0.005801104972375649,-0.0008335648791331241,-0.006303299962921696,-0.013339552238806033,0.0009454476694715754,0.00500613960517617,0.003947368421052514,-0.008425388504025385,0.010668429003021104,-0.002335357309668379,-0.019382022471910048,-0.006397402845412028,-0.0014414760714972677,-0.005966701953613611,0.0058088875980249225,0.009048031571854824,0.011351712296098423,-0.014902848519147315,9.574875526623053e-05,-0.0013403542364767887,0.005272744703288248,-0.007438489414457383,0.0065334358186011415,-0.009927453226422358,-0.014944080215966035,0,0.006361945776646682,0.00680801400505741,-0.0142967542503863,-0.006468051744414061,-0.017064509765239592,0.005820371299548402,-0.0013967873890052935,0.00039964032370858266,0.008089483671227428,-0.016148206855557713,0.008256973114489911,0.0016977928692699662,0.006480558325024982,-0.0032689450222882447,0.003180282250049624,0.00594412522290478,0.006007484735079766,-0.008908467939305048,-0.006025286448044246,-0.010136142303487986,-0.011645417126794464,-0.0009141696292534628,-0.003558357055713647,-0.009998979695949433,-0.006698959084819186,-0.003631458808881452,0.017077996459439766,0.0135148971024879,-0.02394181230427306,0.013765265990478144,-0.0030627871362939986,-0.004403481822836731,0.00802304052664062,-0.01928571428571429,-0.0028092810321506193,-0.007616861435726252,0.006939333403427574,0.010546100031325103,0.00661293655713991,0.006158899609936299,-0.013670679453172713,-0.0061026065370294105,0.026849828285981873,0,-0.0031417857504814255,0.003558357055713647,-0.004964036065241565,0.006923233557320371,0.0012133468149645129,0.003837608563926577,0.011770623742454602,-0.0030824301481553952,0.0018950728106921775,0.019113987058237945,0.0073263651460388785,0.0003878975950348336,0.01231097324544407,0.006894570525710991,0.007608178792201589,-0.01047663992449268,0.00696299122472329,-0.004452022354835643,-0.007326355851569896,-0.0033547397680436532,-0.010578957491825433,-0.003013219284603444,-0.015306619869357446,-0.01821782178217825,0.0031262605889471793,-0.0004021312958680209,0.0046263703107713335,0.018420262288517404,-0.004620072741570814,0.007900454276120848,-0.0095042132079169,0.013849045405084493,-0.007903210069274936,0.007081038552320996,-0.002929687500000111,-0.007149853085210478,-0.022294564466804823,-0.0018161638583391445,-0.0010108157282928184,0.005059192552868562,-0.0022148394241417384,0.012107759055594823,0.0034891835310536766,-0.007450824557917743,-0.0005004504053647999,0.006909673542960121,0.017006464445549558,0.006943086250733363,0.007769253180537994,0.00028910089621278924,0.007129094412331494,0.00841783049550407,-0.001233162587744218,-0.014721246082249133,0.001638712165027971,-0.009431238571840918,-0.007480812202467795,-0.0023492560689114613,-0.006966248037676687,0.014524256496393767,-0.019770159719516955,-0.00854446100347739,-0.02154524501453057,0.010548955346169614,0.017837235228539628,0.007965747286667301,0.012249333201620022,-0.00907582707133788,-0.002560567264132412,-0.012243285939968354,0.011495401839264209,0.008795335507461217,-0.028996865203761695,0.0015133171912832069,0.0032235317820087377,-0.00923787528868362,0.008817269686834951,-0.0033152501506933142,0.005543795988307745,-0.00942261427425834,-0.007184780408824062,0.010702272958923629,-0.010185558693021289,-0.001018848700967993,0.015808261091279932,0.011947791164658755,-0.00029764857624765487,-0.004763795156808297,0.007279617072197885,0.02762102762102754},{0.004367699339766304,0.016889158576051798,0.005867727498756871,0.004152659679651984,0.007680189050807415,-0.016513582177056847,-0.009438648782911105,0.006218655967903614,-0.0031897926634768064,0.016700000000000017,0,0.0028523654962131608,0.0002942330325618001,-0.003235611334444537,-0.007869368483179198,0.008030933967876287,0.011802891708468603,-0.003791192767570726,-0.004586260733801706,-0.026173904519164803,-0.0007046506945843305,0.008562506295960597,-0.008290051937674773,0.008057206163762686,-0.00039964032370872464,0.004197901049475279,-0.004478948939982113,0.0005998800239952237,0.009192645883293382,0.003069306930693092,-0.007304313493238664,-0.022770209804116457,0.0009157509157509504,0.014740266341364121,0.0027048687637748975,0.024777700069936955,-0.0007799551525787101,0.006537223143721356,-0.01696393951143854,0.0011833152549058728,-0.014675465379690682,0.011995201919232193,0.0042473330699329005,0.004327726959771789,-0.004994613651944032,0.01574803149606308,-0.008430232558139579,0.00918596696960811,0.0174300377650818,-0.004187684400875585,-0.00019114976584149883,0.005926775642864014,0.009598023377363783,-0.007624246987951696,0.00313003888836193,0.0146558245083207,0.0010250675612710784,-0.012195121951219533,0.01055508434643299,-0.005035904131306596,0.00899803168056995,-0.013005109150023276,0.00244705882352946,0.024316965543141385,0.0029330889092576296,-0.01453116432096512,0.01502364833534271,-0.01964367291000462,-0.005964585274930108,0.005906619163697822,-0.0136079783763632,-0.001984314466597314,-0.0074796440068169495,-0.013068778021558758,0.012468586893485466,0.003723150357995232,-0.01921247859996192,0.0011636927851046387,-0.00978302983339782,0.022596106817959524,0.006313372871628052,0.008174904942965773,0.014614369224966972,0.010872595483691122,-0.006343077771649179,-0.00046257748172816315,0.004998148833765198,-0.007736231350156598,0.009745684054204673,0.00597481386156808,-0.0019188596491227499,0.003661997619701469,-0.0036486363221745095,-0.00283804815526872,0.003029746603011369,-0.009519450800915388,9.241290084100468e-05,0.0022177046756606438,0.01281578462105846,-0.019208010923987252,-0.006497122702802939,-0.008501494768311012,-0.027890323188542294,-0.009401957933507791,-0.0045009784735812915,-0.00963239630430499,0.012306470821754614,0.01617647058823535,0.01678726483357448,-0.009203909289306375,0.017429611185596564,0.008942018072289185,0.013713965855023779,-0.013620467513344283,0.005598059339428945,-0.001670068658378241,-0.009758364312267632,-0.001970905678085347,-0.006676697385743915,0.00946700747893591,-0.003563725030479185,-0.00244705882352946,0.009151806774223973,0.004020194465220707,0.009591209609833328,0.0033204205866076315,-0.0023901452472881515,0.0010136380390711338,0.004326613274417738,-0.0010082493125572818,0.0020185338104413146,-0.01007233769801295,-0.017204698917768935,0.020517647058823595,-0.0213040671400904,0.012250282698831483,0.018990876931670005,0.00886168463365625,-0.013492710314226289,0.0008261428309161319,-0.006328533431165713,-0.0011076241462064293,0.018480872297172428,0.0019052803483941931,-0.01276826949198597,-0.004311135571454769,0.008291110087517326,0.003746002740977584,-0.01556526488257777,0.012575127138233928,0.002191580677563646,-0.005193621867881487,0.002930939732551687,-0.002922374429223682,0.0032057153324784237,-0.01771204236282295,-0.016823124825727318,0.007090187180941576,0.015770205575894043,0.002957212826910705,0.002579931816087728,-0.007536072052201152,0.004722659505509817,-0.000276497695852545,0.002028210565133206,0.006256325328917166,-0.002834415287556023,0.02044746011369892,0.003594213316560261,-8.953353030701858e-05,0.01907234957020053,0.00799578244442489,-0.008019525801952596,0.011072056239015863,-0.0009560229445506643,-0.01835580687255328,0,-0.005848989719957431,-0.0016937065430559094,0.0007143494954906536,-0.006424556081020781,0.01436910642119451,0.010358565737051807,-0.024973711882229306,0.0005392289026692035,0.017515494475882538,-0.004590395480225953,0.004079460801702676,-0.0017664723547076739,0.005662714563794024,-0.010733767376385702,0.007648523657061539,0.01323918799646955,-0.011062717770034808,0.0046683695939399375,-0.019112747676661466,-0.0032177332856632057,-0.005828550932568073,0.022368539731216646,-0.006969563299514707,-0.0002665245202558736,0.008708788767439829,-0.0069597392300238415,-0.010379701916252676,0.02268041237113403,-0.008327489481065944,0.01714841332979756,-0.005996350047796974,0.010578772512677111,-0.0014707154598148776,0.005458326113325207,-0.004653166738474727,-0.0040689117825296415,-0.01199582753824765,-0.019355973957416884,0.0010766194150368255,0.0018820577164367087,0.0034886841399051844,-0.0023177036904974604,0.0007147962830593128,-0.0074107142857142705,0.004497616263380408,0.029730455807289273,0.0012174971736672803,0.001216016676800144,-0.00824151990977707,0.002974107767669729,-0.003750218035932257,0.0061279873938545285,0.0023492560689114764,-0.012065972222222226,0.00799578244442489,-0.013336820083682019,0.008216273522396032,0.005783385909568845,0.009147935180344983,-0.024000690667357345,-0.0030075187969925113,0.007009138497027826,-0.0022907488986784593,0.012363122571529545,-0.0004361479413816919,-0.02103150362160744,0.0025851310394008915,0.00684627011647547,0.0008830801836807535,-0.004676195517910721,0.0049640989274000735,0.006880127017729568},{-0.005124162396531437,-0.010697305863708383,-0.0032038446135361754,-0.009541984732824456,NULL,NULL,0.010667203381302226,-0.00537687941850051,0.010311342476724408,-0.010899722552516929,-0.0005009016229212298,-0.0012027663626339616,-0.005920722528851012,-0.007974964667878117,0.00834435738272115,-0.009385407205570762,-0.01996740016299912,0.0003118503118503237,0.0041567078873531275,0.03425437234813208,0.0024014408645188024,-0.004292273906967526,0.008020050125313255,-0.0043759323719542295,-0.0005993407252023002,-0.010894552723638215,0.00990299110751823,-0.0007004202521512225,-0.005407029137879305,-0.0007047216349541244,0.009470078581503099,0.024850299401197554,-0.0012659460512220806,-0.013065522620904869,-0.007804781663702747,NULL,NULL,-0.00624807948376523,0.01803751803751804,0.005163511187607626,0.015612409347300535,-0.005950609937518539,-0.006983936945026467,0.0013061388526072084,0.0065221753963476395,-0.0163493171169375,0.006283571500962851,-0.014603686171819948,-0.020134914145543734,0.00594555126734112,-0.00829531314807131,-0.0006273525721455696,-0.011822557020297086,0.012175754367390063,-0.005230125523012553,-0.013144058885383808,-0.0009589770911027087,0.012691979522184276,-0.016113744075829394,0.0020338257332476743,-0.0136737528041876,0.01483808079714074,0.001173959445037347,NULL,NULL,0.013033561420658226,-0.010935992280475995,0.01853658536585359,0.008514261387824728,-0.010341916420430603,0.01695457453614847,0.005137884030617541,0.004277070728145176,0.004570478861535242,-0.0199565711922241,0.0016881198565097762,0.020223298925637262,-0.00010324179227756675,0.007847186370676357,-0.018133387972543755,-0.0015651085141903764,-0.0062702476747830945,-0.007676937638027174,-0.011551504874947048,0.0031092527071942344,0.00192389910218034,-0.010347770428845732,0.01218066185189188,-0.0142705005324814,0.001512532411408822,-0.003559870550161794,-0.004979971852333094,0.008595365031008663,0.00507011866235166,NULL,NULL,0.0008588298443370723,0.002252493832457296,-0.01434075342465757,0.01704668838219335,0.003309490765453211,0.005320280910832091,0.025296359017781544,0.01589759471456583,0.00955187480947056,0.009159536990437955,-0.0020945541591861952,-0.015092453773113353,-0.01339557540085252,0.008434478502365844,-0.02009383924928614,-0.008119079837618268,-0.010284395004722467,0.016647227229349942,-0.008239465999165542,0.00010516352928794726,0.005993690851735094,0.00386746106407447,0.0002082465639316537,-0.014990630855715155,0.005072923272035402,0.0027339642481598856,-0.012898489932885948,0.0027621374694571884,NULL,NULL,0.006097560975609683,-0.001913875598086046,-0.004687333546393925,0.00021406400513749351,-0.008560727661851227,0.009066378845115911,0.014974863621777792,-0.02012856992306878,0.019681651968165178,-0.004535386562598954,-0.020343293070565815,-0.007138221933809179,0.012418300653594777,0.0005379814934365952,0.007742768039574136,-0.0014939707608579722,-0.013252110719247569,0.002599371818477146,0.013287242087069289,0.0033049040511727323,-0.008394432047603935,-0.001821688812687393,0.010842726784755672,-0.003504672897196244,0.003943301715869174,0.006900212314224962,-0.0015814443858723404,0.003590285110876488,-0.012415824915824986,NULL,NULL,-0.013318191203799363,-0.011719158731819508,-0.0029645314981471796,-0.0032919188701285153,0.0012784998934583906,-0.0076612045115982,-0.0034312674244049686,-0.0003227888960619877,-0.015283607792487372,0.0006558093780741314,-0.017913708356089575,-0.0006673340006673593,0.0007790762381748179,-0.014568505338078316,-0.01263965692359784,0.0030860669790834408,-0.006267092069279983,0.00022933149868146121,0.015132408575031448,-0.009824957651044498,0.006272810218978069,0.0012467414711549295,-0.003056373103916801,0.009537867605313994,-0.014846473962433845,-0.006735928758990791,0.012183908045977038,-0.0010220304337951783,NULL,NULL,-0.007154396492037738,0.0056950255695024975,-0.0033514388073501242,0.007537105751391532,-0.003797905397629167,-0.011206099815157102,0.005958640028040553,-0.01022067363530773,0.011382304623327844,0.002784545770971216,0.011107254425546612,-0.0212838997596979,-0.0116918040453642,-0.008162782444102658,-0.003101145038168,0.005025125628140724,-0.005357142857142891,-0.0037103530819868617,-0.018260451705910574,0.003548702887910013,0.005609072064382316,-0.005214017218382353,-0.009385665529010363,0.008367171157868917,0.0053691275167784954,-0.0010923655783469282,0.0035236938031592497,-0.0016951204746337397,-0.0014554275318375324,NULL,NULL,0.012043839576056847,0.008211353088182764,-0.0022426817752596523,-0.0031941322607357864,-0.001186802753382489,0.004039923954372664,-0.016686390532544337,0.00878565411000108,-0.012884753042233337,-0.0031423737007492255,0.011154219204655693,0.002158273381294875,0.019382627422828484,-0.01126760563380291,-0.01388888888888891,0.006741302515950431,0.0008370202080593972,0.021385902031063227,-0.01579132062229494,-0.006061326360827253,0.008489776396030229,-0.015532368982689141,0.004094905455859369,-0.004677941705649521,0.016992046276211092,-0.009005806375162994,0.008489776396030229,0.01897083234526908,-0.004538049802187579,NULL,NULL}}	{128.25,103.8,114.15,84.96}	{"2025-09-08 12:00:00+00","2025-09-08 12:00:00+00","2025-09-08 12:00:00+00","2025-09-08 12:00:00+00"}	{249,249,249,240}	{0,0,0,0}	{0,0,0,0}	{0,0,0,0}	{0,0,0,9}	{NULL,NULL,NULL,0.031962497336458555}	{NULL,NULL,NULL,"2025-06-08 00:00:00+00"}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{128.25,103.8,114.15,84.96}	{1,2,2,0}	{0,0,0,0}
14	default	2025-01-03 00:00:00+00	2025-09-15 00:00:00+00	{"2025-01-03 00:00:00+00","2025-01-04 00:00:00+00","2025-01-05 00:00:00+00","2025-01-06 00:00:00+00","2025-01-07 00:00:00+00","2025-01-08 00:00:00+00","2025-01-09 00:00:00+00","2025-01-10 00:00:00+00","2025-01-11 00:00:00+00","2025-01-12 00:00:00+00","2025-01-13 00:00:00+00","2025-01-14 00:00:00+00","2025-01-15 00:00:00+00","2025-01-16 00:00:00+00","2025-01-17 00:00:00+00","2025-01-18 00:00:00+00","2025-01-19 00:00:00+00","2025-01-20 00:00:00+00","2025-01-21 00:00:00+00","2025-01-22 00:00:00+00","2025-01-23 00:00:00+00","2025-01-24 00:00:00+00","2025-01-25 00:00:00+00","2025-01-26 00:00:00+00","2025-01-27 00:00:00+00","2025-01-28 00:00:00+00","2025-01-29 00:00:00+00","2025-01-30 00:00:00+00","2025-01-31 00:00:00+00","2025-02-01 00:00:00+00","2025-02-02 00:00:00+00","2025-02-03 00:00:00+00","2025-02-04 00:00:00+00","2025-02-05 00:00:00+00","2025-02-06 00:00:00+00","2025-02-07 00:00:00+00","2025-02-08 00:00:00+00","2025-02-09 00:00:00+00","2025-02-10 00:00:00+00","2025-02-11 00:00:00+00","2025-02-12 00:00:00+00","2025-02-13 00:00:00+00","2025-02-14 00:00:00+00","2025-02-15 00:00:00+00","2025-02-16 00:00:00+00","2025-02-17 00:00:00+00","2025-02-18 00:00:00+00","2025-02-19 00:00:00+00","2025-02-20 00:00:00+00","2025-02-21 00:00:00+00","2025-02-22 00:00:00+00","2025-02-23 00:00:00+00","2025-02-24 00:00:00+00","2025-02-25 00:00:00+00","2025-02-26 00:00:00+00","2025-02-27 00:00:00+00","2025-02-28 00:00:00+00","2025-03-01 00:00:00+00","2025-03-02 00:00:00+00","2025-03-03 00:00:00+00","2025-03-04 00:00:00+00","2025-03-05 00:00:00+00","2025-03-06 00:00:00+00","2025-03-07 00:00:00+00","2025-03-08 00:00:00+00","2025-03-09 00:00:00+00","2025-03-10 00:00:00+00","2025-03-11 00:00:00+00","2025-03-12 00:00:00+00","2025-03-13 00:00:00+00","2025-03-14 00:00:00+00","2025-03-15 00:00:00+00","2025-03-16 00:00:00+00","2025-03-17 00:00:00+00","2025-03-18 00:00:00+00","2025-03-19 00:00:00+00","2025-03-20 00:00:00+00","2025-03-21 00:00:00+00","2025-03-22 00:00:00+00","2025-03-23 00:00:00+00","2025-03-24 00:00:00+00","2025-03-25 00:00:00+00","2025-03-26 00:00:00+00","2025-03-27 00:00:00+00","2025-03-28 00:00:00+00","2025-03-29 00:00:00+00","2025-03-30 00:00:00+00","2025-03-31 00:00:00+00","2025-04-01 00:00:00+00","2025-04-02 00:00:00+00","2025-04-03 00:00:00+00","2025-04-04 00:00:00+00","2025-04-05 00:00:00+00","2025-04-06 00:00:00+00","2025-04-07 00:00:00+00","2025-04-08 00:00:00+00","2025-04-09 00:00:00+00","2025-04-10 00:00:00+00","2025-04-11 00:00:00+00","2025-04-12 00:00:00+00","2025-04-13 00:00:00+00","2025-04-14 00:00:00+00","2025-04-15 00:00:00+00","2025-04-16 00:00:00+00","2025-04-17 00:00:00+00","2025-04-18 00:00:00+00","2025-04-19 00:00:00+00","2025-04-20 00:00:00+00","2025-04-21 00:00:00+00","2025-04-22 00:00:00+00","2025-04-23 00:00:00+00","2025-04-24 00:00:00+00","2025-04-25 00:00:00+00","2025-04-26 00:00:00+00","2025-04-27 00:00:00+00","2025-04-28 00:00:00+00","2025-04-29 00:00:00+00","2025-04-30 00:00:00+00","2025-05-01 00:00:00+00","2025-05-02 00:00:00+00","2025-05-03 00:00:00+00","2025-05-04 00:00:00+00","2025-05-05 00:00:00+00","2025-05-06 00:00:00+00","2025-05-07 00:00:00+00","2025-05-08 00:00:00+00","2025-05-09 00:00:00+00","2025-05-10 00:00:00+00","2025-05-11 00:00:00+00","2025-05-12 00:00:00+00","2025-05-13 00:00:00+00","2025-05-14 00:00:00+00","2025-05-15 00:00:00+00","2025-05-16 00:00:00+00","2025-05-17 00:00:00+00","2025-05-18 00:00:00+00","2025-05-19 00:00:00+00","2025-05-20 00:00:00+00","2025-05-21 00:00:00+00","2025-05-22 00:00:00+00","2025-05-23 00:00:00+00","2025-05-24 00:00:00+00","2025-05-25 00:00:00+00","2025-05-26 00:00:00+00","2025-05-27 00:00:00+00","2025-05-28 00:00:00+00","2025-05-29 00:00:00+00","2025-05-30 00:00:00+00","2025-05-31 00:00:00+00","2025-06-01 00:00:00+00","2025-06-02 00:00:00+00","2025-06-03 00:00:00+00","2025-06-04 00:00:00+00","2025-06-05 00:00:00+00","2025-06-06 00:00:00+00","2025-06-07 00:00:00+00","2025-06-08 00:00:00+00","2025-06-09 00:00:00+00","2025-06-10 00:00:00+00","2025-06-11 00:00:00+00","2025-06-12 00:00:00+00","2025-06-13 00:00:00+00","2025-06-14 00:00:00+00","2025-06-15 00:00:00+00","2025-06-16 00:00:00+00","2025-06-17 00:00:00+00","2025-06-18 00:00:00+00","2025-06-19 00:00:00+00","2025-06-20 00:00:00+00","2025-06-21 00:00:00+00","2025-06-22 00:00:00+00","2025-06-23 00:00:00+00","2025-06-24 00:00:00+00","2025-06-25 00:00:00+00","2025-06-26 00:00:00+00","2025-06-27 00:00:00+00","2025-06-28 00:00:00+00","2025-06-29 00:00:00+00","2025-06-30 00:00:00+00","2025-07-01 00:00:00+00","2025-07-02 00:00:00+00","2025-07-03 00:00:00+00","2025-07-04 00:00:00+00","2025-07-05 00:00:00+00","2025-07-06 00:00:00+00","2025-07-07 00:00:00+00","2025-07-08 00:00:00+00","2025-07-09 00:00:00+00","2025-07-10 00:00:00+00","2025-07-11 00:00:00+00","2025-07-12 00:00:00+00","2025-07-13 00:00:00+00","2025-07-14 00:00:00+00","2025-07-15 00:00:00+00","2025-07-16 00:00:00+00","2025-07-17 00:00:00+00","2025-07-18 00:00:00+00","2025-07-19 00:00:00+00","2025-07-20 00:00:00+00","2025-07-21 00:00:00+00","2025-07-22 00:00:00+00","2025-07-23 00:00:00+00","2025-07-24 00:00:00+00","2025-07-25 00:00:00+00","2025-07-26 00:00:00+00","2025-07-27 00:00:00+00","2025-07-28 00:00:00+00","2025-07-29 00:00:00+00","2025-07-30 00:00:00+00","2025-07-31 00:00:00+00","2025-08-01 00:00:00+00","2025-08-02 00:00:00+00","2025-08-03 00:00:00+00","2025-08-04 00:00:00+00","2025-08-05 00:00:00+00","2025-08-06 00:00:00+00","2025-08-07 00:00:00+00","2025-08-08 00:00:00+00","2025-08-09 00:00:00+00","2025-08-10 00:00:00+00","2025-08-11 00:00:00+00","2025-08-12 00:00:00+00","2025-08-13 00:00:00+00","2025-08-14 00:00:00+00","2025-08-15 00:00:00+00","2025-08-16 00:00:00+00","2025-08-17 00:00:00+00","2025-08-18 00:00:00+00","2025-08-19 00:00:00+00","2025-08-20 00:00:00+00","2025-08-21 00:00:00+00","2025-08-22 00:00:00+00","2025-08-23 00:00:00+00","2025-08-24 00:00:00+00","2025-08-25 00:00:00+00","2025-08-26 00:00:00+00","2025-08-27 00:00:00+00","2025-08-28 00:00:00+00","2025-08-29 00:00:00+00","2025-08-30 00:00:00+00","2025-08-31 00:00:00+00","2025-09-01 00:00:00+00","2025-09-02 00:00:00+00","2025-09-03 00:00:00+00","2025-09-04 00:00:00+00","2025-09-05 00:00:00+00","2025-09-06 00:00:00+00","2025-09-07 00:00:00+00","2025-09-08 00:00:00+00","2025-09-09 00:00:00+00","2025-09-10 00:00:00+00","2025-09-11 00:00:00+00","2025-09-12 00:00:00+00","2025-09-13 00:00:00+00","2025-09-14 00:00:00+00","2025-09-15 00:00:00+00"}	{A,B,C,D}	{{-0.009838020471032445,-0.01565636290646329,0.01182707993474711,0.00806126561870225,-0.006497401039584223,-0.001811047389073416,0.012700332627759351,0.0013934507813277651,0.00447271642977838,0.005145458143676984,-0.002362669816893039,0.003453720149990076,-0.010817189497492323,-0.006660701859031729,-0.012510008006405124,0.0014188709840883811,0.012346928448537586,0.016295111466559986,0.008853039543576684,-0.003120124804992272,0.01633411580594681,-0.005293042055625033,-0.011900154798761648,0.006168608636052186,9.731413001158918e-05,0.007395154227887566,0.016999903409639767,0.010732263272865375,-0.0005638037962789163,0.009966152688980842,-0.00018618506795751275,-0.0027001862197393502,0.0021473251797218184,0.025712688652878617,0.005994550408719444,0.004243409172986628,0.013575474242560379,-0.01960262551002301,0.0013570976205555566,0.0028912179255510765,0.0013513513513514026,0.004588394062078191,0.0014329213684398765,0.005544625290645722,0.0016897901102810185,0.012518867086921875,0.0005261311820412843,0.01042944785276084,0.013357619914996894,-0.014551057091500496,0.011465300095544232,0.00240446543580937,-0.013021502612867388,-0.00894019616352736,0.019092660711157755,0.011515984874527358,-0.015632965165675475,-0.0007767995857069171,0.005269067979614748,-0.01039697542533076,0.004428236519927109,-0.005618948824343064,0.005998435190819766,0.002333218112685759,-0.002931287179929211,0.0166018158236056,-0.013693969550055283,0.0028458088996206666,-0.0002579757502794835,0.006709100292447971,0.001537935748462001,0.004521412728203388,-0.008152866242038164,0.01053172360647307,0.009744111167598761,-0.005118737937400347,0.007422402159244226,0.0010046885465506074,0.015473402475744349,-0.001647310765175874,-0.01963534361851329,-0.004123537827147984,-0.020280547574784567,0.008797653958944248,-0.0030779753761969856,0.012521440823327684,-0.01727934948331362,0.026460955007757348,-0.017465782181543356,-0.0039312879241091185,0.00686400686400684,-0.005624201107797159,-0.018253492158711075,-0.003142458100558654,0.00026269702276708525,0.008929353059616528,-0.00806941431670288,0.010146955913226128,-0.0013855213023901177,-0.01569545612209494,-0.005021584001409632,-0.00035417035594113725,-0.0023914968999115167,0.011098286424576045,0.012557077625570836,0.015176480790911455,-0.021441995557833632,0.0009602793539938842,-0.0026164311878597345,0.0073452256033578476,-0.0026909722222222417,0.0036556706414831728,-0.011013788916832851,-0.017976148719747554,0.0008929368693634122,0.009189044517798207,0.007867751060820372,-0.01850714849574598,-0.009740840035746231,-0.014348885479649881,0.0028383080021974205,0.003743266684926473,-0.0013643805712205883,0.014482193278076228,-0.009965882564194645,-0.0009068649678062421,-0.000363075247345069,0.0024516480523019183,-0.0006340579710145596,0.007794797425904101,0.0026980843601043004,0.006906449008879812,-0.00819526100124712,-0.010508352793245928,-0.01307070890442042,-0.01784236181366686,-0.003558385616630861,-0.0018795226012593069,-0.007626400527257209,-0.007969639468690734,-0.0008607498087222973,0.018665645639896648,0.0005638037962789163,-0.01587152516904581,0.016509208893978333,-0.0016898235073224991,-0.00695881135978944,0.005397727272727343,-0.019308655929170172,-0.012005378409527468,-0.00972100709633518,0.01227054088544223,0.013867339022497989,0.00937350549976092,0,-0.01582488391926468,0.001347968419025617,0.02480769230769229,-0.0016888722086694746,-0.0015977443609022715,0.004141956132919116,-0.0040311240273742084,0.004329819277108509,-0.002624179943767583,0.0010336402931779686,0.014549892049187996,-0.0003700962250184312,0.004535357275083255,0.020270892840689236,0.0038833197868688935,0.004677941705649606,0.015401146131805146,0.010846560846560755,0.008723719794120214,-0.009859033122891988,0.004192505895711451,-0.005305731930068709,-0.006208464498076196,-0.004927408710954705,-0.011495269254575976,-0.006261740763932398,-0.008821676118462544,-0.01589319771137953,0.0033222591362126195,-0.0024834437086092348,0.004610419548178884,0.01936668196420376,-0.0011705384476858945,0.008383665374560466,-0.006973001966744155,0.010442924018725213,0.009711332858161115,0.0015000441189446899,0.012334801762114588,-0.003394255874673634,0.01755305213518462,-0.015018880878819087,0.0038337544654526248,0.006683447617394413,0.01569236075185371,0.010950764006791226,-0.00369468469224954,0.006152549515381287,0.007790249623052495,-0.0029091513589893487,-0.005501833944648188,-0.0036043587594299467,0.00016825103053752857,-0.00799057952729416,0.00474817703917248,0.013670886075949405,-0.005411255411255459,-0.004101448062275005,0.012439065389140946,0.007637390004980921,0.009227220299884698,-0.01061224489795916,-0.0029702970297029656,0.006454816285998023,-0.018253576714356182,0.011809045226130624,0.00811191126562374,0.015354298382461534,0.002749474365194917,0.000564516129032203,0.008382364794067915,0.00431620174246668,-0.014086748905690491,0.0028253148207943862,-0.013201320132013205,-0.007830981319846707,-0.017758776617610758,0.013643592533690428,-0.0018166804293971832,0.0014063534083388627,0.02048740190004134,0.010685663401602794,-0.009291149379255079,0.014795052146495256,0.004859783301465898,0.012130341710933173,0.008146639511201568,0.0034188034188034015,-0.012389654638376803,0.009173592598400514,0.017325771113355527,-0.022147548495494163,0.002733520774757844,-0.001090427603395797,0.005224171539960916,0.008067018305926316,-0.010464758387196165,-0.007776049766718507,-0.006583072100313395,-7.88892395077715e-05,-0.00970414201183435},{-0.0137463890825779,-0.011311988688011356,0.013790989886607359,0.010681176944780353,-0.008374875373878399,-0.0020108586366377303,0.012693935119887072,0.0019896538002387868,0.005957108816520992,0.007500986971970047,-0.008816614420062612,-0.0006918363312908419,-0.010384729502521978,-0.005496701978812684,-0.010350718520751694,0.003147847278635279,0.01619597125215097,0.011355712720390482,0.00196986112479073,0.00039319768013360896,0.016802594084700875,-0.006861229223038345,0.0007784372871460377,0.010403500243072508,-0.002983063895304102,0.004825789016504199,0.012198636058015522,0.01119757069652692,0.002533783783783746,0.003931479921370417,-0.002051282051282041,-0.004484723909184378,-0.003003284842796745,0.021651134331168193,0.004146318990141001,0.010093595155074273,0.010265261627906936,-0.013937595539969403,-0.0041947838774393014,0.005219780219780157,0.0031884850141205116,-9.081002542685357e-05,-0.0071746435382799584,0.009604829857299775,-0.003352360242819648,0.007181818181818239,-0.001173391100279896,0.004879812036869748,0.010791366906474845,-0.01192170818505341,0.006933189267062813,0.002772064741124942,-0.009898341359015512,-0.00576420787174638,0.019295226016849312,0.0056878777106292265,-0.008748674443266127,-0.002941963091735743,0.0023247496423461273,-0.01659232827832292,0.0021770682148041466,-0.00687907313540917,0.01358002187386069,0.005754878158438995,-0.004470272686633885,0.01571621014818141,-0.016710875331564994,-0.001798399424512082,0.005495000450409867,0.004569073642716278,0.0019620083831267177,-0.0016911437472184934,-0.01453281027104133,0.010313941916221845,0.0042983791528611445,-0.005706642888987967,0.005560039458344456,-0.0020511905823596696,0.009651474530831084,-0.007611966719773406,-0.018908312522297577,-0.010454545454545506,-0.01708773541570969,0.007570801009440156,-0.0002782931354360031,0.015310383223531648,-0.009504660939499235,0.019191732792028033,-0.016838674633351435,-0.005801104972375649,-0.0008335648791331241,-0.006303299962921696,-0.013339552238806033,0.0009454476694715754,0.00500613960517617,0.003947368421052514,-0.008425388504025385,0.010668429003021104,-0.002335357309668379,-0.019382022471910048,-0.006397402845412028,-0.0014414760714972677,-0.005966701953613611,0.0058088875980249225,0.009048031571854824,0.011351712296098423,-0.014902848519147315,9.574875526623053e-05,-0.0013403542364767887,0.005272744703288248,-0.007438489414457383,0.0065334358186011415,-0.009927453226422358,-0.014944080215966035,0,0.006361945776646682,0.00680801400505741,-0.0142967542503863,-0.006468051744414061,-0.017064509765239592,0.005820371299548402,-0.0013967873890052935,0.00039964032370858266,0.008089483671227428,-0.016148206855557713,0.008256973114489911,0.0016977928692699662,0.006480558325024982,-0.0032689450222882447,0.003180282250049624,0.00594412522290478,0.006007484735079766,-0.008908467939305048,-0.006025286448044246,-0.010136142303487986,-0.011645417126794464,-0.0009141696292534628,-0.003558357055713647,-0.009998979695949433,-0.006698959084819186,-0.003631458808881452,0.017077996459439766,0.0135148971024879,-0.02394181230427306,0.013765265990478144,-0.0030627871362939986,-0.004403481822836731,0.00802304052664062,-0.01928571428571429,-0.0028092810321506193,-0.007616861435726252,0.006939333403427574,0.010546100031325103,0.00661293655713991,0.006158899609936299,-0.013670679453172713,-0.0061026065370294105,0.026849828285981873,0,-0.0031417857504814255,0.003558357055713647,-0.004964036065241565,0.006923233557320371,0.0012133468149645129,0.003837608563926577,0.011770623742454602,-0.0030824301481553952,0.0018950728106921775,0.019113987058237945,0.0073263651460388785,0.0003878975950348336,0.01231097324544407,0.006894570525710991,0.007608178792201589,-0.01047663992449268,0.00696299122472329,-0.004452022354835643,-0.007326355851569896,-0.0033547397680436532,-0.010578957491825433,-0.003013219284603444,-0.015306619869357446,-0.01821782178217825,0.0031262605889471793,-0.0004021312958680209,0.0046263703107713335,0.018420262288517404,-0.004620072741570814,0.007900454276120848,-0.0095042132079169,0.013849045405084493,-0.007903210069274936,0.007081038552320996,-0.002929687500000111,-0.007149853085210478,-0.022294564466804823,-0.0018161638583391445,-0.0010108157282928184,0.005059192552868562,-0.0022148394241417384,0.012107759055594823,0.0034891835310536766,-0.007450824557917743,-0.0005004504053647999,0.006909673542960121,0.017006464445549558,0.006943086250733363,0.007769253180537994,0.00028910089621278924,0.007129094412331494,0.00841783049550407,-0.001233162587744218,-0.014721246082249133,0.001638712165027971,-0.009431238571840918,-0.007480812202467795,-0.0023492560689114613,-0.006966248037676687,0.014524256496393767,-0.019770159719516955,-0.00854446100347739,-0.02154524501453057,0.010548955346169614,0.017837235228539628,0.007965747286667301,0.012249333201620022,-0.00907582707133788,-0.002560567264132412,-0.012243285939968354,0.011495401839264209,0.008795335507461217,-0.028996865203761695,0.0015133171912832069,0.0032235317820087377,-0.00923787528868362,0.008817269686834951,-0.0033152501506933142,0.005543795988307745,-0.00942261427425834,-0.007184780408824062,0.010702272958923629,-0.010185558693021289,-0.001018848700967993,0.015808261091279932,0.011947791164658755,-0.00029764857624765487,-0.004763795156808297,0.007279617072197885,0.02762102762102754,-0.007514450867052034,0.0010677538342069447,0.0005817899738194733,-0.006880511677488068,-0.009367681498829118,0.0068951930654058595,-0.000293484640970467},{0.004367699339766304,0.016889158576051798,0.005867727498756871,0.004152659679651984,0.007680189050807415,-0.016513582177056847,-0.009438648782911105,0.006218655967903614,-0.0031897926634768064,0.016700000000000017,0,0.0028523654962131608,0.0002942330325618001,-0.003235611334444537,-0.007869368483179198,0.008030933967876287,0.011802891708468603,-0.003791192767570726,-0.004586260733801706,-0.026173904519164803,-0.0007046506945843305,0.008562506295960597,-0.008290051937674773,0.008057206163762686,-0.00039964032370872464,0.004197901049475279,-0.004478948939982113,0.0005998800239952237,0.009192645883293382,0.003069306930693092,-0.007304313493238664,-0.022770209804116457,0.0009157509157509504,0.014740266341364121,0.0027048687637748975,0.024777700069936955,-0.0007799551525787101,0.006537223143721356,-0.01696393951143854,0.0011833152549058728,-0.014675465379690682,0.011995201919232193,0.0042473330699329005,0.004327726959771789,-0.004994613651944032,0.01574803149606308,-0.008430232558139579,0.00918596696960811,0.0174300377650818,-0.004187684400875585,-0.00019114976584149883,0.005926775642864014,0.009598023377363783,-0.007624246987951696,0.00313003888836193,0.0146558245083207,0.0010250675612710784,-0.012195121951219533,0.01055508434643299,-0.005035904131306596,0.00899803168056995,-0.013005109150023276,0.00244705882352946,0.024316965543141385,0.0029330889092576296,-0.01453116432096512,0.01502364833534271,-0.01964367291000462,-0.005964585274930108,0.005906619163697822,-0.0136079783763632,-0.001984314466597314,-0.0074796440068169495,-0.013068778021558758,0.012468586893485466,0.003723150357995232,-0.01921247859996192,0.0011636927851046387,-0.00978302983339782,0.022596106817959524,0.006313372871628052,0.008174904942965773,0.014614369224966972,0.010872595483691122,-0.006343077771649179,-0.00046257748172816315,0.004998148833765198,-0.007736231350156598,0.009745684054204673,0.00597481386156808,-0.0019188596491227499,0.003661997619701469,-0.0036486363221745095,-0.00283804815526872,0.003029746603011369,-0.009519450800915388,9.241290084100468e-05,0.0022177046756606438,0.01281578462105846,-0.019208010923987252,-0.006497122702802939,-0.008501494768311012,-0.027890323188542294,-0.009401957933507791,-0.0045009784735812915,-0.00963239630430499,0.012306470821754614,0.01617647058823535,0.01678726483357448,-0.009203909289306375,0.017429611185596564,0.008942018072289185,0.013713965855023779,-0.013620467513344283,0.005598059339428945,-0.001670068658378241,-0.009758364312267632,-0.001970905678085347,-0.006676697385743915,0.00946700747893591,-0.003563725030479185,-0.00244705882352946,0.009151806774223973,0.004020194465220707,0.009591209609833328,0.0033204205866076315,-0.0023901452472881515,0.0010136380390711338,0.004326613274417738,-0.0010082493125572818,0.0020185338104413146,-0.01007233769801295,-0.017204698917768935,0.020517647058823595,-0.0213040671400904,0.012250282698831483,0.018990876931670005,0.00886168463365625,-0.013492710314226289,0.0008261428309161319,-0.006328533431165713,-0.0011076241462064293,0.018480872297172428,0.0019052803483941931,-0.01276826949198597,-0.004311135571454769,0.008291110087517326,0.003746002740977584,-0.01556526488257777,0.012575127138233928,0.002191580677563646,-0.005193621867881487,0.002930939732551687,-0.002922374429223682,0.0032057153324784237,-0.01771204236282295,-0.016823124825727318,0.007090187180941576,0.015770205575894043,0.002957212826910705,0.002579931816087728,-0.007536072052201152,0.004722659505509817,-0.000276497695852545,0.002028210565133206,0.006256325328917166,-0.002834415287556023,0.02044746011369892,0.003594213316560261,-8.953353030701858e-05,0.01907234957020053,0.00799578244442489,-0.008019525801952596,0.011072056239015863,-0.0009560229445506643,-0.01835580687255328,0,-0.005848989719957431,-0.0016937065430559094,0.0007143494954906536,-0.006424556081020781,0.01436910642119451,0.010358565737051807,-0.024973711882229306,0.0005392289026692035,0.017515494475882538,-0.004590395480225953,0.004079460801702676,-0.0017664723547076739,0.005662714563794024,-0.010733767376385702,0.007648523657061539,0.01323918799646955,-0.011062717770034808,0.0046683695939399375,-0.019112747676661466,-0.0032177332856632057,-0.005828550932568073,0.022368539731216646,-0.006969563299514707,-0.0002665245202558736,0.008708788767439829,-0.0069597392300238415,-0.010379701916252676,0.02268041237113403,-0.008327489481065944,0.01714841332979756,-0.005996350047796974,0.010578772512677111,-0.0014707154598148776,0.005458326113325207,-0.004653166738474727,-0.0040689117825296415,-0.01199582753824765,-0.019355973957416884,0.0010766194150368255,0.0018820577164367087,0.0034886841399051844,-0.0023177036904974604,0.0007147962830593128,-0.0074107142857142705,0.004497616263380408,0.029730455807289273,0.0012174971736672803,0.001216016676800144,-0.00824151990977707,0.002974107767669729,-0.003750218035932257,0.0061279873938545285,0.0023492560689114764,-0.012065972222222226,0.00799578244442489,-0.013336820083682019,0.008216273522396032,0.005783385909568845,0.009147935180344983,-0.024000690667357345,-0.0030075187969925113,0.007009138497027826,-0.0022907488986784593,0.012363122571529545,-0.0004361479413816919,-0.02103150362160744,0.0025851310394008915,0.00684627011647547,0.0008830801836807535,-0.004676195517910721,0.0049640989274000735,0.006880127017729568,-0.006745510293473589,0.004674545775269017,0.003774910016679895,-0.0013118768584922658,-0.001663893510815288,-0.0043859649122807015,-0.015506607929515463},{-0.005124162396531437,-0.010697305863708383,-0.0032038446135361754,-0.009541984732824456,NULL,NULL,0.010667203381302226,-0.00537687941850051,0.010311342476724408,-0.010899722552516929,-0.0005009016229212298,-0.0012027663626339616,-0.005920722528851012,-0.007974964667878117,0.00834435738272115,-0.009385407205570762,-0.01996740016299912,0.0003118503118503237,0.0041567078873531275,0.03425437234813208,0.0024014408645188024,-0.004292273906967526,0.008020050125313255,-0.0043759323719542295,-0.0005993407252023002,-0.010894552723638215,0.00990299110751823,-0.0007004202521512225,-0.005407029137879305,-0.0007047216349541244,0.009470078581503099,0.024850299401197554,-0.0012659460512220806,-0.013065522620904869,-0.007804781663702747,NULL,NULL,-0.00624807948376523,0.01803751803751804,0.005163511187607626,0.015612409347300535,-0.005950609937518539,-0.006983936945026467,0.0013061388526072084,0.0065221753963476395,-0.0163493171169375,0.006283571500962851,-0.014603686171819948,-0.020134914145543734,0.00594555126734112,-0.00829531314807131,-0.0006273525721455696,-0.011822557020297086,0.012175754367390063,-0.005230125523012553,-0.013144058885383808,-0.0009589770911027087,0.012691979522184276,-0.016113744075829394,0.0020338257332476743,-0.0136737528041876,0.01483808079714074,0.001173959445037347,NULL,NULL,0.013033561420658226,-0.010935992280475995,0.01853658536585359,0.008514261387824728,-0.010341916420430603,0.01695457453614847,0.005137884030617541,0.004277070728145176,0.004570478861535242,-0.0199565711922241,0.0016881198565097762,0.020223298925637262,-0.00010324179227756675,0.007847186370676357,-0.018133387972543755,-0.0015651085141903764,-0.0062702476747830945,-0.007676937638027174,-0.011551504874947048,0.0031092527071942344,0.00192389910218034,-0.010347770428845732,0.01218066185189188,-0.0142705005324814,0.001512532411408822,-0.003559870550161794,-0.004979971852333094,0.008595365031008663,0.00507011866235166,NULL,NULL,0.0008588298443370723,0.002252493832457296,-0.01434075342465757,0.01704668838219335,0.003309490765453211,0.005320280910832091,0.025296359017781544,0.01589759471456583,0.00955187480947056,0.009159536990437955,-0.0020945541591861952,-0.015092453773113353,-0.01339557540085252,0.008434478502365844,-0.02009383924928614,-0.008119079837618268,-0.010284395004722467,0.016647227229349942,-0.008239465999165542,0.00010516352928794726,0.005993690851735094,0.00386746106407447,0.0002082465639316537,-0.014990630855715155,0.005072923272035402,0.0027339642481598856,-0.012898489932885948,0.0027621374694571884,NULL,NULL,0.006097560975609683,-0.001913875598086046,-0.004687333546393925,0.00021406400513749351,-0.008560727661851227,0.009066378845115911,0.014974863621777792,-0.02012856992306878,0.019681651968165178,-0.004535386562598954,-0.020343293070565815,-0.007138221933809179,0.012418300653594777,0.0005379814934365952,0.007742768039574136,-0.0014939707608579722,-0.013252110719247569,0.002599371818477146,0.013287242087069289,0.0033049040511727323,-0.008394432047603935,-0.001821688812687393,0.010842726784755672,-0.003504672897196244,0.003943301715869174,0.006900212314224962,-0.0015814443858723404,0.003590285110876488,-0.012415824915824986,NULL,NULL,-0.013318191203799363,-0.011719158731819508,-0.0029645314981471796,-0.0032919188701285153,0.0012784998934583906,-0.0076612045115982,-0.0034312674244049686,-0.0003227888960619877,-0.015283607792487372,0.0006558093780741314,-0.017913708356089575,-0.0006673340006673593,0.0007790762381748179,-0.014568505338078316,-0.01263965692359784,0.0030860669790834408,-0.006267092069279983,0.00022933149868146121,0.015132408575031448,-0.009824957651044498,0.006272810218978069,0.0012467414711549295,-0.003056373103916801,0.009537867605313994,-0.014846473962433845,-0.006735928758990791,0.012183908045977038,-0.0010220304337951783,NULL,NULL,-0.007154396492037738,0.0056950255695024975,-0.0033514388073501242,0.007537105751391532,-0.003797905397629167,-0.011206099815157102,0.005958640028040553,-0.01022067363530773,0.011382304623327844,0.002784545770971216,0.011107254425546612,-0.0212838997596979,-0.0116918040453642,-0.008162782444102658,-0.003101145038168,0.005025125628140724,-0.005357142857142891,-0.0037103530819868617,-0.018260451705910574,0.003548702887910013,0.005609072064382316,-0.005214017218382353,-0.009385665529010363,0.008367171157868917,0.0053691275167784954,-0.0010923655783469282,0.0035236938031592497,-0.0016951204746337397,-0.0014554275318375324,NULL,NULL,0.012043839576056847,0.008211353088182764,-0.0022426817752596523,-0.0031941322607357864,-0.001186802753382489,0.004039923954372664,-0.016686390532544337,0.00878565411000108,-0.012884753042233337,-0.0031423737007492255,0.011154219204655693,0.002158273381294875,0.019382627422828484,-0.01126760563380291,-0.01388888888888891,0.006741302515950431,0.0008370202080593972,0.021385902031063227,-0.01579132062229494,-0.006061326360827253,0.008489776396030229,-0.015532368982689141,0.004094905455859369,-0.004677941705649521,0.016992046276211092,-0.009005806375162994,0.008489776396030229,0.01897083234526908,-0.004538049802187579,NULL,NULL,0.001294726930320144,-0.013753379569765928,0.006555423122765162,0.011722912966252158,0.009012172284644149,-0.00173993736225486,-0.0068556820822682244}}	{125.52,102.19,111.74,85.47}	{"2025-09-15 12:00:00+00","2025-09-15 12:00:00+00","2025-09-15 12:00:00+00","2025-09-15 12:00:00+00"}	{256,256,256,247}	{0,0,0,0}	{0,0,0,0}	{0,0,0,0}	{0,0,0,9}	{NULL,NULL,NULL,0.031962497336458555}	{NULL,NULL,NULL,"2025-06-08 00:00:00+00"}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{125.52,102.19,111.74,85.47}	{1,2,2,0}	{0,0,0,0}
15	default	2025-09-16 00:00:00+00	2025-09-18 00:00:00+00	{"2025-09-16 00:00:00+00","2025-09-17 00:00:00+00","2025-09-18 00:00:00+00"}	{A,B,C,D}	{{0.010356915232632227,-0.013404825737265327,0.005035166240409171},{0.009785693316371465,-0.012113576896986143,0.012458308809103355},{-0.01637730445677464,-0.017741788736238766,-0.014542423119673891},{-0.010179010179010232,-0.009101654846335652,-0.004175116306811336}}	{125.75,103.21,106.39,83.48}	{"2025-09-18 12:00:00+00","2025-09-18 12:00:00+00","2025-09-18 12:00:00+00","2025-09-18 12:00:00+00"}	{3,3,3,3}	{0,0,0,0}	{0,0,0,0}	{0,0,0,0}	{0,0,0,0}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{125.75,103.21,106.39,83.48}	{0,0,0,0}	{0,0,0,0}
16	weekly	2025-01-06 00:00:00+00	2025-09-15 00:00:00+00	{"2025-01-06 00:00:00+00","2025-01-13 00:00:00+00","2025-01-20 00:00:00+00","2025-01-27 00:00:00+00","2025-02-03 00:00:00+00","2025-02-10 00:00:00+00","2025-02-17 00:00:00+00","2025-02-24 00:00:00+00","2025-03-03 00:00:00+00","2025-03-10 00:00:00+00","2025-03-17 00:00:00+00","2025-03-24 00:00:00+00","2025-03-31 00:00:00+00","2025-04-07 00:00:00+00","2025-04-14 00:00:00+00","2025-04-21 00:00:00+00","2025-04-28 00:00:00+00","2025-05-05 00:00:00+00","2025-05-12 00:00:00+00","2025-05-19 00:00:00+00","2025-05-26 00:00:00+00","2025-06-02 00:00:00+00","2025-06-09 00:00:00+00","2025-06-16 00:00:00+00","2025-06-23 00:00:00+00","2025-06-30 00:00:00+00","2025-07-07 00:00:00+00","2025-07-14 00:00:00+00","2025-07-21 00:00:00+00","2025-07-28 00:00:00+00","2025-08-04 00:00:00+00","2025-08-11 00:00:00+00","2025-08-18 00:00:00+00","2025-08-25 00:00:00+00","2025-09-01 00:00:00+00","2025-09-08 00:00:00+00","2025-09-15 00:00:00+00"}	{A,B,C,D}	{{0.023305506549498728,-0.015376524376009577,0.026926031244593522,0.04416400983308149,0.028726795248099672,0.01882113273674107,0.03575546560496683,-0.003002876436048103,0.010173201651125898,-0.006656450589175619,0.037147128191946495,-0.04376198844450237,-0.01581129281600837,-0.01109459297721925,0.015114523235546025,-0.02266910744723262,-0.01936735760048974,0.003541112339700413,-0.0326115855887608,-0.002907115096597658,-0.034491118943917515,0.010924843998433948,0.02300263002685059,0.04824410984583915,0.01748591128448986,-0.04683431302566885,0.04401467947197364,0.023113845703437514,0.028223566655575842,-0.002685917344110762,0.0035237891987421163,0.05102106303109947,-0.03870194602511714,0.054572161863427136,0.005702026775080932,-0.012855864131699618,-0.007920833491443957},{0.028215660772879528,-0.01669421889304452,0.0345587716589089,0.029487796633940137,0.024275500979618125,0.003095695816513855,0.019267724903110246,-0.00035676061741229676,0.008881053043960543,-0.02298540579921068,0.014282748973723534,-0.033926156158619464,-0.023431643782679673,-0.01724427049313096,0.003740832140417345,-0.02207039539924251,-0.02056831137240481,0.005281263832245034,-0.021802239978037954,0.005470029846581383,-0.03233870056457671,0.0026051179220372487,0.03003659764410045,0.04095933107986704,0.011277771466733982,-0.048105073487895694,0.022376747889216394,-0.023382986653934096,0.02907094942458865,0.014369179271400852,-0.030238616837453536,0.008803657433447784,-0.01939105157570013,-0.004327050776558483,0.018484814674103137,0.011907831499040636,0.009638394237708375},{0.005226578635232701,0.011733780855869038,-0.02739627391201122,0.004784221225461476,0.025427178556755026,-0.015237645868762533,0.03510489560833939,0.018827629479333467,0.005579852661926652,-0.028215922429499697,-0.002770217179705429,0.037917455192529176,0.0031264393282538516,-0.017411071425640485,-0.032182757498129724,0.039072273623562,-0.016747362466187153,0.02892014279986159,-0.015518508361711777,0.025731983977775968,-0.006462499167421443,-0.03465440364983396,0.025112171414292284,0.0480567542416723,-0.014425667213607543,-0.007605960339575018,0.017540404293344705,0.00044120891957734494,-0.0019427770151625539,0.016742294034361217,-0.02678102267764207,0.023472356185142096,-0.004720701134937354,0.004546257174617128,-0.011139977490409085,0.0011460308919500348,-0.06469124939318269},{0.002608086542071837,-0.03693920636980228,0.03984022375973149,0.0008986072193721265,-0.032251045833694016,0.03334824807832337,-0.048301797745381674,-0.02285813807605016,-0.0016069423351898887,0.031658231051103054,-0.004476609422735898,-0.03255682270195916,0.004302469797153496,0.008656212212336114,0.04738056344114739,-0.035638745564464176,0.002835391765686713,-0.020446710512175288,0.010116693493377071,-0.021960070513704893,0.016115518517421757,0.031782002673124796,-0.04131251331825083,-0.04770940559762121,-0.004297676825197636,-0.002951193969430242,-0.016158032166411734,-0.011970623505481089,-0.04556842164326904,0.007072337733602799,0.02898059361012691,-0.023648540259885623,0.01069914636016896,-0.003113774970912247,0.025812467915680353,0.005943727072251153,-0.030437645201453555}}	{125.75,103.21,106.39,83.48}	{"2025-09-18 12:00:00+00","2025-09-18 12:00:00+00","2025-09-18 12:00:00+00","2025-09-18 12:00:00+00"}	{37,37,37,37}	{0,0,0,0}	{0,0,0,0}	{0,0,0,0}	{0,0,0,0}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{NULL,NULL,NULL,NULL}	{125.75,103.21,106.39,83.48}	{0,0,0,0}	{0,0,0,0}
\.

COPY desk.return_span (span, model, first_bar, last_bar, blocks, matrix, assets, last_price, last_price_time, priced_bars, non_positive, not_finite, contradictory, gap_moves, largest_gap_move, largest_gap_bar, opening_price, opening_bar, closing_price, unchanged, frozen) FROM stdin;
\.

COPY desk.run_asset (run, asset, return_kind, price, price_time, volatility, observations, missing_returns, priced_bars, non_positive, not_finite, contradictory, stale_bars, stale, note, gap_moves, largest_gap_move, largest_gap_bar, unchanged, frozen) FROM stdin;
12	A	simple	125.52	2025-08-29 12:00:00+00	0.009847188943938759	120	0	239	0	0	0	0	f	\N	0	\N	\N	1	0
12	B	simple	98.82	2025-08-29 12:00:00+00	0.010135312906565684	120	0	239	0	0	0	0	f	\N	0	\N	\N	2	0
12	C	simple	113.5	2025-08-29 12:00:00+00	0.010407591505666948	120	0	239	0	0	0	0	f	\N	0	\N	\N	2	0
12	D	simple	84.34	2025-08-29 12:00:00+00	0.009379009649291174	112	8	231	0	0	0	0	f	\N	8	0.031962497336458555	2025-06-08 00:00:00+00	0	0
13	A	simple	128.25	2025-09-08 12:00:00+00	0.010131867462970843	120	0	249	0	0	0	0	f	\N	0	\N	\N	1	0
13	B	simple	103.8	2025-09-08 12:00:00+00	0.010428128023988119	120	0	249	0	0	0	0	f	\N	0	\N	\N	2	0
13	C	simple	114.15	2025-09-08 12:00:00+00	0.010584027899508597	120	0	249	0	0	0	0	f	\N	0	\N	\N	2	0
13	D	simple	84.96	2025-09-08 12:00:00+00	0.00970001694545758	112	8	240	0	0	0	0	f	\N	9	0.031962497336458555	2025-06-08 00:00:00+00	0	0
14	A	simple	125.75	2025-09-18 12:00:00+00	0.010041012819187876	120	0	259	0	0	0	0	f	\N	0	\N	\N	1	0
14	B	simple	103.21	2025-09-18 12:00:00+00	0.010453192845346649	120	0	259	0	0	0	0	f	\N	0	\N	\N	2	0
14	C	simple	106.39	2025-09-18 12:00:00+00	0.010225222673640833	120	0	259	0	0	0	0	f	\N	0	\N	\N	2	0
14	D	simple	83.48	2025-09-18 12:00:00+00	0.009159378208197748	112	8	250	0	0	0	0	f	\N	9	0.031962497336458555	2025-06-08 00:00:00+00	0	0
15	A	log	125.75	2025-09-18 12:00:00+00	0.027747418199695256	37	0	37	0	0	0	0	f	\N	0	\N	\N	0	0
15	B	log	103.21	2025-09-18 12:00:00+00	0.022650133046747036	37	0	37	0	0	0	0	f	\N	0	\N	\N	0	0
15	C	log	106.39	2025-09-18 12:00:00+00	0.024246833885747165	37	0	37	0	0	0	0	f	\N	0	\N	\N	0	0
15	D	log	83.48	2025-09-18 12:00:00+00	0.02624384819041514	37	0	37	0	0	0	0	f	\N	0	\N	\N	0	0
\.

COPY desk.spread (spread, priority) FROM stdin;
\.

COPY desk.spread_leg (spread, asset, ratio, side, credit_rate) FROM stdin;
\.

COPY macro.alert (alert, model, asset_y, asset_x, kind, raised_at_bar, change_bar, direction, message, run, created_at, acknowledged_at, acknowledged_by, cleared_at_bar) FROM stdin;
\.

COPY macro.alert_holders (alert, portfolios, portfolio_list, risk_offset_at_stake) FROM stdin;
\.

COPY macro.book (base_currency, prices, positions, version, created_at) FROM stdin;
USD	market.close	market.held	0.1.0	2026-11-22 18:49:14.261942+00
\.

COPY macro.evidence_run (run, examined, pairs, searched, adjustment) FROM stdin;
\.

COPY macro.instrument (asset, currency, contract_kind, contract_size, lot_size, fx_asset, funded, benchmark, bucket, carry, cost, cost_per_lot, return_kind, tradable) FROM stdin;
\.

COPY macro.margin_bucket (bucket, weight, correlation) FROM stdin;
\.

COPY macro.margin_bucket_pair (bucket_a, bucket_b, correlation) FROM stdin;
\.

COPY macro.margin_setting (model, level, holding_bars, credit_share, credited_verdicts, adverse) FROM stdin;
\.

COPY macro.margin_weight (asset, weight) FROM stdin;
\.

COPY macro.model (model, prices, return_kind, bar, time_zone, origin, lookback, minimum_observations, calendar_quorum, stale_after, minimum_correlation, bars_per_year, horizon, risk_level, confidence_level, pairs_kept, retention, reread_bars, evidence, rolling_bars, minimum_effectiveness, minimum_evidence, significance, break_significance, minimum_break, spread_significance, monitor_threshold, alarm_patience, minimum_effective_evidence, risk_price, hedge_correlations, hedge_evidence, hedge_instruments) FROM stdin;
default	\N	simple	1 day	UTC	2000-01-03 00:00:00+00	80	60	0.9	10	0.3	252	1	0.99	0.95	100	30	5	none	60	0.1	100	0.05	0.01	0.1	0.01	2.5	60	30	0.2	estimated	reliable	\N
\.

COPY macro.model_run (run, model, as_of, window_start, window_end, bars, assets, matrix, psd_matrix, repaired, smallest_eigenvalue, blocks, spans, counted_bars, trailing_bars, history_start, settings, recorded_until, returns_key, created_at, pghedge_version) FROM stdin;
1	default	2025-09-18 00:00:00+00	2025-07-01 00:00:00+00	2025-09-18 00:00:00+00	80	3	v1 complete 3 "A" "B" "C" 80 80 0.0013761320874838123 -3.754032444288659e-05 -0.0005857323740140419 0 0 0 0.00781414855863567 0.001994876770913145 0.00884753920764741 -0.0007805541373328929 0.0005506010972822356 0.008843932249543187	\N	f	\N	{1}	{}	194	{}	\N	{"bar": "1 day", "model": "default", "origin": "2000-01-03T00:00:00+00:00", "prices": null, "horizon": 1, "evidence": "none", "lookback": 80, "retention": 30, "time_zone": "UTC", "pairs_kept": 100, "risk_level": 0.99, "risk_price": 0.2, "reread_bars": 5, "return_kind": "simple", "stale_after": 10, "rolling_bars": 60, "significance": 0.05, "bars_per_year": 252, "minimum_break": 0.1, "alarm_patience": 60, "hedge_evidence": "reliable", "calendar_quorum": 0.9, "confidence_level": 0.95, "minimum_evidence": 100, "hedge_instruments": null, "monitor_threshold": 2.5, "break_significance": 0.01, "hedge_correlations": "estimated", "minimum_correlation": 0.3, "spread_significance": 0.01, "minimum_observations": 60, "minimum_effectiveness": 0.1, "minimum_effective_evidence": 30}	\N	cea0c4e86a82a6005797d499945a20c6	2026-11-22 18:49:14.357536+00	0.1.0
\.

COPY macro.offset_snapshot (run, portfolio, pair_rank, asset_a, asset_b, side_a, side_b, quantity_a, quantity_b, exposure_a, exposure_b, correlation, correlation_low, correlation_high, observations, volatility_a, volatility_b, volatility_a_annual, volatility_b_annual, hedge_ratio, actual_ratio, target_exposure_b, trade_b, trade_b_contracts, gross_risk, uncorrelated_risk, net_risk, diversification, risk_offset, risk_offset_share, residual_risk, price_time) FROM stdin;
\.

COPY macro.pair_evidence (run, asset_y, asset_x, observations, effective_observations, correlation, hedge_ratio, volatility_y, volatility_x, fisher_low, fisher_high, robust_low, robust_high, standard_error, p_value, effectiveness_p_value, rolling_windows, rolling_minimum, rolling_maximum, rolling_mean, rolling_standard_deviation, rolling_latest, sign_changes, rolling_spread_p_value, correlation_first_half, correlation_second_half, break_statistic, break_p_value, break_observation, break_time, correlation_before_break, correlation_after_break, lag_correlation, out_of_sample_effectiveness, clark_west_statistic, clark_west_p_value, adjusted_p_value, verdict, reason) FROM stdin;
\.

COPY macro.pair_monitor (model, asset_y, asset_x, baseline_start, baseline_end, returns_key, baseline_state, state, last_bar, held_at, alarm_bar, change_bar, direction, correlation_sign, was_reliable, unreliable_since, ended_at) FROM stdin;
\.

COPY macro.refresh_log (entry, model, action, as_of, status, started_at, finished_at, run, blocks_read, blocks_reused, pairs_stored, prices_refused, error_code, error, started_by, backend_pid, phase, phase_started_at) FROM stdin;
1	default	refresh	2025-09-18 00:00:00+00	done	2026-11-22 18:49:14.352321+00	2026-11-22 18:49:14.368977+00	1	1	0	0	0	\N	\N	upgrade_owner	7507	done	2026-11-22 18:49:14.368981+00
\.

COPY macro.return_block (block, model, first_bar, last_bar, bars, assets, returns, last_price, last_price_time, priced_bars, non_positive, not_finite, contradictory, gap_moves, largest_gap_move, largest_gap_bar, opening_price, opening_bar, closing_price, unchanged, frozen) FROM stdin;
1	default	2025-03-09 00:00:00+00	2025-09-18 00:00:00+00	{"2025-03-09 00:00:00+00","2025-03-10 00:00:00+00","2025-03-11 00:00:00+00","2025-03-12 00:00:00+00","2025-03-13 00:00:00+00","2025-03-14 00:00:00+00","2025-03-15 00:00:00+00","2025-03-16 00:00:00+00","2025-03-17 00:00:00+00","2025-03-18 00:00:00+00","2025-03-19 00:00:00+00","2025-03-20 00:00:00+00","2025-03-21 00:00:00+00","2025-03-22 00:00:00+00","2025-03-23 00:00:00+00","2025-03-24 00:00:00+00","2025-03-25 00:00:00+00","2025-03-26 00:00:00+00","2025-03-27 00:00:00+00","2025-03-28 00:00:00+00","2025-03-29 00:00:00+00","2025-03-30 00:00:00+00","2025-03-31 00:00:00+00","2025-04-01 00:00:00+00","2025-04-02 00:00:00+00","2025-04-03 00:00:00+00","2025-04-04 00:00:00+00","2025-04-05 00:00:00+00","2025-04-06 00:00:00+00","2025-04-07 00:00:00+00","2025-04-08 00:00:00+00","2025-04-09 00:00:00+00","2025-04-10 00:00:00+00","2025-04-11 00:00:00+00","2025-04-12 00:00:00+00","2025-04-13 00:00:00+00","2025-04-14 00:00:00+00","2025-04-15 00:00:00+00","2025-04-16 00:00:00+00","2025-04-17 00:00:00+00","2025-04-18 00:00:00+00","2025-04-19 00:00:00+00","2025-04-20 00:00:00+00","2025-04-21 00:00:00+00","2025-04-22 00:00:00+00","2025-04-23 00:00:00+00","2025-04-24 00:00:00+00","2025-04-25 00:00:00+00","2025-04-26 00:00:00+00","2025-04-27 00:00:00+00","2025-04-28 00:00:00+00","2025-04-29 00:00:00+00","2025-04-30 00:00:00+00","2025-05-01 00:00:00+00","2025-05-02 00:00:00+00","2025-05-03 00:00:00+00","2025-05-04 00:00:00+00","2025-05-05 00:00:00+00","2025-05-06 00:00:00+00","2025-05-07 00:00:00+00","2025-05-08 00:00:00+00","2025-05-09 00:00:00+00","2025-05-10 00:00:00+00","2025-05-11 00:00:00+00","2025-05-12 00:00:00+00","2025-05-13 00:00:00+00","2025-05-14 00:00:00+00","2025-05-15 00:00:00+00","2025-05-16 00:00:00+00","2025-05-17 00:00:00+00","2025-05-18 00:00:00+00","2025-05-19 00:00:00+00","2025-05-20 00:00:00+00","2025-05-21 00:00:00+00","2025-05-22 00:00:00+00","2025-05-23 00:00:00+00","2025-05-24 00:00:00+00","2025-05-25 00:00:00+00","2025-05-26 00:00:00+00","2025-05-27 00:00:00+00","2025-05-28 00:00:00+00","2025-05-29 00:00:00+00","2025-05-30 00:00:00+00","2025-05-31 00:00:00+00","2025-06-01 00:00:00+00","2025-06-02 00:00:00+00","2025-06-03 00:00:00+00","2025-06-04 00:00:00+00","2025-06-05 00:00:00+00","2025-06-06 00:00:00+00","2025-06-07 00:00:00+00","2025-06-08 00:00:00+00","2025-06-09 00:00:00+00","2025-06-10 00:00:00+00","2025-06-11 00:00:00+00","2025-06-12 00:00:00+00","2025-06-13 00:00:00+00","2025-06-14 00:00:00+00","2025-06-15 00:00:00+00","2025-06-16 00:00:00+00","2025-06-17 00:00:00+00","2025-06-18 00:00:00+00","2025-06-19 00:00:00+00","2025-06-20 00:00:00+00","2025-06-21 00:00:00+00","2025-06-22 00:00:00+00","2025-06-23 00:00:00+00","2025-06-24 00:00:00+00","2025-06-25 00:00:00+00","2025-06-26 00:00:00+00","2025-06-27 00:00:00+00","2025-06-28 00:00:00+00","2025-06-29 00:00:00+00","2025-06-30 00:00:00+00","2025-07-01 00:00:00+00","2025-07-02 00:00:00+00","2025-07-03 00:00:00+00","2025-07-04 00:00:00+00","2025-07-05 00:00:00+00","2025-07-06 00:00:00+00","2025-07-07 00:00:00+00","2025-07-08 00:00:00+00","2025-07-09 00:00:00+00","2025-07-10 00:00:00+00","2025-07-11 00:00:00+00","2025-07-12 00:00:00+00","2025-07-13 00:00:00+00","2025-07-14 00:00:00+00","2025-07-15 00:00:00+00","2025-07-16 00:00:00+00","2025-07-17 00:00:00+00","2025-07-18 00:00:00+00","2025-07-19 00:00:00+00","2025-07-20 00:00:00+00","2025-07-21 00:00:00+00","2025-07-22 00:00:00+00","2025-07-23 00:00:00+00","2025-07-24 00:00:00+00","2025-07-25 00:00:00+00","2025-07-26 00:00:00+00","2025-07-27 00:00:00+00","2025-07-28 00:00:00+00","2025-07-29 00:00:00+00","2025-07-30 00:00:00+00","2025-07-31 00:00:00+00","2025-08-01 00:00:00+00","2025-08-02 00:00:00+00","2025-08-03 00:00:00+00","2025-08-04 00:00:00+00","2025-08-05 00:00:00+00","2025-08-06 00:00:00+00","2025-08-07 00:00:00+00","2025-08-08 00:00:00+00","2025-08-09 00:00:00+00","2025-08-10 00:00:00+00","2025-08-11 00:00:00+00","2025-08-12 00:00:00+00","2025-08-13 00:00:00+00","2025-08-14 00:00:00+00","2025-08-15 00:00:00+00","2025-08-16 00:00:00+00","2025-08-17 00:00:00+00","2025-08-18 00:00:00+00","2025-08-19 00:00:00+00","2025-08-20 00:00:00+00","2025-08-21 00:00:00+00","2025-08-22 00:00:00+00","2025-08-23 00:00:00+00","2025-08-24 00:00:00+00","2025-08-25 00:00:00+00","2025-08-26 00:00:00+00","2025-08-27 00:00:00+00","2025-08-28 00:00:00+00","2025-08-29 00:00:00+00","2025-08-30 00:00:00+00","2025-08-31 00:00:00+00","2025-09-01 00:00:00+00","2025-09-02 00:00:00+00","2025-09-03 00:00:00+00","2025-09-04 00:00:00+00","2025-09-05 00:00:00+00","2025-09-06 00:00:00+00","2025-09-07 00:00:00+00","2025-09-08 00:00:00+00","2025-09-09 00:00:00+00","2025-09-10 00:00:00+00","2025-09-11 00:00:00+00","2025-09-12 00:00:00+00","2025-09-13 00:00:00+00","2025-09-14 00:00:00+00","2025-09-15 00:00:00+00","2025-09-16 00:00:00+00","2025-09-17 00:00:00+00","2025-09-18 00:00:00+00"}	{A,B,C}	{{0.0166018158236056,-0.013693969550055283,0.0028458088996206666,-0.0002579757502794835,0.006709100292447971,0.001537935748462001,0.004521412728203388,-0.008152866242038164,0.01053172360647307,0.009744111167598761,-0.005118737937400347,0.007422402159244226,0.0010046885465506074,0.015473402475744349,-0.001647310765175874,-0.01963534361851329,-0.004123537827147984,-0.020280547574784567,0.008797653958944248,-0.0030779753761969856,0.012521440823327684,-0.01727934948331362,0.026460955007757348,-0.017465782181543356,-0.0039312879241091185,0.00686400686400684,-0.005624201107797159,-0.018253492158711075,-0.003142458100558654,0.00026269702276708525,0.008929353059616528,-0.00806941431670288,0.010146955913226128,-0.0013855213023901177,-0.01569545612209494,-0.005021584001409632,-0.00035417035594113725,-0.0023914968999115167,0.011098286424576045,0.012557077625570836,0.015176480790911455,-0.021441995557833632,0.0009602793539938842,-0.0026164311878597345,0.0073452256033578476,-0.0026909722222222417,0.0036556706414831728,-0.011013788916832851,-0.017976148719747554,0.0008929368693634122,0.009189044517798207,0.007867751060820372,-0.01850714849574598,-0.009740840035746231,-0.014348885479649881,0.0028383080021974205,0.003743266684926473,-0.0013643805712205883,0.014482193278076228,-0.009965882564194645,-0.0009068649678062421,-0.000363075247345069,0.0024516480523019183,-0.0006340579710145596,0.007794797425904101,0.0026980843601043004,0.006906449008879812,-0.00819526100124712,-0.010508352793245928,-0.01307070890442042,-0.01784236181366686,-0.003558385616630861,-0.0018795226012593069,-0.007626400527257209,-0.007969639468690734,-0.0008607498087222973,0.018665645639896648,0.0005638037962789163,-0.01587152516904581,0.016509208893978333,-0.0016898235073224991,-0.00695881135978944,0.005397727272727343,-0.019308655929170172,-0.012005378409527468,-0.00972100709633518,0.01227054088544223,0.013867339022497989,0.00937350549976092,0,-0.01582488391926468,0.001347968419025617,0.02480769230769229,-0.0016888722086694746,-0.0015977443609022715,0.004141956132919116,-0.0040311240273742084,0.004329819277108509,-0.002624179943767583,0.0010336402931779686,0.014549892049187996,-0.0003700962250184312,0.004535357275083255,0.020270892840689236,0.0038833197868688935,0.004677941705649606,0.015401146131805146,0.010846560846560755,0.008723719794120214,-0.009859033122891988,0.004192505895711451,-0.005305731930068709,-0.006208464498076196,-0.004927408710954705,-0.011495269254575976,-0.006261740763932398,-0.008821676118462544,-0.01589319771137953,0.0033222591362126195,-0.0024834437086092348,0.004610419548178884,0.01936668196420376,-0.0011705384476858945,0.008383665374560466,-0.006973001966744155,0.010442924018725213,0.009711332858161115,0.0015000441189446899,0.012334801762114588,-0.003394255874673634,0.01755305213518462,-0.015018880878819087,0.0038337544654526248,0.006683447617394413,0.01569236075185371,0.010950764006791226,-0.00369468469224954,0.006152549515381287,0.007790249623052495,-0.0029091513589893487,-0.005501833944648188,-0.0036043587594299467,0.00016825103053752857,-0.00799057952729416,0.00474817703917248,0.013670886075949405,-0.005411255411255459,-0.004101448062275005,0.012439065389140946,0.007637390004980921,0.009227220299884698,-0.01061224489795916,-0.0029702970297029656,0.006454816285998023,-0.018253576714356182,0.011809045226130624,0.00811191126562374,0.015354298382461534,0.002749474365194917,0.000564516129032203,0.008382364794067915,0.00431620174246668,-0.014086748905690491,0.0028253148207943862,-0.013201320132013205,-0.007830981319846707,-0.017758776617610758,0.013643592533690428,-0.0018166804293971832,0.0014063534083388627,0.02048740190004134,0.010685663401602794,-0.009291149379255079,0.014795052146495256,0.004859783301465898,0.012130341710933173,0.008146639511201568,0.0034188034188034015,-0.012389654638376803,0.009173592598400514,0.017325771113355527,-0.022147548495494163,0.002733520774757844,-0.001090427603395797,0.005224171539960916,0.008067018305926316,-0.010464758387196165,-0.007776049766718507,-0.006583072100313395,-7.88892395077715e-05,-0.00970414201183435,0.010356915232632227,-0.013404825737265327,0.005035166240409171},{0.01571621014818141,-0.016710875331564994,-0.001798399424512082,0.005495000450409867,0.004569073642716278,0.0019620083831267177,-0.0016911437472184934,-0.01453281027104133,0.010313941916221845,0.0042983791528611445,-0.005706642888987967,0.005560039458344456,-0.0020511905823596696,0.009651474530831084,-0.007611966719773406,-0.018908312522297577,-0.010454545454545506,-0.01708773541570969,0.007570801009440156,-0.0002782931354360031,0.015310383223531648,-0.009504660939499235,0.019191732792028033,-0.016838674633351435,-0.005801104972375649,-0.0008335648791331241,-0.006303299962921696,-0.013339552238806033,0.0009454476694715754,0.00500613960517617,0.003947368421052514,-0.008425388504025385,0.010668429003021104,-0.002335357309668379,-0.019382022471910048,-0.006397402845412028,-0.0014414760714972677,-0.005966701953613611,0.0058088875980249225,0.009048031571854824,0.011351712296098423,-0.014902848519147315,9.574875526623053e-05,-0.0013403542364767887,0.005272744703288248,-0.007438489414457383,0.0065334358186011415,-0.009927453226422358,-0.014944080215966035,0,0.006361945776646682,0.00680801400505741,-0.0142967542503863,-0.006468051744414061,-0.017064509765239592,0.005820371299548402,-0.0013967873890052935,0.00039964032370858266,0.008089483671227428,-0.016148206855557713,0.008256973114489911,0.0016977928692699662,0.006480558325024982,-0.0032689450222882447,0.003180282250049624,0.00594412522290478,0.006007484735079766,-0.008908467939305048,-0.006025286448044246,-0.010136142303487986,-0.011645417126794464,-0.0009141696292534628,-0.003558357055713647,-0.009998979695949433,-0.006698959084819186,-0.003631458808881452,0.017077996459439766,0.0135148971024879,-0.02394181230427306,0.013765265990478144,-0.0030627871362939986,-0.004403481822836731,0.00802304052664062,-0.01928571428571429,-0.0028092810321506193,-0.007616861435726252,0.006939333403427574,0.010546100031325103,0.00661293655713991,0.006158899609936299,-0.013670679453172713,-0.0061026065370294105,0.026849828285981873,0,-0.0031417857504814255,0.003558357055713647,-0.004964036065241565,0.006923233557320371,0.0012133468149645129,0.003837608563926577,0.011770623742454602,-0.0030824301481553952,0.0018950728106921775,0.019113987058237945,0.0073263651460388785,0.0003878975950348336,0.01231097324544407,0.006894570525710991,0.007608178792201589,-0.01047663992449268,0.00696299122472329,-0.004452022354835643,-0.007326355851569896,-0.0033547397680436532,-0.010578957491825433,-0.003013219284603444,-0.015306619869357446,-0.01821782178217825,0.0031262605889471793,-0.0004021312958680209,0.0046263703107713335,0.018420262288517404,-0.004620072741570814,0.007900454276120848,-0.0095042132079169,0.013849045405084493,-0.007903210069274936,0.007081038552320996,-0.002929687500000111,-0.007149853085210478,-0.022294564466804823,-0.0018161638583391445,-0.0010108157282928184,0.005059192552868562,-0.0022148394241417384,0.012107759055594823,0.0034891835310536766,-0.007450824557917743,-0.0005004504053647999,0.006909673542960121,0.017006464445549558,0.006943086250733363,0.007769253180537994,0.00028910089621278924,0.007129094412331494,0.00841783049550407,-0.001233162587744218,-0.014721246082249133,0.001638712165027971,-0.009431238571840918,-0.007480812202467795,-0.0023492560689114613,-0.006966248037676687,0.014524256496393767,-0.019770159719516955,-0.00854446100347739,-0.02154524501453057,0.010548955346169614,0.017837235228539628,0.007965747286667301,0.012249333201620022,-0.00907582707133788,-0.002560567264132412,-0.012243285939968354,0.011495401839264209,0.008795335507461217,-0.028996865203761695,0.0015133171912832069,0.0032235317820087377,-0.00923787528868362,0.008817269686834951,-0.0033152501506933142,0.005543795988307745,-0.00942261427425834,-0.007184780408824062,0.010702272958923629,-0.010185558693021289,-0.001018848700967993,0.015808261091279932,0.011947791164658755,-0.00029764857624765487,-0.004763795156808297,0.007279617072197885,0.02762102762102754,-0.007514450867052034,0.0010677538342069447,0.0005817899738194733,-0.006880511677488068,-0.009367681498829118,0.0068951930654058595,-0.000293484640970467,0.009785693316371465,-0.012113576896986143,0.012458308809103355},{-0.01453116432096512,0.01502364833534271,-0.01964367291000462,-0.005964585274930108,0.005906619163697822,-0.0136079783763632,-0.001984314466597314,-0.0074796440068169495,-0.013068778021558758,0.012468586893485466,0.003723150357995232,-0.01921247859996192,0.0011636927851046387,-0.00978302983339782,0.022596106817959524,0.006313372871628052,0.008174904942965773,0.014614369224966972,0.010872595483691122,-0.006343077771649179,-0.00046257748172816315,0.004998148833765198,-0.007736231350156598,0.009745684054204673,0.00597481386156808,-0.0019188596491227499,0.003661997619701469,-0.0036486363221745095,-0.00283804815526872,0.003029746603011369,-0.009519450800915388,9.241290084100468e-05,0.0022177046756606438,0.01281578462105846,-0.019208010923987252,-0.006497122702802939,-0.008501494768311012,-0.027890323188542294,-0.009401957933507791,-0.0045009784735812915,-0.00963239630430499,0.012306470821754614,0.01617647058823535,0.01678726483357448,-0.009203909289306375,0.017429611185596564,0.008942018072289185,0.013713965855023779,-0.013620467513344283,0.005598059339428945,-0.001670068658378241,-0.009758364312267632,-0.001970905678085347,-0.006676697385743915,0.00946700747893591,-0.003563725030479185,-0.00244705882352946,0.009151806774223973,0.004020194465220707,0.009591209609833328,0.0033204205866076315,-0.0023901452472881515,0.0010136380390711338,0.004326613274417738,-0.0010082493125572818,0.0020185338104413146,-0.01007233769801295,-0.017204698917768935,0.020517647058823595,-0.0213040671400904,0.012250282698831483,0.018990876931670005,0.00886168463365625,-0.013492710314226289,0.0008261428309161319,-0.006328533431165713,-0.0011076241462064293,0.018480872297172428,0.0019052803483941931,-0.01276826949198597,-0.004311135571454769,0.008291110087517326,0.003746002740977584,-0.01556526488257777,0.012575127138233928,0.002191580677563646,-0.005193621867881487,0.002930939732551687,-0.002922374429223682,0.0032057153324784237,-0.01771204236282295,-0.016823124825727318,0.007090187180941576,0.015770205575894043,0.002957212826910705,0.002579931816087728,-0.007536072052201152,0.004722659505509817,-0.000276497695852545,0.002028210565133206,0.006256325328917166,-0.002834415287556023,0.02044746011369892,0.003594213316560261,-8.953353030701858e-05,0.01907234957020053,0.00799578244442489,-0.008019525801952596,0.011072056239015863,-0.0009560229445506643,-0.01835580687255328,0,-0.005848989719957431,-0.0016937065430559094,0.0007143494954906536,-0.006424556081020781,0.01436910642119451,0.010358565737051807,-0.024973711882229306,0.0005392289026692035,0.017515494475882538,-0.004590395480225953,0.004079460801702676,-0.0017664723547076739,0.005662714563794024,-0.010733767376385702,0.007648523657061539,0.01323918799646955,-0.011062717770034808,0.0046683695939399375,-0.019112747676661466,-0.0032177332856632057,-0.005828550932568073,0.022368539731216646,-0.006969563299514707,-0.0002665245202558736,0.008708788767439829,-0.0069597392300238415,-0.010379701916252676,0.02268041237113403,-0.008327489481065944,0.01714841332979756,-0.005996350047796974,0.010578772512677111,-0.0014707154598148776,0.005458326113325207,-0.004653166738474727,-0.0040689117825296415,-0.01199582753824765,-0.019355973957416884,0.0010766194150368255,0.0018820577164367087,0.0034886841399051844,-0.0023177036904974604,0.0007147962830593128,-0.0074107142857142705,0.004497616263380408,0.029730455807289273,0.0012174971736672803,0.001216016676800144,-0.00824151990977707,0.002974107767669729,-0.003750218035932257,0.0061279873938545285,0.0023492560689114764,-0.012065972222222226,0.00799578244442489,-0.013336820083682019,0.008216273522396032,0.005783385909568845,0.009147935180344983,-0.024000690667357345,-0.0030075187969925113,0.007009138497027826,-0.0022907488986784593,0.012363122571529545,-0.0004361479413816919,-0.02103150362160744,0.0025851310394008915,0.00684627011647547,0.0008830801836807535,-0.004676195517910721,0.0049640989274000735,0.006880127017729568,-0.006745510293473589,0.004674545775269017,0.003774910016679895,-0.0013118768584922658,-0.001663893510815288,-0.0043859649122807015,-0.015506607929515463,-0.01637730445677464,-0.017741788736238766,-0.014542423119673891}}	{125.75,103.21,106.39}	{"2025-09-18 00:00:00+00","2025-09-18 00:00:00+00","2025-09-18 00:00:00+00"}	{194,194,194}	{0,0,0}	{0,0,0}	{0,0,0}	{0,0,0}	{NULL,NULL,NULL}	{NULL,NULL,NULL}	{NULL,NULL,NULL}	{NULL,NULL,NULL}	{125.75,103.21,106.39}	{1,2,1}	{0,0,0}
\.

COPY macro.return_span (span, model, first_bar, last_bar, blocks, matrix, assets, last_price, last_price_time, priced_bars, non_positive, not_finite, contradictory, gap_moves, largest_gap_move, largest_gap_bar, opening_price, opening_bar, closing_price, unchanged, frozen) FROM stdin;
\.

COPY macro.run_asset (run, asset, return_kind, price, price_time, volatility, observations, missing_returns, priced_bars, non_positive, not_finite, contradictory, stale_bars, stale, note, gap_moves, largest_gap_move, largest_gap_bar, unchanged, frozen) FROM stdin;
1	A	simple	125.75	2025-09-18 00:00:00+00	0.009945515215116933	80	0	194	0	0	0	0	f	\N	0	\N	\N	1	0
1	B	simple	103.21	2025-09-18 00:00:00+00	0.010582729666083805	80	0	194	0	0	0	0	f	\N	0	\N	\N	2	0
1	C	simple	106.39	2025-09-18 00:00:00+00	0.01058057226655952	80	0	194	0	0	0	0	f	\N	0	\N	\N	1	0
\.

COPY macro.spread (spread, priority) FROM stdin;
\.

COPY macro.spread_leg (spread, asset, ratio, side, credit_rate) FROM stdin;
\.

SELECT pg_catalog.setval('desk.alert_alert_seq', 2, true);

SELECT pg_catalog.setval('desk.model_run_run_seq', 15, true);

SELECT pg_catalog.setval('desk.refresh_log_entry_seq', 16, true);

SELECT pg_catalog.setval('desk.return_block_block_seq', 16, true);

SELECT pg_catalog.setval('desk.return_span_span_seq', 1, false);

SELECT pg_catalog.setval('macro.alert_alert_seq', 1, false);

SELECT pg_catalog.setval('macro.model_run_run_seq', 1, true);

SELECT pg_catalog.setval('macro.refresh_log_entry_seq', 1, true);

SELECT pg_catalog.setval('macro.return_block_block_seq', 1, true);

SELECT pg_catalog.setval('macro.return_span_span_seq', 1, false);

ALTER TABLE ONLY desk.alert_holders
    ADD CONSTRAINT alert_holders_pkey PRIMARY KEY (alert);

ALTER TABLE ONLY desk.alert
    ADD CONSTRAINT alert_is_raised_once UNIQUE (model, asset_y, asset_x, kind, raised_at_bar);

ALTER TABLE ONLY desk.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (alert);

ALTER TABLE ONLY desk.evidence_run
    ADD CONSTRAINT evidence_run_pkey PRIMARY KEY (run);

ALTER TABLE ONLY desk.instrument
    ADD CONSTRAINT instrument_pkey PRIMARY KEY (asset);

ALTER TABLE ONLY desk.margin_bucket_pair
    ADD CONSTRAINT margin_bucket_pair_pkey PRIMARY KEY (bucket_a, bucket_b);

ALTER TABLE ONLY desk.margin_bucket
    ADD CONSTRAINT margin_bucket_pkey PRIMARY KEY (bucket);

ALTER TABLE ONLY desk.margin_setting
    ADD CONSTRAINT margin_setting_pkey PRIMARY KEY (model);

ALTER TABLE ONLY desk.margin_weight
    ADD CONSTRAINT margin_weight_pkey PRIMARY KEY (asset);

ALTER TABLE ONLY desk.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (model);

ALTER TABLE ONLY desk.model_run
    ADD CONSTRAINT model_run_pkey PRIMARY KEY (run);

ALTER TABLE ONLY desk.offset_snapshot
    ADD CONSTRAINT offset_snapshot_run_portfolio_pair_rank_key UNIQUE (run, portfolio, pair_rank);

ALTER TABLE ONLY desk.pair_evidence
    ADD CONSTRAINT pair_evidence_pkey PRIMARY KEY (run, asset_y, asset_x);

ALTER TABLE ONLY desk.pair_monitor
    ADD CONSTRAINT pair_monitor_pkey PRIMARY KEY (model, asset_y, asset_x, baseline_end);

ALTER TABLE ONLY desk.price
    ADD CONSTRAINT price_pkey PRIMARY KEY (asset, ts);

ALTER TABLE ONLY desk.refresh_log
    ADD CONSTRAINT refresh_log_pkey PRIMARY KEY (entry);

ALTER TABLE ONLY desk.return_block
    ADD CONSTRAINT return_block_pkey PRIMARY KEY (block);

ALTER TABLE ONLY desk.return_span
    ADD CONSTRAINT return_span_pkey PRIMARY KEY (span);

ALTER TABLE ONLY desk.run_asset
    ADD CONSTRAINT run_asset_pkey PRIMARY KEY (run, asset);

ALTER TABLE ONLY desk.spread_leg
    ADD CONSTRAINT spread_leg_pkey PRIMARY KEY (spread, asset);

ALTER TABLE ONLY desk.spread
    ADD CONSTRAINT spread_pkey PRIMARY KEY (spread);

ALTER TABLE ONLY macro.alert_holders
    ADD CONSTRAINT alert_holders_pkey PRIMARY KEY (alert);

ALTER TABLE ONLY macro.alert
    ADD CONSTRAINT alert_is_raised_once UNIQUE (model, asset_y, asset_x, kind, raised_at_bar);

ALTER TABLE ONLY macro.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (alert);

ALTER TABLE ONLY macro.evidence_run
    ADD CONSTRAINT evidence_run_pkey PRIMARY KEY (run);

ALTER TABLE ONLY macro.instrument
    ADD CONSTRAINT instrument_pkey PRIMARY KEY (asset);

ALTER TABLE ONLY macro.margin_bucket_pair
    ADD CONSTRAINT margin_bucket_pair_pkey PRIMARY KEY (bucket_a, bucket_b);

ALTER TABLE ONLY macro.margin_bucket
    ADD CONSTRAINT margin_bucket_pkey PRIMARY KEY (bucket);

ALTER TABLE ONLY macro.margin_setting
    ADD CONSTRAINT margin_setting_pkey PRIMARY KEY (model);

ALTER TABLE ONLY macro.margin_weight
    ADD CONSTRAINT margin_weight_pkey PRIMARY KEY (asset);

ALTER TABLE ONLY macro.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (model);

ALTER TABLE ONLY macro.model_run
    ADD CONSTRAINT model_run_pkey PRIMARY KEY (run);

ALTER TABLE ONLY macro.offset_snapshot
    ADD CONSTRAINT offset_snapshot_run_portfolio_pair_rank_key UNIQUE (run, portfolio, pair_rank);

ALTER TABLE ONLY macro.pair_evidence
    ADD CONSTRAINT pair_evidence_pkey PRIMARY KEY (run, asset_y, asset_x);

ALTER TABLE ONLY macro.pair_monitor
    ADD CONSTRAINT pair_monitor_pkey PRIMARY KEY (model, asset_y, asset_x, baseline_end);

ALTER TABLE ONLY macro.refresh_log
    ADD CONSTRAINT refresh_log_pkey PRIMARY KEY (entry);

ALTER TABLE ONLY macro.return_block
    ADD CONSTRAINT return_block_pkey PRIMARY KEY (block);

ALTER TABLE ONLY macro.return_span
    ADD CONSTRAINT return_span_pkey PRIMARY KEY (span);

ALTER TABLE ONLY macro.run_asset
    ADD CONSTRAINT run_asset_pkey PRIMARY KEY (run, asset);

ALTER TABLE ONLY macro.spread_leg
    ADD CONSTRAINT spread_leg_pkey PRIMARY KEY (spread, asset);

ALTER TABLE ONLY macro.spread
    ADD CONSTRAINT spread_pkey PRIMARY KEY (spread);

CREATE UNIQUE INDEX book_has_one_row ON desk.book USING btree ((true));

CREATE INDEX model_run_latest ON desk.model_run USING btree (model, as_of DESC, run DESC);

CREATE UNIQUE INDEX pair_monitor_running ON desk.pair_monitor USING btree (model, asset_y, asset_x) WHERE (ended_at IS NULL);

CREATE INDEX position_portfolio_asset ON desk."position" USING btree (portfolio, asset);

CREATE INDEX price_ts ON desk.price USING btree (ts);

CREATE INDEX refresh_log_model ON desk.refresh_log USING btree (model, entry DESC);

CREATE INDEX return_block_model ON desk.return_block USING btree (model);

CREATE INDEX return_span_model ON desk.return_span USING btree (model);

CREATE UNIQUE INDEX book_has_one_row ON macro.book USING btree ((true));

CREATE INDEX model_run_latest ON macro.model_run USING btree (model, as_of DESC, run DESC);

CREATE UNIQUE INDEX pair_monitor_running ON macro.pair_monitor USING btree (model, asset_y, asset_x) WHERE (ended_at IS NULL);

CREATE INDEX refresh_log_model ON macro.refresh_log USING btree (model, entry DESC);

CREATE INDEX return_block_model ON macro.return_block USING btree (model);

CREATE INDEX return_span_model ON macro.return_span USING btree (model);

ALTER TABLE ONLY desk.alert_holders
    ADD CONSTRAINT alert_holders_alert_fkey FOREIGN KEY (alert) REFERENCES desk.alert(alert) ON DELETE CASCADE;

ALTER TABLE ONLY desk.alert
    ADD CONSTRAINT alert_model_fkey FOREIGN KEY (model) REFERENCES desk.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY desk.evidence_run
    ADD CONSTRAINT evidence_run_run_fkey FOREIGN KEY (run) REFERENCES desk.model_run(run) ON DELETE CASCADE;

ALTER TABLE ONLY desk.margin_setting
    ADD CONSTRAINT margin_setting_model_fkey FOREIGN KEY (model) REFERENCES desk.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY desk.model_run
    ADD CONSTRAINT model_run_model_fkey FOREIGN KEY (model) REFERENCES desk.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY desk.pair_evidence
    ADD CONSTRAINT pair_evidence_run_fkey FOREIGN KEY (run) REFERENCES desk.evidence_run(run) ON DELETE CASCADE;

ALTER TABLE ONLY desk.pair_monitor
    ADD CONSTRAINT pair_monitor_model_fkey FOREIGN KEY (model) REFERENCES desk.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY desk.return_block
    ADD CONSTRAINT return_block_model_fkey FOREIGN KEY (model) REFERENCES desk.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY desk.return_span
    ADD CONSTRAINT return_span_model_fkey FOREIGN KEY (model) REFERENCES desk.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY desk.run_asset
    ADD CONSTRAINT run_asset_run_fkey FOREIGN KEY (run) REFERENCES desk.model_run(run) ON DELETE CASCADE;

ALTER TABLE ONLY desk.spread_leg
    ADD CONSTRAINT spread_leg_spread_fkey FOREIGN KEY (spread) REFERENCES desk.spread(spread) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY macro.alert_holders
    ADD CONSTRAINT alert_holders_alert_fkey FOREIGN KEY (alert) REFERENCES macro.alert(alert) ON DELETE CASCADE;

ALTER TABLE ONLY macro.alert
    ADD CONSTRAINT alert_model_fkey FOREIGN KEY (model) REFERENCES macro.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY macro.evidence_run
    ADD CONSTRAINT evidence_run_run_fkey FOREIGN KEY (run) REFERENCES macro.model_run(run) ON DELETE CASCADE;

ALTER TABLE ONLY macro.margin_setting
    ADD CONSTRAINT margin_setting_model_fkey FOREIGN KEY (model) REFERENCES macro.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY macro.model_run
    ADD CONSTRAINT model_run_model_fkey FOREIGN KEY (model) REFERENCES macro.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY macro.pair_evidence
    ADD CONSTRAINT pair_evidence_run_fkey FOREIGN KEY (run) REFERENCES macro.evidence_run(run) ON DELETE CASCADE;

ALTER TABLE ONLY macro.pair_monitor
    ADD CONSTRAINT pair_monitor_model_fkey FOREIGN KEY (model) REFERENCES macro.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY macro.return_block
    ADD CONSTRAINT return_block_model_fkey FOREIGN KEY (model) REFERENCES macro.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY macro.return_span
    ADD CONSTRAINT return_span_model_fkey FOREIGN KEY (model) REFERENCES macro.model(model) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY macro.run_asset
    ADD CONSTRAINT run_asset_run_fkey FOREIGN KEY (run) REFERENCES macro.model_run(run) ON DELETE CASCADE;

ALTER TABLE ONLY macro.spread_leg
    ADD CONSTRAINT spread_leg_spread_fkey FOREIGN KEY (spread) REFERENCES macro.spread(spread) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE desk.alert ENABLE ROW LEVEL SECURITY;

ALTER TABLE desk.alert_holders ENABLE ROW LEVEL SECURITY;

ALTER TABLE desk.offset_snapshot ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_portfolio ON desk."position" FOR SELECT TO upgrade_reader USING ((portfolio = 'two'::text));

ALTER TABLE desk.pair_evidence ENABLE ROW LEVEL SECURITY;

ALTER TABLE desk.pair_monitor ENABLE ROW LEVEL SECURITY;

ALTER TABLE desk."position" ENABLE ROW LEVEL SECURITY;

CREATE POLICY visible_positions ON desk.alert USING (((asset_y IN ( SELECT p.asset
   FROM desk._position p)) AND (asset_x IN ( SELECT p.asset
   FROM desk._position p))));

CREATE POLICY visible_positions ON desk.alert_holders USING (false);

CREATE POLICY visible_positions ON desk.offset_snapshot USING ((portfolio IN ( SELECT p.portfolio
   FROM desk._position p)));

CREATE POLICY visible_positions ON desk.pair_evidence USING (((asset_y IN ( SELECT p.asset
   FROM desk._position p)) AND (asset_x IN ( SELECT p.asset
   FROM desk._position p))));

CREATE POLICY visible_positions ON desk.pair_monitor USING (((asset_y IN ( SELECT p.asset
   FROM desk._position p)) AND (asset_x IN ( SELECT p.asset
   FROM desk._position p))));

GRANT USAGE ON SCHEMA desk TO upgrade_reader;

GRANT USAGE ON SCHEMA macro TO upgrade_reader;

GRANT USAGE ON SCHEMA market TO upgrade_reader;

GRANT SELECT ON TABLE desk."position" TO upgrade_reader;
GRANT UPDATE ON TABLE desk."position" TO upgrade_reader WITH GRANT OPTION;

GRANT SELECT ON TABLE desk._position TO upgrade_reader;

GRANT SELECT ON TABLE desk._holding TO upgrade_reader;

GRANT SELECT ON TABLE desk.book TO upgrade_reader;

GRANT SELECT ON TABLE desk.instrument TO upgrade_reader;

GRANT SELECT ON TABLE desk.run_asset TO upgrade_reader;

GRANT SELECT ON TABLE desk._unit TO upgrade_reader;

GRANT SELECT ON TABLE desk.model TO upgrade_reader;

GRANT SELECT ON TABLE desk.model_run TO upgrade_reader;

GRANT SELECT ON TABLE desk.latest_run TO upgrade_reader;

GRANT SELECT ON TABLE desk._instruments TO upgrade_reader;

GRANT SELECT ON TABLE desk._leg TO upgrade_reader;

GRANT SELECT ON TABLE desk.margin_bucket TO upgrade_reader;

GRANT SELECT ON TABLE desk.margin_setting TO upgrade_reader;

GRANT SELECT ON TABLE desk.margin_weight TO upgrade_reader;

GRANT SELECT ON TABLE desk._margin_asset TO upgrade_reader;

GRANT SELECT ON TABLE desk.margin_bucket_pair TO upgrade_reader;

GRANT SELECT ON TABLE desk.pair_evidence TO upgrade_reader;

GRANT SELECT ON TABLE desk._margin_parameters TO upgrade_reader;

GRANT SELECT ON TABLE desk.refresh_log TO upgrade_reader;

GRANT SELECT ON TABLE desk._refresh TO upgrade_reader;

GRANT SELECT ON TABLE desk._units TO upgrade_reader;

GRANT SELECT ON TABLE desk.alert TO upgrade_reader;

GRANT SELECT ON TABLE desk.alert_holders TO upgrade_reader;

GRANT SELECT ON TABLE desk.concentrating_pairs TO upgrade_reader;

GRANT SELECT ON TABLE desk.correlation TO upgrade_reader;

GRANT SELECT ON TABLE desk.evidence_run TO upgrade_reader;

GRANT SELECT ON TABLE desk.pair_monitor TO upgrade_reader;

GRANT SELECT ON TABLE desk.correlation_stability TO upgrade_reader;

GRANT SELECT ON TABLE desk.data_quality TO upgrade_reader;

GRANT SELECT ON TABLE desk.exposure TO upgrade_reader;

GRANT SELECT ON TABLE desk.hedge_recommendations TO upgrade_reader;

GRANT SELECT ON TABLE desk.margin_contributions TO upgrade_reader;

GRANT SELECT ON TABLE desk.portfolio_margin TO upgrade_reader;

GRANT SELECT ON TABLE desk.margin_steps TO upgrade_reader;

GRANT SELECT ON TABLE desk.offset_snapshot TO upgrade_reader;

GRANT SELECT ON TABLE desk.materialized_offsets TO upgrade_reader;

GRANT SELECT ON TABLE desk.model_health TO upgrade_reader;

GRANT SELECT ON TABLE desk.neutral_trades TO upgrade_reader;

GRANT SELECT ON TABLE desk.offsetting_pairs TO upgrade_reader;

GRANT SELECT ON TABLE desk.open_alerts TO upgrade_reader;

GRANT SELECT ON TABLE desk.return_block TO upgrade_reader;

GRANT SELECT ON TABLE desk.portfolio_risk TO upgrade_reader;

GRANT SELECT(portfolio) ON TABLE desk.portfolio_risk TO PUBLIC;

GRANT SELECT(net_risk) ON TABLE desk.portfolio_risk TO PUBLIC;

GRANT SELECT ON TABLE desk.price TO upgrade_reader;

GRANT SELECT ON TABLE desk.return_span TO upgrade_reader;

GRANT SELECT ON TABLE desk.rolling_correlation TO upgrade_reader;

GRANT SELECT ON TABLE desk.spread TO upgrade_reader;

GRANT SELECT ON TABLE desk.spread_leg TO upgrade_reader;

GRANT SELECT ON TABLE desk.spread_margin TO upgrade_reader;

GRANT SELECT ON TABLE desk.time_series TO upgrade_reader;

GRANT SELECT ON TABLE macro.data_quality TO upgrade_reader WITH GRANT OPTION;

GRANT SELECT ON TABLE macro.model_health TO upgrade_reader WITH GRANT OPTION;

