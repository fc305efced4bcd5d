using System.Globalization;
using System.Text;

namespace Decision.Client.AspNetCore.Headers;

/// <summary>What is told about the key to whatever the request goes on to. Whoever reads it must be able to trust it: a client's own goes first.</summary>
internal static class UpstreamHeaders
{
    public const string KeyId = "X-Decision-Key-Id";
    public const string OrganizationId = "X-Decision-Organization-Id";
    public const string Alias = "X-Decision-Alias";
    public const string Tags = "X-Decision-Tags";
    public const string Limits = "X-Decision-Limits";

    private const string Prefix = "X-Decision-";

    /// <summary>Removes everything that a client sent under our names, also with underscores, which some servers take for the same.</summary>
    public static void RemoveForged(IHeaderDictionary headers)
    {
        List<string>? forged = null;
        foreach (string name in headers.Keys)
        {
            if (IsOurs(name))
            {
                (forged ??= []).Add(name);
            }
        }

        foreach (string name in forged ?? [])
        {
            headers.Remove(name);
        }
    }

    public static void Write(IHeaderDictionary headers, Verdict verdict)
    {
        Set(headers, KeyId, HeaderText.Encode(verdict.KeyId));
        Set(headers, OrganizationId, HeaderText.Encode(verdict.OrganizationId));
        Set(headers, Alias, HeaderText.Encode(verdict.Alias));
        Set(headers, Tags, HeaderText.EncodeList(verdict.Tags));
        Set(headers, Limits, LimitsOf(verdict));
    }

    private static bool IsOurs(string name)
    {
        if (name.Length < Prefix.Length || name[0] is not ('X' or 'x'))
        {
            return false;
        }

        return name[..Prefix.Length].Replace('_', '-').Equals(Prefix, StringComparison.OrdinalIgnoreCase);
    }

    private static void Set(IHeaderDictionary headers, string name, string value)
    {
        if (value.Length > 0)
        {
            headers[name] = value;
        }
    }

    // A list of structured fields: "rate";limit=100;remaining=99;reset=10, and so on; -1 = unlimited.
    private static string LimitsOf(Verdict verdict)
    {
        var text = new StringBuilder();
        foreach (var limit in verdict.Limits)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append('"').Append(LimitName.Of(limit)).Append('"')
                .Append(CultureInfo.InvariantCulture, $";limit={limit.Limit};remaining={limit.Remaining}");
            if (limit.ResetAfter is { } reset)
            {
                text.Append(CultureInfo.InvariantCulture, $";reset={HeaderSeconds.Of(reset)}");
            }
        }

        return text.ToString();
    }
}
