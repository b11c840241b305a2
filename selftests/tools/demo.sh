#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What "make demo" shows: one namespace floods a router while another goes about
# its business, and what conntriage says of it. Exits as conntriage does: 0 to 2;
# 3 and more: there was nothing to show.

# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/scene.sh
. "$CTRI_DIR/lib/scene.sh"

# A test would fail or be skipped; a demo has only one way to go wrong.
ktap_skip_all()
{
	echo "demo: $*" >&2
	exit 3
}

ktap_exit_fail_msg()
{
	echo "demo: $*" >&2
	exit 3
}

need_module
scene_up
echo "A router with room for $SCENE_MAX connections, a server behind it, and two clients:"
echo "  $FLOODER sends $SCENE_RATE TCP SYNs a second to the server, each a new connection;"
echo "  $INNOCENT asks it 50 times a second over UDP and 5 times over TCP, and waits for the answers."
scene_run 90
wait_until 60 scene_ripe || ktap_exit_fail_msg "the flood did not fill the table"
on r "$READER" >"$lib_tmp/reader" 2>&1
status=$?
scene_end
echo "Sent by $FLOODER: $FLOOD_SENT SYNs in $FLOOD_SECONDS s, $FLOOD_RATE a second." \
	"Answered to $INNOCENT over UDP: $(sed 's/asked=\([0-9]*\) answered=\([0-9]*\).*/\2 of \1/' "$innocent_out")."
echo "What conntriage says meanwhile, on the router:"
echo
cat "$lib_tmp/reader"
exit $status
