/*
 * risk.c
 *	  Risk of a whole portfolio: from a matrix (hedge.portfolio_risk, hedge.risk_contributions),
 *	  and from the profits and losses that blocks of returns would have made
 *	  (hedge.profit_and_loss, hedge.value_at_risk, hedge.expected_shortfall, hedge.observed_windows).
 */
#include "arrays.h"

#include <math.h>

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "results.h"
#include "risk.h"

/* ---- From a matrix ---- */

typedef struct Measured
{
	int			n;				/* positions given */
	text	  **assets;
	double	   *exposures;
	PhLeg	   *leg;			/* positions with an exposure and a volatility */
	int			n_legs;
	PhSum	   *others;			/* [n_legs] what the other legs are to each */
	double		scale;
	PhRisk		risk;
	bool		has_net;
} Measured;

/* Arguments 0 to 2: matrix, assets, exposures; none of them NULL. */
static void
measure(FunctionCallInfo fcinfo, Measured *p)
{
	const MatrixArg *matrix;
	int		   *number;

	p->n = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(1), "assets", -1);
	p->assets = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(1), p->n);
	p->exposures = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(2), "exposures", p->n, "assets");

	matrix = pghedge_matrix_arg(fcinfo, 0);
	number = pghedge_asset_numbers(matrix, p->assets, p->n);
	p->leg = palloc(Max(p->n, 1) * sizeof(PhLeg));
	p->n_legs = 0;
	for (int i = 0; i < p->n; i++)
		if (number[i] >= 0 &&
			ph_leg(&matrix->m, number[i], p->exposures[i], &p->leg[p->n_legs]))
			p->leg[p->n_legs++].place = i;

	p->others = palloc0(Max(p->n_legs, 1) * sizeof(PhSum));
	p->scale = ph_risk_scale(p->leg, p->n_legs);
	for (int i = 1; p->scale > 0 && i < p->n_legs; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ph_risk_row(&matrix->m, p->leg, i, p->scale, p->others);
	}
	p->has_net = ph_risk(p->leg, p->n_legs, matrix->m.n, p->others, p->scale, &p->risk);
}

/* ∂net/∂e of a leg; NaN where net is 0 or unknown. */
static double
marginal_risk(const Measured *p, int leg)
{
	if (!p->has_net || !(p->risk.net > 0))
		return NAN;
	return ph_marginal_risk(&p->leg[leg], &p->others[leg], p->scale, p->risk.net);
}

PGHEDGE_FUNCTION(pghedge_portfolio_risk);
Datum
pghedge_portfolio_risk(PG_FUNCTION_ARGS)
{
	Measured	p;
	Datum		values[9];
	bool		nulls[9];
	double		most = 0;
	double		least = 0;

	measure(fcinfo, &p);
	memset(nulls, true, sizeof(nulls));
	if (p.n_legs > 0)
	{
		pghedge_put(values, nulls, 0, p.risk.gross);
		pghedge_put(values, nulls, 1, p.risk.uncorrelated);
		pghedge_put(values, nulls, 2, p.risk.net);
		pghedge_put(values, nulls, 3, p.risk.diversification);
		pghedge_put(values, nulls, 4, p.risk.risk_offset);
		for (int i = 0; i < p.n_legs; i++)
		{
			double		contribution = p.leg[i].e * marginal_risk(&p, i);

			if (!isfinite(contribution))
				continue;
			if (contribution > most)
			{
				most = contribution;
				nulls[5] = false;
				values[5] = PointerGetDatum(p.assets[p.leg[i].place]);
				pghedge_put(values, nulls, 6, contribution);
			}
			if (contribution < least)
			{
				least = contribution;
				nulls[7] = false;
				values[7] = PointerGetDatum(p.assets[p.leg[i].place]);
				pghedge_put(values, nulls, 8, contribution);
			}
		}
	}
	PG_RETURN_DATUM(pghedge_row(fcinfo, values, nulls));
}

