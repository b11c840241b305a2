// SPDX-License-Identifier: GPL-2.0
/* From the words of a command line to a selection. */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "delete/options.h"
#include "lib/numbers.h"

const char options_usage[] =
"Usage: conntriage-delete OPTION...\n"
"\n"
"Deletes entries of the connection table of this network namespace: those that\n"
"fit all of the options. What is still wanted gets a new entry with its next\n"
"packet, if the rules let it.\n"
"\n"
"Options:\n"
"  -p, --protocol PROTO     tcp, udp, icmp, icmpv6, sctp, dccp, gre, udplite,\n"
"                           or a number\n"
"  -s, --source ADDR[/LEN]  who opened the connection\n"
"  -d, --destination ADDR[/LEN]\n"
"                           and to whom, before NAT\n"
"      --dport PORT         with -p: to which port, before NAT\n"
"      --state STATE        of TCP: SYN_SENT, ..., CLOSE; of all: UNREPLIED,\n"
"                           REPLIED (and not ASSURED), ASSURED\n"
"      --unanswered         nobody has answered\n"
"      --left MIN-MAX       so many seconds are left of the timeout\n"
"  -h, --help               this text\n"
"  -V, --version            the version\n"
"\n"
"Exit status: 0 done, also where there was nothing to delete; 3 an error.\n"
"See conntriage-delete(8).\n";

static const struct {
	const char *name;
	int number;
} protocols[] = {
	{ "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP }, { "icmp", IPPROTO_ICMP },
	{ "icmpv6", IPPROTO_ICMPV6 }, { "sctp", IPPROTO_SCTP }, { "dccp", IPPROTO_DCCP },
	{ "gre", IPPROTO_GRE }, { "udplite", IPPROTO_UDPLITE },
};

static const struct {
	const char *name;
	int tcp;		/* TCP_CONNTRACK_*, or ANY */
	enum answer answer;
} states[] = {
	{ "SYN_SENT", TCP_CONNTRACK_SYN_SENT, ANSWER_ANY },
	{ "SYN_RECV", TCP_CONNTRACK_SYN_RECV, ANSWER_ANY },
	{ "ESTABLISHED", TCP_CONNTRACK_ESTABLISHED, ANSWER_ANY },
	{ "FIN_WAIT", TCP_CONNTRACK_FIN_WAIT, ANSWER_ANY },
	{ "CLOSE_WAIT", TCP_CONNTRACK_CLOSE_WAIT, ANSWER_ANY },
	{ "LAST_ACK", TCP_CONNTRACK_LAST_ACK, ANSWER_ANY },
	{ "TIME_WAIT", TCP_CONNTRACK_TIME_WAIT, ANSWER_ANY },
	{ "CLOSE", TCP_CONNTRACK_CLOSE, ANSWER_ANY },
	{ "UNREPLIED", ANY, ANSWER_UNREPLIED },
	{ "REPLIED", ANY, ANSWER_REPLIED },
	{ "ASSURED", ANY, ANSWER_ASSURED },
};

/* Digits alone, and no more than @max; what follows them in @end, or nothing may */
static int number(const char *text, int64_t max, const char **end, int64_t *n)
{
	char *rest;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*n = strtoll(text, &rest, 10);
	if (errno || *n > max || (!end && *rest))
		return -1;
	if (end)
		*end = rest;
	return 0;
}

static int protocol(const char *text, struct selection *s)
{
	int64_t n;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (!strcmp(protocols[i].name, text)) {
			s->proto = protocols[i].number;
			return 0;
		}
	if (number(text, 255, NULL, &n)) {
		warnx("-p %s: no protocol; give tcp, udp, icmp, icmpv6, sctp, dccp, gre, "
		      "udplite or a number", text);
		return -1;
	}
	s->proto = (int)n;
	return 0;
}

static int network(char option, const char *text, struct network *n)
{
	const char *slash = strchr(text, '/');
	char address[INET6_ADDRSTRLEN] = "";
	int64_t bits;

	if (!slash)
		slash = text + strlen(text);
	if (slash - text < (ptrdiff_t)sizeof(address))
		memcpy(address, text, slash - text);
	n->family = inet_pton(AF_INET, address, n->address) == 1 ? AF_INET :
		    inet_pton(AF_INET6, address, n->address) == 1 ? AF_INET6 : AF_UNSPEC;
	bits = n->family == AF_INET6 ? 128 : 32;
	if (n->family == AF_UNSPEC || (*slash && number(slash + 1, bits, NULL, &bits))) {
		warnx("-%c %s: no address; give one as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/48",
		      option, text);
		return -1;
	}
	n->bits = (unsigned int)bits;
	return 0;
}

static int state(const char *text, struct selection *s)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(states[i].name, text)) {
			s->tcp_state = states[i].tcp;
			s->answer = states[i].answer;
			return 0;
		}
	warnx("--state %s: no state; conntriage-delete --help has them", text);
	return -1;
}

