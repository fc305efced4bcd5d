#!/usr/bin/env bash
# Measures how long the published server takes from its start to its first answer over gRPC, and its resident memory when idle, for docs/performance.md.
#
#   eng/measure-start.sh            published as native code, 5 starts; publishing takes minutes
#   eng/measure-start.sh system     published for this system (compiled ahead, in part)
#   eng/measure-start.sh portable   published for any system (compiled while it runs)
#   PROGRAM=FILE eng/measure-start.sh   a server that is published already
#
# Needs h2load (Debian: nghttp2-client), and a C compiler for native code (Debian: gcc zlib1g-dev). Listens on loopback only, on the ports BASE_PORT
# (default 50970) and the next.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-native}
system="linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
case $kind in
  native) publish=(-r "$system" -p:PublishAot=true) ;;
  system) publish=(-r "$system" --self-contained false) ;;
  portable) publish=() ;;
  *) echo "usage: eng/measure-start.sh [system|portable]" >&2; exit 2 ;;
esac
command -v h2load >/dev/null || { echo "h2load is not installed: apt-get install nghttp2-client" >&2; exit 1; }

work=$(mktemp -d)
server=
stop() {
  [[ -z $server ]] || { kill -TERM "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  server=
}
trap 'stop; rm -rf "$work"' EXIT
port=${BASE_PORT:-50970}

program=${PROGRAM:-$work/server/Decision.Server}
[[ -n ${PROGRAM:-} ]] || dotnet publish src/Decision.Server -c Release -o "$work/server" -v q --nologo "${publish[@]}" >"$work/publish.log" 2>&1 || { cat "$work/publish.log" >&2; exit 1; }
dotnet build tests/Decision.Benchmarks -c Release -v q --nologo >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
tests/Decision.Benchmarks/bin/Release/net10.0/Decision.Benchmarks prepare "$work/decision.db" "$work"

answered() {
  h2load -n 1 -c 1 -m 1 -d "$work/authorize.bin" -H 'content-type: application/grpc' -H 'te: trailers' \
    "http://127.0.0.1:$port/decision.v1.AuthorizeService/Authorize" 2>/dev/null | grep -q ' 1 succeeded'
}

for _ in 1 2 3 4 5; do
  mkdir -p "$work/data"
  begun=$(date +%s%N)
  "$program" "--Server:Grpc=127.0.0.1:$port" "--Server:Http=127.0.0.1:$((port + 1))" "--Storage:Path=$work/decision.db" "--Data:Path=$work/data" >"$work/server.log" 2>&1 &
  server=$!
  # A try costs the server time too: only once it listens, and not faster than needed.
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && answered; do
    kill -0 "$server" 2>/dev/null || { cat "$work/server.log" >&2; exit 1; }
    sleep 0.01
  done
  took=$((($(date +%s%N) - begun) / 1000000))
  cpu=$(awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000 / hz) }' "/proc/$server/stat")
  sleep 3
  echo "$took $cpu $(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")"
  stop
done | sort -n | awk -v kind="$kind" '{ took[NR] = $1; cpu[NR] = $2; memory[NR] = $3 }
  END { printf "%s: first answer after %d ms (%d to %d) and %d ms of CPU, %d MB resident 3 s later\n", kind, took[3], took[1], took[NR], cpu[3], memory[3] }'
