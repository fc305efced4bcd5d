namespace Decision.Runtime.Stores;

/// <summary>What was written down before it was done, and is not in the audit log yet.</summary>
/// <param name="Id">Its id.</param>
/// <param name="AtUs">When it began, in microseconds since the Unix epoch.</param>
/// <param name="Entries">What is to be appended, as a JSON array that only the runtime reads.</param>
public sealed record BegunAct(string Id, long AtUs, ReadOnlyMemory<byte> Entries);
