namespace Decision.Client.AspNetCore.Credentials;

/// <summary>The headers that an HTTP signature covers: the service needs them to check it.</summary>
internal static class SignedHeaders
{
    private const string Scheme = "Signature";
    private const string Parameter = "headers=";
    private const string DefaultHeader = "date";

    // A date that browsers, which may not set Date, sign in its place.
    private const string AuxiliaryDate = "x-aux-date";

    /// <summary>Whether a key is a signature, which names a key and proves to have it.</summary>
    public static bool IsSignature(string key) =>
        key.Length > Scheme.Length && key[Scheme.Length] is ' ' or '\t' && key.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Those headers of the request that the signature names. What it does not name needs no look.</summary>
    public static IReadOnlyList<RequestHeader> Of(string signature, HttpRequest request)
    {
        var headers = new List<RequestHeader>();
        foreach (string name in Names(signature).Append(AuxiliaryDate).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (string? value in request.Headers[name])
            {
                headers.Add(new RequestHeader(name, value ?? ""));
            }
        }

        return headers;
    }

    // The service reads the signature itself, and refuses what is malformed; one header more or less than named only makes it refuse.
    private static string[] Names(string signature)
    {
        int start = signature.IndexOf(Parameter, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return [DefaultHeader];
        }

        string list = signature[(start + Parameter.Length)..];
        int end = list.StartsWith('"') ? list.IndexOf('"', 1) : list.IndexOf(',', StringComparison.Ordinal);
        return (end < 0 ? list : list[..end]).Trim('"').Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
