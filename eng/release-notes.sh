#!/usr/bin/env bash
# Prints what CHANGELOG.md says of a version, without its heading: the notes of a release.
#
#   eng/release-notes.sh VERSION       such as 0.1.0 or v0.1.0; Unreleased = what is to come
#
#   CHANGELOG=FILE                     another file
#
# Ends with 1 where there is no such section, or nothing in it, and with 2 where it is called otherwise.
set -euo pipefail

if [ $# -ne 1 ] || [ -z "$1" ] || [ "${1#-}" != "$1" ]; then
  echo "release-notes.sh: write eng/release-notes.sh VERSION, such as 0.1.0 or Unreleased" >&2
  exit 2
fi
changelog=${CHANGELOG:-$(dirname "$0")/../CHANGELOG.md}
[ -r "$changelog" ] || { echo "release-notes.sh: $changelog cannot be read" >&2; exit 2; }

# A heading is "## [0.1.0] - 2026-12-01" or "## 0.1.0". A section ends at the next one, or at the links at the end of the file.
notes=$(awk -v wanted="${1#v}" '
  /^## / { name = $2; gsub(/[][]/, "", name); inside = tolower(name) == tolower(wanted); found += inside; next }
  /^\[[^]]*\]: / { inside = 0 }
  inside { print }
  END { exit found ? 0 : 3 }' "$changelog") || {
  echo "release-notes.sh: $changelog has no section for $1; there is: $(awk '/^## / { name = $2; gsub(/[][]/, "", name); printf "%s%s", n++ ? ", " : "", name }' "$changelog")" >&2
  exit 1
}

# Without empty lines at both ends.
notes=$(sed -e '/./,$!d' <<<"$notes")
[ -n "$notes" ] || { echo "release-notes.sh: the section $1 of $changelog is empty" >&2; exit 1; }
printf '%s\n' "$notes"
