/*
 * prices.c
 *	  Reads a relation of prices once, in whatever order it comes.
 *
 * Rows go straight from the executor to price_row() and are not kept. What is kept is a PhClose
 * for each asset and bar, in chunks of 64 adjacent bars of one asset that are made when a price
 * first falls into them. So memory grows with the prices there are, not with assets times time.
 * A row costs O(1): names.h guesses the asset from the row before, and each asset remembers the
 * chunk it was last seen in.
 */
#include "prices.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/params.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"

/* ---- Assets and chunks ---- */

typedef struct ChunkKey
{
	int64		number;
	int32		asset;
} ChunkKey;

typedef struct ChunkEntry
{
	ChunkKey	key;
	Chunk	   *chunk;
	char		status;
} ChunkEntry;

#define SH_PREFIX chunks
#define SH_ELEMENT_TYPE ChunkEntry
#define SH_KEY_TYPE ChunkKey
#define SH_KEY key
#define SH_HASH_KEY(tb, key) \
	hash_combine(murmurhash32((uint32) (key).number), murmurhash32((uint32) (key).asset))
#define SH_EQUAL(tb, a, b) ((a).number == (b).number && (a).asset == (b).asset)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

void
pghedge_prices_init(PriceReader *reader, MemoryContext context, PhReturnKind kind)
{
	memset(reader, 0, sizeof(PriceReader));
	reader->context = context;
	reader->row_context = AllocSetContextCreate(context, "pghedge price rows",
												ALLOCSET_DEFAULT_SIZES);
	reader->kind = kind;
	reader->progress.what = "prices read";
	pghedge_names_init(&reader->names, context);
	reader->max_assets = 64;
	reader->assets = MemoryContextAlloc(context, reader->max_assets * sizeof(PricedAsset));
	reader->chunks = chunks_create(context, 64, NULL);
	reader->slab_size = 4;
	reader->slab_used = 4;
}

int
pghedge_prices_asset(PriceReader *reader, const char *bytes, int len)
{
	int			known = reader->names.n;
	int			number = pghedge_names_number(&reader->names, bytes, len);

	if (unlikely(number == known))
	{
		if (number == reader->max_assets)
		{
			reader->max_assets *= 2;
			reader->assets = repalloc_huge(reader->assets,
										   reader->max_assets * sizeof(PricedAsset));
		}
		reader->assets[number].kind = reader->kind;
		reader->assets[number].seen = false;
		reader->assets[number].chunk = NULL;
	}
	return number;
}

static Chunk *
chunk_find(PriceReader *reader, int asset, int64 number)
{
	ChunkKey	key = {number, asset};
	ChunkEntry *entry;
	Chunk	   *chunk;
	bool		found;

	entry = chunks_insert(reader->chunks, key, &found);
	if (found)
		return entry->chunk;

	if (reader->slab_used == reader->slab_size)
	{
		reader->slab_size = Min(reader->slab_size * 2, 512);
		reader->slab = MemoryContextAlloc(reader->context, reader->slab_size * sizeof(Chunk));
		reader->slab_used = 0;
	}
	chunk = &reader->slab[reader->slab_used++];
	chunk->number = number;
	chunk->asset = asset;
	chunk->bad = NULL;
	chunk->recorded_at = NULL;
	if (reader->versions)
		chunk->recorded_at = MemoryContextAlloc(reader->context, CHUNK_BARS * sizeof(int64));
	ph_close_clear(chunk->bar, CHUNK_BARS);
	return entry->chunk = chunk;
}

/* A column of type timestamptz, timestamp or date as an instant. */
static inline TimestampTz
instant_of(PriceReader *reader, Oid type, Datum value)
{
	if (type == TIMESTAMPTZOID)
		return DatumGetTimestampTz(value);
	if (type == TIMESTAMPOID)
		return pghedge_bars_instant(&reader->bars, DatumGetTimestamp(value));
	else
	{
		DateADT		date = DatumGetDateADT(value);

		if (DATE_IS_NOBEGIN(date) || date < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE)
			return DT_NOBEGIN;
		if (DATE_IS_NOEND(date) || date >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)
			return DT_NOEND;
		return pghedge_bars_instant(&reader->bars, date * USECS_PER_DAY);
	}
}

/* A price as float8; a numeric beyond its range becomes infinite. */
static inline double
price_of(Oid type, Datum value)
{
	switch (type)
	{
		case FLOAT8OID:
			return DatumGetFloat8(value);
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return (double) DatumGetInt64(value);
		default:
			return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, value));
	}
}

