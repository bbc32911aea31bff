/*
 * queue.c
 *	  The sliding queue against sums made from scratch, for random frames; accuracy against exact
 *	  arithmetic; what has left leaves no trace.
 *
 *	  Prints the largest error of the correlation as "# max error ..." for docs/numerics.md.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "queue.h"
#include "tap.h"

#define MOST 20000

static int64_t ky[MOST],
			kx[MOST];
static double vy[MOST],
			vx[MOST];

/* A ring from malloc, so that a sanitizer sees a step out of it; full of garbage at first. */
static PhComoments *
ring(size_t size)
{
	PhComoments *slot = malloc(size * sizeof(PhComoments));

	memset(slot, 0xa5, size * sizeof(PhComoments));
	return slot;
}

static void
make_room(PhQueue *q)
{
	if (ph_queue_full(q))
	{
		PhComoments *old = q->slot;

		ph_queue_move(q, ring(q->size * 2), q->size * 2);
		free(old);
	}
}

static PhStatus
push(PhQueue *q, int i)
{
	make_room(q);
	return ph_queue_push(q, vy[i], vx[i]);
}

static double
corr_error(const PhComoments *c, bool defined, long double exact)
{
	double		r;

	if (!ph_corr(c, &r))
		return defined ? INFINITY : 0;
	if (!defined || !(r >= -1 && r <= 1))
		return INFINITY;
	return (double) fabsl(r - exact);
}

/* Frames of about `frame` rows that move by 0 to `leap` rows at each end. */
static double
sliding_error(Series series, int n, int frame, int leap, int look)
{
	PhQueue		q;
	int			head = 0,
				tail = 0,
				shift,
				seen = 0;
	double		worst = 0;

	series_make(series, n, ky, kx, &shift);
	for (int i = 0; i < n; i++)
	{
		vy[i] = ldexp((double) ky[i], -shift);
		vx[i] = ldexp((double) kx[i], -shift);
	}
	ph_queue_init(&q, ring(2), 2);
	while (tail < n)
	{
		int			in = leap == 1 ? 1 : random_below(leap + 1);
		int			out = leap == 1 ? tail - head >= frame : tail - head > frame ? random_below(2 * leap + 1) : random_below(leap + 1);
		PhComoments total;
		long double exact = 0;
		bool		defined;
		double		e;

		for (; out > 0 && head < tail; out--, head++)
			if (ph_queue_pop(&q) != PH_OK)
				return INFINITY;
		for (; in > 0 && tail < n; in--, tail++)
			if (push(&q, tail) != PH_OK)
				return INFINITY;
		if (ph_queue_total(&q, &total) != PH_OK || total.w != tail - head ||
			ph_queue_empty(&q) != (tail == head))
			return INFINITY;
		if (seen++ % look != 0)
			continue;
		defined = exact_corr(ky + head, kx + head, tail - head, &exact);
		e = corr_error(&total, defined, exact);
		worst = e > worst ? e : worst;
	}
	free(q.slot);
	return worst;
}

static void
test_exact(void)
{
	static const int frames[] = {2, 3, 30, 250, 5000};

	for (int s = 0; s < SERIES_COUNT; s++)
	{
		double		fixed[5],
					jumping = 0;

		for (int f = 0; f < 5; f++)
		{
			fixed[f] = 0;
			for (int round = 0; round < 4; round++)
				fixed[f] = fmax(fixed[f], sliding_error((Series) s, frames[f] > 1000 ? 14000 : 3000, frames[f], 1,
														 frames[f] > 1000 ? 61 : 1));
		}
		for (int round = 0; round < 20; round++)
			jumping = fmax(jumping, sliding_error((Series) s, 2000, 1 + random_below(100), 1 + random_below(20), 1));
		printf("# max error %.1e %.1e %.1e %.1e %.1e: rolling corr over 2, 3, 30, 250, 5000 rows, %s\n",
			   fixed[0], fixed[1], fixed[2], fixed[3], fixed[4], series_name[s]);
		for (int f = 0; f < 5; f++)
			ok(fixed[f] <= 2e-15, "%d rows are within 2e-15 of exact: %s", frames[f], series_name[s]);
		ok(jumping <= 2e-15, "frames that jump are within 2e-15 of exact: %s", series_name[s]);
	}
}

/* What is in the queue, summed from nothing: bit for bit where no rounding differs. */
static void
test_random(void)
{
	int			wrong = 0,
				moved = 0;

	for (int round = 0; round < 300; round++)
	{
		PhQueue		q;
		int			head = 0,
					tail = 0;

		ph_queue_init(&q, ring(1), 1);
		for (int step = 0; step < 400; step++)
		{
			PhComoments before,
						total,
						again,
						scratch = {0};

			if (tail > head && random_below(100) < (round % 3 == 0 ? 60 : 45))
			{
				ph_queue_pop(&q);
				head++;
			}
			else
			{
				vy[tail] = random_below(50);	/* integers: sums are exact */
				vx[tail] = random_below(50);
				moved += ph_queue_full(&q);
				if (random_below(2))
					push(&q, tail);
				else
				{
					PhComoments one;

					make_room(&q);
					ph_comoments_single(&one, vy[tail], vx[tail], 1);
					ph_queue_push_summary(&q, &one);
				}
				tail++;
			}
			before = q.back;
			ph_queue_total(&q, &total);
			ph_queue_total(&q, &again);
			wrong += memcmp(&total, &again, sizeof(total)) != 0 || memcmp(&before, &q.back, sizeof(before)) != 0;
			for (int i = head; i < tail; i++)
				ph_comoments_add(&scratch, vy[i], vx[i], 1);
			wrong += total.w != scratch.w || total.w2 != scratch.w2 ||
				!(fabs(total.my - scratch.my) <= 1e-13) || !(fabs(total.syy - scratch.syy) <= 1e-12 * (1 + scratch.syy)) ||
				!(fabs(total.sxy - scratch.sxy) <= 1e-12 * (1 + sqrt(scratch.syy * scratch.sxx)));
		}
		free(q.slot);
	}
	ok(wrong == 0, "random pushes and pops give what is in the queue");
	ok(moved > 1000, "while the ring grew %d times", moved);
}

