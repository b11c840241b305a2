/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who an address, a namespace or a program is, as far as this host's files tell: an
 * address alone is nobody. What these return is for people: it is made of names that
 * containers, clients and users have chosen, printable, and no part of it may get into
 * a command. Each is in a buffer of lib/words.h; "" where nothing is known.
 */
#ifndef CONNTRIAGE_LIB_WHO_H
#define CONNTRIAGE_LIB_WHO_H

#include "snapshot.h"

#define WHO_SIZE	80	/* bytes that are enough for the words, which are cut else */

/**
 * who_words() - who an address is
 * @netns: the namespace that the address was seen in
 * @address: without prefix length or port
 *
 * Return: "this host"; "pod shop/cart-7f, nginx"; "laptop-anna, aa:bb:cc:dd:ee:ff on
 * br-lan"; "one of 2 namespaces", where several have the address.
 */
const char *who_words(const struct snapshot *s, int64_t netns, const char *address);

/**
 * who_netns() - who lives in a namespace
 *
 * Return: "docker container shop-db, postgres:15"; "namespace red"; "nginx.service,
 * pid 812 nginx"; "" for the one that the reader is in.
 */
const char *who_netns(const struct snapshot *s, int64_t netns);

/** who_program() - a program: "docker container web, pid 812 nginx" */
const char *who_program(const struct snapshot *s, const struct program *p);

#endif
