#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: connections that a BPF program puts into the table by itself, with
# bpf_ct_insert_entry(), are counted for their source.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=120

ktap_print_header
need_module conntrack tc
clang=$(command -v clang || compgen -c clang- | grep -m 1 -x 'clang-[0-9]*') ||
	ktap_skip_all "no clang; install it"
"$clang" -g -O2 -target bpf -I"/usr/include/$(uname -m)-linux-gnu" \
	-c "$CTRI_DIR/tools/ctinsert.bpf.c" -o "$lib_tmp/ctinsert.o" 2>"$lib_tmp/errors" ||
	ktap_skip_all "$clang does not compile for BPF: $(head -n 1 "$lib_tmp/errors")"
topo_up 2
on r tc qdisc add dev c1 clsact
on r tc filter add dev c1 ingress bpf direct-action obj "$lib_tmp/ctinsert.o" sec tc \
	2>"$lib_tmp/errors" ||
	ktap_skip_all "this kernel or tc has no bpf_ct_insert_entry: $(tail -n 1 "$lib_tmp/errors")"
ktap_set_plan 6
watch
gen c1 -n $N -s 10.9.0.1 -d 10.9.1.1 --sport 10000-10119
t_eq "entries that the program made" \
	"$(on r conntrack -L -s 10.9.0.1 2>/dev/null | grep -c src=)" $N
t_eq "are counted for their source" \
	"$(src r insert 10.9.0.1 count,err,kinds)" "$N 0 direct=$N"
t_eq "all of them are the kernel's" \
	"$(nsv r inserts_direct,k_insert) $(kstat r insert)" "$N $N $N"
t_done
ktap_finished
