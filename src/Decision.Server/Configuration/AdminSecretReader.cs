namespace Decision.Server.Configuration;

/// <summary>Reads <c>Admin:Secret</c>, and knows what an admin secret must be, wherever it is kept.</summary>
internal static class AdminSecretReader
{
    public const string Setting = "Admin:Secret";

    /// <summary>The setting that names a file with the secret.</summary>
    public const string FileSetting = "Admin:SecretFile";

    private const int Shortest = 16;

    public static string? Read(SettingsReader reader)
    {
        string? secret = reader.Text(Setting);
        if (secret is null)
        {
            return null;
        }

        if (reader.Text(FileSetting) is not null)
        {
            reader.Problems.Add($"{Setting} and {FileSetting} are both set: write one of them.");
        }

        foreach (string problem in ProblemsOf(secret))
        {
            reader.Problems.Add($"{Setting} {problem}");
        }

        return secret;
    }

    /// <summary>What is wrong with a secret, each a sentence without its beginning. The secret is not in it.</summary>
    public static IEnumerable<string> ProblemsOf(string secret)
    {
        if (secret.Length < Shortest)
        {
            yield return $"has {secret.Length} characters: write {Shortest} or more random ones, or leave it out and let the server make one.";
        }

        if (secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            yield return "has a blank or a character that a header cannot carry: use letters, digits and punctuation of ASCII.";
        }
    }
}
