#!/usr/bin/env bash
# Proves that a bare Debian 12 and this checkout are all that anybody needs. In a folder outside the tree it makes such a
# system, adds a newcomer who may use sudo, gives them a clone of HEAD, and does what they would do: ./run, a look at the
# page, Ctrl-C, ./run again, ./run test. Then it puts what server/Dockerfile would put into its image onto a second bare
# system and starts that. Ends with the minutes and the MB that it took.
#
#   tests/fresh_machine.sh [FOLDER]      as root; default /var/tmp/switchboard-fresh; about 6 GB; removed at the end
#   KEEP=1       keeps the folder          STEPS="run again test image"   does only these (on a folder that was kept)
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
place=${1:-/var/tmp/switchboard-fresh}
machine=$place/machine
image=$place/image
home="/home/newcomer/my projects/switchboard" # with a space, as people have them
steps=${STEPS-run again test image}
port=${PORT:-8080}
report=$place/report.txt

say() { printf '\n=== %s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }
note() { printf '%-46s %s\n' "$1" "$2" | tee -a "$report"; }
minutes() { awk -v s="$1" 'BEGIN { printf "%.1f min", s / 60 }'; }
megabytes() { echo "$(du -smx "$1" | cut -f1) MB"; }

# --- A bare system ----------------------------------------------------------------------------------------------------

# The Debian repositories that this machine itself uses: "URI suite" a line.
repositories() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | sort -u |
    grep -E ' bookworm(-updates|-security)?$'
}

make_system() {
  local root=$1 mirror
  mirror=$(repositories | awk '$2 == "bookworm" { print $1; exit }')
  [[ $mirror ]] || die "No bookworm among the package sources of this machine."
  debootstrap --variant=minbase bookworm "$root" "$mirror" > "$place/debootstrap.log" 2>&1 ||
    { tail -20 "$place/debootstrap.log" >&2; die "debootstrap failed."; }
  repositories | sed 's/^/deb /; s/$/ main/' > "$root/etc/apt/sources.list"
  apt-config dump | grep -E '^Acquire::(Check|http|https)' > "$root/etc/apt/apt.conf.d/90machine" || true
  # This machine's way to the network: names, and who is trusted.
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$root/etc/machine-ca.crt"
}

make_newcomer() {
  inside "$machine" apt-get -q update
  inside "$machine" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends sudo git
  inside "$machine" useradd --create-home --shell /bin/bash newcomer
  echo 'newcomer ALL=(ALL) NOPASSWD: ALL' > "$machine/etc/sudoers.d/newcomer"
  git clone -q --no-hardlinks "$checkout" "$machine$home"
  inside "$machine" chown -R newcomer: /home/newcomer
}

# --- Doing things in it -----------------------------------------------------------------------------------------------

