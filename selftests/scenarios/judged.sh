# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317
# The short play of a scenario, which ends with the diagnosis: is the cause right, is the
# culprit, and is everybody else spared? With CONNTRIAGE_PLAY=without nothing loads the
# module, and the reader sees what the kernel tells; with =with it is loaded, to compare.
#
# scenario.sh reads this after all else: what stands here takes the place of what is
# there by that name. A scenario's script is the same in each play.

JUDGED_LIMIT=60			# seconds until a diagnosis that isn't right yet is wrong
JUDGED_NOTES=(blind)
NEEDS_MODULE=$CTRI_DIR/scenarios/needs-module

judged=				# the diagnosis, once it is made
judged_cause=wrong
judged_culprit=wrong
judged_seconds='-'
judged_options=()

if [ "$CONNTRIAGE_PLAY" = without ]; then
	need_module()
	{
		need_tools "$@"
		need_conntrack
	}

	host_watch()
	{
		:
	}

	# watched ROLE - another namespace than the host's is looked at where that is asked for
	watched()
	{
		[ "$1" = r ] || judged_options=(--all-netns)
	}

	JUDGED_NOTES+=(full invalid)

	# nsv ROLE COLUMN - the kernel counts these itself
	nsv()
	{
		case $2 in
		evictions) kstat "$1" early_drop ;;
		refusals) kstat "$1" drop ;;
		*) ktap_exit_fail_msg "only the module knows $2" ;;
		esac
	}
fi

# essence WHO - whom that accuses, without what is said of them: numbers that the module
# counts exactly are estimated without it, and in other words
essence()
{
	case $1 in
	*': '*) echo "${1%%: *}: " ;;
	*) echo "$1" ;;
	esac
}

# t_found SECONDS [WHO [VICTIM]] - no result: "scenario_end" tells what was found.
# Without evictions by source there are no victims, and another severity is as right, if
# it stays so.
t_found()
{
	local began=$SECONDS limit=$1 before=no

	[ -z "$judged" ] || scenario_end
	[ "$limit" -le $JUDGED_LIMIT ] || limit=$JUDGED_LIMIT
	who=$(essence "${2:-}") victim=
	while look "${judged_options[@]}" && [ "$LOOK_FIRST" = false ] &&
	      [ $((SECONDS - began)) -lt "$limit" ]; do
		judged_whether
		[ "$CONNTRIAGE_PLAY$before$judged_cause$judged_culprit" != withoutyesrightright ] || break
		before=no
		[ "$judged_cause$judged_culprit" != rightright ] || before=yes
		sleep 0.5
	done
	judged_whether
	judged_seconds=$((SECONDS - began))
	[ "$who" ] || judged_culprit='-'
	found_as=$(judged_first)
	judged_now
}

judged_first()
{
	said '.findings[0] | "\(.cause // "nothing") \(.severity // "ok")"'
}

# Whether the last diagnosis is right
judged_whether()
{
	judged_cause=wrong judged_culprit=wrong
	[ "$(said '.findings[0].cause')" != "$expect_cause" ] || judged_cause=right
	! said "$NAMELESS"'.findings[0].who[]? | nameless' | grep -E -- "$who" >/dev/null ||
		judged_culprit=right
	[ "$who" ] || judged_culprit=$judged_cause
}

# t_healthy SECONDS - no result, as t_found
t_healthy()
{
	local began=$SECONDS limit=$1

	[ "$limit" -le 6 ] || limit=6
	judged_culprit='-' judged_cause=right found_as="healthy ok"
	while [ $((SECONDS - began)) -lt "$limit" ]; do
		look "${judged_options[@]}"
		if [ "$LOOK_STATUS" -ne 0 ]; then
			judged_cause=wrong
			found_as=$(judged_first)
			break
		fi
		sleep 0.5
	done
	judged_seconds=$((SECONDS - began))
	judged_now
}

# After the diagnosis: what it says is not asserted any more, but what it would do to
# others is, and what begins the rest of the play ends it
judged_now()
{
	local name

	judged=$(said "$NAMELESS"'[.findings[0] | select(. != null and .severity != "ok") |
		.who[] | nameless | split(": ")[0] | split(" [")[0] |
		gsub(", process [0-9]+"; "")] | .[:2] | join(", ")')
	judged=${judged:--}
	cp "$JSON" "$lib_tmp/found.json"
	scenario_show
	# for whoever mends it
	[ "$judged_cause$judged_culprit" = rightright ] || [ "$judged_cause$judged_culprit" = right- ] ||
		scenario_capture "$SCENARIO"
	for name in t_has t_num t_run t_also t_says t_sentence t_accuses t_dialect; do
		eval "$name() { :; }"
	done
	for name in t_fix t_script t_undo t_predicted t_settled t_gone t_check t_reboot t_flows flood host_reboot; do
		eval "$name() { scenario_end; }"
	done

	# Of what a scenario compares, a command that must not be there: of another story, which
	# is told where the module is needed, there are others
	t_eq()
	{
		[ "$CONNTRIAGE_PLAY" != without ] || ! needs_module || return 0
		[ -n "$3" ] || t_silent "$1" printf '%s' "$2"
	}
}

needs_module()
{
	grep -q "^$SCENARIO " "$NEEDS_MODULE"
}

# t_only [CAUSE...] - where the story is right there is no second one. What only says that
# the module would know more is none: blind, full, and without it invalid accuse nobody.
# Where the story is wrong, or can't but be, that tells it already.
t_only()
{
	local all

	if [ "$judged_cause" = wrong ] || needs_module; then
		ktap_print_msg "complained of: $(tr ' ' '\n' <"$SEEN" | sort -u | xargs)"
		return
	fi
	mapfile -t all < <("$READER" explain | awk '/^[a-z]/ { print $1 }' |
		grep -vx -f <(printf '%s\n' "$expect_cause" "${JUDGED_NOTES[@]}" "$@"))
	[ ${#all[@]} -gt 0 ] || ktap_exit_fail_msg "conntriage explain lists no causes"
	t_never "${all[@]}"
}

# scenario_end - at the latest
scenario_end()
{
	local loaded=no

	[ "$judged" ] || ktap_exit_fail_msg "no diagnosis was made"
	[ ! -d /sys/module/conntriage ] || loaded=yes
	# c2 goes about its business in every scenario
	t_spares 10.0.2.2
	case $CONNTRIAGE_PLAY,$loaded in
	with,yes | without,no) ktap_test_pass "played $CONNTRIAGE_PLAY the module" ;;
	*) ktap_test_fail "played $CONNTRIAGE_PLAY the module" ;;
	esac
	t_clean "kernel log"
	printf '# judged %s|%s|%s|%s|%s|%s|%s|%s\n' "$SCENARIO" "$CONNTRIAGE_PLAY" \
		"$expect_cause $expect_severity" "$found_as" "$judged_cause" "$judged_culprit" \
		"$judged_seconds" "$judged"
	ktap_finished
}
