using Decision.Engine.Findings;
using Decision.Runtime.Administration;

namespace Decision.Server.Grpc.Admin;

/// <summary>Runs an admin call. Its refusals go on to the host's <see cref="ErrorMapping"/>, in terms of the request.</summary>
internal static class AdminCall
{
    /// <summary>Runs it.</summary>
    /// <param name="resource">The request's field that holds the resource, such as <c>policy</c>; findings about the resource are inside of it.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="AdministrationException">The call was refused; each finding's field is its path in the request.</exception>
    public static async Task<T> RunAsync<T>(string resource, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AdministrationException refusal) when (refusal.Error == AdministrationError.Invalid)
        {
            throw new AdministrationException(
                [.. refusal.Findings.Select(finding => finding with { Subject = "request", Field = PathOf(finding, resource) })]);
        }
        catch (AdministrationException refusal) when (refusal.Error == AdministrationError.NotFound && resource == "key")
        {
            // What stands in an id's place may be a client's key: it never comes back.
            throw new AdministrationException(
                AdministrationError.NotFound, "There is no key with this id; ids have 16 letters and digits, and are not the key itself.");
        }
    }

    /// <summary>Runs a creation, for which an id that a file has is simply taken.</summary>
    /// <param name="resource">As of <see cref="RunAsync"/>.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="AdministrationException">As of <see cref="RunAsync"/>.</exception>
    public static async Task<T> CreateAsync<T>(string resource, Func<Task<T>> call)
    {
        try
        {
            return await RunAsync(resource, call);
        }
        catch (AdministrationException refusal) when (refusal.Error == AdministrationError.FailedPrecondition)
        {
            throw new AdministrationException(AdministrationError.AlreadyExists, refusal.Message);
        }
    }

    private static string PathOf(Finding finding, string resource)
    {
        if (finding.Subject == "request" || finding.Field == "api_key")
        {
            return finding.Field;
        }

        const string Url = "].url";
        string field = finding.Field;
        return field.Length == 0 ? resource
            : field == "_id" ? $"{resource}.object_id"
            : resource == "api" && field.StartsWith("public[", StringComparison.Ordinal) && field.EndsWith(Url, StringComparison.Ordinal)
                ? $"{resource}.{field[..^Url.Length]}].pattern"
            : $"{resource}.{field}";
    }
}
