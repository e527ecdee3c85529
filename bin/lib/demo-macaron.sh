#!/usr/bin/env bash
# bin/demo macaron: the whole pipeline on examples/macaron, a service of the PyMacaron library, with tasks by celery.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=/dev/null
. "$home/bin/lib/demo.sh"
# shellcheck source=/dev/null
. "$home/bin/lib/library.sh"

label=label=io.jenkins.plugins.pymacaron.environment=docker/macaron-demo
begin_demo macaron-demo "$label/live" "$label/staging"
if ! find_library; then
  say "Not run: $LIBRARY_MISSING."
  exit 0
fi
PYTHON=$LIBRARY_PYTHON
service=$RUN_DIR/macaron
staging=$(free_port)
cp -r "$home/examples/macaron" "$service"
cd "$service"
sed -i -e "s/^name: macaron$/name: $NAME/" -e "s/127.0.0.1:8092/127.0.0.1:$LIVE/" -e "s/127.0.0.1:8093/127.0.0.1:$staging/" \
  -e "s/^docker_base:.*/docker_base: ${LIBRARY_BASE//\//\\/}/" pym-config.yaml
printf 'registry: %s\n' "$REGISTRY" >>pym-config.yaml
git init -q -b main .

chapter "1. The first deployment: the library is installed, the code of the API generated, orders are baked by tasks"
commit "Bake"
deploy first 0 '^ok Accept live'
first=$(answer)
expect "$first is live, in $(took)" different "$first" ""

chapter "2. A change of apis/bakery.yaml alone, while the code that was generated for the old one is in the commit too"
"$PYTHON" "$home/src/main/resources/io/jenkins/plugins/pymacaron/image/pym-generate.py" >/dev/null
sed -i '/^\/apis/d' .gitignore
sed -i 's#^  /orders/{number}:#  /state/{number}:#' apis/bakery.yaml
sed -i "s#'orders/' +#'state/' +#" testaccept/test_bakery.py
commit "Rename an endpoint"
expect "the old code is in the commit" same "$(git show HEAD:apis/bakery_app.py | grep -c '"/orders/<string:number>"')" 1
deploy second 0 '^ok Accept live'
second=$(answer)
expect "$second replaced $first, and answers at the new address, in $(took)" different "$second" "$first"

chapter "3. A version that does not start: the reason is in the first line, and the log is kept"
printf 'import macarons_of_yesterday\n' >>bakery/api.py
commit "Break the start"
deploy third 4 "container ended with exit code [0-9]+: ModuleNotFoundError: No module named 'macarons_of_yesterday'"
expect "the log of the container is kept" same "$(grep -c '^ModuleNotFoundError' "$LOGS/third/container.log" | sed 's/[1-9][0-9]*/some/')" some
expect "$second still serves" same "$(answer)" "$second"

end_demo
