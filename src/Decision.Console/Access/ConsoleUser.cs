using System.Security.Claims;
using Decision.Console.Sessions;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Microsoft.AspNetCore.Components.Authorization;

namespace Decision.Console.Access;

/// <summary>Whoever looks at a page. Every act of a page goes through here: the session, the credential and the role are looked at each time.</summary>
public sealed class ConsoleUser
{
    /// <summary>The claim that names the session inside the process; it opens nothing.</summary>
    public const string SessionClaim = "session";

    private readonly ConsoleSessions _sessions;
    private readonly IConsoleAccess _access;
    private readonly AuthenticationStateProvider _state;
    private ConsoleSession? _session;

    internal ConsoleUser(ConsoleSessions sessions, IConsoleAccess access, AuthenticationStateProvider state) =>
        (_sessions, _access, _state) = (sessions, access, state);

    /// <summary>Who it is, once <see cref="LoadAsync"/> was awaited.</summary>
    public Actor Actor => _session?.Actor ?? throw new SessionEndedException();

    /// <summary>Finds the session of the circuit; false = it has ended.</summary>
    public async ValueTask<bool> LoadAsync()
    {
        if (_session is null)
        {
            var principal = (await _state.GetAuthenticationStateAsync()).User;
            _session = principal.FindFirstValue(SessionClaim) is { } id ? _sessions.FindById(id) : null;
        }

        return IsSignedIn;
    }

    /// <summary>Whether the session goes on.</summary>
    public bool IsSignedIn => _session is { } session && _sessions.IsLive(session);

    /// <summary>The person did something: the session goes on.</summary>
    /// <returns>False = it has ended.</returns>
    public bool Touch() => _session is { } session && _sessions.Touch(session);

    /// <summary>Ends the session.</summary>
    public void SignOut()
    {
        if (_session is { } session)
        {
            _sessions.End(session);
        }
    }

    /// <summary>Whether the role allows an action; for what is shown, not for what is done.</summary>
    public bool May(string action) => _access.Allows(Actor, action);

    /// <summary>Does something that the store is asked for.</summary>
    /// <param name="action">The action, as the audit log calls it.</param>
    /// <param name="objectId">What it is about; empty = nothing single.</param>
    /// <param name="call">Does it.</param>
    /// <exception cref="SessionEndedException">The session or the credential has ended.</exception>
    public async Task<T> RunAsync<T>(string action, string objectId, Func<Task<T>> call)
    {
        var session = await LiveAsync();
        if (!await _access.IsAcceptedAsync(session.Actor, CancellationToken.None))
        {
            _sessions.End(session);
            throw new SessionEndedException();
        }

        _sessions.Accepted(session);
        return await _access.RunAsync(session.Actor, action, objectId, call);
    }

    /// <summary>
    /// Reads what this process has in memory. While the store fails the credential cannot be looked at; one that was accepted lately may go on
    /// looking, since that is when a person needs to.
    /// </summary>
    /// <exception cref="SessionEndedException">The session or the credential has ended.</exception>
    public async Task<T> LookAsync<T>(string action, Func<Task<T>> call)
    {
        var session = await LiveAsync();
        bool isAccepted;
        try
        {
            isAccepted = await _access.IsAcceptedAsync(session.Actor, CancellationToken.None);
        }
        catch (StoreException) when (_sessions.WasAcceptedLately(session))
        {
            return await _access.RunAsync(session.Actor, action, "", call);
        }

        if (!isAccepted)
        {
            _sessions.End(session);
            throw new SessionEndedException();
        }

        _sessions.Accepted(session);
        return await _access.RunAsync(session.Actor, action, "", call);
    }

    private async ValueTask<ConsoleSession> LiveAsync() => await LoadAsync() ? _session! : throw new SessionEndedException();
}
