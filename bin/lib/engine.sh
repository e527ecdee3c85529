# A Docker Engine: the one that is there, or a private one for this run.

engine_answers() { docker version --format '{{.Server.Version}}'; }

# Exports DOCKER_HOST where the engine is a private one.
start_engine() {
  if command -v docker >/dev/null && engine_answers >/dev/null 2>&1; then
    say "Docker Engine $(engine_answers) is there"
    return
  fi
  [ "$(id -u)" = 0 ] || not_ready "no Docker Engine answers; start one, add yourself to its group, or run this as root"
  apt_packages docker.io
  local data
  data=$(cache_dir)/engine
  mkdir -p "$data"
  exec 8>"$data.lock"
  # Two engines must not share their data: the second run starts with nothing.
  flock -n 8 || data=$RUN_DIR/engine
  local address=unix://$RUN_DIR/docker.sock flags
  for flags in "" "--iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --bridge=none"; do
    # Word splitting is meant. 8>&-: the lock is ours, not the engine's.
    # shellcheck disable=SC2086
    dockerd $flags --host "$address" --data-root "$data" --exec-root "$RUN_DIR/exec" --pidfile "$RUN_DIR/docker.pid" \
      >"$RUN_DIR/dockerd.log" 2>&1 </dev/null 8>&- &
    ENGINE_PID=$!
    if DOCKER_HOST=$address until_true 30 engine_is_up_or_dead && DOCKER_HOST=$address engine_answers >/dev/null 2>&1; then
      export DOCKER_HOST=$address
      AT_END+=("stop_process $ENGINE_PID 20")
      say "Docker Engine $(engine_answers) started for this run${flags:+, without the right to publish ports}"
      return
    fi
    stop_process "$ENGINE_PID" 10
  done
  not_ready "dockerd did not start: $(grep -v '^$' "$RUN_DIR/dockerd.log" | tail -n 1)"
}
engine_is_up_or_dead() { engine_answers || process_is_gone "$ENGINE_PID"; }
