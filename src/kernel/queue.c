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
	/* each slot becomes the sum of itself and the newer one's, which has the larger weight */
	for (size_t i = q->tail - 1; i > q->head; i--)
	{
		PhComoments *older = ph_queue_slot(q, i - 1);
		PhStatus	status = ph_comoments_merge(older, ph_queue_slot(q, i), older);

		if (status != PH_OK)
			return status;
	}
	q->turn = q->tail;
	memset(&q->back, 0, sizeof(q->back));
	return PH_OK;
}
