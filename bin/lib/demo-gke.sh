#!/usr/bin/env bash
# bin/demo gke: the whole pipeline against two clusters that speak Kubernetes' protocol on this machine, whose pods are
# containers: a first deployment, a promotion, a version whose canary fails, one that fails when it is live, and a crash
# with --resume.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=/dev/null
. "$home/bin/lib/demo.sh"

begin_demo hello-gke name=hello-gke-pod-
cloud=$RUN_DIR/cloud
staging=$(free_port)
build_server
mkdir "$cloud"
mkfifo "$cloud/until"
exec 7<>"$cloud/until"
# shellcheck disable=SC2016  # the inner shell expands it
start_daemon "$LOGS/server.log" sh -c 'exec "$@" <"$0"' "$cloud/until" "${SERVER[@]}" \
  io.jenkins.plugins.pymacaron.targets.gke.wire.GkeDemo "$cloud" "$NAME" "$LIVE" "$staging"
until_true 60 test -s "$cloud/key.json" || not_ready "the clusters did not start: $(tail -n 3 "$LOGS/server.log")"
PYM_GCP_KEY=$(cat "$cloud/key.json")
PYM_GKE_ENDPOINT=$(cat "$cloud/endpoint")
export PYM_GCP_KEY PYM_GKE_ENDPOINT

copy_example -e "s/^deploy_target:.*/deploy_target: gke/" -e "s/^  live_url:.*/  live_url: http:\/\/127.0.0.1:$staging/"
printf 'gke_probe_delay: 1s\ngke_pre_stop: 1s\n' >>pym-config.yaml

chapter "1. The plan, then the first deployment: everything is made"
commit "Say hello"
deploy plan 0 'create Ingress' --plan
grep -E '^  (create|change|delete|wait)' "$LOGS/plan.log" | sed 's/^/ /' || true
deploy first 0 '^ok Accept live'
first=$(answer)
expect "$first is live behind the Ingress" different "$first" ""

chapter "2. After a change: rolled out, promoted"
be_polite
deploy second 0 '^ok Accept live'
second=$(answer)
expect "$second replaced $first" different "$second" "$first"

chapter "3. A version that is wrong with the configuration of live: its canary fails the tests, and it gets no traffic"
break_live
deploy third 4 '^FAILED Promote to live.* gets no traffic'
expect "$second serves as before" same "$(answer)" "$second"
expect "live was not touched" same "$(grep -c "change Deployment $NAME-live " "$LOGS/third.log")" 0
mend_live

chapter "4. A version that is only wrong behind the Ingress of live: it is rolled back"
break_address
deploy fourth 7 '^Rolled back'
expect "$second serves again, proven" same "$(answer)" "$second"

chapter "5. pymdeploy is killed while it changes live; --resume goes on where it was"
mend_live
deploy_and_kill fifth "change Deployment $NAME-live "
say "   killed with SIGKILL"
deploy resumed 0 '^ok Accept live' --resume
expect "$(answer) is live" different "$(answer)" "$second"

end_demo
