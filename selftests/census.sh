#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: entry for entry, the census of a still table is an independent count
# of what conntrack(8) lists: also by zone, by stage, by address, prefix, service
# and pair, and by silence, which is the timeout in force less what is left of it.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

# list ROLE FILE - every entry, one a line:
# proto state zone unreplied assured source dest dport stage sport idle
# conntrack(8) shows what is left in whole seconds, so the silence is that or up
# to a second less
list()
{
	{ on "$1" conntrack -L -f ipv4 -o extended
	  on "$1" conntrack -L -f ipv6 -o extended; } 2>/dev/null |
	awk -v timeouts="$(on "$1" grep . /proc/sys/net/netfilter/nf_conntrack_{tcp,udp,icmp,icmpv6}_timeout* | tr '\n' ' ')" '
	BEGIN {
		n = split(timeouts, line, " ")
		for (i = 1; i <= n; i++) {
			split(line[i], part, ":")
			sub(".*/nf_conntrack_", "", part[1])
			in_force[part[1]] = part[2]
		}
	}
	# as docs/ABI/testing/debugfs-conntriage has it, for what this test makes
	function stage(proto, state, unreplied, assured, idle)
	{
		if (proto == "tcp" && state == "SYN_RECV")
			return "half_open"
		if (proto == "tcp" && state !~ /SYN_SENT|ESTABLISHED/)
			return idle < 120 ? "closing" : "closing_120"
		if (unreplied)
			return idle < 60 ? "unanswered" : "unanswered_60"
		if (!assured)
			return idle < 60 ? "once" : "once_60"
		return idle < 60 ? "talking" : idle < 300 ? "talking_60" : \
			idle < 1800 ? "silent_300" : idle < 7200 ? "silent_1800" : "silent_7200"
	}
	{
		split("", f)
		for (i = 6; i <= NF; i++) {
			eq = index($i, "=")
			key = substr($i, 1, eq - 1)
			if (eq && !(key in f))
				f[key] = substr($i, eq + 1)
		}
		unreplied = /\[UNREPLIED\]/ ? 1 : 0
		assured = /\[ASSURED\]/ ? 1 : 0
		state = assured ? "ASSURED" : unreplied ? "UNREPLIED" : "REPLIED"
		name = $3 "_timeout"
		if ($3 == "tcp") {
			state = $6
			name = name "_" tolower(state)
		} else if ($3 == "udp" && assured) {
			name = name "_stream"
		}
		zone = f["zone"] + f["zone-orig"]
		print $3, state, zone, unreplied, assured, f["src"], f["dst"], \
			("dport" in f ? f["dport"] : "-"), \
			stage($3, state, unreplied, assured, in_force[name] - $5), \
			("sport" in f ? f["sport"] : "-"), in_force[name] - $5
	}' >"$2"
}

# slab_object - bytes that an entry takes of its slab cache, without the marks
# that a debugging kernel puts around it
slab_object()
{
	local size object

	size=$(awk '$1 == "nf_conntrack" { print $4 }' /proc/slabinfo)
	object=$(cat /sys/kernel/slab/nf_conntrack/object_size 2>/dev/null || echo "$size")
	# a pointer behind it, and up to a cache line
	if [ $((size - object)) -lt $((8 + 64)) ]; then
		echo "$size"
	else
		echo $(((object + 8 + 63) / 64 * 64))
	fi
}

# groups FILE FIELD,... - "group entries unreplied assured", most first where
# the group's name doesn't tell
groups()
{
	awk -v fields="$2" '
	BEGIN { n = split(fields, at, ",") }
	{
		k = ""
		for (i = 1; i <= n; i++)
			k = k $at[i] " "
		e[k]++
		u[k] += $4
		a[k] += $5
	}
	END { for (k in e) print k e[k], u[k], a[k] }' "$1" | sort
}

