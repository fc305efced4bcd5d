#!/usr/bin/env bash
# Ends with 0 where the server answers that it is ready, else with 1. Needs bash alone, so that an image needs no curl.
#
#   healthcheck.sh [HOST] [PORT]    default 127.0.0.1 8088
set -euo pipefail
exec 3<>"/dev/tcp/${1:-127.0.0.1}/${2:-8088}"
printf 'GET /healthz/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 3 _ status _ <&3
[ "$status" = 200 ]
