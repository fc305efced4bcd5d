using System.Globalization;
using System.Text;

namespace Decision.Client;

/// <summary>Names of reasons.</summary>
public static class ReasonExtensions
{
    private static readonly Dictionary<Reason, string> Names = Enum.GetValues<Reason>().ToDictionary(reason => reason, SnakeCase);

    /// <summary>The name as the service writes it in headers, metrics and logs, such as <c>RATE_LIMITED</c>; a number where it is not known here.</summary>
    /// <param name="reason">The reason.</param>
    public static string ToName(this Reason reason) =>
        Names.TryGetValue(reason, out string? name) ? name : ((int)reason).ToString(CultureInfo.InvariantCulture);

    private static string SnakeCase(Reason reason)
    {
        var name = new StringBuilder();
        foreach (char letter in reason.ToString())
        {
            name.Append(char.IsUpper(letter) && name.Length > 0 ? "_" : "").Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }
}
