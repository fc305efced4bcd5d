namespace Decision.Cli.Import.Writing;

/// <summary>What an import has written.</summary>
internal sealed class ImportOutcome
{
    private readonly Lock _lock = new();
    private readonly List<ImportFailure> _failures = [];

    /// <summary>Records that were made, by kind.</summary>
    public SortedDictionary<string, int> Created { get; } = new(StringComparer.Ordinal);

    /// <summary>Records that were changed, by kind.</summary>
    public SortedDictionary<string, int> Updated { get; } = new(StringComparer.Ordinal);

    /// <summary>Quotas whose use was carried over.</summary>
    public int UsagesAdjusted { get; private set; }

    /// <summary>What the service refused.</summary>
    public IReadOnlyList<ImportFailure> Failures => _failures;

    public void AddWritten(string kind, bool isNew)
    {
        lock (_lock)
        {
            var counts = isNew ? Created : Updated;
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }
    }

    public void AddUsage()
    {
        lock (_lock)
        {
            UsagesAdjusted++;
        }
    }

    public void AddFailure(string subject, string message)
    {
        lock (_lock)
        {
            _failures.Add(new ImportFailure(subject, message));
        }
    }
}

/// <summary>A record that the service refused.</summary>
internal sealed record ImportFailure(string Subject, string Message);
