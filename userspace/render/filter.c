// SPDX-License-Identifier: GPL-2.0
/* Which rows of a list are asked for. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/complain.h"
#include "lib/address.h"
#include "lib/moment.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "lib/words.h"
#include "render/filter.h"

int64_t present_of(const struct snapshot *s)
{
	size_t i;

	/* The module's own clock first: it is the one that its times are of. */
	for (i = s->nr_incidents; i-- > 0; )
		if (s->incident[i].begin != UNKNOWN && s->incident[i].begin_ago != UNKNOWN)
			return plus(s->incident[i].begin, s->incident[i].begin_ago);
	if (s->captured.known && s->captured.date != UNKNOWN)
		return s->captured.date;
	return *s->root ? UNKNOWN : time(NULL);
}

const char *plain_word(const char *word)
{
	char *plain = word_buffer();

	text_printable(plain, WORD_SIZE, word);
	return plain;
}

/* An address, with its bits; false: it is none */
static bool read_prefix(const char *word, unsigned char *bytes, int *family, int *bits)
{
	char address[64];
	const char *slash = strchr(word, '/');
	int64_t given;

	if (strlen(word) >= sizeof(address))
		return false;
	snprintf(address, sizeof(address), "%.*s", (int)strcspn(word, "/"), word);
	*family = strchr(address, ':') ? 6 : 4;
	if (inet_pton(*family == 6 ? AF_INET6 : AF_INET, address, bytes) != 1)
		return false;
	*bits = *family == 6 ? 128 : 32;
	if (!slash)
		return true;
	if (!text_count(slash + 1, &given) || given > *bits)
		return false;
	*bits = given;
	return true;
}

static bool same_bits(const unsigned char *a, const unsigned char *b, int bits)
{
	int rest = bits % 8;

	if (memcmp(a, b, bits / 8))
		return false;
	return !rest || !((a[bits / 8] ^ b[bits / 8]) >> (8 - rest));
}

bool filter_address(const struct filter *f, const char *word)
{
	char address[64];
	unsigned char bytes[16];
	int family, bits;

	if (!f->family)
		return true;
	if (!read_prefix(word, bytes, &family, &bits)) {
		address_of_word(word, address, sizeof(address));
		if (!read_prefix(address, bytes, &family, &bits))
			return false;
	}
	return family == f->family && bits >= f->bits && same_bits(bytes, f->prefix, f->bits);
}

bool filter_netns(const struct filter *f, int64_t netns)
{
	return f->netns == UNKNOWN || f->netns == netns;
}

bool filter_time(const struct filter *f, int64_t ago, int64_t end_ago)
{
	return end_ago <= f->since && ago >= f->until;
}

static int read_netns(const struct snapshot *s, const char *word, const char *command,
		      struct filter *f)
{
	size_t i;

	if (text_count(word, &f->netns) && f->netns > 0)
		return 0;
	for (i = 0; i < s->nr_netns_names; i++)
		if (*word && !strcmp(s->netns_name[i].name, word)) {
			f->netns = s->netns_name[i].netns;
			return 0;
		}
	complain("%s: --netns %s: no namespace of that name; conntriage netns lists them, "
	      "and their inodes with -o +INODE", command, plain_word(word));
	return -1;
}

static int read_class(const char *word, const char *command, const char *const *class,
		      size_t classes, struct filter *f)
{
	char names[512] = "";
	size_t used = 0, i;

	for (i = 0; i < classes; i++) {
		if (!strcmp(class[i], word)) {
			f->class = i;
			return 0;
		}
		used += snprintf(names + used, sizeof(names) - used, "%s%s",
				 i ? ", " : "", class[i]);
	}
	complain("%s: --class %s: no such class; there are %s", command, plain_word(word), names);
	return -1;
}

static int read_time(const char *word, int64_t present, const char *command, const char *option,
		     int64_t *ago)
{
	switch (moment_ago(word, present, ago)) {
	case MOMENT_OK:
		return 0;
	case MOMENT_NO_CLOCK:
		complain("%s: --%s %s: the captured tree doesn't say when it was made; give 10min ago",
		      command, option, plain_word(word));
		return -1;
	case MOMENT_WRONG:
		break;
	}
	complain("%s: --%s %s: no moment; give " MOMENT_FORMS, command, option, plain_word(word));
	return -1;
}

int filter_read(const struct snapshot *s, const struct list_request *ask, const char *command,
		const char *const *class, size_t classes, struct filter *f)
{
	int64_t present = present_of(s);

	*f = (struct filter) {
		.netns = UNKNOWN, .since = INT64_MAX, .until = INT64_MIN, .class = SIZE_MAX,
	};
	if (ask->netns && read_netns(s, ask->netns, command, f))
		return -1;
	if (ask->class && read_class(ask->class, command, class, classes, f))
		return -1;
	if (ask->prefix && !read_prefix(ask->prefix, f->prefix, &f->family, &f->bits)) {
		complain("%s: --prefix %s: no network; give ADDRESS/BITS, such as 10.1.0.0/16",
		      command, plain_word(ask->prefix));
		return -1;
	}
	if (ask->since && read_time(ask->since, present, command, "since", &f->since))
		return -1;
	if (ask->until && read_time(ask->until, present, command, "until", &f->until))
		return -1;
	if (f->since >= f->until)
		return 0;
	complain("%s: --since %s is later than --until %s; swap them", command,
	      plain_word(ask->since), plain_word(ask->until));
	return -1;
}
