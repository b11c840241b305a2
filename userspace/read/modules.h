/* SPDX-License-Identifier: GPL-2.0 */
/* Which modules the running kernel has, or could load. */
#ifndef CONNTRIAGE_READ_MODULES_H
#define CONNTRIAGE_READ_MODULES_H

#include "read/reader.h"

enum module_place {
	MODULE_UNKNOWN,		/* /lib/modules/RELEASE isn't there */
	MODULE_ABSENT,
	MODULE_FILE,		/* loadable, or loaded */
	MODULE_BUILTIN,
};

/** module_place() - whether the running kernel has a module, and as what */
enum module_place module_place(struct reader *r, const char *name);

/** module_needs() - whether loading @name loads @other too */
bool module_needs(struct reader *r, const char *name, const char *other);

/**
 * module_of_release() - where an installed kernel has a module, whether loaded or not
 * @release: of the running kernel, or of another one
 * @path: set to its file below /lib/modules/RELEASE where that is MODULE_FILE, else ""
 */
enum module_place module_of_release(struct reader *r, const char *release, const char *name,
				    char *path, size_t size);

/** module_index_free() - free what module_place() and module_needs() have read */
void module_index_free(struct reader *r);

#endif
