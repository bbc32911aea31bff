/*
 * matrix.c
 *	  Blocks of observations of many assets against the pair's own sums, row by row: complete and
 *	  with missing cells, returns and levels, outliers where the partner is missing, values that
 *	  are not finite; growth; merges with other assets; packing.
 *
 *	  Prints the largest difference as "# max error ..." for docs/numerics.md.
 */
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "matrix.h"
#include "tap.h"

/* Everything a sum needs, each array of its own from malloc, and full of garbage at first. */
typedef struct Sum
{
	PhMatrixSum m;
	PhBlock		b;
	double	   *work;
} Sum;

static void *
garbage(size_t bytes)
{
	void	   *p = malloc(bytes);

	memset(p, 0xff, bytes);		/* doubles of it are NaN */
	return p;
}

static void
sum_init(Sum *s, int n, int size)
{
	memset(s, 0, sizeof(*s));
	s->m.n = s->b.n = n;
	s->m.size = size;
	s->m.complete = true;
	s->m.mean = garbage(size * sizeof(double));
	s->m.mean_lo = garbage(size * sizeof(double));
	s->m.poisoned = garbage(size * sizeof(bool));
	s->m.s = garbage((size_t) size * size * sizeof(double));
	s->m.n = 0;
	for (int j = 0; j < n; j++)
		ph_matrix_append_asset(&s->m);
	s->b.x = garbage((size_t) size * PH_BLOCK_LD * sizeof(double));
	s->b.d = garbage((size_t) size * PH_BLOCK_LD * sizeof(double));
	s->b.d2 = garbage((size_t) size * PH_BLOCK_LD * sizeof(double));
	s->b.mask = garbage((size_t) size * PH_BLOCK_LD * sizeof(double));
	s->b.present = garbage((size_t) size * PH_BLOCK_WORDS * sizeof(uint64_t));
	s->b.odd = garbage((size_t) size * PH_BLOCK_WORDS * sizeof(uint64_t));
	s->b.mean = garbage(size * sizeof(double));
	s->b.mean_lo = garbage(size * sizeof(double));
	s->b.square = garbage(size * sizeof(double));
	s->work = garbage(ph_matrix_tile_work(size) * sizeof(double));
	ph_block_clear(&s->b);
}

static void
sum_free(Sum *s)
{
	void	   *all[] = {s->m.mean, s->m.mean_lo, s->m.poisoned, s->m.s, s->m.pair, s->b.x, s->b.d, s->b.d2,
		s->b.mask, s->b.present, s->b.odd, s->b.mean, s->b.mean_lo, s->b.square, s->work};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		free(all[i]);
}

static void
sum_to_pairs(Sum *s)
{
	double	   *old = s->m.s;

	s->m.pair = garbage(ph_triangle(s->m.size) * sizeof(PhComoments));
	ph_matrix_to_pairs(&s->m);
	free(old);
}

static PhStatus
sum_flush(Sum *s)
{
	PhStatus	status;

	if (s->b.rows == 0)
		return PH_OK;
	status = ph_block_centre(&s->b);
	if (status != PH_OK)
		return status;
	if (s->m.complete && !s->b.complete)
		sum_to_pairs(s);
	if (s->m.complete)
	{
		ph_matrix_complete_begin(&s->m, &s->b);
		for (int j0 = 0; j0 < s->m.n; j0 += PH_TILE)
			ph_matrix_complete_tile(&s->m, &s->b, j0);
		status = ph_matrix_complete_check(&s->m);
	}
	else
	{
		if (!s->b.complete)
			for (int j = 0; j < s->b.n; j++)
				ph_block_mask(&s->b, j);
		for (int j0 = 0; j0 < s->m.n && status == PH_OK; j0 += PH_TILE)
			status = ph_matrix_pairwise_tile(&s->m, &s->b, j0, s->work);
	}
	ph_block_clear(&s->b);
	return status;
}

/* Cells of times [from, to), data[asset][time]; has says which were observed. */
static PhStatus
sum_add(Sum *s, const double *data, const bool *has, int times, int from, int to, int block)
{
	for (int t = from; t < to; t++)
	{
		if (s->b.rows == block)
		{
			PhStatus	status = sum_flush(s);

			if (status != PH_OK)
				return status;
		}
		for (int j = 0; j < s->m.n; j++)
			if (has[(size_t) j * times + t])
				ph_block_set(&s->b, j, s->b.rows, data[(size_t) j * times + t]);
		s->b.rows++;
	}
	return sum_flush(s);
}

