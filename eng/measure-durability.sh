#!/usr/bin/env bash
# Measures how many acknowledged writes a Redis loses that is killed, and one that fails over: the table of docs/redis-promises.md.
#
#   eng/measure-durability.sh    a few minutes on two cores
#
# Needs redis-server (Debian: redis-server). Listens on free ports of loopback only.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build tests/Decision.Server.Tests --nologo -v quiet -warnaserror >&2
echo "| what | policies lost | creations and rotations lost | revocations lost | spends lost |"
echo "|---|---:|---:|---:|---:|"
tests/Decision.Server.Tests/bin/Debug/net10.0/Decision.Server.Tests -noLogo -noColor -class "*.DurabilityMeasurement" -showLiveOutput |
  tee /dev/stderr | grep -oE '\| .* \|$' | sort |
  awk -F ' *[|] *' '
    { rows[$2]++; for (i = 3; i <= 6; i++) { split($i, n, " of "); lost[$2, i] += n[1]; all[$2, i] += n[2]; if (n[1] > most[$2, i]) most[$2, i] = n[1] } }
    END { for (row in rows) { printf "| %s, %d rounds", row, rows[row]; for (i = 3; i <= 6; i++) printf " | %d of %d (at most %d in a round)", lost[row, i], all[row, i], most[row, i]; print " |" } }'
