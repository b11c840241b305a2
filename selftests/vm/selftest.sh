#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# selftest.sh - prove that run cannot report success where there was none.
# TAP 13; exit status 0 all passed, 1 something failed.  QUICK=1: exit status,
# panic and WARN only.  CONNTRIAGE_KERNEL chooses the kernel, as for run.

# shellcheck disable=SC2016 # that the guest does not expand it is the point

set -u
export LC_ALL=C
unset V

here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
vmrun=$here/run

# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"

# ok STATUS NAME - one result; what run said follows a failure
ok()
{
	[ "$1" -eq 0 ] || ktap_print_msg "exit status of run: $status"
	t_status "$2" "$1" "$dir/out" "$dir/err"
}

# guest ARG... - run with these arguments; sets status, leaves out and err
guest()
{
	status=0
	"$vmrun" "$@" >"$dir/out" 2>"$dir/err" || status=$?
}

# expect STATUS NAME [PATTERN] - was it so, and does run's one line say so?
expect()
{
	[ "$status" -eq "$1" ] && { [ -z "${3:-}" ] || grep -q -- "$3" "$dir/err"; }
	ok $? "$2"
}

dir=$(mktemp -d) || exit 1
trap 'rm -rf -- "$dir"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$dir/work dir" "$dir/tmp"
status=0
: >"$dir/out"
: >"$dir/err"
# run's own temporary files: whatever is left here at the end was left behind
export TMPDIR=$dir/tmp
cd "$dir/work dir" || exit 1

ktap_print_header

#
# Exit status and channels
#
guest -- sh -c 'echo out; echo err >&2; exit 7'
[ "$status" -eq 7 ] && printf 'out\nerr\n' | cmp -s - "$dir/out"
ok $? "exit status 7 arrives as 7, with stdout and stderr"

guest -- sh -c 'echo c >/proc/sysrq-trigger; sleep 5'
expect 123 "a panic is reported as a panic" 'kernel panic while the command ran'

#
# Faults reported by the kernel
#
# built in a scratch directory: kbuild litters; for another architecture, by build-for
read -r arch release modules < <(
	. "$here/kernels.sh"
	kernel_find "${CONNTRIAGE_KERNEL:-}" 2>/dev/null &&
		echo "$KERNEL_ARCH $KERNEL_RELEASE $KERNEL_MODULES"
)
arch=${arch:-amd64}
# how its kernel begins to speak of an oops by a null pointer
case $arch in
arm64) oops='Unable to handle kernel NULL pointer' ;;
*) oops='BUG: kernel NULL pointer' ;;
esac
if [ "$arch" != amd64 ]; then
	CONNTRIAGE_KO=$("$here/../../scripts/build-for" "$CONNTRIAGE_KERNEL") &&
		cp "${CONNTRIAGE_KO%/*}/vmfault.ko" "$dir/" && export CONNTRIAGE_KO
elif [ ! -e "$modules/build/Makefile" ] || ! command -v make >/dev/null || ! command -v gcc >/dev/null; then
	"$here/../../scripts/apt-need" make gcc "linux-headers-$release" 2>&1 | sed 's/^/# /'
