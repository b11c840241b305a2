/* SPDX-License-Identifier: GPL-2.0 */
/* The address in what the module calls a source, a destination or a service. */
#ifndef CONNTRIAGE_LIB_ENDPOINT_H
#define CONNTRIAGE_LIB_ENDPOINT_H

#include <stddef.h>

#define ENDPOINT_ADDRESS	64	/* bytes for one */

/**
 * endpoint_address() - the address of "192.0.2.1", "192.0.2.0/24", "tcp/192.0.2.1:443" or
 *	"tcp/[2001:db8::1]:443", without what is around it
 * @text: ENDPOINT_ADDRESS bytes; of what has none, "udp/53" for one, the beginning
 */
void endpoint_address(const char *word, char *text);

#endif
