/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of conntriage's own installation on a host: facts that read/ gathers,
 * judge/ decides on and render/ prints. What isn't known is UNKNOWN, false or "".
 */
#ifndef CONNTRIAGE_HEALTH_H
#define CONNTRIAGE_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a host's packages are installed */
enum distribution {
	DISTRIBUTION_OTHER, DISTRIBUTION_DEBIAN, DISTRIBUTION_FEDORA, DISTRIBUTION_SUSE,
	DISTRIBUTION_ARCH, DISTRIBUTION_ALPINE, DISTRIBUTION_OPENWRT, DISTRIBUTION_NIXOS,
	DISTRIBUTIONS
};

/* A kernel that is installed, or runs */
struct kernel_tree {
	char release[96];
	bool there;		/* /lib/modules has modules.dep for it */
	bool headers;
	char module[160];	/* the module's file below it, "": it has none */
	bool indexed;		/* modules.dep names that file: modprobe finds it */
};

enum signature { SIGNATURE_UNKNOWN, SIGNATURE_NONE, SIGNATURE_THERE };

/* What DKMS knows of conntriage */
struct dkms_state {
	bool program;		/* dkms itself is installed */
	char version[32];	/* that it knows: the reader's, else the last; or "" */
	bool built;		/* that one, for the running kernel */
	bool source;		/* /usr/src has the reader's version */
	char failed[256];	/* the log of a build that failed, or "" */
	char failed_for[96];	/* the kernel that it was for, or "" */
};

struct health {
	enum distribution distribution;
	char container[32];	/* what kind, or "": none */
	bool in_userns;		/* root here is nobody's root outside */
	int64_t euid;
	uint64_t capabilities;	/* effective; without euid unknown, too */

	struct kernel_tree *kernel;	/* the running one first, others by name */
	size_t nr_kernels;
	struct dkms_state dkms;

	bool can_load;		/* the kernel has loadable modules */
	int64_t modules_disabled;
	char forbidden_by[96];	/* what tells modprobe or the kernel not to load it */
	int64_t sig_enforce, secure_boot;
	char lockdown[24];	/* "none", "integrity", "confidentiality" */
	const char *certificate;	/* of the key that DKMS signs with here */
	enum signature signature;	/* of the file for the running kernel */

	bool no_ctnetlink;	/* the kernel can't list its table */
	bool loaded;
	char version[32];	/* of what is loaded */
	char taint[16];		/* its letters in /sys/module */
	char boot_file[128];	/* that loads it at boot, or "" */
	char boot_masked[128];	/* that keeps it from being loaded, or "" */

	bool debugfs;		/* mounted at /sys/kernel/debug */
	char debugfs_option[16];	/* on the kernel command line, or "" */
	int64_t schema;		/* of its files */
	int64_t ftrace, kprobes;	/* switches of the host */
};

#endif
