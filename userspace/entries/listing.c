// SPDX-License-Identifier: GPL-2.0
/*
 * Entries out of text, as ct_seq_show() in net/netfilter/nf_conntrack_standalone.c and
 * libnetfilter_conntrack's snprintf_default.c write a line, and snprintf_xml.c a flow.
 */
#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_sctp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "entries/listing.h"
#include "lib/numbers.h"

#define MAX_LINE	2048	/* bytes; labels and contexts included, 500 are many */
#define MAX_FLOW	8192	/* bytes between <flow> and </flow>; some 900 */
#define FIRST_LINES	16	/* that are looked at to know a listing */
#define MAX_ZONE	65535

/* What is gathered of an entry: its two directions, and what was met of each */
struct gathered {
	struct entry e;
	struct side {
		uint8_t source[16], dest[16];
		int sport, dport;
		bool has_source, has_dest;
	} side[2];
	int side_nr;			/* of a line: the direction that is read now */
	bool unreplied, complete;	/* the last: what stands at an entry's end was met */
	char last;			/* of a line: first letter of the last "key=" */
};

static const char *const tcp_states[] = {
	[TCP_CONNTRACK_NONE] = "NONE", [TCP_CONNTRACK_SYN_SENT] = "SYN_SENT",
	[TCP_CONNTRACK_SYN_RECV] = "SYN_RECV", [TCP_CONNTRACK_ESTABLISHED] = "ESTABLISHED",
	[TCP_CONNTRACK_FIN_WAIT] = "FIN_WAIT", [TCP_CONNTRACK_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_CONNTRACK_LAST_ACK] = "LAST_ACK", [TCP_CONNTRACK_TIME_WAIT] = "TIME_WAIT",
	[TCP_CONNTRACK_CLOSE] = "CLOSE", [TCP_CONNTRACK_SYN_SENT2] = "SYN_SENT2",
};

static const char *const sctp_states[] = {
	[SCTP_CONNTRACK_NONE] = "NONE", [SCTP_CONNTRACK_CLOSED] = "CLOSED",
	[SCTP_CONNTRACK_COOKIE_WAIT] = "COOKIE_WAIT",
	[SCTP_CONNTRACK_COOKIE_ECHOED] = "COOKIE_ECHOED",
	[SCTP_CONNTRACK_ESTABLISHED] = "ESTABLISHED",
	[SCTP_CONNTRACK_SHUTDOWN_SENT] = "SHUTDOWN_SENT",
	[SCTP_CONNTRACK_SHUTDOWN_RECD] = "SHUTDOWN_RECD",
	[SCTP_CONNTRACK_SHUTDOWN_ACK_SENT] = "SHUTDOWN_ACK_SENT",
	[SCTP_CONNTRACK_HEARTBEAT_SENT] = "HEARTBEAT_SENT",
};

static void gather_begin(struct gathered *g)
{
	*g = (struct gathered) {
		.e = { .proto = ANY, .state = ANY, .left = UNKNOWN },
		.side = { { .sport = ANY, .dport = ANY }, { .sport = ANY, .dport = ANY } },
	};
}

/* Digits, and nothing behind them but a name in brackets: "6", "8(echo)" */
static bool number(const char *word, unsigned long max, unsigned long *value)
{
	char *end;

	if (*word < '0' || *word > '9')
		return false;
	*value = strtoul(word, &end, 10);
	return *value <= max && (!*end || *end == '(' || *end == '[');
}

static int state_named(const char *const *names, size_t nr, const char *word)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (names[i] && !strcmp(names[i], word))
			return i;
	return ANY;
}

static void set_state(struct entry *e, const char *word)
{
	if (e->proto == IPPROTO_TCP && !strcmp(word, "LISTEN"))
		e->state = TCP_CONNTRACK_LISTEN;	/* before Linux 2.6.31 */
	else if (e->proto == IPPROTO_TCP)
		e->state = state_named(tcp_states, ARRAY_SIZE(tcp_states), word);
	else if (e->proto == IPPROTO_SCTP)
		e->state = state_named(sctp_states, ARRAY_SIZE(sctp_states), word);
}

