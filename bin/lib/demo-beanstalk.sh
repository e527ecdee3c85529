#!/usr/bin/env bash
# bin/demo beanstalk: the whole pipeline on Elastic Beanstalk, as a server on this machine speaks it to the real AWS SDK. Each
# environment is a container; live is a port of loopback that leads to the one that owns the live CNAME.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=/dev/null
. "$home/bin/lib/demo.sh"

containers=pym-eb-$$-
begin_demo hello-demo "name=$containers"
api=$(free_port)
export AWS_ENDPOINT_URL=http://127.0.0.1:$api AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=example
build_server
start_daemon "$LOGS/server.log" "${SERVER[@]}" \
  io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkDemo "$api" "$LIVE" hello-demo-live "$containers"
until_true 120 curl -s -o /dev/null "http://127.0.0.1:$api/" || not_ready "the server did not start: $(tail -n 3 "$LOGS/server.log")"

copy_example -e '/^staging:/,/^$/d' -e 's/^deploy_target:.*/deploy_target: beanstalk/'
cat >>pym-config.yaml <<YAML
aws_user: demo
aws_region: eu-west-1
aws_keypair: demo
aws_instance_type: t3.small
aws_instance_profile: aws-elasticbeanstalk-ec2-role
aws_live_cname: hello-demo-live
YAML

chapter "1. The plan, and the first deployment, which is made with the live CNAME"
commit "Say hello"
deploy plan 0 'create environment hello-demo-.* and CNAME prefix hello-demo-live' --plan
expect "the plan made nothing" same "$(running)" 0
deploy first 0 '^ok Accept live'
first=$(answer)
expect "$first is live" different "$first" ""

chapter "2. A second version: an environment of its own, accepted, swapped, accepted again"
be_polite
deploy second 0 '^ok Accept live'
second=$(answer)
expect "$second is live" different "$second" "$first"
expect "$first is kept warm" same "$(running)" 2

chapter "3. Back to the version before, and forth again, without a build"
deploy rollback 0 'serves again' --rollback
expect "$first is live" same "$(answer)" "$first"
deploy forth 0 '^ok Accept live' --deploy "$second"
expect "$second is live" same "$(answer)" "$second"

chapter "4. A version that is only wrong behind the live URL: it is rolled back"
break_where flask "flask.has_request_context() and 'X-Forwarded-Host' in flask.request.headers"
deploy fourth 7 '^Rolled back'
expect "$second is live, proven" same "$(answer)" "$second"

chapter "5. pymdeploy is killed while the environment comes up, and goes on"
mend_live
deploy_and_kill killed 'waiting for version .* in environment'
before=$(running)
deploy resumed 0 '^ok Accept live' --resume
expect "$(answer) is live" different "$(answer)" "$second"
expect "no environment was made twice" same "$(cat "$LOGS/killed.log" "$LOGS/resumed.log" | grep -c 'create environment')" 1
[ "$before" -ge 2 ] || FAILURES=$((FAILURES + 1))

end_demo
