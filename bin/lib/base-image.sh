# The image that the example starts from: Debian's Python, Flask, pytest and gunicorn, and a virtualenv at /pym/virtenv.
# Made with debootstrap, so that no public registry is needed, and kept in the cache.

BASE_IMAGE=pymacaron-base:bookworm
BASE_PACKAGES=ca-certificates,gunicorn,python3,python3-flask,python3-pytest,python3-venv

make_base_image() {
  local key archive
  key=$(printf '%s' "$BASE_PACKAGES" | cat - "${BASH_SOURCE[0]}" | sha256sum | cut -c 1-12)
  archive=$(cache_dir)/base-$key.tar
  if [ "$(docker image inspect --format '{{index .Config.Labels "base.key"}}' "$BASE_IMAGE" 2>/dev/null)" = "$key" ]; then
    return
  fi
  [ -f "$archive" ] || debootstrap_base "$archive"
  docker import --change "LABEL base.key=$key" "$archive" "$BASE_IMAGE" >/dev/null
}

debootstrap_base() {
  [ "$(id -u)" = 0 ] || not_ready "the base image is made with debootstrap, which needs root"
  apt_packages debootstrap
  say "Making the base image from Debian's packages (once; a minute or two)"
  local root=$RUN_DIR/base mirror
  # shellcheck disable=SC2016  # apt expands it
  # The mirror that this machine's apt is set up with.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' 2>/dev/null | head -n 1)
  debootstrap --variant=minbase --include="$BASE_PACKAGES" bookworm "$root" ${mirror:+"$mirror"} \
    >"$RUN_DIR/debootstrap.log" 2>&1 </dev/null ||
    not_ready "debootstrap failed: $(grep '^E:' "$RUN_DIR/debootstrap.log" | tail -n 1)"
  mkdir -p "$root/pym"
  chroot "$root" python3 -m venv --system-site-packages /pym/virtenv
  # Debian's gunicorn outside the virtualenv would not see what a service installs inside it.
  printf '%s\n' '#!/pym/virtenv/bin/python' 'import sys' 'from gunicorn.app.wsgiapp import run' 'sys.exit(run())' \
    >"$root/pym/virtenv/bin/gunicorn"
  chmod 755 "$root/pym/virtenv/bin/gunicorn"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* "$root"/usr/share/man/*
  mkdir -p "$(dirname "$1")"
  tar -C "$root" --one-file-system -cf "$1.$$" .
  mv "$1.$$" "$1"
  rm -rf "$root"
}
