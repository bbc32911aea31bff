/*
 * holdings.c
 *	  hedge._holdings: an aggregate that puts a portfolio's positions together by asset, which knows no
 *	  run, so that it is made once for all of them.
 *
 * Many portfolios are grouped at once, and their rows come in any order: a group is small, and a row touches
 * but one place of it.  Names of assets become numbers as they come; positions are entries of 16 bytes, two
 * where delta is not 1, in a chain of blocks; the state is the place after the last one, and what stands
 * there tells whose it is.  Several positions in one asset become one as soon as there are many.
 */
#include "holdings.h"

#include <math.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"

const AssetName pghedge_no_asset = {"", 1};

/* A value is a sequence of these, each followed by `length` bytes of a name; -1: no asset. */
typedef struct StoredHolding
{
	int32		length;
	int32		positions;
	double		quantity;
	double		delta_quantity;
} StoredHolding;

/* What a call site keeps. */
typedef struct HoldingNames
{
	Names		names;
	int			size;			/* of what follows */
	PhHolding  *merged;			/* workspace */
	int		   *place;			/* in merged, plus 1; zero between two uses */
} HoldingNames;

/* Positions in an asset, or what stands after the last ones: a state points there. */
typedef union Entry
{
	struct
	{
		int			asset;
		int			positions;	/* negative: the next entry's number is delta_quantity; else it is quantity, too */
		double		number;		/* quantity */
	}			of;
	struct
	{
		struct Holdings *holdings;
		int64		room;		/* entries that are left in the block, beside this one */
	}			end;
} Entry;

typedef struct Block
{
	struct Block *next;			/* to be used once this is full, or NULL */
	int			n;				/* as it was left; of the last one, as merge() found it */
	int			size;
	Entry		entry[FLEXIBLE_ARRAY_MEMBER];
} Block;

/* What the blocks of a group share. */
typedef struct Holdings
{
	HoldingNames *names;
	Block	   *first;
	Block	   *last;
	int64		n;				/* entries in those before the last one */
	int64		most;			/* of them, before they are merged */
} Holdings;

#define SMALLEST_BLOCK 256		/* bytes, as memory is given out in powers of two */
#define LARGEST_BLOCK (1024 * 1024)
#define MERGED_FROM 64			/* entries */

/* The next block, larger the more there are; it begins with room. */
static Entry *
begin_block(MemoryContext context, Holdings *s)
{
	Block	   *block = s->last ? s->last->next : s->first;

	if (block == NULL)
	{
		int64		bytes = SMALLEST_BLOCK;

		while (bytes < LARGEST_BLOCK && bytes < s->n * (int64) sizeof(Entry) / 8)
			bytes *= 2;
		block = MemoryContextAlloc(context, bytes);
		block->next = NULL;
		block->size = (bytes - offsetof(Block, entry)) / sizeof(Entry);
		if (s->last)
			s->last->next = block;
		else
			s->first = block;
	}
	s->last = block;
	block->entry[0].end.holdings = s;
	block->entry[0].end.room = block->size - 1;
	return block->entry;
}

/*
 * Is delta_quantity the same bytes as quantity?  Then a merged one is, too: both are the same sums.
 */
static inline int
entries(const PhHolding *h)
{
	return memcmp(&h->quantity, &h->delta_quantity, sizeof(double)) == 0 ? 1 : 2;
}

/* There must be room. */
static inline Entry *
put(Entry *to, const PhHolding *h)
{
	Holdings   *s = to->end.holdings;
	int64		room = to->end.room - entries(h);
	bool		more = entries(h) > 1;

	to->of.asset = h->asset;
	to->of.positions = more ? -h->positions : h->positions;
	to->of.number = h->quantity;
	to++;
	if (more)
		(to++)->of.number = h->delta_quantity;
	to->end.holdings = s;
	to->end.room = room;
	return to;
}

/* Entries of the last block. */
static void
leave(Entry *end)
{
	Block	   *last = end->end.holdings->last;

	last->n = end - last->entry;
}

/* One holding for each asset, in the order in which they came, in names->merged; returns how many. */
static int
merge(const Holdings *s)
{
	HoldingNames *names = s->names;
	int			n = 0;

	if (names->size < names->names.n)
	{
		names->merged = repalloc_huge(names->merged, names->names.size * sizeof(PhHolding));
		names->place = repalloc_huge(names->place, names->names.size * sizeof(int));
		memset(names->place + names->size, 0, (names->names.size - names->size) * sizeof(int));
		names->size = names->names.size;
	}
	for (const Block *block = s->first;; block = block->next)
	{
		for (int i = 0; i < block->n; i++)
		{
			const Entry *e = &block->entry[i];
			int			positions = abs(e->of.positions);
			double		delta_quantity = e->of.positions < 0 ? block->entry[++i].of.number : e->of.number;
			int		   *place = &names->place[e->of.asset];

			if (*place == 0)
			{
				names->merged[n++] = (PhHolding) {e->of.asset, positions, e->of.number, delta_quantity};
				*place = n;
			}
			else
			{
				PhHolding  *sum = &names->merged[*place - 1];

				sum->positions += positions;
				sum->quantity += e->of.number;
				sum->delta_quantity += delta_quantity;
			}
		}
		if (block == s->last)
			break;
	}
	for (int i = 0; i < n; i++)
		names->place[names->merged[i].asset] = 0;
	return n;
}

