#!/usr/bin/env bash
# bin/demo jenkins: a Jenkins on this machine, with the plugin and two jobs that deploy examples/hello.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for part in common engine registry base-image jenkins; do
  # shellcheck source=/dev/null
  . "$home/bin/lib/$part.sh"
done

start_run
find_java
export PYM_ENGINE_NETWORK=host
apt_packages git curl unzip
say "Building the plugin"
build_plugin "$home"
start_engine
find_python
start_registry demo
make_base_image

service=$RUN_DIR/git/hello
live=$(free_port)
staging=$(free_port)
remove_containers() {
  local slot
  for slot in live staging; do
    docker ps -aq --filter "label=io.jenkins.plugins.pymacaron.environment=docker/hello/$slot" | xargs -r docker rm -fv >/dev/null
  done
  docker images -q "$REGISTRY/demo/hello" | sort -u | xargs -r docker rmi -f >/dev/null
}
AT_END+=(remove_containers)

mkdir -p "$RUN_DIR/git"
cp -r "$home/examples/hello" "$service"
cd "$service"
sed -i -e "s/^live_url:.*/live_url: http:\/\/127.0.0.1:$live/" -e "s/^  live_url:.*/  live_url: http:\/\/127.0.0.1:$staging/" \
  -e "s/^docker_base:.*/docker_base: $BASE_IMAGE/" pym-config.yaml
printf 'registry: %s\n' "$REGISTRY" >>pym-config.yaml
printf 'pymacaronDeploy()\n' >Jenkinsfile
git init -q -b main .
commit() {
  git add -A
  git -c user.name=Demo -c user.email=demo@example.org commit -qm "$1"
}
commit "Say hello"
git_port=$(free_port)
start_daemon "$RUN_DIR/git.log" git daemon --reuseaddr --export-all --base-path="$RUN_DIR/git" --listen=127.0.0.1 --port="$git_port" "$RUN_DIR/git"

# The agent's Python is the first on its PATH.
PATH=$(dirname "$PYTHON"):$PATH
password=$(od -An -N9 -tx1 /dev/urandom | tr -d ' \n')
export JENKINS_USER=admin:$password DEMO_PASSWORD=$password DEMO_SECRET="demo, with=special 'characters\""
cat >"$RUN_DIR/casc.yaml" <<YAML
jenkins:
  systemMessage: "PyMacaron deployment: hello-pipeline and hello-freestyle deploy examples/hello."
  numExecutors: 0
  securityRealm:
    local:
      allowsSignup: false
      users:
        - {id: admin, password: "\${DEMO_PASSWORD}"}
  authorizationStrategy:
    loggedInUsersCanDoAnything: {allowAnonymousRead: false}
  nodes:
    - permanent:
        name: agent
        labelString: docker
        numExecutors: 2
        remoteFS: "$RUN_DIR/agent"
        launcher: {inbound: {webSocket: true}}
credentials:
  system:
    domainCredentials:
      - credentials:
          - string: {id: PYM_JWT_SECRET, scope: GLOBAL, description: "The key of hello's tokens", secret: "\${DEMO_SECRET}"}
unclassified:
  location: {url: "\${DEMO_URL}"}
YAML
scm() {
  cat <<XML
<scm class="hudson.plugins.git.GitSCM">
  <configVersion>2</configVersion>
  <userRemoteConfigs><hudson.plugins.git.UserRemoteConfig><url>git://127.0.0.1:$git_port/hello</url></hudson.plugins.git.UserRemoteConfig></userRemoteConfigs>
  <branches><hudson.plugins.git.BranchSpec><name>*/main</name></hudson.plugins.git.BranchSpec></branches>
</scm>
XML
}
mkdir -p "$RUN_DIR"/jenkins/jobs/{hello-pipeline,hello-freestyle}
cat >"$RUN_DIR/jenkins/jobs/hello-pipeline/config.xml" <<XML
<flow-definition>
  <description>The Jenkinsfile of hello is one line: pymacaronDeploy()</description>
  <definition class="org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition">
    $(scm)
    <scriptPath>Jenkinsfile</scriptPath>
    <lightweight>true</lightweight>
  </definition>
</flow-definition>
XML
cat >"$RUN_DIR/jenkins/jobs/hello-freestyle/config.xml" <<XML
<project>
  <description>The build step "Deploy PyMacaron microservice", with the one secret that hello needs</description>
  $(scm)
  <assignedNode>docker</assignedNode>
  <canRoam>false</canRoam>
  <builders>
    <io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder>
      <secrets>
        <io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding>
          <name>PYM_JWT_SECRET</name>
          <credentialsId>PYM_JWT_SECRET</credentialsId>
        </io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding>
      </secrets>
    </io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder>
  </builders>
</project>
XML

start_jenkins "$home"
start_agent agent

failures=0
# try JOB EXPECTED-RESULT VERSION-BEFORE same|different WHAT
try() {
  build_job "$1" 600
  local now found=different
  now=$(curl -fsS "http://127.0.0.1:$live/version" | sed 's/.*"version":"\([^"]*\)".*/\1/') || now=nothing
  [ "$now" != "$3" ] || found=same
  if [ "$RESULT" = "$2" ] && [ $found = "$4" ]; then
    say "   => $1 #$BUILD: $RESULT, $now is live: $5"
  else
    failures=$((failures + 1))
    curl -fsS -u "$JENKINS_USER" "$JENKINS/job/$1/$BUILD/consoleText" | sed 's/^/    /'
    say "   => WRONG: $1 #$BUILD: $RESULT (expected $2), $now is live, before it was $3 (expected $4): $5"
  fi
  version=$now
}

say ""
version=nothing
try hello-pipeline SUCCESS "$version" different "the first deployment"
sed -i "s/'Hello, %s!'/'Hello and welcome, %s!'/" hello/greeting.py
sed -i "s/Hello, Ada!/Hello and welcome, Ada!/" test/test_greeting.py testaccept/test_endpoints.py
commit "Be more polite"
try hello-pipeline SUCCESS "$version" different "a change"
try hello-freestyle SUCCESS "$version" same "the same version by a freestyle job, image reused"
sed -i "s/    return 'Hello/    import os\n    if os.environ.get('PYM_ENV', '').endswith('-live'):\n        return 'Oops'\n    return 'Hello/" hello/greeting.py
commit "Break live"
try hello-pipeline FAILURE "$version" same "a version that is wrong when it is live was rolled back"
git -c user.name=Demo -c user.email=demo@example.org revert --no-edit HEAD >/dev/null

say ""
if [ $failures != 0 ]; then
  say "The demonstration did NOT end as it should: $failures things are wrong."
  exit 1
fi
say "Everything ended as it should, $SECONDS s after the start."
if [ -t 0 ] || [ "${1:-}" = --stay ]; then
  say "Jenkins stays at $JENKINS/ (user admin, password $password) until Ctrl-C."
  until_true 86400 process_is_gone "$DAEMON_PID" || true
fi
