#!/usr/bin/env bash
# bin/demo cloud-run: the whole pipeline on Cloud Run, as a server on this machine speaks it to Google's own client. Each
# revision is a container; the services and their tags are ports of loopback.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=/dev/null
. "$home/bin/lib/demo.sh"

containers=cloud-run-demo-$$-
begin_demo hello-demo "name=$containers"
api=$(free_port)
key=$RUN_DIR/key.json
export CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN=http://127.0.0.1:$api CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING=http://127.0.0.1:$api
build_server
start_daemon "$LOGS/server.log" "${SERVER[@]}" \
  io.jenkins.plugins.pymacaron.targets.cloudrun.DemoServer "$api" hello-demo-live "$LIVE" "$key" "$containers"
until_true 30 test -e "$key" || not_ready "the server did not start: $(tail -n 3 "$LOGS/server.log")"
PYM_GCP_KEY=$(cat "$key")
export PYM_GCP_KEY

copy_example -e '/^staging:/,/^$/d' -e 's/^deploy_target:.*/deploy_target: cloud-run/'
cat >>pym-config.yaml <<YAML
gcp_project: my-project
canary: [25, 50]
YAML

chapter "1. The plan, and the first deployment, whose service gets all traffic at once"
commit "Say hello"
deploy plan 0 'create service hello-demo-live' --plan
expect "the plan made nothing" same "$(running)" 0
deploy first 0 '^ok Accept live'
first=$(answer)
expect "$first is live" different "$first" ""

chapter "2. A second version: accepted at a tag, then 25 %, 50 % and all of the traffic"
be_polite
deploy second 0 '^ok Accept live'
second=$(answer)
expect "$second is live" different "$second" "$first"
expect "it went step by step" same "$(grep -c 'send the traffic of hello-demo-live' "$LOGS/second.log")" 3

chapter "3. Back to the version before, and forth again, without a build"
deploy rollback 0 'serves again' --rollback
expect "$first is live" same "$(answer)" "$first"
deploy forth 0 '^ok Accept live' --deploy "$second"
expect "$second is live" same "$(answer)" "$second"

chapter "4. A version that is wrong with the configuration of live: it fails the tests at its tag, and gets no traffic"
break_live
deploy third 4 '^FAILED Promote to live.* gets no traffic'
expect "$second is live" same "$(answer)" "$second"
expect "no traffic went anywhere" same "$(grep -c 'send the traffic' "$LOGS/third.log")" 0
mend_live

chapter "5. A version that is only wrong at the address of live: it is rolled back"
break_address
deploy fourth 7 '^Rolled back'
expect "$second is live, proven" same "$(answer)" "$second"
expect "the report has what the failed version has logged" same "$(grep -c 'Listening at' "$LOGS/fourth/report.html" | sed 's/[1-9][0-9]*/some/')" some

chapter "6. pymdeploy is killed while a part of the traffic goes to the new version, and goes on"
mend_live
deploy_and_kill killed 'send the traffic of hello-demo-live'
deploy resumed 0 '^ok Accept live' --resume
third=$(answer)
expect "$third is live" different "$third" "$second"
expect "no revision was made twice" same "$(cat "$LOGS/killed.log" "$LOGS/resumed.log" | grep -c 'create revision hello-demo-live')" 1

chapter "7. From now on every call of the service needs a token, but tests, probes and the counting of failed requests go on"
printf 'allow_unauthenticated: false\n' >>pym-config.yaml
commit "Keep it private"
deploy private 0 '^ok Accept live'
expect "a call without a token is refused" same "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$LIVE/version")" 403
printf '\n' >>hello/greeting.py
commit "Change a private service"
deploy again 0 '^ok Promote to live.* no failed request in [1-9]'

end_demo
