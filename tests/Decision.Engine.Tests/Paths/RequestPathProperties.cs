using System.Text.RegularExpressions;
using Decision.Engine.Paths;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Paths;

public class RequestPathProperties
{
    private static readonly string[] Pieces =
    [
        "/", "//", ".", "..", "/.", "/..", "/../", "%2e", "%2E", "%2f", "%5c", "%", "%25", "25", "2e", "2", "e", "%32", "%65", "a", "b", "é", "%c3%a9", "%c3", " ", ";", "?", "#", "\\", "~", "%7E", "%41", "\t", "\ud800",
    ];

    public static Arbitrary<string> Paths() =>
        Gen.Elements(Pieces).ArrayOf().Select(pieces => "/" + string.Concat(pieces)).ToArbitrary();

    [Property(MaxTest = 5000)]
    public Property TryNormalize_is_idempotent() => Prop.ForAll(Paths(), raw => Enum.GetValues<PathNormalization>().All(mode =>
        !RequestPath.TryNormalize(raw, mode, out var once, out _)
        || (RequestPath.TryNormalize(once, PathNormalization.Refuse, out var twice, out _) && ReferenceEquals(once, twice))));

    [Property(MaxTest = 5000)]
    public Property TryNormalize_result_has_no_dot_or_empty_segment_however_often_it_is_decoded() => Prop.ForAll(Paths(), raw =>
    {
        if (!RequestPath.TryNormalize(raw, PathNormalization.Resolve, out var path, out _))
        {
            return true;
        }

        var slashes = path.Count(character => character == '/');
        while (true)
        {
            var segments = path[1..].Split('/');
            if (path.Contains('\\', StringComparison.Ordinal)
                || segments.Any(segment => segment is "." or "..")
                || segments[..^1].Any(segment => segment.Length == 0)
                || segments.Length != slashes)
            {
                return false;
            }

            var decoded = Regex.Replace(path, "%[0-9A-Fa-f]{2}", escape => ((char)Convert.ToByte(escape.Value[1..], 16)).ToString());
            if (decoded == path)
            {
                return true;
            }

            path = decoded;
        }
    });

    [Property(MaxTest = 2000)]
    public Property TryNormalize_refuse_and_resolve_agree_where_both_accept() => Prop.ForAll(Paths(), raw =>
        !RequestPath.TryNormalize(raw, PathNormalization.Refuse, out var refused, out _)
        || (RequestPath.TryNormalize(raw, PathNormalization.Resolve, out var resolved, out _) && refused == resolved));
}
