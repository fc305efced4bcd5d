using Decision.Engine.Credentials;

namespace Decision.Runtime.Observation.Notes;

/// <summary>A request's path as it may be written down.</summary>
internal static class LoggedPath
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mask = "***";

    // Shorter ones are no keys, and would mask half of a path.
    private const int ShortestKey = 4;

    /// <summary>The path without query and fragment, where keys are often sent, and without what is the presented key or looks like one.</summary>
    public static string Of(string? path, string? apiKey)
    {
        if (string.IsNullOrEmpty(path))
        {
            return "";
        }

        int end = path.AsSpan().IndexOfAny('?', '#');
        string bare = end < 0 ? path : path[..end];
        if (apiKey?.Length >= ShortestKey)
        {
            PresentedKey.Read(apiKey, out var text);
            if (text.Length >= ShortestKey && bare.AsSpan().Contains(text, StringComparison.Ordinal))
            {
                bare = bare.Replace(text.ToString(), Mask, StringComparison.Ordinal);
            }
        }

        return HasToken(bare) ? string.Join('/', bare.Split('/').Select(segment => KeyToken.LooksLike(segment) ? Mask : segment)) : bare;
    }

    private static bool HasToken(ReadOnlySpan<char> path)
    {
        foreach (var segment in path.Split('/'))
        {
            if (KeyToken.LooksLike(path[segment]))
            {
                return true;
            }
        }

        return false;
    }
}
