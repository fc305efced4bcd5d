using Decision.Contracts.Admin.V1;
using Grpc.Core;

namespace Decision.Server.Tests.Admin;

public class CredentialTests
{
    [Fact]
    public async Task Every_service_without_the_credential_or_with_a_wrong_one_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var credential in new Metadata?[] { null, new() { { "authorization", "Bearer wrong" } }, new() { { "x-tyk-authorization", "wrong" } } })
        {
            await Failures.OfAsync(() => server.Keys().ListKeysAsync(new ListKeysRequest(), credential).ResponseAsync, StatusCode.Unauthenticated);
            await Failures.OfAsync(
                () => server.Policies().ListPoliciesAsync(new ListPoliciesRequest(), credential).ResponseAsync, StatusCode.Unauthenticated);
            await Failures.OfAsync(() => server.Apis().ListApisAsync(new ListApisRequest(), credential).ResponseAsync, StatusCode.Unauthenticated);
            await Failures.OfAsync(
                () => server.Organizations().ListOrganizationsAsync(new ListOrganizationsRequest(), credential).ResponseAsync,
                StatusCode.Unauthenticated);
        }
    }

    [Fact]
    public async Task Every_service_takes_the_credential_in_either_header()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var credential in new[] { RunningServer.Admin, new() { { "x-tyk-authorization", RunningServer.Secret } } })
        {
            Assert.Equal(0, (await server.Keys().ListKeysAsync(new ListKeysRequest(), credential)).TotalSize);
            Assert.Equal(0, (await server.Policies().ListPoliciesAsync(new ListPoliciesRequest(), credential)).TotalSize);
            Assert.Equal(0, (await server.Apis().ListApisAsync(new ListApisRequest(), credential)).TotalSize);
            Assert.Equal(0, (await server.Organizations().ListOrganizationsAsync(new ListOrganizationsRequest(), credential)).TotalSize);
        }
    }
}
