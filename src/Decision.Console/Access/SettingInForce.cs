namespace Decision.Console.Access;

/// <summary>A setting of the server.</summary>
/// <param name="Name">Such as <c>Server:Http</c>.</param>
/// <param name="Purpose">What it is for, and its default, as the server's help has it.</param>
/// <param name="Value">What counts: what was set, with secrets masked, or the default; empty = nothing.</param>
/// <param name="IsSet">Whether somebody set it.</param>
public sealed record SettingInForce(string Name, string Purpose, string Value, bool IsSet)
{
    /// <summary>The part before the first colon.</summary>
    public string Section => Name.Split(':')[0];
}
