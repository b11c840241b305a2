/* SPDX-License-Identifier: GPL-2.0 */
/* What somebody looks at, and how: all that keys change. */
#ifndef CONNTRIAGE_TOP_VIEW_H
#define CONNTRIAGE_TOP_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#define FILTER_SIZE	48	/* bytes */

enum list_kind {
	LIST_SOURCES, LIST_DESTINATIONS, LIST_SERVICES, LIST_PREFIXES, LIST_PROGRAMS,
	LIST_NAMESPACES, LISTS
};

extern const char *const list_name[LISTS];	/* "sources" */

enum metric {
	METRIC_ARRIVALS, METRIC_ENTRIES, METRIC_REFUSED, METRIC_EVICTED, METRIC_INVALID,
	METRICS,
	SORT_NAME = METRICS, SORTS
};

/* Who a row is, whatever place it has */
struct identity {
	int64_t netns;
	char key[64];		/* as the module has it: an address, tcp/443, a cgroup's id */
};

bool same_identity(const struct identity *a, const struct identity *b);

struct view {
	enum list_kind list;
	unsigned int sort;		/* a metric, or SORT_NAME */
	char filter[FILTER_SIZE];
	bool editing;			/* the filter is being typed */
	int scroll;			/* rows of the list above the screen */
	bool has_selected;
	struct identity selected;
	int line;			/* of the screen's list, that the selected row keeps */
	bool frozen, help, detail;
	int below;			/* lines of help or detail above the screen */
	/* Asked for, and done by who sees it: he clears it */
	bool quit, save, census;
};

#endif
