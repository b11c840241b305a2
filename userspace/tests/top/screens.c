// SPDX-License-Identifier: GPL-2.0
/*
 * What a screen of captured trees looks like, without a terminal:
 *
 *	screens COLUMNSxROWS TREE [KEYS [TREE [KEYS]]...]
 *
 * A tree is what the picture is of from there on; KEYS are typed then: characters, and
 * <Up> <Down> <PgUp> <PgDn> <Home> <End> <Enter> <Esc> <Tab> <Bs>. The screen is printed,
 * and below it which of its rows stand in reverse; with "svg" before the size, it is a
 * picture. "screens cells" tests the cells alone.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "tests/top/svg.h"
#include "top/feed.h"
#include "top/keys.h"
#include "top/panels.h"

static const struct {
	const char *word;
	int key;
} words[] = {
	{ "<Up>", TOP_UP }, { "<Down>", TOP_DOWN }, { "<PgUp>", TOP_PAGE_UP },
	{ "<PgDn>", TOP_PAGE_DOWN }, { "<Home>", TOP_HOME }, { "<End>", TOP_END },
	{ "<Enter>", TOP_ENTER }, { "<Esc>", TOP_ESC }, { "<Tab>", TOP_TAB },
	{ "<Bs>", TOP_BACKSPACE },
};

static struct view view;
static struct scene scene = { .mode = "captured" };
static struct listing listing;
static int rows, columns;
static bool picture;

static int next_key(const char **at)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strncmp(*at, words[i].word, strlen(words[i].word))) {
			*at += strlen(words[i].word);
			return words[i].key;
		}
	return *(*at)++;
}

static void look(const struct feed *f)
{
	feed_show(f, &scene);
	listing_free(&listing);
	listing_build(&listing, &scene, &view, layout_lines(rows));
}

static void print_screen(void)
{
	struct cells c;
	int i;

	cells_begin(&c, rows, columns);
	layout(&c, &scene, &view, &listing);
	if (picture) {
		cells_svg(&c, "conntriage top, while a flood fills the table", stdout);
		cells_free(&c);
		return;
	}
	cells_print(&c, false, stdout);
	fputs("[reverse", stdout);
	for (i = 1; i < rows; i++)
		if (c.cell[(size_t)i * columns].reverse)
			printf(" %d", i);
	puts("]");
	cells_free(&c);
}

static int wrong;

static void expect(const char *what, const struct cells *c, const char *text)
{
	char *got;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	cells_print(c, false, out);
	fclose(out);
	if (strcmp(got, text))
		wrong++;
	printf("%sok - cells: %s\n", strcmp(got, text) ? "not " : "", what);
	free(got);
}

/* Whatever is put into cells, what comes out is as wide as they are, and plain. */
static int test_cells(void)
{
	struct cells c;

	cells_begin(&c, 2, 10);
	cells_put(&c, 0, 0, 10, CELL_PLAIN, "\033[31m\xc3\xa4\n!");
	expect("no escape sequence, no byte beyond ASCII", &c, "?[31m??" "?!\n\n");
	cells_free(&c);
	cells_begin(&c, 2, 10);
	cells_put(&c, 0, 2, 6, CELL_PLAIN, "abcdefgh");
	cells_right(&c, 1, 4, CELL_PLAIN, "1234567");
	cells_put(&c, 5, 0, 10, CELL_PLAIN, "outside");
	expect("what is too long is cut, and said to be", &c, "  abc~\n4567\n");
	cells_free(&c);
	cells_begin(&c, 2, 10);
	cells_wrap(&c, 0, 0, 10, 2, CELL_PLAIN, "a text of some words more");
	expect("prose is broken at spaces", &c, "a text of\nsome wo...\n");
	cells_free(&c);
	return wrong;
}

int main(int argc, char **argv)
{
	struct feed f;
	const char *keys;
	int i;

	if (argc == 2 && !strcmp(argv[1], "cells"))
		return test_cells();
	if (argc > 1 && !strcmp(argv[1], "svg")) {
		picture = true;
		argc--;
		argv++;
	}
	if (argc < 3 || sscanf(argv[1], "%dx%d", &columns, &rows) != 2)
		errx(2, "usage: screens [svg] COLUMNSxROWS TREE [KEYS [TREE [KEYS]]...]");
	for (i = 2; i < argc; i += 2) {
		if (feed_begin(&f, argv[i], NULL, NULL, false))
			errx(3, "%s", f.fault);
		look(&f);
		for (keys = i + 1 < argc ? argv[i + 1] : ""; *keys; look(&f))
			view_key(&view, next_key(&keys), &listing, layout_lines(rows));
		if (i + 2 >= argc)
			print_screen();
		listing_free(&listing);
		feed_end(&f);
	}
	return 0;
}
