/*
 * matrix.c
 *	  Co-moments of every pair among n assets.  See matrix.h for forms, formulas and sources.
 */
#include "matrix.h"

#include <string.h>

#include "lapack.h"

/* ---------- reading ---------- */

void
ph_matrix_pair(const PhMatrix *m, int y, int x, PhComoments *out)
{
	int			i = y < x ? y : x;
	int			j = y < x ? x : y;

	if (!m->complete)
	{
		*out = m->pair[ph_packed(i, j)];
		if (y > x)
			ph_comoments_swap(out);
		return;
	}
	out->w = m->w;
	out->w2 = m->w2;
	out->my = m->mean[y];
	out->my_lo = m->mean_lo[y];
	out->mx = m->mean[x];
	out->mx_lo = m->mean_lo[x];
	out->syy = m->s[ph_packed(y, y)];
	out->sxx = m->s[ph_packed(x, x)];
	out->sxy = m->s[ph_packed(i, j)];
}

void
ph_matrix_view(PhMatrix *m, int n, bool complete, const double *data)
{
	memset(m, 0, sizeof(*m));
	m->n = n;
	m->complete = complete;
	if (complete)
	{
		m->w = data[0];
		m->w2 = data[1];
		m->mean = data + 2;
		m->mean_lo = m->mean + n;
		m->s = m->mean_lo + n;
	}
	else
		m->pair = (const PhComoments *) data;
}

bool
ph_matrix_column_valid(const PhMatrix *m, int j)
{
	for (int i = 0; i <= j; i++)
	{
		PhComoments c;

		ph_matrix_pair(m, i, j, &c);
		if (c.w == 0 && !m->complete)
		{
			static const PhComoments none;

			if (memcmp(&c, &none, sizeof(c)) != 0)
				return false;
		}
		else if (!ph_comoments_valid(&c))
			return false;
		/* an asset with itself is one side twice */
		else if (i == j && (memcmp(&c.my, &c.mx, sizeof(double)) != 0 ||
							memcmp(&c.my_lo, &c.mx_lo, sizeof(double)) != 0 ||
							memcmp(&c.syy, &c.sxx, sizeof(double)) != 0 ||
							memcmp(&c.syy, &c.sxy, sizeof(double)) != 0))
			return false;
	}
	return true;
}

/* ---------- blocks ---------- */

void
ph_block_clear(PhBlock *b)
{
	b->rows = 0;
	memset(b->present, 0, (size_t) b->n * PH_BLOCK_WORDS * sizeof(uint64_t));
}

void
ph_block_set_rows(PhBlock *b, int asset, int row, const double *value, int n)
{
	uint64_t   *present = b->present + (size_t) asset * PH_BLOCK_WORDS;
	int			end = row + n;

	memcpy(b->x + (size_t) asset * PH_BLOCK_LD + row, value, n * sizeof(double));
	while (row < end)
	{
		int			first = row % 64;
		int			count = end - row < 64 - first ? end - row : 64 - first;

		present[row / 64] |= (count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1) << first;
		row += count;
	}
}

/* The bits of rows 0 .. rows − 1 in word k. */
static inline uint64_t
word_of_rows(int rows, int k)
{
	int			left = rows - 64 * k;

	return left >= 64 ? UINT64_MAX : left <= 0 ? 0 : (UINT64_C(1) << left) - 1;
}

static bool
column_is_complete(const PhBlock *b, int j)
{
	for (int k = 0; k < PH_BLOCK_WORDS; k++)
		if (b->present[(size_t) j * PH_BLOCK_WORDS + k] != word_of_rows(b->rows, k))
			return false;
	return true;
}

/* Σ (x − pivot), in eight lanes that the compiler makes vectors of */
static double
sum_from(const double *x, int rows, double pivot)
{
	double		lane[8] = {0};
	double		sum = 0;
	int			r = 0;

	for (; r + 8 <= rows; r += 8)
		for (int k = 0; k < 8; k++)
			lane[k] += x[r + k] - pivot;
	for (; r < rows; r++)
		sum += x[r] - pivot;
	for (int k = 0; k < 8; k++)
		sum += lane[k];
	return sum;
}

