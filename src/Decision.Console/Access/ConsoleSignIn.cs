using Decision.Runtime.Credentials;

namespace Decision.Console.Access;

/// <summary>What a presented secret came to.</summary>
/// <param name="Actor">Who it is; null = nobody.</param>
/// <param name="Problem">Why not, safe to show.</param>
/// <param name="RetryAfter">Above zero where too many wrong ones came from there: how long none is looked at.</param>
public readonly record struct ConsoleSignIn(Actor? Actor, string Problem, TimeSpan RetryAfter);
