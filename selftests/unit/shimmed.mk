# SPDX-License-Identifier: GPL-2.0
# Parts of kmod/ run in userspace, with a shim.h that stands for the kernel's headers.
# Who includes this has set:
#
#   TEST      the program
#   SOURCES   of it; and SHIMS, headers of the test's own
#   HEADERS   of the kernel's: each of these names is shim.h
#
#   make check
CC ?= gcc
KMOD := ../../../kmod
# shim_user.h
USERSPACE := ../../../userspace/entries
BUILD := build

CFLAGS := -O1 -g -std=gnu11 -Wall -Wextra -Wno-sign-compare \
	-Wno-unused-parameter -fno-strict-aliasing \
	-fsanitize=address,undefined -fno-sanitize-recover=all

check: $(BUILD)/$(TEST)
	@$<

$(BUILD)/$(TEST): $(SOURCES) $(SHIMS) shim.h ../../lib/tap.h $(wildcard $(KMOD)/*.h) \
		$(HEADERS:%=$(BUILD)/include/%)
	$(CC) $(CFLAGS) -I. -I$(BUILD)/include -I$(KMOD) -I$(USERSPACE) -I../../lib -o $@ $(SOURCES)

$(HEADERS:%=$(BUILD)/include/%):
	@mkdir -p $(@D)
	@echo '#include "shim.h"' >$@

clean:
	rm -rf $(BUILD)

.PHONY: check clean
