#!/usr/bin/env bash
# Installs what Python packages cannot bring: Pango and HarfBuzz's subsetter for PDFs, and for the tests a
# Chromium and a PostgreSQL server. As root or with a passwordless sudo it installs; otherwise it prints the one
# line to run, and stops. What is there already is left alone.
#   packaging/system_needs.sh run | test
set -euo pipefail
purpose="${1:-test}"

has_library() {
    # ldconfig knows Linux; Homebrew keeps its libraries under its own prefix.
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true; } | grep -q "$1" && return 0
    for folder in /opt/homebrew/lib /usr/local/lib; do
        compgen -G "$folder/$1*" >/dev/null && return 0
    done
    return 1
}
has_chromium() {
    for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && return 0
    done
    [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ] || [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]
}
has_postgresql() {
    command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null \
        || compgen -G "/usr/pgsql-*/bin/initdb" >/dev/null
}

# Debian packs Chromium without its windows too, which needs two thirds of the time. Where that is not to be had,
# Chromium itself does as well, so nothing stops here.
if [ "$purpose" = test ] && [ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release \
    && ! command -v chromium-headless-shell >/dev/null; then
    echo "Installing chromium-headless-shell"
    { timeout 60 apt-get update -q && DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -q \
        --no-install-recommends chromium-headless-shell; } >/dev/null 2>&1 || echo "It is not to be had; going on"
fi

# name : Debian and Ubuntu : Fedora and Red Hat : Homebrew
missing=()
has_library libpango-1.0 || missing+=("libpango-1.0-0:pango:pango")
has_library libpangoft2-1.0 || missing+=("libpangoft2-1.0-0:pango:pango")
has_library libharfbuzz-subset || missing+=("libharfbuzz-subset0:harfbuzz:harfbuzz")
if [ "$purpose" = test ]; then
    has_chromium || missing+=("chromium:chromium:--cask chromium")
    has_postgresql || missing+=("postgresql:postgresql-server:postgresql@17")
fi
[ "${#missing[@]}" -eq 0 ] && exit 0

if command -v apt-get >/dev/null; then
    column=1 refresh="apt-get update -q" install="apt-get install -y -q --no-install-recommends"
elif command -v dnf >/dev/null; then
    column=2 refresh="true" install="dnf install -y -q"
elif command -v brew >/dev/null; then
    column=3 refresh="true" install="brew install"
else
    echo "Please install: Pango, HarfBuzz with its subset library$([ "$purpose" = test ] && echo ', Chromium, PostgreSQL')." >&2
    exit 1
fi
names="$(printf '%s\n' "${missing[@]}" | cut -d: -f"$column" | sort -u | tr '\n' ' ' | sed 's/ *$//')"

export DEBIAN_FRONTEND=noninteractive
if [ "$column" = 3 ] || [ "$(id -u)" = 0 ]; then
    as=()
elif sudo -n true 2>/dev/null; then
    as=(sudo --preserve-env=DEBIAN_FRONTEND)
else
    echo "Some of what is needed can only be installed by an administrator of this machine. Run this, then try again:" >&2
    [ "$column" = 1 ] && echo "  sudo apt-get update && sudo $install $names" >&2 || echo "  sudo $install $names" >&2
    exit 1
fi
echo "Installing $names"
# shellcheck disable=SC2086 -- these are lists of words
"${as[@]}" $refresh && "${as[@]}" $install $names
