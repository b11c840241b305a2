#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: a spell of evictions and refusals is told afterwards, though nobody
# read anything while it lasted: when, how much, who was there before and
# during it, who was evicted and refused and on the way to whom, and what the
# table held when it was worst. Who polls the file is woken when one begins and when
# it ends, and not in between.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

READER=$CTRI_DIR/../userspace/conntriage
MAX=1000
FLOODER=10.0.1.66
INNOCENT=10.0.2.2
FLOODED=4444			# the service that the flood is for
SENT=4200
BUCKETS=16384			# see pressure.sh: evictions and refusals

# inc COLUMN[,COLUMN...] [NUMBER] - of an incident, the first
inc()
{
	col incidents "$1" "incident=${2:-1}"
}

# inc_top COLUMNS PHASE CLASS [KEY=VALUE...] - rows of the first incident
inc_top()
{
	local columns=$1 phase=$2 class=$3

	shift 3
	col incident_top "$columns" incident=1 "phase=$phase" "class=$class" "$@"
}

# of_source PHASE CLASS SOURCE - count and err
of_source()
{
	inc_top count,err "$1" "$2" "netns=${topo_inode[r]}" "source=$3"
}

# of_worst CLASS SOURCE - entries and err, in the router
of_worst()
{
	inc_top count,err worst "$1" "netns=${topo_inode[r]}" "source=$2"
}

# unanswered - how many of standard input's stages are, however old
unanswered()
{
	tr , '\n' | sed -n 's/^unanswered[_0-9]*=//p' | add_up
}

sum_of()
{
	inc_top count "$1" "$2" | add_up
}

# whole COLUMN - of all namespaces
whole()
{
	col netns "$1" | add_up
}

# t_time NAME ACTUAL EXPECTED - seconds, 2 off at most
t_time()
{
	if is_number "$2" && [ $(($2 - $3)) -ge -2 ] && [ $(($2 - $3)) -le 2 ]; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		ktap_print_msg "  expected $3 within 2 s, got ${2:-nothing}"
	fi
}

armed()
{
	[ "$(status probe_early_drop)" = armed ]
}

# woken HOW - what ctpoll has said, after "ready"
woken()
{
	sed 1d "$lib_tmp/poll.$1"
}

was_woken()
{
	[ "$(woken "$1" | wc -l)" = "$2" ]
}

ended()
{
	[ "$(inc end "${1:-1}")" != 0 ]
}

# last_of - when the last eviction or refusal was, by the recorder and the clock
last_of()
{
	local ago

	ago=$(col history ago,evictions,gc_evictions,refusals,k_early_drop |
		awk '$2 + $3 + $4 + $5 { ago = $1 } END { print ago }')
	[ -z "$ago" ] || echo $(($(date +%s) - ago))
}

past()
{
	[ "$(date +%s)" -ge "$1" ]
}

# A census is taken in the first second, and another where the gc worker still makes
# room a minute later: that minute lost more than the first second
worst_is_then()
{
	local since=$(($(date +%s) - $(inc worst_ago) - began))

	echo "$since s after its begin, which ended $(($(inc end) - began)) s after"
	[ "$since" -ge -1 ] && [ "$since" -le 3 ] && return
	[ -z "$QUICK" ] && [ "$since" -ge 59 ] && [ "$since" -le $(($(inc end) - began + 2)) ]
}

# The gc worker may kill something between two readings
gc_agrees()
{
	[ "$(inc gc_evictions)" = $(($(whole gc_evictions) - was[gc_evictions])) ]
}

ktap_print_header
need_module conntrack
topo_up 2
topo_up 1 x
module_load
watched r
need_quiet_host $((MAX / 2))
grep -q '^probe_.* absent$' "$CTRI_FS/status" &&
	ktap_skip_all "a probe can't attach on this kernel: $(grep absent "$CTRI_FS/status" | xargs)"
ktap_set_plan 79
put /sys/module/nf_conntrack/parameters/hashsize $BUCKETS
put /proc/sys/net/netfilter/nf_conntrack_max $MAX
t_eq "no incident yet" "$(wc -l <"$CTRI_FS/incidents") $(wc -l <"$CTRI_FS/incident_top")" "1 1"

# Full to the last entry, and not one over
gen xc1 -n 30 -s 10.0.1.2 -d "$S4" --sport 10000-10029
gen c2 -n 300 -s $INNOCENT -d "$S4" --sport 20000-20299 --dport 53
gen c1 -n 700 -s $FLOODER -d "$S4" --sport 10000-10699 --dport $FLOODED
wait_until 10 armed || ktap_exit_fail_msg "the probes were not armed"
t_eq "the table is full" "$(kstat r entries)" $MAX
t_eq "which is no incident" "$(col incidents incident)" ""
# Who waits for the next one. The file is read when a wait has ended
pollers=()
for how in poll select epoll; do
	"$CTRI_TOOLS/ctpoll" $how "$CTRI_FS/incidents" >"$lib_tmp/poll.$how" 2>&1 &
	lib_pids+=($!)
	pollers+=($!)
	wait_until 10 grep -q '^ready 1$' "$lib_tmp/poll.$how" ||
		ktap_exit_fail_msg "ctpoll: $(cat "$lib_tmp/poll.$how")"
