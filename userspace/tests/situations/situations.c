// SPDX-License-Identifier: GPL-2.0
/*
 * Plays random situations, whose truth is known, into the reader, and counts how
 * often it is right; TAP. README.md says what makes a situation and its truth.
 *
 *   situations			all of them, and those that once failed
 *   situations -s SEED -n NUMBER	so many, from this seed on
 *   situations -s SEED -n 1 -v	one, with its story, its truth and the diagnosis
 *   situations -s SEED -n 1 -t DIR	one, as a captured tree for tests/tree
 *   situations -w			as if the module weren't loaded, and the table listed
 *
 * CONNTRIAGE=PROGRAM: every 100th goes through files and that program as well.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/causes.h"
#include "judge/diagnose.h"
#include "lib/names.h"
#include "read/read.h"
#include "render/render.h"
#include "tests/situations/accuse.h"
#include "tests/situations/replay.h"
#include "tests/situations/shown.h"
#include "tests/situations/truth.h"
#include "tests/situations/without.h"

#define RIGHT_CAUSES	97	/* % of all situations */
#define RIGHT_WITHOUT	85	/* % of those that can be told without the module */
#define KEPT		95	/* % of all predictions */
#define KEPT_LATER	85	/* likewise, of what they go on to */
#define KEPT_RESTARTED	75	/* likewise, where a server was restarted up to 150 s ago */
#define STRAYS		1	/* % that tell of what isn't there, at most */
#define LITTLE		0.15	/* of its entries a table with room may be off */
#define FILES_EVERY	100
#define OLD_SEEDS	"tests/situations/seeds"

/* Under sanitizers it takes ten times as long. */
#ifdef __SANITIZE_ADDRESS__
#define FIRST_SEED	1000001
#define NUMBER		200
#else
#define FIRST_SEED	1
#define NUMBER		10000
#endif
#define SHOWN		20

static struct situation situation;
static struct queue queue;
static struct view view, worst_view;
static struct sheet sheet;

struct score {
	int64_t done, right, strays, accused, limited, predicted, kept, kept_later, healthy, clear;
	int64_t compared, alike, old_seeds, old_right, steady, lawful;
	int64_t matrix[CAUSE_KINDS][CAUSE_KINDS], wrong[CAUSE_KINDS];
	int64_t told[CAUSE_KINDS][2];	/* predictions of a cause; kept ones */
	int64_t restarts[2];		/* predictions after a restart; kept ones */
};

static struct score score;

/* Lines for the end, in the order in which they were found */
static struct lines failure;

static bool quiet;

static void fail(const char *kind, const char *why)
{
	char what[256] = "";
	int i;

	if (quiet)
		return;

	for (i = 1; i < situation.nr_ingredients; i++)
		snprintf(what + strlen(what), sizeof(what) - strlen(what), "%s%s",
			 i > 1 ? ", " : "", ingredient_names[situation.ingredient[i].kind]);
	lines_add(&failure, "%s: seed %" PRIu64 " (%s): %s", kind, situation.seed, what, why);
}

static void names_of(unsigned int set, char *to, size_t size)
{
	int i;

	*to = '\0';
	for (i = 0; i < CAUSE_KINDS; i++)
		if (set & 1u << i)
			snprintf(to + strlen(to), size - strlen(to), "%s%s", *to ? "|" : "",
				 right_cause_names[i]);
}

static bool restarted(void)
{
	int i;

	for (i = 0; i < situation.nr_flows; i++)
		if (situation.flow[i].restarted)
			return true;
	return false;
}

static void judge_predictions(const struct findings *found, bool talk)
{
	struct replayed r;
	char why[160];
	size_t i;

	for (i = 0; i < found->nr; i++) {
		const struct finding *f = &found->finding[i];
		enum right_cause told = cause_told(f);

		if (f->severity == SEV_OK || !replay(&r, &queue, found, i))
			continue;
		score.predicted++;
		score.kept += r.kept;
		score.told[told][0]++;
		score.told[told][1] += r.kept;
		score.restarts[0] += restarted();
		score.restarts[1] += restarted() && r.kept;
		snprintf(why, sizeof(why), "%s: %" PRId64 " entries within %" PRId64
			 " s and %.1f refused a second, it became %.0f and %.1f", f->cause->name,
			 f->prediction.entries, f->prediction.within, f->prediction.refused,
			 r.entries, r.refused);
		if (!r.kept)
			fail("prediction", why);
		if (talk)
			printf("# predicted %s: %s\n", r.kept ? "well" : "badly", why);
		score.kept_later += r.kept_later;
		snprintf(why, sizeof(why), "%s: %" PRId64 " entries later%s, it became %.0f%s",
			 f->cause->name, f->prediction.later_within ? f->prediction.later :
			 f->prediction.entries, f->prediction.full_again ? ", full" : "", r.later,
			 r.full_again ? ", full" : "");
		if (!r.kept_later)
			fail("later", why);
		if (talk)
			printf("# predicted %s: %s\n", r.kept_later ? "well" : "badly", why);
	}
}

