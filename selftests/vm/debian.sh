# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016,SC2034
#
# What of Debian a kernel's name stands for, and an apt of our own to get it.
# Sourced by kernels.sh, fetch and scripts/build-for; the only place that knows
# suites and architectures.
#
# A kernel is called [ARCH:]SERIES[-FLAVOUR]: 6.12, 6.12-cloud, arm64:6.12-16k.
# Without ARCH it is amd64. "rt" is short for 6.12-rt. "sid" and "experimental" are
# the newest there: they move under our feet, and so are in no list of what has to
# pass.

DEBIAN_FLAVOURS="rt cloud 16k"
DEBIAN_MOVING="sid experimental"
DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Debian's name, uname -m, the compilers' prefix, how its kernels' packages end, and
# the kernels that range plays. One that is booted needs a row in machine.sh, too.
DEBIAN_TABLE='
amd64	x86_64	x86_64-linux-gnu	amd64	5.10 6.1 6.12 7 rt
arm64	aarch64	aarch64-linux-gnu	arm64	6.1 6.12 7 rt 6.12-16k 6.12-cloud
ppc64el	ppc64le	powerpc64le-linux-gnu	powerpc64le
riscv64	riscv64	riscv64-linux-gnu	riscv64
s390x	s390x	s390x-linux-gnu	s390x
'

# debian_arch ARCH - sets, of a row of the table,
#   DEBIAN_ARCH, DEBIAN_MACHINE, DEBIAN_GNU, DEBIAN_ENDING, DEBIAN_KERNELS
#   DEBIAN_ARCHES	whose packages it takes to build for it: those of amd64
#			that run here, and its own
debian_arch()
{
	local row

	row=$(grep "^$1	" <<<"$DEBIAN_TABLE") || return
	IFS=$'\t' read -r DEBIAN_ARCH DEBIAN_MACHINE DEBIAN_GNU DEBIAN_ENDING DEBIAN_KERNELS <<<"$row"
	DEBIAN_ARCHES=$DEBIAN_ARCH
	[ "$DEBIAN_ARCH" = amd64 ] || DEBIAN_ARCHES=$DEBIAN_ARCH,amd64
}

# debian_kernel NAME - sets what debian_arch does, and
#   DEBIAN_SERIES	what its versions begin with; empty: whatever is newest
#   DEBIAN_FLAVOUR	how its packages end
#   DEBIAN_TREE	where it is below CACHE/kernels
#   DEBIAN_SUITE	whose compiler its users have
#   DEBIAN_BACKPORTS	the suite upon that one that the kernel itself is from
#   DEBIAN_CHROOT	packages that a build needs there: the compiler, and
#			what linux-kbuild calls (perl for W=1) and is linked with;
#			gcc-NN is the one that the kernel's headers name
# Status 1: there is no such thing.
debian_kernel()
{
	local build="make kmod perl-base xz-utils libc6-dev" name=${1##*:} arch=amd64 flavour cross=

	[ "$name" = "$1" ] || arch=${1%%:*}
	debian_arch "$arch" || return
	[ "$arch" = amd64 ] || cross=-$DEBIAN_GNU
	[ "$name" != 6.12-rt ] || name=rt
	DEBIAN_TREE=$name
	[ "$arch" = amd64 ] || DEBIAN_TREE=$name.$arch
	[ "$name" != rt ] || name=6.12-rt
	DEBIAN_SERIES=${name%%-*} DEBIAN_BACKPORTS=''
	flavour=${name#"$DEBIAN_SERIES"}
	case $flavour in
	'')
		DEBIAN_FLAVOUR=$DEBIAN_ENDING ;;
	-rt | -cloud)
		DEBIAN_FLAVOUR=${flavour#-}-$DEBIAN_ENDING ;;
	-16k)
		DEBIAN_FLAVOUR=$DEBIAN_ENDING$flavour ;;
	*)
		return 1 ;;
	esac
	case $DEBIAN_SERIES in
	5.10)
		DEBIAN_SUITE=bullseye
		DEBIAN_CHROOT="$build gcc-10$cross libelf1 libssl1.1" ;;
	6.1)
		DEBIAN_SUITE=bookworm
		DEBIAN_CHROOT="$build gcc-12$cross libelf1 libssl3 pahole" ;;
	6.12 | 7)
		DEBIAN_SUITE=trixie
		DEBIAN_CHROOT="$build gcc-14$cross perl libelf1t64 libssl3t64 pahole" ;;
	sid | experimental)
		DEBIAN_SUITE=sid
		DEBIAN_CHROOT="$build gcc-NN$cross perl libelf1t64 libssl3t64 pahole" ;;
	*)
		return 1 ;;
	esac
	case $DEBIAN_SERIES in
	7)
		DEBIAN_BACKPORTS=trixie-backports ;;
	sid)
		DEBIAN_SERIES='' ;;
	experimental)
		DEBIAN_SERIES='' DEBIAN_BACKPORTS=experimental ;;
	esac
}

