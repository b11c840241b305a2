// SPDX-License-Identifier: GPL-2.0
#include "render.h"
int render_sources(const struct snapshot *s, FILE *out) { (void)s; (void)out; return -1; }
int render_netns(const struct snapshot *s, FILE *out) { (void)s; (void)out; return -1; }
int render_census(const struct snapshot *s, FILE *out) { (void)s; (void)out; return -1; }
int render_history(const struct snapshot *s, FILE *out) { (void)s; (void)out; return -1; }
