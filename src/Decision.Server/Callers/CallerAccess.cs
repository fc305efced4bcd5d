using Decision.Contracts.V1;
using Decision.Runtime.Decisions;
using Decision.Server.Hosting;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Primitives;

namespace Decision.Server.Callers;

/// <summary>Who asks, and whether it may ask for this. Without <c>Callers:File</c> everyone may ask for everything.</summary>
internal sealed class CallerAccess(DecisionRuntime runtime, TimeProvider time, ILogger<CallerAccess> log, CallerRegistry? registry = null)
{
    /// <summary>The header of a token where <c>authorization</c> is the client's own.</summary>
    public const string TokenHeader = "x-decision-token";

    /// <summary>The reason that is told to a caller that is not known, on ways in without statuses of their own.</summary>
    public const string Unauthenticated = "UNAUTHENTICATED";

    /// <summary>The same for a caller that may not ask for this.</summary>
    public const string PermissionDenied = "PERMISSION_DENIED";

    private const string Bearer = "Bearer ";
    private static readonly object NamesOfConnection = new();

    private readonly LogPace _pace = new(time);

    /// <summary>Whether everyone may ask.</summary>
    public bool IsOpen => registry is null;

    /// <summary>Who asks.</summary>
    /// <param name="http">The call.</param>
    /// <param name="isProxied">Whether <c>authorization</c> is that of the client behind the caller.</param>
    /// <param name="caller">The caller.</param>
    /// <returns>Why nobody who may ask does; null = somebody does.</returns>
    public string? Identify(HttpContext http, bool isProxied, out Caller caller)
    {
        caller = Caller.Anyone;
        return registry is null ? null : Identify(http, registry.Current, isProxied, ref caller);
    }

    /// <summary>Why a caller may not ask for this; null = it may. An API that is found by host and path is named in the request from then on.</summary>
    public string? Problem(Caller caller, AuthorizeRequest request)
    {
        if (!caller.IsScoped)
        {
            return null;
        }

        if (caller.Organizations is { } organizations && request.OrganizationId.Length > 0 && !organizations.Contains(request.OrganizationId))
        {
            return Refused(caller, $"may not ask for organisation \"{request.OrganizationId}\"");
        }

        if (caller.Apis is null)
        {
            return null;
        }

        // Looked for once, so that what is decided is what was checked.
        request.ApiId = request.ApiId.Length > 0 ? request.ApiId : runtime.FindApi("", request.Host, request.Path)?.Api.Id ?? "";
        return Problem(caller, request.ApiId);
    }

    /// <summary>The same for an API alone; empty = none was found, which the decision tells.</summary>
    public string? Problem(Caller caller, string apiId) =>
        caller.Apis is null || apiId.Length == 0 || caller.Apis.Contains(apiId) ? null : Refused(caller, $"may not ask for API \"{apiId}\"");

    private string? Identify(HttpContext http, CallerSet callers, bool isProxied, ref Caller caller)
    {
        var tokens = http.Request.Headers[TokenHeader];
        var authorization = isProxied ? StringValues.Empty : http.Request.Headers.Authorization;
        string forms = isProxied ? $"'{TokenHeader}: <token>'" : $"'authorization: Bearer <token>' or '{TokenHeader}: <token>'";
        switch (tokens.Count + authorization.Count)
        {
            case 0:
                foreach (string name in NamesOf(http))
                {
                    if (callers.ByCertificateName.TryGetValue(name, out var certified))
                    {
                        caller = certified;
                        return null;
                    }
                }

                return Unknown(http, $"Callers need a token here: send {forms}.");
            case 1:
                string presented = tokens.Count == 1 ? tokens.ToString() : Bare(authorization.ToString());
                if (presented.Length > 0 && callers.ByToken.TryGetValue(TokenHash.Of(presented), out var known))
                {
                    caller = known;
                    return null;
                }

                return Unknown(http, $"The token is no caller's: send {forms}.");
            default:
                return Unknown(http, "The token was sent more than once: send it once.");
        }
    }

    private static string Bare(string authorization) =>
        authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : "";

    // Once for a connection: reading a certificate's names costs more than a decision.
    private static string[] NamesOf(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>()?.Items is not { } items)
        {
            return CertificateNames.Of(http.Connection.ClientCertificate);
        }

        if (!items.TryGetValue(NamesOfConnection, out object? found))
        {
            items[NamesOfConnection] = found = CertificateNames.Of(http.Connection.ClientCertificate);
        }

        return (string[])found!;
    }

    private string Unknown(HttpContext http, string problem)
    {
        if (_pace.IsDue(out long unsaid))
        {
            CallerLog.Unknown(log, http.Connection.RemoteIpAddress?.ToString() ?? "a Unix socket", problem, unsaid);
        }

        return problem;
    }

    private string Refused(Caller caller, string what)
    {
        if (_pace.IsDue(out long unsaid))
        {
            CallerLog.OutOfScope(log, caller.Name, what, unsaid);
        }

        return $"The caller {caller.Name} {what}: its entry in Callers:File says what it may.";
    }
}
