/* SPDX-License-Identifier: GPL-2.0 */
/* A screen as a picture. */
#ifndef CONNTRIAGE_TESTS_TOP_SVG_H
#define CONNTRIAGE_TESTS_TOP_SVG_H

#include <stdio.h>

#include "top/cells.h"

/**
 * cells_svg() - print a screen as SVG, dark as most terminals are
 * @title: what it shows, for who can't see it
 */
void cells_svg(const struct cells *c, const char *title, FILE *out);

#endif
