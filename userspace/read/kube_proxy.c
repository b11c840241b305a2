// SPDX-License-Identifier: GPL-2.0
/*
 * kube-proxy: what it sets of conntrack when it starts, by its flags or by its
 * configuration (setSysctls() in pkg/proxy/conntrack/sysctls.go of Kubernetes).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "read/writers.h"
#include "snapshot.h"

#define COMM		"kube-proxy"
#define PODS		"var/lib/kubelet/pods"
#define CONFIG_MAP	"volumes/kubernetes.io~configmap/kube-proxy"

/* SetDefaults_KubeProxyConfiguration() in pkg/proxy/apis/config/v1alpha1 */
#define PER_CORE	32768
#define MIN		131072
#define ESTABLISHED	86400
#define CLOSE_WAIT	3600
#define MOST		1048576	/* for all cores together; older ones know no such limit */

static const struct {
	const char *flag, *key, *sysctl;
} timeouts[] = {
	{ "--conntrack-tcp-timeout-established", "tcpEstablishedTimeout",
	  "tcp_timeout_established" },
	{ "--conntrack-tcp-timeout-close-wait", "tcpCloseWaitTimeout",
	  "tcp_timeout_close_wait" },
	{ "--conntrack-udp-timeout", "udpTimeout", "udp_timeout" },
	{ "--conntrack-udp-timeout-stream", "udpStreamTimeout", "udp_timeout_stream" },
};

/* "1h0m0s", "24h", "90s", or "0"; in s, UNKNOWN where it is none */
static int64_t go_duration(const char *word)
{
	int64_t sum = 0, number, unit;
	char digits[12];

	if (!strcmp(word, "0"))
		return 0;
	while (*word) {
		size_t len = strspn(word, "0123456789");

		if (!len || len >= sizeof(digits))
			return UNKNOWN;
		snprintf(digits, sizeof(digits), "%.*s", (int)len, word);
		if (!text_count(digits, &number))
			return UNKNOWN;
		word += len;
		if (!strncmp(word, "ms", 2)) {
			word += 2;
			continue;	/* less than a second is dropped */
		}
		unit = *word == 'h' ? 3600 : *word == 'm' ? 60 : *word == 's' ? 1 : 0;
		if (!unit)
			return UNKNOWN;
		sum = plus(sum, number * unit);
		word++;
	}
	return sum;
}

/* @w has program, file and pid; 0 leaves the setting alone. */
static void add_timeout(struct snapshot *s, struct written *w, size_t which,
			const char *setting, int64_t seconds)
{
	if (seconds <= 0)
		return;
	snprintf(w->sysctl, sizeof(w->sysctl), "%s", timeouts[which].sysctl);
	snprintf(w->setting, sizeof(w->setting), "%s", setting);
	w->value = seconds;
	written_add(s, w);
}

static void add_timeout_defaults(struct snapshot *s, struct written *w, bool flags)
{
	char setting[64];
	size_t i;

	w->line = UNKNOWN;
	w->by_default = true;
	for (i = 0; i < 2; i++) {
		snprintf(setting, sizeof(setting), "%s%s", flags ? "" : "conntrack.",
			 flags ? timeouts[i].flag : timeouts[i].key);
		add_timeout(s, w, i, setting, i ? CLOSE_WAIT : ESTABLISHED);
	}
	w->by_default = false;
}

static void forget_setting(struct snapshot *s, const char *sysctl)
{
	size_t i, kept = 0;

	for (i = 0; i < s->nr_written; i++)
		if (s->written[i].program != WRITER_KUBE_PROXY ||
		    strcmp(s->written[i].sysctl, sysctl))
			s->written[kept++] = s->written[i];
	s->nr_written = kept;
}

/* One timeout as it is written; what is no duration is the default. */
static void set_timeout(struct snapshot *s, struct written *w, size_t which,
			const char *setting, const char *value)
{
	int64_t seconds = go_duration(value);

	if (seconds == UNKNOWN)
		return;
	if (!seconds)
		forget_setting(s, timeouts[which].sysctl);
	add_timeout(s, w, which, setting, seconds);
}

void parse_kube_flags(struct snapshot *s, char *text, struct written *w,
		      struct kube_conntrack *k)
{
	char *flag, *value, *line;
	size_t i;

	add_timeout_defaults(s, w, true);
	line = text_line(&text);
	while (line) {
		flag = line;
		line = text_line(&text);
		value = strchr(flag, '=');
		if (value) {
			*value++ = '\0';
		} else if (line && *line != '-') {
			value = line;
			line = text_line(&text);
		} else {
			continue;
		}
		if (!strcmp(flag, "--config") && strlen(value) < sizeof(k->config) &&
		    text_plain(value))
			snprintf(k->config, sizeof(k->config), "%s", value);
		else if (!strcmp(flag, "--conntrack-max-per-core"))
			text_count(value, &k->max_per_core);
		else if (!strcmp(flag, "--conntrack-min"))
			text_count(value, &k->min);
		for (i = 0; i < ARRAY_SIZE(timeouts); i++)
			if (!strcmp(flag, timeouts[i].flag))
				set_timeout(s, w, i, flag, value);
	}
}

