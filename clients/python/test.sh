#!/usr/bin/env bash
# Tests the Python client against a real server, with Debian's Python:
#
#   clients/python/test.sh
#
# Installs Debian packages, as root, only where they are missing; what stays missing is skipped, loudly. The server is what DECISION_SERVER names
# (a program, or a Decision.Server.dll); without it, it is built. Ends with "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "$0")"
exec </dev/null

python=/usr/bin/python3
missing=()
need() { "$python" -c "import importlib.util, sys; sys.exit(importlib.util.find_spec('$1') is None)" 2>/dev/null || missing+=("$2"); }
need_program() { command -v "$1" >/dev/null || missing+=("$2"); }
need_program "$python" python3
need grpc python3-grpcio
need google.protobuf python3-protobuf
need build python3-build
need setuptools python3-setuptools
need wheel python3-wheel
need pip python3-pip
need mypy python3-mypy
need flask python3-flask
need fastapi python3-fastapi
need uvicorn python3-uvicorn
need_program protoc protobuf-compiler
need_program grpc_python_plugin protobuf-compiler-grpc
need_program openssl openssl
if [ "${#missing[@]}" -gt 0 ]; then
  echo "== install ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  install() { apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null; }
  install || { apt-get update >/dev/null && install; } || echo "${missing[*]} could not be installed" >&2
fi

export PYTHONDONTWRITEBYTECODE=1
exec "$python" -m tests
