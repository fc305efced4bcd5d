using Decision.Engine.Keys;

namespace Decision.Console.Components.Pages.Keys;

/// <summary>What a list shows of a key: of many, only this is kept while somebody looks.</summary>
public sealed record KeyRow(string Id, string Alias, string OrganizationId, string Policies, string Tags, bool IsInactive, long Expires)
{
    private const int Longest = 60;

    /// <summary>The row of a key.</summary>
    public static KeyRow Of(Key key) =>
        new(key.Id, Short(key.Alias), key.OrganizationId, Short(string.Join(", ", key.ApplyPolicies)), Short(string.Join(", ", key.Tags)), key.IsInactive, key.Expires);

    private static string Short(string text) => text.Length <= Longest ? text : text[..(Longest - 3)] + "...";
}
