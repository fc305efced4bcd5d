#!/usr/bin/env bash
# Measures Authorize on the embedded store and on Redis, exact and leased, beside a bare gRPC server (same messages, constant answer), all in turn in the same
# run, and prints tables for docs/performance.md.
#
#   eng/load.sh            5 rounds of each case, about 4 minutes on two cores
#   eng/load.sh --quick    1 short round of each case, to see that it works
#   eng/load.sh --ways     the other ways in (ext_authz, rate limit service, forward auth) beside Authorize, on the embedded store; with --quick too
#   eng/load.sh --shapes   batches, streams and refusals, for each decision, on both stores; with --quick too
#   ROUNDS=9 eng/load.sh   more rounds
#
#   REDIS_ARGS='--appendonly yes --appendfsync everysec' eng/load.sh    settings of redis-server; none: nothing is saved
#
# Needs h2load (Debian: nghttp2-client), redis-server, redis-cli (redis-tools) and curl. Listens on loopback only, on ports from BASE_PORT (default 50950) on.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${ROUNDS:-5} seconds_of_requests=3

# case: connections, streams on each, requests for each second that a round is to last
cases=("1 1 4000" "2 4 12000" "4 8 20000" "8 16 24000")

# What is driven, the first being what the others are compared with; the processes that it needs; and which one a way goes to.
servers=(bare embedded redis leased)
processes=(bare embedded redis leased)
declare -A process_of decisions_in
for argument in "$@"; do
  case $argument in
    --quick) rounds=1 seconds_of_requests=1 ;;
    --ways)
      servers=(authorize ext_authz rate_limit authorize_apart forward_auth empty_http)
      processes=(embedded)
      for server in "${servers[@]}"; do process_of[$server]=embedded; done
      cases=("1 1 4000" "4 8 15000" "8 16 20000")
      ;;
    --shapes)
      servers=(bare authorize refused batch_1 batch_10 batch_100 stream_100 redis redis_refused redis_batch_100 redis_stream_100)
      for server in "${servers[@]:1}"; do
        process_of[$server]=embedded
        [[ $server != redis* ]] || process_of[$server]=redis
        [[ $server != *_1*0* && $server != *_1 ]] || decisions_in[$server]=${server##*_}
      done
      cases=("4 8 10000" "8 16 12000")
      ;;
    *)
      echo "usage: eng/load.sh [--quick] [--ways | --shapes]" >&2
      exit 2
      ;;
  esac
done
base=${servers[0]}
base_port=${BASE_PORT:-50950}
redis_port=$((base_port + 9))
read -ra redis_args <<<"${REDIS_ARGS:---appendonly no}"

need() {
  command -v "$1" >/dev/null && return
  echo "$1 is not installed; installing $2." >&2
  apt-get install -y "$2" >&2 || { apt-get update >&2 && apt-get install -y "$2" >&2; }
}
need h2load nghttp2-client
need redis-server redis-server
need redis-cli redis-tools

work=$(mktemp -d)
declare -A pid grpc_port http_port
p50_alone=()
stop() {
  local each
  for each in "${pid[@]}"; do
    kill -TERM "$each" 2>/dev/null || true
    wait "$each" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

fail() {
  echo "eng/load.sh: $1" >&2
  tail -n 20 "$work"/{embedded,redis,leased}.log >&2 2>/dev/null || true
  exit 1
}

port=$base_port
for server in "${processes[@]}"; do
  grpc_port[$server]=$port http_port[$server]=$((port + 1))
  port=$((port + 2))
done
for port in "${grpc_port[@]}" "${http_port[@]}" "$redis_port"; do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "port $port is in use; set BASE_PORT."
done

for project in tests/Decision.Benchmarks src/Decision.Server; do
  dotnet build "$project" -c Release -v q --nologo >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; fail "$project does not build."; }
done
bare=tests/Decision.Benchmarks/bin/Release/net10.0/Decision.Benchmarks
decision=src/Decision.Server/bin/Release/net10.0/Decision.Server

await_port() {
  for _ in $(seq 600); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    kill -0 "$2" 2>/dev/null || fail "the server of port $1 ended."
    sleep 0.1
  done
  fail "nothing listens on port $1 after a minute."
}

# The same policy and key in both stores, by the way of any migration.
"$bare" prepare "$work/decision.db" "$work" || fail "the database could not be prepared."
embedded=("--Storage:Path=$work/decision.db" "--Data:Path=$work/embedded")
shared=("--Storage:Kind=redis" "--Redis:Configuration=127.0.0.1:$redis_port" "--Secrets:Key=only-for-this-measurement-of-load")
redis=("${shared[@]}" "--Data:Path=$work/redis")
leased=("${shared[@]}" "--Data:Path=$work/leased" "--Limits:Mode=leased")
mkdir "$work/embedded" "$work/redis" "$work/leased" "$work/redis-server"

