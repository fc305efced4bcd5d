#!/usr/bin/env bash
# Packs the .NET packages into a temporary folder, looks into them, builds and runs programs of their own that have them from that folder
# alone, and installs decisionctl from there as a .NET tool, all in front of a real server. Prints what each did, and ends with "packages: ok".
#
#   eng/test-packages.sh
#
# The server is what DECISION_SERVER names, a program or a Decision.Server.dll; without it, it is built. All other packages come from where this
# machine's NuGet has them.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

work=$(mktemp -d)
server=
stop() {
  trap - EXIT
  exec 9>&- || true
  [ -z "$server" ] || wait "$server" || true
  rm -rf "$work"
}
trap stop EXIT

# A version of its own, and a folder for packages of its own: what was packed another day must not be taken for this.
suffix=test.$(date +%s)
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)-$suffix
cached=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
echo "== pack $version"
for project in src/Decision.Contracts clients/dotnet/Decision.Client clients/dotnet/Decision.Client.AspNetCore src/Decision.Cli; do
  dotnet pack "$project" --nologo -v quiet -p:VersionSuffix="$suffix" -o "$work/feed"
done

echo "== look into them"
for package in Decision.Contracts Decision.Client Decision.Client.AspNetCore Decision.Cli; do
  for kind in nupkg snupkg; do
    [ -f "$work/feed/$package.$version.$kind" ] || { echo "$package.$version.$kind was not made" >&2; exit 1; }
  done
  python3 - "$work/feed/$package.$version" "$package" <<'PY'
import re, sys, zipfile
path, name = sys.argv[1:]
package, symbols = zipfile.ZipFile(path + ".nupkg"), zipfile.ZipFile(path + ".snupkg")
files = package.namelist()
is_tool = name == "Decision.Cli"
program = "tools/net10.0/any/decisionctl" if is_tool else f"lib/net10.0/{name}"
for wanted in ("README.md", f"{program}.dll") + (() if is_tool or name == "Decision.Contracts" else (f"{program}.xml",)):
    assert wanted in files, f"{name} has no {wanted}: {files}"
assert f"{program}.pdb" in symbols.namelist(), f"{name} has no symbols"
spec = package.read(f"{name}.nuspec").decode()
for wanted in ('<license type="expression">Apache-2.0</license>', "<readme>README.md</readme>", "<authors>The Decision authors</authors>", "<description>", "<tags>"):
    assert wanted in spec, f"{name} lacks {wanted}: {spec}"
assert "url=" not in spec and "projectUrl" not in spec, f"{name} names an address that nobody gave: {spec}"
needs = ", ".join(re.findall(r'<dependency id="(.+?)"', spec))
print(f"{name}: {len(files)} files; needs {needs}")
PY
done

if [ -z "${DECISION_SERVER:-}" ]; then
  echo "== server"
  dotnet build src/Decision.Server -v quiet -clp:ErrorsOnly
  DECISION_SERVER=$root/src/Decision.Server/bin/Debug/net10.0/Decision.Server.dll
