#!/usr/bin/env bash
# Installs the stock helper library for Node.js as package-lock.json names it, unless that is done already.
set -euo pipefail
cd "$(dirname "$0")"
stamp=node_modules/.installed
if [ ! -e "$stamp" ] || ! cmp -s package-lock.json "$stamp"; then
    npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
    cp package-lock.json "$stamp"
fi
