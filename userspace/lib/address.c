// SPDX-License-Identifier: GPL-2.0
/* Addresses as text: which lies in which network. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/address.h"

/* "10.0.0.1", "10.0.0.1/24", "10.0.0.1:80", "[fd00::1]:80": bytes, bits of them */
static int parse_address(const char *text, unsigned char *bytes, int *bits)
{
	char address[INET6_ADDRSTRLEN + 1];
	const char *slash = strchr(text, '/');
	size_t len;
	int family;

	if (*text == '[') {
		text++;
		len = strcspn(text, "]");
	} else {
		len = slash ? (size_t)(slash - text) : strlen(text);
		if (strchr(text, '.') && strchr(text, ':'))
			len = strcspn(text, ":");
	}
	if (len >= sizeof(address))
		return 0;
	memcpy(address, text, len);
	address[len] = '\0';
	family = strchr(address, ':') ? AF_INET6 : AF_INET;
	*bits = slash ? atoi(slash + 1) : family == AF_INET ? 32 : 128;
	return inet_pton(family, address, bytes) == 1 ? family : 0;
}

bool address_in(const char *net, const char *address)
{
	unsigned char is[16], one[16];
	int bits, more, i, family = parse_address(net, is, &bits);

	if (!family || parse_address(address, one, &more) != family || more < bits)
		return false;
	for (i = 0; i < bits / 8; i++)
		if (is[i] != one[i])
			return false;
	return !(bits % 8) || !((is[i] ^ one[i]) >> (8 - bits % 8));
}

bool address_is_network(const char *text)
{
	unsigned char bytes[16];
	int bits, family = parse_address(text, bytes, &bits);

	return family && bits < (family == AF_INET ? 32 : 128);
}

const char *address_of_pair(const char *pair, char *address, size_t size)
{
	const char *port = strrchr(pair, ':');
	int len = port ? port - pair : 0;

	if (*pair == '[' && len > 2)
		snprintf(address, size, "%.*s", len - 2, pair + 1);
	else
		snprintf(address, size, "%.*s", len, pair);
	return port ? port + 1 : "";
}

void address_of_word(const char *word, char *address, size_t size)
{
	const char *slash = strchr(word, '/');

	/* no colon stands behind the slash of a network */
	if (slash && strchr(slash, ':'))
		address_of_pair(slash + 1, address, size);
	else if (*word == '[')
		address_of_pair(word, address, size);
	else
		snprintf(address, size, "%.*s", (int)strcspn(word, "/"), word);
}