/* Return: whether the diagnosis is right in all that has no quota. */
static bool judge_diagnosis(const struct truth *t, const struct findings *found, bool talk)
{
	enum right_cause first = truth_first(found), stray = truth_stray(t, found);
	bool right = t->first & 1u << first, unjust, harsh;
	char why[256], set[128];

	score.done++;
	score.right += right;
	score.matrix[t->chief][first]++;
	score.wrong[t->chief] += !right;
	names_of(t->first, set, sizeof(set));
	if (t->first == 1u << C_CLEAR) {
		score.healthy++;
		score.clear += right;
	}
	if (!right) {
		snprintf(why, sizeof(why), "%s instead of %s", right_cause_names[first], set);
		fail(t->first == 1u << C_CLEAR ? "no all-clear" : "cause", why);
	} else if (stray != C_CLEAR) {
		score.strays++;
		snprintf(why, sizeof(why), "%s behind %s", right_cause_names[stray],
			 right_cause_names[first]);
		fail("stray", why);
	}
	unjust = accused(&situation, found, why, sizeof(why));
	if (unjust) {
		score.accused++;
		fail("accused", why);
	}
	harsh = limited(&situation, found, why, sizeof(why));
	if (harsh) {
		score.limited++;
		fail("limited", why);
	}
	judge_predictions(found, talk);
	if (talk)
		printf("# told %s, right is %s: %s\n", right_cause_names[first], set,
		       right && !unjust && !harsh ? "right" : "wrong");
	return right && !unjust && !harsh && stray == C_CLEAR;
}

static void tell_story(const struct findings *found, const struct truth *t)
{
	const struct host *h = &situation.host;
	int i, k;

	printf("# seed %" PRIu64 ": a maximum of %" PRId64 ", %" PRId64 " buckets, IPv%d, module "
	       "loaded for %" PRId64 " s; would hold %.0f, holds %" PRId64 "\n", situation.seed,
	       h->max, h->buckets, h->family, h->uptime, situation.wanted, view.count);
	for (i = 0; i < SETTINGS; i++)
		if (h->setting[i] != setting_names[i].usual)
			printf("#   nf_conntrack_%s=%d\n", setting_names[i].name, h->setting[i]);
	for (i = 0; i < situation.nr_ingredients; i++) {
		printf("#   %s:", ingredient_names[situation.ingredient[i].kind]);
		for (k = 0; k < STAGES; k++)
			if (view.stage[i][k])
				printf(" %s=%" PRId64, stage_name[k], view.stage[i][k]);
		printf("\n");
		for (k = 0; k < situation.nr_flows; k++) {
			const struct flow *f = &situation.flow[k];

			if (f->ingredient == i)
				printf("#     %u sources to %u destinations, %s/%d: %.1f a second, "
				       "begun %.0f s ago, restarted %d; %.0f refused, %.0f evicted\n", f->who->nr,
				       f->whom->nr, proto_name(f->service[0].proto),
				       f->service[0].port, f->rate, f->begun, f->restarted,
				       queue.flow[k].seen[REFUSED].total,
				       queue.flow[k].seen[EVICTED].total);
		}
	}
	for (i = 0; i < CAUSE_KINDS; i++)
		if (t->frees[i] >= 1)
			printf("#   %s: %.0f\n", right_cause_names[i], t->frees[i]);
	fflush(stdout);
	render_text(found, true, 0, stdout);
	fflush(stdout);
}

static char *all_of(FILE *f)
{
	size_t len = 0, size = 1 << 20;
	char *text = calloc(1, size);

	while (text && f && len < size - 1) {
		size_t got = fread(text + len, 1, size - 1 - len, f);

		if (!got)
			break;
		len += got;
	}
	return text;
}

