/*
 * matrix_sum.c
 *	  Aggregates that make hedge.comoment_matrix values: the wide form, merging, the long form.
 *
 * Wide form, comoment_matrix(assets text[], observations float8[]): a row is a time (or, with a
 * two-dimensional array, a block of times).  The state is the type itself, as an expanded object:
 * sums, and a block of rows not summed yet.  Flattening it (to hand it from a worker to the
 * leader, to store it) first sums what is pending, which changes the bytes in memory but not the
 * value they stand for.  So states are ordinary values and merge.
 *
 * Long form, comoment_matrix(asset, ts, value): rows of one time may come far apart, and their
 * products exist only once they are together.  The state collects cells by blocks of times, in
 * the order in which times are first seen (sums do not care for the order of time), and the final
 * function sums block after block.  Such a state cannot be split between workers: there is no
 * combine function.
 *
 * Memory.  Sums: 8·S² bytes, or 36·S² once an observation is missing, where S is the number of
 * assets, or up to half as many again when they were not all known at first.  A block being
 * summed: 2,112·S bytes twice, four times with missing observations.  Long form: 12 bytes a cell (up to twice that, with room to grow)
 * and 16 to 56 bytes a time.
 */
#include "matrix.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/expandeddatum.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "names.h"

/* ---------- sums and the block before them ---------- */

typedef struct Sums
{
	MemoryContext context;
	PhMatrixSum m;
	PhBlock		block;			/* rows that are not summed yet; column i is asset i */
	double	   *work;			/* of the pairwise form */
} Sums;

static void
sums_init(Sums *sums, MemoryContext context)
{
	memset(sums, 0, sizeof(*sums));
	sums->context = context;
	sums->m.complete = true;
}

/* Move an array to one with more room. */
#define REGROW(array, old_count, new_count) \
	do { \
		void *new_array = pghedge_huge_alloc(sums->context, (new_count), sizeof(*(array))); \
		if ((array) != NULL) \
		{ \
			memcpy(new_array, (array), (old_count) * sizeof(*(array))); \
			pfree(array); \
		} \
		(array) = new_array; \
	} while (0)

/* Room for one more asset at the least.  The block is empty. */
static void
sums_grow(Sums *sums, int least)
{
	PhMatrixSum *m = &sums->m;
	PhBlock    *b = &sums->block;
	int			old = m->size;
	int			size = Max(least, old + old / 2);
	size_t		n = m->n;

	m->size = size;
	REGROW(m->mean, n, size);
	REGROW(m->mean_lo, n, size);
	REGROW(m->poisoned, n, size);
	if (m->complete)
	{
		double	   *s = pghedge_huge_alloc(sums->context, (size_t) size * size, sizeof(double));

		for (size_t j = 0; j < n; j++)
			memcpy(s + j * size, m->s + j * old, (j + 1) * sizeof(double));
		if (m->s)
			pfree(m->s);
		m->s = s;
	}
	else
		REGROW(m->pair, ph_triangle(n), ph_triangle(size));
	if (sums->work)
		pfree(sums->work);
	sums->work = NULL;

	Assert(b->rows == 0);
	REGROW(b->x, 0, (size_t) size * PH_BLOCK_LD);
	REGROW(b->d, 0, (size_t) size * PH_BLOCK_LD);
	REGROW(b->present, 0, (size_t) size * PH_BLOCK_WORDS);
	REGROW(b->odd, 0, (size_t) size * PH_BLOCK_WORDS);
	REGROW(b->mean, 0, size);
	REGROW(b->mean_lo, 0, size);
	REGROW(b->square, 0, size);
	if (b->d2)
		pfree(b->d2);
	if (b->mask)
		pfree(b->mask);
	b->d2 = b->mask = NULL;
	ph_block_clear(b);
}

static void
sums_to_pairs(Sums *sums)
{
	double	   *s = sums->m.s;

	pghedge_matrix_check_size(sums->m.n, false);
	sums->m.pair = pghedge_huge_alloc(sums->context, ph_triangle(sums->m.size), sizeof(PhComoments));
	ph_matrix_to_pairs(&sums->m);
	if (s)
		pfree(s);
}

