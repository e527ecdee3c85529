# Private image registries on loopback, from Debian's docker-registry.

# start_registry NAME [USER PASSWORD] : sets REGISTRY to host:port.
start_registry() {
  apt_packages docker-registry
  local port dir=$RUN_DIR/registry-$1
  port=$(free_port)
  mkdir -p "$dir"
  {
    printf 'version: 0.1\nlog: {level: warn}\n'
    printf 'storage: {filesystem: {rootdirectory: %s/data}, delete: {enabled: true}}\n' "$dir"
    printf 'http: {addr: "127.0.0.1:%s"}\n' "$port"
    if [ $# -gt 1 ]; then
      apt_packages apache2-utils
      htpasswd -iBc "$dir/users" "$2" <<<"$3" 2>/dev/null
      printf 'auth: {htpasswd: {realm: test, path: %s/users}}\n' "$dir"
    fi
  } >"$dir/config.yml"
  docker-registry serve "$dir/config.yml" >"$dir/log" 2>&1 </dev/null &
  AT_END+=("stop_process $! 5")
  REGISTRY=127.0.0.1:$port
  until_true 15 registry_answers "$port" || not_ready "docker-registry did not start: $(tail -n 1 "$dir/log")"
}
registry_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }
