/*
 * matrix.c
 *	  Fuzz target: blocks of observations summed into a matrix, gaps, new assets, merges, and what
 *	  is made of the result: its packed form, eigenvalues, the nearest semi-definite matrix, pairs
 *	  and risk of a portfolio.
 */
#include "lapack.h"
#include "matrix.h"
#include "pair.h"
#include "psd.h"
#include "risk.h"

#define SIZE 7

typedef struct Sum
{
	PhMatrixSum m;
	PhBlock		b;
	double	   *squares;		/* m.s, which turning to pairs forgets */
	double	   *work;
} Sum;

static void
sum_begin(Sum *s)
{
	memset(s, 0, sizeof(*s));
	s->m.size = SIZE;
	s->m.complete = true;
	s->m.mean = doubles(SIZE);
	s->m.mean_lo = doubles(SIZE);
	s->m.poisoned = room(SIZE, sizeof(bool));
	s->m.s = s->squares = doubles(SIZE * SIZE);
	s->m.pair = room(ph_triangle(SIZE), sizeof(PhComoments));
	s->b.x = doubles(SIZE * PH_BLOCK_LD);
	s->b.d = doubles(SIZE * PH_BLOCK_LD);
	s->b.d2 = doubles(SIZE * PH_BLOCK_LD);
	s->b.mask = doubles(SIZE * PH_BLOCK_LD);
	s->b.present = room(SIZE * PH_BLOCK_WORDS, sizeof(uint64_t));
	s->b.odd = room(SIZE * PH_BLOCK_WORDS, sizeof(uint64_t));
	s->b.mean = doubles(SIZE);
	s->b.mean_lo = doubles(SIZE);
	s->b.square = doubles(SIZE);
	s->work = doubles(ph_matrix_tile_work(SIZE));
}

