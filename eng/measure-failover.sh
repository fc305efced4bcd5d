#!/usr/bin/env bash
# Measures how long the failover of a Sentinel set is felt, and how many spends it loses: the table of docs/redis-promises.md.
#
#   eng/measure-failover.sh    a few minutes on two cores
#
# Needs redis-server (Debian: redis-server). Listens on free ports of loopback only.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build tests/Decision.Server.Tests --nologo -v quiet -warnaserror >&2
echo "| what | ms from it to the last degraded answer: median, most | spends lost: median, most | ms of the slowest answer |"
echo "|---|---:|---:|---:|"
tests/Decision.Server.Tests/bin/Debug/net10.0/Decision.Server.Tests -noLogo -noColor -class "*.SentinelMeasurement" -showLiveOutput |
  tee /dev/stderr | grep -oE '\| .* \|$' | sort -t '|' -k2,2 -k3,3n |
  awk -F ' *[|] *' '
    function median(row, column,   i, j, n, held, list) {
      n = rows[row]
      for (i = 1; i <= n; i++) list[i] = value[row, i, column]
      for (i = 2; i <= n; i++) { held = list[i]; for (j = i - 1; j > 0 && list[j] > held; j--) list[j + 1] = list[j]; list[j + 1] = held }
      return list[int((n + 1) / 2)]
    }
    { n = ++rows[$2]; for (i = 3; i <= 5; i++) { value[$2, n, i] = $i + 0; if ($i + 0 > most[$2, i]) most[$2, i] = $i + 0 } }
    END { for (row in rows) printf "| %s, %d rounds | %d, %d | %d, %d | %d |\n", row, rows[row], median(row, 3), most[row, 3], median(row, 4), most[row, 4], most[row, 5] }' | sort
