// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of ctnetlink (net/netfilter/nf_conntrack_netlink.c, ctnetlink_fill_info()).
 * They are read the same whether the kernel just wrote them or a capture kept them, so
 * no length in them is believed.
 */
#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdint.h>
#include <string.h>

#include "entries/message.h"
#include "lib/numbers.h"

/* A table of attributes, and how many it has room for */
struct nest {
	const struct nlattr **attr;
	uint16_t max;
};

static int keep(const struct nlattr *attr, void *data)
{
	const struct nest *n = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type <= n->max)
		n->attr[type] = attr;
	return MNL_CB_OK;
}

static void open_nest(const struct nlattr *attr, const struct nlattr **table, uint16_t max)
{
	struct nest n = { table, max };

	memset(table, 0, (max + 1) * sizeof(*table));
	if (attr)
		mnl_attr_parse_nested(attr, keep, &n);
}

static const void *payload(const struct nlattr *attr, size_t size)
{
	return attr && mnl_attr_get_payload_len(attr) >= size ? mnl_attr_get_payload(attr) : NULL;
}

static bool get_u8(const struct nlattr *attr, int *value)
{
	const uint8_t *is = payload(attr, sizeof(*is));

	if (is)
		*value = *is;
	return is;
}

static bool get_be16(const struct nlattr *attr, uint16_t *value)
{
	const void *is = payload(attr, sizeof(*value));

	if (!is)
		return false;
	memcpy(value, is, sizeof(*value));
	*value = ntohs(*value);
	return true;
}

static bool get_be32(const struct nlattr *attr, uint32_t *value)
{
	const void *is = payload(attr, sizeof(*value));

	if (!is)
		return false;
	memcpy(value, is, sizeof(*value));
	*value = ntohl(*value);
	return true;
}

static bool get_address(uint8_t *to, const struct nlattr *v4, const struct nlattr *v6)
{
	const void *is = payload(v4, 4);

	if (is) {
		memcpy(to, is, 4);
		return true;
	}
	is = payload(v6, 16);
	if (is)
		memcpy(to, is, 16);
	return is;
}

static bool read_tuple(const struct nlattr *orig, struct entry *e)
{
	const struct nlattr *tuple[CTA_TUPLE_MAX + 1], *ip[CTA_IP_MAX + 1];
	const struct nlattr *proto[CTA_PROTO_MAX + 1];
	uint16_t port;

	open_nest(orig, tuple, CTA_TUPLE_MAX);
	open_nest(tuple[CTA_TUPLE_IP], ip, CTA_IP_MAX);
	open_nest(tuple[CTA_TUPLE_PROTO], proto, CTA_PROTO_MAX);
	if (!get_address(e->source, ip[CTA_IP_V4_SRC], ip[CTA_IP_V6_SRC]) ||
	    !get_address(e->dest, ip[CTA_IP_V4_DST], ip[CTA_IP_V6_DST]) ||
	    !get_u8(proto[CTA_PROTO_NUM], &e->proto))
		return false;
	e->family = ip[CTA_IP_V4_SRC] ? AF_INET : AF_INET6;
	if (get_be16(proto[CTA_PROTO_SRC_PORT], &port))
		e->sport = port;
	if (get_be16(proto[CTA_PROTO_DST_PORT], &port))
		e->dport = port;
	return true;
}

static void read_state(const struct nlattr *protoinfo, struct entry *e)
{
	const struct nlattr *info[CTA_PROTOINFO_MAX + 1];
	const struct nlattr *tcp[CTA_PROTOINFO_TCP_MAX + 1];
	const struct nlattr *sctp[CTA_PROTOINFO_SCTP_MAX + 1];

	open_nest(protoinfo, info, CTA_PROTOINFO_MAX);
	open_nest(info[CTA_PROTOINFO_TCP], tcp, CTA_PROTOINFO_TCP_MAX);
	open_nest(info[CTA_PROTOINFO_SCTP], sctp, CTA_PROTOINFO_SCTP_MAX);
	if (!get_u8(tcp[CTA_PROTOINFO_TCP_STATE], &e->state))
		get_u8(sctp[CTA_PROTOINFO_SCTP_STATE], &e->state);
}

