#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong, and the twin of the leaks: a pool of connections that have
# said nothing for 25 minutes, and may do so.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 5 healthy ok
small_router 320
hold_silent c1 150 1500
ordinary c2 5
t_healthy 6
t_spares 10.0.1.2 "$S4"
scenario_end
