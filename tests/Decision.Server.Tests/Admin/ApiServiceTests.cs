using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Api = Decision.Contracts.Admin.V1.Api;
using Reason = Decision.Contracts.V1.Reason;

namespace Decision.Server.Tests.Admin;

public class ApiServiceTests
{
    private static Metadata Admin => RunningServer.Admin;

    private static Api Orders() => new()
    {
        ApiId = "orders", Name = "Orders", OrganizationId = "acme", ListenPath = "/orders", Rate = 1, Per = 60,
        Public = { new PublicPath { Pattern = "/health", Methods = { "GET" } } },
    };

    [Fact]
    public async Task Apis_are_created_read_listed_changed_and_removed()
    {
        await using var server = await RunningServer.StartAsync();

        var created = (await server.Apis().CreateApiAsync(new CreateApiRequest { Api = Orders() }, Admin)).Api;
        Assert.Equal((1, "store"), (created.Revision, created.Source));
        Assert.Equal(created, (await server.Apis().GetApiAsync(new GetApiRequest { ApiId = "orders" }, Admin)).Api);
        var updated = (await server.Apis().UpdateApiAsync(
            new UpdateApiRequest { Api = new Api { ApiId = "orders", Name = "New", Etag = created.Etag }, UpdateMask = new FieldMask { Paths = { "name", "listen_path" } } },
            Admin)).Api;
        Assert.Equal(("New", "", 2, 1), (updated.Name, updated.ListenPath, updated.Revision, updated.Rate));
        var other = (await server.Apis().CreateApiAsync(new CreateApiRequest { Api = new Api { Name = "made" } }, Admin)).Api;
        Assert.Equal(24, other.ApiId.Length);
        var first = await server.Apis().ListApisAsync(new ListApisRequest { PageSize = 1 }, Admin);
        var second = await server.Apis().ListApisAsync(new ListApisRequest { PageSize = 1, PageToken = first.NextPageToken }, Admin);
        Assert.Equal((2, 1, ""), (first.TotalSize, second.Apis.Count, second.NextPageToken));
        Assert.Equal("orders", Assert.Single((await server.Apis().ListApisAsync(new ListApisRequest { OrganizationId = "acme" }, Admin)).Apis).ApiId);
        Assert.Equal(
            ["page_token"],
            await Failures.FieldsOfAsync(
                () => server.Apis().ListApisAsync(new ListApisRequest { PageToken = first.NextPageToken, OrganizationId = "acme" }, Admin).ResponseAsync));
        await server.Apis().DeleteApiAsync(new DeleteApiRequest { ApiId = "orders" }, Admin);
        await Failures.OfAsync(() => server.Apis().GetApiAsync(new GetApiRequest { ApiId = "orders" }, Admin).ResponseAsync, StatusCode.NotFound);
    }

    [Fact]
    public async Task CreateApi_with_errors_says_all_of_them_by_their_names_here()
    {
        await using var server = await RunningServer.StartAsync();
        var api = Orders();
        api.ListenPath = "orders";
        api.Rate = double.NegativeInfinity;
        api.RateAlgorithm = "magic";
        api.Public[0].Pattern = "";

        var fields = await Failures.FieldsOfAsync(() => server.Apis().CreateApiAsync(new CreateApiRequest { Api = api }, Admin).ResponseAsync);

        Assert.Equal(["api.listen_path", "api.public[0].pattern", "api.rate", "api.rate_algorithm"], fields.Order(StringComparer.Ordinal));
        Assert.Equal(["api"], await Failures.FieldsOfAsync(() => server.Apis().CreateApiAsync(new CreateApiRequest(), Admin).ResponseAsync));
    }

    [Fact]
    public async Task Writes_with_a_stale_etag_a_taken_id_or_an_unknown_one_are_refused()
    {
        await using var server = await RunningServer.StartAsync();
        await server.Apis().CreateApiAsync(new CreateApiRequest { Api = Orders() }, Admin);

        await Failures.OfAsync(() => server.Apis().CreateApiAsync(new CreateApiRequest { Api = Orders() }, Admin).ResponseAsync, StatusCode.AlreadyExists);
        await Failures.OfAsync(
            () => server.Apis().UpdateApiAsync(new UpdateApiRequest { Api = new Api { ApiId = "orders", Name = "n", Etag = "old" } }, Admin).ResponseAsync,
            StatusCode.Aborted);
        await Failures.OfAsync(
            () => server.Apis().DeleteApiAsync(new DeleteApiRequest { ApiId = "orders", Etag = "old" }, Admin).ResponseAsync, StatusCode.Aborted);
        await Failures.OfAsync(() => server.Apis().DeleteApiAsync(new DeleteApiRequest { ApiId = "none" }, Admin).ResponseAsync, StatusCode.NotFound);
        var wrong = new UpdateApiRequest { Api = new Api { ApiId = "orders" }, UpdateMask = new FieldMask { Paths = { "api_id", "source", "listenpath" } } };
        Assert.Equal(3, (await Failures.FieldsOfAsync(() => server.Apis().UpdateApiAsync(wrong, Admin).ResponseAsync)).Length);
    }

    [Fact]
    public async Task DeleteApi_removes_its_counter_too()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        string key = (await server.MakeKeyAsync()).ApiKey;
        await server.Apis().CreateApiAsync(new CreateApiRequest { Api = Orders() }, Admin);
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
        Assert.Equal(Reason.ApiRateLimited, await server.AskAsync(key));

        await server.Apis().DeleteApiAsync(new DeleteApiRequest { ApiId = "orders" }, Admin);
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
        await server.Apis().CreateApiAsync(new CreateApiRequest { Api = Orders() }, Admin);
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
    }
}
