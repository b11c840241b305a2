// SPDX-License-Identifier: GPL-2.0
/* Entries out of text: what each way of listing them must give. */
#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_sctp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <netinet/in.h>
#include <string.h>

#include "entries/listing.h"
#include "lib/numbers.h"
#include "tests/parse/parse_test.h"

#define SEEN	(IPS_CONFIRMED | IPS_SEEN_REPLY)

struct listed {
	struct entry entry[4];
	size_t nr;
};

static void keep(const struct entry *e, void *data)
{
	struct listed *l = data;

	if (l->nr < ARRAY_SIZE(l->entry))
		l->entry[l->nr] = *e;
	l->nr++;
}

/* All that a text lists, and how many of its entries can't be read */
static size_t list(const char *text, struct listed *l)
{
	memset(l, 0, sizeof(*l));
	return listing_each(text, strlen(text), keep, l);
}

static bool is_address(const struct entry *e, const uint8_t *have, const char *want)
{
	uint8_t binary[16] = { 0 };

	return inet_pton(e->family, want, binary) == 1 && !memcmp(have, binary, 16);
}

static bool is_entry(const struct entry *e, int proto, int state, int64_t left, uint32_t status,
		     const char *from, int sport, const char *to, int dport)
{
	return e->proto == proto && e->state == state && e->left == left &&
	       e->status == status && is_address(e, e->source, from) && e->sport == sport &&
	       is_address(e, e->dest, to) && e->dport == dport;
}

/* One line, and nothing wrong with it */
static bool lists(const char *text, struct listed *l)
{
	return listing_is_one(text, strlen(text)) && !list(text, l) && l->nr == 1;
}

#define TUPLE "src=10.0.0.1 dst=192.0.2.9 sport=40000 dport=443"
#define REPLY "src=192.0.2.9 dst=10.0.0.1 sport=443 dport=40000"

static bool plain(void)
{
	struct listed l;

	return lists("tcp      6 431999 ESTABLISHED " TUPLE " " REPLY " [ASSURED] mark=0 use=1\n",
		     &l) &&
	       is_entry(&l.entry[0], IPPROTO_TCP, TCP_CONNTRACK_ESTABLISHED, 431999,
			SEEN | IPS_ASSURED, "10.0.0.1", 40000, "192.0.2.9", 443);
}

static bool from_proc(void)
{
	struct listed l;

	return lists("ipv6     10 udp      17 29 src=fd00:0000:0000:0000:0000:0000:0000:0001 "
		     "dst=fd00:0000:0000:0000:0000:0000:0000:0002 sport=5 dport=53 packets=1 "
		     "bytes=29 [UNREPLIED] src=fd00:0000:0000:0000:0000:0000:0000:0002 "
		     "dst=fd00:0000:0000:0000:0000:0000:0000:0001 sport=53 dport=5 packets=0 "
		     "bytes=0 mark=0 zone=7 delta-time=0 use=2\n", &l) &&
	       is_entry(&l.entry[0], IPPROTO_UDP, ANY, 29, IPS_CONFIRMED, "fd00::1", 5, "fd00::2",
			53) && l.entry[0].zone == 7;
}

static bool other_protocols(void)
{
	struct listed l;
	const char *text =
		"icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=22005 src=10.0.0.2 "
		"dst=10.0.0.1 type=0 code=0 id=22005 mark=0 use=1 id=626866924\n"
		"sctp     132 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 "
		"src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=0 use=1\n"
		"gre      47 179 src=10.0.0.1 dst=10.0.0.2 srckey=0x0 dstkey=0x0 src=10.0.0.2 "
		"dst=10.0.0.1 srckey=0x0 dstkey=0x0 [ASSURED] mark=0 use=1\n"
		"unknown  50 599 src=10.0.0.1 dst=10.0.0.2 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 "
		"mark=0 use=1\n";

	return !list(text, &l) && l.nr == 4 && l.entry[0].proto == IPPROTO_ICMP &&
	       l.entry[0].sport == ANY && l.entry[0].id == 626866924 &&
	       l.entry[1].state == SCTP_CONNTRACK_ESTABLISHED && l.entry[2].dport == ANY &&
	       l.entry[3].proto == 50 && l.entry[3].status == IPS_CONFIRMED;
}

static bool translated(void)
{
	struct listed l;

	return lists("tcp      6 86 SYN_SENT " TUPLE " [UNREPLIED] src=192.0.2.9 dst=198.51.100.1 "
		     "sport=443 dport=1024 mark=0 use=1\n", &l) &&
	       l.entry[0].status == (IPS_CONFIRMED | IPS_SRC_NAT) &&
	       lists("tcp      6 9 TIME_WAIT " TUPLE " src=10.9.9.9 dst=10.0.0.1 sport=8443 "
		     "dport=40000 [ASSURED] use=1\n", &l) &&
	       l.entry[0].status == (SEEN | IPS_ASSURED | IPS_DST_NAT);
}

