using Decision.Contracts.V1;
using Decision.Server.Grpc;
using Grpc.Core;

namespace Decision.Server.Tests.Grpc;

public class RequestShapeTests
{
    public static TheoryData<string, AuthorizeRequest> Malformed => new()
    {
        { "method", Samples.Ask("k", ask => ask.Method = "") },
        { "method", Samples.Ask("k", ask => ask.Method = "GET /") },
        { "method", Samples.Ask("k", ask => ask.Method = new string('M', 33)) },
        { "api_id", Samples.Ask("k", ask => ask.ApiId = "") },
        { "api_id", Samples.Ask("k", ask => ask.ApiId = "a b") },
        { "api_id", Samples.Ask("k", ask => ask.ApiId = new string('a', 129)) },
        { "organization_id", Samples.Ask("k", ask => ask.OrganizationId = "a/b") },
        { "cost", Samples.Ask("k", ask => ask.Cost = -1) },
        { "query_depth", Samples.Ask("k", ask => ask.QueryDepth = -1) },
        { "request_id", Samples.Ask("k", ask => ask.RequestId = new string('r', 257)) },
        { "idempotency_key", Samples.Ask("k", ask => ask.IdempotencyKey = new string('i', 257)) },
        { "headers[0].name", Samples.Ask("k", ask => ask.Headers.Add(new Header())) },
        { "headers[0].value", Samples.Ask("k", ask => ask.Headers.Add(new Header { Name = "date", Value = "a\r\nb" })) },
        { "headers", Samples.Ask("k", ask => ask.Headers.AddRange(Enumerable.Repeat(new Header { Name = "x" }, 101))) },
        { "headers", Samples.Ask("k", ask => ask.Headers.Add(new Header { Name = "x", Value = new string('v', 65_536) })) },
    };

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public async Task Require_malformed_field_is_named(string field, AuthorizeRequest request)
    {
        string[] fields = await Failures.FieldsOfAsync(() => Task.Run(() => RequestShape.Require(request)));

        Assert.Equal([field], fields);
    }

    [Fact]
    public void Require_longest_values_pass()
    {
        RequestShape.Require(Samples.Ask(new string('k', 100_000), ask =>
        {
            ask.Method = new string('M', 32);
            ask.ApiId = new string('a', 128);
            ask.RequestId = new string('r', 256);
            ask.QueryDepth = 0;
        }));
    }

    [Fact]
    public async Task Authorize_malformed_everywhere_names_all_of_it()
    {
        await using var server = await RunningServer.StartAsync();

        string[] fields = await Failures.FieldsOfAsync(() => server.Client.AuthorizeAsync(
            new AuthorizeRequest { Cost = -5, QueryDepth = -1, OrganizationId = " " }).ResponseAsync);

        Assert.Equal(["method", "api_id", "organization_id", "cost", "query_depth"], fields);
    }

    [Fact]
    public async Task AuthorizeBatch_with_one_malformed_names_it_and_spends_nothing()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        string[] fields = await Failures.FieldsOfAsync(() => server.Client.AuthorizeBatchAsync(new AuthorizeBatchRequest
        {
            Requests = { Samples.Ask(key), Samples.Ask(key), Samples.Ask(key), Samples.Ask(key, ask => (ask.Method, ask.Cost) = ("", -1)) },
        }).ResponseAsync);
        var after = await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Peek = true));

        Assert.Equal(["requests[3].method", "requests[3].cost"], fields);
        Assert.Equal([2, 3], after.Limits.Select(limit => limit.Remaining));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task AuthorizeBatch_of_a_wrong_size_is_malformed(int size)
    {
        await using var server = await RunningServer.StartAsync();
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(Enumerable.Repeat(Samples.Ask("k"), size));

        Assert.Equal(["requests"], await Failures.FieldsOfAsync(() => server.Client.AuthorizeBatchAsync(batch).ResponseAsync));
    }

    [Fact]
    public async Task AuthorizeBatch_malformed_throughout_stays_within_the_trailers_of_any_client()
    {
        await using var server = await RunningServer.StartAsync();
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(Enumerable.Repeat(new AuthorizeRequest { Cost = -1, Method = new string('x', 5000) }, 1000));

        var exception = await Failures.OfAsync(() => server.Client.AuthorizeBatchAsync(batch).ResponseAsync, StatusCode.InvalidArgument);

        Assert.EndsWith("(and 2999 more)", exception.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(exception.Trailers.Sum(entry => entry.IsBinary ? entry.ValueBytes.Length * 4 / 3 : entry.Value.Length), 1, 7000);
    }
}
