#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: the census of a still table is what conntrack(8) lists.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# listed ROLE - "proto state entries unreplied assured" by what conntrack lists
listed()
{
	{ on "$1" conntrack -L -f ipv4; on "$1" conntrack -L -f ipv6; } 2>/dev/null |
	awk '{
		unreplied = /\[UNREPLIED\]/
		assured = /\[ASSURED\]/
		state = assured ? "ASSURED" : "REPLIED"
		if (unreplied)
			state = "UNREPLIED"
		if ($1 == "tcp")
			state = $4
		n[$1 " " state]++
		u[$1 " " state] += unreplied
		a[$1 " " state] += assured
	}
	END { for (k in n) print k, n[k], u[k], a[k] }' | sort
}

# counted ROLE - the same by the census, IPv4 and IPv6 rows together
counted()
{
	col census proto,name,entries,unreplied,assured record=state \
		"netns=${topo_inode[$1]}" |
	awk '{ k = $1 " " $2; n[k] += $3; u[k] += $4; a[k] += $5 }
	END { for (k in n) print k, n[k], u[k], a[k] }' | sort
}

# held ROLE RECORD NAME - entries, unreplied, assured, err
held()
{
	col census entries,unreplied,assured,err "record=$2" "netns=${topo_inode[$1]}" "name=$3"
}

ktap_print_header
need_module conntrack
ktap_set_plan 14
topo_up 2
topo_up 1 x
module_load
peer_serve s "$S4" 7000 200
gen c1 -n 300 -s 10.0.1.11 --sources 3 -d "$S4" --sport 10000-10099
gen c1 -n 120 -s 10.0.1.21 -d "$S4" -p tcp --sport 10000-10119 --dport 443
gen s -n 40 -s "$S4" -d 10.0.1.21 -p tcp --sport 443 --dport 10000-10039 --flags SA --ack 1001
gen c1 -n 20 -s 10.0.1.21 -d "$S4" -p tcp --sport 10000-10019 --dport 443 \
	--flags A --seq 1001 --ack 1001
gen c1 -n 70 -s 10.0.1.31 -d "$S4" -p icmp --sport 1-70
gen c2 -n 160 -s fd00:0:2:1::1 --step 64 --sources 2 -d "$S6" --sport 10000-10079
gen c2 -n 30 -s fd00:0:2:3::1 -d "$S6" -p tcp --sport 10000-10029
gen c2 -n 15 -s fd00:0:2:3::1 -d "$S6" -p icmp --sport 1-15
gen s -n 10 -s "$S4" -d 10.0.1.11 --sport 9 --dport 10000-10009
on c2 "$CTRI_DIR/ctpeer" ask -a "$S4" -p 7000 -n 25 -t 60 --wait 9000 >/dev/null
gen xc1 -n 44 -s 10.0.1.11 -d "$S4" --sport 10000-10043

t_eq "by protocol and state" "$(counted r)" "$(listed r)"
t_eq "by protocol and state, other namespace" "$(counted xr)" "$(listed xr)"
t_eq "total of the namespace" "$(col census entries record=netns "netns=${topo_inode[r]}")" \
	"$(kstat r entries)"
t_eq "totals: unreplied and assured" \
	"$(col census unreplied,assured record=netns "netns=${topo_inode[r]}")" \
	"$(listed r | awk '{ u += $4; a += $5 } END { print u, a }')"
t_eq "entries by source" "$(held r source 10.0.1.11)" "100 90 0 0"
t_eq "entries by source, TCP" "$(held r source 10.0.1.21)" "120 80 20 0"
t_eq "entries by source, IPv6" "$(held r source fd00:0:2:1::/64)" "80 80 0 0"
t_eq "entries by source, other namespace" "$(held xr source 10.0.1.11)" "44 44 0 0"
t_eq "entries by destination" "$(held r dest "$S4" | cut -d' ' -f1)" $((300 + 120 + 70 + 25))
t_eq "entries by service" "$(held r service 443)" "120 80 20 0"
t_eq "every entry stands in two chains" \
	"$(awk '$1 == "chain" { n += $4 * $5 } END { print n }' "$CTRI_FS/census")" \
	"$(awk '$1 == "netns" { n += $5 } END { print 2 * n }' "$CTRI_FS/census")"
t_eq "the chains are the buckets" \
	"$(awk '$1 == "chain" { n += $5 } END { print n }' "$CTRI_FS/census")" \
	"$(cat /proc/sys/net/netfilter/nf_conntrack_buckets)"
t_eq "nobody has been silent for a quarter of an hour" \
	"$(col census idle_1800 record=netns "netns=${topo_inode[r]}")" 0
module_unload
t_clean "kernel log"
ktap_finished
