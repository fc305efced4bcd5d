namespace Decision.Runtime.Stores;

/// <summary>A place in the audit log's chain.</summary>
/// <param name="Sequence">The record's number, from 1 on; 0 = before the first.</param>
/// <param name="Hash">The record's hash, as 64 hexadecimal digits.</param>
/// <param name="AtUs">The record's time, in microseconds since the Unix epoch.</param>
public sealed record AuditHead(long Sequence, string Hash, long AtUs)
{
    /// <summary>Before the first record.</summary>
    public static AuditHead None { get; } = new(0, new string('0', 64), 0);
}
