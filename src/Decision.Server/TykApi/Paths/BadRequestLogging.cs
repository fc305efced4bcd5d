namespace Decision.Server.TykApi.Paths;

/// <summary>
/// Keeps Kestrel from logging the targets of requests that it cannot read: they come to nobody else, so a key in them is not taken out. Holds
/// whatever the settings say of log levels.
/// </summary>
internal static class BadRequestLogging
{
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    public static void Silence(LoggerFilterOptions options)
    {
        // A rule for a provider counts before one for all: so each provider that has a rule gets this one too.
        foreach (string? provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToArray())
        {
            options.Rules.Add(new LoggerFilterRule(provider, Category, LogLevel.Warning, null));
        }
    }
}
