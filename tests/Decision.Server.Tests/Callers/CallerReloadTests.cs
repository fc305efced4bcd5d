using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Server.Tests.Callers;

/// <summary>The file of callers counts as it is now.</summary>
public sealed class CallerReloadTests : IDisposable
{
    private readonly CallerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task A_caller_that_was_taken_back_may_not_ask_any_more_also_on_an_open_stream()
    {
        await using var server = await _site.StartAsync();
        using var stream = server.Client.AuthorizeStream(CallerSite.Token("acme-old"));
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("nobody-has-this-key") });
        Assert.True(await stream.ResponseStream.MoveNext());

        _site.Write($$"""{ "acme-proxy": { "token_sha256": "{{CallerSite.Hash("acme-new")}}" } }""");
        CallerSite.Look(server);

        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("nobody-has-this-key") });
        await Failures.OfAsync(() => stream.ResponseStream.MoveNext(), StatusCode.Unauthenticated);
        await Failures.OfAsync(async () => await server.Client.AuthorizeAsync(Samples.Ask("k"), CallerSite.Token("acme-old")), StatusCode.Unauthenticated);
        await server.Client.AuthorizeAsync(Samples.Ask("k"), CallerSite.Token("acme-new"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_file_that_cannot_be_used_changes_nothing_and_is_told(string? content)
    {
        await using var server = await _site.StartAsync();
        if (content is null)
        {
            File.Delete(_site.File);
        }
        else
        {
            _site.Write(content);
        }

        CallerSite.Look(server);
        Assert.DoesNotContain("callers.json", await server.Http.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative)), StringComparison.Ordinal);
        CallerSite.Look(server);

        string ready = await server.Http.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative));
        Assert.Contains("\"degraded\":true", ready, StringComparison.Ordinal);
        await server.Client.AuthorizeAsync(Samples.Ask("k"), CallerSite.Token("edge-token"));
        await Failures.OfAsync(async () => await server.Client.AuthorizeAsync(Samples.Ask("k")), StatusCode.Unauthenticated);

        _site.Write($$"""{ "edge": { "token_sha256": "{{CallerSite.Hash("edge-token")}}" } }""");
        CallerSite.Look(server);
        Assert.Contains("\"degraded\":false", await server.Http.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative)), StringComparison.Ordinal);
    }
}
