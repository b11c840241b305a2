# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What every script of interop/ begins with: another user of conntrack beside the
# module, while its probes are armed.
#
#	. "$(dirname "$0")/../lib/interop.sh"

# shellcheck source=../lib/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

INTEROP_MAX=4000

# need_kmod MODULE... - or skip
need_kmod()
{
	local m

	for m; do
		modprobe "$m" 2>/dev/null || ktap_skip_all "no $m in this kernel"
	done
}

# watch - load the module, and make it watch closely: a second client's entries
# fill the table to 85 %
watch()
{
	module_load
	watched r
	need_quiet_host $((INTEROP_MAX / 2))
	put /proc/sys/net/netfilter/nf_conntrack_max $INTEROP_MAX
	gen c2 -n $((INTEROP_MAX * 85 / 100)) -s 10.0.2.9 -d "$S4" --sport 10000-60000
	wait_until 10 probes_are armed || ktap_exit_fail_msg "the probes were not armed"
}

# t_flows NAME SOURCE COUNT - exactly so many insertions of that source
t_flows()
{
	t_src "$1" r insert "$2" "$3"
}

# t_lossless - no event was lost; ticks may have been missed on a busy machine
t_lossless()
{
	t_eq "nothing was lost" \
		"$(grep '^lost_' "$CTRI_FS/status" | grep -v ' 0$\|^lost_ticks ')" ""
}

# t_done - what most of them end with: three results
t_done()
{
	t_eq "no INVALID packet" "$(nsv r invalid)" 0
	t_lossless
	t_clean "kernel log"
}
