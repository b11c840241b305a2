#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: what one namespace does to its own entries, made-up zones for instance,
# costs no other namespace a row of the census, nor an entry of a sum; and each of
# many namespaces is there.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

ZONES=$([ "$QUICK" ] && echo 8000 || echo 60000)
MANY=$([ "$QUICK" ] && echo 60 || echo 300)

# rows ROLE RECORD COLUMNS - of the one census that is looked at
rows()
{
	local CTRI_FS=$lib_tmp

	col census "$3" "record=$2" "netns=${topo_inode[$1]}" | sort
}

ktap_print_header
need_module conntrack
ktap_set_plan 12
put /proc/sys/net/netfilter/nf_conntrack_max 262144
put /proc/sys/net/netfilter/nf_conntrack_buckets 65536
topo_up 1
topo_up 1 x
many=()
for ((i = 0; i < MANY; i++)); do
	many+=("m$i")
done
ns_add "${many[@]}"
module_load
watched r

# Somebody's ordinary entries, two zones among them
on r nft -f - <<-'END'
table inet ctri_zone {
	chain raw {
		type filter hook prerouting priority -300;
		ip saddr 10.0.1.21 ct zone set 7
		ip saddr 10.0.1.22 ct original zone set 9
	}
}
END
gen c1 -n 100 -s 10.0.1.11 -d "$S4" --sport 10000-10099
gen s -n 40 -s "$S4" -d 10.0.1.11 --sport 9 --dport 10000-10039
gen c1 -n 60 -s 10.0.1.12 -d "$S4" -p tcp --sport 10000-10059 --dport 443
gen c1 -n 50 -s 10.0.1.13 -d "$S4" -p icmp --sport 1-50
gen c1 -n 30 -s fd00:0:1:1::1 -d "$S6" --sport 10000-10029
gen c1 -n 20 -s 10.0.1.21 -d "$S4" --sport 10000-10019
gen c1 -n 10 -s 10.0.1.22 -d "$S4" --sport 10000-10009
# The root of a container makes a zone for each packet
on xr nft -f - <<-'END'
table inet ctri_zone {
	chain raw {
		type filter hook prerouting priority -300;
		ct zone set numgen inc mod 60000
	}
}
END
gen xc1 -n "$ZONES" -s 10.0.1.11 -d "$S4" --sport 10000-59999 --dport 9-11
# And many others have an entry each
for i in "${many[@]}"; do
	on "$i" conntrack -I -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1 --dport 2 -t 900 \
		>/dev/null 2>&1
done

another_walk
cat "$CTRI_FS/census" >"$lib_tmp/census"
t_eq "the namespace: entries, unreplied" "$(rows r netns entries,unreplied)" "270 230"
t_eq "its states" "$(rows r state proto,name,entries)" \
	$'icmp UNREPLIED 50\ntcp SYN_SENT 60\nudp REPLIED 40\nudp UNREPLIED 120'
t_eq "its zones" "$(rows r zone zone,entries,unreplied)" $'7 20 20\n9 10 10'
t_eq "its source" "$(rows r source name,entries | grep -w 10.0.1.11)" "10.0.1.11 100"
t_eq "the kernel has as many" "$(kstat r entries)" 270

t_eq "the one with zones: entries" "$(rows xr netns entries)" "$ZONES"
t_eq "its states" "$(rows xr state proto,name,entries)" "udp UNREPLIED $ZONES"
t_eq "its zones have all but those of zone 0" "$(rows xr zone entries | add_up)" \
	$((ZONES - (ZONES + 59999) / 60000))
t_num "most of them in one row" "$(rows xr zone name,entries | awk '$1 == "other" { print $2 }')" \
	-ge $((ZONES / 2))

t_eq "each of many namespaces is there, with its entry" \
	"$(awk '$1 == "netns" && $5 == 1 { print $2 }' "$lib_tmp/census" | sort -n)" \
	"$(for i in "${many[@]}"; do echo "${topo_inode[$i]}"; done | sort -n)"
t_eq "no entry found no room" \
	"$(awk '$1 == "walk" && $4 == "unplaced" { print $5 }' "$lib_tmp/census")" 0
module_unload
t_clean "kernel log"
ktap_finished
