// SPDX-License-Identifier: GPL-2.0
/* Requests to ctnetlink, each by a socket of its own, and their answers. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "entries/ctnetlink.h"
#include "entries/message.h"
#include "lib/moment.h"
#include "lib/numbers.h"

#define PART	32768	/* bytes: of a list at once (net/netlink/af_netlink.c, netlink_dump()) */
#define WAIT	10	/* s until an answer has come: it takes milliseconds */

static int ask(struct mnl_socket *s, uint8_t subsystem, uint16_t type, uint16_t flags,
	       unsigned int seq)
{
	char buf[MNL_NLMSG_HDRLEN + 64];
	const struct nlmsghdr *h = message_request(buf, subsystem, type, flags, seq, AF_UNSPEC);

	return mnl_socket_sendto(s, h, h->nlmsg_len) < 0 ? -errno : 0;
}

/* Messages until the last one, or until @heard has had enough */
static int hear(struct mnl_socket *s, unsigned int seq, bool list, mnl_cb_t heard, void *data)
{
	char buf[PART] __attribute__((aligned(8)));
	int more = MNL_CB_OK;

	while (more > MNL_CB_STOP) {
		ssize_t len = mnl_socket_recvfrom(s, buf, sizeof(buf));

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		more = mnl_cb_run(buf, len, seq, mnl_socket_get_portid(s), heard, data);
		/* the table changed meanwhile, as it does; what came is true */
		if (more < 0 && errno == EINTR && list)
			more = MNL_CB_OK;
		if (more < 0)
			return -errno;
		if (!list)
			break;
	}
	return 0;
}

static int request(uint8_t subsystem, uint16_t type, bool list, mnl_cb_t heard, void *data)
{
	const struct timeval wait = { .tv_sec = WAIT };
	struct mnl_socket *s = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	unsigned int seq = time(NULL);
	int error;

	if (!s)
		return -errno;
	error = mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) ? -errno : 0;
	if (!error)
		error = setsockopt(mnl_socket_get_fd(s), SOL_SOCKET, SO_RCVTIMEO, &wait,
				   sizeof(wait)) ? -errno : 0;
	if (!error)
		error = ask(s, subsystem, type, list ? NLM_F_DUMP : 0, seq);
	if (!error)
		error = hear(s, seq, list, heard, data);
	mnl_socket_close(s);
	return error;
}

struct counter {
	uint16_t attr;
	int64_t *value;
};

/* Where the numbers of a message go: counters end in attribute 0 */
static int add_counter(const struct nlattr *attr, void *data)
{
	const struct counter *c;

	for (c = data; c->attr; c++)
		if (c->attr == mnl_attr_get_type(attr) &&
		    !mnl_attr_validate(attr, MNL_TYPE_U32))
			*c->value = plus(*c->value, ntohl(mnl_attr_get_u32(attr)));
	return MNL_CB_OK;
}

static int heard_counters(const struct nlmsghdr *h, void *data)
{
	if (mnl_nlmsg_get_payload_len(h) >= sizeof(struct nfgenmsg))
		mnl_attr_parse(h, sizeof(struct nfgenmsg), add_counter, data);
	return MNL_CB_OK;
}

static void forget(struct look *at)
{
	at->count = UNKNOWN;
	memset(&at->stat, 0, sizeof(at->stat));
	at->stat = (struct ct_stat) {
		UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
		UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
	};
	at->at = clock_ms(CLOCK_BOOTTIME);
}

int ctnetlink_moment(struct look *at, int64_t *max)
{
	struct ct_stat *st = &at->stat;
	struct counter table[] = {
		{ CTA_STATS_GLOBAL_ENTRIES, &at->count },
		{ CTA_STATS_GLOBAL_MAX_ENTRIES, max }, { 0, NULL },
	};
	struct counter cpus[] = {
		{ CTA_STATS_FOUND, &st->found }, { CTA_STATS_INVALID, &st->invalid },
		{ CTA_STATS_INSERT, &st->insert }, { CTA_STATS_DROP, &st->drop },
		{ CTA_STATS_INSERT_FAILED, &st->insert_failed },
		{ CTA_STATS_EARLY_DROP, &st->early_drop }, { CTA_STATS_ERROR, &st->error },
		{ CTA_STATS_SEARCH_RESTART, &st->search_restart },
		{ CTA_STATS_CLASH_RESOLVE, &st->clash_resolve },
		{ CTA_STATS_CHAIN_TOOLONG, &st->chaintoolong }, { 0, NULL },
	};
	struct counter expect[] = {
		{ CTA_STATS_EXP_NEW, &st->expect_new },
		{ CTA_STATS_EXP_CREATE, &st->expect_create },
		{ CTA_STATS_EXP_DELETE, &st->expect_delete }, { 0, NULL },
	};
	int error;

	forget(at);
	*max = UNKNOWN;
	error = request(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET_STATS, false, heard_counters, table);
	if (!error)
		error = request(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET_STATS_CPU, true,
				heard_counters, cpus);
	if (!error)
		error = request(NFNL_SUBSYS_CTNETLINK_EXP, IPCTNL_MSG_EXP_GET_STATS_CPU, true,
				heard_counters, expect);
	return error;
}

#define WAITING	16	/* entries for which memory is fetched: it takes as long as to read ten */

struct listener {
	void (*soon)(struct entry *e, void *data);
	bool (*each)(struct entry *e, void *data);
	void *data;
	struct entry waiting[WAITING];	/* a ring */
	size_t heard;			/* entries */
	bool enough;
};

static int heard_entry(const struct nlmsghdr *h, void *data)
{
	struct listener *l = data;
	struct entry now, *oldest = &l->waiting[l->heard % WAITING];

	if (!message_entry(h, NULL, &now))
		return MNL_CB_OK;
	if (l->heard >= WAITING && !l->each(oldest, l->data)) {
		l->enough = true;
		return MNL_CB_STOP;
	}
	*oldest = now;
	l->heard++;
	l->soon(oldest, l->data);
	return MNL_CB_OK;
}

int ctnetlink_list(void (*soon)(struct entry *e, void *data),
		   bool (*each)(struct entry *e, void *data), void *data)
{
	struct listener l = { .soon = soon, .each = each, .data = data };
	int error = request(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET, true, heard_entry, &l);
	size_t i = l.heard > WAITING ? l.heard - WAITING : 0;

	for (; !error && !l.enough && i < l.heard; i++)
		l.enough = !each(&l.waiting[i % WAITING], data);
	return error;
}
