/* SPDX-License-Identifier: GPL-2.0 */
/* IPv4 addresses of /proc/net/route, which are numbers there. */
#ifndef CONNTRIAGE_READ_ROUTE_WORDS_H
#define CONNTRIAGE_READ_ROUTE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * routes_little() - does the file have an address's first byte in the number's lowest
 * @text: the file
 * @captured: it may be another machine's
 *
 * fib_route_seq_show() of net/ipv4/fib_trie.c prints an address as the machine has it in
 * memory, as one number. Of a mask, the bits that are set are at the end of the first
 * byte, so it tells which machine that was; where no route has one, a captured file is
 * taken to be of a machine whose first byte is the lowest, which most are.
 */
bool routes_little(const char *text, bool captured);

/** route_word() - a number of that file as the address is in memory, here */
uint32_t route_word(uint32_t number, bool little);

#endif
