// SPDX-License-Identifier: GPL-2.0
/* The terminal: cells out, keys in. */
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ncurses.h>

#include "lib/terminal.h"
#include "top/draw.h"
#include "top/keys.h"

#define ESCAPE_MS	25	/* how long the rest of a key's sequence may take */
#define CTRL_L		12

static bool utf8, colour;

/* With 256 colours those that are legible on dark and light; else the terminal's own. */
static void colours_begin(void)
{
	static const short few[CELL_INKS] = {
		[CELL_OK] = COLOR_GREEN, [CELL_WARNING] = COLOR_YELLOW,
		[CELL_CRITICAL] = COLOR_RED, [CELL_DIM] = -1, [CELL_HEAD] = COLOR_CYAN,
	};
	static const short many[CELL_INKS] = {
		[CELL_OK] = 71, [CELL_WARNING] = 214, [CELL_CRITICAL] = 203,
		[CELL_DIM] = 244, [CELL_HEAD] = 74,
	};
	const char *off = getenv("NO_COLOR");
	short i;

	colour = !(off && *off) && has_colors() && start_color() == OK;
	if (!colour)
		return;
	use_default_colors();
	for (i = CELL_PLAIN + 1; i < CELL_INKS; i++)
		init_pair(i, COLORS >= 256 ? many[i] : few[i], -1);
}

int draw_begin(void)
{
	utf8 = terminal_utf8();
	/* Only then: other locales' letters would pass for plain ones elsewhere. */
	if (utf8)
		setlocale(LC_CTYPE, "");
	if (!newterm(NULL, stdout, stdin))
		return -1;
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
	colours_begin();
	return 0;
}

void draw_end(void)
{
	endwin();
}

void draw_again(void)
{
	clearok(curscr, TRUE);
	refresh();
}

void draw_size(int *rows, int *columns)
{
	getmaxyx(stdscr, *rows, *columns);
}

static attr_t attributes(const struct screen_cell *cell)
{
	attr_t a = A_NORMAL;

	if (colour && cell->ink != CELL_PLAIN)
		a |= COLOR_PAIR(cell->ink);
	/* What has no colour of its own there */
	if (cell->ink == CELL_DIM && (!colour || COLORS < 256))
		a |= A_DIM;
	if (cell->bold || (cell->ink == CELL_CRITICAL && !colour))
		a |= A_BOLD;
	if (cell->reverse)
		a |= A_REVERSE;
	return a;
}

void draw_cells(const struct cells *c)
{
	char run[4 * 1024];
	int row, i, from;
	size_t len;

	erase();
	for (row = 0; row < c->rows; row++) {
		const struct screen_cell *cell = &c->cell[(size_t)row * c->columns];

		for (i = 0; i < c->columns; ) {
			attr_t a = attributes(&cell[i]);

			for (from = i, len = 0; i < c->columns && attributes(&cell[i]) == a &&
			     len + 4 < sizeof(run); i++)
				len += snprintf(run + len, sizeof(run) - len, "%s",
						cells_char(&cell[i], utf8));
			attrset(a);
			mvaddnstr(row, from, run, len);
		}
	}
	attrset(A_NORMAL);
	refresh();
}

static int translate(int key)
{
	switch (key) {
	case ERR:
		return DRAW_NOTHING;
	case KEY_RESIZE:
		return DRAW_RESIZED;
	case CTRL_L:
		clearok(curscr, TRUE);
		return DRAW_RESIZED;
	case '\r':
	case KEY_ENTER:
		return TOP_ENTER;
	case KEY_BACKSPACE:
	case 127:
	case '\b':
		return TOP_BACKSPACE;
	case KEY_UP:
		return TOP_UP;
	case KEY_DOWN:
		return TOP_DOWN;
	case KEY_PPAGE:
		return TOP_PAGE_UP;
	case KEY_NPAGE:
		return TOP_PAGE_DOWN;
	case KEY_HOME:
		return TOP_HOME;
	case KEY_END:
		return TOP_END;
	default:
		return key > 0 && key < 256 ? key : DRAW_NOTHING;
	}
}

int draw_key(int ms)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	int key = translate(getch());

	if (key != DRAW_NOTHING)
		return key;
	if (poll(&in, 1, ms) > 0 && !(in.revents & POLLIN))
		return DRAW_GONE;
	key = translate(getch());
	/* A terminal that is always ready and has nothing to say is at its end. */
	if (key == DRAW_NOTHING && in.revents & POLLHUP)
		return DRAW_GONE;
	return key;
}