PGHEDGE_FUNCTION(pghedge_risk_contributions);
Datum
pghedge_risk_contributions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Measured	p;
	int			next = 0;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	measure(fcinfo, &p);
	for (int i = 0; i < p.n; i++)
	{
		Datum		values[7];
		bool		nulls[7];

		if (p.assets[i] == NULL)
			continue;
		memset(nulls, true, sizeof(nulls));
		nulls[0] = false;
		values[0] = PointerGetDatum(p.assets[i]);
		pghedge_put(values, nulls, 1, p.exposures[i]);
		/* legs are in the order of positions */
		if (next < p.n_legs && p.leg[next].place == i)
		{
			double		marginal = marginal_risk(&p, next);
			double		contribution = p.leg[next].e * marginal;

			pghedge_put(values, nulls, 2, p.leg[next].sigma);
			pghedge_put(values, nulls, 3, p.leg[next].a);
			pghedge_put(values, nulls, 4, marginal);
			pghedge_put(values, nulls, 5, contribution);
			pghedge_put(values, nulls, 6, contribution / p.risk.net);
			next++;
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}

/* ---- From history ---- */

/* How many of the bits [from, from + n) are set. */
static int64
count_bits(const bits8 *bitmap, int64 from, int64 n)
{
	int64		count = 0;

	for (; n > 0 && from % 8 != 0; from++, n--)
		count += bitmap[from / 8] >> (from % 8) & 1;
	count += pg_popcount((const char *) bitmap + from / 8, (int) (n / 8));
	for (from += n - n % 8, n %= 8; n > 0; from++, n--)
		count += bitmap[from / 8] >> (from % 8) & 1;
	return count;
}

/* ---- profit_and_loss ---- */

typedef struct Label
{
	const char *name;
	int			len;
	int			row;			/* of returns */
} Label;

/* A block of returns, ready to be asked for thousands of portfolios. */
typedef struct Block
{
	const bits8 *present;		/* NULL: there is no null */
	const double *value;		/* those that are not null */
	int64	   *first;			/* [rows + 1] where each row begins in value */
	Label	   *label;			/* [labels] in byte order */
	int			labels;
	int			rows;
	int			bars;
} Block;

static int
compare_labels(const void *a, const void *b)
{
	const Label *x = a;
	const Label *y = b;

	return pghedge_compare_labels(x->name, x->len, y->name, y->len);
}

/* Both arrays must live as long as the block. */
static void
make_block(Block *block, ArrayType *assets, ArrayType *returns)
{
	int			n = pghedge_array_length(assets, "block_assets", -1);
	text	  **names = pghedge_asset_elements(assets, n);

	memset(block, 0, sizeof(*block));
	if (ARR_NDIM(returns) == 0 && n == 0)
		return;
	if (ARR_NDIM(returns) != 2 || ARR_DIMS(returns)[0] != n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("block_returns has not one row for each of the %d block_assets", n),
				 errhint("It is an array of two dimensions, assets and bars, as hedge.return_blocks makes it.")));
	block->rows = n;
	block->bars = ARR_DIMS(returns)[1];
	block->present = ARR_NULLBITMAP(returns);
	block->value = (const double *) ARR_DATA_PTR(returns);
	block->first = palloc((n + 1) * sizeof(int64));
	block->label = palloc(n * sizeof(Label));
	block->first[0] = 0;
	for (int a = 0; a < n; a++)
	{
		block->first[a + 1] = block->first[a] +
			(block->present == NULL ? block->bars :
			 count_bits(block->present, (int64) a * block->bars, block->bars));
		if (names[a] != NULL)
		{
			Label	   *label = &block->label[block->labels++];

			label->name = VARDATA_ANY(names[a]);
			label->len = VARSIZE_ANY_EXHDR(names[a]);
			label->row = a;
		}
	}
	qsort(block->label, block->labels, sizeof(Label), compare_labels);
}

/*
 * A query asks for a portfolio's profit and loss on each block of a run, then for the next
 * portfolio's on the same blocks. So a call site keeps the blocks that were stored out of line, up
 * to these limits, and lets go of the one not asked for longest. A stored value is recognised by
 * its toast pointer, as in pghedge_matrix_arg(); labels may also be in line, and are compared.
 */
#define KEPT_BLOCKS 32
#define KEPT_BYTES ((Size) 64 * 1024 * 1024)

typedef struct KeptBlock
{
	Block		block;
	struct varatt_external returns;
	struct varlena *assets;		/* as it was given: a toast pointer, or the value */
	MemoryContext context;		/* of all that it has */
	Size		bytes;
	uint64		asked;			/* number of the call that asked for it last */
} KeptBlock;

typedef struct KeptBlocks
{
	int			n;
	Size		bytes;
	uint64		calls;
	KeptBlock	kept[KEPT_BLOCKS];
} KeptBlocks;

static void
drop_oldest(KeptBlocks *blocks)
{
	KeptBlock  *oldest = &blocks->kept[0];

	for (int i = 1; i < blocks->n; i++)
		if (blocks->kept[i].asked < oldest->asked)
			oldest = &blocks->kept[i];
	MemoryContextDelete(oldest->context);
	blocks->bytes -= oldest->bytes;
	*oldest = blocks->kept[--blocks->n];
}

