/* SPDX-License-Identifier: GPL-2.0 */
/* Settings that programs write beside the boot files, and who finds which. */
#ifndef CONNTRIAGE_READ_WRITERS_H
#define CONNTRIAGE_READ_WRITERS_H

#include "read/reader.h"
#include "snapshot.h"

/**
 * written_add() - one program writes one setting
 * @w: its sysctl's name must be plain; a later one of the same program and name
 *	takes the place of an earlier
 */
void written_add(struct snapshot *s, const struct written *w);

/**
 * written_key() - the name of a setting of conntrack
 * @key: as people write it: with dots, slashes, or the name alone
 * @name: takes what follows "nf_conntrack_"
 *
 * Return: false where it is no setting of conntrack.
 */
bool written_key(const char *key, char *name, size_t size);

/** read_ufw_enabled() - whether ufw.conf has ENABLED=yes; its unit may run without it */
int read_ufw_enabled(struct reader *r, bool *on);

/** read_kube_proxy() - its command line, and its configuration if that is here */
int read_kube_proxy(struct reader *r);

/* Its parsers. Flags stand one a line. */
struct kube_conntrack {
	int64_t max_per_core, min;		/* UNKNOWN: its default */
	int64_t line_per_core, line_min;	/* of the file, UNKNOWN: none */
	char config[160];			/* --config, or "" */
};

void parse_kube_flags(struct snapshot *s, char *text, struct written *w,
		      struct kube_conntrack *k);
void parse_kube_config(struct snapshot *s, char *text, struct written *w,
		       struct kube_conntrack *k);

/* Those of the others. @file: its name with a leading slash */
void parse_proxmox(struct snapshot *s, const char *file, char *text);
void parse_tuned(struct snapshot *s, const char *file, char *text, char *includes,
		 size_t size);
void parse_ufw(struct snapshot *s, const char *file, char *text);
void parse_dispatcher(struct snapshot *s, const char *file, char *text);

#endif
