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
        string secretFile = Path.Combine(settings.DataPath, "admin-secret");
        string secret = File.Exists(secretFile) ? $"$(cat {Quote(secretFile)})" : "$DECISION_ADMIN_SECRET";
        string create = """{"key":{"org_id":"demo","alias":"me","apply_policies":["tour"]}}""";
        string ask(string key) => $$"""{"api_key":"{{key}}","api_id":"orders","method":"GET","path":"/orders/1"}""";
        return $"""

            Decision runs, with the sample policies and APIs.

              gRPC           {listeners.Grpc?.ToString() ?? "none"}
              HTTP           {listeners.Http?.ToString() ?? "none"}   (/healthz/ready, /metrics)
              policies       {loaded}
              left out       {leftOut}
              policy file    {settings.PolicyFile}   (watched: edit it while the server runs)
              API registry   {settings.ApiFile}
              admin secret   {(File.Exists(secretFile) ? secretFile : "as set by Admin:Secret")}

            1. Create a key with the policy tour (3 requests per 10 s, 5 per hour); keep the api_key of the answer:

               grpcurl -plaintext -H "authorization: Bearer {secret}" -d '{create}' {grpc} decision.admin.v1.KeyService/CreateKey

            2. Authorize with it, again and again: RATE_LIMITED after 3, QUOTA_EXCEEDED after 5:

               grpcurl -plaintext -d '{ask("KEY")}' {decide} decision.v1.AuthorizeService/Authorize

            3. Raise quota_max of tour in the policy file, save it, and authorize again: the change counts at once.

            4. Ask why:

               grpcurl -plaintext -H "authorization: Bearer {secret}" -d '{Explained(ask("KEY"))}' {grpc} decision.v1.AuthorizeService/Explain

            The same without grpcurl:

               npx -y @bufbuild/buf@1.74.0 curl --protocol grpc --http2-prior-knowledge -H "authorization: Bearer {secret}" -d '{create}' http://{grpc}/decision.admin.v1.KeyService/CreateKey
               npx -y @bufbuild/buf@1.74.0 curl --protocol grpc --http2-prior-knowledge -d '{ask("KEY")}' http://{decide}/decision.v1.AuthorizeService/Authorize
               npx -y @bufbuild/buf@1.74.0 curl --protocol grpc --http2-prior-knowledge -H "authorization: Bearer {secret}" -d '{Explained(ask("KEY"))}' http://{grpc}/decision.v1.AuthorizeService/Explain

            Stop with Ctrl+C.

            """;
    }

    private static string Explained(string request) => $$"""{"request":{{request}}}""";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } text ? text : "none";

    // For a shell, inside double quotes and $(...).
    private static string Quote(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