static bool
price_row(TupleTableSlot *slot, DestReceiver *self)
{
	PriceReader *reader = (PriceReader *) self;
	MemoryContext caller;
	TimestampTz at;
	TimestampTz recorded = DT_NOBEGIN;
	struct varlena *name;
	double		price;
	int			asset_number;
	PricedAsset *asset;
	Chunk	   *chunk;
	int64		number;
	int			bar;
	PhPriceState state;

	slot_getallattrs(slot);
	if (slot->tts_isnull[0] || slot->tts_isnull[1] || slot->tts_isnull[2])
		return true;

	caller = MemoryContextSwitchTo(reader->row_context);
	if (unlikely((++reader->rows & 1023) == 0))
	{
		MemoryContextReset(reader->row_context);
		pghedge_progress(&reader->progress, reader->rows, 0);
	}

	at = instant_of(reader, reader->ts_type, slot->tts_values[1]);
	if (at < reader->since || at > reader->until || TIMESTAMP_NOT_FINITE(at))
		goto done;
	if (reader->versions && !slot->tts_isnull[3])
	{
		recorded = instant_of(reader, reader->recorded_type, slot->tts_values[3]);
		if (recorded > reader->recorded_until)
			goto done;
	}

	name = PG_DETOAST_DATUM_PACKED(slot->tts_values[0]);
	/* first the number, since a new asset may move the array */
	asset_number = pghedge_prices_asset(reader, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	asset = &reader->assets[asset_number];
	asset->seen = true;
	price = price_of(reader->price_type, slot->tts_values[2]);

	number = pghedge_bar_of(&reader->bars, at);
	bar = (int) (number & (CHUNK_BARS - 1));
	number = (number - bar) / CHUNK_BARS;
	chunk = asset->chunk;
	if (unlikely(chunk == NULL || chunk->number != number))
		asset->chunk = chunk = chunk_find(reader, asset_number, number);

	state = ph_price_state(asset->kind, price);
	if (likely(state == PH_PRICE_GOOD))
	{
		if (reader->versions)
			ph_close_add_version(&chunk->bar[bar], &chunk->recorded_at[bar], at, price, recorded);
		else
			ph_close_add(&chunk->bar[bar], at, price);
	}
	else
	{
		int32	   *count;

		if (chunk->bad == NULL)
			chunk->bad = MemoryContextAllocZero(reader->context, sizeof(BadPrices));
		count = state == PH_PRICE_NOT_FINITE ? chunk->bad->not_finite : chunk->bad->non_positive;
		if (count[bar] < PG_INT32_MAX)
			count[bar]++;
	}

done:
	MemoryContextSwitchTo(caller);
	return true;
}

/* The query names the relation, and a schema can get another name before it is parsed. */
static void
price_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	PriceReader *reader = (PriceReader *) self;
	Oid			asset_type = getBaseType(TupleDescAttr(typeinfo, 0)->atttypid);

	if ((asset_type != TEXTOID && asset_type != VARCHAROID) ||
		getBaseType(TupleDescAttr(typeinfo, 1)->atttypid) != reader->ts_type ||
		getBaseType(TupleDescAttr(typeinfo, 2)->atttypid) != reader->price_type ||
		(reader->versions && getBaseType(TupleDescAttr(typeinfo, 3)->atttypid) != reader->recorded_type))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("price relation was changed while it was looked up"),
				 errhint("Try again.")));
}

static void
price_shutdown(DestReceiver *self)
{
}

/* ---- The relation and the query ---- */

#define PRICE_COLUMNS_HINT \
	errhint("A price relation has the columns asset, ts and price, and recorded_at if recorded_until is given. A view can give other columns these names.")

/* The base type of a column of the price relation, which must be there. */
static Oid
price_column_type(Oid relid, const char *relation, const char *column)
{
	HeapTuple	tuple = SearchSysCacheAttName(relid, column);
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("price relation \"%s\" has no column \"%s\"", relation, column),
				 PRICE_COLUMNS_HINT));
	type = getBaseType(((Form_pg_attribute) GETSTRUCT(tuple))->atttypid);
	ReleaseSysCache(tuple);
	return type;
}

static void
check_time_type(Oid type, const char *relation, const char *column)
{
	if (type != TIMESTAMPTZOID && type != TIMESTAMPOID && type != DATEOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of price relation \"%s\" has type %s",
						column, relation, format_type_be(type)),
				 errhint("It must be timestamptz, timestamp or date.")));
}

static void
check_price_type(Oid type, const char *relation)
{
	switch (type)
	{
		case FLOAT8OID:
		case FLOAT4OID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"price\" of price relation \"%s\" has type %s",
					relation, format_type_be(type)),
			 errhint("It must be double precision, real, numeric or an integer type.")));
}

