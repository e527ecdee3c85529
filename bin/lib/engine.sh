# A Docker Engine: the one that is there, or a private one for this run.

engine_answers() { timeout 10 docker version --format '{{.Server.Version}}'; }

# start_engine : leaves an engine that `docker` reaches. Exports DOCKER_HOST where the engine is a private one.
start_engine() {
  if engine_is_there; then return; fi
  [ "$(id -u)" = 0 ] || not_ready "no Docker Engine answers; start one, add yourself to its group, or run this as root"
  [ -z "${DOCKER_HOST:-}" ] || warn "DOCKER_HOST=$DOCKER_HOST does not answer and is not used"
  install_engine
  # Where an init system runs, the package has just started the machine's own engine.
  if DOCKER_HOST='' engine_is_there; then
    unset DOCKER_HOST
    return
  fi
  start_private_engine
}
install_engine() {
  if ! command -v docker >/dev/null || ! command -v dockerd >/dev/null; then
    apt_packages docker.io iproute2
  fi
}
engine_is_there() {
  local version
  version=$(engine_answers 2>/dev/null) || return 1
  say "Docker Engine $version is there"
}

# start_private_engine : publishes ports where this machine lets it. PYM_ENGINE_NETWORK=host in the environment asks for
# an engine that does not, since the code must work with both.
#
# All that the engine changes outside of RUN_DIR is one bridge. It keeps off the firewall and IP forwarding, since
# dockerd does not put them back; published ports are carried by docker-proxy, and loopback is all that is promised.
# The data is new each time, so that no image or container of another run decides what this one does.
start_private_engine() {
  local address=unix://$RUN_DIR/docker.sock log=$RUN_DIR/dockerd.log bridge=pym$$ network networks=(none)
  if [ "${PYM_ENGINE_NETWORK:-}" != host ] && ip link add "$bridge" type bridge 2>/dev/null; then
    AT_END+=("ip link del $bridge")
    networks=("$bridge" none)
  fi
  AT_END+=(unmount_engine)
  for network in "${networks[@]}"; do
    start_daemon "$log" dockerd --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
      --bridge="$network" --host "$address" --pidfile "$RUN_DIR/docker.pid" \
      --data-root "$RUN_DIR/engine" --exec-root "$RUN_DIR/exec"
    if DOCKER_HOST=$address until_true 30 engine_is_up_or_dead && ! process_is_gone "$DAEMON_PID"; then
      export DOCKER_HOST=$address
      AT_END+=(remove_all_containers)
      [ "$network" = none ] && network="on the machine's network" || network="with published ports"
      say "Docker Engine $(engine_answers) started for this run, $network"
      return
    fi
    stop_process "$DAEMON_PID" 10
  done
  not_ready "dockerd did not start: $(grep -v '^$' "$log" | tail -n 1)"
}
engine_is_up_or_dead() { engine_answers || process_is_gone "$DAEMON_PID"; }
# Quicker than dockerd, which gives each its time to stop.
remove_all_containers() { timeout 30 docker ps -aq | timeout 30 xargs -r docker rm -fv; }
# dockerd leaves the mount of the machine's network namespace behind.
unmount_engine() {
  local mount
  while read -r _ mount _; do
    if [[ $mount = "$RUN_DIR"/* ]]; then umount -l "$mount"; fi
  done </proc/mounts
}
