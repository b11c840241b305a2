// SPDX-License-Identifier: GPL-2.0
/* conntriage-delete - delete exactly the entries that are meant. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "delete/ctnetlink.h"
#include "delete/options.h"
#include "kmod/abi.h"

#define FAILED	3	/* as of conntriage: an error */

static int fail(int error)
{
	switch (error) {
	case EPERM:
		warnx("it takes CAP_NET_ADMIN here; run it as root");
		break;
	case EPROTONOSUPPORT:
	case EINVAL:
	case EOPNOTSUPP:
		warnx("the kernel has no ctnetlink (%s); try: modprobe nf_conntrack_netlink",
		      strerror(error));
		break;
	default:
		warnx("ctnetlink: %s; try again", strerror(error));
	}
	return FAILED;
}

static int run(const struct selection *s)
{
	struct deletion d;
	int error = ctnetlink_delete(s, &d);

	if (!error || d.deleted) {
		printf("%" PRIu64 " of %" PRIu64 " entries deleted", d.deleted, d.seen);
		if (d.offloaded)
			printf(", %" PRIu64 " stay: a flowtable forwards them", d.offloaded);
		putchar('\n');
	}
	if (error)
		return fail(error);
	return fflush(stdout) || ferror(stdout) ? FAILED : 0;
}

int main(int argc, char **argv)
{
	struct selection s;

	switch (options_parse(argc, argv, &s)) {
	case OPTIONS_DELETE:
		return run(&s);
	case OPTIONS_HELP:
		fputs(options_usage, stdout);
		return 0;
	case OPTIONS_VERSION:
		puts("conntriage-delete " CTRI_VERSION);
		return 0;
	default:
		return FAILED;
	}
}
