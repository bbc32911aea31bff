-- Prices to aligned returns.

CREATE FUNCTION hedge.return_blocks(
	prices text,
	since timestamptz,
	until timestamptz,
	from_bar timestamptz DEFAULT '-infinity',
	bar interval DEFAULT '1 day',
	time_zone text DEFAULT 'UTC',
	origin timestamptz DEFAULT '2000-01-03 00:00:00+00',
	return_kind text DEFAULT 'simple',
	override_assets text[] DEFAULT NULL,
	override_kinds text[] DEFAULT NULL,
	calendar_quorum float8 DEFAULT 0.9,
	stale_after integer DEFAULT 10,
	recorded_until timestamptz DEFAULT NULL,
	block_bars integer DEFAULT 256)
RETURNS TABLE (
	first_bar timestamptz,
	last_bar timestamptz,
	bars timestamptz[],
	assets text[],
	returns float8[],
	last_price float8[],
	last_price_time timestamptz[],
	priced_bars integer[],
	non_positive integer[],
	not_finite integer[],
	contradictory integer[],
	trailing_bars timestamptz[],
	gap_moves integer[],
	largest_gap_move float8[],
	largest_gap_bar timestamptz[],
	opening_price float8[],
	opening_bar timestamptz[],
	closing_price float8[],
	unchanged integer[],
	frozen integer[])
AS 'MODULE_PATHNAME', 'pghedge_return_blocks'
LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 10;

COMMENT ON FUNCTION hedge.return_blocks(text, timestamptz, timestamptz, timestamptz, interval, text, timestamptz, text, text[], text[], float8, integer, timestamptz, integer) IS
'Aligned returns of all assets of a price relation, in blocks of calendar bars, one row a block.
Reads columns asset, ts and price (of any numeric type; numeric itself takes about twice as long as double precision) of the relation named by prices, with the caller''s rights, where ts is from since to until (both included, may be infinite). Columns without a time zone are local to time_zone. Rows with a null or an infinite ts are ignored. The order of rows does not matter.
Bars are months only, days only (both local to time_zone and counted from the local date of origin; months begin on the first day of a month) or a time only (exact, counted from origin), and are named by their start. The close of an asset in a bar is its last good price there: finite, not above 1e100 in size, and positive unless its return kind is difference. Two different prices at that last instant contradict each other: no close.
A bar is in the calendar if at least calendar_quorum (0 to 1) of the assets alive then have a close in it; alive is an asset with a close there or in one of the stale_after bars before, counting only bars in which some asset has a close. Returns are between adjacent calendar bars, never across a gap: simple p1/p0 - 1, log ln(p1/p0), difference p1 - p0; override_kinds[i] is the kind of override_assets[i].
With recorded_until the column recorded_at is read, too: rows recorded later are left out, and of several prices for one instant the last recorded counts (null: recorded before all others).
Calendar bars before from_bar serve as context and make no rows. block_bars is the number of bars of a block; the last may have fewer.
Result: assets in byte order, the same in each block; returns[asset][bar], null where there is none; per asset, over the bars since the previous block, on the calendar or not, and in the last block also over all bars after its own, up to until: last close and its time, and how many prices were not positive, not finite (or above 1e100 in size, or gave a return out of range) or contradictory; and on how many calendar bars of the block it has a close. trailing_bars: in the last block, the bars after its last in which some asset has a close, but too few for the calendar; empty in the others.
Further per asset, over the calendar bars of the block: gap_moves, closes after a gap (a close is missing in between), so that the move from the close before to this one is in no return; the largest of these moves in size, as a return of the asset''s kind, and the bar it ends in. A gap that began before the block is not among them: opening_price is the block''s first close, in opening_bar, where no return leads to it, and closing_price its last, so that the move over such a gap is that from the closing_price of the last earlier block that has one. unchanged: closes that are the one of the bar before; frozen: those of them that at least stale_after others precede in one row.
Fails if the relation or a column is missing, may not be read or has an unfit type, or if a setting makes no sense.';