/* An address of the family that those before it have */
static bool set_address(struct entry *e, const char *word, uint8_t *to)
{
	int family = strchr(word, ':') ? AF_INET6 : AF_INET;

	if (e->family && e->family != family)
		return false;
	e->family = family;
	return inet_pton(family, word, to) == 1;
}

/* A port that has a name instead of a number isn't known. */
static void set_port(const char *word, int *port)
{
	unsigned long value;

	*port = number(word, UINT16_MAX, &value) ? (int)value : ANY;
}

/* Both directions say what address translation there is: ctnetlink's IPS_* bits. */
static uint32_t translated(const struct gathered *g)
{
	const struct side *original = &g->side[0], *reply = &g->side[1];
	uint32_t status = 0;

	if (memcmp(original->source, reply->dest, sizeof(reply->dest)) ||
	    original->sport != reply->dport)
		status |= IPS_SRC_NAT;
	if (memcmp(original->dest, reply->source, sizeof(reply->source)) ||
	    original->dport != reply->sport)
		status |= IPS_DST_NAT;
	return status;
}

/* Whether it is an entry; if so, what is left to say of it is said */
static bool gather_end(struct gathered *g)
{
	struct entry *e = &g->e;
	int i;

	if (e->proto == ANY)
		return false;
	for (i = 0; i < 2; i++)
		if (!g->side[i].has_source || !g->side[i].has_dest)
			return false;
	memcpy(e->source, g->side[0].source, sizeof(e->source));
	memcpy(e->dest, g->side[0].dest, sizeof(e->dest));
	e->sport = g->side[0].sport;
	e->dport = g->side[0].dport;
	e->status |= IPS_CONFIRMED | translated(g);
	if (!g->unreplied)
		e->status |= IPS_SEEN_REPLY;
	return true;
}

/* "[ASSURED]" and the like; others, such as "[start=Sun", tell nothing here */
static void take_flag(struct gathered *g, const char *word)
{
	if (!strcmp(word, "[UNREPLIED]"))
		g->unreplied = true;
	else if (!strcmp(word, "[ASSURED]"))
		g->e.status |= IPS_ASSURED;
	else if (!strcmp(word, "[OFFLOAD]"))
		g->e.status |= IPS_OFFLOAD;
	else if (!strcmp(word, "[HW_OFFLOAD]"))
		g->e.status |= IPS_OFFLOAD | IPS_HW_OFFLOAD;
}

/* What isn't an address: false where it can't be what its key says */
static bool take_number(struct gathered *g, const char *key, const char *text)
{
	struct side *side = &g->side[g->side_nr];
	unsigned long value;

	if (!strcmp(key, "sport")) {
		set_port(text, &side->sport);
	} else if (!strcmp(key, "dport")) {
		set_port(text, &side->dport);
	} else if (!strcmp(key, "zone") || !strcmp(key, "zone-orig")) {
		if (!number(text, MAX_ZONE, &value))
			return false;
		g->e.zone = value;
	} else if (!strcmp(key, "use")) {
		g->complete = true;
	} else if (!strcmp(key, "id") && g->last != 'c') {
		/* behind "code=" it is that of an echo */
		if (!number(text, UINT32_MAX, &value))
			return false;
		g->e.id = value;
	}
	g->last = *key;
	return true;
}

/* "src=10.0.0.1": the second of a kind begins the direction of the replies. */
static bool take_pair(struct gathered *g, const char *key, const char *text)
{
	struct side *side = &g->side[g->side_nr];

	if (strcmp(key, "src") && strcmp(key, "dst"))
		return take_number(g, key, text);
	g->last = *key;
	if (side->has_source && side->has_dest) {
		if (g->side_nr)
			return false;
		side = &g->side[++g->side_nr];
	}
	if (*key == 's') {
		side->has_source = true;
		return set_address(&g->e, text, side->source);
	}
	side->has_dest = true;
	return set_address(&g->e, text, side->dest);
}

/* The next word of a line, or NULL */
static char *next_word(char **line)
{
	char *word = *line + strspn(*line, " \t");
	size_t len = strcspn(word, " \t");

	if (!len)
		return NULL;
	*line = word + len;
	if (**line)
		*(*line)++ = '\0';
	return word;
}

