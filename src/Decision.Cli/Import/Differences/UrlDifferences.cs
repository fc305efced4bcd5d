using System.Buffers;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Decision.Engine.Policies;

namespace Decision.Cli.Import.Differences;

/// <summary>D8: Tyk looks for a pattern anywhere in the whole path and compares methods by case.</summary>
internal static partial class UrlDifferences
{
    private const int MostNamed = 5;

    // What makes a pattern a regular expression, outside of braces.
    private static readonly SearchValues<char> Syntax = SearchValues.Create(@"\()[]|+?^");

    /// <summary>What applies to the <c>allowed_urls</c> of an API.</summary>
    /// <param name="subject">What they are of.</param>
    /// <param name="apiId">The API.</param>
    /// <param name="urls">The entries.</param>
    /// <param name="listenPath">The API's listen path; null = not known.</param>
    public static IEnumerable<Effect> Of(string subject, string apiId, ImmutableArray<AllowedUrl> urls, string? listenPath)
    {
        string at = $"access_rights.{apiId}.allowed_urls: ";
        string[] methods = [.. urls.SelectMany(static url => url.Methods).Where(static method => method.Any(char.IsAsciiLetterLower)).Distinct()];
        if (methods.Length > 0)
        {
            yield return new Effect(
                "D8", EffectKind.WidensAccess, subject, $"{at}{Named(methods)} matched nothing at Tyk, which compares methods by case, and match here.");
        }

        string[] anchored = [.. urls.Select(static url => url.Url).Where(url => IsNewBelow(url, listenPath)).Distinct()];
        if (anchored.Length > 0)
        {
            yield return new Effect(
                "D8",
                EffectKind.WidensAccess,
                subject,
                $"{at}{Named(anchored)} is tried below the listen path as well; Tyk tries the whole path only, listen path included.");
        }

        
        // A pattern without any segment matches every path, here as there.
        string[] plain = [.. urls.Select(static url => url.Url).Where(static url => url.Length > 1 && url[0] == '/' && !IsExpression(url)).Distinct()];
        if (plain.Length > 0)
        {
            yield return new Effect(
                "D8",
                EffectKind.Narrows,
                subject,
                $"{at}{Named(plain)} matches whole segments from the start, not anywhere in the path (Access:UrlMatching=tyk restores it).");
        }

        string[] mangled = [.. urls.Select(static url => url.Url).Where(static url => IsExpression(url) && Quantifier().IsMatch(url)).Distinct()];
        if (mangled.Length > 0)
        {
            yield return new Effect(
                "D8", EffectKind.Narrows, subject, $"{at}{Named(mangled)} is taken as written; Tyk reads a quantifier in braces as one path segment.");
        }
    }

    // A pattern with ^ that names the listen path itself means the whole path, here as there.
    private static bool IsNewBelow(string url, string? listenPath)
    {
        if (!url.StartsWith('^') && !url.StartsWith("(^", StringComparison.Ordinal))
        {
            return false;
        }

        string path = (listenPath ?? "").TrimEnd('/');
        return path.Length == 0 ? listenPath is null : !url.TrimStart('(', '^').StartsWith(path, StringComparison.Ordinal);
    }

    private static bool IsExpression(string url)
    {
        string outside = Braces().Replace(url, "");
        return outside.AsSpan().ContainsAny(Syntax)
            || outside.Contains(".*", StringComparison.Ordinal)
            || outside.TrimEnd('$').Contains('$', StringComparison.Ordinal);
    }

    private static string Named(string[] texts) =>
        string.Join(", ", texts.Take(MostNamed)) + (texts.Length > MostNamed ? $" and {texts.Length - MostNamed} more" : "");

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Braces();

    [GeneratedRegex(@"\{[0-9]+(,[0-9]*)?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Quantifier();
}
