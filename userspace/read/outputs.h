/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What commands print about a host, known by what is in it, and turned into the files
 * that such a command has read itself.
 */
#ifndef CONNTRIAGE_READ_OUTPUTS_H
#define CONNTRIAGE_READ_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "read/store.h"

/* Where a store has texts that no file of a host is like */
#define LISTING_PATH	"conntriage/listing"
#define LOG_PATH	"conntriage/kernel-log"
#define NFT_TEXT_PATH	"conntriage/nft-ruleset.txt"
#define NFT_JSON_PATH	"conntriage/nft-ruleset.json"
#define IPTABLES_PATH	"conntriage/iptables-save"
#define DATE_PATH	"conntriage/date"	/* as date(1) printed it */

/**
 * output_is_known() - whether a file is a command's output that tells of conntrack's host
 * @path: of it; a mere number or word is taken by what its file is called
 * @head: its first bytes
 */
bool output_is_known(const char *path, const char *head, size_t len);

/** output_is_long() - whether it is one that may be long: entries, or the kernel's log */
bool output_is_long(const char *head, size_t len);

/**
 * output_put() - put what an output says into a host's files
 * @to: files that are there already stay
 * @text: @len bytes and a NUL; written to
 *
 * Return: false: it isn't known.
 */
bool output_put(struct store *to, const char *path, char *text, size_t len);

/* The conversions, see outputs_make.c. Each puts what it understands into @to. */
void make_sysctls(struct store *to, char *text, size_t len);
void make_stat(struct store *to, char *text, size_t len);
void make_old_stat(struct store *to, char *text, size_t len);
void make_count(struct store *to, char *text, size_t len);
void make_modules(struct store *to, char *text, size_t len);
void make_uname(struct store *to, char *text, size_t len);
void make_hostname(struct store *to, char *text, size_t len);
void make_hostnamectl(struct store *to, char *text, size_t len);
void make_uptime(struct store *to, char *text, size_t len);
void make_addresses(struct store *to, char *text, size_t len);
void make_routes(struct store *to, char *text, size_t len);
void make_iptables(struct store *to, char *text, size_t len);

/** put_new() - put a file that isn't there yet */
void put_new(struct store *to, const char *path, const char *text, size_t len);

#endif