/* A frame as wide as an outlier, a NaN or an infinity ago is as if it had never been. */
static void
test_no_trace(void)
{
	static const double odd[] = {NAN, INFINITY, -INFINITY, 1e150, -1e150, 1e12};
	int			wrong = 0,
				marked = 0,
				invalid = 0;
	double		worst = 0;

	for (int round = 0; round < 500; round++)
	{
		PhQueue		q;
		int			frame = 1 + random_below(40);
		int			last_odd = -1000;
		int			n = 400;

		ph_queue_init(&q, ring(4), 4);
		for (int i = 0; i < n; i++)
		{
			PhComoments total;
			double		r;

			ky[i] = random_below(2001) - 1000;
			kx[i] = random_below(2001) - 1000;
			vy[i] = (double) ky[i];
			vx[i] = (double) kx[i];
			if (random_below(60) == 0)
			{
				int			which = random_below(6);

				if (random_below(2))
					vy[i] = odd[which];
				else
					vx[i] = odd[which];
				last_odd = i;
			}
			/* leave first, as a window does, or after */
			if (i >= frame && round % 2)
				ph_queue_pop(&q);
			push(&q, i);
			if (i >= frame && round % 2 == 0)
				ph_queue_pop(&q);
			ph_queue_total(&q, &total);
			invalid += !ph_comoments_valid(&total);
			if (i + 1 >= frame && i - frame >= last_odd)
			{
				int			from = i - frame + 1;
				long double exact = 0;
				bool		defined = exact_corr(ky + from, kx + from, frame, &exact);

				worst = fmax(worst, corr_error(&total, defined, exact));
			}
			else if (i - frame < last_odd)
				for (int k = i >= frame ? i - frame + 1 : 0; k <= i; k++)
					if (!isfinite(vy[k]) || !isfinite(vx[k]))
					{
						marked++;
						/* NaN, or a constant other side */
						if (ph_corr(&total, &r) && !isnan(r))
							wrong++;
						break;
					}
		}
		free(q.slot);
	}
	ok(worst <= 2e-15, "nothing of an outlier, NaN or infinity is left once it has gone (%.1e)", worst);
	ok(wrong == 0 && marked > 1000, "a frame with a NaN or an infinity has no number");
	ok(invalid == 0, "every total is valid, one spelling of NaN included");
}

static void
test_edges(void)
{
	PhQueue		q;
	PhComoments total;
	double		r;

	ph_queue_init(&q, ring(1), 1);
	ok(ph_queue_empty(&q) && !ph_queue_full(&q), "empty at first");
	ok(ph_queue_total(&q, &total) == PH_OK && total.w == 0 && !ph_corr(&total, &r), "with no total");
	vy[0] = INFINITY;
	vx[0] = 1;
	vy[1] = 2;
	vx[1] = -INFINITY;
	push(&q, 0);
	push(&q, 1);
	ph_queue_pop(&q);
	ok(ph_queue_total(&q, &total) == PH_OK && total.w == 1 && ph_comoments_valid(&total) && isnan(total.mx) && total.my == 2,
	   "a lone infinity that was turned over is a NaN like any other");
	ph_queue_pop(&q);
	ok(ph_queue_empty(&q) && ph_queue_total(&q, &total) == PH_OK && total.w == 0, "empty again");
	vy[0] = 1e200;
	vy[1] = -1e200;
	vx[0] = vx[1] = 0;
	ok(push(&q, 0) == PH_OK && push(&q, 1) == PH_OVERFLOW, "an overflow is reported");
	free(q.slot);

	/* one of them at a time is none */
	ph_queue_init(&q, ring(2), 2);
	push(&q, 0);
	ok(ph_queue_pop(&q) == PH_OK && push(&q, 1) == PH_OK && ph_queue_pop(&q) == PH_OK && ph_queue_empty(&q),
	   "rows that never meet do not overflow");
	/* counters go round */
	q.head = q.turn = q.tail = SIZE_MAX - 2;
	memset(&q.back, 0, sizeof(q.back));
	memset(&q.back_low, 0, sizeof(q.back_low));
	for (int i = 0; i < 10; i++)
	{
		vy[i] = i;
		vx[i] = i * i;
		push(&q, i);
		if (i >= 3)
			ph_queue_pop(&q);
	}
	ph_queue_total(&q, &total);
	ok(total.w == 3 && total.my == 8 && total.syy == 2, "counters may overflow");
	free(q.slot);
}

int
main(void)
{
	test_exact();
	test_random();
	test_no_trace();
	test_edges();
	return done();
}
