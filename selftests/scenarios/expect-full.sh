#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause expect: the other table is full, of connections that FTP has announced.
# The number of entries says nothing of it (asuswrt-merlin 280).

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# announce ROLE FROM NR - so many FTP control connections that each announce one. The
# helper reads what follows a line that it has seen.
announce()
{
	bg "$1" bash -c "for ((i = $2; i < $2 + $3; i++)); do
		exec {fd}<>/dev/tcp/$S4/7021 || exit
		printf 'USER x\r\n' >&\$fd
		sleep 0.1
		printf 'PORT 10,0,${1#c},2,80,%d\r\n' \$i >&\$fd
		sleep 0.1
	done; sleep 600"
}

expected()
{
	[ "$(on r conntrack -C expect)" -ge 12 ]
}

scenario 13 expect critical
modprobe nf_conntrack_ftp || ktap_skip_all "no nf_conntrack_ftp in this kernel"
router nft
cat >>/etc/nftables.conf <<'END'
table ip ftp {
	ct helper ftp { type "ftp" protocol tcp; }
	chain pre {
		type filter hook prerouting priority -150;
		tcp dport 7021 ct helper set "ftp"
	}
}
END
on r nft -f /etc/nftables.conf
on r sysctl -qw net.netfilter.nf_conntrack_expect_max=12
ordinary c2 8
serve 7021 c1
announce c1 1 40
t_run "connections are expected" wait_until 20 expected
t_found 20 '^the helper ftp: '
t_only
t_spares 10.0.1.2 "$S4"
t_fix
t_num "fix: the maximum of expectations" \
	"$(on r sysctl -n net.netfilter.nf_conntrack_expect_max)" -gt 40
t_eq "fix: leaves the other maximum alone" "$(found_lines now | grep nf_conntrack_max)" ""
t_gone 30
scenario_end
