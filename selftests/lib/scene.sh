# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# One namespace floods a router, another goes about its business: what
# diagnosis.sh tests and tools/demo.sh shows.

FLOODER=10.0.1.66
INNOCENT=10.0.2.2
SCENE_RATE=2000			# new connections a second; a slow guest keeps up
SCENE_MAX=8192
# As many buckets as a bigger machine has: early_drop() (nf_conntrack_core.c) looks
# into eight of them, and often finds no victim. So there are both, entries that
# are evicted and packets that are refused.
SCENE_BUCKETS=65536
READER=$CTRI_DIR/../userspace/conntriage

scene_up()
{
	[ -x "$READER" ] || ktap_skip_all "userspace/conntriage is not built; run make"
	topo_up 2
	module_load
	need_quiet_host 2000
	put /sys/module/nf_conntrack/parameters/hashsize $SCENE_BUCKETS
	put /proc/sys/net/netfilter/nf_conntrack_max $SCENE_MAX
	peer_serve s "$S4" 7000 700
}

# scene_run SECONDS - both send from now on; returns at once
scene_run()
{
	bg c2 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 60000 -r 50 -t "$1" --wait 200
	innocent_pid=$BG_PID innocent_out=$BG_OUT
	bg c2 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 60000 -r 5 -t "$1" --tcp --wait 500
	innocent_tcp_pid=$BG_PID innocent_tcp_out=$BG_OUT
	gen_bg c1 -r $SCENE_RATE -t "$1" -p tcp \
		-s $FLOODER -d "$S4" --sport 10000-60000 --dport 443-542
	flood_pid=$BG_PID flood_out=$BG_OUT
}

# What client 1 has sent, five times a second: "uptime packets".
# In bash alone: starting a process each time would make it uneven.
scene_sample()
{
	bg c1 bash -c '
		exec 3<> <(:)
		while :; do
			read -r up _ </proc/uptime
			while read -r name _ _ _ _ _ _ _ _ _ packets _; do
				[ "$name" != eth0: ] || sent=$packets
			done </proc/net/dev
			echo "$up $sent"
			read -r -t 0.2 -u 3
		done'
	sample_out=$BG_OUT
}

# scene_sent FROM TO - "LOW HIGH": what the samples say of the rate of sending,
# as the same decaying mean that the module makes, for a reading between these
# uptimes. When a second of the module's begins is not known, and a packet is under
# way for a moment: so the mean is taken up to every moment from 1.3 s before FROM
# to TO, and the lowest and the highest are printed.
scene_sent()
{
	awk -v from="$1" -v to="$2" '
	NF == 2 { t[++n] = $1; sent[n] = $2 }
	END {
		for (end = from - 1.3; end <= to + 0.1; end += 0.1) {
			events = seconds = 0
			for (i = 2; i <= n && t[i] <= end; i++) {
				weight = 2 ^ (((t[i] + t[i - 1]) / 2 - end) / 8)
				events += weight * (sent[i] - sent[i - 1])
				seconds += weight * (t[i] - t[i - 1])
			}
			if (seconds < 5)	# too young to tell
				exit 1
			mean = events / seconds
			low = !low || mean < low ? mean : low
			high = mean > high ? mean : high
		}
		printf "%.0f %.0f\n", low, high
	}' "$sample_out"
}

# scene_ripe - the innocent has lost something, and the flooder's row is 25 s old:
# its first second, which is hardly ever a whole one, weighs 1 % in the rate by then
scene_ripe()
{
	local seen evicted refused

	seen=$(src r insert $FLOODER first_ago)
	evicted=$(src r evicted $INNOCENT count)
	refused=$(src r refused $INNOCENT count)
	[ "${seen:-0}" -ge 25 ] && [ $((${evicted:-0} + ${refused:-0})) -ge 10 ]
}

# scene_end - stops both; FLOOD_SENT and FLOOD_RATE say what was sent
scene_end()
{
	bg_end "$flood_pid"
	bg_end "$innocent_pid"
	bg_end "$innocent_tcp_pid"
	gen_result "$(cat "$flood_out")"
	FLOOD_SENT=$GEN_SENT
	FLOOD_SECONDS=$GEN_SECONDS
	FLOOD_RATE=$(awk -v n="$GEN_SENT" -v s="$GEN_SECONDS" 'BEGIN { printf "%.0f", n / s }')
}