done
columns="inserts evictions gc_evictions evicting refusals invalid k_early_drop k_drop"
declare -A was now
for c in $columns; do
	was[$c]=$(whole "$c")
done
k_early_drop=$(kstat r early_drop)
k_drop=$(kstat r drop)

# The flood. From here on nothing of the module's is read, until it is over
began=$(date +%s)
gen c1 -n 3000 -r 1000 -s $FLOODER -d "$S4" --sport 30000-32999 --dport $FLOODED
gen c2 -n 200 -s $INNOCENT -d "$S4" --sport 21000-21199 --dport 53
gen c1 -n 1000 -s $FLOODER -d "$S4" --sport 40000-40999 --dport $FLOODED
ended=$(date +%s)
k_early_drop=$(($(kstat r early_drop) - k_early_drop))
k_drop=$(($(kstat r drop) - k_drop))
# Wait for the end of the source table's window, or for 60 quiet seconds
wait_until 90 past $((ended + $([ "$QUICK" ] && echo 12 || echo 63)))
# The gc worker may have gone on to make room for a while
[ "$QUICK" ] || wait_until 75 ended

for c in $columns; do
	now[$c]=$(($(whole "$c") - was[$c]))
done
t_eq "one incident" "$(col incidents incident)" 1
t_time "it began with the flood" "$(inc begin)" "$began"
read -r begin ago <<<"$(inc begin,begin_ago)"
t_time "begin_ago" $(($(date +%s) - ago)) "$begin"
if [ "$QUICK" ]; then
	t_eq "it lasts, for 60 quiet seconds" "$(inc end)" 0
	ktap_test_skip "it ended with the last eviction or refusal" "QUICK is set"
	ktap_test_skip "end_ago" "QUICK is set"
else
	t_run "60 quiet seconds end it" ended
	read -r end ago <<<"$(inc end,end_ago)"
	t_time "it ended with the last eviction or refusal" "$end" "$(last_of)"
	t_time "end_ago" $(($(date +%s) - ago)) "$end"
fi

# Whom it woke
wakes=2
[ -z "$QUICK" ] || wakes=1
for how in poll select epoll; do
	t_run "$how: woken $wakes times, at begin and end" wait_until 5 was_woken $how $wakes
	t_eq "$how: when it had begun" "$(woken $how | head -n 1 | cut -d ' ' -f 1,2)" \
		"pri$([ $how = select ] || echo ,err) lines=2"
done
for pid in "${pollers[@]}"; do
	kill "$pid"
done

# How much
t_num "entries were evicted" "$(inc evictions)" -ge 100
t_num "packets were refused" "$(inc refusals)" -ge 100
t_eq "evictions are the kernel's early_drop" "$(inc evictions,k_early_drop)" \
	"$k_early_drop $k_early_drop"
t_eq "refusals are the kernel's drop" "$(inc refusals,k_drop)" "$k_drop $k_drop"
t_eq "evictions and refusals are those of netns" "$(inc evictions,refusals)" \
	"${now[evictions]} ${now[refusals]}"
t_eq "and so are k_early_drop and k_drop" "$(inc k_early_drop,k_drop)" \
	"${now[k_early_drop]} ${now[k_drop]}"
t_eq "nothing else happened" "$(inc insert_failed,invalid)" "0 ${now[invalid]}"
t_eq "sent is inserted or refused" $((now[inserts] + now[refusals])) $SENT
# An incident ends with its last eviction or refusal: packets after it, for which
# the gc worker made room, are not in it
t_num "inserts: no more than those of netns" "$(inc inserts)" -le "${now[inserts]}"
t_num "inserts: up to the end" "$(inc inserts)" -ge $((now[inserts] - MAX / 20))
t_run "gc_evictions are those of netns" wait_until 5 gc_agrees
seconds=$((ended - began + 2))
for c in inserts evictions refusals; do
	read -r sum peak <<<"$(inc $c,${c}_peak)"
	t_num "the peak of $c is not above their sum" "$peak" -le "$sum"
	t_num "and not below their mean" "$peak" -ge $((sum / seconds))
done
t_num "gc_evictions: peak" "$(inc gc_evictions_peak)" -le "$(inc gc_evictions)"
t_eq "the fullest namespace and its limit" "$(inc netns,max)" "$(ns_inode r) $MAX"
t_num "its entries at most: full" "$(inc count_peak)" -ge $((MAX - 2))
t_num "its entries at most: not over, but for those that are being made" \
	"$(inc count_peak)" -le $((MAX + $(nproc)))

# Who
t_eq "before: the flooder inserted most" \
	"$(inc_top netns,id,family,source before insert | head -n 1)" \
	"$(nsv r netns,id) 4 $FLOODER"
read -r before err <<<"$(of_source before insert $FLOODER)"
t_num "before: what it had inserted" "$before" -ge 700
t_eq "before: the innocent" "$(of_source before insert $INNOCENT)" "300 0"
t_eq "before: in the other namespace" "$(inc_top count,err before insert \
	"netns=${topo_inode[xr]}" source=10.0.1.2)" "30 0"
