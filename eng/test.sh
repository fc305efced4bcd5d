#!/usr/bin/env bash
# Builds everything with warnings as errors, lints the protos and runs every test.
#
#   eng/test.sh           what runs before each change
#   eng/test.sh --full    also what takes long: load, soaks, whole matrices
#
# Installs what the tests need (npm packages; Debian packages, as root, for the long ones), only where it is missing. Ends with
# "N passed, N failed, N skipped" and a status other than 0 if anything failed. With CI=true nothing may be missing.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

full=false
for argument in "$@"; do
  case "$argument" in
    --full) full=true ;;
    *) echo "eng/test.sh: unknown argument $argument; there is --full" >&2; exit 2 ;;
  esac
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
results="$PWD/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"

echo "== protos"
eng/lint-protos.sh

echo "== build"
dotnet build Decision.sln --nologo -v quiet -warnaserror

echo "== tests"
status=0
for project in tests/*.Tests/*.Tests.csproj; do
  name=$(basename "$project" .csproj)
  log="$results/$name.log"
  echo "-- $name"
  # One project at a time: two cores, and tests that start servers of their own.
  if ! dotnet test "$project" --no-build --nologo -v quiet \
      --logger "trx;LogFileName=$name.trx" --results-directory "$results" >"$log" 2>&1; then
    status=1
    grep -vE '^\s*$' "$log" | tail -n 200 || true
  fi
  if [ ! -s "$results/$name.trx" ]; then
    echo "$name wrote no results: it did not run to its end" >&2
    tail -n 50 "$log" >&2 || true
    status=1
  fi
done

if $full; then
  echo "== load"
  eng/load.sh --quick || status=1
fi

sum() { cat "$results"/*.trx 2>/dev/null | grep -oE "<Counters [^>]*" | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{n += $1} END {print n + 0}'; }
passed=$(sum passed)
total=$(sum total)
executed=$(sum executed)
failed=$((executed - passed))
skipped=$((total - executed))
if [ "$skipped" -gt 0 ]; then
  echo "== skipped"
  grep -hoE '<UnitTestResult [^>]*outcome="NotExecuted"[^>]*' "$results"/*.trx | grep -oE 'testName="[^"]*"' || true
  [ "${CI:-}" != true ] || status=1
fi
[ "$passed" -gt 0 ] || status=1
[ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