/* Sum the pending block. */
static void
sums_flush(Sums *sums)
{
	PhMatrixSum *m = &sums->m;
	PhBlock    *b = &sums->block;

	if (b->rows == 0)
		return;
	pghedge_check(ph_block_centre(b));
	if (m->complete && !b->complete)
		sums_to_pairs(sums);
	if (m->complete)
	{
		ph_matrix_complete_begin(m, b);
		for (int j0 = 0; j0 < m->n; j0 += PH_TILE)
		{
			CHECK_FOR_INTERRUPTS();
			ph_matrix_complete_tile(m, b, j0);
		}
		pghedge_check(ph_matrix_complete_check(m));
	}
	else
	{
		if (sums->work == NULL)
			sums->work = pghedge_huge_alloc(sums->context, ph_matrix_tile_work(m->size), sizeof(double));
		if (!b->complete)
		{
			size_t		cells = (size_t) m->size * PH_BLOCK_LD;

			if (b->mask == NULL)
			{
				b->d2 = pghedge_huge_alloc(sums->context, cells, sizeof(double));
				b->mask = pghedge_huge_alloc(sums->context, cells, sizeof(double));
			}
			for (int j = 0; j < b->n; j++)
				ph_block_mask(b, j);
		}
		for (int j0 = 0; j0 < m->n; j0 += PH_TILE)
		{
			CHECK_FOR_INTERRUPTS();
			pghedge_check(ph_matrix_pairwise_tile(m, b, j0, sums->work));
		}
	}
	ph_block_clear(b);
}

/* Make sure that assets 0 .. n − 1 exist. */
static void
sums_assets(Sums *sums, int n)
{
	PhMatrixSum *m = &sums->m;

	if (n <= m->n)
		return;
	pghedge_matrix_check_size(n, m->complete);
	sums_flush(sums);
	if (n > m->size)
		sums_grow(sums, n);
	/* rows summed so far lack the new asset */
	if (m->complete && m->w > 0)
		sums_to_pairs(sums);
	if (!m->complete)
		pghedge_matrix_check_size(n, false);
	while (m->n < n)
		ph_matrix_append_asset(m);
	sums->block.n = n;
	ph_block_clear(&sums->block);
}

/* A row of the pending block to write in; a full block is summed first. */
static inline int
sums_row(Sums *sums)
{
	if (sums->block.rows == PH_BLOCK_ROWS)
		sums_flush(sums);
	return sums->block.rows++;
}

/* Flat bytes: how many, and write them. */
static Size
sums_bytes(const Sums *sums, const Names *names)
{
	pghedge_matrix_check_size(names->n, sums->m.complete);
	return pghedge_matrix_bytes(names->n, sums->m.complete, pghedge_names_bytes(names));
}

static void
sums_pack(const Sums *sums, Names *names, MatrixDatum *datum)
{
	/* Who flattens may be in a context without pfree, as tuplesort's are since PostgreSQL 17. */
	MemoryContext callers = MemoryContextSwitchTo(names->context);
	int		   *order = pghedge_names_order(names);
	uint32	   *label_end;
	char	   *label;
	uint32		end = 0;

	MemoryContextSwitchTo(callers);
	pghedge_matrix_layout(datum, names->n, sums->m.complete, pghedge_names_bytes(names), &label_end, &label);
	ph_matrix_pack(&sums->m, order, datum->data);
	for (int i = 0; i < names->n; i++)
	{
		const AssetName *name = &names->name[order[i]];

		memcpy(label + end, name->bytes, name->len);
		end += name->len;
		label_end[i] = end;
	}
	pfree(order);
}

/* ---------- the expanded object ---------- */

#define MATRIX_STATE_MAGIC 0x70486d78

typedef struct MatrixState
{
	ExpandedObjectHeader hdr;
	uint32		magic;
	Names		names;
	Sums		sums;
	/* the assets array of the last row and where its elements go */
	ArrayType  *assets;
	int			assets_n;
	int		   *asset_number;
} MatrixState;

