// SPDX-License-Identifier: GPL-2.0
/* The loop: read, draw, take keys. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "judge/finding.h"
#include "lib/complain.h"
#include "lib/moment.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "top/draw.h"
#include "top/feed.h"
#include "top/keys.h"
#include "top/panels.h"
#include "top/top.h"

#define WAIT_MS		500	/* by then a signal is seen that came before the wait */

static volatile sig_atomic_t ended, stopped;	/* the signal, or 0 */

static void on_end(int signal)
{
	ended = signal;
}

static void on_stop(int signal)
{
	stopped = signal;
}

/* Before ncurses, which leaves alone what somebody else takes */
static void catch_signals(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (!sigaction(ends[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(ends[i], &(struct sigaction) { .sa_handler = on_end }, NULL);
	sigaction(SIGTSTP, &(struct sigaction) { .sa_handler = on_stop }, NULL);
}

struct top {
	const struct top_request *r;
	struct feed feed;
	struct view view;
	struct scene scene;
	struct listing listing;
	int rows, columns, lines;
	int64_t pictures;
	bool failed;
};

static void say(struct top *t, const char *text)
{
	snprintf(t->scene.message, sizeof(t->scene.message), "%s", text);
}

static void show_mode(struct top *t)
{
	struct feed *f = &t->feed;

	if (f->replaying)
		snprintf(t->scene.mode, sizeof(t->scene.mode), "replay of %.60s, %lld%s",
			 f->replay.name, (long long)f->replay.nr, f->ended ? ", its end" : "");
	else if (f->record)
		snprintf(t->scene.mode, sizeof(t->scene.mode), "recording to %.60s",
			 f->record_name);
	else if (*f->root)
		snprintf(t->scene.mode, sizeof(t->scene.mode), "captured");
}

static void draw(struct top *t)
{
	struct cells c;

	feed_show(&t->feed, &t->scene);
	show_mode(t);
	draw_size(&t->rows, &t->columns);
	t->lines = layout_lines(t->rows);
	listing_free(&t->listing);
	listing_build(&t->listing, &t->scene, &t->view, t->lines);
	cells_begin(&c, t->rows, t->columns);
	layout(&c, &t->scene, &t->view, &t->listing);
	draw_cells(&c);
	cells_free(&c);
}

static void save(struct top *t)
{
	char dir[64], when[32], text[256];
	struct feed *f = &t->feed;

	local_time(t->scene.at == UNKNOWN ? time(NULL) : t->scene.at, "%Y%m%d-%H%M%S", when,
		   sizeof(when));
	snprintf(dir, sizeof(dir), "conntriage-%s", when);
	if (feed_save(f, dir)) {
		say(t, f->fault);
		return;
	}
	snprintf(text, sizeof(text), "saved: conntriage --root %s%s", dir,
		 f->look.census_at == UNKNOWN ? "; without a census: c, then w, adds one" :
		 f->look.at - f->look.census_at > 10000 ?
		 "; without the census, which is of another time" : "");
	say(t, text);
}

static void census(struct top *t)
{
	struct feed *f = &t->feed;

	if (t->view.frozen)
		say(t, "frozen: f goes on, then c takes a census");
	else if (!f->live)
		say(t, "there is no table to walk here: this was read earlier");
	else if (feed_census(f) < 0)
		say(t, f->fault);
	else if (f->look.s.origin == ORIGIN_CTNETLINK)
		say(t, f->look.s.dump.span ? "listed again: NEW/s are of what came since the list before, and stays" :
		    "listed by ctnetlink: who holds entries; c again within a minute tells NEW/s");
	else if (!f->look.s.nr_census)
		say(t, *f->look.s.dump.why_not ? f->look.s.dump.why_not :
		    *f->look.s.mod.why_not ? f->look.s.mod.why_not : "the module has no census");
}

/* What keys have asked for */
static void do_wishes(struct top *t, bool looked)
{
	if (t->view.save)
		save(t);
	if (t->view.census)
		census(t);
	t->view.save = t->view.census = false;
	/* What is to be typed depends on rules that stand now. */
	if (t->view.detail && !looked && !t->view.frozen && feed_whole(&t->feed) < 0)
		say(t, t->feed.fault);
}

static void refresh_picture(struct top *t)
{
	int status;

	if (t->view.frozen)
		status = feed_pass(&t->feed);
	else
		status = feed_next(&t->feed);
	if (status < 0) {
		say(t, t->feed.fault);
		t->failed = true;
	}
}

/* The terminal as it was, until the shell lets us go on */
static void stop(void)
{
	draw_end();
	stopped = 0;
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &(struct sigaction) { .sa_handler = on_stop }, NULL);
	draw_again();
}

/* Keys until the next picture is due */
static void take_keys(struct top *t, int64_t until)
{
	int64_t left;

	while (!ended && !t->view.quit && (left = until - clock_ms(CLOCK_MONOTONIC)) > 0) {
		bool looked = t->view.detail;
		int key = draw_key(left < WAIT_MS ? (int)left : WAIT_MS);

		if (stopped) {
			stop();
		} else if (key == DRAW_GONE) {
			ended = SIGHUP;
		} else if (key == DRAW_NOTHING) {
			continue;
		} else if (key != DRAW_RESIZED) {
			t->scene.message[0] = '\0';
			view_key(&t->view, key, &t->listing, t->lines);
			do_wishes(t, looked);
		}
		draw(t);
	}
}

static void interact(struct top *t)
{
	int64_t due = clock_ms(CLOCK_MONOTONIC);

	draw(t);
	t->pictures = 1;
	while (!ended && !t->view.quit) {
		due += 1000 * t->r->delay;
		/* After a pause, a long read, a stop: none is made up for. */
		if (due < clock_ms(CLOCK_MONOTONIC))
			due = clock_ms(CLOCK_MONOTONIC) + 1000 * t->r->delay;
		take_keys(t, due);
		if (ended || t->view.quit || t->pictures == t->r->pictures)
			break;
		refresh_picture(t);
		t->pictures++;
		draw(t);
	}
}

static int on_terminal(struct top *t)
{
	catch_signals();
	if (draw_begin()) {
		complain("TERM: no terminal that can be drawn on; set it, or use -b");
		return SEV_UNKNOWN;
	}
	interact(t);
	draw_end();
	if (t->failed)
		complain("%s", t->feed.fault);
	if (ended) {
		signal(ended, SIG_DFL);
		raise(ended);
	}
	return t->failed ? SEV_UNKNOWN : SEV_OK;
}

/* The terminal's, or what people expect of text */
static int batch_columns(void)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col < LEAST_COLUMNS)
		return LEAST_COLUMNS;
	return size.ws_col;
}

