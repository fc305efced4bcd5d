namespace Decision.Cli.Failures;

/// <summary>One field that is wrong.</summary>
/// <param name="Field">Its name, as the service or the file has it.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
internal sealed record Violation(string Field, string Message);
