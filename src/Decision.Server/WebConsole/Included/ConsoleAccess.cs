using System.Collections.Frozen;
using Decision.Console.Access;
using Decision.Runtime.Credentials;
using Decision.Server.Administrators;
using Decision.Server.Configuration;

namespace Decision.Server.WebConsole;

/// <summary>The console's way to the rules of admin calls: the same secrets, roles and audit log as over gRPC.</summary>
internal sealed class ConsoleAccess(
    AdminAuthentication authentication, AdminPermission permission, CredentialDirectory credentials, ServerSettings settings, ILogger<ConsoleAccess> log)
    : IConsoleAccess
{
    // What can be done over gRPC, and what only the console shows.
    private static readonly FrozenDictionary<string, AdminDemand> Demands = RpcDemands.All.Values.Append(AdminDemand.Viewer("configuration.get"))
        .DistinctBy(demand => demand.Action).ToFrozenDictionary(demand => demand.Action, StringComparer.Ordinal);

    public async ValueTask<ConsoleSignIn> SignInAsync(string secret, HttpContext http)
    {
        var signIn = await authentication.SignInAsync(secret, http, "console");
        if (signIn.Actor is null)
        {
            ServerLog.AdminRefused(log, "console sign-in", http.Connection.RemoteIpAddress?.ToString() ?? "", signIn.Problem);
        }

        return new ConsoleSignIn(signIn.Actor, signIn.Problem, signIn.RetryAfter);
    }

    public async ValueTask<bool> IsAcceptedAsync(Actor actor, CancellationToken cancellation) =>
        actor.Id == Actor.AdminSecretId
            ? authentication.IsOfSecretInForce(actor) && (settings.IsAdminSecretEnabled || !await credentials.HasAdminAsync(cancellation))
            : await credentials.IsLiveAsync(actor.Id, cancellation);

    public bool Allows(Actor actor, string action) => Demands.TryGetValue(action, out var demand) && actor.Role >= demand.Role;

    public Task<T> RunAsync<T>(Actor actor, string action, string objectId, Func<Task<T>> call) =>
        permission.RunAsync(actor, Demands[action], objectId, "console " + action, call);
}
