#!/usr/bin/env bash
# Starts a Decision server for the conformance cases, with the policies, APIs and callers of fixture/:
#
#   clients/conformance/server.sh
#
# Prints one line of JSON when it is ready, {"grpc": "127.0.0.1:PORT", "http": "127.0.0.1:PORT", "secret": "..."}, on free ports, and
# stops the server when its own standard input ends or it is told to stop. So start it with a pipe as its input and keep that open: it
# then ends with you, however you end. Everything is kept in memory and in a temporary folder that is removed.
#
# The server is what DECISION_SERVER names, a program or a Decision.Server.dll; without it, it is built. Further arguments go to it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
exec 3<&0

server=${DECISION_SERVER:-}
if [ -z "$server" ]; then
  DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet build "$root/src/Decision.Server" -v quiet -clp:ErrorsOnly >&2 3<&- </dev/null
  server=$root/src/Decision.Server/bin/Debug/net10.0/Decision.Server.dll
fi
[ -f "$server" ] || { echo "server.sh: there is no $server: build src/Decision.Server, or set DECISION_SERVER to the built server" >&2; exit 2; }

run=("$server")
[ "${server##*.}" != dll ] || run=(dotnet "$server")
# Where setpriv is there, the server ends even if this script is killed outright.
! command -v setpriv >/dev/null || run=(setpriv --pdeathsig TERM -- "${run[@]}")

folder=$(mktemp -d)
secret=conformance-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
pid=
stop() {
  trap - EXIT INT TERM HUP
  if [ -n "$pid" ]; then
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  [ -z "${input:-}" ] || kill "$input" 2>/dev/null || true
  rm -rf "$folder"
}
trap 'stop' EXIT
trap 'exit 0' INT TERM HUP

# What is in the environment for this script or for clients is not meant for the server, which reads every DECISION_ name.
for name in ${!DECISION_@}; do unset "$name"; done
export DECISION_Admin__Secret=$secret
"${run[@]}" --Server:Grpc=127.0.0.1:0 --Server:Http=127.0.0.1:0 --Data:Path="$folder" --Storage:Path=:memory: \
  --policies:policy_source=file --policies:policy_record_name="$here/fixture/policies.json" --apis:record_name="$here/fixture/apis.json" \
  --Callers:File="$here/fixture/callers.json" --Server:DrainTime=0 "$@" >"$folder/log" 2>&1 </dev/null 3<&- &
pid=$!

# The log is followed until the one line that tells the addresses, or until the server has ended.
line=$(tail -n +1 -F --pid="$pid" "$folder/log" 2>/dev/null | grep -m 1 'is ready:' || true)
if [ -z "$line" ]; then
  cat "$folder/log" >&2
  echo "server.sh: the server ended before it was ready" >&2
  exit 1
fi
address() { printf %s "$line" | sed -n "s/.*$1 http:\/\/\([0-9.:]*\).*/\1/p"; }
printf '{"grpc": "%s", "http": "%s", "secret": "%s"}\n' "$(address Grpc)" "$(address Http)" "$secret"

cat <&3 >/dev/null &
input=$!
wait -n "$pid" "$input" || true
if ! kill -0 "$pid" 2>/dev/null; then
  cat "$folder/log" >&2
  echo "server.sh: the server ended by itself" >&2
  exit 1
fi