/* Where there is room for n more, another block if need be. */
static inline Entry *
room_for(MemoryContext context, Entry *end, int n)
{
	Holdings   *s = end->end.holdings;

	if (likely(end->end.room >= n))
		return end;
	leave(end);
	s->n += s->last->n;
	return begin_block(context, s);
}

/*
 * Merges what there is.  That needs no more entries than it was made of, so blocks come free rather than
 * new ones.
 */
static Entry *
write_merged(MemoryContext context, Holdings *s)
{
	int			n = merge(s);
	Entry	   *end;

	s->n = 0;
	s->last = NULL;
	end = begin_block(context, s);
	for (int i = 0; i < n; i++)
	{
		const PhHolding *h = &s->names->merged[i];

		end = put(room_for(context, end, entries(h)), h);
	}
	s->most = Max(MERGED_FROM, 2 * (s->n + (end - s->last->entry)));
	return end;
}

PGHEDGE_FUNCTION(pghedge_delta_quantity);
Datum
pghedge_delta_quantity(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(PG_ARGISNULL(0) || PG_ARGISNULL(1) ? NAN :
					 ph_delta_quantity(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1)));
}

enum
{
	ACCUM_STATE, ACCUM_ASSET, ACCUM_QUANTITY, ACCUM_DELTA_QUANTITY
};

PGHEDGE_FUNCTION(pghedge_holdings_accum);
Datum
pghedge_holdings_accum(PG_FUNCTION_ARGS)
{
	HoldingNames *names = fcinfo->flinfo->fn_extra; /* which made all states that come here */
	MemoryContext context;
	Entry	   *end;
	PhHolding	h;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	if (!PG_ARGISNULL(ACCUM_STATE))
		end = (Entry *) PG_GETARG_POINTER(ACCUM_STATE);
	else
	{
		Holdings   *s = MemoryContextAlloc(context, sizeof(Holdings));

		if (names == NULL)
		{
			names = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(HoldingNames));
			pghedge_names_init(&names->names, fcinfo->flinfo->fn_mcxt);
			names->merged = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(PhHolding));
			names->place = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(int));
			fcinfo->flinfo->fn_extra = names;
		}
		*s = (Holdings) {.names = names, .most = MERGED_FROM};
		end = begin_block(context, s);
	}
	if (PG_ARGISNULL(ACCUM_ASSET))
		h.asset = pghedge_names_number(&names->names, pghedge_no_asset.bytes, pghedge_no_asset.len);
	else
	{
		text	   *asset = PG_GETARG_TEXT_PP(ACCUM_ASSET);

		h.asset = pghedge_names_text(&names->names, asset);
	}
	h.positions = 1;
	h.quantity = PG_ARGISNULL(ACCUM_QUANTITY) ? NAN : PG_GETARG_FLOAT8(ACCUM_QUANTITY);
	h.delta_quantity = PG_ARGISNULL(ACCUM_DELTA_QUANTITY) ? NAN :
		PG_GETARG_FLOAT8(ACCUM_DELTA_QUANTITY);
	if (unlikely(end->end.room < entries(&h)))
	{
		Holdings   *s = end->end.holdings;

		CHECK_FOR_INTERRUPTS();
		leave(end);
		if (s->n + s->last->n >= s->most)
			end = write_merged(context, s);
		end = room_for(context, end, entries(&h));
	}
	PG_RETURN_POINTER(put(end, &h));
}

PGHEDGE_FUNCTION(pghedge_holdings_final);
Datum
pghedge_holdings_final(PG_FUNCTION_ARGS)
{
	Entry	   *end;
	const Holdings *s;
	bytea	   *result;
	char	   *to;
	int			n;
	Size		size = VARHDRSZ;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	end = (Entry *) PG_GETARG_POINTER(0);
	s = end->end.holdings;
	/* This changes no entry: rows that follow, or another final call, get what they would have got. */
	leave(end);
	n = merge(s);
	for (int i = 0; i < n; i++)
		size += sizeof(StoredHolding) + s->names->names.name[s->names->merged[i].asset].len;
	result = palloc(size);
	to = VARDATA(result);
	for (int i = 0; i < n; i++)
	{
		const PhHolding *h = &s->names->merged[i];
		const AssetName *name = &s->names->names.name[h->asset];
		bool		is_none = pghedge_is_no_asset(name);
		StoredHolding stored = {is_none ? -1 : name->len, h->positions, h->quantity, h->delta_quantity};

		memcpy(to, &stored, sizeof(stored));
		to += sizeof(stored);
		if (!is_none)
		{
			memcpy(to, name->bytes, name->len);
			to += name->len;
		}
	}
	SET_VARSIZE(result, to - (char *) result);
	PG_RETURN_BYTEA_P(result);
}

static void
reject(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("holdings are not a result of hedge._holdings")));
}

void
pghedge_read_holding(const char **from, const char *end, Names *names, int known, PhHolding *h)
{
	StoredHolding stored;

	if (end - *from < (ptrdiff_t) sizeof(stored))
		reject();
	memcpy(&stored, *from, sizeof(stored)); /* which need not be aligned */
	*from += sizeof(stored);
	if (stored.length < -1 || end - *from < stored.length)
		reject();
	if (stored.length < 0)
		h->asset = pghedge_names_number(names, pghedge_no_asset.bytes, pghedge_no_asset.len);
	else
	{
		h->asset = pghedge_names_number(names, *from, stored.length);
		if (h->asset >= known)
			pg_verifymbstr(*from, stored.length, false);
		*from += stored.length;
	}
	h->positions = stored.positions;
	h->quantity = stored.quantity;
	h->delta_quantity = stored.delta_quantity;
}
