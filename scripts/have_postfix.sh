#!/usr/bin/env bash
# Is Postfix there? As root on Debian it is installed first, unconfigured, so that nothing starts.
set -uo pipefail

without() {
    echo "make postfix: $1; the tests through a real Postfix are left out on this machine." >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || without "needs root"
if ! command -v postfix >/dev/null; then
    command -v apt-get >/dev/null || without "no postfix and no apt-get here"
    export DEBIAN_FRONTEND=noninteractive
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends postfix; } >/dev/null ||
        without "apt-get could not install postfix"
fi
command -v postfix >/dev/null || without "no postfix here"
