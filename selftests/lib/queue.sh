# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# Packets held by ctqueue before confirmation, for insertions that clash.

# queue_rule ROLE MATCH - what matches is held, after NAT, before confirmation.
# When nobody listens, packets pass as if there were no queue.
queue_rule()
{
	on "$1" nft -f - <<-END
	table inet ctri_queue {
		chain post {
			type filter hook postrouting priority 300;
			$2 queue flags bypass to 7
		}
	}
	END
}

# queue_open ROLE COUNT [SECONDS] - hold that many, for 30 seconds at most
queue_open()
{
	[ -x "$CTRI_TOOLS/ctqueue" ] ||
		ktap_exit_fail_msg "ctqueue is not built; run make -C selftests"
	bg "$1" "$CTRI_TOOLS/ctqueue" -q 7 -n "$2" -t "${3:-30}"
	queue_out=$BG_OUT
	queue_pid=$BG_PID
	wait_until 10 grep -q ready "$queue_out" ||
		ktap_exit_fail_msg "ctqueue: $(cat "$queue_out")"
}

# queue_close - wait until they were let go
queue_close()
{
	bg_wait "$queue_pid" ||
		ktap_exit_fail_msg "ctqueue held too few: $(xargs <"$queue_out")"
}
