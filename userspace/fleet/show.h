/* SPDX-License-Identifier: GPL-2.0 */
/* What is printed of a fleet. */
#ifndef CONNTRIAGE_FLEET_SHOW_H
#define CONNTRIAGE_FLEET_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "fleet/host.h"
#include "fleet/shared.h"

/**
 * fleet_text() - what hosts share, then a row a host, worst first
 * @all: and all findings of each below
 *
 * Return: 0, or -1 where @out took an error; fleet_json() likewise.
 */
int fleet_text(const struct fleet_host *host, size_t nr, const struct fleet_shares *shares,
	       bool all, FILE *out);

/** fleet_json() - the same as one object, with all findings; @status: of the program */
int fleet_json(const struct fleet_host *host, size_t nr, const struct fleet_shares *shares,
	       int status, FILE *out);

#endif
