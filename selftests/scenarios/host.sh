# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# The host of a scenario: its rules, settings and files, and how it boots.

host_dialect=
host_upper=

# conntrack_forget - no rules, and no conntrack in the kernel: whatever a host
# set is gone, as by a reboot
conntrack_forget()
{
	[ ! -d /sys/module/conntriage ] || rmmod conntriage || return
	[ ! -d /sys/module/nf_tables ] || on r nft flush ruleset || return
	legacy_flush ip && legacy_flush ip6 || return
	modules_end iptable_filter iptable_nat iptable_mangle iptable_raw \
		ip6table_filter ip6table_nat ip6table_mangle ip6table_raw \
		nf_conntrack
}

# legacy_flush ip|ip6 - a table's module is in use while there is a rule in it
legacy_flush()
{
	local table

	for table in $(on r cat "/proc/net/$1_tables_names" 2>/dev/null); do
		on r "$1tables-legacy" -t "$table" -F &&
			on r "$1tables-legacy" -t "$table" -X || return
	done
}

# modules_end MODULE... - unload them, first those that use them
modules_end()
{
	local module users

	for module; do
		[ -d "/sys/module/$module" ] || continue
		users=$(ls "/sys/module/$module/holders")
		# shellcheck disable=SC2086 # names
		[ -z "$users" ] || modules_end $users || return
		[ ! -d "/sys/module/$module" ] || rmmod "$module" || return
	done
}