static double
sum_of_squares(const double *d, int rows)
{
	double		lane[8] = {0};
	double		sum = 0;
	int			r = 0;

	for (; r + 8 <= rows; r += 8)
		for (int k = 0; k < 8; k++)
			lane[k] += d[r + k] * d[r + k];
	for (; r < rows; r++)
		sum += d[r] * d[r];
	for (int k = 0; k < 8; k++)
		sum += lane[k];
	return sum;
}

static bool
all_finite(const double *x, int rows)
{
	/* 0 · x is 0 for a finite x and NaN for any other */
	double		lane[8] = {0};
	double		sum = 0;
	int			r = 0;

	for (; r + 8 <= rows; r += 8)
		for (int k = 0; k < 8; k++)
			lane[k] += 0 * x[r + k];
	for (; r < rows; r++)
		sum += 0 * x[r];
	for (int k = 0; k < 8; k++)
		sum += lane[k];
	return sum == 0;
}

/*
 * Centre column j.  The mean is reached from a pivot that is one of the values: a constant column
 * then has exactly that value as its mean, and deviations of exactly zero.  Rows without a finite
 * value take the pivot's place in the sum and a deviation of zero.
 */
static PhStatus
centre_column(PhBlock *b, int j)
{
	double	   *x = b->x + (size_t) j * PH_BLOCK_LD;
	double	   *d = b->d + (size_t) j * PH_BLOCK_LD;
	uint64_t   *odd = b->odd + (size_t) j * PH_BLOCK_WORDS;
	bool		plain = column_is_complete(b, j);
	const double *from = x;
	double		pivot = 0;
	double		hi,
				lo = 0;
	int			count = 0;

	memset(odd, 0, PH_BLOCK_WORDS * sizeof(uint64_t));
	if (!plain)
		b->complete = false;
	if (plain && all_finite(x, b->rows))
	{
		pivot = x[0];
		count = b->rows;
	}
	else
	{
		plain = false;
		for (int r = 0; r < b->rows; r++)
			if (ph_block_has(b, j, r))
			{
				if (!isfinite(x[r]))
				{
					odd[r / 64] |= UINT64_C(1) << (r % 64);
					b->any_odd = true;
				}
				else if (count++ == 0)
					pivot = x[r];
			}
		for (int r = 0; r < b->rows; r++)
			d[r] = ph_block_has(b, j, r) && isfinite(x[r]) ? x[r] : pivot;
		from = d;
	}

	hi = pivot;
	if (count > 0)
		ph_mean_shift(&hi, &lo, sum_from(from, b->rows, pivot) / count);
	for (int r = 0; r < b->rows; r++)
		d[r] = (from[r] - hi) - lo;
	if (!plain)
		for (int r = 0; r < b->rows; r++)
			if (!ph_block_has(b, j, r) || !isfinite(x[r]))
				d[r] = 0;
	b->mean[j] = hi;
	b->mean_lo[j] = lo;
	b->square[j] = sum_of_squares(d, b->rows);
	return b->square[j] <= DBL_MAX ? PH_OK : PH_OVERFLOW;
}

PhStatus
ph_block_centre(PhBlock *b)
{
	b->complete = true;
	b->any_odd = false;
	for (int j = 0; j < b->n; j++)
	{
		PhStatus	status = centre_column(b, j);

		if (status != PH_OK)
			return status;
	}
	return PH_OK;
}

void
ph_block_mask(PhBlock *b, int j)
{
	const double *d = b->d + (size_t) j * PH_BLOCK_LD;
	double	   *d2 = b->d2 + (size_t) j * PH_BLOCK_LD;
	double	   *mask = b->mask + (size_t) j * PH_BLOCK_LD;

	for (int r = 0; r < b->rows; r++)
	{
		d2[r] = d[r] * d[r];
		mask[r] = (double) ph_block_has(b, j, r);
	}
}

/* ---------- complete form ---------- */

void
ph_matrix_complete_begin(PhMatrixSum *m, PhBlock *b)
{
	double		total = m->w + b->rows;
	double		f = b->rows / total;
	double		root = sqrt(m->w * f);

	for (int j = 0; j < m->n; j++)
	{
		double		delta = 0;

		if (m->w > 0)
			delta = (b->mean[j] - m->mean[j]) + (b->mean_lo[j] - m->mean_lo[j]);
		else
		{
			m->mean[j] = b->mean[j];
			m->mean_lo[j] = b->mean_lo[j];
		}
		b->d[(size_t) j * PH_BLOCK_LD + b->rows] = root * delta;
		ph_mean_shift(&m->mean[j], &m->mean_lo[j], delta * f);
		if (b->any_odd)
			for (int k = 0; k < PH_BLOCK_WORDS; k++)
				if (b->odd[(size_t) j * PH_BLOCK_WORDS + k] != 0)
					m->poisoned[j] = true;
	}
	m->w = total;
	m->w2 += b->rows;
}