static Size
state_flat_size(ExpandedObjectHeader *eohptr)
{
	MatrixState *state = (MatrixState *) eohptr;

	sums_flush(&state->sums);
	return sums_bytes(&state->sums, &state->names);
}

static void
state_flatten_into(ExpandedObjectHeader *eohptr, void *result, Size allocated_size)
{
	MatrixState *state = (MatrixState *) eohptr;

	Assert(allocated_size == sums_bytes(&state->sums, &state->names));
	sums_pack(&state->sums, &state->names, result);
}

static const ExpandedObjectMethods state_methods = {state_flat_size, state_flatten_into};

static MatrixState *
state_make(MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "hedge.comoment_matrix",
												  ALLOCSET_DEFAULT_SIZES);
	MatrixState *state = MemoryContextAllocZero(context, sizeof(MatrixState));

	EOH_init_header(&state->hdr, &state_methods, context);
	state->magic = MATRIX_STATE_MAGIC;
	pghedge_names_init(&state->names, context);
	sums_init(&state->sums, context);
	return state;
}

/* state += matrix */
static void
state_merge(MatrixState *state, const MatrixArg *arg)
{
	Sums	   *sums = &state->sums;
	int		   *number = palloc(arg->m.n * sizeof(int));
	int		   *at;

	sums_flush(sums);
	for (int i = 0; i < arg->m.n; i++)
	{
		int			len;
		const char *label = pghedge_matrix_label(arg, i, &len);

		number[i] = pghedge_names_number(&state->names, label, len);
	}
	sums_assets(sums, state->names.n);

	at = palloc(sums->m.n * sizeof(int));
	for (int i = 0; i < sums->m.n; i++)
		at[i] = -1;
	for (int i = 0; i < arg->m.n; i++)
		at[number[i]] = i;

	if (ph_matrix_merge_stays_complete(&sums->m, &arg->m, at))
	{
		for (int j = 0; j < sums->m.n; j++)
		{
			CHECK_FOR_INTERRUPTS();
			ph_matrix_merge_complete(&sums->m, &arg->m, at, j);
		}
		pghedge_check(ph_matrix_merge_complete_end(&sums->m, &arg->m, at));
	}
	else
	{
		if (sums->m.complete)
			sums_to_pairs(sums);
		for (int j = 0; j < sums->m.n; j++)
		{
			CHECK_FOR_INTERRUPTS();
			pghedge_check(ph_matrix_merge_pairs(&sums->m, &arg->m, at, j));
		}
	}
	pfree(number);
	pfree(at);
}

/* The state in argument 0 as an object to write to, made anew from flat bytes where need be. */
static MatrixState *
state_arg(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	MatrixState *state;

	if (!AggCheckCallContext(fcinfo, &context))
		context = CurrentMemoryContext;
	if (PG_ARGISNULL(0))
		return state_make(context);
	if (VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(PG_GETARG_DATUM(0))))
	{
		state = (MatrixState *) DatumGetEOHP(PG_GETARG_DATUM(0));
		if (state->magic != MATRIX_STATE_MAGIC)
			elog(ERROR, "expanded object is not a hedge.comoment_matrix");
		return state;
	}
	else
	{
		MatrixArg	arg;

		state = state_make(context);
		pghedge_matrix_unpack((MatrixDatum *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0)), &arg);
		state_merge(state, &arg);
		return state;
	}
}

/* combine(a, b), the transition function of rollup() too */
PGHEDGE_FUNCTION(pghedge_matrix_combine);
Datum
pghedge_matrix_combine(PG_FUNCTION_ARGS)
{
	MatrixState *state;
	MatrixArg	arg;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = state_arg(fcinfo);
	pghedge_matrix_unpack((MatrixDatum *) PG_DETOAST_DATUM(PG_GETARG_DATUM(1)), &arg);
	state_merge(state, &arg);
	PG_RETURN_DATUM(EOHPGetRWDatum(&state->hdr));
}

/* ---------- wide form ---------- */

/*
 * Number the assets of a row.  Rows mostly repeat the array of the row before, byte by byte.
 */
