using Decision.Runtime.Catalogs;
using Decision.Server.Configuration;
using Decision.Server.Hosting;

namespace Decision.Server.Demo;

/// <summary>What the demo prints once it runs: where everything is, and the next commands to copy.</summary>
internal sealed class DemoGuide(ServerSettings settings, ServerListeners listeners, Catalog catalog)
{
    public string Text()
    {
        var policies = catalog.Rules.Policies.Entries.OrderBy(entry => entry.Policy.Id, StringComparer.Ordinal).ToList();
        string loaded = Names(policies.Where(entry => entry.Policy.IsLoaded).Select(entry => entry.Policy.Id));
        string leftOut = Names(policies.Where(entry => !entry.Policy.IsLoaded).Select(entry => $"{entry.Policy.Id} (active: false)"));
        var address = (settings.Listen.IsAdminApart ? listeners.AdminGrpc : null) ?? listeners.Grpc;
        string grpc = address?.ToString() ?? "127.0.0.1:50051";
        string decide = (listeners.Grpc ?? address)?.ToString() ?? grpc;
        string secretFile = settings.AdminSecretFile.Length > 0 ? settings.AdminSecretFile : Path.Combine(settings.DataPath, "admin-secret");
        string secret = File.Exists(secretFile) ? $"\"$(cat {Quote(secretFile)})\"" : "...";
        string elsewhere = decide == grpc ? "" : $" --address http://{decide}";
        const string ask = "--api orders --path /orders/1";
        const string create = """{"org_id":"demo","alias":"me","apply_policies":["tour"]}""";
        string http = listeners.Http?.ToString() ?? "127.0.0.1:8088";
        string admin = (settings.Listen.IsAdminApart ? listeners.AdminHttp?.ToString() : null) ?? http;
        return $"""

            Decision runs, with the sample policies and APIs.

              gRPC           {listeners.Grpc?.ToString() ?? "none"}
              HTTP           {listeners.Http?.ToString() ?? "none"}   (/healthz/ready, /metrics)
              policies       {loaded}
              left out       {leftOut}
              policy file    {settings.PolicyFile}   (watched: edit it while the server runs)
              API registry   {settings.ApiFile}
              admin secret   {(File.Exists(secretFile) ? secretFile : "as set by Admin:Secret")}

            In a second terminal, with decisionctl (in a clone: dotnet publish src/Decision.Cli -o artifacts/cli):

               export DECISION_ADDRESS=http://{grpc} DECISION_ADMIN_SECRET={secret}

            1. Create a key with the policy tour (3 requests per 10 s, 5 per hour):

               export DECISION_API_KEY="$(decisionctl key create --org demo --alias me --policy tour --quiet)"

            2. Ask with it, again and again: RATE_LIMITED after 3, QUOTA_EXCEEDED after 5:

               decisionctl authorize {ask}{elsewhere}

            3. Raise quota_max of tour in the policy file, save it, and ask again: the change counts at once.

            4. Ask why:

               decisionctl explain {ask}

            The same without decisionctl, over HTTP; put the key of the first answer into the second call:

               curl -s -H "x-tyk-authorization: $DECISION_ADMIN_SECRET" -d '{create}' http://{admin}/tyk/keys/create
               curl -i -H "Authorization: Bearer KEY" -H "X-Forwarded-Method: GET" -H "X-Forwarded-Uri: /orders/1" http://{http}/forward-auth/orders

            Stop with Ctrl+C.

            """;
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } text ? text : "none";

    // For a shell, inside double quotes and $(...).
    private static string Quote(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
