#!/bin/sh
# Prints the path of a Chromium for the browser tests: that of $CHROMIUM, one on the path, or else Debian's package, which
# this installs.
set -eu

found() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name"; then
            return 0
        fi
    done
    return 1
}

found && exit 0
if command -v apt-get > /dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    $as_root apt-get update -qq >&2 && $as_root apt-get install -y -qq --no-install-recommends chromium >&2 || true
    found && exit 0
fi
echo "the browser tests need Chromium: install it, or set CHROMIUM to its path" >&2
exit 1
