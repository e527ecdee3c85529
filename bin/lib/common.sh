# Sourced by bin/demo and bin/verify: what every script here needs.

say() { printf '%s\n' "$*"; }
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
  export DEBIAN_FRONTEND=noninteractive
  if ! apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >"$RUN_DIR/apt.log" 2>&1; then
    # The list of packages may be missing or old.
    apt-get update -qq </dev/null >>"$RUN_DIR/apt.log" 2>&1 || true
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >>"$RUN_DIR/apt.log" 2>&1 ||
      not_ready "apt-get could not install ${missing[*]}: $(tail -n 1 "$RUN_DIR/apt.log")"
  fi
}

# A private directory for one run, and the end of everything that was started, in reverse, however the script ends.
RUN_DIR=
AT_END=()
start_run() {
  RUN_DIR=$(mktemp -d "${TMPDIR:-/tmp}/pymacaron.XXXXXX")
  trap end_run EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}
end_run() {
  local status=$? i
  trap - EXIT INT TERM
  for ((i = ${#AT_END[@]} - 1; i >= 0; i--)); do
    eval "${AT_END[i]}" || true
  done
  rm -rf "$RUN_DIR" 2>/dev/null || true
  exit $status
}

# stop_process PID SECONDS : asks it to end, waits, then makes it.
stop_process() {
  kill -TERM "$1" 2>/dev/null || return 0
  until_true "$2" process_is_gone "$1" || kill -KILL "$1" 2>/dev/null || true
}
process_is_gone() { ! kill -0 "$1" 2>/dev/null; }

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

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
    mvn -q -B dependency:copy -Dartifact="org.apache.maven:apache-maven:$version:tar.gz:bin" \
      -DoutputDirectory="$RUN_DIR" </dev/null >"$RUN_DIR/maven.log" 2>&1 || return 1
    tar -C "$(cache_dir)" -xzf "$RUN_DIR/apache-maven-$version-bin.tar.gz"
  fi
  printf '%s\n' "$home/bin/mvn"
}
maven_is_new_enough() {
  [ -n "$1" ] && [ "$(printf '3.9.6\n%s\n' "$1" | sort -V | head -n 1)" = 3.9.6 ]
}
