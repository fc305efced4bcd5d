using Decision.Engine.Policies;

namespace Decision.Runtime.Administration;

/// <summary>What becomes of one policy.</summary>
/// <param name="Kind">What.</param>
/// <param name="Before">As it is stored; null = it is not there yet.</param>
/// <param name="After">As it is to be; null = it is removed.</param>
/// <param name="Fields">What differs, but for the stamp of the last change; nothing for one that is removed.</param>
/// <param name="Etag">Of what is stored; after a write, the new one. Empty = there is none.</param>
/// <param name="Revision">Of what is stored; after a write, the new one. 0 = there is none.</param>
/// <param name="KeysUsing">How many keys name it.</param>
public sealed record PolicyChange(
    PolicyChangeKind Kind, Policy? Before, Policy? After, IReadOnlyList<FieldChange> Fields, string Etag, long Revision, long KeysUsing = 0)
{
    /// <summary>The policy's id.</summary>
    public string Id => (After ?? Before)!.Id;
}
