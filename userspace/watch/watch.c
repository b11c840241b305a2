// SPDX-License-Identifier: GPL-2.0
/* The loop: wait, look, tell. */
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "judge/diagnose.h"
#include "judge/finding.h"
#include "kmod/abi.h"
#include "lib/complain.h"
#include "lib/moment.h"
#include "lib/names.h"
#include "lib/words.h"
#include "read/read.h"
#include "render/json_values.h"
#include "snapshot.h"
#include "watch/event.h"
#include "watch/events.h"
#include "watch/hook.h"
#include "watch/journal.h"
#include "watch/wake.h"
#include "watch/watch.h"

#define INCIDENTS	"/sys/kernel/debug/" CTRI_ABI_DIR "/" CTRI_FILE_INCIDENTS
#define MODULE		"/sys/module/conntriage"
#define APART		10000	/* ms at least between two walks of the table */

struct watch {
	const struct watch_request *ask;
	FILE *out;
	struct wake wake;
	struct hook hook;
	struct events events;
	struct event begun;		/* as it was told; its finding is gone */
	bool waits_by_module, said;	/* how it waits, and whether that was told */
	int64_t not_before;		/* ms: the next look */
};

static volatile sig_atomic_t stop;

/* SIGCHLD only ends the wait */
static void note(int number)
{
	if (number != SIGCHLD)
		stop = 1;
}

static void tell(struct watch *w, const struct event *e)
{
	struct lines fields = { 0 };
	char *story;

	if (w->ask->json)
		event_json(e, w->out);
	else
		event_text(e, w->out);
	fflush(w->out);
	event_fields(e, &fields);
	if (w->ask->journal)
		journal_send(e->change.kind, e->severity, e->sentence, &fields);
	if (w->ask->on_incident) {
		story = event_story(e);
		hook_offer(&w->hook, &fields, story);
		free(story);
	}
	lines_free(&fields);
}

/* All of the host, for what has changed; the commands are of this moment */
static void tell_all(struct watch *w, const struct change *change, size_t nr)
{
	struct findings f = { 0 };
	struct snapshot s;
	char message[512];
	size_t i;

	if (read_snapshot("", READ_ALL, &s, message, sizeof(message))) {
		complain("%s", message);
		snapshot_free(&s);
		return;
	}
	diagnose(&s, &f);
	for (i = 0; i < nr; i++) {
		bool begun = change[i].kind == EVENT_BEGUN;
		struct event e;

		event_make(&e, &change[i], &s, &f, w->begun.sentence ? &w->begun : NULL);
		tell(w, &e);
		event_free(&w->begun);
		if (begun)
			w->begun = e;
		else
			event_free(&e);
	}
	w->begun.finding = NULL;
	findings_free(&f);
	snapshot_free(&s);
}

/* Once, and again when it has changed */
static void say_how(struct watch *w, const struct snapshot *s, bool by_module)
{
	const char *fault = find_fault(s, CTRI_FILE_INCIDENTS);
	char now[32];

	if (w->ask->json || (w->said && by_module == w->waits_by_module))
		return;
	w->said = true;
	w->waits_by_module = by_module;
	local_time(time(NULL), "%F %T %Z", now, sizeof(now));
	if (by_module)
		fprintf(w->out, "%s: waits for an incident, which the module tells\n\n", now);
	else
		fprintf(w->out, "%s: waits for an incident, looking every %s: %s\n\n", now,
			duration(WAKE_EVERY / 1000), fault ? fault : s->mod.why_not);
	fflush(w->out);
}

/* The module's files, and where they don't tell incidents, a diagnosis */
static void look(struct watch *w)
{
	struct change change[EVENTS_MOST];
	enum severity worst = SEV_OK;
	struct findings f = { 0 };
	struct snapshot s;
	char message[512];
	size_t nr = 0;

	w->wake.due = false;
	if (read_snapshot("", 0, &s, message, sizeof(message))) {
		complain("%s", message);
	} else {
		if (!events_by_module(&s)) {
			diagnose(&s, &f);
			worst = f.worst;
			findings_free(&f);
		}
		say_how(w, &s, events_by_module(&s));
		nr = events_compare(&w->events, &s, worst, clock_ms(CLOCK_BOOTTIME) / 1000,
				    time(NULL), change);
	}
	snapshot_free(&s);
	if (!nr)
		return;
	tell_all(w, change, nr);
	w->not_before = clock_ms(CLOCK_MONOTONIC) + APART;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Until something is to be done; signals come here alone */
static void wait_for_it(struct watch *w)
{
	struct pollfd fd[WAKE_FDS + 1];
	int64_t now = clock_ms(CLOCK_MONOTONIC);
	int64_t when = w->wake.next;
	struct timespec left = { 0 };
	sigset_t none;

	sigemptyset(&none);
	if (w->wake.due)
		when = sooner(when, w->not_before);
	when = sooner(when, hook_when(&w->hook));
	if (when > now) {
		left.tv_sec = (when - now) / 1000;
		left.tv_nsec = (when - now) % 1000 * 1000000;
	}
	wake_fds(&w->wake, fd);
	fd[WAKE_FDS] = (struct pollfd) { .fd = hook_fd(&w->hook), .events = POLLIN };
	if (ppoll(fd, WAKE_FDS + 1, when == INT64_MAX ? NULL : &left, &none) < 0)
		fd[0].revents = fd[1].revents = 0;
	now = clock_ms(CLOCK_MONOTONIC);
	wake_after(&w->wake, fd, now);
	hook_tend(&w->hook, now);
}

static void watch_signals(void)
{
	struct sigaction a = { .sa_handler = note };
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ours, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGCHLD, &a, NULL);
	signal(SIGPIPE, SIG_IGN);	/* whoever reads has gone: that is an error to say */
}

int watch_incidents(const struct watch_request *ask, FILE *out)
{
	struct watch w = { .ask = ask, .out = out };

	watch_signals();
	json_watched();
	wake_begin(&w.wake, INCIDENTS, MODULE);
	hook_begin(&w.hook, ask->on_incident, &hook_usual, STDERR_FILENO);
	while (!stop && !ferror(out)) {
		if (w.wake.due && clock_ms(CLOCK_MONOTONIC) >= w.not_before)
			look(&w);
		else
			wait_for_it(&w);
	}
	hook_end(&w.hook);
	wake_end(&w.wake);
	event_free(&w.begun);
	return ferror(out) ? SEV_UNKNOWN : SEV_OK;
}
