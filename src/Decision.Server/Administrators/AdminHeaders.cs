namespace Decision.Server.Administrators;

/// <summary>Where the credential of an admin call over gRPC is.</summary>
internal static class AdminHeaders
{
    private const string Bearer = "Bearer ";

    /// <summary>The secret that a call presents.</summary>
    /// <param name="headers">The call's.</param>
    /// <param name="presented">The secret; empty where there is a problem.</param>
    /// <returns>Why there is none; null = there is one.</returns>
    public static string? Read(IHeaderDictionary headers, out string presented)
    {
        string[] authorization = [.. headers.Authorization.OfType<string>()];
        string[] tyk = [.. headers["x-tyk-authorization"].OfType<string>()];
        presented = "";
        if (authorization.Length + tyk.Length == 0)
        {
            return "This call needs the admin credential: send the metadata 'authorization: Bearer <secret>' or 'x-tyk-authorization: <secret>'.";
        }

        // With two values, two readers could take a different one for the credential.
        if (authorization.Length + tyk.Length > 1)
        {
            return "The admin credential was sent more than once: send it in one of 'authorization' and 'x-tyk-authorization', once.";
        }

        if (tyk.Length == 1)
        {
            presented = tyk[0];
            return null;
        }

        if (!authorization[0].StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return "The admin credential must be sent as 'authorization: Bearer <secret>'.";
        }

        presented = authorization[0][Bearer.Length..];
        return null;
    }
}
