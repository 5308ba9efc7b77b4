#!/usr/bin/env bash
# Builds the map again and fails when the committed files are not what comes out, or are too large.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
[ -d node_modules ] || npm ci --silent --no-audit --no-fund
node build.mjs "$made"
same=0
for file in map.js map.css world.json map-licences.txt; do
  cmp "$made/$file" "../assets/$file" || same=1
done
[ "$same" = 0 ] || { echo "assets/ is not what src/ gives: run node build.mjs" >&2; exit 1; }
size=$(cat "$made"/* | wc -c)
[ "$size" -lt 600000 ] || { echo "the map's files hold $size bytes; 600000 are allowed" >&2; exit 1; }
[ "$(wc -c < "$made/world.json")" -lt 250000 ] || { echo "world.json is larger than 250000 bytes" >&2; exit 1; }
