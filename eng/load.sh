#!/usr/bin/env bash
# Measures the published server beside a bare gRPC server (same messages, constant answer), in turn in the same run, and prints tables for
# docs/performance.md. Themes, one or several; without any, --calls:
#
#   eng/load.sh            how many calls at once, on the embedded store and on Redis, exact and leased
#   eng/load.sh --ways     the other ways in (ext_authz, rate limit service, forward auth) beside Authorize
#   eng/load.sh --shapes   batches, streams and refusals, for each decision
#   eng/load.sh --keys     1, 1,000 and 1,000,000 keys, uniform and Zipf
#   eng/load.sh --policies 5 policies for a key, 1 and 50 allowed URLs
#   eng/load.sh --replicas 1 to 4 replicas on one Redis, and a Redis Cluster of three masters
#   eng/load.sh --latency  how long a call takes at half of what each does at most
#   eng/load.sh --observed what it costs to watch decisions: log, use over time, thresholds and traces, all on beside all off
#   eng/load.sh --all      all of them
#
#   --quick                one short round of each case, with fewer keys, to see that it works
#   --write                puts the tables between their markers in docs/performance.md too
#   ROUNDS=3               rounds of each case; 5 where it is not set
#   BASE_PORT=20950        the first of the ports of loopback that are listened on
#   REDIS_ARGS='--appendonly yes --appendfsync everysec'    settings of redis-server; none: nothing is saved
#   SERVER_ARGS='--Redis:Timeout=1s'    settings of the servers on Redis; on a busy machine 50 ms may be too short, and a refusal ends the run
#   PROGRAM=FILE           a server that is published already, native code for one; else it is published with -r for this system
#
# Needs h2load (Debian: nghttp2-client), redis-server and redis-cli (redis-tools), and installs what is missing, as root.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

need() {
  command -v "$1" >/dev/null && return
  echo "$1 is not installed; installing $2." >&2
  apt-get install -y "$2" >&2 || { apt-get update >&2 && apt-get install -y "$2" >&2; }
}
need h2load nghttp2-client
need redis-server redis-server
need redis-cli redis-tools

dotnet build tests/Decision.Benchmarks -c Release -v q --nologo -warnaserror >&2
# In place of this shell: what ends it ends the servers too.
exec tests/Decision.Benchmarks/bin/Release/net10.0/Decision.Benchmarks load "$@"
