#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: where conntrackd takes over another router's connections, those that it
# commits are counted in the router that has them now, each for the address that
# opened it, and go on there as known ones.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=150

# daemon ROLE OWN OTHER - by unicast over the interface sync; what fills the table
# and the daemons' own packets are left out
daemon()
{
	cat >"$lib_tmp/$1.conf" <<-END
	Sync {
		Mode FTFW {
		}
		UDP {
			IPv4_address $2
			IPv4_Destination_Address $3
			Port 3780
			Interface sync
			Checksum on
		}
	}
	General {
		HashSize 8192
		HashLimit 32768
		LogFile $lib_tmp/$1.log
		LockFile $lib_tmp/$1.lock
		UNIX {
			Path $lib_tmp/$1.ctl
		}
		NetlinkBufferSize 2097152
		NetlinkBufferSizeMaxGrowth 8388608
		Filter From Userspace {
			Address Ignore {
				IPv4_address 10.0.2.9
				IPv4_address 192.168.100.1
				IPv4_address 192.168.100.2
			}
		}
	}
	END
	bg "$1" conntrackd -C "$lib_tmp/$1.conf"
	wait_until 20 client "$1" -s
}

# client ROLE COMMAND
client()
{
	on "$1" conntrackd -C "$lib_tmp/$1.conf" "$2"
}

# cached ROLE COMMAND COUNT - the cache that -i or -e shows has so many
cached()
{
	[ "$(client "$1" "$2" | grep -c src=)" -ge "$3" ]
}

ktap_print_header
need_module conntrack conntrackd
need_kmod nf_conntrack_netlink
topo_up 2
topo_up 1 x
ip -n "ctri$$-r" link add sync type veth peer name sync netns "ctri$$-xr" &&
	ip -n "ctri$$-r" addr add 192.168.100.1/24 dev sync &&
	ip -n "ctri$$-xr" addr add 192.168.100.2/24 dev sync &&
	ip -n "ctri$$-r" link set sync up && ip -n "ctri$$-xr" link set sync up ||
	ktap_exit_fail_msg "could not connect the routers"
ktap_set_plan 11
watch
watched xr
daemon r 192.168.100.1 192.168.100.2 && first=$BG_PID &&
	daemon xr 192.168.100.2 192.168.100.1 && second=$BG_PID || {
	cat "$lib_tmp"/*.log
	ktap_exit_fail_msg "conntrackd doesn't answer: $(cat "$BG_OUT")"
}

peer_serve s "$S4" 7000 120
server=$BG_PID
on c1 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 10 -t 60 --tcp --wait 5000 >"$lib_tmp/ask"
t_has "10 TCP connections" "$(cat "$lib_tmp/ask")" 'answered=10 '
bg_end "$server"
gen c1 -n $N -s 10.0.1.11 -d "$S4" --sport 10000-10149
t_run "the other router's daemon knows them" wait_until 30 cached xr -e $((N + 10))
t_eq "nothing is inserted before the failover" "$(nsv xr inserts_direct)" 0

# The failover
bg_end "$first"
t_run "it commits them" client xr -c
wait_until 20 nsv_is xr k_insert $((N + 10))
t_eq "the source has those that it opened" \
	"$(src xr insert 10.0.1.11 count,err,kinds)" "$N 0 direct=$N"
t_eq "so has the client of the TCP connections" \
	"$(src xr insert 10.0.1.2 count,err,kinds)" "10 0 direct=10"
t_eq "all of them are the kernel's" \
	"$(nsv xr inserts_direct,k_insert) $(kstat xr insert)" \
	"$((N + 10)) $((N + 10)) $((N + 10))"
before=$(nsv xr inserts)
gen xc1 -n $N -s 10.0.1.11 -d "$S4" --sport 10000-10149
t_eq "their packets are of known connections there" "$(nsv xr inserts)" "$before"
t_eq "no INVALID packet" "$(nsv xr invalid)" 0
bg_end "$second"
t_lossless
t_clean "kernel log"
ktap_finished
