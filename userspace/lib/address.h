/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses as text: which lies in which network. */
#ifndef CONNTRIAGE_LIB_ADDRESS_H
#define CONNTRIAGE_LIB_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * address_in() - an address, or a network, lies in a network, or is the same
 * @net: an address, optionally with /bits; or with :port, IPv6 in brackets then
 * @address: likewise
 *
 * Return: false also where one of them is none.
 */
bool address_in(const char *net, const char *address);

/**
 * address_of_pair() - the address of "192.0.2.1:443" or "[2001:db8::1]:443"
 * @address: set to it, @size bytes
 *
 * Return: the port, within @pair; "" where there is none.
 */
const char *address_of_pair(const char *pair, char *address, size_t size);

/**
 * address_of_word() - the address of "192.0.2.1", "192.0.2.0/24", "tcp/192.0.2.1:443" or
 *	"tcp/[2001:db8::1]:443", without what is around it
 * @address: of what has none, "udp/53" for one, the beginning
 */
void address_of_word(const char *word, char *address, size_t size);

/** address_is_network() - address/bits with fewer bits than the family has */
bool address_is_network(const char *text);

#endif