start_redis() {
  redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$work/redis-server" --save '' "${redis_args[@]}" >"$work/redis-server.log" 2>&1 &
  pid[redis-server]=$!
  await_port "$redis_port" "${pid[redis-server]}"
  "$decision" export "$work/all.jsonl" "${embedded[@]}" >"$work/embedded.log" 2>&1 || fail "the database could not be exported."
  "$decision" import "$work/all.jsonl" "${redis[@]}" >"$work/redis.log" 2>&1 || fail "Redis could not be filled."
}

# First: what fills it reads the database, which the server then keeps for itself.
[[ " ${processes[*]} " != *" redis "* ]] || start_redis
for server in "${processes[@]}"; do
  if [[ $server == bare ]]; then
    "$bare" bare --port "${grpc_port[bare]}" >"$work/bare.log" 2>&1 &
    pid[bare]=$!
    await_port "${grpc_port[bare]}" "${pid[bare]}"
    continue
  fi
  declare -n settings=$server
  "$decision" "--Server:Grpc=127.0.0.1:${grpc_port[$server]}" "--Server:Http=127.0.0.1:${http_port[$server]}" "${settings[@]}" >"$work/$server.log" 2>&1 &
  pid[$server]=$!
  await_port "${grpc_port[$server]}" "${pid[$server]}"
  await_port "${http_port[$server]}" "${pid[$server]}"
done

# Decisions so far as the server counts them: h2load sees only HTTP 200, which a refusal is too.
told() {
  # The answer to a scrape is kept for 300 ms; a short run would be compared with itself.
  sleep 0.35
  curl -sf "http://127.0.0.1:${http_port[$1]}/metrics" |
    awk -v verdict="allowed=\"$2\"" '/^decision_decisions/ && index($0, verdict) && !/degraded="true"/ { sum += $NF } END { printf "%d", sum }'
}
allowed() { told "$1" true; }

# All the CPU time of a process, in ticks; of no process, none.
ticks() { if [[ -n $1 ]]; then awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; else echo 0; fi; }
hertz=$(getconf CLK_TCK)

grpc=(-H 'content-type: application/grpc' -H 'te: trailers')

# drive WAY CONNECTIONS STREAMS DECISIONS -> "decisions/s p50-us p99-us cpu-us cpu-us-of-redis"; each call must be a decision ALLOWED.
drive() {
  local way=$1 server=${process_of[$1]:-$1} connections=$2 streams=$3 requests=$4 store='' decided=0 decisions=${decisions_in[$1]:-1} verdict=true before after store_before store_after
  local -a ask
  case $way in
    # One call at a time on a connection, as HTTP/1.1 has it; and what an empty answer over HTTP/1.1 costs.
    *_apart | forward_auth | empty_http) connections=$((connections * streams)) streams=1 ;;&
    empty_http) ask=(--h1 "http://127.0.0.1:${http_port[$server]}/healthz/live") ;;
    forward_auth)
      mapfile -t ask <"$work/forward_auth.args"
      ask+=("http://127.0.0.1:${http_port[$server]}/forward-auth/api-0")
      ;;
    ext_authz) ask=(-d "$work/check.bin" "${grpc[@]}" "http://127.0.0.1:${grpc_port[$server]}/envoy.service.auth.v3.Authorization/Check") ;;
    rate_limit) ask=(-d "$work/ratelimit.bin" "${grpc[@]}" "http://127.0.0.1:${grpc_port[$server]}/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit") ;;
    *batch_*) ask=(-d "$work/batch_$decisions.bin" "${grpc[@]}" "http://127.0.0.1:${grpc_port[$server]}/decision.v1.AuthorizeService/AuthorizeBatch") ;;
    *stream_*) ask=(-d "$work/stream_$decisions.bin" "${grpc[@]}" "http://127.0.0.1:${grpc_port[$server]}/decision.v1.AuthorizeService/AuthorizeStream") ;;
    *refused) verdict=false ask=(-d "$work/refused.bin" "${grpc[@]}" "http://127.0.0.1:${grpc_port[$server]}/decision.v1.AuthorizeService/Authorize") ;;
    *) ask=(-d "$work/authorize.bin" "${grpc[@]}" "http://127.0.0.1:${grpc_port[$server]}/decision.v1.AuthorizeService/Authorize") ;;
  esac
  [[ $server != redis && $server != leased ]] || store=${pid[redis-server]}
  [[ $server == bare || $way == empty_http ]] || decided=$(told "$server" "$verdict")
  # As many decisions, in fewer calls.
  requests=$(((requests + decisions - 1) / decisions))
  rm -f "$work/requests.log"
  before=$(ticks "${pid[$server]}") store_before=$(ticks "$store")
  h2load -n "$requests" -c "$connections" -m "$streams" -t 1 --log-file="$work/requests.log" "${ask[@]}" >"$work/h2load.log" 2>&1 || fail "h2load failed: $(tail -n 3 "$work/h2load.log")"
  after=$(ticks "${pid[$server]}") store_after=$(ticks "$store")
  grep -q " $requests succeeded, 0 failed, 0 errored" "$work/h2load.log" || fail "not all requests succeeded: $(grep '^requests:' "$work/h2load.log")"
  if [[ $server != bare && $way != empty_http ]]; then
    decided=$(($(told "$server" "$verdict") - decided))
    ((decided == requests * decisions)) || fail "$requests calls with $decisions requests were sent, but the $server server counts $decided decisions of allowed=$verdict."
  fi
  cut -f3 "$work/requests.log" | sort -n >"$work/latencies"
  awk -v n="$requests" -v each="$decisions" -v cpu=$((after - before)) -v store=$((store_after - store_before)) -v hz="$hertz" \
    -v p50="$(sed -n "$(((requests + 1) / 2))p" "$work/latencies")" -v p99="$(sed -n "$(((requests * 99 + 99) / 100))p" "$work/latencies")" '
    /^finished in/ { rate = $4; if (rate ~ /[km]/) exit 1 }
    END { printf "%.0f %d %d %.2f %.2f\n", rate * each, p50, p99, cpu / hz * 1e6 / n / each, store / hz * 1e6 / n / each }' "$work/h2load.log"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
