#!/usr/bin/env bash
# Publishes a release with eng/publish.sh, unpacks it into an empty folder, and tries it from there as a new user would, with no .NET in reach:
# the server as a demo and with a policy file of its own, decisionctl with each. Ends with "release: ok".
#
#   eng/test-release.sh             publishes first, which takes minutes
#   eng/test-release.sh FILE        a decision-VERSION-SYSTEM.tar.gz that was published already
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -le 1 ] || { echo "test-release.sh: write eng/test-release.sh [FILE]" >&2; exit 2; }
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
archive=${1:-}
[ -n "$archive" ] || archive=$(eng/publish.sh)
archive=$(realpath "$archive")

work=$(mktemp -d)
pid=
stop() {
  [ -z "$pid" ] || { kill -TERM "$pid" 2>/dev/null && wait "$pid"; } || true
  rm -rf "$work"
}
trap stop EXIT
fail() {
  echo "test-release.sh: $1" >&2
  exit 1
}

(cd "$(dirname "$archive")" && sha256sum --quiet -c "$(basename "$archive").sha256") || fail "the checksum is another one"
mkdir "$work/home"
tar -xzf "$archive" -C "$work"
programs=$(echo "$work"/decision-*/)
mkdir "$work/empty"
cd "$work/empty"
# Of the environment nothing but this: no .NET is found, and nothing of this user is written to.
bare=(env -i PATH=/usr/bin:/bin HOME="$work/home" DOTNET_ROOT=/nowhere)
run() { "${bare[@]}" "$@"; }

echo "== versions"
[ "$(run "$programs/Decision.Server" --version)" = "$version" ] || fail "the server has another version than $version"
[ "$(run "$programs/decisionctl" --version)" = "$version" ] || fail "decisionctl has another version than $version"
echo "$version"

# Starts the server with arguments, waits until it is ready and sets address.
start() {
  # No function: of that, the shell around it would get the signal.
  "${bare[@]}" "$programs/Decision.Server" --Server:Grpc=127.0.0.1:0 --Server:Http=127.0.0.1:0 "$@" >"$work/log" 2>&1 </dev/null &
  pid=$!
  local line
  line=$(tail -n +1 -F --pid="$pid" "$work/log" 2>/dev/null | grep -m 1 'is ready:' || true)
  [ -n "$line" ] || { cat "$work/log" >&2; fail "the server ended before it was ready"; }
  address=$(sed -n 's/.*Grpc http:\/\/\([0-9.:]*\).*/\1/p' <<<"$line")
  echo "${line#*is ready: }"
}
end() {
  kill -TERM "$pid"
  wait "$pid" || { cat "$work/log" >&2; fail "the server ended with another status than 0"; }
  pid=
}
ctl() { run DECISION_ADDRESS="http://$address" DECISION_ADMIN_SECRET="$(cat "$work/data/admin-secret")" DECISION_TIMEOUT=30s "$programs/decisionctl" "$@"; }
# Asks with a key of a policy, until it is refused; prints how often it was allowed.
spend() {
  local key allowed=0
  key=$(ctl key create --policy "$1" --org demo --quiet)
  while ctl authorize --key "$key" --api orders --path /orders/1 >/dev/null; do
    allowed=$((allowed + 1))
    [ $allowed -lt 20 ] || break
  done
  echo "$1: $allowed allowed"
}

echo "== demo"
start --demo --Data:Path="$work/data"
ctl policy list | grep -q tour || fail "the demo has no policy tour"
ctl status >/dev/null || fail "decisionctl status failed"
[ "$(spend tour | tee /dev/stderr)" = "tour: 3 allowed" ] || fail "the policy tour allows 3 requests in 10 seconds"
end

echo "== a policy file"
cat >"$work/empty/policies.json" <<'JSON'
{
  "five": {
    "org_id": "demo", "rate": 5, "per": 3600,
    "access_rights": { "orders": { "api_id": "orders", "versions": ["Default"] } }
  }
}
JSON
cat >"$work/empty/settings.json" <<'JSON'
{ "policies": { "policy_source": "file", "policy_record_name": "policies.json" } }
JSON
start --config settings.json --Data:Path="$work/data" --Storage:Path=:memory:
[ "$(spend five | tee /dev/stderr)" = "five: 5 allowed" ] || fail "the policy five allows 5 requests in an hour"
end

[ "$(find . -type f | sort | tr '\n' ' ')" = "./policies.json ./settings.json " ] || fail "files were written where the server was started: $(find . -type f)"
echo "release: ok"
