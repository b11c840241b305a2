/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that grows. Where there is none, the program ends: see no_memory(). */
#ifndef CONNTRIAGE_LIB_MEMORY_H
#define CONNTRIAGE_LIB_MEMORY_H

#include <stddef.h>

#define EXIT_UNKNOWN	3	/* of a monitoring plugin; SEV_UNKNOWN is the same */

/** no_memory() - end the program: say so, and exit with EXIT_UNKNOWN */
void no_memory(void) __attribute__((noreturn));

/**
 * grow() - room for one more item of a growing array
 * @items: pointer to the array, NULL at first
 * @nr: items in it; counted up
 * @size: bytes an item
 *
 * Return: the new item, zeroed.
 */
void *grow(void *items, size_t *nr, size_t size);

#endif
