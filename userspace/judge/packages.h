/* SPDX-License-Identifier: GPL-2.0 */
/* What packages are called, and how they are installed, on this host. */
#ifndef CONNTRIAGE_JUDGE_PACKAGES_H
#define CONNTRIAGE_JUDGE_PACKAGES_H

#include "health.h"
#include "lib/lines.h"
#include "snapshot.h"

/** install_headers() - add the command that installs the headers of a kernel */
void install_headers(struct lines *l, enum distribution d, const char *release);

/** knows_dkms() - whether a distribution has DKMS */
bool knows_dkms(enum distribution d);

/** install_dkms() - add the command that installs it */
void install_dkms(struct lines *l, enum distribution d);

/** build_without_dkms() - add how the module is built where there is none */
void build_without_dkms(struct lines *l, enum distribution d);

/**
 * install_tools() - add the command that installs programs
 * @t: what is known of this host's
 * @tools: enum tool bits
 */
void install_tools(struct lines *l, enum distribution d, const struct host_tools *t,
		   unsigned int tools);

/** load_at_boot() - add what has the module loaded at boot */
void load_at_boot(struct lines *l, enum distribution d);

/** tool_words() - names of programs with commas between, in a buffer of lib/words.h */
const char *tool_words(unsigned int tools);

#endif
