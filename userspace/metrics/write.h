/* SPDX-License-Identifier: GPL-2.0 */
/* The two dialects. */
#ifndef CONNTRIAGE_METRICS_WRITE_H
#define CONNTRIAGE_METRICS_WRITE_H

#include <stdio.h>

#include "metrics/series.h"

/** write_text() - the text format 0.0.4 of Prometheus; an info family is a gauge there */
void write_text(const struct series *l, FILE *out);

/** write_openmetrics() - OpenMetrics 1.0, with its end */
void write_openmetrics(const struct series *l, FILE *out);

#endif
