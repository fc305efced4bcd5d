#!/usr/bin/env bash
# Checks protos/: `buf lint`, and `buf breaking` against the main branch where that has protos.
# Everything is read from this clone; the network is used only where buf is not installed yet (npm ci in eng/).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

wanted="$(sed -n 's/.*"@bufbuild\/buf": "\([0-9.]*\)".*/\1/p' eng/package.json)"
buf="$root/eng/node_modules/.bin/buf"
if [[ ! -x "$buf" || "$("$buf" --version 2>/dev/null)" != "$wanted" ]]; then
  echo "buf $wanted is not installed: running npm ci in eng/"
  # The install script of buf only shortens its start; the binary comes with the package for this platform.
  (cd eng && npm ci --ignore-scripts --no-audit --no-fund)
fi

failed=0

if "$buf" lint protos; then
  echo "lint: protos/ has no findings (buf $wanted)."
else
  echo "lint: protos/ has the findings above (buf $wanted)." >&2
  failed=1
fi

# A branch of our own may be behind: what is published counts first.
base=""
for ref in origin/main main; do
  if git cat-file -e "$ref:protos/buf.yaml" 2>/dev/null; then
    base="$ref"
    break
  fi
done

if [[ -z "$base" ]]; then
  echo "breaking: not checked, since neither origin/main nor main is here with protos in it."
else
  before="$(mktemp -d)"
  trap 'rm -rf "$before"' EXIT
  git archive "$base" protos | tar -x -C "$before"
  if "$buf" breaking protos --against "$before/protos"; then
    echo "breaking: protos/ is compatible with $base ($(git rev-parse --short "$base"))."
  else
    echo "breaking: protos/ is not compatible with $base ($(git rev-parse --short "$base")), as listed above." >&2
    failed=1
  fi
fi

exit "$failed"