static double *
sum_pack(const Sum *s, PhMatrix *view)
{
	double	   *data = garbage(ph_matrix_doubles(s->m.n, s->m.complete) * sizeof(double));
	int		   *order = malloc((s->m.n + 1) * sizeof(int));

	for (int i = 0; i < s->m.n; i++)
		order[i] = i;
	ph_matrix_pack(&s->m, order, data);
	ph_matrix_view(view, s->m.n, s->m.complete, data);
	free(order);
	return data;
}

static PhStatus
merge_complete(PhMatrixSum *m, const PhMatrix *b, const int *at)
{
	for (int j = 0; j < m->n; j++)
		ph_matrix_merge_complete(m, b, at, j);
	return ph_matrix_merge_complete_end(m, b, at);
}

/* ---------- the comparison ---------- */

static bool
differ(double a, double b, double tolerance)
{
	return isnan(a) || isnan(b) ? !(isnan(a) && isnan(b)) : !(fabs(a - b) <= tolerance);
}

/* The largest difference of a sum of products, in units of √(Syy·Sxx); infinite for other faults. */
static double
matrix_error(const PhMatrix *m, const double *data, const bool *has, int times, int to)
{
	double		worst = 0;

	for (int j = 0; j < m->n; j++)
	{
		if (!ph_matrix_column_valid(m, j))
			return INFINITY;
		for (int i = 0; i < m->n; i++)
		{
			PhComoments want = {0},
						got;
			double		scale;

			for (int t = 0; t < to; t++)
				if (has[(size_t) i * times + t] && has[(size_t) j * times + t])
					ph_comoments_add(&want, data[(size_t) i * times + t], data[(size_t) j * times + t], 1);
			ph_matrix_pair(m, i, j, &got);
			if (got.w != want.w || got.w2 != want.w2)
				return INFINITY;
			/* a constant is a fact, not a size */
			if ((want.syy == 0) != (got.syy == 0) || (want.sxx == 0) != (got.sxx == 0))
				return INFINITY;
			if (differ(got.my, want.my, sqrt(want.syy) * 1e-13 + fabs(want.my) * 4 * DBL_EPSILON) ||
				differ(got.mx, want.mx, sqrt(want.sxx) * 1e-13 + fabs(want.mx) * 4 * DBL_EPSILON))
				return INFINITY;
			if (isnan(want.sxy) || want.w == 0)
			{
				if (differ(got.syy, want.syy, 1e-13 * want.syy) || differ(got.sxx, want.sxx, 1e-13 * want.sxx) ||
					isnan(got.sxy) != isnan(want.sxy))
					return INFINITY;
				continue;
			}
			scale = sqrt(want.syy) * sqrt(want.sxx);
			if (want.syy > 0)
				worst = fmax(worst, fabs(got.syy - want.syy) / want.syy);
			if (want.sxx > 0)
				worst = fmax(worst, fabs(got.sxx - want.sxx) / want.sxx);
			if (scale > 0)
				worst = fmax(worst, fabs(got.sxy - want.sxy) / scale);
			else if (got.sxy != 0)
				return INFINITY;
		}
	}
	return worst;
}

typedef enum Kind
{
	RETURNS, LEVELS, BIG_LEVELS, OUTLIERS, CONSTANTS, ODD, SCALES, KINDS
} Kind;

static const char *const kind_name[KINDS] = {
	"returns", "levels of 1e6", "levels of 1e9 with noise 1e-3", "outliers of 1e12",
	"constants and runs", "NaN and infinities", "assets from 1e-100 to 1e100",
};

