/*
 * comoments.c
 *	  Fuzz target: adding, merging and the queue of two stacks, in any order, with values from
 *	  outside among them.
 */
#include "pair.h"
#include "queue.h"

#define SUMS 4

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};
	PhComoments sum[SUMS];
	PhQueue		q;
	PhComoments *slot = room(1, sizeof(PhComoments));
	size_t		in_queue = 0;

	memset(sum, 0, sizeof(sum));
	ph_queue_init(&q, slot, 1);
	while (in.left > 0)
	{
		unsigned	what = take_byte(&in);
		PhComoments *c = &sum[what >> 4 & (SUMS - 1)];
		PhComoments total;
		PhStatus	status = PH_OK;
		double		y,
					x;

		switch (what % 8)
		{
			case 0:
			case 1:
				y = take_double(&in);
				x = take_double(&in);
				status = ph_comoments_add(c, y, x, 1);
				break;
			case 2:
				status = ph_comoments_merge(c, c, &sum[what >> 6]);
				break;
			case 3:
				/*
				 * Of a weight below 1 the tolerance is that of 1: many such values, each as far beyond Cauchy and
				 * Schwarz as it admits, are further beyond. Observations give none.
				 */
				if (take_pair(&in, &total) &&
					(total.w >= 1 || !(fabs(total.sxy) > sqrt(total.syy) * sqrt(total.sxx) * (1 + 1e-12))))
					*c = total;
				break;
			case 4:
			case 5:
				if (ph_queue_full(&q))
				{
					PhComoments *larger = room(q.size * 2, sizeof(PhComoments));

					ph_queue_move(&q, larger, q.size * 2);
					free(slot);
					slot = larger;
				}
				y = take_double(&in);
				status = ph_queue_push(&q, y, take_double(&in));
				in_queue++;
				break;
			case 6:
				if (ph_queue_empty(&q))
					break;
				status = ph_queue_pop(&q);
				in_queue--;
				break;
			case 7:
				if (c->w > 0 && !ph_queue_full(&q) && take_byte(&in) % 4 == 0)
				{
					status = ph_queue_push_summary(&q, c);
					in_queue++;
				}
				break;
		}
		if (status != PH_OK)
		{
			/* an overflow ends the statement, and with it what was being summed */
			must(status == PH_OVERFLOW);
			memset(c, 0, sizeof(*c));
			ph_queue_init(&q, slot, q.size);
			in_queue = 0;
			continue;
		}
		if (c->w > 0)
			check_pair(c);
		must(q.tail - q.head == in_queue);
		if (!ph_queue_empty(&q) && ph_queue_total(&q, &total) == PH_OK)
			check_pair(&total);
	}
	free(slot);
	return 0;
}
