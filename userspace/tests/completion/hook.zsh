# SPDX-License-Identifier: GPL-2.0
# In the shell that hits.zsh asks: what would be shown is printed instead.

autoload -Uz compinit
compinit -D -u
bindkey '^I' complete-word
over() { print -r -- END-OF-HITS; exit }
comppostfuncs=(over)

compadd()
{
	# such calls ask, and offer nothing
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	local -a hits given=("$@")
	local -A suffix
	local hit
	builtin compadd -A hits "$@"
	zparseopts -E -A suffix S:
	for hit in $hits; do
		print -r -- "HIT:$IPREFIX$hit${suffix[-S]}"
	done
	builtin compadd "${given[@]}"	# or zsh goes on to look for anything else
}