static void
make(Kind kind, double missing, int n, int times, double *data, bool *has)
{
	for (int t = 0; t < times; t++)
	{
		double		common = random_normal();

		for (int j = 0; j < n; j++)
		{
			size_t		k = (size_t) j * times + t;
			double		v = 0.01 * (common + random_normal());
			bool		present = !(random_unit() < missing);

			switch (kind)
			{
				case RETURNS:
					break;
				case LEVELS:
					v = 1e6 + 100 * v;
					break;
				case BIG_LEVELS:
					v = 1e9 + 0.1 * v;
					break;
				case OUTLIERS:
					/* on a few assets, and often where the next asset is missing */
					if (j % 3 == 0 && random_below(30) == 0)
					{
						v = random_sign() * 1e12;
						if (missing > 0 && j + 1 < n && random_below(4))
							has[k] = false;
					}
					else if (missing > 0 && j % 3 == 1 && fabs(data[k - times]) > 1e11)
						present = random_below(8) == 0;
					break;
				case CONSTANTS:
					if (j % 3 == 0)
						v = 0.09;
					else if (j % 3 == 1)
						v = t / 40 % 2 ? 0.1 : 1e9 + 1.0 / 3;
					break;
				case ODD:
					if (random_below(300) == 0)
						v = random_below(2) ? NAN : random_sign() * INFINITY;
					break;
				case SCALES:
					v *= pow(10, j % 5 * 50 - 100);
					break;
				case KINDS:
					break;
			}
			data[k] = v;
			has[k] = present;
		}
	}
}

static void
test_blocks(void)
{
	static const double missing[] = {0, 0.001, 0.1, 0.9};

	for (int kind = 0; kind < KINDS; kind++)
		for (int k = 0; k < 4; k++)
		{
			double		worst = 0;
			bool		forms = true;

			for (int round = 0; round < 12; round++)
			{
				int			n = 1 + random_below(round == 0 ? 150 : 20);
				int			times = 1 + random_below(round % 2 ? 700 : 60);
				int			block = random_below(3) ? PH_BLOCK_ROWS : 1 + random_below(PH_BLOCK_ROWS);
				double	   *data = malloc((size_t) n * times * sizeof(double));
				bool	   *has = malloc((size_t) n * times * sizeof(bool));
				bool		complete = true;
				Sum			s;
				PhMatrix	m;
				double	   *packed;

				make((Kind) kind, missing[k], n, times, data, has);
				for (int c = 0; c < n * times; c++)
					complete = complete && has[c];
				sum_init(&s, n, n + random_below(3));
				if (sum_add(&s, data, has, times, 0, times, block) != PH_OK)
					worst = INFINITY;
				forms = forms && s.m.complete == complete;
				packed = sum_pack(&s, &m);
				worst = fmax(worst, matrix_error(&m, data, has, times, times));
				free(packed);
				sum_free(&s);
				free(data);
				free(has);
			}
			printf("# max error %.1e of sqrt(Syy Sxx): matrix, %s, %g %% missing\n", worst, kind_name[kind], missing[k] * 100);
			ok(worst <= 1e-13, "agrees with the pairs to 1e-13: %s, %g %% missing", kind_name[kind], missing[k] * 100);
			ok(forms, "and is complete where nothing is missing");
		}
}

/* Outlier of one asset at the very time at which the other is missing: masks alone would cancel. */
static void
test_cancellation(void)
{
	enum
	{
		T = 200
	};
	double		data[3 * T];
	bool		has[3 * T];
	Sum			s;
	PhMatrix	m;
	double	   *packed;
	PhComoments c;
	double		r,
				worst = 0;

	for (int round = 0; round < 50; round++)
	{
		for (int t = 0; t < T; t++)
		{
			double		common = random_normal();

			for (int j = 0; j < 3; j++)
			{
				data[j * T + t] = 1e6 + 1e-3 * (common + random_normal());
				has[j * T + t] = true;
			}
		}
		for (int k = 0; k <= round % 4; k++)
		{
			int			t = random_below(T);

			data[t] = 1e12;
			has[T + t] = false;
		}
		sum_init(&s, 3, 3);
		sum_add(&s, data, has, T, 0, T, PH_BLOCK_ROWS);
		packed = sum_pack(&s, &m);
		worst = fmax(worst, matrix_error(&m, data, has, T, T));
		ph_matrix_pair(&m, 0, 1, &c);
		if (!ph_corr(&c, &r) || fabs(r - 0.5) > 0.4 || c.syy > 1)
			worst = INFINITY;
		free(packed);
		sum_free(&s);
	}
	ok(worst <= 1e-13, "an outlier where the partner is missing leaves the pair alone (%.1e)", worst);
}

