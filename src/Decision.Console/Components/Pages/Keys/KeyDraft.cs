using System.Globalization;
using Decision.Engine.Keys;
using Decision.Runtime.Administration;

namespace Decision.Console.Components.Pages.Keys;

/// <summary>The usual fields of a key while somebody writes them.</summary>
public sealed class KeyDraft
{
    private const string DateFormat = "yyyy-MM-dd";

    private string _writtenExpires = "";
    private long _expires;

    /// <summary>For people.</summary>
    public string Alias { get; set; } = "";

    /// <summary>Whose it is.</summary>
    public string OrganizationId { get; set; } = "";

    /// <summary>In their order.</summary>
    public IReadOnlyList<string> Policies { get; set; } = [];

    /// <summary>For search and answers.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>The day on which it ends, as a date field has it; empty = not set.</summary>
    public string Expires { get; set; } = "";

    /// <summary>Whether the expiry was changed.</summary>
    public bool NamesExpires => Expires != _writtenExpires;

    /// <summary>The fields of a stored key.</summary>
    public static KeyDraft Of(Key key)
    {
        string expires = key.Expires <= 0 ? ""
            : DateTimeOffset.FromUnixTimeSeconds(Math.Min(key.Expires, 253_402_300_799)).UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);
        return new KeyDraft
        {
            Alias = key.Alias,
            OrganizationId = key.OrganizationId,
            Policies = key.ApplyPolicies,
            Tags = key.Tags,
            Expires = expires,
            _writtenExpires = expires,
            _expires = key.Expires,
        };
    }

    /// <summary>The key with what is written here; the rest stays.</summary>
    /// <exception cref="AdministrationException">The date cannot be read.</exception>
    public Key Apply(Key key) => key with
    {
        Alias = Alias.Trim(),
        OrganizationId = OrganizationId.Trim(),
        ApplyPolicies = [.. Policies],
        Tags = [.. Tags],
        Expires = NamesExpires ? ReadExpires() : _expires,
    };

    // Who takes a date away means that it never ends, also where a trial policy would say otherwise.
    private long ReadExpires() => Expires.Length == 0 ? (_writtenExpires.Length > 0 ? -1 : 0)
        : DateTimeOffset.TryParseExact(
            Expires, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? date.ToUnixTimeSeconds()
            : throw new AdministrationException("expires", $"\"{Expires}\" is no date: write it as {DateFormat}.");
}
