namespace Decision.Client.AspNetCore.Credentials;

/// <summary>The key as presented, and where it was.</summary>
/// <param name="Text">As it came; empty = none.</param>
/// <param name="Place">Where it was.</param>
/// <param name="Name">Name of the header, parameter or cookie.</param>
internal readonly record struct FoundKey(string Text, KeyPlace Place, string Name)
{
    public static FoundKey None => new("", KeyPlace.None, "");

    public override string ToString() => $"{Place} {Name}";
}
