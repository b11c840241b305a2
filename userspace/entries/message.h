/* SPDX-License-Identifier: GPL-2.0 */
/* Entries out of ctnetlink's messages, IPCTNL_MSG_CT_NEW; and into shorter ones. */
#ifndef CONNTRIAGE_ENTRIES_MESSAGE_H
#define CONNTRIAGE_ENTRIES_MESSAGE_H

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdbool.h>

#include "entries/entry.h"

#define MESSAGE_MOST	256	/* bytes that one of message_put() takes at most */

/* What a message has of an entry, by CTA_ */
struct attrs {
	const struct nlattr *top[CTA_MAX + 1];
};

/**
 * message_entry() - read what a message tells
 * @h: whole
 * @a: takes where its attributes are; may be NULL
 *
 * Return: false where it tells of no entry: then @e isn't filled.
 */
bool message_entry(const struct nlmsghdr *h, struct attrs *a, struct entry *e);

/**
 * message_request() - begin a request to nfnetlink
 * @buf: takes it
 * @subsystem: NFNL_SUBSYS_*
 * @type: of a message of that subsystem
 * @flags: NLM_F_* besides NLM_F_REQUEST
 */
struct nlmsghdr *message_request(char *buf, uint8_t subsystem, uint16_t type, uint16_t flags,
				 unsigned int seq, uint8_t family);

/**
 * message_next() - the next of messages that stand behind each other
 * @at, @left: where, and how many bytes; moved behind it
 *
 * mnl_nlmsg_ok() takes a length above INT_MAX for a good one.
 *
 * Return: one that is whole; NULL: none follows, or it isn't, and then @left isn't 0.
 */
const struct nlmsghdr *message_next(const char **at, size_t *left);

/**
 * message_put() - write the message of an entry again, with what message_entry() reads
 *
 * As of an event, NLM_F_CREATE says that the entry has arrived; NLM_F_EXCL, that its
 * source is a newcomer.
 *
 * @buf: takes it
 * @size: bytes there
 *
 * Return: bytes that it took, aligned as the next one has to be; 0: there is no room.
 */
size_t message_put(void *buf, size_t size, const struct entry *e);

#endif
