#!/usr/bin/env bash
# Builds everything with warnings as errors, lints the protos and runs every test.
#
#   eng/test.sh           what runs before each change
#   eng/test.sh --full    also what takes long: load, soaks, whole matrices
#
# Installs what the tests need (npm packages; Debian packages, as root), only where it is missing. Ends with
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

# Without root or apt the tests of Redis and of real proxies are skipped, with the reason; with CI=true they fail.
need() {
  command -v "$1" >/dev/null && return
  echo "== install $2"
  apt-get install -y "$2" >/dev/null || { apt-get update >/dev/null && apt-get install -y "$2" >/dev/null; } || echo "$2 could not be installed" >&2
}
export DEBIAN_FRONTEND=noninteractive
need redis-server redis-server
need redis-cli redis-tools
need nginx nginx
need caddy caddy
need haproxy haproxy
need jq jq
need curl curl
need systemd-analyze systemd
need zsh zsh
need chromium chromium

echo "== protos"
eng/lint-protos.sh

echo "== build"
# One compiler for all projects takes two thirds of the CPU that one for each takes, also where the environment turns that off so that none is left
# behind: here none is.
built=0
dotnet build Decision.sln --nologo -v quiet -warnaserror -p:UseSharedCompilation=true || built=$?
dotnet build-server shutdown --vbcscompiler >/dev/null || true
[ "$built" -eq 0 ] || exit "$built"

echo "== tests"
status=0
# What has a script of its own is run by that; more cases of what others try already, only where there is time for them. Cases of one test are told
# apart by enumerating them before.
apart=(-preEnumerateTheories -trait- Run=upgrade -trait- Run=measure)
$full || apart+=(-trait- Run=full)
for project in tests/*.Tests/*.Tests.csproj; do
  name=$(basename "$project" .csproj)
  # One project at a time: two cores, and tests that start servers of their own. One that hangs is ended, and fails for it.
  timeout --kill-after=5 720 "tests/$name/bin/Debug/net10.0/$name" -noLogo -noColor "${apart[@]}" -result-xml "$results/$name.xml" || status=1
  if ! grep -q '</assemblies>' "$results/$name.xml" 2>/dev/null; then
    echo "$name did not run to its end" >&2
    status=1
  fi
done

# The clients of other languages, each against the server that was just built, side by side: much of what they do is to wait. Of each the last line counts.
clients="$results/clients.txt"
: >"$clients"
languages=(python typescript)
running=()
for language in "${languages[@]}"; do
  DECISION_SERVER="$PWD/src/Decision.Server/bin/Debug/net10.0/Decision.Server.dll" "clients/$language/test.sh" >"$results/$language.log" 2>&1 &
  running+=($!)
done
for index in "${!languages[@]}"; do
  language=${languages[$index]}
  wait "${running[$index]}" || status=1
  echo "== $language"
  cat "$results/$language.log"
  tail -n 1 "$results/$language.log" | grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' >>"$clients" || { echo "clients/$language did not run to its end" >&2; status=1; }
done

if $full; then
  echo "== packages"
  eng/test-packages.sh || status=1
  echo "== release"
  eng/test-release.sh || status=1
  echo "== rolling upgrade"
  eng/rolling-upgrade.sh -result-xml "$results/rolling-upgrade.xml" || status=1
  echo "== native code"
  need gcc gcc
  eng/test-published.sh -result-xml "$results/published.xml" || status=1
  echo "== accuracy"
  eng/measure-accuracy.sh -result-xml "$results/accuracy.xml" || status=1
  echo "== load"
  # To see that it works, on any machine: a decision that waits 50 ms for its turn on a busy one is no failure here.
  SERVER_ARGS=--Redis:Timeout=1s eng/load.sh --all --quick || status=1
  echo "== scale"
  dotnet run -c Release --project tests/Decision.Benchmarks -- scale --quick || status=1
  dotnet run -c Release --project tests/Decision.Benchmarks -- scale --redis --quick || status=1
fi

# Of each result file the line of its assembly, which has the counts.
sum() { grep -hoE '<assembly [^>]*' "$results"/*.xml | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{n += $1} END {print n + 0}'; }
count() { awk -v field="$1" '{n += $field} END {print n + 0}' "$clients"; }
passed=$(($(sum passed) + $(count 1)))
failed=$(($(sum failed) + $(sum errors) + $(count 3)))
skipped=$(($(sum skipped) + $(sum not-run) + $(count 5)))
if [ "$skipped" -gt 0 ]; then
  echo "== skipped"
  grep -hoE '<test [^>]*result="(Skip|NotRun)"[^>]*' "$results"/*.xml | grep -oE ' name="[^"]*"' || true
  [ "${CI:-}" != true ] || status=1
fi
if [ "$failed" -gt 0 ]; then
  # Again here, so that the end of what a machine printed says which, and why.
  echo "== failed"
  node eng/failed-tests.mjs "$results"/*.xml || true
fi
[ "$passed" -gt 0 ] || status=1
[ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