# stages FILE FIELD,... - "group entries stages"
stages()
{
	awk -v fields="$2" '
	BEGIN {
		n = split(fields, at, ",")
		split("unanswered unanswered_60 half_open once once_60 talking " \
			"talking_60 silent_300 silent_1800 silent_7200 closing closing_120", name, " ")
	}
	{
		k = ""
		for (i = 1; i <= n; i++)
			k = k $at[i] " "
		e[k]++
		nr[k, $9]++
	}
	END {
		for (k in e) {
			all = ""
			for (i = 1; i in name; i++)
				if ((k, name[i]) in nr)
					all = all "," name[i] "=" nr[k, name[i]]
			print k e[k], substr(all, 2)
		}
	}' "$1" | sort
}

# peers FILE FIELD,... FIELD,... - "group distinct", of the others' values
peers()
{
	awk -v fields="$2" -v others="$3" '
	function key(list,	at, n, i, k)
	{
		n = split(list, at, ",")
		k = $at[1]
		for (i = 2; i <= n; i++)
			k = k " " $at[i]
		return k
	}
	{
		k = key(fields)
		nr[k] += 0
		o = key(others)
		if (o !~ / -$/ && !seen[k, o]++)
			nr[k]++
	}
	END { for (k in nr) print k, nr[k] }' "$1" | sort
}

# t_peers NAME CENSUS LIST - "group about" against "group distinct": within 60 % or
# 2, which 64 registers exceed once in 100,000 times; what is promised is measured
# in unit/table/test_peers.c
t_peers()
{
	local odd

	odd=$(join -a 1 -a 2 -e none -o 0,1.2,2.2 \
		<(sed 's/ /,/; s/,\([^ ]*\)$/ \1/' <<<"$2" | sort) \
		<(sed 's/ /,/; s/,\([^ ]*\)$/ \1/' <<<"$3" | sort) |
		awk '{ d = $2 - $3; if (d < 0) d = -d
			if ($2 == "none" || $3 == "none" || d > 2 && d > 0.6 * $3) print }')
	if [ "$odd" ] || [ -z "$2" ]; then
		ktap_test_fail "$1"
		ktap_print_msg "  who, about, really: ${odd//$'\n'/; }"
	else
		ktap_test_pass "$1"
	fi
}

# rows RECORD COLUMNS [KEY=VALUE...] - of the one census that is looked at
rows()
{
	local CTRI_FS=$lib_tmp record=$1 columns=$2

	shift 2
	col census "$columns" "record=$record" "netns=${topo_inode[r]}" "$@" | sort
}

# silent FILE SECONDS LESS - entries that are silent for so long; LESS 1 counts
# only those that are so without doubt
silent()
{
	awk -v n="$2" -v less="$3" '$11 - less >= n { k++ } END { print k + 0 }' "$1"
}

# t_within NAME LINES - of "what low actual high", all in order
t_within()
{
	local odd

	odd=$(awk '$2 > $3 || $3 > $4' <<<"$2")
	if [ "$odd" ] || [ -z "$2" ]; then
		ktap_test_fail "$1"
		ktap_print_msg "  silence, least, got, most: ${odd//$'\n'/; }"
	else
		ktap_test_pass "$1"
	fi
}

# timeout_is NAME SECONDS - for packets from here on
timeout_is()
{
	on r sh -c "echo $2 >/proc/sys/net/netfilter/nf_conntrack_$1"
}

ktap_print_header
need_module conntrack
ktap_set_plan 37
topo_up 2
topo_up 1 x
on r nft -f - <<-'END'
table inet ctri_zone {
	chain raw {
		type filter hook prerouting priority -300;
		ip saddr 10.0.2.0/24 ct zone set 7
		ip daddr 10.0.2.0/24 ct zone set 7
		ip saddr 10.0.1.90 ct original zone set 9
	}
}
END
module_load
peer_serve s "$S4" 7000 200

