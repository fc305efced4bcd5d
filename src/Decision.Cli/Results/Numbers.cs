using System.Globalization;

namespace Decision.Cli.Results;

/// <summary>How many of something, for people.</summary>
internal static class Numbers
{
    /// <summary>As <c>1 policy</c>, <c>5 policies</c>.</summary>
    public static string Counted(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    /// <summary>Likewise, of records of a kind: <c>api</c>, <c>policy</c>, <c>organization</c>, <c>key</c>.</summary>
    public static string OfKind(long count, string kind) => kind switch
    {
        "api" => Counted(count, "API", "APIs"),
        "policy" => Counted(count, "policy", "policies"),
        "organization" => Counted(count, "organisation", "organisations"),
        _ => Counted(count, "key", "keys"),
    };
}