/* Whether the program says of files what was found without them */
static void compare(const struct told *t, const struct snapshot *s, const struct findings *found,
		    const char *program)
{
	char dir[] = "/tmp/situation.XXXXXX", command[512], *text = NULL, *printed;
	size_t len;
	FILE *memory = open_memstream(&text, &len), *pipe;

	if (!mkdtemp(dir) || !memory || shown_tree(t, dir)) {
		perror(dir);
		exit(1);
	}
	render_json(s, found, memory);
	fclose(memory);
	snprintf(command, sizeof(command), "'%s' --root %s --json 2>&1", program, dir);
	pipe = popen(command, "r");
	printed = all_of(pipe);
	if (pipe)
		pclose(pipe);
	score.compared++;
	if (printed && !strcmp(printed, text))
		score.alike++;
	else
		fail("files", "the program says something else of the same in files");
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command))
		perror(dir);
	free(printed);
	free(text);
}

struct request {
	bool talk, files, without;
	const char *tree, *program;
};

/*
 * Of the queue itself: a table with room, where all goes on as it always did, holds
 * arrivals times time (Little 1961).
 */
static void check_queue(void)
{
	bool steady = situation.fill == ROOMY && situation.wanted >= 500 && !situation.host.flushed;
	double held = queue_count(&queue);
	int i;

	for (i = 0; i < situation.nr_flows; i++) {
		steady = steady && situation.flow[i].begun >= LONG_AGO &&
			 !situation.flow[i].restarted;
		held -= queue.flow[i].expired;
	}
	if (!steady)
		return;
	score.steady++;
	if (fabs(held - situation.wanted) <= LITTLE * situation.wanted)
		score.lawful++;
	else
		fail("queue", "holds something else than arrivals times time");
}

/* Seconds before the question that what is over ended; 0: nothing is over */
static int worst_minute(void)
{
	int i, ago = 0;

	for (i = 0; i < situation.nr_flows; i++)
		if (situation.flow[i].over > ago)
			ago = situation.flow[i].over + 1;
	return ago;
}

static bool play(uint64_t seed, const struct request *r)
{
	struct chance drawn, again;
	struct told told = {
		.s = &situation, .q = &queue, .v = &view, .worst = &view, .c = &drawn,
	};
	struct snapshot snapshot;
	struct findings found;
	struct truth truth;
	bool right;

	situation_make(&situation, seed);
	chance_seed(&drawn, seed ^ 0x7e57);
	queue_begin(&queue, &situation);
	told.worst_ago = worst_minute();
	if (told.worst_ago) {
		queue_until(&queue, told.worst_ago);
		view_make(&worst_view, &queue, &drawn);
		told.worst = &worst_view;
	}
	queue_until(&queue, 0);
	view_make(&view, &queue, &drawn);
	again = drawn;
	shown_snapshot(&told, &snapshot, &sheet);
	check_queue();
	truth_blurs(&situation, &view);
	truth_of(&truth, &queue, &view);
	if (r->without)
		without_module(&told, &snapshot);
	diagnose(&snapshot, &found);
	if (r->talk)
		tell_story(&found, &truth);
	/* what is over is told by nobody then */
	right = (r->without && !without_can_tell(&told)) ||
		judge_diagnosis(&truth, &found, r->talk);
	told.c = &again;
	if (r->tree && shown_tree(&told, r->tree)) {
		perror(r->tree);
		exit(1);
	}
	if (r->files && r->program)
		compare(&told, &snapshot, &found, r->program);
	findings_free(&found);
	snapshot_free(&snapshot);
	queue_free(&queue);
	return right;
}

static void print_matrix(void)
{
	int i, k;

	printf("# what weighs most (down), what is told first (across)\n# %10s", "");
	for (k = 0; k < CAUSE_KINDS; k++)
		printf(" %6.6s", right_cause_names[k]);
	printf("  wrong\n");
	for (i = 0; i < C_OTHER; i++) {
		printf("# %10s", right_cause_names[i]);
		for (k = 0; k < CAUSE_KINDS; k++)
			printf(" %6.0" PRId64, score.matrix[i][k]);
		printf(" %6" PRId64 "\n", score.wrong[i]);
	}
	printf("# predictions kept:");
	for (i = 0; i < CAUSE_KINDS; i++)
		if (score.told[i][0])
			printf(" %s %" PRId64 "/%" PRId64, right_cause_names[i], score.told[i][1],
			       score.told[i][0]);
	printf("\n");
}

static void print_failures(const char *kind)
{
	size_t i, len = strlen(kind);
	int shown = 0;

	for (i = 0; i < failure.nr && shown < SHOWN; i++)
		if (!strncmp(failure.line[i], kind, len) && failure.line[i][len] == ':')
			shown += printf("# %s\n", failure.line[i]) > 0;
}

