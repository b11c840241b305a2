# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Does the table do what the finding predicted? Steps of a scenario, behind t_fix.

# prediction FIELD [ELSE] - of the finding whose commands were typed
prediction()
{
	jq -r --arg other "${2:-none}" ".findings[0].prediction | .$1 // \$other" "$lib_tmp/found.json"
}

# counts N - N numbers of entries, two a second, the least first
counts()
{
	local i

	for ((i = 0; i < $1; i++)); do
		on r sysctl -n net.netfilter.nf_conntrack_count
		sleep 0.5
	done | sort -n
}

# t_predicted - from the time on that the finding named the table has as many entries as it
# said: where they stay at that, it is one of the numbers of the next minute, as the kernel's
# worker frees what is over in bursts; where they go on to another number, they are between
# the two then, as guests are slow
t_predicted()
{
	local within rounds=1 later

	predicted=$(prediction entries)
	within=$(prediction within 0)
	later=$(prediction later.entries)
	[ "$later" != none ] || rounds=120
	sleep "$within"
	measured=$(counts $rounds | sed -n '1p;$p' | xargs)
	least=${measured% *} most=${measured#* }
	measured=$most
	t_run "fix: as many entries as predicted" as_predicted "$later"
	ktap_print_msg "  predicted $predicted within $within s, then $later, measured $least to $most"
}

# t_settled - the same of the number that the table stays at, and in that minute nothing is
# refused. 2 results.
t_settled()
{
	local within refused

	predicted=$(prediction later.entries)
	within=$(prediction later.within)
	if [ "$predicted" = none ]; then
		predicted=$(prediction entries)
		within=$(prediction within 0)
	fi
	sleep "$within"
	refused=$(kstat r drop)
	measured=$(counts 120 | sed -n 60p)
	least=$measured most=$measured
	t_run "fix: it settles at as many as predicted" as_predicted none
	ktap_print_msg "  predicted $predicted within $within s, measured $measured"
	t_eq "fix: nothing is refused any more" "$(kstat r drop)" "$refused"
}

# as_predicted LATER - $predicted, or a number between that and LATER, is one of those from
# $least to $most: within a quarter or a twentieth of the maximum
as_predicted()
{
	local low=$predicted high=$predicted slack

	is_number "$predicted" || return
	[ "$1" = none ] || [ "$1" -ge "$low" ] || low=$1
	[ "$1" = none ] || [ "$1" -le "$high" ] || high=$1
	slack=$(($(on r sysctl -n net.netfilter.nf_conntrack_max) / 20))
	[ "$most" -ge $((low - (low / 4 > slack ? low / 4 : slack))) ] &&
		[ "$least" -le $((high + (high / 4 > slack ? high / 4 : slack))) ]
}
