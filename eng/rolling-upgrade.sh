#!/usr/bin/env bash
# Builds a second version of the server, with another number and another script for Redis, and proves that servers of both versions on one Redis,
# under load and restarted one after the other, lose no decision and admit nothing beyond a limit.
#
#   eng/rolling-upgrade.sh [ARGUMENT...]    arguments go to the tests' program
#
# Needs redis-server (Debian: redis-server). Listens on free ports of loopback only.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

dotnet build tests/Decision.Server.Tests --nologo -v quiet -warnaserror

mkdir "$work/tree"
settings=()
for file in .editorconfig NuGet.config BannedSymbols.txt global.json; do
  [ ! -e "$file" ] || settings+=("$file")
done
tar -cf - --exclude=bin --exclude=obj src protos Directory.*.props eng/*.props "${settings[@]}" | tar -xf - -C "$work/tree"
marker='-- The script of version 9.9.9.'
echo "$marker" >>"$work/tree/src/Decision.Storage.Redis/Scripts/decide.lua"
dotnet publish "$work/tree/src/Decision.Server" -c Release -p:Version=9.9.9 -o "$work/next" --nologo -v quiet
grep -qaF -e "$marker" "$work/next/Decision.Storage.Redis.dll" || { echo "eng/rolling-upgrade.sh: the second version has the scripts of the first." >&2; exit 1; }

DECISION_NEXT_SERVER="$work/next/Decision.Server.dll" \
  tests/Decision.Server.Tests/bin/Debug/net10.0/Decision.Server.Tests -noLogo -noColor -trait "Run=upgrade" "$@"
