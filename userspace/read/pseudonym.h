/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pseudonyms: the same for the same name within one capture, and others in the next.
 * Addresses keep what they have in common: two that share so many bits still do.
 */
#ifndef CONNTRIAGE_READ_PSEUDONYM_H
#define CONNTRIAGE_READ_PSEUDONYM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PSEUDONYM_HOST	"host-1"	/* the captured host itself */

struct pseudonyms {
	uint64_t key[2];
};

/** pseudonyms_begin() - draw a key; returns 0 or -errno */
int pseudonyms_begin(struct pseudonyms *p);

/**
 * pseudonym_address() - another address of the same kind
 * @word: an address of either family, replaced in place of @size bytes
 * @bits: of the network that it stands for; -1: one host. What is zero behind them stays
 *
 * Loopback, multicast, masks and addresses that mean none stay; what is private, shared,
 * link-local or unique local stays that.
 *
 * Return: false where it is no address.
 */
bool pseudonym_address(const struct pseudonyms *p, char *word, size_t size, int bits);

/** pseudonym_bytes() - the same for an address of 4 or 16 bytes, in place */
void pseudonym_bytes(const struct pseudonyms *p, uint8_t *address, int bytes);

/** pseudonym_if_inet6() - the same for 32 hexadecimal digits, replaced in place */
void pseudonym_if_inet6(const struct pseudonyms *p, char *digits);

/** pseudonym_next() - the address so much behind @to as @end is behind @begin, for ranges
 * @end: replaced in place of @size bytes
 *
 * Return: false where these aren't addresses of one family.
 */
bool pseudonym_next(const char *begin, const char *to, char *end, size_t size);

/**
 * pseudonym_hex() - other hexadecimal digits, @len of them, replaced in place
 *
 * The first twelve, by which people call a container, become those of the whole.
 */
void pseudonym_hex(const struct pseudonyms *p, char *digits, size_t len);

/** pseudonym_name() - "netns-3fa91c": @kind, and what stands for the name */
void pseudonym_name(const struct pseudonyms *p, const char *kind, const char *name, size_t len,
		    char *out, size_t size);

#endif
