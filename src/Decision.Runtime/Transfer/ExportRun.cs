using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>One export on its way: what it writes to, and what there is to tell of it.</summary>
internal sealed class ExportRun(ExportLineWriter writer, IProgress<long>? progress)
{
    private const int ToldDamages = 100;
    private readonly List<string> _damaged = [];
    private long _damagedCount;
    private long _lines;

    public ExportLineWriter Writer => writer;

    /// <summary>True once a key was written that only its own <c>Secrets:Key</c> can check.</summary>
    public bool NeedsSecretsKey { get; private set; }

    public ExportReport Report => new(writer.Counts, _damaged, _damagedCount);

    public async ValueTask RevisionAsync(RevisionLine line, CancellationToken cancellation)
    {
        await writer.RevisionAsync(line, cancellation).ConfigureAwait(false);
        Step();
    }

    public async ValueTask UsageAsync(StoredCounter counter, CancellationToken cancellation)
    {
        await writer.UsageAsync(counter, cancellation).ConfigureAwait(false);
        Step();
    }

    public async ValueTask KeyAsync(KeyRecord record, CancellationToken cancellation)
    {
        NeedsSecretsKey |= record.NeedsSecretsKey();
        await writer.KeyAsync(record, cancellation).ConfigureAwait(false);
        Step();
    }

    public void Damaged(StoredCounter counter)
    {
        _damagedCount++;
        if (_damaged.Count < ToldDamages)
        {
            _damaged.Add($"{counter.Name} of {counter.Subject.Kind} {counter.Subject.Id.Replace('\n', '/')}");
        }
    }

    private void Step()
    {
        if (++_lines % TransferWords.ProgressEvery == 0)
        {
            progress?.Report(_lines);
        }
    }
}
