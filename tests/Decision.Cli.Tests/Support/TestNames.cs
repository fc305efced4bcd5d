namespace Decision.Cli.Tests.Support;

/// <summary>Ids that no other test has.</summary>
internal static class TestNames
{
    public static string Unique(string start) => $"{start}-{Guid.NewGuid():N}"[..(start.Length + 9)];
}
