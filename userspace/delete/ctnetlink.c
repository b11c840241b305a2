// SPDX-License-Identifier: GPL-2.0
/*
 * Two sockets: on one the kernel lists the table, on the other what is selected of each
 * part of the list is deleted before the next part is read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "delete/ctnetlink.h"
#include "entries/message.h"

#define PART		32768	/* bytes: of a list at once (net/netlink/af_netlink.c, netlink_dump()) */
#define IN_FLIGHT	64	/* requests: their answers fit the socket's buffer */
#define REQUEST		512	/* bytes: tuple, zone, number */

struct channel {
	struct mnl_socket *list, *kill;
	const struct selection *select;
	struct deletion *result;
	char *batch;		/* IN_FLIGHT requests */
	size_t used;
	unsigned int nr, seq;
	int error;
};

/* As it came: what a tuple of this protocol is made of needn't be known here. */
static bool put_again(struct nlmsghdr *h, const struct nlattr *attr)
{
	return !attr || mnl_attr_put_check(h, REQUEST, attr->nla_type,
					   mnl_attr_get_payload_len(attr),
					   mnl_attr_get_payload(attr));
}

static void count_answer(struct channel *c, int error)
{
	switch (error) {
	case 0:
		c->result->deleted++;
		break;
	case ENOENT:
		c->result->gone++;
		break;
	case EBUSY:
		c->result->offloaded++;
		break;
	default:
		c->error = error;
	}
}

/* One acknowledgment for each request, whatever came of it */
static int read_answers(struct channel *c, char *buf)
{
	unsigned int answers = 0;

	while (answers < c->nr) {
		ssize_t len = mnl_socket_recvfrom(c->kill, buf, PART);
		struct nlmsghdr *h = (struct nlmsghdr *)buf;
		int left = (int)len;

		if (len < 0)
			return errno;
		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
			const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);

			if (h->nlmsg_type != NLMSG_ERROR)
				continue;
			count_answer(c, -e->error);
			answers++;
		}
	}
	return c->error;
}

static int send_batch(struct channel *c)
{
	char buf[PART];
	int error = 0;

	if (!c->nr)
		return 0;
	if (mnl_socket_sendto(c->kill, c->batch, c->used) < 0)
		return errno;
	error = read_answers(c, buf);
	c->used = 0;
	c->nr = 0;
	return error;
}

static int consider(const struct nlmsghdr *h, void *data)
{
	struct channel *c = data;
	struct attrs a;
	const struct nfgenmsg *nf = mnl_nlmsg_get_payload(h);
	struct nlmsghdr *request;
	struct entry e;

	/* without its number another of the same tuple might be met */
	if (!message_entry(h, &a, &e) || !a.top[CTA_ID])
		return MNL_CB_OK;
	c->result->seen++;
	if (!selects(c->select, &e))
		return MNL_CB_OK;
	request = message_request(c->batch + c->used, NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE,
				  NLM_F_ACK, ++c->seq, nf->nfgen_family);
	if (!put_again(request, a.top[CTA_TUPLE_ORIG]) ||
	    !put_again(request, a.top[CTA_ZONE]) || !put_again(request, a.top[CTA_ID])) {
		errno = EMSGSIZE;
		return MNL_CB_ERROR;
	}
	c->used += MNL_ALIGN(request->nlmsg_len);
	if (++c->nr < IN_FLIGHT)
		return MNL_CB_OK;
	c->error = send_batch(c);
	if (!c->error)
		return MNL_CB_OK;
	errno = c->error;
	return MNL_CB_ERROR;
}

static int walk(struct channel *c)
{
	unsigned int seq = time(NULL), port = mnl_socket_get_portid(c->list);
	char buf[PART];
	struct nlmsghdr *h = message_request(buf, NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET,
					     NLM_F_DUMP, seq, AF_UNSPEC);
	int more = MNL_CB_OK, error;

	if (mnl_socket_sendto(c->list, h, h->nlmsg_len) < 0)
		return errno;
	while (more > MNL_CB_STOP) {
		ssize_t len = mnl_socket_recvfrom(c->list, buf, sizeof(buf));

		if (len < 0)
			return errno;
		more = mnl_cb_run(buf, len, seq, port, consider, c);
		if (more < 0)
			return errno;
		error = send_batch(c);
		if (error)
			return error;
	}
	return 0;
}

static struct mnl_socket *open_socket(void)
{
	struct mnl_socket *s = mnl_socket_open(NETLINK_NETFILTER);
	int on = 1, error;

	if (!s)
		return NULL;
	/* errors come without the request that they answer */
	mnl_socket_setsockopt(s, NETLINK_CAP_ACK, &on, sizeof(on));
	if (!mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID))
		return s;
	error = errno;
	mnl_socket_close(s);
	errno = error;
	return NULL;
}

int ctnetlink_delete(const struct selection *s, struct deletion *d)
{
	struct channel c = { .select = s, .result = d };
	int error = ENOMEM;

	*d = (struct deletion) { .seen = 0 };
	c.batch = calloc(IN_FLIGHT, REQUEST);
	if (c.batch) {
		c.list = open_socket();
		c.kill = c.list ? open_socket() : NULL;
		error = c.kill ? walk(&c) : errno;
	}
	if (c.kill)
		mnl_socket_close(c.kill);
	if (c.list)
		mnl_socket_close(c.list);
	free(c.batch);
	return error;
}
