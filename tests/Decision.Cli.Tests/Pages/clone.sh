# What a reader has at the root of a clone, for the commands of a page. Given: CLONE, TOOL, SERVER, REPOSITORY.
# Building takes minutes and has been done: `dotnet run` and `dotnet publish` take what was built. Everything else is as it is.
exec 2>&1
set -e
shopt -s expand_aliases
trap 'for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done; wait' EXIT

# A program at $1 that runs the built $2. A refusal of `decisionctl authorize` and a difference of `policy diff` are answers: a reader's
# shell goes on after them.
lay() {
  mkdir -p "$(dirname "$1")"
  {
    echo '#!/bin/bash'
    if [ "$2" = "$TOOL" ]; then
      echo "dotnet '$2' \"\$@\" && exit 0 || code=\$?"
      echo '[ "$code" = 1 ] && { [ "$1" = authorize ] || [ "$1 $2" = "policy diff" ]; } || exit "$code"'
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
  command dotnet "$SERVER" "$@" --Server:Grpc=127.0.0.1:0 --Server:Http=127.0.0.1:0 --Data:Path="$CLONE/own" >"$log" &
  local server=$!
  until grep -q "is ready:" "$log"; do
    kill -0 "$server" || { cat "$log"; return 1; }
    read -r -t 0.1 <> <(:) || true
  done
  cat "$log"
  kill "$server"
  wait "$server" || true
}

dotnet() {
  case "$*" in
    "run --project src/Decision.Server") echo "The demo runs already." ;;
    "run --project src/Decision.Server --no-launch-profile -- "*) shift 5; try_server "$@" ;;
    "run --project src/Decision.Server -- "*) shift 4; command dotnet "$SERVER" "$@" ;;
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