# inside ROOT COMMAND…: as root of that system
inside() { chroot "$1" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${@:2}"; }

# as_newcomer COMMAND…: in their checkout, with the environment of a login. Every step replaces the one before, so that
# a signal to this process is a signal to the command.
as_newcomer() {
  exec chroot "$machine" /usr/bin/setpriv --reuid newcomer --regid newcomer --init-groups /usr/bin/env -i \
    HOME=/home/newcomer USER=newcomer LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin SWITCHBOARD_SERVER_PORT="$port" \
    SWITCHBOARD_SERVER_OPS_ADDRESS=127.0.0.1:0 \
    NODE_EXTRA_CA_CERTS=/etc/machine-ca.crt npm_config_cafile=/etc/machine-ca.crt \
    npm_config_registry="$(npm config get registry 2> /dev/null || echo https://registry.npmjs.org/)" \
    /bin/bash -c 'cd "$0" && exec "$@"' "$home" "$@"
}

mount_devices() {
  mount -t proc proc "$1/proc"
  mount --rbind /dev "$1/dev"
  mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
}

# Starts ./run, waits until it is ready, presses Ctrl-C, and looks whether anything stays.
serve_once() {
  local begin=$SECONDS server
  (as_newcomer ./run) > "$place/$1.log" 2>&1 &
  server=$!
  until curl -fsS "http://127.0.0.1:$port/readyz" > /dev/null 2>&1; do
    kill -0 "$server" 2> /dev/null || { tail -50 "$place/$1.log"; die "./run ended before it was ready."; }
    sleep 0.2
  done
  took=$((SECONDS - begin))
  curl -fsS "http://127.0.0.1:$port/" | grep -qi '<html' || die "There is no page."
  kill -INT "$server"
  wait "$server" || die "./run ended with status $? after Ctrl-C."
  ! pgrep -x postgres > /dev/null || die "PostgreSQL is still there after Ctrl-C."
}

step_run() {
  say "./run on a bare system"
  serve_once run
  note "./run from nothing until ready" "$(minutes $took)"
  note "the system with packages, build and data" "$(megabytes "$machine")"
}

step_again() {
  say "./run again"
  serve_once again
  note "./run again until ready" "$took s"
}

step_test() {
  local begin=$SECONDS status=0
  say "./run test"
  (as_newcomer ./run test) > "$place/test.log" 2>&1 || status=$?
  note "./run test (exit status $status)" "$(minutes $((SECONDS - begin)))"
  note "  $(tail -1 "$place/test.log")" ""
  note "the system with the tests" "$(megabytes "$machine")"
  ((status == 0)) || die "./run test failed: $place/test.log"
}

# The second stage of server/Dockerfile, by hand.
step_image() {
  local source=$machine$home libraries
  say "The image of server/Dockerfile"
  libraries=$(as_newcomer ./run libraries | grep -v '^postgresql-') || die "./run libraries failed."
  rm -rf "$image" && make_system "$image"
  inside "$image" apt-get -q update > "$place/image.log"
  # shellcheck disable=SC2086 # a list
  inside "$image" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $libraries curl >> "$place/image.log" 2>&1
  mkdir -p "$image/srv/switchboard/"{bin,console}
  cp "$source/build/release/switchboard" "$image/srv/switchboard/bin/"
  cp -r "$source/console/dist" "$image/srv/switchboard/console/"
  cp -r "$source/migrations" "$source/config" "$image/srv/switchboard/"
  inside "$image" /bin/bash -c 'cd /srv/switchboard && bin/switchboard check-config' || die "The image's server does not start."
  note "the image of server/Dockerfile" "$(megabytes "$image")"
}

# In namespaces of its own: what is mounted and started here is gone when it ends, however it ends.
main_inside() {
  local step
  mount --make-rprivate /
  mount -t proc proc /proc
  mount_devices "$machine"
  [[ -d $machine/home/newcomer ]] || make_newcomer > "$place/newcomer.log" 2>&1 || { tail -20 "$place/newcomer.log"; exit 1; }
  for step in $steps; do "step_$step"; done
}

main() {
  ((EUID == 0)) || die "Run this as root."
  [[ $place != "$checkout"* ]] || die "Choose a folder outside the checkout."
  command -v debootstrap > /dev/null || apt-get -q -y install debootstrap
  local begin=$SECONDS
  mkdir -p "$place" && chmod 755 "$place"
  : > "$report"
  if [[ ! -d $machine/usr ]]; then
    say "A bare Debian 12 in $machine"
    make_system "$machine"
    note "bare system" "$((SECONDS - begin)) s, $(megabytes "$machine")"
  fi
  unshare --mount --pid --fork --kill-child env FRESH_INSIDE=1 "$checkout/tests/fresh_machine.sh" "$place"
  note "all of it" "$(minutes $((SECONDS - begin)))"
  say "Report" && cat "$report"
  [[ ${KEEP:-} ]] || rm -rf --one-file-system "$place"
}

if [[ ${FRESH_INSIDE:-} ]]; then main_inside; else main; fi
