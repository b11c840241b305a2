// SPDX-License-Identifier: GPL-2.0
/* What is found in a snapshot by its name, and what its numbers are called. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/containers.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "lib/words.h"
#include "snapshot.h"

const char *const class_name[SRC_CLASSES] = {
	[SRC_INSERT] = CTRI_CLASS_INSERT,
	[SRC_INVALID] = CTRI_CLASS_INVALID,
	[SRC_REFUSED] = CTRI_CLASS_REFUSED,
	[SRC_EVICTED] = CTRI_CLASS_EVICTED,
	[SRC_EVICTING] = CTRI_CLASS_EVICTING,
	[SRC_INSERT_FAILED] = CTRI_CLASS_INSERT_FAILED,
	[SRC_INVALID_TO] = CTRI_CLASS_INVALID_TO,
	[SRC_REFUSED_TO] = CTRI_CLASS_REFUSED_TO,
	[SRC_EVICTED_TO] = CTRI_CLASS_EVICTED_TO,
	[SRC_PROGRAM] = CTRI_CLASS_PROGRAM,
};

const char *const stage_name[STAGES] = {
#define STAGE_NAME(NAME, name) [STAGE_##NAME] = name,
	CTRI_STAGES(STAGE_NAME)
#undef STAGE_NAME
};

const char *const tool_name[TOOLS] = {
	[TOOL_NFT] = "nft",
	[TOOL_IPTABLES] = "iptables",
	[TOOL_IP6TABLES] = "ip6tables",
	[TOOL_IPTABLES_NFT] = "iptables-nft",
	[TOOL_IPTABLES_LEGACY] = "iptables-legacy",
	[TOOL_CONNTRACK] = "conntrack",
	[TOOL_IP] = "ip",
	[TOOL_SS] = "ss",
	[TOOL_NSENTER] = "nsenter",
	[TOOL_SYSTEMCTL] = "systemctl",
	[TOOL_SYSCTL] = "sysctl",
	[TOOL_MODPROBE] = "modprobe",
	[TOOL_CONNTRIAGE_DELETE] = "conntriage-delete",
};

const struct ct_sysctl *find_sysctl(const struct snapshot *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nr_sysctl; i++)
		if (!strcmp(s->sysctl[i].name, name))
			return &s->sysctl[i];
	return NULL;
}

const char *host_name(const struct snapshot *s)
{
	return s->captured.known && *s->captured.host ? s->captured.host : s->hostname;
}

const char *find_fault(const struct snapshot *s, const char *part)
{
	size_t i;

	for (i = 0; i < s->nr_dropped; i++)
		if (!strcmp(s->dropped[i].part, part))
			return s->dropped[i].fault;
	return NULL;
}

const struct program *find_program(const struct snapshot *s, const char *id)
{
	int64_t number;
	size_t i;

	if (!text_count(id, &number))
		return NULL;
	for (i = 0; i < s->nr_programs; i++)
		if (s->program[i].id == number)
			return &s->program[i];
	return NULL;
}

const char *netns_name(const struct snapshot *s, int64_t netns)
{
	size_t i;

	for (i = 0; i < s->nr_netns_names; i++)
		if (s->netns_name[i].netns == netns &&
		    text_plain(s->netns_name[i].name))
			return s->netns_name[i].name;
	return "";
}

const char *netns_word(const struct snapshot *s, int64_t netns)
{
	const char *name = netns_name(s, netns);
	char *out;

	if (netns == UNKNOWN)
		return "-";
	if (!netns)
		return "gone";
	if (*name)
		return name;
	out = word_buffer();
	snprintf(out, WORD_SIZE, "%" PRId64, netns);
	return out;
}

const char *netns_label(const struct snapshot *s, int64_t netns)
{
	const struct tenant *tenant = find_tenant(s, netns);
	const struct container *container = tenant ? find_container(s, tenant->container) : NULL;
	const char *name = netns_name(s, netns);
	char *out = word_buffer();

	/* Runtimes give their namespaces names, too, which say nothing. */
	if (container)
		snprintf(out, WORD_SIZE, "%.100s (netns %" PRId64 ")", container_words(container),
			 netns);
	else if (*name)
		snprintf(out, WORD_SIZE, "namespace %s (%" PRId64 ")", name, netns);
	else
		snprintf(out, WORD_SIZE, "namespace %" PRId64, netns);
	return out;
}

const char *netns_phrase(const struct snapshot *s, int64_t netns)
{
	char *out;

	if (netns == UNKNOWN || netns == s->own_netns)
		return "";
	if (!netns)
		return " of a namespace that is gone";
	out = word_buffer();
	snprintf(out, WORD_SIZE, " of %.120s", netns_label(s, netns));
	return out;
}