void
ph_matrix_complete_tile(PhMatrixSum *m, const PhBlock *b, int j0)
{
	int			columns = m->n - j0 < PH_TILE ? m->n - j0 : PH_TILE;
	const double *d0 = b->d + (size_t) j0 * PH_BLOCK_LD;
	double	   *s0 = m->s + (size_t) j0 * m->size;

	if (j0 > 0)
		ph_blas_gemm(j0, columns, b->rows + 1, b->d, PH_BLOCK_LD, d0, PH_BLOCK_LD, 1, s0, m->size);
	ph_blas_syrk(columns, b->rows + 1, d0, PH_BLOCK_LD, s0 + j0, m->size);
}

PhStatus
ph_matrix_complete_check(const PhMatrixSum *m)
{
	for (int j = 0; j < m->n; j++)
		if (!m->poisoned[j] && !(m->s[(size_t) j * m->size + j] <= DBL_MAX))
			return PH_OVERFLOW;
	return PH_OK;
}

/* ---------- pairwise form ---------- */

void
ph_matrix_to_pairs(PhMatrixSum *m)
{
	for (int j = 0; j < m->n; j++)
		for (int i = 0; i <= j; i++)
		{
			PhComoments *c = &m->pair[ph_packed(i, j)];

			memset(c, 0, sizeof(*c));
			if (m->w == 0)
				continue;
			c->w = m->w;
			c->w2 = m->w2;
			c->my = m->mean[i];
			c->my_lo = m->mean_lo[i];
			c->mx = m->mean[j];
			c->mx_lo = m->mean_lo[j];
			c->syy = m->s[(size_t) i * m->size + i];
			c->sxx = m->s[(size_t) j * m->size + j];
			c->sxy = m->s[(size_t) j * m->size + i];
			if (m->poisoned[i])
				ph_comoments_poison(c, true, false);
			if (m->poisoned[j])
				ph_comoments_poison(c, false, true);
		}
	m->complete = false;
	m->s = NULL;
}

void
ph_matrix_append_asset(PhMatrixSum *m)
{
	int			j = m->n++;

	if (m->complete)
	{
		m->mean[j] = m->mean_lo[j] = 0;
		m->poisoned[j] = false;
		for (int i = 0; i <= j; i++)
			m->s[(size_t) j * m->size + i] = 0;
	}
	else
		memset(&m->pair[ph_packed(0, j)], 0, ((size_t) j + 1) * sizeof(PhComoments));
}

size_t
ph_matrix_tile_work(int n)
{
	return 5 * (size_t) n * PH_TILE;
}

/*
 * How many rows assets 0 .. last share with asset j.  With the processor's own bit count where it
 * has one; the result is the same.
 */
PH_CLONES("popcnt")
static void
count_common(const uint64_t *present, int last, const uint64_t *of_j, double *count)
{
	for (int i = 0; i <= last; i++)
	{
		const uint64_t *of_i = present + (size_t) i * PH_BLOCK_WORDS;
		int			n = 0;

		for (int k = 0; k < PH_BLOCK_WORDS; k++)
			n += __builtin_popcountll(of_i[k] & of_j[k]);
		count[i] = n;
	}
}

/* The pair's co-moments in this block, row by row. */
static PhStatus
pair_by_rows(const PhBlock *b, int i, int j, PhComoments *c)
{
	const uint64_t *pi = b->present + (size_t) i * PH_BLOCK_WORDS;
	const uint64_t *pj = b->present + (size_t) j * PH_BLOCK_WORDS;

	memset(c, 0, sizeof(*c));
	for (int k = 0; k < PH_BLOCK_WORDS; k++)
		for (uint64_t both = pi[k] & pj[k]; both != 0; both &= both - 1)
		{
			int			r = 64 * k + __builtin_ctzll(both);
			PhStatus	status = ph_comoments_add(c, b->x[(size_t) i * PH_BLOCK_LD + r],
												  b->x[(size_t) j * PH_BLOCK_LD + r], 1);

			if (status != PH_OK)
				return status;
		}
	return PH_OK;
}

