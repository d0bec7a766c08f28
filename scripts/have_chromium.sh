#!/usr/bin/env bash
# Is Chromium there? As root on Debian it is installed first.
set -uo pipefail

without() {
    echo "make test-browser: $1; the tests in a real browser are left out on this machine." >&2
    exit 1
}

if ! command -v chromium >/dev/null; then
    [ "$(id -u)" -eq 0 ] || without "no chromium here, and installing it needs root"
    command -v apt-get >/dev/null || without "no chromium and no apt-get here"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null ||
        without "apt-get could not install chromium"
fi
command -v chromium >/dev/null || without "no chromium here"
