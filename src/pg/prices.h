/*
 * prices.h
 *	  The good prices of a relation: the last one of each asset and bar.
 */
#ifndef PGHEDGE_PRICES_H
#define PGHEDGE_PRICES_H

#include "pghedge.h"

#include "tcop/dest.h"

#include "returns.h"
#include "bars.h"
#include "names.h"

#define CHUNK_BARS 64

/* Prices that are not good, by bar; most chunks have none. */
typedef struct BadPrices
{
	int32		non_positive[CHUNK_BARS];
	int32		not_finite[CHUNK_BARS];
} BadPrices;

typedef struct Chunk
{
	int64		number;			/* bars number * 64 ... number * 64 + 63 */
	int32		asset;
	BadPrices  *bad;			/* NULL: none */
	int64	   *recorded_at;	/* [CHUNK_BARS] of the closes; NULL: not looked at */
	PhClose		bar[CHUNK_BARS];
} Chunk;

typedef struct PricedAsset
{
	PhReturnKind kind;
	bool		seen;			/* in the relation, not in the overrides alone */
	Chunk	   *chunk;			/* the one its last row fell into */
} PricedAsset;

typedef struct PriceReader
{
	DestReceiver dest;
	MemoryContext context;		/* all that is kept */
	MemoryContext row_context;	/* detoasted values; reset now and then */
	int64		rows;
	Progress	progress;

	Bars		bars;
	PhReturnKind kind;
	TimestampTz since;
	TimestampTz until;
	TimestampTz recorded_until;
	bool		versions;		/* a fourth column says when a price was recorded */
	Oid			ts_type;
	Oid			price_type;
	Oid			recorded_type;

	Names		names;
	PricedAsset *assets;		/* by number */
	int			max_assets;

	struct chunks_hash *chunks;
	Chunk	   *slab;			/* chunks are cut from slabs, which are never moved */
	int			slab_used;
	int			slab_size;
} PriceReader;

/* A reader that keeps all it has in a context; since, until and versions are set by the caller. */
extern void pghedge_prices_init(PriceReader *reader, MemoryContext context, PhReturnKind kind);

/* The number of an asset; one not known yet is added. */
extern int	pghedge_prices_asset(PriceReader *reader, const char *bytes, int len);

/* Reads the relation of this name with the rights of the caller. */
extern void pghedge_prices_read(PriceReader *reader, const char *relation);

/* All chunks, in no order. */
extern Chunk **pghedge_prices_chunks(const PriceReader *reader, uint64 *n);

#endif							/* PGHEDGE_PRICES_H */