# Above all others, so that no entry is under it: those that saw no ACK yet would be,
# as if their window were zero (nf_conntrack_tcp_packet())
timeout_is tcp_timeout_max_retrans 5000
# A timeout that is raised later makes an entry as silent as the difference.
# UDP: unanswered, answered, and (two seconds later) streams
timeout_is udp_timeout 380				# 700 s
gen c1 -n 100 -s 10.0.1.12 -d "$S4" --sport 10000-10099
timeout_is udp_timeout 900				# 180 s
gen c1 -n 100 -s 10.0.1.11 -d "$S4" --sport 10000-10099
gen s -n 40 -s "$S4" -d 10.0.1.11 --sport 9 --dport 10000-10039
timeout_is udp_timeout 1080
timeout_is udp_timeout_stream 2000
gen c1 -n 30 -s 10.0.1.15 -d "$S4" --sport 10000-10029 --dport 53
gen s -n 30 -s "$S4" -d 10.0.1.15 --sport 53 --dport 10000-10029
# TCP in several states, real connections among them
gen c1 -n 120 -s 10.0.1.21 -d "$S4" -p tcp --sport 10000-10119 --dport 443
gen s -n 40 -s "$S4" -d 10.0.1.21 -p tcp --sport 443 --dport 10000-10039 --flags SA --ack 1001
bg c1 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 12 -t 150 --tcp --hold --wait 9000
on c1 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 8 -t 60 --tcp --wait 9000 >/dev/null
# Everything else
timeout_is icmp_timeout 100				# 800 s
gen c1 -n 70 -s 10.0.1.31 -d "$S4" -p icmp --sport 1-70
gen c2 -n 50 -s 10.0.2.2 -d "$S4" --sport 10000-10049
gen s -n 20 -s "$S4" -d 10.0.2.2 --sport 9 --dport 10000-10019
gen c1 -n 25 -s 10.0.1.90 -d "$S4" --sport 10000-10024
gen c2 -n 160 -s fd00:0:2:1::1 --step 64 --sources 2 -d "$S6" --sport 10000-10079
gen c2 -n 15 -s fd00:0:2:3::1 -d "$S6" -p icmp --sport 1-15
gen c2 -n 300 -s 10.0.2.2 --dests 100 -d 10.0.100.100 --sport 20000-20002 --dport 123
gen xc1 -n 44 -s 10.0.1.11 -d "$S4" --sport 10000-10043
streams()
{
	gen c1 -n 30 -s 10.0.1.15 -d "$S4" --sport 10000-10029 --dport 53
	[ "$(on r conntrack -L -s 10.0.1.15 2>/dev/null | grep -c ASSURED)" -eq 30 ]
}
wait_until 20 streams || ktap_exit_fail_msg "no UDP entry became ASSURED"
established()
{
	[ "$(on r conntrack -L -p tcp --state ESTABLISHED 2>/dev/null | wc -l)" -eq 12 ]
}
wait_until 20 established || ktap_exit_fail_msg "12 TCP connections were not established"
timeout_is udp_timeout_stream 2100			# 100 s
timeout_is icmp_timeout 900
timeout_is tcp_timeout_established 437000		# 5,000 s
timeout_is tcp_timeout_syn_sent 1000			# 100 s

# still - the table is the same before and after the census, stages included
still()
{
	another_walk
	list r "$lib_tmp/before"
	cat "$CTRI_FS/census" >"$lib_tmp/census"
	list r "$lib_tmp/after"
	cut -d ' ' -f 1-10 "$lib_tmp/before" | sort >"$lib_tmp/one"
	cut -d ' ' -f 1-10 "$lib_tmp/after" | sort | cmp -s "$lib_tmp/one"
}
wait_until 30 still || ktap_exit_fail_msg "the table was not still"
n=$(wc -l <"$lib_tmp/one")
t_eq "every entry of this test is there" "$n" 990

t_eq "by protocol and state: entries, unreplied, assured" \
	"$(rows state proto,name,entries,unreplied,assured)" "$(groups "$lib_tmp/one" 1,2)"
t_eq "the namespace" "$(rows netns entries,unreplied,assured)" \
	"$(awk '{ u += $4; a += $5 } END { print NR, u, a }' "$lib_tmp/one")"
