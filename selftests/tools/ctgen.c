// SPDX-License-Identifier: GPL-2.0
/*
 * ctgen - send exactly counted packets of any kind out of one interface, or
 * digest what arrives on one (--sink).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "ctgen.h"
#include "ctprog.h"

/* Not by mistake in the namespace of the machine it is typed on: it would flood it. */
static void check_netns(void)
{
	struct stat self, init;

	if (stat("/proc/self/ns/net", &self))
		die("/proc/self/ns/net: %s; mount /proc", strerror(errno));
	if (o.netns && self.st_ino != o.netns)
		die("--netns %" PRIu64 ": this is %ju; use ip netns exec",
		    o.netns, (uintmax_t)self.st_ino);
	if (o.host)
		return;
	if (stat("/proc/1/ns/net", &init)) {
		if (!o.netns)
			die("/proc/1/ns/net: %s; say by --netns which namespace is meant",
			    strerror(errno));
	} else if (init.st_ino == self.st_ino) {
		die("this is pid 1's network namespace; use ip netns exec, or --host if you mean it");
	}
}

int main(int argc, char **argv)
{
	parse_options(argc, argv);
	check_netns();
	stop_on_signals();
	if (o.sink)
		run_sink();
	else
		run_send();
	return 0;
}
