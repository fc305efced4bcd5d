#!/usr/bin/env bash
# Measures Authorize beside a bare gRPC server (same messages, constant answer) in the same run, and prints a table for docs/performance.md.
#
#   eng/load.sh            5 rounds of each case, about 3 minutes on two cores
#   eng/load.sh --quick    1 short round of each case, to see that it works
#   ROUNDS=9 eng/load.sh   more rounds
#
# Needs h2load (Debian: nghttp2-client) and curl. Listens on loopback only, on ports from BASE_PORT (default 50950) on.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${ROUNDS:-5} seconds_of_requests=3
if [[ ${1:-} == --quick ]]; then
  rounds=1 seconds_of_requests=1
elif [[ $# -gt 0 ]]; then
  echo "usage: eng/load.sh [--quick]" >&2
  exit 2
fi

# case: connections, streams on each, requests for each second that a round is to last
cases=("1 1 4000" "2 4 12000" "4 8 20000" "8 16 24000")
base_port=${BASE_PORT:-50950}
bare_port=$base_port real_port=$((base_port + 1)) http_port=$((base_port + 2))

if ! command -v h2load >/dev/null; then
  echo "h2load is not installed; installing nghttp2-client." >&2
  apt-get install -y nghttp2-client >&2 || { apt-get update >&2 && apt-get install -y nghttp2-client >&2; }
fi

work=$(mktemp -d)
bare_pid='' real_pid=''
stop() {
  local pid
  for pid in $bare_pid $real_pid; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

fail() {
  echo "eng/load.sh: $1" >&2
  [[ -s $work/real.log ]] && tail -n 20 "$work/real.log" >&2
  exit 1
}

for port in "$bare_port" "$real_port" "$http_port"; do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "port $port is in use; set BASE_PORT."
done

for project in tests/Decision.Benchmarks src/Decision.Server; do
  dotnet build "$project" -c Release -v q --nologo >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; fail "$project does not build."; }
done
bare=tests/Decision.Benchmarks/bin/Release/net10.0/Decision.Benchmarks
real=src/Decision.Server/bin/Release/net10.0/Decision.Server

"$bare" prepare "$work/decision.db" "$work/body.bin" || fail "the database could not be prepared."
"$bare" bare --port "$bare_port" >"$work/bare.log" 2>&1 &
bare_pid=$!
"$real" "--Server:Grpc=127.0.0.1:$real_port" "--Server:Http=127.0.0.1:$http_port" \
  "--Data:Path=$work" "--Storage:Path=$work/decision.db" >"$work/real.log" 2>&1 &
real_pid=$!

await_port() {
  for _ in $(seq 600); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    kill -0 "$2" 2>/dev/null || fail "the server of port $1 ended."
    sleep 0.1
  done
  fail "nothing listens on port $1 after a minute."
}
await_port "$bare_port" "$bare_pid"
await_port "$real_port" "$real_pid"
await_port "$http_port" "$real_pid"

# Decisions so far as the server counts them: h2load sees only HTTP 200, which a refusal is too.
allowed() {
  curl -sf "http://127.0.0.1:$http_port/metrics" |
    awk '/^decision_decisions/ && /allowed="true"/ { sum += $NF } END { printf "%d", sum }'
}

# All the CPU time of a process, in ticks.
ticks() { awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
hertz=$(getconf CLK_TCK)

# drive PORT PID CONNECTIONS STREAMS REQUESTS -> "requests/s p50-us p99-us cpu-us-per-request"
drive() {
  local before after
  rm -f "$work/requests.log"
  before=$(ticks "$2")
  h2load -n "$5" -c "$3" -m "$4" -t 1 -d "$work/body.bin" --log-file="$work/requests.log" \
    -H 'content-type: application/grpc' -H 'te: trailers' \
    "http://127.0.0.1:$1/decision.v1.AuthorizeService/Authorize" >"$work/h2load.log" 2>&1 || fail "h2load failed: $(tail -n 3 "$work/h2load.log")"
  after=$(ticks "$2")
  grep -q " $5 succeeded, 0 failed, 0 errored" "$work/h2load.log" || fail "not all requests succeeded: $(grep '^requests:' "$work/h2load.log")"
  cut -f3 "$work/requests.log" | sort -n >"$work/latencies"
  awk -v n="$5" -v cpu=$((after - before)) -v hz="$hertz" -v p50="$(sed -n "$((($5 + 1) / 2))p" "$work/latencies")" \
    -v p99="$(sed -n "$((($5 * 99 + 99) / 100))p" "$work/latencies")" '
    /^finished in/ { rate = $4; if (rate ~ /[km]/) exit 1 }
    END { printf "%.0f %d %d %.2f", rate, p50, p99, cpu / hz * 1e6 / n }' "$work/h2load.log"
}

# real_drive: as drive, and checks that the server decided so many times, ALLOWED each time.
real_drive() {
  local before after
  before=$(allowed)
  drive "$real_port" "$real_pid" "$1" "$2" "$3"
  after=$(allowed)
  ((after - before == $3)) || fail "$3 requests were sent, but the server counts $((after - before)) decisions ALLOWED."
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
column() { cut -d' ' -f"$2" "$1" | median; }

echo "warming up" >&2
warmup=$((seconds_of_requests * 20000))
drive "$bare_port" "$bare_pid" 4 8 "$warmup" >/dev/null
real_drive 4 8 "$warmup" >/dev/null
drive "$bare_port" "$bare_pid" 4 8 "$warmup" >/dev/null
real_drive 4 8 "$warmup" >/dev/null

commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
echo "Measured $(date -u +%F) at $commit on $(nproc) cores, $rounds round(s); load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "| calls at once | bare, requests/s | real, requests/s | ratio (range) | bare p50, p99 us | real p50, p99 us | bare, CPU us | real, CPU us | CPU ratio |"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
for case in "${cases[@]}"; do
  read -r connections streams per_second <<<"$case"
  requests=$((per_second * seconds_of_requests))
  : >"$work/bare.txt" && : >"$work/real.txt" && : >"$work/ratios.txt"
  for ((round = 0; round < rounds; round++)); do
    a=$(drive "$bare_port" "$bare_pid" "$connections" "$streams" "$requests")
    b=$(real_drive "$connections" "$streams" "$requests")
    echo "$a" >>"$work/bare.txt"
    echo "$b" >>"$work/real.txt"
    awk -v a="$a" -v b="$b" 'BEGIN { split(a, x, " "); split(b, y, " "); printf "%.3f %.3f\n", y[1] / x[1], (x[4] > 0 ? y[4] / x[4] : 0) }' >>"$work/ratios.txt"
  done
  range="$(cut -d' ' -f1 "$work/ratios.txt" | sort -n | sed -n '1p;$p' | paste -sd'~' | sed 's/~/ to /')"
  printf '| %d | %.0f | %.0f | %.2f (%s) | %.0f, %.0f | %.0f, %.0f | %.1f | %.1f | %.2f |\n' \
    $((connections * streams)) "$(column "$work/bare.txt" 1)" "$(column "$work/real.txt" 1)" "$(column "$work/ratios.txt" 1)" "$range" \
    "$(column "$work/bare.txt" 2)" "$(column "$work/bare.txt" 3)" "$(column "$work/real.txt" 2)" "$(column "$work/real.txt" 3)" \
    "$(column "$work/bare.txt" 4)" "$(column "$work/real.txt" 4)" "$(column "$work/ratios.txt" 2)"
done
echo
echo "Every answer of the real server was a decision ALLOWED by its own counter: $(allowed) in all. Load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
