// SPDX-License-Identifier: GPL-2.0
/* Addresses, identifiers, comments and cgroups in a line of text. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "read/anonymous_words.h"

#define ADDRESS		64	/* bytes that an address takes, and more */
#define ID		12	/* hexadecimal digits that can't be meant as a number */
#define OURS		"conntriage-"

#define DIGITS		"0123456789"
#define HEX		DIGITS "abcdefABCDEF"

/* Where we are in a line */
struct place {
	const struct pseudonyms *p;
	const char *line, *at, *end;
	unsigned int what;
	FILE *out;
};

static size_t span(const struct place *l, const char *from, const char *set)
{
	size_t len = strspn(from, set);

	return from + len > l->end ? (size_t)(l->end - from) : len;
}

/* "/24", "_24" in a name of ours, or in JSON '", "len": 24'; -1: none */
static int bits_behind(const struct place *l, const char *next)
{
	const char *len;

	if (next + 1 < l->end && (*next == '/' || *next == '_') &&
	    isdigit((unsigned char)next[1]))
		return atoi(next + 1);
	if (next >= l->end || *next != '"')
		return -1;
	len = next + 1 + span(l, next + 1, ", ");
	if (l->end - len < 6 || strncmp(len, "\"len\":", 6))
		return -1;
	return atoi(len + 6);
}

/* Where the other end of a range begins, "-" or in JSON '", "' behind the first; or NULL */
static const char *range_behind(const struct place *l, const char *word, const char *next)
{
	static const char key[] = "\"range\": [\"";
	const size_t head = strlen(key);

	if (next + 1 < l->end && *next == '-')
		return next + 1;
	if (l->end - next > 4 && !strncmp(next, "\", \"", 4) &&
	    (size_t)(word - l->line) >= head && !strncmp(word - head, key, head))
		return next + 4;
	return NULL;
}

/* The address that begins there, if one does; its length, or 0 */
static size_t find_address(const struct place *l, const char *from, char *word)
{
	size_t len = span(l, from, DIGITS "."), six = span(l, from, HEX ":.");
	unsigned char binary[16];

	if (memchr(from, ':', six) && memchr(from, ':', six) != memrchr(from, ':', six))
		len = six;
	for (; len; len--) {
		if (len >= ADDRESS)
			continue;
		memcpy(word, from, len);
		word[len] = '\0';
		if (inet_pton(strchr(word, ':') ? AF_INET6 : AF_INET, word, binary) == 1)
			break;
		/* What is behind a point or a colon may be no part of it. */
		if (from[len - 1] != '.' && from[len - 1] != ':')
			return 0;
	}
	if (len && from + len < l->end && isalnum((unsigned char)from[len]))
		return 0;
	return len;
}

/* The second of two addresses is as far from the first as it was. */
static bool put_range(struct place *l, const char *word, const char *hidden, const char *from)
{
	char end[ADDRESS];
	size_t len = from ? find_address(l, from, end) : 0;

	if (!len || !pseudonym_next(word, hidden, end, sizeof(end)))
		return false;
	fprintf(l->out, "%.*s%s", (int)(from - l->at), l->at, end);
	l->at = from + len;
	return true;
}

static bool put_address(struct place *l)
{
	char word[ADDRESS], hidden[ADDRESS];
	const char *begin = l->at;
	size_t len = find_address(l, begin, word);

	if (!len)
		return false;
	memcpy(hidden, word, len + 1);
	pseudonym_address(l->p, hidden, sizeof(hidden), bits_behind(l, begin + len));
	fputs(hidden, l->out);
	l->at = begin + len;
	put_range(l, word, hidden, range_behind(l, begin, l->at));
	return true;
}

/* "aa:bb:cc:dd:ee:ff", as one that was made up */
static bool put_mac(struct place *l)
{
	char digits[13];
	int i;

	if (span(l, l->at, HEX ":") != 17)
		return false;
	for (i = 0; i < 17; i++)
		if ((l->at[i] == ':') != (i % 3 == 2))
			return false;
	for (i = 0; i < 12; i++)
		digits[i] = tolower((unsigned char)l->at[i / 2 * 3 + i % 2]);
	pseudonym_hex(l->p, digits, 12);
	fprintf(l->out, "02:%.2s:%.2s:%.2s:%.2s:%.2s", digits, digits + 2, digits + 4,
		digits + 6, digits + 8);
	l->at += 17;
	return true;
}

/*
 * Tables and files of ours are called by what they are about; an IPv6 address has other
 * separators there: "conntriage-flood-2001-db8--1_64".
 */