static bool
meets(const uint64_t *a, const uint64_t *b)
{
	for (int k = 0; k < PH_BLOCK_WORDS; k++)
		if (a[k] & b[k])
			return true;
	return false;
}

/* A sum of squares about the pair's own means may be this much smaller than about the column's. */
#define CANCELLATION 0.0625

PhStatus
ph_matrix_pairwise_tile(PhMatrixSum *m, const PhBlock *b, int j0, double *work)
{
	int			columns = m->n - j0 < PH_TILE ? m->n - j0 : PH_TILE;
	int			rows = j0 + columns;
	size_t		at0 = (size_t) j0 * PH_BLOCK_LD;
	size_t		part = (size_t) rows * columns;
	double	   *G = work;		/* Σ d_i d_j */
	double	   *Pi = G + part;	/* Σ d_i over the rows of j */
	double	   *Pj = Pi + part; /* Σ d_j over the rows of i */
	double	   *Qi = Pj + part; /* Σ d_i² over the rows of j */
	double	   *Qj = Qi + part; /* Σ d_j² over the rows of i */

	ph_blas_gemm(rows, columns, b->rows, b->d, PH_BLOCK_LD, b->d + at0, PH_BLOCK_LD, 0, G, rows);
	if (!b->complete)
	{
		ph_blas_gemm(rows, columns, b->rows, b->d, PH_BLOCK_LD, b->mask + at0, PH_BLOCK_LD, 0, Pi, rows);
		ph_blas_gemm(rows, columns, b->rows, b->mask, PH_BLOCK_LD, b->d + at0, PH_BLOCK_LD, 0, Pj, rows);
		ph_blas_gemm(rows, columns, b->rows, b->d2, PH_BLOCK_LD, b->mask + at0, PH_BLOCK_LD, 0, Qi, rows);
		ph_blas_gemm(rows, columns, b->rows, b->mask, PH_BLOCK_LD, b->d2 + at0, PH_BLOCK_LD, 0, Qj, rows);
	}

	for (int j = j0; j < rows; j++)
	{
		size_t		column = (size_t) (j - j0) * rows;
		const uint64_t *of_j = b->present + (size_t) j * PH_BLOCK_WORDS;
		const uint64_t *odd_j = b->odd + (size_t) j * PH_BLOCK_WORDS;
		double		count[PH_TILE];

		for (int i = 0; i <= j; i++)
		{
			const uint64_t *of_i = b->present + (size_t) i * PH_BLOCK_WORDS;
			const uint64_t *odd_i = b->odd + (size_t) i * PH_BLOCK_WORDS;
			size_t		e = column + i;
			PhComoments c;
			PhStatus	status;

			if (i % PH_TILE == 0)
				count_common(of_i, (j - i < PH_TILE ? j - i : PH_TILE - 1), of_j, count);
			c.w = c.w2 = count[i % PH_TILE];
			if (c.w == 0)
				continue;
			c.my = b->mean[i];
			c.my_lo = b->mean_lo[i];
			c.mx = b->mean[j];
			c.mx_lo = b->mean_lo[j];
			c.sxy = G[e];
			if (b->complete || i == j)
			{
				c.syy = b->square[i];
				c.sxx = b->square[j];
				if (i == j)
					c.sxy = c.syy;
			}
			else
			{
				double		a = Pi[e] / c.w;
				double		z = Pj[e] / c.w;

				c.syy = Qi[e] - a * Pi[e];
				c.sxx = Qj[e] - z * Pj[e];
				c.sxy -= a * Pj[e];
				ph_mean_shift(&c.my, &c.my_lo, a);
				ph_mean_shift(&c.mx, &c.mx_lo, z);
				if (c.syy < CANCELLATION * Qi[e] || c.sxx < CANCELLATION * Qj[e])
				{
					status = pair_by_rows(b, i, j, &c);
					if (status != PH_OK)
						return status;
				}
			}
			if (b->any_odd)
				ph_comoments_poison(&c, meets(odd_i, of_j), meets(odd_j, of_i));
			status = ph_comoments_merge(&m->pair[ph_packed(i, j)], &m->pair[ph_packed(i, j)], &c);
			if (status != PH_OK)
				return status;
		}
	}
	return PH_OK;
}

