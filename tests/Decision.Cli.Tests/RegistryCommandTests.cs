using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests;

/// <summary><c>decisionctl api</c> and <c>decisionctl org</c> against a server.</summary>
public sealed class RegistryCommandTests(LiveServer server)
{
    [Fact]
    public async Task Api_goes_from_create_to_delete()
    {
        string id = TestNames.Unique("api");

        (await Tool.RunAsync(
            server, "api", "create", id, "--org", "demo", "--listen-path", $"/{id}/", "--host", "api.example.com", "--api-version", "v1", "--default-version", "v1",
            "--key-header", "X-Key")).Expect(ExitCode.Done);
        Assert.Equal([id], (await Tool.RunAsync(server, "api", "update", id, "--add-api-version", "v2", "--rate", "100/1s", "--key-query", "key", "--quiet")).Expect(ExitCode.Done).Lines);

        var api = (await Tool.RunAsync(server, "api", "get", id, "-o", "json")).Expect(ExitCode.Done).Json;
        Assert.Equal(["v1", "v2"], api["versions"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal((100, "X-Key", "key"), (api["rate"]!.GetValue<int>(), api["auth"]!["header"]!.GetValue<string>(), api["auth"]!["query_parameter"]!.GetValue<string>()));
        Assert.Contains(id, (await Tool.RunAsync(server, "api", "list", "--org", "demo", "--quiet")).Lines);
        Assert.Contains("v1 (default), v2", (await Tool.RunAsync(server, "api", "get", id)).Out, StringComparison.Ordinal);
        (await Tool.RunAsync(server, "api", "delete", id)).Expect(ExitCode.WrongUse);
        (await Tool.RunAsync(server, "api", "delete", id, "--yes")).Expect(ExitCode.Done);
        (await Tool.RunAsync(server, "api", "get", id)).Expect(ExitCode.Refused);
    }

    [Fact]
    public async Task Api_create_without_id_or_file_is_wrong_use() =>
        Assert.Contains("-f", (await Tool.RunAsync(server, "api", "create", "--org", "demo")).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Organization_goes_from_create_to_delete()
    {
        string id = TestNames.Unique("org");

        (await Tool.RunAsync(server, "org", "create", id, "--rate", "100/1s", "--quota", "5000/month", "--key-default-expiry", "90d")).Expect(ExitCode.Done);
        Assert.Equal([id], (await Tool.RunAsync(server, "org", "update", id, "--inactive", "--name", "Renamed", "--quiet")).Expect(ExitCode.Done).Lines);

        var organization = (await Tool.RunAsync(server, "org", "get", id, "-o", "json")).Expect(ExitCode.Done).Json;
        Assert.True(organization["is_inactive"]!.GetValue<bool>());
        Assert.Equal(("7776000s", 5000), (organization["key_default_expiry"]!.GetValue<string>(), organization["quota_max"]!.GetValue<int>()));
        Assert.Contains("after 90d", (await Tool.RunAsync(server, "org", "get", id)).Out, StringComparison.Ordinal);
        Assert.Contains(id, (await Tool.RunAsync(server, "org", "list", "--quiet")).Lines);
        string file = Path.GetTempFileName();
        organization.AsObject().Remove("is_inactive");
        await File.WriteAllTextAsync(file, organization.ToJsonString());
        (await Tool.RunAsync(server, "org", "update", id, "-f", file)).Expect(ExitCode.Done);
        File.Delete(file);
        Assert.Null((await Tool.RunAsync(server, "org", "get", id, "-o", "json")).Json["is_inactive"]);
        (await Tool.RunAsync(server, "org", "delete", id, "--yes")).Expect(ExitCode.Done);
        (await Tool.RunAsync(server, "org", "get", id)).Expect(ExitCode.Refused);
    }
}