list xr "$lib_tmp/other"
t_eq "the other namespace" "$(col census entries,unreplied,assured record=netns \
	"netns=${topo_inode[xr]}") $(kstat xr entries)" \
	"$(awk '{ u += $4; a += $5 } END { print NR, u, a, NR }' "$lib_tmp/other")"
t_eq "its zones" "$(rows zone zone,entries,unreplied,assured)" \
	"$(awk '$3' "$lib_tmp/one" >"$lib_tmp/zoned"; groups "$lib_tmp/zoned" 3)"
t_eq "zones: those of this test" "$(rows zone zone,entries)" $'7 350\n9 25'

# By stage: whole numbers of all, and of those who hold them
t_eq "stages, by protocol and state" "$(rows state proto,name,entries,stages)" \
	"$(stages "$lib_tmp/one" 1,2)"
t_eq "stages of the namespace" "$(rows netns entries,stages)" \
	"$(stages "$lib_tmp/one" "")"
t_eq "stages of the zones" "$(rows zone zone,entries,stages)" "$(stages "$lib_tmp/zoned" 3)"

# Sources are /64 in IPv6, prefixes /24 and /48
sed -E 's/(fd00:0:2:[0-9]+:):[0-9a-f]* fd00/\1:\/64 fd00/' "$lib_tmp/one" >"$lib_tmp/masked"
sed -E 's/(fd00:0:2):[0-9]+::[0-9a-f]* fd00/\1::\/48 fd00/
	s/ (10\.0\.[0-9]+)\.[0-9]+ 10\./ \1.0\/24 10./' "$lib_tmp/one" >"$lib_tmp/prefixes"
awk '$8 != "-"' "$lib_tmp/masked" >"$lib_tmp/ports"
awk '{ $7 = ($7 ~ /:/ ? "[" $7 "]" : $7) ":" $8; print }' "$lib_tmp/ports" >"$lib_tmp/pairs"
t_eq "sources: entries, stages" "$(rows source name,entries,stages)" \
	"$(stages "$lib_tmp/masked" 6)"
t_eq "destinations: the heaviest" \
	"$(rows dest entries,stages,name | sort -rn | head -n 2)" \
	"$(stages "$lib_tmp/masked" 7 | awk '{ print $2, $3, $1 }' | sort -rn | head -n 2)"
t_eq "destinations: 64 rows, of all namespaces" \
	"$(grep -c '^dest ' "$lib_tmp/census")" 64
t_eq "services" "$(rows service proto,name,entries,stages)" "$(stages "$lib_tmp/ports" 1,8)"
t_eq "prefixes" "$(rows prefix name,entries,stages)" "$(stages "$lib_tmp/prefixes" 6)"
t_eq "pairs: the heaviest" \
	"$(rows pair entries,stages,proto,name | sort -rn | head -n 5)" \
	"$(stages "$lib_tmp/pairs" 1,7 | awk '{ print $3, $4, $1, $2 }' | sort -rn | head -n 5)"
t_eq "pairs: of IPv6" "$(rows pair name,entries | grep '^\[')" "[$S6]:9 160"

# Distinct peers, about
t_peers "sources have so many destinations" "$(rows source name,dests)" \
	"$(peers "$lib_tmp/masked" 6 7)"
t_peers "and ports" "$(rows source name,ports)" "$(peers "$lib_tmp/masked" 6 1,8)"
t_peers "services have so many sources" "$(rows service proto,name,sources)" \
	"$(peers "$lib_tmp/ports" 1,8 6)"
t_peers "and destinations" "$(rows service proto,name,dests)" \
	"$(peers "$lib_tmp/ports" 1,8 7)"
t_peers "prefixes have so many whole addresses" "$(rows prefix name,sources)" \
	"$(paste -d ' ' "$lib_tmp/prefixes" <(cut -d ' ' -f 6 "$lib_tmp/one") >"$lib_tmp/both"
	   peers "$lib_tmp/both" 6 11)"
