/*
 * queue.h
 *	  A first-in, first-out queue of co-moments that knows the sum of what is in it: the moving
 *	  state of a window frame, without ever subtracting.
 *
 * Subtracting a leaving row from the sums would leave its rounding error, and all of an outlier's,
 * in them for good.  Instead the queue is two stacks.  Rows enter the back stack, whose sum is
 * kept as they come.  Rows leave the front stack, in which every slot already holds the sum of
 * itself and all rows of that stack that came after it: leaving is forgetting one slot.  When the
 * front stack is empty, the back stack is turned over into it (summed from its newest row to its
 * oldest), so a row is added twice and removed for nothing: O(1) amortised for any frame, and the
 * total is one merge of the front's first slot with the back's sum.
 *
 * Sums over a stack are carried with low words, so that a frame of thousands of rows is as exact as
 * one of thirty.
 *
 * Both stacks lie in one ring of slots: [head, turn) is the front, [turn, tail) the back, and
 * turning over happens in place.  One slot, 72 bytes, a row in the frame; the ring doubles when
 * it is full, so at most 144 bytes a row of the largest frame (and half as much again while it is
 * being moved).
 */
#ifndef PH_QUEUE_H
#define PH_QUEUE_H

#include "comoments.h"

typedef struct PhQueue
{
	PhComoments *slot;			/* the caller's; size is a power of two */
	size_t		size;
	size_t		head;			/* counters; the slot of i is i modulo size */
	size_t		turn;
	size_t		tail;
	PhComoments back;			/* sum of [turn, tail), and ... */
	PhLow		back_low;		/* ... its low words */
} PhQueue;

static inline bool
ph_queue_empty(const PhQueue *q)
{
	return q->head == q->tail;
}

static inline bool
ph_queue_full(const PhQueue *q)
{
	return q->tail - q->head == q->size;
}

static inline PhComoments *
ph_queue_slot(const PhQueue *q, size_t i)
{
	return &q->slot[i & (q->size - 1)];
}

extern void ph_queue_init(PhQueue *q, PhComoments *slot, size_t size);

/* Move to another ring, with room for what is in the queue; the old one is free afterwards. */
extern void ph_queue_move(PhQueue *q, PhComoments *slot, size_t size);

/* Empty the back stack into the front one, which is empty. */
extern PhStatus ph_queue_turn(PhQueue *q);

/* A row enters; the queue is not full. */
static inline PhStatus
ph_queue_push(PhQueue *q, double y, double x)
{
	PhComoments *slot = ph_queue_slot(q, q->tail++);

	ph_comoments_single(slot, y, x, 1);
	if (slot->sxy != 0)
		(void) ph_comoments_settle_add(slot, y, x);
	return ph_comoments_add_low(&q->back, &q->back_low, y, x, 1);
}

/* A summary enters; the queue is not full. */
static inline PhStatus
ph_queue_push_summary(PhQueue *q, const PhComoments *c)
{
	*ph_queue_slot(q, q->tail++) = *c;
	return ph_comoments_merge_low(&q->back, &q->back, &q->back_low, c);
}

/* The oldest leaves; the queue is not empty. */
static inline PhStatus
ph_queue_pop(PhQueue *q)
{
	if (q->head == q->turn)
	{
		PhStatus	status = ph_queue_turn(q);

		if (status != PH_OK)
			return status;
	}
	q->head++;
	return PH_OK;
}

/* The sum of what is in the queue; w = 0 when it is empty.  Does not change the queue. */
static inline PhStatus
ph_queue_total(const PhQueue *q, PhComoments *total)
{
	PhComoments back = q->back;

	ph_comoments_settle_low(&back, &q->back_low);
	if (q->head == q->turn)
	{
		*total = back;
		return PH_OK;
	}
	return ph_comoments_merge(total, ph_queue_slot(q, q->head), &back);
}

#endif							/* PH_QUEUE_H */
