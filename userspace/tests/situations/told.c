// SPDX-License-Identifier: GPL-2.0
/* The module's files, all but "abi". */
#include "kmod/abi.h"
#include "tests/situations/told.h"

const struct told_file told_files[TOLD_FILES] = {
	{ CTRI_FILE_STATUS, tell_status }, { CTRI_FILE_NETNS, tell_netns },
	{ CTRI_FILE_SOURCES, tell_sources }, { CTRI_FILE_CLASSES, tell_classes },
	{ CTRI_FILE_CENSUS, tell_census }, { CTRI_FILE_HISTORY, tell_history },
	{ CTRI_FILE_MINUTES, tell_minutes }, { CTRI_FILE_INCIDENTS, tell_incidents },
	{ CTRI_FILE_INC_TOP, tell_incident_top },
};
