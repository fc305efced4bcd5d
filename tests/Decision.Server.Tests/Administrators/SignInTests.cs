using System.Net;
using Decision.Contracts.Admin.V1;
using Decision.Server.Administrators;
using Decision.Server.Tests.Admin;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using static Decision.Server.Tests.Administrators.Administrator;

namespace Decision.Server.Tests.Administrators;

/// <summary>Who may come in, and how often a wrong secret may be tried.</summary>
public sealed class SignInTests
{
    private static readonly ListKeysRequest Request = new();

    [Fact]
    public async Task A_credential_goes_from_creation_to_revocation()
    {
        await using var server = await RunningServer.StartAsync();
        var created = await server.Credentials().CreateAdminCredentialAsync(
            new CreateAdminCredentialRequest { Credential = new AdminCredential { Name = "bob", Description = "on call", Role = AdminRole.Operator } },
            RunningServer.Admin);
        string id = created.Credential.CredentialId;

        var me = await server.Credentials().WhoAmIAsync(new WhoAmIRequest(), With(created.Token));
        Assert.Equal((id, "bob", AdminRole.Operator, false), (me.Credential.CredentialId, me.Credential.Name, me.Credential.Role, me.IsAdminSecret));
        Assert.Equal("Admin:Secret", me.Credential.CreatedBy);
        using (var tyk = await server.TykAsync(created.Token, "GET", "/tyk/keys"))
        {
            Assert.Equal(HttpStatusCode.OK, tyk.StatusCode);
        }

        var revoked = await server.Credentials().RevokeAdminCredentialAsync(new RevokeAdminCredentialRequest { CredentialId = id }, RunningServer.Admin);
        Assert.Equal("Admin:Secret", revoked.Credential.RevokedBy);
        var refused = await Failures.OfAsync(() => server.Keys().ListKeysAsync(Request, With(created.Token)).ResponseAsync, StatusCode.Unauthenticated);
        Assert.Equal("The admin credential bob was revoked.", refused.Status.Detail);
        using var tykAgain = await server.TykAsync(created.Token, "GET", "/tyk/keys");
        Assert.Equal(HttpStatusCode.Forbidden, tykAgain.StatusCode);
        Assert.Empty((await server.Credentials().ListAdminCredentialsAsync(new ListAdminCredentialsRequest(), RunningServer.Admin)).Credentials);
        var all = await server.Credentials().ListAdminCredentialsAsync(new ListAdminCredentialsRequest { ShowEnded = true }, RunningServer.Admin);
        Assert.NotNull(Assert.Single(all.Credentials).LastUseTime);
    }

    [Fact]
    public async Task WhoAmI_tells_of_the_admin_secret()
    {
        await using var server = await RunningServer.StartAsync();

        var me = await server.Credentials().WhoAmIAsync(new WhoAmIRequest(), RunningServer.Admin);

        Assert.Equal(("admin-secret", AdminRole.Admin, true), (me.Credential.CredentialId, me.Credential.Role, me.IsAdminSecret));
    }

    [Fact]
    public async Task Bad_requests_name_every_field()
    {
        await using var server = await RunningServer.StartAsync();
        var credential = new AdminCredential { Role = AdminRole.Viewer, Organizations = { "a b" }, ExpireTime = new() { Seconds = 1 } };

        Assert.Equal(["credential"], await FieldsAsync(new CreateAdminCredentialRequest()));
        Assert.Equal(["credential.role"], await FieldsAsync(new CreateAdminCredentialRequest { Credential = new AdminCredential { Name = "x" } }));
        Assert.Equal(
            ["credential.name", "credential.organizations[0]", "credential.expires"], await FieldsAsync(new CreateAdminCredentialRequest { Credential = credential }));
        await Failures.OfAsync(
            () => server.Credentials().GetAdminCredentialAsync(new GetAdminCredentialRequest { CredentialId = "nobody" }, RunningServer.Admin).ResponseAsync,
            StatusCode.NotFound);

        Task<string[]> FieldsAsync(CreateAdminCredentialRequest request) =>
            Failures.FieldsOfAsync(() => server.Credentials().CreateAdminCredentialAsync(request, RunningServer.Admin).ResponseAsync);
    }

