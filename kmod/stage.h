/* SPDX-License-Identifier: GPL-2.0 */
/* At which stage of its life an entry is. */
#ifndef CONNTRIAGE_STAGE_H
#define CONNTRIAGE_STAGE_H

#include <linux/types.h>
#include "abi.h"

struct nf_conn;

/* As docs/ABI/testing/debugfs-conntriage describes them, in "stages" of census */
#define CTRI_STAGE_VALUE(name, word)	CTRI_STAGE_##name,
enum ctri_stage { CTRI_STAGES(CTRI_STAGE_VALUE) CTRI_NR_STAGES };

enum ctri_stage ctri_entry_stage(const struct nf_conn *ct, u32 idle);
const char *ctri_stage_name(enum ctri_stage stage);

#endif
