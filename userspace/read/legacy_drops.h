/* SPDX-License-Identifier: GPL-2.0 */
/* The sources that rules of iptables-legacy drop before conntrack. */
#ifndef CONNTRIAGE_READ_LEGACY_DROPS_H
#define CONNTRIAGE_READ_LEGACY_DROPS_H

#include "read/reader.h"

/**
 * legacy_drops_live() - ask the kernel for them
 * @family: whose table "raw" exists: asked about one that doesn't, it would make it
 */
void legacy_drops_live(struct reader *r, int family);

/** legacy_drops_keep() - put what the former found into a capture */
void legacy_drops_keep(struct reader *r);

/** legacy_drops_captured() - read them out of a captured tree */
void legacy_drops_captured(struct reader *r);

#endif
