// SPDX-License-Identifier: GPL-2.0
/* Whether the module is built: for the running kernel, for the others, and signed. */
#include <string.h>

#include "judge/doctor.h"
#include "judge/packages.h"
#include "kmod/abi.h"
#include "lib/numbers.h"
#include "lib/words.h"

static bool has_dkms(const struct health *h)
{
	return *h->dkms.version;
}

static bool is_built(const struct kernel_tree *k)
{
	return *k->module;
}

/* A module that is there and that nobody builds anew needs no headers now. */
void check_headers(const struct health *h, struct checks *c)
{
	const struct kernel_tree *k = &h->kernel[0];
	struct check *check;

	if (k->headers) {
		check_add(c, "headers", CHECK_WELL, "of %s", k->release);
	} else if (is_built(k) && !has_dkms(h)) {
		check_add(c, "headers", CHECK_WELL, "not there, and not needed: the module is "
			  "built");
	} else {
		check = check_add(c, "headers", CHECK_UNWELL, "not there for %s: no module can "
				  "be built for it", k->release);
		install_headers(&check->commands, h->distribution, k->release);
	}
}

void check_dkms(const struct health *h, struct checks *c)
{
	const struct dkms_state *d = &h->dkms;
	const struct kernel_tree *k = &h->kernel[0];
	struct check *check;

	if (*d->failed && !is_built(k)) {
		check = check_add(c, "dkms", CHECK_UNWELL, "building conntriage %s for %s "
				  "failed; its log is %s", d->version,
				  *d->failed_for ? d->failed_for : "a kernel", d->failed);
		lines_add(&check->commands, "tail -n 30 %s", d->failed);
	} else if (has_dkms(h) && !d->program) {
		check = check_add(c, "dkms", CHECK_UNWELL, "has conntriage %s, but isn't "
				  "installed itself", d->version);
		install_dkms(&check->commands, h->distribution);
	} else if (has_dkms(h)) {
		check_add(c, "dkms", CHECK_WELL, "has conntriage %s, and builds it for each new "
			  "kernel", d->version);
	} else if (is_built(k)) {
		check_add(c, "dkms", CHECK_WELL, "not used: after an upgrade of the kernel, "
			  "build the module anew");
	} else if (!d->program && !knows_dkms(h->distribution)) {
		check = check_add(c, "dkms", CHECK_UNWELL, "there is none for this system, and "
				  "no module that was built without it");
		build_without_dkms(&check->commands, h->distribution);
	} else {
		check = check_add(c, "dkms", CHECK_UNWELL, d->program ? "doesn't know conntriage" :
				  "not installed");
		if (!d->program)
			install_dkms(&check->commands, h->distribution);
		lines_add(&check->commands, d->source ? "dkms install conntriage/" CTRI_VERSION :
			  "make dkms-install   # in conntriage's source");
	}
}

void check_built(const struct health *h, struct checks *c)
{
	const struct kernel_tree *k = &h->kernel[0];
	struct check *check;

	if (k->indexed) {
		check_add(c, "built", CHECK_WELL, "for %s: %s", k->release, k->module);
	} else if (is_built(k)) {
		check = check_add(c, "built", CHECK_UNWELL, "for %s, but modprobe doesn't find it: "
				  "modules.dep has no %s", k->release, k->module);
		lines_add(&check->commands, "depmod %s", k->release);
	} else if (h->loaded && !k->there) {
		check_add(c, "built", CHECK_WELL, "loaded from elsewhere: there is no "
			  "/lib/modules/%s", k->release);
	} else if (h->dkms.built) {
		check = check_add(c, "built", CHECK_UNWELL, "for %s by DKMS, but not installed",
				  k->release);
		lines_add(&check->commands, "dkms install conntriage/%s -k %s", h->dkms.version,
			  k->release);
	} else {
		check = check_add(c, "built", CHECK_UNWELL, "there is no module for %s%s",
				  k->release, has_dkms(h) ? "" : ", see dkms");
		if (has_dkms(h))
			lines_add(&check->commands, "dkms autoinstall -k %s", k->release);
	}
}

