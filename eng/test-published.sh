#!/usr/bin/env bash
# Publishes the server as native code and runs the tests of the server as a process against it: what is compiled ahead may lack what is found by reflection.
#
#   eng/test-published.sh [ARGUMENT...]                 arguments go to the tests' program
#   PROGRAM=FILE eng/test-published.sh [ARGUMENT...]    a server that is published already
#
# Needs a C compiler (Debian: gcc zlib1g-dev). Listens on free ports of loopback only. Publishing takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

program=${PROGRAM:-$work/server/Decision.Server}
[[ -n ${PROGRAM:-} ]] || dotnet publish src/Decision.Server -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" -p:PublishAot=true \
  -o "$work/server" --nologo -v quiet
dotnet build tests/Decision.Server.Tests --nologo -v quiet -warnaserror

DECISION_PUBLISHED_SERVER="$program" tests/Decision.Server.Tests/bin/Debug/net10.0/Decision.Server.Tests -noLogo -noColor \
  -class '*EverySurfaceTests' -class '*ServerProcessTests' -class '*KilledServerTests' -class '*MovedServerTests' -class '*ColdStartTests' \
  -class '*SharedLimitTests' -method- '*answers_itself_before_it_is_ready' "$@"
