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

/* Attributes that are still to be read: @left bytes of them */
struct walk {
	const char *at;
	size_t left;
};

/* The next one, or NULL behind the last and where a length is wrong */
static inline const struct nlattr *next(struct walk *w)
{
	const struct nlattr *attr = (const void *)w->at;
	size_t len;

	if (w->left < sizeof(*attr) || attr->nla_len < sizeof(*attr) || attr->nla_len > w->left)
		return NULL;
	len = MNL_ALIGN(attr->nla_len);
	if (len > w->left)
		len = w->left;
	w->at += len;
	w->left -= len;
	return attr;
}

static inline uint16_t type_of(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

static inline struct walk inside(const struct nlattr *attr)
{
	return (struct walk){ (const char *)(attr + 1), attr->nla_len - sizeof(*attr) };
}

static inline const void *payload(const struct nlattr *attr, size_t size)
{
	return attr->nla_len - sizeof(*attr) >= size ? attr + 1 : NULL;
}

static inline bool get_u8(const struct nlattr *attr, int *value)
{
	const uint8_t *is = payload(attr, sizeof(*is));

	if (is)
		*value = *is;
	return is;
}

static inline void get_be16(const struct nlattr *attr, uint16_t *value)
{
	const void *is = payload(attr, sizeof(*value));

	if (!is)
		return;
	memcpy(value, is, sizeof(*value));
	*value = ntohs(*value);
}

static inline bool get_be32(const struct nlattr *attr, uint32_t *value)
{
	const void *is = payload(attr, sizeof(*value));

	if (!is)
		return false;
	memcpy(value, is, sizeof(*value));
	*value = ntohl(*value);
	return true;
}

static inline void get_port(const struct nlattr *attr, int *port)
{
	uint16_t value;

	if (!payload(attr, sizeof(value)))
		return;
	get_be16(attr, &value);
	*port = value;
}

/* Both addresses, of one family */
static bool read_addresses(const struct nlattr *nest, struct entry *e)
{
	const void *source4 = NULL, *dest4 = NULL, *source6 = NULL, *dest6 = NULL;
	struct walk w = inside(nest);
	const struct nlattr *attr;

	while ((attr = next(&w))) {
		switch (type_of(attr)) {
		case CTA_IP_V4_SRC:
			source4 = payload(attr, 4);
			break;
		case CTA_IP_V4_DST:
			dest4 = payload(attr, 4);
			break;
		case CTA_IP_V6_SRC:
			source6 = payload(attr, 16);
			break;
		case CTA_IP_V6_DST:
			dest6 = payload(attr, 16);
			break;
		}
	}
	if (source4 && dest4) {
		e->family = AF_INET;
		memcpy(e->source, source4, 4);
		memcpy(e->dest, dest4, 4);
		return true;
	}
	if (!source6 || !dest6)
		return false;
	e->family = AF_INET6;
	memcpy(e->source, source6, 16);
	memcpy(e->dest, dest6, 16);
	return true;
}

static bool read_proto(const struct nlattr *nest, struct entry *e)
{
	struct walk w = inside(nest);
	const struct nlattr *attr;
	bool known = false;

	while ((attr = next(&w))) {
		switch (type_of(attr)) {
		case CTA_PROTO_NUM:
			known = get_u8(attr, &e->proto);
			break;
		case CTA_PROTO_SRC_PORT:
			get_port(attr, &e->sport);
			break;
		case CTA_PROTO_DST_PORT:
			get_port(attr, &e->dport);
			break;
		}
	}
	return known;
}

static bool read_tuple(const struct nlattr *nest, struct entry *e)
{
	const struct nlattr *attr, *ip = NULL, *proto = NULL;
	struct walk w = inside(nest);

	while ((attr = next(&w))) {
		switch (type_of(attr)) {
		case CTA_TUPLE_IP:
			ip = attr;
			break;
		case CTA_TUPLE_PROTO:
			proto = attr;
			break;
		}
	}
	return ip && proto && read_addresses(ip, e) && read_proto(proto, e);
}

_Static_assert((int)CTA_PROTOINFO_TCP_STATE == (int)CTA_PROTOINFO_SCTP_STATE,
	       "TCP's state and SCTP's are found alike");

static void read_state(const struct nlattr *protoinfo, struct entry *e)
{
	struct walk info = inside(protoinfo), of;
	const struct nlattr *attr;

	while ((attr = next(&info))) {
		if (type_of(attr) != CTA_PROTOINFO_TCP && type_of(attr) != CTA_PROTOINFO_SCTP)
			continue;
		for (of = inside(attr); (attr = next(&of));)
			if (type_of(attr) == CTA_PROTOINFO_TCP_STATE)
				get_u8(attr, &e->state);
	}
}

static void read_attr(const struct nlattr *attr, const struct nlattr **tuple, struct entry *e)
{
	uint32_t number;

	switch (type_of(attr)) {
	case CTA_TUPLE_ORIG:
		*tuple = attr;
		break;
	case CTA_STATUS:
		get_be32(attr, &e->status);
		break;
	case CTA_PROTOINFO:
		read_state(attr, e);
		break;
	case CTA_TIMEOUT:
		/* ctnetlink_dump_timeout() leaves out a 0 of some messages, and a flowtable's */
		if (get_be32(attr, &number))
			e->left = number;
		break;
	case CTA_ID:
		get_be32(attr, &e->id);
		break;
	case CTA_ZONE:
		get_be16(attr, &e->zone);
		break;
	}
}

bool message_entry(const struct nlmsghdr *h, struct attrs *a, struct entry *e)
{
	const size_t head = MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct nfgenmsg));
	const struct nlattr *attr, *tuple = NULL;
	struct walk w;

	if (h->nlmsg_type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW) ||
	    h->nlmsg_len < head)
		return false;
	w = (struct walk){ (const char *)h + head, h->nlmsg_len - head };
	if (a)
		memset(a, 0, sizeof(*a));
	memset(e, 0, sizeof(*e));
	e->state = e->sport = e->dport = ANY;
	e->left = UNKNOWN;
	e->arrived = h->nlmsg_flags & NLM_F_CREATE;
	e->newcomer = e->arrived && h->nlmsg_flags & NLM_F_EXCL;
	while ((attr = next(&w))) {
		read_attr(attr, &tuple, e);
		if (a && type_of(attr) <= CTA_MAX)
			a->top[type_of(attr)] = attr;
	}
	return tuple && read_tuple(tuple, e);
}

struct nlmsghdr *message_request(char *buf, uint8_t subsystem, uint16_t type, uint16_t flags,
				 unsigned int seq, uint8_t family)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nf = mnl_nlmsg_put_extra_header(h, sizeof(*nf));

	h->nlmsg_type = subsystem << 8 | type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	h->nlmsg_seq = seq;
	nf->nfgen_family = family;
	nf->version = NFNETLINK_V0;
	return h;
}

const struct nlmsghdr *message_next(const char **at, size_t *left)
{
	const struct nlmsghdr *h = (const void *)*at;
	size_t len;

	if (*left < sizeof(*h) || h->nlmsg_len < sizeof(*h) || h->nlmsg_len > *left)
		return NULL;
	len = MNL_ALIGN((size_t)h->nlmsg_len);
	if (len > *left)
		len = *left;
	*at += len;
	*left -= len;
	return h;
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
