#!/usr/bin/env bash
# build-info.sh VERSION FILE…: writes the version and the commit of this checkout into each file, as Java properties. Called by the build.
# Without git, or outside of a checkout, the commit is "unknown".
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd -P)
version=$1
shift

commit=unknown
# A tree that was unpacked inside of another repository is no checkout of its own.
if [ "$(git -C "$top" rev-parse --show-toplevel 2>/dev/null)" = "$top" ]; then
    commit=$(git -C "$top" describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null) || commit=unknown
fi

for file in "$@"; do
    mkdir -p "$(dirname "$file")"
    printf 'version=%s\ncommit=%s\n' "$version" "$commit" >"$file"
done
