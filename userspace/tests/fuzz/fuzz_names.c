// SPDX-License-Identifier: GPL-2.0
/*
 * Who is who: leases, neighbours, cgroups' paths, the runtimes' JSON, and what a
 * capture keeps of all that. The first byte chooses.
 */
#include <json-c/json.h>

#include "lib/containers.h"
#include "lib/numbers.h"
#include "lib/who.h"
#include "read/cgroups.h"
#include "read/names.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/runtimes.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

#define ID	"4f2a1b3c9d8e4f2a1b3c9d8e4f2a1b3c9d8e4f2a1b3c9d8e4f2a1b3c9d8e0000"

static void printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			abort();
}

static void fuzz_cgroup(char *text)
{
	struct cgroup_container in;
	char unit[96], *path;

	program_name(text, unit, sizeof(unit));
	if (cgroup_container(text, &in)) {
		printable(in.id);
		if (in.prefix > strlen(text))
			abort();
	}
	path = cgroup_path(text);
	if (path)
		cgroup_container(path, &in);
}

static void fuzz_json(const char *text)
{
	struct json_object *json = json_tokener_parse(text);
	struct container c = { .id = ID, .user = UNKNOWN };
	int64_t pid;

	docker_names(json, &c, &pid);
	printable(container_words(&c));
	runtimes_annotations(json, &c);
	printable(container_words(&c));
	storage_names(json, ID, &c);
	printable(container_words(&c));
	printable(c.image);
	json_object_put(json);
}

/* Whatever is in the tables, what is said of it is for a terminal. */
static void ask(struct snapshot *s)
{
	size_t i;

	names_sort(s);
	for (i = 0; i < s->nr_tenants; i++)
		printable(who_netns(s, s->tenant[i].netns));
	for (i = 0; i < s->nr_owned; i++)
		printable(who_words(s, s->owned[i].netns, s->owned[i].address));
	for (i = 0; i < s->nr_neighbours; i++)
		printable(who_words(s, s->neighbour[i].netns, s->neighbour[i].address));
	for (i = 0; i < s->nr_leases; i++)
		printable(who_words(s, s->own_netns, s->lease[i].address));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kept[] = {
		"containers", "tenants", "owned", "neighbours", "leases",
	};
	static void (*const lists[])(struct names *n, char *text) = {
		parse_dnsmasq, parse_odhcpd, parse_kea, parse_isc, parse_libvirt,
	};
	struct named named[] = { { "10.0.0.1", 0 }, { "10.0.0.2", 0 }, { "fd00::5", 0 } };
	struct snapshot s = { .own_netns = 1 };
	struct reader r = { .s = &s };
	struct names n = { .r = &r, .named = named, .nr_named = 3, .now = 1000 };
	struct fuzz f;
	int choice;

	if (!size)
		return 0;
	fuzz_begin(&f, data + 1, size - 1);
	choice = data[0] % 13;
	if (choice < 5)
		lists[choice](&n, f.text);
	else if (choice < 10)
		parse_names(&s, kept[choice - 5], "file", f.text, f.len, &f.fault);
	else if (choice == 10)
		parse_arp(&n, 1, f.text);
	else if (choice == 11)
		fuzz_cgroup(f.text);
	else
		fuzz_json(f.text);
	ask(&s);
	fuzz_end(&f);
	snapshot_free(&s);
	return 0;
}
