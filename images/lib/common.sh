# shellcheck shell=bash disable=SC2034 # what is set here is used by those who source it
# Shared by the image scripts; sourced, not run. Sets: images (this room), cache, lock.

images=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vivarium
lock=$images/lock.json
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

say() { printf 'images: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

need_tools() { # TOOL…
  local tool missing=()
  for tool; do
    command -v "$tool" > /dev/null || missing+=("$tool")
  done
  ((${#missing[@]} == 0)) || die "missing tools: ${missing[*]}. On Debian 12: apt-get install gcc-multilib make flex bison bc patch zstd xz-utils binutils libelf-dev dwarves gdb"
}

# A build writes about 3 GB.
need_space() { # DIR…
  local dir free
  for dir; do
    free=$(df --output=avail -B1M "$dir" | tail -1)
    ((free >= 4000)) || die "only ${free// /} MB are free where $dir lies; 4000 are needed. Nothing was changed."
  done
}

# Waits until no other run uses a directory of the cache, and keeps it until this script and all that it started have ended.
take_turn() { # DIR
  local lock_fd
  mkdir -p "$1"
  exec {lock_fd}< "$1"
  flock -n "$lock_fd" || { say "waiting for another run that uses $1"; flock "$lock_fd"; }
}

# Prepares an apt of our own for one architecture, beside the host's and never touching it: same archive, same keys.
# Only the host's Debian sources are used, with their deb-src.
apt_setup() {
  local arch=$1 dir=$cache/apt/$1 file
  mkdir -p "$dir"/{state/lists/partial,cache/archives/partial,sources}
  : > "$dir/status"
  rm -f "$dir"/sources/*
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    [[ -f $file ]] || continue
    if [[ $file == *.sources ]]; then
      grep -q 'debian-archive-keyring' "$file" || continue
      sed 's/^Types:.*/Types: deb deb-src/' "$file" > "$dir/sources/$(basename "$file")"
    else
      grep -E '^deb [^#]*debian[^#]* (bookworm|bookworm-updates|bookworm-security) ' "$file" |
        sed 'p; s/^deb /deb-src /' > "$dir/sources/$(basename "$file")" || true
    fi
  done
  cat > "$dir/apt.conf" << CONF
Dir "$dir";
Dir::State "state";
Dir::State::status "$dir/status";
Dir::Cache "cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$dir/sources";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
}

apt_run() { # ARCH COMMAND…
  local arch=$1
  shift
  APT_CONFIG=$cache/apt/$arch/apt.conf "$@"
}

apt_update() {
  apt_setup "$1"
  local log=$cache/apt/$1/update.log
  if ! apt_run "$1" apt-get -q update > "$log" 2>&1; then
    compgen -G "$cache/apt/$1/state/lists/*Packages*" > /dev/null ||
      die "Debian's archive for $1 cannot be read, and was not before (see $log). Nothing was changed."
    say "a part of Debian's archive for $1 could not be fetched or verified; what could is used (see $log)"
  fi
}

# The packages of the profiles and of the builds, a NAME or NAME:ARCH a line. "all" is the host's architecture.
wanted_packages() {
  { sed -n 's/^@//p' "$images"/*/files; sed 's/#.*//; /^\s*$/d' "$images/packages"; } | sort -u
}

# The architecture whose index has a package of that list.
architecture_of() {
  case $1 in
    *:all) dpkg --print-architecture ;;
    *:*) echo "${1#*:}" ;;
    *) echo i386 ;;
  esac
}
