# What a reader has at the root of a clone, for the commands of a page. Given: CLONE, TOOL, SERVER, REPOSITORY.
# Building takes minutes and has been done: `dotnet run` and `dotnet publish` take what was built. Everything else is as it is.
exec 2>&1
set -e
shopt -s expand_aliases
trap 'for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done; wait' EXIT

# A program at $1 that runs the built $2. A refusal of `decisionctl authorize`, a difference of `policy diff` and an error of `policy validate` are
# answers: a reader's shell goes on after them.
lay() {
  mkdir -p "$(dirname "$1")"
  {
    echo '#!/bin/bash'
    if [ "$2" = "$TOOL" ]; then
      echo "dotnet '$2' \"\$@\" && exit 0 || code=\$?"
      cat <<'BASH'
case "$1 $2" in
  "authorize "* | "policy diff" | "policy validate") [ "$code" = 1 ] && exit 0 ;;
esac
exit "$code"
BASH
    else
      echo "exec dotnet '$2' \"\$@\""
    fi
  } >"$1"
  chmod +x "$1"
}
lay "$CLONE/bin/decisionctl" "$TOOL"
PATH="$CLONE/bin:$PATH"

# A server with settings of the page, on free ports and a data folder of its own, until it is ready.
try_server() {
  local log="$CLONE/own.log"
  local data=(--Data:Path="$CLONE/own")
  [[ " $* " != *" --Data:Path="* ]] || data=()
  command dotnet "$SERVER" "$@" --Server:Grpc=127.0.0.1:0 --Server:Http=127.0.0.1:0 "${data[@]}" >"$log" &
  local server=$!
  until_ready "$server" "$log"
  cat "$log"
  kill "$server"
  wait "$server" || true
}

until_ready() {
  until grep -q "is ready:" "$2"; do
    kill -0 "$1" || { cat "$2"; return 1; }
    read -r -t 0.1 <> <(:) || true
  done
}

# The service of the system, as deploy/systemd describes it: what the page calls /opt/decision and so on lies in the clone.
systemctl() {
  local log="$CLONE/service.log"
  case "$*" in
    "start decision")
      : >"$log"
      DECISION_Server__Grpc=127.0.0.1:0 DECISION_Server__Http=127.0.0.1:0 "$CLONE/opt/decision/Decision.Server" --config "$CLONE/etc/decision/settings.json" >"$log" &
      service=$!
      until_ready "$service" "$log"
      # The page's commands are for this one, which has a port of its own.
      export DECISION_ADDRESS="http://$(sed -n 's|.*Grpc http://\([0-9.:]*\).*|\1|p' "$log")" ;;
    "stop decision") kill "$service" && wait "$service" ;;
    *) command systemctl "$@" ;;
  esac
}

dotnet() {
  case "$*" in
    "run --project src/Decision.Server") echo "The demo runs already." ;;
    "run --project src/Decision.Server --no-launch-profile -- "*) shift 5; try_server "$@" ;;
    # As it does: in the project's folder.
    "run --project src/Decision.Server -- export "* | "run --project src/Decision.Server -- import "*) shift 4; (cd src/Decision.Server && command dotnet "$SERVER" "$@") ;;
    "run --project src/Decision.Server -- "*) shift 4; try_server "$@" ;;
    "run --project src/Decision.Cli -- "*) shift 4; decisionctl "$@" ;;
    "publish src/Decision.Cli -o "*) lay "$4/decisionctl" "$TOOL" ;;
    "publish src/Decision.Server -o "*) lay "$4/Decision.Server" "$SERVER" ;;
    *) command dotnet "$@" ;;
  esac
}

# buf as eng/ has it, where it is installed already.
npx() {
  local buf="$REPOSITORY/eng/node_modules/.bin/buf"
  if [ "$1 $2" = "-y @bufbuild/buf@1.74.0" ] && [ -x "$buf" ] && [ "$("$buf" --version)" = 1.74.0 ]; then
    shift 2
    "$buf" "$@"
  else
    command npx "$@"
  fi
}
