namespace Decision.Server.TykApi.Paths;

/// <summary>What is shown in the place of a path that may hold a key.</summary>
internal static class HiddenPath
{
    /// <summary>Stands where the key was.</summary>
    public const string Placeholder = "-";

    private const string Root = "/tyk";
    private const string Keys = "/keys";
    private const string Policy = "policy/";
    private const string Nowhere = Root + "/" + Placeholder;

    private static readonly string[] Words = ["create", "add", "preview"];

    private static readonly string[] Open = ["/policies", "/reload", "/org/keys"];

    /// <summary>The path to show, which routing goes by; null = the path has no place for a key.</summary>
    public static string? Of(string path)
    {
        // A mistyped path may hold a key as well: below /tyk everything is hidden that is not known to hold none.
        var text = path.AsSpan().TrimStart('/');
        if (!text.StartsWith(Root.AsSpan(1), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = text[(Root.Length - 1)..];
        return rest.IsEmpty || rest[0] is not ('/' or '%' or '\\') || Array.Exists(Open, open => IsBelow(path, open)) ? null
            : rest.StartsWith(Keys, StringComparison.OrdinalIgnoreCase) && path.Length - text.Length == 1 ? OfKeys(rest[Keys.Length..])
            : Nowhere;
    }

    private static string? OfKeys(ReadOnlySpan<char> rest)
    {
        var id = rest.Trim('/');
        if (id.IsEmpty || IsWord(id))
        {
            return rest.IsEmpty || rest[0] == '/' ? null : Nowhere;
        }

        if (rest[0] != '/')
        {
            return Nowhere;
        }

        string shown = Root + Keys + "/";
        if (id.StartsWith(Policy, StringComparison.OrdinalIgnoreCase))
        {
            shown += Policy;
            id = id[Policy.Length..];
        }

        return id.IsEmpty || id.Contains('/') ? Nowhere : shown + Placeholder;
    }

    private static bool IsBelow(string path, string open)
    {
        if (!path.StartsWith(Root + open, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = path.AsSpan(Root.Length + open.Length);
        return rest.IsEmpty || rest[0] == '/';
    }

    private static bool IsWord(ReadOnlySpan<char> id)
    {
        foreach (string word in Words)
        {
            if (id.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