static bool offloaded(void)
{
	struct listed l;

	return lists("ipv4     2 tcp      6 " TUPLE " " REPLY " [HW_OFFLOAD] mark=0 zone=0 use=3\n",
		     &l) &&
	       l.entry[0].left == UNKNOWN &&
	       l.entry[0].status == (SEEN | IPS_OFFLOAD | IPS_HW_OFFLOAD);
}

static bool with_options(void)
{
	struct listed l;

	return lists("tcp      6 9 CLOSE " TUPLE " packets=2 bytes=152 " REPLY " packets=2 bytes=152 "
		     "[ASSURED] mark=0 secctx=system_u:object_r:unlabeled_t:s0 zone-orig=3 "
		     "delta-time=0 [start=Sun Nov 29 16:59:24 2026] use=1 id=2857636018\r\n", &l) &&
	       is_entry(&l.entry[0], IPPROTO_TCP, TCP_CONNTRACK_CLOSE, 9, SEEN | IPS_ASSURED,
			"10.0.0.1", 40000, "192.0.2.9", 443) &&
	       l.entry[0].id == 2857636018u && l.entry[0].zone == 3;
}

#define META(dir, from, to, ports) "<meta direction=\"" dir "\"><layer3 protonum=\"2\" " \
	"protoname=\"ipv4\"><src>" from "</src><dst>" to "</dst></layer3><layer4 protonum=\"17\" " \
	"protoname=\"udp\">" ports "</layer4></meta>"
#define FLOW "<flow>" META("original", "10.0.0.1", "10.0.0.2", \
			   "<sport>5</sport><dport>53</dport>") \
	META("reply", "10.0.0.2", "10.0.0.1", "<sport>53</sport><dport>5</dport>") \
	"<meta direction=\"independent\"><timeout>29</timeout><mark>0</mark><use>1</use>" \
	"<id>1070708556</id><unreplied/></meta></flow>\n"

static bool in_xml(void)
{
	struct listed l;
	const char *text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<conntrack>\n" FLOW FLOW;

	return listing_is_one(text, strlen(text)) && !list(text, &l) && l.nr == 2 &&
	       is_entry(&l.entry[1], IPPROTO_UDP, ANY, 29, IPS_CONFIRMED, "10.0.0.1", 5,
			"10.0.0.2", 53) && l.entry[1].id == 1070708556;
}

static bool xml_cut_off(void)
{
	struct listed l;

	return list("<conntrack>\n" FLOW "<flow><meta direction=\"original\"><layer3", &l) == 1 &&
	       l.nr == 1;
}

/* A port that lost its last digits is another port. */
static bool line_cut_off(void)
{
	struct listed l;

	return list("tcp      6 9 CLOSE " TUPLE " " REPLY " mark=0 use=1\n"
		    "tcp      6 9 CLOSE " TUPLE " src=192.0.2.9 dst=10.0.0.1 sport=443 dport=4", &l) == 1
	       && l.nr == 1;
}

static bool around(void)
{
	struct listed l;
	const char *text = "conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.\n"
		"# conntrack -L\n\ntcp      6 9 CLOSE " TUPLE " " REPLY " mark=0 use=1\n";

	return lists(text, &l);
}

static bool malformed(void)
{
	struct listed l;

	return list("tcp      6 9 CLOSE src=10.0.0.1 dst=fd00::1 sport=1 dport=2 " REPLY " use=1\n"
		    "tcp      6 9 CLOSE src=10.0.0.256 dst=10.0.0.2 sport=1 dport=2 " REPLY " use=1\n"
		    "tcp      999 9 CLOSE " TUPLE " " REPLY " use=1\n"
		    "tcp      6 9 CLOSE " TUPLE " use=1\n", &l) == 4 && !l.nr;
}

static bool others(void)
{
	static const char *const texts[] = {
		"", "\n\n", "tcp", "net.netfilter.nf_conntrack_max = 65536\n", "<html><body>",
		"tcp   LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n",
		"    [NEW] tcp      6 120 SYN_SENT " TUPLE " [UNREPLIED] " REPLY "\n",
	};
	struct listed l;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (listing_is_one(texts[i], strlen(texts[i])) || list(texts[i], &l) || l.nr)
			return false;
	return true;
}

const struct record_test listing_records[] = {
	{ "listing: conntrack -L", plain },
	{ "listing: /proc/net/nf_conntrack", from_proc },
	{ "listing: ICMP, SCTP, GRE, a protocol without a name", other_protocols },
	{ "listing: translated addresses", translated },
	{ "listing: offloaded, without a timeout", offloaded },
	{ "listing: -o id, ktimestamp, zones, CRLF", with_options },
	{ "listing: -o xml", in_xml },
	{ "listing: XML that is cut off", xml_cut_off },
	{ "listing: a last line that is cut off", line_cut_off },
	{ "listing: lines around the entries", around },
	{ "listing: lines that no kernel writes", malformed },
	{ "listing: other texts list nothing", others },
	{ NULL, NULL },
};
