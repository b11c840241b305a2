# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # what make.c writes stands before this

_conntriage()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local i kind command='' root=()

	COMPREPLY=()
	# readline takes --root=DIR for three words
	if [[ $cur == = ]]; then
		cur=''
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-*)	[[ $(_conntriage_takes "${COMP_WORDS[i]}") ]] || continue
			kind=$(_conntriage_takes "${COMP_WORDS[i]}")
			((i++))
			[[ ${COMP_WORDS[i]} != = ]] || ((i++))
			[[ $kind != directory ]] || root=(--root "${COMP_WORDS[i]/#\~/$HOME}") ;;
		=)	((i++)) ;;
		*)	command=${COMP_WORDS[i]}
			break ;;
		esac
	done
	kind=$(_conntriage_takes "$prev")
	if [[ $kind && ($prev == -* || $cur != -*) ]]; then
		case $kind in
		directory)
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
		threshold)
			compopt -o nospace 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -W "$_conntriage_thresholds" -- "$cur") ;;
		cause)	mapfile -t COMPREPLY < <(compgen -W "$_conntriage_causes" -- "$cur") ;;
		command) mapfile -t COMPREPLY < <(compgen -W "$_conntriage_commands" -- "$cur") ;;
		# The list has one incident a line, its number first.
		incident) mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" "${root[@]}" \
			incidents 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { print $1 }')" -- "$cur") ;;
		esac
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_conntriage_options "${command:-diagnose}")" -- "$cur")
	elif [[ ! $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$_conntriage_commands help" -- "$cur")
	fi
}
complete -F _conntriage conntriage
