/*
 * queue.c
 *	  The queue of two stacks: what happens seldom.  See queue.h.
 */
#include "queue.h"

#include <string.h>

void
ph_queue_init(PhQueue *q, PhComoments *slot, size_t size)
{
	memset(q, 0, sizeof(*q));
	q->slot = slot;
	q->size = size;
}

void
ph_queue_move(PhQueue *q, PhComoments *slot, size_t size)
{
	size_t		n = q->tail - q->head;

	for (size_t i = 0; i < n; i++)
		slot[i] = *ph_queue_slot(q, q->head + i);
	q->slot = slot;
	q->size = size;
	q->turn -= q->head;
	q->tail = n;
	q->head = 0;
}

PhStatus
ph_queue_turn(PhQueue *q)
{
	PhComoments sum = *ph_queue_slot(q, q->tail - 1);
	PhLow		low = {0, 0, 0};

	/* each slot becomes the sum of itself and all newer ones, which have the larger weight */
	for (size_t i = q->tail - 1; i != q->head; i--)
	{
		PhComoments *older = ph_queue_slot(q, i - 1);
		PhStatus	status = ph_comoments_merge_low(&sum, &sum, &low, older);

		if (status != PH_OK)
			return status;
		*older = sum;
		ph_comoments_settle_low(older, &low);
	}
	q->turn = q->tail;
	memset(&q->back, 0, sizeof(q->back));
	memset(&q->back_low, 0, sizeof(q->back_low));
	return PH_OK;
}
