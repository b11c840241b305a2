// SPDX-License-Identifier: GPL-2.0
/* Who is logged in from where: records of utmp, and files of logind. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include "lib/numbers.h"
#include "read/parts.h"
#include "read/read.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define GONE	0x7ffffff0	/* more than any process's number */

static struct utmpx login(short type, pid_t pid, const char *host, const char *address)
{
	struct utmpx u = { .ut_type = type, .ut_pid = pid };

	strncpy(u.ut_host, host, sizeof(u.ut_host));
	if (*address)
		inet_pton(strchr(address, ':') ? AF_INET6 : AF_INET, address, u.ut_addr_v6);
	return u;
}

/* Whether these and no others are guarded, as sessions */
static bool guards(const struct snapshot *s, const char *const *address, size_t nr)
{
	size_t i;

	for (i = 0; i < nr && i < s->nr_guarded; i++)
		if (strcmp(s->guarded[i].address, address[i]) || s->guarded[i].why != GUARD_SESSION)
			return false;
	return s->nr_guarded == nr;
}

static bool utmp_guards(const struct utmpx *records, size_t len, const char *const *address,
			size_t nr)
{
	char message[256];
	struct snapshot s;
	struct reader r;
	bool good = false;

	/* processes of this host */
	if (!reader_begin(&r, "", 0, NULL, &s, message, sizeof(message))) {
		parse_utmp(&r, (const char *)records, len);
		good = guards(&s, address, nr);
	}
	reader_end(&r);
	snapshot_free(&s);
	return good;
}

static bool logged_in(void)
{
	static const char *const want[] = {
		"192.0.2.1", "2001:db8::1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "2001:db8::2",
		"192.0.2.5",
	};
	char whole[sizeof(((struct utmpx *)0)->ut_host) + 1];
	const struct utmpx records[] = {
		login(BOOT_TIME, 0, "6.1.0", "198.51.100.1"),
		login(USER_PROCESS, getpid(), "router.example", "192.0.2.1"),
		login(USER_PROCESS, getpid(), "", "2001:db8::1"),
		login(USER_PROCESS, getpid(), "", "::ffff:192.0.2.2"),
		login(USER_PROCESS, GONE, "198.51.100.2", "198.51.100.2"),
		login(DEAD_PROCESS, getpid(), "198.51.100.3", "198.51.100.3"),
		login(USER_PROCESS, getpid(), "192.0.2.3 via mosh [77]", ""),
		login(USER_PROCESS, getpid(), "192.0.2.4:S.0", ""),
		login(USER_PROCESS, getpid(), "2001:db8::2", ""),
		login(USER_PROCESS, getpid(), "tmux(77).%0", ""),
		login(USER_PROCESS, getpid(), ":0", ""),
		login(USER_PROCESS, getpid(), "$(reboot)", ""),
		login(USER_PROCESS, getpid(), memset(whole, '1', sizeof(whole) - 1), ""),
		login(USER_PROCESS, getpid(), "192.0.2.5", "192.0.2.1"),
	};

	return utmp_guards(records, sizeof(records), want, ARRAY_SIZE(want));
}

/* The last record was cut off; before it, more than READ_MAX_LOGINS do no harm. */
static bool cut_off(void)
{
	static const char *const want[] = { "192.0.2.1" };
	static struct utmpx records[2000];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(records); i++)
		records[i] = login(i ? EMPTY : USER_PROCESS, getpid(), "", "192.0.2.1");
	records[1999] = login(USER_PROCESS, getpid(), "", "192.0.2.2");
	records[2] = login(USER_PROCESS, getpid(), "", "192.0.2.3");
	return utmp_guards(records, sizeof(records), (const char *const []) { want[0], "192.0.2.3" },
			   2) && utmp_guards(records, 3 * sizeof(*records) - 1, want, 1);
}

static bool session_guards(const char *file, const char *address)
{
	struct snapshot s = { .root = "" };
	char text[128];
	bool good;

	snprintf(text, sizeof(text), "%s", file);
	parse_logind_session(&s, text);
	good = guards(&s, &address, *address ? 1 : 0);
	snapshot_free(&s);
	return good;
}

static bool a_session(void)
{
	return session_guards("UID=0\nSTATE=active\nREMOTE=1\nREMOTE_HOST=192.0.2.7\nTTY=pts/0\n",
			      "192.0.2.7");
}

static bool one_that_left(void)
{
	return session_guards("REMOTE_HOST=192.0.2.7\nSTATE=closing\n", "");
}

static bool no_address(void)
{
	return session_guards("XREMOTE_HOST=192.0.2.7\nREMOTE_HOST=$(reboot)\n", "") &&
	       session_guards("", "");
}

const struct record_test login_records[] = {
	{ "utmp: who is logged in, and whose process is there", logged_in },
	{ "utmp: cut off, and too long", cut_off },
	{ "logind: a session", a_session },
	{ "logind: a session whose user has left", one_that_left },
	{ "logind: a session without an address", no_address },
	{ NULL, NULL },
};
