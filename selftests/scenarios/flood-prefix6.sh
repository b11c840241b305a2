#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: two hundred networks of IPv6, all of one provider's /48, as
# somebody has who rents a server.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 flood critical
router nft
setting max 2048
ordinary c2 10
flood c1 -r 600 -p tcp -s 2001:db8:77::1 --sources 200 --step 64 -d "$S6" \
	--sport 10000-60000 --dport 443-542 --random
t_found 40 '^the network 2001:db8:77::/48: ' '^10\.0\.2\.2: '
t_sentence 'full: the network 2001:db8:77::/48 '
t_only
t_accuses 2001:db8:77::/48
t_spares 10.0.2.2 "$S4" "$S6"
t_fix
t_predicted
t_gone 40
scenario_end
