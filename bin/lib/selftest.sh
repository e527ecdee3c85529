#!/usr/bin/env bash
# Tries what the scripts here set up, with a private engine on either network, and that nothing of it is left. As root.
set -euo pipefail
self=$(readlink -f "${BASH_SOURCE[0]}")
cd "$(dirname "$self")/../.."
for part in common engine registry base-image; do
  # shellcheck source=/dev/null
  . "bin/lib/$part.sh"
done

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# run_tests FOLDER : by both runners that deployments know.
run_tests() {
  (cd examples/hello && "$PYTHON" -m pytest -q -p no:cacheprovider "$1" && "$PYTHON" -m unittest discover -q -s "$1") \
    >"$RUN_DIR/tests.log" 2>&1 || fail "$1: $(cat "$RUN_DIR/tests.log")"
}

# run_service NETWORK : the example in a container, its tests against it.
run_service() {
  local port
  port=$(free_port)
  if [ "$1" = host ]; then set -- --network=host -e "PORT=$port"; else set -- -p "127.0.0.1:$port:80" -e PORT=80; fi
  docker run -d --name hello -e PYM_JWT_SECRET=secret -e PYM_ENV=dev "$@" hello:selftest >/dev/null 2>&1
  export PYM_SERVER_HOST=127.0.0.1 PYM_SERVER_PORT=$port
  until_true 20 http_ok "$port" || fail "no answer: $(docker logs hello 2>&1 | tail -n 3)"
  PYM_JWT_TOKEN=$(cd examples/hello/test && PYTHONPATH=.. "$PYTHON" -c '
import test_auth, time
print(test_auth.token(secret=b"secret", aud=test_auth.AUDIENCE, exp=time.time() + 60))')
  export PYM_JWT_TOKEN
  run_tests testaccept
  docker stop -t 10 hello >/dev/null
  # By exec, gunicorn gets SIGTERM and ends well.
  [ "$(docker inspect --format '{{.State.ExitCode}}' hello)" = 0 ] || fail "the container was killed"
  docker rm hello >/dev/null
}
http_ok() { "$PYTHON" -c 'import sys, urllib.request as r; r.urlopen("http://127.0.0.1:%s/ping" % sys.argv[1], timeout=5)' "$1"; }

# One run on NETWORK; writes what it started to FILE.
one_run() {
  export PYM_ENGINE_NETWORK=$1 PYTHONDONTWRITEBYTECODE=1
  start_run
  find_java
  find_python
  install_engine
  local forwarding status open
  forwarding=$(</proc/sys/net/ipv4/ip_forward)
  start_private_engine
  [ "$forwarding" = "$(</proc/sys/net/ipv4/ip_forward)" ] || fail "the machine's network has changed"
  story engine
  start_registry open
  open=$REGISTRY
  start_registry guarded pym 's3cr=t pass'
  status=$(registry_status "${REGISTRY#*:}")
  [ "$status" = 401 ] || fail "the guarded registry answers $status without a login"
  export DOCKER_CONFIG=$RUN_DIR/docker-config
  docker login --username pym --password-stdin "$REGISTRY" <<<'s3cr=t pass' >/dev/null 2>&1 || fail "login refused"
  if docker login --username pym --password-stdin "$REGISTRY" <<<wrong >/dev/null 2>&1; then fail "wrong login accepted"; fi
  story registries
  make_base_image
  story "base image"
  push_base_image "$open"
  docker image inspect --format '{{index .RepoDigests 0}}' "$BASE_PUSHED" | grep -q @sha256: || fail "no digest"
  story "base image pushed"
  run_tests test
  # shellcheck disable=SC2016  # the container's shell expands it
  printf '%s\n' "FROM $BASE_IMAGE" 'COPY . /pym' 'WORKDIR /pym' \
    'RUN virtenv/bin/pip install --no-index -r requirements.txt && echo selftest >VERSION' \
    'CMD exec virtenv/bin/gunicorn -b 0.0.0.0:$PORT server:app' |
    docker build -q -t hello:selftest -f - examples/hello >"$RUN_DIR/build.log" 2>&1 ||
    fail "$(cat "$RUN_DIR/build.log")"
  story "image built"
  run_service host
  if [ "$1" = bridge ]; then run_service bridge; fi
  story "service tried"
  printf '%s\n' "$RUN_DIR" "$(jobs -p)" "pym$$" >"$2"
  # Left to the end of the run.
  docker run -d --restart always --network host "$BASE_IMAGE" sleep 1000 >/dev/null

}

# all_gone FILE : of what the file tells.
all_gone() {
  local thing
  while read -r thing; do
    if [ -e "/proc/$thing" ] || [ -e "/sys/class/net/$thing" ] || grep -q "$thing" /proc/mounts; then return 1; fi
    case $thing in /*) [ ! -e "$thing" ] || return 1 ;; esac
  done <"$1"
}

if [ $# -gt 0 ]; then
  one_run "$@"
  exit
fi

[ "$(id -u)" = 0 ] || not_ready "a private engine needs root"
started=$(mktemp)
trap 'rm -f "$started"' EXIT
for network in bridge host; do
  say "== $network"
  "$self" "$network" "$started"
  all_gone "$started" || fail "left behind: $(tr '\n' ' ' <"$started")"
done
say "passed"
