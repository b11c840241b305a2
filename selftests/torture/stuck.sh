#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: readers may open a file and never read on, seek about, or be killed in
# the middle: what they see is one state of things, and they hold the module for
# as long as a file is open, and no longer.

# shellcheck source=../lib/torture.sh
. "$(dirname "$0")/../lib/torture.sh"

SNAPSHOTS="sources netns history history_minutes incidents incident_top census classes status abi"

# seeks FILE - reads it whole, then pieces of it from anywhere; says what differs
seeks()
{
	perl -e '
		use strict;
		my ($file, $rounds) = @ARGV;
		open(my $f, "<", $file) or die "$file: $!\n";
		my ($all, $part) = ("", "");
		while (my $n = sysread($f, $part, 4096)) { $all .= $part; }
		my $len = length($all);
		for (1 .. $rounds) {
			my $at = int(rand($len + 10));
			my $want = 1 + int(rand(300));
			defined(sysseek($f, $at, 0)) or die "$file: seek to $at: $!\n";
			my $n = sysread($f, $part, $want);
			defined($n) or die "$file: read at $at: $!\n";
			# a row may have been formatted anew, of another length, by its age
			die "$file: $n bytes for $want\n" if $n > $want;
			print "$file: at $at\n" if $n && $ENV{EXACT} &&
				$part ne substr($all, $at, $n);
		}
		# backwards, before the beginning
		print "$file: seek to -1 succeeds\n" if defined(sysseek($f, -1, 0));
		sysseek($f, 0, 0);
		my $again = "";
		while (my $n = sysread($f, $part, 7)) { $again .= $part; }
		print "$file: another text the second time\n"
			if $ENV{EXACT} && $again ne $all;
	' "$1" "$(rounds 60 20)" 2>&1
}

ktap_print_header
need_module perl
topo_up 1
put /sys/module/nf_conntrack/parameters/hashsize 16384
module_load
watched r
need_quiet_host 400
put /proc/sys/net/netfilter/nf_conntrack_max 1000
ktap_set_plan 8
flood c1 -r 1000
leaks_begin

# Opened, one byte read or none, and kept so
fds=()
for f in $SNAPSHOTS; do
	exec {fd}<"$CTRI_FS/$f"
	fds+=("$fd")
	exec {fd}<"$CTRI_FS/$f"
	fds+=("$fd")
	dd bs=1 count=1 <&"$fd" >/dev/null 2>&1
done
exec {fd}</proc/net/conntriage
fds+=("$fd")

for f in $SNAPSHOTS; do
	seeks "$CTRI_FS/$f"
done >"$lib_tmp/odd"
seeks /proc/net/conntriage >>"$lib_tmp/odd"
t_eq "readers that seek about" "$(cat "$lib_tmp/odd")" ""
t_eq "what does not change reads the same from everywhere" \
	"$(EXACT=1 seeks "$CTRI_FS/abi")" ""

# Killed in the middle, by the dozen
killed=0
for ((i = 0; i < $(rounds 10 3); i++)); do
	pids=()
	for f in $SNAPSHOTS; do
		while :; do cat "$CTRI_FS/$f"; done >/dev/null 2>&1 &
		pids+=($!)
	done
	sleep 0.3
	kill -KILL "${pids[@]}"
	wait "${pids[@]}" 2>/dev/null
	killed=$((killed + ${#pids[@]}))
done
t_num "readers were killed" $killed -ge 10

t_run "others can still read" cat "$CTRI_FS/status"
t_run "an open file holds the module" sh -c '! rmmod conntriage 2>/dev/null'
for fd in "${fds[@]}"; do
	exec {fd}<&-
done
t_run "closed, it does not" wait_until 30 module_unload
bg_end "$FLOOD"
t_eq "nothing remains" "$(remains)" ""
t_no_leaks "no memory is lost"
ktap_finished
