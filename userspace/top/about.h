/* SPDX-License-Identifier: GPL-2.0 */
/* Which findings speak of a row. */
#ifndef CONNTRIAGE_TOP_ABOUT_H
#define CONNTRIAGE_TOP_ABOUT_H

#include <stdbool.h>

#include "top/scene.h"
#include "top/view.h"

/** about_is() - whether a party is that row, or a network that holds it */
bool about_is(const struct snapshot *s, const struct party *p, enum list_kind list,
	      const struct identity *who);

/** about_any() - whether one of them is */
bool about_any(const struct snapshot *s, const struct parties *l, enum list_kind list,
	       const struct identity *who);

#endif
