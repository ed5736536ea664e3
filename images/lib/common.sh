# shellcheck shell=bash disable=SC2034 # what is set here is used by those who source it
# Shared by the image scripts; sourced, not run. Sets: images (this room), cache, lock.

images=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vivarium
lock=$images/lock.json
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

say() { printf 'images: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# Fails with one sentence when a tool is missing or the disk is nearly full. A build writes about 3 GB.
need_tools_and_space() {
  local tool missing=()
  for tool in gcc ld make flex bison bc patch zstd xz dpkg-deb apt-get node readelf objdump objcopy gdb; do
    command -v "$tool" > /dev/null || missing+=("$tool")
  done
  ((${#missing[@]} == 0)) || die "missing tools: ${missing[*]}. On Debian 12: apt-get install gcc-multilib make flex bison bc patch zstd xz-utils binutils libelf-dev gdb"
  printf 'int main(void){return 0;}' | gcc -m32 -x c -c -o /dev/null - 2> /dev/null || die "gcc cannot build for i386: apt-get install gcc-multilib"
  mkdir -p "$cache"
  local free
  free=$(df --output=avail -B1M "$cache" | tail -1)
  ((free >= 4000)) || die "only $free MB are free where $cache lies; 4000 are needed. Nothing was changed."
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
  apt_run "$1" apt-get -q update > "$cache/apt/$1/update.log" 2>&1 ||
    say "a part of Debian's archive for $1 could not be fetched or verified; what could is used (see $cache/apt/$1/update.log)"
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
