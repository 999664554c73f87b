# Sourced by ./run and ./test: messages, one set-up at a time, packages, ports, building.
# shellcheck shell=bash

unset CDPATH
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
data=$root/.data
logs=$data/log
program=$root/services/bin/Release/net10.0/jietong.dll
export HOME=${HOME:-~} # dotnet insists on one
export JIETONG_CACHE=${JIETONG_CACHE:-$data/cache} # fetched files, orders of networks
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

# Messages go to standard error: standard output belongs to the program's answer.
say() { printf '%s\n' "$@" >&2; }
die() { say "$@"; exit 1; }

# Gives a command at most some seconds, where the machine can.
limited() { if command -v timeout >/dev/null; then timeout "$@"; else shift; "$@"; fi; }

# Makes .data, which holds the database, its password and the logs: nobody else's to read.
make_data_folder() {
  if ! (umask 077; mkdir -p "$logs") 2>/dev/null || ! [ -w "$data" ] || ! [ -w "$logs" ]; then
    die "Cannot write to $data. Run this as the user who owns it, or make the folder writable."
  fi
}

# One set-up at a time: a second ./run waits instead of doing the same work twice. What outlives us must not
# inherit descriptor 9, hence the 9>&- here and there.
lock() {
  exec 9>>"$data/lock"
  command -v flock >/dev/null || return 0
  flock -w 1 9 || { say "Waiting for another ./run or ./test that is setting up …"; flock 9; }
}
unlock() { exec 9>&-; }

# A random password, made once.
make_password() {
  [ -s "$data/password" ] || (umask 077; od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$data/password")
}

port_is_taken() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# Sets port: the stored one, or a new one where that is taken; below the range that systems give to outgoing connections.
choose_port() {
  port=$(cat "$data/port" 2>/dev/null || true)
  until [[ $port =~ ^[0-9]+$ ]] && ! port_is_taken 127.0.0.1 "$port"; do port=$((15433 + RANDOM % 10000)); done
  echo "$port" >"$data/port"
}

# Says at once, before anything is built, that an address to serve at is taken.
check_urls() {
  local list=http://127.0.0.1:5080 urls url address host port
  while [ $# -gt 0 ]; do
    case $1 in --urls) list=${2-} ;; --urls=*) list=${1#*=} ;; esac
    shift
  done
  IFS=';' read -ra urls <<<"$list"
  for url in ${urls[@]+"${urls[@]}"}; do
    address=${url#*://} address=${address%%/*} port=${address##*:} host=${address%:*}
    host=${host#[} host=${host%]}
    case $host in '*' | + | 0.0.0.0 | ::) host=127.0.0.1 ;; esac
    if [[ $port =~ ^[0-9]+$ ]] && port_is_taken "$host" "$port"; then
      die "Port $port is taken, perhaps by a Jietong that already runs at $url." \
        "To use another one: ./run --urls http://127.0.0.1:$((port + 1))"
    fi
  done
}

can_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }

apt() {
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  ${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300 "$@" \
    </dev/null >>"$logs/apt.log" 2>&1 9>&-
}

# Installs Debian packages. The lists come first: a fresh machine has none.
install_packages() {
  say "Installing $* with apt-get (log: .data/log/apt.log) …"
  apt update || say "apt-get update failed; trying with the lists that are there."
  apt install --no-install-recommends "$@" || die "apt-get could not install $*:" "$(grep '^[EW]:' "$logs/apt.log" | tail -n 5)"
}

# Downloads in most formats are written by GDAL, WFS is answered by MapServer. Without them the service runs, and says what it lacks.
offer_programs() {
  local lacking=()
  command -v ogr2ogr >/dev/null || lacking+=(gdal-bin)
  command -v mapserv >/dev/null || lacking+=(mapserver-bin)
  [ ${#lacking[@]} -gt 0 ] && [ ! -f "$data/without-${lacking[0]}" ] || return 0
  if can_install && (install_packages "${lacking[@]}"); then return 0; fi
  say "Without ${lacking[*]} some downloads or WFS answer 501. As root: apt-get update && apt-get install ${lacking[*]}"
  touch "$data/without-${lacking[0]}" # says so once
}

# Says within a second that the .NET SDK lacks, or is another than global.json wants.
check_dotnet() {
  local version way="Install the .NET SDK 10: https://dotnet.microsoft.com/download/dotnet/10.0"
  command -v dotnet >/dev/null || die "The command dotnet is not there. $way"
  version=$(cd "$root" && dotnet --version 2>&1) || die "$version" "$way"
  [ "${version%%.*}" = 10 ] || die "The .NET SDK here is $version, Jietong needs 10. $way"
}

# All that the program is made from, as one number: a file changed, added, removed or restored gives another.
fingerprint() {
  (cd "$root" && find geodata routing services Directory.*.props global.json \
    \( -name bin -o -name obj -o -name node_modules \) -prune -o \
    -type f ! -name packages.lock.json -exec cksum {} + | LC_ALL=C sort | cksum)
}

is_built() { [ -f "$program" ] && [ "$(cat "$data/built" 2>/dev/null)" = "$(fingerprint)" ]; }

# Builds a project or solution, leaving no build server behind; shows what the compiler says only if it fails.
build() {
  local made_from log=$logs/build.log
  made_from=$(fingerprint)
  rm -f "$data/built"
  say "Building $1 (log: .data/log/build.log) …"
  if ! (cd "$root" && dotnet build "$1" -c Release --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false) \
    </dev/null >"$log" 2>&1 9>&-; then
    { grep -F ': error' "$log" || tail -n 20 "$log"; } | LC_ALL=C sort -u | head -n 30 >&2
    die "The build of $1 failed; all of it is in .data/log/build.log."
  fi
  echo "$made_from" >"$data/built"
}
