/*
 * evidence_lanes.h
 *	  The sums behind the evidence of pairs, LANES pairs side by side.  evidence.c includes this
 *	  once for every width; the arithmetic of a lane is the same in each.
 *
 * Expects LANES and LANED(name), which gives a name to this width.
 */
#define Lanes LANED(Lanes)
#define LaneBits LANED(LaneBits)
#define LaneWords LANED(LaneWords)

typedef double Lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t LaneBits __attribute__((vector_size(LANES * sizeof(double))));
typedef uint64_t LaneWords __attribute__((vector_size(LANES * sizeof(double))));

#define LOAD(v, from) memcpy(&(v), (from), sizeof(Lanes))
#define STORE(to, v) memcpy((to), &(v), sizeof(Lanes))
#define SELECT(mask, a, b) ((Lanes) (((mask) & (LaneBits) (a)) | (~(mask) & (LaneBits) (b))))
#define MASKED(mask, a) ((Lanes) ((mask) & (LaneBits) (a)))

/*
 * atanh(r) = ½·log((1 + r)/(1 − r)) in place, |r| < 1.  The quotient is m·2^e with m in [√½, √2),
 * and log m = 2·atanh(s), s = (m − 1)/(m + 1), |s| < 0.1716, by its power series; good to 1e-15
 * (absolutely).
 */
static inline __attribute__((always_inline)) void
LANED(atanh) (Lanes *r)
{
	/* the bits of √½, and of 2^52: an integer or'ed into the latter reads as 2^52 + it */
	const LaneBits zero = {0};
	const LaneBits half_root = zero + INT64_C(0x3FE6A09E667F3BCD);
	const LaneBits exponent = zero + INT64_C(0x7FF0000000000000);
	const LaneBits shift = zero + INT64_C(0x4330000000000000);
	Lanes		x = (1 + *r) / (1 - *r);
	/* biased so that e stays positive */
	LaneBits	bits = (LaneBits) x - half_root + (INT64_C(1023) << 52);
	Lanes		e = (Lanes) ((LaneBits) ((LaneWords) bits >> 52) | shift) - (4503599627370496.0 + 1023.0);
	Lanes		m = (Lanes) ((LaneBits) x - (bits & exponent) + (INT64_C(1023) << 52));
	Lanes		s = (m - 1) / (m + 1);
	Lanes		s2 = s * s;
	Lanes		s4 = s2 * s2;
	Lanes		s8 = s4 * s4;
	Lanes		low = (1 + s2 * (1.0 / 3)) + s4 * ((1.0 / 5) + s2 * (1.0 / 7));
	Lanes		high = ((1.0 / 9) + s2 * (1.0 / 11)) + s4 * ((1.0 / 13) + s2 * (1.0 / 15));
	Lanes		top = (1.0 / 17) + s2 * (1.0 / 19);

	*r = e * (0.5 * 0.69314718055994530942) + s * (low + s8 * (high + s8 * top));
}

