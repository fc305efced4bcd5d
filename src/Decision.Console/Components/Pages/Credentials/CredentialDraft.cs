using System.Globalization;
using Decision.Runtime.Administration;
using Decision.Runtime.Credentials;

namespace Decision.Console.Components.Pages.Credentials;

/// <summary>A credential while somebody writes it.</summary>
public sealed class CredentialDraft
{
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>Who or what will have it.</summary>
    public string Name { get; set; } = "";

    /// <summary>More about it.</summary>
    public string Description { get; set; } = "";

    /// <summary>What it may do: the least, unless more is chosen.</summary>
    public AdminRole Role { get; set; } = AdminRole.Viewer;

    /// <summary>The organisations that it is for; none = all.</summary>
    public IReadOnlyList<string> Organizations { get; set; } = [];

    /// <summary>The day on which it ends, as a date field has it; empty = never.</summary>
    public string Expires { get; set; } = "";

    /// <summary>When it ends, in microseconds since the Unix epoch; 0 = never.</summary>
    /// <exception cref="AdministrationException">The date cannot be read.</exception>
    public long ReadExpiresUs() => Expires.Length == 0 ? 0
        : DateTimeOffset.TryParseExact(
            Expires, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? date.ToUnixTimeMilliseconds() * 1000
            : throw new AdministrationException("expires", $"\"{Expires}\" is no date: write it as {DateFormat}.");
}
