/* SPDX-License-Identifier: GPL-2.0 */
/* Incidents: periods of evictions and refusals, and the sources active then. */
#ifndef CONNTRIAGE_INCIDENT_H
#define CONNTRIAGE_INCIDENT_H

#include <linux/time64.h>
#include <linux/types.h>
#include "census.h"
#include "events.h"
#include "stage.h"
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
	CTRI_I_BEFORE,		/* inserts */
	CTRI_I_INSERT,		/* during, from here on: what always happens ... */
	CTRI_I_PROGRAM,
	CTRI_I_EVICTED,		/* ... and what happens in incidents alone */
	CTRI_I_REFUSED,
	CTRI_I_EVICTING,
	CTRI_I_EVICTED_TO,
	CTRI_I_REFUSED_TO,
	CTRI_I_LISTS
};

struct ctri_holder {		/* one of those that held most entries */
	struct ctri_source src;
	u32 inum;
	u32 service;		/* of a pair: see struct ctri_heavy */
	u32 entries, err;	/* err U32_MAX: no bound */
	u32 stage[CTRI_NR_STAGES];
};

/**
 * struct ctri_worst - what a census found in an incident's worst minute
 * @when: the census' end, ns as in a second; 0: there is none
 * @lost: entries evicted and packets refused in that minute
 * @stage: entries of the fullest namespace by stage
 * @top: who held most; src.family 0: nobody
 */
struct ctri_worst {
	u64 when;
	u64 lost;
	u32 stage[CTRI_NR_STAGES];
	struct ctri_holder top[CTRI_HEAVIES][CTRI_INC_TOP];
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
	struct ctri_worst worst;
};

int ctri_incident_init(void);
void ctri_incident_stop(void);
void ctri_incident_exit(void);
size_t ctri_incident_bytes(void);
bool ctri_incident_second(struct ctri_second *s);
unsigned int ctri_incident_read(struct ctri_incident *out);
enum ctri_class ctri_incident_list_class(enum ctri_inc_list list);

#endif
