#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause growth, and the twin of flood-prefix6: a hundred networks of one /48 fill
# the table, and all of them are answered.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 11 growth critical
router nft
setting max 512
live_at c1 2001:db8:66::/48
ordinary c2 10
serve 7001 c1 ::
asking c1 -a "$S6" -p 7001 --tcp --hold -n 600 -r 100 --open 50 --talk 4000 --wait 3000 \
	--from 2001:db8:66::1 --froms 100 --step 64
t_found 40
t_sentence 'real work'
t_only
t_spares 2001:db8:66::/48 2001:db8:66::1 10.0.2.2 "$S4" "$S6"
t_fix
t_gone 30
scenario_end
