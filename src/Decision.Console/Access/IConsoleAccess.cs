using Decision.Runtime.Credentials;
using Microsoft.AspNetCore.Http;

namespace Decision.Console.Access;

/// <summary>Who may sign in, and what each may do: the server's own rules, which the console only asks.</summary>
public interface IConsoleAccess
{
    /// <summary>Looks at a secret.</summary>
    /// <exception cref="Runtime.Stores.StoreException">The store does not answer.</exception>
    ValueTask<ConsoleSignIn> SignInAsync(string secret, HttpContext http);

    /// <summary>Whether the credential of somebody who has signed in is still accepted.</summary>
    /// <exception cref="Runtime.Stores.StoreException">The store does not answer.</exception>
    ValueTask<bool> IsAcceptedAsync(Actor actor, CancellationToken cancellation);

    /// <summary>Whether the role allows an action, such as <c>policy.update</c>.</summary>
    bool Allows(Actor actor, string action);

    /// <summary>Does something as somebody, if the role allows it; what is denied is told in the audit log.</summary>
    /// <exception cref="Runtime.Administration.AdministrationException">It is denied, or refused.</exception>
    Task<T> RunAsync<T>(Actor actor, string action, string objectId, Func<Task<T>> call);
}