/* ---------- merging ---------- */

bool
ph_matrix_merge_stays_complete(const PhMatrixSum *m, const PhMatrix *b, const int *at)
{
	if (!m->complete || !b->complete)
		return false;
	for (int i = 0; i < m->n; i++)
		if (at[i] < 0)
			return false;
	return true;
}

void
ph_matrix_merge_complete(PhMatrixSum *m, const PhMatrix *b, const int *at, int j)
{
	double		f = b->w / (m->w + b->w);
	double		g = m->w * f;
	double		delta_j = 0;

	if (isnan(b->mean[at[j]]))
		m->poisoned[j] = true;
	if (!m->poisoned[j] && m->w > 0)
		delta_j = (b->mean[at[j]] - m->mean[j]) + (b->mean_lo[at[j]] - m->mean_lo[j]);
	for (int i = 0; i <= j; i++)
	{
		double		delta_i = delta_j;
		int			lower = at[i] < at[j] ? at[i] : at[j];
		int			upper = at[i] < at[j] ? at[j] : at[i];

		if (i < j && m->w > 0)
			delta_i = m->poisoned[i] ? 0 :
				(b->mean[at[i]] - m->mean[i]) + (b->mean_lo[at[i]] - m->mean_lo[i]);
		m->s[(size_t) j * m->size + i] += b->s[ph_packed(lower, upper)] + g * delta_i * delta_j;
	}
}

PhStatus
ph_matrix_merge_complete_end(PhMatrixSum *m, const PhMatrix *b, const int *at)
{
	double		total = m->w + b->w;
	double		f = b->w / total;

	for (int j = 0; j < m->n; j++)
	{
		if (m->poisoned[j])
			continue;
		if (m->w == 0)
		{
			m->mean[j] = b->mean[at[j]];
			m->mean_lo[j] = b->mean_lo[at[j]];
		}
		else
			ph_mean_shift(&m->mean[j], &m->mean_lo[j],
						  f * ((b->mean[at[j]] - m->mean[j]) + (b->mean_lo[at[j]] - m->mean_lo[j])));
	}
	m->w = total;
	m->w2 += b->w2;
	return total > PH_WEIGHT_LIMIT ? PH_OVERFLOW : ph_matrix_complete_check(m);
}

/* Column j of a merge in pairwise form. */
PhStatus
ph_matrix_merge_pairs(PhMatrixSum *m, const PhMatrix *b, const int *at, int j)
{
	if (at[j] < 0)
		return PH_OK;
	for (int i = 0; i <= j; i++)
	{
		PhComoments c;
		PhStatus	status;

		if (at[i] < 0)
			continue;
		ph_matrix_pair(b, at[i], at[j], &c);
		status = ph_comoments_merge(&m->pair[ph_packed(i, j)], &m->pair[ph_packed(i, j)], &c);
		if (status != PH_OK)
			return status;
	}
	return PH_OK;
}

/* ---------- storing ---------- */

void
ph_matrix_pack(const PhMatrixSum *m, const int *order, double *data)
{
	if (m->complete)
	{
		double	   *mean = data + 2;
		double	   *mean_lo = mean + m->n;
		double	   *s = mean_lo + m->n;

		data[0] = m->w;
		data[1] = m->w2;
		for (int j = 0; j < m->n; j++)
		{
			int			from_j = order[j];

			mean[j] = m->poisoned[from_j] ? NAN : m->mean[from_j];
			mean_lo[j] = m->poisoned[from_j] ? 0 : m->mean_lo[from_j];
			for (int i = 0; i <= j; i++)
			{
				int			from_i = order[i];
				int			lower = from_i < from_j ? from_i : from_j;
				int			upper = from_i < from_j ? from_j : from_i;

				*s++ = m->poisoned[from_i] || m->poisoned[from_j] ? NAN :
					m->s[(size_t) upper * m->size + lower];
			}
		}
		return;
	}
	for (int j = 0; j < m->n; j++)
		for (int i = 0; i <= j; i++)
		{
			PhComoments *c = (PhComoments *) data + ph_packed(i, j);
			int			from_i = order[i];
			int			from_j = order[j];

			*c = from_i < from_j ? m->pair[ph_packed(from_i, from_j)] :
				m->pair[ph_packed(from_j, from_i)];
			if (from_i > from_j)
				ph_comoments_swap(c);
		}
}
