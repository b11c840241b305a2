# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016,SC2034
#
# What of Debian a kernel's name stands for, and an apt of our own to get it.
# Sourced by kernels.sh, fetch and scripts/build-for; the only place that knows
# suites.

DEBIAN_KERNELS="5.10 6.1 6.12 7 rt"
DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# debian_kernel NAME - sets for a name of DEBIAN_KERNELS
#   DEBIAN_SERIES	what its versions begin with
#   DEBIAN_FLAVOUR	how its packages end
#   DEBIAN_SUITE	whose compiler its users have
#   DEBIAN_BACKPORTS	y: the kernel itself is from that suite's backports
#   DEBIAN_CHROOT	packages that a build needs there: the compiler, and
#			what linux-kbuild calls (perl for W=1) and is linked with
debian_kernel()
{
	local build="make kmod perl-base xz-utils libc6-dev"

	DEBIAN_FLAVOUR=amd64 DEBIAN_BACKPORTS=
	case $1 in
	5.10)
		DEBIAN_SERIES=5.10 DEBIAN_SUITE=bullseye
		DEBIAN_CHROOT="$build gcc-10 libelf1 libssl1.1" ;;
	6.1)
		DEBIAN_SERIES=6.1 DEBIAN_SUITE=bookworm
		DEBIAN_CHROOT="$build gcc-12 libelf1 libssl3 pahole" ;;
	6.12 | 7 | rt)
		DEBIAN_SERIES=$1 DEBIAN_SUITE=trixie
		DEBIAN_CHROOT="$build gcc-14 perl libelf1t64 libssl3t64 pahole" ;;
	*)
		return 1 ;;
	esac
	case $1 in
	7)
		DEBIAN_BACKPORTS=y ;;
	rt)
		DEBIAN_SERIES=6.12 DEBIAN_FLAVOUR=rt-amd64 ;;
	esac
}

# debian_uri LABEL - the address of Debian or Debian-Security that this
# machine's apt uses. Nothing is printed where it uses none.
debian_uri()
{
	apt-get indextargets --format '$(LABEL) $(ORIGIN) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		awk -v label="$1" '$1 == label && $2 == "Debian" { print $3; exit }'
}

# debian_sources - sources.list lines of DEBIAN_SUITE, verified by Debian's
# own keyring; on failure, what is missing and what to do, and status 1
debian_sources()
{
	local main security opts="[arch=amd64 signed-by=$DEBIAN_KEYRING]"

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
	[ -z "$security" ] || echo "deb $opts $security $DEBIAN_SUITE-security main"
	[ -z "$DEBIAN_BACKPORTS" ] || echo "deb $opts $main $DEBIAN_SUITE-backports main"
}

# debian_apt DIR - sets APT, options that keep apt to DIR: to the suites of
# DIR/sources.list, which is made by debian_sources, whatever is installed
# here. What this machine's configuration says of proxies and so on holds.
debian_apt()
{
	mkdir -p "$1/lists/partial" "$1/cache/archives/partial" || return 1
	: >"$1/dpkg-status"
	APT=(-q -o Dir::Etc::sourcelist="$1/sources.list" -o Dir::Etc::sourceparts=-
		-o Dir::Etc::preferences=- -o Dir::Etc::preferencesparts=-
		-o Dir::State::Lists="$1/lists" -o Dir::Cache="$1/cache"
		-o Dir::State::status="$1/dpkg-status"
		-o APT::Architecture=amd64 -o APT::Architectures=amd64
		-o APT::Get::AllowUnauthenticated=false
		-o APT::Get::List-Cleanup=false -o APT::Update::Error-Mode=any
		-o APT::Sandbox::User= -o Acquire::Languages=none
		-o Acquire::Retries=3)
}

# debian_reason LOG - apt's own words for what went wrong, as one line
debian_reason()
{
	sed -n 's/^[EW]: //p' "$1" | head -n 1 | cut -c 1-200 | grep . ||
		echo 'apt gives no reason'
}
