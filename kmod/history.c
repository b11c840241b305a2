// SPDX-License-Identifier: GPL-2.0
/* The flight recorder: the last seconds, whether or not anybody reads. */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include "conntriage.h"

static DEFINE_MUTEX(ctri_history_mutex);
static struct ctri_second *ctri_ring;	/* CTRI_SECONDS; under the mutex */
static unsigned int ctri_next;		/* under the mutex */
static u64 ctri_missed;			/* seconds; under the mutex */

/**
 * ctri_history_add() - record a second
 * @s: complete but for @s->distinct, which stays as it is
 *
 * Context: process, the tick alone.
 */
void ctri_history_add(const struct ctri_second *s)
{
	mutex_lock(&ctri_history_mutex);
	ctri_ring[ctri_next] = *s;
	ctri_next = (ctri_next + 1) % CTRI_SECONDS;
	if (s->span >= 2 * MSEC_PER_SEC)
		ctri_missed += s->span / MSEC_PER_SEC - 1;
	mutex_unlock(&ctri_history_mutex);
}

/**
 * ctri_history_read() - the recorded seconds, oldest first
 * @out: room for CTRI_SECONDS
 *
 * Context: process.
 * Return: how many.
 */
unsigned int ctri_history_read(struct ctri_second *out)
{
	unsigned int i, nr = 0;

	mutex_lock(&ctri_history_mutex);
	for (i = 0; i < CTRI_SECONDS; i++) {
		const struct ctri_second *s =
			&ctri_ring[(ctri_next + i) % CTRI_SECONDS];

		if (s->when)
			out[nr++] = *s;
	}
	mutex_unlock(&ctri_history_mutex);
	return nr;
}

/**
 * ctri_history_missed() - seconds that no tick recorded
 *
 * Context: process.
 */
u64 ctri_history_missed(void)
{
	u64 missed;

	mutex_lock(&ctri_history_mutex);
	missed = ctri_missed;
	mutex_unlock(&ctri_history_mutex);
	return missed;
}

/**
 * ctri_history_init() - make room
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ctri_history_init(void)
{
	ctri_ring = kvcalloc(CTRI_SECONDS, sizeof(*ctri_ring), GFP_KERNEL);
	return ctri_ring ? 0 : -ENOMEM;
}

/**
 * ctri_history_exit() - free it; neither tick nor reader is left
 *
 * Context: process.
 */
void ctri_history_exit(void)
{
	kvfree(ctri_ring);
}
