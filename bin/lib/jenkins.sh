# A private Jenkins with the plugin of this tree: controller, one agent, configuration as code, no setup wizard.

# build_plugin : leaves target/pymacaron.hpi and the plugins it needs, or ends. Sets MVN39.
build_plugin() {
  MVN39=$(newer_maven) || not_ready "needs Maven 3.9.6 or newer, which could not be had"
  local offline log=$RUN_DIR/hpi.log
  for offline in -o ""; do
    # shellcheck disable=SC2086  # nothing, where there is a network
    (cd "$1" && "$MVN39" -B -q $offline -Pquick-build package) </dev/null >"$log" 2>&1 && return
  done
  if grep -qE 'Could not resolve|Non-resolvable|could not be resolved' "$log"; then
    not_ready "the Jenkins artifacts cannot be resolved here; CONTRIBUTING.md says where they come from"
  fi
  cat "$log"
  exit 1
}

# start_jenkins HOME-OF-THE-PROJECT : sets JENKINS to its address, and JENKINS_USER to user:password. $RUN_DIR/casc.yaml
# has to be there.
start_jenkins() {
  local version port url log=$RUN_DIR/jenkins.log war
  version=$(sed -n 's/^ *Jenkins-Version: //p' <(unzip -p "$1/target/pymacaron.hpi" META-INF/MANIFEST.MF | tr -d '\r'))
  (cd "$1" && "$MVN39" -B -q -o dependency:copy -Dartifact="org.jenkins-ci.main:jenkins-war:$version:war" \
    -DoutputDirectory="$RUN_DIR/war") </dev/null >"$RUN_DIR/war.log" 2>&1 ||
    (cd "$1" && "$MVN39" -B -q dependency:copy -Dartifact="org.jenkins-ci.main:jenkins-war:$version:war" \
      -DoutputDirectory="$RUN_DIR/war") </dev/null >"$RUN_DIR/war.log" 2>&1 ||
    not_ready "jenkins-war $version cannot be resolved here"
  war=$RUN_DIR/war/jenkins-war-$version.war
  mkdir -p "$RUN_DIR/jenkins/plugins"
  cp "$1"/target/test-classes/test-dependencies/*.hpi "$1/target/pymacaron.hpi" "$RUN_DIR/jenkins/plugins/"
  port=$(free_port)
  url=http://127.0.0.1:$port
  export DEMO_URL=$url/
  JENKINS_HOME=$RUN_DIR/jenkins CASC_JENKINS_CONFIG=$RUN_DIR/casc.yaml \
    start_daemon "$log" "$JAVA" -Xmx1g -Djenkins.install.runSetupWizard=false -Dhudson.model.UsageStatistics.disabled=true \
    -Dhudson.model.UpdateCenter.never=true -jar "$war" --httpPort="$port" --httpListenAddress=127.0.0.1
  JENKINS=$url
  until_true 180 jenkins_is_up_or_dead || true
  if process_is_gone "$DAEMON_PID" || ! jenkins_is_up; then
    tail -n 30 "$log"
    not_ready "Jenkins did not start"
  fi
  say "Jenkins $version with pymacaron.hpi runs at $url"
}
jenkins_is_up() { curl -fsS -o /dev/null -u "$JENKINS_USER" "$JENKINS/api/json"; }
jenkins_is_up_or_dead() { process_is_gone "$DAEMON_PID" || jenkins_is_up; }

# start_agent NAME : an inbound agent of that name, as the configuration names it.
start_agent() {
  local secret
  curl -fsS -o "$RUN_DIR/agent.jar" "$JENKINS/jnlpJars/agent.jar"
  # In a file: arguments are for everybody to see.
  curl -fsS -u "$JENKINS_USER" "$JENKINS/computer/$1/jenkins-agent.jnlp" |
    sed 's/.*<application-desc[^>]*><argument>\([0-9a-f]*\).*/\1/' >"$RUN_DIR/agent.secret"
  secret=@$RUN_DIR/agent.secret
  start_daemon "$RUN_DIR/agent.log" "$JAVA" -Xmx256m -jar "$RUN_DIR/agent.jar" -url "$JENKINS/" -name "$1" \
    -secret "$secret" -workDir "$RUN_DIR/agent" -webSocket
  until_true 60 agent_is_up "$1" || not_ready "the agent did not connect: $(tail -n 1 "$RUN_DIR/agent.log")"
}
agent_is_up() { [ "$(jenkins_says "computer/$1" offline)" = False ]; }

# jenkins_says PATH KEY : one value of the JSON that Jenkins answers with.
jenkins_says() {
  curl -fsS -u "$JENKINS_USER" "$JENKINS/$1/api/json" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$2"
}
jenkins_post() {
  local crumb jar=$RUN_DIR/cookies
  crumb=$(curl -fsS -c "$jar" -u "$JENKINS_USER" "$JENKINS/crumbIssuer/api/json" |
    python3 -c 'import json, sys; c = json.load(sys.stdin); print(c["crumbRequestField"] + ": " + c["crumb"])')
  curl -fsS -o /dev/null -b "$jar" -u "$JENKINS_USER" -H "$crumb" -X POST "$JENKINS/$1"
}

# build_job NAME SECONDS : builds it, waits, and sets RESULT and BUILD.
build_job() {
  BUILD=$(jenkins_says "job/$1" nextBuildNumber)
  jenkins_post "job/$1/build?delay=0sec"
  until_true "$2" build_has_ended "$1" "$BUILD" || true
  RESULT=$(jenkins_says "job/$1/$BUILD" result)
}
build_has_ended() { [ "$(jenkins_says "job/$1/$2" result)" != None ] && [ "$(jenkins_says "job/$1/$2" building)" = False ]; }
