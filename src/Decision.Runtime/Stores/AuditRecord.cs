namespace Decision.Runtime.Stores;

/// <summary>One record of the audit log.</summary>
/// <param name="Sequence">Its number: one more than the record before.</param>
/// <param name="AtUs">When it was appended, in microseconds since the Unix epoch; never less than the record before.</param>
/// <param name="Hash">Of this record and the hash of the one before, as 64 hexadecimal digits.</param>
/// <param name="Entry">The content, UTF-8 JSON that only the runtime reads.</param>
public sealed record AuditRecord(long Sequence, long AtUs, string Hash, ReadOnlyMemory<byte> Entry)
{
    /// <summary>Its place in the chain.</summary>
    public AuditHead Head => new(Sequence, Hash, AtUs);
}
