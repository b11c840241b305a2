# SPDX-License-Identifier: GPL-2.0

_conntriage_directory() { _directories "$@" }
_conntriage_word() { _message word }
_conntriage_threshold() { compadd "$@" -S '' -- $_conntriage_thresholds }
_conntriage_cause() { compadd "$@" -- $_conntriage_causes }
_conntriage_command() { _describe command _conntriage_commands }

_conntriage_first()
{
	local -a all=($_conntriage_commands 'help:the options of a command')

	_describe command all
}

# The list has one incident a line, its number first.
_conntriage_incident()
{
	local -a root
	local dir=${opt_args[-r]:-${opt_args[--root]}}

	[[ -z $dir ]] || root=(--root ${~dir})
	compadd "$@" -- ${(f)"$($words[1] $root incidents 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { print $1 }')"}
}

_conntriage()
{
	local command='' kind
	local -a reply
	local -A opt_args
	integer i

	for ((i = 2; i < CURRENT; i++)); do
		case $words[i] in
		(-*) [[ -z $(_conntriage_takes $words[i]) ]] || ((i++)) ;;
		(*) command=$words[i]; break ;;
		esac
	done
	_conntriage_options ${command:-diagnose}
	[[ $command != help ]] || reply=()
	kind=${command:+$(_conntriage_takes $command)}
	_arguments -s -S $reply '1:command:_conntriage_first' ${kind:+"2:word:_conntriage_$kind"}
}

_conntriage "$@"