# debian_names - what debian_kernel knows, for people
debian_names()
{
	debian_arch amd64
	echo "${DEBIAN_KERNELS// /, }, ${DEBIAN_MOVING// /, } (each with -${DEBIAN_FLAVOURS// /, -} for a flavour, behind $(
		cut -s -f 1 <<<"$DEBIAN_TABLE" | grep -v amd64 | xargs | sed 's/ /:, /g'): for an architecture)"
}

debian_arch amd64

# debian_compiler HEADERS - the compiler that an unpacked linux-headers calls
debian_compiler()
{
	sed -nE 's/^CC = .*(gcc-[0-9]+)$/\1/p' "$1/.kernelvariables"
}

# debian_uri LABEL - the address of Debian or Debian-Security that this
# machine's apt uses. Nothing is printed where it uses none.
debian_uri()
{
	apt-get indextargets --format '$(LABEL) $(ORIGIN) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		awk -v label="$1" '$1 == label && $2 == "Debian" { print $3; exit }'
}

# debian_sources [ARCH,...] - sources.list lines of DEBIAN_SUITE for these (amd64),
# verified by Debian's own keyring; on failure, what is missing and what to do, and
# status 1
debian_sources()
{
	local main security opts="[arch=${1:-amd64} signed-by=$DEBIAN_KEYRING]"

	[ -r "$DEBIAN_KEYRING" ] || {
		echo "no $DEBIAN_KEYRING to verify packages with; apt-get install debian-archive-keyring"
		return 1
	}
	main=$(debian_uri Debian)
	security=$(debian_uri Debian-Security)
	[ "$main" ] || {
		echo "this machine's apt knows no Debian archive; run apt-get update, or add one to its sources"
		return 1
	}
	echo "deb $opts $main $DEBIAN_SUITE main"
	[ -z "$security" ] || [ "$DEBIAN_SUITE" = sid ] ||
		echo "deb $opts $security $DEBIAN_SUITE-security main"
	[ -z "$DEBIAN_BACKPORTS" ] || echo "deb $opts $main $DEBIAN_BACKPORTS main"
}

# debian_apt DIR - sets APT, options that keep apt to DIR: to the suites of
# DIR/sources.list, which is made by debian_sources, and to DEBIAN_ARCH, whatever is
# installed here. What this machine's configuration says of proxies and so on holds.
debian_apt()
{
	mkdir -p "$1/lists/partial" "$1/cache/archives/partial" || return 1
	: >"$1/dpkg-status"
	APT=(-q -o Dir::Etc::sourcelist="$1/sources.list" -o Dir::Etc::sourceparts=-
		-o Dir::Etc::preferences=- -o Dir::Etc::preferencesparts=-
		-o Dir::State::Lists="$1/lists" -o Dir::Cache="$1/cache"
		-o Dir::State::status="$1/dpkg-status"
		-o APT::Architecture="$DEBIAN_ARCH" -o APT::Architectures="$DEBIAN_ARCHES"
		-o APT::Get::AllowUnauthenticated=false
		-o APT::Get::List-Cleanup=false -o APT::Update::Error-Mode=any
		-o APT::Sandbox::User= -o Acquire::Languages=none
		-o Acquire::Retries=3)
}

# debian_reason LOG - apt's own words for what went wrong, as one line
debian_reason()
{
	{ grep -m 1 '^E: ' "$1" || grep -m 1 '^W: ' "$1"; } | cut -c 4-203 | grep . ||
		echo 'apt gives no reason'
}