/* What makes the kernel take signed modules only, or NULL: nothing does */
static const char *who_insists(const struct health *h)
{
	if (*h->lockdown && strcmp(h->lockdown, "none"))
		return "lockdown";
	if (h->sig_enforce == 1)
		return "module.sig_enforce";
	/* Where the kernel says that it isn't locked down, Secure Boot alone does nothing. */
	return h->secure_boot == 1 && !*h->lockdown ? "Secure Boot" : NULL;
}

static void sign(struct lines *l, const struct health *h)
{
	lines_add(l, "# docs/signing.md has all steps; with DKMS, whose key is enrolled once:");
	if (has_dkms(h))
		lines_add(l, "dkms install --force conntriage/%s -k %s", h->dkms.version,
			  h->kernel[0].release);
	lines_add(l, "mokutil --import %s   # then reboot", h->certificate);
}

/* A kernel that doesn't insist taints itself by "E" where a signature is missing. */
void check_signed(const struct health *h, struct checks *c)
{
	const char *insists = who_insists(h);
	bool unsigned_now = h->loaded && strchr(h->taint, 'E');
	struct check *check;

	if (!insists) {
		check_add(c, "signed", CHECK_WELL, h->signature == SIGNATURE_THERE ?
			  "it is; this kernel takes any module" :
			  "needn't be: this kernel takes any module");
	} else if (unsigned_now) {
		check = check_add(c, "signed", CHECK_UNWELL, "it isn't, and was loaded before %s "
				  "asked for it: it can't be loaded again", insists);
		sign(&check->commands, h);
	} else if (h->loaded) {
		check_add(c, "signed", CHECK_WELL, "by a key that this kernel trusts, which %s "
			  "takes", insists);
	} else if (h->signature == SIGNATURE_THERE) {
		check_add(c, "signed", CHECK_WELL, "it is; if its key is rejected, enrol it: "
			  "mokutil --import %s", h->certificate);
	} else if (h->signature == SIGNATURE_NONE || !h->nr_kernels || !is_built(&h->kernel[0])) {
		check = check_add(c, "signed", CHECK_UNWELL, "it isn't, and %s lets this kernel "
				  "load signed modules only", insists);
		sign(&check->commands, h);
	} else {
		check = check_add(c, "signed", CHECK_UNKNOWN, "%s lets this kernel load signed "
				  "modules only; see who signed it:", insists);
		lines_add(&check->commands, "modinfo -F signer conntriage");
	}
}

/* What the next boot would be like with a kernel that isn't this one */
void check_kernels(const struct health *h, struct checks *c)
{
	const struct kernel_tree *first = NULL;
	size_t i, without = 0, headless = 0;
	struct check *check;

	for (i = 1; i < h->nr_kernels; i++) {
		if (is_built(&h->kernel[i]))
			continue;
		if (!first)
			first = &h->kernel[i];
		without++;
		headless += !h->kernel[i].headers;
	}
	if (h->nr_kernels == 1) {
		check_add(c, "kernels", CHECK_WELL, "no other one is installed");
		return;
	}
	if (!without) {
		check_add(c, "kernels", CHECK_WELL, "%s too: it would boot with the module",
			  h->nr_kernels > 2 ? "each other one" : h->kernel[1].release);
		return;
	}
	check = check_add(c, "kernels", CHECK_UNWELL, "%s%s would boot without the module%s",
			  first->release, without > 1 ? " and others" : "",
			  headless ? ": no headers" : "");
	for (i = 1; i < h->nr_kernels; i++) {
		const struct kernel_tree *k = &h->kernel[i];

		if (is_built(k))
			continue;
		if (!k->headers)
			install_headers(&check->commands, h->distribution, k->release);
		if (has_dkms(h))
			lines_add(&check->commands, "dkms autoinstall -k %s", k->release);
		else
			lines_add(&check->commands, "make install KDIR=/lib/modules/%s/build   "
				  "# in conntriage's source", k->release);
	}
}