static void
state_assets(MatrixState *state, ArrayType *assets)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	bool	   *seen;

	if (state->assets != NULL && VARSIZE(assets) == VARSIZE(state->assets) &&
		memcmp(assets, state->assets, VARSIZE(assets)) == 0)
		return;

	if (ARR_NDIM(assets) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array of assets has %d dimensions", ARR_NDIM(assets)),
				 errhint("Give a plain list: {A,B,C}.")));
	deconstruct_array(assets, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	if (state->assets)
	{
		pfree(state->assets);
		pfree(state->asset_number);
		state->assets = NULL;
	}
	state->asset_number = MemoryContextAlloc(state->names.context, Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
	{
		text	   *name;

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("asset number %d is NULL", i + 1)));
		name = DatumGetTextPP(elements[i]);
		state->asset_number[i] = pghedge_names_text(&state->names, name);
	}
	seen = palloc0(Max(state->names.n, 1) * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		if (seen[state->asset_number[i]])
			ereport(ERROR,
					(errcode(ERRCODE_CARDINALITY_VIOLATION),
					 errmsg("asset \"%s\" is given twice", TextDatumGetCString(elements[i]))));
		seen[state->asset_number[i]] = true;
	}
	pfree(seen);
	pfree(elements);
	pfree(nulls);
	sums_assets(&state->sums, state->names.n);
	state->assets_n = n;
	state->assets = MemoryContextAlloc(state->names.context, VARSIZE(assets));
	memcpy(state->assets, assets, VARSIZE(assets));
}

/* accum(state, assets, observations) */
PGHEDGE_FUNCTION(pghedge_matrix_accum_wide);
Datum
pghedge_matrix_accum_wide(PG_FUNCTION_ARGS)
{
	ArrayType  *assets;
	ArrayType  *observations;
	MatrixState *state;
	int			times;
	const double *value;
	const bits8 *bitmap;
	size_t	   *start = NULL;
	bool	   *gaps = NULL;
	int			first_row,
				last_row;

	assets = PG_ARGISNULL(1) || PG_ARGISNULL(2) ? NULL : PG_GETARG_ARRAYTYPE_P(1);
	if (assets == NULL || ARR_NDIM(assets) == 0)
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	observations = PG_GETARG_ARRAYTYPE_P(2);
	state = state_arg(fcinfo);
	state_assets(state, assets);

	if (ARR_NDIM(observations) > 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array of observations has %d dimensions", ARR_NDIM(observations)),
				 errhint("Give one observation an asset, or a row of observations an asset.")));
	if (ARR_NDIM(observations) == 0 || ARR_DIMS(observations)[0] != state->assets_n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg(ARR_NDIM(observations) == 2 ?
						"%d assets but %d rows of observations" : "%d assets but %d observations",
						state->assets_n,
						ARR_NDIM(observations) == 0 ? 0 : ARR_DIMS(observations)[0])));
	times = ARR_NDIM(observations) == 2 ? ARR_DIMS(observations)[1] : 1;
	value = (const double *) ARR_DATA_PTR(observations);
	bitmap = ARR_NULLBITMAP(observations);

	/* with NULLs the values are packed: where each asset's begin, and whether it lacks any */
	if (bitmap)
	{
		size_t		cell = 0;
		size_t		packed = 0;

		start = pghedge_huge_alloc(CurrentMemoryContext, state->assets_n, sizeof(size_t));
		gaps = palloc(state->assets_n * sizeof(bool));
		for (int k = 0; k < state->assets_n; k++)
		{
			start[k] = packed;
			for (int t = 0; t < times; t++, cell++)
				packed += (bitmap[cell / 8] >> (cell % 8)) & 1;
			gaps[k] = packed - start[k] < (size_t) times;
		}
	}

	/* the block takes so many times at once; the array runs asset by asset */
	for (int t0 = 0; t0 < times; t0 += last_row - first_row)
	{
		PhBlock    *b = &state->sums.block;

		first_row = sums_row(&state->sums);
		last_row = Min(PH_BLOCK_ROWS, first_row + (times - t0));
		b->rows = last_row;
		for (int k = 0; k < state->assets_n; k++)
		{
			size_t		cell = (size_t) k * times + t0;

			if (bitmap == NULL || !gaps[k])
			{
				ph_block_set_rows(b, state->asset_number[k], first_row,
								  value + (bitmap ? start[k] + t0 : cell), last_row - first_row);
				continue;
			}
			for (int row = first_row; row < last_row; row++, cell++)
				if ((bitmap[cell / 8] >> (cell % 8)) & 1)
					ph_block_set(b, state->asset_number[k], row, value[start[k]++]);
		}
	}
	if (start)
	{
		pfree(start);
		pfree(gaps);
	}
	PG_RETURN_DATUM(EOHPGetRWDatum(&state->hdr));
}

