#!/usr/bin/env bash
# Asks the desk's API what its own description says it can be asked, and much that it can't, with schemathesis: no answer may be a server's fault,
# of another shape or status than described, or let somebody in without a token.
# usage: check_api.sh [BINARY] [more arguments of `schemathesis run`]; needs Python 3 and the package index, or `st` on the path.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "${1:-target/debug/dateline}"); [ $# -eq 0 ] || shift
if ! command -v st >/dev/null; then
  python3 -m venv target/api-tools
  target/api-tools/bin/pip install --quiet 'schemathesis==4.32.5'
  PATH="$PWD/target/api-tools/bin:$PATH"
fi
work=$(mktemp -d)
trap '[ -z "${desk:-}" ] || kill "$desk" 2>/dev/null || true; rm -rf "$work"' EXIT
"$binary" demo "$work/case" >/dev/null
export DATELINE_CASE="$work/case"
echo "a password for this run" | "$binary" users add checker --role admin
token=$("$binary" users token checker --name check --scope read --scope review --scope add --scope names)
"$binary" serve --users --listen 127.0.0.1:0 >"$work/address" 2>"$work/log" &
desk=$!
for _ in $(seq 100); do [ -s "$work/address" ] && break; sleep 0.1; done
address=$(tr -d '\n' <"$work/address"); address=${address%/}
# The news never end: tests of our own look at them. An outlet that is taken out of the table is still one that reports come from, and can be asked for.
st --config-file scripts/schemathesis.toml run "$address/api/v1/openapi.json" -H "Authorization: Bearer $token" --exclude-path /api/v1/news \
  --checks all --exclude-checks use_after_free --max-examples 40 --workers 1 --request-timeout 20 --seed 1 "$@"
"$binary" verify