/*
 * Adds "AND column OP $n", so that the server can use an index or leave partitions out. Columns
 * without a time zone are compared with two days to spare, more than any zone is from UTC;
 * price_row() looks again and exactly.
 */
static void
add_bound(StringInfo query, ParamListInfo params, const char *column, Oid type,
		  const char *operator, TimestampTz bound)
{
	ParamExternData *param;
	int64		slack = (operator[0] == '<' ? 2 : -2) * USECS_PER_DAY;

	if (TIMESTAMP_NOT_FINITE(bound))
		return;
	if (type != TIMESTAMPTZOID)
	{
		bound += slack;
		if (!IS_VALID_TIMESTAMP(bound))
			return;
	}
	param = &params->params[params->numParams++];
	param->ptype = type;
	param->pflags = PARAM_FLAG_CONST;
	param->isnull = false;
	if (type == DATEOID)
		param->value = DateADTGetDatum((DateADT) ph_floor_div(bound, USECS_PER_DAY));
	else
		param->value = TimestampTzGetDatum(bound);
	appendStringInfo(query, " AND (%s OPERATOR(pg_catalog.%s) $%d%s)", column, operator,
					 params->numParams,
					 strcmp(column, "recorded_at") == 0 ? " OR recorded_at IS NULL" : "");
}

void
pghedge_prices_read(PriceReader *reader, const char *relation)
{
	RangeVar   *range = makeRangeVarFromNameList(textToQualifiedNameList(cstring_to_text(relation)));
	Oid			relid;
	Oid			asset_type;
	const char *qualified;
	char		relkind;
	StringInfoData query;
	ParamListInfo params = makeParamList(3);
	SPIExecuteOptions options = {0};
	int			code;

	relid = RangeVarGetRelid(range, AccessShareLock, true);
	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("price relation \"%s\" does not exist", relation)));
	relkind = get_rel_relkind(relid);
	if (relkind != RELKIND_RELATION && relkind != RELKIND_PARTITIONED_TABLE &&
		relkind != RELKIND_VIEW && relkind != RELKIND_MATVIEW && relkind != RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("price relation \"%s\" is not a table or view", relation)));

	asset_type = price_column_type(relid, relation, "asset");
	reader->ts_type = price_column_type(relid, relation, "ts");
	check_time_type(reader->ts_type, relation, "ts");
	reader->price_type = price_column_type(relid, relation, "price");
	check_price_type(reader->price_type, relation);
	if (reader->versions)
	{
		reader->recorded_type = price_column_type(relid, relation, "recorded_at");
		check_time_type(reader->recorded_type, relation, "recorded_at");
	}

	/* Types are known now, so values are converted here and not by casts row by row. */
	qualified = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
										   get_rel_name(relid));
	initStringInfo(&query);
	appendStringInfo(&query, "SELECT asset%s, ts, price%s FROM %s WHERE true",
					 asset_type == TEXTOID || asset_type == VARCHAROID ? "" : "::pg_catalog.text",
					 reader->versions ? ", recorded_at" : "",
					 qualified);
	params->numParams = 0;
	add_bound(&query, params, "ts", reader->ts_type, ">=", reader->since);
	add_bound(&query, params, "ts", reader->ts_type, "<=", reader->until);
	if (reader->versions)
		add_bound(&query, params, "recorded_at", reader->recorded_type, "<=",
				  reader->recorded_until);

	reader->dest.receiveSlot = price_row;
	reader->dest.rStartup = price_startup;
	reader->dest.rShutdown = price_shutdown;
	reader->dest.rDestroy = price_shutdown;
	reader->dest.mydest = DestNone;

	SPI_connect();
	options.params = params;
	options.read_only = true;
	options.dest = &reader->dest;
	code = SPI_execute_extended(query.data, &options);
	if (code < 0)
		elog(ERROR, "reading prices failed: %s", SPI_result_code_string(code));
	SPI_finish();
}

Chunk **
pghedge_prices_chunks(const PriceReader *reader, uint64 *n)
{
	Chunk	  **all = MemoryContextAllocHuge(CurrentMemoryContext,
											 reader->chunks->members * sizeof(Chunk *));
	chunks_iterator iterator;
	ChunkEntry *entry;

	*n = 0;
	chunks_start_iterate(reader->chunks, &iterator);
	while ((entry = chunks_iterate(reader->chunks, &iterator)) != NULL)
		all[(*n)++] = entry->chunk;
	return all;
}
