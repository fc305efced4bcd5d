namespace Decision.Runtime.Decisions.Groups;

/// <summary>A key's record as the group was decided by: the store must still have it.</summary>
internal sealed record KeyProofOfGroup(string Id, ulong Version);
