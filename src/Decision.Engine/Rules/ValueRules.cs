using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Decision.Engine.Addresses;
using Decision.Engine.Findings;
using Decision.Engine.Json;

namespace Decision.Engine.Rules;

/// <summary>Rules of single values, shared by everything that has such a value.</summary>
internal static partial class ValueRules
{
    /// <summary>An id: what fits into a URL's path segment without escapes.</summary>
    public static void Id(FindingScope scope, string field, string id, bool mayBeEmpty = false)
    {
        if (id.Length == 0)
        {
            if (!mayBeEmpty)
            {
                scope.Error(field, "is missing: write an id of 1 to 128 letters, digits, '.', '_', '~' or '-'.");
            }
        }
        else if (!IdPattern().IsMatch(id))
        {
            scope.Error(field, $"{JsonText.Quote(id)} is not an id: use 1 to 128 letters (a to z), digits, '.', '_', '~' or '-'.");
        }
    }

    /// <summary>A whole number between bounds, in which -1 may have a meaning of its own.</summary>
    public static void Integer(FindingScope scope, string field, long value, long most, string? minusOne = null)
    {
        if (value == -1 && minusOne is not null)
        {
            return;
        }

        if (value < 0 || value > most)
        {
            var also = minusOne is null ? "" : $", or -1 for {minusOne}";
            scope.Error(field, $"{value} is out of range: write 0 to {most}{also}.");
        }
    }

    /// <summary>Text for people.</summary>
    public static void Name(FindingScope scope, string field, string text)
    {
        if (text.Length > RuleNumbers.LongestName)
        {
            scope.Error(field, $"has {text.Length} characters: write at most {RuleNumbers.LongestName}.");
        }
    }

    /// <summary>The number of items in a list.</summary>
    public static void Count(FindingScope scope, string field, int count, int most)
    {
        if (count > most)
        {
            scope.Error(field, $"has {count} entries: write at most {most}.");
        }
    }

    public static void Tags(FindingScope scope, ImmutableArray<string> tags)
    {
        Count(scope, "tags", tags.Length, RuleNumbers.MostTags);
        for (var index = 0; index < Math.Min(tags.Length, RuleNumbers.MostTags); index++)
        {
            Name(scope, $"tags[{index}]", tags[index]);
        }
    }

    /// <summary>Metadata, or unknown fields: free, but not without bound.</summary>
    public static void Free(FindingScope scope, string field, ImmutableSortedDictionary<string, JsonElement> members)
    {
        long bytes = 0;
        foreach (var (name, value) in members)
        {
            bytes += Encoding.UTF8.GetByteCount(name);
            bytes += value.ValueKind == JsonValueKind.Undefined ? 0 : Encoding.UTF8.GetByteCount(value.GetRawText());
        }

        if (bytes > RuleNumbers.LargestFreeBytes)
        {
            var what = field.Length == 0 ? "unknown fields of" : "";
            scope.Error(field, $"has {what}{(what.Length > 0 ? " " : "")}{bytes} bytes: write at most {RuleNumbers.LargestFreeBytes}.");
        }
    }

    /// <summary>Metadata of a policy or key; some of its members mean something to Tyk.</summary>
    public static void Metadata(FindingScope scope, ImmutableSortedDictionary<string, JsonElement> metadata)
    {
        Free(scope, "meta_data", metadata);
        if (metadata.ContainsKey("policies"))
        {
            scope.Warn(
                "meta_data.policies",
                "embedded policies are not supported: kept as metadata, without effect. Name policies in apply_policies.");
        }

        if (metadata.TryGetValue("rate_limit_pattern", out var pattern) && pattern.ValueKind != JsonValueKind.String)
        {
            scope.Error("meta_data.rate_limit_pattern", $"expected a string, got {JsonText.Describe(pattern)}.");
        }
    }

    public static void PostExpiry(FindingScope scope, string action, long gracePeriod)
    {
        if (action is not ("" or "retain" or "delete"))
        {
            scope.Error("post_expiry_action", $"expected retain, delete or nothing, got {JsonText.Quote(action)}.");
        }

        Integer(scope, "post_expiry_grace_period", gracePeriod, RuleNumbers.LongestSeconds, "ever");
    }

    public static void AllowedIps(FindingScope scope, ImmutableArray<string> addresses)
    {
        const string Field = "allowed_ips";
        if (addresses.Length > RuleNumbers.MostEntries)
        {
            Count(scope, Field, addresses.Length, RuleNumbers.MostEntries);
            return;
        }

        AddressList.Parse(addresses, out var problems);
        foreach (var (index, problem) in problems)
        {
            scope.Error($"{Field}[{index}]", problem);
        }
    }

    /// <summary>A number for a sentence, as JSON writes it.</summary>
    public static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>True for a token of HTTP, such as a method or a header's name.</summary>
    public static bool IsToken(string text) => TokenPattern().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TokenPattern();
}
