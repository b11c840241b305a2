// SPDX-License-Identifier: GPL-2.0
/*
 * What network cards count of connection tracking that isn't the kernel's: clouds
 * track the connections of a guest as well, and drop beyond an allowance
 * (docs/beside-conntrack.md, "The cloud's table"). The drivers are asked as
 * ethtool -S asks them; a capture has what that would print.
 */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define INTERFACES	"sys/class/net"
#define KEPT		"conntriage/ethtool"

/* "     conntrack_allowance_exceeded: 12" */
void parse_nic(struct snapshot *s, const char *nic, char *text)
{
	struct nic_counter *row;
	char *line, *colon, *name;
	int64_t value;

	while ((line = text_line(&text))) {
		colon = strrchr(line, ':');
		if (!colon || !strstr(line, "conntrack"))
			continue;
		*colon = '\0';
		name = text_trim(line);
		if (strlen(name) >= sizeof(row->name) || !text_plain(name) ||
		    !text_count(text_trim(colon + 1), &value) ||
		    s->nr_nic == READ_MAX_NIC_COUNTERS)
			continue;
		row = grow(&s->nic, &s->nr_nic, sizeof(*row));
		memcpy(row->name, name, strlen(name) + 1);
		snprintf(row->nic, sizeof(row->nic), "%s", nic);
		row->value = value;
	}
}

static bool ask(int fd, const char *nic, void *command)
{
	struct ifreq request = { .ifr_data = command };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", nic);
	return !ioctl(fd, SIOCETHTOOL, &request);
}

static unsigned int count_statistics(int fd, const char *nic)
{
	union {
		struct ethtool_sset_info info;
		__u32 room[sizeof(struct ethtool_sset_info) / sizeof(__u32) + 1];
	} asked = { .room = { 0 } };

	asked.info.cmd = ETHTOOL_GSSET_INFO;
	asked.info.sset_mask = 1ULL << ETH_SS_STATS;
	/* A bit that stays says that the driver has such strings. */
	if (!ask(fd, nic, &asked) || !asked.info.sset_mask)
		return 0;
	return asked.info.data[0];
}

/* Lines as ethtool -S has them, of what concerns conntrack; NULL: there are none. */
static char *ask_statistics(int fd, const char *nic)
{
	unsigned int i, nr = count_statistics(fd, nic);
	/* The driver writes as many as it has by then, so there is room for twice that. */
	size_t room = 2 * (size_t)READ_MAX_NIC_STRINGS;
	struct ethtool_gstrings *names = NULL;
	struct ethtool_stats *values = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *lines;

	if (!nr || nr > READ_MAX_NIC_STRINGS)
		return NULL;
	names = calloc(1, sizeof(*names) + room * ETH_GSTRING_LEN);
	values = calloc(1, sizeof(*values) + room * sizeof(__u64));
	lines = open_memstream(&text, &len);
	if (!names || !values || !lines)
		no_memory();
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = nr;
	values->cmd = ETHTOOL_GSTATS;
	values->n_stats = nr;
	if (ask(fd, nic, names) && ask(fd, nic, values))
		for (i = 0; i < nr && i < names->len && i < values->n_stats; i++) {
			const char *name = (const char *)names->data + i * ETH_GSTRING_LEN;

			if (memmem(name, ETH_GSTRING_LEN, "conntrack", 9))
				fprintf(lines, "     %.*s: %llu\n", ETH_GSTRING_LEN, name,
					(unsigned long long)values->data[i]);
		}
	fclose(lines);
	free(names);
	free(values);
	if (!len) {
		free(text);
		return NULL;
	}
	return text;
}

/* Bridges, tunnels and the ends of veth pairs have no card. */
static bool is_card(struct reader *r, const char *nic)
{
	char path[128];

	snprintf(path, sizeof(path), INTERFACES "/%s/device", nic);
	return files_is_there(&r->files, path);
}

static void read_live(struct reader *r, int fd, const char *nic)
{
	char path[128], *text;

	text = ask_statistics(fd, nic);
	if (!text)
		return;
	snprintf(path, sizeof(path), KEPT "/%s", nic);
	files_keep(&r->files, path, text, strlen(text));
	parse_nic(r->s, nic, text);
	free(text);
}

static void read_kept(struct reader *r, const char *nic)
{
	char path[128], *text;

	snprintf(path, sizeof(path), KEPT "/%s", nic);
	reader_slurp(r, path, READ_MAX_BOOT_FILE, &text, NULL);
	if (text)
		parse_nic(r->s, nic, text);
	free(text);
}

int read_nics(struct reader *r)
{
	bool live = !*r->s->root;
	int fd = -1;
	char **names;
	size_t i, nr, cards = 0;

	/* Too many, or none: then nothing is known. */
	if (files_list(&r->files, live ? INTERFACES : KEPT, "", "", READ_MAX_INTERFACES,
		       &names, &nr))
		return 0;
	if (live && nr)
		fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (i = 0; i < nr && cards < READ_MAX_NICS; i++) {
		if (strlen(names[i]) >= IFNAMSIZ || !text_plain(names[i]) ||
		    *names[i] == '-' || (live && !is_card(r, names[i])))
			continue;
		cards++;
		if (!live)
			read_kept(r, names[i]);
		else if (fd >= 0)
			read_live(r, fd, names[i]);
	}
	if (fd >= 0)
		close(fd);
	files_list_free(names, nr);
	return 0;
}
