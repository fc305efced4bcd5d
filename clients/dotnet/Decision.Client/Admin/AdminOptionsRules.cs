using Decision.Client.Options;
using Microsoft.Extensions.Options;

namespace Decision.Client.Admin;

/// <summary>Everything that is wrong with the options, each with what to write instead.</summary>
internal sealed class AdminOptionsRules : IValidateOptions<DecisionAdminOptions>
{
    /// <summary>As <c>decisionctl</c> reads it.</summary>
    public const string SecretVariable = "DECISION_ADMIN_SECRET";
    public const string SecretFileVariable = "DECISION_ADMIN_SECRET_FILE";

    private static readonly TimeSpan LongestDeadline = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, DecisionAdminOptions options)
    {
        var problems = Problems(options, out _);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Throws with every problem; gives the secret.</summary>
    public static string Require(DecisionAdminOptions options)
    {
        var problems = Problems(options, out string secret);
        return problems.Count == 0
            ? secret
            : throw new OptionsValidationException(nameof(DecisionAdminOptions), typeof(DecisionAdminOptions), problems);
    }

    private static List<string> Problems(DecisionAdminOptions options, out string secret)
    {
        var problems = new List<string>(options.ReadingProblems);
        ClientOptionsRules.CheckConnection(options.Address, options.Tls, problems);
        ClientOptionsRules.CheckDeadline("Admin:Deadline", options.Deadline, LongestDeadline, problems);
        secret = Secret(options, problems);
        return problems;
    }

    // What is in the options counts over the environment, of whichever kind it is. The secret itself is in no message.
    private static string Secret(DecisionAdminOptions options, List<string> problems)
    {
        if (options is { Secret: not null, SecretFile: not null })
        {
            problems.Add("Decision:Admin:Secret and Decision:Admin:SecretFile are both set: write one of them.");
            return "";
        }

        string? text = options.Secret ?? (options.SecretFile is null ? Variable(SecretVariable) : null);
        string? file = options.SecretFile ?? (text is null ? Variable(SecretFileVariable) : null);
        if (text is null && file is null)
        {
            problems.Add($"Decision:Admin:Secret is missing: write the service's admin secret, or Decision:Admin:SecretFile, or set {SecretVariable} in the environment.");
            return "";
        }

        try
        {
            text ??= File.ReadAllText(file!).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"Decision:Admin:SecretFile is '{file}', which cannot be read ({exception.Message}): write the path of a file with the admin secret.");
            return "";
        }

        if (text.Length == 0 || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            problems.Add($"{(file is null ? "Decision:Admin:Secret" : $"What is in '{file}'")} is empty or has characters other than visible ASCII: write the secret alone, without Bearer.");
        }

        return text;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
