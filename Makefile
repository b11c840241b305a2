# SPDX-License-Identifier: GPL-2.0
# conntriage for people; Kbuild is what kbuild and DKMS read.
#
#   make run	install what is missing, build, and diagnose (see README.md)
#   make check	run everything; QUICK=1 for the everyday loop
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
PREFIX ?= /usr/local
DESTDIR ?=
DEBDIR ?= ..
SRCDIR := $(DESTDIR)/usr/src/conntriage-$(VERSION)
# The running kernel's headers, or the newest there are: tests boot that one.
KDIR ?= $(shell scripts/kernel-headers)

all: kmod userspace

kmod: conntriage.ko

conntriage.ko: FORCE
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(KFLAGS) modules

userspace:
	$(MAKE) -C userspace

selftests:
	$(MAKE) -C selftests

run demo:
	scripts/$@

check:
	scripts/check

bench:
	selftests/bench/run

bench-table:
	$(MAKE) -C selftests/table bench

# The reader, and the module for the kernel of KDIR. Loads nothing. With DESTDIR,
# files alone: nothing of this host changes.
install: all
	$(MAKE) -C userspace install DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=updates DEPMOD=true \
		$(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install
	$(if $(DESTDIR),,depmod $$(scripts/kernel-headers --release $(KDIR)))

# The reader, and the module by DKMS: built anew with each kernel upgrade.
dkms-install: userspace
	$(MAKE) -C userspace install DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)
	install -d $(SRCDIR)/kmod
	install -m 644 dkms.conf Kbuild COPYING $(SRCDIR)
	install -m 644 kmod/*.[ch] $(SRCDIR)/kmod
	$(if $(DESTDIR),,dkms install conntriage/$(VERSION) $(DKMSFLAGS))

# All that either of them made, for whichever kernel
uninstall:
	$(if $(DESTDIR),,-rmmod conntriage 2>/dev/null)
	$(if $(DESTDIR),,-dkms remove conntriage/$(VERSION) --all 2>/dev/null)
	rm -rf $(SRCDIR)
	scripts/uninstall-module $(DESTDIR)
	$(MAKE) -C userspace uninstall DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)

# Debian packages of it, in DEBDIR
deb:
	scripts/build-deb $(DEBDIR)

clean:
	$(MAKE) -C userspace clean
	$(MAKE) -C selftests clean
	$(MAKE) -C selftests/table clean
	$(MAKE) -C selftests/recorder clean
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean

FORCE:
.PHONY: all kmod userspace selftests run demo check bench bench-table install \
	dkms-install uninstall deb clean FORCE
