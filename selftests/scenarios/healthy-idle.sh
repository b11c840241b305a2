#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong: a host that was just booted, with hardly any traffic.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 4 healthy ok
router nft
ordinary c2 1
t_healthy 12
scenario_end
