/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of ctnetlink that a machine of the other order of bytes has kept. */
#ifndef CONNTRIAGE_ENTRIES_TURNED_H
#define CONNTRIAGE_ENTRIES_TURNED_H

#include <stddef.h>

/**
 * messages_native() - turn what stands in the other order, to be read here
 * @text: as message_put() has written messages there, on whatever machine
 * @len: bytes of them
 *
 * Lengths, types and flags are in the order of the machine (struct nlmsghdr, struct
 * nlattr); values are in the network's. The type of the first message tells which order
 * it is. What is damaged is left from there on: message_next() refuses it.
 */
void messages_native(char *text, size_t len);

#endif
