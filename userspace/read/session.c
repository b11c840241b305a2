// SPDX-License-Identifier: GPL-2.0
/*
 * Who sits at the other end of the session that this process runs in. The
 * environment tells, unless sudo has cleared it: then the sshd among its ancestors
 * does, by the established TCP sockets that it holds. Then where everybody else is
 * logged in from: utmp has it, or logind, where nobody writes utmp any more.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include "lib/text.h"
#include "read/files.h"
#include "read/guarded.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define LOGIND_DIR	"run/systemd/sessions"
#define ESTABLISHED	1	/* TCP_ESTABLISHED of the kernel's net/tcp_states.h */
#define MOST_SOCKETS	64	/* of one sshd: its session, and what it forwards */

/* "192.0.2.7 50000 192.0.2.1 22": the peer comes first */
void parse_session(struct snapshot *s, char *text)
{
	text[strcspn(text, " %")] = '\0';
	guard_address(s, GUARD_SESSION, text);
}

static void from_environment(struct snapshot *s)
{
	static const char *const names[] = { "SSH_CONNECTION", "SSH_CLIENT" };
	size_t i;

	for (i = 0; i < 2; i++) {
		const char *value = getenv(names[i]);
		char *copy = value ? strdup(value) : NULL;

		if (copy)
			parse_session(s, copy);
		free(copy);
	}
}

/* Name and parent of a process: "PID (NAME) STATE PARENT ..." */
static int64_t parent_of(struct reader *r, int64_t pid, char *name, size_t size)
{
	long long parent = 0;
	char path[64], *text, *end;

	snprintf(path, sizeof(path), "proc/%lld/stat", (long long)pid);
	if (files_read_part(&r->files, path, READ_MAX_BOOT_FILE, &text, NULL))
		return 0;
	end = strrchr(text, ')');
	if (end && strchr(text, '(') && sscanf(end + 1, " %*c %lld", &parent) == 1) {
		*end = '\0';
		snprintf(name, size, "%s", strchr(text, '(') + 1);
	}
	free(text);
	return parent;
}

/* The inodes of the sockets that a process holds */
static size_t sockets_of(struct reader *r, int64_t pid, unsigned long *inode)
{
	char path[64], file[96], target[64], **names;
	size_t i, nr, found = 0;

	snprintf(path, sizeof(path), "proc/%lld/fd", (long long)pid);
	if (files_list(&r->files, path, "", "", READ_MAX_FDS, &names, &nr))
		return 0;
	for (i = 0; i < nr && found < MOST_SOCKETS; i++) {
		snprintf(file, sizeof(file), "%s/%.20s", path, names[i]);
		if (files_peek_link(&r->files, file, target, sizeof(target)) &&
		    sscanf(target, "socket:[%lu]", &inode[found]) == 1)
			found++;
	}
	files_list_free(names, nr);
	return found;
}

/* "010200C0:0016", or 32 digits: words of four bytes, as the machine has them in memory */
static bool peer_address(const char *hex, char *address, size_t size)
{
	size_t digits = strspn(hex, "0123456789ABCDEF"), i;
	uint32_t word[4] = { 0 };

	if (digits != 8 && digits != 32)
		return false;
	for (i = 0; i < digits / 8; i++)
		if (sscanf(hex + 8 * i, "%8x", &word[i]) != 1)
			return false;
	if (digits == 8)
		return inet_ntop(AF_INET, word, address, size);
	if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)word))
		return inet_ntop(AF_INET, &word[3], address, size);
	return inet_ntop(AF_INET6, word, address, size);
}

/* get_tcp4_sock() of net/ipv4/tcp_ipv4.c, and its like of IPv6 */
static void find_peers(struct snapshot *s, char *text, const unsigned long *inode, size_t nr)
{
	char address[INET6_ADDRSTRLEN], remote[48], *line;
	unsigned long its;
	unsigned int state;
	size_t i;

	while ((line = text_line(&text))) {
		if (sscanf(line, " %*d: %*s %47s %2x %*s %*s %*s %*d %*d %lu", remote, &state,
			   &its) != 3 || state != ESTABLISHED)
			continue;
		for (i = 0; i < nr; i++)
			if (its == inode[i] && peer_address(remote, address, sizeof(address)))
				guard_address(s, GUARD_SESSION, address);
	}
}

