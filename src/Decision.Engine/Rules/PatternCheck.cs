using Decision.Engine.Paths;

namespace Decision.Engine.Rules;

/// <summary>Tries path patterns, each text once: policies repeat them, and a regular expression is dear to build.</summary>
internal sealed class PatternCheck(UrlMatching matching)
{
    private readonly Dictionary<string, string?> _problems = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a pattern; null when it is valid.</summary>
    public string? ProblemOf(string pattern)
    {
        if (!_problems.TryGetValue(pattern, out var problem))
        {
            PathPattern.Parse(pattern, matching, out problem);
            _problems.Add(pattern, problem);
        }

        return problem;
    }
}
