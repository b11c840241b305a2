// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses and names for a program without libraries. The C library's own functions
 * load whatever /etc/nsswitch.conf names, of the very version that they were built with,
 * which another host hasn't. These ask /etc/hosts and the name servers of
 * /etc/resolv.conf, and nobody else; only what conntriage asks for is here.
 */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HOSTS	"/etc/hosts"

/* An address as bytes: their number, 0 where it is of no family that is known */
static size_t bytes_of(const struct sockaddr *to, const unsigned char **bytes)
{
	switch (to->sa_family) {
	case AF_INET:
		*bytes = (const void *)&((const struct sockaddr_in *)to)->sin_addr;
		return sizeof(struct in_addr);
	case AF_INET6:
		*bytes = (const void *)&((const struct sockaddr_in6 *)to)->sin6_addr;
		return sizeof(struct in6_addr);
	default:
		return 0;
	}
}

/* hosts(5): an address, then its names, the canonical one first */
static bool take_line(char *line, int family, const unsigned char *bytes, size_t nr, char *name,
		      size_t size)
{
	unsigned char own[sizeof(struct in6_addr)];
	char *rest, *word;

	line[strcspn(line, "#\n")] = '\0';
	word = strtok_r(line, " \t", &rest);
	if (!word || inet_pton(family, word, own) != 1 || memcmp(own, bytes, nr))
		return false;
	word = strtok_r(NULL, " \t", &rest);
	return word && snprintf(name, size, "%s", word) < (int)size;
}

static bool ask_hosts(int family, const unsigned char *bytes, size_t nr, char *name, size_t size)
{
	FILE *file = fopen(HOSTS, "re");
	char *line = NULL;
	size_t room = 0;
	bool found = false;

	if (!file)
		return false;
	while (!found && getline(&line, &room, file) >= 0)
		found = take_line(line, family, bytes, nr, name, size);
	free(line);
	fclose(file);
	return found;
}

/* RFC 1035, 3.5, and RFC 3596, 2.5: the bytes, or their halves, from the last to the first */
static void write_question(const unsigned char *bytes, size_t nr, char *question)
{
	size_t i;

	for (i = nr; i > 0; i--)
		question += nr == sizeof(struct in_addr) ?
			    sprintf(question, "%u.", bytes[i - 1]) :
			    sprintf(question, "%x.%x.", bytes[i - 1] & 15, bytes[i - 1] >> 4);
	strcpy(question, nr == sizeof(struct in_addr) ? "in-addr.arpa" : "ip6.arpa");
}

/* The name of the first PTR record of an answer */
static bool take_answer(const unsigned char *answer, int len, char *name, size_t size)
{
	ns_msg m;
	ns_rr row;
	int i;

	if (ns_initparse(answer, len, &m))
		return false;
	for (i = 0; i < ns_msg_count(m, ns_s_an); i++)
		if (!ns_parserr(&m, ns_s_an, i, &row) && ns_rr_type(row) == ns_t_ptr)
			return ns_name_uncompress(ns_msg_base(m), ns_msg_end(m),
						  ns_rr_rdata(row), name, size) >= 0;
	return false;
}

static bool ask_servers(const unsigned char *bytes, size_t nr, char *name, size_t size)
{
	char question[80];	/* 32 digits and dots, and "ip6.arpa" */
	unsigned char answer[NS_PACKETSZ * 8];
	struct __res_state state = { 0 };
	bool found = false;
	int len;

	if (res_ninit(&state))
		return false;
	write_question(bytes, nr, question);
	len = res_nquery(&state, question, ns_c_in, ns_t_ptr, answer, sizeof(answer));
	if (len > 0 && len <= (int)sizeof(answer))
		found = take_answer(answer, len, name, size);
	res_nclose(&state);
	return found;
}

/* As getnameinfo(3), of a port as a number alone */
int getnameinfo(const struct sockaddr *to, socklen_t len, char *name, socklen_t size, char *port,
		socklen_t port_size, int flags)
{
	const unsigned char *bytes;
	size_t nr = bytes_of(to, &bytes);

	/* The port is at the same place in both. */
	if (!nr || len < (nr == sizeof(struct in_addr) ? sizeof(struct sockaddr_in) :
			  sizeof(struct sockaddr_in6)))
		return EAI_FAMILY;
	if (port && snprintf(port, port_size, "%u",
			     ntohs(((const struct sockaddr_in *)to)->sin_port)) >= (int)port_size)
		return EAI_OVERFLOW;
	if (flags & NI_NUMERICHOST)
		return inet_ntop(to->sa_family, bytes, name, size) ? 0 : EAI_OVERFLOW;
	return ask_hosts(to->sa_family, bytes, nr, name, size) ||
	       ask_servers(bytes, nr, name, size) ? 0 : EAI_NONAME;
}

/* As getaddrinfo(3), of an address and a port as numbers alone */
int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
		struct addrinfo **found)
{
	struct {
		struct addrinfo info;
		struct sockaddr_storage at;
	} *a = calloc(1, sizeof(*a));
	struct sockaddr_in *v4;
	struct sockaddr_in6 *v6;

	if (!a)
		return EAI_MEMORY;
	v4 = (struct sockaddr_in *)&a->at;
	v6 = (struct sockaddr_in6 *)&a->at;
	a->info = *hints;
	a->info.ai_addr = (struct sockaddr *)&a->at;
	*found = &a->info;
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		a->info.ai_addrlen = sizeof(*v4);
		v4->sin_port = htons(atoi(port));
	} else if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		a->info.ai_addrlen = sizeof(*v6);
		v6->sin6_port = htons(atoi(port));
	} else {
		free(a);
		return EAI_NONAME;
	}
	a->info.ai_family = a->info.ai_addrlen == sizeof(*v4) ? AF_INET : AF_INET6;
	a->at.ss_family = a->info.ai_family;
	return 0;
}

void freeaddrinfo(struct addrinfo *a)
{
	free(a);
}
