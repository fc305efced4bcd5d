using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Server.Demo;
using Decision.Server.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decision.Server.Tests.Demo;

public sealed class DemoSamplesTests : IDisposable
{
    private static readonly string Samples = Repository.PathOf("src", "Decision.Server", "Samples");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Policies_are_read_without_a_finding()
    {
        var findings = new FindingList();

        var policies = PolicyDocument.ReadObject(File.ReadAllBytes(Path.Combine(Samples, "policies.json")), "policies.json", findings);

        Assert.Empty(findings);
        Assert.Equal(
            ["default", "monthly-quota", "read-orders", "retired", "security", "steady-rate", "tour", "trial"],
            policies!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["retired"], policies.Values.Where(policy => !policy.IsLoaded).Select(policy => policy.Id));
        Assert.Equal((3d, 10d, 5L, 3600L), (
            policies["tour"].Limits.Rate.Rate, policies["tour"].Limits.Rate.Per, policies["tour"].Limits.Quota.Max, policies["tour"].Limits.Quota.RenewalRate));
        Assert.Equal(50_000, policies["trial"].KeyExpiresIn);
    }

    [Fact]
    public void Apis_are_read_without_a_finding_and_every_policy_names_only_them()
    {
        var findings = new FindingList();

        var apis = ApiDocument.Read(File.ReadAllBytes(Path.Combine(Samples, "apis.json")), "apis.json", findings)!;
        var policies = PolicyDocument.ReadObject(File.ReadAllBytes(Path.Combine(Samples, "policies.json")), "policies.json", findings)!;

        Assert.Empty(findings);
        Assert.All(
            policies.Values,
            policy => Assert.All(policy.AccessRights.Keys, api => Assert.Equal(policy.OrganizationId, apis[api].OrganizationId)));
    }

    [Fact]
    public void Add_copies_the_samples_once_and_leaves_edits_alone()
    {
        var data = new DataFolder(_folder.Path, NullLogger.Instance);
        var settings = new ServerSettings
        {
            Listen = new ListenSettings(null, null, null, null, null),
            DataPath = _folder.Path,
            StoragePath = ":memory:",
            Engine = Engine.EngineOptions.Default,
        };

        var added = DemoSamples.Add(settings, data);
        File.WriteAllText(added.PolicyFile, "{}");
        var again = DemoSamples.Add(settings, data);

        Assert.Equal(Path.Combine(_folder.Path, "demo", "policies.json"), again.PolicyFile);
        Assert.Equal(Path.Combine(_folder.Path, "demo", "apis.json"), again.ApiFile);
        Assert.Equal("{}", File.ReadAllText(again.PolicyFile));
    }
}