static void peers_of(struct reader *r, int64_t pid)
{
	static const char *const files[] = { "tcp", "tcp6" };
	unsigned long inode[MOST_SOCKETS];
	size_t i, nr = sockets_of(r, pid, inode);
	char path[64], *text;

	for (i = 0; nr && i < 2; i++) {
		/* its own namespace, wherever this process has been put */
		snprintf(path, sizeof(path), "proc/%lld/net/%s", (long long)pid, files[i]);
		if (files_read_part(&r->files, path, READ_MAX_TCP, &text, NULL))
			continue;
		find_peers(r->s, text, inode, nr);
		free(text);
	}
}

/* Whom sshd let in has an address; of others there is a name at most. */
static void guard_login(struct snapshot *s, const struct utmpx *u)
{
	char address[INET6_ADDRSTRLEN], host[sizeof(u->ut_host) + 1], *end;
	const int32_t *word = u->ut_addr_v6;
	struct in6_addr binary;
	const char *good;

	memcpy(&binary, word, sizeof(binary));
	if (IN6_IS_ADDR_V4MAPPED(&binary))
		good = inet_ntop(AF_INET, &word[3], address, sizeof(address));
	else if (word[1] || word[2] || word[3])
		good = inet_ntop(AF_INET6, &binary, address, sizeof(address));
	else	/* of IPv4, or none: 0.0.0.0 */
		good = inet_ntop(AF_INET, &word[0], address, sizeof(address));
	if (good)
		guard_address(s, GUARD_SESSION, address);
	/* "192.0.2.7 via mosh [123]", and screen's "192.0.2.7:S.0" */
	snprintf(host, sizeof(host), "%.*s", (int)sizeof(u->ut_host), u->ut_host);
	end = strstr(host, ":S.");
	if (end)
		*end = '\0';
	parse_session(s, host);
}

void parse_utmp(struct reader *r, const char *records, size_t len)
{
	char path[32];
	struct utmpx u;
	size_t i;

	for (i = 0; i < READ_MAX_LOGINS && len >= sizeof(u); i++) {
		memcpy(&u, records, sizeof(u));
		records += sizeof(u);
		len -= sizeof(u);
		/* Records outlive a crash; processes don't. */
		snprintf(path, sizeof(path), "proc/%d", (int)u.ut_pid);
		if (u.ut_type == USER_PROCESS && files_is_there(&r->files, path))
			guard_login(r->s, &u);
	}
}

/* One a session, "REMOTE_HOST=192.0.2.7"; closing: its user has left, processes haven't */
void parse_logind_session(struct snapshot *s, char *text)
{
	static const char key[] = "REMOTE_HOST=";
	char *line, *host = NULL;

	while ((line = text_line(&text))) {
		if (!strcmp(line, "STATE=closing"))
			return;
		if (!strncmp(line, key, strlen(key)))
			host = line + strlen(key);
	}
	if (host)
		parse_session(s, host);
}

/* Neither is copied: they have names of users. */
static void read_logins(struct reader *r)
{
	char path[300], *text, **names;
	size_t i, nr, len;

	if (!files_read_part(&r->files, "run/utmp", READ_MAX_KERNEL_FILE, &text, &len)) {
		parse_utmp(r, text, len);
		free(text);
	}
	/* More sessions than that: no list of them would be whole. */
	if (files_list(&r->files, LOGIND_DIR, "", "", READ_MAX_LOGINS, &names, &nr))
		return;
	for (i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), LOGIND_DIR "/%s", names[i]);
		if (files_read_part(&r->files, path, READ_MAX_BOOT_FILE, &text, NULL))
			continue;
		parse_logind_session(r->s, text);
		free(text);
	}
	files_list_free(names, nr);
}

/* A captured tree has it among those of read_guarded(). */
int read_session(struct reader *r)
{
	int64_t pid = getpid();
	int depth;

	if (*r->s->root)
		return 0;
	from_environment(r->s);
	for (depth = 0; pid > 1 && depth < READ_MAX_ANCESTORS; depth++) {
		char name[32] = "";
		int64_t parent = parent_of(r, pid, name, sizeof(name));

		if (!strcmp(name, "sshd") || !strcmp(name, "sshd-session") ||
		    !strcmp(name, "dropbear"))
			peers_of(r, pid);
		pid = parent;
	}
	read_logins(r);
	return 0;
}