/* ---------- long form ---------- */

typedef struct TimeEntry
{
	int64		ts;
	int			number;
	char		status;
} TimeEntry;

#define SH_PREFIX timehash
#define SH_ELEMENT_TYPE TimeEntry
#define SH_KEY_TYPE int64
#define SH_KEY ts
#define SH_HASH_KEY(tb, k) murmurhash32((uint32) (k) ^ (uint32) ((uint64) (k) >> 32) * 0x9e3779b1)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* Cells of one block of times, in the order in which they came. */
typedef struct CellChunk
{
	struct CellChunk *next;
	int			n;
	int			size;
	double	   *value;			/* the chunk's second half */
	uint32		where[FLEXIBLE_ARRAY_MEMBER];	/* asset · PH_BLOCK_ROWS + row */
} CellChunk;

#define FIRST_CELLS 64
#define MOST_CELLS 8192

typedef struct LongState
{
	MemoryContext context;
	Names		names;
	timehash_hash *hash;
	int64	   *time;			/* by number */
	int			times;
	int			time_size;
	int			last_time;
	CellChunk **first;			/* by block */
	CellChunk **last;
} LongState;

static LongState *
long_make(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	LongState  *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate transition function called outside an aggregate");
	context = AllocSetContextCreate(context, "hedge.comoment_matrix", ALLOCSET_DEFAULT_SIZES);
	state = MemoryContextAllocZero(context, sizeof(LongState));
	state->context = context;
	pghedge_names_init(&state->names, context);
	state->hash = timehash_create(context, PH_BLOCK_ROWS, NULL);
	state->time_size = PH_BLOCK_ROWS;
	state->time = MemoryContextAlloc(context, state->time_size * sizeof(int64));
	state->first = MemoryContextAllocZero(context, state->time_size / PH_BLOCK_ROWS * sizeof(CellChunk *));
	state->last = MemoryContextAllocZero(context, state->time_size / PH_BLOCK_ROWS * sizeof(CellChunk *));
	state->last_time = -1;
	return state;
}

static pg_noinline void
long_grow_times(LongState *state)
{
	size_t		old = state->time_size / PH_BLOCK_ROWS;
	size_t		size = old * 2;

	/* a cell's place is 32 bits, and so are the numbers of times */
	if (state->time_size > PG_INT32_MAX / 2)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d different times", state->time_size)));
	state->time_size *= 2;
	state->time = repalloc_huge(state->time, state->time_size * sizeof(int64));
	state->first = repalloc_huge(state->first, size * sizeof(CellChunk *));
	state->last = repalloc_huge(state->last, size * sizeof(CellChunk *));
	memset(state->first + old, 0, old * sizeof(CellChunk *));
	memset(state->last + old, 0, old * sizeof(CellChunk *));
}

/* The number of a time: the same again, the next one in order of appearance, or by the hash. */
static inline int
long_time(LongState *state, int64 ts)
{
	int			last = state->last_time;
	TimeEntry  *entry;
	bool		found;

	if (last >= 0)
	{
		int			next = last + 1 < state->times ? last + 1 : 0;

		if (state->time[last] == ts)
			return last;
		if (state->time[next] == ts)
			return state->last_time = next;
	}
	entry = timehash_insert(state->hash, ts, &found);
	if (!found)
	{
		if (state->times == state->time_size)
			long_grow_times(state);
		entry->number = state->times;
		state->time[state->times++] = ts;
	}
	return state->last_time = entry->number;
}

