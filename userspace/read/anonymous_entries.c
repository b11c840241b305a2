// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of a captured table, with other addresses. They are written anew of what is known
 * of them, so that no attribute that nobody looked at can name anybody.
 */
#include <libmnl/libmnl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "entries/message.h"
#include "entries/turned.h"
#include "lib/memory.h"
#include "read/anonymous_entries.h"

static void hide_entry(const struct pseudonyms *p, struct entry *e)
{
	int bytes = e->family == AF_INET ? 4 : 16;

	pseudonym_bytes(p, e->source, bytes);
	pseudonym_bytes(p, e->dest, bytes);
}

void anonymous_entries(const struct pseudonyms *p, const char *text, size_t len, FILE *out)
{
	uint32_t message[MESSAGE_MOST / sizeof(uint32_t)];
	char *copy = malloc(len + 1);
	const char *at = copy;
	const struct nlmsghdr *h;
	size_t left = len;
	struct entry e;

	if (!copy)
		no_memory();
	memcpy(copy, text, len);
	messages_native(copy, len);
	while ((h = message_next(&at, &left)) && message_entry(h, NULL, &e)) {
		hide_entry(p, &e);
		fwrite(message, 1, message_put(message, sizeof(message), &e), out);
	}
	if (h || left)
		fputc('\0', out);
	free(copy);
}
