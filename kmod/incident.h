/* SPDX-License-Identifier: GPL-2.0 */
/* Incidents: periods of evictions and refusals, and the sources active then. */
#ifndef CONNTRIAGE_INCIDENT_H
#define CONNTRIAGE_INCIDENT_H

#include <linux/time64.h>
#include <linux/types.h>
#include "events.h"
#include "table.h"

struct ctri_second;

#define CTRI_INCIDENTS		32
#define CTRI_INC_TOP		16

struct ctri_share {		/* one source's share of an incident */
	struct ctri_source src;
	u32 inum;
	bool seen;		/* ctri_tally_add()'s */
	u64 count, err;		/* err U64_MAX: no bound */
};

enum ctri_inc_list {
	CTRI_I_BEFORE, CTRI_I_INSERT, CTRI_I_EVICTED, CTRI_I_REFUSED,
	CTRI_I_EVICTING, CTRI_I_HELD, CTRI_I_LISTS
};

struct ctri_incident {
	u32 nr;				/* from 1; 0: none here */
	bool over;
	time64_t begin_wall, end_wall;	/* s since 1970 */
	u64 begin, end;			/* ns, as in a second */
	u32 count_peak, max, netns;
	u64 n[CTRI_N_INVALID], peak[CTRI_N_INVALID];
	u64 invalid, k_drop, k_early_drop, k_insert_failed;
	struct ctri_share top[CTRI_I_LISTS][CTRI_INC_TOP];
};

int ctri_incident_init(void);
void ctri_incident_stop(void);
void ctri_incident_exit(void);
void ctri_incident_second(struct ctri_second *s);
unsigned int ctri_incident_read(struct ctri_incident *out);

#endif
