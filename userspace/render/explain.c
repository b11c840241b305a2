// SPDX-License-Identifier: GPL-2.0
/* What "conntriage explain" says: how each cause works, and what it is not. */
#include <string.h>

#include "judge/finding.h"
#include "render/render.h"

static const struct {
	const char *title, *text;
} causes[CAUSES] = {
	[CAUSE_PRESSURE] = { "more connections than the table holds",
"Every connection that passes this host takes an entry in the connection table\n"
"until it ends or falls silent. When the table has as many entries as\n"
"nf_conntrack_max allows, a new connection makes the kernel look into 8 hash\n"
"buckets for an entry that it may kill (one that isn't ASSURED: it has not\n"
"carried traffic both ways for long enough). If there is none, the packet is\n"
"dropped: \"nf_conntrack: table full, dropping packet\".\n"
"\n"
"Who does it decides what to do:\n"
"  one source, or a handful   drop it before conntrack sees it, limit the rest\n"
"  made-up addresses          SYNPROXY, tcp_loose=0 or no tracking, by the kind\n"
"                             of packet; blocking addresses is useless\n"
"  one that never closes      limit how many it may hold; mend the program\n"
"  everybody, with real work  a bigger table, if memory allows\n"
"\n"
"Made-up addresses are told by this: most new connections come from addresses\n"
"never seen before, none and no few of them stand out (the entropy of their\n"
"shares is that of many equal ones), and the entries get no answer, or (SYN_RECV)\n"
"the server's answer is never confirmed. Whoever opens most is not to blame where\n"
"somebody else holds the table.\n"
"\n"
"The limit for good is what keeps half of the table free: half of the maximum,\n"
"divided by the seconds that an unanswered entry stays.\n"
"\n"
"A flood needs no bigger table: it fills any.\n" },
	[CAUSE_TIMEOUT] = { "entries wait too long for silent connections",
"An entry lives until its connection ends or until nothing was heard for the\n"
"timeout of its state. An established TCP connection has 5 days by default,\n"
"so one that died without a word (a phone that left, a host that lost power)\n"
"keeps its entry for that long.\n"
"\n"
"conntriage measures how long entries have been silent, and so knows what a\n"
"shorter timeout would free. RFC 5382 asks for at least 2 hours 4 minutes\n"
"(7440 seconds); TCP keepalives come after 2 hours by default. Lowering the\n"
"timeout doesn't touch entries that are silent already: they keep their old\n"
"deadline until they speak. That is why the fix deletes these, and does so\n"
"first: once the timeout is lower, those that speak have little left as well.\n"
"\n"
"tcp_loose, tcp_be_liberal and tcp_max_retrans are no timeouts. Entries that\n"
"are silent for days belong to \"stuck\"; many young ones to \"pressure\".\n" },
	[CAUSE_STUCK] = { "entries of connections that are over",
"Two kinds: established TCP connections that have been silent for a day, whose\n"
"ends are gone; and closing ones (FIN_WAIT, CLOSE_WAIT, LAST_ACK, CLOSE) that\n"
"linger for minutes, because their timeout was raised. CLOSE_WAIT means that a\n"
"program was told of the end and never closed its side.\n"
"\n"
"Look at what they have in common: one source (a program that leaks), one\n"
"destination (a server that died), or nothing (a firewall between that forgets\n"
"connections). Delete exactly these; conntrack -F drops every connection, and\n"
"what passes NAT doesn't come back.\n" },
	[CAUSE_INVALID] = { "packets that fit no connection",
"conntrack calls a packet INVALID that can't belong to any connection: TCP\n"
"flags that never occur together, a bad checksum, TCP from the middle of a\n"
"connection that nobody knows (with tcp_loose=0), data outside of the window.\n"
"Such packets are never in the table: conntrack -L | grep INVALID finds\n"
"nothing, ever. They do harm all the same, because an entry is allocated before\n"
"the packet is judged; in a full table that evicts somebody, or is refused.\n"
"They never fill a table: where it is full, look for what holds the entries.\n"
"\n"
"So a drop of \"ct state invalid\" in INPUT or FORWARD protects the hosts behind,\n"
"not the table. Only what is dropped before conntrack (priority below -200: raw)\n"
"costs no entry, and there a packet has no state yet: it must be told by its\n"
"flags or its source. \"ct state invalid\" at that place matches every packet.\n"
"\n"
"Bare ACKs with made-up sources are not INVALID while tcp_loose=1, the default:\n"
"they make entries, of 300 seconds. tcp_loose=0 ends that.\n"
"\n"
"Packets outside of the window, or answers whose request never came by, mostly\n"
"mean that this host sees one direction only (asymmetric routing).\n"
"tcp_be_liberal=1 lets the former pass, at the price of a check less. Where the\n"
"first answer never came by, it doesn't help: the routes have to be mended.\n" },
	[CAUSE_MEMORY] = { "the table and the memory of the machine",
"An entry takes a slab object (256 bytes on most kernels) and its extensions\n"
"(128 bytes at least, if there are any: events, accounting, NAT, helpers), and\n"
"its bucket 8 bytes. The maximum is the limit of every network namespace for\n"
"itself, so memory has to hold as many tables as there are namespaces that\n"
"track connections.\n"
"\n"
"conntriage never advises a maximum that would take more than half of what is\n"
"available. Where the work is real and there is no more memory, shorter\n"
"timeouts, fewer tracked services or a second host are what is left.\n" },
	[CAUSE_BUCKETS] = { "too few hash buckets",
"Entries are found by a hash table; each stands in two of its chains. Long\n"
"chains cost time on every packet, and from Linux 5.15 on a chain of 50 to 79\n"
"(a random limit) refuses the insertion: the connection is lost, though the\n"
"table isn't full. The kernel counts that as insert_failed and chaintoolong,\n"
"not as drop.\n"
"\n"
"\"Buckets are a quarter of the maximum\" is obsolete: from 5.15 on they are as\n"
"many as the maximum, so a full table has 2 slots a bucket. Loading the module\n"
"with hashsize=N makes the maximum 8 N unless a sysctl sets it; the sysctl\n"
"nf_conntrack_buckets, in the initial namespace only, leaves the maximum alone.\n"
"All namespaces share the buckets: a big one slows the others down.\n" },
	[CAUSE_RULES] = { "the firewall rules themselves",
"iptables-legacy and nf_tables (nft, iptables-nft) are two filters in one\n"
"kernel. Each packet passes both, each tool shows only its own rules, and which\n"
"one the word \"iptables\" means depends on the distribution's alternatives.\n"
"\"No chain/target/match by that name\" comes from a match or target whose module\n"
"isn't there (often after a kernel upgrade without a reboot), or from a rule\n"
"that goes to the other filter.\n"
"\n"
"A rule about INVALID packets before conntrack's priority (-200) is a trap of\n"
"its own: no packet has a state there, so it matches all of them.\n" },
	[CAUSE_CLASH] = { "two packets that ask for the same entry",
"A packet's entry enters the table only after the packet has passed all rules.\n"
"If a second packet of the same flow does so at the same time, or NAT gives two\n"
"flows the same port, one of them comes too late. For UDP the kernel can often\n"
"join them (clash_resolve); where it can't, the packet is dropped\n"
"(insert_failed). The classic victim is DNS: a resolver asks for A and AAAA from\n"
"one socket, one question is lost, and the lookup takes five seconds.\n"
"\n"
"This has nothing to do with a full table. Over-long chains count as\n"
"insert_failed as well: see \"buckets\".\n" },
	[CAUSE_NETNS] = { "one namespace and the others",
"nf_conntrack_max is one number that each network namespace has for itself. A\n"
"container's table can be full while the host's is empty; the container can\n"
"neither see that of the host nor raise the number: only the initial namespace\n"
"can, for all at once. Rules against a source belong into the namespace whose\n"
"table it fills.\n"
"\n"
"Shared are the memory and the hash buckets: see \"memory\" and \"buckets\".\n" },
	[CAUSE_UNTRACK] = { "a UDP service that is better left untracked",
"A question and an answer over UDP leave an entry for 30 seconds that nobody\n"
"needs any more; a DNS server makes thousands of them a second. If the service\n"
"needs no NAT, its packets can pass without conntrack (notrack in raw), as long\n"
"as the rules accept them in both directions by port: \"established\" doesn't\n"
"match them any more.\n" },
	[CAUSE_UNCOUNTED] = { "evictions that the kernel doesn't count",
"After a packet was refused, the garbage collector goes through the tables that\n"
"are over 95 % of the maximum and kills what isn't ASSURED, and TCP connections\n"
"that are closing. It does so in every network namespace, so a container whose\n"
"table is nearly full pays for a flood elsewhere. No counter of the kernel has\n"
"these: early_drop in conntrack -S is less than what was lost. The module sees\n"
"them by a probe. Where the table is pressed itself, \"pressure\" tells it.\n" },
	[CAUSE_PERSIST] = { "a setting that won't survive the reboot",
"What sysctl -w sets is gone after a reboot. What /etc/sysctl.d sets is gone as\n"
"well, if nf_conntrack isn't loaded yet when these files are read: its keys\n"
"don't exist then, and that fails without anybody noticing. It takes\n"
"/etc/modules-load.d/nf_conntrack.conf, too. And /etc/sysctl.conf is not read\n"
"at all by systemd unless a link in /etc/sysctl.d leads there.\n"
"\n"
"A program such as kube-proxy may put its own number in place at any time.\n" },
	[CAUSE_BLIND] = { "what can't be seen here",
"Without the module the kernel tells how many entries there are and a few\n"
"counters since boot: not who, not when, not why. With it, what it lost is\n"
"counted: probes that this kernel has no place for, events whose packet was\n"
"gone, sources beyond its memory. This is a note, not an alarm.\n" },
};

int render_explanation(const char *word, FILE *out)
{
	size_t i;

	if (!word || !*word) {
		for (i = 0; i < CAUSES; i++)
			fprintf(out, "%-10s  %s\n", cause_name[i], causes[i].title);
		return ferror(out) ? -1 : 0;
	}
	for (i = 0; i < CAUSES; i++) {
		if (strcmp(cause_name[i], word))
			continue;
		fprintf(out, "%s: %s\n\n%s", cause_name[i], causes[i].title,
			causes[i].text);
		return ferror(out) ? -1 : 0;
	}
	return -1;
}
