// SPDX-License-Identifier: GPL-2.0
/* A recording, written and read. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "read/read.h"
#include "top/record.h"

#define MAGIC		"conntriage recording "
#define FORMAT		"1"
#define MAX_LINE	1024
#define MAX_FILES	32768			/* of a frame */
#define MAX_FILE	(32 << 20)		/* bytes: what read/ takes at most */
#define MAX_FRAME	(256LL << 20)		/* bytes of all of its files */

static const char *const kind_word[STORED_KINDS] = {
	[STORED_FILE] = "file", [STORED_LINK] = "link", [STORED_DIR] = "dir",
};

static const struct {
	unsigned int part;
	const char *word;
} part_word[] = {
	{ READ_FAST, "fast" }, { READ_MINUTES, "minutes" },
	{ READ_CENSUS, "census" }, { READ_RULES, "rules" },
};

FILE *record_open(const char *name, struct fault *fault)
{
	/* It holds addresses and rules: for its owner alone, and never in place of another */
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd < 0)
		fault_at(fault, name, 0, "%s; name a file that doesn't exist yet",
			 strerror(errno));
	else if (!out)
		no_memory();
	else
		fprintf(out, MAGIC FORMAT " " CTRI_VERSION "\n");
	return out;
}

int record_frame(FILE *out, const char *name, const struct store *st, unsigned int parts,
		 int64_t at, struct fault *fault)
{
	const char *comma = "";
	size_t i;

	fprintf(out, "frame %" PRId64 ".%03d ", at / 1000, (int)(at % 1000));
	for (i = 0; i < ARRAY_SIZE(part_word); i++) {
		if (!(parts & part_word[i].part))
			continue;
		fprintf(out, "%s%s", comma, part_word[i].word);
		comma = ",";
	}
	fputs(*comma ? "\n" : "all\n", out);
	for (i = 0; i < st->nr; i++) {
		const struct stored *item = &st->item[i];

		fprintf(out, "%s %zu %s\n", kind_word[item->kind], item->len, item->path);
		fwrite(item->text, 1, item->len, out);
		fputc('\n', out);
	}
	fputs("end\n", out);
	if (!fflush(out) && !ferror(out))
		return 0;
	return fault_at(fault, name, 0, "%s, so the recording ends here; "
			"choose a place with room", strerror(errno));
}

static int damaged(const struct replay *r, struct fault *fault, const char *what)
{
	return fault_at(fault, r->name, 0, "%s in frame %" PRId64 "; those before it are good, "
			"record anew for the rest", what, r->nr + 1);
}

/* The next line without its newline; 0 at the end of the file, -1: cut off, or too long */
static int next_line(struct replay *r, char *line)
{
	size_t len;

	if (!fgets(line, MAX_LINE, r->in))
		return ferror(r->in) ? -1 : 0;
	len = strlen(line);
	if (!len || line[len - 1] != '\n')
		return -1;
	line[len - 1] = '\0';
	return 1;
}

int replay_begin(struct replay *r, FILE *in, const char *name, struct fault *fault)
{
	char line[MAX_LINE], *format, *version;

	*r = (struct replay) { .in = in, .name = name };
	if (next_line(r, line) <= 0 || strncmp(line, MAGIC, strlen(MAGIC)))
		return fault_at(fault, name, 1, "no recording; "
				"conntriage top --record FILE makes one");
	version = line + strlen(MAGIC);
	format = strsep(&version, " ");
	if (strcmp(format, FORMAT))
		return fault_at(fault, name, 1, "format %.16s of conntriage %.16s, and this one "
				"reads " FORMAT "; replay it with that version", format,
				version ? version : "?");
	return 0;
}

static bool read_parts(char *words, unsigned int *parts)
{
	char *word;
	size_t i;

	*parts = 0;
	if (!strcmp(words, "all"))
		return true;
	while ((word = strsep(&words, ","))) {
		for (i = 0; i < ARRAY_SIZE(part_word); i++)
			if (!strcmp(word, part_word[i].word))
				break;
		if (i == ARRAY_SIZE(part_word))
			return false;
		*parts |= part_word[i].part;
	}
	return true;
}

/* "frame 1764408292.123 fast,minutes" */
static bool read_frame_line(char *line, unsigned int *parts, int64_t *at)
{
	char *word = strsep(&line, " "), *when = strsep(&line, " ");
	double seconds;

	if (strcmp(word, "frame") || !when || !line || !text_real(when, &seconds) ||
	    seconds > 1e12)
		return false;
	*at = seconds * 1000 + 0.5;
	return read_parts(line, parts);
}

/* "file 13 proc/sys/kernel/hostname", and what follows it */
static int read_item(struct replay *r, char *line, struct store *st, int64_t *room)
{
	char *word = strsep(&line, " "), *number = strsep(&line, " "), *text;
	int64_t len;
	int kind;
	bool whole;

	for (kind = 0; kind < STORED_KINDS; kind++)
		if (!strcmp(kind_word[kind], word))
			break;
	if (kind == STORED_KINDS || !number || !line || !text_count(number, &len) ||
	    len > MAX_FILE || len > *room || !store_path_ok(line) || store_find(st, line))
		return -1;
	*room -= len;
	text = malloc(len + 1);
	if (!text)
		no_memory();
	whole = fread(text, 1, len + 1, r->in) == (size_t)len + 1 && text[len] == '\n';
	if (whole)
		store_put(st, kind, line, text, len);
	free(text);
	return whole ? 0 : -1;
}

int replay_next(struct replay *r, struct store *st, unsigned int *parts, int64_t *at,
		struct fault *fault)
{
	int64_t room = MAX_FRAME;
	char line[MAX_LINE];
	int status;

	store_free(st);
	status = next_line(r, line);
	if (!status && r->nr)
		return 0;
	if (status <= 0 || !read_frame_line(line, parts, at))
		return damaged(r, fault, "no line \"frame TIME PARTS\"");
	if (!r->nr && *parts & READ_FAST)
		return damaged(r, fault, "only a part of the host");
	for (;;) {
		if (next_line(r, line) <= 0)
			return damaged(r, fault, "cut off");
		if (!strcmp(line, "end"))
			break;
		if (st->nr == MAX_FILES || read_item(r, line, st, &room))
			return damaged(r, fault, "damaged file");
	}
	r->nr++;
	return 1;
}
