using System.Text.Json.Nodes;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests;

/// <summary><c>decisionctl credential</c> and <c>decisionctl audit</c> against a server.</summary>
public sealed class AdministratorCommandTests(LiveServer server)
{
    private Tool With(string token) => new()
    {
        Server = server,
        Environment = new Dictionary<string, string> { ["DECISION_ADMIN_SECRET"] = token },
    };

    private async Task<(string Id, string Token)> CreateAsync(string name, params string[] options)
    {
        var created = (await Tool.RunAsync(server, ["credential", "create", name, .. options, "-o", "json"])).Expect(ExitCode.Done).Json;
        return (created["credential"]!["credential_id"]!.GetValue<string>(), created["token"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_credential_goes_from_create_to_revoke()
    {
        string name = TestNames.Unique("cred");
        var (id, token) = await CreateAsync(name, "--role", "operator", "--org", "acme", "--description", "on call", "--expires-in", "90d");

        var me = await With(token).RunAsync("credential", "whoami");
        Assert.Contains("operator", me.Expect(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("acme", me.Out, StringComparison.Ordinal);
        Assert.Matches("in (89|90)d", me.Out);
        Assert.Contains(id, (await Tool.RunAsync(server, "credential", "list", "--quiet")).Lines);
        Assert.Contains(name, (await Tool.RunAsync(server, "credential", "list")).Out, StringComparison.Ordinal);
        Assert.Contains("on call", (await Tool.RunAsync(server, "credential", "get", id)).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
        (await Tool.RunAsync(server, "credential", "revoke", id)).Expect(ExitCode.WrongUse);
        (await Tool.RunAsync(server, "credential", "revoke", id, "--yes")).Expect(ExitCode.Done);

        Assert.Contains($"{name} was revoked", (await With(token).RunAsync("key", "list")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.DoesNotContain(id, (await Tool.RunAsync(server, "credential", "list", "--quiet")).Lines);
        Assert.Contains(id, (await Tool.RunAsync(server, "credential", "list", "--all", "--quiet")).Lines);
    }

    [Fact]
    public async Task Create_quiet_prints_the_token_alone_and_whoami_tells_of_the_admin_secret()
    {
        string token = Assert.Single((await Tool.RunAsync(server, "credential", "create", TestNames.Unique("cred"), "--role", "viewer", "--quiet")).Lines);

        Assert.StartsWith("dka_", token, StringComparison.Ordinal);
        Assert.Contains("viewer", (await With(token).RunAsync("credential", "whoami")).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Equal("admin-secret\n", (await Tool.RunAsync(server, "credential", "whoami", "--quiet")).Expect(ExitCode.Done).Out);
    }

    [Fact]
    public async Task What_a_role_does_not_allow_is_refused_with_the_role_that_is_needed()
    {
        var (_, token) = await CreateAsync(TestNames.Unique("cred"), "--role", "viewer");

        var refused = (await With(token).RunAsync("policy", "delete", "gold", "--yes")).Expect(ExitCode.Refused);

        Assert.Contains("needs the role admin", refused.Error, StringComparison.Ordinal);
        Assert.Contains("PERMISSION_DENIED", (await With(token).RunAsync("key", "delete", "6y7ThcHXxq2mCgvN", "--yes", "-o", "json")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create", "x")]
    [InlineData("create", "x", "--role", "root")]
    [InlineData("create", "x", "--role", "viewer", "--expires-in", "1d", "--expires", "2027-01-01")]
    [InlineData("create", "x", "--role", "viewer", "--expires-in", "soon")]
    public async Task Wrong_use_of_create_is_told(params string[] arguments) =>
        (await Tool.RunAsync(server, ["credential", .. arguments])).Expect(ExitCode.WrongUse);

    [Fact]
    public async Task A_token_in_the_place_of_an_id_is_refused_and_not_sent()
    {
        var (id, token) = await CreateAsync(TestNames.Unique("cred"), "--role", "viewer");

        var refused = (await Tool.RunAsync(server, "credential", "revoke", token, "--yes")).Expect(ExitCode.WrongUse);

        Assert.Contains($"Its id is {id}", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_lists_exports_and_verifies_what_was_done()
    {
        string policy = TestNames.Unique("audited");
        string actor = TestNames.Unique("actor");
        var (_, token) = await CreateAsync(actor, "--role", "admin");
        (await With(token).RunAsync("policy", "create", policy, "--api", "orders", "--rate", "5/1s")).Expect(ExitCode.Done);
        (await With(token).RunAsync("policy", "update", policy, "--rate", "7/1s")).Expect(ExitCode.Done);

        var listed = (await Tool.RunAsync(server, "audit", "list", "--actor", actor, "--since", "1h", "-o", "json")).Expect(ExitCode.Done).Json["entries"]!.AsArray();
        Assert.Equal(["policy.update", "policy.create"], listed.Select(entry => entry!["action"]!.GetValue<string>()));
        Assert.Equal(5, JsonNode.Parse(listed[0]!["before_json"]!.GetValue<string>())!["rate"]!.GetValue<int>());
        Assert.Equal(7, JsonNode.Parse(listed[0]!["after_json"]!.GetValue<string>())!["rate"]!.GetValue<int>());
        var table = (await Tool.RunAsync(server, "audit", "list", "--id", policy)).Expect(ExitCode.Done);
        Assert.Equal(3, table.Lines.Count);
        Assert.Contains(actor, table.Out, StringComparison.Ordinal);
        Assert.Single((await Tool.RunAsync(server, "audit", "list", "--id", policy, "--limit", "1", "--quiet")).Lines);
        Assert.Contains("no such entries", (await Tool.RunAsync(server, "audit", "list", "--actor", actor, "--outcome", "denied")).Error, StringComparison.Ordinal);

        using var folder = new FileFolder();
        string file = folder.PathOf("audit.jsonl");
        (await Tool.RunAsync(server, "audit", "export", file, "--kind", "policy", "--actor", actor)).Expect(ExitCode.Done);
        Assert.Equal(2, (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Length);
        (await Tool.RunAsync(server, "audit", "export", file)).Expect(ExitCode.WrongUse);

        string place = Assert.Single((await Tool.RunAsync(server, "audit", "verify", "--quiet")).Expect(ExitCode.Done).Lines);
        (await Tool.RunAsync(server, "audit", "verify", "--known", place)).Expect(ExitCode.Done);
        var other = (await Tool.RunAsync(server, "audit", "verify", "--known", place.Split(':')[0] + ":" + new string('0', 64))).Expect(ExitCode.Refused);
        Assert.Contains("had another hash when it was noted", other.Out, StringComparison.Ordinal);
        Assert.Contains("as it was written", (await Tool.RunAsync(server, "audit", "verify")).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "--since", "yesterday")]
    [InlineData("list", "--outcome", "failed")]
    [InlineData("verify", "--known", "12")]
    [InlineData("verify", "--known", "x:y")]
    public async Task Wrong_use_of_audit_is_told(params string[] arguments) =>
        (await Tool.RunAsync(server, ["audit", .. arguments])).Expect(ExitCode.WrongUse);
}
