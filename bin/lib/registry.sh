# Private image registries on loopback, from Debian's docker-registry.

# start_registry NAME [USER PASSWORD] : sets REGISTRY to host:port.
start_registry() {
  command -v docker-registry >/dev/null || apt_packages docker-registry
  local dir=$RUN_DIR/registry-$1 port
  mkdir -p "$dir"
  if [ $# -gt 1 ]; then
    command -v htpasswd >/dev/null || apt_packages apache2-utils
    htpasswd -iBc "$dir/users" "$2" <<<"$3" 2>/dev/null
  fi
  # Another program may take a free port before the registry has it: three tries.
  for _ in 1 2 3; do
    port=$(free_port)
    {
      printf 'version: 0.1\nlog: {level: warn}\n'
      printf 'storage: {filesystem: {rootdirectory: "%s/data"}, delete: {enabled: true}}\n' "$dir"
      printf 'http: {addr: "127.0.0.1:%s"}\n' "$port"
      [ $# -eq 1 ] || printf 'auth: {htpasswd: {realm: "%s", path: "%s/users"}}\n' "$1" "$dir"
    } >"$dir/config.yml"
    start_daemon "$dir/log" docker-registry serve "$dir/config.yml"
    if until_true 15 registry_is_up_or_dead "$port" && ! process_is_gone "$DAEMON_PID"; then
      # shellcheck disable=SC2034  # for those who source this
      REGISTRY=127.0.0.1:$port
      return
    fi
    stop_process "$DAEMON_PID" 5
  done
  not_ready "docker-registry did not start: $(tail -n 1 "$dir/log")"
}
registry_is_up_or_dead() { process_is_gone "$DAEMON_PID" || [[ $(registry_status "$1") = [24]* ]]; }
# The status of GET /v2/: 200, or 401 where a login is asked for.
registry_status() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET /v2/ HTTP/1.0\r\n\r\n' >&3
    read -r -t 5 _ status _ <&3
    printf '%s\n' "$status"
  ) 2>/dev/null
}
