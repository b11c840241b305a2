// SPDX-License-Identifier: GPL-2.0
/*
 * Prefix-preserving pseudonyms, as Crypto-PAn makes them: whether a bit is flipped is told
 * by a keyed hash of the bits before it. The hash is SipHash-2-4: made for short inputs
 * that somebody may choose, and the one thing that would be taken of a library.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "lib/numbers.h"
#include "read/pseudonym.h"

#define SHORT_ID	12	/* digits by which people call a container */

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void sip_round(uint64_t *v)
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

/* SipHash-2-4 (Aumasson and Bernstein), words in the order of this machine's bytes */
static uint64_t keyed_hash(const struct pseudonyms *p, const void *data, size_t len)
{
	uint64_t v[4] = {
		p->key[0] ^ 0x736f6d6570736575, p->key[1] ^ 0x646f72616e646f6d,
		p->key[0] ^ 0x6c7967656e657261, p->key[1] ^ 0x7465646279746573,
	};
	const unsigned char *next = data;
	size_t left;

	for (left = len; ; next += sizeof(uint64_t), left -= sizeof(uint64_t)) {
		bool last = left < sizeof(uint64_t);
		uint64_t word = last ? (uint64_t)len << 56 : 0;

		memcpy(&word, next, last ? left : sizeof(word));
		v[3] ^= word;
		sip_round(v);
		sip_round(v);
		v[0] ^= word;
		if (last)
			break;
	}
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

int pseudonyms_begin(struct pseudonyms *p)
{
	return getrandom(p->key, sizeof(p->key), 0) == sizeof(p->key) ? 0 : -errno;
}

/* What has a meaning of its own, by its first bits */
struct special {
	unsigned char prefix[16];
	int bits;
	bool whole;		/* all of it stays; else what is behind these bits doesn't */
};

static const struct special special4[] = {
	{ { 0 }, 8, true }, { { 127 }, 8, true }, { { 224 }, 3, true },
	{ { 10 }, 8, false }, { { 172, 16 }, 12, false }, { { 192, 168 }, 16, false },
	{ { 100, 64 }, 10, false }, { { 169, 254 }, 16, false },
};

static const struct special special6[] = {
	{ { 0 }, 8, true }, { { 0xff }, 8, true },
	{ { 0xfe, 0x80 }, 64, false }, { { 0xfc }, 7, false }, { { 0x20 }, 3, false },
};

static bool same_bits(const unsigned char *a, const unsigned char *b, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	return !memcmp(a, b, whole) &&
	       (!rest || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

/* A bit that decides between special ranges and others isn't flipped. */
static bool is_fixed(const struct special *list, size_t nr, const unsigned char *address, int at)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct special *s = &list[i];

		if (at < s->bits ? same_bits(address, s->prefix, at) :
				   s->whole && same_bits(address, s->prefix, s->bits))
			return true;
	}
	return false;
}

static bool is_flipped(const struct pseudonyms *p, const unsigned char *address, int bytes, int at)
{
	unsigned char input[18] = { bytes, at };
	int whole = at / 8;

	memcpy(input + 2, address, whole);
	if (at % 8)
		input[2 + whole] = address[whole] & ~(0xff >> at % 8);
	return keyed_hash(p, input, sizeof(input)) & 1;
}

static void permute(const struct pseudonyms *p, unsigned char *address, int bytes)
{
	const struct special *list = bytes == 4 ? special4 : special6;
	size_t nr = bytes == 4 ? ARRAY_SIZE(special4) : ARRAY_SIZE(special6);
	unsigned char old[16];
	int at;

	memcpy(old, address, bytes);
	for (at = 0; at < 8 * bytes; at++)
		if (!is_fixed(list, nr, old, at) && is_flipped(p, old, bytes, at))
			address[at / 8] ^= 0x80 >> at % 8;
}

/* Behind the bits of a network there is nothing, before and after. */
static void clear_behind(const unsigned char *old, unsigned char *address, int bytes, int bits)
{
	int at;

	for (at = bits; at < 8 * bytes; at++)
		if (old[at / 8] & 0x80 >> at % 8)
			return;
	for (at = bits; at < 8 * bytes; at++)
		address[at / 8] &= ~(0x80 >> at % 8);
}

/* IPv4 within IPv6: mapped (::ffff:0:0/96), and behind NAT64 (64:ff9b::/96) */
static bool has_ipv4(const unsigned char *address)
{
	static const unsigned char mapped[12] = { [10] = 0xff, 0xff };
	static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };

	return !memcmp(address, mapped, 12) || !memcmp(address, nat64, 12);
}

static void hide(const struct pseudonyms *p, unsigned char *address, int bytes, int bits)
{
	unsigned char old[16];

	memcpy(old, address, bytes);
	if (bytes == 16 && has_ipv4(address))
		permute(p, address + 12, 4);
	else
		permute(p, address, bytes);
	if (bits >= 0)
		clear_behind(old, address, bytes, bits);
}

bool pseudonym_address(const struct pseudonyms *p, char *word, size_t size, int bits)
{
	unsigned char address[16];
	int family = strchr(word, ':') ? AF_INET6 : AF_INET;

	if (inet_pton(family, word, address) != 1)
		return false;
	hide(p, address, family == AF_INET ? 4 : 16, bits);
	return inet_ntop(family, address, word, size);
}

void pseudonym_bytes(const struct pseudonyms *p, uint8_t *address, int bytes)
{
	hide(p, address, bytes, -1);
}

void pseudonym_if_inet6(const struct pseudonyms *p, char *digits)
{
	unsigned char address[16];
	int i;

	for (i = 0; i < 16; i++)
		if (sscanf(digits + 2 * i, "%2hhx", &address[i]) != 1)
			return;
	hide(p, address, 16, -1);
	for (i = 0; i < 16; i++) {
		digits[2 * i] = "0123456789abcdef"[address[i] >> 4];
		digits[2 * i + 1] = "0123456789abcdef"[address[i] & 15];
	}
}

bool pseudonym_next(const char *begin, const char *to, char *end, size_t size)
{
	int family = strchr(begin, ':') ? AF_INET6 : AF_INET, at, carry = 0;
	unsigned char a[16], b[16], c[16];

	if (inet_pton(family, begin, a) != 1 || inet_pton(family, to, b) != 1 ||
	    inet_pton(family, end, c) != 1)
		return false;
	for (at = family == AF_INET ? 3 : 15; at >= 0; at--) {
		carry += b[at] + c[at] - a[at];
		b[at] = carry;
		carry >>= 8;
	}
	return inet_ntop(family, b, end, size);
}

void pseudonym_hex(const struct pseudonyms *p, char *digits, size_t len)
{
	uint64_t h = keyed_hash(p, digits, len < SHORT_ID ? len : SHORT_ID);
	size_t i;

	for (i = 0; i < len; i++) {
		if (i && i % 16 == 0)
			h = keyed_hash(p, &h, sizeof(h));
		digits[i] = "0123456789abcdef"[h >> (i % 16 * 4) & 15];
	}
}

void pseudonym_name(const struct pseudonyms *p, const char *kind, const char *name, size_t len,
		    char *out, size_t size)
{
	snprintf(out, size, "%s-%06llx", kind,
		 (unsigned long long)(keyed_hash(p, name, len) & 0xffffff));
}
