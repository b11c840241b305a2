# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The captured trees that the tests of conntriage top look at. Sourced, where $here is this
# folder.

# unpack_trees - into the current directory
unpack_trees() {
	tree=$here/../tree
	"$tree" unpack "$here/../diagnose/scene-flood-one.tree" flood &&
		"$tree" unpack "$here/../diagnose/healthy-programs.tree" programs &&
		"$tree" unpack "$here/../diagnose/module-absent-full.tree" absent &&
		"$tree" unpack "$here/../diagnose/dump-flood.tree" listed &&
		"$tree" unpack "$here/../diagnose/scene-invalid-flood.tree" work &&
		"$tree" unpack "$here/../show/growing.tree" growing || return
	# The same, when the third source of it has become the busiest
	cp -R work other
	debugfs=sys/kernel/debug/conntriage
	echo "insert 4026531840 1 4 10.77.0.11 900 0 900 0 90.000 9 0 tcp=900" \
		>> other/$debugfs/sources
	cp -R flood targets
	{
		grep -v '^[a-z_]*_to ' flood/$debugfs/sources
		echo "refused_to 4026531840 1 4 10.0.100.2 5425 0 4271 0 301.7 18 0 tcp=5369,udp=56"
		echo "refused_to 4026531840 1 0 tcp/443 5341 0 4204 0 297.1 18 0 tcp=5341"
		echo "evicted_to 4026531840 1 4 10.0.100.2 3597 0 2882 0 202.7 18 0 tcp=3597"
	} > targets/$debugfs/sources
}