static int batch(struct top *t)
{
	struct timespec delay = {
		.tv_sec = t->r->delay,
		.tv_nsec = (t->r->delay - (int64_t)t->r->delay) * 1e9,
	};
	bool utf8 = terminal_utf8();
	struct cells c;
	int status;

	for (;;) {
		feed_show(&t->feed, &t->scene);
		show_mode(t);
		layout_batch(&c, batch_columns(), &t->scene, &t->view);
		cells_print(&c, utf8, stdout);
		cells_free(&c);
		if (fflush(stdout))
			return SEV_UNKNOWN;	/* which main() says */
		if (++t->pictures == t->r->pictures)
			return SEV_OK;
		/* What was recorded needn't be waited for. */
		if (t->feed.live)
			nanosleep(&delay, NULL);
		status = feed_next(&t->feed);
		if (status < 0)
			complain("%s", t->feed.fault);
		if (status <= 0)
			return status ? SEV_UNKNOWN : SEV_OK;
		putchar('\n');
	}
}

int top_run(const struct top_request *r, const char *root, bool resolve)
{
	struct top t = { .r = r };
	int status = SEV_UNKNOWN;

	if (!r->batch && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
		complain("top: standard input or output is no terminal; use -b for text");
		return SEV_UNKNOWN;
	}
	if (feed_begin(&t.feed, root, r->replay, r->record, resolve)) {
		complain("%s", t.feed.fault);
	} else {
		t.scene.delay = t.feed.live ? r->delay : 0;
		status = r->batch ? batch(&t) : on_terminal(&t);
	}
	listing_free(&t.listing);
	feed_end(&t.feed);
	return status;
}