fi
[ "$arch" != amd64 ] || {
	cp "$here"/faults/* "$dir/tmp" &&
		make -C "$modules/build" M="$dir/tmp" modules >"$dir/out" 2>&1 &&
		mv "$dir/tmp/vmfault.ko" "$dir/"
}
rm -rf "$dir/tmp"
mkdir "$dir/tmp"
if [ -e "$dir/vmfault.ko" ]; then
	guest -- insmod "$dir/vmfault.ko" fault=warn
	expect 126 "a WARN fails a command that succeeded" 'a fault: see the log above; .* status was 0'
else
	ok 1 "a WARN fails a command that succeeded (vmfault.ko did not build)"
fi

finish()
{
	[ -z "$(ls -A "$dir/tmp")" ]
	ok $? "no temporary file is left behind"
	ktap_finished
}
[ -z "${QUICK:-}" ] || finish

if [ -e "$dir/vmfault.ko" ]; then
	guest -- sh -c "dmesg -n 1; insmod $dir/vmfault.ko fault=warn; dmesg -C"
	expect 126 "a WARN is noticed though the log was cleared" 'taint flags say warning'

	guest -- insmod "$dir/vmfault.ko" fault=oops
	expect 123 "an oops is reported" 'kernel panic while the command ran'
	grep -q "^# .*$oops" "$dir/err"
	ok $? "an oops is shown"
else
	for t in "a WARN is noticed though the log was cleared" "an oops is reported" \
		 "an oops is shown"; do
		ktap_test_skip "$t" "vmfault.ko did not build"
	done
fi

# Real reports of checkers that a distribution kernel lacks, and harmless lines
reported()
{
	echo "[   12.345678] $1" >"$dir/log"
	(. "$here/reports.sh" && kernel_reports "$dir/log" >/dev/null)
}

while IFS= read -r line; do
	reported "$line"
	ok $? "is a report: $line"
done <<'END'
WARNING: CPU: 0 PID: 77 at net/core/dev.c:1 f+0x1/0x2 [m]
WARNING: possible circular locking dependency detected
WARNING: suspicious RCU usage
WARNING: inconsistent lock state
BUG: KASAN: slab-out-of-bounds in f+0x1/0x2 [m]
BUG: KCSAN: data-race in f [conntriage] / nf_ct_f [nf_conntrack]
BUG: sleeping function called from invalid context at mm/slab.h:1
BUG: unable to handle page fault for address: ffffffffc0000000
Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010
Internal error: Oops: 0000000096000044 [#1] SMP
BUG kmalloc-64 (Tainted: G    B      OE     ): Poison overwritten
watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [sh:77]
kernel BUG at net/core/dev.c:1!
general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP
UBSAN: array-index-out-of-bounds in net/core/dev.c:1:2
CFI failure at f+0x1/0x2 [m] (target: g+0x0/0x2 [m]; expected type: 0x12345678)
kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
rcu: INFO: rcu_preempt self-detected stall on CPU
rcu: INFO: rcu_sched detected stalls on CPUs/tasks: { 1 }
INFO: task rmmod:77 blocked for more than 120 seconds.
INFO: trying to register non-static key.
unregister_netdevice: waiting for lo to become free. Usage count = 2
END
while IFS= read -r line; do
	! reported "$line"
	ok $? "is no report: $line"
done <<'END'
nf_conntrack: nf_conntrack: table full, dropping packet
m: loading out-of-tree module taints kernel.
m: module verification failed: signature and/or required key missing - tainting kernel
Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on
RCU lockdep checking is enabled.
rcu: RCU debug extended QS entry/exit.
traps: a.out[77] general protection fault ip:401000 sp:7ffc error:0 in a.out
BUG: KCSAN: data-race in __nf_ct_refresh_acct [nf_conntrack] / gc_worker [nf_conntrack]
kmemleak: Kernel memory leak detector initialized (mem pool available: 15)
FAULT_INJECTION: forcing a failure.
END

#
# Guests that do not report
#
guest -t 40 -- sh -c 'echo before; sleep 1000'
expect 124 "a hang is reported as a time limit" 'time limit: .* 40 s, while the command ran'
grep -qx before "$dir/out"
ok $? "what a hanging command printed is shown"

guest -- sh -c 'echo o >/proc/sysrq-trigger; sleep 20'
expect 122 "a guest that powers off without a word has failed" 'without reporting a status'

guest -m 20 -- true
[ "$status" -ge 122 ] && [ "$status" -le 125 ]
ok $? "a guest that cannot boot has failed"

#
# What the command sees
#
printf 'host\n' >file
args=('two  words' "it's" '"$HOME"' '' '*' $'new\nline' 'back\slash')
cat >check <<'END'
set -e
printf '<%s>' "$@"
echo "dir=$PWD"
echo "env=$NO_COLOR,$KSFT_X,${HIDDEN-unset}"
echo "file=$(cat file)"
echo guest >file
echo guest >new
echo "then=$(cat file new | tr '\n' ' ')"
echo "id=$(id -u),$(hostname)"
echo via-dev >/dev/stderr
echo "release=$(uname -r)"
ip netns add one
ip netns exec one true
grep -q ' /sys/kernel/debug debugfs ' /proc/mounts
ping -c 1 127.0.0.1 >/dev/null 2>&1 || ip addr show lo | grep -q 127.0.0.1
modprobe nf_conntrack
[ ! -e ../vmfault.ko ] || insmod ../vmfault.ko
# the runner does not wait for what is left behind
sleep 100 &
END
NO_COLOR='a b' KSFT_X="it's" HIDDEN=1 guest -- bash ./check "${args[@]}"
cat >"$dir/want" <<END
$(printf '<%s>' "${args[@]}")dir=$PWD
env=a b,it's,unset
file=host
then=guest guest 
id=0,vm
via-dev
release=$release
END
[ "$status" -eq 0 ] && cmp -s "$dir/want" "$dir/out"
ok $? "arguments, directory and environment arrive intact, in a working system"
[ "$(cat file)" = host ] && [ ! -e new ]
ok $? "what the guest writes does not reach the host"

guest -i -- true
expect 0 "a guest that counts instructions runs"

#
# The runner's own errors, and interruption
#
guest -k 0.0.0-none -- true
expect 125 "an unknown kernel is the runner's error" 'kernel 0.0.0-none: '
guest
expect 125 "no command is the runner's error" 'no command given'

# (a shell's background processes ignore SIGINT unless told otherwise)
env --default-signal=INT "$vmrun" -t 60 -- sleep 100 >"$dir/out" 2>"$dir/err" &
pid=$!
qemu=
for _ in $(seq 100); do
	qemu=$(ps -o pid=,comm= --ppid $pid | awk '/qemu/ { print $1 }')
	[ -z "$qemu" ] || break
	sleep 0.1
done
sleep 1
kill -INT $pid
status=0
wait $pid || status=$?
[ -n "$qemu" ] && [ ! -e "/proc/$qemu" ] && [ "$status" -eq 130 ]
ok $? "an interrupt ends the guest"

finish
