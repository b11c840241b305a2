// SPDX-License-Identifier: GPL-2.0
/*
 * What the members of a crowd are called, and whose an address is. Each crowd has
 * a network of its own, an octet of IPv4 or of an IPv6 prefix, so that the answer
 * needs no list.
 */
#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/situations/crowd.h"

#define SPREAD6		0x2a00ull	/* each member in a /48 of its own */
#define TOGETHER6	0x2a01ull	/* all in one /48 */
#define HIGH6(top, block)	((top) << 48 | (uint64_t)(block) << 40)

/* An odd factor makes another number below 2^24 of each: they look unordered. */
static uint32_t scattered(uint32_t i)
{
	return (i + 1) * 0x9e3779u & 0xffffff;
}

struct address crowd_member(const struct crowd *c, uint32_t i)
{
	struct address a = { .family = c->family };
	uint32_t within = scattered(c->block + 77);

	if (c->family == 4) {
		a.low = (uint64_t)c->block << 24;
		a.low |= c->neighbours ? (within & 0xffff00) | (i % 254 + 1) : scattered(i);
		return a;
	}
	if (c->neighbours)
		a.high = HIGH6(TOGETHER6, c->block) | (uint64_t)(within & 0xffff) << 16 |
			 (i & 0xffff);
	else
		a.high = HIGH6(SPREAD6, c->block) | (uint64_t)scattered(i) << 16;
	a.low = 1;
	return a;
}

void crowd_weights(const struct crowd *c, double *weight)
{
	double sum = 0;
	uint32_t i;

	for (i = 0; i < c->nr; i++)
		sum += weight[i] = c->skew > 0 ? pow(i + 1, -c->skew) : 1;
	for (i = 0; i < c->nr; i++)
		weight[i] /= sum;
}

struct address address_source(struct address a)
{
	if (a.family == 6)
		a.low = 0;
	return a;
}

struct address address_prefix(struct address a)
{
	if (a.family == 4) {
		a.low &= 0xffffff00;
	} else {
		a.high &= ~0xffffull;
		a.low = 0;
	}
	return a;
}

/* snprintf() would take half of the time that a situation has. */
static char *put_octet(char *to, unsigned int n)
{
	if (n >= 100)
		*to++ = '0' + n / 100;
	if (n >= 10)
		*to++ = '0' + n / 10 % 10;
	*to++ = '0' + n % 10;
	return to;
}

char *address_text(char *text, const struct address *a, int bits)
{
	struct in6_addr binary;
	char *to = text;
	int i;

	if (a->family == 4) {
		for (i = 24; i >= 0; i -= 8) {
			to = put_octet(to, a->low >> i & 255);
			*to++ = '.';
		}
		to--;
		*to = '\0';
	} else {
		for (i = 0; i < 8; i++) {
			binary.s6_addr[i] = a->high >> (56 - 8 * i);
			binary.s6_addr[8 + i] = a->low >> (56 - 8 * i);
		}
		inet_ntop(AF_INET6, &binary, text, ADDRESS_TEXT);
		to = text + strlen(text);
	}
	if (bits) {
		*to++ = '/';
		*put_octet(to, bits) = '\0';
	}
	return text;
}

static bool parse_address(const char *word, struct address *a, int *bits)
{
	char copy[ADDRESS_TEXT], *slash;
	unsigned char b[16];
	int i;

	if (strlen(word) >= sizeof(copy))
		return false;
	strcpy(copy, word);
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, copy, b) == 1) {
		a->family = 4;
		a->low = (uint64_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
	} else if (inet_pton(AF_INET6, copy, b) == 1) {
		a->family = 6;
		for (i = 0; i < 8; i++) {
			a->high = a->high << 8 | b[i];
			a->low = a->low << 8 | b[8 + i];
		}
	} else {
		return false;
	}
	*bits = slash ? atoi(slash) : a->family == 4 ? 32 : 128;
	return true;
}

static unsigned int block_of(const struct address *a)
{
	if (a->family == 4)
		return a->low >> 24;
	return a->high >> 49 == SPREAD6 >> 1 ? a->high >> 40 & 255 : 0;
}

const struct crowd *crowd_named(const struct situation *s, const char *word, bool *whole)
{
	struct address a;
	int i, bits;

	if (!parse_address(word, &a, &bits))
		return NULL;
	*whole = bits < (a.family == 4 ? 32 : 64);
	for (i = 0; i < s->nr_crowds; i++)
		if (s->crowd[i].family == a.family && s->crowd[i].block == block_of(&a))
			return &s->crowd[i];
	return NULL;
}

static bool covers(const struct address *net, int bits, const struct address *a)
{
	uint64_t high = net->high ^ a->high, low = net->low ^ a->low;

	if (net->family != a->family)
		return false;
	if (net->family == 4)
		return !bits || !(low >> (32 - bits));
	if (bits < 64)
		return !bits || !(high >> (64 - bits));
	return !high && (bits == 64 || !(low >> (128 - bits)));
}

double crowd_share(const struct crowd *c, const char *word)
{
	double weight[MOST_NAMED], sum = 0;
	struct address net, a;
	uint32_t i;
	int bits;

	if (c->size != NAMED || !parse_address(word, &net, &bits))
		return 0;
	crowd_weights(c, weight);
	for (i = 0; i < c->nr; i++) {
		a = crowd_member(c, i);
		sum += covers(&net, bits, &a) ? weight[i] : 0;
	}
	return sum;
}