/*
 * YAML as far as it is needed: what is indented below "conntrack:".
 *
 *	conntrack:
 *	  maxPerCore: 32768
 *	  tcpCloseWaitTimeout: 1h0m0s
 */
void parse_kube_config(struct snapshot *s, char *text, struct written *w,
		       struct kube_conntrack *k)
{
	size_t i, indent, within = SIZE_MAX;
	char *line, *key, *value, setting[64];
	int64_t nr = 0;

	add_timeout_defaults(s, w, false);
	while ((line = text_line(&text))) {
		nr++;
		indent = strspn(line, " ");
		key = text_trim(line);
		if (!*key || *key == '#')
			continue;
		if (indent <= within)
			within = SIZE_MAX;
		if (!strcmp(key, "conntrack:")) {
			within = indent;
			continue;
		}
		value = strchr(key, ':');
		if (within == SIZE_MAX || !value)
			continue;
		*value++ = '\0';
		value = text_trim(value);
		value += *value == '"';
		value[strcspn(value, " \"#")] = '\0';
		if (!strcmp(key, "maxPerCore") && text_count(value, &k->max_per_core))
			k->line_per_core = nr;
		else if (!strcmp(key, "min") && text_count(value, &k->min))
			k->line_min = nr;
		for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
			if (strcmp(key, timeouts[i].key))
				continue;
			snprintf(setting, sizeof(setting), "conntrack.%s", key);
			w->line = nr;
			set_timeout(s, w, i, setting, value);
		}
	}
}

/* "0-3,8": how many CPUs are on, or UNKNOWN */
static int64_t count_cpus(struct reader *r)
{
	char *text, *line, *range, *last;
	int64_t sum = 0, from, to;

	if (reader_line(r, "sys/devices/system/cpu/online", &text, &line))
		return UNKNOWN;
	while (line && (range = strsep(&line, ","))) {
		last = strchr(range, '-');
		if (last)
			*last++ = '\0';
		if (!text_count(range, &from) || !text_count(last ? last : range, &to) ||
		    to < from || to > READ_MAX_CPUS)
			continue;
		sum += to - from + 1;
	}
	free(text);
	return sum ? sum : UNKNOWN;
}

/* getConntrackMax(): so many for each core, but not less than the minimum */
static void add_max(struct reader *r, struct written *w, const struct kube_conntrack *k,
		    bool flags)
{
	int64_t per_core = k->max_per_core == UNKNOWN ? PER_CORE : k->max_per_core;
	int64_t min = k->min == UNKNOWN ? MIN : k->min;
	int64_t cpus = count_cpus(r), scaled;
	bool by_min;

	if (per_core <= 0 || cpus == UNKNOWN || per_core > INT64_MAX / cpus)
		return;
	scaled = per_core * cpus;
	if (scaled > MOST && r->s->max == MOST)
		scaled = MOST;
	by_min = scaled <= min;
	snprintf(w->sysctl, sizeof(w->sysctl), "max");
	snprintf(w->setting, sizeof(w->setting), "%s%s", flags ? "--conntrack-" : "conntrack.",
		 by_min ? "min" : flags ? "max-per-core" : "maxPerCore");
	w->value = by_min ? min : scaled;
	w->line = by_min ? k->line_min : k->line_per_core;
	w->by_default = (by_min ? k->min : k->max_per_core) == UNKNOWN;
	written_add(r->s, w);
	w->by_default = false;
}

/* The file as the host has it: by the same name, or where kubelet put it for the pod */
static int find_config(struct reader *r, const char *config, char *path, size_t size,
		       char **text)
{
	const char *base = strrchr(config, '/');
	size_t i, nr;
	char **pods;
	int error = 0;

	*text = NULL;
	if (*config != '/' || !base[1])
		return 0;
	snprintf(path, size, "%s", config + 1);
	if (reader_slurp(r, path, READ_MAX_BOOT_FILE, text, NULL))
		return -1;
	if (*text || files_list(&r->files, PODS, "", "", READ_MAX_PODS, &pods, &nr))
		return 0;
	for (i = 0; i < nr && !*text && !error; i++) {
		snprintf(path, size, PODS "/%s/" CONFIG_MAP "%s", pods[i], base);
		error = reader_slurp(r, path, READ_MAX_BOOT_FILE, text, NULL);
	}
	files_list_free(pods, nr);
	return error;
}

