/* SPDX-License-Identifier: GPL-2.0 */
/* What the series are made of, a file each; each adds what is known. */
#ifndef CONNTRIAGE_METRICS_PARTS_H
#define CONNTRIAGE_METRICS_PARTS_H

#include "metrics/metrics.h"
#include "metrics/series.h"
#include "metrics/spaces.h"

/** series_module() - the module and this reading */
void series_module(struct series *l, const struct snapshot *s, const struct metrics_request *ask);

/** series_table() - what is one for all namespaces: buckets, sources, forecast, incidents */
void series_table(struct series *l, const struct snapshot *s);

/** series_findings() - what is wrong; who, where @ask->top */
void series_findings(struct series *l, const struct findings *f,
		     const struct metrics_request *ask);

/** series_sources() - the worst sources of each event, and the rest */
void series_sources(struct series *l, const struct snapshot *s, int64_t top);

/** spaces_series() - how many series a namespace has at most */
size_t spaces_series(bool census);

/** series_spaces() - entries and counters of namespaces */
void series_spaces(struct series *l, const struct snapshot *s, const struct spaces *spaces,
		   bool census);

#endif
