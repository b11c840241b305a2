// SPDX-License-Identifier: GPL-2.0
/* Whether an entry is one of those that were asked for. */
#include <netinet/in.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <string.h>
#include <sys/socket.h>

#include "delete/select.h"
#include "lib/numbers.h"

static bool in_network(const struct network *n, int family, const uint8_t *address)
{
	unsigned int whole = n->bits / 8, rest = n->bits % 8;

	if (n->family == AF_UNSPEC)
		return true;
	if (n->family != family || memcmp(n->address, address, whole))
		return false;
	return !rest || !((n->address[whole] ^ address[whole]) & (0xff00 >> rest) & 0xff);
}

/* As kmod/census.c names the states of what isn't TCP */
static enum answer answer_of(uint32_t status)
{
	if (!(status & IPS_SEEN_REPLY))
		return ANSWER_UNREPLIED;
	return status & IPS_ASSURED ? ANSWER_ASSURED : ANSWER_REPLIED;
}

bool selects(const struct selection *s, const struct entry *e)
{
	if (s->proto != ANY && s->proto != e->proto)
		return false;
	if (s->dport != ANY && s->dport != e->dport)
		return false;
	if (s->tcp_state != ANY && (e->proto != IPPROTO_TCP || s->tcp_state != e->state))
		return false;
	if (s->answer != ANSWER_ANY && s->answer != answer_of(e->status))
		return false;
	if (s->unanswered && e->status & IPS_SEEN_REPLY)
		return false;
	if (!in_network(&s->source, e->family, e->source) ||
	    !in_network(&s->dest, e->family, e->dest))
		return false;
	if (s->left_max == ANY)
		return true;
	/* what the hardware or a flowtable forwards has a timeout that says nothing */
	return !(e->status & IPS_OFFLOAD) && known(e->left) >= s->left_min &&
	       known(e->left) <= s->left_max;
}
