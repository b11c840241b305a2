#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: a host on which nothing happens isn't woken for the flight recorder, and
# what happens after that is recorded at once, in seconds of its own, as nothing was
# missed.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

TRACE=/sys/kernel/debug/tracing
SENT=500
RATE=250

# timers - of each tick since the trace was emptied, whether the timer that it set
# for the next wakes an idle CPU: "sure" or "rest"
timers()
{
	awk '/workqueue_execute_start: .*function ctri_tick/ { in_tick[$1] = 1 }
	/workqueue_execute_end:/ { delete in_tick[$1] }
	/timer_start: / && in_tick[$1] && /delayed_work_timer_fn/ {
		print (/flags=D/ ? "rest" : "sure")
	}' $TRACE/trace
}

last_timer_is()
{
	[ "$(timers | tail -n 1)" = "$1" ]
}

recorded()
{
	[ "$(col history inserts | add_up)" -ge $((before + SENT)) ]
}

ktap_print_header
need_module
[ -d $TRACE/events/timer/timer_start ] || ktap_skip_all "no tracepoint of timers"
topo_up 1
ktap_set_plan 8
put $TRACE/events/workqueue/workqueue_execute_start/enable 1
put $TRACE/events/workqueue/workqueue_execute_end/enable 1
put $TRACE/events/timer/timer_start/enable 1
module_load
watched r

t_run "it ticks by a timer that wakes" wait_until 5 last_timer_is sure
gen c1 -n 10 -s 10.0.1.2 -d "$S4" --sport 20000-20009
echo >$TRACE/trace
t_run "and by another after half a minute without news" wait_until 60 last_timer_is rest
began=$(timers | grep -c sure)
t_num "not before" "$began" -ge 25
sleep 8
before=$(col history inserts | add_up)
rows=$(col history span | wc -l)
echo >$TRACE/trace
gen c1 -n $SENT -r $RATE -s 10.0.1.11 -d "$S4" --sport 10000-10499
t_run "what comes then is recorded" wait_until 3 recorded
t_eq "all of it" "$(col history inserts | add_up)" $((before + SENT))
t_eq "no second has more than its share" "$(col history span,inserts | tail -n +$((rows + 1)) |
	awk -v rate=$RATE '$2 > rate * ($1 / 1000 + 0.5) || ($2 && $1 >= 2000) { print }')" ""
t_run "by a timer that wakes again" last_timer_is sure
t_eq "nothing was missed" "$(status lost_ticks)" 0
ktap_finished