# host_begin - an /etc that this process alone sees, of a host where nobody has set
# anything
host_begin()
{
	local dir=/run/scenario.$$ file vendor

	# What a scenario that had to be killed has left
	for file in s c1 c2 c3; do
		[ ! -d "/sys/class/net/$file" ] || ip link del "$file"
	done
	host_upper=$dir/etc
	mkdir -p "$dir/etc" "$dir/work" &&
		mount -t overlay overlay \
			-o "lowerdir=/etc,upperdir=$dir/etc,workdir=$dir/work" /etc ||
		ktap_exit_fail_msg "could not cover /etc"
	for file in /etc/sysctl.d/* /etc/modules-load.d/* /etc/modprobe.d/* \
		    /etc/nftables.d/* /etc/iptables/* /etc/conntriage/*; do
		[ ! -f "$file" ] || rm -f "$file"
	done
	for vendor in sysctl.d modules-load.d modprobe.d; do
		[ ! -d "/usr/lib/$vendor" ] ||
			mount -t tmpfs tmpfs "/usr/lib/$vendor" ||
			ktap_exit_fail_msg "could not cover /usr/lib/$vendor"
	done
	rm -f /etc/sysctl.conf /etc/modules /etc/nftables.conf
	mkdir -p /etc/sysctl.d /etc/modules-load.d /etc/modprobe.d /etc/iptables
	ln -sfn /usr/sbin/iptables-nft /etc/alternatives/iptables
	ln -sfn /usr/sbin/ip6tables-nft /etc/alternatives/ip6tables
	: >"$host_upper/.began"
}

# router DIALECT [CLIENTS [MODULE-PARAMETER...]] - a router with the usual
# stateful rules, written for nft, iptables-nft or iptables-legacy, and saved
# for its next boot; conntrack is loaded at boot; the module watches
router()
{
	host_dialect=$1
	topo_up "${2:-2}" "" noct init
	conntrack_forget || ktap_exit_fail_msg "conntrack can't be unloaded"
	echo nf_conntrack >/etc/modules-load.d/nf_conntrack.conf
	modprobe nf_conntrack || ktap_exit_fail_msg "conntrack can't be loaded"
	host_rules || ktap_exit_fail_msg "the rules can't be loaded"
	host_watch "${@:3}"
}

# small_router MAX - whose table a test can fill, and where what has expired gives
# way: a full table looks at eight buckets alone, and these are few
small_router()
{
	echo 'options nf_conntrack hashsize=512' >/etc/modprobe.d/nf_conntrack.conf
	router nft
	setting max "$1"
	setting udp_timeout 5
	setting tcp_timeout_time_wait 5
}

host_watch()
{
	host_parameters=("$@")
	module_load "$@"
	watched r
}

host_rules()
{
	local v tool

	case $host_dialect in
	nft)
		cat >/etc/nftables.conf <<-'END'
		flush ruleset
		table inet filter {
			chain input {
				type filter hook input priority filter;
				ct state established,related accept
				ct state invalid drop
			}
			chain forward {
				type filter hook forward priority filter;
				ct state established,related accept
				ct state invalid drop
			}
		}
		END
		on r nft -f /etc/nftables.conf
		;;
	iptables-nft | iptables-legacy)
		ln -sfn "/usr/sbin/$host_dialect" /etc/alternatives/iptables
		ln -sfn "/usr/sbin/ip6${host_dialect#ip}" /etc/alternatives/ip6tables
		for v in 4 6; do
			tool=$host_dialect
			[ $v = 4 ] || tool=ip6${host_dialect#ip}
			cat >/etc/iptables/rules.v$v <<-'END'
			*filter
			:INPUT ACCEPT [0:0]
			:FORWARD ACCEPT [0:0]
			:OUTPUT ACCEPT [0:0]
			-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
			-A INPUT -m conntrack --ctstate INVALID -j DROP
			-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
			-A FORWARD -m conntrack --ctstate INVALID -j DROP
			COMMIT
			END
			on r "$tool-restore" <"/etc/iptables/rules.v$v" || return
		done
		;;
	*)
		echo "$host_dialect: no such dialect"
		return 1
		;;
	esac
}

# What commands put in place: rules without what they counted, and settings
in_place()
{
	local tool

	[ ! -d /sys/module/nf_tables ] || on r nft -s list ruleset
	for tool in ip ip6; do
		[ -z "$(on r cat "/proc/net/${tool}_tables_names" 2>/dev/null)" ] ||
			on r "${tool}tables-legacy-save" | grep '^-'
	done
	on r sysctl net.netfilter 2>/dev/null | grep -v -e _count -e log_invalid
}

# setting KEY VALUE - by an administrator who did it right: now and for good
setting()
{
	on r sysctl -qw "net.netfilter.nf_conntrack_$1=$2" ||
		ktap_exit_fail_msg "can't set nf_conntrack_$1 to $2"
	echo "net.netfilter.nf_conntrack_$1 = $2" >>/etc/sysctl.d/10-host.conf
}

# writes NAME KEY VALUE [ARGUMENT...] - a program of that name, with these arguments,
# that sets a key of conntrack's to what it holds to be right, once it is told to by
# writer_on, every second until writer_off
writes()
{
	writer=$lib_tmp/$1
	cat >"$writer" <<-END
	#!/bin/bash
	while :; do
		[ ! -e $lib_tmp/writes ] || echo $3 >/proc/sys/net/netfilter/$2
		sleep 1
	done
	END
	chmod +x "$writer"
	bg r "$writer" "${@:4}"
	writer_file=/proc/sys/net/netfilter/$2 writer_value=$3
}

writer_on()
{
	: >"$lib_tmp/writes"
	wait_until 10 grep -qx "$writer_value" "$writer_file" ||
		ktap_exit_fail_msg "nobody writes $writer_file"
}

writer_off()
{
	rm "$lib_tmp/writes"
}

# What systemd-modules-load, systemd-sysctl, nftables or netfilter-persistent do,
# in that order; a key of a module that isn't loaded yet fails without effect.
host_boot()
{
	local module file tool

	while read -r module; do
		modprobe "$module" || return
	done < <(cat /etc/modules-load.d/*.conf 2>/dev/null | grep -v '^ *[#;]')
	for file in /etc/sysctl.d/*.conf; do
		[ ! -f "$file" ] || on r sysctl -q -e -p "$file" || return
	done
	if [ -f /etc/nftables.conf ]; then
		on r nft -f /etc/nftables.conf || return
	fi
	# what a cure for good says is to be loaded at boot
	for file in /etc/conntriage/*.nft; do
		[ ! -f "$file" ] || on r nft -f "$file" || return
	done
	# "iptables" is what the alternatives say
	for file in /etc/iptables/rules.v[46]; do
		[ -f "$file" ] || continue
		tool=ip6tables
		[ "${file%4}" = "$file" ] || tool=iptables
		tool=$(readlink "/etc/alternatives/$tool")
		on r "$tool-restore" <"$file" || return
	done
}

# host_reboot - what was only for now is forgotten; the traffic goes on
host_reboot()
{
	conntrack_forget || ktap_exit_fail_msg "conntrack can't be unloaded"
	host_boot >"$lib_tmp/boot" 2>&1 ||
		ktap_exit_fail_msg "the host doesn't boot: $(cat "$lib_tmp/boot")"
	host_watch "${host_parameters[@]}"
}