static void
sum_end(Sum *s)
{
	void	   *all[] = {s->m.mean, s->m.mean_lo, s->m.poisoned, s->squares, s->m.pair, s->b.x, s->b.d, s->b.d2,
		s->b.mask, s->b.present, s->b.odd, s->b.mean, s->b.mean_lo, s->b.square, s->work};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		free(all[i]);
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
		ph_matrix_to_pairs(&s->m);
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

static PhStatus
append(Sum *s)
{
	PhStatus	status = sum_flush(s);

	if (status != PH_OK)
		return status;
	if (s->m.complete && s->m.w > 0)
		ph_matrix_to_pairs(&s->m);
	ph_matrix_append_asset(&s->m);
	s->b.n = s->m.n;
	ph_block_clear(&s->b);
	return PH_OK;
}

static PhStatus
merge(Sum *s, const PhMatrix *other, const int *at)
{
	PhStatus	status = sum_flush(s);

	if (status != PH_OK)
		return status;
	if (ph_matrix_merge_stays_complete(&s->m, other, at))
	{
		for (int j = 0; j < s->m.n; j++)
			ph_matrix_merge_complete(&s->m, other, at, j);
		return ph_matrix_merge_complete_end(&s->m, other, at);
	}
	if (s->m.complete)
		ph_matrix_to_pairs(&s->m);
	for (int j = 0; j < s->m.n && status == PH_OK; j++)
		status = ph_matrix_merge_pairs(&s->m, other, at, j);
	return status;
}

/* ---------- what is made of a matrix ---------- */

static void
check_psd(const PhMatrix *m)
{
	size_t		all = (size_t) m->n * m->n;
	double	   *r = doubles(all);
	double	   *copy = doubles(all);
	PhNearest	p = {.n = m->n, .start = r, .y = doubles(all), .correction = doubles(all), .x = doubles(all),
		.vectors = doubles(all), .value = doubles(m->n), .work = room(ph_eigen_workspace(m->n, true), 1)};

	ph_correlations(m, r);
	memcpy(copy, r, all * sizeof(double));
	must(ph_eigen(m->n, copy, false, p.value, p.work) == PH_OK);
	for (int i = 0; i < m->n; i++)
		must(isfinite(p.value[i]) && (i == 0 || p.value[i] >= p.value[i - 1]));
	if (!ph_is_psd(m->n, p.value[0], p.value[m->n - 1]))
	{
		ph_nearest_begin(&p);
		for (int k = 0; k < 200; k++)
		{
			must(ph_nearest_step(&p) == PH_OK);
			if (p.change <= PH_NEAREST_SETTLED)
				break;
		}
		must(ph_nearest_end(&p) == PH_OK);
		for (size_t k = 0; k < all; k++)
			must(p.y[k] >= -1 && p.y[k] <= 1);
		memcpy(copy, p.y, all * sizeof(double));
		must(ph_eigen(m->n, copy, false, p.value, p.work) == PH_OK);
		must(ph_is_psd(m->n, p.value[0], p.value[m->n - 1]));
	}
	free(r);
	free(copy);
	free(p.y);
	free(p.correction);
	free(p.x);
	free(p.vectors);
	free(p.value);
	free(p.work);
}

static int
by_risk(const void *a, const void *b)
{
	double		x = fabs(((const PhLeg *) a)->a),
				y = fabs(((const PhLeg *) b)->a);

	return (x < y) - (x > y);
}

static void
check_portfolio(Input *in, const PhMatrix *m)
{
	PhLeg		leg[SIZE];
	PhSum		others[SIZE] = {{0, 0}};
	int			n = 0;
	double		scale;
	PhRisk		risk;
	bool		bounded = take_byte(in) % 2;
	PhContest	contest = {.m = m, .leg = leg, .offsetting = take_byte(in) % 2, .bounded = bounded,
		.minimum_corr = take_byte(in) % 4 ? 0 : take_double(in),
		.minimum_observations = take_byte(in) % 4 ? 0 : take_double(in),
		.capacity = bounded ? take_below(in, 4) : SIZE * SIZE};

	for (int i = 0; i < m->n; i++)
	{
		leg[n].place = i;
		if (ph_leg(m, i, take_double(in), &leg[n]))
		{
			must(isfinite(leg[n].a) && leg[n].sigma >= 0);
			n++;
		}
	}
	qsort(leg, n, sizeof(PhLeg), by_risk);
	contest.n = n;
	contest.pair = room(contest.capacity, sizeof(PhPair));
	for (int i = 0; i < n; i++)
		ph_contest_row(&contest, i);
	ph_contest_sort(&contest);
	must(contest.used <= contest.capacity);
	for (int k = 0; k < contest.used; k++)
	{
		const PhPair *p = &contest.pair[k];

		must(p->i != p->j && p->i >= 0 && p->i < n && p->j >= 0 && p->j < n && p->size >= 0);
		must(k == 0 || p->size <= contest.pair[k - 1].size);
		must(fabs(leg[p->i].a) >= fabs(leg[p->j].a));
	}
	free(contest.pair);

	scale = ph_risk_scale(leg, n);
	must(isfinite(scale));
	if (scale > 0)
		for (int i = 0; i < n; i++)
			ph_risk_row(m, leg, i, scale, others);
	if (ph_risk(leg, n, m->n, others, scale, &risk))
	{
		must(risk.net >= 0 && risk.gross >= 0 && risk.uncorrelated >= 0 && risk.diversification >= 0);
		must(!isnan(risk.risk_offset) || isinf(risk.uncorrelated) || isinf(risk.net));
		must(isinf(risk.gross) || risk.net <= risk.gross * (1 + 1e-6));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};
	Sum			s;
	double	   *kept = NULL;		/* a matrix made before, and its assets' places in this one */
	PhMatrix	other;
	int			order[SIZE];
	int			first = 1 + take_below(&in, SIZE);
	bool		failed = false;

	sum_begin(&s);
	for (int j = 0; j < SIZE; j++)
		order[j] = j;
	for (int j = 0; j < first; j++)
		ph_matrix_append_asset(&s.m);
	s.b.n = s.m.n;
	ph_block_clear(&s.b);
	while (in.left > 0 && !failed)
	{
		unsigned	what = take_byte(&in);
		PhStatus	status = PH_OK;

		if (what < 16 && s.m.n < SIZE)
			status = append(&s);
		else if (what < 32)
			status = sum_flush(&s);
		else if (what < 64)
		{
			/* pack, look at it, keep it */
			status = sum_flush(&s);
			if (status == PH_OK && !(s.m.complete && s.m.w == 0))
			{
				free(kept);
				kept = doubles(ph_matrix_doubles(s.m.n, s.m.complete));
				ph_matrix_pack(&s.m, order, kept);
				ph_matrix_view(&other, s.m.n, s.m.complete, kept);
				for (int j = 0; j < other.n; j++)
				{
					must(ph_matrix_column_valid(&other, j));
					for (int i = 0; i < other.n; i++)
					{
						PhComoments c;

						ph_matrix_pair(&other, i, j, &c);
						if (c.w > 0)
							check_pair(&c);
					}
				}
				check_psd(&other);
				check_portfolio(&in, &other);
			}
		}
		else if (what < 72 && kept)
		{
			int			at[SIZE];
			bool		used[SIZE] = {false};

			for (int j = 0; j < s.m.n; j++)
			{
				at[j] = j < other.n ? j : -1;
				if (take_byte(&in) % 4 == 0)
					at[j] = take_below(&in, other.n + 1) - 1;
				if (at[j] >= 0 && used[at[j]])
					at[j] = -1;
				if (at[j] >= 0)
					used[at[j]] = true;
			}
			status = merge(&s, &other, at);
		}
		else
		{
			if (s.b.rows == (what < 80 ? 2 : PH_BLOCK_ROWS))
				status = sum_flush(&s);
			for (int j = 0; j < s.m.n && status == PH_OK; j++)
				if (what < 160 || take_byte(&in) % 4 != 0)
					ph_block_set(&s.b, j, s.b.rows, take_double(&in));
			s.b.rows++;
		}
		failed = status != PH_OK;
		must(!failed || status == PH_OVERFLOW);
	}
	free(kept);
	sum_end(&s);
	return 0;
}
