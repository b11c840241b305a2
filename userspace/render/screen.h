/* SPDX-License-Identifier: GPL-2.0 */
/* The first screen of a terminal. */
#ifndef CONNTRIAGE_RENDER_SCREEN_H
#define CONNTRIAGE_RENDER_SCREEN_H

#include "judge/finding.h"
#include "render/page.h"

/**
 * render_screen() - the worst finding on 80 columns and 24 rows, and what more there is
 * @p: what stands on it already is one row at most
 */
void render_screen(struct page *p, const struct findings *fs, int above);

#endif