static void add_unknown(struct reader *r, struct written *w, const char *config)
{
	static const char *const sysctls[] = {
		"max", "tcp_timeout_established", "tcp_timeout_close_wait",
	};
	size_t i;

	text_clean(w->file, sizeof(w->file), config);
	snprintf(w->setting, sizeof(w->setting), "conntrack");
	w->value = UNKNOWN;
	w->line = UNKNOWN;
	for (i = 0; i < ARRAY_SIZE(sysctls); i++) {
		snprintf(w->sysctl, sizeof(w->sysctl), "%s", sysctls[i]);
		written_add(r->s, w);
	}
}

static int read_settings(struct reader *r, char *flags, int64_t pid)
{
	struct kube_conntrack k = {
		.max_per_core = UNKNOWN, .min = UNKNOWN,
		.line_per_core = UNKNOWN, .line_min = UNKNOWN,
	};
	struct written w = { .program = WRITER_KUBE_PROXY, .line = UNKNOWN, .pid = pid };
	char path[512], *text;
	size_t i;

	parse_kube_flags(r->s, flags, &w, &k);
	if (!*k.config) {
		add_max(r, &w, &k, true);
		return 0;
	}
	/* With a configuration the flags count for nothing. */
	for (i = 0; i < ARRAY_SIZE(timeouts); i++)
		forget_setting(r->s, timeouts[i].sysctl);
	k.max_per_core = UNKNOWN;
	k.min = UNKNOWN;
	if (find_config(r, k.config, path, sizeof(path), &text))
		return -1;
	if (!text) {
		add_unknown(r, &w, k.config);
		return 0;
	}
	/* As kube-proxy calls it: the host may know the file by an uglier name. */
	text_clean(w.file, sizeof(w.file), k.config);
	parse_kube_config(r->s, text, &w, &k);
	free(text);
	add_max(r, &w, &k, false);
	return 0;
}

/* Of the command line, what concerns conntrack; the rest is nobody's business. */
static char *conntrack_flags(const char *text, size_t len)
{
	const char *word, *end = text + len;
	bool value = false;
	size_t kept, size;
	char *keep;
	FILE *lines = open_memstream(&keep, &kept);

	if (!lines)
		no_memory();
	/* NUL bytes end the words; newlines in a capture. */
	for (word = text; word < end; word += size + 1) {
		size = strcspn(word, "\n");
		if (!strncmp(word, "--conntrack-", 12) || !strncmp(word, "--config", 8)) {
			fprintf(lines, "%.*s\n", (int)size, word);
			value = !memchr(word, '=', size);
		} else {
			if (value && *word != '-')
				fprintf(lines, "%.*s\n", (int)size, word);
			value = false;
		}
	}
	fclose(lines);
	return keep;
}

/* One in a container's namespace (a cluster for trying things) sets nothing here. */
static bool is_elsewhere(struct reader *r, const char *pid)
{
	int64_t netns;
	char path[64];

	snprintf(path, sizeof(path), "proc/%s/ns/net", pid);
	return r->s->own_netns != UNKNOWN && files_netns(&r->files, path, &netns) &&
	       netns != r->s->own_netns;
}

static bool is_kube_proxy(struct reader *r, const char *pid)
{
	char path[64], *text, *next;
	bool is;

	snprintf(path, sizeof(path), "proc/%s/comm", pid);
	if (files_read_part(&r->files, path, READ_MAX_COMMAND, &text, NULL))
		return false;
	next = text;
	next = text_line(&next);
	is = next && !strcmp(next, COMM);
	free(text);
	if (!is || is_elsewhere(r, pid))
		return false;
	files_keep(&r->files, path, COMM "\n", strlen(COMM "\n"));
	return true;
}

static int read_process(struct reader *r, const char *pid)
{
	char path[64], *text, *flags;
	int64_t number = UNKNOWN;
	size_t len;
	int error;

	snprintf(path, sizeof(path), "proc/%s/cmdline", pid);
	if (files_read_part(&r->files, path, READ_MAX_COMMAND, &text, &len))
		return 0;
	flags = conntrack_flags(text, len);
	free(text);
	files_keep(&r->files, path, flags, strlen(flags));
	text_count(pid, &number);
	error = read_settings(r, flags, number);
	free(flags);
	return error;
}

int read_kube_proxy(struct reader *r)
{
	char **names;
	size_t i, nr;
	int error = 0;

	/* More processes than that: then it isn't known. */
	if (files_list(&r->files, "proc", "", "", READ_MAX_PROCESSES, &names, &nr))
		return 0;
	for (i = 0; i < nr; i++) {
		if (!isdigit((unsigned char)*names[i]) || !text_plain(names[i]) ||
		    strlen(names[i]) > 10 || !is_kube_proxy(r, names[i]))
			continue;
		error = read_process(r, names[i]);
		break;
	}
	files_list_free(names, nr);
	return error;
}