static bool put_ours(struct place *l)
{
	size_t len = strcspn(l->at, " \"'{};,"), head, i;
	char word[128], hidden[ADDRESS], *dash;
	int bits = -1;

	if ((size_t)(l->end - l->at) < len)
		len = l->end - l->at;
	if (len >= sizeof(word) || strncmp(l->at, OURS, strlen(OURS)))
		return false;
	memcpy(word, l->at, len);
	word[len] = '\0';
	for (dash = word; (dash = strchr(dash, '-')); dash++) {
		head = dash + 1 - word;
		snprintf(hidden, sizeof(hidden), "%.*s", ADDRESS - 1, word + head);
		if (strchr(hidden, '_')) {
			bits = atoi(strchr(hidden, '_') + 1);
			*strchr(hidden, '_') = '\0';
		}
		for (i = 0; hidden[i]; i++)
			if (hidden[i] == '-')
				hidden[i] = ':';
		if (!strchr(hidden, ':') ||
		    !pseudonym_address(l->p, hidden, sizeof(hidden), bits))
			continue;
		for (i = 0; hidden[i]; i++)
			if (hidden[i] == ':')
				hidden[i] = '-';
		fprintf(l->out, "%.*s%s%s", (int)head, word, hidden,
			strchr(word + head, '_') ? strchr(word + head, '_') : "");
		l->at += len;
		return true;
	}
	return false;
}

/* Twelve digits or more: of a container, or the last group of a UUID; those before it too */
static bool put_id(struct place *l)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	size_t len = span(l, l->at, HEX), i;
	const char *next = l->at;
	char digits[65];

	for (i = 0; i < ARRAY_SIZE(groups) && span(l, next, HEX) == groups[i]; i++)
		next += groups[i] + (i + 1 < ARRAY_SIZE(groups) && next + groups[i] < l->end &&
				     strchr("-_", next[groups[i]]) ? 1 : 0);
	if (i == ARRAY_SIZE(groups))
		len = next - l->at;
	else if (len < ID || len >= sizeof(digits))
		return false;
	memcpy(digits, l->at, len);
	digits[len] = '\0';
	if (i == ARRAY_SIZE(groups)) {
		char mark = l->at[8];

		pseudonym_hex(l->p, digits, len);
		digits[8] = digits[13] = digits[18] = digits[23] = mark;
	} else {
		pseudonym_hex(l->p, digits, len);
	}
	fputs(digits, l->out);
	l->at += len;
	return true;
}

/* '"comment": "..."', '"prefix": "..."' of a log, and the same as text */
static bool put_comment(struct place *l)
{
	static const char *const keys[] = {
		"\"comment\": \"", "\"prefix\": \"", "comment \"", "prefix \"",
	};
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		len = strlen(keys[i]);
		if ((size_t)(l->end - l->at) < len || strncmp(l->at, keys[i], len))
			continue;
		fputs(keys[i], l->out);
		for (l->at += len; l->at < l->end && *l->at != '"'; l->at++)
			if (*l->at == '\\' && l->at + 1 < l->end)
				l->at++;
		return true;
	}
	return false;
}

/*
 * One directory of a cgroup's path. Units of systemd and the levels that runtimes make
 * are names of software; what else is there was chosen by somebody.
 */
static bool put_cgroup(struct place *l)
{
	static const char *const ends[] = { ".service", ".slice", ".socket", ".mount" };
	static const char *const known[] = {
		"docker", "kubepods", "burstable", "besteffort", "guaranteed", "lxc", "machine",
		"init.scope",
	};
	static const char *const begins[] = {
		"session-", "docker-", "libpod-", "cri-containerd-", "crio-", "pod",
	};
	size_t len = strcspn(l->at, "/ "), i;
	char name[64];

	if (l->at == l->line || l->at[-1] != '/' || !len)
		return false;
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (len > strlen(ends[i]) &&
		    !strncmp(l->at + len - strlen(ends[i]), ends[i], strlen(ends[i])))
			return false;
	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (len == strlen(known[i]) && !strncmp(l->at, known[i], len))
			return false;
	for (i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(l->at, begins[i], strlen(begins[i])))
			return false;
	if (span(l, l->at, HEX) == len && len >= ID)
		return false;
	pseudonym_name(l->p, "group", l->at, len, name, sizeof(name));
	fputs(name, l->out);
	l->at += len;
	return true;
}

/* Whether a word may begin here */
static bool is_start(const struct place *l)
{
	char before = l->at > l->line ? l->at[-1] : ' ';

	return !isalnum((unsigned char)before) && before != '.' && before != ':';
}

static bool put_word(struct place *l)
{
	bool is_hex = strchr(HEX ":", *l->at), start = is_start(l);

	if (l->what & WORDS_COMMENTS && put_comment(l))
		return true;
	if (l->what & WORDS_CGROUPS && put_cgroup(l))
		return true;
	/* Behind "pod" an identifier begins without anything between. */
	if (l->what & (WORDS_HEX | WORDS_CGROUPS) && is_hex &&
	    (start || (l->at - l->line > 3 && !strncmp(l->at - 3, "pod", 3))) && put_id(l))
		return true;
	if (!(l->what & WORDS_ADDRESSES) || !start)
		return false;
	return *l->at == 'c' && put_ours(l) ? true : is_hex && (put_mac(l) || put_address(l));
}

void anonymous_words(const struct pseudonyms *p, const char *line, size_t len, unsigned int what,
		     FILE *out)
{
	struct place l = {
		.p = p, .line = line, .at = line, .end = line + len, .what = what, .out = out,
	};

	while (l.at < l.end)
		if (!*l.at || !put_word(&l))
			fputc(*l.at++, out);
}
