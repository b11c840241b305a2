# SPDX-License-Identifier: GPL-2.0
# conntriage for people; Kbuild is what kbuild and DKMS read. "make help" lists
# what there is.
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
PREFIX ?= /usr/local
DESTDIR ?=
DEBDIR ?= ..
# Whose packages: of this machine, or as DEBARCH=arm64 built here for others
DEBARCH ?=
SRCDIR := $(DESTDIR)/usr/src/conntriage-$(VERSION)
# The running kernel's headers, or the newest there are: tests boot that one.
KDIR ?= $(shell scripts/kernel-headers)

MAKEFLAGS += --no-print-directory

all: kmod userspace

help:
	@echo 'make run            install what is missing, build, and diagnose this host'
	@echo 'make demo           the same in a guest under a flood'
	@echo 'make check          run all tests; QUICK=1: the short form; ONLY="static reader"'
	@echo 'make bench          what the module costs, in instructions; bench-table'
	@echo 'make                build the module (KDIR=) and the reader; kmod, userspace'
	@echo 'make static         the reader as one file, to be copied to any host'
	@echo 'make install        both, for the kernel of KDIR; PREFIX=$(PREFIX) DESTDIR='
	@echo 'make dkms-install   the reader, and the module for every kernel'
	@echo 'make uninstall      take away what either of them installed'
	@echo 'make deb            Debian packages, in DEBDIR=$(DEBDIR); DEBARCH=arm64'
	@echo 'make pictures       those of the README, made anew'
	@echo 'make clean          remove what was built; distclean: the cached kernels, too'

kmod: conntriage.ko

conntriage.ko: FORCE
	@MAKE="$(MAKE)" scripts/kbuild "$(KDIR)" $(KFLAGS) modules

userspace:
	@$(MAKE) -C userspace

# One program for any host of this architecture: userspace/build/static/conntriage
static:
	@$(MAKE) -C userspace static

selftests:
	@$(MAKE) -C selftests

run demo pictures:
	@scripts/$@

check:
	@scripts/check

bench:
	@selftests/bench/run

bench-table:
	@$(MAKE) -C selftests/unit/table bench

# What the two kinds of installation write to; without root only below DESTDIR
may-install:
	@[ "$(DESTDIR)" ] || [ "$$(id -u)" -eq 0 ] || { \
		echo "conntriage: writing to $(PREFIX), /lib/modules and /usr/src takes root; try sudo make $(MAKECMDGOALS), or give DESTDIR=" >&2; \
		exit 1; }

# The reader, its units, and what other programs take: of these, what loads at boot what
# commands leave for good, and what watches. None is enabled: a command does that, or a person.
install-userspace: may-install
	@$(MAKE) -C userspace install DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"
	@$(MAKE) -C contrib install DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"
	@$(if $(DESTDIR),,! test -d /run/systemd/system || systemctl daemon-reload)

# The reader, and the module for the kernel of KDIR. Loads nothing. With DESTDIR,
# files alone: nothing of this host changes.
install: may-install
	@$(MAKE) all
	@$(MAKE) install-userspace
	@MAKE="$(MAKE)" scripts/kbuild "$(KDIR)" INSTALL_MOD_DIR=updates DEPMOD=true \
		$(if $(DESTDIR),INSTALL_MOD_PATH="$(DESTDIR)") modules_install
	@$(if $(DESTDIR),,depmod $$(scripts/kernel-headers --release "$(KDIR)"))

# The reader, and the module by DKMS: built anew with each kernel upgrade.
dkms-install: may-install
	@$(if $(DESTDIR),,command -v dkms >/dev/null || { \
		echo "conntriage: dkms is not installed; apt-get install dkms" >&2; exit 1; })
	@$(MAKE) userspace
	@$(MAKE) install-userspace
	install -d "$(SRCDIR)/kmod"
	install -m 644 dkms.conf Kbuild COPYING "$(SRCDIR)"
	install -m 644 kmod/*.[ch] "$(SRCDIR)/kmod"
	$(if $(DESTDIR),,dkms install conntriage/$(VERSION) $(DKMSFLAGS))

# All that either of them made, for whichever kernel
uninstall: may-install
	$(if $(DESTDIR),,-@! test -d /run/systemd/system || for unit in exporter.socket exporter.service metrics.timer watch.service rules.service; do systemctl disable --now conntriage-$$unit 2>/dev/null; done)
	$(if $(DESTDIR),,@scripts/unload-module)
	$(if $(DESTDIR),,-dkms remove conntriage/$(VERSION) --all 2>/dev/null)
	rm -rf "$(SRCDIR)"
	scripts/uninstall-module "$(DESTDIR)"
	@$(MAKE) -C userspace uninstall DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"
	@$(MAKE) -C contrib uninstall DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"
	@$(if $(DESTDIR),,! test -d /run/systemd/system || systemctl daemon-reload)
	@$(if $(DESTDIR),,! test -d /etc/conntriage || echo "conntriage: /etc/conntriage stays; it holds rules of this host's own")

# Debian packages of it, for DEBARCH, in DEBDIR
deb:
	@scripts/build-deb $(if $(DEBARCH),-a "$(DEBARCH)") "$(DEBDIR)"

clean:
	@$(MAKE) -C userspace clean
	@$(MAKE) -C selftests clean
	@$(MAKE) -C selftests/unit/table clean
	@$(MAKE) -C selftests/unit/recorder clean
	@$(MAKE) -C selftests/unit/census clean
	@[ -z "$(KDIR)" ] || MAKE="$(MAKE)" scripts/kbuild "$(KDIR)" clean

# The downloaded kernels and all that was made of them, outside of the tree
distclean: clean
	@scripts/clean-cache

FORCE:
.PHONY: all help kmod userspace static selftests run demo pictures check bench bench-table \
	may-install install install-userspace dkms-install uninstall deb clean distclean FORCE
