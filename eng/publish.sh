#!/usr/bin/env bash
# Publishes the server and decisionctl, each as one file that needs no .NET where it runs, with what belongs to a release:
#
#   eng/publish.sh                  for the system of this machine
#   eng/publish.sh linux-arm64      for another one
#
# Makes artifacts/decision-VERSION-SYSTEM.tar.gz and its .sha256, and the folder of the same name. The version is that of Directory.Build.props.
# eng/test-release.sh tries what came out.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

system=${1:-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')}
[[ $# -le 1 && $system =~ ^(linux|osx)-(x64|arm64)$ ]] || { echo "publish.sh: write eng/publish.sh [SYSTEM], such as linux-x64, linux-arm64 or osx-arm64" >&2; exit 2; }
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
name=decision-$version-$system

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for project in Decision.Server Decision.Cli; do
  dotnet publish "src/$project" -c Release -r "$system" -p:PublishSingleFile=true -o "$work/$project" --nologo -v quiet >&2
done

rm -rf "artifacts/$name"
mkdir -p "artifacts/$name"
cp "$work/Decision.Server/Decision.Server" "$work/Decision.Cli/decisionctl" LICENSE CHANGELOG.md "artifacts/$name"
cp -R deploy/systemd "artifacts/$name"
tar -C artifacts --owner=0 --group=0 --numeric-owner --sort=name -czf "artifacts/$name.tar.gz" "$name"
(cd artifacts && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "artifacts/$name.tar.gz"
