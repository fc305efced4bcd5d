namespace Decision.Server.Configuration;

/// <summary>The server cannot start as it is set up. Every problem is in it, each a sentence with setting, value and fix.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public SettingsException(string problem)
        : this([problem])
    {
    }

    public IReadOnlyList<string> Problems { get; } = problems;
}