PH_FOR_EACH_PROCESSOR
static void
LANED(sums) (const PhEvidencePlan *plan, double *step, const double *tile, double *work,
			 EvidenceSums *result)
{
	const Lanes zero = {0};
	const Lanes one = zero + 1;
	const Lanes nearly = one - PH_PERFECT;
	PhPause		pause = plan->pause;
	int			n = plan->n;
	int			window = plan->window;
	int			lags = plan->lags;
	int			half = n / 2;
	const PhEvidenceValue *value = ph_evidence_values(step, n);
	const PhEvidenceRoll *y = ph_evidence_rolls(step, n);
	const PhEvidenceGrowth *growth = ph_evidence_growths(step, n);
	const double *base = tile;
	const double *roll = tile + 2 * (size_t) n * LANES;
	const double *brk = tile + 7 * (size_t) n * LANES;

	/*
	 * First pass: correlations.
	 */
	Lanes		zz = zero,
				ww = zero,
				first_half = zero,
				after = zero,
				before = zero,
				zx_last = zero;
	double		zy_last = 0;

	for (int t = 0; t < n; t++)
	{
		Lanes		zx,
					wx;

		ph_pause(pause, t);
		LOAD(zx, base + (size_t) t * 2 * LANES);
		LOAD(wx, base + ((size_t) t * 2 + 1) * LANES);
		if (t == half)
			first_half = zz;
		zz += zx * value[t].z;
		ww += wx * value[t].w;
		after += zx_last * value[t].z;
		before += zx * zy_last;
		zx_last = zx;
		zy_last = value[t].z;
	}

	/*
	 * Second pass: long-run variances of the influences, as they are (a) and volatility-adjusted
	 * (b), and of the former with the many lags (wide).  The rings hold the last of each.
	 */
	int			wide = plan->long_lags;
	Lanes		ra = zz / n,
				rb = ww / n,
				sum_a = zero,
				sum_b = zero,
				sum_wide = zero,
				square_a = zero,
				square_b = zero,
				square_wide = zero;
	Lanes		plus_a = 0.25 / (1 + ra),
				minus_a = 0.25 / (1 - ra),
				plus_b = 0.25 / (1 + rb),
				minus_b = 0.25 / (1 - rb);
	double	   *ring = work;
	double	   *ring_wide = work + 2 * ((size_t) lags + 1) * LANES;
	int			slot = 0,
				slot_wide = 0;

	memset(ring, 0, ((size_t) wide + 1 + 2 * ((size_t) lags + 1)) * sizeof(Lanes));
	for (int t = 0; t < n + wide; t++)
	{
		Lanes		pa = zero,
					pb = zero,
					old;

		ph_pause(pause, t);
		if (t < n)
		{
			Lanes		zx,
						wx,
						s,
						d;

			LOAD(zx, base + (size_t) t * 2 * LANES);
			LOAD(wx, base + ((size_t) t * 2 + 1) * LANES);
			s = zx + value[t].z;
			d = zx - value[t].z;
			pa = s * s * plus_a - d * d * minus_a;
			s = wx + value[t].w;
			d = wx - value[t].w;
			pb = s * s * plus_b - d * d * minus_b;
		}
		LOAD(old, ring_wide + (size_t) slot_wide * LANES);
		STORE(ring_wide + (size_t) slot_wide * LANES, pa);
		slot_wide = slot_wide == wide ? 0 : slot_wide + 1;
		sum_wide += pa - old;
		square_wide += sum_wide * sum_wide;
		if (t < n + lags)
		{
			LOAD(old, ring + (size_t) slot * 2 * LANES);
			STORE(ring + (size_t) slot * 2 * LANES, pa);
			sum_a += pa - old;
			square_a += sum_a * sum_a;
			LOAD(old, ring + ((size_t) slot * 2 + 1) * LANES);
			STORE(ring + ((size_t) slot * 2 + 1) * LANES, pb);
			sum_b += pb - old;
			square_b += sum_b * sum_b;
			slot = slot == lags ? 0 : slot + 1;
		}
	}

	/*
	 * Third pass: rolling correlations, and the ratio of one time on the returns of the next.
	 * suffix: sums of the chunk before, by where they start; none of a whole chunk's length.
	 */
	double	   *suffix = work;
	double	   *ring_f = work + ((size_t) window + 1) * LANES;
	int			due = 0;
	Lanes		minimum = one + one,
				maximum = zero - one - one,
				windows = zero,
				first = zero,
				first_atanh = zero,
				sum = zero,
				squares = zero,
				sum_atanh = zero,
				squares_atanh = zero,
				last = zero,
				changes = zero,
				r = zero,
				held2 = zero,
				cross = zero,
				hedge2 = zero,
				bars = zero,
				sum_f = zero,
				count_f = zero,
				square_f = zero,
				weighted_f = zero,
				weights = zero;
	LaneBits	valid = zero != zero;

	memset(suffix + (size_t) window * LANES, 0, sizeof(Lanes));
	memset(ring_f, 0, (size_t) (lags + 1) * 2 * sizeof(Lanes));
	slot = 0;
	for (int start = 0; start < n; start += window)
	{
		int			length = n - start < window ? n - start : window;
		Lanes		prefix = zero;

		if (start > 0)
		{
			Lanes		tail = zero;

			for (int top = window - 1; top > 0; top -= PH_PAUSE_EVERY)
			{
				int			end = top > PH_PAUSE_EVERY ? top - PH_PAUSE_EVERY : 0;

				if (window > PH_PAUSE_EVERY)
					ph_pause(pause, 0);
				for (int p = top; p > end; p--)
				{
					int			t = start - window + p;
					Lanes		v;

					LOAD(v, roll + ((size_t) t * 5 + 1) * LANES);
					tail += v * y[t].v;
					STORE(suffix + (size_t) p * LANES, tail);
				}
			}
		}
		for (int from = 0; from < length; from += PH_PAUSE_EVERY)
		{
			int			end = length - from < PH_PAUSE_EVERY ? length : from + PH_PAUSE_EVERY;

			ph_pause_due(pause, start + from, &due);
			for (int p = from; p < end; p++)
			{
				int			t = start + p;
				const double *x = roll + (size_t) t * 5 * LANES;
				Lanes		u,
							q,
							d,
							tail,
							shifted,
							a;

				LOAD(u, x);
				prefix += u * y[t].u;
				if (t < window - 1)
					continue;

				/* the ratio known before this time; none where valid is clear */
				if (t >= window)
				{
					Lanes		g,
								e,
								f,
								of,
								oc,
								in;

					LOAD(g, x + 4 * LANES);
					LOAD(of, ring_f + (size_t) slot * 2 * LANES);
					LOAD(oc, ring_f + ((size_t) slot * 2 + 1) * LANES);
					in = MASKED(valid, one);
					a = in * y[t].held;
					e = MASKED(valid, r * g * y[t].root);
					f = 2 * a * e;
					bars += in;
					held2 += a * a;
					cross += f;
					hedge2 += e * e;
					STORE(ring_f + (size_t) slot * 2 * LANES, f);
					STORE(ring_f + ((size_t) slot * 2 + 1) * LANES, in);
					slot = slot == lags ? 0 : slot + 1;
					sum_f += f - of;
					count_f += in - oc;
					square_f += sum_f * sum_f;
					weighted_f += sum_f * count_f;
					weights += count_f * count_f;
				}

				LOAD(q, x + 2 * LANES);
				LOAD(d, x + 3 * LANES);
				LOAD(tail, suffix + ((size_t) p + 1) * LANES);
				q *= y[t].q;
				valid = q > zero;
				r = (tail + prefix) * q + d * y[t].d;
				r = SELECT(r > one, one, r);
				r = SELECT(r < -one, -one, r);
				a = SELECT(r > nearly, nearly, r);
				a = SELECT(a < -nearly, -nearly, a);
				LANED(atanh) (&a);

				first = SELECT(valid & (windows == zero), r, first);
				first_atanh = SELECT(valid & (windows == zero), a, first_atanh);
				windows += MASKED(valid, one);
				minimum = SELECT(valid & (r < minimum), r, minimum);
				maximum = SELECT(valid & (r > maximum), r, maximum);
				shifted = MASKED(valid, r - first);
				sum += shifted;
				squares += shifted * shifted;
				shifted = MASKED(valid, a - first_atanh);
				sum_atanh += shifted;
				squares_atanh += shifted * shifted;
				changes += MASKED(valid & (r * last < zero), one);
				last = SELECT(valid & (r != zero), r, last);
			}
		}
	}
	/* the sums that only the end completes */
	for (int l = 0; l < lags; l++)
	{
		Lanes		of,
					oc;

		LOAD(of, ring_f + (size_t) slot * 2 * LANES);
		LOAD(oc, ring_f + ((size_t) slot * 2 + 1) * LANES);
		slot = slot == lags ? 0 : slot + 1;
		sum_f -= of;
		count_f -= oc;
		square_f += sum_f * sum_f;
		weighted_f += sum_f * count_f;
		weights += count_f * count_f;
	}

	/*
	 * Fourth pass: correlations of the first k, against that of all.
	 */
	Lanes		prefix = zero,
				whole = SELECT(rb > nearly, nearly, rb),
				best = zero,
				at = zero;

	whole = SELECT(whole < -nearly, -nearly, whole);
	LANED(atanh) (&whole);
	for (int t = 0; n >= PH_BREAK_LEAST && t < n - 1; t++)
	{
		const double *x = brk + (size_t) t * 2 * LANES;
		Lanes		u,
					q,
					a;

		ph_pause(pause, t);
		LOAD(u, x);
		prefix += u * growth[t].u;
		if (t + 1 < PH_BREAK_FIRST)
			continue;
		LOAD(q, x + LANES);
		q *= growth[t].q;
		a = prefix * q;
		a = SELECT(a > nearly, nearly, a);
		a = SELECT(a < -nearly, -nearly, a);
		LANED(atanh) (&a);
		a = MASKED(q > zero, a - whole) * (double) (t + 1);
		a = SELECT(a < zero, -a, a);
		at = SELECT(a > best, zero + (double) (t + 1), at);
		best = SELECT(a > best, a, best);
	}

	/*
	 * Fifth pass: the sums to both sides of where that is largest.
	 */
	Lanes		below[5] = {zero, zero, zero, zero, zero},
				above[5] = {zero, zero, zero, zero, zero};

	for (int t = 0; n >= PH_BREAK_LEAST && t < n; t++)
	{
		LaneBits	first_side = at > zero + (double) t;
		Lanes		term[5],
					zx;

		ph_pause(pause, t);
		LOAD(zx, base + (size_t) t * 2 * LANES);
		term[0] = zero + value[t].z;
		term[1] = zx;
		term[2] = zero + value[t].z * value[t].z;
		term[3] = zx * zx;
		term[4] = zx * value[t].z;
		for (int i = 0; i < 5; i++)
		{
			below[i] += MASKED(first_side, term[i]);
			above[i] += MASKED(~first_side, term[i]);
		}
	}

	for (int k = 0; k < LANES; k++)
	{
		EvidenceSums *s = &result[k];

		s->correlation = ra[k];
		s->first_half = first_half[k];
		s->second_half = zz[k] - first_half[k];
		s->after = after[k];
		s->before = before[k];
		s->variance = square_a[k] / ((double) n * (lags + 1));
		s->long_variance = square_wide[k] / ((double) n * (wide + 1));
		s->adjusted_variance = square_b[k] / ((double) n * (lags + 1));
		s->adjusted_correlation = rb[k];
		s->windows = windows[k];
		s->minimum = minimum[k];
		s->maximum = maximum[k];
		s->mean = first[k] + sum[k] / windows[k];
		s->squares = squares[k] - sum[k] * (sum[k] / windows[k]);
		s->squares_atanh = squares_atanh[k] - sum_atanh[k] * (sum_atanh[k] / windows[k]);
		s->changes = changes[k];
		s->latest = valid[k] ? r[k] : NAN;
		s->bars = bars[k];
		s->held2 = held2[k];
		s->cross = cross[k];
		s->hedge2 = hedge2[k];
		/* Σ(M − c·f̄)² over (L + 1)·P: the long-run variance about the mean */
		s->mean_f = cross[k] / bars[k];
		s->variance_f = (square_f[k] - s->mean_f * (2 * weighted_f[k] - s->mean_f * weights[k])) /
			(bars[k] * (lags + 1));
		s->break_height = best[k];
		s->break_at = at[k];
		s->before_break = correlation_of_sums(at[k], below[0][k], below[1][k], below[2][k],
											  below[3][k], below[4][k]);
		s->after_break = correlation_of_sums(n - at[k], above[0][k], above[1][k], above[2][k],
											 above[3][k], above[4][k]);
	}
}

#undef LOAD
#undef STORE
#undef SELECT
#undef MASKED
#undef Lanes
#undef LaneBits
#undef LaneWords