t_eq "during: the flooder inserted most" \
	"$(inc_top netns,id,family,source during insert | head -n 1)" \
	"$(nsv r netns,id) 4 $FLOODER"
read -r during err2 <<<"$(of_source during insert $FLOODER)"
t_eq "before and during are all that it inserted" "$((before + during)) $((err + err2))" \
	"$(src r insert $FLOODER count,err)"
t_eq "refused: the flooder's" "$(of_source during refused $FLOODER)" \
	"$(src r refused $FLOODER count,err)"
t_eq "refused: the innocent's" "$(of_source during refused $INNOCENT)" \
	"$(src r refused $INNOCENT count,err)"
t_eq "refused: they add up" "$(sum_of during refused)" "$(inc refusals)"
t_eq "evicting: they add up" "$(sum_of during evicting)" "${now[evicting]}"
t_num "evicted: the innocent is among the victims" \
	"$(of_source during evicted $INNOCENT | cut -d ' ' -f 1)" -ge 20
t_num "evicted: they add up" "$(sum_of during evicted)" -ge "$(inc evictions)"
t_eq "refused: on the way to whom" "$(of_source during refused_to "$S4")" "$(inc refusals) 0"
t_eq "refused: for which service" "$(of_source during refused_to udp/53)" \
	"$(of_source during refused $INNOCENT)"
t_eq "evicted: the destination" "$(of_source during evicted_to "$S4" | cut -d ' ' -f 1)" \
	"$(sum_of during evicted)"

# What the table held when it was worst; the gc worker leaves 95 % of it
stages=$(inc stages)
t_run "worst: when" worst_is_then
t_num "worst: all of it was unanswered" "$(unanswered <<<"$stages")" -ge $((MAX * 94 / 100))
t_eq "worst: and at no other stage" "$(tr , '\n' <<<"$stages" | grep -cv '^unanswered')" 0
for row in "source 4 $FLOODER" "dest 4 $S4" "service 0 udp/$FLOODED" \
	   "prefix 4 10.0.1.0/24" "pair 4 udp/$S4:$FLOODED"; do
	read -r class family source <<<"$row"
	t_eq "worst: $class first" \
		"$(inc_top netns,id,family,source worst $class "netns=${topo_inode[r]}" | head -n 1)" \
		"$(nsv r netns,id) $family $source"
	read -r held err <<<"$(of_worst $class "$source")"
	t_num "worst: $class: so many" "$((held + err))" -ge 700
	t_eq "worst: $class: at which stage" "$(inc_top stages worst $class \
		"netns=${topo_inode[r]}" "source=$source" | unanswered)" "$held"
done
t_num "worst: the other service" "$(of_worst service udp/53 | cut -d ' ' -f 1)" -ge 50

# And by the reader. part TITLE - of what it prints
"$READER" incidents 1 >"$lib_tmp/told" 2>&1
part()
{
	awk -v title="$1" '!NF { on = 0 } on { print } index($0, title) == 1 { on = 1 }' \
		"$lib_tmp/told"
}
if [ -x "$READER" ]; then
	t_has "the reader tells who flooded" "$(part "Who opened most, during")" "^$FLOODER "
	t_has "and before it" "$(part "Who opened most, in the minute before")" "^$FLOODER "
	t_has "whose packets were refused" "$(part "Whose packets were refused")" "^$INNOCENT "
	t_has "whose entries were killed" "$(part "Whose entries were killed")" "^$INNOCENT "
	t_has "and what the table held" "$(part "What the table held")" "^never answered "
else
	for name in "the reader tells who flooded" "and before it" \
		    "whose packets were refused" "whose entries were killed" \
		    "and what the table held"; do
		ktap_test_skip "$name" "userspace/conntriage is not built; run make"
	done
fi

# Another
gen c1 -n 300 -s $FLOODER -d "$S4" --sport 50000-50299 --dport $FLOODED
if [ "$QUICK" ]; then
	more()
	{
		[ "$(inc refusals)" -gt "$k_drop" ]
	}
	t_run "within 60 seconds it is the same" wait_until 5 more
	t_eq "and no second one" "$(col incidents incident)" 1
else
	first=$(inc begin,end,netns,count_peak,inserts,evictions,refusals,k_drop)
	second()
	{
		[ "$(inc end 2)" = 0 ]
	}
	t_run "the next one has number 2" wait_until 5 second
	t_eq "and the first stays as it was" \
		"$(inc begin,end,netns,count_peak,inserts,evictions,refusals,k_drop)" "$first"
fi
# A file that is open keeps the module, so nobody waits for what has gone
"$CTRI_TOOLS/ctpoll" poll "$CTRI_FS/incidents" >"$lib_tmp/poll.last" 2>&1 &
poller=$!
lib_pids+=("$poller")
wait_until 10 grep -q '^ready' "$lib_tmp/poll.last"
t_has "while it is polled, the module stays" "$(rmmod conntriage 2>&1)" 'in use'
bg_end "$poller"
module_unload
t_clean "kernel log"
ktap_finished