fi
export DECISION_SERVER
mkfifo "$work/stdin" "$work/stdout"
clients/conformance/server.sh <"$work/stdin" >"$work/stdout" &
server=$!
exec 9>"$work/stdin"
read -r told <"$work/stdout"
field() { printf %s "$told" | sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p"; }

echo "== a console program"
mkdir "$work/program"
cat >"$work/program/program.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <RestoreAdditionalProjectSources>$work/feed</RestoreAdditionalProjectSources>
    <RestoreAdditionalProjectFallbackFolders>$cached</RestoreAdditionalProjectFallbackFolders>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Decision.Client" Version="$version" />
  </ItemGroup>
</Project>
XML
cat >"$work/program/Program.cs" <<'CS'
using Decision.Client;
using Decision.Contracts.Admin.V1;

string address = Environment.GetEnvironmentVariable("ADDRESS")!;
using var admin = new DecisionAdminClient(new DecisionAdminOptions { Address = address, Deadline = TimeSpan.FromSeconds(60) });
var made = await admin.Keys.CreateKeyAsync(new CreateKeyRequest { Key = new Key { OrgId = "conformance", ApplyPolicies = { "three" } } });
using var client = new DecisionClient(new DecisionClientOptions { Address = address, Token = "conformance-token", Deadline = TimeSpan.FromSeconds(60) });
using var stream = client.OpenStream();
var request = new AuthorizationRequest { ApiKey = made.ApiKey, ApiId = "orders", Method = "GET", Path = "/orders/1" };
for (int n = 0; n < 4; n++)
{
    var verdict = n % 2 == 0 ? await client.AuthorizeAsync(request) : await stream.AuthorizeAsync(request);
    Console.WriteLine($"{verdict.HttpStatus} {verdict.Reason.ToName()}");
}
CS
told_by_program=$(cd "$work/program" && NUGET_PACKAGES=$work/packages ADDRESS=http://$(field grpc) DECISION_ADMIN_SECRET=$(field secret) dotnet run --nologo)
echo "$told_by_program"
[ "$told_by_program" = "$(printf '200 ALLOWED\n200 ALLOWED\n200 ALLOWED\n429 RATE_LIMITED')" ] || { echo "the program said something else than three times 200 ALLOWED and 429 RATE_LIMITED" >&2; exit 1; }

echo "== a web application"
mkdir "$work/web"
sed -e 's/Microsoft.NET.Sdk/Microsoft.NET.Sdk.Web/' -e 's/"Decision.Client"/"Decision.Client.AspNetCore"/' "$work/program/program.csproj" >"$work/web/web.csproj"
cat >"$work/web/Program.cs" <<'CS'
using Decision.Client.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddDecision(options => options.ApiId = "orders");
await using var app = builder.Build();
app.UseDecision();
app.MapGet("/healthz", () => "ok").SkipDecision();
app.MapGet("/orders/{id}", (string id) => $"order {id}");
await app.StartAsync();
using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
Console.WriteLine(await http.GetStringAsync("/healthz"));
Console.WriteLine((int)(await http.GetAsync("/orders/1")).StatusCode);
CS
told_by_program=$(cd "$work/web" && NUGET_PACKAGES=$work/packages Decision__Address=http://$(field grpc) Decision__Token=conformance-token Decision__Deadline=60s ASPNETCORE_URLS=http://127.0.0.1:0 dotnet run --nologo)
echo "$told_by_program"
[ "$told_by_program" = "$(printf 'ok\n401')" ] || { echo "the application said something else than ok and 401" >&2; exit 1; }

echo "== decisionctl as a .NET tool"
NUGET_PACKAGES=$work/packages dotnet tool install Decision.Cli --tool-path "$work/tool" --add-source "$work/feed" --version "$version" >/dev/null
ctl() {
  DECISION_ADDRESS=http://$(field grpc) DECISION_ADMIN_SECRET=$(field secret) DECISION_TOKEN=conformance-token DECISION_TIMEOUT=60s "$work/tool/decisionctl" "$@"
}
[ "$(ctl --version)" = "$version" ] || { echo "decisionctl says another version than $version: $(ctl --version)" >&2; exit 1; }
# What the package's README begins with.
ctl status
ctl policy create tool-three --org conformance --api orders --rate 3/1h --quiet
key=$(ctl key create --org conformance --policy tool-three --quiet)
told_by_program=$(for n in 1 2 3 4; do DECISION_API_KEY=$key ctl authorize --api orders --path /orders/1 --quiet || echo "exit code $?"; done)
echo "$told_by_program"
[ "$told_by_program" = "$(printf 'ALLOWED\nALLOWED\nALLOWED\nRATE_LIMITED\nexit code 1')" ] || { echo "decisionctl said something else than three times ALLOWED and RATE_LIMITED" >&2; exit 1; }
echo "packages: ok"