/* "ipv4     2 tcp      6 431999 ESTABLISHED", without the first two or the last two */
static bool take_head(struct gathered *g, char **line)
{
	char *name = next_word(line), *nr = next_word(line);
	unsigned long value;

	if (!name || !nr)
		return false;
	if (!strcmp(name, "ipv4") || !strcmp(name, "ipv6")) {
		if (!number(nr, UINT8_MAX, &value))
			return false;
		g->e.family = name[3] == '4' ? AF_INET : AF_INET6;
		name = next_word(line);
		nr = next_word(line);
		if (!name || !nr)
			return false;
	}
	if (!number(nr, UINT8_MAX, &value))
		return false;
	g->e.proto = value;
	return true;
}

/* A line: whether it is an entry */
static bool read_line(char *line, struct gathered *g)
{
	unsigned long value;
	char *word, *text;

	gather_begin(g);
	if (!take_head(g, &line))
		return false;
	while ((word = next_word(&line))) {
		text = strchr(word, '=');
		if (*word == '[') {
			take_flag(g, word);
		} else if (text) {
			*text++ = '\0';
			if (!take_pair(g, word, text))
				return false;
		} else if (!g->side[0].has_source && number(word, UINT32_MAX, &value)) {
			g->e.left = value;
		} else if (!g->side[0].has_source) {
			set_state(&g->e, word);
		}
	}
	return gather_end(g);
}

/* A line that was to be an entry has addresses; those around it haven't. */
static bool means_entry(const char *line)
{
	const char *word = line + strspn(line, " \t");

	return *word >= 'a' && *word <= 'z' && (strstr(word, "src=") || strstr(word, "dst="));
}

/* What stands between "<name>" and the next tag, as a word; NULL: there is no such tag */
static const char *tag_text(const char *xml, const char *end, const char *name,
			    char *word, size_t size)
{
	size_t len = strlen(name), text;
	const char *c = xml;

	while ((c = memchr(c, '<', end - c))) {
		c++;
		if ((size_t)(end - c) <= len)
			return NULL;
		if (strncmp(c, name, len) || !strchr(" />", c[len]))
			continue;
		c = memchr(c, '>', end - c);
		if (!c)
			return NULL;
		text = strcspn(++c, "<");
		if (text >= size)
			return NULL;
		memcpy(word, c, text);
		word[text] = '\0';
		return word;
	}
	return NULL;
}

/* An attribute's number: protonum="6" */
static bool attribute(const char *xml, const char *end, const char *tag, unsigned long *value)
{
	const char *c = strstr(xml, tag);

	if (!c || c >= end)
		return false;
	c = strstr(c, "protonum=\"");
	if (!c || c >= end)
		return false;
	*value = strtoul(c + strlen("protonum=\""), NULL, 10);
	return *value <= UINT8_MAX;
}

static bool read_side(struct gathered *g, const char *xml, const char *end, struct side *side)
{
	unsigned long value;
	char word[64];

	side->has_source = tag_text(xml, end, "src", word, sizeof(word)) &&
			   set_address(&g->e, word, side->source);
	side->has_dest = tag_text(xml, end, "dst", word, sizeof(word)) &&
			 set_address(&g->e, word, side->dest);
	if (tag_text(xml, end, "sport", word, sizeof(word)))
		set_port(word, &side->sport);
	if (tag_text(xml, end, "dport", word, sizeof(word)))
		set_port(word, &side->dport);
	if (g->e.proto == ANY && attribute(xml, end, "<layer4", &value))
		g->e.proto = value;
	return side->has_source && side->has_dest;
}

static void read_rest(struct gathered *g, const char *xml, const char *end)
{
	unsigned long value;
	char word[64];

	if (tag_text(xml, end, "state", word, sizeof(word)))
		set_state(&g->e, word);
	if (tag_text(xml, end, "timeout", word, sizeof(word)) && number(word, UINT32_MAX, &value))
		g->e.left = value;
	if (tag_text(xml, end, "zone", word, sizeof(word)) && number(word, MAX_ZONE, &value))
		g->e.zone = value;
	if (tag_text(xml, end, "id", word, sizeof(word)) && number(word, UINT32_MAX, &value))
		g->e.id = value;
	g->unreplied = tag_text(xml, end, "unreplied", word, sizeof(word));
	if (tag_text(xml, end, "assured", word, sizeof(word)))
		g->e.status |= IPS_ASSURED;
}

