// SPDX-License-Identifier: GPL-2.0
/* One program of two, conntriage and conntriage-delete, by the name that it is called by. */
#include <string.h>

#include "static/programs.h"

int main(int argc, char **argv)
{
	const char *name = argc ? strrchr(argv[0], '/') : NULL;

	name = name ? name + 1 : argc ? argv[0] : "";
	return strcmp(name, "conntriage-delete") ? conntriage_main(argc, argv) :
						   conntriage_delete_main(argc, argv);
}
