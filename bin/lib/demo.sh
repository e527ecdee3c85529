# Sourced by bin/demo and by the demonstrations of the clouds, which set $home before: the service that is deployed, and
# the check of what became of it.
for part in common engine registry base-image; do
  # shellcheck source=/dev/null
  . "$home/bin/lib/$part.sh"
done

# begin_demo NAME FILTER... : everything a demonstration needs of this machine. NAME is the service's; docker ps finds its
# containers by the FILTERs.
begin_demo() {
  NAME=$1
  FILTERS=("${@:2}")
  start_run
  find_java
  # On the network of this machine two containers can listen on one port, which is how live is replaced without a gap.
  export PYM_ENGINE_NETWORK=host
  start_engine
  apt_packages git curl
  find_python
  start_registry demo
  make_base_image
  LOGS=$(mktemp -d "${TMPDIR:-/tmp}/pymacaron-demo.XXXXXX")
  service=$RUN_DIR/hello
  LIVE=$(free_port)
  FAILURES=0
  export PYM_JWT_SECRET="demo, with=special 'characters\""
  export XDG_STATE_HOME=$RUN_DIR/state
  AT_END+=(remove_containers)
  # The build is not part of the story.
  "$home/bin/pymdeploy" --version >/dev/null
}

remove_containers() {
  local filter
  for filter in "${FILTERS[@]}"; do
    docker ps -aq --filter "$filter" | xargs -r docker rm -fv >/dev/null
  done
  docker images -q "$REGISTRY/demo/$NAME" | sort -u | xargs -r docker rmi -f >/dev/null
}
running() { docker ps -q --filter "${FILTERS[0]}" | wc -l; }

# build_server : sets SERVER, to which the name of a class of the tests and its arguments are added: there the servers are
# that speak as clouds do.
build_server() {
  local build=$home/target/central
  if [ ! -e "$build/test-classes" ] ||
    [ -n "$(find "$home/src/test/java/io/jenkins/plugins/pymacaron/targets" -newer "$build/test-classes" -type f -print -quit)" ]; then
    mvn -q -B -f "$home/central.pom.xml" test-compile </dev/null
    touch "$build/test-classes"
  fi
  SERVER=("$JAVA" -Dsun.net.httpserver.nodelay=true -cp "$build/test-classes:$build/classes:$build/lib/*")
}

# copy_example SED-OPTION... : examples/hello under the name of this demonstration, in a repository of its own, which is the
# working directory then.
copy_example() {
  cp -r "$home/examples/hello" "$service"
  cd "$service"
  sed -i -e "s/^name: hello$/name: $NAME/" -e "s/^live_url:.*/live_url: http:\/\/127.0.0.1:$LIVE/" \
    -e "s/^docker_base:.*/docker_base: $BASE_IMAGE/" "$@" pym-config.yaml
  printf 'registry: %s\n' "$REGISTRY" >>pym-config.yaml
  sed -i "s/name='hello'/name='$NAME'/" server.py
  sed -i "s/'hello')/'$NAME')/" testaccept/test_endpoints.py
  git init -q -b main .
}

commit() {
  git add -A
  git -c user.name=Demo -c user.email=demo@example.org commit -qm "$1"
}

be_polite() {
  sed -i "s/'Hello, %s!'/'Hello and welcome, %s!'/" hello/greeting.py
  sed -i "s/Hello, Ada!/Hello and welcome, Ada!/" test/test_greeting.py testaccept/test_endpoints.py
  commit "Be more polite"
}

# break_where MODULE CONDITION : a greeting that is wrong where the Python expression is true.
break_where() {
  cp hello/greeting.py "$RUN_DIR/greeting.py"
  sed -i "s/    return 'Hello/    import $1\n    if $2:\n        return 'Oops'\n    return 'Hello/" hello/greeting.py
  commit "Break live"
}
break_live() { break_where os "os.environ.get('PYM_ENV', '').endswith('-live')"; }
# Wrong only for those who come to where live answers.
break_address() {
  break_where flask "flask.has_request_context() and ':$LIVE' in flask.request.headers.get('X-Forwarded-Host', flask.request.host)"
}
mend_live() {
  cp "$RUN_DIR/greeting.py" hello/greeting.py
  printf '\n' >>hello/greeting.py
  commit "Mend live"
}

# deploy NAME EXPECTED-EXIT-CODE EXPECTED-LINE OPTION... : one run, whose output is shown if it ends otherwise.
deploy() {
  local name=$1 expected=$2 line=$3 status=0 begin=${EPOCHREALTIME/[.,]/}
  shift 3
  "$home/bin/pymdeploy" --python "$PYTHON" --report "$LOGS/$name" "$@" </dev/null >"$LOGS/$name.log" 2>&1 || status=$?
  TENTHS_TAKEN=$(((${EPOCHREALTIME/[.,]/} - begin) / 100000))
  if [ $status != "$expected" ] || ! grep -qE -- "$line" "$LOGS/$name.log"; then
    FAILURES=$((FAILURES + 1))
    sed 's/^/    /' "$LOGS/$name.log"
    say "    ^ ended with $status; expected $expected and a line with '$line'"
  fi
  sed -nE 's/^(ok|FAILED|--) /   &/p' "$LOGS/$name.log"
}
took() { printf '%d.%d s' $((TENTHS_TAKEN / 10)) $((TENTHS_TAKEN % 10)); }

# deploy_and_kill NAME LINE : a run that is killed as soon as its output has LINE.
deploy_and_kill() {
  local pid
  "$home/bin/pymdeploy" --python "$PYTHON" --report "$LOGS/$1" </dev/null >"$LOGS/$1.log" 2>&1 &
  pid=$!
  until_true 300 grep -q -- "$2" "$LOGS/$1.log" || { FAILURES=$((FAILURES + 1)) && sed 's/^/    /' "$LOGS/$1.log"; }
  kill -KILL "$pid" || true
  wait "$pid" 2>/dev/null || true
}

# The version that is live.
answer() { curl -fsS "http://127.0.0.1:$LIVE/version" | sed 's/.*"version":"\([^"]*\)".*/\1/'; }

# expect TEXT same|different A B
expect() {
  local found=different
  [ "$3" != "$4" ] || found=same
  if [ "$2" = $found ]; then
    story "=> $1"
  else
    FAILURES=$((FAILURES + 1))
    story "=> WRONG: $1 ('$3' and '$4' are $found)"
  fi
}

chapter() { printf '\n%s\n' "$*"; }

end_demo() {
  chapter "Logs and reports: $LOGS"
  if grep -qs 'Exception' "$LOGS/server.log"; then
    FAILURES=$((FAILURES + 1))
    tail -n 20 "$LOGS/server.log"
  fi
  if [ $FAILURES != 0 ]; then
    say "The demonstration did NOT end as it should: $FAILURES things are wrong."
    exit 1
  fi
  say "Everything ended as it should, $SECONDS s after the start."
}
