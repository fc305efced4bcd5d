using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Decision.Client.Tests;

/// <summary>Settings: where they come from, and what is said of wrong ones.</summary>
public class OptionsTests
{
    [Fact]
    public void Defaults_are_those_that_are_documented()
    {
        var options = Read([]);

        Assert.Equal("http://127.0.0.1:50051", options.Address);
        Assert.Equal((TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5)), (options.Deadline, options.BatchDeadline));
        Assert.Equal((FailureMode.Closed, 10_000, null), (options.FailureMode, options.DenialMemoryCapacity, options.Token));
    }

    [Fact]
    public void Settings_come_from_the_configuration_and_code_counts_over_it()
    {
        var options = Read(
            new()
            {
                ["Decision:Address"] = "https://a.example.com:50051,https://b.example.com:50051",
                ["Decision:Deadline"] = "150ms",
                ["Decision:BatchDeadline"] = "00:00:02.500",
                ["Decision:FailureMode"] = "open",
                ["Decision:Token"] = "from-configuration",
                ["Decision:DenialMemoryCapacity"] = "7",
                ["Decision:Tls:ServerName"] = "decision.internal",
                ["Decision:Middleware:ApiId"] = "of the middleware",
            },
            configured => configured.Token = "from-code");

        Assert.Equal("https://a.example.com:50051,https://b.example.com:50051", options.Address);
        Assert.Equal((TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(2500)), (options.Deadline, options.BatchDeadline));
        Assert.Equal((FailureMode.Open, 7, "from-code"), (options.FailureMode, options.DenialMemoryCapacity, options.Token));
        Assert.Equal("decision.internal", options.Tls.ServerName);
    }

    [Theory]
    [InlineData("Address", "", "Decision:Address is empty: write http://host:port")]
    [InlineData("Address", "127.0.0.1:50051", "Decision:Address has '127.0.0.1:50051': write http://host:port")]
    [InlineData("Address", "ftp://host", "Decision:Address has 'ftp://host': write http://host:port")]
    [InlineData("Address", "http://host/path", "Decision:Address has 'http://host/path': write http://host:port")]
    [InlineData("Address", "http://user@host", "Decision:Address has 'http://user@host': write http://host:port")]
    [InlineData("Address", "unix:relative.sock", "Decision:Address has 'unix:relative.sock': write http://host:port")]
    [InlineData("Address", "http://a,http://a", "Decision:Address has 'http://a' twice")]
    [InlineData("Deadline", "200", "Decision:Deadline is '200': write a number with its unit, such as 200ms")]
    [InlineData("Deadline", "soon", "Decision:Deadline is 'soon': write a number with its unit, such as 200ms")]
    [InlineData("Deadline", "0s", "Decision:Deadline is 00:00:00: write 1ms to 00:01:00")]
    [InlineData("Deadline", "-00:00:01", "Decision:Deadline is -00:00:01: write 1ms to 00:01:00")]
    [InlineData("Deadline", "61s", "Decision:Deadline is 00:01:01: write 1ms to 00:01:00")]
    [InlineData("BatchDeadline", "301s", "Decision:BatchDeadline is 00:05:01: write 1ms to 00:05:00")]
    [InlineData("FailureMode", "maybe", "Decision:FailureMode is 'maybe': write Closed or Open")]
    [InlineData("FailureMode", "1", "Decision:FailureMode is '1': write Closed or Open")]
    [InlineData("Token", "two words", "Decision:Token is empty or has characters other than visible ASCII")]
    [InlineData("Token", "", "Decision:Token is empty or has characters other than visible ASCII")]
    [InlineData("DenialMemoryCapacity", "-1", "Decision:DenialMemoryCapacity is -1: write 0")]
    [InlineData("DenialMemoryCapacity", "many", "Decision:DenialMemoryCapacity is 'many': write a whole number")]
    [InlineData("Adress", "http://a", "Decision:Adress is not a setting: there are Address, ")]
    [InlineData("Tls:Ca", "x", "Decision:Tls:Ca is not a setting: there are CaFile, ")]
    [InlineData("Tls:ServerName", "a", "Decision:Tls is set, but no address begins with https://")]
    [InlineData("Tls:ServerName", "not a name", "Decision:Tls:ServerName is 'not a name': write the host name")]
    [InlineData("Tls:CertificateFile", "a.pem", "Decision:Tls:CertificateFile and Decision:Tls:KeyFile belong together")]
    [InlineData("Tls:CaFile", "/none.pem", "Decision:Tls:CaFile is '/none.pem', which cannot be read")]
    public void A_wrong_setting_is_named_with_what_to_write(string name, string value, string problem)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(new() { ["Decision:" + name] = value }));

        Assert.Contains(exception.Failures, failure => failure.StartsWith(problem, StringComparison.Ordinal));
        Assert.All(exception.Failures, failure => Assert.DoesNotContain("two words", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void All_wrong_settings_are_told_at_once()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(new() { ["Decision:Deadline"] = "x", ["Decision:FailureMode"] = "y" }));

        Assert.Equal(2, exception.Failures.Count());
    }

    [Fact]
    public void A_client_made_by_hand_checks_its_options()
    {
        var exception = Assert.Throws<OptionsValidationException>(
            () => new DecisionClient(new DecisionClientOptions { Address = "nowhere", FailureMode = (FailureMode)7 }));

        Assert.Equal(2, exception.Failures.Count());
    }

    [Fact]
    public void A_handler_of_one_s_own_does_not_go_with_TLS_settings_or_sockets()
    {
        using var handler = new SocketsHttpHandler();

        Assert.Throws<OptionsValidationException>(() => new DecisionClient(new DecisionClientOptions { Address = "unix:/a.sock", HttpHandler = handler }));
    }

    [Fact]
    public void A_file_that_holds_no_certificate_is_told()
    {
        using var folder = new TemporaryFolder();

        var exception = Assert.Throws<OptionsValidationException>(
            () => Read(new() { ["Decision:Address"] = "https://a", ["Decision:Tls:CaFile"] = folder.Write("ca.pem", "nothing") }));

        Assert.EndsWith("write a PEM file with at least one certificate.", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_does_not_start_with_wrong_settings()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Decision:FailureMode", "ajar")]);
        builder.Services.AddDecisionClient();
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Decision:FailureMode is 'ajar'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_starts_without_a_service_and_finds_it_when_it_is_there()
    {
        string address;
        await using (var gone = await FakeService.StartAsync())
        {
            address = gone.Address;
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDecisionClient(options => (options.Address, options.Deadline) = (address, TestClients.Patience));
        builder.Services.AddDecisionClient();
        using var host = builder.Build();
        await host.StartAsync();
        var client = host.Services.GetRequiredService<IDecisionClient>();
        Assert.True((await client.AuthorizeAsync(TestClients.Request)).IsFromFailureMode);

        await using var service = await FakeService.StartAsync(port: new Uri(address).Port);

        Assert.Null((await client.AuthorizeAsync(TestClients.Request)).Failure);
        Assert.Same(client, host.Services.GetRequiredService<DecisionClient>());
        await host.StopAsync();
    }

    [Fact]
    public void Services_without_a_configuration_have_a_client()
    {
        using var services = new ServiceCollection().AddDecisionClient().BuildServiceProvider();

        Assert.NotNull(services.GetRequiredService<IDecisionClient>());
    }

    private static DecisionClientOptions Read(Dictionary<string, string?> settings, Action<DecisionClientOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddDecisionClient(configure);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<DecisionClientOptions>>().Value;
    }
}