/* Merging parts over random assets and times, into sums of any form, and assets that come late. */
static void
test_merge(void)
{
	double		worst = 0;
	int			complete = 0,
				late = 0;

	for (int round = 0; round < 150; round++)
	{
		int			n = 1 + random_below(12);
		int			times = 1 + random_below(300);
		int			kind = random_below(KINDS - 1);
		double	   *data = malloc((size_t) n * times * sizeof(double));
		bool	   *has = malloc((size_t) n * times * sizeof(bool));
		int			known = 0;	/* assets that the sum has met: 0 .. known - 1 */
		Sum			s;
		PhMatrix	m;
		double	   *packed;

		make((Kind) kind, random_below(2) ? 0 : 0.2, n, times, data, has);
		sum_init(&s, 0, n);
		for (int from = 0, to; from < times; from = to)
		{
			Sum			part;
			PhMatrix	view;
			double	   *bytes;
			int			number[12],
						at[12],
						count = 0;
			bool		used[12];

			to = from + 1 + random_below(times - from);
			/* some assets, in an order of the part's own; the others were missing */
			for (int j = 0; j < n; j++)
			{
				used[j] = round % 3 == 0 || random_below(4) > 0;
				at[j] = -1;
			}
			for (int j = n - 1; j >= 0; j--)
				if (used[j])
					number[count++] = j;
				else
					for (int t = from; t < to; t++)
						has[(size_t) j * times + t] = false;
			sum_init(&part, count, count + 1);
			for (int t = from; t < to; t++)
			{
				if (part.b.rows == PH_BLOCK_ROWS && sum_flush(&part) != PH_OK)
					worst = INFINITY;
				for (int k = 0; k < count; k++)
					if (has[(size_t) number[k] * times + t])
						ph_block_set(&part.b, k, part.b.rows, data[(size_t) number[k] * times + t]);
				part.b.rows++;
			}
			if (sum_flush(&part) != PH_OK)
				worst = INFINITY;
			for (int k = 0; k < count; k++)
			{
				at[number[k]] = k;
				while (known <= number[k])
				{
					if (s.m.complete && s.m.w > 0)
						sum_to_pairs(&s);
					late += s.m.n > 0 && !s.m.complete;
					ph_matrix_append_asset(&s.m);
					s.b.n = ++known;
				}
			}
			bytes = sum_pack(&part, &view);
			if (count == 0)
				;
			else if (ph_matrix_merge_stays_complete(&s.m, &view, at))
			{
				complete++;
				if (merge_complete(&s.m, &view, at) != PH_OK)
					worst = INFINITY;
			}
			else
			{
				if (s.m.complete)
					sum_to_pairs(&s);
				for (int j = 0; j < s.m.n; j++)
					if (ph_matrix_merge_pairs(&s.m, &view, at, j) != PH_OK)
						worst = INFINITY;
			}
			free(bytes);
			sum_free(&part);
		}
		packed = sum_pack(&s, &m);
		worst = fmax(worst, matrix_error(&m, data, has, times, times));
		free(packed);
		sum_free(&s);
		free(data);
		free(has);
	}
	printf("# max error %.1e of sqrt(Syy Sxx): matrix merged of random parts\n", worst);
	ok(worst <= 1e-13, "parts over other assets and times merge to the whole");
	ok(complete >= 20 && late >= 20, "in both forms (%d complete), with %d assets that come late", complete, late);
}