static const Block *
kept_block(FunctionCallInfo fcinfo, struct varlena *assets, struct varlena *returns)
{
	KeptBlocks *blocks = fcinfo->flinfo->fn_extra;
	KeptBlock	new = {0};
	MemoryContext caller;

	if (blocks == NULL)
		fcinfo->flinfo->fn_extra = blocks =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(KeptBlocks));
	blocks->calls++;
	VARATT_EXTERNAL_GET_POINTER(new.returns, returns);
	for (int i = 0; i < blocks->n; i++)
	{
		KeptBlock  *kept = &blocks->kept[i];

		if (memcmp(&kept->returns, &new.returns, sizeof(new.returns)) == 0 &&
			VARSIZE_ANY(kept->assets) == VARSIZE_ANY(assets) &&
			memcmp(kept->assets, assets, VARSIZE_ANY(assets)) == 0)
		{
			kept->asked = blocks->calls;
			return &kept->block;
		}
	}

	/* Make it before another goes: this may fail. It is the caller's until it is kept. */
	new.context = AllocSetContextCreate(CurrentMemoryContext, "pghedge block of returns",
										ALLOCSET_SMALL_SIZES);
	caller = MemoryContextSwitchTo(new.context);
	new.assets = palloc(VARSIZE_ANY(assets));
	memcpy(new.assets, assets, VARSIZE_ANY(assets));
	make_block(&new.block, DatumGetArrayTypePCopy(PointerGetDatum(assets)),
			   DatumGetArrayTypePCopy(PointerGetDatum(returns)));
	MemoryContextSwitchTo(caller);
	new.bytes = MemoryContextMemAllocated(new.context, true);
	new.asked = blocks->calls;

	while (blocks->n > 0 && (blocks->n == KEPT_BLOCKS || blocks->bytes + new.bytes > KEPT_BYTES))
		drop_oldest(blocks);
	MemoryContextSetParent(new.context, fcinfo->flinfo->fn_mcxt);
	blocks->bytes += new.bytes;
	blocks->kept[blocks->n] = new;
	return &blocks->kept[blocks->n++].block;
}

/* The row of an asset, -1 if the block does not have it. */
static int
block_row(const Block *block, const text *asset)
{
	Label		key = {VARDATA_ANY(asset), VARSIZE_ANY_EXHDR(asset), 0};
	Label	   *found = NULL;

	if (block->labels > 0)
		found = bsearch(&key, block->label, block->labels, sizeof(Label), compare_labels);
	return found != NULL ? found->row : -1;
}

typedef struct Held
{
	int			row;
	bool		is_log;
	double		exposure;
} Held;

static int
compare_held(const void *a, const void *b)
{
	return ((const Held *) a)->row - ((const Held *) b)->row;
}

/*
 * Adds exposure * return of a row; NaN where there is none. A log return r is a change of e^r − 1.
 */
static void
add_row(const Block *block, int row, double exposure, bool is_log, double *pnl)
{
	const double *r = block->value + block->first[row];
	int64		bit = (int64) row * block->bars;

	if (!is_log && block->first[row + 1] - block->first[row] == block->bars)
		for (int b = 0; b < block->bars; b++)
			pnl[b] += exposure * r[b];
	else
		for (int b = 0; b < block->bars; b++, bit++)
		{
			if (block->present == NULL || block->present[bit / 8] >> (bit % 8) & 1)
			{
				pnl[b] += exposure * (is_log ? expm1(*r) : *r);
				r++;
			}
			else
				pnl[b] = NAN;
		}
}

/* Which elements of return_kinds are 'log'. */
static bool *
log_elements(ArrayType *kinds, int n)
{
	bool	   *is_log = palloc0(Max(n, 1) * sizeof(bool));
	Datum	   *kind;
	bool	   *isnull;

	(void) pghedge_array_length(kinds, "return_kinds", n);
	deconstruct_array(kinds, TEXTOID, -1, false, TYPALIGN_INT, &kind, &isnull, &n);
	for (int i = 0; i < n; i++)
	{
		char	   *name = isnull[i] ? NULL : TextDatumGetCString(kind[i]);

		if (name == NULL || strcmp(name, "simple") == 0 || strcmp(name, "difference") == 0)
			continue;
		if (strcmp(name, "log") != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown return kind \"%s\"", name),
					 errhint("Kinds are simple, log and difference.")));
		is_log[i] = true;
	}
	return is_log;
}

