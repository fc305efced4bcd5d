using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.PolicyTests;

/// <summary>The tests of the sample policies, as a reader of the guide runs them.</summary>
public sealed class SampleTests
{
    public static string Folder => Repository.PathOf("src", "Decision.Server", "Samples");

    [Fact]
    public async Task Test_sample_policies_passes()
    {
        var run = (await new Tool().RunAsync("policy", "test", Folder)).Expect(ExitCode.Done);

        Assert.Contains("ok    The fourth request in ten seconds waits", run.Out, StringComparison.Ordinal);
        Assert.EndsWith(" passed, 0 failed in 3 files.", run.Lines[^1], StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Test_sample_policies_with_a_stricter_policy_fails_and_says_where()
    {
        using var folder = new FileFolder();
        string policies = await File.ReadAllTextAsync(Path.Combine(Folder, "policies.json"), TestContext.Current.CancellationToken);
        folder.Write("policies.json", policies.Replace("\"rate\": 3,\n    \"per\": 10", "\"rate\": 2,\n    \"per\": 10", StringComparison.Ordinal));
        folder.Write("apis.json", await File.ReadAllTextAsync(Path.Combine(Folder, "apis.json"), TestContext.Current.CancellationToken));
        folder.Write(
            "tests/tour.test.yaml",
            await File.ReadAllTextAsync(Path.Combine(Folder, "tests", "tour.test.yaml"), TestContext.Current.CancellationToken));

        var run = (await new Tool().RunAsync("policy", "test", folder.Path)).Expect(ExitCode.Refused);

        Assert.Contains("turn 3 of 3", run.Out, StringComparison.Ordinal);
        Assert.Contains("expected true, got false", run.Out, StringComparison.Ordinal);
        Assert.Contains("Decided by step rate, policy tour, field rate: rate 2 in 10s, counted on policy:tour", run.Out, StringComparison.Ordinal);
    }
}