/* Packing in another order; the same pair either way round. */
static void
test_pack(void)
{
	int			wrong = 0;

	for (int form = 0; form < 2; form++)
	{
		enum
		{
			N = 7, T = 40
		};
		double		data[N * T];
		bool		has[N * T];
		int			order[N] = {3, 0, 6, 2, 5, 1, 4};
		double		packed[N * N * 9];
		double	   *plain;
		PhMatrix	m,
					shuffled;
		Sum			s;

		make(ODD, form ? 0.2 : 0, N, T, data, has);
		sum_init(&s, N, N);
		sum_add(&s, data, has, T, 0, T, 16);
		plain = sum_pack(&s, &m);
		ph_matrix_pack(&s.m, order, packed);
		ph_matrix_view(&shuffled, N, s.m.complete, packed);
		for (int i = 0; i < N; i++)
			for (int j = 0; j < N; j++)
			{
				PhComoments a,
							b;

				ph_matrix_pair(&shuffled, i, j, &a);
				ph_matrix_pair(&m, order[i], order[j], &b);
				wrong += memcmp(&a, &b, sizeof(a)) != 0;
				ph_comoments_swap(&a);
				ph_matrix_pair(&shuffled, j, i, &b);
				wrong += memcmp(&a, &b, sizeof(a)) != 0;
				/* an asset with itself is one side twice */
				if (i == j)
					wrong += memcmp(&a.my, &a.mx, sizeof(double)) != 0 || memcmp(&a.syy, &a.sxx, sizeof(double)) != 0 ||
						memcmp(&a.syy, &a.sxy, sizeof(double)) != 0;
			}
		free(plain);
		sum_free(&s);
	}
	ok(wrong == 0, "any order of labels holds the same pairs");
}

/* Weighted matrices keep their weights through merging; what cannot be is refused. */
static void
test_weights_and_validity(void)
{
	double		weighted[] = {4, 8, 1, 2, 0, 0, 3, 1, 2};
	double		crooked[] = {
		2, 2, 1, 0, 1, 0, 3, 4, 3,
		2, 2, 1, 0, 2, 0, 3, 2, 1,
		2, 2, 2, 0, 2, 0, 2, 2, 2
	};
	int			at[] = {0, 1};
	double		out[3 * 9];
	PhMatrix	m;
	PhComoments c;
	Sum			s;

	sum_init(&s, 2, 2);
	ph_matrix_view(&m, 2, true, weighted);
	ok(ph_matrix_column_valid(&m, 0) && ph_matrix_column_valid(&m, 1), "a weighted matrix is valid");
	ok(merge_complete(&s.m, &m, at) == PH_OK, "and merges");
	ph_matrix_pack(&s.m, at, out);
	ok(memcmp(out, weighted, sizeof(weighted)) == 0, "and is then what it was");
	sum_to_pairs(&s);
	ph_matrix_pack(&s.m, at, out);
	ph_matrix_view(&m, 2, false, out);
	ph_matrix_pair(&m, 0, 1, &c);
	ok(c.w == 4 && c.w2 == 8 && c.sxy == 1, "in the form of pairs, too");
	sum_free(&s);

	ph_matrix_view(&m, 2, false, crooked);
	ok(!ph_matrix_column_valid(&m, 0), "an asset that differs from itself is refused");
	crooked[7] = 3;
	ok(ph_matrix_column_valid(&m, 0) && ph_matrix_column_valid(&m, 1), "one that does not is valid");
	weighted[8] = -2;
	ph_matrix_view(&m, 2, true, weighted);
	ok(!ph_matrix_column_valid(&m, 1), "a negative sum of squares is refused");
}

static void
test_range(void)
{
	double		wide[] = {1e200, -1e200, 1, 2};
	double		wider[] = {DBL_MAX, -DBL_MAX, 1, 2};
	bool		all[] = {true, true, true, true};
	bool		gap[] = {true, true, true, false};
	Sum			s;

	sum_init(&s, 2, 2);
	ok(sum_add(&s, wide, all, 2, 0, 2, 256) == PH_OVERFLOW, "deviations of 1e200 overflow");
	sum_free(&s);
	sum_init(&s, 2, 2);
	ok(sum_add(&s, wider, all, 2, 0, 2, 256) == PH_OVERFLOW, "a difference that overflows is an overflow");
	sum_free(&s);
	sum_init(&s, 2, 2);
	ok(sum_add(&s, wide, all, 2, 0, 2, 1) == PH_OVERFLOW, "between blocks, too");
	sum_free(&s);
	sum_init(&s, 2, 2);
	ok(sum_add(&s, wide, gap, 2, 0, 2, 1) == PH_OVERFLOW, "and beside a missing cell");
	sum_free(&s);
}

int
main(void)
{
	test_blocks();
	test_cancellation();
	test_merge();
	test_pack();
	test_weights_and_validity();
	test_range();
	return done();
}
