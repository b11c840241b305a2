// SPDX-License-Identifier: GPL-2.0
/*
 * The terminal of "conntriage top" where ncurses can't be counted on: in place of
 * top/draw.c. ncurses would take descriptions of terminals that a bare host hasn't, and
 * make the program a fifth larger. What is written is ECMA-48 and, for the screen of its
 * own and the cursor, DEC's private modes as xterm has them (its ctlseqs.ms).
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "top/draw.h"
#include "top/keys.h"

#define ESCAPE_MS	25	/* how long the rest of a key's sequence may take */
#define CTRL_L		12
#define SEQUENCE	16	/* bytes of a key, more than any has */

static bool utf8;
static int colours;		/* 0, 8 or 256 */
static struct termios before;
static struct cells shown;	/* what stands there; without rows: nobody knows */

/* What TERM begins with where the terminal keeps to these standards */
static const struct family {
	const char *name;
	int colours;		/* where it doesn't say 256color itself */
} families[] = {
	{ "xterm", 8 }, { "linux", 8 }, { "screen", 8 }, { "tmux", 8 }, { "rxvt", 8 },
	{ "putty", 8 }, { "konsole", 8 }, { "gnome", 8 }, { "vte", 8 }, { "st-", 8 },
	{ "alacritty", 256 }, { "foot", 256 }, { "wezterm", 256 }, { "kitty", 256 },
	{ "vt100", 0 }, { "vt102", 0 }, { "vt220", 0 },
};

static const struct family *find_family(const char *term)
{
	size_t i;

	for (i = 0; term && i < ARRAY_SIZE(families); i++)
		if (!strncmp(term, families[i].name, strlen(families[i].name)))
			return &families[i];
	return NULL;
}

/* Keys one by one, unseen and as they are; signals stay the terminal's business. */
static int take_terminal(void)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, &before))
		return -1;
	t = before;
	t.c_lflag &= ~(ICANON | ECHO);
	t.c_iflag &= ~ICRNL;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &t))
		return -1;
	fputs("\033[?1049h\033[?25l", stdout);
	return 0;
}

int draw_begin(void)
{
	const char *term = getenv("TERM"), *off = getenv("NO_COLOR");
	const struct family *f = find_family(term);

	if (!f)
		return -1;
	utf8 = terminal_utf8();
	colours = off && *off ? 0 : strstr(term, "256color") ? 256 : f->colours;
	return take_terminal();
}

/* From the last row, for a terminal that has no screen of its own for us */
void draw_end(void)
{
	int rows, columns;

	draw_size(&rows, &columns);
	printf("\033[m\033[%d;1H\033[?25h\033[?1049l\r", rows);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	cells_free(&shown);
}

void draw_again(void)
{
	take_terminal();
}

void draw_size(int *rows, int *columns)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		size = (struct winsize) { .ws_row = 24, .ws_col = TERMINAL_WIDTH };
	*rows = size.ws_row;
	*columns = size.ws_col;
}

static bool is_same(const struct screen_cell *a, const struct screen_cell *b)
{
	return a->ink == b->ink && a->bold == b->bold && a->reverse == b->reverse;
}

/* The inks of top/draw.c */
static void put_looks(const struct screen_cell *cell)
{
	static const int few[CELL_INKS] = {
		[CELL_OK] = 2, [CELL_WARNING] = 3, [CELL_CRITICAL] = 1, [CELL_HEAD] = 6,
	};
	static const int many[CELL_INKS] = {
		[CELL_OK] = 71, [CELL_WARNING] = 214, [CELL_CRITICAL] = 203,
		[CELL_DIM] = 244, [CELL_HEAD] = 74,
	};

	fputs("\033[0", stdout);
	if (cell->bold || (cell->ink == CELL_CRITICAL && !colours))
		fputs(";1", stdout);
	if (cell->ink == CELL_DIM && colours < 256)
		fputs(";2", stdout);
	if (cell->reverse)
		fputs(";7", stdout);
	if (colours == 256 && many[cell->ink])
		printf(";38;5;%d", many[cell->ink]);
	else if (colours == 8 && few[cell->ink])
		printf(";3%d", few[cell->ink]);
	putchar('m');
}

static void put_row(const struct screen_cell *cell, int row, int columns)
{
	int i;

	printf("\033[%d;1H", row + 1);
	for (i = 0; i < columns; i++) {
		if (!i || !is_same(&cell[i], &cell[i - 1]))
			put_looks(&cell[i]);
		fputs(cells_char(&cell[i], utf8), stdout);
	}
}

/* Rows that are other than before; a terminal of another size is drawn anew. */
void draw_cells(const struct cells *c)
{
	size_t row_size = c->columns * sizeof(*c->cell);
	int row;

	if (shown.rows != c->rows || shown.columns != c->columns) {
		cells_free(&shown);
		cells_begin(&shown, c->rows, c->columns);
		fputs("\033[m\033[2J", stdout);
	}
	for (row = 0; row < c->rows; row++) {
		const struct screen_cell *now = &c->cell[(size_t)row * c->columns];
		struct screen_cell *old = &shown.cell[(size_t)row * c->columns];

		if (!memcmp(now, old, row_size))
			continue;
		put_row(now, row, c->columns);
		memcpy(old, now, row_size);
	}
	fflush(stdout);
}

/* A byte within @ms, or DRAW_NOTHING or DRAW_GONE */
static int next_byte(int ms)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned char byte;

	if (poll(&in, 1, ms) <= 0)
		return DRAW_NOTHING;
	if (!(in.revents & POLLIN) || read(STDIN_FILENO, &byte, 1) != 1)
		return DRAW_GONE;
	return byte;
}

/* What ends a sequence, and the number before a "~" */
static int key_of(char last, int nr)
{
	switch (last) {
	case 'A':
		return TOP_UP;
	case 'B':
		return TOP_DOWN;
	case 'H':
		return TOP_HOME;
	case 'F':
		return TOP_END;
	case 'M':
		return TOP_ENTER;
	case '~':
		return nr == 1 || nr == 7 ? TOP_HOME : nr == 4 || nr == 8 ? TOP_END :
		       nr == 5 ? TOP_PAGE_UP : nr == 6 ? TOP_PAGE_DOWN : DRAW_NOTHING;
	default:
		return DRAW_NOTHING;
	}
}

/* CSI or SS3 and what belongs to it; the key by itself where nothing follows */
static int escape_key(void)
{
	int byte = next_byte(ESCAPE_MS), nr = 0, i;

	if (byte != '[' && byte != 'O')
		return TOP_ESC;
	for (i = 0; i < SEQUENCE; i++) {
		byte = next_byte(ESCAPE_MS);
		if (byte < 0 || byte >= 0x40)
			return byte < 0 ? DRAW_NOTHING : key_of(byte, nr);
		if (byte >= '0' && byte <= '9' && nr < 100)
			nr = 10 * nr + byte - '0';
	}
	return DRAW_NOTHING;
}

static bool is_resized(void)
{
	int rows, columns;

	draw_size(&rows, &columns);
	return rows != shown.rows || columns != shown.columns;
}

int draw_key(int ms)
{
	int key = next_byte(ms);

	if (is_resized() && key == DRAW_NOTHING)
		return DRAW_RESIZED;
	switch (key) {
	case CTRL_L:
		cells_free(&shown);
		return DRAW_RESIZED;
	case '\r':
		return TOP_ENTER;
	case 127:
	case '\b':
		return TOP_BACKSPACE;
	case TOP_ESC:
		return escape_key();
	default:
		return key;
	}
}
