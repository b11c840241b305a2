// SPDX-License-Identifier: GPL-2.0
/* What keys do to a view. */
#include <string.h>

#include "lib/numbers.h"
#include "top/keys.h"

static void show_list(struct view *v, enum list_kind list)
{
	v->list = list;
	v->has_selected = v->detail = v->help = false;
	v->scroll = v->line = v->below = 0;
}

/* Choose the row that stands at @to; the screen moves where it has to. */
static void choose(struct view *v, const struct listing *l, int lines, int to)
{
	if (!l->nr || !lines)
		return;
	if (to >= (int)l->nr)
		to = l->nr - 1;
	if (to < 0)
		to = 0;
	if (to < v->scroll)
		v->scroll = to;
	if (to >= v->scroll + lines)
		v->scroll = to - lines + 1;
	v->line = to - v->scroll;
	v->selected = l->row[to].who;
	v->has_selected = true;
}

static void move(struct view *v, const struct listing *l, int lines, int by)
{
	int at = v->scroll + v->line;

	/* The first key finds a row; a page is one all the same. */
	if (!v->has_selected)
		at = v->scroll - (by > 0 && by < lines);
	choose(v, l, lines, at + by);
}

static void turn(struct view *v, const struct listing *l, int lines, int key)
{
	const int by = key == TOP_UP ? -1 : key == TOP_DOWN ? 1 :
		       key == TOP_PAGE_UP ? -lines : lines;

	if (v->help || v->detail) {
		/* Whoever draws brings it within what there is. */
		v->below = key == TOP_HOME ? 0 : key == TOP_END ? 1 << 20 : v->below + by;
		return;
	}
	if (key == TOP_HOME)
		choose(v, l, lines, 0);
	else if (key == TOP_END)
		choose(v, l, lines, (int)l->nr - 1);
	else
		move(v, l, lines, by);
}

static void edit(struct view *v, int key)
{
	size_t len = strlen(v->filter);

	if (key == TOP_ENTER || key == TOP_ESC)
		v->editing = false;
	if (key == TOP_ESC)
		v->filter[0] = '\0';
	if (key == TOP_BACKSPACE && len)
		v->filter[len - 1] = '\0';
	if (key >= ' ' && key <= '~' && len + 1 < sizeof(v->filter)) {
		v->filter[len] = key;
		v->filter[len + 1] = '\0';
	}
	v->scroll = 0;
}

static void back(struct view *v)
{
	if (v->help || v->detail) {
		v->help = v->detail = false;
	} else if (*v->filter) {
		v->filter[0] = '\0';
	} else {
		v->has_selected = false;
		v->scroll = 0;
	}
	v->below = 0;
}

static void look_at(struct view *v, const struct listing *l, int lines)
{
	if (v->help || v->detail) {
		back(v);
		return;
	}
	if (!v->has_selected)
		choose(v, l, lines, v->scroll);
	v->detail = v->has_selected;
	v->below = 0;
}

/* As the columns stand: the name, then the metrics */
static void sort_beside(struct view *v, int by)
{
	int at = v->sort == SORT_NAME ? 0 : (int)v->sort + 1;

	at = (at + by + METRICS + 1) % (METRICS + 1);
	v->sort = at ? (unsigned int)at - 1 : SORT_NAME;
}

static bool letter(struct view *v, int key)
{
	static const char list[] = "sdvpgn", metric[] = "aerxi";
	const char *at;

	at = strchr(list, key);
	if (at) {
		show_list(v, at - list);
		return true;
	}
	at = strchr(metric, key);
	if (at)
		v->sort = at - metric;
	return at;
}

void view_key(struct view *v, int key, const struct listing *l, int lines)
{
	if (v->editing) {
		edit(v, key);
		return;
	}
	if (key > 0 && key < 256 && letter(v, key))
		return;
	switch (key) {
	case 'q':
		v->quit = true;
		break;
	case 'h':
	case '?':
		v->help = !v->help;
		v->below = 0;
		break;
	case 'f':
	case ' ':
		v->frozen = !v->frozen;
		break;
	case 'w':
		v->save = true;
		break;
	case 'c':
		v->census = true;
		break;
	case '/':
		v->editing = true;
		v->help = v->detail = false;
		break;
	case '<':
	case '>':
		sort_beside(v, key == '<' ? -1 : 1);
		break;
	case TOP_TAB:
		show_list(v, (v->list + 1) % LISTS);
		break;
	case TOP_ENTER:
		look_at(v, l, lines);
		break;
	case TOP_ESC:
	case TOP_BACKSPACE:
		back(v);
		break;
	case TOP_UP:
	case TOP_DOWN:
	case TOP_PAGE_UP:
	case TOP_PAGE_DOWN:
	case TOP_HOME:
	case TOP_END:
		turn(v, l, lines, key);
		break;
	default:
		break;
	}
}
