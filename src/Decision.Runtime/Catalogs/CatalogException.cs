using Decision.Engine.Findings;

namespace Decision.Runtime.Catalogs;

/// <summary>A layer cannot be loaded; every finding is in it.</summary>
public sealed class CatalogException(string message, IReadOnlyList<Finding> findings)
    : Exception(message + Environment.NewLine + string.Join(Environment.NewLine, findings.Select(finding => "  " + finding)))
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<Finding> Findings { get; } = findings;
}
