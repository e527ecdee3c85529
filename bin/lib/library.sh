# Sourced by bin/demo macaron and by bin/verify: the PyMacaron library, for examples/macaron. It comes from the package index
# that pip is set up with, or from a directory of wheels named by PYM_TEST_WHEELS.

# find_library : sets LIBRARY_PYTHON, an interpreter that has the library, for the tests, and LIBRARY_BASE, a base image in
# which pip finds it. Fails where it cannot be had; LIBRARY_MISSING says why.
find_library() {
  local root=$RUN_DIR/library from=() wanted=$home/examples/macaron/requirements.txt
  mkdir -p "$root/wheels"
  if [ -n "${PYM_TEST_WHEELS:-}" ]; then
    if ! cp "$PYM_TEST_WHEELS"/*.whl "$root/wheels/" 2>/dev/null; then
      LIBRARY_MISSING="there are no wheels in PYM_TEST_WHEELS, $PYM_TEST_WHEELS"
      return 1
    fi
    from=(--no-index --find-links "$root/wheels")
  fi
  apt_packages python3-venv
  "$PYTHON" -m venv --system-site-packages "$root/virtenv"
  LIBRARY_PYTHON=$root/virtenv/bin/python
  if ! timeout 300 "$LIBRARY_PYTHON" -m pip install -q --no-input --disable-pip-version-check --retries 0 --timeout 10 \
    "${from[@]}" -r "$wanted" >"$root/pip.log" 2>&1 </dev/null; then
    LIBRARY_MISSING="the package index has no PyMacaron that can be installed here ($(grep '^ERROR' "$root/pip.log" | tail -n 1)); name a directory of wheels by PYM_TEST_WHEELS"
    [ -z "${PYM_TEST_WHEELS:-}" ] ||
      LIBRARY_MISSING="the wheels in $PYM_TEST_WHEELS cannot be installed ($(grep '^ERROR' "$root/pip.log" | tail -n 1))"
    return 1
  fi
  LIBRARY_BASE=${BASE_IMAGE%%:*}:library-$(cat "$root"/wheels/* "${BASH_SOURCE[0]}" 2>/dev/null | sha256sum | cut -c 1-12)
  {
    printf '%s\n' "FROM $BASE_IMAGE" 'COPY git /usr/local/bin/git'
    # Wheels of one's own are all that pip gets; otherwise it asks the index.
    [ -z "${PYM_TEST_WHEELS:-}" ] || printf '%s\n' 'COPY wheels /opt/wheels' 'ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/opt/wheels'
  } >"$root/Dockerfile"
  # pymconfig asks git where the repository begins, and takes the working directory where git knows none, as in an image.
  printf '#!/bin/sh\nexit 128\n' >"$root/git"
  chmod 755 "$root/git"
  tar -C "$root" -c Dockerfile git wheels | docker build -q -t "$LIBRARY_BASE" - >/dev/null
}