static int nr_tests, nr_failed;

static void test(bool good, const char *kind, const char *fmt, int64_t a, int64_t b)
{
	printf("%sok %d - ", good ? "" : "not ", ++nr_tests);
	printf(fmt, a, b);
	printf("\n");
	nr_failed += !good;
	if (!good)
		print_failures(kind);
}

/* So many of them, or, of a few, as many as chance may leave (3 standard deviations). */
static double quota(int64_t number, double percent)
{
	double p = percent / 100, few = 3 * sqrt((double)number * p * (1 - p));

	return (double)number * p - (number < 1000 ? few : 0);
}

static void report(const struct request *r)
{
	print_matrix();
	test(score.lawful == score.steady, "queue", "situations: %" PRId64 " of %" PRId64
	     " tables with room hold arrivals times time", score.lawful, score.steady);
	test(score.right >= quota(score.done, r->without ? RIGHT_WITHOUT : RIGHT_CAUSES), "cause",
	     "situations: the cause is right in %" PRId64 " of %" PRId64, score.right, score.done);
	test(!score.accused, "accused", "situations: %" PRId64 " of %" PRId64
	     " accuse somebody honest", score.accused, score.done);
	test(!score.limited, "limited", "situations: %" PRId64 " of %" PRId64
	     " limit everybody below an honest source's rate", score.limited, score.done);
	test(score.strays * 100 <= score.done * STRAYS, "stray",
	     "situations: %" PRId64 " of %" PRId64 " tell of what isn't there, behind the cause",
	     score.strays, score.done);
	test(score.clear == score.healthy, "no all-clear",
	     "situations: %" PRId64 " of %" PRId64 " healthy hosts get an all-clear", score.clear,
	     score.healthy);
	test(score.kept >= quota(score.predicted, KEPT), "prediction",
	     "situations: %" PRId64 " of %" PRId64 " predictions are kept", score.kept,
	     score.predicted);
	test(score.kept_later >= quota(score.predicted, KEPT_LATER), "later",
	     "situations: %" PRId64 " of %" PRId64 " tables are ten minutes later as foretold",
	     score.kept_later, score.predicted);
	if (!r->without)
		test(score.restarts[1] >= quota(score.restarts[0], KEPT_RESTARTED), "prediction",
		     "situations: %" PRId64 " of %" PRId64 " predictions after a restart are kept",
		     score.restarts[1], score.restarts[0]);
	if (score.old_seeds)
		test(score.old_right == score.old_seeds, "old", "situations: %" PRId64 " of %" PRId64
		     " that once failed are right", score.old_right, score.old_seeds);
	if (r->program)
		test(score.alike == score.compared, "files",
		     "situations: %" PRId64 " of %" PRId64 " give the same in files", score.alike,
		     score.compared);
	printf("1..%d\n", nr_tests);
}

/* Seeds that failed once, a line each; what stands behind them is a remark. */
static void play_old(const char *path)
{
	const struct request nothing = { .talk = false };
	const struct score none = score;
	int64_t right = 0, all = 0;
	FILE *f = fopen(path, "r");
	char line[256];
	uint64_t seed;
	bool good;

	if (!f) {
		perror(path);
		exit(1);
	}
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%" SCNu64, &seed) != 1)
			continue;
		quiet = true;
		good = play(seed, &nothing);
		quiet = false;
		all++;
		right += good;
		if (!good)
			fail("old", "fails again");
	}
	fclose(f);
	/* They are a matter of their own, and no part of the quotas. */
	score = none;
	score.old_seeds = all;
	score.old_right = right;
}

int main(int argc, char **argv)
{
	struct request r = { .program = getenv("CONNTRIAGE") };
	uint64_t seed = FIRST_SEED, i, number = NUMBER;
	int option;

	while ((option = getopt(argc, argv, "s:n:vwt:")) != -1) {
		if (option == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (option == 'n')
			number = strtoull(optarg, NULL, 10);
		else if (option == 'v')
			r.talk = true;
		else if (option == 'w')
			r.without = true;
		else if (option == 't')
			r.tree = optarg;
		else
			return 2;
	}
	/* a tree has what the module tells */
	if (r.without)
		r.program = NULL;
	if (argc == 1)
		play_old(OLD_SEEDS);
	for (i = 0; i < number; i++) {
		r.files = i % FILES_EVERY == 0;
		play(seed + i, &r);
	}
	report(&r);
	lines_free(&failure);
	view_free(&view);
	view_free(&worst_view);
	sheet_free(&sheet);
	return nr_failed > 0;
}
