#!/usr/bin/env bash
# Checks and tests the TypeScript client against a real server; ends with "N passed, N failed, N skipped".
#
#   clients/typescript/test.sh                 everything
#   clients/typescript/test.sh middleware      only test files with this in their name
#
# The server is what DECISION_SERVER names, a program or a Decision.Server.dll; without it, it is built. Packages are installed only where
# the lock file has changed since.
set -euo pipefail
cd "$(dirname "$0")"
exec </dev/null

if ! cmp -s package-lock.json node_modules/.installed-lock; then
  echo "== packages"
  # Their install scripts are not needed: the binaries come with the packages for this platform.
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi

if [ -z "${DECISION_SERVER:-}" ]; then
  echo "== server"
  DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet build ../../src/Decision.Server -v quiet -clp:ErrorsOnly
  DECISION_SERVER=$(cd ../../src/Decision.Server/bin/Debug/net10.0 && pwd)/Decision.Server.dll
fi
export DECISION_SERVER

echo "== types"
node scripts/clean.mjs build
node_modules/.bin/tsc -p tsconfig.json

echo "== generated code"
status=0
node scripts/generate.mjs --check || status=1

echo "== tests"
results=$(mktemp)
trap 'rm -f "$results"' EXIT
mapfile -t files < <(find build/test -name '*.test.js' | grep -F "${1:-}" | sort)
[ "${#files[@]}" -gt 0 ] || { echo "test.sh: no test file has $1 in its name" >&2; exit 2; }
node --test --test-reporter=dot --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination="$results" "${files[@]}" || status=1
echo

# What failed, once, with why.
grep -A 40 -E '^ *not ok ' "$results" | head -400 || true

count() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$results" | tail -1; }
failed=$(($(count fail) + $(count cancelled)))
[ "$failed" -eq 0 ] || status=1
[ "$(count pass)" -gt 0 ] || status=1
echo "$(count pass) passed, $failed failed, $(count skipped) skipped"
exit "$status"
