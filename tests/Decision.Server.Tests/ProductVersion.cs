using System.Text.RegularExpressions;

namespace Decision.Server.Tests;

/// <summary>The version in the one place where it is written.</summary>
internal static partial class ProductVersion
{
    public static string Written { get; } = Prefix().Match(File.ReadAllText(Repository.PathOf("Directory.Build.props"))).Groups[1].Value;

    [GeneratedRegex("<VersionPrefix>([0-9.]+)</VersionPrefix>", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
