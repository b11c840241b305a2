/* SPDX-License-Identifier: GPL-2.0 */
/* Sockets to accept connections on. */
#ifndef CONNTRIAGE_EXPORTER_SOCKETS_H
#define CONNTRIAGE_EXPORTER_SOCKETS_H

#include <stddef.h>

/**
 * sockets_passed() - those that whoever started this has opened, see sd_listen_fds(3)
 * @fd: takes at most @most of them, not blocking
 *
 * Return: how many; 0: none; -1: they are no good, which is said.
 */
int sockets_passed(int *fd, size_t most);

/**
 * sockets_open() - listen by oneself
 * @where: "127.0.0.1:9997", "[::1]:9997"; port 0: any that is free
 *
 * Says where it listens on standard output. Return: the socket, not blocking, or -1 with
 * the reason said.
 */
int sockets_open(const char *where);

#endif