/* The inside of one <flow>, as a text of its own: whether it is an entry */
static bool read_flow(const char *xml, struct gathered *g)
{
	static const char *const metas[] = { "\"original\"", "\"reply\"" };
	const char *meta, *end;
	unsigned long value;
	char word[64];
	size_t i;

	gather_begin(g);
	for (i = 0; i < ARRAY_SIZE(metas); i++) {
		meta = strstr(xml, metas[i]);
		end = meta ? strstr(meta, "</meta>") : NULL;
		if (!end || !read_side(g, meta, end, &g->side[i]))
			return false;
		/* a zone of one direction only stands in that */
		if (!i && tag_text(meta, end, "zone", word, sizeof(word)) &&
		    number(word, MAX_ZONE, &value))
			g->e.zone = value;
	}
	meta = strstr(xml, "\"independent\"");
	end = meta ? strstr(meta, "</meta>") : NULL;
	if (!end)
		return false;
	read_rest(g, meta, end);
	return gather_end(g);
}

/* The text of a line or a flow, with a NUL behind it; false: too long, or NUL bytes in it */
static bool copy_piece(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size || memchr(from, '\0', len))
		return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

/* The line at @text, without its end; *@whole: whether that end is there */
static size_t line_length(const char *text, size_t len, bool *whole)
{
	const char *end = memchr(text, '\n', len);

	*whole = end;
	return end ? (size_t)(end - text) : len;
}

static size_t each_flow(const char *text, size_t len,
			void (*each)(const struct entry *e, void *data), void *data)
{
	const char *end = text + len, *flow, *close;
	char piece[MAX_FLOW];
	struct gathered g;
	size_t bad = 0;

	while ((flow = memmem(text, end - text, "<flow", strlen("<flow")))) {
		text = flow + strlen("<flow");
		close = memmem(text, end - text, "</flow>", strlen("</flow>"));
		if (close && copy_piece(piece, sizeof(piece), text, close - text) &&
		    read_flow(piece, &g))
			each(&g.e, data);
		else
			bad++;
		if (close)
			text = close;
	}
	return bad;
}

static size_t each_line(const char *text, size_t len,
			void (*each)(const struct entry *e, void *data), void *data)
{
	char piece[MAX_LINE], shown[MAX_LINE];
	struct gathered g;
	size_t bad = 0;
	bool whole;

	while (len) {
		size_t line = line_length(text, len, &whole), own = line;

		while (own && text[own - 1] == '\r')
			own--;
		if (!copy_piece(piece, sizeof(piece), text, own)) {
			bad++;
		} else {
			memcpy(shown, piece, own + 1);
			/* A line that was cut off may have lost digits of its last number. */
			if (read_line(piece, &g) && (whole || g.complete))
				each(&g.e, data);
			else
				bad += means_entry(shown);
		}
		text += line + whole;
		len -= line + whole;
	}
	return bad;
}

/* conntrack's own last word may come before all else, where both outputs are one file. */
static bool is_xml(const char *text, size_t len)
{
	if (len > MAX_LINE)
		len = MAX_LINE;
	return memmem(text, len, "<conntrack>", strlen("<conntrack>")) ||
	       memmem(text, len, "<flow>", strlen("<flow>"));
}

bool listing_is_one(const char *text, size_t len)
{
	static const char shown[] = "flow entries have been shown";
	char piece[MAX_LINE];
	struct gathered g;
	bool whole;
	int i;

	if (is_xml(text, len))
		return true;
	for (i = 0; i < FIRST_LINES && len; i++) {
		size_t line = line_length(text, len, &whole), own = line;

		while (own && text[own - 1] == '\r')
			own--;
		if (memmem(text, own, shown, strlen(shown)))
			return true;
		if (copy_piece(piece, sizeof(piece), text, own) && read_line(piece, &g))
			return true;
		text += line + whole;
		len -= line + whole;
	}
	return false;
}

size_t listing_each(const char *text, size_t len,
		    void (*each)(const struct entry *e, void *data), void *data)
{
	if (is_xml(text, len))
		return each_flow(text, len, each, data);
	return each_line(text, len, each, data);
}