static pg_noinline CellChunk *
long_new_chunk(LongState *state, int block)
{
	CellChunk  *last = state->last[block];
	int			size = last ? Min(last->size * 2, MOST_CELLS) : FIRST_CELLS;
	Size		head = MAXALIGN(offsetof(CellChunk, where) + size * sizeof(uint32));
	CellChunk  *chunk = MemoryContextAlloc(state->context, head + size * sizeof(double));

	chunk->next = NULL;
	chunk->n = 0;
	chunk->size = size;
	chunk->value = (double *) ((char *) chunk + head);
	if (last)
		last->next = chunk;
	else
		state->first[block] = chunk;
	return state->last[block] = chunk;
}

/* accum(state, asset, ts, value); a row with a NULL is no observation */
PGHEDGE_FUNCTION(pghedge_matrix_accum_long);
Datum
pghedge_matrix_accum_long(PG_FUNCTION_ARGS)
{
	LongState  *state = PG_ARGISNULL(0) ? long_make(fcinfo) : (LongState *) PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3))
	{
		text	   *asset = PG_GETARG_TEXT_PP(1);
		int			known = state->names.n;
		int			i = pghedge_names_text(&state->names, asset);
		int			t = long_time(state, PG_GETARG_TIMESTAMPTZ(2));
		CellChunk  *chunk = state->last[t / PH_BLOCK_ROWS];

		if (unlikely(state->names.n > known))
			pghedge_matrix_check_size(state->names.n, true);
		if (chunk == NULL || chunk->n == chunk->size)
			chunk = long_new_chunk(state, t / PH_BLOCK_ROWS);
		chunk->where[chunk->n] = (uint32) i * PH_BLOCK_ROWS + t % PH_BLOCK_ROWS;
		chunk->value[chunk->n++] = PG_GETARG_FLOAT8(3);
		/* a detoasted copy is garbage of the caller's short-lived context */
	}
	PG_RETURN_POINTER(state);
}

static void
duplicate_cell(LongState *state, int asset, int time)
{
	const AssetName *name = &state->names.name[asset];

	ereport(ERROR,
			(errcode(ERRCODE_CARDINALITY_VIOLATION),
			 errmsg("asset \"%s\" has more than one value at %s", pnstrdup(name->bytes, name->len),
					timestamptz_to_str(state->time[time])),
			 errhint("Aggregate duplicates first, or find where they come from.")));
}

PGHEDGE_FUNCTION(pghedge_matrix_final_long);
Datum
pghedge_matrix_final_long(PG_FUNCTION_ARGS)
{
	LongState  *state = PG_ARGISNULL(0) ? NULL : (LongState *) PG_GETARG_POINTER(0);
	Sums		sums;
	MemoryContext scratch;
	MatrixDatum *result;

	if (state == NULL || state->names.n == 0)
		PG_RETURN_NULL();
	scratch = AllocSetContextCreate(CurrentMemoryContext, "hedge.comoment_matrix sums",
									ALLOCSET_DEFAULT_SIZES);
	sums_init(&sums, scratch);
	sums_assets(&sums, state->names.n);
	for (int first = 0; first < state->times; first += PH_BLOCK_ROWS)
	{
		PhBlock    *b = &sums.block;

		CHECK_FOR_INTERRUPTS();
		b->rows = Min(PH_BLOCK_ROWS, state->times - first);
		for (CellChunk *chunk = state->first[first / PH_BLOCK_ROWS]; chunk; chunk = chunk->next)
			for (int k = 0; k < chunk->n; k++)
			{
				int			asset = chunk->where[k] / PH_BLOCK_ROWS;
				int			row = chunk->where[k] % PH_BLOCK_ROWS;

				if (unlikely(ph_block_has(b, asset, row)))
					duplicate_cell(state, asset, first + row);
				ph_block_set(b, asset, row, chunk->value[k]);
			}
		sums_flush(&sums);
	}
	result = palloc(sums_bytes(&sums, &state->names));
	sums_pack(&sums, &state->names, result);
	MemoryContextDelete(scratch);
	PG_RETURN_POINTER(result);
}
