using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Connections;

/// <summary>The tool over TLS, with clients' certificates and with callers' tokens, against a server that asks for them.</summary>
public sealed class TlsTests(TlsSite site)
{
    private static readonly Dictionary<string, string> Nothing = [];

    private static Dictionary<string, string> AsAdmin => new() { ["DECISION_ADMIN_SECRET"] = LiveServer.Secret };

    [Fact]
    public async Task Status_over_tls_with_a_client_certificate_is_answered()
    {
        var run = (await site.RunAsync(null, AsAdmin, "status", "--http", site.Http, "-o", "json")).Expect(ExitCode.Done);

        Assert.Equal(site.Grpc, run.Json["address"]!.GetValue<string>());
        Assert.Equal("ready", run.Json["ready"]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Options_say_the_same_as_the_environment()
    {
        var bare = new Tool { Environment = AsAdmin };

        (await bare.RunAsync(
            "policy", "get", "tour", "--address", site.Grpc, "--ca-file", site.Certificates.RootFile,
            "--cert-file", site.Certificates.ClientFile, "--cert-key-file", site.Certificates.ClientKeyFile)).Expect(ExitCode.Done);
    }

    [Fact]
    public async Task Key_in_the_certificates_file_needs_no_file_of_its_own() =>
        (await site.RunAsync(site.StrangerFile, AsAdmin, "policy", "list", "--quiet")).Expect(ExitCode.Done);

    [Fact]
    public async Task Server_that_is_not_trusted_is_told_with_the_option()
    {
        var run = (await new Tool { Environment = new Dictionary<string, string> { ["DECISION_ADDRESS"] = site.Grpc } }.RunAsync("status")).Expect(ExitCode.ServiceFailed);

        Assert.Contains("certificate", run.Error, StringComparison.Ordinal);
        Assert.Contains("--ca-file", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SERVER")]
    public async Task Client_without_a_certificate_for_clients_is_told_the_option(string shown)
    {
        string certificate = shown.Length == 0 ? "" : site.ServerAsClientFile;

        var run = (await site.RunAsync(certificate, Nothing, "status")).Expect(ExitCode.ServiceFailed);

        Assert.Contains("--cert-file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleartext_to_an_address_with_tls_is_told_to_be_https()
    {
        var run = (await new Tool { Environment = new Dictionary<string, string> { ["DECISION_ADDRESS"] = site.Cleartext } }.RunAsync("status")).Expect(ExitCode.ServiceFailed);

        Assert.Contains("https://", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ca-file", "EMPTY", "it holds no certificate")]
    [InlineData("--ca-file", "NONE", "none.pem")]
    [InlineData("--cert-file", "EMPTY", "empty.pem cannot be used")]
    [InlineData("--cert-key-file", "EMPTY", "client.pem cannot be used")]
    [InlineData("--cert-key-file", "NONE", "none.pem")]
    public async Task File_that_cannot_be_used_is_wrong_use_and_named(string option, string file, string told)
    {
        string path = file == "EMPTY" ? site.Write("empty.pem", "") : "none.pem";

        var run = (await site.RunAsync(null, Nothing, "status", option, path)).Expect(ExitCode.WrongUse);

        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_without_a_certificate_is_wrong_use() => Assert.Contains(
        "--cert-file",
        (await new Tool().RunAsync("status", "--address", site.Grpc, "--cert-key-file", site.Certificates.ClientKeyFile)).Expect(ExitCode.WrongUse).Error,
        StringComparison.Ordinal);

    [Fact]
    public async Task Authorize_asks_with_the_callers_token()
    {
        string key = (await site.RunAsync(null, AsAdmin, "key", "create", "--policy", "tour", "--org", "demo", "--quiet")).Expect(ExitCode.Done).Out.Trim();
        string token = site.Write("token", TlsSite.Token + "\n");
        string[] ask = ["authorize", "--api", "orders", "--path", "/orders/1", "--key", key];

        (await site.RunAsync(site.StrangerFile, new Dictionary<string, string> { ["DECISION_TOKEN"] = TlsSite.Token }, ask)).Expect(ExitCode.Done);
        (await site.RunAsync(site.StrangerFile, Nothing, [.. ask, "--token-file", token])).Expect(ExitCode.Done);
    }

    [Fact]
    public async Task Authorize_without_a_token_asks_as_the_certificate_says()
    {
        var orders = await site.RunAsync(null, Nothing, "authorize", "--api", "orders", "--path", "/orders/1", "--key", "no-such-key-at-all");
        var others = await site.RunAsync(null, Nothing, "authorize", "--api", "reports", "--path", "/reports/1", "--key", "no-such-key-at-all");

        Assert.Contains("KEY_UNKNOWN", orders.Expect(ExitCode.Refused).Out, StringComparison.Ordinal);
        Assert.Contains("sidecar", others.Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-callers-token")]
    public async Task Authorize_of_no_caller_is_refused_and_told_where_a_token_goes(string token)
    {
        // The admin secret is no caller's token, and is not sent as one.
        var environment = AsAdmin;
        environment["DECISION_TOKEN"] = token;

        var run = (await site.RunAsync(site.StrangerFile, environment, "authorize", "--api", "orders", "--path", "/orders/1", "--key", "no-such-key-at-all")).Expect(ExitCode.Refused);

        Assert.Contains("DECISION_TOKEN", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_asks_with_the_admin_secret_whoever_may_ask_for_decisions() =>
        (await site.RunAsync(site.StrangerFile, AsAdmin, "explain", "--api", "orders", "--path", "/orders/1", "--key", "no-such-key-at-all")).Expect(ExitCode.Done);
}
