# Sourced by bin/demo and bin/verify: what every script here needs.

# Where Debian has dockerd, ip and debootstrap; a root shell by `su` lacks it.
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }
# story TEXT... : a line with the seconds since start_run.
story() {
  # The decimal sign is the locale's.
  local tenths=$(((${EPOCHREALTIME/[.,]/} - RUN_STARTED) / 100000))
  printf '[%4d.%d s] %s\n' $((tenths / 10)) $((tenths % 10)) "$*"
}
warn() { printf 'warning: %s\n' "$*" >&2; }

# One line that says what is missing and what to do; the scripts end with 3 then.
not_ready() {
  printf 'not ready: %s\n' "$*" >&2
  exit 3
}

cache_dir() { printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/pymacaron"; }

# until_true SECONDS COMMAND... : polls every 50 ms; false once the time is over.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt "$end" ] || return 1
    sleep 0.05
  done
}

# apt_packages NAME... : installs what is missing of Debian's packages.
apt_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || not_ready "please install ${missing[*]}"
  [ "$(id -u)" = 0 ] || not_ready "please install ${missing[*]}, or run this as root"
  say "Installing ${missing[*]}"
  if ! apt_get install -y --no-install-recommends "${missing[@]}"; then
    # The list of packages may be missing or old.
    apt_update
    apt_get install -y --no-install-recommends "${missing[@]}" ||
      not_ready "apt-get could not install ${missing[*]}: $(grep '^E:' "$RUN_DIR/apt.log" | tail -n 1)"
  fi
}
# One source out of several that fails need not be the one that matters.
apt_update() { apt_get update || true; }
apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" </dev/null >>"$RUN_DIR/apt.log" 2>&1
}

# A private directory for one run, and the end of everything that was started, in reverse, however the script ends.
# /var/tmp, as /tmp may be memory and an engine's data is large.
RUN_DIR=
RUN_STARTED=
AT_END=()
start_run() {
  RUN_STARTED=${EPOCHREALTIME/[.,]/}
  RUN_DIR=$(mktemp -d "${TMPDIR:-/var/tmp}/pymacaron.XXXXXX")
  trap end_run EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}
end_run() {
  local status=$? i
  # A second Ctrl-C must not leave half of it behind; each of the steps has its deadline.
  trap '' HUP INT TERM
  trap - EXIT
  for ((i = ${#AT_END[@]} - 1; i >= 0; i--)); do
    eval "${AT_END[i]}" >/dev/null 2>&1 || true
  done
  # One file system: never into what is still mounted below.
  rm -rf --one-file-system "$RUN_DIR" 2>/dev/null || true
  exit $status
}

# start_daemon LOG COMMAND... : sets DAEMON_PID. A session of its own, since what Ctrl-C ends may still need it for its
# clean-up; it ends with this script even if that is killed.
start_daemon() {
  local log=$1
  shift
  setsid setpriv --pdeathsig TERM "$@" >"$log" 2>&1 </dev/null &
  DAEMON_PID=$!
  AT_END+=("stop_process $DAEMON_PID 30")
}

# stop_process PID SECONDS : asks it to end, waits, then makes it.
stop_process() {
  if process_is_gone "$1"; then return; fi
  kill -TERM "$1" || true
  until_true "$2" process_is_gone "$1" || kill -KILL "$1" || true
}
# Only a child of ours counts: once it has ended, its number may belong to another process.
process_is_gone() { ! grep -qs "^PPid:[[:space:]]*$$\$" "/proc/$1/status"; }

# Below the range from which systems give out ports by themselves.
free_port() {
  local port
  until
    port=$((20000 + RANDOM % 10000))
    ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
  do :; done
  printf '%s\n' "$port"
}

# Sets PYTHON to the path of an interpreter with pytest and Flask, which the example's tests run with: Debian's own, which
# also sees what else apt_packages installs, before one that comes first on PATH and does not.
find_python() {
  for PYTHON in /usr/bin/python3 "$(command -v python3)"; do
    if python_has_modules; then return; fi
  done
  apt_packages python3-pytest python3-pytest-xdist python3-flask
  PYTHON=/usr/bin/python3
  python_has_modules || not_ready "$PYTHON has no pytest and Flask; please install them"
}
python_has_modules() { "$PYTHON" -c 'import flask, pytest' >/dev/null 2>&1; }

# Sets JAVA to a Java of at least 17, or ends.
find_java() {
  JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
  local major
  major=$("$JAVA" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java.specification.version = //p') || true
  [ "${major%%.*}" -ge 17 ] 2>/dev/null || not_ready "please install a JDK of at least 17, or point JAVA_HOME to one"
  command -v mvn >/dev/null || not_ready "please install Maven"
}

# Prints a Maven of at least 3.9.6, which the Jenkins plugin parent asks for: the one that is there, or one from the cache
# or the configured Maven repository. Fails when there is none.
newer_maven() {
  local version=3.9.11 home
  if maven_is_new_enough "$(mvn -v 2>/dev/null | sed -n 's/^[^0-9]*Apache Maven \([0-9.]*\).*/\1/p')"; then
    command -v mvn
    return
  fi
  home=$(cache_dir)/apache-maven-$version
  if [ ! -x "$home/bin/mvn" ]; then
    mkdir -p "$(cache_dir)"
    # Where there is no pom.xml: this Maven cannot read the project's.
    (cd "$RUN_DIR" && mvn -q -B dependency:copy -Dartifact="org.apache.maven:apache-maven:$version:tar.gz:bin" \
      -DoutputDirectory="$RUN_DIR" </dev/null >"$RUN_DIR/maven.log" 2>&1) || return 1
    # Complete or not at all; another run may be quicker.
    mkdir "$home.$$"
    tar -C "$home.$$" --strip-components=1 -xzf "$RUN_DIR/apache-maven-$version-bin.tar.gz" || return 1
    mv -T "$home.$$" "$home" || rm -rf "$home.$$"
  fi
  printf '%s\n' "$home/bin/mvn"
}
maven_is_new_enough() {
  [ -n "$1" ] && [ "$(printf '3.9.6\n%s\n' "$1" | sort -V | head -n 1)" = 3.9.6 ]
}
