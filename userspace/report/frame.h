/* SPDX-License-Identifier: GPL-2.0 */
/* What every page begins and ends with, and how it becomes a file. */
#ifndef CONNTRIAGE_REPORT_FRAME_H
#define CONNTRIAGE_REPORT_FRAME_H

#include <stddef.h>

#include "report/html.h"

struct frame {
	struct html html;	/* between frame_begin() and frame_end(): within the body */
	char *text;
	size_t len;
};

/** frame_begin() - begin a page; times are UTC from here on */
void frame_begin(struct frame *f, const char *title);

/**
 * frame_end() - end the page, and write it
 * @file: must not exist; "-" is standard output
 * @err: takes one line that says what went wrong and what to do
 *
 * Return: 0, or -1 with @err filled and no file left behind.
 */
int frame_end(struct frame *f, const char *file, char *err, size_t errlen);

#endif
