# The image that the examples start from: Debian's Python, Flask, pytest, gunicorn and redis, and a virtualenv at /pym/virtenv.
# Made with debootstrap, so that no public registry is needed, and kept in the cache.

BASE_IMAGE=pymacaron-base:bookworm
BASE_PACKAGES=ca-certificates,gunicorn,python3,python3-flask,python3-pytest,python3-venv,redis-server

# make_base_image : leaves BASE_IMAGE in the engine.
make_base_image() {
  local key archive
  key=$(sha256sum <"${BASH_SOURCE[0]}" | cut -c 1-12)
  archive=$(cache_dir)/base-$key.tar
  if [ "$(docker image inspect --format '{{index .Config.Labels "base.key"}}' "$BASE_IMAGE" 2>/dev/null)" = "$key" ]; then
    return
  fi
  [ -f "$archive" ] || debootstrap_base "$archive"
  docker import --change "LABEL base.key=$key" "$archive" "$BASE_IMAGE" >/dev/null
}

# push_base_image HOST:PORT : sets BASE_PUSHED to the base's name in that registry, where it has a digest.
push_base_image() {
  BASE_PUSHED=$1/$BASE_IMAGE
  docker tag "$BASE_IMAGE" "$BASE_PUSHED"
  docker push -q "$BASE_PUSHED" >/dev/null
}

debootstrap_base() {
  [ "$(id -u)" = 0 ] || not_ready "the base image is made with debootstrap; run this once as root"
  # The keyring comes with Debian, not with its descendants.
  apt_packages debootstrap debian-archive-keyring
  say "Making the base image from Debian's packages (once; a minute or two)"
  local root=$RUN_DIR/base log=$RUN_DIR/debootstrap.log new=$1.$$ mirror
  mirror=$(debian_mirror)
  # unsafe-io: no fsync for a tree that is thrown away.
  DPKG_FORCE=unsafe-io debootstrap --variant=minbase --include="$BASE_PACKAGES" bookworm "$root" \
    ${mirror:+"$mirror"} >"$log" 2>&1 </dev/null ||
    not_ready "debootstrap failed: $(grep '^E:' "$log" | tail -n 1)"
  mkdir -p "$root/pym"
  chroot "$root" python3 -m venv --system-site-packages /pym/virtenv
  # Debian's gunicorn outside the virtualenv would not see what a service installs inside it.
  printf '%s\n' '#!/pym/virtenv/bin/python' 'import sys' 'from gunicorn.app.wsgiapp import run' 'sys.exit(run())' \
    >"$root/pym/virtenv/bin/gunicorn"
  chmod 755 "$root/pym/virtenv/bin/gunicorn"
  rm -rf "$root"/var/{cache/apt,lib/apt/lists,log}/* "$root"/usr/share/{doc,info,locale,man}/*
  mkdir -p "$(dirname "$1")"
  AT_END+=("rm -f $(printf %q "$new")")
  tar -C "$root" --one-file-system -cf "$new" .
  # What an older version of this file made is of no use any more.
  rm -f "$(dirname "$1")"/base-*.tar
  mv "$new" "$1"
  rm -rf --one-file-system "$root"
}

# The mirror that this machine's apt is set up with; nothing where it knows none of Debian: then debootstrap's own default.
debian_mirror() {
  [ -n "$(apt_index)" ] || apt_update
  apt_index 'Origin: Debian' 'Label: Debian' 'Component: main' | head -n 1
}
# shellcheck disable=SC2016  # apt expands it
apt_index() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "$@" 2>/dev/null || true; }
