#!/usr/bin/env bash
# bin/demo gke: the whole pipeline against two clusters that speak Kubernetes' protocol on this machine, whose pods are
# containers: a first deployment, a promotion, a version that fails when it is live, and a crash with --resume.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for part in common engine registry base-image; do
  # shellcheck source=/dev/null
  . "$home/bin/lib/$part.sh"
done

start_run
find_java
# Pods are containers on the network of this machine.
export PYM_ENGINE_NETWORK=host
start_engine
apt_packages git curl
find_python
start_registry demo
make_base_image

name=hello-gke
service=$RUN_DIR/hello
cloud=$RUN_DIR/cloud
reports=$(mktemp -d "${TMPDIR:-/tmp}/pymacaron-demo.XXXXXX")
live=$(free_port)
staging=$(free_port)
export PYM_JWT_SECRET="demo, with=special 'characters\""
export XDG_STATE_HOME=$RUN_DIR/state

remove_containers() {
  docker ps -aq --filter "name=$name-pod-" | xargs -r docker rm -fv >/dev/null
  docker images -q "$REGISTRY/demo/$name" | sort -u | xargs -r docker rmi -f >/dev/null
}
AT_END+=(remove_containers)

"$home/bin/pymdeploy" --version >/dev/null
# The clusters are a part of the tests.
mvn -q -B -f "$home/central.pom.xml" test-compile </dev/null
mkdir "$cloud"
mkfifo "$cloud/until"
exec 7<>"$cloud/until"
start_daemon "$cloud/log" sh -c 'exec "$@" <"$0"' "$cloud/until" "$JAVA" \
  -cp "$home/target/central/test-classes:$home/target/central/classes:$home/target/central/lib/*" \
  io.jenkins.plugins.pymacaron.target.gke.wire.GkeDemo "$cloud" "$name" "$live" "$staging"
until_true 60 test -s "$cloud/key.json" || not_ready "the clusters did not start: $(tail -n 3 "$cloud/log")"
PYM_GCP_KEY=$(cat "$cloud/key.json")
PYM_GKE_ENDPOINT=$(cat "$cloud/endpoint")
export PYM_GCP_KEY PYM_GKE_ENDPOINT

cp -r "$home/examples/hello" "$service"
cd "$service"
sed -i -e "s/^name: hello$/name: $name/" -e "s/^deploy_target:.*/deploy_target: gke/" \
  -e "s/^live_url:.*/live_url: http:\/\/127.0.0.1:$live/" \
  -e "s/^  live_url:.*/  live_url: http:\/\/127.0.0.1:$staging/" -e "s/^docker_base:.*/docker_base: $BASE_IMAGE/" pym-config.yaml
printf 'registry: %s\ngke_probe_delay: 1s\ngke_pre_stop: 1s\n' "$REGISTRY" >>pym-config.yaml
sed -i "s/name='hello'/name='$name'/" server.py
sed -i "s/'hello')/'$name')/" testaccept/test_endpoints.py
git init -q -b main .
commit() {
  git add -A
  git -c user.name=Demo -c user.email=demo@example.org commit -qm "$1"
}

failures=0
show() { grep -E '^(ok|FAILED|--) ' "$1" | sed 's/^/   /' || true; }
# deploy NAME EXPECTED-EXIT-CODE EXPECTED-LINE [OPTION...] : one run, whose output is shown if it ends otherwise.
deploy() {
  local report=$reports/$1 code=$2 line=$3 status=0
  shift 3
  "$home/bin/pymdeploy" --python "$PYTHON" --report "$report" "$@" </dev/null >"$report.log" 2>&1 || status=$?
  if [ $status != "$code" ] || ! grep -qE -- "$line" "$report.log"; then
    failures=$((failures + 1))
    sed 's/^/    /' "$report.log"
    say "    ^ ended with $status; expected $code and a line with '$line'"
  fi
  show "$report.log"
}
answer() { curl -fsS "http://127.0.0.1:$live/version" | sed 's/.*"version":"\([^"]*\)".*/\1/'; }
# expect TEXT same|different A B
expect() {
  local found=different
  [ "$3" != "$4" ] || found=same
  if [ "$2" = $found ]; then
    story "   => $1"
  else
    failures=$((failures + 1))
    say "   => WRONG: $1 ('$3' and '$4' are $found)"
  fi
}

say ""
say "1. The plan, then the first deployment: everything is made"
commit "Say hello"
deploy plan 0 'create Ingress' --plan
grep -E '^  (create|change|wait)' "$reports/plan.log" | sed 's/^/ /' || true
deploy first 0 '^ok Accept live'
first=$(answer)
expect "$first is live behind the Ingress" different "$first" ""

say ""
say "2. After a change: rolled out, promoted"
sed -i "s/'Hello, %s!'/'Hello and welcome, %s!'/" hello/greeting.py
sed -i "s/Hello, Ada!/Hello and welcome, Ada!/" test/test_greeting.py testaccept/test_endpoints.py
commit "Be more polite"
deploy second 0 '^ok Accept live'
second=$(answer)
expect "$second replaced $first" different "$second" "$first"

say ""
say "3. A version that is only wrong when it is live: it is taken back"
cp hello/greeting.py "$RUN_DIR/good.py"
sed -i "s/    return 'Hello/    import os\n    if os.environ.get('PYM_ENV', '').endswith('-live'):\n        return 'Oops'\n    return 'Hello/" hello/greeting.py
commit "Break live"
deploy third 7 '^Rolled back'
expect "$second serves again, proven" same "$(answer)" "$second"

say ""
say "4. pymdeploy is killed while it changes live; --resume goes on where it was"
cp "$RUN_DIR/good.py" hello/greeting.py
printf '\n' >>README.md
commit "Mend live"
setsid "$home/bin/pymdeploy" --python "$PYTHON" --report "$reports/fourth" </dev/null >"$reports/fourth.log" 2>&1 &
killed=$!
until_true 300 grep -q "change Deployment $name-live " "$reports/fourth.log" || true
kill -KILL "$killed" || true
wait "$killed" 2>/dev/null || true
show "$reports/fourth.log"
say "   killed with SIGKILL"
deploy resumed 0 '^ok Accept live' --resume
expect "$(answer) is live" different "$(answer)" "$second"

say ""
say "Reports: $reports"
if [ $failures != 0 ]; then
  say "The demonstration did NOT end as it should: $failures things are wrong."
  exit 1
fi
say "Everything ended as it should, $SECONDS s after the start."
