#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: a flow that a flowtable has taken over is one connection, not idle,
# and the reader shows it as one that talks.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

FLOWS=5
READER=$CTRI_DIR/../userspace/conntriage

offloaded()
{
	[ "$(on r conntrack -L 2>/dev/null | grep -c 'OFFLOAD.*dport=7\|dport=7.*OFFLOAD')" -ge "$1" ]
}

# idle STATE COLUMN - of this namespace's TCP entries
idle()
{
	col census "$2" record=state "netns=${topo_inode[r]}" proto=tcp "name=$1"
}

ktap_print_header
need_module conntrack
need_kmod nf_flow_table nf_flow_table_inet nft_flow_offload
topo_up 2
ktap_set_plan 10
on r nft -f - <<-'END' || ktap_skip_all "this nft or kernel has no flowtables"
table inet ctri_flow {
	flowtable f {
		hook ingress priority 0; devices = { c1, s };
	}
	chain forward {
		type filter hook forward priority 10;
		tcp dport 7001 flow add @f
	}
}
END
watch
# Data on its way in both directions, for as long as it takes
peer_serve s "$S4" 7001 120
bg c1 "$CTRI_TOOLS/ctpeer" ask --tcp --hold -a "$S4" -p 7001 -n $FLOWS -t 60
t_run "flows are offloaded" wait_until 20 offloaded $FLOWS
t_flows "each is one insertion" 10.0.1.2 $FLOWS
# Left alone, an offloaded entry's timeout is a day, an established one's five:
# what is left of it says four days of silence
t_eq "the census: established" "$(idle ESTABLISHED entries)" $FLOWS
t_eq "the census: none is idle" "$(idle ESTABLISHED idle_60,idle_86400)" "0 0"
t_eq "the census: they talk" \
	"$(col census stages record=source "netns=${topo_inode[r]}" name=10.0.1.2)" talking=$FLOWS
if [ -x "$READER" ]; then
	on r "$READER" census >"$lib_tmp/census" 2>&1
	t_has "the reader says that they talk" "$(cat "$lib_tmp/census")" \
		"^established, silent for less than 5 min +$FLOWS "
	t_eq "the reader finds none silent" "$(grep -c '^silent for' "$lib_tmp/census")" 0
else
	for name in "the reader says that they talk" "the reader finds none silent"; do
		ktap_test_skip "$name" "userspace/conntriage is not built"
	done
fi
t_done
ktap_finished
