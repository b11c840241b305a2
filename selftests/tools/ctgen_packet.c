// SPDX-License-Identifier: GPL-2.0
/* The packets that ctgen sends: packet k, by its number. */
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>

#include "ctgen.h"

#define SHORT_TCP	12	/* ports are there, the header is not whole */
#define SHORT_OTHER	4

/* splitmix64: packet k's random number needs no state from packet k - 1 */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

void addr_at(uint8_t *to, const uint8_t *base, uint32_t index,
	     unsigned int shift)
{
	unsigned int len = o.family == AF_INET ? 4 : 16;
	unsigned int sum, carry = 0, i;

	for (i = 0; i < len; i++) {
		int bit = 8 * i - shift;	/* of index, at this byte */

		sum = base[len - 1 - i] + carry;
		if (bit >= 0 && bit < 32)
			sum += (index >> bit) & 0xff;
		else if (bit < 0 && bit > -8)
			sum += (index << -bit) & 0xff;
		to[len - 1 - i] = sum;
		carry = sum >> 8;
	}
}

static uint32_t sum16(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;

	for (; len > 1; len -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	return len ? sum + (p[0] << 8) : sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static uint16_t l4_sum(const uint8_t *src, const uint8_t *dst, int proto,
		       const void *l4, size_t len)
{
	size_t alen = o.family == AF_INET ? 4 : 16;
	uint32_t sum = 0;

	if (proto != IPPROTO_ICMP) {
		sum = sum16(src, alen, sum16(dst, alen, 0));
		sum += proto + len;
	}
	return fold(sum16(l4, len, sum));
}

static size_t put_ip(uint8_t *p, const uint8_t *src, const uint8_t *dst,
		     int proto, size_t payload)
{
	if (o.family == AF_INET) {
		struct iphdr ip = {
			.version = 4, .ihl = 5, .ttl = o.ttl,
			.tot_len = htons(sizeof(ip) + payload),
			.protocol = proto,
		};

		memcpy(&ip.saddr, src, 4);
		memcpy(&ip.daddr, dst, 4);
		ip.check = fold(sum16(&ip, sizeof(ip), 0));
		memcpy(p, &ip, sizeof(ip));
		return sizeof(ip);
	} else {
		struct ip6_hdr ip = {
			.ip6_flow = htonl(6u << 28), .ip6_nxt = proto,
			.ip6_plen = htons(payload), .ip6_hlim = o.ttl,
		};

		memcpy(&ip.ip6_src, src, 16);
		memcpy(&ip.ip6_dst, dst, 16);
		memcpy(p, &ip, sizeof(ip));
		return sizeof(ip);
	}
}

/* An L4 header of @proto with its checksum over @payload zero bytes after it */
static size_t put_l4(uint8_t *p, const uint8_t *src, const uint8_t *dst,
		     int proto, uint16_t sport, uint16_t dport, size_t payload)
{
	size_t len;

	if (proto == IPPROTO_TCP) {
		struct tcphdr tcp = {
			.th_sport = htons(sport), .th_dport = htons(dport),
			.th_seq = htonl(o.seq), .th_ack = htonl(o.ack),
			.th_off = 5, .th_flags = o.flags,
			.th_win = htons(o.window),
		};

		len = sizeof(tcp) + payload;
		memcpy(p, &tcp, sizeof(tcp));
		tcp.th_sum = l4_sum(src, dst, proto, p, len);
		memcpy(p, &tcp, sizeof(tcp));
	} else {
		struct udphdr udp = {
			.uh_sport = htons(sport), .uh_dport = htons(dport),
			.uh_ulen = htons(sizeof(udp) + payload),
		};

		len = sizeof(udp) + payload;
		memcpy(p, &udp, sizeof(udp));
		udp.uh_sum = l4_sum(src, dst, proto, p, len);
		if (!udp.uh_sum)
			udp.uh_sum = 0xffff;
		memcpy(p, &udp, sizeof(udp));
	}
	return len;
}

/*
 * Echo: the identifier is the source port. An error embeds the packet that
 * caused it, which went the other way: from our destination to our source.
 */
static size_t put_icmp(uint8_t *p, const uint8_t *src, const uint8_t *dst,
		       uint16_t sport, uint16_t dport, size_t payload)
{
	struct icmphdr icmp = { .type = o.icmp_type, .code = o.icmp_code };
	size_t len = sizeof(icmp);

	if (o.inner) {
		size_t l4 = o.inner == IPPROTO_TCP ? sizeof(struct tcphdr) :
						     sizeof(struct udphdr);

		len += put_ip(p + len, dst, src, o.inner, l4);
		len += put_l4(p + len, dst, src, o.inner, sport, dport, 0);
	} else {
		icmp.un.echo.id = htons(sport);
		icmp.un.echo.sequence = htons(dport);
		len += payload;
	}
	memcpy(p, &icmp, sizeof(icmp));
	icmp.checksum = l4_sum(src, dst, o.proto, p, len);
	memcpy(p, &icmp, sizeof(icmp));
	return len;
}

size_t build(uint8_t *frame, uint64_t k, uint32_t *index)
{
	size_t iplen = o.family == AF_INET ? sizeof(struct iphdr) :
					     sizeof(struct ip6_hdr);
	uint8_t src[16], dst[16], *l4 = frame + ETH_HLEN + iplen;
	uint32_t sport, dport, dest;
	uint64_t v = k;
	size_t len;

	if (o.random) {
		uint64_t r = mix(o.seed ^ k * 0x2545f4914f6cdd1dull);

		*index = (r & 0xffffffff) % o.nr_sources;
		v = mix(r);
	} else {
		*index = v % o.nr_sources;
		v /= o.nr_sources;
	}
	sport = o.sport.first + v % o.sport.nr;
	v /= o.sport.nr;
	dport = o.dport.first + v % o.dport.nr;
	v /= o.dport.nr;
	dest = v % o.nr_dests;
	addr_at(src, o.source, *index, o.step);
	addr_at(dst, o.dest, dest, 0);

	memset(l4, 0, sizeof(struct tcphdr) + o.payload);
	if (o.proto == IPPROTO_ICMP || o.proto == IPPROTO_ICMPV6)
		len = put_icmp(l4, src, dst, sport, dport, o.payload);
	else
		len = put_l4(l4, src, dst, o.proto, sport, dport, o.payload);
	if (o.fault == FAULT_BADSUM)	/* all have it in the first 18 bytes */
		l4[o.proto == IPPROTO_TCP ? 16 :
		   o.proto == IPPROTO_UDP ? 6 : 2] ^= 0x5a;
	else if (o.fault == FAULT_SHORT)
		len = o.proto == IPPROTO_TCP ? SHORT_TCP : SHORT_OTHER;
	put_ip(frame + ETH_HLEN, src, dst, o.proto, len);
	return ETH_HLEN + iplen + len;
}