    [Fact]
    public async Task After_too_many_wrong_secrets_none_from_there_is_looked_at_for_a_while()
    {
        await using var server = await RunningServer.StartAsync();
        for (int number = 0; number < AdminAuthentication.Attempts; number++)
        {
            await Failures.OfAsync(() => server.Keys().ListKeysAsync(Request, With("wrong" + number)).ResponseAsync, StatusCode.Unauthenticated);
        }

        var limited = await Failures.OfAsync(() => server.Keys().ListKeysAsync(Request, RunningServer.Admin).ResponseAsync, StatusCode.ResourceExhausted);
        Assert.Contains("none is looked at for 6 seconds", limited.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(6, limited.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.Seconds);
        using var tyk = await server.TykAsync(RunningServer.Secret, "GET", "/tyk/keys");
        Assert.Equal((HttpStatusCode)429, tyk.StatusCode);
        Assert.Equal("6", tyk.Headers.RetryAfter!.ToString());

        server.Time.Advance(AdminAuthentication.Pause);
        await server.Keys().ListKeysAsync(Request, RunningServer.Admin);
        await Failures.OfAsync(() => server.Keys().ListKeysAsync(Request, With("wrong")).ResponseAsync, StatusCode.Unauthenticated);
        await Failures.OfAsync(() => server.Keys().ListKeysAsync(Request, RunningServer.Admin).ResponseAsync, StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task A_call_without_a_secret_and_a_revoked_one_are_no_attempts()
    {
        await using var server = await RunningServer.StartAsync();
        var created = await server.CreateAsync(AdminRole.Viewer);
        await server.Credentials().RevokeAdminCredentialAsync(
            new RevokeAdminCredentialRequest { CredentialId = created.Credential.CredentialId }, RunningServer.Admin);

        for (int number = 0; number < 2 * AdminAuthentication.Attempts; number++)
        {
            await Failures.OfAsync(() => server.Keys().ListKeysAsync(Request).ResponseAsync, StatusCode.Unauthenticated);
            await Failures.OfAsync(() => server.Keys().ListKeysAsync(Request, With(created.Token)).ResponseAsync, StatusCode.Unauthenticated);
        }

        await server.Keys().ListKeysAsync(Request, RunningServer.Admin);
    }

    [Fact]
    public void Names_of_attempts_never_become_more_than_a_fixed_number_and_are_forgotten()
    {
        var time = new FakeTimeProvider();
        var limit = new AttemptLimit(2, TimeSpan.FromSeconds(5), time);
        for (int number = 0; number < AttemptLimit.MostNames + 50; number++)
        {
            Assert.True(limit.TryTake("n" + number));
        }

        Assert.Equal(AttemptLimit.MostNames, limit.Names);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(limit.TryTake("one more"));
        Assert.Equal(1, limit.Names);
        Assert.True(limit.TryTake("one more"));
        Assert.False(limit.TryTake("one more"));
        Assert.Equal(TimeSpan.FromSeconds(5), limit.WaitOf("one more"));
        Assert.Equal(TimeSpan.Zero, limit.WaitOf("another"));
    }

    [Fact]
    public async Task Admin_secret_that_is_switched_off_counts_until_there_is_another_admin()
    {
        await using var server = await RunningServer.StartAsync(["Admin:SecretEnabled=false"]);
        await server.CreateAsync(AdminRole.Operator);
        await server.CreateAsync(AdminRole.Admin, "acme");
        var admin = await server.CreateAsync(AdminRole.Admin);

        var refused = await Failures.OfAsync(() => server.Keys().ListKeysAsync(Request, RunningServer.Admin).ResponseAsync, StatusCode.Unauthenticated);
        Assert.Contains("Admin:SecretEnabled", refused.Status.Detail, StringComparison.Ordinal);
        await server.Credentials().RevokeAdminCredentialAsync(
            new RevokeAdminCredentialRequest { CredentialId = admin.Credential.CredentialId }, With(admin.Token));

        await server.Keys().ListKeysAsync(Request, RunningServer.Admin);
    }
}