t_peers "and ports" "$(rows prefix name,ports)" "$(peers "$lib_tmp/prefixes" 6 1,8)"
pairs="^(tcp|udp) (10.0.100.2|\\[)"
t_peers "pairs have so many sources" "$(rows pair proto,name,sources | grep -E "$pairs")" \
	"$(peers "$lib_tmp/pairs" 1,7 6 | grep -E "$pairs")"
t_peers "and source ports" "$(rows pair proto,name,ports | grep -E "$pairs")" \
	"$(peers "$lib_tmp/pairs" 1,7 10 | grep -E "$pairs")"
t_eq "of itself each has one" "$(rows source sources; rows dest dests; rows service ports
	rows pair dests)" "$(for r in source dest service pair; do rows $r entries; done | sed 's/.*/1/')"
t_eq "nothing of them is a guess" \
	"$(for r in source dest service prefix pair; do rows $r err; done | sort -u)" 0

# Silence
for n in 60 120 300 600 1800 3600 7200 86400; do
	echo "$n $(silent "$lib_tmp/before" $n 1) $(rows netns idle_$n) $(silent "$lib_tmp/after" $n 0)"
done >"$lib_tmp/steps"
t_within "silent for at least so many seconds" "$(cat "$lib_tmp/steps")"
t_num "of which there are some" "$(awk '$1 == 600 { print $3 }' "$lib_tmp/steps")" -ge 170
t_eq "the longest silence" "$(rows state proto,name,idle_3600,idle_7200 | awk '$3')" \
	"tcp ESTABLISHED 12 0"
t_eq "the states' silence is the namespace's" \
	"$(rows state idle_60,idle_120,idle_300,idle_600,idle_1800,idle_3600 |
	   awk '{ for (i = 1; i <= NF; i++) n[i] += $i }
		END { print n[1], n[2], n[3], n[4], n[5], n[6] }')" \
	"$(rows netns idle_60,idle_120,idle_300,idle_600,idle_1800,idle_3600)"
t_eq "histograms: 21 numbers, which are the entries" \
	"$(rows state hist,entries | tr , ' ' | awk '{ n = 0
		for (i = 1; i < NF; i++)
			n += $i
		if (NF != 22 || n != $NF)
			print }')" ""
for ((k = 0; k <= 19; k++)); do
	echo "$((1 << k)) $(silent "$lib_tmp/before" $((1 << k)) 1) $(
		rows state hist | cut -d , -f $((k + 2))- | tr , '\n' | add_up) $(
		silent "$lib_tmp/after" $((1 << k)) 0)"
done >"$lib_tmp/octaves"
t_within "histograms: silent for 2^k seconds and more" "$(cat "$lib_tmp/octaves")"
t_eq "every entry stands in two chains, and the chains are the buckets" \
	"$(awk '$1 == "chain" { n += $4 * $5; b += $5 } END { print n, b }' "$lib_tmp/census")" \
	"$(awk '$1 == "netns" { n += 2 * $5 } $4 == "buckets" { b = $5 } END { print n, b }' "$lib_tmp/census")"
t_eq "an entry is a slab object and its extensions" \
	"$(awk '$4 == "bytes_entry" { n += $5 } $4 == "bytes_ext" { n -= $5 } END { print n }' \
		"$lib_tmp/census")" \
	"$(slab_object)"

# One walk for those who come within a second, and another for the next
exec {one}<"$CTRI_FS/census" {two}<"$CTRI_FS/census"
t_eq "a second reader within a second gets the same walk" \
	"$(cksum <&"$one")" "$(cksum <&"$two")"
exec {one}<&- {two}<&-
gen c1 -n 1 -s 10.0.1.99 -d "$S4" --sport 10000
another_walk
t_eq "a later one gets a new walk" "$(col census entries record=netns \
	"netns=${topo_inode[r]}")" $(($(wc -l <"$lib_tmp/one") + 1))
module_unload
t_clean "kernel log"
ktap_finished
