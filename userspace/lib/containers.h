/* SPDX-License-Identifier: GPL-2.0 */
/* Containers, and who lives in a namespace: found in a snapshot, and called by name. */
#ifndef CONNTRIAGE_LIB_CONTAINERS_H
#define CONNTRIAGE_LIB_CONTAINERS_H

#include "snapshot.h"

#define SHORT_ID	12	/* bytes of a container's id, as docker ps shows it */
#define SHORT_NAME	40	/* what remains of a name that somebody made long */

/* What a container of it is called: "docker container" */
extern const char *const runtime_phrase[RUNTIMES];

/** find_container() - by its id in struct program or struct tenant; or NULL */
const struct container *find_container(const struct snapshot *s, const char *id);

/** find_tenant() - of a namespace, or NULL */
const struct tenant *find_tenant(const struct snapshot *s, int64_t netns);

/**
 * container_words() - "docker container web", "pod shop/cart-7f, nginx"; no image
 *
 * Return: in a buffer of lib/words.h; as who_words(), for people alone.
 */
const char *container_words(const struct container *c);

#endif
