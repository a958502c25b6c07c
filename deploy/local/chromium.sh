#!/bin/sh
# Sees to a Chromium for the browser tests: installs one where we may, else says how. Fails where there is none.
set -eu

found() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

if found; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests."
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null || true
    if found; then exit 0; fi
fi
echo "The browser tests need Chromium, and there is none: sudo apt-get install -y chromium (or your system's way)." >&2
exit 1
