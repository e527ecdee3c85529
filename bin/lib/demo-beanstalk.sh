#!/usr/bin/env bash
# bin/demo beanstalk: the whole pipeline on Elastic Beanstalk, as a server on this machine speaks it to the real AWS SDK. Each
# environment is a container; live is a port of loopback that leads to whichever one owns the live CNAME.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for part in common engine registry base-image; do
  # shellcheck source=/dev/null
  . "$home/bin/lib/$part.sh"
done

start_run
find_java
export PYM_ENGINE_NETWORK=host
start_engine
apt_packages git curl
find_python
start_registry demo
make_base_image

logs=$(mktemp -d "${TMPDIR:-/tmp}/pymacaron-demo.XXXXXX")
service=$RUN_DIR/hello
api=$(free_port)
live=$(free_port)
containers=pym-eb-$$-
export PYM_JWT_SECRET="demo, with=special 'characters\""
export XDG_STATE_HOME=$RUN_DIR/state
export AWS_ENDPOINT_URL=http://127.0.0.1:$api AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=example

remove_containers() {
  docker ps -aq --filter "name=$containers" | xargs -r docker rm -fv >/dev/null
  docker images -q "$REGISTRY/demo/hello-demo" | sort -u | xargs -r docker rmi -f >/dev/null
}
AT_END+=(remove_containers)

# The build is not part of the story; the server is among the tests.
"$home/bin/pymdeploy" --version >/dev/null
build=$home/target/central
if [ ! -e "$build/test-classes/io/jenkins/plugins/pymacaron/target/beanstalk/BeanstalkDemo.class" ] ||
  [ -n "$(find "$home/src/test/java/io/jenkins/plugins/pymacaron/target" -newer "$build/test-classes" -type f -print -quit)" ]; then
  mvn -q -B -f "$home/central.pom.xml" test-compile </dev/null
  touch "$build/test-classes"
fi
start_daemon "$logs/server.log" "$JAVA" -cp "$build/test-classes:$build/classes:$build/lib/*" \
  io.jenkins.plugins.pymacaron.target.beanstalk.BeanstalkDemo "$api" "$live" hello-demo-live "$containers"
until_true 30 curl -s -o /dev/null "http://127.0.0.1:$api/" || not_ready "the server did not start: $(tail -n 3 "$logs/server.log")"

cp -r "$home/examples/hello" "$service"
cd "$service"
sed -i -e 's/^name: hello$/name: hello-demo/' -e "s/^live_url:.*/live_url: http:\/\/127.0.0.1:$live/" \
  -e '/^staging:/,/^$/d' -e "s/^docker_base:.*/docker_base: $BASE_IMAGE/" \
  -e 's/^deploy_target:.*/deploy_target: beanstalk/' pym-config.yaml
cat >>pym-config.yaml <<YAML
registry: $REGISTRY
aws_user: demo
aws_region: eu-west-1
aws_keypair: demo
aws_instance_type: t3.small
aws_instance_profile: aws-elasticbeanstalk-ec2-role
aws_live_cname: hello-demo-live
YAML
sed -i "s/name='hello'/name='hello-demo'/" server.py
sed -i "s/'hello')/'hello-demo')/" testaccept/test_endpoints.py
git init -q -b main .
commit() {
  git add -A
  git -c user.name=Demo -c user.email=demo@example.org commit -qm "$1"
}

failures=0
# deploy NAME EXPECTED-EXIT-CODE EXPECTED-LINE OPTION... : one run, whose output is shown if it ends otherwise.
deploy() {
  local name=$1 expected=$2 line=$3 status=0
  shift 3
  "$home/bin/pymdeploy" --python "$PYTHON" --report "$logs/$name" "$@" </dev/null >"$logs/$name.log" 2>&1 || status=$?
  if [ $status != "$expected" ] || ! grep -qE -- "$line" "$logs/$name.log"; then
    failures=$((failures + 1))
    sed 's/^/    /' "$logs/$name.log"
    say "    ^ ended with $status; expected $expected and a line with '$line'"
  fi
  sed -nE 's/^(ok|FAILED|--) /   &/p' "$logs/$name.log"
}
answer() { curl -fsS "http://127.0.0.1:$live/version" | sed 's/.*"version":"\([^"]*\)".*/\1/'; }
# expect TEXT same|different A B
expect() {
  local found=different
  [ "$3" != "$4" ] || found=same
  if [ "$2" = $found ]; then
    story "=> $1"
  else
    failures=$((failures + 1))
    story "=> WRONG: $1 ('$3' and '$4' are $found)"
  fi
}
environments() { docker ps -q --filter "name=$containers" | wc -l; }

say ""
say "1. The plan, and the first deployment, which is made with the live CNAME"
commit "Say hello"
deploy plan 0 'create environment hello-demo-.* and CNAME prefix hello-demo-live' --plan
expect "the plan made nothing" same "$(environments)" 0
deploy first 0 '^ok Accept live'
first=$(answer)
expect "$first is live" different "$first" ""

say ""
say "2. A second version: an environment of its own, accepted, swapped, accepted again"
sed -i "s/'Hello, %s!'/'Hello and welcome, %s!'/" hello/greeting.py
sed -i "s/Hello, Ada!/Hello and welcome, Ada!/" test/test_greeting.py testaccept/test_endpoints.py
commit "Be more polite"
deploy second 0 '^ok Accept live'
second=$(answer)
expect "$second is live" different "$second" "$first"
expect "$first is kept warm" same "$(environments)" 2

say ""
say "3. Back to the version before, and forth again, without a build"
deploy rollback 0 'serves again' --rollback
expect "$first is live" same "$(answer)" "$first"
deploy forth 0 '^ok Accept live' --deploy "$second"
expect "$second is live" same "$(answer)" "$second"

say ""
say "4. A version that is only wrong behind the live URL: it is taken back"
cp hello/greeting.py "$RUN_DIR/greeting.py"
sed -i "s/    return 'Hello/    import flask\n    if flask.has_request_context() and 'X-Forwarded-Host' in flask.request.headers:\n        return 'Oops'\n    return 'Hello/" hello/greeting.py
commit "Break live"
deploy fourth 7 '^Rolled back'
expect "$second is live, proven" same "$(answer)" "$second"

say ""
say "5. pymdeploy is killed while the environment comes up, and goes on"
cp "$RUN_DIR/greeting.py" hello/greeting.py
printf '\n' >>hello/greeting.py
commit "Mend live"
"$home/bin/pymdeploy" --python "$PYTHON" --report "$logs/killed" </dev/null >"$logs/killed.log" 2>&1 &
pid=$!
until_true 300 grep -q 'waiting for version .* in environment' "$logs/killed.log" ||
  { failures=$((failures + 1)) && sed 's/^/    /' "$logs/killed.log"; }
kill -KILL "$pid" || true
wait "$pid" 2>/dev/null || true
before=$(environments)
deploy resumed 0 '^ok Accept live' --resume
expect "$(answer) is live" different "$(answer)" "$second"
expect "no environment was made twice" same "$(grep -c 'create environment' "$logs/killed.log" "$logs/resumed.log" | awk -F: '{n += $2} END {print n}')" 1
[ "$before" -ge 2 ] || failures=$((failures + 1))

say ""
say "Logs and reports: $logs"
if [ -s "$logs/server.log" ] && grep -q 'Exception' "$logs/server.log"; then
  failures=$((failures + 1))
  tail -n 20 "$logs/server.log"
fi
if [ $failures != 0 ]; then
  say "The demonstration did NOT end as it should: $failures things are wrong."
  exit 1
fi
say "Everything ended as it should, $SECONDS s after the start."
