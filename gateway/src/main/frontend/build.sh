#!/usr/bin/env bash
# build.sh FOLDER: installs what package-lock.json names, unless that is done already, and builds the page into FOLDER.
set -euo pipefail
cd "$(dirname "$0")"
stamp=node_modules/.installed
if [ ! -e "$stamp" ] || ! cmp -s package-lock.json "$stamp"; then
    npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
    cp package-lock.json "$stamp"
fi
node build.mjs "$1"