/* profit_and_loss(assets, exposures, block_assets, block_returns [, return_kinds]) */
PGHEDGE_FUNCTION(pghedge_profit_and_loss);
Datum
pghedge_profit_and_loss(PG_FUNCTION_ARGS)
{
	int			n = pghedge_array_length(PG_GETARG_ARRAYTYPE_P(0), "assets", -1);
	text	  **assets = pghedge_asset_elements(PG_GETARG_ARRAYTYPE_P(0), n);
	double	   *exposures;
	struct varlena *block_assets = (struct varlena *) PG_GETARG_POINTER(2);
	struct varlena *block_returns = (struct varlena *) PG_GETARG_POINTER(3);
	Block		given;
	const Block *block = &given;
	Held	   *held = palloc(Max(n, 1) * sizeof(Held));
	int			n_held = 0;
	bool	   *is_log = PG_NARGS() > 4 ? log_elements(PG_GETARG_ARRAYTYPE_P(4), n) : NULL;
	bool		unknown = false;
	double	   *pnl;

	exposures = pghedge_float8_per(PG_GETARG_ARRAYTYPE_P(1), "exposures", n, "assets");
	if (VARATT_IS_EXTERNAL_ONDISK(block_returns))
	{
		/* a pointer into memory does not tell whether what it points to is still the same */
		if (VARATT_IS_EXTERNAL(block_assets) && !VARATT_IS_EXTERNAL_ONDISK(block_assets))
			block_assets = (struct varlena *) PG_GETARG_ARRAYTYPE_P(2);
		block = kept_block(fcinfo, block_assets, block_returns);
	}
	else
		make_block(&given, PG_GETARG_ARRAYTYPE_P(2), PG_GETARG_ARRAYTYPE_P(3));

	for (int i = 0; i < n; i++)
		if (assets[i] != NULL && exposures[i] != 0 && isfinite(exposures[i]))
		{
			held[n_held].row = block_row(block, assets[i]);
			unknown |= held[n_held].row < 0;
			held[n_held].is_log = is_log != NULL && is_log[i];
			held[n_held++].exposure = exposures[i];
		}
	/* one order of summation, whatever the order of positions */
	qsort(held, n_held, sizeof(Held), compare_held);

	pnl = palloc0(Max(block->bars, 1) * sizeof(double));
	for (int b = 0; unknown && b < block->bars; b++)
		pnl[b] = NAN;
	for (int i = 0; !unknown && i < n_held; i++)
	{
		CHECK_FOR_INTERRUPTS();
		add_row(block, held[i].row, held[i].exposure, held[i].is_log, pnl);
	}
	PG_RETURN_ARRAYTYPE_P(pghedge_float8_array(pnl, 1, &block->bars));
}

/* ---- Tails ---- */

/* The window sums of argument 0 (of horizon argument argno); returns how many. */
static int
window_sums(FunctionCallInfo fcinfo, int argno, double **sum)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	int			n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	int32		horizon = PG_GETARG_INT32(argno);
	double	   *value;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("profit_and_loss has %d dimensions", ARR_NDIM(array)),
				 errhint("It must be one-dimensional, with one element for each bar.")));
	if (horizon < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("horizon %d is not at least 1", horizon)));
	value = pghedge_float8_elements(array, n);
	if (sum != NULL)
		*sum = palloc(Max(n, 1) * sizeof(double));
	return ph_window_sums(value, n, horizon, sum != NULL ? *sum : NULL);
}

#define ST_SORT sort_doubles
#define ST_ELEMENT_TYPE double
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

static Datum
tail(FunctionCallInfo fcinfo, double (*statistic) (const double *, int, double))
{
	double		level = PG_GETARG_FLOAT8(1);
	double	   *sum;
	double		value;
	int			n;

	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("risk level %g is not between 0 and 1", level)));
	n = window_sums(fcinfo, 2, &sum);
	if (n == 0)
		PG_RETURN_NULL();
	sort_doubles(sum, n);
	value = statistic(sum, n, level);
	if (!isfinite(value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

PGHEDGE_FUNCTION(pghedge_value_at_risk);
Datum
pghedge_value_at_risk(PG_FUNCTION_ARGS)
{
	return tail(fcinfo, ph_value_at_risk);
}

PGHEDGE_FUNCTION(pghedge_expected_shortfall);
Datum
pghedge_expected_shortfall(PG_FUNCTION_ARGS)
{
	return tail(fcinfo, ph_expected_shortfall);
}

PGHEDGE_FUNCTION(pghedge_observed_windows);
Datum
pghedge_observed_windows(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(window_sums(fcinfo, 1, NULL));
}