column() { cut -d' ' -f"$2" "$1" | median; }
range() { cut -d' ' -f"$2" "$1" | sort -n | sed -n '1p;$p' | paste -sd'~' | sed 's/~/ to /'; }

echo "warming up" >&2
for server in "${servers[@]}"; do
  drive "$server" 1 4 2000 >/dev/null
done
for _ in 1 2 3; do
  for server in "${servers[@]}"; do
    drive "$server" 4 8 $((seconds_of_requests * 15000)) >/dev/null
  done
done

commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
echo "Measured $(date -u +%F) at $commit on $(nproc) cores, $rounds round(s), redis-server ${redis_args[*]}; load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "| calls at once | server | decisions/s | of $base (range) | p50, p99 us | CPU us | CPU of Redis us | CPU of $base (range) |"
echo "|---:|---|---:|---:|---:|---:|---:|---:|"
for case in "${cases[@]}"; do
  read -r connections streams per_second <<<"$case"
  requests=$((per_second * seconds_of_requests))
  rm -f "$work"/*.txt
  for ((round = 0; round < rounds; round++)); do
    for server in "${servers[@]}"; do
      drive "$server" "$connections" "$streams" "$requests" >"$work/one"
      [[ $server != "$base" ]] || cp "$work/one" "$work/one-of-base"
      paste -d' ' "$work/one" "$work/one-of-base" |
        awk '{ printf "%s %s %s %s %s %.3f %.3f\n", $1, $2, $3, $4, $5, $1 / $6, ($9 > 0 ? ($4 + $5) / $9 : 0) }' >>"$work/$server.txt"
    done
  done
  for server in "${servers[@]}"; do
    file=$work/$server.txt
    printf '| %d | %s | %.0f | %.2f (%s) | %.0f, %.0f | %.1f | %.1f | %.2f (%s) |\n' $((connections * streams)) "$server" \
      "$(column "$file" 1)" "$(column "$file" 6)" "$(range "$file" 6)" "$(column "$file" 2)" "$(column "$file" 3)" \
      "$(column "$file" 4)" "$(column "$file" 5)" "$(column "$file" 7)" "$(range "$file" 7)"
    ((connections * streams > 1)) || p50_alone+=("$(column "$file" 2)")
  done
done

if [[ $base != bare || ${#cases[@]} == 2 ]]; then
  echo
  echo "Every answer was a decision of its kind by the servers' own counters: $(allowed embedded) ALLOWED on the embedded store. Load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
  exit
fi

# min, max, mean of milliseconds and samples.
read -r _ _ round_trip _ <<<"$(redis-cli -p "$redis_port" --raw -i 3 --latency </dev/null)"
echo
awk -v bare="${p50_alone[0]}" -v redis="${p50_alone[2]}" -v trip="$round_trip" 'BEGIN {
  printf "One call at once: p50 on Redis %d us; twice the bare p50 and a round trip (redis-cli --latency: %s ms on average) are %d us.\n", redis, trip, 2 * bare + 1000 * trip }'
echo "Every answer of the embedded and the redis server was a decision ALLOWED and not degraded by its own counter: $(allowed embedded) and $(allowed redis) in all. Load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
