using System.Globalization;
using System.Runtime.CompilerServices;
using Decision.Contracts.V1;

namespace Decision.Server.Proxies.Headers;

/// <summary>
/// What the upstream is told about the key of an allowed request. Every header is always sent, empty where there is nothing to tell, so that
/// it takes the place of one that the client made up.
/// </summary>
internal static class UpstreamHeaders
{
    public const string Prefix = "x-decision-";
    public const string KeyId = "x-decision-key-id";
    public const string OrganizationId = "x-decision-organization-id";
    public const string Alias = "x-decision-alias";
    public const string Tags = "x-decision-tags";
    public const string Limits = "x-decision-limits";

    // Characters of the limits before memory is rented for them.
    private const int OnStack = 256;

    /// <summary>All names, in lower case.</summary>
    public static IReadOnlyList<string> Names { get; } = [KeyId, OrganizationId, Alias, Tags, Limits];

    public static void Write<TSink>(AuthorizeResponse verdict, ref TSink sink)
        where TSink : struct, IHeaderSink
    {
        sink.Add(KeyId, verdict.KeyId);
        sink.Add(OrganizationId, verdict.OrganizationId);
        sink.Add(Alias, HeaderText.Encode(verdict.Alias));
        sink.Add(Tags, HeaderText.EncodeList(verdict.Tags));
        sink.Add(Limits, LimitsOf(verdict));
    }

    // A list of structured fields: "rate";limit=100;remaining=99;reset=10, and so on; -1 = unlimited.
    private static string LimitsOf(AuthorizeResponse verdict)
    {
        if (verdict.Limits.Count == 0)
        {
            return "";
        }

        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[OnStack]);
        for (int index = 0; index < verdict.Limits.Count; index++)
        {
            var limit = verdict.Limits[index];
            text.AppendLiteral(index == 0 ? "\"" : ", \"");
            text.AppendLiteral(LimitName.Of(limit));
            text.AppendLiteral("\";limit=");
            text.AppendFormatted(limit.Limit);
            text.AppendLiteral(";remaining=");
            text.AppendFormatted(limit.Remaining);
            if (limit.ResetAfter is { } reset)
            {
                text.AppendLiteral(";reset=");
                text.AppendFormatted(HeaderSeconds.Of(reset));
            }
        }

        return text.ToStringAndClear();
    }
}
