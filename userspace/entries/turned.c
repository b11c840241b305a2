// SPDX-License-Identifier: GPL-2.0
/* The other order of bytes: no length is believed before it is turned and compared. */
#include <byteswap.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <string.h>

#include "entries/turned.h"

#define DEEPEST	3	/* CTA_TUPLE_ORIG, CTA_TUPLE_IP, CTA_IP_V4_SRC */
#define KEPT	(NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW)

/* How far the next one is, of @len bytes of which @left are there */
static size_t step(size_t len, size_t left)
{
	return MNL_ALIGN(len) < left ? MNL_ALIGN(len) : left;
}

static void turn_attributes(char *at, size_t left, int depth)
{
	struct nlattr attr;
	size_t by;

	for (; left >= sizeof(attr); at += by, left -= by) {
		memcpy(&attr, at, sizeof(attr));
		attr.nla_len = bswap_16(attr.nla_len);
		attr.nla_type = bswap_16(attr.nla_type);
		memcpy(at, &attr, sizeof(attr));
		if (attr.nla_len < sizeof(attr) || attr.nla_len > left)
			return;
		if (attr.nla_type & NLA_F_NESTED && depth < DEEPEST)
			turn_attributes(at + sizeof(attr), attr.nla_len - sizeof(attr), depth + 1);
		by = step(attr.nla_len, left);
	}
}

void messages_native(char *text, size_t len)
{
	const size_t head = MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct nfgenmsg));
	struct nlmsghdr h;
	size_t by;

	for (; len >= sizeof(h); text += by, len -= by) {
		memcpy(&h, text, sizeof(h));
		if (h.nlmsg_type != bswap_16(KEPT))
			return;
		h.nlmsg_len = bswap_32(h.nlmsg_len);
		h.nlmsg_type = KEPT;
		h.nlmsg_flags = bswap_16(h.nlmsg_flags);
		h.nlmsg_seq = bswap_32(h.nlmsg_seq);
		h.nlmsg_pid = bswap_32(h.nlmsg_pid);
		memcpy(text, &h, sizeof(h));
		if (h.nlmsg_len < head || h.nlmsg_len > len)
			return;
		turn_attributes(text + head, h.nlmsg_len - head, 1);
		by = step(h.nlmsg_len, len);
	}
}
