using System.Reflection;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Administrators;
using Decision.Server.Hosting;
using Decision.Server.Tests.Admin;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Decision.Server.Tests.Administrators.Administrator;
using Model = Decision.Runtime.Credentials;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Decision.Server.Tests.Administrators;

/// <summary>Which role may make which call.</summary>
public sealed class RoleTests
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    [Fact]
    public void Every_admin_rpc_of_the_protos_has_a_role_and_no_other_has()
    {
        var methods =
            from type in typeof(KeyService).Assembly.GetTypes()
            let service = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor
            where service is not null
            from method in service.Methods
            where service.FullName.StartsWith("decision.admin.", StringComparison.Ordinal) || method.FullName == "decision.v1.AuthorizeService.Explain"
            select $"/{service.FullName}/{method.Name}";

        Assert.Equal(methods.Order(StringComparer.Ordinal), RpcDemands.All.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_rpc_that_a_server_serves_behind_the_credential_has_a_role()
    {
        await using var server = await RunningServer.StartAsync();
        var served =
            from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints
            let method = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName
            where method is not null && AdminSurface.Includes(endpoint)
            select method;

        Assert.Equal(RpcDemands.All.Keys.Order(StringComparer.Ordinal), served.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_rpc_is_denied_to_the_roles_below_its_own_and_to_no_other()
    {
        await using var server = await RunningServer.StartAsync();
        (Model.AdminRole Role, string Token)[] credentials =
        [
            (Model.AdminRole.Viewer, await server.TokenAsync(AdminRole.Viewer)),
            (Model.AdminRole.Operator, await server.TokenAsync(AdminRole.Operator)),
            (Model.AdminRole.Admin, await server.TokenAsync(AdminRole.Admin)),
        ];
        foreach (var (method, demand) in RpcDemands.All)
        {
            foreach (var (role, token) in credentials)
            {
                var status = await CallAsync(server, method, token);
                Assert.True((status.StatusCode == StatusCode.PermissionDenied) == (role < demand.Role), $"{method} as {role}: {status}");
                if (role < demand.Role)
                {
                    Assert.Equal(
                        $"This call needs the role {demand.Role.ToString().ToLowerInvariant()}, and the credential bob has {role.ToString().ToLowerInvariant()}.",
                        status.Detail);
                }
            }
        }
    }

    public static TheoryData<string, string, AdminRole> TykRoutes => new()
    {
        { "GET", "/tyk/keys", AdminRole.Viewer },
        { "POST", "/tyk/keys", AdminRole.Operator },
        { "POST", "/tyk/keys/create", AdminRole.Operator },
        { "POST", "/tyk/keys/add", AdminRole.Operator },
        { "POST", "/tyk/keys/preview", AdminRole.Viewer },
        { "POST", "/tyk/keys/policy/abc", AdminRole.Operator },
        { "GET", "/tyk/keys/abc", AdminRole.Viewer },
        { "POST", "/tyk/keys/abc", AdminRole.Operator },
        { "PUT", "/tyk/keys/abc", AdminRole.Operator },
        { "DELETE", "/tyk/keys/abc", AdminRole.Operator },
        { "GET", "/tyk/policies", AdminRole.Viewer },
        { "POST", "/tyk/policies", AdminRole.Admin },
        { "PUT", "/tyk/policies", AdminRole.Admin },
        { "DELETE", "/tyk/policies", AdminRole.Admin },
        { "GET", "/tyk/policies/gold", AdminRole.Viewer },
        { "POST", "/tyk/policies/gold", AdminRole.Admin },
        { "PUT", "/tyk/policies/gold", AdminRole.Admin },
        { "DELETE", "/tyk/policies/gold", AdminRole.Admin },
        { "GET", "/api/portal/policies", AdminRole.Viewer },
        { "POST", "/api/portal/policies", AdminRole.Admin },
        { "GET", "/api/portal/policies/gold", AdminRole.Viewer },
        { "PUT", "/api/portal/policies/gold", AdminRole.Admin },
        { "DELETE", "/api/portal/policies/gold", AdminRole.Admin },
        { "GET", "/tyk/org/keys", AdminRole.Viewer },
        { "GET", "/tyk/org/keys/acme", AdminRole.Viewer },
        { "POST", "/tyk/org/keys/acme", AdminRole.Admin },
        { "PUT", "/tyk/org/keys/acme", AdminRole.Admin },
        { "DELETE", "/tyk/org/keys/acme", AdminRole.Admin },
        { "GET", "/tyk/reload", AdminRole.Admin },
        { "GET", "/tyk/reload/group", AdminRole.Admin },
    };

    [Theory]
    [MemberData(nameof(TykRoutes))]
    public async Task Every_route_of_Tyk_is_denied_to_the_roles_below_its_own_and_to_no_other(string method, string path, AdminRole least)
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var role in new[] { AdminRole.Viewer, AdminRole.Operator, AdminRole.Admin })
        {
            using var response = await server.TykAsync(await server.TokenAsync(role), method, path, method is "POST" or "PUT" ? "{" : null);
            string body = await response.Content.ReadAsStringAsync();

            Assert.True(body.Contains("This call needs the role", StringComparison.Ordinal) == (role < least), $"{role}: {response.StatusCode} {body}");
            Assert.Equal(role < least, response.StatusCode == System.Net.HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Every_route_of_Tyk_is_among_those_that_are_tested()
    {
        await using var server = await RunningServer.StartAsync();
        var served =
            from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is null && AdminSurface.Includes(endpoint)

            // The console asks for a role at each of its acts; its own tests try them.
            where !endpoint.RoutePattern.RawText!.StartsWith("/console/", StringComparison.Ordinal)
            select endpoint.RoutePattern.RawText;

        Assert.Equal(
            [
                "/api/portal/policies", "/api/portal/policies/{id}", "/tyk/keys", "/tyk/keys/add", "/tyk/keys/create", "/tyk/keys/policy/{hash}",
                "/tyk/keys/preview", "/tyk/keys/{key}", "/tyk/org/keys", "/tyk/org/keys/{id}", "/tyk/policies", "/tyk/policies/{id}", "/tyk/reload",
                "/tyk/reload/group", "/tyk/{**rest}",
            ],
            served.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_scoped_credential_sees_and_explains_its_own_keys_alone_over_every_surface()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var own = await server.MakeKeyAsync();
        var other = await server.MakeKeyAsync(key =>
        {
            key.OrgId = "umbrella";
            key.ApplyPolicies.Clear();
            key.AccessRights["orders"] = new AccessRight { ApiId = "orders" };
        });
        string token = await server.TokenAsync(AdminRole.Operator, "acme");

        Assert.Equal([own.KeyId], (await server.Keys().ListKeysAsync(new ListKeysRequest(), With(token))).Keys.Select(key => key.KeyId));
        var denied = await Failures.OfAsync(
            () => server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = other.KeyId }, With(token)).ResponseAsync, StatusCode.PermissionDenied);
        Assert.Equal("PERMISSION_DENIED", AdminClients.ReasonOf(denied));
        Assert.Contains("only for \"acme\"", denied.Status.Detail, StringComparison.Ordinal);
        Assert.True((await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(own.ApiKey) }, With(token))).Response.Allowed);
        await Failures.OfAsync(
            () => server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(other.ApiKey) }, With(token)).ResponseAsync, StatusCode.PermissionDenied);
        Assert.Equal(
            Reason.KeyUnknown, (await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask("nobody") }, With(token))).Response.Reason);
        using var list = await server.TykAsync(token, "GET", "/tyk/keys");
        Assert.Equal($"{{\"keys\":[\"{own.KeyId}\"]}}", await list.Content.ReadAsStringAsync());
        using var shown = await server.TykAsync(token, "GET", "/tyk/keys/" + own.ApiKey);
        Assert.Equal(System.Net.HttpStatusCode.OK, shown.StatusCode);
        using var hidden = await server.TykAsync(token, "GET", "/tyk/keys/" + other.KeyId);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, hidden.StatusCode);
        using var reload = await server.TykAsync(await server.TokenAsync(AdminRole.Admin, "acme"), "GET", "/tyk/reload");
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, reload.StatusCode);
    }

    private static async Task<Status> CallAsync(RunningServer server, string method, string token)
    {
        string[] parts = method.Split('/');
        var invoker = server.Channel.CreateCallInvoker();
        var options = new CallOptions(With(token), TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10));
        try
        {
            if (parts[2] == "FollowRefusals")
            {
                // It goes on until the caller ends it; that it has begun to follow says enough.
                using var following = invoker.AsyncServerStreamingCall(
                    new Method<byte[], byte[]>(MethodType.ServerStreaming, parts[1], parts[2], Bytes, Bytes), null, options, []);
                await following.ResponseHeadersAsync;
                return Status.DefaultSuccess;
            }

            if (parts[2] == "PreviewPolicies")
            {
                using var stream = invoker.AsyncServerStreamingCall(
                    new Method<byte[], byte[]>(MethodType.ServerStreaming, parts[1], parts[2], Bytes, Bytes), null, options, []);
                await stream.ResponseStream.MoveNext();
                return Status.DefaultSuccess;
            }

            using var call = invoker.AsyncUnaryCall(new Method<byte[], byte[]>(MethodType.Unary, parts[1], parts[2], Bytes, Bytes), null, options, []);
            await call.ResponseAsync;
            return Status.DefaultSuccess;
        }
        catch (RpcException failure)
        {
            return failure.Status;
        }
    }
}
