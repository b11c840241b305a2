# SPDX-License-Identifier: GPL-2.0
# What zsh offers for a command line, one a line: zsh -f hits.zsh FOLDER LINE, with the
# completion in FOLDER/_conntriage. A terminal is needed for that; zpty makes one.

zmodload zsh/zpty || exit 2
folder=$1 line=$2
zpty z zsh -f -i
zpty -w z "PROMPT=; RPROMPT=; TERM=dumb; stty -echo; fpath=(${(q)folder} \$fpath); source ${(q)0:A:h}/hook.zsh; print READY"
zpty -r z out '*READY'$'\r' || exit 2
zpty -w -n z "$line"$'\t'
# until the hook says that it is over
zpty -r z out '*END-OF-HITS*' || exit 2
print -r -- "${out//$'\r'/}" | sed -n 's/.*HIT://p'
zpty -d z
