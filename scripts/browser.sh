#!/usr/bin/env bash
# A Chromium or Chrome is there for the tests: found, or installed from the distribution where we may.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && exit 0
done
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    echo "Installing chromium"
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq -y --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "The tests need a browser: install the package 'chromium', then run this again." >&2
exit 1
