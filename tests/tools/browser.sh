#!/bin/sh
# Sees to it that a Chromium is there for the browser tests. Where none can be had it says so and succeeds: the tests
# that need it are then skipped with the same reason, or fail where CI=true (tests/conftest.py).
set -u

found() {
  for name in "${LICET_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium and Chinese fonts for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
  found && exit 0
fi
"${PLAYWRIGHT:-playwright}" install chromium && exit 0
echo "No Chromium: install one (package chromium or google-chrome), or name it in LICET_CHROMIUM; the browser tests cannot run."
