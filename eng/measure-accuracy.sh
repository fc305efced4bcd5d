#!/usr/bin/env bash
# Runs the whole matrix of docs/accuracy.md (replicas, limits, windows and loads, exact and leased, on a simulated clock and a real redis-server), fails where a
# bound does not hold, and prints the tables. About 4 minutes.
#
#   eng/measure-accuracy.sh [arguments of the test program, such as -result-xml FILE]
#
# Needs redis-server (Debian: redis-server, redis-tools).
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build tests/Decision.Storage.Redis.Tests -v q --nologo >&2
table=$(mktemp)
trap 'rm -f "$table"' EXIT
DECISION_ACCURACY=$table tests/Decision.Storage.Redis.Tests/bin/Debug/net10.0/Decision.Storage.Redis.Tests -noLogo -noColor -trait "Run=measure" "$@" >&2
cat "$table"