static int left(const char *text, struct selection *s)
{
	const char *end;

	if (!number(text, UINT32_MAX, &end, &s->left_min) && *end == '-' &&
	    !number(end + 1, UINT32_MAX, NULL, &s->left_max) && s->left_min <= s->left_max)
		return 0;
	warnx("--left %s: give two numbers of seconds, as 300-86400", text);
	return -1;
}

static int dport(const char *text, struct selection *s)
{
	int64_t n;

	if (number(text, UINT16_MAX, NULL, &n)) {
		warnx("--dport %s: no port; give a number up to 65535", text);
		return -1;
	}
	s->dport = (int)n;
	return 0;
}

/* Whether they go together, and say of less than all */
static int check(int nr, const struct selection *s)
{
	if (s->dport != ANY && s->proto == ANY) {
		warnx("--dport: of which protocol? give -p as well");
		return -1;
	}
	if (s->tcp_state != ANY && s->proto != IPPROTO_TCP) {
		warnx("--state: that is a state of TCP; give -p tcp as well");
		return -1;
	}
	if (nr)
		return 0;
	warnx("which entries? give an option; conntriage-delete --help has them, and "
	      "conntrack -F deletes all");
	return -1;
}

enum options_said options_parse(int argc, char **argv, struct selection *s)
{
	enum { DPORT = 256, STATE, UNANSWERED, LEFT };
	static const struct option options[] = {
		{ "protocol", required_argument, NULL, 'p' },
		{ "source", required_argument, NULL, 's' },
		{ "destination", required_argument, NULL, 'd' },
		{ "dport", required_argument, NULL, DPORT },
		{ "state", required_argument, NULL, STATE },
		{ "unanswered", no_argument, NULL, UNANSWERED },
		{ "left", required_argument, NULL, LEFT },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int c, nr = 0, bad = 0;

	*s = (struct selection) {
		.proto = ANY, .dport = ANY, .tcp_state = ANY, .left_max = ANY,
		.source.family = AF_UNSPEC, .dest.family = AF_UNSPEC,
	};
	while ((c = getopt_long(argc, argv, "p:s:d:hV", options, NULL)) != -1) {
		nr++;
		switch (c) {
		case 'p':
			bad = protocol(optarg, s);
			break;
		case 's':
			bad = network('s', optarg, &s->source);
			break;
		case 'd':
			bad = network('d', optarg, &s->dest);
			break;
		case DPORT:
			bad = dport(optarg, s);
			break;
		case STATE:
			bad = state(optarg, s);
			break;
		case UNANSWERED:
			s->unanswered = true;
			break;
		case LEFT:
			bad = left(optarg, s);
			break;
		case 'h':
			return OPTIONS_HELP;
		case 'V':
			return OPTIONS_VERSION;
		default:
			return OPTIONS_WRONG;
		}
		if (bad)
			return OPTIONS_WRONG;
	}
	if (optind < argc) {
		warnx("%s: no word is expected there; see conntriage-delete --help", argv[optind]);
		return OPTIONS_WRONG;
	}
	return check(nr, s) ? OPTIONS_WRONG : OPTIONS_DELETE;
}
