#!/usr/bin/env bash
# Generates the code that clients keep in this repository, from protos/:
#
#   eng/generate-clients.sh            writes it
#   eng/generate-clients.sh --check    compares it, and ends with status 1 where it is not fresh
#
# Python: Debian's protobuf-compiler and protobuf-compiler-grpc. Another protoc writes other code, so the version is fixed.
set -euo pipefail
cd "$(dirname "$0")/.."

check=false
case "${1:-}" in
  "") ;;
  --check) check=true ;;
  *) echo "generate-clients.sh: unknown argument $1; there is --check" >&2; exit 2 ;;
esac

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

python() {
  local wanted="libprotoc 3.21.12" package=decision_client._generated
  local protoc plugin
  protoc=$(command -v protoc) && plugin=$(command -v grpc_python_plugin) || {
    echo "generate-clients.sh: protoc or grpc_python_plugin is missing: install protobuf-compiler and protobuf-compiler-grpc" >&2
    exit 2
  }
  [ "$("$protoc" --version)" = "$wanted" ] || { echo "generate-clients.sh: protoc is '$("$protoc" --version)', wanted is '$wanted'" >&2; exit 2; }

  "$protoc" --proto_path=protos --proto_path=clients/python/protos --plugin=protoc-gen-grpc_python="$plugin" \
    --python_out="$fresh" --pyi_out="$fresh" --grpc_python_out="$fresh" \
    protos/decision/v1/*.proto protos/decision/admin/v1/*.proto clients/python/protos/decision_client/*.proto
  # Two files without a service.
  find "$fresh" -name '*_pb2_grpc.py' -print0 | xargs -0 grep -LZ 'class .*Stub' | xargs -0r rm
  # The code is inside of the package; protoc writes imports as if it were at the top.
  find "$fresh" -type f -print0 | xargs -0 sed -i -E "s/^from (decision|decision_client)(\.[a-z0-9_.]+)? import /from $package.\1\2 import /"
  find "$fresh" -type d -exec touch {}/__init__.py \;
  swap clients/python/src/decision_client/_generated
}

# Puts what was generated in the place of what is there, or compares both.
swap() {
  if ! $check; then
    rm -rf "$1"
    mkdir -p "$1"
    cp -R "$fresh/." "$1"
    echo "generated: $1"
  elif diff -r --exclude=__pycache__ "$1" "$fresh" >&2; then
    echo "fresh: $1"
  else
    echo "generate-clients.sh: $1 is not what protos/ says now: run eng/generate-clients.sh and commit" >&2
    exit 1
  fi
}

python
