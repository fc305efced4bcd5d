using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Envoy.Service.Auth.V3;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;

namespace Decision.Server.Tests.Hosting;

/// <summary>Each way into the server as a process: a program that is published trimmed or as native code could lack what one of them needs.</summary>
public sealed class EverySurfaceTests : IDisposable
{
    private static readonly string[] Services =
    [
        "decision.admin.v1.ActivityService", "decision.admin.v1.ApiAdminService", "decision.admin.v1.BackupService", "decision.admin.v1.KeyService", "decision.admin.v1.OrganizationAdminService",
        "decision.admin.v1.PolicyAdminService", "decision.v1.AuthorizeService", "envoy.service.auth.v3.Authorization",
        "envoy.service.ratelimit.v3.RateLimitService", "grpc.health.v1.Health",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reflection_tells_every_service_with_its_whole_descriptor()
    {
        await using var server = Start();
        using var channel = GrpcChannel.ForAddress($"http://{await server.ReadyAsync()}");
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        string[] listed = [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)];

        Assert.All(Services, name => Assert.Contains(name, listed));
        foreach (string name in Services)
        {
            await call.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = name });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            FileDescriptorProto[] files =
                [.. call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto.Select(bytes => FileDescriptorProto.Parser.ParseFrom(bytes))];
            Assert.Contains(files, file => file.Service.Any(service => $"{file.Package}.{service.Name}" == name && service.Method.Count > 0));
            Assert.Empty(files.SelectMany(file => file.Dependency).Except(files.Select(file => file.Name)));
        }
    }

    [Fact]
    public async Task Administration_keeps_every_kind_of_field_and_decisions_follow()
    {
        await using var server = Start();
        using var channel = GrpcChannel.ForAddress($"http://{await server.ReadyAsync()}");
        var policies = new PolicyAdminService.PolicyAdminServiceClient(channel);
        var keys = new KeyService.KeyServiceClient(channel);
        var decisions = new AuthorizeService.AuthorizeServiceClient(channel);
        Struct extra = Struct.Parser.ParseJson("""{"team":"blue","more":{"list":[1,true,null]}}""");
        Struct graphql = Struct.Parser.ParseJson("""{"any":{"depth":3}}""");
        await policies.CreatePolicyAsync(
            new CreatePolicyRequest { Policy = AdminClients.Gold(policy => (policy.ExtraFields, policy.GraphqlAccessRights) = (extra, graphql)) }, RunningServer.Admin);
        var policy = (await policies.GetPolicyAsync(new GetPolicyRequest { Id = "gold" }, RunningServer.Admin)).Policy;
        string key = (await keys.CreateKeyAsync(
            new CreateKeyRequest { Key = new Key { OrgId = "acme", ApplyPolicies = { "gold" }, ExtraFields = extra } }, RunningServer.Admin)).ApiKey;
        var listed = await keys.ListKeysAsync(new ListKeysRequest(), RunningServer.Admin);
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => keys.CreateKeyAsync(new CreateKeyRequest(), RunningServer.Admin).ResponseAsync);

        Assert.Equal((extra, graphql), (policy.ExtraFields, policy.GraphqlAccessRights));
        Assert.Equal("blue", Assert.Single(listed.Keys).ExtraFields.Fields["team"].StringValue);
        Assert.NotEmpty(failure.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations);
        Assert.Equal(Reason.Allowed, (await decisions.AuthorizeAsync(Samples.Ask(key))).Reason);
        Assert.Equal(2, (await decisions.AuthorizeBatchAsync(new AuthorizeBatchRequest { Requests = { Samples.Ask(key), Samples.Ask(key) } })).Responses.Count);
        Assert.Equal("acme", (await decisions.ExplainAsync(new ExplainRequest { Request = Samples.Ask(key) }, RunningServer.Admin)).Response.OrganizationId);
        using var stream = decisions.AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask(key) });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(6, stream.ResponseStream.Current.Response.Limits.Single(limit => limit.Name == "quota").Remaining);
        await stream.RequestStream.CompleteAsync();
        var refused = await new Authorization.AuthorizationClient(channel).CheckAsync(new CheckRequest());
        Assert.NotEqual((int)Code.Ok, refused.Status.Code);
    }

    [Fact]
    public async Task Http_answers_proxies_Tyk_s_calls_health_and_metrics()
    {
        await using var server = Start();
        string grpc = await server.ReadyAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{await server.ReadyHttpAsync()}") };
        http.DefaultRequestHeaders.Add("x-tyk-authorization", RunningServer.Secret);
        using var made = await http.PostAsync(new Uri("/tyk/policies", UriKind.Relative), JsonContent.Create(Named(Samples.Small, "small")));
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        using var created = await http.PostAsync(
            new Uri("/tyk/keys/create", UriKind.Relative), JsonContent.Create(JsonNode.Parse("""{"org_id":"acme","apply_policies":["small"]}""")));
        string key = (string)JsonNode.Parse(await created.Content.ReadAsStringAsync())!["key"]!;
        using var organization = await http.PostAsync(
            new Uri("/tyk/org/keys/acme", UriKind.Relative), JsonContent.Create(JsonNode.Parse("""{"org_id":"acme","quota_max":100,"quota_renewal_rate":3600}""")));
        Assert.True(organization.IsSuccessStatusCode, await organization.Content.ReadAsStringAsync());
        using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri("/forward-auth/orders", UriKind.Relative));
        asked.Headers.Add("Authorization", "Bearer " + key);
        asked.Headers.Add("X-Forwarded-Method", "GET");
        asked.Headers.Add("X-Forwarded-Uri", "/orders/1");
        using var answer = await http.SendAsync(asked);

        Assert.Equal("ALLOWED", answer.Headers.GetValues("X-Decision-Reason").Single());
        Assert.Contains("acme", await http.GetStringAsync(new Uri("/tyk/org/keys", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("small", await http.GetStringAsync(new Uri("/tyk/policies", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"ready\"", await http.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative)), StringComparison.Ordinal);
        string metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("decision_decisions_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("decision_duration_seconds_bucket{", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections", metrics, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections", metrics, StringComparison.Ordinal);
        using var channel = GrpcChannel.ForAddress($"http://{grpc}");
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new global::Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest())).Status);
    }

    private ServerProcess Start() => ServerProcess.Start(
        _folder.Path,
        "--Server:Grpc=127.0.0.1:0",
        "--Server:Http=127.0.0.1:0",
        $"--Data:Path={_folder.Path}",
        $"--Admin:Secret={RunningServer.Secret}");

    private static JsonNode Named(string policy, string id)
    {
        var node = JsonNode.Parse(policy)!;
        node["id"] = id;
        return node;
    }
}
