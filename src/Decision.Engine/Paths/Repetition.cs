using System.Globalization;

namespace Decision.Engine.Paths;

/// <summary>A counted repetition in a regular expression.</summary>
internal static class Repetition
{
    /// <summary>The most copies that repetition may make of what it repeats. Each copy is a state that may be visited at every character of a path.</summary>
    public const int Maximum = 1000;

    /// <summary>Reads <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; the larger number is what counts for the size.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out int length, out int times)
    {
        length = text.IndexOf('}') + 1;
        times = 0;
        if (length < 3)
        {
            return false;
        }

        var inner = text[1..(length - 1)];
        var comma = inner.IndexOf(',');
        var least = comma < 0 ? inner : inner[..comma];
        var most = comma < 0 || comma == inner.Length - 1 ? least : inner[(comma + 1)..];
        if (least.IsEmpty || least.ContainsAnyExceptInRange('0', '9') || most.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        times = Math.Max(1, Math.Max(Bounded(least), Bounded(most)));
        return true;
    }

    private static int Bounded(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, Maximum + 1) : Maximum + 1;
}