bool message_entry(const struct nlmsghdr *h, struct attrs *a, struct entry *e)
{
	struct attrs own;
	struct nest n = { own.top, CTA_MAX };
	uint32_t number;

	memset(&own, 0, sizeof(own));
	if (h->nlmsg_type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW) ||
	    h->nlmsg_len < MNL_NLMSG_HDRLEN + sizeof(struct nfgenmsg) ||
	    mnl_attr_parse(h, sizeof(struct nfgenmsg), keep, &n) < 0)
		return false;
	memset(e, 0, sizeof(*e));
	e->state = e->sport = e->dport = ANY;
	e->left = UNKNOWN;
	e->arrived = h->nlmsg_flags & NLM_F_CREATE;
	e->newcomer = e->arrived && h->nlmsg_flags & NLM_F_EXCL;
	if (!own.top[CTA_TUPLE_ORIG] || !read_tuple(own.top[CTA_TUPLE_ORIG], e))
		return false;
	get_be32(own.top[CTA_STATUS], &e->status);
	get_be32(own.top[CTA_ID], &e->id);
	get_be16(own.top[CTA_ZONE], &e->zone);
	/* ctnetlink_dump_timeout() leaves out a 0 of some messages, and that of a flowtable's */
	if (get_be32(own.top[CTA_TIMEOUT], &number))
		e->left = number;
	read_state(own.top[CTA_PROTOINFO], e);
	if (a)
		*a = own;
	return true;
}

static void put_address(struct nlmsghdr *h, const struct entry *e)
{
	bool v4 = e->family == AF_INET;
	struct nlattr *ip = mnl_attr_nest_start(h, CTA_TUPLE_IP);

	mnl_attr_put(h, v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, v4 ? 4 : 16, e->source);
	mnl_attr_put(h, v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, v4 ? 4 : 16, e->dest);
	mnl_attr_nest_end(h, ip);
}

static void put_proto(struct nlmsghdr *h, const struct entry *e)
{
	struct nlattr *proto = mnl_attr_nest_start(h, CTA_TUPLE_PROTO);

	mnl_attr_put_u8(h, CTA_PROTO_NUM, e->proto);
	if (e->sport != ANY)
		mnl_attr_put_u16(h, CTA_PROTO_SRC_PORT, htons(e->sport));
	if (e->dport != ANY)
		mnl_attr_put_u16(h, CTA_PROTO_DST_PORT, htons(e->dport));
	mnl_attr_nest_end(h, proto);
}

static void put_state(struct nlmsghdr *h, const struct entry *e)
{
	bool sctp = e->proto == IPPROTO_SCTP;
	struct nlattr *info, *proto;

	if (e->state == ANY)
		return;
	info = mnl_attr_nest_start(h, CTA_PROTOINFO);
	proto = mnl_attr_nest_start(h, sctp ? CTA_PROTOINFO_SCTP : CTA_PROTOINFO_TCP);
	mnl_attr_put_u8(h, sctp ? CTA_PROTOINFO_SCTP_STATE : CTA_PROTOINFO_TCP_STATE, e->state);
	mnl_attr_nest_end(h, proto);
	mnl_attr_nest_end(h, info);
}

size_t message_put(void *buf, size_t size, const struct entry *e)
{
	struct nlattr *tuple;
	struct nlmsghdr *h;
	struct nfgenmsg *nf;

	if (size < MESSAGE_MOST)
		return 0;
	h = mnl_nlmsg_put_header(buf);
	h->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW;
	h->nlmsg_flags = (e->arrived ? NLM_F_CREATE : 0) | (e->newcomer ? NLM_F_EXCL : 0);
	nf = mnl_nlmsg_put_extra_header(h, sizeof(*nf));
	nf->nfgen_family = e->family;
	nf->version = NFNETLINK_V0;
	tuple = mnl_attr_nest_start(h, CTA_TUPLE_ORIG);
	put_address(h, e);
	put_proto(h, e);
	mnl_attr_nest_end(h, tuple);
	mnl_attr_put_u32(h, CTA_STATUS, htonl(e->status));
	if (e->left != UNKNOWN)
		mnl_attr_put_u32(h, CTA_TIMEOUT, htonl(e->left));
	if (e->id)
		mnl_attr_put_u32(h, CTA_ID, htonl(e->id));
	if (e->zone)
		mnl_attr_put_u16(h, CTA_ZONE, htons(e->zone));
	put_state(h, e);
	return MNL_ALIGN(h->nlmsg_len);
}
